//! The register as a table, and as a picture: a column for each stage, or a radar where there are many.

use leptos::prelude::*;

use super::ROOM;

use crate::{
    identity::{Action, Page, Viewer},
    platform::{error::Result, quantity::Quantity, text::join_details},
    technologies::{
        TechnologyStage,
        read::{self, Technology},
    },
    ui::{Avatars, Empty, Section, Tag},
};

/// `/technologies`.
pub async fn technologies(viewer: Viewer) -> Result<Page> {
    let all = read::technologies(&viewer).await?;
    Ok(Page::new(&viewer, ROOM, "Technologies", move |viewer| {
        let may_enter = viewer.may(Action::ManageTechnology);
        let new = viewer.path("technologies/new");
        let count = all.len();
        let yearly = all
            .iter()
            .filter(|t| t.stage != TechnologyStage::Retire)
            .filter_map(|t| t.yearly_cost)
            .map(Quantity::ten_thousandths)
            .sum::<i64>();
        let aside = format!(
            "{count} · {} a year, retiring ones not counted",
            viewer.format_money(Quantity::from_ten_thousandths(yearly))
        );
        let body = if all.is_empty() {
            let purpose = "Technologies that both sides chose are listed here automatically, with their \
                stage, owners, cost and renewal date.";
            if may_enter {
                view! { <Empty purpose=purpose next=(new.clone(), "Add what you run today") /> }.into_any()
            } else {
                view! { <Empty purpose=purpose /> }.into_any()
            }
        } else {
            let (drawn, drawn_for, listed_for) = (all.clone(), viewer.clone(), viewer.clone());
            let is_small = count <= MOST_IN_COLUMNS;
            let picture = if is_small {
                view! {
                    <Section title="Stages">
                        <Columns technologies=drawn viewer=drawn_for />
                    </Section>
                }
                .into_any()
            } else {
                view! {
                    <Section title="Radar" aside="in the middle: what we build on">
                        <Radar technologies=drawn viewer=drawn_for />
                    </Section>
                }
                .into_any()
            };
            view! {
                {picture}
                <Section title="Register" aside=aside>
                    <Table technologies=all viewer=listed_for numbered=!is_small />
                </Section>
            }
            .into_any()
        };
        view! {
            <header class="page-head">
                <div>
                    <h1>"Technologies"</h1>
                    <p class="lead">"What both sides chose, and where each choice stands."</p>
                </div>
                {may_enter
                    .then(|| {
                        view! {
                            <a class="button" href=new>
                                "Add a technology"
                            </a>
                        }
                    })}
            </header>
            {body}
        }
    }))
}

/// Technologies of which each is named in a column; more are numbered dots.
const MOST_IN_COLUMNS: usize = 12;

/// A column for each stage, from what is built on to what goes.
#[component]
fn Columns(technologies: Vec<Technology>, viewer: Viewer) -> impl IntoView {
    let today = viewer.today();
    let columns =
        RINGS
            .iter()
            .map(|stage| {
                let of: Vec<&Technology> = technologies.iter().filter(|t| t.stage == *stage).collect();
                let count = of.len();
                let cards = of
                .into_iter()
                .map(|t| {
                    let renews = t
                        .renews_on
                        .filter(|_| t.stage != TechnologyStage::Retire)
                        .filter(|day| today.days_since(*day) >= -RENEWS_SOON_DAYS)
                        .map(|day| {
                            let verb = if day < today { "renewal was due" } else { "renewal due" };
                            format!("{verb} {}", day.format(today))
                        });
                    let cost = t.yearly_cost.map(|cost| format!("{} a year", viewer.format_money(cost)));
                    view! {
                        <li>
                            <a href=viewer.path(&format!("technologies/{}", t.number))>{t.name.clone()}</a>
                            <small class="faint">{join_details([cost, renews])}</small>
                        </li>
                    }
                })
                .collect_view();
                view! {
                    <section>
                        <h3>{stage.name()} " " <span class="faint">{count}</span></h3>
                        <ul>{cards}</ul>
                    </section>
                }
            })
            .collect_view();
    view! { <div class="stage-columns">{columns}</div> }
}

/// Days before a renewal in which its column tells of it.
const RENEWS_SOON_DAYS: i64 = 90;

