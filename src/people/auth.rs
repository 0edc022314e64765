//! Coming in and going out: signing in and out, a forgotten password, and the very first set-up.

use axum::{
    extract::{Path, Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use leptos::prelude::*;
use serde::Deserialize;
use tower_sessions::Session;

use super::{
    FormResponse, Page, Redirect, members,
    passwords::{self, MAX_LENGTH, MIN_LENGTH},
    respond, sessions,
    throttle::{self, ThrottleSubject},
    tokens::{self, Purpose},
    viewer::Person,
};
use crate::{
    args,
    handshake::Side,
    people::Role,
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
    ui::{Actions, Fields, Hidden, Notice, PostForm, Select, TextField},
};

const RESET_MINUTES: i64 = 30;
/// People of the demo workspace, as the sign-in page lists them in demo mode.
pub const DEMO_PASSWORD: &str = "handshake-demo";
pub const DEMO_PEOPLE: [(&str, &str); 7] = [
    ("cmo@demo.example", "Lead of Marketing, administrator"),
    ("cio@demo.example", "Lead of Technology"),
    ("marketing.manager@demo.example", "Manager, Marketing"),
    ("technology.manager@demo.example", "Manager, Technology"),
    ("marketing@demo.example", "Contributor, Marketing"),
    ("technology@demo.example", "Contributor, Technology"),
    ("observer@demo.example", "Observer"),
];

#[derive(Deserialize, Default)]
pub struct SignInQuery {
    next: Option<String>,
    done: Option<String>,
}

/// `/`: to the person's workspace, or to the list of several, or to signing in.
pub async fn root(person: Result<Person, Error>) -> Result<Response> {
    let Ok(person) = person else { return Ok(Redirect::to("/sign-in").into_response()) };
    let workspaces = members::workspaces_of(&person.state, person.account).await?;
    match workspaces.as_slice() {
        [only] => Ok(Redirect::to(format!("/w/{}", only.slug)).into_response()),
        _ => Ok(Redirect::to("/workspaces").into_response()),
    }
}

/// The workspaces somebody is in.
pub async fn workspaces(person: Person) -> Result<Page> {
    let workspaces = members::workspaces_of(&person.state, person.account).await?;
    Ok(Page::standalone("Your workspaces", move || {
        let none = workspaces.is_empty();
        let list = workspaces
            .into_iter()
            .map(|workspace| view! { <li class="row"><a class="row-main" href=format!("/w/{}", workspace.slug)><strong>{workspace.name}</strong></a></li> })
            .collect_view();
        view! {
            <h1>"Your workspaces"</h1>
            <ul class="rows">{list}</ul>
            {none.then_some(view! { <p>"You are a member of no workspace at the moment. An administrator of one can invite you."</p> })}
            <form method="post" action="/sign-out"><button class="button" type="submit">"Sign out"</button></form>
        }
    }))
}

pub async fn sign_in(State(state): State<AppState>, person: Result<Person, Error>, Query(arrival): Query<SignInQuery>) -> Result<Response> {
    if person.is_ok() {
        return Ok(Redirect::to("/").into_response());
    }
    let form = Form::blank().with("next", arrival.next.unwrap_or_default());
    let notice = arrival.done.and_then(|word| word.parse().ok());
    Ok(sign_in_page(&state, form, notice).into_response())
}

fn sign_in_page(state: &AppState, form: Form, notice: Option<Notice>) -> Page {
    let demo = state.settings().demo;
    Page::standalone("Sign in", move || {
        view! {
            <h1>"Sign in"</h1>
            {notice.map(|notice| view! { <p class="notice" role="status">{notice.sentence()}</p> })}
            <PostForm form=form action="/sign-in">
                <Hidden name="next"/>
                <TextField name="email" label="E-mail" kind="email" autocomplete="username" inputmode="email" max_length=254 autofocus=true/>
                <TextField name="password" label="Password" kind="password" autocomplete="current-password" max_length=MAX_LENGTH/>
                <Actions verb="Sign in"/>
            </PostForm>
            <p><a href="/forgot-password">"Forgot your password?"</a></p>
            {demo.then(demo_accounts)}
        }
    })
}

fn demo_accounts() -> impl IntoView {
    let rows = DEMO_PEOPLE.into_iter().map(|(email, who)| view! { <tr><td><code>{email}</code></td><td>{who}</td></tr> }).collect_view();
    view! {
        <section class="demo">
            <h2>"Demo accounts"</h2>
            <p>"This server runs with a demo workspace. Everybody's password is "<code>{DEMO_PASSWORD}</code>"."</p>
            <table><thead><tr><th scope="col">"E-mail"</th><th scope="col">"Who"</th></tr></thead><tbody>{rows}</tbody></table>
        </section>
    }
}

#[derive(sqlx::FromRow)]
struct AccountRow {
    id: AccountId,
    name: String,
    password_hash: String,
}

pub async fn sign_in_post(
    State(state): State<AppState>,
    ClientAddress(from): ClientAddress,
    session: Session,
    headers: HeaderMap,
    extensions: axum::http::Extensions,
    mut form: Form,
) -> FormResponse {
    let outcome = try_sign_in(&state, from, &session, &headers, RequestId::of(&extensions), &mut form).await;
    respond(outcome, form, |form| async { Ok(sign_in_page(&state, form, None)) }).await
}

async fn try_sign_in(
    state: &AppState,
    from: std::net::IpAddr,
    session: &Session,
    headers: &HeaderMap,
    request_id: String,
    form: &mut Form,
) -> Result<Redirect> {
    let email = text::email(form.raw("email")).unwrap_or_default();
    let password = form.raw("password").to_owned();
    let subjects = [ThrottleSubject::Address(from), ThrottleSubject::Account { email: &email, from }];
    for subject in &subjects {
        throttle::refuse_if_blocked(state, subject).await?;
    }
    let known: Option<AccountRow> = state.db().fetch_optional("select id, name, password_hash from accounts where email = $1", args![&email]).await?;
    // The form's own limit keeps an endless password from being hashed.
    let password = if password.chars().count() > MAX_LENGTH { String::new() } else { password };
    let (fits, stronger) = passwords::check(state, known.as_ref().map(|known| known.password_hash.clone()), password).await?;
    let Some(known) = known.filter(|_| fits) else {
        for subject in &subjects {
            throttle::count_failure(state, subject).await?;
        }
        tracing::info!(request = request_id, "a sign-in failed");
        return Err(Error::invalid("", "This address and password do not fit together."));
    };
    throttle::forget(state, &subjects[1]).await?;
    if let Some(hash) = stronger {
        state.db().execute("update accounts set password_hash = $2 where id = $1", args![known.id, hash]).await?;
    }
    let tx = AuditedTransaction::open(state, ACCOUNTS_CHAIN, Actor { account: Some(known.id), name: known.name.clone(), request_id }).await?;
    tx.commit(Event::new("signed in", "account", known.id.uuid(), known.name)).await?;
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    sessions::begin(session, known.id, agent).await?;
    Ok(Redirect::to(text::local_path(form.raw("next")).unwrap_or("/")))
}

pub async fn sign_out(session: Session) -> Result<Response> {
    sessions::end(&session).await?;
    let mut response = Redirect::to("/sign-in").with_notice(Notice::SignedOut).into_response();
    response.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"cache\", \"storage\""));
    Ok(response)
}

