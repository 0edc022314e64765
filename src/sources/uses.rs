//! Uses of a source: what its data is used for, on which ground, for how long, and for whom.
//!
//! A *use* has one purpose; several purposes are several uses. Its *basis* is one of Article 6(1) of the GDPR
//! and says what it *rests on*. How long data is *kept* is a length after something that happens, and what
//! happens then: there is no "as long as necessary". A use with something *missing* is in the record all the
//! same, and says what is missing.

use crate::{sources::PersonalForm, text_enum};

text_enum! {
    /// What for, in the words of a short list.
    pub enum Purpose {
        Serve = "serve",
        Measure = "measure",
        Improve = "improve",
        Personalise = "personalise",
        AdvertiseOwn = "advertise_own",
        AdvertiseOthers = "advertise_others",
        Train = "train",
        LegalDuty = "legal_duty",
        Fraud = "fraud",
    }
}

impl Purpose {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Serve => "Serve the customer",
            Self::Measure => "Measure and report",
            Self::Improve => "Improve the service",
            Self::Personalise => "Personalise",
            Self::AdvertiseOwn => "Advertise to our own customers",
            Self::AdvertiseOthers => "Advertise with others’ data",
            Self::Train => "Train a model",
            Self::LegalDuty => "Meet a legal duty",
            Self::Fraud => "Prevent fraud",
        }
    }
}

text_enum! {
    /// On which ground of Article 6(1).
    pub enum Basis {
        Consent = "consent",
        Contract = "contract",
        LegalDuty = "legal_duty",
        VitalInterests = "vital_interests",
        PublicTask = "public_task",
        LegitimateInterests = "legitimate_interests",
        NoPersonalData = "no_personal_data",
    }
}

impl Basis {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Consent => "Consent (a)",
            Self::Contract => "Contract (b)",
            Self::LegalDuty => "Legal duty (c)",
            Self::VitalInterests => "Vital interests (d)",
            Self::PublicTask => "Public task (e)",
            Self::LegitimateInterests => "Legitimate interests (f)",
            Self::NoPersonalData => "None: no personal data",
        }
    }

    /// What it has to rest on.
    pub const fn rests_on(self) -> &'static str {
        match self {
            Self::Consent => "which wording, and where the consents are kept",
            Self::Contract => "which contract, or step before one",
            Self::LegalDuty => "which law and paragraph",
            Self::VitalInterests => "which danger",
            Self::PublicTask => "which mandate",
            Self::LegitimateInterests => "the balancing test: a link, or where it lies",
            Self::NoPersonalData => "nothing",
        }
    }
}

text_enum! {
    /// After what a length is counted.
    pub enum KeptAfter {
        Collected = "collected",
        LastContact = "last_contact",
        LastPurchase = "last_purchase",
        ContractEnded = "contract_ended",
        ConsentWithdrawn = "consent_withdrawn",
    }
}

impl KeptAfter {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Collected => "it was collected",
            Self::LastContact => "the last contact",
            Self::LastPurchase => "the last purchase",
            Self::ContractEnded => "the contract or account ended",
            Self::ConsentWithdrawn => "the consent was withdrawn",
        }
    }
}

text_enum! {
    /// What happens to it then.
    pub enum KeptThen {
        Deleted = "deleted",
        Anonymised = "anonymised",
        Archived = "archived",
    }
}

impl KeptThen {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Deleted => "deleted",
            Self::Anonymised => "anonymised",
            Self::Archived => "archived",
        }
    }
}

text_enum! {
    /// A condition of Article 9(2), by its letter.
    pub enum Article9 {
        A = "a",
        B = "b",
        C = "c",
        D = "d",
        E = "e",
        F = "f",
        G = "g",
        H = "h",
        I = "i",
        J = "j",
    }
}

impl Article9 {
    pub const fn name(self) -> &'static str {
        match self {
            Self::A => "(a) explicit consent",
            Self::B => "(b) employment and social law",
            Self::C => "(c) vital interests",
            Self::D => "(d) associations’ own members",
            Self::E => "(e) made public by themselves",
            Self::F => "(f) legal claims",
            Self::G => "(g) substantial public interest",
            Self::H => "(h) health care",
            Self::I => "(i) public health",
            Self::J => "(j) archives and research",
        }
    }
}

/// Months after something, and what happens then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    pub after: KeptAfter,
    pub months: i64,
    pub then: KeptThen,
}

impl Kept {
    /// "36 months after the last purchase, then deleted".
    pub fn label(self) -> String {
        let then = self.then.name();
        match self.months {
            0 => format!("until {}, then {then}", self.after.name()),
            1 => format!("1 month after {}, then {then}", self.after.name()),
            months if months % 12 == 0 && months > 12 => {
                format!("{} years after {}, then {then}", months / 12, self.after.name())
            }
            months => format!("{months} months after {}, then {then}", self.after.name()),
        }
    }
}

/// What of a use is empty that the record needs; in the order of the record.
pub fn missing(
    (basis, rests_on): (Option<Basis>, &str),
    (article_9, is_special): (Option<Article9>, bool),
    is_length_said: bool,
) -> Vec<&'static str> {
    let mut missing = Vec::new();
    match basis {
        None => missing.push("the legal basis"),
        Some(Basis::NoPersonalData) => {}
        Some(_) if rests_on.is_empty() => missing.push("what the basis rests on"),
        Some(_) => {}
    }
    if is_special && article_9.is_none() {
        missing.push("the condition of Article 9");
    }
    if !is_length_said && basis != Some(Basis::NoPersonalData) {
        missing.push("how long it is kept");
    }
    missing
}

/// Whether data in this form can be no personal data.
pub const fn may_be_impersonal(form: Option<PersonalForm>) -> bool {
    matches!(form, Some(PersonalForm::Anonymous | PersonalForm::Counts))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_long_is_a_length_after_something_that_happens() {
        let kept = |after, months, then| Kept { after, months, then }.label();
        assert_eq!(
            kept(KeptAfter::LastPurchase, 36, KeptThen::Deleted),
            "3 years after the last purchase, then deleted"
        );
        assert_eq!(
            kept(KeptAfter::LastContact, 18, KeptThen::Anonymised),
            "18 months after the last contact, then anonymised"
        );
        assert_eq!(
            kept(KeptAfter::ConsentWithdrawn, 0, KeptThen::Deleted),
            "until the consent was withdrawn, then deleted"
        );
    }

    #[test]
    fn what_is_missing_is_named() {
        assert_eq!(
            missing((None, ""), (None, true), false),
            [
                "the legal basis",
                "the condition of Article 9",
                "how long it is kept"
            ]
        );
        assert_eq!(
            missing((Some(Basis::Consent), ""), (None, false), true),
            ["what the basis rests on"]
        );
        assert!(missing((Some(Basis::NoPersonalData), ""), (None, false), false).is_empty());
    }
}
