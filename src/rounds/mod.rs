//! Judging blind, so that nobody is anchored and nobody can wait and echo.
//!
//! A *round* puts a *sheet* before the working members of both sides: *things* (the clauses of the
//! definition, the options of a decision) and *measures* (how far one agrees, the criteria of the choice).
//! Who *answers* gives every thing a score from 1 to 5 on every measure, with a note where there is something
//! to say, for their own side. An answer may be replaced until the round closes; one person answers once,
//! whatever side they are moved to meanwhile.
//!
//! A round *closes* by itself when each side has given as many answers as were wanted, or after its last day.
//! Whoever steers it may close it earlier, once both sides have answered. Until then who has answered sees
//! the answers of their own side, everybody how many each side has given, and nobody anything else. From then
//! on everybody sees everything, and nobody answers any more. A round that one side alone has answered never
//! shows its answers to the other: nobody waits, reads and answers the next one.
//!
//! What is shown then: both sides' means and spread, never one figure in place of two; the things on which
//! the sides are furthest apart first; and for a choice, what would have to be different for another option
//! to lead.
//!
//! Whoever had not answered when a round closed may still do so until the next one is opened: that answer is
//! *late*. It is shown apart from the others and counts nowhere.

#[cfg(feature = "ssr")]
pub mod components;

pub mod islands;

#[cfg(feature = "ssr")]
pub mod owed;

#[cfg(feature = "ssr")]
pub mod read;

#[cfg(feature = "ssr")]
pub mod verify;
#[cfg(feature = "ssr")]
pub mod write;

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::{identity::Side, text_enum};

text_enum! {
    /// What is judged.
    pub enum About { Definition = "definition", Decision = "decision" }
}

pub const LOWEST: i64 = 1;

pub const HIGHEST: i64 = 5;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thing {
    pub id: String,
    pub title: String,
    pub description: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoundMeasure {
    pub id: String,
    pub title: String,
    pub description: String,
    /// 1 to 10; how much it counts beside the others.
    pub weight: i64,
}

/// A round as it is part of what both sides sign: what was scored, and every answer.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct RoundText {
    /// The number of the round.
    pub round: i64,
    pub criteria: Vec<WeightText>,
    pub given: Vec<ScoreText>,
}

impl RoundText {
    /// The same scores, whoever gave them.
    #[must_use]
    pub fn without_names(mut self) -> Self {
        for score in &mut self.given {
            score.who.clear();
        }
        self
    }
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct WeightText {
    pub criterion: String,
    pub weight: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ScoreText {
    pub side: Side,
    pub who: String,
    pub option: String,
    pub criterion: String,
    pub score: i64,
    pub note: String,
}

/// What a round asks, as it was when the round was opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerSheet {
    /// The question that the things answer, and its context; nothing where there is none.
    #[serde(default)]
    pub asked: String,
    pub things: Vec<Thing>,
    pub measures: Vec<RoundMeasure>,
}

impl AnswerSheet {
    /// What is not any more as it was when this sheet was put before both sides, in words.
    pub fn changed_since(&self, now: &Self) -> Vec<&'static str> {
        [
            (
                self.asked != now.asked && !self.asked.is_empty(),
                "the question or its context",
            ),
            (self.things != now.things, "the options"),
            (self.measures != now.measures, "the criteria"),
        ]
        .into_iter()
        .filter_map(|(has_changed, what)| has_changed.then_some(what))
        .collect()
    }
}

/// What became of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerOutcome {
    Taken,
    /// It was the last one that was wanted.
    ClosedTheRound,
    Late,
}

/// Whose answers somebody may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    Neither,
    Own(Side),
    Both,
}

/// How far a round has come, for whoever looks.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    pub is_closed: bool,
    pub both_answered: bool,
    /// Whether who looks has answered.
    pub has_answered: bool,
}

/// `side` is `None` also for whoever came to their side after the round was opened: they might have seen the
/// other.
pub const fn sight(progress: Progress, side: Option<Side>) -> Sight {
    match (progress, side) {
        (
            Progress {
                is_closed: true,
                both_answered: true,
                ..
            },
            _,
        ) => Sight::Both,
        (
            Progress { is_closed: true, .. }
            | Progress {
                has_answered: true, ..
            },
            Some(side),
        ) => Sight::Own(side),
        _ => Sight::Neither,
    }
}

/// The scores of one side on one thing and measure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub count: i64,
    pub sum: i64,
    pub low: i64,
    pub high: i64,
}

impl Tally {
    pub fn join(&mut self, other: Self) {
        self.low = if self.count == 0 {
            other.low
        } else {
            self.low.min(other.low)
        };
        self.high = self.high.max(other.high);
        self.count += other.count;
        self.sum += other.sum;
    }

