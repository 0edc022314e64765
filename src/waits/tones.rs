//! How what waits stands to what it waits for, as a tone.

use super::ScheduleRisk;
use crate::ui::Tone;

impl ScheduleRisk {
    pub const fn tone(self) -> Tone {
        match self {
            Self::There | Self::WasGranted => Tone::Done,
            Self::NeverGranted | Self::GivenUp | Self::NotReached | Self::Late(_) | Self::TooLate(_) => {
                Tone::OffTrack
            }
            Self::WaitsNoMore | Self::Ahead(_) => Tone::Quiet,
        }
    }
}
