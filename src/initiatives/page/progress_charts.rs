//! How the work goes, as two pictures: checkpoints passed beside those that were planned, and how sure its
//! leads were.

use std::fmt::Write as _;

use leptos::prelude::*;

use crate::{
    handshake::Health,
    identity::Viewer,
    initiatives::read::{Confidence, Initiative},
    milestones::read::PlannedCheckpoint,
    platform::time::Day,
    ui::Section,
};

/// Units of a picture's view box.
const WIDTH: f64 = 240.0;
const HEIGHT: f64 = 80.0;
/// Kept free at the edges, for lines and dots.
const MARGIN: f64 = 4.0;

/// Days from left to right.
#[derive(Clone, Copy)]
struct Axis {
    from: Day,
    to: Day,
}

impl Axis {
    #[expect(clippy::cast_precision_loss, reason = "days of a few years")]
    fn x(self, day: Day) -> f64 {
        let whole = self.to.days_since(self.from).max(1) as f64;
        let gone = day.days_since(self.from).clamp(0, self.to.days_since(self.from)) as f64;
        MARGIN + gone / whole * (WIDTH - 2.0 * MARGIN)
    }
}

#[expect(clippy::cast_precision_loss, reason = "a few hundred at most")]
fn y(value: i64, most: i64) -> f64 {
    HEIGHT - MARGIN - value as f64 / most.max(1) as f64 * (HEIGHT - 2.0 * MARGIN)
}

/// A line that rises by one on each of these days, from the left edge to `until`.
fn rising(mut days: Vec<Day>, axis: Axis, until: Day, most: i64) -> String {
    days.retain(|day| *day <= until);
    days.sort_unstable();
    let mut path = format!("M{:.1} {:.1}", axis.x(axis.from), y(0, most));
    for (count, day) in (1..).zip(days) {
        let _ = write!(path, "H{:.1}V{:.1}", axis.x(day), y(count, most));
    }
    let _ = write!(path, "H{:.1}", axis.x(until));
    path
}

/// "3 of 7 checkpoints passed; 5 were due by today."
fn passed_in_words(passed: usize, due: usize, all: usize) -> String {
    let due = match due {
        0 => "none was due by today".to_owned(),
        1 => "1 was due by today".to_owned(),
        due => format!("{due} were due by today"),
    };
    format!("{passed} of {all} checkpoints passed; {due}.")
}

fn burn_up(viewer: &Viewer, it: &Initiative, checkpoints: &[PlannedCheckpoint]) -> impl IntoView + use<> {
    let today = viewer.today();
    let last_due = checkpoints
        .iter()
        .map(|one| one.due_on)
        .max()
        .unwrap_or(it.due_on);
    let passed: Vec<Day> = checkpoints
        .iter()
        .filter_map(|one| one.passed_at.map(|at| viewer.day_of(at)))
        .collect();
    let planned: Vec<Day> = checkpoints.iter().map(|one| one.due_on).collect();
    let first = planned.iter().chain(&passed).copied().chain([it.starts_on]).min();
    let axis = Axis {
        from: first.unwrap_or(it.starts_on),
        to: last_due.max(it.due_on).max(today),
    };
    let all = i64::try_from(checkpoints.len()).unwrap_or(i64::MAX);
    let due = planned.iter().filter(|day| **day <= today).count();
    let words = passed_in_words(passed.len(), due, checkpoints.len());
    let x = format!("{:.1}", axis.x(today));
    view! {
        <figure class="progress-chart">
            <figcaption>"Checkpoints"</figcaption>
            <svg viewBox=format!("0 0 {WIDTH} {HEIGHT}") aria-hidden="true">
                <line class="today-tick" x1=x.clone() x2=x y1="0" y2=HEIGHT></line>
                <path class="chart-target" d=rising(planned, axis, axis.to, all)></path>
                <path class="chart-line" d=rising(passed, axis, today, all)></path>
            </svg>
            <span class="spark-ends" aria-hidden="true">
                <span>{axis.from.format(today)}</span>
                <span>{axis.to.format(today)}</span>
            </span>
            <p class="faint">{words} " Dashed: as planned. Blue: today."</p>
        </figure>
    }
}

const fn dot(health: Health) -> &'static str {
    match health {
        Health::OnTrack => "health-dot is-good",
        Health::AtRisk => "health-dot is-watch",
        Health::OffTrack => "health-dot is-bad",
    }
}

/// Check-ins that the words name.
const NAMED: usize = 4;

