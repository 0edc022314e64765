//! Letters that were given up, before whoever may mend the address.

use std::collections::BTreeSet;

use axum::{extract::State, response::IntoResponse as _};
use leptos::prelude::*;

use crate::{
    identity::{Action, FormResponse, Redirect, Viewer},
    members::read::{self, Member, Pending},
    platform::{
        error::{Error, Result},
        mail::{self, GivenUp},
        state::AppState,
    },
    ui::{Notice, Section},
};

/// The letters to these people that were not delivered.
pub async fn undelivered(
    state: &AppState,
    viewer: &Viewer,
    (members, pending): (&[Member], &[Pending]),
) -> Result<Vec<GivenUp>> {
    if !viewer.may(Action::ManageMembers) {
        return Ok(Vec::new());
    }
    let known = addresses(members, pending);
    let mut letters = mail::given_up(state).await?;
    letters.retain(|letter| known.contains(letter.recipient.as_str()));
    Ok(letters)
}

fn addresses<'a>(members: &'a [Member], pending: &'a [Pending]) -> BTreeSet<&'a str> {
    let members = members.iter().map(|member| member.email.as_str());
    members
        .chain(pending.iter().map(|pending| pending.email.as_str()))
        .collect()
}

pub fn section(viewer: &Viewer, letters: Vec<GivenUp>) -> Option<impl IntoView + use<>> {
    let today = viewer.today();
    let (count, again) = (letters.len(), viewer.path("members/letters/retry"));
    (count > 0).then(|| {
        let rows = letters
            .into_iter()
            .map(|letter| {
                let detail = format!(
                    "Given up {}: {}",
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
pub async fn retry_post(viewer: Viewer, State(state): State<AppState>) -> FormResponse {
    if !viewer.may(Action::ManageMembers) {
        return Err(Error::Forbidden);
    }
    let (members, pending) = (
        read::all(&viewer).await?,
        read::pending_invitations(&viewer).await?,
    );
    for address in addresses(&members, &pending) {
        mail::retry_to(&state, address).await?;
    }
    Ok(Redirect::to(viewer.path("members"))
        .with_notice(Notice::Saved)
        .into_response())
}
