//! `/sources`: the coverage, what needs somebody, the touchpoints and the sources.

use leptos::prelude::*;

use super::{ROOM, grouped, levels, quarters, stands_mark};
use crate::{
    identity::{Action, Page, Viewer},
    platform::{
        error::Result,
        text::{counted, join_names},
        time::days,
    },
    sources::{
        Chair, Coverage, Sensitivity, Stage, Stands,
        levels::{LevelStanding, Parameter},
        owed::{self, Vacancy},
        read::{self, EntryState, Levels, Map, SignedQuarter, Source, SourceAccess},
    },
    ui::{Empty, Section, Tag},
};

pub async fn sources(viewer: Viewer) -> Result<Page> {
    Page::cache_for_reader(&viewer, ROOM, "sources", 0, async || list_page(&viewer).await).await
}

async fn list_page(viewer: &Viewer) -> Result<Page> {
    let map = Map::read(viewer).await?;
    let vacancies = owed::vacancies(viewer).await?;
    let accesses = read::accesses_to_keep(viewer).await?;
    let how_far = Levels::read(viewer, &map).await?;
    let signed = read::signed_quarters(viewer).await?;
    let own = read::own_belief(viewer).await?;
    Ok(Page::new(viewer, ROOM, "Sources", move |viewer| {
        let may = viewer.may(Action::EnterSource);
        let is_empty = map.touchpoints.is_empty() && map.sources.is_empty();
        // Asked once a quarter, until it was answered or its map is signed.
        let this_quarter = viewer.today().quarter();
        let asks_belief = own.is_none() && signed.first().is_none_or(|of| of.quarter != this_quarter);
        let body = if is_empty {
            let purpose = "Where do customers meet you, and what do you know of them there? Name the first touchpoint, \
                then the first source. Both sides say what they know; what both agree on is your view of the customer.";
            let next = viewer.path("sources/touchpoints/new");
            if may {
                view! { <Empty purpose=purpose next=(next, "Name the first touchpoint") /> }.into_any()
            } else {
                view! { <Empty purpose=purpose /> }.into_any()
            }
        } else {
            view! {
                {coverage_card(&viewer, &map, signed.first())}
                {asks_belief.then(|| view! { {quarters::belief_card(&viewer, own)} })}
                {(!map.sources.is_empty()).then(|| view! { {levels::spread(&how_far)} })}
                {attention(&viewer, &map, vacancies, (&accesses, &how_far))}
                {touchpoint_list(&viewer, &map)}
                {source_table(&viewer, &map, &how_far)}
            }
            .into_any()
        };
        view! {
            <header class="page-head">
                <div>
                    <h1>"Sources"</h1>
                    <p class="lead">"Where customers meet us, what we keep of it, and who answers for it."</p>
                </div>
                {head_actions(&viewer, may, is_empty)}
            </header>
            {body}
        }
    }))
}

fn head_actions(viewer: &Viewer, may: bool, is_empty: bool) -> impl IntoView + use<> {
    let (access, tables) = (viewer.path("access"), viewer.path("sources/tables"));
    let (record, map, touchpoint, source) = (
        viewer.path("sources/record"),
        viewer.path("sources/map"),
        viewer.path("sources/touchpoints/new"),
        viewer.path("sources/new"),
    );
    view! {
        <div class="page-actions">
            {(!is_empty)
                .then(|| {
                    view! {
                        <a class="button" href=record>
                            "Record of processing"
                        </a>
                        <a class="button" href=map>
                            "Map"
                        </a>
                        <a class="button" href=access>
                            "Access"
                        </a>
                        <a class="button" href=tables>
                            "Tables"
                        </a>
                    }
                })}
            {may
                .then(|| {
                    view! {
                        <a class="button" href=touchpoint>
                            "Add a touchpoint"
                        </a>
                        <a class="button" href=source>
                            "Add a source"
                        </a>
                    }
                })}
        </div>
    }
}

