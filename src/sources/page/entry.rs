//! Entering a source, writing its entry and offering it.

use axum::{extract::Path, response::IntoResponse as _};
use leptos::prelude::*;

use super::ROOM;
use crate::{
    identity::{Action, FormResponse, Page, Redirect, Side, Viewer, respond},
    members,
    platform::{
        error::{Error, Result},
        form::Form,
        ids::{MemberId, SourceId},
    },
    sources::{
        Chair, PersonalForm, Sensitivity,
        read::{self, EntryState, Source},
        write::{self, SourceInput},
    },
    technologies,
    ui::{
        Actions, CheckGroup, Crumb, Fields, Hidden, Notice, PostForm, Select, TextArea, TextField, choices,
    },
};

/// The chairs that are given with a new source.
const FIRST_CHAIRS: [Chair; 3] = [Chair::Owner, Chair::Steward, Chair::Custodian];

async fn fields(viewer: &Viewer, with_chairs: bool) -> Result<impl FnOnce() -> AnyView + use<>> {
    if !viewer.may(Action::EnterSource) {
        return Err(Error::Forbidden);
    }
    let people = members::read::workers(viewer).await?;
    let of = |side| members::read::options(&people, Some(side));
    let (owners, stewards, custodians) = (of(Side::Marketing), of(Side::Marketing), of(Side::Technology));
    let register: Vec<(String, String)> = technologies::read::technologies(viewer)
        .await?
        .into_iter()
        .map(|technology| (technology.id.to_string(), technology.name))
        .collect();
    let sensitivities: Vec<(String, String)> = Sensitivity::ALL
        .iter()
        .map(|one| {
            (
                one.as_str().to_owned(),
                format!("{}: {}", one.name(), one.meaning()),
            )
        })
        .collect();
    let forms = choices(PersonalForm::ALL, PersonalForm::as_str, PersonalForm::name);
    Ok(move || {
        view! {
            <Hidden name="id" />
            <Hidden name="version" />
            <TextField
                name="name"
                label="Name"
                help="As people here call it: the shop’s database, the newsletter tool."
                max_length=120
            />
            <TextArea name="holds" label="What it holds" rows=3 max_length=2000 />
            {with_chairs.then(|| chair_fields(owners, stewards, custodians))}
            <Select name="sensitivity" label="Sensitivity" options=sensitivities none="Not said yet" optional=true />
            <Select name="form" label="How people appear in it" options=forms none="Not said yet" optional=true />
            <Fields>
                <TextField
                    name="people"
                    label="Kinds of people"
                    help="Such as: customers, prospects, visitors."
                    max_length=300
                    optional=true
                />
                <TextField
                    name="kinds_of_data"
                    label="Kinds of data"
                    help="Such as: purchases, contact data, behaviour."
                    max_length=300
                    optional=true
                />
            </Fields>
            <CheckGroup
                name="is_special"
                label="Special categories"
                options=vec![
                    (
                        "yes".to_owned(),
                        "It holds health, belief, origin, biometry or other data of Article 9".to_owned(),
                    ),
                ]
            />
            <Select name="technology" label="Runs on" options=register none="Not in the register" optional=true />
            <Fields>
                <TextField name="kept_in" label="Kept in" help="Countries." max_length=200 optional=true />
                <TextField
                    name="refreshed"
                    label="Refreshed"
                    help="Such as: nightly, at once."
                    max_length=200
                    optional=true
                />
            </Fields>
            <TextArea
                name="protection"
                label="How it is protected"
                rows=2
                max_length=1000
                optional=true
            />
        }
        .into_any()
    })
}

fn chair_fields(
    owners: Vec<(String, String)>,
    stewards: Vec<(String, String)>,
    custodians: Vec<(String, String)>,
) -> impl IntoView {
    view! {
                        <Fields>
                            <Select
                                name="owner"
                                label="Owner, of Marketing"
                                help="Decides what the data may be used for."
                                options=owners
                                none="Nobody yet"
                                optional=true
                            />
                            <Select
                                name="custodian"
                                label="Custodian, of Technology"
                                help="Keeps it safe, running and joined."
                                options=custodians
                                none="Nobody yet"
                                optional=true
                            />
                        </Fields>
                        <Select
                            name="steward"
                            label="Steward, of Marketing"
                            help="Keeps its meaning right and answers questions; may be the owner."
                            options=stewards
                            none="Nobody yet"
                            optional=true
                        />
    }
}

/// Reads the fields of an entry.
pub(super) fn input(form: &mut Form) -> Result<SourceInput> {
    let (name, holds) = (form.line("name", 120), form.paragraphs("holds", 2000));
    let chosen = (
        form.optional_choice("sensitivity"),
        form.optional_choice("form"),
        form.optional_choice("technology"),
    );
    let texts = [
        form.optional_line("people", 300),
        form.optional_line("kinds_of_data", 300),
        form.optional_line("kept_in", 200),
        form.optional_line("refreshed", 200),
        form.optional_paragraphs("protection", 1000),
    ];
    let is_special = form.has("is_special", "yes");
    let (Some(name), Some(holds), (Some(sensitivity), Some(personal), Some(technology))) =
        (name, holds, chosen)
    else {
        return Err(form.refusal());
    };
    let [
        Some(people),
        Some(kinds_of_data),
        Some(kept_in),
        Some(refreshed),
        Some(protection),
    ] = texts
    else {
        return Err(form.refusal());
    };
    if is_special && sensitivity.is_some_and(|of: Sensitivity| of != Sensitivity::Restricted) {
        form.fail("sensitivity", "Data of special categories is restricted.");
        return Err(form.refusal());
    }
    Ok(SourceInput {
        name,
        holds,
        technology,
        sensitivity,
        form: personal,
        people,
        kinds_of_data,
        is_special,
        kept_in,
        refreshed,
        protection,
    })
}

