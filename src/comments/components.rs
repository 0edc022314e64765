//! How comments look, on whatever page they are about.

use leptos::prelude::*;

use super::read::Comment;
use crate::{
    identity::{Side, Viewer},
    platform::ids::CommentId,
    ui::{Avatar, markdown::Markdown},
};

/// The comments as rows. `withdraw` gives the path by which one's own is withdrawn, where that can be done.
pub fn rows(
    viewer: &Viewer,
    comments: Vec<Comment>,
    withdraw: Option<&dyn Fn(CommentId) -> String>,
) -> Option<impl IntoView + use<>> {
    let rows = comments
        .into_iter()
        .map(|comment| row(viewer, comment, withdraw))
        .collect::<Vec<_>>();
    (!rows.is_empty()).then(|| view! { <ul class="rows">{rows}</ul> })
}

fn row(
    viewer: &Viewer,
    comment: Comment,
    withdraw: Option<&dyn Fn(CommentId) -> String>,
) -> impl IntoView + use<> {
    let is_own = comment.by_member == viewer.member_id();
    let withdraw = withdraw
        .filter(|_| is_own && comment.withdrawn_at.is_none())
        .map(|path| viewer.path(&path(comment.id)));
    let when = format!(
        "{}, {}",
        viewer.day_of(comment.at).format(viewer.today()),
        comment.at.time_in(viewer.zone())
    );
    let told = (!comment.named.is_empty() && comment.withdrawn_at.is_none())
        .then(|| format!("Told: {}", comment.named.join(", ")));
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
            {withdraw
                .map(|action| {
                    view! {
                        <form method="post" action=action>
                            <button class="link" type="submit">
                                "Withdraw"
                            </button>
                        </form>
                    }
                })}
        </li>
    }
}
