//! The text of a request for access that both sides approve.

use serde::{Deserialize, Serialize};

use super::{AccessKind, terms::Copies};
use crate::{
    handshake::{Kind, text::SignedText},
    identity::Side,
    sources::{PersonalForm, Sensitivity, text::UseText},
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
    /// What was asked before sources existed names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<TermsText>,
}

/// On which terms data is given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TermsText {
    pub sources: Vec<SourceNamed>,
    /// The highest of its sources.
    pub sensitivity: Sensitivity,
    /// The number of the source whose use it is.
    pub use_of: i64,
    /// As both holders signed it.
    pub used_for: UseText,
    pub form: PersonalForm,
    pub fields: String,
    pub copies: Copies,
    pub copies_until: Option<String>,
    /// The number of the source inside which they are kept.
    pub copies_in: Option<SourceNamed>,
    /// The number of the request that it prolongs or narrows.
    pub follows: Option<i64>,
}

/// A source by its number and its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceNamed {
    pub number: i64,
    pub name: String,
}

impl SignedText for AccessText {
    const KIND: Kind = Kind::Access;
}
