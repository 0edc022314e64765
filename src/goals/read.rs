//! What the goals' pages ask, and what other rooms ask about goals.

use super::{Access, AccessKind, GoalFacts, GoalStatus, Span, access, status, weakest};
use crate::{
    args,
    handshake::read::{Standing, StandingRow},
    identity::{Action, Side, Viewer},
    kpis::{self, read::KpiSummary, with_unit},
    milestones::{WaitOutcome, schedule_risk},
    platform::{
        error::Result,
        ids::{AccessId, GoalId, InitiativeId, KpiId, MemberId, MilestoneId},
        quantity::Quantity,
        time::{Day, Timestamp},
    },
    ui::Tone,
};

#[derive(Clone, Debug, sqlx::FromRow)]
struct Columns {
    id: GoalId,
    number: i64,
    title: String,
    why: String,
    owner_id: MemberId,
    owner: String,
    starts_on: Day,
    due_on: Day,
    version: i64,
    archived_at: Option<Timestamp>,
    archived_because: Option<String>,
}

#[derive(Clone, Debug, sqlx::FromRow)]
struct MeasureColumns {
    goal_id: GoalId,
    kpi_id: KpiId,
    baseline: Quantity,
    target: Quantity,
    number: i64,
    title: String,
    unit: String,
    is_measured: bool,
}

/// One KPI of a goal, and how far it is.
#[derive(Clone, Debug)]
pub struct GoalMeasure {
    pub kpi_id: KpiId,
    /// The KPI's.
    pub number: i64,
    pub title: String,
    pub unit: String,
    pub span: Span,
    /// The one that counts: the newest, or that of the goal's last period once its date has passed.
    pub value: Option<Quantity>,
    /// The period that it is of, in words.
    pub period: Option<String>,
    /// Whether the KPI is still measured.
    pub is_measured: bool,
    pub status: GoalStatus,
}

/// A goal with its measures, the first named first.
#[derive(Clone, Debug)]
pub struct Goal {
    pub id: GoalId,
    pub number: i64,
    pub title: String,
    pub why: String,
    pub owner_id: MemberId,
    pub owner: String,
    pub starts_on: Day,
    pub due_on: Day,
    pub version: i64,
    pub archived: Option<(Timestamp, String)>,
    pub measures: Vec<GoalMeasure>,
}

impl Goal {
    pub fn path(&self) -> String {
        format!("goals/{}", self.number)
    }

    fn weakest(&self) -> Option<&GoalMeasure> {
        let statuses: Vec<GoalStatus> = self.measures.iter().map(|measure| measure.status).collect();
        weakest(&statuses).and_then(|at| self.measures.get(at))
    }

    /// That of the weakest measure.
    pub fn status(&self) -> GoalStatus {
        self.weakest().map_or(GoalStatus::NoData, |measure| measure.status)
    }

    /// "1 of 3 measures on the way or reached; weakest: Repeat purchase rate, off track, 12 % there"; of a single one, where it is.
    pub fn rollup_label(&self) -> String {
        if let [only] = self.measures.as_slice() {
            let now = only.value.map_or_else(|| "no value yet".to_owned(), Quantity::format);
            return format!("{}: {now}, from {} to {}", only.title, only.span.baseline.format(), with_unit(only.span.target, &only.unit));
        }
        let (fine, of) = (self.measures.iter().filter(|measure| measure.status.is_fine()).count(), self.measures.len());
        let weakest = self.weakest().filter(|measure| !measure.status.is_fine());
        let weakest = weakest.map_or_else(String::new, |measure| format!("; weakest: {}, {}", measure.title, measure.status.label().to_lowercase()));
        format!("{fine} of {of} measures on the way or reached{weakest}")
    }
}

#[derive(Clone, Debug, sqlx::FromRow)]
struct Then {
    kpi_id: KpiId,
    period_on: Day,
    value: Quantity,
}

/// The last period that had ended by a day, and its value.
fn value_by(kpi: &KpiSummary, then: &[Then], day: Day) -> Option<(Day, Quantity)> {
    let ended = |known: &&Then| known.kpi_id == kpi.id && kpi.cadence.step(known.period_on, 1) <= day.plus(1);
    then.iter().filter(ended).max_by_key(|known| known.period_on).map(|known| (known.period_on, known.value))
}

