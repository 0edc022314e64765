//! What a milestone waits for, and what waits for it.

use leptos::prelude::*;

use crate::{
    access::read::Request,
    identity::Viewer,
    milestones::read::{AwaitedDecision, Milestone, MilestoneLink},
    platform::{
        form::Form,
        text::join_details,
        time::{Day, days},
    },
    ui::{Actions, Pill, PostForm, Section, Select, StatusWord},
    waits::{ScheduleRisk, WaitOutcome},
};

/// What stands before the id of an access in the choice of what to wait for.
pub(super) const ACCESS: &str = "access-";

/// What a milestone can be made to wait for: others, and access that was asked for.
pub(super) fn choices(
    milestones: Vec<(String, String)>,
    accesses: Vec<(String, String)>,
) -> Vec<(String, String)> {
    let accesses = accesses
        .into_iter()
        .map(|(id, name)| (format!("{ACCESS}{id}"), format!("Access to {name}")));
    milestones.into_iter().chain(accesses).collect()
}

pub(super) fn section(
    viewer: &Viewer,
    it: &Milestone,
    linked: Vec<MilestoneLink>,
    accesses: Vec<Request>,
    others: Vec<(String, String)>,
    may_plan: bool,
    form: Form,
) -> Option<impl IntoView + use<>> {
    if linked.is_empty() && accesses.is_empty() && !may_plan {
        return None;
    }
    let path = viewer.path(&it.path());
    let own = it.id.to_string();
    let taken: Vec<String> = linked
        .iter()
        .filter(|other| other.is_awaited)
        .map(|other| other.id.to_string())
        .chain(accesses.iter().map(|request| format!("{ACCESS}{}", request.id)))
        .collect();
    let rows: Vec<_> = linked
        .into_iter()
        .map(|other| milestone_row(viewer, it, other, may_plan))
        .collect();
    let access_rows: Vec<_> = accesses
        .into_iter()
        .map(|request| access_row(viewer, it, request, may_plan))
        .collect();
    let options: Vec<(String, String)> = others
        .into_iter()
        .filter(|(id, _)| *id != own && !taken.contains(id))
        .collect();
    let none = rows.is_empty() && access_rows.is_empty();
    let (action, asks) = (format!("{path}/waits"), form.is_typed());
    Some(view! {
        <Section title="Dependencies" id="waits">
            {none.then(|| view! { <p class="faint">"No dependencies."</p> })}
            <ul class="rows">{rows}{access_rows}</ul>
            {(may_plan && (asks || !options.is_empty()))
                .then(|| {
                    view! {
                        <PostForm form=form action=action class="is-short">
                            <Select
                                name="on"
                                label="Depends on"
                                options=options
                                none="Choose a milestone or an access"
                            />
                            <Actions verb="Add" />
                        </PostForm>
                    }
                })}
        </Section>
    })
}

/// Those that wait for a milestone that is about to move, or to be given up.
pub(super) fn whom_it_hits(
    linked: &[MilestoneLink],
    moves: bool,
    today: Day,
) -> Option<impl IntoView + use<>> {
    let rows: Vec<_> = linked
        .iter()
        .filter(|other| !other.is_awaited && other.wait_outcome == WaitOutcome::Ahead)
        .map(|other| {
            let due = other.due_on.format(today);
            let detail = if moves {
                format!("{} · affected if the date moves past {due}", other.initiative)
            } else {
                format!("{} · due {due}", other.initiative)
            };
            view! {
                <li class="row">
                    <span class="row-main">
                        <strong>{other.title.clone()}</strong>
                        <span class="faint">{detail}</span>
                    </span>
                </li>
            }
        })
        .collect();
    (!rows.is_empty()).then(|| {
        view! {
            <Section title="Milestones that depend on it">
                <ul class="rows">{rows}</ul>
            </Section>
        }
    })
}

/// The decisions that a milestone waits for.
pub(super) fn decisions(viewer: &Viewer, awaited: Vec<AwaitedDecision>) -> Option<impl IntoView + use<>> {
    let rows = awaited
        .into_iter()
        .map(|decision| {
            let href = viewer.path(&format!("decisions/{}", decision.number));
            let pill = view! { <Pill word=decision.sign_off.word() /> };
            view! {
                <li class="row">
                    {pill}<a class="row-main" href=href>
                        <strong>{decision.question}</strong>
                        <span class="faint">{decision.sign_off.detail()}</span>
                    </a>
                </li>
            }
        })
        .collect::<Vec<_>>();
    (!rows.is_empty()).then(|| {
        view! {
            <Section title="Depends on a decision">
                <ul class="rows">{rows}</ul>
            </Section>
        }
    })
}

fn milestone_row(viewer: &Viewer, it: &Milestone, other: MilestoneLink, may_plan: bool) -> AnyView {
    let (today, path) = (viewer.today(), viewer.path(&it.path()));
    let risk = other.schedule_risk(it, today);
    let words = if other.is_awaited {
        "This milestone depends on it"
    } else {
        "It depends on this milestone"
    };
    // What is late is this milestone: whatever depends on it is not late, but at risk.
    let (word, detail) = match risk {
        ScheduleRisk::Late(late) if !other.is_awaited => (
            StatusWord::AtRisk,
            Some(format!("This milestone is {} late", days(late))),
        ),
        risk => (risk.word(), risk.detail()),
    };
    let detail = join_details([
        detail,
        Some(words.to_owned()),
        Some(other.initiative.clone()),
        Some(format!("due {}", other.due_on.format(today))),
    ]);
    let href = viewer.path(&format!("milestones/{}", other.number));
    let end = (may_plan && other.is_awaited).then(|| {
        (
            format!("{path}/waits/{}/end", other.id),
            format!("Remove the dependency on {}", other.title),
        )
    });
    view! {
        <li class="row">
            <Pill word=word />
            <a class="row-main" href=href>
                <strong>{other.title}</strong>
                <span class="faint">{detail}</span>
            </a>
            {end
                .map(|(action, label)| {
                    view! {
                        <form method="post" action=action>
                            <button class="button is-small" type="submit" aria-label=label>
                                "Remove"
                            </button>
                        </form>
                    }
                })}
        </li>
    }
    .into_any()
}

fn access_row(viewer: &Viewer, it: &Milestone, request: Request, may_plan: bool) -> AnyView {
    let (today, path) = (viewer.today(), viewer.path(&it.path()));
    let risk = request.schedule_risk(it.due_on, it.wait_outcome(), today);
    let href = viewer.path(&request.path());
    let detail = join_details([
        risk.detail(),
        Some("This milestone needs access to it".to_owned()),
        Some(request.status(viewer).detail().to_owned()),
        Some(format!("needed by {}", request.needed_on.format(today))),
    ]);
    let end = may_plan.then(|| {
        (
            format!("{path}/waits/access/{}/end", request.id),
            format!("Remove the dependency on {}", request.title),
        )
    });
    view! {
        <li class="row">
            <Pill word=risk.word() />
            <a class="row-main" href=href>
                <strong>{request.title}</strong>
                <span class="faint">{detail}</span>
            </a>
            {end
                .map(|(action, label)| {
                    view! {
                        <form method="post" action=action>
                            <button class="button is-small" type="submit" aria-label=label>
                                "Remove"
                            </button>
                        </form>
                    }
                })}
        </li>
    }
    .into_any()
}
