//! Dated outcomes within an initiative, and the owned steps towards them.
//!
//! A *milestone* keeps its first *promised* date for good; moving it is a *slip*, a row with the old and the new date,
//! the reason and who. One *driver* moves it; two *owners*, one from each side, answer for it. Its *checkpoints* are
//! dated steps with an owner; *passing* one takes evidence, a link or a sentence. Once every checkpoint is passed the
//! milestone is offered to both owners for *acceptance*: a handshake over its text and the evidence. Whatever changes
//! before that is sealed makes it stale; an accepted milestone does not change any more.
//!
//! A milestone may *wait* for others, of any initiative, and for decisions; a circle is refused. Moving one shows whom it
//! *hits*: those that wait for it and are due before. From how its checkpoints were passed it is *forecast* when it
//! might be met. Many checkpoints are made from lines, moved or given to somebody else at once, seen before it is done
//! and taken back after.
//!
//! The *baseline* is the plan as both leads signed it; the plan is shown against it, with what was struck through. What
//! is archived stays in it.
//!
//! Status is derived, the first that holds: accepted; overdue; no checkpoints yet; waiting for acceptance; at risk
//! (checkpoints overdue); on track. A date is overdue the day after.

pub mod actions;
pub mod forecast;
pub mod islands;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
pub mod read;
#[cfg(feature = "ssr")]
pub mod timeline;
#[cfg(feature = "ssr")]
pub mod write;

use crate::{
    ground::time::{Day, days},
    ui::Tone,
};

/// A milestone as a baseline has it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Line {
    pub id: String,
    pub number: i64,
    pub title: String,
    pub initiative: String,
    pub due_on: String,
}

/// What became of a milestone since the baseline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Drift {
    /// As it was.
    Kept,
    /// Its title or its date, as they were.
    Changed {
        title: Option<String>,
        due_on: Option<String>,
    },
    Added,
    Archived,
}

/// The plan beside the baseline: every milestone of either, those of the baseline first in its order.
pub fn drift(baseline: &[Line], now: &[Line]) -> Vec<(Line, Drift)> {
    let mut found: Vec<(Line, Drift)> = baseline
        .iter()
        .map(|was| match now.iter().find(|line| line.id == was.id) {
            None => (was.clone(), Drift::Archived),
            Some(is) => {
                let title = (is.title != was.title).then(|| was.title.clone());
                let due_on = (is.due_on != was.due_on).then(|| was.due_on.clone());
                let drift = if title.is_none() && due_on.is_none() { Drift::Kept } else { Drift::Changed { title, due_on } };
                (is.clone(), drift)
            }
        })
        .collect();
    found.extend(now.iter().filter(|line| !baseline.iter().any(|was| was.id == line.id)).map(|line| (line.clone(), Drift::Added)));
    found
}

/// What a milestone's status is derived from.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    pub is_accepted: bool,
    pub due_on: Day,
    pub checkpoints: i64,
    pub passed: i64,
    /// Not passed and past their date.
    pub overdue: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Accepted,
    Overdue(i64),
    NoCheckpoints,
    WaitingForAcceptance,
    CheckpointsOverdue(i64),
    OnTrack,
}

pub fn status(facts: Facts, today: Day) -> Status {
    let late = today.days_since(facts.due_on);
    if facts.is_accepted {
        Status::Accepted
    } else if late > 0 {
        Status::Overdue(late)
    } else if facts.checkpoints == 0 {
        Status::NoCheckpoints
    } else if facts.passed == facts.checkpoints {
        Status::WaitingForAcceptance
    } else if facts.overdue > 0 {
        Status::CheckpointsOverdue(facts.overdue)
    } else {
        Status::OnTrack
    }
}

impl Status {
    pub fn words(self) -> String {
        match self {
            Self::Accepted => "Accepted".to_owned(),
            Self::Overdue(late) => format!("Overdue {}", days(late)),
            Self::NoCheckpoints => "No checkpoints".to_owned(),
            Self::WaitingForAcceptance => "Waiting for acceptance".to_owned(),
            Self::CheckpointsOverdue(1) => "At risk: 1 checkpoint overdue".to_owned(),
            Self::CheckpointsOverdue(count) => format!("At risk: {count} checkpoints overdue"),
            Self::OnTrack => "On track".to_owned(),
        }
    }

