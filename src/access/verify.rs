//! Whether what was approved is what both sides signed.

use std::collections::HashMap;

use super::{AccessKind, text::AccessText};
use crate::{
    handshake,
    identity::Side,
    platform::{db::Snapshot, error::Result, time::Day},
    sql,
};

#[derive(sqlx::FromRow)]
struct AccessRow {
    id: uuid::Uuid,
    number: i64,
    kind: AccessKind,
    title: String,
    purpose: String,
    asking_side: Side,
    needed_on: Day,
    ends_on: Day,
    is_approved: bool,
}

/// Names every approved request whose row is not what was signed, and every one that nobody signed.
pub async fn differences(snapshot: &Snapshot) -> Result<Vec<String>> {
    let rows: Vec<AccessRow> = snapshot
        .fetch_all(
            sql!(
                "select id, number, kind, title, purpose, asking_side, needed_on, ends_on,
                        approved_at is not null as is_approved from access_requests"
            ),
            Vec::new(),
        )
        .await?;
    let signed: HashMap<uuid::Uuid, AccessText> = handshake::verify::sealed::<AccessText>(snapshot)
        .await?
        .into_iter()
        .collect();
    let differs = |row: &AccessRow| match (row.is_approved, signed.get(&row.id)) {
        (false, None) => false,
        (true, Some(text)) => {
            (row.number, row.kind, &row.title, &row.purpose, row.asking_side)
                != (
                    text.request,
                    text.kind,
                    &text.title,
                    &text.purpose,
                    text.asking_side,
                )
                || (row.needed_on.to_string(), row.ends_on.to_string())
                    != (text.needed_on.clone(), text.ends_on.clone())
        }
        _ => true,
    };
    Ok(rows
        .iter()
        .filter(|row| differs(row))
        .map(|row| format!("access {}: it is not what both sides approved", row.number))
        .collect())
}
