//! Files and folders that are their owner's alone, and the lock under which one process migrates.

use std::path::Path;

/// Held while a SQLite database is migrated, for which the engine has no lock of its own.
pub(super) async fn migration_lock(database: &Path) -> std::io::Result<std::fs::File> {
    let path = database.with_extension("lock");
    create_private_file(&path)?;
    let file = std::fs::File::open(path)?;
    tokio::task::spawn_blocking(move || file.lock().map(|()| file))
        .await
        .map_err(std::io::Error::other)?
}

/// A file that its owner alone reads; SQLite gives its journals the same rights.
pub fn create_private_file(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
    let file = std::fs::OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(path)?;
    // One that an earlier build made, or that somebody copied here.
    if file.metadata()?.permissions().mode() & 0o077 != 0 {
        file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
    }
    Ok(())
}

/// A folder that its owner alone reads.
pub fn create_private_folder(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
}
