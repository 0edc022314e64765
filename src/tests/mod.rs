//! The product tested the way it is used: through its own routes, on both engines.
//!
//! PostgreSQL is a throwaway cluster that `make test` starts; `TEST_POSTGRES_URL` says where.

mod access;
mod accountability;
mod agreements;
mod arrows;
mod blind;
mod checkpoints;
mod data;
mod defects;
mod goals;
mod loads;
mod migrations;
mod numbers;
mod people;
mod posts;
mod security;
mod statements;
mod story;
mod tables;
mod world;

use crate::{
    app, commands,
    demo::DemoWorkspace,
    identity::{Role, Side},
    platform::{
        config::Settings,
        db::{Address, Db, Engine, Sql},
        ids::source::Ids,
        state::AppState,
        time::{Day, ManualClock, Timestamp, Zone},
    },
    sql,
};
use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use clap::{Args as _, FromArgMatches as _};
use scraper::{Html, Selector};
use sqlx::Connection as _;
use tokio::sync::OnceCell;
use tower::ServiceExt as _;

pub const PASSWORD: &str = "plum-orbit-candle-fjord";
pub const ORIGIN: &str = "https://handshake.test";
pub const TODAY: Day = Day::new(2026, 11, 23);

/// Tells a story once on each engine.
#[macro_export]
macro_rules! story {
    ($name:ident, |$app:ident| $body:block) => {
        async fn $name($app: $crate::tests::TestApp) $body

        mod $name {
            use $crate::{platform::db::Engine, tests::TestApp};

            #[tokio::test]
            async fn on_sqlite() {
                super::$name(TestApp::on(Engine::Sqlite).await).await;
            }

            #[tokio::test]
            async fn on_postgres() {
                super::$name(TestApp::on(Engine::Postgres).await).await;
            }
        }
    };
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests are told where their throwaway cluster is"
)]
fn cluster() -> String {
    std::env::var("TEST_POSTGRES_URL")
        .expect("TEST_POSTGRES_URL is set by `make test`, which starts a throwaway cluster")
}

static NEXT: AtomicU32 = AtomicU32::new(1);

/// A fresh, migrated database.
pub async fn fresh_database(engine: Engine) -> (Address, Db) {
    let number = NEXT.fetch_add(1, Ordering::SeqCst);
    let address = match engine {
        Engine::Sqlite => Address::Sqlite(scratch(&format!("{number}")).join("handshake.db")),
        Engine::Postgres => {
            static TEMPLATE: OnceCell<()> = OnceCell::const_new();
            let admin = sqlx::PgPool::connect(&format!("{}/postgres", cluster()))
                .await
                .expect("the cluster answers");
            let template = format!("template_{}", std::process::id());
            TEMPLATE
                .get_or_init(|| async {
                    sqlx::query(sqlx::AssertSqlSafe(format!("create database {template}")))
                        .execute(&admin)
                        .await
                        .expect("made");
                    let db = Db::open(&Address::Postgres(format!("{}/{template}", cluster())))
                        .await
                        .expect("migrated");
                    db.close().await;
                })
                .await;
            let name = format!("test_{}_{number}", std::process::id());
            sqlx::query(sqlx::AssertSqlSafe(format!(
                "create database {name} template {template}"
            )))
            .execute(&admin)
            .await
            .expect("made");
            Address::Postgres(format!("{}/{name}", cluster()))
        }
    };
    let db = Db::open(&address).await.expect("a database");
    (address, db)
}

/// A folder of this test's own.
pub fn scratch(name: &str) -> PathBuf {
    let base = if std::path::Path::new("/dev/shm").is_dir() {
        PathBuf::from("/dev/shm")
    } else {
        std::env::temp_dir()
    };
    let folder = base
        .join(format!("handshake-test-{}", std::process::id()))
        .join(name);
    std::fs::create_dir_all(&folder).expect("a scratch folder");
    folder
}

pub fn settings() -> Settings {
    settings_of(&[])
}

