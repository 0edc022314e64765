//! When a member was here last.

use crate::{
    args,
    platform::{
        error::Result,
        ids::{MemberId, WorkspaceId},
        state::AppState,
        time::Timestamp,
    },
    sql,
};

/// Away for longer, one comes for another visit.
const VISIT_HOURS: i64 = 4;

/// That somebody is here is written at most this often.
const NOTED_SECONDS: i64 = 60;

/// Notes that a member is here, who was seen last at `seen_at`. That it cannot be written keeps nobody from
/// reading.
pub(super) async fn note(
    state: &AppState,
    (workspace, member): (WorkspaceId, MemberId),
    seen_at: Option<Timestamp>,
) {
    let now = state.now();
    if seen_at.is_some_and(|seen| now < seen.plus_seconds(NOTED_SECONDS)) {
        return;
    }
    let noted = state
        .db()
        .execute(
            sql!(
                "insert into visits (workspace_id, member_id, seen_at, before_at) values ($1, $2, $3, null)
                 on conflict (member_id) do update set
                    before_at = case when visits.seen_at <= $4 then visits.seen_at else visits.before_at end,
                    seen_at = excluded.seen_at"
            ),
            args![workspace, member, now, now.plus_seconds(-VISIT_HOURS * 3600)],
        )
        .await;
    if let Err(error) = noted {
        tracing::warn!(error = %error, "a visit could not be noted");
    }
}

/// When a member's visit before this one ended.
pub(super) async fn last_visit(state: &AppState, member: MemberId) -> Result<Option<Timestamp>> {
    let found: Option<(Option<Timestamp>,)> = state
        .db()
        .fetch_optional(
            sql!("select before_at from visits where member_id = $1"),
            args![member],
        )
        .await?;
    Ok(found.and_then(|(before,)| before))
}
