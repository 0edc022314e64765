//! `make bench`: the release binary under load, as its users would load it, printed side by side with the
//! same bytes served from memory by the same server code.
//!
//! Usage: `load BINARY DATABASE_URL WORKSPACE EMAIL PASSWORD`, after the workspace was seeded; prints one
//! table.

mod client;
mod review;
mod tables;

use std::{sync::Arc, time::Duration};

use tokio::time::Instant;

use self::client::{CODINGS, Client, Server, get, get_coded, post};

const SECONDS: u64 = 4;
/// Readings after a write.
const ANEW: usize = 200;
const CONNECTIONS: [usize; 3] = [1, 8, 32];

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    match arguments.as_slice() {
        [role, bytes] if role == "--memory" => {
            serve_from_memory(bytes.parse().expect("a number of bytes")).await;
        }
        [binary, database, workspace, email, password] => {
            measure(binary, database, workspace, email, password).await;
        }
        _ => eprintln!("run `make bench`"),
    }
}

/// The same server around a page that needs no work.
async fn serve_from_memory(bytes: usize) {
    use clap::{Args as _, FromArgMatches as _};
    use handshake::platform::{
        audit, config::Settings, db, http, ids::source::Ids, state::AppState, time::SystemClock,
    };

    let matches = Settings::augment_args(clap::Command::new("load"))
        .try_get_matches_from(["load"])
        .expect("settings");
    let settings = Settings::from_arg_matches(&matches).expect("settings");
    let folder = std::env::temp_dir().join(format!("handshake-bench-memory-{}", std::process::id()));
    let database = db::Db::open(&db::Address::Sqlite(folder.join("none.db")))
        .await
        .expect("a database");
    let keys = audit::Keyring::of([0; 32]);
    let state = AppState::new(
        database,
        Arc::new(SystemClock),
        Ids::from_system(),
        settings,
        keys,
    );
    let page: Arc<str> = "x".repeat(bytes).into();
    let router = axum::Router::new().route(
        "/",
        axum::routing::get(move || async move { axum::response::Html(page.to_string()) }),
    );
    let router = http::layers(router, &state, tower::layer::util::Identity::new());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("an address");
    println!(
        "Handshake is at http://{}",
        listener.local_addr().expect("an address")
    );
    http::serve(listener, router, state, http::stop_signal()).await;
    let _ = std::fs::remove_dir_all(folder);
}

struct Measurement {
    per_second: f64,
    p50: Duration,
    p99: Duration,
}

/// Each connection repeats its own requests in turn for some seconds.
async fn load(address: &str, per_connection: Vec<Vec<String>>) -> Measurement {
    let deadline = Instant::now() + Duration::from_secs(SECONDS);
    let started = Instant::now();
    let mut workers = Vec::new();
    for requests in per_connection {
        let address = address.to_owned();
        workers.push(tokio::spawn(async move {
            let mut client = Client::connect(&address).await;
            let mut times = Vec::new();
            'asking: loop {
                for request in &requests {
                    let before = Instant::now();
                    let (status, _) = client.ask(request).await;
                    assert!(
                        matches!(status, 200 | 303),
                        "{status}: {}",
                        client.answer().chars().take(400).collect::<String>()
                    );
                    times.push(before.elapsed());
                    if Instant::now() >= deadline {
                        break 'asking;
                    }
                }
            }
            times
        }));
    }
    let mut times = Vec::new();
    for worker in workers {
        times.extend(worker.await.expect("measured"));
    }
    let elapsed = started.elapsed().as_secs_f64();
    times.sort_unstable();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        reason = "a rank among a few thousand"
    )]
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    #[expect(clippy::cast_precision_loss, reason = "a few thousand answers")]
    let per_second = times.len() as f64 / elapsed;
    Measurement {
        per_second,
        p50: at(0.5),
        p99: at(0.99),
    }
}

