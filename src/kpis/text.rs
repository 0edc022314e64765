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
    /// By what limits a number is at risk and off track; none in texts of before they were signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<LimitsText>,
}

/// Below how much of a target, in percent, a number is at risk and off track; and what held when this was
/// written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimitsText {
    pub at_risk_below: i64,
    pub off_track_below: i64,
    pub was_at_risk_below: i64,
    pub was_off_track_below: i64,
}

impl LimitsText {
    pub const fn changes(&self) -> bool {
        self.at_risk_below != self.was_at_risk_below || self.off_track_below != self.was_off_track_below
    }

    pub fn format(&self) -> String {
        if self.changes() {
            format!(
                "At risk below {}% of the target instead of {}%; off track below {}% instead of {}%.",
                self.at_risk_below, self.was_at_risk_below, self.off_track_below, self.was_off_track_below
            )
        } else {
            format!(
                "At risk below {}% of the target, off track below {}%.",
                self.at_risk_below, self.off_track_below
            )
        }
    }
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
