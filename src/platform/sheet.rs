//! Tables as people bring them: a file's bytes, or what was pasted, as rows of cells; and back into a file.
//!
//! A *sheet* is text in UTF-8, UTF-16 or Windows-1252, its cells divided by commas, semicolons, tabs or bars;
//! or a workbook's first visible sheet, whose cells are read with their formats. What is too large, or
//! unpacks to too much, is refused before it is read.

use std::{
    collections::BTreeMap,
    io::{Cursor, Read as _},
};

use calamine::{DataRef, Reader as _, SheetType, SheetVisible, Xlsx};
use encoding_rs::{Encoding, WINDOWS_1252};

use serde::{Deserialize, Serialize};

use super::{
    error::{Error, Result as HouseResult},
    text,
    time::Day,
};

/// Bytes of a file, or of what is pasted.
pub const MOST_BYTES: usize = 2_000_000;

pub const MOST_ROWS: usize = 20_000;

pub const MOST_COLUMNS: usize = 120;

/// Cells of a workbook's sheet that are looked at, empty ones too.
const MOST_CELLS: usize = 500_000;

/// What stands in one place of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    pub text: String,
    /// A workbook's own number or day: no notation is guessed.
    pub is_exact: bool,
}

impl Cell {
    pub const fn text(text: String) -> Self {
        Self {
            text,
            is_exact: false,
        }
    }

    pub const fn exact(text: String) -> Self {
        Self { text, is_exact: true }
    }
}

/// Rows of cells with their numbers in the file.
pub type Table = Vec<(usize, Vec<Cell>)>;

/// A table as it came.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Sheet {
    pub rows: Table,
    /// What is to be said of how it was read, as sentences.
    pub notes: Vec<String>,
}

/// What a cell may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cells {
    /// Values and names: one line.
    Short,
    /// Texts, with their line breaks.
    Long,
}

impl Cells {
    const fn longest(self) -> usize {
        match self {
            Self::Short => 400,
            Self::Long => 4000,
        }
    }

    fn read(self, typed: &str) -> Cell {
        Cell::text(match self {
            Self::Short => text::line(typed),
            Self::Long => text::paragraphs(typed),
        })
    }
}

/// A workbook's parts, unpacked.
const MOST_UNPACKED: u64 = 40_000_000;

const MOST_PARTS: usize = 200;

/// Lines from which the character between cells is told.
const LINES_LOOKED_AT: usize = 50;

/// Reads a file by what it is, not by what it is called.
///
/// # Errors
/// Why it is no table, as a sentence.
pub fn read(bytes: &[u8], kind: Cells) -> Result<Sheet, String> {
    if bytes.len() > MOST_BYTES {
        return Err(format!(
            "The file is too large. Split it into files of at most {} MB.",
            MOST_BYTES / 1_000_000
        ));
    }
    if bytes.starts_with(b"PK\x03\x04") {
        // A reference beyond every sheet is a fault of its reader, which must not become one of ours.
        std::panic::catch_unwind(|| workbook(bytes, kind))
            .unwrap_or_else(|_| Err("This workbook cannot be read: it is damaged.".to_owned()))
    } else if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        Err("This is a workbook of the old kind (XLS). Save it as XLSX.".to_owned())
    } else {
        delimited(bytes, kind)
    }
}

/// Text by its byte order mark, as UTF-8, or as spreadsheets in Europe write plain CSV.
fn decode(bytes: &[u8]) -> Result<(String, Vec<String>), String> {
    let refusal =
        || "This is neither a text file (CSV) nor a workbook (XLSX). Save it as one of the two.".to_owned();
    let is_binary = |text: &str| {
        text.chars()
            .any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}' | '\u{85}'))
    };
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        let (text, _, is_damaged) = encoding.decode(bytes);
        return if is_damaged || is_binary(&text) {
            Err(refusal())
        } else {
            Ok((text.into_owned(), Vec::new()))
        };
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return if is_binary(text) {
            Err(refusal())
        } else {
            Ok((text.to_owned(), Vec::new()))
        };
    }
    let (text, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
    if is_binary(&text) {
        return Err(refusal());
    }
    let note = "The file is not in UTF-8, so we read it as Windows-1252. Check that the names are right.";
    Ok((text.into_owned(), vec![note.to_owned()]))
}

