//! What may be done to reviews, a function a verb.

mod actions;
mod agenda;
mod corrections;
mod freeze;
mod hand_over;
mod minutes;
mod stage;

pub use self::{
    actions::{ActionInput, Settlement, give_action, settle_action},
    agenda::{plan_item, raise, set_item_state, sync_as_system},
    freeze::{ask_missing, freeze, freeze_as_system, thaw},
    hand_over::hand_over,
    minutes::{
        AddendumOnTable, MinutesOnTable, add_addendum, lapse, offer_minutes, take_back_addendum,
        write_minutes,
    },
    stage::{end, go, mark_present, note, resume, start, take_stage, take_start_back},
};

use super::{
    agenda::{ProposedItem, propose},
    read::Rhythm,
};
use crate::{
    args,
    identity::{Action, Permit, Side, Transaction, Viewer},
    platform::{
        audit::Event,
        error::{Error, Result},
        ids::{MemberId, ReviewId, ReviewItemId, SnapshotId},
        time::{Day, Timestamp},
    },
    sql,
};

/// When, how long and where a review is held, and which side takes the chair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewInput {
    pub held_on: Day,
    /// Minutes after midnight.
    pub starts_at: i64,
    pub slot_minutes: i64,
    /// A room or a link; may be empty.
    pub place: String,
    pub chair: Side,
}

#[derive(sqlx::FromRow)]
struct Current {
    id: ReviewId,
    number: i64,
    held_on: Day,
    starts_at: i64,
    slot_minutes: i64,
    place: String,
    chair: Side,
    snapshot_id: Option<SnapshotId>,
    started_at: Option<Timestamp>,
    ended_at: Option<Timestamp>,
    skipped_at: Option<Timestamp>,
    lapsed_at: Option<Timestamp>,
    stage_holder: Option<MemberId>,
    stage_item: Option<ReviewItemId>,
    stage_since: Option<Timestamp>,
    version: i64,
    minutes_sealed_at: Option<Timestamp>,
}

const CURRENT: crate::platform::db::Sql = sql!(
    "select r.id, r.number, r.held_on, r.starts_at, r.slot_minutes, r.place, r.chair, r.snapshot_id,
     r.started_at,
            r.ended_at, r.skipped_at, r.lapsed_at, r.stage_holder, r.stage_item, r.stage_since, r.version,
            m.sealed_at as minutes_sealed_at
     from reviews r left join review_minutes m on m.review_id = r.id
     where r.workspace_id = $1 and r.number = $2"
);

impl Current {
    async fn find(tx: &mut Transaction, number: i64) -> Result<Self> {
        tx.fetch_one(CURRENT, args![number]).await
    }

    fn event(&self, verb: &'static str) -> Event {
        Event::new(verb, "review", self.id.uuid(), format!("Review {}", self.number))
            .at(format!("reviews/{}", self.number))
    }

    const fn is_running(&self) -> bool {
        self.started_at.is_some() && self.ended_at.is_none()
    }

    fn require_before_meeting(&self) -> Result<()> {
        if self.started_at.is_none() && self.skipped_at.is_none() {
            Ok(())
        } else {
            Err(Error::invalid("", "This review has begun or was called off."))
        }
    }

    fn require_planned(&self) -> Result<()> {
        self.require_before_meeting()?;
        if self.snapshot_id.is_none() {
            Ok(())
        } else {
            Err(Error::invalid(
                "",
                "This review is frozen. Unfreeze it before you change it.",
            ))
        }
    }

    fn require_running(&self) -> Result<()> {
        if self.is_running() {
            Ok(())
        } else {
            Err(Error::invalid("", "This review is not running."))
        }
    }

    /// Whoever watches it reads it anew.
    async fn touch(&self, tx: &mut Transaction) -> Result<()> {
        tx.execute(
            sql!("update reviews set pulse = pulse + 1 where workspace_id = $1 and id = $2"),
            args![self.id],
        )
        .await?;
        Ok(())
    }
}

/// Longest and shortest meeting, in minutes.
const SLOT: std::ops::RangeInclusive<i64> = 15..=240;

/// Further ahead nobody plans a meeting.
const PLANNED_AHEAD_DAYS: i64 = 400;

fn check(tx: &Transaction, input: &ReviewInput) -> Result<()> {
    let today = tx.today();
    if input.held_on < today {
        return Err(Error::invalid("held_on", "Choose today or a later day."));
    }
    if input.held_on > today.plus(PLANNED_AHEAD_DAYS) {
        return Err(Error::invalid("held_on", "Choose a day within a year."));
    }
    if !SLOT.contains(&input.slot_minutes) {
        return Err(Error::invalid("slot_minutes", "Choose 15 to 240 minutes."));
    }
    Ok(())
}

/// Plans a review. Sent twice with one id, it is planned once.
pub async fn plan(viewer: &Viewer, id: ReviewId, input: ReviewInput) -> Result<i64> {
    let proposed = propose(viewer, input.held_on, None).await?;
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::PrepareReview)?;
    let known: Option<(i64,)> = tx
        .fetch_optional(
            sql!("select number from reviews where workspace_id = $1 and id = $2"),
            args![id],
        )
        .await?;
    if let Some((number,)) = known {
        return Ok(number);
    }
    check(&tx, &input)?;
    let (number,): (i64,) = tx
        .fetch_one(
            sql!("select coalesce(max(number), 0) + 1 from reviews where workspace_id = $1"),
            Vec::new(),
        )
        .await?;
    let (now, me) = (tx.now(), tx.member_id());
    tx.execute(
        sql!(
            "insert into reviews (id, workspace_id, number, held_on, starts_at, slot_minutes, place, chair,
             planned_at,
             planned_by, sequence, version, pulse) values ($2, $1, $3, $4, $5, $6, $7, $8, $9, $10, 0, 1, 1)"
        ),
        args![
            id,
            number,
            input.held_on,
            input.starts_at,
            input.slot_minutes,
            input.place.as_str(),
            input.chair,
            now,
            me
        ],
    )
    .await?;
    let current = Current::find(&mut tx, number).await?;
    agenda::sync(&mut tx, &current, &proposed).await?;
    let event = current.event("planned").detail(input.held_on.format_long());
    tx.commit(permit, event).await?;
    Ok(number)
}

