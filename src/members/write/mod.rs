//! Changing what somebody is in the workspace: their part, who leads, who is let in.

mod arbiter;

mod delegation;

mod invitation;

mod operator;

mod rename;

mod settings;

mod workspace;

use crate::{
    args,
    identity::{Action, Part, Permit, Power, Role, Side, Transaction, Viewer, sessions},
    members::read::{Member, arbiter_in},
    platform::{
        audit::Event,
        error::{Error, Result},
        ids::{AccountId, MemberId},
    },
    sql,
};

pub use arbiter::{name as name_arbiter, name_by_operator as name_arbiter_by_operator};

pub use delegation::{delegate, end as end_delegation};

pub use operator::name_administrator;

pub use invitation::{
    Invited, add, invite, invite_again, invite_all, join, withdraw as withdraw_invitation,
    withdraw_all as withdraw_all_invitations,
};

pub use rename::{record_rename, refuse_twin};

pub use settings::{SettingsInput, WaitingDays, change_settings};

pub use workspace::{Founder, create_workspace};

/// Refuses somebody who is not a working member of this side here.
pub async fn require_of_side(
    tx: &mut Transaction,
    field: &str,
    member: MemberId,
    side: Option<Side>,
) -> Result<()> {
    let found: Option<(Option<Side>,)> = tx
        .fetch_optional(
            sql!(
                "select side from members where workspace_id = $1 and id = $2 and disabled_at is
             null and role <> 'observer'"
            ),
            args![member],
        )
        .await?;
    match (found, side) {
        (Some((Some(found),)), Some(side)) if found == side => Ok(()),
        (Some(_), None) => Ok(()),
        (Some(_), Some(side)) => Err(Error::invalid(
            field,
            format!("Choose somebody of {}.", side.name()),
        )),
        (None, _) => Err(Error::invalid(field, "Choose somebody from the list.")),
    }
}

/// Tries this workspace's letters that were given up again.
pub async fn retry_letters(viewer: &Viewer) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::ManageMembers)?;
    let letters = tx.retry_letters().await?;
    if letters == 0 {
        return Ok(());
    }
    let event = Event::new("tried again", "member", None, "letters that were not delivered").at("members");
    tx.commit(permit, event.detail(letters.to_string())).await
}

/// Refuses another owner of a side that is named by somebody of the other one: who answers for a side is that
/// side's to say. Those of before and those that are wanted, each with Marketing's first, and their fields.
pub fn require_own_side_names(
    tx: &Transaction,
    before: (MemberId, MemberId),
    wanted: (MemberId, MemberId),
    fields: [&str; 2],
) -> Result<()> {
    for (side, field, changes) in [
        (Side::Marketing, fields[0], before.0 != wanted.0),
        (Side::Technology, fields[1], before.1 != wanted.1),
    ] {
        if changes && tx.side() != Some(side) {
            return Err(Error::invalid(
                field,
                format!("Only {0} changes who answers for it for {0}.", side.name()),
            ));
        }
    }
    Ok(())
}

/// The fields in which a form names both owners.
pub const OWNERS: [&str; 2] = ["marketing_owner", "technology_owner"];

// Verbs.

/// Whether somebody of one part could not keep, in another, what they answer for.
pub fn gives_up_holdings(before: Part, after: Part) -> bool {
    before.side.is_some() && (after.side != before.side || after.role == Role::Observer)
}

