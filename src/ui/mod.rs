//! The design system: fields, buttons, pills, avatars, charts, notices. Knows no room.

#[cfg(feature = "ssr")]
pub mod chart;

#[cfg(feature = "ssr")]
mod choice;

#[cfg(feature = "ssr")]
pub mod field;

#[cfg(feature = "ssr")]
pub mod frame;

pub mod icon;

#[cfg(feature = "ssr")]
pub mod markdown;

#[cfg(feature = "ssr")]
mod filter;

#[cfg(feature = "ssr")]
pub mod part;

#[cfg(feature = "ssr")]
pub mod redline;

mod status_word;

#[cfg(feature = "ssr")]
mod undo;

#[cfg(feature = "ssr")]
pub use choice::{CheckGroup, RadioGroup, Select, SureTick, choices};

#[cfg(feature = "ssr")]
pub use field::{
    Actions, DateField, DefaultButton, Fields, FileField, Hidden, PostForm, Reason, TextArea, TextField,
};

#[cfg(feature = "ssr")]
pub use filter::{FilterForm, ListFilter, ListItem, ListPage, MOST_FILTERED};

#[cfg(feature = "ssr")]
pub use part::{
    AskFirst, Avatar, Avatars, Copyable, Crumb, Empty, Menu, MoreLink, Pill, Progress, Section, Tag, Warning,
};

pub use status_word::StatusWord;

#[cfg(feature = "ssr")]
pub use undo::Undo;

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
        Shut = "shut",
        Kept = "kept",
        CopiesGone = "copies-gone",
        Ended = "ended",
        Reopened = "reopened",
        Moved = "moved",
        CheckedIn = "checked-in",
        DraftKept = "draft-kept",
        Acknowledged = "acknowledged",
        Entered = "entered",
        Imported = "imported",
        ImportedHistory = "imported_history",
        ImportedWithHistory = "imported_with_history",
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
        Frozen = "frozen",
        Asked = "asked",
        Begun = "begun",
        MeetingEnded = "meeting-ended",
        TriedAgain = "tried-again",
    }
}

impl Notice {
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Saved => "Saved.",
            Self::TriedAgain => "These letters are sent again.",
            Self::Signed => "Signed. The other side has been asked to sign.",
            Self::Sealed => "Agreed. Both sides have signed the same text.",
            Self::Objected => "Your objection is on record with your reason.",
            Self::NotSigned => "Nothing was signed: the text has changed, or you have signed it already.",
            Self::Withdrawn => "Your signature is withdrawn.",
            Self::Proposed => "Proposed. Both sides have been asked to sign.",
            Self::TakenBack => "Withdrawn.",
            Self::Added => "Added.",
            Self::Archived => "Archived. The history keeps it.",
            Self::Passed => "Marked done.",
            Self::Accepted => "Accepted.",
            Self::Granted => "Access is open. The requester has been told.",
            Self::Shut => "Access is shut.",
            Self::Kept => "Your side’s answer is saved.",
            Self::CopiesGone => "The copies are gone.",
            Self::Ended => "Ended. The history keeps it.",
            Self::Returned => "Returned. The checkpoint is open again, with your note.",
            Self::Reopened => "Reopened.",
            Self::Moved => "Moved. The first promised date stays on record.",
            Self::CheckedIn => "Checked in. The other co-lead has been asked to read it.",
            Self::DraftKept => "Draft saved. Only you can see it.",
            Self::Acknowledged => "Confirmed that you have read it.",
            Self::Imported => "All values are entered. The owners have been asked to confirm them.",
            Self::ImportedHistory => "All values are entered as history. Nobody has to confirm them.",
            Self::ImportedWithHistory => {
                "All values are entered. Those of past periods are history; the owners have been asked to confirm the \
                 others."
            }
            Self::Entered => "Entered. Both owners have been asked to confirm it.",
            Self::Attested => "Confirmed.",
            Self::Invited => "Invited.",
            Self::LinkSent => "A link is on its way to the new address. Open it to change your address.",
            Self::PasswordChanged => "Your password is changed.",
            Self::SessionsEnded => "Ended.",
            Self::HandedOver => "The lead is handed over.",
            Self::SignedOut => "You are signed out.",
            Self::ResetDone => "Your password is set and every session has ended. Sign in with the new one.",
            Self::RoundOpened => "Round opened. Members of both sides have been asked to answer.",
            Self::RoundClosed => "Round closed. Both sides now see all scores.",
            Self::ScoredLate => {
                "The round closed before you answered. Your answers are kept as late and do not count."
            }
            Self::Scored => "Your scores are saved. The other side sees them only after the round closes.",
            Self::Commented => "Comment added.",
            Self::Suggested => "Suggestion sent to the other side.",
            Self::Ruled => "Decided. The ruling stands on record beside both cases.",
            Self::Frozen => "Frozen. From now on the review shows these facts.",
            Self::Asked => "They have been asked.",
            Self::Begun => "The review has begun. You have the stage.",
            Self::MeetingEnded => "The meeting has ended. Its minutes are composed; read them through.",
            Self::Restored => "This version is the draft now.",
        }
    }
}

text_enum! {
    /// Light or dark, as somebody chose for this browser; by the system's own setting otherwise.
    pub enum Theme { System = "system", Light = "light", Dark = "dark" }
}

impl Theme {
    pub const fn name(self) -> &'static str {
        match self {
            Self::System => "As the system",
            Self::Light => "Light",
            Self::Dark => "Dark",
        }
    }
}

text_enum! {
    /// Whether single letters and digits act on a review's stage (WCAG 2.1.4), as somebody chose for this
    /// browser.
    pub enum StageKeys { On = "on", Off = "off" }
}

impl StageKeys {
    pub const fn name(self) -> &'static str {
        match self {
            Self::On => "Letters, digits, arrows and page keys",
            Self::Off => "Only arrows and page keys, as clickers send them",
        }
    }
}

/// The cookie that keeps a [`Theme`]; it says nothing else of anybody.
#[cfg(feature = "ssr")]
pub const THEME_COOKIE: &str = "theme";

/// The cookie that keeps [`StageKeys`], which the stage's script reads.
#[cfg(feature = "ssr")]
pub const STAGE_KEYS_COOKIE: &str = "stage_keys";

/// What a request's cookies say under a name.
#[cfg(feature = "ssr")]
fn chosen<T: std::str::FromStr>(headers: &axum::http::HeaderMap, name: &str) -> Option<T> {
    headers
        .get_all(axum::http::header::COOKIE)
        .iter()
        .filter_map(|cookies| cookies.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .find_map(|cookie| cookie.trim().strip_prefix(name)?.strip_prefix('=')?.parse().ok())
}

#[cfg(feature = "ssr")]
impl StageKeys {
    /// What a request's cookies say.
    pub fn of(headers: &axum::http::HeaderMap) -> Self {
        chosen(headers, STAGE_KEYS_COOKIE).unwrap_or(Self::On)
    }
}

#[cfg(feature = "ssr")]
impl Theme {
    /// What a request's cookies say.
    pub fn of(headers: &axum::http::HeaderMap) -> Self {
        chosen(headers, THEME_COOKIE).unwrap_or(Self::System)
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

impl Tone {
    /// The worse, the smaller.
    pub const fn severity(self) -> u8 {
        match self {
            Self::OffTrack => 0,
            Self::Outdated => 1,
            Self::AtRisk => 2,
            Self::NoData => 3,
            Self::Quiet => 4,
            Self::OnTrack => 5,
            Self::Done => 6,
        }
    }
}
