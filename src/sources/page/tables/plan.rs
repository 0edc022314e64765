//! What a table would do: every row read as its form would be, before anything is entered.

use std::collections::HashMap;

use sha2::{Digest as _, Sha256};

use super::{
    super::{entry, touchpoint, uses},
    columns::{Holds, Names, TableColumn, TableKind},
};
use crate::{
    identity::{Action, Side, Viewer},
    members,
    platform::{
        error::{Error, Result},
        form::Form,
        ids::{ClauseId, MemberId, SourceId, TouchpointId, UseId},
        sheet::Sheet,
        text,
    },
    sources::{
        Chair, Word,
        read::{self, Map, Source, Touchpoint, Use},
        write::{OneOfMany, WordInput},
    },
    technologies,
};

/// The chairs that a table names.
const CHAIRS: [Chair; 5] = [
    Chair::Owner,
    Chair::Steward,
    Chair::Custodian,
    Chair::OwnerDeputy,
    Chair::CustodianDeputy,
];

/// What cannot be taken: the row, the heading, and what is allowed there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowProblem {
    pub row: usize,
    pub heading: String,
    pub why: String,
}

/// What one row would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub title: String,
    pub is_new: bool,
    /// Heading, what is there, what would be.
    pub changes: Vec<(&'static str, String, String)>,
}

/// What a table would do.
#[derive(Debug, Default)]
pub struct TablePlan {
    pub problems: Vec<RowProblem>,
    pub lines: Vec<Line>,
    pub unchanged: usize,
    pub changes: Vec<OneOfMany>,
    pub words: Vec<WordInput>,
    pub notes: Vec<String>,
}

impl TablePlan {
    /// Names exactly this; another table, or another state of the room, has another one.
    pub fn digest(&self) -> String {
        let mut hasher = Sha256::new();
        for line in &self.lines {
            hasher.update(line.title.as_bytes());
            for (heading, before, after) in &line.changes {
                for part in [heading, before.as_str(), after.as_str()] {
                    hasher.update(part.as_bytes());
                    hasher.update([0]);
                }
            }
        }
        hex::encode(hasher.finalize())
    }
}

/// All that a table may name.
pub struct Known {
    pub map: Map,
    pub uses: Vec<Use>,
    pub names: Names,
    kept: HashMap<TouchpointId, Vec<ClauseId>>,
    sides: HashMap<MemberId, (String, Option<Side>)>,
}

impl Known {
    pub async fn read(viewer: &Viewer) -> Result<Self> {
        let map = Map::read(viewer).await?;
        let workers = members::read::workers(viewer).await?;
        let clauses = read::clauses(viewer).await?;
        Ok(Self {
            map,
            uses: read::uses(viewer).await?,
            sides: workers
                .iter()
                .map(|member| (member.id, (member.name.clone(), member.side)))
                .collect(),
            kept: read::kept_clauses(viewer).await?,
            names: Names {
                people: workers
                    .into_iter()
                    .map(|member| (member.id, member.email))
                    .collect(),
                technologies: technologies::read::technologies(viewer)
                    .await?
                    .into_iter()
                    .map(|technology| (technology.id.to_string(), technology.name))
                    .collect(),
                stages: read::stage_names(viewer).await?.options(),
                open_clauses: clauses
                    .iter()
                    .filter(|clause| clause.archived_at.is_none())
                    .map(|clause| (clause.id.to_string(), clause.title.clone()))
                    .collect(),
                clauses: clauses
                    .into_iter()
                    .map(|clause| (clause.id.to_string(), clause.title))
                    .collect(),
            },
        })
    }

    fn written(&self, column: &TableColumn, form: &Form) -> String {
        column.written(form, &self.names)
    }

    fn touchpoint_form(&self, it: &Touchpoint) -> Form {
        touchpoint::form_of(it, self.kept.get(&it.id).map_or(&[], Vec::as_slice))
    }

    fn source_form(&self, source: &Source) -> Form {
        let mut form = entry::form_of(source);
        for chair in CHAIRS {
            let holder = source
                .holder(chair)
                .map_or_else(String::new, |holder| holder.member_id.to_string());
            form.set(chair.as_str(), holder);
        }
        let is_profile = self.map.profile.named == Some(source.id);
        form.set("profile", if is_profile { "yes" } else { "" });
        form
    }

