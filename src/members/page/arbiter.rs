//! Naming the arbiter.

use leptos::prelude::*;

use crate::{
    identity::{Action, FormResponse, Page, Redirect, Viewer, respond},
    members::{read, write},
    platform::{
        error::{Error, Result},
        form::Form,
    },
    ui::{Actions, Crumb, Notice, PostForm, Select},
};

pub async fn arbiter_form(viewer: Viewer) -> Result<Page> {
    let now = read::arbiter(&viewer)
        .await?
        .map_or_else(String::new, |arbiter| arbiter.id.to_string());
    page(&viewer, Form::blank().with("arbiter", now)).await
}

async fn page(viewer: &Viewer, form: Form) -> Result<Page> {
    if !viewer.may(Action::NameArbiter) {
        return Err(Error::Forbidden);
    }
    let people: Vec<(String, String)> = read::all(viewer)
        .await?
        .into_iter()
        .filter(|member| {
            member.disabled_at.is_none() && member.side.is_none() && member.id != viewer.member_id()
        })
        .map(|member| (member.id.to_string(), member.name))
        .collect();
    let cancel = viewer.path("members");
    let days = viewer.signature_days();
    Ok(Page::new(viewer, "members", "Name the arbiter", move |_| {
        view! {
            <Crumb href=cancel.clone() text="Members" />
            <h1>"Name the arbiter"</h1>
            <p class="lead">
                {format!(
                    "If one side signs or objects and the sides do not agree within {days} days, the \
                        arbiter reads both cases and decides.",
                )}
            </p>
            <PostForm form=form>
                <Select
                    name="arbiter"
                    label="Arbiter"
                    help="Somebody above both sides: an observer who belongs to neither."
                    options=people
                    none="Nobody"
                    optional=true
                />
                <Actions verb="Name the arbiter" cancel=cancel />
            </PostForm>
        }
    }))
}

pub async fn name_arbiter(viewer: Viewer, mut form: Form) -> FormResponse {
    let outcome = async {
        let arbiter = form.optional_choice("arbiter").ok_or_else(|| form.refusal())?;
        write::name_arbiter(&viewer, arbiter).await?;
        Ok(Redirect::to(viewer.path("members")).with_notice(Notice::Saved))
    }
    .await;
    respond(outcome, form, |form| page(&viewer, form)).await
}
