//! The words in which pages say how these stand.

use crate::{
    milestones::{CheckpointStatus, MilestoneStatus},
    ui::StatusWord,
};

impl MilestoneStatus {
    pub const fn word(self) -> StatusWord {
        match self {
            Self::Accepted => StatusWord::Done,
            Self::NotReached => StatusWord::Ended,
            Self::Overdue(late) => StatusWord::Late(late),
            Self::NoCheckpoints | Self::Planned => StatusWord::NotStarted,
            Self::WaitingForAcceptance | Self::WaitingForOtherSide(_) => StatusWord::Proposed,
            Self::CheckpointsOverdue(_) | Self::HeldUp(_) | Self::CannotHold(_) | Self::AfterTheEnd => {
                StatusWord::AtRisk
            }
            Self::DueSoon(_) => StatusWord::DueSoon,
            Self::OnTrack => StatusWord::OnTrack,
        }
    }
}

impl CheckpointStatus {
    pub const fn word(self) -> StatusWord {
        match self {
            Self::Passed => StatusWord::Done,
            Self::NotAccepted | Self::NotPassed => StatusWord::Ended,
            Self::WaitsFor(_) => StatusWord::Proposed,
            Self::DueToday => StatusWord::DueSoon,
            Self::Due(_) => StatusWord::Open,
            Self::Overdue(late) => StatusWord::Late(late),
        }
    }
}
