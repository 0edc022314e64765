//! The very first set-up: one administrator, one workspace, two invited leads.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, header},
    response::IntoResponse,
};
use leptos::prelude::*;
use tower_sessions::Session;

use crate::{
    identity::{
        FormResponse, Page, Part, Role, Side, Viewer,
        passwords::{self, MAX_LENGTH, MIN_LENGTH},
        respond, sessions,
        tokens::{self, TokenPurpose},
    },
    members,
    platform::{
        audit::{ACCOUNTS_CHAIN, Actor, AuditedTransaction, Event},
        error::{Error, Result},
        form::Form,
        http::RequestId,
        ids::AccountId,
        state::AppState,
        text,
    },
    sql,
    ui::{Actions, Copyable, Fields, PostForm, Select, TextField},
};

/// The link that a start without any workspace prints; `None` when there is one. A set-up that was cut short
/// between the account and its workspace is thus done again, with the same address.
pub async fn setup_link(state: &AppState) -> Result<Option<String>> {
    if is_set_up(state).await? {
        return Ok(None);
    }
    // Only the newest link works.
    tokens::expire(state, TokenPurpose::Setup).await?;
    let secret = tokens::issue(state, TokenPurpose::Setup, None, state.now().plus_days(7)).await?;
    Ok(Some(format!("{}/setup/{secret}", state.settings().origin())))
}

async fn is_set_up(state: &AppState) -> Result<bool> {
    let workspaces: Option<(i64,)> = state
        .db()
        .fetch_optional(sql!("select count(*) from workspace_settings"), Vec::new())
        .await?;
    Ok(workspaces.is_some_and(|(count,)| count > 0))
}

/// A set-up link lets nobody in once there is a workspace, however it came to be: the link may stand in a
/// journal that others read.
async fn refuse_when_set_up(state: &AppState, secret: &str) -> Result<()> {
    tokens::find(state, TokenPurpose::Setup, secret).await?;
    if is_set_up(state).await? {
        return Err(Error::Gone);
    }
    Ok(())
}

/// The account of a set-up that was cut short, which its own password takes up again. Nobody else's account
/// is taken, and no password is replaced.
async fn account_cut_short(state: &AppState, email: &str, password: &str) -> Result<Option<AccountId>> {
    let accounts: Vec<(AccountId, String, String)> = state
        .db()
        .fetch_all(
            sql!("select id, email, password_hash from accounts order by id limit 2"),
            Vec::new(),
        )
        .await?;
    match accounts.as_slice() {
        [] => Ok(None),
        [(id, own, stored)] if own == email => {
            let (fits, _) = passwords::check(state, Some(stored.clone()), password.to_owned()).await?;
            if fits {
                Ok(Some(*id))
            } else {
                Err(Error::invalid(
                    "password",
                    "An account with this address exists already, and this is not its password.",
                ))
            }
        }
        _ => Err(Error::Gone),
    }
}

pub async fn setup(State(state): State<AppState>, Path(secret): Path<String>) -> Result<Page> {
    refuse_when_set_up(&state, &secret).await?;
    Ok(setup_page(
        Form::blank().with("zone", "Europe/Berlin").with("side", ""),
    ))
}

pub fn zone_options() -> Vec<(String, String)> {
    crate::platform::time::Zone::names()
        .into_iter()
        .map(|zone| (zone.clone(), zone.replace('_', " ")))
        .collect()
}

fn setup_page(form: Form) -> Page {
    Page::standalone("Set up Handshake", move || {
        let sides = vec![
            ("marketing".to_owned(), "I lead Marketing".to_owned()),
            ("technology".to_owned(), "I lead Technology".to_owned()),
        ];
        view! {
            <h1>"Set up Handshake"</h1>
            <p>
                "You become the first administrator. A workspace is one partnership of a CMO and a CIO: a \
                    company, a brand or a region. Invite both leads below."
            </p>
            <PostForm form=form>
                <h2>"You"</h2>
                <TextField name="name" label="Your name" autocomplete="name" max_length=120 autofocus=true />
                <TextField
                    name="email"
                    label="Your e-mail"
                    kind="email"
                    autocomplete="username"
                    inputmode="email"
                    max_length=254
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
                <Select name="side" label="Your role" options=sides none="I administer only" optional=true />
                <WorkspaceFields />
                <Actions verb="Set up the workspace" />
            </PostForm>
        }
    })
}

