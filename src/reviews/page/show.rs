//! The page of one review: its state decides what it shows first.

use std::collections::{HashMap, HashSet};

use axum::{
    extract::Path,
    http::header,
    response::{IntoResponse, Response},
};
use leptos::prelude::*;

use super::{
    AgendaVerbs, ROOM, actions::action_rows, agenda, facts::frozen_line, standing_line, sum_line,
    when_and_where,
};
use crate::{
    handshake::{
        Kind,
        components::{self, RecordDetails, SealCard, Seats, Signatures, StandingLine},
        read::{EarlierObjection, Standing, earlier_objections},
    },
    identity::{Action, FormResponse, Page, Redirect, Viewer, respond},
    platform::{
        self,
        calendar::Method,
        error::{Error, Result},
        form::Form,
        ids::ReviewItemId,
    },
    reviews::{
        AgendaPart, ItemState, RESUMED_WITHIN_SECONDS, ReviewState,
        agenda::{ProposedItem, is_proposed_by_house, propose},
        calendar,
        read::{self, Addendum, Attendance, Item, Minutes, Review, ReviewAction, ReviewSnapshot, item_of},
        write,
    },
    ui::{
        Actions, Crumb, Hidden, Notice, PostForm, Section, Select, Tag, TextArea, TextField,
        markdown::Markdown,
    },
};

struct Shown {
    review: Review,
    items: Vec<Item>,
    actions: Vec<ReviewAction>,
    attendance: Vec<Attendance>,
    minutes: Option<Minutes>,
    addenda: Vec<Addendum>,
    snapshot: Option<ReviewSnapshot>,
    objections: Vec<EarlierObjection>,
    form: Form,
}

pub async fn show(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    page(&viewer, number, Form::blank()).await
}

/// The agenda as it would be frozen now: what is settled is struck, what has come stands there, and why each
/// is here is said as things stand. What has no number yet takes no verbs.
fn as_things_stand(mut items: Vec<Item>, proposed: Vec<ProposedItem>) -> Vec<Item> {
    let now: HashMap<&str, &ProposedItem> = proposed
        .iter()
        .map(|proposed| (proposed.subject.as_str(), proposed))
        .collect();
    for item in &mut items {
        match now.get(item.subject.as_str()) {
            Some(proposed) => {
                if item.state == ItemState::Resolved {
                    (item.state, item.state_at) = (ItemState::Open, None);
                }
                item.title.clone_from(&proposed.title);
                item.why.clone_from(&proposed.why);
            }
            None if is_proposed_by_house(item) && item.state == ItemState::Open => {
                item.state = ItemState::Resolved;
                item.why = String::new();
            }
            None => {}
        }
    }
    let known: HashSet<String> = items.iter().map(|item| item.subject.clone()).collect();
    let come = proposed
        .into_iter()
        .filter(|proposed| !known.contains(&proposed.subject));
    items.extend(come.map(Item::from));
    items.sort_by_key(|item| (item.part, item.number == 0, item.number));
    items
}

pub(super) async fn page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    let review = read::one(viewer, number).await?;
    let mut items = read::items(viewer, review.id).await?;
    if review.state == ReviewState::Planned {
        items = as_things_stand(items, propose(viewer, review.held_on, Some(&review)).await?);
    }
    let is_over = review.state.is_over();
    let shown = Shown {
        actions: read::actions(viewer, review.id).await?,
        attendance: read::attendance(viewer, review.id).await?,
        minutes: if is_over {
            read::minutes(viewer, review.id).await?
        } else {
            None
        },
        addenda: if is_over {
            read::addenda(viewer, review.id).await?
        } else {
            Vec::new()
        },
        objections: if is_over {
            earlier_objections(viewer, Kind::Minutes, review.id.uuid()).await?
        } else {
            Vec::new()
        },
        snapshot: match review.snapshot_id {
            Some(id) => Some(read::snapshot(viewer, id).await?),
            None => None,
        },
        items,
        review,
        form,
    };
    let title = format!("Review {number}");
    Ok(Page::new(viewer, ROOM, title, move |viewer| view(&viewer, shown)))
}