pub async fn forgot_password() -> Page {
    forgot_page(Form::blank())
}

fn forgot_page(form: Form) -> Page {
    Page::standalone("Reset your password", move || {
        view! {
            <h1>"Reset your password"</h1>
            <p>"We send a link to your address. It works once, for 30 minutes."</p>
            <PostForm form=form>
                <TextField name="email" label="E-mail" kind="email" autocomplete="username" inputmode="email" max_length=254 autofocus=true/>
                <Actions verb="Send the link" cancel="/sign-in"/>
            </PostForm>
        }
    })
}

/// The same answer whether or not the address is known.
pub async fn forgot_password_post(State(state): State<AppState>, ClientAddress(from): ClientAddress, mut form: Form) -> FormResponse {
    let Some(email) = text::email(form.raw("email")) else {
        form.fail("email", "Write an address such as dana@company.example.");
        let refusal = form.refusal();
        return respond(Err(refusal), form, |form| async { Ok(forgot_page(form)) }).await;
    };
    for subject in [ThrottleSubject::Address(from), ThrottleSubject::Mail { email: &email }] {
        throttle::refuse_if_blocked(&state, &subject).await?;
        throttle::count_failure(&state, &subject).await?;
    }
    // After the answer, so that a known address takes no longer than an unknown one.
    let sender = state.clone();
    tokio::spawn(async move {
        if let Err(error) = send_reset_link(&sender, &email).await {
            tracing::warn!(error = %error, "a reset link was not sent");
        }
    });
    let by_mail = state.settings().smtp_url.is_some();
    Ok(Page::standalone("Look into your mail", move || {
        let how = if by_mail {
            "If the address belongs to somebody here, a link is on its way. It works once, for 30 minutes."
        } else {
            "No mail server is configured here. Ask your administrator for a link; the server's operator makes one with “handshake admin reset-link”."
        };
        view! { <h1>"Look into your mail"</h1><p>{how}</p><p><a href="/sign-in">"Back to signing in"</a></p> }
    })
    .into_response())
}

