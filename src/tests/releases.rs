//! What was released stays: its migrations do not change, and its databases are opened, verified and gone on
//! with. A release keeps its database with rows in every table, on both engines, in `migrations/fixtures`;
//! `scripts/keep-fixture` makes it from what the tests of the migrations leave in `target/fixture`.

use std::{
    collections::BTreeMap,
    io::Read as _,
    path::{Path, PathBuf},
    sync::Arc,
};

use flate2::read::GzDecoder;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, migrate::Migrator};

use super::{TODAY, TestApp, cluster, keys, scratch, settings, settings_with_mail, wrong_in};
use crate::{
    accounts::sign_in::DEMO_PASSWORD,
    app,
    commands::open::{Upgrade, open_state},
    platform::{
        audit::{Keyring, sha256},
        config::Storage,
        db::{Address, Db, Schema},
        ids::source::Ids,
        state::AppState,
        time::{ManualClock, Zone},
    },
};

/// Every release, and the number of its last migration.
const RELEASES: [(&str, i64); 1] = [("0.1.0", 14)];

/// The rows of every table by its name, each as JSON writes it.
pub type Rows = BTreeMap<String, serde_json::Value>;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Where the tests of the migrations leave what the next release may keep.
pub fn fixture(name: &str) -> PathBuf {
    let folder = root().join("target/fixture");
    std::fs::create_dir_all(&folder).expect("a folder");
    folder.join(name)
}

