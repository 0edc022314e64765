//! What waits for a decision.

use leptos::prelude::*;

use crate::{
    decisions::read::{Decision, Waiter},
    identity::Viewer,
    platform::form::Form,
    ui::Section,
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
                                        "No longer depends on it"
                                    </button>
                                </form>
                            }
                        })}
                </li>
            }
        })
        .collect::<Vec<_>>();
    let problem = form.problem_of("milestone").map(str::to_owned);
    let is_open = problem.is_some();
    let add = shape.then(|| {
        let listed = options
            .into_iter()
            .map(|(value, label)| view! { <option value=value>{label}</option> })
            .collect_view();
        view! {
            <details class="adds" open=is_open>
                <summary>"Add a milestone"</summary>
                <form method="post" action=format!("{path}/waits") class="inline-form">
                    <label for="milestone" class="visually-hidden">
                        "Milestone"
                    </label>
                    <select id="milestone" name="milestone">
                        <option value="">"Choose a milestone"</option>
                        {listed}
                    </select>
                    <button class="button" type="submit">
                        "Add"
                    </button>
                    {problem.map(|problem| view! { <p class="problem">{problem}</p> })}
                </form>
            </details>
        }
    });
    Some(view! {
        <Section title="Milestones that depend on it" aside=count.to_string()>
            {(!rows.is_empty()).then(|| view! { <ul class="rows">{rows}</ul> })}
            {add}
        </Section>
    })
}
