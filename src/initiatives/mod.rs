//! Cross-team work that serves clauses of the definition.
//!
//! An *initiative* has a purpose, the clauses it serves, dates, a *co-lead* from each side, one of whom
//! *drives* it, and *members*, each with a written *responsibility*. It may be made from a *template* that
//! brings milestones, checkpoints and questions to decide. It is *proposed*, then *active*, may be *paused*
//! and resumed; every change of phase is a row with who, when and why. It starts once both co-leads have
//! signed its *charter*: what it is for, its dates, who leads it, who works on it and for what. That needs at
//! least one member of each side; a co-lead can be one. A charter that lies before both follows every change
//! until it is signed. What changes in work that runs (its title, purpose, dates, cadence or co-leads) holds
//! at once, and both co-leads confirm it by signing the charter anew.
//!
//! While active it is *checked in on* at its *cadence*: a status with a sentence, *confidence* that it will
//! be achieved (a number of its own, beside progress), what is new, the next step, the risks. A check-in
//! answers a day on which one was *due*: the latest that has come, or the next when it is early; days passed
//! over without one are *missed*, and stay so. The other side's co-lead *acknowledges* it, never its author.
//! For three days its author may correct it; then it is *locked* and one comments. What is begun and not sent
//! is kept as a draft.
//!
//! It *closes* as achieved or missed when both co-leads sign the same *retrospective*: a handshake over what
//! worked, what did not, what is kept, and what became of its milestones. One that never started is dropped
//! with a reason.
//!
//! Its status is derived, the first that holds: ended; paused or proposed; overdue (its date has passed);
//! outdated (a check-in is later than the grace); not checked in yet; else the last check-in's. Silence is
//! never green.

#[cfg(feature = "ssr")]
pub mod held;

#[cfg(feature = "ssr")]
pub mod owed;

#[cfg(feature = "ssr")]
pub mod page;

#[cfg(feature = "ssr")]
pub mod read;

#[cfg(feature = "ssr")]
pub mod templates;

#[cfg(feature = "ssr")]
pub mod text;

#[cfg(feature = "ssr")]
pub mod verify;

#[cfg(feature = "ssr")]
pub mod write;

use crate::{
    handshake::Health,
    platform::time::{Day, days},
    text_enum,
};

text_enum! {
    pub enum Phase { Proposed = "proposed", Active = "active", Paused = "paused", Achieved = "achieved", Missed = "missed" }
}

impl Phase {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Proposed => "Proposed",
            Self::Active => "Active",
            Self::Paused => "Paused",
            Self::Achieved => "Achieved",
            Self::Missed => "Missed",
        }
    }

    pub const fn is_over(self) -> bool {
        matches!(self, Self::Achieved | Self::Missed)
    }

    /// Whether it is closed with a retrospective that both co-leads sign.
    pub const fn closes(self) -> bool {
        matches!(self, Self::Active | Self::Paused)
    }

    /// Where one may go from here with a word; starting and closing are agreements of both co-leads.
    pub const fn next(self) -> &'static [Self] {
        match self {
            Self::Proposed => &[Self::Active, Self::Missed],
            Self::Paused => &[Self::Active],
            Self::Active => &[Self::Paused],
            Self::Achieved | Self::Missed => &[],
        }
    }

    /// The verb that leads here.
    pub const fn verb(self) -> &'static str {
        match self {
            Self::Proposed => "Propose",
            Self::Active => "Start",
            Self::Paused => "Pause",
            Self::Achieved => "Close as achieved",
            Self::Missed => "Drop",
        }
    }
}

text_enum! {
    /// How often an initiative is checked in on: always on the same day of the week.
    pub enum CheckInCadence { Weekly = "weekly", Fortnightly = "fortnightly", FourWeekly = "four_weekly" }
}

impl CheckInCadence {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Weekly => "Every week",
            Self::Fortnightly => "Every two weeks",
            Self::FourWeekly => "Every four weeks",
        }
    }

    const fn days(self) -> i64 {
        match self {
            Self::Weekly => 7,
            Self::Fortnightly => 14,
            Self::FourWeekly => 28,
        }
    }

    #[must_use]
    pub fn after(self, due_on: Day) -> Day {
        due_on.plus(self.days())
    }
}

/// What a check-in answers, and what comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub due_on: Day,
    /// Due days that passed without one.
    pub missed: Vec<Day>,
    pub next: Day,
}

/// What a check-in on `today` answers: `awaited` is the next due day without one, `last` the last that has
/// one.
pub fn answers(cadence: CheckInCadence, awaited: Day, last: Option<Day>, today: Day) -> Answer {
    // Soon after one was answered, another word belongs to the same day.
    if let Some(last) = last.filter(|last| today <= last.plus(cadence.days() / 2)) {
        return Answer {
            due_on: last,
            missed: Vec::new(),
            next: awaited,
        };
    }
    let (mut due_on, mut missed) = (awaited, Vec::new());
    while cadence.after(due_on) <= today {
        missed.push(due_on);
        due_on = cadence.after(due_on);
    }
    Answer {
        due_on,
        missed,
        next: cadence.after(due_on),
    }
}

/// Days for which an author may correct a check-in.
pub const CORRECTED_WITHIN_DAYS: i64 = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InitiativeStatus {
    Over(Phase),
    Waiting(Phase),
    Overdue(i64),
    /// The check-in is this many days late.
    Outdated(i64),
    NotReported,
    Reported(Health),
}

