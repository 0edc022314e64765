//! The list of decisions.

use axum::extract::Query;
use leptos::prelude::*;
use serde::Deserialize;

use super::ROOM;

use crate::{
    decisions::read::{self, DecisionRow},
    handshake::components::Seats,
    identity::{Action, Page, Viewer},
    platform::error::Result,
    ui::{
        Empty, FilterForm, ListFilter, ListItem, ListPage, MOST_FILTERED, MoreLink, Pill, Section, StatusWord,
    },
};

const PER_PAGE: i64 = 50;

#[derive(Deserialize)]
pub struct DecisionsQuery {
    skip: Option<i64>,
}

/// How a decision of the list may stand.
const STATUSES: &[StatusWord] = &[
    StatusWord::Late(0),
    StatusWord::Stuck,
    StatusWord::Disputed,
    StatusWord::Proposed,
    StatusWord::Open,
    StatusWord::Done,
    StatusWord::Ended,
];

pub async fn list(
    viewer: Viewer,
    Query(query): Query<DecisionsQuery>,
    Query(filter): Query<ListFilter>,
) -> Result<Page> {
    let count = read::count(&viewer).await?;
    let skip = query.skip.unwrap_or(0).clamp(0, (count - 1).max(0));
    let listed = if filter.is_asked() {
        let all = read::list(&viewer, MOST_FILTERED, 0).await?;
        filter.page(all, STATUSES, (skip, PER_PAGE), |row| ListItem {
            name: &row.question,
            texts: [Some(&row.driver), row.initiative.as_ref()]
                .into_iter()
                .flatten()
                .map(String::as_str)
                .collect(),
            status: row.status(&viewer).word(),
            day: Some(row.decide_by),
        })
    } else {
        let aside = format!("{count} · undecided first, by date");
        let rows = read::list(&viewer, PER_PAGE, skip).await?;
        ListPage::unfiltered(rows, aside, (skip, PER_PAGE), count)
    };
    Ok(Page::new(&viewer, ROOM, "Decisions", move |viewer| {
        let may_ask = viewer.may(Action::AskDecision);
        let new = viewer.path("decisions/new");
        let more = listed
            .next
            .map(|skip| viewer.path(&format!("decisions?skip={skip}{}", filter.as_query())));
        view! {
            <header class="page-head">
                <div>
                    <h1>"Decisions"</h1>
                    <p class="lead">"Technology choices that both sides sign before anything is bought."</p>
                </div>
                <div class="page-actions">
                    <a class="button" href=viewer.path("technologies")>
                        "Technologies"
                    </a>
                    <a class="button" href=viewer.path("decisions/export.csv") download="decisions.csv">
                        "CSV"
                    </a>
                    {may_ask
                        .then(|| {
                            view! {
                                <a class="button is-primary" href=new.clone()>
                                    "New decision"
                                </a>
                            }
                        })}
                </div>
            </header>
            {if count == 0 {
                let purpose = "A decision asks one question and compares the options. It is made when a \
                    manager or lead of each side signs the same proposal.";
                if may_ask {
                    view! { <Empty purpose=purpose next=(new, "Ask the first question") /> }.into_any()
                } else {
                    view! { <Empty purpose=purpose /> }.into_any()
                }
            } else {
                view! {
                    <Section title="All decisions" aside=listed.aside>
                        <FilterForm
                            filter=filter
                            path=viewer.path("decisions")
                            statuses=STATUSES
                            looks_in="Question, initiative or driver"
                            count=count
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

/// The table of decisions.
#[component]
pub fn Rows(rows: Vec<DecisionRow>, viewer: Viewer) -> impl IntoView {
    let today = viewer.today();
    let rows = rows
        .into_iter()
        .map(|row| {
            let status = row.status(&viewer);
            view! {
                <tr>
                    <th scope="row">
                        <a href=viewer.path(&format!("decisions/{}", row.number))>{row.question}</a>
                        {row.initiative.map(|title| view! { <small class="faint">{title}</small> })}
                    </th>
                    <td data-label="Status">
                        <span class="with-seats">
                            <Seats standing=row.standing viewer=viewer.clone() />
                            <Pill word=status.word() />
                        </span>
                        <small class="faint">{status.detail()}</small>
                    </td>
                    <td data-label="Decide by">{row.decide_by.format(today)}</td>
                    <td data-label="Driver">{row.driver}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="table is-stacked">
            <thead>
                <tr>
                    <th scope="col">"Question"</th>
                    <th scope="col">"Status"</th>
                    <th scope="col">"Decide by"</th>
                    <th scope="col">"Driver"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}
