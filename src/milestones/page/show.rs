//! The page of one milestone.

use axum::extract::{Path, Query};
use leptos::prelude::*;
use serde::Deserialize;

use super::{
    ROOM, checkpoints,
    listed::{self, Listed},
    waits,
};

use crate::{
    access,
    comments::page::Discussion,
    handshake::{
        Kind, Verdict,
        components::{DigestLine, Seats, Signatures, StandingLine, WithdrawForm},
        read::{Standing, current},
    },
    identity::{Action, Page, Side, Viewer},
    milestones::{
        CheckpointStage, MilestoneFacts, MilestoneStatus, forecast,
        read::{self, AwaitedDecision, Checkpoint, Milestone},
        slip_words, status,
        write::MilestoneTalk,
    },
    platform::{
        error::Result,
        form::Form,
        text::join_details,
        time::{Day, Timestamp, days},
    },
    ui::{AskFirst, Avatar, Crumb, Pill, Section, Tag},
    waits::WaitOutcome,
};

#[derive(Deserialize)]
pub struct CheckpointsQuery {
    /// Which of the checkpoints are listed.
    of: Option<String>,
}

pub async fn show(
    viewer: Viewer,
    Path((_, number)): Path<(String, i64)>,
    Query(query): Query<CheckpointsQuery>,
) -> Result<Page> {
    let listed = query.of.and_then(|of| of.parse().ok());
    if listed.is_some() {
        return show_milestone(&viewer, number, (Form::blank(), listed)).await;
    }
    Page::cache_for_reader(&viewer, ROOM, "milestone", number, async || {
        show_milestone(&viewer, number, (Form::blank(), None)).await
    })
    .await
}

/// All that the page of one milestone shows.
struct MilestonePage {
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
    talk: Discussion,
}

/// The page of a milestone; the form is that of what it waits for, when it was refused.
pub(super) async fn show_milestone(
    viewer: &Viewer,
    number: i64,
    (form, listed): (Form, Option<Listed>),
) -> Result<Page> {
    let it = read::one_or_archived(viewer, number).await?;
    let whole = MilestonePage {
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
        talk: Discussion::read::<MilestoneTalk>(viewer, number, it.id.uuid()).await?,
        it,
    };
    Ok(show_page(viewer, whole, form, listed))
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
        likely.format_span(late, today)
    };
    let detail = format!(
        "At the pace so far: done {range}. Promised: {}.",
        it.due_on.format(today)
    );
    let method = format!(
        "Estimated from how late the {} finished checkpoints were. With so few, treat it as a hint.",
        lateness.len()
    );
    Some(view! { <p class="outlook">{detail}" "<small class="faint">{method}</small></p> })
}

fn show_page(viewer: &Viewer, whole: MilestonePage, form: Form, listed: Option<Listed>) -> Page {
    let MilestonePage {
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
        talk,
    } = whole;
    Page::new(viewer, ROOM, it.title.clone(), move |viewer| {
        let today = viewer.today();
        let archived = it.archived_at.map(|at| archived(&viewer, &it, at));
        let is_archived = archived.is_some();
        let may_change = it.accepted_at.is_none() && !is_archived && !it.is_over;
        let may_plan = viewer.may(Action::PlanWork { team: &team }) && may_change;
        let path = viewer.path(&it.path());
        let facts = facts(&it, &checkpoints, today);
        let status = status(facts, today);
        let moves = i64::try_from(slips.len()).unwrap_or(i64::MAX);
        let slip = slip_words(moves, it.promised_on, it.due_on, today);
        let due = if it.due_on < today { "was due" } else { "due" };
        // One word stands for the milestone; its own checkpoints may contradict its date all the same.
        let contradiction = MilestoneStatus::CannotHold(facts.too_late)
            .detail()
            .filter(|_| facts.too_late > 0 && !is_archived && !facts.is_accepted && !it.is_over)
            .filter(|_| !matches!(status, MilestoneStatus::CannotHold(_)));
        let beside = join_details([
            status.detail(),
            Some(format!("{due} {}", it.due_on.format(today))),
            slip,
            contradiction,
        ]);
        let open_side = standing
            .as_ref()
            .filter(|_| !it.is_over)
            .and_then(|standing| standing.open_to(&viewer));
        let withdrawable = standing.as_ref().and_then(|standing| standing.given_by(&viewer));
        let outlook = outlook(&viewer, &it, &checkpoints);
        let links = waits::section(&viewer, &it, linked, accesses, others, may_plan, form);
        let undo = undoable
            .filter(|_| may_plan)
            .map(|id| format!("{path}/bulk/{id}/undo"));
        let narrow = listed::links(&path, &checkpoints, listed, today);
        let rows = checkpoints
            .into_iter()
            .filter(|checkpoint| listed.is_none_or(|listed| listed.takes(checkpoint, today)))
            .map(|checkpoint| checkpoints::row(&viewer, &it, checkpoint, may_plan, may_change, &path))
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
                                    <Pill word=status.word() />
                                    <span class="faint">{beside.clone()}</span>
                                </p>
                            }
                        })}
                </div>
                <div class="page-actions">{page_actions(&path, may_plan, withdrawable, open_side)}</div>
            </header>
            <p class="prose lead">{it.outcome.clone()}</p>
            {outlook}
            {waits::decisions(&viewer, awaited)}
            {people_and_dates(&it)}
            {checkpoints_section(&it, facts, (narrow.into_any(), rows.into_any()), may_plan.then_some((path, undo)))}
            {links}
            {standing.map(|standing| acceptance(&viewer, standing))}
            {(moves > 0).then(|| slips_section(&viewer, slips))}
            {(!is_archived).then(|| talk.section(&viewer))}
        }
    })
}

