//! Starting, pausing, resuming.

use axum::extract::{Path, Query};
use leptos::prelude::*;
use serde::Deserialize;

use super::ROOM;
use crate::{
    identity::{Action, FormResponse, Page, Redirect, Viewer, respond},
    initiatives::{Phase, read, write},
    platform::{
        error::{Error, Result},
        form::Form,
    },
    ui::{Actions, Crumb, Notice, PostForm, RadioGroup, TextArea},
};

#[derive(Deserialize)]
pub struct To {
    to: Option<Phase>,
}

pub async fn phase_form(
    viewer: Viewer,
    Path((_, number)): Path<(String, i64)>,
    Query(query): Query<To>,
) -> Result<Page> {
    let form = query
        .to
        .map_or_else(Form::blank, |phase| Form::blank().with("phase", phase.as_str()));
    phase_page(&viewer, number, form).await
}

async fn phase_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    let it = read::one(viewer, number).await?;
    if !viewer.may(Action::ManageInitiative { leads: it.leads() }) {
        return Err(Error::Forbidden);
    }
    let cancel = viewer.path(&it.path());
    Ok(Page::new(viewer, ROOM, format!("Move {}", it.title), move |_| {
        let options = it
            .phase
            .next()
            .iter()
            .map(|phase| (phase.as_str().to_owned(), phase.verb().to_owned(), String::new()))
            .collect::<Vec<_>>();
        let over = options.is_empty();
        view! {
            <Crumb href=cancel.clone() text=it.title.clone() />
            <h1>"Change the status"</h1>
            <p>"It is "<strong>{it.phase.name().to_lowercase()}</strong>" now."</p>
            {(!over)
                .then(|| {
                    view! {
                        <PostForm form=form action=format!("{cancel}/phase")>
                            <RadioGroup name="phase" label="Next" options=options />
                            <TextArea
                                name="because"
                                label="Why"
                                help="Required unless you are starting it."
                                rows=2
                                max_length=1000
                                optional=true
                            />
                            <Actions verb="Confirm" cancel=cancel />
                        </PostForm>
                    }
                })}
        }
    }))
}

pub async fn phase_post(
    viewer: Viewer,
    Path((_, number)): Path<(String, i64)>,
    mut form: Form,
) -> FormResponse {
    let outcome = async {
        let (Some(phase), Some(because)) = (form.choice("phase"), form.optional_paragraphs("because", 1000))
        else {
            return Err(form.refusal());
        };
        write::move_to(&viewer, number, phase, &because).await?;
        let notice = if read::one(&viewer, number).await?.phase == phase {
            Notice::Saved
        } else {
            Notice::Proposed
        };
        Ok(Redirect::to(viewer.path(&format!("initiatives/{number}"))).with_notice(notice))
    }
    .await;
    respond(outcome, form, |form| phase_page(&viewer, number, form)).await
}
