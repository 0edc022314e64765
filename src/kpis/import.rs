//! Tables of values: reading them, and checking every cell before anything is entered.
//!
//! A table has a row of headings and the columns *kpi* (its title or number), *period* and *value*; *because*
//! is needed where a value replaces another. CSV may be divided by commas, semicolons or tabs; divided by the
//! latter two, a comma in a number is its decimal point. A workbook's first sheet counts. What is too large,
//! or unpacks to too much, is refused before it is read.

use crate::{
    platform::{
        db::Sql,
        ids::{KpiId, MemberId},
        quantity::Quantity,
        text,
        time::Day,
    },
    sql,
};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    io::{Cursor, Read as _},
};

use super::Cadence;

/// Bytes of a file, or of what is pasted.
pub const MOST_BYTES: usize = 2_000_000;

pub const MOST_ROWS: usize = 20_000;

const MOST_COLUMNS: usize = 20;

const LONGEST_CELL: usize = 400;

/// A workbook's parts, unpacked.
const MOST_UNPACKED: u64 = 40_000_000;

const MOST_PARTS: usize = 200;

/// More than this are counted, not listed.
pub const MOST_PROBLEMS: usize = 100;

/// Rows of cells with their numbers in the file, the headings first.
pub type Table = Vec<(usize, Vec<String>)>;

/// Reads a file by what it is, not by what it is called.
pub fn read(bytes: &[u8]) -> Result<Table, String> {
    if bytes.len() > MOST_BYTES {
        return Err(format!(
            "This is too large: at most {} MB. Divide it.",
            MOST_BYTES / 1_000_000
        ));
    }
    if bytes.starts_with(b"PK\x03\x04") {
        workbook(bytes)
    } else {
        parse_delimited(bytes)
    }
}

fn parse_delimited(bytes: &[u8]) -> Result<Table, String> {
    let whole =
        std::str::from_utf8(bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes)).map_err(|_| {
            "This is neither text in UTF-8 nor a workbook (XLSX). Save it as one of the two.".to_owned()
        })?;
    let first = whole.lines().next().unwrap_or_default();
    let delimiter = [b';', b'\t', b',']
        .into_iter()
        .max_by_key(|candidate| first.bytes().filter(|byte| byte == candidate).count())
        .unwrap_or(b',');
    let decimal_comma = delimiter != b',' && first.bytes().any(|byte| byte == delimiter);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(whole.as_bytes());
    let mut table = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| format!("This is not a table: {error}."))?;
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let number = |cell: String| {
            if decimal_comma {
                with_decimal_point(&cell)
            } else {
                cell
            }
        };
        let line = record
            .position()
            .map_or(0, |position| usize::try_from(position.line()).unwrap_or(0));
        push(
            &mut table,
            line,
            record.iter().map(|cell| number(text::line(cell))).collect(),
        )?;
    }
    Ok(table)
}

/// "21,4" where commas do not divide cells.
fn with_decimal_point(cell: &str) -> String {
    let is_number = cell.matches(',').count() == 1
        && cell
            .trim_start_matches('-')
            .chars()
            .all(|c| c.is_ascii_digit() || c == ',');
    if is_number {
        cell.replace(',', ".")
    } else {
        cell.to_owned()
    }
}

fn push(table: &mut Table, line: usize, row: Vec<String>) -> Result<(), String> {
    if table.len() > MOST_ROWS {
        return Err(format!("This has more than {MOST_ROWS} rows. Divide it."));
    }
    if row.len() > MOST_COLUMNS {
        return Err(format!("Row {line} has more than {MOST_COLUMNS} columns."));
    }
    if let Some(column) = row.iter().position(|cell| cell.chars().count() > LONGEST_CELL) {
        return Err(format!(
            "Row {line}, column {}: a cell has at most {LONGEST_CELL} characters.",
            column + 1
        ));
    }
    table.push((line, row));
    Ok(())
}

fn workbook(bytes: &[u8]) -> Result<Table, String> {
    use calamine::{DataRef, Reader as _, Xlsx};
    refuse_bombs(bytes)?;
    let broken = |error: calamine::XlsxError| format!("This workbook cannot be read: {error}.");
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let sheet = book
        .sheet_names()
        .into_iter()
        .next()
        .ok_or("This workbook has no sheet.")?;
    // Cell by cell: two far corners would otherwise be a table of everything between them.
    let mut cells = book.worksheet_cells_reader(&sheet).map_err(broken)?;
    let mut rows: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    while let Some(cell) = cells.next_cell().map_err(broken)? {
        let (row, column) = cell.get_position();
        let (row, column) = (
            usize::try_from(row).unwrap_or(usize::MAX),
            usize::try_from(column).unwrap_or(usize::MAX),
        );
        let text = match cell.get_value() {
            DataRef::Empty => continue,
            DataRef::SharedString(text) => cell_text(text, row, column)?,
            DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
                cell_text(text, row, column)?
            }
            DataRef::DateTime(day) => day_of(*day).unwrap_or_else(|| day.as_f64().to_string()),
            DataRef::Float(number) => number_of(*number),
            DataRef::Int(number) => number.to_string(),
            DataRef::Bool(is) => is.to_string(),
            DataRef::Error(error) => format!("{error:?}"),
        };
        if text.is_empty() {
            continue;
        }
        if column >= MOST_COLUMNS {
            return Err(format!("Row {} has more than {MOST_COLUMNS} columns.", row + 1));
        }
        if rows.len() > MOST_ROWS {
            return Err(format!("This has more than {MOST_ROWS} rows. Divide it."));
        }
        let cells = rows.entry(row).or_default();
        if cells.len() <= column {
            cells.resize(column + 1, String::new());
        }
        cells[column] = text;
    }
    let mut table = Table::new();
    for (row, cells) in rows {
        push(&mut table, row + 1, cells)?;
    }
    Ok(table)
}

