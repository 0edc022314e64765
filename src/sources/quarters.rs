//! The map of a quarter, and what each side believes.
//!
//! Once a quarter every working member may say whether there is a single view of the customer across all
//! touchpoints. Nobody sees an answer, nor how many there are, before both leads have signed the *map of the
//! quarter*: how the touchpoints stood, how far the sources were, and how many of each side believed. A
//! signed quarter keeps its numbers.

use crate::{identity::Side, platform::time::Day, text_enum};

text_enum! {
    /// What somebody believes.
    pub enum Belief { Yes = "yes", No = "no", CannotSay = "cannot_say" }
}

impl Belief {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Yes => "Yes",
            Self::No => "No",
            Self::CannotSay => "I cannot say",
        }
    }
}

/// What every working member is asked once a quarter.
pub const QUESTION: &str = "Do we have a single view of our customer across all touchpoints?";

/// Fewer answers of a side than this are not told.
const FEWEST: i64 = 3;

/// How many of a side said yes, of how many who answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Believers {
    pub yes: i64,
    pub answered: i64,
}

impl Believers {
    /// "3 of 4", or that too few answered to tell: who is one of two is known.
    pub fn label(self) -> String {
        if self.answered < FEWEST {
            format!("fewer than {FEWEST} answered")
        } else {
            format!("{} of {}", self.yes, self.answered)
        }
    }
}

impl Believers {
    /// "3 of 4 in Marketing said yes".
    pub fn sentence(self, side: Side) -> String {
        if self.answered < FEWEST {
            format!("too few in {} answered to be told apart", side.name())
        } else {
            format!("{} of {} in {} said yes", self.yes, self.answered, side.name())
        }
    }
}

/// "Q4 2026".
pub fn quarter_name(quarter: Day) -> String {
    format!("Q{} {}", (quarter.0.month() - 1) / 3 + 1, quarter.0.year())
}
