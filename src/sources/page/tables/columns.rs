//! The four tables: their columns, and how a cell is written and read.

use crate::{
    platform::{form::Form, ids::MemberId},
    sources::{
        Channel, PersonalForm, Sensitivity, Stage, Word,
        uses::{Article9, Basis, KeptAfter, KeptThen, Purpose},
    },
    text_enum,
};

text_enum! {
    /// What a table is about.
    pub enum TableKind {
        Touchpoints = "touchpoints",
        Sources = "sources",
        Uses = "uses",
        Map = "map",
    }
}

impl TableKind {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Touchpoints => "Touchpoints",
            Self::Sources => "Sources",
            Self::Uses => "Uses",
            Self::Map => "Map",
        }
    }

    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Touchpoints => "Where customers meet us: a row each.",
            Self::Sources => "Where data lives, and who answers for it: a row each.",
            Self::Uses => "What data is used for, on which ground, for how long: a row a use.",
            Self::Map => "Your side’s words: a row for a touchpoint and a source.",
        }
    }

    pub const fn columns(self) -> &'static [TableColumn] {
        match self {
            Self::Touchpoints => TOUCHPOINTS,
            Self::Sources => SOURCES,
            Self::Uses => USES,
            Self::Map => MAP,
        }
    }

    /// The headings without which a row says nothing.
    pub fn keys(self) -> impl Iterator<Item = &'static TableColumn> {
        self.columns().iter().filter(|column| column.is_key)
    }
}

/// What is stored, and as it is written.
type Options = fn() -> Vec<(&'static str, &'static str)>;

/// What a cell of a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    Text,
    /// A whole number, or a day.
    Plain,
    /// Somebody, by their mail address.
    Person,
    /// A technology of the register, by its name.
    Technology,
    YesNo,
    /// A stage, as the company calls it or as it is called elsewhere.
    Stage,
    /// Clauses of the definition by their titles, with strokes between them.
    Clauses,
    /// One of a list.
    OneOf(&'static [Options]),
}

/// What cells name, and how the forms know it.
#[derive(Debug, Default)]
pub struct Names {
    /// By mail address.
    pub people: Vec<(MemberId, String)>,
    pub technologies: Vec<(String, String)>,
    /// All that were ever written, and those of the definition as it is drafted now.
    pub clauses: Vec<(String, String)>,
    pub open_clauses: Vec<(String, String)>,
    pub stages: Vec<(String, String)>,
}

/// A column: its heading, and the field of the form that it fills in.
#[derive(Debug)]
pub struct TableColumn {
    pub heading: &'static str,
    pub field: &'static str,
    pub holds: Holds,
    pub is_key: bool,
}

const fn key(heading: &'static str, field: &'static str) -> TableColumn {
    TableColumn {
        heading,
        field,
        holds: Holds::Text,
        is_key: true,
    }
}

const fn column(heading: &'static str, field: &'static str, holds: Holds) -> TableColumn {
    TableColumn {
        heading,
        field,
        holds,
        is_key: false,
    }
}

macro_rules! one_of {
    ($kind:ty) => {
        Holds::OneOf(&[|| {
            <$kind>::ALL
                .iter()
                .map(|one| (one.as_str(), one.name()))
                .collect()
        }])
    };
}

/// Other words for the stages, as journey maps of other houses have them.
pub const STAGE_SYNONYMS: [(&str, Stage); 5] = [
    ("awareness", Stage::Notice),
    ("consideration", Stage::Choose),
    ("purchase", Stage::Buy),
    ("retention", Stage::GetHelp),
    ("advocacy", Stage::ComeBack),
];

const TOUCHPOINTS: &[TableColumn] = &[
    key("touchpoint", "name"),
    column("stage", "stage", Holds::Stage),
    column("channel", "channel", one_of!(Channel)),
    column("answers", "answers", Holds::Person),
    column("contacts a month", "contacts", Holds::Plain),
    column("counted on", "counted_on", Holds::Plain),
    column("known by", "known_by", Holds::Text),
    column("about", "about", Holds::Text),
    column("clause", "clauses", Holds::Clauses),
];

const SOURCES: &[TableColumn] = &[
    key("source", "name"),
    column("holds", "holds", Holds::Text),
    column("technology", "technology", Holds::Technology),
    column("owner", "owner", Holds::Person),
    column("steward", "steward", Holds::Person),
    column("custodian", "custodian", Holds::Person),
    column("owner deputy", "owner_deputy", Holds::Person),
    column("custodian deputy", "custodian_deputy", Holds::Person),
    column("sensitivity", "sensitivity", one_of!(Sensitivity)),
    column("form", "form", one_of!(PersonalForm)),
    column("people", "people", Holds::Text),
    column("data", "kinds_of_data", Holds::Text),
    column("special categories", "is_special", Holds::YesNo),
    column("kept in", "kept_in", Holds::Text),
    column("refreshed every", "refreshed", Holds::Text),
    column("protection", "protection", Holds::Text),
    column("profile", "profile", Holds::YesNo),
];

const USES: &[TableColumn] = &[
    key("source", "source"),
    key("use", "name"),
    column("purpose", "purpose", one_of!(Purpose)),
    column("in words", "in_words", Holds::Text),
    column("basis", "basis", one_of!(Basis)),
    column("rests on", "rests_on", Holds::Text),
    column("article 9", "article_9", one_of!(Article9)),
    column("until", "kept_after", one_of!(KeptAfter)),
    column("length", "kept_months", Holds::Plain),
    column("then", "kept_then", one_of!(KeptThen)),
    column("archived under", "archived_under", Holds::Text),
    column("recipients outside", "recipients", Holds::Text),
    column("countries", "countries", Holds::Text),
    column("safeguard", "safeguard", Holds::Text),
];

