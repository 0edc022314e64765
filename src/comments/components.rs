//! How comments look, on whatever page they are about.

use leptos::prelude::*;

use super::{is_editable, read::Comment};
use crate::{
    identity::{Side, Viewer},
    ui::{Avatar, markdown::Markdown},
};

/// The comments as rows. `path` is that of all of them, below which one's own is edited and withdrawn, where
/// that can be done.
pub fn rows(viewer: &Viewer, comments: Vec<Comment>, path: Option<&str>) -> Option<impl IntoView + use<>> {
    let rows = comments
        .into_iter()
        .map(|comment| row(viewer, comment, path))
        .collect::<Vec<_>>();
    (!rows.is_empty()).then(|| view! { <ul class="rows">{rows}</ul> })
}

fn row(viewer: &Viewer, comment: Comment, path: Option<&str>) -> impl IntoView + use<> {
    let is_own = comment.by_member == viewer.member_id();
    let own = path
        .filter(|_| is_own && comment.withdrawn_at.is_none())
        .map(|path| viewer.path(&format!("{path}/{}", comment.id)));
    // A page may be kept for a while; the form says when it is too late.
    let edit = own
        .as_ref()
        .filter(|_| is_editable(comment.at, viewer.now()))
        .map(|own| {
            let label = format!("Edit the comment of {}", comment.at.time_in(viewer.zone()));
            view! {
                <a class="link" href=format!("{own}/edit") aria-label=label>
                    "Edit"
                </a>
            }
        });
    let edited = comment.edited_at.map_or("", |_| ", edited");
    let when = format!(
        "{}, {}{edited}",
        viewer.day_of(comment.at).format(viewer.today()),
        comment.at.time_in(viewer.zone())
    );
    let told = (!comment.named.is_empty() && comment.withdrawn_at.is_none())
        .then(|| format!("Notified: {}", comment.named.join(", ")));
    let body = if comment.withdrawn_at.is_some() {
        view! { <p class="faint">"Withdrawn by the author"</p> }.into_any()
    } else {
        view! { <Markdown text=comment.body /> }.into_any()
    };
    view! {
        <li class="row comment" id=format!("comment-{}", comment.id)>
            <Avatar name=comment.who.clone() side=comment.side.map_or("none", Side::as_str) />
            <span class="row-main">
                <span class="faint">{format!("{}, {when}", comment.who)}</span>
                {body}
                {told.map(|told| view! { <span class="faint">{told}</span> })}
            </span>
            {edit}
            {own
                .map(|own| {
                    view! {
                        <form method="post" action=format!("{own}/withdraw")>
                            <button class="link" type="submit">
                                "Withdraw"
                            </button>
                        </form>
                    }
                })}
        </li>
    }
}
