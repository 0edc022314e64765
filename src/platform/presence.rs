//! Who else is at work on a thing, as far as this process knows: a courtesy, never a lock.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use uuid::Uuid;

use super::time::Timestamp;

const FORGET_AFTER_SECONDS: i64 = 15 * 60;
const MOST_THINGS: usize = 4096;

struct Editor {
    who: Uuid,
    name: String,
    since: Timestamp,
}

#[derive(Default)]
pub struct Presence(Mutex<HashMap<(Uuid, Uuid), Vec<Editor>>>);

impl Presence {
    /// Notes that somebody opened a thing, named by its workspace and id; gives who else did lately, and
    /// when.
    pub fn other_editors(
        &self,
        thing: (Uuid, Uuid),
        who: Uuid,
        name: &str,
        now: Timestamp,
    ) -> Vec<(String, Timestamp)> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST_THINGS {
            all.clear();
        }
        let seen = all.entry(thing).or_default();
        seen.retain(|one| one.who != who && now < one.since.plus_seconds(FORGET_AFTER_SECONDS));
        let others = seen.iter().map(|one| (one.name.clone(), one.since)).collect();
        seen.push(Editor {
            who,
            name: name.to_owned(),
            since: now,
        });
        others
    }

    /// They are done with it.
    pub fn leave(&self, thing: (Uuid, Uuid), who: Uuid) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(seen) = all.get_mut(&thing) {
            seen.retain(|one| one.who != who);
        }
    }
}
