//! Starting: the charter that both co-leads sign.

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
    identity::{Action, FormResponse, Page, Redirect, Side, Viewer},
    initiatives::{
        Phase,
        read::{self, Initiative},
        text::CharterText,
        write,
    },
    platform::{
        error::{Error, Result},
        form::Form,
    },
    ui::{Avatar, Crumb, Notice, Section},
};

const COVERS: &str = "the title, the purpose, the dates, both co-leads and the team";

async fn on_table(viewer: &Viewer, it: &Initiative) -> Result<(Standing, CharterText)> {
    let (standing, content) = current(viewer, Kind::Charter, it.id.uuid())
        .await?
        .ok_or(Error::NotFound)?;
    Ok((standing, CharterText::read(&content)?))
}

/// The signed text, in full.
fn charter_body(viewer: &Viewer, charter: CharterText) -> impl IntoView + use<> {
    let today = viewer.today();
    let (starts, due) = (charter.starts.format(today), charter.due.format(today));
    let lead = |name: String, side: Side| {
        let note = (charter.driven_by == side).then(|| view! { <small class="faint">"lead"</small> });
        view! {
            <li class="person">
                <Avatar name=name.clone() side=side.as_str() />
                <span>{name}" "{note}</span>
            </li>
        }
    };
    let team = charter
        .team
        .into_iter()
        .map(|mate| {
            view! {
                <li class="person">
                    <Avatar name=mate.name.clone() side=mate.side.as_str() />
                    <span>{mate.name}" "<small class="faint">{mate.responsibility}</small></span>
                </li>
            }
        })
        .collect_view();
    view! {
        <div class="card record">
            <h2>{charter.title}</h2>
            <p class="prose">{charter.purpose}</p>
            <div class="facts">
                <div>
                    <h3>"Co-leads"</h3>
                    <ul class="plain">
                        {lead(charter.marketing_lead, Side::Marketing)}
                        {lead(charter.technology_lead, Side::Technology)}
                    </ul>
                </div>
                <div>
                    <h3>"Team"</h3>
                    <ul class="plain">{team}</ul>
                </div>
                <div>
                    <h3>"When"</h3>
                    <p>{format!("{starts} to {due}")}</p>
                    <p class="faint">{format!("Checked in {}", charter.cadence.name().to_lowercase())}</p>
                </div>
            </div>
        </div>
    }
}

pub async fn charter(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    let it = read::one(&viewer, number).await?;
    let (standing, text) = on_table(&viewer, &it).await?;
    Ok(Page::new(
        &viewer,
        ROOM,
        format!("Charter of {}", it.title),
        move |viewer| {
            let path = viewer.path(&it.path());
            let may_manage = viewer.may(Action::ManageInitiative { leads: it.leads() });
            let takes_back = may_manage && it.phase == Phase::Proposed;
            let asks_again = takes_back && standing.disputing().is_some();
            let seat = seat_actions(&viewer, Some(&standing), &format!("{path}/charter"));
            let digest = standing.digest.clone();
            let (for_line, for_rows) = (standing.clone(), standing);
            let (reader, other_reader) = (viewer.clone(), viewer.clone());
            view! {
                <Crumb href=path.clone() text=it.title.clone() />
                <header class="page-head">
                    <div>
                        <h1>"Charter"</h1>
                        <StandingLine
                            standing=for_line
                            viewer=reader
                            sent_back=" Change the initiative, and the charter is put before both again."
                        />
                    </div>
                    <div class="page-actions">
                        {takes_back
                            .then(|| {
                                view! {
                                    <form method="post" action=format!("{path}/charter/take-back")>
                                        <button class="button" type="submit">
                                            "Do not start yet"
                                        </button>
                                    </form>
                                }
                            })}
                        {asks_again
                            .then(|| {
                                view! {
                                    <a class="button is-primary" href=format!("{path}/edit")>
                                        "Change the initiative…"
                                    </a>
                                }
                            })}
                        {seat}
                    </div>
                </header>
                {charter_body(&viewer, text)}
                <Section title="Signatures">
                    <Signatures standing=for_rows viewer=other_reader who_may="The co-lead of this side" />
                </Section>
                <DigestLine digest=digest covers=COVERS />
            }
        },
    ))
}

/// That a charter waits for signatures, on the initiative's page.
pub(super) fn line(viewer: &Viewer, it: &Initiative, standing: Standing) -> impl IntoView + use<> {
    let href = format!("{}/charter", viewer.path(&it.path()));
    let lead = if it.phase == Phase::Proposed {
        "The initiative starts when both co-leads have signed: "
    } else {
        "The initiative changed. Both co-leads have to confirm it: "
    };
    view! {
        <p class="faint">{lead}<a href=href>"read the charter"</a>"."</p>
        <StandingLine standing=standing viewer=viewer.clone() />
    }
}

impl TablePage for write::CharterOnTable {
    type Address = (String, i64);

    fn key((_, number): (String, i64)) -> Result<i64> {
        Ok(number)
    }

    fn path(number: i64) -> String {
        format!("initiatives/{number}/charter")
    }
}

impl SigningPage for write::CharterOnTable {
    async fn sign_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
        let it = read::one(viewer, number).await?;
        let (standing, text) = on_table(viewer, &it).await?;
        let side = standing.side_of_signer(viewer, form.is_typed())?;
        let cancel = viewer.path(&format!("{}/charter", it.path()));
        Ok(Page::new(
            viewer,
            ROOM,
            format!("Sign the charter of {}", it.title),
            move |viewer| {
                view! {
                    <Crumb href=cancel.clone() text=it.title.clone() />
                    <h1>{format!("Sign the charter for {}", side.name())}</h1>
                    {(it.phase == Phase::Proposed)
                        .then(|| {
                            view! {
                                <p>
                                    "The initiative starts when both co-leads have signed. Both answer for \
                                        it from then on."
                                </p>
                            }
                        })}
                    {charter_body(&viewer, text)}
                    <DigestLine digest=standing.digest.clone() covers=COVERS />
                    <SignForm
                        form=form
                        standing=standing
                        side=side
                        what="the charter"
                        cancel=cancel
                        conditions=false
                    />
                }
            },
        ))
    }
}

pub async fn take_charter_back(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> FormResponse {
    write::take_charter_back(&viewer, number).await?;
    Ok(Redirect::to(viewer.path(&format!("initiatives/{number}")))
        .with_notice(Notice::TakenBack)
        .into_response())
}
