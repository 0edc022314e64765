//! A touchpoint: how it stands and why; naming, changing and retiring it.

use std::collections::HashMap;

use axum::extract::Path;
use leptos::prelude::*;

use super::{ROOM, grouped, stands_mark, words::may_say};
use crate::{
    identity::{Action, FormResponse, Page, Redirect, Side, Viewer, respond},
    members,
    platform::{
        error::{Error, Result},
        form::Form,
        ids::{ClauseId, SourceId, TouchpointId},
        time::Day,
    },
    sources::{
        Channel, WORD_DAYS,
        read::{self, Map, MapWord, Source, Touchpoint, TouchpointClause},
        write::{self, TouchpointInput},
    },
    ui::{
        Actions, CheckGroup, Crumb, Fields, Hidden, Notice, PostForm, Section, Select, Tag, TextArea,
        TextField, choices,
    },
};

pub async fn touchpoint(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    Page::cache_for_reader(&viewer, ROOM, "touchpoint", number, async || {
        show_page(&viewer, number).await
    })
    .await
}

async fn show_page(viewer: &Viewer, number: i64) -> Result<Page> {
    let map = Map::read(viewer).await?;
    let it = map.touchpoint(number)?.clone();
    let kept = read::kept_clauses(viewer)
        .await?
        .remove(&it.id)
        .unwrap_or_default();
    let speakers = read::speakers_of(viewer, it.id).await?;
    let mut clauses = read::clauses(viewer).await?;
    clauses.retain(|clause| kept.contains(&clause.id));
    Ok(Page::new(viewer, ROOM, it.name.clone(), move |viewer| {
        let today = viewer.today();
        view! {
            <Crumb href=viewer.path("sources") text="Sources" />
            <header class="page-head">
                <div>
                    <h1>{it.name.clone()}</h1>
                    <p class="standing">
                        <Tag label=it.stage_name().to_owned() />
                        <Tag label=it.channel.name() />
                        {it.is_in_force().then(|| stands_mark(map.stands(it.id)))}
                    </p>
                </div>
                {actions(&viewer, &map, &it)}
            </header>
            {state(&viewer, &it)}
            <div class="card facts">
                <div>
                    <h2>"Answers for it"</h2>
                    <p>{it.answers.clone().unwrap_or_else(|| "Nobody yet".to_owned())}</p>
                </div>
                <div>
                    <h2>"Contacts a month"</h2>
                    <p>{contacts(&it, today)}</p>
                </div>
                <div>
                    <h2>"Customers are known by"</h2>
                    <p>{if it.known_by.is_empty() { "nothing that was written down".to_owned() } else { it.known_by.clone() }}</p>
                </div>
            </div>
            {(!it.about.is_empty()).then(|| view! { <p class="prose">{it.about.clone()}</p> })}
            {kept_there(&viewer, &clauses)}
            {cells(&viewer, &map, &speakers, &it)}
        }
    }))
}

/// What both sides promised each other for this place.
fn kept_there(viewer: &Viewer, clauses: &[TouchpointClause]) -> impl IntoView + use<> {
    let rows = clauses
        .iter()
        .map(|clause| {
            let archived = clause
                .archived_at
                .map(|_| view! { <span class="faint">" (archived)"</span> });
            view! {
                <li>
                    <a href=viewer.path(&clause.path())>{clause.title.clone()}</a>
                    {archived}
                </li>
            }
        })
        .collect_view();
    (!clauses.is_empty()).then(|| {
        view! {
            <Section title="Promises to keep here">
                <ul class="plain">{rows}</ul>
            </Section>
        }
    })
}

fn contacts(it: &Touchpoint, today: Day) -> String {
    it.contacts.zip(it.counted_on).map_or_else(
        || "not counted".to_owned(),
        |(contacts, on)| format!("{}, counted on {}", grouped(contacts), on.format(today)),
    )
}

