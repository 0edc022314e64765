//! The audit chain's key, its anchors, and reading it beside writers.

use crate::{
    commands,
    platform::{
        audit::{Actor, Anchor, AuditedTransaction, Event, Keyring, record_rotation, take_anchor},
        db::{Address, Db, Engine, OpenError},
        ids::source::Ids,
        state::AppState,
    },
    story,
};

use super::{TestApp, keys, scratch, settings, world::World};

/// The same database as seen by a server that has other keys.
fn with_keys(t: &TestApp, keys: Keyring) -> AppState {
    AppState::new(
        t.state.db().clone(),
        t.clock.clone(),
        Ids::from_seed(9),
        settings(),
        keys,
    )
}

async fn wrong(state: &AppState, anchor: Option<&Anchor>) -> Vec<String> {
    commands::findings(state.db(), state.audit_keys(), anchor)
        .await
        .expect("read")
        .wrong
}

async fn anchor_of(t: &TestApp) -> Anchor {
    let snapshot = t.state.db().snapshot().await.expect("a snapshot");
    take_anchor(&snapshot, &keys(), t.state.now())
        .await
        .expect("taken")
}

story!(without_its_key_no_link_holds, |t| {
    World::with(&t, "Something of ours").await;
    let stranger = with_keys(&t, Keyring::of([8; 32]));
    let named = wrong(&stranger, None).await;
    assert!(
        named
            .iter()
            .all(|line| line.contains("cannot be checked: their key")),
        "{named:?}"
    );
    // Whoever writes with a key of their own is named by whoever has the right one.
    let chain = crate::platform::audit::ACCOUNTS_CHAIN;
    AuditedTransaction::open(&stranger, chain, Actor::system("Somebody"))
        .await
        .expect("opened")
        .commit(Event::new("did", "account", None, "something"))
        .await
        .expect("written");
    let named = t.wrong().await;
    assert_eq!(named.len(), 1, "{named:?}");
    assert!(named[0].contains("their key"), "{named:?}");
});

story!(a_chain_that_does_not_reach_its_anchor_is_named, |t| {
    World::with(&t, "Something of ours").await;
    let first = anchor_of(&t).await;
    super::definition::write_clause(&t, "dana").await;
    let second = anchor_of(&t).await;
    assert_eq!(wrong(&t.state, Some(&first)).await, Vec::<String>::new());
    assert_eq!(wrong(&t.state, Some(&second)).await, Vec::<String>::new());

    // The same chain, one link shorter: an older state of the database, whole in itself.
    let mut further = second.clone();
    for end in further.chains.values_mut() {
        end.seq += 1;
    }
    let named = wrong(&t.state, Some(&further)).await;
    assert!(
        named[0].contains("anchor: it was not made with the keys"),
        "{named:?}"
    );
    assert!(named[1].contains("of the anchor"), "{named:?}");

    let mut other = second;
    for end in other.chains.values_mut() {
        end.head = "0".repeat(64);
    }
    let named = wrong(&t.state, Some(&other)).await;
    assert!(
        named
            .iter()
            .any(|line| line.contains("is not the one that the anchor names")),
        "{named:?}"
    );
});

#[tokio::test]
async fn a_backup_brings_its_anchor_and_an_older_one_does_not_reach_a_newer_anchor() {
    let t = TestApp::on(Engine::Sqlite).await;
    World::with(&t, "Something of ours").await;
    let folder = scratch("anchors");
    let (older, newer) = (folder.join("older.db"), folder.join("newer.db"));
    commands::back_up(t.state.db(), &keys(), &older)
        .await
        .expect("written");
    super::definition::write_clause(&t, "dana").await;
    let anchor = commands::back_up(t.state.db(), &keys(), &newer)
        .await
        .expect("written");
    let anchor = Anchor::read(&anchor).expect("an anchor");
    let refused = commands::back_up(t.state.db(), &keys(), &newer)
        .await
        .expect_err("refused");
    assert!(refused.to_string().contains("exists already"), "{refused}");

    let older = Db::open(&Address::Sqlite(older)).await.expect("opened");
    assert_eq!(super::wrong_in(&older).await, Vec::<String>::new());
    let named = commands::findings(&older, &keys(), Some(&anchor))
        .await
        .expect("read")
        .wrong;
    assert!(
        !named.is_empty() && named.iter().all(|line| line.contains("of the anchor")),
        "{named:?}"
    );
}

