//! The list of KPIs, as cards.

use axum::extract::Query;
use leptos::prelude::*;
use serde::Deserialize;

use super::{ROOM, rollup_label};

use crate::{
    identity::{Action, Page, Viewer},
    kpis::{
        Direction, Target, TrendSpan, difference,
        read::{self, Kpi},
        to_read, trend_words, with_unit,
    },
    platform::{error::Result, ids::KpiId, quantity::Quantity, time::Day},
    ui::{
        Avatars, Empty, Pill, Section,
        chart::{Point, Sparkline},
    },
};

const PER_PAGE: usize = 24;

#[derive(Deserialize)]
pub struct KpisQuery {
    skip: Option<i64>,
}

/// `/kpis`: cards, what needs attention first.
pub async fn list(viewer: Viewer, Query(query): Query<KpisQuery>) -> Result<Page> {
    match usize::try_from(query.skip.unwrap_or(0)).unwrap_or(0) {
        0 => Page::cache_for_reader(&viewer, ROOM, "kpis", 0, async || list_page(&viewer, 0).await).await,
        skip => list_page(&viewer, skip).await,
    }
}

async fn list_page(viewer: &Viewer, skip: usize) -> Result<Page> {
    let today = viewer.today();
    let mut all = read::standings(viewer).await?;
    all.sort_by_cached_key(|kpi| kpi.stand(today).order());
    let count = all.len();
    let skip = skip.min(count.saturating_sub(1));
    let together = rollup_label(
        all.iter()
            .map(|kpi| (kpi.summary.title.as_str(), kpi.stand(today))),
    );
    let shown: Vec<KpiId> = all
        .iter()
        .skip(skip)
        .take(PER_PAGE)
        .map(|kpi| kpi.summary.id)
        .collect();
    let page = read::with_recent(viewer, read::load(viewer, &shown).await?).await?;
    Ok(Page::new(viewer, ROOM, "KPIs", move |viewer| {
        let may_start = viewer.may(Action::ManageKpi);
        let imports = viewer.may(Action::SpeakForSide);
        let new = viewer.path("kpis/new");
        let before = (skip > 0).then(|| viewer.path(&format!("kpis?skip={}", skip.saturating_sub(PER_PAGE))));
        let more = (skip + PER_PAGE < count).then(|| viewer.path(&format!("kpis?skip={}", skip + PER_PAGE)));
        view! {
            <header class="page-head">
                <div>
                    <h1>"KPIs"</h1>
                    <p class="lead">
                        "Numbers that both sides answer for. An owner from each side confirms every period."
                    </p>
                </div>
                <div class="page-actions">
                    {imports
                        .then(|| {
                            view! {
                                <a class="button" href=viewer.path("kpis/import")>
                                    "Import values"
                                </a>
                            }
                        })}
                    {may_start
                        .then(|| {
                            view! {
                                <a class="button is-primary" href=new.clone()>
                                    "New KPI"
                                </a>
                            }
                        })}
                </div>
            </header>
            {if count == 0 {
                let purpose = "A KPI is a number both sides answer for. One driver enters it, an owner from \
                    each side confirms it, and each period has a target.";
                if may_start {
                    view! { <Empty purpose=purpose next=(new, "Create the first KPI") /> }.into_any()
                } else {
                    view! { <Empty purpose=purpose /> }.into_any()
                }
            } else {
                let shown = format!(
                    "{} to {} of {count} · worst first",
                    skip + 1,
                    (skip + PER_PAGE).min(count),
                );
                view! {
                    <p class="standing">{together}</p>
                    <Section title="All KPIs" aside=shown>
                        <Cards cards=page viewer=viewer.clone() />
                    </Section>
                }
                    .into_any()
            }}
            <p class="choices-in-a-row">
                {before
                    .map(|href| {
                        view! {
                            <a class="button" href=href>
                                "Previous"
                            </a>
                        }
                    })}
                {more
                    .map(|href| {
                        view! {
                            <a class="button" href=href>
                                "Next"
                            </a>
                        }
                    })}
            </p>
        }
    }))
}

