//! How a table writes its numbers. A point or a comma can stand before the decimals or between the thousands;
//! which of the two is decided from all cells of a table at once, and asked where none decides.

use super::quantity::{NotAQuantity, Quantity};
use crate::text_enum;

text_enum! {
    /// What stands before the decimals.
    pub enum DecimalSign { Point = "point", Comma = "comma" }
}

impl DecimalSign {
    const fn sign(self) -> char {
        match self {
            Self::Point => '.',
            Self::Comma => ',',
        }
    }

    const fn other(self) -> char {
        match self {
            Self::Point => ',',
            Self::Comma => '.',
        }
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Point => "decimal point: 1,234.5",
            Self::Comma => "decimal comma: 1.234,5",
        }
    }
}

/// What one cell says about the notation of its table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// It reads the same either way.
    None,
    Of(DecimalSign),
    /// One mark before three digits: thousands, or three decimals.
    Either,
}

/// How a table's numbers are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notation {
    /// Every number reads the same either way, or all that do not agree.
    Decided(DecimalSign),
    /// Nothing decides how this one is read.
    Asked(String),
    /// These two cannot stand in one table.
    Mixed(String, String),
}

const CURRENCIES: [&str; 17] = [
    "€", "$", "£", "¥", "₹", "EUR", "USD", "GBP", "CHF", "JPY", "SEK", "NOK", "DKK", "PLN", "CZK", "CAD",
    "AUD",
];

/// A number's sign, its digits with their marks, and what it is of.
struct Written {
    is_negative: bool,
    digits: String,
    /// `%` or a currency.
    mark: Option<&'static str>,
}

/// Takes brackets, signs, currency, percent and what divides thousands without doubt off a number.
fn take_apart(cell: &str) -> Option<Written> {
    let mut text = cell.trim();
    let mut is_negative = false;
    if let Some(inner) = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) {
        is_negative = true;
        text = inner.trim();
    }
    let mut mark = None;
    let mut take_mark = |text: &mut &str| {
        let rest = text.trim();
        *text = rest;
        for known in ["%"].iter().chain(&CURRENCIES) {
            let stripped = strip_word(rest, known);
            if let Some(stripped) = stripped {
                if mark.replace(*known).is_some() {
                    return false;
                }
                *text = stripped;
                break;
            }
        }
        true
    };
    let sign = |text: &mut &str, is_negative: &mut bool| {
        if let Some(rest) = text.strip_prefix(['-', '−', '–']) {
            *text = rest.trim();
            return !std::mem::replace(is_negative, true);
        }
        if let Some(rest) = text.strip_prefix('+') {
            *text = rest.trim();
        }
        true
    };
    // "-€ 12", "€ -12" and "12-" are all written.
    if !(sign(&mut text, &mut is_negative) && take_mark(&mut text)) {
        return None;
    }
    if !is_negative && !sign(&mut text, &mut is_negative) {
        return None;
    }
    if let Some(rest) = text.strip_suffix(['-', '−']) {
        if std::mem::replace(&mut is_negative, true) {
            return None;
        }
        text = rest.trim();
    }
    let is_divider = |c: char| matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '’' | '_');
    if text.contains(is_divider) && !are_thousands(text, is_divider) {
        return None;
    }
    let digits: String = text.chars().filter(|c| !is_divider(*c)).collect();
    let is_number = digits.chars().any(|c| c.is_ascii_digit())
        && digits
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '.' | ','));
    is_number.then_some(Written {
        is_negative,
        digits,
        mark,
    })
}

/// Takes a mark off either end; one of letters is not the end of a longer word.
fn strip_word<'a>(text: &'a str, mark: &str) -> Option<&'a str> {
    let rest = text
        .strip_prefix(mark)
        .or_else(|| text.strip_suffix(mark))?
        .trim();
    let is_whole = !mark.chars().all(char::is_alphabetic)
        || !(rest.starts_with(char::is_alphabetic) || rest.ends_with(char::is_alphabetic));
    is_whole.then_some(rest)
}

