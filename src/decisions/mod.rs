//! Technology choices, made by both sides.
//!
//! A *decision* is a question with its context, its *impact*, a *driver*, a date to decide by, the *evidence* it rests
//! on (clauses, KPIs, links), and *options* with advantages, drawbacks, effort, risk and cost.
//!
//! What counts is settled before anybody scores: the *criteria* and their *weights*, written or taken from a template,
//! are a small handshake of their own. Once both sides have signed the weights they are fixed, and a *round of scoring*
//! can be opened (see [`crate::rounds`]): members of both sides score every option on every criterion without seeing
//! the other side. While it is open the options stay as they are. Then both see where they differ most, which option
//! each side puts in front, and how little would change that.
//!
//! A *proposal* names one option and why, at which *stage* the technology enters the register, and when to ask whether
//! it delivered. It puts the whole, scores included, before both sides: any manager or lead may sign for their own. Who
//! agrees with a *condition* names the milestone it belongs to, an owner and a date; it becomes a checkpoint there once
//! both sides have signed. An *objection* sends the proposal back: it needs a new one. Changing the question, the
//! context, the weights or an option takes a proposal that is not sealed off the table. What both sides signed is a
//! record that does not change any more.
//!
//! A small choice may do without criteria; then nothing is scored.
//!
//! Half-signed or objected to for longer than the workspace allows, a decision is *deadlocked*. Each side may state its
//! case, and the *arbiter* whom the workspace has named reads both side by side and *rules*: one of the options, and why.
//! A ruling is final, stands beside both cases, and never says that both agreed. Nobody rules on what they signed.
//!
//! After signing: the option is an entry of the *register of technologies*, with its stage (assess, trial, adopt, hold,
//! retire), an owner from each side, its cost and renewal. On the review date the driver is asked for the *outcome*:
//! met, partly, missed, beside the KPIs then and now. A later decision may *supersede* it; once that one is signed, the
//! earlier says so.

#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
pub mod read;
pub mod templates;
#[cfg(feature = "ssr")]
pub mod write;

use crate::{
    handshake::State,
    identity::Side,
    platform::time::{Day, days, for_days},
    text_enum,
    ui::Tone,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecisionStatus {
    Signed,
    Objected(Side),
    /// Waiting on one side for some days.
    HalfSigned(Side, i64),
    /// Waiting on both sides for some days.
    Proposed(i64),
    /// Proposed, and unsigned for some days after its date: by one side, or by both.
    Unsigned(Option<Side>, i64),
    /// Half-signed or objected to for longer than the workspace allows; the arbiter is called.
    Deadlocked(i64),
    /// The arbiter has ruled.
    Ruled,
    Overdue(i64),
    Open,
    /// Its initiative ended before anything was proposed.
    LeftOpen,
}

/// Derives the status from the handshake on the table, how many days it has waited, and how many it may; `due_on` is the
/// date to decide by, or the day of a proposal that came after it.
pub fn status(handshake: Option<(State, i64)>, is_ruled: bool, limit: i64, due_on: Day, today: Day) -> DecisionStatus {
    let late = today.days_since(due_on);
    match handshake {
        _ if is_ruled => DecisionStatus::Ruled,
        Some((State::Objected { .. } | State::HalfSigned { .. }, waited)) if waited > limit => DecisionStatus::Deadlocked(waited),
        Some((State::Sealed { .. }, _)) => DecisionStatus::Signed,
        Some((State::Objected { by }, _)) => DecisionStatus::Objected(by),
        Some((State::HalfSigned { by, .. }, _)) if late > 0 => DecisionStatus::Unsigned(Some(by.other()), late),
        Some((State::Open, _)) if late > 0 => DecisionStatus::Unsigned(None, late),
        Some((State::HalfSigned { by, .. }, waited)) => DecisionStatus::HalfSigned(by.other(), waited),
        Some((State::Open, waited)) => DecisionStatus::Proposed(waited),
        Some((State::Stale, _)) | None if late > 0 => DecisionStatus::Overdue(late),
        Some((State::Stale, _)) | None => DecisionStatus::Open,
    }
}

impl DecisionStatus {
    pub fn label(self) -> String {
        match self {
            Self::Signed => "Signed by both".to_owned(),
            Self::Objected(side) => format!("{} objected", side.name()),
            Self::HalfSigned(side, waited) => format!("1 of 2, {} {}", side.name(), days(waited)),
            Self::Proposed(waited) => format!("Proposed, waiting {}", for_days(waited)),
            Self::Unsigned(Some(side), late) => format!("1 of 2, {} {} late", side.name(), days(late)),
            Self::Unsigned(None, late) => format!("Proposed, {} late", days(late)),
            Self::Deadlocked(waited) => format!("Deadlocked {}", days(waited)),
            Self::Ruled => "Ruled by the arbiter".to_owned(),
            Self::Overdue(late) => format!("Undecided, {} late", days(late)),
            Self::Open => "Open".to_owned(),
            Self::LeftOpen => "Not decided".to_owned(),
        }
    }

    pub const fn tone(self) -> Tone {
        match self {
            Self::Signed | Self::Ruled => Tone::Done,
            Self::Objected(_) | Self::Overdue(_) | Self::Deadlocked(_) | Self::Unsigned(..) => Tone::OffTrack,
            Self::HalfSigned(..) | Self::Proposed(_) => Tone::AtRisk,
            Self::Open | Self::LeftOpen => Tone::Quiet,
        }
    }
}

text_enum! {
    /// Whether a choice delivered what it was made for.
    pub enum DecisionOutcome { Met = "met", Partly = "partly", Missed = "missed" }
}

impl DecisionOutcome {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Met => "Met",
            Self::Partly => "Partly met",
            Self::Missed => "Missed",
        }
    }

    pub const fn tone(self) -> Tone {
        match self {
            Self::Met => Tone::OnTrack,
            Self::Partly => Tone::AtRisk,
            Self::Missed => Tone::OffTrack,
        }
    }
}

