//! Targets: a strip of periods.

use axum::{
    extract::{Path, Query},
    response::IntoResponse as _,
};
use leptos::prelude::*;
use serde::Deserialize;

use super::{ROOM, proposal};
use crate::{
    handshake::{Kind, read::edit_warning},
    identity::{Action, FormResponse, Page, Redirect, Viewer, respond},
    kpis::{
        Direction, Doubt, Target,
        read::{self, Kpi},
        text::TargetText,
        write::{self, PeriodTarget},
    },
    platform::{
        error::{Error, Result},
        form::Form,
        notation::unmistakable,
        quantity::Quantity,
        time::Day,
    },
    ui::{
        Actions, Crumb, DefaultButton, Hidden, Notice, PostForm, Section, SureTick, TextArea, TextField,
        Warning,
    },
};

#[derive(Deserialize)]
pub struct TargetsQuery {
    /// The first period shown.
    from: Option<String>,
}

pub async fn targets_form(
    viewer: Viewer,
    Path((_, number)): Path<(String, i64)>,
    Query(query): Query<TargetsQuery>,
) -> Result<Page> {
    let form = Form::blank();
    targets_page(&viewer, number, (form, query.from.as_deref())).await
}

/// Periods on one page.
const SHOWN: i32 = 15;

/// The periods from `from` on; without it from three before the present one. None before the KPI's first.
fn strip(kpi: &Kpi, today: Day, from: Option<&str>) -> Vec<Day> {
    let first = kpi.cadence.period_of(kpi.starts_on);
    let asked: Option<Day> = from
        .and_then(|from| from.parse().ok())
        .filter(|day: &Day| day.is_plannable());
    let from = asked.map_or_else(
        || kpi.cadence.step(kpi.cadence.period_of(today), -3),
        |day| kpi.cadence.period_of(day),
    );
    let from = from.max(first);
    (0..SHOWN).map(|step| kpi.cadence.step(from, step)).collect()
}

/// Fills a form: from a pasted column, a period a line, a cell for each end, in the place of what stands
/// there; without one, the empty periods with what stands in the period before.
fn fill_down(form: &mut Form, kpi: &Kpi, periods: &[Day]) {
    let column = form.raw("column").to_owned();
    let (has_low, has_high) = kpi.direction.ends();
    let ends: Vec<&str> = [("low", has_low), ("high", has_high)]
        .into_iter()
        .filter_map(|(end, is_there)| is_there.then_some(end))
        .collect();
    if column.trim().is_empty() {
        for end in ends {
            let mut last = String::new();
            for period in periods {
                let name = format!("{end}-{period}");
                if form.raw(&name).trim().is_empty() {
                    form.set(&name, last.clone());
                } else {
                    form.raw(&name).clone_into(&mut last);
                }
            }
        }
        return;
    }
    for (line, period) in column.lines().zip(periods) {
        for (cell, end) in line.split('\t').zip(&ends) {
            form.set(&format!("{end}-{period}"), cell.trim());
        }
    }
    form.set("column", "");
}

