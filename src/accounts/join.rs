//! Joining a workspace by an invitation: a link that works once, for 72 hours.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, header},
    response::IntoResponse,
};
use leptos::prelude::*;
use tower_sessions::Session;

use super::write::{self, new_password, person_name};
use crate::{
    args,
    identity::{
        FormResponse, Page, Redirect,
        passwords::{self, MAX_LENGTH, MIN_LENGTH},
        respond, sessions, throttle,
    },
    members::{self, read::OpenInvitation},
    platform::{
        audit::{Actor, AuditedTransaction},
        error::{Error, Result},
        form::Form,
        http::{ClientAddress, RequestId},
        ids::AccountId,
        state::AppState,
    },
    sql,
    ui::{Actions, PostForm, TextField},
};

#[derive(sqlx::FromRow)]
struct AccountRow {
    id: AccountId,
    name: String,
    password_hash: String,
}

/// An invitation that can still be accepted, and the account that its address has already.
#[derive(Clone)]
struct Open {
    invitation: OpenInvitation,
    account: Option<(AccountId, String, String)>,
}

async fn find(state: &AppState, secret: &str) -> Result<Open> {
    let invitation = members::read::open_invitation(state, secret)
        .await?
        .ok_or(Error::Gone)?;
    let account: Option<AccountRow> = state
        .db()
        .fetch_optional(
            sql!("select id, name, password_hash from accounts where email = $1"),
            args![&invitation.email],
        )
        .await?;
    Ok(Open {
        invitation,
        account: account.map(|account| (account.id, account.name, account.password_hash)),
    })
}

pub async fn accept(
    State(state): State<AppState>,
    session: Session,
    Path(secret): Path<String>,
) -> Result<Page> {
    let open = find(&state, &secret).await?;
    let is_signed_in = open.is_of(&session).await?;
    Ok(accept_page(open, is_signed_in, Form::blank()))
}

impl Open {
    /// Whether whoever follows the link is signed in as the person who is invited: then they have said who
    /// they are.
    async fn is_of(&self, session: &Session) -> Result<bool> {
        let account = sessions::account(session).await?;
        Ok(account.is_some() && account == self.account.as_ref().map(|(id, ..)| *id))
    }
}

fn accept_page(open: Open, is_signed_in: bool, form: Form) -> Page {
    Page::standalone(format!("Join {}", open.invitation.workspace), move || {
        let part = open.invitation.part().label();
        let known = open.account.is_some();
        view! {
            <h1>"Join "{open.invitation.workspace.clone()}</h1>
            <p>
                "You are invited as "<strong>{part}</strong>", with the address "
                <strong>{open.invitation.email.clone()}</strong>"."
            </p>
            <PostForm form=form>
                {(!known)
                    .then(|| {
                        view! {
                            <TextField
                                name="name"
                                label="Your name"
                                help="Colleagues see this name beside everything you sign."
                                autocomplete="name"
                                max_length=120
                                autofocus=true
                            />
                            <TextField
                                name="password"
                                label="Password"
                                kind="password"
                                is_kept=true
                                autocomplete="new-password"
                                min_length=MIN_LENGTH
                                max_length=MAX_LENGTH
                                help="At least 12 characters. A few unrelated words are good."
                            />
                        }
                    })}
                {(known && !is_signed_in)
                    .then(|| {
                        view! {
                            <p class="help">
                                "You have an account with this address. Enter its password to confirm that \
                                    it is you."
                            </p>
                            <TextField
                                name="password"
                                label="Password"
                                kind="password"
                                autocomplete="current-password"
                                max_length=MAX_LENGTH
                                autofocus=true
                            />
                        }
                    })} <Actions verb="Join the workspace" />
            </PostForm>
        }
    })
}

pub async fn accept_post(
    State(state): State<AppState>,
    ClientAddress(from): ClientAddress,
    session: Session,
    Path(secret): Path<String>,
    request: RequestId,
    headers: HeaderMap,
    mut form: Form,
) -> FormResponse {
    let open = find(&state, &secret).await?;
    let outcome = try_accept(&state, (from, request), &session, &open, &headers, &mut form).await;
    if outcome == Err(Error::Conflict) {
        return Ok(Error::Gone.into_response());
    }
    let is_signed_in = open.is_of(&session).await?;
    respond(outcome, form, |form| async {
        Ok(accept_page(open, is_signed_in, form))
    })
    .await
}

async fn try_accept(
    state: &AppState,
    (from, request): (std::net::IpAddr, RequestId),
    session: &Session,
    open: &Open,
    headers: &HeaderMap,
    form: &mut Form,
) -> Result<Redirect> {
    let fresh = if open.is_of(session).await? {
        None
    } else if let Some((_, _, stored)) = &open.account {
        let subject = throttle::ThrottleSubject::Account {
            email: &open.invitation.email,
            from,
        };
        throttle::take(state, &subject).await?;
        let typed = form.raw("password").chars().take(MAX_LENGTH).collect();
        let (fits, _) = passwords::check(state, Some(stored.clone()), typed).await?;
        if !fits {
            return Err(Error::invalid(
                "password",
                "This is not the password of your account.",
            ));
        }
        throttle::forget(state, &subject).await?;
        None
    } else {
        let name = person_name(form, "name");
        if let Some(objection) = passwords::objection(
            form.raw("password"),
            &[
                name.as_deref().unwrap_or_default(),
                &open.invitation.email,
                &open.invitation.workspace,
            ],
        ) {
            form.fail("password", objection);
        }
        let Some(name) = name.filter(|_| form.problems().is_empty()) else {
            return Err(form.refusal());
        };
        Some((name, new_password(state, form, &[]).await?))
    };
    let account: AccountId = open
        .account
        .as_ref()
        .map_or_else(|| state.fresh_id(), |(id, ..)| *id);
    let name = fresh.as_ref().map_or_else(
        || {
            open.account
                .as_ref()
                .map(|(_, name, _)| name.clone())
                .unwrap_or_default()
        },
        |(name, _)| name.clone(),
    );
    let actor = Actor {
        account: Some(account),
        name: name.clone(),
        request_id: request.0,
    };
    let mut tx = AuditedTransaction::open(state, open.invitation.workspace_id.uuid(), actor).await?;
    if let Some((name, hash)) = fresh {
        write::create(&mut tx, account, &open.invitation.email, &name, &hash).await?;
    }
    let event = members::write::join(&mut tx, state.fresh_id(), (account, &name), &open.invitation).await?;
    tx.commit(event).await?;
    let agent = headers
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    sessions::begin(session, account, agent).await?;
    Ok(Redirect::to(format!("/w/{}", open.invitation.slug)))
}
