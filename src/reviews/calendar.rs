//! A review as an entry of a calendar.

use super::{ReviewState, read::Review};
use crate::platform::{
    calendar::{Entry, When},
    time::{Timestamp, Zone},
};

/// The meeting, under an identity that stays when it is moved or called off.
pub fn entry(review: &Review, workspace: &str, zone: &Zone, link: String, changed_at: Timestamp) -> Entry {
    let starts = zone.at(review.held_on, review.starts_at);
    Entry {
        uid: format!("review-{}@handshake", review.id),
        title: format!("Review {} · {workspace}", review.number),
        link,
        place: review.place.clone(),
        when: When::Between(starts, starts.plus_seconds(review.slot_minutes * 60)),
        sequence: review.sequence,
        changed_at,
        is_cancelled: review.state == ReviewState::Skipped,
    }
}
