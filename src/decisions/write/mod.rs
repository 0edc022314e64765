//! What may be done to a decision.

mod deadlock;

mod hand_over;
mod option;

mod outcome;

mod proposal;

mod register;

mod scoring;

mod talk;
mod waiting;

mod weights;

use crate::{
    args,
    handshake::{Kind, write as handshake},
    identity::{Action, Transaction, Viewer},
    members::write::require_of_side,
    platform::{
        audit::Event,
        db::Sql,
        error::{Error, Result},
        ids::{ClauseId, DecisionId, InitiativeId, KpiId, LinkId, MemberId, MilestoneId},
        quantity::Quantity,
        time::{Day, Timestamp},
    },
    sql,
};

pub use self::talk::DecisionTalk;
pub use deadlock::{rule, state_case};

pub use hand_over::hand_over;
pub use option::{add_option, archive_option, edit_option};

pub use outcome::review;

pub use proposal::{DecisionOnTable, ProposalInput, propose};

pub use scoring::{answer, close_scoring, open_scoring};

pub use waiting::hold;

pub use weights::{CriterionInput, MOST_CRITERIA, WeightsOnTable, weigh};

#[derive(Clone, Debug)]
pub struct Question {
    pub question: String,
    pub context: String,
    pub initiative: Option<InitiativeId>,
    pub driver: MemberId,
    pub decide_by: Day,
    pub evidence: EvidenceInput,
}

/// What a decision rests on.
#[derive(Clone, Debug, Default)]
pub struct EvidenceInput {
    /// What depends on it, and what it changes for whom.
    pub impact: String,
    pub clauses: Vec<ClauseId>,
    pub kpis: Vec<KpiId>,
    /// `(title, address)`.
    pub links: Vec<(String, String)>,
}

#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ChoiceInput {
    pub title: String,
    pub advantages: String,
    pub drawbacks: String,
    pub effort: String,
    pub risk: String,
    pub one_off_cost: Option<Quantity>,
    pub yearly_cost: Option<Quantity>,
}

/// What a condition becomes: a checkpoint of this milestone.
#[derive(Clone, Debug)]
pub struct ConditionInput {
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
    impact: String,
    driver_id: MemberId,
    decide_by: Day,
    version: i64,
    signed_at: Option<Timestamp>,
}

impl Current {
    fn event(&self, verb: &'static str) -> Event {
        Event::new(verb, "decision", self.id.uuid(), self.question.clone())
            .at(format!("decisions/{}", self.number))
    }

    fn refuse_signed(&self) -> Result<()> {
        if self.signed_at.is_some() {
            return Err(Error::invalid(
                "",
                "This decision is signed by both sides and cannot be changed.",
            ));
        }
        Ok(())
    }
}

async fn current(tx: &mut Transaction, number: i64) -> Result<Current> {
    tx.fetch_one(
        sql!(
            "select id, number, question, context, impact, driver_id, decide_by, version, signed_at from
             decisions where workspace_id = $1 and number = $2"
        ),
        args![number],
    )
    .await
}

async fn check(tx: &mut Transaction, question: &Question) -> Result<()> {
    require_of_side(tx, "driver", question.driver, None).await?;
    if let Some(initiative) = question.initiative {
        let known: Option<(i64,)> = tx
            .fetch_optional(
                sql!("select number from initiative_facts where workspace_id = $1 and id = $2"),
                args![initiative],
            )
            .await?;
        if known.is_none() {
            return Err(Error::invalid("initiative", "Choose from the list."));
        }
    }
    Ok(())
}

/// Asks for a decision, perhaps one that is to supersede a signed one. Sent twice with one id, it is asked
/// once.
pub async fn ask(
    viewer: &Viewer,
    id: DecisionId,
    supersedes: Option<DecisionId>,
    question: Question,
) -> Result<i64> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::AskDecision)?;
    if let Some((number,)) = tx
        .fetch_optional::<(i64,)>(
            sql!("select number from decisions where workspace_id = $1 and id = $2"),
            args![id],
        )
        .await?
    {
        return Ok(number);
    }
    let number = insert(&mut tx, id, supersedes, &question).await?;
    tx.commit(
        permit,
        Event::new("asked for a decision:", "decision", id.uuid(), question.question)
            .at(format!("decisions/{number}")),
    )
    .await?;
    Ok(number)
}

