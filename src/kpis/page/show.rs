//! The page of one KPI.

use axum::extract::Path;
use leptos::prelude::*;

use super::{
    ROOM,
    chart::{chart, forecasts, points},
    proposal,
};

use crate::{
    handshake::components::Seats,
    identity::{Action, Page, Side, Viewer},
    kpis::{
        Formula, Stand, attach_unit,
        components::EnterInPlace,
        forecast,
        page::list::newest_in_words,
        read::{self, Judgements, Kpi, Period},
        rollup, with_unit,
    },
    platform::{
        error::Result,
        text::join_details,
        time::{Day, Timestamp},
    },
    ui::{Crumb, Menu, Pill, Section, StatusWord, Tag},
};

pub async fn show(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    Page::cache_for_reader(&viewer, ROOM, "kpi", number, async || {
        show_page(&viewer, number).await
    })
    .await
}

async fn show_page(viewer: &Viewer, number: i64) -> Result<Page> {
    let (kpi, archived_at) = read::one_or_archived(viewer, number).await?;
    let periods = read::on_calendar(kpi.cadence, read::periods(viewer, kpi.id).await?);
    let replaced = read::corrections(viewer, kpi.id, None).await?;
    let inputs = read::inputs(viewer, kpi.id).await?;
    let served = read::serving(viewer, kpi.id).await?;
    let proposed = proposal::line(viewer, &kpi).await?;
    Ok(Page::new(viewer, ROOM, kpi.title.clone(), move |viewer| {
        let today = viewer.today();
        let path = viewer.path(&kpi.path());
        let is_measured = archived_at.is_none();
        let outlook = outlook(&kpi, &periods, today).filter(|_| is_measured);
        let year_before = year_before(&kpi, &periods, today);
        let made_of = kpi.formula.map(|formula| {
            // What is archived is no longer made of anything; the history says of what it was.
            if inputs.is_empty() {
                view! { <p class="faint">"It was computed from other KPIs."</p> }.into_any()
            } else {
                formula_view(&viewer, formula, &inputs).into_any()
            }
        });
        let served = movers(&viewer, &served);
        let (figure, words) = newest_in_words(&kpi, today);
        let awaited = kpi.awaited(today);
        let entry = awaited
            .filter(|_| is_measured && enters(&viewer, &kpi))
            .map(|period| entry(&viewer, &kpi, &path, period));
        let rows = periods
            .iter()
            .rev()
            .filter(|period| period.value.is_some() || (is_measured && period.period <= today))
            .map(|period| period_row(&viewer, &kpi, period, is_measured))
            .collect_view();
        let has_periods = !periods.is_empty();
        view! {
            <Crumb href=viewer.path("kpis") text="KPIs" />
            <header class="page-head">
                <div>
                    <h1>{kpi.title.clone()}</h1>
                    {standing_line(&viewer, &kpi, archived_at)}
                </div>
                <div class="page-actions">{page_actions(&viewer, &kpi, &path, is_measured)}</div>
            </header>
            {figure}
            <p>{words}{year_before}</p>
            {proposed}
            {made_of}
            {outlook}
            {entry}
            {has_periods.then(|| chart(&kpi, &periods))}
            <Section
                title="Periods"
                aside=format!(
                    "{}, {}",
                    kpi.cadence.name().to_lowercase(),
                    kpi.direction.aim(),
                )
            >
                {period_table(rows.into_any())}
            </Section>
            {about(&kpi)}
            {served}
            {(!replaced.is_empty()).then(|| corrections(&viewer, &kpi, replaced))}
        }
    }))
}

/// " October 2025: 19.2 %."
fn year_before(kpi: &Kpi, periods: &[Period], today: Day) -> Option<String> {
    let latest = kpi.latest?;
    let back = kpi.cadence.period_of(latest.period.plus_months(-12));
    let then = periods.iter().find(|known| known.period == back)?.value?;
    Some(format!(
        " {}: {}.",
        kpi.cadence.format(back, today),
        with_unit(then, &kpi.unit)
    ))
}

