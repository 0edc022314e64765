//! Handing over the open actions that somebody has, also those that are checkpoints.

use crate::{
    args, identity::Transaction, members::holding::Succession, platform::audit::Event,
    platform::error::Result, platform::ids::ActionId, sql,
};

pub async fn hand_over(tx: &mut Transaction, succession: &Succession) -> Result<()> {
    let actions: Vec<(ActionId, i64, String)> = tx
        .fetch_all(
            sql!(
                "select a.id, r.number, a.body from review_actions a join reviews r on r.id = a.review_id
                 where a.workspace_id = $1 and a.state = 'open' and a.owner_id = $2 and not exists
                 (select 1 from standing_checkpoints c where c.id = a.checkpoint_id and c.done_at is not null)
                 order by a.given_at, a.id"
            ),
            args![succession.from()],
        )
        .await?;
    let names = tx.member_names([succession.from(), succession.to()]).await?;
    for (id, number, body) in actions {
        tx.execute(
            sql!(
                "update review_actions set owner_id = $3, version = version + 1 where workspace_id = $1 and id
                 = $2"
            ),
            args![id, succession.to()],
        )
        .await?;
        let event = Event::new(
            "handed over an action of",
            "review",
            None,
            format!("Review {number}"),
        )
        .at(format!("reviews/{number}#action-{id}"))
        .with_changes(&[("Owner", &names[0], &names[1]), ("Action", "", &body)]);
        tx.record(event).await?;
    }
    Ok(())
}
