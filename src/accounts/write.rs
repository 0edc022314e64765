//! The only writer of accounts.

use crate::{
    args,
    identity::passwords,
    platform::{
        audit::AuditedTransaction,
        error::{Error, Result},
        form::Form,
        ids::AccountId,
        state::AppState,
        text,
    },
    sql,
};

/// Reads `password` from a form, refuses a weak one, and hashes it.
pub async fn new_password(state: &AppState, form: &mut Form, context: &[&str]) -> Result<String> {
    let password = form.raw("password").to_owned();
    if let Some(objection) = passwords::objection(&password, context) {
        form.fail("password", objection);
        return Err(form.refusal());
    }
    passwords::hash(state, password).await
}

/// Makes an account; gone when the address has one by now.
pub async fn create(
    tx: &mut AuditedTransaction,
    id: AccountId,
    email: &str,
    name: &str,
    hash: &str,
) -> Result<()> {
    let made = tx
        .execute_unscoped(
            sql!(
                "insert into accounts (id, email, name, password_hash, created_at) values ($1, $2, $3, $4, $5)
                 on conflict (email) do nothing"
            ),
            args![id, email, name, hash, tx.now()],
        )
        .await?;
    if made == 1 { Ok(()) } else { Err(Error::Gone) }
}

/// Words that sign for the product and its operator, and that stand for sides, for which nobody is to be
/// taken.
const RESERVED: [&str; 17] = [
    "handshake",
    "the operator",
    "operator",
    "system",
    "marketing",
    "technology",
    "both leads",
    "both sides",
    "neither side",
    "nobody",
    "somebody",
    "everybody",
    "the arbiter",
    "arbiter",
    "administrator",
    "you",
    "both",
];

/// Words that make a seat of a name.
const TITLES: [&str; 5] = ["cmo", "cio", "marketing", "technology", "arbiter"];

/// Whether a word, in lower case, is a title or looks like one in another alphabet or with digits. “Clò” is a
/// name.
fn is_title(word: &str) -> bool {
    let is_plain = word.chars().any(|sign| sign.is_ascii_alphabetic()) && !word.chars().any(char::is_numeric);
    TITLES
        .iter()
        .any(|title| *title == word || (!is_plain && text::is_twin(title, word)))
}

/// Reads somebody's name from a form.
pub fn person_name(form: &mut Form, field: &str) -> Option<String> {
    let name = form.line(field, 120)?;
    if RESERVED.iter().any(|reserved| text::is_twin(reserved, &name)) {
        form.fail(field, "The product uses this name itself. Write your own.");
        return None;
    }
    let lower = name.to_lowercase();
    let between = |sign: char| !sign.is_alphanumeric();
    let are_several = [" and ", "&", "+"].iter().any(|between| lower.contains(between));
    if are_several || lower.split(between).any(is_title) {
        form.fail(field, "Write your name alone, without a side or a title.");
        return None;
    }
    // A deputy's signature reads so, and whoever has left.
    if ["in place of", "not here any more"]
        .iter()
        .any(|words| text::is_seen_in(words, &name))
    {
        form.fail(field, "Write your own name alone.");
        return None;
    }
    if let Some(word) = name.split_whitespace().find(|word| text::mixes_alphabets(word)) {
        let what = format!("“{word}” mixes letters of several alphabets. Write it in one.");
        form.fail(field, what);
        return None;
    }
    Some(name)
}

/// Another name for an account; what was signed keeps the one before.
pub async fn set_name(tx: &mut AuditedTransaction, account: AccountId, name: &str) -> Result<()> {
    tx.execute_unscoped(
        sql!("update accounts set name = $2 where id = $1"),
        args![account, name],
    )
    .await?;
    Ok(())
}

/// Another address for an account.
///
/// # Errors
/// `Gone` when somebody else has it by now.
pub async fn set_email(tx: &mut AuditedTransaction, account: AccountId, email: &str) -> Result<()> {
    let taken: Option<(AccountId,)> = tx
        .fetch_optional_unscoped(
            sql!("select id from accounts where email = $1 and id <> $2"),
            args![email, account],
        )
        .await?;
    if taken.is_some() {
        return Err(Error::Gone);
    }
    tx.execute_unscoped(
        sql!("update accounts set email = $2 where id = $1"),
        args![account, email],
    )
    .await?;
    Ok(())
}

/// Another password, chosen by its owner; calendars read at an older address end with it.
pub async fn set_password(tx: &mut AuditedTransaction, account: AccountId, hash: &str) -> Result<()> {
    tx.execute_unscoped(
        sql!("update accounts set password_hash = $2, password_changed_at = $3 where id = $1"),
        args![account, hash, tx.now()],
    )
    .await?;
    Ok(())
}

/// The same password, hashed as hard as is asked for now.
pub async fn rehash_password(tx: &mut AuditedTransaction, account: AccountId, hash: &str) -> Result<()> {
    tx.execute_unscoped(
        sql!("update accounts set password_hash = $2 where id = $1"),
        args![account, hash],
    )
    .await?;
    Ok(())
}
