//! What is owed of KPIs: the value of a period that is over, by the KPI's driver. Its attestation is owed as
//! a handshake.

use super::{AskedSince, Cadence};

use crate::{
    args,
    identity::{Reader, Viewer},
    kpis::{Target, with_unit},
    platform::{
        error::Result,
        ids::{KpiId, KpiValueId, MemberId},
        quantity::Quantity,
        time::{Day, Timestamp},
    },
    reminders::{Ladder, Obligation, People, ReminderKind},
    sql,
};

#[derive(sqlx::FromRow)]
struct ValueRow {
    id: KpiId,
    number: i64,
    title: String,
    unit: String,
    cadence: Cadence,
    starts_on: Day,
    created_at: Timestamp,
    driver_id: MemberId,
    marketing_owner: MemberId,
    technology_owner: MemberId,
    newest: Option<Day>,
    value: Option<Quantity>,
}

/// The oldest period of a KPI that is over and has no value.
#[derive(Clone, Debug)]
pub struct OwedValue {
    pub id: KpiId,
    pub number: i64,
    pub title: String,
    pub unit: String,
    pub cadence: Cadence,
    pub period: Day,
    pub due_on: Day,
    driver: MemberId,
    owners: [MemberId; 2],
    /// The newest period with a value, and the value.
    pub newest: Option<(Day, Quantity)>,
}

impl OwedValue {
    pub fn path(&self) -> String {
        format!("kpis/{}", self.number)
    }

    pub fn obligation(self, people: &People, today: Day) -> Obligation {
        Obligation {
            kind: ReminderKind::Value,
            subject: self.id.uuid(),
            due_on: self.due_on,
            path: format!("{}/periods/{}", self.path(), self.period),
            label: format!("{}, {}", self.title, self.cadence.format(self.period, today)),
            ladder: Ladder {
                owes: vec![self.driver],
                other_seat: self.owners.to_vec(),
                leads: people.leads(),
                arbiter: people.arbiter(),
                arbiter_on: None,
            },
        }
    }
}

/// The KPIs that somebody enters, each with its newest value; `$rest` narrows them.
macro_rules! entered_kpis {
    ($rest:literal) => {
        concat!(
            "select k.id, k.number, k.title, k.unit, k.cadence, k.starts_on, k.created_at, k.driver_id,
                 k.marketing_owner, k.technology_owner, v.period_on as newest, v.value
             from kpis k
             left join kpi_values v on v.kpi_id = k.id and v.replaced_at is null
               and v.period_on = (select max(x.period_on) from kpi_values x where x.kpi_id = k.id and
               x.replaced_at is null)
             where k.workspace_id = $1 and k.archived_at is null and k.formula is null ",
            $rest,
            " order by k.title, k.number limit 5000"
        )
    };
}

/// Values that are owed, by title.
pub async fn owed(reader: &impl Reader) -> Result<Vec<OwedValue>> {
    let rows = reader.fetch_all(sql!(entered_kpis!("")), Vec::new()).await?;
    Ok(awaited(rows, reader))
}

/// Those that one driver owes.
pub async fn owed_by(reader: &impl Reader, driver: MemberId) -> Result<Vec<OwedValue>> {
    let rows = reader
        .fetch_all(
            sql!(entered_kpis!(
                "and k.driver_id in (select stands_for from standing_in where \
            workspace_id = $1 and member_id = $2)"
            )),
            args![driver],
        )
        .await?;
    Ok(awaited(rows, reader))
}

fn awaited(rows: Vec<ValueRow>, reader: &impl Reader) -> Vec<OwedValue> {
    rows.into_iter()
        .filter_map(|row| {
            let made_on = reader.day_of(row.created_at);
            let asked = AskedSince::of(row.cadence, row.starts_on, made_on);
            let period = row.cadence.awaited(asked, row.newest, reader.today())?;
            Some(OwedValue {
                id: row.id,
                number: row.number,
                title: row.title,
                unit: row.unit,
                cadence: row.cadence,
                period,
                due_on: asked.due(period),
                driver: row.driver_id,
                owners: [row.marketing_owner, row.technology_owner],
                newest: row.newest.zip(row.value),
            })
        })
        .collect()
}

/// What a KPI's handshake is about, for a desk that only knows its subject.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PeriodToAttest {
    pub value_id: KpiValueId,
    pub number: i64,
    pub period_on: Day,
    pub value: Quantity,
    pub unit: String,
    pub low: Option<Quantity>,
    pub high: Option<Quantity>,
}

impl PeriodToAttest {
    /// What is attested: the value beside its target.
    pub fn figure(&self) -> String {
        let value = with_unit(self.value, &self.unit);
        if self.low.is_none() && self.high.is_none() {
            return format!("{value}, no target");
        }
        let target = Target {
            low: self.low,
            high: self.high,
        };
        format!("{value}, target {}", target.format(&self.unit))
    }
}

/// What waits for the viewer as an owner.
pub async fn owed_attestations(viewer: &Viewer) -> Result<Vec<PeriodToAttest>> {
    viewer
        .fetch_all(
            sql!(
                "select v.id as value_id, k.number, v.period_on, v.value, k.unit, t.low, t.high
             from tabled_handshakes h join kpi_values v on v.id = h.subject_id join kpis k on k.id = v.kpi_id
             left join kpi_targets t on t.kpi_id = v.kpi_id and t.period_on = v.period_on and t.replaced_at is
             null
             where h.workspace_id = $1 and h.kind = 'kpi' and h.sealed_at is null
               and exists (select 1 from standing_in s where s.workspace_id = $1 and s.member_id = $2
               and (s.stands_for = h.marketing_owner or s.stands_for = h.technology_owner))"
            ),
            args![viewer.member_id()],
        )
        .await
}

/// Who drives the KPIs whose values lie on the table.
pub async fn drivers(reader: &impl Reader) -> Result<Vec<(KpiValueId, MemberId)>> {
    reader
        .fetch_all(
            sql!(
                "select v.id, k.driver_id from tabled_handshakes h join kpi_values v on v.id = h.subject_id
                 join kpis k on k.id = v.kpi_id
                 where h.workspace_id = $1 and h.kind = 'kpi' and h.sealed_at is null limit 20000"
            ),
            Vec::new(),
        )
        .await
}
