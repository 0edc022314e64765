//! Backups of a SQLite database, and putting one back.

use std::{
    io::Read as _,
    path::{Path, PathBuf},
};

use super::{
    Failure, io,
    open::{open_to_read, state_of},
    quiet_settings, say,
    serving::refuse_while_served,
    verify::{keys, write_anchor},
};
use crate::{
    identity::{sessions, tokens},
    kpis, letters, members,
    platform::{
        audit::{self, Anchor, Keyring},
        config::Storage,
        db::{Address, Db, Schema, create_private_file, create_private_folder, is_own_database},
        mail,
        state::AppState,
        time::{Clock as _, SystemClock},
    },
};

fn sqlite_file(storage: &Storage) -> Result<PathBuf, Failure> {
    match storage.address()? {
        Address::Sqlite(path) => Ok(path),
        Address::Postgres(_) => Err(Failure::Said(
            "This works on SQLite. For PostgreSQL, use pg_dump and pg_restore.".to_owned(),
        )),
    }
}

pub(super) async fn backup(storage: Storage, file: &Path) -> Result<(), Failure> {
    sqlite_file(&storage)?;
    let db = open_to_read(&storage).await?;
    let anchor = back_up(&db, &keys(&storage)?, file).await?;
    db.close().await;
    say(&format!(
        "Written to {}, and where every audit chain ended to {}. The key of the chain is not in it: keep {} apart.",
        file.display(),
        anchor.display(),
        storage.key_file().display()
    ));
    Ok(())
}

/// Where the anchor of a backup stands: beside it.
fn anchor_of(file: &Path) -> PathBuf {
    let mut anchor = file.as_os_str().to_owned();
    anchor.push(".anchor");
    PathBuf::from(anchor)
}

/// Writes a copy of the database, and its anchor beside it; where that is.
pub async fn back_up(db: &Db, keys: &Keyring, file: &Path) -> Result<PathBuf, Failure> {
    let anchor = anchor_of(file);
    for file in [file, &anchor] {
        if file.exists() {
            return Err(Failure::Said(format!(
                "{} exists already; a backup never replaces a file.",
                file.display()
            )));
        }
    }
    // First the anchor: what is written meanwhile is in the copy alone, which then reaches further.
    let written = write_anchor(db, keys, &anchor).await;
    let copied = match written {
        Ok(()) => db.copy_sqlite_to(file).await.map_err(Failure::from),
        Err(failure) => Err(failure),
    };
    if let Err(failure) = copied {
        for half in [&anchor, file] {
            let _ = std::fs::remove_file(half);
        }
        return Err(failure);
    }
    Ok(anchor)
}

pub(super) async fn restore(storage: Storage, file: &Path, accept: bool) -> Result<(), Failure> {
    let target = sqlite_file(&storage)?;
    let key_file = storage.key_file();
    let keys = Keyring::read(&key_file)?.ok_or_else(|| {
        Failure::Said(format!(
            "The key of the audit chain is not at {}, so the backup cannot be checked. Put the key file of the server \
                that wrote it there; it was kept in that server's data folder.",
            key_file.display()
        ))
    })?;
    restore_into(&target, file, keys, accept).await
}

