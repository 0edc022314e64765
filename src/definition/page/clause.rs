//! One clause: what it says, what is said about it, and changing it.

use axum::{extract::Path, response::IntoResponse};
use leptos::prelude::*;

use super::{ClauseText, ROOM, talk};
use crate::{
    comments::page::Discussion,
    definition::{
        Clause, SuggestionOutcome,
        read::{self, DraftClause},
        write::{self, ClauseTalk, Text},
    },
    handshake::{Kind, read::edit_warning},
    identity::{Action, FormResponse, Page, Redirect, Viewer, respond},
    kpis,
    platform::{
        error::{Error, Result},
        form::Form,
        ids::{ClauseId, SuggestionId},
    },
    ui::{
        Actions, CheckGroup, Crumb, Fields, Hidden, Notice, PostForm, Section, Tag, TextArea, TextField,
        Warning, markdown::Markdown,
    },
};

const CLAUSE_LABELS: [(&str, &str); 4] = [
    ("title", "Title"),
    ("promise", "Promise"),
    ("for_marketing", "For Marketing"),
    ("for_technology", "For Technology"),
];

/// `/definition/clauses/{id}`.
pub async fn clause(viewer: Viewer, Path((_, id)): Path<(String, ClauseId)>) -> Result<Page> {
    page(&viewer, id, Form::blank()).await
}

pub(super) async fn page(viewer: &Viewer, id: ClauseId, form: Form) -> Result<Page> {
    let clause: DraftClause = read::clause(viewer, id).await?;
    let measures = read::measures(viewer).await?;
    let suggestions = read::suggestions(viewer, id).await?;
    let comments = Discussion::read::<ClauseTalk>(viewer, id, id.uuid()).await?;
    let events = read::events(viewer, id).await?;
    Ok(Page::new(viewer, ROOM, clause.title.clone(), move |viewer| {
        let today = viewer.today();
        let path = viewer.path(&format!("definition/clauses/{id}"));
        let archived = clause.archived_at.is_some();
        let may_edit = viewer.may(Action::EditDefinition) && !archived;
        let may_suggest = viewer.may(Action::SpeakForSide) && !archived;
        let measured_by: Vec<String> = measures
            .iter()
            .filter(|m| m.clause_id == id)
            .map(|m| m.title.clone())
            .collect();
        let detail = if measured_by.is_empty() {
            "No KPI measures this clause yet.".to_owned()
        } else {
            format!("Measured by {}.", measured_by.join(", "))
        };
        let text = Clause {
            id: id.to_string(),
            title: clause.title.clone(),
            promise: clause.promise.clone(),
            for_marketing: clause.for_marketing.clone(),
            for_technology: clause.for_technology.clone(),
            measured_by,
        };
        let edited = format!(
            "Last edited {} by {}",
            viewer.day_of(clause.edited_at).format(today),
            clause.edited_by
        );
        let history = events
            .into_iter()
            .map(|event| {
                let when = format!(
                    "{}, {}",
                    viewer.day_of(event.at).format(today),
                    event.at.time_in(viewer.zone())
                );
                view! {
                    <li class="row">
                        <span class="row-main">
                            <span>{format!("{} {} {}", event.actor, event.verb, event.label)}</span>
                            {(!event.detail.is_empty())
                                .then(|| view! { <span class="faint">{event.detail}</span> })}
                        </span>
                        <span class="faint">{when}</span>
                    </li>
                }
            })
            .collect_view();
        view! {
            <Crumb href=viewer.path("definition") text="Definition" />
            <header class="page-head">
                <div>
                    <p class="eyebrow">{edited}</p>
                    <h1>{clause.title.clone()}</h1>
                    {archived.then(|| view! { <Tag label="Archived" /> })}
                </div>
                <div class="page-actions">
                    {may_suggest
                        .then(|| {
                            view! {
                                <a class="button" href=format!("{path}/suggest?field=promise")>
                                    "Suggest another wording"
                                </a>
                            }
                        })}
                    {may_edit
                        .then(|| {
                            view! {
                                <a class="button is-primary" href=format!("{path}/edit")>
                                    "Edit"
                                </a>
                            }
                        })}
                </div>
            </header>
            <div class="card clause-text is-alone">
                <ClauseText clause=text before=None is_new=false is_gone=false />
                <p class="faint">{detail}</p>
            </div>
            {talk::suggestions_section(&viewer, suggestions)}
            {comments.section_with(&viewer, form)}
            <Section title="History">
                <ul class="rows">{history}</ul>
            </Section>
        }
    }))
}

