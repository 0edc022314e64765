//! What an attacker would try.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use axum::{
    body::Body,
    http::{Method, Request},
};
use http_body_util::{BodyExt as _, Full};
use scraper::Html;
use tower::ServiceExt as _;

use super::{
    TestApp,
    arrows::{root, sources},
    encode, selector,
    world::World,
};

use crate::{
    identity::Action,
    platform::{audit::Event, error::Error},
    routes, sql, story,
};

const HOSTILE: &str = "\"'><x-evil \
    onmouseover=alert(1)>\u{202e}</x-evil></title></textarea></script><script>alert(1)</script><img src=x \
    onerror=alert(1)>{{7*7}}";

story!(hostile_text_is_text_on_every_page, |t| {
    let short: String = HOSTILE.chars().take(119).collect();
    let world = World::with(&t, &short).await;
    let lena = t.member("lena").await;
    let mut pages = 0;
    for (method, pattern) in routes::all().entries() {
        if *method != Method::GET || !pattern.starts_with("/w/") {
            continue;
        }
        for user in [&world.dana, &world.kofi] {
            let mut path = world.fill(pattern, &t.slug, &lena);
            if pattern.ends_with("compare") {
                path.push_str("?from=1&to=1");
            }
            let answer = user.get(&path).await;
            if answer.status.is_redirection() {
                continue;
            }
            if answer.headers.contains_key("content-disposition") {
                // A file to keep, which no browser shows as a page.
                assert!(
                    answer.headers["content-disposition"]
                        .to_str()
                        .is_ok_and(|value| value.starts_with("attachment")),
                    "{path}"
                );
                assert_eq!(answer.headers["x-content-type-options"], "nosniff", "{path}");
                continue;
            }
            let kind = answer.headers["content-type"].to_str().unwrap_or_default();
            if kind == "application/json" {
                assert!(!answer.body.contains('<'), "{path}");
                continue;
            }
            let html = Html::parse_document(&answer.body);
            for never in [
                "x-evil",
                "img",
                "[onerror]",
                "[onmouseover]",
                "[style]",
                "a[href^=javascript]",
            ] {
                assert!(
                    html.select(&selector(never)).next().is_none(),
                    "{never} on {path}"
                );
            }
            for script in html.select(&selector("script")) {
                let text: String = script.text().collect();
                assert!(!text.contains("alert"), "a script on {path}");
                assert!(
                    script
                        .value()
                        .attr("nonce")
                        .is_some_and(|nonce| nonce.len() >= 32),
                    "a script without a nonce on {path}"
                );
            }
            assert_eq!(
                html.select(&selector("title")).count(),
                1 + html.select(&selector("svg title")).count(),
                "{path}"
            );
            pages += 1;
        }
    }
    assert!(pages > 80);
});

story!(a_forged_cross_site_post_changes_nothing, |t| {
    let world = World::with(&t, "Something of ours").await;
    let before = t.count(sql!("select count(*) from audit_events")).await;
    let lena = t.member("lena").await;
    for (method, pattern) in routes::all().entries() {
        if *method != Method::POST {
            continue;
        }
        let path = world.fill(pattern, &t.slug, &lena);
        for forged in [
            &[
                ("sec-fetch-site", "cross-site"),
                ("origin", "https://evil.example"),
            ][..],
            &[("origin", "https://evil.example")],
            &[("origin", "null")],
            &[
                ("sec-fetch-site", "same-site"),
                ("origin", "https://sub.handshake.test"),
            ],
        ] {
            let answer = world
                .dana
                .send(Method::POST, &path, forged, encode(&[("title", "Forged")]))
                .await;
            assert_eq!(answer.status, 403, "{pattern} {forged:?}");
        }
    }
    assert_eq!(t.count(sql!("select count(*) from audit_events")).await, before);
    world.dana.page("").await;
});

story!(the_same_person_never_fills_both_seats, |t| {
    let world = World::with(&t, "Something of ours").await;
    // Dana signed the decision for Marketing. An administrator moves her to the other side, once she leads no
    // more.
    let adm = t.sign_in("adm").await;
    let (dana, lena) = (t.member("dana").await, t.member("lena").await);
    adm.takes(&format!("members/{dana}/hand-over"), &[("to", &lena)])
        .await;
    adm.takes(
        &format!("members/{dana}/edit"),
        &[
            ("side", "technology"),
            ("role", "manager"),
            ("is_admin", "on"),
            ("successor", &lena),
        ],
    )
    .await;
    let digest = world
        .kofi
        .page(&format!("{}/sign", world.decision))
        .await
        .value("digest");
    let answer = world
        .dana
        .post(
            &format!("{}/sign", world.decision),
            &[("digest", &digest), ("verdict", "agree")],
        )
        .await;
    answer.must_be(422).must_say("You signed for the other side.");
    assert_eq!(
        t.count(sql!(
            "select count(*) from handshakes where kind = 'decision' and sealed_at is not null"
        ))
        .await,
        0
    );
    world.kofi.sign(&world.decision).await.must_be(303);
    t.verify().await;
});

