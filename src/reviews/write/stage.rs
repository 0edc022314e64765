//! While it runs: who drives, what stands on the stage, what is recorded.

use super::{Current, corrections};
use crate::{
    args,
    identity::{Action, Transaction, Viewer},
    platform::{
        error::{Error, Result},
        ids::{MemberId, NoteId, ReviewItemId},
    },
    reviews::{
        AgendaPart, ItemState, NoteKind, RESUMED_WITHIN_SECONDS, ReviewState,
        minutes::compose,
        read::{self, Item},
    },
    sql,
};

/// What stood on the stage for less, and was not spoken of on record, was only passed by.
const SPOKEN_OF_AFTER_SECONDS: i64 = 15;

/// Begins the meeting: whoever begins it drives.
pub async fn start(viewer: &Viewer, number: i64) -> Result<()> {
    // Read before the workspace is locked.
    let review = read::one(viewer, number).await?;
    let seen = match review.snapshot_id.filter(|_| review.state == ReviewState::Frozen) {
        Some(snapshot) => Some(corrections::see(viewer, snapshot).await?),
        None => None,
    };
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::LeadReview)?;
    let current = Current::find(&mut tx, number).await?;
    if current.is_running() {
        return Ok(());
    }
    current.require_before_meeting()?;
    if current.snapshot_id.is_none() {
        return Err(Error::invalid("", "Freeze the review before you begin it."));
    }
    let first: Option<(ReviewItemId, AgendaPart, i64)> = {
        let mut items: Vec<(ReviewItemId, AgendaPart, i64)> = tx
            .fetch_all(
                sql!(
                    "select id, part, number from review_items where workspace_id = $1 and review_id = $2 and
                     state = 'open'"
                ),
                args![current.id],
            )
            .await?;
        items.sort_by_key(|(_, part, number)| (*part, *number));
        items.into_iter().next()
    };
    let (now, me) = (tx.now(), tx.member_id());
    tx.execute(
        sql!(
            // It is held today, whatever was planned: that is the day which both sign.
            "update reviews set started_at = $3, started_by = $4, stage_holder = $4, stage_item = $5,
             stage_since = $6,
             planned_on = case when held_on = $7 then null else held_on end, held_on = $7,
             version = version + 1, pulse = pulse + 1 where workspace_id = $1 and id = $2"
        ),
        args![
            current.id,
            now,
            me,
            first.map(|(id, ..)| id),
            first.map(|_| now),
            tx.today()
        ],
    )
    .await?;
    if let Some(me) = me {
        set_presence(&mut tx, &current, me, true).await?;
    }
    if let Some(seen) = seen {
        corrections::note(&mut tx, &current, viewer, seen).await?;
    }
    tx.commit(permit, current.event("began")).await
}

/// Takes the beginning back, as long as nothing was recorded.
pub async fn take_start_back(viewer: &Viewer, number: i64) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::LeadReview)?;
    let current = Current::find(&mut tx, number).await?;
    current.require_running()?;
    let (recorded,): (i64,) = tx
        .fetch_one(
            sql!(
                "select (select count(*) from review_notes n where n.review_id = r.id)
                      + (select count(*) from review_actions a where a.review_id = r.id)
                 from reviews r where r.workspace_id = $1 and r.id = $2"
            ),
            args![current.id],
        )
        .await?;
    if recorded > 0 {
        return Err(Error::invalid(
            "",
            "Something was recorded already. End the meeting instead.",
        ));
    }
    tx.execute(
        sql!(
            "update reviews set started_at = null, started_by = null, stage_holder = null, stage_item = null,
             stage_since = null, held_on = coalesce(planned_on, held_on), planned_on = null, version = version
             + 1, pulse = pulse + 1 where workspace_id = $1 and id = $2"
        ),
        args![current.id],
    )
    .await?;
    tx.commit(permit, current.event("took back the beginning of"))
        .await
}

/// Takes the stage from the other lead; nobody needs to be asked.
pub async fn take_stage(viewer: &Viewer, number: i64) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::LeadReview)?;
    let current = Current::find(&mut tx, number).await?;
    current.require_running()?;
    let me = tx.member_id();
    if current.stage_holder == me {
        return Ok(());
    }
    tx.execute(
        sql!("update reviews set stage_holder = $3, pulse = pulse + 1 where workspace_id = $1 and id = $2"),
        args![current.id, me],
    )
    .await?;
    tx.commit(permit, current.event("took over presenting")).await
}

