//! The pages and forms by which everything is signed and withdrawn.

use std::future::Future;

use axum::{extract::Path, response::IntoResponse};
use serde::de::DeserializeOwned;

use super::{
    Verdict,
    components::{notice, verdict},
    on_table::{self, OnTable, Signable},
    write::VerdictInput,
};
use crate::{
    identity::{FormResponse, Page, Redirect, Viewer, respond},
    platform::{error::Result, form::Form},
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

pub async fn sign_form<T: SigningPage>(viewer: Viewer, Path(address): Path<T::Address>) -> Result<Page> {
    T::sign_page(&viewer, T::key(address)?, Form::blank()).await
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
    respond(outcome, form, |form| T::sign_page(&viewer, key, form)).await
}

pub async fn withdraw<T: TablePage>(viewer: Viewer, Path(address): Path<T::Address>) -> FormResponse {
    let key = T::key(address)?;
    on_table::withdraw::<T>(&viewer, key).await?;
    Ok(Redirect::to(viewer.path(&T::path(key)))
        .with_notice(Notice::Withdrawn)
        .into_response())
}
