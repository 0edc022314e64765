//! Checking in, correcting what was said, acknowledging it, and talking about it.

use super::{Current, Phase, current};
use crate::{
    args,
    comments::{
        Topic,
        write::{self as comments, Outcome},
    },
    handshake::Health,
    identity::{Action, Side, Transaction, Viewer},
    initiatives::{CORRECTED_WITHIN_DAYS, answers},
    members::write::require_of_side,
    milestones::write::{Step, add_corrective, archive_corrective},
    platform::{
        error::{Error, Result},
        ids::{CheckInId, CheckpointId, CommentId, MemberId, MilestoneId},
        time::{Day, Timestamp},
    },
    sql,
};

/// How it goes, said by one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckInInput {
    pub status: Health,
    /// Percent: how sure the author is that it will be achieved.
    pub confidence: i64,
    pub note: String,
    pub next_step: String,
    pub risks: String,
    /// What is done about it; off track needs it.
    pub action: Option<CheckInAction>,
}

/// A corrective action, by whom, by when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckInAction {
    pub action: String,
    pub owner: MemberId,
    pub due_on: Day,
    /// Where it becomes a checkpoint; none while the initiative has no open milestone.
    pub milestone: Option<MilestoneId>,
}

const REPEATED_WITHIN_SECONDS: i64 = 60;

#[derive(sqlx::FromRow)]
struct Last {
    id: CheckInId,
    due_on: Day,
    side: Side,
    status: Health,
    confidence: i64,
    note: String,
    next_step: String,
    risks: String,
    action: Option<String>,
    action_owner: Option<MemberId>,
    action_due_on: Option<Day>,
    action_checkpoint: Option<CheckpointId>,
    action_milestone: Option<MilestoneId>,
    at: Timestamp,
    by_member: MemberId,
}

impl Last {
    fn to_check_in(&self) -> CheckInInput {
        CheckInInput {
            status: self.status,
            confidence: self.confidence,
            note: self.note.clone(),
            next_step: self.next_step.clone(),
            risks: self.risks.clone(),
            action: self
                .action
                .clone()
                .zip(self.action_owner)
                .zip(self.action_due_on)
                .map(|((action, owner), due_on)| CheckInAction {
                    action,
                    owner,
                    due_on,
                    milestone: self.action_milestone,
                }),
        }
    }
}

async fn insert(
    tx: &mut Transaction,
    current: &Current,
    due_on: Day,
    side: Side,
    check_in: &CheckInInput,
    (at, checkpoint): (Timestamp, Option<CheckpointId>),
) -> Result<CheckInId> {
    if check_in.status == Health::OffTrack && check_in.action.is_none() {
        return Err(Error::invalid(
            "action",
            "Off track needs a corrective action with an owner and a date.",
        ));
    }
    let action = check_in.action.as_ref();
    if let Some(action) = action {
        require_of_side(tx, "action_owner", action.owner, None).await?;
        if action.due_on < tx.today() {
            return Err(Error::invalid("action_due_on", "Choose today or a later day."));
        }
    }
    let (id, me): (CheckInId, _) = (tx.fresh_id(), tx.member_id());
    tx.execute(
        sql!(
            "insert into check_ins (id, workspace_id, initiative_id, due_on, side, status, confidence, note,
             next_step, risks, at, by_member, action, action_owner, action_due_on, action_checkpoint)
         values ($2, $1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
        ),
        args![
            id,
            current.id,
            due_on,
            side,
            check_in.status,
            check_in.confidence,
            check_in.note.as_str(),
            check_in.next_step.as_str(),
            check_in.risks.as_str(),
            at,
            me,
            action.map(|action| action.action.as_str()),
            action.map(|action| action.owner),
            action.map(|action| action.due_on),
            checkpoint
        ],
    )
    .await?;
    Ok(id)
}