fn view(viewer: &Viewer, shown: Shown) -> impl IntoView + use<> {
    let today = viewer.today();
    let Shown {
        review,
        items,
        actions,
        attendance,
        minutes,
        addenda,
        snapshot,
        objections,
        form,
    } = shown;
    let path = viewer.path(&review.path());
    let (state, is_over) = (review.state, review.state.is_over());
    let problem = form
        .problems()
        .iter()
        .find(|problem| problem.field.is_empty())
        .map(|problem| problem.what.clone());
    let raises =
        viewer.may(Action::TakePartInReview) && (state.is_before_meeting() || state == ReviewState::Running);
    let verbs = if viewer.may(Action::PrepareReview) && state.is_before_meeting() {
        AgendaVerbs::Prepare
    } else {
        AgendaVerbs::None
    };
    let skipped = review
        .skipped
        .clone()
        .map(|(at, because)| format!("Called off on {}: {because}", viewer.day_of(at).format(today)));
    let minutes_part = minutes
        .filter(|_| state != ReviewState::Skipped)
        .map(|minutes| record(viewer, &review, (minutes, objections), snapshot.as_ref()).into_any());
    let (reader, for_frozen) = (viewer.clone(), viewer.clone());
    let has_actions = !actions.is_empty();
    let rows = action_rows(viewer, &actions);
    let sum = sum_line(&items, review.slot_minutes);
    let rows_of_agenda = agenda(viewer, &review, &items, verbs);
    let facts = snapshot.map(|snapshot| facts_section(&for_frozen, &path, &snapshot));
    let present = is_over.then(|| present_line(&attendance));
    let agenda_part = if is_over {
        view! {
            <details class="adds record-agenda">
                <summary>{format!("Agenda, {} items", items.len())}</summary>
                {rows_of_agenda}
            </details>
        }
        .into_any()
    } else {
        view! {
            <Section title="Agenda">{sum} {rows_of_agenda}</Section>
        }
        .into_any()
    };
    view! {
        <Crumb href=viewer.path("reviews") text="Reviews" />
        <header class="page-head">
            <div>
                <h1>{format!("Review {}", review.number)}</h1>
                {standing_line(&review, today)}
                <p>{when_and_where(&review)}</p>
                {present}
            </div>
            <div class="page-actions">{head_actions(&reader, &review)}</div>
        </header>
        {problem.map(|problem| view! { <p class="problem" role="alert">{problem}</p> })}
        {skipped.map(|words| view! { <p class="lead">{words}</p> })}
        {minutes_part}
        {has_actions
            .then(|| {
                view! {
                    <Section title="Actions">
                        {rows}
                    </Section>
                }
            })}
        {addenda_section(viewer, &review, addenda)}
        {agenda_part}
        {raises.then(|| raise_form(&path, viewer.fresh_id(), form))}
        {facts}
    }
}

fn present_line(attendance: &[Attendance]) -> impl IntoView + use<> {
    let present: Vec<&str> = attendance
        .iter()
        .filter(|person| person.is_present)
        .map(|person| person.name.as_str())
        .collect();
    let words = if present.is_empty() {
        "Nobody was marked present.".to_owned()
    } else {
        format!("There: {}.", platform::text::join_names(&present))
    };
    view! { <p>{words}</p> }
}

/// The one next step first, then what else may be done.
fn head_actions(viewer: &Viewer, review: &Review) -> impl IntoView + use<> {
    let path = viewer.path(&review.path());
    let (leads, prepares) = (viewer.may(Action::LeadReview), viewer.may(Action::PrepareReview));
    let link = |href: String, words: &'static str, is_primary: bool| {
        let class = if is_primary { "button is-primary" } else { "button" };
        view! {
            <a class=class href=href>
                {words}
            </a>
        }
        .into_any()
    };
    let post = |action: String, words: &'static str, is_primary: bool| {
        let class = if is_primary { "button is-primary" } else { "button" };
        view! {
            <form method="post" action=action>
                <button class=class type="submit">
                    {words}
                </button>
            </form>
        }
        .into_any()
    };
    let mut shown: Vec<AnyView> = Vec::new();
    match review.state {
        ReviewState::Planned => {
            if prepares {
                shown.push(link(format!("{path}/edit"), "Move", false));
            }
            if leads {
                shown.push(link(format!("{path}/skip"), "Call off", false));
                shown.push(link(format!("{path}/freeze"), "Freeze the facts…", true));
            }
            shown.push(link(format!("{path}/calendar.ics"), "To my calendar", false));
        }
        ReviewState::Frozen => {
            if leads {
                shown.push(post(format!("{path}/thaw"), "Unfreeze", false));
                shown.push(link(format!("{path}/skip"), "Call off", false));
                shown.push(post(format!("{path}/start"), "Begin the review", true));
            }
            shown.push(link(format!("{path}/calendar.ics"), "To my calendar", false));
        }
        ReviewState::Running => shown.push(link(format!("{path}/present"), "To the stage", true)),
        ReviewState::Skipped => {}
        _ => {
            let is_fresh = review
                .ended_at
                .is_some_and(|ended| viewer.now() <= ended.plus_seconds(RESUMED_WITHIN_SECONDS));
            if leads && is_fresh && review.state.takes_minutes() {
                shown.push(post(format!("{path}/resume"), "Go on with the meeting", false));
            }
            // The seal offers it itself.
            if review.state != ReviewState::Sealed {
                shown.push(
                    view! {
                        <button class="button" type="button" data-print="">
                            "Print the record"
                        </button>
                    }
                    .into_any(),
                );
            }
        }
    }
    shown
}