/// Changes side, role and the administrator flag, in the transaction that commits with what it gives. A
/// lead's side and role change only by handing over. `seen` is the part, in words, that whoever changes it
/// had before them. What a member cannot keep in the new part is handed over before.
pub async fn change_in(
    tx: &mut Transaction,
    before: &Member,
    part: Part,
    seen: Option<&str>,
) -> Result<(Permit, Event)> {
    let Part { side, role, is_admin } = part;
    let id = before.id;
    let permit = tx.permit(Action::ManageMembers)?;
    if seen.is_some_and(|seen| seen != before.part().label()) {
        return Err(Error::Conflict);
    }
    require_neutral_for_arbiter(tx, id).await?;
    for part in [before.part(), part] {
        let _ = tx
            .permit(Action::Appoint { part })
            .map_err(|_| invitation::not_yours(part))?;
    }
    if is_admin && !before.is_admin {
        invitation::require_administrator(tx)?;
    }
    let is_own = tx.member_id() == Some(id);
    if is_own && (side, role) != (before.side, before.role) && !matches!(part.power(), Power::None) {
        return Err(Error::invalid(
            "role",
            "You cannot give yourself a role that signs. Somebody else has to.",
        ));
    }
    if before.role == Role::Lead && (role != Role::Lead || side != before.side) {
        return Err(Error::invalid(
            "role",
            "A side always needs a lead. Hand over the lead first.",
        ));
    }
    if role == Role::Lead && before.role != Role::Lead {
        let taken: Option<(MemberId,)> = tx
            .fetch_optional(
                sql!("select id from members where workspace_id = $1 and side = $2 and role = 'lead'"),
                args![side],
            )
            .await?;
        if taken.is_some() {
            return Err(Error::invalid(
                "role",
                "This side has a lead already. The lead or an administrator can hand it over.",
            ));
        }
        if before.disabled_at.is_some() {
            return Err(Error::invalid("role", "A deactivated member cannot lead."));
        }
    }
    if before.is_admin && !is_admin {
        refuse_last_admin(tx, id).await?;
    }
    if side != before.side || role != before.role {
        end_delegations(tx, id).await?;
    }
    let side_since = (side != before.side).then(|| tx.now());
    tx.execute(
        sql!(
            "update members set side = $3, role = $4, is_admin = $5, side_since = coalesce($6, side_since)
             where workspace_id = $1 and id = $2"
        ),
        args![id, side, role, is_admin, side_since],
    )
    .await?;
    let event = Event::new("changed the part of", "member", id.uuid(), before.name.clone())
        .at("members")
        .detail(format!("{} → {}", before.part().label(), part.label()));
    Ok((permit, event))
}

/// Who rules between the sides is not taken away by one of them.
async fn require_neutral_for_arbiter(tx: &mut Transaction, id: MemberId) -> Result<()> {
    if arbiter_in(tx).await?.is_some_and(|arbiter| arbiter.id == id) {
        let both = Part {
            side: None,
            role: Role::Observer,
            is_admin: true,
        };
        let _ = tx.permit(Action::Appoint { part: both }).map_err(|_| {
            Error::invalid(
                "role",
                "Only an administrator of neither side can change the arbiter’s role.",
            )
        })?;
    }
    Ok(())
}

/// Who signs for whom was said of the parts they had then.
async fn end_delegations(tx: &mut Transaction, member: MemberId) -> Result<()> {
    let (now, me) = (tx.now(), tx.member_id());
    let ended = tx
        .execute(
            sql!(
                "update delegations set ended_at = $3, ended_by = $4 where workspace_id = $1 and (from_member
                 = $2 or to_member = $2) and ended_at is null"
            ),
            args![member, now, me],
        )
        .await?;
    if ended > 0 {
        let name = one_in(tx, member).await?.name;
        tx.record(Event::new("ended the delegation of", "member", member.uuid(), name).at("members"))
            .await?;
    }
    Ok(())
}

pub async fn one_in(tx: &mut Transaction, id: MemberId) -> Result<Member> {
    tx.fetch_one(
        sql!(
            "select m.id, m.account_id, m.name, m.email, m.side, m.role, m.is_admin, m.disabled_at
         from people m where m.workspace_id = $1 and m.id = $2"
        ),
        args![id],
    )
    .await
}

async fn refuse_last_admin(tx: &mut Transaction, leaving: MemberId) -> Result<()> {
    let (others,): (i64,) = tx
        .fetch_one(
            sql!(
                "select count(*) from members where workspace_id = $1 and is_admin and disabled_at
             is null and id <> $2"
            ),
            args![leaving],
        )
        .await?;
    if others == 0 {
        Err(Error::invalid(
            "is_admin",
            "The last administrator cannot give up this role.",
        ))
    } else {
        Ok(())
    }
}

