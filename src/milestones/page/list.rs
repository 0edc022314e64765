//! The timeline across all initiatives, the list of milestones, and those given up.

use axum::extract::Query;
use leptos::prelude::*;
use serde::Deserialize;

use super::ROOM;

use crate::{
    handshake::{components::Seats, read::Standing},
    identity::{Page, Viewer},
    milestones::{
        read::{self, MilestoneRow},
        slip_words,
        timeline::{Plan, Timeline, TimelineZoom, window},
    },
    platform::{error::Result, time::Day},
    ui::{
        Avatars, Crumb, Empty, FilterForm, ListFilter, ListItem, MOST_FILTERED, MoreLink, Pill, Progress,
        Section, StatusWord,
    },
};

const PER_PAGE: i64 = 50;

/// Initiatives on one timeline.
const PER_TIMELINE: i64 = 40;

#[derive(Deserialize)]
pub struct MilestonesQuery {
    /// Of the list.
    skip: Option<i64>,
    /// Of the timeline's initiatives.
    timeline: Option<i64>,
    zoom: Option<TimelineZoom>,
    /// Only those that are due in the quarter of this day.
    quarter: Option<Day>,
}

/// How a milestone of the list may stand.
const STATUSES: &[StatusWord] = &[
    StatusWord::Late(0),
    StatusWord::AtRisk,
    StatusWord::DueSoon,
    StatusWord::Proposed,
    StatusWord::OnTrack,
    StatusWord::NotStarted,
    StatusWord::Done,
    StatusWord::Ended,
];

/// `/milestones`: the timeline across all initiatives, and the list.
pub async fn list(
    viewer: Viewer,
    Query(query): Query<MilestonesQuery>,
    Query(filter): Query<ListFilter>,
) -> Result<Page> {
    if filter.is_asked() || query.quarter.is_some() {
        let skip = query.skip.unwrap_or(0).max(0);
        return filtered_page(&viewer, filter, query.quarter.map(Day::quarter), skip).await;
    }
    let zoom = query.zoom.unwrap_or(TimelineZoom::All);
    match (
        query.skip.unwrap_or(0).max(0),
        query.timeline.unwrap_or(0).max(0),
        zoom,
    ) {
        (0, 0, TimelineZoom::All) => {
            Page::cache_for_reader(&viewer, ROOM, "milestones", 0, async || {
                list_page(&viewer, 0, 0, zoom).await
            })
            .await
        }
        (skip, first, zoom) => list_page(&viewer, skip, first, zoom).await,
    }
}

/// The timeline of the initiatives after `first`.
async fn plan(viewer: &Viewer, (from, to): (Day, Day), first: i64, zoom: TimelineZoom) -> Result<Plan> {
    let agreed = read::agreed_baseline(viewer).await?;
    Ok(Plan {
        marks: read::marks(viewer, (from, to), PER_TIMELINE, first).await?,
        ticks: read::ticks(viewer, (from, to), PER_TIMELINE, first).await?,
        waits: read::waits(viewer).await?,
        baseline: agreed
            .iter()
            .flat_map(read::Baseline::lines)
            .filter_map(|line| Some((line.number, line.due_on.parse().ok()?)))
            .collect(),
        window: (from, to),
        zoom,
        first,
    })
}

