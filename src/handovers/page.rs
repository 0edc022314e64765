//! The form that disables somebody, and the one that changes a part, with what is handed over.

use axum::extract::Path;
use leptos::prelude::*;

use super::{
    read::held_by,
    write::{self, Successors},
};
use crate::{
    access,
    identity::{Action, FormResponse, Page, Part, Redirect, Role, Viewer, respond},
    members::{
        holding::{Holding, HoldingKind},
        page::{edit_page, part},
        read::{self, Delegation, Member},
        write::gives_up_holdings,
    },
    platform::{
        error::{Error, Result},
        form::Form,
        ids::MemberId,
    },
    ui::{Actions, Crumb, Hidden, Notice, PostForm, Section, Select},
};

/// `/members/{id}`: who somebody is, and everything that they answer for.
pub async fn one(viewer: Viewer, Path((_, id)): Path<(String, MemberId)>) -> Result<Page> {
    let member = read::load(&viewer, id).await?;
    let held = held_by(&viewer, id).await?;
    let accesses = accesses_of(&viewer, id).await?;
    let title = member.name.clone();
    Ok(Page::new(&viewer, "members", title.clone(), move |viewer| {
        let part = Part {
            side: member.side,
            role: member.role,
            is_admin: member.is_admin,
        };
        let gone = member.disabled_at.map(|at| {
            let day = viewer.day_of(at).format(viewer.today());
            view! { <p class="notice">{format!("Not here any more since {day}.")}</p> }
        });
        let kinds = HoldingKind::ALL
            .iter()
            .map(|kind| {
                let of_kind: Vec<&Holding> = held.iter().filter(|holding| holding.kind == *kind).collect();
                (!of_kind.is_empty()).then(|| listed(&viewer, *kind, &of_kind))
            })
            .collect_view();
        let has_access = !accesses.is_empty();
        let nothing = held
            .is_empty()
            .then(|| view! { <p class="faint">"Answers for nothing by name."</p> });
        view! {
            <Crumb href=viewer.path("members") text="Members" />
            <h1>{title}</h1>
            <p class="lead">{part.label()}</p>
            {gone}
            {nothing}
            {kinds}
            {has_access
                .then(|| {
                    view! { <Section title="Access asked for">{access::page::rows(&viewer, accesses, true)}</Section> }
                })}
        }
    }))
}

/// The accesses that somebody asked for and that are not over.
async fn accesses_of(viewer: &Viewer, id: MemberId) -> Result<Vec<access::read::Request>> {
    let today = viewer.today();
    let mut accesses = access::read::requests(viewer).await?;
    accesses.retain(|request| request.asked_by == id && !request.state(today).is_over());
    Ok(accesses)
}

/// What nobody has to be chosen for: it goes to the side's lead, or ends.
fn goes_by_itself(
    viewer: &Viewer,
    id: MemberId,
    accesses: Vec<access::read::Request>,
    delegations: &[Delegation],
) -> impl IntoView + use<> {
    let accesses = (!accesses.is_empty()).then(|| access::page::rows(viewer, accesses, true));
    let delegations: Vec<_> = delegations
        .iter()
        .filter_map(|one| {
            if one.lead_id == id {
                Some(format!(
                    "{} stands in for them. Deactivating ends this.",
                    one.deputy
                ))
            } else if one.deputy_id == id {
                Some(format!("They stand in for {}. Deactivating ends this.", one.lead))
            } else {
                None
            }
        })
        .map(|line| view! { <li>{line}</li> })
        .collect();
    view! {
        {accesses
            .map(|accesses| {
                view! {
                    <Section title="Access asked for">
                        <p>"After that the side’s lead answers for these."</p>
                        {accesses}
                    </Section>
                }
            })}
        {(!delegations.is_empty())
            .then(|| {
                view! {
                    <Section title="Delegations">
                        <ul>{delegations}</ul>
                    </Section>
                }
            })}
    }
}

