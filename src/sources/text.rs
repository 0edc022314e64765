//! The texts that are signed: a source's entry by its owner and custodian, the naming of the profile by both
//! leads.

use serde::{Deserialize, Serialize};

use super::{
    PersonalForm, Sensitivity, Stands,
    coverage::share,
    levels::Parameter,
    uses::{Article9, Basis, Purpose, missing},
};
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
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub uses: Vec<UseText>,
}

/// One use, as both holders sign it with the entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UseText {
    /// Its number within the source.
    pub number: i64,
    pub name: String,
    pub purpose: Purpose,
    pub in_words: String,
    pub basis: Option<Basis>,
    pub rests_on: String,
    pub article_9: Option<Article9>,
    pub kept: String,
    pub archived_under: String,
    pub recipients: String,
    pub countries: String,
    pub safeguard: String,
}

impl UseText {
    /// What of it is empty that the record needs.
    pub fn missing(&self, is_special: bool) -> Vec<&'static str> {
        missing(
            (self.basis, &self.rests_on),
            (self.article_9, is_special),
            !self.kept.is_empty(),
        )
    }
}

impl SignedText for SourceText {
    const KIND: Kind = Kind::Source;
}

/// That a source is retired, as its owner and its custodian sign it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceEndText {
    /// Its number.
    pub source: i64,
    pub name: String,
    pub because: String,
}

impl SignedText for SourceEndText {
    const KIND: Kind = Kind::SourceEnd;
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

/// How things stood in a quarter, as both leads sign it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuarterText {
    /// Its first day, `2026-10-01`.
    pub quarter: String,
    /// The day on which it was drawn.
    pub drawn_on: String,
    pub profile: Option<String>,
    /// In the order of the customer's way.
    pub touchpoints: Vec<QuarterTouchpoint>,
    pub levels: Vec<QuarterLevels>,
}

/// How one touchpoint stood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuarterTouchpoint {
    pub name: String,
    pub stands: Stands,
}

/// How many sources reached the target of one parameter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuarterLevels {
    pub parameter: Parameter,
    pub at_target: usize,
    pub of: usize,
}

impl QuarterText {
    pub fn count(&self, stands: Stands) -> usize {
        self.touchpoints
            .iter()
            .filter(|touchpoint| touchpoint.stands == stands)
            .count()
    }

    /// "7 of 14 touchpoints, 50%".
    pub fn sentence(&self) -> String {
        share(self.count(Stands::Joined), self.touchpoints.len())
    }
}

impl SignedText for QuarterText {
    const KIND: Kind = Kind::QuarterMap;
}