/// Puts a backup in the place of a database that nobody serves; the one of before is kept beside it.
pub async fn restore_into(target: &Path, file: &Path, keys: Keyring, accept: bool) -> Result<(), Failure> {
    if let (Ok(backup), Ok(own)) = (file.canonicalize(), target.canonicalize())
        && backup == own
    {
        return Err(Failure::Said(format!(
            "{} is the database itself and not a backup of it. Nothing was restored.",
            file.display()
        )));
    }
    let mut log = file.as_os_str().to_owned();
    log.push("-wal");
    if std::fs::metadata(&log).is_ok_and(|log| log.len() > 0) {
        return Err(Failure::Said(format!(
            "{} has a write-ahead log beside it, so it is a database in use and not a backup: a part of it would be \
                missing. Make a backup of it with `handshake backup`.",
            file.display()
        )));
    }
    let anchor = anchor_of(file);
    let anchor = anchor
        .exists()
        .then(|| Anchor::read(&anchor).map_err(io(format!("{} cannot be read", anchor.display()))))
        .transpose()?;
    let mut head = Vec::new();
    std::fs::File::open(file)
        .and_then(|backup| backup.take(16).read_to_end(&mut head))
        .map_err(io(format!("{} cannot be read", file.display())))?;
    if let Some(folder) = target.parent() {
        create_private_folder(folder).map_err(io(format!("{} cannot be made", folder.display())))?;
    }
    let _alone = refuse_while_served(target)?;
    // The copy is checked before it takes the place of anything.
    let fresh = target.with_extension("restoring");
    let _ = std::fs::remove_file(&fresh);
    create_private_file(&fresh).map_err(io("The backup cannot be copied"))?;
    if let Err(error) = copy_content(file, &fresh) {
        let _ = std::fs::remove_file(&fresh);
        return Err(io("The backup cannot be copied")(error));
    }
    if head != b"SQLite format 3\0" || !is_own_database(&fresh).await {
        let _ = std::fs::remove_file(&fresh);
        return Err(Failure::Said(format!(
            "{} is not a backup of Handshake. Nothing was restored.",
            file.display()
        )));
    }
    let checked = check_and_end(&fresh, keys, anchor.as_ref(), accept).await;
    for journal in ["restoring-wal", "restoring-shm"] {
        let _ = std::fs::remove_file(target.with_extension(journal));
    }
    let wrong = checked.map_err(|failure| {
        let _ = std::fs::remove_file(&fresh);
        Failure::Said(format!(
            "{} was not restored, nothing was changed. {failure}",
            file.display()
        ))
    })?;
    set_aside(target).await?;
    std::fs::rename(&fresh, target).map_err(io("The backup cannot be put in place"))?;
    let how = match wrong {
        0 if anchor.is_some() => "Restored and verified, with its anchor.".to_owned(),
        0 => "Restored and verified; there was no anchor beside it.".to_owned(),
        wrong => format!("Restored as it is: {wrong} things in it are not as they were written."),
    };
    say(&format!(
        "{how} Everybody signs in again; links that were open and mail that was waiting have ended."
    ));
    Ok(())
}

/// Checks a copy of a backup, whichever version wrote it, and ends what was open in it; how many things are
/// not as they were written, where that is accepted.
async fn check_and_end(
    copy: &Path,
    keys: Keyring,
    anchor: Option<&Anchor>,
    accept: bool,
) -> Result<usize, Failure> {
    let (db, schema) = Db::open_as_it_is(&Address::Sqlite(copy.to_owned())).await?;
    let migration = match schema {
        Schema::Older { have, .. } => have,
        Schema::Current | Schema::Empty => db.last_migration(),
    };
    let mut wrong = db.engine_integrity().await?;
    wrong.extend(db.schema_differences(migration).await?);
    wrong.extend(audit::verify(&db.snapshot().await?, &keys, anchor).await?.wrong);
    let state = state_of(db, quiet_settings()?, keys);
    let is_taken = wrong.is_empty() || accept;
    if is_taken {
        end_what_was_open(&state).await?;
    }
    state.db().close().await;
    if is_taken {
        return Ok(wrong.len());
    }
    Err(Failure::Said(format!(
        "It is not as it was written: {}",
        wrong.join("; ")
    )))
}

/// Not `fs::copy`, which brings the rights of the file along: a copy is its owner's alone.
fn copy_content(from: &Path, to: &Path) -> std::io::Result<()> {
    let mut to = std::fs::OpenOptions::new().write(true).truncate(true).open(to)?;
    std::io::copy(&mut std::fs::File::open(from)?, &mut to)?;
    to.sync_all()
}

/// Keeps the present database with its journals, whatever state it is in: a damaged one is why one restores.
async fn set_aside(target: &Path) -> Result<(), Failure> {
    if !target.exists() {
        return Ok(());
    }
    let kept = target.with_extension(format!("before-restore-{}", SystemClock.now().millis()));
    // Folds its journals into the file, if it is a database at all.
    if let Ok((live, _)) = Db::open_as_it_is(&Address::Sqlite(target.to_owned())).await {
        live.close().await;
    }
    std::fs::rename(target, &kept).map_err(io("The present database cannot be set aside"))?;
    for journal in ["wal", "shm"] {
        let of = |database: &Path| {
            let mut name = database.as_os_str().to_owned();
            name.push(format!("-{journal}"));
            PathBuf::from(name)
        };
        let _ = std::fs::rename(of(target), of(&kept));
    }
    say(&format!("The database of before is kept at {}.", kept.display()));
    Ok(())
}

/// Sessions that ended, links that were used and letters that were sent since the backup do not come back.
pub async fn end_what_was_open(state: &AppState) -> Result<(), Failure> {
    sessions::end_everybodys(state).await?;
    tokens::end_all(state).await?;
    members::write::withdraw_all_invitations(state).await?;
    mail::give_up_all(state, "restored").await?;
    letters::feed::end_all(state).await?;
    kpis::feeds::end_all(state).await?;
    Ok(())
}
