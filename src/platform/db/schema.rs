//! Which schema a database has, and whether it is the one that the migrations make.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::{Connection as _, SqliteConnection, migrate::Migrator};

use super::{Db, OpenError, POSTGRES_MIGRATIONS, Pools, SQLITE_MIGRATIONS};
use crate::platform::error::Result;

/// A schema that this version knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schema {
    Empty,
    Current,
    /// The numbers of the last migration that ran, and of the last one there is.
    Older {
        have: i64,
        wanted: i64,
    },
}

#[derive(sqlx::FromRow)]
struct Applied {
    version: i64,
    checksum: Vec<u8>,
}

impl Db {
    /// Compares the migrations that ran with those of this version.
    pub(super) async fn schema(&self) -> Result<Schema, OpenError> {
        let applied = self.applied_migrations().await.map_err(OpenError::Unreachable)?;
        let migrations = self.migrations();
        let known: BTreeMap<i64, &[u8]> = migrations
            .iter()
            .map(|migration| (migration.version, &*migration.checksum))
            .collect();
        let wanted = known.keys().last().copied().unwrap_or_default();
        let Some(last) = applied.last() else {
            return Ok(Schema::Empty);
        };
        for migration in &applied {
            match known.get(&migration.version) {
                None => return Err(OpenError::Newer(migration.version)),
                Some(checksum) if **checksum != migration.checksum => {
                    return Err(OpenError::Changed(migration.version));
                }
                Some(_) => {}
            }
        }
        // Migrations ran one after the other; what lacks one in between was changed by hand.
        if let Some((missing, _)) = known
            .keys()
            .zip(&applied)
            .find(|(known, applied)| **known != applied.version)
        {
            return Err(OpenError::Gap(*missing));
        }
        Ok(if applied.len() == known.len() {
            Schema::Current
        } else {
            Schema::Older {
                have: last.version,
                wanted,
            }
        })
    }

    /// The number of this version's last migration.
    pub fn last_migration(&self) -> i64 {
        self.migrations()
            .iter()
            .map(|migration| migration.version)
            .max()
            .unwrap_or_default()
    }

    fn migrations(&self) -> &'static Migrator {
        match &*self.pools {
            Pools::Sqlite(_) => &SQLITE_MIGRATIONS,
            Pools::Postgres(_) => &POSTGRES_MIGRATIONS,
        }
    }

    async fn applied_migrations(&self) -> Result<Vec<Applied>, sqlx::Error> {
        const APPLIED: &str = "select version, checksum from _sqlx_migrations where success order by version";
        match &*self.pools {
            Pools::Sqlite(pools) => {
                let known: Vec<(String,)> =
                    sqlx::query_as("select name from sqlite_schema where name = '_sqlx_migrations'")
                        .fetch_all(&pools.read)
                        .await?;
                if known.is_empty() {
                    return Ok(Vec::new());
                }
                sqlx::query_as(APPLIED).fetch_all(&pools.read).await
            }
            Pools::Postgres(pool) => {
                let known: Vec<(String,)> = sqlx::query_as(
                    "select tablename::text from pg_tables
                     where schemaname = current_schema() and tablename = '_sqlx_migrations'",
                )
                .fetch_all(pool)
                .await?;
                if known.is_empty() {
                    return Ok(Vec::new());
                }
                sqlx::query_as(APPLIED).fetch_all(pool).await
            }
        }
    }

    /// Names every table, index, view and trigger that is not the one the migrations make: on SQLite by its
    /// text, on PostgreSQL triggers by their text and the rest by name, with whether they are in force.
    /// `up_to` is the last migration that has run.
    pub async fn schema_differences(&self, up_to: i64) -> Result<Vec<String>> {
        let migrations = self.migrations().iter().filter(|one| one.version <= up_to);
        let (wanted, present) = match &*self.pools {
            Pools::Sqlite(pools) => {
                let mut made = SqliteConnection::connect("sqlite::memory:").await?;
                for migration in migrations {
                    sqlx::raw_sql(migration.sql.clone()).execute(&mut made).await?;
                }
                let wanted = sqlite_schema(&mut made).await?;
                made.close().await?;
                (wanted, sqlite_schema(&mut *pools.read.acquire().await?).await?)
            }
            Pools::Postgres(pool) => (
                postgres_wanted(migrations.map(|migration| migration.sql.as_str())),
                postgres_present(pool).await?,
            ),
        };
        Ok(compare(&wanted, &present))
    }
}