/// Derives the status on a day. `awaited` is the day on which the next check-in is due, `last` the last one's
/// status.
pub fn status(
    phase: Phase,
    due_on: Day,
    awaited: Option<Day>,
    last: Option<Health>,
    today: Day,
    grace: i64,
) -> InitiativeStatus {
    if phase.is_over() {
        return InitiativeStatus::Over(phase);
    }
    if phase != Phase::Active {
        return InitiativeStatus::Waiting(phase);
    }
    let late = today.days_since(due_on);
    if late > 0 {
        return InitiativeStatus::Overdue(late);
    }
    match (awaited.map_or(0, |awaited| today.days_since(awaited)), last) {
        (late, _) if late > grace => InitiativeStatus::Outdated(late),
        (_, None) => InitiativeStatus::NotReported,
        (_, Some(health)) => InitiativeStatus::Reported(health),
    }
}

impl InitiativeStatus {
    /// What there is to say beside the word.
    pub fn detail(self) -> Option<String> {
        match self {
            Self::Over(phase) => Some(phase.name().to_owned()),
            Self::NotReported => Some("No check-in yet".to_owned()),
            Self::Outdated(late) => Some(format!("Check-in due {} ago", days(late))),
            Self::Waiting(_) | Self::Overdue(_) | Self::Reported(_) => None,
        }
    }

    /// Whether an executive should look.
    pub const fn needs_attention(self) -> bool {
        matches!(
            self,
            Self::Overdue(_)
                | Self::NotReported
                | Self::Outdated(_)
                | Self::Reported(Health::AtRisk | Health::OffTrack)
        )
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_combination_has_one_status_and_silence_is_never_green() {
        let today = Day::new(2026, 11, 22);
        let mut seen = 0;
        for phase in Phase::ALL {
            for due in [-1, 0, 30] {
                for awaited in [None, Some(5), Some(0), Some(-3), Some(-4)] {
                    for last in [
                        None,
                        Some(Health::OnTrack),
                        Some(Health::AtRisk),
                        Some(Health::OffTrack),
                    ] {
                        let found = status(
                            *phase,
                            today.plus(due),
                            awaited.map(|days| today.plus(days)),
                            last,
                            today,
                            3,
                        );
                        let expected = match (phase, due, awaited, last) {
                            (Phase::Achieved | Phase::Missed, ..) => InitiativeStatus::Over(*phase),
                            (Phase::Proposed | Phase::Paused, ..) => InitiativeStatus::Waiting(*phase),
                            (_, -1, ..) => InitiativeStatus::Overdue(1),
                            (_, _, Some(-4), _) => InitiativeStatus::Outdated(4),
                            (.., None) => InitiativeStatus::NotReported,
                            (.., Some(health)) => InitiativeStatus::Reported(health),
                        };
                        assert_eq!(found, expected, "{phase:?} {due} {awaited:?} {last:?}");
                        let is_green = found.word() == crate::ui::StatusWord::OnTrack;
                        assert!(
                            !is_green
                                || (last == Some(Health::OnTrack) && awaited.is_none_or(|days| days >= -3))
                        );
                        seen += 1;
                    }
                }
            }
        }
        assert_eq!(seen, 300);
    }

    #[test]
    fn a_check_in_answers_the_latest_day_that_has_come() {
        let day = |d: i8| Day::new(2026, 11, d);
        let weekly = |awaited, last, today| answers(CheckInCadence::Weekly, awaited, last, today);
        // Early, on the day, and late by days.
        for today in [day(3), day(5), day(9)] {
            assert_eq!(
                weekly(day(5), None, today),
                Answer {
                    due_on: day(5),
                    missed: Vec::new(),
                    next: day(12)
                }
            );
        }
        // A second one soon after belongs to the day that has one already.
        assert_eq!(
            weekly(day(12), Some(day(5)), day(8)),
            Answer {
                due_on: day(5),
                missed: Vec::new(),
                next: day(12)
            }
        );
        assert_eq!(weekly(day(12), Some(day(5)), day(9)).due_on, day(12));
        assert_eq!(
            weekly(day(12), Some(day(5)), day(5)),
            Answer {
                due_on: day(5),
                missed: Vec::new(),
                next: day(12)
            }
        );
        // Two were passed over.
        assert_eq!(
            weekly(day(5), None, day(20)),
            Answer {
                due_on: day(19),
                missed: vec![day(5), day(12)],
                next: day(26)
            }
        );
    }

    proptest! {
        #[test]
        fn no_due_day_is_lost_and_none_is_answered_twice(posts in prop::collection::vec(0i64..40, 1..30)) {
            let start = Day::new(2026, 3, 1);
            for cadence in CheckInCadence::ALL {
                let (mut awaited, mut last, mut today) = (cadence.after(start), None, start);
                let mut due_days = Vec::new();
                for gap in &posts {
                    today = today.plus(*gap);
                    let answer = answers(*cadence, awaited, last, today);
                    if last != Some(answer.due_on) {
                        due_days.extend(answer.missed.iter().copied());
                        due_days.push(answer.due_on);
                    }
                    prop_assert!(answer.due_on <= today || answer.due_on == awaited || last == Some(answer.due_on));
                    (awaited, last) = (answer.next, Some(answer.due_on));
                }
                let mut expected = cadence.after(start);
                for due in due_days {
                    prop_assert_eq!(due, expected);
                    expected = cadence.after(due);
                }
                prop_assert_eq!(awaited, expected);
            }
        }
    }
}
