//! Proposing and signing.

use super::{ConditionInput, Current, current, evidence_of, register};

use crate::{
    args,
    decisions::{
        read::Choice,
        text::{ConditionText, DecisionText, OptionText, ProposalText},
    },
    handshake::{
        Kind, Verdict,
        on_table::{OnTable, Signable, TextToSign},
        write::{self as handshake, Offer, VerdictInput},
    },
    identity::{Action, Seats, Side, Transaction, Viewer},
    members::write::require_of_side,
    milestones::write::{Step, add_condition},
    platform::{
        audit::Event,
        error::{Error, Result},
        ids::{
            CheckpointId, ConditionId, DecisionId, HandshakeId, MemberId, MilestoneId, OptionId, ProposalId,
        },
        time::{Day, Timestamp},
    },
    rounds::{self, About},
    sql,
    technologies::TechnologyStage,
};

/// What is proposed.
#[derive(Clone, Debug)]
pub struct ProposalInput {
    pub option: OptionId,
    pub rationale: String,
    /// How the technology enters the register. `None` when nothing is to be entered, such as for leaving
    /// things as they are.
    pub stage: Option<TechnologyStage>,
    /// When to ask whether it delivered.
    pub review_on: Option<Day>,
}

/// Proposes one option and why, to both sides. Proposing the same twice proposes once.
pub async fn propose(viewer: &Viewer, number: i64, proposed: ProposalInput) -> Result<()> {
    let ProposalInput {
        option,
        rationale,
        stage,
        review_on,
    } = proposed;
    let mut tx = viewer.begin().await?;
    let current = current(&mut tx, number).await?;
    let permit = tx.permit(Action::ShapeDecision {
        driver: current.driver_id,
    })?;
    current.refuse_signed()?;
    if rounds::write::is_open(&mut tx, About::Decision, current.id.uuid()).await? {
        return Err(Error::invalid(
            "",
            "Both sides are still scoring. You can propose when the round is closed.",
        ));
    }
    if review_on.is_some_and(|day| day <= tx.today()) {
        return Err(Error::invalid("review_on", "Choose a later day."));
    }
    let options: Vec<Choice> = tx
        .fetch_all(
            sql!(
                "select id, title, advantages, drawbacks, effort, risk, one_off_cost, yearly_cost from
                 decision_options
             where workspace_id = $1 and decision_id = $2 and archived_at is null order by position, id"
            ),
            args![current.id],
        )
        .await?;
    let chosen = options
        .iter()
        .find(|offered| offered.id == option)
        .ok_or_else(|| Error::invalid("option", "Choose one of the options."))?;
    if options.len() < 2 {
        return Err(Error::invalid(
            "option",
            "A choice needs at least two options. Keeping things as they are can be one.",
        ));
    }
    let (next,): (i64,) = tx
        .fetch_one(
            sql!(
                "select coalesce(max(number), 0) + 1 from proposals where workspace_id = $1 and
             decision_id = $2"
            ),
            args![current.id],
        )
        .await?;
    let chosen_title = chosen.title.clone();
    let scored = rounds::write::record(&mut tx, About::Decision, current.id.uuid()).await?;
    let evidence = evidence_of(&mut tx, current.id).await?;
    let criteria = criteria_of(&mut tx, current.id).await?;
    let mut text = DecisionText {
        decision: current.number,
        question: current.question.clone(),
        context: current.context.clone(),
        impact: current.impact.clone(),
        options: options.into_iter().map(OptionText::from).collect(),
        currency: Some(currency(&mut tx).await?),
        rests_on: evidence,
        criteria,
        scores: scored,
        proposal: ProposalText {
            number: next - 1,
            option: chosen_title.clone(),
            rationale: rationale.clone(),
            stage,
            review_on: review_on.map(|day| day.to_string()),
        },
        conditions: None,
    };
    // The same again, under the number that it has already.
    if handshake::is_on_table(&mut tx, current.id.uuid(), &text).await? {
        return Ok(());
    }
    text.proposal.number = next;
    let id: ProposalId = tx.fresh_id();
    insert(&mut tx, &current, (id, option), &text, review_on).await?;
    let offer = Offer {
        text: &text,
        subject: current.id.uuid(),
        path: format!("decisions/{number}"),
        label: current.question.clone(),
        seats: Seats::Signers,
        owners: None,
        due_on: Some(current.decide_by),
    };
    handshake::offer(&mut tx, offer).await?;
    let detail = format!("{chosen_title}: {rationale}");
    tx.commit(permit, current.event("proposed an answer to").detail(detail))
        .await
}

