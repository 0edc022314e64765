//! Charts, drawn by the server as SVG with a title and a description; complete without client code.

use std::fmt::Write as _;

use leptos::prelude::*;

/// One period: what was measured, what was aimed at, and where "at risk" and "off track" begin.
#[derive(Clone, Debug, Default)]
pub struct Point {
    pub label: String,
    pub value: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// Beyond this edge the period is at risk.
    pub watch_below: Option<f64>,
    /// Beyond this edge it is off track.
    pub act_below: Option<f64>,
    /// Where the trend is, from the newest measured period on: the middle, the lowest, the highest.
    pub expected: Option<(f64, f64, f64)>,
    /// The period in words, for reading out.
    pub said: String,
}

/// The room for a chart, in units that are pixels at its full size, and the labels that fit below it.
#[derive(Clone, Copy)]
struct Canvas {
    class: &'static str,
    width: f64,
    height: f64,
    labels: usize,
}

/// Beside other things, or on its own.
const WIDE: Canvas = Canvas {
    class: "chart is-wide",
    width: 720.0,
    height: 240.0,
    labels: 8,
};

/// On a phone: as large as it is shown, so that its labels can be read.
const NARROW: Canvas = Canvas {
    class: "chart is-narrow",
    width: 360.0,
    height: 230.0,
    labels: 4,
};

/// Beside the longest label of the axis: what one of its digits takes, and the room around it.
const DIGIT: f64 = 7.0;

const BESIDE_LABEL: f64 = 16.0;

const RIGHT: f64 = 12.0;

const TOP: f64 = 12.0;

const BOTTOM: f64 = 26.0;

/// More ticks than an axis ever has.
const MOST_TICKS: u8 = 16;

/// The levels at which an axis is labelled: round numbers, as far apart as each other.
#[derive(Clone, Debug, PartialEq)]
struct Ticks {
    levels: Vec<f64>,
    decimals: usize,
}

impl Ticks {
    /// Around values between two levels; three to six of them, the first and the last at or beyond the
    /// values.
    fn around(lowest: f64, highest: f64) -> Self {
        let raw = (highest - lowest) / 4.0;
        let magnitude = 10_f64.powf(raw.log10().floor());
        let (factor, is_quarter) = match raw / magnitude {
            ..=1.000_001 => (1.0, false),
            ..=2.000_001 => (2.0, false),
            ..=2.500_001 => (2.5, true),
            ..=5.000_001 => (5.0, false),
            _ => (10.0, false),
        };
        let step = magnitude * factor;
        let (from, to) = ((lowest / step + 1e-9).floor(), (highest / step - 1e-9).ceil());
        let levels = (0..MOST_TICKS)
            .map(|count| from + f64::from(count))
            .take_while(|at| *at <= to + 0.5)
            .map(|at| at * step)
            .collect();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a few places"
        )]
        let places = (-(step.log10() + 1e-9).floor()).clamp(0.0, 6.0) as usize;
        let decimals = if is_quarter && magnitude < 10.0 {
            places + 1
        } else {
            places
        };
        Self { levels, decimals }
    }

    fn label(&self, level: f64) -> String {
        format_level(level, self.decimals)
    }

    fn labels(&self) -> impl Iterator<Item = String> {
        self.levels.iter().map(|level| self.label(*level))
    }
}

/// `12,345.5`, with thousands set apart and never a negative zero.
pub fn format_level(level: f64, decimals: usize) -> String {
    let plain = format!("{:.decimals$}", level.abs());
    let (whole, fraction) = plain
        .split_once('.')
        .map_or((plain.as_str(), None), |(whole, fraction)| {
            (whole, Some(fraction))
        });
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let is_zero = plain.chars().all(|digit| matches!(digit, '0' | '.'));
    let sign = if level < 0.0 && !is_zero { "−" } else { "" };
    fraction.map_or_else(
        || format!("{sign}{grouped}"),
        |fraction| format!("{sign}{grouped}.{fraction}"),
    )
}

