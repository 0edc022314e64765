//! How far a measure is from its baseline to its target, as a bar.

use leptos::prelude::*;

use crate::{
    goals::read::{Goal, GoalMeasure},
    kpis::{in_words, with_unit},
    platform::time::Day,
};

/// Percent of a goal's time that is over; none before it begins and after it ends.
pub(super) fn time_gone(starts_on: Day, due_on: Day, today: Day) -> Option<i64> {
    let (whole, gone) = (due_on.days_since(starts_on), today.days_since(starts_on));
    (whole > 0 && gone >= 0 && gone <= whole).then(|| gone * 100 / whole)
}

/// Baseline, bar and target: filled as far as it has gone, with a tick where it would be if it went evenly.
pub(super) fn progress_bar(measure: &GoalMeasure, time_gone: Option<i64>) -> impl IntoView + use<> {
    let span = measure.span;
    let gone = measure.value.map(|value| span.progress(value));
    let words = match (gone, time_gone) {
        (Some(gone), Some(time)) => format!("{gone}% of the way, {time}% of the time"),
        (Some(gone), None) => format!("{gone}% of the way"),
        (None, _) => "no value yet".to_owned(),
    };
    let tick = time_gone.map(|percent| {
        let x = percent.clamp(1, 99).to_string();
        view! { <line class="today-tick" x1=x.clone() x2=x y1="0" y2="14"></line> }
    });
    view! {
        <span class="measure-progress">
            <span class="visually-hidden">
                {format!("from {} to {}", span.baseline.format(), with_unit(span.target, &measure.unit))}
            </span>
            <span class="measure-bar" aria-hidden="true">
                <span>{span.baseline.format()}</span>
                <svg viewBox="0 0 100 14" preserveAspectRatio="none">
                    <rect class="progress-all" y="4" width="100" height="6"></rect>
                    <rect class="progress-done" y="4" width=gone.unwrap_or(0) height="6"></rect>
                    {tick}
                </svg>
                <span>{with_unit(span.target, &measure.unit)}</span>
            </span>
            <span class="progress-words">{words}</span>
        </span>
    }
}

/// Measures of a goal that its row shows.
const SHOWN: usize = 3;

/// Those of a goal, the first named first.
pub(super) fn progress_bars(goal: &Goal, today: Day) -> impl IntoView + use<> {
    let time = time_gone(goal.starts_on, goal.due_on, today);
    let rows = goal
        .measures
        .iter()
        .take(SHOWN)
        .map(|measure| {
            let now = measure.value.map_or_else(
                || "–".to_owned(),
                |value| in_words(value, &measure.unit, measure.is_computed),
            );
            view! {
                <li>
                    <span>{measure.title.clone()} " " <strong>{now}</strong></span>
                    {progress_bar(measure, time)}
                </li>
            }
        })
        .collect_view();
    let more = goal.measures.len().saturating_sub(SHOWN);
    view! {
        <ul class="measures">
            {rows} {(more > 0).then(|| view! { <li class="faint">{format!("and {more} more")}</li> })}
        </ul>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tick_stands_where_the_time_does() {
        let (from, to) = (Day::new(2026, 1, 1), Day::new(2026, 12, 31));
        assert_eq!(time_gone(from, to, from), Some(0));
        assert_eq!(time_gone(from, to, Day::new(2026, 7, 2)), Some(50));
        assert_eq!(time_gone(from, to, to), Some(100));
        assert_eq!(time_gone(from, to, to.plus(1)), None);
        assert_eq!(time_gone(from, to, from.plus(-1)), None);
    }
}
