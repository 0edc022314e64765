//! Who serves and who measures each clause; and what serves none.

use leptos::prelude::*;

use super::ROOM;
use crate::{
    definition::read::{self, ClauseCitation},
    identity::{Page, Viewer},
    platform::error::Result,
    ui::{Crumb, Empty, Pill, Section, Tone},
};

/// `/definition/trace`.
pub async fn trace(viewer: Viewer) -> Result<Page> {
    let clauses = read::draft(&viewer).await?;
    let citing = read::citing(&viewer).await?;
    let orphans = read::orphans(&viewer).await?;
    Ok(Page::new(
        &viewer,
        ROOM,
        "Who serves the definition",
        move |viewer| {
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
                let of = |kind: &str| citing.iter().filter(|one| one.clause_id == Some(clause.id) && (one.kind == kind)).map(&link).collect::<Vec<_>>();
                let (measures, initiatives, decisions) = (of("KPI"), of("Initiative"), of("Decision"));
                let unmeasured = measures.is_empty();
                let unserved = initiatives.is_empty() && decisions.is_empty();
                view! {
                    <tr>
                        <th scope="row">
                            <a href=viewer
                                .path(&format!("definition/clauses/{}", clause.id))>{clause.title.clone()}</a>
                        </th>
                        <td data-label="Measured by">
                            {unmeasured
                                .then(|| view! { <Pill tone=Tone::AtRisk label="Nobody measures it" /> })}
                            <ul class="plain">{measures}</ul>
                        </td>
                        <td data-label="Served by">
                            {unserved.then(|| view! { <Pill tone=Tone::AtRisk label="Nothing serves it" /> })}
                            <ul class="plain">{initiatives}{decisions}</ul>
                        </td>
                    </tr>
                }
            })
            .collect_view();
            let lost = orphans.iter().map(link).collect::<Vec<_>>();
            let (none, count) = (clauses.is_empty(), lost.len());
            let lost = if lost.is_empty() {
                view! { <p class="faint">"None: everything that is under way serves a clause."</p> }
                    .into_any()
            } else {
                view! { <ul class="plain">{lost}</ul> }.into_any()
            };
            view! {
                <Crumb href=viewer.path("definition") text="Definition" />
                <header class="page-head">
                    <div>
                        <h1>"Who serves the definition"</h1>
                        <p class="lead">
                            "Each promise, the numbers that measure it and the work that keeps it; and the \
                                work that keeps none."
                        </p>
                    </div>
                </header>
                {none.then(|| view! { <Empty purpose="There are no clauses yet for work to serve." /> })}
                {(!none)
                    .then(|| {
                        view! {
                            <table class="table is-stacked">
                                <thead>
                                    <tr>
                                        <th scope="col">"Clause"</th>
                                        <th scope="col">"Measured by"</th>
                                        <th scope="col">"Served by"</th>
                                    </tr>
                                </thead>
                                <tbody>{rows}</tbody>
                            </table>
                        }
                    })}
                <Section title="Serves no clause" aside=count.to_string()>
                    {lost}
                </Section>
            }
        },
    ))
}
