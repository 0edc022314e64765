//! The pages of reviews.

mod actions;
mod facts;
mod list;
mod live;
mod minutes;
mod plan;
mod present;
mod show;

pub use self::{
    actions::{settle, settle_form},
    facts::{ask_missing, changes, changes_view, facts, freeze, freeze_form, turns_in_words},
    list::list,
    live::live,
    minutes::{add_addendum, addendum, addendum_form, minutes, offer, take_back_addendum, write, write_form},
    plan::{change, change_form, new, plan, plan_item, plan_item_form, rhythm, rhythm_form, skip, skip_form},
    present::{
        end, give_action, go, mark_present, note, present, present_first, resume, start, take_stage,
        take_start_back,
    },
    show::{calendar, raise, set_item_state, show, thaw},
};

use leptos::prelude::*;

use super::{
    AgendaPart,
    agenda::planned_minutes,
    clock_time, minutes_in_words,
    read::{Item, Review},
};
use crate::{
    identity::Viewer,
    platform::{text::join_details, time::Day},
    ui::{Pill, Tag},
};

const ROOM: &str = "reviews";

/// "Thursday 3 December 2026, 10:00, 45 minutes · Room 4 · Marketing takes the chair".
fn when_and_where(review: &Review) -> String {
    let place = (!review.place.is_empty()).then(|| review.place.clone());
    join_details([
        Some(format!(
            "{} {}, {}, {} minutes",
            review.held_on.weekday(),
            review.held_on.format_long(),
            clock_time(review.starts_at),
            review.slot_minutes
        )),
        place,
        Some(format!("{} takes the chair", review.chair.name())),
    ])
}

fn standing_line(review: &Review, today: Day) -> impl IntoView + use<> {
    let (word, detail) = (review.state.word(), review.detail(today));
    view! {
        <p class="standing">
            <Pill word=word />
            <span class="faint">{detail}</span>
        </p>
    }
}

/// "43 of 45 minutes planned", and in words of its own what is too much.
fn sum_line(items: &[Item], slot: i64) -> impl IntoView + use<> {
    let (sum, over) = minutes_in_words(planned_minutes(items), slot);
    view! {
        <p class="agenda-sum">
            {sum}
            {over
                .map(|over| {
                    view! {
                        " "
                        <strong class="late">{format!("▲ {over}")}</strong>
                    }
                })}
        </p>
    }
}

/// What the agenda offers with each item.
#[derive(Clone, Copy, PartialEq, Eq)]
enum AgendaVerbs {
    None,
    /// Park, drop, take up, minutes.
    Prepare,
}

/// The agenda part by part; a part without items says so.
fn agenda(viewer: &Viewer, review: &Review, items: &[Item], verbs: AgendaVerbs) -> impl IntoView + use<> {
    let parts = AgendaPart::ALL
        .iter()
        .map(|part| {
            let of_part: Vec<&Item> = items.iter().filter(|item| item.part == *part).collect();
            let is_silent = of_part.is_empty();
            let rows = of_part
                .into_iter()
                .map(|item| agenda_row(viewer, review, item, verbs))
                .collect_view();
            view! {
                <li class="agenda-part">
                    <h3>{part.name()}</h3>
                    {if is_silent {
                        view! { <p class="faint">{part.when_silent()}</p> }.into_any()
                    } else {
                        view! { <ul class="rows">{rows}</ul> }.into_any()
                    }}
                </li>
            }
        })
        .collect_view();
    view! { <ol class="agenda">{parts}</ol> }
}

fn agenda_row(viewer: &Viewer, review: &Review, item: &Item, verbs: AgendaVerbs) -> impl IntoView + use<> {
    let today = viewer.today();
    let path = viewer.path(&review.path());
    let href = match (&item.path, item.part) {
        (Some(thing), _) => viewer.path(thing),
        (None, AgendaPart::Changes) => format!("{path}/changes"),
        (None, _) if review.snapshot_id.is_some() => format!("{path}/present/{}", item.number),
        // The stage stands only over frozen facts.
        (None, _) => format!("{path}#item-{}", item.number),
    };
    let is_struck = !item.state.is_on_agenda();
    let became = is_struck.then(|| {
        let by = item
            .state_by
            .as_ref()
            .map_or_else(String::new, |by| format!(" by {by}"));
        let on = item
            .state_at
            .map_or_else(String::new, |at| format!(" {}", viewer.day_of(at).format(today)));
        format!("{}{on}{by}", item.state.name())
    });
    let detail = join_details([
        Some(item.why.clone()).filter(|why| !why.is_empty()),
        item.raised_by.as_ref().map(|by| format!("Raised by {by}")),
        item.carried_from
            .map(|from| format!("Carried over from review {from}")),
        item.speaker
            .as_ref()
            .map(|speaker| format!("{speaker} speaks first")),
    ]);
    let title = if is_struck {
        view! { <s>{item.title.clone()}</s> }.into_any()
    } else {
        view! { <strong>{item.title.clone()}</strong> }.into_any()
    };
    let minutes = if item.taken_seconds > 0 {
        super::minutes::taken_words(item.taken_seconds, item.minutes)
    } else {
        format!("{} min", item.minutes)
    };
    let forms = (verbs == AgendaVerbs::Prepare && item.number > 0).then(|| item_verbs(&path, item));
    view! {
        <li class="row" id=(item.number > 0).then(|| format!("item-{}", item.number))>
            <span class="row-state agenda-minutes">{minutes}</span>
            <a class="row-main" href=href>
                {title}
                <span class="faint">{detail}</span>
            </a>
            {became.map(|became| view! { <Tag label=became /> })}
            {(item.number == 0).then(|| view! { <Tag label="New" /> })}
            {forms}
        </li>
    }
}

/// Behind one button, what may be changed of an item on the agenda; of one that is not, that it is taken up.
fn item_verbs(path: &str, item: &Item) -> impl IntoView + use<> {
    let action = format!("{path}/items/{}", item.number);
    let title = item.title.clone();
    if !item.state.is_on_agenda() {
        let label = format!("Take up: {title}");
        return view! {
            <form method="post" action=action>
                <button class="button is-small" type="submit" name="state" value="open" aria-label=label>
                    "Take up"
                </button>
            </form>
        }
        .into_any();
    }
    let plan = format!("{path}/items/{}/plan", item.number);
    let verb = |state: &'static str, verb: &'static str| {
        let label = format!("{verb}: {title}");
        view! {
            <button type="submit" name="state" value=state aria-label=label>
                {verb}
            </button>
        }
    };
    view! {
        <details class="menu" name="menu">
            <summary class="button is-small" aria-label=format!("Change: {title}")>
                "Change"
            </summary>
            <ul>
                <li>
                    <a href=plan aria-label=format!("Minutes and who speaks first: {title}")>
                        "Minutes and who speaks first"
                    </a>
                </li>
                <li>
                    <form method="post" action=action>
                        {verb("parked", "Park")} {verb("dropped", "Drop")}
                    </form>
                </li>
            </ul>
        </details>
    }
    .into_any()
}