async fn targets_page(viewer: &Viewer, number: i64, (form, from): (Form, Option<&str>)) -> Result<Page> {
    if !viewer.may(Action::ManageKpi) {
        return Err(Error::Forbidden);
    }
    let kpi = read::one(viewer, number).await?;
    let warning = edit_warning(viewer, Kind::Targets, kpi.id.uuid()).await?;
    let known = read::periods(viewer, kpi.id).await?;
    let proposed = proposal::awaited(viewer, &kpi).await?;
    let replaced = read::target_changes(viewer, kpi.id).await?;
    let mut form = form.over(Form::blank(), &[]);
    if let (false, Some(text)) = (form.is_typed(), &proposed) {
        form = form.with("because", text.because.clone());
    }
    if form.raw("version").is_empty() || form.is_late() {
        form.set("version", kpi.version.to_string());
    }
    let today = viewer.today();
    let cancel = viewer.path(&kpi.path());
    let shown = strip(&kpi, today, from);
    form.set("from", shown[0].to_string());
    let turns = turns(&cancel, &kpi, &shown);
    Ok(Page::new(
        viewer,
        ROOM,
        format!("Targets of {}", kpi.title),
        move |_| {
            let earlier = replaced
                .into_iter()
                .map(|old| earlier_row(today, &kpi, &old))
                .collect::<Vec<_>>();
            let cells = shown
                .into_iter()
                .map(|period| {
                    // What lies before both owners is what one goes on from.
                    let target = proposed
                        .iter()
                        .flat_map(|text| &text.targets)
                        .find(|change| change.period == period)
                        .map_or_else(
                            || known.iter().find(|known| known.period == period)?.target,
                            TargetText::target,
                        );
                    cell(&form, &kpi, (period, today), target)
                })
                .collect_view();
            view! {
                <Crumb href=cancel.clone() text=kpi.title.clone() />
                <h1>"Targets"</h1>
                <Warning text=warning />
                <p>
                    {format!(
                        "In {}. Leave a period empty if it has no target. Targets take effect when {} and \
                            {} have signed them. Changing an existing target needs a reason, and the old \
                            one stays visible.",
                        if kpi.unit.is_empty() { "numbers" } else { &kpi.unit },
                        kpi.marketing_name,
                        kpi.technology_name,
                    )}
                </p>
                {turns}
                <PostForm form=form>
                    <DefaultButton />
                    <Hidden name="version" />
                    <Hidden name="from" />
                    <div class="strip">{cells}</div>
                    {fill_part()}
                    <TextField
                        name="because"
                        label="Reason for the change"
                        help="Only needed where a target was set before."
                        max_length=300
                        optional=true
                    />
                    <SureTick />
                    <Actions verb="Ask both owners to sign" cancel=cancel />
                </PostForm>
                {(!earlier.is_empty())
                    .then(|| {
                        view! {
                            <Section title="Earlier targets">
                                <ul class="rows">{earlier}</ul>
                            </Section>
                        }
                    })}
            }
        },
    ))
}

pub async fn propose_targets(
    viewer: Viewer,
    Path((_, number)): Path<(String, i64)>,
    mut form: Form,
) -> FormResponse {
    let from = form.raw("from").to_owned();
    // A column that was pasted is never passed over, whichever button was pressed.
    if form.raw("step") == "fill" || !form.raw("column").trim().is_empty() {
        let kpi = read::one(&viewer, number).await?;
        let periods = strip(&kpi, viewer.today(), Some(&from));
        fill_down(&mut form, &kpi, &periods);
        let page = targets_page(&viewer, number, (form, Some(&from))).await?;
        return Ok(page.into_response());
    }
    let outcome = async {
        let kpi = read::one(&viewer, number).await?;
        let mut targets = Vec::new();
        for period in strip(&kpi, viewer.today(), Some(&from)) {
            // A period that the form did not show stays as it is.
            if ["low", "high"]
                .iter()
                .all(|end| form.raw_each(&format!("{end}-{period}")).next().is_none())
            {
                continue;
            }
            let (low, high) = (
                form.optional_quantity(&format!("low-{period}")),
                form.optional_quantity(&format!("high-{period}")),
            );
            let (Some(low), Some(high)) = (low, high) else {
                continue;
            };
            let (has_low, has_high) = kpi.direction.ends();
            let (low, high) = (low.filter(|_| has_low), high.filter(|_| has_high));
            let half = kpi.direction == Direction::Within && low.is_some() != high.is_some();
            if half || low.zip(high).is_some_and(|(low, high)| low > high) {
                form.fail(&format!("low-{period}"), "Give both ends, the lower one first.");
                continue;
            }
            targets.push(PeriodTarget {
                period,
                target: Target::between(low, high),
            });
        }
        if !form.problems().is_empty() {
            return Err(form.refusal());
        }
        let because = form.optional_line("because", 300).ok_or_else(|| form.refusal())?;
        let doubt = Doubt::of(form.is_ticked("is_sure"));
        write::propose_targets(&viewer, number, form.version(), &targets, &because, doubt).await?;
        let to = viewer.path(&format!("kpis/{number}"));
        Ok(match proposal::awaited(&viewer, &kpi).await? {
            Some(_) => Redirect::to(format!("{to}/targets/proposal")).with_notice(Notice::Proposed),
            None => Redirect::to(to).with_notice(Notice::Saved),
        })
    }
    .await;
    respond(outcome, form, |form| {
        targets_page(&viewer, number, (form, Some(&from)))
    })
    .await
}

