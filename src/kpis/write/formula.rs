//! Making a KPI of others, and computing it.

use super::{ChangeOutcome, Current, above, current, current_by_id, targets, value};
use crate::{
    args,
    identity::{Action, Transaction, Viewer},
    kpis::{
        Cadence, Formula,
        text::{FormulaText, KpiChange},
        with_unit,
    },
    platform::{
        error::{Error, Result},
        graph::find_path,
        ids::{KpiId, MemberId},
        quantity::Quantity,
        time::Day,
    },
    sql,
};

#[derive(sqlx::FromRow)]
struct Input {
    id: KpiId,
    number: i64,
    title: String,
    unit: String,
    cadence: Cadence,
}

/// Makes a KPI of others, or ends that: what was computed stays, as if it had been entered. What both owners
/// have attested before stands; it is computed again only when what it is made of changes. Where they have
/// signed targets or attested a period, of it or of what is made of it, both owners sign this, too.
pub async fn set_formula(
    viewer: &Viewer,
    number: i64,
    version: i64,
    made_of: Option<(Formula, &[KpiId])>,
) -> Result<ChangeOutcome> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::ManageKpi)?;
    let current = current(&mut tx, number).await?;
    if current.version != version {
        return Err(Error::Conflict);
    }
    let known = match made_of {
        Some((formula, inputs)) => check(&mut tx, &current, formula, inputs).await?,
        None => Vec::new(),
    };
    let formula = made_of.map(|(formula, _)| formula);
    above::refuse_under_a_signature(&mut tx, &current).await?;
    if !above::bears_signatures(&mut tx, &current).await? {
        // One signature under targets is given on the numbers as they are made now.
        targets::refuse_over_another(&mut tx, &current, |_| false).await?;
        let words = apply(&mut tx, &current, formula, &known).await?;
        let event = current.event("set the formula of").detail(words);
        tx.commit(permit, event).await?;
        return Ok(ChangeOutcome::Done);
    }
    let before = inputs_of(&mut tx, &current).await?;
    let wanted = FormulaText {
        formula,
        inputs: known.iter().map(|input| input.number).collect(),
        words: in_words(formula, &known),
        was: in_words(current.formula, &before),
    };
    if wanted.formula == current.formula
        && before
            .iter()
            .map(|input| input.number)
            .eq(wanted.inputs.iter().copied())
    {
        return Ok(ChangeOutcome::Done);
    }
    let event = current
        .event("proposed the formula of")
        .detail(format!("{} became {}", wanted.was, wanted.words));
    targets::propose_change(&mut tx, &current, "", KpiChange::Formula(wanted)).await?;
    tx.commit(permit, event).await?;
    Ok(ChangeOutcome::Asked)
}

/// Computes it as both owners have signed.
pub(super) async fn begin(tx: &mut Transaction, current: &Current, wanted: &FormulaText) -> Result<()> {
    let mut ids: Vec<KpiId> = Vec::with_capacity(wanted.inputs.len());
    for number in &wanted.inputs {
        let found: Option<(KpiId,)> = tx
            .fetch_optional(
                sql!("select id from kpis where workspace_id = $1 and number = $2 and archived_at is null"),
                args![*number],
            )
            .await?;
        let Some((id,)) = found else {
            return Err(Error::invalid(
                "",
                "A KPI of this formula has been archived. Withdraw the formula, or object to it.",
            ));
        };
        ids.push(id);
    }
    let known = match wanted.formula {
        Some(formula) => check(tx, current, formula, &ids).await?,
        None => Vec::new(),
    };
    if in_words(wanted.formula, &known) != wanted.words {
        return Err(Error::invalid(
            "",
            "A KPI of this formula has another name now. Withdraw the formula and propose it again.",
        ));
    }
    let words = apply(tx, current, wanted.formula, &known).await?;
    let event = current.event("set the formula of");
    tx.record(event.detail(format!("{words} · signed by both owners")))
        .await
}

