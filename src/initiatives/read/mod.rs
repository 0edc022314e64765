//! What the initiatives' pages ask.

mod check_ins;

pub use self::check_ins::{
    CheckIn, Confidence, Retrospective, check_in, confidences, latest, missed_days, retrospective,
};

use super::{CheckInCadence, InitiativeStatus, Phase, status};

use crate::{
    args,
    handshake::Health,
    identity::{Side, Viewer},
    platform::{
        error::Result,
        ids::{CheckInId, ClauseId, GoalId, InitiativeId, KpiId, MemberId, MilestoneId},
        time::{Day, Timestamp},
    },
    sql,
};

/// An initiative as lists show it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct InitiativeRow {
    pub id: InitiativeId,
    pub number: i64,
    pub title: String,
    pub phase: Phase,
    pub due_on: Day,
    pub next_check_in_on: Option<Day>,
    pub marketing_lead: String,
    pub technology_lead: String,
    pub reported: Option<Health>,
    pub confidence: Option<i64>,
    pub reported_at: Option<Timestamp>,
    pub next_step: Option<String>,
    pub passed: i64,
    /// Passed, while the other side has still to accept them.
    pub unaccepted: i64,
    pub checkpoints: i64,
    pub slips: i64,
}

impl InitiativeRow {
    pub fn status(&self, viewer: &Viewer) -> InitiativeStatus {
        status(
            self.phase,
            self.due_on,
            self.next_check_in_on,
            self.reported,
            viewer.today(),
            viewer.grace_days(),
        )
    }
}

/// The rows of some initiatives, given as `select …`; not ended first, by date.
macro_rules! rows_of {
    ($page:literal) => {
        concat!(
            "with page as (", $page, ")
             select i.id, i.number, i.title, i.phase, i.due_on, i.next_check_in_on, mm.holder as marketing_lead,
             tm.holder as technology_lead,
                    r.status as reported, r.confidence, r.at as reported_at, r.next_step,
                    coalesce(w.passed, 0) as passed, coalesce(w.checkpoints, 0) as checkpoints,
                    coalesce(w.unaccepted, 0) as unaccepted,
                    (select count(*) from milestone_facts m join milestone_slips s on s.milestone_id = m.id
                    where m.initiative_id = i.id and s.to_on > s.from_on) as slips
             from page i
             left join (select m.initiative_id, count(*) as checkpoints, count(c.passed_at) as passed,
                               count(case when m.asks_other_side and c.accepting_side is not null and
                               c.accepted_at is null then 1 end) as unaccepted
                        from milestone_facts m join checkpoint_facts c on c.milestone_id = m.id and
                        c.archived_at is null
                        where m.initiative_id in (select id from page) and m.archived_at is null group by
                        m.initiative_id) w on w.initiative_id = i.id
             join people mm on mm.id = i.marketing_lead
             join people tm on tm.id = i.technology_lead
             left join check_ins r on r.id = (select x.id from check_ins x where x.initiative_id = i.id and
             x.replaced_at is null order by x.at desc, x.id desc limit 1)
             order by case i.phase when 'active' then 0 when 'paused' then 1 when 'proposed' then 2 else 3
             end, i.due_on, i.number"
        )
    };
}

/// At most `most` after the first `skip`.
pub async fn list(viewer: &Viewer, most: i64, skip: i64) -> Result<Vec<InitiativeRow>> {
    viewer
        .fetch_all(
            sql!(rows_of!(
                "select * from initiatives where workspace_id = $1
                 order by case phase when 'active' then 0 when 'paused' then 1 when 'proposed' then 2 else 3
                 end, due_on, number limit $2 offset $3"
            )),
            args![most, skip],
        )
        .await
}

/// The initiatives that serve a goal.
pub async fn serving(viewer: &Viewer, goal: GoalId) -> Result<Vec<InitiativeRow>> {
    viewer
        .fetch_all(
            sql!(rows_of!(
                "select i.* from initiatives i join goal_initiative_links g on g.initiative_id =
                 i.id where i.workspace_id = $1 and g.goal_id = $2 order by i.number limit 100"
            )),
            args![goal],
        )
        .await
}

