//! One link of the chain: what an event says, the rows its transaction wrote, and the hash over both.

use uuid::Uuid;

use super::Keyring;
use crate::platform::{
    db::RecordedRow,
    error::{Error, Result},
    time::Timestamp,
};

/// One row of `audit_events`, all that its hash covers.
#[derive(sqlx::FromRow)]
pub(super) struct Link {
    pub chain_id: Uuid,
    pub seq: i64,
    pub at: Timestamp,
    pub actor_id: Option<Uuid>,
    pub actor: String,
    pub verb: String,
    pub kind: String,
    pub thing_id: Option<Uuid>,
    pub path: String,
    pub label: String,
    pub detail: String,
    pub request_id: String,
    /// See [`write_rows`].
    pub rows: String,
    pub previous: String,
    pub key_id: String,
}

#[derive(sqlx::FromRow)]
pub(super) struct LinkRow {
    #[sqlx(flatten)]
    pub link: Link,
    pub hash: String,
}

impl Link {
    /// HMAC-SHA256 over the row as a JSON array, in hexadecimal; `None` without the key that it names.
    pub fn hash(&self, keys: &Keyring) -> Option<String> {
        let canonical = serde_json::json!([
            self.chain_id.to_string(),
            self.seq,
            self.at.millis(),
            self.actor_id.map(|id| id.to_string()),
            self.actor,
            self.verb,
            self.kind,
            self.thing_id.map(|id| id.to_string()),
            self.path,
            self.label,
            self.detail,
            self.request_id,
            self.rows,
            self.previous,
        ]);
        keys.mac(&self.key_id, &canonical.to_string())
    }
}

/// The rows of a transaction as its last link keeps them: `[[table, key, digest], …]`, nothing for none. Of a
/// row that was written twice the last digest counts.
pub(super) fn write_rows(rows: &[RecordedRow]) -> Result<String> {
    if rows.is_empty() {
        return Ok(String::new());
    }
    let mut last: std::collections::BTreeMap<(&str, &str), &str> = std::collections::BTreeMap::new();
    for row in rows {
        last.insert((&row.table, &row.key), &row.digest);
    }
    let rows: Vec<[&str; 3]> = last
        .into_iter()
        .map(|((table, key), digest)| [table, key, digest])
        .collect();
    serde_json::to_string(&rows).map_err(|_| Error::Internal)
}

/// What [`write_rows`] wrote.
pub(super) fn read_rows(text: &str) -> Option<Vec<[String; 3]>> {
    if text.is_empty() {
        return Some(Vec::new());
    }
    serde_json::from_str(text).ok()
}
