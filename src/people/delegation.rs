//! Signing in a lead's place: for some days, by a manager of the same side, on record.

use axum::{extract::Path, response::IntoResponse};
use leptos::prelude::*;

use super::{Action, FormResponse, Page, Redirect, Role, Viewer, members, respond};
use crate::{
    args,
    handshake::Side,
    platform::{
        audit::Event,
        error::{Error, Result},
        form::Form,
        ids::{DelegationId, MemberId},
        time::Day,
    },
    ui::{Actions, Crumb, DateField, Fields, Notice, PostForm, Select},
};

/// Longer than this is not an absence; then the lead is handed over.
const LONGEST_DAYS: i64 = 92;

/// Who signs for whom, and until when.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Delegation {
    pub id: DelegationId,
    pub side: Side,
    pub lead_id: MemberId,
    pub lead: String,
    pub deputy: String,
    pub starts_on: Day,
    pub ends_on: Day,
}

/// Those that hold today or will.
pub async fn all(viewer: &Viewer) -> Result<Vec<Delegation>> {
    viewer
        .fetch_all(
            "select g.id, g.side, g.from_member as lead_id, fa.name as lead, ta.name as deputy, g.starts_on, g.ends_on
             from delegations g join members f on f.id = g.from_member join accounts fa on fa.id = f.account_id
             join members t on t.id = g.to_member join accounts ta on ta.id = t.account_id
             where g.workspace_id = $1 and g.ended_at is null and g.ends_on >= $2 and f.role = 'lead' and f.side = g.side
               and t.role = 'manager' and t.side = g.side and t.disabled_at is null order by g.side",
            args![viewer.today()],
        )
        .await
}

/// Lets a manager of one's own side sign in one's place from one day to another.
pub async fn delegate(viewer: &Viewer, to: MemberId, starts_on: Day, ends_on: Day) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::Delegate)?;
    let side = tx.side().ok_or(Error::Forbidden)?;
    if starts_on < tx.today() {
        return Err(Error::invalid("starts_on", "Choose today or a later day."));
    }
    if ends_on < starts_on {
        return Err(Error::invalid("ends_on", "The last day comes after the first."));
    }
    if ends_on.days_since(starts_on) > LONGEST_DAYS {
        return Err(Error::invalid("ends_on", format!("At most {LONGEST_DAYS} days. For longer, hand the lead over.")));
    }
    let deputy: Option<(String,)> = tx
        .fetch_optional(
            "select a.name from members m join accounts a on a.id = m.account_id
             where m.workspace_id = $1 and m.id = $2 and m.side = $3 and m.role = 'manager' and m.disabled_at is null",
            args![to, side],
        )
        .await?;
    let (deputy,) = deputy.ok_or_else(|| Error::invalid("deputy", format!("Choose a manager of {}.", side.name())))?;
    let holds: Option<(Day,)> = tx
        .fetch_optional("select ends_on from delegations where workspace_id = $1 and side = $2 and ended_at is null and ends_on >= $3", args![side, tx.today()])
        .await?;
    if holds.is_some() {
        return Err(Error::invalid("deputy", "Somebody signs in your place already. Take that back first."));
    }
    let (now, me) = (tx.now(), tx.member_id());
    // One whose last day has passed makes room.
    tx.execute("update delegations set ended_at = $3, ended_by = $4 where workspace_id = $1 and side = $2 and ended_at is null", args![side, now, me]).await?;
    let id: DelegationId = tx.fresh_id();
    tx.execute(
        "insert into delegations (id, workspace_id, side, from_member, to_member, starts_on, ends_on, at) values ($2, $1, $3, $4, $5, $6, $7, $8)",
        args![id, side, me, to, starts_on, ends_on, now],
    )
    .await?;
    let detail = format!("for {}, {} to {}", side.name(), starts_on.format_long(), ends_on.format_long());
    tx.commit(permit, Event::new("delegated signing to", "member", to.uuid(), deputy).at("members").detail(detail)).await
}

