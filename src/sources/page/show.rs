//! A source: who answers for it, what both signed, and where customers meet it.

use axum::extract::Path;
use leptos::prelude::*;

use super::{ROOM, accesses, levels, stands_mark, uses, words::may_say};
use crate::{
    handshake::{
        Kind,
        components::{DigestLine, Seats, SignForm, Signatures, StandingLine, seat_actions},
        page::{SigningPage, TablePage},
        read::{Standing, current},
        text::SignedText as _,
    },
    identity::{Action, Page, Viewer},
    platform::{
        error::{Error, Result},
        form::Form,
        text::join_names,
        time::Timestamp,
    },
    sources::{
        Chair, PersonalForm, Sensitivity, Stands,
        read::{self, EntryState, Holder, Levels, Map, Source, SourceAccess, Touchpoint},
        text::SourceText,
        write::EntryOnTable,
    },
    ui::{Crumb, Section, Tag},
};

const COVERS: &str = "what the source holds, how sensitive it is, how it is kept, what it is used for, and who sits on its chairs";

pub async fn source(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    Page::cache_for_reader(&viewer, ROOM, "source", number, async || {
        show_page(&viewer, number).await
    })
    .await
}

async fn show_page(viewer: &Viewer, number: i64) -> Result<Page> {
    let it = read::source(viewer, number).await?;
    let map = Map::read(viewer).await?;
    let ever = read::seats_ever(viewer, it.id).await?;
    let agreed = read::agreed(viewer, it.id).await?;
    let uses = read::uses_of(viewer, it.id).await?;
    let accesses = read::accesses_of(viewer, it.id).await?;
    let how_far = Levels::read(viewer, &map).await?;
    let end = current(viewer, Kind::SourceEnd, it.id.uuid()).await?;
    let end = end
        .map(|(standing, _)| standing)
        .filter(|standing| !standing.is_sealed());
    let on_table = match current(viewer, Kind::Source, it.id.uuid()).await? {
        Some((standing, content)) if !standing.is_sealed() => Some((standing, SourceText::read(&content)?)),
        _ => None,
    };
    Ok(Page::new(viewer, ROOM, it.name.clone(), move |viewer| {
        let is_profile = map.profile.named == Some(it.id);
        view! {
            <Crumb href=viewer.path("sources") text="Sources" />
            <header class="page-head">
                <div>
                    <h1>{it.name.clone()}</h1>
                    <p class="standing">
                        <Tag label=it.state.name() />
                        {it.sensitivity.map(|sensitivity| view! { <Tag label=sensitivity.name() /> })}
                        {is_profile.then(|| view! { <Tag label="The profile" /> })}
                    </p>
                </div>
                {actions(&viewer, &it, &map)}
            </header>
            <p class="prose">{it.holds.clone()}</p>
            {retired(&viewer, &it)}
            {end.map(|standing| asked_to_retire(&viewer, &it, standing))}
            {chairs(&viewer, &it)}
            {offer_section(&viewer, &it)}
            {on_table.map(|(standing, text)| before_holders(&viewer, standing, text))}
            {how_far.of(it.id).map(|of| view! { {levels::section(&viewer, &it, of)} })}
            {entry_section(&viewer, &it, agreed)}
            {uses::section(&viewer, &it, &uses)}
            {access_section(&viewer, &it, accesses)}
            {touchpoints(&viewer, &it, &map)}
            {history(&viewer, ever)}
            <p class="faint">
                <a href=viewer.path(&format!("{}/contract", it.path())) download=true>
                    "As an open data contract (ODCS 3.1)"
                </a>
            </p>
        }
    }))
}

fn actions(viewer: &Viewer, it: &Source, map: &Map) -> impl IntoView + use<> {
    let is_open = it.state != EntryState::Retired;
    let may = is_open && viewer.may(Action::EnterSource);
    let holders: Vec<_> = it.chairs.iter().map(|holder| holder.member_id).collect();
    let may_retire = is_open && viewer.may(Action::RetireSource { holders: &holders });
    let says = is_open && map.in_force().any(|touchpoint| may_say(viewer, touchpoint, it));
    let path = viewer.path(&it.path());
    let seat = seat_actions(viewer, it.standing.as_ref(), &path);
    view! {
        <div class="page-actions">
            {may
                .then(|| {
                    view! {
                        <a class="button" href=format!("{path}/edit")>
                            "Change"
                        </a>
                    }
                })}
            {may_retire
                .then(|| {
                    view! {
                        <a class="button" href=format!("{path}/retire")>
                            "Retire…"
                        </a>
                    }
                })}
            {says
                .then(|| {
                    view! {
                        <a class="button" href=format!("{path}/words")>
                            "Say what it records…"
                        </a>
                    }
                })}
            {seat}
        </div>
    }
}

