//! Whether a server works with a SQLite database, so that nothing else replaces it meanwhile.

use std::path::Path;

use super::{Failure, io};
use crate::platform::db::create_private_file;

/// The file that says, by a lock on it, that a server works with a SQLite database.
fn serving_file(database: &Path) -> Result<std::fs::File, Failure> {
    let path = database.with_extension("serving");
    create_private_file(&path).map_err(io(format!("{} cannot be written", path.display())))?;
    std::fs::File::open(&path).map_err(io(format!("{} cannot be read", path.display())))
}

/// Says that a server works with a SQLite database, for as long as the file is held; several may.
pub fn say_serving(database: &Path) -> Result<std::fs::File, Failure> {
    let file = serving_file(database)?;
    match file.try_lock_shared() {
        Ok(()) => Ok(file),
        Err(_) => Err(Failure::Said(
            "A backup is being restored into this database. Start again when that is done.".to_owned(),
        )),
    }
}

/// Holds off every server while a database is replaced.
pub(super) fn refuse_while_served(database: &Path) -> Result<std::fs::File, Failure> {
    let file = serving_file(database)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(_) => Err(Failure::Said(format!(
            "A server works with {}. Stop it first: what it writes would be lost.",
            database.display()
        ))),
    }
}
