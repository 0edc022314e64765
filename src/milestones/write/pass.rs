//! A checkpoint is passed with its evidence, opened again, accepted or returned.

use sha2::{Digest as _, Sha256};

use super::{bound::refuse_word_of_others, checkpoints::step};

use crate::{
    args,
    identity::{Action, Side, Transaction, Viewer},
    milestones::{
        evidence::{MOST_A_DAY, MOST_IN_WORKSPACE, fit},
        write::offer_for_acceptance,
    },
    platform::{
        error::{Error, Result},
        form::ChosenFile,
        ids::{CheckpointId, EvidenceFileId, MilestoneId},
    },
    sql,
};

/// What is given for passing a checkpoint: words, a file, or both.
#[derive(Clone, Copy, Debug, Default)]
pub struct PassInput<'a> {
    pub words: &'a str,
    pub file: Option<&'a ChosenFile>,
    /// The version whose criteria were read; `None` where they were not shown.
    pub version: Option<i64>,
}

/// Passes a checkpoint with its evidence. Passed already, the same again changes nothing; anything else is a
/// conflict.
pub async fn pass(viewer: &Viewer, id: CheckpointId, given: PassInput<'_>) -> Result<i64> {
    let PassInput {
        words: evidence,
        file,
        version,
    } = given;
    let mut tx = viewer.begin().await?;
    let (step, milestone) = step(&mut tx, id).await?;
    let permit = tx.permit(Action::PassCheckpoint {
        owner: step.owner_id,
        driver: milestone.driver_id,
    })?;
    milestone.refuse_accepted()?;
    if step.passed_at.is_some() {
        // A double click says the same again; anything else would be lost.
        return if is_said_already(&mut tx, id, evidence, file).await? {
            Ok(milestone.number)
        } else {
            Err(Error::Conflict)
        };
    }
    refuse_word_of_others(&mut tx, id, step.owner_id).await?;
    if let Some(version) = version {
        step.require(version)?;
    }
    if evidence.is_empty() && file.is_none() {
        return Err(Error::invalid(
            "evidence",
            "Add evidence: a link, a sentence that others can check, or a file.",
        ));
    }
    let kept = match file {
        Some(file) => format!(" · {}", keep(&mut tx, id, file).await?),
        None => String::new(),
    };
    // Nobody's side accepts what it passed itself.
    let accepting_side = tx.side().map(Side::other);
    tx.execute(
        sql!(
            "update checkpoints set passed_at = $3, passed_by = $4, evidence = $5, accepting_side = $6,
             version = version + 1 where workspace_id = $1 and id = $2"
        ),
        args![id, tx.now(), tx.member_id(), evidence, accepting_side],
    )
    .await?;
    offer_for_acceptance(&mut tx, milestone.id).await?;
    tx.commit(
        permit,
        milestone
            .checkpoint_event("marked as done", id, &step.title)
            .detail(format!("{} · {evidence}{kept}", milestone.title)),
    )
    .await?;
    Ok(milestone.number)
}

/// Whether these words and this file are what the checkpoint was passed with.
async fn is_said_already(
    tx: &mut Transaction,
    id: CheckpointId,
    evidence: &str,
    file: Option<&ChosenFile>,
) -> Result<bool> {
    let (said, kept): (Option<String>, Option<String>) = tx
        .fetch_one(
            sql!(
                "select c.evidence, f.digest from checkpoints c left join evidence_files f on f.checkpoint_id
                 = c.id and f.replaced_at is null
             where c.workspace_id = $1 and c.id = $2"
            ),
            args![id],
        )
        .await?;
    Ok(said.as_deref() == Some(evidence) && file.is_none_or(|file| kept == Some(digest(file))))
}

fn digest(file: &ChosenFile) -> String {
    hex::encode(Sha256::digest(&file.bytes))
}