/// Puts another item on the stage; only whoever drives does.
pub async fn go(viewer: &Viewer, number: i64, to: i64) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::LeadReview)?;
    let current = Current::find(&mut tx, number).await?;
    current.require_running()?;
    if current.stage_holder != tx.member_id() {
        return Err(Error::invalid("", "The other lead drives. Take the stage first."));
    }
    let (item, title): (ReviewItemId, String) = tx
        .fetch_one(
            sql!(
                "select id, title from review_items where workspace_id = $1 and review_id = $2 and number = $3"
            ),
            args![current.id, to],
        )
        .await?;
    if current.stage_item == Some(item) {
        return Ok(());
    }
    leave_item(&mut tx, &current).await?;
    let now = tx.now();
    tx.execute(
        sql!(
            "update reviews set stage_item = $3, stage_since = $4, pulse = pulse + 1 where workspace_id = $1
             and id = $2"
        ),
        args![current.id, item, now],
    )
    .await?;
    tx.commit(permit, current.event("went on in").detail(title)).await
}

/// Counts the time of what stands on the stage, and whether it was spoken of.
async fn leave_item(tx: &mut Transaction, current: &Current) -> Result<()> {
    let Some((item, since)) = current.stage_item.zip(current.stage_since) else {
        return Ok(());
    };
    let now = tx.now();
    let seconds = (now.millis() - since.millis()).max(0) / 1000;
    let (state, recorded): (ItemState, i64) = tx
        .fetch_one(
            sql!(
                "select i.state, (select count(*) from review_notes n where n.item_id = i.id)
                      + (select count(*) from review_actions a where a.item_id = i.id)
                 from review_items i where i.workspace_id = $1 and i.id = $2"
            ),
            args![item],
        )
        .await?;
    let is_discussed = state == ItemState::Open && (seconds >= SPOKEN_OF_AFTER_SECONDS || recorded > 0);
    let me = tx.member_id();
    tx.execute(
        sql!(
            "update review_items set taken_seconds = taken_seconds + $3 where workspace_id = $1 and id = $2"
        ),
        args![item, seconds],
    )
    .await?;
    if is_discussed {
        tx.execute(
            sql!(
                "update review_items set state = 'discussed', state_at = $3, state_by = $4 where workspace_id
                 = $1 and
                 id = $2"
            ),
            args![item, now, me],
        )
        .await?;
    }
    Ok(())
}

/// Records what was said of an item, or what both leads resolve. Sent twice with one id, it is recorded once.
pub async fn note(
    viewer: &Viewer,
    number: i64,
    of: i64,
    (id, kind, body): (NoteId, NoteKind, &str),
) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let permit = match kind {
        NoteKind::Note => super::permit_of_participant(&tx)?,
        NoteKind::Resolution => tx.permit(Action::LeadReview)?,
    };
    let current = Current::find(&mut tx, number).await?;
    current.require_running()?;
    let (item,): (ReviewItemId,) = tx
        .fetch_one(
            sql!("select id from review_items where workspace_id = $1 and review_id = $2 and number = $3"),
            args![current.id, of],
        )
        .await?;
    let (now, me) = (tx.now(), tx.member_id());
    let added = tx
        .execute(
            sql!(
                "insert into review_notes (id, workspace_id, review_id, item_id, kind, body, at, by_member)
                 values ($2, $1, $3, $4, $5, $6, $7, $8) on conflict do nothing"
            ),
            args![id, current.id, item, kind, body, now, me],
        )
        .await?;
    if added == 0 {
        return Ok(());
    }
    current.touch(&mut tx).await?;
    let verb = match kind {
        NoteKind::Note => "noted in",
        NoteKind::Resolution => "resolved in",
    };
    tx.commit(permit, current.event(verb).detail(body)).await
}

async fn set_presence(
    tx: &mut Transaction,
    current: &Current,
    member: MemberId,
    is_present: bool,
) -> Result<()> {
    let now = tx.now();
    tx.execute(
        sql!(
            "insert into review_attendance (workspace_id, review_id, member_id, is_present, marked_at)
             values ($1, $2, $3, $4, $5) on conflict (review_id, member_id) do update set is_present =
             excluded.is_present,
             marked_at = excluded.marked_at"
        ),
        args![current.id, member, is_present, now],
    )
    .await?;
    Ok(())
}

