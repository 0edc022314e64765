//! What is owed of milestones: a checkpoint by its owner, the other side's word on a passed one, and the
//! milestone itself by its driver.

use std::collections::HashMap;

use crate::{
    args,
    identity::{Reader, Role, Side, Viewer},
    platform::{
        error::Result,
        ids::{CheckpointId, MemberId, MilestoneId},
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
    /// What the other side missed when it returned it, and who said so.
    pub missing: Option<String>,
    pub returned_by: Option<String>,
    /// The decision whose condition it is.
    pub condition_of: Option<i64>,
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
             m.technology_owner, r.missing, rm.name as returned_by,
             (select max(k.decision_number) from condition_checkpoints k where k.checkpoint_id = c.id) as
             condition_of
             from checkpoints c join milestones m on m.id = c.milestone_id join initiative_facts i on i.id =
             m.initiative_id
             left join returned_checkpoints r on r.id = (select x.id from returned_checkpoints x where
             x.checkpoint_id = c.id order by x.at desc, x.id desc limit 1)
             left join people rm on rm.id = r.by_member
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
                "and c.owner_id in (select stands_for from standing_in where workspace_id = $1 and member_id =
                 $2) order by c.due_on, c.id limit $3"
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
    pub evidence: Option<String>,
    /// The name of the file that stands as evidence.
    pub file: Option<String>,
    accepting_side: Side,
    /// The milestone's owner on that side.
    pub accepting_owner: MemberId,
    pub is_active: bool,
}

impl OwedAcceptance {
    pub fn due_on(&self, reader: &impl Reader) -> Day {
        reader.day_of(self.passed_at).plus(reader.signature_days())
    }

    /// Whether one of these members, who are the viewer or for whom the viewer stands in, owes it.
    pub fn is_owed_by(&self, viewer: &Viewer, stands_for: &[MemberId]) -> bool {
        stands_for.contains(&self.accepting_owner) && self.passed_by != viewer.member_id()
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
                 c.passed_at, c.passed_by, p.name as passed_by_name, c.evidence, f.name as file,
                 c.accepting_side,
                 case when c.accepting_side = 'marketing' then m.marketing_owner else m.technology_owner end
                 as
                 accepting_owner, i.phase = 'active' as is_active
             from checkpoints c join milestones m on m.id = c.milestone_id join initiative_facts i on i.id =
             m.initiative_id
             join people p on p.id = c.passed_by
             left join evidence_files f on f.checkpoint_id = c.id and f.replaced_at is null
             where c.workspace_id = $1 and c.accepting_side is not null and c.accepted_at is null and
             c.archived_at is null
               and m.asks_other_side and m.archived_at is null and m.accepted_at is null and i.is_running
             order by c.passed_at, c.id limit 5000"
            ),
            Vec::new(),
        )
        .await
}

/// The days of the open milestones that are past them, by path. Such a milestone is late by its own day
/// wherever it is named, whatever of it is asked for.
pub async fn days_passed(reader: &impl Reader) -> Result<HashMap<String, Day>> {
    let late: Vec<(i64, Day)> = reader
        .fetch_all(
            sql!(
                "select number, due_on from milestones where workspace_id = $1 and due_on < $2 and accepted_at
                 is null and archived_at is null order by number limit 20000"
            ),
            args![reader.today()],
        )
        .await?;
    Ok(late
        .into_iter()
        .map(|(number, due_on)| (format!("milestones/{number}"), due_on))
        .collect())
}

/// A milestone whose checkpoints are not all passed.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct OwedMilestone {
    id: MilestoneId,
    pub number: i64,
    pub title: String,
    pub due_on: Day,
    pub checkpoints: i64,
    pub open: i64,
    driver_id: MemberId,
    marketing_owner: MemberId,
    technology_owner: MemberId,
    marketing_lead: MemberId,
    technology_lead: MemberId,
}

impl OwedMilestone {
    pub fn path(&self) -> String {
        format!("milestones/{}", self.number)
    }

    pub fn obligation(self) -> Obligation {
        Obligation {
            kind: ReminderKind::Milestone,
            subject: self.id.uuid(),
            due_on: self.due_on,
            path: self.path(),
            label: self.title,
            ladder: Ladder {
                owes: vec![self.driver_id],
                other_seat: vec![self.marketing_owner, self.technology_owner],
                leads: vec![self.marketing_lead, self.technology_lead],
                arbiter: None,
                arbiter_on: None,
            },
        }
    }
}

/// Milestones of active initiatives that are due by a day while checkpoints are open, or while there is none;
/// `$rest` narrows them.
macro_rules! owed_milestones {
    ($rest:literal) => {
        concat!(
            "select m.id, m.number, m.title, m.due_on, m.driver_id, m.marketing_owner, m.technology_owner,
                 i.marketing_lead, i.technology_lead, count(c.id) as checkpoints,
                 count(case when c.passed_at is null then c.id end) as open
             from milestones m join initiative_facts i on i.id = m.initiative_id
             left join checkpoints c on c.milestone_id = m.id and c.archived_at is null
             where m.workspace_id = $1 and m.archived_at is null and m.accepted_at is null
               and i.phase = 'active' and m.due_on <= $2 ",
            $rest,
            " group by m.id, m.number, m.title, m.due_on, m.driver_id, m.marketing_owner, m.technology_owner,
                 i.marketing_lead, i.technology_lead
             having count(c.id) = 0 or count(case when c.passed_at is null then c.id end) > 0
             order by m.due_on, m.number limit 5000"
        )
    };
}

pub async fn owed_milestones(reader: &impl Reader, by: Day) -> Result<Vec<OwedMilestone>> {
    reader.fetch_all(sql!(owed_milestones!("")), args![by]).await
}

/// Those that somebody drives, or stands in for whoever drives them.
pub async fn owed_milestones_by(
    reader: &impl Reader,
    driver: MemberId,
    by: Day,
) -> Result<Vec<OwedMilestone>> {
    reader
        .fetch_all(
            sql!(owed_milestones!(
                "and m.driver_id in (select stands_for from standing_in where workspace_id = $1 and member_id
                 = $3)"
            )),
            args![by, driver],
        )
        .await
}
