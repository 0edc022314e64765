//! Asking for a decision and changing what is asked.

use axum::extract::{Path, Query};
use leptos::prelude::*;
use serde::Deserialize;

use super::ROOM;
use crate::{
    decisions::{
        read::{self, Decision},
        write::{self, EvidenceInput, Question},
    },
    definition,
    handshake::{Kind, read::edit_warning},
    identity::{Action, FormResponse, Page, Redirect, Viewer, respond},
    kpis, members,
    platform::{
        error::{Error, Result},
        form::Form,
        ids::DecisionId,
    },
    ui::{
        Actions, CheckGroup, Crumb, DateField, Fields, Hidden, Notice, PostForm, Select, TextArea, TextField,
        Warning,
    },
};

async fn question_form(
    viewer: &Viewer,
    form: Form,
    verb: &'static str,
    cancel: String,
) -> Result<impl FnOnce() -> AnyView + use<>> {
    let people = members::read::options(&members::read::workers(viewer).await?, None);
    let initiatives = read::initiative_options(viewer).await?;
    let clauses = definition::read::clause_options(viewer).await?;
    let kpis = kpis::read::options(viewer).await?;
    Ok(move || {
        view! {
            <PostForm form=form>
                <Hidden name="id" />
                <Hidden name="version" />
                <Hidden name="supersedes" />
                <TextField
                    name="question"
                    label="The question"
                    help="Ask what the options can answer, such as: Which customer data platform do we \
                    build on?"
                    max_length=200
                />
                <TextArea
                    name="context"
                    label="Context"
                    help="What is known, what is needed and what limits the choice."
                    rows=6
                    max_length=6000
                />
                <Select name="initiative" label="Initiative" options=initiatives none="None" optional=true />
                <Fields>
                    <Select
                        name="driver"
                        label="Driver"
                        help="The one person who brings this decision to both signatures."
                        options=people
                        none="Choose"
                    />
                    <DateField name="decide_by" label="Decide by" />
                </Fields>
                <TextArea
                    name="impact"
                    label="Impact"
                    help="What depends on this decision, and what it changes for whom."
                    rows=3
                    max_length=2000
                    optional=true
                />
                <CheckGroup name="clauses" label="Clauses it serves" options=clauses />
                <CheckGroup
                    name="kpis"
                    label="KPIs as evidence"
                    help="Their values are recorded with the decision, and again with its result."
                    options=kpis
                />
                <TextArea
                    name="links"
                    label="Links"
                    help="One per line: a name, then the address."
                    rows=3
                    max_length=4000
                    optional=true
                />
                <Actions verb=verb cancel=cancel />
            </PostForm>
        }
        .into_any()
    })
}

fn question(form: &mut Form) -> Result<Question> {
    let fields = (
        form.line("question", 200),
        form.paragraphs("context", 6000),
        form.optional_choice("initiative"),
        form.choice("driver"),
        form.day("decide_by"),
    );
    let evidence = (
        form.optional_paragraphs("impact", 2000),
        form.choices("clauses"),
        form.choices("kpis"),
        links(form),
    );
    let (Some(question), Some(context), Some(initiative), Some(driver), Some(decide_by)) = fields else {
        return Err(form.refusal());
    };
    let (Some(impact), Some(clauses), Some(kpis), Some(links)) = evidence else {
        return Err(form.refusal());
    };
    Ok(Question {
        question,
        context,
        initiative,
        driver,
        decide_by,
        evidence: EvidenceInput {
            impact,
            clauses,
            kpis,
            links,
        },
    })
}

const MOST_LINKS: usize = 20;

/// One a line: what it is, then its address.
fn links(form: &mut Form) -> Option<Vec<(String, String)>> {
    let typed = form.optional_paragraphs("links", 4000)?;
    let mut links = Vec::new();
    for line in typed.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (title, address) = line.rsplit_once(char::is_whitespace).unwrap_or((line, line));
        let is_address = ["https://", "http://"]
            .iter()
            .any(|scheme| address.to_ascii_lowercase().starts_with(scheme))
            && crate::ui::part::safe_href(address).is_some();
        if !is_address {
            form.fail(
                "links",
                format!("“{line}” does not end in an address that starts with https://."),
            );
            return None;
        }
        links.push((title.trim().to_owned(), address.to_owned()));
    }
    if links.len() > MOST_LINKS {
        form.fail("links", format!("Write at most {MOST_LINKS} links."));
        return None;
    }
    Some(links)
}

