//! What is recorded on the stage, and who drives it: a form each.

use leptos::prelude::*;

use crate::{
    identity::{Action, Side, Viewer},
    platform::{
        form::Form,
        ids::{ActionId, NoteId},
    },
    reviews::{
        AgendaPart, ItemState, ReviewState,
        read::{Attendance, Item, Review},
    },
    ui::{Actions, AskFirst, CheckGroup, DateField, Fields, Hidden, PostForm, Select, TextArea, TextField},
};

pub(super) struct Choices {
    pub owners: Vec<(String, String)>,
    pub milestones: Vec<(String, String)>,
}

/// Note, decision, action: each in place, open on demand.
pub(super) fn stage_forms(
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
pub(super) fn state_form(path: &str, here: &str, item: &Item) -> impl IntoView + use<> {
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

/// Who drives, and the other lead's way to take over.
pub(super) fn drive_line(
    path: &str,
    review: &Review,
    (leads, drives): (bool, bool),
) -> impl IntoView + use<> {
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

pub(super) fn attendance_form(
    viewer: &Viewer,
    path: &str,
    attendance: &[Attendance],
) -> impl IntoView + use<> {
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

pub(super) fn end_form(path: &str, items: &[Item]) -> impl IntoView + use<> {
    let open = items
        .iter()
        .filter(|item| {
            item.state == ItemState::Open && !matches!(item.part, AgendaPart::Changes | AgendaPart::Close)
        })
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
