//! How a side's load goes, as a tone.

use crate::{capacity::Load, ui::Tone};

impl Load {
    pub const fn tone(self, is_overridden: bool) -> Tone {
        match self {
            Self::Unstated => Tone::NoData,
            Self::Within(_) => Tone::OnTrack,
            Self::Over(_) if is_overridden => Tone::AtRisk,
            Self::Over(_) => Tone::OffTrack,
        }
    }
}
