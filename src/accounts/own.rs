//! One's own account: name, address, password and sessions.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use leptos::prelude::*;

use super::write::{self, new_password};
use crate::{
    args,
    identity::{
        FormResponse, Page, Redirect,
        passwords::{self, MAX_LENGTH, MIN_LENGTH},
        respond, sessions, throttle,
        tokens::{self, TokenPurpose},
        viewer::Person,
    },
    members,
    platform::{
        audit::{ACCOUNTS_CHAIN, Actor, AuditedTransaction, Event},
        error::{Error, Result},
        form::Form,
        http::RequestId,
        ids::{AccountId, SessionRowId},
        mail::{self, Email},
        state::AppState,
        text,
        time::{Timestamp, Zone},
    },
    sql,
    ui::{
        Actions, Notice, PostForm, RadioGroup, STAGE_KEYS_COOKIE, Section, StageKeys, THEME_COOKIE,
        TextField, Theme,
    },
};

#[derive(sqlx::FromRow)]
struct AccountRow {
    name: String,
    email: String,
    password_hash: String,
}

impl Person {
    async fn own(&self) -> Result<AccountRow> {
        self.state
            .db()
            .fetch_optional(
                sql!("select name, email, password_hash from accounts where id = $1"),
                args![self.account],
            )
            .await?
            .ok_or(Error::SignedOut)
    }

    async fn begin(&self, own: &AccountRow) -> Result<AuditedTransaction> {
        let actor = Actor {
            account: Some(self.account),
            name: own.name.clone(),
            request_id: self.request_id.clone(),
        };
        AuditedTransaction::open(&self.state, ACCOUNTS_CHAIN, actor).await
    }
}

fn theme_section(theme: Theme) -> impl IntoView {
    let options = Theme::ALL
        .iter()
        .map(|theme| (theme.as_str().to_owned(), theme.name().to_owned(), String::new()))
        .collect();
    let form = Form::blank().with("theme", theme.as_str());
    view! {
        <Section title="Appearance">
            <PostForm form=form action="/account/theme">
                <RadioGroup name="theme" label="In this browser" options=options />
                <Actions verb="Save the appearance" />
            </PostForm>
        </Section>
    }
}

fn stage_keys_section(keys: StageKeys) -> impl IntoView {
    let options = StageKeys::ALL
        .iter()
        .map(|keys| (keys.as_str().to_owned(), keys.name().to_owned(), String::new()))
        .collect();
    let form = Form::blank().with("keys", keys.as_str());
    view! {
        <Section title="Keys on the stage of a review">
            <PostForm form=form action="/account/stage-keys">
                <RadioGroup name="keys" label="In this browser" options=options />
                <Actions verb="Save the keys" />
            </PostForm>
        </Section>
    }
}

/// Keeps for this browser, for a year, which keys act on the stage; its script reads it.
pub async fn change_stage_keys(_person: Person, mut form: Form) -> FormResponse {
    let keys: StageKeys = form.choice("keys").ok_or_else(|| form.refusal())?;
    let cookie = format!(
        "{STAGE_KEYS_COOKIE}={}; Path=/; Max-Age=31536000; SameSite=Lax",
        keys.as_str()
    );
    let answer = Redirect::to("/account")
        .with_notice(Notice::Saved)
        .into_response();
    Ok(([(axum::http::header::SET_COOKIE, cookie)], answer).into_response())
}

/// Keeps a theme for this browser, for a year.
pub async fn change_theme(_person: Person, mut form: Form) -> FormResponse {
    let theme: Theme = form.choice("theme").ok_or_else(|| form.refusal())?;
    let cookie = format!(
        "{THEME_COOKIE}={}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly",
        theme.as_str()
    );
    let answer = Redirect::to("/account")
        .with_notice(Notice::Saved)
        .into_response();
    Ok(([(axum::http::header::SET_COOKIE, cookie)], answer).into_response())
}

/// What was just done, as the address says.
#[derive(serde::Deserialize)]
pub struct AccountQuery {
    done: Option<String>,
}

pub async fn page(
    person: Person,
    axum::extract::Query(arrival): axum::extract::Query<AccountQuery>,
) -> Result<Page> {
    let notice = arrival.done.and_then(|word| word.parse().ok());
    account_page(&person, Forms::default(), notice).await
}

/// What was typed into one of the page's forms.
#[derive(Default)]
struct Forms {
    name: Option<Form>,
    email: Option<Form>,
    password: Option<Form>,
}

