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

pub async fn set_password(tx: &mut AuditedTransaction, account: AccountId, hash: &str) -> Result<()> {
    tx.execute_unscoped(
        sql!("update accounts set password_hash = $2 where id = $1"),
        args![account, hash],
    )
    .await?;
    Ok(())
}
