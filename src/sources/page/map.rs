//! `/sources/map`: touchpoints down, sources across, and how each of them stands.

use axum::extract::RawQuery;
use leptos::prelude::*;

use super::{ROOM, stands_mark};
use crate::{
    identity::{Page, Viewer},
    platform::{error::Result, form::Form},
    sources::{
        Stage, Stands,
        read::{Map, Source, Touchpoint},
    },
    ui::{Crumb, Empty},
};

/// Columns that are shown at once; others are chosen instead of these.
const COLUMNS: usize = 8;

/// The profile first, then those on which most is joined or recorded.
fn columns<'a>(map: &'a Map, chosen: &[i64]) -> Vec<&'a Source> {
    let weight = |source: &Source| {
        map.in_force()
            .filter(|touchpoint| map.cell(touchpoint.id, source.id) >= Stands::Recorded)
            .count()
    };
    let mut all: Vec<(usize, &Source)> = map
        .sources
        .iter()
        .map(|source| (weight(source), source))
        .collect();
    if chosen.is_empty() {
        all.sort_by_key(|(weight, source)| {
            (map.profile.named != Some(source.id), std::cmp::Reverse(*weight))
        });
        all.truncate(COLUMNS);
    } else {
        all.retain(|(_, source)| chosen.contains(&source.number));
        all.truncate(COLUMNS);
    }
    all.into_iter().map(|(_, source)| source).collect()
}

pub async fn map(viewer: Viewer, RawQuery(query): RawQuery) -> Result<Page> {
    let query = Form::parse(query.unwrap_or_default().as_bytes()).unwrap_or_default();
    let chosen: Vec<i64> = query
        .raw_each("source")
        .filter_map(|number| number.parse().ok())
        .collect();
    if chosen.is_empty() {
        return Page::cache_for_reader(&viewer, ROOM, "map", 0, async || map_page(&viewer, chosen).await)
            .await;
    }
    map_page(&viewer, chosen).await
}

async fn map_page(viewer: &Viewer, chosen: Vec<i64>) -> Result<Page> {
    let map = Map::read(viewer).await?;
    Ok(Page::new(viewer, ROOM, "Map", move |viewer| {
        let coverage = map.coverage();
        let shown = columns(&map, &chosen);
        let body = if map.sources.is_empty() || map.in_force().next().is_none() {
            view! {
                <Empty
                    purpose="The map needs a touchpoint and a source. Then each side says for itself what is kept where."
                    next=(viewer.path("sources"), "Back to the sources")
                />
            }
            .into_any()
        } else {
            view! {
                {table(&viewer, &map, &shown)}
                {legend()}
                {chooser(&viewer, &map, &shown)}
            }
            .into_any()
        };
        view! {
            <Crumb href=viewer.path("sources") text="Sources" />
            <h1>"Map"</h1>
            <p class="lead">
                <strong>{coverage.sentence()}</strong>
                {coverage.gap().map(|gap| format!(". {gap}"))}
            </p>
            {body}
        }
    }))
}

fn table(viewer: &Viewer, map: &Map, shown: &[&Source]) -> impl IntoView + use<> {
    let heads = shown
        .iter()
        .map(|source| {
            let href = viewer.path(&source.path());
            view! {
                <th scope="col">
                    <a href=href>{source.name.clone()}</a>
                </th>
            }
        })
        .collect_view();
    let bodies = Stage::ALL
        .iter()
        .filter_map(|stage| {
            let of: Vec<&Touchpoint> = map
                .in_force()
                .filter(|touchpoint| touchpoint.stage == *stage)
                .collect();
            let name = of.first()?.stage_name().to_owned();
            let rows = of
                .into_iter()
                .map(|touchpoint| row(viewer, map, touchpoint, shown))
                .collect_view();
            let span = shown.len() + 2;
            Some(view! {
                <tbody>
                    <tr class="map-stage">
                        <th scope="rowgroup" colspan=span>
                            {name}
                        </th>
                    </tr>
                    {rows}
                </tbody>
            })
        })
        .collect_view();
    view! {
        <div class="scroll" role="region" aria-label="Map" tabindex="0">
        <table class="table is-stacked map-table">
            <thead>
                <tr>
                    <th scope="col">"Touchpoint"</th>
                    {heads}
                    <th scope="col">"Stands"</th>
                </tr>
            </thead>
            {bodies}
        </table>
        </div>
    }
}

fn row(viewer: &Viewer, map: &Map, touchpoint: &Touchpoint, shown: &[&Source]) -> impl IntoView + use<> {
    let cells = shown
        .iter()
        .map(|source| {
            let stands = map.cell(touchpoint.id, source.id);
            let seen = map.seen(viewer, touchpoint.id, source.id);
            let differ = match seen {
                [Some(marketing), Some(technology)] if marketing.word != technology.word => Some(format!(
                    "Marketing says {}, Technology says {}",
                    marketing.word.name().to_lowercase(),
                    technology.word.name().to_lowercase()
                )),
                _ => None,
            };
            let class = if stands == Stands::NotSaid {
                "map-cell is-quiet"
            } else {
                "map-cell"
            };
            view! {
                <td class=class data-label=source.name.clone()>
                    {if stands == Stands::NotSaid {
                        view! {
                            <span aria-hidden="true">{stands.glyph()}</span>
                            <span class="visually-hidden">{stands.name()}</span>
                        }
                            .into_any()
                    } else {
                        stands_mark(stands).into_any()
                    }} {differ.map(|differ| view! { <small>{differ}</small> })}
                </td>
            }
        })
        .collect_view();
    let href = viewer.path(&touchpoint.path());
    view! {
        <tr>
            <th scope="row">
                <a href=href>{touchpoint.name.clone()}</a>
            </th>
            {cells}
            <td data-label="Stands">
                <strong>{stands_mark(map.stands(touchpoint.id))}</strong>
            </td>
        </tr>
    }
}

fn legend() -> impl IntoView {
    let entries = [
        (Stands::Joined, "can be found from the customer’s profile"),
        (
            Stands::Recorded,
            "leaves a trace that cannot be found from the profile",
        ),
        (Stands::Nothing, "leaves no trace"),
        (
            Stands::NotSaid,
            "one side or both have not answered, or more than 180 days ago",
        ),
    ];
    let rows = entries
        .into_iter()
        .map(|(stands, meaning)| view! { <li>{stands_mark(stands)} " " {meaning}</li> })
        .collect_view();
    view! { <ul class="legend faint">{rows}</ul> }
}

/// Which columns are shown, where there are more.
fn chooser(viewer: &Viewer, map: &Map, shown: &[&Source]) -> impl IntoView + use<> {
    let numbers: Vec<i64> = shown.iter().map(|source| source.number).collect();
    let boxes = map
        .sources
        .iter()
        .map(|source| {
            let is_shown = numbers.contains(&source.number);
            view! {
                <label class="check">
                    <input type="checkbox" name="source" value=source.number checked=is_shown />
                    " "
                    {source.name.clone()}
                </label>
            }
        })
        .collect_view();
    let action = viewer.path("sources/map");
    (map.sources.len() > COLUMNS).then(|| {
        view! {
            <details>
                <summary>{format!("{COLUMNS} of {} sources are shown", map.sources.len())}</summary>
                <form method="get" action=action>
                    <fieldset>
                        <legend>{format!("Show these, at most {COLUMNS}")}</legend>
                        {boxes}
                    </fieldset>
                    <button class="button" type="submit">
                        "Show"
                    </button>
                </form>
            </details>
        }
    })
}
