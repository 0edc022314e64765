//! The person whom the workspace has named to rule when its two sides cannot agree. Never one of the two leads, who are
//! the sides.

use leptos::prelude::*;

use super::{Deed, Page, Role, See, Settled, Viewer, members, settle};
use crate::{
    args,
    ground::{
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

pub async fn named(viewer: &Viewer) -> Result<Option<Arbiter>> {
    viewer
        .maybe(
            "select m.id, a.name from workspaces w join members m on m.id = w.arbiter_id join accounts a on a.id = m.account_id
             where w.id = $1 and m.disabled_at is null and m.role <> 'lead'",
            Vec::new(),
        )
        .await
}

/// Names the arbiter, or nobody.
async fn name(viewer: &Viewer, arbiter: Option<MemberId>) -> Result<()> {
    let mut act = viewer.act().await?;
    let permit = act.permit(Deed::ManageMembers)?;
    let label = match arbiter {
        None => "nobody".to_owned(),
        Some(id) => {
            let (name, role): (String, Role) = act
                .maybe("select a.name, m.role from members m join accounts a on a.id = m.account_id where m.workspace_id = $1 and m.id = $2 and m.disabled_at is null", args![id])
                .await?
                .ok_or_else(|| Error::invalid("arbiter", "Choose from the list."))?;
            if role == Role::Lead {
                return Err(Error::invalid("arbiter", "The leads are the two sides; somebody else rules between them."));
            }
            name
        }
    };
    act.execute("update workspaces set arbiter_id = $2 where id = $1", args![arbiter]).await?;
    act.commit(permit, Event::new("named as the arbiter", "member", arbiter.map(MemberId::uuid), label).at("members")).await
}

pub async fn arbiter_form(viewer: Viewer) -> Result<Page> {
    let now = named(&viewer).await?.map_or_else(String::new, |arbiter| arbiter.id.to_string());
    page(&viewer, Form::blank().with("arbiter", now)).await
}

async fn page(viewer: &Viewer, form: Form) -> Result<Page> {
    if !viewer.may(Deed::ManageMembers) {
        return Err(Error::Forbidden);
    }
    let people: Vec<(String, String)> = members::all(viewer)
        .await?
        .into_iter()
        .filter(|member| member.disabled_at.is_none() && member.role != Role::Lead)
        .map(|member| (member.id.to_string(), member.name))
        .collect();
    let cancel = viewer.path("members");
    let days = viewer.signature_days();
    Ok(Page::new(viewer, "members", "Name the arbiter", move || {
        view! {
            <Crumb href=cancel.clone() text="Members"/>
            <h1>"Name the arbiter"</h1>
            <p class="lead">{format!("A decision that one side has signed or objected to, and the other has not settled within {days} days, is deadlocked. The arbiter then reads both cases and rules.")}</p>
            <PostForm form=form>
                <Select name="arbiter" label="Arbiter" help="Somebody above both sides; an observer may be." options=people none="Nobody" optional=true/>
                <Actions verb="Name the arbiter" cancel=cancel/>
            </PostForm>
        }
    }))
}

pub async fn name_arbiter(viewer: Viewer, mut form: Form) -> Settled {
    let outcome = async {
        let arbiter = form.optional_choice("arbiter").ok_or_else(|| form.refusal())?;
        name(&viewer, arbiter).await?;
        Ok(See::at(viewer.path("members")).done(Notice::Saved))
    }
    .await;
    settle(outcome, form, |form| page(&viewer, form)).await
}
