//! Who sits on a source's chairs.

use super::current::Current;
use crate::{
    args,
    identity::{Action, Permit, Transaction, Viewer},
    members::write::require_of_side,
    platform::{
        audit::Event,
        error::{Error, Result},
        ids::{ChairId, MemberId, SourceId, TouchpointId},
    },
    sources::Chair,
    sql,
};

#[derive(sqlx::FromRow)]
pub(super) struct SeatRow {
    pub chair: Chair,
    pub member_id: MemberId,
    pub name: String,
}

/// Who sits on a source's chairs now.
pub(super) async fn seated(tx: &mut Transaction, source: SourceId) -> Result<Vec<SeatRow>> {
    tx.fetch_all(
        sql!(
            "select c.chair, c.member_id, m.name from source_chairs c join people m on m.id = c.member_id
             where c.workspace_id = $1 and c.source_id = $2 and c.until_at is null"
        ),
        args![source],
    )
    .await
}

/// Seats and tells somebody who works on the chair's side today and sits on no chair of the other.
pub(super) async fn seat(
    tx: &mut Transaction,
    (source, number, source_name): (SourceId, i64, &str),
    chair: Chair,
    member: MemberId,
) -> Result<()> {
    require_of_side(tx, chair.as_str(), member, Some(chair.side())).await?;
    let others = seated(tx, source).await?;
    if others
        .iter()
        .any(|other| other.member_id == member && other.chair.side() != chair.side())
    {
        return Err(Error::invalid(
            chair.as_str(),
            "They sit on a chair of the other side already.",
        ));
    }
    let (id, now): (ChairId, _) = (tx.fresh_id(), tx.now());
    tx.execute(
        sql!(
            "insert into source_chairs (id, workspace_id, source_id, chair, member_id, from_at, given_by)
             values ($2, $1, $3, $4, $5, $6, $7)"
        ),
        args![id, source, chair, member, now, tx.member_id()],
    )
    .await?;
    let accepts = if chair.is_needed() {
        " Please sign its entry to accept."
    } else {
        ""
    };
    tx.tell(
        member,
        format!("You are {} of “{}”", chair.name().to_lowercase(), source_name),
        &format!(
            "{} made you {} of “{}”. {}{accepts}",
            tx.name(),
            chair.name().to_lowercase(),
            source_name,
            chair.meaning()
        ),
        Some(&format!("sources/{number}")),
    )
    .await
}

async fn unseat(tx: &mut Transaction, source: SourceId, chair: Chair, because: &str) -> Result<()> {
    tx.execute(
        sql!(
            "update source_chairs set until_at = $4, left_because = $5
             where workspace_id = $1 and source_id = $2 and chair = $3 and until_at is null"
        ),
        args![source, chair, tx.now(), because],
    )
    .await?;
    Ok(())
}

pub(super) async fn end_all(tx: &mut Transaction, source: SourceId, because: &str) -> Result<()> {
    for chair in Chair::ALL {
        unseat(tx, source, *chair, because).await?;
    }
    Ok(())
}

/// Whoever may give a chair on: its holder, and of a deputy's chair whom the deputy stands in for.
fn givers(seats: &[SeatRow], chair: Chair) -> Vec<MemberId> {
    seats
        .iter()
        .filter(|seat| seat.chair == chair || Some(seat.chair) == chair.deputises())
        .map(|seat| seat.member_id)
        .collect()
}

/// A newer text is to be signed, where the entry names who sits on the chair.
async fn renew(tx: &mut Transaction, current: &Current, chair: Chair) -> Result<()> {
    if chair.is_signed_for() {
        current.close_question_of_end(tx).await?;
        current.touch(tx).await?;
    }
    Ok(())
}

/// Gives a chair to somebody, who accepts it by signing the entry anew. Given to who sits there, nothing
/// changes.
///
/// # Errors
/// `Conflict` when somebody else sits there by now than was `seen`.
pub async fn give(
    viewer: &Viewer,
    number: i64,
    (chair, seen): (Chair, Option<MemberId>),
    member: MemberId,
) -> Result<()> {
    let mut tx = viewer.begin().await?;
    match give_in(&mut tx, number, (chair, seen), member).await? {
        Some((permit, event)) => tx.commit(permit, event).await,
        None => Ok(()),
    }
}

