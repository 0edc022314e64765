//! `/sources/profile`: which source is where a customer's parts meet, named by both leads.

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
    identity::{Action, FormResponse, Page, Redirect, Viewer, respond},
    platform::{
        error::{Error, Result},
        form::Form,
    },
    sources::{
        read::{self, EntryState},
        text::ProfileText,
        write::{self, ProfileOnTable},
    },
    ui::{Actions, Crumb, Notice, PostForm, Section, Select},
};

const COVERS: &str = "which source is the profile, and which was before";

pub async fn profile(viewer: Viewer) -> Result<Page> {
    profile_page(&viewer, Form::blank()).await
}

async fn profile_page(viewer: &Viewer, form: Form) -> Result<Page> {
    let (profile, sources) = (read::profile(viewer).await?, read::sources(viewer).await?);
    let named_as = read::profile_as_named(viewer).await?;
    let on_table = match profile.offered {
        Some((id, _)) => match current(viewer, Kind::Profile, id.uuid()).await? {
            Some((standing, content)) => Some((standing, ProfileText::read(&content)?)),
            None => None,
        },
        None => None,
    };
    Ok(Page::new(viewer, ROOM, "The profile", move |viewer| {
        let named = sources
            .iter()
            .find(|source| profile.named == Some(source.id))
            .map(|source| {
                // Both signed a name; a source may be called otherwise since.
                let then = named_as
                    .as_ref()
                    .filter(|text| text.source == source.number && text.name != source.name)
                    .map(|text| format!(", then called “{}”", text.name));
                (viewer.path(&source.path()), source.name.clone(), then)
            });
        let options: Vec<(String, String)> = sources
            .iter()
            .filter(|source| source.state != EntryState::Retired && profile.named != Some(source.id))
            .map(|source| (source.number.to_string(), source.name.clone()))
            .collect();
        let may = viewer.may(Action::NameProfile) && !options.is_empty();
        let title = if profile.offered.is_some() {
            "Propose another instead"
        } else {
            "Propose one"
        };
        let now = match named {
            Some((href, name, then)) => view! {
                <p>
                    "Both leads named " <a href=href>{name}</a> {then} "."
                </p>
            }
            .into_any(),
            None => {
                view! { <p>"None is named by both leads yet, so nothing counts as joined."</p> }.into_any()
            }
        };
        let waiting = on_table.map(|(standing, text)| before_leads(&viewer, standing, text));
        view! {
            <Crumb href=viewer.path("sources") text="Sources" />
            <h1>"The profile"</h1>
            <p class="lead">"The one source where a customer’s parts meet. What can be reached from it by a key is joined."</p>
            {now}
            {waiting}
            {may
                .then(|| {
                    view! {
                        <Section title=title>
                            <PostForm form=form class="is-short">
                                <Select name="source" label="The profile" options=options none="Choose" />
                                <Actions verb="Ask both leads" />
                            </PostForm>
                        </Section>
                    }
                })}
        }
    }))
}

fn before_leads(viewer: &Viewer, standing: Standing, text: ProfileText) -> impl IntoView + use<> {
    let viewer = viewer.clone();
    let path = viewer.path("sources/profile");
    let digest = standing.digest.clone();
    let seat = seat_actions(&viewer, Some(&standing), &path);
    view! {
        <Section title="Waiting for signatures">
            <StandingLine standing=standing.clone() viewer=viewer.clone() sent_back=" Propose one again." />
            {record(text)}
            <div class="page-actions">
                {seat}
            </div>
            <Signatures standing=standing viewer=viewer who_may="The lead of this side" />
            <DigestLine digest=digest covers=COVERS />
        </Section>
    }
}

fn record(text: ProfileText) -> impl IntoView {
    let instead = text
        .instead_of
        .map(|before| format!(" It takes the place of {before}."));
    view! {
        <div class="card record">
            <p class="prose">
                <strong>{text.name}</strong>
                {format!(", source {}, is the profile.", text.source)}
                {instead}
            </p>
        </div>
    }
}

pub async fn name_profile(viewer: Viewer, mut form: Form) -> FormResponse {
    if !viewer.may(Action::NameProfile) {
        return Err(Error::Forbidden);
    }
    let outcome = async {
        let number: i64 = form.choice("source").ok_or_else(|| form.refusal())?;
        write::name_profile(&viewer, number).await?;
        Ok(Redirect::to(viewer.path("sources/profile")).with_notice(Notice::Proposed))
    }
    .await;
    respond(outcome, form, |form| profile_page(&viewer, form)).await
}

impl TablePage for ProfileOnTable {
    type Address = (String,);

    fn key(_: (String,)) -> Result<()> {
        Ok(())
    }

    fn path((): ()) -> String {
        "sources/profile".to_owned()
    }
}

impl SigningPage for ProfileOnTable {
    async fn sign_page(viewer: &Viewer, (): (), form: Form) -> Result<Page> {
        let (id, _) = read::profile(viewer).await?.offered.ok_or(Error::Conflict)?;
        let (standing, content) = current(viewer, Kind::Profile, id.uuid())
            .await?
            .ok_or(Error::Conflict)?;
        let side = standing.side_of_signer(viewer, form.is_typed())?;
        let text = ProfileText::read(&content)?;
        let form = form.over(Form::blank(), &[]);
        let cancel = viewer.path("sources/profile");
        Ok(Page::new(viewer, ROOM, "Sign the profile", move |_| {
            view! {
                <Crumb href=cancel.clone() text="The profile" />
                <h1>{format!("Sign for {}", side.name())}</h1>
                <p>"From then on “joined” means joined to this source."</p>
                {record(text)}
                <DigestLine digest=standing.digest.clone() covers=COVERS />
                <SignForm
                    form=form
                    standing=standing
                    side=side
                    what="this profile"
                    cancel=cancel
                    conditions=false
                />
            }
        }))
    }
}
