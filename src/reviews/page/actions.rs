//! Actions as rows, and what becomes of one.

use axum::extract::{Path, Query};
use leptos::prelude::*;
use serde::Deserialize;

use super::ROOM;
use crate::{
    identity::{Action, FormResponse, Page, Redirect, Side, Viewer, respond},
    platform::{
        error::{Error, Result},
        form::Form,
        ids::ActionId,
        text::{self, join_details},
    },
    reviews::{
        ActionState,
        read::{self, ReviewAction},
        write::{self, Settlement},
    },
    ui::{Actions, Avatar, Crumb, DateField, Hidden, Notice, Pill, PostForm, RadioGroup, TextArea},
};

pub(super) fn action_rows(viewer: &Viewer, actions: &[ReviewAction]) -> impl IntoView + use<> {
    let rows = actions
        .iter()
        .map(|action| action_row(viewer, action))
        .collect_view();
    view! { <ul class="rows">{rows}</ul> }
}

fn action_row(viewer: &Viewer, action: &ReviewAction) -> impl IntoView + use<> {
    let today = viewer.today();
    let settles = !action.is_checkpoint
        && viewer.may(Action::SettleAction {
            owner: action.owner_id,
            side: action.owner_side,
        });
    let href = viewer.path(&format!("reviews/{}/actions/{}", action.review_number, action.id));
    let moved = match action.moves {
        0 => None,
        1 => Some("moved once".to_owned()),
        count => Some(format!("moved {count} times")),
    };
    let detail = join_details([
        Some(format!("{}, by {}", action.owner, action.due_on.format(today))),
        moved,
        action.is_checkpoint.then(|| "a checkpoint".to_owned()),
        action.settled_by.as_ref().map(|who| format!("settled by {who}")),
        action.settled_because.clone(),
    ]);
    let verb = if action.state == ActionState::Open {
        "Settle"
    } else {
        "Reopen"
    };
    let label = format!("{verb} {}", action.body);
    view! {
        <li class="row" id=format!("action-{}", action.id)>
            <span class="row-state">
                <Pill word=action.state.word(action.late(today)) />
            </span>
            <Avatar name=action.owner.clone() side=action.owner_side.map_or("none", Side::as_str) />
            <span class="row-main">
                <strong>{action.body.clone()}</strong>
                <span class="faint">{detail}</span>
            </span>
            {settles
                .then(|| {
                    view! {
                        <a class="button is-small" href=href aria-label=label>
                            {verb}
                        </a>
                    }
                })}
        </li>
    }
}

/// Where to go on once it is settled: to the stage from which it was asked.
#[derive(Deserialize)]
pub struct SettleQuery {
    #[serde(default)]
    back: String,
}

pub async fn settle_form(
    viewer: Viewer,
    Path((_, number, id)): Path<(String, i64, ActionId)>,
    Query(query): Query<SettleQuery>,
) -> Result<Page> {
    settle_page(&viewer, (number, id), &query.back, Form::blank()).await
}

async fn settle_page(viewer: &Viewer, (number, id): (i64, ActionId), back: &str, form: Form) -> Result<Page> {
    let action = read::action(viewer, number, id).await?;
    if !viewer.may(Action::SettleAction {
        owner: action.owner_id,
        side: action.owner_side,
    }) {
        return Err(Error::Forbidden);
    }
    let is_open = action.state == ActionState::Open;
    let now = Form::blank()
        .with("version", action.version.to_string())
        .with("back", back)
        .with("became", if is_open { "done" } else { "reopened" })
        .with("due_on", action.due_on.max(viewer.today()).plus(7).to_string());
    let stage = text::local_path(back).map(str::to_owned);
    let form = form.over(now, &[]);
    let back = stage.unwrap_or_else(|| viewer.path(&format!("reviews/{number}#action-{id}")));
    let option = |value: &str, label: &str, help: &str| (value.to_owned(), label.to_owned(), help.to_owned());
    let options = if is_open {
        vec![
            option("done", "Done", ""),
            option("moved", "Another day", "Say which, and why."),
            option("given_up", "Given up", "Say why."),
        ]
    } else {
        vec![option("reopened", "Open again", "")]
    };
    Ok(Page::new(viewer, ROOM, action.body.clone(), move |viewer| {
        let row = action_rows(&viewer, std::slice::from_ref(&action));
        view! {
            <Crumb href=back.clone() text=format!("Review {number}") />
            <h1>"What became of it"</h1>
            {row}
            <PostForm form=form class="is-short settle-action">
                <Hidden name="version" />
                <Hidden name="back" />
                <RadioGroup name="became" label="It is" options=options />
                {is_open
                    .then(|| {
                        view! {
                            <div class="when-moved">
                                <DateField name="due_on" label="New day" />
                            </div>
                            <div class="when-explained">
                                <TextArea
                                    name="because"
                                    label="Reason"
                                    rows=2
                                    max_length=500
                                    optional=true
                                />
                            </div>
                        }
                    })}
                <Actions verb="Save" cancel=back />
            </PostForm>
        }
    }))
}

pub async fn settle(
    viewer: Viewer,
    Path((_, number, id)): Path<(String, i64, ActionId)>,
    mut form: Form,
) -> FormResponse {
    let outcome = async {
        let action = read::action(&viewer, number, id).await?;
        if !viewer.may(Action::SettleAction {
            owner: action.owner_id,
            side: action.owner_side,
        }) {
            return Err(Error::Forbidden);
        }
        let settlement = match form.raw("became") {
            "done" => Settlement::Done,
            "reopened" => Settlement::Reopened,
            "given_up" => Settlement::GivenUp(form.paragraphs("because", 500).ok_or_else(|| form.refusal())?),
            "moved" => {
                let fields = (form.day("due_on"), form.paragraphs("because", 500));
                let (Some(to), Some(because)) = fields else {
                    return Err(form.refusal());
                };
                Settlement::Moved(to, because)
            }
            _ => {
                form.fail("became", "Choose one.");
                return Err(form.refusal());
            }
        };
        write::settle_action(&viewer, number, id, form.version(), settlement).await?;
        let back = viewer.path(&format!("reviews/{number}#action-{id}"));
        Ok(Redirect::back(&form, back, Notice::Saved))
    }
    .await;
    let stage = form.raw("back").to_owned();
    respond(outcome, form, |form| {
        let viewer = &viewer;
        async move { settle_page(viewer, (number, id), &stage, form).await }
    })
    .await
}
