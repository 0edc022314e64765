//! The period that a cell names.

use crate::{kpis::Cadence, platform::time::Day};

/// Months by the first letters that tell them apart, in English, German, French, Spanish, Italian and Dutch.
const MONTHS: [(i8, &[&str]); 12] = [
    (
        1,
        &[
            "january", "januar", "janvier", "enero", "gennaio", "januari", "ene", "gen", "jän", "jänner",
        ],
    ),
    (
        2,
        &[
            "february", "februar", "février", "fevrier", "febrero", "febbraio", "februari", "fév", "fev",
        ],
    ),
    (
        3,
        &[
            "march", "märz", "maerz", "mars", "marzo", "maart", "mär", "mrz", "mrt",
        ],
    ),
    (4, &["april", "avril", "abril", "aprile", "avr", "abr"]),
    (5, &["may", "mai", "mayo", "maggio", "mei", "mag"]),
    (6, &["june", "juni", "juin", "junio", "giugno", "giu"]),
    (7, &["july", "juli", "juillet", "julio", "luglio", "juil", "lug"]),
    (8, &["august", "août", "aout", "agosto", "augustus", "aoû", "ago"]),
    (
        9,
        &["september", "septembre", "septiembre", "settembre", "sept", "set"],
    ),
    (
        10,
        &[
            "october", "oktober", "octobre", "octubre", "ottobre", "okt", "ott",
        ],
    ),
    (11, &["november", "novembre", "noviembre"]),
    (
        12,
        &[
            "december",
            "dezember",
            "décembre",
            "diciembre",
            "dicembre",
            "dez",
            "déc",
            "dic",
        ],
    ),
];

/// The month of a word: its whole name, or its first three letters.
fn month_of(word: &str) -> Option<i8> {
    let word = word.trim_end_matches('.').to_lowercase();
    let is_short = word.chars().count() == 3;
    MONTHS.iter().find_map(|(month, names)| {
        names
            .iter()
            .any(|name| *name == word || (is_short && name.starts_with(&word) && !name.starts_with("jui")))
            .then_some(*month)
    })
}

/// 2026, or 26 for it.
fn year_of(word: &str) -> Option<i16> {
    let word = word.trim_start_matches(['\'', '’']);
    let year: i16 = word
        .bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| word.parse().ok())??;
    match word.len() {
        4 => Some(year),
        2 => Some(2000 + year),
        _ => None,
    }
}

fn day(year: i16, month: i8, day: i8) -> Option<Day> {
    jiff::civil::Date::new(year, month, day).ok().map(Day)
}

/// What a cell names, before it is asked whether it fits a cadence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Named {
    Day(Day),
    /// By its first day.
    Week(Day),
    Month(Day),
    Quarter(Day),
}

/// The first day of the period that a cell names, in a KPI's cadence. A day is one of its period; a month is
/// none of a week. A day and a month that could stand the other way round are never guessed.
pub fn period(cadence: Cadence, cell: &str) -> Option<Day> {
    let named = (named(cell.trim())?, cadence);
    let ((Named::Day(found), _)
    | (Named::Week(found), Cadence::Weekly)
    | (Named::Month(found), Cadence::Monthly | Cadence::Quarterly)
    | (Named::Quarter(found), Cadence::Quarterly)) = named
    else {
        return None;
    };
    found.is_plannable().then(|| cadence.period_of(found))
}

fn named(cell: &str) -> Option<Named> {
    // A spreadsheet's instant: its day counts.
    let cell = match cell.split_once(['T', ' ']) {
        Some((date, time)) if date.len() == 10 && time.contains(':') => date,
        _ => cell,
    };
    let words: Vec<&str> = cell
        .split(|c: char| c.is_whitespace() || matches!(c, '-' | '/' | '.' | '–' | ','))
        .filter(|word| !word.is_empty())
        .collect();
    match words.as_slice() {
        [only] => one_word(only),
        [one, other] => two_words(one, other),
        [one, two, three] => three_words(cell, [one, two, three]),
        _ => None,
    }
}