async fn account_page(person: &Person, forms: Forms, notice: Option<Notice>) -> Result<Page> {
    let own = person.own().await?;
    let name_form = forms
        .name
        .unwrap_or_else(|| Form::blank().with("name", own.name.clone()));
    let email_form = forms.email.unwrap_or_default();
    let form = forms.password.unwrap_or_default();
    let has_mail = person.state.settings().smtp_url.is_some();
    let sessions = sessions::of_account(&person.state, person.account).await?;
    let this = sessions::hash_of(&person.session);
    let (now, theme, keys) = (person.state.now(), person.theme, person.stage_keys);
    Ok(Page::standalone("Your account", move || {
        let several = sessions.len() > 1;
        let rows = session_rows(sessions, this.as_ref(), now);
        view! {
            <p class="crumb">
                <a href="/">"Back to the workspace"</a>
            </p>
            <h1>"Your account"</h1>
            {notice
                .map(|notice: Notice| {
                    view! {
                        <p class="notice" role="status">
                            {notice.sentence()}
                        </p>
                    }
                })}
            <p>{own.name}" · "{own.email}</p>
            {name_section(name_form)}
            {theme_section(theme)}
            {stage_keys_section(keys)}
            <Section title="E-mail address">
                {if has_mail {
                    email_fields(email_form).into_any()
                } else {
                    view! {
                        <p>
                            "This server sends no mail, so a new address cannot be confirmed here. Whoever runs the \
                                server can change it."
                        </p>
                    }
                        .into_any()
                }}
            </Section>
            <Section title="Letters and calendar">
                <p>
                    <a href="/account/letters">"Which letters you get and when, and your calendar"</a>
                </p>
            </Section>
            <Section title="Password">
                <PostForm form=form action="/account/password">
                    <TextField
                        name="current"
                        label="Current password"
                        kind="password"
                        autocomplete="current-password"
                        max_length=MAX_LENGTH
                    />
                    <TextField
                        name="password"
                        label="New password"
                        kind="password"
                        autocomplete="new-password"
                        min_length=MIN_LENGTH
                        max_length=MAX_LENGTH
                        help="At least 12 characters. This signs you out everywhere else."
                    />
                    <Actions verb="Change the password" />
                </PostForm>
            </Section>
            <Section title="Sessions">
                <ul class="rows">{rows}</ul>
                {several
                    .then(|| {
                        view! {
                            <form method="post" action="/account/sessions/end-others">
                                <button class="button" type="submit">
                                    "Sign out everywhere else"
                                </button>
                            </form>
                        }
                    })}
            </Section>
            <form method="post" action="/sign-out">
                <button class="button" type="submit">
                    "Sign out"
                </button>
            </form>
        }
    }))
}

/// `Firefox on Linux`: enough to recognise one's own device by.
fn browser(agent: &str) -> String {
    let name = [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ]
    .into_iter()
    .find_map(|(mark, name)| agent.contains(mark).then_some(name));
    let system = [
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]
    .into_iter()
    .find_map(|(mark, name)| agent.contains(mark).then_some(name));
    match (name, system) {
        (Some(name), Some(system)) => format!("{name} on {system}"),
        (Some(only), None) | (None, Some(only)) => only.to_owned(),
        (None, None) => "Unknown device".to_owned(),
    }
}

pub async fn change_password(person: Person, mut form: Form) -> FormResponse {
    let outcome = try_change(&person, &mut form).await;
    respond(outcome, form, |form| {
        let forms = Forms {
            password: Some(form),
            ..Forms::default()
        };
        account_page(&person, forms, None)
    })
    .await
}

fn name_section(form: Form) -> impl IntoView {
    view! {
        <Section title="Name">
            <PostForm form=form action="/account/name">
                <TextField
                    name="name"
                    label="Your name"
                    max_length=120
                    autocomplete="name"
                    help="Everything you signed keeps the name you signed it with."
                />
                <Actions verb="Change the name" />
            </PostForm>
        </Section>
    }
}

/// Where the account is signed in, with `this` the session that asks.
fn session_rows(
    sessions: Vec<sessions::SessionListItem>,
    this: Option<&String>,
    now: Timestamp,
) -> impl IntoView + use<> {
    let zone = Zone::utc();
    sessions
        .into_iter()
        .map(|session| {
            let is_this = Some(&session.id_hash) == this;
            let day = session.created_at.day_in(&zone).format(now.day_in(&zone));
            view! {
                <li class="row">
                    <span class="row-main">
                        <strong>{browser(&session.agent)}</strong>
                        <span class="faint">"since "{day}{is_this.then_some(", this one")}</span>
                    </span>
                    {(!is_this)
                        .then(|| {
                            view! {
                                <form method="post" action=format!("/account/sessions/{}/end", session.id)>
                                    <button class="button" type="submit">
                                        "End"
                                    </button>
                                </form>
                            }
                        })}
                </li>
            }
        })
        .collect_view()
}

