//! The milestones that somebody drives or owns, and the checkpoints that are theirs, while they are open.

use crate::{
    args,
    identity::Reader,
    members::holding::{Holding, HoldingKind},
    platform::{error::Result, ids::MemberId},
    sql,
};

pub async fn held_by(reader: &impl Reader, member: MemberId) -> Result<Vec<Holding>> {
    let milestones: Vec<(i64, String)> = reader
        .fetch_all(
            sql!(
                "select m.number, m.title from milestones m join initiative_facts i on i.id = m.initiative_id
                 where m.workspace_id = $1 and m.archived_at is null and m.accepted_at is null and
                 i.is_running
                   and (m.driver_id = $2 or m.marketing_owner = $2 or m.technology_owner = $2)
                 order by m.title, m.number limit 5000"
            ),
            args![member],
        )
        .await?;
    let checkpoints: Vec<(i64, String)> = reader
        .fetch_all(
            sql!(
                "select m.number, c.title from checkpoints c join milestones m on m.id = c.milestone_id
                 join initiative_facts i on i.id = m.initiative_id
                 where c.workspace_id = $1 and c.passed_at is null and c.archived_at is null
                   and m.archived_at is null and m.accepted_at is null and i.is_running and c.owner_id = $2
                 order by c.due_on, c.id limit 5000"
            ),
            args![member],
        )
        .await?;
    let mut held = HoldingKind::Milestone.holdings(milestones);
    held.extend(HoldingKind::Checkpoint.holdings(checkpoints));
    Ok(held)
}
