//! The deadlock: both statements side by side, and the arbiter's ruling.

use axum::extract::Path;
use leptos::prelude::*;

use super::ROOM;
use crate::{
    decisions::{
        read::{self, Ruling, Statement},
        write,
    },
    handshake::read::Standing,
    identity::{Action, FormResponse, Page, Redirect, Seats, Side, Viewer, respond},
    members::{self, read::Arbiter},
    platform::{
        error::{Error, Result},
        form::Form,
        time::days,
    },
    ui::{Actions, Crumb, Notice, Pill, PostForm, RadioGroup, Section, StatusWord, TextArea},
};

/// Both cases, side by side.
fn cases(statements: &[Statement], viewer: &Viewer) -> impl IntoView + use<> {
    let today = viewer.today();
    Side::BOTH
        .into_iter()
        .map(|side| {
            let body = statements
                .iter()
                .filter(|statement| statement.side == side)
                .map(|statement| {
                    let when = viewer.day_of(statement.at).format(today);
                    view! {
                        <p class="prose">{statement.body.clone()}</p>
                        <p class="faint">{format!("{}, {when}", statement.who)}</p>
                    }
                })
                .collect::<Vec<_>>();
            let none = body.is_empty();
            view! {
                <div>
                    <h3 class=format!("side is-{}", side.as_str())>{side.name()}</h3>
                    {body}
                    {none.then(|| view! { <p class="faint">"No case stated yet"</p> })}
                </div>
            }
        })
        .collect_view()
}

/// Who rules, and from which day, unless the sides settle it before.
pub(super) fn ahead(
    viewer: &Viewer,
    standing: Option<&Standing>,
    arbiter: Option<&Arbiter>,
) -> Option<AnyView> {
    let standing = standing?;
    let is_stuck = standing.disputing().is_some() || standing.state.waiting_on().is_some();
    if !is_stuck {
        return None;
    }
    let from = viewer
        .day_of(standing.waits_since())
        .plus(viewer.signature_days() + 1);
    let (limit, day) = (days(viewer.signature_days()), from.format(viewer.today()));
    let words = match arbiter {
        Some(arbiter) => format!(
            "If the sides do not agree within {limit}, before {day}, {} decides.",
            arbiter.name
        ),
        None => {
            format!(
                "If the sides do not agree within {limit}, before {day}, nobody can decide: no arbiter is named."
            )
        }
    };
    Some(view! { <p class="faint">{words}</p> }.into_any())
}

/// What the page of a decision says of its deadlock, or of the ruling that ended it.
pub(super) fn section(
    viewer: &Viewer,
    path: &str,
    is_deadlocked: bool,
    statements: &[Statement],
    ruling: Option<&Ruling>,
    arbiter: Option<&Arbiter>,
) -> Option<impl IntoView + use<>> {
    if !is_deadlocked && ruling.is_none() {
        return None;
    }
    let body = match (ruling, arbiter) {
        (Some(ruling), _) => view! {
            <p class="standing">
                <Pill word=StatusWord::Done />
                <span>
                    <strong>{ruling.option.clone()}</strong>
                    {format!(
                        ". {} decided on {}.",
                        ruling.who,
                        viewer.day_of(ruling.at).format(viewer.today()),
                    )}
                </span>
            </p>
            <p class="prose">{ruling.body.clone()}</p>
        }
        .into_any(),
        (None, Some(arbiter)) => view! {
            <p>
                {format!(
                    "The sides did not agree within {} days. {} now decides.",
                    viewer.signature_days(),
                    arbiter.name,
                )}
            </p>
        }
        .into_any(),
        (None, None) => view! {
            <p>
                {format!(
                    "The sides did not agree within {} days, and no arbiter is named. ",
                    viewer.signature_days(),
                )}<a href=viewer.path("members")>"Name an arbiter"</a>
            </p>
        }
        .into_any(),
    };
    let may_state = ruling.is_none()
        && viewer.may(Action::FillSeat {
            seats: Seats::Signers,
            owner: None,
        });
    let may_rule = ruling.is_none()
        && viewer.may(Action::Rule {
            arbiter: arbiter.map(|arbiter| arbiter.id),
        });
    let (state, rule) = (format!("{path}/statement"), format!("{path}/rule"));
    let cases = cases(statements, viewer);
    Some(view! {
        <Section title=if ruling.is_some() {
            "Ruling"
        } else {
            "The sides cannot agree"
        }>
            {body} <div class="card two-sides">{cases}</div>
            <div class="page-actions">
                {may_state
                    .then(|| {
                        view! {
                            <a class="button" href=state>
                                "State your side’s case"
                            </a>
                        }
                    })}
                {may_rule
                    .then(|| {
                        view! {
                            <a class="button is-primary" href=rule>
                                "Decide…"
                            </a>
                        }
                    })}
            </div>
        </Section>
    })
}