/// Takes it back before its last day. What was signed meanwhile stays.
pub async fn end(viewer: &Viewer, id: DelegationId) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::Delegate)?;
    let (deputy_id, deputy): (MemberId, String) = tx
        .fetch_one(
            "select m.id, a.name from delegations g join members m on m.id = g.to_member join accounts a on a.id = m.account_id
             where g.workspace_id = $1 and g.id = $2 and g.side = $3 and g.ended_at is null",
            args![id, tx.side()],
        )
        .await?;
    let (now, me) = (tx.now(), tx.member_id());
    tx.execute("update delegations set ended_at = $3, ended_by = $4 where workspace_id = $1 and id = $2", args![id, now, me]).await?;
    tx.commit(permit, Event::new("took signing back from", "member", deputy_id.uuid(), deputy).at("members")).await
}

/// Who signs for whom, on the page of members.
pub fn lines(viewer: &Viewer, delegations: Vec<Delegation>) -> impl IntoView + use<> {
    let today = viewer.today();
    let rows = delegations
        .into_iter()
        .map(|one| {
            let from = if one.starts_on > today { format!("From {} to", one.starts_on.format(today)) } else { "Until".to_owned() };
            let detail = format!("{from} {}, {} signs for {} in place of {}.", one.ends_on.format(today), one.deputy, one.side.name(), one.lead);
            let end = (one.lead_id == viewer.member_id()).then(|| viewer.path(&format!("members/delegations/{}/end", one.id)));
            view! {
                <li class="row"><span class="row-main">{detail}</span>
                    {end.map(|action| view! { <form method="post" action=action><button class="button" type="submit">"Take it back"</button></form> })}
                </li>
            }
        })
        .collect::<Vec<_>>();
    (!rows.is_empty()).then(|| view! { <ul class="rows">{rows}</ul> })
}

pub async fn delegation_form(viewer: Viewer) -> Result<Page> {
    let today = viewer.today();
    let form = Form::blank().with("starts_on", today.to_string()).with("ends_on", today.plus(14).to_string());
    page(&viewer, form).await
}

async fn page(viewer: &Viewer, form: Form) -> Result<Page> {
    if !viewer.may(Action::Delegate) {
        return Err(Error::Forbidden);
    }
    let managers: Vec<members::Member> = members::workers(viewer).await?.into_iter().filter(|member| member.role == Role::Manager).collect();
    let options = members::options(&managers, viewer.side());
    let cancel = viewer.path("members");
    let side = viewer.side().map_or("", Side::name);
    Ok(Page::new(viewer, "members", "Delegate signing", move |_| {
        view! {
            <Crumb href=cancel.clone() text="Members"/>
            <h1>"Delegate signing"</h1>
            <p class="lead">{format!("While you are away, a manager of {side} signs what only you could: the definition, and what waits for an owner who cannot. Each such signature says that it was given in your place.")}</p>
            <PostForm form=form>
                <Select name="deputy" label="Manager" options=options none="Choose"/>
                <Fields><DateField name="starts_on" label="From"/><DateField name="ends_on" label="To, including"/></Fields>
                <Actions verb="Delegate signing" cancel=cancel/>
            </PostForm>
        }
    }))
}

pub async fn delegate_post(viewer: Viewer, mut form: Form) -> FormResponse {
    let outcome = async {
        if !viewer.may(Action::Delegate) {
            return Err(Error::Forbidden);
        }
        let (Some(to), Some(starts_on), Some(ends_on)) = (form.choice("deputy"), form.day("starts_on"), form.day("ends_on")) else {
            return Err(form.refusal());
        };
        delegate(&viewer, to, starts_on, ends_on).await?;
        Ok(Redirect::to(viewer.path("members")).with_notice(Notice::Saved))
    }
    .await;
    respond(outcome, form, |form| page(&viewer, form)).await
}

pub async fn end_post(viewer: Viewer, Path((_, id)): Path<(String, DelegationId)>) -> FormResponse {
    end(&viewer, id).await?;
    Ok(Redirect::to(viewer.path("members")).with_notice(Notice::Saved).into_response())
}
