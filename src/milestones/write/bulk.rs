//! Many checkpoints at once: made from lines, moved, given to somebody else; and taking that back.

use serde::{Deserialize, Serialize};

use super::{
    CURRENT_BY_ID, Current, Step,
    bound::{refuse_condition, refuse_others_undertaking},
    checkpoints::{MOST_CHECKPOINTS, insert_checkpoint},
    load_plannable, offer_for_acceptance,
};
use crate::{
    args,
    identity::{Action, Transaction, Viewer},
    members::write::require_of_side,
    platform::{
        error::{Error, Result},
        ids::{BulkChangeId, CheckpointId, MemberId, MilestoneId},
        time::{Day, Timestamp, days},
    },
    sql,
};

/// A checkpoint as it was; `None` when it was not there.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Before {
    id: CheckpointId,
    /// Whose it was, when it was due, and which milestone's.
    was: Option<(MemberId, String, MilestoneId)>,
    /// Its version after the change: what was touched since is not taken back.
    version: i64,
}

/// Whether a change with this id was made: a form that is sent twice changes once.
async fn exists(tx: &mut Transaction, id: BulkChangeId) -> Result<bool> {
    let made: Option<(BulkChangeId,)> = tx
        .fetch_optional(
            sql!("select id from bulk_changes where workspace_id = $1 and id = $2"),
            args![id],
        )
        .await?;
    Ok(made.is_some())
}

async fn keep(tx: &mut Transaction, current: &Current, id: BulkChangeId, before: &[Before]) -> Result<()> {
    let (now, me) = (tx.now(), tx.member_id());
    let before = serde_json::to_string(before).map_err(|_| Error::Internal)?;
    tx.execute(
        sql!(
            "insert into bulk_changes (id, workspace_id, milestone_id, before, at, by_member) values ($2, $1,
             $3, $4, $5, $6)"
        ),
        args![id, current.id, before, now, me],
    )
    .await?;
    Ok(())
}

/// Adds a checkpoint for each step, as one change that can be taken back.
pub async fn add_checkpoints(viewer: &Viewer, number: i64, id: BulkChangeId, steps: &[Step]) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let (current, permit) = load_plannable(&mut tx, number).await?;
    if exists(&mut tx, id).await? {
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
    if steps.is_empty() || count + i64::try_from(steps.len()).unwrap_or(i64::MAX) > MOST_CHECKPOINTS {
        return Err(Error::invalid(
            "lines",
            format!("A milestone has at most {MOST_CHECKPOINTS} checkpoints; it has {count}."),
        ));
    }
    let mut before = Vec::with_capacity(steps.len());
    for step in steps {
        require_of_side(&mut tx, "owner", step.owner, None).await?;
        let checkpoint: CheckpointId = tx.fresh_id();
        insert_checkpoint(&mut tx, current.id, checkpoint, step).await?;
        tx.record(current.checkpoint_event("added the checkpoint", checkpoint, &step.title))
            .await?;
        before.push(Before {
            id: checkpoint,
            was: None,
            version: 1,
        });
    }
    offer_for_acceptance(&mut tx, current.id).await?;
    keep(&mut tx, &current, id, &before).await?;
    tx.commit(
        permit,
        current
            .event("added checkpoints to")
            .detail(format!("{} at once", steps.len())),
    )
    .await
}

/// When checkpoints are due from now on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewDates {
    AsBefore,
    /// Later by so many days, or earlier.
    Moved(i64),
    On(Day),
}

impl NewDates {
    pub fn of(self, due_on: Day) -> Day {
        match self {
            Self::AsBefore => due_on,
            Self::Moved(days) => due_on.plus(days),
            Self::On(day) => day,
        }
    }

    /// The field by which it was asked for.
    const fn field(self) -> &'static str {
        match self {
            Self::On(_) => "due_on",
            Self::AsBefore | Self::Moved(_) => "days",
        }
    }
}

/// What is to be done to several open checkpoints.
#[derive(Clone, Copy, Debug)]
pub struct Shift {
    pub dates: NewDates,
    pub owner: Option<MemberId>,
    /// The milestone that they become steps of.
    pub to: Option<MilestoneId>,
}

#[derive(sqlx::FromRow)]
struct Open {
    id: CheckpointId,
    owner_id: MemberId,
    due_on: Day,
    version: i64,
}

