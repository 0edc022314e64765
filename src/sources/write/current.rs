//! A source as a transaction finds it.

use crate::{
    args,
    handshake::{Kind, write as handshake},
    identity::Transaction,
    platform::{audit::Event, error::Result, ids::SourceId, time::Timestamp},
    sources::{PersonalForm, Sensitivity},
    sql,
};

#[derive(sqlx::FromRow)]
pub(super) struct Current {
    pub id: SourceId,
    pub number: i64,
    pub name: String,
    pub holds: String,
    pub technology: Option<String>,
    pub sensitivity: Option<Sensitivity>,
    pub form: Option<PersonalForm>,
    pub people: String,
    pub kinds_of_data: String,
    pub is_special: bool,
    pub kept_in: String,
    pub refreshed: String,
    pub protection: String,
    pub agreed_version: Option<i64>,
    pub retired_at: Option<Timestamp>,
    pub version: i64,
}

impl Current {
    pub async fn find(tx: &mut Transaction, number: i64) -> Result<Self> {
        tx.fetch_one(
            sql!(
                "select s.id, s.number, s.name, s.holds, g.name as technology, s.sensitivity, s.form,
                    s.people, s.kinds_of_data, s.is_special, s.kept_in, s.refreshed, s.protection, s.agreed_version,
                    s.retired_at, s.version
                 from sources s left join technology_facts g on g.id = s.technology_id
                 where s.workspace_id = $1 and s.number = $2"
            ),
            args![number],
        )
        .await
    }

    pub fn event(&self, verb: &'static str) -> Event {
        event(verb, self.id, self.number, &self.name)
    }

    /// What is written or given is a newer text than the one that lies there.
    pub async fn touch(&self, tx: &mut Transaction) -> Result<()> {
        handshake::close(tx, Kind::Source, self.id.uuid(), "edited").await?;
        tx.execute(
            sql!("update sources set version = version + 1 where workspace_id = $1 and id = $2"),
            args![self.id],
        )
        .await?;
        Ok(())
    }
}

pub(super) fn event(verb: &'static str, id: SourceId, number: i64, name: &str) -> Event {
    Event::new(verb, "source", id.uuid(), name).at(format!("sources/{number}"))
}
