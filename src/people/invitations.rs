//! Inviting somebody by a link that works once, for 72 hours; and accepting.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, header},
    response::IntoResponse,
};
use leptos::prelude::*;
use tower_sessions::Session;

use super::{
    Action, FormResponse, Page, Redirect, Role, Viewer,
    auth::new_password,
    passwords::{self, MAX_LENGTH, MIN_LENGTH},
    respond, sessions, throttle, tokens,
};
use crate::{
    args,
    handshake::Side,
    platform::{
        audit::{Actor, AuditedTransaction, Event},
        error::{Error, Result},
        form::Form,
        http::ClientAddress,
        ids::{AccountId, InvitationId, MemberId, WorkspaceId},
        mail::{self, Email},
        state::AppState,
        text,
        time::Timestamp,
    },
    ui::{Actions, Notice, PostForm, TextField},
};

const HOURS: i64 = 72;

/// Writes an invitation and gives the link, which is shown once and mailed when a mail server is configured.
pub async fn invite(viewer: &Viewer, email: &str, side: Option<Side>, role: Role, is_admin: bool) -> Result<String> {
    let state = viewer.state();
    let secret = tokens::secret(state);
    let link = format!("{}/invitations/{secret}", state.settings().origin());
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::ManageMembers)?;
    let already: Option<(MemberId,)> =
        tx.fetch_optional("select m.id from members m join accounts a on a.id = m.account_id where m.workspace_id = $1 and a.email = $2", args![email]).await?;
    if already.is_some() {
        return Err(Error::invalid("email", "This person is a member already."));
    }
    if role == Role::Lead {
        refuse_second_lead(&mut tx, side).await?;
    }
    tx.execute(
        "update invitations set withdrawn_at = $3 where workspace_id = $1 and email = $2 and accepted_at is null and withdrawn_at is null",
        args![email, tx.now()],
    )
    .await?;
    let id: InvitationId = tx.fresh_id();
    tx.execute(
        "insert into invitations (id, workspace_id, token_hash, email, side, role, is_admin, invited_by, created_at, expires_at)
         values ($2, $1, $3, $4, $5, $6, $7, $8, $9, $10)",
        args![id, tokens::hash(&secret), email, side, role, is_admin, tx.member_id(), tx.now(), tx.now().plus_seconds(HOURS * 3600)],
    )
    .await?;
    let body = format!(
        "Hello,\n\n{} invites you to the workspace {} in Handshake, where Marketing and Technology agree on a better customer experience. This link works once, for {HOURS} hours:\n\n{link}\n",
        viewer.name(),
        viewer.workspace()
    );
    let message = Email { to: email.to_owned(), subject: format!("{} invites you to {}", viewer.name(), viewer.workspace()), body };
    mail::queue(state, tx.audited(), message).await?;
    let part = part_in_words(side, role, is_admin);
    tx.commit(permit, Event::new("invited", "member", id.uuid(), email).at("members").detail(part)).await?;
    Ok(link)
}

pub fn part_in_words(side: Option<Side>, role: Role, is_admin: bool) -> String {
    let part = side.map_or_else(|| role.name().to_owned(), |side| format!("{}, {}", role.name(), side.name()));
    if is_admin { format!("{part}, administrator") } else { part }
}

async fn refuse_second_lead(tx: &mut super::Transaction, side: Option<Side>) -> Result<()> {
    let leads: Option<(MemberId,)> = tx.fetch_optional("select id from members where workspace_id = $1 and side = $2 and role = 'lead'", args![side]).await?;
    match leads {
        Some(_) => Err(Error::invalid("role", "This side has its lead. The lead can be handed over on the members page.")),
        None => Ok(()),
    }
}

/// Takes an open invitation back.
pub async fn withdraw(viewer: &Viewer, id: InvitationId) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::ManageMembers)?;
    let (email,): (String,) =
        tx.fetch_one("select email from invitations where workspace_id = $1 and id = $2 and accepted_at is null and withdrawn_at is null", args![id]).await?;
    tx.execute("update invitations set withdrawn_at = $3 where workspace_id = $1 and id = $2", args![id, tx.now()]).await?;
    tx.commit(permit, Event::new("took back the invitation of", "member", id.uuid(), email).at("members")).await
}

