//! Telling whether a choice delivered.

use axum::extract::Path;
use leptos::prelude::*;

use super::{ROOM, question::shapeable};
use crate::{
    decisions::{DecisionOutcome, read::OutcomeReview, write},
    identity::{FormResponse, Page, Redirect, Viewer, respond},
    platform::{
        error::{Error, Result},
        form::Form,
    },
    ui::{Actions, Crumb, Notice, PostForm, RadioGroup, Section, Tag, TextArea, TextField},
};

pub async fn review_form(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    review_page(&viewer, number, Form::blank()).await
}

async fn review_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    let it = shapeable(viewer, number).await?;
    if it.signed_at.is_none() {
        return Err(Error::Conflict);
    }
    let cancel = viewer.path(&it.path());
    Ok(Page::new(
        viewer,
        ROOM,
        format!("Record the result: {}", it.question),
        move |_| {
            let options = vec![
                (
                    "met".to_owned(),
                    "Met".to_owned(),
                    "The choice delivered what it was made for.".to_owned(),
                ),
                (
                    "partly".to_owned(),
                    "Partly met".to_owned(),
                    "It delivered in part. Write what is missing.".to_owned(),
                ),
                (
                    "missed".to_owned(),
                    "Missed".to_owned(),
                    "It did not deliver. Write why, for the next choice.".to_owned(),
                ),
            ];
            view! {
                <Crumb href=cancel.clone() text=it.question.clone() />
                <h1>"Did it deliver?"</h1>
                <p class="lead">
                    "The KPIs named as evidence are recorded beside this: their values when both sides signed, \
                        and now."
                </p>
                <PostForm form=form>
                    <RadioGroup name="verdict" label="The result" options=options />
                    <TextArea name="told" label="What came of this decision" rows=4 max_length=2000 />
                    <TextField name="again_on" label="Check again on" kind="date" max_length=10 optional=true />
                    <Actions verb="Record the result" cancel=cancel />
                </PostForm>
            }
        },
    ))
}

pub async fn review(viewer: Viewer, Path((_, number)): Path<(String, i64)>, mut form: Form) -> FormResponse {
    let outcome = async {
        let fields = (
            form.choice::<DecisionOutcome>("verdict"),
            form.paragraphs("told", 2000),
            form.optional_day("again_on"),
        );
        let (Some(verdict), Some(body), Some(again_on)) = fields else {
            return Err(form.refusal());
        };
        write::review(&viewer, number, verdict, &body, again_on).await?;
        Ok(Redirect::to(viewer.path(&format!("decisions/{number}"))).with_notice(Notice::Saved))
    }
    .await;
    respond(outcome, form, |form| review_page(&viewer, number, form)).await
}

/// The outcomes told so far.
pub(super) fn section(viewer: &Viewer, outcomes: Vec<OutcomeReview>) -> Option<impl IntoView + use<>> {
    let today = viewer.today();
    let rows = outcomes
        .into_iter()
        .map(|review| {
            let measured = review
                .measurements()
                .into_iter()
                .map(|kpi| {
                    let value = |value: Option<String>| {
                        value.map_or_else(
                            || "no value".to_owned(),
                            |value| crate::kpis::attach_unit(&value, &kpi.unit),
                        )
                    };
                    let words = format!(
                        ": {} when signed, {} when the result was recorded",
                        value(kpi.then),
                        value(kpi.now)
                    );
                    view! {
                        <li>
                            <a href=viewer.path(&format!("kpis/{}", kpi.number))>{kpi.title}</a>
                            {words}
                        </li>
                    }
                })
                .collect_view();
            view! {
                <li class="row">
                    <Tag label=review.verdict.name() />
                    <span class="row-main">
                        <span class="prose">{review.body}</span>
                        <ul class="faint">{measured}</ul>
                        <span class="faint">
                            {format!("{}, {}", review.who, viewer.day_of(review.at).format(today))}
                        </span>
                    </span>
                </li>
            }
        })
        .collect::<Vec<_>>();
    (!rows.is_empty()).then(|| {
        view! {
            <Section title="Outcome">
                <ul class="rows">{rows}</ul>
            </Section>
        }
    })
}
