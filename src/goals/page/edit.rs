//! A goal is set, changed and given up.

use axum::extract::Path;
use leptos::prelude::*;

use super::{LABELS, ROOM, ROWS};

use crate::{
    goals::{
        Span,
        read::{self, Goal},
        write::{self, GoalInput, MeasureInput},
    },
    identity::{Action, FormResponse, Page, Redirect, Side, Viewer, respond},
    initiatives, kpis, members,
    platform::{
        error::{Error, Result},
        form::Form,
        ids::{GoalId, KpiId},
        notation::unmistakable,
        quantity::Quantity,
    },
    ui::{
        Actions, CheckGroup, Crumb, DateField, Fields, Hidden, Notice, PostForm, Reason, Section, Select,
        SureTick, TextArea, TextField,
    },
};

struct Choices {
    owners: Vec<(String, String)>,
    kpis: Vec<(String, String)>,
    initiatives: Vec<(String, String)>,
}

/// `of` is the goal that is being changed: initiatives that ended and KPIs that are not measured any more
/// stay in the choice.
async fn choices(viewer: &Viewer, of: Option<&Goal>) -> Result<Choices> {
    let (mut serving, mut kpis) = (
        initiatives::read::options(viewer).await?,
        kpis::read::options(viewer).await?,
    );
    if let Some(goal) = of {
        for measure in goal.measures.iter().filter(|measure| !measure.is_measured) {
            kpis.push((measure.kpi_id.to_string(), measure.title.clone()));
        }
        for row in initiatives::read::serving(viewer, goal.id).await? {
            if !serving.iter().any(|(id, _)| *id == row.id.to_string()) {
                serving.push((row.id.to_string(), row.title));
            }
        }
    }
    Ok(Choices {
        owners: members::read::options(&members::read::workers(viewer).await?, Some(Side::Marketing)),
        kpis,
        initiatives: serving,
    })
}

/// A KPI, its baseline and its target, `rows` times.
#[component]
fn MeasureFields(kpis: Vec<(String, String)>, rows: usize) -> impl IntoView {
    ROWS.into_iter()
        .take(rows)
        .enumerate()
        .map(|(index, [kpi, baseline, target])| {
            let (kpis, optional) = (kpis.clone(), index > 0);
            view! {
                <Fields>
                    <Select
                        name=kpi
                        label=format!("KPI {}", index + 1)
                        options=kpis
                        none=if optional { "None" } else { "Choose" }
                        optional=optional
                    />
                    <TextField
                        name=baseline
                        label=format!("Baseline {}", index + 1)
                        inputmode="decimal"
                        max_length=20
                        optional=optional
                    />
                    <TextField
                        name=target
                        label=format!("Target {}", index + 1)
                        inputmode="decimal"
                        max_length=20
                        optional=optional
                    />
                </Fields>
            }
        })
        .collect_view()
}

fn plan_form(
    form: Form,
    choices: Choices,
    changes: bool,
    verb: &'static str,
    cancel: String,
) -> impl IntoView {
    // One row more than is filled.
    let filled = ROWS
        .iter()
        .rposition(|[kpi, ..]| !form.raw(kpi).is_empty())
        .map_or(2, |last| last + 2)
        .min(ROWS.len());
    view! {
        <PostForm form=form>
            <Hidden name="id" />
            <Hidden name="version" />
            <TextField
                name="title"
                label="Goal"
                help="What you will have reached, in one line."
                max_length=120
            />
            <TextArea
                name="why"
                label="Why"
                help="What reaching this changes for the customer and for the company."
                rows=3
                max_length=2000
            />
            <Select
                name="owner"
                label="Owner"
                help="The person in Marketing who answers for this goal."
                options=choices.owners
                none="Choose"
            />
            <Fields>
                <DateField name="starts_on" label="From" />
                <DateField name="due_on" label="Reached by" />
            </Fields>
            <fieldset class="measures">
                <legend>"Measured by"</legend>
                <p class="help">
                    "In each KPI’s own unit and direction. At least one is needed. Save to get more rows."
                </p>
                <MeasureFields kpis=choices.kpis rows=filled />
            </fieldset>
            <CheckGroup name="initiatives" label="Initiatives that serve it" options=choices.initiatives />
            {changes
                .then(|| {
                    view! {
                        <TextArea
                            name="because"
                            label="Reason for the change"
                            help="Needed when numbers or dates change."
                            rows=2
                            max_length=500
                            optional=true
                        />
                    }
                })}
            <SureTick />
            <Actions verb=verb cancel=cancel />
        </PostForm>
    }
}

fn plan(form: &mut Form) -> Result<GoalInput> {
    let texts = (
        form.line("title", 120),
        form.paragraphs("why", 2000),
        form.choice("owner"),
        form.day("starts_on"),
        form.day("due_on"),
        form.choices("initiatives"),
    );
    let mut measures = Vec::new();
    for (index, [kpi, baseline, target]) in ROWS.into_iter().enumerate() {
        if form.raw(kpi).is_empty()
            && form.raw(baseline).trim().is_empty()
            && form.raw(target).trim().is_empty()
        {
            continue;
        }
        let row: (Option<KpiId>, Option<Quantity>, Option<Quantity>) =
            (form.choice(kpi), form.quantity(baseline), form.quantity(target));
        if let (Some(kpi), Some(baseline), Some(target)) = row {
            measures.push(MeasureInput {
                row: index + 1,
                kpi,
                span: Span { baseline, target },
            });
        }
    }
    match texts {
        (Some(title), Some(why), Some(owner), Some(starts_on), Some(due_on), Some(initiatives))
            if form.problems().is_empty() =>
        {
            Ok(GoalInput {
                doubt: kpis::Doubt::of(form.is_ticked("is_sure")),
                title,
                why,
                owner,
                starts_on,
                due_on,
                measures,
                initiatives,
            })
        }
        _ => Err(form.refusal()),
    }
}

