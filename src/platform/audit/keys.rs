//! The keys of the audit chain. They lie in a file outside of the database, so that who has the database
//! alone cannot write links that hold.
//!
//! The file has a key a line, 32 bytes in hexadecimal, the newest first; `#` begins a remark. New links are
//! made with the newest, old ones checked with the one they name.

use std::{
    fs,
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
    sync::Arc,
};

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

const REMARK: &str = "# The keys of Handshake's audit chain, the newest first. Keep a copy apart from the database and its backups.";

#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("{}: {source}", file.display())]
    File { file: PathBuf, source: io::Error },
    #[error("{}: line {line} is not a key of 64 hexadecimal digits", file.display())]
    Line { file: PathBuf, line: usize },
    #[error("{}: there is no key in it", file.display())]
    Empty { file: PathBuf },
}

struct Key {
    id: String,
    bytes: [u8; 32],
}

/// Every key that links were made with, the newest first.
#[derive(Clone)]
pub struct Keyring(Arc<[Key]>);

impl Key {
    fn new(bytes: [u8; 32]) -> Self {
        Self {
            id: hex::encode(&Sha256::digest(bytes)[..8]),
            bytes,
        }
    }

    fn mac(&self, text: &str) -> String {
        #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.bytes).expect("a key of 32 bytes");
        mac.update(text.as_bytes());
        hex::encode(mac.finalize().into_bytes())
    }
}

impl Keyring {
    /// One key, kept nowhere: for tests and for databases that are thrown away.
    pub fn of(bytes: [u8; 32]) -> Self {
        Self([Key::new(bytes)].into())
    }

    /// The keys of a file; `None` when there is no such file.
    pub fn read(file: &Path) -> Result<Option<Self>, KeyError> {
        let text = match fs::read_to_string(file) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(failed(file)(source)),
        };
        let mut keys = Vec::new();
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let mut bytes = [0; 32];
            hex::decode_to_slice(line, &mut bytes).map_err(|_| KeyError::Line {
                file: file.to_owned(),
                line: number + 1,
            })?;
            keys.push(Key::new(bytes));
        }
        if keys.is_empty() {
            return Err(KeyError::Empty {
                file: file.to_owned(),
            });
        }
        Ok(Some(Self(keys.into())))
    }

    /// Makes the file with one fresh key. When another process made it meanwhile, its key is the one.
    pub fn create(file: &Path, bytes: [u8; 32]) -> Result<Self, KeyError> {
        let text = format!("{REMARK}\n{}\n", hex::encode(bytes));
        // Whole or not at all under its name, and never over one that is there.
        let fresh = write_beside(file, &text)?;
        let linked = fs::hard_link(&fresh, file);
        let _ = fs::remove_file(&fresh);
        match linked {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(failed(file)(error)),
            _ => Self::read(file)?.ok_or_else(|| KeyError::Empty {
                file: file.to_owned(),
            }),
        }
    }

    /// Puts a fresh key before those of the file.
    pub fn rotate(file: &Path, bytes: [u8; 32]) -> Result<Self, KeyError> {
        let keys = Self::read(file)?.ok_or_else(|| KeyError::Empty {
            file: file.to_owned(),
        })?;
        let mut text = format!("{REMARK}\n{}\n", hex::encode(bytes));
        for key in keys.0.iter() {
            text.push_str(&hex::encode(key.bytes));
            text.push('\n');
        }
        let fresh = write_beside(file, &text)?;
        fs::rename(&fresh, file).map_err(failed(file))?;
        Ok(Self(
            std::iter::once(Key::new(bytes))
                .chain(keys.0.iter().map(|key| Key::new(key.bytes)))
                .collect(),
        ))
    }

    /// The name of the key that new links are made with.
    pub fn current(&self) -> &str {
        self.0.first().map_or("", |key| key.id.as_str())
    }

    /// How many keys are newer than the one of this name; `None` for a key that is not here.
    pub(super) fn age(&self, id: &str) -> Option<usize> {
        self.0.iter().position(|key| key.id == id)
    }

    /// HMAC-SHA256 of a text, in hexadecimal, by the key of this name.
    pub(super) fn mac(&self, id: &str, text: &str) -> Option<String> {
        self.0.iter().find(|key| key.id == id).map(|key| key.mac(text))
    }
}

fn failed(file: &Path) -> impl FnOnce(io::Error) -> KeyError {
    let file = file.to_owned();
    move |source| KeyError::File { file, source }
}

fn write_beside(file: &Path, text: &str) -> Result<PathBuf, KeyError> {
    let mut fresh = file.as_os_str().to_owned();
    fresh.push(format!(".{}", std::process::id()));
    let fresh = PathBuf::from(fresh);
    let write = || {
        let mut out = fs::OpenOptions::new()
            .create(true)
            .truncate(true)
            .write(true)
            .mode(0o600)
            .open(&fresh)?;
        out.write_all(text.as_bytes())?;
        out.sync_all()
    };
    write().map_err(failed(file))?;
    Ok(fresh)
}
