//! The one grammar in which pages say how something stands: a word of a closed list, and lateness as a
//! number. What more there is to say stands in the line beside it.

use serde::{Deserialize, Serialize};

use super::Tone;
use crate::platform::time::days;

/// How something stands, in the word that its pill says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatusWord {
    OnTrack,
    AtRisk,
    OffTrack,
    /// Past its own date, in days.
    Late(i64),
    /// Due within a week, and not done.
    DueSoon,
    /// The sides cannot agree by themselves.
    Stuck,
    /// Nothing was heard by the day on which something was due.
    NoNews,
    Disputed,
    NotStarted,
    /// A KPI by which nothing is aimed at yet.
    NoTarget,
    Open,
    Draft,
    /// Lies before both sides.
    Proposed,
    Paused,
    Done,
    /// Over without having been done.
    Ended,
}

impl StatusWord {
    /// "Late 9 days".
    pub fn format(self) -> String {
        match self {
            Self::Late(late) => format!("Late {}", days(late)),
            word => word.name().to_owned(),
        }
    }

    /// The word without its number.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Late(_) => "Late",
            Self::OnTrack => "On track",
            Self::AtRisk => "At risk",
            Self::OffTrack => "Off track",
            Self::DueSoon => "Due soon",
            Self::Stuck => "Stuck",
            Self::NoNews => "No news",
            Self::Disputed => "Disputed",
            Self::NotStarted => "Not started",
            Self::NoTarget => "No target",
            Self::Open => "Open",
            Self::Draft => "Draft",
            Self::Proposed => "Proposed",
            Self::Paused => "Paused",
            Self::Done => "Done",
            Self::Ended => "Ended",
        }
    }

    /// As an address says it.
    pub const fn key(self) -> &'static str {
        match self {
            Self::OnTrack => "on-track",
            Self::AtRisk => "at-risk",
            Self::OffTrack => "off-track",
            Self::Late(_) => "late",
            Self::DueSoon => "due-soon",
            Self::Stuck => "stuck",
            Self::NoNews => "no-news",
            Self::Disputed => "disputed",
            Self::NotStarted => "not-started",
            Self::NoTarget => "no-target",
            Self::Open => "open",
            Self::Draft => "draft",
            Self::Proposed => "proposed",
            Self::Paused => "paused",
            Self::Done => "done",
            Self::Ended => "ended",
        }
    }

    pub const fn tone(self) -> Tone {
        match self {
            Self::OnTrack => Tone::OnTrack,
            Self::AtRisk | Self::DueSoon | Self::Proposed => Tone::AtRisk,
            Self::OffTrack | Self::Late(_) | Self::Stuck | Self::Disputed => Tone::OffTrack,
            Self::NoNews => Tone::Outdated,
            Self::NotStarted => Tone::NoData,
            Self::NoTarget | Self::Open | Self::Draft | Self::Paused | Self::Ended => Tone::Quiet,
            Self::Done => Tone::Done,
        }
    }

    /// The worse, the smaller.
    pub const fn severity(self) -> u8 {
        self.tone().severity()
    }

    /// Days past its own date.
    pub const fn days_late(self) -> i64 {
        match self {
            Self::Late(late) => late,
            _ => 0,
        }
    }

    /// Whether both are the same word, however many days late.
    pub fn is_same_word(self, other: Self) -> bool {
        std::mem::discriminant(&self) == std::mem::discriminant(&other)
    }

    /// For something due on a day and not done: late, due within a week, or open.
    pub const fn by_due(late: i64) -> Self {
        match late {
            1.. => Self::Late(late),
            -6..=0 => Self::DueSoon,
            _ => Self::Open,
        }
    }
}
