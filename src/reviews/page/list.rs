//! Every review: the next one with what is prepared, then those that were held.

use axum::extract::Query;
use leptos::prelude::*;
use serde::Deserialize;

use super::{ROOM, standing_line, sum_line, when_and_where};
use crate::{
    handshake::components::Seats,
    identity::{Action, Page, Viewer},
    platform::{error::Result, time::days},
    reviews::{
        ReviewState,
        read::{self, Counts, Item, Review, ReviewAction, Rhythm},
    },
    ui::{Empty, Pill, Section},
};

#[derive(Deserialize)]
pub struct ListQuery {
    skip: Option<i64>,
}

const PER_PAGE: i64 = 50;

const PURPOSE: &str = "In a review both leads sit together over the same frozen facts. The agenda proposes itself, \
    decisions and actions are recorded as you speak, and both accept the minutes.";

/// `/reviews`.
pub async fn list(viewer: Viewer, Query(query): Query<ListQuery>) -> Result<Page> {
    let skip = query.skip.unwrap_or(0).clamp(0, 100_000);
    let ahead = read::ahead(&viewer).await?;
    let mut past = read::past(&viewer, PER_PAGE + 1, skip).await?;
    let has_more = past.len() > usize::try_from(PER_PAGE).unwrap_or(usize::MAX);
    past.truncate(usize::try_from(PER_PAGE).unwrap_or(usize::MAX));
    let counts = read::counts(&viewer).await?;
    let rhythm = read::rhythm(&viewer).await?;
    let actions = read::open_actions(&viewer).await?;
    let items = match ahead.first() {
        Some(next) => read::items(&viewer, next.id).await?,
        None => Vec::new(),
    };
    Ok(Page::new(&viewer, ROOM, "Reviews", move |viewer| {
        let prepares = viewer.may(Action::PrepareReview);
        let new = viewer.path("reviews/new");
        let is_empty = ahead.is_empty() && past.is_empty() && skip == 0;
        let more = has_more.then(|| viewer.path(&format!("reviews?skip={}", skip + PER_PAGE)));
        let next = ahead
            .first()
            .map(|review| next_card(&viewer, review, &items, &actions).into_any());
        let unplanned = (ahead.is_empty() && !past.is_empty() && skip == 0 && prepares)
            .then(|| unplanned(&new, rhythm.as_ref()));
        let later = ahead
            .iter()
            .skip(1)
            .map(|review| later_row(&viewer, review))
            .collect_view();
        let has_later = ahead.len() > 1;
        let body = if is_empty {
            if prepares {
                view! { <Empty purpose=PURPOSE next=(new.clone(), "Plan the first review") /> }.into_any()
            } else {
                view! { <Empty purpose=PURPOSE /> }.into_any()
            }
        } else {
            view! {
                {unplanned}
                {next}
                {has_later
                    .then(|| {
                        view! {
                            <Section title="Later">
                                <ul class="rows">{later}</ul>
                            </Section>
                        }
                    })}
                {(!past.is_empty()).then(|| past_section(&viewer, &past, &counts))}
            }
            .into_any()
        };
        view! {
            <header class="page-head">
                <div>
                    <h1>"Reviews"</h1>
                    <p class="lead">{rhythm_words(rhythm.as_ref())}</p>
                </div>
                <div class="page-actions">
                    {prepares
                        .then(|| {
                            view! {
                                <a class="button" href=viewer.path("reviews/rhythm")>
                                    "Rhythm"
                                </a>
                                <a class="button is-primary" href=new>
                                    "Plan a review"
                                </a>
                            }
                        })}
                </div>
            </header>
            {body}
            {more
                .map(|href| {
                    view! {
                        <p>
                            <a class="button" href=href>
                                "Earlier reviews"
                            </a>
                        </p>
                    }
                })}
        }
    }))
}

/// Nothing lies ahead: what was left open waits for a review that nobody has planned.
fn unplanned(new: &str, rhythm: Option<&Rhythm>) -> impl IntoView + use<> {
    let words = if rhythm.is_some() {
        "No next review is planned. The form proposes the day of your rhythm; what was left open goes on to it."
    } else {
        "No next review is planned. What was left open goes on to it."
    };
    let new = new.to_owned();
    view! {
        <div class="card ask">
            <p>{words}</p>
            <p>
                <a class="button is-primary" href=new>
                    "Plan the next review"
                </a>
            </p>
        </div>
    }
}

