//! Checking in, and the page of one check-in.

use axum::{extract::Path, response::IntoResponse};
use leptos::prelude::*;

use super::ROOM;

use crate::{
    comments::{self, Topic, page::CommentForm},
    identity::{Action, FormResponse, Page, Redirect, Viewer, respond},
    initiatives::{
        CORRECTED_WITHIN_DAYS,
        read::{self, CheckIn, Initiative},
        write,
    },
    platform::{
        error::{Error, Result},
        form::Form,
        ids::CheckInId,
    },
    ui::{Crumb, Notice, Pill, Section},
};

/// The newest check-in, on the page of its initiative.
pub(super) fn card(
    viewer: &Viewer,
    it: &Initiative,
    check_in: &CheckIn,
    path: &str,
) -> impl IntoView + use<> {
    let href = format!("{path}/check-ins/{}", check_in.id);
    view! {
        <div class="card check-in">
            {body(viewer, check_in)}<p class="faint">{read_line(viewer, it, check_in, &href)}</p>
        </div>
    }
}

fn body(viewer: &Viewer, check_in: &CheckIn) -> impl IntoView + use<> {
    let when = viewer.day_of(check_in.at).format(viewer.today());
    let action = check_in
        .action
        .clone()
        .zip(check_in.action_owner_name.clone())
        .zip(check_in.action_due_on);
    let action = action
        .map(|((action, owner), due_on)| format!("{action} ({owner}, {})", due_on.format(viewer.today())));
    let risks = (!check_in.risks.is_empty()).then(|| {
        view! {
            <p class="prose">
                <strong>"Risks. "</strong>
                {check_in.risks.clone()}
            </p>
        }
    });
    view! {
        <p class="standing">
            <Pill word=check_in.health.word() />
            <span>
                {format!("{}% confident", check_in.confidence)}
                <span class="faint">{format!(" · {}, {when}", check_in.who)}</span>
            </span>
        </p>
        <p class="prose">{check_in.note.clone()}</p>
        <p class="prose">
            <strong>"Next. "</strong>
            {check_in.next_step.clone()}
        </p>
        {risks}
        {action
            .map(|action| {
                view! {
                    <p class="prose">
                        <strong>"Action: "</strong>
                        {action}
                    </p>
                }
            })}
    }
}

/// Who has read it; or the button with which the other side says so.
fn read_line(viewer: &Viewer, it: &Initiative, check_in: &CheckIn, href: &str) -> AnyView {
    let reads = check_in.side.other();
    let may = viewer.may(Action::Acknowledge {
        lead: it.lead(reads),
        side: reads,
    }) && check_in.by_member != viewer.member_id()
        && !it.phase.is_over();
    let link = view! { <a href=href.to_owned()>"Comments"</a> };
    match (&check_in.acknowledged_by, check_in.acknowledged_at) {
        (Some(name), Some(at)) => view! {
            {format!("Read by {name}, {}. ", viewer.day_of(at).format(viewer.today()))}
            {link}
        }
        .into_any(),
        _ if may => view! {
            <form method="post" action=format!("{href}/acknowledge") class="inline">
                <button class="button is-small" type="submit">
                    "I have read it"
                </button>
            </form>
            " "
            {link}
        }
        .into_any(),
        _ => view! {
            {format!("{} has not read it yet. ", reads.name())}
            {link}
        }
        .into_any(),
    }
}

pub(super) fn path_of(number: i64) -> String {
    format!("initiatives/{number}/check-in")
}

/// `/initiatives/{number}/check-ins/{id}`.
pub async fn one_check_in(
    viewer: Viewer,
    Path((_, number, id)): Path<(String, i64, CheckInId)>,
) -> Result<Page> {
    one_page(&viewer, number, id, Form::blank()).await
}

async fn one_page(viewer: &Viewer, number: i64, id: CheckInId, form: Form) -> Result<Page> {
    let it = read::one(viewer, number).await?;
    let check_in = read::check_in(viewer, number, id).await?;
    let comments = comments::read::comments(viewer, Topic::CheckIn, check_in.id.uuid()).await?;
    Ok(Page::new(
        viewer,
        ROOM,
        format!("Check-in on {}, {}", it.title, check_in.due_on.format_long()),
        move |viewer| {
            let path = viewer.path(&format!("{}/check-ins/{}", it.path(), check_in.id));
            let today = viewer.today();
            let locked = viewer.day_of(check_in.at).plus(CORRECTED_WITHIN_DAYS);
            let lock = if today > locked {
                "Locked. Add a comment if something changed.".to_owned()
            } else {
                format!("The author can correct it until {}.", locked.format(today))
            };
            let may_say = viewer.may(Action::Comment);
            let rows = comments::components::rows(&viewer, comments, None);
            view! {
                <Crumb href=viewer.path(&it.path()) text=it.title.clone() />
                <header class="page-head">
                    <div>
                        <h1>{format!("Check-in for {}", check_in.due_on.format(today))}</h1>
                        <p class="faint">{lock}</p>
                    </div>
                    {check_in
                        .is_correctable_by(&viewer)
                        .then(|| {
                            view! {
                                <div class="page-actions">
                                    <a class="button" href=format!("{path}/edit")>
                                        "Correct"
                                    </a>
                                </div>
                            }
                        })}
                </header>
                <div class="card check-in">
                    {body(&viewer, &check_in)}<p class="faint">{read_line(&viewer, &it, &check_in, &path)}</p>
                </div>
                <Section title="Comments" id="talk">
                    {rows}
                    {may_say
                        .then(|| {
                            view! {
                                <CommentForm
                                    form=form
                                    action=format!("{path}/comment")
                                    viewer=viewer.clone()
                                />
                            }
                        })}
                </Section>
            }
        },
    ))
}

pub async fn acknowledge(
    viewer: Viewer,
    Path((_, number, id)): Path<(String, i64, CheckInId)>,
    form: Form,
) -> FormResponse {
    write::acknowledge(&viewer, number, id).await?;
    Ok(Redirect::back(
        &form,
        viewer.path(&format!("initiatives/{number}")),
        Notice::Acknowledged,
    )
    .into_response())
}

pub async fn comment(
    viewer: Viewer,
    Path((_, number, id)): Path<(String, i64, CheckInId)>,
    mut form: Form,
) -> FormResponse {
    let outcome = async {
        if !viewer.may(Action::Comment) {
            return Err(Error::Forbidden);
        }
        let body = form
            .paragraphs("body", comments::MAX_LENGTH)
            .ok_or_else(|| form.refusal())?;
        let comment = write::comment(&viewer, number, id, &body).await?;
        Ok(
            Redirect::to(viewer.path(&format!("initiatives/{number}/check-ins/{id}#comment-{comment}")))
                .with_notice(Notice::Commented),
        )
    }
    .await;
    respond(outcome, form, |form| one_page(&viewer, number, id, form)).await
}
