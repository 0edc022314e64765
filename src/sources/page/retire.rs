//! Retiring a source, and the question whether it is, before its owner and its custodian.

use axum::{extract::Path, response::IntoResponse as _};
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
    identity::{Action, FormResponse, Page, Redirect, Seats, Side, Viewer, respond},
    platform::{
        error::{Error, Result},
        form::Form,
        ids::MemberId,
    },
    sources::{
        Chair,
        read::{self, Source},
        text::SourceEndText,
        write::{self, EndOnTable, Retirement},
    },
    ui::{Actions, Crumb, Notice, PostForm, Section, TextArea},
};

const COVERS: &str = "that the source is retired, and why";

const FOLLOWS: &str = "It leaves the map, and its chairs become empty. Its page stays.";

fn may_retire(viewer: &Viewer, it: &Source) -> bool {
    let holders: Vec<MemberId> = it.chairs.iter().map(|holder| holder.member_id).collect();
    it.retired.is_none() && viewer.may(Action::RetireSource { holders: &holders })
}

/// What lies before both holders, if anything.
async fn question(viewer: &Viewer, it: &Source) -> Result<Option<(Standing, SourceEndText)>> {
    match current(viewer, Kind::SourceEnd, it.id.uuid()).await? {
        Some((standing, content)) if !standing.is_sealed() => {
            Ok(Some((standing, SourceEndText::read(&content)?)))
        }
        _ => Ok(None),
    }
}

pub async fn retire_form(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    retire_page(&viewer, number, Form::blank()).await
}

async fn retire_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    let it = read::source(viewer, number).await?;
    let question = question(viewer, &it).await?;
    let may = may_retire(viewer, &it);
    if !may && question.is_none() {
        return Err(Error::Forbidden);
    }
    let is_profile = read::profile(viewer).await?.named == Some(it.id);
    let title = format!("Retire {}", it.name);
    Ok(Page::new(viewer, ROOM, title.clone(), move |viewer| {
        let asked = question.map(|(standing, text)| before_holders(&viewer, &it, standing, text));
        let asks = may && asked.is_none();
        view! {
            <Crumb href=viewer.path(&it.path()) text=it.name.clone() />
            <h1>{title}</h1>
            <p>{FOLLOWS}</p>
            {asked}
            {asks.then(|| ask(&viewer, &it, is_profile, form))}
        }
    }))
}

fn ask(viewer: &Viewer, it: &Source, is_profile: bool, form: Form) -> impl IntoView + use<> {
    if is_profile {
        return view! {
            <p>
                "It is the profile. "
                <a href=viewer.path("sources/profile")>"Both leads name another source first"</a>
                "."
            </p>
        }
        .into_any();
    }
    let (both, verb) = if it.agreed_at.is_some() {
        (
            Some("Both holders signed its entry, so both sign its end. Until then it stays."),
            "Ask both holders to sign",
        )
    } else {
        (None, "Retire the source")
    };
    let cancel = viewer.path(&it.path());
    view! {
        {both.map(|both| view! { <p>{both}</p> })}
        <PostForm form=form>
            <TextArea name="because" label="Why" rows=2 max_length=500 />
            <Actions verb=verb cancel=cancel />
        </PostForm>
    }
    .into_any()
}

fn record(text: SourceEndText) -> impl IntoView {
    view! {
        <div class="card record">
            <p class="prose">
                <strong>{text.name}</strong>
                {format!(", source {}, is retired: {}", text.source, text.because)}
            </p>
        </div>
    }
}

fn before_holders(
    viewer: &Viewer,
    it: &Source,
    standing: Standing,
    text: SourceEndText,
) -> impl IntoView + use<> {
    let viewer = viewer.clone();
    let path = viewer.path(&format!("{}/retire", it.path()));
    let digest = standing.digest.clone();
    let seat = seat_actions(&viewer, Some(&standing), &path);
    let keep = may_retire(&viewer, it).then(|| {
        view! {
            <form method="post" action=viewer.path(&format!("{}/keep", it.path())) class="inline">
                <button class="button" type="submit">
                    "Keep the source"
                </button>
            </form>
        }
    });
    view! {
        <Section title="Waiting for signatures">
            <StandingLine
                standing=standing.clone()
                viewer=viewer.clone()
                sent_back=" Keep the source, or ask again with another reason."
            />
            {record(text)}
            <div class="page-actions">{seat} {keep}</div>
            <Signatures standing=standing viewer=viewer who_may="The holder of this side’s chair" />
            <DigestLine digest=digest covers=COVERS />
        </Section>
    }
}

pub async fn retire(viewer: Viewer, Path((_, number)): Path<(String, i64)>, mut form: Form) -> FormResponse {
    let outcome = async {
        let because = form.paragraphs("because", 500).ok_or_else(|| form.refusal())?;
        let (to, notice) = match write::retire(&viewer, number, &because).await? {
            Retirement::Done => (format!("sources/{number}"), Notice::Archived),
            Retirement::Proposal => (format!("sources/{number}/retire"), Notice::Proposed),
        };
        Ok(Redirect::to(viewer.path(&to)).with_notice(notice))
    }
    .await;
    respond(outcome, form, |form| retire_page(&viewer, number, form)).await
}

/// It stays: what was asked of both holders is withdrawn.
pub async fn keep(viewer: Viewer, Path((_, number)): Path<(String, i64)>, _: Form) -> FormResponse {
    write::keep(&viewer, number).await?;
    let to = viewer.path(&format!("sources/{number}"));
    Ok(Redirect::to(to).with_notice(Notice::TakenBack).into_response())
}

impl TablePage for EndOnTable {
    type Address = (String, i64);

    fn key((_, number): (String, i64)) -> Result<i64> {
        Ok(number)
    }

    fn path(number: i64) -> String {
        format!("sources/{number}/retire")
    }
}

impl SigningPage for EndOnTable {
    async fn sign_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
        let it = read::source(viewer, number).await?;
        let holder = |side| match side {
            Side::Marketing => it.holder(Chair::Owner),
            Side::Technology => it.holder(Chair::Custodian),
        };
        if !viewer.may(Action::FillSeat {
            seats: Seats::Owners,
            owner: viewer.side().and_then(holder).map(|holder| holder.member_id),
        }) {
            return Err(Error::Forbidden);
        }
        let (standing, text) = question(viewer, &it).await?.ok_or(Error::Conflict)?;
        let side = standing.side_of_signer(viewer, form.is_typed())?;
        let form = form.over(Form::blank(), &[]);
        let cancel = viewer.path(&format!("{}/retire", it.path()));
        let title = format!("Sign that “{}” is retired", it.name);
        Ok(Page::new(viewer, ROOM, title, move |_| {
            view! {
                <Crumb href=cancel.clone() text=it.name.clone() />
                <h1>{format!("Sign for {}", side.name())}</h1>
                <p>{format!("Once both have signed: {FOLLOWS}")}</p>
                {record(text)}
                <DigestLine digest=standing.digest.clone() covers=COVERS />
                <SignForm
                    form=form
                    standing=standing
                    side=side
                    what="that it is retired"
                    cancel=cancel
                    conditions=false
                />
            }
        }))
    }
}
