//! What was proposed, what its seats stand at, and what was proposed before.

use leptos::prelude::*;

use crate::{
    decisions::read::{Choice, Condition, ConditionStatus, Decision, Proposal, Remark},
    handshake::{Verdict, components::DigestLine, read::Standing},
    identity::Viewer,
    platform::{ids::OptionId, quantity::Quantity},
    ui::{Pill, Section, StatusWord, Tag},
};

pub(super) fn proposal_card(
    viewer: &Viewer,
    it: &Decision,
    proposal: &Proposal,
    standing: Option<&Standing>,
) -> impl IntoView + use<> {
    let when = viewer.day_of(proposal.at).format(viewer.today());
    let digest = standing.map(|standing| standing.digest.clone());
    let stage = it.stage.map_or_else(
        || "Will not be listed under Technologies".to_owned(),
        |stage| {
            format!(
                "Will be listed under Technologies as “{}”",
                stage.name().to_lowercase()
            )
        },
    );
    let asked_on = it.review_on.map_or_else(String::new, |day| {
        format!(" · we check the result on {}", day.format(viewer.today()))
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
pub(super) fn ChoiceTable(
    viewer: Viewer,
    choices: Vec<Choice>,
    proposed: Option<OptionId>,
    edit: Option<String>,
) -> impl IntoView {
    if choices.is_empty() {
        return view! {
            <p class="faint">
                "No options yet. A choice needs at least two; keeping things as they are can be one."
            </p>
        }
        .into_any();
    }
    let cost =
        move |cost: Option<Quantity>| cost.map_or_else(|| "–".to_owned(), |cost| viewer.format_money(cost));
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
            let state = condition.status(today).map(|status| {
                let (word, more) = match status {
                    ConditionStatus::Met(at) => (
                        StatusWord::Done,
                        Some(format!("met on {}", viewer.day_of(at).format(today))),
                    ),
                    ConditionStatus::Waived => (StatusWord::Ended, Some("waived by both sides".to_owned())),
                    ConditionStatus::Late(late) => (StatusWord::Late(late), None),
                    ConditionStatus::Open => (StatusWord::Open, None),
                };
                view! {
                    <Pill word=word />
                    {more.map(|more| view! { <small class="faint">{more}</small> })}
                }
            });
            view! {
                <li class="row">
                    {state} <span class="row-main">
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

pub(super) fn earlier_proposals(
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
                    <Tag label=format!("{} objected", remark.side.name()) />
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
                    <Tag label="Not signed" />
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
            <Section title="Earlier proposals">
                <ul class="rows">{objections}{rows}</ul>
            </Section>
        }
    })
}