/// Where the line through the last periods leads, beside the target that is furthest ahead.
fn outlook(kpi: &Kpi, periods: &[Period], today: Day) -> Option<impl IntoView + use<>> {
    let (ahead, _) = forecasts(kpi, periods).pop()?;
    let line = forecast::line(&points(kpi, periods))?;
    let found = line.at(kpi.cadence.count(ahead));
    let range = found.high - found.low;
    let aim = periods
        .iter()
        .find(|known| known.period == ahead)
        .and_then(|known| known.target);
    let aim = aim.map_or_else(String::new, |target| {
        format!("; target {}", target.format(&kpi.unit))
    });
    let said = |value: f64| forecast::format_estimate(value, range);
    let detail = format!(
        "Trend: about {} in {} ({} to {}){aim}.",
        attach_unit(&said(found.middle), &kpi.unit),
        kpi.cadence.format(ahead, today),
        said(found.low),
        said(found.high)
    );
    let method = format!(
        "A straight line through the last {} values, plus or minus two standard errors. Planned changes are \
            not included.",
        line.values()
    );
    Some(view! { <p class="outlook">{detail}" "<small class="faint">{method}</small></p> })
}

fn formula_view(viewer: &Viewer, formula: Formula, inputs: &[read::Input]) -> impl IntoView + use<> {
    let said = formula.describe(&inputs.iter().map(|input| input.title.clone()).collect::<Vec<_>>());
    let links = inputs
        .iter()
        .map(|input| {
            let value = input.value.map_or_else(
                || "no value yet".to_owned(),
                |value| with_unit(value, &input.unit),
            );
            view! {
                <li>
                    <a href=viewer.path(&format!("kpis/{}", input.number))>{input.title.clone()}</a>
                    " "
                    <span class="faint">{value}</span>
                </li>
            }
        })
        .collect_view();
    view! {
        <div class="card">
            <p>
                <strong>"Computed. "</strong>
                {said}
            </p>
            <ul class="plain">{links}</ul>
        </div>
    }
}

/// The clauses and goals that it measures, and the initiatives that move it.
fn movers(viewer: &Viewer, served: &[read::Serving]) -> Option<impl IntoView + use<>> {
    let rows = served
        .iter()
        .map(|one| {
            let word = if one.path.starts_with("initiatives") {
                "Moved by"
            } else {
                "Measures"
            };
            view! {
                <li>
                    <span class="faint">{word}" "</span>
                    <a href=viewer.path(&one.path)>{one.title.clone()}</a>
                </li>
            }
        })
        .collect::<Vec<_>>();
    (!rows.is_empty()).then(|| {
        view! {
            <Section title="What it is for">
                <ul class="plain">{rows}</ul>
            </Section>
        }
    })
}

/// "2 of 3 on track; weakest: Repeat purchase rate, Off track 82 %": for several KPIs together.
pub fn rollup_label<'a>(kpis: impl Iterator<Item = (&'a str, Stand)>) -> Option<String> {
    let (titles, stands): (Vec<&str>, Vec<Stand>) = kpis.unzip();
    let found = rollup(&stands);
    let weakest = found.weakest.map_or_else(String::new, |at| {
        format!(
            ". Furthest behind: {}, {}",
            titles[at],
            stands[at].word().format().to_lowercase()
        )
    });
    (found.of > 0).then(|| format!("{} of {} on track{weakest}", found.on_track, found.of))
}

