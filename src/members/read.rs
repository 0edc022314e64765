//! What is asked of a workspace's people.

use crate::{
    args,
    identity::{Part, Role, Side, Transaction, Viewer, tokens},
    platform::{
        db::Sql,
        error::{Error, Result},
        ids::{AccountId, DelegationId, InvitationId, MemberId, WorkspaceId},
        state::AppState,
        text::is_twin,
        time::{Day, Timestamp},
    },
    sql,
};

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Member {
    pub id: MemberId,
    pub account_id: AccountId,
    pub name: String,
    pub email: String,
    pub side: Option<Side>,
    pub role: Role,
    pub is_admin: bool,
    pub disabled_at: Option<Timestamp>,
}

impl Member {
    pub const fn part(&self) -> Part {
        Part {
            side: self.side,
            role: self.role,
            is_admin: self.is_admin,
        }
    }
}

/// What a workspace is called, and how it counts.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct WorkspaceSettings {
    pub name: String,
    /// In the IANA database's words, `Europe/Berlin`.
    pub zone: String,
    /// ISO 4217, `EUR`.
    pub currency: String,
    pub signature_days: i64,
    pub grace_days: i64,
    pub version: i64,
}

pub async fn settings(viewer: &Viewer) -> Result<WorkspaceSettings> {
    viewer
        .fetch_one(
            sql!(
                "select name, zone, currency, signature_days, grace_days, version from workspace_settings
                 where id = $1"
            ),
            Vec::new(),
        )
        .await
}

/// Everybody, leads first.
pub async fn all(viewer: &Viewer) -> Result<Vec<Member>> {
    viewer
        .fetch_all(
            sql!(
                "select m.id, m.account_id, m.name, m.email, m.side, m.role, m.is_admin, m.disabled_at
             from people m where m.workspace_id = $1
             order by m.disabled_at is not null, case m.role when 'lead' then 0 when 'manager' then 1 when
             'contributor' then 2 else 3 end, m.name, m.id limit 500"
            ),
            Vec::new(),
        )
        .await
}

/// Those who can be given work: not disabled, not observers.
pub async fn workers(viewer: &Viewer) -> Result<Vec<Member>> {
    Ok(all(viewer)
        .await?
        .into_iter()
        .filter(|member| member.disabled_at.is_none() && member.role != Role::Observer)
        .collect())
}

/// `(value, label)` pairs for choosing a member, of one side or of both.
pub fn options(members: &[Member], side: Option<Side>) -> Vec<(String, String)> {
    members
        .iter()
        .filter(|member| side.is_none() || member.side == side)
        .map(|member| {
            let twins = members
                .iter()
                .filter(|other| is_twin(&other.name, &member.name))
                .count();
            // Two who are read as one are told apart by their addresses.
            let name = if twins > 1 {
                format!("{} ({})", member.name, member.email)
            } else {
                member.name.clone()
            };
            let label = match (side, member.side) {
                (None, Some(side)) => format!("{name} · {}", side.name()),
                _ => name,
            };
            (member.id.to_string(), label)
        })
        .collect()
}