/// Those that a reader asks for, without the timeline.
async fn filtered_page(viewer: &Viewer, filter: ListFilter, quarter: Option<Day>, skip: i64) -> Result<Page> {
    let today = viewer.today();
    let mut all = read::list(viewer, MOST_FILTERED, 0).await?;
    let is_of =
        |row: &MilestoneRow, quarter| row.due_on.quarter() == quarter || row.promised_on.quarter() == quarter;
    all.retain(|row| quarter.is_none_or(|quarter| is_of(row, quarter)));
    let count = i64::try_from(all.len()).unwrap_or(i64::MAX);
    let listed = filter.page(all, STATUSES, (skip, PER_PAGE), |row| ListItem {
        name: &row.title,
        texts: vec![&row.initiative, &row.marketing_name, &row.technology_name],
        status: row.status(today).word(),
        day: Some(row.due_on),
    });
    let title = quarter.map_or_else(
        || "Milestones".to_owned(),
        |quarter| format!("Milestones of {}", quarter.quarter_label()),
    );
    let kept: Vec<(&'static str, String)> = quarter
        .iter()
        .map(|quarter| ("quarter", quarter.to_string()))
        .collect();
    Ok(Page::new(viewer, ROOM, title.clone(), move |viewer| {
        let all = viewer.path("milestones");
        let of_quarter = quarter.map_or_else(String::new, |quarter| format!("&quarter={quarter}"));
        let more = listed
            .next
            .map(|skip| format!("{all}?skip={skip}{of_quarter}{}", filter.as_query()));
        view! {
            <Crumb href=all.clone() text="Milestones" />
            <h1>{title}</h1>
            <Section title="Milestones" aside=listed.aside>
                <FilterForm
                    filter=filter
                    path=all
                    statuses=STATUSES
                    looks_in="Title, initiative or owner"
                    count=count
                    found=listed.found
                    kept=kept
                />
                {(!listed.rows.is_empty())
                    .then(|| view! { <Rows rows=listed.rows viewer=viewer.clone() named=true /> })}
            </Section>
            <MoreLink href=more />
        }
    }))
}

async fn list_page(viewer: &Viewer, skip: i64, first: i64, zoom: TimelineZoom) -> Result<Page> {
    let (from, to) = window(read::open_span(viewer).await?, viewer.today());
    let all = read::initiatives_with_marks(viewer, from, to).await?;
    let (count, given_up) = read::count(viewer).await?;
    let (skip, first) = (skip.min((count - 1).max(0)), first.min((all - 1).max(0)));
    let plan = match skip {
        0 => Some(plan(viewer, (from, to), first, zoom).await?).filter(|plan| !plan.marks.is_empty()),
        _ => None,
    };
    let rows = read::list(viewer, PER_PAGE, skip).await?;
    Ok(Page::new(viewer, ROOM, "Milestones", move |viewer| {
        let zoomed = match zoom {
            TimelineZoom::All => String::new(),
            zoom => format!("&zoom={}", zoom.as_str()),
        };
        let turn = |to: i64, words: &'static str| view! { <a href=viewer.path(&format!("milestones?timeline={to}{zoomed}"))>{words}</a> };
        let turns = (all > PER_TIMELINE).then(|| {
            view! {
                <nav class="turns faint" aria-label="Initiatives on the timeline">
                    <span>
                        {format!(
                            "Initiatives {} to {} of {all}, those under way first",
                            first + 1,
                            (first + PER_TIMELINE).min(all),
                        )}
                    </span>
                    {(first > 0).then(|| turn((first - PER_TIMELINE).max(0), "Previous initiatives"))}
                    {(first + PER_TIMELINE < all).then(|| turn(first + PER_TIMELINE, "Next initiatives"))}
                </nav>
            }
        });
        let given_up = (given_up > 0).then(|| {
            view! {
                <p class="more">
                    <a href=viewer.path("milestones/archived")>{format!("{given_up} cancelled")}</a>
                </p>
            }
        });
        let more =
            (skip + PER_PAGE < count).then(|| viewer.path(&format!("milestones?skip={}", skip + PER_PAGE)));
        view! {
            <header class="page-head">
                <div>
                    <h1>"Milestones"</h1>
                    <p class="lead">"What we promised, when, and what happened."</p>
                </div>
                <div class="page-actions">
                    <a class="button" href=viewer.path("milestones/baselines")>
                        "Baseline"
                    </a>
                </div>
            </header>
            {if rows.is_empty() {
                view! {
                    <Empty
                        purpose="A milestone is a dated outcome of an initiative. Its first promised date \
                        is kept, and both sides accept the result."
                        next=(viewer.path("initiatives"), "Open an initiative to add one")
                    />
                }
                    .into_any()
            } else {
                view! {
                    {plan
                        .map(|plan| {
                            view! {
                                {turns}
                                <Timeline plan=plan viewer=viewer.clone() />
                            }
                        })}
                    <Section title="All milestones" aside=format!("{count} · open ones first, by date")>
                        <FilterForm
                            filter=ListFilter::default()
                            path=viewer.path("milestones")
                            statuses=STATUSES
                            looks_in="Title, initiative or owner"
                            count=count
                            found=None
                        />
                        <Rows rows=rows viewer=viewer.clone() named=true />
                    </Section>
                }
                    .into_any()
            }}
            <MoreLink href=more />
            {given_up}
        }
    }))
}

/// `/milestones/archived`: what was given up, with its reason.
pub async fn archive_list(viewer: Viewer, Query(query): Query<MilestonesQuery>) -> Result<Page> {
    let today = viewer.today();
    let (_, count) = read::count(&viewer).await?;
    let skip = query.skip.unwrap_or(0).clamp(0, (count - 1).max(0));
    let found = read::archive_list(&viewer, PER_PAGE, skip).await?;
    Ok(Page::new(&viewer, ROOM, "Cancelled milestones", move |viewer| {
        let rows: Vec<_> = found
            .into_iter()
            .map(|it| {
                let (at, because) = (
                    viewer.day_of(it.archived_at).format(today),
                    it.archived_because.unwrap_or_default(),
                );
                let detail = format!(
                    "{} · first promised for {} · cancelled {at}",
                    it.initiative,
                    it.promised_on.format(today)
                );
                view! {
                    <li class="row">
                        <a class="row-main" href=viewer.path(&format!("milestones/{}", it.number))>
                            <strong>{it.title}</strong>
                            <span>{because}</span>
                            <span class="faint">{detail}</span>
                        </a>
                    </li>
                }
            })
            .collect();
        let more = (skip + PER_PAGE < count)
            .then(|| viewer.path(&format!("milestones/archived?skip={}", skip + PER_PAGE)));
        view! {
            <Crumb href=viewer.path("milestones") text="Milestones" />
            <header class="page-head">
                <div>
                    <h1>"Cancelled"</h1>
                    <p class="lead">
                        "Milestones that are no longer in the plan, with the reasons. Baselines keep them."
                    </p>
                </div>
            </header>
            {if rows.is_empty() {
                view! { <p class="faint">"None."</p> }.into_any()
            } else {
                view! { <ul class="rows">{rows}</ul> }.into_any()
            }}
            <MoreLink href=more />
        }
    }))
}

/// The table of milestones; `named` adds the initiative.
#[component]
pub fn Rows(rows: Vec<MilestoneRow>, viewer: Viewer, named: bool) -> impl IntoView {
    let today = viewer.today();
    let rows = rows
        .into_iter()
        .map(|row| {
            let status = row.status(today);
            let slip = slip_words(row.moves, row.promised_on, row.due_on, today);
            let slip_class = if row.due_on > row.promised_on {
                "slip"
            } else {
                "faint"
            };
            let hollow = row.standing.as_ref().map_or((true, true), Standing::hollow);
            view! {
                <tr>
                    <th scope="row">
                        <a href=viewer.path(&format!("milestones/{}", row.number))>{row.title}</a>
                        {named.then(|| view! { <small class="faint">{row.initiative}</small> })}
                    </th>
                    <td data-label="Status">
                        <span class="with-seats">
                            <Seats standing=row.standing viewer=viewer.clone() />
                            <Pill word=status.word() />
                        </span>
                        {status.detail().map(|detail| view! { <small class="faint">{detail}</small> })}
                    </td>
                    <td data-label="Checkpoints">
                        <Progress
                            passed=row.facts.passed
                            of=row.facts.checkpoints
                            unaccepted=row.facts.unaccepted
                        />
                    </td>
                    <td data-label="Due">
                        {row.due_on.format(today)}
                        {slip.map(|slip| view! { <small class=slip_class>{slip}</small> })}
                    </td>
                    <td data-label="Owners">
                        <Avatars marketing=row.marketing_name technology=row.technology_name hollow=hollow />
                    </td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="table is-stacked is-plan">
            <thead>
                <tr>
                    <th scope="col">"Milestone"</th>
                    <th scope="col">"Status"</th>
                    <th scope="col">"Checkpoints"</th>
                    <th scope="col">"Due"</th>
                    <th scope="col">"Owners"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}
