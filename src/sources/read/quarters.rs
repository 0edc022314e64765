//! Maps of the quarters, and the reader's own belief.

use crate::{
    args,
    handshake::{
        Kind,
        read::{Standing, current},
        text::SignedText as _,
    },
    identity::{Reader, Side, Viewer},
    platform::{
        error::Result,
        ids::QuarterMapId,
        time::{Day, Timestamp},
    },
    sources::{
        quarters::{Belief, Believers},
        text::QuarterText,
    },
    sql,
};

/// A quarter whose map lies before both leads, or was signed.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct QuarterMap {
    pub id: QuarterMapId,
    pub quarter: Day,
    pub signed_at: Option<Timestamp>,
}

/// A signed quarter, with what was signed.
#[derive(Clone, Debug)]
pub struct SignedQuarter {
    pub quarter: Day,
    pub signed_at: Timestamp,
    pub text: QuarterText,
    /// Who of Marketing said yes, and who of Technology.
    pub believers: [Believers; 2],
}

/// Every signed quarter, the newest first.
pub async fn signed_quarters(reader: &impl Reader) -> Result<Vec<SignedQuarter>> {
    let rows: Vec<(Day, Timestamp, String)> = reader
        .fetch_all(
            sql!(
                "select q.quarter, q.signed_at, h.content from quarter_maps q
                 join sealed_texts h on h.kind = 'quarter_map' and h.subject_id = q.id
                 where q.workspace_id = $1 and q.signed_at is not null order by q.quarter desc limit 40"
            ),
            Vec::new(),
        )
        .await?;
    let said: Vec<(Day, Side, i64, i64)> = reader
        .fetch_all(
            sql!(
                "select b.quarter, b.side, sum(case when b.answer = 'yes' then 1 else 0 end), count(*) from
                 beliefs b
                 join quarter_maps q on q.workspace_id = b.workspace_id and q.quarter = b.quarter
                 where b.workspace_id = $1 and q.signed_at is not null group by b.quarter, b.side"
            ),
            Vec::new(),
        )
        .await?;
    let believers = |quarter: Day, side: Side| {
        said.iter()
            .find(|(of, by, ..)| (*of, *by) == (quarter, side))
            .map_or_else(Believers::default, |(.., yes, answered)| Believers {
                yes: *yes,
                answered: *answered,
            })
    };
    rows.into_iter()
        .map(|(quarter, signed_at, content)| {
            Ok(SignedQuarter {
                quarter,
                signed_at,
                text: QuarterText::read(&content)?,
                believers: Side::BOTH.map(|side| believers(quarter, side)),
            })
        })
        .collect()
}

/// The map of a quarter, and what of it lies on the table or was signed.
pub async fn quarter_map(
    viewer: &Viewer,
    quarter: Day,
) -> Result<Option<(QuarterMap, Option<(Standing, QuarterText)>)>> {
    let found: Option<QuarterMap> = viewer
        .fetch_optional(
            sql!("select id, quarter, signed_at from quarter_maps where workspace_id = $1 and quarter = $2"),
            args![quarter],
        )
        .await?;
    let Some(map) = found else { return Ok(None) };
    let on_table = match current(viewer, Kind::QuarterMap, map.id.uuid()).await? {
        Some((standing, content)) => Some((standing, QuarterText::read(&content)?)),
        None => None,
    };
    Ok(Some((map, on_table)))
}

/// What the viewer said that they believe this quarter; what others did is not to be seen.
pub async fn own_belief(viewer: &Viewer) -> Result<Option<Belief>> {
    let found: Option<(Belief,)> = viewer
        .fetch_optional(
            sql!("select answer from beliefs where workspace_id = $1 and quarter = $2 and member_id = $3"),
            args![viewer.today().quarter(), viewer.member_id()],
        )
        .await?;
    Ok(found.map(|(answer,)| answer))
}
