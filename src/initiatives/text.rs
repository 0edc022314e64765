//! The text that closes an initiative: both co-leads' words, and what became of its milestones.

use serde::{Deserialize, Serialize};

use super::Phase;
use crate::handshake::{Kind, text::SignedText};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetrospectiveText {
    /// The number of the initiative.
    pub initiative: i64,
    pub title: String,
    /// Achieved or missed.
    pub outcome: Phase,
    pub worked: String,
    pub failed: String,
    pub lesson: String,
    pub milestones: Vec<MilestoneOutcome>,
}

/// Days are written `2026-11-03`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MilestoneOutcome {
    pub title: String,
    pub first_promised: String,
    pub due: String,
    pub accepted: Option<String>,
}

impl SignedText for RetrospectiveText {
    const KIND: Kind = Kind::Retrospective;
}
