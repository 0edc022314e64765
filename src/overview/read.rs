//! What the overview asks: a fixed number of queries, whatever there is.

use super::{
    health::{self, Bar, Troubles},
    since::{self, Change},
    week::{self, DueDay},
};
use crate::{
    attention::{Attention, AttentionInput},
    decisions,
    definition::{self, read::Version},
    goals,
    handshake::{self, owed::AwaitedSignature, read::AnswerTimes},
    identity::Viewer,
    initiatives::{self, Phase},
    kpis::{
        self,
        read::{Kpi, KpiStanding},
    },
    members::{self, read::Member},
    milestones,
    platform::{error::Result, ids::KpiId, time::Day},
    reviews,
    sources::{self, Coverage},
};

/// Of what needs attention, on the overview.
const FIRST_ATTENTION: usize = 8;

const MOST_INITIATIVES: i64 = 12;

/// The answers of which the middle one is told.
pub const ANSWERS_OF_DAYS: i64 = 90;

const MOST_KPIS: usize = 6;

pub struct Overview {
    pub bars: [Bar; 5],
    pub changes: Vec<Change>,
    pub week: Vec<DueDay>,
    pub attention: Vec<Attention>,
    pub attention_total: usize,
    /// Troubles that stand in no bar.
    pub others: Troubles,
    pub in_force: Option<Version>,
    pub proposed: Option<Version>,
    pub changed: usize,
    /// Days by which the definition in force should have been ratified again.
    pub ratification_late: Option<i64>,
    pub initiatives: Vec<initiatives::read::InitiativeRow>,
    pub initiative_counts: initiatives::read::InitiativeCounts,
    pub quarter: (Day, Day),
    pub milestones: milestones::read::MilestoneCounts,
    pub overdue_milestones: usize,
    pub kpis: Vec<Kpi>,
    pub kpi_total: usize,
    pub kpi_attested: usize,
    pub kpi_outdated: usize,
    pub kpi_split: usize,
    pub goals: Vec<goals::read::Goal>,
    pub waiting: Vec<AwaitedSignature>,
    pub members: Vec<Member>,
    pub answer_times: AnswerTimes,
    /// The next one that is planned or runs, how much it is to speak of, and the open actions of those
    /// before.
    pub next_review: Option<reviews::read::NextReview>,
    /// How much of the customer's way both sides see, where touchpoints are named.
    pub coverage: Option<Coverage>,
    /// Chairs of sources that are empty.
    pub vacancies: usize,
}

/// Of those that are not decided.
const MOST_DECISIONS: i64 = 200;

/// The Monday of last week's meeting: at least a few days back.
pub fn last_monday(today: Day) -> Day {
    let since_monday = i64::from(today.0.weekday().to_monday_zero_offset());
    let this_monday = today.plus(-since_monday);
    if since_monday < 3 {
        this_monday.plus(-7)
    } else {
        this_monday
    }
}

/// The first and last day of the quarter that a day is in.
fn quarter_of(day: Day) -> (Day, Day) {
    let first = kpis::Cadence::Quarterly.period_of(day);
    (first, first.plus_months(3).plus(-1))
}

/// What happened and what comes: asked for without waiting for anything else here.
struct Movement {
    changes: Vec<Change>,
    due: week::Due,
    answer_times: AnswerTimes,
}

impl Movement {
    async fn read(viewer: &Viewer) -> Result<Self> {
        let today = viewer.today();
        let answered_since = viewer.zone().start_of(today.plus(-ANSWERS_OF_DAYS));
        Ok(Self {
            changes: since::changes(viewer, last_monday(today)).await?,
            due: week::Due::read(viewer).await?,
            answer_times: handshake::read::answer_times(viewer, answered_since).await?,
        })
    }
}

