//! Instants (UTC milliseconds), civil days in a workspace's zone, and the clock, which is passed in.

use std::fmt;

use jiff::{civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};

/// An instant: milliseconds since the Unix epoch, UTC. Sorts the same on both engines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::Type), sqlx(transparent))]
pub struct Timestamp(i64);

impl Timestamp {
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    pub const fn millis(self) -> i64 {
        self.0
    }

    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0 + seconds * 1000)
    }

    #[must_use]
    pub const fn plus_days(self, days: i64) -> Self {
        self.plus_seconds(days * 86_400)
    }

    fn instant(self) -> jiff::Timestamp {
        jiff::Timestamp::from_millisecond(self.0).unwrap_or_default()
    }

    pub fn day_in(self, zone: &Zone) -> Day {
        Day(self.instant().to_zoned(zone.0.clone()).date())
    }

    /// The hour of the day in the zone, 0 to 23.
    pub fn hour_in(self, zone: &Zone) -> i8 {
        self.instant().to_zoned(zone.0.clone()).hour()
    }

    /// `14:05` in the zone.
    pub fn time_in(self, zone: &Zone) -> String {
        self.instant()
            .to_zoned(zone.0.clone())
            .strftime("%H:%M")
            .to_string()
    }

    /// `2026-11-03T13:05:00Z`, for machines.
    pub fn rfc3339(self) -> String {
        self.instant().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    }
}

/// A workspace's time zone, from the IANA database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone(TimeZone);

impl Zone {
    pub fn get(name: &str) -> Option<Self> {
        TimeZone::get(name).ok().map(Self)
    }

    pub const fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    /// Every zone of the IANA database that people choose from, by name.
    pub fn names() -> Vec<String> {
        let mut names: Vec<String> = jiff::tz::db()
            .available()
            .map(|name| name.as_str().to_owned())
            .filter(|name| name.contains('/') && !name.starts_with("Etc/") && !name.starts_with("posix"))
            .collect();
        names.push("UTC".to_owned());
        names.sort_unstable();
        names.dedup();
        names
    }

    /// A time of a day here, in minutes after midnight. One that does not exist is the first instant after;
    /// of one that exists twice it is the first.
    pub fn at(&self, day: Day, minute: i64) -> Timestamp {
        let minute = minute.clamp(0, 1439);
        let (hour, minute) = (i8::try_from(minute / 60), i8::try_from(minute % 60));
        let civil = day.0.at(hour.unwrap_or(0), minute.unwrap_or(0), 0, 0);
        let zoned = self.0.to_ambiguous_zoned(civil);
        let skipped = matches!(zoned.offset(), jiff::tz::AmbiguousOffset::Gap { .. });
        let Ok(zoned) = zoned.compatible() else {
            return self.start_of(day);
        };
        let at = zoned.timestamp();
        let first = skipped
            .then(|| self.0.preceding(at).next().map(|change| change.timestamp()))
            .flatten();
        Timestamp(first.unwrap_or(at).as_millisecond())
    }

    /// `Europe/Berlin`
    pub fn name(&self) -> String {
        self.0.iana_name().unwrap_or("UTC").to_owned()
    }

    /// The first instant of a day here.
    pub fn start_of(&self, day: Day) -> Timestamp {
        Timestamp(
            day.0
                .to_zoned(self.0.clone())
                .map_or(0, |zoned| zoned.timestamp().as_millisecond()),
        )
    }
}

/// A civil day, as people write due dates: stored `2026-11-03`, said `3 Nov`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day(pub Date);

impl Day {
    pub const fn new(year: i16, month: i8, day: i8) -> Self {
        Self(Date::constant(year, month, day))
    }

    #[must_use]
    pub fn plus(self, days: i64) -> Self {
        Self(
            self.0
                .saturating_add(jiff::Span::new().days(days.clamp(-3_000_000, 3_000_000))),
        )
    }

    #[must_use]
    pub fn plus_months(self, months: i32) -> Self {
        Self(self.0.saturating_add(jiff::Span::new().months(months)))
    }

    /// The first day of its quarter.
    #[must_use]
    pub fn quarter(self) -> Self {
        Self(self.0.first_of_month()).plus_months(-i32::from((self.0.month() - 1) % 3))
    }

    /// Its quarter: `Q4 2026`.
    pub fn quarter_label(self) -> String {
        format!("Q{} {}", (self.0.month() - 1) / 3 + 1, self.0.year())
    }

    /// Days from `earlier` to this day; negative when this day comes first.
    pub fn days_since(self, earlier: Self) -> i64 {
        i64::from((self.0 - earlier.0).get_days())
    }

