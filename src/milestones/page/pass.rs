//! A checkpoint is passed with evidence, opened again, accepted or returned.

use axum::{extract::Path, response::IntoResponse};
use leptos::prelude::*;

use super::checkpoints::evidence;

use crate::{
    identity::{Action, FormResponse, Page, Redirect, Viewer, respond},
    milestones::{
        evidence::{ACCEPTED, MOST_BYTES},
        page::ROOM,
        read::{self, Checkpoint, Milestone},
        write::{self, PassInput},
    },
    platform::{
        error::{Error, Result},
        form::{Form, Upload},
        ids::CheckpointId,
        text::local_path,
    },
    ui::{Actions, Crumb, FileField, Hidden, Notice, Pill, PostForm, StatusWord, TextArea, Undo},
};

pub async fn pass_form(viewer: Viewer, Path((_, id)): Path<(String, CheckpointId)>) -> Result<Page> {
    pass_page(&viewer, id, Form::blank()).await
}

async fn pass_page(viewer: &Viewer, id: CheckpointId, form: Form) -> Result<Page> {
    let (it, checkpoint) = read::checkpoint(viewer, id).await?;
    if !viewer.may(Action::PassCheckpoint {
        owner: checkpoint.owner_id,
        driver: it.driver_id,
    }) {
        return Err(Error::Forbidden);
    }
    let form = form.over(Form::blank().with("version", checkpoint.version.to_string()), &[]);
    let cancel = viewer.path(&it.path());
    let passed = checkpoint.passed_at.map(|at| {
        let who = checkpoint.passed_by.clone().unwrap_or_default();
        format!(
            "{who} marked it done on {}. To add evidence, reopen it first.",
            viewer.day_of(at).format(viewer.today())
        )
    });
    let may_pass = passed.is_none();
    let [words, file] =
        ["evidence", "file"].map(|field| Some(form.raw(field).to_owned()).filter(|typed| !typed.is_empty()));
    let problems: Vec<String> = form
        .problems()
        .iter()
        .map(|problem| problem.what.clone())
        .collect();
    let back = local_path(form.raw("back")).map_or_else(|| cancel.clone(), str::to_owned);
    Ok(Page::new(
        viewer,
        ROOM,
        format!("Mark done: {}", checkpoint.title),
        move |_| {
            view! {
                <Crumb href=cancel.clone() text=it.title.clone() />
                <h1>{format!("Mark “{}” done", checkpoint.title)}</h1>
                {(!checkpoint.criteria.is_empty())
                    .then(|| {
                        view! {
                            <p class="prose">
                                <strong>"How we know it is done: "</strong>
                                {checkpoint.criteria.clone()}
                            </p>
                        }
                    })}
                {checkpoint
                    .missing
                    .clone()
                    .map(|missing| view! { <p class="returned">{format!("Returned: {missing}")}</p> })}
                {passed
                    .map(|detail| {
                        view! {
                            <p class="standing">
                                <Pill word=StatusWord::Done />
                                <span>{detail}</span>
                            </p>
                        }
                    })}
                {(!may_pass)
                    .then(|| {
                        view! {
                            {problems
                                .into_iter()
                                .map(|problem| view! { <p class="problem">{problem}</p> })
                                .collect_view()}
                            {words
                                .map(|words| {
                                    view! {
                                        <p>
                                            <strong>"What you wrote was not saved:"</strong>
                                        </p>
                                        <blockquote class="prose">{words}</blockquote>
                                    }
                                })}
                            {file
                                .map(|file| {
                                    view! {
                                        <p>
                                            <strong>"Your file was not saved: "</strong>
                                            {file}
                                        </p>
                                    }
                                })}
                            <p>
                                <a class="button" href=back>
                                    "Back"
                                </a>
                            </p>
                        }
                    })}
                {may_pass.then(|| { fields(form, cancel) })}
            }
        },
    ))
}

pub async fn pass(
    viewer: Viewer,
    Path((_, id)): Path<(String, CheckpointId)>,
    Upload {
        mut form,
        file,
        place: _place,
    }: Upload,
) -> FormResponse {
    let outcome = async {
        let Some(evidence) = form.optional_paragraphs("evidence", 1000) else {
            return Err(form.refusal());
        };
        let version = Some(form.raw("version"))
            .filter(|typed| !typed.is_empty())
            .map(|_| form.version());
        let number = write::pass(
            &viewer,
            id,
            PassInput {
                words: &evidence,
                file: file.as_ref(),
                version,
            },
        )
        .await?;
        Ok(Redirect::back(
            &form,
            viewer.path(&format!("milestones/{number}")),
            Notice::Passed,
        )
        .undoable(Undo::Checkpoint(id.uuid())))
    }
    .await;
    respond(outcome, form, |form| pass_page(&viewer, id, form)).await
}