/// The minutes with the seats under them, as they stand.
fn record(
    viewer: &Viewer,
    review: &Review,
    (minutes, objections): (Minutes, Vec<EarlierObjection>),
    snapshot: Option<&ReviewSnapshot>,
) -> impl IntoView + use<> {
    let path = viewer.path(&format!("{}/minutes", review.path()));
    let (writes, leads) = (
        viewer.may(Action::PrepareReview) && review.state.takes_minutes(),
        viewer.may(Action::LeadReview) && review.state.takes_minutes(),
    );
    let standing = review.standing.clone();
    let is_on_table = standing
        .as_ref()
        .is_some_and(|standing| standing.disputing().is_none());
    let open_side = standing.as_ref().and_then(|standing| standing.open_to(viewer));
    let (reader, for_card) = (viewer.clone(), viewer.clone());
    let edited = minutes
        .edited_by
        .as_ref()
        .map(|by| format!("Last written by {by}."));
    let covers = "these minutes, the resolutions, the actions, who was there and the digest of the facts";
    let details = standing.as_ref().map(|standing| {
        let taken = snapshot.map(|snapshot| frozen_line(viewer, snapshot));
        view! { <RecordDetails digest=Some(standing.digest.clone()) covers=covers>{taken}</RecordDetails> }
    });
    let sealed = standing.clone().filter(Standing::is_sealed).map(|standing| {
        let what = format!("Minutes of review {}", review.number);
        view! {
            <SealCard standing=standing viewer=for_card next=Vec::new()>
                <p>{what}</p>
            </SealCard>
        }
    });
    let unsealed = standing.filter(|standing| !standing.is_sealed()).map(|standing| {
        view! {
            <StandingLine
                standing=standing.clone()
                viewer=reader.clone()
                sent_back=" Change the minutes, then offer them again."
            />
            <Signatures standing=standing viewer=reader who_may="The lead of this side" />
        }
    });
    let objections = components::earlier_objections(viewer, objections);
    let lapsed = (review.state == ReviewState::Lapsed).then(|| {
        view! { <p class="lead">"These minutes lapsed: nobody sealed them in time. The text stands as it was last written."</p> }
    });
    view! {
        {sealed}
        <Section title="Minutes">
            {lapsed} {unsealed} <div class="card record minutes-text">
                <Markdown text=minutes.body />
            </div> {objections} {edited.map(|words| view! { <p class="faint">{words}</p> })} {details}
            <div class="actions">
                {writes
                    .then(|| {
                        view! {
                            <a class="button" href=format!("{path}/edit")>
                                "Change the minutes"
                            </a>
                        }
                    })}
                {(leads && !is_on_table)
                    .then(|| {
                        view! {
                            <form method="post" action=format!("{path}/offer")>
                                <button class="button is-primary" type="submit">
                                    "Ask both leads to accept"
                                </button>
                            </form>
                        }
                    })}
                {open_side
                    .map(|side| {
                        view! {
                            <a class="button is-primary" href=format!("{path}/sign")>
                                {format!("Accept for {}…", side.name())}
                            </a>
                        }
                    })}
            </div>
        </Section>
    }
}

fn addenda_section(viewer: &Viewer, review: &Review, addenda: Vec<Addendum>) -> impl IntoView + use<> {
    let path = viewer.path(&review.path());
    let adds = review.state == ReviewState::Sealed && viewer.may(Action::PrepareReview);
    let rows = addenda
        .into_iter()
        .map(|addendum| {
            let href = format!("{path}/addenda/{}", addendum.number);
            let when = format!(
                "{}, {}{}",
                addendum.who,
                viewer.day_of(addendum.at).format(viewer.today()),
                if addendum.standing.is_none() {
                    " · withdrawn"
                } else {
                    ""
                }
            );
            view! {
                <li class="row">
                    <span class="row-state">
                        <Seats standing=addendum.standing viewer=viewer.clone() />
                    </span>
                    <a class="row-main" href=href>
                        <strong>{addendum.body}</strong>
                        <span class="faint">{when}</span>
                    </a>
                </li>
            }
        })
        .collect_view();
    let has_some = !rows.is_empty();
    (has_some || adds).then(|| {
        view! {
            <Section title="Addenda">
                {has_some.then(|| view! { <ul class="rows">{rows}</ul> })}
                {adds
                    .then(|| {
                        view! {
                            <p>
                                <a class="button" href=format!("{path}/addenda/new")>
                                    "Add to the minutes"
                                </a>
                            </p>
                        }
                    })}
            </Section>
        }
    })
}

