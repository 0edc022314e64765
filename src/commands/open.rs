//! Opening a database: which schema it has, whether it is brought up to this version's, and the keys of its
//! audit chain.

use std::{io::Write as _, path::Path, sync::Arc};

use super::{Failure, io, say, serving::say_serving};
use crate::platform::{
    audit::{self, Keyring},
    config::{Settings, Storage},
    db::{Address, Db, OpenError, Schema, create_private_folder},
    ids::source::Ids,
    state::AppState,
    time::SystemClock,
};

/// What a command does about a database of an older version.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Upgrade {
    /// Backs it up, checks it and migrates it.
    Yes,
    /// The same, and records as they are the rows that are not what was written.
    Accepting,
    /// Says what to do.
    No,
}

/// Opens the database for a command that writes. An empty one gets the schema and the chain of accounts.
pub(crate) async fn open_state(
    storage: &Storage,
    mut settings: Settings,
    upgrade: Upgrade,
) -> Result<AppState, Failure> {
    settings.verified_file = Some(storage.verified_file());
    let address = storage.address()?;
    let (db, schema) = Db::open_as_it_is(&address).await?;
    match (schema, upgrade) {
        (Schema::Current, _) => {
            let keys = keys(storage, &db).await?;
            let state = state_of(db, settings, keys);
            audit::create_accounts_chain(&state).await?;
            if upgrade == Upgrade::Accepting {
                let rows = audit::record_migration(&state).await?;
                say(&format!("{rows} rows were recorded as they are."));
            }
            return Ok(state);
        }
        (Schema::Older { have, wanted }, Upgrade::No) => return Err(OpenError::Older { have, wanted }.into()),
        // A first start that was cut short: nothing was ever written.
        (Schema::Older { .. }, _) if !audit::is_begun(&db).await? => {}
        (Schema::Older { have, wanted }, _) => {
            back_up_before_migrating(&address, &db, wanted).await?;
            let keys = keys(storage, &db).await?;
            refuse_what_was_not_written(&db, &keys, have, upgrade).await?;
        }
        (Schema::Empty, _) => {}
    }
    db.close().await;
    let db = Db::open(&address).await?;
    let keys = keys(storage, &db).await?;
    let state = state_of(db, settings, keys);
    audit::create_accounts_chain(&state).await?;
    if schema != Schema::Empty {
        let rows = audit::record_migration(&state).await?;
        tracing::info!(
            rows,
            migration = state.db().last_migration(),
            "the schema was brought up to this version's"
        );
    }
    Ok(state)
}

pub(super) fn state_of(db: Db, settings: Settings, keys: Keyring) -> AppState {
    AppState::new(db, Arc::new(SystemClock), Ids::from_system(), settings, keys)
}

/// Where the database lies that a command reads; opening one makes the file where there is none.
pub(super) fn existing(storage: &Storage) -> Result<Address, Failure> {
    let address = storage.address()?;
    if let Address::Sqlite(path) = &address
        && !path.exists()
    {
        return Err(Failure::Said(format!(
            "There is no database at {}.",
            path.display()
        )));
    }
    Ok(address)
}

/// Opens the database for a command that reads it, whichever version wrote it.
pub(super) async fn open_to_read(storage: &Storage) -> Result<Db, Failure> {
    match Db::open_as_it_is(&existing(storage)?).await? {
        (_, Schema::Empty) => Err(OpenError::Empty.into()),
        (db, _) => Ok(db),
    }
}

/// The keys of the audit chain. The first command that writes makes the first key; a chain that was begun
/// needs the key it was begun with.
pub(super) async fn keys(storage: &Storage, db: &Db) -> Result<Keyring, Failure> {
    let file = storage.key_file();
    if let Some(keys) = Keyring::read(&file)? {
        if let Some(id) = audit::missing_key(db, &keys).await? {
            return Err(Failure::Said(format!(
                "{} does not contain the key {id}, with which this database's audit chain was written. Put the right key \
                    file there.",
                file.display()
            )));
        }
        return Ok(keys);
    }
    if audit::is_begun(db).await? {
        return Err(Failure::Said(format!(
            "The key of the audit chain is not at {}. Put it back: it is a file that this database's server keeps \
                in its data folder. If it is lost for good, `handshake admin rotate-key --lost` begins with a new \
                one; what was recorded before can then never be verified again.",
            file.display()
        )));
    }
    make_key(&file)
}

/// Makes the key file, and says where it is: it belongs into a safe place, too.
pub(super) fn make_key(file: &Path) -> Result<Keyring, Failure> {
    if let Some(folder) = file.parent() {
        create_private_folder(folder).map_err(io(format!("{} cannot be made", folder.display())))?;
    }
    let keys = Keyring::create(file, Ids::from_system().bytes())?;
    // Not to the standard output, which is what a command was asked for.
    let _ = writeln!(
        std::io::stderr(),
        "The key of the audit chain is in {}. Keep a copy of it apart from the database and its backups.",
        file.display()
    );
    Ok(keys)
}

/// A SQLite database is copied beside itself before its schema changes.
async fn back_up_before_migrating(address: &Address, db: &Db, number: i64) -> Result<(), Failure> {
    let Address::Sqlite(path) = address else {
        return Ok(());
    };
    let _serving = say_serving(path)?;
    let file = path.with_extension(format!("before-migration-{number}.db"));
    // One that an earlier try made is of before that try.
    if !file.exists() {
        db.copy_sqlite_to(&file).await?;
    }
    say(&format!(
        "The database as it was before this version is kept at {}.",
        file.display()
    ));
    Ok(())
}

/// A migration records rows anew; what somebody changed by hand before it would pass for written.
async fn refuse_what_was_not_written(
    db: &Db,
    keys: &Keyring,
    migration: i64,
    upgrade: Upgrade,
) -> Result<(), Failure> {
    // A trigger of somebody else's would act while it migrates, and what it does be recorded.
    let mut wrong = db.schema_differences(migration).await?;
    wrong.extend(audit::verify(&db.snapshot().await?, keys, None).await?.wrong);
    for line in &wrong {
        say(line);
    }
    if wrong.is_empty() || upgrade == Upgrade::Accepting {
        return Ok(());
    }
    Err(Failure::Said(format!(
        "{} things are not as they were written, and nothing was migrated. The first: {}. Restore a backup, or let `handshake migrate \
            --accept` take the database as it is.",
        wrong.len(),
        wrong.first().map_or("", String::as_str)
    )))
}
