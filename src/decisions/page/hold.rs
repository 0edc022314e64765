//! A decision lets milestones wait for it, and lets them go.

use axum::extract::Path;

use crate::{
    decisions::{page::question::shapeable, write},
    identity::{FormResponse, Page, Redirect, Viewer, respond},
    platform::{error::Result, form::Form, ids::MilestoneId},
    ui::Notice,
};

pub async fn hold(viewer: Viewer, Path((_, number)): Path<(String, i64)>, mut form: Form) -> FormResponse {
    let outcome = async {
        shapeable(&viewer, number).await?;
        let milestone: MilestoneId = form.choice("milestone").ok_or_else(|| form.refusal())?;
        set_wait(&viewer, number, milestone, true).await
    }
    .await;
    respond(outcome, form, |form| again(&viewer, number, form)).await
}

pub async fn release(
    viewer: Viewer,
    Path((_, number, milestone)): Path<(String, i64, MilestoneId)>,
) -> FormResponse {
    let outcome = set_wait(&viewer, number, milestone, false).await;
    respond(outcome, Form::blank(), |form| again(&viewer, number, form)).await
}

async fn set_wait(viewer: &Viewer, number: i64, milestone: MilestoneId, waits: bool) -> Result<Redirect> {
    write::hold(viewer, number, milestone, waits).await?;
    Ok(Redirect::to(viewer.path(&format!("decisions/{number}"))).with_notice(Notice::Saved))
}

async fn again(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    super::show::show_page(viewer, number, form).await
}
