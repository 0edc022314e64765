//! What the milestones' pages ask.

mod checkpoints;
mod timeline;
mod waits;

pub use self::{
    checkpoints::{
        Checkpoint, PlannedCheckpoint, accepting, checkpoint, checkpoints, file, planned_of_initiative,
    },
    timeline::{
        Baseline, Mark, Tick, agreed_baseline, baseline, baselines, initiatives_with_marks, marks, open_span,
        plan, ticks,
    },
    waits::{AwaitedDecision, MilestoneLink, awaited_decisions, links, options, waits},
};

use super::{MilestoneFacts, MilestoneStatus, SOON_DAYS, status};

use crate::{
    args,
    handshake::read::{Standing, StandingRow},
    identity::Viewer,
    platform::{
        error::{Error, Result},
        ids::{InitiativeId, MemberId, MilestoneId},
        time::{Day, Timestamp},
    },
    sql,
    waits::WaitOutcome,
};

#[derive(Clone, Debug, sqlx::FromRow)]
#[expect(clippy::struct_excessive_bools, reason = "facts, each on its own")]
struct RowColumns {
    id: MilestoneId,
    number: i64,
    title: String,
    initiative_number: i64,
    initiative: String,
    promised_on: Day,
    due_on: Day,
    accepted_at: Option<Timestamp>,
    marketing_name: String,
    technology_name: String,
    checkpoints: i64,
    passed: i64,
    overdue: i64,
    unaccepted: i64,
    too_late: i64,
    held_up: i64,
    is_planned: bool,
    is_active: bool,
    is_over: bool,
    is_beyond: bool,
    moves: i64,
    #[sqlx(flatten)]
    standing: StandingRow,
}

/// A milestone as lists show it.
#[derive(Clone, Debug)]
pub struct MilestoneRow {
    pub id: MilestoneId,
    pub number: i64,
    pub title: String,
    pub initiative_number: i64,
    pub initiative: String,
    pub promised_on: Day,
    pub due_on: Day,
    pub marketing_name: String,
    pub technology_name: String,
    pub facts: MilestoneFacts,
    /// Whether its initiative is under way.
    is_active: bool,
    pub moves: i64,
    pub standing: Option<Standing>,
}

impl MilestoneRow {
    pub fn status(&self, today: Day) -> MilestoneStatus {
        status(self.facts, today)
    }

    /// Past its date, or at risk in an initiative under way.
    pub fn needs_attention(&self, today: Day) -> bool {
        let status = self.status(today);
        status.needs_attention() && (self.is_active || matches!(status, MilestoneStatus::Overdue(_)))
    }
}

impl From<RowColumns> for MilestoneRow {
    fn from(row: RowColumns) -> Self {
        Self {
            id: row.id,
            number: row.number,
            title: row.title,
            initiative_number: row.initiative_number,
            initiative: row.initiative,
            promised_on: row.promised_on,
            due_on: row.due_on,
            marketing_name: row.marketing_name,
            technology_name: row.technology_name,
            facts: MilestoneFacts {
                is_accepted: row.accepted_at.is_some(),
                due_on: row.due_on,
                checkpoints: row.checkpoints,
                passed: row.passed,
                overdue: row.overdue,
                unaccepted: row.unaccepted,
                too_late: row.too_late,
                held_up: row.held_up,
                is_planned: row.is_planned,
                is_over: row.is_over,
                is_beyond: row.is_beyond,
            },
            is_active: row.is_active,
            moves: row.moves,
            standing: row.standing.standing(),
        }
    }
}

