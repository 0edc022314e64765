//! A milestone is offered to both sides for acceptance, and accepted.

use super::{CURRENT, CURRENT_BY_ID, Current};

use crate::{
    args,
    handshake::{
        Kind,
        on_table::{OnTable, Signable},
        write::{self as handshake, Offer},
    },
    identity::{Seats, Side, Transaction},
    milestones::{
        CheckpointStage, stage,
        text::{CheckpointText, MilestoneText},
    },
    platform::{
        audit::Event,
        error::Result,
        ids::{CheckpointId, InitiativeId, MilestoneId},
        time::{Day, Timestamp},
    },
    sql,
};

#[derive(sqlx::FromRow)]
struct CheckpointEvidence {
    id: CheckpointId,
    title: String,
    criteria: String,
    due_on: Day,
    passed_at: Option<Timestamp>,
    evidence: Option<String>,
    accepting_side: Option<Side>,
    accepted_at: Option<Timestamp>,
    file: Option<String>,
    file_digest: Option<String>,
}

impl CheckpointEvidence {
    fn is_done(&self, asks_other_side: bool) -> bool {
        stage(
            self.passed_at.is_some(),
            asks_other_side,
            self.accepting_side,
            self.accepted_at.is_some(),
        ) == CheckpointStage::Done
    }
}

impl From<CheckpointEvidence> for CheckpointText {
    fn from(checkpoint: CheckpointEvidence) -> Self {
        Self {
            id: checkpoint.id.to_string(),
            title: checkpoint.title,
            criteria: checkpoint.criteria,
            due_on: checkpoint.due_on.to_string(),
            passed_at: checkpoint.passed_at.map(Timestamp::rfc3339),
            evidence: checkpoint.evidence,
            file: checkpoint.file,
            file_sha256: checkpoint.file_digest,
        }
    }
}

/// Puts a milestone whose checkpoints are all done before both owners; takes it from the table when they are
/// not, or when its text changed.
pub async fn offer_for_acceptance(tx: &mut Transaction, id: MilestoneId) -> Result<()> {
    let current: Current = tx.fetch_one(CURRENT_BY_ID, args![id]).await?;
    let checkpoints: Vec<CheckpointEvidence> = tx
        .fetch_all(
            sql!(
                "select c.id, c.title, c.criteria, c.due_on, c.passed_at, c.evidence, c.accepting_side,
                 c.accepted_at, f.name as file, f.digest as file_digest
             from checkpoints c left join evidence_files f on f.checkpoint_id = c.id and f.replaced_at is null
             where c.workspace_id = $1 and c.milestone_id = $2 and c.archived_at is null order by c.position,
             c.id"
            ),
            args![id],
        )
        .await?;
    let all_done = !checkpoints.is_empty()
        && checkpoints
            .iter()
            .all(|checkpoint| checkpoint.is_done(current.asks_other_side));
    if !all_done {
        handshake::close(tx, Kind::Milestone, id.uuid(), "edited").await?;
        return Ok(());
    }
    let text = MilestoneText {
        milestone: current.number,
        title: current.title.clone(),
        outcome: current.outcome.clone(),
        due_on: current.due_on.to_string(),
        checkpoints: checkpoints.into_iter().map(CheckpointText::from).collect(),
    };
    let offer = Offer {
        text: &text,
        subject: id.uuid(),
        path: format!("milestones/{}", current.number),
        label: current.title.clone(),
        seats: Seats::Owners,
        owners: Some((current.marketing_owner, current.technology_owner)),
        due_on: None,
    };
    // Who drives it is not signed: a change of that alone takes nobody's signature away.
    if handshake::lies_as_offered(tx, &offer).await? {
        return Ok(());
    }
    handshake::close(tx, Kind::Milestone, id.uuid(), "edited").await?;
    handshake::offer_first(tx, offer).await?;
    Ok(())
}

/// Takes what still lies before owners off the table, when the initiative is closed.
pub async fn close_of(tx: &mut Transaction, initiative: InitiativeId) -> Result<()> {
    let open: Vec<(MilestoneId,)> = tx
        .fetch_all(
            sql!(
                "select id from milestones where workspace_id = $1 and initiative_id = $2 and accepted_at is
                 null and archived_at is null"
            ),
            args![initiative],
        )
        .await?;
    for (id,) in open {
        handshake::close(tx, Kind::Milestone, id.uuid(), "closed").await?;
    }
    Ok(())
}

/// A milestone that both owners accept.
pub struct MilestoneOnTable(Current);

impl OnTable for MilestoneOnTable {
    const KIND: Kind = Kind::Milestone;
    const WITHDREW: &'static str = "withdrew a signature from";
    type Key = i64;

    async fn find(tx: &mut Transaction, number: i64) -> Result<Self> {
        Ok(Self(tx.fetch_one(CURRENT, args![number]).await?))
    }

    fn subject(&self) -> uuid::Uuid {
        self.0.id.uuid()
    }

    fn event(&self, verb: &'static str) -> Event {
        self.0.event(verb)
    }
}

impl Signable for MilestoneOnTable {
    const SIGNED: &'static str = "signed";
    const OBJECTED: &'static str = "objected to";
    const TAKES_NO_CONDITION: Option<&'static str> = Some("You can accept this milestone, or object.");
    type Input = ();

    fn check_signer(&self, _tx: &Transaction) -> Result<()> {
        self.0.refuse_accepted()
    }

    async fn sealed(&self, tx: &mut Transaction, at: Timestamp) -> Result<()> {
        tx.execute(
            sql!(
                "update milestones set accepted_at = $3, version = version + 1 where workspace_id = $1
             and id = $2"
            ),
            args![self.0.id, at],
        )
        .await?;
        tx.record(self.0.event("accepted").detail("by both sides")).await
    }
}