#[derive(Clone, sqlx::FromRow)]
struct Open {
    id: InvitationId,
    workspace_id: WorkspaceId,
    workspace: String,
    slug: String,
    email: String,
    side: Option<Side>,
    role: Role,
    is_admin: bool,
    expires_at: Timestamp,
    account_id: Option<AccountId>,
    account_name: Option<String>,
    password_hash: Option<String>,
}

async fn find(state: &AppState, secret: &str) -> Result<Open> {
    let open: Option<Open> = state
        .db()
        .fetch_optional(
            "select i.id, i.workspace_id, w.name as workspace, w.slug, i.email, i.side, i.role, i.is_admin, i.expires_at,
                    a.id as account_id, a.name as account_name, a.password_hash
             from invitations i join workspaces w on w.id = i.workspace_id left join accounts a on a.email = i.email
             where i.token_hash = $1 and i.accepted_at is null and i.withdrawn_at is null",
            args![tokens::hash(secret)],
        )
        .await?;
    open.filter(|open| open.expires_at > state.now()).ok_or(Error::Gone)
}

pub async fn accept(State(state): State<AppState>, Path(secret): Path<String>) -> Result<Page> {
    Ok(accept_page(find(&state, &secret).await?, Form::blank()))
}

fn accept_page(open: Open, form: Form) -> Page {
    Page::standalone(format!("Join {}", open.workspace), move || {
        let part = part_in_words(open.side, open.role, open.is_admin);
        let known = open.account_id.is_some();
        view! {
            <h1>"Join "{open.workspace.clone()}</h1>
            <p>"You are invited as "<strong>{part}</strong>", with the address "<strong>{open.email.clone()}</strong>"."</p>
            <PostForm form=form>
                {(!known).then(|| view! {
                    <TextField name="name" label="Your name" help="As colleagues will see it beside what you sign." autocomplete="name" max_length=120 autofocus=true/>
                    <TextField name="password" label="Password" kind="password" autocomplete="new-password" min_length=MIN_LENGTH max_length=MAX_LENGTH help="At least 12 characters. A few unrelated words are good."/>
                })}
                {known.then(|| view! {
                    <p class="help">"You have an account with this address. Its password confirms that it is you."</p>
                    <TextField name="password" label="Password" kind="password" autocomplete="current-password" max_length=MAX_LENGTH autofocus=true/>
                })}
                <Actions verb="Join the workspace"/>
            </PostForm>
        }
    })
}

pub async fn accept_post(
    State(state): State<AppState>,
    ClientAddress(from): ClientAddress,
    session: Session,
    Path(secret): Path<String>,
    headers: HeaderMap,
    mut form: Form,
) -> FormResponse {
    let open = find(&state, &secret).await?;
    let outcome = try_accept(&state, from, &session, &open, &headers, &mut form).await;
    if outcome == Err(Error::Conflict) {
        return Ok(Error::Gone.into_response());
    }
    respond(outcome, form, |form| async { Ok(accept_page(open, form)) }).await
}

async fn try_accept(state: &AppState, from: std::net::IpAddr, session: &Session, open: &Open, headers: &HeaderMap, form: &mut Form) -> Result<Redirect> {
    let fresh = if let Some(stored) = &open.password_hash {
        let subject = throttle::ThrottleSubject::Account { email: &open.email, from };
        throttle::refuse_if_blocked(state, &subject).await?;
        let typed = form.raw("password").chars().take(MAX_LENGTH).collect();
        let (fits, _) = passwords::check(state, Some(stored.clone()), typed).await?;
        if !fits {
            throttle::count_failure(state, &subject).await?;
            return Err(Error::invalid("password", "This is not the password of your account."));
        }
        None
    } else {
        let name = form.line("name", 120);
        if let Some(objection) = passwords::objection(form.raw("password"), &[name.as_deref().unwrap_or_default(), &open.email, &open.workspace]) {
            form.fail("password", objection);
        }
        let Some(name) = name.filter(|_| form.problems().is_empty()) else { return Err(form.refusal()) };
        Some((name, new_password(state, form, &[]).await?))
    };
    let account: AccountId = open.account_id.unwrap_or_else(|| state.fresh_id());
    let name = fresh.as_ref().map_or_else(|| open.account_name.clone().unwrap_or_default(), |(name, _)| name.clone());
    let actor = Actor { account: Some(account), name: name.clone(), request_id: String::new() };
    let mut tx = AuditedTransaction::open(state, open.workspace_id.uuid(), actor).await?;
    // Of two at once, one accepts.
    let accepted = tx
        .execute(
            "update invitations set accepted_at = $3 where workspace_id = $1 and id = $2 and accepted_at is null and withdrawn_at is null",
            args![open.id, state.now()],
        )
        .await?;
    if accepted != 1 {
        return Err(Error::Gone);
    }
    if let Some((name, hash)) = fresh {
        let made = tx
            .execute_unscoped(
                "insert into accounts (id, email, name, password_hash, created_at) values ($1, $2, $3, $4, $5) on conflict (email) do nothing",
                args![account, &open.email, name, hash, state.now()],
            )
            .await?;
        if made != 1 {
            return Err(Error::Gone);
        }
    }
    let taken: Option<(MemberId,)> =
        tx.fetch_optional("select id from members where workspace_id = $1 and side = $2 and role = 'lead'", args![open.side]).await?;
    // The lead's chair was taken since the invitation was written.
    let role = if open.role == Role::Lead && taken.is_some() { Role::Manager } else { open.role };
    let member: MemberId = state.fresh_id();
    tx.execute(
        "insert into members (id, workspace_id, account_id, side, role, is_admin, created_at, side_since) values ($2, $1, $3, $4, $5, $6, $7, $7)",
        args![member, account, open.side, role, open.is_admin, state.now()],
    )
    .await?;
    let event = Event::new("joined as", "member", member.uuid(), part_in_words(open.side, role, open.is_admin)).at("members");
    tx.commit(event).await?;
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    sessions::begin(session, account, agent).await?;
    Ok(Redirect::to(format!("/w/{}", open.slug)))
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
}

