//! Whatever is changed, added or removed in the database by another way than the product's own is named.

use std::collections::BTreeMap;

use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection};

use super::{TestApp, migrations::filled, wrong_in};
use crate::platform::db::{Address, Engine, UNRECORDED};

/// An intruder with the database's own rights, for whom triggers, references and checks are no hindrance.
enum Intruder {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// What a link of the audit chain says.
const LINK_COLUMNS: &[(&str, &str)] = &[
    ("at", "bigint"),
    ("actor_id", "uuid"),
    ("actor", "text"),
    ("verb", "text"),
    ("kind", "text"),
    ("thing_id", "uuid"),
    ("path", "text"),
    ("label", "text"),
    ("detail", "text"),
    ("request_id", "text"),
    ("rows", "text"),
    ("previous", "text"),
    ("key_id", "text"),
    ("hash", "text"),
];

/// A table's columns, each with its type, and the columns of its key.
type Columns = BTreeMap<String, (Vec<(String, String)>, Vec<String>)>;

impl Intruder {
    async fn at(address: &Address) -> Self {
        let mut intruder = match address {
            Address::Sqlite(file) => {
                let options = sqlx::sqlite::SqliteConnectOptions::new()
                    .filename(file)
                    .foreign_keys(false)
                    .pragma("ignore_check_constraints", "on");
                Self::Sqlite(SqliteConnection::connect_with(&options).await.expect("opened"))
            }
            Address::Postgres(url) => Self::Postgres(PgConnection::connect(url).await.expect("opened")),
        };
        match &mut intruder {
            Self::Sqlite(_) => {
                for (trigger, _, _, _) in intruder
                    .list("select name, '', '', 0 from sqlite_schema where type = 'trigger'")
                    .await
                {
                    intruder
                        .run(format!("drop trigger {trigger}"))
                        .await
                        .expect("dropped");
                }
            }
            Self::Postgres(_) => {
                intruder
                    .run("set session_replication_role = replica".to_owned())
                    .await
                    .expect("set");
                for (table, check, _, _) in intruder
                    .list(
                        "select conrelid::regclass::text, conname::text, '', 0::bigint from pg_constraint
                         where contype = 'c' and connamespace = 'public'::regnamespace",
                    )
                    .await
                {
                    intruder
                        .run(format!("alter table {table} drop constraint {check}"))
                        .await
                        .expect("dropped");
                }
            }
        }
        intruder
    }

    async fn list(&mut self, sql: &'static str) -> Vec<(String, String, String, i64)> {
        match self {
            Self::Sqlite(connection) => sqlx::query_as(sql).fetch_all(connection).await,
            Self::Postgres(connection) => sqlx::query_as(sql).fetch_all(connection).await,
        }
        .expect("listed")
    }

    async fn run(&mut self, sql: String) -> Result<u64, sqlx::Error> {
        match self {
            Self::Sqlite(connection) => sqlx::query(AssertSqlSafe(sql))
                .execute(connection)
                .await
                .map(|done| done.rows_affected()),
            Self::Postgres(connection) => sqlx::query(AssertSqlSafe(sql))
                .execute(connection)
                .await
                .map(|done| done.rows_affected()),
        }
    }

    async fn columns(&mut self) -> Columns {
        let rows = match self {
            Self::Sqlite(_) => {
                self.list(
                    "select t.name, c.name, lower(c.type), c.pk from pragma_table_list t,
                     pragma_table_info(t.name) c
                     where t.schema = 'main' and t.type = 'table' and t.name not like 'sqlite%'
                     and t.name not like '\\_sqlx%' escape '\\' order by t.name, c.cid",
                )
                .await
            }
            Self::Postgres(_) => {
                self.list(
                    "select c.table_name::text, c.column_name::text, c.data_type::text,
                     (exists (select 1 from information_schema.key_column_usage k
                      join information_schema.table_constraints p on p.constraint_name = k.constraint_name
                      where p.constraint_type = 'PRIMARY KEY' and k.table_name = c.table_name
                      and k.column_name = c.column_name))::int::bigint
                     from information_schema.columns c join information_schema.tables t
                     on t.table_name = c.table_name and t.table_schema = c.table_schema
                     where c.table_schema = 'public' and t.table_type = 'BASE TABLE'
                     and c.table_name not like '\\_sqlx%' order by c.table_name, c.ordinal_position",
                )
                .await
            }
        };
        let mut columns = Columns::new();
        for (table, column, kind, key) in rows {
            if UNRECORDED.contains(&table.as_str()) {
                continue;
            }
            let (all, keys) = columns.entry(table).or_default();
            if key > 0 {
                keys.push(column.clone());
            }
            all.push((column, kind));
        }
        columns
    }

