//! The list of initiatives.

use axum::extract::Query;
use leptos::prelude::*;
use serde::Deserialize;

use super::{ROOM, view};

use crate::platform::text::join_details;
use crate::{
    identity::{Action, Page, Viewer},
    initiatives::{
        Phase,
        read::{self, InitiativeRow},
    },
    platform::error::Result,
    ui::{
        Avatars, Empty, FilterForm, ListFilter, ListItem, ListPage, MOST_FILTERED, MoreLink, Pill, Progress,
        Section, StatusWord,
    },
};

const PER_PAGE: i64 = 50;

#[derive(Deserialize)]
pub struct InitiativesQuery {
    skip: Option<i64>,
}

/// How an initiative of the list may stand.
const STATUSES: &[StatusWord] = &[
    StatusWord::OffTrack,
    StatusWord::AtRisk,
    StatusWord::Late(0),
    StatusWord::NoNews,
    StatusWord::OnTrack,
    StatusWord::Open,
    StatusWord::Proposed,
    StatusWord::Paused,
    StatusWord::Done,
    StatusWord::Ended,
];

pub async fn list(
    viewer: Viewer,
    Query(query): Query<InitiativesQuery>,
    Query(filter): Query<ListFilter>,
) -> Result<Page> {
    let counts = read::counts(&viewer).await?;
    let skip = query.skip.unwrap_or(0).clamp(0, (counts.total - 1).max(0));
    let listed = if filter.is_asked() {
        let all = read::list(&viewer, MOST_FILTERED, 0).await?;
        filter.page(all, STATUSES, (skip, PER_PAGE), |row| ListItem {
            name: &row.title,
            texts: vec![&row.marketing_lead, &row.technology_lead],
            status: row.status(&viewer).word(),
            day: Some(row.due_on),
        })
    } else {
        let aside = format!(
            "{} · {} active, {} paused",
            counts.total, counts.active, counts.paused
        );
        let rows = read::list(&viewer, PER_PAGE, skip).await?;
        ListPage::unfiltered(rows, aside, (skip, PER_PAGE), counts.total)
    };
    Ok(Page::new(&viewer, ROOM, "Initiatives", move |viewer| {
        let may_start = viewer.may(Action::StartInitiative);
        let new = viewer.path("initiatives/new");
        let more = listed
            .next
            .map(|skip| viewer.path(&format!("initiatives?skip={skip}{}", filter.as_query())));
        view! {
            <header class="page-head">
                <div>
                    <h1>"Initiatives"</h1>
                    <p class="lead">"Work of both sides, with a co-lead from each."</p>
                </div>
                <div class="page-actions">
                    <a class="button" href=viewer.path("capacity")>
                        "Capacity"
                    </a>
                    {may_start
                        .then(|| {
                            view! {
                                <a class="button is-primary" href=new.clone()>
                                    "Propose an initiative"
                                </a>
                            }
                        })}
                </div>
            </header>
            {if counts.total == 0 {
                let purpose = "An initiative is work of both sides that serves the definition. It has one \
                    co-lead from Marketing and one from Technology.";
                if may_start {
                    view! { <Empty purpose=purpose next=(new, "Propose the first one") /> }.into_any()
                } else {
                    view! { <Empty purpose=purpose /> }.into_any()
                }
            } else {
                view! {
                    <Section title="All initiatives" aside=listed.aside>
                        <FilterForm
                            filter=filter
                            path=viewer.path("initiatives")
                            statuses=STATUSES
                            looks_in="Title or co-lead"
                            count=counts.total
                            found=listed.found
                        />
                        {(!listed.rows.is_empty())
                            .then(|| view! { <Rows rows=listed.rows viewer=viewer.clone() /> })}
                    </Section>
                }
                    .into_any()
            }}
            <MoreLink href=more />
        }
    }))
}

/// The table of initiatives: the same on the overview.
#[component]
pub fn Rows(rows: Vec<InitiativeRow>, viewer: Viewer) -> impl IntoView {
    let today = viewer.today();
    let rows = rows
        .into_iter()
        .map(|row| {
            let status = row.status(&viewer);
            let confidence = row
                .confidence
                .filter(|_| row.phase == Phase::Active)
                .map(|percent| format!("{percent}% confident"));
            let beside = join_details([status.detail(), confidence]);
            let slips = match row.slips {
                0 => None,
                1 => Some("1 date moved".to_owned()),
                count => Some(format!("Dates moved {count} times")),
            };
            let next_step = match row.phase {
                Phase::Active | Phase::Paused => {
                    row.next_step.unwrap_or_else(|| "No check-in yet".to_owned())
                }
                Phase::Proposed | Phase::Achieved | Phase::Missed => "–".to_owned(),
            };
            view! {
                <tr>
                    <th scope="row">
                        <a href=viewer.path(&format!("initiatives/{}", row.number))>{row.title}</a>
                    </th>
                    <td data-label="Status">
                        <Pill word=status.word() />
                        <small class="faint">{beside}</small>
                    </td>
                    <td data-label="Checkpoints">
                        <Progress passed=row.passed of=row.checkpoints unaccepted=row.unaccepted />
                    </td>
                    <td data-label="Next step">
                        {next_step}
                    </td>
                    <td data-label="Due">
                        {row.due_on.format(today)}
                        {slips.map(|slips| view! { <small class="slip">{slips}</small> })}
                    </td>
                    <td data-label="Leads">
                        <Avatars marketing=row.marketing_lead technology=row.technology_lead />
                    </td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="table is-stacked">
            <thead>
                <tr>
                    <th scope="col">"Initiative"</th>
                    <th scope="col">"Status"</th>
                    <th scope="col">"Checkpoints"</th>
                    <th scope="col">"Next step"</th>
                    <th scope="col">"Due"</th>
                    <th scope="col">"Leads"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}
