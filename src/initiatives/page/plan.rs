//! Proposing an initiative and changing it.

use axum::{
    extract::{Path, Query},
    response::IntoResponse as _,
};
use leptos::prelude::*;
use serde::Deserialize;

use super::ROOM;
use crate::{
    definition,
    handshake::{Kind, read::edit_warning},
    identity::{Action, FormResponse, Page, Redirect, Side, Viewer, respond},
    initiatives::{
        CheckInCadence,
        read::{self, Initiative},
        templates::{self, TEMPLATES},
        write::{self, InitiativeInput},
    },
    kpis, members,
    platform::{
        error::{Error, Result},
        form::Form,
        ids::{InitiativeId, MemberId},
    },
    ui::{
        Actions, CheckGroup, Crumb, DateField, DefaultButton, Fields, Hidden, Notice, PostForm, Section,
        Select, TextArea, TextField, Warning,
    },
};

const LABELS: [(&str, &str); 4] = [
    ("title", "Title"),
    ("purpose", "Purpose"),
    ("starts_on", "Start"),
    ("due_on", "End"),
];

const LONGEST_RESPONSIBILITY: usize = 160;

struct Choices {
    marketing: Vec<(String, String)>,
    technology: Vec<(String, String)>,
    members: Vec<members::read::Member>,
    clauses: Vec<(String, String)>,
    kpis: Vec<(String, String)>,
}

async fn choices(viewer: &Viewer) -> Result<Choices> {
    let people = members::read::workers(viewer).await?;
    Ok(Choices {
        marketing: members::read::options(&people, Some(Side::Marketing)),
        technology: members::read::options(&people, Some(Side::Technology)),
        clauses: definition::read::clause_options(viewer).await?,
        kpis: kpis::read::options(viewer).await?,
        members: people,
    })
}

fn driver_options() -> Vec<(String, String)> {
    Side::BOTH
        .iter()
        .map(|side| {
            (
                side.as_str().to_owned(),
                format!("The co-lead from {}", side.name()),
            )
        })
        .collect()
}

fn cadences() -> Vec<(String, String)> {
    CheckInCadence::ALL
        .iter()
        .map(|cadence| (cadence.as_str().to_owned(), cadence.name().to_owned()))
        .collect()
}

/// The field of what a member answers for.
fn responsibility_of(member: MemberId) -> String {
    format!("responsibility-{member}")
}

/// Who is in the team, and what each answers for.
#[component]
fn TeamFields(people: Vec<members::read::Member>) -> impl IntoView {
    let form = use_context::<Form>().unwrap_or_default();
    let problem = form.problem_of("members").map(str::to_owned);
    let rows = people
        .into_iter()
        .enumerate()
        .map(|(index, person)| {
            let id = if index == 0 {
                "members".to_owned()
            } else {
                format!("members-{index}")
            };
            let (value, field) = (person.id.to_string(), responsibility_of(person.id));
            let checked = form.has("members", &value);
            let detail = form.raw(&field).to_owned();
            let wrong = form.problem_of(&field).map(str::to_owned);
            let name = person.side.map_or_else(
                || person.name.clone(),
                |side| format!("{} · {}", person.name, side.name()),
            );
            let label = format!("What {} answers for", person.name);
            view! {
                <div class="choice team-choice">
                    <input type="checkbox" id=id.clone() name="members" value=value checked=checked />
                    <label for=id>{name}</label>
                    <input
                        type="text"
                        id=field.clone()
                        name=field
                        value=detail
                        maxlength=LONGEST_RESPONSIBILITY
                        aria-label=label
                        placeholder="Answers for"
                        aria-invalid=wrong.is_some().then_some("true")
                    />
                    {wrong.map(|wrong| view! { <p class="problem">{wrong}</p> })}
                </div>
            }
        })
        .collect_view();
    let class = if problem.is_some() {
        "field is-wrong"
    } else {
        "field"
    };
    view! {
        <fieldset class=class>
            <legend>"Members"</legend>
            <p class="help">
                "At least one person from each side before it can start. Write beside each what they answer \
                    for."
            </p>
            {rows}
            {problem.map(|problem| view! { <p class="problem">{problem}</p> })}
        </fieldset>
    }
}

