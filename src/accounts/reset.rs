//! A forgotten password: a link by mail or from the operator, once, for half an hour.

use axum::{
    extract::{Path, State},
    response::IntoResponse,
};
use leptos::prelude::*;

use super::write::{self, new_password};
use crate::{
    args,
    identity::{
        FormResponse, Page, Redirect,
        passwords::{MAX_LENGTH, MIN_LENGTH},
        respond, sessions,
        throttle::{self, ThrottleSubject},
        tokens::{self, TokenPurpose},
    },
    platform::{
        audit::{ACCOUNTS_CHAIN, Actor, AuditedTransaction, Event},
        error::{Error, Result},
        form::Form,
        http::{ClientAddress, RequestId},
        ids::AccountId,
        mail::{self, Email},
        state::AppState,
        text,
    },
    sql,
    ui::{Actions, Notice, PostForm, TextField},
};

const RESET_MINUTES: i64 = 30;

#[derive(sqlx::FromRow)]
struct AccountRow {
    id: AccountId,
    name: String,
}

pub async fn forgot_password() -> Page {
    forgot_page(Form::blank())
}

fn forgot_page(form: Form) -> Page {
    Page::standalone("Reset your password", move || {
        view! {
            <h1>"Reset your password"</h1>
            <p>"We send a link to your address. The link works once, for 30 minutes."</p>
            <PostForm form=form>
                <TextField
                    name="email"
                    label="E-mail"
                    kind="email"
                    autocomplete="username"
                    inputmode="email"
                    max_length=254
                    autofocus=true
                />
                <Actions verb="Send the link" cancel="/sign-in" />
            </PostForm>
        }
    })
}

/// The same answer whether or not the address is known.
pub async fn forgot_password_post(
    State(state): State<AppState>,
    ClientAddress(from): ClientAddress,
    mut form: Form,
) -> FormResponse {
    let Some(email) = text::email(form.raw("email")) else {
        form.fail("email", "Write an e-mail address such as dana@company.example.");
        let refusal = form.refusal();
        return respond(Err(refusal), form, |form| async { Ok(forgot_page(form)) }).await;
    };
    for subject in [
        ThrottleSubject::Reset(from),
        ThrottleSubject::ResetOf { email: &email, from },
    ] {
        throttle::take(&state, &subject).await?;
    }
    // What strangers ask for does not keep the owner from asking: they are told the same, and have the links
    // that were sent.
    let was_sent_often = match throttle::take(&state, &ThrottleSubject::ResetMail { email: &email }).await {
        Err(Error::TooMany { .. }) => true,
        other => other.map(|()| false)?,
    };
    // After the answer, so that a known address takes no longer than an unknown one.
    let sender = state.clone();
    tokio::spawn(async move {
        if was_sent_often {
            tracing::warn!(target: "security", tried = email, "a reset link was asked for too often");
        } else if let Err(error) = send_reset_link(&sender, &email).await {
            tracing::warn!(error = %error, "a reset link was not sent");
        }
    });
    let by_mail = state.settings().smtp_url.is_some();
    Ok(Page::standalone("Check your e-mail", move || {
        let how = if by_mail {
            "If an account has this address, a link is on its way. The link works once, for 30 minutes."
        } else {
            "No mail server is configured. Ask your administrator for a link; the server's operator can \
                make one with “handshake admin reset-link”."
        };
        view! {
            <h1>"Check your e-mail"</h1>
            <p>{how}</p>
            <p>
                <a href="/sign-in">"Back to sign-in"</a>
            </p>
        }
    })
    .into_response())
}

async fn send_reset_link(state: &AppState, email: &str) -> Result<()> {
    let known: Option<AccountRow> = state
        .db()
        .fetch_optional(
            sql!("select id, name from accounts where email = $1"),
            args![email],
        )
        .await?;
    let Some(known) = known.filter(|_| state.settings().smtp_url.is_some()) else {
        return Ok(());
    };
    let secret = tokens::issue(
        state,
        TokenPurpose::Reset,
        Some(known.id),
        state.now().plus_seconds(RESET_MINUTES * 60),
    )
    .await?;
    let mut tx = AuditedTransaction::open(state, ACCOUNTS_CHAIN, Actor::system("Handshake")).await?;
    let link = format!("{}/reset-password/{secret}", state.settings().origin());
    let body = format!(
        "Hello {},\n\nsomebody asked for a new password for your account. This link works once, for \
            {RESET_MINUTES} minutes:\n\n{link}\n\nIf it was not you, nothing has changed and you need do \
            nothing.\n",
        known.name
    );
    mail::queue(
        state,
        &mut tx,
        Email::text(email.to_owned(), "Reset your Handshake password".to_owned(), body),
    )
    .await?;
    tx.commit(Event::new(
        "asked for a password reset of",
        "account",
        known.id.uuid(),
        known.name,
    ))
    .await
}

