//! The pages of goals.

mod ask_access;

mod tones;

pub use ask_access::{ask, ask_form};

use axum::extract::Path;

use leptos::prelude::*;

use super::{
    ACT_BELOW, Span, WATCH_BELOW,
    read::{self, Goal, GoalMeasure},
    write::{self, GoalInput, MeasureInput},
};

use crate::{
    access,
    identity::{Action, FormResponse, Page, Redirect, Side, Viewer, respond},
    initiatives,
    kpis::{self, difference, read::Kpi, trend_words, with_unit},
    members,
    platform::{
        error::{Error, Result},
        form::Form,
        ids::{GoalId, KpiId},
        quantity::Quantity,
        time::Day,
    },
    ui::{
        Actions, Avatar, CheckGroup, Crumb, DateField, Empty, Fields, Hidden, Notice, Pill, PostForm,
        Section, Select, Share, TextArea, TextField, Tone,
        chart::{Point, Sparkline},
    },
};

const ROOM: &str = "goals";

/// The rows of a goal's form, by the names of their fields.
const ROWS: [[&str; 3]; 5] = [
    ["kpi-1", "baseline-1", "target-1"],
    ["kpi-2", "baseline-2", "target-2"],
    ["kpi-3", "baseline-3", "target-3"],
    ["kpi-4", "baseline-4", "target-4"],
    ["kpi-5", "baseline-5", "target-5"],
];

/// The fields whose texts a conflict shows beside one another.
const LABELS: [(&str, &str); 14] = [
    ("title", "Goal"),
    ("why", "Why"),
    ("starts_on", "From"),
    ("due_on", "Reached by"),
    ("baseline-1", "Baseline 1"),
    ("target-1", "Target 1"),
    ("baseline-2", "Baseline 2"),
    ("target-2", "Target 2"),
    ("baseline-3", "Baseline 3"),
    ("target-3", "Target 3"),
    ("baseline-4", "Baseline 4"),
    ("target-4", "Target 4"),
    ("baseline-5", "Baseline 5"),
    ("target-5", "Target 5"),
];

/// `/goals`: the goals by date, then every request for access.
pub async fn list(viewer: Viewer) -> Result<Page> {
    Page::cache_for_reader(&viewer, ROOM, "goals", 0, async || list_page(&viewer).await).await
}

async fn list_page(viewer: &Viewer) -> Result<Page> {
    let goals = read::all(viewer, &kpis::read::summaries_of_goals(viewer).await?).await?;
    let requests = access::read::requests(viewer).await?;
    Ok(Page::new(viewer, ROOM, "Goals", move |viewer| {
        let may_set = viewer.may(Action::ManageGoal);
        let new = viewer.path("goals/new");
        let (count, count_requests) = (goals.len(), requests.len());
        let (goal_rows, access_rows) = (rows(&viewer, goals), access::page::rows(&viewer, requests, true));
        let purpose = "A goal is what Marketing wants to reach, measured by KPIs from a baseline to a \
            target. It is cited to get access to data or technology.";
        view! {
            <header class="page-head">
                <div>
                    <h1>"Goals"</h1>
                    <p class="lead">
                        "What Marketing wants to reach, read from the numbers alone; and the access that is \
                            asked for to reach it."
                    </p>
                </div>
                <div class="page-actions">
                    {may_set
                        .then(|| {
                            view! {
                                <a class="button is-primary" href=new.clone()>
                                    "Set a goal"
                                </a>
                            }
                        })}
                </div>
            </header>
            {if count == 0 {
                if may_set {
                    view! { <Empty purpose=purpose next=(new, "Set the first one") /> }.into_any()
                } else {
                    view! { <Empty purpose=purpose /> }.into_any()
                }
            } else {
                view! {
                    <Section title="All goals" aside=format!("{count}, by date")>
                        {goal_rows}
                    </Section>
                }
                    .into_any()
            }}
            {(count_requests > 0)
                .then(|| {
                    view! {
                        <Section title="Access" aside=format!("{count_requests}, what is open first")>
                            {access_rows}
                        </Section>
                    }
                })}
        }
    }))
}

