//! What the stage posts to.

use axum::extract::Path;

use super::stage_page;
use crate::{
    identity::{Action, FormResponse, Redirect, Viewer, respond},
    platform::{error::Error, form::Form, ids::MemberId},
    reviews::{
        NoteKind,
        page::show,
        write::{self, ActionInput},
    },
    ui::Notice,
};

fn to(viewer: &Viewer, number: i64, rest: &str) -> Redirect {
    Redirect::to(viewer.path(&format!("reviews/{number}{rest}")))
}

pub async fn start(viewer: Viewer, Path((_, number)): Path<(String, i64)>, form: Form) -> FormResponse {
    let outcome = write::start(&viewer, number)
        .await
        .map(|()| to(&viewer, number, "/present").with_notice(Notice::Begun));
    respond(outcome, form, |form| show::page(&viewer, number, form)).await
}

pub async fn take_start_back(
    viewer: Viewer,
    Path((_, number)): Path<(String, i64)>,
    form: Form,
) -> FormResponse {
    let outcome = write::take_start_back(&viewer, number)
        .await
        .map(|()| to(&viewer, number, "").with_notice(Notice::TakenBack));
    respond(outcome, form, |form| show::page(&viewer, number, form)).await
}

pub async fn take_stage(viewer: Viewer, Path((_, number)): Path<(String, i64)>, form: Form) -> FormResponse {
    let outcome = write::take_stage(&viewer, number)
        .await
        .map(|()| to(&viewer, number, "/present"));
    respond(outcome, form, |form| show::page(&viewer, number, form)).await
}

pub async fn go(viewer: Viewer, Path((_, number)): Path<(String, i64)>, mut form: Form) -> FormResponse {
    let outcome = async {
        if !viewer.may(Action::LeadReview) {
            return Err(Error::Forbidden);
        }
        let item: i64 = form.whole("item").ok_or_else(|| form.refusal())?;
        write::go(&viewer, number, item).await?;
        Ok(to(&viewer, number, &format!("/present/{item}")))
    }
    .await;
    respond(outcome, form, |form| show::page(&viewer, number, form)).await
}

pub async fn note(
    viewer: Viewer,
    Path((_, number, of)): Path<(String, i64, i64)>,
    mut form: Form,
) -> FormResponse {
    let outcome = async {
        if !viewer.may(Action::TakePartInReview) {
            return Err(Error::Forbidden);
        }
        let is_resolution = form.raw("what") == "resolution";
        let (kind, body) = if is_resolution {
            (NoteKind::Resolution, form.line("line", 300))
        } else {
            (NoteKind::Note, form.paragraphs("body", 2000))
        };
        let body = body.ok_or_else(|| form.refusal())?;
        let id = form.raw("id").parse().unwrap_or_else(|_| viewer.fresh_id());
        write::note(&viewer, number, of, (id, kind, &body)).await?;
        Ok(to(&viewer, number, &format!("/present/{of}")).with_notice(Notice::Added))
    }
    .await;
    respond(outcome, form, |form| stage_page(&viewer, (number, of), form)).await
}

pub async fn give_action(
    viewer: Viewer,
    Path((_, number, of)): Path<(String, i64, i64)>,
    mut form: Form,
) -> FormResponse {
    let outcome = async {
        if !viewer.may(Action::TakePartInReview) {
            return Err(Error::Forbidden);
        }
        let fields = (
            form.line("action", 300),
            form.choice("owner"),
            form.day("due_on"),
            form.optional_choice("milestone"),
        );
        let (Some(body), Some(owner), Some(due_on), Some(milestone)) = fields else {
            return Err(form.refusal());
        };
        let input = ActionInput {
            body,
            owner,
            due_on,
            milestone,
        };
        let id = form.raw("id").parse().unwrap_or_else(|_| viewer.fresh_id());
        write::give_action(&viewer, number, of, (id, &input)).await?;
        Ok(to(&viewer, number, &format!("/present/{of}")).with_notice(Notice::Added))
    }
    .await;
    respond(outcome, form, |form| stage_page(&viewer, (number, of), form)).await
}

pub async fn mark_present(
    viewer: Viewer,
    Path((_, number)): Path<(String, i64)>,
    mut form: Form,
) -> FormResponse {
    let outcome = async {
        let chosen: Vec<MemberId> = form
            .raw_each("present")
            .filter(|id| !id.is_empty())
            .map(str::parse)
            .collect::<Result<_, _>>()
            .map_err(|_| {
                form.fail("present", "Choose from the list.");
                form.refusal()
            })?;
        write::mark_present(&viewer, number, &chosen).await?;
        Ok(to(&viewer, number, "/present").with_notice(Notice::Saved))
    }
    .await;
    respond(outcome, form, |form| show::page(&viewer, number, form)).await
}

pub async fn end(viewer: Viewer, Path((_, number)): Path<(String, i64)>, form: Form) -> FormResponse {
    let outcome = write::end(&viewer, number)
        .await
        .map(|()| to(&viewer, number, "").with_notice(Notice::MeetingEnded));
    respond(outcome, form, |form| show::page(&viewer, number, form)).await
}

pub async fn resume(viewer: Viewer, Path((_, number)): Path<(String, i64)>, form: Form) -> FormResponse {
    let outcome = write::resume(&viewer, number)
        .await
        .map(|()| to(&viewer, number, "/present").with_notice(Notice::Begun));
    respond(outcome, form, |form| show::page(&viewer, number, form)).await
}