/// With a mail server that nobody asks: letters wait in the outbox.
pub fn settings_with_mail() -> Settings {
    settings_of(&["--smtp-url", "smtp://127.0.0.1:1"])
}

fn settings_of(more: &[&str]) -> Settings {
    let command = Settings::augment_args(clap::Command::new("handshake"));
    let matches = command
        .try_get_matches_from(["handshake", "--public-url", ORIGIN].iter().chain(more))
        .expect("settings");
    Settings::from_arg_matches(&matches).expect("settings")
}

/// The whole product on a database of its own, with two workspaces: Northwind, and Elsewhere, where Zoe
/// leads.
pub struct TestApp {
    pub state: AppState,
    pub clock: Arc<ManualClock>,
    pub address: Address,
    pub slug: String,
    pub router: Router,
}

impl TestApp {
    pub async fn on(engine: Engine) -> Self {
        Self::with_settings(engine, settings()).await
    }

    pub async fn with_settings(engine: Engine, settings: Settings) -> Self {
        let (address, db) = fresh_database(engine).await;
        let noon = Zone::get("Europe/Berlin")
            .expect("a zone")
            .start_of(TODAY)
            .plus_seconds(12 * 3600);
        let outside = AppState::new(db, Arc::new(ManualClock::at(noon)), Ids::from_seed(5), settings);
        commands::create_accounts_chain(&outside).await.expect("founded");
        let stage = DemoWorkspace::set(&outside, "Northwind", "Europe/Berlin", noon, 1, PASSWORD)
            .await
            .expect("a workspace");
        for (name, side, role, is_admin) in [
            ("dana", Some(Side::Marketing), Role::Lead, true),
            ("kofi", Some(Side::Technology), Role::Lead, false),
            ("lena", Some(Side::Marketing), Role::Manager, false),
            ("priya", Some(Side::Technology), Role::Manager, false),
            ("ana", Some(Side::Marketing), Role::Contributor, false),
            ("jonas", Some(Side::Technology), Role::Contributor, false),
            ("olu", None, Role::Observer, false),
            ("adm", None, Role::Observer, true),
        ] {
            stage
                .person(name, &format!("{name}@northwind.test"), side, role, is_admin)
                .await
                .expect("a member");
        }
        let elsewhere = DemoWorkspace::set(&outside, "Elsewhere", "UTC", noon, 2, PASSWORD)
            .await
            .expect("a workspace");
        elsewhere
            .person(
                "zoe",
                "zoe@northwind.test",
                Some(Side::Marketing),
                Role::Lead,
                true,
            )
            .await
            .expect("a member");
        Self {
            router: app::service(&stage.state),
            clock: stage.clock.clone(),
            state: stage.state.clone(),
            address,
            slug: stage.slug.clone(),
        }
    }

    /// The product on a copy of this one's database, which is closed.
    pub async fn copy(&self, number: usize) -> Self {
        let address = match &self.address {
            Address::Sqlite(file) => {
                let copy = file.with_file_name(format!("copy-{number}.db"));
                std::fs::copy(file, &copy).expect("copied");
                Address::Sqlite(copy)
            }
            Address::Postgres(address) => {
                let name = address.rsplit('/').next().unwrap_or_default();
                let mut admin = sqlx::PgConnection::connect(&format!("{}/postgres", cluster()))
                    .await
                    .expect("the cluster answers");
                sqlx::query(sqlx::AssertSqlSafe(format!(
                    "create database {name}_{number} template {name}"
                )))
                .execute(&mut admin)
                .await
                .expect("copied");
                Address::Postgres(format!("{address}_{number}"))
            }
        };
        let db = Db::open(&address).await.expect("a database");
        let clock = Arc::new(ManualClock::at(self.state.now()));
        let seed = 1000 + u64::try_from(number).unwrap_or_default();
        let state = AppState::new(db, clock.clone(), Ids::from_seed(seed), settings());
        Self {
            router: app::service(&state),
            state,
            clock,
            address,
            slug: self.slug.clone(),
        }
    }

