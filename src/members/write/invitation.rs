//! Inviting somebody by a link that works once, for 72 hours.

use crate::{
    args,
    identity::{Action, Role, Side, Transaction, Viewer, part_label, tokens},
    members::read::OpenInvitation,
    platform::{
        audit::{AuditedTransaction, Event},
        error::{Error, Result},
        ids::{AccountId, InvitationId, MemberId},
        mail::Email,
    },
    sql,
};

const HOURS: i64 = 72;

/// Writes an invitation and gives the link, which is shown once and mailed when a mail server is configured.
pub async fn invite(
    viewer: &Viewer,
    email: &str,
    side: Option<Side>,
    role: Role,
    is_admin: bool,
) -> Result<String> {
    let mut tx = viewer.begin().await?;
    let secret = tx.fresh_secret();
    let link = tx.address(&format!("/invitations/{secret}"));
    let permit = tx.permit(Action::ManageMembers)?;
    let already: Option<(MemberId,)> = tx
        .fetch_optional(
            sql!("select m.id from people m where m.workspace_id = $1 and m.email = $2"),
            args![email],
        )
        .await?;
    if already.is_some() {
        return Err(Error::invalid("email", "This person is a member already."));
    }
    if role == Role::Lead {
        refuse_second_lead(&mut tx, side).await?;
    }
    tx.execute(
        sql!(
            "update invitations set withdrawn_at = $3 where workspace_id = $1 and email = $2 and accepted_at
             is null and withdrawn_at is null"
        ),
        args![email, tx.now()],
    )
    .await?;
    let id: InvitationId = tx.fresh_id();
    tx.execute(
        sql!(
            "insert into invitations (id, workspace_id, token_hash, email, side, role, is_admin, invited_by,
             created_at, expires_at)
         values ($2, $1, $3, $4, $5, $6, $7, $8, $9, $10)"
        ),
        args![
            id,
            tokens::hash(&secret),
            email,
            side,
            role,
            is_admin,
            tx.member_id(),
            tx.now(),
            tx.now().plus_seconds(HOURS * 3600)
        ],
    )
    .await?;
    let body = format!(
        "Hello,\n\n{} invites you to the workspace {} in Handshake, where Marketing and Technology agree on \
            a better customer experience. This link works once, for {HOURS} hours:\n\n{link}\n",
        viewer.name(),
        viewer.workspace()
    );
    let message = Email {
        to: email.to_owned(),
        subject: format!("{} invites you to {}", viewer.name(), viewer.workspace()),
        body,
    };
    tx.mail(message).await?;
    let part = part_label(side, role, is_admin);
    tx.commit(
        permit,
        Event::new("invited", "member", id.uuid(), email)
            .at("members")
            .detail(part),
    )
    .await?;
    Ok(link)
}

async fn refuse_second_lead(tx: &mut Transaction, side: Option<Side>) -> Result<()> {
    let leads: Option<(MemberId,)> = tx
        .fetch_optional(
            sql!("select id from members where workspace_id = $1 and side = $2 and role = 'lead'"),
            args![side],
        )
        .await?;
    match leads {
        Some(_) => Err(Error::invalid(
            "role",
            "This side has its lead. The lead can be handed over on the members page.",
        )),
        None => Ok(()),
    }
}

/// Takes an open invitation back.
pub async fn withdraw(viewer: &Viewer, id: InvitationId) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::ManageMembers)?;
    let (email,): (String,) = tx
        .fetch_one(
            sql!(
                "select email from invitations where workspace_id = $1 and id = $2 and accepted_at is
             null and withdrawn_at is null"
            ),
            args![id],
        )
        .await?;
    tx.execute(
        sql!("update invitations set withdrawn_at = $3 where workspace_id = $1 and id = $2"),
        args![id, tx.now()],
    )
    .await?;
    tx.commit(
        permit,
        Event::new("took back the invitation of", "member", id.uuid(), email).at("members"),
    )
    .await
}

/// Makes whoever accepts an invitation a member, in the transaction that commits the event it gives. Of two
/// at once, one accepts.
pub async fn join(
    tx: &mut AuditedTransaction,
    id: MemberId,
    account: AccountId,
    open: &OpenInvitation,
) -> Result<Event> {
    let now = tx.now();
    let accepted = tx
        .execute(
            sql!(
                "update invitations set accepted_at = $3
                 where workspace_id = $1 and id = $2 and accepted_at is null and withdrawn_at is null"
            ),
            args![open.id, now],
        )
        .await?;
    if accepted != 1 {
        return Err(Error::Gone);
    }
    let leads: Option<(MemberId,)> = tx
        .fetch_optional(
            sql!("select id from members where workspace_id = $1 and side = $2 and role = 'lead'"),
            args![open.side],
        )
        .await?;
    // The side may have got its lead since the invitation was written.
    let role = if open.role == Role::Lead && leads.is_some() {
        Role::Manager
    } else {
        open.role
    };
    add(tx, id, account, open.side, role, open.is_admin).await
}

/// Adds a member, in the transaction that commits the event it gives.
pub async fn add(
    tx: &mut AuditedTransaction,
    id: MemberId,
    account: AccountId,
    side: Option<Side>,
    role: Role,
    is_admin: bool,
) -> Result<Event> {
    let now = tx.now();
    tx.execute(
        sql!(
            "insert into members (id, workspace_id, account_id, side, role, is_admin, created_at, side_since)
             values ($2, $1, $3, $4, $5, $6, $7, $7)"
        ),
        args![id, account, side, role, is_admin, now],
    )
    .await?;
    Ok(Event::new("joined as", "member", id.uuid(), part_label(side, role, is_admin)).at("members"))
}