story!(two_at_once_fill_one_seat_once, |t| {
    let world = World::with(&t, "Something of ours").await;
    let (kofi, priya) = (world.kofi.clone(), t.sign_in("priya").await);
    let digest = kofi
        .page(&format!("{}/sign", world.decision))
        .await
        .value("digest");
    let mut attempts = Vec::new();
    for user in [kofi.clone(), priya.clone(), kofi, priya] {
        let (path, digest) = (format!("{}/sign", world.decision), digest.clone());
        attempts.push(tokio::spawn(async move {
            user.post(&path, &[("digest", &digest), ("verdict", "agree")])
                .await
                .status
                .as_u16()
        }));
    }
    let mut taken = 0;
    for attempt in attempts {
        let status = attempt.await.expect("answered");
        assert!(matches!(status, 303 | 409 | 422), "{status}");
        taken += u32::from(status == 303);
    }
    assert_eq!(taken, 1);
    assert_eq!(
        t.count(sql!(
            "select count(*) from signatures s join handshakes h on h.id = s.handshake_id where
             h.kind = 'decision' and s.side = 'technology'"
        ))
        .await,
        1
    );
    t.verify().await;
});

story!(a_title_is_text, |t| {
    let world = World::with(&t, "A <b>&\"'").await;
    for (path, title) in [
        ("", "Overview"),
        ("desk", "Desk"),
        (&world.milestone, "A &lt;b&gt;&amp;&quot;&#39;"),
    ] {
        let page = world.dana.page(path).await;
        // How much waits stands before it.
        assert!(page.body.contains("<title>("), "{path}");
        assert!(
            page.body
                .contains(&format!(") {title} · Northwind · Handshake</title>")),
            "{path}"
        );
    }
});

story!(every_answer_carries_its_headers, |t| {
    let dana = t.sign_in("dana").await;
    let mut nonces = std::collections::HashSet::new();
    for path in [
        "",
        "/sign-in",
        "/nowhere",
        "decisions/99",
        "/livez",
        "/w/elsewhere",
        "/robots.txt",
        "/pkg/x/none.js",
    ] {
        let answer = dana.get(path).await;
        let header = |name: &str| {
            answer
                .headers
                .get(name)
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default()
                .to_owned()
        };
        let policy = header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self' 'nonce-")
                && !policy.contains("unsafe-inline")
                && policy.contains("frame-ancestors 'none'"),
            "{path}: {policy}"
        );
        assert!(nonces.insert(policy), "{path}: a nonce came twice");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("referrer-policy"), "same-origin");
        assert_eq!(header("cross-origin-opener-policy"), "same-origin");
        assert_eq!(
            header("strict-transport-security"),
            "max-age=63072000; includeSubDomains"
        );
        assert_eq!(header("access-control-allow-origin"), "");
        assert_eq!(header("server"), "");
        if path != "/robots.txt" {
            assert_eq!(header("cache-control"), "no-store", "{path}");
        }
    }
});

story!(bad_requests_get_clear_answers, |t| {
    let dana = t.sign_in("dana").await;
    dana.get("/nowhere")
        .await
        .must_be(404)
        .must_say("We cannot find this page");
    dana.get("decisions/one")
        .await
        .must_be(404)
        .must_say("We cannot find this page");
    dana.get("history?before=x").await.must_be(404);
    dana.get("decisions/99999999").await.must_be(404);
    dana.get("nowhere").await.must_be(404);
    dana.get("/sign-out").await.must_be(405).must_say("Not this way");
    dana.send(Method::DELETE, "decisions", &[], String::new())
        .await
        .must_be(405);
    let json = dana
        .send(
            Method::POST,
            "decisions/new",
            &[("content-type", "application/json")],
            "{}".to_owned(),
        )
        .await;
    assert_eq!(json.status, 415);
    let huge = dana
        .send(
            Method::POST,
            "decisions/new",
            &[],
            format!("context={}", "x".repeat(300_000)),
        )
        .await;
    huge.must_be(413).must_say("This is too large");
    let long = dana
        .post(
            "decisions/new",
            &[("question", &"x".repeat(201)), ("context", "kept")],
        )
        .await;
    long.must_be(422).must_say("Shorten this to 200 characters");
    assert_eq!(long.value("context").trim(), "kept");
    for cookie in [
        "__Host-handshake=",
        "__Host-handshake=!!!!",
        "__Host-handshake=AAAAAAAAAAAAAAAAAAAAAA; __Host-handshake=x",
        "=;=;;;",
    ] {
        let answer = t
            .anonymous()
            .send(Method::GET, "", &[("cookie", cookie)], String::new())
            .await;
        assert_eq!(answer.status, 303, "{cookie}");
    }
});

