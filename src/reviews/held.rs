//! The open actions that somebody has.

use crate::{
    args,
    identity::Reader,
    members::holding::{Holding, HoldingKind},
    platform::{error::Result, ids::MemberId},
    sql,
};

pub async fn held_by(reader: &impl Reader, member: MemberId) -> Result<Vec<Holding>> {
    let rows: Vec<(i64, String)> = reader
        .fetch_all(
            sql!(
                "select r.number, a.body from review_actions a join reviews r on r.id = a.review_id
                 where a.workspace_id = $1 and a.state = 'open' and a.owner_id = $2 and not exists
                 (select 1 from standing_checkpoints c where c.id = a.checkpoint_id and c.done_at is not null)
                 order by a.due_on, a.id limit 5000"
            ),
            args![member],
        )
        .await?;
    Ok(HoldingKind::Action.holdings(rows))
}
