//! Numbers come in as tables and feeds.

use axum::http::Method;

use super::numbers::kpi;

use crate::{
    sql, story,
    tests::{Answer, TestApp, User},
};

story!(a_table_is_looked_at_first_and_entered_whole_or_not_at_all, |t| {
    kpi(&t, "Churn", "%", "decrease").await;
    kpi(&t, "Orders", "", "increase").await;
    let lena = t.sign_in("lena").await;
    let bad = "kpi,period,value\nChurn,2026-01,3\nChurn,2026-02,three\nLoyalty,2026-02,1\nOrders,2026-11,9\n";
    let refused = lena.upload("kpis/import", "numbers.csv", bad.as_bytes()).await;
    refused
        .must_be(422)
        .must_say("3 cells have problems")
        .must_say("Row 3, value")
        .must_say("“three”")
        .must_say("Row 4, kpi")
        .must_say("Row 5, period");
    assert!(
        !refused.has("form[action$=confirm]"),
        "nothing to confirm while a cell is wrong"
    );
    let good = "kpi,period,value\nChurn,2026-01,3\nChurn,2026-02,2.9\nOrders,2026-02,\"1,200\"\n";
    let shown = lena.upload("kpis/import", "numbers.csv", good.as_bytes()).await;
    shown
        .must_be(200)
        .must_say("3 values would be entered")
        .must_say("1,200");
    assert_eq!(t.values().await, 0, "a preview enters nothing");
    let digest = shown.value("digest");
    lena.post("kpis/import/confirm", &[("digest", "another")])
        .await
        .must_be(422);
    // Somebody else's preview is not there to be confirmed.
    t.sign_in("kofi")
        .await
        .post("kpis/import/confirm", &[("digest", &digest)])
        .await
        .must_be(409);
    lena.takes("kpis/import/confirm", &[("digest", &digest)]).await;
    lena.post("kpis/import/confirm", &[("digest", &digest)])
        .await
        .must_be(409);
    assert_eq!(t.values().await, 3);
    lena.page("history")
        .await
        .must_say("imported values of Churn 2 values");
    // Once more: what is there is skipped, what differs needs a reason, and both owners are asked again.
    let again = "kpi,period,value,because\nChurn,2026-01,3,\nChurn,2026-02,2.8,\n";
    lena.upload("kpis/import", "again.csv", again.as_bytes())
        .await
        .must_be(422)
        .must_say("Row 3, because")
        .must_say("the value 2.9% already");
    let because = "kpi;period;value;because\nChurn;2026-02;2,8;Counted twice\n";
    let shown = lena.upload("kpis/import", "again.csv", because.as_bytes()).await;
    shown.must_say("1 value would be entered");
    // Somebody enters it by hand meanwhile: the import is refused whole.
    lena.takes(
        "kpis/1/periods/2026-02-01/value",
        &[("value", "2.7"), ("because", "A better count")],
    )
    .await;
    lena.post("kpis/import/confirm", &[("digest", &shown.value("digest"))])
        .await
        .must_be(422)
        .must_say("The numbers changed since the preview");
    assert_eq!(
        t.count(sql!(
            "select count(*) from kpi_values where replaced_at is not null"
        ))
        .await,
        1
    );
    let shown = lena.upload("kpis/import", "again.csv", because.as_bytes()).await;
    lena.takes("kpis/import/confirm", &[("digest", &shown.value("digest"))])
        .await;
    lena.page("kpis/1")
        .await
        .must_say("Counted twice")
        .must_say("A better count");
    t.verify().await;
});

/// What a table of the shapes that people have is read as: values, or what it is told to change.
enum Reading {
    Values(&'static [(&'static str, &'static str, &'static str)]),
    /// The first sentences of the refusal, then what it reads once a decimal comma is chosen.
    Asked(
        &'static str,
        &'static [(&'static str, &'static str, &'static str)],
    ),
    Refused(&'static [&'static str]),
}

