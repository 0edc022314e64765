//! The page of one initiative.

use axum::extract::Path;
use leptos::prelude::*;

use super::{ROOM, charter, check_in, progress_charts::progress_charts};

use crate::{
    decisions,
    handshake::{
        Kind,
        components::StandingLine,
        read::{Standing, current},
    },
    identity::{Action, Page, Viewer},
    initiatives::{
        InitiativeStatus, Phase,
        read::{self, ActivityEntry, CheckIn, ClauseLink, Initiative, ServedGoal, TeamMember},
    },
    kpis::{self, Cadence},
    milestones,
    platform::{error::Result, time::days},
    reminders,
    ui::{Avatar, Crumb, Pill, Section, StatusWord, Tag, Tone},
};

/// All that the page of one initiative shows.
struct InitiativePage {
    it: Initiative,
    team: Vec<TeamMember>,
    clauses: Vec<ClauseLink>,
    turns: Vec<ActivityEntry>,
    latest: Option<CheckIn>,
    checkpoints: Vec<milestones::read::PlannedCheckpoint>,
    confidences: Vec<read::Confidence>,
    reminders_sent: Vec<reminders::read::Reminder>,
    charter: Option<Standing>,
    closing: Option<Standing>,
    milestones: Vec<milestones::read::MilestoneRow>,
    decisions: Vec<decisions::read::DecisionRow>,
    kpis: Vec<kpis::read::Kpi>,
    goals: Vec<ServedGoal>,
    over_caps: Vec<read::OverCap>,
}

pub async fn show(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    Page::cache_for_reader(&viewer, ROOM, "initiative", number, async || {
        let it = read::one(&viewer, number).await?;
        let whole = InitiativePage {
            team: read::team(&viewer, it.id).await?,
            clauses: read::clauses(&viewer, it.id).await?,
            turns: read::turns(&viewer, it.id, 20).await?,
            latest: read::latest(&viewer, number).await?,
            checkpoints: milestones::read::planned_of_initiative(&viewer, it.id).await?,
            confidences: read::confidences(&viewer, it.id).await?,
            reminders_sent: reminders::read::reminders_of(
                &viewer,
                reminders::ReminderKind::CheckIn,
                it.id.uuid(),
                it.next_check_in_on,
            )
            .await?,
            charter: current(&viewer, Kind::Charter, it.id.uuid())
                .await?
                .map(|(standing, _)| standing),
            closing: current(&viewer, Kind::Retrospective, it.id.uuid())
                .await?
                .map(|(standing, _)| standing),
            milestones: milestones::read::of_initiative(&viewer, it.id).await?,
            decisions: decisions::read::of_initiative(&viewer, it.id).await?,
            kpis: kpis::read::of_initiative(&viewer, it.id).await?,
            goals: read::goals(&viewer, it.id).await?,
            over_caps: read::over_caps(&viewer, it.id).await?,
            it,
        };
        Ok(Page::new(&viewer, ROOM, whole.it.title.clone(), move |viewer| {
            view(&viewer, whole)
        }))
    })
    .await
}

