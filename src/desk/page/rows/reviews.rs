//! Reviews, and what was said there to be done.

use leptos::prelude::*;

use super::parts::{Open, Row};
use crate::{
    identity::Viewer,
    reviews::owed::{OwedReview, OwedReviewAction},
};

pub(super) fn review_action_row(viewer: &Viewer, pill: AnyView, action: &OwedReviewAction) -> AnyView {
    let settle = viewer.path(&format!("reviews/{}/actions/{}", action.review_number, action.id));
    let label = format!("Settle {}", action.body);
    let detail = format!("Action from review {}", action.review_number);
    view! {
        <Row state=pill href=viewer.path(&action.path()) title=action.body.clone() detail=detail>
            <Open href=settle label=label verb="Settle" />
        </Row>
    }
    .into_any()
}

pub(super) fn review_row(viewer: &Viewer, pill: AnyView, review: &OwedReview) -> AnyView {
    let href = viewer.path(&review.path());
    let (title, detail, verb) = if review.is_held {
        (
            format!("Minutes of review {}", review.number),
            "Read them through, then ask both leads to accept them.",
            "Write",
        )
    } else {
        (
            format!("Review {}", review.number),
            "Look over the agenda before the facts are frozen.",
            "Prepare",
        )
    };
    let label = format!("{verb}: {title}");
    view! {
        <Row state=pill href=href.clone() title=title detail=detail>
            <Open href=href label=label verb=verb />
        </Row>
    }
    .into_any()
}
