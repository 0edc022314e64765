//! The initiatives that somebody leads or works in, until they end.

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
                "select i.number, i.title from initiatives i where i.workspace_id = $1 and i.phase in
                 ('proposed', 'active', 'paused') and (i.marketing_lead = $2 or i.technology_lead = $2 or
                 exists (select 1 from initiative_members t where t.initiative_id = i.id and t.member_id =
                 $2)) order by i.title, i.number limit 5000"
            ),
            args![member],
        )
        .await?;
    Ok(HoldingKind::Initiative.holdings(rows))
}
