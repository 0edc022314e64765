//! The pages of milestones and checkpoints.

mod baseline;

mod bulk;

mod checkpoints;

mod waits;

mod tones;

pub use self::{
    baseline::{baseline, baselines, propose_baseline},
    bulk::{bulk, bulk_form, paste, paste_form, undo},
    checkpoints::{
        accept, archive_checkpoint, create_checkpoint, edit_checkpoint, file, new_checkpoint, pass,
        pass_form, reopen, return_form, return_post, update_checkpoint,
    },
    waits::{stop_waiting, stop_waiting_for_access, wait_for},
};

use axum::extract::{Path, Query};

use leptos::prelude::*;

use serde::Deserialize;

use super::{
    CheckpointStage, forecast,
    read::{self, Checkpoint, Milestone, MilestoneRow},
    slip_words,
    text::MilestoneText,
    timeline::{Timeline, window},
    write::{self, MilestoneInput},
};

use crate::{
    access,
    handshake::{
        Kind,
        components::{DigestLine, Seats, SignForm, Signatures, StandingLine},
        page::{SigningPage, TablePage},
        read::{Standing, current},
        text::SignedText as _,
    },
    identity::{Action, FormResponse, Page, Redirect, Seats as SeatsOf, Side, Viewer, respond},
    members,
    milestones::read::AwaitedDecision,
    platform::{
        error::{Error, Result},
        form::Form,
        ids::MilestoneId,
        time::Day,
    },
    ui::{
        Actions, Avatar, Avatars, CheckGroup, Crumb, DateField, Empty, Fields, Hidden, Notice, Pill,
        PostForm, Progress, Section, Select, TextArea, TextField, Tone,
    },
    waits::WaitOutcome,
};

const ROOM: &str = "milestones";

const PER_PAGE: i64 = 50;

/// Initiatives on one timeline.
const PER_TIMELINE: i64 = 40;

#[derive(Deserialize)]
pub struct MilestonesQuery {
    /// Of the list.
    skip: Option<i64>,
    /// Of the timeline's initiatives.
    timeline: Option<i64>,
}

/// `/milestones`: the timeline across all initiatives, and the list.
pub async fn list(viewer: Viewer, Query(query): Query<MilestonesQuery>) -> Result<Page> {
    match (query.skip.unwrap_or(0).max(0), query.timeline.unwrap_or(0).max(0)) {
        (0, 0) => {
            Page::cache_for_reader(&viewer, ROOM, "milestones", 0, async || {
                list_page(&viewer, 0, 0).await
            })
            .await
        }
        (skip, first) => list_page(&viewer, skip, first).await,
    }
}

async fn list_page(viewer: &Viewer, skip: i64, first: i64) -> Result<Page> {
    let (from, to) = window(viewer.today());
    let all = read::initiatives_with_marks(viewer, from, to).await?;
    let (count, given_up) = read::count(viewer).await?;
    let (skip, first) = (skip.min((count - 1).max(0)), first.min((all - 1).max(0)));
    let (marks, waits) = if skip == 0 {
        (
            read::marks(viewer, (from, to), PER_TIMELINE, first).await?,
            read::waits(viewer).await?,
        )
    } else {
        (Vec::new(), Vec::new())
    };
    let rows = read::list(viewer, PER_PAGE, skip).await?;
    Ok(Page::new(viewer, ROOM, "Milestones", move |viewer| {
        let turn = |to: i64, words: &'static str| view! { <a href=viewer.path(&format!("milestones?timeline={to}"))>{words}</a> };
        let turns = (all > PER_TIMELINE).then(|| {
            view! {
                <nav class="turns faint" aria-label="Initiatives on the timeline">
                    <span>
                        {format!(
                            "Initiatives {} to {} of {all}, those under way first",
                            first + 1,
                            (first + PER_TIMELINE).min(all),
                        )}
                    </span>
                    {(first > 0).then(|| turn((first - PER_TIMELINE).max(0), "Previous initiatives"))}
                    {(first + PER_TIMELINE < all).then(|| turn(first + PER_TIMELINE, "Next initiatives"))}
                </nav>
            }
        });
        let given_up = (given_up > 0).then(|| {
            view! {
                <p class="more">
                    <a href=viewer.path("milestones/archived")>{format!("{given_up} given up")}</a>
                </p>
            }
        });
        let more =
            (skip + PER_PAGE < count).then(|| viewer.path(&format!("milestones?skip={}", skip + PER_PAGE)));
        view! {
            <header class="page-head">
                <div>
                    <h1>"Milestones"</h1>
                    <p class="lead">
                        "What was promised for when, and what became of it, across all initiatives."
                    </p>
                </div>
                <div class="page-actions">
                    <a class="button" href=viewer.path("milestones/baselines")>
                        "Baseline"
                    </a>
                </div>
            </header>
            {if rows.is_empty() {
                view! {
                    <Empty
                        purpose="A milestone is a dated outcome of an initiative. It keeps its first \
                            promised date, and both sides accept it."
                        next=(viewer.path("initiatives"), "Open an initiative to add one")
                    />
                }
                    .into_any()
            } else {
                view! {
                    {(!marks.is_empty())
                        .then(|| {
                            view! {
                                {turns}
                                <Timeline marks=marks waits=waits viewer=viewer.clone() />
                            }
                        })}
                    <Section title="All milestones" aside=format!("{count} · open ones first, by date")>
                        <Rows rows=rows viewer=viewer.clone() named=true />
                    </Section>
                }
                    .into_any()
            }}
            {more
                .map(|href| {
                    view! {
                        <p>
                            <a class="button" href=href>
                                "More"
                            </a>
                        </p>
                    }
                })}
            {given_up}
        }
    }))
}

