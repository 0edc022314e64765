//! The stage: one item at a time, over the frozen facts, with what is recorded beside it. Whoever drives moves it for
//! all; everybody else follows at their own pace.

use axum::{extract::Path, response::IntoResponse};
use leptos::prelude::*;

use super::{
    ROOM,
    actions::action_rows,
    facts::{changes_view, difference},
};
use crate::{
    identity::{Action, FormResponse, Page, Redirect, Side, Viewer, respond},
    members, milestones,
    platform::{
        error::{Error, Result},
        form::Form,
        ids::{ActionId, MemberId, NoteId},
        text::join_details,
        time::Timestamp,
    },
    reviews::{
        ItemState, NoteKind, Part, ReviewState,
        changes::Changes,
        facts::{Fact, Facts},
        read::{self, Attendance, Item, Note, Review, ReviewAction, item_of},
        write::{self, ActionInput},
    },
    ui::{
        Actions, AskFirst, CheckGroup, DateField, Fields, Hidden, Notice, Pill, PostForm, Section, Select,
        Tag, TextArea, TextField, markdown::Markdown,
    },
};

/// Everything that the stage of one item shows.
struct Staged {
    review: Review,
    items: Vec<Item>,
    item: Item,
    facts: Facts,
    changes: Option<(i64, Changes)>,
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
        changes: if item.part == Part::Changes {
            difference(viewer, &review).await?
        } else {
            None
        },
        facts: read::snapshot(viewer, snapshot).await?.facts,
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

#[expect(clippy::too_many_lines, reason = "one page")]
fn stage(viewer: &Viewer, staged: Staged) -> impl IntoView + use<> {
    let Staged {
        review,
        items,
        item,
        facts,
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
        Part::Changes => changes.map_or_else(
            || {
                view! { <p>"This is the first review over frozen facts: there is nothing to compare with."</p> }
                    .into_any()
            },
            |(before, changes)| changes_view(viewer, &path, before, &changes, None).into_any(),
        ),
        Part::Close => read_back(viewer, &notes, &actions, &items).into_any(),
        _ => item
            .path
            .as_ref()
            .and_then(|thing| facts.at_path(thing))
            .map_or_else(
                || ().into_any(),
                |fact| fact_card(viewer, fact, &facts).into_any(),
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
                        let words = format!("{} shows: {title}", holder.clone().unwrap_or_default());
                        view! { <a href=href>{words}</a> }
                    })}
            </p>
            {problem.map(|problem| view! { <p class="problem" role="alert">{problem}</p> })}
            <h1>{item.title.clone()}</h1>
            <p class="lead">{lead}</p>
            {became.map(|became| view! { <Tag label=became /> })}
            {body}
            {recorded}
            {forms}
            {state_form}
            {foot}
            {drive_line(&path, &review, (leads, drives))}
            {is_running.then(|| attendance_form(viewer, &path, &attendance))}
            {outline}
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

/// The thing that is spoken of, as it stood.
fn fact_card(viewer: &Viewer, fact: &Fact, facts: &Facts) -> impl IntoView + use<> {
    let (day, href) = (facts.day, viewer.path(&fact.path));
    let values = fact
        .values
        .iter()
        .map(|(field, value)| {
            view! {
                <div>
                    <dt>{field.name()}</dt>
                    <dd>{value.format(day)}</dd>
                </div>
            }
        })
        .collect_view();
    view! {
        <div class="card stage-fact">
            <p class="standing">
                {fact.status.map(|word| view! { <Pill word=word /> })} <span>{fact.detail.clone()}</span>
            </p>
            <dl>{values}</dl>
            <p class="faint">
                <a href=href>"Its page, as it stands now"</a>
            </p>
        </div>
    }
}

/// The last item: everything that was decided and given, read aloud.
fn read_back(
    viewer: &Viewer,
    notes: &[Note],
    actions: &[ReviewAction],
    items: &[Item],
) -> impl IntoView + use<> {
    let resolutions = notes
        .iter()
        .filter(|note| note.kind == NoteKind::Resolution)
        .map(|note| {
            let about = items
                .iter()
                .find(|item| item.id == note.item_id)
                .map(|item| item.title.clone());
            view! {
                <li class="row">
                    <span class="row-main">
                        <strong>{note.body.clone()}</strong>
                        <span class="faint">{about}</span>
                    </span>
                </li>
            }
        })
        .collect_view();
    let has_resolutions = !resolutions.is_empty();
    let has_actions = !actions.is_empty();
    let rows = action_rows(viewer, actions);
    view! {
        <Section title="Decided">
            {if has_resolutions {
                view! { <ul class="rows">{resolutions}</ul> }.into_any()
            } else {
                view! { <p class="faint">"Nothing was resolved."</p> }.into_any()
            }}
        </Section>
        <Section title="Actions">
            {if has_actions {
                rows.into_any()
            } else {
                view! { <p class="faint">"No actions were given."</p> }.into_any()
            }}
        </Section>
    }
}

/// Notes and actions of this item. The browser replaces this part, and nothing that is typed, when others record.
fn recorded(viewer: &Viewer, notes: Vec<Note>, actions: &[ReviewAction]) -> impl IntoView + use<> {
    let rows = notes
        .into_iter()
        .map(|note| {
            let label = (note.kind == NoteKind::Resolution).then(|| view! { <Tag label="Decided" /> });
            let when = format!("{}, {}", note.who, note.at.time_in(viewer.zone()));
            view! {
                <li class="row">
                    {label} <span class="row-main">
                        <Markdown text=note.body />
                        <span class="faint">{when}</span>
                    </span>
                </li>
            }
        })
        .collect_view();
    let has_actions = !actions.is_empty();
    let action_rows = action_rows(viewer, actions);
    view! {
        <div id="recorded" data-recorded="">
            {(!rows.is_empty()).then(|| view! { <ul class="rows">{rows}</ul> })}
            {has_actions.then_some(action_rows)}
        </div>
    }
}

struct Choices {
    owners: Vec<(String, String)>,
    milestones: Vec<(String, String)>,
}

/// Note, decision, action: each in place, open on demand.
fn stage_forms(
    viewer: &Viewer,
    here: &str,
    choices: Choices,
    form: Form,
    leads: bool,
) -> impl IntoView + use<> {
    let of = |what: &str| {
        if form.raw("what") == what {
            form.clone()
        } else {
            Form::blank()
        }
    };
    let fresh = |form: Form, id: String| {
        if form.raw("id").is_empty() {
            form.with("id", id)
        } else {
            form
        }
    };
    let note = fresh(of("note"), viewer.fresh_id::<NoteId>().to_string());
    let resolution = fresh(of("resolution"), viewer.fresh_id::<NoteId>().to_string());
    let mut action = fresh(of("action"), viewer.fresh_id::<ActionId>().to_string());
    if action.raw("due_on").is_empty() {
        action = action.with("due_on", viewer.today().plus(14).to_string());
    }
    let (note_open, resolution_open, action_open) =
        (note.is_typed(), resolution.is_typed(), action.is_typed());
    let post = format!("{here}/notes");
    let for_resolution = post.clone();
    let give = format!("{here}/actions");
    view! {
        <div class="stage-forms">
            <details class="adds" id="stage-note" data-key="n" open=note_open>
                <summary>"Note"</summary>
                <PostForm form=note action=post>
                    <Hidden name="id" />
                    <input type="hidden" name="what" value="note" />
                    <TextArea name="body" label="Note" rows=2 max_length=2000 />
                    <Actions verb="Note it" />
                </PostForm>
            </details>
            {leads
                .then(|| {
                    view! {
                        <details class="adds" id="stage-resolution" data-key="d" open=resolution_open>
                            <summary>"Decision"</summary>
                            <PostForm form=resolution action=for_resolution>
                                <Hidden name="id" />
                                <input type="hidden" name="what" value="resolution" />
                                <TextField
                                    name="line"
                                    label="What both leads decide, in one line"
                                    help="It counts once both have accepted the minutes. A choice of technology is signed in Decisions."
                                    max_length=300
                                />
                                <Actions verb="Record it" />
                            </PostForm>
                        </details>
                    }
                })}
            <details class="adds" id="stage-action" data-key="a" open=action_open>
                <summary>"Action"</summary>
                <PostForm form=action action=give>
                    <Hidden name="id" />
                    <input type="hidden" name="what" value="action" />
                    <TextField name="action" label="What is to be done" max_length=300 />
                    <Fields>
                        <Select name="owner" label="Who does it" options=choices.owners none="Choose" />
                        <DateField name="due_on" label="By" />
                    </Fields>
                    <Select
                        name="milestone"
                        label="Checkpoint of a milestone"
                        options=choices.milestones
                        none="None"
                        optional=true
                    />
                    <Actions verb="Give the action" />
                </PostForm>
            </details>
        </div>
    }
}

/// Parked, dropped, discussed or taken up again.
fn state_form(path: &str, here: &str, item: &Item) -> impl IntoView + use<> {
    let action = format!("{path}/items/{}", item.number);
    let verbs: &[(&str, &str, &str)] = if item.state.is_on_agenda() {
        &[("parked", "Park", "p"), ("dropped", "Drop", "")]
    } else {
        &[("open", "Take up", "p")]
    };
    let buttons = verbs
        .iter()
        .map(|(state, verb, key)| {
            let key = (!key.is_empty()).then_some(*key);
            view! {
                <button class="button is-small" type="submit" name="state" value=*state data-key=key>
                    {*verb}
                </button>
            }
        })
        .collect_view();
    view! {
        <form method="post" action=action class="stage-state">
            <input type="hidden" name="back" value=here.to_owned() />
            {buttons}
        </form>
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

/// Who drives, and the other lead's way to take over.
fn drive_line(path: &str, review: &Review, (leads, drives): (bool, bool)) -> impl IntoView + use<> {
    let words = match &review.stage_holder {
        Some(_) if drives => "You drive the stage.".to_owned(),
        Some((_, holder)) => format!("{holder} drives the stage."),
        None => String::new(),
    };
    let take = (leads && !drives).then(|| format!("{path}/take-stage"));
    (review.state == ReviewState::Running).then(|| {
        view! {
            <div class="stage-driver">
                <span class="faint">{words}</span>
                {take
                    .map(|action| {
                        view! {
                            <form method="post" action=action>
                                <button class="button is-small" type="submit">
                                    "Take the stage"
                                </button>
                            </form>
                        }
                    })}
            </div>
        }
    })
}

fn attendance_form(viewer: &Viewer, path: &str, attendance: &[Attendance]) -> impl IntoView + use<> {
    let options: Vec<(String, String)> = attendance
        .iter()
        .map(|person| {
            let side = person.side.map(Side::name);
            let label = side.map_or_else(|| person.name.clone(), |side| format!("{} · {side}", person.name));
            (person.member_id.to_string(), label)
        })
        .collect();
    let present = attendance
        .iter()
        .filter(|person| person.is_present)
        .map(|person| person.member_id.to_string());
    let count = attendance.iter().filter(|person| person.is_present).count();
    let form = Form::blank().with_each("present", present);
    viewer.may(Action::TakePartInReview).then(|| {
        view! {
            <details class="adds">
                <summary>{format!("Who is here: {count}")}</summary>
                <PostForm form=form action=format!("{path}/attendance")>
                    <CheckGroup name="present" label="Here" options=options />
                    <Actions verb="Save" />
                </PostForm>
            </details>
        }
    })
}

fn end_form(path: &str, items: &[Item]) -> impl IntoView + use<> {
    let open = items
        .iter()
        .filter(|item| item.state == ItemState::Open && !matches!(item.part, Part::Changes | Part::Close))
        .count();
    let follows = match open {
        0 => "Its minutes are composed from what was recorded. You can go on for ten minutes.".to_owned(),
        1 => "1 item is still open and goes on to the next review. The minutes are composed from what was recorded. \
            You can go on for ten minutes."
            .to_owned(),
        _ => format!(
            "{open} items are still open and go on to the next review. The minutes are composed from what was recorded. \
             You can go on for ten minutes."
        ),
    };
    view! {
        <div class="stage-end">
            <AskFirst
                id="end-review"
                verb="End the meeting…"
                question="End the meeting?"
                follows=follows
                yes="End it"
                no="Stay"
                action=format!("{path}/end")
            />
            <form method="post" action=format!("{path}/take-back")>
                <button class="button is-small" type="submit">
                    "It has not begun"
                </button>
            </form>
        </div>
    }
}

fn to(viewer: &Viewer, number: i64, rest: &str) -> Redirect {
    Redirect::to(viewer.path(&format!("reviews/{number}{rest}")))
}

pub async fn start(viewer: Viewer, Path((_, number)): Path<(String, i64)>, form: Form) -> FormResponse {
    let outcome = write::start(&viewer, number)
        .await
        .map(|()| to(&viewer, number, "/present").with_notice(Notice::Begun));
    respond(outcome, form, |form| super::show::page(&viewer, number, form)).await
}

pub async fn take_start_back(
    viewer: Viewer,
    Path((_, number)): Path<(String, i64)>,
    form: Form,
) -> FormResponse {
    let outcome = write::take_start_back(&viewer, number)
        .await
        .map(|()| to(&viewer, number, "").with_notice(Notice::TakenBack));
    respond(outcome, form, |form| super::show::page(&viewer, number, form)).await
}

pub async fn take_stage(viewer: Viewer, Path((_, number)): Path<(String, i64)>, form: Form) -> FormResponse {
    let outcome = write::take_stage(&viewer, number)
        .await
        .map(|()| to(&viewer, number, "/present"));
    respond(outcome, form, |form| super::show::page(&viewer, number, form)).await
}

pub async fn go(viewer: Viewer, Path((_, number)): Path<(String, i64)>, mut form: Form) -> FormResponse {
    let outcome = async {
        if !viewer.may(Action::LeadReview) {
            return Err(Error::Forbidden);
        }
        let item: i64 = form.whole("item").ok_or_else(|| form.refusal())?;
        write::go(&viewer, number, item).await?;
        Ok(to(&viewer, number, &format!("/present/{item}")))
    }
    .await;
    respond(outcome, form, |form| super::show::page(&viewer, number, form)).await
}

pub async fn note(
    viewer: Viewer,
    Path((_, number, of)): Path<(String, i64, i64)>,
    mut form: Form,
) -> FormResponse {
    let outcome = async {
        if !viewer.may(Action::TakePartInReview) {
            return Err(Error::Forbidden);
        }
        let is_resolution = form.raw("what") == "resolution";
        let (kind, body) = if is_resolution {
            (NoteKind::Resolution, form.line("line", 300))
        } else {
            (NoteKind::Note, form.paragraphs("body", 2000))
        };
        let body = body.ok_or_else(|| form.refusal())?;
        let id = form.raw("id").parse().unwrap_or_else(|_| viewer.fresh_id());
        write::note(&viewer, number, of, (id, kind, &body)).await?;
        Ok(to(&viewer, number, &format!("/present/{of}")).with_notice(Notice::Added))
    }
    .await;
    respond(outcome, form, |form| stage_page(&viewer, (number, of), form)).await
}

pub async fn give_action(
    viewer: Viewer,
    Path((_, number, of)): Path<(String, i64, i64)>,
    mut form: Form,
) -> FormResponse {
    let outcome = async {
        if !viewer.may(Action::TakePartInReview) {
            return Err(Error::Forbidden);
        }
        let fields = (
            form.line("action", 300),
            form.choice("owner"),
            form.day("due_on"),
            form.optional_choice("milestone"),
        );
        let (Some(body), Some(owner), Some(due_on), Some(milestone)) = fields else {
            return Err(form.refusal());
        };
        let input = ActionInput {
            body,
            owner,
            due_on,
            milestone,
        };
        let id = form.raw("id").parse().unwrap_or_else(|_| viewer.fresh_id());
        write::give_action(&viewer, number, of, (id, &input)).await?;
        Ok(to(&viewer, number, &format!("/present/{of}")).with_notice(Notice::Added))
    }
    .await;
    respond(outcome, form, |form| stage_page(&viewer, (number, of), form)).await
}

pub async fn mark_present(
    viewer: Viewer,
    Path((_, number)): Path<(String, i64)>,
    mut form: Form,
) -> FormResponse {
    let outcome = async {
        let chosen: Vec<MemberId> = form
            .raw_each("present")
            .filter(|id| !id.is_empty())
            .map(str::parse)
            .collect::<std::result::Result<_, _>>()
            .map_err(|_| {
                form.fail("present", "Choose from the list.");
                form.refusal()
            })?;
        write::mark_present(&viewer, number, &chosen).await?;
        Ok(to(&viewer, number, "/present").with_notice(Notice::Saved))
    }
    .await;
    respond(outcome, form, |form| super::show::page(&viewer, number, form)).await
}

pub async fn end(viewer: Viewer, Path((_, number)): Path<(String, i64)>, form: Form) -> FormResponse {
    let outcome = write::end(&viewer, number)
        .await
        .map(|()| to(&viewer, number, "").with_notice(Notice::MeetingEnded));
    respond(outcome, form, |form| super::show::page(&viewer, number, form)).await
}

pub async fn resume(viewer: Viewer, Path((_, number)): Path<(String, i64)>, form: Form) -> FormResponse {
    let outcome = write::resume(&viewer, number)
        .await
        .map(|()| to(&viewer, number, "/present").with_notice(Notice::Begun));
    respond(outcome, form, |form| super::show::page(&viewer, number, form)).await
}