async fn inputs_of(tx: &mut Transaction, current: &Current) -> Result<Vec<Input>> {
    tx.fetch_all(
        sql!(
            "select k.id, k.number, k.title, k.unit, k.cadence from kpi_inputs i join kpis k on k.id = i.input_id
             where i.workspace_id = $1 and i.kpi_id = $2 order by i.position"
        ),
        args![current.id],
    )
    .await
}

fn in_words(formula: Option<Formula>, inputs: &[Input]) -> String {
    formula.map_or_else(
        || "Entered by hand".to_owned(),
        |formula| formula.describe(&inputs.iter().map(|input| input.title.clone()).collect::<Vec<_>>()),
    )
}

/// Sets the formula and computes by it; gives it in words.
async fn apply(
    tx: &mut Transaction,
    current: &Current,
    formula: Option<Formula>,
    inputs: &[Input],
) -> Result<String> {
    tx.execute(
        sql!("delete from kpi_inputs where workspace_id = $1 and kpi_id = $2"),
        args![current.id],
    )
    .await?;
    for (position, input) in (1_i64..).zip(inputs) {
        tx.execute(
            sql!("insert into kpi_inputs (workspace_id, kpi_id, position, input_id) values ($1, $2, $3, $4)"),
            args![current.id, position, input.id],
        )
        .await?;
    }
    tx.execute(
        sql!("update kpis set formula = $3, version = version + 1 where workspace_id = $1 and id = $2"),
        args![current.id, formula],
    )
    .await?;
    if formula.is_some() {
        let current = current_by_id(tx, current.id).await?;
        let by = tx.member_id().ok_or(Error::Forbidden)?;
        let periods: Vec<(Day,)> = tx
            .fetch_all(
                sql!(
                    "select distinct v.period_on from kpi_inputs i join kpi_values v on v.kpi_id = i.input_id
                     and v.replaced_at is null
                 where i.workspace_id = $1 and i.kpi_id = $2 and v.period_on >= $3
                   and not exists (select 1 from kpi_values w join tabled_handshakes h on h.kind = 'kpi' and
                   h.subject_id = w.id and h.sealed_at is not null
                                   where w.kpi_id = $2 and w.period_on = v.period_on and w.replaced_at is
                                   null) order by 1"
                ),
                args![current.id, current.starts_on],
            )
            .await?;
        for (day,) in periods {
            compute(tx, &current, day, by).await?;
            compute_from(tx, current.id, day, by).await?;
        }
    }
    Ok(in_words(formula, inputs))
}

async fn check(
    tx: &mut Transaction,
    current: &Current,
    formula: Formula,
    inputs: &[KpiId],
) -> Result<Vec<Input>> {
    if !formula.takes().contains(&inputs.len()) {
        let takes = formula.takes();
        let wanted = if takes.start() == takes.end() {
            format!("{}", takes.start())
        } else {
            format!("{} to {}", takes.start(), takes.end())
        };
        return Err(Error::invalid(
            "inputs",
            format!("Choose {wanted} KPIs; {} are chosen.", inputs.len()),
        ));
    }
    let mut known: Vec<Input> = Vec::with_capacity(inputs.len());
    for id in inputs {
        if known.iter().any(|input| input.id == *id) {
            return Err(Error::invalid("inputs", "Choose each of them once."));
        }
        let input: Option<Input> = tx
            .fetch_optional(
                sql!(
                    "select id, number, title, unit, cadence from kpis where workspace_id = $1 and id =
                 $2 and archived_at is null"
                ),
                args![*id],
            )
            .await?;
        known.push(input.ok_or_else(|| Error::invalid("inputs", "Choose from the list."))?);
    }
    if let Some(other) = known.iter().find(|input| input.cadence != current.cadence) {
        return Err(Error::invalid(
            "inputs",
            format!(
                "{} is reported {}; a formula needs one cadence.",
                other.title,
                other.cadence.name().to_lowercase()
            ),
        ));
    }
    let units: Vec<&str> = known.iter().map(|input| input.unit.as_str()).collect();
    if let Some(why) = formula.refuses_units(&units, &current.unit) {
        return Err(Error::invalid("inputs", why));
    }
    for input in &known {
        if let Some(path) = titles_between(tx, input.id, current.id).await? {
            let detail = std::iter::once(current.title.clone())
                .chain(path)
                .collect::<Vec<_>>()
                .join(" ← ");
            return Err(Error::invalid(
                "inputs",
                format!("That would make a circle: {detail}."),
            ));
        }
    }
    Ok(known)
}

