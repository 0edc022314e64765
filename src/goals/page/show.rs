//! The page of one goal.

use axum::extract::Path;
use leptos::prelude::*;

use super::ROOM;

use super::measure_progress::{progress_bar, time_gone};
use crate::{
    access,
    goals::{
        ACT_BELOW, WATCH_BELOW,
        read::{self, GoalClause, GoalMeasure},
    },
    identity::{Action, Page, Viewer},
    initiatives,
    kpis::{self, TrendSpan, difference, in_words, read::Kpi, trend_words},
    platform::{error::Result, time::Day},
    ui::{
        Avatar, Crumb, Pill, Section, Tag,
        chart::{Point, Sparkline},
    },
};

pub async fn show(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    Page::cache_for_reader(&viewer, ROOM, "goal", number, async || {
        show_page(&viewer, number).await
    })
    .await
}

async fn show_page(viewer: &Viewer, number: i64) -> Result<Page> {
    let it = read::one(viewer, number).await?;
    let kpis = kpis::read::of_goal(viewer, it.id).await?;
    let serving = initiatives::read::serving(viewer, it.id).await?;
    let requests = access::read::requests_of(viewer, it.id).await?;
    let promises = read::clauses(viewer, it.id).await?;
    Ok(Page::new(viewer, ROOM, it.title.clone(), move |viewer| {
        let path = viewer.path(&it.path());
        let archived = it.archived.clone();
        let manages = viewer.may(Action::ManageGoal) && archived.is_none();
        let asks = viewer.may(Action::SpeakForSide) && archived.is_none();
        let cards: Vec<_> = it
            .measures
            .iter()
            .map(|measure| {
                card(
                    &viewer,
                    measure,
                    (it.starts_on, it.due_on),
                    kpis.iter().find(|kpi| kpi.id == measure.kpi_id),
                )
            })
            .collect();
        let (for_rows, none_serves, none_requested) =
            (viewer.clone(), serving.is_empty(), requests.is_empty());
        let (passed, all) = serving.iter().fold((0, 0), |(passed, all), row| {
            (passed + row.passed, all + row.checkpoints)
        });
        let work_done = if all > 0 {
            format!("{passed} of {all} checkpoints done")
        } else {
            String::new()
        };
        let method = format!(
            "On track means at least {WATCH_BELOW}% of where a steady pace would be today; off track, below \
                {ACT_BELOW}%."
        );
        view! {
            <Crumb href=viewer.path("goals") text="Goals" />
            <header class="page-head">
                <div>
                    <h1>{it.title.clone()}</h1>
                    {standing_line(&viewer, &it)}
                </div>
                <div class="page-actions">
                    {manages
                        .then(|| {
                            view! {
                                <a class="button" href=format!("{path}/edit")>
                                    "Change"
                                </a>
                            }
                        })}
                    {asks
                        .then(|| {
                            view! {
                                <a class="button is-primary" href=format!("{path}/access")>
                                    "Request access"
                                </a>
                            }
                        })}
                </div>
            </header>
            <p class="prose lead">{it.why.clone()}</p>
            <p class="person owner-line">
                <Avatar name=it.owner.clone() side="marketing" />
                <span>{it.owner.clone()}" "<span class="faint">"owns it"</span></span>
            </p>
            {promises_line(&viewer, &promises)}
            <Section title="Progress" aside="measured by KPIs, not by tasks done">
                <div class="cards">{cards}</div>
                <p class="faint">{method}</p>
            </Section>
            <Section title="Initiatives that serve it" aside=work_done>
                {if none_serves {
                    view! { <p class="faint">"No initiative works on this goal yet."</p> }.into_any()
                } else {
                    view! { <initiatives::page::Rows rows=serving viewer=for_rows /> }.into_any()
                }}
            </Section>
            <Section title="Access">
                {if none_requested {
                    view! {
                        <p class="faint">
                            "No access requested yet. Request the data or technology that this goal needs; \
                                both sides approve it."
                        </p>
                    }
                        .into_any()
                } else {
                    access::page::rows(&viewer, requests, false).into_any()
                }}
            </Section>
        }
    }))
}