/// How many things a milestone waits for that are late today, or come too late for it.
macro_rules! held_up {
    ($milestone:literal, $today:literal) => {
        concat!(
            "(select count(*) from milestone_waits w join milestones o on o.id = w.on_milestone_id join
             initiative_facts oi on oi.id = o.initiative_id where w.milestone_id = ",
            $milestone,
            ".id and (o.archived_at is not null or (o.accepted_at is null and (oi.is_over or o.due_on > ",
            $milestone,
            ".due_on or o.due_on < ",
            $today,
            "))))
             + (select count(*) from decision_waits w join decision_facts d on d.id = w.decision_id where
             w.milestone_id = ",
            $milestone,
            ".id and d.signed_at is null and (d.decide_by > ",
            $milestone,
            ".due_on or d.decide_by < ",
            $today,
            "))
             + (select count(*) from milestone_access_waits w join access_facts r on r.id = w.access_id where
             w.milestone_id = ",
            $milestone,
            ".id and r.granted_at is null and (r.ended_at is not null or r.needed_on > ",
            $milestone,
            ".due_on or r.needed_on < ",
            $today,
            "))"
        )
    };
}

/// The rows of some milestones, given as `(select …)`; `$2` is today.
macro_rules! rows_of {
    ($page:literal, $order:literal) => {
        rows_of!([$page], $order)
    };
    ([$($page:tt)+], $order:literal) => {
        concat!(
            "with page as (", $($page)+, ")
             select p.id, p.number, p.title, i.number as initiative_number, i.title as initiative,
             p.promised_on, p.due_on, p.accepted_at,
                    mm.holder as marketing_name, tm.holder as technology_name,
                    coalesce(c.checkpoints, 0) as checkpoints, coalesce(c.passed, 0) as passed,
                    coalesce(c.overdue, 0) as overdue,
                    (select count(*) from checkpoints x where x.milestone_id = p.id and x.archived_at is null
                     and x.passed_at is null and x.due_on > p.due_on) as too_late,
                    case when p.asks_other_side then coalesce(c.unaccepted, 0) else 0 end as unaccepted,
                    (select count(*) from slips s where s.milestone_id = p.id) as moves, ",
            held_up!("p", "$2"),
            " as held_up, i.phase = 'proposed' as is_planned, i.phase = 'active' as is_active, i.is_over as is_over,
             p.due_on > i.due_on as is_beyond, ",
            crate::seat_columns!(),
            "from page p join initiative_facts i on i.id = p.initiative_id
             join people mm on mm.id = p.marketing_owner
             join people tm on tm.id = p.technology_owner
             left join (select k.milestone_id, count(*) as checkpoints, count(k.passed_at) as passed,
                               count(case when k.passed_at is null and k.due_on < $2 then 1 end) as overdue,
                               count(case when k.accepting_side is not null and k.accepted_at is null then 1
                               end) as unaccepted
                        from checkpoints k where k.milestone_id in (select id from page) and k.archived_at is
                        null group by k.milestone_id) c on c.milestone_id = p.id
             left join tabled_handshakes h on h.kind = 'milestone' and h.subject_id = p.id ",
            crate::seat_joins!(),
            $order
        )
    };
}

pub async fn of_initiative(viewer: &Viewer, id: InitiativeId) -> Result<Vec<MilestoneRow>> {
    let rows: Vec<RowColumns> = viewer
        .fetch_all(
            sql!(rows_of!(
                "select * from milestones where workspace_id = $1 and initiative_id = $3 and archived_at is
                 null order by due_on, number limit 200",
                "order by p.due_on, p.number"
            )),
            args![viewer.today(), id],
        )
        .await?;
    Ok(rows.into_iter().map(MilestoneRow::from).collect())
}

/// Milestones of all initiatives: those ahead by date, then those that were accepted or never reached.
pub async fn list(viewer: &Viewer, most: i64, skip: i64) -> Result<Vec<MilestoneRow>> {
    let rows: Vec<RowColumns> = viewer
        .fetch_all(
            sql!(rows_of!(
                "select m.*, m.accepted_at is not null or n.is_over as is_settled from milestones m join
                 initiative_facts n on n.id = m.initiative_id
                 where m.workspace_id = $1 and m.archived_at is null order by is_settled, m.due_on, m.number
                 limit $3 offset $4",
                "order by p.is_settled, p.due_on, p.number"
            )),
            args![viewer.today(), most, skip],
        )
        .await?;
    Ok(rows.into_iter().map(MilestoneRow::from).collect())
}

/// A milestone whose date moved, from where to where in all.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct MovedMilestone {
    pub number: i64,
    pub title: String,
    pub from_on: Day,
    pub due_on: Day,
    pub who: String,
    pub at: Timestamp,
}

/// Those that moved since a time, the last moved first.
pub async fn moved_since(viewer: &Viewer, since: Timestamp) -> Result<Vec<MovedMilestone>> {
    viewer
        .fetch_all(
            sql!(
                "select m.number, m.title, (select f.from_on from slips f where f.milestone_id = m.id and f.at
                 >= $2
                 order by f.at, f.id limit 1) as from_on, m.due_on, p.name as who, s.at
                 from milestones m join slips s on s.id = (select x.id from slips x where x.milestone_id =
                 m.id
                 order by x.at desc, x.id desc limit 1)
                 join people p on p.id = s.by_member
                 where m.workspace_id = $1 and m.archived_at is null and s.at >= $2 order by s.at desc,
                 m.number
                 limit 200"
            ),
            args![since],
        )
        .await
}