/// The titles on the way from a KPI down its inputs to another, both included; `None` when there is no way.
async fn titles_between(tx: &mut Transaction, from: KpiId, to: KpiId) -> Result<Option<Vec<String>>> {
    let arrows: Vec<(KpiId, KpiId)> = tx
        .fetch_all(
            sql!("select kpi_id, input_id from kpi_inputs where workspace_id = $1"),
            Vec::new(),
        )
        .await?;
    let Some(path) = find_path(&arrows, from, to) else {
        return Ok(None);
    };
    let mut titles = Vec::with_capacity(path.len());
    for id in path {
        let (title,): (String,) = tx
            .fetch_one(
                sql!("select title from kpis where workspace_id = $1 and id = $2"),
                args![id],
            )
            .await?;
        titles.push(title);
    }
    Ok(Some(titles))
}

/// Computes everything that is made of this KPI, and what is made of that, for one period: each once, after
/// what it is made of. No circle was let in.
pub(super) async fn compute_from(tx: &mut Transaction, input: KpiId, day: Day, by: MemberId) -> Result<()> {
    let edges: Vec<(KpiId, KpiId)> = tx
        .fetch_all(
            sql!("select kpi_id, input_id from kpi_inputs where workspace_id = $1"),
            Vec::new(),
        )
        .await?;
    let mut waiting: Vec<KpiId> = Vec::new();
    let mut next = vec![input];
    while let Some(input) = next.pop() {
        for (made, _) in edges.iter().filter(|(_, of)| *of == input) {
            if !waiting.contains(made) {
                waiting.push(*made);
                next.push(*made);
            }
        }
    }
    while !waiting.is_empty() {
        let ready = waiting
            .iter()
            .position(|made| !edges.iter().any(|(kpi, of)| kpi == made && waiting.contains(of)));
        let id = waiting.swap_remove(ready.ok_or(Error::Internal)?);
        let current = current_by_id(tx, id).await?;
        compute(tx, &current, day, by).await?;
    }
    Ok(())
}

/// Computes one period. Where an input has no value or the result is not defined, there is none, and none
/// stays.
async fn compute(tx: &mut Transaction, current: &Current, day: Day, by: MemberId) -> Result<()> {
    let Some(formula) = current.formula else {
        return Ok(());
    };
    if day < current.starts_on {
        return Ok(());
    }
    let inputs: Vec<(Option<Quantity>,)> = tx
        .fetch_all(
            sql!(
                "select v.value from kpi_inputs i left join kpi_values v on v.kpi_id = i.input_id and
                 v.period_on = $3 and v.replaced_at is null
             where i.workspace_id = $1 and i.kpi_id = $2 order by i.position"
            ),
            args![current.id, day],
        )
        .await?;
    let inputs: Option<Vec<Quantity>> = inputs.into_iter().map(|(value,)| value).collect();
    let value = inputs.and_then(|inputs| formula.of(&inputs));
    let before = value::before(tx, current, day).await?;
    if before.map(|(_, old)| old) == value {
        return Ok(());
    }
    let said = current.cadence.format(day, tx.today());
    let Some(value) = value else {
        if let Some((id, _)) = before {
            value::take_away(tx, id, "The KPIs it is computed from give no value any more.").await?;
        }
        return tx
            .record(
                current
                    .event("calculated")
                    .detail(format!("{said}: no value any more")),
            )
            .await;
    };
    let earlier = before.map(|(id, _)| (id, "Computed again because a source value changed."));
    value::replace(tx, current, day, value, earlier, by).await?;
    tx.record(
        current
            .event("calculated")
            .detail(format!("{said}: {}", with_unit(value, &current.unit))),
    )
    .await
}