/// What a workspace is called, where its days begin, and who leads its sides.
#[component]
pub fn WorkspaceFields() -> impl IntoView {
    view! {
        <h2>"The workspace"</h2>
        <TextField
            name="workspace"
            label="Name"
            help="Such as Northwind, or Northwind Retail Europe."
            autocomplete="organization"
            max_length=80
        />
        <Select name="zone" label="Time zone" options=zone_options() help="Due dates end at midnight here." />
        <h2>"The two leads"</h2>
        <p class="help">"Leave out your own address. Each lead gets a link that works once, for 72 hours."</p>
        <Fields>
            <TextField
                name="marketing_email"
                label="CMO’s e-mail"
                kind="email"
                autocomplete="off"
                inputmode="email"
                max_length=254
                optional=true
            />
            <TextField
                name="technology_email"
                label="CIO’s e-mail"
                kind="email"
                autocomplete="off"
                inputmode="email"
                max_length=254
                optional=true
            />
        </Fields>
    }
}

pub async fn setup_post(
    State(state): State<AppState>,
    session: Session,
    Path(secret): Path<String>,
    request: RequestId,
    headers: HeaderMap,
    mut form: Form,
) -> FormResponse {
    match try_setup(&state, &session, (&secret, request), &headers, &mut form).await {
        Ok((slug, links)) => Ok(ready_page("Handshake is set up", slug, links).into_response()),
        Err(error) => respond(Err(error), form, |form| async { Ok(setup_page(form)) }).await,
    }
}

/// A lead who was invited; the link when it is to be shown.
pub struct LeadInvitation {
    side: Side,
    email: String,
    link: Option<String>,
}

/// The leads' links, shown once.
pub fn ready_page(title: &'static str, slug: String, links: Vec<LeadInvitation>) -> Page {
    Page::standalone(title, move || {
        let none = links.is_empty();
        let shown = links.iter().any(|invitation| invitation.link.is_some());
        let listed = links
            .into_iter()
            .map(|LeadInvitation { side, email, link }| {
                let link = link.map_or_else(
                    || view! { <p class="faint">"The invitation is on its way by mail."</p> }.into_any(),
                    |link| {
                        view! {
                            <p class="card">
                                <Copyable text=link />
                            </p>
                        }
                        .into_any()
                    },
                );
                view! {
                    <h2>{format!("The lead of {}", side.name())}</h2>
                    <p>{email}</p>
                    {link}
                }
            })
            .collect_view();
        view! {
            <h1>{title}</h1>
            {if !none && !shown {
                ().into_any()
            } else if none {
                view! { <p>"You can invite the leads later, on the members page."</p> }.into_any()
            } else {
                view! {
                    <p>
                        "Give each lead their link. Each link works once, for 72 hours, and is shown only \
                            now. If a mail server is configured, the leads get their links by mail as well."
                    </p>
                }
                    .into_any()
            }}
            {listed}
            <p>
                <a class="button is-primary" href=format!("/w/{slug}")>
                    "Go to the workspace"
                </a>
            </p>
        }
    })
}

