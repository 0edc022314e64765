//! Stopping to measure.

use super::{ChangeOutcome, Current, current, targets, unsealed_values};
use crate::{
    args,
    handshake::{Kind, write as handshake},
    identity::{Action, Transaction, Viewer},
    kpis::{
        needed::{
            clauses_measured_by_it, definition_in_force, goals_measured_by_it, kpis_made_of_it, names_one_of,
            titles_it_went_by, why_it_is_needed,
        },
        text::KpiChange,
    },
    platform::error::{Error, Result},
    sql,
};

/// Stops measuring, for a reason; where targets were signed, or the definition measures a clause by it, once
/// both owners have signed that, too.
pub async fn archive(viewer: &Viewer, number: i64, version: i64, because: &str) -> Result<ChangeOutcome> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::ManageKpi)?;
    let current = current(&mut tx, number).await?;
    if current.version != version {
        return Err(Error::Conflict);
    }
    refuse_what_needs_it(&mut tx, &current).await?;
    let cited: Vec<(String,)> = tx
        .fetch_all(sql!(clauses_measured_by_it!()), args![current.id])
        .await?;
    if !cited.is_empty()
        || is_in_force(&mut tx, &current).await?
        || targets::is_signed(&mut tx, &current).await?
    {
        targets::propose_change(&mut tx, &current, because, KpiChange::Archive).await?;
        let event = current.event("asked to archive").detail(because);
        tx.commit(permit, event).await?;
        return Ok(ChangeOutcome::Asked);
    }
    handshake::close(&mut tx, Kind::Targets, current.id.uuid(), "withdrawn").await?;
    stop(&mut tx, &current).await?;
    let event = current.event("stopped measuring").detail(because);
    tx.commit(permit, event).await?;
    Ok(ChangeOutcome::Done)
}

/// Whether the definition that both leads signed last measures a clause by it.
pub(super) async fn is_in_force(tx: &mut Transaction, current: &Current) -> Result<bool> {
    let ratified: Option<(String,)> = tx.fetch_optional(sql!(definition_in_force!()), args![]).await?;
    let titles: Vec<(String,)> = tx
        .fetch_all(sql!(titles_it_went_by!()), args![current.id])
        .await?;
    ratified.map_or(Ok(false), |(text,)| names_one_of(&text, &titles))
}

/// Stops measuring once both owners have signed it.
pub(super) async fn end(tx: &mut Transaction, current: &Current, because: &str) -> Result<()> {
    refuse_what_needs_it(tx, current).await?;
    stop(tx, current).await?;
    let event = current.event("stopped measuring");
    tx.record(event.detail(format!("{because} · signed by both owners")))
        .await
}

async fn refuse_what_needs_it(tx: &mut Transaction, current: &Current) -> Result<()> {
    let made: Vec<(String,)> = tx.fetch_all(sql!(kpis_made_of_it!()), args![current.id]).await?;
    let today = tx.today();
    let measured: Vec<(String,)> = tx
        .fetch_all(sql!(goals_measured_by_it!()), args![current.id, today])
        .await?;
    match why_it_is_needed(made, measured) {
        Some(why) => Err(Error::invalid("", why)),
        None => Ok(()),
    }
}

/// What was measured stays; nobody is asked for it any more.
async fn stop(tx: &mut Transaction, current: &Current) -> Result<()> {
    let now = tx.now();
    tx.execute(
        sql!("update kpis set archived_at = $3, version = version + 1 where workspace_id = $1 and id = $2"),
        args![current.id, now],
    )
    .await?;
    for value in unsealed_values(tx, current.id).await? {
        handshake::close(tx, Kind::Kpi, value.uuid(), "withdrawn").await?;
    }
    tx.execute(
        sql!("delete from kpi_inputs where workspace_id = $1 and kpi_id = $2"),
        args![current.id],
    )
    .await?;
    Ok(())
}
