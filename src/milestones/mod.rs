//! Dated outcomes within an initiative, and the owned steps towards them.
//!
//! A *milestone* keeps its first *promised* date for good; moving it is a *slip*, a row with the old and the
//! new date, the reason and who. One *driver* moves it; two *owners*, one from each side, answer for it. Its
//! *checkpoints* are dated steps with an owner and, where it needs saying, *criteria*: what must hold.
//! *Passing* one takes evidence: a link, a sentence or a file. Where the milestone *asks the other side*, a
//! checkpoint is done only once somebody of the other side than the one who passed it has *accepted* it, or
//! it is *returned*, with what is missing, and open again. Once every checkpoint is done the milestone is
//! offered to both owners for *acceptance*: a handshake over its text and the evidence. Whatever changes
//! before that is sealed makes it stale; an accepted milestone does not change any more. One that is given up
//! is *archived*, with the reason.
//!
//! A milestone may *wait* for others, of any initiative, for decisions and for access; a circle is refused.
//! Moving one shows whom it *hits*: those that wait for it and are due before. From how its checkpoints were
//! passed it is *forecast* when it might be met. Many checkpoints are made from lines, moved or given to
//! somebody else at once, seen before it is done and taken back after.
//!
//! The *baseline* is the plan as both leads signed it; the plan is shown against it, with what was struck
//! through. What is archived stays in it.
//!
//! Status is derived, the first that holds: accepted; not reached (its initiative ended); overdue; no
//! checkpoints yet; waiting for acceptance; at risk (checkpoints overdue, something it waits for is late,
//! comes too late or never, or it is due after its initiative is to end); waiting for the other side's word
//! on checkpoints; on track. A date is overdue the day after.

#[cfg(feature = "ssr")]
pub mod components;

#[cfg(feature = "ssr")]
pub mod evidence;

pub mod forecast;

pub mod islands;

#[cfg(feature = "ssr")]
pub mod held;

#[cfg(feature = "ssr")]
pub mod owed;

#[cfg(feature = "ssr")]
pub mod page;

#[cfg(feature = "ssr")]
pub mod read;

#[cfg(feature = "ssr")]
pub mod timeline;

#[cfg(feature = "ssr")]
pub mod text;
#[cfg(feature = "ssr")]
pub mod verify;
#[cfg(feature = "ssr")]
pub mod write;

use std::cmp::Ordering;

use crate::{
    identity::Side,
    platform::time::{Day, days},
};

/// A milestone as a baseline has it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct BaselineLine {
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
    Unchanged,
    /// Its title or its date, as they were.
    Changed {
        title: Option<String>,
        due_on: Option<String>,
    },
    Added,
    Archived,
}

/// The plan beside the baseline: every milestone of either, those of the baseline first in its order.
pub fn drift(baseline: &[BaselineLine], now: &[BaselineLine]) -> Vec<(BaselineLine, Drift)> {
    let mut found: Vec<(BaselineLine, Drift)> = baseline
        .iter()
        .map(|was| match now.iter().find(|line| line.id == was.id) {
            None => (was.clone(), Drift::Archived),
            Some(is) => {
                let title = (is.title != was.title).then(|| was.title.clone());
                let due_on = (is.due_on != was.due_on).then(|| was.due_on.clone());
                let drift = if title.is_none() && due_on.is_none() {
                    Drift::Unchanged
                } else {
                    Drift::Changed { title, due_on }
                };
                (is.clone(), drift)
            }
        })
        .collect();
    found.extend(
        now.iter()
            .filter(|line| !baseline.iter().any(|was| was.id == line.id))
            .map(|line| (line.clone(), Drift::Added)),
    );
    found
}