fn unpacked(release: &str, name: &str) -> Vec<u8> {
    let file = root().join("migrations/fixtures").join(release).join(name);
    let packed = std::fs::File::open(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let mut bytes = Vec::new();
    GzDecoder::new(packed).read_to_end(&mut bytes).expect("unpacked");
    bytes
}

#[test]
fn a_released_migration_never_changes() {
    let checksums = std::fs::read_to_string(root().join("migrations/released.sha256")).expect("the list");
    let mut listed = 0;
    for line in checksums.lines() {
        let (digest, name) = line.split_once("  ").expect("a digest and a name");
        let text = std::fs::read_to_string(root().join("migrations").join(name)).expect("a migration");
        assert_eq!(sha256(&text), digest, "{name}: what is new is a new file");
        listed += 1;
    }
    let (_, last) = RELEASES[RELEASES.len() - 1];
    assert_eq!(listed, 2 * last, "a line for each migration and engine");
}

/// Goes on from a released database: signs in and asks for a decision.
async fn go_on(address: Address) {
    let db = Db::open(&address).await.expect("migrated");
    assert_eq!(wrong_in(&db).await, Vec::<String>::new());
    let noon = Zone::utc().start_of(TODAY.plus(1)).plus_seconds(12 * 3600);
    let clock = Arc::new(ManualClock::at(noon));
    let state = AppState::new(
        db,
        clock.clone(),
        Ids::from_seed(11),
        settings_with_mail(),
        keys(),
    );
    let t = TestApp {
        router: app::service(&state),
        clock,
        address,
        slug: "northwind-retail".to_owned(),
        state,
    };
    let mut dana = t.anonymous();
    let sign_in = [("email", "cmo@demo.example"), ("password", DEMO_PASSWORD)];
    dana.cookie = dana.post("/sign-in", &sign_in).await.must_be(303).cookie();
    for page in [
        "",
        "definition",
        "initiatives",
        "decisions/1",
        "milestones",
        "kpis/1",
        "goals",
        "desk",
    ] {
        dana.page(page).await;
    }
    let page = dana.page("decisions/new").await;
    let (id, driver) = (page.value("id"), page.value("driver"));
    let asked = [
        ("id", id.as_str()),
        ("question", "Which consent tool comes next?"),
        ("context", "Two are in use."),
        ("driver", &driver),
        ("decide_by", "2026-12-20"),
    ];
    dana.takes("decisions/new", &asked).await;
    t.verify().await;
}

#[tokio::test]
async fn released_databases_are_gone_on_with_on_sqlite() {
    for (release, _) in RELEASES {
        let file = scratch(&format!("release-{release}")).join("handshake.db");
        std::fs::write(&file, unpacked(release, "sqlite.db.gz")).expect("written");
        go_on(Address::Sqlite(file)).await;
    }
}

/// As an operator meets it: only what serves or migrates touches the schema, and it keeps a copy first.
#[tokio::test]
async fn an_older_database_is_copied_before_it_is_migrated() {
    let data = scratch("older");
    let file = data.join("handshake.db");
    std::fs::write(&file, unpacked("0.1.0", "sqlite.db.gz")).expect("written");
    Keyring::create(&data.join("chain.key"), [7; 32]).expect("its key");
    let storage = Storage {
        database_url: None,
        data: data.clone(),
        key_file: None,
    };
    let Err(refused) = open_state(&storage, settings(), Upgrade::No).await else {
        panic!("opened an older schema");
    };
    let sentence = refused.to_string();
    assert!(sentence.contains("handshake migrate"), "{sentence}");
    let copies = || {
        let found = std::fs::read_dir(&data).expect("a folder");
        let names = found.map(|entry| entry.expect("an entry").path());
        names
            .filter(|path| path.to_string_lossy().contains(".before-migration-"))
            .collect::<Vec<_>>()
    };
    assert_eq!(copies(), Vec::<PathBuf>::new(), "nothing was touched");
    let state = open_state(&storage, settings(), Upgrade::Yes)
        .await
        .expect("migrated");
    assert_eq!(wrong_in(state.db()).await, Vec::<String>::new());
    let kept = copies();
    assert_eq!(kept.len(), 1);
    let (_, schema) = Db::open_as_it_is(&Address::Sqlite(kept[0].clone()))
        .await
        .expect("opened");
    assert!(matches!(schema, Schema::Older { have: 14, .. }), "as it was");
}

#[tokio::test]
async fn released_databases_are_gone_on_with_on_postgres() {
    let mut admin = PgConnection::connect(&format!("{}/postgres", cluster()))
        .await
        .expect("the cluster answers");
    for (release, last) in RELEASES {
        let name = format!("release_{}_{}", release.replace('.', "_"), std::process::id());
        sqlx::query(AssertSqlSafe(format!("create database {name}")))
            .execute(&mut admin)
            .await
            .expect("made");
        let url = format!("{}/{name}", cluster());
        let mut connection = PgConnection::connect(&url).await.expect("opened");
        let known = sqlx::migrate!("migrations/postgres");
        let of_release = known.iter().filter(|one| one.version <= last).cloned().collect();
        Migrator::with_migrations(of_release)
            .run(&mut connection)
            .await
            .expect("migrated");
        let rows: Rows = serde_json::from_slice(&unpacked(release, "postgres.json.gz")).expect("rows");
        load(&mut connection, &rows).await;
        connection.close().await.expect("closed");
        go_on(Address::Postgres(url)).await;
    }
}

/// Puts rows into their tables, whatever order their references ask for.
async fn load(connection: &mut PgConnection, rows: &Rows) {
    sqlx::query("set session_replication_role = replica")
        .execute(&mut *connection)
        .await
        .expect("set");
    for (table, rows) in rows {
        sqlx::query(AssertSqlSafe(format!(
            "insert into \"{table}\" select * from json_populate_recordset(null::\"{table}\", $1::json)"
        )))
        .bind(rows.to_string())
        .execute(&mut *connection)
        .await
        .unwrap_or_else(|error| panic!("{table}: {error}"));
    }
}

#[test]
fn the_changelog_names_every_release() {
    let changelog = std::fs::read_to_string(root().join("CHANGELOG.md")).expect("the changelog");
    for (release, _) in RELEASES {
        assert!(changelog.contains(&format!("\n## [{release}] - ")), "{release}");
    }
}
