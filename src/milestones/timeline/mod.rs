//! One timeline across all initiatives: a row each, with its checkpoints as ticks on a bar, and a diamond
//! with its name for every milestone.
//!
//! Everything is laid out in pixels that nothing scales: a closer look shows fewer days, never larger
//! strokes. Names that would lie over one another stand on lanes of their own.

use std::{
    collections::{BTreeMap, HashMap},
    fmt::Write as _,
};

use leptos::prelude::*;

mod layout;

pub use self::layout::window;

use self::layout::{HEAD, Place, Row, Scale, rows_of, shorten};
use super::{
    forecast,
    islands::TimelineTools,
    read::{Mark, Tick},
};
use crate::{
    identity::{Action, Viewer},
    platform::time::Day,
    text_enum,
    waits::WaitOutcome,
};

text_enum! {
    /// How many days are seen at once.
    pub enum TimelineZoom { All = "all", HalfYear = "half-year", Quarter = "quarter" }
}

impl TimelineZoom {
    const fn name(self) -> &'static str {
        match self {
            Self::All => "All",
            Self::HalfYear => "6 months",
            Self::Quarter => "3 months",
        }
    }

    /// The days that fill the picture's width.
    const fn days(self) -> Option<i64> {
        match self {
            Self::All => None,
            Self::HalfYear => Some(183),
            Self::Quarter => Some(92),
        }
    }
}

/// Curves from what is awaited to what waits for it: those that hold, and those that do not.
fn curves(rows: &[Row], waits: Vec<(i64, i64)>, scale: Scale, today: Day) -> [String; 2] {
    let places: HashMap<i64, (i64, i64, Day, WaitOutcome)> = rows
        .iter()
        .flat_map(|row| {
            row.marks.iter().map(|(mark, place)| {
                let at = (
                    scale.x(mark.due_on),
                    row.y(*place),
                    mark.due_on,
                    mark.wait_outcome,
                );
                (mark.number, at)
            })
        })
        .collect();
    let (mut fine, mut late) = (String::new(), String::new());
    for (waiting, awaited) in waits {
        if let (Some((to_x, to_y, to, waiting)), Some((from_x, from_y, from, awaited))) =
            (places.get(&waiting), places.get(&awaited))
        {
            let is_in_time = match awaited {
                WaitOutcome::There => true,
                WaitOutcome::Ahead => from <= to && *from >= today,
                WaitOutcome::GivenUp | WaitOutcome::NotReached => false,
            };
            let path = if is_in_time || *waiting != WaitOutcome::Ahead {
                &mut fine
            } else {
                &mut late
            };
            let _ = write!(
                path,
                "M{from_x} {from_y}C{} {from_y} {} {to_y} {to_x} {to_y}",
                from_x + 24,
                to_x - 24
            );
        }
    }
    [fine, late]
}

/// Every other quarter is shaded.
fn bands(scale: Scale, height: i64) -> String {
    let mut bands = String::new();
    let mut quarter = scale.from.quarter();
    while quarter < scale.from.plus(scale.days) {
        let next = quarter.plus_months(3);
        let (left, right) = (scale.x(quarter), scale.x(next));
        if quarter.0.month() % 6 == 1 && right > left {
            let _ = write!(bands, "M{left} {HEAD}H{right}V{height}H{left}z");
        }
        quarter = next;
    }
    bands
}

/// A line at the beginning of each month, and its name.
fn months(scale: Scale, height: i64) -> (String, Vec<AnyView>) {
    let mut grid = String::new();
    let mut months = Vec::new();
    let mut month = Day(scale.from.0.first_of_month()).plus_months(1);
    // Narrow months are named by the quarter.
    let is_narrow = scale.width * 30 / scale.days < 34;
    while month < scale.from.plus(scale.days) {
        let x = scale.x(month);
        let _ = write!(grid, "M{x} {HEAD}V{height}");
        if !is_narrow || month.0.month() % 3 == 1 {
            let name = month
                .0
                .strftime(if month.0.month() == 1 { "%b %Y" } else { "%b" })
                .to_string();
            months.push(
                view! {
                    <text class="chart-label" x=x + 4 y="13">
                        {name}
                    </text>
                }
                .into_any(),
            );
        }
        month = month.plus_months(1);
    }
    (grid, months)
}