    fn use_form(&self, one: &Use) -> Form {
        let source = self.map.sources.iter().find(|source| source.id == one.source_id);
        uses::form_of(one).with(
            "source",
            source.map_or_else(String::new, |source| source.name.clone()),
        )
    }

    /// The whole table as it is: its headings, then a row for each thing.
    pub fn rows(&self, kind: TableKind, side: Option<Side>) -> Vec<Vec<String>> {
        let columns = kind.columns();
        let head = columns.iter().map(|column| column.heading.to_owned()).collect();
        let row = |form: &Form| -> Vec<String> {
            columns.iter().map(|column| self.written(column, form)).collect()
        };
        let mut rows: Vec<Vec<String>> = vec![head];
        match kind {
            TableKind::Touchpoints => {
                let in_force = self.map.touchpoints.iter().filter(|one| one.retired_at.is_none());
                rows.extend(in_force.map(|one| row(&self.touchpoint_form(one))));
            }
            TableKind::Sources => rows.extend(self.map.sources.iter().map(|one| row(&self.source_form(one)))),
            TableKind::Uses => {
                let of_known = self
                    .uses
                    .iter()
                    .filter(|one| self.map.sources.iter().any(|source| source.id == one.source_id));
                rows.extend(of_known.map(|one| row(&self.use_form(one))));
            }
            TableKind::Map => rows.extend(self.cells(side)),
        }
        rows
    }

    /// The own side's words; cells of which nothing is said are there to be filled in, while they fit a
    /// table.
    fn cells(&self, side: Option<Side>) -> Vec<Vec<String>> {
        let touchpoints: Vec<&Touchpoint> = self.map.in_force().collect();
        let fits = touchpoints.len() * self.map.sources.len() < crate::platform::sheet::MOST_ROWS;
        touchpoints
            .iter()
            .flat_map(|touchpoint| self.map.sources.iter().map(move |source| (*touchpoint, source)))
            .filter_map(|(touchpoint, source)| {
                let word = self.map.own_word(side?, touchpoint.id, source.id);
                (fits || word.is_some()).then(|| {
                    vec![
                        touchpoint.name.clone(),
                        source.name.clone(),
                        word.map_or_else(String::new, |word| word.name().to_owned()),
                    ]
                })
            })
            .collect()
    }
}

/// Which column of the file is which; a file with a heading that nobody knows, or twice, is refused.
fn layout(kind: TableKind, sheet: &Sheet) -> std::result::Result<Vec<&'static TableColumn>, String> {
    let Some((_, head)) = sheet.rows.first() else {
        return Err("The table is empty. It begins with a row of headings.".to_owned());
    };
    let mut found: Vec<&'static TableColumn> = Vec::with_capacity(head.len());
    for cell in head {
        let known = kind
            .columns()
            .iter()
            .find(|column| column.heading == cell.text.trim().to_lowercase());
        let Some(column) = known else {
            let headings: Vec<&str> = kind.columns().iter().map(|column| column.heading).collect();
            return Err(format!(
                "“{}” is no heading of this table. It has: {}.",
                cell.text,
                headings.join(", ")
            ));
        };
        if found.iter().any(|other| other.heading == column.heading) {
            return Err(format!("The heading “{}” is there twice.", column.heading));
        }
        found.push(column);
    }
    if let Some(missing) = kind
        .keys()
        .find(|key| found.iter().all(|column| column.heading != key.heading))
    {
        return Err(format!("The column “{}” is missing.", missing.heading));
    }
    Ok(found)
}

/// One row as it came: its cells by heading.
struct Row<'a> {
    number: usize,
    cells: Vec<(&'static TableColumn, &'a str)>,
}

impl Row<'_> {
    fn key(&self) -> Vec<String> {
        self.cells
            .iter()
            .filter(|(column, _)| column.is_key)
            .map(|(_, cell)| text::name_key(unescaped(cell)))
            .collect()
    }

    fn cell(&self, heading: &str) -> &str {
        self.cells
            .iter()
            .find(|(column, _)| column.heading == heading)
            .map_or("", |(_, cell)| unescaped(cell))
    }
}

/// What was written for a spreadsheet, without the sign that keeps it from being a formula.
fn unescaped(cell: &str) -> &str {
    cell.strip_prefix('\'')
        .filter(|rest| rest.starts_with(['=', '+', '-', '@', '\t', '\r', '\'']))
        .unwrap_or(cell)
}

