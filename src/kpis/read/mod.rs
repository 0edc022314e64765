//! What the KPIs' pages ask.

mod serving;

pub use self::serving::{Input, Serving, import_context, inputs, is_judged, options, serving};

use crate::{
    args,
    handshake::{
        Health,
        read::{Standing, StandingRow},
    },
    identity::{Side, Viewer},
    platform::{
        error::Result,
        ids::{GoalId, InitiativeId, KpiId, KpiValueId, MemberId},
        quantity::Quantity,
        time::{Day, Timestamp},
    },
    sql,
};

/// The value of the earlier period for which the newest corrective action was agreed.
macro_rules! corrected_from {
    ($kpi:literal) => {
        concat!(
            "(select e.value from corrective_checkpoints x join checkpoint_facts c on c.id = x.checkpoint_id
             and c.archived_at is null
              join kpi_values e on e.kpi_id = x.kpi_id and e.period_on = x.period_on and e.replaced_at is null
              where x.kpi_id = ",
            $kpi,
            " and x.period_on < n.period_on order by x.period_on desc limit 1)"
        )
    };
}

mod periods;

mod summaries;

pub use self::{
    periods::{
        Correction, Judgements, Period, TargetChange, corrections, on_calendar, periods, target_changes,
    },
    summaries::{
        KpiStanding, KpiSummary, ValueChange, recent_values, standings, standings_with_goals,
        summaries_of_goal, summaries_of_goals, value_changes,
    },
};

use super::{
    AskedSince, Attestations, Cadence, Direction, Formula, Latest, Stand, Target, Thresholds, stand, status,
};

#[derive(Clone, Debug, sqlx::FromRow)]
struct Columns {
    id: KpiId,
    number: i64,
    title: String,
    about: String,
    unit: String,
    direction: Direction,
    cadence: Cadence,
    baseline: Option<Quantity>,
    starts_on: Day,
    created_at: Timestamp,
    watch_below: i64,
    act_below: i64,
    driver_id: MemberId,
    driver: String,
    marketing_owner: MemberId,
    marketing_name: String,
    technology_owner: MemberId,
    technology_name: String,
    formula: Option<Formula>,
    version: i64,
    archived_at: Option<Timestamp>,
    corrected_from: Option<Quantity>,
    value_id: Option<KpiValueId>,
    period_on: Option<Day>,
    value: Option<Quantity>,
    low: Option<Quantity>,
    high: Option<Quantity>,
    before: Option<Quantity>,
    before_on: Option<Day>,
    m_status: Option<Health>,
    t_status: Option<Health>,
    #[sqlx(flatten)]
    standing: StandingRow,
}

/// A KPI and its newest period.
#[derive(Clone, Debug)]
pub struct Kpi {
    pub id: KpiId,
    pub number: i64,
    pub title: String,
    pub about: String,
    pub unit: String,
    pub direction: Direction,
    pub cadence: Cadence,
    pub baseline: Option<Quantity>,
    pub starts_on: Day,
    pub asked: AskedSince,
    pub thresholds: Thresholds,
    pub driver_id: MemberId,
    pub driver: String,
    pub marketing_owner: MemberId,
    pub marketing_name: String,
    pub technology_owner: MemberId,
    pub technology_name: String,
    pub formula: Option<Formula>,
    pub version: i64,
    pub latest: Option<Latest>,
    pub before: Option<Quantity>,
    /// The period of that value.
    pub before_on: Option<Day>,
    /// Where the newest period's attestation stands.
    pub standing: Option<Standing>,
    /// What its owners have said of the newest value.
    pub attestations: Attestations,
    /// The last periods, oldest first.
    pub recent: Vec<Recent>,
}

/// One period of a sparkline.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub struct Recent {
    pub kpi_id: KpiId,
    pub period_on: Day,
    pub value: Quantity,
    pub low: Option<Quantity>,
    pub high: Option<Quantity>,
}
impl Kpi {
    pub fn path(&self) -> String {
        format!("kpis/{}", self.number)
    }

    pub fn stand(&self, today: Day) -> Stand {
        stand(
            status(self.cadence, self.thresholds, self.latest, self.asked, today),
            self.attestations,
            today,
        )
    }

    /// The oldest complete period without a value, from the newest one with a value on; none of what is
    /// computed.
    pub fn awaited(&self, today: Day) -> Option<Day> {
        if self.formula.is_some() {
            return None;
        }
        let newest = self.latest.map(|latest| latest.period);
        self.cadence.awaited(self.asked, newest, today)
    }
}

fn latest(
    period: Option<Day>,
    value: Option<Quantity>,
    (low, high): (Option<Quantity>, Option<Quantity>),
    corrected_from: Option<Quantity>,
) -> Option<Latest> {
    period.zip(value).map(|(period, value)| Latest {
        period,
        value,
        target: Target::between(low, high),
        corrected_from,
    })
}