fn listed(viewer: &Viewer, kind: HoldingKind, held: &[&Holding]) -> impl IntoView + use<> {
    let rows = held
        .iter()
        .map(|holding| {
            let href = viewer.path(&holding.path);
            view! {
                <li class="row">
                    <a class="row-main" href=href>
                        {holding.label.clone()}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <Section title=kind.plural() aside=held.len().to_string()>
            <ul class="rows">{rows}</ul>
        </Section>
    }
}

/// More of one kind than this are counted.
const LISTED: usize = 25;

/// Who may take what `leaving` holds.
async fn candidates(viewer: &Viewer, leaving: &Member) -> Result<Vec<Member>> {
    let workers = read::workers(viewer).await?.into_iter();
    Ok(workers
        .filter(|member| member.id != leaving.id && member.side == leaving.side)
        .collect())
}

/// The form's choices; the side's lead takes everything unless somebody else is chosen.
fn with_lead(form: Form, candidates: &[Member]) -> Form {
    let lead = candidates.iter().find(|member| member.role == Role::Lead);
    let lead = lead.map_or_else(String::new, |lead| lead.id.to_string());
    form.over(Form::blank().with("successor", lead), &[])
}

fn successors(form: &mut Form) -> Option<Successors> {
    let everything = form.optional_choice("successor");
    let mut by_kind = std::collections::BTreeMap::new();
    for kind in HoldingKind::ALL {
        if let Some(member) = form.optional_choice(kind.as_str())? {
            by_kind.insert(*kind, member);
        }
    }
    Some(Successors {
        everything: everything?,
        by_kind,
    })
}

/// What is held, by kind, and who takes it.
fn holdings(viewer: &Viewer, name: &str, held: &[Holding], candidates: &[Member]) -> AnyView {
    let options = read::options(candidates, None);
    let kinds = HoldingKind::ALL
        .iter()
        .map(|kind| {
            let of_kind: Vec<&Holding> = held.iter().filter(|holding| holding.kind == *kind).collect();
            (!of_kind.is_empty()).then(|| of_one_kind(viewer, *kind, &of_kind, options.clone()))
        })
        .collect_view();
    view! {
        <Select
            name="successor"
            label=format!("Who takes over from {name}")
            help="They get a mail. Texts that name the person who leaves as owner or lead are signed again."
            options=options
            none="Choose"
        />
        {kinds}
    }
    .into_any()
}

fn of_one_kind(
    viewer: &Viewer,
    kind: HoldingKind,
    held: &[&Holding],
    options: Vec<(String, String)>,
) -> AnyView {
    let more = held.len().saturating_sub(LISTED);
    let rows = held
        .iter()
        .take(LISTED)
        .map(|holding| {
            let href = viewer.path(&holding.path);
            view! {
                <li>
                    <a href=href>{holding.label.clone()}</a>
                </li>
            }
        })
        .collect_view();
    view! {
        <Section title=kind.plural() aside=held.len().to_string()>
            <ul>{rows}</ul>
            {(more > 0).then(|| view! { <p class="faint">{format!("and {more} more")}</p> })}
            {(kind == HoldingKind::Chair)
                .then(|| {
                    view! {
                        <p>
                            "These become empty at once. The side’s lead names a successor, who accepts by signing."
                        </p>
                    }
                })}
            {(kind != HoldingKind::Chair)
                .then(|| {
                    view! {
            <Select
                name=kind.as_str()
                label=format!("New owner of these {}", kind.noun())
                options=options
                none="New owner of everything"
                optional=true
            />
                    }
                })}
        </Section>
    }
    .into_any()
}

pub async fn disable_form(viewer: Viewer, Path((_, id)): Path<(String, MemberId)>) -> Result<Page> {
    disable_page(&viewer, id, Form::blank()).await
}

async fn disable_page(viewer: &Viewer, id: MemberId, form: Form) -> Result<Page> {
    if !viewer.may(Action::ManageMembers) {
        return Err(Error::Forbidden);
    }
    let member = read::load(viewer, id).await?;
    let held = held_by(viewer, id).await?;
    let candidates = candidates(viewer, &member).await?;
    let accesses = accesses_of(viewer, id).await?;
    let delegations = read::delegations(viewer).await?;
    let form = with_lead(form, &candidates);
    let (path, cancel) = (
        viewer.path(&format!("members/{id}/disable")),
        viewer.path(&format!("members/{id}/edit")),
    );
    let title = format!("Deactivate {}", member.name);
    Ok(Page::new(viewer, "members", title.clone(), move |viewer| {
        let holds = !held.is_empty();
        let name = member.name.clone();
        view! {
            <Crumb href=cancel.clone() text=format!("{}’s role", member.name) />
            <h1>{title.clone()}</h1>
            <p class="lead">
                {format!(
                    "{name} is signed out at once and can no longer enter this workspace. Their past \
                        actions stay on record.",
                )}
            </p>
            <PostForm form=form action=path>
                {holds.then(|| holdings(&viewer, &name, &held, &candidates))}
                {(!holds).then(|| view! { <p>{format!("{name} owns nothing in this workspace.")}</p> })}
                {goes_by_itself(&viewer, id, accesses, &delegations)}
                <Actions verb=title.clone() cancel=cancel danger=true />
            </PostForm>
        }
    }))
}

pub async fn disable(
    viewer: Viewer,
    Path((_, id)): Path<(String, MemberId)>,
    mut form: Form,
) -> FormResponse {
    let outcome = async {
        let successors = successors(&mut form).ok_or_else(|| form.refusal())?;
        write::disable(&viewer, id, &successors).await?;
        Ok(Redirect::to(viewer.path("members")).with_notice(Notice::Saved))
    }
    .await;
    respond(outcome, form, |form| disable_page(&viewer, id, form)).await
}

/// Saves a part. Where something has to be handed over for it, that is asked first.
pub async fn change(viewer: Viewer, Path((_, id)): Path<(String, MemberId)>, mut form: Form) -> FormResponse {
    let chosen = part(&mut form);
    let outcome = async {
        if !viewer.may(Action::ManageMembers) {
            return Err(Error::Forbidden);
        }
        let (Some(part), Some(successors)) = (chosen, successors(&mut form)) else {
            return Err(form.refusal());
        };
        let seen = Some(form.raw("seen")).filter(|seen| !seen.is_empty());
        write::change_part(&viewer, id, part, seen, &successors).await?;
        Ok(Redirect::to(viewer.path("members")).with_notice(Notice::Saved))
    }
    .await;
    respond(outcome, form, |form| change_page(&viewer, id, chosen, form)).await
}

/// The part's own form, or the one that hands over where only that is missing.
async fn change_page(viewer: &Viewer, id: MemberId, chosen: Option<Part>, form: Form) -> Result<Page> {
    let member = read::load(viewer, id).await?;
    let is_about_part = form.problems().iter().any(|problem| {
        problem.field != "successor" && HoldingKind::ALL.iter().all(|kind| kind.as_str() != problem.field)
    });
    match chosen.filter(|part| gives_up_holdings(member.part(), *part)) {
        Some(part) if !is_about_part && !form.is_late() => succession_page(viewer, member, part, form).await,
        _ => edit_page(viewer, id, form).await,
    }
}

async fn succession_page(viewer: &Viewer, member: Member, part: Part, form: Form) -> Result<Page> {
    let held = held_by(viewer, member.id).await?;
    let candidates = candidates(viewer, &member).await?;
    let form = with_lead(form, &candidates);
    let (path, cancel) = (
        viewer.path(&format!("members/{}/edit", member.id)),
        viewer.path("members"),
    );
    let title = format!("{}’s role", member.name);
    Ok(Page::new(viewer, "members", title.clone(), move |viewer| {
        let lead = format!(
            "As {}, {} cannot keep what they hold now. Choose who takes it.",
            part.label(),
            member.name
        );
        view! {
            <Crumb href=cancel.clone() text="Members" />
            <h1>{title}</h1>
            <p class="lead">{lead}</p>
            <PostForm form=form action=path>
                <Hidden name="seen" />
                <Hidden name="side" />
                <Hidden name="role" />
                <Hidden name="is_admin" />
                {holdings(&viewer, &member.name, &held, &candidates)}
                <Actions verb="Hand over and save" cancel=cancel />
            </PostForm>
        }
    }))
}