fn state(viewer: &Viewer, it: &Touchpoint) -> impl IntoView + use<> {
    let today = viewer.today();
    let retired = it
        .retired_at
        .zip(it.retired_because.clone())
        .map(|(at, because)| {
            view! {
                <p class="notice">
                    {format!("Retired on {}: {because}", viewer.day_of(at).format(today))}
                </p>
            }
        });
    let suggested = (it.taken_at.is_none() && it.retired_at.is_none()).then(|| {
        let take = viewer.path(&format!("{}/take", it.path()));
        let may = viewer.may(Action::ChangeTouchpoint);
        view! {
            <div class="card ask">
                <p>"Technology suggests this touchpoint. It counts once Marketing accepts it."</p>
                {may
                    .then(|| {
                        view! {
                            <form method="post" action=take>
                                <button class="button is-primary" type="submit">
                                    "Accept it"
                                </button>
                            </form>
                        }
                    })}
            </div>
        }
    });
    view! {
        {retired}
        {suggested}
    }
}

fn actions(viewer: &Viewer, map: &Map, it: &Touchpoint) -> impl IntoView + use<> {
    let is_open = it.retired_at.is_none();
    let may = is_open && viewer.may(Action::ChangeTouchpoint);
    let says = is_open && map.sources.iter().any(|source| may_say(viewer, it, source));
    let path = viewer.path(&it.path());
    view! {
        <div class="page-actions">
            {may
                .then(|| {
                    view! {
                        <a class="button" href=format!("{path}/edit")>
                            "Change"
                        </a>
                        <a class="button" href=format!("{path}/retire")>
                            "Retire…"
                        </a>
                    }
                })}
            {says
                .then(|| {
                    view! {
                        <a class="button is-primary" href=format!("{path}/words")>
                            "Say what is recorded…"
                        </a>
                    }
                })}
        </div>
    }
}

/// Who said a side's word in a source.
type Speakers = HashMap<(SourceId, Side), String>;

/// What one side said, or why it is not shown.
fn word(said: Option<MapWord>, who: &str, side: Side, viewer: &Viewer, waits: bool) -> String {
    match said {
        Some(said) => format!(
            "{}: {} ({who}, {})",
            side.name(),
            said.word.name().to_lowercase(),
            viewer.day_of(said.said_at).format(viewer.today())
        ),
        None if waits => format!("{}: hidden until your side has answered", side.name()),
        None => format!("{}: no answer yet", side.name()),
    }
}

fn cell(
    viewer: &Viewer,
    (map, speakers): (&Map, &Speakers),
    it: &Touchpoint,
    source: &Source,
) -> impl IntoView + use<> {
    let seen = map.seen(viewer, it.id, source.id);
    let words = Side::BOTH
        .iter()
        .zip(seen)
        .map(|(side, said)| {
            // Whether the other side has spoken is not told before one has spoken oneself.
            let waits = said.is_none()
                && viewer.side() != Some(*side)
                && !viewer
                    .side()
                    .is_some_and(|own| map.has_word(own, it.id, source.id));
            let who = speakers.get(&(source.id, *side)).map_or("", String::as_str);
            word(said, who, *side, viewer, waits)
        })
        .collect::<Vec<_>>()
        .join(" · ");
    let outdated = viewer
        .side()
        .and_then(|side| map.outdated(side, it.id, source.id))
        .map(|said| {
            format!(
                " Your side’s word was {} until {}.",
                said.word.name().to_lowercase(),
                viewer.day_of(said.said_at).plus(WORD_DAYS).format(viewer.today())
            )
        });
    let href = viewer.path(&source.path());
    view! {
        <li class="row">
            <span class="row-main">
                <a href=href>{source.name.clone()}</a>
                <span class="faint">{words} {outdated}</span>
            </span>
            {stands_mark(map.cell(it.id, source.id))}
        </li>
    }
}