/// Whether what stands between the dividers, up to the first decimal sign, is groups of three digits.
fn are_thousands(text: &str, is_divider: impl Fn(char) -> bool + Copy) -> bool {
    let whole = text.split(['.', ',']).next().unwrap_or_default();
    let after = &text[whole.len()..];
    if after.contains(is_divider) {
        return false;
    }
    let mut groups = whole.split(is_divider);
    groups.next().is_some_and(|first| (1..=3).contains(&first.len())) && groups.all(|group| group.len() == 3)
}

/// Whether a mark divides a number's thousands: groups of three after one to three digits, the first no zero.
fn groups_of_three(digits: &str, mark: char) -> bool {
    let mut groups = digits.split(mark);
    groups
        .next()
        .is_some_and(|first| (1..=3).contains(&first.len()) && !first.starts_with('0'))
        && groups.all(|group| group.len() == 3 && group.bytes().all(|byte| byte.is_ascii_digit()))
}

/// What a cell says about its table's notation; nothing when it is no number.
pub fn evidence(cell: &str) -> Evidence {
    let Some(Written { digits, .. }) = take_apart(cell) else {
        return Evidence::None;
    };
    let (points, commas) = (digits.matches('.').count(), digits.matches(',').count());
    match (points, commas) {
        (0, 0) => Evidence::None,
        (_, 0) => of_one_mark(&digits, points, DecimalSign::Point),
        (0, _) => of_one_mark(&digits, commas, DecimalSign::Comma),
        // The last mark stands before the decimals.
        _ if digits.rfind('.') > digits.rfind(',') => Evidence::Of(DecimalSign::Point),
        _ => Evidence::Of(DecimalSign::Comma),
    }
}

/// Only one kind of mark is there: before decimals where it does not divide threes, between thousands where
/// it comes twice.
fn of_one_mark(digits: &str, count: usize, as_decimal: DecimalSign) -> Evidence {
    let as_thousands = match as_decimal {
        DecimalSign::Point => DecimalSign::Comma,
        DecimalSign::Comma => DecimalSign::Point,
    };
    match (groups_of_three(digits, as_decimal.sign()), count) {
        (true, 1) => Evidence::Either,
        (true, _) => Evidence::Of(as_thousands),
        (false, _) => Evidence::Of(as_decimal),
    }
}

/// Decides how a table's numbers are read.
pub fn decide<'a>(cells: impl Iterator<Item = &'a str>) -> Notation {
    let (mut point, mut comma, mut either) = (None, None, None);
    for cell in cells {
        let seen = match evidence(cell) {
            Evidence::None => continue,
            Evidence::Either => &mut either,
            Evidence::Of(DecimalSign::Point) => &mut point,
            Evidence::Of(DecimalSign::Comma) => &mut comma,
        };
        seen.get_or_insert_with(|| cell.trim().to_owned());
    }
    match (point, comma, either) {
        (Some(point), Some(comma), _) => Notation::Mixed(point, comma),
        (Some(_), None, _) | (None, None, None) => Notation::Decided(DecimalSign::Point),
        (None, Some(_), _) => Notation::Decided(DecimalSign::Comma),
        (None, None, Some(cell)) => Notation::Asked(cell),
    }
}

const NO_NUMBER: &str = "is no number; write one such as 12.5";

