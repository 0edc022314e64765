//! The forms by which a thing is talked about, written once: a room says what its thing is called and where
//! it is.

use std::future::Future;

use axum::{
    Json,
    extract::{Path, Query},
    response::IntoResponse,
};
use leptos::prelude::*;
use serde::{Deserialize, de::DeserializeOwned};

use super::{
    HELP, MAX_LENGTH, NAMES, Topic, is_editable, mentions,
    read::{self, Comment},
    too_late,
    write::{self, Outcome, OwnComment},
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
        self.section_with(viewer, Form::blank())
    }

    /// The same, where the page says what is wrong with a form of its own.
    pub fn section_with(self, viewer: &Viewer, form: Form) -> AnyView {
        let Self { path, comments } = self;
        let count = comments.len();
        let may = viewer.may(Action::Comment);
        let rows = super::components::rows(viewer, comments, Some(&format!("{path}/comments")));
        let post = viewer.path(&format!("{path}/comments"));
        let viewer = viewer.clone();
        view! {
            <Section title="Comments" aside=count.to_string()>
                {rows}
                {may.then(|| view! { <CommentForm form=form action=post viewer=viewer /> })}
            </Section>
        }
        .into_any()
    }
}

#[component]
pub fn CommentForm(form: Form, action: String, viewer: Viewer) -> impl IntoView {
    let names = viewer.path(NAMES);
    view! {
        <PostForm form=form action=action>
            <TextArea
                name="body"
                label="Comment"
                help=HELP
                rows=3
                max_length=MAX_LENGTH
                names=names
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
        Ok(Page::new(&viewer, "", "Comment", move |viewer| {
            view! {
                <Crumb href=back text="Back" />
                <h1>"Comment"</h1>
                <CommentForm form=form action=action viewer=viewer.clone() />
            }
        }))
    })
    .await
}

/// Says something about a thing.
pub async fn say_on<T: TalkedAbout>(viewer: &Viewer, key: T::Key, body: &str) -> Result<CommentId> {
    let mut tx = viewer.begin().await?;
    let thing = T::find(&mut tx, key).await?;
    say(tx, &thing, &T::path(key), body).await
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

#[derive(Deserialize)]
pub struct NamesQuery {
    #[serde(default)]
    of: String,
}

/// `/comments/names?of=Ko`: the names that begin so, for a field that completes them.
pub async fn names(viewer: Viewer, Query(query): Query<NamesQuery>) -> Result<Json<Vec<String>>> {
    if !viewer.may(Action::Comment) {
        return Err(Error::Forbidden);
    }
    Ok(Json(mentions::names_beginning(&viewer, &query.of).await?))
}

/// The viewer's own comment on this very thing, with what may change it.
async fn own_of<T: TalkedAbout>(
    viewer: &Viewer,
    key: T::Key,
    id: CommentId,
) -> Result<(Transaction, T, OwnComment)> {
    let mut tx = viewer.begin().await?;
    let thing = T::find(&mut tx, key).await?;
    let own = write::own(&mut tx, T::TOPIC, id).await?;
    if own.subject == thing.subject() {
        Ok((tx, thing, own))
    } else {
        Err(Error::NotFound)
    }
}

pub async fn edit_form<T: TalkedAbout + 'static>(
    viewer: Viewer,
    Path(address): Path<T::CommentAddress>,
) -> Result<Page> {
    let (key, id) = T::comment(address)?;
    let (_, _, own) = own_of::<T>(&viewer, key, id).await?;
    let mut form = Form::blank().with("body", own.body().to_owned());
    if !is_editable(own.at(), viewer.now()) {
        form.fail("body", too_late());
    }
    Ok(edit_page(&viewer, &T::path(key), form))
}

fn edit_page(viewer: &Viewer, path: &str, form: Form) -> Page {
    let (back, names) = (viewer.path(path), viewer.path(NAMES));
    Page::new(viewer, "", "Edit the comment", move |_| {
        view! {
            <Crumb href=back.clone() text="Back" />
            <h1>"Edit the comment"</h1>
            <PostForm form=form>
                <TextArea
                    name="body"
                    label="Comment"
                    help=HELP
                    rows=3
                    max_length=MAX_LENGTH
                    names=names
                />
                <Actions verb="Save the comment" cancel=back />
            </PostForm>
        }
    })
}

pub async fn edit<T: TalkedAbout + 'static>(
    viewer: Viewer,
    Path(address): Path<T::CommentAddress>,
    mut form: Form,
) -> FormResponse {
    let (key, id) = T::comment(address)?;
    let path = T::path(key);
    let outcome = async {
        let (mut tx, thing, own) = own_of::<T>(&viewer, key, id).await?;
        let body = form
            .paragraphs("body", MAX_LENGTH)
            .ok_or_else(|| form.refusal())?;
        let event = thing
            .event("edited a comment on")
            .with_changes(&[("The comment", own.body(), &body)]);
        let label = event.label.clone();
        if let Some(permit) = write::edit(&mut tx, own, &body, (&path, &label)).await? {
            tx.commit(permit, event).await?;
        }
        let page = viewer.path(&path);
        Ok(Redirect::to(format!("{page}#comment-{id}")).with_notice(Notice::Saved))
    }
    .await;
    respond(outcome, form, |form| async {
        Ok(edit_page(&viewer, &path, form))
    })
    .await
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