    /// `3 Nov`, with the year when it is not `today`'s.
    pub fn format(self, today: Self) -> String {
        let format = if self.0.year() == today.0.year() {
            "%-d %b"
        } else {
            "%-d %b %Y"
        };
        self.0.strftime(format).to_string()
    }

    /// `3 Nov to 9 Dec`; the year is said once where it is the same, on both where it is not.
    pub fn format_span(self, last: Self, today: Self) -> String {
        let first = if self.0.year() == last.0.year() {
            "%-d %b"
        } else {
            "%-d %b %Y"
        };
        let last = if self.0.year() == last.0.year() {
            last.format(today)
        } else {
            last.0.strftime("%-d %b %Y").to_string()
        };
        format!("{} to {last}", self.0.strftime(first))
    }

    pub fn format_long(self) -> String {
        self.0.strftime("%-d %B %Y").to_string()
    }

    /// Whether its year is one that a plan may name; stepping on from there stays far within what is stored.
    pub fn is_plannable(self) -> bool {
        (1900..=2199).contains(&self.0.year())
    }

    /// So many working days later.
    #[must_use]
    pub fn plus_working_days(self, count: i64) -> Self {
        let (mut day, mut left) = (self, count);
        while left > 0 {
            day = day.plus(1);
            left -= i64::from(!day.is_weekend());
        }
        day
    }

    /// Whether it is a Saturday or a Sunday.
    pub fn is_weekend(self) -> bool {
        matches!(
            self.0.weekday(),
            jiff::civil::Weekday::Saturday | jiff::civil::Weekday::Sunday
        )
    }

