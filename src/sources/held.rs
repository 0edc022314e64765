//! The chairs that somebody holds, and the touchpoints that they answer for. They are not handed over but
//! vacated: a chair counts only for whom accepts it.

use crate::{
    args,
    identity::Reader,
    members::holding::{Holding, HoldingKind},
    platform::{error::Result, ids::MemberId},
    sources::Chair,
    sql,
};

pub async fn held_by(reader: &impl Reader, member: MemberId) -> Result<Vec<Holding>> {
    let chairs: Vec<(i64, String, Chair)> = reader
        .fetch_all(
            sql!(
                "select s.number, s.name, c.chair from source_chairs c join sources s on s.id = c.source_id
                 where c.workspace_id = $1 and c.member_id = $2 and c.until_at is null
                 order by s.name, s.number, c.chair limit 5000"
            ),
            args![member],
        )
        .await?;
    let touchpoints: Vec<(i64, String)> = reader
        .fetch_all(
            sql!(
                "select number, name from touchpoints where workspace_id = $1 and answers_id = $2
                 and retired_at is null order by name, number limit 5000"
            ),
            args![member],
        )
        .await?;
    let chairs = chairs.into_iter().map(|(number, name, chair)| Holding {
        kind: HoldingKind::Chair,
        path: format!("sources/{number}"),
        label: format!("{name}: {}", chair.name().to_lowercase()),
    });
    let touchpoints = touchpoints.into_iter().map(|(number, name)| Holding {
        kind: HoldingKind::Chair,
        path: format!("sources/touchpoints/{number}"),
        label: format!("{name}: answers for the touchpoint"),
    });
    Ok(chairs.chain(touchpoints).collect())
}
