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
    /// What this company calls the stage; empty where it is as usual.
    stage_called: Option<String>,
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

    pub fn stage_name(&self) -> &str {
        called(self.stage_called.as_deref(), self.stage)
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
                "select l.touchpoint_id, l.clause_id from touchpoint_clauses l join clause_facts c on c.id =
                 l.clause_id
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

fn called(own: Option<&str>, stage: Stage) -> &str {
    own.filter(|own| !own.is_empty()).unwrap_or_else(|| stage.name())
}

/// What a company calls the stages.
#[derive(Clone, Debug, Default, sqlx::FromRow)]
pub struct StageNames {
    notice: String,
    choose: String,
    buy: String,
    receive: String,
    get_help: String,
    come_back: String,
    pub version: i64,
}

impl StageNames {
    /// Its own name; empty where it is as usual.
    pub fn own(&self, stage: Stage) -> &str {
        match stage {
            Stage::Notice => &self.notice,
            Stage::Choose => &self.choose,
            Stage::Buy => &self.buy,
            Stage::Receive => &self.receive,
            Stage::GetHelp => &self.get_help,
            Stage::ComeBack => &self.come_back,
        }
    }

    pub fn of(&self, stage: Stage) -> &str {
        called(Some(self.own(stage)), stage)
    }

    /// `(get_help, "Get help")`, for a list to choose from.
    pub fn options(&self) -> Vec<(String, String)> {
        Stage::ALL
            .iter()
            .map(|stage| (stage.as_str().to_owned(), self.of(*stage).to_owned()))
            .collect()
    }
}

pub async fn stage_names(reader: &impl Reader) -> Result<StageNames> {
    let names = reader
        .fetch_all(
            sql!(
                "select notice, choose, buy, receive, get_help, come_back, version from stage_names
                 where workspace_id = $1"
            ),
            Vec::new(),
        )
        .await?;
    Ok(names.into_iter().next().unwrap_or_default())
}

/// The touchpoints, in the order of a customer's way.
pub async fn touchpoints(reader: &impl Reader) -> Result<Vec<Touchpoint>> {
    let mut all: Vec<Touchpoint> = reader
        .fetch_all(
            sql!(
                "select t.id, t.number, t.name, t.stage, case t.stage when 'notice' then n.notice when
                 'choose' then n.choose
                        when 'buy' then n.buy when 'receive' then n.receive when 'get_help' then n.get_help
                        else n.come_back end as stage_called, t.channel, t.answers_id, m.name as answers,
                        t.contacts,
                    t.counted_on, t.known_by, t.about, t.taken_at, t.retired_at, t.retired_because, t.version
                 from touchpoints t left join people m on m.id = t.answers_id
                 left join stage_names n on n.workspace_id = t.workspace_id
                 where t.workspace_id = $1 order by t.name_key, t.number limit 1000"
            ),
            Vec::new(),
        )
        .await?;
    all.sort_by_key(|touchpoint| touchpoint.stage);
    Ok(all)
}
