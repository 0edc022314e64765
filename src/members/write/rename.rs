//! Somebody goes by another name: every workspace that they are in says so in its history.

use crate::{
    args,
    platform::{
        audit::{Actor, AuditedTransaction, Event},
        error::Result,
        ids::{AccountId, MemberId, WorkspaceId},
        state::AppState,
    },
    sql,
};

/// Records the change of a name in the workspaces of an account.
pub async fn record_rename(state: &AppState, account: AccountId, (old, new): (&str, &str)) -> Result<()> {
    let parts: Vec<(WorkspaceId, MemberId)> = state
        .db()
        .fetch_all(
            sql!("select workspace_id, id from members where account_id = $1 order by workspace_id"),
            args![account],
        )
        .await?;
    for (workspace, member) in parts {
        let actor = Actor {
            account: Some(account),
            name: new.to_owned(),
            request_id: String::new(),
        };
        let tx = AuditedTransaction::open(state, workspace.uuid(), actor).await?;
        let event = Event::new("changed the name of", "member", member.uuid(), new)
            .at(format!("members/{member}"))
            .with_changes(&[("Name", old, new)]);
        tx.commit(event).await?;
    }
    Ok(())
}