const TABLES: [(&str, &[u8], Reading); 15] = {
    use Reading::{Asked, Refused, Values};
    macro_rules! table {
        ($name:literal) => {
            include_bytes!(concat!("fixtures/tables/", $name))
        };
    }
    [
        (
            "analytics",
            table!("01-analytics-export.csv"),
            Values(&[
                ("Orders", "2026-08-01", "12480"),
                ("Orders", "2026-09-01", "11905"),
                ("Orders", "2026-10-01", "13211.5"),
            ]),
        ),
        (
            "UTF-16",
            table!("02-unicode-text-of-a-spreadsheet.txt"),
            Values(&[
                ("Churn", "2026-08-01", "2.4"),
                ("Churn", "2026-09-01", "2.5"),
                ("Umsatz Österreich", "2026-10-01", "1250000"),
            ]),
        ),
        (
            "Windows-1252",
            table!("03-plain-csv-in-europe.csv"),
            Values(&[
                ("Churn", "2026-10-01", "2.4"),
                ("Umsatz Österreich", "2026-08-01", "410000"),
                ("Umsatz Österreich", "2026-09-01", "398500.75"),
            ]),
        ),
        (
            "sep=",
            table!("04-separator-line.csv"),
            Values(&[("Churn", "2026-09-01", "2.9"), ("Orders", "2026-09-01", "1250")]),
        ),
        (
            "months across",
            table!("05-months-across.csv"),
            Values(&[
                ("Churn", "2026-08-01", "2.4"),
                ("Churn", "2026-10-01", "2.6"),
                ("Orders", "2026-08-01", "12480"),
                ("Orders", "2026-09-01", "11905"),
                ("Orders", "2026-10-01", "13211"),
            ]),
        ),
        (
            "KPIs across",
            table!("06-kpis-across.csv"),
            Values(&[
                ("Churn", "2026-01-01", "2.4"),
                ("Churn", "2026-03-01", "2.2"),
                ("Orders", "2026-01-01", "1200"),
                ("Orders", "2026-02-01", "1310"),
                ("Orders", "2026-03-01", "1290"),
            ]),
        ),
        (
            "Swiss marks",
            table!("07-swiss-marks-and-short-periods.tsv"),
            Values(&[
                ("Orders", "2026-08-01", "12480"),
                ("Orders", "2026-09-01", "11905.5"),
                ("Orders", "2026-10-01", "13211"),
            ]),
        ),
        (
            "brackets",
            table!("08-currency-and-brackets.csv"),
            Values(&[
                ("Refunds", "2026-08-01", "-1200.5"),
                ("Refunds", "2026-09-01", "980"),
                ("Refunds", "2026-10-01", "-1010.25"),
            ]),
        ),
        (
            "narrow spaces",
            table!("09-narrow-spaces.csv"),
            Values(&[
                ("Orders", "2026-08-01", "1234567.8"),
                ("Orders", "2026-09-01", "1198001"),
            ]),
        ),
        (
            "one mark",
            table!("10-one-mark-before-three-digits.csv"),
            Asked(
                "“410.000” can be read in two ways",
                &[
                    ("Orders", "2026-09-01", "410000"),
                    ("Orders", "2026-10-01", "398500"),
                ],
            ),
        ),
        (
            "days or months",
            table!("11-days-that-could-be-months.csv"),
            Refused(&[
                "Row 2, period",
                "“12/01/2026” is no period of Orders; write it like 2026-10",
            ]),
        ),
        (
            "too many cells",
            table!("12-rows-with-too-many-cells.csv"),
            Refused(&["Row 2", "more cells than there are headings"]),
        ),
        (
            "percent cells",
            table!("13-percent-cells-of-1904.xlsx"),
            Values(&[("Churn", "2026-09-01", "2.85"), ("Churn", "2026-10-01", "2.6")]),
        ),
        (
            "thousands",
            table!("14-shown-in-thousands.xlsx"),
            Values(&[("Orders", "2026-09-01", "410000")]),
        ),
        (
            "a formula without its result",
            table!("15-a-formula-without-result.xlsx"),
            Refused(&["Row 3, column 3: the file holds a formula without its result"]),
        ),
    ]
};

