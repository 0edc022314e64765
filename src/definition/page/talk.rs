//! Talking about a clause: comments, and suggestions that the other side accepts or declines.

use axum::{
    extract::{Path, Query},
    response::IntoResponse,
};
use leptos::prelude::*;
use serde::Deserialize;

use super::ROOM;
use crate::{
    definition::{
        Field, SuggestionOutcome,
        read::{self, Suggestion},
        write,
    },
    identity::{Action, FormResponse, Page, Redirect, Viewer, respond},
    platform::{
        error::{Error, Result},
        form::Form,
        ids::ClauseId,
    },
    ui::{Actions, Crumb, Hidden, Notice, PostForm, Section, Tag, TextArea, redline::Redline},
};

#[derive(Deserialize)]
pub struct TalkQuery {
    field: Option<String>,
}

pub async fn suggest_form(
    viewer: Viewer,
    Path((_, id)): Path<(String, ClauseId)>,
    Query(of): Query<TalkQuery>,
) -> Result<Page> {
    let field = of
        .field
        .and_then(|field| field.parse().ok())
        .unwrap_or(Field::Promise);
    let clause = read::clause(&viewer, id).await?;
    let form = Form::blank()
        .with("field", field.as_str())
        .with("before", clause.text(field))
        .with("after", clause.text(field));
    suggest_page(&viewer, id, form).await
}

async fn suggest_page(viewer: &Viewer, id: ClauseId, form: Form) -> Result<Page> {
    let clause = read::clause(viewer, id).await?;
    if !viewer.may(Action::SpeakForSide) {
        return Err(Error::Forbidden);
    }
    if clause.archived_at.is_some() {
        return Err(Error::NotFound);
    }
    let field: Field = form.raw("field").parse().unwrap_or(Field::Promise);
    let mut form = form;
    form.set("field", field.as_str());
    // When it changed meanwhile, the text as it is now is shown, and is what the next attempt replaces.
    let changed = form.is_late().then(|| clause.text(field).to_owned());
    if form.is_late() {
        form.set("before", clause.text(field));
    }
    let path = viewer.path(&format!("definition/clauses/{id}"));
    Ok(Page::new(
        viewer,
        ROOM,
        format!("Suggest another wording: {}", clause.title),
        move |_| {
            let fields = Field::ALL
                .iter()
                .map(|other| {
                    let current = if *other == field { "true" } else { "false" };
                    view! {
                        <li>
                            <button
                                type="submit"
                                class="button is-small"
                                name="reword"
                                value=other.as_str()
                                formnovalidate=true
                                aria-pressed=current
                            >
                                {other.name()}
                            </button>
                        </li>
                    }
                })
                .collect_view();
            let max_length = field.max_length();
            let kept = Field::ALL
                .iter()
                .filter(|other| **other != field)
                .map(|other| {
                    let name = kept_name(*other);
                    let value = form.raw(&name).to_owned();
                    view! { <input type="hidden" name=name value=value /> }
                })
                .collect_view();
            view! {
                <Crumb href=path.clone() text=clause.title.clone() />
                <h1>"Suggest another wording"</h1>
                <p class="lead">
                    "Write the words you suggest. The other side sees what changes, and accepts or declines."
                </p>
                {changed
                    .map(|text| {
                        view! {
                            <p class="beside" role="alert">
                                "Current text: “"
                                {text}
                                "”"
                            </p>
                        }
                    })}
                <PostForm form=form>
                    <Hidden name="field" />
                    <Hidden name="before" />
                    {kept}
                    <ul class="choices-in-a-row" aria-label="What to reword">
                        {fields}
                    </ul>
                    <TextArea
                        name="after"
                        label=format!("{}, reworded", field.name())
                        rows=5
                        max_length=max_length
                    />
                    <TextArea name="because" label="Why" rows=2 max_length=500 optional=true />
                    <Actions verb="Send the suggestion" cancel=path />
                </PostForm>
            }
        },
    ))
}

/// Where another field's rewording waits while this one is written.
fn kept_name(field: Field) -> String {
    format!("kept-{}", field.as_str())
}

/// Goes on with another field, and keeps what was typed for this one.
async fn reword(viewer: &Viewer, id: ClauseId, mut form: Form) -> Result<Page> {
    let clause = read::clause(viewer, id).await?;
    let from: Field = form.raw("field").parse().map_err(|_| Error::NotFound)?;
    let to: Field = form.raw("reword").parse().map_err(|_| Error::NotFound)?;
    let typed = form.raw("after").to_owned();
    form.set(&kept_name(from), typed);
    let kept = form.raw(&kept_name(to)).to_owned();
    let text = clause.text(to).to_owned();
    form.set("after", if kept.is_empty() { text.clone() } else { kept });
    form.set("before", text);
    form.set("field", to.as_str());
    suggest_page(viewer, id, form).await
}

