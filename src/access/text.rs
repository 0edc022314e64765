//! The text of a request for access that both sides approve.

use serde::{Deserialize, Serialize};

use super::AccessKind;
use crate::{
    handshake::{Kind, text::SignedText},
    identity::Side,
};

/// Days are written `2026-11-03`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessText {
    /// The number of the request.
    pub request: i64,
    pub kind: AccessKind,
    pub title: String,
    pub purpose: String,
    /// The title of the goal that is cited.
    pub goal: String,
    pub asked_by: String,
    pub asking_side: Side,
    pub needed_on: String,
    pub ends_on: String,
}

impl SignedText for AccessText {
    const KIND: Kind = Kind::Access;
}