    pub const fn mean(&self) -> Option<Mean> {
        Mean::of(self.sum, self.count)
    }

    /// "2–5", or "4" when everybody says the same.
    pub fn spread(&self) -> String {
        if self.low == self.high {
            self.low.to_string()
        } else {
            format!("{}–{}", self.low, self.high)
        }
    }
}

/// A mean, in millionths, rounded half up; fine enough that its one shown decimal is rounded right. More
/// decimals would claim more than a few answers can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mean(i64);

/// One point, in millionths.
pub const POINT: i64 = 1_000_000;

impl Mean {
    pub const fn of(sum: i64, count: i64) -> Option<Self> {
        if count == 0 {
            None
        } else {
            Some(Self((sum * 2 * POINT + count) / (count * 2)))
        }
    }

    pub const fn millionths(self) -> i64 {
        self.0
    }

    pub const fn distance(self, other: Self) -> i64 {
        (self.0 - other.0).abs()
    }
}

/// Millionths, said with one decimal.
pub fn format_decimal(millionths: i64) -> String {
    let tenths = (millionths + POINT / 20) / (POINT / 10);
    format!("{}.{}", tenths / 10, tenths % 10)
}

impl std::fmt::Display for Mean {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&format_decimal(self.0))
    }
}

/// One score that somebody gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    pub side: Side,
    pub who: String,
    pub thing: String,
    pub measure: String,
    pub score: i64,
    pub note: String,
}

/// Both sides on one thing and measure: indices into the sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JudgedCell {
    pub thing: usize,
    pub measure: usize,
    pub marketing: Tally,
    pub technology: Tally,
}

impl JudgedCell {
    pub const fn of(&self, side: Side) -> &Tally {
        match side {
            Side::Marketing => &self.marketing,
            Side::Technology => &self.technology,
        }
    }

    /// How far the sides' means are apart, in millionths; `None` until both have answered.
    pub fn gap(&self) -> Option<i64> {
        Some(self.marketing.mean()?.distance(self.technology.mean()?))
    }

    /// Both sides' sums over a common denominator: comparable between cells of one round, whose answers are
    /// complete.
    const fn common(&self) -> i64 {
        match (self.marketing.count, self.technology.count) {
            (0, _) => self.technology.sum,
            (_, 0) => self.marketing.sum,
            (marketing, technology) => self.marketing.sum * technology + self.technology.sum * marketing,
        }
    }
}

/// Every thing on every measure, in the sheet's order.
pub fn cells(sheet: &AnswerSheet, scores: &[Score]) -> Vec<JudgedCell> {
    let one = |score: i64| Tally {
        count: 1,
        sum: score,
        low: score,
        high: score,
    };
    arrange(
        sheet,
        scores.iter().map(|score| {
            (
                score.side,
                score.thing.as_str(),
                score.measure.as_str(),
                one(score.score),
            )
        }),
    )
}

/// Tallies `(side, thing, measure, …)` in the sheet's order; those of one cell are put together, those of
/// none left out.
pub fn arrange<'a>(
    sheet: &AnswerSheet,
    tallies: impl Iterator<Item = (Side, &'a str, &'a str, Tally)>,
) -> Vec<JudgedCell> {
    let position = |ids: Vec<&str>| {
        ids.into_iter()
            .enumerate()
            .map(|(index, id)| (id.to_owned(), index))
            .collect::<HashMap<_, _>>()
    };
    let things = position(sheet.things.iter().map(|thing| thing.id.as_str()).collect());
    let measures = position(sheet.measures.iter().map(|measure| measure.id.as_str()).collect());
    let width = sheet.measures.len();
    let mut cells: Vec<JudgedCell> = (0..sheet.things.len() * width)
        .map(|index| JudgedCell {
            thing: index / width,
            measure: index % width,
            marketing: Tally::default(),
            technology: Tally::default(),
        })
        .collect();
    for (side, thing, measure, tally) in tallies {
        if let (Some(thing), Some(measure)) = (things.get(thing), measures.get(measure)) {
            let cell = &mut cells[thing * width + measure];
            match side {
                Side::Marketing => cell.marketing.join(tally),
                Side::Technology => cell.technology.join(tally),
            }
        }
    }
    cells
}

/// The cells on which the sides are furthest apart, first; those on which one side has not answered, last.
pub fn by_gap(mut cells: Vec<JudgedCell>) -> Vec<JudgedCell> {
    cells.sort_by_key(|cell| std::cmp::Reverse(cell.gap().unwrap_or(-1)));
    cells
}