async fn try_setup(
    state: &AppState,
    session: &Session,
    (secret, request): (&str, RequestId),
    headers: &HeaderMap,
    form: &mut Form,
) -> Result<(String, Vec<LeadInvitation>)> {
    refuse_when_set_up(state, secret).await?;
    let name = super::write::person_name(form, "name");
    let email = text::email(form.raw("email"));
    if email.is_none() {
        form.fail("email", "Write an e-mail address such as dana@company.example.");
    }
    let side: Option<Option<Side>> = form.optional_choice("side");
    let workspace = read_workspace(form);
    let leads = read_leads(form, email.as_deref(), side.flatten());
    if let Some(objection) = passwords::objection(
        form.raw("password"),
        &[
            name.as_deref().unwrap_or_default(),
            email.as_deref().unwrap_or_default(),
            workspace
                .as_ref()
                .map(|(name, _)| name.as_str())
                .unwrap_or_default(),
        ],
    ) {
        form.fail("password", objection);
    }
    let (Some(name), Some((workspace, zone)), Some(email), Some(side)) = (name, workspace, email, side)
    else {
        return Err(form.refusal());
    };
    if !form.problems().is_empty() {
        return Err(form.refusal());
    }
    let cut_short = account_cut_short(state, &email, form.raw("password")).await?;
    let hash = passwords::hash(state, form.raw("password").to_owned()).await?;

    let mut tx = AuditedTransaction::create_chain(
        state,
        ACCOUNTS_CHAIN,
        Actor {
            account: None,
            name: name.clone(),
            request_id: request.0,
        },
    )
    .await?;
    tokens::consume(&mut tx, TokenPurpose::Setup, secret).await?;
    let account = if let Some(account) = cut_short {
        account
    } else {
        let account: AccountId = state.fresh_id();
        super::write::create(&mut tx, account, &email, &name, &hash).await?;
        account
    };
    tx.commit(Event::new("set up", "account", account.uuid(), "Handshake"))
        .await?;

    let role = if side.is_some() {
        Role::Lead
    } else {
        Role::Observer
    };
    let founder = members::write::Founder {
        account,
        name,
        side,
        role,
    };
    let (slug, _) = members::write::create_workspace(state, &workspace, &zone, &[founder]).await?;
    let agent = headers
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    sessions::begin(session, account, agent).await?;
    let links = invite_leads(state, account, &slug, leads).await?;
    Ok((slug, links))
}

/// A workspace's name and zone, as [`WorkspaceFields`] ask for them.
pub fn read_workspace(form: &mut Form) -> Option<(String, String)> {
    let name = form.line("workspace", 80);
    let zone = form
        .line("zone", 60)
        .filter(|zone| crate::platform::time::Zone::get(zone).is_some());
    if zone.is_none() && form.problem_of("zone").is_none() {
        form.fail("zone", "Choose a zone from the list.");
    }
    name.zip(zone)
}

/// Invites the leads of a workspace that was just made, in the name of whoever made it.
pub async fn invite_leads(
    state: &AppState,
    account: AccountId,
    slug: &str,
    leads: Vec<(Side, String)>,
) -> Result<Vec<LeadInvitation>> {
    let viewer = Viewer::enter(state, account, slug, String::new()).await?;
    let mut links = Vec::new();
    for (lead_side, address) in leads {
        let part = Part {
            side: Some(lead_side),
            role: Role::Lead,
            is_admin: false,
        };
        let link = members::write::invite(&viewer, &address, part).await?;
        links.push(LeadInvitation {
            side: lead_side,
            email: address,
            link,
        });
    }
    Ok(links)
}

/// The leads to invite: another address than one's own, for a side that one does not lead.
pub fn read_leads(form: &mut Form, own: Option<&str>, own_side: Option<Side>) -> Vec<(Side, String)> {
    let mut leads = Vec::new();
    for (field, lead_side) in [
        ("marketing_email", Side::Marketing),
        ("technology_email", Side::Technology),
    ] {
        if form.raw(field).trim().is_empty() {
            continue;
        }
        match text::email(form.raw(field)) {
            None => form.fail(field, "Write an e-mail address such as dana@company.example."),
            Some(address) if Some(address.as_str()) == own => {
                form.fail(field, "This is your own address. Choose your role above instead.");
            }
            Some(_) if own_side == Some(lead_side) => form.fail(field, "You lead this side yourself."),
            Some(address) => leads.push((lead_side, address)),
        }
    }
    if leads.len() == 2 && leads[0].1 == leads[1].1 {
        form.fail("technology_email", "Two different people lead the two sides.");
    }
    leads
}