/// A proposal that both sides sign. A condition becomes part of the text on the table, so that whoever signs
/// after it signs it, too; a signature that the other side gave before covers another text and has to be
/// given anew.
pub struct DecisionOnTable(Current);

impl OnTable for DecisionOnTable {
    const KIND: Kind = Kind::Decision;
    const WITHDREW: &'static str = "withdrew a signature from";
    type Key = i64;

    async fn find(tx: &mut Transaction, number: i64) -> Result<Self> {
        Ok(Self(current(tx, number).await?))
    }

    fn subject(&self) -> uuid::Uuid {
        self.0.id.uuid()
    }

    fn event(&self, verb: &'static str) -> Event {
        self.0.event(verb)
    }

    /// A condition that came with the signature leaves the text, unless the other side has spoken on it
    /// meanwhile.
    async fn withdrawn(&self, tx: &mut Transaction, side: Side) -> Result<()> {
        let (old, text, is_untouched) = handshake::text_on_table::<DecisionText>(tx, self.subject()).await?;
        let all = conditions_of(tx, old).await?;
        let others: Vec<ConditionRow> = all
            .iter()
            .filter(|condition| condition.side != side)
            .cloned()
            .collect();
        if is_untouched && others.len() < all.len() {
            offer_with(tx, &self.0, text, others).await?;
        }
        Ok(())
    }
}

impl Signable for DecisionOnTable {
    const SIGNED: &'static str = "signed";
    const OBJECTED: &'static str = "objected to";
    const TAKES_NO_CONDITION: Option<&'static str> = None;
    type Input = Option<ConditionInput>;

    async fn prepare(
        &self,
        tx: &mut Transaction,
        given: VerdictInput<'_>,
        condition: Option<ConditionInput>,
    ) -> Result<TextToSign> {
        if given.verdict != Verdict::AgreeWithConditions {
            return Ok(TextToSign::sign(given));
        }
        let condition = condition.ok_or_else(|| {
            Error::invalid("milestone", "A condition needs a milestone, an owner and a date.")
        })?;
        let side = handshake::rehearse(tx, Kind::Decision, self.subject(), given).await?;
        let condition = ConditionRow {
            side,
            body: given.reason.unwrap_or_default().to_owned(),
            signer: tx.name(),
            milestone_id: condition.milestone,
            owner_id: condition.owner,
            due_on: condition.due_on,
        };
        require_open(tx, &condition).await?;
        let (old, text, _) = handshake::text_on_table::<DecisionText>(tx, self.subject()).await?;
        let mut all = conditions_of(tx, old).await?;
        all.push(condition);
        let digest = offer_with(tx, &self.0, text, all).await?;
        Ok(TextToSign::Sign { digest })
    }

    async fn sealed(&self, tx: &mut Transaction, at: Timestamp) -> Result<()> {
        let Self(current) = self;
        tx.execute(
            sql!(
                "update decisions set signed_at = $3, version = version + 1 where workspace_id = $1
             and id = $2"
            ),
            args![current.id, at],
        )
        .await?;
        handshake::close(tx, Kind::Weights, current.id.uuid(), "superseded").await?;
        conditions_become_checkpoints(tx, current.id).await?;
        register::enter_signed(tx, current).await?;
        tx.record(current.event("sealed").detail("both sides signed the same text"))
            .await
    }
}

/// A condition of the text on the table.
#[derive(Clone, sqlx::FromRow)]
struct ConditionRow {
    side: Side,
    body: String,
    signer: String,
    milestone_id: MilestoneId,
    owner_id: MemberId,
    due_on: Day,
}

async fn require_open(tx: &mut Transaction, condition: &ConditionRow) -> Result<()> {
    let open: Option<(i64,)> = tx
        .fetch_optional(
            sql!(
                "select number from milestone_facts where workspace_id = $1 and id = $2 and archived_at is
                 null and accepted_at is null"
            ),
            args![condition.milestone_id],
        )
        .await?;
    if open.is_none() {
        return Err(Error::invalid(
            "milestone",
            "Choose a milestone that is still open.",
        ));
    }
    require_of_side(tx, "owner", condition.owner_id, None).await
}

async fn conditions_of(tx: &mut Transaction, handshake: HandshakeId) -> Result<Vec<ConditionRow>> {
    tx.fetch_all(
        sql!(
            "select side, body, signer, milestone_id, owner_id, due_on from conditions where workspace_id =
             $1 and handshake_id = $2 order by id"
        ),
        args![handshake],
    )
    .await
}