/// Ticks on the bar, by what became of them.
fn ticks(row: &Row, scale: Scale, today: Day) -> [String; 3] {
    let mut paths = [const { String::new() }; 3];
    let y = row.top + 5;
    for tick in &row.ticks {
        let which = match (tick.passed_at.is_some(), tick.due_on < today) {
            (true, _) => 0,
            (false, true) => 1,
            (false, false) => 2,
        };
        let _ = write!(paths[which], "M{} {y}v8", scale.x(tick.due_on));
    }
    paths
}

/// When each milestone would be met if what is left were as late as what is done, in days.
fn forecasts(viewer: &Viewer, row: &Row) -> BTreeMap<i64, forecast::Ahead> {
    let today = viewer.today();
    let mut found = BTreeMap::new();
    for (mark, _) in &row.marks {
        if mark.wait_outcome != WaitOutcome::Ahead {
            continue;
        }
        let of_mark = || {
            row.ticks
                .iter()
                .filter(|tick| tick.milestone_number == mark.number)
        };
        let lateness: Vec<i64> = of_mark()
            .filter_map(|tick| Some(viewer.day_of(tick.passed_at?).days_since(tick.due_on)))
            .collect();
        let open: Vec<i64> = of_mark()
            .filter(|tick| tick.passed_at.is_none())
            .map(|tick| tick.due_on.days_since(today))
            .collect();
        if let Some(ahead) = forecast::ahead(&lateness, &open) {
            found.insert(mark.number, ahead);
        }
    }
    found
}

/// "Match rules agreed: 30 Nov, first promised for 12 Nov, late".
fn label(mark: &Mark, today: Day) -> String {
    let state = match mark.wait_outcome {
        WaitOutcome::There => ", accepted",
        WaitOutcome::GivenUp => ", cancelled",
        WaitOutcome::NotReached => ", not reached",
        WaitOutcome::Ahead if mark.due_on < today => ", late",
        WaitOutcome::Ahead => "",
    };
    let held = match mark.held_by {
        _ if mark.wait_outcome != WaitOutcome::Ahead => String::new(),
        0 => String::new(),
        1 => ", waits for a decision or an access".to_owned(),
        count => format!(", waits for {count} decisions or accesses"),
    };
    let moved = if mark.promised_on == mark.due_on {
        String::new()
    } else {
        format!(", first promised for {}", mark.promised_on.format(today))
    };
    format!(
        "{}: {}{moved}{held}{state}",
        mark.title,
        mark.due_on.format(today)
    )
}

/// One milestone: a diamond that leads to it, and may be moved while it is ahead.
fn diamond(viewer: &Viewer, mark: &Mark, (x, y): (i64, i64), place: Place) -> impl IntoView + use<> {
    let today = viewer.today();
    let mut class = match mark.wait_outcome {
        WaitOutcome::There => "mark is-done",
        WaitOutcome::GivenUp | WaitOutcome::NotReached => "mark is-over",
        WaitOutcome::Ahead if mark.due_on < today => "mark is-late",
        WaitOutcome::Ahead => "mark",
    }
    .to_owned();
    if mark.held_by > 0 && mark.wait_outcome == WaitOutcome::Ahead {
        class.push_str(" is-held");
    }
    let day = (mark.wait_outcome == WaitOutcome::Ahead).then(|| mark.due_on.days_since(Day::new(1970, 1, 1)));
    let (name_x, anchor) = if place.is_left {
        (x - 11, Some("end"))
    } else {
        (x + 11, None)
    };
    view! {
        <a href=viewer.path(&format!("milestones/{}", mark.number)) draggable="false" data-day=day>
            <title>{label(mark, today)}</title>
            <circle class="hit" cx=x cy=y r="12"></circle>
            <path class=class d=format!("M{x} {}l7 7-7 7-7-7z", y - 7)></path>
            <text x=name_x y=y + 4 text-anchor=anchor>
                {shorten(&mark.title, place.letters)}
            </text>
        </a>
    }
}

