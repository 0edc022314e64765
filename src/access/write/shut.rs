//! Shutting the doors of an access that is over, and saying that its copies are gone.

use super::{Doors, request};
use crate::{
    access::terms::{COPIES_SHOWN_DAYS, Copies},
    args,
    identity::{Action, Viewer},
    platform::{
        error::{Error, Result},
        time::{Day, Timestamp},
    },
    sql,
};

/// Says that the doors are shut that the viewer keeps. Done twice, it is done once.
///
/// # Errors
/// `Forbidden` to whoever asked; `Invalid` while the access lasts.
pub async fn shut(viewer: &Viewer, number: i64) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let it = request(&mut tx, number).await?;
    let doors = Doors::of(&mut tx, it.id).await?;
    let permit = doors.permit(&mut tx, &it).await?;
    let is_over = it.state(tx.today()).is_over();
    let was_open = it.granted_at.is_some() || doors.all().any(|door| door.opened_at.is_some());
    if !is_over || !was_open {
        return Err(Error::invalid(
            "",
            "This access is not over. End it first, or wait for its last day.",
        ));
    }
    if it.shut_at.is_some() {
        return Ok(());
    }
    let mut is_shut = true;
    for door in doors.all().filter(|door| door.opened_at.is_some()) {
        if door.shut_at.is_some() {
            continue;
        }
        if door.is_kept_by(&tx, it.asked_by) {
            tx.execute(
                sql!(
                    "update access_doors set shut_at = $4, shut_by = $5
                     where workspace_id = $1 and access_id = $2 and source_id = $3"
                ),
                args![it.id, door.source_id, tx.now(), tx.member_id()],
            )
            .await?;
        } else {
            is_shut = false;
        }
    }
    if is_shut && it.granted_at.is_some() {
        tx.execute(
            sql!("update access_requests set shut_at = $3, shut_by = $4 where workspace_id = $1 and id = $2"),
            args![it.id, tx.now(), tx.member_id()],
        )
        .await?;
    }
    let verb = if is_shut {
        "shut the access to"
    } else {
        "shut a source of the access to"
    };
    tx.commit(permit, it.event(verb)).await
}

/// Says how the copies were deleted: whoever asked, or the lead of their side. Done twice, it is done once.
///
/// # Errors
/// `Conflict` where no copies are to be deleted, or not yet.
pub async fn copies_gone(viewer: &Viewer, number: i64, how: &str) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let it = request(&mut tx, number).await?;
    let permit = tx.permit(Action::DeleteCopies {
        asked_by: it.asked_by,
        asking: it.asking_side,
    })?;
    let found: Option<(Copies, Option<Day>, Option<Timestamp>)> = tx
        .fetch_optional(
            sql!(
                "select copies, copies_until, copies_gone_at from access_terms where workspace_id = $1 and
                 access_id = $2"
            ),
            args![it.id],
        )
        .await?;
    match found {
        Some((_, _, Some(_))) => return Ok(()),
        Some((Copies::Deleted, Some(until), None))
            if it.granted_at.is_some()
                && (it.state(tx.today()).is_over() || tx.today() >= until.plus(-COPIES_SHOWN_DAYS)) => {}
        _ => return Err(Error::Conflict),
    }
    tx.execute(
        sql!(
            "update access_terms set copies_gone_at = $3, copies_gone_by = $4, copies_gone_how = $5
             where workspace_id = $1 and access_id = $2"
        ),
        args![it.id, tx.now(), tx.member_id(), how],
    )
    .await?;
    tx.commit(
        permit,
        it.event("deleted the copies of the access to").detail(how),
    )
    .await
}