fn kpi(viewer: &Viewer, row: Columns) -> Kpi {
    let latest = latest(row.period_on, row.value, (row.low, row.high), row.corrected_from);
    let standing = row.value_id.and(row.standing.standing());
    let verdict = |side: Side| {
        standing
            .as_ref()
            .and_then(|standing| standing.seat(side))
            .map(|seat| seat.verdict)
    };
    let due_on = standing.as_ref().map(|standing| standing.due_on(viewer));
    let attestations = Attestations::new(due_on, Side::BOTH.map(verdict), [row.m_status, row.t_status]);
    Kpi {
        id: row.id,
        number: row.number,
        title: row.title,
        about: row.about,
        unit: row.unit,
        direction: row.direction,
        cadence: row.cadence,
        baseline: row.baseline,
        starts_on: row.starts_on,
        asked: AskedSince::of(row.cadence, row.starts_on, viewer.day_of(row.created_at)),
        thresholds: Thresholds {
            watch_below: row.watch_below,
            act_below: row.act_below,
        },
        driver_id: row.driver_id,
        driver: row.driver,
        marketing_owner: row.marketing_owner,
        marketing_name: row.marketing_name,
        technology_owner: row.technology_owner,
        technology_name: row.technology_name,
        formula: row.formula,
        version: row.version,
        latest,
        before: row.before,
        before_on: row.before_on,
        attestations,
        standing,
        recent: Vec::new(),
    }
}

macro_rules! kpis_of {
    ($page:literal) => {
        concat!(
            "with page as (", $page, "),
             newest as (select p.id as kpi_id, (select max(v.period_on) from kpi_values v where v.kpi_id =
             p.id and v.replaced_at is null) as period_on from page p)
             select p.id, p.number, p.title, p.about, p.unit, p.direction, p.cadence, p.baseline, p.starts_on,
             p.created_at, p.watch_below, p.act_below,
                    p.driver_id, dm.holder as driver, p.marketing_owner, mm.holder as marketing_name,
                    p.technology_owner, tm.holder as technology_name, p.formula, p.version, p.archived_at,
                    ", corrected_from!("p.id"), " as corrected_from,
                    v.id as value_id, v.period_on, v.value, t.low, t.high,
                    (select b.value from kpi_values b where b.kpi_id = p.id and b.replaced_at is null and
                    b.period_on < n.period_on order by b.period_on desc limit 1) as before,
                    (select max(b.period_on) from kpi_values b where b.kpi_id = p.id and b.replaced_at is null and
                    b.period_on < n.period_on) as before_on,
                    am.status as m_status, att.status as t_status, ",
            crate::seat_columns!(),
            "from page p join newest n on n.kpi_id = p.id
             join people dm on dm.id = p.driver_id
             join people mm on mm.id = p.marketing_owner
             join people tm on tm.id = p.technology_owner
             left join kpi_values v on v.kpi_id = p.id and v.period_on = n.period_on and v.replaced_at is null
             left join kpi_targets t on t.kpi_id = p.id and t.period_on = n.period_on and t.replaced_at is
             null
             left join tabled_handshakes h on h.kind = 'kpi' and h.subject_id = v.id ",
            crate::seat_joins!(),
            "left join attestations am on am.signature_id = hm.id left join attestations att on
             att.signature_id = ht.id
             order by p.title, p.number"
        )
    };
}

/// So many are read in full by one query.
const IN_FULL_AT_ONCE: usize = 24;

/// These KPIs in full and in this order.
pub async fn load(viewer: &Viewer, ids: &[KpiId]) -> Result<Vec<Kpi>> {
    let mut kpis = Vec::with_capacity(ids.len());
    for some in ids.chunks(IN_FULL_AT_ONCE) {
        let mut wanted: Vec<Option<KpiId>> = some.iter().copied().map(Some).collect();
        wanted.resize(IN_FULL_AT_ONCE, None);
        let rows: Vec<Columns> = viewer
            .fetch_all(
                sql!(kpis_of!(
                    "select * from kpis where workspace_id = $1 and archived_at is null
                     and id in ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
                     $19, $20, $21, $22, $23, $24, $25)"
                )),
                wanted.into_iter().map(crate::platform::db::Value::from).collect(),
            )
            .await?;
        kpis.extend(rows.into_iter().map(|row| kpi(viewer, row)));
    }
    kpis.sort_by_key(|kpi| ids.iter().position(|id| *id == kpi.id));
    Ok(kpis)
}

