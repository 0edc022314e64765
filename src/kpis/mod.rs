//! Numbers that both sides answer for.
//!
//! A *KPI* has a unit, a *direction* (increase, decrease, stay within), a *cadence* of periods, a baseline,
//! *targets* per period, one *driver* who enters the value, and two *owners*, one from each side, who
//! *attest* it: each signs the period's value with their own status, and, when off track, one line of insight
//! and a corrective action with an owner and a date. An owner's status is hidden from the other side until
//! both have given theirs. A disagreement is a *split*, shown as such. Entering a value again replaces it;
//! the earlier one stays in the record, its signatures count for nothing.
//!
//! An owner may add how *confident* they are. A corrective action names the milestone it belongs to; once
//! both have attested it becomes a checkpoint there, not before: it would tell the other side what one's own
//! thinks.
//!
//! A KPI may be *made of* others by a *formula* (sum, difference, ratio, share): units are checked, a circle
//! is refused, and its values are computed again whenever one of its inputs changes. Numbers come in by hand,
//! by *import* of a table (all of it or nothing), or through a *feed*: a secret for one KPI that expires,
//! under which the same delivery counts once. A target holds once both owners have signed it; until then the
//! earlier one does. One that changes needs a reason, and the old one stays visible. A KPI is *archived* when
//! nobody measures it any more, which a goal that is still to be reached and a formula forbid; its page
//! stays. Once targets were signed, both owners sign its end and another formula, too.
//!
//! Where a number is going is *forecast* as a straight line through its last periods, with a range. Several
//! KPIs are *rolled up* by their weakest, with the denominator said.
//!
//! Status is derived from the numbers, the first that holds: no data; outdated (the last complete period is
//! overdue); no target; then the achievement in the good direction against two thresholds, or recovering,
//! when a corrective action is under way and the number is better than before it. Falling churn is good. How
//! a KPI *stands* is that status, unless an owner disputes the number, or both are split over one that is
//! fine, or have not attested it in time.

#[cfg(feature = "ssr")]
pub mod components;

mod attestations;

#[cfg(feature = "ssr")]
pub mod feeds;

pub mod forecast;

mod formula;

#[cfg(feature = "ssr")]
pub mod held;

#[cfg(feature = "ssr")]
pub mod import;

pub mod islands;

#[cfg(feature = "ssr")]
mod needed;

#[cfg(feature = "ssr")]
pub mod owed;

#[cfg(feature = "ssr")]
pub mod page;

#[cfg(feature = "ssr")]
pub mod read;

#[cfg(feature = "ssr")]
pub mod text;
#[cfg(feature = "ssr")]
pub mod verify;
#[cfg(feature = "ssr")]
pub mod write;

pub use attestations::{Attestations, Stand, stand};

pub use formula::Formula;

use crate::{
    handshake::Health,
    platform::{
        quantity::Quantity,
        time::{Day, days},
    },
    text_enum,
};

text_enum! {
    pub enum Direction { Increase = "increase", Decrease = "decrease", Above = "above", Below = "below", Within = "within" }
}

impl Direction {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Increase => "Increase",
            Self::Decrease => "Decrease",
            Self::Above => "Stay above",
            Self::Below => "Stay below",
            Self::Within => "Stay within",
        }
    }

    /// What is wanted of the number, within a sentence.
    pub const fn aim(self) -> &'static str {
        match self {
            Self::Increase => "should rise",
            Self::Decrease => "should fall",
            Self::Above => "should stay above its target",
            Self::Below => "should stay below its target",
            Self::Within => "should stay within its target",
        }
    }

    /// The ends of a target that this direction has.
    pub const fn ends(self) -> (bool, bool) {
        match self {
            Self::Increase | Self::Above => (true, false),
            Self::Decrease | Self::Below => (false, true),
            Self::Within => (true, true),
        }
    }

    /// Whether less is better, rather than good enough.
    pub const fn falls(self) -> bool {
        matches!(self, Self::Decrease | Self::Below)
    }
}

text_enum! {
    pub enum Cadence { Weekly = "weekly", Monthly = "monthly", Quarterly = "quarterly" }
}