pub async fn pending(viewer: &Viewer) -> Result<Vec<Pending>> {
    viewer
        .fetch_all(
            "select id, email, side, role, is_admin, expires_at from invitations
             where workspace_id = $1 and accepted_at is null and withdrawn_at is null order by created_at desc limit 100",
            Vec::new(),
        )
        .await
}

pub async fn new(viewer: Viewer) -> Result<Page> {
    if !viewer.may(Action::ManageMembers) {
        return Err(Error::Forbidden);
    }
    Ok(new_page(&viewer, Form::blank().with("role", Role::Contributor.as_str())))
}

fn new_page(viewer: &Viewer, form: Form) -> Page {
    let cancel = viewer.path("members");
    Page::new(viewer, "members", "Invite somebody", move |_| {
        view! {
            <h1>"Invite somebody"</h1>
            <PostForm form=form>
                <TextField name="email" label="E-mail" kind="email" autocomplete="off" inputmode="email" max_length=254 autofocus=true/>
                <super::members::PartFields/>
                <Actions verb="Make the invitation" cancel=cancel/>
            </PostForm>
        }
    })
}

pub async fn create(viewer: Viewer, mut form: Form) -> FormResponse {
    match try_create(&viewer, &mut form).await {
        Ok((email, link)) => {
            let (back, mailed) = (viewer.path("members"), viewer.state().settings().smtp_url.is_some());
            Ok(Page::new(&viewer, "members", "The invitation is ready", move |_| {
                view! {
                    <h1>"The invitation is ready"</h1>
                    <p>{if mailed { "It is on its way by mail, too." } else { "No mail server is configured, so hand this link over yourself." }}</p>
                    <p>"This link lets "<strong>{email}</strong>" in. It works once, for 72 hours, and is shown only now."</p>
                    <p class="card copy"><code>{link}</code></p>
                    <p><a class="button is-primary" href=back>"Back to the members"</a></p>
                }
            })
            .into_response())
        }
        Err(error) => respond(Err(error), form, |form| async { Ok(new_page(&viewer, form)) }).await,
    }
}

async fn try_create(viewer: &Viewer, form: &mut Form) -> Result<(String, String)> {
    if !viewer.may(Action::ManageMembers) {
        return Err(Error::Forbidden);
    }
    let email = text::email(form.raw("email"));
    if email.is_none() {
        form.fail("email", "Write an address such as dana@company.example.");
    }
    let part = super::members::part(form);
    let (Some(email), Some((side, role))) = (email, part) else { return Err(form.refusal()) };
    let link = invite(viewer, &email, side, role, form.is_ticked("is_admin")).await?;
    Ok((email, link))
}

pub async fn withdraw_post(viewer: Viewer, Path((_, id)): Path<(String, InvitationId)>, form: Form) -> FormResponse {
    withdraw(&viewer, id).await?;
    Ok(Redirect::back(&form, viewer.path("members"), Notice::TakenBack).into_response())
}