fn period_row(viewer: &Viewer, kpi: &Kpi, period: &Period, is_measured: bool) -> impl IntoView + use<> {
    let today = viewer.today();
    let is_over = period.period <= kpi.cadence.last_complete(today);
    let href =
        (is_over && is_measured).then(|| viewer.path(&format!("{}/periods/{}", kpi.path(), period.period)));
    let said = kpi.cadence.format(period.period, today);
    let reached = period
        .value
        .zip(period.target)
        .map(|(value, target)| format!("{}%", target.achievement(value)));
    let seat = |side: Side, judged: Option<&Judgements>| {
        let signed = period
            .standing
            .as_ref()
            .and_then(|standing| standing.seat(side).cloned());
        match (judged, signed) {
            (Some(judged), _) => {
                let extra = judged.insight.clone();
                let action = judged
                    .action
                    .clone()
                    .map(|(action, owner, due)| format!("{action} ({owner}, {})", due.format(today)));
                view! {
                    <Pill word=judged.status.word() />
                    {extra.map(|extra| view! { <small>{extra}</small> })}
                    {action.map(|action| view! { <small class="faint">{action}</small> })}
                }
                .into_any()
            }
            (None, Some(signed)) if signed.verdict == crate::handshake::Verdict::Object => view! {
                <Pill word=StatusWord::Disputed />
                <small>{signed.reason}</small>
            }
            .into_any(),
            (None, Some(_)) => {
                view! { <span class="faint">"Confirmed; shown once both sides have"</span> }.into_any()
            }
            (None, None) if period.is_history => view! { <span class="faint">"History"</span> }.into_any(),
            (None, None) => view! { <span class="faint">"–"</span> }.into_any(),
        }
    };
    view! {
        <tr>
            <th scope="row">{said.clone()}</th>
            <td class="number" data-label="Value">
                {period.value.map_or_else(|| "–".to_owned(), |value| with_unit(value, &kpi.unit))}
            </td>
            <td class="number" data-label="Target">
                {period.target.map_or_else(|| "–".to_owned(), |target| target.format(&kpi.unit))}
            </td>
            <td class="number" data-label="Reached">
                {reached.unwrap_or_else(|| "–".to_owned())}
            </td>
            <td data-label="Marketing">
                <span class="word">{seat(Side::Marketing, period.marketing.as_ref())}</span>
            </td>
            <td data-label="Technology">
                <span class="word">{seat(Side::Technology, period.technology.as_ref())}</span>
            </td>
            <td class="row-actions">
                {href
                    .map(|href| {
                        view! {
                            <a href=href aria-label=format!("Open {said}")>
                                "Open"
                            </a>
                        }
                    })}
            </td>
        </tr>
    }
}

fn entry(viewer: &Viewer, kpi: &Kpi, path: &str, period: Day) -> impl IntoView + use<> {
    let today = viewer.today();
    let said = kpi.cadence.format(period, today);
    let label = format!("{}, {said}", kpi.title);
    view! {
        <div class="card ask">
            <p>
                <strong>{said}</strong>
                " has no value yet."
            </p>
            <EnterInPlace
                kpi=kpi.number
                label=label
                unit=kpi.unit.clone()
                action=format!("{path}/periods/{period}/value")
                back=path.to_owned()
            />
        </div>
    }
}

pub(super) fn corrections(
    viewer: &Viewer,
    kpi: &Kpi,
    replaced: Vec<read::Correction>,
) -> impl IntoView + use<> {
    let today = viewer.today();
    let rows = replaced
        .into_iter()
        .map(|old| {
            let said = kpi.cadence.format(old.period_on, today);
            let confirmed = old.confirmed_at.map(|at| {
                format!(
                    "Both owners had confirmed it on {}",
                    viewer.day_of(at).format(today)
                )
            });
            let replaced = format!("replaced on {}", viewer.day_of(old.at).format(today));
            view! {
                <li class="row">
                    <span class="row-main">
                        <span>{said}": "<del>{with_unit(old.value, &kpi.unit)}</del>" · "{old.because}</span>
                        <span class="faint">{join_details([confirmed, Some(replaced)])}</span>
                    </span>
                </li>
            }
        })
        .collect_view();
    view! {
        <Section title="Corrections">
            <ul class="rows">{rows}</ul>
        </Section>
    }
}