/// A link for the operator to hand over.
pub async fn reset_link(state: &AppState, email: &str) -> Result<String> {
    let email = text::email(email).ok_or(Error::NotFound)?;
    let known: AccountRow = state
        .db()
        .fetch_optional(
            sql!("select id, name from accounts where email = $1"),
            args![&email],
        )
        .await?
        .ok_or(Error::NotFound)?;
    let secret = tokens::issue(
        state,
        TokenPurpose::Reset,
        Some(known.id),
        state.now().plus_seconds(RESET_MINUTES * 60),
    )
    .await?;
    let tx = AuditedTransaction::open(state, ACCOUNTS_CHAIN, Actor::system("The operator")).await?;
    tx.commit(Event::new(
        "made a password reset link for",
        "account",
        known.id.uuid(),
        known.name,
    ))
    .await?;
    Ok(format!("{}/reset-password/{secret}", state.settings().origin()))
}

pub async fn reset_password(State(state): State<AppState>, Path(secret): Path<String>) -> Result<Page> {
    tokens::find(&state, TokenPurpose::Reset, &secret).await?;
    Ok(reset_page(Form::blank()))
}

fn reset_page(form: Form) -> Page {
    Page::standalone("Choose a new password", move || {
        view! {
            <h1>"Choose a new password"</h1>
            <PostForm form=form>
                <TextField
                    name="password"
                    label="New password"
                    kind="password"
                    autocomplete="new-password"
                    min_length=MIN_LENGTH
                    max_length=MAX_LENGTH
                    help="At least 12 characters. A few unrelated words are good."
                    autofocus=true
                />
                <Actions verb="Set the password" />
            </PostForm>
        }
    })
}

pub async fn reset_password_post(
    State(state): State<AppState>,
    Path(secret): Path<String>,
    request: RequestId,
    mut form: Form,
) -> FormResponse {
    let outcome = try_reset(&state, &secret, request, &mut form).await;
    respond(outcome, form, |form| async { Ok(reset_page(form)) }).await
}

async fn try_reset(state: &AppState, secret: &str, request: RequestId, form: &mut Form) -> Result<Redirect> {
    let token = tokens::find(state, TokenPurpose::Reset, secret).await?;
    let account = token.account_id.ok_or(Error::Gone)?;
    let who: Who = state
        .db()
        .fetch_optional(
            sql!("select name, email from accounts where id = $1"),
            args![account],
        )
        .await?
        .ok_or(Error::Gone)?;
    let hash = new_password(state, form, &[&who.name, &who.email]).await?;
    let actor = Actor {
        account: Some(account),
        name: who.name.clone(),
        request_id: request.0,
    };
    let mut tx = AuditedTransaction::open(state, ACCOUNTS_CHAIN, actor).await?;
    tokens::consume(&mut tx, TokenPurpose::Reset, secret).await?;
    write::set_password(&mut tx, account, &hash).await?;
    sessions::end_all_of(&mut tx, account).await?;
    tokens::expire_of(&mut tx, account).await?;
    let body = format!(
        "Hello {},\n\nyour Handshake password was reset and every session has ended. If it was not you, tell \
            your administrator now.\n",
        who.name
    );
    mail::queue(
        state,
        &mut tx,
        Email::text(who.email, "Your Handshake password was reset".to_owned(), body),
    )
    .await?;
    tx.commit(Event::new(
        "reset the password of",
        "account",
        account.uuid(),
        who.name,
    ))
    .await?;
    Ok(Redirect::to("/sign-in").with_notice(Notice::ResetDone))
}

#[derive(sqlx::FromRow)]
struct Who {
    name: String,
    email: String,
}
