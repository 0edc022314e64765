//! All KPIs at once, without what only a KPI's own card shows.

use std::collections::HashMap;

use super::latest;

use crate::{
    args,
    handshake::{Health, Verdict, signature_due},
    identity::{Reader, Viewer},
    kpis::{
        AskedSince, Attestations, Cadence, Direction, KpiStatus, Latest, Stand, Thresholds, in_words, stand,
        status,
    },
    platform::{
        error::Result,
        ids::{GoalId, KpiId},
        quantity::Quantity,
        time::{Day, Timestamp},
    },
    sql,
};

/// Where a KPI stands.
#[derive(Clone, Debug)]
pub struct KpiSummary {
    pub id: KpiId,
    pub number: i64,
    pub title: String,
    pub cadence: Cadence,
    pub thresholds: Thresholds,
    pub asked: AskedSince,
    pub is_archived: bool,
    pub is_computed: bool,
    pub latest: Option<Latest>,
}

impl KpiSummary {
    pub fn path(&self) -> String {
        format!("kpis/{}", self.number)
    }

    pub fn status(&self, today: Day) -> KpiStatus {
        status(self.cadence, self.thresholds, self.latest, self.asked, today)
    }
}

#[derive(Clone, Debug, sqlx::FromRow)]
struct SummaryColumns {
    id: KpiId,
    number: i64,
    title: String,
    cadence: Cadence,
    watch_below: i64,
    act_below: i64,
    starts_on: Day,
    created_at: Timestamp,
    is_archived: bool,
    is_computed: bool,
    period_on: Option<Day>,
    value: Option<Quantity>,
    low: Option<Quantity>,
    high: Option<Quantity>,
    corrected_from: Option<Quantity>,
}

/// Of the KPIs `k` that `$which` holds for.
macro_rules! summaries_of {
    ($which:literal) => {
        summaries_of!($which, "", "")
    };
    ($which:literal, $columns:literal, $joins:literal) => {
        concat!(
            "with newest as materialized (
                 select k.id, k.number, k.title, k.cadence, k.watch_below, k.act_below, k.starts_on,
                 k.created_at, k.archived_at is not null as is_archived, k.formula is not null as is_computed,
                        k.unit, k.marketing_owner, k.technology_owner,
                        (select max(v.period_on) from kpi_values v where v.kpi_id = k.id and v.replaced_at is
                        null) as period_on
                 from kpis k where k.workspace_id = $1 and ",
            $which,
            ")
             select n.id, n.number, n.title, n.cadence, n.watch_below, n.act_below, n.starts_on,
             n.created_at, n.is_archived, n.is_computed, n.period_on, v.value, t.low, t.high, ",
            corrected_from!("n.id"),
            " as corrected_from ",
            $columns,
            " from newest n
             left join kpi_values v on v.kpi_id = n.id and v.period_on = n.period_on and v.replaced_at is null
             left join kpi_targets t on t.kpi_id = n.id and t.period_on = n.period_on and t.replaced_at is
             null ",
            $joins,
            " order by n.title, n.number"
        )
    };
}

fn summary(reader: &impl Reader, row: SummaryColumns) -> KpiSummary {
    KpiSummary {
        id: row.id,
        number: row.number,
        title: row.title,
        cadence: row.cadence,
        thresholds: Thresholds {
            watch_below: row.watch_below,
            act_below: row.act_below,
        },
        asked: AskedSince::of(row.cadence, row.starts_on, reader.day_of(row.created_at)),
        is_archived: row.is_archived,
        is_computed: row.is_computed,
        latest: latest(row.period_on, row.value, (row.low, row.high), row.corrected_from),
    }
}

/// Every KPI that measures a goal, archived ones too.
pub async fn summaries_of_goals(viewer: &Viewer) -> Result<Vec<KpiSummary>> {
    let rows: Vec<SummaryColumns> = viewer
        .fetch_all(
            sql!(summaries_of!(
                "exists (select 1 from goal_measure_links gm where gm.kpi_id = k.id)"
            )),
            Vec::new(),
        )
        .await?;
    Ok(rows.into_iter().map(|row| summary(viewer, row)).collect())
}

pub async fn summaries_of_goal(viewer: &Viewer, id: GoalId) -> Result<Vec<KpiSummary>> {
    let rows: Vec<SummaryColumns> = viewer
        .fetch_all(
            sql!(summaries_of!(
                "exists (select 1 from goal_measure_links gm where gm.kpi_id = k.id and gm.goal_id = $2)"
            )),
            args![id],
        )
        .await?;
    Ok(rows.into_iter().map(|row| summary(viewer, row)).collect())
}

/// Where a KPI stands, and what its owners said of the newest value.
#[derive(Clone, Debug)]
pub struct KpiStanding {
    pub summary: KpiSummary,
    pub unit: String,
    pub marketing_name: String,
    pub technology_name: String,
    pub attestations: Attestations,
}

impl KpiStanding {
    /// One of its values in a sentence.
    pub fn in_words(&self, value: Quantity) -> String {
        in_words(value, &self.unit, self.summary.is_computed)
    }

    /// Whether a value is owed: what was attested before it says nothing about today.
    pub fn is_outdated(&self, today: Day) -> bool {
        matches!(self.stand(today), Stand::ByNumbers(KpiStatus::Outdated(_)))
    }

    pub fn stand(&self, today: Day) -> Stand {
        stand(self.summary.status(today), self.attestations, today)
    }
}

