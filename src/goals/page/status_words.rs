//! The words in which pages say how these stand.

use crate::{goals::GoalStatus, ui::StatusWord};

impl GoalStatus {
    pub const fn word(self) -> StatusWord {
        match self {
            Self::NoData | Self::NotStarted => StatusWord::NotStarted,
            Self::Outdated(_) => StatusWord::NoNews,
            Self::Reached => StatusWord::Done,
            Self::OnTrack(_) => StatusWord::OnTrack,
            Self::AtRisk(_) => StatusWord::AtRisk,
            Self::OffTrack(_) | Self::NotReached(_) => StatusWord::OffTrack,
        }
    }
}
