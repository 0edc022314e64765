//! One transaction, and one moment of the database, on either engine.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use futures_util::TryStreamExt as _;
use sqlx::{Postgres, Sqlite};
use tokio::sync::Mutex;

use super::{
    RecordedRow, RecordedTable, RecordedTables, Row, Sql, Value, postgres_query, postgres_query_as,
    sqlite_query, sqlite_query_as,
};
#[cfg(test)]
use crate::platform::error::Error;
use crate::platform::error::Result;

/// Lets one statement of a transaction fail: the one that this many are sent before, counted from one.
#[cfg(test)]
#[derive(Clone, Default)]
pub(super) struct Faults(pub(super) Arc<std::sync::atomic::AtomicI64>);

#[cfg(test)]
impl Faults {
    fn strike(&self) -> Result<()> {
        match self.0.fetch_sub(1, Ordering::SeqCst) {
            1 => Err(Error::Busy),
            _ => Ok(()),
        }
    }
}

pub(super) enum EngineTransaction {
    Sqlite(sqlx::Transaction<'static, Sqlite>),
    Postgres(sqlx::Transaction<'static, Postgres>),
}

/// An open transaction; dropping it undoes everything.
pub(in crate::platform) struct RawTransaction {
    pub(super) connection: EngineTransaction,
    pub(super) queries: Arc<AtomicU64>,
    pub(super) tables: Arc<RecordedTables>,
    #[cfg(test)]
    pub(super) faults: Faults,
}

impl RawTransaction {
    fn count(&self) {
        self.queries.fetch_add(1, Ordering::Relaxed);
    }

    pub(in crate::platform) async fn fetch_all<T: Row>(
        &mut self,
        sql: Sql,
        args: Vec<Value>,
    ) -> Result<Vec<T>> {
        self.count();
        #[cfg(test)]
        self.faults.strike()?;
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

    /// Runs a statement; what it wrote of recorded tables.
    pub(in crate::platform) async fn execute(&mut self, sql: Sql, args: Vec<Value>) -> Result<Written> {
        self.count();
        #[cfg(test)]
        self.faults.strike()?;
        let tables = Arc::clone(&self.tables);
        let Some(table) = tables.written_by(sql) else {
            return Ok(Written {
                count: self.execute_unrecorded(sql, args).await?,
                rows: Vec::new(),
            });
        };
        let returning = Sql::from_macro(table.returning(sql));
        let objects: Vec<(String,)> = match &mut self.connection {
            EngineTransaction::Sqlite(connection) => {
                sqlite_query_as(returning, args)
                    .fetch_all(&mut **connection)
                    .await?
            }
            EngineTransaction::Postgres(connection) => {
                postgres_query_as(returning, args)
                    .fetch_all(&mut **connection)
                    .await?
            }
        };
        let mut rows = Vec::with_capacity(objects.len());
        for (object,) in &objects {
            let mut row = table.read(object)?;
            if sql.text().starts_with("delete") {
                row.digest.clear();
            }
            rows.push(row);
        }
        Ok(Written {
            count: rows.len() as u64,
            rows,
        })
    }

    async fn execute_unrecorded(&mut self, sql: Sql, args: Vec<Value>) -> Result<u64> {
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
        self.count();
        #[cfg(test)]
        self.faults.strike()?;
        match self.connection {
            EngineTransaction::Sqlite(connection) => connection.commit().await?,
            EngineTransaction::Postgres(connection) => connection.commit().await?,
        }
        Ok(())
    }
}

/// What a statement wrote.
pub(in crate::platform) struct Written {
    /// How many rows, recorded or not.
    pub(in crate::platform) count: u64,
    pub(in crate::platform) rows: Vec<RecordedRow>,
}

/// The database at one moment: whoever reads several things and compares them reads them here.
pub struct Snapshot {
    pub(super) connection: Mutex<EngineTransaction>,
    pub(super) tables: Arc<RecordedTables>,
}

impl Snapshot {
    pub async fn fetch_all<T: Row>(&self, sql: Sql, args: Vec<Value>) -> Result<Vec<T>> {
        let rows = match &mut *self.connection.lock().await {
            EngineTransaction::Sqlite(connection) => {
                sqlite_query_as(sql, args).fetch_all(&mut **connection).await
            }
            EngineTransaction::Postgres(connection) => {
                postgres_query_as(sql, args).fetch_all(&mut **connection).await
            }
        };
        Ok(rows?)
    }

    pub async fn fetch_optional<T: Row>(&self, sql: Sql, args: Vec<Value>) -> Result<Option<T>> {
        Ok(self.fetch_all(sql, args).await?.into_iter().next())
    }

    pub fn recorded_tables(&self) -> &RecordedTables {
        &self.tables
    }

    /// Hands over every row of a recorded table, one at a time.
    pub async fn each_row(
        &self,
        table: &RecordedTable,
        mut look: impl FnMut(RecordedRow) + Send,
    ) -> Result<()> {
        match &mut *self.connection.lock().await {
            EngineTransaction::Sqlite(connection) => {
                let mut rows = sqlx::query_scalar::<Sqlite, String>(table.select()).fetch(&mut **connection);
                while let Some(object) = rows.try_next().await? {
                    look(table.read(&object)?);
                }
            }
            EngineTransaction::Postgres(connection) => {
                let mut rows =
                    sqlx::query_scalar::<Postgres, String>(table.select()).fetch(&mut **connection);
                while let Some(object) = rows.try_next().await? {
                    look(table.read(&object)?);
                }
            }
        }
        Ok(())
    }
}
