//! The members of a workspace: who is on which side, in which role; changing that; handing over a lead; disabling.

use axum::{extract::Path, response::IntoResponse};
use leptos::prelude::*;

use super::{
    Action, FormResponse, Page, Redirect, Role, Viewer,
    arbiter::{self, Arbiter},
    delegation::{self, Delegation},
    invitations::{self, Pending, part_in_words},
    respond,
};
use crate::{
    args,
    handshake::Side,
    platform::{
        audit::{Actor, AuditedTransaction, Event},
        error::{Error, Result},
        form::Form,
        ids::{AccountId, MemberId, WorkspaceId},
        state::AppState,
        time::Timestamp,
    },
    ui::{Actions, Avatar, Crumb, Hidden, Notice, Pill, PostForm, RadioGroup, Section, Select, Tone},
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

/// Everybody, leads first.
pub async fn all(viewer: &Viewer) -> Result<Vec<Member>> {
    viewer
        .fetch_all(
            "select m.id, m.account_id, a.name, a.email, m.side, m.role, m.is_admin, m.disabled_at
             from members m join accounts a on a.id = m.account_id where m.workspace_id = $1
             order by m.disabled_at is not null, case m.role when 'lead' then 0 when 'manager' then 1 when 'contributor' then 2 else 3 end, a.name, m.id limit 500",
            Vec::new(),
        )
        .await
}

/// Those who can be given work: not disabled, not observers.
pub async fn workers(viewer: &Viewer) -> Result<Vec<Member>> {
    Ok(all(viewer).await?.into_iter().filter(|member| member.disabled_at.is_none() && member.role != Role::Observer).collect())
}

/// `(value, label)` pairs for choosing a member, of one side or of both.
pub fn options(members: &[Member], side: Option<Side>) -> Vec<(String, String)> {
    members
        .iter()
        .filter(|member| side.is_none() || member.side == side)
        .map(|member| {
            let label = match (side, member.side) {
                (None, Some(side)) => format!("{} · {}", member.name, side.name()),
                _ => member.name.clone(),
            };
            (member.id.to_string(), label)
        })
        .collect()
}

/// Refuses somebody who is not a working member of this side here.
pub async fn require_of_side(tx: &mut super::Transaction, field: &str, member: MemberId, side: Option<Side>) -> Result<()> {
    let found: Option<(Option<Side>,)> =
        tx.fetch_optional("select side from members where workspace_id = $1 and id = $2 and disabled_at is null and role <> 'observer'", args![member]).await?;
    match (found, side) {
        (Some((Some(found),)), Some(side)) if found == side => Ok(()),
        (Some(_), None) => Ok(()),
        (Some(_), Some(side)) => Err(Error::invalid(field, format!("Choose somebody of {}.", side.name()))),
        (None, _) => Err(Error::invalid(field, "Choose somebody from the list.")),
    }
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
            "select w.slug, w.name from members m join workspaces w on w.id = m.workspace_id where m.account_id = $1 and m.disabled_at is null order by w.name, w.id limit 100",
            args![account],
        )
        .await
}

/// One of the first members of a new workspace; they administer it.
pub struct Founder {
    pub account: AccountId,
    pub name: String,
    pub side: Option<Side>,
    pub role: Role,
}

/// Handshakes wait this long before they count as late, and a check-in may be this late before the work counts as outdated.
const SIGNATURE_DAYS: i64 = 7;
const GRACE_DAYS: i64 = 3;

/// Makes a workspace; its address comes from its name.
pub async fn create_workspace(state: &AppState, name: &str, zone: &str, founders: &[Founder]) -> Result<(String, WorkspaceId)> {
    let id: WorkspaceId = state.fresh_id();
    let actor = founders.first().map_or_else(
        || Actor::system("The operator"),
        |founder| Actor { account: Some(founder.account), name: founder.name.clone(), request_id: String::new() },
    );
    let mut tx = AuditedTransaction::create_chain(state, id.uuid(), actor).await?;
    let mut slug = slug_of(name);
    let taken: Option<(String,)> = tx.fetch_optional_unscoped("select slug from workspaces where slug = $1", args![&slug]).await?;
    if taken.is_some() {
        let tail: String = id.to_string().chars().rev().take(6).collect();
        slug = format!("{slug}-{tail}");
    }
    tx.execute(
        "insert into workspaces (id, slug, name, zone, signature_days, grace_days, created_at) values ($1, $2, $3, $4, $5, $6, $7)",
        args![&slug, name, zone, SIGNATURE_DAYS, GRACE_DAYS, state.now()],
    )
    .await?;
    for founder in founders {
        let member: MemberId = state.fresh_id();
        tx.execute(
            "insert into members (id, workspace_id, account_id, side, role, is_admin, created_at, side_since) values ($2, $1, $3, $4, $5, $6, $7, $7)",
            args![member, founder.account, founder.side, founder.role, true, state.now()],
        )
        .await?;
    }
    tx.commit(Event::new("founded the workspace", "member", id.uuid(), name)).await?;
    Ok((slug, id))
}

