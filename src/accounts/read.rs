//! What is asked of accounts outside of any workspace.

use crate::{
    platform::{error::Result, state::AppState},
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
