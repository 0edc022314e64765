//! `make bench`: the release binary under load, as its users would load it, printed side by side with the
//! same bytes served from memory by the same server code.
//!
//! Usage: `load BINARY DATABASE_URL WORKSPACE EMAIL PASSWORD`, after the workspace was seeded; prints one
//! table.

use std::{
    process::{Command, Stdio},
    sync::Arc,
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::Instant,
};

const SECONDS: u64 = 4;
/// Readings after a write.
const ANEW: usize = 200;
const IMPORTED_ROWS: i64 = 10_000;
const IMPORTED_KPIS: i64 = 20;
const IMPORTED_WORDS: usize = 20_000;
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

struct Server {
    child: std::process::Child,
    address: String,
    started_in: Duration,
}

impl Server {
    fn start(program: &str, arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        use std::io::BufRead as _;
        let before = Instant::now();
        let mut child = Command::new(program)
            .args(arguments)
            .envs(environment.iter().copied())
            .env("HANDSHAKE_LOG", "error")
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let mut lines = std::io::BufReader::new(child.stdout.take().expect("its output")).lines();
        let address = loop {
            let line = lines.next().expect("an address").expect("text");
            if let Some(rest) = line.strip_prefix("Handshake is at http://") {
                break rest.split(' ').next().unwrap_or_default().to_owned();
            }
        };
        // The first answer, not the first line.
        loop {
            use std::io::{Read as _, Write as _};
            if let Ok(mut socket) = std::net::TcpStream::connect(&address) {
                let _ = socket.write_all(b"GET /readyz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
                let mut answer = String::new();
                if socket.read_to_string(&mut answer).is_ok() && !answer.is_empty() {
                    break;
                }
            }
        }
        Self {
            child,
            address,
            started_in: before.elapsed(),
        }
    }

    fn resident_megabytes(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let kilobytes = status.lines().find_map(|line| {
            line.strip_prefix("VmRSS:")?
                .trim()
                .strip_suffix(" kB")?
                .trim()
                .parse::<f64>()
                .ok()
        });
        kilobytes.unwrap_or_default() / 1024.0
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}

/// One keep-alive connection.
struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Client {
    async fn connect(address: &str) -> Self {
        let stream = TcpStream::connect(address).await.expect("connected");
        stream.set_nodelay(true).expect("set");
        Self {
            stream,
            buffer: Vec::with_capacity(1 << 20),
        }
    }

    /// Sends one request and reads its answer: status, headers and body.
    async fn ask(&mut self, request: &str) -> (u16, usize) {
        self.stream.write_all(request.as_bytes()).await.expect("sent");
        self.buffer.clear();
        let mut chunk = vec![0; 65536];
        let (head, length, is_chunked) = loop {
            let read = self.stream.read(&mut chunk).await.expect("read");
            assert!(read > 0, "the server closed the connection");
            self.buffer.extend_from_slice(&chunk[..read]);
            if let Some(end) = self.buffer.windows(4).position(|window| window == b"\r\n\r\n") {
                let head = String::from_utf8_lossy(&self.buffer[..end]).to_lowercase();
                let length = head.lines().find_map(|line| {
                    line.strip_prefix("content-length: ")?
                        .trim()
                        .parse::<usize>()
                        .ok()
                });
                break (
                    end + 4,
                    length.unwrap_or(0),
                    head.contains("transfer-encoding: chunked"),
                );
            }
        };
        // What is coded while it is sent ends with an empty chunk.
        while is_chunked && !self.buffer.ends_with(b"\r\n0\r\n\r\n") {
            let read = self.stream.read(&mut chunk).await.expect("read");
            assert!(read > 0, "the server closed the connection");
            self.buffer.extend_from_slice(&chunk[..read]);
        }
        while self.buffer.len() < head + length {
            let read = self.stream.read(&mut chunk).await.expect("read");
            assert!(read > 0, "the server closed the connection");
            self.buffer.extend_from_slice(&chunk[..read]);
        }
        let status = String::from_utf8_lossy(&self.buffer[9..12]).parse().unwrap_or(0);
        (status, length)
    }

    fn answer(&self) -> String {
        String::from_utf8_lossy(&self.buffer).into_owned()
    }
}

fn get(path: &str, cookie: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: localhost\r\naccept: text/html\r\ncookie: {cookie}\r\n\r\n")
}

/// What a browser offers to take.
const CODINGS: &str = "gzip, deflate, br, zstd";

fn get_coded(path: &str, cookie: &str, codings: &str) -> String {
    format!(
        "GET {path} HTTP/1.1\r\nhost: localhost\r\naccept: text/html\r\naccept-encoding: {codings}\r\ncookie: \
            {cookie}\r\n\r\n"
    )
}

fn post(path: &str, cookie: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\naccept: text/html\r\ncookie: {cookie}\r\ncontent-type: \
            application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n\r\n{body}"
    )
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

/// A table of 10,000 values: looked at, then entered.
async fn import(client: &mut Client, home: &str, cookie: &str) {
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
async fn import_words(client: &mut Client, home: &str, cookie: &str) {
    use std::fmt::Write as _;

    client
        .ask(&get(&format!("{home}/sources/files/map.csv"), cookie))
        .await;
    let words = client.answer();
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
    import(&mut client, &home, &cookie).await;
    import_words(&mut client, &home, &cookie).await;
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
