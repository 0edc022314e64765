//! An initiative moves from phase to phase.

use super::{
    charter, current,
    phase::{note_missed, phase_row, require_able_to_start},
};

use crate::{
    args,
    handshake::{Kind, write as handshake},
    identity::{Action, Viewer},
    initiatives::Phase,
    milestones::write::refuse_dropping,
    platform::error::{Error, Result},
    sql,
};

/// Asks both co-leads to start an initiative, pauses or resumes it, or drops one that never started.
pub async fn move_to(viewer: &Viewer, number: i64, phase: Phase, because: &str) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let current = current(&mut tx, number).await?;
    let permit = tx.permit(Action::ManageInitiative {
        leads: current.leads(),
    })?;
    if !current.phase.next().contains(&phase) {
        return Err(Error::invalid(
            "phase",
            format!(
                "The initiative is {} now and cannot change to that.",
                current.phase.name().to_lowercase()
            ),
        ));
    }
    if phase != Phase::Active && because.is_empty() {
        return Err(Error::invalid("because", "Write the reason in a sentence."));
    }
    if (current.phase, phase) == (Phase::Proposed, Phase::Active) {
        charter::put_before_leads(&mut tx, &current, "phase").await?;
        let event = current.event("asked to start");
        return tx.commit(permit, event.detail(because)).await;
    }
    if phase == Phase::Active {
        require_able_to_start(&mut tx, &current, "phase").await?;
    } else if phase.is_over() {
        refuse_dropping(&mut tx, current.id).await?;
        handshake::close(&mut tx, Kind::Charter, current.id.uuid(), "withdrawn").await?;
    }
    note_missed(&mut tx, &current).await?;
    let next = (phase == Phase::Active).then(|| current.cadence.after(tx.today()));
    tx.execute(
        sql!(
            "update initiatives set phase = $3, next_check_in_on = $4, version = version + 1 where
             workspace_id = $1 and id = $2"
        ),
        args![current.id, phase, next],
    )
    .await?;
    phase_row(&mut tx, current.id, phase, because).await?;
    let verb = match phase {
        Phase::Active => "resumed",
        Phase::Paused => "paused",
        Phase::Achieved => "closed as achieved",
        Phase::Missed => "dropped",
        Phase::Proposed => "proposed",
    };
    tx.commit(permit, current.event(verb).detail(because)).await
}