/// That it was given up, when and why.
fn archived(viewer: &Viewer, it: &Milestone, at: Timestamp) -> impl IntoView + use<> {
    let detail = format!(
        "Cancelled {}: {}",
        viewer.day_of(at).format(viewer.today()),
        it.archived_because.clone().unwrap_or_default()
    );
    view! {
        <p class="standing">
            <Tag label="Archived" />
            <span>{detail}</span>
        </p>
    }
}

fn facts(it: &Milestone, checkpoints: &[Checkpoint], today: Day) -> MilestoneFacts {
    let count = |of: &dyn Fn(&Checkpoint) -> bool| {
        i64::try_from(checkpoints.iter().filter(|checkpoint| of(checkpoint)).count()).unwrap_or(i64::MAX)
    };
    MilestoneFacts {
        is_accepted: it.accepted_at.is_some(),
        due_on: it.due_on,
        checkpoints: count(&|_| true),
        passed: count(&|checkpoint| checkpoint.passed_at.is_some()),
        overdue: count(&|checkpoint| checkpoint.passed_at.is_none() && checkpoint.due_on < today),
        unaccepted: count(&|checkpoint| {
            matches!(
                checkpoint.stage(it.asks_other_side),
                CheckpointStage::AwaitedBy(_)
            )
        }),
        too_late: count(&|checkpoint| checkpoint.passed_at.is_none() && checkpoint.due_on > it.due_on),
        held_up: it.held_up,
        is_planned: it.is_planned,
        is_over: it.is_over,
        is_beyond: it.is_beyond,
    }
}

fn people_and_dates(it: &Milestone) -> impl IntoView + use<> {
    view! {
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
                    "First promised for "{it.promised_on.format_long()}<br />"Due "{it.due_on.format_long()}
                </p>
            </div>
        </div>
    }
}

/// `plans` is what whoever plans is offered: the milestone's path, and the address that takes the last change
/// of several checkpoints back, if there is one.
fn checkpoints_section(
    it: &Milestone,
    facts: MilestoneFacts,
    (narrow, rows): (AnyView, AnyView),
    plans: Option<(String, Option<String>)>,
) -> impl IntoView + use<> {
    let (passed, all) = (facts.passed, facts.checkpoints);
    let aside = if it.asks_other_side {
        format!(
            "{passed} of {all} done, {} accepted by the other side",
            passed - facts.unaccepted
        )
    } else {
        format!("{passed} of {all} done")
    };

    let planning = plans.map(|(path, undo)| plan_checkpoints(&path, passed < all, undo));
    view! {
        <Section title="Checkpoints" aside=aside>
            {if all == 0 {
                view! {
                    <p class="faint">
                        "No checkpoints yet. A checkpoint is a dated step that one person marks done, with \
                            evidence."
                    </p>
                }
                    .into_any()
            } else {
                view! {
                    {narrow}
                    <ul class="rows checkpoints">{rows}</ul>
                }
                    .into_any()
            }}
            {planning}
        </Section>
    }
}

fn plan_checkpoints(path: &str, has_open: bool, undo: Option<String>) -> impl IntoView + use<> {
    view! {
        <div class="page-actions below">
            <a class="button" href=format!("{path}/checkpoints/new")>
                "Add a checkpoint"
            </a>
            <a class="button" href=format!("{path}/checkpoints/paste")>
                "Paste a list"
            </a>
            {has_open
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
                        <AskFirst
                            id="undo-bulk"
                            verb="Undo the last bulk change…"
                            question="Undo your last change of several checkpoints?"
                            follows="Checkpoints that it added are archived. Those that it changed get their dates, \
                                owners and milestone back, unless somebody changed them since."
                            yes="Undo it"
                            no="Keep it"
                            action=action
                        />
                    }
                })}
        </div>
    }
}

fn acceptance(viewer: &Viewer, standing: Standing) -> impl IntoView + use<> {
    let viewer = viewer.clone();
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
                covers="the outcome, the day, the checkpoints and their evidence"
            />
        </Section>
    }
}

/// "31 days later".
fn moved_words(by: i64) -> String {
    if by < 0 {
        format!("{} earlier", days(-by))
    } else {
        format!("{} later", days(by))
    }
}

fn slips_section(viewer: &Viewer, slips: Vec<read::Slip>) -> impl IntoView + use<> {
    let (today, count) = (viewer.today(), slips.len());
    let rows = slips
        .into_iter()
        .map(|slip| {
            view! {
                <li class="row">
                    <span class="row-main">
                        <span>
                            <strong>
                                {format!("{} → {}", slip.from_on.format(today), slip.to_on.format(today))}
                            </strong>
                            " · "
                            <span class="moved">{moved_words(slip.to_on.days_since(slip.from_on))}</span>
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
        <Section title="Date changes" aside=count.to_string()>
            <ul class="rows">{rows}</ul>
        </Section>
    }
}

fn page_actions(
    path: &str,
    may_plan: bool,
    withdrawable: Option<Verdict>,
    open_side: Option<Side>,
) -> impl IntoView + use<> {
    view! {
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
        {withdrawable.map(|given| view! { <WithdrawForm given=given action=format!("{path}/withdraw") /> })}
        {open_side
            .map(|side| {
                view! {
                    <a class="button is-primary" href=format!("{path}/sign")>
                        {format!("Accept for {}…", side.name())}
                    </a>
                }
            })}
    }
}
