//! Letters that were given up, before whoever may mend the address.

use axum::response::IntoResponse as _;
use leptos::prelude::*;

use crate::{
    identity::{Action, FormResponse, Redirect, Viewer},
    members::write,
    platform::{
        error::Result,
        mail::{self, GivenUp},
        state::AppState,
    },
    ui::{Notice, Section},
};

/// This workspace's letters that were not delivered, for whoever may see to that.
pub async fn undelivered(state: &AppState, viewer: &Viewer) -> Result<Vec<GivenUp>> {
    if !viewer.may(Action::ManageMembers) {
        return Ok(Vec::new());
    }
    mail::given_up_of(state, viewer.workspace_id()).await
}

pub fn section(viewer: &Viewer, letters: Vec<GivenUp>) -> Option<impl IntoView + use<>> {
    let today = viewer.today();
    let (count, again) = (letters.len(), viewer.path("members/letters/retry"));
    (count > 0).then(|| {
        let rows = letters
            .into_iter()
            .map(|letter| {
                let detail = format!(
                    "The mail server refused it on {}: {}",
                    viewer.day_of(letter.given_up_at).format(today),
                    letter.last_error
                );
                view! {
                    <li class="row">
                        <span class="row-main">
                            <strong>{letter.recipient}</strong>
                            <span class="faint">{detail}</span>
                        </span>
                    </li>
                }
            })
            .collect_view();
        view! {
            <Section title="Letters that were not delivered" aside=count.to_string()>
                <ul class="rows">{rows}</ul>
                <form method="post" action=again class="page-actions below">
                    <button class="button" type="submit">
                        "Try again"
                    </button>
                </form>
            </Section>
        }
    })
}

/// `/members/letters/retry`: what was given up of this workspace's letters is sent once more.
pub async fn retry_post(viewer: Viewer) -> FormResponse {
    write::retry_letters(&viewer).await?;
    Ok(Redirect::to(viewer.path("members"))
        .with_notice(Notice::TriedAgain)
        .into_response())
}