/// The lowest and the highest of what is drawn, apart even where all of it is the same.
fn extent(points: &[Point]) -> (f64, f64) {
    let all = points.iter().flat_map(|p| {
        let (low, high) = p
            .expected
            .map_or((None, None), |(_, low, high)| (Some(low), Some(high)));
        [p.value, p.low, p.high, low, high].into_iter().flatten()
    });
    let (lowest, highest) = all.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| {
        (low.min(v), high.max(v))
    });
    if !lowest.is_finite() {
        return (0.0, 1.0);
    }
    // What a computed range differs by in its last digits is no difference.
    if highest - lowest > lowest.abs().max(highest.abs()) * 1e-9 {
        return (lowest, highest);
    }
    let apart = if lowest == 0.0 { 1.0 } else { lowest.abs() * 0.1 };
    (lowest - apart, highest + apart)
}

struct Frame {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    width: f64,
    height: f64,
    lowest: f64,
    highest: f64,
    count: usize,
}

impl Frame {
    fn around(points: &[Point], size: (f64, f64), margins: [f64; 4]) -> Self {
        let (lowest, highest) = extent(points);
        let room = (highest - lowest) * 0.12;
        let [top, right, bottom, left] = margins;
        Self {
            left,
            right,
            top,
            bottom,
            width: size.0,
            height: size.1,
            lowest: lowest - room,
            highest: highest + room,
            count: points.len(),
        }
    }

    /// The frame of a whole chart and its axis: the labels have the room that they need.
    fn with_axis(points: &[Point], canvas: Canvas) -> (Self, Ticks) {
        let (lowest, highest) = extent(points);
        let ticks = Ticks::around(lowest, highest);
        let longest = ticks
            .labels()
            .map(|label| label.chars().count())
            .max()
            .unwrap_or(0);
        #[expect(clippy::cast_precision_loss, reason = "a label has few digits")]
        let left = longest as f64 * DIGIT + BESIDE_LABEL;
        let frame = Self {
            left,
            right: RIGHT,
            top: TOP,
            bottom: BOTTOM,
            width: canvas.width,
            height: canvas.height,
            lowest: ticks.levels.first().copied().unwrap_or(lowest),
            highest: ticks.levels.last().copied().unwrap_or(highest),
            count: points.len(),
        };
        (frame, ticks)
    }

    #[expect(clippy::cast_precision_loss, reason = "a chart has few periods")]
    fn slot(&self) -> f64 {
        (self.width - self.left - self.right) / self.count.max(1) as f64
    }

    #[expect(clippy::cast_precision_loss, reason = "a chart has few periods")]
    fn x(&self, index: usize) -> f64 {
        self.left + self.slot() * (index as f64 + 0.5)
    }

    fn y(&self, value: f64) -> f64 {
        let inner = self.height - self.top - self.bottom;
        self.top + inner * (1.0 - ((value - self.lowest) / (self.highest - self.lowest)).clamp(0.0, 1.0))
    }

    /// A line through the measured values; a missing period leaves a gap.
    fn line(&self, points: &[Point]) -> String {
        let mut path = String::new();
        let mut pen_down = false;
        for (index, point) in points.iter().enumerate() {
            if let Some(value) = point.value {
                let _ = write!(
                    path,
                    "{}{:.1} {:.1}",
                    if pen_down { "L" } else { "M" },
                    self.x(index),
                    self.y(value)
                );
                pen_down = true;
            } else {
                pen_down = false;
            }
        }
        path
    }

    /// A line through what is expected.
    fn ahead(&self, points: &[Point]) -> String {
        let mut path = String::new();
        for (index, point) in points.iter().enumerate() {
            if let Some((value, ..)) = point.expected {
                let _ = write!(
                    path,
                    "{}{:.1} {:.1}",
                    if path.is_empty() { "M" } else { "L" },
                    self.x(index),
                    self.y(value)
                );
            }
        }
        path
    }

    /// Where the newest value and the last target are named, their right ends: above what they name, or below
    /// where there is no room, and never over one another.
    fn end_labels(&self, points: &[Point]) -> [Option<(f64, f64)>; 2] {
        const ABOVE: f64 = 7.0;
        const BELOW: f64 = 16.0;
        const APART: f64 = 14.0;
        let last_of = |level: &dyn Fn(&Point) -> Option<f64>| {
            let (index, level) = points
                .iter()
                .enumerate()
                .rev()
                .find_map(|(index, point)| Some((index, level(point)?)))?;
            Some((self.x(index) + self.slot() / 2.0, self.y(level)))
        };
        let place = |(x, y): (f64, f64)| {
            let above = y - ABOVE;
            (x, if above < self.top { y + BELOW } else { above })
        };
        let value = last_of(&|point| point.value).map(place);
        let target = last_of(&|point| point.low.or(point.high)).map(place);
        let lifted = target.zip(value).map_or(target, |((x, y), (_, other))| {
            let is_clear = (y - other).abs() >= APART;
            let away = if y <= other { other - APART } else { other + APART };
            let away = if away < self.top { other + APART } else { away };
            Some((x, if is_clear { y } else { away }))
        });
        [value, lifted]
    }

