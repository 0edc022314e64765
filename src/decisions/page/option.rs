//! The options of a decision.

use axum::extract::Path;
use leptos::prelude::*;

use super::{ROOM, question::shapeable};
use crate::{
    decisions::{read, write},
    handshake::{Kind, read::edit_warning},
    identity::{FormResponse, Page, Redirect, Viewer, respond},
    platform::{
        error::{Error, Result},
        form::Form,
        ids::OptionId,
        notation::unmistakable,
        quantity::Quantity,
    },
    ui::{Actions, Crumb, Fields, Hidden, Notice, PostForm, Section, TextArea, TextField, Warning},
};

fn choice_form(form: Form, verb: &'static str, cancel: String) -> impl IntoView {
    view! {
        <PostForm form=form>
            <Hidden name="id" />
            <Hidden name="version" />
            <TextField name="title" label="Option" max_length=120 />
            <Fields>
                <TextArea name="advantages" label="Advantages" rows=4 max_length=1500 optional=true />
                <TextArea name="drawbacks" label="Drawbacks" rows=4 max_length=1500 optional=true />
            </Fields>
            <Fields>
                <TextField
                    name="effort"
                    label="Effort"
                    help="Such as: two people for a quarter."
                    max_length=200
                    optional=true
                />
                <TextField
                    name="risk"
                    label="Risk"
                    help="What is most likely to go wrong."
                    max_length=200
                    optional=true
                />
            </Fields>
            <Fields>
                <TextField
                    name="one_off_cost"
                    label="One-off cost"
                    inputmode="decimal"
                    max_length=20
                    optional=true
                />
                <TextField
                    name="yearly_cost"
                    label="Yearly cost"
                    inputmode="decimal"
                    max_length=20
                    optional=true
                />
            </Fields>
            <Actions verb=verb cancel=cancel />
        </PostForm>
    }
}

fn choice(form: &mut Form) -> Result<write::ChoiceInput> {
    let fields = (
        form.line("title", 120),
        form.optional_paragraphs("advantages", 1500),
        form.optional_paragraphs("drawbacks", 1500),
        form.optional_line("effort", 200),
        form.optional_line("risk", 200),
        form.optional_quantity("one_off_cost"),
        form.optional_quantity("yearly_cost"),
    );
    let (
        Some(title),
        Some(advantages),
        Some(drawbacks),
        Some(effort),
        Some(risk),
        Some(one_off_cost),
        Some(yearly_cost),
    ) = fields
    else {
        return Err(form.refusal());
    };
    Ok(write::ChoiceInput {
        title,
        advantages,
        drawbacks,
        effort,
        risk,
        one_off_cost,
        yearly_cost,
    })
}

pub async fn new_option(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    let id: OptionId = viewer.fresh_id();
    new_option_page(&viewer, number, Form::blank().with("id", id.to_string())).await
}

async fn new_option_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    let it = shapeable(viewer, number).await?;
    let warning = edit_warning(viewer, Kind::Decision, it.id.uuid()).await?;
    let cancel = viewer.path(&it.path());
    Ok(Page::new(
        viewer,
        ROOM,
        format!("Add an option: {}", it.question),
        move |_| {
            view! {
                <Crumb href=cancel.clone() text=it.question.clone() />
                <h1>"Add an option"</h1>
                <Warning text=warning />
                {choice_form(form, "Add the option", cancel)}
            }
        },
    ))
}

pub async fn create_option(
    viewer: Viewer,
    Path((_, number)): Path<(String, i64)>,
    mut form: Form,
) -> FormResponse {
    let outcome = async {
        let choice = choice(&mut form)?;
        let id = form.choice("id").ok_or_else(|| form.refusal())?;
        write::add_option(&viewer, number, id, choice).await?;
        Ok(Redirect::to(viewer.path(&format!("decisions/{number}"))).with_notice(Notice::Added))
    }
    .await;
    respond(outcome, form, |form| new_option_page(&viewer, number, form)).await
}

pub async fn edit_option(
    viewer: Viewer,
    Path((_, number, id)): Path<(String, i64, OptionId)>,
) -> Result<Page> {
    edit_option_page(&viewer, number, id, Form::blank()).await
}

async fn edit_option_page(viewer: &Viewer, number: i64, id: OptionId, form: Form) -> Result<Page> {
    let it = shapeable(viewer, number).await?;
    let warning = edit_warning(viewer, Kind::Decision, it.id.uuid()).await?;
    let choice = read::choices(viewer, it.id)
        .await?
        .into_iter()
        .find(|choice| choice.id == id)
        .ok_or(Error::NotFound)?;
    let cost = |cost: Option<Quantity>| cost.map_or_else(String::new, unmistakable);
    let now = Form::blank()
        .with("version", it.version.to_string())
        .with("title", choice.title.clone())
        .with("advantages", choice.advantages.clone())
        .with("drawbacks", choice.drawbacks.clone())
        .with("effort", choice.effort.clone())
        .with("risk", choice.risk.clone())
        .with("one_off_cost", cost(choice.one_off_cost))
        .with("yearly_cost", cost(choice.yearly_cost));
    let labels = [
        ("title", "Option"),
        ("advantages", "Advantages"),
        ("drawbacks", "Drawbacks"),
        ("effort", "Effort"),
        ("risk", "Risk"),
        ("one_off_cost", "One-off cost"),
        ("yearly_cost", "Yearly cost"),
    ];
    let form = form.over(now, &labels);
    let cancel = viewer.path(&it.path());
    let archive = viewer.path(&format!("{}/options/{id}/archive", it.path()));
    Ok(Page::new(
        viewer,
        ROOM,
        format!("Change {}", choice.title),
        move |_| {
            view! {
                <Crumb href=cancel.clone() text=it.question.clone() />
                <h1>"Change the option"</h1>
                <Warning text=warning />
                {choice_form(form, "Save the option", cancel)}
                <Section title="Archive">
                    <p>"Removes this option from the choice. The history keeps it."</p>
                    <PostForm action=archive>
                        <Actions verb="Archive the option" danger=true />
                    </PostForm>
                </Section>
            }
        },
    ))
}

pub async fn update_option(
    viewer: Viewer,
    Path((_, number, id)): Path<(String, i64, OptionId)>,
    mut form: Form,
) -> FormResponse {
    let outcome = async {
        let choice = choice(&mut form)?;
        write::edit_option(&viewer, number, form.version(), id, choice).await?;
        Ok(Redirect::to(viewer.path(&format!("decisions/{number}"))).with_notice(Notice::Saved))
    }
    .await;
    respond(outcome, form, |form| edit_option_page(&viewer, number, id, form)).await
}

pub async fn archive_option(
    viewer: Viewer,
    Path((_, number, id)): Path<(String, i64, OptionId)>,
) -> FormResponse {
    let outcome = async {
        write::archive_option(&viewer, number, id).await?;
        Ok(Redirect::to(viewer.path(&format!("decisions/{number}"))).with_notice(Notice::Archived))
    }
    .await;
    respond(outcome, Form::blank(), |form| {
        edit_option_page(&viewer, number, id, form)
    })
    .await
}
