//! The page of one decision.

use axum::extract::Path;
use leptos::prelude::*;

use super::{
    ROOM, agreement,
    cards::{register_card, rests_on, scores_card, weights_card},
    deadlock, outcome,
    proposals::{ChoiceTable, conditions, earlier_proposals},
    waiting,
};

use crate::{
    comments,
    decisions::read::{self, Choice, CitedEvidence, Condition, Criterion, Decision, Proposal, Remark},
    decisions::write::DecisionTalk,
    handshake::{
        Kind,
        components::{RecordDetails, StandingLine, WithdrawForm},
        read::{Standing, current},
        sign_off::SignOff,
    },
    identity::{Action, Page, Viewer},
    members::{self, read::Arbiter},
    milestones,
    platform::{error::Result, form::Form, ids::OptionId},
    rounds::{self, About, read::Round},
    technologies,
    ui::{Crumb, Pill, Section, StatusWord},
};

/// All that the page of one decision shows.
struct DecisionPage {
    it: Decision,
    choices: Vec<Choice>,
    proposals: Vec<Proposal>,
    remarks: Vec<Remark>,
    evidence: Vec<CitedEvidence>,
    /// The sources that run on what was decided.
    sources: Vec<(i64, String)>,
    criteria: Vec<Criterion>,
    weights: Option<Standing>,
    standing: Option<Standing>,
    round: Option<(Round, Vec<rounds::JudgedCell>)>,
    outcomes: Vec<read::OutcomeReview>,
    technology: Option<technologies::read::Technology>,
    statements: Vec<read::Statement>,
    agreed_if: Vec<Condition>,
    waiters: Vec<read::Waiter>,
    open_milestones: Vec<(String, String)>,
    ruling: Option<read::Ruling>,
    arbiter: Option<Arbiter>,
}

async fn whole(viewer: &Viewer, number: i64) -> Result<DecisionPage> {
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
    Ok(DecisionPage {
        choices: read::choices(viewer, it.id).await?,
        proposals: read::proposals(viewer, it.id).await?,
        remarks: read::remarks(viewer, it.id).await?,
        evidence: read::evidence(viewer, it.id).await?,
        sources: read::sources_touched(viewer, it.id).await?,
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

#[expect(clippy::too_many_lines, reason = "one page")]
pub(super) async fn show_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    let whole = whole(viewer, number).await?;
    let talk = comments::page::Discussion::read::<DecisionTalk>(viewer, number, whole.it.id.uuid()).await?;
    Ok(Page::new(
        viewer,
        ROOM,
        whole.it.question.clone(),
        move |viewer| {
            let DecisionPage {
                it,
                choices,
                proposals,
                remarks,
                evidence,
                sources,
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
            let status = it.sign_off(&viewer, standing.as_ref(), ruling.is_some());
            let proposed = ruling
                .as_ref()
                .map(|ruling| ruling.option_id)
                .or_else(|| standing.as_ref().and(proposals.first()).map(|p| p.option_id));
            let head = head(&viewer, &it, standing.as_ref(), status);
            let is_scored = round.as_ref().is_some_and(|(round, _)| !round.is_closed);
            let actions = actions(&viewer, &it, status, standing.as_ref(), choices.len(), is_scored);
            let shape = shapes(&viewer, &it);
            let path = viewer.path(&it.path());
            let earlier: Vec<Proposal> = proposals
                .iter()
                .skip(usize::from(standing.is_some()))
                .cloned()
                .collect();
            let is_settled = matches!(
                status,
                SignOff::Signed
                    | SignOff::Ruled
                    | SignOff::Superseded(_)
                    | SignOff::Deadlocked(_)
                    | SignOff::LeftOpen
            );
            let ahead = (!is_settled)
                .then(|| deadlock::ahead(&viewer, standing.as_ref(), arbiter.as_ref()))
                .flatten();
            let edit = (shape && !is_scored).then(|| path.clone());
            let on_table = standing.as_ref().zip(proposals.first());
            let sealed = on_table.and_then(|(standing, proposal)| {
                let agreed = (proposal, standing);
                agreement::sealed(&viewer, &it, agreed, &agreed_if, &waiters, technology.as_ref())
            });
            let on_table = on_table
                .filter(|_| sealed.is_none())
                .map(|(standing, proposal)| agreement::card(&viewer, &it, proposal, standing));
            let conditions = conditions(&viewer, &agreed_if);
            let record = record_details(&viewer, &it, standing.as_ref());
            let scored = scores_card(
                &viewer,
                &it,
                (&choices, &criteria),
                round,
                weights.as_ref(),
                shape,
            );
            let is_decided = matches!(status, SignOff::Signed | SignOff::Ruled | SignOff::Superseded(_));
            let options = options(&viewer, choices, proposed, is_decided, edit);
            let waiting = waiting::section(&viewer, &it, waiters, open_milestones, shape, &form);
            let context = context(&viewer, &it, &evidence, sources);
            view! {
                <Crumb href=viewer.path("decisions") text="Decisions" />
                <header class="page-head">
                    <div>
                        {eyebrow(&viewer, &it)}<h1>{it.question.clone()}</h1>{head}{chain(&viewer, &it)}
                    </div>
                    {actions}
                </header>
                {sealed}
                {on_table}
                {ahead}
                {deadlock::section(
                    &viewer,
                    &path,
                    matches!(status, SignOff::Deadlocked(_)),
                    &statements,
                    ruling.as_ref(),
                    arbiter.as_ref(),
                )}
                {outcome::section(&viewer, outcomes)}
                {options}
                {scored}
                {weights_card(&viewer, &it, &criteria, weights.as_ref(), shape)}
                {context}
                {conditions}
                {waiting}
                {technology.map(|technology| register_card(&viewer, &technology))}
                {earlier_proposals(&viewer, earlier, &remarks, standing.as_ref())}
                {talk.section(&viewer)}
                {record}
            }
        },
    ))
}

fn record_details(viewer: &Viewer, it: &Decision, standing: Option<&Standing>) -> impl IntoView + use<> {
    let href = viewer.path(&format!("{}/record.md", it.path()));
    let file = format!("decision-{}.md", it.number);
    view! {
        <RecordDetails
            digest=standing.map(|standing| standing.digest.clone())
            covers="the question, the context, the impact, the evidence, every option, the criteria, the \
            scores, this proposal and its conditions"
        >
            <p>
                <a href=href download=file>
                    "Download the record as Markdown"
                </a>
            </p>
        </RecordDetails>
    }
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
                "Replaces "
            } else {
                "Would replace "
            };
            view! { <p class="faint">{verb}{link(number, question)}</p> }
        });
    let later = it
        .later_number
        .zip(it.later.as_deref())
        .map(|(number, question)| {
            let (word, words) = if it.later_signed_at.is_some() {
                (StatusWord::Ended, "Replaced by ")
            } else {
                (StatusWord::Open, "Reopened as ")
            };
            view! {
                <p class="standing">
                    <Pill word=word />
                    <span>{words}{link(number, question)}</span>
                </p>
            }
        });
    view! {
        {earlier}
        {later}
    }
}

