//! The pages of initiatives.

use axum::extract::{Path, Query};
use leptos::prelude::*;
use serde::Deserialize;

use super::{
    Phase,
    read::{self, Initiative, Row},
    write::{self, Plan},
};
use crate::{
    decisions, definition,
    ground::{
        error::{Error, Result},
        form::Form,
        ids::InitiativeId,
    },
    handshake::{Health, Side},
    kpis, milestones,
    people::{Deed, Page, See, Settled, Viewer, members, settle},
    ui::{
        Actions, Avatar, Avatars, CheckGroup, Crumb, DateField, Empty, Fields, Hidden, Notice, Pill, PostForm, Progress, RadioGroup, Section, Select, TextArea,
        TextField,
    },
};

const ROOM: &str = "initiatives";
const PER_PAGE: i64 = 50;
const LABELS: [(&str, &str); 4] = [("title", "Title"), ("purpose", "Purpose"), ("starts_on", "Start"), ("due_on", "End")];

#[derive(Deserialize)]
pub struct Skip {
    skip: Option<i64>,
}

pub async fn list(viewer: Viewer, Query(query): Query<Skip>) -> Result<Page> {
    let skip = query.skip.unwrap_or(0).clamp(0, 100_000);
    let rows = read::list(&viewer, PER_PAGE, skip).await?;
    let counts = read::counts(&viewer).await?;
    let asked = viewer.clone();
    Ok(Page::new(&viewer, ROOM, "Initiatives", move || {
        let may_start = asked.may(Deed::StartInitiative);
        let new = asked.path("initiatives/new");
        let more = (skip + PER_PAGE < counts.total).then(|| asked.path(&format!("initiatives?skip={}", skip + PER_PAGE)));
        view! {
            <header class="page-head">
                <div><h1>"Initiatives"</h1><p class="lead">"Cross-team work, with a co-lead from each side."</p></div>
                {may_start.then(|| view! { <a class="button is-primary" href=new.clone()>"Propose an initiative"</a> })}
            </header>
            {if rows.is_empty() {
                let purpose = "An initiative is work of both sides that serves the definition. It has a co-lead from Marketing and one from Technology.";
                if may_start { view! { <Empty purpose=purpose next=(new, "Propose the first one")/> }.into_any() } else { view! { <Empty purpose=purpose/> }.into_any() }
            } else {
                view! {
                    <Section title="All initiatives" aside=format!("{} · {} active, {} paused", counts.total, counts.active, counts.paused)><Rows rows=rows viewer=asked.clone()/></Section>
                }.into_any()
            }}
            {more.map(|href| view! { <p><a class="button" href=href>"More"</a></p> })}
        }
    }))
}

