//! The two engines agree, history cannot be rewritten, and what is broken is named.

use crate::{
    commands,
    platform::{
        db::{Address, Db, Engine, OpenError},
        ids::source::Ids,
        state::AppState,
    },
    sql, story,
};
use sqlx::migrate::Migrator;

use super::{TestApp, User, fresh_database, keys, scratch, settings, world::World, wrong_in};

#[tokio::test]
async fn both_schemas_are_the_same() {
    let (_, sqlite) = fresh_database(Engine::Sqlite).await;
    let (_, postgres) = fresh_database(Engine::Postgres).await;
    let columns = sqlite.columns().await.expect("columns");
    assert!(columns.len() > 150);
    assert_eq!(columns, postgres.columns().await.expect("columns"));
}

#[test]
fn both_engines_have_the_same_migrations() {
    let names = |migrator: &Migrator| {
        migrator
            .iter()
            .map(|m| (m.version, m.description.to_string()))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        names(&sqlx::migrate!("migrations/sqlite")),
        names(&sqlx::migrate!("migrations/postgres"))
    );
}

story!(a_newer_schema_is_refused_by_name, |t| {
    let insert = "insert into _sqlx_migrations (version, description, installed_on, success, checksum,
         execution_time) values (9999, 'later', current_timestamp, true, '\\x00', 0)";
    t.state.db().raw(insert).await.expect("a row");
    match Db::open(&t.address).await {
        Err(OpenError::Newer(9999)) => {}
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("a newer schema was opened"),
    }
});

story!(history_is_append_only, |t| {
    World::with(&t, "Something of ours").await;
    for intrusion in [
        "update audit_events set actor = 'nobody'",
        "delete from audit_events",
        "update handshakes set content = '{}' where sealed_at is null",
        "delete from handshakes",
        "update signatures set verdict = 'agree'",
        "delete from signatures",
        "update definition_versions set content = '{}'",
        "delete from definition_versions",
        "update slips set reason = 'none'",
        "delete from slips",
        "update proposals set rationale = 'none'",
        "update evidence_files set name = 'other.txt'",
        "delete from evidence_files",
        "update access_requests set kind = case kind when 'data' then 'technology' else 'data' end",
        "update access_requests set needed_on = '2026-12-11'",
        "delete from access_requests",
        "update access_terms set fields = 'All.'",
        "delete from access_terms",
        "update access_doors set opened_at = 1",
        "delete from access_doors",
        "insert into handshakes (id, workspace_id, kind, subject_id, path, label, content, digest, seats,
         opened_at) select id, workspace_id, kind, subject_id, path, label, content, digest, seats, opened_at
         from handshakes",
        "update members set role = 'lead' where side = 'marketing'",
    ] {
        assert!(t.state.db().raw(intrusion).await.is_err(), "{intrusion}");
    }
    t.verify().await;
});

story!(one_changed_byte_in_an_audit_row_is_named, |t| {
    World::with(&t, "Something of ours").await;
    t.verify().await;
    let lift = match t.state.db().engine() {
        Engine::Sqlite => "drop trigger audit_events_no_update",
        Engine::Postgres => "drop trigger audit_events_no_update on audit_events",
    };
    t.state
        .db()
        .raw(lift)
        .await
        .expect("an intruder with the database's own rights");
    t.state
        .db()
        .raw(
            "update audit_events set detail = detail || '.' where seq = 7 and chain_id = (select id from
             workspaces where slug = 'northwind')",
        )
        .await
        .expect("changed");
    let wrong = wrong_in(t.state.db()).await;
    assert_eq!(wrong.len(), 2, "{wrong:?}");
    assert!(
        wrong[0].contains("audit_events_no_update is missing"),
        "{wrong:?}"
    );
    assert!(wrong[1].ends_with("row 7 was changed"), "{wrong:?}");
});