/// Gives open checkpoints other dates, another owner or another milestone, as one change that can be taken
/// back.
pub async fn shift_checkpoints(
    viewer: &Viewer,
    number: i64,
    id: BulkChangeId,
    chosen: &[CheckpointId],
    shift: Shift,
) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let (current, permit) = load_plannable(&mut tx, number).await?;
    if exists(&mut tx, id).await? {
        return Ok(());
    }
    if let Some(owner) = shift.owner {
        require_of_side(&mut tx, "owner", owner, None).await?;
    }
    let to: Option<Current> = match shift.to.filter(|to| *to != current.id) {
        Some(to) => Some(require_room(&mut tx, to, chosen.len()).await?),
        None => None,
    };
    if shift.dates == NewDates::AsBefore && shift.owner.is_none() && to.is_none() {
        return Err(Error::invalid(
            "days",
            "Give them another date, another owner or another milestone.",
        ));
    }
    if let Some(to) = &to
        && current.asks_other_side
        && !to.asks_other_side
    {
        return Err(Error::invalid(
            "to",
            format!(
                "The other side accepts these checkpoints one by one; it would not at “{}”.",
                to.title
            ),
        ));
    }
    let meant = meant(&mut tx, &current, chosen, shift.dates).await?;
    for open in &meant {
        refuse_condition(&mut tx, open.id).await?;
        refuse_others_undertaking(&mut tx, open.id).await?;
    }
    let mut before = Vec::with_capacity(meant.len());
    for open in &meant {
        tx.execute(
            sql!(
                "update checkpoints set due_on = $3, owner_id = $4, milestone_id = $5, version = version + 1,
                    position = case when milestone_id = $5 then position else (select
                    coalesce(max(x.position), 0) + 1 from checkpoints x where x.milestone_id = $5) end
             where workspace_id = $1 and id = $2"
            ),
            args![
                open.id,
                shift.dates.of(open.due_on),
                shift.owner.unwrap_or(open.owner_id),
                to.as_ref().map_or(current.id, |to| to.id)
            ],
        )
        .await?;
        before.push(Before {
            id: open.id,
            was: Some((open.owner_id, open.due_on.to_string(), current.id)),
            version: open.version + 1,
        });
    }
    keep(&mut tx, &current, id, &before).await?;
    if let Some(to) = &to {
        // What is left may be done, and what was done there is not any more.
        offer_for_acceptance(&mut tx, current.id).await?;
        offer_for_acceptance(&mut tx, to.id).await?;
        tx.record(to.event("took over checkpoints for").detail(format!(
            "{} from {}",
            meant.len(),
            current.title
        )))
        .await?;
    }
    let moved = match shift.dates {
        NewDates::AsBefore => String::new(),
        NewDates::Moved(by) if by < 0 => format!(" {} earlier", days(-by)),
        NewDates::Moved(by) => format!(" by {}", days(by)),
        NewDates::On(day) => format!(" to {}", day.format(tx.today())),
    };
    let given = if shift.owner.is_some() {
        ", given to somebody else"
    } else {
        ""
    };
    let taken = to.map_or_else(String::new, |to| format!(", to {}", to.title));
    tx.commit(
        permit,
        current
            .event("shifted checkpoints of")
            .detail(format!("{}{moved}{given}{taken}", meant.len())),
    )
    .await
}

/// Another milestone that the member plans, and that takes this many more checkpoints.
async fn require_room(tx: &mut Transaction, id: MilestoneId, more: usize) -> Result<Current> {
    let to: Option<Current> = tx.fetch_optional(CURRENT_BY_ID, args![id]).await?;
    let to = to.ok_or_else(|| Error::invalid("to", "Choose from the list."))?;
    let team = to.team(tx).await?;
    if tx.permit(Action::PlanWork { team: &team }).is_err() {
        return Err(Error::invalid("to", format!("You do not plan “{}”.", to.title)));
    }
    if to.accepted_at.is_some() || to.is_over {
        return Err(Error::invalid("to", format!("“{}” cannot be changed.", to.title)));
    }
    let (count,): (i64,) = tx
        .fetch_one(
            sql!(
                "select count(*) from checkpoints where workspace_id = $1 and milestone_id = $2 and
             archived_at is null"
            ),
            args![to.id],
        )
        .await?;
    if count + i64::try_from(more).unwrap_or(i64::MAX) > MOST_CHECKPOINTS {
        return Err(Error::invalid(
            "to",
            format!(
                "A milestone has at most {MOST_CHECKPOINTS} checkpoints; “{}” has {count}.",
                to.title
            ),
        ));
    }
    Ok(to)
}