    pub fn now(&self) -> Timestamp {
        self.state.now()
    }

    pub fn anonymous(&self) -> User {
        User {
            router: self.router.clone(),
            cookie: None,
            slug: self.slug.clone(),
        }
    }

    pub async fn sign_in(&self, name: &str) -> User {
        let mut user = self.anonymous();
        let answer = user
            .post(
                "/sign-in",
                &[
                    ("email", &format!("{name}@northwind.test")),
                    ("password", PASSWORD),
                ],
            )
            .await;
        assert_eq!(answer.status, 303, "{name} signs in: {}", answer.text());
        user.cookie = Some(answer.cookie().expect("a session cookie"));
        user
    }

    /// The id of a member, as forms name them.
    pub async fn member(&self, name: &str) -> String {
        let row: Option<(crate::platform::ids::MemberId,)> = self
            .state
            .db()
            .fetch_optional(
                sql!("select m.id from members m join accounts a on a.id = m.account_id where a.email = $1"),
                crate::args![format!("{name}@northwind.test")],
            )
            .await
            .expect("a query");
        row.expect("a member").0.to_string()
    }

    pub async fn count(&self, sql: Sql) -> i64 {
        self.state
            .db()
            .fetch_optional::<(i64,)>(sql, Vec::new())
            .await
            .expect("a query")
            .expect("a row")
            .0
    }

    /// Nothing is broken, whatever the test did.
    pub async fn verify(&self) {
        assert_eq!(
            commands::findings(self.state.db()).await.expect("verified"),
            Vec::<String>::new()
        );
    }
}

/// Somebody with a browser that keeps one cookie.
#[derive(Clone)]
pub struct User {
    pub router: Router,
    pub cookie: Option<String>,
    pub slug: String,
}

impl User {
    /// `/w/northwind/decisions` for `decisions`; absolute paths stay.
    pub fn path(&self, path: &str) -> String {
        if path.starts_with('/') {
            path.to_owned()
        } else if path.is_empty() {
            format!("/w/{}", self.slug)
        } else {
            format!("/w/{}/{path}", self.slug)
        }
    }

    pub async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: String) -> Answer {
        self.send_bytes(method, path, headers, body.into_bytes()).await
    }

    async fn send_bytes(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Answer {
        let mut request = Request::builder()
            .method(method.clone())
            .uri(self.path(path))
            .header(header::HOST, "handshake.test")
            .header(header::ACCEPT, "text/html");
        if method == Method::POST {
            request = request
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .header(header::CONTENT_LENGTH, body.len())
                .header(header::ORIGIN, ORIGIN);
        }
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        let mut request = request.body(Body::from(body)).expect("a request");
        for (name, value) in headers {
            request.headers_mut().insert(
                header::HeaderName::from_bytes(name.as_bytes()).expect("a name"),
                value.parse().expect("a value"),
            );
        }
        let response = self.router.clone().oneshot(request).await.expect("infallible");
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&body).into_owned(),
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], String::new()).await
    }

    /// A page that must be there.
    pub async fn page(&self, path: &str) -> Answer {
        let answer = self.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
        // A word of the code, which a rename can carry into a sentence.
        assert!(!answer.text().contains("viewer"), "{path}: {}", answer.text());
        answer
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(Method::POST, path, &[], encode(fields)).await
    }

    /// A form that must be taken; gives the page it leads to.
    pub async fn takes(&self, path: &str, fields: &[(&str, &str)]) -> String {
        let answer = self.post(path, fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}: {}", answer.text());
        let location = answer.location();
        location.split(['?', '#']).next().unwrap_or_default().to_owned()
    }

    /// Sends a file as a browser does.
    pub async fn upload(&self, path: &str, name: &str, bytes: &[u8]) -> Answer {
        let mut body = format!(
            "--x\r\ncontent-disposition: form-data; name=\"file\"; \
                filename=\"{name}\"\r\ncontent-type: application/octet-stream\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n--x--\r\n");
        self.send_bytes(
            Method::POST,
            path,
            &[("content-type", "multipart/form-data; boundary=x")],
            body,
        )
        .await
    }

    /// Signs what is at `path`, on the text shown on the signing page.
    pub async fn sign(&self, path: &str) -> Answer {
        self.give_verdict(path, &[("verdict", "agree")]).await
    }

    pub async fn give_verdict(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let digest = self.page(&format!("{path}/sign")).await.value("digest");
        let mut fields = fields.to_vec();
        fields.push(("digest", &digest));
        self.post(&format!("{path}/sign"), &fields).await
    }
}