/// "80, 80, 60, 30% confident at the last 4 check-ins."
fn confident_in_words(said: &[Confidence]) -> String {
    let last = &said[said.len().saturating_sub(NAMED)..];
    let named: Vec<String> = last.iter().map(|one| one.confidence.to_string()).collect();
    format!(
        "{}% confident at the last {} check-ins.",
        named.join(", "),
        last.len()
    )
}

fn confidence(viewer: &Viewer, said: &[Confidence]) -> impl IntoView + use<> {
    let today = viewer.today();
    let day = |one: &Confidence| viewer.day_of(one.at);
    let axis = Axis {
        from: said.first().map_or(today, day),
        to: said.last().map_or(today, day),
    };
    let points: Vec<(f64, f64, Health)> = said
        .iter()
        .map(|one| (axis.x(day(one)), y(one.confidence, 100), one.health))
        .collect();
    let line = points.iter().fold(String::new(), |mut line, (x, y, _)| {
        let _ = write!(line, "{}{x:.1} {y:.1}", if line.is_empty() { "M" } else { "L" });
        line
    });
    let dots = points
        .into_iter()
        .map(|(x, y, health)| {
            view! { <circle class=dot(health) cx=format!("{x:.1}") cy=format!("{y:.1}") r="4"></circle> }
        })
        .collect_view();
    let half = format!("{:.1}", y(50, 100));
    view! {
        <figure class="progress-chart">
            <figcaption>"Confidence"</figcaption>
            <svg viewBox=format!("0 0 {WIDTH} {HEIGHT}") aria-hidden="true">
                <line class="chart-grid" x1="0" x2=WIDTH y1=half.clone() y2=half></line>
                <path class="chart-line" d=line></path>
                {dots}
            </svg>
            <span class="spark-ends" aria-hidden="true">
                <span>{axis.from.format(today)}</span>
                <span>{axis.to.format(today)}</span>
            </span>
            <p class="faint">{confident_in_words(said)}</p>
        </figure>
    }
}

/// Nothing before there are checkpoints or two check-ins.
pub(super) fn progress_charts(
    viewer: &Viewer,
    it: &Initiative,
    checkpoints: &[PlannedCheckpoint],
    said: &[Confidence],
) -> Option<impl IntoView + use<>> {
    let burn_up = (!checkpoints.is_empty()).then(|| burn_up(viewer, it, checkpoints));
    let confidence = (said.len() > 1).then(|| confidence(viewer, said));
    (burn_up.is_some() || confidence.is_some()).then(|| {
        view! {
            <Section title="Progress and confidence">
                <div class="progress-charts">{burn_up}{confidence}</div>
            </Section>
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::time::Timestamp;

    #[test]
    fn the_line_rises_on_the_day_and_ends_where_it_is_known() {
        let axis = Axis {
            from: Day::new(2026, 1, 1),
            to: Day::new(2026, 1, 11),
        };
        let (first, later) = (Day::new(2026, 1, 6), Day::new(2026, 1, 10));
        assert_eq!(
            rising(vec![later, first], axis, axis.to, 2),
            "M4.0 76.0H120.0V40.0H212.8V4.0H236.0"
        );
        // What is due after today is not drawn as passed.
        assert_eq!(
            rising(vec![later, first], axis, Day::new(2026, 1, 8), 2),
            "M4.0 76.0H120.0V40.0H166.4"
        );
        assert_eq!(rising(Vec::new(), axis, axis.from, 0), "M4.0 76.0H4.0");
    }

    #[test]
    fn words_say_what_the_pictures_show() {
        assert_eq!(
            passed_in_words(3, 5, 7),
            "3 of 7 checkpoints passed; 5 were due by today."
        );
        assert_eq!(
            passed_in_words(0, 1, 2),
            "0 of 2 checkpoints passed; 1 was due by today."
        );
        assert_eq!(
            passed_in_words(0, 0, 2),
            "0 of 2 checkpoints passed; none was due by today."
        );
        let said: Vec<Confidence> = [90, 80, 80, 60, 30]
            .into_iter()
            .map(|confidence| Confidence {
                at: Timestamp::from_millis(0),
                confidence,
                health: Health::AtRisk,
            })
            .collect();
        assert_eq!(
            confident_in_words(&said),
            "80, 80, 60, 30% confident at the last 4 check-ins."
        );
        assert_eq!(
            confident_in_words(&said[..2]),
            "90, 80% confident at the last 2 check-ins."
        );
    }
}
