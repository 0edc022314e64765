//! Every migration runs on rows. Today's rows are put into each earlier schema, as far as it has their tables
//! and columns, and the migrations since are run on them.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use axum::http::Method;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection, migrate::Migrator};

use super::{
    TODAY, TestApp, User, cluster, fresh_database, keys,
    releases::{Rows, fixture},
    scratch, settings_with_mail,
};
use crate::{
    accounts::sign_in::DEMO_PASSWORD,
    app,
    platform::{
        db::{Address, Engine},
        ids::{MilestoneId, source::Ids},
        state::AppState,
        time::{ManualClock, Zone},
    },
    sql,
};

/// Tables of a database with their columns, and how many rows each has.
type Tables = BTreeMap<String, (BTreeSet<String>, i64)>;

/// The demo company, and what nobody there happens to have done.
pub async fn filled(engine: Engine) -> TestApp {
    let (address, db) = fresh_database(engine).await;
    let noon = Zone::utc().start_of(TODAY).plus_seconds(12 * 3600);
    let clock = Arc::new(ManualClock::at(noon));
    let state = AppState::new(db, clock.clone(), Ids::from_seed(7), settings_with_mail(), keys());
    crate::platform::audit::create_accounts_chain(&state)
        .await
        .expect("a chain");
    crate::demo::fill_if_empty(&state)
        .await
        .expect("the demo company");
    let t = TestApp {
        router: app::service(&state),
        clock,
        address,
        slug: "northwind-retail".to_owned(),
        state,
    };
    let sign_in = async |user: &User, password: &str| {
        let fields = [("email", "cmo@demo.example"), ("password", password)];
        user.post("/sign-in", &fields).await
    };
    let mut dana = t.anonymous();
    sign_in(&dana, "not the password").await.must_be(422);
    dana.cookie = sign_in(&dana, DEMO_PASSWORD).await.must_be(303).cookie();

    t.anonymous()
        .post("/forgot-password", &[("email", "cio@demo.example")])
        .await;
    super::letters::choose(&dana, "week", "friday").await;
    let calendar = dana.post("/account/calendar", &[]).await;
    t.anonymous()
        .get(&super::letters::address_of(&calendar))
        .await
        .must_be(200);
    let invited = [
        ("email", "new@demo.example"),
        ("side", "marketing"),
        ("role", "contributor"),
    ];
    dana.post("members/invite", &invited).await.must_be(200);
    let page = dana.page("decisions/new").await;
    let (id, driver) = (page.value("id"), page.value("driver"));
    let asked = [
        ("id", id.as_str()),
        ("question", "Which survey tool?"),
        ("context", "Three are in use."),
        ("driver", &driver),
        ("decide_by", "2026-12-20"),
        ("links", "Comparison https://example.com/x"),
    ];
    let decision = dana.takes("decisions/new", &asked).await;
    let (milestone, number): (MilestoneId, i64) = t
        .state
        .db()
        .fetch_optional(
            sql!(
                "select m.id, m.number from milestones m join initiatives i on i.id = m.initiative_id
                 where i.phase = 'active' and m.accepted_at is null and m.archived_at is null
                 order by m.number limit 1"
            ),
            Vec::new(),
        )
        .await
        .expect("a query")
        .expect("an open milestone");
    dana.takes(
        &format!("{decision}/waits"),
        &[("milestone", &milestone.to_string())],
    )
    .await;
    let paste = format!("milestones/{number}/checkpoints/paste");
    let id = dana.page(&paste).await.value("id");
    let pasted = [
        ("id", id.as_str()),
        ("lines", "Survey sent"),
        ("owner", &driver),
        ("due_on", "2026-12-04"),
        ("step", "add"),
    ];
    dana.takes(&paste, &pasted).await;
    dana.upload(
        "kpis/import",
        "values.csv",
        b"KPI,Period,Value\nNo such KPI,2026-10,1\n",
    )
    .await;
    dana.takes("sources/stages", &[("version", "0"), ("get_help", "Ask us")])
        .await;
    // What is delivered after a review was frozen, and before it began, is noted beside it.
    dana.takes("reviews/4/freeze", &[]).await;
    let page = dana
        .post("kpis/1/feeds", &[("name", "Nightly"), ("days", "30")])
        .await;
    let authorization = format!("Bearer {}", page.feed_secret());
    let headers = [
        ("authorization", authorization.as_str()),
        ("accept", "application/json"),
        ("idempotency-key", "k1"),
    ];
    let delivered = "period=2026-10&value=7&because=Late%20events".to_owned();
    t.anonymous()
        .send(Method::POST, "/api/kpi-values", &headers, delivered)
        .await
        .must_be(200);
    dana.takes("reviews/4/start", &[]).await;
    dana.takes("reviews/4/take-back", &[]).await;
    // What was recorded by mistake is left out of the minutes.
    let review = super::reviews::running(&dana, "2026-12-10").await;
    super::reviews::resolve(&dana, &review, 1, "Said twice.").await;
    super::reviews::ended(&dana, &review).await;
    let minutes = format!("{review}/minutes/edit");
    let form = dana.page(&minutes).await;
    let (version, body, twice) = (form.value("version"), form.value("body"), form.value("omit"));
    let body = body.replace("Said twice.", "");
    let without = [("version", version.as_str()), ("body", &body), ("omit", &twice)];
    dana.takes(&minutes, &without).await;
    // The morning after, everybody gets a letter.
    t.clock
        .set(Zone::utc().start_of(TODAY.plus(1)).plus_seconds(8 * 3600));
    crate::desk::gather::remind_everywhere(&t.state)
        .await
        .expect("reminded");
    crate::letters::deliver::deliver_everywhere(&t.state)
        .await
        .expect("delivered");
    t
}