/// A checkpoint that was sent back and is not passed again.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ReturnedCheckpoint {
    pub milestone_number: i64,
    pub title: String,
    pub who: String,
    pub at: Timestamp,
}

/// Those sent back since a time, the last first.
pub async fn returned_since(viewer: &Viewer, since: Timestamp) -> Result<Vec<ReturnedCheckpoint>> {
    viewer
        .fetch_all(
            sql!(
                "select m.number as milestone_number, c.title, p.name as who, r.at from returned_checkpoints r
                 join checkpoints c on c.id = r.checkpoint_id join milestones m on m.id = c.milestone_id
                 join people p on p.id = r.by_member
                 where r.workspace_id = $1 and r.at >= $2 and c.passed_at is null and c.archived_at is null
                 order by r.at desc, r.id limit 200"
            ),
            args![since],
        )
        .await
}

/// Every milestone of running initiatives that is not accepted, by date.
async fn open(viewer: &Viewer, most: i64) -> Result<Vec<MilestoneRow>> {
    let rows: Vec<RowColumns> = viewer
        .fetch_all(
            sql!(rows_of!(
                "select m.* from milestones m join initiative_facts n on n.id = m.initiative_id
                 where m.workspace_id = $1 and m.archived_at is null and m.accepted_at is null and
                 n.is_running
                 order by m.due_on, m.number limit $3",
                "order by p.due_on, p.number"
            )),
            args![viewer.today(), most],
        )
        .await?;
    Ok(rows.into_iter().map(MilestoneRow::from).collect())
}

/// How many are in the plan, and how many were given up.
pub async fn count(viewer: &Viewer) -> Result<(i64, i64)> {
    viewer
        .fetch_one(
            sql!(
                "select count(case when archived_at is null then 1 end), count(case when archived_at is not
                 null then 1 end) from milestones where workspace_id = $1"
            ),
            Vec::new(),
        )
        .await
}

/// A milestone that was given up.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ArchivedMilestone {
    pub number: i64,
    pub title: String,
    pub initiative: String,
    pub promised_on: Day,
    pub archived_at: Timestamp,
    pub archived_because: Option<String>,
}

/// The last ones that were given up first.
pub async fn archive_list(viewer: &Viewer, most: i64, skip: i64) -> Result<Vec<ArchivedMilestone>> {
    viewer
        .fetch_all(
            sql!(
                "select m.number, m.title, i.title as initiative, m.promised_on, m.archived_at,
                 m.archived_because
             from milestones m join initiative_facts i on i.id = m.initiative_id
             where m.workspace_id = $1 and m.archived_at is not null order by m.archived_at desc, m.number
             limit $2 offset $3"
            ),
            args![most, skip],
        )
        .await
}

/// The newest change of many checkpoints that the viewer made and may still take back.
pub async fn undoable(
    viewer: &Viewer,
    id: MilestoneId,
) -> Result<Option<crate::platform::ids::BulkChangeId>> {
    let day_ago = viewer.zone().start_of(viewer.today().plus(-1));
    let found: Option<(crate::platform::ids::BulkChangeId,)> = viewer
        .fetch_optional(
            sql!(
                "select id from bulk_changes where workspace_id = $1 and milestone_id = $2 and by_member = $3
                 and undone_at is null and at >= $4 order by at desc, id desc limit 1"
            ),
            args![id, viewer.member_id(), day_ago],
        )
        .await?;
    Ok(found.map(|(id,)| id))
}

