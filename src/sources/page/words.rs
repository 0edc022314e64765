//! Saying words: of one touchpoint in every source, or of one source at every touchpoint.

use axum::extract::Path;
use leptos::prelude::*;

use super::ROOM;
use crate::{
    identity::{Action, FormResponse, Page, Redirect, Side, Viewer, respond},
    platform::{
        error::{Error, Result},
        form::Form,
        ids::{SourceId, TouchpointId},
    },
    sources::{
        Word,
        read::{Map, Source, Touchpoint},
        write::{self, WordInput},
    },
    ui::{Actions, Crumb, Notice, PostForm},
};

/// One word that is asked: the field's name, what it is about, and the word that holds.
struct Question {
    field: String,
    label: String,
    said: Option<Word>,
    /// A word that held until it was too old.
    outdated: Option<Word>,
}

/// Whether the viewer speaks for their side of a touchpoint in a source.
pub(super) fn may_say(viewer: &Viewer, touchpoint: &Touchpoint, source: &Source) -> bool {
    viewer.side().is_some_and(|side| {
        viewer.may(Action::SayWord {
            speakers: &Map::speakers(touchpoint, source, side),
        })
    })
}

fn question(map: &Map, side: Side, (touchpoint, source): (&Touchpoint, &Source), label: String) -> Question {
    let said = map.own_word(side, touchpoint.id, source.id);
    let outdated = map.outdated(side, touchpoint.id, source.id);
    Question {
        field: format!("word-{}-{}", touchpoint.id, source.id),
        label,
        said,
        outdated: outdated.map(|said| said.word),
    }
}

/// The words that were chosen, of all that were asked.
fn spoken(form: &Form) -> Result<Vec<WordInput>> {
    let mut all = Vec::new();
    for (name, value) in form.fields() {
        let Some(cell) = name.strip_prefix("word-") else {
            continue;
        };
        // What was left as it was shown is not said again, whoever said something else meanwhile.
        if value.is_empty() || value == form.raw(&format!("was-{cell}")) {
            continue;
        }
        let wrong = || Error::invalid("", "Choose a word from the list.");
        let touchpoint: TouchpointId = cell.get(..36).and_then(|id| id.parse().ok()).ok_or_else(wrong)?;
        let source: SourceId = cell.get(37..).and_then(|id| id.parse().ok()).ok_or_else(wrong)?;
        let word: Word = value.parse().map_err(|_| wrong())?;
        let seen: Option<Word> = form.raw(&format!("was-{cell}")).parse().ok();
        all.push(WordInput {
            touchpoint,
            source,
            word,
            seen,
        });
    }
    Ok(all)
}

fn fields(questions: Vec<Question>, form: &Form) -> impl IntoView + use<> {
    let rows = questions
        .into_iter()
        .map(|question| {
            let typed = form.raw(&question.field).to_owned();
            let chosen = if typed.is_empty() {
                question.said.map_or("", Word::as_str).to_owned()
            } else {
                typed
            };
            let empty = chosen.is_empty();
            // A word that was said can be changed, and not unsaid.
            let can_be_open = question.said.is_none();
            let options = Word::ALL
                .iter()
                .rev()
                .map(|word| {
                    let is_chosen = word.as_str() == chosen;
                    view! {
                        <option value=word.as_str() selected=is_chosen>
                            {word.name()}
                        </option>
                    }
                })
                .collect_view();
            let id = question.field.clone();
            let was_field = question.field.replacen("word-", "was-", 1);
            let was_word = question.said.map_or("", Word::as_str);
            let was = question.outdated.map(|word| {
                format!(
                    "Was {}, but that is too long ago to count.",
                    word.name().to_lowercase()
                )
            });
            view! {
                <div class="word-row">
                    <label for=id.clone()>{question.label}</label>
                    <input type="hidden" name=was_field value=was_word />
                    <select id=id name=question.field>
                        {can_be_open
                            .then(|| {
                                view! {
                                    <option value="" selected=empty>
                                        "Not said"
                                    </option>
                                }
                            })}
                        {options}
                    </select>
                    {was.map(|was| view! { <small class="faint">{was}</small> })}
                </div>
            }
        })
        .collect_view();
    view! { <div class="word-rows">{rows}</div> }
}

