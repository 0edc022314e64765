//! The texts that both owners sign: the targets, and a period's value.

use serde::{Deserialize, Serialize};

use super::{Cadence, Direction, Formula, Target};
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

/// What becomes of a KPI for which targets were signed, other than its targets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KpiChange {
    /// Nobody measures it any more.
    Archive,
    /// It is computed in another way, or entered by hand.
    Formula(FormulaText),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormulaText {
    /// None where its driver enters it.
    pub formula: Option<Formula>,
    /// The numbers of the KPIs of which it is made.
    pub inputs: Vec<i64>,
    /// "A ÷ B", or "Entered by hand".
    pub words: String,
    /// What held when this was written.
    pub was: String,
}

impl KpiChange {
    /// What is put before both owners, in a noun: "the formula".
    pub const fn noun(&self) -> &'static str {
        match self {
            Self::Archive => "the end of the KPI",
            Self::Formula(_) => "the formula",
        }
    }

    /// "Archive Orders".
    pub fn label(&self, title: &str) -> String {
        match self {
            Self::Archive => format!("Archive {title}"),
            Self::Formula(_) => format!("Formula of {title}"),
        }
    }
}

/// Targets of some periods; the others stay as they are. Or another change of a KPI that is judged by
/// targets.
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
    /// Where it is not about targets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<KpiChange>,
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
