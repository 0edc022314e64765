//! Technology choices, made by both sides.
//!
//! A *decision* is a question with its context, a *driver*, a date to decide by, and *options* with advantages,
//! drawbacks and cost. A *proposal* names one option and why, and puts the whole before both sides: any manager or
//! lead may sign for their own. Who agrees with a *condition* names the milestone it belongs to, an owner and a date;
//! it becomes a checkpoint there once both sides have signed. An *objection* sends the proposal back: it needs a new
//! one. Changing the question, the context or an option takes a proposal that is not sealed off the table. What both
//! sides signed is a record that does not change any more.

#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
pub mod read;
#[cfg(feature = "ssr")]
pub mod write;

use crate::{
    ground::time::{Day, days},
    handshake::{Side, State},
    ui::Tone,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Signed,
    Objected(Side),
    /// Waiting on one side for some days.
    HalfSigned(Side, i64),
    /// Waiting on both sides for some days.
    Proposed(i64),
    Overdue(i64),
    Open,
}

/// Derives the status from the handshake on the table and how many days it has waited.
pub fn status(handshake: Option<(State, i64)>, decide_by: Day, today: Day) -> Status {
    let late = today.days_since(decide_by);
    match handshake {
        Some((State::Sealed { .. }, _)) => Status::Signed,
        Some((State::Objected { by }, _)) => Status::Objected(by),
        Some((State::HalfSigned { by, .. }, waited)) => Status::HalfSigned(by.other(), waited),
        Some((State::Open, waited)) => Status::Proposed(waited),
        Some((State::Stale, _)) | None if late > 0 => Status::Overdue(late),
        Some((State::Stale, _)) | None => Status::Open,
    }
}

impl Status {
    pub fn words(self) -> String {
        match self {
            Self::Signed => "Signed by both".to_owned(),
            Self::Objected(side) => format!("{} objected", side.name()),
            Self::HalfSigned(side, waited) => format!("1 of 2, {} {}", side.name(), days(waited)),
            Self::Proposed(waited) => format!("Proposed, waiting {}", days(waited)),
            Self::Overdue(late) => format!("Undecided, {} late", days(late)),
            Self::Open => "Open".to_owned(),
        }
    }

    pub const fn tone(self) -> Tone {
        match self {
            Self::Signed => Tone::Done,
            Self::Objected(_) | Self::Overdue(_) => Tone::OffTrack,
            Self::HalfSigned(..) | Self::Proposed(_) => Tone::AtRisk,
            Self::Open => Tone::Quiet,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::time::Moment;

    #[test]
    fn a_decision_says_who_it_waits_for() {
        let today = Day::new(2026, 11, 22);
        let at = Moment::from_millis(0);
        for (handshake, decide_by, words) in [
            (None, today, "Open"),
            (None, today.plus(-2), "Undecided, 2 days late"),
            (Some((State::Open, 1)), today, "Proposed, waiting 1 day"),
            (Some((State::HalfSigned { by: Side::Marketing, since: at }, 4)), today.plus(-9), "1 of 2, Technology 4 days"),
            (Some((State::Objected { by: Side::Technology }, 4)), today, "Technology objected"),
            (Some((State::Sealed { at }, 4)), today.plus(-9), "Signed by both"),
        ] {
            assert_eq!(status(handshake, decide_by, today).words(), words);
        }
    }
}
