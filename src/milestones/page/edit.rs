//! A milestone is promised, changed, moved and given up.

use axum::extract::{Path, Query};
use leptos::prelude::*;
use serde::Deserialize;

use super::{ROOM, waits};

use crate::{
    handshake::{Kind, read::edit_warning},
    identity::{Action, FormResponse, Page, Redirect, Side, Viewer, respond},
    members,
    milestones::{
        read::{self, Milestone},
        write::{self, MilestoneInput},
    },
    platform::{
        error::{Error, Result},
        form::Form,
        ids::MilestoneId,
        time::Day,
    },
    ui::{
        Actions, CheckGroup, Crumb, DateField, Fields, Hidden, Notice, PostForm, Reason, Section, Select,
        TextArea, TextField, Warning,
    },
};

// Milestones: forms.

pub(super) struct People {
    marketing: Vec<(String, String)>,
    technology: Vec<(String, String)>,
    pub(super) everybody: Vec<(String, String)>,
}

pub(super) async fn people(viewer: &Viewer) -> Result<People> {
    let workers = members::read::workers(viewer).await?;
    Ok(People {
        marketing: members::read::options(&workers, Some(Side::Marketing)),
        technology: members::read::options(&workers, Some(Side::Technology)),
        everybody: members::read::options(&workers, None),
    })
}

fn plan_form(form: Form, people: People, dated: bool, verb: &'static str, cancel: String) -> impl IntoView {
    view! {
        <PostForm form=form>
            <Hidden name="id" />
            <Hidden name="version" />
            <TextField name="title" label="Title" max_length=120 />
            <TextArea
                name="outcome"
                label="Outcome"
                help="What will be true, so that both sides can accept it."
                rows=3
                max_length=1000
            />
            {dated
                .then(|| {
                    view! {
                        <DateField
                            name="due_on"
                            label="Promised for"
                            help="The first promised date stays on record. Moving it later needs a reason."
                        />
                    }
                })}
            <Select
                name="driver"
                label="Driver"
                help="The person who drives the work."
                options=people.everybody
                none="Choose"
            />
            <Fields>
                <Select
                    name="marketing_owner"
                    label="Owner from Marketing"
                    options=people.marketing
                    none="Choose"
                />
                <Select
                    name="technology_owner"
                    label="Owner from Technology"
                    options=people.technology
                    none="Choose"
                />
            </Fields>
            <CheckGroup
                name="asks_other_side"
                label="Checkpoints"
                options=vec![("yes".to_owned(), "The other side has to accept each checkpoint".to_owned())]
            />
            <Actions verb=verb cancel=cancel />
        </PostForm>
    }
}

pub(super) fn plan(form: &mut Form) -> Result<MilestoneInput> {
    let fields = (
        form.line("title", 120),
        form.paragraphs("outcome", 1000),
        form.choice("driver"),
        form.choice("marketing_owner"),
        form.choice("technology_owner"),
    );
    let (Some(title), Some(outcome), Some(driver), Some(marketing_owner), Some(technology_owner)) = fields
    else {
        return Err(form.refusal());
    };
    Ok(MilestoneInput {
        title,
        outcome,
        driver,
        marketing_owner,
        technology_owner,
        asks_other_side: form.is_ticked("asks_other_side"),
    })
}

/// `/initiatives/{number}/milestones/new`.
pub async fn new(viewer: Viewer, Path((_, initiative)): Path<(String, i64)>) -> Result<Page> {
    let id: MilestoneId = viewer.fresh_id();
    let of = read::planning_initiative(&viewer, initiative).await?;
    let form = Form::blank()
        .with("id", id.to_string())
        .with("marketing_owner", of.leads[0].to_string())
        .with("technology_owner", of.leads[1].to_string());
    new_page(&viewer, initiative, form).await
}