async fn insert(
    tx: &mut Transaction,
    id: DecisionId,
    supersedes: Option<DecisionId>,
    question: &Question,
) -> Result<i64> {
    check(tx, question).await?;
    if let Some(earlier) = supersedes {
        may_be_superseded(tx, earlier).await?;
    }
    let (number,): (i64,) = tx
        .fetch_one(
            sql!("select coalesce(max(number), 0) + 1 from decisions where workspace_id = $1"),
            Vec::new(),
        )
        .await?;
    tx.execute(
        sql!(
            "insert into decisions (id, workspace_id, number, question, context, impact, initiative_id,
             driver_id, decide_by, supersedes, version, created_at)
         values ($2, $1, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11)"
        ),
        args![
            id,
            number,
            &question.question,
            question.context.as_str(),
            &question.evidence.impact,
            question.initiative,
            question.driver,
            question.decide_by,
            supersedes,
            tx.now()
        ],
    )
    .await?;
    rest_on(tx, id, &question.evidence).await?;
    Ok(number)
}

/// Asks for a decision as part of a larger transaction: for an initiative's template.
pub async fn ask_in(tx: &mut Transaction, question: Question) -> Result<()> {
    let id: DecisionId = tx.fresh_id();
    let number = insert(tx, id, None, &question).await?;
    tx.record(
        Event::new("asked for a decision:", "decision", id.uuid(), question.question)
            .at(format!("decisions/{number}")),
    )
    .await
}

async fn may_be_superseded(tx: &mut Transaction, earlier: DecisionId) -> Result<()> {
    let signed: Option<(Option<Timestamp>,)> = tx
        .fetch_optional(
            sql!("select signed_at from decisions where workspace_id = $1 and id = $2"),
            args![earlier],
        )
        .await?;
    match signed {
        None => return Err(Error::NotFound),
        Some((None,)) => {
            return Err(Error::invalid(
                "",
                "You can only replace a signed decision. This one can still be changed.",
            ));
        }
        Some((Some(_),)) => {}
    }
    let later: Option<(i64,)> = tx
        .fetch_optional(
            sql!("select number from decisions where workspace_id = $1 and supersedes = $2"),
            args![earlier],
        )
        .await?;
    match later {
        Some((number,)) => Err(Error::invalid(
            "",
            format!("Decision {number} is to replace it already."),
        )),
        None => Ok(()),
    }
}

/// Replaces what a decision rests on.
async fn rest_on(tx: &mut Transaction, id: DecisionId, evidence: &EvidenceInput) -> Result<()> {
    tx.execute(
        sql!("delete from decision_clauses where workspace_id = $1 and decision_id = $2"),
        args![id],
    )
    .await?;
    for clause in &evidence.clauses {
        let added = tx
            .execute(
                sql!(
                    "insert into decision_clauses (workspace_id, decision_id, clause_id) select workspace_id,
                     $2, id from clause_facts where workspace_id = $1 and id = $3 on conflict do nothing"
                ),
                args![id, *clause],
            )
            .await?;
        if added == 0 {
            require_known(
                tx,
                "clauses",
                sql!("select id from clause_facts where workspace_id = $1 and id = $2"),
                clause.uuid(),
            )
            .await?;
        }
    }
    tx.execute(
        sql!("delete from decision_kpis where workspace_id = $1 and decision_id = $2"),
        args![id],
    )
    .await?;
    for kpi in &evidence.kpis {
        let added = tx
            .execute(
                sql!(
                    "insert into decision_kpis (workspace_id, decision_id, kpi_id) select workspace_id, $2,
                     id from kpi_facts where workspace_id = $1 and id = $3 on conflict do nothing"
                ),
                args![id, *kpi],
            )
            .await?;
        if added == 0 {
            require_known(
                tx,
                "kpis",
                sql!("select id from kpi_facts where workspace_id = $1 and id = $2"),
                kpi.uuid(),
            )
            .await?;
        }
    }
    let now = tx.now();
    tx.execute(
        sql!(
            "update decision_links set archived_at = $3 where workspace_id = $1 and decision_id = $2
         and archived_at is null"
        ),
        args![id, now],
    )
    .await?;
    for (title, url) in &evidence.links {
        let link: LinkId = tx.fresh_id();
        tx.execute(
            sql!(
                "insert into decision_links (id, workspace_id, decision_id, title, url) values ($2, $1, $3,
                 $4, $5)"
            ),
            args![link, id, title.as_str(), url.as_str()],
        )
        .await?;
    }
    Ok(())
}

