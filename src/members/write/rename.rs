//! Somebody goes by another name: every workspace that they are in says so in its history.

use crate::{
    args,
    platform::{
        audit::{Actor, AuditedTransaction, Event},
        error::{Error, Result},
        ids::{AccountId, MemberId, WorkspaceId},
        state::AppState,
        text::is_twin,
    },
    sql,
};

/// A signature names one person: nobody takes a name that reads as somebody else's of their workspaces, nor
/// one under which somebody else has acted there. Asked in the transaction that gives the name, so that of
/// two renames at once the second sees the first.
pub async fn refuse_twin(tx: &mut AuditedTransaction, account: AccountId, name: &str) -> Result<()> {
    let others: Vec<(String,)> = tx
        .fetch_all_unscoped(
            sql!(
                "select p.name from people p where p.account_id <> $1
                 and p.workspace_id in (select m.workspace_id from members m where m.account_id = $1)
                 union select e.actor from workspace_events e where e.actor_id is not null and e.actor_id <> $1
                 and e.verb <> 'changed the name of' and e.chain_id in (select m.workspace_id from members m where m.account_id = $1)"
            ),
            args![account],
        )
        .await?;
    refuse_if_taken(&others, name)
}

/// The same, of whoever joins a workspace.
pub(super) async fn refuse_twin_here(
    tx: &mut AuditedTransaction,
    account: AccountId,
    name: &str,
) -> Result<()> {
    let others: Vec<(String,)> = tx
        .fetch_all(
            sql!(
                "select p.name from people p where p.workspace_id = $1 and p.account_id <> $2
                 union select e.actor from workspace_events e where e.chain_id = $1 and e.actor_id is not null
                 and e.actor_id <> $2 and e.verb <> 'changed the name of'"
            ),
            args![account],
        )
        .await?;
    refuse_if_taken(&others, name)
}

fn refuse_if_taken(others: &[(String,)], name: &str) -> Result<()> {
    match others.iter().find(|(other,)| is_twin(other, name)) {
        None => Ok(()),
        Some((other,)) => Err(Error::invalid(
            "name",
            format!(
                "{other} is in this workspace already, or was, and a signature names one person. Add something that \
                 tells you apart, such as a middle name."
            ),
        )),
    }
}

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
