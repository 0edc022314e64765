//! What the goals' pages ask, and what other rooms ask about goals.

use super::{GoalFacts, GoalStatus, Span, status, weakest};
use crate::{
    args,
    identity::Viewer,
    kpis::{self, read::KpiSummary, to_read, with_unit},
    platform::{
        error::Result,
        ids::{ClauseId, GoalId, InitiativeId, KpiId, MemberId},
        quantity::Quantity,
        time::{Day, Timestamp},
    },
    sql,
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
    pub is_computed: bool,
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
        self.weakest()
            .map_or(GoalStatus::NoData, |measure| measure.status)
    }

    /// "1 of 3 measures on the way or reached; weakest: Repeat purchase rate, off track, 12 % there"; of a
    /// single one, where it is.
    pub fn rollup_label(&self) -> String {
        if let [only] = self.measures.as_slice() {
            let now = only.value.map_or_else(
                || "no value yet".to_owned(),
                |value| to_read(value, only.is_computed).format(),
            );
            return format!(
                "{}: {now}, from {} to {}",
                only.title,
                only.span.baseline.format(),
                with_unit(only.span.target, &only.unit)
            );
        }
        let (fine, of) = (
            self.measures
                .iter()
                .filter(|measure| measure.status.is_fine())
                .count(),
            self.measures.len(),
        );
        let weakest = self.weakest().filter(|measure| !measure.status.is_fine());
        let weakest = weakest.map_or_else(String::new, |measure| {
            format!(
                ". Furthest behind: {}, {}",
                measure.title,
                measure.status.word().format().to_lowercase()
            )
        });
        format!("{fine} of {of} KPIs on track{weakest}")
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
    then.iter()
        .filter(ended)
        .max_by_key(|known| known.period_on)
        .map(|known| (known.period_on, known.value))
}

fn goal(row: Columns, measures: &[MeasureColumns], kpis: &[KpiSummary], then: &[Then], today: Day) -> Goal {
    let is_over = today > row.due_on;
    let measures = measures
        .iter()
        .filter(|measure| measure.goal_id == row.id)
        .map(|measure| {
            // A result stays what it was, whatever became of the KPI.
            let kpi = kpis
                .iter()
                .find(|kpi| kpi.id == measure.kpi_id && (is_over || measure.is_measured));
            let span = Span {
                baseline: measure.baseline,
                target: measure.target,
            };
            let counted = kpi.and_then(|kpi| {
                if is_over {
                    value_by(kpi, then, row.due_on)
                } else {
                    kpi.latest.map(|latest| (latest.period, latest.value))
                }
            });
            let (period, value) = (
                kpi.zip(counted)
                    .map(|(kpi, (period, _))| kpi.cadence.format(period, today)),
                counted.map(|(_, value)| value),
            );
            let outdated = kpi.filter(|_| !is_over).and_then(|kpi| match kpi.status(today) {
                kpis::KpiStatus::Outdated(late) => Some(late),
                _ => None,
            });
            let facts = GoalFacts {
                span,
                value,
                outdated,
                starts_on: row.starts_on,
                due_on: row.due_on,
            };
            GoalMeasure {
                kpi_id: measure.kpi_id,
                number: measure.number,
                title: measure.title.clone(),
                unit: measure.unit.clone(),
                is_computed: kpi.is_some_and(|kpi| kpi.is_computed),
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
            "select g.id, g.number, g.title, g.why, g.owner_id, m.holder as owner, g.starts_on, g.due_on,
             g.version, g.archived_at, g.archived_because
             from goals g join people m on m.id = g.owner_id where g.workspace_id = $1 ",
            $rest
        )
    };
}

macro_rules! measures {
    ($rest:literal) => {
        concat!(
            "select gm.goal_id, gm.kpi_id, gm.baseline, gm.target, k.number, k.title, k.unit, k.archived_at is
             null as is_measured from goal_measures gm join kpi_facts k on k.id = gm.kpi_id join goals g on
             g.id = gm.goal_id
             where gm.workspace_id = $1 ",
            $rest
        )
    };
}

/// For goals whose date has passed, the two newest values that began by it: the last one may have ended after
/// it.
macro_rules! values_then {
    ($rest:literal) => {
        concat!(
            "select distinct v.kpi_id, v.period_on, v.value from goal_measures gm join goals g on g.id =
             gm.goal_id
             join kpi_current_values v on v.kpi_id = gm.kpi_id and v.period_on <= g.due_on and v.period_on >=
             coalesce(
                  (select x.period_on from kpi_current_values x where x.kpi_id = gm.kpi_id and x.period_on <=
                  g.due_on order by x.period_on desc limit 1 offset 1), '')
             where gm.workspace_id = $1 and g.due_on < $2 ",
            $rest
        )
    };
}

/// A promise of the definition that one of a goal's KPIs measures.
#[derive(Clone, sqlx::FromRow)]
pub struct GoalClause {
    pub id: ClauseId,
    pub title: String,
}

/// The promises that a goal's KPIs measure, in the definition's order.
pub async fn clauses(viewer: &Viewer, goal: GoalId) -> Result<Vec<GoalClause>> {
    viewer
        .fetch_all(
            sql!(
                "select c.id, c.title from clause_facts c where c.workspace_id = $1 and c.archived_at is null and
                 c.id in (select l.clause_id from clause_kpi_links l join goal_measures gm on gm.kpi_id = l.kpi_id
                          where gm.goal_id = $2)
                 order by c.position, c.id"
            ),
            args![goal],
        )
        .await
}

/// Every goal that is not archived, by date; `kpis` are at least those that measure a goal.
pub async fn all(viewer: &Viewer, kpis: &[KpiSummary]) -> Result<Vec<Goal>> {
    let today = viewer.today();
    let rows: Vec<Columns> = viewer
        .fetch_all(
            sql!(goals!("and g.archived_at is null order by g.due_on, g.number")),
            Vec::new(),
        )
        .await?;
    let measures: Vec<MeasureColumns> = viewer
        .fetch_all(
            sql!(measures!(
                "and g.archived_at is null order by gm.goal_id, gm.position"
            )),
            Vec::new(),
        )
        .await?;
    let then: Vec<Then> = viewer
        .fetch_all(sql!(values_then!("and g.archived_at is null")), args![today])
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| goal(row, &measures, kpis, &then, today))
        .collect())
}

/// One goal, also an archived one.
pub async fn one(viewer: &Viewer, number: i64) -> Result<Goal> {
    let today = viewer.today();
    let row: Columns = viewer
        .fetch_one(sql!(goals!("and g.number = $2")), args![number])
        .await?;
    let kpis = kpis::read::summaries_of_goal(viewer, row.id).await?;
    let measures: Vec<MeasureColumns> = viewer
        .fetch_all(
            sql!(measures!("and g.id = $2 order by gm.position")),
            args![row.id],
        )
        .await?;
    let then: Vec<Then> = viewer
        .fetch_all(sql!(values_then!("and g.id = $3")), args![today, row.id])
        .await?;
    Ok(goal(row, &measures, &kpis, &then, today))
}

pub async fn initiative_ids(viewer: &Viewer, id: GoalId) -> Result<Vec<InitiativeId>> {
    let rows: Vec<(InitiativeId,)> = viewer
        .fetch_all(
            sql!(
                "select initiative_id from goal_initiatives where workspace_id = $1 and goal_id
             = $2 limit 200"
            ),
            args![id],
        )
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}