pub fn encode(fields: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn location(&self) -> String {
        self.headers
            .get(header::LOCATION)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_owned()
    }

    /// `name=value` of the cookie that was set.
    pub fn cookie(&self) -> Option<String> {
        let set = self.headers.get(header::SET_COOKIE)?.to_str().ok()?;
        set.split(';').next().map(str::to_owned)
    }

    /// The text of the page's content.
    pub fn text(&self) -> String {
        let html = Html::parse_document(&self.body);
        let text: Vec<String> = html
            .select(&selector("main"))
            .flat_map(|main| main.text())
            .map(str::to_owned)
            .collect();
        text.join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
    }

    pub fn says(&self, words: &str) -> bool {
        self.text().contains(words)
    }

    #[track_caller]
    pub fn must_say(&self, words: &str) -> &Self {
        assert!(self.says(words), "{words:?} is not in: {}", self.text());
        self
    }

    #[track_caller]
    pub fn must_not_say(&self, words: &str) -> &Self {
        assert!(!self.says(words), "{words:?} is in: {}", self.text());
        self
    }

    #[track_caller]
    pub fn must_be(&self, status: u16) -> &Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self
    }

    /// The value of a field of a form on the page.
    #[track_caller]
    pub fn value(&self, name: &str) -> String {
        let html = Html::parse_document(&self.body);
        let field = html
            .select(&selector(&format!("[name=\"{name}\"]")))
            .next()
            .unwrap_or_else(|| panic!("no field {name} in: {}", self.text()));
        match field.value().name() {
            "textarea" => field.text().collect::<String>(),
            "select" => html
                .select(&selector(&format!("[name=\"{name}\"] option[selected]")))
                .next()
                .and_then(|option| option.value().attr("value"))
                .unwrap_or_default()
                .to_owned(),
            _ => field.value().attr("value").unwrap_or_default().to_owned(),
        }
    }

    /// The secret of a feed, on the page that shows it once.
    #[track_caller]
    pub fn feed_secret(&self) -> String {
        let secret = self.body.split("hs_feed_").nth(1).expect("a secret");
        format!("hs_feed_{}", secret.chars().take(64).collect::<String>())
    }

    /// Where the link or button of these words leads.
    #[track_caller]
    pub fn link(&self, words: &str) -> String {
        let html = Html::parse_document(&self.body);
        let link = html
            .select(&selector("a[href]"))
            .find(|link| link.text().collect::<String>().trim() == words);
        link.and_then(|link| link.value().attr("href"))
            .unwrap_or_else(|| panic!("no link {words:?} in: {}", self.text()))
            .to_owned()
    }

    /// Where the form of the button with this label posts to.
    #[track_caller]
    pub fn action(&self, label: &str) -> String {
        let html = Html::parse_document(&self.body);
        let form = html.select(&selector("form")).find(|form| {
            form.select(&selector("button"))
                .any(|button| button.value().attr("aria-label") == Some(label))
        });
        form.and_then(|form| form.value().attr("action"))
            .unwrap_or_else(|| panic!("no button {label:?} in: {}", self.text()))
            .to_owned()
    }

    pub fn has(&self, css: &str) -> bool {
        Html::parse_document(&self.body)
            .select(&selector(css))
            .next()
            .is_some()
    }
}

pub fn selector(css: &str) -> Selector {
    Selector::parse(css).expect("a selector")
}
