//! What is done with an access once it is open: certifying it, shutting its door, saying that its copies are
//! gone.

use axum::{extract::Path, response::IntoResponse as _};
use leptos::prelude::*;

use super::{ROOM, record::record};
use crate::{
    access::{
        read::{self, AccessWord, Doors, Request},
        terms::{COPIES_SHOWN_DAYS, Certification, Copies, SILENCE_DAYS},
        write::{self, CertifyInput},
    },
    identity::{Action, FormResponse, Page, Redirect, Side, Viewer, respond},
    platform::{
        error::{Error, Result},
        form::Form,
        time::days,
    },
    ui::{Actions, Crumb, Notice, PostForm, RadioGroup, Section, Tag, TextArea},
};

pub async fn shut(viewer: Viewer, Path((_, number)): Path<(String, i64)>, form: Form) -> FormResponse {
    write::shut(&viewer, number).await?;
    Ok(Redirect::back(&form, viewer.path(&format!("access/{number}")), Notice::Shut).into_response())
}

pub async fn certify_form(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    certify_page(&viewer, number, Form::blank()).await
}

async fn certify_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    let (it, text) = read::request_with_text(viewer, number).await?;
    let doors = read::doors_of(viewer, it.id).await?;
    if !doors.certifies(viewer, &it) {
        return Err(Error::Forbidden);
    }
    let due_on = it.certification_due(viewer.today()).ok_or(Error::Conflict)?;
    let words = read::words_of(viewer, it.id).await?;
    let side = viewer.side().ok_or(Error::Forbidden)?;
    let cancel = viewer.path(&it.path());
    let title = format!("Certify {}", it.title);
    Ok(Page::new(viewer, ROOM, title, move |viewer| {
        let options = Certification::ALL
            .iter()
            .map(|word| {
                (
                    word.as_str().to_owned(),
                    word.name().to_owned(),
                    word.meaning().to_owned(),
                )
            })
            .collect();
        let lapses = due_on.plus(SILENCE_DAYS).min(it.ends_on).format_long();
        view! {
            <Crumb href=cancel.clone() text=it.title.clone() />
            <h1>{format!("Is “{}” still needed?", it.title)}</h1>
            <p class="lead">
                {format!("You answer for {}. This access ends after {lapses} unless both sides keep it.", side.name())}
            </p>
            {record(&viewer, &it, text)}
            {said(&viewer, words)}
            <PostForm form=form>
                <RadioGroup name="word" label="Your side’s answer" options=options />
                <TextArea
                    name="because"
                    label="Why"
                    help="Required unless you keep it."
                    rows=2
                    max_length=500
                    optional=true
                />
                <Actions verb=format!("Answer for {}", side.name()) cancel=cancel />
            </PostForm>
        }
    }))
}

pub async fn certify(viewer: Viewer, Path((_, number)): Path<(String, i64)>, mut form: Form) -> FormResponse {
    let outcome = async {
        let (word, because) = (form.choice("word"), form.optional_paragraphs("because", 500));
        let (Some(word), Some(because)) = (word, because) else {
            return Err(form.refusal());
        };
        if word != Certification::Kept && because.is_empty() {
            return Err(Error::invalid("because", "Say why in a sentence."));
        }
        write::certify(&viewer, number, CertifyInput { word, because }).await?;
        Ok(Redirect::to(viewer.path(&format!("access/{number}"))).with_notice(Notice::Kept))
    }
    .await;
    respond(outcome, form, |form| certify_page(&viewer, number, form)).await
}

pub async fn copies_form(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    copies_page(&viewer, number, Form::blank()).await
}

/// Whether the viewer says what became of the copies.
pub(super) fn deletes_copies(viewer: &Viewer, it: &Request) -> bool {
    let are_left = it
        .terms
        .as_ref()
        .is_some_and(|terms| terms.copies == Copies::Deleted && terms.copies_gone.is_none());
    let today = viewer.today();
    let is_time = it.state(today).is_over()
        || it
            .copies_due(viewer)
            .is_some_and(|due| today >= due.plus(-COPIES_SHOWN_DAYS));
    are_left
        && is_time
        && it.granted.is_some()
        && viewer.may(Action::DeleteCopies {
            asked_by: it.asked_by,
            asking: it.asking_side,
        })
}

