//! On which terms access to data is given: from which sources, for which of their uses, in which form, and
//! what becomes of its copies; how long it may last, when it is certified, and by when its door is shut.

use crate::{
    platform::time::Day,
    sources::{PersonalForm, Sensitivity},
    text_enum,
};

/// Access is asked for at most this long at once, whatever it goes to.
pub const LONGEST_DAYS: i64 = 730;

/// Access may be prolonged, and whoever asked is warned, this many days before its last day.
pub const PROLONGED_WITHIN_DAYS: i64 = 30;

/// Whoever asked is warned a second time this many days before its last day.
pub const WARNED_DAYS: i64 = 7;

/// Certifying is asked for this many days before its day.
pub const CERTIFY_AHEAD_DAYS: i64 = 14;

/// An access that is not kept so many days after its day ends by itself.
pub const SILENCE_DAYS: i64 = 14;

/// Whoever took copies says that they are gone from so many days before their day on, or once the access is
/// over.
pub const COPIES_SHOWN_DAYS: i64 = 7;

/// Copies are deleted at most this many days after the last day.
pub const COPIES_DAYS: i64 = 30;

text_enum! {
    /// What becomes of the copies that are taken.
    pub enum Copies {
        None = "none",
        Deleted = "deleted",
        Kept = "kept",
    }
}

impl Copies {
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "No copies are taken",
            Self::Deleted => "Copies are deleted by a day",
            Self::Kept => "Copies are kept inside a source",
        }
    }
}

text_enum! {
    /// What a side says of an access that is to be certified.
    pub enum Certification {
        Kept = "kept",
        Narrowed = "narrowed",
        Ended = "ended",
    }
}

impl Certification {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Kept => "Keep it as it is",
            Self::Narrowed => "Less would do",
            Self::Ended => "End it now",
        }
    }

    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Kept => "It is still needed for its goal, in this form.",
            Self::Narrowed => "It ends on the day above. Whoever asked may ask for less before then.",
            Self::Ended => "It ends today, and has to be shut.",
        }
    }

    /// "kept it", after whoever said so.
    pub const fn said(self) -> &'static str {
        match self {
            Self::Kept => "kept it",
            Self::Narrowed => "said that less would do",
            Self::Ended => "ended it",
        }
    }
}

/// When an access that is open since a day, or certified on it, is to be certified next; none when it ends
/// before.
pub fn certify_on(from: Day, sensitivity: Sensitivity, ends_on: Day) -> Option<Day> {
    let day = from.plus(sensitivity.certified_every_days());
    (day < ends_on).then_some(day)
}

/// Whether an access ended by itself, before its last day, because both sides did not keep it in time.
pub fn is_lapsed(certify_on: Option<Day>, ends_on: Day, today: Day) -> bool {
    certify_on
        .map(|day| day.plus(SILENCE_DAYS))
        .is_some_and(|last| today > last && last < ends_on)
}

/// By when a door is shut after an access was over on a day; what names no source counts as confidential.
pub fn shut_by(over_on: Day, sensitivity: Option<Sensitivity>) -> Day {
    let sensitivity = sensitivity.unwrap_or(Sensitivity::Confidential);
    over_on.plus_working_days(sensitivity.shut_within_working_days())
}

/// Whether data can be given in a form, out of a source in which people appear in another: not with more of
/// them.
pub fn can_be_given(asked: PersonalForm, kept: PersonalForm) -> bool {
    asked >= kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doors_are_shut_within_working_days() {
        let friday = Day::new(2026, 11, 27);
        assert_eq!(
            shut_by(friday, Some(Sensitivity::Restricted)),
            Day::new(2026, 11, 30)
        );
        assert_eq!(
            shut_by(friday, Some(Sensitivity::Internal)),
            Day::new(2026, 12, 4)
        );
        assert_eq!(shut_by(friday.plus(1), None), Day::new(2026, 12, 4));
    }

    #[test]
    fn silence_ends_it_on_the_fifteenth_day() {
        let day = Day::new(2026, 11, 1);
        let ends_on = day.plus(90);
        assert!(!is_lapsed(Some(day), ends_on, day.plus(14)));
        assert!(is_lapsed(Some(day), ends_on, day.plus(15)));
        assert!(
            !is_lapsed(Some(day), day.plus(14), day.plus(15)),
            "its last day came first"
        );
        assert!(!is_lapsed(None, ends_on, day.plus(300)));
    }

    #[test]
    fn what_ends_before_its_certification_is_not_certified() {
        let day = Day::new(2026, 1, 1);
        let next = certify_on(day, Sensitivity::Restricted, day.plus(91));
        assert_eq!(next, Some(day.plus(90)));
        assert_eq!(certify_on(day, Sensitivity::Restricted, day.plus(90)), None);
    }

    #[test]
    fn nobody_is_named_out_of_counts() {
        assert!(can_be_given(PersonalForm::Counts, PersonalForm::Named));
        assert!(!can_be_given(PersonalForm::Named, PersonalForm::Pseudonymous));
    }
}