/// What is done about it becomes a checkpoint of the milestone that it names.
async fn action_becomes_checkpoint(
    tx: &mut Transaction,
    current: &Current,
    check_in: &CheckInInput,
) -> Result<Option<CheckpointId>> {
    let Some(action) = &check_in.action else {
        return Ok(None);
    };
    let Some(milestone) = action.milestone else {
        return Ok(None);
    };
    let of_initiative: Option<(MilestoneId,)> = tx
        .fetch_optional(
            sql!(
                "select id from milestone_facts where workspace_id = $1 and id = $2 and initiative_id = $3
                 and archived_at is null and accepted_at is null"
            ),
            args![milestone, current.id],
        )
        .await?;
    if of_initiative.is_none() {
        return Err(Error::invalid(
            "action_milestone",
            "Choose a milestone of this initiative that is still open.",
        ));
    }
    let step = Step::new(action.action.clone(), action.owner, action.due_on);
    add_corrective(tx, milestone, &step).await
}

/// Says how it goes and what comes next, for the day on which a check-in was due.
pub async fn check_in(viewer: &Viewer, number: i64, check_in: &CheckInInput) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let current = current(&mut tx, number).await?;
    let permit = tx.permit(Action::CheckIn {
        leads: current.leads(),
    })?;
    let side = tx.side().ok_or(Error::Forbidden)?;
    let (Phase::Active, Some(awaited)) = (current.phase, current.next_check_in_on) else {
        return Err(Error::invalid("", "Only active initiatives need check-ins."));
    };
    let last: Option<Last> = tx
        .fetch_optional(
            sql!(
                "select id, due_on, side, status, confidence, note, next_step, risks, action, action_owner,
                 action_due_on, action_checkpoint, (select c.milestone_id from checkpoint_facts c where c.id =
                 check_ins.action_checkpoint) as action_milestone, at, by_member from check_ins
             where workspace_id = $1 and initiative_id = $2 and replaced_at is null order by at desc, id desc
             limit 1"
            ),
            args![current.id],
        )
        .await?;
    // A double click says it once.
    let is_repeated = last.as_ref().is_some_and(|last| {
        last.to_check_in() == *check_in
            && Some(last.by_member) == tx.member_id()
            && tx.now() < last.at.plus_seconds(REPEATED_WITHIN_SECONDS)
    });
    if is_repeated {
        return Ok(());
    }
    let answer = answers(current.cadence, awaited, last.map(|last| last.due_on), tx.today());
    for missed in &answer.missed {
        tx.execute(
            sql!("insert into missed_check_ins (workspace_id, initiative_id, due_on) values ($1, $2, $3)"),
            args![current.id, *missed],
        )
        .await?;
    }
    let now = tx.now();
    let checkpoint = action_becomes_checkpoint(&mut tx, &current, check_in).await?;
    insert(
        &mut tx,
        &current,
        answer.due_on,
        side,
        check_in,
        (now, checkpoint),
    )
    .await?;
    tx.execute(
        sql!("update initiatives set next_check_in_on = $3 where workspace_id = $1 and id = $2"),
        args![current.id, answer.next],
    )
    .await?;
    let missed = match answer.missed.len() {
        0 => String::new(),
        1 => " · 1 was missed before it".to_owned(),
        count => format!(" · {count} were missed before it"),
    };
    let detail = format!(
        "{}, {}% confident: {}{missed}",
        check_in.status.name(),
        check_in.confidence,
        check_in.note
    );
    tx.commit(permit, current.event("checked in on").detail(detail))
        .await
}

async fn load(tx: &mut Transaction, current: &Current, id: CheckInId) -> Result<Last> {
    tx.fetch_one(
        sql!(
            "select id, due_on, side, status, confidence, note, next_step, risks, action, action_owner,
             action_due_on, action_checkpoint, (select c.milestone_id from checkpoint_facts c where c.id =
             check_ins.action_checkpoint) as action_milestone, at, by_member from check_ins
         where workspace_id = $1 and initiative_id = $2 and replaced_at is null
           and exists (select 1 from check_ins x where x.id = $3 and x.initiative_id = $2 and x.at =
           check_ins.at and x.by_member = check_ins.by_member)"
        ),
        args![current.id, id],
    )
    .await
}