pub async fn suggest(
    viewer: Viewer,
    Path((_, id)): Path<(String, ClauseId)>,
    mut form: Form,
) -> FormResponse {
    if !form.raw("reword").is_empty() {
        return Ok(reword(&viewer, id, form).await?.into_response());
    }
    let outcome = async {
        let field: Field = form.choice("field").ok_or_else(|| form.refusal())?;
        let after = if field == Field::Title {
            form.line("after", field.max_length())
        } else {
            form.paragraphs("after", field.max_length())
        };
        let because = form.optional_paragraphs("because", 500);
        let (Some(after), Some(because)) = (after, because) else {
            return Err(form.refusal());
        };
        let before = crate::platform::text::paragraphs(form.raw("before"));
        write::suggest(&viewer, id, field, &before, &after, &because).await?;
        Ok(Redirect::to(viewer.path(&format!("definition/clauses/{id}"))).with_notice(Notice::Suggested))
    }
    .await;
    respond(outcome, form, |form| suggest_page(&viewer, id, form)).await
}

pub(super) fn suggestions_section(
    viewer: &Viewer,
    suggestions: Vec<Suggestion>,
) -> Option<impl IntoView + use<>> {
    let today = viewer.today();
    let open = suggestions
        .iter()
        .filter(|suggestion| suggestion.outcome.is_none())
        .count();
    let rows = suggestions
        .into_iter()
        .map(|suggestion| {
            let path = viewer.path(&format!("definition/suggestions/{}", suggestion.id));
            let is_open = suggestion.outcome.is_none();
            let is_archived = suggestion.is_archived;
            let may_answer = is_open && viewer.may(Action::AnswerSuggestion { by: suggestion.side });
            let is_own = is_open && suggestion.by_member == viewer.member_id();
            let side = suggestion.side;
            let stale = is_open && !suggestion.is_current;
            let words = standing_of(&suggestion, stale);
            let detail = format!(
                "{}, {} · {}",
                suggestion.who,
                side.name(),
                viewer.day_of(suggestion.at).format(today)
            );
            let settled = suggestion.settled_by.map(|who| {
                let because = suggestion
                    .settled_because
                    .filter(|because| !because.is_empty())
                    .map_or_else(String::new, |because| format!(": {because}"));
                format!("{who}{because}")
            });
            let what = suggestion.field.name();
            view! {
                <li class="row suggestion">
                    <span class="row-main">
                        <span class="eyebrow">
                            <span class=format!("side is-{}", side.as_str())>{what}</span>
                        </span>
                        <span class="prose">
                            <Redline before=suggestion.before_text after=suggestion.after_text />
                        </span>
                        {(!suggestion.because.is_empty())
                            .then(|| view! { <span>{suggestion.because}</span> })}
                        <span class="faint">{detail}{settled.map(|settled| format!(" · {settled}"))}</span>
                    </span>
                    <Tag label=words />
                    {(may_answer && !stale && !is_archived)
                        .then(|| {
                            view! {
                                <form method="post" action=format!("{path}/accept")>
                                    <button class="button is-primary" type="submit">
                                        "Accept"
                                    </button>
                                </form>
                            }
                        })}
                    {may_answer
                        .then(|| {
                            view! {
                                <form method="post" action=format!("{path}/decline") class="in-place">
                                    <input
                                        name="because"
                                        maxlength="500"
                                        placeholder="Why not (optional)"
                                        aria-label="Why you decline"
                                        autocomplete="off"
                                    />
                                    <button class="button" type="submit">
                                        "Decline"
                                    </button>
                                </form>
                            }
                        })}
                    {is_own
                        .then(|| {
                            view! {
                                <form method="post" action=format!("{path}/withdraw")>
                                    <button class="button" type="submit">
                                        "Withdraw"
                                    </button>
                                </form>
                            }
                        })}
                </li>
            }
        })
        .collect::<Vec<_>>();
    let aside = if open == 0 {
        "all settled".to_owned()
    } else {
        format!("{open} open")
    };
    (!rows.is_empty()).then(|| {
        view! {
            <Section title="Suggestions" aside=aside>
                <ul class="rows">{rows}</ul>
            </Section>
        }
    })
}

fn standing_of(suggestion: &Suggestion, is_stale: bool) -> String {
    match suggestion.outcome {
        None if is_stale => "The text has changed since".to_owned(),
        None => format!("{} has to answer", suggestion.side.other().name()),
        Some(SuggestionOutcome::Accepted) => "Accepted".to_owned(),
        Some(SuggestionOutcome::Declined) => "Declined".to_owned(),
        Some(SuggestionOutcome::Withdrawn) => "Withdrawn".to_owned(),
    }
}