/// What can be seen, a row each; the sources of which nothing can, in a line.
fn cells(viewer: &Viewer, map: &Map, speakers: &Speakers, it: &Touchpoint) -> impl IntoView + use<> {
    let is_seen = |source: &&Source| {
        let own = viewer.side();
        map.seen(viewer, it.id, source.id).iter().any(Option::is_some)
            || own.is_some_and(|side| map.outdated(side, it.id, source.id).is_some())
    };
    let (seen, silent): (Vec<&Source>, Vec<&Source>) = map.sources.iter().partition(is_seen);
    let rows: Vec<_> = seen
        .into_iter()
        .map(|source| cell(viewer, (map, speakers), it, source))
        .collect();
    let silent: Vec<&str> = silent.into_iter().map(|source| source.name.as_str()).collect();
    let silent = (!silent.is_empty()).then(|| {
        let who = viewer
            .side()
            .map_or("Not answered by both sides", |side| match side {
                Side::Marketing => "Marketing has not answered",
                Side::Technology => "Technology has not answered",
            });
        format!("{who}: {}.", silent.join(", "))
    });
    let none = map.sources.is_empty();
    view! {
        <Section title="In the sources" aside="the lower answer of the two sides counts">
            {none.then(|| view! { <p class="faint">"No sources yet."</p> })} <ul class="rows">{rows}</ul>
            {silent.map(|silent| view! { <p class="faint">{silent}</p> })}
        </Section>
    }
}

/// A month: more is mistyped.
const MAX_CONTACTS: i64 = 1_000_000_000;

async fn fields(viewer: &Viewer) -> Result<impl FnOnce() -> AnyView + use<>> {
    let people = members::read::workers(viewer).await?;
    let marketing = members::read::options(&people, Some(Side::Marketing));
    let stages = read::stage_names(viewer).await?.options();
    let clauses: Vec<(String, String)> = read::clauses(viewer)
        .await?
        .into_iter()
        .filter(|clause| clause.archived_at.is_none())
        .map(|clause| (clause.id.to_string(), clause.title))
        .collect();
    Ok(move || {
        view! {
            <Hidden name="id" />
            <Hidden name="version" />
            <TextField
                name="name"
                label="Name"
                help="As customers would call it: the till, the newsletter, the phone."
                max_length=120
            />
            <Fields>
                <Select name="stage" label="What customers do there" options=stages none="Choose one" />
                <Select name="channel" label="Channel" options=choices(Channel::ALL, Channel::as_str, Channel::name) none="Choose" />
            </Fields>
            <Select
                name="answers"
                label="Who of Marketing answers for it"
                options=marketing
                none="Nobody yet"
                optional=true
            />
            <Fields>
                <TextField
                    name="contacts"
                    label="Contacts a month"
                    inputmode="numeric"
                    max_length=12
                    optional=true
                />
                <TextField
                    name="counted_on"
                    label="Counted on"
                    help="Needed with a number."
                    kind="date"
                    max_length=10
                    optional=true
                />
            </Fields>
            <TextField
                name="known_by"
                label="By what customers are known there"
                help="Such as: loyalty number, mail address, phone number, device."
                max_length=200
                optional=true
            />
            <TextArea name="about" label="About it" rows=3 max_length=2000 optional=true />
            {(!clauses.is_empty())
                .then(|| view! { <CheckGroup name="clauses" label="Promises to keep here" options=clauses /> })}
        }
        .into_any()
    })
}

/// A whole number of contacts, with the marks between thousands that people write.
fn contacts_read(form: &mut Form) -> Option<i64> {
    let written = form.raw("contacts").trim().to_owned();
    let groups: Vec<&str> = written
        .split(['.', ',', ' ', '\u{a0}', '\u{202f}', '’', '\''])
        .collect();
    let is_grouped = groups.len() > 1
        && groups.first().is_some_and(|first| (1..=3).contains(&first.len()))
        && groups.iter().skip(1).all(|group| group.len() == 3)
        && groups.concat().chars().all(|sign| sign.is_ascii_digit());
    if is_grouped {
        form.set("contacts", groups.concat());
    }
    form.whole("contacts")
}