/// `202610`, `20261003`, `2026Q4`, `4Q26`, `Q42026`, `2026W05`.
fn one_word(word: &str) -> Option<Named> {
    let upper = word.to_uppercase();
    if upper.bytes().all(|byte| byte.is_ascii_digit()) {
        let number = |range: std::ops::Range<usize>| upper.get(range)?.parse::<i8>().ok();
        return match upper.len() {
            6 => day(year_of(&upper[..4])?, number(4..6)?, 1).map(Named::Month),
            8 => day(year_of(&upper[..4])?, number(4..6)?, number(6..8)?).map(Named::Day),
            _ => None,
        };
    }
    if let Some((year, week)) = upper.split_once('W')
        && year.len() == 4
    {
        return self::week(year, week);
    }
    let (before, after) = upper.split_once('Q')?;
    match (before.is_empty(), after.len()) {
        // 4Q26
        (false, 2 | 4) if before.len() == 1 => quarter(before, after),
        // Q42026, Q426
        (true, 3 | 5) => quarter(after.get(..1)?, after.get(1..)?),
        // 2026Q4
        (false, 1) => quarter(after, before),
        _ => None,
    }
}

fn quarter(number: &str, year: &str) -> Option<Named> {
    let number: i8 = number.parse().ok().filter(|number| (1..=4).contains(number))?;
    day(year_of(year)?, number * 3 - 2, 1).map(Named::Quarter)
}

/// A week by the number that ISO 8601 gives it.
fn week(year: &str, number: &str) -> Option<Named> {
    let (year, number) = (year_of(year)?, number.parse::<i8>().ok()?);
    let date = jiff::civil::ISOWeekDate::new(year, number, jiff::civil::Weekday::Monday).ok()?;
    Some(Named::Week(Day(date.date())))
}

/// `2026-10`, `10/2026`, `Jan-26`, `January 2026`, `2026 Q4`, `Q4 2026`, `2026-W05`, `W05 2026`.
fn two_words(one: &str, other: &str) -> Option<Named> {
    for (name, year) in [(one, other), (other, one)] {
        if let Some(month) = month_of(name) {
            return day(year_of(year)?, month, 1).map(Named::Month);
        }
        let upper = name.to_uppercase();
        if let Some(number) = upper.strip_prefix('Q') {
            return quarter(number, year);
        }
        if let Some(number) = upper.strip_prefix("KW").or_else(|| upper.strip_prefix('W')) {
            return week(year, number);
        }
    }
    let (year, month) = match (one.len(), other.len()) {
        (4, 1 | 2) => (one, other),
        (1 | 2, 4) => (other, one),
        _ => return None,
    };
    day(year_of(year)?, month.parse().ok()?, 1).map(Named::Month)
}