/// What stands under each name, such as "index `members_account`".
type Things = BTreeMap<String, String>;

fn compare(wanted: &Things, present: &Things) -> Vec<String> {
    let names: BTreeSet<&String> = wanted.keys().chain(present.keys()).collect();
    names
        .into_iter()
        .filter_map(|name| match (wanted.get(name), present.get(name)) {
            (Some(_), None) => Some(format!("schema: the {name} is missing")),
            (None, Some(_)) => Some(format!("schema: the {name} was added")),
            (Some(wanted), Some(present)) if wanted != present => {
                Some(format!("schema: the {name} was changed"))
            }
            _ => None,
        })
        .collect()
}

async fn sqlite_schema(connection: &mut SqliteConnection) -> Result<Things, sqlx::Error> {
    let things: Vec<(String, String)> = sqlx::query_as(
        "select type || ' ' || name, sql from sqlite_schema
         where sql is not null and name not in ('sqlite_sequence', 'sqlite_stat1', 'sqlite_stat4')
         and not (type = 'table' and name = '_sqlx_migrations')",
    )
    .fetch_all(connection)
    .await?;
    Ok(things.into_iter().collect())
}

/// A definition without what engines write differently: case, spaces, brackets and casts.
fn plain(definition: &str) -> String {
    definition
        .to_lowercase()
        .replace("::text", "")
        .replace("public.", "")
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '(' | ')' | ';'))
        .collect()
}

/// What the migrations' own text makes and does not drop again.
fn postgres_wanted<'a>(migrations: impl Iterator<Item = &'a str>) -> Things {
    let mut things = Things::new();
    for statement in migrations.flat_map(statements) {
        let words: Vec<&str> = statement.split_whitespace().take(4).collect();
        match words.as_slice() {
            ["create", "trigger", name, ..] => {
                things.insert(format!("trigger {name}"), plain(&statement));
            }
            ["create", "unique", "index", name] | ["create", "index", name, _] => {
                things.insert(format!("index {name}"), "valid".to_owned());
            }
            ["create", kind @ ("table" | "view"), name, ..] => {
                things.insert(format!("{kind} {name}"), "there".to_owned());
            }
            ["drop", kind @ ("table" | "view" | "trigger" | "index"), name, ..] => {
                things.remove(&format!("{kind} {name}"));
            }
            _ => {}
        }
    }
    things
}

/// The statements of a migration, in small letters, without remarks. The body of a function is none of ours.
fn statements(sql: &str) -> Vec<String> {
    let text: Vec<&str> = sql
        .lines()
        .map(|line| line.split_once("--").map_or(line, |(before, _)| before))
        .collect();
    text.join("\n")
        .split(';')
        .map(|statement| statement.trim().to_lowercase())
        .collect()
}

async fn postgres_present(pool: &sqlx::PgPool) -> Result<Things, sqlx::Error> {
    let things: Vec<(String, String)> = sqlx::query_as(
        "select 'trigger ' || t.tgname,
                case when t.tgenabled = 'O' then replace(pg_get_triggerdef(t.oid), current_schema() || '.',
                '') else 'not in force' end
         from pg_trigger t join pg_class c on c.oid = t.tgrelid
         join pg_namespace n on n.oid = c.relnamespace and n.nspname = current_schema()
         where not t.tgisinternal
         union all
         select 'index ' || c.relname, case when i.indisvalid then 'valid' else 'not valid' end
         from pg_index i join pg_class c on c.oid = i.indexrelid
         join pg_namespace n on n.oid = c.relnamespace and n.nspname = current_schema()
         where not exists (select 1 from pg_constraint k where k.conindid = i.indexrelid)
         union all
         select case c.relkind when 'v' then 'view ' else 'table ' end || c.relname, 'there'
         from pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = current_schema()
         where c.relkind in ('r', 'v') and c.relname not like '\\_sqlx%'",
    )
    .fetch_all(pool)
    .await?;
    Ok(things
        .into_iter()
        .map(|(name, definition)| {
            let definition = if name.starts_with("trigger ") {
                plain(&definition)
            } else {
                definition
            };
            (name, definition)
        })
        .collect())
}
