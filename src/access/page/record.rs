//! What is asked for and on which terms, as it is signed.

use leptos::prelude::*;

use crate::{
    access::{
        read::Request,
        terms::Copies,
        text::{AccessText, TermsText},
    },
    identity::Viewer,
    platform::time::Day,
};

/// What is asked for, as it is signed.
pub(super) fn record(viewer: &Viewer, it: &Request, text: AccessText) -> impl IntoView + use<> {
    let request_line = format!(
        "{}, by {}, {}",
        text.asking_side.name(),
        text.asked_by,
        viewer.day_of(it.asked_at).format(viewer.today())
    );
    let long = |day: &str| {
        day.parse::<Day>()
            .map_or_else(|_| day.to_owned(), Day::format_long)
    };
    let (from, until) = (long(&text.needed_on), long(&text.ends_on));
    view! {
        <div class="card record">
            <h2>{text.title}</h2>
            <p class="prose">{text.purpose}</p>
            <div class="facts">
                <div>
                    <h2>"Access to"</h2>
                    <p>{text.kind.name()}</p>
                </div>
                <div>
                    <h2>"Goal"</h2>
                    <p>
                        <a href=viewer.path(&format!("goals/{}", it.goal_number))>{text.goal}</a>
                    </p>
                </div>
                <div>
                    <h2>"From and until"</h2>
                    <p>{from}<br />{until}</p>
                </div>
                <div>
                    <h2>"Asked"</h2>
                    <p>{request_line}</p>
                </div>
            </div>
            {text.terms.map(|terms| terms_of(viewer, terms))}
        </div>
    }
}

/// On which terms, as they are signed.
fn terms_of(viewer: &Viewer, terms: TermsText) -> impl IntoView + use<> {
    let long = |day: Option<String>| {
        day.and_then(|day| day.parse::<Day>().ok())
            .map_or_else(String::new, Day::format_long)
    };
    let sources = terms
        .sources
        .iter()
        .map(|named| {
            let href = viewer.path(&format!("sources/{}", named.number));
            view! {
                <li>
                    <a href=href>{named.name.clone()}</a>
                </li>
            }
        })
        .collect_view();
    let basis = match (terms.used_for.basis, terms.used_for.rests_on) {
        (None, _) => "not said".to_owned(),
        (Some(basis), rests_on) if rests_on.is_empty() => basis.name().to_owned(),
        (Some(basis), rests_on) => format!("{}, resting on {rests_on}", basis.name()),
    };
    let copies = match (terms.copies, terms.copies_in) {
        (Copies::None, _) => "none are taken".to_owned(),
        (Copies::Deleted, _) => format!("deleted by {}", long(terms.copies_until)),
        (Copies::Kept, Some(inside)) => format!("kept inside {}", inside.name),
        (Copies::Kept, None) => "kept inside a source".to_owned(),
    };
    let mut facts = vec![
        ("Sensitivity", terms.sensitivity.name().to_owned()),
        (
            "Use",
            format!("{}: {}", terms.used_for.name, terms.used_for.purpose.name()),
        ),
        ("Legal basis", basis),
        ("People appear", terms.form.name().to_owned()),
        ("Fields", terms.fields),
        ("Copies", copies),
    ];
    if !terms.used_for.kept.is_empty() {
        facts.push(("The source keeps it", terms.used_for.kept));
    }
    let rows = facts
        .into_iter()
        .map(|(name, value)| {
            view! {
                <dt>{name}</dt>
                <dd>{value}</dd>
            }
        })
        .collect_view();
    let follows = terms.follows.map(|number| {
        let href = viewer.path(&format!("access/{number}"));
        view! {
            <dt>"Follows"</dt>
            <dd>
                <a href=href>{format!("request {number}")}</a>
            </dd>
        }
    });
    view! {
        <dl class="pairs">
            <dt>"Sources"</dt>
            <dd>
                <ul class="plain">{sources}</ul>
            </dd>
            {rows}
            {follows}
        </dl>
    }
}