impl Cadence {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Weekly => "Weekly",
            Self::Monthly => "Monthly",
            Self::Quarterly => "Quarterly",
        }
    }

    /// The first day of the period that a day belongs to.
    pub fn period_of(self, day: Day) -> Day {
        match self {
            Self::Weekly => day.plus(-i64::from(day.0.weekday().to_monday_zero_offset())),
            Self::Monthly => Day(day.0.first_of_month()),
            Self::Quarterly => day.quarter(),
        }
    }

    /// Periods from a fixed one on: one after the other, counted.
    pub fn count(self, period: Day) -> i64 {
        let months = i64::from(period.0.year()) * 12 + i64::from(period.0.month());
        match self {
            Self::Weekly => period.days_since(Day::new(1970, 1, 5)).div_euclid(7),
            Self::Monthly => months,
            Self::Quarterly => months.div_euclid(3),
        }
    }

    /// The first day of the period `steps` after this one.
    pub fn step(self, period: Day, steps: i32) -> Day {
        match self {
            Self::Weekly => period.plus(i64::from(steps) * 7),
            Self::Monthly => period.plus_months(steps),
            Self::Quarterly => period.plus_months(steps * 3),
        }
    }

    /// The last day on which a period's value and attestations are on time.
    pub fn due(self, period: Day) -> Day {
        self.step(period, 1).plus(self.days_to_enter() - 1)
    }

    /// Days in which the value of a period that is over is entered and confirmed.
    const fn days_to_enter(self) -> i64 {
        match self {
            Self::Weekly => 3,
            Self::Monthly => 10,
            Self::Quarterly => 15,
        }
    }

    /// How many periods stand beside one another at a glance: a year, or of weeks a quarter.
    pub const fn shown(self) -> i32 {
        match self {
            Self::Weekly | Self::Monthly => 13,
            Self::Quarterly => 5,
        }
    }

    /// The last period that is over.
    pub fn last_complete(self, today: Day) -> Day {
        self.step(self.period_of(today), -1)
    }

    /// The oldest period that is asked for, is over and has no value, `newest` being the newest with one.
    pub fn awaited(self, asked: AskedSince, newest: Option<Day>, today: Day) -> Option<Day> {
        let next = newest.map_or(asked.period, |newest| self.step(newest, 1).max(asked.period));
        (next <= self.last_complete(today)).then_some(next)
    }

    /// `October`, `week of 5 Oct`, `Q4`; with the year when it is not this one.
    pub fn format(self, period: Day, today: Day) -> String {
        let year = if period.0.year() == today.0.year() {
            String::new()
        } else {
            format!(" {}", period.0.year())
        };
        match self {
            Self::Weekly => format!("week of {}", period.format(today)),
            Self::Monthly => format!("{}{year}", period.0.strftime("%B")),
            Self::Quarterly => format!("Q{}{year}", (period.0.month() - 1) / 3 + 1),
        }
    }

    /// As a table or a feed writes it: `2026-10`, `2026-Q4`, a week by its first day.
    pub fn format_exact(self, period: Day) -> String {
        match self {
            Self::Weekly => period.to_string(),
            Self::Monthly => period.0.strftime("%Y-%m").to_string(),
            Self::Quarterly => format!("{}-Q{}", period.0.year(), (period.0.month() - 1) / 3 + 1),
        }
    }

    /// For axes.
    pub fn format_short(self, period: Day) -> String {
        match self {
            Self::Weekly => period.0.strftime("%-d %b").to_string(),
            Self::Monthly => period.0.strftime("%b ’%y").to_string(),
            Self::Quarterly => format!("Q{} ’{}", (period.0.month() - 1) / 3 + 1, period.0.strftime("%y")),
        }
    }
}

/// Since when a KPI's values are asked for. Nobody is late on the day on which it is made: what was over
/// before the last period is history, and that one may take as long as any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AskedSince {
    cadence: Cadence,
    /// The first period that is asked for.
    pub period: Day,
    made_on: Day,
}

impl AskedSince {
    pub fn of(cadence: Cadence, starts_on: Day, made_on: Day) -> Self {
        Self {
            cadence,
            period: cadence.period_of(starts_on).max(cadence.last_complete(made_on)),
            made_on,
        }
    }

    /// The last day on which a period's value is on time.
    pub fn due(self, period: Day) -> Day {
        let first = self.made_on.plus(self.cadence.days_to_enter());
        self.cadence.due(period).max(first)
    }
}

/// What a period aims at: at least `low`, at most `high`, or both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    pub low: Option<Quantity>,
    pub high: Option<Quantity>,
}

impl Target {
    /// `None` without either end.
    pub fn between(low: Option<Quantity>, high: Option<Quantity>) -> Option<Self> {
        (low.is_some() || high.is_some()).then_some(Self { low, high })
    }

    pub fn format(self, unit: &str) -> String {
        let with = |q: Quantity| with_unit(q, unit);
        match (self.low, self.high) {
            (Some(low), Some(high)) => format!("{} to {}", low.format(), with(high)),
            (Some(only), None) | (None, Some(only)) => with(only),
            (None, None) => "no target".to_owned(),
        }
    }