    pub fn weekday(self) -> String {
        self.0.strftime("%A").to_string()
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[derive(Debug, thiserror::Error)]
#[error("not a date like 2026-11-03")]
pub struct NotADay;

impl std::str::FromStr for Day {
    type Err = NotADay;
    fn from_str(text: &str) -> Result<Self, NotADay> {
        let date: Date = text.parse().map_err(|_| NotADay)?;
        (text.len() == 10).then_some(Self(date)).ok_or(NotADay)
    }
}

impl TryFrom<String> for Day {
    type Error = NotADay;
    fn try_from(text: String) -> Result<Self, NotADay> {
        text.parse()
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.to_string()
    }
}

/// `1 day`, `4 days`.
pub fn days(count: i64) -> String {
    if count == 1 {
        "1 day".to_owned()
    } else {
        format!("{count} days")
    }
}

/// `since today`, `for 4 days`.
pub fn for_days(count: i64) -> String {
    if count <= 0 {
        "since today".to_owned()
    } else {
        format!("for {}", days(count))
    }
}

#[cfg(feature = "ssr")]
mod server {
    use super::{Day, Timestamp};
    use crate::platform::db::Value;

    crate::text_column!(Day);

    impl From<Day> for Value {
        fn from(day: Day) -> Self {
            Self::Text(Some(day.to_string()))
        }
    }
    impl From<Option<Day>> for Value {
        fn from(day: Option<Day>) -> Self {
            Self::Text(day.map(|day| day.to_string()))
        }
    }
    impl From<Timestamp> for Value {
        fn from(at: Timestamp) -> Self {
            Self::Int(Some(at.millis()))
        }
    }
    impl From<Option<Timestamp>> for Value {
        fn from(at: Option<Timestamp>) -> Self {
            Self::Int(at.map(Timestamp::millis))
        }
    }

    /// What time it is. Only the process's entry makes the system's; everything else is handed one.
    pub trait Clock: Send + Sync + 'static {
        fn now(&self) -> Timestamp;
    }

    pub struct SystemClock;

    impl Clock for SystemClock {
        #[expect(
            clippy::disallowed_methods,
            reason = "the one place that reads the system's clock"
        )]
        fn now(&self) -> Timestamp {
            Timestamp(jiff::Timestamp::now().as_millisecond())
        }
    }

    /// A clock that a test or a seed moves by hand.
    pub struct ManualClock(std::sync::atomic::AtomicI64);

    impl ManualClock {
        pub const fn at(now: Timestamp) -> Self {
            Self(std::sync::atomic::AtomicI64::new(now.0))
        }

        pub fn set(&self, now: Timestamp) {
            self.0.store(now.0, std::sync::atomic::Ordering::SeqCst);
        }

        pub fn advance_days(&self, days: i64) {
            self.set(self.now().plus_days(days));
        }
    }

    impl Clock for ManualClock {
        fn now(&self) -> Timestamp {
            Timestamp(self.0.load(std::sync::atomic::Ordering::SeqCst))
        }
    }
}
#[cfg(feature = "ssr")]
pub use server::{Clock, ManualClock, SystemClock};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_belongs_to_its_zone() {
        let just_before_midnight_in_berlin = Timestamp::from_millis(1_793_401_199_000);
        assert_eq!(just_before_midnight_in_berlin.rfc3339(), "2026-10-30T22:59:59Z");
        let berlin = Zone::get("Europe/Berlin").expect("known zone");
        let auckland = Zone::get("Pacific/Auckland").expect("known zone");
        assert_eq!(
            just_before_midnight_in_berlin.day_in(&berlin),
            Day::new(2026, 10, 30)
        );
        assert_eq!(
            just_before_midnight_in_berlin.day_in(&auckland),
            Day::new(2026, 10, 31)
        );
    }

    /// The clock changes of both hemispheres, of half an hour, of midnight, and a zone without any.
    #[test]
    fn a_time_that_does_not_exist_is_the_first_after_and_one_that_exists_twice_the_first() {
        let at = |zone: &str, day: Day, minute: i64| {
            Zone::get(zone).expect("it is a zone").at(day, minute).rfc3339()
        };
        let cases = [
            (
                "Europe/Berlin",
                Day::new(2026, 3, 29),
                450,
                "2026-03-29T05:30:00Z",
            ),
            (
                "Europe/Berlin",
                Day::new(2026, 3, 29),
                150,
                "2026-03-29T01:00:00Z",
            ),
            (
                "Europe/Berlin",
                Day::new(2026, 10, 25),
                150,
                "2026-10-25T00:30:00Z",
            ),
            (
                "Europe/Berlin",
                Day::new(2026, 10, 25),
                450,
                "2026-10-25T06:30:00Z",
            ),
            (
                "America/New_York",
                Day::new(2026, 3, 8),
                150,
                "2026-03-08T07:00:00Z",
            ),
            (
                "America/New_York",
                Day::new(2026, 11, 1),
                90,
                "2026-11-01T05:30:00Z",
            ),
            (
                "Australia/Lord_Howe",
                Day::new(2026, 10, 4),
                135,
                "2026-10-03T15:30:00Z",
            ),
            (
                "Australia/Lord_Howe",
                Day::new(2026, 4, 5),
                105,
                "2026-04-04T14:45:00Z",
            ),
            (
                "America/Santiago",
                Day::new(2026, 9, 6),
                10,
                "2026-09-06T04:00:00Z",
            ),
            (
                "America/Santiago",
                Day::new(2026, 4, 4),
                1410,
                "2026-04-05T02:30:00Z",
            ),
            ("Asia/Kolkata", Day::new(2026, 3, 29), 450, "2026-03-29T02:00:00Z"),
            ("Asia/Tokyo", Day::new(2026, 10, 25), 450, "2026-10-24T22:30:00Z"),
            (
                "Pacific/Auckland",
                Day::new(2026, 9, 27),
                150,
                "2026-09-26T14:00:00Z",
            ),
            ("UTC", Day::new(2026, 3, 29), 150, "2026-03-29T02:30:00Z"),
        ];
        for (zone, day, minute, instant) in cases {
            assert_eq!(at(zone, day, minute), instant, "{zone} {day} {minute}");
        }
    }

    #[test]
    fn years_are_said_only_when_they_differ() {
        let today = Day::new(2026, 11, 22);
        assert_eq!(Day::new(2026, 11, 3).format(today), "3 Nov");
        assert_eq!(Day::new(2025, 11, 3).format(today), "3 Nov 2025");
    }

    #[test]
    fn a_span_says_its_year_once_or_on_both_ends() {
        let today = Day::new(2026, 11, 30);
        for (first, last, said) in [
            (Day::new(2026, 3, 25), Day::new(2026, 11, 8), "25 Mar to 8 Nov"),
            (Day::new(2027, 1, 9), Day::new(2027, 2, 7), "9 Jan to 7 Feb 2027"),
            (
                Day::new(2025, 12, 25),
                Day::new(2026, 10, 16),
                "25 Dec 2025 to 16 Oct 2026",
            ),
        ] {
            assert_eq!(first.format_span(last, today), said);
        }
    }

    #[test]
    fn only_plain_dates_are_days() {
        assert!("2026-11-03".parse::<Day>().is_ok());
        for wrong in [
            "",
            "3 Nov",
            "2026-13-01",
            "2026-02-30",
            "20261103",
            "2026-11-03T00:00",
        ] {
            assert!(wrong.parse::<Day>().is_err(), "{wrong}");
        }
    }
}
