//! Touchpoints, as pages ask for them.

use std::collections::HashMap;

use crate::{
    identity::Reader,
    platform::{
        error::Result,
        ids::{ClauseId, MemberId, TouchpointId},
        time::{Day, Timestamp},
    },
    sources::{Channel, Stage},
    sql,
};

/// A place where customers meet us.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Touchpoint {
    pub id: TouchpointId,
    pub number: i64,
    pub name: String,
    pub stage: Stage,
    pub channel: Channel,
    pub answers_id: Option<MemberId>,
    pub answers: Option<String>,
    /// A month.
    pub contacts: Option<i64>,
    pub counted_on: Option<Day>,
    pub known_by: String,
    pub about: String,
    pub taken_at: Option<Timestamp>,
    pub retired_at: Option<Timestamp>,
    pub retired_because: Option<String>,
    pub version: i64,
}

impl Touchpoint {
    pub fn path(&self) -> String {
        format!("sources/touchpoints/{}", self.number)
    }

    pub const fn is_in_force(&self) -> bool {
        self.taken_at.is_some() && self.retired_at.is_none()
    }
}

/// A clause of the definition, as touchpoints name it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct TouchpointClause {
    pub id: ClauseId,
    pub title: String,
    pub archived_at: Option<Timestamp>,
}

impl TouchpointClause {
    pub fn path(&self) -> String {
        format!("definition/clauses/{}", self.id)
    }
}

/// Every clause that was ever written, in the definition's order.
pub async fn clauses(reader: &impl Reader) -> Result<Vec<TouchpointClause>> {
    reader
        .fetch_all(
            sql!(
                "select id, title, archived_at from clause_facts where workspace_id = $1
                 order by position, id limit 1000"
            ),
            Vec::new(),
        )
        .await
}

/// Which clauses are kept at which touchpoints.
pub async fn kept_clauses(reader: &impl Reader) -> Result<HashMap<TouchpointId, Vec<ClauseId>>> {
    let rows: Vec<(TouchpointId, ClauseId)> = reader
        .fetch_all(
            sql!(
                "select l.touchpoint_id, l.clause_id from touchpoint_clauses l join clause_facts c on c.id = l.clause_id
                 where l.workspace_id = $1 order by c.position, c.id limit 20000"
            ),
            Vec::new(),
        )
        .await?;
    let mut kept: HashMap<TouchpointId, Vec<ClauseId>> = HashMap::new();
    for (touchpoint, clause) in rows {
        kept.entry(touchpoint).or_default().push(clause);
    }
    Ok(kept)
}

/// The touchpoints, in the order of a customer's way.
pub async fn touchpoints(reader: &impl Reader) -> Result<Vec<Touchpoint>> {
    let mut all: Vec<Touchpoint> = reader
        .fetch_all(
            sql!(
                "select t.id, t.number, t.name, t.stage, t.channel, t.answers_id, m.name as answers, t.contacts,
                    t.counted_on, t.known_by, t.about, t.taken_at, t.retired_at, t.retired_because, t.version
                 from touchpoints t left join people m on m.id = t.answers_id
                 where t.workspace_id = $1 order by t.name_key, t.number limit 1000"
            ),
            Vec::new(),
        )
        .await?;
    all.sort_by_key(|touchpoint| touchpoint.stage);
    Ok(all)
}
