//! Talk about a thing: comments, and naming somebody in one.
//!
//! A *comment* is about one thing of another room: a clause, a check-in, a decision, a milestone, a KPI's
//! period, a request for access. Whoever may contribute may say something; whoever is named with `@` and
//! their whole name is notified, and their desk keeps it until they have read it. One's own comment can be
//! edited for a few minutes, and withdrawn; the history keeps what it said, and that there was something.
//! Those on a check-in stay as they are.
//!
//! The room of the thing opens the transaction, so it decides what can be talked about and what its history
//! says.

#[cfg(feature = "ssr")]
pub mod components;

#[cfg(feature = "ssr")]
pub mod mentions;

#[cfg(feature = "ssr")]
pub mod read;

#[cfg(feature = "ssr")]
pub mod page;

#[cfg(feature = "ssr")]
pub mod write;

use crate::{platform::time::Timestamp, text_enum};

/// What is said below the field of a comment.
pub const HELP: &str = "You can use Markdown. Mention people with @ and their name; the first name is enough if only one \
                        person has it.";

/// For how long a comment can be edited.
const EDITABLE_MINUTES: i64 = 15;

/// Where names are asked for, within the workspace.
pub const NAMES: &str = "comments/names";

/// Whether what was said at a time can still be edited.
pub fn is_editable(at: Timestamp, now: Timestamp) -> bool {
    now <= at.plus_seconds(EDITABLE_MINUTES * 60)
}

/// Why a comment cannot be edited any more.
pub fn too_late() -> String {
    format!("A comment can be edited for {EDITABLE_MINUTES} minutes. Write another one.")
}

/// Characters of a comment.
pub const MAX_LENGTH: usize = 4000;

text_enum! {
    /// What can be talked about.
    pub enum Topic {
        Clause = "clause",
        CheckIn = "check_in",
        Decision = "decision",
        Milestone = "milestone",
        Period = "period",
        Access = "access",
    }
}