/// Keeps a file as evidence; gives its name and short digest.
async fn keep(tx: &mut Transaction, checkpoint: CheckpointId, file: &ChosenFile) -> Result<String> {
    let fit = fit(&file.name, &file.bytes).map_err(|why| Error::invalid("file", why))?;
    let size = i64::try_from(file.bytes.len()).unwrap_or(i64::MAX);
    let (taken,): (i64,) = tx
        .fetch_one(
            sql!("select cast(coalesce(sum(size), 0) as bigint) from evidence_files where workspace_id = $1"),
            Vec::new(),
        )
        .await?;
    let today = tx.start_of_today();
    let (own,): (i64,) = tx
        .fetch_one(
            sql!(
                "select cast(coalesce(sum(size), 0) as bigint) from evidence_files where workspace_id = $1
                 and by_member = $2 and at >= $3"
            ),
            args![tx.member_id(), today],
        )
        .await?;
    if own + size > MOST_A_DAY {
        return Err(Error::invalid(
            "file",
            format!(
                "You have added {} MB today. Link to the file instead, or continue tomorrow.",
                own / 1_000_000
            ),
        ));
    }
    if taken + size > MOST_IN_WORKSPACE {
        return Err(Error::invalid(
            "file",
            format!(
                "The workspace's files have reached {} MB. Link to the file instead.",
                MOST_IN_WORKSPACE / 1_000_000
            ),
        ));
    }
    let digest = digest(file);
    let (id, now, me): (EvidenceFileId, _, _) = (tx.fresh_id(), tx.now(), tx.member_id());
    tx.execute(
        sql!(
            "insert into evidence_files (id, workspace_id, checkpoint_id, name, media_type, size, digest,
             content, at, by_member) values ($2, $1, $3, $4, $5, $6, $7, $8, $9, $10)"
        ),
        args![
            id,
            checkpoint,
            &fit.name,
            fit.media_type,
            size,
            &digest,
            file.bytes.clone(),
            now,
            me
        ],
    )
    .await?;
    Ok(format!("{} ({})", fit.name, &digest[..12]))
}

async fn open_again(tx: &mut Transaction, id: CheckpointId, milestone: MilestoneId) -> Result<()> {
    tx.execute(
        sql!(
            "update checkpoints set passed_at = null, passed_by = null, evidence = null, accepting_side =
             null, answered_by = coalesce(accepted_by, answered_by), accepted_at = null, accepted_by = null,
             version = version + 1 where workspace_id = $1 and id = $2"
        ),
        args![id],
    )
    .await?;
    tx.execute(
        sql!(
            "update evidence_files set replaced_at = $3 where workspace_id = $1 and checkpoint_id = $2
         and replaced_at is null"
        ),
        args![id, tx.now()],
    )
    .await?;
    offer_for_acceptance(tx, milestone).await
}

/// Opens a passed checkpoint again.
pub async fn reopen(viewer: &Viewer, id: CheckpointId) -> Result<i64> {
    let mut tx = viewer.begin().await?;
    let (step, milestone) = step(&mut tx, id).await?;
    let permit = tx.permit(Action::PassCheckpoint {
        owner: step.owner_id,
        driver: milestone.driver_id,
    })?;
    milestone.refuse_accepted()?;
    if step.passed_at.is_none() {
        return Ok(milestone.number);
    }
    refuse_word_of_others(&mut tx, id, step.owner_id).await?;
    open_again(&mut tx, id, milestone.id).await?;
    tx.commit(permit, milestone.checkpoint_event("reopened", id, &step.title))
        .await?;
    Ok(milestone.number)
}

