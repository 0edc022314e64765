//! Handing over the technologies that somebody owns.

use super::{
    text::TechnologyText,
    write::{TechnologyInput, event, load, put_before_owners},
};
use crate::{
    args,
    handshake::write::text_on_table,
    identity::Transaction,
    members::holding::Succession,
    platform::error::{Error, Result},
    sql,
};

/// Gives every technology that one member owns to another; both owners sign its place in the register anew.
pub async fn hand_over(tx: &mut Transaction, succession: &Succession) -> Result<()> {
    let numbers: Vec<(i64,)> = tx
        .fetch_all(
            sql!(
                "select number from technologies where workspace_id = $1 and stage <> 'retire'
                 and (marketing_owner = $2 or technology_owner = $2) order by number"
            ),
            args![succession.from()],
        )
        .await?;
    for (number,) in numbers {
        let before = load(tx, number).await?;
        let owners = [before.marketing_owner, before.technology_owner];
        let [marketing_owner, technology_owner] = owners.map(|holder| succession.holder(holder));
        let on_table = match text_on_table::<TechnologyText>(tx, before.id.uuid()).await {
            Ok((_, text, _)) => Some(text),
            Err(Error::Conflict | Error::NotFound) => None,
            Err(error) => return Err(error),
        };
        let entry = TechnologyInput {
            name: on_table
                .as_ref()
                .map_or_else(|| before.name.clone(), |text| text.name.clone()),
            purpose: on_table
                .as_ref()
                .map_or_else(|| before.purpose.clone(), |text| text.purpose.clone()),
            marketing_owner,
            technology_owner,
            yearly_cost: before.yearly_cost,
            renews_on: before.renews_on,
        };
        let (stage, because) = on_table.map_or_else(
            || (before.stage, "Its owner changed.".to_owned()),
            |text| (text.stage, text.because),
        );
        put_before_owners(tx, before.id, number, &entry, (stage, &because)).await?;
        tx.execute(
            sql!(
                "update technologies set marketing_owner = $3, technology_owner = $4, version = version + 1
                 where workspace_id = $1 and id = $2"
            ),
            args![before.id, marketing_owner, technology_owner],
        )
        .await?;
        let names = tx.member_names(owners).await?;
        let new_names = tx.member_names([marketing_owner, technology_owner]).await?;
        let changed = event(
            "proposed a change of the register for",
            before.id,
            number,
            &before.name,
        )
        .with_changes(&[
            ("Marketing’s owner", &names[0], &new_names[0]),
            ("Technology’s owner", &names[1], &new_names[1]),
        ]);
        tx.record(changed).await?;
    }
    Ok(())
}
