//! A form that somebody has begun and not sent: kept for them alone, until it is sent or replaced. Not of the
//! product's record, so no event tells of it.

use super::Viewer;
use crate::{
    args,
    platform::{
        error::{Error, Result},
        form::Form,
        state::AppState,
    },
    sql,
};

/// Longer than any form, and than the largest table that is read.
const MOST_KEPT: usize = 8 << 20;

/// What nobody went on with for so long is not kept.
const KEPT_DAYS: i64 = 30;

/// Forgets what nobody went on with; gives how much that was.
pub async fn purge(state: &AppState) -> Result<u64> {
    let long_ago = state.now().plus_seconds(-KEPT_DAYS * 24 * 3600);
    state
        .db()
        .execute(sql!("delete from drafts where saved_at < $1"), args![long_ago])
        .await
}

/// Keeps what was typed at `path`, in the place of what was kept there before.
///
/// # Errors
/// `TooLarge` for more than anybody types: a table of long texts.
pub async fn save(viewer: &Viewer, path: &str, form: &Form) -> Result<()> {
    let fields = form.encode();
    if fields.len() > MOST_KEPT {
        return Err(Error::TooLarge);
    }
    viewer
        .execute_unaudited(
            sql!(
                "insert into drafts (workspace_id, member_id, path, fields, saved_at) values ($1, $2, $3, $4,
                 $5)
             on conflict (member_id, path) do update set fields = excluded.fields, saved_at =
             excluded.saved_at"
            ),
            args![viewer.member_id(), path, fields, viewer.now()],
        )
        .await?;
    Ok(())
}

/// What the viewer has kept at `path`.
pub async fn load(viewer: &Viewer, path: &str) -> Result<Option<Form>> {
    let found: Option<(String,)> = viewer
        .fetch_optional(
            sql!("select fields from drafts where workspace_id = $1 and member_id = $2 and path = $3"),
            args![viewer.member_id(), path],
        )
        .await?;
    found.map(|(fields,)| Form::parse(fields.as_bytes())).transpose()
}

pub async fn forget(viewer: &Viewer, path: &str) -> Result<()> {
    viewer
        .execute_unaudited(
            sql!("delete from drafts where workspace_id = $1 and member_id = $2 and path = $3"),
            args![viewer.member_id(), path],
        )
        .await?;
    Ok(())
}
