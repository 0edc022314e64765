//! Handing over the goals that somebody owns.

use super::current;
use crate::{args, identity::Transaction, members::holding::Succession, platform::error::Result, sql};

pub async fn hand_over(tx: &mut Transaction, succession: &Succession) -> Result<()> {
    let numbers: Vec<(i64,)> = tx
        .fetch_all(
            sql!(
                "select number from goals where workspace_id = $1 and archived_at is null and owner_id = $2
                 order by number"
            ),
            args![succession.from()],
        )
        .await?;
    let names = tx.member_names([succession.from(), succession.to()]).await?;
    for (number,) in numbers {
        let goal = current(tx, number).await?;
        tx.execute(
            sql!("update goals set owner_id = $3, version = version + 1 where workspace_id = $1 and id = $2"),
            args![goal.id, succession.to()],
        )
        .await?;
        let event = goal
            .event("handed over the goal")
            .with_changes(&[("Owner", &names[0], &names[1])]);
        tx.record(event).await?;
    }
    Ok(())
}
