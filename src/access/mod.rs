//! Access to data or technology: asked for a goal, approved, granted, for a time.
//!
//! A request *cites* a goal. It is a handshake of both sides' signers, as two are required; *granting* is a
//! step of its own, by somebody of the side that was asked who neither asked nor signed for the other. Access
//! ends by itself after its last day; what nobody approved in time *lapses*. Milestones may wait for it.
//!
//! Access to data has *terms*: at least one agreed source and one of its uses, a form in which people appear,
//! the fields, and what becomes of the *copies*. Its sensitivity is the highest of its sources and caps how
//! long it lasts. Restricted data is approved by the owner and the custodian of its most sensitive source.
//! Each source has a *door*, which its custodian, or the custodian's deputy, *opens* and, when the access is
//! over, *shuts*; an empty chair falls to Technology's lead. While it lasts it is *certified*: owner and
//! custodian keep, narrow or end it, each for their side. What both do not keep within
//! [`terms::SILENCE_DAYS`] days after its day ends by itself. Prolonging is asking again. Whoever asked
//! opens, certifies and shuts nothing. What was asked for before sources existed has no terms, stays valid as
//! it is, and is shut by the side that was asked.

#[cfg(feature = "ssr")]
pub mod owed;

#[cfg(feature = "ssr")]
pub mod page;

#[cfg(feature = "ssr")]
pub mod read;

#[cfg(feature = "ssr")]
mod status_words;

pub mod terms;

#[cfg(feature = "ssr")]
pub mod text;
#[cfg(feature = "ssr")]
pub mod verify;

#[cfg(feature = "ssr")]
pub mod talk;

#[cfg(feature = "ssr")]
pub mod write;

use terms::is_lapsed;

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
    /// Both sides did not keep it in time, so that it ended by itself.
    NotCertified,
    Ended,
    /// Taken back or refused before it was opened.
    EndedUnopened,
}

/// What happened to a request so far, and the days that it has.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "a flag for each moment")]
pub struct Moments {
    pub is_approved: bool,
    pub is_granted: bool,
    pub is_ended: bool,
    /// Whether it ended by the silence of a side.
    pub is_unkept: bool,
    pub ends_on: Day,
    pub certify_on: Option<Day>,
}

pub fn access(it: &Moments, today: Day) -> Access {
    let is_lapsed = it.is_granted && is_lapsed(it.certify_on, it.ends_on, today);
    if it.is_unkept || (is_lapsed && !it.is_ended) {
        Access::NotCertified
    } else if it.is_ended && it.is_granted {
        Access::Ended
    } else if it.is_ended {
        Access::EndedUnopened
    } else if today > it.ends_on && !it.is_granted {
        Access::NeverGranted
    } else if today > it.ends_on {
        Access::Expired
    } else if it.is_granted {
        Access::Granted
    } else if it.is_approved {
        Access::Approved
    } else {
        Access::Asked
    }
}

impl Access {
    /// Whether nobody may go through its door any more.
    pub const fn is_over(self) -> bool {
        matches!(
            self,
            Self::Expired | Self::NeverGranted | Self::NotCertified | Self::Ended | Self::EndedUnopened
        )
    }

    /// Whether it can still be waited for.
    pub const fn may_be_waited_for(self) -> bool {
        matches!(self, Self::Asked | Self::Approved)
    }

    /// How it stands, when what comes next is late by so many days.
    pub const fn status(self, late: i64) -> AccessStatus {
        match self {
            Self::Asked if late > 0 => AccessStatus::NotApproved(late),
            Self::Approved if late > 0 => AccessStatus::NotGranted(late),
            state if late > 0 && state.is_over() => AccessStatus::NotShut(late),
            state => AccessStatus::Plain(state),
        }
    }
}

/// Access with the days by which what comes next is late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessStatus {
    NotApproved(i64),
    NotGranted(i64),
    /// Over, and its door is not shut.
    NotShut(i64),
    Plain(Access),
}

impl AccessStatus {
    /// What there is to say beside the word.
    pub const fn detail(self) -> &'static str {
        match self {
            Self::NotApproved(_) | Self::Plain(Access::Asked) => "Not approved by both sides yet",
            Self::NotGranted(_) | Self::Plain(Access::Approved) => "Approved by both sides, not open yet",
            Self::NotShut(_) => "Over, and nobody has confirmed that it is shut",
            Self::Plain(Access::Granted) => "Open",
            Self::Plain(Access::NeverGranted) => "Never opened",
            Self::Plain(Access::Expired) => "Its last day has passed",
            Self::Plain(Access::NotCertified) => "Ended by itself: not kept by both sides",
            Self::Plain(Access::Ended) => "Ended early",
            Self::Plain(Access::EndedUnopened) => "Ended before it was fully open",
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
                            (true, _, true, _) => Access::Ended,
                            (true, ..) => Access::EndedUnopened,
                            (_, 1, false, _) => Access::NeverGranted,
                            (_, 1, true, _) => Access::Expired,
                            (_, _, true, _) => Access::Granted,
                            (.., true) => Access::Approved,
                            _ => Access::Asked,
                        };
                        let moments = Moments {
                            is_approved: approved,
                            is_granted: granted,
                            is_ended: ended,
                            is_unkept: false,
                            ends_on: day,
                            certify_on: None,
                        };
                        assert_eq!(access(&moments, day.plus(late)), expected);
                    }
                }
            }
        }
        assert_eq!(Access::Asked.status(0).word(), StatusWord::Proposed);
        assert_eq!(Access::Asked.status(1).word(), StatusWord::Late(1));
    }
}