fn retired(viewer: &Viewer, it: &Source) -> impl IntoView + use<> {
    it.retired.clone().map(|(at, because)| {
        let day = viewer.day_of(at).format(viewer.today());
        view! { <p class="notice">{format!("Retired on {day}: {because}")}</p> }
    })
}

/// That both holders are asked whether it is retired.
fn asked_to_retire(viewer: &Viewer, it: &Source, standing: Standing) -> impl IntoView + use<> {
    let href = viewer.path(&format!("{}/retire", it.path()));
    view! {
        <p>
            "Both holders are asked to retire it. " <Seats standing=Some(standing) viewer=viewer.clone() />
            <a href=href>"Read the question"</a>
        </p>
    }
}

/// The chairs, an empty one before any name.
fn chairs(viewer: &Viewer, it: &Source) -> impl IntoView + use<> {
    let today = viewer.today();
    let mut all: Vec<Chair> = Chair::ALL.to_vec();
    all.sort_by_key(|chair| (it.holder(*chair).is_some() || !chair.is_needed(), *chair));
    let rows = all
        .into_iter()
        .filter(|chair| chair.is_needed() || it.holder(*chair).is_some())
        .map(|chair| {
            let holder = it.holder(chair).map(|holder| {
                format!(
                    "{}, since {}",
                    holder.name,
                    viewer.day_of(holder.from_at).format(today)
                )
            });
            let who = match holder {
                Some(who) => view! { <strong>{who}</strong> }.into_any(),
                None => view! { <strong class="late">"Nobody"</strong> }.into_any(),
            };
            view! {
                <li class="row">
                    <span class="row-main">
                        <span>{format!("{}: ", chair.name())} {who}</span>
                        <span class="faint">{chair.meaning()}</span>
                    </span>
                    <Tag label=chair.side().name() />
                </li>
            }
        })
        .collect_view();
    let may = it.state != EntryState::Retired && viewer.side().is_some() && viewer.may(Action::EnterSource);
    let href = viewer.path(&format!("{}/chairs", it.path()));
    view! {
        <Section title="Who answers for it">
            <ul class="rows">{rows}</ul>
            {may
                .then(|| {
                    view! {
                        <p>
                            <a href=href>"Change who is owner, steward or custodian"</a>
                        </p>
                    }
                })}
        </Section>
    }
}

/// The next step towards two signatures.
fn offer_section(viewer: &Viewer, it: &Source) -> impl IntoView + use<> {
    let is_waiting = it
        .standing
        .as_ref()
        .is_some_and(|standing| !standing.is_sealed() && standing.disputing().is_none());
    let shows = viewer.may(Action::EnterSource)
        && !is_waiting
        && !matches!(it.state, EntryState::Agreed | EntryState::Retired);
    let next = if it.agreed_at.is_some() {
        "The signed entry stays in force. It was changed since: ask both to sign the newer text."
    } else {
        "The entry counts once its owner and its custodian have signed it. By signing they accept their chairs."
    };
    let gaps = it.gaps();
    let lacks_chair = !it.vacant().is_empty();
    let lacks_words = it.sensitivity.is_none() || it.form.is_none();
    let (chairs, edit) = (
        viewer.path(&format!("{}/chairs", it.path())),
        viewer.path(&format!("{}/edit", it.path())),
    );
    let action = viewer.path(&format!("{}/offer", it.path()));
    shows.then(|| {
        if gaps.is_empty() {
            view! {
                <div class="card ask">
                    <p>{next}</p>
                    <form method="post" action=action>
                        <button class="button is-primary" type="submit">
                            "Ask both to sign"
                        </button>
                    </form>
                </div>
            }
            .into_any()
        } else {
            view! {
                <div class="card ask">
                    <p>{format!("Before it can be offered it needs {}.", join_names(&gaps))}</p>
                    <p class="actions">
                        {lacks_chair
                            .then(|| {
                                view! {
                                    <a class="button" href=chairs>
                                        "Name somebody"
                                    </a>
                                }
                            })}
                        {lacks_words
                            .then(|| {
                                view! {
                                    <a class="button" href=edit>
                                        "Complete the entry"
                                    </a>
                                }
                            })}
                    </p>
                </div>
            }
            .into_any()
        }
    })
}