fn delimited(bytes: &[u8], kind: Cells) -> Result<Sheet, String> {
    let (whole, notes) = decode(bytes)?;
    let whole = whole.replace("\r\n", "\n").replace('\r', "\n");
    // A spreadsheet's own line says what stands between cells.
    let (told, whole, skipped) = match whole.split_once('\n') {
        Some((first, rest)) if first.trim_matches('"').to_lowercase().starts_with("sep=") => (
            first.trim_matches('"').as_bytes().get(4).copied(),
            rest.to_owned(),
            1,
        ),
        _ => (None, whole, 0),
    };
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(told.unwrap_or_else(|| delimiter_of(&whole)))
        .from_reader(whole.as_bytes());
    let mut rows = Table::new();
    for record in reader.records() {
        let record = record.map_err(|error| format!("This is not a table: {error}."))?;
        let line = record.position().map_or(0, |position| {
            let number = |of: u64| usize::try_from(of).unwrap_or(0);
            // A record is said to begin with the empty lines before it.
            let from = whole
                .as_bytes()
                .get(number(position.byte())..)
                .unwrap_or_default();
            number(position.line()) + from.iter().take_while(|byte| **byte == b'\n').count()
        });
        let cells: Vec<Cell> = record.iter().map(|cell| kind.read(cell)).collect();
        push(&mut rows, line + skipped, cells, kind)?;
    }
    Ok(Sheet { rows, notes })
}

/// The lines of a table without what stands in quotes, line breaks there included.
fn unquoted_lines(whole: &str) -> Vec<String> {
    let (mut lines, mut line, mut is_quoted) = (Vec::new(), String::new(), false);
    for c in whole.chars() {
        match c {
            '"' => is_quoted = !is_quoted,
            '\n' if !is_quoted => {
                lines.push(std::mem::take(&mut line));
                if lines.len() > LINES_LOOKED_AT * 4 {
                    return lines;
                }
            }
            _ if is_quoted => {}
            c => line.push(c),
        }
    }
    lines.push(line);
    lines
}

/// The character that stands the same number of times in most lines.
fn delimiter_of(whole: &str) -> u8 {
    let lines: Vec<String> = unquoted_lines(whole)
        .into_iter()
        .filter(|line| !line.trim().is_empty())
        .take(LINES_LOOKED_AT)
        .collect();
    let agreement = |candidate: u8| {
        let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
        for line in &lines {
            let count = line.bytes().filter(|byte| *byte == candidate).count();
            if count > 0 {
                *counts.entry(count).or_default() += 1;
            }
        }
        counts
            .into_iter()
            .map(|(count, lines)| (lines, count))
            .max()
            .unwrap_or_default()
    };
    [b';', b'\t', b'|', b',']
        .into_iter()
        .rev()
        .max_by_key(|candidate| agreement(*candidate))
        .unwrap_or(b',')
}

/// Keeps a row that says something, without the empty cells at its end.
fn push(table: &mut Table, line: usize, mut row: Vec<Cell>, kind: Cells) -> Result<(), String> {
    while row.last().is_some_and(|cell| cell.text.is_empty()) {
        row.pop();
    }
    if row.is_empty() {
        return Ok(());
    }
    if table.len() > MOST_ROWS {
        return Err(format!("The table has more than {MOST_ROWS} rows. Split it."));
    }
    if row.len() > MOST_COLUMNS {
        return Err(format!("Row {line} has more than {MOST_COLUMNS} columns."));
    }
    if let Some(column) = row
        .iter()
        .position(|cell| cell.text.chars().count() > kind.longest())
    {
        return Err(format!(
            "Row {line}, column {}: a cell has at most {} characters.",
            column + 1,
            kind.longest()
        ));
    }
    table.push((line, row));
    Ok(())
}

/// The first sheet that can be seen, and what is to be said of the others.
fn sheet_to_read(book: &Xlsx<Cursor<&[u8]>>) -> Result<(String, Vec<String>), String> {
    let sheets: Vec<_> = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .collect();
    let is_visible = |visible: SheetVisible| visible == SheetVisible::Visible;
    let seen: Vec<&str> = sheets
        .iter()
        .filter(|sheet| is_visible(sheet.visible))
        .map(|sheet| sheet.name.as_str())
        .collect();
    let name = *seen
        .first()
        .ok_or("This workbook has no sheet that can be seen.")?;
    let mut notes = Vec::new();
    if let [_, others @ ..] = seen.as_slice()
        && !others.is_empty()
    {
        notes.push(format!(
            "We read the sheet “{name}”, and not: {}.",
            others.join(", ")
        ));
    }
    if sheets.len() > seen.len() {
        notes.push("Hidden sheets were skipped.".to_owned());
    }
    Ok((name.to_owned(), notes))
}

/// How a spreadsheet shows a cell's number.
#[derive(Clone, Copy, Default)]
struct Shown {
    is_percent: bool,
    is_scaled: bool,
}