story!(who_asks_before_sending_too_much_is_told_to_keep_it, |t| {
    let dana = t.sign_in("dana").await;
    for (asks_first, is_read) in [(true, false), (false, true)] {
        let read = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&read);
        let body = Full::new(bytes::Bytes::from(vec![b'x'; 300_000])).map_frame(move |frame| {
            seen.store(true, Ordering::SeqCst);
            frame
        });
        let request = Request::post(dana.path("decisions/new"))
            .header("origin", "http://localhost:3000")
            .header("host", "localhost:3000")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("content-length", "300000")
            .header("cookie", dana.cookie.clone().unwrap_or_default());
        let request = if asks_first {
            request.header("expect", "100-continue")
        } else {
            request
        };
        let answer = dana
            .router
            .clone()
            .oneshot(request.body(Body::new(body)).expect("a request"))
            .await
            .expect("an answer");
        assert_eq!(answer.status(), 413);
        assert_eq!(read.load(Ordering::SeqCst), is_read, "asks first: {asks_first}");
    }
});

story!(pages_hold_nothing_but_what_they_show, |t| {
    let world = World::with(&t, "Something of ours").await;
    let olu = t.sign_in("olu").await;
    for path in [
        "",
        "desk",
        "definition",
        "initiatives",
        &world.initiative,
        "decisions",
        &world.decision,
        "milestones",
        &world.milestone,
        "kpis",
        &world.kpi,
        "history",
    ] {
        let body = olu.page(path).await.body;
        for never in [
            "argon2",
            "@northwind.test",
            "password_hash",
            "Elsewhere",
            "id_hash",
        ] {
            assert!(!body.contains(never), "{never} on {path}");
        }
    }
});

