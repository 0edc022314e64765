//! The decisions that somebody drives, to their outcome.

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
                "select d.number, d.question from decisions d where d.workspace_id = $1 and d.driver_id = $2
                 and not exists (select 1 from outcomes o where o.decision_id = d.id) order by d.question,
                 d.number limit 5000"
            ),
            args![member],
        )
        .await?;
    Ok(HoldingKind::Decision.holdings(rows))
}
