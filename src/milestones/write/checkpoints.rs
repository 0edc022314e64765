//! Checkpoints are added, changed and archived; `pass.rs` has what happens when one is passed.

use super::{
    CURRENT_BY_ID, Current,
    bound::{is_bound, refuse_answered, refuse_condition, refuse_letting_go, refuse_others_undertaking},
    load_plannable, offer_for_acceptance,
};

use crate::{
    args,
    identity::{Action, Side, Transaction, Viewer},
    members::write::require_of_side,
    milestones::read::accepting,
    platform::{
        error::{Error, Result},
        ids::{CheckpointId, MemberId, MilestoneId},
        time::{Day, Timestamp},
    },
    sql,
};

#[derive(Clone, Debug)]
pub struct Step {
    pub title: String,
    /// What must hold before it is passed; empty when the title says it all.
    pub criteria: String,
    pub owner: MemberId,
    pub due_on: Day,
}

impl Step {
    /// Without criteria.
    pub fn new(title: impl Into<String>, owner: MemberId, due_on: Day) -> Self {
        Self {
            title: title.into(),
            criteria: String::new(),
            owner,
            due_on,
        }
    }
}

pub(super) async fn insert_checkpoint(
    tx: &mut Transaction,
    milestone: MilestoneId,
    id: CheckpointId,
    step: &Step,
) -> Result<()> {
    let (last,): (i64,) = tx
        .fetch_one(
            sql!(
                "select coalesce(max(position), 0) from checkpoints where workspace_id = $1 and
             milestone_id = $2"
            ),
            args![milestone],
        )
        .await?;
    tx.execute(
        sql!(
            "insert into checkpoints (id, workspace_id, milestone_id, position, title, criteria, owner_id,
             due_on, version, created_at) values ($2, $1, $3, $4, $5, $6, $7, $8, 1, $9)"
        ),
        args![
            id,
            milestone,
            last + 1,
            &step.title,
            &step.criteria,
            step.owner,
            step.due_on,
            tx.now()
        ],
    )
    .await?;
    Ok(())
}

pub(super) const MOST_CHECKPOINTS: i64 = 200;

/// Adds a checkpoint. Sent twice with one id, it is added once.
pub async fn add_checkpoint(viewer: &Viewer, number: i64, id: CheckpointId, step: Step) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let (current, permit) = load_plannable(&mut tx, number).await?;
    if tx
        .fetch_optional::<(CheckpointId,)>(
            sql!("select id from checkpoints where workspace_id = $1 and id = $2"),
            args![id],
        )
        .await?
        .is_some()
    {
        return Ok(());
    }
    let (count,): (i64,) = tx
        .fetch_one(
            sql!(
                "select count(*) from checkpoints where workspace_id = $1 and milestone_id = $2 and
             archived_at is null"
            ),
            args![current.id],
        )
        .await?;
    if count >= MOST_CHECKPOINTS {
        return Err(Error::invalid(
            "",
            format!("A milestone has at most {MOST_CHECKPOINTS} checkpoints. Split the milestone."),
        ));
    }
    require_of_side(&mut tx, "owner", step.owner, None).await?;
    insert_checkpoint(&mut tx, current.id, id, &step).await?;
    offer_for_acceptance(&mut tx, current.id).await?;
    tx.commit(
        permit,
        current.checkpoint_event("added the checkpoint", id, &step.title),
    )
    .await
}

/// A decision's condition becomes a checkpoint, in the decision's own transaction.
pub async fn add_condition(
    tx: &mut Transaction,
    milestone: MilestoneId,
    step: &Step,
) -> Result<CheckpointId> {
    let current: Option<Current> = tx.fetch_optional(CURRENT_BY_ID, args![milestone]).await?;
    let Some(current) = current.filter(|current| current.accepted_at.is_none() && !current.is_over) else {
        return Err(Error::invalid(
            "verdict",
            "A condition belongs to a milestone that has ended since. Its author has to withdraw and name \
                another milestone.",
        ));
    };
    let id: CheckpointId = tx.fresh_id();
    insert_checkpoint(tx, milestone, id, step).await?;
    offer_for_acceptance(tx, milestone).await?;
    tx.record(current.checkpoint_event("made a condition the checkpoint", id, &step.title))
        .await?;
    Ok(id)
}

/// A KPI's corrective action becomes a checkpoint, in the attestation's own transaction; `None` when the
/// milestone takes no more.
pub async fn add_corrective(
    tx: &mut Transaction,
    milestone: MilestoneId,
    step: &Step,
) -> Result<Option<CheckpointId>> {
    let current: Option<Current> = tx.fetch_optional(CURRENT_BY_ID, args![milestone]).await?;
    let Some(current) = current.filter(|current| current.accepted_at.is_none() && !current.is_over) else {
        return Ok(None);
    };
    let id: CheckpointId = tx.fresh_id();
    insert_checkpoint(tx, milestone, id, step).await?;
    offer_for_acceptance(tx, milestone).await?;
    tx.record(current.checkpoint_event("made a corrective action the checkpoint", id, &step.title))
        .await?;
    Ok(Some(id))
}

/// Whoever wanted it done wants something else: a checkpoint that was not passed, and for which the other
/// side has not answered, leaves the milestone, in their own transaction.
pub async fn archive_corrective(tx: &mut Transaction, id: CheckpointId) -> Result<()> {
    let (step, milestone) = match step(tx, id).await {
        Ok(found) => found,
        Err(Error::NotFound) => return Ok(()),
        Err(error) => return Err(error),
    };
    let is_bound = milestone.asks_other_side && is_bound(tx, id).await?;
    if step.passed_at.is_some() || is_bound || milestone.refuse_accepted().is_err() {
        return Ok(());
    }
    let now = tx.now();
    tx.execute(
        sql!(
            "update checkpoints set archived_at = $3, version = version + 1 where workspace_id = $1 and id \
                = $2"
        ),
        args![id, now],
    )
    .await?;
    offer_for_acceptance(tx, milestone.id).await?;
    tx.record(milestone.checkpoint_event("archived the checkpoint", id, &step.title))
        .await
}