fn slug_of(name: &str) -> String {
    let spaced: String = name.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }).collect();
    let slug = spaced.split_whitespace().collect::<Vec<_>>().join("-");
    let slug: String = slug.chars().take(40).collect();
    if slug.is_empty() { "workspace".to_owned() } else { slug.trim_matches('-').to_owned() }
}

// Verbs.

/// Changes side, role and the administrator flag. A lead's side and role change only by handing over.
async fn change(viewer: &Viewer, id: MemberId, side: Option<Side>, role: Role, is_admin: bool) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::ManageMembers)?;
    let before = one_in(&mut tx, id).await?;
    if before.role == Role::Lead && (role != Role::Lead || side != before.side) {
        return Err(Error::invalid("role", "A side always has its lead: hand the lead over first."));
    }
    if role == Role::Lead && before.role != Role::Lead {
        let taken: Option<(MemberId,)> =
            tx.fetch_optional("select id from members where workspace_id = $1 and side = $2 and role = 'lead'", args![side]).await?;
        if taken.is_some() {
            return Err(Error::invalid("role", "This side has its lead. The lead hands it over, or an administrator does."));
        }
        if before.disabled_at.is_some() {
            return Err(Error::invalid("role", "A disabled member leads nobody."));
        }
    }
    if before.is_admin && !is_admin {
        refuse_last_admin(&mut tx, id).await?;
    }
    if side != before.side || role != before.role {
        end_delegations(&mut tx, id).await?;
    }
    let side_since = (side != before.side).then(|| tx.now());
    tx.execute(
        "update members set side = $3, role = $4, is_admin = $5, side_since = coalesce($6, side_since) where workspace_id = $1 and id = $2",
        args![id, side, role, is_admin, side_since],
    )
    .await?;
    let event = Event::new("changed the part of", "member", id.uuid(), before.name.clone()).at("members").detail(format!(
        "{} → {}",
        part_in_words(before.side, before.role, before.is_admin),
        part_in_words(side, role, is_admin)
    ));
    tx.commit(permit, event).await
}

/// Who signs for whom was said of the parts they had then.
async fn end_delegations(tx: &mut super::Transaction, member: MemberId) -> Result<()> {
    let (now, me) = (tx.now(), tx.member_id());
    let ended = tx
        .execute(
            "update delegations set ended_at = $3, ended_by = $4 where workspace_id = $1 and (from_member = $2 or to_member = $2) and ended_at is null",
            args![member, now, me],
        )
        .await?;
    if ended > 0 {
        let name = one_in(tx, member).await?.name;
        tx.record(Event::new("ended the delegation of", "member", member.uuid(), name).at("members")).await?;
    }
    Ok(())
}

async fn one_in(tx: &mut super::Transaction, id: MemberId) -> Result<Member> {
    tx.fetch_one(
        "select m.id, m.account_id, a.name, a.email, m.side, m.role, m.is_admin, m.disabled_at
         from members m join accounts a on a.id = m.account_id where m.workspace_id = $1 and m.id = $2",
        args![id],
    )
    .await
}

async fn refuse_last_admin(tx: &mut super::Transaction, leaving: MemberId) -> Result<()> {
    let (others,): (i64,) =
        tx.fetch_one("select count(*) from members where workspace_id = $1 and is_admin and disabled_at is null and id <> $2", args![leaving]).await?;
    if others == 0 { Err(Error::invalid("is_admin", "The last administrator stays one.")) } else { Ok(()) }
}

