//! A review as an entry of a calendar (iCalendar, RFC 5545).

use icalendar::{Calendar, Component as _, Event, EventLike as _, EventStatus};

use super::{ReviewState, read::Review};
use crate::{identity::Viewer, platform::time::Timestamp};

/// `20261203T090000Z`
fn utc(at: Timestamp) -> String {
    at.rfc3339()
        .split('.')
        .next()
        .unwrap_or_default()
        .trim_end_matches('Z')
        .replace(['-', ':'], "")
        + "Z"
}

/// The meeting, under an identity that stays when it is moved or called off.
pub fn invitation(viewer: &Viewer, review: &Review) -> String {
    let starts = viewer
        .zone()
        .start_of(review.held_on)
        .plus_seconds(review.starts_at * 60);
    let ends = starts.plus_seconds(review.slot_minutes * 60);
    let page = viewer.address(&viewer.path(&review.path()));
    let status = if review.state == ReviewState::Skipped {
        EventStatus::Cancelled
    } else {
        EventStatus::Confirmed
    };
    let mut event = Event::new();
    event
        .uid(&format!("review-{}@handshake", review.id))
        .summary(&format!("Review {} · {}", review.number, viewer.workspace()))
        .description(&page)
        .url(&page)
        .sequence(u32::try_from(review.sequence).unwrap_or(u32::MAX))
        .status(status)
        .add_property("DTSTAMP", utc(viewer.now()))
        .add_property("DTSTART", utc(starts))
        .add_property("DTEND", utc(ends));
    if !review.place.is_empty() {
        event.location(&review.place);
    }
    Calendar::new().push(event.done()).done().to_string()
}
