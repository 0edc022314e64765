//! A milestone waits for another or for an access, and waits no more.

use axum::{extract::Path, response::IntoResponse};

use super::waits::ACCESS;

use crate::{
    identity::{FormResponse, Redirect, Viewer, respond},
    milestones::{page::show::show_milestone, write},
    platform::{
        form::Form,
        ids::{AccessId, MilestoneId},
    },
    ui::Notice,
};

pub async fn wait_for(
    viewer: Viewer,
    Path((_, number)): Path<(String, i64)>,
    mut form: Form,
) -> FormResponse {
    let outcome = async {
        super::edit::plannable(&viewer, number).await?;
        if let Some(access) = form
            .raw("on")
            .strip_prefix(ACCESS)
            .and_then(|id| id.parse::<AccessId>().ok())
        {
            write::wait_for_access(&viewer, number, access).await?;
        } else {
            let on = form.choice("on").ok_or_else(|| form.refusal())?;
            write::wait_for(&viewer, number, on).await?;
        }
        Ok(Redirect::to(viewer.path(&format!("milestones/{number}#waits"))).with_notice(Notice::Saved))
    }
    .await;
    respond(outcome, form, |form| {
        show_milestone(&viewer, number, (form, None))
    })
    .await
}

pub async fn stop_waiting(
    viewer: Viewer,
    Path((_, number, id)): Path<(String, i64, MilestoneId)>,
) -> FormResponse {
    write::stop_waiting(&viewer, number, id).await?;
    Ok(Redirect::to(viewer.path(&format!("milestones/{number}#waits")))
        .with_notice(Notice::Saved)
        .into_response())
}

pub async fn stop_waiting_for_access(
    viewer: Viewer,
    Path((_, number, id)): Path<(String, i64, AccessId)>,
) -> FormResponse {
    write::stop_waiting_for_access(&viewer, number, id).await?;
    Ok(Redirect::to(viewer.path(&format!("milestones/{number}#waits")))
        .with_notice(Notice::Saved)
        .into_response())
}