async fn hand_over(viewer: &Viewer, side: Side, to: MemberId) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::HandOverLead { side })?;
    let next = one_in(&mut tx, to).await?;
    if next.side != Some(side) || next.role == Role::Observer || next.disabled_at.is_some() {
        return Err(Error::invalid("to", format!("Choose a working member of {}.", side.name())));
    }
    if next.role == Role::Lead {
        return Err(Error::invalid("to", format!("{} leads {} already.", next.name, side.name())));
    }
    let lead: Option<(MemberId,)> = tx.fetch_optional("select id from members where workspace_id = $1 and side = $2 and role = 'lead'", args![side]).await?;
    if let Some((lead,)) = lead {
        end_delegations(&mut tx, lead).await?;
    }
    tx.execute("update members set role = 'manager' where workspace_id = $1 and side = $2 and role = 'lead'", args![side]).await?;
    tx.execute("update members set role = 'lead' where workspace_id = $1 and id = $2", args![to]).await?;
    let event = Event::new("handed over the lead to", "member", to.uuid(), next.name).at("members").detail(side.name());
    tx.commit(permit, event).await
}

async fn set_disabled(viewer: &Viewer, id: MemberId, disabled: bool) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::ManageMembers)?;
    let member = one_in(&mut tx, id).await?;
    if disabled {
        if member.role == Role::Lead {
            return Err(Error::invalid("", "A side always has its lead: hand the lead over first."));
        }
        if id == viewer.member_id() {
            return Err(Error::invalid("", "Somebody else disables you."));
        }
        if member.is_admin {
            refuse_last_admin(&mut tx, id).await?;
        }
    }
    let at = disabled.then(|| tx.now());
    tx.execute("update members set disabled_at = $3 where workspace_id = $1 and id = $2", args![id, at]).await?;
    if disabled {
        tx.audited().execute_unscoped("delete from sessions where account_id = $1", args![member.account_id]).await?;
    }
    let verb = if disabled { "disabled" } else { "enabled" };
    tx.commit(permit, Event::new(verb, "member", id.uuid(), member.name).at("members")).await
}

// Pages and forms.

/// Side, role and administration, as forms ask for them.
#[component]
pub fn PartFields() -> impl IntoView {
    let form = use_context::<Form>().unwrap_or_default();
    let sides = Side::BOTH.iter().map(|side| (side.as_str().to_owned(), side.name().to_owned())).collect();
    let roles = Role::ALL.iter().map(|role| (role.as_str().to_owned(), role.name().to_owned(), role.purpose().to_owned())).collect();
    let is_admin = form.is_ticked("is_admin");
    view! {
        <Select name="side" label="Side" options=sides none="None (observers only)" optional=true/>
        <RadioGroup name="role" label="Role" options=roles/>
        <div class="field">
            <div class="choice">
                <input type="checkbox" id="is_admin" name="is_admin" value="on" checked=is_admin/>
                <label for="is_admin"><span>"Administrator"</span><small>"invites people and changes their parts"</small></label>
            </div>
            {form.problem_of("is_admin").map(|problem| view! { <p class="problem">{problem.to_owned()}</p> })}
        </div>
    }
}

/// Reads [`PartFields`].
pub fn part(form: &mut Form) -> Option<(Option<Side>, Role)> {
    let side: Option<Option<Side>> = form.optional_choice("side");
    let role: Option<Role> = form.choice("role");
    if let (Some(None), Some(role)) = (side, role)
        && role != Role::Observer
    {
        form.fail("side", "Choose a side; only observers may have none.");
        return None;
    }
    Some((side?, role?))
}

pub async fn page(viewer: Viewer) -> Result<Page> {
    let members = all(&viewer).await?;
    let pending = if viewer.is_admin() { invitations::pending(&viewer).await? } else { Vec::new() };
    let arbiter = arbiter::current(&viewer).await?;
    let delegations = delegation::all(&viewer).await?;
    Ok(members_page(&viewer, members, pending, arbiter, delegations))
}

