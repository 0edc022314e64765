//! Access to data or technology: asked for a goal, approved, granted, for a time.
//!
//! A request *cites* a goal. It is a handshake of both sides' signers, as two are required; *granting* is a
//! step of its own, by somebody of the side that was asked who neither asked nor signed for the other. Access
//! ends by itself after its last day; what nobody approved in time *lapses*. Milestones may wait for it.

#[cfg(feature = "ssr")]
pub mod owed;

#[cfg(feature = "ssr")]
pub mod page;

#[cfg(feature = "ssr")]
pub mod read;

#[cfg(feature = "ssr")]
mod status_words;
#[cfg(feature = "ssr")]
pub mod text;
#[cfg(feature = "ssr")]
pub mod verify;

#[cfg(feature = "ssr")]
pub mod talk;

#[cfg(feature = "ssr")]
pub mod write;

use crate::{platform::time::Day, text_enum};

text_enum! {
    /// What access is asked for.
    pub enum AccessKind { Data = "data", Technology = "technology" }
}

impl AccessKind {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Data => "Data",
            Self::Technology => "Technology",
        }
    }
}

/// Where a request for access is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    Asked,
    /// Approved by both sides; nobody has granted it yet.
    Approved,
    Granted,
    /// Its last day has passed, and it was given until then.
    Expired,
    /// Its last day has passed, and it was never given.
    NeverGranted,
    Ended,
}

pub fn access(is_approved: bool, is_granted: bool, is_ended: bool, ends_on: Day, today: Day) -> Access {
    if is_ended {
        Access::Ended
    } else if today > ends_on && !is_granted {
        Access::NeverGranted
    } else if today > ends_on {
        Access::Expired
    } else if is_granted {
        Access::Granted
    } else if is_approved {
        Access::Approved
    } else {
        Access::Asked
    }
}

impl Access {
    /// Whether it can still be waited for.
    pub const fn may_be_waited_for(self) -> bool {
        matches!(self, Self::Asked | Self::Approved)
    }

    /// How it stands, when what comes next is late by so many days.
    pub const fn status(self, late: i64) -> AccessStatus {
        match self {
            Self::Asked if late > 0 => AccessStatus::NotApproved(late),
            Self::Approved if late > 0 => AccessStatus::NotGranted(late),
            state => AccessStatus::Plain(state),
        }
    }
}

/// Access with the days by which what comes next is late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessStatus {
    NotApproved(i64),
    NotGranted(i64),
    Plain(Access),
}

impl AccessStatus {
    /// What there is to say beside the word.
    pub const fn detail(self) -> &'static str {
        match self {
            Self::NotApproved(_) | Self::Plain(Access::Asked) => "Not approved by both sides yet",
            Self::NotGranted(_) | Self::Plain(Access::Approved) => "Approved by both sides, not open yet",
            Self::Plain(Access::Granted) => "Open",
            Self::Plain(Access::NeverGranted) => "Never opened",
            Self::Plain(Access::Expired) => "Its last day has passed",
            Self::Plain(Access::Ended) => "Ended early",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::StatusWord;

    #[test]
    fn approved_is_not_granted_and_nothing_lasts() {
        let day = Day::new(2026, 11, 22);
        for approved in [false, true] {
            for granted in [false, true] {
                for ended in [false, true] {
                    for late in [0, 1] {
                        let expected = match (ended, late, granted, approved) {
                            (true, ..) => Access::Ended,
                            (_, 1, false, _) => Access::NeverGranted,
                            (_, 1, true, _) => Access::Expired,
                            (_, _, true, _) => Access::Granted,
                            (.., true) => Access::Approved,
                            _ => Access::Asked,
                        };
                        assert_eq!(access(approved, granted, ended, day, day.plus(late)), expected);
                    }
                }
            }
        }
        assert_eq!(Access::Asked.status(0).word(), StatusWord::Proposed);
        assert_eq!(Access::Asked.status(1).word(), StatusWord::Late(1));
    }
}
