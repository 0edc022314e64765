//! The words in which pages say how these stand.

use super::{Health, sign_off::SignOff};
use crate::ui::StatusWord;

impl Health {
    pub const fn word(self) -> StatusWord {
        match self {
            Self::OnTrack => StatusWord::OnTrack,
            Self::AtRisk => StatusWord::AtRisk,
            Self::OffTrack => StatusWord::OffTrack,
        }
    }
}

impl SignOff {
    pub const fn word(self) -> StatusWord {
        match self {
            Self::Signed | Self::Ruled => StatusWord::Done,
            Self::Objected(_) => StatusWord::Disputed,
            Self::Deadlocked(_) => StatusWord::Stuck,
            Self::Overdue(late) | Self::Unsigned(_, late) => StatusWord::Late(late),
            Self::HalfSigned(..) | Self::Proposed(_) => StatusWord::Proposed,
            Self::Open => StatusWord::Open,
            Self::LeftOpen | Self::Superseded(_) => StatusWord::Ended,
        }
    }
}
