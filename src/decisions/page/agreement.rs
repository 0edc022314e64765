//! The choice and the two signatures, first of all on the page: what is proposed beside both seats, and, once
//! both are filled, who agreed, when, and what happens now.

use leptos::prelude::*;

use crate::{
    decisions::read::{Condition, Decision, Proposal, Waiter},
    handshake::{
        State,
        components::{SealCard, Signatures},
        read::Standing,
    },
    identity::{Side, Viewer},
    technologies::read::Technology,
};

/// What is proposed, in words: the option, why, where it will be listed, when its result is checked.
pub(super) fn proposed(viewer: &Viewer, it: &Decision, proposal: &Proposal) -> impl IntoView + use<> {
    let when = viewer.day_of(proposal.at).format(viewer.today());
    let stage = it.stage.map_or_else(
        || "Will not be listed under Technologies".to_owned(),
        |stage| format!("Will be listed under Technologies as “{}”", stage.name()),
    );
    let check = it.review_on.map_or_else(String::new, |day| {
        format!(" · we check the result on {}", day.format(viewer.today()))
    });
    view! {
        <div>
            <p class="faint">{format!("Proposed {when} by {}", proposal.who)}</p>
            <h2>{proposal.option.clone()}</h2>
            <p class="prose">{proposal.rationale.clone()}</p>
            <p class="faint">{stage}{check}</p>
        </div>
    }
}

/// The proposal at the left, both seats at the right.
pub(super) fn card(
    viewer: &Viewer,
    it: &Decision,
    proposal: &Proposal,
    standing: &Standing,
) -> impl IntoView + use<> {
    let sign = standing.open_to(viewer).map(|side: Side| {
        let href = viewer.path(&format!("{}/sign", it.path()));
        view! {
            <p>
                <a class="button is-primary" href=href>
                    {format!("Read and sign for {}…", side.name())}
                </a>
            </p>
        }
    });
    view! {
        <section class="card agreement" aria-label="Proposal and signatures">
            {proposed(viewer, it, proposal)}
            <div>
                <Signatures
                    standing=standing.clone()
                    viewer=viewer.clone()
                    who_may="A manager or the lead of this side"
                />
                {sign}
            </div>
        </section>
    }
}

/// What both sides agreed on: who, when, and what happens now.
pub(super) fn sealed(
    viewer: &Viewer,
    it: &Decision,
    (proposal, standing): (&Proposal, &Standing),
    conditions: &[Condition],
    waiters: &[Waiter],
    technology: Option<&Technology>,
) -> Option<impl IntoView + use<>> {
    let State::Sealed { .. } = standing.state else {
        return None;
    };
    let today = viewer.today();
    let mut next: Vec<(String, Option<String>)> = conditions
        .iter()
        .map(|condition| {
            let words = format!(
                "{} · {} by {}",
                condition.body,
                condition.owner,
                condition.due_on.format(today)
            );
            let path = format!("milestones/{}", condition.milestone_number);
            (words, Some(path))
        })
        .collect();
    if let Some(day) = it.review_on.filter(|day| *day > today) {
        let words = format!("We check on {} whether it delivered.", day.format(today));
        next.push((words, None));
    }
    next.extend(technology.map(|technology| {
        let words = format!(
            "{} is listed under Technologies as “{}”.",
            technology.name,
            technology.stage.name()
        );
        (words, Some(format!("technologies/{}", technology.number)))
    }));
    next.extend(waiters.iter().map(|waiter| {
        let words = format!("“{}” can go on.", waiter.title);
        (words, Some(format!("milestones/{}", waiter.number)))
    }));
    let chosen = proposal.option.clone();
    let rationale = proposal.rationale.clone();
    Some(view! {
        <SealCard standing=standing.clone() viewer=viewer.clone() next=next>
            <h2>{chosen}</h2>
            <p class="prose">{rationale}</p>
        </SealCard>
    })
}
