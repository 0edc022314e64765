//! Two versions side by side, with what changed between them.

use axum::extract::Query;
use leptos::prelude::*;
use serde::Deserialize;

use crate::{
    definition::{
        ClauseChange, changes,
        page::{ClauseText, ROOM},
        read::{self, Version},
    },
    identity::{Page, Viewer},
    platform::error::Result,
    ui::Crumb,
};

/// Clauses with what changed in them, to read.
#[component]
pub(super) fn ChangeList(changes: Vec<ClauseChange>) -> impl IntoView {
    let cards = changes
        .into_iter()
        .enumerate()
        .map(|(index, change)| {
            let word = change.word();
            let (is_new, is_gone) = (
                matches!(change, ClauseChange::New(_)),
                matches!(change, ClauseChange::Gone(_)),
            );
            let (clause, before) = match change {
                ClauseChange::Same(clause) | ClauseChange::New(clause) | ClauseChange::Gone(clause) => {
                    (clause, None)
                }
                ClauseChange::Changed { before, after } => (after, Some(before)),
            };
            let anchor = format!("clause-{}", clause.id);
            let measured_by = clause.measured_by.join(", ");
            let same_measures = before
                .as_ref()
                .is_none_or(|before| before.measured_by == clause.measured_by);
            view! {
                <article class="clause" id=anchor>
                    <div class="clause-text">
                        <p class="eyebrow">
                            {format!("Clause {}", index + 1)}
                            {(!word.is_empty()).then(|| format!(" · {word}"))}
                        </p>
                        <ClauseText clause=clause before=before is_new=is_new is_gone=is_gone />
                        {(same_measures && !measured_by.is_empty())
                            .then(|| view! { <p class="faint">"Measured by "{measured_by}</p> })}
                    </div>
                </article>
            }
        })
        .collect_view();
    view! { <div class="card clauses">{cards}</div> }
}

#[derive(Deserialize)]
pub struct Pair {
    from: i64,
    to: i64,
    #[serde(default)]
    view: String,
}

pub async fn compare(viewer: Viewer, Query(pair): Query<Pair>) -> Result<Page> {
    let (from, to) = (
        read::version(&viewer, pair.from).await?,
        read::version(&viewer, pair.to).await?,
    );
    Ok(Page::new(
        &viewer,
        ROOM,
        format!("Version {} and version {}", from.number, to.number),
        move |viewer| {
            let changes = changes(&from.clauses, &to.clauses);
            let count = changes.iter().filter(|change| change.is_change()).count();
            let of = changes.len();
            let one = |version: &Version| {
                view! {
                    <a href=viewer
                        .path(
                            &format!("definition/versions/{}", version.number),
                        )>{format!("version {}", version.number)}</a>
                }
            };
            let side_by_side = pair.view == "side-by-side";
            let here = viewer.path(&format!(
                "definition/compare?from={}&to={}",
                from.number, to.number
            ));
            let (other, word) = if side_by_side {
                (here, "As one text")
            } else {
                (format!("{here}&view=side-by-side"), "Side by side")
            };
            let body = if side_by_side {
                view! { <SideBySide changes=changes from=from.number to=to.number /> }.into_any()
            } else {
                view! { <ChangeList changes=changes /> }.into_any()
            };
            let lead = format!("{count} of {of} clauses differ.");
            view! {
                <Crumb href=viewer.path("definition/versions") text="Versions" />
                <h1>{format!("From version {} to version {}", from.number, to.number)}</h1>
                <p>
                    <a class="button is-small" href=other>
                        {word}
                    </a>
                </p>
                {if side_by_side {
                    view! { <p class="lead">{lead}</p> }.into_any()
                } else {
                    view! {
                        <p class="lead">
                            {lead}" Struck through is only in "{one(&from)}", underlined only in "{one(&to)}"."
                        </p>
                    }
                        .into_any()
                }}
                {body}
            }
        },
    ))
}

/// The earlier clause left, the later right.
#[component]
fn SideBySide(changes: Vec<ClauseChange>, from: i64, to: i64) -> impl IntoView {
    let rows = changes
        .into_iter()
        .map(|change| {
            let word = change.word();
            let (before, after) = match change {
                ClauseChange::Same(clause) => (Some(clause.clone()), Some(clause)),
                ClauseChange::New(clause) => (None, Some(clause)),
                ClauseChange::Gone(clause) => (Some(clause), None),
                ClauseChange::Changed { before, after } => (Some(before), Some(after)),
            };
            let passage = |clause: Option<crate::definition::Clause>| match clause {
                Some(clause) => view! {
                    <div class="clause-text">
                        <ClauseText clause=clause before=None is_new=false is_gone=false />
                    </div>
                }
                .into_any(),
                None => view! { <p class="faint">"Not in this version"</p> }.into_any(),
            };
            view! {
                <tr>
                    <td data-label=format!("Version {from}")>{passage(before)}</td>
                    <td data-label=format!(
                        "Version {to}",
                    )>
                        {(!word.is_empty()).then(|| view! { <p class="eyebrow">{word}</p> })}{passage(after)}
                    </td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="table side-by-side">
            <thead>
                <tr>
                    <th scope="col">{format!("Version {from}")}</th>
                    <th scope="col">{format!("Version {to}")}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}