fn goal(row: Columns, measures: &[MeasureColumns], kpis: &[KpiSummary], then: &[Then], today: Day) -> Goal {
    let is_over = today > row.due_on;
    let measures = measures
        .iter()
        .filter(|measure| measure.goal_id == row.id)
        .map(|measure| {
            // A result stays what it was, whatever became of the KPI.
            let kpi = kpis.iter().find(|kpi| kpi.id == measure.kpi_id && (is_over || measure.is_measured));
            let span = Span { baseline: measure.baseline, target: measure.target };
            let counted = kpi.and_then(|kpi| if is_over { value_by(kpi, then, row.due_on) } else { kpi.latest.map(|latest| (latest.period, latest.value)) });
            let (period, value) = (kpi.zip(counted).map(|(kpi, (period, _))| kpi.cadence.format(period, today)), counted.map(|(_, value)| value));
            let outdated = kpi.filter(|_| !is_over).and_then(|kpi| match kpi.status(today) {
                kpis::KpiStatus::Outdated(late) => Some(late),
                _ => None,
            });
            let facts = GoalFacts { span, value, outdated, starts_on: row.starts_on, due_on: row.due_on };
            GoalMeasure {
                kpi_id: measure.kpi_id,
                number: measure.number,
                title: measure.title.clone(),
                unit: measure.unit.clone(),
                span,
                value,
                period,
                is_measured: measure.is_measured,
                status: status(facts, today),
            }
        })
        .collect();
    Goal {
        id: row.id,
        number: row.number,
        title: row.title,
        why: row.why,
        owner_id: row.owner_id,
        owner: row.owner,
        starts_on: row.starts_on,
        due_on: row.due_on,
        version: row.version,
        archived: row.archived_at.zip(row.archived_because),
        measures,
    }
}

macro_rules! goals {
    ($rest:literal) => {
        concat!(
            "select g.id, g.number, g.title, g.why, g.owner_id, a.name as owner, g.starts_on, g.due_on, g.version, g.archived_at, g.archived_because
             from goals g join members m on m.id = g.owner_id join accounts a on a.id = m.account_id where g.workspace_id = $1 ",
            $rest
        )
    };
}

macro_rules! measures {
    ($rest:literal) => {
        concat!(
            "select gm.goal_id, gm.kpi_id, gm.baseline, gm.target, k.number, k.title, k.unit, k.archived_at is null as is_measured from goal_measures gm join kpis k on k.id = gm.kpi_id join goals g on g.id = gm.goal_id
             where gm.workspace_id = $1 ",
            $rest
        )
    };
}

/// For goals whose date has passed, the two newest values that began by it: the last one may have ended after it.
macro_rules! values_then {
    ($rest:literal) => {
        concat!(
            "select distinct v.kpi_id, v.period_on, v.value from goal_measures gm join goals g on g.id = gm.goal_id
             join kpi_values v on v.kpi_id = gm.kpi_id and v.replaced_at is null and v.period_on <= g.due_on and v.period_on >= coalesce(
                  (select x.period_on from kpi_values x where x.kpi_id = gm.kpi_id and x.replaced_at is null and x.period_on <= g.due_on order by x.period_on desc limit 1 offset 1), '')
             where gm.workspace_id = $1 and g.due_on < $2 ",
            $rest
        )
    };
}

/// Every goal that is not archived, by date; `kpis` are at least those that measure a goal.
pub async fn all(viewer: &Viewer, kpis: &[KpiSummary]) -> Result<Vec<Goal>> {
    let today = viewer.today();
    let rows: Vec<Columns> = viewer.fetch_all(goals!("and g.archived_at is null order by g.due_on, g.number"), Vec::new()).await?;
    let measures: Vec<MeasureColumns> = viewer.fetch_all(measures!("and g.archived_at is null order by gm.goal_id, gm.position"), Vec::new()).await?;
    let then: Vec<Then> = viewer.fetch_all(values_then!("and g.archived_at is null"), args![today]).await?;
    Ok(rows.into_iter().map(|row| goal(row, &measures, kpis, &then, today)).collect())
}

/// One goal, also an archived one.
pub async fn one(viewer: &Viewer, number: i64) -> Result<Goal> {
    let today = viewer.today();
    let row: Columns = viewer.fetch_one(goals!("and g.number = $2"), args![number]).await?;
    let kpis = kpis::read::summaries_of_goal(viewer, row.id).await?;
    let measures: Vec<MeasureColumns> = viewer.fetch_all(measures!("and g.id = $2 order by gm.position"), args![row.id]).await?;
    let then: Vec<Then> = viewer.fetch_all(values_then!("and g.id = $3"), args![today, row.id]).await?;
    Ok(goal(row, &measures, &kpis, &then, today))
}

