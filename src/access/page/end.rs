//! Opening an access and ending it.

use axum::{extract::Path, response::IntoResponse};
use leptos::prelude::*;

use super::ROOM;
use crate::{
    access::{
        read::{self},
        write,
    },
    identity::{FormResponse, Page, Redirect, Viewer, respond},
    platform::{
        error::{Error, Result},
        form::Form,
    },
    ui::{Actions, Crumb, Notice, PostForm, TextArea},
};

pub async fn grant(viewer: Viewer, Path((_, number)): Path<(String, i64)>, form: Form) -> FormResponse {
    write::grant(&viewer, number).await?;
    Ok(Redirect::back(&form, viewer.path(&format!("access/{number}")), Notice::Granted).into_response())
}

pub async fn end_form(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    end_page(&viewer, number, Form::blank()).await
}

async fn end_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    let it = read::request(viewer, number).await?;
    if !viewer.may(it.ending()) {
        return Err(Error::Forbidden);
    }
    let cancel = viewer.path(&it.path());
    Ok(Page::new(viewer, ROOM, format!("End {}", it.title), move |_| {
        let verb = if it.granted.is_some() {
            "End the access"
        } else {
            "Withdraw the request"
        };
        view! {
            <Crumb href=cancel.clone() text=it.title.clone() />
            <h1>{verb}</h1>
            <PostForm form=form>
                <TextArea
                    name="because"
                    label="Why"
                    help="One sentence that both sides understand."
                    rows=2
                    max_length=500
                />
                <Actions verb=verb cancel=cancel danger=true />
            </PostForm>
        }
    }))
}

pub async fn end(viewer: Viewer, Path((_, number)): Path<(String, i64)>, mut form: Form) -> FormResponse {
    let outcome = async {
        let Some(because) = form.paragraphs("because", 500) else {
            return Err(form.refusal());
        };
        write::end(&viewer, number, &because).await?;
        let done = if read::request(&viewer, number).await?.granted.is_some() {
            Notice::Ended
        } else {
            Notice::TakenBack
        };
        Ok(Redirect::to(viewer.path(&format!("access/{number}"))).with_notice(done))
    }
    .await;
    respond(outcome, form, |form| end_page(&viewer, number, form)).await
}
