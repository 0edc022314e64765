//! Criteria and their weights, and the small handshake on them.

use axum::{extract::Path, response::IntoResponse};
use leptos::prelude::*;

use super::{ROOM, question::shapeable};

use crate::{
    decisions::{
        read,
        templates::{self, TEMPLATES},
        text::{CriterionText, WeightsText},
        write::{self, MOST_CRITERIA},
    },
    handshake::{
        Kind,
        components::{DigestLine, SignForm, Signatures, StandingLine, seat_actions},
        page::{SigningPage, TablePage},
        read::{current, edit_warning},
        text::SignedText as _,
    },
    identity::{Action, FormResponse, Page, Redirect, Viewer, respond},
    platform::{
        error::{Error, Result},
        form::Form,
    },
    ui::{Actions, Crumb, DefaultButton, Empty, Hidden, Notice, PostForm, Section, Warning},
};

/// `/decisions/{number}/weights`: what counts, how much, and who has agreed to that.
pub async fn weights(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    let it = read::one(&viewer, number).await?;
    let criteria = read::criteria(&viewer, it.id).await?;
    let standing = current(&viewer, Kind::Weights, it.id.uuid())
        .await?
        .map(|(standing, _)| standing);
    Ok(Page::new(
        &viewer,
        ROOM,
        format!("Weights: {}", it.question),
        move |viewer| {
            let path = viewer.path(&it.path());
            let sealed = standing
                .as_ref()
                .is_some_and(|standing| matches!(standing.state, crate::handshake::State::Sealed { .. }));
            let may_write = viewer.may(Action::ShapeDecision { driver: it.driver_id })
                && it.signed_at.is_none()
                && !sealed;
            let seat = seat_actions(&viewer, standing.as_ref(), &format!("{path}/weights"));
            let line = standing
                .clone()
                .map(|standing| view! { <StandingLine standing=standing viewer=viewer.clone() /> });
            let reader = viewer.clone();
            let signatures = standing.map(|standing| {
                view! {
                    <Section title="Signatures">
                        <Signatures
                            standing=standing
                            viewer=reader
                            who_may="A manager or the lead of this side"
                        />
                    </Section>
                }
            });
            let write = format!("{path}/weights/edit");
            let none = criteria.is_empty();
            view! {
                <Crumb href=path.clone() text=it.question.clone() />
                <header class="page-head">
                    <div>
                        <p class="eyebrow">{format!("Decision {} · what counts", it.number)}</p>
                        <h1>"Criteria and weights"</h1>
                        {line}
                    </div>
                    <div class="page-actions">
                        {(may_write && !none)
                            .then(|| {
                                view! {
                                    <a class="button" href=write.clone()>
                                        "Change"
                                    </a>
                                }
                            })}
                        {seat}
                    </div>
                </header>
                {if none {
                    let purpose = "Both sides agree on what counts, and how much, before anybody scores. So \
                        nobody can adjust the weights to a favourite.";
                    if may_write {
                        view! { <Empty purpose=purpose next=(write, "Write the criteria") /> }.into_any()
                    } else {
                        view! { <Empty purpose=purpose /> }.into_any()
                    }
                } else {
                    view! { <CriteriaTable criteria=read::as_signed(criteria) /> }.into_any()
                }}
                {signatures}
            }
        },
    ))
}

