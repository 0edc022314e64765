//! What may be done to milestones and checkpoints.

mod baseline;
mod bulk;
mod waits;

pub use baseline::{propose_baseline, sign_baseline, withdraw_baseline};
pub use bulk::{Shift, add_checkpoints, shift_checkpoints, undo};
pub use waits::{stop_waiting, wait_for};

use crate::{
    args,
    ground::{
        audit::Event,
        error::{Error, Result},
        ids::{CheckpointId, InitiativeId, MemberId, MilestoneId, SlipId},
        time::{Day, Moment},
    },
    handshake::{
        Kind, Seats, Side, State, Verdict,
        write::{self as handshake, Offer, Taken},
    },
    people::{Act, Deed, Viewer, members::require_of_side},
};

#[derive(Clone, Debug)]
pub struct Plan {
    pub title: String,
    pub outcome: String,
    pub driver: MemberId,
    pub marketing_owner: MemberId,
    pub technology_owner: MemberId,
}

#[derive(Clone, Debug)]
pub struct Step {
    pub title: String,
    pub owner: MemberId,
    pub due_on: Day,
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
    version: i64,
    accepted_at: Option<Moment>,
    /// Whether its initiative is closed.
    is_over: bool,
}

const CURRENT: &str = "select id, number, title, outcome, initiative_id, due_on, driver_id, marketing_owner, technology_owner, version, accepted_at,
            (select i.phase in ('achieved', 'missed') from initiatives i where i.id = milestones.initiative_id) as is_over
     from milestones where workspace_id = $1 and number = $2 and archived_at is null";
const CURRENT_BY_ID: &str = "select id, number, title, outcome, initiative_id, due_on, driver_id, marketing_owner, technology_owner, version, accepted_at,
            (select i.phase in ('achieved', 'missed') from initiatives i where i.id = milestones.initiative_id) as is_over
     from milestones where workspace_id = $1 and id = $2 and archived_at is null";

impl Current {
    fn event(&self, verb: &'static str) -> Event {
        Event::new(verb, "milestone", self.id.uuid(), self.title.clone()).at(format!("milestones/{}", self.number))
    }

    fn checkpoint_event(&self, verb: &'static str, id: CheckpointId, title: &str) -> Event {
        Event::new(verb, "checkpoint", id.uuid(), title).at(format!("milestones/{}", self.number)).detail(self.title.clone())
    }

    fn refuse_accepted(&self) -> Result<()> {
        if self.accepted_at.is_some() {
            return Err(Error::invalid("", "This milestone is accepted by both sides; it does not change any more."));
        }
        if self.is_over {
            return Err(Error::invalid("", "Its initiative is closed; what belongs to it does not change any more."));
        }
        Ok(())
    }

    async fn team(&self, act: &mut Act) -> Result<Vec<MemberId>> {
        team_of(act, self.initiative_id, &[self.driver_id, self.marketing_owner, self.technology_owner]).await
    }
}

async fn team_of(act: &mut Act, initiative: InitiativeId, named: &[MemberId]) -> Result<Vec<MemberId>> {
    let members: Vec<(MemberId,)> = act
        .all(
            "select member_id from initiative_members where workspace_id = $1 and initiative_id = $2
             union select marketing_lead from initiatives where workspace_id = $1 and id = $2
             union select technology_lead from initiatives where workspace_id = $1 and id = $2",
            args![initiative],
        )
        .await?;
    Ok(members.into_iter().map(|(id,)| id).chain(named.iter().copied()).collect())
}

async fn check(act: &mut Act, plan: &Plan) -> Result<()> {
    require_of_side(act, "driver", plan.driver, None).await?;
    require_of_side(act, "marketing_owner", plan.marketing_owner, Some(Side::Marketing)).await?;
    require_of_side(act, "technology_owner", plan.technology_owner, Some(Side::Technology)).await
}