const MAP: &[TableColumn] = &[
    key("touchpoint", "touchpoint"),
    key("source", "source"),
    column("word", "word", one_of!(Word)),
];

fn is_same(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

fn named(all: &[(String, String)], value: &str) -> String {
    all.iter()
        .find(|(id, _)| id == value)
        .map_or_else(String::new, |(_, name)| name.clone())
}

fn one_called(all: &[(String, String)], name: &str) -> Option<String> {
    all.iter()
        .find(|(_, known)| is_same(known, name))
        .map(|(id, _)| id.clone())
}

/// The company's own name comes first, then the usual one, then other houses' words.
fn stage_called(own: &[(String, String)], cell: &str) -> Option<String> {
    let usual = Stage::ALL
        .iter()
        .map(|stage| (stage.name(), *stage))
        .chain(Stage::ALL.iter().map(|stage| (stage.as_str(), *stage)))
        .chain(STAGE_SYNONYMS)
        .find(|(word, _)| is_same(word, cell))
        .map(|(_, stage)| stage.as_str().to_owned());
    one_called(own, cell).or(usual)
}

/// Between the parts of a list in a cell.
const BETWEEN: &str = " | ";

impl TableColumn {
    /// A form's field as it stands in a table.
    pub fn written(&self, form: &Form, names: &Names) -> String {
        form.raw_each(self.field)
            .map(|value| self.holds.written(value, names))
            .collect::<Vec<_>>()
            .join(BETWEEN)
    }

    /// Fills a cell into its form.
    ///
    /// # Errors
    /// What is allowed there, as a sentence.
    pub fn fill(&self, form: &mut Form, cell: &str, names: &Names) -> Result<(), String> {
        // What a table says of a thing already is left as it is, whatever stands in its names.
        if self.written(form, names) == cell {
            return Ok(());
        }
        let values = match self.holds {
            Holds::Clauses => cell
                .split('|')
                .filter(|part| !part.trim().is_empty())
                .map(|part| self.holds.read(part.trim(), names))
                .collect::<Result<Vec<String>, String>>()?,
            holds => vec![holds.read(cell, names)?],
        };
        if self.holds == Holds::Clauses {
            // As the form has them: each once, in the definition's order.
            let order = names.clauses.iter().map(|(id, _)| id.clone());
            form.set_each(self.field, order.filter(|id| values.contains(id)));
        } else {
            form.set_each(self.field, values);
        }
        Ok(())
    }
}

impl Holds {
    fn options(self) -> Vec<(&'static str, &'static str)> {
        match self {
            Self::OneOf([of]) => of(),
            _ => Vec::new(),
        }
    }

    /// A field's value as it stands in a table.
    pub fn written(self, value: &str, names: &Names) -> String {
        match self {
            Self::Text | Self::Plain => value.to_owned(),
            Self::YesNo => if value == "yes" { "yes" } else { "no" }.to_owned(),
            Self::Person => names
                .people
                .iter()
                .find(|(id, _)| id.to_string() == value)
                .map_or_else(String::new, |(_, email)| email.clone()),
            Self::Technology => named(&names.technologies, value),
            Self::Clauses => named(&names.clauses, value),
            Self::Stage => named(&names.stages, value),
            Self::OneOf(_) => self
                .options()
                .into_iter()
                .find(|(stored, _)| *stored == value)
                .map_or_else(String::new, |(_, name)| name.to_owned()),
        }
    }

    /// A cell as the form would have it.
    ///
    /// # Errors
    /// What is allowed there, as a sentence.
    pub fn read(self, cell: &str, names: &Names) -> Result<String, String> {
        match self {
            Self::Text | Self::Plain => Ok(cell.to_owned()),
            Self::YesNo => match cell.to_lowercase().as_str() {
                "yes" | "true" | "x" => Ok("yes".to_owned()),
                "no" | "false" => Ok(String::new()),
                _ => Err("Write yes or no.".to_owned()),
            },
            Self::Person => names
                .people
                .iter()
                .find(|(_, email)| is_same(email, cell))
                .map(|(id, _)| id.to_string())
                .ok_or_else(|| format!("Nobody at work here has the address {cell}.")),
            Self::Technology => one_called(&names.technologies, cell)
                .ok_or_else(|| format!("The register has no technology called {cell}.")),
            Self::Clauses => {
                let of_this_name = names
                    .open_clauses
                    .iter()
                    .filter(|(_, title)| is_same(title, cell));
                match of_this_name.collect::<Vec<_>>().as_slice() {
                    [(id, _)] => Ok(id.clone()),
                    [] => Err(format!("The definition has no clause called {cell}.")),
                    _ => Err(format!(
                        "More than one clause is called {cell}. Choose on the touchpoint’s page."
                    )),
                }
            }
            Self::Stage => stage_called(&names.stages, cell).ok_or_else(|| {
                let names: Vec<&str> = names.stages.iter().map(|(_, name)| name.as_str()).collect();
                format!("Write one of: {}.", names.join(", "))
            }),
            Self::OneOf(_) => {
                let options = self.options();
                options
                    .iter()
                    .find(|(stored, name)| is_same(stored, cell) || is_same(name, cell))
                    .map(|(stored, _)| (*stored).to_owned())
                    .ok_or_else(|| {
                        let names: Vec<&str> = options.iter().map(|(_, name)| *name).collect();
                        format!("Write one of: {}.", names.join(", "))
                    })
            }
        }
    }
}
