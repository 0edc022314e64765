//! What lies on the stage: the thing as it stood, what is recorded, what is read back.

use leptos::prelude::*;

use crate::{
    identity::Viewer,
    reviews::{
        NoteKind,
        facts::Fact,
        page::{actions::action_rows, facts::correction},
        read::{Item, Note, ReviewAction, ReviewSnapshot},
    },
    ui::{Pill, Section, Tag, markdown::Markdown},
};

/// The thing that is spoken of, as it stood.
pub(super) fn fact_card(viewer: &Viewer, fact: &Fact, snapshot: &ReviewSnapshot) -> impl IntoView + use<> {
    let (day, href) = (snapshot.facts.day, viewer.path(&fact.path));
    let corrected = correction(snapshot, &fact.path);
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
            {corrected}
            <p class="faint">
                <a href=href>"Its page, as it stands now"</a>
            </p>
        </div>
    }
}

/// The last item: everything that was decided and given, read aloud.
pub(super) fn read_back(
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

/// Notes and actions of this item. The browser replaces this part, and nothing that is typed, when others
/// record.
pub(super) fn recorded(viewer: &Viewer, notes: Vec<Note>, actions: &[ReviewAction]) -> impl IntoView + use<> {
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