#[expect(clippy::too_many_lines, reason = "one page")]
fn view(viewer: &Viewer, whole: InitiativePage) -> impl IntoView + use<> {
    let InitiativePage {
        it,
        team,
        clauses,
        turns,
        latest,
        checkpoints,
        confidences,
        reminders_sent,
        charter,
        closing,
        milestones,
        decisions,
        kpis,
        goals,
        over_caps,
    } = whole;
    let status = it.status(viewer);
    let today = viewer.today();
    let team_ids: Vec<_> = team.iter().map(|member| member.id).chain(it.leads()).collect();
    let plan = viewer.may(Action::PlanWork { team: &team_ids }) && !it.phase.is_over();
    // What is out of date says itself since when.
    let is_outdated = matches!(status, InitiativeStatus::Outdated(_));
    let said = it.next_check_in_on.filter(|_| !is_outdated).map(|day| {
        let verb = if day < today {
            "check-in was due"
        } else {
            "next check-in"
        };
        format!("{verb} {} · ", day.format(today))
    });
    let detail = status.detail().map(|detail| format!("{detail} · "));
    let path = viewer.path(&it.path());
    let new_milestone = plan.then(|| format!("{path}/milestones/new"));
    let new_decision = viewer
        .may(Action::AskDecision)
        .then(|| viewer.path(&format!("decisions/new?initiative={}", it.id)));
    let actions = actions(viewer, &it, charter.as_ref());
    let blocking = blocking_decisions(viewer, &decisions);
    let awaited_charter = charter.filter(|standing| !standing.is_sealed() && !it.phase.is_over());
    let (for_milestones, for_decisions, for_kpis) = (viewer.clone(), viewer.clone(), viewer.clone());
    view! {
        <Crumb href=viewer.path("initiatives") text="Initiatives" />
        <header class="page-head">
            <div>
                <h1>{it.title.clone()}</h1>
                <p class="standing">
                    <Pill word=status.word() />
                    <span class="faint">
                        {detail}{said}{it.starts_on.format_span(it.due_on, today)}
                    </span>
                </p>
                {awaited_charter.map(|standing| charter::line(viewer, &it, standing))}
                {closing
                    .filter(|_| !it.phase.is_over())
                    .map(|standing| closing_line(viewer, &path, standing))}
                {blocking}
            </div>
            {actions}
        </header>
        <p class="prose lead">{it.purpose.clone()}</p>
        {latest.map(|latest| check_in::card(viewer, &it, &latest, &path))}
        {progress_charts(viewer, &it, &checkpoints, &confidences)}
        {reminders_line(viewer, &reminders_sent)}
        {over_caps.into_iter().map(|over| cap_line(viewer, &over)).collect_view()}
        <Section title="Milestones" aside=format!("{}", milestones.len())>
            {if milestones.is_empty() {
                view! { <p class="faint">"None yet."</p> }.into_any()
            } else {
                view! { <milestones::page::Rows rows=milestones viewer=for_milestones named=false /> }
                    .into_any()
            }}
            {new_milestone
                .map(|href| {
                    view! {
                        <p>
                            <a class="button" href=href>
                                "Add a milestone"
                            </a>
                        </p>
                    }
                })}
        </Section>
        <Section title="Decisions" aside=format!("{}", decisions.len())>
            {if decisions.is_empty() {
                view! { <p class="faint">"None yet."</p> }.into_any()
            } else {
                view! { <decisions::page::Rows rows=decisions viewer=for_decisions /> }.into_any()
            }}
            {new_decision
                .map(|href| {
                    view! {
                        <p>
                            <a class="button" href=href>
                                "New decision"
                            </a>
                        </p>
                    }
                })}
        </Section>
        {facts(viewer, &it, &team, &clauses, goals)}
        <Section
            title="KPIs"
            aside=kpis::page::rollup_label(kpis.iter().map(|kpi| (kpi.title.as_str(), kpi.stand(today))))
                .unwrap_or_default()
        >
            {if kpis.is_empty() {
                view! { <p class="faint">"No KPIs yet. Link KPIs to this initiative with “Change”."</p> }
                    .into_any()
            } else {
                view! { <kpis::page::Cards cards=kpis viewer=for_kpis /> }.into_any()
            }}
        </Section>
        {history(viewer, &path, turns)}
    }
}

/// The decisions that are late or disputed: they hold the work up.
fn blocking_decisions(viewer: &Viewer, decisions: &[decisions::read::DecisionRow]) -> impl IntoView + use<> {
    decisions
        .iter()
        .map(|decision| (decision, decision.status(viewer)))
        .filter(|(_, status)| status.word().tone() == Tone::OffTrack)
        .map(|(decision, status)| {
            let href = viewer.path(&format!("decisions/{}", decision.number));
            view! {
                <p class="standing">
                    <Pill word=status.word() />
                    <span>
                        "Decision: "<a href=href>{decision.question.clone()}</a>
                        <span class="faint">{format!(" · {}", status.detail())}</span>
                    </span>
                </p>
            }
        })
        .collect_view()
}