pub async fn hand_over(viewer: &Viewer, side: Side, to: MemberId) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::HandOverLead { side })?;
    let next = one_in(&mut tx, to).await?;
    if next.side != Some(side) || next.role == Role::Observer || next.disabled_at.is_some() {
        return Err(Error::invalid(
            "to",
            format!("Choose an active member of {}.", side.name()),
        ));
    }
    if next.role == Role::Lead {
        return Err(Error::invalid(
            "to",
            format!("{} leads {} already.", next.name, side.name()),
        ));
    }
    let lead: Option<(MemberId,)> = tx
        .fetch_optional(
            sql!("select id from members where workspace_id = $1 and side = $2 and role = 'lead'"),
            args![side],
        )
        .await?;
    if let Some((lead,)) = lead {
        end_delegations(&mut tx, lead).await?;
    }
    tx.execute(
        sql!("update members set role = 'manager' where workspace_id = $1 and side = $2 and role = 'lead'"),
        args![side],
    )
    .await?;
    tx.execute(
        sql!("update members set role = 'lead' where workspace_id = $1 and id = $2"),
        args![to],
    )
    .await?;
    let letter = format!("{} handed the lead of {} over to you.", tx.name(), side.name());
    tx.tell(to, format!("You lead {}", side.name()), &letter, Some("desk"))
        .await?;
    let event = Event::new("handed over the lead to", "member", to.uuid(), next.name)
        .at("members")
        .detail(side.name());
    tx.commit(permit, event).await
}

/// Whether somebody is at work in another workspace, which is not signed out of by what happens in this one.
async fn works_elsewhere(tx: &mut Transaction, account: AccountId) -> Result<bool> {
    let other: Option<(MemberId,)> = tx
        .fetch_optional(
            sql!(
                "select id from members where workspace_id <> $1 and account_id = $2 and disabled_at is \
                    null limit 1"
            ),
            args![account],
        )
        .await?;
    Ok(other.is_some())
}

/// Keeps somebody out, in the transaction that commits with what it gives. What they answer for is handed
/// over before.
pub async fn disable_in(tx: &mut Transaction, member: &Member) -> Result<(Permit, Event)> {
    let permit = require_appointing(tx, member).await?;
    if member.disabled_at.is_some() {
        return Err(Error::Conflict);
    }
    if member.role == Role::Lead {
        return Err(Error::invalid(
            "",
            "A side always needs a lead. Hand over the lead first.",
        ));
    }
    if Some(member.id) == tx.member_id() {
        return Err(Error::invalid(
            "",
            "You cannot deactivate yourself. Somebody else has to.",
        ));
    }
    if member.is_admin {
        refuse_last_admin(tx, member.id).await?;
    }
    end_delegations(tx, member.id).await?;
    let now = tx.now();
    tx.execute(
        sql!("update members set disabled_at = $3 where workspace_id = $1 and id = $2"),
        args![member.id, now],
    )
    .await?;
    if !works_elsewhere(tx, member.account_id).await? {
        sessions::end_all(tx, member.account_id).await?;
    }
    Ok((permit, event("disabled", member)))
}

/// Lets somebody in again.
pub async fn enable(viewer: &Viewer, id: MemberId) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let _ = tx.permit(Action::ManageMembers)?;
    let member = one_in(&mut tx, id).await?;
    let permit = require_appointing(&mut tx, &member).await?;
    if member.disabled_at.is_none() {
        return Err(Error::Conflict);
    }
    tx.execute(
        sql!("update members set disabled_at = null where workspace_id = $1 and id = $2"),
        args![id],
    )
    .await?;
    tx.commit(permit, event("enabled", &member)).await
}

async fn require_appointing(tx: &mut Transaction, member: &Member) -> Result<Permit> {
    let _ = tx.permit(Action::ManageMembers)?;
    require_neutral_for_arbiter(tx, member.id).await?;
    let part = member.part();
    tx.permit(Action::Appoint { part })
        .map_err(|_| invitation::not_yours(part))
}

fn event(verb: &'static str, member: &Member) -> Event {
    Event::new(verb, "member", member.id.uuid(), member.name.clone()).at("members")
}
