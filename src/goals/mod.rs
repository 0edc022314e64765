//! Marketing goals, and the access to data or technology that they are cited for.
//!
//! A *goal* says what Marketing wants to reach, why, and by when; its *owner* sits in Marketing. It is
//! *measured* by KPIs, each with a *baseline* and a *target* in the KPI's own unit and direction: churn that
//! should fall has its target below its baseline. How far a goal is is read from the numbers alone, never
//! from the work: milestones may all be accepted while the goal has not moved, and both are shown. Several
//! measures are *rolled up* by the weakest, with the denominator said, never averaged. A goal whose numbers
//! or date change needs a reason. Initiatives *serve* goals.
//!
//! Whoever needs data or technology for a goal *asks for access*: what, what for, from when, until when,
//! citing the goal. Access is *approved* by both sides, a handshake over the request's text, and then
//! *granted* by somebody of the side that was asked: two dated steps. It ends by itself after its last day,
//! or earlier, with a reason; what nobody granted in time was *never granted*. Approving it is due by its
//! first day; granting it too, or as soon as both approved. A milestone may wait for it; once it was granted,
//! that wait is over for good.
//!
//! Status of a measure is derived, the first that holds: outdated; no data; reached; not reached (the date
//! has passed); not started; then how far it is against where a straight line from baseline to target would
//! be today. A date has passed the day after, and from then on the value of the last period that ended by it
//! counts: a result is final.

#[cfg(feature = "ssr")]
pub mod held;

#[cfg(feature = "ssr")]
pub mod page;

#[cfg(feature = "ssr")]
pub mod read;

#[cfg(feature = "ssr")]
pub mod write;

use crate::{
    kpis::Direction,
    platform::{
        quantity::Quantity,
        time::{Day, days},
    },
};

/// The way that a measure goes, in its KPI's unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub baseline: Quantity,
    pub target: Quantity,
}

impl Span {
    /// Whether it leads where the KPI should go.
    pub fn check_direction(self, direction: Direction) -> Result<(), &'static str> {
        match direction {
            Direction::Increase | Direction::Above if self.target <= self.baseline => {
                Err("This KPI should rise: its target is above its baseline.")
            }
            Direction::Decrease | Direction::Below if self.target >= self.baseline => {
                Err("This KPI should fall: its target is below its baseline.")
            }
            Direction::Within => Err("A KPI that stays within a range cannot have a baseline and a target."),
            _ => Ok(()),
        }
    }

    fn falls(self) -> bool {
        self.target < self.baseline
    }

    pub fn is_reached(self, value: Quantity) -> bool {
        if self.falls() {
            value <= self.target
        } else {
            value >= self.target
        }
    }

    /// Percent of the way gone; 100 only when the target is reached, 0 when it stands where it began or
    /// behind.
    pub fn progress(self, value: Quantity) -> i64 {
        if self.is_reached(value) {
            return 100;
        }
        let (from, to, at) = (
            i128::from(self.baseline.ten_thousandths()),
            i128::from(self.target.ten_thousandths()),
            i128::from(value.ten_thousandths()),
        );
        // Both counted in the good direction, so that what is behind the baseline is below zero and rounds
        // down.
        let (span, gone) = if self.falls() {
            (from - to, from - at)
        } else {
            (to - from, at - from)
        };
        i64::try_from((gone * 100).div_euclid(span))
            .unwrap_or(0)
            .clamp(0, 99)
    }

    pub fn to_go(self, value: Quantity) -> Quantity {
        if self.is_reached(value) {
            Quantity::whole(0)
        } else {
            self.target.minus(value).magnitude()
        }
    }
}

/// How far a measure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GoalStatus {
    NoData,
    Outdated(i64),
    /// Its first day is ahead.
    NotStarted,
    Reached,
    /// Its date has passed at this percentage of the way.
    NotReached(i64),
    OnTrack(i64),
    AtRisk(i64),
    OffTrack(i64),
}

/// Percent of what a straight line would have gone by today, below which a measure is at risk, and off track.
pub const WATCH_BELOW: i64 = 90;

pub const ACT_BELOW: i64 = 70;