#[derive(sqlx::FromRow)]
pub(super) struct CurrentStep {
    pub(super) milestone_id: MilestoneId,
    pub(super) title: String,
    pub(super) criteria: String,
    pub(super) owner_id: MemberId,
    pub(super) due_on: Day,
    pub(super) version: i64,
    pub(super) passed_at: Option<Timestamp>,
    pub(super) passed_by: Option<MemberId>,
    pub(super) accepting_side: Option<Side>,
    pub(super) accepted_at: Option<Timestamp>,
}

impl CurrentStep {
    /// Other evidence, or another text, than what was looked at is a conflict.
    pub(super) const fn require(&self, version: i64) -> Result<()> {
        if self.version == version {
            Ok(())
        } else {
            Err(Error::Conflict)
        }
    }

    /// Late news, not a refusal: it was opened again while somebody looked at it.
    pub(super) fn require_passed(&self, tx: &Transaction) -> Result<()> {
        let _works = tx.permit(Action::SpeakForSide)?;
        if self.passed_at.is_some() {
            Ok(())
        } else {
            Err(Error::invalid(
                "",
                "This checkpoint is not done, or was reopened meanwhile.",
            ))
        }
    }

    /// Accepting it, or returning it.
    pub(super) const fn accepting(&self, milestone: &Current) -> Action<'static> {
        accepting(
            self.accepting_side,
            self.passed_by,
            [milestone.marketing_owner, milestone.technology_owner],
        )
    }
}

pub(super) async fn step(tx: &mut Transaction, id: CheckpointId) -> Result<(CurrentStep, Current)> {
    let step: CurrentStep = tx
        .fetch_one(
            sql!(
                "select milestone_id, title, criteria, owner_id, due_on, version, passed_at, passed_by,
                 accepting_side, accepted_at
             from checkpoints where workspace_id = $1 and id = $2 and archived_at is null"
            ),
            args![id],
        )
        .await?;
    let milestone: Current = tx.fetch_one(CURRENT_BY_ID, args![step.milestone_id]).await?;
    Ok((step, milestone))
}

pub async fn edit_checkpoint(viewer: &Viewer, id: CheckpointId, version: i64, changed: Step) -> Result<i64> {
    let mut tx = viewer.begin().await?;
    let (step, milestone) = step(&mut tx, id).await?;
    let team = milestone.team(&mut tx).await?;
    let permit = tx.permit(Action::PlanWork { team: &team })?;
    milestone.refuse_accepted()?;
    step.require(version)?;
    require_of_side(&mut tx, "owner", changed.owner, None).await?;
    // Who meets it and by when was signed as well, and criteria would say that less is enough.
    if step.title != changed.title
        || step.owner_id != changed.owner
        || step.due_on != changed.due_on
        || step.criteria != changed.criteria
    {
        refuse_condition(&mut tx, id).await?;
        refuse_others_undertaking(&mut tx, id).await?;
    }
    tx.execute(
        sql!(
            "update checkpoints set title = $3, owner_id = $4, due_on = $5, criteria = $6, version = version
             + 1 where workspace_id = $1 and id = $2"
        ),
        args![
            id,
            &changed.title,
            changed.owner,
            changed.due_on,
            &changed.criteria
        ],
    )
    .await?;
    if step.title != changed.title || step.criteria != changed.criteria {
        // What the other side accepted was another text.
        tx.execute(
            sql!(
                "update checkpoints set answered_by = coalesce(accepted_by, answered_by), accepted_at = null,
                 accepted_by = null where workspace_id = $1 and id = $2"
            ),
            args![id],
        )
        .await?;
    }
    offer_for_acceptance(&mut tx, milestone.id).await?;
    let names = tx.member_names([step.owner_id, changed.owner]).await?;
    let event = milestone
        .checkpoint_event("changed the checkpoint", id, &changed.title)
        .with_changes(&[
            ("Title", &step.title, &changed.title),
            ("Owner", &names[0], &names[1]),
            ("Criteria", &step.criteria, &changed.criteria),
            ("Due", &step.due_on.format_long(), &changed.due_on.format_long()),
        ]);
    tx.commit(permit, event).await?;
    Ok(milestone.number)
}

pub async fn archive_checkpoint(viewer: &Viewer, id: CheckpointId) -> Result<i64> {
    let mut tx = viewer.begin().await?;
    let (step, milestone) = step(&mut tx, id).await?;
    let team = milestone.team(&mut tx).await?;
    let permit = tx.permit(Action::PlanWork { team: &team })?;
    milestone.refuse_accepted()?;
    refuse_condition(&mut tx, id).await?;
    refuse_letting_go(&mut tx, id).await?;
    if milestone.asks_other_side {
        refuse_answered(&mut tx, id).await?;
    }
    tx.execute(
        sql!(
            "update checkpoints set archived_at = $3, version = version + 1 where workspace_id = $1
         and id = $2"
        ),
        args![id, tx.now()],
    )
    .await?;
    offer_for_acceptance(&mut tx, milestone.id).await?;
    tx.commit(
        permit,
        milestone.checkpoint_event("archived the checkpoint", id, &step.title),
    )
    .await?;
    Ok(milestone.number)
}

impl Current {
    pub(super) fn require_asking(&self) -> Result<()> {
        if self.asks_other_side {
            Ok(())
        } else {
            Err(Error::invalid(
                "",
                "Checkpoints of this milestone need no acceptance by the other side.",
            ))
        }
    }
}
