//! Who serves and who measures each clause; and what serves none.

use leptos::prelude::*;

use super::ROOM;
use crate::{
    definition::read::{self, ClauseCitation},
    identity::{Page, Viewer},
    platform::error::Result,
    ui::{Crumb, Empty, Section, Tag},
};

/// `/definition/trace`.
pub async fn trace(viewer: Viewer) -> Result<Page> {
    let clauses = read::draft(&viewer).await?;
    let citing = read::citing(&viewer).await?;
    let orphans = read::orphans(&viewer).await?;
    Ok(Page::new(&viewer, ROOM, "Promises and work", move |viewer| {
        let link = |one: &ClauseCitation| {
            view! {
                <li>
                    <span class="faint">{one.kind.clone()}" "</span>
                    <a href=viewer.path(&one.path)>{one.title.clone()}</a>
                </li>
            }
        };
        let rows = clauses
            .iter()
            .map(|clause| {
                let of = |kind: &str| {
                    citing
                        .iter()
                        .filter(|one| one.clause_id == Some(clause.id) && (one.kind == kind))
                        .map(&link)
                        .collect::<Vec<_>>()
                };
                let (measures, initiatives, decisions) = (of("KPI"), of("Initiative"), of("Decision"));
                let (goals, accesses) = (of("Goal"), of("Access"));
                let (sources, touchpoints) = (of("Source"), of("Touchpoint"));
                let unmeasured = measures.is_empty();
                let unserved = initiatives.is_empty() && decisions.is_empty();
                view! {
                    <tr>
                        <th scope="row">
                            <a href=viewer
                                .path(&format!("definition/clauses/{}", clause.id))>{clause.title.clone()}</a>
                        </th>
                        <td data-label="Measured by">
                            {unmeasured.then(|| view! { <Tag label="No KPI yet" /> })}
                            <ul class="plain">{measures}{goals}</ul>
                        </td>
                        <td data-label="Kept by">
                            {unserved.then(|| view! { <Tag label="No work yet" /> })}
                            <ul class="plain">{initiatives}{decisions}{accesses}{sources}{touchpoints}</ul>
                        </td>
                    </tr>
                }
            })
            .collect_view();
        let lost = orphans.iter().map(link).collect::<Vec<_>>();
        let (none, count) = (clauses.is_empty(), lost.len());
        let lost = if lost.is_empty() {
            view! { <p class="faint">"All current work serves a clause."</p> }.into_any()
        } else {
            view! { <ul class="plain">{lost}</ul> }.into_any()
        };
        view! {
            <Crumb href=viewer.path("definition") text="Definition" />
            <header class="page-head">
                <div>
                    <h1>"Promises and work"</h1>
                    <p class="lead">
                        "Which KPIs measure each promise, and which work keeps it. Below: work that \
                            serves no promise."
                    </p>
                </div>
            </header>
            {none.then(|| view! { <Empty purpose="There are no clauses yet." /> })}
            {(!none)
                .then(|| {
                    view! {
                        <table class="table is-stacked">
                            <thead>
                                <tr>
                                    <th scope="col">"Clause"</th>
                                    <th scope="col">"Measured by"</th>
                                    <th scope="col">"Kept by"</th>
                                </tr>
                            </thead>
                            <tbody>{rows}</tbody>
                        </table>
                    }
                })}
            <Section title="Work that serves no promise" aside=count.to_string()>
                {lost}
            </Section>
        }
    }))
}