#[derive(Clone, Debug, sqlx::FromRow)]
struct AttestedColumns {
    #[sqlx(flatten)]
    summary: SummaryColumns,
    unit: String,
    marketing_name: String,
    technology_name: String,
    handshake_due_on: Option<Day>,
    opened_at: Option<Timestamp>,
    m_verdict: Option<Verdict>,
    t_verdict: Option<Verdict>,
    m_status: Option<Health>,
    t_status: Option<Health>,
}

macro_rules! attested_of {
    ($which:literal) => {
        summaries_of!(
            $which,
            ", n.unit, mm.holder as marketing_name, tm.holder as technology_name, h.due_on as handshake_due_on, \
                h.opened_at,
             hm.verdict as m_verdict, ht.verdict as t_verdict, am.status as m_status, att.status as t_status",
            "join people mm on mm.id = n.marketing_owner
             join people tm on tm.id = n.technology_owner
             left join tabled_handshakes h on h.kind = 'kpi' and h.subject_id = v.id
             left join filled_seats hm on hm.handshake_id = h.id and hm.side = 'marketing'
             left join filled_seats ht on ht.handshake_id = h.id and ht.side = 'technology'
             left join attestations am on am.signature_id = hm.id left join attestations att on
             att.signature_id = ht.id"
        )
    };
}

/// Every KPI that is measured, with the words of its owners.
pub async fn standings(viewer: &Viewer) -> Result<Vec<KpiStanding>> {
    let rows: Vec<AttestedColumns> = viewer
        .fetch_all(sql!(attested_of!("k.archived_at is null")), Vec::new())
        .await?;
    Ok(rows.into_iter().map(|row| with_words(viewer, row)).collect())
}

/// With the archived ones that measure a goal.
pub async fn standings_with_goals(viewer: &Viewer) -> Result<Vec<KpiStanding>> {
    let rows: Vec<AttestedColumns> = viewer
        .fetch_all(
            sql!(attested_of!(
                "(k.archived_at is null or exists (select 1 from goal_measure_links gm
             where gm.kpi_id = k.id))"
            )),
            Vec::new(),
        )
        .await?;
    Ok(rows.into_iter().map(|row| with_words(viewer, row)).collect())
}

fn with_words(viewer: &Viewer, row: AttestedColumns) -> KpiStanding {
    let due_on = row.opened_at.map(|opened| {
        signature_due(
            row.handshake_due_on,
            viewer.day_of(opened),
            viewer.signature_days(),
        )
    });
    KpiStanding {
        summary: summary(viewer, row.summary),
        unit: row.unit,
        marketing_name: row.marketing_name,
        technology_name: row.technology_name,
        attestations: Attestations::new(
            due_on,
            [row.m_verdict, row.t_verdict],
            [row.m_status, row.t_status],
        ),
    }
}

/// A KPI whose newest value came since a time, beside the value before it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ValueChange {
    pub number: i64,
    pub title: String,
    pub unit: String,
    pub direction: Direction,
    pub cadence: Cadence,
    pub is_computed: bool,
    pub period_on: Day,
    pub value: Quantity,
    pub before: Option<Quantity>,
    pub at: Timestamp,
}

impl ValueChange {
    /// Whether it went the good way; nothing where it did not move, or has no way that is better.
    pub fn is_better(&self) -> Option<bool> {
        let rose = self.value.cmp(&self.before?);
        match (rose, self.direction) {
            (std::cmp::Ordering::Equal, _) | (_, Direction::Within) => None,
            (rose, Direction::Increase | Direction::Above) => Some(rose.is_gt()),
            (rose, Direction::Decrease | Direction::Below) => Some(rose.is_lt()),
        }
    }
}

/// The newest first; what came in as history is none.
pub async fn value_changes(viewer: &Viewer, since: Timestamp) -> Result<Vec<ValueChange>> {
    viewer
        .fetch_all(
            sql!(
                "select k.number, k.title, k.unit, k.direction, k.cadence, k.formula is not null as
                 is_computed,
                 v.period_on, v.value,
                 (select b.value from kpi_values b where b.kpi_id = k.id and b.replaced_at is null and
                 b.period_on < v.period_on order by b.period_on desc limit 1) as before, v.entered_at as at
                 from kpi_values v join kpis k on k.id = v.kpi_id
                 where v.workspace_id = $1 and v.replaced_at is null and v.entered_at >= $2 and k.archived_at
                 is null
                   and not coalesce(v.is_history, false)
                   and v.period_on = (select max(x.period_on) from kpi_values x where x.kpi_id = k.id and
                   x.replaced_at is null)
                 order by v.entered_at desc, k.number limit 200"
            ),
            args![since],
        )
        .await
}

/// Periods of which [`recent_values`] tells.
const RECENT_PERIODS: i64 = 6;

#[derive(Clone, Copy, Debug, sqlx::FromRow)]
struct RecentValue {
    kpi_id: KpiId,
    period_on: Day,
    value: Quantity,
}

/// The last six values of every KPI, the newest first.
pub async fn recent_values(viewer: &Viewer) -> Result<HashMap<KpiId, Vec<(Day, Quantity)>>> {
    let rows: Vec<RecentValue> = viewer
        .fetch_all(
            sql!(
                "select kpi_id, period_on, value from (
                    select kpi_id, period_on, value,
                        row_number() over (partition by kpi_id order by period_on desc) as place
                    from kpi_values where workspace_id = $1 and replaced_at is null) v
                 where place <= $2 order by period_on desc"
            ),
            args![RECENT_PERIODS],
        )
        .await?;
    let mut of_kpi: HashMap<KpiId, Vec<(Day, Quantity)>> = HashMap::new();
    for row in rows {
        of_kpi
            .entry(row.kpi_id)
            .or_default()
            .push((row.period_on, row.value));
    }
    Ok(of_kpi)
}