/// `2026-10-03`, `3.10.2026`, `25/12/2026`, `3 October 2026`, `October 3, 2026`.
fn three_words(cell: &str, [one, two, three]: [&str; 3]) -> Option<Named> {
    let number = |word: &str| (word.len() <= 2).then(|| word.parse::<i8>().ok()).flatten();
    if one.len() == 4 {
        let (month, of_month) = (month_of(two).or_else(|| number(two))?, number(three)?);
        return day(year_of(one)?, month, of_month).map(Named::Day);
    }
    let year = year_of(three).filter(|_| three.len() == 4)?;
    if let Some(month) = month_of(two) {
        return day(year, month, number(one)?).map(Named::Day);
    }
    if let Some(month) = month_of(one) {
        return day(year, month, number(two)?).map(Named::Day);
    }
    let (first, second) = (number(one)?, number(two)?);
    // With points the day comes first, wherever days are written with points.
    let is_day_first = cell.contains('.') || first > 12;
    let is_month_first = second > 12;
    match (is_day_first, is_month_first) {
        (true, false) => day(year, second, first).map(Named::Day),
        (false, true) => day(year, first, second).map(Named::Day),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn periods_are_named_in_many_ways() {
        let october = Some(Day::new(2026, 10, 1));
        for (cadence, cell, expected) in [
            (Cadence::Monthly, "2026-10", october),
            (Cadence::Monthly, "2026-10-17", october),
            (Cadence::Monthly, "2026-10-17T00:00:00", october),
            (Cadence::Monthly, "2026-10-17 08:30", october),
            (Cadence::Monthly, "2026/10", october),
            (Cadence::Monthly, "10/2026", october),
            (Cadence::Monthly, "202610", october),
            (Cadence::Monthly, "20261017", october),
            (Cadence::Monthly, "Oct-26", october),
            (Cadence::Monthly, "Oct 2026", october),
            (Cadence::Monthly, "October 2026", october),
            (Cadence::Monthly, "Oktober 2026", october),
            (Cadence::Monthly, "Okt. 26", october),
            (Cadence::Monthly, "octubre 2026", october),
            (Cadence::Monthly, "Oct '26", october),
            (Cadence::Monthly, "März 2026", Some(Day::new(2026, 3, 1))),
            (Cadence::Monthly, "Mrz-26", Some(Day::new(2026, 3, 1))),
            (Cadence::Monthly, "juin 2026", Some(Day::new(2026, 6, 1))),
            (Cadence::Monthly, "juil. 2026", Some(Day::new(2026, 7, 1))),
            (Cadence::Monthly, "juil 2026", Some(Day::new(2026, 7, 1))),
            (Cadence::Monthly, "17.10.2026", october),
            (Cadence::Monthly, "17 October 2026", october),
            (Cadence::Monthly, "October 17, 2026", october),
            (Cadence::Monthly, "25/10/2026", october),
            (Cadence::Monthly, "10/25/2026", october),
            (Cadence::Monthly, "12/01/2026", None),
            (Cadence::Monthly, "01/01/26", None),
            (Cadence::Monthly, "2026-Q4", None),
            (Cadence::Quarterly, "2026-Q4", october),
            (Cadence::Quarterly, "2026 q1", Some(Day::new(2026, 1, 1))),
            (Cadence::Quarterly, "Q4 2026", october),
            (Cadence::Quarterly, "4Q26", october),
            (Cadence::Quarterly, "Q42026", october),
            (Cadence::Quarterly, "2026Q4", october),
            (Cadence::Quarterly, "Dec 2026", october),
            (Cadence::Quarterly, "2026-Q5", None),
            (Cadence::Weekly, "2026-11-18", Some(Day::new(2026, 11, 16))),
            (Cadence::Weekly, "2026-W47", Some(Day::new(2026, 11, 16))),
            (Cadence::Weekly, "2026W47", Some(Day::new(2026, 11, 16))),
            (Cadence::Weekly, "KW47 2026", Some(Day::new(2026, 11, 16))),
            (Cadence::Weekly, "2026-11", None),
            (Cadence::Monthly, "0001-01-01", None),
            (Cadence::Monthly, "soon", None),
            (Cadence::Monthly, "2026-1ö", None),
            (Cadence::Monthly, "2026-13", None),
            (Cadence::Monthly, "31.02.2026", None),
            (Cadence::Monthly, "", None),
        ] {
            assert_eq!(period(cadence, cell), expected, "{cell}");
        }
    }

    #[test]
    fn every_month_is_known_by_its_names_and_by_no_other() {
        for (month, names) in MONTHS {
            for name in names {
                assert_eq!(month_of(name), Some(month), "{name}");
            }
        }
        for (word, month) in [
            ("jun", Some(6)),
            ("jul", Some(7)),
            ("mar", Some(3)),
            ("jui", None),
            ("x", None),
        ] {
            assert_eq!(month_of(word), month, "{word}");
        }
    }

    proptest! {
        #[test]
        fn nothing_written_panics(cell in "\\PC{0,20}") {
            for cadence in Cadence::ALL {
                let _ = period(*cadence, &cell);
            }
        }
    }
}
