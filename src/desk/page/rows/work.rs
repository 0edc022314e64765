//! Milestones, checkpoints, check-ins and what a limit asks for.

use leptos::prelude::*;

use super::parts::{Do, Open, Row, reminders_in_words};
use crate::{
    capacity::owed::CapExceeded,
    identity::Viewer,
    initiatives::owed::{OwedAcknowledgement, OwedAction, OwedCheckIn},
    milestones::{
        components::PassInPlace,
        owed::{OwedAcceptance, OwedCheckpoint, OwedMilestone},
    },
    reminders::read::Reminder,
    ui::part::Evidence,
};

pub(super) fn milestone_row(viewer: &Viewer, pill: AnyView, milestone: &OwedMilestone) -> AnyView {
    let path = viewer.path(&milestone.path());
    let label = format!("Open {}", milestone.title);
    let detail = if milestone.checkpoints == 0 {
        "You are the driver of this milestone. It has no checkpoints yet.".to_owned()
    } else {
        format!(
            "You are the driver of this milestone. {} of {} checkpoints are done.",
            milestone.checkpoints - milestone.open,
            milestone.checkpoints
        )
    };
    view! {
        <Row state=pill href=path.clone() title=milestone.title.clone() detail=detail>
            <Open href=path label=label verb="Open" />
        </Row>
    }
    .into_any()
}

pub(super) fn cap_row(viewer: &Viewer, pill: AnyView, cap: &CapExceeded) -> AnyView {
    let path = viewer.path(&cap.path());
    let label = format!("Open: {}", cap.label());
    view! {
        <Row
            state=pill
            href=path.clone()
            title=cap.label()
            detail="Cut something, or ask both leads to sign an exception."
        >
            <Open href=path label=label verb="Open" />
        </Row>
    }
    .into_any()
}

pub(super) fn checkpoint_row(
    viewer: &Viewer,
    (pill, back): (AnyView, String),
    checkpoint: OwedCheckpoint,
) -> AnyView {
    let path = viewer.path(&format!("checkpoints/{}", checkpoint.id));
    let href = viewer.path(&format!("milestones/{}", checkpoint.milestone_number));
    let criteria = (!checkpoint.criteria.is_empty())
        .then(|| view! { <span class="criteria">{checkpoint.criteria}</span> });
    let condition = checkpoint
        .condition_of
        .map_or_else(String::new, |number| format!(" · condition of decision {number}"));
    let returned = checkpoint.returned_by.zip(checkpoint.missing).map(
        |(who, missing)| view! { <span class="criteria">{format!("{who} returned it: {missing}")}</span> },
    );
    view! {
        <li class="row">
            <span class="row-state">{pill}</span>
            <a class="row-main" href=href>
                <strong>{checkpoint.title.clone()}</strong>
                {criteria}
                {returned}
                <span class="faint">"Checkpoint of "{checkpoint.milestone}{condition}</span>
            </a>
            <PassInPlace
                checkpoint=checkpoint.id.to_string()
                version=checkpoint.version
                title=checkpoint.title
                action=format!("{path}/pass")
                back=back
            />
        </li>
    }
    .into_any()
}

pub(super) fn acceptance_row(
    viewer: &Viewer,
    (pill, back): (AnyView, String),
    passed: OwedAcceptance,
) -> AnyView {
    let path = viewer.path(&format!("checkpoints/{}", passed.id));
    let href = viewer.path(&format!(
        "milestones/{}#checkpoint-{}",
        passed.milestone_number, passed.id
    ));
    let accept = format!("Accept {}", passed.title);
    let give_back = format!("Return {}", passed.title);
    let detail = format!("{} marked it done · {}", passed.passed_by_name, passed.milestone);
    let file = passed.file.map(|name| {
        let href = format!("{path}/file");
        view! {
            <a class="evidence" href=href>
                {name}
            </a>
        }
    });
    let evidence = passed.evidence.filter(|evidence| !evidence.is_empty());
    view! {
        <li class="row">
            <span class="row-state">{pill}</span>
            <div class="row-main">
                <a href=href>
                    <strong>{passed.title}</strong>
                </a>
                <span class="faint">{detail}</span>
                {evidence.map(|text| view! { <Evidence text=text /> })}
                {file}
            </div>
            <Do
                action=format!("{path}/accept")
                back=back
                label=accept
                verb="Accept"
                version=Some(passed.version)
            />
            <Open href=format!("{path}/return") label=give_back verb="Return" />
        </li>
    }
    .into_any()
}

pub(super) fn check_in_row(
    viewer: &Viewer,
    pill: AnyView,
    check_in: OwedCheckIn,
    reminders: &[Reminder],
) -> AnyView {
    let path = viewer.path(&format!("initiatives/{}", check_in.number));
    let label = format!("Check in on {}", check_in.title);
    let today = viewer.today();
    let detail = if reminders.iter().any(|reminder| reminder.rung.passes_over()) {
        let due = check_in.due_on.format(today);
        format!(
            "Your check-in was due {due}. {}",
            reminders_in_words(viewer, reminders)
        )
    } else {
        "Tell the leads how it is going.".to_owned()
    };
    view! {
        <Row state=pill href=path.clone() title=check_in.title detail=detail>
            <Open href=format!("{path}/check-in") label=label verb="Check in" />
        </Row>
    }
    .into_any()
}

pub(super) fn action_row(viewer: &Viewer, pill: AnyView, action: OwedAction) -> AnyView {
    let path = viewer.path(&format!("initiatives/{}", action.number));
    let label = format!("Open {}", action.title);
    let detail = format!("Corrective action of {}", action.title);
    view! {
        <Row state=pill href=path.clone() title=action.action detail=detail>
            <Open href=path label=label verb="Open" />
        </Row>
    }
    .into_any()
}

pub(super) fn acknowledge_row(
    viewer: &Viewer,
    (pill, back): (AnyView, String),
    owed: &OwedAcknowledgement,
) -> AnyView {
    let path = viewer.path(&format!(
        "initiatives/{}/check-ins/{}",
        owed.number, owed.check_in
    ));
    let label = format!(
        "Confirm that you have read the check-in of {} on {}",
        owed.who, owed.title
    );
    let detail = format!(
        "New check-in from {}. Please confirm that you have read it.",
        owed.who
    );
    let action = format!("{path}/acknowledge");
    view! {
        <Row state=pill href=path title=owed.title.clone() detail=detail>
            <Do action=action back=back label=label verb="I have read it" />
        </Row>
    }
    .into_any()
}