/// KPIs as cards: value, target, trend in words, sparkline, both owners.
#[component]
pub fn Cards(cards: Vec<Kpi>, viewer: Viewer) -> impl IntoView {
    let today = viewer.today();
    let cards = cards
        .into_iter()
        .map(|kpi| {
            let stand = kpi.stand(today);
            let (number, words) = newest_in_words(&kpi, today);
            let points = year_of(&kpi, today);
            let ends = [&points[0], &points[points.len() - 1]].map(|point| point.label.clone());
            let attested = kpi.attestations.label();
            let hollow = kpi.attestations.hollow();
            view! {
                <article class="card kpi">
                    <header>
                        <h3>
                            <a href=viewer.path(&kpi.path())>{kpi.title.clone()}</a>
                        </h3>
                        <Pill word=stand.word() />
                    </header>
                    {number}
                    <p class="faint">{words}</p>
                    <Sparkline points=points ends=ends />
                    <footer>
                        <Avatars marketing=kpi.marketing_name technology=kpi.technology_name hollow=hollow />
                        <span class="faint">{attested}</span>
                    </footer>
                </article>
            }
        })
        .collect_view();
    view! { <div class="cards">{cards}</div> }
}

/// The last year of a KPI, so that all of one cadence stand on the same axis; a period without a value is a
/// gap.
pub fn year_of(kpi: &Kpi, today: Day) -> Vec<Point> {
    let last = kpi.cadence.last_complete(today);
    (0..kpi.cadence.shown())
        .rev()
        .map(|back| {
            let period = kpi.cadence.step(last, -back);
            let known = kpi.recent.iter().find(|recent| recent.period_on == period);
            Point {
                label: kpi.cadence.format_short(period),
                value: known.map(|recent| recent.value.position()),
                low: known.and_then(|recent| recent.low).map(Quantity::position),
                high: known.and_then(|recent| recent.high).map(Quantity::position),
                ..Point::default()
            }
        })
        .collect()
}

/// "target 26%", "between 1 and 2.5 h".
fn target_label(direction: Direction, target: Target, unit: &str) -> String {
    match (direction, target.low, target.high) {
        (Direction::Within, Some(low), Some(high)) => {
            format!("between {} and {}", low.format(), with_unit(high, unit))
        }
        _ => format!("target {}", target.format(unit)),
    }
}

/// "4.6 points below target".
fn gap_label(target: Target, value: Quantity, unit: &str) -> Option<String> {
    let gap = target.to_go(value)?;
    let where_to = if target.low.is_some_and(|low| value < low) {
        "below"
    } else {
        "above"
    };
    Some(format!("{} {where_to} target", difference(gap, unit)))
}

/// `21.4% target 26%`, and "Down 1.1 points in October, should rise. 4.6 points below target."
pub(super) fn newest_in_words(kpi: &Kpi, today: Day) -> (AnyView, String) {
    let Some(latest) = kpi.latest else {
        return (
            view! { <p class="figure">"–"</p> }.into_any(),
            "No value yet.".to_owned(),
        );
    };
    let read = |value| to_read(value, kpi.formula.is_some());
    let aim = latest.target.map_or_else(
        || "no target".to_owned(),
        |target| target_label(kpi.direction, target, &kpi.unit),
    );
    let figure = view! {
        <p class="figure">
            <strong>{with_unit(read(latest.value), &kpi.unit)}</strong>
            " "
            <span class="faint">{aim}</span>
        </p>
    }
    .into_any();
    let trend = trend_words(
        kpi.direction,
        kpi.before.map(read),
        read(latest.value),
        &kpi.unit,
        &TrendSpan::between(kpi.cadence, kpi.before_on, latest.period, today),
    );
    let to_go = latest
        .target
        .and_then(|target| gap_label(target, read(latest.value), &kpi.unit))
        .map(|gap| format!(" {gap}."));
    (figure, format!("{trend}{}", to_go.unwrap_or_default()))
}
