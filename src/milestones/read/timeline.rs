//! The timeline: marks by day, and the baselines that they are seen against.

use crate::{
    args,
    identity::Viewer,
    milestones::BaselineLine,
    platform::{
        error::Result,
        ids::MilestoneId,
        time::{Day, Timestamp},
    },
    sql,
    waits::WaitOutcome,
};

/// One mark on the timeline.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Mark {
    pub number: i64,
    pub title: String,
    pub initiative_number: i64,
    pub initiative: String,
    /// Those of the initiative.
    pub starts_on: Day,
    pub ends_on: Day,
    pub promised_on: Day,
    pub due_on: Day,
    pub wait_outcome: WaitOutcome,
    /// Undecided decisions and accesses that are not granted, for which it waits.
    pub held_by: i64,
}

/// A checkpoint on the timeline.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Tick {
    pub initiative_number: i64,
    pub milestone_number: i64,
    pub due_on: Day,
    pub passed_at: Option<Timestamp>,
}

/// The first and the last day that an open milestone was promised for or is due on.
pub async fn open_span(viewer: &Viewer) -> Result<Option<(Day, Day)>> {
    let (promised, due, last): (Option<Day>, Option<Day>, Option<Day>) = viewer
        .fetch_one(
            sql!(
                "select min(m.promised_on), min(m.due_on), max(m.due_on) from milestones m join
                 initiative_facts i
                 on i.id = m.initiative_id where m.workspace_id = $1 and m.archived_at is null and
                 m.accepted_at
                 is null and i.is_running"
            ),
            Vec::new(),
        )
        .await?;
    Ok(promised
        .zip(due)
        .zip(last)
        .map(|((promised, due), last)| (promised.min(due), last)))
}

/// Whether a milestone of an initiative `i` is drawn between `$2` and `$3`: one that is still owed is,
/// however long ago.
macro_rules! drawn {
    ($milestone:literal) => {
        concat!(
            $milestone,
            ".archived_at is null and ",
            $milestone,
            ".due_on <= $3 and (",
            $milestone,
            ".due_on >= $2 or (",
            $milestone,
            ".accepted_at is null and i.is_running))"
        )
    };
}

/// How many initiatives are on the timeline between two days.
pub async fn initiatives_with_marks(viewer: &Viewer, from: Day, to: Day) -> Result<i64> {
    let (count,): (i64,) = viewer
        .fetch_one(
            sql!(concat!(
                "select count(distinct m.initiative_id) from milestones m join initiative_facts i on i.id =
                 m.initiative_id where m.workspace_id = $1 and ",
                drawn!("m")
            )),
            args![from, to],
        )
        .await?;
    Ok(count)
}

/// The initiatives `shown` on the timeline between `$2` and `$3`, those under way first: `$4` of them after
/// `$5`.
macro_rules! shown_initiatives {
    () => {
        concat!(
            "with shown as (
             select i.id, i.number, i.title, i.is_over, i.is_running, i.starts_on, i.due_on, row_number() over
             (order
             by case i.phase when 'active' then 0 when 'paused' then 1 when 'proposed' then 2 else 3 end,
             i.due_on, i.number) as rank
             from initiative_facts i where i.workspace_id = $1
               and exists (select 1 from milestones m where m.initiative_id = i.id and ",
            drawn!("m"),
            ")
             order by rank limit $4 offset $5) "
        )
    };
}

/// The checkpoints of what [`marks`] gives.
pub async fn ticks(viewer: &Viewer, (from, to): (Day, Day), most: i64, skip: i64) -> Result<Vec<Tick>> {
    viewer
        .fetch_all(
            sql!(concat!(
                shown_initiatives!(),
                "select i.number as initiative_number, p.number as milestone_number, c.due_on, c.passed_at
                 from shown i join milestones p on p.initiative_id = i.id and ",
                drawn!("p"),
                "
                 join checkpoints c on c.milestone_id = p.id and c.archived_at is null
                 order by i.number, c.due_on limit 5000"
            )),
            args![from, to, most, skip],
        )
        .await
}

/// The timeline of some initiatives between two days, those under way first, grouped by initiative.
pub async fn marks(viewer: &Viewer, (from, to): (Day, Day), most: i64, skip: i64) -> Result<Vec<Mark>> {
    viewer
        .fetch_all(
            sql!(concat!(
                shown_initiatives!(),
                "select p.number, p.title, i.number as initiative_number, i.title as initiative,
                 p.promised_on,
             p.due_on, i.starts_on, i.due_on as ends_on,
                    case when p.accepted_at is not null then 'there' when i.is_over then 'not_reached' else
                    'ahead' end as wait_outcome,
                    (select count(*) from decision_waits w join decision_facts d on d.id = w.decision_id where
                    w.milestone_id = p.id and d.signed_at is null)
                    + (select count(*) from milestone_access_waits w join access_facts r on r.id = w.access_id
                       where w.milestone_id = p.id and r.granted_at is null) as held_by
             from shown i join milestones p on p.initiative_id = i.id and ",
                drawn!("p"),
                "
             order by i.rank, p.due_on, p.number"
            )),
            args![from, to, most, skip],
        )
        .await
}

/// A baseline and its number.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Baseline {
    pub id: crate::platform::ids::BaselineId,
    pub number: i64,
    content: String,
    pub proposed_at: Timestamp,
    pub fixed_at: Option<Timestamp>,
}

impl Baseline {
    pub fn lines(&self) -> Vec<BaselineLine> {
        serde_json::from_str(&self.content).unwrap_or_default()
    }
}

/// The newest baseline that both leads agreed on.
pub async fn agreed_baseline(viewer: &Viewer) -> Result<Option<Baseline>> {
    viewer
        .fetch_optional(
            sql!(
                "select id, number, content, proposed_at, fixed_at from baselines where workspace_id = $1 and
                 fixed_at is not null order by number desc limit 1"
            ),
            Vec::new(),
        )
        .await
}

pub async fn baseline(viewer: &Viewer, number: i64) -> Result<Baseline> {
    viewer
        .fetch_one(
            sql!(
                "select id, number, content, proposed_at, fixed_at from baselines where workspace_id
         = $1 and number = $2"
            ),
            args![number],
        )
        .await
}

/// Every baseline, newest first.
pub async fn baselines(viewer: &Viewer) -> Result<Vec<Baseline>> {
    viewer
        .fetch_all(
            sql!(
                "select id, number, content, proposed_at, fixed_at from baselines where workspace_id =
             $1 order by number desc limit 100"
            ),
            Vec::new(),
        )
        .await
}

/// The plan as it stands, as a baseline would have it, and whether its initiative is over.
pub async fn plan(viewer: &Viewer) -> Result<Vec<(BaselineLine, bool)>> {
    let rows: Vec<(MilestoneId, i64, String, String, Day, bool)> = viewer
        .fetch_all(
            sql!(
                "select m.id, m.number, m.title, i.title, m.due_on, i.is_over from milestones m join
                 initiative_facts i on i.id = m.initiative_id
             where m.workspace_id = $1 and m.archived_at is null order by i.number, m.due_on, m.number limit
             5000"
            ),
            Vec::new(),
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|(id, number, title, initiative, due_on, is_over)| {
            (
                BaselineLine {
                    id: id.to_string(),
                    number,
                    title,
                    initiative,
                    due_on: due_on.to_string(),
                },
                is_over,
            )
        })
        .collect())
}
