//! Where a number would be if it went on as it has: a straight line through the last periods, by least
//! squares, and a range of two standard errors of prediction either way. It claims nothing about what
//! somebody will do.

use crate::platform::quantity::Quantity;
#[cfg(feature = "ssr")]
use crate::ui::chart::format_level;

/// Fewer periods than this say nothing about the next.
pub const FEWEST: usize = 6;

/// Older periods than this are another time.
pub const MOST: usize = 12;

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Forecast {
    pub middle: f64,
    pub low: f64,
    pub high: f64,
}

/// The straight line through the newest periods.
#[derive(Clone, Copy, Debug)]
pub struct Trend {
    count: f64,
    mean_at: f64,
    mean: f64,
    spread_at: f64,
    slope: f64,
    /// Standard error of the values around the line.
    error: f64,
    last: i64,
}

/// `points` are `(period, value)` with periods counted by their cadence, oldest first; gaps are allowed.
pub fn line(points: &[(i64, Quantity)]) -> Option<Trend> {
    let newest = &points[points.len().saturating_sub(MOST)..];
    if newest.len() < FEWEST {
        return None;
    }
    let (last, _) = *newest.last()?;
    #[expect(clippy::cast_precision_loss, reason = "a handful of periods")]
    let xy: Vec<(f64, f64)> = newest
        .iter()
        .map(|(at, value)| (*at as f64, value.position()))
        .collect();
    #[expect(clippy::cast_precision_loss, reason = "a handful of periods")]
    let count = xy.len() as f64;
    let mean_at = xy.iter().map(|(x, _)| x).sum::<f64>() / count;
    let mean = xy.iter().map(|(_, y)| y).sum::<f64>() / count;
    let spread_at = xy.iter().map(|(x, _)| (x - mean_at).powi(2)).sum::<f64>();
    if spread_at == 0.0 {
        return None;
    }
    let slope = xy.iter().map(|(x, y)| (x - mean_at) * (y - mean)).sum::<f64>() / spread_at;
    let squares = xy
        .iter()
        .map(|(x, y)| (y - (mean + slope * (x - mean_at))).powi(2))
        .sum::<f64>();
    Some(Trend {
        count,
        mean_at,
        mean,
        spread_at,
        slope,
        error: (squares / (count - 2.0)).sqrt(),
        last,
    })
}

impl Trend {
    /// The newest period that the line knows.
    pub const fn last(&self) -> i64 {
        self.last
    }

    /// How many values it goes through.
    pub fn values(&self) -> i64 {
        #[expect(clippy::cast_possible_truncation, reason = "a handful")]
        let values = self.count as i64;
        values
    }

    pub fn at(&self, period: i64) -> Forecast {
        #[expect(clippy::cast_precision_loss, reason = "a handful of periods")]
        let away = period as f64 - self.mean_at;
        let middle = self.mean + self.slope * away;
        let range = 2.0 * self.error * (1.0 + 1.0 / self.count + away * away / self.spread_at).sqrt();
        Forecast {
            middle,
            low: middle - range,
            high: middle + range,
        }
    }
}

/// As people read it: with as many decimals as the range leaves meaning in.
#[cfg(feature = "ssr")]
pub fn format_estimate(value: f64, range: f64) -> String {
    let decimals = if range >= 20.0 {
        0
    } else if range >= 0.2 {
        1
    } else {
        2
    };
    format_level(value, decimals)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_estimate_has_marks_between_thousands() {
        assert_eq!(format_estimate(1_234_567.8, 500.0), "1,234,568");
        assert_eq!(format_estimate(-12_345.6, 5.0), "−12,345.6");
    }

    /// Made by `scripts/reference-figures`, which computes with fractions of whole numbers.
    #[derive(serde::Deserialize)]
    struct Figures {
        forecasts: Vec<Case>,
        formulas: Vec<FormulaFigure>,
    }

    #[derive(serde::Deserialize)]
    struct Case {
        name: String,
        values: Vec<String>,
        at: i64,
        middle: f64,
        low: f64,
        high: f64,
    }

    #[derive(serde::Deserialize)]
    struct FormulaFigure {
        formula: crate::kpis::Formula,
        inputs: Vec<String>,
        result: Option<String>,
    }

    fn figures() -> Figures {
        serde_json::from_str(include_str!("reference.json")).expect("the reference figures")
    }

    fn q(text: &str) -> Quantity {
        text.parse().expect("a quantity")
    }

    #[test]
    fn forecasts_agree_with_independent_figures() {
        for case in figures().forecasts {
            let points: Vec<(i64, Quantity)> = (0..).zip(case.values.iter().map(|value| q(value))).collect();
            let found = line(&points).expect("enough periods").at(case.at);
            for (found, expected) in [
                (found.middle, case.middle),
                (found.low, case.low),
                (found.high, case.high),
            ] {
                assert!(
                    (found - expected).abs() < 1e-6 * expected.abs().max(1.0),
                    "{}: {found} is not {expected}",
                    case.name
                );
            }
        }
    }

    #[test]
    fn formulas_agree_with_independent_figures() {
        for case in figures().formulas {
            let inputs: Vec<Quantity> = case.inputs.iter().map(|input| q(input)).collect();
            assert_eq!(
                case.formula.of(&inputs),
                case.result.as_deref().map(q),
                "{:?} of {:?}",
                case.formula,
                case.inputs
            );
        }
    }

    #[test]
    fn too_few_periods_say_nothing_and_old_ones_are_left_out() {
        let rising: Vec<(i64, Quantity)> = (0..5).map(|at| (at, Quantity::whole(at))).collect();
        assert!(line(&rising).is_none());
        let mut turned: Vec<(i64, Quantity)> =
            (0..20).map(|at| (at, Quantity::whole(100 - 5 * at))).collect();
        turned.extend((20..32).map(|at| (at, Quantity::whole(at))));
        let found = line(&turned).expect("enough").at(40);
        assert!(
            (found.middle - 40.0).abs() < 1e-9 && (found.high - found.low).abs() < 1e-6,
            "{found:?}"
        );
    }
}
