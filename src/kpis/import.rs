//! Tables of values: reading them, and checking every cell before anything is entered.
//!
//! A *sheet* is a file or what was pasted, as rows of cells: text in UTF-8, UTF-16 or Windows-1252, its cells
//! divided by commas, semicolons, tabs or bars; or a workbook's first visible sheet, whose cells are read
//! with their formats. Its *layout* is a value a row under the headings *kpi* (title or number), *period* and
//! *value*, with *because* where a value replaces another; or periods across; or KPIs across. Titles above
//! the headings, totals and empty rows are passed over, and named. Other headings are asked for, and
//! remembered for whoever said so. Its *notation* is one for all its numbers ([`crate::platform::notation`]):
//! decided from all cells, shown, and asked where nothing decides.
//!
//! A value far from those around it is a *doubt*: it is entered once somebody says that it is right. A value
//! of a period that is long over is *history* where whoever imports says so: it is shown, and nobody attests
//! it. What is too large, or unpacks to too much, is refused before it is read.

mod layout;
mod period;

pub use self::{
    layout::{Column, Headings},
    period::period,
};
pub use crate::platform::sheet::{Cell, Cells, MOST_BYTES, MOST_COLUMNS, MOST_ROWS, Sheet, Table, read};

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::{Deserialize, Serialize};

use crate::{
    platform::{
        db::Sql,
        ids::{KpiId, MemberId},
        notation::{self, DecimalSign, Notation},
        quantity::Quantity,
        text,
        time::{Day, Timestamp},
    },
    sql,
};

use self::layout::ImportedValue;
use super::Cadence;

/// More than this are counted, not listed.
pub const MOST_PROBLEMS: usize = 100;

/// What somebody said about how their table is read.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Choices {
    pub decimal: Option<DecimalSign>,
    pub headings: Headings,
    /// The KPI of a table that names none.
    #[serde(default)]
    pub kpi: Option<KpiId>,
}

/// Every KPI that a table may name, as [`KnownKpi`].
pub const KNOWN: Sql = sql!(
    "select id, number, title, unit, cadence, starts_on, created_at, driver_id, formula is not null as is_computed,
     (select min(t.period_on) from kpi_targets t where t.kpi_id = kpis.id and t.replaced_at is null) as judged_from
     from kpis where workspace_id = $1 and archived_at is null order by number limit 5000"
);

/// A KPI that a table may name.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct KnownKpi {
    pub id: KpiId,
    pub number: i64,
    pub title: String,
    pub unit: String,
    pub cadence: Cadence,
    pub starts_on: Day,
    pub created_at: Timestamp,
    pub driver_id: MemberId,
    pub is_computed: bool,
    /// The first period with a target that both owners signed.
    pub judged_from: Option<Day>,
}

/// The values that are there already, and whether both owners attested each.
pub type Values = HashMap<(KpiId, Day), (Quantity, bool)>;

/// A value that would be entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedValue {
    pub kpi: KpiId,
    pub title: String,
    pub unit: String,
    pub cadence: Cadence,
    pub period: Day,
    pub value: Quantity,
    pub before: Option<Quantity>,
    /// Both owners attested the one before; they are asked again.
    pub is_attested: bool,
    /// Its period was over before the last one that was when the KPI was made, and before the first that is
    /// judged by a target: history from before.
    pub is_old: bool,
    pub because: String,
}

/// A cell that cannot be taken, or is asked about: its row in the file, its column's heading, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellProblem {
    pub row: usize,
    pub column: String,
    pub why: String,
}

impl CellProblem {
    const fn of_row(row: usize, why: String) -> Self {
        Self {
            row,
            column: String::new(),
            why,
        }
    }
}

/// What a table would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportPlan {
    pub planned: Vec<PlannedValue>,
    /// Rows whose value is there already.
    pub unchanged: usize,
    pub problems: Vec<CellProblem>,
    /// Values that are far from those around them.
    pub doubts: Vec<CellProblem>,
    /// How it was read, as sentences.
    pub notes: Vec<String>,
    /// The headings, and what each column holds.
    pub headings: Vec<(String, Option<Column>)>,
    /// Whether somebody has to say first what the columns hold.
    pub asks: bool,
    /// Of which KPIs the whole table may be, where no column names them.
    pub kpis_to_choose: Vec<(KpiId, String)>,
    /// How its numbers are read, where that makes a difference.
    pub notation: Option<Notation>,
}

impl ImportPlan {
    /// Of what would be entered in the place of what: entering it means this very thing.
    pub fn digest(&self) -> String {
        let lines: Vec<String> = self
            .planned
            .iter()
            .map(|row| {
                format!(
                    "{}|{}|{}|{}|{}",
                    row.kpi,
                    row.period,
                    row.value,
                    row.before.map_or_else(String::new, |before| before.to_string()),
                    row.because
                )
            })
            .collect();
        crate::platform::audit::sha256(&lines.join("\n"))
    }
}