/// Accepts what the other side passed, as it was at `version`. Accepting twice is once.
pub async fn accept_checkpoint(viewer: &Viewer, id: CheckpointId, version: i64) -> Result<i64> {
    let mut tx = viewer.begin().await?;
    let (step, milestone) = step(&mut tx, id).await?;
    step.require_passed(&tx)?;
    let permit = tx.permit(step.accepting(&milestone))?;
    milestone.refuse_accepted()?;
    milestone.require_asking()?;
    if step.accepted_at.is_some() {
        return Ok(milestone.number);
    }
    step.require(version)?;
    tx.execute(
        sql!(
            "update checkpoints set accepted_at = $3, accepted_by = $4, version = version + 1 where
             workspace_id = $1 and id = $2"
        ),
        args![id, tx.now(), tx.member_id()],
    )
    .await?;
    offer_for_acceptance(&mut tx, milestone.id).await?;
    tx.commit(
        permit,
        milestone.checkpoint_event("accepted the checkpoint", id, &step.title),
    )
    .await?;
    Ok(milestone.number)
}

/// Whether a side has answered for the milestone as it lies before both.
async fn is_signed(tx: &mut Transaction, id: MilestoneId) -> Result<bool> {
    let (signed,): (i64,) = tx
        .fetch_one(
            sql!(
                "select count(*) from tabled_handshakes h join filled_seats s on s.handshake_id = h.id
                 where h.workspace_id = $1 and h.kind = 'milestone' and h.subject_id = $2"
            ),
            args![id],
        )
        .await?;
    Ok(signed > 0)
}

/// Takes one's own acceptance back while nobody has signed the milestone: it waits for that side again.
pub async fn withdraw_acceptance(viewer: &Viewer, id: CheckpointId) -> Result<i64> {
    let mut tx = viewer.begin().await?;
    let (step, milestone) = step(&mut tx, id).await?;
    let permit = tx.permit(step.accepting(&milestone))?;
    milestone.refuse_accepted()?;
    if step.accepted_at.is_none() {
        return Ok(milestone.number);
    }
    if is_signed(&mut tx, milestone.id).await? {
        return Err(Error::invalid(
            "",
            "Somebody has accepted the whole milestone. The checkpoint’s owner can reopen it.",
        ));
    }
    let taken_back = tx
        .execute(
            sql!(
                "update checkpoints set answered_by = accepted_by, accepted_at = null, accepted_by = null,
                 version = version + 1 where workspace_id = $1 and id = $2 and accepted_by = $3"
            ),
            args![id, tx.member_id()],
        )
        .await?;
    if taken_back == 0 {
        return Err(Error::Forbidden);
    }
    offer_for_acceptance(&mut tx, milestone.id).await?;
    tx.commit(
        permit,
        milestone.checkpoint_event("withdrew the acceptance of", id, &step.title),
    )
    .await?;
    Ok(milestone.number)
}

/// Returns what the other side passed, as it was at `version`, with what is missing: it is open again.
pub async fn return_checkpoint(
    viewer: &Viewer,
    id: CheckpointId,
    version: i64,
    missing: &str,
) -> Result<i64> {
    let mut tx = viewer.begin().await?;
    let (step, milestone) = step(&mut tx, id).await?;
    step.require_passed(&tx)?;
    let permit = tx.permit(step.accepting(&milestone))?;
    milestone.refuse_accepted()?;
    milestone.require_asking()?;
    if step.accepted_at.is_some() {
        return Err(Error::invalid(
            "",
            "This checkpoint is accepted already. Its owner can reopen it.",
        ));
    }
    step.require(version)?;
    let (row, now, me): (uuid::Uuid, _, _) = (tx.fresh_id(), tx.now(), tx.member_id());
    tx.execute(
        sql!(
            "insert into returned_checkpoints (id, workspace_id, checkpoint_id, missing, at, by_member)
             values ($2, $1, $3, $4, $5, $6)"
        ),
        args![row, id, missing, now, me],
    )
    .await?;
    open_again(&mut tx, id, milestone.id).await?;
    tx.commit(
        permit,
        milestone
            .checkpoint_event("sent back the checkpoint", id, &step.title)
            .detail(missing),
    )
    .await?;
    Ok(milestone.number)
}
