//! The text of a technology's place in the register that both owners sign.

use serde::{Deserialize, Serialize};

use super::TechnologyStage;
use crate::handshake::{Kind, text::SignedText};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TechnologyText {
    /// Its number in the register.
    pub technology: i64,
    pub name: String,
    pub purpose: String,
    pub stage: TechnologyStage,
    pub because: String,
    pub marketing_owner: String,
    pub technology_owner: String,
}

impl SignedText for TechnologyText {
    const KIND: Kind = Kind::Technology;
}
