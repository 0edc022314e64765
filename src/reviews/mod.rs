//! Both leads sit together over the same frozen facts, and both accept what was said.
//!
//! A *review* has a day, a slot and a chair's side. Its *agenda* proposes itself, in seven *parts* whose
//! order never changes, from what needs attention; either side raises *topics*. Each *item* says why it is
//! here and how many minutes it gets. On its morning, or when a lead does so before, the review is *frozen*:
//! a *snapshot* of everything that the pages show is written once, and from then on its own pages read
//! nothing else. While it *runs* one lead at a time drives the stage, item by item; notes, one-line
//! *resolutions* and *actions* are recorded in place. When it has *ended*, its *minutes* are composed from
//! what was recorded, edited, offered, and sealed by both leads. A resolution that was recorded
//! by mistake may be left out of them, on record. What comes after that is an *addendum* with a handshake of
//! its own, which its side takes back while it is not accepted by both.
//!
//! - Nothing vanishes: an item that is neither discussed, parked nor dropped goes on to the next review by
//!   itself, and so does a parked one. What was resolved before the meeting stays on the agenda, struck, with
//!   its day.
//! - What a side thinks and may not show yet is not in a snapshot: given or not given, never what.
//! - What is missing at freezing is recorded as missing, with whom it waits for.
//! - What changed is the difference of two snapshots, and nothing leaves without a line. The facts are kept
//!   when each day begins, too, for a month: what changed since a day is the same difference, and no record.
//! - A snapshot holds people by keys, whose names can be blanked without breaking its digest.
//! - An action has one owner and a day, and comes first in the next review. One that became a checkpoint is
//!   done when that is; where its milestone or initiative ended before, its owner settles it again.
//! - Silence seals nothing: minutes that are not accepted lapse, and the record says whose word is missing.
//! - Clocks are instants in the database; a browser only draws them.

#[cfg(feature = "ssr")]
mod agenda;

#[cfg(feature = "ssr")]
pub mod calendar;

#[cfg(feature = "ssr")]
pub mod changes;

#[cfg(feature = "ssr")]
pub mod days;

#[cfg(feature = "ssr")]
pub mod facts;

#[cfg(feature = "ssr")]
pub mod held;

#[cfg(feature = "ssr")]
mod minutes;

#[cfg(feature = "ssr")]
pub mod owed;

#[cfg(feature = "ssr")]
pub mod page;

#[cfg(feature = "ssr")]
pub mod read;

#[cfg(feature = "ssr")]
pub mod schedule;

#[cfg(feature = "ssr")]
mod status_words;

#[cfg(feature = "ssr")]
pub mod text;

#[cfg(feature = "ssr")]
pub mod verify;

#[cfg(feature = "ssr")]
pub mod write;

use crate::{platform::time::Day, text_enum};

text_enum! {
    /// What a review goes through, always in this order.
    pub enum AgendaPart {
        Actions = "actions",
        Changes = "changes",
        Numbers = "numbers",
        Decisions = "decisions",
        Work = "work",
        Topics = "topics",
        Close = "close",
    }
}

impl AgendaPart {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Actions => "What we said we would do",
            Self::Changes => "What changed",
            Self::Numbers => "Numbers",
            Self::Decisions => "Decisions",
            Self::Work => "Work",
            Self::Topics => "Topics",
            Self::Close => "Close",
        }
    }

    /// What is said where a part has no items.
    pub const fn when_silent(self) -> &'static str {
        match self {
            Self::Actions => "No open actions.",
            Self::Changes | Self::Close => "",
            Self::Numbers => "Every goal and KPI is on track and confirmed.",
            Self::Decisions => "Nothing waits for a signature or a decision.",
            Self::Work => "No initiative or milestone is late, silent or at risk.",
            Self::Topics => "Nobody has raised a topic.",
        }
    }

    /// Minutes that an item of this part gets unless somebody says otherwise.
    pub const fn usual_minutes(self) -> i64 {
        match self {
            Self::Actions => 1,
            Self::Changes => 5,
            Self::Numbers | Self::Work | Self::Close => 2,
            Self::Decisions => 4,
            Self::Topics => 3,
        }
    }
}

text_enum! {
    /// What became of an item.
    pub enum ItemState {
        Open = "open",
        Discussed = "discussed",
        Parked = "parked",
        Dropped = "dropped",
        /// What it was about was settled before the meeting.
        Resolved = "resolved",
    }
}

impl ItemState {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "Open",
            Self::Discussed => "Discussed",
            Self::Parked => "Parked",
            Self::Dropped => "Dropped",
            Self::Resolved => "Settled before",
        }
    }

    /// Whether it is still spoken of in this meeting.
    pub const fn is_on_agenda(self) -> bool {
        matches!(self, Self::Open | Self::Discussed)
    }

    /// Whether the next review takes it up by itself.
    pub const fn goes_on(self) -> bool {
        matches!(self, Self::Open | Self::Parked)
    }
}

text_enum! {
    pub enum NoteKind { Note = "note", Resolution = "resolution" }
}

text_enum! {
    pub enum ActionState { Open = "open", Done = "done", GivenUp = "given_up" }
}