/// Gives it within a transaction; gives back what is to be committed, or nothing where they sit there
/// already.
pub(super) async fn give_in(
    tx: &mut Transaction,
    number: i64,
    (chair, seen): (Chair, Option<MemberId>),
    member: MemberId,
) -> Result<Option<(Permit, Event)>> {
    let current = Current::find(tx, number).await?;
    if current.retired_at.is_some() {
        return Err(Error::Conflict);
    }
    let seats = seated(tx, current.id).await?;
    let holder = seats.iter().find(|seat| seat.chair == chair);
    let permit = tx.permit(Action::GiveChair {
        side: chair.side(),
        holders: &givers(&seats, chair),
    })?;
    if holder.is_some_and(|holder| holder.member_id == member) {
        return Ok(None);
    }
    if holder.map(|holder| holder.member_id) != seen {
        return Err(Error::Conflict);
    }
    let before = holder.map_or_else(String::new, |holder| holder.name.clone());
    unseat(tx, current.id, chair, "It was given to somebody else.").await?;
    seat(tx, (current.id, number, &current.name), chair, member).await?;
    renew(tx, &current, chair).await?;
    let [name] = tx.member_names([member]).await?;
    let event = current
        .event("filled a chair of")
        .with_changes(&[(chair.name(), &before, &name)]);
    Ok(Some((permit, event)))
}

/// Leaves a chair empty, where it stays visible. Done twice, it is done once.
pub async fn leave(
    viewer: &Viewer,
    number: i64,
    (chair, seen): (Chair, Option<MemberId>),
    because: &str,
) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let current = Current::find(&mut tx, number).await?;
    let seats = seated(&mut tx, current.id).await?;
    let holder = seats.iter().find(|seat| seat.chair == chair);
    let permit = tx.permit(Action::GiveChair {
        side: chair.side(),
        holders: &givers(&seats, chair),
    })?;
    let Some(holder) = holder else {
        return Ok(());
    };
    if Some(holder.member_id) != seen {
        return Err(Error::Conflict);
    }
    unseat(&mut tx, current.id, chair, because).await?;
    renew(&mut tx, &current, chair).await?;
    let event = current
        .event("left a chair of")
        .with_changes(&[(chair.name(), &holder.name, "")]);
    tx.commit(permit, event.detail(because)).await
}

/// Empties every chair of somebody who leaves or changes sides, in the act by which they do.
pub async fn vacate(tx: &mut Transaction, member: MemberId, because: &str) -> Result<()> {
    let held: Vec<(i64, Chair)> = tx
        .fetch_all(
            sql!(
                "select s.number, c.chair from source_chairs c join sources s on s.id = c.source_id
                 where c.workspace_id = $1 and c.member_id = $2 and c.until_at is null order by s.number,
                 c.chair"
            ),
            args![member],
        )
        .await?;
    let [name] = tx.member_names([member]).await?;
    for (number, chair) in held {
        let current = Current::find(tx, number).await?;
        unseat(tx, current.id, chair, because).await?;
        renew(tx, &current, chair).await?;
        let event = current
            .event("emptied a chair of")
            .with_changes(&[(chair.name(), &name, "")]);
        tx.record(event).await?;
    }
    // Whoever answered for a touchpoint answers for it no more.
    let answered: Vec<(TouchpointId, i64, String)> = tx
        .fetch_all(
            sql!(
                "select id, number, name from touchpoints where workspace_id = $1 and answers_id = $2
                 and retired_at is null order by number"
            ),
            args![member],
        )
        .await?;
    for (id, touchpoint, title) in answered {
        tx.execute(
            sql!(
                "update touchpoints set answers_id = null, version = version + 1 where workspace_id = $1 and
                 id = $2"
            ),
            args![id],
        )
        .await?;
        let event = Event::new("changed the touchpoint", "touchpoint", id.uuid(), title)
            .at(format!("sources/touchpoints/{touchpoint}"))
            .with_changes(&[("Who answers for it", &name, "")]);
        tx.record(event).await?;
    }
    Ok(())
}
