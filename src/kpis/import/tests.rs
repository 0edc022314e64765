use std::io::{Cursor, Write as _};

use uuid::Uuid;

use super::*;

fn churn() -> KnownKpi {
    KnownKpi {
        id: KpiId::from_uuid(Uuid::from_u128(1)),
        number: 4,
        title: "Churn".to_owned(),
        unit: "%".to_owned(),
        cadence: Cadence::Monthly,
        starts_on: Day::new(2026, 1, 1),
        created_at: Timestamp::from_millis(0),
        driver_id: MemberId::from_uuid(Uuid::from_u128(2)),
        is_computed: false,
        judged_from: None,
    }
}

fn plan_of(text: &str) -> ImportPlan {
    plan_with(text.as_bytes(), &Choices::default(), &[churn()])
}

fn plan_with(bytes: &[u8], choices: &Choices, known: &[KnownKpi]) -> ImportPlan {
    let sheet = read(bytes, Cells::Short).expect("a table");
    let values = HashMap::from([((churn().id, Day::new(2026, 8, 1)), (Quantity::whole(3), true))]);
    let context = Context {
        known,
        values: &values,
        today: Day::new(2026, 11, 22),
        made_on: &HashMap::from([(churn().id, Day::new(2026, 11, 22))]),
    };
    plan(&sheet, choices, &context, |_| true)
}

#[test]
fn every_bad_cell_is_named() {
    let found = plan_of(
        "KPI,Period,Value,Because\nChurn,2026-10,2.9,\nchurn,2026-09-14,x,\nloyalty,2026-09,1,\nChurn,2026-13,1,\nChurn,2026-11,1,\nChurn,2026-10,3,\n\
         Churn,2026-08,2,\nChurn,2026-07,2.55555,\n4,2026-06,\"1,234.5\",\nChurn,2015-12,1,",
    );
    let problems: Vec<(usize, &str)> = found
        .problems
        .iter()
        .map(|problem| (problem.row, problem.column.as_str()))
        .collect();
    let expected = [
        (3, "value"),
        (4, "kpi"),
        (5, "period"),
        (6, "period"),
        (7, "period"),
        (8, "because"),
        (9, "value"),
        (11, "period"),
    ];
    assert_eq!(problems, expected, "{:?}", found.problems);
    assert_eq!(found.planned.len(), 2);
    assert_eq!(found.planned[1].value, "1234.5".parse().expect("a quantity"));
}

#[test]
fn what_is_there_already_is_not_entered_again() {
    let found = plan_of("kpi;period;value;because\nChurn;2026-08;3;\nChurn;2026-09;2,8;\n");
    assert_eq!(
        (found.unchanged, found.planned.len(), found.problems.len()),
        (1, 1, 0)
    );
    assert_eq!(found.planned[0].value, "2.8".parse().expect("a decimal comma"));
    assert_eq!(
        plan_of("kpi,period\nChurn,2026-08").problems[0].why,
        "These columns are missing in the first row: value. Choose them below."
    );
    assert_eq!(plan_of("").problems.len(), 1);
}

#[test]
fn a_row_is_named_as_it_stands_in_the_file() {
    let found = plan_of("kpi,period,value\n\n,,\nChurn,2026-09,x\n");
    assert_eq!(found.problems[0].row, 4);
    let as_windows_writes_it = plan_of("kpi,period,value\r\n\r\n,,\r\nChurn,2026-09,x\r\n");
    assert_eq!(as_windows_writes_it.problems[0].row, 4);
    let with_its_separator = plan_of("sep=;\r\nkpi;period;value\r\n\r\nChurn;2026-09;x\r\n");
    assert_eq!(with_its_separator.problems[0].row, 4);
}

fn zip(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        archive
            .start_file(*name, zip::write::SimpleFileOptions::default())
            .expect("a part");
        archive.write_all(bytes).expect("written");
    }
    archive.finish().expect("finished").into_inner()
}

