//! The database: SQLite embedded, or PostgreSQL. One SQL text serves both; values are bound, never written
//! into it, and the text is `&'static str`, so it cannot be.

mod files;
mod rows;
mod schema;
mod sql;
mod sqlite;
mod transaction;

pub(in crate::platform) use self::transaction::RawTransaction;
pub use self::{
    files::{create_private_file, create_private_folder, is_open_to_others},
    sqlite::is_own_database,
    transaction::Snapshot,
};

#[cfg(test)]
pub use self::sql::SqlStatement;

pub use self::{
    rows::{RecordedRow, RecordedTable, RecordedTables, UNRECORDED},
    schema::Schema,
    sql::{Sql, Value},
};

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use sqlx::{
    ConnectOptions as _, Connection as _, PgConnection, PgPool, Postgres, Sqlite,
    migrate::{MigrateError, Migrator},
    pool::PoolOptions,
    postgres::{PgConnectOptions, PgRow},
    query::{Query, QueryAs},
    sqlite::SqliteRow,
};

use tokio::sync::Mutex;

use self::{files::migration_lock, sqlite::SqlitePools, transaction::EngineTransaction};

#[cfg(test)]
use self::transaction::Faults;
use super::error::{Error, Result};

use crate::sql;

/// Whatever a row of either engine can become.
pub trait Row:
    for<'r> sqlx::FromRow<'r, SqliteRow> + for<'r> sqlx::FromRow<'r, PgRow> + Send + Unpin
{
}
impl<T: for<'r> sqlx::FromRow<'r, SqliteRow> + for<'r> sqlx::FromRow<'r, PgRow> + Send + Unpin> Row for T {}

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
    /// Empty until the schema is this binary's.
    tables: Arc<RecordedTables>,
    #[cfg(test)]
    faults: Faults,
    #[cfg(test)]
    sent: Arc<std::sync::Mutex<Vec<&'static str>>>,
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
    #[error(
        "the database's migration {0} is not the one of this version: it was written by another build. Start that \
            one, or begin with an empty data folder"
    )]
    Changed(i64),
    #[error(
        "the database is of an older version of Handshake: its migration is {have}, this version's {wanted}. \
            `handshake migrate` brings it up to this one, as `handshake serve` does; on SQLite a backup is taken \
            first"
    )]
    Older { have: i64, wanted: i64 },
    #[error(
        "the database's migration {0} is missing in the middle: it was changed outside of Handshake. Restore a backup"
    )]
    Gap(i64),
    #[error("there is nothing in this database yet")]
    Empty,
    #[error("a migration failed: {0}")]
    Migration(#[source] MigrateError),
    #[error("the data folder cannot be used: {0}")]
    Folder(#[source] std::io::Error),
}

static SQLITE_MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES_MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");
const ROWS_AT_ONCE: usize = 512;
const POSTGRES_CONNECTIONS: u32 = 10;
const CLOSE_WITHIN: Duration = Duration::from_secs(5);
const ACQUIRE_WITHIN: Duration = Duration::from_secs(2);

/// As what this process shows itself to PostgreSQL: another one has another name.
fn own_name() -> String {
    static NAME: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    NAME.get_or_init(|| format!("handshake {:016x}", rand::random::<u64>()))
        .clone()
}

/// What PostgreSQL is connected to by, without `connections`, and how many connections are held.
///
/// # Errors
/// What is wrong with it, as a sentence.
pub fn postgres_address(url: &str) -> Result<(String, u32), String> {
    let mut bare: url::Url = url
        .parse()
        .map_err(|_| "write `postgres://USER:PASSWORD@HOST/NAME`".to_owned())?;
    let (own, others): (Vec<_>, Vec<_>) = url::Url::query_pairs(&bare.clone())
        .into_owned()
        .partition(|(key, _)| key == "connections");
    let Some((_, asked)) = own.last() else {
        return Ok((url.to_owned(), POSTGRES_CONNECTIONS));
    };
    let connections = asked
        .parse()
        .ok()
        .filter(|count| (2..=500).contains(count))
        .ok_or_else(|| format!("connections={asked} is not a number from 2 to 500"))?;
    bare.set_query(None);
    if !others.is_empty() {
        bare.query_pairs_mut().extend_pairs(others);
    }
    Ok((bare.into(), connections))
}

/// How long a start waits for PostgreSQL, which may be starting as well.
const CONNECTED_WITHIN: Duration = Duration::from_secs(30);

/// Connects, and tries again while nobody listens there yet. One connection is tried by itself: a pool tells
/// only that none came in time.
async fn postgres_pool(options: PgConnectOptions, connections: u32) -> Result<PgPool, sqlx::Error> {
    let until = tokio::time::Instant::now() + CONNECTED_WITHIN;
    loop {
        match PgConnection::connect_with(&options).await {
            Ok(connection) => {
                connection.close().await?;
                break;
            }
            Err(error) if is_not_up_yet(&error) && tokio::time::Instant::now() < until => {
                tracing::warn!(error = %error, "PostgreSQL does not answer yet; trying again");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            Err(error) => return Err(error),
        }
    }
    PoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(ACQUIRE_WITHIN)
        .connect_with(options)
        .await
}

/// Refused connections, and the answer of a server that is starting.
fn is_not_up_yet(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(cause) => cause.kind() == std::io::ErrorKind::ConnectionRefused,
        sqlx::Error::Database(cause) => cause.code().is_some_and(|code| code == "57P03"),
        _ => false,
    }
}

impl Db {
    /// Opens the database and brings its schema up to this binary's, one process at a time.
    pub async fn open(address: &Address) -> Result<Self, OpenError> {
        let mut db = Self::connect(address).await?;
        db.migrate(address).await?;
        db.read_catalogue().await.map_err(OpenError::Unreachable)?;
        Ok(db)
    }

    /// Opens the database and leaves its schema alone; says which it is. A schema that this version does not
    /// know is an error.
    pub async fn open_as_it_is(address: &Address) -> Result<(Self, Schema), OpenError> {
        let mut db = Self::connect(address).await?;
        let schema = db.schema().await?;
        db.read_catalogue().await.map_err(OpenError::Unreachable)?;
        Ok((db, schema))
    }

    /// Opens a database that has to have this version's schema.
    pub async fn open_current(address: &Address) -> Result<Self, OpenError> {
        match Self::open_as_it_is(address).await? {
            (db, Schema::Current) => Ok(db),
            (_, Schema::Older { have, wanted }) => Err(OpenError::Older { have, wanted }),
            (_, Schema::Empty) => Err(OpenError::Empty),
        }
    }

    /// Whether another process of Handshake is connected to this PostgreSQL database; on SQLite a lock on a
    /// file says so instead.
    pub async fn is_used_by_others(&self) -> Result<bool> {
        let Pools::Postgres(pool) = &*self.pools else {
            return Ok(false);
        };
        let (others,): (i64,) = sqlx::query_as(
            "select count(*) from pg_stat_activity where datname = current_database()
             and application_name like 'handshake %' and application_name <> $1",
        )
        .bind(own_name())
        .fetch_one(pool)
        .await?;
        Ok(others > 0)
    }

    async fn read_catalogue(&mut self) -> Result<(), sqlx::Error> {
        let columns: Vec<rows::Column> = match &*self.pools {
            Pools::Sqlite(pools) => {
                sqlx::query_as(
                    "select t.name as in_table, c.name, c.type as of_type, c.pk as key
                     from pragma_table_list t, pragma_table_info(t.name) c
                     where t.schema = 'main' and t.type = 'table' and t.name <> '_sqlx_migrations'
                     and t.name not like 'sqlite\\_%' escape '\\' order by t.name, c.cid",
                )
                .fetch_all(&pools.read)
                .await?
            }
            Pools::Postgres(pool) => {
                sqlx::query_as(
                    "select c.relname::text as in_table, a.attname::text as name,
                     format_type(a.atttypid, null) as of_type,
                     coalesce(array_position(i.indkey::int2[], a.attnum) + 1, 0)::bigint as key
                     from pg_class c
                     join pg_namespace n on n.oid = c.relnamespace and n.nspname = current_schema()
                     join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                     left join pg_index i on i.indrelid = c.oid and i.indisprimary
                     where c.relkind = 'r' and c.relname not like '\\_sqlx%' order by c.relname, a.attnum",
                )
                .fetch_all(pool)
                .await?
            }
        };
        self.tables = Arc::new(RecordedTables::new(self.engine(), columns));
        Ok(())
    }

    /// The tables of which the audit chain records every row.
    pub fn recorded_tables(&self) -> &RecordedTables {
        &self.tables
    }

    async fn connect(address: &Address) -> Result<Self, OpenError> {
        let pools = match address {
            Address::Sqlite(path) => Pools::Sqlite(SqlitePools::connect(path).await?),
            Address::Postgres(url) => {
                let (url, connections) = postgres_address(url)
                    .map_err(|what| OpenError::Unreachable(sqlx::Error::Configuration(what.into())))?;
                let options: PgConnectOptions = url.parse().map_err(OpenError::Unreachable)?;
                let options = options
                    .application_name(&own_name())
                    .options([
                        ("statement_timeout", "15000"),
                        ("lock_timeout", "5000"),
                        ("idle_in_transaction_session_timeout", "30000"),
                    ])
                    .log_slow_statements(tracing::log::LevelFilter::Off, Duration::from_secs(1));
                Pools::Postgres(
                    postgres_pool(options, connections)
                        .await
                        .map_err(OpenError::Unreachable)?,
                )
            }
        };
        Ok(Self {
            pools: Arc::new(pools),
            queries: Arc::default(),
            tables: Arc::default(),
            #[cfg(test)]
            faults: Faults::default(),
            #[cfg(test)]
            sent: Arc::default(),
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
            MigrateError::VersionMismatch(version) => OpenError::Changed(version),
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

    #[cfg(test)]
    fn note(&self, sql: Sql) {
        let mut sent = self
            .sent
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        sent.push(sql.text());
    }

    /// The statements outside of transactions since this was asked last.
    #[cfg(test)]
    pub fn take_sent(&self) -> Vec<&'static str> {
        let mut sent = self
            .sent
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        std::mem::take(&mut sent)
    }

    pub async fn fetch_all<T: Row>(&self, sql: Sql, args: Vec<Value>) -> Result<Vec<T>> {
        self.count();
        #[cfg(test)]
        self.note(sql);
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
    /// the product. A statement that writes what the chain records is not sent.
    pub async fn execute(&self, sql: Sql, args: Vec<Value>) -> Result<u64> {
        if self.tables.written_by(sql).is_some() {
            tracing::error!(
                statement = sql.text(),
                "a recorded table is written in an audited transaction"
            );
            return Err(Error::Internal);
        }
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
            tables: Arc::clone(&self.tables),
            #[cfg(test)]
            faults: self.faults.clone(),
        })
    }

    /// The database as it is at this moment, however much others write meanwhile.
    pub async fn snapshot(&self) -> Result<Snapshot> {
        let connection = match &*self.pools {
            Pools::Sqlite(pools) => EngineTransaction::Sqlite(pools.read.begin().await?),
            Pools::Postgres(pool) => EngineTransaction::Postgres(
                pool.begin_with("begin isolation level repeatable read, read only")
                    .await?,
            ),
        };
        let snapshot = Snapshot {
            connection: Mutex::new(connection),
            tables: Arc::clone(&self.tables),
        };
        // The first read is the moment.
        snapshot
            .fetch_all::<(i64,)>(sql!("select count(*) from chains where id is null"), Vec::new())
            .await?;
        Ok(snapshot)
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

    /// Connections that are open, idle and busy.
    pub fn connections(&self) -> [u32; 2] {
        let count = |size: u32, idle: usize| {
            let idle = u32::try_from(idle).unwrap_or(size).min(size);
            [idle, size - idle]
        };
        match &*self.pools {
            Pools::Sqlite(pools) => count(
                pools.read.size() + pools.write.size(),
                pools.read.num_idle() + pools.write.num_idle(),
            ),
            Pools::Postgres(pool) => count(pool.size(), pool.num_idle()),
        }
    }

    /// The size of SQLite's write-ahead log.
    pub fn log_bytes(&self) -> i64 {
        match &*self.pools {
            Pools::Sqlite(pools) => {
                std::fs::metadata(&pools.log).map_or(0, |log| i64::try_from(log.len()).unwrap_or(i64::MAX))
            }
            Pools::Postgres(_) => 0,
        }
    }

    /// Tries to write. A full or failing disk and a database that only reads refuse; one that is busy does
    /// not.
    pub async fn refuses_writes(&self) -> bool {
        let mark = sql!("update chains set seq = seq where id = $1");
        let accounts = crate::args![uuid::Uuid::nil()];
        let tried = async {
            match &*self.pools {
                Pools::Sqlite(pools) => {
                    sqlite_query(mark, accounts).execute(&pools.write).await?;
                    // The engine writes nothing where nothing changes: whether there is space, a file tells.
                    let beside = pools.log.with_extension("probe");
                    tokio::task::spawn_blocking(move || files::take_space(&beside))
                        .await
                        .unwrap_or(Ok(()))
                        .map_err(sqlx::Error::Io)
                }
                Pools::Postgres(pool) => postgres_query(mark, accounts).execute(pool).await.map(|_| ()),
            }
        };
        match tokio::time::timeout(Duration::from_secs(1), tried).await {
            Ok(Err(sqlx::Error::Database(cause))) => {
                // SQLite: busy and locked, in the low byte; PostgreSQL: lock timeout and cancelled.
                let is_busy = cause.code().is_some_and(|code| {
                    let low = code.parse::<i32>().map_or(0, |code| code & 0xff);
                    matches!(low, 5 | 6) || matches!(code.as_ref(), "55P03" | "57014")
                });
                if !is_busy {
                    tracing::warn!(error = %cause, "nothing can be written");
                }
                !is_busy
            }
            Ok(Err(sqlx::Error::Io(error))) => {
                tracing::warn!(error = %error, "nothing can be written");
                true
            }
            _ => false,
        }
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
            // A server that is out of reach does not keep anybody from leaving.
            Pools::Postgres(pool) => {
                if tokio::time::timeout(CLOSE_WITHIN, pool.close()).await.is_err() {
                    tracing::warn!("the database did not let go in time");
                }
            }
        }
    }

    /// Writes a consistent copy of a SQLite database while it is in use.
    pub async fn copy_sqlite_to(&self, file: &Path) -> Result<bool> {
        match &*self.pools {
            Pools::Sqlite(pools) => {
                // Under its name stands a whole copy or none.
                let mut partial = file.as_os_str().to_owned();
                partial.push(format!(".partial-{}", std::process::id()));
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

    /// Lets a statement of the next transaction fail, the first or a later one; 0 lets none fail.
    #[cfg(test)]
    pub fn fail_at(&self, statement: i64) {
        self.faults.0.store(statement, Ordering::SeqCst);
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
                 where t.schema = 'main' and t.type in ('table', 'view') and t.name not like '\\_sqlx%' escape
                 '\\' and
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
