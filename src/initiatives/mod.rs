//! Cross-team work that serves clauses of the definition.
//!
//! An *initiative* has a purpose, the clauses it serves, dates, a *co-lead* from each side and *members*. It is
//! *proposed*, then *active*, may be *paused* and resumed, and ends *achieved* or *missed*; every change of phase is a
//! row with who, when and why. It becomes active only with at least one member of each side; a
//! co-lead can be one. While active, a co-lead *reports* how it goes, with the next step.
//!
//! Its status is derived, the first that holds: ended; paused or proposed; overdue (its date has passed); not reported
//! yet; outdated (silent for longer than the workspace allows); else the last report's. Silence is never green.

#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
pub mod read;
#[cfg(feature = "ssr")]
pub mod write;

use crate::{
    ground::time::{Day, days},
    handshake::Health,
    ui::Tone,
    words,
};

words! {
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

    /// Where one may go from here.
    pub const fn next(self) -> &'static [Self] {
        match self {
            Self::Proposed | Self::Paused => &[Self::Active, Self::Missed],
            Self::Active => &[Self::Paused, Self::Achieved, Self::Missed],
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
            Self::Missed => "Close as missed",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Over(Phase),
    Waiting(Phase),
    Overdue(i64),
    NotReported,
    Outdated(i64),
    Reported(Health),
}

/// Derives the status on a day. `reported` is the last report and its day; `silence` the days that are allowed.
pub fn status(phase: Phase, due_on: Day, reported: Option<(Health, Day)>, today: Day, silence: i64) -> Status {
    if phase.is_over() {
        return Status::Over(phase);
    }
    if phase != Phase::Active {
        return Status::Waiting(phase);
    }
    let late = today.days_since(due_on);
    if late > 0 {
        return Status::Overdue(late);
    }
    match reported {
        None => Status::NotReported,
        Some((_, day)) if today.days_since(day) > silence => Status::Outdated(today.days_since(day)),
        Some((health, _)) => Status::Reported(health),
    }
}

impl Status {
    pub fn words(self) -> String {
        match self {
            Self::Over(phase) | Self::Waiting(phase) => phase.name().to_owned(),
            Self::Overdue(late) => format!("Overdue {}", days(late)),
            Self::NotReported => "Not reported".to_owned(),
            Self::Outdated(age) => format!("Outdated {}", days(age)),
            Self::Reported(health) => health.name().to_owned(),
        }
    }

    pub const fn tone(self) -> Tone {
        match self {
            Self::Over(Phase::Achieved) => Tone::Done,
            Self::Over(_) | Self::Overdue(_) => Tone::OffTrack,
            Self::Waiting(_) => Tone::Quiet,
            Self::NotReported => Tone::NoData,
            Self::Outdated(_) => Tone::Outdated,
            Self::Reported(health) => health.tone(),
        }
    }

    /// Whether an executive should look.
    pub const fn needs_attention(self) -> bool {
        matches!(self, Self::Overdue(_) | Self::NotReported | Self::Outdated(_) | Self::Reported(Health::AtRisk | Health::OffTrack))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_is_never_green() {
        let today = Day::new(2026, 11, 22);
        let yesterday = today.plus(-1);
        let green = |age: i64| Some((Health::OnTrack, today.plus(-age)));
        for (phase, due, reported, expected) in [
            (Phase::Active, today.plus(30), green(0), Status::Reported(Health::OnTrack)),
            (Phase::Active, today.plus(30), green(17), Status::Reported(Health::OnTrack)),
            (Phase::Active, today.plus(30), green(18), Status::Outdated(18)),
            (Phase::Active, today.plus(30), None, Status::NotReported),
            (Phase::Active, today, green(0), Status::Reported(Health::OnTrack)),
            (Phase::Active, yesterday, green(0), Status::Overdue(1)),
            (Phase::Paused, yesterday, green(99), Status::Waiting(Phase::Paused)),
            (Phase::Proposed, today.plus(9), None, Status::Waiting(Phase::Proposed)),
            (Phase::Achieved, yesterday, green(99), Status::Over(Phase::Achieved)),
        ] {
            assert_eq!(status(phase, due, reported, today, 17), expected, "{phase:?} {reported:?}");
        }
    }
}
