//! Freezing, the frozen facts, and what changed between two reviews. Of a frozen review nothing else is read.

use axum::extract::{Path, Query};
use leptos::prelude::*;
use serde::Deserialize;

use super::ROOM;
use crate::{
    attention::AttentionInput,
    handshake::short_digest,
    identity::{Action, FormResponse, Page, Redirect, Viewer, respond},
    platform::{
        error::{Error, Result},
        form::Form,
        text::{join_details, join_names},
        time::Day,
    },
    reviews::{
        ReviewState,
        changes::{FactChange, FactChanges, Turn},
        facts::{self, Fact, FactKind, Missing},
        read::{self, Review, ReviewSnapshot},
        write,
    },
    ui::{Actions, Crumb, Notice, Pill, PostForm, Section},
};

/// Rows of one kind that are shown at once; all of them are one click away.
const FIRST: usize = 40;

pub(super) fn missing_rows(viewer: &Viewer, missing: &[Missing], links: bool) -> impl IntoView + use<> {
    let rows = missing
        .iter()
        .map(|missing| {
            let names: Vec<&str> = missing.waits_for.iter().map(String::as_str).collect();
            let waits = if names.is_empty() {
                "waits for nobody who is here".to_owned()
            } else {
                format!("{} to {}", join_names(&names), missing.verb)
            };
            let title = if links {
                let href = viewer.path(&missing.path);
                view! { <a href=href>{missing.title.clone()}</a> }.into_any()
            } else {
                view! { <strong>{missing.title.clone()}</strong> }.into_any()
            };
            view! {
                <li class="row">
                    <span class="row-main">{title} <span class="faint">{waits}</span></span>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="rows">{rows}</ul> }
}

pub async fn freeze_form(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    freeze_page(&viewer, number, Form::blank()).await
}

/// What will be frozen, and what is missing.
async fn freeze_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    let review = read::one(viewer, number).await?;
    if !viewer.may(Action::LeadReview) {
        return Err(Error::Forbidden);
    }
    if review.state != ReviewState::Planned {
        return Err(Error::Conflict);
    }
    let input = AttentionInput::read(viewer).await?;
    let missing: Vec<Missing> = facts::missing(viewer, &input)
        .await?
        .into_iter()
        .map(|(missing, _)| missing)
        .collect();
    let ask = viewer.path(&format!("{}/freeze/ask", review.path()));
    let cancel = viewer.path(&review.path());
    let title = format!("Freeze the facts of review {number}");
    Ok(Page::new(viewer, ROOM, title.clone(), move |viewer| {
        let count = missing.len();
        let rows = missing_rows(&viewer, &missing, true);
        let follows = "Goals, KPIs, milestones, initiatives, decisions, access, capacity, people and who waits for whom \
            are kept as they stand now. In the meeting everybody looks at these, whatever changes meanwhile. Until the \
            meeting begins either lead can unfreeze them.";
        view! {
            <Crumb href=cancel.clone() text=format!("Review {number}") />
            <h1>{title}</h1>
            <p>{follows}</p>
            {(count > 0)
                .then(|| {
                    view! {
                        <Section title="Missing" aside=count.to_string()>
                            <p>"It can be frozen without. Then the record says what was missing, and whom it waited for."</p>
                            {rows}
                            <form method="post" action=ask>
                                <button class="button" type="submit">
                                    "Ask them now"
                                </button>
                            </form>
                        </Section>
                    }
                })}
            {(count == 0).then(|| view! { <p>"Nothing is missing."</p> })}
            <PostForm form=form>
                <Actions verb="Freeze the facts" cancel=cancel />
            </PostForm>
        }
    }))
}

fn to_review(viewer: &Viewer, number: i64) -> Redirect {
    Redirect::to(viewer.path(&format!("reviews/{number}")))
}

pub async fn freeze(viewer: Viewer, Path((_, number)): Path<(String, i64)>, form: Form) -> FormResponse {
    let outcome = async {
        if !viewer.may(Action::LeadReview) {
            return Err(Error::Forbidden);
        }
        write::freeze(&viewer, number).await?;
        Ok(to_review(&viewer, number).with_notice(Notice::Frozen))
    }
    .await;
    respond(outcome, form, |form| freeze_page(&viewer, number, form)).await
}

pub async fn ask_missing(viewer: Viewer, Path((_, number)): Path<(String, i64)>, form: Form) -> FormResponse {
    let outcome = write::ask_missing(&viewer, number)
        .await
        .map(|_| Redirect::to(viewer.path(&format!("reviews/{number}/freeze"))).with_notice(Notice::Asked));
    respond(outcome, form, |form| freeze_page(&viewer, number, form)).await
}

/// The snapshot of a review that is frozen.
async fn frozen(viewer: &Viewer, number: i64) -> Result<(Review, ReviewSnapshot)> {
    let review = read::one(viewer, number).await?;
    let id = review.snapshot_id.ok_or(Error::NotFound)?;
    Ok((review, read::snapshot(viewer, id).await?))
}

#[derive(Deserialize)]
pub struct FactsQuery {
    kind: Option<String>,
}

/// `/reviews/4/facts`: everything as it stood.
pub async fn facts(
    viewer: Viewer,
    Path((_, number)): Path<(String, i64)>,
    Query(query): Query<FactsQuery>,
) -> Result<Page> {
    let (review, snapshot) = frozen(&viewer, number).await?;
    let only: Option<FactKind> = query.kind.as_deref().and_then(|kind| kind.parse().ok());
    let title = format!("Facts of review {number}");
    Ok(Page::new(&viewer, ROOM, title.clone(), move |viewer| {
        let path = viewer.path(&review.path());
        let sections = FactKind::ALL
            .iter()
            .filter(|kind| only.is_none_or(|only| only == **kind))
            .map(|kind| kind_section(&path, &snapshot, *kind, only.is_some()))
            .collect_view();
        let missing = (!snapshot.facts.missing.is_empty() && only.is_none()).then(|| {
            let rows = missing_rows(&viewer, &snapshot.facts.missing, false);
            let count = snapshot.facts.missing.len().to_string();
            view! {
                <Section title="Missing" aside=count>
                    {rows}
                </Section>
            }
        });
        view! {
            <Crumb href=path text=format!("Review {number}") />
            <h1>{title}</h1>
            {frozen_line(&viewer, &snapshot)}
            {missing}
            {sections}
        }
    }))
}

/// "Frozen 3 Dec, 07:00, by Dana Reyes. Digest 9f3a 61c2 0b7e".
pub(super) fn frozen_line(viewer: &Viewer, snapshot: &ReviewSnapshot) -> impl IntoView + use<> {
    let by = snapshot
        .taken_by
        .as_ref()
        .map_or_else(|| "by the clock".to_owned(), |by| format!("by {by}"));
    let words = format!(
        "As they stood on {}, {}; frozen {by}. ",
        viewer.day_of(snapshot.taken_at).format_long(),
        snapshot.taken_at.time_in(viewer.zone())
    );
    view! {
        <p class="faint">
            {words}"Digest "<code title=snapshot.digest.clone()>{short_digest(&snapshot.digest)}</code>
        </p>
    }
}

fn kind_section(path: &str, snapshot: &ReviewSnapshot, kind: FactKind, all: bool) -> impl IntoView + use<> {
    let of_kind: Vec<&Fact> = snapshot.facts.of_kind(kind).collect();
    let (count, shown) = (of_kind.len(), if all { usize::MAX } else { FIRST });
    let day = snapshot.facts.day;
    let rows = of_kind
        .iter()
        .take(shown)
        .map(|fact| {
            view! {
                <tr>
                    <th scope="row">{fact.title.clone()}</th>
                    <td data-label="Status">
                        {fact.status.map(|word| view! { <Pill word=word /> })} " "
                        <small class="faint">{fact.detail.clone()}</small>
                    </td>
                    <td data-label="Facts">
                        {fact_words(fact, day)}
                        {correction(snapshot, &fact.path)}
                    </td>
                </tr>
            }
        })
        .collect_view();
    let more = (count > shown).then(|| {
        let href = format!("{path}/facts?kind={}", kind.as_str());
        view! {
            <p>
                <a class="button" href=href>
                    {format!("All {count}")}
                </a>
            </p>
        }
    });
    (count > 0).then(|| {
        view! {
            <Section title=kind.name() aside=count.to_string()>
                <table class="table is-stacked">
                    <thead>
                        <tr>
                            <th scope="col">"What"</th>
                            <th scope="col">"Status"</th>
                            <th scope="col">"Facts"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
                {more}
            </Section>
        }
    })
}

/// What was corrected between freezing and beginning stands beside what was frozen.
pub(super) fn correction(snapshot: &ReviewSnapshot, path: &str) -> Option<impl IntoView + use<>> {
    let words = snapshot.corrections.get(path)?.clone();
    Some(view! { <p class="faint">{words}</p> })
}

/// "Due 4 Dec · Owner Ana Ruiz".
pub(super) fn fact_words(fact: &Fact, day: Day) -> String {
    let said: Vec<String> = fact
        .values
        .iter()
        .map(|(field, value)| format!("{}: {}", field.name(), value.format(day)))
        .collect();
    said.join(" · ")
}

/// The facts of a review, and of the one before it.
pub(super) async fn difference(viewer: &Viewer, review: &Review) -> Result<Option<(i64, FactChanges)>> {
    let Some(id) = review.snapshot_id else {
        return Ok(None);
    };
    let Some(before) = read::held_before(viewer, review.held_on, review.number).await? else {
        return Ok(None);
    };
    let Some(earlier) = before.snapshot_id else {
        return Ok(None);
    };
    let (earlier, later) = (
        read::snapshot(viewer, earlier).await?,
        read::snapshot(viewer, id).await?,
    );
    Ok(Some((
        before.number,
        crate::reviews::changes::changes(&earlier.facts, &later.facts),
    )))
}

/// `/reviews/4/changes`: from the last review's facts to this one's.
pub async fn changes(
    viewer: Viewer,
    Path((_, number)): Path<(String, i64)>,
    Query(query): Query<FactsQuery>,
) -> Result<Page> {
    let review = read::one(&viewer, number).await?;
    let only: Option<FactKind> = query.kind.as_deref().and_then(|kind| kind.parse().ok());
    let found = difference(&viewer, &review).await?;
    Ok(Page::new(&viewer, ROOM, "What changed", move |viewer| {
        let path = viewer.path(&review.path());
        let body = match found {
            Some((before, changes)) => between(&viewer, &path, before, &changes, only).into_any(),
            None if review.snapshot_id.is_none() => view! {
                <p>"The facts of this review are not frozen yet. What changed is the difference of two frozen reviews."</p>
            }
            .into_any(),
            None => view! { <p>"This is the first review over frozen facts: there is nothing to compare with."</p> }
                .into_any(),
        };
        view! {
            <Crumb href=path.clone() text=format!("Review {number}") />
            <h1>"What changed"</h1>
            {body}
        }
    }))
}

/// What changed from one review to another.
pub(super) fn between(
    viewer: &Viewer,
    path: &str,
    before: i64,
    changes: &FactChanges,
    only: Option<FactKind>,
) -> impl IntoView + use<> {
    let today = viewer.today();
    let head = format!(
        "Between review {before} ({}) and this one ({}).{}",
        changes.from.format(today),
        changes.to.format(today),
        turns_in_words(changes)
    );
    let whole = format!("{path}/changes?");
    view! {
        <p class="lead">{head}</p>
        {changes.lines.is_empty().then(|| view! { <p>"Nothing changed."</p> })}
        {changes_view(viewer, &whole, changes, only)}
    }
}

/// " 12 worse, 3 better and 2 new.", after a sentence; empty where nothing changed.
pub fn turns_in_words(changes: &FactChanges) -> String {
    let counts: Vec<String> = Turn::ALL
        .iter()
        .map(|turn| {
            (
                turn,
                changes.lines.iter().filter(|change| change.turn == *turn).count(),
            )
        })
        .filter(|(_, count)| *count > 0)
        .map(|(turn, count)| format!("{count} {}", turn.name().to_lowercase()))
        .collect();
    if counts.is_empty() {
        return String::new();
    }
    let counts: Vec<&str> = counts.iter().map(String::as_str).collect();
    format!(" {}.", join_names(&counts))
}

/// What changed, kind by kind; `whole` is where all of one kind stands.
pub fn changes_view(
    viewer: &Viewer,
    whole: &str,
    changes: &FactChanges,
    only: Option<FactKind>,
) -> impl IntoView + use<> {
    let sections = FactKind::ALL
        .iter()
        .filter(|kind| only.is_none_or(|only| only == **kind))
        .map(|kind| changes_of_kind(viewer, whole, changes, *kind, only.is_some()))
        .collect_view();
    let unchanged: Vec<String> = changes
        .unchanged
        .iter()
        .filter(|(kind, count)| {
            let has_lines = changes.lines.iter().any(|change| change.kind == *kind);
            *count > 0 && !has_lines && only.is_none()
        })
        .map(|(kind, count)| format!("{count} {}", kind.noun(*count)))
        .collect();
    let unchanged = (!unchanged.is_empty()).then(|| {
        let names: Vec<&str> = unchanged.iter().map(String::as_str).collect();
        format!("Unchanged: {}.", join_names(&names))
    });
    view! {
        {sections}
        {unchanged.map(|words| view! { <p class="faint unchanged">{words}</p> })}
    }
}

fn changes_of_kind(
    viewer: &Viewer,
    whole: &str,
    changes: &FactChanges,
    kind: FactKind,
    all: bool,
) -> impl IntoView + use<> {
    let of_kind: Vec<&FactChange> = changes
        .lines
        .iter()
        .filter(|change| change.kind == kind)
        .collect();
    let (count, shown) = (of_kind.len(), if all { usize::MAX } else { FIRST });
    let rows = of_kind
        .iter()
        .take(shown)
        .map(|change| {
            let href = viewer.path(&change.path);
            let class = format!("change is-{}", change.turn.as_str());
            view! {
                <li>
                    <span class=class aria-hidden="true">
                        {change.turn.sign()}
                    </span>
                    <a href=href>
                        <strong>{change.title.clone()}</strong>
                        <small>
                            <span class="visually-hidden">{format!("{}: ", change.turn.name())}</span>
                            {change.words.clone()}
                        </small>
                    </a>
                </li>
            }
        })
        .collect_view();
    let unchanged = changes
        .unchanged
        .iter()
        .find(|(known, _)| *known == kind)
        .map_or(0, |(_, count)| *count);
    let aside = join_details([
        Some(count.to_string()),
        (unchanged > 0).then(|| format!("{unchanged} unchanged")),
    ]);
    let more = (count > shown).then(|| {
        let href = format!("{whole}kind={}", kind.as_str());
        view! {
            <p>
                <a class="button" href=href>
                    {format!("All {count}")}
                </a>
            </p>
        }
    });
    (count > 0).then(|| {
        view! {
            <Section title=kind.name() aside=aside>
                <ul class="card look-card look-changes is-whole">{rows}</ul>
                {more}
            </Section>
        }
    })
}