/// A side's weighted mean of a thing; `None` when that side has not answered.
pub fn total(sheet: &AnswerSheet, cells: &[JudgedCell], side: Side, thing: usize) -> Option<Mean> {
    let (mut sum, mut weights, mut count) = (0, 0, 0);
    for cell in cells.iter().filter(|cell| cell.thing == thing) {
        let weight = sheet.measures[cell.measure].weight;
        sum += weight * cell.of(side).sum;
        weights += weight;
        count = cell.of(side).count;
    }
    Mean::of(sum, weights * count)
}

/// The thing that a side's own scores put first; `None` on a tie or without answers.
pub fn favourite(sheet: &AnswerSheet, cells: &[JudgedCell], side: Side) -> Option<usize> {
    let totals: Vec<Mean> = (0..sheet.things.len())
        .map(|thing| total(sheet, cells, side, thing))
        .collect::<Option<_>>()?;
    sole_highest(&totals)
}

fn sole_highest<T: Ord>(values: &[T]) -> Option<usize> {
    let highest = values.iter().max()?;
    let mut at = values
        .iter()
        .enumerate()
        .filter(|(_, value)| *value == highest)
        .map(|(index, _)| index);
    at.next().filter(|_| at.next().is_none())
}

/// What would put another option in front.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flip {
    /// This measure weighing `to` instead of `from`.
    Weight {
        measure: usize,
        from: i64,
        to: i64,
        leader: usize,
    },
    /// One member of a side giving this thing one point more on this measure.
    Point {
        side: Side,
        measure: usize,
        leader: usize,
    },
}

/// Which option leads when both sides count alike, and how little would change that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lead {
    /// Several on a tie.
    pub leaders: Vec<usize>,
    pub flips: Vec<Flip>,
}

fn standings(sheet: &AnswerSheet, cells: &[JudgedCell], weigh: impl Fn(usize) -> i64) -> Vec<i64> {
    let mut totals = vec![0; sheet.things.len()];
    for cell in cells {
        totals[cell.thing] += weigh(cell.measure) * cell.common();
    }
    totals
}

pub fn lead(sheet: &AnswerSheet, cells: &[JudgedCell]) -> Lead {
    let weight = |measure: usize| sheet.measures[measure].weight;
    let totals = standings(sheet, cells, weight);
    let highest = totals.iter().max().copied().unwrap_or_default();
    let leaders: Vec<usize> = totals
        .iter()
        .enumerate()
        .filter(|(_, total)| **total == highest)
        .map(|(index, _)| index)
        .collect();
    let mut flips = Vec::new();
    if let [leader] = leaders[..] {
        for measure in 0..sheet.measures.len() {
            flips.extend(nearest_weight(sheet, cells, measure, leader));
        }
        flips.extend(single_points(sheet, cells, &totals, leader));
    }
    Lead { leaders, flips }
}

/// The weight nearest to the agreed one under which another thing leads alone.
fn nearest_weight(sheet: &AnswerSheet, cells: &[JudgedCell], measure: usize, leader: usize) -> Option<Flip> {
    let from = sheet.measures[measure].weight;
    let mut others: Vec<i64> = (1..=10).filter(|to| *to != from).collect();
    others.sort_by_key(|to| (to - from).abs());
    others.into_iter().find_map(|to| {
        let totals = standings(sheet, cells, |m| {
            if m == measure {
                to
            } else {
                sheet.measures[m].weight
            }
        });
        let now = sole_highest(&totals).filter(|now| *now != leader)?;
        Some(Flip::Weight {
            measure,
            from,
            to,
            leader: now,
        })
    })
}

/// Single points that would put another thing in front, one for each thing and side: on the measure that
/// counts most.
fn single_points(sheet: &AnswerSheet, cells: &[JudgedCell], totals: &[i64], leader: usize) -> Vec<Flip> {
    let mut flips = Vec::new();
    for side in Side::BOTH {
        for thing in (0..sheet.things.len()).filter(|thing| *thing != leader) {
            let behind = totals[leader] - totals[thing];
            let flip = cells
                .iter()
                .filter(|cell| cell.thing == thing && cell.of(side).sum < HIGHEST * cell.of(side).count)
                .map(|cell| {
                    (
                        sheet.measures[cell.measure].weight * cell.of(side.other()).count.max(1),
                        cell.measure,
                    )
                })
                .filter(|(gain, _)| *gain > behind)
                .max();
            flips.extend(flip.map(|(_, measure)| Flip::Point {
                side,
                measure,
                leader: thing,
            }));
        }
    }
    flips
}

#[cfg(test)]
mod tests;