pub async fn of_initiative(viewer: &Viewer, id: InitiativeId) -> Result<Vec<Kpi>> {
    let rows: Vec<Columns> = viewer
        .fetch_all(
            sql!(kpis_of!(
                "select k.* from kpis k join initiative_kpi_links ik on ik.kpi_id = k.id where k.workspace_id
                 = $1 and ik.initiative_id = $2 and k.archived_at is null order by k.title limit 50"
            )),
            args![id],
        )
        .await?;
    let mut kpis: Vec<Kpi> = rows.into_iter().map(|row| kpi(viewer, row)).collect();
    let since = viewer.today().plus_months(-16);
    let recent: Vec<Recent> = viewer
        .fetch_all(
            sql!(
                "select v.kpi_id, v.period_on, v.value, t.low, t.high from initiative_kpi_links ik join
                 kpi_values v on v.kpi_id = ik.kpi_id and v.replaced_at is null
             left join kpi_targets t on t.kpi_id = v.kpi_id and t.period_on = v.period_on and t.replaced_at is
             null
             where ik.workspace_id = $1 and ik.initiative_id = $2 and v.period_on >= $3 order by v.kpi_id,
             v.period_on limit 3000"
            ),
            args![id, since],
        )
        .await?;
    give_recent(&mut kpis, &recent);
    Ok(kpis)
}

/// The KPIs that measure a goal, with their last periods.
pub async fn of_goal(viewer: &Viewer, id: GoalId) -> Result<Vec<Kpi>> {
    let rows: Vec<Columns> = viewer
        .fetch_all(
            sql!(kpis_of!(
                "select k.* from kpis k join goal_measure_links gm on gm.kpi_id = k.id where k.workspace_id =
                 $1 and gm.goal_id = $2 and k.archived_at is null order by k.title limit 12"
            )),
            args![id],
        )
        .await?;
    with_recent(viewer, rows.into_iter().map(|row| kpi(viewer, row)).collect()).await
}

/// KPIs whose sparklines one statement asks for.
const AT_ONCE: usize = 24;

/// Adds the sparklines of these KPIs.
pub async fn with_recent(viewer: &Viewer, mut kpis: Vec<Kpi>) -> Result<Vec<Kpi>> {
    for some in kpis.chunks_mut(AT_ONCE) {
        let ids = some.iter().map(|kpi| kpi.id).collect();
        give_recent(some, &recent(viewer, ids).await?);
    }
    Ok(kpis)
}

/// The last periods of at most [`AT_ONCE`] KPIs.
async fn recent(viewer: &Viewer, kpis: Vec<KpiId>) -> Result<Vec<Recent>> {
    let since = viewer.today().plus_months(-16);
    let mut ids: Vec<Option<KpiId>> = kpis.into_iter().map(Some).collect();
    ids.resize(AT_ONCE, None);
    let mut arguments = args![since];
    arguments.extend(ids.into_iter().map(crate::platform::db::Value::from));
    viewer
        .fetch_all(
            sql!(
                "select v.kpi_id, v.period_on, v.value, t.low, t.high from kpi_values v
             left join kpi_targets t on t.kpi_id = v.kpi_id and t.period_on = v.period_on and t.replaced_at is
             null
             where v.workspace_id = $1 and v.replaced_at is null and v.period_on >= $2
               and v.kpi_id in ($3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
               $20, $21, $22, $23, $24, $25, $26) order by v.kpi_id, v.period_on limit 4000"
            ),
            arguments,
        )
        .await
}

/// The last periods of each, as many as are shown at a glance.
fn give_recent(kpis: &mut [Kpi], recent: &[Recent]) {
    for kpi in kpis {
        let own: Vec<Recent> = recent
            .iter()
            .filter(|period| period.kpi_id == kpi.id)
            .copied()
            .collect();
        let shown = usize::try_from(kpi.cadence.shown()).unwrap_or(13);
        kpi.recent = own
            .get(own.len().saturating_sub(shown)..)
            .unwrap_or_default()
            .to_vec();
    }
}

pub async fn one(viewer: &Viewer, number: i64) -> Result<Kpi> {
    let row: Columns = viewer
        .fetch_one(
            sql!(kpis_of!(
                "select * from kpis where workspace_id = $1 and number = $2 and archived_at is null"
            )),
            args![number],
        )
        .await?;
    Ok(kpi(viewer, row))
}

/// With the moment since when it is not measured any more.
pub async fn one_or_archived(viewer: &Viewer, number: i64) -> Result<(Kpi, Option<Timestamp>)> {
    let row: Columns = viewer
        .fetch_one(
            sql!(kpis_of!(
                "select * from kpis where workspace_id = $1 and number = $2"
            )),
            args![number],
        )
        .await?;
    let archived_at = row.archived_at;
    Ok((kpi(viewer, row), archived_at))
}
