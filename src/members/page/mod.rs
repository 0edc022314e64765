//! Who is on which side, in which role; changing that; handing over a lead; disabling.

pub mod arbiter;

pub mod delegation;

pub mod invitations;

pub mod settings;

pub mod undelivered;

use axum::extract::{Path, State};

use leptos::prelude::*;

use crate::{
    identity::{Action, FormResponse, Page, Part, Redirect, Role, Side, Viewer, respond},
    members::{
        read::{self, Arbiter, Delegation, Member, Pending},
        write,
    },
    platform::{
        error::{Error, Result},
        form::Form,
        ids::MemberId,
        mail::GivenUp,
        state::AppState,
    },
    ui::{Actions, Avatar, Crumb, Hidden, Notice, PostForm, RadioGroup, Section, Select, Tag},
};

// Pages and forms.

/// Side, role and administration, as forms ask for them.
#[component]
pub fn PartFields() -> impl IntoView {
    let form = use_context::<Form>().unwrap_or_default();
    let sides = Side::BOTH
        .iter()
        .map(|side| (side.as_str().to_owned(), side.name().to_owned()))
        .collect();
    let roles = Role::ALL
        .iter()
        .map(|role| {
            (
                role.as_str().to_owned(),
                role.name().to_owned(),
                role.purpose().to_owned(),
            )
        })
        .collect();
    let is_admin = form.is_ticked("is_admin");
    view! {
        <Select name="side" label="Side" options=sides none="None (observers only)" optional=true />
        <RadioGroup name="role" label="Role" options=roles />
        <div class="field">
            <div class="choice">
                <input type="checkbox" id="is_admin" name="is_admin" value="on" checked=is_admin />
                <label for="is_admin">
                    <span>"Administrator"</span>
                    <small>"invites people and changes their parts"</small>
                </label>
            </div>
            {form.problem_of("is_admin").map(|problem| view! { <p class="problem">{problem.to_owned()}</p> })}
        </div>
    }
}

/// Reads [`PartFields`].
pub fn part(form: &mut Form) -> Option<Part> {
    let side: Option<Option<Side>> = form.optional_choice("side");
    let role: Option<Role> = form.choice("role");
    if let (Some(None), Some(role)) = (side, role)
        && role != Role::Observer
    {
        form.fail("side", "Choose a side. Only observers can have none.");
        return None;
    }
    Some(Part {
        side: side?,
        role: role?,
        is_admin: form.is_ticked("is_admin"),
    })
}

pub async fn list(viewer: Viewer, State(state): State<AppState>) -> Result<Page> {
    let members = read::all(&viewer).await?;
    let pending = if viewer.may(Action::ManageMembers) {
        read::pending_invitations(&viewer).await?
    } else {
        Vec::new()
    };
    let arbiter = read::arbiter(&viewer).await?;
    let delegations = read::delegations(&viewer).await?;
    let letters = undelivered::undelivered(&state, &viewer).await?;
    Ok(members_page(
        &viewer,
        (members, pending),
        arbiter,
        delegations,
        letters,
    ))
}

fn members_page(
    viewer: &Viewer,
    (members, pending): (Vec<Member>, Vec<Pending>),
    arbiter: Option<Arbiter>,
    delegations: Vec<Delegation>,
    letters: Vec<GivenUp>,
) -> Page {
    let ruled_by = arbiter.map_or_else(
        || "No arbiter is named for when the sides cannot agree.".to_owned(),
        |arbiter| format!("Arbiter: {} decides when the sides cannot agree.", arbiter.name),
    );
    Page::new(viewer, "members", "Members", move |viewer| {
        let (invites, names_arbiter) = (viewer.may(Action::ManageMembers), viewer.may(Action::NameArbiter));
        let delegates = viewer.may(Action::Delegate);
        let count = members
            .iter()
            .filter(|member| member.disabled_at.is_none())
            .count();
        let rows = members
            .into_iter()
            .map(|member| member_row(&viewer, member))
            .collect_view();
        let waiting = invitation_rows(&viewer, pending);
        let letters = undelivered::section(&viewer, letters);
        view! {
            <header class="page-head">
                <div>
                    <h1>"Members"</h1>
                    <p class="lead">"Two sides, one lead each. Only members of a side can sign for it."</p>
                </div>
                <div class="page-actions">
                    {delegates
                        .then(|| {
                            view! {
                                <a class="button" href=viewer.path("members/delegation")>
                                    "Delegate signing"
                                </a>
                            }
                        })}
                    {names_arbiter
                        .then(|| {
                            view! {
                                <a class="button" href=viewer.path("members/arbiter")>
                                    "Name the arbiter"
                                </a>
                            }
                        })} <a class="button" href=viewer.path("settings")>
                        "Settings"
                    </a>
                    {invites
                        .then(|| {
                            view! {
                                <a class="button is-primary" href=viewer.path("members/invite")>
                                    "Invite people"
                                </a>
                            }
                        })}
                </div>
            </header>
            <p class="faint">{ruled_by}</p>
            {delegation::lines(&viewer, delegations)}
            <Section title="People" aside=format!("{count} active")>
                <table class="table is-stacked">
                    <thead>
                        <tr>
                            <th scope="col">"Name"</th>
                            <th scope="col">"Side"</th>
                            <th scope="col">"Role"</th>
                            <th scope="col">
                                <span class="visually-hidden">"Actions"</span>
                            </th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </Section>
            {(!waiting.is_empty())
                .then(|| {
                    view! {
                        <Section title="Invitations">
                            <ul class="rows">{waiting}</ul>
                        </Section>
                    }
                })}
            {letters}
        }
    })
}

