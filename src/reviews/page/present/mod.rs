//! The stage: one item at a time, over the frozen facts, with what is recorded beside it. Whoever drives
//! moves it for all; everybody else follows at their own pace.

mod forms;
mod parts;
mod posts;

pub use self::posts::{end, give_action, go, mark_present, note, resume, start, take_stage, take_start_back};

use axum::{extract::Path, response::IntoResponse};
use leptos::prelude::*;

use self::{
    forms::{Choices, attendance_form, drive_line, end_form, stage_forms, state_form},
    parts::{fact_card, read_back, recorded},
};
use super::{
    ROOM,
    facts::{between, difference},
};
use crate::{
    identity::{Action, FormResponse, Page, Redirect, Viewer},
    members, milestones,
    platform::{
        error::{Error, Result},
        form::Form,
        text::join_details,
        time::Timestamp,
    },
    reviews::{
        AgendaPart, ItemState, ReviewState,
        changes::FactChanges,
        read::{self, Attendance, Item, Note, Review, ReviewAction, ReviewSnapshot, item_of},
    },
    ui::Tag,
};

/// Everything that the stage of one item shows.
struct Staged {
    review: Review,
    items: Vec<Item>,
    item: Item,
    snapshot: ReviewSnapshot,
    changes: Option<(i64, FactChanges)>,
    notes: Vec<Note>,
    actions: Vec<ReviewAction>,
    attendance: Vec<Attendance>,
    owners: Vec<(String, String)>,
    milestones: Vec<(String, String)>,
    form: Form,
}

/// `/reviews/4/present`: what stands on the stage now.
pub async fn present_first(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> FormResponse {
    let review = read::one(&viewer, number).await?;
    let items = read::items(&viewer, review.id).await?;
    let on_stage = review
        .stage
        .and_then(|(id, _)| items.iter().find(|item| item.id == id));
    let first = on_stage
        .or_else(|| items.iter().find(|item| item.state.is_on_agenda()))
        .ok_or(Error::NotFound)?;
    let path = viewer.path(&format!("reviews/{number}/present/{}", first.number));
    Ok(Redirect::to(path).into_response())
}

pub async fn present(viewer: Viewer, Path((_, number, item)): Path<(String, i64, i64)>) -> Result<Page> {
    stage_page(&viewer, (number, item), Form::blank()).await
}

async fn stage_page(viewer: &Viewer, (number, of): (i64, i64), form: Form) -> Result<Page> {
    let review = read::one(viewer, number).await?;
    let snapshot = review.snapshot_id.ok_or(Error::NotFound)?;
    let items = read::items(viewer, review.id).await?;
    let item = item_of(&items, of)?.clone();
    let is_running = review.state == ReviewState::Running;
    let (owners, open_milestones) = if is_running && viewer.may(Action::TakePartInReview) {
        (
            members::read::options(&members::read::workers(viewer).await?, None),
            milestones::read::options(viewer).await?,
        )
    } else {
        (Vec::new(), Vec::new())
    };
    let staged = Staged {
        changes: if item.part == AgendaPart::Changes {
            difference(viewer, &review).await?
        } else {
            None
        },
        snapshot: read::snapshot(viewer, snapshot).await?,
        notes: read::notes(viewer, review.id).await?,
        actions: read::actions(viewer, review.id).await?,
        attendance: read::attendance(viewer, review.id).await?,
        owners,
        milestones: open_milestones,
        items,
        item,
        review,
        form,
    };
    let title = staged.item.title.clone();
    Ok(Page::new(viewer, ROOM, title, move |viewer| {
        stage(&viewer, staged)
    }))
}

/// What somebody wrote in a form that is not here any more, because the meeting has ended.
fn words_given_back(form: &Form) -> Option<impl IntoView + use<>> {
    let words: Vec<String> = ["body", "line", "action"]
        .into_iter()
        .map(|field| form.raw(field).trim().to_owned())
        .filter(|words| !words.is_empty())
        .collect();
    (!words.is_empty()).then(|| {
        let words = words
            .into_iter()
            .map(|words| view! { <blockquote class="prose">{words}</blockquote> })
            .collect_view();
        view! {
            <p>"The meeting has ended. This is what you wrote; add it to the minutes, where it belongs:"</p>
            {words}
        }
    })
}

/// What is on the agenda, and where this item stands among it: `(before, after, place, count)`.
fn neighbours<'a>(items: &'a [Item], item: &Item) -> (Option<&'a Item>, Option<&'a Item>, usize, usize) {
    let shown: Vec<&Item> = items
        .iter()
        .filter(|other| other.state.is_on_agenda() || other.id == item.id)
        .collect();
    let at = shown
        .iter()
        .position(|other| other.id == item.id)
        .unwrap_or_default();
    (
        at.checked_sub(1).and_then(|before| shown.get(before)).copied(),
        shown.get(at + 1).copied(),
        at + 1,
        shown.len(),
    )
}

