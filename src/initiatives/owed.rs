//! What is owed of initiatives: the check-in by its driver, and the other lead's acknowledgement of one.

use crate::{
    args,
    identity::{Reader, Side, Viewer},
    platform::{
        error::Result,
        ids::{CheckInId, InitiativeId, MemberId},
        time::{Day, Timestamp},
    },
    reminders::{Ladder, Obligation, People, ReminderKind},
    sql,
};

/// The next check-in of an active initiative.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct OwedCheckIn {
    pub id: InitiativeId,
    pub number: i64,
    pub title: String,
    #[sqlx(rename = "next_check_in_on")]
    pub due_on: Day,
    driver_side: Side,
    marketing_lead: MemberId,
    technology_lead: MemberId,
}

impl OwedCheckIn {
    const fn lead(&self, side: Side) -> MemberId {
        match side {
            Side::Marketing => self.marketing_lead,
            Side::Technology => self.technology_lead,
        }
    }

    const fn driver(&self) -> MemberId {
        self.lead(self.driver_side)
    }

    pub fn obligation(self, people: &People) -> Obligation {
        Obligation {
            kind: ReminderKind::CheckIn,
            subject: self.id.uuid(),
            due_on: self.due_on,
            path: format!("initiatives/{}", self.number),
            ladder: Ladder {
                owes: vec![self.driver()],
                other_seat: vec![self.lead(self.driver_side.other())],
                leads: people.leads(),
                arbiter: people.arbiter(),
                arbiter_on: None,
            },
            label: self.title,
        }
    }
}

/// The next check-ins that are due by a day, earliest first; `$rest` narrows them.
macro_rules! owed_check_ins {
    ($rest:literal) => {
        concat!(
            "select id, number, title, next_check_in_on, driver_side, marketing_lead, technology_lead from
             initiatives
             where workspace_id = $1 and phase = 'active' and next_check_in_on <= $2 ",
            $rest,
            " order by next_check_in_on, number limit 5000"
        )
    };
}

pub async fn owed(reader: &impl Reader, by: Day) -> Result<Vec<OwedCheckIn>> {
    reader.fetch_all(sql!(owed_check_ins!("")), args![by]).await
}

/// Those that one driver owes.
pub async fn owed_by(reader: &impl Reader, driver: MemberId, by: Day) -> Result<Vec<OwedCheckIn>> {
    reader
        .fetch_all(
            sql!(owed_check_ins!(
                "and case when driver_side = 'marketing' then marketing_lead else technology_lead end in
                 (select stands_for from standing_in where workspace_id = $1 and member_id = $3)"
            )),
            args![by, driver],
        )
        .await
}

/// The newest check-in of an initiative, which the other side's lead has not acknowledged.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct OwedAcknowledgement {
    pub number: i64,
    pub title: String,
    pub check_in: CheckInId,
    pub who: String,
    pub at: Timestamp,
}

/// What the viewer has to acknowledge, oldest first.
pub async fn owed_acknowledgements(viewer: &Viewer) -> Result<Vec<OwedAcknowledgement>> {
    viewer
        .fetch_all(
            sql!(
                "select i.number, i.title, r.id as check_in, m.name as who, r.at from initiatives i
             join check_ins r on r.id = (select x.id from check_ins x where x.initiative_id = i.id and
             x.replaced_at is null order by x.at desc, x.id desc limit 1)
             join people m on m.id = r.by_member
             where i.workspace_id = $1 and i.phase = 'active' and r.by_member <> $2 and r.side <> $3
               and case when r.side = 'marketing' then i.technology_lead else i.marketing_lead end in
               (select stands_for from standing_in where workspace_id = $1 and member_id = $2)
               and not exists (select 1 from acknowledgements k where k.check_in_id = r.id) order by r.at
               limit 50"
            ),
            args![viewer.member_id(), viewer.side()],
        )
        .await
}

/// The newest check-in of an active initiative, which the other side's lead has not read.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct UnreadCheckIn {
    id: CheckInId,
    number: i64,
    title: String,
    at: Timestamp,
    by_member: MemberId,
    reader_id: MemberId,
}

impl UnreadCheckIn {
    pub fn obligation(self, reader: &impl Reader) -> Obligation {
        Obligation {
            kind: ReminderKind::Acknowledgement,
            subject: self.id.uuid(),
            due_on: reader.day_of(self.at).plus(reader.grace_days()),
            path: format!("initiatives/{}/check-ins/{}", self.number, self.id),
            label: self.title,
            ladder: Ladder {
                owes: vec![self.reader_id],
                other_seat: vec![self.by_member],
                leads: Vec::new(),
                arbiter: None,
                arbiter_on: None,
            },
        }
    }
}

/// Every unread check-in, the oldest first.
pub async fn unread_check_ins(reader: &impl Reader) -> Result<Vec<UnreadCheckIn>> {
    reader
        .fetch_all(
            sql!(
                "select r.id, i.number, i.title, r.at, r.by_member,
                 case when r.side = 'marketing' then i.technology_lead else i.marketing_lead end as reader_id
                 from initiatives i join check_ins r on r.id = (select x.id from check_ins x where
                 x.initiative_id = i.id and x.replaced_at is null order by x.at desc, x.id desc limit 1)
                 where i.workspace_id = $1 and i.phase = 'active'
                   and not exists (select 1 from acknowledgements k where k.check_in_id = r.id)
                 order by r.at, r.id limit 5000"
            ),
            Vec::new(),
        )
        .await
}

/// A corrective action of the newest check-in that has become no checkpoint.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct OwedAction {
    pub number: i64,
    pub title: String,
    pub action: String,
    pub due_on: Day,
}

/// Those of the viewer, until the next check-in.
pub async fn owed_actions(viewer: &Viewer) -> Result<Vec<OwedAction>> {
    viewer
        .fetch_all(
            sql!(
                "select i.number, i.title, r.action, r.action_due_on as due_on from initiatives i
                 join check_ins r on r.id = (select x.id from check_ins x where x.initiative_id = i.id and
                 x.replaced_at is null order by x.at desc, x.id desc limit 1)
                 where i.workspace_id = $1 and i.phase = 'active' and r.action is not null
                   and not exists (select 1 from checkpoint_facts c where c.id = r.action_checkpoint and
                   c.archived_at is null) and r.action_owner in (select stands_for from standing_in
                   where workspace_id = $1 and member_id = $2) order by r.action_due_on, i.number limit 50"
            ),
            args![viewer.member_id()],
        )
        .await
}