/// The one sentence, its four counts as blocks, and what explains them.
fn coverage_card(viewer: &Viewer, map: &Map, signed: Option<&SignedQuarter>) -> impl IntoView + use<> {
    let coverage = map.coverage();
    let believed = signed.map(|of| format!("{} ", quarters::belief_line(of)));
    let quarters = viewer.path("sources/quarters");
    let blocks = Stands::ALL
        .into_iter()
        .flat_map(|stands| std::iter::repeat_n(stands, coverage.count(stands)))
        .map(|stands| view! { <span class=format!("block is-{}", stands.as_str())></span> })
        .collect_view();
    let counts = Stands::ALL
        .into_iter()
        .map(|stands| {
            view! {
                <li>
                    {stands_mark(stands)} " "
                    <strong>{coverage.count(stands)}</strong>
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="card coverage" aria-label="Coverage">
            <p class="coverage-sentence">
                <strong>{coverage.sentence()}</strong>
                {(coverage.total() > 0).then_some(" are joined to the customer’s profile.")}
            </p>
            {(coverage.total() > 0)
                .then(|| {
                    view! {
                        <div class="blocks" aria-hidden="true">
                            {blocks}
                        </div>
                        <ul class="counts">{counts}</ul>
                    }
                })}
            {explanations(viewer, map, coverage)}
            <p class="faint">
                {believed} <a href=quarters>"Quarter by quarter"</a>
            </p>
        </section>
    }
}

fn explanations(viewer: &Viewer, map: &Map, coverage: Coverage) -> impl IntoView + use<> {
    let gap = coverage.gap();
    let without_profile = map.profile_source().is_none().then(|| {
        let href = viewer.path("sources/profile");
        let words = if map.profile.offered.is_some() {
            "A profile waits for both leads. Until they have signed nothing counts as joined. "
        } else {
            "No source is named as the profile yet, so nothing counts as joined. "
        };
        view! {
            <p>
                {words} <a href=href>"The profile"</a>
            </p>
        }
    });
    let profile = map.profile_source().map(|source| {
        let href = viewer.path("sources/profile");
        view! {
            <p class="faint">
                "The profile is " <a href=href>{source.name.clone()}</a> "."
            </p>
        }
    });
    let moves = map.moves_most().map(|(source, adds)| {
        let names: Vec<String> = adds.iter().take(3).map(|touchpoint| format!("“{}”", touchpoint.name)).collect();
        let more = adds.len() - names.len();
        let names = if more > 0 {
            format!("{} and {more} more", names.join(", "))
        } else {
            join_names(&names.iter().map(String::as_str).collect::<Vec<_>>())
        };
        let href = viewer.path(&source.path());
        view! {
            <p>
                "Joining “" <a href=href>{source.name.clone()}</a> {format!("” to the profile would add {names}.")}
            </p>
        }
    });
    let contacts = map.contacts().map(|(joined, all, known)| {
        format!(
            "By contacts a month: {} of {}, {}%; counted at {known} of {} touchpoints.",
            grouped(joined),
            grouped(all),
            joined * 100 / all,
            coverage.total()
        )
    });
    view! {
        {gap.map(|gap| view! { <p>{gap}</p> })}
        {without_profile}
        {moves}
        {contacts.map(|contacts| view! { <p class="faint">{contacts}</p> })}
        {(coverage.total() > 0)
            .then(|| {
                view! {
                    <p class="faint">
                        "In each source, the lower of the two sides’ answers counts. A touchpoint counts by its best source."
                    </p>
                }
            })}
        {profile}
    }
}

/// What waits for somebody: for how many days, where, its title, and why.
type Waiting = (i64, String, String, String);

/// What is not known: touchpoints of which nothing is said, uses that lack something, levels that are
/// outdated.
fn gaps(viewer: &Viewer, map: &Map, how_far: &Levels) -> Vec<Waiting> {
    let today = viewer.today();
    let mut rows: Vec<Waiting> = Vec::new();
    rows.extend(
        map.in_force()
            .filter(|one| map.stands(one.id) == Stands::NotSaid)
            .map(|one| {
                let waited = one.taken_at.map_or(0, |at| today.days_since(viewer.day_of(at)));
                (
                    waited,
                    viewer.path(&one.path()),
                    one.name.clone(),
                    "No source has been described for it by both sides".to_owned(),
                )
            }),
    );
    let (mut incomplete_uses, mut incomplete) = (0, Vec::new());
    for source in &map.sources {
        let Some(levels) = how_far.of(source.id) else {
            continue;
        };
        if levels.facts.incomplete_uses > 0 {
            incomplete_uses += levels.facts.incomplete_uses;
            incomplete.push(source.name.as_str());
        }
        if *levels.standing(Parameter::Protection) == LevelStanding::Outdated {
            let why = "Its levels are out of date: nobody has confirmed them for too long".to_owned();
            rows.push((0, viewer.path(&source.path()), source.name.clone(), why));
        }
    }
    if incomplete_uses > 0 {
        let why = format!(
            "{}: {} incomplete",
            join_names(&incomplete),
            counted(incomplete_uses, "use is", "uses are")
        );
        let title = "Record of processing".to_owned();
        rows.push((0, viewer.path("sources/record"), title, why));
    }
    rows
}

/// Where everything is restricted nothing stands out.
fn too_restricted(viewer: &Viewer, map: &Map) -> Option<Waiting> {
    let in_force: Vec<_> = map
        .sources
        .iter()
        .filter(|source| source.retired.is_none())
        .collect();
    let restricted = in_force
        .iter()
        .filter(|source| source.sensitivity == Some(Sensitivity::Restricted))
        .count();
    (restricted * 2 > in_force.len()).then(|| {
        let why = format!(
            "{restricted} of {} are Restricted. Where everything is, nothing stands out: look at each again.",
            in_force.len()
        );
        let title = "Sensitivity of the sources".to_owned();
        (0, viewer.path("sources"), title, why)
    })
}

/// What waits for somebody, the longest first.
fn attention(
    viewer: &Viewer,
    map: &Map,
    vacancies: Vec<Vacancy>,
    (accesses, how_far): (&[SourceAccess], &Levels),
) -> impl IntoView + use<> {
    let today = viewer.today();
    let mut rows: Vec<Waiting> = vacancies
        .into_iter()
        .map(|vacancy| {
            let waited = today.days_since(vacancy.since);
            (
                waited,
                viewer.path(&vacancy.path()),
                vacancy.source.clone(),
                match waited {
                    0 => format!("No {} since today", vacancy.chair.name().to_lowercase()),
                    _ => format!("No {} for {}", vacancy.chair.name().to_lowercase(), days(waited)),
                },
            )
        })
        .collect();
    for source in &map.sources {
        if let Some(standing) = source.standing.as_ref().filter(|standing| !standing.is_sealed()) {
            let waited = today.days_since(viewer.day_of(standing.waits_since()));
            let what = match (standing.disputing(), standing.state.waiting_on()) {
                (Some(side), _) => format!("{} objected to the entry", side.name()),
                (None, Some(side)) => format!("The entry waits for {} for {}", side.name(), days(waited)),
                (None, None) => format!("The entry waits for both sides for {}", days(waited)),
            };
            rows.push((waited, viewer.path(&source.path()), source.name.clone(), what));
        } else if source.state == EntryState::Changed && source.vacant().is_empty() {
            rows.push((
                0,
                viewer.path(&source.path()),
                source.name.clone(),
                "Changed since both signed; the newer text was not offered".to_owned(),
            ));
        }
    }
    rows.extend(
        map.touchpoints
            .iter()
            .filter(|touchpoint| touchpoint.taken_at.is_none() && touchpoint.retired_at.is_none())
            .map(|touchpoint| {
                (
                    0,
                    viewer.path(&touchpoint.path()),
                    touchpoint.name.clone(),
                    "Technology suggests it; Marketing has not accepted it".to_owned(),
                )
            }),
    );
    rows.extend(accesses.iter().filter_map(|access| {
        let (waited, why) = access.waits(viewer)?;
        let title = format!("Access to {}", access.title);
        Some((waited, viewer.path(&access.path()), title, why))
    }));
    rows.extend(gaps(viewer, map, how_far));
    rows.extend(too_restricted(viewer, map));
    rows.sort_by_key(|row| std::cmp::Reverse(row.0));
    let count = rows.len();
    let rows = rows
        .into_iter()
        .map(|(_, href, title, why)| {
            view! {
                <li class="row">
                    <span class="row-main">
                        <a href=href>{title}</a>
                        <span class="faint">{why}</span>
                    </span>
                </li>
            }
        })
        .collect_view();
    (count > 0).then(|| {
        view! {
            <Section title="Needs attention" aside=count.to_string()>
                <ul class="rows">{rows}</ul>
            </Section>
        }
    })
}

fn touchpoint_list(viewer: &Viewer, map: &Map) -> impl IntoView + use<> {
    let name_stages = viewer
        .may(Action::ChangeTouchpoint)
        .then(|| viewer.path("sources/stages"));
    let stages = Stage::ALL
        .iter()
        .map(|stage| {
            let name = map
                .in_force()
                .find(|touchpoint| touchpoint.stage == *stage)
                .map(|touchpoint| touchpoint.stage_name().to_owned());
            let rows = map
                .in_force()
                .filter(|touchpoint| touchpoint.stage == *stage)
                .map(|touchpoint| {
                    let href = viewer.path(&touchpoint.path());
                    view! {
                        <li>
                            <a href=href>{touchpoint.name.clone()}</a>
                            {stands_mark(map.stands(touchpoint.id))}
                        </li>
                    }
                })
                .collect::<Vec<_>>();
            (!rows.is_empty()).then(|| {
                view! {
                    <div>
                        <h3>{name}</h3>
                        <ul>{rows}</ul>
                    </div>
                }
            })
        })
        .collect_view();
    let count = map.in_force().count();
    let retired: Vec<_> = map
        .touchpoints
        .iter()
        .filter(|touchpoint| touchpoint.retired_at.is_some())
        .map(|touchpoint| {
            let href = viewer.path(&touchpoint.path());
            view! {
                <li>
                    <a href=href>{touchpoint.name.clone()}</a>
                </li>
            }
        })
        .collect();
    let aside = if count == 1 {
        "1 in force".to_owned()
    } else {
        format!("{count} in force")
    };
    view! {
        <Section title="Touchpoints" aside=aside>
            {(count == 0).then(|| view! { <p class="faint">"None yet. A touchpoint is a place where customers meet you: the till, the newsletter, the phone."</p> })}
            <div class="card stages">{stages}</div>
            {name_stages
                .filter(|_| count > 0)
                .map(|href| {
                    view! {
                        <p>
                            <a href=href>"Rename the stages"</a>
                        </p>
                    }
                })}
            {(!retired.is_empty())
                .then(|| {
                    view! {
                        <details>
                            <summary>{format!("Retired ({})", retired.len())}</summary>
                            <ul>{retired}</ul>
                        </details>
                    }
                })}
        </Section>
    }
}

/// The name on a chair, or that it is empty.
fn chair_name(source: &Source, chair: Chair) -> AnyView {
    match source.holder(chair) {
        Some(holder) => holder.name.clone().into_any(),
        None => view! { <span class="late">"Nobody"</span> }.into_any(),
    }
}

fn source_table(viewer: &Viewer, map: &Map, how_far: &Levels) -> impl IntoView + use<> {
    let rows = map
        .sources
        .iter()
        .map(|source| {
            let href = viewer.path(&source.path());
            let joined = map
                .in_force()
                .filter(|touchpoint| map.cell(touchpoint.id, source.id) == Stands::Joined)
                .count();
            let is_profile = map.profile.named == Some(source.id);
            view! {
                <tr>
                    <th scope="row">
                        <a href=href>{source.name.clone()}</a>
                        {is_profile.then(|| view! { " " <Tag label="The profile" /> })}
                        <small class="faint">{source.holds.clone()}</small>
                    </th>
                    <td data-label="Owner">{chair_name(source, Chair::Owner)}</td>
                    <td data-label="Custodian">{chair_name(source, Chair::Custodian)}</td>
                    <td data-label="Sensitivity">
                        {source.sensitivity.map_or("not said", Sensitivity::name)}
                    </td>
                    <td data-label="Entry">{source.state.name()}</td>
                    <td data-label="Weakest">{levels::weakest(how_far, source)}</td>
                    <td class="number" data-label="Joined">
                        {joined}
                    </td>
                </tr>
            }
        })
        .collect::<Vec<_>>();
    let none = rows.is_empty();
    let count = rows.len();
    view! {
        <Section title="Sources" aside=count.to_string()>
            {if none {
                view! {
                    <p class="faint">
                        "None yet. A source is a place where data about customers lives: the shop’s database, the \
                            newsletter tool, the till."
                    </p>
                }
                    .into_any()
            } else {
                view! {
                    <table class="table is-stacked source-table">
                        <thead>
                            <tr>
                                <th scope="col">"Source"</th>
                                <th scope="col">"Owner"</th>
                                <th scope="col">"Custodian"</th>
                                <th scope="col">"Sensitivity"</th>
                                <th scope="col">"Entry"</th>
                                <th scope="col">"Weakest"</th>
                                <th scope="col" class="number">
                                    "Joined"
                                </th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                }
                    .into_any()
            }}
        </Section>
    }
}