/// What a milestone's status is derived from.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "facts, each on its own")]
pub struct MilestoneFacts {
    pub is_accepted: bool,
    pub due_on: Day,
    pub checkpoints: i64,
    pub passed: i64,
    /// Not passed and past their date.
    pub overdue: i64,
    /// Passed, while the other side has not said yet that it accepts them.
    pub unaccepted: i64,
    /// Not passed and due after the milestone itself.
    pub too_late: i64,
    /// What it waits for and that is late, or comes too late for it.
    pub held_up: i64,
    /// Whether its initiative has not started yet.
    pub is_planned: bool,
    /// Whether its initiative has ended.
    pub is_over: bool,
    /// Whether it is due after its initiative is to end.
    pub is_beyond: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MilestoneStatus {
    Accepted,
    NotReached,
    Overdue(i64),
    NoCheckpoints,
    WaitingForAcceptance,
    CheckpointsOverdue(i64),
    HeldUp(i64),
    /// This many of its checkpoints are due after it.
    CannotHold(i64),
    AfterTheEnd,
    /// In days, while checkpoints are open.
    DueSoon(i64),
    WaitingForOtherSide(i64),
    /// Its initiative has not started.
    Planned,
    OnTrack,
}

/// What is due within these days is due soon.
pub const SOON_DAYS: i64 = 7;

pub fn status(facts: MilestoneFacts, today: Day) -> MilestoneStatus {
    let late = today.days_since(facts.due_on);
    if facts.is_accepted {
        MilestoneStatus::Accepted
    } else if facts.is_over {
        MilestoneStatus::NotReached
    } else if late > 0 {
        MilestoneStatus::Overdue(late)
    } else if facts.is_planned {
        MilestoneStatus::Planned
    } else if facts.checkpoints == 0 {
        MilestoneStatus::NoCheckpoints
    } else if facts.passed == facts.checkpoints && facts.unaccepted == 0 {
        MilestoneStatus::WaitingForAcceptance
    } else if facts.overdue > 0 {
        MilestoneStatus::CheckpointsOverdue(facts.overdue)
    } else if facts.held_up > 0 {
        MilestoneStatus::HeldUp(facts.held_up)
    } else if facts.too_late > 0 {
        MilestoneStatus::CannotHold(facts.too_late)
    } else if facts.is_beyond {
        MilestoneStatus::AfterTheEnd
    } else if facts.passed < facts.checkpoints && -late <= SOON_DAYS {
        MilestoneStatus::DueSoon(-late)
    } else if facts.unaccepted > 0 {
        MilestoneStatus::WaitingForOtherSide(facts.unaccepted)
    } else {
        MilestoneStatus::OnTrack
    }
}

impl MilestoneStatus {
    /// What there is to say beside the word.
    pub fn detail(self) -> Option<String> {
        let said = match self {
            Self::Overdue(_) | Self::OnTrack => return None,
            Self::Accepted => "Accepted by both sides".to_owned(),
            Self::NotReached => "Not reached when its initiative ended".to_owned(),
            Self::NoCheckpoints => "No checkpoints yet".to_owned(),
            Self::WaitingForAcceptance => "All checkpoints are done; both sides have to accept it".to_owned(),
            Self::CheckpointsOverdue(1) => "1 checkpoint is late".to_owned(),
            Self::CheckpointsOverdue(count) => format!("{count} checkpoints are late"),
            Self::HeldUp(1) => "Depends on something that comes too late".to_owned(),
            Self::HeldUp(count) => format!("Depends on {count} things that come too late"),
            Self::CannotHold(1) => "The date cannot hold: 1 checkpoint is due after it".to_owned(),
            Self::CannotHold(count) => format!("The date cannot hold: {count} checkpoints are due after it"),
            Self::AfterTheEnd => "Due after its initiative ends".to_owned(),
            Self::DueSoon(0) => "Due today".to_owned(),
            Self::DueSoon(ahead) => format!("Due in {}", days(ahead)),
            Self::WaitingForOtherSide(1) => "1 checkpoint waits for the other side".to_owned(),
            Self::WaitingForOtherSide(count) => format!("{count} checkpoints wait for the other side"),
            Self::Planned => "Its initiative has not started".to_owned(),
        };
        Some(said)
    }

    pub const fn needs_attention(self) -> bool {
        matches!(
            self,
            Self::Overdue(_)
                | Self::CheckpointsOverdue(_)
                | Self::HeldUp(_)
                | Self::CannotHold(_)
                | Self::AfterTheEnd
                | Self::DueSoon(_)
        )
    }
}

/// "moved 3 times, first promised for 1 Aug"; `None` for a date that never moved.
pub fn slip_words(moves: i64, promised_on: Day, due_on: Day, today: Day) -> Option<String> {
    let promised = promised_on.format(today);
    let how_often = match moves {
        0 => return None,
        1 => String::new(),
        _ => format!(" {moves} times"),
    };
    Some(match due_on.cmp(&promised_on) {
        Ordering::Less => format!("moved earlier{how_often}, from {promised}"),
        Ordering::Equal => format!("moved{how_often}, and back to the first date"),
        Ordering::Greater => format!("moved{how_often}, first promised for {promised}"),
    })
}

/// How far a checkpoint is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckpointStage {
    Open,
    /// Passed, and this side has to accept it.
    AwaitedBy(Side),
    Done,
}