/// Which tables have no row, though somebody should have put one there.
fn unfilled(tables: &Tables) -> Vec<&str> {
    tables
        .iter()
        .filter(|(_, (_, rows))| *rows == 0)
        .map(|(table, _)| table.as_str())
        .collect()
}

/// The columns that both have.
fn shared(old: &BTreeSet<String>, new: &BTreeSet<String>) -> String {
    old.intersection(new)
        .map(|column| format!("\"{column}\""))
        .collect::<Vec<_>>()
        .join(", ")
}

mod on_sqlite {
    use super::*;

    async fn tables(connection: &mut SqliteConnection, schema: &str) -> Tables {
        let names: Vec<(String,)> = sqlx::query_as(AssertSqlSafe(format!(
            "select name from {schema}.sqlite_master where type = 'table' and name not like 'sqlite_%'
             and name not like '_sqlx%'"
        )))
        .fetch_all(&mut *connection)
        .await
        .expect("tables");
        let mut tables = Tables::new();
        for (table,) in names {
            let columns: Vec<(String,)> = sqlx::query_as("select name from pragma_table_info(?1, ?2)")
                .bind(&table)
                .bind(schema)
                .fetch_all(&mut *connection)
                .await
                .expect("columns");
            let (rows,): (i64,) = sqlx::query_as(AssertSqlSafe(format!(
                "select count(*) from {schema}.\"{table}\""
            )))
            .fetch_one(&mut *connection)
            .await
            .expect("counted");
            tables.insert(table, (columns.into_iter().map(|(name,)| name).collect(), rows));
        }
        tables
    }

    #[tokio::test]
    async fn migrations_run_on_rows_of_every_table() {
        let t = filled(Engine::Sqlite).await;
        let folder = scratch("migrations");
        let today = folder.join("today.db");
        t.state.db().copy_sqlite_to(&today).await.expect("copied");
        std::fs::copy(&today, fixture("sqlite.db")).expect("kept");
        let migrator: Migrator = sqlx::migrate!("migrations/sqlite");
        let last = migrator.iter().count();
        for reached in 1..last {
            let options = sqlx::sqlite::SqliteConnectOptions::new()
                .filename(folder.join(format!("from-{reached}.db")))
                .create_if_missing(true)
                .foreign_keys(false);
            let mut connection = SqliteConnection::connect_with(&options).await.expect("opened");
            let run = async |connection: &mut SqliteConnection, sql: String| {
                sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await
            };
            for migration in migrator.iter().take(reached) {
                run(&mut connection, migration.sql.as_str().to_owned())
                    .await
                    .expect("migrated");
            }
            run(
                &mut connection,
                format!("attach database '{}' as today", today.display()),
            )
            .await
            .expect("attached");
            let (old, new) = (
                tables(&mut connection, "main").await,
                tables(&mut connection, "today").await,
            );
            assert_eq!(unfilled(&new), Vec::<&str>::new(), "tables without a row");
            // A trigger may ask for a row of another table: what is refused is tried again after the others.
            let mut waiting: Vec<&String> = old.keys().filter(|table| new.contains_key(*table)).collect();
            let mut refusals = Vec::new();
            while !waiting.is_empty() {
                let (before, mut again) = (waiting.len(), Vec::new());
                refusals.clear();
                for table in waiting {
                    let columns = shared(&old[table].0, &new[table].0);
                    let copy = format!(
                        "insert into main.\"{table}\" ({columns}) select {columns} from today.\"{table}\""
                    );
                    if let Err(error) = run(&mut connection, copy).await {
                        refusals.push(format!("{table}: {error}"));
                        again.push(table);
                    }
                }
                assert!(again.len() < before, "schema {reached}: {refusals:?}");
                waiting = again;
            }
            run(&mut connection, "detach database today".to_owned())
                .await
                .expect("detached");
            run(&mut connection, "pragma foreign_keys = on".to_owned())
                .await
                .expect("set");
            for migration in migrator.iter().skip(reached) {
                run(&mut connection, migration.sql.as_str().to_owned())
                    .await
                    .unwrap_or_else(|error| panic!("from {reached}: {}: {error}", migration.description));
            }
            let after = tables(&mut connection, "main").await;
            for table in old.keys().filter(|table| new.contains_key(*table)) {
                assert_eq!(after[table].1, new[table].1, "from {reached}: rows of {table}");
            }
            let broken: Vec<(String,)> = sqlx::query_as("select \"table\" from pragma_foreign_key_check")
                .fetch_all(&mut connection)
                .await
                .expect("checked");
            assert_eq!(broken, Vec::new(), "from {reached}: rows that name none");
        }
    }
}