/// Criteria with their weights and what that is of the whole.
#[component]
pub fn CriteriaTable(criteria: Vec<CriterionText>) -> impl IntoView {
    let sum: i64 = criteria
        .iter()
        .map(|criterion| criterion.weight)
        .sum::<i64>()
        .max(1);
    let rows = criteria
        .into_iter()
        .map(|criterion| {
            let share = (criterion.weight * 200 + sum) / (sum * 2);
            view! {
                <tr>
                    <th scope="row">{criterion.criterion}</th>
                    <td class="prose" data-label="Asks">
                        {criterion.asks}
                    </td>
                    <td class="number" data-label="Weight">
                        {criterion.weight}
                    </td>
                    <td class="number" data-label="Share">
                        {format!("{share}%")}
                    </td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="table is-stacked">
            <thead>
                <tr>
                    <th scope="col">"Criterion"</th>
                    <th scope="col">"What to judge"</th>
                    <th scope="col" class="number">
                        "Weight"
                    </th>
                    <th scope="col" class="number">
                        "Of the whole"
                    </th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

pub async fn edit_weights(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    edit_page(&viewer, number, Form::blank()).await
}

/// Adds a template's criteria below those that were typed, as far as there is room; one that is there by its
/// name stays as it is.
fn add_template(mut form: Form) -> Form {
    let Some(template) = templates::find(form.raw("choose")) else {
        return form;
    };
    for (title, about, weight) in template.criteria {
        let named = |index: usize| form.raw(&format!("title-{index}")).trim().to_lowercase();
        if (0..MOST_CRITERIA).any(|index| named(index) == title.to_lowercase()) {
            continue;
        }
        let Some(free) = (0..MOST_CRITERIA).find(|index| named(*index).is_empty()) else {
            break;
        };
        form.set(&format!("title-{free}"), *title);
        form.set(&format!("about-{free}"), *about);
        form.set(&format!("weight-{free}"), weight.to_string());
    }
    form
}

async fn edit_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    let it = shapeable(viewer, number).await?;
    let warning = edit_warning(viewer, Kind::Weights, it.id.uuid()).await?;
    let criteria = read::criteria(viewer, it.id).await?;
    let now = criteria
        .iter()
        .enumerate()
        .fold(Form::blank(), |form, (index, criterion)| {
            form.with(&format!("id-{index}"), criterion.id.to_string())
                .with(&format!("title-{index}"), criterion.title.clone())
                .with(&format!("about-{index}"), criterion.about.clone())
                .with(&format!("weight-{index}"), criterion.weight.to_string())
        });
    let now = now.with("version", it.version.to_string());
    let named: Vec<(String, &'static str)> = (0..MOST_CRITERIA)
        .flat_map(|index| {
            [
                (format!("title-{index}"), "Criterion"),
                (format!("about-{index}"), "What to judge"),
                (format!("weight-{index}"), "Weight"),
            ]
        })
        .collect();
    let labels: Vec<(&str, &'static str)> = named
        .iter()
        .map(|(name, label)| (name.as_str(), *label))
        .collect();
    let form = form.over(now, &labels);
    let cancel = viewer.path(&format!("{}/weights", it.path()));
    Ok(Page::new(
        viewer,
        ROOM,
        format!("Criteria: {}", it.question),
        move |_| {
            let typed = |index: &usize| {
                ["title", "about"]
                    .iter()
                    .any(|field| !form.raw(&format!("{field}-{index}")).is_empty())
            };
            let filled = (0..MOST_CRITERIA).filter(typed).max().map_or(0, |last| last + 1);
            let rows = (0..(filled + 3).clamp(5, MOST_CRITERIA))
                .map(|index| criterion_row(&form, index))
                .collect_view();
            let templates = TEMPLATES
                .iter()
                .map(|template| {
                    view! {
                        <li>
                            <button
                                type="submit"
                                class="button is-small"
                                name="choose"
                                value=template.name
                                formnovalidate=true
                            >
                                {template.title}
                            </button>
                        </li>
                    }
                })
                .collect_view();
            view! {
                <Crumb href=cancel.clone() text="Criteria and weights" />
                <h1>"What counts, and how much"</h1>
                <Warning text=warning />
                <p class="lead">
                    "Write two to twelve criteria and weigh them from 1 to 10. Both sides sign them before \
                        anybody scores. After that they are fixed."
                </p>
                <PostForm form=form class="form is-wide">
                    <DefaultButton />
                    <Hidden name="version" />
                    <Section title="Add the criteria of a template">
                        <ul class="choices-in-a-row">{templates}</ul>
                    </Section>
                    <table class="table is-stacked">
                        <thead>
                            <tr>
                                <th scope="col">"Criterion"</th>
                                <th scope="col">"What to judge"</th>
                                <th scope="col">"Weight"</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                    <p class="help">
                        "Empty a criterion’s name to remove it. More rows appear when you save these."
                    </p>
                    <Actions verb="Ask both sides to sign these weights" cancel=cancel />
                </PostForm>
            }
        },
    ))
}

fn criterion_row(form: &Form, index: usize) -> impl IntoView + use<> {
    let value = |field: &str| form.raw(&format!("{field}-{index}")).to_owned();
    let (id, title, about, weight) = (value("id"), value("title"), value("about"), value("weight"));
    let weight = if weight.is_empty() { "5".to_owned() } else { weight };
    let problem = ["title", "about", "weight"]
        .iter()
        .find_map(|field| form.problem_of(&format!("{field}-{index}")))
        .map(str::to_owned);
    let number = index + 1;
    let is_wrong = problem.is_some().then_some("true");
    view! {
        <tr>
            <td data-label="Criterion">
                <span class="field">
                    <input type="hidden" name=format!("id-{index}") value=id />
                    <input
                        id=format!("title-{index}")
                        name=format!("title-{index}")
                        value=title
                        maxlength="80"
                        aria-label=format!("Criterion {number}")
                        aria-invalid=is_wrong
                    />
                    {problem.map(|problem| view! { <span class="problem">{problem}</span> })}
                </span>
            </td>
            <td data-label="What to judge">
                <span class="field">
                    <input
                        name=format!("about-{index}")
                        value=about
                        maxlength="300"
                        aria-label=format!("What criterion {number} asks")
                    />
                </span>
            </td>
            <td data-label="Weight">
                <span class="field">
                    <input
                        type="number"
                        name=format!("weight-{index}")
                        value=weight
                        min="1"
                        max="10"
                        aria-label=format!("Weight of criterion {number}")
                    />
                </span>
            </td>
        </tr>
    }
}

fn criteria(form: &mut Form) -> Result<Vec<write::CriterionInput>> {
    let mut criteria = Vec::new();
    for index in 0..MOST_CRITERIA {
        if form.raw(&format!("title-{index}")).trim().is_empty() {
            continue;
        }
        let (title, about) = (
            form.line(&format!("title-{index}"), 80),
            form.optional_line(&format!("about-{index}"), 300),
        );
        let weight = form
            .raw(&format!("weight-{index}"))
            .trim()
            .parse()
            .ok()
            .filter(|weight| (1..=10).contains(weight));
        if weight.is_none() {
            form.fail(&format!("weight-{index}"), "Write a whole number from 1 to 10.");
        }
        if let (Some(title), Some(about), Some(weight)) = (title, about, weight) {
            criteria.push(write::CriterionInput {
                id: form.raw(&format!("id-{index}")).parse().ok(),
                title,
                about,
                weight,
            });
        }
    }
    if form.problems().is_empty() {
        Ok(criteria)
    } else {
        Err(form.refusal())
    }
}

pub async fn weigh(viewer: Viewer, Path((_, number)): Path<(String, i64)>, mut form: Form) -> FormResponse {
    if !form.raw("choose").is_empty() {
        return Ok(edit_page(&viewer, number, add_template(form))
            .await?
            .into_response());
    }
    let outcome = async {
        let criteria = criteria(&mut form)?;
        write::weigh(&viewer, number, form.version(), &criteria).await?;
        Ok(Redirect::to(viewer.path(&format!("decisions/{number}/weights"))).with_notice(Notice::Proposed))
    }
    .await;
    respond(outcome, form, |form| edit_page(&viewer, number, form)).await
}

impl TablePage for write::WeightsOnTable {
    type Address = (String, i64);

    fn key((_, number): (String, i64)) -> Result<i64> {
        Ok(number)
    }

    fn path(number: i64) -> String {
        format!("decisions/{number}/weights")
    }
}

impl SigningPage for write::WeightsOnTable {
    async fn sign_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
        let it = read::one(viewer, number).await?;
        let (standing, content) = current(viewer, Kind::Weights, it.id.uuid())
            .await?
            .ok_or(Error::Conflict)?;
        let text = WeightsText::read(&content)?;
        let side = standing.side_of_signer(viewer, form.is_typed())?;
        let form = form.over(Form::blank(), &[]);
        let cancel = viewer.path(&format!("{}/weights", it.path()));
        Ok(Page::new(
            viewer,
            ROOM,
            format!("Sign the weights: {}", it.question),
            move |_| {
                let digest = standing.digest.clone();
                view! {
                    <Crumb href=cancel.clone() text="Criteria and weights" />
                    <h1>{format!("Sign the weights for {}", side.name())}</h1>
                    <p>"This is what you sign, in full, for: "<strong>{it.question.clone()}</strong></p>
                    <CriteriaTable criteria=text.criteria />
                    <DigestLine digest=digest covers="every criterion and its weight" />
                    <SignForm
                        form=form
                        standing=standing
                        side=side
                        what="these weights"
                        cancel=cancel
                        conditions=false
                    />
                }
            },
        ))
    }
}
