//! What is spoken of: proposed by the house, raised by people, parked, dropped, carried over.

use super::Current;
use crate::{
    args,
    identity::{Action, Transaction, Viewer, system::SystemActor},
    members::write::require_of_side,
    platform::{
        error::{Error, Result},
        ids::{MemberId, ReviewItemId},
        time::Timestamp,
    },
    reviews::{
        AgendaPart, ItemState,
        agenda::{ProposedItem, TOPIC, propose},
        read,
    },
    sql,
};

/// With so many items nobody raises another; what the house proposes is never left out.
const MOST_ITEMS: i64 = 500;

#[derive(sqlx::FromRow)]
struct ItemRow {
    id: ReviewItemId,
    subject: String,
    title: String,
    why: String,
    state: ItemState,
}

/// The clock brings the agenda of a planned review up to date; it changes nothing that people said of an
/// item.
pub async fn sync_as_system(system: &SystemActor, number: i64) -> Result<()> {
    let Some(viewer) = system.reader().await? else {
        return Ok(());
    };
    let review = read::one(&viewer, number).await?;
    let proposed = propose(&viewer, review.held_on, Some(&review)).await?;
    let (mut tx, permit) = system.begin().await?;
    let current = Current::find(&mut tx, number).await?;
    if current.require_planned().is_err() || !sync(&mut tx, &current, &proposed).await? {
        return Ok(());
    }
    current.touch(&mut tx).await?;
    tx.commit(permit, current.event("updated the agenda of")).await
}

/// Carries over, adds what is proposed, marks what is settled; says whether anything changed.
pub(super) async fn sync(tx: &mut Transaction, current: &Current, proposed: &[ProposedItem]) -> Result<bool> {
    let mut has_changed = carry_over(tx, current).await?;
    let known: Vec<ItemRow> = tx
        .fetch_all(
            sql!(
                "select id, subject, title, why, state from review_items where workspace_id = $1 and review_id
                 = $2"
            ),
            args![current.id],
        )
        .await?;
    for item in proposed {
        match known.iter().find(|row| row.subject == item.subject) {
            None => {
                add(tx, current, item, None).await?;
                has_changed = true;
            }
            Some(row) => has_changed |= refresh(tx, row, item).await?,
        }
    }
    let now = tx.now();
    for row in known {
        let is_house_s = !row.subject.starts_with(TOPIC);
        let is_settled = !proposed.iter().any(|item| item.subject == row.subject);
        if is_house_s && is_settled && row.state == ItemState::Open {
            set_state(tx, row.id, ItemState::Resolved, Some(now), None).await?;
            has_changed = true;
        }
    }
    Ok(has_changed)
}

/// What was settled and needs attention again is open again, and why it is here is said as things stand now.
async fn refresh(tx: &mut Transaction, row: &ItemRow, item: &ProposedItem) -> Result<bool> {
    let is_back = row.state == ItemState::Resolved;
    if is_back {
        set_state(tx, row.id, ItemState::Open, None, None).await?;
    }
    if (&row.title, &row.why) == (&item.title, &item.why) {
        return Ok(is_back);
    }
    tx.execute(
        sql!("update review_items set title = $3, why = $4 where workspace_id = $1 and id = $2"),
        args![row.id, item.title.as_str(), item.why.as_str()],
    )
    .await?;
    Ok(true)
}

async fn next_number(tx: &mut Transaction, current: &Current) -> Result<i64> {
    let (number,): (i64,) = tx
        .fetch_one(
            sql!(
                "select coalesce(max(number), 0) + 1 from review_items where workspace_id = $1 and review_id =
                 $2"
            ),
            args![current.id],
        )
        .await?;
    Ok(number)
}

async fn add(
    tx: &mut Transaction,
    current: &Current,
    item: &ProposedItem,
    raised_by: Option<MemberId>,
) -> Result<ReviewItemId> {
    let number = next_number(tx, current).await?;
    let (id, now): (ReviewItemId, _) = (tx.fresh_id(), tx.now());
    tx.execute(
        sql!(
            "insert into review_items (id, workspace_id, review_id, number, part, subject, title, why, path,
             minutes,
             raised_by, state, taken_seconds, added_at)
             values ($2, $1, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'open', 0, $12)"
        ),
        args![
            id,
            current.id,
            number,
            item.part,
            item.subject.as_str(),
            item.title.as_str(),
            item.why.as_str(),
            item.path.as_deref(),
            item.minutes,
            raised_by,
            now
        ],
    )
    .await?;
    Ok(id)
}

#[derive(sqlx::FromRow)]
struct CarriedRow {
    id: ReviewItemId,
    part: AgendaPart,
    subject: String,
    title: String,
    why: String,
    path: Option<String>,
    minutes: i64,
    raised_by: Option<MemberId>,
}

