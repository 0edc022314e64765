//! The first steps of a workspace: what there has to be before the overview can answer. A step ticks itself.

use leptos::prelude::*;

use super::read::Overview;
use crate::{identity::Viewer, ui::Section};

/// What there has to be, and whether there is.
struct FirstStep {
    is_done: bool,
    what: &'static str,
    /// Within the workspace.
    path: &'static str,
}

fn steps(overview: &Overview) -> [FirstStep; 6] {
    let is_written = overview.changed > 0 || overview.proposed.is_some() || overview.in_force.is_some();
    [
        FirstStep {
            is_done: is_written,
            what: "Write a first clause: what you promise the customer, and what it means for each side",
            path: "definition",
        },
        FirstStep {
            is_done: overview.in_force.is_some(),
            what: "Both leads sign the definition",
            path: "definition",
        },
        FirstStep {
            is_done: overview.kpi_total > 0,
            what: "Choose a KPI that both sides answer for",
            path: "kpis",
        },
        FirstStep {
            is_done: !overview.goals.is_empty(),
            what: "Set a Marketing goal and measure it with a KPI",
            path: "goals",
        },
        FirstStep {
            is_done: overview.initiative_counts.total > 0,
            what: "Start an initiative with people from both sides",
            path: "initiatives",
        },
        FirstStep {
            is_done: overview.coverage.is_some(),
            what: "Name the places where customers meet you",
            path: "sources",
        },
    ]
}

/// The steps, until all are done.
pub(super) fn first_steps(viewer: &Viewer, overview: &Overview) -> Option<impl IntoView + use<>> {
    let steps = steps(overview);
    let done = steps.iter().filter(|step| step.is_done).count();
    if done == steps.len() {
        return None;
    }
    let aside = format!("{done} of {} done", steps.len());
    let rows = steps
        .iter()
        .map(|step| {
            let href = viewer.path(step.path);
            if step.is_done {
                view! {
                    <li class="row is-done">
                        <span aria-hidden="true">"✓"</span>
                        <span class="row-main faint">
                            <span class="visually-hidden">"Done: "</span>
                            {step.what}
                        </span>
                    </li>
                }
                .into_any()
            } else {
                view! {
                    <li class="row">
                        <span aria-hidden="true">"○"</span>
                        <span class="row-main">
                            <a href=href>{step.what}</a>
                        </span>
                    </li>
                }
                .into_any()
            }
        })
        .collect_view();
    Some(view! {
        <Section title="First steps" aside=aside>
            <ul class="rows">{rows}</ul>
        </Section>
    })
}