impl Shown {
    /// By a number format, such as `0.0%` or `#,##0,`; quoted and escaped characters are only shown.
    fn by_format(code: &str) -> Self {
        let (mut bare, mut is_quoted, mut is_escaped) = (String::new(), false, false);
        for c in code.chars() {
            match c {
                _ if is_escaped => is_escaped = false,
                '\\' | '_' if !is_quoted => is_escaped = true,
                '"' => is_quoted = !is_quoted,
                ';' if !is_quoted => break,
                _ if !is_quoted => bare.push(c),
                _ => {}
            }
        }
        let digits = bare.trim_end_matches(|c: char| !matches!(c, '0' | '#' | '?' | ','));
        Self {
            is_percent: bare.contains('%'),
            is_scaled: digits.ends_with(','),
        }
    }
}

fn workbook(bytes: &[u8], kind: Cells) -> Result<Sheet, String> {
    refuse_bombs(bytes)?;
    let broken = |error: calamine::XlsxError| format!("This workbook cannot be read: {error}.");
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let (sheet, mut notes) = sheet_to_read(&book)?;
    let without_result = first_without_result(&mut book, &sheet).map_err(broken)?;
    // Cell by cell: two far corners would otherwise be a table of everything between them.
    let mut cells = book.worksheet_cells_reader(&sheet).map_err(broken)?;
    let shown: Vec<Shown> = cells
        .styles()
        .iter()
        .map(|style| {
            style
                .number_format
                .as_ref()
                .map_or_else(Shown::default, |format| Shown::by_format(&format.format_code))
        })
        .collect();
    let mut rows: BTreeMap<usize, Vec<Cell>> = BTreeMap::new();
    let (mut scaled, mut looked_at) = (None, 0);
    while let Some((found, style)) = cells.next_cell_with_style_id().map_err(broken)? {
        looked_at += 1;
        if looked_at > MOST_CELLS {
            return Err(format!("This has more than {MOST_CELLS} cells. Divide it."));
        }
        let (row, column) = found.get_position();
        let (row, column) = (
            usize::try_from(row).unwrap_or(usize::MAX),
            usize::try_from(column).unwrap_or(usize::MAX),
        );
        let shown = shown.get(style).copied().unwrap_or_default();
        let Some(cell) = cell_of(found.get_value(), shown, kind, (row, column))? else {
            continue;
        };
        if shown.is_scaled && cell.is_exact {
            scaled.get_or_insert(row + 1);
        }
        if column >= MOST_COLUMNS {
            return Err(format!("Row {} has more than {MOST_COLUMNS} columns.", row + 1));
        }
        if rows.len() > MOST_ROWS {
            return Err(format!("This has more than {MOST_ROWS} rows. Divide it."));
        }
        let cells = rows.entry(row).or_default();
        if cells.len() <= column {
            cells.resize(column + 1, Cell::text(String::new()));
        }
        cells[column] = cell;
    }
    if let Some((row, column)) = without_result {
        return Err(format!(
            "Row {}, column {}: the file holds a formula without its result. Open it in your spreadsheet program, save \
                it and send it again.",
            row + 1,
            column + 1
        ));
    }
    if let Some(row) = scaled {
        notes.push(format!(
            "The workbook shows row {row} in thousands or millions; what the cell holds was read."
        ));
    }
    let mut table = Table::new();
    for (row, cells) in rows {
        push(&mut table, row + 1, cells, kind)?;
    }
    Ok(Sheet { rows: table, notes })
}

/// The first formula without its result, by row and column, both from zero.
fn first_without_result(
    book: &mut Xlsx<Cursor<&[u8]>>,
    sheet: &str,
) -> Result<Option<(u32, u32)>, calamine::XlsxError> {
    let mut cells = book.worksheet_cells_reader(sheet)?;
    // With the formulas' metadata alone: what a formula says is never unfolded.
    let mut looked_at = 0;
    while let Some(cell) = cells.next_cell_with_formula_metadata()? {
        looked_at += 1;
        if looked_at > MOST_CELLS {
            break;
        }
        if cell.formula.is_some() && cell.value == DataRef::Empty {
            return Ok(Some(cell.pos));
        }
    }
    Ok(None)
}