fn plan_form(
    form: Form,
    choices: Choices,
    verb: &'static str,
    cancel: String,
    templates: Option<AnyView>,
) -> impl IntoView {
    view! {
        <PostForm form=form>
            <DefaultButton />
            <button type="submit" hidden=true tabindex="-1" aria-hidden="true"></button>
            {templates}
            <Hidden name="id" />
            <Hidden name="template" />
            <Hidden name="version" />
            <TextField name="title" label="Title" max_length=120 />
            <TextArea
                name="purpose"
                label="Purpose"
                help="What gets better for the customer, and how we will know."
                rows=3
                max_length=2000
            />
            <Fields>
                <DateField name="starts_on" label="Start" />
                <DateField name="due_on" label="End" />
            </Fields>
            <Fields>
                <Select
                    name="marketing_lead"
                    label="Co-lead from Marketing"
                    options=choices.marketing
                    none="Choose"
                />
                <Select
                    name="technology_lead"
                    label="Co-lead from Technology"
                    options=choices.technology
                    none="Choose"
                />
            </Fields>
            <Fields>
                <Select
                    name="driver_side"
                    label="Lead"
                    options=driver_options()
                    help="One co-lead drives the work and checks in. The other confirms having read it."
                />
                <Select name="cadence" label="Check-in" options=cadences() />
            </Fields>
            <TeamFields people=choices.members />
            <CheckGroup name="clauses" label="Clauses it serves" options=choices.clauses />
            <CheckGroup name="kpis" label="KPIs it moves" options=choices.kpis />
            <Actions verb=verb cancel=cancel />
        </PostForm>
    }
}

fn team(form: &mut Form) -> Option<Vec<(MemberId, String)>> {
    let members: Vec<MemberId> = form.choices("members")?;
    members
        .into_iter()
        .map(|member| {
            Some((
                member,
                form.optional_line(&responsibility_of(member), LONGEST_RESPONSIBILITY)?,
            ))
        })
        .collect()
}

fn plan(form: &mut Form) -> Result<InitiativeInput> {
    let fields = (
        form.line("title", 120),
        form.paragraphs("purpose", 2000),
        form.day("starts_on"),
        form.day("due_on"),
        form.choice("marketing_lead"),
        form.choice("technology_lead"),
        form.choice("driver_side"),
        form.choice("cadence"),
        team(form),
        form.choices("clauses"),
        form.choices("kpis"),
    );
    let (
        Some(title),
        Some(purpose),
        Some(starts_on),
        Some(due_on),
        Some(marketing_lead),
        Some(technology_lead),
        Some(driver_side),
        Some(cadence),
        Some(members),
        Some(clauses),
        Some(kpis),
    ) = fields
    else {
        return Err(form.refusal());
    };
    Ok(InitiativeInput {
        title,
        purpose,
        starts_on,
        due_on,
        marketing_lead,
        technology_lead,
        driver_side,
        cadence,
        members,
        clauses,
        kpis,
    })
}

#[derive(Deserialize)]
pub struct PlanQuery {
    template: Option<String>,
}

pub async fn new(viewer: Viewer, Query(from): Query<PlanQuery>) -> Result<Page> {
    let id: InitiativeId = viewer.fresh_id();
    let template = from.template.as_deref().and_then(templates::find);
    let form = Form::blank()
        .with("id", id.to_string())
        .with("starts_on", viewer.today().to_string())
        .with("cadence", CheckInCadence::Fortnightly.as_str())
        .with("template", template.map_or("", |template| template.name))
        .with("title", template.map_or("", |template| template.title))
        .with("purpose", template.map_or("", |template| template.purpose));
    new_page(&viewer, form).await
}

async fn new_page(viewer: &Viewer, form: Form) -> Result<Page> {
    if !viewer.may(Action::StartInitiative) {
        return Err(Error::Forbidden);
    }
    let choices = choices(viewer).await?;
    let cancel = viewer.path("initiatives");
    Ok(Page::new(viewer, ROOM, "Propose an initiative", move |_| {
        let chosen = templates::find(form.raw("template"));
        let links = TEMPLATES
            .iter()
            .map(|template| {
                let is_chosen = chosen
                    .is_some_and(|chosen| chosen.name == template.name)
                    .then_some("true");
                view! {
                    <li>
                        <button
                            type="submit"
                            class="button is-small"
                            name="choose"
                            value=template.name
                            formnovalidate=true
                            aria-pressed=is_chosen
                        >
                            {template.title}
                        </button>
                    </li>
                }
            })
            .collect_view();
        let brings = chosen.map(|template| {
            let named = |titles: Vec<&str>| titles.join(", ");
            let detail = format!(
                "The template adds the milestones {}; the decisions {}; the KPIs {}. The leading co-lead \
                    owns all of these at first. You can change everything afterwards.",
                named(
                    template
                        .milestones
                        .iter()
                        .map(|milestone| milestone.title)
                        .collect()
                ),
                named(
                    template
                        .questions
                        .iter()
                        .map(|question| question.question)
                        .collect()
                ),
                named(template.kpis.iter().map(|kpi| kpi.title).collect())
            );
            view! { <p class="prose">{detail}</p> }
        });
        let templates = view! {
            <Section title="Start from a template">
                <ul class="choices-in-a-row">{links}</ul>
                {brings}
            </Section>
        }
        .into_any();
        view! {
            <Crumb href=cancel.clone() text="Initiatives" />
            <h1>"Propose an initiative"</h1>
            {plan_form(form, choices, "Propose the initiative", cancel, Some(templates))}
        }
    }))
}