/// Offers the text on the table again with exactly these conditions; gives its digest.
async fn offer_with(
    tx: &mut Transaction,
    current: &Current,
    mut text: DecisionText,
    conditions: Vec<ConditionRow>,
) -> Result<String> {
    let mut listed = Vec::with_capacity(conditions.len());
    for condition in &conditions {
        let (milestone, owner): (String, String) = tx
            .fetch_one(
                sql!(
                    "select m.title, o.name from milestone_facts m join people o on o.workspace_id =
                     m.workspace_id and o.id = $3
                 where m.workspace_id = $1 and m.id = $2"
                ),
                args![condition.milestone_id, condition.owner_id],
            )
            .await?;
        listed.push(ConditionText {
            side: condition.side,
            signer: condition.signer.clone(),
            condition: condition.body.clone(),
            milestone,
            owner,
            due_on: condition.due_on.to_string(),
        });
    }
    text.conditions = Some(listed);
    let offer = Offer {
        text: &text,
        subject: current.id.uuid(),
        path: format!("decisions/{}", current.number),
        label: current.question.clone(),
        seats: Seats::Signers,
        owners: None,
        due_on: Some(current.decide_by),
    };
    let offered = handshake::offer(tx, offer).await?;
    for condition in conditions {
        let id: ConditionId = tx.fresh_id();
        tx.execute(
            sql!(
                "insert into conditions (id, workspace_id, handshake_id, side, body, signer, milestone_id,
                 owner_id, due_on) values ($2, $1, $3, $4, $5, $6, $7, $8, $9)"
            ),
            args![
                id,
                offered.id,
                condition.side,
                condition.body,
                condition.signer,
                condition.milestone_id,
                condition.owner_id,
                condition.due_on
            ],
        )
        .await?;
    }
    Ok(offered.digest)
}

#[derive(sqlx::FromRow)]
struct DueCondition {
    id: ConditionId,
    milestone_id: MilestoneId,
    owner_id: MemberId,
    due_on: Day,
    body: String,
}

async fn conditions_become_checkpoints(tx: &mut Transaction, decision: DecisionId) -> Result<()> {
    let agreed: Vec<DueCondition> = tx
        .fetch_all(
            sql!(
                "select c.id, c.milestone_id, c.owner_id, c.due_on, c.body from conditions c join
                 tabled_handshakes h on h.id = c.handshake_id
             where c.workspace_id = $1 and h.kind = 'decision' and h.subject_id = $2 and c.checkpoint_id is
             null order by c.id"
            ),
            args![decision],
        )
        .await?;
    for condition in agreed {
        let title: String = condition.body.replace('\n', " ").chars().take(200).collect();
        let step = Step::new(title, condition.owner_id, condition.due_on);
        let checkpoint: CheckpointId = add_condition(tx, condition.milestone_id, &step).await?;
        tx.execute(
            sql!("update conditions set checkpoint_id = $3 where workspace_id = $1 and id = $2"),
            args![condition.id, checkpoint],
        )
        .await?;
    }
    Ok(())
}

async fn criteria_of(tx: &mut Transaction, decision: DecisionId) -> Result<Vec<(String, i64)>> {
    tx.fetch_all(
        sql!(
            "select title, weight from criteria where workspace_id = $1 and decision_id = $2 and
                 archived_at is null order by position, id"
        ),
        args![decision],
    )
    .await
}

/// In which costs are offered to be signed.
async fn currency(tx: &mut Transaction) -> Result<String> {
    let (currency,): (String,) = tx
        .fetch_one(
            sql!("select currency from workspace_settings where id = $1"),
            Vec::new(),
        )
        .await?;
    Ok(currency)
}

/// The proposal's row; the decision takes over the stage and the day of its review.
async fn insert(
    tx: &mut Transaction,
    current: &Current,
    (id, chosen): (ProposalId, OptionId),
    text: &DecisionText,
    review_on: Option<Day>,
) -> Result<()> {
    tx.execute(
        sql!(
            "insert into proposals (id, workspace_id, decision_id, number, option_id, option_title,
             rationale, at, by_member, currency) values ($2, $1, $3, $4, $5, $6, $7, $8, $9, $10)"
        ),
        args![
            id,
            current.id,
            text.proposal.number,
            chosen,
            &text.proposal.option,
            text.proposal.rationale.as_str(),
            tx.now(),
            tx.member_id(),
            text.currency.as_deref()
        ],
    )
    .await?;
    tx.execute(
        sql!("update decisions set stage = $3, review_on = $4 where workspace_id = $1 and id = $2"),
        args![current.id, text.proposal.stage, review_on],
    )
    .await?;
    Ok(())
}
