//! Connections to SQLite.

use std::{path::Path, time::Duration};

use sqlx::{
    ConnectOptions as _, Sqlite, SqlitePool,
    pool::PoolOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};

use super::{ACQUIRE_WITHIN, OpenError, ROWS_AT_ONCE, create_private_file, create_private_folder};

use crate::platform::error::Result;

/// SQLite has one writer and many readers.
pub(super) struct SqlitePools {
    pub(super) read: SqlitePool,
    pub(super) write: SqlitePool,
    /// Where its write-ahead log stands.
    pub(super) log: std::path::PathBuf,
}

const SQLITE_READERS: u32 = 4;
/// Of each reader, in KiB, as SQLite wants it said.
const SQLITE_CACHE: &str = "-8192";

/// How often beginning to write is tried anew: whoever waits beside it may get the connection that is of no
/// use.
const BEGINS: usize = 3;

impl SqlitePools {
    pub(super) async fn connect(path: &Path) -> Result<Self, OpenError> {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            create_private_folder(folder).map_err(OpenError::Folder)?;
        }
        create_private_file(path).map_err(OpenError::Folder)?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5))
            // A page of rows crosses from the engine's thread in one go.
            .row_buffer_size(ROWS_AT_ONCE)
            .pragma("trusted_schema", "off")
            .pragma("journal_size_limit", "67108864")
            .log_slow_statements(tracing::log::LevelFilter::Off, Duration::from_secs(1));
        let write = sqlite_pool(options.clone(), 1).await?;
        let options = options
            .create_if_missing(false)
            .pragma("query_only", "on")
            .pragma("cache_size", SQLITE_CACHE);
        let read = sqlite_pool(options, SQLITE_READERS).await?;
        let mut log = path.as_os_str().to_owned();
        log.push("-wal");
        Ok(Self {
            read,
            write,
            log: log.into(),
        })
    }

    /// Begins to write. A full disk or a failing one makes the engine end a transaction by itself, of which
    /// the driver hears nothing; such a connection is of no use any more, and another one is opened.
    pub(super) async fn begin(&self) -> Result<sqlx::Transaction<'static, Sqlite>, sqlx::Error> {
        for _ in 0..BEGINS {
            match self.write.begin_with("begin immediate").await {
                Err(sqlx::Error::InvalidSavePointStatement | sqlx::Error::BeginFailed) => {
                    tracing::warn!("the engine ended a transaction by itself; the connection is opened anew");
                    self.write.acquire().await?.close().await?;
                }
                begun => return begun,
            }
        }
        self.write.begin_with("begin immediate").await
    }
}

/// Whether a file is a database of this product: it has the tables that every build of it has had.
pub async fn is_own_database(path: &Path) -> bool {
    use sqlx::Connection as _;
    let options = SqliteConnectOptions::new()
        .filename(path)
        .read_only(true)
        .immutable(true)
        .log_statements(tracing::log::LevelFilter::Off);
    let Ok(mut connection) = sqlx::SqliteConnection::connect_with(&options).await else {
        return false;
    };
    let found: Result<(i64,), _> = sqlx::query_as(
        "select count(*) from sqlite_schema where type = 'table' and name in
         ('_sqlx_migrations', 'chains', 'audit_events', 'workspaces', 'handshakes', 'signatures')",
    )
    .fetch_one(&mut connection)
    .await;
    let _ = connection.close().await;
    found.is_ok_and(|(tables,)| tables == 6)
}

async fn sqlite_pool(options: SqliteConnectOptions, connections: u32) -> Result<SqlitePool, OpenError> {
    PoolOptions::<Sqlite>::new()
        .max_connections(connections)
        .min_connections(connections)
        .max_lifetime(None)
        .idle_timeout(None)
        .acquire_timeout(ACQUIRE_WITHIN.saturating_mul(4))
        .after_connect(|connection, _| Box::pin(refuse_weak_connection(connection)))
        .connect_with(options)
        .await
        .map_err(OpenError::Unreachable)
}

/// A connection that would lose acknowledged writes or break references is not used.
async fn refuse_weak_connection(connection: &mut sqlx::SqliteConnection) -> Result<(), sqlx::Error> {
    let (journal, synchronous, foreign_keys): (String, i64, i64) = sqlx::query_as(
        "select (select journal_mode from pragma_journal_mode), (select synchronous from pragma_synchronous),
         (select foreign_keys from pragma_foreign_keys)",
    )
    .fetch_one(connection)
    .await?;
    if journal == "wal" && synchronous == 2 && foreign_keys == 1 {
        Ok(())
    } else {
        Err(sqlx::Error::Configuration(
            format!(
                "SQLite refused its settings: journal_mode={journal} synchronous={synchronous} \
                foreign_keys={foreign_keys}"
            )
            .into(),
        ))
    }
}
