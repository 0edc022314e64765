//! What must hold of every stored handshake, whoever wrote it.

use std::collections::HashMap;

use super::text::SignedText;
use crate::{
    args,
    platform::{audit::sha256, db::Snapshot, error::Result, ids::HandshakeId, time::Timestamp},
    sql,
};

#[derive(sqlx::FromRow)]
struct HandshakeRow {
    id: HandshakeId,
    content: String,
    digest: String,
}

const PAGE: i64 = 500;

/// Handshakes whose text is not the one of their digest, or that are sealed without two agreeing people of
/// two sides.
pub async fn broken(snapshot: &Snapshot) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    let mut after = HandshakeId::from_uuid(uuid::Uuid::nil());
    loop {
        let page: Vec<HandshakeRow> = snapshot
            .fetch_all(
                sql!("select id, content, digest from handshakes where id > $1 order by id limit $2"),
                args![after, PAGE],
            )
            .await?;
        let Some(last) = page.last() else { break };
        after = last.id;
        wrong.extend(
            page.iter()
                .filter(|stored| sha256(&stored.content) != stored.digest)
                .map(|stored| {
                    format!(
                        "handshake {}: its text is not the one that was offered",
                        stored.id
                    )
                }),
        );
    }
    let unsound: Vec<(HandshakeId,)> = snapshot
        .fetch_all(
            sql!(
                "select h.id from handshakes h where h.sealed_at is not null and
                 (select count(*) from signatures m join signatures t on t.handshake_id = m.handshake_id
                  where m.handshake_id = h.id and m.side = 'marketing' and t.side = 'technology' and
                  m.account_id <> t.account_id
                    and m.digest = h.digest and t.digest = h.digest and m.verdict <> 'object' and t.verdict <>
                    'object'
                    and m.withdrawn_at is null and t.withdrawn_at is null) <> 1 order by h.id limit 100"
            ),
            Vec::new(),
        )
        .await?;
    wrong.extend(
        unsound
            .into_iter()
            .map(|(id,)| format!("handshake {id}: sealed without two agreeing people of two sides")),
    );
    Ok(wrong)
}

/// The texts of a kind that were sealed last for each thing, whatever was put on the table since: one, unless
/// two were sealed in the same millisecond.
pub async fn last_sealed<T: SignedText>(snapshot: &Snapshot) -> Result<HashMap<uuid::Uuid, Vec<T>>> {
    let rows: Vec<(uuid::Uuid, String)> = snapshot
        .fetch_all(
            sql!(
                "select h.subject_id, h.content from handshakes h where h.kind = $1 and h.sealed_at =
                 (select max(l.sealed_at) from handshakes l where l.kind = h.kind and l.subject_id =
                 h.subject_id)"
            ),
            args![T::KIND],
        )
        .await?;
    let mut texts: HashMap<uuid::Uuid, Vec<T>> = HashMap::new();
    for (subject, content) in rows {
        texts.entry(subject).or_default().push(T::read(&content)?);
    }
    Ok(texts)
}

/// Every text of a kind that was ever sealed, with what it is about and when, in the order of sealing.
pub async fn ever_sealed<T: SignedText>(snapshot: &Snapshot) -> Result<Vec<(uuid::Uuid, Timestamp, T)>> {
    let rows: Vec<(uuid::Uuid, Timestamp, String)> = snapshot
        .fetch_all(
            sql!(
                "select subject_id, sealed_at, content from handshakes where kind = $1 and sealed_at is not
                 null
                 order by sealed_at, id"
            ),
            args![T::KIND],
        )
        .await?;
    rows.into_iter()
        .map(|(subject, at, content)| Ok((subject, at, T::read(&content)?)))
        .collect()
}

/// Every sealed text of a kind that still lies on the table, with what it is about.
pub async fn sealed<T: SignedText>(snapshot: &Snapshot) -> Result<Vec<(uuid::Uuid, T)>> {
    let mut texts = Vec::new();
    let mut after = HandshakeId::from_uuid(uuid::Uuid::nil());
    loop {
        let page: Vec<(HandshakeId, uuid::Uuid, String)> = snapshot
            .fetch_all(
                sql!(
                    "select id, subject_id, content from tabled_handshakes
                     where id > $1 and kind = $2 and sealed_at is not null order by id limit $3"
                ),
                args![after, T::KIND, PAGE],
            )
            .await?;
        let Some((last, ..)) = page.last() else { break };
        after = *last;
        for (_, subject, content) in page {
            texts.push((subject, T::read(&content)?));
        }
    }
    Ok(texts)
}
