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

/// Whether others than its owner may look into a folder: one that somebody made by hand.
pub fn is_open_to_others(folder: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(folder).is_ok_and(|found| found.permissions().mode() & 0o077 != 0)
}

/// A folder that its owner alone reads.
pub fn create_private_folder(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
}

/// Bytes that a write needs at the least: a few pages of the write-ahead log.
const LEAST_SPACE: usize = 64 << 10;

/// Writes a file and removes it.
pub(super) fn take_space(file: &Path) -> std::io::Result<()> {
    use std::io::Write as _;
    let written = std::fs::File::create(file).and_then(|mut file| {
        file.write_all(&vec![0; LEAST_SPACE])?;
        file.sync_data()
    });
    std::fs::remove_file(file)?;
    written
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn what_is_made_is_its_owners_alone_and_an_open_folder_is_noticed() {
        let base = crate::tests::scratch("private");
        let (folder, file) = (base.join("data"), base.join("data/handshake.db"));
        create_private_folder(&folder).expect("a folder");
        create_private_file(&file).expect("a file");
        let mode = |path: &Path| std::fs::metadata(path).expect("there").permissions().mode() & 0o777;
        assert_eq!((mode(&folder), mode(&file)), (0o700, 0o600));
        assert!(!is_open_to_others(&folder));
        // Copied here by hand, with the rights that copying gives.
        for (path, open) in [(&folder, 0o755), (&file, 0o644)] {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(open)).expect("set");
        }
        create_private_file(&file).expect("a file");
        assert_eq!(mode(&file), 0o600);
        assert!(is_open_to_others(&folder));
    }

    #[test]
    fn space_is_given_back_and_what_cannot_be_written_is_told() {
        let folder = crate::tests::scratch("space");
        create_private_folder(&folder).expect("a folder");
        let file = folder.join("probe");
        take_space(&file).expect("there is space");
        assert!(!file.exists());
        take_space(&folder.join("missing/probe")).expect_err("no such folder");
    }
}
