//! How a KPI goes, as a tone.

use crate::{
    kpis::{KpiStatus, Stand},
    ui::Tone,
};

impl Stand {
    pub const fn tone(self) -> Tone {
        match self {
            Self::ByNumbers(status) => status.tone(),
            Self::Disputed => Tone::OffTrack,
            Self::Split | Self::Unattested(_) => Tone::AtRisk,
        }
    }
}

impl KpiStatus {
    pub const fn tone(self) -> Tone {
        match self {
            Self::NoData | Self::NoTarget => Tone::NoData,
            Self::Outdated(_) => Tone::Outdated,
            Self::OnTrack(_) => Tone::OnTrack,
            Self::AtRisk(_) | Self::Recovering(_) => Tone::AtRisk,
            Self::OffTrack(_) => Tone::OffTrack,
        }
    }
}
