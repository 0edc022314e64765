//! A measured amount, exact to four decimals: KPI values, targets, costs. Never a float.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

const SCALE: i64 = 10_000;

/// Ten-thousandths of the KPI's or cost's unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "ssr", derive(sqlx::Type), sqlx(transparent))]
pub struct Quantity(i64);

impl Quantity {
    pub const LARGEST: Self = Self(1_000_000_000_000 * SCALE);

    pub const fn from_ten_thousandths(units: i64) -> Self {
        Self(units)
    }

    pub const fn whole(units: i64) -> Self {
        Self(units * SCALE)
    }

    pub const fn ten_thousandths(self) -> i64 {
        self.0
    }

    #[must_use]
    pub const fn minus(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }

    #[must_use]
    pub const fn magnitude(self) -> Self {
        Self(self.0.abs())
    }

    /// To one decimal, half away from zero: for reading what was computed. What is stored and compared stays
    /// exact.
    #[must_use]
    pub const fn about(self) -> Self {
        const TENTH: i64 = SCALE / 10;
        let half = if self.0 < 0 { -TENTH / 2 } else { TENTH / 2 };
        Self((self.0 + half) / TENTH * TENTH)
    }

    /// `1,234.5` with thousands set apart, for reading.
    pub fn format(self) -> String {
        let plain = self.to_string();
        let (whole, fraction) = plain
            .split_once('.')
            .map_or((plain.as_str(), None), |(w, f)| (w, Some(f)));
        let (sign, digits) = whole
            .strip_prefix('-')
            .map_or(("", whole), |digits| ("−", digits));
        let mut grouped = String::new();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index) % 3 == 0 {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        match fraction {
            Some(fraction) => format!("{sign}{grouped}.{fraction}"),
            None => format!("{sign}{grouped}"),
        }
    }

    /// The same for an amount of money: `4,800.50`, and never `4,800.5`.
    pub fn format_as_money(self) -> String {
        let said = self.format();
        match said.split_once('.') {
            Some((_, cents)) if cents.len() == 1 => format!("{said}0"),
            _ => said,
        }
    }

    /// For drawing only: positions on a chart.
    #[expect(
        clippy::cast_precision_loss,
        reason = "a pixel position needs no more than 53 bits"
    )]
    pub const fn position(self) -> f64 {
        self.0 as f64 / SCALE as f64
    }
}

impl fmt::Display for Quantity {
    /// As typed and stored in exports: `-12.5`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let magnitude = self.0.unsigned_abs();
        let (whole, fraction) = (magnitude / SCALE.unsigned_abs(), magnitude % SCALE.unsigned_abs());
        if self.0 < 0 {
            f.write_str("-")?;
        }
        if fraction == 0 {
            write!(f, "{whole}")
        } else {
            let digits = format!("{fraction:04}");
            write!(f, "{whole}.{}", digits.trim_end_matches('0'))
        }
    }
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAQuantity {
    #[error("write a number such as 12.5")]
    NotANumber,
    #[error("use at most four decimals")]
    TooPrecise,
    #[error("is too large")]
    TooLarge,
}

impl TryFrom<String> for Quantity {
    type Error = NotAQuantity;

    fn try_from(text: String) -> Result<Self, NotAQuantity> {
        text.parse()
    }
}

impl From<Quantity> for String {
    fn from(quantity: Quantity) -> Self {
        quantity.to_string()
    }
}

impl FromStr for Quantity {
    type Err = NotAQuantity;

    fn from_str(text: &str) -> Result<Self, NotAQuantity> {
        let text = text.trim();
        let (negative, digits) = match text.strip_prefix(['-', '−']) {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let numeric = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let grouped = whole.contains(',');
        let whole = if grouped {
            let mut groups = whole.split(',');
            let first = groups.next().is_some_and(|g| (1..=3).contains(&g.len()));
            if !first || !groups.all(|g| g.len() == 3) {
                return Err(NotAQuantity::NotANumber);
            }
            whole.replace(',', "")
        } else {
            whole.to_owned()
        };
        if whole.is_empty() || !numeric(&whole) || !numeric(fraction) || digits.ends_with('.') {
            return Err(NotAQuantity::NotANumber);
        }
        if fraction.trim_end_matches('0').len() > 4 {
            return Err(NotAQuantity::TooPrecise);
        }
        if whole.trim_start_matches('0').len() > 13 {
            return Err(NotAQuantity::TooLarge);
        }
        let units: i64 = whole.parse().map_err(|_| NotAQuantity::NotANumber)?;
        let parts: i64 = format!(
            "{:0<4}",
            fraction.get(..fraction.len().min(4)).unwrap_or_default()
        )
        .parse()
        .map_err(|_| NotAQuantity::NotANumber)?;
        let total = units
            .checked_mul(SCALE)
            .and_then(|t| t.checked_add(parts))
            .ok_or(NotAQuantity::TooLarge)?;
        if total > Self::LARGEST.0 {
            return Err(NotAQuantity::TooLarge);
        }
        Ok(Self(if negative { -total } else { total }))
    }
}

#[cfg(feature = "ssr")]
mod server {
    use super::Quantity;
    use crate::platform::db::Value;

    impl From<Quantity> for Value {
        fn from(quantity: Quantity) -> Self {
            Self::Int(Some(quantity.0))
        }
    }
    impl From<Option<Quantity>> for Value {
        fn from(quantity: Option<Quantity>) -> Self {
            Self::Int(quantity.map(|q| q.0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_what_people_type_and_says_it_back() {
        for (typed, kept, said) in [
            ("21.4", "21.4", "21.4"),
            ("1,234,567.05", "1234567.05", "1,234,567.05"),
            ("-3", "-3", "−3"),
            ("0.0001", "0.0001", "0.0001"),
            ("007", "7", "7"),
        ] {
            let quantity: Quantity = typed.parse().expect(typed);
            assert_eq!(
                (quantity.to_string().as_str(), quantity.format().as_str()),
                (kept, said)
            );
        }
        for (amount, said) in [("4800.5", "4,800.50"), ("60000", "60,000"), ("0.125", "0.125")] {
            let amount: Quantity = amount.parse().expect(amount);
            assert_eq!(amount.format_as_money(), said);
        }
        for wrong in [
            "", " ", "abc", "1e5", "1.2.3", ".5", "5.", "1,2", "12,34", "+5", "--5", "NaN", "∞",
        ] {
            assert_eq!(
                wrong.parse::<Quantity>(),
                Err(NotAQuantity::NotANumber),
                "{wrong}"
            );
        }
        assert_eq!("0.00001".parse::<Quantity>(), Err(NotAQuantity::TooPrecise));
        assert_eq!("99999999999999".parse::<Quantity>(), Err(NotAQuantity::TooLarge));
    }

    #[test]
    fn what_was_computed_reads_to_one_decimal() {
        for (exact, about) in [
            ("40.4867", "40.5"),
            ("40.45", "40.5"),
            ("-0.05", "-0.1"),
            ("-0.0499", "0"),
            ("3", "3"),
        ] {
            assert_eq!(
                exact.parse::<Quantity>().map(Quantity::about),
                about.parse(),
                "{exact}"
            );
        }
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(units in -1_000_000_000_000_000i64..1_000_000_000_000_000) {
            let quantity = Quantity(units);
            prop_assert_eq!(quantity.to_string().parse::<Quantity>(), Ok(quantity));
        }
    }
}