story!(a_cut_tail_is_noticed, |t| {
    World::with(&t, "Something of ours").await;
    let lift = match t.state.db().engine() {
        Engine::Sqlite => "drop trigger audit_events_no_delete",
        Engine::Postgres => "drop trigger audit_events_no_delete on audit_events",
    };
    t.state.db().raw(lift).await.expect("an intruder");
    let cut = "delete from audit_events where chain_id = (select id from workspaces where slug = 'northwind')
         and seq > (select seq - 2 from chains where id = (select id from workspaces where slug =
         'northwind'))";
    t.state.db().raw(cut).await.expect("cut");
    let wrong = t.wrong().await;
    assert!(
        wrong[0].contains("audit_events_no_delete is missing"),
        "{wrong:?}"
    );
    assert!(
        wrong.iter().any(|line| line.contains("it ends at row")),
        "{wrong:?}"
    );
});

story!(migrating_again_leaves_data_alone, |t| {
    World::with(&t, "Something of ours").await;
    let before = t.count(sql!("select count(*) from audit_events")).await;
    let again = Db::open(&t.address).await.expect("opened again");
    again.close().await;
    assert_eq!(t.count(sql!("select count(*) from audit_events")).await, before);
    t.verify().await;
});

#[tokio::test]
async fn a_backup_is_the_whole_database_and_comes_back() {
    let t = TestApp::on(Engine::Sqlite).await;
    World::with(&t, "Something of ours").await;
    let copy = scratch("backup").join("copy.db");
    let _ = std::fs::remove_file(&copy);
    t.state.db().copy_sqlite_to(&copy).await.expect("copied");
    let restored = Db::open(&Address::Sqlite(copy)).await.expect("opened");
    assert_eq!(wrong_in(&restored).await, Vec::<String>::new());
    let count = async |db: &Db| {
        db.fetch_optional::<(i64,)>(sql!("select count(*) from audit_events"), Vec::new())
            .await
            .expect("a query")
            .expect("a row")
            .0
    };
    assert_eq!(count(&restored).await, count(t.state.db()).await);
}

story!(verify_names_a_row_that_is_not_what_was_signed, |t| {
    let engine = t.state.db().engine();
    let (_, db) = fresh_database(engine).await;
    let state = AppState::new(db, t.clock.clone(), Ids::from_seed(1), settings(), keys());
    crate::platform::audit::create_accounts_chain(&state)
        .await
        .expect("a chain");
    crate::demo::fill_if_empty(&state)
        .await
        .expect("the demo company");
    // A second workspace, whose signed decisions were scored on weighted criteria.
    let size = crate::demo::seed::Size {
        workspace: "scored".to_owned(),
        initiatives: 1,
        people: 7,
        milestones: 1,
        checkpoints: 1,
        kpis: 1,
        periods: 1,
        decisions: 4,
        options: 2,
        criteria: 2,
        revisions: 1,
        touchpoints: 2,
        sources: 1,
        seed: 1,
    };
    crate::demo::seed::seed(&state, &size)
        .await
        .expect("a seeded workspace");
    let db = state.db();
    assert_eq!(wrong_in(db).await, Vec::<String>::new());
    for (trigger, table) in [
        ("definition_versions_are_fixed", "definition_versions"),
        ("kpi_values_are_fixed", "kpi_values"),
        ("proposals_no_update", "proposals"),
        ("judgements_no_update", "judgements"),
        ("baselines_are_fixed", "baselines"),
        ("access_requests_are_fixed", "access_requests"),
        ("access_terms_are_fixed", "access_terms"),
    ] {
        let lift = match engine {
            Engine::Sqlite => format!("drop trigger {trigger}"),
            Engine::Postgres => format!("drop trigger {trigger} on {table}"),
        };
        db.raw(lift.leak())
            .await
            .expect("an intruder with the database's own rights");
    }
    let signed = "(select min(number) from decisions where signed_at is not null)";
    let of_signed = "(select id from decisions where signed_at is not null)";
    let sealed = |kind: &str| {
        format!(
            "(select subject_id from handshakes where kind = '{kind}' and sealed_at is not null
              and closed_at is null order by sealed_at, id limit 1)"
        )
    };
    let intrusions = [
        (
            format!("update decisions set context = context || '.' where number = {signed}"),
            "signed: question",
        ),
        (
            format!("update decision_options set drawbacks = 'None.' where decision_id in {of_signed}"),
            "signed: options",
        ),
        (
            format!("update proposals set rationale = 'Because.' where decision_id in {of_signed}"),
            "signed: proposal",
        ),
        (
            format!("update criteria set title = title || '.' where decision_id in {of_signed}"),
            "signed: criteria",
        ),
        (
            "update conditions set body = 'None.' where checkpoint_id is not null".to_owned(),
            "signed: conditions",
        ),
        (
            "update judgements set score = case when score = 1 then 2 else 1 end where score is not null"
                .to_owned(),
            "signed: scores",
        ),
        (
            "update definition_versions set content = content || ' ' where in_force_at is not null and
             superseded_at is null"
                .to_owned(),
            "definition, version",
        ),
        (
            "update decisions set signed_at = 1 where signed_at is null".to_owned(),
            "says it is signed, and nobody signed it",
        ),
        (
            "update milestones set accepted_at = 1 where accepted_at is null".to_owned(),
            "says it is accepted, and nobody accepted it",
        ),
        (
            format!(
                "update kpi_values set value = value + 1 where id = {}",
                sealed("kpi")
            ),
            "is not the one that was attested",
        ),
        (
            format!(
                "update milestones set outcome = 'Less.' where id = {}",
                sealed("milestone")
            ),
            "both owners accepted",
        ),
        (
            format!(
                "update baselines set content = '[]' where id = {}",
                sealed("baseline")
            ),
            "both leads fixed",
        ),
        (
            format!(
                "update access_requests set purpose = 'More.' where id = {}",
                sealed("access")
            ),
            "both sides approved",
        ),
        (
            "update access_terms set fields = 'All.'".to_owned(),
            "both sides approved",
        ),
    ];
    for (intrusion, words) in intrusions {
        let before = wrong_in(db).await;
        db.raw(intrusion.clone().leak())
            .await
            .unwrap_or_else(|error| panic!("{intrusion}: {error}"));
        let after = wrong_in(db).await;
        let named = after
            .iter()
            .filter(|line| !before.contains(line))
            .any(|line| line.contains(words.trim_start_matches("signed: ")));
        assert!(named, "{intrusion}: {after:?}");
    }
});