/// What a table is checked against.
pub struct Context<'a> {
    pub known: &'a [KnownKpi],
    pub values: &'a Values,
    pub today: Day,
    /// On which day each KPI was made.
    pub made_on: &'a HashMap<KpiId, Day>,
}

/// Checks every cell of a table. Nothing is entered while there is a problem.
pub fn plan(
    sheet: &Sheet,
    choices: &Choices,
    context: &Context<'_>,
    may_enter: impl Fn(&KnownKpi) -> bool,
) -> ImportPlan {
    let titles: HashSet<String> = context.known.iter().map(|kpi| name_key(&kpi.title)).collect();
    let only = context.known.iter().find(|kpi| Some(kpi.id) == choices.kpi);
    let only = only.map(|kpi| kpi.title.as_str());
    let layout = layout::find(sheet, &titles, &choices.headings, only);
    let mut found = ImportPlan {
        problems: layout.problems,
        notes: sheet.notes.iter().cloned().chain(layout.notes).collect(),
        headings: layout.headings,
        asks: layout.is_unrecognized,
        kpis_to_choose: if layout.names_no_kpi {
            let may_enter = context
                .known
                .iter()
                .filter(|kpi| !kpi.is_computed && may_enter(kpi));
            may_enter.map(|kpi| (kpi.id, kpi.title.clone())).collect()
        } else {
            Vec::new()
        },
        ..ImportPlan::default()
    };
    let decimal = decide(&layout.entries, choices, &mut found);
    let names = Names::of(context.known);
    let mut seen: HashSet<(KpiId, Day)> = HashSet::new();
    let mut rows = Vec::new();
    for entry in &layout.entries {
        match check(entry, decimal, &names, context, &may_enter) {
            Ok(planned) => {
                if !seen.insert((planned.kpi, planned.period)) {
                    let period = planned.cadence.format(planned.period, context.today);
                    found.problems.push(CellProblem {
                        row: entry.row,
                        column: "period".to_owned(),
                        why: format!("{}, {period} comes twice.", planned.title),
                    });
                } else if planned.before == Some(planned.value) {
                    found.unchanged += 1;
                } else {
                    found.planned.push(planned);
                    rows.push((entry.row, entry.column.as_str()));
                }
            }
            Err(problems) => found.problems.extend(problems),
        }
    }
    found.problems.sort_by_key(|problem| problem.row);
    found.doubts = doubts(&found.planned, &rows, context);
    for (id, first) in earlier_starts(&found.planned, context.known) {
        if let Some(kpi) = context.known.iter().find(|kpi| kpi.id == id) {
            let format = |day| kpi.cadence.format(day, context.today);
            found.notes.push(format!(
                "{} begins in {} with these values; before, its first period was {}.",
                kpi.title,
                format(first),
                format(kpi.cadence.period_of(kpi.starts_on))
            ));
        }
    }
    found
}

/// How the table's numbers are read: as somebody said, or as its cells decide.
fn decide(entries: &[ImportedValue], choices: &Choices, found: &mut ImportPlan) -> DecimalSign {
    let written = || {
        entries
            .iter()
            .map(|entry| &entry.value)
            .filter(|cell| !cell.is_exact)
    };
    let seen = notation::decide(written().map(|cell| cell.text.as_str()));
    let makes_a_difference = written().any(|cell| notation::evidence(&cell.text) != notation::Evidence::None);
    found.notation = makes_a_difference.then(|| seen.clone());
    if let Some(decimal) = choices.decimal {
        return decimal;
    }
    match seen {
        Notation::Decided(decimal) => decimal,
        Notation::Asked(cell) => {
            let row = entries.iter().find(|entry| entry.value.text.trim() == cell);
            found.problems.push(CellProblem {
                row: row.map_or(0, |entry| entry.row),
                column: "value".to_owned(),
                why: format!(
                    "“{cell}” can be read in two ways, and no other cell decides it. Choose the decimal \
                        sign below."
                ),
            });
            DecimalSign::Point
        }
        Notation::Mixed(point, comma) => {
            let row = entries.iter().find(|entry| entry.value.text.trim() == comma);
            found.problems.push(CellProblem {
                row: row.map_or(0, |entry| entry.row),
                column: "value".to_owned(),
                why: format!(
                    "“{point}” has a decimal point and “{comma}” a decimal comma: a table has one of the two."
                ),
            });
            DecimalSign::Point
        }
    }
}

