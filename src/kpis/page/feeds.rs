//! Feeds of a KPI, and the door through which they deliver.

use axum::{
    body::Bytes,
    extract::Path,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use leptos::prelude::*;
use serde::Deserialize;

use super::ROOM;
use crate::{
    identity::{Action, FormResponse, Page, Redirect, Viewer},
    kpis::{
        feeds::{self, Feed},
        read,
        write::{self, DeliveryOutcome},
    },
    platform::{
        error::{Error, Result},
        form::Form,
        ids::FeedId,
        text,
    },
    ui::{Actions, Copyable, Crumb, Notice, PostForm, Section, TextField},
};

pub async fn feeds(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    page(&viewer, number, Form::blank().with("days", "90"), None).await
}

async fn page(viewer: &Viewer, number: i64, form: Form, secret: Option<String>) -> Result<Page> {
    let kpi = read::one(viewer, number).await?;
    if !viewer.may(Action::EnterKpiValue {
        driver: kpi.driver_id,
    }) {
        return Err(Error::Forbidden);
    }
    let listed = feeds::of_kpi(viewer, kpi.id).await?;
    let door = viewer.address("/api/kpi-values");
    Ok(Page::new(
        viewer,
        ROOM,
        format!("Feeds of {}", kpi.title),
        move |viewer| {
            let path = viewer.path(&kpi.path());
            let today = viewer.today();
            let rows = listed
                .into_iter()
                .map(|feed| {
                    let until = viewer.day_of(feed.expires_at);
                    let detail = if feed.expires_at <= viewer.now() {
                        format!("expired {}", until.format(today))
                    } else {
                        format!("until {}", until.format(today))
                    };
                    let label = format!("End the feed {}", feed.name);
                    view! {
                        <li class="row">
                            <span class="row-main">
                                <strong>{feed.name}</strong>
                                <span class="faint">
                                    {format!("{detail} · in the name of {}", feed.who)}
                                </span>
                            </span>
                            <form method="post" action=format!("{path}/feeds/{}/end", feed.id)>
                                <button class="button" type="submit" aria-label=label>
                                    "End"
                                </button>
                            </form>
                        </li>
                    }
                })
                .collect::<Vec<_>>();
            let period = kpi.cadence.format_exact(kpi.cadence.last_complete(today));
            let example = format!(
                "curl -X POST {door} \\\n  -H \"Authorization: Bearer $FEED\" \\\n  -H \"Idempotency-Key: \
                    {period}-1\" \\\n  -d period={period} -d value=21.4"
            );
            let as_json = format!(
                "The same as JSON: {{\"period\": \"{period}\", \"value\": \"21.4\"}}. A value that replaces another \
                    needs \"because\". Sending the same key or the same value again changes nothing."
            );
            let none = rows.is_empty();
            view! {
                <Crumb href=path.clone() text=kpi.title.clone() />
                <h1>"Feeds"</h1>
                <p class="lead">
                    "A feed lets another system enter the values of this KPI, and of no other, until a day. \
                        Both owners confirm its values like any others."
                </p>
                {secret
                    .map(|secret| {
                        view! {
                            <div class="card ask" role="status">
                                <p>
                                    <strong>"Copy the secret now. It is shown only once."</strong>
                                </p>
                                <p>
                                    <Copyable text=secret />
                                </p>
                            </div>
                        }
                    })}
                <Section title="Running">
                    {none.then(|| view! { <p class="faint">"None."</p> })} <ul class="rows">{rows}</ul>
                </Section>
                <Section title="Open a feed">
                    <PostForm form=form class="is-short">
                        <TextField
                            name="name"
                            label="Name of the feed"
                            help="Such as: nightly warehouse job."
                            max_length=80
                        />
                        <TextField name="days" label="For how many days" inputmode="numeric" max_length=3 />
                        <Actions verb="Open the feed" />
                    </PostForm>
                </Section>
                <Section title="How it delivers">
                    <pre>
                        <code>{example}</code>
                    </pre>
                    <p class="faint">{as_json}</p>
                </Section>
            }
        },
    ))
}

pub async fn issue_feed(
    viewer: Viewer,
    Path((_, number)): Path<(String, i64)>,
    mut form: Form,
) -> FormResponse {
    let kpi = read::one(&viewer, number).await?;
    if !viewer.may(Action::EnterKpiValue {
        driver: kpi.driver_id,
    }) {
        return Err(Error::Forbidden);
    }
    let outcome = async {
        let (Some(name), Some(days)) = (form.line("name", 80), form.whole("days")) else {
            return Err(form.refusal());
        };
        write::issue_feed(&viewer, number, &name, days).await
    }
    .await;
    match outcome {
        // Shown in the answer itself: it is kept nowhere from which a redirect could show it.
        Ok(secret) => Ok(
            page(&viewer, number, Form::blank().with("days", "90"), Some(secret))
                .await?
                .into_response(),
        ),
        Err(Error::Invalid(problems)) => Ok(page(&viewer, number, form.with_problems(problems), None)
            .await?
            .with_status(StatusCode::UNPROCESSABLE_ENTITY)
            .into_response()),
        Err(error) => Err(error),
    }
}

pub async fn end_feed(viewer: Viewer, Path((_, number, id)): Path<(String, i64, FeedId)>) -> FormResponse {
    write::end_feed(&viewer, number, id).await?;
    Ok(Redirect::to(viewer.path(&format!("kpis/{number}/feeds")))
        .with_notice(Notice::TakenBack)
        .into_response())
}

#[derive(Deserialize)]
struct Delivery {
    period: String,
    /// A number, or its text: text keeps every digit.
    value: serde_json::Value,
    because: Option<String>,
}

const LONGEST_KEY: usize = 100;

/// `POST /api/kpi-values`: a feed delivers one period's value, as a form or as JSON.
pub async fn deliver(feed: Feed, headers: HeaderMap, body: Bytes) -> Result<Response> {
    let is_json = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .is_some_and(|kind| kind.starts_with("application/json"));
    let mut form = if is_json {
        let delivery: Delivery = serde_json::from_slice(&body)
            .map_err(|_| Error::invalid("", "Send {\"period\": \"2026-10\", \"value\": \"21.4\"}."))?;
        let value = match delivery.value {
            serde_json::Value::String(text) => text,
            serde_json::Value::Number(number) => number.to_string(),
            _ => String::new(),
        };
        Form::blank()
            .with("period", delivery.period)
            .with("value", value)
            .with("because", delivery.because.unwrap_or_default())
    } else {
        Form::parse(&body)?
    };
    let key = headers
        .get("idempotency-key")
        .map(|key| key.to_str().unwrap_or_default().to_owned());
    if key
        .as_ref()
        .is_some_and(|key| key.is_empty() || key.len() > LONGEST_KEY)
    {
        return Err(Error::invalid(
            "idempotency-key",
            format!("A key has 1 to {LONGEST_KEY} plain characters."),
        ));
    }
    let fields = (
        form.line("period", 20),
        form.decimal("value"),
        form.optional_line("because", 300),
    );
    let (Some(period), Some(value), Some(because)) = fields else {
        return Err(form.refusal());
    };
    let because = Some(text::line(&because)).filter(|because| !because.is_empty());
    let (status, word) =
        match write::deliver(&feed, &period, value, because.as_deref(), key.as_deref()).await? {
            DeliveryOutcome::Entered => (StatusCode::CREATED, "entered"),
            DeliveryOutcome::Corrected => (StatusCode::OK, "corrected"),
            DeliveryOutcome::Unchanged => (StatusCode::OK, "unchanged"),
        };
    let detail = serde_json::json!({ "period": period, "value": value.to_string(), "outcome": word });
    Ok((
        status,
        [(header::CONTENT_TYPE, "application/json")],
        detail.to_string(),
    )
        .into_response())
}
