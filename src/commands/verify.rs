//! Whether the database is what was written, and what was looked at to say so.

use std::path::Path;

use super::{
    Failure, io,
    open::{existing, open_to_read},
    say,
};
use crate::{
    access, decisions, definition, handshake, initiatives, kpis, milestones,
    platform::{
        audit::{self, Anchor, Findings, Keyring},
        config::Storage,
        db::{Db, UNRECORDED, create_private_file},
        time::{Clock as _, SystemClock},
    },
    reviews, sources, technologies,
};

/// Everything that is wrong, and how much was looked at: files, schema, chains and rows, then what both sides
/// signed. All but the engine's own check is read from one snapshot.
pub async fn findings(db: &Db, keys: &Keyring, anchor: Option<&Anchor>) -> Result<Findings, Failure> {
    let mut wrong = db.engine_integrity().await?;
    wrong.extend(db.schema_differences(db.last_migration()).await?);
    let snapshot = db.snapshot().await?;
    let mut findings = audit::verify(&snapshot, keys, anchor).await?;
    wrong.append(&mut findings.wrong);
    for (what, named) in [
        ("handshakes", handshake::verify::broken(&snapshot).await),
        ("evidence", milestones::verify::forged_evidence(&snapshot).await),
        ("the definition", definition::verify::differences(&snapshot).await),
        ("decisions", decisions::verify::differences(&snapshot).await),
        ("initiatives", initiatives::verify::differences(&snapshot).await),
        ("milestones", milestones::verify::differences(&snapshot).await),
        ("KPIs", kpis::verify::differences(&snapshot).await),
        ("access", access::verify::differences(&snapshot).await),
        ("reviews", reviews::verify::differences(&snapshot).await),
        ("sources", sources::verify::differences(&snapshot).await),
        ("technologies", technologies::verify::differences(&snapshot).await),
    ] {
        match named {
            Ok(named) => wrong.extend(named),
            // A row that cannot even be read is named above; the other rooms are looked at all the same.
            Err(error) => wrong.push(format!("{what}: what was signed cannot be read: {error}")),
        }
    }
    findings.wrong = wrong;
    Ok(findings)
}

pub(super) async fn verify(storage: Storage, anchor: Option<&Path>) -> Result<(), Failure> {
    let db = Db::open_current(&existing(&storage)?).await?;
    let keys = keys(&storage)?;
    let taken = anchor
        .map(|file| Anchor::read(file).map_err(io(format!("{} cannot be read", file.display()))))
        .transpose()?;
    let found = findings(&db, &keys, taken.as_ref()).await?;
    db.close().await;
    if found.wrong.is_empty() {
        // The server's figures say when this was.
        let noted = create_private_file(&storage.verified_file())
            .and_then(|()| std::fs::write(storage.verified_file(), ""));
        say(&claim(&found, taken.as_ref()));
        if let Err(error) = noted {
            say(&format!(
                "That it was verified today could not be noted in {} ({error}), so the server's figures do not know. \
                 The file has to belong to the user that the server runs as.",
                storage.verified_file().display()
            ));
        }
        return Ok(());
    }
    for line in &found.wrong {
        say(line);
    }
    Err(Failure::Said(format!(
        "{} things are not as they were written. The first: {}",
        found.wrong.len(),
        found.wrong.first().map_or("", String::as_str)
    )))
}

/// Says what was checked, and nothing more.
fn claim(found: &Findings, anchor: Option<&Anchor>) -> String {
    let older = anchor.map_or_else(
        || "No anchor was given, so an older state of the database or of a workspace, or one taken out whole, would not be noticed.".to_owned(),
        |anchor| format!("Every chain reaches the anchor of {}.", anchor.taken_at),
    );
    format!(
        "Everything that was checked is as it was written: the engine's files and the schema; {} links of {} audit \
            chains, by their key; {} rows of {} tables, each against the event that wrote it last; every signed \
            text, its signatures and the rows that are shown as signed; every file of evidence. {older} Not \
            checked, because they are short-lived: {}.",
        found.links,
        found.chains,
        found.rows,
        found.tables,
        UNRECORDED
            .iter()
            .filter(|table| !matches!(**table, "audit_events" | "chains"))
            .copied()
            .collect::<Vec<_>>()
            .join(", ")
    )
}

/// Writes where every chain ends now, to be kept elsewhere.
pub(super) async fn anchor(storage: Storage, file: &Path) -> Result<(), Failure> {
    if file.exists() {
        return Err(Failure::Said(format!(
            "{} exists already; an anchor never replaces a file.",
            file.display()
        )));
    }
    let db = open_to_read(&storage).await?;
    write_anchor(&db, &keys(&storage)?, file).await?;
    db.close().await;
    say(&format!(
        "Written to {}. Keep it where who can write the database cannot write.",
        file.display()
    ));
    Ok(())
}

pub(super) async fn write_anchor(db: &Db, keys: &Keyring, file: &Path) -> Result<(), Failure> {
    let anchor = audit::take_anchor(&db.snapshot().await?, keys, SystemClock.now()).await?;
    anchor
        .write(file)
        .map_err(io(format!("{} cannot be written", file.display())))
}

/// The keys as they are; a command that only reads makes none.
pub(super) fn keys(storage: &Storage) -> Result<Keyring, Failure> {
    let file = storage.key_file();
    Keyring::read(&file)?.ok_or_else(|| {
        Failure::Said(format!(
            "The key of the audit chain is not at {}. Without it nothing can be verified, and no anchor made.",
            file.display()
        ))
    })
}
