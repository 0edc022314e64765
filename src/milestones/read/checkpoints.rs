//! Checkpoints as they are read, and the files that are their evidence.

use super::{Milestone, one};

use crate::{
    args,
    identity::{Action, Side, Viewer},
    milestones::{CheckpointStage, stage},
    platform::{
        error::{Error, Result},
        ids::{CheckpointId, InitiativeId, MemberId, MilestoneId},
        time::{Day, Timestamp},
    },
    sql,
};

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Checkpoint {
    pub id: CheckpointId,
    pub title: String,
    pub criteria: String,
    pub owner_id: MemberId,
    pub owner: String,
    pub owner_side: Option<Side>,
    pub due_on: Day,
    pub version: i64,
    pub passed_at: Option<Timestamp>,
    passed_by_id: Option<MemberId>,
    pub passed_by: Option<String>,
    pub evidence: Option<String>,
    pub file: Option<String>,
    pub file_size: Option<i64>,
    accepting_side: Option<Side>,
    pub accepted_at: Option<Timestamp>,
    pub accepted_by: Option<String>,
    /// What the other side found missing the last time, while it is open again.
    pub missing: Option<String>,
    pub returned_by: Option<String>,
    /// The decision whose condition it is.
    pub condition_of: Option<i64>,
    /// The sides that set it as a condition or took it on: beside its owner only they say that it is done.
    #[sqlx(skip)]
    said_by: Vec<Side>,
}

/// When a checkpoint is due, and when it was passed.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub struct PlannedCheckpoint {
    pub due_on: Day,
    pub passed_at: Option<Timestamp>,
}

/// Those of an initiative.
pub async fn planned_of_initiative(viewer: &Viewer, id: InitiativeId) -> Result<Vec<PlannedCheckpoint>> {
    viewer
        .fetch_all(
            sql!(
                "select c.due_on, c.passed_at from checkpoints c join milestones m on m.id = c.milestone_id
                 where c.workspace_id = $1 and m.initiative_id = $2 and c.archived_at is null
                   and m.archived_at is null
                 order by c.due_on, c.id"
            ),
            args![id],
        )
        .await
}

impl Checkpoint {
    pub const fn stage(&self, asks_other_side: bool) -> CheckpointStage {
        stage(
            self.passed_at.is_some(),
            asks_other_side,
            self.accepting_side,
            self.accepted_at.is_some(),
        )
    }

    /// Marking it done or opening it again, in its milestone.
    pub fn may_be_passed(&self, viewer: &Viewer, milestone: &Milestone) -> bool {
        let is_permitted = viewer.may(Action::PassCheckpoint {
            owner: self.owner_id,
            driver: milestone.driver_id,
        });
        let is_own = viewer.member_id() == self.owner_id;
        is_permitted && (is_own || self.said_by.iter().all(|side| viewer.side() == Some(*side)))
    }

    /// Accepting or returning it, in its milestone.
    pub const fn accepting(&self, milestone: &Milestone) -> Action<'static> {
        accepting(
            self.accepting_side,
            self.passed_by_id,
            [milestone.marketing_owner, milestone.technology_owner],
        )
    }
}

/// Accepting or returning a checkpoint: for the other side than the one that passed it, whose owner stands
/// second for Technology.
pub const fn accepting(
    side: Option<Side>,
    passed_by: Option<MemberId>,
    [marketing, technology]: [MemberId; 2],
) -> Action<'static> {
    let owner = match side {
        Some(Side::Technology) => technology,
        _ => marketing,
    };
    Action::AcceptCheckpoint {
        side,
        passed_by,
        owner,
    }
}

const MAX_CHECKPOINTS: i64 = 200;

pub async fn checkpoints(viewer: &Viewer, id: MilestoneId) -> Result<Vec<Checkpoint>> {
    let mut found: Vec<Checkpoint> = viewer
        .fetch_all(
            sql!(
                "select c.id, c.title, c.criteria, c.owner_id, om.holder as owner, om.side as owner_side,
                 c.due_on, c.version, c.passed_at, c.passed_by as passed_by_id,
                    pm.name as passed_by, c.evidence, f.name as file, f.size as file_size, c.accepting_side,
                    c.accepted_at, am.name as accepted_by,
                    r.missing, rm.name as returned_by,
                    (select max(k.decision_number) from condition_checkpoints k where k.checkpoint_id = c.id)
                    as condition_of
             from checkpoints c join people om on om.id = c.owner_id
             left join people pm on pm.id = c.passed_by
             left join people am on am.id = c.accepted_by
             left join evidence_files f on f.checkpoint_id = c.id and f.replaced_at is null
             left join returned_checkpoints r on c.passed_at is null
                  and r.id = (select x.id from returned_checkpoints x where x.checkpoint_id = c.id order by
                  x.at desc, x.id desc limit 1)
             left join people rm on rm.id = r.by_member
             where c.workspace_id = $1 and c.milestone_id = $2 and c.archived_at is null order by c.due_on,
             c.position, c.id limit $3"
            ),
            args![id, MAX_CHECKPOINTS],
        )
        .await?;
    let reserved: Vec<(CheckpointId, Side)> = viewer
        .fetch_all(
            sql!(
                "select c.id, k.side from checkpoints c join condition_checkpoints k on k.checkpoint_id = c.id
                 where c.workspace_id = $1 and c.milestone_id = $2
                 union select c.id, a.side from checkpoints c join corrective_actions a on a.checkpoint_id = c.id
                 where c.workspace_id = $1 and c.milestone_id = $2 and a.side is not null
                 union select c.id, a.side from checkpoints c join check_in_actions a on a.checkpoint_id = c.id
                 where c.workspace_id = $1 and c.milestone_id = $2 and a.side is not null
                 union select c.id, a.side from checkpoints c join review_checkpoints a on a.checkpoint_id = c.id
                 where c.workspace_id = $1 and c.milestone_id = $2 and a.side is not null"
            ),
            args![id],
        )
        .await?;
    for (id, side) in reserved {
        if let Some(checkpoint) = found.iter_mut().find(|checkpoint| checkpoint.id == id) {
            checkpoint.said_by.push(side);
        }
    }
    Ok(found)
}

/// The file that stands as a checkpoint's evidence: name, media type, content.
pub async fn file(viewer: &Viewer, id: CheckpointId) -> Result<(String, String, Vec<u8>)> {
    viewer
        .fetch_one(
            sql!(
                "select name, media_type, content from evidence_files where workspace_id = $1 and
                 checkpoint_id = $2 and replaced_at is null"
            ),
            args![id],
        )
        .await
}

/// A checkpoint and the number of its milestone.
pub async fn checkpoint(viewer: &Viewer, id: CheckpointId) -> Result<(Milestone, Checkpoint)> {
    let (number,): (i64,) = viewer
        .fetch_one(
            sql!(
                "select m.number from checkpoints c join milestones m on m.id = c.milestone_id where
                 c.workspace_id = $1 and c.id = $2 and c.archived_at is null"
            ),
            args![id],
        )
        .await?;
    let milestone = one(viewer, number).await?;
    let checkpoint = checkpoints(viewer, milestone.id)
        .await?
        .into_iter()
        .find(|c| c.id == id)
        .ok_or(Error::NotFound)?;
    Ok((milestone, checkpoint))
}