#[derive(Clone, Debug, sqlx::FromRow)]
#[expect(clippy::struct_excessive_bools, reason = "facts, each on its own")]
pub struct Milestone {
    pub id: MilestoneId,
    pub number: i64,
    pub title: String,
    pub outcome: String,
    pub initiative_id: InitiativeId,
    pub initiative_number: i64,
    pub initiative: String,
    pub promised_on: Day,
    pub due_on: Day,
    pub driver_id: MemberId,
    pub driver: String,
    pub marketing_owner: MemberId,
    pub marketing_name: String,
    pub technology_owner: MemberId,
    pub technology_name: String,
    pub initiative_marketing_lead: MemberId,
    pub initiative_technology_lead: MemberId,
    pub asks_other_side: bool,
    /// Whether its initiative has not started.
    pub is_planned: bool,
    /// Whether its initiative is closed.
    pub is_over: bool,
    /// Whether it is due after its initiative is to end.
    pub is_beyond: bool,
    pub version: i64,
    pub accepted_at: Option<Timestamp>,
    pub archived_at: Option<Timestamp>,
    pub archived_because: Option<String>,
    pub held_up: i64,
}

impl Milestone {
    pub const fn wait_outcome(&self) -> WaitOutcome {
        match (self.archived_at, self.accepted_at) {
            (Some(_), _) => WaitOutcome::GivenUp,
            (_, Some(_)) => WaitOutcome::There,
            _ if self.is_over => WaitOutcome::NotReached,
            _ => WaitOutcome::Ahead,
        }
    }

    pub fn path(&self) -> String {
        format!("milestones/{}", self.number)
    }
}

/// One that is in the plan.
pub async fn one(viewer: &Viewer, number: i64) -> Result<Milestone> {
    let it = one_or_archived(viewer, number).await?;
    if it.archived_at.is_some() {
        Err(Error::NotFound)
    } else {
        Ok(it)
    }
}

/// One that is in the plan, or was.
pub async fn one_or_archived(viewer: &Viewer, number: i64) -> Result<Milestone> {
    viewer
        .fetch_one(
            sql!(concat!(
                "select m.id, m.number, m.title, m.outcome, m.initiative_id, i.number as
                 initiative_number, i.title as initiative, m.promised_on, m.due_on,
                    m.driver_id, dm.holder as driver, m.marketing_owner, mm.holder as marketing_name,
                    m.technology_owner, tm.holder as technology_name,
                    i.marketing_lead as initiative_marketing_lead, i.technology_lead as
                    initiative_technology_lead, m.asks_other_side, i.phase = 'proposed' as is_planned,
                    i.is_over as is_over, m.due_on > i.due_on
                    as is_beyond, m.version, m.accepted_at,
                    m.archived_at, m.archived_because, ",
                held_up!("m", "$3"),
                " as held_up
             from milestones m join initiative_facts i on i.id = m.initiative_id
             join people dm on dm.id = m.driver_id
             join people mm on mm.id = m.marketing_owner
             join people tm on tm.id = m.technology_owner
             where m.workspace_id = $1 and m.number = $2"
            )),
            args![number, viewer.today()],
        )
        .await
}