fn member_row(viewer: &Viewer, member: Member) -> impl IntoView + use<> {
    let changes = viewer.may(Action::Appoint { part: member.part() });
    let hands_over = member.role == Role::Lead
        && member
            .side
            .is_some_and(|side| viewer.may(Action::HandOverLead { side }));
    let id = member.id;
    let path = |verb: &str| viewer.path(&format!("members/{id}/{verb}"));
    let disabled = member.disabled_at.is_some();
    let side = member.side;
    view! {
        <tr class=disabled.then_some("is-archived")>
            <th scope="row">
                <span class="person">
                    <Avatar name=member.name.clone() side=side.map_or("none", Side::as_str) />
                    <span>
                        <a href=viewer.path(&format!("members/{id}"))>{member.name.clone()}</a>
                        <small class="faint">{member.email}</small>
                    </span>
                </span>
            </th>
            <td data-label="Side">{side.map_or("None", Side::name)}</td>
            <td data-label="Role">
                {member.role.name()}{member.is_admin.then_some(", administrator")}
                {disabled
                    .then(|| {
                        view! {
                            " "
                            <Tag label="Deactivated" />
                        }
                    })}
            </td>
            <td class="row-actions">
                {hands_over
                    .then(|| {
                        view! {
                            <a class="button" href=path("hand-over")>
                                "Hand over the lead"
                            </a>
                        }
                    })}
                {changes
                    .then(|| {
                        view! {
                            <a
                                class="button"
                                href=path("edit")
                                aria-label=format!("Change the role of {}", member.name)
                            >
                                "Change"
                            </a>
                        }
                    })}
            </td>
        </tr>
    }
}

pub async fn edit(viewer: Viewer, Path((_, id)): Path<(String, MemberId)>) -> Result<Page> {
    if !viewer.may(Action::ManageMembers) {
        return Err(Error::Forbidden);
    }
    edit_page(&viewer, id, Form::blank()).await
}

pub async fn edit_page(viewer: &Viewer, id: MemberId, form: Form) -> Result<Page> {
    let member = read::load(viewer, id).await?;
    let now = Form::blank()
        .with("side", member.side.map_or("", Side::as_str))
        .with("role", member.role.as_str())
        .with("is_admin", if member.is_admin { "on" } else { "" })
        .with("seen", member.part().label());
    let form = form.over(now, &[]);
    let (members_path, path) = (viewer.path("members"), viewer.path(&format!("members/{id}")));
    Ok(Page::new(
        viewer,
        "members",
        format!("{}’s role", member.name),
        move |_| {
            let disabled = member.disabled_at.is_some();
            view! {
                <Crumb href=members_path.clone() text="Members" />
                <h1>"Role of "{member.name.clone()}</h1>
                <PostForm form=form>
                    <Hidden name="seen" />
                    <PartFields />
                    <Actions verb="Save" cancel=members_path.clone() />
                </PostForm>
                {if disabled {
                    enabling(&path, &member.name).into_any()
                } else {
                    disabling(&path, &member.name).into_any()
                }}
            }
        },
    ))
}

fn enabling(path: &str, name: &str) -> impl IntoView + use<> {
    let (action, verb) = (format!("{path}/enable"), format!("Reactivate {name}"));
    view! {
        <Section title="Reactivate">
            <p>"Lets this person in again. What they handed over stays with its new owners."</p>
            <PostForm action=action>
                <Actions verb=verb />
            </PostForm>
        </Section>
    }
}