pub async fn new(viewer: Viewer) -> Result<Page> {
    let id: GoalId = viewer.fresh_id();
    let today = viewer.today();
    let form = Form::blank()
        .with("id", id.to_string())
        .with("starts_on", today.to_string())
        .with("due_on", today.plus_months(12).to_string())
        .with(
            "owner",
            if viewer.side() == Some(Side::Marketing) {
                viewer.member_id().to_string()
            } else {
                String::new()
            },
        );
    new_page(&viewer, form).await
}

async fn new_page(viewer: &Viewer, form: Form) -> Result<Page> {
    if !viewer.may(Action::ManageGoal) {
        return Err(Error::Forbidden);
    }
    let choices = choices(viewer, None).await?;
    let cancel = viewer.path("goals");
    Ok(Page::new(viewer, ROOM, "New goal", move |_| {
        view! {
            <Crumb href=cancel.clone() text="Goals" />
            <h1>"New goal"</h1>
            {plan_form(form, choices, false, "Create the goal", cancel)}
        }
    }))
}

pub async fn create(viewer: Viewer, mut form: Form) -> FormResponse {
    let outcome = async {
        let plan = plan(&mut form)?;
        let id = form.choice("id").ok_or_else(|| form.refusal())?;
        let number = write::set(&viewer, id, plan).await?;
        Ok(Redirect::to(viewer.path(&format!("goals/{number}"))).with_notice(Notice::Added))
    }
    .await;
    respond(outcome, form, |form| new_page(&viewer, form)).await
}

/// A goal that may be changed by the viewer.
async fn goal_to_manage(viewer: &Viewer, number: i64) -> Result<Goal> {
    let it = read::one(viewer, number).await?;
    if !viewer.may(Action::ManageGoal) {
        return Err(Error::Forbidden);
    }
    if it.archived.is_some() {
        Err(Error::NotFound)
    } else {
        Ok(it)
    }
}

pub async fn edit(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    edit_page(&viewer, number, Form::blank()).await
}

async fn edit_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    let it = goal_to_manage(viewer, number).await?;
    let mut now = Form::blank()
        .with("version", it.version.to_string())
        .with("title", it.title.clone())
        .with("why", it.why.clone())
        .with("owner", it.owner_id.to_string())
        .with("starts_on", it.starts_on.to_string())
        .with("due_on", it.due_on.to_string())
        .with_each(
            "initiatives",
            read::initiative_ids(viewer, it.id)
                .await?
                .into_iter()
                .map(|id| id.to_string()),
        );
    for (index, row) in ROWS.into_iter().enumerate() {
        let values = it.measures.get(index).map_or_else(Default::default, |measure| {
            [
                measure.kpi_id.to_string(),
                unmistakable(measure.span.baseline),
                unmistakable(measure.span.target),
            ]
        });
        now = row
            .into_iter()
            .zip(values)
            .fold(now, |now, (field, value)| now.with(field, value));
    }
    let form = form.over(now, &LABELS);
    let choices = choices(viewer, Some(&it)).await?;
    let cancel = viewer.path(&it.path());
    let archive = format!("{cancel}/archive");
    Ok(Page::new(
        viewer,
        ROOM,
        format!("Change {}", it.title),
        move |_| {
            view! {
                <Crumb href=cancel.clone() text=it.title.clone() />
                <h1>"Change the goal"</h1>
                {plan_form(form, choices, true, "Save the goal", cancel)}
                <Section title="Cancel it">
                    <p>"The history keeps the goal. Access opened for it ends on its own last day."</p>
                    <p>
                        <a class="button" href=archive>
                            "Archive the goal"
                        </a>
                    </p>
                </Section>
            }
        },
    ))
}

pub async fn update(viewer: Viewer, Path((_, number)): Path<(String, i64)>, mut form: Form) -> FormResponse {
    let outcome = async {
        let (plan, because) = (plan(&mut form), form.optional_paragraphs("because", 500));
        let Some(because) = because else {
            return Err(form.refusal());
        };
        write::edit(&viewer, number, form.version(), plan?, &because).await?;
        Ok(Redirect::to(viewer.path(&format!("goals/{number}"))).with_notice(Notice::Saved))
    }
    .await;
    respond(outcome, form, |form| edit_page(&viewer, number, form)).await
}

pub async fn archive_form(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    archive_page(&viewer, number, Form::blank()).await
}

async fn archive_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    let it = goal_to_manage(viewer, number).await?;
    let form = form.over(Form::blank().with("version", it.version.to_string()), &[]);
    let cancel = viewer.path(&it.path());
    Ok(Page::new(
        viewer,
        ROOM,
        format!("Archive {}", it.title),
        move |_| {
            view! {
                <Crumb href=cancel.clone() text=it.title.clone() />
                <h1>"Archive the goal"</h1>
                <p>
                    "Requests for access end with this goal. What the other side asked for and both \
                    approved has to be ended by that side first. Both sides then review the access that is open."
                </p>
                <PostForm form=form>
                    <Hidden name="version" />
                    <Reason />
                    <Actions verb="Archive the goal" cancel=cancel danger=true />
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
        write::archive(&viewer, number, form.version(), &because).await?;
        Ok(Redirect::to(viewer.path("goals")).with_notice(Notice::Archived))
    }
    .await;
    respond(outcome, form, |form| archive_page(&viewer, number, form)).await
}