async fn new_page(viewer: &Viewer, initiative: i64, form: Form) -> Result<Page> {
    let of = read::planning_initiative(viewer, initiative).await?;
    if !viewer.may(Action::PlanWork { team: &of.team }) {
        return Err(Error::Forbidden);
    }
    let people = people(viewer).await?;
    let cancel = viewer.path(&of.path());
    Ok(Page::new(
        viewer,
        ROOM,
        format!("Add a milestone to {}", of.title),
        move |_| {
            view! {
                <Crumb href=cancel.clone() text=of.title.clone() />
                <h1>"Add a milestone"</h1>
                {plan_form(form, people, true, "Promise the milestone", cancel)}
            }
        },
    ))
}

pub async fn create(
    viewer: Viewer,
    Path((_, initiative)): Path<(String, i64)>,
    mut form: Form,
) -> FormResponse {
    let outcome = async {
        let (plan, due_on, id) = (plan(&mut form), form.day("due_on"), form.choice("id"));
        let (Some(due_on), Some(id)) = (due_on, id) else {
            return Err(merge(plan.err(), &mut form));
        };
        let number = write::promise(&viewer, id, initiative, plan?, due_on).await?;
        Ok(Redirect::to(viewer.path(&format!("milestones/{number}"))).with_notice(Notice::Added))
    }
    .await;
    respond(outcome, form, |form| new_page(&viewer, initiative, form)).await
}

/// Everything that is wrong with a form read in two parts.
fn merge(earlier: Option<Error>, form: &mut Form) -> Error {
    let mut problems = match earlier {
        Some(Error::Invalid(problems)) => problems,
        _ => Vec::new(),
    };
    if let Error::Invalid(later) = form.refusal() {
        problems.extend(later);
    }
    Error::Invalid(problems)
}

pub(super) async fn plannable(viewer: &Viewer, number: i64) -> Result<Milestone> {
    let it = read::one(viewer, number).await?;
    let team = read::team(viewer, &it).await?;
    if viewer.may(Action::PlanWork { team: &team }) {
        Ok(it)
    } else {
        Err(Error::Forbidden)
    }
}

pub async fn edit(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    edit_page(&viewer, number, Form::blank()).await
}

async fn edit_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    let it = plannable(viewer, number).await?;
    let warning = edit_warning(viewer, Kind::Milestone, it.id.uuid()).await?;
    let now = Form::blank()
        .with("version", it.version.to_string())
        .with("title", it.title.clone())
        .with("outcome", it.outcome.clone())
        .with("driver", it.driver_id.to_string())
        .with("marketing_owner", it.marketing_owner.to_string())
        .with("technology_owner", it.technology_owner.to_string())
        .with("asks_other_side", if it.asks_other_side { "yes" } else { "" });
    let form = form.over(now, &[("title", "Title"), ("outcome", "Outcome")]);
    let people = people(viewer).await?;
    let cancel = viewer.path(&it.path());
    let archive = format!("{cancel}/archive");
    Ok(Page::new(
        viewer,
        ROOM,
        format!("Change {}", it.title),
        move |_| {
            view! {
                <Crumb href=cancel.clone() text=it.title.clone() />
                <h1>"Change the milestone"</h1>
                <Warning text=warning />
                {plan_form(form, people, false, "Save the milestone", cancel)}
                <Section title="Cancel it">
                    <p>"Removes the milestone from the plan. The history and earlier baselines keep it."</p>
                    <p>
                        <a class="button" href=archive>
                            "Archive the milestone"
                        </a>
                    </p>
                </Section>
            }
        },
    ))
}

pub async fn update(viewer: Viewer, Path((_, number)): Path<(String, i64)>, mut form: Form) -> FormResponse {
    let outcome = async {
        let plan = plan(&mut form)?;
        write::edit(&viewer, number, form.version(), plan).await?;
        Ok(Redirect::to(viewer.path(&format!("milestones/{number}"))).with_notice(Notice::Saved))
    }
    .await;
    respond(outcome, form, |form| edit_page(&viewer, number, form)).await
}

pub async fn archive_form(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    archive_page(&viewer, number, Form::blank()).await
}

