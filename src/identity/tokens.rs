//! Links that work once: 256 random bits, of which only the SHA-256 is stored.

use crate::{
    args,
    platform::{
        audit::{AuditedTransaction, sha256},
        error::{Error, Result},
        ids::AccountId,
        state::AppState,
        time::Timestamp,
    },
    sql, text_enum,
};

text_enum! {
    /// What a link is for.
    pub enum TokenPurpose { Setup = "setup", Reset = "reset", Email = "email" }
}

pub fn secret(state: &AppState) -> String {
    hex::encode(state.ids().bytes::<32>())
}

pub fn hash(secret: &str) -> String {
    sha256(secret)
}

pub async fn issue(
    state: &AppState,
    purpose: TokenPurpose,
    account: Option<AccountId>,
    expires_at: Timestamp,
) -> Result<String> {
    let secret = secret(state);
    state
        .db()
        .execute(
            sql!("insert into tokens (hash, purpose, account_id, expires_at) values ($1, $2, $3, $4)"),
            args![hash(&secret), purpose, account, expires_at],
        )
        .await?;
    Ok(secret)
}

/// Issues a link that confirms an address of an account; an earlier one ends.
pub async fn issue_for_email(
    tx: &mut AuditedTransaction,
    account: AccountId,
    (secret, email): (&str, &str),
    expires_at: Timestamp,
) -> Result<()> {
    tx.execute_unscoped(
        sql!("update tokens set used_at = $2 where account_id = $1 and purpose = $3 and used_at is null"),
        args![account, tx.now(), TokenPurpose::Email],
    )
    .await?;
    tx.execute_unscoped(
        sql!("insert into tokens (hash, purpose, account_id, expires_at, email) values ($1, $2, $3, $4, $5)"),
        args![hash(secret), TokenPurpose::Email, account, expires_at, email],
    )
    .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
pub struct Token {
    pub account_id: Option<AccountId>,
    /// The address that it confirms.
    pub email: Option<String>,
    expires_at: Timestamp,
    used_at: Option<Timestamp>,
}

/// Ends every link that was given to anybody.
pub async fn end_all(state: &AppState) -> Result<u64> {
    state.db().execute(sql!("delete from tokens"), Vec::new()).await
}

/// Whether a link still works, without using it up.
pub async fn find(state: &AppState, purpose: TokenPurpose, secret: &str) -> Result<Token> {
    let token: Option<Token> = state
        .db()
        .fetch_optional(
            sql!(
                "select account_id, email, expires_at, used_at from tokens where hash = $1 and purpose = $2"
            ),
            args![hash(secret), purpose],
        )
        .await?;
    token
        .filter(|token| token.used_at.is_none() && token.expires_at > state.now())
        .ok_or(Error::Gone)
}

/// Uses up every link of a purpose that belongs to nobody yet: only the newest works.
pub async fn expire(state: &AppState, purpose: TokenPurpose) -> Result<()> {
    state
        .db()
        .execute(
            sql!("update tokens set used_at = $2 where purpose = $1 and used_at is null"),
            args![purpose, state.now()],
        )
        .await?;
    Ok(())
}

/// Uses up every link of an account.
pub async fn expire_of(tx: &mut AuditedTransaction, account: AccountId) -> Result<()> {
    tx.execute_unscoped(
        sql!("update tokens set used_at = $2 where account_id = $1 and used_at is null"),
        args![account, tx.now()],
    )
    .await?;
    Ok(())
}

/// Uses a link up, in the transaction of what it is for: of two at once, one gets it.
pub async fn consume(tx: &mut AuditedTransaction, purpose: TokenPurpose, secret: &str) -> Result<()> {
    let used = tx
        .execute_unscoped(
            sql!(
                "update tokens set used_at = $3 where hash = $1 and purpose = $2 and used_at is null and
                 expires_at > $3"
            ),
            args![hash(secret), purpose, tx.now()],
        )
        .await?;
    if used == 1 { Ok(()) } else { Err(Error::Gone) }
}