/// What a measure's status is derived from.
#[derive(Clone, Copy, Debug)]
pub struct GoalFacts {
    pub span: Span,
    /// The newest; once the date has passed, that of the last period that ended by it.
    pub value: Option<Quantity>,
    /// By how many days the KPI's newest period is overdue.
    pub outdated: Option<i64>,
    pub starts_on: Day,
    pub due_on: Day,
}

pub fn status(facts: GoalFacts, today: Day) -> GoalStatus {
    if let Some(late) = facts.outdated {
        return GoalStatus::Outdated(late);
    }
    let Some(value) = facts.value else {
        return GoalStatus::NoData;
    };
    let gone = facts.span.progress(value);
    if gone == 100 {
        return GoalStatus::Reached;
    }
    if today > facts.due_on {
        return GoalStatus::NotReached(gone);
    }
    if today < facts.starts_on {
        return GoalStatus::NotStarted;
    }
    let all = facts.due_on.days_since(facts.starts_on).max(1);
    let passed = today.days_since(facts.starts_on).clamp(0, all);
    // gone / (passed / all) against the two thresholds, without dividing.
    match gone * all {
        reached if reached >= passed * WATCH_BELOW => GoalStatus::OnTrack(gone),
        reached if reached >= passed * ACT_BELOW => GoalStatus::AtRisk(gone),
        _ => GoalStatus::OffTrack(gone),
    }
}

impl GoalStatus {
    /// What there is to say beside the word.
    pub fn detail(self) -> String {
        match self {
            Self::NoData => "No value yet".to_owned(),
            Self::Outdated(late) => format!("New value due {} ago", days(late)),
            Self::NotStarted => "Its first day is ahead".to_owned(),
            Self::Reached => "Reached".to_owned(),
            Self::NotReached(gone) => format!("Not reached: {gone}% of the way"),
            Self::OnTrack(gone) | Self::AtRisk(gone) | Self::OffTrack(gone) => {
                format!("{gone}% of the way")
            }
        }
    }

    /// The worse, the smaller.
    pub const fn order(self) -> u8 {
        match self {
            Self::NotReached(_) => 0,
            Self::OffTrack(_) => 1,
            Self::Outdated(_) => 2,
            Self::AtRisk(_) => 3,
            Self::NoData => 4,
            Self::NotStarted => 5,
            Self::OnTrack(_) => 6,
            Self::Reached => 7,
        }
    }

    pub const fn is_fine(self) -> bool {
        matches!(self, Self::OnTrack(_) | Self::Reached)
    }
}

