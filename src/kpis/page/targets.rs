//! Targets: a strip of periods.

use axum::extract::Path;
use leptos::prelude::*;

use super::{ROOM, proposal};
use crate::{
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
    ui::{Actions, Crumb, Hidden, Notice, PostForm, Section, SureTick, TextField},
};

pub async fn targets_form(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    targets_page(&viewer, number, Form::blank()).await
}

/// Fifteen periods, from three before the present one, or from the first when that is later.
fn strip(kpi: &Kpi, today: Day) -> Vec<Day> {
    let first = kpi.cadence.period_of(kpi.starts_on);
    let from = first.max(kpi.cadence.step(kpi.cadence.period_of(today), -3));
    (0..15).map(|step| kpi.cadence.step(from, step)).collect()
}

async fn targets_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    if !viewer.may(Action::ManageKpi) {
        return Err(Error::Forbidden);
    }
    let kpi = read::one(viewer, number).await?;
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
    Ok(Page::new(
        viewer,
        ROOM,
        format!("Targets of {}", kpi.title),
        move |_| {
            let untouched = !form.is_typed();
            let earlier = replaced
                .into_iter()
                .map(|old| earlier_row(today, &kpi, &old))
                .collect::<Vec<_>>();
            let cells = strip(&kpi, today)
                .into_iter()
                .map(|period| {
                    // What lies before both owners is what one goes on from.
                    let target = proposed
                        .iter()
                        .flat_map(|text| &text.targets)
                        .find(|change| change.period == period)
                        .map_or_else(
                            || {
                                let known = known.iter().find(|known| known.period == period)?;
                                known.target
                            },
                            TargetText::target,
                        );
                    let typed = |end: &str, now: Option<Quantity>| {
                        let name = format!("{end}-{period}");
                        let value = if untouched {
                            now.map_or_else(String::new, unmistakable)
                        } else {
                            form.raw(&name).to_owned()
                        };
                        (name, value)
                    };
                    let said = kpi.cadence.format(period, today);
                    cell(
                        &form,
                        &kpi,
                        &said,
                        [
                            typed("low", target.and_then(|t| t.low)),
                            typed("high", target.and_then(|t| t.high)),
                        ],
                    )
                })
                .collect_view();
            view! {
                <Crumb href=cancel.clone() text=kpi.title.clone() />
                <h1>"Targets"</h1>
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
                <PostForm form=form>
                    <Hidden name="version" />
                    <div class="strip">{cells}</div>
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
    let outcome = async {
        let kpi = read::one(&viewer, number).await?;
        let mut targets = Vec::new();
        for period in strip(&kpi, viewer.today()) {
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
    respond(outcome, form, |form| targets_page(&viewer, number, form)).await
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

fn cell(form: &Form, kpi: &Kpi, said: &str, [low, high]: [(String, String); 2]) -> impl IntoView + use<> {
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
            <legend>{said.to_owned()}</legend>
            {inputs}
        </fieldset>
    }
}