story!(after_a_new_key_the_old_one_makes_no_link, |t| {
    World::with(&t, "Something of ours").await;
    let folder = scratch(&format!("keys-{:?}", t.state.db().engine()));
    let file = folder.join("chain.key");
    let _ = std::fs::remove_file(&file);
    Keyring::create(&file, [7; 32]).expect("made");
    assert_eq!(
        Keyring::create(&file, [9; 32]).expect("there").current(),
        keys().current(),
        "a key that is there is kept"
    );
    Keyring::rotate(&file, [9; 32]).expect("rotated");
    let both = with_keys(&t, Keyring::read(&file).expect("read").expect("there"));
    assert_ne!(both.audit_keys().current(), keys().current());
    record_rotation(&both).await.expect("recorded");
    assert_eq!(wrong(&both, None).await, Vec::<String>::new());
    // A server that was not started anew goes on with the old key.
    super::definition::write_clause(&t, "dana").await;
    let named = wrong(&both, None).await;
    assert!(
        !named.is_empty()
            && named
                .iter()
                .all(|line| line.contains("a key that had been replaced")),
        "{named:?}"
    );
});

story!(what_is_verified_is_one_moment_however_many_write, |t| {
    World::with(&t, "Something of ours").await;
    let writing = async {
        for _ in 0..12 {
            super::definition::write_clause(&t, "dana").await;
        }
    };
    let verifying = async {
        for _ in 0..12 {
            t.verify().await;
        }
    };
    tokio::join!(writing, verifying);
});

story!(a_database_of_another_version_is_left_alone_with_a_sentence, |t| {
    t.state
        .db()
        .raw("delete from _sqlx_migrations where version = (select max(version) from _sqlx_migrations)")
        .await
        .expect("an older one");
    let older = Db::open_current(&t.address).await.err().expect("refused");
    assert!(
        matches!(older, OpenError::Older { .. } | OpenError::Empty),
        "{older}"
    );
    t.state
        .db()
        .raw("update _sqlx_migrations set checksum = checksum || checksum")
        .await
        .unwrap_or_default();
    t.state
        .db()
        .raw(
            "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
              select 999, 'later', true, '', 1",
        )
        .await
        .unwrap_or_default();
    let newer = Db::open_current(&t.address).await.err().expect("refused");
    assert!(
        matches!(newer, OpenError::Newer(_) | OpenError::Changed(_)),
        "{newer}"
    );
});

#[tokio::test]
async fn a_trigger_that_would_act_while_it_migrates_is_named_under_whatever_name() {
    let t = TestApp::on(Engine::Sqlite).await;
    // The engine takes its own names, too, from whoever may write its schema.
    t.state
        .db()
        .raw("pragma writable_schema = on")
        .await
        .expect("an intruder");
    for (trigger, table) in [
        ("x", "_sqlx_migrations"),
        ("sqlite2keep", "sessions"),
        ("sqlite_keep", "signatures"),
    ] {
        let plant =
            format!("create trigger {trigger} before insert on {table} begin select raise(ignore); end");
        t.state.db().raw(plant.leak()).await.expect("an intruder");
        let wrong = t.wrong().await;
        assert!(
            wrong
                .iter()
                .any(|line| line.contains(&format!("the trigger {trigger} was added"))),
            "{wrong:?}"
        );
    }
}

story!(
    what_stands_before_the_first_link_and_what_cannot_be_read_is_named,
    |t| {
        World::with(&t, "Something of ours").await;
        let lift = match t.state.db().engine() {
            Engine::Sqlite => "pragma ignore_check_constraints = on",
            Engine::Postgres => "alter table audit_events drop constraint audit_events_seq",
        };
        t.state.db().raw(lift).await.expect("an intruder");
        let invent =
            "insert into audit_events (chain_id, seq, at, actor, verb, kind, path, label, detail, request_id,
         previous, hash) select chain_id, -1, at, 'Kofi', 'ruled on', kind, '', 'All of it', '', '', '', ''
         from audit_events where seq = 5";
        t.state.db().raw(invent).await.expect("an intruder");
        let wrong = t.wrong().await;
        assert!(
            wrong
                .iter()
                .any(|line| line.ends_with("row -1 stands before the first")),
            "{wrong:?}"
        );
        if t.state.db().engine() == Engine::Sqlite {
            let spoil = "update decisions set question = cast(x'ff' as text)";
            t.state.db().raw(spoil).await.expect("an intruder");
            let wrong = t.wrong().await;
            for named in [
                "decisions: a row cannot be read",
                "row -1 stands before the first",
            ] {
                assert!(
                    wrong.iter().any(|line| line.ends_with(named)),
                    "{named}: {wrong:?}"
                );
            }
        }
    }
);

story!(a_migration_that_is_missing_in_the_middle_is_refused, |t| {
    let forget = "delete from _sqlx_migrations where version = 2";
    t.state.db().raw(forget).await.expect("an intruder");
    let refused = Db::open_current(&t.address).await.err().expect("refused");
    assert!(matches!(refused, OpenError::Gap(2)), "{refused}");
});
