//! Handing over what somebody drives or owns, and their open checkpoints.

use super::{CURRENT, Current, accept::offer_for_acceptance};
use crate::{
    args,
    identity::Transaction,
    members::holding::Succession,
    platform::{error::Result, ids::CheckpointId},
    sql,
};

/// Gives every open milestone that one member drives or owns to another.
pub async fn hand_over(tx: &mut Transaction, succession: &Succession) -> Result<()> {
    let numbers: Vec<(i64,)> = tx
        .fetch_all(
            sql!(
                "select m.number from milestones m join initiative_facts i on i.id = m.initiative_id
                 where m.workspace_id = $1 and m.archived_at is null and m.accepted_at is null and
                 i.is_running
                   and (m.driver_id = $2 or m.marketing_owner = $2 or m.technology_owner = $2)
                 order by m.number"
            ),
            args![succession.from()],
        )
        .await?;
    for (number,) in numbers {
        let before: Current = tx.fetch_one(CURRENT, args![number]).await?;
        let people = [before.driver_id, before.marketing_owner, before.technology_owner];
        let next = people.map(|holder| succession.holder(holder));
        tx.execute(
            sql!(
                "update milestones set driver_id = $3, marketing_owner = $4, technology_owner = $5,
                 version = version + 1 where workspace_id = $1 and id = $2"
            ),
            args![before.id, next[0], next[1], next[2]],
        )
        .await?;
        offer_for_acceptance(tx, before.id).await?;
        let names = tx.member_names(people).await?;
        let new_names = tx.member_names(next).await?;
        let event = before.event("changed the milestone").with_changes(&[
            ("Driver", &names[0], &new_names[0]),
            ("Marketing’s owner", &names[1], &new_names[1]),
            ("Technology’s owner", &names[2], &new_names[2]),
        ]);
        tx.record(event).await?;
    }
    Ok(())
}

/// Gives every open checkpoint of one member to another.
pub async fn hand_over_checkpoints(tx: &mut Transaction, succession: &Succession) -> Result<()> {
    let open: Vec<(CheckpointId, String, i64)> = tx
        .fetch_all(
            sql!(
                "select c.id, c.title, m.number from checkpoints c join milestones m on m.id = c.milestone_id
                 join initiative_facts i on i.id = m.initiative_id
                 where c.workspace_id = $1 and c.passed_at is null and c.archived_at is null
                   and m.archived_at is null and m.accepted_at is null and i.is_running and c.owner_id = $2
                 order by c.id"
            ),
            args![succession.from()],
        )
        .await?;
    let names = tx.member_names([succession.from(), succession.to()]).await?;
    for (id, title, number) in open {
        tx.execute(
            sql!(
                "update checkpoints set owner_id = $3, version = version + 1 where workspace_id = $1 and id =
                 $2"
            ),
            args![id, succession.to()],
        )
        .await?;
        let milestone: Current = tx.fetch_one(CURRENT, args![number]).await?;
        let event = milestone
            .checkpoint_event("changed the checkpoint", id, &title)
            .with_changes(&[("Owner", &names[0], &names[1])]);
        tx.record(event).await?;
    }
    Ok(())
}
