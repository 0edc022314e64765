//! Tables as long as they may be: looked at, then entered.

use tokio::time::Instant;

use crate::client::{Client, get, post};

const IMPORTED_ROWS: i64 = 10_000;
const IMPORTED_KPIS: i64 = 20;
const IMPORTED_WORDS: usize = 20_000;

/// A table of 10,000 values: looked at, then entered.
pub async fn import(client: &mut Client, home: &str, cookie: &str) {
    use std::fmt::Write as _;

    client.ask(&get(&format!("{home}/kpis/new"), cookie)).await;
    let page = client.answer();
    let first = |field: &str| {
        let options = page.split(&format!("id=\"{field}\"")).nth(1).unwrap_or_default();
        options
            .split("value=\"")
            .find(|rest| rest.get(8..9) == Some("-") && rest.get(36..37) == Some("\""))
            .map_or_else(String::new, |rest| rest[..36].to_owned())
    };
    let owners = format!(
        "&driver={}&marketing_owner={}&technology_owner={}",
        first("driver"),
        first("marketing_owner"),
        first("technology_owner")
    );
    // Weekly and monthly series that reach far back, so that one KPI takes many values.
    let mut table = String::from("kpi,period,value\n");
    for kpi in 0..IMPORTED_KPIS {
        let form = format!(
            "id={}&title=Imported+{kpi}&about=Made+by+machine.&unit=&baseline=&direction=increase&cadence=weekly&starts_on=2016-01-04&watch=90&act=70{}",
            format_args!("0190aaaa-0000-7000-8000-{kpi:012}"),
            owners
        );
        client
            .ask(&post(&format!("{home}/kpis/new"), cookie, &form))
            .await;
        for week in 0..IMPORTED_ROWS / IMPORTED_KPIS {
            writeln!(
                table,
                "Imported {kpi},{},{}.{}",
                handshake::platform::time::Day::new(2016, 1, 4).plus(week * 7),
                20 + week % 7,
                week % 10
            )
            .expect("written");
        }
    }
    let paths = [
        format!("{home}/kpis/import"),
        format!("{home}/kpis/import/confirm"),
    ];
    enter(client, cookie, &paths, (&table, "values")).await;
}

/// A word of Marketing on each of 20,000 cells of the map: looked at, then entered.
pub async fn import_words(client: &mut Client, home: &str, cookie: &str) {
    use std::fmt::Write as _;

    client
        .ask(&get(&format!("{home}/sources/files/map.csv"), cookie))
        .await;
    let answer = client.answer();
    // Lines of the head have commas, too.
    let words = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    let mut table = String::from("touchpoint,source,word\n");
    for row in words
        .lines()
        .skip(1)
        .filter(|row| row.matches(',').count() == 2)
        .take(IMPORTED_WORDS)
    {
        let cell = row.rsplit_once(',').map_or(row, |(cell, _)| cell);
        writeln!(table, "{cell},Recorded").expect("written");
    }
    let place = format!("{home}/sources/tables/map");
    let paths = [format!("{place}/preview"), format!("{place}/confirm")];
    enter(client, cookie, &paths, (&table, "words")).await;
}

/// Looks at a table, and enters it; prints how long both took.
async fn enter(
    client: &mut Client,
    cookie: &str,
    [preview, confirm]: &[String; 2],
    (table, what): (&str, &str),
) {
    let body = format!(
        "--x\r\ncontent-disposition: form-data; name=\"file\"; \
            filename=\"table.csv\"\r\n\r\n{table}\r\n--x--\r\n"
    );
    let request = format!(
        "POST {preview} HTTP/1.1\r\nhost: localhost\r\naccept: text/html\r\ncookie: \
            {cookie}\r\ncontent-type: multipart/form-data; boundary=x\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let before = Instant::now();
    let (status, _) = client.ask(&request).await;
    let previewed = before.elapsed();
    let page = client.answer();
    let digest = page
        .split("name=\"digest\" value=\"")
        .nth(1)
        .map(|rest| rest[..64].to_owned());
    let Some(digest) = digest.filter(|_| status == 200) else {
        let end: String = page
            .chars()
            .rev()
            .take(600)
            .collect::<String>()
            .chars()
            .rev()
            .collect();
        println!("import of {what}: not taken ({status}): {end}");
        return;
    };
    let before = Instant::now();
    let (status, _) = client
        .ask(&post(confirm, cookie, &format!("digest={digest}")))
        .await;
    println!(
        "import of {} rows of {what} ({} bytes): preview {} ms, entering {} ms (status {status})",
        table.lines().count() - 1,
        table.len(),
        previewed.as_millis(),
        before.elapsed().as_millis()
    );
}