/// Reads the fields of a touchpoint.
pub(super) fn input(form: &mut Form) -> Result<TouchpointInput> {
    let (name, stage, channel) = (
        form.line("name", 120),
        form.choice("stage"),
        form.choice("channel"),
    );
    let answers = form.optional_choice("answers");
    let contacts = if form.raw("contacts").trim().is_empty() {
        None
    } else {
        contacts_read(form)
    };
    let counted_on = form.optional_day("counted_on");
    if contacts.is_some_and(|contacts| !(0..=MAX_CONTACTS).contains(&contacts)) {
        form.fail(
            "contacts",
            "Write a number of contacts a month of at most a billion, or leave it empty.",
        );
    }
    if !form.raw("contacts").trim().is_empty() && counted_on == Some(None) {
        form.fail("counted_on", "Say on which day they were counted.");
    }
    if contacts.is_none() && form.problem_of("contacts").is_none() && counted_on.flatten().is_some() {
        form.fail("contacts", "Write how many there were, or leave the day empty.");
    }
    let (known_by, about) = (
        form.optional_line("known_by", 200),
        form.optional_paragraphs("about", 2000),
    );
    let (Some(name), Some(stage), Some(channel), Some(answers)) = (name, stage, channel, answers) else {
        return Err(form.refusal());
    };
    let clauses: Option<Vec<ClauseId>> = form.choices("clauses");
    let (Some(known_by), Some(about), Some(clauses)) = (known_by, about, clauses) else {
        return Err(form.refusal());
    };
    if !form.problems().is_empty() {
        return Err(form.refusal());
    }
    Ok(TouchpointInput {
        name,
        stage,
        channel,
        answers,
        contacts: contacts.zip(counted_on.flatten()),
        known_by,
        about,
        clauses,
    })
}

pub async fn name_touchpoint_form(viewer: Viewer) -> Result<Page> {
    let id: TouchpointId = viewer.fresh_id();
    name_page(&viewer, Form::blank().with("id", id.to_string())).await
}

async fn name_page(viewer: &Viewer, form: Form) -> Result<Page> {
    if !viewer.may(Action::EnterSource) {
        return Err(Error::Forbidden);
    }
    let fields = fields(viewer).await?;
    let cancel = viewer.path("sources");
    let suggests = viewer.side() == Some(Side::Technology);
    Ok(Page::new(viewer, ROOM, "Add a touchpoint", move |_| {
        view! {
            <Crumb href=cancel.clone() text="Sources" />
            <h1>"Add a touchpoint"</h1>
            {suggests
                .then(|| {
                    view! { <p>"It is a suggestion to Marketing, and counts once Marketing accepts it."</p> }
                })}
            <PostForm form=form>
                {fields()} <Actions verb="Add the touchpoint" cancel=cancel />
            </PostForm>
        }
    }))
}

pub async fn name_touchpoint(viewer: Viewer, mut form: Form) -> FormResponse {
    let outcome = async {
        let input = input(&mut form)?;
        let id = form.choice("id").ok_or_else(|| form.refusal())?;
        let number = write::name_touchpoint(&viewer, id, input).await?;
        Ok(Redirect::to(viewer.path(&format!("sources/touchpoints/{number}"))).with_notice(Notice::Added))
    }
    .await;
    respond(outcome, form, |form| name_page(&viewer, form)).await
}

async fn one(viewer: &Viewer, number: i64) -> Result<Touchpoint> {
    let all = read::touchpoints(viewer).await?;
    let it = all.into_iter().find(|touchpoint| touchpoint.number == number);
    let it = it.ok_or(Error::NotFound)?;
    if !viewer.may(Action::ChangeTouchpoint) || it.retired_at.is_some() {
        return Err(Error::Forbidden);
    }
    Ok(it)
}

