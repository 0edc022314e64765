//! The plan that both leads fixed, and the plan beside it.

use axum::{extract::Path, response::IntoResponse};
use leptos::prelude::*;

use super::ROOM;

use crate::{
    handshake::{
        Kind,
        components::{DigestLine, SignForm, Signatures, StandingLine, seat_actions},
        page::{SigningPage, TablePage},
        read::{Standing, current},
        text::SignedText as _,
    },
    identity::{Action, FormResponse, Page, Redirect, Viewer},
    milestones::{
        BaselineLine, Drift, drift,
        read::{self, Baseline},
        text::BaselineText,
        write,
    },
    platform::{
        error::{Error, Result},
        form::Form,
        time::Day,
    },
    ui::{Crumb, Empty, Notice, Section, Tag},
};

/// `/milestones/baselines`: the plan beside the baseline in force.
pub async fn baselines(viewer: Viewer) -> Result<Page> {
    let all = read::baselines(&viewer).await?;
    let plan = read::plan(&viewer).await?;
    let fixed = all.iter().position(|baseline| baseline.fixed_at.is_some());
    let compared = fixed.map(|at| (all[at].number, compare(&all[at], &plan)));
    Ok(Page::new(&viewer, ROOM, "Baseline", move |viewer| {
        let today = viewer.today();
        let proposes = viewer.may(Action::ProposeDefinition);
        let rows = all
            .iter()
            .map(|baseline| {
                let state = match baseline.fixed_at {
                    Some(at) => format!("fixed {}", viewer.day_of(at).format(today)),
                    None => format!("proposed {}", viewer.day_of(baseline.proposed_at).format(today)),
                };
                let href = viewer.path(&format!("milestones/baselines/{}", baseline.number));
                view! {
                    <li class="row">
                        <a class="row-main" href=href>
                            <strong>{format!("Baseline {}", baseline.number)}</strong>
                            <span class="faint">{state}</span>
                        </a>
                    </li>
                }
            })
            .collect_view();
        let none = all.is_empty();
        let action = viewer.path("milestones/baselines");
        view! {
            <Crumb href=viewer.path("milestones") text="Milestones" />
            <header class="page-head">
                <div>
                    <h1>"Baseline"</h1>
                    <p class="lead">"The plan both leads agreed. Later changes are marked."</p>
                </div>
                {proposes
                    .then(|| {
                        view! {
                            <div class="page-actions">
                                <form method="post" action=action>
                                    <button class="button is-primary" type="submit">
                                        "Ask both leads to sign today's plan"
                                    </button>
                                </form>
                            </div>
                        }
                    })}
            </header>
            {compared
                .map(|(number, found)| {
                    view! {
                        <Section title=format!("The plan beside baseline {number}") aside=legend(&found)>
                            {table(&viewer, &found)}
                        </Section>
                    }
                })}
            {none
                .then(|| {
                    view! {
                        <Empty purpose="A baseline is the plan that both leads sign, so that everybody \
                            knows what was promised for when." />
                    }
                })}
            {(!none)
                .then(|| {
                    view! {
                        <Section title="Baselines">
                            <ul class="rows">{rows}</ul>
                        </Section>
                    }
                })}
        }
    }))
}

fn compare(baseline: &Baseline, plan: &[(BaselineLine, bool)]) -> Vec<(BaselineLine, Drift)> {
    let now: Vec<BaselineLine> = plan.iter().map(|(line, _)| line.clone()).collect();
    let over: Vec<&str> = plan
        .iter()
        .filter(|(_, is_over)| *is_over)
        .map(|(line, _)| line.id.as_str())
        .collect();
    // What a closed initiative had is not new because the baseline left it out.
    drift(&baseline.lines(), &now)
        .into_iter()
        .filter(|(line, drift)| *drift != Drift::Added || !over.contains(&line.id.as_str()))
        .collect()
}

/// "3 changed, 1 added, 0 archived, of 24".
fn legend(found: &[(BaselineLine, Drift)]) -> String {
    let count = |wanted: fn(&Drift) -> bool| found.iter().filter(|(_, drift)| wanted(drift)).count();
    let changed = count(|drift| matches!(drift, Drift::Changed { .. }));
    let added = count(|drift| *drift == Drift::Added);
    let archived = count(|drift| *drift == Drift::Archived);
    format!(
        "{changed} changed, {added} added, {archived} archived, of {}",
        found.len()
    )
}