fn before_holders(viewer: &Viewer, standing: Standing, text: SourceText) -> impl IntoView + use<> {
    let viewer = viewer.clone();
    let digest = standing.digest.clone();
    view! {
        <Section title="Waiting for signatures">
            <StandingLine
                standing=standing.clone()
                viewer=viewer.clone()
                sent_back=" Change the entry and offer it again."
            />
            {record(text)}
            <Signatures
                standing=standing
                viewer=viewer
                who_may="The holder of this side’s chair"
            />
            <DigestLine digest=digest covers=COVERS />
        </Section>
    }
}

/// The signed text, in full.
fn record(text: SourceText) -> impl IntoView {
    let or_none = |text: String| {
        if text.is_empty() {
            "not said".to_owned()
        } else {
            text
        }
    };
    let uses = text
        .uses
        .into_iter()
        .map(|one| {
            let basis = match (one.basis, one.rests_on.as_str()) {
                (None, _) => "No legal basis is said yet.".to_owned(),
                (Some(basis), "") => format!("{}.", basis.name()),
                (Some(basis), rests_on) => format!("{}, resting on {rests_on}.", basis.name()),
            };
            let kept = if one.kept.is_empty() {
                "How long it is kept is not said yet.".to_owned()
            } else {
                format!("Kept {}.", one.kept)
            };
            let to = [one.recipients, one.countries, one.safeguard]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join(", ");
            let to = (!to.is_empty()).then(|| format!(" Outside the company: {to}."));
            view! {
                <li>
                    <strong>{one.name}</strong>
                    {format!(": {}. {} {basis} {kept}", one.purpose.name(), one.in_words)}
                    {to}
                </li>
            }
        })
        .collect::<Vec<_>>();
    let facts = [
        ("Sensitivity", text.sensitivity.name().to_owned()),
        ("People appear", text.form.name().to_owned()),
        ("Kinds of people", or_none(text.people)),
        ("Kinds of data", or_none(text.kinds_of_data)),
        (
            "Special categories",
            if text.is_special { "yes" } else { "no" }.to_owned(),
        ),
        (
            "Runs on",
            text.technology.unwrap_or_else(|| "not said".to_owned()),
        ),
        ("Kept in", or_none(text.kept_in)),
        ("Refreshed", or_none(text.refreshed)),
        ("Protection", or_none(text.protection)),
        ("Owner", text.owner),
        ("Steward", text.steward.unwrap_or_else(|| "nobody".to_owned())),
        ("Custodian", text.custodian),
    ];
    let rows = facts
        .into_iter()
        .map(|(name, value)| {
            view! {
                <dt>{name}</dt>
                <dd>{value}</dd>
            }
        })
        .collect_view();
    view! {
        <div class="card record">
            <p class="prose">
                <strong>{text.name}</strong>
                " "
                {text.holds}
            </p>
            <dl class="pairs">{rows}</dl>
            {(!uses.is_empty()).then(|| view! { <ul class="uses">{uses}</ul> })}
        </div>
    }
}

/// The entry as both signed it, or as it is written so far.
fn entry_section(
    viewer: &Viewer,
    it: &Source,
    agreed: Option<(SourceText, Timestamp)>,
) -> impl IntoView + use<> {
    if let Some((text, at)) = agreed {
        let day = viewer.day_of(at).format(viewer.today());
        let title = if it.retired.is_some() {
            "The last entry"
        } else {
            "The entry in force"
        };
        return view! {
            <Section title=title aside=format!("signed by both on {day}")>
                {record(text)}
            </Section>
        }
        .into_any();
    }
    let said = [
        (
            "Sensitivity",
            it.sensitivity.map_or("not said", Sensitivity::name).to_owned(),
        ),
        (
            "People appear",
            it.form.map_or("not said", PersonalForm::name).to_owned(),
        ),
        ("Kinds of people", it.people.clone()),
        ("Kinds of data", it.kinds_of_data.clone()),
        ("Kept in", it.kept_in.clone()),
        ("Refreshed", it.refreshed.clone()),
        ("Protection", it.protection.clone()),
    ];
    let rows = said
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| {
            view! {
                <dt>{name}</dt>
                <dd>{value}</dd>
            }
        })
        .collect_view();
    view! {
        <Section title="The entry so far" aside="not signed by both yet">
            <dl class="pairs">{rows}</dl>
        </Section>
    }
    .into_any()
}

