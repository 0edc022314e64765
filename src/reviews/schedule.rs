//! What the clock does for reviews: it keeps the facts of each day, freezes on the review's morning what
//! nobody froze, keeps the agenda up to date, and lets minutes lapse that nobody accepts.

use super::{FROZEN_FROM_HOUR, ReviewState, days, read, write};
use crate::{
    identity::system::SystemActor,
    platform::{error::Result, state::AppState},
};

/// An agenda is kept up to date this many days before its review.
const PREPARED_DAYS: i64 = 14;

/// In every workspace; one that fails does not keep the others from it.
pub async fn keep_everywhere(state: &AppState) -> Result<()> {
    for system in SystemActor::everywhere(state).await? {
        if let Err(error) = days::keep(&system).await {
            tracing::warn!(error = %error, workspace = system.workspace(), "the facts of a day could not be kept");
        }
        if let Err(error) = keep(&system).await {
            tracing::warn!(error = %error, workspace = system.workspace(), "the reviews of a workspace could not be kept");
        }
    }
    Ok(())
}

/// The facts of the day alone, in every workspace.
pub async fn keep_days(state: &AppState) -> Result<()> {
    for system in SystemActor::everywhere(state).await? {
        days::keep(&system).await?;
    }
    Ok(())
}

/// Done twice, it does nothing twice.
pub async fn keep(system: &SystemActor) -> Result<()> {
    write::lapse(system).await?;
    if system.hour() < FROZEN_FROM_HOUR {
        return Ok(());
    }
    let today = system.today();
    for review in read::ahead(system).await? {
        if review.state != ReviewState::Planned {
            continue;
        }
        if review.held_on == today {
            write::freeze_as_system(system, review.number).await?;
        } else if (today..=today.plus(PREPARED_DAYS)).contains(&review.held_on) {
            write::sync_as_system(system, review.number).await?;
        }
    }
    Ok(())
}
