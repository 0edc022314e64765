//! Where in a table its headings, periods and values stand.

use std::collections::{BTreeMap, HashSet};

use super::{Cell, CellProblem, Sheet, name_key, period::period};
use crate::{kpis::Cadence, text_enum};

text_enum! {
    /// What a column holds.
    pub enum Column { Kpi = "kpi", Period = "period", Value = "value", Because = "because", Nothing = "nothing" }
}

impl Column {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Kpi => "KPI",
            Self::Period => "Period",
            Self::Value => "Value",
            Self::Because => "Because",
            Self::Nothing => "Not read",
        }
    }

    /// By the headings that people write.
    fn by_heading(heading: &str) -> Option<Self> {
        const NAMES: [(Column, &[&str]); 4] = [
            (
                Column::Kpi,
                &[
                    "kpi",
                    "kpi name",
                    "metric",
                    "measure",
                    "indicator",
                    "name",
                    "kennzahl",
                    "metrik",
                    "indicateur",
                    "indicador",
                    "indicatore",
                ],
            ),
            (
                Column::Period,
                &[
                    "period", "month", "date", "week", "quarter", "day", "periode", "zeitraum", "monat",
                    "datum", "woche", "quartal", "mois", "période", "mes", "fecha", "mese", "maand",
                ],
            ),
            (
                Column::Value,
                &[
                    "value", "actual", "actuals", "result", "amount", "wert", "ist", "istwert", "valeur",
                    "valor", "valore", "waarde",
                ],
            ),
            (
                Column::Because,
                &[
                    "because",
                    "reason",
                    "comment",
                    "note",
                    "grund",
                    "kommentar",
                    "raison",
                    "motivo",
                ],
            ),
        ];
        NAMES
            .iter()
            .find(|(_, names)| names.contains(&heading))
            .map(|(column, _)| *column)
    }
}

/// What somebody said about the headings of their tables, by the heading in lower case.
pub type Headings = BTreeMap<String, Column>;

/// A value of a table, with what it is of.
#[derive(Clone, Debug)]
pub struct ImportedValue {
    pub row: usize,
    /// The heading over the value.
    pub column: String,
    pub kpi: String,
    pub period: String,
    pub value: Cell,
    pub because: String,
}

/// What was found in a table.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    /// The headings of a table with a value a row, and what each column holds: to be shown and changed.
    pub headings: Vec<(String, Option<Column>)>,
    pub entries: Vec<ImportedValue>,
    /// What was passed over, as sentences.
    pub notes: Vec<String>,
    pub problems: Vec<CellProblem>,
    /// Whether no column names KPIs, so that somebody says which one the table is about.
    pub names_no_kpi: bool,
    /// Whether no row says what the columns hold.
    pub is_unrecognized: bool,
}

/// Rows among which the headings are looked for: titles and comments stand above them.
const HEADINGS_WITHIN: usize = 30;

/// Where values stand.
enum Shape {
    /// A value a row.
    Rows {
        /// None where all values are of the KPI that somebody chose.
        kpi: Option<usize>,
        period: usize,
        value: usize,
    },
    /// A KPI a row, a period a column.
    PeriodsAcross { kpi: usize, periods: Vec<usize> },
    /// A period a row, a KPI a column.
    KpisAcross { period: usize, kpis: Vec<usize> },
}

fn is_period(text: &str) -> bool {
    Cadence::ALL
        .iter()
        .any(|cadence| period(*cadence, text).is_some())
}

/// Whether a cell says that there is no value.
fn is_blank(text: &str) -> bool {
    matches!(
        name_key(text).as_str(),
        "" | "-" | "–" | "—" | "n/a" | "na" | "#n/a" | "null" | "none" | "k. a." | "k.a." | "."
    )
}

fn is_total(text: &str) -> bool {
    const WORDS: [&str; 10] = [
        "total",
        "totals",
        "sum",
        "grand total",
        "subtotal",
        "gesamt",
        "summe",
        "average",
        "totale",
        "mittelwert",
    ];
    WORDS.contains(&name_key(text).as_str())
}

