//! The KPIs that somebody drives or owns.

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
                "select number, title from kpis where workspace_id = $1 and archived_at is null and (driver_id
                 = $2 or marketing_owner = $2 or technology_owner = $2) order by title, number limit 5000"
            ),
            args![member],
        )
        .await?;
    Ok(HoldingKind::Kpi.holdings(rows))
}
