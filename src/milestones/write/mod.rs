//! What may be done to milestones and checkpoints.

mod accept;
mod baseline;
mod bound;
mod bulk;
mod checkpoints;
mod hand_over;
mod pass;
mod talk;
mod waits;

pub use self::accept::{MilestoneOnTable, close_of, offer_for_acceptance};
pub use self::bound::refuse_dropping;
pub use self::talk::MilestoneTalk;
pub use baseline::{BaselineOnTable, propose_baseline};
pub use bulk::{NewDates, Shift, add_checkpoints, shift_checkpoints, undo};
pub use checkpoints::{
    Step, add_checkpoint, add_condition, add_corrective, archive_checkpoint, archive_corrective,
    edit_checkpoint,
};
pub use hand_over::{hand_over, hand_over_checkpoints};
pub use pass::{PassInput, accept_checkpoint, pass, reopen, return_checkpoint, withdraw_acceptance};
pub use waits::{stop_waiting, stop_waiting_for_access, wait_for, wait_for_access};

use crate::{
    args,
    handshake::{
        Kind,
        write::{self as handshake},
    },
    identity::{Action, Permit, Side, Transaction, Viewer},
    members::write::{OWNERS, require_of_side, require_own_side_names},
    platform::{
        audit::Event,
        db::Sql,
        error::{Error, Result},
        ids::{CheckpointId, InitiativeId, MemberId, MilestoneId, SlipId},
        time::{Day, Timestamp},
    },
    sql,
};

#[derive(Clone, Debug)]
pub struct MilestoneInput {
    pub title: String,
    pub outcome: String,
    pub driver: MemberId,
    pub marketing_owner: MemberId,
    pub technology_owner: MemberId,
    /// Whether each checkpoint has to be accepted by the other side.
    pub asks_other_side: bool,
}

#[derive(sqlx::FromRow)]
struct Current {
    id: MilestoneId,
    number: i64,
    title: String,
    outcome: String,
    initiative_id: InitiativeId,
    due_on: Day,
    driver_id: MemberId,
    marketing_owner: MemberId,
    technology_owner: MemberId,
    asks_other_side: bool,
    version: i64,
    accepted_at: Option<Timestamp>,
    /// Whether its initiative is closed.
    is_over: bool,
}

const CURRENT: Sql = sql!(
    "select id, number, title, outcome, initiative_id, due_on, driver_id, marketing_owner, technology_owner,
     asks_other_side, version, accepted_at,
            (select i.is_over from initiative_facts i where i.id = milestones.initiative_id) as is_over
     from milestones where workspace_id = $1 and number = $2 and archived_at is null"
);

const CURRENT_BY_ID: Sql = sql!(
    "select id, number, title, outcome, initiative_id, due_on, driver_id, marketing_owner, technology_owner,
     asks_other_side, version, accepted_at,
            (select i.is_over from initiative_facts i where i.id = milestones.initiative_id) as is_over
     from milestones where workspace_id = $1 and id = $2 and archived_at is null"
);

/// A milestone that the acting member plans, and that still changes; with the permit.
async fn load_plannable(tx: &mut Transaction, number: i64) -> Result<(Current, Permit)> {
    let current: Current = tx.fetch_one(CURRENT, args![number]).await?;
    let team = current.team(tx).await?;
    let permit = tx.permit(Action::PlanWork { team: &team })?;
    current.refuse_accepted()?;
    Ok((current, permit))
}

impl Current {
    fn event(&self, verb: &'static str) -> Event {
        Event::new(verb, "milestone", self.id.uuid(), self.title.clone())
            .at(format!("milestones/{}", self.number))
    }

    fn checkpoint_event(&self, verb: &'static str, id: CheckpointId, title: &str) -> Event {
        Event::new(verb, "checkpoint", id.uuid(), title)
            .at(format!("milestones/{}", self.number))
            .detail(self.title.clone())
    }

    fn refuse_accepted(&self) -> Result<()> {
        if self.accepted_at.is_some() {
            return Err(Error::invalid(
                "",
                "Both sides accepted this milestone. It cannot be changed.",
            ));
        }
        if self.is_over {
            return Err(Error::invalid(
                "",
                "Its initiative is closed, so this cannot be changed.",
            ));
        }
        Ok(())
    }

    async fn team(&self, tx: &mut Transaction) -> Result<Vec<MemberId>> {
        team_of(
            tx,
            self.initiative_id,
            &[self.driver_id, self.marketing_owner, self.technology_owner],
        )
        .await
    }
}

