//! Pages kept in memory as last rendered, for as long as nothing was written since.
//!
//! Every write of a workspace moves the head of its audit chain in the same transaction, so a page is exactly
//! as good as the head it was rendered under, whichever process wrote. What a kept page shows may depend on
//! the workspace, its head and the day, and on nothing else: never on who looks, unless it is kept for that
//! reader alone.

use std::sync::Arc;

use moka::sync::Cache;
use uuid::Uuid;

use super::{markup::Markup, time::Day};

/// Bytes of markup that are kept; what is kept compressed beside it, once a browser has asked, comes to a
/// quarter more.
const MOST_BYTES: u64 = 16 << 20;

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
    pub body: Markup,
}

impl CachedPage {
    fn bytes(&self) -> usize {
        self.title.len() + self.body.byte_len()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AsOf {
    pub head: i64,
    pub day: Day,
}

/// By workspace and key; what was not read for longest goes first when there is no room.
pub struct PageCache(Cache<(Uuid, PageKey), (AsOf, CachedPage)>);

impl Default for PageCache {
    fn default() -> Self {
        let bytes = |_: &(Uuid, PageKey), (_, page): &(AsOf, CachedPage)| {
            u32::try_from(page.bytes()).unwrap_or(u32::MAX)
        };
        Self(Cache::builder().max_capacity(MOST_BYTES).weigher(bytes).build())
    }
}

impl PageCache {
    pub fn get(&self, workspace: Uuid, key: PageKey, as_of: AsOf) -> Option<CachedPage> {
        let (at, page) = self.0.get(&(workspace, key))?;
        (at == as_of).then_some(page)
    }

    pub fn remove(&self, workspace: Uuid, key: PageKey) {
        self.0.invalidate(&(workspace, key));
    }

    pub fn insert(&self, workspace: Uuid, key: PageKey, as_of: AsOf, page: CachedPage) {
        self.0.insert((workspace, key), (as_of, page));
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
            body: "as of 4".to_owned().into(),
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
            body: "x".repeat(5 << 20).into(),
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
        cache.0.run_pending_tasks();
        let still = (0..10)
            .filter(|number| cache.get(workspace, name(*number), now).is_some())
            .count();
        assert!((1..=3).contains(&still), "{still}");
    }
}
