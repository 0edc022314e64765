//! The words in which pages say how these stand.

use crate::{
    initiatives::{InitiativeStatus, Phase},
    ui::StatusWord,
};

impl InitiativeStatus {
    pub const fn word(self) -> StatusWord {
        match self {
            Self::Over(Phase::Achieved) => StatusWord::Done,
            Self::Over(_) => StatusWord::Ended,
            Self::Overdue(late) => StatusWord::Late(late),
            Self::Waiting(Phase::Paused) => StatusWord::Paused,
            Self::Waiting(_) => StatusWord::Proposed,
            Self::NotReported => StatusWord::Open,
            Self::Outdated(_) => StatusWord::NoNews,
            Self::Reported(health) => health.word(),
        }
    }
}
