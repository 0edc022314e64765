//! How an initiative goes, as a tone.

use crate::{
    initiatives::{InitiativeStatus, Phase},
    ui::Tone,
};

impl InitiativeStatus {
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
}
