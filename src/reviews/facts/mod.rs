//! Everything that the pages show at one moment, as rows of one shape. What a side thinks and may not show
//! yet is not among it: the rooms' own readings give "given" or "not given".

mod gather;

pub use gather::{gather, missing};

use serde::{Deserialize, Serialize};

use crate::{
    platform::{
        audit::sha256,
        error::{Error, Result},
        time::{Day, Timestamp},
    },
    text_enum,
    ui::StatusWord,
};

/// Of how a snapshot is written.
pub const FORMAT: i64 = 1;

text_enum! {
    /// What a fact is about; in the order in which changes are told.
    pub enum FactKind {
        Definition = "definition",
        Decision = "decision",
        Kpi = "kpi",
        Goal = "goal",
        Milestone = "milestone",
        Initiative = "initiative",
        Access = "access",
        Coverage = "coverage",
        Source = "source",
        Capacity = "capacity",
        Person = "person",
        Waiting = "waiting",
    }
}

impl FactKind {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Definition => "Definition",
            Self::Decision => "Decisions",
            Self::Kpi => "KPIs",
            Self::Goal => "Goals",
            Self::Milestone => "Milestones",
            Self::Initiative => "Initiatives",
            Self::Access => "Access",
            Self::Coverage => "Coverage",
            Self::Source => "Sources",
            Self::Capacity => "Capacity",
            Self::Person => "People",
            Self::Waiting => "Waiting",
        }
    }

    /// Within a sentence, after a count.
    pub const fn noun(self, count: usize) -> &'static str {
        match (self, count) {
            (Self::Definition, 1) => "part of the definition",
            (Self::Definition, _) => "parts of the definition",
            (Self::Decision, 1) => "decision",
            (Self::Decision, _) => "decisions",
            (Self::Kpi, 1) => "KPI",
            (Self::Kpi, _) => "KPIs",
            (Self::Goal, 1) => "goal",
            (Self::Goal, _) => "goals",
            (Self::Milestone, 1) => "milestone",
            (Self::Milestone, _) => "milestones",
            (Self::Initiative, 1) => "initiative",
            (Self::Initiative, _) => "initiatives",
            (Self::Access, 1) => "access",
            (Self::Access, _) => "accesses",
            (Self::Coverage, 1) => "touchpoint",
            (Self::Coverage, _) => "touchpoints",
            (Self::Source, 1) => "source",
            (Self::Source, _) => "sources",
            (Self::Capacity, 1) => "quarter’s capacity",
            (Self::Capacity, _) => "quarters’ capacity",
            (Self::Person, 1) => "person",
            (Self::Person, _) => "people",
            (Self::Waiting, 1) => "line of waiting",
            (Self::Waiting, _) => "lines of waiting",
        }
    }
}

text_enum! {
    /// What is said of a thing besides how it stands.
    pub enum FactField {
        Version = "version",
        Proposed = "proposed",
        RenewBy = "renew_by",
        Promise = "promise",
        DecideBy = "decide_by",
        Options = "options",
        Proposal = "proposal",
        Objection = "objection",
        Due = "due",
        Moves = "moves",
        Promised = "promised",
        Checkpoints = "checkpoints",
        Period = "period",
        Value = "value",
        Target = "target",
        Before = "before",
        Confirmed = "confirmed",
        Measures = "measures",
        Owner = "owner",
        Phase = "phase",
        Marketing = "marketing",
        Technology = "technology",
        NeededBy = "needed_by",
        Until = "until",
        Joined = "joined",
        Stands = "stands",
        Entry = "entry",
        Levels = "levels",
        Part = "part",
        Waits = "waits",
        Longest = "longest",
        AnswerTime = "answer_time",
    }
}

