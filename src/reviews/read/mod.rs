//! What the reviews' pages ask. Of a frozen review they ask its own rows alone, and who its people are.

mod agenda;

mod record;

pub use self::{
    agenda::{
        Attendance, Item, Note, ReviewAction, action, actions, attendance, item_of, items, notes,
        open_actions,
    },
    record::{Addendum, Minutes, Resolution, ReviewSnapshot, addenda, minutes, resolutions, snapshot},
};

pub(super) use self::{
    agenda::{ACTIONS, ITEMS, NOTES},
    record::RESOLUTIONS,
};

use super::ReviewState;
use crate::{
    args,
    handshake::{
        State,
        read::{Standing, StandingRow},
    },
    identity::{Reader, Side, Viewer},
    platform::{
        error::Result,
        ids::{MemberId, ReviewId, ReviewItemId, SnapshotId},
        text::join_details,
        time::{Day, Timestamp, days},
    },
    sql,
};

#[derive(Clone, Debug, sqlx::FromRow)]
struct ReviewRow {
    id: ReviewId,
    number: i64,
    held_on: Day,
    starts_at: i64,
    slot_minutes: i64,
    place: String,
    chair: Side,
    sequence: i64,
    snapshot_id: Option<SnapshotId>,
    started_at: Option<Timestamp>,
    ended_at: Option<Timestamp>,
    skipped_at: Option<Timestamp>,
    skipped_because: Option<String>,
    lapsed_at: Option<Timestamp>,
    stage_holder: Option<MemberId>,
    stage_holder_name: Option<String>,
    stage_item: Option<ReviewItemId>,
    stage_since: Option<Timestamp>,
    version: i64,
    pulse: i64,
    minutes_sealed_at: Option<Timestamp>,
    #[sqlx(flatten)]
    standing: StandingRow,
}

/// A review and where it is on its way.
#[derive(Clone, Debug)]
pub struct Review {
    pub id: ReviewId,
    pub number: i64,
    pub held_on: Day,
    /// Minutes after midnight in the workspace's zone.
    pub starts_at: i64,
    pub slot_minutes: i64,
    pub place: String,
    pub chair: Side,
    pub sequence: i64,
    pub snapshot_id: Option<SnapshotId>,
    pub started_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    pub skipped: Option<(Timestamp, String)>,
    pub stage_holder: Option<(MemberId, String)>,
    pub stage: Option<(ReviewItemId, Timestamp)>,
    pub version: i64,
    pub pulse: i64,
    pub state: ReviewState,
    /// Of its minutes, once they were offered.
    pub standing: Option<Standing>,
}

impl Review {
    pub fn path(&self) -> String {
        format!("reviews/{}", self.number)
    }
}

impl From<ReviewRow> for Review {
    fn from(row: ReviewRow) -> Self {
        let standing = row.standing.standing();
        let state = if row.skipped_at.is_some() {
            ReviewState::Skipped
        } else if row.minutes_sealed_at.is_some() {
            ReviewState::Sealed
        } else if row.lapsed_at.is_some() {
            ReviewState::Lapsed
        } else if row.ended_at.is_some() {
            match standing.as_ref().map(|standing| standing.state) {
                Some(State::Objected { .. }) => ReviewState::Objected,
                Some(_) => ReviewState::Offered,
                None => ReviewState::Ended,
            }
        } else if row.started_at.is_some() {
            ReviewState::Running
        } else if row.snapshot_id.is_some() {
            ReviewState::Frozen
        } else {
            ReviewState::Planned
        };
        Self {
            id: row.id,
            number: row.number,
            held_on: row.held_on,
            starts_at: row.starts_at,
            slot_minutes: row.slot_minutes,
            place: row.place,
            chair: row.chair,
            sequence: row.sequence,
            snapshot_id: row.snapshot_id,
            started_at: row.started_at,
            ended_at: row.ended_at,
            skipped: row.skipped_at.zip(row.skipped_because),
            stage_holder: row.stage_holder.zip(row.stage_holder_name),
            stage: row.stage_item.zip(row.stage_since),
            version: row.version,
            pulse: row.pulse,
            state,
            standing,
        }
    }
}

