//! The fields of a check-in, and the page that holds them.

use axum::extract::Path;
use leptos::prelude::*;

use super::check_in::path_of;

use crate::{
    handshake::Health,
    identity::{Action, FormResponse, Page, Redirect, Viewer, drafts, respond},
    initiatives::{answers, page::ROOM, read, write},
    members,
    platform::{
        error::{Error, Result},
        form::Form,
        ids::CheckInId,
    },
    ui::{
        Actions, Crumb, Fields, Notice, Pill, PostForm, RadioGroup, Select, StatusWord, TextArea, TextField,
    },
};

pub async fn check_in_form(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    let kept = drafts::load(&viewer, &path_of(number)).await?;
    let is_draft = kept.is_some();
    page(&viewer, number, kept.unwrap_or_default(), is_draft).await
}

fn health_options() -> Vec<(String, String, String)> {
    vec![
        (
            Health::OnTrack.as_str().to_owned(),
            "On track".to_owned(),
            "Nothing needed.".to_owned(),
        ),
        (
            Health::AtRisk.as_str().to_owned(),
            "At risk".to_owned(),
            "The leads should be aware.".to_owned(),
        ),
        (
            Health::OffTrack.as_str().to_owned(),
            "Off track".to_owned(),
            "The leads’ help is needed.".to_owned(),
        ),
    ]
}

#[component]
fn CheckInFields(
    people: Vec<(String, String)>,
    /// Where a corrective action becomes a checkpoint.
    milestones: Vec<(String, String)>,
    /// The confidence of the last time, in percent.
    before: Option<i64>,
) -> impl IntoView {
    let before = before.map_or_else(String::new, |percent| format!(" Last time: {percent}%."));
    let percents = (0..=10)
        .rev()
        .map(|tenth| ((tenth * 10).to_string(), format!("{}%", tenth * 10)))
        .collect();
    view! {
        <RadioGroup name="status" label="How is it going?" options=health_options() />
        <Select
            name="confidence"
            label="Confidence"
            options=percents
            none="Choose"
            help=format!(
                "How sure are you that it will be achieved on time? Your own estimate, whatever the \
                    progress.{before}",
            )
        />
        <TextArea
            name="note"
            label="What is new"
            help="One or two sentences an executive understands."
            rows=3
            max_length=1000
        />
        <TextField
            name="next_step"
            label="Next step"
            help="Such as: match rules agreed by 24 November."
            max_length=160
        />
        <TextArea name="risks" label="Risks" rows=2 max_length=1000 optional=true />
        <fieldset class="field">
            <legend>"Corrective action"<span class="optional">" (required when off track)"</span></legend>
            <TextField
                name="action"
                label="Corrective action"
                help="One line."
                max_length=200
                optional=true
            />
            <Fields>
                <Select name="action_owner" label="Who does it" options=people none="Choose" optional=true />
                <TextField name="action_due_on" label="By when" kind="date" max_length=10 optional=true />
            </Fields>
            {(!milestones.is_empty())
                .then(|| {
                    view! {
                        <Select
                            name="action_milestone"
                            label="Add it as a checkpoint of"
                            options=milestones
                            none="Choose"
                            optional=true
                        />
                    }
                })}
        </fieldset>
    }
}

pub(super) async fn page(viewer: &Viewer, number: i64, form: Form, is_draft: bool) -> Result<Page> {
    let it = read::one(viewer, number).await?;
    if !viewer.may(Action::CheckIn { leads: it.leads() }) {
        return Err(Error::Forbidden);
    }
    let people = members::read::options(&members::read::workers(viewer).await?, None);
    let milestones = read::open_milestones(viewer, it.id).await?;
    let before = read::latest(viewer, number).await?.map(|last| last.confidence);
    let (cancel, today) = (viewer.path(&it.path()), viewer.today());
    let answered = it
        .next_check_in_on
        .map(|awaited| answers(it.cadence, awaited, it.last_due_on, today));
    let check_in = answered.map_or_else(
        || "This initiative is not active, so it needs no check-in.".to_owned(),
        |answer| {
            let missed = match answer.missed.len() {
                0 => String::new(),
                1 => " One before it was missed and stays so.".to_owned(),
                count => format!(" {count} before it were missed and stay so."),
            };
            format!("For {}.{missed}", answer.due_on.format(today))
        },
    );
    Ok(Page::new(
        viewer,
        ROOM,
        format!("Check in on {}", it.title),
        move |_| {
            view! {
                <Crumb href=cancel.clone() text=it.title.clone() />
                <h1>"Check in"</h1>
                <p class="lead">{check_in}</p>
                {is_draft
                    .then(|| {
                        view! {
                            <p class="standing">
                                <Pill word=StatusWord::Draft />
                                <span>"Kept for you alone. Nobody sees it before you check in."</span>
                            </p>
                        }
                    })}
                <PostForm form=form>
                    <CheckInFields people=people milestones=milestones before=before />
                    <div class="actions">
                        <button type="submit" class="button is-primary">
                            "Check in"
                        </button>
                        <button type="submit" class="button" name="draft" value="keep" formnovalidate=true>
                            "Save draft"
                        </button>
                        <a class="button" href=cancel>
                            "Cancel"
                        </a>
                    </div>
                </PostForm>
            }
        },
    ))
}