/// `/milestones/archived`: what was given up, with its reason.
pub async fn archive_list(viewer: Viewer, Query(query): Query<MilestonesQuery>) -> Result<Page> {
    let today = viewer.today();
    let (_, count) = read::count(&viewer).await?;
    let skip = query.skip.unwrap_or(0).clamp(0, (count - 1).max(0));
    let found = read::archive_list(&viewer, PER_PAGE, skip).await?;
    Ok(Page::new(&viewer, ROOM, "Milestones given up", move |viewer| {
        let rows: Vec<_> = found
            .into_iter()
            .map(|it| {
                let (at, because) = (
                    viewer.day_of(it.archived_at).format(today),
                    it.archived_because.unwrap_or_default(),
                );
                let detail = format!(
                    "{} · first promised {} · given up {at}",
                    it.initiative,
                    it.promised_on.format(today)
                );
                view! {
                    <li class="row">
                        <a class="row-main" href=viewer.path(&format!("milestones/{}", it.number))>
                            <strong>{it.title}</strong>
                            <span>{because}</span>
                            <span class="faint">{detail}</span>
                        </a>
                    </li>
                }
            })
            .collect();
        view! {
            <Crumb href=viewer.path("milestones") text="Milestones" />
            <header class="page-head">
                <div>
                    <h1>"Given up"</h1>
                    <p class="lead">
                        "Milestones that are no longer in the plan, each with the reason. Baselines keep \
                            them."
                    </p>
                </div>
            </header>
            {if rows.is_empty() {
                view! { <p class="faint">"None."</p> }.into_any()
            } else {
                view! { <ul class="rows">{rows}</ul> }.into_any()
            }}
            {(skip + PER_PAGE < count)
                .then(|| {
                    view! {
                        <p>
                            <a
                                class="button"
                                href=viewer.path(&format!("milestones/archived?skip={}", skip + PER_PAGE))
                            >
                                "More"
                            </a>
                        </p>
                    }
                })}
        }
    }))
}