/// What earlier reviews left open or parked; each goes on once.
async fn carry_over(tx: &mut Transaction, current: &Current) -> Result<bool> {
    let left: Vec<CarriedRow> = tx
        .fetch_all(
            sql!(
                "select i.id, i.part, i.subject, i.title, i.why, i.path, i.minutes, i.raised_by
                 from review_items i join reviews r on r.id = i.review_id
                 where i.workspace_id = $1 and (r.ended_at is not null or r.skipped_at is not null) and
                 i.review_id <> $2
                   and i.state in ('open', 'parked') and i.part not in ('actions', 'changes', 'close')
                   and not exists (select 1 from review_items c where c.carried_from = i.id)
                   and not exists (select 1 from review_items o where o.review_id = $2 and o.subject =
                   i.subject)
                 order by r.number desc, i.number limit 200"
            ),
            args![current.id],
        )
        .await?;
    let has_some = !left.is_empty();
    let mut seen: Vec<String> = Vec::new();
    for row in left {
        if seen.contains(&row.subject) {
            continue;
        }
        seen.push(row.subject.clone());
        let item = ProposedItem {
            part: row.part,
            subject: row.subject,
            title: row.title,
            why: row.why,
            path: row.path,
            minutes: row.minutes,
        };
        let id = add(tx, current, &item, row.raised_by).await?;
        tx.execute(
            sql!("update review_items set carried_from = $3 where workspace_id = $1 and id = $2"),
            args![id, row.id],
        )
        .await?;
    }
    Ok(has_some)
}

async fn set_state(
    tx: &mut Transaction,
    id: ReviewItemId,
    state: ItemState,
    at: Option<Timestamp>,
    by: Option<MemberId>,
) -> Result<()> {
    tx.execute(
        sql!(
            "update review_items set state = $3, state_at = $4, state_by = $5 where workspace_id = $1 and id =
             $2"
        ),
        args![id, state, at, by],
    )
    .await?;
    Ok(())
}

/// Raises something to speak of, before or during the meeting. Sent twice with one id, it is raised once.
pub async fn raise(
    viewer: &Viewer,
    number: i64,
    id: ReviewItemId,
    (part, title, why): (AgendaPart, &str, &str),
) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let permit = super::permit_of_participant(&tx)?;
    let current = Current::find(&mut tx, number).await?;
    if !current.is_running() {
        current.require_before_meeting()?;
    }
    if matches!(
        part,
        AgendaPart::Actions | AgendaPart::Changes | AgendaPart::Close
    ) {
        return Err(Error::invalid("part", "Choose another part."));
    }
    let subject = format!("{TOPIC}{id}");
    let known: Option<(ReviewItemId,)> = tx
        .fetch_optional(
            sql!("select id from review_items where workspace_id = $1 and review_id = $2 and subject = $3"),
            args![current.id, subject.as_str()],
        )
        .await?;
    if known.is_some() {
        return Ok(());
    }
    if next_number(&mut tx, &current).await? > MOST_ITEMS {
        return Err(Error::invalid("title", "This review has 500 items already."));
    }
    let item = ProposedItem {
        part,
        subject,
        title: title.to_owned(),
        why: why.to_owned(),
        path: None,
        minutes: part.usual_minutes(),
    };
    let me = tx.member_id();
    add(&mut tx, &current, &item, me).await?;
    current.touch(&mut tx).await?;
    tx.commit(permit, current.event("raised a topic in").detail(title))
        .await
}

async fn item(tx: &mut Transaction, current: &Current, number: i64) -> Result<ItemRow> {
    tx.fetch_one(
        sql!(
            "select id, subject, title, why, state from review_items where workspace_id = $1 and review_id =
             $2 and
             number = $3"
        ),
        args![current.id, number],
    )
    .await
}

/// Parks an item, drops it, or takes it up again; during the meeting it may be discussed, too.
pub async fn set_item_state(viewer: &Viewer, number: i64, of: i64, state: ItemState) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::PrepareReview)?;
    let current = Current::find(&mut tx, number).await?;
    if !current.is_running() {
        current.require_before_meeting()?;
    }
    let verb = match state {
        ItemState::Open => "took up again in",
        ItemState::Parked => "parked an item of",
        ItemState::Dropped => "dropped an item of",
        ItemState::Discussed if current.is_running() => "discussed in",
        _ => return Err(Error::invalid("state", "Choose one.")),
    };
    let row = item(&mut tx, &current, of).await?;
    if row.state == state {
        return Ok(());
    }
    let at = (state != ItemState::Open).then(|| tx.now());
    let by = at.and(tx.member_id());
    set_state(&mut tx, row.id, state, at, by).await?;
    current.touch(&mut tx).await?;
    tx.commit(permit, current.event(verb).detail(row.title)).await
}

/// Says how many minutes an item gets, and who speaks first.
pub async fn plan_item(
    viewer: &Viewer,
    number: i64,
    of: i64,
    minutes: i64,
    speaker: Option<MemberId>,
) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::PrepareReview)?;
    let current = Current::find(&mut tx, number).await?;
    if !current.is_running() {
        current.require_before_meeting()?;
    }
    if !(0..=120).contains(&minutes) {
        return Err(Error::invalid("minutes", "Choose 0 to 120 minutes."));
    }
    if let Some(speaker) = speaker {
        require_of_side(&mut tx, "speaker", speaker, None).await?;
    }
    let row = item(&mut tx, &current, of).await?;
    tx.execute(
        sql!("update review_items set minutes = $3, speaker_id = $4 where workspace_id = $1 and id = $2"),
        args![row.id, minutes, speaker],
    )
    .await?;
    current.touch(&mut tx).await?;
    let event = current
        .event("planned an item of")
        .detail(format!("{}: {minutes} minutes", row.title));
    tx.commit(permit, event).await
}
