//! The heart: two seats, one digest.
//!
//! A *handshake* offers one text to both sides. Its *digest* is the SHA-256 of the text in canonical form.
//! Each side has one *seat*. Filling a seat is *signing*: a person of that side gives a *verdict* on exactly
//! that digest: they agree, agree with conditions, or object with a reason. A signature may be *withdrawn*
//! until the handshake is sealed.
//!
//! - Two agreeing seats, of two sides, by two people, on one digest: *sealed*, for good.
//! - One agreeing seat: *half-signed*, waiting on the other side since the first signed.
//! - One objecting seat: *objected*; the text goes back, nobody signs it any more.
//! - The text is edited before it is sealed: *stale*; its signatures count for nothing, the new text starts
//!   empty.
//!
//! Who may fill a seat depends on what is signed: only the *leads* (the definition), any *signer*, that is a
//! lead or manager (a decision), or the named *owners*, for whom their side's lead may stand in (a milestone,
//! a KPI's period; the co-leads of an initiative are its owners). Nobody signs for the other side, and nobody
//! fills both seats, whatever side they were moved to meanwhile.

#[cfg(feature = "ssr")]
pub mod components;

#[cfg(feature = "ssr")]
pub mod owed;

#[cfg(feature = "ssr")]
pub mod page;

#[cfg(feature = "ssr")]
pub mod on_table;

#[cfg(feature = "ssr")]
pub mod read;

pub mod sign_off;

#[cfg(test)]
mod tests;

#[cfg(feature = "ssr")]
pub mod verify;

#[cfg(feature = "ssr")]
mod status_words;
#[cfg(feature = "ssr")]
pub mod text;

#[cfg(feature = "ssr")]
pub mod write;

use crate::{
    identity::Side,
    platform::{
        ids::AccountId,
        time::{Day, Timestamp},
    },
    text_enum,
};

text_enum! {
    pub enum Verdict { Agree = "agree", AgreeWithConditions = "agree_with_conditions", Object = "object" }
}

impl Verdict {
    pub const fn agrees(self) -> bool {
        matches!(self, Self::Agree | Self::AgreeWithConditions)
    }

    /// A reason is asked only of who objects or adds conditions.
    pub const fn needs_reason(self) -> bool {
        !matches!(self, Self::Agree)
    }

    pub const fn past(self) -> &'static str {
        match self {
            Self::Agree => "agreed",
            Self::AgreeWithConditions => "agreed with a condition",
            Self::Object => "objected",
        }
    }
}

text_enum! {
    /// What is agreed on.
    pub enum Kind { Definition = "definition", Weights = "weights", Decision = "decision", Milestone = "milestone", Kpi = "kpi", Retrospective = "retrospective", Baseline = "baseline", Capacity = "capacity", Access = "access", Technology = "technology", Charter = "charter", Targets = "targets", Minutes = "minutes", Addendum = "addendum", Source = "source", Profile = "profile", QuarterMap = "quarter_map", SourceEnd = "source_end" }
}

impl Kind {
    /// What is signed, in a word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Definition => "Definition",
            Self::Weights => "Weights",
            Self::Decision => "Decision",
            Self::Milestone => "Milestone",
            Self::Kpi => "KPI",
            Self::Retrospective => "Retrospective",
            Self::Baseline => "Baseline",
            Self::Capacity => "Capacity",
            Self::Access => "Access",
            Self::Technology => "Technology",
            Self::Charter => "Charter",
            Self::Targets => "Targets",
            Self::Minutes => "Minutes",
            Self::Addendum => "Addendum",
            Self::Source => "Source",
            Self::Profile => "Profile",
            Self::SourceEnd => "Retirement",
            Self::QuarterMap => "Map of the quarter",
        }
    }
}

text_enum! {
    /// A side's own judgement of how something goes.
    pub enum Health { OnTrack = "on_track", AtRisk = "at_risk", OffTrack = "off_track" }
}

impl Health {
    pub const fn name(self) -> &'static str {
        match self {
            Self::OnTrack => "On track",
            Self::AtRisk => "At risk",
            Self::OffTrack => "Off track",
        }
    }
}

/// A filled seat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    pub side: Side,
    pub account: AccountId,
    pub verdict: Verdict,
    pub digest: String,
    pub at: Timestamp,
}