story!(tables_are_read_in_the_shapes_that_people_have, |t| {
    for (name, bytes, reading) in TABLES {
        let t = TestApp::on(t.state.db().engine()).await;
        for (title, unit) in [
            ("Orders", ""),
            ("Churn", "%"),
            ("Umsatz Österreich", "€"),
            ("Refunds", "$"),
        ] {
            kpi(&t, title, unit, "increase").await;
        }
        let lena = t.sign_in("lena").await;
        let shown = lena.upload("kpis/import", "table", bytes).await;
        let (shown, expected) = match reading {
            Reading::Values(values) => (shown, values),
            Reading::Refused(words) => {
                shown.must_be(422);
                for word in words {
                    shown.must_say(word);
                }
                continue;
            }
            Reading::Asked(word, values) => {
                shown.must_be(422).must_say(word);
                let again = [("decimal", "comma")];
                (lena.post("kpis/import/again", &again).await, values)
            }
        };
        shown.must_be(200);
        let digest = shown.value("digest");
        let confirmed = [
            ("digest", digest.as_str()),
            ("is_history", "on"),
            ("is_sure", "on"),
        ];
        lena.takes("kpis/import/confirm", &confirmed).await;
        let read: Vec<(String, String, i64)> = t
            .state
            .db()
            .fetch_all(
                sql!(
                    "select k.title, v.period_on, v.value from kpi_values v join kpis k on k.id = v.kpi_id
                     where v.replaced_at is null order by k.title, v.period_on"
                ),
                Vec::new(),
            )
            .await
            .expect("read");
        let expected: Vec<(String, String, i64)> = expected
            .iter()
            .map(|(kpi, period, value)| {
                let value: crate::platform::quantity::Quantity = value.parse().expect("a number");
                ((*kpi).to_owned(), (*period).to_owned(), value.ten_thousandths())
            })
            .collect();
        assert_eq!(read, expected, "{name}");
    }
});

story!(a_year_comes_in_as_history_and_asks_nobody_to_attest_it, |t| {
    let (path, _) = kpi(&t, "Orders", "", "increase").await;
    let (lena, dana) = (t.sign_in("lena").await, t.sign_in("dana").await);
    let year = "kpi;period;value\nOrders;2026-07;100\nOrders;2026-08;110\nOrders;2026-09;6.000,5\nOrders;2026-10;120\n";
    let shown = lena.upload("kpis/import", "year.csv", year.as_bytes()).await;
    // A comma decides how the point is read; what is far from its neighbours is asked about.
    shown
        .must_be(200)
        .must_say("decimal comma: 1.234,5")
        .must_say("Orders, September: 6,000.5 after 110 in August.")
        .must_say("Keep 3 values of past periods as history")
        .must_say("Orders September past period 6,000.5");
    let digest = shown.value("digest");
    lena.post("kpis/import/confirm", &[("digest", &digest)])
        .await
        .must_be(422)
        .must_say("far from those around them");
    let confirmed = [
        ("digest", digest.as_str()),
        ("is_sure", "on"),
        ("is_history", "on"),
    ];
    let entered = lena.post("kpis/import/confirm", &confirmed).await;
    assert!(
        entered
            .must_be(303)
            .location()
            .ends_with("kpis?done=imported_with_history"),
        "the owners are asked about the last period alone"
    );
    let offered = sql!("select count(*) from handshakes where kind = 'kpi'");
    assert_eq!(t.count(offered).await, 1, "the last complete period alone");
    dana.page(&path).await.must_say("History").must_say("6,000.5");
    dana.page(&format!("{path}/periods/2026-08-01"))
        .await
        .must_say("110");
    // Corrected, it is a value like any other.
    lena.takes(
        &format!("{path}/periods/2026-09-01/value"),
        &[("value", "115"), ("because", "A comma too few")],
    )
    .await;
    assert_eq!(t.count(offered).await, 2);
    // What lies before its first period makes it begin there.
    let earlier = "kpi;period;value\nOrders;2025-03;95\n";
    let shown = lena
        .upload("kpis/import", "earlier.csv", earlier.as_bytes())
        .await;
    shown
        .must_be(200)
        .must_say("Orders begins in March 2025 with these values");
    let digest = shown.value("digest");
    lena.takes(
        "kpis/import/confirm",
        &[("digest", &digest), ("is_history", "on")],
    )
    .await;
    dana.page(&format!("{path}/periods/2025-03-01"))
        .await
        .must_say("95");
    lena.upload(
        "kpis/import",
        "typo.csv",
        b"kpi;period;value\nOrders;2006-10;95\n",
    )
    .await
    .must_be(422)
    .must_say("more than ten years before the first period");
    t.verify().await;
});