/// One reader, again and again, each time after somebody wrote something: nothing that is kept helps.
async fn first_readings(client: &mut Client, page: &str, writes: &[String; 2]) -> Measurement {
    let mut times = Vec::new();
    let started = Instant::now();
    for write in writes.iter().cycle().take(ANEW) {
        client.ask(write).await;
        let before = Instant::now();
        client.ask(page).await;
        times.push(before.elapsed());
    }
    times.sort_unstable();
    #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
    let per_second = ANEW as f64 / started.elapsed().as_secs_f64();
    Measurement {
        per_second,
        p50: times[ANEW / 2],
        p99: times[ANEW * 99 / 100],
    }
}

/// How many statements each page sends when nothing is kept, counted by the same routes on the same data.
async fn queries(database: &str, pages: &[(&str, String)], cookie: &str) {
    use clap::{Args as _, FromArgMatches as _};
    use handshake::platform::{
        audit,
        config::{Settings, Storage},
        db,
        ids::source::Ids,
        state::AppState,
        time::SystemClock,
    };
    use tower::ServiceExt as _;

    let matches = Settings::augment_args(clap::Command::new("load"))
        .try_get_matches_from(["load"])
        .expect("settings");
    let settings = Settings::from_arg_matches(&matches).expect("settings");
    let address = Storage {
        database_url: Some(database.to_owned()),
        data: std::path::PathBuf::new(),
        key_file: None,
    }
    .address()
    .expect("a database");
    let state = AppState::new(
        db::Db::open(&address).await.expect("opened"),
        Arc::new(SystemClock),
        Ids::from_system(),
        settings,
        // It reads, and appends nothing.
        audit::Keyring::of([0; 32]),
    );
    let router = handshake::app::service(&state);
    for (name, path) in pages {
        let request = axum::http::Request::builder()
            .uri(path)
            .header("cookie", cookie)
            .header("accept", "text/html")
            .body(axum::body::Body::empty());
        let before = state.db().queries();
        let answer = router
            .clone()
            .oneshot(request.expect("a request"))
            .await
            .expect("infallible");
        assert_eq!(answer.status(), 200, "{path}");
        println!("queries: {name:<28} {:>3}", state.db().queries() - before);
    }
}

fn line(name: &str, connections: usize, measured: &Measurement) {
    println!(
        "{name:<28} {connections:>4} {:>10.0} {:>10.2} {:>10.2}",
        measured.per_second,
        measured.p50.as_secs_f64() * 1000.0,
        measured.p99.as_secs_f64() * 1000.0
    );
}