/// What stands beside what may need attention: asked for without waiting for anything else here.
struct Beside {
    definition: definition::read::DefinitionState,
    undecided: Vec<decisions::read::DecisionRow>,
    next_review: Option<reviews::read::NextReview>,
    coverage: Coverage,
    initiatives: Vec<initiatives::read::InitiativeRow>,
    milestones: milestones::read::MilestoneCounts,
    members: Vec<Member>,
}

impl Beside {
    async fn read(viewer: &Viewer, quarter: (Day, Day)) -> Result<Self> {
        Ok(Self {
            definition: definition::read::stands(viewer).await?,
            undecided: decisions::read::undecided(viewer, MOST_DECISIONS).await?,
            next_review: reviews::read::next(viewer).await?,
            coverage: sources::read::coverage(viewer).await?,
            initiatives: initiatives::read::list(viewer, MOST_INITIATIVES, 0).await?,
            milestones: milestones::read::counts(viewer, quarter.0, quarter.1).await?,
            members: members::read::all(viewer).await?,
        })
    }
}

pub async fn overview(viewer: &Viewer) -> Result<Overview> {
    let today = viewer.today();
    let quarter = quarter_of(today);
    let (watched, movement, beside) = tokio::try_join!(
        AttentionInput::read(viewer),
        Movement::read(viewer),
        Beside::read(viewer, quarter)
    )?;
    let mut attention = watched.attention(viewer);
    let (attention_total, others) = (attention.len(), health::others(&attention));
    attention.truncate(FIRST_ATTENTION);
    let mut kpis: Vec<&KpiStanding> = watched.kpis.iter().collect();
    kpis.sort_by_cached_key(|kpi| kpi.stand(today).order());
    let first: Vec<KpiId> = kpis.iter().take(MOST_KPIS).map(|kpi| kpi.summary.id).collect();
    let in_phase = |phase| {
        count(
            watched
                .initiatives
                .iter()
                .filter(|initiative| initiative.phase == phase)
                .count(),
        )
    };
    let bars = health::bars(
        viewer,
        (&watched.goals, &watched.kpis, &watched.initiatives),
        (&watched.open_milestones, &beside.undecided),
    );
    Ok(Overview {
        bars,
        changes: movement.changes,
        week: movement
            .due
            .by_day(viewer, &watched.waiting, beside.next_review.as_ref()),
        attention,
        attention_total,
        others,
        in_force: beside.definition.in_force,
        proposed: beside.definition.proposed,
        changed: beside.definition.changed,
        ratification_late: watched
            .ratification
            .as_ref()
            .map(|version| today.days_since(version.due_on))
            .filter(|late| *late > 0),
        initiatives: beside.initiatives,
        initiative_counts: initiatives::read::InitiativeCounts {
            total: count(watched.initiatives.len()),
            active: in_phase(Phase::Active),
            paused: in_phase(Phase::Paused),
        },
        quarter,
        milestones: beside.milestones,
        overdue_milestones: watched.overdue_milestones(today),
        kpis: kpis::read::with_recent(viewer, kpis::read::load(viewer, &first).await?).await?,
        kpi_total: watched.kpis.len(),
        kpi_attested: watched
            .kpis
            .iter()
            .filter(|kpi| kpi.attestations.is_attested() && !kpi.is_outdated(today))
            .count(),
        kpi_outdated: watched.kpis.iter().filter(|kpi| kpi.is_outdated(today)).count(),
        kpi_split: watched
            .kpis
            .iter()
            .filter(|kpi| kpi.attestations.is_attested() && !kpi.is_outdated(today))
            .filter(|kpi| kpi.attestations.split().is_some())
            .count(),
        goals: watched.goals,
        next_review: beside.next_review,
        coverage: Some(beside.coverage).filter(|coverage| coverage.total() > 0),
        vacancies: watched.vacancies.len(),
        waiting: watched.waiting,
        members: beside.members,
        answer_times: movement.answer_times,
    })
}

fn count(many: usize) -> i64 {
    i64::try_from(many).unwrap_or(i64::MAX)
}
