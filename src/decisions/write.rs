//! What may be done to a decision.

use crate::{
    args,
    ground::{
        audit::Event,
        error::{Error, Result},
        ids::{CheckpointId, ConditionId, DecisionId, InitiativeId, MemberId, MilestoneId, OptionId, ProposalId, SignatureId},
        quantity::Quantity,
        time::{Day, Moment},
    },
    handshake::{
        Kind, Seats, State, Verdict,
        write::{self as handshake, Offer, Taken},
    },
    milestones::write::{Step, add_condition},
    people::{Act, Deed, Viewer, members::require_of_side},
};

#[derive(Clone, Debug)]
pub struct Question {
    pub question: String,
    pub context: String,
    pub initiative: Option<InitiativeId>,
    pub driver: MemberId,
    pub decide_by: Day,
}

#[derive(Clone, Debug)]
pub struct Choice {
    pub title: String,
    pub advantages: String,
    pub drawbacks: String,
    pub one_off_cost: Option<Quantity>,
    pub yearly_cost: Option<Quantity>,
}

/// What a condition becomes: a checkpoint of this milestone.
#[derive(Clone, Debug)]
pub struct Condition {
    pub milestone: MilestoneId,
    pub owner: MemberId,
    pub due_on: Day,
}

#[derive(sqlx::FromRow)]
struct Current {
    id: DecisionId,
    number: i64,
    question: String,
    context: String,
    driver_id: MemberId,
    version: i64,
    signed_at: Option<Moment>,
}

impl Current {
    fn event(&self, verb: &'static str) -> Event {
        Event::new(verb, "decision", self.id.uuid(), self.question.clone()).at(format!("decisions/{}", self.number))
    }

    fn refuse_signed(&self) -> Result<()> {
        if self.signed_at.is_some() {
            return Err(Error::invalid("", "Both sides signed this record; it does not change any more."));
        }
        Ok(())
    }
}

async fn current(act: &mut Act, number: i64) -> Result<Current> {
    act.one("select id, number, question, context, driver_id, version, signed_at from decisions where workspace_id = $1 and number = $2", args![number]).await
}

async fn check(act: &mut Act, asked: &Question) -> Result<()> {
    require_of_side(act, "driver", asked.driver, None).await?;
    if let Some(initiative) = asked.initiative {
        let known: Option<(i64,)> = act.maybe("select number from initiatives where workspace_id = $1 and id = $2", args![initiative]).await?;
        if known.is_none() {
            return Err(Error::invalid("initiative", "Choose from the list."));
        }
    }
    Ok(())
}

/// Asks for a decision. Sent twice with one id, it is asked once.
pub async fn ask(viewer: &Viewer, id: DecisionId, asked: Question) -> Result<i64> {
    let mut act = viewer.act().await?;
    let permit = act.permit(Deed::AskDecision)?;
    if let Some((number,)) = act.maybe::<(i64,)>("select number from decisions where workspace_id = $1 and id = $2", args![id]).await? {
        return Ok(number);
    }
    check(&mut act, &asked).await?;
    let (number,): (i64,) = act.one("select coalesce(max(number), 0) + 1 from decisions where workspace_id = $1", Vec::new()).await?;
    act.execute(
        "insert into decisions (id, workspace_id, number, question, context, initiative_id, driver_id, decide_by, version, created_at)
         values ($2, $1, $3, $4, $5, $6, $7, $8, 1, $9)",
        args![id, number, &asked.question, asked.context, asked.initiative, asked.driver, asked.decide_by, act.now()],
    )
    .await?;
    act.commit(permit, Event::new("asked", "decision", id.uuid(), asked.question).at(format!("decisions/{number}"))).await?;
    Ok(number)
}

pub async fn edit(viewer: &Viewer, number: i64, version: i64, asked: Question) -> Result<()> {
    let mut act = viewer.act().await?;
    let current = current(&mut act, number).await?;
    let permit = act.permit(Deed::ShapeDecision { driver: current.driver_id })?;
    current.refuse_signed()?;
    if current.version != version {
        return Err(Error::Conflict);
    }
    check(&mut act, &asked).await?;
    act.execute(
        "update decisions set question = $3, context = $4, initiative_id = $5, driver_id = $6, decide_by = $7, version = version + 1 where workspace_id = $1 and id = $2",
        args![current.id, &asked.question, &asked.context, asked.initiative, asked.driver, asked.decide_by],
    )
    .await?;
    if asked.question != current.question || asked.context != current.context {
        void_proposal(&mut act, &current).await?;
    }
    act.commit(permit, current.event("changed the decision")).await
}

async fn void_proposal(act: &mut Act, current: &Current) -> Result<()> {
    if handshake::close(act, Kind::Decision, current.id.uuid(), "edited").await? {
        act.record(current.event("took the proposal off the table of").detail("the text changed")).await?;
    }
    Ok(())
}

const MOST_OPTIONS: i64 = 12;

