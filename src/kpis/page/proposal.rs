//! Targets that lie before both owners, or that they signed last.

use axum::{extract::Path, response::IntoResponse};
use leptos::prelude::*;

use super::ROOM;

use crate::{
    handshake::{
        Kind,
        components::{DigestLine, SignForm, Signatures, StandingLine, WithdrawForm},
        page::{SigningPage, TablePage},
        read::{Standing, current},
        text::SignedText as _,
    },
    identity::{Action, FormResponse, Page, Redirect, Viewer},
    kpis::{
        read::{self, Kpi},
        text::TargetsText,
        write::{self, TargetsOnTable},
    },
    platform::{
        error::{Error, Result},
        form::Form,
    },
    ui::{AskFirst, Crumb, Notice, Section},
};

const COVERS: &str = "the KPI, its unit and direction, all targets and limits, and the reason";

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
        .filter(|(standing, _)| !standing.is_sealed())
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
        text.targets.is_empty(),
        text.limits.is_some_and(|limits| limits.changes()),
    ) {
        (true, _) => "New limits wait for both owners. ",
        (false, true) => "New targets and limits wait for both owners. ",
        (false, false) => "New targets wait for both owners. ",
    };
    let href = viewer.path(&format!("{}/targets/proposal", kpi.path()));
    let viewer = viewer.clone();
    Ok(Some(view! {
        <div class="card">
            <p>
                <strong>{what}</strong>
                <a href=href>"Read them"</a>
            </p>
            <StandingLine standing=standing viewer=viewer sent_back=SENT_BACK />
        </div>
    }))
}

const SENT_BACK: &str = " The targets are written anew before anybody signs.";

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
    let limits = text.limits.map(|limits| limits.format());
    let has_targets = !text.targets.is_empty();
    view! {
        <div class="card record">
            <h2>{text.title}</h2>
            <p class="faint">{text.direction.name()}</p>
            {(!text.because.is_empty()).then(|| view! { <p class="prose">{text.because}</p> })}
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

pub async fn proposal(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    let (kpi, _) = read::one_or_archived(&viewer, number).await?;
    let (standing, text) = on_table(&viewer, &kpi).await?.ok_or(Error::NotFound)?;
    let title = format!("Targets of {}", kpi.title);
    Ok(Page::new(&viewer, ROOM, title, move |viewer| {
        let back = viewer.path(&kpi.path());
        let path = format!("{back}/targets");
        let may_change = viewer.may(Action::ManageKpi) && !standing.is_sealed();
        let open = standing.open_to(&viewer);
        let withdrawable = standing.may_be_withdrawn_by(&viewer);
        let digest = standing.digest.clone();
        view! {
            <Crumb href=back text=kpi.title.clone() />
            <header class="page-head">
                <div>
                    <h1>"Targets"</h1>
                    <StandingLine standing=standing.clone() viewer=viewer.clone() sent_back=SENT_BACK />
                </div>
                <div class="page-actions">
                    {withdrawable
                        .then(|| {
                            view! { <WithdrawForm action=format!("{path}/proposal/withdraw") /> }
                        })}
                    {may_change
                        .then(|| {
                            view! {
                                <AskFirst
                                    id="take-back"
                                    verb="Withdraw them…"
                                    question="Withdraw these targets?"
                                    follows="Nobody can sign them any more. The targets of before stay in force."
                                    yes="Withdraw them"
                                    no="Keep them"
                                    action=format!("{path}/proposal/take-back")
                                />
                                <a class="button" href=path.clone()>
                                    "Change them"
                                </a>
                            }
                        })}
                    {open
                        .map(|side| {
                            view! {
                                <a class="button is-primary" href=format!("{path}/proposal/sign")>
                                    {format!("Sign for {}…", side.name())}
                                </a>
                            }
                        })}
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
            format!("Sign the targets of {}", kpi.title),
            move |viewer| {
                view! {
                    <Crumb href=cancel.clone() text=kpi.title.clone() />
                    <h1>{format!("Sign the targets for {}", side.name())}</h1>
                    <p>
                        "The targets take effect when both owners have signed. From then on every value is \
                            judged by them."
                    </p>
                    {record(&viewer, text)}
                    <DigestLine digest=standing.digest.clone() covers=COVERS />
                    <SignForm
                        form=form
                        standing=standing
                        side=side
                        what="the targets"
                        cancel=cancel
                        conditions=false
                    />
                }
            },
        ))
    }
}

pub async fn take_targets_back(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> FormResponse {
    write::take_targets_back(&viewer, number).await?;
    Ok(Redirect::to(viewer.path(&format!("kpis/{number}")))
        .with_notice(Notice::TakenBack)
        .into_response())
}