/// A cell's text, refused before it is kept when it is too long.
fn cell_text(text: &str, row: usize, column: usize) -> Result<String, String> {
    if text.len() > LONGEST_CELL * 4 {
        return Err(format!(
            "Row {}, column {}: a cell has at most {LONGEST_CELL} characters.",
            row + 1,
            column + 1
        ));
    }
    Ok(text::line(text))
}

/// A spreadsheet's number as it is shown, to four decimals: 0.1 + 0.2 is 0.3 there too.
fn number_of(number: f64) -> String {
    let text = format!("{number:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Days since 30 December 1899, as spreadsheets count them.
fn day_of(at: calamine::ExcelDateTime) -> Option<String> {
    #[expect(clippy::cast_possible_truncation, reason = "days of a few centuries")]
    let days = at.as_f64().floor() as i64;
    at.is_datetime()
        .then(|| Day::new(1899, 12, 30).plus(days).to_string())
}

/// Unpacks every part without keeping it: what a header claims about its size is not believed.
fn refuse_bombs(bytes: &[u8]) -> Result<(), String> {
    let broken = || "This workbook is damaged.".to_owned();
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken())?;
    if archive.len() > MOST_PARTS {
        return Err("This workbook has too many parts.".to_owned());
    }
    let mut left = MOST_UNPACKED;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|_| broken())?;
        let unpacked = std::io::copy(&mut part.take(left + 1), &mut std::io::sink()).map_err(|_| broken())?;
        if unpacked > left {
            return Err("This workbook unpacks to far more than it holds. It is refused.".to_owned());
        }
        left -= unpacked;
    }
    Ok(())
}

/// The period that a cell names: `2026-10-01`, `2026-10`, `2026-Q4`.
pub fn period(cadence: Cadence, cell: &str) -> Option<Day> {
    let cell = cell.trim();
    let day = match cell.split_once(['-', ' ']) {
        Some((year, quarter)) if quarter.len() == 2 && quarter.starts_with(['Q', 'q']) => {
            let quarter: i8 = quarter[1..]
                .parse()
                .ok()
                .filter(|quarter| (1..=4).contains(quarter))?;
            (cadence == Cadence::Quarterly)
                .then(|| format!("{year}-{:02}-01", quarter * 3 - 2).parse::<Day>().ok())??
        }
        _ if cell.len() == 7 => {
            (cadence != Cadence::Weekly).then(|| format!("{cell}-01").parse::<Day>().ok())??
        }
        _ => cell.get(..10)?.parse::<Day>().ok().filter(|_| {
            cell.len() == 10
                || cell.as_bytes().get(10) == Some(&b'T')
                || cell.as_bytes().get(10) == Some(&b' ')
        })?,
    };
    day.is_plannable().then(|| cadence.period_of(day))
}

/// Every KPI that a table may name, as [`KnownKpi`].
pub const KNOWN: Sql = sql!(
    "select id, number, title, unit, cadence, starts_on, driver_id, formula is not null as is_computed
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
    pub driver_id: MemberId,
    pub is_computed: bool,
}

/// The values that are there already.
pub type Values = HashMap<(KpiId, Day), Quantity>;

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
    pub because: String,
}

/// A cell that cannot be taken: its row in the file, its column's name, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellProblem {
    pub row: usize,
    pub column: &'static str,
    pub why: String,
}

/// What a table would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportPlan {
    pub planned: Vec<PlannedValue>,
    /// Rows whose value is there already.
    pub unchanged: usize,
    pub problems: Vec<CellProblem>,
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

const COLUMNS: [&str; 4] = ["kpi", "period", "value", "because"];

