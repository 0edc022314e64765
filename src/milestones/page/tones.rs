//! How milestones, checkpoints and what they wait for go, as tones.

use crate::{
    milestones::{CheckpointStatus, MilestoneStatus},
    ui::Tone,
};

impl MilestoneStatus {
    pub const fn tone(self) -> Tone {
        match self {
            Self::Accepted => Tone::Done,
            Self::NotReached | Self::Planned => Tone::Quiet,
            Self::Overdue(_) => Tone::OffTrack,
            Self::NoCheckpoints => Tone::NoData,
            Self::WaitingForAcceptance
            | Self::CheckpointsOverdue(_)
            | Self::HeldUp(_)
            | Self::CannotHold(_)
            | Self::AfterTheEnd
            | Self::DueSoon(_)
            | Self::WaitingForOtherSide(_) => Tone::AtRisk,
            Self::OnTrack => Tone::OnTrack,
        }
    }
}

impl CheckpointStatus {
    pub const fn tone(self) -> Tone {
        match self {
            Self::Passed => Tone::Done,
            Self::NotAccepted | Self::NotPassed | Self::Due(_) => Tone::Quiet,
            Self::WaitsFor(_) | Self::DueToday => Tone::AtRisk,
            Self::Overdue(_) => Tone::OffTrack,
        }
    }
}
