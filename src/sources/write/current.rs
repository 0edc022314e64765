//! A source as a transaction finds it.

use crate::{
    args,
    handshake::{Kind, write as handshake},
    identity::Transaction,
    platform::{
        audit::Event,
        error::Result,
        ids::{SourceId, TechnologyId},
        time::Timestamp,
    },
    sources::{PersonalForm, Sensitivity},
    sql,
};

/// What is said of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceInput {
    pub name: String,
    pub holds: String,
    pub technology: Option<TechnologyId>,
    pub sensitivity: Option<Sensitivity>,
    pub form: Option<PersonalForm>,
    pub people: String,
    pub kinds_of_data: String,
    pub is_special: bool,
    pub kept_in: String,
    pub refreshed: String,
    pub protection: String,
}

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
                    s.people, s.kinds_of_data, s.is_special, s.kept_in, s.refreshed, s.protection,
                    s.agreed_version,
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

    /// Whether the entry says this already.
    pub fn says(&self, input: &SourceInput, technology: Option<&str>) -> bool {
        self.name == input.name
            && self.holds == input.holds
            && self.technology.as_deref() == technology
            && self.sensitivity == input.sensitivity
            && self.form == input.form
            && self.people == input.people
            && self.kinds_of_data == input.kinds_of_data
            && self.is_special == input.is_special
            && self.kept_in == input.kept_in
            && self.refreshed == input.refreshed
            && self.protection == input.protection
    }

    /// Others sit on its chairs than were asked whether it is retired: they are not asked by themselves.
    pub async fn close_question_of_end(&self, tx: &mut Transaction) -> Result<()> {
        if handshake::close(tx, Kind::SourceEnd, self.id.uuid(), "edited").await? {
            let event = self.event("kept the source");
            tx.record(event.detail("Who sits on its chairs changed before both had signed."))
                .await?;
        }
        Ok(())
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