fn email_fields(form: Form) -> impl IntoView {
    view! {
        <PostForm form=form action="/account/email">
            <TextField
                name="email"
                label="New address"
                kind="email"
                autocomplete="email"
                max_length=254
                help="We send a link to this address. Your address changes when you open the link."
            />
            <TextField
                name="own_password"
                label="Password"
                kind="password"
                autocomplete="current-password"
                max_length=MAX_LENGTH
            />
            <Actions verb="Send the link" />
        </PostForm>
    }
}

pub async fn change_name(person: Person, mut form: Form) -> FormResponse {
    let outcome = async {
        let own = person.own().await?;
        let name = write::person_name(&mut form, "name").ok_or_else(|| form.refusal())?;
        if name != own.name {
            let mut tx = person.begin(&own).await?;
            members::write::refuse_twin(&mut tx, person.account, &name).await?;
            write::set_name(&mut tx, person.account, &name).await?;
            let event = Event::new(
                "changed the name of",
                "account",
                person.account.uuid(),
                name.as_str(),
            );
            tx.commit(event.with_changes(&[("Name", &own.name, &name)]))
                .await?;
            members::write::record_rename(&person.state, person.account, (&own.name, &name)).await?;
        }
        Ok(Redirect::to("/account").with_notice(Notice::Saved))
    }
    .await;
    respond(outcome, form, |form| {
        let forms = Forms {
            name: Some(form),
            ..Forms::default()
        };
        account_page(&person, forms, None)
    })
    .await
}

/// Minutes for which a link confirms an address.
const CONFIRM_MINUTES: i64 = 60;

pub async fn change_email(person: Person, mut form: Form) -> FormResponse {
    let outcome = ask_for_email(&person, &mut form).await;
    respond(outcome, form, |form| {
        let forms = Forms {
            email: Some(form),
            ..Forms::default()
        };
        account_page(&person, forms, None)
    })
    .await
}

/// Sends the link that confirms an address. Whether somebody else has it is told to nobody but its owner.
async fn ask_for_email(person: &Person, form: &mut Form) -> Result<Redirect> {
    let own = person.own().await?;
    let state = &person.state;
    if state.settings().smtp_url.is_none() {
        return Err(Error::invalid("email", "No mail server is configured."));
    }
    check_current_password(person, &own, (form, "own_password")).await?;
    let Some(email) = text::email(form.raw("email")) else {
        return Err(Error::invalid(
            "email",
            "Write an e-mail address such as dana@company.example.",
        ));
    };
    throttle::take(state, &throttle::ThrottleSubject::ResetMail { email: &email }).await?;
    let secret = tokens::secret(state);
    let mut tx = person.begin(&own).await?;
    let expires_at = state.now().plus_seconds(CONFIRM_MINUTES * 60);
    tokens::issue_for_email(&mut tx, person.account, (&secret, &email), expires_at).await?;
    let body = format!(
        "Hello {},\n\nthis address is to be yours in Handshake. Open this link within {CONFIRM_MINUTES} \
            minutes \
            to confirm it:\n\n{}/account/email/{secret}\n\nIf it was not you, nothing changes and you need \
            do \
            nothing.\n",
        own.name,
        state.settings().origin()
    );
    let letter = Email::text(email, "Confirm your address in Handshake".to_owned(), body);
    mail::queue(state, &mut tx, letter).await?;
    tx.commit(Event::new(
        "asked for another address of",
        "account",
        person.account.uuid(),
        own.name,
    ))
    .await?;
    Ok(Redirect::to("/account").with_notice(Notice::LinkSent))
}

pub async fn confirm_email(State(state): State<AppState>, Path(secret): Path<String>) -> Result<Page> {
    let email = tokens::find(&state, TokenPurpose::Email, &secret)
        .await?
        .email
        .ok_or(Error::Gone)?;
    Ok(Page::standalone("Confirm your address", move || {
        view! {
            <h1>"Confirm your address"</h1>
            <p>{format!("You will sign in with {email}, and receive mail there.")}</p>
            <PostForm form=Form::blank()>
                <Actions verb="Confirm the address" />
            </PostForm>
        }
    }))
}

