//! The pages and forms by which everything is signed and withdrawn.

use std::future::Future;

use axum::{extract::Path, http::StatusCode, response::IntoResponse};
use serde::de::DeserializeOwned;

use super::{
    Verdict,
    components::{notice, verdict},
    on_table::{self, OnTable, Signable},
    write::VerdictInput,
};
use crate::{
    identity::{FormResponse, Page, Redirect, Viewer, given_back, respond},
    platform::{
        error::{Error, Result},
        form::Form,
    },
    ui::Notice,
};

/// The page of a thing on the table.
pub trait TablePage: OnTable {
    /// The variable segments of its address, with the workspace's name first.
    type Address: DeserializeOwned + Send;

    /// # Errors
    /// `NotFound` when the address names nothing.
    fn key(address: Self::Address) -> Result<Self::Key>;

    /// The page on which it is signed and withdrawn, within the workspace: `access/3`.
    fn path(key: Self::Key) -> String;
}

/// The page on which a text is read and signed.
pub trait SigningPage: TablePage + Signable {
    fn sign_page(viewer: &Viewer, key: Self::Key, form: Form) -> impl Future<Output = Result<Page>> + Send;

    /// Reads what comes with the verdict.
    ///
    /// # Errors
    /// `Invalid` with the fields that are missing.
    fn input(_form: &mut Form, _verdict: Verdict) -> Result<Self::Input> {
        Ok(Self::Input::default())
    }
}

/// The page on which one signs; where there is nothing to sign any more, because it is signed or was changed,
/// it leads to the record.
pub async fn sign_form<T: SigningPage>(viewer: Viewer, Path(address): Path<T::Address>) -> FormResponse {
    let key = T::key(address)?;
    match T::sign_page(&viewer, key, Form::blank()).await {
        Ok(page) => Ok(page.into_response()),
        Err(Error::Conflict) => Ok(Redirect::to(viewer.path(&T::path(key))).into_response()),
        Err(error) => Err(error),
    }
}

pub async fn sign<T: SigningPage>(
    viewer: Viewer,
    Path(address): Path<T::Address>,
    mut form: Form,
) -> FormResponse {
    let key = T::key(address)?;
    let outcome = async {
        let (verdict, reason) = verdict(&mut form)?;
        let input = T::input(&mut form, verdict)?;
        let given = VerdictInput {
            seen: form.raw("digest"),
            verdict,
            reason: reason.as_deref(),
        };
        let state = on_table::sign::<T>(&viewer, key, given, input).await?;
        Ok(Redirect::to(viewer.path(&T::path(key))).with_notice(notice(state)))
    }
    .await;
    let record = viewer.path(&T::path(key));
    // The reason alone was written; the rest of the form came with the page.
    let words: Vec<String> = [form.raw("reason"), form.raw("condition")]
        .into_iter()
        .map(|words| words.trim().to_owned())
        .filter(|words| !words.is_empty())
        .collect();
    match respond(outcome, form, |form| T::sign_page(&viewer, key, form)).await {
        Err(error @ (Error::Conflict | Error::NotFound)) if !words.is_empty() => {
            Ok(given_back(&error, words, &record)
                .with_status(StatusCode::CONFLICT)
                .into_response())
        }
        Err(Error::Conflict) => Ok(Redirect::to(record)
            .with_notice(Notice::NotSigned)
            .into_response()),
        answer => answer,
    }
}

pub async fn withdraw<T: TablePage>(
    viewer: Viewer,
    Path(address): Path<T::Address>,
    form: Form,
) -> FormResponse {
    let key = T::key(address)?;
    on_table::withdraw::<T>(&viewer, key).await?;
    Ok(Redirect::back(&form, viewer.path(&T::path(key)), Notice::Withdrawn).into_response())
}