/// The position of the weakest of several measures: the worst status, then the least way gone.
pub fn weakest(statuses: &[GoalStatus]) -> Option<usize> {
    let gone = |status: GoalStatus| match status {
        GoalStatus::OnTrack(gone)
        | GoalStatus::AtRisk(gone)
        | GoalStatus::OffTrack(gone)
        | GoalStatus::NotReached(gone) => gone,
        _ => 100,
    };
    statuses
        .iter()
        .enumerate()
        .min_by_key(|(_, status)| (status.order(), gone(**status)))
        .map(|(index, _)| index)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn span(baseline: i64, target: i64) -> Span {
        Span {
            baseline: Quantity::whole(baseline),
            target: Quantity::whole(target),
        }
    }

    #[test]
    fn direction_counts() {
        // Churn from 4 to 2: falling is progress, rising is none.
        for (value, gone) in [(5, 0), (4, 0), (3, 50), (2, 100), (1, 100)] {
            assert_eq!(span(4, 2).progress(Quantity::whole(value)), gone, "{value}");
        }
        for (value, gone) in [(10, 0), (25, 25), (69, 98), (70, 100), (110, 100)] {
            assert_eq!(span(10, 70).progress(Quantity::whole(value)), gone, "{value}");
        }
        assert!(
            span(4, 2).check_direction(Direction::Decrease).is_ok()
                && span(4, 2).check_direction(Direction::Increase).is_err()
        );
        assert!(
            span(4, 6).check_direction(Direction::Within).is_err()
                && span(4, 6).check_direction(Direction::Above).is_ok()
        );
    }

    #[test]
    fn every_combination_has_one_status() {
        let start = Day::new(2026, 1, 1);
        let mut seen = 0;
        // A rise from 0 to 100 and the fall that mirrors it, over a hundred days.
        for mirrored in [false, true] {
            for outdated in [None, Some(3)] {
                for value in [
                    None,
                    Some(-20),
                    Some(0),
                    Some(34),
                    Some(35),
                    Some(44),
                    Some(45),
                    Some(99),
                    Some(100),
                    Some(130),
                ] {
                    for day in [-1, 0, 50, 100, 101] {
                        let turned = |units: i64| if mirrored { 100 - units } else { units };
                        let span = span(turned(0), turned(100));
                        let facts = GoalFacts {
                            span,
                            value: value.map(|units| Quantity::whole(turned(units))),
                            outdated,
                            starts_on: start,
                            due_on: start.plus(100),
                        };
                        let expected = match (outdated, value, day) {
                            (Some(late), ..) => GoalStatus::Outdated(late),
                            (_, None, _) => GoalStatus::NoData,
                            (_, Some(100..), _) => GoalStatus::Reached,
                            (_, Some(units), 101) => GoalStatus::NotReached(units.max(0)),
                            (_, Some(_), -1) => GoalStatus::NotStarted,
                            (_, Some(units), 0) => GoalStatus::OnTrack(units.max(0)),
                            (_, Some(units @ 45..), 50) | (_, Some(units @ 90..), 100) => {
                                GoalStatus::OnTrack(units)
                            }
                            (_, Some(units @ 35..), 50) | (_, Some(units @ 70..), 100) => {
                                GoalStatus::AtRisk(units)
                            }
                            (_, Some(units), _) => GoalStatus::OffTrack(units.max(0)),
                        };
                        assert_eq!(
                            status(facts, start.plus(day)),
                            expected,
                            "{value:?} on day {day}, outdated {outdated:?}, mirrored {mirrored}"
                        );
                        seen += 1;
                    }
                }
            }
        }
        assert_eq!(seen, 200);
    }

    #[derive(serde::Deserialize)]
    struct Figures {
        goals: Vec<Figure>,
    }

    #[derive(serde::Deserialize)]
    struct Figure {
        baseline: String,
        target: String,
        value: String,
        days: i64,
        day: i64,
        gone: i64,
        status: String,
    }

    #[test]
    fn the_way_gone_is_that_of_the_reference_figures() {
        let figures: Figures =
            serde_json::from_str(include_str!("../kpis/reference.json")).expect("the reference figures");
        assert!(figures.goals.len() > 10);
        for figure in figures.goals {
            let quantity = |text: &str| text.parse::<Quantity>().expect("a quantity");
            let span = Span {
                baseline: quantity(&figure.baseline),
                target: quantity(&figure.target),
            };
            let value = quantity(&figure.value);
            let start = Day::new(2026, 1, 1);
            let facts = GoalFacts {
                span,
                value: Some(value),
                outdated: None,
                starts_on: start,
                due_on: start.plus(figure.days),
            };
            let found = match status(facts, start.plus(figure.day)) {
                GoalStatus::Reached => "reached",
                GoalStatus::NotReached(_) => "not_reached",
                GoalStatus::OnTrack(_) => "on_track",
                GoalStatus::AtRisk(_) => "at_risk",
                GoalStatus::OffTrack(_) => "off_track",
                GoalStatus::NoData | GoalStatus::Outdated(_) | GoalStatus::NotStarted => "silent",
            };
            assert_eq!(
                (span.progress(value), found),
                (figure.gone, figure.status.as_str()),
                "{} to {}, at {}",
                figure.baseline,
                figure.target,
                figure.value
            );
        }
    }

    #[test]
    fn the_weakest_speaks_for_all() {
        let statuses = [
            GoalStatus::Reached,
            GoalStatus::OffTrack(40),
            GoalStatus::OffTrack(12),
            GoalStatus::NoData,
        ];
        assert_eq!(weakest(&statuses), Some(2));
        assert_eq!(weakest(&[]), None);
    }

    proptest! {
        #[test]
        fn nearer_is_never_less(baseline in -1000i64..1000, target in -1000i64..1000, a in -2000i64..2000, b in -2000i64..2000) {
            prop_assume!(baseline != target);
            let span = span(baseline, target);
            let (near, far) = if (a < b) == (target < baseline) { (a, b) } else { (b, a) };
            prop_assert!(span.progress(Quantity::whole(near)) >= span.progress(Quantity::whole(far)));
            prop_assert_eq!(span.progress(Quantity::whole(a)) == 100, span.is_reached(Quantity::whole(a)));
        }
    }
}