/// Reads a number as its table writes them, and says what it is of: `%`, or a currency.
///
/// # Errors
/// What is wrong with it, as the end of a sentence that begins with the cell.
pub fn read(cell: &str, notation: DecimalSign) -> Result<(Quantity, Option<&'static str>), String> {
    let Written {
        is_negative,
        digits,
        mark,
    } = take_apart(cell).ok_or(NO_NUMBER)?;
    let (whole, decimals) = digits
        .rsplit_once(notation.sign())
        .unwrap_or((digits.as_str(), ""));
    let is_grouped = whole.contains(notation.other());
    let misplaced = whole.contains(notation.sign())
        || decimals.contains(notation.other())
        || (is_grouped && !groups_of_three(whole, notation.other()));
    if misplaced {
        return Err(format!("is no number with a {}", notation.name()));
    }
    let plain: String = whole.chars().filter(char::is_ascii_digit).collect();
    let plain = if plain.is_empty() { "0".to_owned() } else { plain };
    let text = if decimals.is_empty() {
        plain
    } else {
        format!("{plain}.{decimals}")
    };
    let found: Quantity = text.parse().map_err(|error| match error {
        NotAQuantity::NotANumber => NO_NUMBER,
        NotAQuantity::TooPrecise => "has more than four decimals",
        NotAQuantity::TooLarge => "is too large",
    })?;
    Ok((
        if is_negative {
            Quantity::whole(0).minus(found)
        } else {
            found
        },
        mark,
    ))
}

/// How a number is written so that only one reading is left: without thousands marks, and never with three
/// decimals alone.
pub fn unmistakable(quantity: Quantity) -> String {
    let text = quantity.to_string();
    match text.split_once('.') {
        Some((_, decimals)) if decimals.len() == 3 => format!("{text}0"),
        _ => text,
    }
}