    async fn close(self) {
        match self {
            Self::Sqlite(connection) => connection.close().await,
            Self::Postgres(connection) => connection.close().await,
        }
        .expect("closed");
    }
}

/// Another value of a column of this type.
fn other(column: &str, kind: &str) -> String {
    match kind {
        "text" => format!("coalesce({column}, '') || 'x'"),
        "integer" | "bigint" => format!("coalesce({column}, 0) + 1"),
        "boolean" => format!("not coalesce({column}, false)"),
        "uuid" => "'00112233-4455-6677-8899-aabbccddeeff'".to_owned(),
        "bytea" => format!("{column} || '\\x00'"),
        "blob" => "x'00112233445566778899aabbccddeeff'".to_owned(),
        other => panic!("no other value for {other}"),
    }
}

/// The first row of a table, and only it.
fn first(table: &str, keys: &[String]) -> String {
    let keys = keys.join(", ");
    format!("({keys}) in (select {keys} from {table} order by {keys} limit 1)")
}

async fn one_row_is_named(engine: Engine) {
    let t = filled(engine).await;
    assert_eq!(wrong_in(t.state.db()).await, Vec::<String>::new());
    let keys = t.keys_of_first_rows().await;
    t.state.db().close().await;
    let columns = {
        let mut intruder = Intruder::at(&t.copy(0).await.address).await;
        let columns = intruder.columns().await;
        intruder.close().await;
        columns
    };
    assert_eq!(
        columns.keys().collect::<Vec<_>>(),
        keys.keys().collect::<Vec<_>>(),
        "every table that is recorded has a row"
    );
    let widest = columns
        .values()
        .map(|(all, _)| all.len())
        .max()
        .unwrap_or_default();
    // In each round one row of every table: its first column, its second, and so on; then removed; then
    // doubled.
    for round in 0..widest + 2 {
        let copy = t.copy(1 + round).await;
        let mut intruder = Intruder::at(&copy.address).await;
        let mut expected = Vec::new();
        for (table, (all, key)) in &columns {
            let row = first(table, key);
            let statement = if let Some((column, kind)) = all.get(round) {
                format!(
                    "update {table} set {column} = {} where {row}",
                    other(column, kind)
                )
            } else if round == widest {
                format!("delete from {table} where {row}")
            } else if round > widest {
                let names: Vec<&str> = all.iter().map(|(name, _)| name.as_str()).collect();
                let values: Vec<String> = all
                    .iter()
                    .map(|(name, kind)| {
                        if key.contains(name) {
                            other(name, kind)
                        } else {
                            name.clone()
                        }
                    })
                    .collect();
                let (names, values) = (names.join(", "), values.join(", "));
                format!("insert into {table} ({names}) select {values} from {table} where {row}")
            } else {
                continue;
            };
            // What a unique index refuses is not in the database.
            if intruder.run(statement.clone()).await.is_ok_and(|rows| rows == 1) {
                expected.push((table.clone(), statement));
            }
        }
        let link = LINK_COLUMNS.get(round).map(|(column, kind)| {
            let kind = if engine == Engine::Sqlite && *kind == "uuid" {
                "blob"
            } else {
                *kind
            };
            let of = "where seq = 5 and chain_id = (select chain_id from audit_events where seq = 5 order by
                      chain_id desc limit 1)";
            format!("update audit_events set {column} = {} {of}", other(column, kind))
        });
        if let Some(link) = &link {
            assert_eq!(intruder.run(link.clone()).await.expect("changed"), 1, "{link}");
        }
        intruder.close().await;
        assert!(
            round >= 8 || expected.len() > 3,
            "the engine refused nearly all: {expected:?}"
        );
        let wrong = wrong_in(copy.state.db()).await;
        for (table, statement) in expected {
            let named = if round > widest {
                wrong
                    .iter()
                    .any(|line| line.starts_with(&format!("{table} ")) && line.contains("it was added"))
            } else if statement.starts_with("update evidence_files set content") {
                wrong.iter().any(|line| line.contains("its bytes are not those"))
            } else {
                let name = format!("{table} {}: ", keys[&table]);
                wrong.iter().any(|line| line.starts_with(&name))
            };
            assert!(named, "{statement}\n{wrong:#?}");
        }
        if let Some(link) = link {
            let named = wrong
                .iter()
                .any(|line| line.starts_with("audit chain ") && line.contains("row 5 "));
            assert!(named, "{link}\n{wrong:#?}");
        }
        copy.state.db().close().await;
    }
}

impl TestApp {
    /// The key of each recorded table's first row, as `verify` says it.
    async fn keys_of_first_rows(&self) -> BTreeMap<String, String> {
        let snapshot = self.state.db().snapshot().await.expect("a snapshot");
        let mut keys: BTreeMap<String, String> = BTreeMap::new();
        for table in snapshot.recorded_tables().all() {
            snapshot
                .each_row(table, |row| {
                    let first = keys.entry(row.table).or_insert_with(|| row.key.clone());
                    if row.key < *first {
                        *first = row.key;
                    }
                })
                .await
                .expect("read");
        }
        keys
    }
}

#[tokio::test]
async fn one_row_is_named_on_sqlite() {
    one_row_is_named(Engine::Sqlite).await;
}

#[tokio::test]
async fn one_row_is_named_on_postgres() {
    one_row_is_named(Engine::Postgres).await;
}