#[tokio::test]
async fn a_backup_is_restored_only_where_nobody_serves_and_only_if_it_is_one() {
    let t = TestApp::on(Engine::Sqlite).await;
    t.sign_in("dana").await;
    let folder = scratch("restore");
    let (backup, target) = (folder.join("backup.db"), folder.join("live.db"));
    t.state.db().copy_sqlite_to(&backup).await.expect("copied");
    assert_eq!(mode(&backup), 0o600, "a backup is its owner's alone");

    // A server works with it: what it writes would be lost.
    let served = commands::say_serving(&target).expect("served");
    let refused = commands::restore_into(&target, &backup, keys(), false)
        .await
        .expect_err("refused");
    assert!(
        refused.to_string().starts_with("A server works with"),
        "{refused}"
    );
    drop(served);

    // Anything else than a backup leaves everything as it is.
    let foreign = folder.join("foreign.db");
    for content in ["SQLite format 3\0 and nothing of ours", "a letter"] {
        std::fs::write(&foreign, content).expect("written");
        let refused = commands::restore_into(&target, &foreign, keys(), false)
            .await
            .expect_err("refused");
        assert!(
            refused.to_string().contains("is not a backup of Handshake"),
            "{refused}"
        );
        assert!(!target.exists(), "nothing is half restored");
    }

    // With the anchor of a later state beside it, it is an older one than it is said to be.
    let (earlier, later) = (folder.join("earlier.db"), folder.join("later.db"));
    commands::back_up(t.state.db(), &keys(), &earlier)
        .await
        .expect("backed up");
    super::numbers::kpi(&t, "Churn", "%", "decrease").await;
    commands::back_up(t.state.db(), &keys(), &later)
        .await
        .expect("backed up");
    std::fs::copy(folder.join("later.db.anchor"), folder.join("earlier.db.anchor")).expect("swapped");
    let refused = commands::restore_into(&target, &earlier, keys(), false)
        .await
        .expect_err("refused");
    assert!(refused.to_string().contains("of the anchor"), "{refused}");
    assert!(!target.exists());

    // A damaged database is why one restores; it is kept.
    std::fs::write(&target, "damaged").expect("written");
    let open = std::os::unix::fs::PermissionsExt::from_mode(0o644);
    std::fs::set_permissions(&backup, open).expect("a backup that somebody copied");
    commands::restore_into(&target, &backup, keys(), false)
        .await
        .expect("restored");
    assert_eq!(mode(&target), 0o600);
    let kept = std::fs::read_dir(&folder)
        .expect("read")
        .filter_map(Result::ok)
        .any(|file| file.file_name().to_string_lossy().contains("before-restore"));
    assert!(kept, "the damaged one is beside it");
    let restored = Db::open(&Address::Sqlite(target)).await.expect("opened");
    let open: Vec<(i64,)> = restored
        .fetch_all(
            sql!("select (select count(*) from sessions) + (select count(*) from tokens)"),
            Vec::new(),
        )
        .await
        .expect("read");
    assert_eq!(open, [(0,)], "whoever was signed in then is not now");
    assert!(wrong_in(&restored).await.is_empty());
}

