//! Founding a workspace.

use crate::{
    args,
    identity::{Role, Side},
    platform::{
        audit::{Actor, AuditedTransaction, Event},
        error::Result,
        ids::{AccountId, MemberId, WorkspaceId},
        state::AppState,
    },
    sql,
};

/// One of the first members of a new workspace; they administer it.
pub struct Founder {
    pub account: AccountId,
    pub name: String,
    pub side: Option<Side>,
    pub role: Role,
}

/// Handshakes wait this long before they count as late, and a check-in may be this late before the work
/// counts as outdated.
const SIGNATURE_DAYS: i64 = 7;

const GRACE_DAYS: i64 = 3;

/// Makes a workspace; its address comes from its name.
pub async fn create_workspace(
    state: &AppState,
    name: &str,
    zone: &str,
    founders: &[Founder],
) -> Result<(String, WorkspaceId)> {
    let id: WorkspaceId = state.fresh_id();
    let actor = founders.first().map_or_else(
        || Actor::system("The operator"),
        |founder| Actor {
            account: Some(founder.account),
            name: founder.name.clone(),
            request_id: String::new(),
        },
    );
    let mut tx = AuditedTransaction::create_chain(state, id.uuid(), actor).await?;
    let mut slug = slug_of(name);
    let taken: Option<(String,)> = tx
        .fetch_optional_unscoped(sql!("select slug from workspaces where slug = $1"), args![&slug])
        .await?;
    if taken.is_some() {
        let tail: String = id.to_string().chars().rev().take(6).collect();
        slug = format!("{slug}-{tail}");
    }
    tx.execute(
        sql!(
            "insert into workspaces (id, slug, name, zone, signature_days, grace_days, created_at) values
             ($1, $2, $3, $4, $5, $6, $7)"
        ),
        args![&slug, name, zone, SIGNATURE_DAYS, GRACE_DAYS, state.now()],
    )
    .await?;
    for founder in founders {
        let member: MemberId = state.fresh_id();
        tx.execute(
            sql!(
                "insert into members (id, workspace_id, account_id, side, role, is_admin, created_at,
                 side_since) values ($2, $1, $3, $4, $5, $6, $7, $7)"
            ),
            args![
                member,
                founder.account,
                founder.side,
                founder.role,
                true,
                state.now()
            ],
        )
        .await?;
    }
    tx.commit(Event::new("founded the workspace", "member", id.uuid(), name))
        .await?;
    Ok((slug, id))
}

fn slug_of(name: &str) -> String {
    let spaced: String = name
        .to_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' })
        .collect();
    let slug = spaced.split_whitespace().collect::<Vec<_>>().join("-");
    let slug: String = slug.chars().take(40).collect();
    if slug.is_empty() {
        "workspace".to_owned()
    } else {
        slug.trim_matches('-').to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::slug_of;

    #[test]
    fn a_workspace_is_reached_by_its_name() {
        for (name, slug) in [
            ("Retail Europe", "retail-europe"),
            ("  A & B — GmbH ", "a-b-gmbh"),
            ("株式会社", "workspace"),
        ] {
            assert_eq!(slug_of(name), slug);
        }
    }
}