/// "Every 4 weeks on Thursday at 10:00, 45 minutes."
fn rhythm_words(rhythm: Option<&Rhythm>) -> String {
    rhythm.map_or_else(
        || "Both leads sit together over the same facts, and both accept what was said.".to_owned(),
        |rhythm| {
            let every = if rhythm.every_weeks == 1 {
                "Every week".to_owned()
            } else {
                format!("Every {} weeks", rhythm.every_weeks)
            };
            format!(
                "{every} on {}, {}, {} minutes.",
                super::plan::weekday_name(rhythm.weekday),
                crate::reviews::clock_time(rhythm.starts_at),
                rhythm.slot_minutes
            )
        },
    )
}

fn next_card(
    viewer: &Viewer,
    review: &Review,
    items: &[Item],
    actions: &[ReviewAction],
) -> impl IntoView + use<> {
    let today = viewer.today();
    let href = viewer.path(&review.path());
    let open = items.iter().filter(|item| item.state.is_on_agenda()).count();
    let late = actions.iter().filter(|action| action.late(today) > 0).count();
    let actions_line = match (actions.len(), late) {
        (0, _) => "No open actions.".to_owned(),
        (1, 0) => "1 action open.".to_owned(),
        (count, 0) => format!("{count} actions open."),
        (1, _) => "1 action open, and late.".to_owned(),
        (count, late) => format!("{count} actions open, {late} late."),
    };
    // Until its facts are frozen, the agenda follows what needs attention.
    let is_settled = review.state != ReviewState::Planned;
    let items_line = match open {
        _ if !is_settled => String::new(),
        1 => "1 item, ".to_owned(),
        _ => format!("{open} items, "),
    };
    view! {
        <section class="card next-review">
            <header>
                <h2>
                    <a href=href>{format!("Review {}", review.number)}</a>
                </h2>
                {standing_line(review, today)}
            </header>
            <p>{when_and_where(review)}</p>
            <p>{items_line}{actions_line}</p>
            {is_settled.then(|| sum_line(items, review.slot_minutes))}
        </section>
    }
}

fn later_row(viewer: &Viewer, review: &Review) -> impl IntoView + use<> {
    let ahead = review.held_on.days_since(viewer.today());
    view! {
        <li class="row">
            <span class="row-state">
                <Pill word=review.state.word() />
            </span>
            <a class="row-main" href=viewer.path(&review.path())>
                <strong>{format!("Review {}", review.number)}</strong>
                <span class="faint">{when_and_where(review)}</span>
            </a>
            <span class="faint">{format!("in {}", days(ahead.max(0)))}</span>
        </li>
    }
}

fn past_row(viewer: &Viewer, review: &Review, counts: &[Counts]) -> impl IntoView + use<> {
    let today = viewer.today();
    let of = counts
        .iter()
        .find(|counts| counts.review_id == Some(review.id))
        .cloned()
        .unwrap_or_default();
    let actions = if of.actions == 0 {
        "–".to_owned()
    } else {
        format!("{} of {}", of.actions_done, of.actions)
    };
    view! {
        <tr>
            <th scope="row">
                <a href=viewer.path(&review.path())>{format!("Review {}", review.number)}</a>
                " "
                <span class="faint">{review.held_on.format(today)}</span>
            </th>
            <td data-label="Minutes">
                <Seats standing=review.standing.clone() viewer=viewer.clone() />
                " "
                <small class="faint">{review.detail(today)}</small>
            </td>
            <td class="number" data-label="There">
                {of.present}
            </td>
            <td class="number" data-label="Decided">
                {of.resolutions}
            </td>
            <td class="number" data-label="Actions done">
                {actions}
            </td>
        </tr>
    }
}

fn past_section(viewer: &Viewer, past: &[Review], counts: &[Counts]) -> impl IntoView + use<> {
    let rows = past
        .iter()
        .map(|review| past_row(viewer, review, counts))
        .collect_view();
    view! {
        <Section title="Held">
            <table class="table is-stacked">
                <thead>
                    <tr>
                        <th scope="col">"Review"</th>
                        <th scope="col">"Minutes"</th>
                        <th scope="col" class="number">
                            "There"
                        </th>
                        <th scope="col" class="number">
                            "Decided"
                        </th>
                        <th scope="col" class="number">
                            "Actions done"
                        </th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </Section>
    }
}