pub async fn initiative_ids(viewer: &Viewer, id: GoalId) -> Result<Vec<InitiativeId>> {
    let rows: Vec<(InitiativeId,)> =
        viewer.fetch_all("select initiative_id from goal_initiatives where workspace_id = $1 and goal_id = $2 limit 200", args![id]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// A goal as other rooms name it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Named {
    pub number: i64,
    pub title: String,
}

/// The goals that an initiative serves.
pub async fn of_initiative(viewer: &Viewer, id: InitiativeId) -> Result<Vec<Named>> {
    viewer
        .fetch_all(
            "select g.number, g.title from goal_initiatives x join goals g on g.id = x.goal_id
             where x.workspace_id = $1 and x.initiative_id = $2 and g.archived_at is null order by g.due_on, g.number limit 50",
            args![id],
        )
        .await
}

#[derive(Clone, Debug, sqlx::FromRow)]
struct RequestColumns {
    id: AccessId,
    number: i64,
    kind: AccessKind,
    title: String,
    purpose: String,
    goal_number: i64,
    goal: String,
    asked_at: Timestamp,
    asked_by: MemberId,
    asked_by_name: String,
    asking_side: Side,
    needed_on: Day,
    ends_on: Day,
    approved_at: Option<Timestamp>,
    granted_at: Option<Timestamp>,
    granted_by: Option<String>,
    ended_at: Option<Timestamp>,
    ended_because: Option<String>,
    #[sqlx(flatten)]
    standing: StandingRow,
}

/// A request for access and where it is.
#[derive(Clone, Debug)]
pub struct Request {
    pub id: AccessId,
    pub number: i64,
    pub kind: AccessKind,
    pub title: String,
    pub purpose: String,
    pub goal_number: i64,
    pub goal: String,
    pub asked_at: Timestamp,
    pub asked_by: MemberId,
    pub asked_by_name: String,
    pub asking_side: Side,
    pub needed_on: Day,
    pub ends_on: Day,
    pub approved_at: Option<Timestamp>,
    pub granted: Option<(Timestamp, String)>,
    pub ended: Option<(Timestamp, String)>,
    pub standing: Option<Standing>,
}

impl Request {
    pub fn path(&self) -> String {
        format!("goals/access/{}", self.number)
    }

    /// When granting it is due: from its first day on, and not before both sides approved it. Until they do, its first day.
    pub fn grant_due(&self, viewer: &Viewer) -> Day {
        self.approved_at.map_or(self.needed_on, |at| viewer.day_of(at).max(self.needed_on))
    }

    pub fn state(&self, today: Day) -> Access {
        access(self.approved_at.is_some(), self.granted.is_some(), self.ended.is_some(), self.ends_on, today)
    }

    /// Ending it, or taking it back.
    pub const fn ending(&self) -> Action<'static> {
        Action::EndAccess { asked_by: self.asked_by, asking: self.asking_side, is_granted: self.granted.is_some() }
    }

    /// Where it is, in words.
    pub fn pill(&self, viewer: &Viewer) -> (Tone, String) {
        self.state(viewer.today()).label(self.grant_due(viewer), viewer.today())
    }

    /// How it stands to something that waits for it and is due on a day.
    pub fn schedule_risk(&self, waiting: Day, waiter: WaitOutcome, today: Day) -> (Tone, String) {
        match (self.granted.is_some(), self.state(today)) {
            (true, Access::Granted) => schedule_risk(waiting, self.needed_on, WaitOutcome::There, today),
            (true, _) => (Tone::Done, "Was granted".to_owned()),
            _ if waiter != WaitOutcome::Ahead => (Tone::Quiet, "Waits no more".to_owned()),
            (_, Access::Asked | Access::Approved) => schedule_risk(waiting, self.needed_on, WaitOutcome::Ahead, today),
            _ => Access::NeverGranted.label(self.needed_on, today),
        }
    }
}

impl From<RequestColumns> for Request {
    fn from(row: RequestColumns) -> Self {
        Self {
            id: row.id,
            number: row.number,
            kind: row.kind,
            title: row.title,
            purpose: row.purpose,
            goal_number: row.goal_number,
            goal: row.goal,
            asked_at: row.asked_at,
            asked_by: row.asked_by,
            asked_by_name: row.asked_by_name,
            asking_side: row.asking_side,
            needed_on: row.needed_on,
            ends_on: row.ends_on,
            approved_at: row.approved_at,
            granted: row.granted_at.zip(row.granted_by),
            ended: row.ended_at.zip(row.ended_because),
            standing: row.standing.standing(),
        }
    }
}

