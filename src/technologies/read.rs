//! What the register's pages ask.

use super::TechnologyStage;
use crate::{
    args,
    identity::Viewer,
    platform::{
        error::Result,
        ids::{DecisionId, MemberId, TechnologyId},
        quantity::Quantity,
        time::{Day, Timestamp},
    },
    sql,
};

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Technology {
    pub id: TechnologyId,
    pub number: i64,
    pub name: String,
    pub purpose: String,
    pub stage: TechnologyStage,
    pub decision: Option<i64>,
    pub marketing_owner: MemberId,
    pub marketing_name: String,
    pub technology_owner: MemberId,
    pub technology_name: String,
    pub yearly_cost: Option<Quantity>,
    pub renews_on: Option<Day>,
    pub version: i64,
}

macro_rules! technologies_where {
    ($rest:literal) => {
        concat!(
            "select t.id, t.number, t.name, t.purpose, t.stage, d.number as decision, t.marketing_owner,
             mm.holder as marketing_name,
                    t.technology_owner, tm.holder as technology_name, t.yearly_cost, t.renews_on, t.version
             from technologies t left join decision_facts d on d.id = t.decision_id
             join people mm on mm.id = t.marketing_owner
             join people tm on tm.id = t.technology_owner
             where t.workspace_id = $1 ",
            $rest
        )
    };
}

pub(super) use technologies_where;

/// The register, at most 500 entries.
pub async fn technologies(viewer: &Viewer) -> Result<Vec<Technology>> {
    viewer
        .fetch_all(
            sql!(technologies_where!("order by t.name, t.number limit 500")),
            Vec::new(),
        )
        .await
}

pub async fn technology(viewer: &Viewer, number: i64) -> Result<Technology> {
    viewer
        .fetch_one(sql!(technologies_where!("and t.number = $2")), args![number])
        .await
}

/// What came of a signed decision in the register.
pub async fn technology_of(viewer: &Viewer, id: DecisionId) -> Result<Option<Technology>> {
    viewer
        .fetch_optional(sql!(technologies_where!("and t.decision_id = $2")), args![id])
        .await
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Move {
    pub stage: TechnologyStage,
    pub because: String,
    pub at: Timestamp,
    pub who: Option<String>,
}

pub async fn moves(viewer: &Viewer, id: TechnologyId) -> Result<Vec<Move>> {
    viewer
        .fetch_all(
            sql!(
                "select s.stage, s.because, s.at, m.name as who from technology_stages s left join people m on
                 m.id = s.by_member
             where s.workspace_id = $1 and s.technology_id = $2 order by s.at desc, s.id desc limit 100"
            ),
            args![id],
        )
        .await
}
