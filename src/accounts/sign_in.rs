//! Signing in and out, and where somebody who is signed in goes first.

use axum::{
    extract::{Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use leptos::prelude::*;
use serde::Deserialize;
use tower_sessions::Session;

use crate::{
    args,
    identity::{
        FormResponse, Page, Redirect,
        passwords::{self, MAX_LENGTH},
        respond, sessions,
        throttle::{self, ThrottleSubject},
        viewer::Person,
    },
    members,
    platform::{
        audit::{ACCOUNTS_CHAIN, Actor, AuditedTransaction, Event},
        error::{Error, Result},
        form::Form,
        http::{ClientAddress, RequestId, takes_files, takes_files_alone},
        ids::AccountId,
        state::AppState,
        text,
    },
    sql,
    ui::{Actions, Hidden, Notice, PostForm, TextField},
};

/// People of the demo workspace, as the sign-in page lists them in demo mode.
pub const DEMO_PASSWORD: &str = "handshake-demo";

pub const DEMO_PEOPLE: [(&str, &str); 8] = [
    ("cmo@demo.example", "Lead of Marketing"),
    ("cio@demo.example", "Lead of Technology"),
    ("marketing.manager@demo.example", "Manager, Marketing"),
    ("technology.manager@demo.example", "Manager, Technology"),
    ("marketing@demo.example", "Contributor, Marketing"),
    ("technology@demo.example", "Contributor, Technology"),
    ("observer@demo.example", "Observer"),
    ("administrator@demo.example", "Administrator, on neither side"),
];

#[derive(Deserialize, Default)]
pub struct SignInQuery {
    next: Option<String>,
    done: Option<String>,
}

/// `/`: to the person's workspace, or to the list of several, or to signing in.
pub async fn root(person: Result<Person, Error>) -> Result<Response> {
    let Ok(person) = person else {
        return Ok(Redirect::to("/sign-in").into_response());
    };
    let workspaces = members::read::workspaces_of(&person.state, person.account).await?;
    match workspaces.as_slice() {
        [only] => Ok(Redirect::to(format!("/w/{}", only.slug)).into_response()),
        _ => Ok(Redirect::to("/workspaces").into_response()),
    }
}

/// The workspaces somebody is in.
pub async fn workspaces(person: Person) -> Result<Page> {
    let workspaces = members::read::workspaces_of(&person.state, person.account).await?;
    let makes_another = members::read::administers_any(&person.state, person.account).await?;
    Ok(Page::standalone("Your workspaces", move || {
        let none = workspaces.is_empty();
        let list = workspaces
            .into_iter()
            .map(|workspace| {
                view! {
                    <li class="row">
                        <a class="row-main" href=format!("/w/{}", workspace.slug)>
                            <strong>{workspace.name}</strong>
                        </a>
                    </li>
                }
            })
            .collect_view();
        view! {
            <h1>"Your workspaces"</h1>
            <ul class="rows">{list}</ul>
            {none
                .then_some(
                    view! {
                        <p>"You are not a member of any workspace yet. An administrator can invite you."</p>
                    },
                )}
            {makes_another
                .then(|| {
                    view! {
                        <p>
                            <a class="button" href="/workspaces/new">
                                "Create another workspace"
                            </a>
                        </p>
                    }
                })}
            <form method="post" action="/sign-out">
                <button class="button" type="submit">
                    "Sign out"
                </button>
            </form>
        }
    }))
}

pub async fn sign_in(
    State(state): State<AppState>,
    person: Result<Person, Error>,
    Query(arrival): Query<SignInQuery>,
) -> Result<Response> {
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
            {notice
                .map(|notice| {
                    view! {
                        <p class="notice" role="status">
                            {notice.sentence()}
                        </p>
                    }
                })}
            {sign_in_form(form)}
            {demo.then(demo_accounts)}
        }
    })
}

fn sign_in_form(form: Form) -> impl IntoView {
    view! {
        <PostForm form=form action="/sign-in">
            <Hidden name="next" />
            <Hidden name="held" />
            <TextField
                name="email"
                label="E-mail"
                kind="email"
                autocomplete="username"
                inputmode="email"
                max_length=254
                autofocus=true
            />
            <TextField
                name="password"
                label="Password"
                kind="password"
                autocomplete="current-password"
                max_length=MAX_LENGTH
            />
            <Actions verb="Sign in" />
        </PostForm>
        <p>
            <a href="/forgot-password">"Forgot your password?"</a>
        </p>
    }
}

