//! One's own account: the password and the sessions.

use axum::{
    extract::Path,
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
        viewer::Person,
    },
    platform::{
        audit::{ACCOUNTS_CHAIN, Actor, AuditedTransaction, Event},
        error::{Error, Result},
        form::Form,
        ids::SessionRowId,
        time::Zone,
    },
    sql,
    ui::{Actions, Notice, PostForm, Section, TextField},
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
    account_page(&person, Form::blank(), notice).await
}

async fn account_page(person: &Person, form: Form, notice: Option<Notice>) -> Result<Page> {
    let own = person.own().await?;
    let sessions = sessions::of_account(&person.state, person.account).await?;
    let this = sessions::hash_of(&person.session);
    let now = person.state.now();
    Ok(Page::standalone("Your account", move || {
        let (zone, several) = (Zone::utc(), sessions.len() > 1);
        let rows = sessions
            .into_iter()
            .map(|session| {
                let is_this = Some(&session.id_hash) == this.as_ref();
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
                                    <form
                                        method="post"
                                        action=format!("/account/sessions/{}/end", session.id)
                                    >
                                        <button class="button" type="submit">
                                            "End"
                                        </button>
                                    </form>
                                }
                            })}
                    </li>
                }
            })
            .collect_view();
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
                        help="At least 12 characters. Every other session ends."
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
                                    "End every other session"
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
    respond(outcome, form, |form| account_page(&person, form, None)).await
}

async fn try_change(person: &Person, form: &mut Form) -> Result<Redirect> {
    let own = person.own().await?;
    let subject = throttle::ThrottleSubject::Password {
        account: person.account,
    };
    throttle::take(&person.state, &subject).await?;
    let (fits, _) = passwords::check(
        &person.state,
        Some(own.password_hash.clone()),
        form.raw("current").chars().take(MAX_LENGTH).collect(),
    )
    .await?;
    if !fits {
        return Err(Error::invalid("current", "This is not your password."));
    }
    throttle::forget(&person.state, &subject).await?;
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