/// The smallest workbook that spreadsheets open.
fn book(sheet: &str) -> Vec<u8> {
    let types = r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"#;
    let rels = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
    let workbook = r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Numbers" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
    let book_rels = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
    zip(&[
        ("[Content_Types].xml", types.as_bytes()),
        ("_rels/.rels", rels.as_bytes()),
        ("xl/workbook.xml", workbook.as_bytes()),
        ("xl/_rels/workbook.xml.rels", book_rels.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

#[test]
fn a_workbook_is_read_like_text() {
    let sheet = r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
        <row r="1"><c r="A1" t="inlineStr"><is><t>KPI</t></is></c><c r="B1" t="inlineStr"><is><t>Period</t></is></c><c r="C1" t="inlineStr"><is><t>Value</t></is></c></row>
        <row r="2"><c r="A2" t="inlineStr"><is><t>Churn</t></is></c><c r="B2" t="inlineStr"><is><t>2026-10</t></is></c><c r="C2"><v>0.30000000000000004</v></c></row>
        </sheetData></worksheet>"#;
    let sheet = read(&book(sheet), Cells::Short).expect("a workbook");
    let cells: Vec<(usize, Vec<&str>)> = sheet
        .rows
        .iter()
        .map(|(line, row)| (*line, row.iter().map(|cell| cell.text.as_str()).collect()))
        .collect();
    assert_eq!(
        cells,
        [
            (1, vec!["KPI", "Period", "Value"]),
            (2, vec!["Churn", "2026-10", "0.3"])
        ]
    );
}

#[test]
fn a_formula_without_its_result_is_named() {
    let sheet = |value: &str| {
        format!(
            r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
        <row r="1"><c r="A1" t="inlineStr"><is><t>KPI</t></is></c><c r="B1" t="inlineStr"><is><t>Period</t></is></c><c r="C1" t="inlineStr"><is><t>Value</t></is></c></row>
        <row r="2"><c r="A2" t="inlineStr"><is><t>Churn</t></is></c><c r="B2" t="inlineStr"><is><t>2026-10</t></is></c><c r="C2"><f>1+2</f>{value}</c></row>
        </sheetData></worksheet>"#
        )
    };
    let with_result = read(&book(&sheet("<v>3</v>")), Cells::Short).expect("a workbook");
    assert_eq!(with_result.rows[1].1[2].text, "3");
    let why = read(&book(&sheet("")), Cells::Short).expect_err("no result");
    assert!(
        why.starts_with("Row 2, column 3: the file holds a formula"),
        "{why}"
    );
}

#[test]
fn a_table_that_names_no_kpi_is_about_one() {
    let text = "Period;Value\n2026-09;3,1\n2026-10;3,4\n";
    let asked = plan_of(text);
    assert_eq!(asked.kpis_to_choose.len(), 1);
    assert!(
        asked.problems[0].why.contains("If all values belong to one KPI"),
        "{:?}",
        asked.problems
    );
    let known = [churn()];
    let choices = Choices {
        kpi: Some(known[0].id),
        ..Choices::default()
    };
    let read = plan_with(text.as_bytes(), &choices, &known);
    assert!(read.problems.is_empty(), "{:?}", read.problems);
    assert_eq!(read.planned.len(), 2);
}

#[test]
fn far_corners_and_long_strings_take_no_memory() {
    let corner = |cells: &str| {
        format!(
            r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{cells}</sheetData></worksheet>"#
        )
    };
    let far =
        r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>"#;
    assert!(
        read(&book(&corner(far)), Cells::Short)
            .expect_err("refused")
            .contains("more than 120 columns")
    );
    let down =
        r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>"#;
    assert_eq!(
        read(&book(&corner(down)), Cells::Short)
            .expect("two rows")
            .rows
            .iter()
            .map(|(line, _)| *line)
            .collect::<Vec<_>>(),
        [1, 1_048_576]
    );
    let long = format!(
        r#"<row r="1"><c r="A1" t="inlineStr"><is><t>{}</t></is></c></row>"#,
        "x".repeat(1_000_000)
    );
    assert!(
        read(&book(&corner(&long)), Cells::Short)
            .expect_err("refused")
            .contains("at most 400 characters")
    );
}

#[test]
fn bombs_and_nonsense_are_refused() {
    let zeros = vec![b' '; 60_000_000];
    let bomb = zip(&[("xl/worksheets/sheet1.xml", &zeros)]);
    assert!(bomb.len() < 200_000, "{} bytes unpack to 60 MB", bomb.len());
    assert!(
        read(&bomb, Cells::Short)
            .expect_err("refused")
            .contains("unpacks to far more")
    );
    let many: Vec<(String, &[u8])> = (0..300)
        .map(|index| (format!("part{index}"), &b"x"[..]))
        .collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    assert!(
        read(&zip(&many), Cells::Short)
            .expect_err("refused")
            .contains("too many parts")
    );
    for (bytes, says) in [
        (b"PK\x03\x04nonsense".to_vec(), "damaged"),
        (vec![0xff, 0xfe, 0x00], "neither a text file"),
        (vec![b'x'; MOST_BYTES + 1], "too large"),
        (
            format!("kpi,period,value\n{}", "a,b,c\n".repeat(MOST_ROWS + 1)).into_bytes(),
            "more than 20000 rows",
        ),
        (
            format!("kpi,period,value\n{},b,c\n", "x".repeat(500)).into_bytes(),
            "at most 400 characters",
        ),
        (
            format!("{}\n", "x,".repeat(130)).into_bytes(),
            "more than 120 columns",
        ),
        (book("<worksheet><sheetData><row"), "cannot be read"),
    ] {
        let why = read(&bytes, Cells::Short).expect_err(says);
        assert!(why.contains(says), "{why}");
    }
}

/// The workbook of [`book`] with a part of texts beside.
fn book_with_texts(sheet: &str, texts: &str) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new_append(Cursor::new(book(sheet))).expect("a workbook");
    archive
        .start_file("xl/sharedStrings.xml", zip::write::SimpleFileOptions::default())
        .expect("a part");
    archive.write_all(texts.as_bytes()).expect("written");
    archive.finish().expect("finished").into_inner()
}

#[test]
fn what_a_workbook_claims_of_its_size_takes_no_memory() {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let sheet = format!(
        r#"<worksheet xmlns="{main}"><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData></worksheet>"#
    );
    let texts = |count: &str| {
        format!(
            r#"<x:sst xmlns:x="{main}" count="1" uniqueCount = '{count}'><x:si><x:t>KPI</x:t></x:si></x:sst>"#
        )
    };
    let honest = read(&book_with_texts(&sheet, &texts("1")), Cells::Short).expect("a workbook");
    assert_eq!(honest.rows[0].1[0].text, "KPI");
    for count in ["4294967295", "999999999999", "99999999999999999999999"] {
        let why = read(&book_with_texts(&sheet, &texts(count)), Cells::Short).expect_err("a claim");
        assert!(why.contains("claims far more than it holds"), "{why}");
    }
    // Nor does a cell that lies nowhere end anything.
    for at in ["ZZZZZZZZ99999999999999", "A99999999999999999999"] {
        let nowhere = format!(
            r#"<worksheet xmlns="{main}"><sheetData><row r="1"><c r="{at}"><v>1</v></c></row></sheetData></worksheet>"#
        );
        assert!(read(&book(&nowhere), Cells::Short).is_err(), "{at}");
    }
    let empty = "<c r=\"A1\"/>".repeat(500_001);
    let sheet =
        format!(r#"<worksheet xmlns="{main}"><sheetData><row r="1">{empty}</row></sheetData></worksheet>"#);
    let why = read(&book(&sheet), Cells::Short).expect_err("too many");
    assert!(why.contains("more than 500000 cells"), "{why}");
}

#[test]
fn a_period_that_is_judged_is_no_history() {
    let made = |judged_from| {
        let known = [KnownKpi {
            judged_from,
            ..churn()
        }];
        let table = "kpi;period;value\nChurn;2026-02;3\n";
        plan_with(table.as_bytes(), &Choices::default(), &known)
            .planned
            .iter()
            .map(|planned| planned.is_old)
            .collect::<Vec<_>>()
    };
    assert_eq!(made(None), [true], "over before the KPI was made");
    assert_eq!(made(Some(Day::new(2026, 3, 1))), [true], "judged from later on");
    assert_eq!(
        made(Some(Day::new(2026, 2, 1))),
        [false],
        "both owners signed a target of it"
    );
}
