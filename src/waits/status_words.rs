//! The words in which pages say how these stand.

use super::ScheduleRisk;
use crate::ui::StatusWord;

impl ScheduleRisk {
    pub const fn word(self) -> StatusWord {
        match self {
            Self::There => StatusWord::Done,
            Self::Late(late) => StatusWord::Late(late),
            Self::TooLate(_) | Self::GivenUp | Self::NotReached | Self::NeverGranted => StatusWord::OffTrack,
            Self::WasGranted | Self::WaitsNoMore => StatusWord::Ended,
            Self::Ahead(_) => StatusWord::Open,
        }
    }
}
