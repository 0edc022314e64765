//! Letters: what waits for somebody, who was named, the pre-read of a review, the week; and one's calendar.
//!
//! A [`LetterPart`] of a letter is what was asked of its reader, where they were named, the facts frozen for
//! a review of theirs, or the week. Everybody says in their account which parts they want, and when their
//! *morning* begins; without a word of theirs, the settings are as for everybody. A letter is written once a
//! minute at most, for whom something is due:
//! - what was asked, with the reader's next morning, or at once; only what is still owed then;
//! - who was named, at once, or with the next morning; not again for what was not read yet;
//! - the pre-read, once its facts are frozen on the review's day, with the morning or two hours before it
//!   begins;
//! - the week, on its weekday: what changed since the last one, what needs attention, what waits, the next
//!   review.
//!
//! What is due together is one letter. A morning is a civil time in the reader's zone: one that does not
//! exist is the first instant after, one that exists twice is the first. It lasts five hours: what could not
//! be written in it comes with the next one, except for the week, which comes later on its day. What a letter
//! held is a row of its own, so nothing is said twice and nothing is lost when the server was away; after
//! three days it is no news any more. Nothing new, no letter. A letter shows what the pages show its reader,
//! or only that something waits. Its links only read.
//!
//! A review comes as an entry of a calendar: invited, moved or called off under one identity. A calendar at a
//! secret address holds the reviews, and what its owner owes by a day that is known beforehand, for a
//! calendar program to subscribe to; the secret is shown once, kept as a digest, and ends when its owner says
//! so.

#[cfg(feature = "ssr")]
mod compose;

#[cfg(feature = "ssr")]
pub mod deliver;

#[cfg(feature = "ssr")]
pub mod feed;

#[cfg(feature = "ssr")]
mod invitations;

#[cfg(feature = "ssr")]
pub mod page;

#[cfg(feature = "ssr")]
mod recipients;

#[cfg(feature = "ssr")]
mod settings;

#[cfg(feature = "ssr")]
mod week;

use crate::text_enum;

text_enum! {
    /// When something is written of: as soon as it is there, or with the next morning.
    pub enum Pace {
        AtOnce = "at_once",
        Morning = "morning",
    }
}

text_enum! {
    /// Of which reviews the pre-read and the calendar entries come.
    pub enum ReviewsWanted {
        /// Where the reader leads, rules or speaks.
        Mine = "mine",
        All = "all",
        Never = "never",
    }
}

text_enum! {
    /// On which day the week comes.
    pub enum WeekDay {
        /// On Mondays for leads, the arbiter and observers; for others never.
        ByRole = "by_role",
        Monday = "monday",
        Tuesday = "tuesday",
        Wednesday = "wednesday",
        Thursday = "thursday",
        Friday = "friday",
        Saturday = "saturday",
        Sunday = "sunday",
        Never = "never",
    }
}

text_enum! {
    /// How much a letter shows to whoever sees it.
    pub enum Detail {
        Everything = "everything",
        /// Neither titles nor numbers.
        Waiting = "waiting",
    }
}

text_enum! {
    /// What a letter can hold.
    pub enum LetterPart {
        Asked = "asked",
        Mentioned = "mentioned",
        PreRead = "pre_read",
        Week = "week",
    }
}

impl Pace {
    pub const fn name(self) -> &'static str {
        match self {
            Self::AtOnce => "At once",
            Self::Morning => "With my morning letter",
        }
    }
}

impl ReviewsWanted {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mine => "Where I lead, rule or speak",
            Self::All => "Every review",
            Self::Never => "Never",
        }
    }
}

impl WeekDay {
    pub const fn name(self) -> &'static str {
        match self {
            Self::ByRole => "Mondays, where I lead, rule or observe",
            Self::Monday => "Every Monday",
            Self::Tuesday => "Every Tuesday",
            Self::Wednesday => "Every Wednesday",
            Self::Thursday => "Every Thursday",
            Self::Friday => "Every Friday",
            Self::Saturday => "Every Saturday",
            Self::Sunday => "Every Sunday",
            Self::Never => "Never",
        }
    }

    /// Days after Monday, for somebody whom the week concerns by their part; none for never.
    pub const fn offset(self, concerns: bool) -> Option<i8> {
        match self {
            Self::ByRole if concerns => Some(0),
            Self::ByRole | Self::Never => None,
            Self::Monday => Some(0),
            Self::Tuesday => Some(1),
            Self::Wednesday => Some(2),
            Self::Thursday => Some(3),
            Self::Friday => Some(4),
            Self::Saturday => Some(5),
            Self::Sunday => Some(6),
        }
    }
}

impl Detail {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Everything => "Titles and numbers",
            Self::Waiting => "Only that something waits",
        }
    }
}
