//! What the decisions' pages ask.

mod context;

pub use self::context::{
    CitedEvidence, Measurement, OutcomeReview, Ruling, Statement, Waiter, evidence, outcomes, ruling,
    sources_touched, statements, waiters,
};

use super::text::CriterionText;

use crate::{
    args,
    decisions::text::OptionText,
    handshake::{
        State,
        read::{Standing, StandingRow, sign_off},
        sign_off::SignOff,
    },
    identity::{Side, Viewer},
    platform::{
        error::Result,
        ids::{CriterionId, DecisionId, InitiativeId, MemberId, OptionId, ProposalId},
        quantity::Quantity,
        time::{Day, Timestamp},
    },
    rounds::{AnswerSheet, RoundMeasure, Thing},
    sql,
    technologies::TechnologyStage,
};

#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct RowColumns {
    id: DecisionId,
    number: i64,
    question: String,
    decide_by: Day,
    driver: String,
    initiative: Option<String>,
    is_ruled: bool,
    is_over: bool,
    superseded_by: Option<i64>,
    #[sqlx(flatten)]
    standing: StandingRow,
}

/// A decision as lists show it.
#[derive(Clone, Debug)]
pub struct DecisionRow {
    pub id: DecisionId,
    pub number: i64,
    pub question: String,
    pub decide_by: Day,
    pub driver: String,
    pub initiative: Option<String>,
    pub is_ruled: bool,
    /// Whether its initiative has ended.
    pub is_over: bool,
    /// The number of the signed decision that took its place.
    pub superseded_by: Option<i64>,
    pub standing: Option<Standing>,
}

impl DecisionRow {
    pub fn status(&self, viewer: &Viewer) -> SignOff {
        if let Some(by) = self.superseded_by {
            return SignOff::Superseded(by);
        }
        sign_off(
            viewer,
            self.standing.as_ref(),
            (self.is_ruled, self.is_over),
            self.decide_by,
        )
    }

    /// Whether both signed it, or the arbiter ruled.
    pub fn is_settled(&self) -> bool {
        self.is_ruled
            || self
                .standing
                .as_ref()
                .is_some_and(|standing| matches!(standing.state, State::Sealed { .. }))
    }
}

macro_rules! rows_where {
    ($rest:literal) => {
        concat!(
            "select d.id, d.number, d.question, d.decide_by, dm.holder as driver, i.title as initiative,
             exists
             (select 1 from rulings g where g.decision_id = d.id) as is_ruled,
                    coalesce(i.is_over, false) as is_over,
                    (select min(l.number) from decisions l where l.supersedes = d.id and l.signed_at is not
                    null) as superseded_by, ",
            crate::seat_columns!(),
            "from decisions d join people dm on dm.id = d.driver_id
             left join initiative_facts i on i.id = d.initiative_id
             left join tabled_handshakes h on h.kind = 'decision' and h.subject_id = d.id ",
            crate::seat_joins!(),
            "where d.workspace_id = $1 ",
            $rest
        )
    };
}

pub(super) use rows_where;

pub(super) fn rows(columns: Vec<RowColumns>) -> Vec<DecisionRow> {
    columns
        .into_iter()
        .map(|row| DecisionRow {
            id: row.id,
            number: row.number,
            question: row.question,
            decide_by: row.decide_by,
            driver: row.driver,
            initiative: row.initiative,
            is_ruled: row.is_ruled,
            is_over: row.is_over,
            superseded_by: row.superseded_by,
            standing: row.standing.standing(),
        })
        .collect()
}

/// Undecided first, by date.
pub async fn list(viewer: &Viewer, most: i64, skip: i64) -> Result<Vec<DecisionRow>> {
    Ok(rows(
        viewer
            .fetch_all(
                sql!(rows_where!(
                    "order by d.signed_at is not null, d.decide_by, d.number limit $2 offset $3"
                )),
                args![most, skip],
            )
            .await?,
    ))
}

