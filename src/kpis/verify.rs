//! Whether the values and targets that pages show are those that both owners signed.

use std::collections::{BTreeMap, HashMap};

use super::{
    Target,
    text::{PeriodText, TargetsText},
};
use crate::{
    handshake,
    platform::{
        db::Snapshot,
        error::Result,
        quantity::Quantity,
        time::{Day, Timestamp},
    },
    sql,
};

/// Names every attested value whose row is not what was signed, replaced ones included, every target that is
/// not the one that was signed last for its period, and limits other than those signed last.
pub async fn differences(snapshot: &Snapshot) -> Result<Vec<String>> {
    let mut wrong = value_differences(snapshot).await?;
    wrong.extend(target_differences(snapshot).await?);
    wrong.extend(limit_differences(snapshot).await?);
    Ok(wrong)
}

#[derive(sqlx::FromRow)]
struct TargetInForce {
    id: uuid::Uuid,
    number: i64,
    period_on: Day,
    low: Option<Quantity>,
    high: Option<Quantity>,
}

/// What was signed last for a period of a KPI.
struct SignedTarget {
    kpi: i64,
    at: Timestamp,
    /// More than one where texts were sealed in the same millisecond: either may hold.
    targets: Vec<Option<Target>>,
}

async fn target_differences(snapshot: &Snapshot) -> Result<Vec<String>> {
    let mut signed: BTreeMap<(uuid::Uuid, Day), SignedTarget> = BTreeMap::new();
    for (kpi, at, text) in handshake::verify::ever_sealed::<TargetsText>(snapshot).await? {
        for change in &text.targets {
            let last = signed
                .entry((kpi, change.period))
                .or_insert_with(|| SignedTarget {
                    kpi: text.kpi,
                    at,
                    targets: Vec::new(),
                });
            if last.at != at {
                last.targets.clear();
            }
            (last.kpi, last.at) = (text.kpi, at);
            last.targets.push(change.target());
        }
    }
    let rows: Vec<TargetInForce> = snapshot
        .fetch_all(
            sql!(
                "select k.id, k.number, t.period_on, t.low, t.high from kpi_targets t join kpis k on k.id =
                 t.kpi_id
                 where t.replaced_at is null"
            ),
            Vec::new(),
        )
        .await?;
    let mut in_force: BTreeMap<(uuid::Uuid, Day), (i64, Target)> = rows
        .into_iter()
        .map(|row| {
            let target = Target {
                low: row.low,
                high: row.high,
            };
            ((row.id, row.period_on), (row.number, target))
        })
        .collect();
    let say = |number: i64, period: Day| {
        format!("kpi {number}, {period}: its target is not the one that was signed")
    };
    let mut wrong = Vec::new();
    for ((kpi, period), last) in signed {
        let holds = in_force.remove(&(kpi, period)).map(|(_, target)| target);
        if !last.targets.contains(&holds) {
            wrong.push(say(last.kpi, period));
        }
    }
    wrong.extend(
        in_force
            .into_iter()
            .map(|((_, period), (number, _))| say(number, period)),
    );
    Ok(wrong)
}

/// The limits by which a KPI is judged, where both owners signed others since it began.
async fn limit_differences(snapshot: &Snapshot) -> Result<Vec<String>> {
    let mut signed: BTreeMap<uuid::Uuid, (Timestamp, Vec<(i64, i64)>)> = BTreeMap::new();
    for (kpi, at, text) in handshake::verify::ever_sealed::<TargetsText>(snapshot).await? {
        // A text about a formula, or about the end, says the limits of its day and sets none.
        let Some(limits) = text.limits.filter(|_| text.change.is_none()) else {
            continue;
        };
        let last = signed.entry(kpi).or_insert_with(|| (at, Vec::new()));
        if last.0 != at {
            *last = (at, Vec::new());
        }
        last.1.push((limits.at_risk_below, limits.off_track_below));
    }
    let rows: Vec<(uuid::Uuid, i64, i64, i64)> = snapshot
        .fetch_all(
            sql!("select id, number, watch_below, act_below from kpis"),
            Vec::new(),
        )
        .await?;
    Ok(rows
        .into_iter()
        .filter(|(id, _, watch_below, act_below)| {
            signed
                .get(id)
                .is_some_and(|(_, limits)| !limits.contains(&(*watch_below, *act_below)))
        })
        .map(|(_, number, ..)| format!("kpi {number}: its limits are not those that were signed"))
        .collect())
}

async fn value_differences(snapshot: &Snapshot) -> Result<Vec<String>> {
    let rows: Vec<(uuid::Uuid, i64, Day, Quantity)> = snapshot
        .fetch_all(
            sql!(
                "select v.id, k.number, v.period_on, v.value from kpi_values v join kpis k on k.id = v.kpi_id"
            ),
            Vec::new(),
        )
        .await?;
    let rows: HashMap<uuid::Uuid, (i64, Day, Quantity)> = rows
        .into_iter()
        .map(|(id, number, period, value)| (id, (number, period, value)))
        .collect();
    let mut wrong = Vec::new();
    for (subject, text) in handshake::verify::sealed::<PeriodText>(snapshot).await? {
        let is_same = rows.get(&subject).is_some_and(|(number, period, value)| {
            *number == text.kpi && period.to_string() == text.period && value.to_string() == text.value
        });
        if !is_same {
            wrong.push(format!(
                "kpi {}, {}: its value is not the one that was attested",
                text.kpi, text.period
            ));
        }
    }
    Ok(wrong)
}