/// Promises a milestone for a day. Sent twice with one id, it is made once.
pub async fn promise(viewer: &Viewer, id: MilestoneId, initiative_number: i64, plan: Plan, due_on: Day) -> Result<i64> {
    let mut act = viewer.act().await?;
    let (initiative, phase): (InitiativeId, String) =
        act.one("select id, phase from initiatives where workspace_id = $1 and number = $2", args![initiative_number]).await?;
    let team = team_of(&mut act, initiative, &[]).await?;
    let permit = act.permit(Deed::PlanWork { team: &team })?;
    if let Some((number,)) = act.maybe::<(i64,)>("select number from milestones where workspace_id = $1 and id = $2", args![id]).await? {
        return Ok(number);
    }
    if matches!(phase.as_str(), "achieved" | "missed") {
        return Err(Error::invalid("", "This initiative is closed."));
    }
    let number = insert(&mut act, initiative, id, &plan, due_on).await?;
    act.commit(permit, promised(id, number, &plan.title, due_on)).await?;
    Ok(number)
}

fn promised(id: MilestoneId, number: i64, title: &str, due_on: Day) -> Event {
    Event::new("promised", "milestone", id.uuid(), title).at(format!("milestones/{number}")).detail(format!("for {}", due_on.said_in_full()))
}

async fn insert(act: &mut Act, initiative: InitiativeId, id: MilestoneId, plan: &Plan, due_on: Day) -> Result<i64> {
    check(act, plan).await?;
    let (number,): (i64,) = act.one("select coalesce(max(number), 0) + 1 from milestones where workspace_id = $1", Vec::new()).await?;
    act.execute(
        "insert into milestones (id, workspace_id, initiative_id, number, title, outcome, promised_on, due_on, driver_id, marketing_owner, technology_owner, version, created_at)
         values ($2, $1, $3, $4, $5, $6, $7, $7, $8, $9, $10, 1, $11)",
        args![id, initiative, number, &plan.title, &plan.outcome, due_on, plan.driver, plan.marketing_owner, plan.technology_owner, act.now()],
    )
    .await?;
    Ok(number)
}

/// Promises a milestone with its checkpoints as part of a larger act: for an initiative's template.
pub async fn promise_in(act: &mut Act, initiative: InitiativeId, plan: &Plan, due_on: Day, steps: &[Step]) -> Result<()> {
    let id: MilestoneId = act.fresh_id();
    let number = insert(act, initiative, id, plan, due_on).await?;
    for step in steps {
        let checkpoint: CheckpointId = act.fresh_id();
        insert_checkpoint(act, id, checkpoint, step).await?;
    }
    act.record(promised(id, number, &plan.title, due_on)).await
}

pub async fn edit(viewer: &Viewer, number: i64, version: i64, plan: Plan) -> Result<()> {
    let mut act = viewer.act().await?;
    let current: Current = act.one(CURRENT, args![number]).await?;
    let team = current.team(&mut act).await?;
    let permit = act.permit(Deed::PlanWork { team: &team })?;
    current.refuse_accepted()?;
    if current.version != version {
        return Err(Error::Conflict);
    }
    check(&mut act, &plan).await?;
    act.execute(
        "update milestones set title = $3, outcome = $4, driver_id = $5, marketing_owner = $6, technology_owner = $7, version = version + 1 where workspace_id = $1 and id = $2",
        args![current.id, &plan.title, &plan.outcome, plan.driver, plan.marketing_owner, plan.technology_owner],
    )
    .await?;
    offer_for_acceptance(&mut act, current.id).await?;
    let event = current.event("changed the milestone").changed(&[("Title", &current.title, &plan.title), ("Outcome", &current.outcome, &plan.outcome)]);
    act.commit(permit, event).await
}

