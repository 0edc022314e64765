//! The two texts of the plan: a milestone that both owners accept, and the baseline that both leads fix.

use serde::{Deserialize, Serialize};

use super::BaselineLine;
use crate::handshake::{Kind, text::SignedText};

/// Days are written `2026-11-03`, instants `2026-11-03T13:05:00Z`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MilestoneText {
    /// The number of the milestone.
    pub milestone: i64,
    pub title: String,
    pub outcome: String,
    pub due_on: String,
    pub checkpoints: Vec<CheckpointText>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckpointText {
    pub id: String,
    pub title: String,
    pub criteria: String,
    pub due_on: String,
    pub passed_at: Option<String>,
    pub evidence: Option<String>,
    /// The name of the evidence's file, and its SHA-256 in hexadecimal.
    pub file: Option<String>,
    pub file_sha256: Option<String>,
}

impl SignedText for MilestoneText {
    const KIND: Kind = Kind::Milestone;
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BaselineText {
    /// The number of the baseline.
    pub baseline: i64,
    pub milestones: Vec<BaselineLine>,
}

impl SignedText for BaselineText {
    const KIND: Kind = Kind::Baseline;
}
