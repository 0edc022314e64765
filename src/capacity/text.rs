//! The text with which both leads agree to go over a side's cap in a quarter.

use serde::{Deserialize, Serialize};

use crate::{
    handshake::{Kind, text::SignedText},
    identity::Side,
};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverrideText {
    /// Its first day, written `2026-10-01`.
    pub quarter: String,
    /// Days a side can take.
    pub caps: Vec<(Side, i64)>,
    /// Initiative, days of Marketing, days of Technology.
    pub claims: Vec<(String, i64, i64)>,
    pub reason: String,
}

impl SignedText for OverrideText {
    const KIND: Kind = Kind::Capacity;
}
