//! Opening what both sides approved: each source's door by its custodian, anything else by the side that was
//! asked.

use super::{Doors, request};
use crate::{
    access::terms,
    args,
    identity::Viewer,
    platform::error::{Error, Result},
    sql,
};

/// Says that access is open: for data every door that the viewer keeps, and it counts as granted with the
/// last one. Done twice, it is done once.
///
/// # Errors
/// `Forbidden` to whoever asked or signed for the side that asks; `Invalid` before both sides approved it.
pub async fn grant(viewer: &Viewer, number: i64) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let it = request(&mut tx, number).await?;
    let doors = Doors::of(&mut tx, it.id).await?;
    let permit = doors.permit(&mut tx, &it).await?;
    it.require_open(&tx)?;
    if it.approved_at.is_none() {
        return Err(Error::invalid(
            "",
            "Both sides have to approve this access before it can be opened.",
        ));
    }
    if it.granted_at.is_some() {
        return Ok(());
    }
    if !doors.is_empty() && tx.today() < it.needed_on {
        return Err(Error::invalid(
            "",
            format!(
                "Its first day is {}. It is opened from then on.",
                it.needed_on.format_long()
            ),
        ));
    }
    doors.check_terms(it.sensitivity)?;
    let mut is_open = true;
    for door in doors.all() {
        if door.opened_at.is_some() {
            continue;
        }
        if door.is_kept_by(&tx, it.asked_by) {
            tx.execute(
                sql!(
                    "update access_doors set opened_at = $4, opened_by = $5
                     where workspace_id = $1 and access_id = $2 and source_id = $3"
                ),
                args![it.id, door.source_id, tx.now(), tx.member_id()],
            )
            .await?;
        } else {
            is_open = false;
        }
    }
    if !is_open {
        let event = it.event("opened a source of the access to");
        return tx.commit(permit, event).await;
    }
    tx.execute(
        sql!(
            "update access_requests set granted_at = $3, granted_by = $4 where workspace_id = $1 and id = $2"
        ),
        args![it.id, tx.now(), tx.member_id()],
    )
    .await?;
    if let Some(sensitivity) = it.counts_as {
        tx.execute(
            sql!("update access_terms set certify_on = $3 where workspace_id = $1 and access_id = $2"),
            args![it.id, terms::certify_on(tx.today(), sensitivity, it.ends_on)],
        )
        .await?;
    }
    let letter = format!("{} opened the access you requested: {}.", tx.name(), it.title);
    let subject = format!("Access is open: {}", it.title);
    tx.tell(
        it.asked_by,
        subject,
        &letter,
        Some(&format!("access/{}", it.number)),
    )
    .await?;
    tx.commit(
        permit,
        it.event("granted access to")
            .detail(format!("until {}", it.ends_on.format_long())),
    )
    .await
}
