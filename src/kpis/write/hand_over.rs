//! Handing over what somebody drives or owns.

use super::{current, targets, unsealed_values};
use crate::{
    args,
    handshake::{Kind, write as handshake},
    identity::Transaction,
    members::holding::Succession,
    platform::error::Result,
    sql,
};

/// Gives every KPI that one member drives or owns to another; whoever owns it now is asked for what is not
/// sealed.
pub async fn hand_over(tx: &mut Transaction, succession: &Succession) -> Result<()> {
    let numbers: Vec<(i64,)> = tx
        .fetch_all(
            sql!(
                "select number from kpis where workspace_id = $1 and archived_at is null
                 and (driver_id = $2 or marketing_owner = $2 or technology_owner = $2) order by number"
            ),
            args![succession.from()],
        )
        .await?;
    for (number,) in numbers {
        let before = current(tx, number).await?;
        let people = [before.driver_id, before.marketing_owner, before.technology_owner];
        let [driver, marketing, technology] = people.map(|holder| succession.holder(holder));
        tx.execute(
            sql!(
                "update kpis set driver_id = $3, marketing_owner = $4, technology_owner = $5,
                 version = version + 1 where workspace_id = $1 and id = $2"
            ),
            args![before.id, driver, marketing, technology],
        )
        .await?;
        for value in unsealed_values(tx, before.id).await? {
            let owners = (Some(marketing), Some(technology));
            handshake::set_owners(tx, Kind::Kpi, value.uuid(), owners).await?;
        }
        let now = current(tx, number).await?;
        targets::keep_true(tx, &now).await?;
        let names = tx.member_names(people).await?;
        let new_names = tx.member_names([driver, marketing, technology]).await?;
        let event = now.event("changed the KPI").with_changes(&[
            ("Driver", &names[0], &new_names[0]),
            ("Marketing’s owner", &names[1], &new_names[1]),
            ("Technology’s owner", &names[2], &new_names[2]),
        ]);
        tx.record(event).await?;
    }
    Ok(())
}
