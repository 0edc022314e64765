//! What changed: the difference of two snapshots, and nothing else. What is in one of them and not in the
//! other has a line, whatever it is.

use std::collections::HashMap;

use super::facts::{Fact, FactField, FactKind, FactValue, ReviewFacts};
use crate::{platform::time::Day, ui::StatusWord};

/// Which way something went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Turn {
    Worse,
    Better,
    Moved,
    New,
    Left,
}

impl Turn {
    pub const ALL: [Self; 5] = [Self::Worse, Self::Better, Self::Moved, Self::New, Self::Left];

    pub const fn sign(self) -> &'static str {
        match self {
            Self::Worse => "▼",
            Self::Better => "▲",
            Self::Moved => "→",
            Self::New => "+",
            Self::Left => "−",
        }
    }

    /// The name by which the style knows it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Worse => "worse",
            Self::Better => "better",
            Self::Moved => "moved",
            Self::New => "new",
            Self::Left => "left",
        }
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Worse => "Worse",
            Self::Better => "Better",
            Self::Moved => "Changed",
            Self::New => "New",
            Self::Left => "Gone",
        }
    }
}

/// One thing that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactChange {
    pub kind: FactKind,
    pub turn: Turn,
    pub title: String,
    pub path: String,
    /// "Due 4 Dec → 18 Dec, moved for the 3rd time".
    pub words: String,
}

/// Between two moments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactChanges {
    pub from: Day,
    pub to: Day,
    pub lines: Vec<FactChange>,
    /// How many of each kind are as they were.
    pub unchanged: Vec<(FactKind, usize)>,
}

fn turn(before: StatusWord, after: StatusWord) -> Turn {
    // What both sides objected to can still be settled by them; what is stuck cannot.
    if after == StatusWord::Stuck && before == StatusWord::Disputed {
        return Turn::Worse;
    }
    match after.severity().cmp(&before.severity()) {
        // To be proposed is a step, and to come near its day is the calendar's.
        std::cmp::Ordering::Less if matches!(after, StatusWord::Proposed | StatusWord::DueSoon) => {
            Turn::Moved
        }
        std::cmp::Ordering::Less => Turn::Worse,
        std::cmp::Ordering::Greater => Turn::Better,
        std::cmp::Ordering::Equal => Turn::Moved,
    }
}