    /// A stepped line: each period's own level over its own width.
    fn steps(&self, points: &[Point], level: impl Fn(&Point) -> Option<f64>) -> String {
        let mut path = String::new();
        let mut last: Option<f64> = None;
        for (index, point) in points.iter().enumerate() {
            if let Some(level) = level(point) {
                let (from, to, y) = (
                    self.x(index) - self.slot() / 2.0,
                    self.x(index) + self.slot() / 2.0,
                    self.y(level),
                );
                if last.is_some() {
                    let _ = write!(path, "V{y:.1}H{to:.1}");
                } else {
                    let _ = write!(path, "M{from:.1} {y:.1}H{to:.1}");
                }
                last = Some(y);
            } else {
                last = None;
            }
        }
        path
    }

    /// The area between two levels, period by period.
    fn band(
        &self,
        points: &[Point],
        from: impl Fn(&Point) -> Option<f64>,
        to: impl Fn(&Point) -> Option<f64>,
    ) -> String {
        points
            .iter()
            .enumerate()
            .fold(String::new(), |mut path, (index, point)| {
                if let (Some(from), Some(to)) = (from(point), to(point)) {
                    let (left, width) = (self.x(index) - self.slot() / 2.0, self.slot());
                    let (a, b) = (self.y(from), self.y(to));
                    let _ = write!(path, "M{left:.1} {a:.1}h{width:.1}V{b:.1}h-{width:.1}z");
                }
                path
            })
    }
}

/// The whole chart of a KPI: bands for at risk and off track, targets as steps, the values as a line, and at
/// their ends what they say. `falls` when less is better. Drawn twice, of which one is shown.
#[component]
pub fn TrendChart(
    #[prop(into)] title: String,
    #[prop(into)] description: String,
    points: Vec<Point>,
    falls: bool,
    unit: String,
    /// The newest value and the last target, in words.
    ends: [Option<String>; 2],
) -> impl IntoView {
    let name = format!("{title}. {description}");
    [WIDE, NARROW].map(|canvas| drawing(canvas, &points, falls, (&unit, &ends), name.clone()))
}

fn drawing(
    canvas: Canvas,
    points: &[Point],
    falls: bool,
    (unit, ends): (&str, &[Option<String>; 2]),
    name: String,
) -> impl IntoView + use<> {
    let (frame, axis) = Frame::with_axis(points, canvas);
    let edge = if falls { frame.highest } else { frame.lowest };
    let at_risk = frame.band(points, |p| p.watch_below, |p| p.act_below.or(Some(edge)));
    let off_track = frame.band(points, |p| p.act_below, |_| Some(edge));
    let within = frame.band(points, |p| p.low.and(p.high).and(p.low), |p| p.low.and(p.high));
    let low = frame.steps(points, |p| p.low);
    let high = frame.steps(points, |p| p.high);
    let line = frame.line(points);
    let ahead = frame.ahead(points);
    let range = frame.band(points, |p| p.expected.map(|e| e.1), |p| p.expected.map(|e| e.2));
    let dots = points
        .iter()
        .enumerate()
        .filter_map(|(index, point)| Some((frame.x(index), frame.y(point.value?))))
        .map(|(x, y)| view! { <circle class="chart-dot" cx=format!("{x:.1}") cy=format!("{y:.1}") r="3"></circle> })
        .collect_view();
    let every = points.len().div_ceil(canvas.labels).max(1);
    let labels = points
        .iter()
        .enumerate()
        .filter(|(index, _)| index % every == 0)
        .map(|(index, point)| {
            view! {
                <text
                    class="chart-label"
                    x=format!("{:.1}", frame.x(index))
                    y=format!("{:.1}", canvas.height - 8.0)
                    text-anchor="middle"
                >
                    {point.label.clone()}
                </text>
            }
        })
        .collect_view();
    let ticks = axis
        .levels
        .iter()
        .map(|level| {
            let y = frame.y(*level);
            view! {
                <line
                    class="chart-grid"
                    x1=format!("{:.1}", frame.left)
                    x2=canvas.width - RIGHT
                    y1=format!("{y:.1}")
                    y2=format!("{y:.1}")
                ></line>
                <text
                    class="chart-label"
                    x=format!("{:.1}", frame.left - 6.0)
                    y=format!("{:.1}", y + 4.0)
                    text-anchor="end"
                >
                    {axis.label(*level)}
                </text>
            }
        })
        .collect_view();
    let end_labels = frame
        .end_labels(points)
        .into_iter()
        .zip(ends)
        .filter_map(|(place, words)| {
            let ((x, y), words) = (place?, words.clone()?);
            Some(view! {
                <text class="chart-end" x=format!("{x:.1}") y=format!("{y:.1}") text-anchor="end">
                    {words}
                </text>
            })
        })
        .collect_view();
    view! {
        <svg
            class=canvas.class
            viewBox=format!("0 0 {} {}", canvas.width, canvas.height)
            role="img"
            aria-label=name
        >
            <path class="chart-within" d=within></path>
            <path class="chart-watch" d=at_risk></path>
            <path class="chart-act" d=off_track></path>
            {ticks}
            <path class="chart-target" d=low></path>
            <path class="chart-target" d=high></path>
            <path class="chart-range" d=range></path>
            <path class="chart-ahead" d=ahead></path>
            <path class="chart-line" d=line></path>
            {dots}
            {labels}
            {end_labels}
            <text class="chart-label" x=format!("{:.1}", frame.left) y="9">
                {unit.to_owned()}
            </text>
        </svg>
    }
}