fn table(viewer: &Viewer, found: &[(BaselineLine, Drift)]) -> impl IntoView + use<> {
    let today = viewer.today();
    let said = |day: &str| {
        day.parse::<Day>()
            .map_or_else(|_| day.to_owned(), |day| day.format(today))
    };
    let rows = found
        .iter()
        .map(|(line, drift)| {
            let (word, was_title, was_due) = match drift {
                Drift::Unchanged => ("Unchanged", None, None),
                Drift::Changed { title, due_on } => ("Changed", title.clone(), due_on.as_deref().map(said)),
                Drift::Added => ("Added", None, None),
                Drift::Archived => ("Archived", None, None),
            };
            let href = viewer.path(&format!("milestones/{}", line.number));
            let title = line.title.clone();
            let linked = if *drift == Drift::Archived {
                view! { <del>{title}</del> }.into_any()
            } else {
                view! { <a href=href>{title}</a> }.into_any()
            };
            view! {
                <tr>
                    <th scope="row">
                        {was_title
                            .map(|was| {
                                view! {
                                    <del>{was}</del>
                                    " "
                                }
                            })}{linked}<small class="faint">{line.initiative.clone()}</small>
                    </th>
                    <td data-label="Due">
                        {was_due
                            .map(|was| {
                                view! {
                                    <del>{was}</del>
                                    " "
                                }
                            })}{said(&line.due_on)}
                    </td>
                    <td data-label="Since">
                        <Tag label=word />
                    </td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="table is-stacked">
            <thead>
                <tr>
                    <th scope="col">"Milestone"</th>
                    <th scope="col">"Due"</th>
                    <th scope="col">"Since"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

pub async fn propose_baseline(viewer: Viewer) -> FormResponse {
    let number = write::propose_baseline(&viewer).await?;
    Ok(
        Redirect::to(viewer.path(&format!("milestones/baselines/{number}")))
            .with_notice(Notice::Proposed)
            .into_response(),
    )
}

async fn on_table(viewer: &Viewer, number: i64) -> Result<(Baseline, Option<Standing>)> {
    let baseline = read::baseline(viewer, number).await?;
    let standing = current(viewer, Kind::Baseline, baseline.id.uuid())
        .await?
        .map(|(standing, _)| standing);
    Ok((baseline, standing))
}

/// `/milestones/baselines/{number}`.
pub async fn baseline(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    let (baseline, standing) = on_table(&viewer, number).await?;
    let plan = read::plan(&viewer).await?;
    Ok(Page::new(
        &viewer,
        ROOM,
        format!("Baseline {number}"),
        move |viewer| {
            let path = viewer.path(&format!("milestones/baselines/{number}"));
            let found = compare(&baseline, &plan);
            let seat = seat_actions(&viewer, standing.as_ref(), &path);
            let line = standing
                .clone()
                .map(|standing| view! { <StandingLine standing=standing viewer=viewer.clone() /> });
            let reader = viewer.clone();
            let signatures = standing.clone().map(|standing| {
                let digest = standing.digest.clone();
                view! {
                    <Section title="Signatures">
                        <Signatures standing=standing viewer=reader who_may="The lead of this side" />
                    </Section>
                    <DigestLine digest=digest covers="every milestone, its initiative and its date" />
                }
            });
            view! {
                <Crumb href=viewer.path("milestones/baselines") text="Baseline" />
                <header class="page-head">
                    <div>
                        <h1>{format!("Baseline {number}")}</h1>
                        {line}
                    </div>
                    <div class="page-actions">
                        {seat}
                    </div>
                </header>
                <Section title="The plan beside it" aside=legend(&found)>
                    {table(&viewer, &found)}
                </Section>
                {signatures}
            }
        },
    ))
}

impl TablePage for write::BaselineOnTable {
    type Address = (String, i64);

    fn key((_, number): (String, i64)) -> Result<i64> {
        Ok(number)
    }

    fn path(number: i64) -> String {
        format!("milestones/baselines/{number}")
    }
}

impl SigningPage for write::BaselineOnTable {
    async fn sign_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
        let baseline = read::baseline(viewer, number).await?;
        let (standing, content) = current(viewer, Kind::Baseline, baseline.id.uuid())
            .await?
            .ok_or(Error::Conflict)?;
        let text = BaselineText::read(&content)?;
        let side = standing.side_of_signer(viewer, form.is_typed())?;
        let cancel = viewer.path(&format!("milestones/baselines/{number}"));
        Ok(Page::new(
            viewer,
            ROOM,
            format!("Sign baseline {number}"),
            move |viewer| {
                let lines: Vec<(BaselineLine, Drift)> = text
                    .milestones
                    .into_iter()
                    .map(|line| (line, Drift::Unchanged))
                    .collect();
                view! {
                    <Crumb href=cancel.clone() text=format!("Baseline {number}") />
                    <h1>{format!("Sign baseline {number} for {}", side.name())}</h1>
                    <p>"This is what you sign, in full."</p>
                    {table(&viewer, &lines)}
                    <DigestLine
                        digest=standing.digest.clone()
                        covers="every milestone of the plan, with its days"
                    />
                    <SignForm
                        form=form
                        standing=standing
                        side=side
                        what="this baseline"
                        cancel=cancel
                        conditions=false
                    />
                }
            },
        ))
    }
}
