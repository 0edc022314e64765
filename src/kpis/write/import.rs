//! Entering many values at once: all of them or none.

use std::collections::{BTreeMap, HashMap};

use super::{TargetRow, current_by_id, formula, value};

use crate::{
    args,
    identity::{Action, Transaction, Viewer},
    kpis::import::{
        Choices, Context, ImportPlan, KNOWN, KnownKpi, PlannedValue, Sheet, earlier_starts, plan,
    },
    platform::{
        db::Sql,
        error::{Error, Result},
        ids::{KpiId, KpiValueId},
        quantity::Quantity,
        time::Day,
    },
    sql,
};

const VALUES: Sql = sql!(
    "select v.kpi_id, v.period_on, v.id, v.value, h.sealed_at is not null from kpi_values v
     left join tabled_handshakes h on h.kind = 'kpi' and h.subject_id = v.id
     where v.workspace_id = $1 and v.replaced_at is null"
);

/// What somebody says of a table whose preview they saw.
#[derive(Clone, Copy, Debug, Default)]
pub struct Confirmation<'a> {
    /// The digest of what the preview showed.
    pub seen: &'a str,
    /// That values far from those around them are right.
    pub is_sure: bool,
    /// That values of periods from before the KPI was made are history, which nobody attests.
    pub is_history: bool,
}

/// How many values were entered.
#[derive(Clone, Copy, Debug, Default)]
pub struct Entered {
    /// Of past periods: nobody attests them.
    pub history: usize,
    /// Both owners are asked to attest them.
    pub to_attest: usize,
}

/// Enters every value of a table that was previewed, in one step; when it changed since the preview, nothing
/// is entered.
pub async fn import(
    viewer: &Viewer,
    sheet: &Sheet,
    choices: &Choices,
    confirmation: Confirmation<'_>,
) -> Result<Entered> {
    let mut tx = viewer.begin().await?;
    let by = tx.member_id().ok_or(Error::Forbidden)?;
    let (found, known, ids) = plan_as_seen(&mut tx, sheet, choices, confirmation).await?;
    let earlier: BTreeMap<KpiId, Day> = earlier_starts(&found.planned, &known).into_iter().collect();
    let mut by_kpi: BTreeMap<KpiId, Vec<PlannedValue>> = BTreeMap::new();
    for planned in found.planned {
        by_kpi.entry(planned.kpi).or_default().push(planned);
    }
    let mut entered = Entered::default();
    let (mut last, mut permit) = (None, None);
    for (kpi, rows) in by_kpi {
        let current = current_by_id(&mut tx, kpi).await?;
        permit = Some(tx.permit(Action::EnterKpiValue {
            driver: current.driver_id,
        })?);
        if let Some(first) = earlier.get(&kpi) {
            tx.execute(
                sql!(
                    "update kpis set starts_on = $3, version = version + 1 where workspace_id = $1 and id = $2"
                ),
                args![kpi, *first],
            )
            .await?;
        }
        let is_input = is_input(&mut tx, kpi).await?;
        let targets = targets_of(&mut tx, kpi).await?;
        for row in &rows {
            match ids.get(&(kpi, row.period)) {
                None if row.is_old && confirmation.is_history => {
                    value::enter_history(&mut tx, &current, row.period, row.value, by).await?;
                    entered.history += 1;
                }
                None => {
                    value::enter_first(
                        &mut tx,
                        &current,
                        row.period,
                        row.value,
                        targets.get(&row.period),
                        by,
                    )
                    .await?;
                    entered.to_attest += 1;
                }
                Some(id) => {
                    value::replace(
                        &mut tx,
                        &current,
                        row.period,
                        row.value,
                        Some((*id, row.because.as_str())),
                        by,
                    )
                    .await?;
                    entered.to_attest += 1;
                }
            }
            if is_input {
                formula::compute_from(&mut tx, kpi, row.period, by).await?;
            }
        }
        let mut detail = described(&rows, |row| ids.contains_key(&(kpi, row.period)));
        if let Some(first) = earlier.get(&kpi) {
            detail = format!("{detail}; its first period is {first} now");
        }
        if let Some(event) = last.replace(current.event("imported values of").detail(detail)) {
            tx.record(event).await?;
        }
    }
    match last.zip(permit) {
        Some((event, permit)) => tx.commit(permit, event).await.map(|()| entered),
        None => Ok(entered),
    }
}

/// What a table would do now, which has to be what its preview showed; with the KPIs and the values there
/// are.
async fn plan_as_seen(
    tx: &mut Transaction,
    sheet: &Sheet,
    choices: &Choices,
    confirmation: Confirmation<'_>,
) -> Result<(ImportPlan, Vec<KnownKpi>, BTreeMap<(KpiId, Day), KpiValueId>)> {
    let known: Vec<KnownKpi> = tx.fetch_all(KNOWN, Vec::new()).await?;
    let values: Vec<(KpiId, Day, KpiValueId, Quantity, bool)> = tx.fetch_all(VALUES, Vec::new()).await?;
    let may = |kpi: &KnownKpi| {
        tx.permit(Action::EnterKpiValue {
            driver: kpi.driver_id,
        })
        .is_ok()
    };
    let ids: BTreeMap<(KpiId, Day), KpiValueId> = values
        .iter()
        .map(|(kpi, day, id, ..)| ((*kpi, *day), *id))
        .collect();
    let present: HashMap<_, _> = values
        .into_iter()
        .map(|(kpi, day, _, value, is_attested)| ((kpi, day), (value, is_attested)))
        .collect();
    let made_on = known
        .iter()
        .map(|kpi| (kpi.id, tx.day_of(kpi.created_at)))
        .collect();
    let context = Context {
        known: &known,
        values: &present,
        today: tx.today(),
        made_on: &made_on,
    };
    let found = plan(sheet, choices, &context, may);
    if !found.problems.is_empty() || found.digest() != confirmation.seen {
        return Err(Error::invalid(
            "",
            "The numbers changed since the preview. Nothing was entered. Preview again.",
        ));
    }
    if !found.doubts.is_empty() && !confirmation.is_sure {
        return Err(Error::invalid(
            "is_sure",
            "Some values are far from those around them. Check them, and confirm that they are right.",
        ));
    }
    Ok((found, known, ids))
}

/// How many values were entered, and how many of them in the place of others.
fn described(rows: &[PlannedValue], is_there: impl Fn(&PlannedValue) -> bool) -> String {
    match rows.iter().filter(|row| is_there(row)).count() {
        0 => format!("{} values", rows.len()),
        corrected => format!("{} values, {corrected} of them corrected", rows.len()),
    }
}

/// Whether other KPIs are made of it.
async fn is_input(tx: &mut Transaction, kpi: KpiId) -> Result<bool> {
    let made_of_it: Vec<(KpiId,)> = tx
        .fetch_all(
            sql!("select kpi_id from kpi_inputs where workspace_id = $1 and input_id = $2"),
            args![kpi],
        )
        .await?;
    Ok(!made_of_it.is_empty())
}

async fn targets_of(tx: &mut Transaction, kpi: KpiId) -> Result<HashMap<Day, TargetRow>> {
    let targets: Vec<(Day, Option<Quantity>, Option<Quantity>)> = tx
        .fetch_all(
            sql!(
                "select period_on, low, high from kpi_targets where workspace_id = $1 and kpi_id =
                 $2 and replaced_at is null"
            ),
            args![kpi],
        )
        .await?;
    Ok(targets
        .into_iter()
        .map(|(day, low, high)| (day, TargetRow { low, high }))
        .collect())
}