#[derive(Deserialize)]
pub struct QuestionQuery {
    initiative: Option<String>,
    supersedes: Option<String>,
}

pub async fn new(viewer: Viewer, Query(of): Query<QuestionQuery>) -> Result<Page> {
    let id: DecisionId = viewer.fresh_id();
    let form = Form::blank()
        .with("id", id.to_string())
        .with("initiative", of.initiative.unwrap_or_default())
        .with("supersedes", of.supersedes.unwrap_or_default())
        .with("driver", viewer.member_id().to_string())
        .with("decide_by", viewer.today().plus(21).to_string());
    new_page(&viewer, form).await
}

async fn new_page(viewer: &Viewer, form: Form) -> Result<Page> {
    if !viewer.may(Action::AskDecision) {
        return Err(Error::Forbidden);
    }
    let cancel = viewer.path("decisions");
    let fields = question_form(viewer, form, "Create the decision", cancel.clone()).await?;
    Ok(Page::new(viewer, ROOM, "New decision", move |_| {
        view! {
            <Crumb href=cancel text="Decisions" />
            <h1>"New decision"</h1>
            {fields()}
        }
    }))
}

pub async fn create(viewer: Viewer, mut form: Form) -> FormResponse {
    let outcome = async {
        let question = question(&mut form)?;
        let id = form.choice("id").ok_or_else(|| form.refusal())?;
        let supersedes = form.optional_choice("supersedes").ok_or_else(|| form.refusal())?;
        let number = write::ask(&viewer, id, supersedes, question).await?;
        Ok(Redirect::to(viewer.path(&format!("decisions/{number}"))).with_notice(Notice::Added))
    }
    .await;
    respond(outcome, form, |form| new_page(&viewer, form)).await
}

/// The decision, when the viewer may shape it.
pub(super) async fn shapeable(viewer: &Viewer, number: i64) -> Result<Decision> {
    let it = read::one(viewer, number).await?;
    if !viewer.may(Action::ShapeDecision { driver: it.driver_id }) {
        return Err(Error::Forbidden);
    }
    Ok(it)
}

pub async fn edit(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    edit_page(&viewer, number, Form::blank()).await
}

async fn edit_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    let it = shapeable(viewer, number).await?;
    let warning = edit_warning(viewer, Kind::Decision, it.id.uuid()).await?;
    let evidence = read::evidence(viewer, it.id).await?;
    let links: Vec<String> = evidence
        .iter()
        .filter(|e| e.clause_id.is_none() && e.kpi_id.is_none())
        .map(|e| format!("{} {}", e.title, e.path))
        .collect();
    let now = Form::blank()
        .with("version", it.version.to_string())
        .with("impact", it.impact.clone())
        .with("links", links.join("\n"))
        .with_each(
            "clauses",
            evidence
                .iter()
                .filter_map(|e| e.clause_id)
                .map(|id| id.to_string()),
        )
        .with_each(
            "kpis",
            evidence.iter().filter_map(|e| e.kpi_id).map(|id| id.to_string()),
        )
        .with("question", it.question.clone())
        .with("context", it.context.clone())
        .with(
            "initiative",
            it.initiative_id.map_or_else(String::new, |id| id.to_string()),
        )
        .with("driver", it.driver_id.to_string())
        .with("decide_by", it.decide_by.to_string());
    let form = form.over(
        now,
        &[
            ("question", "The question"),
            ("context", "Context"),
            ("impact", "Impact"),
            ("links", "Links"),
            ("decide_by", "Decide by"),
        ],
    );
    let cancel = viewer.path(&it.path());
    let fields = question_form(viewer, form, "Save the decision", cancel.clone()).await?;
    Ok(Page::new(
        viewer,
        ROOM,
        format!("Change decision {number}"),
        move |_| {
            view! {
                <Crumb href=cancel text=it.question.clone() />
                <h1>"Change the decision"</h1>
                <Warning text=warning />
                <p class="faint">
                    "Changing the question, the context or the impact withdraws a proposal that is not \
                        signed by both sides yet."
                </p>
                {fields()}
            }
        },
    ))
}

pub async fn update(viewer: Viewer, Path((_, number)): Path<(String, i64)>, mut form: Form) -> FormResponse {
    let outcome = async {
        let question = question(&mut form)?;
        write::edit(&viewer, number, form.version(), question).await?;
        Ok(Redirect::to(viewer.path(&format!("decisions/{number}"))).with_notice(Notice::Saved))
    }
    .await;
    respond(outcome, form, |form| edit_page(&viewer, number, form)).await
}
