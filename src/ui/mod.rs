//! The design system: fields, buttons, pills, avatars, charts, notices. Knows no room.

#[cfg(feature = "ssr")]
pub mod chart;

#[cfg(feature = "ssr")]
pub mod field;

#[cfg(feature = "ssr")]
pub mod frame;

pub mod icon;

#[cfg(feature = "ssr")]
pub mod markdown;

#[cfg(feature = "ssr")]
pub mod part;

#[cfg(feature = "ssr")]
pub mod redline;

#[cfg(feature = "ssr")]
pub use field::{
    Actions, CheckGroup, DateField, Fields, FileField, Hidden, PostForm, RadioGroup, Select, TextArea,
    TextField,
};

#[cfg(feature = "ssr")]
pub use part::{Avatar, Avatars, Crumb, Empty, Pill, Progress, Section, Share};

use crate::text_enum;

text_enum! {
    /// What was just done, said once at the top of the page that follows.
    pub enum Notice {
        Saved = "saved",
        Signed = "signed",
        Sealed = "sealed",
        Objected = "objected",
        NotSigned = "not-signed",
        Withdrawn = "withdrawn",
        Proposed = "proposed",
        TakenBack = "taken-back",
        Added = "added",
        Archived = "archived",
        Passed = "passed",
        Accepted = "accepted",
        Returned = "returned",
        Granted = "granted",
        Ended = "ended",
        Reopened = "reopened",
        Moved = "moved",
        CheckedIn = "checked-in",
        DraftKept = "draft-kept",
        Acknowledged = "acknowledged",
        Entered = "entered",
        Imported = "imported",
        Attested = "attested",
        Invited = "invited",
        PasswordChanged = "password-changed",
        LinkSent = "link-sent",
        SessionsEnded = "sessions-ended",
        HandedOver = "handed-over",
        SignedOut = "signed-out",
        ResetDone = "reset-done",
        RoundOpened = "round-opened",
        RoundClosed = "round-closed",
        Scored = "scored",
        ScoredLate = "scored-late",
        Commented = "commented",
        Suggested = "suggested",
        Restored = "restored",
        Ruled = "ruled",
    }
}

impl Notice {
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Saved => "Saved.",
            Self::Signed => "Signed. The other side has been asked.",
            Self::Sealed => "Sealed: both sides have signed the same text.",
            Self::Objected => "Your objection is on record, with its reason.",
            Self::NotSigned => {
                "Nothing was signed just now: the text changed meanwhile, or you have signed it already."
            }
            Self::Withdrawn => "Your signature is withdrawn.",
            Self::Proposed => "Proposed. Both sides have been asked to sign.",
            Self::TakenBack => "Taken back.",
            Self::Added => "Added.",
            Self::Archived => "Archived. The history keeps it.",
            Self::Passed => "Passed.",
            Self::Accepted => "Accepted.",
            Self::Granted => "Granted. Whoever asked can use it now.",
            Self::Ended => "Ended. The history keeps it.",
            Self::Returned => "Returned. It is open again, with what is missing.",
            Self::Reopened => "Opened again.",
            Self::Moved => "Moved. The first promised date is kept.",
            Self::CheckedIn => "Checked in. The other side's co-lead is asked to read it.",
            Self::DraftKept => "Kept as a draft, for you alone.",
            Self::Acknowledged => "Acknowledged.",
            Self::Imported => "Entered, all of it. The owners have been asked to attest.",
            Self::Entered => "Entered. Both owners have been asked to attest.",
            Self::Attested => "Attested.",
            Self::Invited => "Invited.",
            Self::LinkSent => "A link is on its way to the new address. It changes once you have opened it.",
            Self::PasswordChanged => "Your password is changed.",
            Self::SessionsEnded => "Ended.",
            Self::HandedOver => "The lead is handed over.",
            Self::SignedOut => "You are signed out.",
            Self::ResetDone => "Your password is set and every session has ended. Sign in with the new one.",
            Self::RoundOpened => "Opened. Members of both sides are asked, each without seeing the other.",
            Self::RoundClosed => "The round is closed; both sides see all of it.",
            Self::ScoredLate => {
                "The round was closed before you answered. What you gave is kept and shown as late; it counts in no \
                    figure."
            }
            Self::Scored => "Your scores are in. The other side does not see them before the round closes.",
            Self::Commented => "Said.",
            Self::Suggested => "Suggested. The other side has been asked.",
            Self::Ruled => "Ruled. It stands on record beside both cases.",
            Self::Restored => "Restored as the working draft.",
        }
    }
}

text_enum! {
    /// How a thing goes. Each tone has its colours and always a word beside them.
    pub enum Tone {
        OnTrack = "on-track",
        AtRisk = "at-risk",
        OffTrack = "off-track",
        Outdated = "outdated",
        NoData = "no-data",
        Done = "done",
        Quiet = "quiet",
    }
}
