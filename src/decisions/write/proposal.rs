//! Proposing and signing.

use super::{Condition, current, register};
use crate::{
    args,
    decisions::Stage,
    ground::{
        error::{Error, Result},
        ids::{CheckpointId, ConditionId, DecisionId, MemberId, MilestoneId, OptionId, ProposalId, SignatureId},
        quantity::Quantity,
        time::Day,
    },
    handshake::{
        Kind, Seats, State, Verdict,
        write::{self as handshake, Offer, Taken},
    },
    milestones::write::{Step, add_condition},
    people::{Act, Deed, Viewer, members::require_of_side},
    rounds::{self, About},
};

#[derive(sqlx::FromRow)]
struct Offered {
    id: OptionId,
    title: String,
    advantages: String,
    drawbacks: String,
    effort: String,
    risk: String,
    one_off_cost: Option<Quantity>,
    yearly_cost: Option<Quantity>,
}

/// What is proposed.
#[derive(Clone, Debug)]
pub struct Proposed {
    pub option: OptionId,
    pub rationale: String,
    /// How the technology enters the register.
    pub stage: Stage,
    /// When to ask whether it delivered.
    pub review_on: Option<Day>,
}

/// Proposes one option and why, to both sides. Proposing the same twice proposes once.
pub async fn propose(viewer: &Viewer, number: i64, proposed: Proposed) -> Result<()> {
    let Proposed { option, rationale, stage, review_on } = proposed;
    let mut act = viewer.act().await?;
    let current = current(&mut act, number).await?;
    let permit = act.permit(Deed::ShapeDecision { driver: current.driver_id })?;
    current.refuse_signed()?;
    if rounds::write::is_open(&mut act, About::Decision, current.id.uuid()).await? {
        return Err(Error::invalid("", "Both sides are still scoring. Propose when the round is closed."));
    }
    if review_on.is_some_and(|day| day <= act.today()) {
        return Err(Error::invalid("review_on", "Choose a later day."));
    }
    let options: Vec<Offered> = act
        .all(
            "select id, title, advantages, drawbacks, effort, risk, one_off_cost, yearly_cost from decision_options
             where workspace_id = $1 and decision_id = $2 and archived_at is null order by position, id",
            args![current.id],
        )
        .await?;
    let chosen = options.iter().find(|offered| offered.id == option).ok_or_else(|| Error::invalid("option", "Choose one of the options."))?;
    if options.len() < 2 {
        return Err(Error::invalid("option", "A choice needs at least two options; leaving things as they are can be one."));
    }
    let (next,): (i64,) = act.one("select coalesce(max(number), 0) + 1 from proposals where workspace_id = $1 and decision_id = $2", args![current.id]).await?;
    let listed: Vec<_> = options
        .iter()
        .map(|o| {
            serde_json::json!({
                "title": o.title,
                "advantages": o.advantages,
                "drawbacks": o.drawbacks,
                "effort": o.effort,
                "risk": o.risk,
                "one_off_cost": o.one_off_cost.map(|cost| cost.to_string()),
                "yearly_cost": o.yearly_cost.map(|cost| cost.to_string()),
            })
        })
        .collect();
    let scored = rounds::write::record(&mut act, About::Decision, current.id.uuid()).await?;
    let content = |number: i64| {
        serde_json::json!({
            "decision": current.number,
            "question": current.question,
            "context": current.context,
            "impact": current.impact,
            "options": listed,
            "scores": scored,
            "proposal": { "number": number, "option": chosen.title, "rationale": rationale, "stage": stage.as_str(), "review_on": review_on.map(|day| day.to_string()) },
        })
    };
    if handshake::lies_on_table(&mut act, Kind::Decision, current.id.uuid(), &content(next - 1)).await? {
        return Ok(());
    }
    let id: ProposalId = act.fresh_id();
    act.execute(
        "insert into proposals (id, workspace_id, decision_id, number, option_id, option_title, rationale, at, by_member) values ($2, $1, $3, $4, $5, $6, $7, $8, $9)",
        args![id, current.id, next, option, &chosen.title, rationale.as_str(), act.now(), act.member_id()],
    )
    .await?;
    act.execute("update decisions set stage = $3, review_on = $4 where workspace_id = $1 and id = $2", args![current.id, stage, review_on]).await?;
    let offer = Offer {
        kind: Kind::Decision,
        subject: current.id.uuid(),
        place: format!("decisions/{number}"),
        label: current.question.clone(),
        content: content(next),
        seats: Seats::Signers,
        owners: None,
    };
    handshake::offer(&mut act, offer).await?;
    let detail = format!("{}: {rationale}", chosen.title);
    act.commit(permit, current.event("proposed an answer to").detail(detail)).await
}

