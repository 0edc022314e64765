//! Another workspace, made by somebody who administers one.

use axum::response::IntoResponse;
use leptos::prelude::*;

use super::set_up::{LeadInvitation, WorkspaceFields, invite_leads, read_leads, read_workspace, ready_page};
use crate::{
    args,
    identity::{FormResponse, Page, Role, Side, respond, viewer::Person},
    members,
    platform::{
        error::{Error, Result},
        form::Form,
    },
    sql,
    ui::{Actions, Crumb, PostForm, Select},
};

#[derive(sqlx::FromRow)]
struct Administrator {
    name: String,
    email: String,
}

/// Whoever administers a workspace may make another; anybody else is invited into one.
async fn administrator(person: &Person) -> Result<Administrator> {
    if !members::read::administers_any(&person.state, person.account).await? {
        return Err(Error::Forbidden);
    }
    person
        .state
        .db()
        .fetch_optional(
            sql!("select name, email from accounts where id = $1"),
            args![person.account],
        )
        .await?
        .ok_or(Error::Forbidden)
}

pub async fn new(person: Person) -> Result<Page> {
    administrator(&person).await?;
    Ok(page(Form::blank().with("zone", "Europe/Berlin").with("side", "")))
}

fn page(form: Form) -> Page {
    Page::standalone("A new workspace", move || {
        let sides = vec![
            ("marketing".to_owned(), "I lead Marketing".to_owned()),
            ("technology".to_owned(), "I lead Technology".to_owned()),
        ];
        view! {
            <Crumb href="/workspaces" text="Your workspaces" />
            <h1>"A new workspace"</h1>
            <p>
                "A workspace is one partnership of a CMO and a CIO: a company, a brand or a region. Other \
                    workspaces cannot see it. You administer it."
            </p>
            <PostForm form=form>
                <Select name="side" label="Your role" options=sides none="I administer only" optional=true />
                <WorkspaceFields />
                <Actions verb="Create the workspace" cancel="/workspaces" />
            </PostForm>
        }
    })
}

pub async fn create(person: Person, mut form: Form) -> FormResponse {
    match try_create(&person, &mut form).await {
        Ok((slug, links)) => Ok(ready_page("The workspace is ready", slug, links).into_response()),
        Err(error) => respond(Err(error), form, |form| async { Ok(page(form)) }).await,
    }
}

async fn try_create(person: &Person, form: &mut Form) -> Result<(String, Vec<LeadInvitation>)> {
    let me = administrator(person).await?;
    let side: Option<Option<Side>> = form.optional_choice("side");
    let workspace = read_workspace(form);
    let leads = read_leads(form, Some(&me.email), side.flatten());
    let (Some(side), Some((name, zone))) = (side, workspace) else {
        return Err(form.refusal());
    };
    if !form.problems().is_empty() {
        return Err(form.refusal());
    }
    let founder = members::write::Founder {
        account: person.account,
        name: me.name,
        side,
        role: if side.is_some() {
            Role::Lead
        } else {
            Role::Observer
        },
    };
    let (slug, _) = members::write::create_workspace(&person.state, &name, &zone, &[founder]).await?;
    let links = invite_leads(&person.state, person.account, &slug, leads).await?;
    Ok((slug, links))
}
