//! The words in which pages say how these stand.

use crate::{
    kpis::{KpiStatus, Stand},
    ui::StatusWord,
};

impl Stand {
    pub const fn word(self) -> StatusWord {
        match self {
            Self::ByNumbers(status) => status.word(),
            Self::Disputed | Self::Split => StatusWord::Disputed,
            Self::Unattested(late) => StatusWord::Late(late),
        }
    }
}

impl KpiStatus {
    pub const fn word(self) -> StatusWord {
        match self {
            Self::NoData => StatusWord::NotStarted,
            Self::NoTarget => StatusWord::NoTarget,
            Self::Outdated(_) => StatusWord::NoNews,
            Self::OnTrack(_) => StatusWord::OnTrack,
            Self::AtRisk(_) | Self::Recovering(_) => StatusWord::AtRisk,
            Self::OffTrack(_) => StatusWord::OffTrack,
        }
    }
}