fn actions(viewer: &Viewer, it: &Initiative, charter: Option<&Standing>) -> impl IntoView + use<> {
    let path = viewer.path(&it.path());
    let signs_charter = charter.and_then(|standing| standing.open_to(viewer));
    let is_asked_to_start = charter.is_some_and(|standing| standing.disputing().is_none());
    let may_manage = viewer.may(Action::ManageInitiative { leads: it.leads() });
    let checks_in = viewer.may(Action::CheckIn { leads: it.leads() }) && it.phase == Phase::Active;
    let moves = (may_manage && !it.phase.is_over()).then(|| {
        it.phase
            .next()
            .iter()
            .filter(|phase| !(is_asked_to_start && it.phase == Phase::Proposed && **phase == Phase::Active))
            .map(|phase| {
                let verb = if it.phase == Phase::Paused && *phase == Phase::Active {
                    "Resume"
                } else {
                    phase.verb()
                };
                view! {
                    <a class="button" href=format!("{path}/phase?to={}", phase.as_str())>
                        {verb}
                        "…"
                    </a>
                }
            })
            .collect_view()
    });
    let closes = (may_manage && it.phase.closes()).then(|| format!("{path}/close"));
    let charter_href = charter
        .is_some_and(Standing::is_sealed)
        .then(|| format!("{path}/charter"));
    let looks_back = it.phase.is_over().then(|| format!("{path}/retrospective"));
    view! {
        <div class="page-actions">
            {(may_manage && !it.phase.is_over())
                .then(|| {
                    view! {
                        <a class="button" href=format!("{path}/edit")>
                            "Change"
                        </a>
                    }
                })} {moves}
            {charter_href
                .map(|href| {
                    view! {
                        <a class="button" href=href>
                            "Charter"
                        </a>
                    }
                })}
            {closes
                .map(|href| {
                    view! {
                        <a class="button" href=href>
                            "Close…"
                        </a>
                    }
                })}
            {looks_back
                .map(|href| {
                    view! {
                        <a class="button" href=href>
                            "Retrospective"
                        </a>
                    }
                })}
            {signs_charter
                .map(|side| {
                    view! {
                        <a class="button is-primary" href=format!("{path}/charter/sign")>
                            {format!("Sign for {}…", side.name())}
                        </a>
                    }
                })}
            {checks_in
                .then(|| {
                    view! {
                        <a class="button is-primary" href=format!("{path}/check-in")>
                            "Check in"
                        </a>
                    }
                })}
        </div>
    }
}

fn closing_line(viewer: &Viewer, path: &str, standing: Standing) -> impl IntoView + use<> {
    let href = format!("{path}/retrospective");
    view! {
        <p class="faint">
            "Both co-leads are asked to close it: "<a href=href>"read the retrospective"</a>"."
        </p>
        <StandingLine standing=standing viewer=viewer.clone() />
    }
}

/// A side that does not have the days that this work takes, among others.
fn cap_line(viewer: &Viewer, over: &read::OverCap) -> impl IntoView + use<> {
    let href = viewer.path(&format!("capacity/{}", over.quarter_on));
    let quarter = Cadence::Quarterly.format(over.quarter_on, viewer.today());
    let words = format!(
        "{} is {} over its limit in {quarter}. This initiative is part of that.",
        over.side.name(),
        days(over.over_days)
    );
    view! {
        <p class="standing">
            <Pill word=StatusWord::OffTrack />
            <a href=href>{words}</a>
        </p>
    }
}

/// Whom the system has asked for the check-in that is due, and whom it told after that: open to whoever was
/// passed over.
fn reminders_line(viewer: &Viewer, reminders: &[reminders::read::Reminder]) -> Option<impl IntoView + use<>> {
    let today = viewer.today();
    let words = reminders::format_reminders(
        reminders
            .iter()
            .map(|one| (one.rung, one.name.as_str(), viewer.day_of(one.at))),
        today,
    );
    (!reminders.is_empty()).then(|| {
        view! {
            <p class="standing">
                <Pill word=StatusWord::NoNews />
                <span>{words}</span>
            </p>
        }
    })
}

fn people(it: &Initiative, team: &[TeamMember]) -> impl IntoView + use<> {
    let lead = |name: &str, side: crate::identity::Side| {
        let note = (it.driver_side == side).then_some(view! { <small class="faint">"Lead"</small> });
        view! {
            <li class="person">
                <Avatar name=name.to_owned() side=side.as_str() />
                <span>{name.to_owned()}" "{note}</span>
            </li>
        }
    };
    let mates = team
        .iter()
        .map(|mate| {
            let answers_for = (!mate.responsibility.is_empty())
                .then(|| view! { <small class="faint">{mate.responsibility.clone()}</small> });
            view! {
                <li class="person">
                    <Avatar name=mate.name.clone() side=mate.side.as_str() />
                    <span>{mate.name.clone()}" "{answers_for}</span>
                </li>
            }
        })
        .collect_view();
    let nobody = team.is_empty().then(|| {
        view! { <p class="faint">"No members yet. The initiative needs at least one from each side \
        to start."</p> }
    });
    view! {
        <div>
            <h2>"Co-leads"</h2>
            <ul class="plain">
                {lead(&it.marketing_name, crate::identity::Side::Marketing)}
                {lead(&it.technology_name, crate::identity::Side::Technology)}
            </ul>
        </div>
        <div>
            <h2>"Members"</h2>
            {nobody}
            <ul class="plain">{mates}</ul>
        </div>
    }
}