pub async fn enter_form(viewer: Viewer) -> Result<Page> {
    let id: SourceId = viewer.fresh_id();
    enter_page(&viewer, Form::blank().with("id", id.to_string())).await
}

async fn enter_page(viewer: &Viewer, form: Form) -> Result<Page> {
    let fields = fields(viewer, true).await?;
    let cancel = viewer.path("sources");
    Ok(Page::new(viewer, ROOM, "Add a source", move |_| {
        view! {
            <Crumb href=cancel.clone() text="Sources" />
            <h1>"Add a source"</h1>
            <p>
                "Only the name and what it holds are needed now. Before both sign, sensitivity and how people appear are \
                    needed; the record of processing also asks for kinds of people, kinds of data and protection."
            </p>
            <PostForm form=form>
                {fields()} <Actions verb="Add the source" cancel=cancel />
            </PostForm>
        }
    }))
}

pub async fn enter(viewer: Viewer, mut form: Form) -> FormResponse {
    let outcome = async {
        let entry = input(&mut form)?;
        let mut seats: Vec<(Chair, MemberId)> = Vec::new();
        for chair in FIRST_CHAIRS {
            let member = form
                .optional_choice(chair.as_str())
                .ok_or_else(|| form.refusal())?;
            seats.extend(member.map(|member| (chair, member)));
        }
        let id = form.choice("id").ok_or_else(|| form.refusal())?;
        let number = write::enter(&viewer, id, entry, &seats).await?;
        Ok(Redirect::to(viewer.path(&format!("sources/{number}"))).with_notice(Notice::Added))
    }
    .await;
    respond(outcome, form, |form| enter_page(&viewer, form)).await
}

/// The fields as they are.
pub(super) fn form_of(it: &Source) -> Form {
    Form::blank()
        .with("version", it.version.to_string())
        .with("name", it.name.clone())
        .with("holds", it.holds.clone())
        .with(
            "technology",
            it.technology_id.map_or_else(String::new, |id| id.to_string()),
        )
        .with("sensitivity", it.sensitivity.map_or("", Sensitivity::as_str))
        .with("form", it.form.map_or("", PersonalForm::as_str))
        .with("people", it.people.clone())
        .with("kinds_of_data", it.kinds_of_data.clone())
        .with("is_special", if it.is_special { "yes" } else { "" })
        .with("kept_in", it.kept_in.clone())
        .with("refreshed", it.refreshed.clone())
        .with("protection", it.protection.clone())
}

pub async fn change_form(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    change_page(&viewer, number, Form::blank()).await
}

async fn change_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    let it = read::source(viewer, number).await?;
    let fields = fields(viewer, false).await?;
    let form = form.over(
        form_of(&it),
        &[
            ("name", "Name"),
            ("holds", "What it holds"),
            ("people", "Kinds of people"),
            ("kinds_of_data", "Kinds of data"),
            ("kept_in", "Kept in"),
            ("refreshed", "Refreshed"),
            ("protection", "How it is protected"),
        ],
    );
    if it.state == EntryState::Retired {
        return Err(Error::Forbidden);
    }
    let cancel = viewer.path(&it.path());
    let action = viewer.path(&format!("{}/edit", it.path()));
    let is_agreed = it.agreed_at.is_some();
    Ok(Page::new(
        viewer,
        ROOM,
        format!("Change {}", it.name),
        move |_| {
            view! {
                <Crumb href=cancel.clone() text=it.name />
                <h1>"Change the entry"</h1>
                {is_agreed
                    .then(|| {
                        view! { <p>"What both signed stays in force until both have signed the newer text."</p> }
                    })}
                <PostForm form=form action=action>
                    {fields()} <Actions verb="Save the entry" cancel=cancel />
                </PostForm>
            }
        },
    ))
}

pub async fn change(viewer: Viewer, Path((_, number)): Path<(String, i64)>, mut form: Form) -> FormResponse {
    let outcome = async {
        let entry = input(&mut form)?;
        write::change(&viewer, number, form.version(), entry).await?;
        Ok(Redirect::to(viewer.path(&format!("sources/{number}"))).with_notice(Notice::Saved))
    }
    .await;
    respond(outcome, form, |form| change_page(&viewer, number, form)).await
}

pub async fn offer(viewer: Viewer, Path((_, number)): Path<(String, i64)>, form: Form) -> FormResponse {
    let outcome = async {
        write::offer(&viewer, number).await?;
        Ok(Redirect::to(viewer.path(&format!("sources/{number}"))).with_notice(Notice::Proposed))
    }
    .await;
    match outcome {
        // Somebody offered or signed it meanwhile: its page says so.
        Err(Error::Conflict) => Ok(Redirect::to(viewer.path(&format!("sources/{number}"))).into_response()),
        outcome => respond(outcome, form, |form| change_page(&viewer, number, form)).await,
    }
}
