//! What is owed of a round: an answer, while it is open and the viewer's side is short of one.

use super::About;
use crate::{
    args,
    identity::Viewer,
    platform::{error::Result, time::Day},
    sql,
};

/// A round that waits for the viewer's answer.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct OwedAnswer {
    pub about: About,
    pub path: String,
    pub label: String,
    pub ends_on: Day,
}

pub async fn owed(viewer: &Viewer) -> Result<Vec<OwedAnswer>> {
    if viewer.side().is_none() {
        return Ok(Vec::new());
    }
    viewer
        .fetch_all(
            sql!(
                "select r.kind as about, r.path, r.label, r.ends_on from rounds r
             where r.workspace_id = $1 and r.closed_at is null and r.ends_on >= $2 and r.opened_at >= $5
               and not exists (select 1 from answers x where x.round_id = r.id and x.account_id = $3 and
               x.replaced_at is null)
               and (select count(*) from answers y where y.round_id = r.id and y.side = $4 and y.replaced_at
               is null) < r.wanted
             order by r.ends_on, r.id limit 50"
            ),
            args![
                viewer.today(),
                viewer.account_id(),
                viewer.side(),
                viewer.side_since()
            ],
        )
        .await
}
