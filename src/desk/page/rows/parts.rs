//! What every row of the desk is made of.

use leptos::prelude::*;

use crate::{
    handshake::{components::Seats, read::Standing},
    identity::Viewer,
    reminders::{self, read::Reminder},
};

/// The shape of every row: its state, what it is and leads to, and its verbs.
#[component]
pub(super) fn Row(
    state: AnyView,
    /// Where the title leads.
    href: String,
    #[prop(into)] title: String,
    /// Under the title; may be empty.
    #[prop(into)]
    detail: String,
    children: Children,
) -> impl IntoView {
    view! {
        <li class="row">
            <span class="row-state">{state}</span>
            <a class="row-main" href=href>
                <strong>{title}</strong>
                <span class="faint">{detail}</span>
            </a>
            {children()}
        </li>
    }
}

/// A verb that has a page of its own; `label` names its object to who hears the page.
#[component]
pub(super) fn Open(href: String, label: String, verb: &'static str) -> impl IntoView {
    view! {
        <a class="button" href=href aria-label=spoken(verb, label)>
            {verb}
        </a>
    }
}

/// A verb that is done in place.
#[component]
pub(super) fn Do(
    action: String,
    /// Where it leads when it is done.
    back: String,
    label: String,
    verb: &'static str,
    /// What was read, where it matters.
    #[prop(optional_no_strip)]
    version: Option<i64>,
) -> impl IntoView {
    view! {
        <form method="post" action=action>
            <input type="hidden" name="back" value=back />
            {version.map(|version| view! { <input type="hidden" name="version" value=version /> })}
            <button class="button" type="submit" aria-label=spoken(verb, label)>
                {verb}
            </button>
        </form>
    }
}

/// A button's name to a screen reader: it begins with the words that are seen, so that speaking them presses
/// it.
pub(super) fn spoken(verb: &str, label: String) -> String {
    if label.starts_with(verb) {
        label
    } else {
        format!("{verb}: {label}")
    }
}

/// The seats of what waits for a signature, before the day it is due.
pub(super) fn with_seats(viewer: &Viewer, standing: &Standing, pill: AnyView) -> AnyView {
    view! {
        <Seats standing=Some(standing.clone()) viewer=viewer.clone() />
        {pill}
    }
    .into_any()
}

pub(super) fn reminders_in_words(viewer: &Viewer, reminders: &[Reminder]) -> String {
    reminders::format_reminders(
        reminders
            .iter()
            .map(|one| (one.rung, one.name.as_str(), viewer.day_of(one.at))),
        viewer.today(),
    )
}
