//! The options, their conditions, and what was proposed before.

use leptos::prelude::*;

use crate::{
    decisions::read::{Choice, Condition, ConditionStatus, Proposal, Remark},
    handshake::{Verdict, read::Standing},
    identity::Viewer,
    platform::{ids::OptionId, quantity::Quantity},
    ui::{Pill, Section, StatusWord, Tag},
};

/// A cost as a bar, against the dearest of all.
fn cost_bar(cost: Quantity, dearest: Quantity) -> impl IntoView {
    let share = (cost.ten_thousandths().saturating_mul(80) / dearest.ten_thousandths().max(1)).clamp(0, 80);
    view! {
        <svg class="cost-bar" width="80" height="6" aria-hidden="true">
            <rect class="progress-all" width="80" height="6" rx="3"></rect>
            <rect class="progress-begun" width=share height="6" rx="3"></rect>
        </svg>
    }
}

fn option_head(tells_effort: bool, actions: bool) -> impl IntoView {
    view! {
        <thead>
            <tr>
                <th scope="col">"Option"</th>
                <th scope="col">"Advantages"</th>
                <th scope="col">"Drawbacks"</th>
                {tells_effort.then(|| view! { <th scope="col">"Effort and risk"</th> })}
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
    }
}

/// Options side by side; `edit` is the decision's path when they may be changed.
#[component]
pub(super) fn ChoiceTable(
    viewer: Viewer,
    choices: Vec<Choice>,
    proposed: Option<OptionId>,
    /// Whether both sides, or the arbiter, have decided for it.
    is_decided: bool,
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
    let highest = |of: fn(&Choice) -> Option<Quantity>| choices.iter().filter_map(of).max();
    let (dearest_once, dearest_yearly) = (highest(|c| c.one_off_cost), highest(|c| c.yearly_cost));
    let currency = choices.first().and_then(|choice| choice.currency.clone());
    let cost = move |cost: Option<Quantity>, dearest: Option<Quantity>| match cost {
        None => view! { "–" }.into_any(),
        Some(cost) => view! {
            {viewer.format_money_in(currency.as_deref(), cost)}
            {dearest.map(|dearest| cost_bar(cost, dearest))}
        }
        .into_any(),
    };
    let tells_effort = choices
        .iter()
        .any(|choice| !(choice.effort.is_empty() && choice.risk.is_empty()));
    let rows = choices
        .into_iter()
        .map(|choice| {
            let label = format!("Change the option {}", choice.title);
            let has_effort = !(choice.effort.is_empty() && choice.risk.is_empty());
            view! {
                <tr class=(Some(choice.id) == proposed)
                    .then_some(if is_decided { "is-chosen is-decided" } else { "is-chosen" })>
                    <th scope="row">
                        {choice.title}
                        {(Some(choice.id) == proposed)
                            .then(|| {
                                view! { <small>{if is_decided { "Chosen" } else { "Proposed" }}</small> }
                            })}
                    </th>
                    <td data-label="Advantages" class="prose">
                        {choice.advantages}
                    </td>
                    <td data-label="Drawbacks" class="prose">
                        {choice.drawbacks}
                    </td>
                    {tells_effort
                        .then(|| {
                            view! {
                                <td data-label=has_effort.then_some("Effort and risk") class="prose">
                                    {choice.effort}
                                    {(!choice.risk.is_empty())
                                        .then(|| view! { <small class="faint">{choice.risk}</small> })}
                                </td>
                            }
                        })}
                    <td data-label="One-off cost" class="number">
                        {cost(choice.one_off_cost, dearest_once)}
                    </td>
                    <td data-label="Yearly cost" class="number">
                        {cost(choice.yearly_cost, dearest_yearly)}
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
            {option_head(tells_effort, actions)} <tbody>{rows}</tbody>
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
    standing: Option<&Standing>,
) -> Option<impl IntoView + use<>> {
    let today = viewer.today();
    // What is said of the text on the table stands with its seats.
    let is_current = |remark: &Remark| {
        standing
            .and_then(|standing| standing.seat(remark.side))
            .is_some_and(|seat| seat.at == remark.at)
    };
    let objections = remarks
        .iter()
        .filter(|remark| remark.verdict == Verdict::Object && !is_current(remark))
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