/// Who plans work in the milestone's initiative: its co-leads, its members, the driver and the owners.
pub async fn team(viewer: &Viewer, milestone: &Milestone) -> Result<Vec<MemberId>> {
    let rows: Vec<(MemberId,)> = viewer
        .fetch_all(
            sql!(
                "select member_id from initiative_teams where workspace_id = $1 and initiative_id = $2
             limit 200"
            ),
            args![milestone.initiative_id],
        )
        .await?;
    let named = [
        milestone.driver_id,
        milestone.marketing_owner,
        milestone.technology_owner,
        milestone.initiative_marketing_lead,
        milestone.initiative_technology_lead,
    ];
    Ok(rows.into_iter().map(|(id,)| id).chain(named).collect())
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Slip {
    pub from_on: Day,
    pub to_on: Day,
    pub reason: String,
    pub at: Timestamp,
    pub who: String,
}

pub async fn slips(viewer: &Viewer, id: MilestoneId) -> Result<Vec<Slip>> {
    viewer
        .fetch_all(
            sql!(
                "select s.from_on, s.to_on, s.reason, s.at, m.name as who from slips s join people m on m.id =
                 s.by_member
             where s.workspace_id = $1 and s.milestone_id = $2 order by s.at desc, s.id desc limit 100"
            ),
            args![id],
        )
        .await
}

/// The first of those that are open, and of all of them the ones past their date, and at risk in an
/// initiative under way; both by date.
pub async fn open_and_needing_attention(
    viewer: &Viewer,
    most: usize,
) -> Result<(Vec<MilestoneRow>, Vec<MilestoneRow>)> {
    let open = open(viewer, i64::try_from(most).unwrap_or(i64::MAX)).await?;
    let needing = if open.len() < most {
        let today = viewer.today();
        open.iter()
            .filter(|milestone| milestone.needs_attention(today))
            .cloned()
            .collect()
    } else {
        needing_attention(viewer).await?
    };
    Ok((open, needing))
}

/// Milestones past their date, and those at risk of an initiative under way; by date, none of an initiative
/// that ended.
async fn needing_attention(viewer: &Viewer) -> Result<Vec<MilestoneRow>> {
    let rows: Vec<RowColumns> = viewer
        .fetch_all(
            sql!(rows_of!(
                [
                    "select m.* from milestones m join initiative_facts n on n.id = m.initiative_id
                     where m.workspace_id = $1 and m.archived_at is null and m.accepted_at is null and
                     n.is_running
                       and (m.due_on < $2 or (n.phase = 'active' and (m.due_on > n.due_on
                            or exists (select 1 from checkpoints c where c.milestone_id = m.id and
                            c.archived_at is null and c.passed_at is null and (c.due_on < $2 or c.due_on >
                            m.due_on or
                            m.due_on <= $3)) or (",
                    held_up!("m", "$2"),
                    ") > 0)))"
                ],
                "order by p.due_on, p.number"
            )),
            args![viewer.today(), viewer.today().plus(SOON_DAYS)],
        )
        .await?;
    let today = viewer.today();
    Ok(rows
        .into_iter()
        .map(MilestoneRow::from)
        .filter(|milestone| milestone.needs_attention(today))
        .collect())
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct MilestoneCounts {
    pub counted: i64,
    pub accepted: i64,
    pub moved: i64,
}

/// Of the milestones that were promised for, or are due, between two days: how many there are, are accepted,
/// were moved. One that moved out of those days still counts among them.
pub async fn counts(viewer: &Viewer, from: Day, to: Day) -> Result<MilestoneCounts> {
    viewer
        .fetch_one(
            sql!(
                "select count(*) as counted, count(accepted_at) as accepted, count(case when due_on <>
                 promised_on then 1 end) as moved
             from milestones where workspace_id = $1 and archived_at is null and ((due_on >= $2 and due_on <=
             $3) or (promised_on >= $2 and promised_on <= $3))"
            ),
            args![from, to],
        )
        .await
}

/// The initiative that a milestone is promised in: its co-leads, and whoever else is on its team.
pub struct PlanningInitiative {
    pub number: i64,
    pub title: String,
    pub leads: [MemberId; 2],
    pub team: Vec<MemberId>,
}

impl PlanningInitiative {
    pub fn path(&self) -> String {
        format!("initiatives/{}", self.number)
    }
}

pub async fn planning_initiative(viewer: &Viewer, number: i64) -> Result<PlanningInitiative> {
    let (id, title, marketing, technology): (InitiativeId, String, MemberId, MemberId) = viewer
        .fetch_one(
            sql!(
                "select id, title, marketing_lead, technology_lead from initiative_facts where
             workspace_id = $1 and number = $2"
            ),
            args![number],
        )
        .await?;
    let team: Vec<(MemberId,)> = viewer
        .fetch_all(
            sql!(
                "select im.member_id from initiative_teams im join people m on m.id = im.member_id
             where im.workspace_id = $1 and im.initiative_id = $2 and m.side is not null order by im.member_id
             limit 200"
            ),
            args![id],
        )
        .await?;
    let leads = [marketing, technology];
    let team = leads
        .into_iter()
        .chain(team.into_iter().map(|(id,)| id))
        .collect();
    Ok(PlanningInitiative {
        number,
        title,
        leads,
        team,
    })
}