async fn archive_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    let it = plannable(viewer, number).await?;
    let linked = read::links(viewer, it.id).await?;
    let form = form.over(Form::blank().with("version", it.version.to_string()), &[]);
    let (cancel, today) = (viewer.path(&it.path()), viewer.today());
    Ok(Page::new(
        viewer,
        ROOM,
        format!("Archive {}", it.title),
        move |_| {
            view! {
                <Crumb href=cancel.clone() text=it.title.clone() />
                <h1>"Archive the milestone"</h1>
                <p>
                    "Removes the milestone and its checkpoints from the plan. The history and earlier \
                        baselines keep them."
                </p>
                {waits::whom_it_hits(&linked, false, today)}
                <PostForm form=form>
                    <Hidden name="version" />
                    <Reason />
                    <Actions verb="Archive the milestone" cancel=cancel danger=true />
                </PostForm>
            }
        },
    ))
}

pub async fn archive(viewer: Viewer, Path((_, number)): Path<(String, i64)>, mut form: Form) -> FormResponse {
    let outcome = async {
        let Some(because) = form.paragraphs("because", 500) else {
            return Err(form.refusal());
        };
        let initiative = write::archive(&viewer, number, form.version(), &because).await?;
        Ok(Redirect::to(viewer.path(&format!("initiatives/{initiative}"))).with_notice(Notice::Archived))
    }
    .await;
    respond(outcome, form, |form| archive_page(&viewer, number, form)).await
}

#[derive(Deserialize)]
pub struct MoveTo {
    due_on: Option<String>,
}

/// `due_on` may come with the address: from the timeline.
pub async fn move_form(
    viewer: Viewer,
    Path((_, number)): Path<(String, i64)>,
    Query(query): Query<MoveTo>,
) -> Result<Page> {
    let day: Option<Day> = query.due_on.and_then(|day| day.parse().ok());
    match day {
        None => move_page(&viewer, number, Form::blank()).await,
        Some(day) => {
            let version = read::one(&viewer, number).await?.version;
            move_page(
                &viewer,
                number,
                Form::blank()
                    .with("version", version.to_string())
                    .with("due_on", day.to_string()),
            )
            .await
        }
    }
}

async fn move_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    let it = plannable(viewer, number).await?;
    let warning = edit_warning(viewer, Kind::Milestone, it.id.uuid()).await?;
    let linked = read::links(viewer, it.id).await?;
    let now = Form::blank()
        .with("version", it.version.to_string())
        .with("due_on", it.due_on.to_string());
    let form = form.over(now, &[("due_on", "New date")]);
    let (cancel, today) = (viewer.path(&it.path()), viewer.today());
    Ok(Page::new(viewer, ROOM, format!("Move {}", it.title), move |_| {
        view! {
            <Crumb href=cancel.clone() text=it.title.clone() />
            <h1>"Move the date"</h1>
            <p>
                {format!(
                    "First promised for {}, now due {}. The first date stays on record; this adds a change \
                        with your reason.",
                    it.promised_on.format(today),
                    it.due_on.format(today),
                )}
            </p>
            {waits::whom_it_hits(&linked, true, today)}
            <Warning text=warning />
            <PostForm form=form>
                <Hidden name="version" />
                <DateField name="due_on" label="New date" />
                <TextArea
                    name="reason"
                    label="Reason for the change"
                    help="One sentence that both sides understand."
                    rows=2
                    max_length=500
                />
                <Actions verb="Move the milestone" cancel=cancel />
            </PostForm>
        }
    }))
}

pub async fn move_post(
    viewer: Viewer,
    Path((_, number)): Path<(String, i64)>,
    mut form: Form,
) -> FormResponse {
    let outcome = async {
        let (Some(to), Some(reason)) = (form.day("due_on"), form.paragraphs("reason", 500)) else {
            return Err(form.refusal());
        };
        write::slip(&viewer, number, form.version(), to, &reason).await?;
        Ok(Redirect::to(viewer.path(&format!("milestones/{number}"))).with_notice(Notice::Moved))
    }
    .await;
    respond(outcome, form, |form| move_page(&viewer, number, form)).await
}
