//! The words in which pages say how these stand.

use super::Load;
use crate::ui::StatusWord;

impl Load {
    pub const fn word(self, is_overridden: bool) -> StatusWord {
        match self {
            Self::Unstated => StatusWord::NotStarted,
            Self::Within(_) => StatusWord::OnTrack,
            Self::Over(_) if is_overridden => StatusWord::AtRisk,
            Self::Over(_) => StatusWord::OffTrack,
        }
    }
}
