//! What the page of one decision says of its criteria, scores and technology.

use leptos::prelude::*;

use super::{scoring, weights};

use crate::{
    decisions::read::{self, Choice, CitedEvidence, Criterion, Decision},
    handshake::{
        State,
        components::{Seats, standing_label},
        read::Standing,
    },
    identity::{Action, Viewer},
    rounds::{
        self,
        components::{RoundLine, ask_to_close},
        read::Round,
    },
    technologies,
    ui::Section,
};

pub(super) fn rests_on(viewer: &Viewer, evidence: &[CitedEvidence]) -> Option<impl IntoView + use<>> {
    let links = evidence
        .iter()
        .map(|one| {
            let (kind, href) = match (one.clause_id, one.kpi_id) {
                (Some(id), _) => ("Clause", Some(viewer.path(&format!("{}{id}", one.path)))),
                (_, Some(_)) => ("KPI", Some(viewer.path(&one.path))),
                _ => ("Link", crate::ui::part::safe_href(&one.path)),
            };
            let title = one.title.clone();
            let linked = match href {
                Some(href) if kind == "Link" => view! {
                    <a href=href rel="nofollow noopener noreferrer">
                        {title}
                    </a>
                }
                .into_any(),
                Some(href) => view! { <a href=href>{title}</a> }.into_any(),
                None => view! { <span>{title}</span> }.into_any(),
            };
            view! {
                <li>
                    <span class="faint">{kind}" "</span>
                    {linked}
                </li>
            }
        })
        .collect::<Vec<_>>();
    (!links.is_empty()).then(|| view! { <ul class="plain evidence">{links}</ul> })
}

pub(super) fn weights_card(
    viewer: &Viewer,
    it: &Decision,
    criteria: &[Criterion],
    weights: Option<&Standing>,
    shape: bool,
) -> Option<impl IntoView + use<>> {
    if criteria.is_empty() && !shape {
        return None;
    }
    let path = viewer.path(&format!("{}/weights", it.path()));
    let detail = standing_label(weights, viewer.zone(), viewer.today());
    let open = weights.is_some_and(|weights| weights.open_to(viewer).is_some());
    let seats = weights
        .cloned()
        .map(|weights| view! { <Seats standing=Some(weights) viewer=viewer.clone() /> });
    let body = if criteria.is_empty() {
        view! {
            <p class="faint">
                "No criteria yet. If opinions differ, agree on the criteria before you score the options."
            </p>
            <p>
                <a class="button" href=format!("{path}/edit")>
                    "Write the criteria"
                </a>
            </p>
        }
        .into_any()
    } else {
        let verb = if open {
            "Read and sign the weights"
        } else {
            "See the weights"
        };
        view! {
            <p class="with-seats">{seats}<span>{detail}</span></p>
            <weights::CriteriaTable criteria=read::as_signed(criteria.to_vec()) />
            <p>
                <a class=if open { "button is-primary" } else { "button" } href=path>
                    {verb}
                </a>
            </p>
        }
        .into_any()
    };
    Some(view! {
        <Section title="What counts" aside=format!("{} criteria", criteria.len())>
            {body}
        </Section>
    })
}

pub(super) fn scores_card(
    viewer: &Viewer,
    it: &Decision,
    (choices, criteria): (&[Choice], &[Criterion]),
    round: Option<(Round, Vec<rounds::JudgedCell>)>,
    weights: Option<&Standing>,
    shape: bool,
) -> Option<AnyView> {
    let path = viewer.path(&it.path());
    let sealed = weights.is_some_and(|weights| matches!(weights.state, State::Sealed { .. }));
    let is_open = round.as_ref().is_some_and(|(round, _)| !round.is_closed);
    let opens = (shape && sealed && !is_open).then(|| {
        let verb = if round.is_some() {
            "Score again…"
        } else {
            "Open scoring…"
        };
        view! {
            <a class="button" href=format!("{path}/scoring/open")>
                {verb}
            </a>
        }
    });
    let Some((round, cells)) = round else {
        return opens.map(|opens| {
            view! {
                <Section title="Scores">
                    <p>
                        "The weights are agreed. Both sides can score now; neither sees the other’s scores."
                    </p>
                    <p>{opens}</p>
                </Section>
            }
            .into_any()
        });
    };
    let changed = if round.is_closed {
        let now = read::sheet_of((&it.question, &it.context), choices, criteria);
        round.sheet.changed_since(&now)
    } else {
        Vec::new()
    };
    let stale = scoring::stale_scores(&changed);
    let found = (round.is_closed
        && cells
            .iter()
            .any(|cell| cell.marketing.count + cell.technology.count > 0))
    .then(|| {
        let detail = scoring::sentences(&round.sheet, &cells)
            .into_iter()
            .map(|sentence| view! { <li>{sentence}</li> })
            .collect_view();
        view! {
            <ul class="findings">{detail}</ul>
            <scoring::Totals sheet=round.sheet.clone() cells=cells />
        }
    });
    let (number, progress) = (round.number, round.progress());
    let may_answer = is_open && viewer.may(Action::SpeakForSide);
    let verb = if round.own.is_some() {
        "Change my scores"
    } else {
        "Score the options"
    };
    let (href, reader) = (path.clone(), viewer.clone());
    Some(
        view! {
            <Section title="Scores">
                <RoundLine round=round viewer=reader />
                {stale}
                {found}
                <div class="page-actions">
                    {may_answer
                        .then(|| {
                            view! {
                                <a class="button is-primary" href=format!("{path}/score")>
                                    {verb}
                                </a>
                            }
                        })} <a class="button" href=format!("{path}/scores")>
                        "All scores"
                    </a>
                    {(is_open && shape)
                        .then(|| { ask_to_close(progress, format!("{href}/scoring/close"), number) })} {opens}
                </div>
            </Section>
        }
        .into_any(),
    )
}

pub(super) fn register_card(
    viewer: &Viewer,
    technology: &technologies::read::Technology,
) -> impl IntoView + use<> {
    let href = viewer.path(&format!("technologies/{}", technology.number));
    let (name, stage) = (technology.name.clone(), technology.stage);
    view! {
        <Section title="Technologies">
            <p>
                <a href=href>{name}</a>
                {format!(" is listed as {}.", stage.name().to_lowercase())}
            </p>
        </Section>
    }
}