pub async fn add_option(viewer: &Viewer, number: i64, id: OptionId, choice: Choice) -> Result<()> {
    let mut act = viewer.act().await?;
    let current = current(&mut act, number).await?;
    let permit = act.permit(Deed::ShapeDecision { driver: current.driver_id })?;
    current.refuse_signed()?;
    if act.maybe::<(OptionId,)>("select id from decision_options where workspace_id = $1 and id = $2", args![id]).await?.is_some() {
        return Ok(());
    }
    let (count, last): (i64, i64) = act
        .one(
            "select count(case when archived_at is null then 1 end), coalesce(max(position), 0) from decision_options where workspace_id = $1 and decision_id = $2",
            args![current.id],
        )
        .await?;
    if count >= MOST_OPTIONS {
        return Err(Error::invalid("", format!("A decision has at most {MOST_OPTIONS} options.")));
    }
    act.execute(
        "insert into decision_options (id, workspace_id, decision_id, position, title, advantages, drawbacks, one_off_cost, yearly_cost)
         values ($2, $1, $3, $4, $5, $6, $7, $8, $9)",
        args![id, current.id, last + 1, &choice.title, choice.advantages, choice.drawbacks, choice.one_off_cost, choice.yearly_cost],
    )
    .await?;
    changed(&mut act, &current).await?;
    act.commit(permit, current.event("added an option to").detail(choice.title)).await
}

/// An option changed: so did the decision, and what lay on the table is over.
async fn changed(act: &mut Act, current: &Current) -> Result<()> {
    act.execute("update decisions set version = version + 1 where workspace_id = $1 and id = $2", args![current.id]).await?;
    void_proposal(act, current).await
}

pub async fn edit_option(viewer: &Viewer, number: i64, version: i64, id: OptionId, choice: Choice) -> Result<()> {
    let mut act = viewer.act().await?;
    let current = current(&mut act, number).await?;
    let permit = act.permit(Deed::ShapeDecision { driver: current.driver_id })?;
    current.refuse_signed()?;
    if current.version != version {
        return Err(Error::Conflict);
    }
    let updated = act
        .execute(
            "update decision_options set title = $4, advantages = $5, drawbacks = $6, one_off_cost = $7, yearly_cost = $8
             where workspace_id = $1 and decision_id = $2 and id = $3 and archived_at is null",
            args![current.id, id, &choice.title, choice.advantages, choice.drawbacks, choice.one_off_cost, choice.yearly_cost],
        )
        .await?;
    if updated == 0 {
        return Err(Error::NotFound);
    }
    changed(&mut act, &current).await?;
    act.commit(permit, current.event("changed an option of").detail(choice.title)).await
}

pub async fn archive_option(viewer: &Viewer, number: i64, id: OptionId) -> Result<()> {
    let mut act = viewer.act().await?;
    let current = current(&mut act, number).await?;
    let permit = act.permit(Deed::ShapeDecision { driver: current.driver_id })?;
    current.refuse_signed()?;
    let (title,): (String,) = act
        .one("select title from decision_options where workspace_id = $1 and decision_id = $2 and id = $3 and archived_at is null", args![current.id, id])
        .await?;
    act.execute("update decision_options set archived_at = $3 where workspace_id = $1 and id = $2", args![id, act.now()]).await?;
    changed(&mut act, &current).await?;
    act.commit(permit, current.event("archived an option of").detail(title)).await
}

#[derive(sqlx::FromRow)]
struct Offered {
    id: OptionId,
    title: String,
    advantages: String,
    drawbacks: String,
    one_off_cost: Option<Quantity>,
    yearly_cost: Option<Quantity>,
}

/// Proposes one option and why, to both sides.
pub async fn propose(viewer: &Viewer, number: i64, option: OptionId, rationale: &str) -> Result<()> {
    let mut act = viewer.act().await?;
    let current = current(&mut act, number).await?;
    let permit = act.permit(Deed::ShapeDecision { driver: current.driver_id })?;
    current.refuse_signed()?;
    let options: Vec<Offered> = act
        .all(
            "select id, title, advantages, drawbacks, one_off_cost, yearly_cost from decision_options
             where workspace_id = $1 and decision_id = $2 and archived_at is null order by position, id",
            args![current.id],
        )
        .await?;
    let chosen = options.iter().find(|offered| offered.id == option).ok_or_else(|| Error::invalid("option", "Choose one of the options."))?;
    if options.len() < 2 {
        return Err(Error::invalid("option", "A choice needs at least two options; leaving things as they are can be one."));
    }
    let (next,): (i64,) = act.one("select coalesce(max(number), 0) + 1 from proposals where workspace_id = $1 and decision_id = $2", args![current.id]).await?;
    let id: ProposalId = act.fresh_id();
    act.execute(
        "insert into proposals (id, workspace_id, decision_id, number, option_id, option_title, rationale, at, by_member) values ($2, $1, $3, $4, $5, $6, $7, $8, $9)",
        args![id, current.id, next, option, &chosen.title, rationale, act.now(), act.member_id()],
    )
    .await?;
    let listed: Vec<_> = options
        .iter()
        .map(|o| {
            serde_json::json!({
                "title": o.title,
                "advantages": o.advantages,
                "drawbacks": o.drawbacks,
                "one_off_cost": o.one_off_cost.map(|cost| cost.to_string()),
                "yearly_cost": o.yearly_cost.map(|cost| cost.to_string()),
            })
        })
        .collect();
    let offer = Offer {
        kind: Kind::Decision,
        subject: current.id.uuid(),
        place: format!("decisions/{number}"),
        label: current.question.clone(),
        content: serde_json::json!({
            "decision": number,
            "question": current.question,
            "context": current.context,
            "options": listed,
            "proposal": { "number": next, "option": chosen.title, "rationale": rationale },
        }),
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