/// Signs for the signer's own side, or objects. A condition names what it becomes.
pub async fn sign(viewer: &Viewer, number: i64, seen: &str, verdict: Verdict, reason: Option<&str>, condition: Option<Condition>) -> Result<State> {
    let mut act = viewer.act().await?;
    let current = current(&mut act, number).await?;
    let Taken { permit, signature, state, words, .. } = handshake::sign(&mut act, Kind::Decision, current.id.uuid(), seen, verdict, reason).await?;
    if verdict == Verdict::AgreeWithConditions {
        let condition = condition.ok_or_else(|| Error::invalid("milestone", "Say which milestone the condition belongs to, who owns it, and by when."))?;
        keep_condition(&mut act, signature, condition).await?;
    }
    if let State::Sealed { at } = state {
        act.execute("update decisions set signed_at = $3, version = version + 1 where workspace_id = $1 and id = $2", args![current.id, at]).await?;
        conditions_become_checkpoints(&mut act, current.id).await?;
        register::enter_signed(&mut act, &current).await?;
        act.record(current.event("sealed").detail("both sides signed the same text")).await?;
    }
    act.commit(permit, current.event("signed").detail(words)).await?;
    Ok(state)
}

async fn keep_condition(act: &mut Act, signature: SignatureId, condition: Condition) -> Result<()> {
    let open: Option<(i64,)> = act
        .maybe("select number from milestones where workspace_id = $1 and id = $2 and archived_at is null and accepted_at is null", args![condition.milestone])
        .await?;
    if open.is_none() {
        return Err(Error::invalid("milestone", "Choose a milestone that is still open."));
    }
    require_of_side(act, "owner", condition.owner, None).await?;
    let id: ConditionId = act.fresh_id();
    act.execute(
        "insert into conditions (id, workspace_id, signature_id, milestone_id, owner_id, due_on) values ($2, $1, $3, $4, $5, $6)",
        args![id, signature, condition.milestone, condition.owner, condition.due_on],
    )
    .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Agreed {
    id: ConditionId,
    milestone_id: MilestoneId,
    owner_id: MemberId,
    due_on: Day,
    reason: String,
}

async fn conditions_become_checkpoints(act: &mut Act, decision: DecisionId) -> Result<()> {
    let agreed: Vec<Agreed> = act
        .all(
            "select c.id, c.milestone_id, c.owner_id, c.due_on, s.reason from conditions c join signatures s on s.id = c.signature_id
             join handshakes h on h.id = s.handshake_id
             where c.workspace_id = $1 and h.subject_id = $2 and h.closed_at is null and s.withdrawn_at is null and c.checkpoint_id is null",
            args![decision],
        )
        .await?;
    for condition in agreed {
        let title: String = condition.reason.replace('\n', " ").chars().take(200).collect();
        let step = Step { title, owner: condition.owner_id, due_on: condition.due_on };
        let checkpoint: CheckpointId = add_condition(act, condition.milestone_id, &step).await?;
        act.execute("update conditions set checkpoint_id = $3 where workspace_id = $1 and id = $2", args![condition.id, checkpoint]).await?;
    }
    Ok(())
}

pub async fn withdraw_signature(viewer: &Viewer, number: i64) -> Result<()> {
    let mut act = viewer.act().await?;
    let current = current(&mut act, number).await?;
    let (permit, side) = handshake::withdraw(&mut act, Kind::Decision, current.id.uuid()).await?;
    act.commit(permit, current.event("withdrew a signature from").detail(format!("for {}", side.name()))).await
}
