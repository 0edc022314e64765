//! What a milestone waits for, and what waits for it.

use axum::{extract::Path, response::IntoResponse};
use leptos::prelude::*;

use super::shown;
use crate::{
    ground::{
        form::Form,
        ids::MilestoneId,
        time::{Day, days},
    },
    milestones::{
        read::{Linked, Milestone},
        write,
    },
    people::{See, Settled, Viewer, settle},
    ui::{Actions, Notice, Pill, PostForm, Section, Select, Tone},
};

/// How the two dates stand to each other: the one that waits comes after, or it does not.
fn tension(waiting: Day, awaited: Day, is_accepted: bool) -> (Tone, String) {
    if is_accepted {
        (Tone::Done, "Accepted".to_owned())
    } else if awaited > waiting {
        (Tone::OffTrack, format!("{} too late", days(awaited.days_since(waiting))))
    } else {
        (Tone::Quiet, format!("{} ahead", days(waiting.days_since(awaited))))
    }
}

pub(super) fn section(
    viewer: &Viewer,
    it: &Milestone,
    linked: Vec<Linked>,
    others: Vec<(String, String)>,
    may_plan: bool,
    form: Form,
) -> Option<impl IntoView + use<>> {
    if linked.is_empty() && !may_plan {
        return None;
    }
    let today = viewer.today();
    let place = viewer.path(&it.place());
    let own = it.id.to_string();
    let taken: Vec<String> = linked.iter().filter(|other| other.is_awaited).map(|other| other.id.to_string()).collect();
    let rows: Vec<_> = linked
        .into_iter()
        .map(|other| {
            let (tone, words) = if other.is_awaited { tension(it.due_on, other.due_on, other.is_accepted) } else { tension(other.due_on, it.due_on, it.accepted_at.is_some()) };
            let told = if other.is_awaited { "This waits for it" } else { "It waits for this" };
            let href = viewer.path(&format!("milestones/{}", other.number));
            let end = (may_plan && other.is_awaited).then(|| (format!("{place}/waits/{}/end", other.id), format!("Wait no more for {}", other.title)));
            view! {
                <li class="row"><Pill tone=tone words=words/>
                    <a class="row-main" href=href><strong>{other.title}</strong><span class="faint">{format!("{told} · {} · due {}", other.initiative, other.due_on.said(today))}</span></a>
                    {end.map(|(action, label)| view! { <form method="post" action=action><button class="button is-small" type="submit" aria-label=label>"Wait no more"</button></form> })}
                </li>
            }
        })
        .collect();
    let options: Vec<(String, String)> = others.into_iter().filter(|(id, _)| *id != own && !taken.contains(id)).collect();
    let none = rows.is_empty();
    let action = format!("{place}/waits");
    Some(view! {
        <Section title="Waits" id="waits">
            {none.then(|| view! { <p class="faint">"It waits for nothing, and nothing waits for it."</p> })}
            <ul class="rows">{rows}</ul>
            {(may_plan && !options.is_empty()).then(|| view! {
                <PostForm form=form action=action class="is-short">
                    <Select name="on" label="It cannot be met before" options=options none="Choose a milestone"/>
                    <Actions verb="Let it wait"/>
                </PostForm>
            })}
        </Section>
    })
}

/// Those that wait for a milestone that is about to move.
pub(super) fn whom_it_hits(linked: &[Linked], today: Day) -> Option<impl IntoView + use<>> {
    let rows: Vec<_> = linked
        .iter()
        .filter(|other| !other.is_awaited && !other.is_accepted)
        .map(|other| view! { <li class="row"><span class="row-main"><strong>{other.title.clone()}</strong><span class="faint">{format!("{} · a date after {} hits it", other.initiative, other.due_on.said(today))}</span></span></li> })
        .collect();
    (!rows.is_empty()).then(|| view! { <Section title="What waits for it"><ul class="rows">{rows}</ul></Section> })
}

pub async fn wait_for(viewer: Viewer, Path((_, number)): Path<(String, i64)>, mut form: Form) -> Settled {
    let outcome = async {
        super::plannable(&viewer, number).await?;
        let on = form.choice("on").ok_or_else(|| form.refusal())?;
        write::wait_for(&viewer, number, on).await?;
        Ok(See::at(viewer.path(&format!("milestones/{number}#waits"))).done(Notice::Saved))
    }
    .await;
    settle(outcome, form, |form| shown(&viewer, number, form)).await
}

pub async fn stop_waiting(viewer: Viewer, Path((_, number, id)): Path<(String, i64, MilestoneId)>) -> Settled {
    write::stop_waiting(&viewer, number, id).await?;
    Ok(See::at(viewer.path(&format!("milestones/{number}#waits"))).done(Notice::Saved).into_response())
}
