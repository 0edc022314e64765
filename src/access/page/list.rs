//! Every request, the late ones first.

use std::cmp::Reverse;

use leptos::prelude::*;

use super::ROOM;
use crate::{
    access::{
        Access,
        read::{self, Request},
    },
    handshake::components::Seats,
    identity::{Page, Viewer},
    platform::error::Result,
    ui::{Crumb, Empty, Pill},
};

/// Requests as a list, the late ones first; `named` adds the goal that each cites.
pub fn rows(viewer: &Viewer, mut requests: Vec<Request>, named: bool) -> impl IntoView + use<> {
    let today = viewer.today();
    requests.sort_by_key(|request| Reverse(request.status(viewer).word().days_late()));
    let rows = requests
        .into_iter()
        .map(|request| {
            let state = request.state(today);
            let status = request.status(viewer);
            let href = viewer.path(&request.path());
            let cites = named.then(|| format!(" · for {}", request.goal));
            let detail = format!(
                "{}. {} · asked by {} · {}",
                status.detail(),
                request.kind.name(),
                request.asking_side.name(),
                span_words(viewer, &request),
            );
            let seats = (state == Access::Asked)
                .then(|| view! { <Seats standing=request.standing.clone() viewer=viewer.clone() /> });
            view! {
                <li class="row">
                    <span class="row-state">{seats}<Pill word=status.word() /></span>
                    <a class="row-main" href=href>
                        <strong>{request.title.clone()}</strong>
                        <span class="faint">{detail}{cites}</span>
                    </a>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="rows">{rows}</ul> }
}

/// From which day to which it lasts; of one that ended early also until when it was to last.
fn span_words(viewer: &Viewer, request: &Request) -> String {
    let today = viewer.today();
    let early = request.over_on(viewer).filter(|over| *over < request.ends_on);
    match early {
        Some(over) if over >= request.needed_on => format!(
            "{}, planned until {}",
            request.needed_on.format_span(over, today),
            request.ends_on.format(today)
        ),
        Some(_) => format!(
            "planned for {}",
            request.needed_on.format_span(request.ends_on, today)
        ),
        None => request.needed_on.format_span(request.ends_on, today),
    }
}

/// `/access`: every request, the late ones first.
pub async fn list(viewer: Viewer) -> Result<Page> {
    let requests = read::requests(&viewer).await?;
    Ok(Page::new(&viewer, ROOM, "Access", move |viewer| {
        let is_empty = requests.is_empty();
        let rows = rows(&viewer, requests, true);
        let purpose = "Teams request data or technology on the page of the goal that needs it. Both sides \
            approve each request.";
        view! {
            <Crumb href=viewer.path("goals") text="Goals" />
            <header class="page-head">
                <div>
                    <h1>"Access"</h1>
                    <p class="lead">
                        "The data and technology that goals need: what was requested, approved and opened."
                    </p>
                </div>
            </header>
            {if is_empty {
                view! { <Empty purpose=purpose next=(viewer.path("goals"), "Goals") /> }.into_any()
            } else {
                rows.into_any()
            }}
        }
    }))
}