/// Every access that is asked for, open or not shut, each a link; and the way to ask for one.
fn access_section(viewer: &Viewer, it: &Source, accesses: Vec<SourceAccess>) -> impl IntoView + use<> {
    let is_public = it.agreed_at.is_some() && it.sensitivity == Some(Sensitivity::Public);
    let may_ask = it.agreed_at.is_some()
        && !is_public
        && it.state != EntryState::Retired
        && viewer.may(Action::SpeakForSide);
    let ask = viewer.path(&format!("access/new?source={}", it.number));
    let is_shown = it.agreed_at.is_some() || !accesses.is_empty();
    let none = if is_public {
        "Public data. No request is needed."
    } else {
        "Nobody has access to it, and nobody asks for it."
    };
    let list = accesses::list(viewer, accesses, none);
    is_shown.then(|| {
        view! {
            <Section title="Access">
                {list}
                {may_ask
                    .then(|| {
                        view! {
                            <p>
                                <a class="button" href=ask>
                                    "Ask for access…"
                                </a>
                            </p>
                        }
                    })}
            </Section>
        }
    })
}

/// How touchpoints stand in it; those of which nothing is said, in a line.
fn touchpoints(viewer: &Viewer, it: &Source, map: &Map) -> impl IntoView + use<> {
    let (silent, said): (Vec<&Touchpoint>, Vec<&Touchpoint>) = map
        .in_force()
        .partition(|touchpoint| map.cell(touchpoint.id, it.id) == Stands::NotSaid);
    let is_shown = it.state != EntryState::Retired && map.in_force().next().is_some();
    let rows = said
        .into_iter()
        .map(|touchpoint| {
            let href = viewer.path(&touchpoint.path());
            view! {
                <li class="row">
                    <span class="row-main">
                        <a href=href>{touchpoint.name.clone()}</a>
                        <span class="faint">{touchpoint.stage_name().to_owned()}</span>
                    </span>
                    {stands_mark(map.cell(touchpoint.id, it.id))}
                </li>
            }
        })
        .collect_view();
    let names: Vec<&str> = silent.iter().map(|touchpoint| touchpoint.name.as_str()).collect();
    let silent = (!names.is_empty()).then(|| format!("Not answered by both sides: {}.", names.join(", ")));
    let answered = viewer.side().map(|side| {
        let own = map
            .in_force()
            .filter(|touchpoint| map.has_word(side, touchpoint.id, it.id))
            .count();
        format!(
            "{} has answered for {own} of {} touchpoints.",
            side.name(),
            map.in_force().count()
        )
    });
    is_shown.then(|| {
        view! {
            <Section title="Touchpoints">
                <ul class="rows">{rows}</ul>
                {answered.map(|answered| view! { <p>{answered}</p> })}
                {silent.map(|silent| view! { <p class="faint">{silent}</p> })}
            </Section>
        }
    })
}

fn history(viewer: &Viewer, ever: Vec<Holder>) -> impl IntoView + use<> {
    let today = viewer.today();
    let rows: Vec<_> = ever
        .into_iter()
        .filter_map(|holder| {
            let until = holder.until_at?;
            let held = viewer
                .day_of(holder.from_at)
                .format_span(viewer.day_of(until), today);
            Some(view! {
                <li>
                    {format!(
                        "{}: {}, {held}. {}",
                        holder.chair.name(),
                        holder.name,
                        holder.left_because.unwrap_or_default(),
                    )}
                </li>
            })
        })
        .collect();
    (!rows.is_empty()).then(|| {
        view! {
            <details>
                <summary>{format!("Who sat here before ({})", rows.len())}</summary>
                <ul>{rows}</ul>
            </details>
        }
    })
}

impl TablePage for EntryOnTable {
    type Address = (String, i64);

    fn key((_, number): (String, i64)) -> Result<i64> {
        Ok(number)
    }

    fn path(number: i64) -> String {
        format!("sources/{number}")
    }
}

impl SigningPage for EntryOnTable {
    async fn sign_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
        let it = read::source(viewer, number).await?;
        let (standing, content) = current(viewer, Kind::Source, it.id.uuid())
            .await?
            .ok_or(Error::Conflict)?;
        let side = standing.side_of_signer(viewer, form.is_typed())?;
        let text = SourceText::read(&content)?;
        let form = form.over(Form::blank(), &[]);
        let cancel = viewer.path(&it.path());
        let title = format!("Sign the entry of “{}”", it.name);
        Ok(Page::new(viewer, ROOM, title, move |_| {
            view! {
                <Crumb href=cancel.clone() text=it.name.clone() />
                <h1>{format!("Sign for {}", side.name())}</h1>
                <p>"By signing you accept the chair, and answer for what this says. It counts once both have signed."</p>
                {record(text)}
                <DigestLine digest=standing.digest.clone() covers=COVERS />
                <SignForm
                    form=form
                    standing=standing
                    side=side
                    what="this entry"
                    cancel=cancel
                    conditions=false
                />
            }
        }))
    }
}