async fn team_of(
    tx: &mut Transaction,
    initiative: InitiativeId,
    named: &[MemberId],
) -> Result<Vec<MemberId>> {
    let members: Vec<(MemberId,)> = tx
        .fetch_all(
            sql!(
                "select member_id from initiative_teams where workspace_id = $1 and initiative_id = $2
             union select marketing_lead from initiative_facts where workspace_id = $1 and id = $2
             union select technology_lead from initiative_facts where workspace_id = $1 and id = $2"
            ),
            args![initiative],
        )
        .await?;
    Ok(members
        .into_iter()
        .map(|(id,)| id)
        .chain(named.iter().copied())
        .collect())
}

async fn check(tx: &mut Transaction, plan: &MilestoneInput) -> Result<()> {
    require_of_side(tx, "driver", plan.driver, None).await?;
    require_of_side(tx, "marketing_owner", plan.marketing_owner, Some(Side::Marketing)).await?;
    require_of_side(
        tx,
        "technology_owner",
        plan.technology_owner,
        Some(Side::Technology),
    )
    .await
}

/// Promises a milestone for a day. Sent twice with one id, it is made once.
pub async fn promise(
    viewer: &Viewer,
    id: MilestoneId,
    initiative_number: i64,
    plan: MilestoneInput,
    due_on: Day,
) -> Result<i64> {
    let mut tx = viewer.begin().await?;
    let (initiative, phase): (InitiativeId, String) = tx
        .fetch_one(
            sql!("select id, phase from initiative_facts where workspace_id = $1 and number = $2"),
            args![initiative_number],
        )
        .await?;
    let team = team_of(&mut tx, initiative, &[]).await?;
    let permit = tx.permit(Action::PlanWork { team: &team })?;
    if let Some((number,)) = tx
        .fetch_optional::<(i64,)>(
            sql!("select number from milestones where workspace_id = $1 and id = $2"),
            args![id],
        )
        .await?
    {
        return Ok(number);
    }
    if matches!(phase.as_str(), "achieved" | "missed") {
        return Err(Error::invalid("", "This initiative is closed."));
    }
    let number = insert(&mut tx, initiative, id, &plan, due_on).await?;
    tx.commit(permit, promised(id, number, &plan.title, due_on))
        .await?;
    Ok(number)
}

fn promised(id: MilestoneId, number: i64, title: &str, due_on: Day) -> Event {
    Event::new("promised", "milestone", id.uuid(), title)
        .at(format!("milestones/{number}"))
        .detail(format!("for {}", due_on.format_long()))
}

async fn insert(
    tx: &mut Transaction,
    initiative: InitiativeId,
    id: MilestoneId,
    plan: &MilestoneInput,
    due_on: Day,
) -> Result<i64> {
    check(tx, plan).await?;
    let (number,): (i64,) = tx
        .fetch_one(
            sql!("select coalesce(max(number), 0) + 1 from milestones where workspace_id = $1"),
            Vec::new(),
        )
        .await?;
    tx.execute(
        sql!(
            "insert into milestones (id, workspace_id, initiative_id, number, title, outcome, promised_on,
             due_on, driver_id, marketing_owner, technology_owner, asks_other_side, version, created_at)
         values ($2, $1, $3, $4, $5, $6, $7, $7, $8, $9, $10, $12, 1, $11)"
        ),
        args![
            id,
            initiative,
            number,
            &plan.title,
            &plan.outcome,
            due_on,
            plan.driver,
            plan.marketing_owner,
            plan.technology_owner,
            tx.now(),
            plan.asks_other_side
        ],
    )
    .await?;
    Ok(number)
}

/// Promises a milestone with its checkpoints as part of a larger transaction: for an initiative's template.
pub async fn promise_in(
    tx: &mut Transaction,
    initiative: InitiativeId,
    plan: &MilestoneInput,
    due_on: Day,
    steps: &[Step],
) -> Result<()> {
    let id: MilestoneId = tx.fresh_id();
    let number = insert(tx, initiative, id, plan, due_on).await?;
    for step in steps {
        let checkpoint: CheckpointId = tx.fresh_id();
        checkpoints::insert_checkpoint(tx, id, checkpoint, step).await?;
    }
    tx.record(promised(id, number, &plan.title, due_on)).await
}