/// Those that neither both sides nor a ruling settled and no other replaced, of initiatives that run, by
/// date.
pub async fn undecided(viewer: &Viewer, most: i64) -> Result<Vec<DecisionRow>> {
    Ok(rows(
        viewer
            .fetch_all(
                sql!(rows_where!(
                    "and d.signed_at is null and (i.id is null or not i.is_over)
                     and not exists (select 1 from rulings g where g.decision_id = d.id)
                     and not exists (select 1 from decisions l where l.supersedes = d.id and l.signed_at is
                     not null)
                     order by d.decide_by, d.number limit $2"
                )),
                args![most],
            )
            .await?,
    ))
}

/// An option of a decision, and whether the newest proposal is for it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct OptionOfDecision {
    pub decision_id: DecisionId,
    pub title: String,
    pub is_proposed: bool,
}

/// Those of every decision, in their order.
pub async fn options_of_all(viewer: &Viewer) -> Result<Vec<OptionOfDecision>> {
    viewer
        .fetch_all(
            sql!(
                "select o.decision_id, o.title, exists (select 1 from proposals p where p.option_id = o.id
                    and p.number = (select max(l.number) from proposals l where l.decision_id =
                    o.decision_id))
                    as is_proposed
                 from decision_options o
                 where o.workspace_id = $1 and o.archived_at is null order by o.decision_id, o.position"
            ),
            Vec::new(),
        )
        .await
}

pub async fn of_initiative(viewer: &Viewer, id: InitiativeId) -> Result<Vec<DecisionRow>> {
    Ok(rows(
        viewer
            .fetch_all(
                sql!(rows_where!(
                    "and d.initiative_id = $2 order by d.signed_at is not null,
             d.decide_by, d.number limit 100"
                )),
                args![id],
            )
            .await?,
    ))
}

