//! The picture of a KPI: its values, its target and what is ahead.

use leptos::prelude::*;

use crate::{
    kpis::{
        Direction, Target, Thresholds, forecast, in_words,
        islands::ChartReader,
        read::{Kpi, Period},
        with_unit,
    },
    platform::{quantity::Quantity, time::Day},
    ui::chart::{Point, TrendChart, positions},
};

/// The values with their periods counted by the cadence, oldest first.
pub(super) fn points(kpi: &Kpi, periods: &[Period]) -> Vec<(i64, Quantity)> {
    periods
        .iter()
        .filter_map(|known| Some((kpi.cadence.count(known.period), known.value?)))
        .collect()
}

/// The periods ahead that have a target, at most a year of them, each with where the line leads.
pub(super) fn forecasts(kpi: &Kpi, periods: &[Period]) -> Vec<(Day, forecast::Forecast)> {
    let Some(line) = forecast::line(&points(kpi, periods)) else {
        return Vec::new();
    };
    periods
        .iter()
        .filter(|known| known.value.is_none() && known.target.is_some())
        .map(|known| (known.period, kpi.cadence.count(known.period)))
        .filter(|(_, at)| {
            *at > line.last() && *at <= line.last() + i64::try_from(forecast::MOST).unwrap_or(12)
        })
        .map(|(day, at)| (day, line.at(at)))
        .collect()
}

/// Where the line is at the newest value, from where it leads on.
fn trend_at_newest(kpi: &Kpi, periods: &[Period]) -> Option<(Day, f64)> {
    let line = forecast::line(&points(kpi, periods))?;
    let newest = periods.iter().rev().find(|known| known.value.is_some())?.period;
    Some((newest, line.at(kpi.cadence.count(newest)).middle))
}

/// Where "at risk" and "off track" begin for a target.
fn edges(direction: Direction, thresholds: Thresholds, target: Option<Target>) -> (Option<f64>, Option<f64>) {
    let Some(target) = target else { return (None, None) };
    #[expect(clippy::cast_precision_loss, reason = "a percentage")]
    let (watch_below, act_below) = (
        thresholds.watch_below as f64 / 100.0,
        (thresholds.act_below.max(1)) as f64 / 100.0,
    );
    // Beyond the target, away from the good values: of its own size, whatever its sign.
    let missed_by = |target: Quantity, share: f64| target.position().abs() * (1.0 - share);
    match (direction, target.low, target.high) {
        (Direction::Increase | Direction::Above, Some(low), _) => (
            Some(low.position() - missed_by(low, watch_below)),
            Some(low.position() - missed_by(low, act_below)),
        ),
        (Direction::Decrease | Direction::Below, _, Some(high)) if high.ten_thousandths() > 0 => (
            Some(high.position() / watch_below),
            Some(high.position() / act_below),
        ),
        (Direction::Decrease | Direction::Below, _, Some(high)) => (
            Some(high.position() + missed_by(high, watch_below)),
            Some(high.position() + missed_by(high, act_below)),
        ),
        _ => (None, None),
    }
}

/// What the drawn parts mean, and no others.
fn key(points: &[Point]) -> String {
    let any = |is: &dyn Fn(&Point) -> bool| points.iter().any(is);
    [
        (any(&|p| p.value.is_some()), "Line: actual."),
        (any(&|p| p.low.is_some() != p.high.is_some()), "Steps: target."),
        (
            any(&|p| p.low.is_some() && p.high.is_some()),
            "Green: where it should be.",
        ),
        (any(&|p| p.watch_below.is_some()), "Bands: at risk and off track."),
        (
            any(&|p| p.expected.is_some()),
            "Dashes: trend, with its likely range in grey.",
        ),
    ]
    .into_iter()
    .filter_map(|(is_drawn, words)| is_drawn.then_some(words))
    .collect::<Vec<_>>()
    .join(" ")
}

pub(super) fn chart(kpi: &Kpi, periods: &[Period]) -> impl IntoView + use<> {
    let mut ahead = forecasts(kpi, periods);
    if let Some((newest, middle)) = trend_at_newest(kpi, periods).filter(|_| !ahead.is_empty()) {
        let (low, high) = (middle, middle);
        ahead.push((newest, forecast::Forecast { middle, low, high }));
    }
    let points: Vec<Point> = periods
        .iter()
        .map(|period| {
            let expected = ahead
                .iter()
                .find(|(day, _)| *day == period.period)
                .map(|(_, found)| (found.middle, found.low, found.high));
            let (watch_below, act_below) = edges(kpi.direction, kpi.thresholds, period.target);
            let value = period
                .value
                .map_or_else(|| "no value".to_owned(), |value| with_unit(value, &kpi.unit));
            let aim = period.target.map_or_else(
                || "no target".to_owned(),
                |target| format!("target {}", target.format(&kpi.unit)),
            );
            Point {
                label: kpi.cadence.format_short(period.period),
                value: period.value.map(Quantity::position),
                low: period.target.and_then(|t| t.low).map(Quantity::position),
                high: period.target.and_then(|t| t.high).map(Quantity::position),
                watch_below,
                act_below,
                expected,
                said: format!("{}: {value}, {aim}", kpi.cadence.format_short(period.period)),
            }
        })
        .collect();
    let said: Vec<String> = points.iter().map(|point| point.said.clone()).collect();
    let [wide, narrow] = positions(&points);
    let key = key(&points);
    let target = periods.iter().rev().find_map(|period| period.target);
    let value = periods.iter().rev().find_map(|period| period.value);
    let ends = [
        value.map(|value| in_words(value, &kpi.unit, kpi.formula.is_some())),
        target.map(|target| format!("target {}", target.format(&kpi.unit))),
    ];
    let newest = points.iter().rposition(|point| point.value.is_some());
    let newest = newest.map_or_else(|| "no value yet".to_owned(), |at| said[at].clone());
    let description = format!(
        "{} periods. Newest: {newest}. The table below has the same figures.",
        points.len(),
    );
    let (title, unit, falls) = (kpi.title.clone(), kpi.unit.clone(), kpi.direction.falls());
    view! {
        <figure class="chart-figure">
            <ChartReader positions=wide narrow_positions=narrow said=said>
                <TrendChart
                    title=title
                    description=description
                    points=points
                    falls=falls
                    unit=unit
                    ends=ends
                />
            </ChartReader>
            <figcaption class="faint">{key}</figcaption>
        </figure>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::quantity::Quantity;

    #[test]
    fn bands_lie_on_the_bad_side_of_a_target_whatever_its_sign() {
        let thresholds = Thresholds {
            watch_below: 90,
            act_below: 70,
        };
        let of = |direction, low: Option<&str>, high: Option<&str>| {
            let end = |end: Option<&str>| end.map(|end| end.parse::<Quantity>().expect("a number"));
            let (watch, act) = edges(direction, thresholds, Target::between(end(low), end(high)));
            let rounded = |edge: Option<f64>| edge.map(|edge| (edge * 10.0).round() / 10.0);
            [rounded(watch), rounded(act)]
        };
        assert_eq!(of(Direction::Increase, Some("10"), None), [Some(9.0), Some(7.0)]);
        assert_eq!(
            of(Direction::Increase, Some("-10"), None),
            [Some(-11.0), Some(-13.0)]
        );
        assert_eq!(of(Direction::Decrease, None, Some("9")), [Some(10.0), Some(12.9)]);
        assert_eq!(
            of(Direction::Decrease, None, Some("-10")),
            [Some(-9.0), Some(-7.0)]
        );
        assert_eq!(of(Direction::Within, Some("1"), Some("2")), [None, None]);
    }
}
