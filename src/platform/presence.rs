//! Who else is at work on a thing, as far as this process knows: a courtesy, never a lock.

use moka::sync::Cache;
use uuid::Uuid;

use super::time::Timestamp;

const FORGET_AFTER_SECONDS: i64 = 15 * 60;
const MOST_THINGS: u64 = 4096;

#[derive(Clone)]
struct Editor {
    who: Uuid,
    name: String,
    since: Timestamp,
}

/// Who has opened a thing, by its workspace and id; what nobody opened for longest is forgotten first.
pub struct Presence(Cache<(Uuid, Uuid), Vec<Editor>>);

impl Default for Presence {
    fn default() -> Self {
        Self(Cache::new(MOST_THINGS))
    }
}

impl Presence {
    /// Notes that somebody opened a thing; gives who else did lately, and when.
    pub fn other_editors(
        &self,
        thing: (Uuid, Uuid),
        who: Uuid,
        name: &str,
        now: Timestamp,
    ) -> Vec<(String, Timestamp)> {
        let mut others = Vec::new();
        self.0.entry(thing).and_upsert_with(|entry| {
            let mut editors = entry.map_or_else(Vec::new, moka::Entry::into_value);
            editors
                .retain(|editor| editor.who != who && now < editor.since.plus_seconds(FORGET_AFTER_SECONDS));
            others = editors
                .iter()
                .map(|editor| (editor.name.clone(), editor.since))
                .collect();
            editors.push(Editor {
                who,
                name: name.to_owned(),
                since: now,
            });
            editors
        });
        others
    }

    /// They are done with it.
    pub fn leave(&self, thing: (Uuid, Uuid), who: Uuid) {
        if let Some(mut editors) = self.0.get(&thing) {
            editors.retain(|editor| editor.who != who);
            self.0.insert(thing, editors);
        }
    }
}
