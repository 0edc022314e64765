//! What both leads sign: the minutes of a review, and what is added to them later.

use serde::{Deserialize, Serialize};

use crate::handshake::{Kind, text::SignedText};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MinutesText {
    pub review: i64,
    /// A day, written `2026-11-03`.
    pub held_on: String,
    /// Names.
    pub present: Vec<String>,
    /// The digest of the facts that lay before everybody.
    pub snapshot: String,
    pub body: String,
    /// One line each.
    pub resolutions: Vec<String>,
    pub actions: Vec<ActionText>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionText {
    pub action: String,
    pub owner: String,
    /// A day, written `2026-11-03`.
    pub due_on: String,
}

impl SignedText for MinutesText {
    const KIND: Kind = Kind::Minutes;
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddendumText {
    pub review: i64,
    pub addendum: i64,
    /// The digest of the minutes that it adds to.
    pub minutes: String,
    pub body: String,
}

impl SignedText for AddendumText {
    const KIND: Kind = Kind::Addendum;
}
