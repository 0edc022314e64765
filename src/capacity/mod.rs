//! What each side can take on in a quarter, and what the initiatives claim of it.
//!
//! Each side *states* how many days it can take in a quarter; each initiative *claims* days of both. Where
//! the claims of a side go over its cap, both leads sign an *override*: a handshake over the quarter's
//! figures, which any change voids.

#[cfg(feature = "ssr")]
pub mod owed;

#[cfg(feature = "ssr")]
pub mod page;

#[cfg(feature = "ssr")]
pub mod read;

#[cfg(feature = "ssr")]
mod status_words;
#[cfg(feature = "ssr")]
pub mod text;

#[cfg(feature = "ssr")]
pub mod write;

use crate::platform::time::days;

/// How a side stands in a quarter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Load {
    /// No cap was stated: nobody knows whether it fits.
    Unstated,
    Within(i64),
    Over(i64),
}

pub const fn load(cap: Option<i64>, claimed: i64) -> Load {
    match cap {
        None => Load::Unstated,
        Some(cap) if claimed > cap => Load::Over(claimed - cap),
        Some(cap) => Load::Within(cap - claimed),
    }
}

impl Load {
    pub fn detail(self, is_overridden: bool) -> String {
        match self {
            Self::Unstated => "No limit set yet".to_owned(),
            Self::Within(left) => format!("{} left", days(left)),
            Self::Over(over) if is_overridden => format!("{} over, agreed", days(over)),
            Self::Over(over) => format!("{} over", days(over)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::time::Day;

    #[test]
    fn no_cap_is_not_within_it() {
        assert_eq!(load(None, 0), Load::Unstated);
        assert_eq!(load(Some(60), 60), Load::Within(0));
        assert_eq!(load(Some(60), 61), Load::Over(1));
        assert_eq!(
            (Load::Over(1).detail(false), Load::Over(2).detail(true)),
            ("1 day over".to_owned(), "2 days over, agreed".to_owned())
        );
        assert_eq!(Load::Unstated.word(false), crate::ui::StatusWord::NotStarted);
    }

    #[test]
    fn quarters_begin_with_their_first_month() {
        for (day, first, name) in [
            ((2026, 12, 31), (2026, 10, 1), "Q4 2026"),
            ((2027, 1, 1), (2027, 1, 1), "Q1 2027"),
            ((2027, 5, 9), (2027, 4, 1), "Q2 2027"),
        ] {
            let quarter = Day::new(day.0, day.1, day.2).quarter();
            assert_eq!(
                (quarter, quarter.quarter_label().as_str()),
                (Day::new(first.0, first.1, first.2), name)
            );
        }
    }
}