/// Entries that are shown before the rest is folded.
const FIRST_TURNS: usize = 4;

fn history(viewer: &Viewer, path: &str, turns: Vec<ActivityEntry>) -> impl IntoView + use<> {
    let today = viewer.today();
    let mut rows = turns
        .into_iter()
        .map(|turn| {
            let when = turn.at.map(|at| viewer.day_of(at).format(today));
            let (pill, reminders) = match (turn.phase, turn.health, turn.due_on) {
                (Some(phase), ..) => (view! { <Tag label=phase.name() /> }.into_any(), turn.note.clone()),
                (_, Some(health), _) => {
                    let next = turn
                        .next_step
                        .filter(|next| !next.is_empty())
                        .map_or_else(String::new, |next| format!(" Next: {next}"));
                    (
                        view! { <Pill word=health.word() /> }.into_any(),
                        format!("{}{next}", turn.note),
                    )
                }
                (.., due_on) => {
                    let due = due_on.map_or_else(String::new, |day| day.format(today));
                    (
                        view! { <Pill word=StatusWord::NoNews /> }.into_any(),
                        format!("No check-in for {due}."),
                    )
                }
            };
            let who = match (turn.check_in, when) {
                (Some(id), Some(when)) => {
                    let sure = turn.confidence.map_or_else(String::new, |percent| {
                        format!(
                            ", {percent}% \
                        confident"
                        )
                    });
                    let read = turn.acknowledged_by.map_or_else(
                        || {
                            " · not read \
                        yet"
                            .to_owned()
                        },
                        |name| format!(" · read by {name}"),
                    );
                    let href = format!("{path}/check-ins/{id}");
                    view! { <span class="faint">{format!("{}, \
                    ", turn.who)}<a href=href>{when}</a>{sure}{read}</span> }
                    .into_any()
                }
                (None, Some(when)) if !turn.who.is_empty() => view! { <span class="faint">{format!("{}, \
                {when}", turn.who)}</span> }
                .into_any(),
                _ => ().into_any(),
            };
            view! {
                <li class="row">
                    <span class="row-state">{pill}</span>
                    <span class="row-main">
                        <span>{reminders}</span>
                        {who}
                    </span>
                </li>
            }
        })
        .collect::<Vec<_>>();
    let earlier = if rows.len() > FIRST_TURNS + 1 {
        rows.split_off(FIRST_TURNS)
    } else {
        Vec::new()
    };
    let folded = (!earlier.is_empty()).then(|| {
        view! {
            <details class="adds">
                <summary>{format!("Show {} earlier entries", earlier.len())}</summary>
                <ul class="rows">{earlier}</ul>
            </details>
        }
    });
    view! {
        <Section title="Status history">
            <ul class="rows">{rows}</ul>
            {folded}
        </Section>
    }
}

fn facts(
    viewer: &Viewer,
    it: &Initiative,
    team: &[TeamMember],
    clauses: &[ClauseLink],
    goals: Vec<ServedGoal>,
) -> impl IntoView + use<> {
    let clause_links = clauses
        .iter()
        .map(|clause| {
            view! {
                <li>
                    <a href=viewer
                        .path(&format!("definition#clause-{}", clause.id))>{clause.title.clone()}</a>
                </li>
            }
        })
        .collect_view();
    let goal_links = goals
        .into_iter()
        .map(|goal| {
            view! {
                <li>
                    <a href=viewer.path(&format!("goals/{}", goal.number))>{goal.title}</a>
                </li>
            }
        })
        .collect::<Vec<_>>();
    let no_goal = goal_links.is_empty();
    let no_clause = clauses.is_empty();
    view! {
        <div class="facts">
            {people(it, team)} <div>
                <h2>"Serves"</h2>
                {if no_clause {
                    view! { <p class="faint">"No clause linked"</p> }.into_any()
                } else {
                    view! { <ul class="plain">{clause_links}</ul> }.into_any()
                }}
            </div> <div>
                <h2>"Goals"</h2>
                {if no_goal {
                    view! { <p class="faint">"No goal linked"</p> }.into_any()
                } else {
                    view! { <ul class="plain">{goal_links}</ul> }.into_any()
                }}
            </div>
        </div>
    }
}
