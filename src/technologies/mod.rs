//! The register of technologies: what the company runs, and where each choice stands.
//!
//! A *technology* has a stage (adopt, trial, assess, hold, retire), an owner from each side, a yearly cost
//! and a day on which it renews. What both sides signed in a decision is entered by itself; anything else is
//! entered by hand. Where it stands takes two: whoever enters or moves one puts the stage before both owners,
//! with a reason, and it comes about once both have signed. Until then what is entered is assessed, and what
//! is moved stays where it is; another name or purpose waits for both, too. Another owner takes over at once,
//! and confirms it by signing. A decision that takes an earlier one's place holds what that one entered.
//! Every move stays on record. Both owners find a renewal on their desk thirty days before.

#[cfg(feature = "ssr")]
pub mod hand_over;

#[cfg(feature = "ssr")]
pub mod held;

#[cfg(feature = "ssr")]
pub mod owed;

#[cfg(feature = "ssr")]
pub mod page;

#[cfg(feature = "ssr")]
pub mod read;

#[cfg(feature = "ssr")]
pub mod text;

#[cfg(feature = "ssr")]
pub mod verify;

#[cfg(feature = "ssr")]
pub mod write;

use crate::text_enum;

/// Days before a renewal on which it comes to its owners' desks.
pub const RENEWAL_SHOWN_DAYS: i64 = 30;

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
            Self::Assess => "Worth a closer look. Nothing is bought.",
            Self::Trial => "Tried in one place, with an end date.",
            Self::Adopt => "What new work is built on.",
            Self::Hold => "Stays where it is. Nothing new is built on it.",
            Self::Retire => "On its way out.",
        }
    }
}