fn members_page(viewer: &Viewer, members: Vec<Member>, pending: Vec<Pending>, arbiter: Option<Arbiter>, delegations: Vec<Delegation>) -> Page {
    let ruled_by = arbiter.map_or_else(
        || "Nobody is named to rule when the sides cannot agree.".to_owned(),
        |arbiter| format!("{} rules when the sides cannot agree.", arbiter.name),
    );
    Page::new(viewer, "members", "Members", move |viewer| {
        let admin = viewer.may(Action::ManageMembers);
        let delegates = viewer.may(Action::Delegate);
        let count = members.iter().filter(|member| member.disabled_at.is_none()).count();
        let rows = members.into_iter().map(|member| member_row(&viewer, member)).collect_view();
        let today = viewer.today();
        let waiting = pending
            .into_iter()
            .map(|invitation| {
                let until = viewer.day_of(invitation.expires_at).format(today);
                let expired = invitation.expires_at <= viewer.now();
                view! {
                    <li class="row">
                        <span class="row-main"><strong>{invitation.email}</strong><span class="faint">{part_in_words(invitation.side, invitation.role, invitation.is_admin)}</span></span>
                        {if expired { view! { <Pill tone=Tone::Outdated label="Expired"/> }.into_any() } else { view! { <span class="faint">"until "{until}</span> }.into_any() }}
                        <form method="post" action=viewer.path(&format!("members/invitations/{}/withdraw", invitation.id))><button class="button" type="submit">"Take back"</button></form>
                    </li>
                }
            })
            .collect::<Vec<_>>();
        view! {
            <header class="page-head">
                <div><h1>"Members"</h1><p class="lead">"Two sides, one lead each. Who signs for a side is of that side."</p></div>
                <div class="page-actions">
                    {delegates.then(|| view! { <a class="button" href=viewer.path("members/delegation")>"Delegate signing"</a> })}
                    {admin.then(|| view! { <a class="button" href=viewer.path("members/arbiter")>"Name the arbiter"</a><a class="button is-primary" href=viewer.path("members/invite")>"Invite somebody"</a> })}
                </div>
            </header>
            <p class="faint">{ruled_by}</p>
            {delegation::lines(&viewer, delegations)}
            <Section title="People" aside=format!("{count} active")>
                <table class="table is-stacked">
                    <thead><tr><th scope="col">"Name"</th><th scope="col">"Side"</th><th scope="col">"Role"</th><th scope="col"><span class="visually-hidden">"Actions"</span></th></tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </Section>
            {(!waiting.is_empty()).then(|| view! { <Section title="Invitations"><ul class="rows">{waiting}</ul></Section> })}
        }
    })
}

fn member_row(viewer: &Viewer, member: Member) -> impl IntoView + use<> {
    let admin = viewer.may(Action::ManageMembers);
    let hands_over = member.role == Role::Lead && member.side.is_some_and(|side| viewer.may(Action::HandOverLead { side }));
    let id = member.id;
    let path = |verb: &str| viewer.path(&format!("members/{id}/{verb}"));
    let disabled = member.disabled_at.is_some();
    let side = member.side;
    view! {
        <tr class=disabled.then_some("is-archived")>
            <th scope="row"><span class="person"><Avatar name=member.name.clone() side=side.map_or("none", Side::as_str)/><span>{member.name.clone()}<small class="faint">{member.email}</small></span></span></th>
            <td data-label="Side">{side.map_or("None", Side::name)}</td>
            <td data-label="Role">
                {member.role.name()}{member.is_admin.then_some(", administrator")}
                {disabled.then(|| view! { " " <Pill tone=Tone::Quiet label="Disabled"/> })}
            </td>
            <td class="row-actions">
                {hands_over.then(|| view! { <a class="button" href=path("hand-over")>"Hand over the lead"</a> })}
                {admin.then(|| view! { <a class="button" href=path("edit") aria-label=format!("Change the part of {}", member.name)>"Change"</a> })}
            </td>
        </tr>
    }
}

async fn load(viewer: &Viewer, id: MemberId) -> Result<Member> {
    all(viewer).await?.into_iter().find(|member| member.id == id).ok_or(Error::NotFound)
}

pub async fn edit(viewer: Viewer, Path((_, id)): Path<(String, MemberId)>) -> Result<Page> {
    if !viewer.may(Action::ManageMembers) {
        return Err(Error::Forbidden);
    }
    edit_page(&viewer, id, Form::blank()).await
}

async fn edit_page(viewer: &Viewer, id: MemberId, form: Form) -> Result<Page> {
    let member = load(viewer, id).await?;
    let now = Form::blank()
        .with("side", member.side.map_or("", Side::as_str))
        .with("role", member.role.as_str())
        .with("is_admin", if member.is_admin { "on" } else { "" });
    let form = form.over(now, &[]);
    let (members_path, path) = (viewer.path("members"), viewer.path(&format!("members/{id}")));
    Ok(Page::new(viewer, "members", format!("The part of {}", member.name), move |_| {
        let disabled = member.disabled_at.is_some();
        view! {
            <Crumb href=members_path.clone() text="Members"/>
            <h1>"The part of "{member.name.clone()}</h1>
            <PostForm form=form><PartFields/><Actions verb="Save" cancel=members_path.clone()/></PostForm>
            <Section title=if disabled { "Enable" } else { "Disable" }>
                <p>{if disabled { "Lets this person in again." } else { "Ends all of this person’s sessions at once and keeps them out of this workspace. What they did stays." }}</p>
                <PostForm action=format!("{path}/{}", if disabled { "enable" } else { "disable" })>
                    <Actions verb=format!("{} {}", if disabled { "Enable" } else { "Disable" }, member.name) danger=!disabled/>
                </PostForm>
            </Section>
        }
    }))
}