text_enum! {
    /// Where a review is on its way.
    pub enum ReviewState {
        Planned = "planned",
        Frozen = "frozen",
        Running = "running",
        Ended = "ended",
        Offered = "offered",
        Objected = "objected",
        Sealed = "sealed",
        Lapsed = "lapsed",
        Skipped = "skipped",
    }
}

impl ReviewState {
    /// Whether its agenda may still be changed.
    pub const fn is_before_meeting(self) -> bool {
        matches!(self, Self::Planned | Self::Frozen)
    }

    /// Whether its minutes may be written.
    pub const fn takes_minutes(self) -> bool {
        matches!(self, Self::Ended | Self::Offered | Self::Objected)
    }

    pub const fn is_over(self) -> bool {
        !matches!(self, Self::Planned | Self::Frozen | Self::Running)
    }
}

/// When minutes that nobody accepts have lapsed, in days after they were offered, or after the meeting where
/// nobody even offered them.
pub const LAPSES_AFTER_DAYS: i64 = 30;

/// How long an ended meeting can be gone on with, in seconds.
pub const RESUMED_WITHIN_SECONDS: i64 = 600;

/// The hour of a review's day, in the workspace's zone, from which on the clock freezes it.
pub const FROZEN_FROM_HOUR: i8 = 7;

/// "43 of 45 minutes planned", and by how much it is over.
pub fn minutes_in_words(planned: i64, slot: i64) -> (String, Option<String>) {
    let over = planned - slot;
    let unit = |count: i64| if count == 1 { "minute" } else { "minutes" };
    (
        format!("{planned} of {slot} {} planned", unit(slot)),
        (over > 0).then(|| format!("{over} {} too many", unit(over))),
    )
}

/// `09:05` for 545 minutes after midnight.
pub fn clock_time(minutes: i64) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// Minutes after midnight of `9:05` or `09:05`.
pub fn parse_clock_time(typed: &str) -> Option<i64> {
    let (hour, minute) = typed.trim().split_once(':')?;
    let is_short = |part: &str, least: usize| (least..=2).contains(&part.len());
    if !is_short(hour, 1)
        || !is_short(minute, 2)
        || !hour.bytes().chain(minute.bytes()).all(|c| c.is_ascii_digit())
    {
        return None;
    }
    let (hour, minute): (i64, i64) = (hour.parse().ok()?, minute.parse().ok()?);
    ((0..24).contains(&hour) && (0..60).contains(&minute)).then_some(hour * 60 + minute)
}

/// The next day of a rhythm: its weekday (Monday is 0), `every_weeks` weeks after the last review, and not
/// before `today`; without a last review, the first such weekday after today.
pub fn next_day(every_weeks: i64, weekday: i64, last: Option<Day>, today: Day) -> Day {
    let on_weekday = |day: Day| {
        let is = i64::from(day.0.weekday().to_monday_zero_offset());
        day.plus((weekday - is).rem_euclid(7))
    };
    match last {
        None => on_weekday(today.plus(1)),
        Some(last) => {
            let mut next = on_weekday(last.plus(every_weeks * 7 - 3));
            while next < today {
                next = next.plus(every_weeks * 7);
            }
            next
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_over_the_slot_is_said_in_words() {
        assert_eq!(
            minutes_in_words(43, 45),
            ("43 of 45 minutes planned".to_owned(), None)
        );
        assert_eq!(minutes_in_words(46, 45).1.as_deref(), Some("1 minute too many"));
        assert_eq!(minutes_in_words(60, 45).1.as_deref(), Some("15 minutes too many"));
    }

    #[test]
    fn times_of_day_are_read_as_they_are_written() {
        for (typed, minutes) in [
            ("09:05", Some(545)),
            ("9:05", Some(545)),
            (" 23:59 ", Some(1439)),
            ("00:00", Some(0)),
            ("24:00", None),
            ("9:5", None),
            ("9", None),
            ("nine", None),
            ("-1:10", None),
            ("+9:05", None),
        ] {
            assert_eq!(parse_clock_time(typed), minutes, "{typed:?}");
        }
        assert_eq!(clock_time(545), "09:05");
    }

    #[test]
    fn a_rhythm_comes_back_on_its_weekday() {
        let thursday = Day::new(2026, 11, 5);
        let four_weeks = |last, today| next_day(4, 3, last, today);
        assert_eq!(
            four_weeks(Some(thursday), Day::new(2026, 11, 6)),
            Day::new(2026, 12, 3)
        );
        // One that was held a day late does not move the rhythm.
        assert_eq!(
            four_weeks(Some(Day::new(2026, 11, 6)), Day::new(2026, 11, 7)),
            Day::new(2026, 12, 3)
        );
        // A long pause is not made up for.
        assert_eq!(
            four_weeks(Some(thursday), Day::new(2027, 2, 1)),
            Day::new(2027, 2, 25)
        );
        assert_eq!(four_weeks(None, thursday), Day::new(2026, 11, 12));
    }

    #[test]
    fn what_was_neither_discussed_nor_dropped_goes_on() {
        let goes_on: Vec<ItemState> = ItemState::ALL
            .iter()
            .copied()
            .filter(|state| state.goes_on())
            .collect();
        assert_eq!(goes_on, [ItemState::Open, ItemState::Parked]);
    }
}
