//! The two texts that both co-leads sign: the charter with which an initiative starts, and the retrospective
//! with which it ends.

use serde::{Deserialize, Serialize};

use super::{CheckInCadence, Phase};
use crate::{
    handshake::{Kind, text::SignedText},
    identity::Side,
    platform::time::Day,
};

/// What is started, by whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CharterText {
    /// The number of the initiative.
    pub initiative: i64,
    pub title: String,
    pub purpose: String,
    pub starts: Day,
    pub due: Day,
    pub marketing_lead: String,
    pub technology_lead: String,
    /// Whose co-lead drives it and checks in.
    pub driven_by: Side,
    pub cadence: CheckInCadence,
    /// By name.
    pub team: Vec<MemberText>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberText {
    pub name: String,
    pub side: Side,
    pub responsibility: String,
}

impl CharterText {
    /// What is done, by when and led by whom.
    #[must_use]
    pub fn without_team(&self) -> Self {
        Self {
            team: Vec::new(),
            ..self.clone()
        }
    }
}

impl SignedText for CharterText {
    const KIND: Kind = Kind::Charter;
}

/// Both co-leads' words, and what became of the milestones.
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
    /// Conditions of decisions that were open, which both co-leads waive by signing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waived: Vec<WaivedCondition>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaivedCondition {
    /// The number of the decision.
    pub decision: i64,
    pub question: String,
    pub condition: String,
    /// The side whose condition it was.
    pub side: Side,
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
