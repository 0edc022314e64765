//! Where everything stands on the timeline: days in pixels, names on lanes, a row an initiative.

use std::collections::HashMap;

use super::TimelineZoom;
use crate::{
    milestones::read::{Mark, Tick},
    platform::time::Day,
};

/// The width at which everything is seen at once.
pub(super) const WIDTH: i64 = 800;

/// The months' names above.
pub(super) const HEAD: i64 = 28;

/// The bar of the initiative, above the first lane.
pub(super) const BAR: i64 = 12;

pub(super) const LANE: i64 = 20;

/// More lanes than this are drawn over one another.
pub(super) const MOST_LANES: usize = 8;

/// A title's letters on the picture, where what comes next leaves the room.
pub(super) const LONGEST_NAME: usize = 40;

/// And where it does not.
pub(super) const SHORT_NAME: usize = 26;

/// About the width of a letter.
pub(super) const LETTER: i64 = 6;

/// The days shown: from a month before the first promise that is open to a month after the last, within a
/// year and a half; a quarter at least. What is still owed from before stands at the edge.
pub fn window(open: Option<(Day, Day)>, today: Day) -> (Day, Day) {
    let (first, last) = open.unwrap_or((today, today));
    let from = first.min(today).plus_months(-1).max(today.plus_months(-6));
    let to = last.max(today).plus_months(1).min(today.plus_months(18));
    (from, to.max(from.plus(92)))
}

/// Days in pixels.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    pub from: Day,
    pub days: i64,
    pub width: i64,
}

impl Scale {
    pub fn new((from, to): (Day, Day), zoom: TimelineZoom) -> Self {
        let days = to.days_since(from).max(1);
        let seen = zoom.days().map_or(days, |seen| seen.min(days));
        Self {
            from,
            days,
            width: WIDTH * days / seen,
        }
    }

    pub fn x(&self, day: Day) -> i64 {
        (day.days_since(self.from) * self.width / self.days).clamp(0, self.width)
    }
}

pub(super) fn shorten(title: &str, most: usize) -> String {
    if title.chars().count() > most {
        title.chars().take(most - 1).chain(['…']).collect()
    } else {
        title.to_owned()
    }
}

/// Where a diamond's name stands: on which lane, whether to the left, and with how many letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub lane: usize,
    pub is_left: bool,
    pub letters: usize,
}

impl Place {
    /// From where to where a diamond at `x` and its name lie, the name to the left where the right has no
    /// room.
    fn extent(x: i64, letters: usize, width: i64) -> (bool, i64, i64) {
        let length = 14 + LETTER * i64::try_from(letters).unwrap_or(0);
        if x + length > width && x - length > 0 {
            (true, x - length, x + 9)
        } else {
            (false, x - 9, x + length)
        }
    }
}

/// Places diamonds with titles of so many letters, by their positions: each on the first lane where it lies
/// over no other, and with a shorter name where a long one would reach the next diamond.
pub(super) fn place(diamonds: &[(i64, usize)], width: i64) -> Vec<Place> {
    let mut taken: Vec<Vec<(i64, i64)>> = Vec::new();
    let mut places = Vec::new();
    for (index, (x, letters)) in diamonds.iter().enumerate() {
        let long = (*letters).min(LONGEST_NAME);
        let (is_left, from, to) = Place::extent(*x, long, width);
        let reaches_next = diamonds.get(index + 1).is_some_and(|(next, _)| to > next - 9);
        let reaches_others = taken
            .iter()
            .flatten()
            .any(|(left, right)| to >= *left && from <= *right);
        let (letters, is_left, from, to) = if reaches_next || reaches_others {
            let short = long.min(SHORT_NAME);
            let (is_left, from, to) = Place::extent(*x, short, width);
            (short, is_left, from, to)
        } else {
            (long, is_left, from, to)
        };
        let is_free = |lane: &Vec<(i64, i64)>| lane.iter().all(|(left, right)| to < *left || from > *right);
        let lane = taken
            .iter()
            .position(is_free)
            .unwrap_or(taken.len())
            .min(MOST_LANES - 1);
        if lane == taken.len() {
            taken.push(Vec::new());
        }
        taken[lane].push((from, to));
        places.push(Place {
            lane,
            is_left,
            letters,
        });
    }
    places
}

/// An initiative, its milestones and where they stand.
pub(super) struct Row {
    pub number: i64,
    pub title: String,
    pub starts_on: Day,
    pub ends_on: Day,
    pub marks: Vec<(Mark, Place)>,
    pub ticks: Vec<Tick>,
    pub lanes: usize,
    /// The upper edge.
    pub top: i64,
}

