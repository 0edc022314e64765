//! What one running server shares: database, clock, ids, settings, caches. Verbs and questions of a room are
//! handed a viewer; what runs without one (sign-in, jobs, feeds) is handed this.

use std::{sync::Arc, time::Duration};

use tokio::{sync::Semaphore, time::Instant};

use super::{
    audit::Keyring,
    config::Settings,
    db::Db,
    ids::source::Ids,
    metrics::Metrics,
    page_cache::PageCache,
    presence::Presence,
    pulse::Pulses,
    time::{Clock, Timestamp},
    upload_places::UploadPlaces,
};

/// More password hashes than this at once, running or waiting, and the next one is turned away.
const PASSWORD_QUEUE: usize = 32;

const BETWEEN_WRITE_PROBES: Duration = Duration::from_secs(3);

#[derive(Clone)]
pub struct AppState(Arc<Inner>);

struct Inner {
    db: Db,
    clock: Arc<dyn Clock>,
    ids: Ids,
    settings: Settings,
    audit_keys: Keyring,
    metrics: Metrics,
    page_cache: PageCache,
    presence: Presence,
    pulses: Pulses,
    password_work: Semaphore,
    password_queue: Semaphore,
    table_work: Semaphore,
    upload_places: UploadPlaces,
    draining: tokio_util::sync::CancellationToken,
    /// When it was last tried to write, and whether the database refused.
    write_probe: tokio::sync::Mutex<Option<(Instant, bool)>>,
}

impl AppState {
    pub fn new(db: Db, clock: Arc<dyn Clock>, ids: Ids, settings: Settings, audit_keys: Keyring) -> Self {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Self(Arc::new(Inner {
            db,
            clock,
            ids,
            settings,
            audit_keys,
            metrics: Metrics::default(),
            page_cache: PageCache::default(),
            presence: Presence::default(),
            pulses: Pulses::default(),
            password_work: Semaphore::new(cores),
            password_queue: Semaphore::new(PASSWORD_QUEUE),
            table_work: Semaphore::new(cores),
            upload_places: UploadPlaces::default(),
            draining: tokio_util::sync::CancellationToken::new(),
            write_probe: tokio::sync::Mutex::default(),
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

    /// The keys of the audit chain.
    pub fn audit_keys(&self) -> &Keyring {
        &self.0.audit_keys
    }

    pub fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    pub fn presence(&self) -> &Presence {
        &self.0.presence
    }

    pub fn pulses(&self) -> &Pulses {
        &self.0.pulses
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

    /// One permit per core for unpacking tables.
    pub fn table_work(&self) -> &Semaphore {
        &self.0.table_work
    }

    /// Where files arrive, once it is known whose they are.
    pub fn upload_places(&self) -> &UploadPlaces {
        &self.0.upload_places
    }

    /// Whether the database takes nothing that is written; tried at most every few seconds, however often one
    /// asks.
    pub async fn refuses_writes(&self) -> bool {
        let mut probe = self.0.write_probe.lock().await;
        if let Some((at, refused)) = *probe
            && at.elapsed() < BETWEEN_WRITE_PROBES
        {
            return refused;
        }
        let refused = self.db().refuses_writes().await;
        *probe = Some((Instant::now(), refused));
        refused
    }

    /// Cancelled when the server stops taking work.
    pub fn draining(&self) -> &tokio_util::sync::CancellationToken {
        &self.0.draining
    }
}