/// Says who is there: these, and nobody else.
pub async fn mark_present(viewer: &Viewer, number: i64, present: &[MemberId]) -> Result<()> {
    let review = read::one(viewer, number).await?;
    let known = read::attendance(viewer, review.id).await?;
    let mut tx = viewer.begin().await?;
    let permit = super::permit_of_participant(&tx)?;
    let current = Current::find(&mut tx, number).await?;
    let is_open = current.is_running() || review.state.takes_minutes();
    if !is_open || current.minutes_sealed_at.is_some() {
        return Err(Error::invalid("present", "Who was there is on record already."));
    }
    let mut names = Vec::new();
    let mut has_changed = false;
    for person in known {
        let is_present = present.contains(&person.member_id);
        if is_present {
            names.push(person.name);
        }
        if is_present != person.is_present {
            set_presence(&mut tx, &current, person.member_id, is_present).await?;
            has_changed = true;
        }
    }
    if !has_changed {
        return Ok(());
    }
    super::minutes::take_off_table(&mut tx, &current).await?;
    current.touch(&mut tx).await?;
    let event = current.event("noted who was at").detail(names.join(", "));
    tx.commit(permit, event).await
}

/// Ends the meeting. The minutes are composed once; what somebody wrote since is theirs.
pub async fn end(viewer: &Viewer, number: i64) -> Result<()> {
    let next = super::Next::read(viewer, number).await?;
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::LeadReview)?;
    let current = Current::find(&mut tx, number).await?;
    if current.ended_at.is_some() {
        return Ok(());
    }
    current.require_running()?;
    leave_item(&mut tx, &current).await?;
    let (now, me) = (tx.now(), tx.member_id());
    tx.execute(
        sql!(
            "update reviews set ended_at = $3, ended_by = $4, stage_item = null, stage_since = null, version =
             version + 1,
             pulse = pulse + 1 where workspace_id = $1 and id = $2"
        ),
        args![current.id, now, me],
    )
    .await?;
    compose_minutes(&mut tx, &current).await?;
    super::Next::take_up(next, &mut tx).await?;
    tx.commit(permit, current.event("ended")).await
}

/// Composes the minutes from what was recorded, unless somebody has written in them.
async fn compose_minutes(tx: &mut Transaction, current: &Current) -> Result<()> {
    let mut items: Vec<Item> = tx.fetch_all(read::ITEMS, args![current.id]).await?;
    items.sort_by_key(|item| (item.part, item.number));
    let notes: Vec<read::Note> = tx.fetch_all(read::NOTES, args![current.id]).await?;
    let actions: Vec<read::ReviewAction> = tx.fetch_all(read::ACTIONS, args![current.id]).await?;
    let body = compose(&items, &notes, &actions, tx.today());
    let now = tx.now();
    tx.execute(
        sql!(
            "insert into review_minutes (review_id, workspace_id, body, composed_at, version) values ($2, $1,
             $3, $4, 1)
             on conflict (review_id) do update set body = excluded.body, composed_at = excluded.composed_at,
             version = review_minutes.version + 1
             where review_minutes.edited_at is null and review_minutes.offered_body is null"
        ),
        args![current.id, body, now],
    )
    .await?;
    Ok(())
}

/// Goes on with a meeting that was ended by mistake, within ten minutes.
pub async fn resume(viewer: &Viewer, number: i64) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::LeadReview)?;
    let current = Current::find(&mut tx, number).await?;
    let Some(ended_at) = current.ended_at else {
        return Ok(());
    };
    if tx.now() > ended_at.plus_seconds(RESUMED_WITHIN_SECONDS) || current.minutes_sealed_at.is_some() {
        return Err(Error::invalid(
            "",
            "This meeting ended more than ten minutes ago. Add what is missing to its minutes.",
        ));
    }
    super::minutes::take_off_table(&mut tx, &current).await?;
    let me = tx.member_id();
    tx.execute(
        sql!(
            "update reviews set ended_at = null, ended_by = null, stage_holder = $3, version = version + 1,
             pulse = pulse + 1
             where workspace_id = $1 and id = $2"
        ),
        args![current.id, me],
    )
    .await?;
    tx.commit(permit, current.event("went on with")).await
}