fn cell_of(
    value: &DataRef<'_>,
    shown: Shown,
    kind: Cells,
    (row, column): (usize, usize),
) -> Result<Option<Cell>, String> {
    Ok(Some(match value {
        DataRef::Empty => return Ok(None),
        DataRef::SharedString(text) => cell_text(text, kind, row, column)?,
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            cell_text(text, kind, row, column)?
        }
        DataRef::DateTime(at) if at.is_datetime() => {
            let (year, month, day, ..) = at.to_ymd_hms_milli();
            let day = i16::try_from(year)
                .ok()
                .zip(i8::try_from(month).ok().zip(i8::try_from(day).ok()))
                .and_then(|(year, (month, day))| jiff::civil::Date::new(year, month, day).ok());
            match day {
                Some(day) => Cell::exact(Day(day).to_string()),
                None => Cell::exact(at.as_f64().to_string()),
            }
        }
        DataRef::DateTime(at) => Cell::exact(at.as_f64().to_string()),
        DataRef::Float(number) if shown.is_percent => Cell::exact(format!("{} %", number_of(number * 100.0))),
        DataRef::Int(number) if shown.is_percent => Cell::exact(format!("{} %", number * 100)),
        DataRef::Float(number) => Cell::exact(number_of(*number)),
        DataRef::Int(number) => Cell::exact(number.to_string()),
        DataRef::Bool(is) => Cell::text(is.to_string()),
        DataRef::Error(error) => Cell::text(format!("{error}")),
    }))
}

/// A cell's text, refused before it is kept when it is too long.
fn cell_text(text: &str, kind: Cells, row: usize, column: usize) -> Result<Cell, String> {
    if text.len() > kind.longest() * 4 {
        return Err(format!(
            "Row {}, column {}: a cell has at most {} characters.",
            row + 1,
            column + 1,
            kind.longest()
        ));
    }
    Ok(kind.read(text))
}

/// A spreadsheet's number as it is shown, to four decimals: 0.1 + 0.2 is 0.3 there too.
fn number_of(number: f64) -> String {
    let text = format!("{number:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
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
        let name = part.name().map_err(|_| broken())?.to_lowercase();
        let unpacked = if name.ends_with(SHARED_TEXTS) {
            let mut text = Vec::new();
            part.take(left + 1).read_to_end(&mut text).map_err(|_| broken())?;
            if claims_more_than_it_holds(&text) {
                return Err("This workbook claims far more than it holds. It is refused.".to_owned());
            }
            u64::try_from(text.len()).unwrap_or(u64::MAX)
        } else {
            std::io::copy(&mut part.take(left + 1), &mut std::io::sink()).map_err(|_| broken())?
        };
        if unpacked > left {
            return Err("This workbook unpacks to far more than it holds. It is refused.".to_owned());
        }
        left -= unpacked;
    }
    Ok(())
}

/// The part of a workbook with its texts, in lower case.
const SHARED_TEXTS: &str = "sharedstrings.xml";

/// Whether a workbook's texts say that there are more of them than bytes: room is made for as many as they
/// say. Texts in another encoding than spreadsheets write are not looked into, and not read.
fn claims_more_than_it_holds(part: &[u8]) -> bool {
    if part.contains(&0) {
        return true;
    }
    let attribute: &[u8] = b"uniqueCount";
    part.windows(attribute.len())
        .enumerate()
        .filter(|(_, window)| *window == attribute)
        .any(|(at, _)| {
            let claimed: String = part[at + attribute.len()..]
                .iter()
                .take(64)
                .skip_while(|byte| !byte.is_ascii_digit())
                .take_while(|byte| byte.is_ascii_digit())
                .map(|byte| char::from(*byte))
                .collect();
            !claimed.is_empty()
                && claimed
                    .parse::<usize>()
                    .map_or(true, |claimed| claimed > part.len())
        })
}

/// A table as a file of text that spreadsheets open, which takes no cell for a formula.
pub fn delimited_file(rows: &[Vec<String>]) -> HouseResult<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        let cells = row.iter().map(|cell| text::for_a_spreadsheet(cell));
        writer.write_record(cells).map_err(|_| Error::Internal)?;
    }
    let bytes = writer.into_inner().map_err(|_| Error::Internal)?;
    let table = String::from_utf8(bytes).map_err(|_| Error::Internal)?;
    Ok(text::with_byte_order_mark(&table))
}

/// A table as a workbook whose cells are texts: none is a formula.
pub fn workbook_file(name: &str, rows: &[Vec<String>]) -> HouseResult<Vec<u8>> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name(name).map_err(|_| Error::Internal)?;
    let bold = rust_xlsxwriter::Format::new().set_bold();
    for (row, cells) in (0_u32..).zip(rows) {
        for (column, cell) in (0_u16..).zip(cells) {
            // Written as in a file of text, so that both are read back alike.
            let cell = text::for_a_spreadsheet(cell);
            let written = if row == 0 {
                sheet.write_string_with_format(row, column, cell, &bold)
            } else {
                sheet.write_string(row, column, cell)
            };
            written.map_err(|_| Error::Internal)?;
        }
    }
    sheet.set_freeze_panes(1, 0).map_err(|_| Error::Internal)?;
    sheet.autofit();
    book.save_to_buffer().map_err(|_| Error::Internal)
}
