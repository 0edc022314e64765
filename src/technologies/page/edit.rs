//! A technology is entered, changed and moved to another stage.

use axum::extract::Path;
use leptos::prelude::*;

use super::{ROOM, stage_options};

use crate::{
    handshake::{Kind, read::edit_warning},
    identity::{Action, FormResponse, Page, Redirect, Side, Viewer, respond},
    members,
    platform::{
        error::{Error, Result},
        form::Form,
        ids::TechnologyId,
        notation::unmistakable,
    },
    technologies::{
        RENEWAL_SHOWN_DAYS, TechnologyStage, read,
        write::{self, TechnologyInput},
    },
    ui::{Actions, Crumb, Fields, Hidden, Notice, PostForm, Select, TextArea, TextField, Warning},
};

async fn entry_form(
    viewer: &Viewer,
    form: Form,
    verb: &'static str,
    cancel: String,
    with_stage: bool,
) -> Result<impl FnOnce() -> AnyView + use<>> {
    if !viewer.may(Action::ManageTechnology) {
        return Err(Error::Forbidden);
    }
    let people = members::read::workers(viewer).await?;
    let (marketing, technology) = (
        members::read::options(&people, Some(Side::Marketing)),
        members::read::options(&people, Some(Side::Technology)),
    );
    Ok(move || {
        view! {
            <PostForm form=form>
                <Hidden name="id" />
                <Hidden name="version" />
                <TextField name="name" label="Name" max_length=120 />
                <TextArea name="purpose" label="What it is for" rows=3 max_length=1000 />
                {with_stage.then(|| view! { <Select name="stage" label="Stage" options=stage_options() /> })}
                <Fields>
                    <Select
                        name="marketing_owner"
                        label="Owner from Marketing"
                        options=marketing
                        none="Choose"
                    />
                    <Select
                        name="technology_owner"
                        label="Owner from Technology"
                        options=technology
                        none="Choose"
                    />
                </Fields>
                <Fields>
                    <TextField
                        name="yearly_cost"
                        label="Yearly cost"
                        inputmode="decimal"
                        max_length=20
                        optional=true
                    />
                    <TextField
                        name="renews_on"
                        label="Renews on"
                        help=format!("Both owners are reminded {RENEWAL_SHOWN_DAYS} days before.")
                        kind="date"
                        max_length=10
                        optional=true
                    />
                </Fields>
                <Actions verb=verb cancel=cancel />
            </PostForm>
        }
        .into_any()
    })
}

fn entry(form: &mut Form) -> Result<TechnologyInput> {
    let fields = (
        form.line("name", 120),
        form.paragraphs("purpose", 1000),
        form.choice("marketing_owner"),
        form.choice("technology_owner"),
    );
    let dated = (
        form.optional_quantity("yearly_cost"),
        form.optional_day("renews_on"),
    );
    let (Some(name), Some(purpose), Some(marketing_owner), Some(technology_owner)) = fields else {
        return Err(form.refusal());
    };
    let (Some(yearly_cost), Some(renews_on)) = dated else {
        return Err(form.refusal());
    };
    Ok(TechnologyInput {
        name,
        purpose,
        marketing_owner,
        technology_owner,
        yearly_cost,
        renews_on,
    })
}

pub async fn new_technology(viewer: Viewer) -> Result<Page> {
    let id: TechnologyId = viewer.fresh_id();
    new_page(
        &viewer,
        Form::blank()
            .with("id", id.to_string())
            .with("stage", TechnologyStage::Adopt.as_str()),
    )
    .await
}

async fn new_page(viewer: &Viewer, form: Form) -> Result<Page> {
    let cancel = viewer.path("technologies");
    let fields = entry_form(viewer, form, "Add the technology", cancel.clone(), true).await?;
    Ok(Page::new(viewer, ROOM, "Add a technology", move |_| {
        view! {
            <Crumb href=cancel text="Technologies" />
            <h1>"Add a technology"</h1>
            {fields()}
        }
    }))
}