/// Takes a change of many back, where nobody has touched them since.
pub async fn undo(viewer: &Viewer, number: i64, change: BulkChangeId) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let (current, permit) = load_plannable(&mut tx, number).await?;
    let (before, by, at): (String, MemberId, Timestamp) = tx
        .fetch_one(
            sql!(
                "select before, by_member, at from bulk_changes where workspace_id = $1 and milestone_id = $2
                 and id = $3 and undone_at is null"
            ),
            args![current.id, change],
        )
        .await?;
    if Some(by) != tx.member_id() {
        return Err(Error::Forbidden);
    }
    if tx.day_of(at) < tx.today().plus(-1) {
        return Err(Error::Gone);
    }
    let before: Vec<Before> = serde_json::from_str(&before).map_err(|_| Error::Internal)?;
    let (now, mut back, mut touched) = (tx.now(), 0, Vec::new());
    for one in &before {
        back += match &one.was {
            None => {
                tx.execute(
                    sql!(
                        "update checkpoints set archived_at = $3, version = version + 1 where workspace_id =
                         $1 and id = $2 and version = $4 and passed_at is null"
                    ),
                    args![one.id, now, one.version],
                )
                .await?
            }
            Some((owner, due_on, milestone)) => {
                let was = (*owner, due_on.as_str(), *milestone);
                give_back(&mut tx, &current, one, was, &mut touched).await?
            }
        };
    }
    if back == 0 {
        return Err(Error::Conflict);
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
    if count > MOST_CHECKPOINTS {
        return Err(Error::invalid(
            "",
            format!(
                "A milestone has at most {MOST_CHECKPOINTS} checkpoints; this would make {count}. Nothing \
                    was taken back."
            ),
        ));
    }
    tx.execute(
        sql!("update bulk_changes set undone_at = $3 where workspace_id = $1 and id = $2"),
        args![change, now],
    )
    .await?;
    for other in touched {
        offer_for_acceptance(&mut tx, other.id).await?;
        tx.record(
            other
                .event("gave back checkpoints of")
                .detail(format!("to {}", current.title)),
        )
        .await?;
    }
    offer_for_acceptance(&mut tx, current.id).await?;
    tx.commit(
        permit,
        current
            .event("took back a change of checkpoints of")
            .detail(format!("{back} of {}", before.len())),
    )
    .await
}

/// The chosen checkpoints, when all of them can still be moved so.
async fn meant(
    tx: &mut Transaction,
    current: &Current,
    chosen: &[CheckpointId],
    dates: NewDates,
) -> Result<Vec<Open>> {
    let open: Vec<Open> = tx
        .fetch_all(
            sql!(
                "select id, owner_id, due_on, version from checkpoints where workspace_id = $1 and
                 milestone_id = $2 and archived_at is null and passed_at is null order by position, id"
            ),
            args![current.id],
        )
        .await?;
    let meant: Vec<Open> = open
        .into_iter()
        .filter(|open| chosen.contains(&open.id))
        .collect();
    if meant.is_empty() {
        return Err(Error::invalid("chosen", "Choose checkpoints that are not done."));
    }
    if meant.len() < chosen.len() {
        return Err(Error::invalid(
            "chosen",
            "Some of these were finished or moved meanwhile. Check again.",
        ));
    }
    if meant.iter().any(|open| !dates.of(open.due_on).is_plannable()) {
        return Err(Error::invalid(
            dates.field(),
            "That date is too far away. Choose a nearer one.",
        ));
    }
    Ok(meant)
}

async fn give_back(
    tx: &mut Transaction,
    current: &Current,
    one: &Before,
    (owner, due_on, milestone): (MemberId, &str, MilestoneId),
    touched: &mut Vec<Current>,
) -> Result<u64> {
    let left: Option<(MilestoneId,)> = tx
        .fetch_optional(
            sql!(
                "select milestone_id from checkpoints where workspace_id = $1 and id
                         = $2 and version = $3"
            ),
            args![one.id, one.version],
        )
        .await?;
    if let Some((left,)) =
        left.filter(|(left,)| *left != milestone && !touched.iter().any(|other: &Current| other.id == *left))
    {
        let other: Option<Current> = tx.fetch_optional(CURRENT_BY_ID, args![left]).await?;
        let other = other.ok_or_else(|| {
            Error::invalid(
                "",
                "Their milestone has been cancelled since. Nothing was undone.",
            )
        })?;
        other.refuse_accepted()?;
        if other.asks_other_side && !current.asks_other_side {
            return Err(Error::invalid(
                "",
                format!(
                    "The other side accepts these checkpoints one by one; it would not at “{}”.",
                    current.title
                ),
            ));
        }
        touched.push(other);
    }
    tx.execute(
        sql!(
            "update checkpoints set owner_id = $3, due_on = $4, milestone_id = $6, version =
                         version + 1 where workspace_id = $1 and id = $2 and version = $5"
        ),
        args![one.id, owner, due_on, one.version, milestone],
    )
    .await
}
