//! How access goes, as a tone.

use crate::{
    access::{Access, AccessStatus},
    ui::Tone,
};

impl AccessStatus {
    pub const fn tone(self) -> Tone {
        match self {
            Self::NotApproved(_) | Self::NotGranted(_) | Self::Plain(Access::NeverGranted) => Tone::OffTrack,
            Self::Plain(Access::Asked | Access::Ended) => Tone::Quiet,
            Self::Plain(Access::Approved) => Tone::AtRisk,
            Self::Plain(Access::Granted) => Tone::Done,
            Self::Plain(Access::Expired) => Tone::Outdated,
        }
    }
}
