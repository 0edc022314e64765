//! What the operator of the server does for a workspace.

use crate::{
    args,
    identity::{Part, Role, Side},
    platform::{
        audit::{Actor, AuditedTransaction, Event},
        error::{Error, Result},
        ids::{AccountId, MemberId, WorkspaceId},
        state::AppState,
    },
    sql,
};

/// Opens a transaction in which the operator acts in the workspace of this name.
pub(super) async fn begin_as_operator(state: &AppState, workspace: &str) -> Result<AuditedTransaction> {
    let found: Option<(WorkspaceId,)> = state
        .db()
        .fetch_optional(
            sql!("select id from workspaces where slug = $1"),
            args![workspace],
        )
        .await?;
    let (workspace,) = found.ok_or(Error::NotFound)?;
    AuditedTransaction::open(state, workspace.uuid(), Actor::system("The operator")).await
}

/// Makes somebody with an account an administrator of a workspace who sits on neither side, and so answers to
/// both: the way out when nobody is left who may give a side its lead.
pub async fn name_administrator(
    state: &AppState,
    workspace: &str,
    (account, name): (AccountId, &str),
) -> Result<()> {
    let mut tx = begin_as_operator(state, workspace).await?;
    let member: Option<(MemberId, Option<Side>)> = tx
        .fetch_optional(
            sql!("select id, side from members where workspace_id = $1 and account_id = $2"),
            args![account],
        )
        .await?;
    let part = Part {
        side: None,
        role: Role::Observer,
        is_admin: true,
    };
    let event = match member {
        None => super::add(&mut tx, state.fresh_id(), account, part, None).await?,
        Some((_, Some(side))) => {
            return Err(Error::invalid(
                "",
                format!(
                    "{name} sits on the side of {}. Who answers to both sits on neither.",
                    side.name()
                ),
            ));
        }
        Some((id, None)) => {
            tx.execute(
                sql!(
                    "update members set is_admin = true, disabled_at = null where workspace_id = $1 and id =
                     $2"
                ),
                args![id],
            )
            .await?;
            Event::new("named as an administrator", "member", id.uuid(), name).at("members")
        }
    };
    tx.commit(event).await
}
