//! A use: what the data is for, on which ground, for how long, for whom; what both signed of it, and who has
//! access.

use axum::extract::Path;
use leptos::prelude::*;

use super::{ROOM, accesses, uses::may_decide};
use crate::{
    identity::{Page, Viewer},
    platform::{
        error::{Error, Result},
        text::join_names,
    },
    sources::{
        read::{self, Source},
        text::UseText,
        uses::Basis,
    },
    ui::{Crumb, Section, Tag, redline::Redline},
};

/// `/sources/{number}/uses/{use}`.
pub async fn one_use(
    viewer: Viewer,
    Path((_, number, use_number)): Path<(String, i64, i64)>,
) -> Result<Page> {
    let it = read::source(&viewer, number).await?;
    let mut uses = read::uses_of(&viewer, it.id).await?;
    let at = uses
        .iter()
        .position(|one| one.number == use_number)
        .ok_or(Error::NotFound)?;
    let one = uses.swap_remove(at);
    let mut resting = read::accesses_of(&viewer, it.id).await?;
    resting.retain(|access| access.use_id == one.id);
    let agreed = read::agreed(&viewer, it.id).await?;
    Ok(Page::new(&viewer, ROOM, one.name.clone(), move |viewer| {
        let missing = one.missing(it.is_special);
        let text = one.text();
        let path = viewer.path(&format!("{}/uses/{}", it.path(), one.number));
        let may = may_decide(&viewer, &it);
        let signed = agreed.map(|(entry, at)| {
            let signed = entry.uses.into_iter().find(|signed| signed.number == one.number);
            (signed, viewer.day_of(at).format(viewer.today()))
        });
        let resting = accesses::list(
            &viewer,
            resting,
            "Nobody has access for this use, and nobody asks for it.",
        );
        view! {
            <Crumb href=viewer.path(&it.path()) text=it.name.clone() />
            <header class="page-head">
                <div>
                    <h1>{one.name.clone()}</h1>
                    <p class="standing">
                        <Tag label=one.purpose.name() />
                    </p>
                </div>
                {may
                    .then(|| {
                        view! {
                            <div class="page-actions">
                                <a class="button" href=format!("{path}/edit")>
                                    "Change"
                                </a>
                            </div>
                        }
                    })}
            </header>
            <p class="prose lines">{one.in_words.clone()}</p>
            {(!missing.is_empty())
                .then(|| view! { <p class="late">{format!("Missing: {}.", join_names(&missing))}</p> })}
            {facts(&it, &text)}
            {signed_section(signed, &text)}
            <Section title="Access for this use">
                {resting}
            </Section>
            <p>
                <a href=viewer.path("sources/record")>"The record of processing"</a>
            </p>
        }
    }))
}

/// What the record says of it, by name.
fn named(text: &UseText) -> Vec<(&'static str, String)> {
    vec![
        ("Name", text.name.clone()),
        ("Purpose", text.purpose.name().to_owned()),
        ("In words", text.in_words.clone()),
        (
            "Legal basis",
            text.basis
                .map_or_else(String::new, |basis| basis.name().to_owned()),
        ),
        ("It rests on", text.rests_on.clone()),
        (
            "Condition of Article 9",
            text.article_9
                .map_or_else(String::new, |article| article.name().to_owned()),
        ),
        ("Kept", text.kept.clone()),
        ("Archived under", text.archived_under.clone()),
        ("Recipients outside", text.recipients.clone()),
        ("Their countries", text.countries.clone()),
        ("Safeguard", text.safeguard.clone()),
    ]
}

/// What is asked for only of some uses; left out where nothing is said.
const OFTEN_EMPTY: [&str; 5] = [
    "Condition of Article 9",
    "Archived under",
    "Recipients outside",
    "Their countries",
    "Safeguard",
];

fn facts(it: &Source, text: &UseText) -> impl IntoView + use<> {
    let or_not_said = |said: &str| {
        if said.is_empty() {
            "not said".to_owned()
        } else {
            said.to_owned()
        }
    };
    let own = named(text)
        .into_iter()
        .skip_while(|(name, _)| *name != "Legal basis")
        .filter(|(name, value)| !value.is_empty() || !OFTEN_EMPTY.contains(name))
        .filter(|(name, _)| *name != "It rests on" || text.basis != Some(Basis::NoPersonalData));
    let of_source = [
        ("People", it.people.clone()),
        ("Data", it.kinds_of_data.clone()),
        ("Kept in", it.kept_in.clone()),
        ("Protection", it.protection.clone()),
    ];
    let rows = own
        .chain(of_source)
        .map(|(name, value)| {
            view! {
                <dt>{name}</dt>
                <dd class="lines">{or_not_said(&value)}</dd>
            }
        })
        .collect_view();
    view! {
        <Section title="In the record">
            <dl class="pairs">{rows}</dl>
        </Section>
    }
}

/// Whether both holders signed it as it stands; where it was changed since, what they signed beside it.
fn signed_section(signed: Option<(Option<UseText>, String)>, text: &UseText) -> impl IntoView + use<> {
    let (line, rows) = match signed {
        None => (
            "Not signed yet: it is signed with the source’s entry.".to_owned(),
            Vec::new(),
        ),
        Some((None, day)) => (
            format!("Added since both holders signed the entry on {day}. It counts once both sign again."),
            Vec::new(),
        ),
        Some((Some(signed), day)) if signed == *text => {
            (format!("Both holders signed it on {day}."), Vec::new())
        }
        Some((Some(signed), day)) => (
            format!(
                "Changed since both holders signed it on {day}. What they signed counts until both sign again."
            ),
            named(&signed)
                .into_iter()
                .zip(named(text))
                .filter(|((_, before), (_, after))| before != after)
                .map(|((name, before), (_, after))| (name, before, after))
                .collect(),
        ),
    };
    let rows = rows
        .into_iter()
        .map(|(name, before, after)| {
            view! {
                <dt>{name}</dt>
                <dd>
                    <Redline before=before after=after />
                </dd>
            }
        })
        .collect::<Vec<_>>();
    view! {
        <Section title="Signatures">
            <p>{line}</p>
            {(!rows.is_empty()).then(|| view! { <dl class="pairs">{rows}</dl> })}
        </Section>
    }
}
