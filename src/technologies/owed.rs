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
                 (t.marketing_owner = $2 or t.technology_owner = $2) order by t.renews_on, t.number limit 50"
            )),
            args![viewer.member_id(), soon],
        )
        .await
}