fn clause_form(
    form: Form,
    kpi_options: Vec<(String, String)>,
    verb: &'static str,
    cancel: String,
) -> impl IntoView {
    let preview = (!form.raw("preview").is_empty()).then(|| {
        let part = |label: &'static str, field: &str| {
            view! {
                <h3>{label}</h3>
                <Markdown text=form.raw(field).to_owned() />
            }
        };
        view! {
            <div class="card preview" role="status" aria-label="Preview">
                <p class="eyebrow">"Preview. Nothing is saved yet."</p>
                <h2>{form.raw("title").to_owned()}</h2>
                <Markdown text=form.raw("promise").to_owned() />
                {part("For Marketing", "for_marketing")}
                {part("For Technology", "for_technology")}
            </div>
        }
    });
    view! {
        {preview}
        <PostForm form=form>
            <Hidden name="id" />
            <Hidden name="version" />
            <TextField
                name="title"
                label="Title"
                help="Two or three words that people will use, such as “One memory”."
                max_length=120
            />
            <TextArea
                name="promise"
                label="The promise to the customer"
                help="One or two sentences, from the customer’s point of view."
                rows=3
                max_length=1200
            />
            <Fields>
                <TextArea name="for_marketing" label="What it means for Marketing" rows=4 max_length=1200 />
                <TextArea name="for_technology" label="What it means for Technology" rows=4 max_length=1200 />
            </Fields>
            <p class="help">"You can use Markdown: **strong**, *emphasis*, lists and links."</p>
            <CheckGroup name="kpis" label="Measured by" options=kpi_options />
            <div class="actions">
                <button type="submit" class="button" name="preview" value="1">
                    "Preview"
                </button>
            </div>
            <Actions verb=verb cancel=cancel />
        </PostForm>
    }
}

fn clause_text(form: &mut Form) -> Result<Text> {
    let fields = (
        form.line("title", 120),
        form.paragraphs("promise", 1200),
        form.paragraphs("for_marketing", 1200),
        form.paragraphs("for_technology", 1200),
        form.choices("kpis"),
    );
    let (Some(title), Some(promise), Some(for_marketing), Some(for_technology), Some(kpis)) = fields else {
        return Err(form.refusal());
    };
    Ok(Text {
        title,
        promise,
        for_marketing,
        for_technology,
        kpis,
    })
}

pub async fn new_clause(viewer: Viewer) -> Result<Page> {
    let id: ClauseId = viewer.fresh_id();
    new_clause_page(&viewer, Form::blank().with("id", id.to_string())).await
}

/// That one side signed the version on the table.
async fn proposal_warning(viewer: &Viewer) -> Result<Option<String>> {
    match read::standing_versions(viewer).await?.1 {
        Some(proposed) => edit_warning(viewer, Kind::Definition, proposed.id.uuid()).await,
        None => Ok(None),
    }
}

async fn new_clause_page(viewer: &Viewer, form: Form) -> Result<Page> {
    if !viewer.may(Action::EditDefinition) {
        return Err(Error::Forbidden);
    }
    let warning = proposal_warning(viewer).await?;
    let options = kpis::read::options(viewer).await?;
    let cancel = viewer.path("definition");
    Ok(Page::new(viewer, ROOM, "Write a clause", move |_| {
        view! {
            <Crumb href=cancel.clone() text="Definition" />
            <h1>"Write a clause"</h1>
            <Warning text=warning />
            {clause_form(form, options, "Add the clause", cancel)}
        }
    }))
}

pub async fn create_clause(viewer: Viewer, mut form: Form) -> FormResponse {
    if !form.raw("preview").is_empty() {
        return Ok(new_clause_page(&viewer, form).await?.into_response());
    }
    let outcome = async {
        let text = clause_text(&mut form)?;
        let id = form.choice("id").ok_or_else(|| form.refusal())?;
        write::add_clause(&viewer, id, text).await?;
        Ok(Redirect::to(format!("{}#clause-{id}", viewer.path("definition"))).with_notice(Notice::Added))
    }
    .await;
    respond(outcome, form, |form| new_clause_page(&viewer, form)).await
}

pub async fn edit_clause(viewer: Viewer, Path((_, id)): Path<(String, ClauseId)>) -> Result<Page> {
    edit_page(&viewer, id, Form::blank()).await
}