/// Moves the date: a slip, with its reason. The first promised date stays.
pub async fn slip(viewer: &Viewer, number: i64, version: i64, to: Day, reason: &str) -> Result<()> {
    let mut act = viewer.act().await?;
    let current: Current = act.one(CURRENT, args![number]).await?;
    let team = current.team(&mut act).await?;
    let permit = act.permit(Deed::PlanWork { team: &team })?;
    current.refuse_accepted()?;
    if current.version != version {
        return Err(Error::Conflict);
    }
    if to == current.due_on {
        return Err(Error::invalid("due_on", "This is the date it has now."));
    }
    let id: SlipId = act.fresh_id();
    act.execute(
        "insert into slips (id, workspace_id, milestone_id, from_on, to_on, reason, at, by_member) values ($2, $1, $3, $4, $5, $6, $7, $8)",
        args![id, current.id, current.due_on, to, reason, act.now(), act.member_id()],
    )
    .await?;
    act.execute("update milestones set due_on = $3, version = version + 1 where workspace_id = $1 and id = $2", args![current.id, to]).await?;
    offer_for_acceptance(&mut act, current.id).await?;
    let hit = waits::hit_by(&mut act, current.id, to).await?;
    let hits = if hit.is_empty() { String::new() } else { format!(" · hits {}", hit.join(", ")) };
    let detail = format!("from {} to {}: {reason}{hits}", current.due_on.said_in_full(), to.said_in_full());
    act.commit(permit, current.event("moved").detail(detail)).await
}

async fn insert_checkpoint(act: &mut Act, milestone: MilestoneId, id: CheckpointId, step: &Step) -> Result<()> {
    let (last,): (i64,) = act.one("select coalesce(max(position), 0) from checkpoints where workspace_id = $1 and milestone_id = $2", args![milestone]).await?;
    act.execute(
        "insert into checkpoints (id, workspace_id, milestone_id, position, title, owner_id, due_on, version, created_at) values ($2, $1, $3, $4, $5, $6, $7, 1, $8)",
        args![id, milestone, last + 1, &step.title, step.owner, step.due_on, act.now()],
    )
    .await?;
    Ok(())
}

const MOST_CHECKPOINTS: i64 = 200;

/// Adds a checkpoint. Sent twice with one id, it is added once.
pub async fn add_checkpoint(viewer: &Viewer, number: i64, id: CheckpointId, step: Step) -> Result<()> {
    let mut act = viewer.act().await?;
    let current: Current = act.one(CURRENT, args![number]).await?;
    let team = current.team(&mut act).await?;
    let permit = act.permit(Deed::PlanWork { team: &team })?;
    current.refuse_accepted()?;
    if act.maybe::<(CheckpointId,)>("select id from checkpoints where workspace_id = $1 and id = $2", args![id]).await?.is_some() {
        return Ok(());
    }
    let (count,): (i64,) =
        act.one("select count(*) from checkpoints where workspace_id = $1 and milestone_id = $2 and archived_at is null", args![current.id]).await?;
    if count >= MOST_CHECKPOINTS {
        return Err(Error::invalid("", format!("A milestone has at most {MOST_CHECKPOINTS} checkpoints. Divide it.")));
    }
    require_of_side(&mut act, "owner", step.owner, None).await?;
    insert_checkpoint(&mut act, current.id, id, &step).await?;
    offer_for_acceptance(&mut act, current.id).await?;
    act.commit(permit, current.checkpoint_event("added the checkpoint", id, &step.title)).await
}

/// A decision's condition becomes a checkpoint, in the decision's own transaction.
pub async fn add_condition(act: &mut Act, milestone: MilestoneId, step: &Step) -> Result<CheckpointId> {
    let current: Current = act.one(CURRENT_BY_ID, args![milestone]).await?;
    if current.accepted_at.is_some() {
        return Err(Error::invalid(
            "verdict",
            format!("A condition belongs to “{}”, which was accepted meanwhile. Whoever set it withdraws and names another milestone.", current.title),
        ));
    }
    let id: CheckpointId = act.fresh_id();
    insert_checkpoint(act, milestone, id, step).await?;
    offer_for_acceptance(act, milestone).await?;
    act.record(current.checkpoint_event("made a condition the checkpoint", id, &step.title)).await?;
    Ok(id)
}

/// A KPI's corrective action becomes a checkpoint, in the attestation's own transaction; `None` when the milestone takes
/// no more.
pub async fn add_corrective(act: &mut Act, milestone: MilestoneId, step: &Step) -> Result<Option<CheckpointId>> {
    let current: Option<Current> = act.maybe(CURRENT_BY_ID, args![milestone]).await?;
    let Some(current) = current.filter(|current| current.accepted_at.is_none() && !current.is_over) else { return Ok(None) };
    let id: CheckpointId = act.fresh_id();
    insert_checkpoint(act, milestone, id, step).await?;
    offer_for_acceptance(act, milestone).await?;
    act.record(current.checkpoint_event("made a corrective action the checkpoint", id, &step.title)).await?;
    Ok(Some(id))
}

