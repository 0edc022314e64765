//! One thing waiting for another: what became of what it waits for, and whether that comes in time.
//!
//! Milestones wait for milestones, decisions and access. Each room keeps its own waits; the rule is the same
//! for all.

#[cfg(feature = "ssr")]
mod tones;

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
    pub fn label(self) -> String {
        match self {
            Self::There => "There".to_owned(),
            Self::WasGranted => "Was granted".to_owned(),
            Self::NeverGranted => "Never granted".to_owned(),
            Self::GivenUp => "Given up".to_owned(),
            Self::NotReached => "Not reached".to_owned(),
            Self::WaitsNoMore => "Waits no more".to_owned(),
            Self::Late(late) => format!("{} late", days(late)),
            Self::TooLate(late) => format!("{} too late", days(late)),
            Self::Ahead(ahead) => format!("{} ahead", days(ahead)),
        }
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
        let words = |waiting: i64, awaited: i64, wait_outcome: WaitOutcome| {
            schedule_risk(today.plus(waiting), today.plus(awaited), wait_outcome, today).label()
        };
        assert_eq!(words(30, 10, WaitOutcome::Ahead), "20 days ahead");
        assert_eq!(
            words(30, 0, WaitOutcome::Ahead),
            "30 days ahead",
            "due today is not late"
        );
        assert_eq!(words(30, -1, WaitOutcome::Ahead), "1 day late");
        assert_eq!(words(10, 30, WaitOutcome::Ahead), "20 days too late");
        assert_eq!(words(-5, -1, WaitOutcome::Ahead), "4 days too late");
        for (wait_outcome, word) in [
            (WaitOutcome::There, "There"),
            (WaitOutcome::GivenUp, "Given up"),
            (WaitOutcome::NotReached, "Not reached"),
        ] {
            assert_eq!(
                (words(30, -1, wait_outcome), words(30, 10, wait_outcome)),
                (word.to_owned(), word.to_owned())
            );
        }
    }
}