macro_rules! reviews_where {
    ($rest:literal) => {
        concat!(
            "select r.id, r.number, r.held_on, r.starts_at, r.slot_minutes, r.place, r.chair, r.sequence,
                    r.snapshot_id, r.started_at, r.ended_at, r.skipped_at, r.skipped_because, r.lapsed_at,
                    r.stage_holder, sm.name as stage_holder_name, r.stage_item, r.stage_since, r.version,
                    r.pulse,
                    m.sealed_at as minutes_sealed_at, ",
            crate::seat_columns!(),
            "from reviews r
             left join people sm on sm.id = r.stage_holder
             left join review_minutes m on m.review_id = r.id
             left join tabled_handshakes h on h.kind = 'minutes' and h.subject_id = r.id ",
            crate::seat_joins!(),
            "where r.workspace_id = $1 ",
            $rest
        )
    };
}

/// One review by its number.
pub async fn one(viewer: &Viewer, number: i64) -> Result<Review> {
    let row: ReviewRow = viewer
        .fetch_one(sql!(reviews_where!("and r.number = $2")), args![number])
        .await?;
    Ok(row.into())
}

/// The reviews that are not over, the first to be held first.
pub async fn ahead(reader: &impl Reader) -> Result<Vec<Review>> {
    let rows: Vec<ReviewRow> = reader
        .fetch_all(
            sql!(reviews_where!(
                "and r.ended_at is null and r.skipped_at is null order by r.held_on, r.starts_at, r.number limit 50"
            )),
            Vec::new(),
        )
        .await?;
    Ok(rows.into_iter().map(Review::from).collect())
}

/// Those that were called off and were to be held since then.
pub async fn called_off(reader: &impl Reader, since: Day) -> Result<Vec<Review>> {
    let rows: Vec<ReviewRow> = reader
        .fetch_all(
            sql!(reviews_where!(
                "and r.skipped_at is not null and r.held_on >= $2 order by r.held_on, r.number limit 50"
            )),
            args![since],
        )
        .await?;
    Ok(rows.into_iter().map(Review::from).collect())
}

/// Who speaks in a review that is not over.
pub async fn speakers(reader: &impl Reader) -> Result<Vec<(ReviewId, MemberId)>> {
    reader
        .fetch_all(
            sql!(
                "select distinct i.review_id, i.speaker_id from review_items i join reviews r on r.id =
                 i.review_id
                 where i.workspace_id = $1 and i.speaker_id is not null and r.ended_at is null
                   and i.state in ('open', 'discussed')"
            ),
            Vec::new(),
        )
        .await
}

/// The reviews that were held or skipped, the last one first.
pub async fn past(viewer: &Viewer, most: i64, skip: i64) -> Result<Vec<Review>> {
    let rows: Vec<ReviewRow> = viewer
        .fetch_all(
            sql!(reviews_where!(
                "and (r.ended_at is not null or r.skipped_at is not null) order by r.held_on desc, r.number desc
                 limit $2 offset $3"
            )),
            args![most, skip],
        )
        .await?;
    Ok(rows.into_iter().map(Review::from).collect())
}

/// Those that are not over, and those whose minutes neither sealed nor lapsed.
pub async fn unfinished(reader: &impl Reader) -> Result<Vec<Review>> {
    let rows: Vec<ReviewRow> = reader
        .fetch_all(
            sql!(reviews_where!(
                "and r.skipped_at is null and r.lapsed_at is null and m.sealed_at is null
                 order by r.held_on, r.starts_at, r.number limit 50"
            )),
            Vec::new(),
        )
        .await?;
    Ok(rows.into_iter().map(Review::from).collect())
}

/// The last review over frozen facts before the one with this number on a day.
pub async fn held_before(reader: &impl Reader, held_on: Day, number: i64) -> Result<Option<Review>> {
    let rows: Vec<ReviewRow> = reader
        .fetch_all(
            sql!(reviews_where!(
                "and r.snapshot_id is not null and r.started_at is not null
                 and (r.held_on < $2 or (r.held_on = $2 and r.number < $3))
                 order by r.held_on desc, r.number desc limit 1"
            )),
            args![held_on, number],
        )
        .await?;
    Ok(rows.into_iter().next().map(Review::from))
}

/// The next review in short.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct NextReview {
    pub number: i64,
    pub held_on: Day,
    pub is_running: bool,
    /// On its agenda, once that is frozen; until then it follows what needs attention.
    pub items: i64,
    /// Of all reviews.
    pub open_actions: i64,
}