#[derive(sqlx::FromRow)]
struct CurrentStep {
    milestone_id: MilestoneId,
    title: String,
    owner_id: MemberId,
    due_on: Day,
    version: i64,
    passed_at: Option<Moment>,
}

async fn step(act: &mut Act, id: CheckpointId) -> Result<(CurrentStep, Current)> {
    let step: CurrentStep = act
        .one(
            "select milestone_id, title, owner_id, due_on, version, passed_at from checkpoints where workspace_id = $1 and id = $2 and archived_at is null",
            args![id],
        )
        .await?;
    let milestone: Current = act.one(CURRENT_BY_ID, args![step.milestone_id]).await?;
    Ok((step, milestone))
}

pub async fn edit_checkpoint(viewer: &Viewer, id: CheckpointId, version: i64, changed: Step) -> Result<i64> {
    let mut act = viewer.act().await?;
    let (step, milestone) = step(&mut act, id).await?;
    let team = milestone.team(&mut act).await?;
    let permit = act.permit(Deed::PlanWork { team: &team })?;
    milestone.refuse_accepted()?;
    if step.version != version {
        return Err(Error::Conflict);
    }
    require_of_side(&mut act, "owner", changed.owner, None).await?;
    act.execute(
        "update checkpoints set title = $3, owner_id = $4, due_on = $5, version = version + 1 where workspace_id = $1 and id = $2",
        args![id, &changed.title, changed.owner, changed.due_on],
    )
    .await?;
    offer_for_acceptance(&mut act, milestone.id).await?;
    let event = milestone
        .checkpoint_event("changed the checkpoint", id, &changed.title)
        .changed(&[("Title", &step.title, &changed.title), ("Due", &step.due_on.said_in_full(), &changed.due_on.said_in_full())]);
    act.commit(permit, event).await?;
    Ok(milestone.number)
}

pub async fn archive_checkpoint(viewer: &Viewer, id: CheckpointId) -> Result<i64> {
    let mut act = viewer.act().await?;
    let (step, milestone) = step(&mut act, id).await?;
    let team = milestone.team(&mut act).await?;
    let permit = act.permit(Deed::PlanWork { team: &team })?;
    milestone.refuse_accepted()?;
    act.execute("update checkpoints set archived_at = $3, version = version + 1 where workspace_id = $1 and id = $2", args![id, act.now()]).await?;
    offer_for_acceptance(&mut act, milestone.id).await?;
    act.commit(permit, milestone.checkpoint_event("archived the checkpoint", id, &step.title)).await?;
    Ok(milestone.number)
}

/// Passes a checkpoint with its evidence. Passing what is passed changes nothing.
pub async fn pass(viewer: &Viewer, id: CheckpointId, evidence: &str) -> Result<i64> {
    let mut act = viewer.act().await?;
    let (step, milestone) = step(&mut act, id).await?;
    let permit = act.permit(Deed::PassCheckpoint { owner: step.owner_id, driver: milestone.driver_id })?;
    milestone.refuse_accepted()?;
    if step.passed_at.is_some() {
        return Ok(milestone.number);
    }
    if evidence.is_empty() {
        return Err(Error::invalid("evidence", "Give the evidence: a link, or a sentence that others can check."));
    }
    act.execute(
        "update checkpoints set passed_at = $3, passed_by = $4, evidence = $5, version = version + 1 where workspace_id = $1 and id = $2",
        args![id, act.now(), act.member_id(), evidence],
    )
    .await?;
    offer_for_acceptance(&mut act, milestone.id).await?;
    act.commit(permit, milestone.checkpoint_event("passed", id, &step.title).detail(format!("{} · {evidence}", milestone.title))).await?;
    Ok(milestone.number)
}

