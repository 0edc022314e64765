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
    /// Half-signed or objected to for longer than the workspace allows; the arbiter is called.
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
            SignOff::Deadlocked(waited)
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
    pub fn label(self) -> String {
        match self {
            Self::Signed => "Signed by both".to_owned(),
            Self::Objected(side) => format!("{} objected", side.name()),
            Self::HalfSigned(side, waited) => format!("1 of 2, {} {}", side.name(), days(waited)),
            Self::Proposed(waited) => format!("Proposed, waiting {}", for_days(waited)),
            Self::Unsigned(Some(side), late) => format!("1 of 2, {} {} late", side.name(), days(late)),
            Self::Unsigned(None, late) => format!("Proposed, {} late", days(late)),
            Self::Deadlocked(waited) => format!("Deadlocked {}", days(waited)),
            Self::Ruled => "Ruled by the arbiter".to_owned(),
            Self::Superseded(by) => format!("Superseded by decision {by}"),
            Self::Overdue(late) => format!("Undecided, {} late", days(late)),
            Self::Open => "Open".to_owned(),
            Self::LeftOpen => "Not decided".to_owned(),
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
            (None, today, "Open"),
            (None, today.plus(-2), "Undecided, 2 days late"),
            (Some((State::Open, 1)), today, "Proposed, waiting for 1 day"),
            (
                Some((
                    State::HalfSigned {
                        by: Side::Marketing,
                        since: at,
                    },
                    4,
                )),
                today,
                "1 of 2, Technology 4 days",
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
                "1 of 2, Technology 1 day late",
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
                "Deadlocked 6 days",
            ),
            (Some((State::Open, 8)), today.plus(-2), "Proposed, 2 days late"),
            (
                Some((State::Objected { by: Side::Technology }, 4)),
                today,
                "Technology objected",
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
                "1 of 2, Technology 5 days",
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
                "Deadlocked 6 days",
            ),
            (
                Some((State::Objected { by: Side::Technology }, 6)),
                today,
                "Deadlocked 6 days",
            ),
            (Some((State::Sealed { at }, 4)), today.plus(-9), "Signed by both"),
        ] {
            assert_eq!(status(handshake, false, 5, decide_by, today).label(), words);
        }
        assert_eq!(
            status(None, true, 5, today.plus(-9), today).label(),
            "Ruled by the arbiter"
        );
    }
}
