//! What waits for a decision.

use axum::extract::Path;
use leptos::prelude::*;

use super::question::shapeable;

use crate::{
    decisions::{
        read::{Decision, Waiter},
        write,
    },
    identity::{FormResponse, Page, Redirect, Viewer, respond},
    platform::{error::Result, form::Form, ids::MilestoneId},
    ui::{Notice, Section},
};

/// On the page of a decision: the milestones that wait, and a way to add one.
pub(super) fn section(
    viewer: &Viewer,
    it: &Decision,
    waiters: Vec<Waiter>,
    options: Vec<(String, String)>,
    shape: bool,
    form: &Form,
) -> Option<impl IntoView + use<>> {
    if waiters.is_empty() && !shape {
        return None;
    }
    let today = viewer.today();
    let path = viewer.path(&it.path());
    let count = waiters.len();
    let rows = waiters
        .into_iter()
        .map(|waiter| {
            let end = format!("{path}/waits/{}/end", waiter.id);
            let label = format!("{} does not wait any more", waiter.title);
            view! {
                <li class="row">
                    <a class="row-main" href=viewer.path(&format!("milestones/{}", waiter.number))>
                        <strong>{waiter.title}</strong>
                        <span class="faint">
                            {format!("{} · due {}", waiter.initiative, waiter.due_on.format(today))}
                        </span>
                    </a>
                    {shape
                        .then(|| {
                            view! {
                                <form method="post" action=end>
                                    <button class="button is-small" type="submit" aria-label=label>
                                        "Waits no more"
                                    </button>
                                </form>
                            }
                        })}
                </li>
            }
        })
        .collect::<Vec<_>>();
    let problem = form.problem_of("milestone").map(str::to_owned);
    let add = shape.then(|| {
        let listed = options
            .into_iter()
            .map(|(value, label)| view! { <option value=value>{label}</option> })
            .collect_view();
        view! {
            <form method="post" action=format!("{path}/waits") class="inline-form">
                <label for="milestone">"Also waits:"</label>
                <select id="milestone" name="milestone">
                    <option value="">"Choose a milestone"</option>
                    {listed}
                </select>
                <button class="button" type="submit">
                    "Add"
                </button>
                {problem.map(|problem| view! { <p class="problem">{problem}</p> })}
            </form>
        }
    });
    Some(view! {
        <Section title="What waits for it" aside=count.to_string()>
            {(!rows.is_empty()).then(|| view! { <ul class="rows">{rows}</ul> })}
            {add}
        </Section>
    })
}

pub async fn hold(viewer: Viewer, Path((_, number)): Path<(String, i64)>, mut form: Form) -> FormResponse {
    let outcome = async {
        shapeable(&viewer, number).await?;
        let milestone: MilestoneId = form.choice("milestone").ok_or_else(|| form.refusal())?;
        set_wait(&viewer, number, milestone, true).await
    }
    .await;
    respond(outcome, form, |form| again(&viewer, number, form)).await
}

pub async fn release(
    viewer: Viewer,
    Path((_, number, milestone)): Path<(String, i64, MilestoneId)>,
) -> FormResponse {
    let outcome = set_wait(&viewer, number, milestone, false).await;
    respond(outcome, Form::blank(), |form| again(&viewer, number, form)).await
}

async fn set_wait(viewer: &Viewer, number: i64, milestone: MilestoneId, waits: bool) -> Result<Redirect> {
    write::hold(viewer, number, milestone, waits).await?;
    Ok(Redirect::to(viewer.path(&format!("decisions/{number}"))).with_notice(Notice::Saved))
}

async fn again(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    super::show::show_page(viewer, number, form).await
}
