//! Actions: given to one person by a day, done, given another day, or given up.

use super::Current;
use crate::{
    args,
    identity::{Action, Side, Viewer},
    members::write::require_of_side,
    milestones::write::{Step, add_corrective},
    platform::{
        error::{Error, Result},
        ids::{ActionId, CheckpointId, MemberId, MilestoneId, ReviewItemId},
        time::Day,
    },
    reviews::ActionState,
    sql,
};

#[derive(Clone, Debug)]
pub struct ActionInput {
    pub body: String,
    pub owner: MemberId,
    pub due_on: Day,
    /// Of which it becomes a checkpoint.
    pub milestone: Option<MilestoneId>,
}

/// Gives an action to somebody, who is told once. Sent twice with one id, it is given once.
pub async fn give_action(
    viewer: &Viewer,
    number: i64,
    of: i64,
    (id, input): (ActionId, &ActionInput),
) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let permit = super::permit_of_participant(&tx)?;
    let current = Current::find(&mut tx, number).await?;
    current.require_running()?;
    let (item,): (ReviewItemId,) = tx
        .fetch_one(
            sql!("select id from review_items where workspace_id = $1 and review_id = $2 and number = $3"),
            args![current.id, of],
        )
        .await?;
    let known: Option<(ActionId,)> = tx
        .fetch_optional(
            sql!("select id from review_actions where workspace_id = $1 and id = $2"),
            args![id],
        )
        .await?;
    if known.is_some() {
        return Ok(());
    }
    require_of_side(&mut tx, "owner", input.owner, None).await?;
    if input.due_on < tx.today() {
        return Err(Error::invalid("due_on", "Choose today or a later day."));
    }
    let checkpoint: Option<CheckpointId> = match input.milestone {
        None => None,
        Some(milestone) => {
            let is_open: Option<(MilestoneId,)> = tx
                .fetch_optional(
                    sql!(
                        "select id from milestone_facts where workspace_id = $1 and id = $2 and archived_at is
                         null and
                         accepted_at is null"
                    ),
                    args![milestone],
                )
                .await?;
            if is_open.is_none() {
                return Err(Error::invalid(
                    "milestone",
                    "Choose a milestone that is still open.",
                ));
            }
            let step = Step::new(input.body.clone(), input.owner, input.due_on);
            add_corrective(&mut tx, milestone, &step).await?
        }
    };
    let (now, me) = (tx.now(), tx.member_id());
    tx.execute(
        sql!(
            "insert into review_actions (id, workspace_id, review_id, item_id, body, owner_id, due_on,
             given_at, given_by,
             checkpoint_id, state, version) values ($2, $1, $3, $4, $5, $6, $7, $8, $9, $10, 'open', 1)"
        ),
        args![
            id,
            current.id,
            item,
            input.body.as_str(),
            input.owner,
            input.due_on,
            now,
            me,
            checkpoint
        ],
    )
    .await?;
    let [owner] = tx.member_names([input.owner]).await?;
    let letter = format!(
        "In review {} this was given to you, by {}:\n\n{}",
        current.number,
        input.due_on.format_long(),
        input.body
    );
    let subject = format!("For you by {}: {}", input.due_on.format(tx.today()), input.body);
    let path = format!("reviews/{}#action-{id}", current.number);
    tx.tell(input.owner, subject, &letter, Some(&path)).await?;
    current.touch(&mut tx).await?;
    let event = current.event("added an action to").detail(format!(
        "{}: {owner}, {}",
        input.body,
        input.due_on.format_long()
    ));
    tx.commit(permit, event).await
}

/// What becomes of an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settlement {
    Done,
    /// Why.
    GivenUp(String),
    /// Another day, and why.
    Moved(Day, String),
    /// It is open again.
    Reopened,
}

#[derive(sqlx::FromRow)]
struct ActionRow {
    review_number: i64,
    body: String,
    owner_id: MemberId,
    owner_side: Option<Side>,
    due_on: Day,
    state: ActionState,
    version: i64,
    checkpoint_id: Option<CheckpointId>,
}

/// Settles an action, or opens it again; its owner does, or who manages on the owner’s side.
pub async fn settle_action(
    viewer: &Viewer,
    number: i64,
    id: ActionId,
    version: i64,
    settlement: Settlement,
) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let current = Current::find(&mut tx, number).await?;
    let action: ActionRow = tx
        .fetch_one(
            sql!(
                "select r.number as review_number, a.body, a.owner_id, m.side as owner_side, a.due_on,
                 a.state, a.version, c.id as checkpoint_id
                 from review_actions a join reviews r on r.id = a.review_id join people m on m.id = a.owner_id
                 left join standing_checkpoints c on c.id = a.checkpoint_id
                 where a.workspace_id = $1 and a.id = $2 and r.number = $3"
            ),
            args![id, number],
        )
        .await?;
    let permit = tx.permit(Action::SettleAction {
        owner: action.owner_id,
        side: action.owner_side,
    })?;
    if action.version != version {
        return Err(Error::Conflict);
    }
    if action.checkpoint_id.is_some() {
        return Err(Error::invalid(
            "",
            "This action became a checkpoint. Mark the checkpoint done.",
        ));
    }
    let is_open = action.state == ActionState::Open;
    if is_open == (settlement == Settlement::Reopened) {
        return Err(Error::Conflict);
    }
    let (now, me) = (tx.now(), tx.member_id());
    let (state, at, by, because, verb) = match &settlement {
        Settlement::Done => (ActionState::Done, Some(now), me, None, "did an action of"),
        Settlement::GivenUp(why) => (
            ActionState::GivenUp,
            Some(now),
            me,
            Some(why.as_str()),
            "gave up an action of",
        ),
        Settlement::Reopened => (ActionState::Open, None, None, None, "reopened an action of"),
        Settlement::Moved(..) => (ActionState::Open, None, None, None, "moved an action of"),
    };
    if let Settlement::Moved(to, why) = &settlement {
        if *to <= action.due_on.min(tx.today()) || *to < tx.today() {
            return Err(Error::invalid("due_on", "Choose a later day."));
        }
        tx.execute(
            sql!(
                "insert into review_action_moves (id, workspace_id, action_id, from_on, to_on, because, at,
                 by_member)
                 values ($2, $1, $3, $4, $5, $6, $7, $8)"
            ),
            args![
                tx.fresh_id::<uuid::Uuid>(),
                id,
                action.due_on,
                *to,
                why.as_str(),
                now,
                me
            ],
        )
        .await?;
    }
    let due_on = match &settlement {
        Settlement::Moved(to, _) => *to,
        _ => action.due_on,
    };
    tx.execute(
        sql!(
            "update review_actions set state = $3, settled_at = $4, settled_by = $5, settled_because = $6,
             due_on = $7,
             version = version + 1 where workspace_id = $1 and id = $2"
        ),
        args![id, state, at, by, because, due_on],
    )
    .await?;
    let event = current
        .event(verb)
        .at(format!("reviews/{}#action-{id}", action.review_number))
        .detail(action.body);
    tx.commit(permit, event).await
}