    /// How far a value is from being reached; `None` when it is.
    pub fn to_go(self, value: Quantity) -> Option<Quantity> {
        match (self.low, self.high) {
            (Some(low), _) if value < low => Some(low.minus(value)),
            (_, Some(high)) if value > high => Some(value.minus(high)),
            _ => None,
        }
    }

    /// Percent of the target reached in the good direction, never above 100. A target below zero is missed by
    /// a share of its size; one of zero has none, and is reached or not at all.
    pub fn achievement(self, value: Quantity) -> i64 {
        let of = |part: Quantity, whole: Quantity| -> i128 {
            let (part, whole) = (
                i128::from(part.ten_thousandths()),
                i128::from(whole.ten_thousandths()),
            );
            if whole == 0 { 0 } else { part * 100 / whole }
        };
        let left_by = |gap: Quantity, target: Quantity| 100 - of(gap, target.magnitude()).max(1);
        let reached = match (self.low, self.high) {
            (Some(low), _) if value < low && low.ten_thousandths() > 0 => of(value, low),
            (Some(low), _) if value < low && low.ten_thousandths() < 0 => left_by(low.minus(value), low),
            (Some(low), _) if value < low => 0,
            (_, Some(high)) if value > high && high.ten_thousandths() > 0 => of(high, value),
            (_, Some(high)) if value > high && high.ten_thousandths() < 0 => left_by(value.minus(high), high),
            (_, Some(high)) if value > high => 0,
            _ => return 100,
        };
        i64::try_from(reached.clamp(0, 99)).unwrap_or(0)
    }
}

/// `21.4%`, `€12`, `2.9 h`.
pub fn with_unit(quantity: Quantity, unit: &str) -> String {
    attach_unit(&quantity.format(), unit)
}

/// A number this many times another, or a part of it this small, is asked about.
const DOUBTED_FROM: i64 = 50;

/// Whether a number is so far from another of its kind that a mark or a unit may have been mistyped.
pub fn is_far_from(typed: Quantity, other: Quantity) -> bool {
    let mut both = [typed, other].map(|one| one.magnitude().ten_thousandths());
    both.sort_unstable();
    let [small, large] = both;
    small > 0 && large / small >= DOUBTED_FROM
}

/// What becomes of a typed number that is far from what is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// Whoever typed it is asked.
    Ask,
    /// They were, and say that it is right.
    Settled,
}

impl Doubt {
    /// As the tick beside the number says.
    pub const fn of(is_sure: bool) -> Self {
        if is_sure { Self::Settled } else { Self::Ask }
    }
}

/// A value as a sentence gives it. What is computed is rounded to one decimal; tables and what is signed have
/// it in full.
pub fn to_read(value: Quantity, is_computed: bool) -> Quantity {
    if is_computed { value.about() } else { value }
}

pub fn in_words(value: Quantity, unit: &str, is_computed: bool) -> String {
    with_unit(to_read(value, is_computed), unit)
}

/// A number that is written already, with its unit.
pub fn attach_unit(said: &str, unit: &str) -> String {
    match unit {
        "" => said.to_owned(),
        "%" => format!("{said}%"),
        "€" | "$" | "£" | "¥" => match said.strip_prefix('-') {
            Some(size) => format!("-{unit}{size}"),
            None => format!("{unit}{said}"),
        },
        _ => format!("{said}\u{a0}{unit}"),
    }
}

/// How far two of them are apart: percentages differ by points.
pub fn difference(quantity: Quantity, unit: &str) -> String {
    let said = quantity.format();
    match unit {
        "%" | "points" if said == "1" => format!("{said}\u{a0}point"),
        "%" => format!("{said}\u{a0}points"),
        _ => with_unit(quantity, unit),
    }
}

/// Percentages below which a KPI is at risk, and off track.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thresholds {
    pub watch_below: i64,
    pub act_below: i64,
}