story!(headings_are_asked_for_once_and_a_table_to_fill_in_is_given, |t| {
    kpi(&t, "Orders", "", "increase").await;
    let lena = t.sign_in("lena").await;
    let table = "Measured thing,When,How much,Who\nOrders,2026-10,5,Lena\n";
    let shown = lena.upload("kpis/import", "own.csv", table.as_bytes()).await;
    shown
        .must_be(422)
        .must_say("missing in the first row: kpi, period, value")
        .must_say("The column “How much”");
    let said = [
        ("heading-0", "Measured thing"),
        ("column-0", "kpi"),
        ("heading-1", "When"),
        ("column-1", "period"),
        ("heading-2", "How much"),
        ("column-2", "value"),
        ("heading-3", "Who"),
        ("column-3", "nothing"),
    ];
    lena.post("kpis/import/again", &said)
        .await
        .must_be(200)
        .must_say("1 value would be entered.");
    // The next table with these headings is read at once, and by nobody else.
    lena.upload("kpis/import", "own.csv", table.as_bytes())
        .await
        .must_be(200);
    t.sign_in("kofi")
        .await
        .upload("kpis/import", "own.csv", table.as_bytes())
        .await
        .must_be(422);

    // A column without a heading and a heading with a colon stand in the way of none.
    let table = ",Measured thing:,When,How much,Who\n,Orders,2026-10,5,Lena\n";
    lena.upload("kpis/import", "own.csv", table.as_bytes())
        .await
        .must_be(200)
        .must_say("1 value would be entered.");
    let said = [("heading-3", "How much"), ("column-3", "nothing")];
    lena.post("kpis/import/again", &said)
        .await
        .must_be(422)
        .must_say("missing in the first row: value");

    kpi(&t, "=1+1", "", "increase").await;
    let template = lena
        .get("kpis/import/template.csv")
        .await
        .must_be(200)
        .body
        .clone();
    assert!(
        template.starts_with("\u{feff}KPI,Period,Value,Because\n"),
        "{template}"
    );
    assert!(template.contains("Orders,2026-10-01,,\n"), "{template}");
    assert!(template.contains("'=1+1,2026-10-01,,\n"), "{template}");
    // It is a table that can be read, with nothing in it yet.
    lena.upload("kpis/import", "kpi-values.csv", template.as_bytes())
        .await
        .must_say("The table has nothing new.");
    let filled = template
        .replace("Orders,2026-10-01,,", "Orders,2026-10-01,7,")
        .replace("'=1+1,2026-10-01,,", "'=1+1,2026-10-01,8,");
    lena.upload("kpis/import", "kpi-values.csv", filled.as_bytes())
        .await
        .must_be(200)
        .must_say("2 values would be entered.");
});

story!(a_number_that_could_be_read_in_two_ways_is_asked, |t| {
    let (path, _) = kpi(&t, "Orders", "", "increase").await;
    let lena = t.sign_in("lena").await;
    let october = format!("{path}/periods/2026-10-01/value");
    lena.post(&october, &[("value", "410.000")])
        .await
        .must_be(422)
        .must_say("can be read in two ways. Write 410 or 410000.");
    assert_eq!(t.values().await, 0);
    lena.takes(&october, &[("value", "1.234,5")]).await;
    lena.page(&path).await.must_say("1,234.5");
    // What a form shows is taken back as it stands.
    lena.takes(&october, &[("value", "1.2345"), ("because", "Other unit")])
        .await;
    t.set_targets(&path, &[("low-2026-12-01", "1.2340")]).await;
    let shown = t.sign_in("dana").await.page(&format!("{path}/targets")).await;
    assert_eq!(shown.value("low-2026-12-01"), "1.2340");
});

story!(only_who_may_enter_a_kpi_imports_it, |t| {
    kpi(&t, "Churn", "%", "decrease").await;
    let table = b"kpi,period,value\nChurn,2026-01,3\n";
    t.sign_in("ana")
        .await
        .upload("kpis/import", "x.csv", table)
        .await
        .must_be(422)
        .must_say("Only the driver or a manager");
    t.sign_in("olu")
        .await
        .upload("kpis/import", "x.csv", table)
        .await
        .must_be(403);
    t.sign_in("lena")
        .await
        .upload("kpis/import", "x.bin", &[0xff, 0xfe, 1])
        .await
        .must_be(422)
        .must_say("neither a text file");
    t.sign_in("lena")
        .await
        .upload("kpis/import", "x.csv", b"")
        .await
        .must_be(422)
        .must_say("Choose a file");
    t.sign_in("lena")
        .await
        .upload("kpis/import", "x.csv", &vec![b'x'; 3_000_000])
        .await
        .must_be(422)
        .must_say("at most 2 MB");
    assert_eq!(t.values().await, 0);
});

async fn deliver(user: &User, secret: &str, key: &str, body: &str) -> Answer {
    let authorization = format!("Bearer {secret}");
    let mut headers = vec![
        ("authorization", authorization.as_str()),
        ("accept", "application/json"),
    ];
    if !key.is_empty() {
        headers.push(("idempotency-key", key));
    }
    user.send(Method::POST, "/api/kpi-values", &headers, body.to_owned())
        .await
}

