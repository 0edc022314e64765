//! What the decisions' pages ask.

use super::{Status, status};
use crate::{
    args,
    ground::{
        error::Result,
        ids::{DecisionId, InitiativeId, MemberId, OptionId, ProposalId},
        quantity::Quantity,
        time::{Day, Moment},
    },
    handshake::{
        Side, State,
        read::{Standing, StandingRow},
    },
    people::Viewer,
};

#[derive(Clone, Debug, sqlx::FromRow)]
struct RowColumns {
    id: DecisionId,
    number: i64,
    question: String,
    decide_by: Day,
    driver: String,
    initiative: Option<String>,
    #[sqlx(flatten)]
    standing: StandingRow,
}

/// A decision as lists show it.
#[derive(Clone, Debug)]
pub struct Row {
    pub id: DecisionId,
    pub number: i64,
    pub question: String,
    pub decide_by: Day,
    pub driver: String,
    pub initiative: Option<String>,
    pub standing: Option<Standing>,
}

/// The days that a handshake has waited for what it waits for now.
pub fn waited(viewer: &Viewer, standing: &Standing) -> i64 {
    let since = match standing.state {
        State::HalfSigned { since, .. } => since,
        _ => standing.opened_at,
    };
    viewer.today().days_since(viewer.day_of(since))
}

impl Row {
    pub fn status(&self, viewer: &Viewer) -> Status {
        status(self.standing.as_ref().map(|standing| (standing.state, waited(viewer, standing))), self.decide_by, viewer.today())
    }
}

macro_rules! rows_where {
    ($rest:literal) => {
        concat!(
            "select d.id, d.number, d.question, d.decide_by, da.name as driver, i.title as initiative, ",
            crate::seat_columns!(),
            "from decisions d join members dm on dm.id = d.driver_id join accounts da on da.id = dm.account_id
             left join initiatives i on i.id = d.initiative_id
             left join handshakes h on h.kind = 'decision' and h.subject_id = d.id and h.closed_at is null ",
            crate::seat_joins!(),
            "where d.workspace_id = $1 ",
            $rest
        )
    };
}

fn rows(columns: Vec<RowColumns>) -> Vec<Row> {
    columns
        .into_iter()
        .map(|row| Row {
            id: row.id,
            number: row.number,
            question: row.question,
            decide_by: row.decide_by,
            driver: row.driver,
            initiative: row.initiative,
            standing: row.standing.standing(),
        })
        .collect()
}

/// Undecided first, by date.
pub async fn list(viewer: &Viewer, most: i64, skip: i64) -> Result<Vec<Row>> {
    Ok(rows(viewer.all(rows_where!("order by d.signed_at is not null, d.decide_by, d.number limit $2 offset $3"), args![most, skip]).await?))
}

pub async fn of_initiative(viewer: &Viewer, id: InitiativeId) -> Result<Vec<Row>> {
    Ok(rows(viewer.all(rows_where!("and d.initiative_id = $2 order by d.signed_at is not null, d.decide_by, d.number limit 100"), args![id]).await?))
}

/// Past their date without a proposal on the table, the longest first.
pub async fn undecided(viewer: &Viewer, most: i64) -> Result<Vec<Row>> {
    let today = viewer.today();
    Ok(rows(
        viewer
            .all(rows_where!("and d.signed_at is null and h.id is null and d.decide_by < $2 order by d.decide_by, d.number limit $3"), args![today, most])
            .await?,
    ))
}

pub async fn count(viewer: &Viewer) -> Result<i64> {
    let (count,): (i64,) = viewer.one("select count(*) from decisions where workspace_id = $1", Vec::new()).await?;
    Ok(count)
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Decision {
    pub id: DecisionId,
    pub number: i64,
    pub question: String,
    pub context: String,
    pub initiative_id: Option<InitiativeId>,
    pub initiative_number: Option<i64>,
    pub initiative: Option<String>,
    pub driver_id: MemberId,
    pub driver: String,
    pub decide_by: Day,
    pub version: i64,
    pub signed_at: Option<Moment>,
}

impl Decision {
    pub fn place(&self) -> String {
        format!("decisions/{}", self.number)
    }
}

pub async fn one(viewer: &Viewer, number: i64) -> Result<Decision> {
    viewer
        .one(
            "select d.id, d.number, d.question, d.context, d.initiative_id, i.number as initiative_number, i.title as initiative,
                    d.driver_id, da.name as driver, d.decide_by, d.version, d.signed_at
             from decisions d join members dm on dm.id = d.driver_id join accounts da on da.id = dm.account_id left join initiatives i on i.id = d.initiative_id
             where d.workspace_id = $1 and d.number = $2",
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
    pub one_off_cost: Option<Quantity>,
    pub yearly_cost: Option<Quantity>,
}

pub async fn choices(viewer: &Viewer, id: DecisionId) -> Result<Vec<Choice>> {
    viewer
        .all(
            "select id, title, advantages, drawbacks, one_off_cost, yearly_cost from decision_options
             where workspace_id = $1 and decision_id = $2 and archived_at is null order by position, id limit 50",
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
    pub at: Moment,
    pub who: String,
}

/// Every proposal, newest first.
pub async fn proposals(viewer: &Viewer, id: DecisionId) -> Result<Vec<Proposal>> {
    viewer
        .all(
            "select p.id, p.number, p.option_id, p.option_title as option, p.rationale, p.at, a.name as who
             from proposals p join members m on m.id = p.by_member join accounts a on a.id = m.account_id
             where p.workspace_id = $1 and p.decision_id = $2 order by p.number desc limit 50",
            args![id],
        )
        .await
}

/// A signature of an earlier or the present proposal that objected or added a condition.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Remark {
    pub at: Moment,
    pub side: Side,
    pub signer: String,
    pub verdict: crate::handshake::Verdict,
    pub reason: String,
    /// Of the proposal on the table or the signed one, not of one that was voided.
    pub is_current: bool,
    pub milestone_number: Option<i64>,
    pub milestone: Option<String>,
    pub owner: Option<String>,
    pub due_on: Option<Day>,
}

pub async fn remarks(viewer: &Viewer, id: DecisionId) -> Result<Vec<Remark>> {
    viewer
        .all(
            "select s.at, s.side, s.signer, s.verdict, s.reason, h.closed_at is null as is_current, m.number as milestone_number, m.title as milestone, oa.name as owner, c.due_on
             from handshakes h join signatures s on s.handshake_id = h.id
             left join conditions c on c.signature_id = s.id left join milestones m on m.id = c.milestone_id
             left join members om on om.id = c.owner_id left join accounts oa on oa.id = om.account_id
             where h.workspace_id = $1 and h.kind = 'decision' and h.subject_id = $2 and s.reason is not null and s.withdrawn_at is null
             order by s.at desc, s.id desc limit 100",
            args![id],
        )
        .await
}
