//! The forms by which a thing is talked about, written once: a room says what its thing is called and where
//! it is.

use std::future::Future;

use axum::{extract::Path, response::IntoResponse};
use leptos::prelude::*;
use serde::de::DeserializeOwned;

use super::{
    HELP, MAX_LENGTH, Topic,
    read::{self, Comment},
    write::{self, Outcome},
};
use crate::{
    identity::{Action, FormResponse, Page, Redirect, Transaction, Viewer, respond},
    platform::{
        audit::Event,
        error::{Error, Result},
        form::Form,
        ids::CommentId,
    },
    ui::{Actions, Crumb, Notice, PostForm, Section, TextArea},
};

/// A thing that is talked about on its own page, as a transaction finds it.
pub trait TalkedAbout: Send + Sized + Sync {
    const TOPIC: Topic;

    /// Names it within its workspace.
    type Key: Copy + Send + Sync;

    /// The variable segments of its address, with the workspace's name first.
    type Address: DeserializeOwned + Send;

    /// Those, and a comment's id.
    type CommentAddress: DeserializeOwned + Send;

    /// # Errors
    /// `NotFound` when the address names nothing.
    fn key(address: Self::Address) -> Result<Self::Key>;

    /// # Errors
    /// `NotFound` when the address names nothing.
    fn comment(address: Self::CommentAddress) -> Result<(Self::Key, CommentId)>;

    /// Its page within the workspace: `decisions/3`.
    fn path(key: Self::Key) -> String;

    fn find(tx: &mut Transaction, key: Self::Key) -> impl Future<Output = Result<Self>> + Send;

    fn subject(&self) -> uuid::Uuid;

    fn event(&self, verb: &'static str) -> Event;
}

/// The comments about a thing, and the form for another one.
pub struct Discussion {
    /// Of the thing's page, within the workspace.
    path: String,
    comments: Vec<Comment>,
}

impl Discussion {
    pub async fn read<T: TalkedAbout>(viewer: &Viewer, key: T::Key, subject: uuid::Uuid) -> Result<Self> {
        Ok(Self {
            path: T::path(key),
            comments: read::comments(viewer, T::TOPIC, subject).await?,
        })
    }

    pub fn section(self, viewer: &Viewer) -> AnyView {
        let Self { path, comments } = self;
        let count = comments.len();
        let may = viewer.may(Action::Comment);
        let withdraw = format!("{path}/comments");
        let rows = super::components::rows(viewer, comments, Some(&|id| format!("{withdraw}/{id}/withdraw")));
        let post = viewer.path(&format!("{path}/comments"));
        view! {
            <Section title="Comments" aside=count.to_string()>
                {rows}
                {may.then(|| view! { <CommentForm form=Form::blank() action=post /> })}
            </Section>
        }
        .into_any()
    }
}

#[component]
pub fn CommentForm(form: Form, action: String) -> impl IntoView {
    view! {
        <PostForm form=form action=action>
            <TextArea
                name="body"
                label="Comment"
                help=HELP
                rows=3
                max_length=MAX_LENGTH
            />
            <Actions verb="Comment" />
        </PostForm>
    }
}

pub async fn comment<T: TalkedAbout + 'static>(
    viewer: Viewer,
    Path(address): Path<T::Address>,
    mut form: Form,
) -> FormResponse {
    let key = T::key(address)?;
    let outcome = async {
        // Whether there is such a thing, and who may talk, comes before what is wrong with the words.
        let mut tx = viewer.begin().await?;
        let thing = T::find(&mut tx, key).await?;
        let _ = tx.permit(Action::Comment)?;
        let body = form
            .paragraphs("body", MAX_LENGTH)
            .ok_or_else(|| form.refusal())?;
        let comment = say(tx, &thing, &T::path(key), &body).await?;
        let page = viewer.path(&T::path(key));
        Ok(Redirect::to(format!("{page}#comment-{comment}")).with_notice(Notice::Commented))
    }
    .await;
    respond(outcome, form, |form| async {
        let (back, action) = (
            viewer.path(&T::path(key)),
            viewer.path(&format!("{}/comments", T::path(key))),
        );
        Ok(Page::new(&viewer, "", "Comment", move |_| {
            view! {
                <Crumb href=back text="Back" />
                <h1>"Comment"</h1>
                <CommentForm form=form action=action />
            }
        }))
    })
    .await
}

async fn say<T: TalkedAbout>(mut tx: Transaction, thing: &T, path: &str, body: &str) -> Result<CommentId> {
    let event = thing.event("commented on");
    let label = event.label.clone();
    match write::add(&mut tx, T::TOPIC, thing.subject(), body, path, &label).await? {
        Outcome::Repeated(id) => Ok(id),
        Outcome::New { permit, id } => {
            tx.commit(permit, event).await?;
            Ok(id)
        }
    }
}

pub async fn withdraw<T: TalkedAbout>(
    viewer: Viewer,
    Path(address): Path<T::CommentAddress>,
) -> FormResponse {
    let (key, id) = T::comment(address)?;
    let mut tx = viewer.begin().await?;
    let thing = T::find(&mut tx, key).await?;
    let (subject, permit) = write::withdraw(&mut tx, T::TOPIC, id).await?;
    if subject != thing.subject() {
        return Err(Error::NotFound);
    }
    if let Some(permit) = permit {
        tx.commit(permit, thing.event("withdrew a comment on")).await?;
    }
    Ok(Redirect::to(viewer.path(&T::path(key)))
        .with_notice(Notice::Saved)
        .into_response())
}
