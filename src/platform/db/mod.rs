//! The database: SQLite embedded, or PostgreSQL. One SQL text serves both; values are bound, never written
//! into it, and the text is `&'static str`, so it cannot be.

mod sql;
mod sqlite;

pub use self::sqlite::is_own_database;

#[cfg(test)]
pub use self::sql::SqlStatement;

pub use self::sql::{Sql, Value};

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use sqlx::{
    ConnectOptions as _, PgPool, Postgres, Sqlite,
    migrate::{MigrateError, Migrator},
    pool::PoolOptions,
    postgres::{PgConnectOptions, PgRow},
    query::{Query, QueryAs},
    sqlite::SqliteRow,
};

use self::sqlite::SqlitePools;
use super::error::{Error, Result};

use crate::sql;

/// Whatever a row of either engine can become.
pub trait Row:
    for<'r> sqlx::FromRow<'r, SqliteRow> + for<'r> sqlx::FromRow<'r, PgRow> + Send + Unpin
{
}
impl<T: for<'r> sqlx::FromRow<'r, SqliteRow> + for<'r> sqlx::FromRow<'r, PgRow> + Send + Unpin> Row for T {}

/// Writes a body once and compiles it for each engine.
macro_rules! on_engine {
    ($engine:expr, $enum:ident, |$connection:ident, $db:ident| $body:expr) => {
        match $engine {
            $enum::Sqlite($connection) => {
                type $db = Sqlite;
                $body
            }
            $enum::Postgres($connection) => {
                type $db = Postgres;
                $body
            }
        }
    };
}

macro_rules! bind_all {
    ($query:expr, $args:expr) => {{
        let mut query = $query;
        for value in $args {
            query = match value {
                Value::Int(v) => query.bind(v),
                Value::Text(v) => query.bind(v),
                Value::Bool(v) => query.bind(v),
                Value::Id(v) => query.bind(v),
                Value::Bytes(v) => query.bind(v),
            };
        }
        query
    }};
}

enum Pools {
    Sqlite(SqlitePools),
    Postgres(PgPool),
}

#[derive(Clone)]
pub struct Db {
    pools: Arc<Pools>,
    queries: Arc<AtomicU64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// Where the data lives. Its `Debug` and `Display` never show a password.
#[derive(Clone, PartialEq, Eq)]
pub enum Address {
    Sqlite(PathBuf),
    Postgres(String),
}

impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "SQLite at {}", path.display()),
            Self::Postgres(_) => f.write_str("PostgreSQL"),
        }
    }
}

impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("the database cannot be reached: {0}")]
    Unreachable(#[source] sqlx::Error),
    #[error(
        "the database was written by a newer version of Handshake (migration {0}); start that version, or \
            restore a backup"
    )]
    Newer(i64),
    #[error("a migration failed: {0}")]
    Migration(#[source] MigrateError),
    #[error("the data folder cannot be used: {0}")]
    Folder(#[source] std::io::Error),
}

static SQLITE_MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES_MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");
const ROWS_AT_ONCE: usize = 512;
const POSTGRES_CONNECTIONS: u32 = 10;
const ACQUIRE_WITHIN: Duration = Duration::from_secs(2);

impl Db {
    /// Opens the database and brings its schema up to this binary's, one process at a time.
    pub async fn open(address: &Address) -> Result<Self, OpenError> {
        let db = Self::connect(address).await?;
        db.migrate(address).await?;
        Ok(db)
    }

    async fn connect(address: &Address) -> Result<Self, OpenError> {
        let pools = match address {
            Address::Sqlite(path) => Pools::Sqlite(SqlitePools::connect(path).await?),
            Address::Postgres(url) => {
                let options: PgConnectOptions = url.parse().map_err(OpenError::Unreachable)?;
                let options = options
                    .application_name("handshake")
                    .options([
                        ("statement_timeout", "15000"),
                        ("lock_timeout", "5000"),
                        ("idle_in_transaction_session_timeout", "30000"),
                    ])
                    .log_slow_statements(tracing::log::LevelFilter::Off, Duration::from_secs(1));
                let pool = PoolOptions::new()
                    .max_connections(POSTGRES_CONNECTIONS)
                    .acquire_timeout(ACQUIRE_WITHIN)
                    .connect_with(options)
                    .await
                    .map_err(OpenError::Unreachable)?;
                Pools::Postgres(pool)
            }
        };
        Ok(Self {
            pools: Arc::new(pools),
            queries: Arc::default(),
        })
    }

    async fn migrate(&self, address: &Address) -> Result<(), OpenError> {
        let outcome = match &*self.pools {
            Pools::Sqlite(pools) => {
                let Address::Sqlite(path) = address else {
                    unreachable!("the pools were made from this address")
                };
                // sqlx takes no lock of its own on SQLite.
                let lock = migration_lock(path).await.map_err(OpenError::Folder)?;
                let outcome = SQLITE_MIGRATIONS.run(&pools.write).await;
                drop(lock);
                outcome
            }
            Pools::Postgres(pool) => POSTGRES_MIGRATIONS.run(pool).await,
        };
        outcome.map_err(|error| match error {
            MigrateError::VersionMissing(version) => OpenError::Newer(version),
            other => OpenError::Migration(other),
        })
    }

    pub fn engine(&self) -> Engine {
        match &*self.pools {
            Pools::Sqlite(_) => Engine::Sqlite,
            Pools::Postgres(_) => Engine::Postgres,
        }
    }

    /// How many statements this handle's database has been sent since it was opened.
    pub fn queries(&self) -> u64 {
        self.queries.load(Ordering::Relaxed)
    }

    fn count(&self) {
        self.queries.fetch_add(1, Ordering::Relaxed);
    }

    pub async fn fetch_all<T: Row>(&self, sql: Sql, args: Vec<Value>) -> Result<Vec<T>> {
        self.count();
        let rows = match &*self.pools {
            Pools::Sqlite(pools) => sqlite_query_as(sql, args).fetch_all(&pools.read).await,
            Pools::Postgres(pool) => postgres_query_as(sql, args).fetch_all(pool).await,
        };
        Ok(rows?)
    }

    pub async fn fetch_optional<T: Row>(&self, sql: Sql, args: Vec<Value>) -> Result<Option<T>> {
        Ok(self.fetch_all(sql, args).await?.into_iter().next())
    }

    /// Outside any audit chain: for throttles, sessions' last-seen and the outbox, which record nothing of
    /// the product.
    pub async fn execute(&self, sql: Sql, args: Vec<Value>) -> Result<u64> {
        self.count();
        match &*self.pools {
            Pools::Sqlite(pools) => Ok(sqlite_query(sql, args)
                .execute(&pools.write)
                .await?
                .rows_affected()),
            Pools::Postgres(pool) => Ok(postgres_query(sql, args).execute(pool).await?.rows_affected()),
        }
    }

    /// Only the audited transaction begins one, so that none commits without its event.
    pub(in crate::platform) async fn begin(&self) -> Result<RawTransaction> {
        self.count();
        let connection = match &*self.pools {
            Pools::Sqlite(pools) => EngineTransaction::Sqlite(pools.begin().await?),
            Pools::Postgres(pool) => EngineTransaction::Postgres(pool.begin().await?),
        };
        Ok(RawTransaction {
            connection,
            queries: Arc::clone(&self.queries),
        })
    }

    /// The engine's own check of its files; each line names one thing that is wrong.
    pub async fn engine_integrity(&self) -> Result<Vec<String>> {
        match &*self.pools {
            Pools::Sqlite(pools) => {
                let mut wrong: Vec<String> = sqlx::query_scalar("pragma integrity_check")
                    .fetch_all(&pools.read)
                    .await?;
                wrong.retain(|line| line != "ok");
                let orphans: Vec<(String, Option<i64>)> =
                    sqlx::query_as("select \"table\", rowid from pragma_foreign_key_check")
                        .fetch_all(&pools.read)
                        .await?;
                wrong.extend(orphans.into_iter().map(|(table, row)| {
                    format!("{table}: row {} points at nothing", row.unwrap_or_default())
                }));
                Ok(wrong)
            }
            Pools::Postgres(pool) => {
                let invalid: Vec<String> = sqlx::query_scalar(
                    "select conrelid::regclass::text || ': constraint ' || conname || ' is not validated' from
                     pg_constraint where not convalidated
                     union all
                     select indexrelid::regclass::text || ': index is not valid' from pg_index where not
                     indisvalid",
                )
                .fetch_all(pool)
                .await?;
                Ok(invalid)
            }
        }
    }

    /// Answers within a second or counts as down.
    pub async fn answers(&self) -> bool {
        let ping = self.fetch_all::<(i64,)>(sql!("select count(*) from chains where id is null"), Vec::new());
        matches!(
            tokio::time::timeout(Duration::from_secs(1), ping).await,
            Ok(Ok(_))
        )
    }

    /// Lets SQLite fold its log into the file and closes every connection.
    pub async fn close(&self) {
        match &*self.pools {
            Pools::Sqlite(pools) => {
                pools.read.close().await;
                if let Err(error) = sqlx::query("pragma wal_checkpoint(truncate)")
                    .execute(&pools.write)
                    .await
                {
                    tracing::warn!(error = %error, "the write-ahead log stays for the next start");
                }
                pools.write.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }

    /// Writes a consistent copy of a SQLite database while it is in use.
    pub async fn copy_sqlite_to(&self, file: &Path) -> Result<bool> {
        match &*self.pools {
            Pools::Sqlite(pools) => {
                // Under its name stands a whole copy or none.
                let mut partial = file.as_os_str().to_owned();
                partial.push(".partial");
                let partial = PathBuf::from(partial);
                let _ = std::fs::remove_file(&partial);
                create_private_file(&partial).map_err(|_| Error::Internal)?;
                let copied = sqlx::query("vacuum into $1")
                    .bind(partial.to_string_lossy().into_owned())
                    .execute(&pools.write)
                    .await;
                if copied.is_err() || std::fs::rename(&partial, file).is_err() {
                    let _ = std::fs::remove_file(&partial);
                    copied?;
                    return Err(Error::Internal);
                }
                Ok(true)
            }
            Pools::Postgres(_) => Ok(false),
        }
    }

    /// Makes the disk full: the writer's file grows no more. A connection that is opened anew has room again.
    #[cfg(test)]
    pub async fn fill_disk(&self) {
        if let Pools::Sqlite(pools) = &*self.pools {
            sqlx::query("pragma max_page_count = 1")
                .execute(&pools.write)
                .await
                .expect("a limit");
        }
    }

    /// Asks the engine to prepare a statement without running it.
    #[cfg(test)]
    pub async fn prepare(&self, sql: Sql) -> Result<(), sqlx::Error> {
        use sqlx::{Executor as _, SqlSafeStr as _};
        match &*self.pools {
            Pools::Sqlite(pools) => pools.read.prepare(sql.text().into_sql_str()).await.map(|_| ()),
            Pools::Postgres(pool) => pool.prepare(sql.text().into_sql_str()).await.map(|_| ()),
        }
    }

    /// Columns as `(table, column, nullable)`, for comparing the two schemas.
    #[cfg(test)]
    pub async fn columns(&self) -> Result<Vec<(String, String, bool)>> {
        match &*self.pools {
            Pools::Sqlite(pools) => Ok(sqlx::query_as(
                "select t.name, c.name, c.\"notnull\" = 0 and c.pk = 0 from pragma_table_list t,
                 pragma_table_info(t.name) c
                 where t.schema = 'main' and t.type in ('table', 'view') and t.name not like '\\_sqlx%' escape '\\' and
                 t.name not like 'sqlite%' order by 1, 2",
            )
            .fetch_all(&pools.read)
            .await?),
            Pools::Postgres(pool) => Ok(sqlx::query_as(
                "select table_name::text, column_name::text, is_nullable = 'YES' from
                 information_schema.columns
                 where table_schema = 'public' and table_name not like '\\_sqlx%' order by 1, 2",
            )
            .fetch_all(pool)
            .await?),
        }
    }

    /// Sends a statement as it is: for tests that act as an intruder at the database.
    #[cfg(test)]
    pub async fn raw(&self, sql: &'static str) -> Result<(), sqlx::Error> {
        match &*self.pools {
            Pools::Sqlite(pools) => sqlx::raw_sql(sql).execute(&pools.write).await.map(|_| ()),
            Pools::Postgres(pool) => sqlx::raw_sql(sql).execute(pool).await.map(|_| ()),
        }
    }
}

async fn migration_lock(database: &Path) -> std::io::Result<std::fs::File> {
    let path = database.with_extension("lock");
    let file = std::fs::File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)?;
    tokio::task::spawn_blocking(move || file.lock().map(|()| file))
        .await
        .map_err(std::io::Error::other)?
}

/// A file that its owner alone reads; SQLite gives its journals the same rights.
pub fn create_private_file(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
    let file = std::fs::OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(path)?;
    // One that an earlier build made, or that somebody copied here.
    if file.metadata()?.permissions().mode() & 0o077 != 0 {
        file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
    }
    Ok(())
}

/// A folder that its owner alone reads.
pub fn create_private_folder(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
}

fn sqlite_query(sql: Sql, args: Vec<Value>) -> Query<'static, Sqlite, sqlx::sqlite::SqliteArguments> {
    bind_all!(sqlx::query(sql.text()), args)
}

fn postgres_query(sql: Sql, args: Vec<Value>) -> Query<'static, Postgres, sqlx::postgres::PgArguments> {
    bind_all!(sqlx::query(sql.text()), args)
}