macro_rules! requests {
    ($rest:literal) => {
        concat!(
            "select r.id, r.number, r.kind, r.title, r.purpose, g.number as goal_number, g.title as goal, r.asked_at, r.asked_by, a.name as asked_by_name, r.asking_side,
                    r.needed_on, r.ends_on, r.approved_at, r.granted_at, ga.name as granted_by, r.ended_at, r.ended_because, ",
            crate::seat_columns!(),
            "from access_requests r join goals g on g.id = r.goal_id
             join members m on m.id = r.asked_by join accounts a on a.id = m.account_id
             left join members gm on gm.id = r.granted_by left join accounts ga on ga.id = gm.account_id
             left join handshakes h on h.kind = 'access' and h.subject_id = r.id and h.closed_at is null ",
            crate::seat_joins!(),
            "where r.workspace_id = $1 ",
            $rest
        )
    };
}

/// Requests that both sides approved and nobody has granted by the day from which it is needed.
pub async fn awaiting_grant(viewer: &Viewer) -> Result<Vec<Request>> {
    let rows: Vec<RequestColumns> = viewer
        .fetch_all(
            requests!(
                "and r.approved_at is not null and r.granted_at is null and r.ended_at is null and r.needed_on <= $2 and r.ends_on >= $2 order by r.needed_on, r.number"
            ),
            args![viewer.today()],
        )
        .await?;
    Ok(rows.into_iter().map(Request::from).collect())
}

/// Every request, what is open first.
pub async fn requests(viewer: &Viewer) -> Result<Vec<Request>> {
    let rows: Vec<RequestColumns> = viewer
        .fetch_all(requests!("order by r.ended_at is not null or r.ends_on < $2, r.granted_at is not null, r.needed_on, r.number"), args![viewer.today()])
        .await?;
    Ok(rows.into_iter().map(Request::from).collect())
}

pub async fn requests_of(viewer: &Viewer, goal: GoalId) -> Result<Vec<Request>> {
    let rows: Vec<RequestColumns> = viewer.fetch_all(requests!("and r.goal_id = $2 order by r.needed_on, r.number limit 100"), args![goal]).await?;
    Ok(rows.into_iter().map(Request::from).collect())
}

pub async fn request(viewer: &Viewer, number: i64) -> Result<Request> {
    Ok(viewer.fetch_one::<RequestColumns>(requests!("and r.number = $2"), args![number]).await?.into())
}

/// The accesses that a milestone waits for.
pub async fn waits_of(viewer: &Viewer, milestone: MilestoneId) -> Result<Vec<Request>> {
    let rows: Vec<RequestColumns> = viewer
        .fetch_all(
            requests!(
                "and exists (select 1 from milestone_access_waits w where w.access_id = r.id and w.milestone_id = $2) order by r.needed_on, r.number limit 50"
            ),
            args![milestone],
        )
        .await?;
    Ok(rows.into_iter().map(Request::from).collect())
}

/// Approved requests that the viewer's side has to grant.
pub async fn to_grant(viewer: &Viewer) -> Result<Vec<Request>> {
    let rows: Vec<RequestColumns> = viewer
        .fetch_all(
            requests!("and r.approved_at is not null and r.granted_at is null and r.ended_at is null and r.ends_on >= $2 and r.asking_side <> $3 order by r.needed_on, r.number limit 50"),
            args![viewer.today(), viewer.side()],
        )
        .await?;
    Ok(rows.into_iter().map(Request::from).collect())
}

/// What the viewer asked for and a side objected to.
pub async fn with_objection(viewer: &Viewer) -> Result<Vec<Request>> {
    let rows: Vec<RequestColumns> = viewer
        .fetch_all(
            requests!("and r.asked_by = $2 and r.ended_at is null and r.approved_at is null and (hm.verdict = 'object' or ht.verdict = 'object') order by r.needed_on, r.number limit 50"),
            args![viewer.member_id()],
        )
        .await?;
    Ok(rows.into_iter().map(Request::from).collect())
}

/// `(id, "Data: profile events")` of what can still be waited for.
pub async fn access_options(viewer: &Viewer) -> Result<Vec<(String, String)>> {
    let rows: Vec<(AccessId, AccessKind, String)> = viewer
        .fetch_all(
            "select id, kind, title from access_requests where workspace_id = $1 and granted_at is null and ended_at is null and ends_on >= $2 order by title, id limit 200",
            args![viewer.today()],
        )
        .await?;
    Ok(rows.into_iter().map(|(id, kind, title)| (id.to_string(), format!("{}: {title}", kind.name()))).collect())
}