fn rows(viewer: &Viewer, goals: Vec<Goal>) -> impl IntoView + use<> {
    let today = viewer.today();
    let rows = goals
        .into_iter()
        .map(|goal| {
            let status = goal.status();
            let (href, detail) = (viewer.path(&goal.path()), goal.rollup_label());
            view! {
                <tr>
                    <th scope="row">
                        <a href=href>{goal.title}</a>
                    </th>
                    <td data-label="Status">
                        <Pill tone=status.tone() label=status.label() />
                    </td>
                    <td data-label="Measures">{detail}</td>
                    <td data-label="By">{goal.due_on.format(today)}</td>
                    <td data-label="Owner">
                        <Avatar name=goal.owner side="marketing" />
                    </td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="table is-stacked">
            <thead>
                <tr>
                    <th scope="col">"Goal"</th>
                    <th scope="col">"Status"</th>
                    <th scope="col">"Measures"</th>
                    <th scope="col">"By"</th>
                    <th scope="col">"Owner"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

pub async fn show(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    Page::cache_for_reader(&viewer, ROOM, "goal", number, async || {
        show_page(&viewer, number).await
    })
    .await
}

async fn show_page(viewer: &Viewer, number: i64) -> Result<Page> {
    let it = read::one(viewer, number).await?;
    let kpis = kpis::read::of_goal(viewer, it.id).await?;
    let serving = initiatives::read::serving(viewer, it.id).await?;
    let requests = access::read::requests_of(viewer, it.id).await?;
    Ok(Page::new(viewer, ROOM, it.title.clone(), move |viewer| {
        let today = viewer.today();
        let path = viewer.path(&it.path());
        let status = it.status();
        let archived = it.archived.clone();
        let manages = viewer.may(Action::ManageGoal) && archived.is_none();
        let asks = viewer.may(Action::SpeakForSide) && archived.is_none();
        let cards: Vec<_> = it
            .measures
            .iter()
            .map(|measure| {
                card(
                    &viewer,
                    measure,
                    it.due_on,
                    kpis.iter().find(|kpi| kpi.id == measure.kpi_id),
                )
            })
            .collect();
        let (for_rows, none_serves, none_requested) =
            (viewer.clone(), serving.is_empty(), requests.is_empty());
        let (passed, all) = serving.iter().fold((0, 0), |(passed, all), row| {
            (passed + row.passed, all + row.checkpoints)
        });
        let work_done = if all > 0 {
            format!("{passed} of {all} checkpoints passed")
        } else {
            String::new()
        };
        let method = format!(
            "On track: at least {WATCH_BELOW} % of the way that a straight line from the baseline to the \
                target would have gone by today; off track below {ACT_BELOW} %."
        );
        view! {
            <Crumb href=viewer.path("goals") text="Goals" />
            <header class="page-head">
                <div>
                    <h1>{it.title.clone()}</h1>
                    {match archived {
                        Some((at, because)) => {
                            view! {
                                <p class="standing">
                                    <Pill tone=Tone::Quiet label="Archived" />
                                    <span>{format!("{}: {because}", viewer.day_of(at).format(today))}</span>
                                </p>
                            }
                                .into_any()
                        }
                        None => {
                            view! {
                                <p class="standing">
                                    <Pill tone=status.tone() label=status.label() />
                                    <span class="faint">
                                        {format!(
                                            "{} to {} · {}",
                                            it.starts_on.format(today),
                                            it.due_on.format(today),
                                            it.rollup_label(),
                                        )}
                                    </span>
                                </p>
                            }
                                .into_any()
                        }
                    }}
                </div>
                <div class="page-actions">
                    {manages
                        .then(|| {
                            view! {
                                <a class="button" href=format!("{path}/edit")>
                                    "Change"
                                </a>
                            }
                        })}
                    {asks
                        .then(|| {
                            view! {
                                <a class="button is-primary" href=format!("{path}/access")>
                                    "Ask for access"
                                </a>
                            }
                        })}
                </div>
            </header>
            <p class="prose lead">{it.why.clone()}</p>
            <p class="person owner-line">
                <Avatar name=it.owner.clone() side="marketing" />
                <span>{it.owner.clone()}" "<span class="faint">"owns it"</span></span>
            </p>
            <Section title="How far it is" aside="read from the numbers, not from the work">
                <div class="cards">{cards}</div>
                <p class="faint">{method}</p>
            </Section>
            <Section title="Initiatives that serve it" aside=work_done>
                {if none_serves {
                    view! { <p class="faint">"None. A goal that nobody works for is a wish."</p> }.into_any()
                } else {
                    view! { <initiatives::page::Rows rows=serving viewer=for_rows /> }.into_any()
                }}
            </Section>
            <Section title="Access asked for it">
                {if none_requested {
                    view! {
                        <p class="faint">
                            "None yet. Data or technology that the goal needs is asked for here, and \
                                approved by both sides."
                        </p>
                    }
                        .into_any()
                } else {
                    access::page::rows(&viewer, requests, false).into_any()
                }}
            </Section>
        }
    }))
}

/// One measure: where it is on its way, its trend, and the KPI behind it.
fn card(viewer: &Viewer, measure: &GoalMeasure, due_on: Day, kpi: Option<&Kpi>) -> impl IntoView + use<> {
    let (today, unit, span) = (viewer.today(), measure.unit.clone(), measure.span);
    let value = measure.value;
    let title =
        view! { <a href=viewer.path(&format!("kpis/{}", measure.number))>{measure.title.clone()}</a> };
    let is_over = today > due_on;
    let to_go = value
        .filter(|value| !span.is_reached(*value))
        .map_or_else(String::new, |value| {
            format!(" {} to go.", difference(span.to_go(value), &unit))
        });
    let detail = match (value, &measure.period, kpi) {
        (Some(_), Some(period), _) if is_over => {
            format!("{period} counts: the last period that ended by then.{to_go}")
        }
        (Some(value), Some(period), Some(kpi)) => format!(
            "{}{to_go}",
            trend_words(kpi.direction, kpi.before, value, &unit, period)
        ),
        _ => "No value has been entered yet.".to_owned(),
    };
    let archived =
        (!measure.is_measured).then(|| view! { <p class="faint">"This KPI is not measured any more."</p> });
    let points: Vec<Point> = kpi
        .into_iter()
        .flat_map(|kpi| kpis::page::year_of(kpi, today))
        .map(|point| Point {
            low: Some(span.target.position()),
            high: None,
            ..point
        })
        .collect();
    let ends = points
        .first()
        .zip(points.last())
        .map(|(first, last)| [first.label.clone(), last.label.clone()]);
    let attested = kpi
        .filter(|_| value.is_some() && !is_over)
        .map(|kpi| kpi.attestations.label());
    let figure = value.map_or_else(|| "–".to_owned(), |value| with_unit(value, &unit));
    let gone = value.map(|value| span.progress(value));
    view! {
        <article class="card kpi">
            <header>
                <h3>{title}</h3>
                <Pill tone=measure.status.tone() label=measure.status.label() />
            </header>
            <p class="figure">
                <strong>{figure}</strong>
                " "
                <span class="faint">
                    {format!("from {} to {}", span.baseline.format(), with_unit(span.target, &unit))}
                </span>
            </p>
            {gone.map(|gone| view! { <Share percent=gone word="of the way" /> })}
            <p class="faint">{detail}</p>
            {archived}
            {attested.map(|words| view! { <p class="faint">{words}</p> })}
            {ends.map(|ends| view! { <Sparkline points=points ends=ends /> })}
        </article>
    }
}

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
                help="What will have been reached, in one line."
                max_length=120
            />
            <TextArea
                name="why"
                label="Why"
                help="What it changes for the customer and for the company."
                rows=3
                max_length=2000
            />
            <Select
                name="owner"
                label="Owner"
                help="Somebody of Marketing who answers for it."
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
                    "In each KPI’s own unit and direction. One row is needed; saving gives another."
                </p>
                <MeasureFields kpis=choices.kpis rows=filled />
            </fieldset>
            <CheckGroup name="initiatives" label="Initiatives that serve it" options=choices.initiatives />
            {changes
                .then(|| {
                    view! {
                        <TextArea
                            name="because"
                            label="Why it changes"
                            help="Asked for when its numbers or dates change."
                            rows=2
                            max_length=500
                            optional=true
                        />
                    }
                })}
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
    Ok(Page::new(viewer, ROOM, "Set a goal", move |_| {
        view! {
            <Crumb href=cancel.clone() text="Goals" />
            <h1>"Set a goal"</h1>
            {plan_form(form, choices, false, "Set the goal", cancel)}
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
                measure.span.baseline.to_string(),
                measure.span.target.to_string(),
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
                <Section title="Give it up">
                    <p>"The history keeps it. What was granted for it ends on its own day."</p>
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
                <PostForm form=form>
                    <Hidden name="version" />
                    <TextArea
                        name="because"
                        label="Why it is given up"
                        help="One sentence that both sides understand."
                        rows=2
                        max_length=500
                    />
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
