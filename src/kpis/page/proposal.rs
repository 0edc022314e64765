//! Targets that lie before both owners, or that they signed last.

use axum::{extract::Path, response::IntoResponse};
use leptos::prelude::*;

use super::ROOM;

use crate::{
    handshake::{
        Kind,
        components::{DigestLine, SignForm, Signatures, StandingLine, seat_actions},
        page::{SigningPage, TablePage},
        read::{Standing, current, last_sealed},
        text::SignedText as _,
    },
    identity::{Action, FormResponse, Page, Redirect, Viewer},
    kpis::{
        read::{self, Kpi},
        text::{KpiChange, TargetsText},
        write::{self, TargetsOnTable},
    },
    platform::{
        error::{Error, Result},
        form::Form,
    },
    ui::{AskFirst, Crumb, Notice, Section},
};

const COVERS: &str = "the KPI, its unit and direction, all targets and limits, and the reason";

/// What lies before both owners, in a noun.
fn noun(text: &TargetsText) -> &'static str {
    text.change.as_ref().map_or("the targets", KpiChange::noun)
}

/// What lies before both owners, as a heading.
fn heading(text: &TargetsText) -> &'static str {
    match &text.change {
        None => "Targets",
        Some(KpiChange::Archive) => "Archive the KPI",
        Some(KpiChange::Formula(_)) => "Formula",
    }
}

/// What follows once both owners have signed.
fn follows(text: &TargetsText) -> &'static str {
    match &text.change {
        None => {
            "The targets take effect when both owners have signed. From then on every value is judged by them."
        }
        Some(KpiChange::Archive) => {
            "When both owners have signed, nobody enters values any more and the targets no longer count. Past \
             values stay in the history."
        }
        Some(KpiChange::Formula(_)) => {
            "When both owners have signed, values are computed in this way. What both have confirmed stays."
        }
    }
}

async fn on_table(viewer: &Viewer, kpi: &Kpi) -> Result<Option<(Standing, TargetsText)>> {
    current(viewer, Kind::Targets, kpi.id.uuid())
        .await?
        .map(|(standing, content)| Ok((standing, TargetsText::read(&content)?)))
        .transpose()
}

/// The targets that both owners have yet to sign.
pub(super) async fn awaited(viewer: &Viewer, kpi: &Kpi) -> Result<Option<TargetsText>> {
    Ok(on_table(viewer, kpi)
        .await?
        .filter(|(standing, text)| !standing.is_sealed() && text.change.is_none())
        .map(|(_, text)| text))
}

/// That targets wait for signatures, on the KPI's page.
pub(super) async fn line(viewer: &Viewer, kpi: &Kpi) -> Result<Option<impl IntoView + use<>>> {
    let Some((standing, text)) = on_table(viewer, kpi)
        .await?
        .filter(|(standing, _)| !standing.is_sealed())
    else {
        return Ok(None);
    };
    let what = match (
        &text.change,
        text.targets.is_empty(),
        text.limits.is_some_and(|limits| limits.changes()),
    ) {
        (Some(KpiChange::Archive), ..) => "Both owners are asked to archive this KPI. ",
        (Some(KpiChange::Formula(_)), ..) => "A new formula waits for both owners. ",
        (None, true, _) => "New limits wait for both owners. ",
        (None, false, true) => "New targets and limits wait for both owners. ",
        (None, false, false) => "New targets wait for both owners. ",
    };
    let read = if text.change.is_some() {
        "Read it"
    } else {
        "Read them"
    };
    let href = viewer.path(&format!("{}/targets/proposal", kpi.path()));
    let viewer = viewer.clone();
    Ok(Some(view! {
        <div class="card">
            <p>
                <strong>{what}</strong>
                <a href=href>{read}</a>
            </p>
            <StandingLine standing=standing viewer=viewer sent_back=SENT_BACK />
        </div>
    }))
}

const SENT_BACK: &str = " It is written anew before anybody signs.";

/// The signed text, in full.
fn record(viewer: &Viewer, text: TargetsText) -> impl IntoView + use<> {
    let today = viewer.today();
    let rows = text
        .targets
        .iter()
        .map(|change| {
            let said = |target: Option<crate::kpis::Target>| {
                target.map_or_else(|| "none".to_owned(), |target| target.format(&text.unit))
            };
            view! {
                <tr>
                    <th scope="row">{text.cadence.format(change.period, today)}</th>
                    <td class="number" data-label="Before">
                        {said(change.was())}
                    </td>
                    <td class="number" data-label="Target">
                        <strong>{said(change.target())}</strong>
                    </td>
                </tr>
            }
        })
        .collect_view();
    let limits = text
        .limits
        .filter(|_| text.change.is_none())
        .map(|limits| limits.format());
    let change = text.change.as_ref().map(|change| match change {
        KpiChange::Archive => "This KPI is no longer measured.".to_owned(),
        KpiChange::Formula(formula) => format!("{}. Until now: {}.", formula.words, formula.was),
    });
    let has_targets = !text.targets.is_empty();
    view! {
        <div class="card record">
            <h2>{text.title}</h2>
            <p class="faint">{text.direction.name()}</p>
            {(!text.because.is_empty()).then(|| view! { <p class="prose">{text.because}</p> })}
            {change.map(|change| view! { <p>{change}</p> })}
            {limits.map(|limits| view! { <p>{limits}</p> })}
            {has_targets
                .then(|| {
                    view! {
                        <div class="scroll" tabindex="0" role="group" aria-label="Targets">
                            <table class="table is-stacked">
                                <thead>
                                    <tr>
                                        <th scope="col">"Period"</th>
                                        <th scope="col" class="number">
                                            "Before"
                                        </th>
                                        <th scope="col" class="number">
                                            "Target"
                                        </th>
                                    </tr>
                                </thead>
                                <tbody>{rows}</tbody>
                            </table>
                        </div>
                    }
                })}
        </div>
    }
}

