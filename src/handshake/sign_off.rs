//! Where the sign-off of something with a date stands: who it waits for, how late it is, whether it is
//! deadlocked.

use super::State;
use crate::{
    identity::Side,
    platform::time::{Day, days, for_days},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignOff {
    Signed,
    Objected(Side),
    /// Waiting on one side for some days.
    HalfSigned(Side, i64),
    /// Waiting on both sides for some days.
    Proposed(i64),
    /// Proposed, and unsigned for some days after its date: by one side, or by both.
    Unsigned(Option<Side>, i64),
    /// Half-signed or objected to for longer than the workspace allows, since so many days; the arbiter is
    /// called.
    Deadlocked(i64),
    /// The arbiter has ruled.
    Ruled,
    /// A later one, of this number, took its place.
    Superseded(i64),
    Overdue(i64),
    Open,
    /// Its initiative ended before anything was proposed.
    LeftOpen,
}

/// Derives the status from the handshake on the table, how many days it has waited, and how many it may;
/// `due_on` is the date to decide by, or the day of a proposal that came after it.
pub fn status(
    handshake: Option<(State, i64)>,
    is_ruled: bool,
    limit: i64,
    due_on: Day,
    today: Day,
) -> SignOff {
    let late = today.days_since(due_on);
    match handshake {
        _ if is_ruled => SignOff::Ruled,
        Some((State::Objected { .. } | State::HalfSigned { .. }, waited)) if waited > limit => {
            SignOff::Deadlocked(waited - limit)
        }
        Some((State::Sealed { .. }, _)) => SignOff::Signed,
        Some((State::Objected { by }, _)) => SignOff::Objected(by),
        Some((State::HalfSigned { by, .. }, _)) if late > 0 => SignOff::Unsigned(Some(by.other()), late),
        Some((State::Open, _)) if late > 0 => SignOff::Unsigned(None, late),
        Some((State::HalfSigned { by, .. }, waited)) => SignOff::HalfSigned(by.other(), waited),
        Some((State::Open, waited)) => SignOff::Proposed(waited),
        Some((State::Stale, _)) | None if late > 0 => SignOff::Overdue(late),
        Some((State::Stale, _)) | None => SignOff::Open,
    }
}

impl SignOff {
    /// What there is to say beside the word.
    pub fn detail(self) -> String {
        match self {
            Self::Signed => "Both sides signed".to_owned(),
            Self::Objected(side) => format!("{} objected", side.name()),
            Self::HalfSigned(side, waited) => format!("{} has not signed ({})", side.name(), days(waited)),
            Self::Proposed(waited) => format!("Neither side has signed ({})", days(waited)),
            Self::Unsigned(Some(side), _) => format!("{} has not signed", side.name()),
            Self::Unsigned(None, _) => "Neither side has signed".to_owned(),
            Self::Deadlocked(0) => "The sides cannot agree, since today".to_owned(),
            Self::Deadlocked(since) => format!("The sides cannot agree, {}", for_days(since)),
            Self::Ruled => "Decided by the arbiter".to_owned(),
            Self::Superseded(by) => format!("Replaced by decision {by}"),
            Self::Overdue(_) => "Nothing has been proposed".to_owned(),
            Self::Open => "Nothing has been proposed yet".to_owned(),
            Self::LeftOpen => "Never decided".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::time::Timestamp;

    #[test]
    fn a_decision_says_who_it_waits_for() {
        let today = Day::new(2026, 11, 22);
        let at = Timestamp::from_millis(0);
        for (handshake, decide_by, words) in [
            (None, today, "Open · Nothing has been proposed yet"),
            (None, today.plus(-2), "Late 2 days · Nothing has been proposed"),
            (
                Some((State::Open, 1)),
                today,
                "Proposed · Neither side has signed (1 day)",
            ),
            (
                Some((
                    State::HalfSigned {
                        by: Side::Marketing,
                        since: at,
                    },
                    4,
                )),
                today,
                "Proposed · Technology has not signed (4 days)",
            ),
            (
                Some((
                    State::HalfSigned {
                        by: Side::Marketing,
                        since: at,
                    },
                    4,
                )),
                today.plus(-1),
                "Late 1 day · Technology has not signed",
            ),
            (
                Some((
                    State::HalfSigned {
                        by: Side::Marketing,
                        since: at,
                    },
                    6,
                )),
                today.plus(-1),
                "Stuck · The sides cannot agree, for 1 day",
            ),
            (
                Some((State::Open, 8)),
                today.plus(-2),
                "Late 2 days · Neither side has signed",
            ),
            (
                Some((State::Objected { by: Side::Technology }, 4)),
                today,
                "Disputed · Technology objected",
            ),
            (
                Some((
                    State::HalfSigned {
                        by: Side::Marketing,
                        since: at,
                    },
                    5,
                )),
                today,
                "Proposed · Technology has not signed (5 days)",
            ),
            (
                Some((
                    State::HalfSigned {
                        by: Side::Marketing,
                        since: at,
                    },
                    6,
                )),
                today,
                "Stuck · The sides cannot agree, for 1 day",
            ),
            (
                Some((State::Objected { by: Side::Technology }, 6)),
                today,
                "Stuck · The sides cannot agree, for 1 day",
            ),
            (
                Some((State::Sealed { at }, 4)),
                today.plus(-9),
                "Done · Both sides signed",
            ),
        ] {
            let found = status(handshake, false, 5, decide_by, today);
            assert_eq!(format!("{} · {}", found.word().format(), found.detail()), words);
        }
        assert_eq!(
            status(None, true, 5, today.plus(-9), today).detail(),
            "Decided by the arbiter"
        );
    }
}
