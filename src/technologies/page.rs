//! The register of technologies: a radar and a table.

use super::{
    RENEWAL_SHOWN_DAYS, TechnologyStage,
    read::{self, Technology},
    write::{self, TechnologyInput},
};
use crate::{
    identity::{Action, FormResponse, Page, Redirect, Side, Viewer, respond},
    members,
    platform::{
        error::{Error, Result},
        form::Form,
        ids::TechnologyId,
        quantity::Quantity,
    },
    ui::{
        Actions, Avatars, Crumb, Empty, Fields, Hidden, Notice, Pill, PostForm, Section, Select, TextArea,
        TextField, Tone,
    },
};
use axum::extract::Path;
use leptos::prelude::*;

/// The room that the navigation marks: a technology is chosen in decisions.
const ROOM: &str = "decisions";

const fn tone(stage: TechnologyStage) -> Tone {
    match stage {
        TechnologyStage::Adopt => Tone::OnTrack,
        TechnologyStage::Trial | TechnologyStage::Assess => Tone::AtRisk,
        TechnologyStage::Hold => Tone::Quiet,
        TechnologyStage::Retire => Tone::Outdated,
    }
}

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
            "{count} · {} a year without what is being retired",
            Quantity::from_ten_thousandths(yearly).format()
        );
        let body = if all.is_empty() {
            let purpose = "What both sides signed is entered here by itself: its stage, an owner from each \
                side, its cost and when it renews.";
            if may_enter {
                view! { <Empty purpose=purpose next=(new.clone(), "Enter what you run today") /> }.into_any()
            } else {
                view! { <Empty purpose=purpose /> }.into_any()
            }
        } else {
            let (drawn, drawn_for, listed_for) = (all.clone(), viewer.clone(), viewer.clone());
            view! {
                <Section title="Radar" aside="nearer the middle is nearer to the work">
                    <Radar technologies=drawn viewer=drawn_for />
                </Section>
                <Section title="Register" aside=aside>
                    <Table technologies=all viewer=listed_for />
                </Section>
            }
            .into_any()
        };
        view! {
            <Crumb href=viewer.path("decisions") text="Decisions" />
            <header class="page-head">
                <div>
                    <h1>"Technologies"</h1>
                    <p class="lead">"What the two sides chose, and where each choice stands."</p>
                </div>
                {may_enter
                    .then(|| {
                        view! {
                            <a class="button" href=new>
                                "Enter a technology"
                            </a>
                        }
                    })}
            </header>
            {body}
        }
    }))
}