#[component]
fn Table(
    technologies: Vec<Technology>,
    viewer: Viewer,
    /// Whether a radar has numbers to look up.
    numbered: bool,
) -> impl IntoView {
    let today = viewer.today();
    let rows = (1..)
        .zip(technologies)
        .map(|(index, t): (usize, Technology)| {
            let late = t.renews_on.is_some_and(|day| day < today) && t.stage != TechnologyStage::Retire;
            let renews = t.renews_on.map_or_else(|| "–".to_owned(), |day| day.format(today));
            let decision = t.decision.map(|number| view! { <a href=viewer.path(&format!("decisions/{number}"))>{format!("Decision {number}")}</a> });
            view! {
                <tr>
                    {numbered
                        .then(|| {
                            view! {
                                <td class="number" data-label="On the radar">
                                    {index}
                                </td>
                            }
                        })}
                    <th scope="row">
                        <a href=viewer.path(&format!("technologies/{}", t.number))>{t.name}</a>
                        <small class="faint">{t.purpose}</small>
                    </th>
                    <td data-label="Stage">
                        <Tag label=t.stage.name() />
                    </td>
                    <td data-label="Owners">
                        <Avatars marketing=t.marketing_name technology=t.technology_name />
                    </td>
                    <td class="number" data-label="Yearly cost">
                        {t.yearly_cost.map_or_else(|| "–".to_owned(), |cost| viewer.format_money(cost))}
                    </td>
                    <td data-label="Renews">
                        <span class:slip=late>{renews}{late.then_some(", passed")}</span>
                    </td>
                    <td data-label="Decided in">{decision}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="table is-stacked">
            <thead>
                <tr>
                    {numbered
                        .then(|| {
                            view! {
                                <th scope="col" class="number">
                                    "#"
                                </th>
                            }
                        })}
                    <th scope="col">"Technology"</th>
                    <th scope="col">"Stage"</th>
                    <th scope="col">"Owners"</th>
                    <th scope="col" class="number">
                        "Yearly cost"
                    </th>
                    <th scope="col">"Renews"</th>
                    <th scope="col">"Decided in"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

const RINGS: [TechnologyStage; 5] = [
    TechnologyStage::Adopt,
    TechnologyStage::Trial,
    TechnologyStage::Assess,
    TechnologyStage::Hold,
    TechnologyStage::Retire,
];

const MIDDLE: f64 = 240.0;

const RING: f64 = 46.0;

/// A numbered dot for each technology, in the ring of its stage; the numbers are those of the table.
#[component]
#[expect(clippy::cast_precision_loss, reason = "pixel positions of a few dozen dots")]
fn Radar(technologies: Vec<Technology>, viewer: Viewer) -> impl IntoView {
    let rings = RINGS
        .iter()
        .enumerate()
        .map(|(index, stage)| {
            let radius = RING * (index + 1) as f64;
            view! {
                <circle class="radar-ring" cx=MIDDLE cy=MIDDLE r=radius></circle>
                <text class="chart-label" x=MIDDLE y=MIDDLE - radius + 13.0 text-anchor="middle">
                    {stage.name()}
                </text>
            }
        })
        .collect_view();
    let dots = technologies
        .iter()
        .enumerate()
        .map(|(index, t)| {
            let ring = RINGS.iter().position(|stage| *stage == t.stage).unwrap_or(0);
            let in_ring: Vec<usize> = technologies
                .iter()
                .enumerate()
                .filter(|(_, other)| other.stage == t.stage)
                .map(|(index, _)| index)
                .collect();
            let place = in_ring.iter().position(|other| *other == index).unwrap_or(0);
            // Around the ring, clear of its name at the top.
            let turn = 0.09 + 0.82 * (place as f64 + 0.5) / in_ring.len() as f64;
            let angle = std::f64::consts::TAU * turn - std::f64::consts::FRAC_PI_2;
            let radius = RING * (ring as f64 + 0.5);
            let (x, y) = (
                radius.mul_add(angle.cos(), MIDDLE),
                radius.mul_add(angle.sin(), MIDDLE),
            );
            let href = viewer.path(&format!("technologies/{}", t.number));
            let label = format!("{}: {}, {}", index + 1, t.name, t.stage.name());
            let title = label.clone();
            view! {
                <a href=href aria-label=label>
                    <title>{title}</title>
                    <circle class="radar-dot" cx=format!("{x:.1}") cy=format!("{y:.1}") r="12"></circle>
                    <text
                        class="radar-number"
                        x=format!("{x:.1}")
                        y=format!("{:.1}", y + 4.0)
                        text-anchor="middle"
                    >
                        {index + 1}
                    </text>
                </a>
            }
        })
        .collect_view();
    let side = MIDDLE * 2.0;
    view! {
        <svg
            class="radar"
            viewBox=format!("0 0 {side} {side}")
            role="group"
            aria-label="Technologies by stage, from adopt in the middle to retire at the edge"
        >
            {rings}
            {dots}
        </svg>
    }
}
