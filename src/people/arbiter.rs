//! The person whom the workspace has named to rule when its two sides cannot agree: somebody who sits on neither, named
//! by another person, so that no side can turn its own view into a ruling.

use leptos::prelude::*;

use super::{Action, FormResponse, Page, Redirect, Transaction, Viewer, members, respond};
use crate::{
    args,
    handshake::Side,
    platform::{
        audit::Event,
        error::{Error, Result},
        form::Form,
        ids::MemberId,
    },
    ui::{Actions, Crumb, Notice, PostForm, Select},
};

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Arbiter {
    pub id: MemberId,
    pub name: String,
}

const NAMED: &str = "select m.id, a.name from workspaces w join members m on m.id = w.arbiter_id join accounts a on a.id = m.account_id
     where w.id = $1 and m.disabled_at is null and m.side is null";

pub async fn current(viewer: &Viewer) -> Result<Option<Arbiter>> {
    viewer.fetch_optional(NAMED, Vec::new()).await
}

/// The same, as things stand within a transaction.
pub async fn current_in(tx: &mut Transaction) -> Result<Option<Arbiter>> {
    tx.fetch_optional(NAMED, Vec::new()).await
}

/// Names the arbiter, or nobody.
pub async fn name(viewer: &Viewer, arbiter: Option<MemberId>) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::ManageMembers)?;
    let label = match arbiter {
        None => "nobody".to_owned(),
        Some(id) => {
            let (name, side): (String, Option<Side>) = tx
                .fetch_optional("select a.name, m.side from members m join accounts a on a.id = m.account_id where m.workspace_id = $1 and m.id = $2 and m.disabled_at is null", args![id])
                .await?
                .ok_or_else(|| Error::invalid("arbiter", "Choose from the list."))?;
            if side.is_some() {
                return Err(Error::invalid("arbiter", "Who sits on a side does not rule between the sides. Choose an observer without one."));
            }
            if tx.member_id() == Some(id) {
                return Err(Error::invalid("arbiter", "Nobody names themselves; another administrator does."));
            }
            name
        }
    };
    tx.execute("update workspaces set arbiter_id = $2 where id = $1", args![arbiter]).await?;
    tx.commit(permit, Event::new("named as the arbiter", "member", arbiter.map(MemberId::uuid), label).at("members")).await
}

pub async fn arbiter_form(viewer: Viewer) -> Result<Page> {
    let now = current(&viewer).await?.map_or_else(String::new, |arbiter| arbiter.id.to_string());
    page(&viewer, Form::blank().with("arbiter", now)).await
}

async fn page(viewer: &Viewer, form: Form) -> Result<Page> {
    if !viewer.may(Action::ManageMembers) {
        return Err(Error::Forbidden);
    }
    let people: Vec<(String, String)> = members::all(viewer)
        .await?
        .into_iter()
        .filter(|member| member.disabled_at.is_none() && member.side.is_none() && member.id != viewer.member_id())
        .map(|member| (member.id.to_string(), member.name))
        .collect();
    let cancel = viewer.path("members");
    let days = viewer.signature_days();
    Ok(Page::new(viewer, "members", "Name the arbiter", move |_| {
        view! {
            <Crumb href=cancel.clone() text="Members"/>
            <h1>"Name the arbiter"</h1>
            <p class="lead">{format!("A decision that one side has signed or objected to, and the other has not settled within {days} days, is deadlocked. The arbiter then reads both cases and rules.")}</p>
            <PostForm form=form>
                <Select name="arbiter" label="Arbiter" help="Somebody above both sides: an observer who sits on neither." options=people none="Nobody" optional=true/>
                <Actions verb="Name the arbiter" cancel=cancel/>
            </PostForm>
        }
    }))
}

pub async fn name_arbiter(viewer: Viewer, mut form: Form) -> FormResponse {
    let outcome = async {
        let arbiter = form.optional_choice("arbiter").ok_or_else(|| form.refusal())?;
        name(&viewer, arbiter).await?;
        Ok(Redirect::to(viewer.path("members")).with_notice(Notice::Saved))
    }
    .await;
    respond(outcome, form, |form| page(&viewer, form)).await
}