/// How many initiatives there are in all, and how many of them are active or paused.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct InitiativeCounts {
    pub total: i64,
    pub active: i64,
    pub paused: i64,
}

pub async fn counts(viewer: &Viewer) -> Result<InitiativeCounts> {
    viewer
        .fetch_one(
            sql!(
                "select count(*) as total, count(case when phase = 'active' then 1 end) as active, count(case
                 when phase = 'paused' then 1 end) as paused
             from initiatives where workspace_id = $1"
            ),
            Vec::new(),
        )
        .await
}

/// Where an initiative stands, without its work.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct InitiativeSummary {
    pub number: i64,
    pub title: String,
    pub phase: Phase,
    pub due_on: Day,
    pub next_check_in_on: Option<Day>,
    pub marketing_lead: String,
    pub technology_lead: String,
    pub reported: Option<Health>,
    pub reported_at: Option<Timestamp>,
    pub next_step: Option<String>,
}

impl InitiativeSummary {
    pub fn status(&self, viewer: &Viewer) -> InitiativeStatus {
        status(
            self.phase,
            self.due_on,
            self.next_check_in_on,
            self.reported,
            viewer.today(),
            viewer.grace_days(),
        )
    }
}

/// Every initiative; what was said last of those under way only.
pub async fn summaries(viewer: &Viewer) -> Result<Vec<InitiativeSummary>> {
    viewer
        .fetch_all(
            sql!(
                "select i.number, i.title, i.phase, i.due_on, i.next_check_in_on, mm.holder as marketing_lead,
                 tm.holder as technology_lead,
                    r.status as reported, r.at as reported_at, r.next_step
             from initiatives i
             join people mm on mm.id = i.marketing_lead
             join people tm on tm.id = i.technology_lead
             left join check_ins r on i.phase = 'active' and r.id = (select x.id from check_ins x where
             x.initiative_id = i.id and x.replaced_at is null order by x.at desc, x.id desc limit 1)
             where i.workspace_id = $1 order by i.due_on, i.number"
            ),
            Vec::new(),
        )
        .await
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Initiative {
    pub id: InitiativeId,
    pub number: i64,
    pub title: String,
    pub purpose: String,
    pub phase: Phase,
    pub starts_on: Day,
    pub due_on: Day,
    pub marketing_lead: MemberId,
    pub technology_lead: MemberId,
    pub marketing_name: String,
    pub technology_name: String,
    pub driver_side: Side,
    pub cadence: CheckInCadence,
    pub next_check_in_on: Option<Day>,
    pub version: i64,
    pub reported: Option<Health>,
    pub last_due_on: Option<Day>,
}

impl Initiative {
    pub const fn leads(&self) -> [MemberId; 2] {
        [self.marketing_lead, self.technology_lead]
    }

    /// The co-lead of a side.
    pub const fn lead(&self, side: Side) -> MemberId {
        match side {
            Side::Marketing => self.marketing_lead,
            Side::Technology => self.technology_lead,
        }
    }

    pub fn status(&self, viewer: &Viewer) -> InitiativeStatus {
        status(
            self.phase,
            self.due_on,
            self.next_check_in_on,
            self.reported,
            viewer.today(),
            viewer.grace_days(),
        )
    }

    pub fn path(&self) -> String {
        format!("initiatives/{}", self.number)
    }
}

/// An initiative whose newest check-in came since a time, and how it stood before.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct StatusChange {
    pub number: i64,
    pub title: String,
    pub before: Option<Health>,
    pub now: Health,
    pub who: String,
    pub at: Timestamp,
}

/// The newest first.
pub async fn status_changes(viewer: &Viewer, since: Timestamp) -> Result<Vec<StatusChange>> {
    viewer
        .fetch_all(
            sql!(
                "select i.number, i.title, (select b.status from check_ins b where b.initiative_id = i.id and
                 b.replaced_at is null and b.at < $2 order by b.at desc, b.id desc limit 1) as before,
                 r.status as now, m.name as who, r.at
                 from initiatives i join check_ins r on r.id = (select x.id from check_ins x where
                 x.initiative_id = i.id and x.replaced_at is null order by x.at desc, x.id desc limit 1)
                 join people m on m.id = r.by_member
                 where i.workspace_id = $1 and r.at >= $2 order by r.at desc, r.id limit 200"
            ),
            args![since],
        )
        .await
}