fn standing_line(viewer: &Viewer, kpi: &Kpi, archived_at: Option<Timestamp>) -> impl IntoView + use<> {
    let (today, stand) = (viewer.today(), kpi.stand(viewer.today()));
    // Where newer values are missing, it is said of which period both spoke.
    let confirmed = match (stand.word(), kpi.latest) {
        (StatusWord::NoNews, Some(latest)) => format!(
            "{}: {}",
            kpi.cadence.format(latest.period, today),
            kpi.attestations.label()
        ),
        _ => kpi.attestations.label(),
    };
    view! {
        {match archived_at {
            Some(at) => {
                view! {
                    <p class="standing">
                        <Tag label="Archived" />
                        <span>{format!("Archived on {}.", viewer.day_of(at).format(today))}</span>
                    </p>
                }
                    .into_any()
            }
            None => {
                view! {
                    <p class="standing">
                        <Seats standing=kpi.standing.clone() viewer=viewer.clone() large=true />
                        <Pill word=stand.word() />
                        <span class="faint">
                            {join_details([stand.detail(), Some(confirmed)])}
                        </span>
                    </p>
                }
                    .into_any()
            }
        }}
    }
}

fn page_actions(viewer: &Viewer, kpi: &Kpi, path: &str, is_measured: bool) -> impl IntoView + use<> {
    let today = viewer.today();
    let may_manage = is_measured && viewer.may(Action::ManageKpi);
    let enters = is_measured && enters(viewer, kpi);
    let open = kpi
        .standing
        .as_ref()
        .filter(|_| is_measured)
        .and_then(|standing| standing.open_to(viewer))
        .zip(kpi.latest.map(|latest| latest.period));
    let managed = [
        ("edit", "Change the KPI"),
        ("formula", "Formula"),
        ("targets", "Targets"),
    ];
    let items: Vec<(String, &'static str)> = managed
        .into_iter()
        .filter(|_| may_manage)
        .chain([("feeds", "Feeds")].into_iter().filter(|_| enters))
        .map(|(page, name)| (format!("{path}/{page}"), name))
        .collect();
    view! {
        <Menu label="Manage" items=items />
        {open
            .map(|(side, period)| {
                view! {
                    <a class="button is-primary" href=format!("{path}/periods/{period}")>
                        {format!("Confirm {} for {}…", kpi.cadence.format(period, today), side.name())}
                    </a>
                }
            })}
    }
}

fn period_table(rows: AnyView) -> impl IntoView {
    view! {
        <div class="scroll" tabindex="0" role="group" aria-label="Periods">
            <table class="table periods is-stacked">
                <thead>
                    <tr>
                        <th scope="col">"Period"</th>
                        <th scope="col" class="number">
                            "Value"
                        </th>
                        <th scope="col" class="number">
                            "Target"
                        </th>
                        <th scope="col" class="number">
                            "Reached"
                        </th>
                        <th scope="col">"Marketing"</th>
                        <th scope="col">"Technology"</th>
                        <th scope="col">
                            <span class="visually-hidden">"Open"</span>
                        </th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

fn enters(viewer: &Viewer, kpi: &Kpi) -> bool {
    viewer.may(Action::EnterKpiValue {
        driver: kpi.driver_id,
    }) && kpi.formula.is_none()
}

fn about(kpi: &Kpi) -> impl IntoView + use<> {
    let detail = format!(
        "Driver: {} · owners: {} and {} · baseline: {} · at risk below {}%, off track below {}% of the \
            target",
        kpi.driver,
        kpi.marketing_name,
        kpi.technology_name,
        kpi.baseline
            .map_or_else(|| "none".to_owned(), |q| with_unit(q, &kpi.unit)),
        kpi.thresholds.watch_below,
        kpi.thresholds.act_below,
    );
    let about = kpi.about.clone();
    view! {
        <Section title="About">
            <p class="prose">{about}</p>
            <p class="faint">{detail}</p>
        </Section>
    }
}
