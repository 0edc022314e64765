//! The pages of goals.

mod ask_access;
mod edit;
mod measure_progress;
mod show;
mod status_words;

pub use self::{
    edit::{archive, archive_form, create, edit, new, update},
    show::show,
};
pub use ask_access::{ask, ask_form, choose_goal};

use leptos::prelude::*;

use super::read::{self, Goal};

use crate::{
    access,
    identity::{Action, Page, Viewer},
    kpis,
    platform::error::Result,
    ui::{Avatar, Empty, Pill, Section},
};

const ROOM: &str = "goals";

/// The rows of a goal's form, by the names of their fields.
const ROWS: [[&str; 3]; 5] = [
    ["kpi-1", "baseline-1", "target-1"],
    ["kpi-2", "baseline-2", "target-2"],
    ["kpi-3", "baseline-3", "target-3"],
    ["kpi-4", "baseline-4", "target-4"],
    ["kpi-5", "baseline-5", "target-5"],
];

/// The fields whose texts a conflict shows beside one another.
const LABELS: [(&str, &str); 14] = [
    ("title", "Goal"),
    ("why", "Why"),
    ("starts_on", "From"),
    ("due_on", "Reached by"),
    ("baseline-1", "Baseline 1"),
    ("target-1", "Target 1"),
    ("baseline-2", "Baseline 2"),
    ("target-2", "Target 2"),
    ("baseline-3", "Baseline 3"),
    ("target-3", "Target 3"),
    ("baseline-4", "Baseline 4"),
    ("target-4", "Target 4"),
    ("baseline-5", "Baseline 5"),
    ("target-5", "Target 5"),
];

/// `/goals`: the goals by date, then every request for access.
pub async fn list(viewer: Viewer) -> Result<Page> {
    Page::cache_for_reader(&viewer, ROOM, "goals", 0, async || list_page(&viewer).await).await
}

async fn list_page(viewer: &Viewer) -> Result<Page> {
    let goals = read::all(viewer, &kpis::read::summaries_of_goals(viewer).await?).await?;
    let requests = access::read::requests(viewer).await?;
    Ok(Page::new(viewer, ROOM, "Goals", move |viewer| {
        let may_set = viewer.may(Action::ManageGoal);
        let new = viewer.path("goals/new");
        let (count, count_requests) = (goals.len(), requests.len());
        let (goal_rows, access_rows) = (rows(&viewer, goals), access::page::rows(&viewer, requests, true));
        let purpose = "A goal is what Marketing wants to achieve, measured by KPIs from a baseline to a \
            target. Requests for data and technology cite a goal.";
        view! {
            <header class="page-head">
                <div>
                    <h1>"Goals"</h1>
                    <p class="lead">
                        "What Marketing wants to achieve, measured by KPIs, and the access it needs."
                    </p>
                </div>
                <div class="page-actions">
                    {may_set
                        .then(|| {
                            view! {
                                <a class="button is-primary" href=new.clone()>
                                    "New goal"
                                </a>
                            }
                        })}
                </div>
            </header>
            {if count == 0 {
                if may_set {
                    view! { <Empty purpose=purpose next=(new, "Create the first goal") /> }.into_any()
                } else {
                    view! { <Empty purpose=purpose /> }.into_any()
                }
            } else {
                view! {
                    <Section title="All goals" aside=format!("{count}, by date")>
                        {goal_rows}
                    </Section>
                }
                    .into_any()
            }}
            {(count_requests > 0)
                .then(|| {
                    view! {
                        <Section title="Access" aside=format!("{count_requests}, late ones first")>
                            {access_rows}
                        </Section>
                    }
                })}
        }
    }))
}

fn rows(viewer: &Viewer, goals: Vec<Goal>) -> impl IntoView + use<> {
    let today = viewer.today();
    let rows = goals
        .into_iter()
        .map(|goal| {
            let status = goal.status();
            let (href, bars) = (
                viewer.path(&goal.path()),
                measure_progress::progress_bars(&goal, today),
            );
            view! {
                <tr>
                    <th scope="row">
                        <a href=href>{goal.title}</a>
                    </th>
                    <td data-label="Status">
                        <Pill word=status.word() />
                        <small class="faint">{status.detail()}</small>
                    </td>
                    <td data-label="Measures">{bars}</td>
                    <td data-label="By">{goal.due_on.format(today)}</td>
                    <td data-label="Owner">
                        <Avatar name=goal.owner side="marketing" />
                    </td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="table is-stacked">
            <thead>
                <tr>
                    <th scope="col">"Goal"</th>
                    <th scope="col">"Status"</th>
                    <th scope="col">"Measures"</th>
                    <th scope="col">"By"</th>
                    <th scope="col">"Owner"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}