pub async fn change_touchpoint_form(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    change_page(&viewer, number, Form::blank()).await
}

/// The fields as they are.
pub(super) fn form_of(it: &Touchpoint, kept: &[ClauseId]) -> Form {
    Form::blank()
        .with("version", it.version.to_string())
        .with("name", it.name.clone())
        .with("stage", it.stage.as_str())
        .with("channel", it.channel.as_str())
        .with(
            "answers",
            it.answers_id
                .map_or_else(String::new, |member| member.to_string()),
        )
        .with(
            "contacts",
            it.contacts
                .map_or_else(String::new, |contacts| contacts.to_string()),
        )
        .with(
            "counted_on",
            it.counted_on.map_or_else(String::new, |day| day.to_string()),
        )
        .with("known_by", it.known_by.clone())
        .with("about", it.about.clone())
        .with_each("clauses", kept.iter().map(ToString::to_string))
}

async fn change_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    let it = one(viewer, number).await?;
    let kept = read::kept_clauses(viewer)
        .await?
        .remove(&it.id)
        .unwrap_or_default();
    let now = form_of(&it, &kept);
    let form = form.over(
        now,
        &[
            ("name", "Name"),
            ("contacts", "Contacts a month"),
            ("known_by", "Known by"),
            ("about", "About it"),
        ],
    );
    let fields = fields(viewer).await?;
    let cancel = viewer.path(&it.path());
    Ok(Page::new(
        viewer,
        ROOM,
        format!("Change {}", it.name),
        move |_| {
            view! {
                <Crumb href=cancel.clone() text=it.name />
                <h1>"Change the touchpoint"</h1>
                <PostForm form=form>
                    {fields()} <Actions verb="Save the touchpoint" cancel=cancel />
                </PostForm>
            }
        },
    ))
}

pub async fn change_touchpoint(
    viewer: Viewer,
    Path((_, number)): Path<(String, i64)>,
    mut form: Form,
) -> FormResponse {
    let outcome = async {
        let input = input(&mut form)?;
        write::change_touchpoint(&viewer, number, form.version(), input).await?;
        Ok(Redirect::to(viewer.path(&format!("sources/touchpoints/{number}"))).with_notice(Notice::Saved))
    }
    .await;
    respond(outcome, form, |form| change_page(&viewer, number, form)).await
}

pub async fn take_touchpoint(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> FormResponse {
    use axum::response::IntoResponse as _;
    write::take_touchpoint(&viewer, number).await?;
    Ok(
        Redirect::to(viewer.path(&format!("sources/touchpoints/{number}")))
            .with_notice(Notice::Saved)
            .into_response(),
    )
}

pub async fn retire_touchpoint_form(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    retire_page(&viewer, number, Form::blank()).await
}

async fn retire_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    let it = one(viewer, number).await?;
    let cancel = viewer.path(&it.path());
    Ok(Page::new(
        viewer,
        ROOM,
        format!("Retire {}", it.name),
        move |_| {
            view! {
                <Crumb href=cancel.clone() text=it.name.clone() />
                <h1>{format!("Retire {}", it.name)}</h1>
                <p>"It counts no more. Its page and what was said of it stay."</p>
                <PostForm form=form>
                    <TextArea name="because" label="Why" rows=2 max_length=500 />
                    <Actions verb="Retire the touchpoint" cancel=cancel />
                </PostForm>
            }
        },
    ))
}

pub async fn retire_touchpoint(
    viewer: Viewer,
    Path((_, number)): Path<(String, i64)>,
    mut form: Form,
) -> FormResponse {
    let outcome = async {
        let because = form.paragraphs("because", 500).ok_or_else(|| form.refusal())?;
        write::retire_touchpoint(&viewer, number, &because).await?;
        Ok(Redirect::to(viewer.path(&format!("sources/touchpoints/{number}"))).with_notice(Notice::Archived))
    }
    .await;
    respond(outcome, form, |form| retire_page(&viewer, number, form)).await
}