async fn send_reset_link(state: &AppState, email: &str) -> Result<()> {
    let known: Option<AccountRow> = state.db().fetch_optional("select id, name, password_hash from accounts where email = $1", args![email]).await?;
    let Some(known) = known.filter(|_| state.settings().smtp_url.is_some()) else { return Ok(()) };
    let secret = tokens::issue(state, Purpose::Reset, Some(known.id), state.now().plus_seconds(RESET_MINUTES * 60)).await?;
    let mut tx = AuditedTransaction::open(state, ACCOUNTS_CHAIN, Actor::system("Handshake")).await?;
    let link = format!("{}/reset-password/{secret}", state.settings().origin());
    let body = format!(
        "Hello {},\n\nsomebody asked for a new password for your account. This link works once, for {RESET_MINUTES} minutes:\n\n{link}\n\nIf it was not you, nothing has changed and you need do nothing.\n",
        known.name
    );
    mail::queue(state, &mut tx, Email { to: email.to_owned(), subject: "Reset your Handshake password".to_owned(), body }).await?;
    tx.commit(Event::new("asked for a password reset of", "account", known.id.uuid(), known.name)).await
}

/// A link for the operator to hand over.
pub async fn reset_link(state: &AppState, email: &str) -> Result<String> {
    let email = text::email(email).ok_or(Error::NotFound)?;
    let known: AccountRow =
        state.db().fetch_optional("select id, name, password_hash from accounts where email = $1", args![&email]).await?.ok_or(Error::NotFound)?;
    let secret = tokens::issue(state, Purpose::Reset, Some(known.id), state.now().plus_seconds(RESET_MINUTES * 60)).await?;
    let tx = AuditedTransaction::open(state, ACCOUNTS_CHAIN, Actor::system("The operator")).await?;
    tx.commit(Event::new("made a password reset link for", "account", known.id.uuid(), known.name)).await?;
    Ok(format!("{}/reset-password/{secret}", state.settings().origin()))
}

pub async fn reset_password(State(state): State<AppState>, Path(secret): Path<String>) -> Result<Page> {
    tokens::find(&state, Purpose::Reset, &secret).await?;
    Ok(reset_page(Form::blank()))
}

