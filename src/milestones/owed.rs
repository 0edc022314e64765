//! What is owed of milestones: a checkpoint by its owner, and the other side's word on a passed one.

use crate::{
    args,
    identity::{Reader, Role, Side},
    platform::{
        error::Result,
        ids::{CheckpointId, MemberId},
        time::{Day, Timestamp},
    },
    reminders::{Ladder, Obligation, People, ReminderKind},
    sql,
};

/// A checkpoint that is not passed.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct OwedCheckpoint {
    pub id: CheckpointId,
    pub version: i64,
    pub title: String,
    pub criteria: String,
    pub due_on: Day,
    pub milestone: String,
    pub milestone_number: i64,
    /// Whether its initiative is under way, and not paused.
    pub is_active: bool,
    owner_id: MemberId,
    driver_id: MemberId,
    marketing_owner: MemberId,
    technology_owner: MemberId,
}

impl OwedCheckpoint {
    pub fn obligation(self) -> Obligation {
        Obligation {
            kind: ReminderKind::Checkpoint,
            subject: self.id.uuid(),
            due_on: self.due_on,
            path: format!("milestones/{}", self.milestone_number),
            label: self.title,
            ladder: Ladder {
                owes: vec![self.owner_id],
                other_seat: vec![self.driver_id],
                leads: vec![self.marketing_owner, self.technology_owner],
                arbiter: None,
                arbiter_on: None,
            },
        }
    }
}

/// Open checkpoints of initiatives that run; `$rest` narrows them.
macro_rules! owed_checkpoints {
    ($rest:literal) => {
        concat!(
            "select c.id, c.version, c.title, c.criteria, c.due_on, m.title as milestone, m.number as
             milestone_number, i.phase = 'active' as is_active, c.owner_id, m.driver_id, m.marketing_owner,
             m.technology_owner
             from checkpoints c join milestones m on m.id = c.milestone_id join initiative_facts i on i.id =
             m.initiative_id
             where c.workspace_id = $1 and c.passed_at is null and c.archived_at is null
             and m.archived_at is null and m.accepted_at is null and i.is_running ",
            $rest
        )
    };
}

/// Those that are due by a day.
pub async fn owed(reader: &impl Reader, by: Day) -> Result<Vec<OwedCheckpoint>> {
    reader
        .fetch_all(
            sql!(owed_checkpoints!(
                "and c.due_on <= $2 order by c.due_on, c.id limit 20000"
            )),
            args![by],
        )
        .await
}

/// Those of one owner, earliest first.
pub async fn owed_by(reader: &impl Reader, owner: MemberId, most: i64) -> Result<Vec<OwedCheckpoint>> {
    reader
        .fetch_all(
            sql!(owed_checkpoints!(
                "and c.owner_id = $2 order by c.due_on, c.id limit $3"
            )),
            args![owner, most],
        )
        .await
}

/// A passed checkpoint that waits for the other side's word.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct OwedAcceptance {
    pub id: CheckpointId,
    pub title: String,
    pub milestone: String,
    pub milestone_number: i64,
    pub version: i64,
    pub passed_at: Timestamp,
    passed_by: MemberId,
    pub passed_by_name: String,
    accepting_side: Side,
    /// The milestone's owner on that side.
    pub accepting_owner: MemberId,
    pub is_active: bool,
}

impl OwedAcceptance {
    pub fn due_on(&self, reader: &impl Reader) -> Day {
        reader.day_of(self.passed_at).plus(reader.signature_days())
    }

    pub fn is_owed_by(&self, member: MemberId) -> bool {
        self.accepting_owner == member && self.passed_by != member
    }

    pub fn obligation(self, people: &People, reader: &impl Reader) -> Obligation {
        Obligation {
            kind: ReminderKind::Acceptance,
            subject: self.id.uuid(),
            due_on: self.due_on(reader),
            path: format!("milestones/{}", self.milestone_number),
            label: self.title,
            ladder: Ladder {
                owes: vec![self.accepting_owner],
                other_seat: vec![self.passed_by],
                leads: people.of(self.accepting_side, &[Role::Lead]),
                arbiter: None,
                arbiter_on: None,
            },
        }
    }
}

/// Passed checkpoints without the other side's word, the first passed first.
pub async fn owed_acceptances(reader: &impl Reader) -> Result<Vec<OwedAcceptance>> {
    reader
        .fetch_all(
            sql!(
                "select c.id, c.title, m.title as milestone, m.number as milestone_number, c.version,
                 c.passed_at, c.passed_by, p.name as passed_by_name, c.accepting_side,
                 case when c.accepting_side = 'marketing' then m.marketing_owner else m.technology_owner end as
                 accepting_owner, i.phase = 'active' as is_active
             from checkpoints c join milestones m on m.id = c.milestone_id join initiative_facts i on i.id =
             m.initiative_id
             join people p on p.id = c.passed_by
             where c.workspace_id = $1 and c.accepting_side is not null and c.accepted_at is null and
             c.archived_at is null
               and m.asks_other_side and m.archived_at is null and m.accepted_at is null and i.is_running
             order by c.passed_at, c.id limit 5000"
            ),
            Vec::new(),
        )
        .await
}