#[test]
fn raw_markup_is_written_in_one_place() {
    fn rust_files(folder: &std::path::Path, found: &mut Vec<std::path::PathBuf>) {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                rust_files(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    let mut files = Vec::new();
    rust_files(
        &std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut files,
    );
    assert!(files.len() > 40);
    for file in files {
        let name = file.to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&file).expect("text");
        let in_tests = name.contains("/tests");
        for (raw, allowed) in [
            ("inner_html=", "src/ui/"),
            ("<textarea", "src/ui/field.rs"),
            ("<Title", "-"),
            ("<noscript", "-"),
            ("AssertSqlSafe(", "src/tests/mod.rs"),
        ] {
            assert!(
                in_tests || name.contains(allowed) || !text.contains(raw),
                "{raw} in {name}"
            );
        }
    }
}

#[tokio::test]
async fn a_panic_is_an_answer() {
    let t = TestApp::on(crate::platform::db::Engine::Sqlite).await;
    let router = axum::Router::new().route(
        "/panics",
        axum::routing::get(|| async { panic!("on purpose") as &'static str }),
    );
    let router = crate::platform::http::layers(
        router,
        &t.state,
        axum::middleware::from_fn_with_state(t.state.clone(), crate::app::frame),
    );
    let user = super::User {
        router,
        cookie: None,
        slug: t.slug.clone(),
    };
    let answer = user.get("/panics").await;
    answer.must_be(500).must_say("Something went wrong on our side");
    assert!(!answer.body.contains("on purpose"));
}

story!(a_permit_commits_the_transaction_that_it_is_of_alone, |t| {
    let viewer = t.viewer("dana").await;
    let permit = viewer
        .begin()
        .await
        .expect("a transaction")
        .permit(Action::Comment)
        .expect("a lead comments");
    let tx = viewer.begin().await.expect("another one");
    let event = Event::new("said", "clause", uuid::Uuid::nil(), "Something");
    assert_eq!(tx.commit(permit, event).await, Err(Error::Internal));
    let events = sql!("select seq from audit_events where verb = 'said'");
    let said: Vec<(i64,)> = t.state.db().fetch_all(events, Vec::new()).await.expect("read");
    assert!(said.is_empty(), "nothing was written");
});

/// What is logged while a test runs on its one thread.
#[derive(Clone, Default)]
struct Lines(Arc<std::sync::Mutex<Vec<u8>>>);

impl Lines {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().expect("the lines")).into_owned()
    }
}

impl std::io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("the lines").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

story!(the_log_tells_who_tried_what_and_which_request_it_was, |t| {
    let lines = Lines::default();
    let writer = lines.clone();
    let logs = tracing_subscriber::fmt()
        .with_writer(move || writer.clone())
        .with_ansi(false)
        .finish();
    let _logging = tracing::subscriber::set_default(logs);
    let wrong = [("email", "dana@northwind.test"), ("password", "not her password")];
    let answer = t.anonymous().post("/sign-in", &wrong).await;
    let request = answer.must_be(422).headers["x-request-id"]
        .to_str()
        .expect("an id")
        .to_owned();
    let said = lines.text();
    let line = said
        .lines()
        .find(|line| line.contains("a sign-in failed"))
        .unwrap_or_else(|| panic!("{said}"));
    for part in [
        "WARN",
        "security",
        "dana@northwind.test",
        "127.0.0.1",
        request.as_str(),
    ] {
        assert!(line.contains(part), "{part}: {line}");
    }
    assert!(!said.contains("not her password"), "{said}");
    // A line that another test wrote first, at the moment at which this one began to listen, stays unheard
    // until it is asked for again.
    tracing::callsite::rebuild_interest_cache();
    // An answer is one line, by its route and without what was asked for.
    let olu = t.sign_in("olu").await;
    olu.get("search?q=our+secret+plan").await.must_be(200);
    let refused = olu.post("kpis/new", &[]).await;
    refused.must_be(403);
    let said = lines.text();
    let answered = |route: &str, status: &str| {
        said.lines()
            .any(|line| line.contains("answered") && line.contains(route) && line.contains(status))
    };
    assert!(answered("/w/{workspace}/search", "status=200"), "{said}");
    assert!(answered("/w/{workspace}/search", "account="), "{said}");
    assert!(answered("/w/{workspace}/kpis/new", "status=403"), "{said}");
    assert!(said.contains("a request was refused"), "{said}");
    assert!(!said.contains("secret"), "{said}");
});

story!(slow_files_of_one_account_keep_nobody_from_sending_theirs, |t| {
    let (ana, dana) = (t.sign_in("ana").await, t.sign_in("dana").await);
    let endless = || {
        let never = futures_util::stream::pending::<Result<bytes::Bytes, std::convert::Infallible>>();
        Request::post(format!("/w/{}/kpis/import", t.slug))
            .header("host", "handshake.test")
            .header("origin", super::ORIGIN)
            .header("cookie", ana.cookie.clone().expect("a session"))
            .header("content-type", "multipart/form-data; boundary=x")
            .body(Body::from_stream(never))
            .expect("a request")
    };
    let slow: Vec<_> = (0..2)
        .map(|_| tokio::spawn(ana.router.clone().oneshot(endless())))
        .collect();
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    let third = ana.router.clone().oneshot(endless()).await.expect("infallible");
    assert_eq!(third.status(), 503);
    let table = "kpi,period,value\n".repeat(6000);
    let sent = dana.upload("kpis/import", "values.csv", table.as_bytes()).await;
    assert_ne!(sent.status, 503, "{}", sent.text());
    // A short form takes no place.
    let short = ana
        .upload("kpis/import", "values.csv", b"kpi,period,value\n")
        .await;
    assert_ne!(short.status, 503, "{}", short.text());
    for one in slow {
        one.abort();
    }
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    let again = ana.upload("kpis/import", "values.csv", table.as_bytes()).await;
    assert_ne!(again.status, 503, "{}", again.text());
});

#[test]
fn what_the_security_page_names_is_there() {
    let page = root().with_file_name("docs").join("security.md");
    let page = std::fs::read_to_string(page).expect("the page");
    let mut files = Vec::new();
    sources(&root(), &mut files);
    let code: String = files
        .iter()
        .map(|file| std::fs::read_to_string(file).expect("text"))
        .collect();
    let mut known: std::collections::HashSet<&str> = std::collections::HashSet::new();
    known.extend(code.split(|sign: char| !(sign.is_alphanumeric() || sign == '_')));
    let named: Vec<&str> = page.split('`').skip(1).step_by(2).collect();
    let tests: Vec<&&str> = named.iter().filter(|name| name.contains('_')).collect();
    assert!(tests.len() > 50, "the page names its tests: {}", tests.len());
    for name in tests {
        assert!(
            known.contains(*name),
            "docs/security.md names {name}, which no file has"
        );
    }
}
