//! The text that both leads ratify.

use serde::{Deserialize, Serialize};

use super::Clause;
use crate::{
    handshake::{Kind, text::SignedText},
    platform::time::Day,
};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DefinitionText {
    /// The number of the version.
    pub definition: i64,
    pub clauses: Vec<Clause>,
    /// A day, written `2026-11-03`.
    pub ratify_again_by: Option<String>,
}

impl DefinitionText {
    pub fn new(number: i64, clauses: Vec<Clause>, again_by: Option<Day>) -> Self {
        Self {
            definition: number,
            clauses,
            ratify_again_by: again_by.map(|day| day.to_string()),
        }
    }
}

impl SignedText for DefinitionText {
    const KIND: Kind = Kind::Definition;
}
