//! Joining a workspace by an invitation: a link that works once, for 72 hours.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, header},
    response::IntoResponse,
};
use leptos::prelude::*;
use tower_sessions::Session;

use super::write::new_password;
use crate::{
    args,
    identity::{
        FormResponse, Page, Redirect, Role, Side, part_label,
        passwords::{self, MAX_LENGTH, MIN_LENGTH},
        respond, sessions,
        throttle::{self},
        tokens::{self},
    },
    platform::{
        audit::{Actor, AuditedTransaction, Event},
        error::{Error, Result},
        form::Form,
        http::ClientAddress,
        ids::{AccountId, InvitationId, MemberId, WorkspaceId},
        state::AppState,
        time::Timestamp,
    },
    sql,
    ui::{Actions, PostForm, TextField},
};

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
            sql!(
                "select i.id, i.workspace_id, w.name as workspace, w.slug, i.email, i.side, i.role, i.is_admin, i.expires_at,
                    a.id as account_id, a.name as account_name, a.password_hash
             from invitations i join workspaces w on w.id = i.workspace_id left join accounts a on a.email = i.email
             where i.token_hash = $1 and i.accepted_at is null and i.withdrawn_at is null"
            ),
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
        let part = part_label(open.side, open.role, open.is_admin);
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
            sql!("update invitations set accepted_at = $3 where workspace_id = $1 and id = $2 and accepted_at is null and withdrawn_at is null"),
            args![open.id, state.now()],
        )
        .await?;
    if accepted != 1 {
        return Err(Error::Gone);
    }
    if let Some((name, hash)) = fresh {
        let made = tx
            .execute_unscoped(
                sql!("insert into accounts (id, email, name, password_hash, created_at) values ($1, $2, $3, $4, $5) on conflict (email) do nothing"),
                args![account, &open.email, name, hash, state.now()],
            )
            .await?;
        if made != 1 {
            return Err(Error::Gone);
        }
    }
    let taken: Option<(MemberId,)> =
        tx.fetch_optional(sql!("select id from members where workspace_id = $1 and side = $2 and role = 'lead'"), args![open.side]).await?;
    // The lead's chair was taken since the invitation was written.
    let role = if open.role == Role::Lead && taken.is_some() { Role::Manager } else { open.role };
    let member: MemberId = state.fresh_id();
    tx.execute(
        sql!("insert into members (id, workspace_id, account_id, side, role, is_admin, created_at, side_since) values ($2, $1, $3, $4, $5, $6, $7, $7)"),
        args![member, account, open.side, role, open.is_admin, state.now()],
    )
    .await?;
    let event = Event::new("joined as", "member", member.uuid(), part_label(open.side, role, open.is_admin)).at("members");
    tx.commit(event).await?;
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    sessions::begin(session, account, agent).await?;
    Ok(Redirect::to(format!("/w/{}", open.slug)))
}