pub async fn enter_technology(viewer: Viewer, mut form: Form) -> FormResponse {
    let outcome = async {
        let entry = entry(&mut form)?;
        let (Some(id), Some(stage)) = (form.choice("id"), form.choice("stage")) else {
            return Err(form.refusal());
        };
        let number = write::enter_technology(&viewer, id, stage, entry).await?;
        Ok(Redirect::to(viewer.path(&format!("technologies/{number}"))).with_notice(Notice::Added))
    }
    .await;
    respond(outcome, form, |form| new_page(&viewer, form)).await
}

pub async fn edit_technology(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    edit_page(&viewer, number, Form::blank()).await
}

async fn edit_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    let it = read::technology(viewer, number).await?;
    let warning = edit_warning(viewer, Kind::Technology, it.id.uuid()).await?;
    let now = Form::blank()
        .with("version", it.version.to_string())
        .with("name", it.name.clone())
        .with("purpose", it.purpose.clone())
        .with("marketing_owner", it.marketing_owner.to_string())
        .with("technology_owner", it.technology_owner.to_string())
        .with(
            "yearly_cost",
            it.yearly_cost.map_or_else(String::new, unmistakable),
        )
        .with(
            "renews_on",
            it.renews_on.map_or_else(String::new, |day| day.to_string()),
        );
    let form = form.over(
        now,
        &[
            ("name", "Name"),
            ("purpose", "What it is for"),
            ("yearly_cost", "Yearly cost"),
            ("renews_on", "Renews on"),
        ],
    );
    let cancel = viewer.path(&format!("technologies/{number}"));
    let fields = entry_form(viewer, form, "Save the entry", cancel.clone(), false).await?;
    Ok(Page::new(
        viewer,
        ROOM,
        format!("Change {}", it.name),
        move |_| {
            view! {
                <Crumb href=cancel text=it.name />
                <h1>"Change the entry"</h1>
                <Warning text=warning />
                {fields()}
            }
        },
    ))
}

pub async fn change_technology(
    viewer: Viewer,
    Path((_, number)): Path<(String, i64)>,
    mut form: Form,
) -> FormResponse {
    let outcome = async {
        let entry = entry(&mut form)?;
        write::change_technology(&viewer, number, form.version(), entry).await?;
        Ok(Redirect::to(viewer.path(&format!("technologies/{number}"))).with_notice(Notice::Saved))
    }
    .await;
    respond(outcome, form, |form| edit_page(&viewer, number, form)).await
}

pub async fn move_form(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    move_page(&viewer, number, Form::blank()).await
}

async fn move_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    let it = read::technology(viewer, number).await?;
    if !viewer.may(Action::ManageTechnology) {
        return Err(Error::Forbidden);
    }
    let warning = edit_warning(viewer, Kind::Technology, it.id.uuid()).await?;
    let cancel = viewer.path(&format!("technologies/{number}"));
    let options: Vec<(String, String)> = stage_options()
        .into_iter()
        .filter(|(stage, _)| stage != it.stage.as_str())
        .collect();
    Ok(Page::new(viewer, ROOM, format!("Move {}", it.name), move |_| {
        view! {
            <Crumb href=cancel.clone() text=it.name.clone() />
            <h1>"Move to another stage"</h1>
            <p>
                {format!(
                    "{} is at {} now. It moves when both {} and {} have signed.",
                    it.name,
                    it.stage.name().to_lowercase(),
                    it.marketing_name,
                    it.technology_name,
                )}
            </p>
            <Warning text=warning />
            <PostForm form=form>
                <Select name="stage" label="To" options=options none="Choose" />
                <TextArea name="because" label="Why" rows=3 max_length=1000 />
                <Actions verb="Ask both owners to sign" cancel=cancel />
            </PostForm>
        }
    }))
}

pub async fn move_technology(
    viewer: Viewer,
    Path((_, number)): Path<(String, i64)>,
    mut form: Form,
) -> FormResponse {
    let outcome = async {
        let (Some(stage), Some(because)) = (form.choice("stage"), form.paragraphs("because", 1000)) else {
            return Err(form.refusal());
        };
        write::move_technology(&viewer, number, stage, &because).await?;
        Ok(Redirect::to(viewer.path(&format!("technologies/{number}"))).with_notice(Notice::Saved))
    }
    .await;
    respond(outcome, form, |form| move_page(&viewer, number, form)).await
}
