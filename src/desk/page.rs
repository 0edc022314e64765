//! The desk's page.

use axum::{extract::Path, response::IntoResponse};
use leptos::prelude::*;

use super::read::{self, DeskItem, What};
use crate::{
    comments::mentions,
    handshake::{
        Kind,
        components::{Seats, standing_label},
    },
    identity::{FormResponse, Page, Redirect, Viewer},
    kpis::{
        islands::{AttestInPlace, EnterInPlace},
        with_unit,
    },
    milestones::islands::PassInPlace,
    platform::{
        error::Result,
        ids::CommentId,
        time::{Day, days},
    },
    reminders,
    rounds::About,
    ui::{Pill, Section, Tone, markdown::excerpt},
};

pub async fn show(viewer: Viewer) -> Result<Page> {
    let owed = read::owed(&viewer).await?;
    Ok(Page::new(&viewer, "desk", "Desk", move |viewer| {
        let today = viewer.today();
        let (escalated, owed): (Vec<DeskItem>, Vec<DeskItem>) = owed
            .into_iter()
            .partition(|owed| matches!(owed.what, What::Escalated(_)));
        let count = owed.len();
        let (overdue, rest): (Vec<DeskItem>, Vec<DeskItem>) =
            owed.into_iter().partition(|owed| owed.due_on < today);
        let (now, later): (Vec<DeskItem>, Vec<DeskItem>) =
            rest.into_iter().partition(|owed| owed.due_on == today);
        let (week, later): (Vec<DeskItem>, Vec<DeskItem>) =
            later.into_iter().partition(|owed| owed.due_on <= today.plus(7));
        let group = |title: &'static str, owed: Vec<DeskItem>| {
            (!owed.is_empty()).then(|| {
                let count = owed.len();
                let rows = owed.into_iter().map(|owed| row(&viewer, owed)).collect_view();
                view! {
                    <Section title=title aside=count.to_string()>
                        <ul class="rows desk">{rows}</ul>
                    </Section>
                }
            })
        };
        view! {
            <header class="page-head">
                <div>
                    <h1>"Desk "<span class="faint">{count}</span></h1>
                    <p class="lead">"What waits for you, overdue first."</p>
                </div>
            </header>
            {(count == 0)
                .then(|| {
                    view! {
                        <div class="empty">
                            <p>
                                <strong>"All caught up."</strong>
                                " Nothing waits for you. What is next for your side is on the "
                                <a href=viewer.path("")>"overview"</a>
                                "."
                            </p>
                        </div>
                    }
                })}
            {group("Overdue", overdue)}
            {group("Today", now)}
            {group("This week", week)}
            {group("Later", later)}
            {group("Others owe it, and you were told", escalated)}
        }
    }))
}

pub async fn read_mention(viewer: Viewer, Path((_, id)): Path<(String, CommentId)>) -> FormResponse {
    let path = mentions::read(&viewer, id).await?;
    Ok(Redirect::to(path).into_response())
}

fn due_pill(due_on: Day, today: Day) -> impl IntoView {
    let late = today.days_since(due_on);
    let (tone, words) = match late {
        1.. => (Tone::OffTrack, format!("Overdue {}", days(late))),
        0 => (Tone::AtRisk, "Due today".to_owned()),
        _ => (Tone::Quiet, format!("Due {}", due_on.format(today))),
    };
    view! { <Pill tone=tone label=words /> }
}