async fn read_form(viewer: &Viewer, number: i64, form: &mut Form) -> Result<write::CheckInInput> {
    let it = read::one(viewer, number).await?;
    let has_milestones = !read::open_milestones(viewer, it.id).await?.is_empty();
    let fields = (
        form.choice("status"),
        form.choice::<i64>("confidence")
            .filter(|percent| (0..=100).contains(percent)),
        form.paragraphs("note", 1000),
        form.line("next_step", 160),
        form.optional_paragraphs("risks", 1000),
    );
    if fields.1.is_none() && form.problem_of("confidence").is_none() {
        form.fail("confidence", "Choose one.");
    }
    let wants_action = fields.0 == Some(Health::OffTrack) || !form.raw("action").trim().is_empty();
    let action = wants_action.then(|| {
        (
            form.line("action", 200),
            form.choice("action_owner"),
            form.day("action_due_on"),
            if has_milestones {
                form.choice("action_milestone").map(Some)
            } else {
                Some(None)
            },
        )
    });
    let (Some(status), Some(confidence), Some(note), Some(next_step), Some(risks)) = fields else {
        return Err(form.refusal());
    };
    let action = match action {
        None => None,
        Some((Some(action), Some(owner), Some(due_on), Some(milestone))) => Some(write::CheckInAction {
            action,
            owner,
            due_on,
            milestone,
        }),
        Some(_) => return Err(form.refusal()),
    };
    Ok(write::CheckInInput {
        status,
        confidence,
        note,
        next_step,
        risks,
        action,
    })
}

pub async fn check_in(
    viewer: Viewer,
    Path((_, number)): Path<(String, i64)>,
    mut form: Form,
) -> FormResponse {
    let outcome = async {
        if form.raw("draft") == "keep" {
            let it = read::one(&viewer, number).await?;
            if !viewer.may(Action::CheckIn { leads: it.leads() }) {
                return Err(Error::Forbidden);
            }
            form.set("draft", "");
            drafts::save(&viewer, &path_of(number), &form).await?;
            return Ok(Redirect::to(viewer.path(&path_of(number))).with_notice(Notice::DraftKept));
        }
        let check_in = read_form(&viewer, number, &mut form).await?;
        write::check_in(&viewer, number, &check_in).await?;
        drafts::forget(&viewer, &path_of(number)).await?;
        Ok(Redirect::back(
            &form,
            viewer.path(&format!("initiatives/{number}")),
            Notice::CheckedIn,
        ))
    }
    .await;
    respond(outcome, form, |form| page(&viewer, number, form, false)).await
}

pub async fn edit_check_in(
    viewer: Viewer,
    Path((_, number, id)): Path<(String, i64, CheckInId)>,
) -> Result<Page> {
    edit_page(&viewer, number, id, Form::blank()).await
}

async fn edit_page(viewer: &Viewer, number: i64, id: CheckInId, form: Form) -> Result<Page> {
    let it = read::one(viewer, number).await?;
    let check_in = read::check_in(viewer, number, id).await?;
    if check_in.by_member != viewer.member_id() || !viewer.may(Action::CheckIn { leads: it.leads() }) {
        return Err(Error::Forbidden);
    }
    if !check_in.is_correctable_by(viewer) && !form.is_typed() {
        return Err(Error::invalid(
            "",
            "This check-in is locked. Add a comment on it if something changed.",
        ));
    }
    let now = Form::blank()
        .with("status", check_in.health.as_str())
        .with("confidence", check_in.confidence.to_string())
        .with("note", check_in.note.clone())
        .with("next_step", check_in.next_step.clone())
        .with("risks", check_in.risks.clone())
        .with("action", check_in.action.clone().unwrap_or_default())
        .with(
            "action_owner",
            check_in
                .action_owner
                .map_or_else(String::new, |owner| owner.to_string()),
        )
        .with(
            "action_due_on",
            check_in
                .action_due_on
                .map_or_else(String::new, |day| day.to_string()),
        )
        .with(
            "action_milestone",
            check_in
                .action_milestone
                .map_or_else(String::new, |milestone| milestone.to_string()),
        );
    let form = form.over(now, &[]);
    let people = members::read::options(&members::read::workers(viewer).await?, None);
    let milestones = read::open_milestones(viewer, it.id).await?;
    let cancel = viewer.path(&format!("{}/check-ins/{id}", it.path()));
    Ok(Page::new(
        viewer,
        ROOM,
        format!("Correct the check-in on {}", it.title),
        move |_| {
            view! {
                <Crumb href=cancel.clone() text=it.title.clone() />
                <h1>"Correct the check-in"</h1>
                <p class="lead">
                    "The history keeps the earlier words. The other side has to read it again."
                </p>
                <PostForm form=form>
                    <CheckInFields people=people milestones=milestones before=None />
                    <Actions verb="Correct" cancel=cancel />
                </PostForm>
            }
        },
    ))
}

pub async fn correct_check_in(
    viewer: Viewer,
    Path((_, number, id)): Path<(String, i64, CheckInId)>,
    mut form: Form,
) -> FormResponse {
    let outcome = async {
        let check_in = read_form(&viewer, number, &mut form).await?;
        write::correct(&viewer, number, id, &check_in).await?;
        Ok(Redirect::to(viewer.path(&format!("initiatives/{number}"))).with_notice(Notice::Saved))
    }
    .await;
    respond(outcome, form, |form| edit_page(&viewer, number, id, form)).await
}