pub async fn update(viewer: Viewer, Path((_, id)): Path<(String, MemberId)>, mut form: Form) -> FormResponse {
    let outcome = async {
        if !viewer.may(Action::ManageMembers) {
            return Err(Error::Forbidden);
        }
        let Some((side, role)) = part(&mut form) else { return Err(form.refusal()) };
        change(&viewer, id, side, role, form.is_ticked("is_admin")).await?;
        Ok(Redirect::to(viewer.path("members")).with_notice(Notice::Saved))
    }
    .await;
    respond(outcome, form, |form| edit_page(&viewer, id, form)).await
}

pub async fn disable(viewer: Viewer, Path((_, id)): Path<(String, MemberId)>, form: Form) -> FormResponse {
    let outcome = set_disabled(&viewer, id, true).await.map(|()| Redirect::to(viewer.path("members")).with_notice(Notice::Saved));
    respond(outcome, form, |form| edit_page(&viewer, id, form)).await
}

pub async fn enable(viewer: Viewer, Path((_, id)): Path<(String, MemberId)>, form: Form) -> FormResponse {
    let outcome = set_disabled(&viewer, id, false).await.map(|()| Redirect::to(viewer.path("members")).with_notice(Notice::Saved));
    respond(outcome, form, |form| edit_page(&viewer, id, form)).await
}

pub async fn hand_over_form(viewer: Viewer, Path((_, id)): Path<(String, MemberId)>) -> Result<Page> {
    hand_over_page(&viewer, id, Form::blank()).await
}

async fn hand_over_page(viewer: &Viewer, id: MemberId, form: Form) -> Result<Page> {
    let members = workers(viewer).await?;
    let lead = members.iter().find(|member| member.id == id && member.role == Role::Lead).cloned().ok_or(Error::NotFound)?;
    let side = lead.side.ok_or(Error::NotFound)?;
    if !viewer.may(Action::HandOverLead { side }) {
        return Err(Error::Forbidden);
    }
    let others: Vec<Member> = members.into_iter().filter(|member| member.id != id).collect();
    let cancel = viewer.path("members");
    Ok(Page::new(viewer, "members", "Hand over the lead", move |_| {
        view! {
            <Crumb href=cancel.clone() text="Members"/>
            <h1>{format!("Hand over the lead of {}", side.name())}</h1>
            <p>{format!("{} becomes a manager. The new lead ratifies the definition from then on. Signatures already given stay.", lead.name)}</p>
            <PostForm form=form>
                <Hidden name="side" value=side.as_str()/>
                <Select name="to" label="The new lead" options=options(&others, Some(side)) none="Choose"/>
                <Actions verb="Hand over the lead" cancel=cancel/>
            </PostForm>
        }
    }))
}

pub async fn hand_over_post(viewer: Viewer, Path((_, id)): Path<(String, MemberId)>, mut form: Form) -> FormResponse {
    let outcome = async {
        let side = load(&viewer, id).await?.side.ok_or(Error::NotFound)?;
        let Some(to) = form.choice("to") else { return Err(form.refusal()) };
        hand_over(&viewer, side, to).await?;
        Ok(Redirect::to(viewer.path("members")).with_notice(Notice::HandedOver))
    }
    .await;
    respond(outcome, form, |form| hand_over_page(&viewer, id, form)).await
}

/// `/w/{workspace}/members/{id}` shows nothing of its own.
pub async fn one(viewer: Viewer, Path((_, id)): Path<(String, MemberId)>) -> Result<impl IntoResponse> {
    load(&viewer, id).await?;
    Ok(Redirect::to(viewer.path("members")))
}

#[cfg(test)]
mod tests {
    use super::slug_of;

    #[test]
    fn a_workspace_is_reached_by_its_name() {
        for (name, slug) in [("Retail Europe", "retail-europe"), ("  A & B — GmbH ", "a-b-gmbh"), ("株式会社", "workspace")] {
            assert_eq!(slug_of(name), slug);
        }
    }
}
