//! The product tested the way it is used: through its own routes, on both engines.
//!
//! PostgreSQL is a throwaway cluster that `make test` starts; `TEST_POSTGRES_URL` says where.

#![expect(
    clippy::too_many_lines,
    reason = "a story is a list of steps, told in their order"
)]

mod acceptance;
mod access;
mod agreements;
mod answers;
mod arrows;
mod audit;
mod blind;
mod bound;
mod capacity;
mod chaos;
mod checkpoints;
mod client;
mod companies;
mod connections;
mod data;
mod data_access;
mod days;
mod deadlock;
mod defects;
mod definition;
mod deputies;
mod files;
mod forgeries;
mod goals;
mod handovers;
mod imports;
mod initiatives;
mod kpis;
mod letters;
mod loads;
mod mail;
mod migrations;
mod milestones;
mod names;
mod numbers;
mod owed;
mod people;
mod plan;
mod posts;
mod ratification;
mod releases;
mod reminders;
mod requests;
mod reviews;
mod search;
mod security;
mod sides;
mod source_tables;
mod sources;
mod statements;
mod story;
mod tables;
mod technologies;
mod undertakings;
mod words;
mod world;

pub use self::client::{Answer, User, encode, selector};

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use axum::Router;
use clap::{Args as _, FromArgMatches as _};
use sqlx::Connection as _;
use tokio::sync::OnceCell;

use crate::{
    app, commands,
    demo::DemoWorkspace,
    identity::{Role, Side},
    platform::{
        audit::Keyring,
        config::Settings,
        db::{Address, Db, Engine, Sql},
        ids::source::Ids,
        state::AppState,
        time::{Day, ManualClock, Timestamp, Zone},
    },
    sql,
};

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

/// The keys of every test's audit chain.
pub fn keys() -> Keyring {
    Keyring::of([7; 32])
}

/// What `verify` names in a database of a test.
pub async fn wrong_in(db: &Db) -> Vec<String> {
    commands::findings(db, &keys(), None)
        .await
        .expect("verified")
        .wrong
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
        let outside = AppState::new(
            db,
            Arc::new(ManualClock::at(noon)),
            Ids::from_seed(5),
            settings,
            keys(),
        );
        crate::platform::audit::create_accounts_chain(&outside)
            .await
            .expect("founded");
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
        let running = AppState::new(
            stage.state.db().clone(),
            stage.clock.clone(),
            Ids::from_seed(6),
            outside.settings().clone(),
            keys(),
        );
        Self {
            router: app::service(&running),
            clock: stage.clock.clone(),
            state: running,
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
        let state = AppState::new(db, clock.clone(), Ids::from_seed(seed), settings(), keys());
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

    /// Lets the operator name somebody as the arbiter.
    pub async fn name_arbiter(&self, name: &str) {
        let email = format!("{name}@northwind.test");
        let (account, known) = crate::accounts::read::of_email(&self.state, &email)
            .await
            .expect("a query")
            .expect("an account");
        crate::members::write::name_arbiter_by_operator(&self.state, "northwind", (account, &known))
            .await
            .expect("named");
    }

    /// A member as the verbs know it, without a browser.
    pub async fn viewer(&self, name: &str) -> crate::identity::Viewer {
        let row: Option<(crate::platform::ids::AccountId, String)> = self
            .state
            .db()
            .fetch_optional(
                sql!(
                    "select a.id, w.slug from accounts a join members m on m.account_id = a.id
                     join workspaces w on w.id = m.workspace_id where a.email = $1"
                ),
                crate::args![format!("{name}@northwind.test")],
            )
            .await
            .expect("a query");
        let (account, slug) = row.expect("a member");
        crate::identity::Viewer::enter(&self.state, account, &slug, String::new())
            .await
            .expect("they are let in")
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

    /// What `verify` names.
    pub async fn wrong(&self) -> Vec<String> {
        wrong_in(self.state.db()).await
    }

    /// Nothing is broken, whatever the test did.
    pub async fn verify(&self) {
        assert_eq!(self.wrong().await, Vec::<String>::new());
    }
}
