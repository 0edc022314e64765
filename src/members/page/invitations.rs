//! Inviting somebody, and taking it back.

use axum::{extract::Path, response::IntoResponse};
use leptos::prelude::*;

use super::{PartFields, part};
use crate::{
    identity::{Action, FormResponse, Page, Redirect, Role, Viewer, respond},
    members::write::{self, Invited},
    platform::{
        error::{Error, Result},
        form::Form,
        ids::InvitationId,
        text,
    },
    ui::{Actions, Copyable, Notice, PostForm, TextArea},
};

pub async fn new(viewer: Viewer) -> Result<Page> {
    if !viewer.may(Action::ManageMembers) {
        return Err(Error::Forbidden);
    }
    // What is offered first can be taken: somebody of one's own side, or an observer of none.
    let (side, role) = viewer
        .side()
        .map_or(("", Role::Observer), |side| (side.as_str(), Role::Contributor));
    let form = Form::blank().with("side", side).with("role", role.as_str());
    Ok(new_page(&viewer, form))
}

fn new_page(viewer: &Viewer, form: Form) -> Page {
    let cancel = viewer.path("members");
    let how = if viewer.sends_mail() {
        "Each address gets a mail with a link that works once, for 72 hours."
    } else {
        "No mail server is configured. You get a link for each address and pass it on yourself. Each link \
            works once, for 72 hours."
    };
    Page::new(viewer, "members", "Invite people", move |_| {
        view! {
            <h1>"Invite people"</h1>
            <p class="lead">{how}</p>
            <PostForm form=form>
                <TextArea
                    name="email"
                    label="E-mail"
                    help="One address, or several, one per line. All get the same role."
                    rows=3
                    max_length=20_000
                />
                <PartFields />
                <Actions verb="Send the invitation" cancel=cancel />
            </PostForm>
        }
    })
}

pub async fn create(viewer: Viewer, mut form: Form) -> FormResponse {
    match try_create(&viewer, &mut form).await {
        Ok(invited) => Ok(ready_page(&viewer, invited).into_response()),
        Err(error) => respond(Err(error), form, |form| async { Ok(new_page(&viewer, form)) }).await,
    }
}

/// Sends one again.
pub async fn again_post(viewer: Viewer, Path((_, id)): Path<(String, InvitationId)>) -> FormResponse {
    let invited = write::invite_again(&viewer, id).await?;
    Ok(ready_page(&viewer, vec![invited]).into_response())
}

fn ready_page(viewer: &Viewer, invited: Vec<Invited>) -> Page {
    let (back, mailed) = (viewer.path("members"), viewer.sends_mail());
    let title = if invited.len() == 1 {
        "The invitation is ready"
    } else {
        "The invitations are ready"
    };
    Page::new(viewer, "members", title, move |_| {
        let shows_links = invited.iter().any(|invited| invited.link.is_some());
        let rows = invited.into_iter().map(invited_row).collect_view();
        view! {
            <h1>{title}</h1>
            {mailed
                .then(|| {
                    view! { <p>"The invitations are on their way by mail. Earlier links no longer work."</p> }
                })}
            {shows_links
                .then(|| {
                    view! {
                        <p>
                            "Each link lets one person in. Each link works once, for 72 hours, and is shown \
                                only now."
                        </p>
                    }
                })}
            <ul class="rows">{rows}</ul>
            <p>
                <a class="button is-primary" href=back>
                    "Back to the members"
                </a>
            </p>
        }
    })
}

fn invited_row(invited: Invited) -> impl IntoView {
    view! {
        <li class="row">
            <span class="row-main">
                <strong>{invited.email}</strong>
                {invited
                    .link
                    .map(|link| {
                        view! {
                            <Copyable text=link />
                        }
                    })}
            </span>
        </li>
    }
}

/// The addresses that were typed or pasted, each once.
fn addresses(form: &mut Form) -> Option<Vec<String>> {
    let typed = form.raw("email").to_owned();
    let parts = typed
        .split(['\n', ',', ';'])
        .map(str::trim)
        .filter(|part| !part.is_empty());
    let mut found: Vec<String> = Vec::new();
    for part in parts {
        // As mail programs copy them: Dana Reyes <dana@company.example>.
        let address = part
            .rsplit_once('<')
            .map_or(part, |(_, address)| address.trim_end_matches('>'));
        match text::email(address) {
            Some(address) if found.contains(&address) => {}
            Some(address) => found.push(address),
            None => {
                form.fail(
                    "email",
                    format!("{part}: write an address such as dana@company.example."),
                );
                return None;
            }
        }
    }
    if found.is_empty() {
        form.fail("email", "Write an e-mail address such as dana@company.example.");
        return None;
    }
    if found.len() > MOST_AT_ONCE {
        form.fail("email", format!("At most {MOST_AT_ONCE} addresses at once."));
        return None;
    }
    Some(found)
}

/// Addresses invited at once.
const MOST_AT_ONCE: usize = 100;

async fn try_create(viewer: &Viewer, form: &mut Form) -> Result<Vec<Invited>> {
    if !viewer.may(Action::ManageMembers) {
        return Err(Error::Forbidden);
    }
    let (emails, part) = (addresses(form), part(form));
    let (Some(emails), Some(part)) = (emails, part) else {
        return Err(form.refusal());
    };
    write::invite_all(viewer, &emails, part).await
}

pub async fn withdraw_post(
    viewer: Viewer,
    Path((_, id)): Path<(String, InvitationId)>,
    form: Form,
) -> FormResponse {
    write::withdraw_invitation(&viewer, id).await?;
    Ok(Redirect::back(&form, viewer.path("members"), Notice::TakenBack).into_response())
}