fn reset_page(form: Form) -> Page {
    Page::standalone("Choose a new password", move || {
        view! {
            <h1>"Choose a new password"</h1>
            <PostForm form=form>
                <TextField name="password" label="New password" kind="password" autocomplete="new-password" min_length=MIN_LENGTH max_length=MAX_LENGTH
                    help="At least 12 characters. A few unrelated words are good." autofocus=true/>
                <Actions verb="Set the password"/>
            </PostForm>
        }
    })
}

pub async fn reset_password_post(State(state): State<AppState>, Path(secret): Path<String>, mut form: Form) -> FormResponse {
    let outcome = try_reset(&state, &secret, &mut form).await;
    respond(outcome, form, |form| async { Ok(reset_page(form)) }).await
}

async fn try_reset(state: &AppState, secret: &str, form: &mut Form) -> Result<Redirect> {
    let token = tokens::find(state, Purpose::Reset, secret).await?;
    let account = token.account_id.ok_or(Error::Gone)?;
    let who: Who = state.db().fetch_optional("select name, email from accounts where id = $1", args![account]).await?.ok_or(Error::Gone)?;
    let hash = new_password(state, form, &[&who.name, &who.email]).await?;
    let actor = Actor { account: Some(account), name: who.name.clone(), request_id: String::new() };
    let mut tx = AuditedTransaction::open(state, ACCOUNTS_CHAIN, actor).await?;
    tokens::consume(&mut tx, Purpose::Reset, secret).await?;
    tx.execute_unscoped("update accounts set password_hash = $2 where id = $1", args![account, hash]).await?;
    tx.execute_unscoped("delete from sessions where account_id = $1", args![account]).await?;
    tx.execute_unscoped("update tokens set used_at = $2 where account_id = $1 and used_at is null", args![account, state.now()]).await?;
    let body =
        format!("Hello {},\n\nyour Handshake password was reset and every session has ended. If it was not you, tell your administrator now.\n", who.name);
    mail::queue(state, &mut tx, Email { to: who.email, subject: "Your Handshake password was reset".to_owned(), body }).await?;
    tx.commit(Event::new("reset the password of", "account", account.uuid(), who.name)).await?;
    Ok(Redirect::to("/sign-in").with_notice(Notice::ResetDone))
}

#[derive(sqlx::FromRow)]
struct Who {
    name: String,
    email: String,
}

/// Reads `password` from a form, refuses a weak one, and hashes it.
pub async fn new_password(state: &AppState, form: &mut Form, context: &[&str]) -> Result<String> {
    let password = form.raw("password").to_owned();
    if let Some(objection) = passwords::objection(&password, context) {
        form.fail("password", objection);
        return Err(form.refusal());
    }
    passwords::hash(state, password).await
}

/// The link that a start without any workspace prints; `None` when there is one. A set-up that was cut short between
/// the account and its workspace is thus done again, with the same address.
pub async fn setup_link(state: &AppState) -> Result<Option<String>> {
    let (workspaces,): (i64,) = state.db().fetch_optional("select count(*) from workspaces", Vec::new()).await?.unwrap_or((0,));
    if workspaces > 0 {
        return Ok(None);
    }
    // Only the newest link works.
    state.db().execute("update tokens set used_at = $1 where purpose = 'setup' and used_at is null", args![state.now()]).await?;
    let secret = tokens::issue(state, Purpose::Setup, None, state.now().plus_days(7)).await?;
    Ok(Some(format!("{}/setup/{secret}", state.settings().origin())))
}

pub async fn setup(State(state): State<AppState>, Path(secret): Path<String>) -> Result<Page> {
    tokens::find(&state, Purpose::Setup, &secret).await?;
    Ok(setup_page(Form::blank().with("zone", "Europe/Berlin").with("side", "")))
}

/// Zones offered at set-up; any other IANA name can be typed on the command line.
const ZONES: [&str; 24] = [
    "UTC",
    "Europe/London",
    "Europe/Berlin",
    "Europe/Paris",
    "Europe/Madrid",
    "Europe/Warsaw",
    "Europe/Athens",
    "Europe/Istanbul",
    "Africa/Lagos",
    "Africa/Johannesburg",
    "Asia/Dubai",
    "Asia/Kolkata",
    "Asia/Singapore",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Australia/Sydney",
    "Pacific/Auckland",
    "America/Sao_Paulo",
    "America/New_York",
    "America/Toronto",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/Mexico_City",
];