/// A name or a heading as it is compared: in small letters, with single spaces, without the colon behind it
/// and the mark that keeps a spreadsheet from reading it as a formula.
pub fn name_key(name: &str) -> String {
    let name = name.strip_prefix('\'').unwrap_or(name);
    text::name_key(name).trim_end_matches(':').to_owned()
}

struct Names<'a> {
    by_title: HashMap<String, Vec<&'a KnownKpi>>,
    by_number: HashMap<i64, &'a KnownKpi>,
}

impl<'a> Names<'a> {
    fn of(known: &'a [KnownKpi]) -> Self {
        let mut by_title: HashMap<String, Vec<&KnownKpi>> = HashMap::new();
        for kpi in known {
            by_title.entry(name_key(&kpi.title)).or_default().push(kpi);
        }
        Self {
            by_title,
            by_number: known.iter().map(|kpi| (kpi.number, kpi)).collect(),
        }
    }
}

/// One value, checked, or what is wrong with it.
fn check(
    entry: &ImportedValue,
    decimal: DecimalSign,
    names: &Names<'_>,
    context: &Context<'_>,
    may_enter: &impl Fn(&KnownKpi) -> bool,
) -> Result<PlannedValue, Vec<CellProblem>> {
    let problem = |column: &str, why: String| CellProblem {
        row: entry.row,
        column: column.to_owned(),
        why,
    };
    let kpi = find_kpi(&entry.kpi, names, may_enter).map_err(|why| vec![problem("kpi", why)])?;
    let mut problems = Vec::new();
    let value = read_value(&entry.value, decimal, kpi)
        .map_err(|why| problems.push(problem(&entry.column, why)))
        .ok();
    let day = find_period(kpi, &entry.period, context.today)
        .map_err(|why| problems.push(problem("period", why)))
        .ok();
    let (Some(value), Some(period)) = (value, day) else {
        return Err(problems);
    };
    let before = context.values.get(&(kpi.id, period)).copied();
    let because: String = entry.because.chars().take(300).collect();
    if let Some((before, _)) = before.filter(|(before, _)| *before != value && because.is_empty()) {
        return Err(vec![problem(
            "because",
            format!(
                "{} has the value {} already. Give the reason in a column “because”.",
                kpi.cadence.format(period, context.today),
                super::with_unit(before, &kpi.unit)
            ),
        )]);
    }
    Ok(PlannedValue {
        kpi: kpi.id,
        title: kpi.title.clone(),
        unit: kpi.unit.clone(),
        cadence: kpi.cadence,
        period,
        value,
        before: before.map(|(before, _)| before),
        is_attested: before.is_some_and(|(_, is_attested)| is_attested),
        is_old: before.is_none()
            && kpi.judged_from.is_none_or(|judged_from| period < judged_from)
            && context
                .made_on
                .get(&kpi.id)
                .is_some_and(|made_on| period < kpi.cadence.last_complete(*made_on)),
        because,
    })
}

/// Signs and codes of one currency.
const SAME_CURRENCY: [[&str; 2]; 4] = [["€", "EUR"], ["$", "USD"], ["£", "GBP"], ["¥", "JPY"]];

/// The number of a cell; what it says to be of has to be what the KPI is in.
fn read_value(cell: &Cell, decimal: DecimalSign, kpi: &KnownKpi) -> Result<Quantity, String> {
    let text = cell.text.trim();
    let decimal = if cell.is_exact {
        DecimalSign::Point
    } else {
        decimal
    };
    let (value, mark) = notation::read(text, decimal).map_err(|why| format!("“{text}” {why}."))?;
    let Some(mark) = mark else { return Ok(value) };
    let unit = kpi.unit.trim();
    let is_same = unit.eq_ignore_ascii_case(mark)
        || SAME_CURRENCY
            .iter()
            .any(|pair| pair.contains(&mark) && pair.contains(&unit));
    if is_same {
        Ok(value)
    } else if unit.is_empty() {
        Err(format!(
            "“{text}” is in {mark}; {} has no unit. Write the number alone.",
            kpi.title
        ))
    } else {
        Err(format!("“{text}” is in {mark}; {} is in {unit}.", kpi.title))
    }
}

