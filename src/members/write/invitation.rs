//! Inviting somebody by a link that works once, for 72 hours.

use crate::{
    args,
    identity::{Action, Part, Permit, Power, Role, Side, SystemActor, Transaction, Viewer, tokens},
    members::read::OpenInvitation,
    platform::{
        audit::{AuditedTransaction, Event},
        error::{Error, Problem, Result},
        ids::{AccountId, InvitationId, MemberId},
        mail::Email,
        state::AppState,
    },
    sql,
};

const HOURS: i64 = 72;

/// An address that was invited, and its link where that is shown.
#[derive(Clone, Debug)]
pub struct Invited {
    pub email: String,
    pub link: Option<String>,
}

/// Invites one address.
pub async fn invite(viewer: &Viewer, email: &str, part: Part) -> Result<Option<String>> {
    let mut invited = invite_all(viewer, &[email.to_owned()], part).await?;
    Ok(invited.pop().and_then(|invited| invited.link))
}

/// Invites every address to the same part, or none: what is wrong names its address.
pub async fn invite_all(viewer: &Viewer, emails: &[String], part: Part) -> Result<Vec<Invited>> {
    if part.role == Role::Lead && emails.len() > 1 {
        return Err(Error::invalid(
            "email",
            "A side has one lead. Invite one address.",
        ));
    }
    let mut tx = viewer.begin().await?;
    let mut all = Vec::with_capacity(emails.len());
    let mut last: Option<(Permit, Event)> = None;
    for email in emails {
        let written = write_invitation(viewer, &mut tx, email, part).await;
        let (invited, permit, event) = written.map_err(|error| match error {
            Error::Invalid(problems) if emails.len() > 1 => Error::Invalid(
                problems
                    .into_iter()
                    .map(|problem| Problem {
                        what: format!("{email}: {}", problem.what),
                        ..problem
                    })
                    .collect(),
            ),
            error => error,
        })?;
        all.push(invited);
        if let Some((_, event)) = last.replace((permit, event)) {
            tx.record(event).await?;
        }
    }
    let (permit, event) = last.ok_or_else(|| Error::invalid("email", "Write an address."))?;
    tx.commit(permit, event).await?;
    Ok(all)
}

/// Sends an invitation again, with a new link and the same part; the earlier link ends.
pub async fn invite_again(viewer: &Viewer, id: InvitationId) -> Result<Invited> {
    let mut tx = viewer.begin().await?;
    let _ = tx.permit(Action::ManageMembers)?;
    let (email, side, role, is_admin): (String, Option<Side>, Role, bool) = tx
        .fetch_one(
            sql!(
                "select email, side, role, is_admin from invitations where workspace_id = $1 and
                 id = $2 and accepted_at is null and withdrawn_at is null"
            ),
            args![id],
        )
        .await?;
    let part = Part { side, role, is_admin };
    let (invited, permit, event) = write_invitation(viewer, &mut tx, &email, part).await?;
    tx.commit(permit, event).await?;
    Ok(invited)
}

/// Writes an invitation and mails its link when a mail server is configured. Gives the link to be shown,
/// once: to whoever invites to their own side, and to everybody when no mail goes out. With the link of the
/// other side's people in hand, one person could join as two.
async fn write_invitation(
    viewer: &Viewer,
    tx: &mut Transaction,
    email: &str,
    part: Part,
) -> Result<(Invited, Permit, Event)> {
    let Part { side, role, is_admin } = part;
    let secret = tx.fresh_secret();
    let link = tx.address(&format!("/invitations/{secret}"));
    let is_first = role == Role::Lead && has_nobody(tx, side).await?;
    let action = if is_first {
        Action::InviteFirstLead
    } else {
        Action::Appoint { part }
    };
    let permit = tx.permit(action).map_err(|_| not_yours(part))?;
    if is_admin {
        require_administrator(tx)?;
    }
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
        refuse_second_lead(tx, side, email).await?;
    }
    refuse_to_replace(tx, email, part).await?;
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
    let message = Email::text(
        email.to_owned(),
        format!("{} invites you to {}", viewer.name(), viewer.workspace()),
        body,
    );
    tx.mail(message).await?;
    let is_shown =
        !viewer.sends_mail() || part.power() == Power::None || (side.is_some() && viewer.side() == side);
    let is_of_another_side = side.is_some() && viewer.side() != side;
    let detail = if is_shown && is_of_another_side {
        format!("{}; the link was shown to {}", part.label(), viewer.name())
    } else {
        part.label()
    };
    let event = Event::new("invited", "member", id.uuid(), email)
        .at("members")
        .detail(detail);
    let invited = Invited {
        email: email.to_owned(),
        link: is_shown.then_some(link),
    };
    Ok((invited, permit, event))
}

/// Who gives this part instead.
/// Administrators alone name others.
pub(super) fn require_administrator(tx: &Transaction) -> Result<()> {
    match tx.permit(Action::NameAdministrator) {
        Ok(_) => Ok(()),
        Err(_) => Err(Error::invalid(
            "is_admin",
            "Only an administrator can name another one.",
        )),
    }
}

pub(super) fn not_yours(part: Part) -> Error {
    let whose = match part.power() {
        Power::None => "Administrators invite observers. Leads invite people of their own side.".to_owned(),
        Power::Over(side) => format!(
            "Only the lead of {}, an administrator of {0}, or an administrator of neither side can change \
                its people.",
            side.name()
        ),
        Power::OverBoth => {
            "Only another administrator of neither side, or the server’s operator, can name one.".to_owned()
        }
    };
    Error::invalid("role", whose)
}

