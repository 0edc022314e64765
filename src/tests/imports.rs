//! Numbers come in as tables and feeds.

use axum::http::Method;

use super::numbers::kpi;

use crate::{
    sql, story,
    tests::{Answer, User},
};

story!(a_table_is_looked_at_first_and_entered_whole_or_not_at_all, |t| {
    kpi(&t, "Churn", "%", "decrease").await;
    kpi(&t, "Orders", "", "increase").await;
    let lena = t.sign_in("lena").await;
    let bad = "kpi,period,value\nChurn,2026-01,3\nChurn,2026-02,three\nLoyalty,2026-02,1\nOrders,2026-11,9\n";
    let refused = lena.upload("kpis/import", "numbers.csv", bad.as_bytes()).await;
    refused
        .must_be(422)
        .must_say("3 cells cannot be taken")
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
        .must_say("2.9 % already");
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

story!(only_who_may_enter_a_kpi_imports_it, |t| {
    kpi(&t, "Churn", "%", "decrease").await;
    let table = b"kpi,period,value\nChurn,2026-01,3\n";
    t.sign_in("ana")
        .await
        .upload("kpis/import", "x.csv", table)
        .await
        .must_be(422)
        .must_say("Only its driver");
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
        .must_say("UTF-8");
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
