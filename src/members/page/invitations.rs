//! Inviting somebody, and taking it back.

use axum::{extract::Path, response::IntoResponse};
use leptos::prelude::*;

use super::{PartFields, part};
use crate::{
    identity::{Action, FormResponse, Page, Redirect, Role, Viewer, respond},
    members::write,
    platform::{
        error::{Error, Result},
        form::Form,
        ids::InvitationId,
        text,
    },
    ui::{Actions, Notice, PostForm, TextField},
};

pub async fn new(viewer: Viewer) -> Result<Page> {
    if !viewer.may(Action::ManageMembers) {
        return Err(Error::Forbidden);
    }
    Ok(new_page(
        &viewer,
        Form::blank().with("role", Role::Contributor.as_str()),
    ))
}

fn new_page(viewer: &Viewer, form: Form) -> Page {
    let cancel = viewer.path("members");
    Page::new(viewer, "members", "Invite somebody", move |_| {
        view! {
            <h1>"Invite somebody"</h1>
            <PostForm form=form>
                <TextField
                    name="email"
                    label="E-mail"
                    kind="email"
                    autocomplete="off"
                    inputmode="email"
                    max_length=254
                    autofocus=true
                />
                <PartFields />
                <Actions verb="Make the invitation" cancel=cancel />
            </PostForm>
        }
    })
}

pub async fn create(viewer: Viewer, mut form: Form) -> FormResponse {
    match try_create(&viewer, &mut form).await {
        Ok((email, link)) => {
            let (back, mailed) = (viewer.path("members"), viewer.sends_mail());
            Ok(
                Page::new(&viewer, "members", "The invitation is ready", move |_| {
                    view! {
                        <h1>"The invitation is ready"</h1>
                        {mailed
                            .then(|| {
                                view! {
                                    <p>"It is on its way by mail to "<strong>{email.clone()}</strong>"."</p>
                                }
                            })}
                        {link.map(|link| link_card(email, link, mailed))}
                        <p>
                            <a class="button is-primary" href=back>
                                "Back to the members"
                            </a>
                        </p>
                    }
                })
                .into_response(),
            )
        }
        Err(error) => respond(Err(error), form, |form| async { Ok(new_page(&viewer, form)) }).await,
    }
}

fn link_card(email: String, link: String, mailed: bool) -> impl IntoView {
    view! {
        {(!mailed).then(|| view! { <p>"No mail server is configured, so hand this link over yourself."</p> })}
        <p>
            "This link lets "<strong>{email}</strong>
            " in. It works once, for 72 hours, and is shown only now."
        </p>
        <p class="card copy">
            <code>{link}</code>
        </p>
    }
}

async fn try_create(viewer: &Viewer, form: &mut Form) -> Result<(String, Option<String>)> {
    if !viewer.may(Action::ManageMembers) {
        return Err(Error::Forbidden);
    }
    let email = text::email(form.raw("email"));
    if email.is_none() {
        form.fail("email", "Write an address such as dana@company.example.");
    }
    let part = part(form);
    let (Some(email), Some(part)) = (email, part) else {
        return Err(form.refusal());
    };
    let link = write::invite(viewer, &email, part).await?;
    Ok((email, link))
}

pub async fn withdraw_post(
    viewer: Viewer,
    Path((_, id)): Path<(String, InvitationId)>,
    form: Form,
) -> FormResponse {
    write::withdraw_invitation(&viewer, id).await?;
    Ok(Redirect::back(&form, viewer.path("members"), Notice::TakenBack).into_response())
}