fn raise_form(path: &str, id: ReviewItemId, form: Form) -> impl IntoView + use<> {
    let is_open = form.is_typed() && !form.raw("title").is_empty() || form.problem_of("title").is_some();
    let form = if form.raw("id").is_empty() {
        form.with("part", AgendaPart::Topics.as_str())
            .with("id", id.to_string())
    } else {
        form
    };
    let parts: Vec<(String, String)> = [
        AgendaPart::Topics,
        AgendaPart::Numbers,
        AgendaPart::Decisions,
        AgendaPart::Work,
    ]
    .into_iter()
    .map(|part| (part.as_str().to_owned(), part.name().to_owned()))
    .collect();
    view! {
        <details class="adds" open=is_open>
            <summary>"Raise a topic"</summary>
            <PostForm form=form action=format!("{path}/topics") class="is-short">
                <Hidden name="id" />
                <TextField name="title" label="Topic" max_length=200 />
                <TextArea
                    name="why"
                    label="Why now"
                    help="What you want to leave the meeting with."
                    rows=2
                    max_length=500
                    optional=true
                />
                <Select name="part" label="Part of the agenda" options=parts />
                <Actions verb="Raise it" />
            </PostForm>
        </details>
    }
}

fn facts_section(viewer: &Viewer, path: &str, snapshot: &ReviewSnapshot) -> impl IntoView + use<> {
    let missing = snapshot.facts.missing.len();
    let missing = (missing > 0).then(|| {
        let label = if missing == 1 {
            "1 thing missing".to_owned()
        } else {
            format!("{missing} things missing")
        };
        view! { <Tag label=label /> }
    });
    let (line, facts, changes) = (
        frozen_line(viewer, snapshot),
        format!("{path}/facts"),
        format!("{path}/changes"),
    );
    view! {
        <Section title="Frozen facts">
            {line} {missing} <p class="choices-in-a-row">
                <a class="button" href=facts>
                    "All facts"
                </a>
                <a class="button" href=changes>
                    "What changed since the last review"
                </a>
            </p>
        </Section>
    }
}

pub async fn raise(viewer: Viewer, Path((_, number)): Path<(String, i64)>, mut form: Form) -> FormResponse {
    let outcome = async {
        if !viewer.may(Action::TakePartInReview) {
            return Err(Error::Forbidden);
        }
        let fields = (
            form.line("title", 200),
            form.optional_paragraphs("why", 500),
            form.choice::<AgendaPart>("part"),
        );
        let (Some(title), Some(why), Some(part)) = fields else {
            return Err(form.refusal());
        };
        let id: ReviewItemId = form.raw("id").parse().unwrap_or_else(|_| viewer.fresh_id());
        write::raise(&viewer, number, id, (part, &title, &why)).await?;
        Ok(Redirect::back(
            &form,
            viewer.path(&format!("reviews/{number}")),
            Notice::Added,
        ))
    }
    .await;
    respond(outcome, form, |form| page(&viewer, number, form)).await
}

pub async fn set_item_state(
    viewer: Viewer,
    Path((_, number, of)): Path<(String, i64, i64)>,
    mut form: Form,
) -> FormResponse {
    let outcome = async {
        if !viewer.may(Action::PrepareReview) {
            return Err(Error::Forbidden);
        }
        let state: ItemState = form.choice("state").ok_or_else(|| form.refusal())?;
        write::set_item_state(&viewer, number, of, state).await?;
        let items = read::items(&viewer, read::one(&viewer, number).await?.id).await?;
        let item = item_of(&items, of)?;
        let back = viewer.path(&format!("reviews/{number}#item-{}", item.number));
        Ok(Redirect::back(&form, back, Notice::Saved))
    }
    .await;
    respond(outcome, form, |form| page(&viewer, number, form)).await
}

/// `/reviews/4/calendar.ics`: the meeting for one's own calendar.
pub async fn calendar(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Response> {
    let review = read::one(&viewer, number).await?;
    let link = viewer.address(&viewer.path(&review.path()));
    let entry = calendar::entry(&review, viewer.workspace(), viewer.zone(), link, viewer.now());
    let text = platform::calendar::write("", &Method::Publish, &[entry]);
    let name = format!("attachment; filename=\"review-{number}.ics\"");
    Ok((
        [
            (header::CONTENT_TYPE, "text/calendar; charset=utf-8".to_owned()),
            (header::CONTENT_DISPOSITION, name),
        ],
        text,
    )
        .into_response())
}

pub async fn thaw(viewer: Viewer, Path((_, number)): Path<(String, i64)>, form: Form) -> FormResponse {
    let outcome = write::thaw(&viewer, number)
        .await
        .map(|()| Redirect::to(viewer.path(&format!("reviews/{number}"))).with_notice(Notice::Saved));
    respond(outcome, form, |form| page(&viewer, number, form)).await
}
