//! The register of technologies: a radar and a table.

mod edit;
mod list;
mod sign;

pub use self::{
    edit::{
        change_technology, edit_technology, enter_technology, move_form, move_technology, new_technology,
    },
    list::technologies,
};

use axum::extract::Path;
use leptos::prelude::*;

use super::{TechnologyStage, read, text::TechnologyText};

use crate::{
    handshake::{
        Kind,
        components::seat_actions,
        read::{Standing, current},
        text::SignedText as _,
    },
    identity::{Action, Page, Viewer},
    platform::error::Result,
    ui::{Avatars, Crumb, Section, Tag},
};

/// The room that the navigation marks: a technology is chosen in decisions.
const ROOM: &str = "technologies";

pub async fn technology(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    let it = read::technology(&viewer, number).await?;
    let moves = read::moves(&viewer, it.id).await?;
    let on_table = match current(&viewer, Kind::Technology, it.id.uuid()).await? {
        Some((standing, content)) => Some((standing, TechnologyText::read(&content)?)),
        None => None,
    };
    Ok(Page::new(&viewer, ROOM, it.name.clone(), move |viewer| {
        let today = viewer.today();
        let path = viewer.path(&format!("technologies/{number}"));
        let may = viewer.may(Action::ManageTechnology);
        let standing = on_table.as_ref().map(|(standing, _)| standing);
        let actions = actions(&viewer, &path, may, standing);
        let signed = on_table.map(|(standing, text)| sign::section(&viewer, standing, text));
        let cost = it
            .yearly_cost
            .map_or_else(|| "not known".to_owned(), |cost| viewer.format_money(cost));
        let renews = it
            .renews_on
            .map_or_else(|| "no date".to_owned(), |day| day.format(today));
        let behind = match it.decision {
            Some(number) => view! { <a href=viewer.path(&format!("decisions/{number}"))>{format!("Decision \
            {number}")}</a> }
            .into_any(),
            None => view! { <span class="faint">"Added by hand"</span> }.into_any(),
        };
        let rows = moves
            .into_iter()
            .map(|step| {
                let who = step.who.unwrap_or_else(|| "Handshake".to_owned());
                view! {
                    <li class="row">
                        <Tag label=step.stage.name() />
                        <span class="row-main">
                            <span>
                                {if step.because.is_empty() { "Entered".to_owned() } else { step.because }}
                            </span>
                            <span class="faint">
                                {format!("{who}, {}", viewer.day_of(step.at).format(today))}
                            </span>
                        </span>
                    </li>
                }
            })
            .collect_view();
        view! {
            <Crumb href=viewer.path("technologies") text="Technologies" />
            <header class="page-head">
                <div>
                    <h1>{it.name.clone()}</h1>
                    <p class="standing">
                        <Tag label=it.stage.name() />
                        <span class="faint">{it.stage.meaning()}</span>
                    </p>
                </div>
                {actions}
            </header>
            <p class="prose">{it.purpose.clone()}</p>
            <div class="card facts">
                <div>
                    <h2>"Owners"</h2>
                    <p class="person">
                        <Avatars marketing=it.marketing_name.clone() technology=it.technology_name.clone() />
                        {format!("{} and {}", it.marketing_name, it.technology_name)}
                    </p>
                </div>
                <div>
                    <h2>"Yearly cost"</h2>
                    <p>{cost}</p>
                </div>
                <div>
                    <h2>"Renews"</h2>
                    <p>{renews}</p>
                </div>
                <div>
                    <h2>"Decided in"</h2>
                    <p>{behind}</p>
                </div>
            </div>
            {signed}
            <Section title="Stages">
                <ul class="rows">{rows}</ul>
            </Section>
        }
    }))
}

/// What the viewer may do about it.
fn actions(viewer: &Viewer, path: &str, may: bool, standing: Option<&Standing>) -> impl IntoView + use<> {
    let seat = seat_actions(viewer, standing, path);
    let path = path.to_owned();
    view! {
        <div class="page-actions">
            {may
                .then(|| {
                    view! {
                        <a class="button" href=format!("{path}/edit")>
                            "Change"
                        </a>
                        <a class="button" href=format!("{path}/move")>
                            "Move to another stage…"
                        </a>
                    }
                })}
            {seat}
        </div>
    }
}

fn stage_options() -> Vec<(String, String)> {
    TechnologyStage::ALL
        .iter()
        .map(|stage| {
            (
                stage.as_str().to_owned(),
                format!("{}: {}", stage.name(), stage.meaning()),
            )
        })
        .collect()
}
