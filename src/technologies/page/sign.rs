//! Where a technology is to stand, signed by both owners.

use leptos::prelude::*;

use super::ROOM;

use crate::{
    handshake::{
        Kind,
        components::{DigestLine, SignForm, Signatures, StandingLine},
        page::{SigningPage, TablePage},
        read::{Standing, current},
        text::SignedText as _,
    },
    identity::{Page, Viewer},
    platform::{
        error::{Error, Result},
        form::Form,
    },
    technologies::{read, text::TechnologyText, write::MoveOnTable},
    ui::{Crumb, Section, Tag},
};

const COVERS: &str = "the technology, what it is for, its stage, why, and both owners";

/// The signed text, in full.
fn record(text: TechnologyText) -> impl IntoView {
    view! {
        <div class="card record">
            <p class="standing">
                <Tag label=text.stage.name() />
                <span class="faint">{text.stage.meaning()}</span>
            </p>
            <p class="prose">
                <strong>{text.name}</strong>
                " "
                {text.purpose}
            </p>
            <p class="prose">{text.because}</p>
            <p class="faint">
                {format!(
                    "Technology {}, owned by {} for Marketing and {} for Technology",
                    text.technology,
                    text.marketing_owner,
                    text.technology_owner,
                )}
            </p>
        </div>
    }
}

/// What lies before both owners, or what they signed last.
pub(super) fn section(viewer: &Viewer, standing: Standing, text: TechnologyText) -> impl IntoView + use<> {
    let viewer = viewer.clone();
    let digest = standing.digest.clone();
    view! {
        <Section title="Stage">
            <StandingLine
                standing=standing.clone()
                viewer=viewer.clone()
                sent_back=" The requester can ask again."
            />
            {record(text)}
            <Signatures standing=standing viewer=viewer who_may="The owner of this side" />
            <DigestLine digest=digest covers=COVERS />
        </Section>
    }
}

impl TablePage for MoveOnTable {
    type Address = (String, i64);

    fn key((_, number): (String, i64)) -> Result<i64> {
        Ok(number)
    }

    fn path(number: i64) -> String {
        format!("technologies/{number}")
    }
}

impl SigningPage for MoveOnTable {
    async fn sign_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
        let it = read::technology(viewer, number).await?;
        let (standing, content) = current(viewer, Kind::Technology, it.id.uuid())
            .await?
            .ok_or(Error::Conflict)?;
        let side = standing.side_of_signer(viewer, form.is_typed())?;
        let text = TechnologyText::read(&content)?;
        let form = form.over(Form::blank(), &[]);
        let cancel = viewer.path(&format!("technologies/{number}"));
        let title = format!("Sign the stage of {}", it.name);
        Ok(Page::new(viewer, ROOM, title, move |_| {
            view! {
                <Crumb href=cancel.clone() text=it.name.clone() />
                <h1>{format!("Sign for {}", side.name())}</h1>
                <p>
                    {format!(
                        "When both owners have signed, {} moves to {}. Both answer for it from then on.",
                        text.name,
                        text.stage.name().to_lowercase(),
                    )}
                </p>
                {record(text)}
                <DigestLine digest=standing.digest.clone() covers=COVERS />
                <SignForm
                    form=form
                    standing=standing
                    side=side
                    what="this entry"
                    cancel=cancel
                    conditions=false
                />
            }
        }))
    }
}