/// Where a checkpoint is, from whether it is passed, which side is to accept it, and whether that side has.
pub const fn stage(
    is_passed: bool,
    asks_other_side: bool,
    accepting: Option<Side>,
    is_accepted: bool,
) -> CheckpointStage {
    match (is_passed, asks_other_side, accepting) {
        (false, ..) => CheckpointStage::Open,
        (true, true, Some(side)) if !is_accepted => CheckpointStage::AwaitedBy(side),
        _ => CheckpointStage::Done,
    }
}

/// Where a checkpoint is, as pages say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckpointStatus {
    Passed,
    /// Its milestone is over, and the other side never gave its word.
    NotAccepted,
    /// Its milestone is over without it.
    NotPassed,
    WaitsFor(Side),
    /// Past its day, in days.
    Overdue(i64),
    DueToday,
    Due(Day),
}

impl CheckpointStatus {
    /// What there is to say beside the word.
    pub fn detail(self, today: Day) -> Option<String> {
        match self {
            Self::Passed | Self::Overdue(_) => None,
            Self::NotAccepted => Some("Never accepted".to_owned()),
            Self::NotPassed => Some("Never done".to_owned()),
            Self::WaitsFor(side) => Some(format!("{} has not accepted it", side.name())),
            Self::DueToday => Some("Due today".to_owned()),
            Self::Due(day) => Some(format!("Due {}", day.format(today))),
        }
    }
}

