//! Handing over the decisions that somebody drives.

use super::current;
use crate::{args, identity::Transaction, members::holding::Succession, platform::error::Result, sql};

/// Gives every decision that one member drives to another, until its outcome is told.
pub async fn hand_over(tx: &mut Transaction, succession: &Succession) -> Result<()> {
    let numbers: Vec<(i64,)> = tx
        .fetch_all(
            sql!(
                "select d.number from decisions d where d.workspace_id = $1 and d.driver_id = $2
                 and not exists (select 1 from outcomes o where o.decision_id = d.id) order by d.number"
            ),
            args![succession.from()],
        )
        .await?;
    let names = tx.member_names([succession.from(), succession.to()]).await?;
    for (number,) in numbers {
        let decision = current(tx, number).await?;
        tx.execute(
            sql!(
                "update decisions set driver_id = $3, version = version + 1 where workspace_id = $1 and id =
                 $2"
            ),
            args![decision.id, succession.to()],
        )
        .await?;
        let event = decision
            .event("changed the decision")
            .with_changes(&[("Driver", &names[0], &names[1])]);
        tx.record(event).await?;
    }
    Ok(())
}