/// The table of milestones; `named` adds the initiative.
#[component]
pub fn Rows(rows: Vec<MilestoneRow>, viewer: Viewer, named: bool) -> impl IntoView {
    let today = viewer.today();
    let rows = rows
        .into_iter()
        .map(|row| {
            let status = row.status(today);
            let slip = slip_words(row.moves, row.promised_on, row.due_on, today);
            let slip_class = if row.due_on > row.promised_on {
                "slip"
            } else {
                "faint"
            };
            let hollow = row.standing.as_ref().map_or((true, true), Standing::hollow);
            view! {
                <tr>
                    <th scope="row">
                        <a href=viewer.path(&format!("milestones/{}", row.number))>{row.title}</a>
                        {named.then(|| view! { <small class="faint">{row.initiative}</small> })}
                    </th>
                    <td data-label="Status">
                        <span class="with-seats">
                            <Seats standing=row.standing viewer=viewer.clone() />
                            <Pill tone=status.tone() label=status.label() />
                        </span>
                    </td>
                    <td data-label="Checkpoints">
                        <Progress
                            passed=row.facts.passed
                            of=row.facts.checkpoints
                            unaccepted=row.facts.unaccepted
                        />
                    </td>
                    <td data-label="Due">
                        {row.due_on.format(today)}
                        {slip.map(|slip| view! { <small class=slip_class>{slip}</small> })}
                    </td>
                    <td data-label="Owners">
                        <Avatars marketing=row.marketing_name technology=row.technology_name hollow=hollow />
                    </td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="table is-stacked">
            <thead>
                <tr>
                    <th scope="col">"Milestone"</th>
                    <th scope="col">"Status"</th>
                    <th scope="col">"Checkpoints"</th>
                    <th scope="col">"Due"</th>
                    <th scope="col">"Owners"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

pub async fn show(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    Page::cache_for_reader(&viewer, ROOM, "milestone", number, async || {
        show_milestone(&viewer, number, Form::blank()).await
    })
    .await
}

/// All that the page of one milestone shows.
struct Whole {
    it: Milestone,
    checkpoints: Vec<Checkpoint>,
    slips: Vec<read::Slip>,
    team: Vec<crate::platform::ids::MemberId>,
    standing: Option<Standing>,
    awaited: Vec<AwaitedDecision>,
    linked: Vec<read::MilestoneLink>,
    accesses: Vec<access::read::Request>,
    others: Vec<(String, String)>,
    undoable: Option<crate::platform::ids::BulkChangeId>,
}

/// The page of a milestone; `form` is that of what it waits for, when it was refused.
async fn show_milestone(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    let it = read::one_or_archived(viewer, number).await?;
    let whole = Whole {
        checkpoints: read::checkpoints(viewer, it.id).await?,
        slips: read::slips(viewer, it.id).await?,
        team: read::team(viewer, &it).await?,
        standing: current(viewer, Kind::Milestone, it.id.uuid())
            .await?
            .map(|(standing, _)| standing),
        awaited: read::awaited_decisions(viewer, it.id).await?,
        linked: read::links(viewer, it.id).await?,
        accesses: access::read::waits_of(viewer, it.id).await?,
        others: waits::choices(
            read::options(viewer).await?,
            access::read::access_options(viewer).await?,
        ),
        undoable: read::undoable(viewer, it.id).await?,
        it,
    };
    Ok(show_page(viewer, whole, form))
}

/// When it would be met if what is left were as late as what was passed, beside what its driver promises.
fn outlook(viewer: &Viewer, it: &Milestone, checkpoints: &[Checkpoint]) -> Option<impl IntoView + use<>> {
    let today = viewer.today();
    let lateness: Vec<i64> = checkpoints
        .iter()
        .filter_map(|c| Some(viewer.day_of(c.passed_at?).days_since(c.due_on)))
        .collect();
    let open: Vec<i64> = checkpoints
        .iter()
        .filter(|c| c.passed_at.is_none())
        .map(|c| c.due_on.days_since(today))
        .collect();
    let found = forecast::ahead(&lateness, &open).filter(|_| it.wait_outcome() == WaitOutcome::Ahead)?;
    let (likely, late) = (today.plus(found.likely), today.plus(found.late));
    let range = if likely == late {
        likely.format(today)
    } else {
        format!("{} to {}", likely.format(today), late.format(today))
    };
    let detail = format!(
        "If what is left is as late as what was passed: {range}. Its driver says {}.",
        it.due_on.format(today)
    );
    let method = format!(
        "From {} passed checkpoints: how late the middle one of them was against its date, and what four in \
            five stayed within. A few steps tell little.",
        lateness.len()
    );
    Some(view! { <p class="outlook">{detail}" "<small class="faint">{method}</small></p> })
}

fn show_page(viewer: &Viewer, whole: Whole, form: Form) -> Page {
    let Whole {
        it,
        checkpoints,
        slips,
        team,
        standing,
        awaited,
        linked,
        accesses,
        others,
        undoable,
    } = whole;
    Page::new(viewer, ROOM, it.title.clone(), move |viewer| {
        let today = viewer.today();
        let accepted = it.accepted_at.is_some();
        let archived = it.archived_at.map(|at| {
            let detail = format!(
                "Given up {}: {}",
                viewer.day_of(at).format(today),
                it.archived_because.clone().unwrap_or_default()
            );
            view! {
                <p class="standing">
                    <Pill tone=Tone::Quiet label="Archived" />
                    <span>{detail}</span>
                </p>
            }
        });
        let is_archived = archived.is_some();
        let may_change = !accepted && !is_archived && !it.is_over;
        let may_plan = viewer.may(Action::PlanWork { team: &team }) && may_change;
        let path = viewer.path(&it.path());
        let passed =
            i64::try_from(checkpoints.iter().filter(|c| c.passed_at.is_some()).count()).unwrap_or(i64::MAX);
        let all = i64::try_from(checkpoints.len()).unwrap_or(i64::MAX);
        let overdue = i64::try_from(
            checkpoints
                .iter()
                .filter(|c| c.passed_at.is_none() && c.due_on < today)
                .count(),
        )
        .unwrap_or(i64::MAX);
        let waiting = checkpoints
            .iter()
            .filter(|c| matches!(c.stage(it.asks_other_side), CheckpointStage::AwaitedBy(_)))
            .count();
        let unaccepted = i64::try_from(waiting).unwrap_or(i64::MAX);
        let facts = super::MilestoneFacts {
            is_accepted: accepted,
            due_on: it.due_on,
            checkpoints: all,
            passed,
            overdue,
            unaccepted,
            held_up: it.held_up,
            is_over: it.is_over,
            is_beyond: it.is_beyond,
        };
        let status = super::status(facts, today);
        let moves = i64::try_from(slips.len()).unwrap_or(i64::MAX);
        let open_side = standing
            .as_ref()
            .filter(|_| !it.is_over)
            .and_then(|standing| standing.open_to(&viewer));
        let withdrawable = standing
            .as_ref()
            .is_some_and(|standing| standing.may_be_withdrawn_by(&viewer));
        let outlook = outlook(&viewer, &it, &checkpoints);
        let links = waits::section(&viewer, &it, linked, accesses, others, may_plan, form);
        let undo = undoable
            .filter(|_| may_plan)
            .map(|id| format!("{path}/bulk/{id}/undo"));
        let rows = checkpoints
            .into_iter()
            .map(|checkpoint| checkpoints::row(&viewer, &it, checkpoint, may_plan, may_change, &path))
            .collect_view();
        let slip_rows = slips
            .into_iter()
            .map(|slip| {
                view! {
                    <li class="row">
                        <span class="row-main">
                            <span>
                                <del>{slip.from_on.format(today)}</del>
                                " "
                                <ins>{slip.to_on.format(today)}</ins>
                                " · "
                                {slip.reason}
                            </span>
                            <span class="faint">
                                {format!("{}, {}", slip.who, viewer.day_of(slip.at).format(today))}
                            </span>
                        </span>
                    </li>
                }
            })
            .collect_view();
        view! {
            <Crumb
                href=viewer.path(&format!("initiatives/{}", it.initiative_number))
                text=it.initiative.clone()
            />
            <header class="page-head">
                <div>
                    <h1>{it.title.clone()}</h1>
                    {archived}
                    {(!is_archived)
                        .then(|| {
                            view! {
                                <p class="standing">
                                    <Seats standing=standing.clone() viewer=viewer.clone() large=true />
                                    <Pill tone=status.tone() label=status.label() />
                                    <span class="faint">
                                        "due "{it.due_on.format(today)}
                                        {slip_words(moves, it.promised_on, it.due_on, today)
                                            .map(|words| format!(", {words}"))}
                                    </span>
                                </p>
                            }
                        })}
                </div>
                <div class="page-actions">
                    {may_plan
                        .then(|| {
                            view! {
                                <a class="button" href=format!("{path}/edit")>
                                    "Change"
                                </a>
                                <a class="button" href=format!("{path}/move")>
                                    "Move the date"
                                </a>
                            }
                        })}
                    {withdrawable
                        .then(|| {
                            view! {
                                <form method="post" action=format!("{path}/withdraw")>
                                    <button class="button" type="submit">
                                        "Withdraw my signature"
                                    </button>
                                </form>
                            }
                        })}
                    {open_side
                        .map(|side| {
                            view! {
                                <a class="button is-primary" href=format!("{path}/sign")>
                                    {format!("Accept for {}…", side.name())}
                                </a>
                            }
                        })}
                </div>
            </header>
            <p class="prose lead">{it.outcome.clone()}</p>
            {outlook}
            {waits::decisions(&viewer, awaited)}
            <div class="facts">
                <div>
                    <h2>"Driver"</h2>
                    <p>{it.driver.clone()}</p>
                </div>
                <div>
                    <h2>"Owners"</h2>
                    <ul class="plain">
                        <li class="person">
                            <Avatar name=it.marketing_name.clone() side="marketing" />
                            <span>{it.marketing_name.clone()}</span>
                        </li>
                        <li class="person">
                            <Avatar name=it.technology_name.clone() side="technology" />
                            <span>{it.technology_name.clone()}</span>
                        </li>
                    </ul>
                </div>
                <div>
                    <h2>"Dates"</h2>
                    <p>
                        "First promised "{it.promised_on.format_long()}<br />"Due "{it.due_on.format_long()}
                    </p>
                </div>
            </div>
            <Section
                title="Checkpoints"
                aside=if it.asks_other_side {
                    format!("{passed} of {all} passed, {} accepted by the other side", passed - unaccepted)
                } else {
                    format!("{passed} of {all} passed")
                }
            >
                {if all == 0 {
                    view! {
                        <p class="faint">
                            "None yet. A checkpoint is a dated step that one person passes with evidence."
                        </p>
                    }
                        .into_any()
                } else {
                    view! { <ul class="rows checkpoints">{rows}</ul> }.into_any()
                }}
                {may_plan
                    .then(|| {
                        view! {
                            <div class="page-actions below">
                                <a class="button" href=format!("{path}/checkpoints/new")>
                                    "Add a checkpoint"
                                </a>
                                <a class="button" href=format!("{path}/checkpoints/paste")>
                                    "Paste several"
                                </a>
                                {(passed < all)
                                    .then(|| {
                                        view! {
                                            <a class="button" href=format!("{path}/bulk")>
                                                "Change several"
                                            </a>
                                        }
                                    })}
                                {undo
                                    .map(|action| {
                                        view! {
                                            <form method="post" action=action>
                                                <button class="button" type="submit">
                                                    "Take the last change of several back"
                                                </button>
                                            </form>
                                        }
                                    })}
                            </div>
                        }
                    })}
            </Section>
            {links}
            {standing
                .map(|standing| {
                    view! {
                        <Section title="Acceptance">
                            <StandingLine standing=standing.clone() viewer=viewer.clone() />
                            <Signatures
                                standing=standing.clone()
                                viewer=viewer.clone()
                                who_may="The owner of this side, or its lead"
                            />
                            <DigestLine
                                digest=standing.digest
                                covers="the outcome, the checkpoints and their evidence"
                            />
                        </Section>
                    }
                })}
            {(moves > 0)
                .then(|| {
                    view! {
                        <Section title="Slips" aside=format!("{moves}")>
                            <ul class="rows">{slip_rows}</ul>
                        </Section>
                    }
                })}
        }
    })
}

// Milestones: forms.

struct People {
    marketing: Vec<(String, String)>,
    technology: Vec<(String, String)>,
    everybody: Vec<(String, String)>,
}

async fn people(viewer: &Viewer) -> Result<People> {
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
                help="What will be true then, so that both sides can accept it."
                rows=3
                max_length=1000
            />
            {dated
                .then(|| {
                    view! {
                        <DateField
                            name="due_on"
                            label="Promised for"
                            help="This date is kept for good; moving it later is a slip with a reason."
                        />
                    }
                })}
            <Select
                name="driver"
                label="Driver"
                help="The one person who moves it."
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
                options=vec![
                    ("yes".to_owned(), "Each is done only once the other side has accepted it".to_owned()),
                ]
            />
            <Actions verb=verb cancel=cancel />
        </PostForm>
    }
}

fn plan(form: &mut Form) -> Result<MilestoneInput> {
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
    Ok(Page::new(viewer, ROOM, "Add a milestone", move |_| {
        view! {
            <Crumb href=cancel.clone() text=of.title.clone() />
            <h1>"Add a milestone"</h1>
            {plan_form(form, people, true, "Promise the milestone", cancel)}
        }
    }))
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

async fn plannable(viewer: &Viewer, number: i64) -> Result<Milestone> {
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
                {plan_form(form, people, false, "Save the milestone", cancel)}
                <Section title="Give it up">
                    <p>"It leaves the plan, and stays in the history and in the baselines that have it."</p>
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
                    "It leaves the plan, with its checkpoints. The history keeps it, and so do the baselines \
                        that have it."
                </p>
                {waits::whom_it_hits(&linked, false, today)}
                <PostForm form=form>
                    <Hidden name="version" />
                    <TextArea
                        name="because"
                        label="Why it is given up"
                        help="One sentence that both sides understand."
                        rows=2
                        max_length=500
                    />
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
                    "First promised for {}, now due {}. The promise stays on record; this adds a slip.",
                    it.promised_on.format(today),
                    it.due_on.format(today),
                )}
            </p>
            {waits::whom_it_hits(&linked, true, today)}
            <PostForm form=form>
                <Hidden name="version" />
                <DateField name="due_on" label="New date" />
                <TextArea
                    name="reason"
                    label="Why it moves"
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

impl TablePage for write::MilestoneOnTable {
    type Address = (String, i64);

    fn key((_, number): (String, i64)) -> Result<i64> {
        Ok(number)
    }

    fn path(number: i64) -> String {
        format!("milestones/{number}")
    }
}

impl SigningPage for write::MilestoneOnTable {
    async fn sign_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
        let it = read::one(viewer, number).await?;
        let owner = match viewer.side().ok_or(Error::Forbidden)? {
            Side::Marketing => it.marketing_owner,
            Side::Technology => it.technology_owner,
        };
        if !viewer.may(Action::FillSeat {
            seats: SeatsOf::Owners,
            owner: Some(owner),
        }) {
            return Err(Error::Forbidden);
        }
        let mut checkpoints = read::checkpoints(viewer, it.id).await?;
        let (standing, content) = current(viewer, Kind::Milestone, it.id.uuid())
            .await?
            .ok_or(Error::Conflict)?;
        let text = MilestoneText::read(&content)?;
        let side = standing.side_of_signer(viewer, form.is_typed())?;
        let form = form.over(Form::blank(), &[]);
        let cancel = viewer.path(&it.path());
        let today = viewer.today();
        Ok(Page::new(
            viewer,
            ROOM,
            format!("Accept {}", it.title),
            move |viewer| {
                let due = |day: &str| {
                    day.parse::<Day>()
                        .map_or_else(|_| String::new(), |day| format!("Due {}", day.format(today)))
                };
                let rows = text
                    .checkpoints
                    .into_iter()
                    .map(|signed| {
                        let row = checkpoints
                            .iter()
                            .position(|checkpoint| checkpoint.id.to_string() == signed.id)
                            .map(|index| checkpoints.swap_remove(index));
                        let given = row.map(|checkpoint| {
                            let passed = checkpoint.passed_at.map_or_else(String::new, |at| {
                                format!(
                                    " · passed {} by {}: ",
                                    viewer.day_of(at).format(today),
                                    checkpoint.passed_by.clone().unwrap_or_default()
                                )
                            });
                            view! {
                                {passed}
                                {checkpoints::evidence(&viewer, &checkpoint)}
                            }
                        });
                        let criteria = (!signed.criteria.is_empty())
                            .then(|| view! { <span class="criteria">{signed.criteria}</span> });
                        view! {
                            <li class="row">
                                <span class="row-main">
                                    <strong>{signed.title}</strong>
                                    {criteria}
                                    <span class="faint">{due(&signed.due_on)}{given}</span>
                                </span>
                            </li>
                        }
                    })
                    .collect_view();
                view! {
                    <Crumb href=cancel.clone() text=it.title.clone() />
                    <h1>{format!("Accept for {}", side.name())}</h1>
                    <p>"This is what you accept, in full."</p>
                    <div class="card record">
                        <h2>{text.title}</h2>
                        <p class="prose">{text.outcome}</p>
                        <p>{due(&text.due_on)}</p>
                    </div>
                    <ul class="rows">{rows}</ul>
                    <DigestLine
                        digest=standing.digest.clone()
                        covers="the outcome, the day, the checkpoints and their evidence"
                    />
                    <SignForm
                        form=form
                        standing=standing
                        side=side
                        what="this milestone"
                        cancel=cancel
                        conditions=false
                    />
                }
            },
        ))
    }
}
