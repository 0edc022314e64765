//! One timeline across all initiatives: a row each, a mark per milestone, a ghost where it was first
//! promised, and a line from what waits to what it waits for.

use std::{collections::HashMap, fmt::Write as _};

use leptos::prelude::*;

use super::{islands::TimelineTools, read::Mark};
use crate::{
    identity::{Action, Viewer},
    platform::time::Day,
    waits::WaitOutcome,
};

const LEFT: f64 = 210.0;

const WIDTH: f64 = 1100.0;

const ROW: f64 = 30.0;

const TOP: f64 = 34.0;

/// The days shown: four months back, nine ahead; what is still owed from before stands at the edge.
pub fn window(today: Day) -> (Day, Day) {
    (today.plus_months(-4), today.plus_months(9))
}

struct Scale {
    from: Day,
    days: f64,
}

impl Scale {
    #[expect(clippy::cast_precision_loss, reason = "a timeline spans months")]
    fn new(from: Day, to: Day) -> Self {
        Self {
            from,
            days: to.days_since(from).max(1) as f64,
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "a timeline spans months")]
    fn x(&self, day: Day) -> f64 {
        let share = (day.days_since(self.from) as f64 / self.days).clamp(0.0, 1.0);
        LEFT + share * (WIDTH - LEFT - 16.0)
    }
}

fn shorten(title: &str, most: usize) -> String {
    if title.chars().count() > most {
        title.chars().take(most - 1).chain(['…']).collect()
    } else {
        title.to_owned()
    }
}

/// An initiative and its milestones, on a row of their own.
struct Row {
    number: i64,
    title: String,
    marks: Vec<Mark>,
}

/// Marks come by initiative.
fn rows_of(marks: Vec<Mark>) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for mark in marks {
        match rows.last_mut() {
            Some(row) if row.number == mark.initiative_number => row.marks.push(mark),
            _ => rows.push(Row {
                number: mark.initiative_number,
                title: mark.initiative.clone(),
                marks: vec![mark],
            }),
        }
    }
    rows
}

#[expect(clippy::cast_precision_loss, reason = "a timeline has few rows")]
fn middle_of(row: usize) -> f64 {
    TOP + row as f64 * ROW + ROW / 2.0
}

/// Curves from what is awaited to what waits for it: those that hold, and those that do not.
fn curves(rows: &[Row], waits: Vec<(i64, i64)>, scale: &Scale, today: Day) -> [String; 2] {
    let places: HashMap<i64, (f64, f64, Day, WaitOutcome)> = rows
        .iter()
        .enumerate()
        .flat_map(|(index, row)| row.marks.iter().map(move |mark| (index, mark)))
        .map(|(index, mark)| {
            let place = (
                scale.x(mark.due_on),
                middle_of(index),
                mark.due_on,
                mark.wait_outcome,
            );
            (mark.number, place)
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
                "M{from_x:.1} {from_y:.1}C{:.1} {from_y:.1} {:.1} {to_y:.1} {to_x:.1} {to_y:.1}",
                from_x + 24.0,
                to_x - 24.0
            );
        }
    }
    [fine, late]
}

/// Every other quarter is shaded.
fn bands(scale: &Scale, height: f64) -> String {
    let mut bands = String::new();
    for step in -1..6 {
        let quarter = scale.from.quarter().plus_months(step * 3);
        if quarter.0.month() % 6 == 1 {
            let (left, right) = (scale.x(quarter), scale.x(quarter.plus_months(3)));
            if right > left {
                let _ = write!(bands, "M{left:.1} {TOP}H{right:.1}V{height:.1}H{left:.1}z");
            }
        }
    }
    bands
}

/// A line at the beginning of each month, and its name.
fn months(scale: &Scale, to: Day, height: f64) -> (String, Vec<AnyView>) {
    let mut grid = String::new();
    let mut months = Vec::new();
    for step in 0..14 {
        let month = Day(scale.from.0.first_of_month()).plus_months(step);
        if month > scale.from && month < to {
            let x = scale.x(month);
            let _ = write!(grid, "M{x:.1} {TOP}V{height:.1}");
            let name = month
                .0
                .strftime(if month.0.month() == 1 { "%b %Y" } else { "%b" })
                .to_string();
            months.push(
                view! {
                    <text class="chart-label" x=format!("{:.1}", x + 4.0) y="22">
                        {name}
                    </text>
                }
                .into_any(),
            );
        }
    }
    (grid, months)
}