fn disabling(path: &str, name: &str) -> impl IntoView + use<> {
    let (href, verb) = (format!("{path}/disable"), format!("Deactivate {name}…"));
    view! {
        <Section title="Deactivate">
            <p>
                "Signs this person out at once and keeps them out of this workspace. You first choose who \
                    takes over from them."
            </p>
            <p>
                <a class="button is-danger" href=href>
                    {verb}
                </a>
            </p>
        </Section>
    }
}

pub async fn enable(viewer: Viewer, Path((_, id)): Path<(String, MemberId)>, form: Form) -> FormResponse {
    let outcome = write::enable(&viewer, id)
        .await
        .map(|()| Redirect::to(viewer.path("members")).with_notice(Notice::Saved));
    respond(outcome, form, |form| edit_page(&viewer, id, form)).await
}

pub async fn hand_over_form(viewer: Viewer, Path((_, id)): Path<(String, MemberId)>) -> Result<Page> {
    hand_over_page(&viewer, id, Form::blank()).await
}

async fn hand_over_page(viewer: &Viewer, id: MemberId, form: Form) -> Result<Page> {
    let members = read::workers(viewer).await?;
    let lead = members
        .iter()
        .find(|member| member.id == id && member.role == Role::Lead)
        .cloned()
        .ok_or(Error::NotFound)?;
    let side = lead.side.ok_or(Error::NotFound)?;
    if !viewer.may(Action::HandOverLead { side }) {
        return Err(Error::Forbidden);
    }
    let others: Vec<Member> = members.into_iter().filter(|member| member.id != id).collect();
    let cancel = viewer.path("members");
    Ok(Page::new(viewer, "members", "Hand over the lead", move |_| {
        view! {
            <Crumb href=cancel.clone() text="Members" />
            <h1>{format!("Hand over the lead of {}", side.name())}</h1>
            <p>
                {format!(
                    "{} becomes a manager. The new lead ratifies the definition from then on. Earlier \
                        signatures stay valid.",
                    lead.name,
                )}
            </p>
            <PostForm form=form>
                <Hidden name="side" value=side.as_str() />
                <Select
                    name="to"
                    label="The new lead"
                    options=read::options(&others, Some(side))
                    none="Choose"
                />
                <Actions verb="Hand over the lead" cancel=cancel />
            </PostForm>
        }
    }))
}

pub async fn hand_over_post(
    viewer: Viewer,
    Path((_, id)): Path<(String, MemberId)>,
    mut form: Form,
) -> FormResponse {
    let outcome = async {
        let side = read::load(&viewer, id).await?.side.ok_or(Error::NotFound)?;
        let Some(to) = form.choice("to") else {
            return Err(form.refusal());
        };
        write::hand_over(&viewer, side, to).await?;
        Ok(Redirect::to(viewer.path("members")).with_notice(Notice::HandedOver))
    }
    .await;
    respond(outcome, form, |form| hand_over_page(&viewer, id, form)).await
}

fn invitation_rows(viewer: &Viewer, pending: Vec<Pending>) -> Vec<AnyView> {
    let today = viewer.today();
    pending
        .into_iter()
        .map(|invitation| {
            let until = viewer.day_of(invitation.expires_at).format(today);
            let expired = invitation.expires_at <= viewer.now();
            let by = invitation
                .invited_by
                .as_ref()
                .map_or_else(String::new, |who| format!(" · invited by {who}"));
            let detail = format!("{}{by}", invitation.part().label());
            let again = format!("Send the invitation of {} again", invitation.email);
            view! {
                <li class="row">
                    <span class="row-main">
                        <strong>{invitation.email}</strong>
                        <span class="faint">{detail}</span>
                    </span>
                    {if expired {
                        view! { <Tag label="Expired" /> }.into_any()
                    } else {
                        view! { <span class="faint">"until "{until}</span> }.into_any()
                    }}
                    <form
                        method="post"
                        action=viewer.path(&format!("members/invitations/{}/again", invitation.id))
                    >
                        <button class="button" type="submit" aria-label=again>
                            "Send again"
                        </button>
                    </form>
                    <form
                        method="post"
                        action=viewer.path(&format!("members/invitations/{}/withdraw", invitation.id))
                    >
                        <button class="button" type="submit">
                            "Withdraw"
                        </button>
                    </form>
                </li>
            }
            .into_any()
        })
        .collect()
}