/// What is drawn behind the diamonds of a row: first promises, the agreed baseline, forecasts.
#[derive(Default)]
struct Behind {
    moved: String,
    baseline: String,
    forecast: String,
}

fn behind(viewer: &Viewer, row: &Row, scale: Scale, baseline: &HashMap<i64, Day>) -> Behind {
    let today = viewer.today();
    let mut found = Behind::default();
    let ahead = forecasts(viewer, row);
    for (mark, place) in &row.marks {
        let (x, y) = (scale.x(mark.due_on), row.y(*place));
        if mark.promised_on != mark.due_on {
            let _ = write!(found.moved, "M{} {y}H{x}", scale.x(mark.promised_on));
        }
        if let Some(agreed) = baseline
            .get(&mark.number)
            .filter(|agreed| **agreed != mark.due_on)
        {
            let _ = write!(found.baseline, "M{} {}l6 6-6 6-6-6z", scale.x(*agreed), y - 6);
        }
        if let Some(ahead) = ahead.get(&mark.number) {
            let (from, to) = (scale.x(today.plus(ahead.likely)), scale.x(today.plus(ahead.late)));
            let _ = write!(found.forecast, "M{from} {}H{}v6H{from}z", y - 3, to.max(from + 4));
        }
    }
    found
}

fn row_view(viewer: &Viewer, row: &Row, scale: Scale, baseline: &HashMap<i64, Day>) -> impl IntoView + use<> {
    let Behind {
        moved,
        baseline,
        forecast,
    } = behind(viewer, row, scale, baseline);
    let [done, late, open] = ticks(row, scale, viewer.today());
    let (start, end, y) = (scale.x(row.starts_on), scale.x(row.ends_on), row.top + 9);
    let path =
        |class: &'static str, d: String| (!d.is_empty()).then(|| view! { <path class=class d=d></path> });
    let diamonds = row
        .marks
        .iter()
        .map(|(mark, place)| {
            let at = (scale.x(mark.due_on), row.y(*place));
            diamond(viewer, mark, at, *place)
        })
        .collect_view();
    view! {
        <g>
            <path class="timeline-row" d=format!("M0 {}H{}", row.top, scale.width)></path>
            <path class="timeline-span" d=format!("M{start} {y}H{end}")></path>
            {path("tick is-done", done)}
            {path("tick is-late", late)}
            {path("tick", open)}
            {path("timeline-ghost", moved)}
            {path("timeline-forecast", forecast)}
            {path("timeline-baseline", baseline)}
            {diamonds}
        </g>
    }
}

/// A drawn thing and its word.
fn swatch(drawn: AnyView, word: &'static str) -> impl IntoView {
    view! {
        <li>
            <svg width="22" height="16" aria-hidden="true">
                {drawn}
            </svg>
            {word}
        </li>
    }
}

fn legend() -> impl IntoView {
    let mark = |class: &'static str| view! { <path class=class d="M11 1l7 7-7 7-7-7z"></path> }.into_any();
    let line = |class: &'static str, d: &'static str| view! { <path class=class d=d></path> }.into_any();
    let checkpoints = view! {
        <path class="tick is-done" d="M6 4v8"></path>
        <path class="tick is-late" d="M11 4v8"></path>
        <path class="tick" d="M16 4v8"></path>
    }
    .into_any();
    view! {
        <ul class="legend">
            {swatch(mark("mark"), "Open")} {swatch(mark("mark is-late"), "Late")}
            {swatch(mark("mark is-done"), "Accepted by both")}
            {swatch(mark("mark is-held"), "Waits for a decision or access")}
            {swatch(line("timeline-ghost", "M1 8H21"), "Moved from the first date")}
            {swatch(line("timeline-baseline", "M11 2l6 6-6 6-6-6z"), "Agreed baseline")}
            {swatch(line("timeline-forecast", "M2 5H20v6H2z"), "Forecast")}
            {swatch(line("timeline-wait", "M1 14C8 14 12 2 21 2"), "Depends on")}
            {swatch(checkpoints, "Checkpoints: done, late, ahead")}
        </ul>
    }
}

