//! The technologies that somebody owns, until they are retired.

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
                "select number, name from technologies where workspace_id = $1 and stage <> 'retire' and
                 (marketing_owner = $2 or technology_owner = $2) order by name, number limit 5000"
            ),
            args![member],
        )
        .await?;
    Ok(HoldingKind::Technology.holdings(rows))
}