/// Finds the values of a table. `titles` are the KPIs' names in lower case; `only` is the title of the one
/// that a table without KPIs is about, where somebody said so.
pub fn find(sheet: &Sheet, titles: &HashSet<String>, told: &Headings, only: Option<&str>) -> Layout {
    let mut layout = Layout::default();
    if sheet.rows.is_empty() {
        layout
            .problems
            .push(CellProblem::of_row(1, "The table is empty.".to_owned()));
        return layout;
    }
    let found = sheet
        .rows
        .iter()
        .take(HEADINGS_WITHIN)
        .enumerate()
        .find_map(|(at, (_, row))| shape_of(row, (titles, told), only).map(|shape| (at, shape)));
    let Some((at, shape)) = found else {
        return unrecognized(sheet, told, only.is_some());
    };
    let (head_row, head) = &sheet.rows[at];
    if at > 0 {
        layout.notes.push(format!(
            "The headings are in row {head_row}. Rows above it were skipped."
        ));
    }
    layout.headings = match &shape {
        Shape::Rows { .. } => columns_of(head, told),
        _ => Vec::new(),
    };
    layout.names_no_kpi = matches!(shape, Shape::Rows { kpi: None, .. });
    let because = columns_of(head, told)
        .iter()
        .position(|(_, column)| *column == Some(Column::Because));
    let mut passed = Vec::new();
    let mut blanks = 0;
    for (number, row) in &sheet.rows[at + 1..] {
        if row.len() > head.len() {
            layout.problems.push(CellProblem::of_row(
                *number,
                "This row has more cells than there are headings. Where commas separate cells, put a number \
                    with a comma into quotation marks."
                    .to_owned(),
            ));
            continue;
        }
        let Some(entries) = entries_of(*number, row, head, (&shape, because), (titles, only)) else {
            let first = row
                .iter()
                .map(|cell| cell.text.trim())
                .find(|text| !text.is_empty());
            passed.push((*number, first.unwrap_or_default().to_owned()));
            continue;
        };
        for entry in entries {
            if is_blank(&entry.value.text) {
                blanks += 1;
            } else {
                layout.entries.push(entry);
            }
        }
    }
    layout.notes.extend(not_read(head, &shape, because));
    layout.notes.extend(passed_over(&passed));
    if blanks > 0 {
        let cells = if blanks == 1 {
            "1 cell without a value was"
        } else {
            &format!("{blanks} cells without a value were")
        };
        layout.notes.push(format!("{cells} skipped."));
    }
    layout
}

/// The values of a row; none where it is passed over.
fn entries_of(
    number: usize,
    row: &[Cell],
    head: &[Cell],
    (shape, because): (&Shape, Option<usize>),
    (titles, only): (&HashSet<String>, Option<&str>),
) -> Option<Vec<ImportedValue>> {
    let text = |at: usize| row.get(at).map_or("", |cell| cell.text.trim());
    let first = row
        .iter()
        .map(|cell| cell.text.trim())
        .find(|text| !text.is_empty());
    let is_known = |name: &str| titles.contains(&name_key(name));
    let entry = |at: usize, kpi: &str, period: &str| ImportedValue {
        row: number,
        column: head[at].text.clone(),
        kpi: kpi.to_owned(),
        period: period.to_owned(),
        value: row.get(at).cloned().unwrap_or_default(),
        because: because.map_or("", text).to_owned(),
    };
    match shape {
        Shape::Rows { kpi, period, value } => {
            let is_alone = row.iter().filter(|cell| !cell.text.trim().is_empty()).count() == 1;
            let says_nothing = is_blank(text(*value)) && (is_alone || text(*period).is_empty());
            // A row that names a KPI is no total, whatever stands before it.
            let named = kpi.map_or(first.unwrap_or_default(), text);
            let sums_up = is_total(first.unwrap_or_default()) && !is_known(named);
            let kpi = kpi.map_or(only.unwrap_or_default(), text);
            (!says_nothing && !sums_up).then(|| {
                vec![ImportedValue {
                    column: "value".to_owned(),
                    ..entry(*value, kpi, text(*period))
                }]
            })
        }
        Shape::PeriodsAcross { kpi, periods } => {
            let name = text(*kpi);
            let says_nothing = periods.iter().all(|at| is_blank(text(*at)));
            let is_passed = !is_known(name) && (is_total(name) || says_nothing);
            (!is_passed).then(|| {
                periods
                    .iter()
                    .map(|at| entry(*at, name, &head[*at].text))
                    .collect()
            })
        }
        Shape::KpisAcross { period, kpis } => {
            let says_nothing = kpis.iter().all(|at| is_blank(text(*at)));
            let is_passed = is_total(text(*period)) || says_nothing;
            (!is_passed).then(|| {
                kpis.iter()
                    .map(|at| entry(*at, &head[*at].text, text(*period)))
                    .collect()
            })
        }
    }
}

fn columns_of(head: &[Cell], told: &Headings) -> Vec<(String, Option<Column>)> {
    head.iter()
        .map(|cell| {
            let name = name_key(&cell.text);
            let column = told.get(&name).copied().or_else(|| Column::by_heading(&name));
            (cell.text.trim().to_owned(), column)
        })
        .collect()
}

