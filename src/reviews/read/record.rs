//! What stays of a review: its frozen facts, its minutes and what was added to them.

use std::collections::HashMap;

use crate::{
    args,
    handshake::read::{Standing, StandingRow},
    identity::{Side, Viewer},
    platform::{
        db::Sql,
        error::Result,
        ids::{AddendumId, ReviewId, SnapshotId},
        text::join_names,
        time::Timestamp,
    },
    reviews::facts::{ReviewFacts, SnapshotName},
    sql,
};

#[derive(sqlx::FromRow)]
struct SnapshotRow {
    content: String,
    digest: String,
    taken_at: Timestamp,
    taken_by: Option<String>,
}

/// Facts as they stood, and who froze them.
pub struct ReviewSnapshot {
    pub facts: ReviewFacts,
    pub digest: String,
    pub taken_at: Timestamp,
    /// Nobody: the clock.
    pub taken_by: Option<String>,
    /// By the path of the thing, what is said beside its frozen value.
    pub corrections: HashMap<String, String>,
}

impl ReviewSnapshot {
    /// What was missing, with whom it waited for: "October of Repeat purchase rate, waits for Kofi Mensah".
    pub fn missing_lines(&self) -> Vec<String> {
        self.facts
            .missing
            .iter()
            .map(|missing| {
                let names: Vec<&str> = missing.waits_for.iter().map(String::as_str).collect();
                let waits = (!names.is_empty()).then(|| format!("waits for {}", join_names(&names)));
                [Some(missing.title.clone()), waits]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>()
                    .join(", ")
            })
            .collect()
    }
}

pub async fn snapshot(viewer: &Viewer, id: SnapshotId) -> Result<ReviewSnapshot> {
    let row: SnapshotRow = viewer
        .fetch_one(
            sql!(
                "select s.content, s.digest, s.taken_at, m.name as taken_by from review_snapshots s
                 left join people m on m.id = s.taken_by where s.workspace_id = $1 and s.id = $2"
            ),
            args![id],
        )
        .await?;
    let names: Vec<(i64, Option<String>, Option<String>)> = viewer
        .fetch_all(
            sql!(
                "select key, name, salt from review_snapshot_names where workspace_id = $1 and snapshot_id =
                  $2"
            ),
            args![id],
        )
        .await?;
    let names: Vec<SnapshotName> = names
        .into_iter()
        .map(|(key, name, salt)| SnapshotName { key, name, salt })
        .collect();
    let corrections: Vec<(String, String)> = viewer
        .fetch_all(
            sql!(
                "select path, words from review_corrections where workspace_id = $1 and snapshot_id = $2
                 and words <> ''"
            ),
            args![id],
        )
        .await?;
    Ok(ReviewSnapshot {
        corrections: corrections.into_iter().collect(),
        facts: ReviewFacts::read(&row.content, &names)?,
        digest: row.digest,
        taken_at: row.taken_at,
        taken_by: row.taken_by,
    })
}

/// The minutes as they are written now.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Minutes {
    pub body: String,
    pub offered_body: Option<String>,
    pub earlier_body: Option<String>,
    pub edited_at: Option<Timestamp>,
    pub edited_by: Option<String>,
    pub sealed_at: Option<Timestamp>,
    pub version: i64,
}

/// What was resolved in a meeting, and whether it is left out of its minutes.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Resolution {
    pub id: uuid::Uuid,
    pub body: String,
    pub is_omitted: bool,
}

pub(in crate::reviews) const RESOLUTIONS: Sql = sql!(
    "select n.id, n.body, exists (select 1 from review_omissions o where o.note_id = n.id) as is_omitted
     from review_notes n where n.workspace_id = $1 and n.review_id = $2 and n.kind = 'resolution'
     order by n.at, n.id"
);

pub async fn resolutions(viewer: &Viewer, review: ReviewId) -> Result<Vec<Resolution>> {
    viewer.fetch_all(RESOLUTIONS, args![review]).await
}

pub async fn minutes(viewer: &Viewer, review: ReviewId) -> Result<Option<Minutes>> {
    viewer
        .fetch_optional(
            sql!(
                "select n.body, n.offered_body, n.earlier_body, n.edited_at, m.name as edited_by, n.sealed_at,
                 n.version
                 from review_minutes n left join people m on m.id = n.edited_by
                 where n.workspace_id = $1 and n.review_id = $2"
            ),
            args![review],
        )
        .await
}

#[derive(sqlx::FromRow)]
struct AddendumRow {
    id: AddendumId,
    number: i64,
    body: String,
    at: Timestamp,
    who: String,
    side: Option<Side>,
    #[sqlx(flatten)]
    standing: StandingRow,
}

/// What was added to sealed minutes.
#[derive(Clone, Debug)]
pub struct Addendum {
    pub id: AddendumId,
    pub number: i64,
    pub body: String,
    pub at: Timestamp,
    pub who: String,
    /// The side of whoever added it, which may withdraw it.
    pub side: Option<Side>,
    /// None of one that was withdrawn.
    pub standing: Option<Standing>,
}

pub async fn addenda(viewer: &Viewer, review: ReviewId) -> Result<Vec<Addendum>> {
    let rows: Vec<AddendumRow> = viewer
        .fetch_all(
            sql!(concat!(
                "select a.id, a.number, a.body, a.at, m.name as who, m.side, ",
                crate::seat_columns!(),
                "from review_addenda a join people m on m.id = a.by_member
                 left join tabled_handshakes h on h.kind = 'addendum' and h.subject_id = a.id ",
                crate::seat_joins!(),
                "where a.workspace_id = $1 and a.review_id = $2 order by a.number"
            )),
            args![review],
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| Addendum {
            id: row.id,
            number: row.number,
            body: row.body,
            at: row.at,
            who: row.who,
            side: row.side,
            standing: row.standing.standing(),
        })
        .collect())
}
