//! The texts that both owners sign: the targets, and a period's value.

use serde::{Deserialize, Serialize};

use super::{Cadence, Direction, Target};
use crate::{
    handshake::{Kind, text::SignedText},
    platform::{quantity::Quantity, time::Day},
};

/// Quantities are decimal numbers in text; the period is its first day, written `2026-11-01`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeriodText {
    /// The number of the KPI.
    pub kpi: i64,
    pub title: String,
    pub unit: String,
    pub direction: Direction,
    pub period: String,
    pub value: String,
    pub at_least: Option<String>,
    pub at_most: Option<String>,
}

impl SignedText for PeriodText {
    const KIND: Kind = Kind::Kpi;
}

/// Targets of some periods; the others stay as they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetsText {
    /// The number of the KPI.
    pub kpi: i64,
    pub title: String,
    pub unit: String,
    pub direction: Direction,
    pub cadence: Cadence,
    /// Why targets that were set change; empty where none was.
    pub because: String,
    pub targets: Vec<TargetText>,
}

/// What a period is to aim at, by its first day; without either end it has no target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetText {
    pub period: Day,
    pub at_least: Option<Quantity>,
    pub at_most: Option<Quantity>,
    /// What held when this was written.
    pub was_at_least: Option<Quantity>,
    pub was_at_most: Option<Quantity>,
}

impl TargetText {
    pub fn target(&self) -> Option<Target> {
        Target::between(self.at_least, self.at_most)
    }

    /// What held when this was written.
    pub fn was(&self) -> Option<Target> {
        Target::between(self.was_at_least, self.was_at_most)
    }
}

impl SignedText for TargetsText {
    const KIND: Kind = Kind::Targets;
}