pub(super) fn actions(
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
    let withdrawable = standing.and_then(|standing| standing.given_by(viewer));
    let needs_proposal = shape
        && !is_scored
        && matches!(
            status,
            SignOff::Open | SignOff::Overdue(_) | SignOff::Objected(_) | SignOff::Deadlocked(_)
        )
        && options > 1;
    // Once the arbiter is called, a new proposal is a way out and not the next step.
    let proposes = if matches!(status, SignOff::Deadlocked(_)) {
        "button"
    } else {
        "button is-primary"
    };
    let is_due = it.review_on.is_some_and(|day| day <= viewer.today());
    let may_ask_again = signed && it.later_number.is_none() && viewer.may(Action::AskDecision);
    let again = viewer.path(&format!("decisions/new?supersedes={}", it.id));
    view! {
        <div class="page-actions">
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
                            "Reopen as a new decision"
                        </a>
                    }
                })} {withdrawable.map(|given| view! { <WithdrawForm given=given action=format!("{path}/withdraw") /> })}
            {(may_shape && signed)
                .then(|| {
                    view! {
                        <a
                            class=if is_due { "button is-primary" } else { "button" }
                            href=format!("{path}/review")
                        >
                            "Record the result…"
                        </a>
                    }
                })}
            {needs_proposal
                .then(|| {
                    view! {
                        <a class=proposes href=format!("{path}/propose")>
                            "Propose an option…"
                        </a>
                    }
                })}
        </div>
    }
}

fn head(viewer: &Viewer, it: &Decision, standing: Option<&Standing>, status: SignOff) -> AnyView {
    let (today, is_deadlocked) = (viewer.today(), matches!(status, SignOff::Deadlocked(_)));
    match standing {
        Some(standing) => view! {
            <StandingLine
                standing=standing.clone()
                viewer=viewer.clone()
                sent_back=if is_deadlocked {
                    ""
                } else {
                    " A new proposal is needed before anybody can sign."
                }
            />
            {(is_deadlocked || matches!(status, SignOff::Unsigned(..)))
                .then(|| {
                    view! {
                        <p class="standing">
                            <Pill word=status.word() />
                            <span>{status.detail()}</span>
                        </p>
                    }
                })}
        }
        .into_any(),
        None => view! {
            <p class="standing">
                <Pill word=status.word() />
                <span class="faint">{status.detail()}", decide by "{it.decide_by.format(today)}</span>
            </p>
        }
        .into_any(),
    }
}

fn context(
    viewer: &Viewer,
    it: &Decision,
    evidence: &[CitedEvidence],
    sources: Vec<(i64, String)>,
) -> impl IntoView + use<> {
    let driver = format!("Driver: {} · decide by {}", it.driver, it.decide_by.format_long());
    let impact = (!it.impact.is_empty()).then(|| {
        view! {
            <p class="prose">
                <strong>"Impact. "</strong>
                {it.impact.clone()}
            </p>
        }
    });
    let rows: Vec<_> = sources
        .into_iter()
        .map(|(number, name)| {
            let href = viewer.path(&format!("sources/{number}"));
            view! {
                <li>
                    <a href=href>{name}</a>
                </li>
            }
        })
        .collect();
    let touched = (!rows.is_empty()).then(|| {
        view! {
            <p>
                <strong>"Sources that run on it"</strong>
            </p>
            <ul>{rows}</ul>
        }
    });
    let (context, evidence) = (it.context.clone(), rests_on(viewer, evidence));
    view! {
        <Section title="Context">
            <p class="prose">{context}</p>
            {impact}
            <p class="faint">{driver}</p>
            {evidence}
            {touched}
        </Section>
    }
}

fn options(
    viewer: &Viewer,
    choices: Vec<Choice>,
    proposed: Option<OptionId>,
    is_decided: bool,
    edit: Option<String>,
) -> impl IntoView + use<> {
    let viewer = viewer.clone();
    let count = choices.len().to_string();
    view! {
        <Section title="Options" aside=count>
            <ChoiceTable
                viewer=viewer
                choices=choices
                proposed=proposed
                is_decided=is_decided
                edit=edit.clone()
            />
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
    }
}
