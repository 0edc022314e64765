//! Pages kept in memory as last rendered, for as long as nothing was written since.
//!
//! Every write of a workspace moves the head of its audit chain in the same transaction, so a page is exactly
//! as good
//! as the head it was rendered under, whichever process wrote. What a kept page shows may depend on the
//! workspace, its
//! head and the day, and on nothing else: never on who looks, unless it is kept for that reader alone.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use uuid::Uuid;

use super::time::Day;

/// More bytes than this, and the store starts afresh.
const MOST_BYTES: usize = 16 << 20;

/// Which page: its kind, the number of its thing, and the member for whom alone it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PageKey {
    pub page: &'static str,
    pub number: i64,
    pub reader: Option<Uuid>,
}

impl PageKey {
    /// A page that every member sees alike.
    pub const fn for_all(page: &'static str) -> Self {
        Self {
            page,
            number: 0,
            reader: None,
        }
    }
}

/// A page as it was rendered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CachedPage {
    pub title: Arc<str>,
    pub body: Arc<str>,
}

impl CachedPage {
    fn bytes(&self) -> usize {
        self.title.len() + self.body.len()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AsOf {
    pub head: i64,
    pub day: Day,
}

#[derive(Default)]
struct Store {
    /// By workspace and name.
    pages: HashMap<(Uuid, PageKey), (AsOf, CachedPage)>,
    bytes: usize,
}

#[derive(Default)]
pub struct PageCache(Mutex<Store>);

impl PageCache {
    pub fn get(&self, workspace: Uuid, name: PageKey, as_of: AsOf) -> Option<CachedPage> {
        let store = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        store
            .pages
            .get(&(workspace, name))
            .filter(|(at, _)| *at == as_of)
            .map(|(_, rendered)| rendered.clone())
    }

    pub fn insert(&self, workspace: Uuid, name: PageKey, as_of: AsOf, rendered: CachedPage) {
        let mut store = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if store.bytes + rendered.bytes() > MOST_BYTES {
            *store = Store::default();
        }
        store.bytes += rendered.bytes();
        if let Some((_, old)) = store.pages.insert((workspace, name), (as_of, rendered)) {
            store.bytes -= old.bytes();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_kept_until_the_head_or_the_day_moves() {
        let (cache, workspace) = (PageCache::default(), Uuid::from_u128(1));
        let now = AsOf {
            head: 4,
            day: "2026-11-03".parse().expect("a day"),
        };
        let overview = PageKey::for_all("overview");
        let rendered = CachedPage {
            title: "Overview".into(),
            body: "as of 4".into(),
        };
        cache.insert(workspace, overview, now, rendered.clone());
        assert_eq!(cache.get(workspace, overview, now), Some(rendered));
        assert_eq!(
            cache.get(workspace, overview, AsOf { head: 5, ..now }),
            None,
            "something was written"
        );
        assert_eq!(
            cache.get(
                workspace,
                overview,
                AsOf {
                    day: now.day.plus(1),
                    ..now
                }
            ),
            None,
            "a day has passed"
        );
        assert_eq!(
            cache.get(Uuid::from_u128(2), overview, now),
            None,
            "another workspace"
        );
        assert_eq!(
            cache.get(
                workspace,
                PageKey {
                    reader: Some(workspace),
                    ..overview
                },
                now
            ),
            None,
            "kept for one reader"
        );
    }

    #[test]
    fn no_more_is_kept_than_there_is_room_for() {
        let (cache, workspace) = (PageCache::default(), Uuid::from_u128(1));
        let now = AsOf {
            head: 4,
            day: "2026-11-03".parse().expect("a day"),
        };
        let large = CachedPage {
            title: "Large".into(),
            body: "x".repeat(MOST_BYTES / 3).into(),
        };
        let name = |number: i64| PageKey {
            page: "decision",
            number,
            reader: None,
        };
        for number in 0..10 {
            cache.insert(workspace, name(number), now, large.clone());
            cache.insert(workspace, name(number), now, large.clone());
        }
        let still = (0..10)
            .filter(|number| cache.get(workspace, name(*number), now).is_some())
            .count();
        assert!((1..=3).contains(&still), "{still}");
    }
}