story!(a_feed_enters_one_kpi_until_it_expires, |t| {
    let (path, _) = kpi(&t, "Churn", "%", "decrease").await;
    kpi(&t, "Orders", "", "increase").await;
    let lena = t.sign_in("lena").await;
    t.sign_in("ana")
        .await
        .post(&format!("{path}/feeds"), &[("name", "Mine"), ("days", "9")])
        .await
        .must_be(403);
    lena.post(&format!("{path}/feeds"), &[("name", "Nightly"), ("days", "999")])
        .await
        .must_be(422);
    let opened = lena
        .post(&format!("{path}/feeds"), &[("name", "Nightly"), ("days", "30")])
        .await;
    let secret = opened.feed_secret();
    lena.page(&format!("{path}/feeds"))
        .await
        .must_say("Nightly")
        .must_not_say("hs_feed_");
    assert_eq!(
        t.count(sql!("select count(*) from feeds where hash like 'hs_feed%'"))
            .await,
        0,
        "only the hash is kept"
    );
    let machine = t.anonymous();
    deliver(&machine, "hs_feed_wrong", "", "period=2026-10&value=3")
        .await
        .must_be(401);
    deliver(&machine, "", "", "period=2026-10&value=3")
        .await
        .must_be(401);
    deliver(&machine, &secret, "k1", "period=2026-10&value=3.1")
        .await
        .must_be(201);
    // The same again, by key or by value, changes nothing.
    let again = deliver(&machine, &secret, "k1", "period=2026-10&value=3.1").await;
    assert!(again.body.contains("unchanged"), "{}", again.body);
    deliver(&machine, &secret, "k1", "period=2026-10&value=9")
        .await
        .must_be(422);
    assert!(
        deliver(&machine, &secret, "", "period=2026-10-01&value=3.1")
            .await
            .body
            .contains("unchanged")
    );
    assert_eq!(t.values().await, 1);
    for (body, field) in [
        ("period=soon&value=3", "period"),
        ("period=2026-09&value=1e3", "value"),
        ("period=2026-11&value=3", "value"),
        ("period=2026-10&value=2", "because"),
    ] {
        let refused = deliver(&machine, &secret, "", body).await;
        assert_eq!(refused.status, 422, "{body}");
        assert!(
            refused.body.contains(&format!("\"{field}\"")),
            "{body}: {}",
            refused.body
        );
    }
    // A refused delivery does not use its key up.
    deliver(&machine, &secret, "k2", "period=2026-10&value=2")
        .await
        .must_be(422);
    let corrected = deliver(
        &machine,
        &secret,
        "k2",
        "period=2026-10&value=2&because=Late%20events",
    )
    .await;
    assert!(corrected.body.contains("corrected"), "{}", corrected.body);
    let authorization = format!("Bearer {secret}");
    let json = [
        ("authorization", authorization.as_str()),
        ("content-type", "application/json"),
        ("accept", "application/json"),
    ];
    machine
        .send(
            Method::POST,
            "/api/kpi-values",
            &json,
            r#"{"period":"2026-09","value":"2.5"}"#.to_owned(),
        )
        .await
        .must_be(201);
    machine
        .send(Method::POST, "/api/kpi-values", &json, "{".to_owned())
        .await
        .must_be(422);
    lena.page("history").await.must_say("Feed Nightly entered Churn");
    assert_eq!(
        t.count(sql!(
            "select count(*) from kpi_values v join kpis k on k.id = v.kpi_id where k.title = 'Orders'"
        ))
        .await,
        0,
        "no other KPI"
    );
    // It ends with its day, and with whoever opened it.
    t.clock.advance_days(31);
    deliver(&machine, &secret, "", "period=2026-08&value=3")
        .await
        .must_be(401);
    let priya = t.sign_in("priya").await;
    let opened = priya
        .post(&format!("{path}/feeds"), &[("name", "Second"), ("days", "30")])
        .await;
    let second = opened.feed_secret();
    deliver(&machine, &second, "", "period=2026-08&value=3")
        .await
        .must_be(201);
    let (adm, priya_id) = (t.sign_in("adm").await, t.member("priya").await);
    adm.takes(&format!("members/{priya_id}/disable"), &[]).await;
    deliver(&machine, &second, "", "period=2026-07&value=3")
        .await
        .must_be(401);
    t.verify().await;
});