/// Checks every row, and says what each would do.
///
/// # Errors
/// Why the table is refused as a whole.
pub fn plan(kind: TableKind, sheet: &Sheet, known: &Known, viewer: &Viewer) -> Result<TablePlan, String> {
    let columns = layout(kind, sheet)?;
    let mut planning = Planning {
        known,
        viewer,
        plan: TablePlan {
            notes: sheet.notes.clone(),
            ..TablePlan::default()
        },
        by_touchpoint: known
            .map
            .touchpoints
            .iter()
            .filter(|one| one.retired_at.is_none())
            .map(|one| (text::name_key(&one.name), one))
            .collect(),
        by_source: known
            .map
            .sources
            .iter()
            .map(|one| (text::name_key(&one.name), one))
            .collect(),
    };
    let mut seen: HashMap<Vec<String>, usize> = HashMap::new();
    for (number, cells) in sheet.rows.iter().skip(1) {
        let row = Row {
            number: *number,
            cells: columns
                .iter()
                .enumerate()
                .map(|(at, column)| (*column, cells.get(at).map_or("", |cell| cell.text.as_str())))
                .collect(),
        };
        if cells.len() > columns.len() {
            planning.wrong(&row, "", "This row has more cells than there are headings.");
            continue;
        }
        if let Some(empty) = row
            .cells
            .iter()
            .find(|(column, cell)| column.is_key && cell.is_empty())
        {
            planning.wrong(&row, empty.0.heading, "Write what the row is about.");
            continue;
        }
        if let Some(other) = seen.insert(row.key(), *number) {
            planning.wrong(&row, "", &format!("Row {other} is about the same."));
            continue;
        }
        match kind {
            TableKind::Touchpoints => planning.touchpoint(&row),
            TableKind::Sources => planning.source(&row),
            TableKind::Uses => planning.one_use(&row),
            TableKind::Map => planning.word(&row),
        }
    }
    Ok(planning.plan)
}

struct Planning<'a> {
    known: &'a Known,
    viewer: &'a Viewer,
    plan: TablePlan,
    by_touchpoint: HashMap<String, &'a Touchpoint>,
    by_source: HashMap<String, &'a Source>,
}

