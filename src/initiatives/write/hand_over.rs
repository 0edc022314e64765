//! Handing over what somebody leads or works in.

use super::{charter, current, event};
use crate::{
    args,
    handshake::{Kind, write as handshake},
    identity::Transaction,
    members::holding::Succession,
    platform::error::Result,
    sql,
};

/// Puts another member in the place of one in every initiative that runs or may: as its co-lead, and in its
/// team. Both co-leads sign a charter that is in force anew.
pub async fn hand_over(tx: &mut Transaction, succession: &Succession) -> Result<()> {
    let numbers: Vec<(i64,)> = tx
        .fetch_all(
            sql!(
                "select i.number from initiatives i where i.workspace_id = $1
                 and i.phase in ('proposed', 'active', 'paused')
                 and (i.marketing_lead = $2 or i.technology_lead = $2 or exists (select 1 from
                 initiative_members t where t.initiative_id = i.id and t.member_id = $2)) order by i.number"
            ),
            args![succession.from()],
        )
        .await?;
    for (number,) in numbers {
        let before = current(tx, number).await?;
        let [marketing, technology] = before.leads().map(|lead| succession.holder(lead));
        tx.execute(
            sql!(
                "update initiatives set marketing_lead = $3, technology_lead = $4, version = version + 1
                 where workspace_id = $1 and id = $2"
            ),
            args![before.id, marketing, technology],
        )
        .await?;
        tx.execute(
            sql!(
                "insert into initiative_members (workspace_id, initiative_id, member_id, responsibility)
                 select workspace_id, initiative_id, $4, responsibility from initiative_members
                 where workspace_id = $1 and initiative_id = $2 and member_id = $3 on conflict do nothing"
            ),
            args![before.id, succession.from(), succession.to()],
        )
        .await?;
        tx.execute(
            sql!(
                "delete from initiative_members where workspace_id = $1 and initiative_id = $2 and member_id =
                 $3"
            ),
            args![before.id, succession.from()],
        )
        .await?;
        let now = current(tx, number).await?;
        if now.leads() != before.leads() {
            handshake::close(tx, Kind::Retrospective, before.id.uuid(), "edited").await?;
        }
        charter::keep_true(tx, &before, &now).await?;
        let names = tx.member_names([succession.from(), succession.to()]).await?;
        let said = event("handed over a part in", before.id, number, &before.title)
            .detail(format!("{} → {}", names[0], names[1]));
        tx.record(said).await?;
    }
    Ok(())
}
