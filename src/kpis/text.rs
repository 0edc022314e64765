//! The text of one period that both owners attest.

use serde::{Deserialize, Serialize};

use super::Direction;
use crate::handshake::{Kind, text::SignedText};

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
