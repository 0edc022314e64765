//! What one running server shares: database, clock, ids, settings, caches. Verbs and
//! questions of a room are handed a viewer; what runs without one (sign-in, jobs, feeds) is handed this.

use std::sync::Arc;

use tokio::sync::Semaphore;

use super::{
    config::Settings,
    db::Db,
    ids::source::Ids,
    page_cache::PageCache,
    presence::Presence,
    time::{Clock, Timestamp},
};

/// More password hashes than this at once, running or waiting, and the next one is turned away.
const PASSWORD_QUEUE: usize = 32;

#[derive(Clone)]
pub struct AppState(Arc<Inner>);

struct Inner {
    db: Db,
    clock: Arc<dyn Clock>,
    ids: Ids,
    settings: Settings,
    page_cache: PageCache,
    presence: Presence,
    password_work: Semaphore,
    password_queue: Semaphore,
    draining: tokio_util::sync::CancellationToken,
}

impl AppState {
    pub fn new(db: Db, clock: Arc<dyn Clock>, ids: Ids, settings: Settings) -> Self {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Self(Arc::new(Inner {
            db,
            clock,
            ids,
            settings,
            page_cache: PageCache::default(),
            presence: Presence::default(),
            password_work: Semaphore::new(cores),
            password_queue: Semaphore::new(PASSWORD_QUEUE),
            draining: tokio_util::sync::CancellationToken::new(),
        }))
    }

    pub fn db(&self) -> &Db {
        &self.0.db
    }

    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    pub fn ids(&self) -> &Ids {
        &self.0.ids
    }

    pub fn fresh_id<I: From<uuid::Uuid>>(&self) -> I {
        self.0.ids.at(self.now())
    }

    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    pub fn presence(&self) -> &Presence {
        &self.0.presence
    }

    pub fn page_cache(&self) -> &PageCache {
        &self.0.page_cache
    }

    /// One permit per core: password hashing is the only heavy work that strangers can ask for.
    pub fn password_work(&self) -> &Semaphore {
        &self.0.password_work
    }

    pub fn password_queue(&self) -> &Semaphore {
        &self.0.password_queue
    }

    /// Cancelled when the server stops taking work.
    pub fn draining(&self) -> &tokio_util::sync::CancellationToken {
        &self.0.draining
    }
}