/// The text on the table and its filled seats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handshake {
    pub digest: String,
    pub opened_at: Timestamp,
    pub signed: Vec<Signature>,
    pub sealed_at: Option<Timestamp>,
    pub closed: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Open,
    HalfSigned { by: Side, since: Timestamp },
    Sealed { at: Timestamp },
    Objected { by: Side },
    Stale,
}

impl State {
    /// The side whose verdict is missing, when only one is.
    pub const fn waiting_on(self) -> Option<Side> {
        match self {
            Self::HalfSigned { by, .. } => Some(by.other()),
            _ => None,
        }
    }
}

/// Why a signature was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The text is not the one on the table any more.
    TextChanged,
    /// Somebody of this side has signed already.
    SeatTaken,
    /// This person fills the other seat.
    SamePerson,
    /// The other side objected; a new proposal comes first.
    SentBack,
    Sealed,
    ReasonMissing,
}

impl Handshake {
    pub const fn offer(digest: String, at: Timestamp) -> Self {
        Self {
            digest,
            opened_at: at,
            signed: Vec::new(),
            sealed_at: None,
            closed: false,
        }
    }

    pub fn seat(&self, side: Side) -> Option<&Signature> {
        self.signed.iter().find(|signed| signed.side == side)
    }

    pub fn state(&self) -> State {
        if let Some(at) = self.sealed_at {
            return State::Sealed { at };
        }
        if self.closed {
            return State::Stale;
        }
        if let Some(objection) = self
            .signed
            .iter()
            .find(|signed| signed.verdict == Verdict::Object)
        {
            return State::Objected { by: objection.side };
        }
        match self.signed.as_slice() {
            [] => State::Open,
            [only, ..] => State::HalfSigned {
                by: only.side,
                since: only.at,
            },
        }
    }

    /// Fills the signer's own seat. `digest` is that of the text the signer was shown.
    pub fn sign(
        &mut self,
        signer: AccountId,
        side: Side,
        digest: &str,
        verdict: Verdict,
        has_reason: bool,
        at: Timestamp,
    ) -> Result<State, Refusal> {
        match self.state() {
            State::Sealed { .. } => return Err(Refusal::Sealed),
            State::Stale => return Err(Refusal::TextChanged),
            State::Objected { .. } => return Err(Refusal::SentBack),
            State::Open | State::HalfSigned { .. } => {}
        }
        if digest != self.digest {
            return Err(Refusal::TextChanged);
        }
        if self.seat(side).is_some() {
            return Err(Refusal::SeatTaken);
        }
        if self.signed.iter().any(|signed| signed.account == signer) {
            return Err(Refusal::SamePerson);
        }
        if verdict.needs_reason() && !has_reason {
            return Err(Refusal::ReasonMissing);
        }
        self.signed.push(Signature {
            side,
            account: signer,
            verdict,
            digest: digest.to_owned(),
            at,
        });
        let both_agree = Side::BOTH
            .iter()
            .all(|side| self.seat(*side).is_some_and(|signed| signed.verdict.agrees()));
        if both_agree {
            self.sealed_at = Some(at);
        }
        Ok(self.state())
    }

    /// Empties the seat that this person filled.
    pub fn withdraw(&mut self, signer: AccountId) -> Result<Side, Refusal> {
        if self.sealed_at.is_some() {
            return Err(Refusal::Sealed);
        }
        let position = self
            .signed
            .iter()
            .position(|signed| signed.account == signer)
            .ok_or(Refusal::TextChanged)?;
        Ok(self.signed.remove(position).side)
    }

    /// The text changed: this handshake is over unless it was sealed.
    pub const fn edit(&mut self) {
        if self.sealed_at.is_none() {
            self.closed = true;
        }
    }
}

/// By when a text on the table is to be signed: by the date of what it is about, where that has one, though
/// not before it was opened; else so many days after.
pub fn signature_due(own: Option<Day>, opened: Day, signature_days: i64) -> Day {
    own.map_or_else(|| opened.plus(signature_days), |own| own.max(opened))
}

/// The first characters of a digest in groups of four, for reading aloud: `9f3a 61c2 0b7e`.
pub fn short_digest(digest: &str) -> String {
    let head: Vec<char> = digest.chars().take(12).collect();
    head.chunks(4)
        .map(|group| group.iter().collect::<String>())
        .collect::<Vec<_>>()
        .join(" ")
}
