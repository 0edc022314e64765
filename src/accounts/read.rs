//! What is asked of accounts outside of any workspace.

use crate::{
    args,
    platform::{error::Result, ids::AccountId, state::AppState},
    sql,
};

/// Whether anybody has an account.
pub async fn exist(state: &AppState) -> Result<bool> {
    let found: Option<(i64,)> = state
        .db()
        .fetch_optional(sql!("select count(*) from accounts"), Vec::new())
        .await?;
    Ok(found.is_some_and(|(count,)| count > 0))
}

/// The account with an address, and its name.
pub async fn of_email(state: &AppState, email: &str) -> Result<Option<(AccountId, String)>> {
    state
        .db()
        .fetch_optional(
            sql!("select id, name from accounts where email = $1"),
            args![email.to_lowercase()],
        )
        .await
}