pub async fn confirm_email_post(
    State(state): State<AppState>,
    Path(secret): Path<String>,
    request: RequestId,
) -> Result<Response> {
    let token = tokens::find(&state, TokenPurpose::Email, &secret).await?;
    let (account, email) = token.account_id.zip(token.email).ok_or(Error::Gone)?;
    let own: AccountRow = state
        .db()
        .fetch_optional(
            sql!("select name, email, password_hash from accounts where id = $1"),
            args![account],
        )
        .await?
        .ok_or(Error::Gone)?;
    let actor = Actor {
        account: Some(account),
        name: own.name.clone(),
        request_id: request.0,
    };
    let mut tx = AuditedTransaction::open(&state, ACCOUNTS_CHAIN, actor).await?;
    tokens::consume(&mut tx, TokenPurpose::Email, &secret).await?;
    write::set_email(&mut tx, account, &email).await?;
    // Links that went to the address of before let nobody in any more.
    tokens::expire_of(&mut tx, account).await?;
    let body = format!(
        "Hello {},\n\nyour address in Handshake is {email} from now on. If it was not you, tell your \
            administrator now.\n",
        own.name
    );
    let letter = Email::text(
        own.email.clone(),
        "Your address in Handshake changed".to_owned(),
        body,
    );
    mail::queue(&state, &mut tx, letter).await?;
    let event = Event::new("changed the address of", "account", account.uuid(), own.name);
    tx.commit(event.with_changes(&[("Address", &own.email, &email)]))
        .await?;
    Ok(Redirect::to("/account")
        .with_notice(Notice::Saved)
        .into_response())
}

/// Changes an address where nobody can confirm it by mail; gives it as it is kept.
///
/// # Errors
/// `Invalid` when it is no address, `Gone` when somebody else has it.
pub async fn change_email_by_operator(
    state: &AppState,
    (account, name): (AccountId, &str),
    (from, to): (&str, &str),
) -> Result<String> {
    let to = text::email(to).ok_or_else(|| {
        Error::invalid(
            "",
            format!("“{to}” is not an e-mail address. Write one such as dana@company.example."),
        )
    })?;
    let mut tx = AuditedTransaction::open(state, ACCOUNTS_CHAIN, Actor::system("The operator")).await?;
    write::set_email(&mut tx, account, &to).await?;
    tokens::expire_of(&mut tx, account).await?;
    let event = Event::new("changed the address of", "account", account.uuid(), name);
    tx.commit(event.with_changes(&[("Address", from, &to)])).await?;
    Ok(to)
}

async fn check_current_password(
    person: &Person,
    own: &AccountRow,
    (form, field): (&Form, &str),
) -> Result<()> {
    let subject = throttle::ThrottleSubject::Password {
        account: person.account,
    };
    throttle::take(&person.state, &subject).await?;
    let typed = form.raw(field).chars().take(MAX_LENGTH).collect();
    let (fits, _) = passwords::check(&person.state, Some(own.password_hash.clone()), typed).await?;
    if !fits {
        return Err(Error::invalid(field, "This is not your password."));
    }
    throttle::forget(&person.state, &subject).await
}

async fn try_change(person: &Person, form: &mut Form) -> Result<Redirect> {
    let own = person.own().await?;
    check_current_password(person, &own, (form, "current")).await?;
    let hash = new_password(&person.state, form, &[&own.name, &own.email]).await?;
    let mut tx = person.begin(&own).await?;
    write::set_password(&mut tx, person.account, &hash).await?;
    sessions::end_others(&mut tx, person.account, &person.session).await?;
    tx.commit(Event::new(
        "changed the password of",
        "account",
        person.account.uuid(),
        own.name,
    ))
    .await?;
    Ok(Redirect::to("/account").with_notice(Notice::PasswordChanged))
}

pub async fn end_session(person: Person, Path(id): Path<SessionRowId>) -> Result<Response> {
    let own = person.own().await?;
    let mut tx = person.begin(&own).await?;
    sessions::end_one(&mut tx, person.account, id).await?;
    tx.commit(Event::new(
        "ended a session of",
        "account",
        person.account.uuid(),
        own.name,
    ))
    .await?;
    Ok(Redirect::to("/account")
        .with_notice(Notice::SessionsEnded)
        .into_response())
}

pub async fn end_other_sessions(person: Person) -> Result<Response> {
    let own = person.own().await?;
    let mut tx = person.begin(&own).await?;
    sessions::end_others(&mut tx, person.account, &person.session).await?;
    tx.commit(Event::new(
        "ended every other session of",
        "account",
        person.account.uuid(),
        own.name,
    ))
    .await?;
    Ok(Redirect::to("/account")
        .with_notice(Notice::SessionsEnded)
        .into_response())
}