impl FactField {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Version => "Version in force",
            Self::Proposed => "Version proposed",
            Self::RenewBy => "Renew by",
            Self::Promise => "Promise",
            Self::DecideBy => "Decide by",
            Self::Options => "Options",
            Self::Proposal => "Proposal",
            Self::Objection => "Objection",
            Self::Due => "Due",
            Self::Moves => "Times moved",
            Self::Promised => "First promised for",
            Self::Checkpoints => "Checkpoints done",
            Self::Period => "Period",
            Self::Value => "Value",
            Self::Target => "Target",
            Self::Before => "Before",
            Self::Confirmed => "Confirmed",
            Self::Measures => "Measures",
            Self::Owner => "Owner",
            Self::Phase => "Phase",
            Self::Marketing => "Marketing",
            Self::Technology => "Technology",
            Self::NeededBy => "Needed by",
            Self::Until => "Until",
            Self::Joined => "Joined to the profile",
            Self::Stands => "Stands as",
            Self::Entry => "Entry",
            Self::Levels => "Levels",
            Self::Part => "Side and role",
            Self::Waits => "Texts to sign, without KPIs",
            Self::Longest => "Longest",
            Self::AnswerTime => "Usual time to answer",
        }
    }

    /// Whether every day changes it, so that a change of it is no news.
    pub const fn moves_by_itself(self) -> bool {
        matches!(
            self,
            Self::Longest | Self::Measures | Self::Checkpoints | Self::Before
        )
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactValue {
    Text(String),
    Day(Day),
    Count(i64),
}

impl FactValue {
    pub fn format(&self, today: Day) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Day(day) => day.format(today),
            Self::Count(count) => count.to_string(),
        }
    }
}

impl From<String> for FactValue {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for FactValue {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<Day> for FactValue {
    fn from(day: Day) -> Self {
        Self::Day(day)
    }
}

impl From<i64> for FactValue {
    fn from(count: i64) -> Self {
        Self::Count(count)
    }
}

/// One thing as it stood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    pub kind: FactKind,
    /// Names it for good, whatever it is called.
    pub key: String,
    /// Its page within the workspace.
    pub path: String,
    pub title: String,
    pub status: Option<StatusWord>,
    pub detail: String,
    pub values: Vec<(FactField, FactValue)>,
}

impl Fact {
    fn new(kind: FactKind, path: String, title: String) -> Self {
        Self {
            kind,
            key: path.clone(),
            path,
            title,
            status: None,
            detail: String::new(),
            values: Vec::new(),
        }
    }

    fn stands(mut self, status: StatusWord, detail: Option<String>) -> Self {
        self.status = Some(status);
        self.detail = detail.unwrap_or_default();
        self
    }

    fn with(mut self, field: FactField, value: impl Into<FactValue>) -> Self {
        self.values.push((field, value.into()));
        self
    }

    fn with_some(self, field: FactField, value: Option<impl Into<FactValue>>) -> Self {
        match value {
            Some(value) => self.with(field, value),
            None => self,
        }
    }

    pub fn value(&self, field: FactField) -> Option<&FactValue> {
        self.values
            .iter()
            .find(|(known, _)| *known == field)
            .map(|(_, value)| value)
    }

    fn each_text(&mut self, change: &impl Fn(&str) -> String) {
        self.title = change(&self.title);
        self.detail = change(&self.detail);
        for (_, value) in &mut self.values {
            if let FactValue::Text(text) = value {
                *text = change(text);
            }
        }
    }
}

/// What was not there at freezing, and whom it waited for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    /// "October of Repeat purchase rate".
    pub title: String,
    pub path: String,
    /// What has to be done: "confirm it".
    pub verb: String,
    pub waits_for: Vec<String>,
}

/// The whole of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewFacts {
    pub day: Day,
    pub at: Timestamp,
    pub rows: Vec<Fact>,
    pub missing: Vec<Missing>,
    /// Digests of the salted names that the keys mean.
    names: Vec<String>,
}

/// Somebody's name in a snapshot, beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SnapshotName {
    pub key: i64,
    pub name: Option<String>,
    pub salt: Option<String>,
}

/// Stands around a key; a sign of no script, which nobody types.
const MARK: char = '\u{e000}';

/// What is read in place of a name that was blanked.
const BLANKED: &str = "a former member";

impl ReviewFacts {
    /// Of the thing on a page.
    pub fn at_path(&self, path: &str) -> Option<&Fact> {
        self.rows.iter().find(|fact| fact.path == path)
    }

    pub fn of_kind(&self, kind: FactKind) -> impl Iterator<Item = &Fact> {
        self.rows.iter().filter(move |fact| fact.kind == kind)
    }

    fn each_text(&mut self, change: &impl Fn(&str) -> String) {
        for fact in &mut self.rows {
            fact.each_text(change);
        }
        for missing in &mut self.missing {
            missing.title = change(&missing.title);
            for name in &mut missing.waits_for {
                *name = change(name);
            }
        }
    }