/// Corrects what was said, by its author, before it locks. The earlier words stay in the record.
pub async fn correct(viewer: &Viewer, number: i64, id: CheckInId, check_in: &CheckInInput) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let current = current(&mut tx, number).await?;
    let permit = tx.permit(Action::CheckIn {
        leads: current.leads(),
    })?;
    let before = load(&mut tx, &current, id).await?;
    if Some(before.by_member) != tx.member_id() {
        return Err(Error::Forbidden);
    }
    if current.phase.is_over() {
        return Err(Error::invalid(
            "",
            "This initiative is closed and cannot be changed.",
        ));
    }
    if tx.today() > tx.day_of(before.at).plus(CORRECTED_WITHIN_DAYS) {
        return Err(Error::invalid(
            "",
            format!(
                "Check-ins are locked after {CORRECTED_WITHIN_DAYS} days. Add a comment, or check in again."
            ),
        ));
    }
    if before.to_check_in() == *check_in {
        return Ok(());
    }
    let now = tx.now();
    tx.execute(
        sql!("update check_ins set replaced_at = $3 where workspace_id = $1 and id = $2"),
        args![before.id, now],
    )
    .await?;
    let is_same_action = before.to_check_in().action == check_in.action;
    let checkpoint = if is_same_action {
        before.action_checkpoint
    } else {
        if let Some(checkpoint) = before.action_checkpoint {
            archive_corrective(&mut tx, checkpoint).await?;
        }
        action_becomes_checkpoint(&mut tx, &current, check_in).await?
    };
    let outcome = (before.at, checkpoint);
    let corrected = insert(&mut tx, &current, before.due_on, before.side, check_in, outcome).await?;
    // The talk goes on under the words as they are now.
    let path = |id: CheckInId| format!("initiatives/{number}/check-ins/{id}");
    let (old, new) = (
        (before.id.uuid(), path(before.id)),
        (corrected.uuid(), path(corrected)),
    );
    comments::move_to(&mut tx, Topic::CheckIn, &old, &new).await?;
    let event = current.event("corrected a check-in on").with_changes(&[
        ("Status", before.status.name(), check_in.status.name()),
        (
            "Confidence",
            &format!("{}%", before.confidence),
            &format!("{}%", check_in.confidence),
        ),
        ("What is new", &before.note, &check_in.note),
        ("Next step", &before.next_step, &check_in.next_step),
        ("Risks", &before.risks, &check_in.risks),
    ]);
    tx.commit(permit, event).await
}

/// The other side says that it has read a check-in. Twice is once.
pub async fn acknowledge(viewer: &Viewer, number: i64, id: CheckInId) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let current = current(&mut tx, number).await?;
    let check_in = load(&mut tx, &current, id).await?;
    let reads = check_in.side.other();
    let permit = tx.permit(Action::Acknowledge {
        lead: current.lead(reads),
        side: reads,
    })?;
    if Some(check_in.by_member) == tx.member_id() {
        return Err(Error::invalid(
            "",
            "You cannot confirm reading your own check-in.",
        ));
    }
    if current.phase.is_over() {
        return Err(Error::invalid(
            "",
            "The initiative has ended, so nothing is missing any more.",
        ));
    }
    let (id, now, me) = (check_in.id, tx.now(), tx.member_id());
    let added = tx
        .execute(
            sql!(
                "insert into acknowledgements (check_in_id, workspace_id, member_id, at) values ($2, $1, $3,
                 $4) on conflict do nothing"
            ),
            args![id, me, now],
        )
        .await?;
    if added == 0 {
        return Ok(());
    }
    tx.commit(
        permit,
        current
            .event("read a check-in on")
            .detail(format!("for {}", reads.name())),
    )
    .await
}

/// Says something about a check-in; who is named with `@Name` is notified.
pub async fn comment(viewer: &Viewer, number: i64, id: CheckInId, body: &str) -> Result<CommentId> {
    let mut tx = viewer.begin().await?;
    let current = current(&mut tx, number).await?;
    let id = load(&mut tx, &current, id).await?.id;
    let path = format!("initiatives/{number}/check-ins/{id}");
    match comments::add(&mut tx, Topic::CheckIn, id.uuid(), body, &path, &current.title).await? {
        Outcome::Repeated(id) => Ok(id),
        Outcome::New { permit, id } => {
            tx.commit(permit, current.event("commented on a check-in on").detail(body))
                .await?;
            Ok(id)
        }
    }
}
