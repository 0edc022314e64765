//! Who signs in whose place.

use axum::{extract::Path, response::IntoResponse};
use leptos::prelude::*;

use crate::{
    identity::{Action, FormResponse, Page, Redirect, Role, Side, Viewer, respond},
    members::{
        read::{self, Delegation, Member},
        write,
    },
    platform::{
        error::{Error, Result},
        form::Form,
        ids::DelegationId,
    },
    ui::{Actions, Crumb, DateField, Fields, Notice, PostForm, Select},
};

/// Who signs for whom, on the page of members.
pub fn lines(viewer: &Viewer, delegations: Vec<Delegation>) -> impl IntoView + use<> {
    let today = viewer.today();
    let rows = delegations
        .into_iter()
        .map(|one| {
            let from = if one.starts_on > today {
                format!("From {} to", one.starts_on.format(today))
            } else {
                "Until".to_owned()
            };
            let detail = format!(
                "{from} {}, {} signs for {} in place of {}.",
                one.ends_on.format(today),
                one.deputy,
                one.side.name(),
                one.lead
            );
            let end = (one.lead_id == viewer.member_id())
                .then(|| viewer.path(&format!("members/delegations/{}/end", one.id)));
            view! {
                <li class="row">
                    <span class="row-main">{detail}</span>
                    {end
                        .map(|action| {
                            view! {
                                <form method="post" action=action>
                                    <button class="button" type="submit">
                                        "End it now"
                                    </button>
                                </form>
                            }
                        })}
                </li>
            }
        })
        .collect::<Vec<_>>();
    (!rows.is_empty()).then(|| view! { <ul class="rows">{rows}</ul> })
}

pub async fn delegation_form(viewer: Viewer) -> Result<Page> {
    let today = viewer.today();
    let form = Form::blank()
        .with("starts_on", today.to_string())
        .with("ends_on", today.plus(14).to_string());
    page(&viewer, form).await
}

async fn page(viewer: &Viewer, form: Form) -> Result<Page> {
    if !viewer.may(Action::Delegate) {
        return Err(Error::Forbidden);
    }
    let managers: Vec<Member> = read::workers(viewer)
        .await?
        .into_iter()
        .filter(|member| member.role == Role::Manager)
        .collect();
    let options = read::options(&managers, viewer.side());
    let cancel = viewer.path("members");
    let side = viewer.side().map_or("", Side::name);
    Ok(Page::new(viewer, "members", "Delegate signing", move |_| {
        view! {
            <Crumb href=cancel.clone() text="Members" />
            <h1>"Delegate signing"</h1>
            <p class="lead">
                {format!(
                    "While you are away, a manager of {side} signs what only you could sign: the \
                        definition, and texts whose owner cannot sign. Each such signature says that it was \
                        given in your place.",
                )}
            </p>
            <PostForm form=form>
                <Select name="deputy" label="Manager" options=options none="Choose" />
                <Fields>
                    <DateField name="starts_on" label="From" />
                    <DateField name="ends_on" label="To and including" />
                </Fields>
                <Actions verb="Delegate signing" cancel=cancel />
            </PostForm>
        }
    }))
}

pub async fn delegate_post(viewer: Viewer, mut form: Form) -> FormResponse {
    let outcome = async {
        if !viewer.may(Action::Delegate) {
            return Err(Error::Forbidden);
        }
        let (Some(to), Some(starts_on), Some(ends_on)) =
            (form.choice("deputy"), form.day("starts_on"), form.day("ends_on"))
        else {
            return Err(form.refusal());
        };
        write::delegate(&viewer, to, starts_on, ends_on).await?;
        Ok(Redirect::to(viewer.path("members")).with_notice(Notice::Saved))
    }
    .await;
    respond(outcome, form, |form| page(&viewer, form)).await
}

pub async fn end_post(viewer: Viewer, Path((_, id)): Path<(String, DelegationId)>) -> FormResponse {
    write::end_delegation(&viewer, id).await?;
    Ok(Redirect::to(viewer.path("members"))
        .with_notice(Notice::Saved)
        .into_response())
}