/// Whether nobody ever sat on this side.
async fn has_nobody(tx: &mut Transaction, side: Option<Side>) -> Result<bool> {
    let anybody: Option<(MemberId,)> = tx
        .fetch_optional(
            sql!("select id from members where workspace_id = $1 and side = $2 limit 1"),
            args![side],
        )
        .await?;
    Ok(side.is_some() && anybody.is_none())
}

/// Inviting an address again replaces its open invitation: never by another part, and only one's own, or one
/// that one could give.
async fn refuse_to_replace(tx: &mut Transaction, email: &str, wanted: Part) -> Result<()> {
    let open: Vec<(Option<Side>, Role, bool, Option<MemberId>)> = tx
        .fetch_all(
            sql!(
                "select side, role, is_admin, invited_by from invitations where workspace_id = $1 and
                 email = $2 and accepted_at is null and withdrawn_at is null and expires_at > $3"
            ),
            args![email, tx.now()],
        )
        .await?;
    for (side, role, is_admin, invited_by) in open {
        let part = Part { side, role, is_admin };
        if part != wanted {
            return Err(Error::invalid(
                "email",
                format!(
                    "This address is invited as {} already. Withdraw that invitation first, or send it \
                        again.",
                    part.label()
                ),
            ));
        }
        if invited_by != tx.member_id() {
            let _ = tx.permit(Action::Appoint { part }).map_err(|_| {
                Error::invalid(
                    "email",
                    format!("This address is invited as {} already.", part.label()),
                )
            })?;
        }
    }
    Ok(())
}

async fn refuse_second_lead(tx: &mut Transaction, side: Option<Side>, email: &str) -> Result<()> {
    let open: Option<(String,)> = tx
        .fetch_optional(
            sql!(
                "select email from invitations where workspace_id = $1 and side = $2 and role = 'lead' and
                 email <> $3 and accepted_at is null and withdrawn_at is null and expires_at > $4"
            ),
            args![side, email, tx.now()],
        )
        .await?;
    if let Some((invited,)) = open {
        return Err(Error::invalid(
            "role",
            format!("{invited} is invited to lead this side. Withdraw that invitation first."),
        ));
    }
    let leads: Option<(MemberId,)> = tx
        .fetch_optional(
            sql!("select id from members where workspace_id = $1 and side = $2 and role = 'lead'"),
            args![side],
        )
        .await?;
    match leads {
        Some(_) => Err(Error::invalid(
            "role",
            "This side has a lead already. Hand over the lead on the members page instead.",
        )),
        None => Ok(()),
    }
}

/// Takes an open invitation back.
pub async fn withdraw(viewer: &Viewer, id: InvitationId) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let may = tx.permit(Action::ManageMembers)?;
    let (email, side, role, is_admin, invited_by): (String, Option<Side>, Role, bool, Option<MemberId>) = tx
        .fetch_one(
            sql!(
                "select email, side, role, is_admin, invited_by from invitations where workspace_id = $1 and
                 id = $2 and accepted_at is null and withdrawn_at is null"
            ),
            args![id],
        )
        .await?;
    let part = Part { side, role, is_admin };
    let permit = if invited_by == tx.member_id() {
        may
    } else {
        tx.permit(Action::Appoint { part })?
    };
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

/// Takes back every open invitation of every workspace, after a backup was restored: some of them may have
/// been taken back since.
pub async fn withdraw_all(state: &AppState) -> Result<()> {
    for system in SystemActor::everywhere(state).await? {
        let (mut tx, permit) = system.begin().await?;
        let now = tx.now();
        let withdrawn = tx
            .execute(
                sql!(
                    "update invitations set withdrawn_at = $2
                     where workspace_id = $1 and accepted_at is null and withdrawn_at is null"
                ),
                args![now],
            )
            .await?;
        if withdrawn > 0 {
            let event = Event::new("took back", "member", None, "every open invitation").at("members");
            tx.commit(permit, event).await?;
        }
    }
    Ok(())
}

/// Makes whoever accepts an invitation a member, in the transaction that commits the event it gives. Of two
/// at once, one accepts.
pub async fn join(
    tx: &mut AuditedTransaction,
    id: MemberId,
    (account, name): (AccountId, &str),
    open: &OpenInvitation,
) -> Result<Event> {
    super::rename::refuse_twin_here(tx, account, name).await?;
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
    // The side may have got its lead since the invitation was written: then it was for nothing else.
    if open.role == Role::Lead && leads.is_some() {
        return Err(Error::Gone);
    }
    add(tx, id, account, open.part(), open.invited_by).await
}

/// Adds a member, in the transaction that commits the event it gives.
pub async fn add(
    tx: &mut AuditedTransaction,
    id: MemberId,
    account: AccountId,
    part: Part,
    invited_by: Option<MemberId>,
) -> Result<Event> {
    let now = tx.now();
    tx.execute(
        sql!(
            "insert into members (id, workspace_id, account_id, side, role, is_admin, created_at, side_since,
             invited_by) values ($2, $1, $3, $4, $5, $6, $7, $7, $8)"
        ),
        args![id, account, part.side, part.role, part.is_admin, now, invited_by],
    )
    .await?;
    Ok(Event::new("joined as", "member", id.uuid(), part.label()).at("members"))
}