fn demo_accounts() -> impl IntoView {
    let rows = DEMO_PEOPLE
        .into_iter()
        .map(|(email, who)| {
            view! {
                <tr>
                    <td>
                        <code>{email}</code>
                    </td>
                    <td>{who}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section class="demo">
            <h2>"Demo accounts"</h2>
            <p>
                "This server runs with a demo workspace. Everybody's password is "<code>{DEMO_PASSWORD}</code>
                "."
            </p>
            <table>
                <thead>
                    <tr>
                        <th scope="col">"E-mail"</th>
                        <th scope="col">"Who"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
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
    let held = Form::parse(form.raw("held").as_bytes())
        .ok()
        .filter(|held| !held.fields().is_empty());
    let to = text::local_path(form.raw("next")).map(str::to_owned);
    let outcome = try_sign_in(
        &state,
        from,
        &session,
        &headers,
        RequestId::of(&extensions),
        &mut form,
    )
    .await;
    if let (Ok(_), Some(held), Some(to)) = (&outcome, &held, &to) {
        return Ok(held_page(to, held).into_response());
    }
    respond(outcome, form, |form| async {
        Ok(sign_in_page(&state, form, None))
    })
    .await
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
    let [address, account] = [
        ThrottleSubject::SignIn(from),
        ThrottleSubject::Account { email: &email, from },
    ];
    for subject in [&address, &account] {
        throttle::take(state, subject).await.inspect_err(|error| {
            state.metrics().refused_sign_in();
            tracing::warn!(target: "security", tried = email, error = %error, "a sign-in was refused");
        })?;
    }
    let known: Option<AccountRow> = state
        .db()
        .fetch_optional(
            sql!("select id, name, password_hash from accounts where email = $1"),
            args![&email],
        )
        .await?;
    // The form's own limit keeps an endless password from being hashed.
    let password = if password.chars().count() > MAX_LENGTH {
        String::new()
    } else {
        password
    };
    let (fits, stronger) = passwords::check(
        state,
        known.as_ref().map(|known| known.password_hash.clone()),
        password,
    )
    .await?;
    let Some(known) = known.filter(|_| fits) else {
        state.metrics().refused_sign_in();
        tracing::warn!(target: "security", tried = email, "a sign-in failed");
        return Err(Error::invalid("", "This address and password do not match."));
    };
    throttle::forget(state, &account).await?;
    throttle::forgive(state, &address).await?;
    let mut tx = AuditedTransaction::open(
        state,
        ACCOUNTS_CHAIN,
        Actor {
            account: Some(known.id),
            name: known.name.clone(),
            request_id,
        },
    )
    .await?;
    if let Some(hash) = stronger {
        super::write::rehash_password(&mut tx, known.id, &hash).await?;
    }
    tx.commit(Event::new("signed in", "account", known.id.uuid(), known.name))
        .await?;
    let agent = headers
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    sessions::begin(session, known.id, agent).await?;
    Ok(Redirect::to(text::local_path(form.raw("next")).unwrap_or("/")))
}

pub async fn sign_out(session: Session) -> Result<Response> {
    sessions::end(&session).await?;
    let mut response = Redirect::to("/sign-in")
        .with_notice(Notice::SignedOut)
        .into_response();
    response.headers_mut().insert(
        "clear-site-data",
        HeaderValue::from_static("\"cache\", \"storage\""),
    );
    Ok(response)
}

/// A visitor who is not signed in comes to a page: they sign in first.
pub fn redirect_to_sign_in(path_and_query: &str) -> Response {
    let next: String = url::form_urlencoded::byte_serialize(path_and_query.as_bytes()).collect();
    Redirect::to(format!("/sign-in?next={next}")).into_response()
}

/// A form came without a session: what was typed is shown, and kept while its author signs in on this page.
pub fn signed_out_page(state: &AppState, path: &str, typed: Option<Form>) -> Page {
    // A form with a secret in it is not written into a page.
    let has_secret = |form: &Form| {
        form.fields()
            .iter()
            .any(|(name, _)| name.contains("password") || name == "current")
    };
    let kept = typed
        .filter(|form| !is_about_signing_in(path) && text::local_path(path).is_some() && !has_secret(form));
    let is_kept = kept.is_some();
    let words = kept.as_ref().map(Form::typed_texts).unwrap_or_default();
    let form = Form::blank()
        .with("next", path)
        .with("held", kept.map_or_else(String::new, |form| form.encode()));
    let demo = state.settings().demo;
    let takes_files = takes_files(path);
    Page::standalone("You are signed out", move || {
        view! {
            <h1>"You are signed out"</h1>
            <p>
                {if is_kept {
                    "Nothing was saved yet. Sign in here to send what you typed; it is kept on this page."
                } else {
                    "Nothing was saved. Sign in, then send the form again."
                }}
                {takes_files.then_some(" A file has to be chosen again.")}
            </p>
            {typed_words(words)}
            {sign_in_form(form)}
            {demo.then(demo_accounts)}
        }
    })
    .with_status(StatusCode::UNAUTHORIZED)
}

fn is_about_signing_in(path: &str) -> bool {
    !path.starts_with("/w/") && path != "/account" && !path.starts_with("/account/")
}

fn typed_words(words: Vec<String>) -> impl IntoView {
    words
        .into_iter()
        .map(|words| view! { <blockquote class="prose">{words}</blockquote> })
        .collect_view()
}

/// Signed in again: the form that was kept, to be sent.
fn held_page(to: &str, held: &Form) -> Page {
    let (to, words) = (to.to_owned(), held.typed_texts());
    let enctype = takes_files_alone(&to).then_some("multipart/form-data");
    let fields = held.fields().to_vec();
    Page::standalone("Send what you typed", move || {
        let hidden = fields
            .into_iter()
            .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
            .collect_view();
        view! {
            <h1>"Send what you typed"</h1>
            <p>"You are signed in. Nothing has been sent yet."</p>
            {typed_words(words)}
            <form method="post" action=to enctype=enctype>
                {hidden}
                <div class="actions">
                    <button type="submit" class="button is-primary">
                        "Send it"
                    </button>
                    <a class="button" href="/">
                        "Discard it"
                    </a>
                </div>
            </form>
        }
    })
}