/// Links to the periods before and after those shown; none of them before the KPI's first.
fn turns(path: &str, kpi: &Kpi, shown: &[Day]) -> impl IntoView + use<> {
    let first = kpi.cadence.period_of(kpi.starts_on);
    let link = |from: Day, words: &'static str| {
        view! { <a href=format!("{path}/targets?from={from}")>{words}</a> }
    };
    let before = (shown[0] > first).then(|| link(kpi.cadence.step(shown[0], -SHOWN), "Earlier periods"));
    let after = link(kpi.cadence.step(shown[0], SHOWN), "Later periods");
    view! {
        <p class="turns">
            {before}
            {after}
        </p>
    }
}

fn earlier_row(today: Day, kpi: &Kpi, old: &read::TargetChange) -> impl IntoView + use<> {
    let target =
        Target::between(old.low, old.high).map_or_else(String::new, |target| target.format(&kpi.unit));
    let said = kpi.cadence.format(old.period_on, today);
    view! {
        <li class="row">
            <span class="row-main">
                <span>{said}": "<del>{target}</del></span>
                <span class="faint">{old.because.clone()}</span>
            </span>
        </li>
    }
}

/// Many periods at once: pasted, or copied down.
fn fill_part() -> impl IntoView {
    view! {
        <details class="adds">
            <summary>"Fill many at once…"</summary>
            <TextArea
                name="column"
                label="A column to paste"
                help="A line for each period, from the first one shown. Leave it empty to copy each target into \
                    the empty periods after it."
                rows=4
                max_length=2000
                optional=true
            />
            <button class="button" type="submit" name="step" value="fill" formnovalidate=true>
                "Fill in"
            </button>
        </details>
    }
}

/// A period's fields: what was typed, or else the target as it stands.
fn cell(
    form: &Form,
    kpi: &Kpi,
    (period, today): (Day, Day),
    target: Option<Target>,
) -> impl IntoView + use<> {
    let field = |end: &str, now: Option<Quantity>| {
        let name = format!("{end}-{period}");
        let typed = form.raw_each(&name).next().map(str::to_owned);
        let value = typed.unwrap_or_else(|| now.map_or_else(String::new, unmistakable));
        (name, value)
    };
    let low = field("low", target.and_then(|target| target.low));
    let high = field("high", target.and_then(|target| target.high));
    let said = kpi.cadence.format(period, today);
    let ends: Vec<(&str, (String, String))> = match kpi.direction.ends() {
        (true, true) => vec![("from", low), ("to", high)],
        (true, false) => vec![("at least", low)],
        (false, _) => vec![("at most", high)],
    };
    let inputs = ends
        .into_iter()
        .map(|(word, (name, value))| {
            let problem = form.problem_of(&name).map(str::to_owned);
            let is_wrong = problem.is_some().then_some("true");
            let label = format!("{said}, {word}");
            view! {
                <label>
                    <span class="faint">{word}</span>
                    <input
                        id=name.clone()
                        name=name
                        value=value
                        inputmode="decimal"
                        maxlength="20"
                        autocomplete="off"
                        aria-label=label
                        aria-invalid=is_wrong
                    />
                </label>
                {problem.map(|problem| view! { <p class="problem">{problem}</p> })}
            }
        })
        .collect_view();
    view! {
        <fieldset class="strip-cell">
            <legend>{said}</legend>
            {inputs}
        </fieldset>
    }
}