pub async fn edit(viewer: &Viewer, number: i64, version: i64, plan: MilestoneInput) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let (current, permit) = load_plannable(&mut tx, number).await?;
    if current.version != version {
        return Err(Error::Conflict);
    }
    check(&mut tx, &plan).await?;
    require_own_side_names(
        &tx,
        (current.marketing_owner, current.technology_owner),
        (plan.marketing_owner, plan.technology_owner),
        OWNERS,
    )?;
    if current.asks_other_side && !plan.asks_other_side {
        bound::refuse_to_stop_asking(&mut tx, current.id).await?;
    }
    tx.execute(
        sql!(
            "update milestones set title = $3, outcome = $4, driver_id = $5, marketing_owner = $6,
             technology_owner = $7, asks_other_side = $8, version = version + 1
         where workspace_id = $1 and id = $2"
        ),
        args![
            current.id,
            &plan.title,
            &plan.outcome,
            plan.driver,
            plan.marketing_owner,
            plan.technology_owner,
            plan.asks_other_side
        ],
    )
    .await?;
    offer_for_acceptance(&mut tx, current.id).await?;
    let acceptance = |asks: bool| {
        if asks {
            "accepted by the other side"
        } else {
            "passed by their owners"
        }
    };
    let before = tx
        .member_names([
            current.driver_id,
            current.marketing_owner,
            current.technology_owner,
        ])
        .await?;
    let after = tx
        .member_names([plan.driver, plan.marketing_owner, plan.technology_owner])
        .await?;
    let event = current.event("changed the milestone").with_changes(&[
        ("Title", &current.title, &plan.title),
        ("Outcome", &current.outcome, &plan.outcome),
        ("Driver", &before[0], &after[0]),
        ("Marketing’s owner", &before[1], &after[1]),
        ("Technology’s owner", &before[2], &after[2]),
        (
            "Checkpoints",
            acceptance(current.asks_other_side),
            acceptance(plan.asks_other_side),
        ),
    ]);
    tx.commit(permit, event).await
}

/// Gives a milestone up: it leaves the plan, and stays in the history and in every baseline.
pub async fn archive(viewer: &Viewer, number: i64, version: i64, because: &str) -> Result<i64> {
    let mut tx = viewer.begin().await?;
    let (current, permit) = load_plannable(&mut tx, number).await?;
    if current.version != version {
        return Err(Error::Conflict);
    }
    bound::refuse_giving_up(&mut tx, &current).await?;
    tx.execute(
        sql!(
            "update milestones set archived_at = $3, archived_because = $4, version = version + 1 where
             workspace_id = $1 and id = $2"
        ),
        args![current.id, tx.now(), because],
    )
    .await?;
    handshake::close(&mut tx, Kind::Milestone, current.id.uuid(), "archived").await?;
    let (initiative,): (i64,) = tx
        .fetch_one(
            sql!("select number from initiative_facts where workspace_id = $1 and id = $2"),
            args![current.initiative_id],
        )
        .await?;
    tx.commit(permit, current.event("archived the milestone").detail(because))
        .await?;
    Ok(initiative)
}

/// Moves the date: a slip, with its reason. The first promised date stays.
pub async fn slip(viewer: &Viewer, number: i64, version: i64, to: Day, reason: &str) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let (current, permit) = load_plannable(&mut tx, number).await?;
    if current.version != version {
        return Err(Error::Conflict);
    }
    if to == current.due_on {
        return Err(Error::invalid("due_on", "This is the current date."));
    }
    if to < tx.today() {
        return Err(Error::invalid(
            "due_on",
            "This day has passed. Choose today or a later day.",
        ));
    }
    let id: SlipId = tx.fresh_id();
    tx.execute(
        sql!(
            "insert into slips (id, workspace_id, milestone_id, from_on, to_on, reason, at, by_member) values
             ($2, $1, $3, $4, $5, $6, $7, $8)"
        ),
        args![
            id,
            current.id,
            current.due_on,
            to,
            reason,
            tx.now(),
            tx.member_id()
        ],
    )
    .await?;
    tx.execute(
        sql!("update milestones set due_on = $3, version = version + 1 where workspace_id = $1 and id = $2"),
        args![current.id, to],
    )
    .await?;
    offer_for_acceptance(&mut tx, current.id).await?;
    let hit = waits::hit_by(&mut tx, current.id, to).await?;
    let hits = if hit.is_empty() {
        String::new()
    } else {
        format!(" · hits {}", hit.join(", "))
    };
    let letter = format!(
        "{} moved it from {} to {}: {reason}",
        tx.name(),
        current.due_on.format_long(),
        to.format_long()
    );
    let path = format!("milestones/{}", current.number);
    let mut told = vec![
        current.driver_id,
        current.marketing_owner,
        current.technology_owner,
    ];
    told.sort_unstable();
    told.dedup();
    for member in told {
        tx.tell(member, format!("Moved: {}", current.title), &letter, Some(&path))
            .await?;
    }
    let detail = format!(
        "from {} to {}: {reason}{hits}",
        current.due_on.format_long(),
        to.format_long()
    );
    tx.commit(permit, current.event("moved").detail(detail)).await
}