async fn edit_page(viewer: &Viewer, id: ClauseId, form: Form) -> Result<Page> {
    if !viewer.may(Action::EditDefinition) {
        return Err(Error::Forbidden);
    }
    let clause: DraftClause = read::clause(viewer, id).await?;
    if clause.archived_at.is_some() {
        return Err(Error::NotFound);
    }
    let warning = proposal_warning(viewer).await?;
    let measures = read::measures(viewer).await?;
    let options = kpis::read::options(viewer).await?;
    let now = Form::blank()
        .with("version", clause.version.to_string())
        .with("title", clause.title.clone())
        .with("promise", clause.promise.clone())
        .with("for_marketing", clause.for_marketing.clone())
        .with("for_technology", clause.for_technology.clone())
        .with_each(
            "kpis",
            measures
                .into_iter()
                .filter(|m| m.clause_id == id)
                .map(|m| m.kpi_id.to_string()),
        );
    let form = form.over(now, &CLAUSE_LABELS);
    let cancel = viewer.path(&format!("definition/clauses/{id}"));
    let archive = viewer.path(&format!("definition/clauses/{id}/archive"));
    let others = viewer.other_editors(id.uuid());
    let beside = (!others.is_empty()).then(|| {
        let detail: Vec<String> = others
            .iter()
            .map(|(name, since)| format!("{name} since {}", since.time_in(viewer.zone())))
            .collect();
        format!(
            "Also editing this clause: {}. The second to save sees both texts.",
            detail.join(", ")
        )
    });
    let edited = format!(
        "Last edited {} by {}",
        viewer.day_of(clause.edited_at).format(viewer.today()),
        clause.edited_by
    );
    Ok(Page::new(
        viewer,
        ROOM,
        format!("Edit {}", clause.title),
        move |_| {
            view! {
                <Crumb href=cancel.clone() text="Definition" />
                <h1>"Edit the clause"</h1>
                <Warning text=warning />
                <p class="faint">{edited}</p>
                {beside
                    .map(|beside| {
                        view! {
                            <p class="beside" role="status">
                                {beside}
                            </p>
                        }
                    })}
                {clause_form(form, options, "Save the clause", cancel)}
                <Section title="Archive">
                    <p>"Removes this clause from the draft. Earlier versions keep it."</p>
                    <PostForm action=archive>
                        <Actions verb="Archive the clause" danger=true />
                    </PostForm>
                </Section>
            }
        },
    ))
}

pub async fn update_clause(
    viewer: Viewer,
    Path((_, id)): Path<(String, ClauseId)>,
    mut form: Form,
) -> FormResponse {
    if !form.raw("preview").is_empty() {
        return Ok(edit_page(&viewer, id, form).await?.into_response());
    }
    let outcome = async {
        let text = clause_text(&mut form)?;
        write::edit_clause(&viewer, id, form.version(), text).await?;
        viewer.leave(id.uuid());
        Ok(Redirect::to(format!("{}#clause-{id}", viewer.path("definition"))).with_notice(Notice::Saved))
    }
    .await;
    respond(outcome, form, |form| edit_page(&viewer, id, form)).await
}

pub async fn archive_clause(viewer: Viewer, Path((_, id)): Path<(String, ClauseId)>) -> FormResponse {
    write::archive_clause(&viewer, id).await?;
    Ok(Redirect::to(viewer.path("definition"))
        .with_notice(Notice::Archived)
        .into_response())
}

pub async fn accept(viewer: Viewer, Path((_, id)): Path<(String, SuggestionId)>) -> FormResponse {
    answer_suggestion(&viewer, id, SuggestionOutcome::Accepted, Form::blank()).await
}

pub async fn decline(
    viewer: Viewer,
    Path((_, id)): Path<(String, SuggestionId)>,
    form: Form,
) -> FormResponse {
    answer_suggestion(&viewer, id, SuggestionOutcome::Declined, form).await
}

pub async fn withdraw_suggestion(
    viewer: Viewer,
    Path((_, id)): Path<(String, SuggestionId)>,
) -> FormResponse {
    answer_suggestion(&viewer, id, SuggestionOutcome::Withdrawn, Form::blank()).await
}

async fn answer_suggestion(
    viewer: &Viewer,
    id: SuggestionId,
    outcome: SuggestionOutcome,
    mut form: Form,
) -> FormResponse {
    let clause = read::clause_of_suggestion(viewer, id).await?;
    let done = async {
        let because = form
            .optional_paragraphs("because", 500)
            .ok_or_else(|| form.refusal())?;
        write::respond(viewer, id, outcome, &because).await?;
        Ok(Redirect::to(viewer.path(&format!("definition/clauses/{clause}"))).with_notice(Notice::Saved))
    }
    .await;
    respond(done, form, |form| page(viewer, clause, form)).await
}