pub fn zone_options() -> Vec<(String, String)> {
    ZONES.iter().map(|zone| ((*zone).to_owned(), zone.replace('_', " "))).collect()
}

fn setup_page(form: Form) -> Page {
    Page::standalone("Set up Handshake", move || {
        let sides = vec![("marketing".to_owned(), "I lead Marketing".to_owned()), ("technology".to_owned(), "I lead Technology".to_owned())];
        view! {
            <h1>"Set up Handshake"</h1>
            <p>"You become the first administrator. A workspace is one partnership of a CMO and a CIO: a company, a brand, a region. Both leads are invited here."</p>
            <PostForm form=form>
                <h2>"You"</h2>
                <TextField name="name" label="Your name" autocomplete="name" max_length=120 autofocus=true/>
                <TextField name="email" label="Your e-mail" kind="email" autocomplete="username" inputmode="email" max_length=254/>
                <TextField name="password" label="Password" kind="password" autocomplete="new-password" min_length=MIN_LENGTH max_length=MAX_LENGTH help="At least 12 characters. A few unrelated words are good."/>
                <Select name="side" label="Your part" options=sides none="I administer only" optional=true/>
                <h2>"The workspace"</h2>
                <TextField name="workspace" label="Name" help="Such as Northwind, or Northwind Retail Europe." autocomplete="organization" max_length=80/>
                <Select name="zone" label="Time zone" options=zone_options() help="Due dates end at midnight here."/>
                <h2>"The two leads"</h2>
                <p class="help">"Leave out your own address. Each gets a link that works once, for 72 hours."</p>
                <Fields>
                    <TextField name="marketing_email" label="CMO’s e-mail" kind="email" autocomplete="off" inputmode="email" max_length=254 optional=true/>
                    <TextField name="technology_email" label="CIO’s e-mail" kind="email" autocomplete="off" inputmode="email" max_length=254 optional=true/>
                </Fields>
                <Actions verb="Set up the workspace"/>
            </PostForm>
        }
    })
}

pub async fn setup_post(State(state): State<AppState>, session: Session, Path(secret): Path<String>, headers: HeaderMap, mut form: Form) -> FormResponse {
    match try_setup(&state, &session, &secret, &headers, &mut form).await {
        Ok((slug, links)) => Ok(ready_page(slug, links).into_response()),
        Err(error) => respond(Err(error), form, |form| async { Ok(setup_page(form)) }).await,
    }
}

/// The leads' links, shown once.
fn ready_page(slug: String, links: Vec<(Side, String, String)>) -> Page {
    Page::standalone("Handshake is set up", move || {
        let none = links.is_empty();
        let listed = links
            .into_iter()
            .map(|(side, email, link)| view! { <h2>{format!("The lead of {}", side.name())}</h2><p>{email}</p><p class="card copy"><code>{link}</code></p> })
            .collect_view();
        view! {
            <h1>"Handshake is set up"</h1>
            {if none {
                view! { <p>"Invite the leads on the members page when you know them."</p> }.into_any()
            } else {
                view! { <p>"These links let the leads in. Each works once, for 72 hours, and is shown only now; with a mail server configured they are on their way, too."</p> }.into_any()
            }}
            {listed}
            <p><a class="button is-primary" href=format!("/w/{slug}")>"Go to the workspace"</a></p>
        }
    })
}