/// The viewer, and everybody for whom the viewer stands in: a lead, for those of their side who are kept out.
pub async fn stood_in_for(viewer: &Viewer) -> Result<Vec<MemberId>> {
    let rows: Vec<(MemberId,)> = viewer
        .fetch_all(
            sql!("select stands_for from standing_in where workspace_id = $1 and member_id = $2"),
            args![viewer.member_id()],
        )
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

#[derive(Clone, sqlx::FromRow)]
pub struct WorkspaceName {
    pub slug: String,
    pub name: String,
}

pub async fn workspaces_of(state: &AppState, account: AccountId) -> Result<Vec<WorkspaceName>> {
    state
        .db()
        .fetch_all(
            sql!(
                "select w.slug, w.name from members m join workspaces w on w.id = m.workspace_id where
                 m.account_id = $1 and m.disabled_at is null order by w.name, w.id limit 100"
            ),
            args![account],
        )
        .await
}

/// Whether somebody administers a workspace.
pub async fn administers_any(state: &AppState, account: AccountId) -> Result<bool> {
    let found: Option<(MemberId,)> = state
        .db()
        .fetch_optional(
            sql!("select id from members where account_id = $1 and is_admin and disabled_at is null limit 1"),
            args![account],
        )
        .await?;
    Ok(found.is_some())
}

pub async fn load(viewer: &Viewer, id: MemberId) -> Result<Member> {
    all(viewer)
        .await?
        .into_iter()
        .find(|member| member.id == id)
        .ok_or(Error::NotFound)
}

/// An invitation as the members page lists it.
#[derive(Clone, sqlx::FromRow)]
pub struct Pending {
    pub id: InvitationId,
    pub email: String,
    pub side: Option<Side>,
    pub role: Role,
    pub is_admin: bool,
    pub expires_at: Timestamp,
    /// Nobody for those that the set-up wrote.
    pub invited_by: Option<String>,
}

impl Pending {
    pub const fn part(&self) -> Part {
        Part {
            side: self.side,
            role: self.role,
            is_admin: self.is_admin,
        }
    }
}

pub async fn pending_invitations(viewer: &Viewer) -> Result<Vec<Pending>> {
    viewer
        .fetch_all(
            sql!(
                "select i.id, i.email, i.side, i.role, i.is_admin, i.expires_at, m.name as invited_by
                 from invitations i left join people m on m.id = i.invited_by
                 where i.workspace_id = $1 and i.accepted_at is null and i.withdrawn_at is null
                 order by i.created_at desc limit 100"
            ),
            Vec::new(),
        )
        .await
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Arbiter {
    pub id: MemberId,
    pub name: String,
}

const NAMED: Sql = sql!(
    "select m.id, m.name from workspaces w join people m on m.id = w.arbiter_id
     where w.id = $1 and m.disabled_at is null and m.side is null"
);

pub async fn arbiter(viewer: &Viewer) -> Result<Option<Arbiter>> {
    viewer.fetch_optional(NAMED, Vec::new()).await
}

/// The same, as things stand within a transaction.
pub async fn arbiter_in(tx: &mut Transaction) -> Result<Option<Arbiter>> {
    tx.fetch_optional(NAMED, Vec::new()).await
}

/// Who signs for whom, and until when.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Delegation {
    pub id: DelegationId,
    pub side: Side,
    pub lead_id: MemberId,
    pub lead: String,
    pub deputy_id: MemberId,
    pub deputy: String,
    pub starts_on: Day,
    pub ends_on: Day,
}

/// Those that hold today or will.
pub async fn delegations(viewer: &Viewer) -> Result<Vec<Delegation>> {
    viewer
        .fetch_all(
            sql!(
                "select g.id, g.side, g.from_member as lead_id, f.name as lead, g.to_member as deputy_id,
                 t.name as deputy, g.starts_on,
                 g.ends_on
             from delegations g join people f on f.id = g.from_member
             join people t on t.id = g.to_member
             where g.workspace_id = $1 and g.ended_at is null and g.ends_on >= $2 and f.role = 'lead' and
             f.side = g.side
               and t.role = 'manager' and t.side = g.side and t.disabled_at is null order by g.side"
            ),
            args![viewer.today()],
        )
        .await
}

/// An invitation as whoever follows its link finds it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct OpenInvitation {
    pub id: InvitationId,
    pub workspace_id: WorkspaceId,
    pub workspace: String,
    pub slug: String,
    pub email: String,
    pub side: Option<Side>,
    pub role: Role,
    pub is_admin: bool,
    pub invited_by: Option<MemberId>,
    expires_at: Timestamp,
}

impl OpenInvitation {
    pub const fn part(&self) -> Part {
        Part {
            side: self.side,
            role: self.role,
            is_admin: self.is_admin,
        }
    }
}

/// The invitation of a link's secret, unless it was used, taken back, or has expired.
pub async fn open_invitation(state: &AppState, secret: &str) -> Result<Option<OpenInvitation>> {
    let open: Option<OpenInvitation> = state
        .db()
        .fetch_optional(
            sql!(
                "select i.id, i.workspace_id, w.name as workspace, w.slug, i.email, i.side, i.role,
                 i.is_admin, i.invited_by, i.expires_at
                 from invitations i join workspaces w on w.id = i.workspace_id
                 where i.token_hash = $1 and i.accepted_at is null and i.withdrawn_at is null"
            ),
            args![tokens::hash(secret)],
        )
        .await?;
    Ok(open.filter(|open| open.expires_at > state.now()))
}