impl NextReview {
    pub fn path(&self) -> String {
        format!("reviews/{}", self.number)
    }

    /// "Next review in 6 days · 9 items · 2 actions open".
    pub fn label(&self, today: Day) -> String {
        let ahead = self.held_on.days_since(today);
        let when = match ahead {
            _ if self.is_running => "A review is running now".to_owned(),
            ..0 => format!("Review planned {} ago", days(-ahead)),
            0 => "Review today".to_owned(),
            1 => "Review tomorrow".to_owned(),
            _ => format!("Next review in {}", days(ahead)),
        };
        let count = |count: i64, one: &str, many: &str| match count {
            1 => format!("1 {one}"),
            _ => format!("{count} {many}"),
        };
        join_details([
            Some(when),
            (self.items > 0).then(|| count(self.items, "item", "items")),
            (self.open_actions > 0).then(|| count(self.open_actions, "action open", "actions open")),
        ])
    }
}

/// The first that is not over.
pub async fn next(viewer: &Viewer) -> Result<Option<NextReview>> {
    viewer
        .fetch_optional(
            sql!(
                "select r.number, r.held_on, r.started_at is not null as is_running,
                    (select count(*) from review_items i where i.review_id = r.id and i.state in ('open',
                    'discussed')
                     and r.snapshot_id is not null) as items,
                    (select count(*) from review_actions a left join checkpoint_facts c on c.id =
                    a.checkpoint_id
                     where a.workspace_id = r.workspace_id and a.state = 'open' and c.passed_at is null) as
                     open_actions
                 from reviews r where r.workspace_id = $1 and r.ended_at is null and r.skipped_at is null
                 order by r.held_on, r.starts_at, r.number limit 1"
            ),
            Vec::new(),
        )
        .await
}

/// How many things of a review there are.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Counts {
    pub review_id: Option<ReviewId>,
    pub present: i64,
    pub resolutions: i64,
    pub actions: i64,
    pub actions_done: i64,
}

/// Of the reviews that are listed.
pub async fn counts(viewer: &Viewer) -> Result<Vec<Counts>> {
    viewer
        .fetch_all(
            sql!(
                "select r.id as review_id,
                    (select count(*) from review_attendance a where a.review_id = r.id and a.is_present) as
                    present,
                    (select count(*) from review_notes n where n.review_id = r.id and n.kind = 'resolution'
                     and not exists (select 1 from review_omissions o where o.note_id = n.id)) as resolutions,
                    (select count(*) from review_actions x where x.review_id = r.id) as actions,
                    (select count(*) from review_actions x where x.review_id = r.id and x.state = 'done') as
                    actions_done
                 from reviews r where r.workspace_id = $1 and r.ended_at is not null"
            ),
            Vec::new(),
        )
        .await
}

/// How often reviews are held.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Rhythm {
    pub every_weeks: i64,
    /// Monday is 0.
    pub weekday: i64,
    pub starts_at: i64,
    pub slot_minutes: i64,
    pub version: i64,
}

pub async fn rhythm(reader: &impl Reader) -> Result<Option<Rhythm>> {
    let rows: Vec<Rhythm> = reader
        .fetch_all(
            sql!(
                "select every_weeks, weekday, starts_at, slot_minutes, version from review_rhythms where
                 workspace_id = $1"
            ),
            Vec::new(),
        )
        .await?;
    Ok(rows.into_iter().next())
}

/// The day of the last review that was planned, held or not.
pub async fn last_day(reader: &impl Reader) -> Result<Option<Day>> {
    let rows: Vec<(Option<Day>,)> = reader
        .fetch_all(
            sql!("select max(held_on) from reviews where workspace_id = $1"),
            Vec::new(),
        )
        .await?;
    Ok(rows.into_iter().next().and_then(|(day,)| day))
}

/// How often it changed: for whoever watches a review without reading it anew.
pub async fn pulse(viewer: &Viewer, number: i64) -> Result<i64> {
    let (pulse,): (i64,) = viewer
        .fetch_one(
            sql!("select pulse from reviews where workspace_id = $1 and number = $2"),
            args![number],
        )
        .await?;
    Ok(pulse)
}
