//! Pages kept in memory as last rendered, for as long as nothing was written since.
//!
//! Every write of a workspace moves the head of its audit chain in the same transaction, so a page is exactly as good
//! as the head it was rendered under, whichever process wrote. What a kept page shows may depend on the workspace, its
//! head and the day, and on nothing else: never on who looks.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use uuid::Uuid;

use super::time::Day;

/// More workspaces than this, and the store starts afresh.
const MOST: usize = 128;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AsOf {
    pub head: i64,
    pub day: Day,
}

/// By workspace and page.
type Pages = HashMap<(Uuid, &'static str), (AsOf, Arc<str>)>;

#[derive(Default)]
pub struct Kept(Mutex<Pages>);

impl Kept {
    pub fn get(&self, workspace: Uuid, page: &'static str, as_of: AsOf) -> Option<Arc<str>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(&(workspace, page)).filter(|(at, _)| *at == as_of).map(|(_, html)| Arc::clone(html))
    }

    pub fn keep(&self, workspace: Uuid, page: &'static str, as_of: AsOf, html: Arc<str>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST {
            kept.clear();
        }
        kept.insert((workspace, page), (as_of, html));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_kept_until_the_head_or_the_day_moves() {
        let (kept, workspace) = (Kept::default(), Uuid::from_u128(1));
        let now = AsOf { head: 4, day: "2026-11-03".parse().expect("a day") };
        kept.keep(workspace, "overview", now, "as of 4".into());
        assert_eq!(kept.get(workspace, "overview", now).as_deref(), Some("as of 4"));
        assert_eq!(kept.get(workspace, "overview", AsOf { head: 5, ..now }), None, "something was written");
        assert_eq!(kept.get(workspace, "overview", AsOf { day: now.day.plus(1), ..now }), None, "a day has passed");
        assert_eq!(kept.get(Uuid::from_u128(2), "overview", now), None, "another workspace");
    }
}
