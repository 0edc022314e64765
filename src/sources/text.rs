//! The texts that are signed: a source's entry by its owner and custodian, the naming of the profile by both leads.

use serde::{Deserialize, Serialize};

use super::{PersonalForm, Sensitivity};
use crate::handshake::{Kind, text::SignedText};

/// What a source holds, how it is kept, and who answers for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceText {
    /// Its number.
    pub source: i64,
    pub name: String,
    pub holds: String,
    /// In the register.
    pub technology: Option<String>,
    pub sensitivity: Sensitivity,
    pub form: PersonalForm,
    pub people: String,
    pub kinds_of_data: String,
    pub is_special: bool,
    pub kept_in: String,
    pub refreshed: String,
    pub protection: String,
    pub owner: String,
    pub steward: Option<String>,
    pub custodian: String,
}

impl SignedText for SourceText {
    const KIND: Kind = Kind::Source;
}

/// Which source is where a customer's parts meet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileText {
    /// The source's number.
    pub source: i64,
    pub name: String,
    /// The one of before.
    pub instead_of: Option<String>,
}

impl SignedText for ProfileText {
    const KIND: Kind = Kind::Profile;
}
