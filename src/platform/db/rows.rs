//! Rows as the audit chain records them: one canonical text a row, the same on both engines, and its digest.
//!
//! What the chain keeps a record of is everything but what is listed here. A table that a later migration
//! adds is recorded without anybody having to think of it.

use std::{
    collections::{BTreeMap, HashSet},
    sync::Mutex,
};

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{Engine, Sql};
use crate::platform::error::{Error, Result};

/// The chain itself, and what says nothing about the product: who is signed in, when somebody was here last,
/// what was typed and not sent, what was read, what is to be mailed.
pub const UNRECORDED: &[&str] = &[
    "attempts",
    "audit_events",
    "calendar_entries",
    "calendars",
    "chains",
    "drafts",
    "kept_days",
    "letter_contents",
    "letter_settings",
    "letters",
    "mentions",
    "outbox",
    "review_invitations",
    "sessions",
    "tokens",
    "visits",
];

/// Long contents, for which a column with their digest stands in the record.
const BY_DIGEST: &[(&str, &str)] = &[("evidence_files", "content")];

/// A column as the engine's catalogue has it. `key` is its place in the primary key, from 1, or 0.
#[derive(sqlx::FromRow)]
pub(super) struct Column {
    in_table: String,
    name: String,
    of_type: String,
    key: i64,
}

/// A table of which the chain records every row.
pub struct RecordedTable {
    pub name: String,
    key: Vec<String>,
    /// The row as a JSON object, in the engine's words.
    object: String,
}

/// Every recorded table of this database, by name.
#[derive(Default)]
pub struct RecordedTables(BTreeMap<String, RecordedTable>);

/// One row, as the chain speaks of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedRow {
    pub table: String,
    /// Its primary key: identifiers in hexadecimal, several joined by a stroke.
    pub key: String,
    /// The first half of the SHA-256 of its canonical text, in hexadecimal; empty for a row that is gone.
    pub digest: String,
    /// The workspace that owns it; `None` for what no workspace owns.
    pub workspace: Option<Uuid>,
}

impl RecordedTables {
    pub(super) fn new(engine: Engine, columns: Vec<Column>) -> Self {
        let mut by_table: BTreeMap<String, Vec<Column>> = BTreeMap::new();
        for column in columns {
            if !UNRECORDED.contains(&column.in_table.as_str()) {
                by_table.entry(column.in_table.clone()).or_default().push(column);
            }
        }
        Self(
            by_table
                .into_iter()
                .map(|(name, columns)| (name.clone(), RecordedTable::new(engine, name, columns)))
                .collect(),
        )
    }

    pub fn all(&self) -> impl Iterator<Item = &RecordedTable> {
        self.0.values()
    }

    /// The recorded table that a statement writes.
    pub fn written_by(&self, sql: Sql) -> Option<&RecordedTable> {
        let mut words = sql
            .text()
            .split(|c: char| c.is_whitespace() || c == '(')
            .filter(|word| !word.is_empty());
        let table = match words.next()? {
            "update" => words.next()?,
            "insert" | "delete" => words.nth(1)?,
            _ => return None,
        };
        self.0.get(table)
    }
}

impl RecordedTable {
    fn new(engine: Engine, name: String, mut columns: Vec<Column>) -> Self {
        let fields: Vec<String> = columns
            .iter()
            .filter(|column| !BY_DIGEST.contains(&(name.as_str(), column.name.as_str())))
            .map(|column| {
                let field = format!("{name}.{}", column.name);
                let value = match (engine, column.of_type.to_lowercase().as_str()) {
                    (Engine::Sqlite, "blob") => {
                        format!("case when {field} is null then null else lower(hex({field})) end")
                    }
                    (Engine::Postgres, "uuid") => format!("replace({field}::text, '-', '')"),
                    (Engine::Postgres, "bytea") => format!("encode({field}, 'hex')"),
                    (Engine::Postgres, "boolean") => format!("{field}::int"),
                    _ => field,
                };
                format!("'{}', {value}", column.name)
            })
            .collect();
        let fields = fields.join(", ");
        let object = match engine {
            Engine::Sqlite => format!("json_object({fields})"),
            Engine::Postgres => format!("jsonb_build_object({fields})::text"),
        };
        columns.retain(|column| column.key > 0);
        columns.sort_by_key(|column| column.key);
        let key = columns.into_iter().map(|column| column.name).collect();
        Self { name, key, object }
    }

    /// The statement, answering with each row that it wrote.
    pub(super) fn returning(&self, sql: Sql) -> &'static str {
        lasting(format!("{} returning {}", sql.text(), self.object))
    }

    /// Every row of the table.
    pub(super) fn select(&self) -> &'static str {
        lasting(format!("select {} from {}", self.object, self.name))
    }

    /// A row from its JSON object. Columns without a value do not count, so that one that is added later
    /// changes no record.
    pub fn read(&self, object: &str) -> Result<RecordedRow> {
        let mut fields: BTreeMap<String, serde_json::Value> =
            serde_json::from_str(object).map_err(|_| Error::Internal)?;
        fields.retain(|_, value| !value.is_null());
        let word = |value: Option<&serde_json::Value>| match value {
            Some(serde_json::Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
            None => String::new(),
        };
        let key: Vec<String> = self.key.iter().map(|column| word(fields.get(column))).collect();
        let owner = if self.name == "workspaces" {
            fields.get("id")
        } else {
            fields.get("workspace_id")
        };
        let workspace = owner
            .and_then(|id| id.as_str())
            .and_then(|id| Uuid::parse_str(id).ok());
        let text = serde_json::to_string(&(&self.name, &fields)).map_err(|_| Error::Internal)?;
        let digest = hex::encode(&Sha256::digest(text.as_bytes())[..16]);
        Ok(RecordedRow {
            table: self.name.clone(),
            key: key.join("/"),
            digest,
            workspace,
        })
    }
}

/// A statement for as long as the process lives: the driver wants texts that stay. There are as many as the
/// product has statements and tables, since each is made of what is known when it is compiled and of names in
/// the catalogue.
fn lasting(text: String) -> &'static str {
    static TEXTS: Mutex<Option<HashSet<&'static str>>> = Mutex::new(None);
    let mut texts = TEXTS.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let texts = texts.get_or_insert_default();
    if let Some(known) = texts.get(text.as_str()) {
        return known;
    }
    let text: &'static str = Box::leak(text.into_boxed_str());
    texts.insert(text);
    text
}
