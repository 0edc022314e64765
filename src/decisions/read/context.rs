//! What surrounds a decision: who waits for it, what it rests on, and what became of it.

use crate::{
    args,
    decisions::DecisionOutcome,
    identity::{Side, Viewer},
    platform::{
        error::Result,
        ids::{ClauseId, DecisionId, KpiId, MilestoneId, OptionId},
        time::{Day, Timestamp},
    },
    sql,
};

/// What a side told the arbiter.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Statement {
    pub side: Side,
    pub body: String,
    pub at: Timestamp,
    pub who: String,
}

pub async fn statements(viewer: &Viewer, id: DecisionId) -> Result<Vec<Statement>> {
    viewer
        .fetch_all(
            sql!(
                "select s.side, s.body, s.at, m.name as who from statements s join people m on m.id =
                 s.by_member
             where s.workspace_id = $1
               and (s.handshake_id in (select h.id from tabled_handshakes h where h.kind = 'decision' and
               h.subject_id = $2)
                    or s.handshake_id in (select g.handshake_id from rulings g where g.decision_id = $2))
             order by s.at, s.id limit 50"
            ),
            args![id],
        )
        .await
}

/// The number and the name of every source that runs on what was decided.
pub async fn sources_touched(viewer: &Viewer, id: DecisionId) -> Result<Vec<(i64, String)>> {
    viewer
        .fetch_all(
            sql!(
                "select number, name from decision_sources where workspace_id = $1 and decision_id = $2
                 order by name, number limit 100"
            ),
            args![id],
        )
        .await
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Ruling {
    pub option_id: OptionId,
    pub option: String,
    pub body: String,
    pub at: Timestamp,
    pub who: String,
}

pub async fn ruling(viewer: &Viewer, id: DecisionId) -> Result<Option<Ruling>> {
    viewer
        .fetch_optional(
            sql!(
                "select g.option_id, g.option_title as option, g.body, g.at, m.name as who from rulings g join
                 people m on m.id = g.by_member
             where g.workspace_id = $1 and g.decision_id = $2"
            ),
            args![id],
        )
        .await
}

/// A milestone that waits for a decision.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Waiter {
    pub id: MilestoneId,
    pub number: i64,
    pub title: String,
    pub initiative: String,
    pub due_on: Day,
}

pub async fn waiters(viewer: &Viewer, id: DecisionId) -> Result<Vec<Waiter>> {
    viewer
        .fetch_all(
            sql!(
                "select m.id, m.number, m.title, i.title as initiative, m.due_on from decision_waiters w join
                 milestone_facts m on m.id = w.milestone_id
             join initiative_facts i on i.id = m.initiative_id where w.workspace_id = $1 and w.decision_id =
             $2 and m.archived_at is null order by m.due_on, m.number limit 100"
            ),
            args![id],
        )
        .await
}

/// Something a decision rests on: a clause, a KPI, a link.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct CitedEvidence {
    pub clause_id: Option<ClauseId>,
    pub kpi_id: Option<KpiId>,
    pub title: String,
    /// A page of the workspace, or an address elsewhere.
    pub path: String,
}

pub async fn evidence(viewer: &Viewer, id: DecisionId) -> Result<Vec<CitedEvidence>> {
    viewer
        .fetch_all(
            sql!(
                "select c.id as clause_id, null as kpi_id, c.title, 'definition/clauses/' as path from
                 decision_clauses dc join clause_facts c on c.id = dc.clause_id
             where dc.workspace_id = $1 and dc.decision_id = $2
             union all
             select null, k.id, k.title, 'kpis/' || cast(k.number as text) from decision_kpis dk join
             kpi_facts k on k.id = dk.kpi_id
             where dk.workspace_id = $1 and dk.decision_id = $2
             union all
             select null, null, l.title, l.url from decision_links l where l.workspace_id = $1 and
             l.decision_id = $2 and l.archived_at is null
             order by 3, 4 limit 200"
            ),
            args![id],
        )
        .await
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct OutcomeReview {
    pub verdict: DecisionOutcome,
    pub body: String,
    pub kpis: String,
    pub at: Timestamp,
    pub who: String,
}

/// A cited KPI at the signing and when the outcome was told.
#[derive(Clone, Debug, serde::Deserialize)]
pub struct Measurement {
    pub number: i64,
    pub title: String,
    pub unit: String,
    pub then: Option<String>,
    pub now: Option<String>,
}

impl OutcomeReview {
    pub fn measurements(&self) -> Vec<Measurement> {
        serde_json::from_str(&self.kpis).unwrap_or_default()
    }
}

/// The outcomes that were told, newest first.
pub async fn outcomes(viewer: &Viewer, id: DecisionId) -> Result<Vec<OutcomeReview>> {
    viewer
        .fetch_all(
            sql!(
                "select o.verdict, o.body, o.kpis, o.at, m.name as who from outcomes o join people m on m.id =
                 o.by_member
             where o.workspace_id = $1 and o.decision_id = $2 order by o.at desc, o.id desc limit 50"
            ),
            args![id],
        )
        .await
}
