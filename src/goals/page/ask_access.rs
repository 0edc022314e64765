//! Asking for access that a goal needs.

use axum::extract::Path;
use leptos::prelude::*;

use super::ROOM;
use crate::{
    access::{AccessKind, write::Ask},
    goals::{read, write},
    identity::{Action, FormResponse, Page, Redirect, Viewer, respond},
    platform::{
        error::{Error, Result},
        form::Form,
        ids::AccessId,
    },
    ui::{Actions, Crumb, DateField, Fields, Hidden, Notice, PostForm, RadioGroup, TextArea, TextField},
};

pub async fn ask_form(viewer: Viewer, Path((_, goal)): Path<(String, i64)>) -> Result<Page> {
    let id: AccessId = viewer.fresh_id();
    let today = viewer.today();
    let form = Form::blank()
        .with("id", id.to_string())
        .with("kind", AccessKind::Data.as_str())
        .with("needed_on", today.plus(14).to_string())
        .with("ends_on", today.plus_months(12).to_string());
    ask_page(&viewer, goal, form).await
}

async fn ask_page(viewer: &Viewer, goal: i64, form: Form) -> Result<Page> {
    let goal = read::one(viewer, goal).await?;
    if !viewer.may(Action::SpeakForSide) {
        return Err(Error::Forbidden);
    }
    let cancel = viewer.path(&goal.path());
    Ok(Page::new(
        viewer,
        ROOM,
        format!("Request access: {}", goal.title),
        move |_| {
            let kinds = vec![
                (
                    AccessKind::Data.as_str().to_owned(),
                    "Data".to_owned(),
                    "Data about customers, orders or visits.".to_owned(),
                ),
                (
                    AccessKind::Technology.as_str().to_owned(),
                    "Technology".to_owned(),
                    "A system, a tool or an environment.".to_owned(),
                ),
            ];
            view! {
                <Crumb href=cancel.clone() text=goal.title.clone() />
                <h1>"Request access"</h1>
                <p class="lead">
                    {format!(
                        "This request is for the goal “{}”. A manager or lead of each side approves it. \
                            Then the other side opens the access.",
                        goal.title,
                    )}
                </p>
                <PostForm form=form>
                    <Hidden name="id" />
                    <RadioGroup name="kind" label="Access to" options=kinds />
                    <TextField
                        name="title"
                        label="What exactly"
                        help="Describe exactly what has to be opened."
                        max_length=120
                    />
                    <TextArea
                        name="purpose"
                        label="What for"
                        help="Who does what with it, and how that helps the goal."
                        rows=4
                        max_length=2000
                    />
                    <Fields>
                        <DateField name="needed_on" label="Needed from" />
                        <DateField
                            name="ends_on"
                            label="Until"
                            help="The access ends automatically after this day."
                        />
                    </Fields>
                    <Actions verb="Send the request" cancel=cancel />
                </PostForm>
            }
        },
    ))
}

pub async fn ask(viewer: Viewer, Path((_, goal)): Path<(String, i64)>, mut form: Form) -> FormResponse {
    let outcome = async {
        let fields = (
            form.choice("id"),
            form.choice("kind"),
            form.line("title", 120),
            form.paragraphs("purpose", 2000),
            form.day("needed_on"),
            form.day("ends_on"),
        );
        let (Some(id), Some(kind), Some(title), Some(purpose), Some(needed_on), Some(ends_on)) = fields
        else {
            return Err(form.refusal());
        };
        let number = write::ask_access(
            &viewer,
            id,
            goal,
            Ask {
                kind,
                title,
                purpose,
                needed_on,
                ends_on,
            },
        )
        .await?;
        Ok(Redirect::to(viewer.path(&format!("access/{number}"))).with_notice(Notice::Proposed))
    }
    .await;
    respond(outcome, form, |form| ask_page(&viewer, goal, form)).await
}
