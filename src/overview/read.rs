//! What the overview asks: a fixed number of queries, whatever there is.

use super::attention::{Attention, AttentionInput};
use crate::{
    definition::{self, read::Version},
    goals,
    handshake::owed::AwaitedSignature,
    identity::Viewer,
    initiatives::{self, Phase},
    kpis::{
        self,
        read::{Kpi, KpiStanding},
    },
    milestones,
    platform::{error::Result, ids::KpiId, time::Day},
};

/// Of what needs attention, on the overview.
const FIRST_ATTENTION: usize = 10;

const MOST_INITIATIVES: i64 = 25;

const MOST_KPIS: usize = 12;

pub struct Overview {
    pub attention: Vec<Attention>,
    pub attention_total: usize,
    pub in_force: Option<Version>,
    pub proposed: Option<Version>,
    pub changed: usize,
    pub initiatives: Vec<initiatives::read::InitiativeRow>,
    pub initiative_counts: initiatives::read::InitiativeCounts,
    pub quarter: (Day, Day),
    pub milestones: milestones::read::MilestoneCounts,
    pub overdue_milestones: usize,
    pub kpis: Vec<Kpi>,
    pub kpi_total: usize,
    pub kpi_attested: usize,
    pub kpi_split: usize,
    pub goals: Vec<goals::read::Goal>,
    pub waiting: Vec<AwaitedSignature>,
}

/// The first and last day of the quarter that a day is in.
fn quarter_of(day: Day) -> (Day, Day) {
    let first = kpis::Cadence::Quarterly.period_of(day);
    (first, first.plus_months(3).plus(-1))
}

pub async fn overview(viewer: &Viewer) -> Result<Overview> {
    let today = viewer.today();
    let quarter = quarter_of(today);
    let definition = definition::read::stands(viewer).await?;
    let watched = AttentionInput::read(viewer).await?;
    let mut attention = watched.attention(viewer);
    let attention_total = attention.len();
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
    Ok(Overview {
        attention,
        attention_total,
        in_force: definition.in_force,
        proposed: definition.proposed,
        changed: definition.changed,
        initiatives: initiatives::read::list(viewer, MOST_INITIATIVES, 0).await?,
        initiative_counts: initiatives::read::InitiativeCounts {
            total: count(watched.initiatives.len()),
            active: in_phase(Phase::Active),
            paused: in_phase(Phase::Paused),
        },
        quarter,
        milestones: milestones::read::counts(viewer, quarter.0, quarter.1).await?,
        overdue_milestones: watched.overdue_milestones(today),
        kpis: kpis::read::with_recent(viewer, kpis::read::load(viewer, &first).await?).await?,
        kpi_total: watched.kpis.len(),
        kpi_attested: watched
            .kpis
            .iter()
            .filter(|kpi| kpi.attestations.is_attested())
            .count(),
        kpi_split: watched
            .kpis
            .iter()
            .filter(|kpi| kpi.attestations.split().is_some())
            .count(),
        goals: watched.goals,
        waiting: watched.waiting,
    })
}

fn count(many: usize) -> i64 {
    i64::try_from(many).unwrap_or(i64::MAX)
}