/// Moves a review, or changes how it is held.
pub async fn change(viewer: &Viewer, number: i64, version: i64, input: ReviewInput) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::PrepareReview)?;
    let current = Current::find(&mut tx, number).await?;
    current.require_planned()?;
    if current.version != version {
        return Err(Error::Conflict);
    }
    check(&tx, &input)?;
    let before = ReviewInput {
        held_on: current.held_on,
        starts_at: current.starts_at,
        slot_minutes: current.slot_minutes,
        place: current.place.clone(),
        chair: current.chair,
    };
    if before == input {
        return Ok(());
    }
    tx.execute(
        sql!(
            "update reviews set held_on = $3, starts_at = $4, slot_minutes = $5, place = $6, chair = $7,
             sequence = sequence + 1, version = version + 1, pulse = pulse + 1 where workspace_id = $1 and id
             = $2"
        ),
        args![
            current.id,
            input.held_on,
            input.starts_at,
            input.slot_minutes,
            input.place.as_str(),
            input.chair
        ],
    )
    .await?;
    let when = |input: &ReviewInput| {
        format!(
            "{}, {}",
            input.held_on.format_long(),
            super::clock_time(input.starts_at)
        )
    };
    let event = current.event("changed").with_changes(&[
        ("When", &when(&before), &when(&input)),
        ("Where", &before.place, &input.place),
        ("Chair", before.chair.name(), input.chair.name()),
        (
            "Minutes",
            &before.slot_minutes.to_string(),
            &input.slot_minutes.to_string(),
        ),
    ]);
    tx.commit(permit, event).await
}

/// Calls a review off, and says why. What was to be spoken of goes on to the next one.
pub async fn skip(viewer: &Viewer, number: i64, because: &str) -> Result<()> {
    let next = Next::read(viewer, number).await?;
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::LeadReview)?;
    let current = Current::find(&mut tx, number).await?;
    current.require_before_meeting()?;
    let now = tx.now();
    tx.execute(
        sql!(
            "update reviews set skipped_at = $3, skipped_because = $4, sequence = sequence + 1, version =
             version + 1,
             pulse = pulse + 1 where workspace_id = $1 and id = $2"
        ),
        args![current.id, now, because],
    )
    .await?;
    Next::take_up(next, &mut tx).await?;
    tx.commit(permit, current.event("called off").detail(because))
        .await
}

/// The review after one that ends, and what is proposed for it: what goes on stands on its agenda at once.
struct Next {
    number: i64,
    proposed: Vec<ProposedItem>,
}

impl Next {
    async fn read(viewer: &Viewer, ending: i64) -> Result<Option<Self>> {
        let ahead = super::read::ahead(viewer).await?;
        let next = ahead
            .into_iter()
            .find(|review| review.number != ending && review.state == super::ReviewState::Planned);
        match next {
            Some(next) => Ok(Some(Self {
                number: next.number,
                proposed: propose(viewer, next.held_on, Some(&next)).await?,
            })),
            None => Ok(None),
        }
    }

    async fn take_up(next: Option<Self>, tx: &mut Transaction) -> Result<()> {
        let Some(next) = next else { return Ok(()) };
        let current = Current::find(tx, next.number).await?;
        if current.require_planned().is_ok() && agenda::sync(tx, &current, &next.proposed).await? {
            current.touch(tx).await?;
        }
        Ok(())
    }
}

/// Says how often reviews are held.
pub async fn set_rhythm(viewer: &Viewer, rhythm: Rhythm) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::PrepareReview)?;
    if !(1..=26).contains(&rhythm.every_weeks) {
        return Err(Error::invalid("every_weeks", "Choose 1 to 26 weeks."));
    }
    if !(0..=6).contains(&rhythm.weekday) {
        return Err(Error::invalid("weekday", "Choose a weekday."));
    }
    if !SLOT.contains(&rhythm.slot_minutes) {
        return Err(Error::invalid("slot_minutes", "Choose 15 to 240 minutes."));
    }
    let before: Option<(i64,)> = tx
        .fetch_optional(
            sql!("select version from review_rhythms where workspace_id = $1"),
            Vec::new(),
        )
        .await?;
    if before.map_or(0, |(version,)| version) != rhythm.version {
        return Err(Error::Conflict);
    }
    tx.execute(
        sql!(
            "insert into review_rhythms (workspace_id, every_weeks, weekday, starts_at, slot_minutes, version)
             values ($1, $2, $3, $4, $5, 1)
             on conflict (workspace_id) do update set every_weeks = excluded.every_weeks, weekday =
             excluded.weekday,
             starts_at = excluded.starts_at, slot_minutes = excluded.slot_minutes, version =
             review_rhythms.version + 1"
        ),
        args![
            rhythm.every_weeks,
            rhythm.weekday,
            rhythm.starts_at,
            rhythm.slot_minutes
        ],
    )
    .await?;
    let event = Event::new("set the rhythm of", "review", None, "the reviews")
        .at("reviews")
        .detail(format!("every {} weeks", rhythm.every_weeks));
    tx.commit(permit, event).await
}

/// The permit of whoever takes part, for notes and actions.
fn permit_of_participant(tx: &Transaction) -> Result<Permit> {
    tx.permit(Action::TakePartInReview)
}
