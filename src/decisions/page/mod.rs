//! The pages of decisions.

mod deadlock;

mod option;

mod outcome;

mod proposal;

mod question;

mod record;

mod scoring;

mod waiting;

mod weights;

mod tones;

use axum::extract::{Path, Query};

use leptos::prelude::*;

use serde::Deserialize;

pub use self::{
    deadlock::{rule, rule_form, state_case, statement_form},
    option::{archive_option, create_option, edit_option, new_option, update_option},
    outcome::{review, review_form},
    proposal::{propose, propose_form},
    question::{create, edit, new, update},
    record::{csv, markdown},
    scoring::{close_scoring, open_scoring, open_scoring_form, score, score_form, scores},
    waiting::{hold, release},
    weights::{edit_weights, weigh, weights},
};

use super::read::{self, Choice, Condition, Criterion, Decision, DecisionRow, Evidence, Proposal, Remark};

use crate::{
    handshake::{
        self, Kind, State, Verdict,
        components::{DigestLine, Seats, Signatures, StandingLine, standing_label},
        read::{Standing, current},
        sign_off::SignOff,
    },
    identity::{Action, Page, Viewer},
    members::{self, read::Arbiter},
    milestones,
    platform::{error::Result, form::Form, ids::OptionId, quantity::Quantity},
    rounds::{self, About, components::RoundLine, read::Round},
    technologies,
    ui::{Crumb, Empty, Pill, Section, Tone},
};

const ROOM: &str = "decisions";

const PER_PAGE: i64 = 50;

#[derive(Deserialize)]
pub struct DecisionsQuery {
    skip: Option<i64>,
}