/// What the timeline draws.
pub struct Plan {
    pub marks: Vec<Mark>,
    pub ticks: Vec<Tick>,
    /// What waits, and what it waits for.
    pub waits: Vec<(i64, i64)>,
    /// The days that both leads agreed on, by milestone.
    pub baseline: HashMap<i64, Day>,
    pub window: (Day, Day),
    pub zoom: TimelineZoom,
    /// How many initiatives stand before the first one.
    pub first: i64,
}

#[component]
pub fn Timeline(plan: Plan, viewer: Viewer) -> impl IntoView {
    let today = viewer.today();
    let scale = Scale::new(plan.window, plan.zoom);
    let rows = rows_of(plan.marks, plan.ticks, scale);
    let height = rows.last().map_or(HEAD, |row| row.top + row.height());
    let [fine, late] = curves(&rows, plan.waits, scale, today);
    let bands = bands(scale, height);
    let (grid, months) = months(scale, height);
    let now = scale.x(today);
    let names = rows
        .iter()
        .map(|row| {
            view! {
                <li class=format!("lanes-{}", row.lanes)>
                    <a href=viewer.path(&format!("initiatives/{}", row.number))>{row.title.clone()}</a>
                </li>
            }
        })
        .collect_view();
    let lines = rows
        .iter()
        .map(|row| row_view(&viewer, row, scale, &plan.baseline))
        .collect_view();
    let zoom = TimelineZoom::ALL
        .iter()
        .map(|zoom| {
            let zoomed = (*zoom != TimelineZoom::All).then(|| format!("zoom={}", zoom.as_str()));
            let from = (plan.first > 0).then(|| format!("timeline={}", plan.first));
            let asked: Vec<String> = zoomed.into_iter().chain(from).collect();
            let query = if asked.is_empty() { "" } else { "?" };
            let href = viewer.path(&format!("milestones{query}{}", asked.join("&")));
            let current = (*zoom == plan.zoom).then_some("true");
            view! {
                <a class="button is-small" href=href aria-current=current>
                    {zoom.name()}
                </a>
            }
        })
        .collect_view();
    let now_word = format!("Today, {}", today.format(today));
    let (now_x, now_anchor) = if now + 90 > scale.width {
        (now - 4, Some("end"))
    } else {
        (now + 4, None)
    };
    let moves = viewer.may(Action::SpeakForSide);
    view! {
        <figure class="timeline">
            <p class="choices-in-a-row timeline-zoom" role="group" aria-label="Time shown">
                {zoom}
            </p>
            <TimelineTools days=scale.days width=scale.width today=now moves=moves>
                <div class="timeline-frame">
                    <ul class="timeline-names">{names}</ul>
                    <div
                        class="timeline-scroll"
                        tabindex="0"
                        role="group"
                        aria-label="Timeline of all milestones"
                    >
                        <svg class="timeline-picture" width=scale.width height=height>
                            <path class="timeline-band" d=bands></path>
                            <path class="chart-grid" d=grid></path>
                            {months}
                            <path class="timeline-wait" d=fine></path>
                            <path class="timeline-wait is-late" d=late></path>
                            <path class="timeline-today" d=format!("M{now} {HEAD}V{height}")></path>
                            <text class="timeline-today-word" x=now_x y="27" text-anchor=now_anchor>
                                {now_word}
                            </text>
                            {lines}
                        </svg>
                    </div>
                </div>
            </TimelineTools>
            <figcaption>{legend()}</figcaption>
        </figure>
    }
}