#[component]
fn Table(technologies: Vec<Technology>, viewer: Viewer) -> impl IntoView {
    let today = viewer.today();
    let rows = (1..)
        .zip(technologies)
        .map(|(index, t): (usize, Technology)| {
            let late = t.renews_on.is_some_and(|day| day < today) && t.stage != TechnologyStage::Retire;
            let renews = t.renews_on.map_or_else(|| "–".to_owned(), |day| day.format(today));
            let decision = t.decision.map(|number| view! { <a href=viewer.path(&format!("decisions/{number}"))>{format!("Decision {number}")}</a> });
            view! {
                <tr>
                    <td class="number" data-label="On the radar">
                        {index}
                    </td>
                    <th scope="row">
                        <a href=viewer.path(&format!("technologies/{}", t.number))>{t.name}</a>
                        <small class="faint">{t.purpose}</small>
                    </th>
                    <td data-label="Stage">
                        <Pill tone=tone(t.stage) label=t.stage.name() />
                    </td>
                    <td data-label="Owners">
                        <Avatars marketing=t.marketing_name technology=t.technology_name />
                    </td>
                    <td class="number" data-label="Yearly cost">
                        {t.yearly_cost.map_or_else(|| "–".to_owned(), Quantity::format)}
                    </td>
                    <td data-label="Renews">
                        <span class:slip=late>{renews}{late.then_some(", passed")}</span>
                    </td>
                    <td data-label="Behind it">{decision}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="table is-stacked">
            <thead>
                <tr>
                    <th scope="col" class="number">
                        "#"
                    </th>
                    <th scope="col">"Technology"</th>
                    <th scope="col">"Stage"</th>
                    <th scope="col">"Owners"</th>
                    <th scope="col" class="number">
                        "Yearly cost"
                    </th>
                    <th scope="col">"Renews"</th>
                    <th scope="col">"Behind it"</th>
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

pub async fn technology(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    let it = read::technology(&viewer, number).await?;
    let moves = read::moves(&viewer, it.id).await?;
    Ok(Page::new(&viewer, ROOM, it.name.clone(), move |viewer| {
        let today = viewer.today();
        let path = viewer.path(&format!("technologies/{number}"));
        let may = viewer.may(Action::ManageTechnology);
        let cost = it
            .yearly_cost
            .map_or_else(|| "not known".to_owned(), Quantity::format);
        let renews = it
            .renews_on
            .map_or_else(|| "no date".to_owned(), |day| day.format(today));
        let behind = match it.decision {
            Some(number) => view! { <a href=viewer.path(&format!("decisions/{number}"))>{format!("Decision \
            {number}")}</a> }
            .into_any(),
            None => view! { <span class="faint">"Entered by hand"</span> }.into_any(),
        };
        let rows = moves
            .into_iter()
            .map(|step| {
                let who = step.who.unwrap_or_else(|| "Handshake".to_owned());
                view! {
                    <li class="row">
                        <Pill tone=tone(step.stage) label=step.stage.name() />
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
                        <Pill tone=tone(it.stage) label=it.stage.name() />
                        <span class="faint">{it.stage.meaning()}</span>
                    </p>
                </div>
                <div class="page-actions">
                    {may
                        .then(|| {
                            view! {
                                <a class="button" href=format!("{path}/edit")>
                                    "Change"
                                </a>
                                <a class="button is-primary" href=format!("{path}/move")>
                                    "Move to another stage…"
                                </a>
                            }
                        })}
                </div>
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
                    <h2>"Behind it"</h2>
                    <p>{behind}</p>
                </div>
            </div>
            <Section title="Stages">
                <ul class="rows">{rows}</ul>
            </Section>
        }
    }))
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

async fn entry_form(
    viewer: &Viewer,
    form: Form,
    verb: &'static str,
    cancel: String,
    with_stage: bool,
) -> Result<impl FnOnce() -> AnyView + use<>> {
    if !viewer.may(Action::ManageTechnology) {
        return Err(Error::Forbidden);
    }
    let people = members::read::workers(viewer).await?;
    let (marketing, technology) = (
        members::read::options(&people, Some(Side::Marketing)),
        members::read::options(&people, Some(Side::Technology)),
    );
    Ok(move || {
        view! {
            <PostForm form=form>
                <Hidden name="id" />
                <Hidden name="version" />
                <TextField name="name" label="Name" max_length=120 />
                <TextArea name="purpose" label="What it is for" rows=3 max_length=1000 />
                {with_stage.then(|| view! { <Select name="stage" label="Stage" options=stage_options() /> })}
                <Fields>
                    <Select
                        name="marketing_owner"
                        label="Owner from Marketing"
                        options=marketing
                        none="Choose"
                    />
                    <Select
                        name="technology_owner"
                        label="Owner from Technology"
                        options=technology
                        none="Choose"
                    />
                </Fields>
                <Fields>
                    <TextField
                        name="yearly_cost"
                        label="Yearly cost"
                        inputmode="decimal"
                        max_length=20
                        optional=true
                    />
                    <TextField
                        name="renews_on"
                        label="Renews on"
                        help=format!("Both owners find it on their desk {RENEWAL_SHOWN_DAYS} days before.")
                        kind="date"
                        max_length=10
                        optional=true
                    />
                </Fields>
                <Actions verb=verb cancel=cancel />
            </PostForm>
        }
        .into_any()
    })
}

fn entry(form: &mut Form) -> Result<TechnologyInput> {
    let fields = (
        form.line("name", 120),
        form.paragraphs("purpose", 1000),
        form.choice("marketing_owner"),
        form.choice("technology_owner"),
    );
    let dated = (
        form.optional_quantity("yearly_cost"),
        form.optional_day("renews_on"),
    );
    let (Some(name), Some(purpose), Some(marketing_owner), Some(technology_owner)) = fields else {
        return Err(form.refusal());
    };
    let (Some(yearly_cost), Some(renews_on)) = dated else {
        return Err(form.refusal());
    };
    Ok(TechnologyInput {
        name,
        purpose,
        marketing_owner,
        technology_owner,
        yearly_cost,
        renews_on,
    })
}

pub async fn new_technology(viewer: Viewer) -> Result<Page> {
    let id: TechnologyId = viewer.fresh_id();
    new_page(
        &viewer,
        Form::blank()
            .with("id", id.to_string())
            .with("stage", TechnologyStage::Adopt.as_str()),
    )
    .await
}

async fn new_page(viewer: &Viewer, form: Form) -> Result<Page> {
    let cancel = viewer.path("technologies");
    let fields = entry_form(viewer, form, "Enter it in the register", cancel.clone(), true).await?;
    Ok(Page::new(viewer, ROOM, "Enter a technology", move |_| {
        view! {
            <Crumb href=cancel text="Technologies" />
            <h1>"Enter a technology"</h1>
            {fields()}
        }
    }))
}

pub async fn enter_technology(viewer: Viewer, mut form: Form) -> FormResponse {
    let outcome = async {
        let entry = entry(&mut form)?;
        let (Some(id), Some(stage)) = (form.choice("id"), form.choice("stage")) else {
            return Err(form.refusal());
        };
        let number = write::enter_technology(&viewer, id, stage, entry).await?;
        Ok(Redirect::to(viewer.path(&format!("technologies/{number}"))).with_notice(Notice::Added))
    }
    .await;
    respond(outcome, form, |form| new_page(&viewer, form)).await
}

pub async fn edit_technology(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    edit_page(&viewer, number, Form::blank()).await
}

async fn edit_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    let it = read::technology(viewer, number).await?;
    let now = Form::blank()
        .with("version", it.version.to_string())
        .with("name", it.name.clone())
        .with("purpose", it.purpose.clone())
        .with("marketing_owner", it.marketing_owner.to_string())
        .with("technology_owner", it.technology_owner.to_string())
        .with(
            "yearly_cost",
            it.yearly_cost.map_or_else(String::new, |cost| cost.to_string()),
        )
        .with(
            "renews_on",
            it.renews_on.map_or_else(String::new, |day| day.to_string()),
        );
    let form = form.over(
        now,
        &[
            ("name", "Name"),
            ("purpose", "What it is for"),
            ("yearly_cost", "Yearly cost"),
            ("renews_on", "Renews on"),
        ],
    );
    let cancel = viewer.path(&format!("technologies/{number}"));
    let fields = entry_form(viewer, form, "Save the entry", cancel.clone(), false).await?;
    Ok(Page::new(
        viewer,
        ROOM,
        format!("Change {}", it.name),
        move |_| {
            view! {
                <Crumb href=cancel text=it.name />
                <h1>"Change the entry"</h1>
                {fields()}
            }
        },
    ))
}

pub async fn change_technology(
    viewer: Viewer,
    Path((_, number)): Path<(String, i64)>,
    mut form: Form,
) -> FormResponse {
    let outcome = async {
        let entry = entry(&mut form)?;
        write::change_technology(&viewer, number, form.version(), entry).await?;
        Ok(Redirect::to(viewer.path(&format!("technologies/{number}"))).with_notice(Notice::Saved))
    }
    .await;
    respond(outcome, form, |form| edit_page(&viewer, number, form)).await
}

pub async fn move_form(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    move_page(&viewer, number, Form::blank()).await
}

async fn move_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    let it = read::technology(viewer, number).await?;
    if !viewer.may(Action::ManageTechnology) {
        return Err(Error::Forbidden);
    }
    let cancel = viewer.path(&format!("technologies/{number}"));
    let options: Vec<(String, String)> = stage_options()
        .into_iter()
        .filter(|(stage, _)| stage != it.stage.as_str())
        .collect();
    Ok(Page::new(viewer, ROOM, format!("Move {}", it.name), move |_| {
        view! {
            <Crumb href=cancel.clone() text=it.name.clone() />
            <h1>"Move to another stage"</h1>
            <p>{format!("{} stands at {} now.", it.name, it.stage.name().to_lowercase())}</p>
            <PostForm form=form>
                <Select name="stage" label="To" options=options none="Choose" />
                <TextArea name="because" label="Why" rows=3 max_length=1000 />
                <Actions verb="Move it" cancel=cancel />
            </PostForm>
        }
    }))
}

pub async fn move_technology(
    viewer: Viewer,
    Path((_, number)): Path<(String, i64)>,
    mut form: Form,
) -> FormResponse {
    let outcome = async {
        let (Some(stage), Some(because)) = (form.choice("stage"), form.paragraphs("because", 1000)) else {
            return Err(form.refusal());
        };
        write::move_technology(&viewer, number, stage, &because).await?;
        Ok(Redirect::to(viewer.path(&format!("technologies/{number}"))).with_notice(Notice::Saved))
    }
    .await;
    respond(outcome, form, |form| move_page(&viewer, number, form)).await
}