impl Thresholds {
    /// What they make of an achievement, in percent.
    pub const fn judge(self, reached: i64) -> Health {
        if reached >= self.watch_below {
            Health::OnTrack
        } else if reached >= self.act_below {
            Health::AtRisk
        } else {
            Health::OffTrack
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KpiStatus {
    NoData,
    Outdated(i64),
    NoTarget,
    OnTrack(i64),
    AtRisk(i64),
    OffTrack(i64),
    /// Below its thresholds, with a corrective action under way since an earlier period, and better than
    /// before it.
    Recovering(i64),
}

/// The newest period with a value.
#[derive(Clone, Copy, Debug)]
pub struct Latest {
    pub period: Day,
    pub value: Quantity,
    pub target: Option<Target>,
    /// The value of the earlier period for which the newest corrective action was agreed.
    pub corrected_from: Option<Quantity>,
}

pub fn status(
    cadence: Cadence,
    thresholds: Thresholds,
    latest: Option<Latest>,
    asked: AskedSince,
    today: Day,
) -> KpiStatus {
    let Some(latest) = latest else {
        let late = today.days_since(asked.due(asked.period));
        return if late > 0 {
            KpiStatus::Outdated(late)
        } else {
            KpiStatus::NoData
        };
    };
    let missing = cadence.step(latest.period, 1).max(asked.period);
    let late = today.days_since(asked.due(missing));
    if late > 0 {
        return KpiStatus::Outdated(late);
    }
    let Some(target) = latest.target else {
        return KpiStatus::NoTarget;
    };
    // Better is nearer to the target, whichever way that is.
    let is_better = latest.corrected_from.is_some_and(|before| {
        match (target.to_go(before), target.to_go(latest.value)) {
            (Some(before), Some(now)) => now < before,
            _ => false,
        }
    });
    let reached = target.achievement(latest.value);
    match thresholds.judge(reached) {
        Health::OnTrack => KpiStatus::OnTrack(reached),
        _ if is_better => KpiStatus::Recovering(reached),
        Health::AtRisk => KpiStatus::AtRisk(reached),
        Health::OffTrack => KpiStatus::OffTrack(reached),
    }
}

impl KpiStatus {
    /// What there is to say beside the word.
    pub fn detail(self) -> Option<String> {
        match self {
            Self::Outdated(late) => Some(format!("New value due {} ago", days(late))),
            Self::Recovering(_) => Some("Recovering".to_owned()),
            Self::NoData | Self::NoTarget | Self::OnTrack(_) | Self::AtRisk(_) | Self::OffTrack(_) => None,
        }
    }
}

/// Several KPIs at once: how many of all are on track, and the weakest. Never an average.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rollup {
    pub on_track: usize,
    pub of: usize,
    /// The position of the one that is worst, when it is not on track.
    pub weakest: Option<usize>,
}

pub fn rollup(stands: &[Stand]) -> Rollup {
    let troubled = stands.iter().enumerate().filter(|(_, stand)| !stand.is_fine());
    let weakest = troubled
        .min_by_key(|(_, stand)| stand.order())
        .map(|(index, _)| index);
    Rollup {
        on_track: stands.iter().filter(|stand| stand.is_fine()).count(),
        of: stands.len(),
        weakest,
    }
}

/// "Fell 1.1 points in October; should rise." Says the change in the good or bad direction, and since when
/// where it is not since the period before.
pub fn trend_words(
    direction: Direction,
    before: Option<Quantity>,
    now: Quantity,
    unit: &str,
    span: &TrendSpan,
) -> String {
    let TrendSpan { period, since } = span;
    let Some(before) = before else {
        return format!("First value, {period}.");
    };
    let when = since.as_ref().map_or_else(
        || format!("in {period}"),
        |since| format!("from {since} to {period}"),
    );
    let moved = now.minus(before);
    let size = difference(moved.magnitude(), unit);
    match (moved.ten_thousandths().signum(), direction) {
        (0, _) => format!("Unchanged {when}."),
        (1, Direction::Decrease) => format!("Up {size} {when}, should fall."),
        (1, _) => format!("Up {size} {when}."),
        (_, Direction::Increase) => format!("Down {size} {when}, should rise."),
        (_, _) => format!("Down {size} {when}."),
    }
}

/// The periods that a change is between, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrendSpan {
    pub period: String,
    /// The period of the value before, unless it is the one just before.
    pub since: Option<String>,
}

impl TrendSpan {
    pub fn between(cadence: Cadence, before: Option<Day>, period: Day, today: Day) -> Self {
        let is_next = before.is_none_or(|before| cadence.step(before, 1) == period);
        Self {
            period: cadence.format(period, today),
            since: before
                .filter(|_| !is_next)
                .map(|before| cadence.format(before, today)),
        }
    }
}

/// What talk about a KPI's period is kept under: values are replaced, the period stays.
#[cfg(feature = "ssr")]
pub fn period_topic(kpi: crate::platform::ids::KpiId, period: Day) -> uuid::Uuid {
    use sha2::{Digest as _, Sha256};
    let digest = Sha256::digest(format!("{kpi}/{period}"));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Uuid::from_bytes(bytes)
}

#[cfg(test)]
mod tests;