/// "3rd"
fn ordinal(count: i64) -> String {
    let suffix = match (count % 10, count % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{count}{suffix}")
}

fn count_of(fact: &Fact, field: FactField) -> i64 {
    match fact.value(field) {
        Some(FactValue::Count(count)) => *count,
        _ => 0,
    }
}

/// Everything that differs, by kind; within a kind what got worse comes first.
pub fn changes(before: &ReviewFacts, after: &ReviewFacts) -> FactChanges {
    let earlier: HashMap<&str, &Fact> = before.rows.iter().map(|fact| (fact.key.as_str(), fact)).collect();
    let later: HashMap<&str, &Fact> = after.rows.iter().map(|fact| (fact.key.as_str(), fact)).collect();
    // Who goes by another name now owns what they owned.
    let renamed: Vec<(&str, &str)> = before
        .of_kind(FactKind::Person)
        .filter_map(|was| Some((was.title.as_str(), later.get(was.key.as_str())?.title.as_str())))
        .filter(|(was, is)| was != is)
        .collect();
    // Facts of before there were any options in them say nothing about what was proposed then.
    let has_options = before
        .rows
        .iter()
        .any(|fact| fact.value(FactField::Options).is_some());
    let unknown: &[FactField] = if has_options {
        &[]
    } else {
        &[FactField::Options, FactField::Proposal, FactField::Objection]
    };
    let mut found = Vec::new();
    let mut unchanged: Vec<(FactKind, usize)> = FactKind::ALL.iter().map(|kind| (*kind, 0)).collect();
    for fact in &after.rows {
        let change = match earlier.get(fact.key.as_str()) {
            None => Some(added(fact)),
            Some(was) => changed(was, fact, after.day, (&renamed, unknown)),
        };
        match change {
            Some(change) => found.push(change),
            // How many of them are joined is no touchpoint of its own.
            None if fact.value(FactField::Joined).is_some() => {}
            None => {
                if let Some((_, count)) = unchanged.iter_mut().find(|(kind, _)| *kind == fact.kind) {
                    *count += 1;
                }
            }
        }
    }
    let gone = before
        .rows
        .iter()
        .filter(|fact| !later.contains_key(fact.key.as_str()));
    found.extend(gone.map(left));
    found.sort_by_key(|change| (change.kind, change.turn));
    FactChanges {
        from: before.day,
        to: after.day,
        lines: found,
        unchanged,
    }
}

fn added(fact: &Fact) -> FactChange {
    let stands = fact.status.map(StatusWord::format);
    FactChange {
        kind: fact.kind,
        turn: Turn::New,
        title: fact.title.clone(),
        path: fact.path.clone(),
        words: stands.unwrap_or_else(|| match fact.value(FactField::Part) {
            Some(FactValue::Text(part)) => part.clone(),
            _ => "New".to_owned(),
        }),
    }
}

fn left(fact: &Fact) -> FactChange {
    FactChange {
        kind: fact.kind,
        turn: Turn::Left,
        title: fact.title.clone(),
        path: fact.path.clone(),
        words: match (fact.kind, fact.status) {
            (FactKind::Person, _) if fact.value(FactField::Part).is_some() => "Left".to_owned(),
            (FactKind::Person, _) => "Not so any more".to_owned(),
            (FactKind::Coverage | FactKind::Source, _) => "Retired".to_owned(),
            (FactKind::Capacity, _) => "Its quarter is over".to_owned(),
            (_, Some(stood)) => format!("Archived; was {}", stood.format().to_lowercase()),
            (_, None) => "Archived".to_owned(),
        },
    }
}

fn changed(
    before: &Fact,
    after: &Fact,
    today: Day,
    (renamed, unknown): (&[(&str, &str)], &[FactField]),
) -> Option<FactChange> {
    let mut words = Vec::new();
    let mut turned = Turn::Moved;
    if before.title != after.title {
        words.push(format!("Called “{}” before", before.title));
    }
    if let (Some(was), Some(is)) = (before.status, after.status)
        && !was.is_same_word(is)
    {
        turned = turn(was, is);
        words.push(format!("{} → {}", was.format(), is.format().to_lowercase()));
    }
    words.extend(moved_due(before, after, today));
    words.extend(new_value(before, after));
    for field in FactField::ALL {
        let told_above = matches!(
            field,
            FactField::Due | FactField::Moves | FactField::Period | FactField::Value | FactField::Promised
        );
        if told_above || field.moves_by_itself() || unknown.contains(field) {
            continue;
        }
        let said = |fact: &Fact| fact.value(*field).map(|value| value.format(today));
        let as_called_now = |words: String| {
            renamed
                .iter()
                .fold(words, |words, (was, is)| words.replace(was, is))
        };
        match (said(before).map(as_called_now), said(after)) {
            (was, is) if was == is => {}
            (Some(_), Some(_)) if *field == FactField::Promise => words.push("New wording".to_owned()),
            (Some(was), Some(is)) if *field == FactField::Levels => words.extend(levels_moved(&was, &is)),
            // Each says what it is of by itself.
            (Some(was), Some(is)) if matches!(field, FactField::Confirmed | FactField::Phase) => {
                words.push(format!("{was} → {}", uncapitalized(&is)));
            }
            (Some(was), Some(is)) => words.push(format!("{}: {was} → {is}", field.name())),
            (None, Some(is)) => words.push(format!("{}: {is}", field.name())),
            (Some(was), None) => {
                words.push(format!("No {} any more, was {was}", field.name().to_lowercase()));
            }
            (None, None) => {}
        }
    }
    (!words.is_empty()).then(|| FactChange {
        kind: after.kind,
        turn: turned,
        title: after.title.clone(),
        path: after.path.clone(),
        words: words.join(" · "),
    })
}

/// "Unification 1 → 2, Protection 3 → ?": those of the levels that are not what they were.
fn levels_moved(was: &str, is: &str) -> Option<String> {
    let moved: Vec<String> = was
        .split(", ")
        .zip(is.split(", "))
        .filter(|(was, is)| was != is)
        .map(|(was, is)| {
            let level = is.rsplit(' ').next().unwrap_or_default();
            format!("{was} → {level}")
        })
        .collect();
    (!moved.is_empty()).then(|| moved.join(", "))
}

/// As it stands within a sentence; the name of a side stays as it is.
fn uncapitalized(text: &str) -> String {
    let mut signs = text.chars();
    match signs.next() {
        Some(first) if !text.starts_with("Marketing") && !text.starts_with("Technology") => {
            first.to_lowercase().chain(signs).collect()
        }
        _ => text.to_owned(),
    }
}

/// "Due 4 Dec → 18 Dec, moved for the 3rd time"; what moved and came back is told, too.
fn moved_due(before: &Fact, after: &Fact, today: Day) -> Option<String> {
    let (was, is) = (before.value(FactField::Due)?, after.value(FactField::Due)?);
    let (moves_before, moves) = (
        count_of(before, FactField::Moves),
        count_of(after, FactField::Moves),
    );
    if was == is {
        return (moves > moves_before).then(|| format!("Moved and moved back to {}", is.format(today)));
    }
    let often = if moves > 1 {
        format!(", moved for the {} time", ordinal(moves))
    } else {
        String::new()
    };
    Some(format!("Due {} → {}{often}", was.format(today), is.format(today)))
}

/// What a field says in words.
fn text(fact: &Fact, field: FactField) -> Option<String> {
    match fact.value(field) {
        Some(FactValue::Text(text)) => Some(text.clone()),
        _ => None,
    }
}

/// A period is written with its year once that is over: "October" of then is "October 2026" now.
fn is_same_period(was: &str, is: &str) -> bool {
    let with_year =
        |short: &str, long: &str| long.strip_prefix(short).is_some_and(|rest| rest.starts_with(' '));
    was == is || with_year(was, is) || with_year(is, was)
}

/// "October 61% → November 64%"; of the same period, a correction.
fn new_value(before: &Fact, after: &Fact) -> Option<String> {
    let (period_before, period) = (text(before, FactField::Period), text(after, FactField::Period)?);
    let (value_before, value) = (text(before, FactField::Value), text(after, FactField::Value)?);
    match (period_before, value_before) {
        (Some(was), Some(number)) if is_same_period(&was, &period) => {
            (number != value).then(|| format!("{period} corrected: {number} → {value}"))
        }
        (Some(was), Some(number)) => Some(format!("{was} {number} → {period} {value}")),
        _ => Some(format!("First value: {period} {value}")),
    }
}

/// Values of the same period that are not what they were: each thing's path, and what is said beside it.
pub fn corrections(frozen: &ReviewFacts, now: &ReviewFacts) -> Vec<(String, String)> {
    frozen
        .rows
        .iter()
        .filter_map(|was| {
            let is = now.rows.iter().find(|fact| fact.key == was.key)?;
            let is_same_period = text(was, FactField::Period)
                .zip(text(is, FactField::Period))
                .is_some_and(|(was, is)| is_same_period(&was, &is));
            let value = text(is, FactField::Value)?;
            (is_same_period && text(was, FactField::Value).is_some_and(|before| before != value))
                .then(|| (was.path.clone(), format!("Corrected since, to {value}")))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fact(
        kind: FactKind,
        key: &str,
        status: Option<StatusWord>,
        values: &[(FactField, FactValue)],
    ) -> Fact {
        Fact {
            kind,
            key: key.to_owned(),
            path: key.to_owned(),
            title: format!("Title of {key}"),
            status,
            detail: String::new(),
            values: values.to_vec(),
        }
    }

    fn at(day: Day, facts: Vec<Fact>) -> ReviewFacts {
        let text =
            serde_json::json!({ "day": day.to_string(), "at": 0, "rows": facts, "missing": [], "names": [] });
        serde_json::from_value(text).expect("facts")
    }

    fn of(before: Vec<Fact>, after: Vec<Fact>) -> Vec<(Turn, String)> {
        let (then, now) = (Day::new(2026, 10, 8), Day::new(2026, 11, 5));
        changes(&at(then, before), &at(now, after))
            .lines
            .into_iter()
            .map(|change| (change.turn, change.words))
            .collect()
    }

    fn one(before: &Fact, after: &Fact) -> (Turn, String) {
        let found = of(vec![before.clone()], vec![after.clone()]);
        assert_eq!(found.len(), 1, "{found:?}");
        found.into_iter().next().expect("one")
    }

    #[test]
    fn what_older_facts_did_not_hold_is_no_change() {
        let options = (FactField::Options, FactValue::from("A; B"));
        let bare = fact(FactKind::Decision, "decisions/1", Some(StatusWord::Open), &[]);
        let full = fact(
            FactKind::Decision,
            "decisions/1",
            Some(StatusWord::Open),
            std::slice::from_ref(&options),
        );
        assert_eq!(of(vec![bare], vec![full.clone()]), []);
        let proposed = fact(
            FactKind::Decision,
            "decisions/1",
            Some(StatusWord::Open),
            &[options, (FactField::Proposal, FactValue::from("A"))],
        );
        assert_eq!(one(&full, &proposed).1, "Proposal: A");
    }

    #[test]
    fn an_unchanged_workspace_has_no_line() {
        let facts = vec![
            fact(FactKind::Goal, "goals/1", Some(StatusWord::OnTrack), &[]),
            // A day later it is a day later; that is no news.
            fact(
                FactKind::Milestone,
                "milestones/1",
                Some(StatusWord::Late(3)),
                &[],
            ),
        ];
        let mut later = facts.clone();
        later[1].status = Some(StatusWord::Late(31));
        assert_eq!(of(facts, later), []);
    }

    #[test]
    fn every_kind_of_change_has_its_line() {
        let milestone = |due: Day, moves: i64| {
            fact(
                FactKind::Milestone,
                "milestones/1",
                Some(StatusWord::OnTrack),
                &[(FactField::Due, due.into()), (FactField::Moves, moves.into())],
            )
        };
        let (december, later) = (Day::new(2026, 12, 4), Day::new(2026, 12, 18));
        assert_eq!(
            one(&milestone(december, 2), &milestone(later, 3)).1,
            "Due 4 Dec → 18 Dec, moved for the 3rd time"
        );
        assert_eq!(
            one(&milestone(december, 0), &milestone(later, 1)).1,
            "Due 4 Dec → 18 Dec"
        );
        assert_eq!(
            one(&milestone(december, 0), &milestone(december, 2)).1,
            "Moved and moved back to 4 Dec"
        );
        let kpi = |status: StatusWord, period: &str, value: &str| {
            fact(
                FactKind::Kpi,
                "kpis/1",
                Some(status),
                &[
                    (FactField::Period, period.into()),
                    (FactField::Value, value.into()),
                ],
            )
        };
        assert_eq!(
            one(
                &kpi(StatusWord::OnTrack, "Sep", "61%"),
                &kpi(StatusWord::OffTrack, "Oct", "52%")
            ),
            (Turn::Worse, "On track → off track · Sep 61% → Oct 52%".to_owned())
        );
        assert_eq!(
            one(
                &kpi(StatusWord::OnTrack, "Sep", "61%"),
                &kpi(StatusWord::OnTrack, "Sep", "60%")
            )
            .1,
            "Sep corrected: 61% → 60%"
        );
        let decision = |status| fact(FactKind::Decision, "decisions/1", Some(status), &[]);
        assert_eq!(
            one(&decision(StatusWord::Stuck), &decision(StatusWord::Done)),
            (Turn::Better, "Stuck → done".to_owned())
        );
        assert_eq!(
            one(&decision(StatusWord::Disputed), &decision(StatusWord::Stuck)).0,
            Turn::Worse
        );
        let clause = |promise: &str| {
            fact(
                FactKind::Definition,
                "definition/clauses/1",
                None,
                &[(FactField::Promise, promise.into())],
            )
        };
        assert_eq!(one(&clause("a"), &clause("b")).1, "New wording");
        let initiative = |lead: &str| {
            fact(
                FactKind::Initiative,
                "initiatives/1",
                None,
                &[(FactField::Marketing, lead.into())],
            )
        };
        assert_eq!(
            one(&initiative("Ana"), &initiative("Lena")).1,
            "Marketing: Ana → Lena"
        );
        let waits = |count: i64| {
            fact(
                FactKind::Waiting,
                "waiting/marketing",
                None,
                &[(FactField::Waits, count.into())],
            )
        };
        assert_eq!(one(&waits(2), &waits(5)).1, "Texts to sign, without KPIs: 2 → 5");
    }

    #[test]
    fn what_is_only_written_otherwise_is_no_news() {
        let kpi = |period: &str, value: &str| {
            let values = [
                (FactField::Period, period.into()),
                (FactField::Value, value.into()),
            ];
            fact(FactKind::Kpi, "kpis/1", Some(StatusWord::OnTrack), &values)
        };
        assert_eq!(
            one(&kpi("October", "61%"), &kpi("October 2026", "60%")).1,
            "October 2026 corrected: 61% → 60%"
        );
        assert_eq!(
            of(vec![kpi("October", "61%")], vec![kpi("October 2026", "61%")]),
            []
        );
        let source = |levels: &str| {
            let values = [(FactField::Levels, levels.into())];
            fact(FactKind::Source, "sources/1", None, &values)
        };
        assert_eq!(
            one(
                &source("Unification 1, Ownership 3, Protection 2"),
                &source("Unification 2, Ownership 3, Protection ?")
            )
            .1,
            "Unification 1 → 2, Protection 2 → ?"
        );
        let opened = fact(FactKind::Decision, "decisions/2", Some(StatusWord::Open), &[]);
        let offered = fact(FactKind::Decision, "decisions/2", Some(StatusWord::Proposed), &[]);
        assert_eq!(
            one(&opened, &offered),
            (Turn::Moved, "Open → proposed".to_owned())
        );
    }

    #[test]
    fn nothing_comes_or_leaves_without_a_line() {
        let person = fact(
            FactKind::Person,
            "members/1",
            None,
            &[(FactField::Part, "Marketing · Lead".into())],
        );
        let kpi = fact(FactKind::Kpi, "kpis/1", Some(StatusWord::AtRisk), &[]);
        assert_eq!(
            of(vec![kpi.clone()], vec![person.clone()]),
            [
                (Turn::Left, "Archived; was at risk".to_owned()),
                (Turn::New, "Marketing · Lead".to_owned())
            ]
        );
        assert_eq!(of(vec![person], vec![kpi])[1], (Turn::Left, "Left".to_owned()));
        let of_owner = |owner: &str| {
            fact(
                FactKind::Goal,
                "goals/2",
                None,
                &[(FactField::Owner, owner.into())],
            )
        };
        let called = |name: &str| Fact {
            title: name.to_owned(),
            ..fact(FactKind::Person, "members/2", None, &[])
        };
        assert_eq!(
            of(
                vec![called("Ann"), of_owner("Ann")],
                vec![called("Ann Lee"), of_owner("Ann Lee")]
            ),
            [(Turn::Moved, "Called “Ann” before".to_owned())]
        );
        let mut renamed = fact(FactKind::Goal, "goals/1", None, &[]);
        let before = renamed.clone();
        renamed.title = "Another name".to_owned();
        assert_eq!(one(&before, &renamed).1, "Called “Title of goals/1” before");
    }

    #[test]
    fn what_is_counted_is_said_as_people_say_it() {
        let said: Vec<String> = [1, 2, 3, 4, 11, 12, 13, 21, 102, 113].map(ordinal).into();
        assert_eq!(
            said,
            [
                "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "102nd", "113th"
            ]
        );
    }
}