impl Row {
    pub fn height(&self) -> i64 {
        BAR + LANE * i64::try_from(self.lanes).unwrap_or(1) + 10
    }

    pub fn y(&self, place: Place) -> i64 {
        self.top + BAR + LANE * i64::try_from(place.lane).unwrap_or(0) + LANE / 2
    }
}

/// Marks come by initiative, and within it by day.
pub(super) fn rows_of(marks: Vec<Mark>, ticks: Vec<Tick>, scale: Scale) -> Vec<Row> {
    let mut by_initiative: HashMap<i64, Vec<Tick>> = HashMap::new();
    for tick in ticks {
        by_initiative
            .entry(tick.initiative_number)
            .or_default()
            .push(tick);
    }
    let mut grouped: Vec<Vec<Mark>> = Vec::new();
    for mark in marks {
        match grouped.last_mut() {
            Some(row) if row[0].initiative_number == mark.initiative_number => row.push(mark),
            _ => grouped.push(vec![mark]),
        }
    }
    let mut top = HEAD;
    grouped
        .into_iter()
        .map(|marks| {
            let diamonds: Vec<(i64, usize)> = marks
                .iter()
                .map(|mark| (scale.x(mark.due_on), mark.title.chars().count()))
                .collect();
            let places = place(&diamonds, scale.width);
            let row = Row {
                number: marks[0].initiative_number,
                title: marks[0].initiative.clone(),
                starts_on: marks[0].starts_on,
                ends_on: marks[0].ends_on,
                lanes: places.iter().map(|place| place.lane + 1).max().unwrap_or(1),
                ticks: by_initiative
                    .remove(&marks[0].initiative_number)
                    .unwrap_or_default(),
                marks: marks.into_iter().zip(places).collect(),
                top,
            };
            top += row.height();
            row
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_window_fits_the_open_work() {
        let today = Day::new(2026, 11, 22);
        let shown = |first: i64, last: i64| {
            let (from, to) = window(Some((today.plus(first), today.plus(last))), today);
            (from.to_string(), to.to_string())
        };
        let days = |from: &str, to: &str| (from.to_owned(), to.to_owned());
        assert_eq!(shown(10, 100), days("2026-10-22", "2027-04-02"));
        assert_eq!(
            shown(-40, 5),
            days("2026-09-13", "2026-12-27"),
            "what is late is seen"
        );
        assert_eq!(
            shown(-900, 900),
            days("2026-05-22", "2028-05-22"),
            "a year and a half ahead"
        );
        let (from, to) = window(None, today);
        assert_eq!(to.days_since(from), 92, "a quarter at least");
    }

    #[test]
    fn a_closer_look_shows_fewer_days() {
        let window = (Day::new(2026, 1, 1), Day::new(2027, 1, 1));
        let day = Day::new(2026, 7, 2);
        let at = |zoom: TimelineZoom| (Scale::new(window, zoom).x(day), Scale::new(window, zoom).width);
        assert_eq!(at(TimelineZoom::All), (398, 800));
        assert_eq!(at(TimelineZoom::HalfYear), (795, 1595));
        assert_eq!(at(TimelineZoom::Quarter), (1582, 3173));
    }

    #[test]
    fn a_name_is_shortened_only_where_the_next_one_stands() {
        let letters = |diamonds: &[(i64, usize)]| -> Vec<usize> {
            place(diamonds, 800).iter().map(|place| place.letters).collect()
        };
        assert_eq!(letters(&[(100, 35)]), [35]);
        assert_eq!(letters(&[(100, 60)]), [LONGEST_NAME]);
        assert_eq!(letters(&[(100, 35), (250, 10)]), [SHORT_NAME, 10]);
        assert_eq!(letters(&[(780, 35)]), [35], "to the left");
    }

    proptest! {
        #[test]
        fn no_name_lies_over_another(mut diamonds in prop::collection::vec((0_i64..800, 1_usize..60), 1..9)) {
            diamonds.sort_unstable();
            let places = place(&diamonds, 800);
            let spans: Vec<(usize, i64, i64)> = diamonds
                .iter()
                .zip(&places)
                .map(|((x, title), place)| {
                    prop_assert!(place.letters >= *title.min(&SHORT_NAME), "{places:?}");
                    let length = 14 + LETTER * i64::try_from(place.letters).expect("few");
                    Ok(if place.is_left {
                        (place.lane, x - length, x + 9)
                    } else {
                        (place.lane, x - 9, x + length)
                    })
                })
                .collect::<Result<_, TestCaseError>>()?;
            for (index, (lane, from, to)) in spans.iter().enumerate() {
                for (other, left, right) in &spans[index + 1..] {
                    prop_assert!(lane != other || to < left || from > right, "{spans:?}");
                }
            }
        }
    }
}
