//! The desk's page.

mod rows;

use axum::{extract::Path, response::IntoResponse};
use leptos::prelude::*;

use self::rows::row;
use super::{
    brief,
    read::{self, DeskItem, What},
};

use crate::{
    comments::mentions,
    identity::{FormResponse, Page, Redirect, Viewer},
    platform::{error::Result, ids::CommentId},
    ui::Section,
};

/// What is late with others is theirs to do: the first of it is seen, the rest unfolds.
const LATE_WITH_OTHERS: usize = 5;

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
        let (now, later): (Vec<DeskItem>, Vec<DeskItem>) = rest
            .into_iter()
            .partition(|owed| owed.due_on == today || matches!(owed.what, What::Rule(_)));
        let (week, later): (Vec<DeskItem>, Vec<DeskItem>) =
            later.into_iter().partition(|owed| owed.due_on <= today.plus(7));
        let mut place = 0;
        let mut group = |title: &'static str, owed: Vec<DeskItem>, shown: usize| {
            (!owed.is_empty()).then(|| {
                let count = owed.len();
                let mut rows: Vec<_> = owed
                    .into_iter()
                    .map(|owed| {
                        place += 1;
                        row(&viewer, place, owed)
                    })
                    .collect();
                let folded = rows.split_off(rows.len().min(shown));
                let more = folded.len();
                view! {
                    <Section title=title aside=count.to_string()>
                        <ul class="rows desk">{rows}</ul>
                        {(more > 0)
                            .then(|| {
                                view! {
                                    <details>
                                        <summary>{format!("{more} more")}</summary>
                                        <ul class="rows desk">{folded}</ul>
                                    </details>
                                }
                            })}
                    </Section>
                }
            })
        };
        view! {
            <header class="page-head">
                <div>
                    <h1>"Desk "<span class="faint">{count}</span></h1>
                    <p class="lead">"Everything that waits for you, late first."</p>
                </div>
            </header>
            {(count == 0)
                .then(|| {
                    view! {
                        <div class="empty">
                            <p>
                                <strong>"You are up to date."</strong>
                                " Nothing waits for you. See how things stand on the "
                                <a href=viewer.path("")>"overview"</a>
                                "."
                            </p>
                        </div>
                    }
                })}
            {group("Late", overdue, usize::MAX)}
            {group("Today", now, usize::MAX)}
            {group("This week", week, usize::MAX)}
            {group("Later", later, usize::MAX)}
            {group("Late with others", escalated, LATE_WITH_OTHERS)}
        }
    }))
}

pub async fn read_mention(viewer: Viewer, Path((_, id)): Path<(String, CommentId)>) -> FormResponse {
    let path = mentions::read(&viewer, id).await?;
    brief::forget(&viewer);
    Ok(Redirect::to(path).into_response())
}
