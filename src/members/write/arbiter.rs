//! The person whom the workspace has named to rule when its two sides cannot agree: somebody who sits on
//! neither, named by another person, so that no side can turn its own view into a ruling.

use super::operator::begin_as_operator;
use crate::{
    args,
    identity::{Action, Side, Viewer},
    platform::{
        audit::Event,
        error::{Error, Result},
        ids::{AccountId, MemberId},
        state::AppState,
    },
    sql,
};

/// Names the arbiter, or nobody: an administrator who sits on neither side does.
pub async fn name(viewer: &Viewer, arbiter: Option<MemberId>) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::NameArbiter)?;
    if arbiter.is_some() && tx.member_id() == arbiter {
        return Err(Error::invalid(
            "arbiter",
            "You cannot name yourself. Another administrator or the server’s operator can.",
        ));
    }
    let (people, set) = (
        sql!("select name, side from people where workspace_id = $1 and id = $2 and disabled_at is null"),
        sql!("update workspaces set arbiter_id = $2 where id = $1"),
    );
    let label = match arbiter {
        None => "nobody".to_owned(),
        Some(id) => neutral(tx.fetch_optional(people, args![id]).await?)?,
    };
    tx.execute(set, args![arbiter]).await?;
    tx.commit(permit, event(arbiter, label)).await
}

/// Names the arbiter from outside: the operator of the server, where the only administrator of neither side
/// is to be the arbiter.
pub async fn name_by_operator(
    state: &AppState,
    workspace: &str,
    (account, name): (AccountId, &str),
) -> Result<()> {
    let mut tx = begin_as_operator(state, workspace).await?;
    let member: Option<(MemberId, Option<Side>)> = tx
        .fetch_optional(
            sql!(
                "select id, side from people where workspace_id = $1 and account_id = $2 and disabled_at is \
                    null"
            ),
            args![account],
        )
        .await?;
    let (id, side) =
        member.ok_or_else(|| Error::invalid("", format!("{name} is no member of this workspace.")))?;
    neutral(Some((name.to_owned(), side)))?;
    tx.execute(
        sql!("update workspaces set arbiter_id = $2 where id = $1"),
        args![id],
    )
    .await?;
    tx.commit(event(Some(id), name.to_owned())).await
}

/// The name of somebody who may rule between the sides.
fn neutral(found: Option<(String, Option<Side>)>) -> Result<String> {
    match found {
        None => Err(Error::invalid("arbiter", "Choose from the list.")),
        Some((_, Some(_))) => Err(Error::invalid(
            "arbiter",
            "An arbiter cannot belong to a side. Choose an observer without a side.",
        )),
        Some((name, None)) => Ok(name),
    }
}

fn event(arbiter: Option<MemberId>, label: String) -> Event {
    Event::new(
        "named as the arbiter",
        "member",
        arbiter.map(MemberId::uuid),
        label,
    )
    .at("members")
}