/// The way to say what became of an action of an earlier review, and back to the stage.
fn settle_link(viewer: &Viewer, path: &str, item: &Item, leads: bool) -> Option<impl IntoView + use<>> {
    let action = item.subject.strip_prefix("action/")?;
    let review = item.path.as_deref()?.split('#').next()?.to_owned();
    let href = format!(
        "{}?back={path}/present/{}",
        viewer.path(&format!("{review}/actions/{action}")),
        item.number
    );
    leads.then(|| {
        view! {
            <p>
                <a class="button" href=href>
                    "Done, another day, or given up…"
                </a>
            </p>
        }
    })
}

#[expect(clippy::too_many_lines, reason = "one page")]
fn stage(viewer: &Viewer, staged: Staged) -> impl IntoView + use<> {
    let Staged {
        review,
        items,
        item,
        snapshot,
        changes,
        notes,
        actions,
        attendance,
        owners,
        milestones,
        form,
    } = staged;
    let path = viewer.path(&review.path());
    let here = format!("{path}/present/{}", item.number);
    let is_running = review.state == ReviewState::Running;
    let leads = is_running && viewer.may(Action::LeadReview);
    let drives = leads
        && review
            .stage_holder
            .as_ref()
            .is_some_and(|(holder, _)| *holder == viewer.member_id());
    let records = is_running && viewer.may(Action::TakePartInReview);
    let given_back = (!records).then(|| words_given_back(&form));
    let (before, after, place, count) = neighbours(&items, &item);
    let on_stage = review
        .stage
        .and_then(|(id, since)| Some((items.iter().find(|item| item.id == id)?, since)));
    let elsewhere = on_stage
        .filter(|(staged, _)| staged.id != item.id)
        .map(|(staged, _)| (format!("{path}/present/{}", staged.number), staged.title.clone()));
    let holder = review.stage_holder.as_ref().map(|(_, name)| name.clone());
    let problem = form
        .problems()
        .iter()
        .find(|problem| problem.field.is_empty())
        .map(|problem| problem.what.clone());
    let speaker = item
        .speaker
        .as_ref()
        .map(|speaker| format!("{speaker} speaks first"));
    let lead = join_details([Some(item.why.clone()).filter(|why| !why.is_empty()), speaker]);
    let became = (item.state != ItemState::Open).then(|| item.state.name());
    let body = match item.part {
        AgendaPart::Changes => changes.map_or_else(
            || {
                view! { <p>"This is the first review over frozen facts: there is nothing to compare with."</p> }
                    .into_any()
            },
            |(before, changes)| between(viewer, &path, before, &changes, None).into_any(),
        ),
        AgendaPart::Actions => settle_link(viewer, &path, &item, leads).into_any(),
        AgendaPart::Close => read_back(viewer, &notes, &actions, &items).into_any(),
        _ => item
            .path
            .as_ref()
            .and_then(|thing| snapshot.facts.at_path(thing))
            .map_or_else(
                || ().into_any(),
                |fact| fact_card(viewer, fact, &snapshot).into_any(),
            ),
    };
    let clock = is_running.then(|| clocks(viewer, &review, &item));
    let of_item: Vec<Note> = notes
        .iter()
        .filter(|note| note.item_id == item.id)
        .cloned()
        .collect();
    let actions_of_item: Vec<ReviewAction> = actions
        .iter()
        .filter(|action| action.item_id == item.id)
        .cloned()
        .collect();
    let recorded = recorded(viewer, of_item, &actions_of_item);
    let outline = outline(&path, &items, &item, drives);
    let next_speaker = after
        .and_then(|after| after.speaker.as_ref())
        .map(|speaker| format!("{speaker} speaks next."));
    let foot = stage_foot(&path, (before, after), (place, count), drives);
    let forms = records.then(|| stage_forms(viewer, &here, Choices { owners, milestones }, form, leads));
    let state_form = (records && viewer.may(Action::PrepareReview)).then(|| state_form(&path, &here, &item));
    let live = format!("{path}/live");
    view! {
        <article
            class="stage"
            data-stage=""
            data-live=is_running.then_some(live)
            data-pulse=review.pulse.to_string()
            data-item=item.number.to_string()
            data-now=viewer.now().millis().to_string()
        >
            <header class="stage-head">
                <p class="crumb">
                    <a href=path.clone()>{format!("Review {}", review.number)}</a>
                    " · "
                    {item.part.name()}
                </p>
                {clock}
            </header>
            <p class="stage-elsewhere" data-elsewhere="" role="status">
                {elsewhere
                    .map(|(href, title)| {
                        let words = match &holder {
                            Some(holder) if !drives => format!("{holder} shows: {title}"),
                            _ => format!("On the stage: {title}"),
                        };
                        view! { <a href=href>{words}</a> }
                    })}
            </p>
            {problem.map(|problem| view! { <p class="problem" role="alert">{problem}</p> })}
            {given_back}
            <h1>{item.title.clone()}</h1>
            <p class="lead">{lead}</p>
            {became.map(|became| view! { <Tag label=became /> })}
            {body}
            {recorded}
            {forms}
            {state_form}
            {foot}
            {next_speaker.map(|words| view! { <p class="faint">{words}</p> })}
            {drive_line(&path, &review, (leads, drives))}
            {is_running.then(|| attendance_form(viewer, &path, &attendance))}
            {outline}
            {keys()}
            {leads.then(|| end_form(&path, &items))}
        </article>
    }
}