impl Planning<'_> {
    fn wrong(&mut self, row: &Row<'_>, heading: &str, why: &str) {
        self.plan.problems.push(RowProblem {
            row: row.number,
            heading: heading.to_owned(),
            why: why.to_owned(),
        });
    }

    /// The row over what is there: an empty cell leaves it, a stroke empties it. None when a cell cannot be
    /// read.
    fn filled(&mut self, row: &Row<'_>, now: &Form) -> Option<Form> {
        let mut form = now.clone();
        let before = self.plan.problems.len();
        for (column, cell) in &row.cells {
            let is_named = column.is_key && !form.raw(column.field).is_empty();
            if cell.is_empty() || is_named {
                continue;
            }
            if *cell == "-" {
                form.set(column.field, "");
                continue;
            }
            if let Err(why) = column.fill(&mut form, unescaped(cell), &self.known.names) {
                self.wrong(row, column.heading, &why);
            }
        }
        (self.plan.problems.len() == before).then_some(form)
    }

    /// Whether somebody works on the side that is asked for; says so at the heading where they do not.
    fn is_of(&mut self, row: &Row<'_>, heading: &str, member: MemberId, side: Side) -> bool {
        let known = self.known.sides.get(&member);
        if known.is_some_and(|(_, of)| *of == Some(side)) {
            return true;
        }
        let name = known.map_or("This person", |(name, _)| name.as_str()).to_owned();
        self.wrong(
            row,
            heading,
            &format!(
                "{name} does not work in {side}. Choose somebody of {side}.",
                side = side.name()
            ),
        );
        false
    }

    /// What the form says is wrong, at the headings of its fields.
    fn refused(&mut self, row: &Row<'_>, error: Error) {
        let Error::Invalid(problems) = error else {
            return self.wrong(row, "", "This row cannot be taken.");
        };
        for problem in problems {
            let heading = row
                .cells
                .iter()
                .find(|(column, _)| column.field == problem.field)
                .map_or("", |(column, _)| column.heading);
            let why = if heading.is_empty() {
                format!("{}: {}", problem.field.replace('_', " "), problem.what)
            } else {
                problem.what
            };
            self.wrong(row, heading, &why);
        }
    }

    fn differences(&self, row: &Row<'_>, now: &Form, form: &Form) -> Vec<(&'static str, String, String)> {
        row.cells
            .iter()
            .filter(|(column, _)| !column.is_key)
            .filter(|(column, _)| now.raw_each(column.field).ne(form.raw_each(column.field)))
            .map(|(column, _)| {
                (
                    column.heading,
                    self.known.written(column, now),
                    self.known.written(column, form),
                )
            })
            .collect()
    }

    /// Keeps what a row would do; gives whether it does anything.
    fn keep(&mut self, row: &Row<'_>, title: &str, is_new: bool, (now, form): (&Form, &Form)) -> bool {
        let changes = self.differences(row, now, form);
        if changes.is_empty() && !is_new {
            self.plan.unchanged += 1;
            return false;
        }
        self.plan.lines.push(Line {
            title: title.to_owned(),
            is_new,
            changes,
        });
        true
    }

    fn touchpoint(&mut self, row: &Row<'_>) {
        let name = row.cell("touchpoint");
        let there = self.by_touchpoint.get(&text::name_key(name)).copied();
        let now = there.map_or_else(Form::blank, |it| self.known.touchpoint_form(it));
        let Some(mut form) = self.filled(row, &now) else {
            return;
        };
        let input = match touchpoint::input(&mut form) {
            Ok(input) => input,
            Err(error) => return self.refused(row, error),
        };
        if let Some(answers) = input.answers
            && !self.is_of(row, "answers", answers, Side::Marketing)
        {
            return;
        }
        let action = if there.is_some() {
            Action::ChangeTouchpoint
        } else {
            Action::EnterSource
        };
        if !self.keep(row, name, there.is_none(), (&now, &form)) {
            return;
        }
        if !self.viewer.may(action) {
            return self.wrong(row, "", "Only Marketing changes a touchpoint.");
        }
        self.plan.changes.push(match there {
            Some(it) => OneOfMany::ChangeTouchpoint(it.number, it.version, input),
            None => OneOfMany::NameTouchpoint(self.viewer.fresh_id::<TouchpointId>(), input),
        });
    }

    fn source(&mut self, row: &Row<'_>) {
        let name = row.cell("source");
        let there = self.by_source.get(&text::name_key(name)).copied();
        let now = there.map_or_else(Form::blank, |source| self.known.source_form(source));
        let Some(mut form) = self.filled(row, &now) else {
            return;
        };
        if now.raw("profile") != form.raw("profile") {
            return self.wrong(
                row,
                "profile",
                "Both leads name the profile, by their signatures.",
            );
        }
        let input = match entry::input(&mut form) {
            Ok(input) => input,
            Err(error) => return self.refused(row, error),
        };
        if let Some(it) = there
            && it.agreed_at.is_some()
            && input.sensitivity < it.sensitivity
        {
            return self.wrong(
                row,
                "sensitivity",
                "A table lowers no sensitivity that both holders signed. Change it on the source’s page.",
            );
        }
        let Some(chairs) = self.chairs(row, there, &form) else {
            return;
        };
        if !self.keep(row, name, there.is_none(), (&now, &form)) {
            return;
        }
        if !self.viewer.may(Action::EnterSource) {
            return self.wrong(row, "", "Only who works on a side enters sources.");
        }
        match there {
            Some(it) => {
                self.plan
                    .changes
                    .push(OneOfMany::ChangeSource(it.number, it.version, input));
                self.plan
                    .changes
                    .extend(chairs.into_iter().map(|(chair, member)| {
                        let seen = it.holder(chair).map(|holder| holder.member_id);
                        OneOfMany::GiveChair(it.number, (chair, seen), member)
                    }));
            }
            None => self.plan.changes.push(OneOfMany::EnterSource(
                self.viewer.fresh_id::<SourceId>(),
                input,
                chairs,
            )),
        }
    }

    /// Who is to sit on which chair that somebody else sits on, or nobody; none where a cell cannot be taken.
    fn chairs(
        &mut self,
        row: &Row<'_>,
        there: Option<&Source>,
        form: &Form,
    ) -> Option<Vec<(Chair, MemberId)>> {
        let mut given = Vec::new();
        for chair in CHAIRS {
            let seen = there
                .and_then(|it| it.holder(chair))
                .map(|holder| holder.member_id);
            let wanted: Option<MemberId> = form.raw(chair.as_str()).parse().ok();
            if wanted == seen {
                continue;
            }
            let heading = chair.as_str().replace('_', " ");
            let Some(member) = wanted else {
                self.wrong(row, &heading, "A chair is left on the source’s page.");
                return None;
            };
            if !self.is_of(row, &heading, member, chair.side()) {
                return None;
            }
            let holders: Vec<MemberId> = there
                .into_iter()
                .flat_map(|it| &it.chairs)
                .filter(|holder| holder.chair == chair || Some(holder.chair) == chair.deputises())
                .map(|holder| holder.member_id)
                .collect();
            let may = there.is_none()
                || self.viewer.may(Action::GiveChair {
                    side: chair.side(),
                    holders: &holders,
                });
            if !may {
                self.wrong(
                    row,
                    &heading,
                    "Only who sits there, or that side’s lead, gives this chair.",
                );
                return None;
            }
            given.push((chair, member));
        }
        Some(given)
    }

    fn one_use(&mut self, row: &Row<'_>) {
        let (source, name) = (row.cell("source"), row.cell("use"));
        let Some(source) = self.by_source.get(&text::name_key(source)).copied() else {
            return self.wrong(row, "source", "There is no source of this name.");
        };
        let there = self
            .known
            .uses
            .iter()
            .find(|one| one.source_id == source.id && text::name_key(&one.name) == text::name_key(name));
        let now = there.map_or_else(
            || Form::blank().with("source", source.name.clone()),
            |one| self.known.use_form(one),
        );
        let Some(mut form) = self.filled(row, &now) else {
            return;
        };
        let input = match uses::input(&mut form) {
            Ok(input) => input,
            Err(error) => return self.refused(row, error),
        };
        let title = format!("{}: {name}", source.name);
        if !self.keep(row, &title, there.is_none(), (&now, &form)) {
            return;
        }
        if !uses::may_decide(self.viewer, source) {
            return self.wrong(
                row,
                "",
                "Only its owner, its steward or Marketing’s lead says what a source is used for.",
            );
        }
        self.plan.changes.push(match there {
            Some(one) => OneOfMany::ChangeUse((source.number, one.number), one.version, input),
            None => OneOfMany::AddUse(source.number, self.viewer.fresh_id::<UseId>(), input),
        });
    }

    fn word(&mut self, row: &Row<'_>) {
        let (touchpoint, source) = (row.cell("touchpoint"), row.cell("source"));
        let Some(touchpoint) = self.by_touchpoint.get(&text::name_key(touchpoint)).copied() else {
            return self.wrong(row, "touchpoint", "There is no touchpoint of this name.");
        };
        let Some(source) = self.by_source.get(&text::name_key(source)).copied() else {
            return self.wrong(row, "source", "There is no source of this name.");
        };
        let cell = row.cell("word");
        if cell.is_empty() {
            self.plan.unchanged += 1;
            return;
        }
        if cell == "-" {
            return self.wrong(
                row,
                "word",
                "A word that was said can be changed, and not unsaid.",
            );
        }
        let holds = row
            .cells
            .iter()
            .find(|(column, _)| column.field == "word")
            .map_or(Holds::Text, |(column, _)| column.holds);
        let word: Word = match holds.read(cell, &self.known.names).map(|word| word.parse()) {
            Ok(Ok(word)) => word,
            Ok(Err(_)) => return,
            Err(why) => return self.wrong(row, "word", &why),
        };
        let Some(side) = self.viewer.side() else {
            return self.wrong(row, "word", "Only who works on a side speaks for it.");
        };
        let seen = self.known.map.own_word(side, touchpoint.id, source.id);
        if seen == Some(word) {
            self.plan.unchanged += 1;
            return;
        }
        if !super::super::words::may_say(self.viewer, touchpoint, source) {
            return self.wrong(row, "word", "This word is not yours to say.");
        }
        self.plan.lines.push(Line {
            title: format!("{} in {}", touchpoint.name, source.name),
            is_new: seen.is_none(),
            changes: vec![(
                "word",
                seen.map_or_else(String::new, |word| word.name().to_owned()),
                word.name().to_owned(),
            )],
        });
        self.plan.words.push(WordInput {
            touchpoint: touchpoint.id,
            source: source.id,
            word,
            seen,
        });
    }
}
