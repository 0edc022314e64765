//! An initiative moves from phase to phase.

use super::{Current, current};

use crate::{
    args,
    identity::{Action, Side, Transaction, Viewer},
    initiatives::Phase,
    members::write::require_of_side,
    platform::{
        error::{Error, Result},
        ids::{InitiativeId, PhaseId},
    },
    sql,
};

pub(super) async fn phase_row(
    tx: &mut Transaction,
    id: InitiativeId,
    phase: Phase,
    because: &str,
) -> Result<()> {
    let row: PhaseId = tx.fresh_id();
    tx.execute(
        sql!(
            "insert into initiative_phases (id, workspace_id, initiative_id, phase, because, at, by_member)
             values ($2, $1, $3, $4, $5, $6, $7)"
        ),
        args![row, id, phase, because, tx.now(), tx.member_id()],
    )
    .await?;
    Ok(())
}

/// Starts, pauses or resumes an initiative, or drops one that never started.
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
                "It is {} now; that does not lead there.",
                current.phase.name().to_lowercase()
            ),
        ));
    }
    if phase != Phase::Active && because.is_empty() {
        return Err(Error::invalid("because", "Say why, in a sentence."));
    }
    if phase == Phase::Active {
        // The co-leads sit on both sides by construction; they must still be working members.
        require_of_side(&mut tx, "phase", current.marketing_lead, Some(Side::Marketing)).await?;
        require_of_side(&mut tx, "phase", current.technology_lead, Some(Side::Technology)).await?;
        require_both_sides(&mut tx, current.id, "phase").await?;
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
    let verb = match (current.phase, phase) {
        (Phase::Paused, Phase::Active) => "resumed",
        (_, Phase::Active) => "started",
        (_, Phase::Paused) => "paused",
        (_, Phase::Achieved) => "closed as achieved",
        (_, Phase::Missed) => "dropped",
        (_, Phase::Proposed) => "proposed",
    };
    tx.commit(permit, current.event(verb).detail(because)).await
}

/// What was due and did not come stays missed, also when the work pauses or ends.
pub(super) async fn note_missed(tx: &mut Transaction, current: &Current) -> Result<()> {
    let mut due = current.next_check_in_on;
    while let Some(day) = due.filter(|day| *day < tx.today()) {
        tx.execute(
            sql!("insert into missed_check_ins (workspace_id, initiative_id, due_on) values ($1, $2, $3)"),
            args![current.id, day],
        )
        .await?;
        due = Some(current.cadence.after(day));
    }
    Ok(())
}

/// A cross-team that works has at least one working member of each side.
pub(super) async fn require_both_sides(
    tx: &mut Transaction,
    id: InitiativeId,
    field: &'static str,
) -> Result<()> {
    let (marketing, technology): (i64, i64) = tx
        .fetch_one(
            sql!(
                "select count(case when m.side = 'marketing' then 1 end), count(case when m.side =
                 'technology' then 1 end)
             from initiative_members im join people m on m.id = im.member_id
             where im.workspace_id = $1 and im.initiative_id = $2 and m.disabled_at is null and m.role <>
             'observer'"
            ),
            args![id],
        )
        .await?;
    if marketing == 0 || technology == 0 {
        let missing = if marketing == 0 {
            Side::Marketing
        } else {
            Side::Technology
        };
        return Err(Error::invalid(
            field,
            format!(
                "A cross-team has members of both sides. Add one of {} first.",
                missing.name()
            ),
        ));
    }
    Ok(())
}