/// Minutes of the item and of the meeting, as instants that the browser counts on from.
fn clocks(viewer: &Viewer, review: &Review, item: &Item) -> impl IntoView + use<> {
    let since = review
        .stage
        .filter(|(id, _)| *id == item.id)
        .map(|(_, since)| since);
    let running = |since: Option<Timestamp>| {
        since.map_or(0, |since| (viewer.now().millis() - since.millis()).max(0) / 1000)
    };
    let taken = item.taken_seconds + running(since);
    let meeting = running(review.started_at);
    let is_over = taken > item.minutes * 60;
    view! {
        <p class="stage-clocks">
            <span
                class=if is_over { "late" } else { "" }
                data-clock=taken.to_string()
                data-runs=since.is_some().then_some("")
                data-planned=item.minutes.to_string()
            >
                {format!("{} of {} min", taken / 60, item.minutes)}
            </span>
            " · meeting "
            <span
                data-clock=meeting.to_string()
                data-runs=""
                data-planned=review.slot_minutes.to_string()
            >
                {format!("{} of {} min", meeting / 60, review.slot_minutes)}
            </span>
        </p>
    }
}

/// Previous and next by title, and the place among all.
fn stage_foot(
    path: &str,
    (before, after): (Option<&Item>, Option<&Item>),
    (place, count): (usize, usize),
    drives: bool,
) -> impl IntoView + use<> {
    let step = |item: Option<&Item>, key: &'static str, arrow: &'static str| {
        item.map(|item| {
            let speaker = item
                .speaker
                .as_ref()
                .map_or_else(String::new, |speaker| format!(", {speaker}"));
            let words = format!("{arrow} {}{speaker}", item.title);
            step_to(path, item, key, words, drives)
        })
    };
    view! {
        <nav class="stage-foot" aria-label="Items">
            {step(before, "previous", "←")}
            <span class="stage-place" data-place="">
                {format!("{place} / {count}")}
            </span>
            {step(after, "next", "→")}
        </nav>
    }
}

/// A link for who follows; a form that moves the stage for who drives.
fn step_to(path: &str, item: &Item, key: &'static str, words: String, drives: bool) -> AnyView {
    if drives {
        let action = format!("{path}/go");
        view! {
            <form method="post" action=action class="stage-step">
                <input type="hidden" name="item" value=item.number />
                <button class="button" type="submit" data-key=key data-jump=item.number.to_string()>
                    {words}
                </button>
            </form>
        }
        .into_any()
    } else {
        let href = format!("{path}/present/{}", item.number);
        view! {
            <a class="button stage-step" href=href data-key=key data-jump=item.number.to_string()>
                {words}
            </a>
        }
        .into_any()
    }
}

/// The keys that act here, for whoever asks by the button or by `?`.
fn keys() -> impl IntoView {
    let rows = [
        ("→ Space Page Down", "next item"),
        ("← Page Up", "previous item"),
        ("Home End", "first, last item"),
        ("1 2 … Enter", "item of this number"),
        ("N D A P", "note, decision, action, park"),
        ("O", "all items"),
        ("F B", "full screen, blank"),
        ("Esc", "close what is open"),
    ]
    .into_iter()
    .map(|(keys, what)| {
        view! {
            <dt>
                <kbd>{keys}</kbd>
            </dt>
            <dd>{what}</dd>
        }
    })
    .collect_view();
    view! {
        <button class="button is-small" type="button" popovertarget="stage-keys">
            "Keys"
        </button>
        <div id="stage-keys" class="card stage-keys" popover="auto">
            <dl class="pairs">{rows}</dl>
            <p class="faint">
                "Letters and digits can be switched off in " <a href="/account">"your account"</a> "."
            </p>
        </div>
    }
}

/// Everything on the agenda, to jump to.
fn outline(path: &str, items: &[Item], here: &Item, drives: bool) -> impl IntoView + use<> {
    let rows = items
        .iter()
        .filter(|item| item.state.is_on_agenda())
        .zip(1..)
        .map(|(item, place)| {
            let words = format!("{place}. {}", item.title);
            let is_here = item.id == here.id;
            let row = if is_here {
                view! { <strong aria-current="true">{words}</strong> }.into_any()
            } else {
                step_to(path, item, "", words, drives)
            };
            view! { <li data-place-of=place.to_string()>{row}</li> }
        })
        .collect_view();
    view! {
        <details class="adds stage-outline" data-key="o">
            <summary>"All items"</summary>
            <ol>{rows}</ol>
        </details>
    }
}