/// What both owners signed last, where something else was put before them since and taken back.
async fn sealed_before(viewer: &Viewer, kpi: &Kpi) -> Result<Page> {
    let (content, at) = last_sealed(viewer, Kind::Targets, kpi.id.uuid())
        .await?
        .ok_or(Error::NotFound)?;
    let text = TargetsText::read(&content)?;
    let heading = heading(&text);
    let (back, kpi_title) = (viewer.path(&kpi.path()), kpi.title.clone());
    let day = viewer.day_of(at).format(viewer.today());
    Ok(Page::new(
        viewer,
        ROOM,
        format!("{heading}: {}", kpi.title),
        move |viewer| {
            view! {
                <Crumb href=back text=kpi_title />
                <h1>{heading}</h1>
                <p>{format!("Both sides signed this on {day}. What was proposed since was taken back.")}</p>
                {record(&viewer, text)}
            }
        },
    ))
}

pub async fn proposal(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    let (kpi, _) = read::one_or_archived(&viewer, number).await?;
    let Some((standing, text)) = on_table(&viewer, &kpi).await? else {
        return sealed_before(&viewer, &kpi).await;
    };
    let (heading, noun) = (heading(&text), noun(&text));
    let title = format!("{heading}: {}", kpi.title);
    let is_targets = text.change.is_none();
    Ok(Page::new(&viewer, ROOM, title, move |viewer| {
        let back = viewer.path(&kpi.path());
        let path = format!("{back}/targets");
        let may_change = viewer.may(Action::ManageKpi) && !standing.is_sealed();
        let seat = seat_actions(&viewer, Some(&standing), &format!("{path}/proposal"));
        let digest = standing.digest.clone();
        view! {
            <Crumb href=back text=kpi.title.clone() />
            <header class="page-head">
                <div>
                    <h1>{heading}</h1>
                    <StandingLine standing=standing.clone() viewer=viewer.clone() sent_back=SENT_BACK />
                </div>
                <div class="page-actions">
                    {may_change
                        .then(|| {
                            view! {
                                <AskFirst
                                    id="take-back"
                                    verb="Withdraw…"
                                    question=format!("Withdraw {noun}?")
                                    follows="Nobody can sign it any more. What holds stays in force."
                                    yes="Withdraw"
                                    no="Keep"
                                    action=format!("{path}/proposal/take-back")
                                    fields=vec![("seen", standing.id.to_string())]
                                />
                                {is_targets
                                    .then(|| {
                                        view! {
                                            <a class="button" href=path.clone()>
                                                "Change them"
                                            </a>
                                        }
                                    })}
                            }
                        })}
                    {seat}
                </div>
            </header>
            {record(&viewer, text)}
            <Section title="Signatures">
                <Signatures standing=standing viewer=viewer who_may="The owner of this side" />
            </Section>
            <DigestLine digest=digest covers=COVERS />
        }
    }))
}

impl TablePage for TargetsOnTable {
    type Address = (String, i64);

    fn key((_, number): (String, i64)) -> Result<i64> {
        Ok(number)
    }

    fn path(number: i64) -> String {
        format!("kpis/{number}/targets/proposal")
    }
}

impl SigningPage for TargetsOnTable {
    async fn sign_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
        let kpi = read::one(viewer, number).await?;
        let (standing, text) = on_table(viewer, &kpi).await?.ok_or(Error::Conflict)?;
        let side = standing.side_of_signer(viewer, form.is_typed())?;
        let cancel = viewer.path(&Self::path(number));
        Ok(Page::new(
            viewer,
            ROOM,
            format!("Sign {}: {}", noun(&text), kpi.title),
            move |viewer| {
                let (noun, follows) = (noun(&text), follows(&text));
                view! {
                    <Crumb href=cancel.clone() text=kpi.title.clone() />
                    <h1>{format!("Sign {noun} for {}", side.name())}</h1>
                    <p>{follows}</p>
                    {record(&viewer, text)}
                    <DigestLine digest=standing.digest.clone() covers=COVERS />
                    <SignForm
                        form=form
                        standing=standing
                        side=side
                        what=noun
                        cancel=cancel
                        conditions=false
                    />
                }
            },
        ))
    }
}

pub async fn take_targets_back(
    viewer: Viewer,
    Path((_, number)): Path<(String, i64)>,
    form: Form,
) -> FormResponse {
    write::take_targets_back(&viewer, number, form.raw("seen")).await?;
    Ok(Redirect::to(viewer.path(&format!("kpis/{number}")))
        .with_notice(Notice::TakenBack)
        .into_response())
}