async fn try_setup(state: &AppState, session: &Session, secret: &str, headers: &HeaderMap, form: &mut Form) -> Result<(String, Vec<(Side, String, String)>)> {
    tokens::find(state, Purpose::Setup, secret).await?;
    let name = form.line("name", 120);
    let workspace = form.line("workspace", 80);
    let email = text::email(form.raw("email"));
    if email.is_none() {
        form.fail("email", "Write an address such as dana@company.example.");
    }
    let side: Option<Option<Side>> = form.optional_choice("side");
    let zone = form.line("zone", 60).filter(|zone| crate::platform::time::Zone::get(zone).is_some());
    if zone.is_none() && form.problem_of("zone").is_none() {
        form.fail("zone", "Choose a zone from the list.");
    }
    let mut leads = Vec::new();
    for (field, lead_side) in [("marketing_email", Side::Marketing), ("technology_email", Side::Technology)] {
        if form.raw(field).trim().is_empty() {
            continue;
        }
        match text::email(form.raw(field)) {
            None => form.fail(field, "Write an address such as dana@company.example."),
            Some(address) if Some(&address) == email.as_ref() => form.fail(field, "This is your own address; choose your part above instead."),
            Some(_) if side == Some(Some(lead_side)) => form.fail(field, "You lead this side yourself."),
            Some(address) => leads.push((lead_side, address)),
        }
    }
    if leads.len() == 2 && leads[0].1 == leads[1].1 {
        form.fail("technology_email", "Two different people lead the two sides.");
    }
    if let Some(objection) = passwords::objection(
        form.raw("password"),
        &[name.as_deref().unwrap_or_default(), email.as_deref().unwrap_or_default(), workspace.as_deref().unwrap_or_default()],
    ) {
        form.fail("password", objection);
    }
    let (Some(name), Some(workspace), Some(email), Some(side), Some(zone)) = (name, workspace, email, side, zone) else {
        return Err(form.refusal());
    };
    if !form.problems().is_empty() {
        return Err(form.refusal());
    }
    let hash = passwords::hash(state, form.raw("password").to_owned()).await?;

    let mut tx = AuditedTransaction::create_chain(state, ACCOUNTS_CHAIN, Actor { account: None, name: name.clone(), request_id: String::new() }).await?;
    tokens::consume(&mut tx, Purpose::Setup, secret).await?;
    let fresh: AccountId = state.fresh_id();
    let (account,): (AccountId,) = tx
        .fetch_optional_unscoped(
            "insert into accounts (id, email, name, password_hash, created_at) values ($1, $2, $3, $4, $5)
             on conflict (email) do update set name = excluded.name, password_hash = excluded.password_hash returning id",
            args![fresh, &email, &name, hash, tx.now()],
        )
        .await?
        .ok_or(Error::Internal)?;
    tx.commit(Event::new("set up", "account", account.uuid(), "Handshake")).await?;

    let role = if side.is_some() { Role::Lead } else { Role::Observer };
    let founder = members::Founder { account, name, side, role };
    let (slug, _) = members::create_workspace(state, &workspace, &zone, &[founder]).await?;
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    sessions::begin(session, account, agent).await?;
    let viewer = super::Viewer::enter(state, account, &slug, String::new()).await?;
    let mut links = Vec::new();
    for (lead_side, address) in leads {
        let link = super::invitations::invite(&viewer, &address, Some(lead_side), Role::Lead, false).await?;
        links.push((lead_side, address, link));
    }
    Ok((slug, links))
}

/// What a visitor who is not signed in is answered: pages lead to signing in, forms say what happened.
pub fn redirect_to_sign_in(path_and_query: &str, was_get: bool) -> Response {
    if was_get {
        let next: String = url::form_urlencoded::byte_serialize(path_and_query.as_bytes()).collect();
        return Redirect::to(format!("/sign-in?next={next}")).into_response();
    }
    Page::standalone("You are signed out", || {
        view! {
            <h1>"You are signed out"</h1>
            <p>"Nothing was changed. Sign in in another tab, then come back here, go one page back, and send the form again: what you typed is still there."</p>
            <p><a class="button is-primary" href="/sign-in">"Sign in"</a></p>
        }
    })
    .with_status(StatusCode::UNAUTHORIZED)
    .into_response()
}