/// A condition of a decision that is a checkpoint here and is not met.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct OpenCondition {
    pub decision_number: i64,
    pub body: String,
}

/// What closing would waive.
pub async fn open_conditions(viewer: &Viewer, id: InitiativeId) -> Result<Vec<OpenCondition>> {
    viewer
        .fetch_all(
            sql!(
                "select k.decision_number, k.body from condition_checkpoints k
                 join checkpoint_facts c on c.id = k.checkpoint_id join milestone_facts m on m.id =
                 c.milestone_id
                 where k.workspace_id = $1 and m.initiative_id = $2 and m.archived_at is null
                   and c.archived_at is null and m.accepted_at is null
                   and (c.passed_at is null or (m.asks_other_side and c.accepted_at is null))
                 order by k.decision_number, c.id limit 100"
            ),
            args![id],
        )
        .await
}

/// The earliest milestone in which a corrective action can become a checkpoint.
pub async fn first_open_milestone(viewer: &Viewer, number: i64) -> Result<Option<MilestoneId>> {
    let found: Option<(MilestoneId,)> = viewer
        .fetch_optional(
            sql!(
                "select m.id from milestone_facts m join initiatives i on i.id = m.initiative_id
                 where m.workspace_id = $1 and i.number = $2 and m.archived_at is null and m.accepted_at is
                 null
                 order by m.due_on, m.number limit 1"
            ),
            args![number],
        )
        .await?;
    Ok(found.map(|(id,)| id))
}

/// `(id, title)` of the milestones in which a corrective action can become a checkpoint.
pub async fn open_milestones(viewer: &Viewer, id: InitiativeId) -> Result<Vec<(String, String)>> {
    let rows: Vec<(MilestoneId, String)> = viewer
        .fetch_all(
            sql!(
                "select id, title from milestone_facts where workspace_id = $1 and initiative_id = $2
                 and archived_at is null and accepted_at is null order by due_on, number limit 200"
            ),
            args![id],
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|(id, title)| (id.to_string(), title))
        .collect())
}

/// A quarter in which an initiative takes days that a side does not have.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct OverCap {
    pub quarter_on: Day,
    pub side: Side,
    pub over_days: i64,
}

/// Of this quarter and later ones.
pub async fn over_caps(viewer: &Viewer, id: InitiativeId) -> Result<Vec<OverCap>> {
    viewer
        .fetch_all(
            sql!(
                "select quarter_on, side, over_days from initiatives_over_cap
                 where workspace_id = $1 and initiative_id = $2 and quarter_on >= $3
                 order by quarter_on, side limit 20"
            ),
            args![id, viewer.today().quarter()],
        )
        .await
}