text_enum! {
    /// Where a technology stands in the register.
    pub enum TechnologyStage { Assess = "assess", Trial = "trial", Adopt = "adopt", Hold = "hold", Retire = "retire" }
}

impl TechnologyStage {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Assess => "Assess",
            Self::Trial => "Trial",
            Self::Adopt => "Adopt",
            Self::Hold => "Hold",
            Self::Retire => "Retire",
        }
    }

    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Assess => "Worth a closer look; nothing is bought.",
            Self::Trial => "Tried in one place, with an end date.",
            Self::Adopt => "What new work is built on.",
            Self::Hold => "Stays where it is; nothing new is built on it.",
            Self::Retire => "On its way out.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::time::Timestamp;

    #[test]
    fn a_decision_says_who_it_waits_for() {
        let today = Day::new(2026, 11, 22);
        let at = Timestamp::from_millis(0);
        for (handshake, decide_by, words) in [
            (None, today, "Open"),
            (None, today.plus(-2), "Undecided, 2 days late"),
            (Some((State::Open, 1)), today, "Proposed, waiting for 1 day"),
            (Some((State::HalfSigned { by: Side::Marketing, since: at }, 4)), today, "1 of 2, Technology 4 days"),
            (Some((State::HalfSigned { by: Side::Marketing, since: at }, 4)), today.plus(-1), "1 of 2, Technology 1 day late"),
            (Some((State::HalfSigned { by: Side::Marketing, since: at }, 6)), today.plus(-1), "Deadlocked 6 days"),
            (Some((State::Open, 8)), today.plus(-2), "Proposed, 2 days late"),
            (Some((State::Objected { by: Side::Technology }, 4)), today, "Technology objected"),
            (Some((State::HalfSigned { by: Side::Marketing, since: at }, 5)), today, "1 of 2, Technology 5 days"),
            (Some((State::HalfSigned { by: Side::Marketing, since: at }, 6)), today, "Deadlocked 6 days"),
            (Some((State::Objected { by: Side::Technology }, 6)), today, "Deadlocked 6 days"),
            (Some((State::Sealed { at }, 4)), today.plus(-9), "Signed by both"),
        ] {
            assert_eq!(status(handshake, false, 5, decide_by, today).label(), words);
        }
        assert_eq!(status(None, true, 5, today.plus(-9), today).label(), "Ruled by the arbiter");
    }
}