/// The promises that the goal's KPIs measure; that there are none is said, too.
fn promises_line(viewer: &Viewer, promises: &[GoalClause]) -> impl IntoView + use<> {
    if promises.is_empty() {
        return view! {
            <p class="faint">"None of its KPIs measures a promise of the definition yet."</p>
        }
        .into_any();
    }
    let links = promises
        .iter()
        .enumerate()
        .map(|(index, clause)| {
            let href = viewer.path(&format!("definition/clauses/{}", clause.id));
            view! {
                {(index > 0).then_some(", ")}
                <a href=href>{clause.title.clone()}</a>
            }
        })
        .collect_view();
    view! {
        <p>
            <span class="faint">"Serves the clause: "</span>
            {links}
        </p>
    }
    .into_any()
}

/// One measure: where it is on its way, its trend, and the KPI behind it.
fn card(
    viewer: &Viewer,
    measure: &GoalMeasure,
    (starts_on, due_on): (Day, Day),
    kpi: Option<&Kpi>,
) -> impl IntoView + use<> {
    let (today, unit, span) = (viewer.today(), measure.unit.clone(), measure.span);
    let value = measure.value;
    let title =
        view! { <a href=viewer.path(&format!("kpis/{}", measure.number))>{measure.title.clone()}</a> };
    let is_over = today > due_on;
    let to_go = value
        .filter(|value| !span.is_reached(*value))
        .map_or_else(String::new, |value| {
            format!(" {} to go.", difference(span.to_go(value), &unit))
        });
    let detail = match (value, &measure.period, kpi) {
        (Some(_), Some(period), _) if is_over => {
            format!("The result is that of {period}, the last period that ended by then.{to_go}")
        }
        (Some(value), Some(period), Some(kpi)) => {
            let since = TrendSpan::between(
                kpi.cadence,
                kpi.before_on,
                kpi.latest.map_or(today, |latest| latest.period),
                today,
            )
            .since;
            let span = TrendSpan {
                period: period.clone(),
                since,
            };
            format!(
                "{}{to_go}",
                trend_words(kpi.direction, kpi.before, value, &unit, &span)
            )
        }
        _ => "No value yet.".to_owned(),
    };
    let archived = (!measure.is_measured).then(|| view! { <p class="faint">"This KPI is archived."</p> });
    let points: Vec<Point> = kpi
        .into_iter()
        .flat_map(|kpi| kpis::page::year_of(kpi, today))
        .map(|point| Point {
            low: Some(span.target.position()),
            high: None,
            ..point
        })
        .collect();
    let ends = points
        .first()
        .zip(points.last())
        .map(|(first, last)| [first.label.clone(), last.label.clone()]);
    let attested = kpi
        .filter(|_| value.is_some() && !is_over)
        .map(|kpi| kpi.attestations.label());
    let figure = value.map_or_else(
        || "–".to_owned(),
        |value| in_words(value, &unit, measure.is_computed),
    );
    let time = time_gone(starts_on, due_on, today);
    view! {
        <article class="card kpi">
            <header>
                <h3>{title}</h3>
                <Pill word=measure.status.word() />
            </header>
            <div>
                <p class="figure">
                    <strong>{figure}</strong>
                </p>
                {progress_bar(measure, time)}
            </div>
            <div>
                <p class="faint">{detail}</p>
                {archived}
                {attested.map(|words| view! { <p class="faint">{words}</p> })}
            </div>
            {ends.map(|ends| view! { <Sparkline points=points ends=ends /> })}
        </article>
    }
}

fn standing_line(viewer: &Viewer, it: &read::Goal) -> impl IntoView + use<> {
    let (today, status, archived) = (viewer.today(), it.status(), it.archived.clone());
    view! {
        {match archived {
            Some((at, because)) => {
                view! {
                    <p class="standing">
                        <Tag label="Archived" />
                        <span>{format!("{}: {because}", viewer.day_of(at).format(today))}</span>
                    </p>
                }
                    .into_any()
            }
            None => {
                view! {
                    <p class="standing">
                        <Pill word=status.word() />
                        <span class="faint">
                            {format!(
                                "{} · {} · {}",
                                status.detail(),
                                it.starts_on.format_span(it.due_on, today),
                                it.rollup_label(),
                            )}
                        </span>
                    </p>
                }
                    .into_any()
            }
        }}
    }
}