pub async fn reopen(viewer: Viewer, Path((_, id)): Path<(String, CheckpointId)>, form: Form) -> FormResponse {
    let number = write::reopen(&viewer, id).await?;
    let path = viewer.path(&format!("milestones/{number}"));
    Ok(Redirect::back(&form, path, Notice::Reopened).into_response())
}

pub async fn accept(viewer: Viewer, Path((_, id)): Path<(String, CheckpointId)>, form: Form) -> FormResponse {
    let number = write::accept_checkpoint(&viewer, id, form.version()).await?;
    Ok(Redirect::back(
        &form,
        viewer.path(&format!("milestones/{number}")),
        Notice::Accepted,
    )
    .undoable(Undo::Acceptance(id.uuid()))
    .into_response())
}

pub async fn withdraw_acceptance(
    viewer: Viewer,
    Path((_, id)): Path<(String, CheckpointId)>,
    form: Form,
) -> FormResponse {
    let number = write::withdraw_acceptance(&viewer, id).await?;
    let path = viewer.path(&format!("milestones/{number}"));
    Ok(Redirect::back(&form, path, Notice::TakenBack).into_response())
}

pub async fn return_form(viewer: Viewer, Path((_, id)): Path<(String, CheckpointId)>) -> Result<Page> {
    return_page(&viewer, id, Form::blank()).await
}

/// A checkpoint for whoever may return it. Opened again meanwhile, it has no side to return it: those who
/// work here are told so by the verb, and what they typed comes back.
async fn returnable(viewer: &Viewer, id: CheckpointId) -> Result<(Milestone, Checkpoint)> {
    let (it, checkpoint) = read::checkpoint(viewer, id).await?;
    let is_late = checkpoint.passed_at.is_none() && viewer.may(Action::SpeakForSide);
    if is_late || viewer.may(checkpoint.accepting(&it)) {
        Ok((it, checkpoint))
    } else {
        Err(Error::Forbidden)
    }
}

async fn return_page(viewer: &Viewer, id: CheckpointId, form: Form) -> Result<Page> {
    let (it, checkpoint) = returnable(viewer, id).await?;
    let form = form.over(Form::blank().with("version", checkpoint.version.to_string()), &[]);
    let cancel = viewer.path(&it.path());
    let given = evidence(viewer, &checkpoint);
    Ok(Page::new(
        viewer,
        ROOM,
        format!("Return {}", checkpoint.title),
        move |_| {
            view! {
                <Crumb href=cancel.clone() text=it.title.clone() />
                <h1>{format!("Return “{}”", checkpoint.title)}</h1>
                {(!checkpoint.criteria.is_empty())
                    .then(|| {
                        view! {
                            <p class="prose">
                                <strong>"How we know it is done: "</strong>
                                {checkpoint.criteria.clone()}
                            </p>
                        }
                    })}
                <p>
                    <strong>"Its evidence: "</strong>
                    {given}
                </p>
                <PostForm form=form>
                    <Hidden name="version" />
                    <TextArea
                        name="missing"
                        label="What is missing"
                        help="One sentence that the owner can act on. This reopens the checkpoint."
                        rows=2
                        max_length=500
                    />
                    <Actions verb="Return the checkpoint" cancel=cancel />
                </PostForm>
            }
        },
    ))
}

pub async fn return_post(
    viewer: Viewer,
    Path((_, id)): Path<(String, CheckpointId)>,
    mut form: Form,
) -> FormResponse {
    returnable(&viewer, id).await?;
    let outcome = async {
        let Some(missing) = form.paragraphs("missing", 500) else {
            return Err(form.refusal());
        };
        let number = write::return_checkpoint(&viewer, id, form.version(), &missing).await?;
        Ok(Redirect::to(viewer.path(&format!("milestones/{number}"))).with_notice(Notice::Returned))
    }
    .await;
    respond(outcome, form, |form| return_page(&viewer, id, form)).await
}

fn fields(form: Form, cancel: String) -> impl IntoView {
    view! {
        <PostForm form=form uploads=true>
            <Hidden name="back" />
            <Hidden name="version" />
            <TextArea
                name="evidence"
                label="Evidence"
                help="A link, or a sentence that others can check; or a file, below."
                max_length=1000
                rows=2
                sometimes=true
            />
            <FileField
                name="file"
                label="A file"
                help=format!(
                    "A PDF, a picture, text or an Office file, at most {} MB.",
                    MOST_BYTES / 1_000_000,
                )
                accept=ACCEPTED
            />
            <Actions verb="Mark the checkpoint done" cancel=cancel />
        </PostForm>
    }
}