story!(what_a_restored_database_brings_back_is_ended, |t| {
    let dana = t.sign_in("dana").await;
    let invited = [
        ("email", "new@northwind.test"),
        ("side", "marketing"),
        ("role", "contributor"),
    ];
    dana.post("members/invite", &invited).await.must_be(200);
    dana.page("members").await.must_say("new@northwind.test");
    commands::end_what_was_open(&t.state).await.expect("ended");
    dana.get("desk").await.must_be(303);
    let dana = t.sign_in("dana").await;
    dana.page("members").await.must_not_say("new@northwind.test");
    t.verify().await;
});

#[tokio::test]
async fn a_full_disk_refuses_what_it_cannot_keep_and_nothing_after_it_has_room_again() {
    let t = TestApp::on(Engine::Sqlite).await;
    let dana = t.sign_in("dana").await;
    let id = super::definition::write_clause(&t, "dana").await;
    let say = async |number: u32| {
        let body = format!("{number} {}", "words ".repeat(600));
        let comment = [("body", body.as_str())];
        dana.post(&format!("definition/clauses/{id}/comments"), &comment)
            .await
            .status
            .as_u16()
    };
    t.state.db().fill_disk().await;
    let mut status = 303;
    for number in 0..200 {
        status = say(number).await;
        if status != 303 {
            break;
        }
    }
    assert_eq!(status, 503, "the disk is full");
    // The connection of which the engine ended a transaction is opened anew, and has room.
    for number in 1000..1003 {
        assert_eq!(say(number).await, 303, "there is room again");
    }
    t.verify().await;
}

fn mode(file: &std::path::Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(file).expect("a file").permissions().mode() & 0o777
}

story!(what_cannot_be_written_keeps_no_page_from_being_read, |t| {
    let dana = t.sign_in("dana").await;
    let (db, lift) = match &t.address {
        Address::Sqlite(_) => {
            let db = t.state.db().clone();
            db.raw("pragma query_only = on").await.expect("set");
            (db, "pragma query_only = off")
        }
        Address::Postgres(_) => {
            t.state
                .db()
                .raw(
                    "do $$ begin execute format('alter database %I set default_transaction_read_only = on',
                     current_database()); end $$",
                )
                .await
                .expect("set");
            let (db, _) = Db::open_as_it_is(&t.address).await.expect("opened");
            (db, "set default_transaction_read_only = off")
        }
    };
    let state = AppState::new(db, t.clock.clone(), Ids::from_seed(4), settings(), keys());
    let dana = User {
        router: crate::app::service(&state),
        ..dana
    };
    // Long enough for the session's last use to be due.
    t.clock.set(t.now().plus_seconds(120));
    dana.get("desk").await.must_be(200);
    dana.get("/readyz").await.must_be(503);
    dana.post(
        "members/invite",
        &[
            ("email", "a@northwind.test"),
            ("side", "marketing"),
            ("role", "contributor"),
        ],
    )
    .await
    .must_be(503);
    if t.state.db().engine() == Engine::Sqlite {
        state.db().raw(lift).await.expect("set");
        dana.post(
            "members/invite",
            &[
                ("email", "a@northwind.test"),
                ("side", "marketing"),
                ("role", "contributor"),
            ],
        )
        .await
        .must_be(200);
    }
});
