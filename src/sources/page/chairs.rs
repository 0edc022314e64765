//! Giving and leaving chairs of one's own side.

use axum::extract::Path;
use leptos::prelude::*;

use super::ROOM;
use crate::{
    identity::{Action, FormResponse, Page, Redirect, Viewer, respond},
    members,
    platform::{
        error::{Error, Result},
        form::Form,
        ids::MemberId,
    },
    sources::{
        Chair,
        read::{self, EntryState},
        write,
    },
    ui::{Actions, Crumb, Hidden, Notice, PostForm, Section, Select},
};

pub async fn chairs_form(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    chairs_page(&viewer, number, Form::blank()).await
}

async fn chairs_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    let it = read::source(viewer, number).await?;
    let side = viewer.side().ok_or(Error::Forbidden)?;
    if !viewer.may(Action::EnterSource) || it.state == EntryState::Retired {
        return Err(Error::Forbidden);
    }
    let people = members::read::workers(viewer).await?;
    let options = members::read::options(&people, Some(side));
    let cancel = viewer.path(&it.path());
    let title = format!("Chairs of {}", it.name);
    let typed_for = form.raw("chair").to_owned();
    Ok(Page::new(viewer, ROOM, title, move |viewer| {
        let forms = Chair::ALL
            .iter()
            .copied()
            .filter(|chair| chair.side() == side)
            .map(|chair| {
                let holder = it.holder(chair);
                let givers: Vec<MemberId> = [Some(chair), chair.deputises()]
                    .into_iter()
                    .flatten()
                    .filter_map(|chair| it.holder(chair))
                    .map(|holder| holder.member_id)
                    .collect();
                let may = viewer.may(Action::GiveChair {
                    side,
                    holders: &givers,
                });
                let sits = holder.map_or_else(
                    || "Nobody sits here.".to_owned(),
                    |holder| format!("{} sits here.", holder.name),
                );
                let own = if typed_for == chair.as_str() {
                    form.clone()
                } else {
                    Form::blank().with(
                        "member",
                        holder.map_or_else(String::new, |holder| holder.member_id.to_string()),
                    )
                };
                let seen = holder.map_or_else(String::new, |holder| holder.member_id.to_string());
                let (options, cancel) = (options.clone(), cancel.clone());
                view! {
                    <Section title=chair.name()>
                        <p class="faint">{chair.meaning()} " " {sits}</p>
                        {if may {
                            view! {
                                <PostForm form=own class="is-short">
                                    <Hidden name="chair" value=chair.as_str().to_owned() />
                                    <Hidden name="seen" value=seen />
                                    <Select
                                        name="member"
                                        label=format!("{}, of {}", chair.name(), side.name())
                                        options=options
                                        none="Nobody"
                                        optional=true
                                    />
                                    <Actions verb="Save the chair" cancel=cancel />
                                </PostForm>
                            }
                                .into_any()
                        } else {
                            view! {
                                <p class="faint">
                                    {format!("Only its holder or {}’s lead can change this.", side.name())}
                                </p>
                            }
                                .into_any()
                        }}
                    </Section>
                }
            })
            .collect_view();
        view! {
            <Crumb href=cancel.clone() text=it.name.clone() />
            <h1>{format!("Chairs of {}", it.name)}</h1>
            <p>
                {format!(
                    "Who sits on {}’s chairs. Owner and custodian accept by signing the entry.",
                    side.name(),
                )}
            </p>
            {forms}
        }
    }))
}

pub async fn give_chair(
    viewer: Viewer,
    Path((_, number)): Path<(String, i64)>,
    mut form: Form,
) -> FormResponse {
    let outcome = async {
        let chair: Chair = form.choice("chair").ok_or_else(|| form.refusal())?;
        let member: Option<MemberId> = form.optional_choice("member").ok_or_else(|| form.refusal())?;
        let seen: Option<MemberId> = form.raw("seen").parse().ok();
        match member {
            Some(member) => write::give(&viewer, number, (chair, seen), member)
                .await
                .map_err(|error| at_member(error, chair))?,
            None => write::leave(&viewer, number, (chair, seen), "The chair was left.").await?,
        }
        Ok(Redirect::to(viewer.path(&format!("sources/{number}"))).with_notice(Notice::Saved))
    }
    .await;
    respond(outcome, form, |form| chairs_page(&viewer, number, form)).await
}

/// What is wrong with a holder is said at the one field that this form has.
fn at_member(error: Error, chair: Chair) -> Error {
    match error {
        Error::Invalid(problems) => Error::Invalid(
            problems
                .into_iter()
                .map(|mut problem| {
                    if problem.field == chair.as_str() {
                        "member".clone_into(&mut problem.field);
                    }
                    problem
                })
                .collect(),
        ),
        error => error,
    }
}