/// Takes a template's title and purpose, and leaves what was typed.
fn choose_template(mut form: Form) -> Form {
    let before = templates::find(form.raw("template"));
    let Some(chosen) = templates::find(form.raw("choose")) else {
        return form;
    };
    let is_own = |typed: &str, of_template: Option<&str>| !typed.is_empty() && Some(typed) != of_template;
    if !is_own(form.raw("title"), before.map(|template| template.title)) {
        form.set("title", chosen.title);
    }
    if !is_own(form.raw("purpose"), before.map(|template| template.purpose)) {
        form.set("purpose", chosen.purpose);
    }
    form.set("template", chosen.name);
    form
}

pub async fn create(viewer: Viewer, mut form: Form) -> FormResponse {
    if !form.raw("choose").is_empty() {
        return Ok(new_page(&viewer, choose_template(form)).await?.into_response());
    }
    let outcome = async {
        let plan = plan(&mut form)?;
        let id = form.choice("id").ok_or_else(|| form.refusal())?;
        let number = write::start(&viewer, id, plan, templates::find(form.raw("template"))).await?;
        Ok(Redirect::to(viewer.path(&format!("initiatives/{number}"))).with_notice(Notice::Added))
    }
    .await;
    respond(outcome, form, |form| new_page(&viewer, form)).await
}

pub async fn edit(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    edit_page(&viewer, number, Form::blank()).await
}

async fn edit_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    let it = read::one(viewer, number).await?;
    let warning = edit_warning(viewer, Kind::Charter, it.id.uuid()).await?;
    if !viewer.may(Action::ManageInitiative { leads: it.leads() }) {
        return Err(Error::Forbidden);
    }
    let now = current_form(viewer, &it).await?;
    let form = form.over(now, &LABELS);
    let choices = choices(viewer).await?;
    let cancel = viewer.path(&it.path());
    Ok(Page::new(
        viewer,
        ROOM,
        format!("Change {}", it.title),
        move |_| {
            view! {
                <Crumb href=cancel.clone() text=it.title.clone() />
                <h1>"Change the initiative"</h1>
                <Warning text=warning />
                {plan_form(form, choices, "Save the initiative", cancel, None)}
            }
        },
    ))
}

async fn current_form(viewer: &Viewer, it: &Initiative) -> Result<Form> {
    let team = read::team(viewer, it.id).await?;
    let mut form = Form::blank();
    for mate in &team {
        form = form
            .with("members", mate.id.to_string())
            .with(&responsibility_of(mate.id), mate.responsibility.clone());
    }
    Ok(form
        .with("driver_side", it.driver_side.as_str())
        .with("cadence", it.cadence.as_str())
        .with("version", it.version.to_string())
        .with("title", it.title.clone())
        .with("purpose", it.purpose.clone())
        .with("starts_on", it.starts_on.to_string())
        .with("due_on", it.due_on.to_string())
        .with("marketing_lead", it.marketing_lead.to_string())
        .with("technology_lead", it.technology_lead.to_string())
        .with_each(
            "clauses",
            read::clauses(viewer, it.id)
                .await?
                .into_iter()
                .map(|clause| clause.id.to_string()),
        )
        .with_each(
            "kpis",
            read::kpi_ids(viewer, it.id)
                .await?
                .into_iter()
                .map(|id| id.to_string()),
        ))
}

pub async fn update(viewer: Viewer, Path((_, number)): Path<(String, i64)>, mut form: Form) -> FormResponse {
    let outcome = async {
        let plan = plan(&mut form)?;
        write::edit(&viewer, number, form.version(), plan).await?;
        Ok(Redirect::to(viewer.path(&format!("initiatives/{number}"))).with_notice(Notice::Saved))
    }
    .await;
    respond(outcome, form, |form| edit_page(&viewer, number, form)).await
}
