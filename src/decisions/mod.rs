//! Technology choices, made by both sides.
//!
//! A *decision* is a question with its context, its *impact*, a *driver*, a date to decide by, the *evidence*
//! it rests on (clauses, KPIs, links), and *options* with advantages, drawbacks, effort, risk and cost.
//!
//! What counts is settled before anybody scores: the *criteria* and their *weights*, written or taken from a
//! template, are a small handshake of their own. Once both sides have signed the weights they are fixed, and
//! a *round of scoring* can be opened (see [`crate::rounds`]): members of both sides score every option on
//! every criterion without seeing the other side. While it is open the options stay as they are. Then both
//! see where they differ most, which option each side puts in front, and how little would change that.
//!
//! A *proposal* names one option and why, at which *stage* the technology enters the register, and when to
//! ask whether it delivered. It puts the whole, scores included, before both sides: any manager or lead may
//! sign for their own. Who agrees with a *condition* names the milestone it belongs to, an owner and a date;
//! it becomes a checkpoint there once both sides have signed. An *objection* sends the proposal back: it
//! needs a new one. Changing the question, the context, the weights or an option takes a proposal that is not
//! sealed off the table. What both sides signed is a record that does not change any more.
//!
//! A small choice may do without criteria; then nothing is scored.
//!
//! Half-signed or objected to for longer than the workspace allows, a decision is *deadlocked*. Each side may
//! state its case, and the *arbiter* whom the workspace has named reads both side by side and *rules*: one of
//! the options, and why. A ruling is final, stands beside both cases, and never says that both agreed. Nobody
//! rules on what they signed.
//!
//! After signing: the option is an entry of the *register of technologies*, with its stage (assess, trial,
//! adopt, hold, retire), an owner from each side, its cost and renewal. On the review date the driver is
//! asked for the *outcome*: met, partly, missed, beside the KPIs then and now. A later decision may
//! *supersede* it; once that one is signed, the earlier says so.

#[cfg(feature = "ssr")]
pub mod held;

#[cfg(feature = "ssr")]
pub mod owed;

#[cfg(feature = "ssr")]
pub mod page;

#[cfg(feature = "ssr")]
pub mod read;

pub mod templates;

#[cfg(feature = "ssr")]
pub mod text;
#[cfg(feature = "ssr")]
pub mod verify;
#[cfg(feature = "ssr")]
pub mod write;

use crate::text_enum;

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
}