/// The table of initiatives: the same on the overview.
#[component]
pub fn Rows(rows: Vec<Row>, viewer: Viewer) -> impl IntoView {
    let today = viewer.today();
    let rows = rows
        .into_iter()
        .map(|row| {
            let status = row.status(&viewer);
            let slips = match row.slips {
                0 => None,
                1 => Some("1 slip in its milestones".to_owned()),
                count => Some(format!("{count} slips in its milestones")),
            };
            view! {
                <tr>
                    <th scope="row"><a href=viewer.path(&format!("initiatives/{}", row.number))>{row.title}</a></th>
                    <td data-label="Status"><Pill tone=status.tone() words=status.words()/></td>
                    <td data-label="Checkpoints"><Progress done=row.passed of=row.checkpoints/></td>
                    <td data-label="Next step">{row.next_step.unwrap_or_else(|| "Not reported".to_owned())}</td>
                    <td data-label="Due">{row.due_on.said(today)}{slips.map(|slips| view! { <small class="slip">{slips}</small> })}</td>
                    <td data-label="Leads"><Avatars marketing=row.marketing_lead technology=row.technology_lead/></td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="table is-stacked">
            <thead><tr>
                <th scope="col">"Initiative"</th><th scope="col">"Status"</th><th scope="col">"Checkpoints"</th>
                <th scope="col">"Next step"</th><th scope="col">"Due"</th><th scope="col">"Leads"</th>
            </tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

pub async fn show(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    let it = read::one(&viewer, number).await?;
    let team = read::team(&viewer, it.id).await?;
    let clauses = read::clauses(&viewer, it.id).await?;
    let turns = read::turns(&viewer, it.id, 20).await?;
    let milestones = milestones::read::of_initiative(&viewer, it.id).await?;
    let decisions = decisions::read::of_initiative(&viewer, it.id).await?;
    let kpis = kpis::read::of_initiative(&viewer, it.id).await?;
    let asked = viewer.clone();
    Ok(Page::new(&viewer, ROOM, it.title.clone(), move || {
        let status = it.status(&asked);
        let today = asked.today();
        let place = asked.path(&it.place());
        let steer = asked.may(Deed::SteerInitiative { leads: it.leads() });
        let team_ids: Vec<_> = team.iter().map(|member| member.id).chain(it.leads()).collect();
        let plan = asked.may(Deed::PlanWork { team: &team_ids }) && !it.phase.is_over();
        let report = asked.may(Deed::ReportInitiative { leads: it.leads() }) && it.phase == Phase::Active;
        let said = it.reported_at.map(|at| format!("reported {}", asked.day_of(at).said(today)));
        let clause_links = clauses
            .iter()
            .map(|clause| view! { <li><a href=asked.path(&format!("definition#clause-{}", clause.id))>{clause.title.clone()}</a></li> })
            .collect_view();
        let no_clause = clauses.is_empty();
        let mates = team
            .iter()
            .map(|mate| view! { <li class="person"><Avatar name=mate.name.clone() side=mate.side.as_str()/><span>{mate.name.clone()}</span></li> })
            .collect_view();
        let no_mates = team.is_empty();
        let moves = (steer && !it.phase.is_over()).then(|| {
            it.phase
                .next()
                .iter()
                .map(|phase| {
                    let verb = if it.phase == Phase::Paused && *phase == Phase::Active { "Resume" } else { phase.verb() };
                    view! { <a class="button" href=format!("{place}/phase?to={}", phase.as_str())>{verb}"…"</a> }
                })
                .collect_view()
        });
        let history = turns
            .into_iter()
            .map(|turn| {
                let what = match (turn.phase, turn.health) {
                    (Some(phase), _) => view! { <Pill tone=super::Status::Waiting(phase).tone() words=phase.name()/> }.into_any(),
                    (_, Some(health)) => view! { <Pill tone=health.tone() words=health.name()/> }.into_any(),
                    _ => ().into_any(),
                };
                let next = turn.next_step.filter(|next| !next.is_empty()).map(|next| format!(" Next: {next}"));
                view! {
                    <li class="row">{what}<span class="row-main"><span>{turn.note}{next}</span><span class="faint">{format!("{}, {}", turn.who, asked.day_of(turn.at).said(today))}</span></span></li>
                }
            })
            .collect_view();
        let new_milestone = plan.then(|| format!("{place}/milestones/new"));
        let new_decision = asked.may(Deed::AskDecision).then(|| asked.path(&format!("decisions/new?initiative={}", it.id)));
        let (for_milestones, for_decisions, for_kpis) = (asked.clone(), asked.clone(), asked.clone());
        view! {
            <Crumb href=asked.path("initiatives") text="Initiatives"/>
            <header class="page-head">
                <div>
                    <h1>{it.title.clone()}</h1>
                    <p class="standing"><Pill tone=status.tone() words=status.words()/><span class="faint">{said}" · "{it.starts_on.said(today)}" to "{it.due_on.said(today)}</span></p>
                </div>
                <div class="page-actions">
                    {steer.then(|| view! { <a class="button" href=format!("{place}/edit")>"Change"</a> })}
                    {moves}
                    {report.then(|| view! { <a class="button is-primary" href=format!("{place}/report")>"Report"</a> })}
                </div>
            </header>
            <p class="prose lead">{it.purpose.clone()}</p>
            <div class="facts">
                <div><h2>"Co-leads"</h2><ul class="plain">
                    <li class="person"><Avatar name=it.marketing_name.clone() side="marketing"/><span>{it.marketing_name.clone()}</span></li>
                    <li class="person"><Avatar name=it.technology_name.clone() side="technology"/><span>{it.technology_name.clone()}</span></li>
                </ul></div>
                <div><h2>"Members"</h2>{if no_mates { view! { <p class="faint">"Nobody yet. It starts with at least one from each side."</p> }.into_any() } else { view! { <ul class="plain">{mates}</ul> }.into_any() }}</div>
                <div><h2>"Serves"</h2>{if no_clause { view! { <p class="faint">"No clause of the definition"</p> }.into_any() } else { view! { <ul class="plain">{clause_links}</ul> }.into_any() }}</div>
            </div>
            <Section title="Milestones" aside=format!("{}", milestones.len())>
                {if milestones.is_empty() { view! { <p class="faint">"None yet."</p> }.into_any() } else { view! { <milestones::page::Rows rows=milestones viewer=for_milestones named=false/> }.into_any() }}
                {new_milestone.map(|href| view! { <p><a class="button" href=href>"Add a milestone"</a></p> })}
            </Section>
            <Section title="Decisions" aside=format!("{}", decisions.len())>
                {if decisions.is_empty() { view! { <p class="faint">"None yet."</p> }.into_any() } else { view! { <decisions::page::Rows rows=decisions viewer=for_decisions/> }.into_any() }}
                {new_decision.map(|href| view! { <p><a class="button" href=href>"Ask for a decision"</a></p> })}
            </Section>
            <Section title="KPIs" aside=format!("{}", kpis.len())>
                {if kpis.is_empty() { view! { <p class="faint">"None yet. “Change” links KPIs to this initiative."</p> }.into_any() } else { view! { <kpis::page::Cards cards=kpis viewer=for_kpis/> }.into_any() }}
            </Section>
            <Section title="Status history"><ul class="rows">{history}</ul></Section>
        }
    }))
}

struct Choices {
    marketing: Vec<(String, String)>,
    technology: Vec<(String, String)>,
    members: Vec<(String, String)>,
    clauses: Vec<(String, String)>,
    kpis: Vec<(String, String)>,
}

async fn choices(viewer: &Viewer) -> Result<Choices> {
    let people = members::workers(viewer).await?;
    Ok(Choices {
        marketing: members::options(&people, Some(Side::Marketing)),
        technology: members::options(&people, Some(Side::Technology)),
        members: members::options(&people, None),
        clauses: definition::read::clause_options(viewer).await?,
        kpis: kpis::read::options(viewer).await?,
    })
}

fn plan_form(form: Form, choices: Choices, verb: &'static str, cancel: String) -> impl IntoView {
    view! {
        <PostForm form=form>
            <Hidden name="id"/>
            <Hidden name="version"/>
            <TextField name="title" label="Title" longest=120/>
            <TextArea name="purpose" label="Purpose" help="What will be better for the customer, and how one will know." rows=3 longest=2000/>
            <Fields>
                <DateField name="starts_on" label="Start"/>
                <DateField name="due_on" label="End"/>
            </Fields>
            <Fields>
                <Select name="marketing_lead" label="Co-lead from Marketing" options=choices.marketing none="Choose"/>
                <Select name="technology_lead" label="Co-lead from Technology" options=choices.technology none="Choose"/>
            </Fields>
            <CheckGroup name="members" label="Members" options=choices.members help="At least one from each side before it can start."/>
            <CheckGroup name="clauses" label="Clauses it serves" options=choices.clauses/>
            <CheckGroup name="kpis" label="KPIs it moves" options=choices.kpis/>
            <Actions verb=verb cancel=cancel/>
        </PostForm>
    }
}

fn plan(form: &mut Form) -> Result<Plan> {
    let fields = (
        form.line("title", 120),
        form.paragraphs("purpose", 2000),
        form.day("starts_on"),
        form.day("due_on"),
        form.choice("marketing_lead"),
        form.choice("technology_lead"),
        form.choices("members"),
        form.choices("clauses"),
        form.choices("kpis"),
    );
    let (Some(title), Some(purpose), Some(starts_on), Some(due_on), Some(marketing_lead), Some(technology_lead), Some(members), Some(clauses), Some(kpis)) =
        fields
    else {
        return Err(form.refusal());
    };
    Ok(Plan { title, purpose, starts_on, due_on, marketing_lead, technology_lead, members, clauses, kpis })
}

pub async fn new(viewer: Viewer) -> Result<Page> {
    let id: InitiativeId = viewer.fresh_id();
    let form = Form::blank().with("id", id.to_string()).with("starts_on", viewer.today().to_string());
    new_page(&viewer, form).await
}

async fn new_page(viewer: &Viewer, form: Form) -> Result<Page> {
    if !viewer.may(Deed::StartInitiative) {
        return Err(Error::Forbidden);
    }
    let choices = choices(viewer).await?;
    let cancel = viewer.path("initiatives");
    Ok(Page::new(viewer, ROOM, "Propose an initiative", move || {
        view! { <Crumb href=cancel.clone() text="Initiatives"/><h1>"Propose an initiative"</h1>{plan_form(form, choices, "Propose the initiative", cancel)} }
    }))
}

pub async fn create(viewer: Viewer, mut form: Form) -> Settled {
    let outcome = async {
        let plan = plan(&mut form)?;
        let id = form.choice("id").ok_or_else(|| form.refusal())?;
        let number = write::start(&viewer, id, plan).await?;
        Ok(See::at(viewer.path(&format!("initiatives/{number}"))).done(Notice::Added))
    }
    .await;
    settle(outcome, form, |form| new_page(&viewer, form)).await
}

pub async fn edit(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    edit_page(&viewer, number, Form::blank()).await
}

async fn edit_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    let it = read::one(viewer, number).await?;
    if !viewer.may(Deed::SteerInitiative { leads: it.leads() }) {
        return Err(Error::Forbidden);
    }
    let now = current_form(viewer, &it).await?;
    let form = form.over(now, &LABELS);
    let choices = choices(viewer).await?;
    let cancel = viewer.path(&it.place());
    Ok(Page::new(viewer, ROOM, format!("Change {}", it.title), move || {
        view! { <Crumb href=cancel.clone() text=it.title.clone()/><h1>"Change the initiative"</h1>{plan_form(form, choices, "Save the initiative", cancel)} }
    }))
}

async fn current_form(viewer: &Viewer, it: &Initiative) -> Result<Form> {
    Ok(Form::blank()
        .with("version", it.version.to_string())
        .with("title", it.title.clone())
        .with("purpose", it.purpose.clone())
        .with("starts_on", it.starts_on.to_string())
        .with("due_on", it.due_on.to_string())
        .with("marketing_lead", it.marketing_lead.to_string())
        .with("technology_lead", it.technology_lead.to_string())
        .with_each("members", read::team(viewer, it.id).await?.into_iter().map(|member| member.id.to_string()))
        .with_each("clauses", read::clauses(viewer, it.id).await?.into_iter().map(|clause| clause.id.to_string()))
        .with_each("kpis", read::kpi_ids(viewer, it.id).await?.into_iter().map(|id| id.to_string())))
}

pub async fn update(viewer: Viewer, Path((_, number)): Path<(String, i64)>, mut form: Form) -> Settled {
    let outcome = async {
        let plan = plan(&mut form)?;
        write::edit(&viewer, number, form.version(), plan).await?;
        Ok(See::at(viewer.path(&format!("initiatives/{number}"))).done(Notice::Saved))
    }
    .await;
    settle(outcome, form, |form| edit_page(&viewer, number, form)).await
}

#[derive(Deserialize)]
pub struct To {
    to: Option<Phase>,
}

pub async fn phase_form(viewer: Viewer, Path((_, number)): Path<(String, i64)>, Query(query): Query<To>) -> Result<Page> {
    let form = query.to.map_or_else(Form::blank, |phase| Form::blank().with("phase", phase.as_str()));
    phase_page(&viewer, number, form).await
}

async fn phase_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    let it = read::one(viewer, number).await?;
    if !viewer.may(Deed::SteerInitiative { leads: it.leads() }) {
        return Err(Error::Forbidden);
    }
    let cancel = viewer.path(&it.place());
    Ok(Page::new(viewer, ROOM, format!("Move {}", it.title), move || {
        let options = it.phase.next().iter().map(|phase| (phase.as_str().to_owned(), phase.verb().to_owned(), String::new())).collect::<Vec<_>>();
        let over = options.is_empty();
        view! {
            <Crumb href=cancel.clone() text=it.title.clone()/>
            <h1>"What becomes of this initiative"</h1>
            <p>"It is "<strong>{it.phase.name().to_lowercase()}</strong>" now."</p>
            {(!over).then(|| view! {
                <PostForm form=form action=format!("{cancel}/phase")>
                    <RadioGroup name="phase" label="Next" options=options/>
                    <TextArea name="because" label="Why" help="Needed for everything but starting." rows=2 longest=1000 optional=true/>
                    <Actions verb="Do this" cancel=cancel/>
                </PostForm>
            })}
        }
    }))
}

pub async fn phase_post(viewer: Viewer, Path((_, number)): Path<(String, i64)>, mut form: Form) -> Settled {
    let outcome = async {
        let (Some(phase), Some(because)) = (form.choice("phase"), form.optional_paragraphs("because", 1000)) else { return Err(form.refusal()) };
        write::move_to(&viewer, number, phase, &because).await?;
        Ok(See::at(viewer.path(&format!("initiatives/{number}"))).done(Notice::Saved))
    }
    .await;
    settle(outcome, form, |form| phase_page(&viewer, number, form)).await
}

pub async fn report_form(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    report_page(&viewer, number, Form::blank()).await
}

async fn report_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    let it = read::one(viewer, number).await?;
    if !viewer.may(Deed::ReportInitiative { leads: it.leads() }) {
        return Err(Error::Forbidden);
    }
    let cancel = viewer.path(&it.place());
    Ok(Page::new(viewer, ROOM, format!("Report on {}", it.title), move || {
        let options = vec![
            (Health::OnTrack.as_str().to_owned(), "On track".to_owned(), "Nothing needed.".to_owned()),
            (Health::AtRisk.as_str().to_owned(), "At risk".to_owned(), "The leads should be aware.".to_owned()),
            (Health::OffTrack.as_str().to_owned(), "Off track".to_owned(), "The leads’ help is needed.".to_owned()),
        ];
        view! {
            <Crumb href=cancel.clone() text=it.title.clone()/>
            <h1>"How is it going?"</h1>
            <PostForm form=form>
                <RadioGroup name="status" label="Status" options=options/>
                <TextArea name="note" label="What is new" help="One or two sentences an executive understands." rows=3 longest=1000/>
                <TextField name="next_step" label="Next step" help="Such as: match rules agreed by 24 November." longest=160/>
                <Actions verb="Report" cancel=cancel/>
            </PostForm>
        }
    }))
}

pub async fn report(viewer: Viewer, Path((_, number)): Path<(String, i64)>, mut form: Form) -> Settled {
    let outcome = async {
        let fields = (form.choice("status"), form.paragraphs("note", 1000), form.line("next_step", 160));
        let (Some(status), Some(note), Some(next_step)) = fields else { return Err(form.refusal()) };
        write::report(&viewer, number, status, &note, &next_step).await?;
        Ok(See::back(&form, viewer.path(&format!("initiatives/{number}")), Notice::Reported))
    }
    .await;
    settle(outcome, form, |form| report_page(&viewer, number, form)).await
}
