//! One thing waiting for another: what became of what it waits for, and whether that comes in time.
//!
//! Milestones wait for milestones, decisions and access. Each room keeps its own waits; the rule is the same
//! for all.

use crate::{
    platform::time::{Day, days},
    text_enum,
    ui::Tone,
};

/// How what waits stands to what it waits for: that came, comes in time, is late, or never comes.
pub fn schedule_risk(waiting: Day, awaited: Day, wait_outcome: WaitOutcome, today: Day) -> (Tone, String) {
    let late = today.days_since(awaited);
    match wait_outcome {
        WaitOutcome::There => (Tone::Done, "There".to_owned()),
        WaitOutcome::GivenUp => (Tone::OffTrack, "Given up".to_owned()),
        WaitOutcome::NotReached => (Tone::OffTrack, "Not reached".to_owned()),
        // What was to be there is not: how far ahead it was planned says nothing any more.
        WaitOutcome::Ahead if late > 0 && awaited <= waiting => {
            (Tone::OffTrack, format!("{} late", days(late)))
        }
        WaitOutcome::Ahead if awaited > waiting => (
            Tone::OffTrack,
            format!("{} too late", days(awaited.days_since(waiting))),
        ),
        WaitOutcome::Ahead => (
            Tone::Quiet,
            format!("{} ahead", days(waiting.days_since(awaited))),
        ),
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
            schedule_risk(today.plus(waiting), today.plus(awaited), wait_outcome, today).1
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
