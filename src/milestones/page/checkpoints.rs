//! A milestone's checkpoints: their rows, and the forms that add and change them.

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use leptos::prelude::*;

use super::{
    ROOM,
    edit::{people, plannable},
};

use crate::{
    handshake::{Kind, read::edit_warning},
    identity::{Action, FormResponse, Page, Redirect, Viewer, respond},
    milestones::{
        CheckpointStage, CheckpointStatus, checkpoint_status,
        components::PassInPlace,
        read::{self, Checkpoint, Milestone},
        write::{self, Step},
    },
    platform::{
        error::{Error, Result},
        form::Form,
        http::attachment,
        ids::CheckpointId,
        time::Day,
    },
    ui::{
        Actions, Crumb, DateField, Hidden, Notice, Pill, PostForm, Section, Select, TextArea, TextField,
        Warning, part::Evidence,
    },
    waits::WaitOutcome,
};

/// What was given as evidence: words, a file to save, or both.
pub(super) fn evidence(viewer: &Viewer, checkpoint: &Checkpoint) -> impl IntoView + use<> {
    let words = checkpoint
        .evidence
        .clone()
        .filter(|words| !words.is_empty())
        .map(|words| {
            view! {
                <Evidence text=words />
                " "
            }
        });
    let href = viewer.path(&format!("checkpoints/{}/file", checkpoint.id));
    let file = checkpoint.file.clone().map(|name| {
        let size = size_in_words(checkpoint.file_size.unwrap_or_default());
        view! {
            <a href=href download=name.clone()>
                {name.clone()}
            </a>
            " "
            <small class="faint is-inline">{size}</small>
        }
    });
    view! {
        {words}
        {file}
    }
}

