//! How a goal goes, as a tone.

use crate::{goals::GoalStatus, ui::Tone};

impl GoalStatus {
    pub const fn tone(self) -> Tone {
        match self {
            Self::NoData | Self::NotStarted => Tone::NoData,
            Self::Outdated(_) => Tone::Outdated,
            Self::Reached => Tone::Done,
            Self::OnTrack(_) => Tone::OnTrack,
            Self::AtRisk(_) => Tone::AtRisk,
            Self::OffTrack(_) | Self::NotReached(_) => Tone::OffTrack,
        }
    }
}