/// What a decision rests on, as both sides sign it.
async fn evidence_of(tx: &mut Transaction, id: DecisionId) -> Result<Vec<(String, String)>> {
    tx.fetch_all(
        sql!(
            "select 'clause' as kind, c.title from decision_clauses dc join clause_facts c on c.id =
             dc.clause_id where dc.workspace_id = $1 and dc.decision_id = $2
         union all
         select 'kpi', k.title from decision_kpis dk join kpi_facts k on k.id = dk.kpi_id where
         dk.workspace_id = $1 and dk.decision_id = $2
         union all
         select l.title, l.url from decision_links l where l.workspace_id = $1 and l.decision_id = $2 and
         l.archived_at is null
         order by 1, 2"
        ),
        args![id],
    )
    .await
}

async fn require_known(tx: &mut Transaction, field: &'static str, sql: Sql, id: uuid::Uuid) -> Result<()> {
    let known: Option<(uuid::Uuid,)> = tx.fetch_optional(sql, args![id]).await?;
    if known.is_none() {
        return Err(Error::invalid(field, "Choose from the list."));
    }
    Ok(())
}

pub async fn edit(viewer: &Viewer, number: i64, version: i64, question: Question) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let current = current(&mut tx, number).await?;
    let permit = tx.permit(Action::ShapeDecision {
        driver: current.driver_id,
    })?;
    current.refuse_signed()?;
    if current.version != version {
        return Err(Error::Conflict);
    }
    check(&mut tx, &question).await?;
    tx.execute(
        sql!(
            "update decisions set question = $3, context = $4, initiative_id = $5, driver_id = $6, decide_by =
             $7, impact = $8, version = version + 1
         where workspace_id = $1 and id = $2"
        ),
        args![
            current.id,
            &question.question,
            &question.context,
            question.initiative,
            question.driver,
            question.decide_by,
            &question.evidence.impact
        ],
    )
    .await?;
    let before = evidence_of(&mut tx, current.id).await?;
    rest_on(&mut tx, current.id, &question.evidence).await?;
    let has_new_evidence = before != evidence_of(&mut tx, current.id).await?;
    if has_new_evidence
        || question.question != current.question
        || question.context != current.context
        || question.evidence.impact != current.impact
    {
        void_proposal(&mut tx, &current, "the text changed").await?;
    }
    handshake::move_due(&mut tx, Kind::Decision, current.id.uuid(), question.decide_by).await?;
    let names = tx.member_names([current.driver_id, question.driver]).await?;
    let event = current.event("changed the decision").with_changes(&[
        ("Question", &current.question, &question.question),
        ("Context", &current.context, &question.context),
        ("Impact", &current.impact, &question.evidence.impact),
        ("Driver", &names[0], &names[1]),
        (
            "Decide by",
            &current.decide_by.format_long(),
            &question.decide_by.format_long(),
        ),
    ]);
    tx.commit(permit, event).await
}

/// `because` is what the history says.
async fn void_proposal(tx: &mut Transaction, current: &Current, because: &str) -> Result<()> {
    if handshake::close(tx, Kind::Decision, current.id.uuid(), "edited").await? {
        tx.record(
            current
                .event("took the proposal off the table of")
                .detail(because),
        )
        .await?;
    }
    Ok(())
}
