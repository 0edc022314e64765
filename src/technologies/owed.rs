//! What is owed of the register: thinking about a renewal before it comes.

use super::read::{Technology, technologies_where};
use crate::{args, identity::Viewer, platform::error::Result, sql};

/// Renewals that the viewer, as an owner, should think about.
pub async fn owed(viewer: &Viewer) -> Result<Vec<Technology>> {
    let soon = viewer.today().plus(super::RENEWAL_SHOWN_DAYS);
    viewer
        .fetch_all(
            sql!(technologies_where!(
                "and t.renews_on is not null and t.renews_on <= $3 and t.stage <> 'retire' and
                 exists (select 1 from standing_in s where s.workspace_id = $1 and s.member_id = $2 and
                 s.stands_for in (t.marketing_owner, t.technology_owner)) order by t.renews_on, t.number limit
                 50"
            )),
            args![viewer.member_id(), soon],
        )
        .await
}
