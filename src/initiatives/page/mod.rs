//! The pages of initiatives.

mod check_in;

mod close;

mod phase;

mod plan;

mod tones;

pub use self::{
    check_in::{
        acknowledge, check_in, check_in_form, comment, correct_check_in, edit_check_in, one_check_in,
    },
    close::{close, close_form, retrospective, take_back},
    phase::{phase_form, phase_post},
    plan::{create, edit, new, update},
};

use axum::extract::{Path, Query};

use leptos::prelude::*;

use serde::Deserialize;

use super::{
    Phase,
    read::{self, CheckIn, Initiative, InitiativeRow, TeamMember, Turn},
};

use crate::{
    decisions,
    handshake::{
        Kind,
        components::StandingLine,
        read::{Standing, current},
    },
    identity::{Action, Page, Viewer},
    kpis, milestones,
    platform::error::Result,
    reminders,
    ui::{Avatar, Avatars, Crumb, Empty, Pill, Progress, Section, Tone},
};

const ROOM: &str = "initiatives";

const PER_PAGE: i64 = 50;

#[derive(Deserialize)]
pub struct InitiativesQuery {
    skip: Option<i64>,
}

pub async fn list(viewer: Viewer, Query(query): Query<InitiativesQuery>) -> Result<Page> {
    let counts = read::counts(&viewer).await?;
    let skip = query.skip.unwrap_or(0).clamp(0, (counts.total - 1).max(0));
    let rows = read::list(&viewer, PER_PAGE, skip).await?;
    Ok(Page::new(&viewer, ROOM, "Initiatives", move |viewer| {
        let may_start = viewer.may(Action::StartInitiative);
        let new = viewer.path("initiatives/new");
        let more = (skip + PER_PAGE < counts.total)
            .then(|| viewer.path(&format!("initiatives?skip={}", skip + PER_PAGE)));
        view! {
            <header class="page-head">
                <div>
                    <h1>"Initiatives"</h1>
                    <p class="lead">"Cross-team work, with a co-lead from each side."</p>
                </div>
                <div class="page-actions">
                    <a class="button" href=viewer.path("capacity")>
                        "Capacity"
                    </a>
                    {may_start
                        .then(|| {
                            view! {
                                <a class="button is-primary" href=new.clone()>
                                    "Propose an initiative"
                                </a>
                            }
                        })}
                </div>
            </header>
            {if rows.is_empty() {
                let purpose = "An initiative is work of both sides that serves the definition. It has a \
                    co-lead from Marketing and one from Technology.";
                if may_start {
                    view! { <Empty purpose=purpose next=(new, "Propose the first one") /> }.into_any()
                } else {
                    view! { <Empty purpose=purpose /> }.into_any()
                }
            } else {
                view! {
                    <Section
                        title="All initiatives"
                        aside=format!(
                            "{} · {} active, {} paused",
                            counts.total,
                            counts.active,
                            counts.paused,
                        )
                    >
                        <Rows rows=rows viewer=viewer.clone() />
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
        }
    }))
}

/// The table of initiatives: the same on the overview.
#[component]
pub fn Rows(rows: Vec<InitiativeRow>, viewer: Viewer) -> impl IntoView {
    let today = viewer.today();
    let rows = rows
        .into_iter()
        .map(|row| {
            let status = row.status(&viewer);
            let confidence = row
                .confidence
                .filter(|_| row.phase == Phase::Active)
                .map(|percent| format!("{percent} % confident"));
            let slips = match row.slips {
                0 => None,
                1 => Some("1 slip in its milestones".to_owned()),
                count => Some(format!("{count} slips in its milestones")),
            };
            view! {
                <tr>
                    <th scope="row">
                        <a href=viewer.path(&format!("initiatives/{}", row.number))>{row.title}</a>
                    </th>
                    <td data-label="Status">
                        <Pill tone=status.tone() label=status.label() />
                        {confidence.map(|confidence| view! { <small class="faint">{confidence}</small> })}
                    </td>
                    <td data-label="Checkpoints">
                        <Progress passed=row.passed of=row.checkpoints unaccepted=row.unaccepted />
                    </td>
                    <td data-label="Next step">
                        {row.next_step.unwrap_or_else(|| "No check-in yet".to_owned())}
                    </td>
                    <td data-label="Due">
                        {row.due_on.format(today)}
                        {slips.map(|slips| view! { <small class="slip">{slips}</small> })}
                    </td>
                    <td data-label="Leads">
                        <Avatars marketing=row.marketing_lead technology=row.technology_lead />
                    </td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="table is-stacked">
            <thead>
                <tr>
                    <th scope="col">"Initiative"</th>
                    <th scope="col">"Status"</th>
                    <th scope="col">"Checkpoints"</th>
                    <th scope="col">"Next step"</th>
                    <th scope="col">"Due"</th>
                    <th scope="col">"Leads"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

/// All that the page of one initiative shows.
struct Whole {
    it: Initiative,
    team: Vec<TeamMember>,
    clauses: Vec<read::ClauseLink>,
    turns: Vec<Turn>,
    latest: Option<CheckIn>,
    reminders_sent: Vec<reminders::read::Reminder>,
    closing: Option<Standing>,
    milestones: Vec<milestones::read::MilestoneRow>,
    decisions: Vec<decisions::read::DecisionRow>,
    kpis: Vec<kpis::read::Kpi>,
    goals: Vec<read::ServedGoal>,
}

pub async fn show(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    Page::cache_for_reader(&viewer, ROOM, "initiative", number, async || {
        let it = read::one(&viewer, number).await?;
        let whole = Whole {
            team: read::team(&viewer, it.id).await?,
            clauses: read::clauses(&viewer, it.id).await?,
            turns: read::turns(&viewer, it.id, 20).await?,
            latest: read::latest(&viewer, number).await?,
            reminders_sent: reminders::read::reminders_of(
                &viewer,
                reminders::ReminderKind::CheckIn,
                it.id.uuid(),
                it.next_check_in_on,
            )
            .await?,
            closing: current(&viewer, Kind::Retrospective, it.id.uuid())
                .await?
                .map(|(standing, _)| standing),
            milestones: milestones::read::of_initiative(&viewer, it.id).await?,
            decisions: decisions::read::of_initiative(&viewer, it.id).await?,
            kpis: kpis::read::of_initiative(&viewer, it.id).await?,
            goals: read::goals(&viewer, it.id).await?,
            it,
        };
        Ok(Page::new(&viewer, ROOM, whole.it.title.clone(), move |viewer| {
            view(&viewer, whole)
        }))
    })
    .await
}

fn view(viewer: &Viewer, whole: Whole) -> impl IntoView + use<> {
    let Whole {
        it,
        team,
        clauses,
        turns,
        latest,
        reminders_sent,
        closing,
        milestones,
        decisions,
        kpis,
        goals,
    } = whole;
    let status = it.status(viewer);
    let today = viewer.today();
    let team_ids: Vec<_> = team.iter().map(|member| member.id).chain(it.leads()).collect();
    let plan = viewer.may(Action::PlanWork { team: &team_ids }) && !it.phase.is_over();
    let said = it
        .next_check_in_on
        .map(|day| format!("next check-in {} · ", day.format(today)));
    let clause_links = clauses
        .iter()
        .map(|clause| view! {
            <li>
                <a href=viewer.path(&format!("definition#clause-{}", clause.id))>{clause.title.clone()}</a>
            </li>
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
    let path = viewer.path(&it.path());
    let new_milestone = plan.then(|| format!("{path}/milestones/new"));
    let new_decision = viewer
        .may(Action::AskDecision)
        .then(|| viewer.path(&format!("decisions/new?initiative={}", it.id)));
    let (for_milestones, for_decisions, for_kpis) = (viewer.clone(), viewer.clone(), viewer.clone());
    view! {
        <Crumb href=viewer.path("initiatives") text="Initiatives" />
        <header class="page-head">
            <div>
                <h1>{it.title.clone()}</h1>
                <p class="standing">
                    <Pill tone=status.tone() label=status.label() />
                    <span class="faint">
                        {said}{it.starts_on.format(today)}" to "{it.due_on.format(today)}
                    </span>
                </p>
                {closing
                    .filter(|_| !it.phase.is_over())
                    .map(|standing| closing_line(viewer, &path, standing))}
            </div>
            {actions(viewer, &it)}
        </header>
        <p class="prose lead">{it.purpose.clone()}</p>
        {latest.map(|latest| check_in::card(viewer, &it, &latest, &path))}
        {reminders_line(viewer, &reminders_sent)}
        <div class="facts">
            {people(&it, &team)} <div>
                <h2>"Serves"</h2>
                {if no_clause {
                    view! { <p class="faint">"No clause of the definition"</p> }.into_any()
                } else {
                    view! { <ul class="plain">{clause_links}</ul> }.into_any()
                }}
            </div> <div>
                <h2>"Goals"</h2>
                {if no_goal {
                    view! { <p class="faint">"None names it yet"</p> }.into_any()
                } else {
                    view! { <ul class="plain">{goal_links}</ul> }.into_any()
                }}
            </div>
        </div>
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
                                "Ask for a decision"
                            </a>
                        </p>
                    }
                })}
        </Section>
        <Section
            title="KPIs"
            aside=kpis::page::rollup_label(kpis.iter().map(|kpi| (kpi.title.as_str(), kpi.stand(today))))
                .unwrap_or_default()
        >
            {if kpis.is_empty() {
                view! { <p class="faint">"None yet. “Change” links KPIs to this initiative."</p> }
                    .into_any()
            } else {
                view! { <kpis::page::Cards cards=kpis viewer=for_kpis /> }.into_any()
            }}
        </Section>
        {history(viewer, &path, turns)}
    }
}

fn actions(viewer: &Viewer, it: &Initiative) -> impl IntoView + use<> {
    let path = viewer.path(&it.path());
    let may_manage = viewer.may(Action::ManageInitiative { leads: it.leads() });
    let checks_in = viewer.may(Action::CheckIn { leads: it.leads() }) && it.phase == Phase::Active;
    let moves = (may_manage && !it.phase.is_over()).then(|| {
        it.phase
            .next()
            .iter()
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
        <p class="faint">"It is proposed to close it: "<a href=href>"read the retrospective"</a>"."</p>
        <StandingLine standing=standing viewer=viewer.clone() />
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
                <Pill tone=Tone::Outdated label="Check-in owed" />
                <span>{words}</span>
            </p>
        }
    })
}

fn people(it: &Initiative, team: &[TeamMember]) -> impl IntoView + use<> {
    let lead = |name: &str, side: crate::identity::Side| {
        let note = (it.driver_side == side).then_some(view! { <small class="faint">"drives it"</small> });
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
    let nobody = team
        .is_empty()
        .then(|| view! { <p class="faint">"Nobody yet. It starts with at least one from each side."</p> });
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

fn history(viewer: &Viewer, path: &str, turns: Vec<Turn>) -> impl IntoView + use<> {
    let today = viewer.today();
    let rows = turns
        .into_iter()
        .map(|turn| {
            let when = turn.at.map(|at| viewer.day_of(at).format(today));
            let (pill, reminders) = match (turn.phase, turn.health, turn.due_on) {
                (Some(phase), ..) => (view! { <Pill tone=super::InitiativeStatus::Waiting(phase).tone() label=phase.name() /> }.into_any(), turn.note.clone()),
                (_, Some(health), _) => {
                    let next = turn.next_step.filter(|next| !next.is_empty()).map_or_else(String::new, |next| format!(" Next: {next}"));
                    (view! { <Pill tone=health.tone() label=health.name() /> }.into_any(), format!("{}{next}", turn.note))
                }
                (.., due_on) => {
                    let due = due_on.map_or_else(String::new, |day| day.format(today));
                    (view! { <Pill tone=Tone::Outdated label="Missed" /> }.into_any(), format!("No check-in \
                        came for {due}."))
                }
            };
            let who = match (turn.check_in, when) {
                (Some(id), Some(when)) => {
                    let sure = turn.confidence.map_or_else(String::new, |percent| format!(", {percent} % \
                        confident"));
                    let read = turn.acknowledged_by.map_or_else(|| " · not acknowledged".to_owned(), |name| format!(" · acknowledged by \
                        {name}"));
                    let href = format!("{path}/check-ins/{id}");
                    view! { <span class="faint">{format!("{}, ", turn.who)}<a href=href>{when}</a>{sure}{read}</span> }.into_any()
                }
                (None, Some(when)) if !turn.who.is_empty() => view! { <span class="faint">{format!("{}, \
                    {when}", turn.who)}</span> }.into_any(),
                _ => ().into_any(),
            };
            view! {
                <li class="row">
                    {pill}<span class="row-main">
                        <span>{reminders}</span>
                        {who}
                    </span>
                </li>
            }
        })
        .collect_view();
    view! {
        <Section title="Status history">
            <ul class="rows">{rows}</ul>
        </Section>
    }
}
