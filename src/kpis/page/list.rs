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
        Avatars, Empty, FilterForm, ListFilter, ListItem, Pill, Section, StatusWord,
        chart::{Point, Sparkline},
    },
};

const PER_PAGE: usize = 24;

#[derive(Deserialize)]
pub struct KpisQuery {
    skip: Option<i64>,
}

/// How a KPI of the list may stand.
const STATUSES: &[StatusWord] = &[
    StatusWord::OffTrack,
    StatusWord::AtRisk,
    StatusWord::Disputed,
    StatusWord::Late(0),
    StatusWord::NoNews,
    StatusWord::OnTrack,
    StatusWord::NotStarted,
    StatusWord::NoTarget,
];

/// `/kpis`: cards, what needs attention first.
pub async fn list(
    viewer: Viewer,
    Query(query): Query<KpisQuery>,
    Query(filter): Query<ListFilter>,
) -> Result<Page> {
    match usize::try_from(query.skip.unwrap_or(0)).unwrap_or(0) {
        0 if !filter.is_asked() => {
            let make = async || list_page(&viewer, 0, ListFilter::default()).await;
            Page::cache_for_reader(&viewer, ROOM, "kpis", 0, make).await
        }
        skip => list_page(&viewer, skip, filter).await,
    }
}

async fn list_page(viewer: &Viewer, skip: usize, filter: ListFilter) -> Result<Page> {
    let today = viewer.today();
    let mut all = read::standings(viewer).await?;
    all.sort_by_cached_key(|kpi| kpi.stand(today).order());
    let of = all.len();
    let all = filter.apply(all, STATUSES, |kpi| ListItem {
        name: &kpi.summary.title,
        texts: vec![&kpi.marketing_name, &kpi.technology_name],
        status: kpi.stand(today).word(),
        day: None,
    });
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
    let listed = i64::try_from(of).unwrap_or(i64::MAX);
    Ok(Page::new(viewer, ROOM, "KPIs", move |viewer| {
        let may_start = viewer.may(Action::ManageKpi);
        let new = viewer.path("kpis/new");
        let turn = |to: usize| viewer.path(&format!("kpis?skip={to}{}", filter.as_query()));
        let before = (skip > 0).then(|| turn(skip.saturating_sub(PER_PAGE)));
        let more = (skip + PER_PAGE < count).then(|| turn(skip + PER_PAGE));
        let together = (!filter.is_asked()).then_some(together);
        view! {
            {head(&viewer)}
            {if of == 0 {
                let purpose = "A KPI is a number both sides answer for. One driver enters it, an owner from \
                    each side confirms it, and each period has a target.";
                if may_start {
                    view! { <Empty purpose=purpose next=(new, "Create the first KPI") /> }.into_any()
                } else {
                    view! { <Empty purpose=purpose /> }.into_any()
                }
            } else {
                let to = (skip + PER_PAGE).min(count);
                let found = filter.is_asked().then_some(count);
                let shown = match found {
                    Some(found) if found <= PER_PAGE => format!("{found} of {of}"),
                    Some(found) => format!("{found} of {of} · {} to {to}", skip + 1),
                    None => format!("{} to {to} of {count} · worst first", skip + 1),
                };
                view! {
                    {together.map(|together| view! { <p class="standing">{together}</p> })}
                    <Section title="All KPIs" aside=shown>
                        <FilterForm
                            filter=filter
                            path=viewer.path("kpis")
                            statuses=STATUSES
                            looks_in="Title or owner"
                            count=listed
                            found=found
                            has_days=false
                        />
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

fn head(viewer: &Viewer) -> impl IntoView + use<> {
    let imports = viewer
        .may(Action::SpeakForSide)
        .then(|| viewer.path("kpis/import"));
    let new = viewer.may(Action::ManageKpi).then(|| viewer.path("kpis/new"));
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
                    .map(|href| {
                        view! {
                            <a class="button" href=href>
                                "Import values"
                            </a>
                        }
                    })}
                {new
                    .map(|href| {
                        view! {
                            <a class="button is-primary" href=href>
                                "New KPI"
                            </a>
                        }
                    })}
            </div>
        </header>
    }
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
        return (view! { <p class="figure">"–"</p> }.into_any(), String::new());
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