fn explained(side: Side) -> impl IntoView {
    let meanings = Word::ALL
        .iter()
        .rev()
        .map(|word| {
            view! {
                <li>
                    <strong>{word.name()}</strong>
                    ": "
                    {word.meaning()}
                </li>
            }
        })
        .collect_view();
    view! {
        <p>
            {format!(
                "You speak for {}. {} sees your answers once it has given its own. The lower of the two counts.",
                side.name(),
                side.other().name(),
            )}
        </p>
        <ul class="faint">{meanings}</ul>
    }
}

fn words_page(
    viewer: &Viewer,
    form: Form,
    (title, back, name): (String, String, String),
    side: Side,
    questions: Vec<Question>,
) -> Page {
    Page::new(viewer, ROOM, title.clone(), move |_| {
        let rows = fields(questions, &form);
        view! {
            <Crumb href=back.clone() text=name />
            <h1>{title}</h1>
            {explained(side)}
            <PostForm form=form>
                {rows} <Actions verb=format!("Save {}’s answers", side.name()) cancel=back />
            </PostForm>
        }
    })
}

async fn of_touchpoint(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    let map = Map::read(viewer).await?;
    let touchpoint = map.touchpoint(number)?;
    let side = viewer.side().ok_or(Error::Forbidden)?;
    let questions: Vec<Question> = map
        .sources
        .iter()
        .filter(|source| may_say(viewer, touchpoint, source))
        .map(|source| question(&map, side, (touchpoint, source), source.name.clone()))
        .collect();
    if questions.is_empty() || touchpoint.retired_at.is_some() {
        return Err(Error::Forbidden);
    }
    let back = viewer.path(&touchpoint.path());
    let head = (
        format!("Which sources record “{}”?", touchpoint.name),
        back,
        touchpoint.name.clone(),
    );
    Ok(words_page(viewer, form, head, side, questions))
}

pub async fn say_of_touchpoint_form(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    of_touchpoint(&viewer, number, Form::blank()).await
}

pub async fn say_of_touchpoint(
    viewer: Viewer,
    Path((_, number)): Path<(String, i64)>,
    form: Form,
) -> FormResponse {
    let outcome = said(&viewer, &form, format!("sources/touchpoints/{number}")).await;
    respond(outcome, form, |form| of_touchpoint(&viewer, number, form)).await
}

async fn said(viewer: &Viewer, form: &Form, path: String) -> Result<Redirect> {
    write::say(viewer, &spoken(form)?).await?;
    Ok(Redirect::to(viewer.path(&path)).with_notice(Notice::Saved))
}

async fn of_source(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    let map = Map::read(viewer).await?;
    let source = map
        .sources
        .iter()
        .find(|source| source.number == number)
        .ok_or(Error::NotFound)?;
    let side = viewer.side().ok_or(Error::Forbidden)?;
    let questions: Vec<Question> = map
        .in_force()
        .filter(|touchpoint| may_say(viewer, touchpoint, source))
        .map(|touchpoint| {
            let label = format!("{} ({})", touchpoint.name, touchpoint.stage_name());
            question(&map, side, (touchpoint, source), label)
        })
        .collect();
    if questions.is_empty() {
        return Err(Error::Forbidden);
    }
    let head = (
        format!("What does “{}” record?", source.name),
        viewer.path(&source.path()),
        source.name.clone(),
    );
    Ok(words_page(viewer, form, head, side, questions))
}

pub async fn say_of_source_form(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    of_source(&viewer, number, Form::blank()).await
}

pub async fn say_of_source(
    viewer: Viewer,
    Path((_, number)): Path<(String, i64)>,
    form: Form,
) -> FormResponse {
    let outcome = said(&viewer, &form, format!("sources/{number}")).await;
    respond(outcome, form, |form| of_source(&viewer, number, form)).await
}
