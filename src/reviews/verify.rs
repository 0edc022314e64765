//! Whether what was frozen and what was accepted is what lies there.

use std::collections::HashMap;

use super::{
    facts::{ReviewFacts, SnapshotName},
    text::{AddendumText, MinutesText},
};
use crate::{
    handshake,
    platform::{audit::sha256, db::Snapshot, error::Result},
    sql,
};

/// Names every snapshot whose text is not its digest's or whose names were exchanged, and all minutes and
/// addenda that are not what both leads accepted.
pub async fn differences(snapshot: &Snapshot) -> Result<Vec<String>> {
    let mut found = snapshots(snapshot).await?;
    let minutes: Vec<(uuid::Uuid, i64, Option<String>, bool)> = snapshot
        .fetch_all(
            sql!(
                "select r.id, r.number, m.body, m.sealed_at is not null from reviews r join review_minutes m on m.review_id \
                 = r.id"
            ),
            Vec::new(),
        )
        .await?;
    let accepted: HashMap<uuid::Uuid, MinutesText> = handshake::verify::sealed::<MinutesText>(snapshot)
        .await?
        .into_iter()
        .collect();
    for (id, number, body, is_sealed) in minutes {
        let holds = match (is_sealed, accepted.get(&id)) {
            (false, None) => true,
            (true, Some(text)) => (text.review, Some(&text.body)) == (number, body.as_ref()),
            _ => false,
        };
        if !holds {
            found.push(format!(
                "review {number}: its minutes are not what both leads accepted"
            ));
        }
    }
    let addenda: Vec<(uuid::Uuid, i64, i64, String, bool)> = snapshot
        .fetch_all(
            sql!(
                "select a.id, r.number, a.number, a.body, a.sealed_at is not null from review_addenda a join reviews r on \
                 r.id = a.review_id"
            ),
            Vec::new(),
        )
        .await?;
    let accepted: HashMap<uuid::Uuid, AddendumText> = handshake::verify::sealed::<AddendumText>(snapshot)
        .await?
        .into_iter()
        .collect();
    for (id, review, number, body, is_sealed) in addenda {
        let holds = match (is_sealed, accepted.get(&id)) {
            (false, None) => true,
            (true, Some(text)) => (text.review, text.addendum, &text.body) == (review, number, &body),
            _ => false,
        };
        if !holds {
            found.push(format!(
                "review {review}, addendum {number}: it is not what both leads accepted"
            ));
        }
    }
    Ok(found)
}

#[derive(sqlx::FromRow)]
struct SnapshotRow {
    id: uuid::Uuid,
    number: i64,
    content: String,
    digest: String,
}

async fn snapshots(snapshot: &Snapshot) -> Result<Vec<String>> {
    let rows: Vec<SnapshotRow> = snapshot
        .fetch_all(
            sql!(
                "select s.id, r.number, s.content, s.digest from review_snapshots s join reviews r on r.id =
                 s.review_id
                 order by r.number, s.taken_at"
            ),
            Vec::new(),
        )
        .await?;
    let names: Vec<(uuid::Uuid, i64, Option<String>, Option<String>)> = snapshot
        .fetch_all(
            sql!("select snapshot_id, key, name, salt from review_snapshot_names"),
            Vec::new(),
        )
        .await?;
    let mut of_snapshot: HashMap<uuid::Uuid, Vec<SnapshotName>> = HashMap::new();
    for (id, key, name, salt) in names {
        of_snapshot
            .entry(id)
            .or_default()
            .push(SnapshotName { key, name, salt });
    }
    let mut found = Vec::new();
    for row in rows {
        let names = of_snapshot.remove(&row.id).unwrap_or_default();
        if sha256(&row.content) != row.digest {
            found.push(format!(
                "review {}: its frozen facts are not its digest’s",
                row.number
            ));
        } else if !ReviewFacts::read(&row.content, &names).is_ok_and(|facts| facts.is_kept(&names)) {
            found.push(format!(
                "review {}: the names in its frozen facts were exchanged",
                row.number
            ));
        }
    }
    Ok(found)
}
