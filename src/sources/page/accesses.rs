//! Accesses to a source or by a use, each a link: who has what until when, and what is over.

use leptos::prelude::*;

use crate::{
    identity::Viewer,
    sources::read::{Reached, SourceAccess},
};

/// Those that are asked for, open or not shut, a row each; those that are over, folded.
pub(super) fn list(
    viewer: &Viewer,
    accesses: Vec<SourceAccess>,
    none: &'static str,
) -> impl IntoView + use<> {
    let today = viewer.today();
    let (over, live): (Vec<_>, Vec<_>) = accesses
        .into_iter()
        .partition(|access| access.reached(today) == Reached::Over);
    let rows = live
        .into_iter()
        .map(|access| {
            let late = (access.reached(today) == Reached::ToShut).then_some("late");
            view! {
                <li class="row">
                    <span class="row-main">
                        <a href=viewer.path(&access.path())>{access.title.clone()}</a>
                        <span class="faint">
                            {format!("{} · ", access.asked_by)} <span class=late>{access.label(today)}</span>
                        </span>
                    </span>
                </li>
            }
        })
        .collect::<Vec<_>>();
    let over = (!over.is_empty()).then(|| {
        let names = over
            .into_iter()
            .map(|access| {
                view! {
                    <li>
                        <a href=viewer.path(&access.path())>{access.title.clone()}</a>
                        {format!(", {}, until {}", access.asked_by, access.ends_on.format(today))}
                    </li>
                }
            })
            .collect::<Vec<_>>();
        view! {
            <details>
                <summary>{format!("Over ({})", names.len())}</summary>
                <ul>{names}</ul>
            </details>
        }
    });
    view! {
        {rows.is_empty().then(|| view! { <p class="faint">{none}</p> })}
        {(!rows.is_empty()).then(|| view! { <ul class="rows">{rows}</ul> })}
        {over}
    }
}