/// One milestone: a diamond that leads to it, and may be moved while it is ahead.
fn mark(viewer: &Viewer, mark: &Mark, scale: &Scale, y: f64) -> impl IntoView + use<> {
    let (today, from) = (viewer.today(), scale.from);
    let x = scale.x(mark.due_on);
    let (class, state) = match mark.wait_outcome {
        WaitOutcome::There => ("mark is-done", ", accepted"),
        WaitOutcome::GivenUp => ("mark is-over", ", cancelled"),
        WaitOutcome::NotReached => ("mark is-over", ", not reached"),
        WaitOutcome::Ahead if mark.due_on < today => ("mark is-late", ", late"),
        WaitOutcome::Ahead => ("mark", ""),
    };
    let held = match mark.held_by {
        0 => String::new(),
        _ if mark.wait_outcome != WaitOutcome::Ahead => String::new(),
        1 => ", waits for a decision or an access".to_owned(),
        count => format!(", waits for {count} decisions or accesses"),
    };
    let class = if held.is_empty() {
        class.to_owned()
    } else {
        format!("{class} is-held")
    };
    let moved = if mark.promised_on == mark.due_on {
        String::new()
    } else {
        format!(", first promised for {}", mark.promised_on.format(today))
    };
    let label = format!(
        "{}: {}{moved}{held}{state}",
        mark.title,
        mark.due_on.format(today)
    );
    let (spoken, name) = (label.clone(), shorten(&mark.title, 24));
    let path = viewer.path(&format!("milestones/{}", mark.number));
    view! {
        <a
            href=path.clone()
            aria-label=spoken
            draggable="false"
            data-due=(mark.wait_outcome == WaitOutcome::Ahead).then(|| mark.due_on.to_string())
            data-day=mark.due_on.max(from).days_since(Day::new(1970, 1, 1))
            data-title=mark.title.clone()
            data-move=format!("{path}/move")
        >
            <path class=class d=format!("M{x:.1} {:.1}l7 7-7 7-7-7z", y - 7.0)>
                <title>{label}</title>
            </path>
            <text class="mark-name" x=format!("{x:.1}") y=format!("{:.1}", y + 12.0) aria-hidden="true">
                {name}
            </text>
        </a>
    }
}

fn row(viewer: &Viewer, index: usize, row: Row, scale: &Scale) -> impl IntoView + use<> {
    let y = middle_of(index);
    let Row { number, title, marks } = row;
    let searched = std::iter::once(title.as_str())
        .chain(marks.iter().map(|mark| mark.title.as_str()))
        .collect::<Vec<_>>()
        .join(" ");
    let short = shorten(&title, 30);
    let ghosts = marks
        .iter()
        .filter(|m| m.promised_on != m.due_on)
        .fold(String::new(), |mut path, mark| {
            let _ = write!(
                path,
                "M{:.1} {y:.1}H{:.1}",
                scale.x(mark.promised_on),
                scale.x(mark.due_on)
            );
            path
        });
    let marks = marks.iter().map(|one| mark(viewer, one, scale, y)).collect_view();
    view! {
        <g data-row=searched>
            <a href=viewer.path(&format!("initiatives/{number}"))>
                <text class="timeline-name" x="0" y=format!("{:.1}", y + 4.0)>
                    {short}
                </text>
            </a>
            <path class="timeline-row" d=format!("M{LEFT} {y:.1}H{WIDTH}")></path>
            <path class="timeline-ghost" d=ghosts></path>
            {marks}
        </g>
    }
}

#[component]
#[expect(clippy::cast_precision_loss, reason = "a timeline has few rows")]
pub fn Timeline(marks: Vec<Mark>, waits: Vec<(i64, i64)>, viewer: Viewer) -> impl IntoView {
    let today = viewer.today();
    let (from, to) = window(today);
    let scale = Scale::new(from, to);
    let rows = rows_of(marks);
    let height = TOP + rows.len() as f64 * ROW + 8.0;
    let [fine, late] = curves(&rows, waits, &scale, today);
    let bands = bands(&scale, height);
    let (grid, months) = months(&scale, to, height);
    let now = scale.x(today);
    let lines = rows
        .into_iter()
        .enumerate()
        .map(|(index, one)| row(&viewer, index, one, &scale))
        .collect_view();
    let moves = viewer.may(Action::SpeakForSide);
    #[expect(
        clippy::cast_possible_truncation,
        reason = "units and thousandths of a picture"
    )]
    let [width, thousandths, now_at] = [
        WIDTH,
        (WIDTH - LEFT - 16.0) / WIDTH * 1000.0,
        now / WIDTH * 1000.0,
    ]
    .map(|wide| wide.round() as i64);
    view! {
        <figure class="timeline">
            <TimelineTools
                days=to.days_since(from)
                width=width
                thousandths=thousandths
                today=now_at
                moves=moves
            >
                <div
                    class="timeline-scroll"
                    tabindex="0"
                    role="group"
                    aria-label="Timeline of all milestones"
                >
                    <svg class="timeline-picture" viewBox=format!("0 0 {WIDTH} {height}")>
                        <path class="timeline-band" d=bands></path>
                        <path class="chart-grid" d=grid></path>
                        {months}
                        <path class="timeline-wait" d=fine></path>
                        <path class="timeline-wait is-late" d=late></path>
                        {lines}
                        <path class="timeline-today" d=format!("M{now:.1} {TOP}V{height:.1}")></path>
                        <text class="timeline-today-word" x=format!("{:.1}", now + 4.0) y="34">
                            "Today"
                        </text>
                    </svg>
                </div>
            </TimelineTools>
            <figcaption class="faint">
                "A diamond is a milestone, filled when both sides accepted it, red when its date has passed, \
                    grey when its initiative ended without it. A dashed line leads from where it was first \
                    promised, a curve from a milestone to one that waits for it, red where it does not come \
                    in time; a dashed outline, that it waits for a decision or an access. At the left edge \
                    stands what is owed since before. Shades are quarters."
            </figcaption>
        </figure>
    }
}