pub async fn list(viewer: Viewer, Query(query): Query<DecisionsQuery>) -> Result<Page> {
    let count = read::count(&viewer).await?;
    let skip = query.skip.unwrap_or(0).clamp(0, (count - 1).max(0));
    let rows = read::list(&viewer, PER_PAGE, skip).await?;
    Ok(Page::new(&viewer, ROOM, "Decisions", move |viewer| {
        let may_ask = viewer.may(Action::AskDecision);
        let new = viewer.path("decisions/new");
        let more =
            (skip + PER_PAGE < count).then(|| viewer.path(&format!("decisions?skip={}", skip + PER_PAGE)));
        view! {
            <header class="page-head">
                <div>
                    <h1>"Decisions"</h1>
                    <p class="lead">"Technology choices, signed by both sides before anything is bought."</p>
                </div>
                <div class="page-actions">
                    <a class="button" href=viewer.path("technologies")>
                        "Technologies"
                    </a>
                    <a class="button" href=viewer.path("decisions/export.csv") download="decisions.csv">
                        "CSV"
                    </a>
                    {may_ask
                        .then(|| {
                            view! {
                                <a class="button is-primary" href=new.clone()>
                                    "Ask for a decision"
                                </a>
                            }
                        })}
                </div>
            </header>
            {if rows.is_empty() {
                let purpose = "A decision asks one question, weighs its options, and is made when a manager \
                    or lead of each side signs the same proposal.";
                if may_ask {
                    view! { <Empty purpose=purpose next=(new, "Ask the first question") /> }.into_any()
                } else {
                    view! { <Empty purpose=purpose /> }.into_any()
                }
            } else {
                view! {
                    <Section title="All decisions" aside=format!("{count} · undecided first, by date")>
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

/// The table of decisions.
#[component]
pub fn Rows(rows: Vec<DecisionRow>, viewer: Viewer) -> impl IntoView {
    let today = viewer.today();
    let rows = rows
        .into_iter()
        .map(|row| {
            let status = row.status(&viewer);
            view! {
                <tr>
                    <th scope="row">
                        <a href=viewer.path(&format!("decisions/{}", row.number))>{row.question}</a>
                        {row.initiative.map(|title| view! { <small class="faint">{title}</small> })}
                    </th>
                    <td data-label="Status">
                        <span class="with-seats">
                            <Seats standing=row.standing viewer=viewer.clone() />
                            <Pill tone=status.tone() label=status.label() />
                        </span>
                    </td>
                    <td data-label="Decide by">{row.decide_by.format(today)}</td>
                    <td data-label="Driver">{row.driver}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="table is-stacked">
            <thead>
                <tr>
                    <th scope="col">"Question"</th>
                    <th scope="col">"Status"</th>
                    <th scope="col">"Decide by"</th>
                    <th scope="col">"Driver"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

/// All that the page of one decision shows.
struct Whole {
    it: Decision,
    choices: Vec<Choice>,
    proposals: Vec<Proposal>,
    remarks: Vec<Remark>,
    evidence: Vec<Evidence>,
    criteria: Vec<Criterion>,
    weights: Option<Standing>,
    standing: Option<Standing>,
    round: Option<(Round, Vec<rounds::Cell>)>,
    outcomes: Vec<read::OutcomeReview>,
    technology: Option<technologies::read::Technology>,
    statements: Vec<read::Statement>,
    agreed_if: Vec<Condition>,
    waiters: Vec<read::Waiter>,
    open_milestones: Vec<(String, String)>,
    ruling: Option<read::Ruling>,
    arbiter: Option<Arbiter>,
}

async fn whole(viewer: &Viewer, number: i64) -> Result<Whole> {
    let it = read::one(viewer, number).await?;
    // The round that is open, else the newest that both sides answered.
    let mut all = rounds::read::all(viewer, About::Decision, it.id.uuid()).await?;
    let detail = all
        .iter()
        .position(|round| !round.is_closed || (round.marketing > 0 && round.technology > 0))
        .unwrap_or(0);
    let round = match (detail < all.len()).then(|| all.swap_remove(detail)) {
        Some(round) => {
            let cells = rounds::read::cells(viewer, &round).await?;
            Some((round, cells))
        }
        None => None,
    };
    Ok(Whole {
        choices: read::choices(viewer, it.id).await?,
        proposals: read::proposals(viewer, it.id).await?,
        remarks: read::remarks(viewer, it.id).await?,
        evidence: read::evidence(viewer, it.id).await?,
        criteria: read::criteria(viewer, it.id).await?,
        weights: current(viewer, Kind::Weights, it.id.uuid())
            .await?
            .map(|(standing, _)| standing),
        standing: current(viewer, Kind::Decision, it.id.uuid())
            .await?
            .map(|(standing, _)| standing),
        round,
        outcomes: read::outcomes(viewer, it.id).await?,
        technology: technologies::read::technology_of(viewer, it.id).await?,
        statements: read::statements(viewer, it.id).await?,
        agreed_if: read::conditions(viewer, it.id).await?,
        waiters: read::waiters(viewer, it.id).await?,
        open_milestones: if shapes(viewer, &it) {
            milestones::read::options(viewer).await?
        } else {
            Vec::new()
        },
        ruling: read::ruling(viewer, it.id).await?,
        arbiter: members::read::arbiter(viewer).await?,
        it,
    })
}

/// Whether the viewer may change a decision, which is final once it is signed.
fn shapes(viewer: &Viewer, it: &Decision) -> bool {
    it.signed_at.is_none() && viewer.may(Action::ShapeDecision { driver: it.driver_id })
}

pub async fn show(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    Page::cache_for_reader(&viewer, ROOM, "decision", number, async || {
        show_page(&viewer, number, Form::blank()).await
    })
    .await
}

async fn show_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    let whole = whole(viewer, number).await?;
    Ok(Page::new(
        viewer,
        ROOM,
        whole.it.question.clone(),
        move |viewer| {
            let Whole {
                it,
                choices,
                proposals,
                remarks,
                evidence,
                criteria,
                weights,
                standing,
                round,
                outcomes,
                technology,
                statements,
                agreed_if,
                waiters,
                open_milestones,
                ruling,
                arbiter,
            } = whole;
            let today = viewer.today();
            let status = handshake::read::sign_off(
                &viewer,
                standing.as_ref(),
                (ruling.is_some(), it.is_over),
                it.decide_by,
            );
            let proposed = ruling
                .as_ref()
                .map(|ruling| ruling.option_id)
                .or_else(|| standing.as_ref().and(proposals.first()).map(|p| p.option_id));
            let is_deadlocked = matches!(status, SignOff::Deadlocked(_));
            let head = match &standing {
                Some(standing) => view! {
                    <StandingLine standing=standing.clone() viewer=viewer.clone() />
                    {is_deadlocked
                        .then(|| {
                            view! {
                                <p class="standing">
                                    <Pill tone=status.tone() label=status.label() />
                                </p>
                            }
                        })}
                }
                .into_any(),
                None => view! {
                    <p class="standing">
                        <Pill tone=status.tone() label=status.label() />
                        <span class="faint">"decide by "{it.decide_by.format(today)}</span>
                    </p>
                }
                .into_any(),
            };
            let is_scored = round.as_ref().is_some_and(|(round, _)| !round.is_closed);
            let actions = actions(&viewer, &it, status, standing.as_ref(), choices.len(), is_scored);
            let shape = shapes(&viewer, &it);
            let path = viewer.path(&it.path());
            let reader = viewer.clone();
            let signatures = standing.clone().map(|standing| view! {
            <Section title="Signatures">
                <Signatures standing=standing viewer=reader who_may="A manager or the lead of this side" />
            </Section>
        });
            let earlier: Vec<Proposal> = proposals
                .iter()
                .skip(usize::from(standing.is_some()))
                .cloned()
                .collect();
            let edit = (shape && !is_scored).then(|| path.clone());
            let conditions = conditions(&viewer, &agreed_if);
            let scored = scores_card(&viewer, &it, &choices, round, weights.as_ref(), shape);
            let waiting = waiting::section(&viewer, &it, waiters, open_milestones, shape, &form);
            let driver = format!("Driver: {} · decide by {}", it.driver, it.decide_by.format_long());
            let impact = (!it.impact.is_empty()).then(|| {
                view! {
                    <p class="prose">
                        <strong>"Impact. "</strong>
                        {it.impact.clone()}
                    </p>
                }
            });
            let (context, evidence) = (it.context.clone(), rests_on(&viewer, &evidence));
            view! {
                <Crumb href=viewer.path("decisions") text="Decisions" />
                <header class="page-head">
                    <div>{eyebrow(&viewer, &it)}<h1>{it.question.clone()}</h1>{head}{chain(&viewer, &it)}</div>
                    {actions}
                </header>
                {standing
                    .as_ref()
                    .and(proposals.first())
                    .map(|proposal| proposal_card(&viewer, &it, proposal, standing.as_ref()))}
                {deadlock::section(
                    &viewer,
                    &path,
                    matches!(status, SignOff::Deadlocked(_)),
                    &statements,
                    ruling.as_ref(),
                    arbiter.as_ref(),
                )}
                {outcome::section(&viewer, outcomes)}
                <Section title="Context">
                    <p class="prose">{context}</p>
                    {impact}
                    <p class="faint">{driver}</p>
                    {evidence}
                </Section>
                <Section title="Options" aside=format!("{}", choices.len())>
                    <ChoiceTable choices=choices proposed=proposed edit=edit.clone() />
                    {edit
                        .map(|path| {
                            view! {
                                <p>
                                    <a class="button" href=format!("{path}/options/new")>
                                        "Add an option"
                                    </a>
                                </p>
                            }
                        })}
                </Section>
                {weights_card(&viewer, &it, &criteria, weights.as_ref(), shape)}
                {scored}
                {signatures}
                {conditions}
                {waiting}
                {technology.map(|technology| register_card(&viewer, &technology))}
                {earlier_proposals(&viewer, earlier, &remarks)}
            }
        },
    ))
}

fn eyebrow(viewer: &Viewer, it: &Decision) -> AnyView {
    match (&it.initiative, it.initiative_number) {
        (Some(title), Some(number)) => view! {
            <p class="eyebrow">
                {format!("Decision {} · ", it.number)}
                <a href=viewer.path(&format!("initiatives/{number}"))>{title.clone()}</a>
            </p>
        }
        .into_any(),
        _ => view! { <p class="eyebrow">{format!("Decision {}", it.number)}</p> }.into_any(),
    }
}

/// What it supersedes, and what superseded it.
fn chain(viewer: &Viewer, it: &Decision) -> impl IntoView + use<> {
    let link = |number: i64, question: &str| {
        let (href, question) = (viewer.path(&format!("decisions/{number}")), question.to_owned());
        view! { <a href=href>{format!("decision {number}, {question}")}</a> }
    };
    let earlier = it
        .earlier_number
        .zip(it.earlier.as_deref())
        .map(|(number, question)| {
            let verb = if it.signed_at.is_some() {
                "Supersedes "
            } else {
                "Would supersede "
            };
            view! { <p class="faint">{verb}{link(number, question)}</p> }
        });
    let later = it
        .later_number
        .zip(it.later.as_deref())
        .map(|(number, question)| {
            let (tone, word) = if it.later_signed_at.is_some() {
                (Tone::Outdated, "Superseded")
            } else {
                (Tone::AtRisk, "Asked again")
            };
            view! {
                <p class="standing">
                    <Pill tone=tone label=word />
                    <span>"by "{link(number, question)}</span>
                </p>
            }
        });
    view! {
        {earlier}
        {later}
    }
}

fn actions(
    viewer: &Viewer,
    it: &Decision,
    status: SignOff,
    standing: Option<&Standing>,
    options: usize,
    is_scored: bool,
) -> impl IntoView + use<> {
    let path = viewer.path(&it.path());
    let signed = it.signed_at.is_some();
    let may_shape = viewer.may(Action::ShapeDecision { driver: it.driver_id });
    let shape = shapes(viewer, it);
    let open_side = standing.and_then(|standing| standing.open_to(viewer));
    let withdrawable = standing.is_some_and(|standing| standing.may_be_withdrawn_by(viewer));
    let needs_proposal = shape
        && !is_scored
        && matches!(
            status,
            SignOff::Open | SignOff::Overdue(_) | SignOff::Objected(_) | SignOff::Deadlocked(_)
        )
        && options > 1;
    let is_due = it.review_on.is_some_and(|day| day <= viewer.today());
    let may_ask_again = signed && it.later_number.is_none() && viewer.may(Action::AskDecision);
    let again = viewer.path(&format!("decisions/new?supersedes={}", it.id));
    view! {
        <div class="page-actions">
            <a class="button" href=format!("{path}/record.md") download=format!("decision-{}.md", it.number)>
                "Markdown"
            </a>
            {shape
                .then(|| {
                    view! {
                        <a class="button" href=format!("{path}/edit")>
                            "Change"
                        </a>
                    }
                })}
            {may_ask_again
                .then(|| {
                    view! {
                        <a class="button" href=again>
                            "Ask again"
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
            {(may_shape && signed)
                .then(|| {
                    view! {
                        <a
                            class=if is_due { "button is-primary" } else { "button" }
                            href=format!("{path}/review")
                        >
                            "Tell the outcome…"
                        </a>
                    }
                })}
            {needs_proposal
                .then(|| {
                    view! {
                        <a class="button is-primary" href=format!("{path}/propose")>
                            "Propose an option…"
                        </a>
                    }
                })}
            {open_side
                .map(|side| {
                    view! {
                        <a class="button is-primary" href=format!("{path}/sign")>
                            {format!("Sign for {}…", side.name())}
                        </a>
                    }
                })}
        </div>
    }
}

fn rests_on(viewer: &Viewer, evidence: &[Evidence]) -> Option<impl IntoView + use<>> {
    let links = evidence
        .iter()
        .map(|one| {
            let (kind, href) = match (one.clause_id, one.kpi_id) {
                (Some(id), _) => ("Clause", Some(viewer.path(&format!("{}{id}", one.path)))),
                (_, Some(_)) => ("KPI", Some(viewer.path(&one.path))),
                _ => ("Link", crate::ui::part::safe_href(&one.path)),
            };
            let title = one.title.clone();
            let linked = match href {
                Some(href) if kind == "Link" => view! {
                    <a href=href rel="nofollow noopener noreferrer">
                        {title}
                    </a>
                }
                .into_any(),
                Some(href) => view! { <a href=href>{title}</a> }.into_any(),
                None => view! { <span>{title}</span> }.into_any(),
            };
            view! {
                <li>
                    <span class="faint">{kind}" "</span>
                    {linked}
                </li>
            }
        })
        .collect::<Vec<_>>();
    (!links.is_empty()).then(|| view! { <ul class="plain evidence">{links}</ul> })
}

fn weights_card(
    viewer: &Viewer,
    it: &Decision,
    criteria: &[Criterion],
    weights: Option<&Standing>,
    shape: bool,
) -> Option<impl IntoView + use<>> {
    if criteria.is_empty() && !shape {
        return None;
    }
    let path = viewer.path(&format!("{}/weights", it.path()));
    let detail = standing_label(weights, viewer.zone(), viewer.today());
    let open = weights.is_some_and(|weights| weights.open_to(viewer).is_some());
    let seats = weights
        .cloned()
        .map(|weights| view! { <Seats standing=Some(weights) viewer=viewer.clone() /> });
    let body = if criteria.is_empty() {
        view! {
            <p class="faint">
                "None. A contested choice gets a fair comparison when both sides agree on what counts before \
                    anybody scores."
            </p>
            <p>
                <a class="button" href=format!("{path}/edit")>
                    "Write the criteria"
                </a>
            </p>
        }
        .into_any()
    } else {
        let verb = if open {
            "Read and sign the weights"
        } else {
            "Read the weights"
        };
        view! {
            <p class="with-seats">{seats}<span>{detail}</span></p>
            <weights::CriteriaTable criteria=read::as_signed(criteria.to_vec()) />
            <p>
                <a class=if open { "button is-primary" } else { "button" } href=path>
                    {verb}
                </a>
            </p>
        }
        .into_any()
    };
    Some(view! {
        <Section title="What counts" aside=format!("{} criteria", criteria.len())>
            {body}
        </Section>
    })
}

fn scores_card(
    viewer: &Viewer,
    it: &Decision,
    choices: &[Choice],
    round: Option<(Round, Vec<rounds::Cell>)>,
    weights: Option<&Standing>,
    shape: bool,
) -> Option<AnyView> {
    let path = viewer.path(&it.path());
    let sealed = weights.is_some_and(|weights| matches!(weights.state, State::Sealed { .. }));
    let is_open = round.as_ref().is_some_and(|(round, _)| !round.is_closed);
    let opens = (shape && sealed && !is_open).then(|| {
        let verb = if round.is_some() {
            "Score once more…"
        } else {
            "Open scoring…"
        };
        view! {
            <a class="button" href=format!("{path}/scoring/open")>
                {verb}
            </a>
        }
    });
    let Some((round, cells)) = round else {
        return opens.map(|opens| {
            view! {
                <Section title="Scores">
                    <p>"The weights are agreed. Both sides can score now, without seeing each other."</p>
                    <p>{opens}</p>
                </Section>
            }
            .into_any()
        });
    };
    let now: Vec<(String, &str)> = choices
        .iter()
        .map(|choice| (choice.id.to_string(), choice.title.as_str()))
        .collect();
    let has_changed = round.is_closed
        && (round.sheet.things.len() != now.len()
            || !round.sheet.things.iter().all(|thing| {
                now.iter()
                    .any(|(id, title)| *id == thing.id && *title == thing.title)
            }));
    let stale = has_changed.then(|| {
        view! {
            <p class="standing">
                <Pill tone=Tone::Outdated label="Scored before the options changed" />
                <span>"What was scored is not what is chosen from now."</span>
            </p>
        }
    });
    let found = (round.is_closed
        && cells
            .iter()
            .any(|cell| cell.marketing.count + cell.technology.count > 0))
    .then(|| {
        let detail = scoring::sentences(&round.sheet, &cells)
            .into_iter()
            .map(|sentence| view! { <li>{sentence}</li> })
            .collect_view();
        view! {
            <ul class="findings">{detail}</ul>
            <scoring::Totals sheet=round.sheet.clone() cells=cells />
        }
    });
    let number = round.number;
    let may_answer = is_open && viewer.may(Action::SpeakForSide);
    let verb = if round.own.is_some() {
        "Change my scores"
    } else {
        "Score the options"
    };
    let (href, reader) = (path.clone(), viewer.clone());
    Some(
        view! {
            <Section title="Scores">
                <RoundLine round=round viewer=reader />
                {stale}
                {found}
                <div class="page-actions">
                    {may_answer
                        .then(|| {
                            view! {
                                <a class="button is-primary" href=format!("{path}/score")>
                                    {verb}
                                </a>
                            }
                        })} <a class="button" href=format!("{path}/scores")>
                        "All scores"
                    </a>
                    {(is_open && shape)
                        .then(|| {
                            view! {
                                <form method="post" action=format!("{href}/scoring/close")>
                                    <input type="hidden" name="round" value=number />
                                    <button class="button" type="submit">
                                        "Close the round"
                                    </button>
                                </form>
                            }
                        })} {opens}
                </div>
            </Section>
        }
        .into_any(),
    )
}

fn register_card(viewer: &Viewer, technology: &technologies::read::Technology) -> impl IntoView + use<> {
    let href = viewer.path(&format!("technologies/{}", technology.number));
    let (name, stage) = (technology.name.clone(), technology.stage);
    view! {
        <Section title="In the register">
            <p>
                <a href=href>{name}</a>
                {format!(" stands at {}.", stage.name().to_lowercase())}
            </p>
        </Section>
    }
}

fn proposal_card(
    viewer: &Viewer,
    it: &Decision,
    proposal: &Proposal,
    standing: Option<&Standing>,
) -> impl IntoView + use<> {
    let when = viewer.day_of(proposal.at).format(viewer.today());
    let digest = standing.map(|standing| standing.digest.clone());
    let stage = it.stage.map_or_else(
        || "Enters nothing in the register".to_owned(),
        |stage| format!("Enters the register at {}", stage.name().to_lowercase()),
    );
    let asked_on = it.review_on.map_or_else(String::new, |day| {
        format!(" · its outcome is asked for on {}", day.format(viewer.today()))
    });
    view! {
        <div class="card record">
            <p class="faint">{format!("Proposed {when} by {}", proposal.who)}</p>
            <p class="proposal prose">
                <strong>{proposal.option.clone()}</strong>
                " "
                {proposal.rationale.clone()}
            </p>
            <p class="faint">{stage}{asked_on}</p>
            {digest
                .map(|digest| {
                    view! {
                        <DigestLine
                            digest=digest
                            covers="the question, the context, the impact, the evidence, every option, the \
                                criteria, the scores, this proposal and its conditions"
                        />
                    }
                })}
        </div>
    }
}

/// Options side by side; `edit` is the decision's path when they may be changed.
#[component]
fn ChoiceTable(choices: Vec<Choice>, proposed: Option<OptionId>, edit: Option<String>) -> impl IntoView {
    if choices.is_empty() {
        return view! { <p class="faint">"None yet. A choice needs at least two; leaving things as they are \
        can be one."</p> }
        .into_any();
    }
    let cost = |cost: Option<Quantity>| cost.map_or_else(|| "–".to_owned(), Quantity::format);
    let rows = choices
        .into_iter()
        .map(|choice| {
            let label = format!("Change the option {}", choice.title);
            let has_effort = !(choice.effort.is_empty() && choice.risk.is_empty());
            view! {
                <tr class=(Some(choice.id) == proposed).then_some("is-chosen")>
                    <th scope="row">
                        {choice.title}
                        {(Some(choice.id) == proposed).then(|| view! { <small>"Proposed"</small> })}
                    </th>
                    <td data-label="Advantages" class="prose">
                        {choice.advantages}
                    </td>
                    <td data-label="Drawbacks" class="prose">
                        {choice.drawbacks}
                    </td>
                    <td data-label=has_effort.then_some("Effort and risk") class="prose">
                        {choice.effort}
                        {(!choice.risk.is_empty())
                            .then(|| view! { <small class="faint">{choice.risk}</small> })}
                    </td>
                    <td data-label="One-off cost" class="number">
                        {cost(choice.one_off_cost)}
                    </td>
                    <td data-label="Yearly cost" class="number">
                        {cost(choice.yearly_cost)}
                    </td>
                    {edit
                        .clone()
                        .map(|path| {
                            view! {
                                <td class="row-actions">
                                    <a
                                        class="button is-small"
                                        href=format!("{path}/options/{}/edit", choice.id)
                                        aria-label=label
                                    >
                                        "Change"
                                    </a>
                                </td>
                            }
                        })}
                </tr>
            }
        })
        .collect_view();
    let actions = edit.is_some();
    view! {
        <table class="table is-stacked options">
            <thead>
                <tr>
                    <th scope="col">"Option"</th>
                    <th scope="col">"Advantages"</th>
                    <th scope="col">"Drawbacks"</th>
                    <th scope="col">"Effort and risk"</th>
                    <th scope="col" class="number">
                        "One-off cost"
                    </th>
                    <th scope="col" class="number">
                        "Yearly cost"
                    </th>
                    {actions
                        .then(|| {
                            view! {
                                <th scope="col">
                                    <span class="visually-hidden">"Actions"</span>
                                </th>
                            }
                        })}
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

pub(super) fn conditions(viewer: &Viewer, conditions: &[Condition]) -> Option<impl IntoView + use<>> {
    let today = viewer.today();
    let rows = conditions
        .iter()
        .map(|condition| {
            let detail = format!(
                "{}, {} · {} by {} · ",
                condition.signer,
                condition.side.name(),
                condition.owner,
                condition.due_on.format(today)
            );
            let href = viewer.path(&format!("milestones/{}", condition.milestone_number));
            view! {
                <li class="row">
                    <span class="row-main">
                        <strong>{condition.body.clone()}</strong>
                        <span class="faint">{detail}<a href=href>{condition.milestone.clone()}</a></span>
                    </span>
                </li>
            }
        })
        .collect::<Vec<_>>();
    (!rows.is_empty()).then(|| {
        view! {
            <Section title="Conditions">
                <ul class="rows">{rows}</ul>
            </Section>
        }
    })
}

fn earlier_proposals(
    viewer: &Viewer,
    earlier: Vec<Proposal>,
    remarks: &[Remark],
) -> Option<impl IntoView + use<>> {
    let today = viewer.today();
    let objections = remarks
        .iter()
        .filter(|remark| remark.verdict == Verdict::Object)
        .map(|remark| {
            view! {
                <li class="row">
                    <Pill tone=Tone::OffTrack label=format!("{} objected", remark.side.name()) />
                    <span class="row-main">
                        <span>{remark.reason.clone()}</span>
                        <span class="faint">
                            {format!("{}, {}", remark.signer, viewer.day_of(remark.at).format(today))}
                        </span>
                    </span>
                </li>
            }
        })
        .collect::<Vec<_>>();
    let rows = earlier
        .into_iter()
        .map(|proposal| {
            view! {
                <li class="row">
                    <Pill tone=Tone::Quiet label="Not signed" />
                    <span class="row-main">
                        <strong>{proposal.option}</strong>
                        <span>{proposal.rationale}</span>
                        <span class="faint">
                            {format!("{}, {}", proposal.who, viewer.day_of(proposal.at).format(today))}
                        </span>
                    </span>
                </li>
            }
        })
        .collect::<Vec<_>>();
    (!rows.is_empty() || !objections.is_empty()).then(|| {
        view! {
            <Section title="What led here">
                <ul class="rows">{objections}{rows}</ul>
            </Section>
        }
    })
}
