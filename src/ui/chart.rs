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
    /// Where it is expected ahead: the middle, the lowest, the highest.
    pub expected: Option<(f64, f64, f64)>,
    /// The period in words, for reading out.
    pub said: String,
}

const WIDTH: f64 = 720.0;

const HEIGHT: f64 = 240.0;

const LEFT: f64 = 56.0;

const RIGHT: f64 = 12.0;

const TOP: f64 = 12.0;

const BOTTOM: f64 = 26.0;

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
        let all = points.iter().flat_map(|p| {
            [
                p.value,
                p.low,
                p.high,
                p.expected.map(|e| e.1),
                p.expected.map(|e| e.2),
            ]
            .into_iter()
            .flatten()
        });
        let (mut lowest, mut highest) = all.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| {
            (low.min(v), high.max(v))
        });
        if !lowest.is_finite() {
            (lowest, highest) = (0.0, 1.0);
        }
        let room = ((highest - lowest) * 0.12).max(highest.abs().max(1.0) * 0.02);
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

    /// A line through what is expected, from the last measured value on.
    fn ahead(&self, points: &[Point]) -> String {
        let Some(from) = points.iter().rposition(|point| point.value.is_some()) else {
            return String::new();
        };
        let mut path = String::new();
        for (index, point) in points.iter().enumerate().skip(from) {
            if let Some(value) = point.value.or(point.expected.map(|(middle, ..)| middle)) {
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

/// The whole chart of a KPI: bands for at risk and off track, targets as steps, the values as a line.
/// `falls` when less is better.
#[component]
pub fn TrendChart(
    #[prop(into)] title: String,
    #[prop(into)] description: String,
    points: Vec<Point>,
    falls: bool,
    unit: String,
) -> impl IntoView {
    let frame = Frame::around(&points, (WIDTH, HEIGHT), [TOP, RIGHT, BOTTOM, LEFT]);
    let edge = if falls { frame.highest } else { frame.lowest };
    let at_risk = frame.band(&points, |p| p.watch_below, |p| p.act_below.or(Some(edge)));
    let off_track = frame.band(&points, |p| p.act_below, |_| Some(edge));
    let within = frame.band(&points, |p| p.low.and(p.high).and(p.low), |p| p.low.and(p.high));
    let low = frame.steps(&points, |p| p.low);
    let high = frame.steps(&points, |p| p.high);
    let line = frame.line(&points);
    let ahead = frame.ahead(&points);
    let range = frame.band(&points, |p| p.expected.map(|e| e.1), |p| p.expected.map(|e| e.2));
    let dots = points
        .iter()
        .enumerate()
        .filter_map(|(index, point)| Some((frame.x(index), frame.y(point.value?))))
        .map(|(x, y)| view! { <circle class="chart-dot" cx=format!("{x:.1}") cy=format!("{y:.1}") r="3"></circle> })
        .collect_view();
    let every = points.len().div_ceil(8).max(1);
    let labels = points
        .iter()
        .enumerate()
        .filter(|(index, _)| index % every == 0)
        .map(|(index, point)| {
            view! {
                <text
                    class="chart-label"
                    x=format!("{:.1}", frame.x(index))
                    y=format!("{:.1}", HEIGHT - 8.0)
                    text-anchor="middle"
                >
                    {point.label.clone()}
                </text>
            }
        })
        .collect_view();
    let span = frame.highest - frame.lowest;
    let decimals = if span >= 20.0 {
        0
    } else if span >= 2.0 {
        1
    } else {
        2
    };
    let ticks = [0.1, 0.5, 0.9]
        .into_iter()
        .map(|share| {
            let value = frame.lowest + span * share;
            let y = frame.y(value);
            view! {
                <line
                    class="chart-grid"
                    x1=LEFT
                    x2=WIDTH - RIGHT
                    y1=format!("{y:.1}")
                    y2=format!("{y:.1}")
                ></line>
                <text class="chart-label" x=LEFT - 6.0 y=format!("{:.1}", y + 4.0) text-anchor="end">
                    {format!("{value:.decimals$}")}
                </text>
            }
        })
        .collect_view();
    view! {
        <svg
            class="chart"
            viewBox=format!("0 0 {WIDTH} {HEIGHT}")
            role="img"
            aria-labelledby="chart-title chart-description"
        >
            <title id="chart-title">{title}</title>
            <desc id="chart-description">{description}</desc>
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
            <text class="chart-label" x="4" y="12">
                {unit}
            </text>
        </svg>
    }
}

/// Where each period stands, as a share of the chart's width in thousandths: for reading points out.
pub fn positions(count: usize) -> Vec<u16> {
    let frame = Frame::around(
        &vec![Point::default(); count],
        (WIDTH, HEIGHT),
        [TOP, RIGHT, BOTTOM, LEFT],
    );
    (0..count)
        .map(|index| {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "0 to 1000"
            )]
            let share = (frame.x(index) / WIDTH * 1000.0).round().clamp(0.0, 1000.0) as u16;
            share
        })
        .collect()
}

/// A KPI's last periods at a glance, from the first of its `ends` to the last. Decoration: the words beside
/// it say the same.
#[component]
pub fn Sparkline(points: Vec<Point>, ends: [String; 2]) -> impl IntoView {
    let frame = Frame::around(&points, (220.0, 44.0), [4.0, 4.0, 4.0, 4.0]);
    let target = frame.steps(&points, |p| p.low.or(p.high));
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
