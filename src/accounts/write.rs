//! The only writer of accounts.

use crate::{
    identity::passwords::{self},
    platform::{error::Result, form::Form, state::AppState},
};

/// Reads `password` from a form, refuses a weak one, and hashes it.
pub async fn new_password(state: &AppState, form: &mut Form, context: &[&str]) -> Result<String> {
    let password = form.raw("password").to_owned();
    if let Some(objection) = passwords::objection(&password, context) {
        form.fail("password", objection);
        return Err(form.refusal());
    }
    passwords::hash(state, password).await
}