    pub const fn tone(self) -> Tone {
        match self {
            Self::Accepted => Tone::Done,
            Self::Overdue(_) => Tone::OffTrack,
            Self::NoCheckpoints => Tone::NoData,
            Self::WaitingForAcceptance | Self::CheckpointsOverdue(_) => Tone::AtRisk,
            Self::OnTrack => Tone::OnTrack,
        }
    }
}

/// "12 Oct", "moved 3×, first promised 1 Aug".
pub fn slip_words(moves: i64, promised_on: Day, today: Day) -> Option<String> {
    match moves {
        0 => None,
        1 => Some(format!("moved once, first promised {}", promised_on.said(today))),
        _ => Some(format!("moved {moves}×, first promised {}", promised_on.said(today))),
    }
}

/// How a checkpoint stands on a day: passed, overdue since, due.
pub fn checkpoint_words(due_on: Day, is_passed: bool, today: Day) -> (Tone, String) {
    let late = today.days_since(due_on);
    if is_passed {
        (Tone::Done, "Passed".to_owned())
    } else if late > 0 {
        (Tone::OffTrack, format!("Overdue {}", days(late)))
    } else if late == 0 {
        (Tone::AtRisk, "Due today".to_owned())
    } else {
        (Tone::Quiet, format!("Due {}", due_on.said(today)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_combination_has_one_status() {
        let today = Day::new(2026, 11, 22);
        let mut seen = Vec::new();
        for is_accepted in [true, false] {
            for due in [-1, 0, 1] {
                for (checkpoints, passed, overdue) in [(0, 0, 0), (2, 2, 0), (2, 1, 1), (2, 1, 0)] {
                    let facts = Facts { is_accepted, due_on: today.plus(due), checkpoints, passed, overdue };
                    let expected = match (is_accepted, due, checkpoints, passed, overdue) {
                        (true, ..) => Status::Accepted,
                        (_, -1, ..) => Status::Overdue(1),
                        (_, _, 0, ..) => Status::NoCheckpoints,
                        (_, _, 2, 2, _) => Status::WaitingForAcceptance,
                        (_, _, _, _, 1) => Status::CheckpointsOverdue(1),
                        _ => Status::OnTrack,
                    };
                    assert_eq!(status(facts, today), expected, "{facts:?}");
                    seen.push(expected);
                }
            }
        }
        assert_eq!(seen.len(), 24);
    }

    #[test]
    fn what_is_archived_stays_in_the_baseline() {
        let line = |id: &str, title: &str, due_on: &str| Line {
            id: id.to_owned(),
            number: 1,
            title: title.to_owned(),
            initiative: "One".to_owned(),
            due_on: due_on.to_owned(),
        };
        let baseline = [line("a", "Rules", "2026-10-01"), line("b", "Feeds", "2026-11-01"), line("c", "Gone", "2026-12-01")];
        let now = [line("b", "Feeds", "2026-11-20"), line("a", "Rules", "2026-10-01"), line("d", "New", "2027-01-01")];
        let found: Vec<(String, Drift)> = drift(&baseline, &now).into_iter().map(|(line, drift)| (line.id, drift)).collect();
        let moved = Drift::Changed { title: None, due_on: Some("2026-11-01".to_owned()) };
        assert_eq!(found, [("a".to_owned(), Drift::Kept), ("b".to_owned(), moved), ("c".to_owned(), Drift::Archived), ("d".to_owned(), Drift::Added)]);
    }

    #[test]
    fn due_today_is_not_overdue() {
        let today = Day::new(2026, 11, 22);
        assert_eq!(checkpoint_words(today, false, today).1, "Due today");
        assert_eq!(checkpoint_words(today.plus(-1), false, today).1, "Overdue 1 day");
        assert_eq!(checkpoint_words(today.plus(-1), true, today).1, "Passed");
    }
}
