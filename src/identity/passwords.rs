//! Passwords: what is accepted, how they are kept (argon2id), and checking them without telling who exists.

use std::sync::{Mutex, OnceLock, PoisonError};

use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::phc::{Output, ParamsString, PasswordHash, Salt},
};

use crate::platform::{
    error::{Error, Result},
    state::AppState,
};

pub const MIN_LENGTH: usize = 12;

pub const MAX_LENGTH: usize = 256;

/// Why a password is not accepted, in words that help to find a better one. `context` are words that an
/// attacker would try first: names, addresses, the workspace.
pub fn objection(password: &str, context: &[&str]) -> Option<String> {
    let length = password.chars().count();
    if length < MIN_LENGTH {
        return Some(format!(
            "Use at least {MIN_LENGTH} characters; a few unrelated words make a good password."
        ));
    }
    if length > MAX_LENGTH {
        return Some(format!("Use at most {MAX_LENGTH} characters."));
    }
    let mut words: Vec<&str> = vec!["handshake"];
    for phrase in context {
        words.push(phrase);
        words.extend(
            phrase
                .split(|c: char| !c.is_alphanumeric())
                .filter(|word| word.len() > 2),
        );
    }
    let head: String = password.chars().take(100).collect();
    let estimate = zxcvbn::zxcvbn(&head, &words);
    let lowered = password.to_lowercase();
    let mostly_context = words.iter().any(|word| {
        word.len() >= 4
            && lowered.contains(&word.to_lowercase())
            && length < word.chars().count() + MIN_LENGTH
    });
    (u8::from(estimate.score()) < 3 || mostly_context)
        .then(|| "This is easy to guess. Use a few unrelated words.".to_owned())
}

fn argon2(state: &AppState) -> Result<Argon2<'static>> {
    let settings = state.settings();
    let params = Params::new(settings.password_memory_kib, settings.password_passes, 1, None)
        .map_err(|_| Error::Internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Works out a hash of this length. The memory for it is kept for the next one: freed on one thread and asked
/// for on another, it would stay with each of them.
fn output(argon2: &Argon2<'_>, password: &[u8], salt: &[u8], length: usize) -> Option<Output> {
    static MEMORY: Mutex<Vec<Vec<Block>>> = Mutex::new(Vec::new());
    let kept = || MEMORY.lock().unwrap_or_else(PoisonError::into_inner);
    let mut memory = kept().pop().unwrap_or_default();
    memory.resize(argon2.params().block_count(), Block::default());
    let outcome = Output::init_with(length, |out| {
        argon2
            .hash_password_into_with_memory(password, salt, out, &mut memory)
            .map_err(|_| argon2::password_hash::phc::Error::ParamValueInvalid)
    });
    kept().push(memory);
    outcome.ok()
}

fn hash_of(argon2: &Argon2<'_>, password: &[u8], salt: &[u8]) -> Option<String> {
    let hash = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(argon2.params()).ok()?,
        salt: Some(Salt::new(salt).ok()?),
        hash: Some(output(argon2, password, salt, Params::DEFAULT_OUTPUT_LEN)?),
    };
    Some(hash.to_string())
}

/// Whether a password fits a stored hash, which says itself how it was made.
fn fits(password: &[u8], stored: &str) -> bool {
    let check = || {
        let stored = PasswordHash::new(stored).ok()?;
        let argon2 = Argon2::new(
            Algorithm::new(stored.algorithm.as_str()).ok()?,
            Version::try_from(stored.version?).ok()?,
            Params::try_from(&stored).ok()?,
        );
        let (salt, expected) = (stored.salt?, stored.hash?);
        // Compared in constant time.
        Some(output(&argon2, password, &salt, expected.len())? == expected)
    };
    check().unwrap_or(false)
}

/// Hashing is heavy: one at a time per core, a short queue, then "too many".
async fn hash_blocking<T: Send + 'static>(
    state: &AppState,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T> {
    let _place = state
        .password_queue()
        .try_acquire()
        .map_err(|_| Error::TooMany { seconds: 2 })?;
    let asked = tokio::time::Instant::now();
    let _permit = state.password_work().acquire().await.map_err(|_| Error::Busy)?;
    state.metrics().waited_to_hash(asked.elapsed());
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| Error::Internal)
}