    /// The text to be kept, with a key in place of each of these names, and what the keys mean; `salt` gives
    /// a fresh one each time.
    pub fn seal(
        mut self,
        mut names: Vec<String>,
        mut salt: impl FnMut() -> String,
    ) -> Result<(String, Vec<SnapshotName>)> {
        // A longer name first: one may be part of another.
        names.sort_by_key(|name| std::cmp::Reverse(name.chars().count()));
        names.dedup();
        names.retain(|name| name.chars().count() > 1 && name.chars().any(char::is_alphabetic));
        let keyed = |text: &str| {
            let text = text.replace(MARK, "");
            names.iter().enumerate().fold(text, |text, (key, name)| {
                text.replace(name, &format!("{MARK}{key}{MARK}"))
            })
        };
        self.each_text(&keyed);
        let kept: Vec<SnapshotName> = names
            .iter()
            .zip(0..)
            .map(|(name, key)| SnapshotName {
                key,
                name: Some(name.clone()),
                salt: Some(salt()),
            })
            .collect();
        self.names = kept
            .iter()
            .map(|kept| commitment(kept.name.as_deref(), kept.salt.as_deref()).unwrap_or_default())
            .collect();
        let content = serde_json::to_string(&self).map_err(|_| Error::Internal)?;
        Ok((content, kept))
    }

    /// Reads a kept text back, with the names in place.
    pub fn read(content: &str, names: &[SnapshotName]) -> Result<Self> {
        let mut facts: Self = serde_json::from_str(content).map_err(|_| Error::Internal)?;
        let restored = |text: &str| {
            let mut parts = text.split(MARK);
            let mut read = parts.next().unwrap_or_default().to_owned();
            while let (Some(key), after) = (parts.next(), parts.next()) {
                let name = key
                    .parse::<i64>()
                    .ok()
                    .and_then(|key| names.iter().find(|name| name.key == key))
                    .and_then(|name| name.name.as_deref());
                read.push_str(name.unwrap_or(BLANKED));
                read.push_str(after.unwrap_or_default());
            }
            read
        };
        facts.each_text(&restored);
        Ok(facts)
    }

    /// Whether these are the names that were kept, as far as they were not blanked.
    pub fn is_kept(&self, names: &[SnapshotName]) -> bool {
        names.len() == self.names.len()
            && names.iter().all(|kept| {
                let expected = usize::try_from(kept.key).ok().and_then(|key| self.names.get(key));
                match commitment(kept.name.as_deref(), kept.salt.as_deref()) {
                    Some(digest) => expected == Some(&digest),
                    None => expected.is_some(),
                }
            })
    }
}

fn commitment(name: Option<&str>, salt: Option<&str>) -> Option<String> {
    Some(sha256(&format!("{}\n{}", salt?, name?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> ReviewFacts {
        ReviewFacts {
            day: Day::new(2026, 11, 5),
            at: Timestamp::from_millis(0),
            rows: vec![
                Fact::new(FactKind::Goal, "goals/1".to_owned(), "Ann’s goal".to_owned())
                    .with(FactField::Owner, "Ann Lee")
                    .with(FactField::Target, "Ann Lee and Ann agreed"),
            ],
            missing: vec![Missing {
                title: "October".to_owned(),
                path: "kpis/1".to_owned(),
                verb: "confirm the number".to_owned(),
                waits_for: vec!["Ann Lee".to_owned()],
            }],
            names: Vec::new(),
        }
    }

    fn sealed() -> (String, Vec<SnapshotName>) {
        let mut salts = 0..;
        let salt = || format!("salt {}", salts.next().unwrap_or(0));
        facts()
            .seal(vec!["Ann".to_owned(), "Ann Lee".to_owned(), "X".to_owned()], salt)
            .expect("sealed")
    }

    #[test]
    fn people_stand_in_a_snapshot_by_keys() {
        let (content, names) = sealed();
        assert!(!content.contains("Ann"), "{content}");
        let read = ReviewFacts::read(&content, &names).expect("read");
        assert_eq!(
            (read.rows.clone(), read.missing.clone()),
            (facts().rows, facts().missing)
        );
        assert!(read.is_kept(&names));
    }

    #[test]
    fn a_blanked_name_leaves_the_text_and_its_digest_as_they_were() {
        let (content, mut names) = sealed();
        for name in &mut names {
            if name.name.as_deref() == Some("Ann Lee") {
                (name.name, name.salt) = (None, None);
            }
        }
        let read = ReviewFacts::read(&content, &names).expect("read");
        assert!(read.is_kept(&names));
        assert_eq!(
            read.rows[0].value(FactField::Target),
            Some(&FactValue::from("a former member and Ann agreed"))
        );
        names[0].name = Some("Somebody else".to_owned());
        names[0].salt = Some("salt 0".to_owned());
        assert!(!read.is_kept(&names), "another name is not the one that was kept");
    }
}