fn size_in_words(bytes: i64) -> String {
    match bytes {
        ..1000 => format!("{bytes} bytes"),
        1000..1_000_000 => format!("{} kB", bytes / 1000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
    }
}

/// What there is to say beside the word; of what is late its day.
fn detail_words(status: CheckpointStatus, due_on: Day, today: Day) -> Option<String> {
    let is_late = status.word().days_late() > 0;
    status
        .detail(today)
        .or_else(|| is_late.then(|| format!("Was due {}", due_on.format(today))))
}

pub(super) fn row(
    viewer: &Viewer,
    milestone: &Milestone,
    checkpoint: Checkpoint,
    may_plan: bool,
    may_change: bool,
    back: &str,
) -> impl IntoView + use<> {
    let today = viewer.today();
    let is_passed = checkpoint.passed_at.is_some();
    let may_pass = may_change && checkpoint.may_be_passed(viewer, milestone);
    let stage = checkpoint.stage(milestone.asks_other_side);
    let accepts = may_change
        && matches!(stage, CheckpointStage::AwaitedBy(_))
        && viewer.may(checkpoint.accepting(milestone));
    let status = checkpoint_status(
        checkpoint.due_on,
        stage,
        milestone.wait_outcome() != WaitOutcome::Ahead,
        today,
    );
    let beside = detail_words(status, checkpoint.due_on, today)
        .map(|words| view! { <span class="faint">{words}</span> });
    let path = viewer.path(&format!("checkpoints/{}", checkpoint.id));
    let detail = detail(viewer, &checkpoint);
    let returned = checkpoint.missing.clone().zip(checkpoint.returned_by.clone());
    let returned = returned.map(
        |(missing, who)| view! { <span class="returned">{format!("Returned by {who}: {missing}")}</span> },
    );
    let criteria = (!checkpoint.criteria.is_empty())
        .then(|| view! { <span class="criteria">{checkpoint.criteria.clone()}</span> });
    let condition = checkpoint.condition_of.map(|number| {
        let href = viewer.path(&format!("decisions/{number}"));
        view! {
            <a class="faint" href=href>
                {format!("Condition of decision {number}")}
            </a>
        }
    });
    let title = checkpoint.title.clone();
    let (label_accept, label_return, label_file) = (
        format!("Accept {title}"),
        format!("Return {title}"),
        format!("Attach a file to {title}"),
    );
    view! {
        <li class="row" id=format!("checkpoint-{}", checkpoint.id)>
            <Pill word=status.word() />
            <span class="row-main">
                <strong>{checkpoint.title.clone()}</strong>
                {criteria}
                {beside}
                {detail}
                {condition}
                {returned}
            </span>
            {(may_pass && !is_passed)
                .then(|| {
                    view! {
                        <PassInPlace
                            checkpoint=checkpoint.id.to_string()
                            version=checkpoint.version
                            title=title.clone()
                            action=format!("{path}/pass")
                            back=back.to_owned()
                        />
                        <a class="button is-small" href=format!("{path}/pass") aria-label=label_file>
                            "Attach"
                        </a>
                    }
                })}
            {accepts
                .then(|| {
                    view! {
                        <form method="post" action=format!("{path}/accept")>
                            <input type="hidden" name="version" value=checkpoint.version />
                            <button class="button is-small" type="submit" aria-label=label_accept>
                                "Accept"
                            </button>
                        </form>
                        <a class="button is-small" href=format!("{path}/return") aria-label=label_return>
                            "Return"
                        </a>
                    }
                })}
            {(may_pass && is_passed)
                .then(|| {
                    view! {
                        <form method="post" action=format!("{path}/reopen")>
                            <button
                                class="button is-small"
                                type="submit"
                                aria-label=format!("Reopen {title}")
                            >
                                "Reopen"
                            </button>
                        </form>
                    }
                })}
            {may_plan.then(|| change_link(&path, &title))}
        </li>
    }
}

/// The file given as evidence, to be saved.
pub async fn file(viewer: Viewer, Path((_, id)): Path<(String, CheckpointId)>) -> Result<Response> {
    let (name, media_type, content) = read::file(&viewer, id).await?;
    Ok(attachment(content, &media_type, &name))
}

fn step_form(
    form: Form,
    everybody: Vec<(String, String)>,
    verb: &'static str,
    cancel: String,
) -> impl IntoView {
    view! {
        <PostForm form=form>
            <Hidden name="id" />
            <Hidden name="version" />
            <TextField name="title" label="What will be done" max_length=200 />
            <TextArea
                name="criteria"
                label="How we know it is done"
                help="What must be true, if the title does not say it."
                rows=2
                max_length=1000
                optional=true
            />
            <Select
                name="owner"
                label="Owner"
                help="The person who marks it done."
                options=everybody
                none="Choose"
            />
            <DateField name="due_on" label="Due" />
            <Actions verb=verb cancel=cancel />
        </PostForm>
    }
}

fn step(form: &mut Form) -> Result<Step> {
    let fields = (
        form.line("title", 200),
        form.optional_paragraphs("criteria", 1000),
        form.choice("owner"),
        form.day("due_on"),
    );
    let (Some(title), Some(criteria), Some(owner), Some(due_on)) = fields else {
        return Err(form.refusal());
    };
    Ok(Step {
        title,
        criteria,
        owner,
        due_on,
    })
}

pub async fn new_checkpoint(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    let id: CheckpointId = viewer.fresh_id();
    let it = read::one(&viewer, number).await?;
    new_checkpoint_page(
        &viewer,
        number,
        Form::blank()
            .with("id", id.to_string())
            .with("due_on", it.due_on.to_string()),
    )
    .await
}

async fn new_checkpoint_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    let it = plannable(viewer, number).await?;
    let warning = edit_warning(viewer, Kind::Milestone, it.id.uuid()).await?;
    let people = people(viewer).await?;
    let cancel = viewer.path(&it.path());
    Ok(Page::new(
        viewer,
        ROOM,
        format!("Add a checkpoint to {}", it.title),
        move |_| {
            view! {
                <Crumb href=cancel.clone() text=it.title.clone() />
                <h1>"Add a checkpoint"</h1>
                <Warning text=warning />
                {step_form(form, people.everybody, "Add the checkpoint", cancel)}
            }
        },
    ))
}

pub async fn create_checkpoint(
    viewer: Viewer,
    Path((_, number)): Path<(String, i64)>,
    mut form: Form,
) -> FormResponse {
    let outcome = async {
        let step = step(&mut form)?;
        let id = form.choice("id").ok_or_else(|| form.refusal())?;
        write::add_checkpoint(&viewer, number, id, step).await?;
        Ok(Redirect::to(viewer.path(&format!("milestones/{number}"))).with_notice(Notice::Added))
    }
    .await;
    respond(outcome, form, |form| new_checkpoint_page(&viewer, number, form)).await
}

