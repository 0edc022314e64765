//! What a side says, and how a sign-off goes, as tones.

use super::{Health, sign_off::SignOff};
use crate::ui::Tone;

impl Health {
    pub const fn tone(self) -> Tone {
        match self {
            Self::OnTrack => Tone::OnTrack,
            Self::AtRisk => Tone::AtRisk,
            Self::OffTrack => Tone::OffTrack,
        }
    }
}

impl SignOff {
    pub const fn tone(self) -> Tone {
        match self {
            Self::Signed | Self::Ruled => Tone::Done,
            Self::Objected(_) | Self::Overdue(_) | Self::Deadlocked(_) | Self::Unsigned(..) => Tone::OffTrack,
            Self::HalfSigned(..) | Self::Proposed(_) => Tone::AtRisk,
            Self::Open | Self::LeftOpen => Tone::Quiet,
            Self::Superseded(_) => Tone::Outdated,
        }
    }
}
