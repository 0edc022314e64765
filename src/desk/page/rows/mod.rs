//! The rows of the desk: what is owed, what is known about it, and what answers it.

use leptos::prelude::*;

mod agreements;

mod data;

mod parts;

mod reviews;

mod work;

use self::{
    agreements::{
        answer_row, attest_row, decision_row, objection_row, ratify_again_row, renewal_row, ruling_row,
        sign_row, suggestion_row, value_row,
    },
    data::{
        ask_anew_row, certify_row, copies_row, ending_row, grant_row, reading_row, shut_row, vacancy_row,
        words_row,
    },
    parts::{Open, Row, reminders_in_words},
    reviews::{review_action_row, review_row},
    work::{
        acceptance_row, acknowledge_row, action_row, cap_row, check_in_row, checkpoint_row, milestone_row,
    },
};
use crate::{
    comments::mentions::Mention,
    desk::read::{DeskItem, What},
    identity::Viewer,
    platform::{text::join_names, time::Day},
    reminders::read::Escalation,
    ui::{Pill, StatusWord, Tag, markdown::excerpt},
};

/// The row at a place of the desk; what is owed decides its words and its verb. Whoever answers it comes back
/// to that place, where the next one stands then.
pub(super) fn row(viewer: &Viewer, place: usize, owed: DeskItem) -> AnyView {
    let is_ruling = matches!(owed.what, What::Rule(_));
    let (pill, back) = (
        due_pill(place, owed.due_on, is_ruling, viewer.today()).into_any(),
        viewer.path(&format!("desk#row-{place}")),
    );
    match owed.what {
        What::Milestone(milestone) => milestone_row(viewer, pill, &milestone),
        What::CapExceeded(cap) => cap_row(viewer, pill, &cap),
        What::Objection(waiting) => objection_row(viewer, pill, &waiting),
        What::Checkpoint(checkpoint) => checkpoint_row(viewer, (pill, back), checkpoint),
        What::AcceptCheckpoint(passed) => acceptance_row(viewer, (pill, back), passed),
        What::Grant(request) => grant_row(viewer, pill, &request),
        What::AskAnew(request) => ask_anew_row(viewer, pill, &request),
        What::Certify(owed) => certify_row(viewer, pill, &owed),
        What::Shut(request) => shut_row(viewer, pill, &request),
        What::DeleteCopies(request) => copies_row(viewer, pill, &request),
        What::Ending(request) => ending_row(viewer, pill, &request),
        What::Value(kpi) => value_row(viewer, (pill, back), &kpi),
        What::Attest { waiting, subject } => attest_row(viewer, (pill, back), &waiting, &subject),
        What::Sign(waiting) => sign_row(viewer, pill, &waiting),
        What::Mention(mention) => mention_row(viewer, &mention),
        What::Suggestion(suggestion) => suggestion_row(viewer, pill, &suggestion),
        What::RatifyAgain(number) => ratify_again_row(viewer, pill, number),
        What::Rule(ruling) => ruling_row(viewer, pill, ruling),
        What::Decision(decision) => decision_row(viewer, pill, decision),
        What::Answer(round) => answer_row(viewer, pill, round),
        What::Renewal(technology) => renewal_row(viewer, pill, technology),
        What::CheckIn { check_in, reminders } => check_in_row(viewer, pill, check_in, &reminders),
        What::Action(action) => action_row(viewer, pill, action),
        What::ReviewAction(action) => review_action_row(viewer, pill, &action),
        What::Review(review) => review_row(viewer, pill, &review),
        What::Vacancy(vacancy) => vacancy_row(viewer, pill, &vacancy),
        What::Words(words) => words_row(viewer, pill, &words),
        What::Reading(reading) => reading_row(viewer, pill, &reading),
        What::Acknowledge(owed) => acknowledge_row(viewer, (pill, back), &owed),
        What::Escalated(open) => escalated_row(viewer, pill, &open),
    }
}

/// What the sides cannot agree on is stuck, however much time the arbiter has.
fn due_pill(place: usize, due_on: Day, is_ruling: bool, today: Day) -> impl IntoView {
    let late = today.days_since(due_on);
    let word = match StatusWord::by_due(late) {
        StatusWord::Late(late) => StatusWord::Late(late),
        _ if is_ruling => StatusWord::Stuck,
        word => word,
    };
    let by = match late {
        1.. => None,
        0 => Some("today".to_owned()),
        _ => Some(format!("by {}", due_on.format(today))),
    };
    view! {
        <span class="place" id=format!("row-{place}")></span>
        <Pill word=word />
        {by.map(|by| view! { <small class="faint">{by}</small> })}
    }
}

fn mention_row(viewer: &Viewer, mention: &Mention) -> AnyView {
    let action = viewer.path(&format!("desk/mentions/{}/read", mention.comment_id));
    let label = format!("Read what {} wrote", mention.who);
    let when = viewer.day_of(mention.at).format(viewer.today());
    view! {
        <li class="row">
            <span class="row-state">
                <Tag label=when />
            </span>
            <span class="row-main">
                <strong>{format!("{} mentioned you", mention.who)}</strong>
                <span class="faint">{excerpt(&mention.body, 160)}</span>
            </span>
            <form method="post" action=action>
                <button class="button" type="submit" aria-label=label>
                    "Read"
                </button>
            </form>
        </li>
    }
    .into_any()
}

fn escalated_row(viewer: &Viewer, pill: AnyView, open: &Escalation) -> AnyView {
    let href = viewer.path(&open.path);
    let label = format!("Open {}", open.label);
    let title = escalated_title(open);
    view! {
        <Row state=pill href=href.clone() title=title detail=reminders_in_words(viewer, &open.reminders)>
            <Open href=href label=label verb="Open" />
        </Row>
    }
    .into_any()
}

/// "Sam Okafor has not entered “Pickup orders ready on time, August”".
fn escalated_title(open: &Escalation) -> String {
    let mut names: Vec<&str> = open
        .reminders
        .iter()
        .filter(|reminder| !reminder.rung.passes_over())
        .map(|reminder| reminder.name.as_str())
        .collect();
    names.sort_unstable();
    names.dedup();
    let (label, undone) = (&open.label, open.kind.undone());
    match names.as_slice() {
        [] => format!("Late: “{label}”"),
        [one] => format!("{one} has {undone} “{label}”"),
        many => format!("{} have {undone} “{label}”", join_names(many)),
    }
}
