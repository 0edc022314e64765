//! How a review, its items and its actions stand, in the words of the house.

use super::{ActionState, ItemState, ReviewState, read::Review};
use crate::{
    handshake::{State, read::Standing},
    platform::time::{Day, days},
    ui::StatusWord,
};

impl ReviewState {
    pub const fn word(self) -> StatusWord {
        match self {
            Self::Planned => StatusWord::NotStarted,
            Self::Frozen | Self::Running | Self::Ended => StatusWord::Open,
            Self::Offered => StatusWord::Proposed,
            Self::Objected => StatusWord::Disputed,
            Self::Sealed => StatusWord::Done,
            Self::Lapsed | Self::Skipped => StatusWord::Ended,
        }
    }
}

impl Review {
    /// What there is to say beside the word.
    pub fn detail(&self, today: Day) -> String {
        let ahead = self.held_on.days_since(today);
        match self.state {
            ReviewState::Planned if ahead < 0 => format!("was planned {} ago", days(-ahead)),
            ReviewState::Planned | ReviewState::Frozen => {
                let when = match ahead {
                    ..0 => format!("was planned {} ago", days(-ahead)),
                    0 => "today".to_owned(),
                    1 => "tomorrow".to_owned(),
                    _ => format!("in {}", days(ahead)),
                };
                if self.state == ReviewState::Frozen {
                    format!("{when}, facts frozen")
                } else {
                    when
                }
            }
            ReviewState::Running => "running now".to_owned(),
            ReviewState::Ended => "minutes not offered yet".to_owned(),
            ReviewState::Offered => match self.standing.as_ref().map(|standing| standing.state) {
                Some(State::HalfSigned { by, .. }) => format!("{} has not signed", by.other().name()),
                _ => "neither lead has signed".to_owned(),
            },
            ReviewState::Objected => {
                let by = self.standing.as_ref().and_then(Standing::disputing);
                by.map_or_else(String::new, |side| {
                    format!("{} objected to the minutes", side.name())
                })
            }
            ReviewState::Sealed => "both leads accepted the minutes".to_owned(),
            ReviewState::Lapsed => "the minutes were never accepted".to_owned(),
            ReviewState::Skipped => "called off".to_owned(),
        }
    }
}

impl ItemState {
    pub const fn word(self) -> StatusWord {
        match self {
            Self::Open => StatusWord::Open,
            Self::Discussed | Self::Resolved => StatusWord::Done,
            Self::Parked => StatusWord::Paused,
            Self::Dropped => StatusWord::Ended,
        }
    }
}

impl ActionState {
    /// `late` are the days past its own.
    pub const fn word(self, late: i64) -> StatusWord {
        match self {
            Self::Open => StatusWord::by_due(late),
            Self::Done => StatusWord::Done,
            Self::GivenUp => StatusWord::Ended,
        }
    }
}