pub async fn hash(state: &AppState, password: String) -> Result<String> {
    let (argon2, salt) = (argon2(state)?, state.ids().bytes::<16>());
    hash_blocking(state, move || hash_of(&argon2, password.as_bytes(), &salt))
        .await?
        .ok_or(Error::Internal)
}

/// Whether the password fits the stored hash, and the hash to store instead when the stored one is weaker
/// than the settings ask. Without a stored hash the same work is done and the answer is no.
pub async fn check(
    state: &AppState,
    stored: Option<String>,
    password: String,
) -> Result<(bool, Option<String>)> {
    let argon2 = argon2(state)?;
    let known = stored.is_some();
    let reference = match stored {
        Some(stored) => stored,
        None => dummy(&argon2)?,
    };
    let fits = hash_blocking(state, {
        let (reference, password) = (reference.clone(), password.clone());
        move || fits(password.as_bytes(), &reference)
    })
    .await?;
    if !(known && fits) {
        return Ok((false, None));
    }
    let stronger = if is_weaker(&reference, state) {
        Some(hash(state, password).await?)
    } else {
        None
    };
    Ok((true, stronger))
}

fn is_weaker(stored: &str, state: &AppState) -> bool {
    let number = |key: &str| {
        stored
            .split('$')
            .flat_map(|part| part.split(','))
            .find_map(|pair| pair.strip_prefix(key)?.strip_prefix('=')?.parse::<u32>().ok())
    };
    number("m") < Some(state.settings().password_memory_kib)
        || number("t") < Some(state.settings().password_passes)
}

/// A hash of nothing anybody knows, so that an unknown address costs what a known one does.
fn dummy(argon2: &Argon2<'static>) -> Result<String> {
    static DUMMY: OnceLock<String> = OnceLock::new();
    if let Some(hash) = DUMMY.get() {
        return Ok(hash.clone());
    }
    let hash = hash_of(argon2, &[7; 32], &[3; 16]).ok_or(Error::Internal)?;
    Ok(DUMMY.get_or_init(|| hash).clone())
}

#[cfg(test)]
mod tests {
    use argon2::password_hash::PasswordHasher as _;

    use super::*;

    #[test]
    fn a_hash_says_how_it_was_made() {
        let params = Params::new(64, 3, 1, None).expect("parameters");
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let hash = hash_of(&argon2, b"plum-orbit-candle-fjord", b"sixteen bytes of").expect("hashed");
        assert!(hash.starts_with("$argon2id$v=19$m=64,t=3,p=1$"), "{hash}");
        assert!(fits(b"plum-orbit-candle-fjord", &hash));
        assert!(!fits(b"plum-orbit-candle-fiord", &hash));
        assert!(!fits(b"plum-orbit-candle-fjord", "not a hash"));
        // Made by the library's own way of hashing.
        let other = argon2
            .hash_password_with_salt(b"plum-orbit-candle-fjord", b"sixteen bytes of")
            .expect("hashed");
        assert_eq!(other.to_string(), hash);
    }

    #[test]
    fn what_is_accepted() {
        let context = ["Dana Reyes", "dana@northwind.example", "Northwind"];
        let long = "correct horse battery staple ".repeat(9);
        for fine in [
            "plum-orbit-candle-fjord",
            "Übermut quillt täglich über",
            "🐳🎈🧭🪁🪴🧵🐌🎻🧊🛶🪐🎏",
            long.get(..256).expect("ascii"),
        ] {
            assert_eq!(objection(fine, &context), None, "{fine}");
        }
        for weak in [
            "short",
            "passwordpassword",
            "Northwind2026!",
            "123456789012",
            "dana.reyes.2026",
            "qwertyuiop12",
        ] {
            assert!(objection(weak, &context).is_some(), "{weak}");
        }
        assert!(
            objection(&"x9!".repeat(86), &context).is_some(),
            "257 characters and more are too many"
        );
    }
}