/// `is_over` when its milestone has ended, accepted or not.
pub fn checkpoint_status(due_on: Day, stage: CheckpointStage, is_over: bool, today: Day) -> CheckpointStatus {
    let late = today.days_since(due_on);
    match stage {
        CheckpointStage::Done => CheckpointStatus::Passed,
        CheckpointStage::AwaitedBy(_) if is_over => CheckpointStatus::NotAccepted,
        CheckpointStage::Open if is_over => CheckpointStatus::NotPassed,
        CheckpointStage::AwaitedBy(side) => CheckpointStatus::WaitsFor(side),
        CheckpointStage::Open if late > 0 => CheckpointStatus::Overdue(late),
        CheckpointStage::Open if late == 0 => CheckpointStatus::DueToday,
        CheckpointStage::Open => CheckpointStatus::Due(due_on),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::StatusWord;

    #[test]
    fn every_combination_has_one_status() {
        let today = Day::new(2026, 11, 22);
        let mut seen = 0;
        for is_accepted in [true, false] {
            for due in [-1, 0, 7, 8] {
                for (checkpoints, passed, overdue) in [(0, 0, 0), (2, 2, 0), (2, 1, 1), (2, 1, 0)] {
                    for bits in 0..64 {
                        let bit = |at: i64| bits >> at & 1;
                        let (unaccepted, held_up, is_over, is_beyond, too_late, is_planned) =
                            (bit(0), bit(1), bit(2) == 1, bit(3) == 1, bit(4), bit(5) == 1);
                        let facts = MilestoneFacts {
                            is_accepted,
                            due_on: today.plus(due),
                            checkpoints,
                            passed,
                            overdue,
                            unaccepted,
                            too_late,
                            held_up,
                            is_planned,
                            is_over,
                            is_beyond,
                        };
                        let expected = match (
                            is_accepted,
                            is_over,
                            due,
                            checkpoints,
                            passed,
                            overdue,
                            held_up,
                            is_beyond,
                            unaccepted,
                        ) {
                            (true, ..) => MilestoneStatus::Accepted,
                            (_, true, ..) => MilestoneStatus::NotReached,
                            (_, _, -1, ..) => MilestoneStatus::Overdue(1),
                            _ if is_planned => MilestoneStatus::Planned,
                            (_, _, _, 0, ..) => MilestoneStatus::NoCheckpoints,
                            (_, _, _, 2, 2, .., 0) => MilestoneStatus::WaitingForAcceptance,
                            (_, _, _, _, _, 1, ..) => MilestoneStatus::CheckpointsOverdue(1),
                            (.., 1, _, _) => MilestoneStatus::HeldUp(1),
                            _ if too_late == 1 => MilestoneStatus::CannotHold(1),
                            (.., true, _) => MilestoneStatus::AfterTheEnd,
                            (_, _, 0 | 7, 2, 1, ..) => MilestoneStatus::DueSoon(due),
                            (.., 1) => MilestoneStatus::WaitingForOtherSide(1),
                            _ => MilestoneStatus::OnTrack,
                        };
                        assert_eq!(status(facts, today), expected, "{facts:?}");
                        seen += 1;
                    }
                }
            }
        }
        assert_eq!(seen, 2048);
    }

    #[test]
    fn a_date_that_came_earlier_is_told_as_such() {
        let (today, promised) = (Day::new(2026, 11, 22), Day::new(2026, 12, 10));
        let words = |moves: i64, by: i64| slip_words(moves, promised, promised.plus(by), today);
        assert_eq!(words(0, 0), None);
        assert_eq!(words(1, 5).as_deref(), Some("moved, first promised for 10 Dec"));
        assert_eq!(
            words(2, -5).as_deref(),
            Some("moved earlier 2 times, from 10 Dec")
        );
        assert_eq!(
            words(2, 0).as_deref(),
            Some("moved 2 times, and back to the first date")
        );
    }

    #[test]
    fn where_it_is_asked_a_checkpoint_is_done_when_the_other_side_says_so() {
        let side = Some(Side::Technology);
        assert_eq!(stage(false, true, None, false), CheckpointStage::Open);
        assert_eq!(stage(true, false, side, false), CheckpointStage::Done);
        assert_eq!(
            stage(true, true, side, false),
            CheckpointStage::AwaitedBy(Side::Technology)
        );
        assert_eq!(stage(true, true, side, true), CheckpointStage::Done);
    }

    #[test]
    fn what_is_archived_stays_in_the_baseline() {
        let line = |id: &str, title: &str, due_on: &str| BaselineLine {
            id: id.to_owned(),
            number: 1,
            title: title.to_owned(),
            initiative: "One".to_owned(),
            due_on: due_on.to_owned(),
        };
        let baseline = [
            line("a", "Rules", "2026-10-01"),
            line("b", "Feeds", "2026-11-01"),
            line("c", "Gone", "2026-12-01"),
        ];
        let now = [
            line("b", "Feeds", "2026-11-20"),
            line("a", "Rules", "2026-10-01"),
            line("d", "New", "2027-01-01"),
        ];
        let found: Vec<(String, Drift)> = drift(&baseline, &now)
            .into_iter()
            .map(|(line, drift)| (line.id, drift))
            .collect();
        let moved = Drift::Changed {
            title: None,
            due_on: Some("2026-11-01".to_owned()),
        };
        assert_eq!(
            found,
            [
                ("a".to_owned(), Drift::Unchanged),
                ("b".to_owned(), moved),
                ("c".to_owned(), Drift::Archived),
                ("d".to_owned(), Drift::Added)
            ]
        );
    }

    #[test]
    fn due_today_is_not_overdue() {
        let today = Day::new(2026, 11, 22);
        let words =
            |due_on: Day, stage: CheckpointStage| checkpoint_status(due_on, stage, false, today).word();
        assert_eq!(words(today, CheckpointStage::Open), StatusWord::DueSoon);
        assert_eq!(words(today.plus(-1), CheckpointStage::Open), StatusWord::Late(1));
        assert_eq!(words(today.plus(-1), CheckpointStage::Done), StatusWord::Done);
        assert_eq!(
            words(today.plus(-1), CheckpointStage::AwaitedBy(Side::Marketing)),
            StatusWord::Proposed
        );
        // Nobody owes it any more.
        let left = |stage: CheckpointStage| checkpoint_status(today.plus(-1), stage, true, today);
        assert_eq!(
            [
                CheckpointStage::Open,
                CheckpointStage::AwaitedBy(Side::Marketing),
                CheckpointStage::Done
            ]
            .map(left),
            [
                CheckpointStatus::NotPassed,
                CheckpointStatus::NotAccepted,
                CheckpointStatus::Passed
            ]
        );
    }
}