/// Where each period stands, as a share of the chart's width in thousandths, for reading points out: in the
/// wide drawing and in the narrow one.
pub fn positions(points: &[Point]) -> [Vec<u16>; 2] {
    [WIDE, NARROW].map(|canvas| {
        let (frame, _) = Frame::with_axis(points, canvas);
        (0..points.len())
            .map(|index| {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "0 to 1000"
                )]
                let share = (frame.x(index) / canvas.width * 1000.0)
                    .round()
                    .clamp(0.0, 1000.0) as u16;
                share
            })
            .collect()
    })
}

/// A KPI's last periods at a glance, from the first of its `ends` to the last. Decoration: the words beside
/// it say the same.
#[component]
pub fn Sparkline(points: Vec<Point>, ends: [String; 2]) -> impl IntoView {
    let frame = Frame::around(&points, (220.0, 44.0), [4.0, 4.0, 4.0, 4.0]);
    let target = format!(
        "{} {}",
        frame.steps(&points, |p| p.low),
        frame.steps(&points, |p| p.high)
    );
    let [first_end, last_end] = ends;
    let last = points
        .iter()
        .enumerate()
        .rev()
        .find_map(|(index, point)| Some((frame.x(index), frame.y(point.value?))));
    view! {
        <svg class="spark" viewBox="0 0 220 44" aria-hidden="true">
            <path class="chart-target" d=target></path>
            <path class="chart-line" d=frame.line(&points)></path>
            {last
                .map(|(x, y)| {
                    view! {
                        <circle class="chart-dot" cx=format!("{x:.1}") cy=format!("{y:.1}") r="3"></circle>
                    }
                })}
        </svg>
        <span class="spark-ends" aria-hidden="true">
            <span>{first_end}</span>
            <span>{last_end}</span>
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(values: &[Option<f64>]) -> Vec<Point> {
        values
            .iter()
            .map(|value| Point {
                value: *value,
                ..Point::default()
            })
            .collect()
    }

    /// The labels of the axis around values, from below.
    fn labels(values: &[f64]) -> Vec<String> {
        let values: Vec<Option<f64>> = values.iter().copied().map(Some).collect();
        Frame::with_axis(&measured(&values), WIDE).1.labels().collect()
    }

    #[test]
    fn ticks_are_round_at_any_magnitude_and_sign() {
        for (values, expected) in [
            (&[20.9, 26.0][..], &["20", "22", "24", "26"][..]),
            (&[0.0, 100.0], &["0", "25", "50", "75", "100"]),
            (
                &[12_345_678.0, 9_900_000.0],
                &[
                    "9,000,000",
                    "10,000,000",
                    "11,000,000",
                    "12,000,000",
                    "13,000,000",
                ],
            ),
            (&[-20.0, -5.0], &["−20", "−15", "−10", "−5"]),
            (&[-1.5, 1.5], &["−2", "−1", "0", "1", "2"]),
            (
                &[0.0002, 0.0011],
                &["0.00000", "0.00025", "0.00050", "0.00075", "0.00100", "0.00125"],
            ),
            (&[0.2, 0.9], &["0.2", "0.4", "0.6", "0.8", "1.0"]),
            (&[-0.004, 0.004], &["−0.004", "−0.002", "0.000", "0.002", "0.004"]),
        ] {
            assert_eq!(labels(values), expected, "{values:?}");
        }
    }

    #[test]
    fn one_value_alone_has_an_axis_around_it() {
        assert_eq!(labels(&[50.0]), ["45.0", "47.5", "50.0", "52.5", "55.0"]);
        // A constant series, as least squares leave it.
        assert_eq!(
            labels(&[99.9, 99.899_999_999_999_93, 99.900_000_000_000_05]),
            labels(&[99.9])
        );
        assert!(labels(&[9e12, 9_000_000_000_000.002]).len() < 8);
        assert_eq!(labels(&[0.0]), ["−1.0", "−0.5", "0.0", "0.5", "1.0"]);
        assert_eq!(labels(&[]), ["0.00", "0.25", "0.50", "0.75", "1.00"]);
    }

    #[test]
    fn a_label_is_never_cut_and_no_zero_is_negative() {
        assert_eq!(format_level(12_345_678.0, 0), "12,345,678");
        assert_eq!(format_level(-1_234.56, 1), "−1,234.6");
        assert_eq!(format_level(-0.001, 2), "0.00");
        let (frame, axis) = Frame::with_axis(&measured(&[Some(12_345_678.0), Some(1.0)]), WIDE);
        let longest = axis
            .labels()
            .map(|label| label.chars().count())
            .max()
            .expect("labels");
        assert!(frame.left >= 7.0 * f64::from(u32::try_from(longest).expect("short")) + 6.0);
    }

    #[test]
    fn a_month_without_a_value_is_a_gap_and_takes_its_place() {
        let points = measured(&[Some(0.0), None, Some(100.0), Some(50.0)]);
        let (frame, _) = Frame::with_axis(&points, WIDE);
        // The slots of four periods right of "100" (37 px), in a chart of 720 by 240 px.
        assert_eq!(format!("{} {}", frame.left, frame.slot()), "37 167.75");
        assert_eq!(
            frame.line(&points),
            "M120.9 214.0M456.4 12.0L624.1 113.0",
            "nothing is drawn across the gap"
        );
        assert_eq!(positions(&points)[0], [168, 401, 634, 867]);
    }

    #[test]
    fn what_falls_below_zero_is_drawn_below_it() {
        let points = measured(&[Some(-20.0), Some(0.0), Some(20.0)]);
        let (frame, _) = Frame::with_axis(&points, WIDE);
        assert_eq!(
            [-20.0, -10.0, 0.0, 10.0, 20.0].map(|level| frame.y(level).to_string()),
            ["214", "163.5", "113", "62.5", "12"]
        );
    }

    #[test]
    fn names_at_the_ends_stand_apart_and_inside() {
        for (value, target) in [
            (21.4, 26.0),
            (25.9, 26.0),
            (26.0, 26.0),
            (26.1, 26.0),
            (1.0, 900.0),
        ] {
            let points: Vec<Point> = [20.0, value]
                .into_iter()
                .map(|value| Point {
                    value: Some(value),
                    low: Some(target),
                    ..Point::default()
                })
                .collect();
            for canvas in [WIDE, NARROW] {
                let (frame, _) = Frame::with_axis(&points, canvas);
                let [Some((_, value_y)), Some((x, target_y))] = frame.end_labels(&points) else {
                    panic!("both have a place");
                };
                assert!((value_y - target_y).abs() >= 13.9, "{value} {target}");
                assert!(x <= canvas.width - RIGHT + 0.1);
                for y in [value_y, target_y] {
                    assert!(
                        y >= TOP && y <= canvas.height - BOTTOM + 16.0,
                        "{value} {target}: {y}"
                    );
                }
            }
        }
    }
}