/// Checks every cell of a table. Nothing is entered while there is a problem.
pub fn plan(
    table: &[(usize, Vec<String>)],
    known: &[KnownKpi],
    values: &Values,
    may_enter: impl Fn(&KnownKpi) -> bool,
    today: Day,
) -> ImportPlan {
    let mut found = ImportPlan::default();
    let Some(((_, headings), rows)) = table.split_first() else {
        found.problems.push(CellProblem {
            row: 1,
            column: "",
            why: "There is nothing in it.".to_owned(),
        });
        return found;
    };
    let path = |name: &str| {
        headings
            .iter()
            .position(|heading| heading.trim().eq_ignore_ascii_case(name))
    };
    let [Some(kpi_at), Some(period_at), Some(value_at), because_at] = COLUMNS.map(path) else {
        let missing: Vec<&str> = COLUMNS[..3]
            .iter()
            .filter(|name| path(name).is_none())
            .copied()
            .collect();
        found.problems.push(CellProblem {
            row: 1,
            column: "",
            why: format!(
                "The first row names the columns; these are missing: {}.",
                missing.join(", ")
            ),
        });
        return found;
    };
    let by_title: HashMap<String, Vec<&KnownKpi>> = known.iter().fold(HashMap::new(), |mut map, kpi| {
        map.entry(kpi.title.to_lowercase()).or_default().push(kpi);
        map
    });
    let by_number: HashMap<i64, &KnownKpi> = known.iter().map(|kpi| (kpi.number, kpi)).collect();
    let mut seen: HashSet<(KpiId, Day)> = HashSet::new();
    for (row_number, row) in rows {
        let cell = |at: usize| row.get(at).map_or("", |cell| cell.trim());
        let mut fail = |column: &'static str, why: String| {
            found.problems.push(CellProblem {
                row: *row_number,
                column,
                why,
            });
        };
        let kpi = match find_kpi(cell(kpi_at), &by_title, &by_number, &may_enter) {
            Ok(kpi) => kpi,
            Err(why) => {
                fail("kpi", why);
                continue;
            }
        };
        let value = cell(value_at)
            .parse::<Quantity>()
            .map_err(|error| fail("value", format!("“{}”: {error}.", cell(value_at))))
            .ok();
        let day = match find_period(kpi, cell(period_at), today) {
            Ok(day) => day,
            Err(why) => {
                fail("period", why);
                continue;
            }
        };
        if !seen.insert((kpi.id, day)) {
            fail(
                "period",
                format!("{}, {} comes twice.", kpi.title, kpi.cadence.format(day, today)),
            );
            continue;
        }
        let Some(value) = value else { continue };
        let before = values.get(&(kpi.id, day)).copied();
        let because = because_at.map_or("", cell).chars().take(300).collect::<String>();
        if before == Some(value) {
            found.unchanged += 1;
            continue;
        }
        if let Some(before) = before.filter(|_| because.is_empty()) {
            fail(
                "because",
                format!(
                    "{} has {} already. Say why it changes.",
                    kpi.cadence.format(day, today),
                    super::with_unit(before, &kpi.unit)
                ),
            );
            continue;
        }
        found.planned.push(PlannedValue {
            kpi: kpi.id,
            title: kpi.title.clone(),
            unit: kpi.unit.clone(),
            cadence: kpi.cadence,
            period: day,
            value,
            before,
            because,
        });
    }
    found
}

/// The KPI of a row, by its title or its number, or why it takes no value.
fn find_kpi<'a>(
    named: &str,
    by_title: &HashMap<String, Vec<&'a KnownKpi>>,
    by_number: &HashMap<i64, &'a KnownKpi>,
    may_enter: &impl Fn(&KnownKpi) -> bool,
) -> Result<&'a KnownKpi, String> {
    let kpi = match by_title.get(&named.to_lowercase()).map(Vec::as_slice) {
        Some([only]) => *only,
        Some([_, _, ..]) => return Err(format!("Several KPIs are called “{named}”; give its number.")),
        _ if named.is_empty() => return Err("Name the KPI.".to_owned()),
        _ => named
            .parse()
            .ok()
            .and_then(|number: i64| by_number.get(&number).copied())
            .ok_or_else(|| format!("No KPI is called “{named}”."))?,
    };
    if kpi.is_computed {
        return Err(format!("{} is made of others; enter theirs.", kpi.title));
    }
    if !may_enter(kpi) {
        return Err(format!(
            "Only its driver, or who manages, enters values of {}.",
            kpi.title
        ));
    }
    Ok(kpi)
}

/// The first day of the period that a cell names, or why it takes no value.
fn find_period(kpi: &KnownKpi, cell: &str, today: Day) -> Result<Day, String> {
    let Some(day) = period(kpi.cadence, cell) else {
        return Err(format!(
            "“{cell}” is no period; write it like 2026-10, 2026-Q4 or 2026-10-01."
        ));
    };
    let why = if day < kpi.starts_on {
        "lies before its first period"
    } else if day > kpi.cadence.last_complete(today) {
        "is not over yet"
    } else {
        return Ok(day);
    };
    Err(format!("{} {why}.", kpi.cadence.format(day, today)))
}

#[cfg(test)]
mod tests;