pub async fn count(viewer: &Viewer) -> Result<i64> {
    let (count,): (i64,) = viewer
        .fetch_one(
            sql!("select count(*) from decisions where workspace_id = $1"),
            Vec::new(),
        )
        .await?;
    Ok(count)
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Decision {
    pub id: DecisionId,
    pub number: i64,
    pub question: String,
    pub context: String,
    pub impact: String,
    pub stage: Option<TechnologyStage>,
    pub review_on: Option<Day>,
    pub earlier_number: Option<i64>,
    pub earlier: Option<String>,
    pub later_number: Option<i64>,
    pub later: Option<String>,
    pub later_signed_at: Option<Timestamp>,
    pub initiative_id: Option<InitiativeId>,
    pub initiative_number: Option<i64>,
    pub initiative: Option<String>,
    pub driver_id: MemberId,
    pub driver: String,
    pub decide_by: Day,
    pub version: i64,
    pub signed_at: Option<Timestamp>,
    /// Whether its initiative has ended.
    pub is_over: bool,
}

impl Decision {
    pub fn path(&self) -> String {
        format!("decisions/{}", self.number)
    }

    /// Where it stands, with what lies on the table for it.
    pub fn sign_off(&self, viewer: &Viewer, standing: Option<&Standing>, is_ruled: bool) -> SignOff {
        match self.later_number.filter(|_| self.later_signed_at.is_some()) {
            Some(by) => SignOff::Superseded(by),
            None => sign_off(viewer, standing, (is_ruled, self.is_over), self.decide_by),
        }
    }
}

pub async fn one(viewer: &Viewer, number: i64) -> Result<Decision> {
    viewer
        .fetch_one(
            sql!(
                "select d.id, d.number, d.question, d.context, d.impact, d.stage, d.review_on, e.number as
                 earlier_number, e.question as earlier,
                    l.number as later_number, l.question as later, l.signed_at as later_signed_at,
                    d.initiative_id, i.number as initiative_number, i.title as initiative,
                    d.driver_id, dm.holder as driver, d.decide_by, d.version, d.signed_at, coalesce(i.is_over,
                    false) as is_over
             from decisions d join people dm on dm.id = d.driver_id left join initiative_facts i on i.id =
             d.initiative_id
             left join decisions e on e.id = d.supersedes left join decisions l on l.supersedes = d.id
             where d.workspace_id = $1 and d.number = $2"
            ),
            args![number],
        )
        .await
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Choice {
    pub id: OptionId,
    pub title: String,
    pub advantages: String,
    pub drawbacks: String,
    pub effort: String,
    pub risk: String,
    pub one_off_cost: Option<Quantity>,
    pub yearly_cost: Option<Quantity>,
    /// In which the costs were offered to be signed; where nothing lies before both sides, the workspace's
    /// own.
    #[sqlx(default)]
    pub currency: Option<String>,
}

impl From<Choice> for OptionText {
    fn from(choice: Choice) -> Self {
        Self {
            title: choice.title,
            advantages: choice.advantages,
            drawbacks: choice.drawbacks,
            effort: choice.effort,
            risk: choice.risk,
            one_off_cost: choice.one_off_cost.map(|cost| cost.to_string()),
            yearly_cost: choice.yearly_cost.map(|cost| cost.to_string()),
        }
    }
}

pub async fn choices(viewer: &Viewer, id: DecisionId) -> Result<Vec<Choice>> {
    viewer
        .fetch_all(
            sql!(
                "select o.id, o.title, o.advantages, o.drawbacks, o.effort, o.risk, o.one_off_cost, o.yearly_cost,
                 (select p.currency from proposals p join tabled_handshakes h on h.kind = 'decision' and
                  h.subject_id = p.decision_id where p.decision_id = o.decision_id order by p.number desc limit 1)
                 as currency
             from decision_options o
             where o.workspace_id = $1 and o.decision_id = $2 and o.archived_at is null order by o.position, o.id
             limit 50"
            ),
            args![id],
        )
        .await
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Proposal {
    pub id: ProposalId,
    pub number: i64,
    pub option_id: OptionId,
    pub option: String,
    pub rationale: String,
    pub at: Timestamp,
    pub who: String,
}

/// Every proposal, newest first.
pub async fn proposals(viewer: &Viewer, id: DecisionId) -> Result<Vec<Proposal>> {
    viewer
        .fetch_all(
            sql!(
                "select p.id, p.number, p.option_id, p.option_title as option, p.rationale, p.at, m.name as
                 who
             from proposals p join people m on m.id = p.by_member
             where p.workspace_id = $1 and p.decision_id = $2 order by p.number desc limit 50"
            ),
            args![id],
        )
        .await
}

/// A signature of an earlier or the present proposal that objected or added a condition.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Remark {
    pub at: Timestamp,
    pub side: Side,
    pub signer: String,
    pub verdict: crate::handshake::Verdict,
    pub reason: String,
}

pub async fn remarks(viewer: &Viewer, id: DecisionId) -> Result<Vec<Remark>> {
    viewer
        .fetch_all(
            sql!(
                "select s.at, s.side, s.signer, s.verdict, s.reason from offered_handshakes h join
                 filled_seats
                 s on s.handshake_id = h.id
             where h.workspace_id = $1 and h.kind = 'decision' and h.subject_id = $2 and s.reason is not null
             order by s.at desc, s.id desc limit 100"
            ),
            args![id],
        )
        .await
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Criterion {
    pub id: CriterionId,
    pub title: String,
    pub about: String,
    pub weight: i64,
}

/// Criteria in the form in which they are signed.
pub fn as_signed(criteria: Vec<Criterion>) -> Vec<CriterionText> {
    criteria
        .into_iter()
        .map(|criterion| CriterionText {
            criterion: criterion.title,
            asks: criterion.about,
            weight: criterion.weight,
        })
        .collect()
}

pub async fn criteria(viewer: &Viewer, id: DecisionId) -> Result<Vec<Criterion>> {
    viewer
        .fetch_all(
            sql!(
                "select id, title, about, weight from criteria where workspace_id = $1 and decision_id = $2
                 and archived_at is null order by position, id limit 20"
            ),
            args![id],
        )
        .await
}

/// A condition of the text on the table, or of the signed one.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Condition {
    pub side: Side,
    pub signer: String,
    pub body: String,
    pub milestone_number: i64,
    pub milestone: String,
    pub owner: String,
    /// As it was signed: what its checkpoint is moved to makes it no less late.
    pub due_on: Day,
    /// Whether both sides have signed it, and it is a checkpoint.
    pub is_agreed: bool,
    pub met_at: Option<Timestamp>,
    /// Whether the initiative in which it was to be met has ended.
    pub is_over: bool,
}

impl Condition {
    /// Where it stands, once it is agreed.
    pub fn status(&self, today: Day) -> Option<ConditionStatus> {
        let late = today.days_since(self.due_on);
        let status = match (self.is_agreed, self.met_at, self.is_over) {
            (false, ..) => return None,
            (true, Some(at), _) => ConditionStatus::Met(at),
            (true, None, true) => ConditionStatus::Waived,
            (true, None, false) if late > 0 => ConditionStatus::Late(late),
            (true, None, false) => ConditionStatus::Open,
        };
        Some(status)
    }
}

/// A condition lives until it is met, or waived by both co-leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConditionStatus {
    Met(Timestamp),
    Waived,
    /// In days.
    Late(i64),
    Open,
}

pub async fn conditions(viewer: &Viewer, id: DecisionId) -> Result<Vec<Condition>> {
    viewer
        .fetch_all(
            sql!(
                "select c.side, c.signer, c.body, m.number as milestone_number, m.title as milestone, om.name
                 as owner, c.due_on, c.checkpoint_id is not null as is_agreed,
                 case when m.asks_other_side then k.accepted_at else k.passed_at end as met_at, i.is_over
             from conditions c join tabled_handshakes h on h.id = c.handshake_id join milestone_facts m on
             m.id = c.milestone_id join initiative_facts i on i.id = m.initiative_id
             left join checkpoint_facts k on k.id = c.checkpoint_id
             join people om on om.id = c.owner_id
             where c.workspace_id = $1 and h.kind = 'decision' and h.subject_id = $2 order by c.id limit 20"
            ),
            args![id],
        )
        .await
}

/// `(id, title)` of the initiatives that are not over, for choosing one.
pub async fn initiative_options(viewer: &Viewer) -> Result<Vec<(String, String)>> {
    let rows: Vec<(InitiativeId, String)> = viewer
        .fetch_all(
            sql!(
                "select id, title from initiative_facts where workspace_id = $1 and is_running order
             by title, id limit 500"
            ),
            Vec::new(),
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|(id, title)| (id.to_string(), title))
        .collect())
}

/// What is put before both sides when they score, as it is now.
pub fn sheet_of(
    (question, context): (&str, &str),
    choices: &[Choice],
    criteria: &[Criterion],
) -> AnswerSheet {
    let description = |choice: &Choice| {
        let cost = |name: &str, cost: Option<Quantity>| {
            cost.map_or_else(String::new, |cost| format!("{name} {}", cost.format()))
        };
        let parts = [
            choice.advantages.clone(),
            choice.drawbacks.clone(),
            choice.effort.clone(),
            choice.risk.clone(),
            cost("One-off cost", choice.one_off_cost),
            cost("Yearly cost", choice.yearly_cost),
        ];
        parts
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join("\n")
    };
    AnswerSheet {
        asked: format!("{question}\n{context}"),
        things: choices
            .iter()
            .map(|choice| Thing {
                id: choice.id.to_string(),
                title: choice.title.clone(),
                description: description(choice),
            })
            .collect(),
        measures: criteria
            .iter()
            .map(|criterion| RoundMeasure {
                id: criterion.id.to_string(),
                title: criterion.title.clone(),
                description: criterion.about.clone(),
                weight: criterion.weight,
            })
            .collect(),
    }
}