pub async fn one(viewer: &Viewer, number: i64) -> Result<Initiative> {
    viewer
        .fetch_one(
            sql!(
                "select i.id, i.number, i.title, i.purpose, i.phase, i.starts_on, i.due_on, i.marketing_lead,
                 i.technology_lead,
                    mm.holder as marketing_name, tm.holder as technology_name, i.driver_side, i.cadence,
                    i.next_check_in_on, i.version,
                    r.status as reported, r.due_on as last_due_on
             from initiatives i
             join people mm on mm.id = i.marketing_lead
             join people tm on tm.id = i.technology_lead
             left join check_ins r on r.id = (select x.id from check_ins x where x.initiative_id = i.id and
             x.replaced_at is null order by x.at desc, x.id desc limit 1)
             where i.workspace_id = $1 and i.number = $2"
            ),
            args![number],
        )
        .await
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct TeamMember {
    pub id: MemberId,
    pub name: String,
    pub side: Side,
    pub responsibility: String,
}

/// The members besides the co-leads.
pub async fn team(viewer: &Viewer, id: InitiativeId) -> Result<Vec<TeamMember>> {
    viewer
        .fetch_all(
            sql!(
                "select m.id, m.name, m.side, im.responsibility from initiative_members im join people m on
                 m.id = im.member_id
             where im.workspace_id = $1 and im.initiative_id = $2 and m.side is not null order by m.name, m.id
             limit 200"
            ),
            args![id],
        )
        .await
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ClauseLink {
    pub id: ClauseId,
    pub title: String,
}

pub async fn clauses(viewer: &Viewer, id: InitiativeId) -> Result<Vec<ClauseLink>> {
    viewer
        .fetch_all(
            sql!(
                "select c.id, c.title from initiative_clauses ic join clause_facts c on c.id = ic.clause_id
             where ic.workspace_id = $1 and ic.initiative_id = $2 order by c.position, c.id limit 100"
            ),
            args![id],
        )
        .await
}

pub async fn kpi_ids(viewer: &Viewer, id: InitiativeId) -> Result<Vec<KpiId>> {
    let rows: Vec<(KpiId,)> = viewer
        .fetch_all(
            sql!(
                "select kpi_id from initiative_kpis where workspace_id = $1 and initiative_id = $2 limit 200"
            ),
            args![id],
        )
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// A check-in, a missed one or a change of phase, newest first.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ActivityEntry {
    pub at: Option<Timestamp>,
    pub who: String,
    pub phase: Option<Phase>,
    pub check_in: Option<CheckInId>,
    pub health: Option<Health>,
    pub confidence: Option<i64>,
    pub due_on: Option<Day>,
    pub note: String,
    pub next_step: Option<String>,
    pub acknowledged_by: Option<String>,
}

pub async fn turns(viewer: &Viewer, id: InitiativeId, most: i64) -> Result<Vec<ActivityEntry>> {
    viewer
        .fetch_all(
            sql!(
                "select * from (
                 select p.at, coalesce(m.name, 'Handshake') as who, p.phase, null as check_in, null as health,
                 null as confidence, null as due_on,
                        p.because as note, null as next_step, null as acknowledged_by, '' as day
                 from initiative_phases p left join people m on m.id = p.by_member
                 where p.workspace_id = $1 and p.initiative_id = $2
                 union all
                 select r.at, m.name as who, null as phase, r.id, r.status, r.confidence, r.due_on, r.note,
                 r.next_step, km.name, r.due_on
                 from check_ins r join people m on m.id = r.by_member
                 left join acknowledgements k on k.check_in_id = r.id left join people km on km.id =
                 k.member_id
                 where r.workspace_id = $1 and r.initiative_id = $2 and r.replaced_at is null
                 union all
                 select (select min(n.at) from check_ins n where n.initiative_id = x.initiative_id and
                 n.due_on > x.due_on) - 1, '', null, null, null, null, x.due_on, '', null, null, x.due_on
                 from missed_check_ins x where x.workspace_id = $1 and x.initiative_id = $2) t
             order by at desc, day desc limit $3"
            ),
            args![id, most],
        )
        .await
}

/// `(number, title)` of the initiatives that are not over, for choosing one in another room.
pub async fn options(viewer: &Viewer) -> Result<Vec<(String, String)>> {
    let rows: Vec<(InitiativeId, String)> = viewer
        .fetch_all(
            sql!(
                "select id, title from initiatives where workspace_id = $1 and phase in ('proposed',
                 'active', 'paused') order by title, id limit 500"
            ),
            Vec::new(),
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|(id, title)| (id.to_string(), title))
        .collect())
}

/// A goal that an initiative serves.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ServedGoal {
    pub number: i64,
    pub title: String,
}

/// The goals that an initiative serves.
pub async fn goals(viewer: &Viewer, id: InitiativeId) -> Result<Vec<ServedGoal>> {
    viewer
        .fetch_all(
            sql!(
                "select g.number, g.title from goal_initiative_links x join goal_facts g on g.id = x.goal_id
             where x.workspace_id = $1 and x.initiative_id = $2 and g.archived_at is null order by g.due_on,
             g.number limit 50"
            ),
            args![id],
        )
        .await
}