/// Reads a number that somebody typed alone. A comma before three digits stands between thousands, as the
/// pages write them; a point before three digits could be either, and is asked.
///
/// # Errors
/// What is wrong, as a sentence.
pub fn read_alone(typed: &str) -> Result<Quantity, String> {
    let sign = match evidence(typed) {
        Evidence::None => DecimalSign::Point,
        Evidence::Of(sign) => sign,
        Evidence::Either if typed.contains(',') => DecimalSign::Point,
        Evidence::Either => {
            let both = [DecimalSign::Point, DecimalSign::Comma].map(|sign| read(typed, sign));
            let [Ok((one, _)), Ok((other, _))] = both else {
                return Err("Write a number such as 12.5.".to_owned());
            };
            return Err(format!(
                "“{}” can be read in two ways. Write {} or {}.",
                typed.trim(),
                unmistakable(one.min(other)),
                unmistakable(one.max(other))
            ));
        }
    };
    read(typed, sign).map(|(found, _)| found).map_err(|why| {
        if why == NO_NUMBER {
            "Write a number such as 12.5.".to_owned()
        } else {
            format!("“{}” {why}.", typed.trim())
        }
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_cell_says_how_its_table_writes() {
        use DecimalSign::{Comma, Point};
        use Evidence::{Either, None, Of};
        for (cell, expected) in [
            ("410", None),
            ("", None),
            ("n/a", None),
            ("410.000", Either),
            ("1,234", Either),
            ("0.125", Of(Point)),
            ("0,125", Of(Comma)),
            ("1234.567", Of(Point)),
            ("12.5", Of(Point)),
            ("21,4 %", Of(Comma)),
            ("1.234.567", Of(Comma)),
            ("1,234,567", Of(Point)),
            ("1.234,5", Of(Comma)),
            ("1,234.5", Of(Point)),
            ("€ 1.234,50", Of(Comma)),
            ("1 234,5", Of(Comma)),
            ("1’234.50", Of(Point)),
            ("(1,5)", Of(Comma)),
            ("12.10.2026", Of(Point)),
        ] {
            assert_eq!(evidence(cell), expected, "{cell}");
        }
    }

    #[test]
    fn a_number_is_read_as_its_table_writes_them() {
        use DecimalSign::{Comma, Point};
        for (cell, sign, expected) in [
            ("410.000", Comma, Some(("410000", None))),
            ("410.000", Point, Some(("410", None))),
            ("1 234 567,89", Comma, Some(("1234567.89", None))),
            ("1'234.5", Point, Some(("1234.5", None))),
            ("(12)", Point, Some(("-12", None))),
            ("−3,5", Comma, Some(("-3.5", None))),
            ("12-", Point, Some(("-12", None))),
            ("21,4 %", Comma, Some(("21.4", Some("%")))),
            ("$1,200", Point, Some(("1200", Some("$")))),
            ("1.200 EUR", Comma, Some(("1200", Some("EUR")))),
            ("-€ 12", Point, Some(("-12", Some("€")))),
            ("€ -12", Point, Some(("-12", Some("€")))),
            (",5", Comma, Some(("0.5", None))),
            ("1,23,456", Point, None),
            ("12.10.2026", Point, None),
            ("12 34", Point, None),
            ("--5", Point, None),
            ("(-5)", Point, None),
            ("5k", Point, None),
            ("EURO 5", Point, None),
            ("", Point, None),
            (".", Point, None),
        ] {
            let found = read(cell, sign).ok();
            let expected =
                expected.map(|(number, mark)| (number.parse::<Quantity>().expect("a number"), mark));
            assert_eq!(found, expected, "{cell}");
        }
    }

    #[test]
    fn one_table_has_one_notation() {
        let decide = |cells: &[&str]| decide(cells.iter().copied());
        assert_eq!(decide(&["1", "2"]), Notation::Decided(DecimalSign::Point));
        assert_eq!(decide(&["410.000", "12"]), Notation::Asked("410.000".to_owned()));
        assert_eq!(
            decide(&["410.000", "12,5"]),
            Notation::Decided(DecimalSign::Comma)
        );
        assert_eq!(decide(&["410.000", "0.5"]), Notation::Decided(DecimalSign::Point));
        assert_eq!(
            decide(&["1.5", "2,5"]),
            Notation::Mixed("1.5".to_owned(), "2,5".to_owned())
        );
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_asked() {
        assert_eq!(
            read_alone("410.000"),
            Err("“410.000” can be read in two ways. Write 410 or 410000.".to_owned())
        );
        assert_eq!(
            read_alone("1.234"),
            Err("“1.234” can be read in two ways. Write 1.2340 or 1234.".to_owned())
        );
        assert_eq!(read_alone("120,000"), Ok("120000".parse().expect("a number")));
        assert_eq!(read_alone("21,4"), Ok("21.4".parse().expect("a number")));
        assert_eq!(read_alone("1.234,5"), Ok("1234.5".parse().expect("a number")));
    }

    /// Writes a number as somebody with this notation does.
    fn write(ten_thousandths: i64, sign: DecimalSign, is_grouped: bool) -> String {
        let magnitude = ten_thousandths.unsigned_abs();
        let mut whole = (magnitude / 10_000).to_string();
        if is_grouped {
            let mut at = whole.len();
            while at > 3 {
                at -= 3;
                whole.insert(at, sign.other());
            }
        }
        let decimals = format!("{:04}", magnitude % 10_000);
        let minus = if ten_thousandths < 0 { "-" } else { "" };
        format!("{minus}{whole}{}{decimals}", sign.sign())
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(number in -999_999_999_999_i64..999_999_999_999, is_grouped: bool) {
            for sign in [DecimalSign::Point, DecimalSign::Comma] {
                let written = write(number, sign, is_grouped);
                let expected = Quantity::from_ten_thousandths(number);
                prop_assert_eq!(evidence(&written), Evidence::Of(sign), "{}", &written);
                prop_assert_eq!(read(&written, sign), Ok((expected, None)), "{}", &written);
                prop_assert_eq!(read_alone(&written), Ok(expected));
                prop_assert_eq!(read_alone(&unmistakable(expected)), Ok(expected));
            }
        }

        #[test]
        fn nothing_typed_panics(typed in "\\PC{0,30}") {
            let _ = (evidence(&typed), read_alone(&typed));
            let _ = read(&typed, DecimalSign::Comma);
        }
    }
}