#[expect(clippy::too_many_lines, reason = "a list of what is measured")]
async fn measure(binary: &str, database: &str, workspace: &str, email: &str, password: &str) {
    let server = Server::start(
        binary,
        &["serve", "--addr", "127.0.0.1:3977"],
        &[("DATABASE_URL", database)],
    );
    println!(
        "cold start, to the first answer: {} ms",
        server.started_in.as_millis()
    );
    println!("resident memory, idle: {:.1} MB", server.resident_megabytes());

    let mut client = Client::connect(&server.address).await;
    let form = format!("email={}&password={}", email.replace('@', "%40"), password);
    client.ask(&post("/sign-in", "", &form)).await;
    let answer = client.answer();
    let cookie = answer
        .lines()
        .find_map(|l| {
            l.to_lowercase()
                .starts_with("set-cookie: ")
                .then(|| l[12..].split(';').next().unwrap_or_default().to_owned())
        })
        .expect("a session");
    let home = format!("/w/{workspace}");

    let (_, overview) = client.ask(&get(&home, &cookie)).await;
    println!("overview, bytes of HTML: {overview}");
    let html = client.answer();
    std::fs::write(
        std::env::temp_dir().join("handshake-bench-overview.html"),
        html.split("\r\n\r\n").nth(1).unwrap_or_default(),
    )
    .expect("written");

    // Checkpoints that this person may pass and open again.
    let mut checkpoints = Vec::new();
    for number in 1..=150 {
        if checkpoints.len() >= 32 {
            break;
        }
        client
            .ask(&get(&format!("{home}/milestones/{number}"), &cookie))
            .await;
        let page = client.answer();
        checkpoints.extend(
            page.split("/checkpoints/")
                .skip(1)
                .filter(|rest| rest.get(36..42) == Some("/pass\""))
                .map(|rest| rest[..36].to_owned())
                .take(4),
        );
    }
    checkpoints.dedup();

    let pages = [
        ("overview", home.clone()),
        ("initiative", format!("{home}/initiatives/1")),
        ("KPI", format!("{home}/kpis/1")),
        ("KPI list", format!("{home}/kpis")),
        ("timeline", format!("{home}/milestones")),
        ("goals", format!("{home}/goals")),
        ("sources", format!("{home}/sources")),
        ("map", format!("{home}/sources/map")),
        ("decision, 720 scores", format!("{home}/decisions/1")),
        ("definition's history", format!("{home}/definition/versions")),
    ];
    queries(database, &pages, &cookie).await;
    println!(
        "\n{:<28} {:>4} {:>10} {:>10} {:>10}",
        "page", "conn", "per second", "p50 ms", "p99 ms"
    );
    for (name, path) in &pages {
        for connections in CONNECTIONS {
            let measured = load(&server.address, vec![vec![get(path, &cookie)]; connections]).await;
            line(name, connections, &measured);
        }
    }
    // The same page as a browser asks for it, beside what it costs uncoded.
    for (name, codings) in [
        ("overview, uncoded", "identity"),
        ("overview, to a browser", CODINGS),
        ("overview, gzip alone", "gzip"),
    ] {
        let request = get_coded(&home, &cookie, codings);
        let measured = load(&server.address, vec![vec![request]; 8]).await;
        line(name, 8, &measured);
    }
    // A connection that was idle meanwhile has been closed.
    let mut client = Client::connect(&server.address).await;
    if let Some(id) = checkpoints.first() {
        let writes = [
            post(
                &format!("{home}/checkpoints/{id}/pass"),
                &cookie,
                "evidence=Measured",
            ),
            post(&format!("{home}/checkpoints/{id}/reopen"), &cookie, ""),
        ];
        for (name, path) in &pages {
            line(
                &format!("{name}, anew"),
                1,
                &first_readings(&mut client, &get(path, &cookie), &writes).await,
            );
        }
    }
    for connections in CONNECTIONS {
        let connections = connections.min(checkpoints.len().max(1));
        let turns = checkpoints
            .iter()
            .take(connections)
            .map(|id| {
                vec![
                    post(
                        &format!("{home}/checkpoints/{id}/pass"),
                        &cookie,
                        "evidence=Measured",
                    ),
                    post(&format!("{home}/checkpoints/{id}/reopen"), &cookie, ""),
                ]
            })
            .collect();
        line(
            "checkpoint update (write)",
            connections,
            &load(&server.address, turns).await,
        );
    }
    let mut client = Client::connect(&server.address).await;
    tables::import(&mut client, &home, &cookie).await;
    tables::import_words(&mut client, &home, &cookie).await;
    review::freeze(&mut client, &home, &cookie).await;
    // A second process on the same database, where the engine takes two.
    let second = database.starts_with("postgres").then(|| {
        Server::start(
            binary,
            &["serve", "--addr", "127.0.0.1:3978"],
            &[("DATABASE_URL", database)],
        )
    });
    let addresses = [
        &server.address,
        second.as_ref().map_or(&server.address, |second| &second.address),
    ];
    review::watch(addresses, &home, &cookie).await;
    let itself = std::env::current_exe().expect("a path");
    let memory = Server::start(
        &itself.to_string_lossy(),
        &["--memory", &overview.to_string()],
        &[],
    );
    for connections in CONNECTIONS {
        line(
            "same bytes from memory",
            connections,
            &load(&memory.address, vec![vec![get("/", "")]; connections]).await,
        );
    }
    println!(
        "\nresident memory, after the run: {:.1} MB",
        server.resident_megabytes()
    );
}