/// Asks about every value that is a great many times the one before it, or as small a part of it. `rows` says
/// where each planned value stands.
fn doubts(planned: &[PlannedValue], rows: &[(usize, &str)], context: &Context<'_>) -> Vec<CellProblem> {
    let mut by_period: BTreeMap<(KpiId, Day), Quantity> = context
        .values
        .iter()
        .map(|(place, (value, _))| (*place, *value))
        .collect();
    by_period.extend(
        planned
            .iter()
            .map(|value| ((value.kpi, value.period), value.value)),
    );
    let mut doubts = Vec::new();
    for (value, (row, column)) in planned.iter().zip(rows) {
        let from = (value.kpi, Day::new(1900, 1, 1));
        let Some(((_, period), before)) = by_period.range(from..(value.kpi, value.period)).next_back() else {
            continue;
        };
        if super::is_far_from(value.value, *before) {
            doubts.push(CellProblem {
                row: *row,
                column: (*column).to_owned(),
                why: format!(
                    "{}, {}: {} after {} in {}.",
                    value.title,
                    value.cadence.format(value.period, context.today),
                    super::with_unit(value.value, &value.unit),
                    super::with_unit(*before, &value.unit),
                    value.cadence.format(*period, context.today)
                ),
            });
        }
    }
    doubts
}

/// The periods of a KPI that a template asks for, at most.
const PERIODS_ASKED: i32 = 12;

/// A table to fill in, as CSV: every KPI that may be entered, with the periods that are over and have no
/// value.
pub fn template(
    known: &[KnownKpi],
    values: &Values,
    today: Day,
    may_enter: impl Fn(&KnownKpi) -> bool,
) -> String {
    let mut table = csv::Writer::from_writer(Vec::new());
    let mut write = |row: [&str; 4]| {
        // Writing into memory cannot fail.
        let _ = table.write_record(row);
    };
    write(["KPI", "Period", "Value", "Because"]);
    for kpi in known.iter().filter(|kpi| !kpi.is_computed && may_enter(kpi)) {
        let last = kpi.cadence.last_complete(today);
        for back in (0..PERIODS_ASKED).rev() {
            let period = kpi.cadence.step(last, -back);
            if period >= kpi.starts_on && !values.contains_key(&(kpi.id, period)) {
                let title = text::for_a_spreadsheet(&kpi.title);
                write([&title, &period.to_string(), "", ""]);
            }
        }
    }
    let table = table
        .into_inner()
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .unwrap_or_default();
    // Spreadsheets take a file without a mark for the system's own encoding.
    format!("\u{feff}{table}")
}

/// The KPI of a row, by its title or its number, or why it takes no value.
fn find_kpi<'a>(
    named: &str,
    known: &Names<'a>,
    may_enter: &impl Fn(&KnownKpi) -> bool,
) -> Result<&'a KnownKpi, String> {
    let kpi = match known.by_title.get(&name_key(named)).map(Vec::as_slice) {
        Some([only]) => *only,
        Some([_, _, ..]) => return Err(format!("Several KPIs are called “{named}”; give its number.")),
        _ if named.is_empty() => return Err("Name the KPI.".to_owned()),
        _ => named
            .parse()
            .ok()
            .and_then(|number: i64| known.by_number.get(&number).copied())
            .ok_or_else(|| format!("No KPI is called “{named}”."))?,
    };
    if kpi.is_computed {
        return Err(format!(
            "{} is computed from other KPIs. Enter theirs.",
            kpi.title
        ));
    }
    if !may_enter(kpi) {
        return Err(format!(
            "Only the driver or a manager can enter values of {}.",
            kpi.title
        ));
    }
    Ok(kpi)
}

/// How far before a KPI's first period its history may begin: further back it is a mistyped year.
const MOST_DAYS_EARLIER: i64 = 3653;

/// The KPIs that start earlier with what a table holds of them, and when.
pub fn earlier_starts(planned: &[PlannedValue], known: &[KnownKpi]) -> Vec<(KpiId, Day)> {
    known
        .iter()
        .filter_map(|kpi| {
            let values = planned.iter().filter(|value| value.kpi == kpi.id);
            let first = values.map(|value| value.period).min()?;
            (first < kpi.cadence.period_of(kpi.starts_on)).then_some((kpi.id, first))
        })
        .collect()
}

/// The first day of the period that a cell names, or why it takes no value.
fn find_period(kpi: &KnownKpi, cell: &str, today: Day) -> Result<Day, String> {
    let Some(day) = period(kpi.cadence, cell) else {
        return Err(format!(
            "“{cell}” is no period of {}; write it like {}.",
            kpi.title,
            match kpi.cadence {
                Cadence::Weekly => "2026-10-05, its first day, or 2026-W41",
                Cadence::Monthly => "2026-10 or October 2026",
                Cadence::Quarterly => "2026-Q4 or Q4 2026",
            }
        ));
    };
    let why = if day < kpi.starts_on.plus(-MOST_DAYS_EARLIER) {
        "is more than ten years before the first period of this KPI"
    } else if day > kpi.cadence.last_complete(today) {
        "is not over yet"
    } else {
        return Ok(day);
    };
    Err(format!("{} {why}.", kpi.cadence.format(day, today)))
}

#[cfg(test)]
mod tests;
