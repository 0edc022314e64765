//! How a decision turned out, as a tone.

use crate::{decisions::DecisionOutcome, ui::Tone};

impl DecisionOutcome {
    pub const fn tone(self) -> Tone {
        match self {
            Self::Met => Tone::OnTrack,
            Self::Partly => Tone::AtRisk,
            Self::Missed => Tone::OffTrack,
        }
    }
}