fn sqlite_query_as<T: Row>(
    sql: Sql,
    args: Vec<Value>,
) -> QueryAs<'static, Sqlite, T, sqlx::sqlite::SqliteArguments> {
    bind_all!(sqlx::query_as(sql.text()), args)
}

fn postgres_query_as<T: Row>(
    sql: Sql,
    args: Vec<Value>,
) -> QueryAs<'static, Postgres, T, sqlx::postgres::PgArguments> {
    bind_all!(sqlx::query_as(sql.text()), args)
}

enum EngineTransaction {
    Sqlite(sqlx::Transaction<'static, Sqlite>),
    Postgres(sqlx::Transaction<'static, Postgres>),
}

/// An open transaction; dropping it undoes everything.
pub(in crate::platform) struct RawTransaction {
    connection: EngineTransaction,
    queries: Arc<AtomicU64>,
}

impl RawTransaction {
    pub(in crate::platform) async fn fetch_all<T: Row>(
        &mut self,
        sql: Sql,
        args: Vec<Value>,
    ) -> Result<Vec<T>> {
        self.queries.fetch_add(1, Ordering::Relaxed);
        let rows = match &mut self.connection {
            EngineTransaction::Sqlite(connection) => {
                sqlite_query_as(sql, args).fetch_all(&mut **connection).await
            }
            EngineTransaction::Postgres(connection) => {
                postgres_query_as(sql, args).fetch_all(&mut **connection).await
            }
        };
        Ok(rows?)
    }

    pub(in crate::platform) async fn execute(&mut self, sql: Sql, args: Vec<Value>) -> Result<u64> {
        self.queries.fetch_add(1, Ordering::Relaxed);
        match &mut self.connection {
            EngineTransaction::Sqlite(connection) => Ok(sqlite_query(sql, args)
                .execute(&mut **connection)
                .await?
                .rows_affected()),
            EngineTransaction::Postgres(connection) => Ok(postgres_query(sql, args)
                .execute(&mut **connection)
                .await?
                .rows_affected()),
        }
    }

    pub(in crate::platform) async fn commit(self) -> Result<()> {
        on_engine!(self.connection, EngineTransaction, |connection, _Engine| {
            connection.commit().await
        })?;
        Ok(())
    }
}