fn row(viewer: &Viewer, owed: DeskItem) -> impl IntoView + use<> {
    let today = viewer.today();
    let back = viewer.path("desk");
    let pill = due_pill(owed.due_on, today);
    let slug = viewer.slug().to_owned();
    match owed.what {
        What::Checkpoint(checkpoint) => {
            let path = viewer.path(&format!("checkpoints/{}", checkpoint.id));
            let href = viewer.path(&format!("milestones/{}", checkpoint.milestone_number));
            let title = checkpoint.title.clone();
            let criteria = (!checkpoint.criteria.is_empty())
                .then(|| view! { <span class="criteria">{checkpoint.criteria}</span> });
            view! {
                <li class="row">
                    <span class="row-state">{pill}</span>
                    <a class="row-main" href=href>
                        <strong>{checkpoint.title}</strong>
                        {criteria}
                        <span class="faint">"Checkpoint of "{checkpoint.milestone}</span>
                    </a>
                    <PassInPlace
                        workspace=slug
                        checkpoint=checkpoint.id.to_string()
                        version=checkpoint.version
                        title=title
                        action=format!("{path}/pass")
                        back=back
                    />
                </li>
            }
            .into_any()
        }
        What::AcceptCheckpoint(passed) => {
            let path = viewer.path(&format!("checkpoints/{}", passed.id));
            let href = viewer.path(&format!(
                "milestones/{}#checkpoint-{}",
                passed.milestone_number, passed.id
            ));
            let (accept, give_back) = (
                format!("Accept {}", passed.title),
                format!("Return {}", passed.title),
            );
            view! {
                <li class="row">
                    <span class="row-state">{pill}</span>
                    <a class="row-main" href=href>
                        <strong>{passed.title}</strong>
                        <span class="faint">
                            {format!("{} passed it · {}", passed.passed_by_name, passed.milestone)}
                        </span>
                    </a>
                    <form method="post" action=format!("{path}/accept")>
                        <input type="hidden" name="back" value=back />
                        <input type="hidden" name="version" value=passed.version />
                        <button class="button" type="submit" aria-label=accept>
                            "Accept"
                        </button>
                    </form>
                    <a class="button" href=format!("{path}/return") aria-label=give_back>
                        "Return"
                    </a>
                </li>
            }
            .into_any()
        }
        What::Grant(request) => {
            let path = viewer.path(&request.path());
            let label = format!("It is granted: access to {}", request.title);
            let detail = format!(
                "Both sides approved it for {}; it is not granted yet.",
                request.goal
            );
            view! {
                <li class="row">
                    <span class="row-state">{pill}</span>
                    <a class="row-main" href=path.clone()>
                        <strong>{format!("Access to {}", request.title)}</strong>
                        <span class="faint">{detail}</span>
                    </a>
                    <form method="post" action=format!("{path}/grant")>
                        <input type="hidden" name="back" value=back />
                        <button class="button" type="submit" aria-label=label>
                            "It is granted"
                        </button>
                    </form>
                </li>
            }
            .into_any()
        }
        What::AskAnew(request) => {
            let path = viewer.path(&request.path());
            let label = format!("Open the request for {}", request.title);
            view! {
                <li class="row">
                    <span class="row-state">{pill}</span>
                    <a class="row-main" href=path.clone()>
                        <strong>{format!("Access to {}", request.title)}</strong>
                        <span class="faint">
                            "A side objected. Take it back, and ask anew if you still need it."
                        </span>
                    </a>
                    <a class="button" href=path aria-label=label>
                        "Open"
                    </a>
                </li>
            }
            .into_any()
        }
        What::Value(kpi) => {
            let said = kpi.cadence.format(kpi.period, today);
            let before = kpi
                .newest
                .map(|(period, value)| {
                    format!(
                        "{}: {}",
                        kpi.cadence.format(period, today),
                        with_unit(value, &kpi.unit)
                    )
                })
                .unwrap_or_default();
            let action = viewer.path(&format!("{}/periods/{}/value", kpi.path(), kpi.period));
            view! {
                <li class="row">
                    <span class="row-state">{pill}</span>
                    <a class="row-main" href=viewer.path(&kpi.path())>
                        <strong>{format!("{}, {said}", kpi.title)}</strong>
                        <span class="faint">{before}</span>
                    </a>
                    <EnterInPlace
                        workspace=slug
                        kpi=kpi.number
                        period=kpi.period.to_string()
                        label=format!("{}, {said}", kpi.title)
                        unit=kpi.unit.clone()
                        action=action
                        back=back
                    />
                </li>
            }
            .into_any()
        }
        What::Attest { waiting, subject } => {
            let path = viewer.path(&format!("kpis/{}/periods/{}", subject.number, subject.period_on));
            let standing = waiting.standing.clone();
            let detail = standing_label(Some(&standing), viewer.zone(), today);
            let title = format!("{}: {}", waiting.label, with_unit(subject.value, &subject.unit));
            view! {
                <li class="row">
                    <span class="row-state">
                        <Seats standing=Some(standing.clone()) viewer=viewer.clone() />
                        {pill}
                    </span>
                    <a class="row-main" href=path.clone()>
                        <strong>{title}</strong>
                        <span class="faint">{detail}</span>
                    </a>
                    <AttestInPlace
                        workspace=slug
                        kpi=subject.number
                        period=subject.period_on.to_string()
                        digest=standing.digest
                        label=waiting.label.clone()
                        action=format!("{path}/attest")
                        back=back
                    />
                </li>
            }
            .into_any()
        }
        What::Sign(waiting) => {
            let href = viewer.path(&format!("{}/sign", waiting.path));
            let detail = standing_label(Some(&waiting.standing), viewer.zone(), today);
            let label = format!("Read and sign {}", waiting.label);
            view! {
                <li class="row">
                    <span class="row-state">
                        <Seats standing=Some(waiting.standing.clone()) viewer=viewer.clone() />
                        {pill}
                    </span>
                    <a class="row-main" href=viewer.path(&waiting.path)>
                        <strong>{waiting.label.clone()}</strong>
                        <span class="faint">{detail}</span>
                    </a>
                    <a class="button" href=href aria-label=label>
                        "Read and sign"
                    </a>
                </li>
            }
            .into_any()
        }
        What::Mention(mention) => {
            let action = viewer.path(&format!("desk/mentions/{}/read", mention.comment_id));
            let body = excerpt(&mention.body, 160);
            let label = format!("Read what {} wrote", mention.who);
            view! {
                <li class="row">
                    <span class="row-state">
                        <Pill tone=Tone::Quiet label=viewer.day_of(mention.at).format(today) />
                    </span>
                    <span class="row-main">
                        <strong>{format!("{} named you", mention.who)}</strong>
                        <span class="faint">{body}</span>
                    </span>
                    <form method="post" action=action>
                        <button class="button" type="submit" aria-label=label>
                            "Read"
                        </button>
                    </form>
                </li>
            }
            .into_any()
        }
        What::Suggestion(suggestion) => {
            let path = viewer.path(&format!("definition/clauses/{}", suggestion.clause_id));
            let label = format!("Accept or decline a wording for {}", suggestion.title);
            view! {
                <li class="row">
                    <span class="row-state">{pill}</span>
                    <a class="row-main" href=path.clone()>
                        <strong>{format!("Another wording for {}", suggestion.title)}</strong>
                        <span class="faint">
                            {format!(
                                "{} suggested it {}",
                                suggestion.who,
                                viewer.day_of(suggestion.at).format(today),
                            )}
                        </span>
                    </a>
                    <a class="button" href=path aria-label=label>
                        "Accept or decline"
                    </a>
                </li>
            }
            .into_any()
        }
        What::RatifyAgain(number) => {
            let href = viewer.path("definition/propose");
            view! {
                <li class="row">
                    <span class="row-state">{pill}</span>
                    <a class="row-main" href=viewer.path("definition")>
                        <strong>
                            {format!("Ratify the definition again, version {number} is in force")}
                        </strong>
                        <span class="faint">
                            "Definitions go stale. Propose it as it is, or change it first."
                        </span>
                    </a>
                    <a class="button" href=href aria-label="Propose the definition again">
                        "Propose again"
                    </a>
                </li>
            }
            .into_any()
        }
        What::Rule(ruling) => {
            let (number, question) = (ruling.number, ruling.question);
            let path = viewer.path(&format!("decisions/{number}"));
            let label = format!("Rule on {question}");
            view! {
                <li class="row">
                    <span class="row-state">{pill}</span>
                    <a class="row-main" href=path.clone()>
                        <strong>{question}</strong>
                        <span class="faint">"The sides are deadlocked. You are the arbiter."</span>
                    </a>
                    <a class="button" href=format!("{path}/rule") aria-label=label>
                        "Rule"
                    </a>
                </li>
            }
            .into_any()
        }
        What::Decision(decision) => {
            let path = viewer.path(&format!("decisions/{}", decision.number));
            let (detail, verb, href) = match (decision.is_signed, decision.objected_by) {
                (true, _) => (
                    "Did it deliver?".to_owned(),
                    "Tell the outcome",
                    format!("{path}/review"),
                ),
                (false, Some(side)) if decision.kind == Some(Kind::Weights) => (
                    format!("{} objected to the weights.", side.name()),
                    "Weigh again",
                    format!("{path}/weights"),
                ),
                (false, Some(side)) => (
                    format!("{} objected. It needs a new proposal.", side.name()),
                    "Propose again",
                    format!("{path}/propose"),
                ),
                (false, None) => (
                    "You drive it, and nothing is proposed.".to_owned(),
                    "Open",
                    path.clone(),
                ),
            };
            let label = format!("{verb}: {}", decision.question);
            view! {
                <li class="row">
                    <span class="row-state">{pill}</span>
                    <a class="row-main" href=path>
                        <strong>{decision.question}</strong>
                        <span class="faint">{detail}</span>
                    </a>
                    <a class="button" href=href aria-label=label>
                        {verb}
                    </a>
                </li>
            }
            .into_any()
        }
        What::Answer(round) => {
            let path = viewer.path(&round.path);
            let detail = match round.about {
                About::Decision => {
                    "Score the options for your side. Nobody sees the other side before the round closes."
                }
                About::Definition => {
                    "Rate every clause for your side. Nobody sees the other side before the round closes."
                }
            };
            let label = format!("Answer: {}", round.label);
            view! {
                <li class="row">
                    <span class="row-state">{pill}</span>
                    <a class="row-main" href=path.clone()>
                        <strong>{round.label}</strong>
                        <span class="faint">{detail}</span>
                    </a>
                    <a class="button" href=path aria-label=label>
                        "Answer"
                    </a>
                </li>
            }
            .into_any()
        }
        What::Renewal(technology) => {
            let path = viewer.path(&format!("technologies/{}", technology.number));
            let cost = technology
                .yearly_cost
                .map_or_else(String::new, |cost| format!(" for {} a year", cost.format()));
            let label = format!("Renew or retire {}", technology.name);
            view! {
                <li class="row">
                    <span class="row-state">{pill}</span>
                    <a class="row-main" href=path.clone()>
                        <strong>{technology.name}</strong>
                        <span class="faint">
                            {format!("Renews{cost}. Keep it, or move it to another stage.")}
                        </span>
                    </a>
                    <a class="button" href=path aria-label=label>
                        "Renew or retire"
                    </a>
                </li>
            }
            .into_any()
        }
        What::CheckIn { check_in, reminders } => {
            let (number, title) = (check_in.number, check_in.title);
            let passed_over = reminders.iter().any(|one| one.rung.passes_over());
            let words = if passed_over {
                reminders::format_reminders(
                    reminders
                        .iter()
                        .map(|one| (one.rung, one.name.as_str(), viewer.day_of(one.at))),
                    today,
                )
            } else {
                "You drive it: say how it goes.".to_owned()
            };
            let path = viewer.path(&format!("initiatives/{number}"));
            let label = format!("Check in on {title}");
            view! {
                <li class="row">
                    <span class="row-state">{pill}</span>
                    <a class="row-main" href=path.clone()>
                        <strong>{title}</strong>
                        <span class="faint">{words}</span>
                    </a>
                    <a class="button" href=format!("{path}/check-in") aria-label=label>
                        "Check in"
                    </a>
                </li>
            }
            .into_any()
        }
        What::Acknowledge(owed) => {
            let (title, who) = (owed.title, owed.who);
            let path = viewer.path(&format!(
                "initiatives/{}/check-ins/{}",
                owed.number, owed.check_in
            ));
            let label = format!("Acknowledge the check-in of {who} on {title}");
            view! {
                <li class="row">
                    <span class="row-state">{pill}</span>
                    <a class="row-main" href=path.clone()>
                        <strong>{title}</strong>
                        <span class="faint">{format!("{who} checked in. Read it and say so.")}</span>
                    </a>
                    <form method="post" action=format!("{path}/acknowledge")>
                        <input type="hidden" name="back" value=back />
                        <button class="button" type="submit" aria-label=label>
                            "Acknowledge"
                        </button>
                    </form>
                </li>
            }
            .into_any()
        }
        What::Escalated(open) => {
            let words = reminders::format_reminders(
                open.reminders
                    .iter()
                    .map(|one| (one.rung, one.name.as_str(), viewer.day_of(one.at))),
                today,
            );
            let label = format!("Open {}", open.label);
            let href = viewer.path(&open.path);
            view! {
                <li class="row">
                    <span class="row-state">{pill}</span>
                    <a class="row-main" href=href.clone()>
                        <strong>{format!("{} {} is owed", open.kind.noun(), open.label)}</strong>
                        <span class="faint">{words}</span>
                    </a>
                    <a class="button" href=href aria-label=label>
                        "Open"
                    </a>
                </li>
            }
            .into_any()
        }
    }
}