fn shape_of(
    row: &[Cell],
    (titles, told): (&HashSet<String>, &Headings),
    only: Option<&str>,
) -> Option<Shape> {
    let columns = columns_of(row, told);
    let at = |wanted: Column| columns.iter().position(|(_, column)| *column == Some(wanted));
    if let (Some(kpi), Some(period), Some(value)) = (at(Column::Kpi), at(Column::Period), at(Column::Value)) {
        let kpi = Some(kpi);
        return Some(Shape::Rows { kpi, period, value });
    }
    let positions = |is_wanted: &dyn Fn(&str) -> bool| -> Vec<usize> {
        columns
            .iter()
            .enumerate()
            .filter(|(_, (heading, _))| is_wanted(heading))
            .map(|(at, _)| at)
            .collect()
    };
    let kpis = positions(&|heading| titles.contains(&name_key(heading)));
    if let Some(period) = at(Column::Period)
        && !kpis.is_empty()
    {
        return Some(Shape::KpisAcross { period, kpis });
    }
    if let (Some(_), Some(period), Some(value)) = (only, at(Column::Period), at(Column::Value)) {
        let kpi = None;
        return Some(Shape::Rows { kpi, period, value });
    }
    let periods = positions(&is_period);
    let kpi = at(Column::Kpi).or_else(|| (periods.first() != Some(&0)).then_some(0));
    match kpi {
        Some(kpi) if at(Column::Kpi).is_some() && !periods.is_empty() || periods.len() >= 2 => {
            Some(Shape::PeriodsAcross { kpi, periods })
        }
        _ => None,
    }
}

/// Where no row has the headings: the one with most names is shown, for somebody to say what each column
/// holds.
fn unrecognized(sheet: &Sheet, told: &Headings, is_of_one: bool) -> Layout {
    let names = |row: &[Cell]| {
        row.iter()
            .filter(|cell| cell.text.chars().any(char::is_alphabetic))
            .count()
    };
    let most = sheet
        .rows
        .iter()
        .take(HEADINGS_WITHIN)
        .map(|(_, row)| names(row))
        .max();
    let head = sheet
        .rows
        .iter()
        .find(|(_, row)| Some(names(row)) == most)
        .map(|(number, row)| (*number, columns_of(row, told)));
    let (number, headings) = head.unwrap_or_default();
    let missing: Vec<Column> = [Column::Kpi, Column::Period, Column::Value]
        .into_iter()
        .filter(|wanted| !headings.iter().any(|(_, column)| column == &Some(*wanted)))
        .collect();
    let names_no_kpi = missing.contains(&Column::Kpi);
    let columns: Vec<&str> = missing
        .iter()
        .filter(|column| !(is_of_one && **column == Column::Kpi))
        .map(|column| column.as_str())
        .collect();
    let mut why = format!(
        "These columns are missing in the first row: {}. Choose them below.",
        columns.join(", ")
    );
    if names_no_kpi && !is_of_one {
        why.push_str(" If all values belong to one KPI, choose that KPI.");
    }
    Layout {
        is_unrecognized: true,
        names_no_kpi,
        headings,
        problems: vec![CellProblem::of_row(number, why)],
        ..Layout::default()
    }
}

/// Columns that hold neither KPIs nor periods, where those stand across.
fn not_read(head: &[Cell], shape: &Shape, because: Option<usize>) -> Option<String> {
    let read: Vec<usize> = match shape {
        Shape::Rows { .. } => return None,
        Shape::PeriodsAcross { kpi, periods: others }
        | Shape::KpisAcross {
            period: kpi,
            kpis: others,
        } => others.iter().copied().chain([*kpi]).collect(),
    };
    let names: Vec<&str> = head
        .iter()
        .enumerate()
        .filter(|(at, cell)| !read.contains(at) && Some(*at) != because && !cell.text.trim().is_empty())
        .map(|(_, cell)| cell.text.trim())
        .collect();
    (!names.is_empty()).then(|| format!("Columns skipped: {}.", names.join(", ")))
}

const MOST_NAMED: usize = 5;

fn passed_over(rows: &[(usize, String)]) -> Option<String> {
    let named: Vec<String> = rows
        .iter()
        .take(MOST_NAMED)
        .map(|(row, text)| format!("row {row}, “{}”", text.chars().take(40).collect::<String>()))
        .collect();
    let more = rows.len().saturating_sub(MOST_NAMED);
    let more = if more > 0 {
        format!("; and {more} more")
    } else {
        String::new()
    };
    (!named.is_empty()).then(|| {
        format!(
            "Rows skipped because they have no values: {}{more}.",
            named.join("; ")
        )
    })
}