/// Opens a passed checkpoint again.
pub async fn reopen(viewer: &Viewer, id: CheckpointId) -> Result<i64> {
    let mut act = viewer.act().await?;
    let (step, milestone) = step(&mut act, id).await?;
    let permit = act.permit(Deed::PassCheckpoint { owner: step.owner_id, driver: milestone.driver_id })?;
    milestone.refuse_accepted()?;
    if step.passed_at.is_none() {
        return Ok(milestone.number);
    }
    act.execute(
        "update checkpoints set passed_at = null, passed_by = null, evidence = null, version = version + 1 where workspace_id = $1 and id = $2",
        args![id],
    )
    .await?;
    offer_for_acceptance(&mut act, milestone.id).await?;
    act.commit(permit, milestone.checkpoint_event("opened again", id, &step.title)).await?;
    Ok(milestone.number)
}

#[derive(sqlx::FromRow)]
struct Evidenced {
    id: CheckpointId,
    title: String,
    due_on: Day,
    passed_at: Option<Moment>,
    evidence: Option<String>,
}

/// Puts a milestone whose checkpoints are all passed before both owners; takes it from the table when they are not,
/// or when its text changed.
pub async fn offer_for_acceptance(act: &mut Act, id: MilestoneId) -> Result<()> {
    let current: Current = act.one(CURRENT_BY_ID, args![id]).await?;
    let checkpoints: Vec<Evidenced> = act
        .all("select id, title, due_on, passed_at, evidence from checkpoints where workspace_id = $1 and milestone_id = $2 and archived_at is null order by position, id", args![id])
        .await?;
    let all_passed = !checkpoints.is_empty() && checkpoints.iter().all(|checkpoint| checkpoint.passed_at.is_some());
    handshake::close(act, Kind::Milestone, id.uuid(), "edited").await?;
    if !all_passed {
        return Ok(());
    }
    let passed: Vec<_> = checkpoints
        .iter()
        .map(|checkpoint| {
            serde_json::json!({
                "id": checkpoint.id.to_string(),
                "title": checkpoint.title,
                "due_on": checkpoint.due_on.to_string(),
                "passed_at": checkpoint.passed_at.map(Moment::rfc3339),
                "evidence": checkpoint.evidence,
            })
        })
        .collect();
    let offer = Offer {
        kind: Kind::Milestone,
        subject: id.uuid(),
        place: format!("milestones/{}", current.number),
        label: current.title.clone(),
        content: serde_json::json!({ "milestone": current.number, "title": current.title, "outcome": current.outcome, "due_on": current.due_on.to_string(), "checkpoints": passed }),
        seats: Seats::Owners,
        owners: Some((current.marketing_owner, current.technology_owner)),
    };
    handshake::offer(act, offer).await?;
    Ok(())
}

/// Accepts the milestone for the owner's own side, or objects.
pub async fn sign(viewer: &Viewer, number: i64, seen: &str, verdict: Verdict, reason: Option<&str>) -> Result<State> {
    let mut act = viewer.act().await?;
    if verdict == Verdict::AgreeWithConditions {
        return Err(Error::invalid("verdict", "A milestone is accepted, or objected to."));
    }
    let current: Current = act.one(CURRENT, args![number]).await?;
    let Taken { permit, state, words, .. } = handshake::sign(&mut act, Kind::Milestone, current.id.uuid(), seen, verdict, reason).await?;
    if let State::Sealed { at } = state {
        act.execute("update milestones set accepted_at = $3, version = version + 1 where workspace_id = $1 and id = $2", args![current.id, at]).await?;
        act.record(current.event("accepted").detail("by both sides")).await?;
    }
    act.commit(permit, current.event("signed").detail(words)).await?;
    Ok(state)
}

pub async fn withdraw_signature(viewer: &Viewer, number: i64) -> Result<()> {
    let mut act = viewer.act().await?;
    let current: Current = act.one(CURRENT, args![number]).await?;
    let (permit, side) = handshake::withdraw(&mut act, Kind::Milestone, current.id.uuid()).await?;
    act.commit(permit, current.event("withdrew a signature from").detail(format!("for {}", side.name()))).await
}
