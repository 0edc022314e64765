//! Numbers made of other numbers: exact, with their units checked.

use crate::{platform::quantity::Quantity, text_enum};

text_enum! {
    pub enum Formula { Sum = "sum", Difference = "difference", Ratio = "ratio", Share = "share" }
}

impl Formula {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sum => "Sum",
            Self::Difference => "Difference: first minus second",
            Self::Ratio => "Ratio: first divided by second",
            Self::Share => "Share: first as a percentage of second",
        }
    }

    /// "A + B", "A − B", "A ÷ B", "A as % of B".
    pub fn describe(self, inputs: &[String]) -> String {
        match self {
            Self::Sum => inputs.join(" + "),
            Self::Difference => inputs.join(" − "),
            Self::Ratio => inputs.join(" ÷ "),
            Self::Share => inputs.join(" as % of "),
        }
    }

    pub const fn takes(self) -> std::ops::RangeInclusive<usize> {
        match self {
            Self::Sum => 2..=10,
            Self::Difference | Self::Ratio | Self::Share => 2..=2,
        }
    }

    /// What is wrong with the units; `None` when they fit.
    pub fn refuses_units(self, inputs: &[&str], result: &str) -> Option<String> {
        let first = inputs.first().copied().unwrap_or_default();
        let alike = inputs.iter().all(|unit| *unit == first);
        let shown = |unit: &str| {
            if unit.is_empty() {
                "no unit".to_owned()
            } else {
                format!("“{unit}”")
            }
        };
        let listed = inputs
            .iter()
            .map(|unit| shown(unit))
            .collect::<Vec<_>>()
            .join(", ");
        match self {
            Self::Sum | Self::Difference if !alike => Some(format!(
                "These KPIs have different units ({listed}). Only equal units can be added."
            )),
            Self::Sum | Self::Difference if first != result => Some(format!(
                "The result is in {}, but its parts are in {}.",
                shown(result),
                shown(first)
            )),
            Self::Share if !alike => Some(format!(
                "A share needs both in the same unit; these are in {listed}."
            )),
            Self::Share if result != "%" => {
                Some(format!("A share is in “%”; this KPI is in {}.", shown(result)))
            }
            _ => None,
        }
    }

    /// The value, to four decimals, half away from zero; `None` where it is not defined or too large.
    pub fn of(self, inputs: &[Quantity]) -> Option<Quantity> {
        let units: Vec<i128> = inputs
            .iter()
            .map(|input| i128::from(input.ten_thousandths()))
            .collect();
        let divided = |factor: i128| {
            let (Some(top), Some(bottom)) = (units.first(), units.get(1).filter(|bottom| **bottom != 0))
            else {
                return None;
            };
            let (numerator, denominator) = (top * factor, *bottom);
            let (sign, numerator, denominator) = (
                numerator.signum() * denominator.signum(),
                numerator.abs(),
                denominator.abs(),
            );
            Some(sign * ((2 * numerator + denominator) / (2 * denominator)))
        };
        let value = match self {
            Self::Sum => units.iter().sum(),
            Self::Difference => units.first()? - units.get(1)?,
            Self::Ratio => divided(10_000)?,
            Self::Share => divided(1_000_000)?,
        };
        let value = i64::try_from(value).ok()?;
        (value.abs() <= Quantity::LARGEST.ten_thousandths()).then(|| Quantity::from_ten_thousandths(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_checked() {
        assert_eq!(Formula::Sum.refuses_units(&["€", "€"], "€"), None);
        assert!(
            Formula::Sum
                .refuses_units(&["€", "h"], "€")
                .is_some_and(|why| why.contains("different units"))
        );
        assert!(Formula::Difference.refuses_units(&["€", "€"], "h").is_some());
        assert_eq!(Formula::Share.refuses_units(&["orders", "orders"], "%"), None);
        assert!(Formula::Share.refuses_units(&["orders", "orders"], "").is_some());
        assert_eq!(
            Formula::Ratio.refuses_units(&["€", "orders"], "€ per order"),
            None
        );
    }

    #[test]
    fn nothing_is_divided_by_nothing() {
        let q = Quantity::whole;
        assert_eq!(Formula::Ratio.of(&[q(1), q(0)]), None);
        assert_eq!(Formula::Share.of(&[q(0), q(7)]), Some(q(0)));
        assert_eq!(Formula::Sum.of(&[Quantity::LARGEST, q(1)]), None);
    }
}