mod on_postgres {
    use super::*;

    async fn tables(connection: &mut PgConnection) -> Tables {
        let columns: Vec<(String, String)> = sqlx::query_as(
            "select c.table_name::text, c.column_name::text from information_schema.columns c
             join information_schema.tables t on t.table_name = c.table_name and t.table_schema =
             c.table_schema
             where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.table_name not like
             '\\_sqlx%'",
        )
        .fetch_all(&mut *connection)
        .await
        .expect("columns");
        let mut tables = Tables::new();
        for (table, column) in columns {
            tables.entry(table).or_default().0.insert(column);
        }
        for (table, (_, rows)) in &mut tables {
            (*rows,) = sqlx::query_as(AssertSqlSafe(format!("select count(*) from \"{table}\"")))
                .fetch_one(&mut *connection)
                .await
                .expect("counted");
        }
        tables
    }

    async fn connect(name: &str) -> PgConnection {
        PgConnection::connect(&format!("{}/{name}", cluster()))
            .await
            .expect("the cluster answers")
    }

    #[tokio::test]
    async fn migrations_run_on_rows_of_every_table() {
        let t = filled(Engine::Postgres).await;
        let Address::Postgres(address) = &t.address else {
            panic!("asked for PostgreSQL")
        };
        let mut source = PgConnection::connect(address).await.expect("opened");
        let new = tables(&mut source).await;
        assert_eq!(unfilled(&new), Vec::<&str>::new(), "tables without a row");
        let mut rows = Rows::new();
        for table in new.keys() {
            let (found,): (String,) = sqlx::query_as(AssertSqlSafe(format!(
                "select json_agg(x)::text from \"{table}\" x"
            )))
            .fetch_one(&mut source)
            .await
            .expect("read");
            rows.insert(table.clone(), serde_json::from_str(&found).expect("rows"));
        }
        let kept = serde_json::to_vec(&rows).expect("written");
        std::fs::write(fixture("postgres.json"), kept).expect("kept");
        let mut admin = connect("postgres").await;
        let migrator: Migrator = sqlx::migrate!("migrations/postgres");
        let last = migrator.iter().count();
        for reached in 1..last {
            let name = format!("migrated_{}_{reached}", std::process::id());
            sqlx::query(AssertSqlSafe(format!("create database {name}")))
                .execute(&mut admin)
                .await
                .expect("made");
            let mut connection = connect(&name).await;
            for migration in migrator.iter().take(reached) {
                sqlx::raw_sql(migration.sql.clone())
                    .execute(&mut connection)
                    .await
                    .expect("migrated");
            }
            let old = tables(&mut connection).await;
            sqlx::query("set session_replication_role = replica")
                .execute(&mut connection)
                .await
                .expect("set");
            for table in old.keys().filter(|table| new.contains_key(*table)) {
                let columns = shared(&old[table].0, &new[table].0);
                sqlx::query(AssertSqlSafe(format!(
                    "insert into \"{table}\" ({columns}) select {columns}
                     from json_populate_recordset(null::\"{table}\", $1::json)"
                )))
                .bind(rows[table].to_string())
                .execute(&mut connection)
                .await
                .unwrap_or_else(|error| panic!("schema {reached}: {table}: {error}"));
            }
            sqlx::query("set session_replication_role = origin")
                .execute(&mut connection)
                .await
                .expect("set");
            for migration in migrator.iter().skip(reached) {
                sqlx::raw_sql(migration.sql.clone())
                    .execute(&mut connection)
                    .await
                    .unwrap_or_else(|error| panic!("from {reached}: {}: {error}", migration.description));
            }
            let after = tables(&mut connection).await;
            for table in old.keys().filter(|table| new.contains_key(*table)) {
                assert_eq!(after[table].1, new[table].1, "from {reached}: rows of {table}");
            }
        }
    }
}