pub async fn statement_form(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    statement_page(&viewer, number, Form::blank()).await
}

async fn statement_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    let it = read::one(viewer, number).await?;
    if !viewer.may(Action::FillSeat {
        seats: Seats::Signers,
        owner: None,
    }) {
        return Err(Error::Forbidden);
    }
    let cancel = viewer.path(&it.path());
    let side = viewer.side().map_or("", Side::name);
    Ok(Page::new(
        viewer,
        ROOM,
        format!("The case of {side}: {}", it.question),
        move |_| {
            view! {
                <Crumb href=cancel.clone() text=it.question.clone() />
                <h1>{format!("State the case of {side}")}</h1>
                <p class="lead">
                    "The arbiter reads both cases side by side. Write what you would choose, and what would \
                        make you agree."
                </p>
                <PostForm form=form>
                    <TextArea name="told" label="The case" rows=6 max_length=2000 />
                    <Actions verb=format!("State the case of {side}") cancel=cancel />
                </PostForm>
            }
        },
    ))
}

pub async fn state_case(
    viewer: Viewer,
    Path((_, number)): Path<(String, i64)>,
    mut form: Form,
) -> FormResponse {
    let outcome = async {
        let body = form.paragraphs("told", 2000).ok_or_else(|| form.refusal())?;
        write::state_case(&viewer, number, &body).await?;
        Ok(Redirect::to(viewer.path(&format!("decisions/{number}"))).with_notice(Notice::Saved))
    }
    .await;
    respond(outcome, form, |form| statement_page(&viewer, number, form)).await
}

pub async fn rule_form(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    rule_page(&viewer, number, Form::blank()).await
}

async fn rule_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    let it = read::one(viewer, number).await?;
    let arbiter = members::read::arbiter(viewer).await?;
    if !viewer.may(Action::Rule {
        arbiter: arbiter.map(|arbiter| arbiter.id),
    }) {
        return Err(Error::Forbidden);
    }
    let choices = read::choices(viewer, it.id).await?;
    let statements = read::statements(viewer, it.id).await?;
    let cases = cases(&statements, viewer);
    let cancel = viewer.path(&it.path());
    Ok(Page::new(
        viewer,
        ROOM,
        format!("Decide: {}", it.question),
        move |_| {
            let options = choices
                .into_iter()
                .map(|choice| (choice.id.to_string(), choice.title, choice.advantages))
                .collect::<Vec<_>>();
            view! {
                <Crumb href=cancel.clone() text=it.question.clone() />
                <h1>"Decide for both sides"</h1>
                <p class="lead">
                    "Your ruling is final. The record shows it beside both cases, as decided by the arbiter and \
                        not agreed by the sides."
                </p>
                <div class="card two-sides">{cases}</div>
                <PostForm form=form>
                    <RadioGroup name="option" label="The option" options=options />
                    <TextArea name="told" label="Why" rows=4 max_length=2000 />
                    <Actions verb="Rule" cancel=cancel />
                </PostForm>
            }
        },
    ))
}

pub async fn rule(viewer: Viewer, Path((_, number)): Path<(String, i64)>, mut form: Form) -> FormResponse {
    let outcome = async {
        let (Some(option), Some(body)) = (form.choice("option"), form.paragraphs("told", 2000)) else {
            return Err(form.refusal());
        };
        write::rule(&viewer, number, option, &body).await?;
        Ok(Redirect::to(viewer.path(&format!("decisions/{number}"))).with_notice(Notice::Ruled))
    }
    .await;
    respond(outcome, form, |form| rule_page(&viewer, number, form)).await
}
