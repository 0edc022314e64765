//! What cannot go on before a decision is signed.

use super::current;
use crate::{
    args,
    identity::{Action, Viewer},
    platform::{
        error::{Error, Result},
        ids::MilestoneId,
    },
    sql,
};

/// Notes that a milestone waits for this decision, or that it does no longer.
pub async fn hold(viewer: &Viewer, number: i64, milestone: MilestoneId, waits: bool) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let current = current(&mut tx, number).await?;
    let permit = tx.permit(Action::ShapeDecision {
        driver: current.driver_id,
    })?;
    let (title,): (String,) = tx
        .fetch_optional(
            sql!(
                "select title from milestone_facts where workspace_id = $1 and id = $2 and
             archived_at is null"
            ),
            args![milestone],
        )
        .await?
        .ok_or_else(|| Error::invalid("milestone", "Choose from the list."))?;
    let changed =
        if waits {
            tx.execute(
            sql!("insert into decision_waiters (workspace_id, decision_id, milestone_id) values ($1, $2, $3)
                 on conflict do nothing"),
            args![current.id, milestone],
        )
        .await?
        } else {
            tx.execute(
                sql!(
                    "delete from decision_waiters where workspace_id = $1 and decision_id = $2 and
             milestone_id = $3"
                ),
                args![current.id, milestone],
            )
            .await?
        };
    if changed == 0 {
        return Ok(());
    }
    let verb = if waits {
        "made a milestone wait for"
    } else {
        "let a milestone go on without"
    };
    tx.commit(permit, current.event(verb).detail(title)).await
}