async fn copies_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    let it = read::request(viewer, number).await?;
    if !viewer.may(Action::DeleteCopies {
        asked_by: it.asked_by,
        asking: it.asking_side,
    }) {
        return Err(Error::Forbidden);
    }
    if !deletes_copies(viewer, &it) && !form.is_typed() {
        return Err(Error::Conflict);
    }
    let cancel = viewer.path(&it.path());
    let title = format!("Copies of {}", it.title);
    Ok(Page::new(viewer, ROOM, title, move |_| {
        view! {
            <Crumb href=cancel.clone() text=it.title.clone() />
            <h1>"The copies are gone"</h1>
            <PostForm form=form>
                <TextArea
                    name="how"
                    label="How"
                    help="One sentence: where they were, and who deleted them."
                    rows=2
                    max_length=500
                />
                <Actions verb="They are gone" cancel=cancel />
            </PostForm>
        }
    }))
}

pub async fn copies(viewer: Viewer, Path((_, number)): Path<(String, i64)>, mut form: Form) -> FormResponse {
    let outcome = async {
        let Some(how) = form.paragraphs("how", 500) else {
            return Err(form.refusal());
        };
        write::copies_gone(&viewer, number, &how).await?;
        Ok(Redirect::to(viewer.path(&format!("access/{number}"))).with_notice(Notice::CopiesGone))
    }
    .await;
    respond(outcome, form, |form| copies_page(&viewer, number, form)).await
}

/// Each source's door: opened and shut, by whom and when.
pub(super) fn doors(viewer: &Viewer, it: &Request, doors: &Doors) -> impl IntoView + use<> {
    let today = viewer.today();
    let due = it.shut_due(viewer).map(|due| {
        let late = today.days_since(due);
        if late > 0 {
            format!("to shut, {} late", days(late))
        } else {
            format!("to shut by {}", due.format(today))
        }
    });
    let rows = doors
        .all()
        .iter()
        .map(|door| {
            let said = |done: &Option<(crate::platform::time::Timestamp, String)>, verb: &str| {
                done.as_ref()
                    .map(|(at, who)| format!("{verb} {} by {who}", viewer.day_of(*at).format(today)))
            };
            let told = [said(&door.opened, "Opened"), said(&door.shut, "shut")]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(", ");
            let told = if told.is_empty() {
                "Not opened".to_owned()
            } else {
                told
            };
            let tag = match (&door.opened, &door.shut) {
                (Some(_), None) => due.clone().unwrap_or_else(|| "open".to_owned()),
                (_, Some(_)) => "shut".to_owned(),
                (None, _) => "not open".to_owned(),
            };
            view! {
                <li class="row">
                    <span class="row-main">
                        <a href=viewer.path(&format!("sources/{}", door.number))>{door.source.clone()}</a>
                        <span class="faint">{told}</span>
                    </span>
                    <Tag label=tag />
                </li>
            }
        })
        .collect::<Vec<_>>();
    (!rows.is_empty()).then(|| {
        view! {
            <Section title="Access by source">
                <ul class="rows">{rows}</ul>
            </Section>
        }
    })
}

/// What both sides said when it was certified.
pub(super) fn said(viewer: &Viewer, words: Vec<AccessWord>) -> impl IntoView + use<> {
    let today = viewer.today();
    let rows = words
        .into_iter()
        .map(|word| {
            let side: Side = word.side;
            let because = if word.because.is_empty() {
                String::new()
            } else {
                format!(": {}", word.because)
            };
            view! {
                <li>
                    {format!(
                        "{}: {} {} on {}, due {}{because}",
                        side.name(),
                        word.said_by,
                        word.word.said(),
                        viewer.day_of(word.said_at).format(today),
                        word.due_on.format(today),
                    )}
                </li>
            }
        })
        .collect::<Vec<_>>();
    (!rows.is_empty()).then(|| {
        view! {
            <Section title="Certified">
                <ul>{rows}</ul>
            </Section>
        }
    })
}
