//! Check-ins, and the retrospective at the end.

use crate::{
    args,
    handshake::Health,
    identity::{Side, Viewer},
    initiatives::Phase,
    platform::{
        error::Result,
        ids::{CheckInId, InitiativeId, MemberId, MilestoneId},
        time::{Day, Timestamp},
    },
    sql,
};

/// A check-in with all that belongs to it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct CheckIn {
    pub id: CheckInId,
    pub due_on: Day,
    pub side: Side,
    pub health: Health,
    pub confidence: i64,
    pub note: String,
    pub next_step: String,
    pub risks: String,
    pub action: Option<String>,
    pub action_owner: Option<MemberId>,
    pub action_owner_name: Option<String>,
    pub action_due_on: Option<Day>,
    /// Where the action is a checkpoint.
    pub action_milestone: Option<MilestoneId>,
    pub at: Timestamp,
    pub by_member: MemberId,
    pub who: String,
    pub acknowledged_at: Option<Timestamp>,
    pub acknowledged_by: Option<String>,
}

impl CheckIn {
    /// Whether its author may still correct it.
    pub fn is_correctable_by(&self, viewer: &Viewer) -> bool {
        self.by_member == viewer.member_id()
            && viewer.today()
                <= viewer
                    .day_of(self.at)
                    .plus(crate::initiatives::CORRECTED_WITHIN_DAYS)
    }
}

macro_rules! check_ins_where {
    ($rest:literal) => {
        concat!(
            "select r.id, r.due_on, r.side, r.status as health, r.confidence, r.note, r.next_step, r.risks,
             r.action, r.action_owner, om.name as action_owner_name, r.action_due_on, ac.milestone_id as
             action_milestone,
                    r.at, r.by_member, m.name as who,
                    k.at as acknowledged_at, km.name as acknowledged_by
             from check_ins r join initiatives i on i.id = r.initiative_id
             join people m on m.id = r.by_member
             left join people om on om.id = r.action_owner
             left join checkpoint_facts ac on ac.id = r.action_checkpoint
             left join acknowledgements k on k.check_in_id = r.id left join people km on km.id = k.member_id
             where r.workspace_id = $1 and i.number = $2 and ",
            $rest
        )
    };
}

/// How sure a lead was at a check-in.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub struct Confidence {
    pub at: Timestamp,
    /// In percent.
    pub confidence: i64,
    pub health: Health,
}

/// Check-ins whose confidence is drawn: a year of weeks.
const MOST_DRAWN: i64 = 52;

/// The last ones of an initiative, the oldest first.
pub async fn confidences(viewer: &Viewer, id: InitiativeId) -> Result<Vec<Confidence>> {
    let mut said: Vec<Confidence> = viewer
        .fetch_all(
            sql!(
                "select at, confidence, status as health from check_ins
                 where workspace_id = $1 and initiative_id = $2 and replaced_at is null order by at desc limit
                 $3"
            ),
            args![id, MOST_DRAWN],
        )
        .await?;
    said.reverse();
    Ok(said)
}

pub async fn check_in(viewer: &Viewer, number: i64, id: CheckInId) -> Result<CheckIn> {
    // One that was corrected is read as it says now.
    viewer
        .fetch_one(
            sql!(check_ins_where!(
                "r.replaced_at is null and exists (select 1 from check_ins x where x.id = $3
                 and x.initiative_id = r.initiative_id and x.at = r.at and x.by_member = r.by_member)"
            )),
            args![number, id],
        )
        .await
}

/// The newest check-in.
pub async fn latest(viewer: &Viewer, number: i64) -> Result<Option<CheckIn>> {
    viewer
        .fetch_optional(
            sql!(check_ins_where!(
                "r.replaced_at is null order by r.at desc, r.id desc limit 1"
            )),
            args![number],
        )
        .await
}

/// The days on which a check-in was due and none came, newest first.
pub async fn missed_days(viewer: &Viewer, id: InitiativeId) -> Result<Vec<Day>> {
    let days: Vec<(Day,)> = viewer
        .fetch_all(
            sql!(
                "select due_on from missed_check_ins where workspace_id = $1 and initiative_id = $2
             order by due_on desc limit 50"
            ),
            args![id],
        )
        .await?;
    Ok(days.into_iter().map(|(day,)| day).collect())
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Retrospective {
    pub outcome: Phase,
    pub worked: String,
    pub failed: String,
    pub lesson: String,
    pub at: Timestamp,
    pub who: String,
}

/// The newest retrospective.
pub async fn retrospective(viewer: &Viewer, id: InitiativeId) -> Result<Option<Retrospective>> {
    viewer
        .fetch_optional(
            sql!(
                "select r.outcome, r.worked, r.failed, r.lesson, r.at, m.name as who from retrospectives r
             join people m on m.id = r.by_member
             where r.workspace_id = $1 and r.initiative_id = $2 order by r.at desc, r.id desc limit 1"
            ),
            args![id],
        )
        .await
}
