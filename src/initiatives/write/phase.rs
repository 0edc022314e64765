//! The rows of an initiative's phases, and what must hold for it to run.

use super::Current;

use crate::{
    args,
    identity::{Side, Transaction},
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

/// Refuses a cross-team that could not work: a co-lead who is gone, or a side without a member.
pub(super) async fn require_able_to_start(
    tx: &mut Transaction,
    current: &Current,
    field: &'static str,
) -> Result<()> {
    require_of_side(tx, field, current.marketing_lead, Some(Side::Marketing)).await?;
    require_of_side(tx, field, current.technology_lead, Some(Side::Technology)).await?;
    require_both_sides(tx, current.id, field).await
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
                "The team needs members of both sides. Add somebody from {} first.",
                missing.name()
            ),
        ));
    }
    Ok(())
}
