//! One thing waiting for another: what became of what it waits for, and whether that comes in time.
//!
//! Milestones wait for milestones, decisions and access. Each room keeps its own waits; the rule is the same
//! for all.

#[cfg(feature = "ssr")]
mod status_words;

use crate::{
    platform::time::{Day, days},
    text_enum,
};

/// How what waits stands to what it waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScheduleRisk {
    /// It came.
    There,
    /// Access that was granted and has ended.
    WasGranted,
    /// Access that ended before anybody granted it.
    NeverGranted,
    GivenUp,
    NotReached,
    /// Whoever waited does so no longer.
    WaitsNoMore,
    /// Past its day, in days.
    Late(i64),
    /// Planned for a day after the one on which it is needed, in days.
    TooLate(i64),
    /// Planned for a day before, in days.
    Ahead(i64),
}

impl ScheduleRisk {
    /// What there is to say beside the word.
    pub fn detail(self) -> Option<String> {
        let said = match self {
            Self::There | Self::Late(_) => return None,
            Self::WasGranted => "Was open".to_owned(),
            Self::NeverGranted => "Never opened".to_owned(),
            Self::GivenUp => "Cancelled".to_owned(),
            Self::NotReached => "Not reached".to_owned(),
            Self::WaitsNoMore => "No longer needed".to_owned(),
            Self::TooLate(late) => format!("Comes {} too late", days(late)),
            Self::Ahead(0) => "Due on the same day".to_owned(),
            Self::Ahead(ahead) => format!("In time, {} to spare", days(ahead)),
        };
        Some(said)
    }
}

/// How something due on the day `waiting` stands to what it waits for, due on the day `awaited`.
pub fn schedule_risk(waiting: Day, awaited: Day, wait_outcome: WaitOutcome, today: Day) -> ScheduleRisk {
    let late = today.days_since(awaited);
    match wait_outcome {
        WaitOutcome::There => ScheduleRisk::There,
        WaitOutcome::GivenUp => ScheduleRisk::GivenUp,
        WaitOutcome::NotReached => ScheduleRisk::NotReached,
        // What was to be there is not: how far ahead it was planned says nothing any more.
        WaitOutcome::Ahead if late > 0 && awaited <= waiting => ScheduleRisk::Late(late),
        WaitOutcome::Ahead if awaited > waiting => ScheduleRisk::TooLate(awaited.days_since(waiting)),
        WaitOutcome::Ahead => ScheduleRisk::Ahead(waiting.days_since(awaited)),
    }
}

text_enum! {
    /// What became of something that can be waited for.
    pub enum WaitOutcome { Ahead = "ahead", There = "there", GivenUp = "given_up", NotReached = "not_reached" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_late_is_not_ahead() {
        let today = Day::new(2026, 11, 22);
        let risk = |waiting: i64, awaited: i64, wait_outcome: WaitOutcome| {
            schedule_risk(today.plus(waiting), today.plus(awaited), wait_outcome, today)
        };
        assert_eq!(risk(30, 10, WaitOutcome::Ahead), ScheduleRisk::Ahead(20));
        assert_eq!(
            risk(30, 0, WaitOutcome::Ahead),
            ScheduleRisk::Ahead(30),
            "due today is not late"
        );
        assert_eq!(risk(30, -1, WaitOutcome::Ahead), ScheduleRisk::Late(1));
        assert_eq!(risk(10, 30, WaitOutcome::Ahead), ScheduleRisk::TooLate(20));
        assert_eq!(risk(-5, -1, WaitOutcome::Ahead), ScheduleRisk::TooLate(4));
        for (wait_outcome, expected) in [
            (WaitOutcome::There, ScheduleRisk::There),
            (WaitOutcome::GivenUp, ScheduleRisk::GivenUp),
            (WaitOutcome::NotReached, ScheduleRisk::NotReached),
        ] {
            assert_eq!(
                (risk(30, -1, wait_outcome), risk(30, 10, wait_outcome)),
                (expected, expected)
            );
        }
    }
}
