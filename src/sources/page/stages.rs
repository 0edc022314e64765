//! What a company calls the stages of its customers' way.

use leptos::prelude::*;

use super::ROOM;
use crate::{
    identity::{Action, FormResponse, Page, Redirect, Viewer, respond},
    platform::{
        error::{Error, Result},
        form::Form,
    },
    sources::{Stage, read, write},
    ui::{Actions, Crumb, Hidden, Notice, PostForm, TextField},
};

/// `/sources/stages`.
pub async fn stages_form(viewer: Viewer) -> Result<Page> {
    stages_page(&viewer, Form::blank()).await
}

async fn stages_page(viewer: &Viewer, form: Form) -> Result<Page> {
    if !viewer.may(Action::ChangeTouchpoint) {
        return Err(Error::Forbidden);
    }
    let names = read::stage_names(viewer).await?;
    let now = Stage::ALL.iter().fold(
        Form::blank().with("version", names.version.to_string()),
        |form, stage| form.with(stage.as_str(), names.of(*stage)),
    );
    let labels: Vec<(&str, &'static str)> = Stage::ALL
        .iter()
        .map(|stage| (stage.as_str(), stage.name()))
        .collect();
    let form = form.over(now, &labels);
    let cancel = viewer.path("sources");
    Ok(Page::new(
        viewer,
        ROOM,
        "Stages of the customer’s way",
        move |_| {
            // Made within the form, whose fields they are.
            let fields = || {
                Stage::ALL
                .iter()
                .map(|stage| view! { <TextField name=stage.as_str() label=stage.name() max_length=40 optional=true /> })
                .collect_view()
            };
            view! {
                <Crumb href=cancel.clone() text="Sources" />
                <h1>"Stages of the customer’s way"</h1>
                <p>"What your company calls each stage. Leave a field empty to use the usual name."</p>
                <PostForm form=form>
                    <Hidden name="version" />
                    {fields()}
                    <Actions verb="Save the names" cancel=cancel />
                </PostForm>
            }
        },
    ))
}

pub async fn name_stages(viewer: Viewer, mut form: Form) -> FormResponse {
    let outcome = async {
        let mut names: [String; 6] = Default::default();
        for (own, stage) in names.iter_mut().zip(Stage::ALL) {
            let name = form
                .optional_line(stage.as_str(), 40)
                .ok_or_else(|| form.refusal())?;
            // What is called as usual follows the usual name.
            *own = if name == stage.name() { String::new() } else { name };
        }
        let shown: Vec<String> = Stage::ALL
            .iter()
            .zip(&names)
            .map(|(stage, name)| if name.is_empty() { stage.name() } else { name }.to_lowercase())
            .collect();
        for (at, stage) in Stage::ALL.iter().enumerate() {
            if shown.iter().take(at).any(|earlier| *earlier == shown[at]) {
                form.fail(stage.as_str(), "Another stage already has this name.");
            }
        }
        if !form.problems().is_empty() {
            return Err(form.refusal());
        }
        write::name_stages(&viewer, form.version(), &names).await?;
        Ok(Redirect::to(viewer.path("sources")).with_notice(Notice::Saved))
    }
    .await;
    respond(outcome, form, |form| stages_page(&viewer, form)).await
}
