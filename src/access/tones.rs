//! How access goes, as a tone.

use crate::{
    access::{Access, AccessStatus},
    ui::Tone,
};

impl AccessStatus {
    pub const fn tone(self) -> Tone {
        match self {
            Self::NotApproved(_) | Self::NotGranted(_) | Self::InTime(Access::NeverGranted) => Tone::OffTrack,
            Self::InTime(Access::Asked | Access::Ended) => Tone::Quiet,
            Self::InTime(Access::Approved) => Tone::AtRisk,
            Self::InTime(Access::Granted) => Tone::Done,
            Self::InTime(Access::Expired) => Tone::Outdated,
        }
    }
}