pub async fn edit_checkpoint(viewer: Viewer, Path((_, id)): Path<(String, CheckpointId)>) -> Result<Page> {
    edit_checkpoint_page(&viewer, id, Form::blank()).await
}

async fn edit_checkpoint_page(viewer: &Viewer, id: CheckpointId, form: Form) -> Result<Page> {
    let (it, checkpoint) = read::checkpoint(viewer, id).await?;
    let team = read::team(viewer, &it).await?;
    if !viewer.may(Action::PlanWork { team: &team }) {
        return Err(Error::Forbidden);
    }
    let now = Form::blank()
        .with("version", checkpoint.version.to_string())
        .with("title", checkpoint.title.clone())
        .with("criteria", checkpoint.criteria.clone())
        .with("owner", checkpoint.owner_id.to_string())
        .with("due_on", checkpoint.due_on.to_string());
    let form = form.over(
        now,
        &[
            ("title", "What will be done"),
            ("criteria", "How we know it is done"),
            ("due_on", "Due"),
        ],
    );
    let people = people(viewer).await?;
    let warning = edit_warning(viewer, Kind::Milestone, it.id.uuid()).await?;
    let cancel = viewer.path(&it.path());
    let archive = viewer.path(&format!("checkpoints/{id}/archive"));
    Ok(Page::new(
        viewer,
        ROOM,
        format!("Change {}", checkpoint.title),
        move |_| {
            view! {
                <Crumb href=cancel.clone() text=it.title.clone() />
                <h1>"Change the checkpoint"</h1>
                <Warning text=warning />
                {step_form(form, people.everybody, "Save the checkpoint", cancel)}
                <Section title="Archive">
                    <p>"Removes this checkpoint from the milestone. The history keeps it."</p>
                    <PostForm action=archive>
                        <Actions verb="Archive the checkpoint" danger=true />
                    </PostForm>
                </Section>
            }
        },
    ))
}

pub async fn update_checkpoint(
    viewer: Viewer,
    Path((_, id)): Path<(String, CheckpointId)>,
    mut form: Form,
) -> FormResponse {
    let outcome = async {
        let step = step(&mut form)?;
        let number = write::edit_checkpoint(&viewer, id, form.version(), step).await?;
        Ok(Redirect::to(viewer.path(&format!("milestones/{number}"))).with_notice(Notice::Saved))
    }
    .await;
    respond(outcome, form, |form| edit_checkpoint_page(&viewer, id, form)).await
}

pub async fn archive_checkpoint(viewer: Viewer, Path((_, id)): Path<(String, CheckpointId)>) -> FormResponse {
    let number = write::archive_checkpoint(&viewer, id).await?;
    Ok(Redirect::to(viewer.path(&format!("milestones/{number}")))
        .with_notice(Notice::Archived)
        .into_response())
}

fn detail(viewer: &Viewer, checkpoint: &Checkpoint) -> AnyView {
    let today = viewer.today();
    if let (Some(at), Some(by)) = (checkpoint.passed_at, checkpoint.passed_by.clone()) {
        let accepted = checkpoint.accepted_at.zip(checkpoint.accepted_by.clone());
        let accepted =
            accepted.map(|(at, by)| format!(" · accepted {} by {by}", viewer.day_of(at).format(today)));
        view! {
            <span class="faint">
                {format!("Done {} by {by}: ", viewer.day_of(at).format(today))} {evidence(viewer, checkpoint)}
                {accepted}
            </span>
        }
        .into_any()
    } else {
        let side = checkpoint
            .owner_side
            .map_or_else(String::new, |side| format!(" · {}", side.name()));
        view! { <span class="faint">{checkpoint.owner.clone()}{side}</span> }.into_any()
    }
}

fn change_link(path: &str, title: &str) -> impl IntoView + use<> {
    view! {
        <a class="button is-small" href=format!("{path}/edit") aria-label=format!("Change {title}")>
            "Change"
        </a>
    }
}
