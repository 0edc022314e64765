//! What the milestones' pages ask.

use sha2::{Digest as _, Sha256};

use super::{CheckpointStage, MilestoneFacts, MilestoneStatus, stage, status};
use crate::{
    args,
    handshake::{
        read::{Standing, StandingRow, sign_off},
        sign_off::SignOff,
    },
    identity::{Action, Side, Viewer},
    platform::{
        db::Db,
        error::{Error, Result},
        ids::{CheckpointId, EvidenceFileId, InitiativeId, MemberId, MilestoneId},
        time::{Day, Timestamp},
    },
    sql,
    waits::{ScheduleRisk, WaitOutcome, schedule_risk},
};

#[derive(Clone, Debug, sqlx::FromRow)]
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
    held_up: i64,
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
    pub moves: i64,
    pub standing: Option<Standing>,
}

impl MilestoneRow {
    pub fn status(&self, today: Day) -> MilestoneStatus {
        status(self.facts, today)
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
                held_up: row.held_up,
                is_over: row.is_over,
                is_beyond: row.is_beyond,
            },
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
                    mm.name as marketing_name, tm.name as technology_name,
                    coalesce(c.checkpoints, 0) as checkpoints, coalesce(c.passed, 0) as passed,
                    coalesce(c.overdue, 0) as overdue,
                    case when p.asks_other_side then coalesce(c.unaccepted, 0) else 0 end as unaccepted,
                    (select count(*) from slips s where s.milestone_id = p.id) as moves, ",
            held_up!("p", "$2"),
            " as held_up, i.is_over as is_over, p.due_on > i.due_on as is_beyond, ",
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

/// One mark on the timeline.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Mark {
    pub number: i64,
    pub title: String,
    pub initiative_number: i64,
    pub initiative: String,
    pub promised_on: Day,
    pub due_on: Day,
    pub wait_outcome: WaitOutcome,
    /// Undecided decisions and accesses that are not granted, for which it waits.
    pub held_by: i64,
}

/// Whether a milestone of an initiative `i` is drawn between `$2` and `$3`: one that is still owed is,
/// however long ago.
macro_rules! drawn {
    ($milestone:literal) => {
        concat!(
            $milestone,
            ".archived_at is null and ",
            $milestone,
            ".due_on <= $3 and (",
            $milestone,
            ".due_on >= $2 or (",
            $milestone,
            ".accepted_at is null and i.is_running))"
        )
    };
}

/// How many initiatives are on the timeline between two days.
pub async fn initiatives_with_marks(viewer: &Viewer, from: Day, to: Day) -> Result<i64> {
    let (count,): (i64,) = viewer
        .fetch_one(
            sql!(concat!(
                "select count(distinct m.initiative_id) from milestones m join initiative_facts i on i.id =
                 m.initiative_id where m.workspace_id = $1 and ",
                drawn!("m")
            )),
            args![from, to],
        )
        .await?;
    Ok(count)
}

/// The timeline of some initiatives between two days, those under way first, grouped by initiative.
pub async fn marks(viewer: &Viewer, (from, to): (Day, Day), most: i64, skip: i64) -> Result<Vec<Mark>> {
    viewer
        .fetch_all(
            sql!(concat!(
                "with shown as (
                 select i.id, i.number, i.title, i.is_over, i.is_running, i.due_on, row_number() over (order
                 by case i.phase when 'active' then 0 when 'paused' then 1 when 'proposed' then 2 else 3 end,
                 i.due_on, i.number) as rank
                 from initiative_facts i where i.workspace_id = $1
                   and exists (select 1 from milestones m where m.initiative_id = i.id and ",
                drawn!("m"),
                ")
                 order by rank limit $4 offset $5)
             select p.number, p.title, i.number as initiative_number, i.title as initiative, p.promised_on,
             p.due_on,
                    case when p.accepted_at is not null then 'there' when i.is_over then 'not_reached' else
                    'ahead' end as wait_outcome,
                    (select count(*) from decision_waits w join decision_facts d on d.id = w.decision_id where
                    w.milestone_id = p.id and d.signed_at is null)
                    + (select count(*) from milestone_access_waits w join access_facts r on r.id = w.access_id
                       where w.milestone_id = p.id and r.granted_at is null) as held_by
             from shown i join milestones p on p.initiative_id = i.id and ",
                drawn!("p"),
                "
             order by i.rank, p.due_on, p.number"
            )),
            args![from, to, most, skip],
        )
        .await
}

#[derive(Clone, Debug, sqlx::FromRow)]
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
                    m.driver_id, dm.name as driver, m.marketing_owner, mm.name as marketing_name,
                    m.technology_owner, tm.name as technology_name,
                    i.marketing_lead as initiative_marketing_lead, i.technology_lead as
                    initiative_technology_lead, m.asks_other_side, i.is_over as is_over, m.due_on > i.due_on
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
pub struct Checkpoint {
    pub id: CheckpointId,
    pub title: String,
    pub criteria: String,
    pub owner_id: MemberId,
    pub owner: String,
    pub owner_side: Option<Side>,
    pub due_on: Day,
    pub version: i64,
    pub passed_at: Option<Timestamp>,
    passed_by_id: Option<MemberId>,
    pub passed_by: Option<String>,
    pub evidence: Option<String>,
    pub file: Option<String>,
    pub file_size: Option<i64>,
    accepting_side: Option<Side>,
    pub accepted_at: Option<Timestamp>,
    pub accepted_by: Option<String>,
    /// What the other side found missing the last time, while it is open again.
    pub missing: Option<String>,
    pub returned_by: Option<String>,
}

impl Checkpoint {
    pub const fn stage(&self, asks_other_side: bool) -> CheckpointStage {
        stage(
            self.passed_at.is_some(),
            asks_other_side,
            self.accepting_side,
            self.accepted_at.is_some(),
        )
    }

    /// Accepting or returning it, in its milestone.
    pub const fn accepting(&self, milestone: &Milestone) -> Action<'static> {
        accepting(
            self.accepting_side,
            self.passed_by_id,
            [milestone.marketing_owner, milestone.technology_owner],
        )
    }
}

/// Accepting or returning a checkpoint: for the other side than the one that passed it, whose owner stands
/// second for Technology.
pub const fn accepting(
    side: Option<Side>,
    passed_by: Option<MemberId>,
    [marketing, technology]: [MemberId; 2],
) -> Action<'static> {
    let owner = match side {
        Some(Side::Technology) => technology,
        _ => marketing,
    };
    Action::AcceptCheckpoint {
        side,
        passed_by,
        owner,
    }
}

const CHECKPOINT_COLUMNS_LIMIT: i64 = 200;

pub async fn checkpoints(viewer: &Viewer, id: MilestoneId) -> Result<Vec<Checkpoint>> {
    viewer
        .fetch_all(
            sql!(
                "select c.id, c.title, c.criteria, c.owner_id, om.name as owner, om.side as owner_side,
                 c.due_on, c.version, c.passed_at, c.passed_by as passed_by_id,
                    pm.name as passed_by, c.evidence, f.name as file, f.size as file_size, c.accepting_side,
                    c.accepted_at, am.name as accepted_by,
                    r.missing, rm.name as returned_by
             from checkpoints c join people om on om.id = c.owner_id
             left join people pm on pm.id = c.passed_by
             left join people am on am.id = c.accepted_by
             left join evidence_files f on f.checkpoint_id = c.id and f.replaced_at is null
             left join returned_checkpoints r on c.passed_at is null
                  and r.id = (select x.id from returned_checkpoints x where x.checkpoint_id = c.id order by
                  x.at desc, x.id desc limit 1)
             left join people rm on rm.id = r.by_member
             where c.workspace_id = $1 and c.milestone_id = $2 and c.archived_at is null order by c.due_on,
             c.position, c.id limit $3"
            ),
            args![id, CHECKPOINT_COLUMNS_LIMIT],
        )
        .await
}

/// The file that stands as a checkpoint's evidence: name, media type, content.
pub async fn file(viewer: &Viewer, id: CheckpointId) -> Result<(String, String, Vec<u8>)> {
    viewer
        .fetch_one(
            sql!(
                "select name, media_type, content from evidence_files where workspace_id = $1 and
                 checkpoint_id = $2 and replaced_at is null"
            ),
            args![id],
        )
        .await
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

/// A checkpoint and the number of its milestone.
pub async fn checkpoint(viewer: &Viewer, id: CheckpointId) -> Result<(Milestone, Checkpoint)> {
    let (number,): (i64,) = viewer
        .fetch_one(
            sql!(
                "select m.number from checkpoints c join milestones m on m.id = c.milestone_id where
                 c.workspace_id = $1 and c.id = $2 and c.archived_at is null"
            ),
            args![id],
        )
        .await?;
    let milestone = one(viewer, number).await?;
    let checkpoint = checkpoints(viewer, milestone.id)
        .await?
        .into_iter()
        .find(|c| c.id == id)
        .ok_or(Error::NotFound)?;
    Ok((milestone, checkpoint))
}

/// Milestones past their date, and those at risk of an initiative under way; by date, none of an initiative
/// that ended.
pub async fn needing_attention(viewer: &Viewer) -> Result<Vec<MilestoneRow>> {
    let rows: Vec<RowColumns> = viewer
        .fetch_all(
            sql!(rows_of!(
                [
                    "select m.* from milestones m join initiative_facts n on n.id = m.initiative_id
                     where m.workspace_id = $1 and m.archived_at is null and m.accepted_at is null and
                     n.is_running
                       and (m.due_on < $2 or (n.phase = 'active' and (m.due_on > n.due_on
                            or exists (select 1 from checkpoints c where c.milestone_id = m.id and
                            c.archived_at is null and c.passed_at is null and c.due_on < $2) or (",
                    held_up!("m", "$2"),
                    ") > 0)))"
                ],
                "order by p.due_on, p.number"
            )),
            args![viewer.today()],
        )
        .await?;
    Ok(rows.into_iter().map(MilestoneRow::from).collect())
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

/// `(id, "Milestone · Initiative")` of the milestones that can still take a checkpoint.
pub async fn options(viewer: &Viewer) -> Result<Vec<(String, String)>> {
    let rows: Vec<(MilestoneId, String, String)> = viewer
        .fetch_all(
            sql!(
                "select m.id, m.title, i.title from milestones m join initiative_facts i on i.id =
                 m.initiative_id
             where m.workspace_id = $1 and m.archived_at is null and m.accepted_at is null and i.is_running
             order by i.title, m.due_on, m.id limit 500"
            ),
            Vec::new(),
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|(id, milestone, initiative)| (id.to_string(), format!("{initiative} · {milestone}")))
        .collect())
}

/// A milestone at either end of a wait.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct MilestoneLink {
    pub id: MilestoneId,
    pub number: i64,
    pub title: String,
    pub initiative: String,
    pub due_on: Day,
    pub wait_outcome: WaitOutcome,
    /// Whether the milestone that was asked about waits for this one; else this one waits for it.
    pub is_awaited: bool,
}

impl MilestoneLink {
    /// How the two stand to each other, in words.
    pub fn schedule_risk(&self, asked_about: &Milestone, today: Day) -> ScheduleRisk {
        let (own, other) = (
            (asked_about.due_on, asked_about.wait_outcome()),
            (self.due_on, self.wait_outcome),
        );
        match if self.is_awaited {
            (own, other)
        } else {
            (other, own)
        } {
            ((_, waiter), (_, awaited)) if waiter != WaitOutcome::Ahead && awaited != WaitOutcome::There => {
                ScheduleRisk::WaitsNoMore
            }
            ((waiting, _), (awaited, wait_outcome)) => schedule_risk(waiting, awaited, wait_outcome, today),
        }
    }
}

#[derive(sqlx::FromRow)]
struct AwaitedDecisionColumns {
    number: i64,
    question: String,
    decide_by: Day,
    is_ruled: bool,
    is_over: bool,
    #[sqlx(flatten)]
    standing: StandingRow,
}

/// A decision that a milestone waits for and that is not final yet.
#[derive(Clone, Debug)]
pub struct AwaitedDecision {
    pub number: i64,
    pub question: String,
    pub sign_off: SignOff,
}

pub async fn awaited_decisions(viewer: &Viewer, milestone: MilestoneId) -> Result<Vec<AwaitedDecision>> {
    let rows: Vec<AwaitedDecisionColumns> = viewer
        .fetch_all(
            sql!(concat!(
                "select d.number, d.question, d.decide_by, d.is_ruled,
                        coalesce(i.is_over, false) as is_over, ",
                crate::seat_columns!(),
                "from decision_waits w join decision_facts d on d.id = w.decision_id left join
                 initiative_facts i on i.id = d.initiative_id
                 left join tabled_handshakes h on h.kind = 'decision' and h.subject_id = d.id ",
                crate::seat_joins!(),
                "where w.workspace_id = $1 and w.milestone_id = $2 and d.signed_at is null order by
                 d.decide_by, d.number limit 50"
            )),
            args![milestone],
        )
        .await?;
    let awaited = rows.into_iter().map(|row| {
        let sign_off = sign_off(
            viewer,
            row.standing.standing().as_ref(),
            (row.is_ruled, row.is_over),
            row.decide_by,
        );
        AwaitedDecision {
            number: row.number,
            question: row.question,
            sign_off,
        }
    });
    Ok(awaited.collect())
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

/// What a milestone waits for, and what waits for it.
pub async fn links(viewer: &Viewer, id: MilestoneId) -> Result<Vec<MilestoneLink>> {
    viewer
        .fetch_all(
            sql!(
                "select m.id, m.number, m.title, i.title as initiative, m.due_on, case when m.archived_at is
                 not null then 'given_up' when m.accepted_at is not null then 'there'
                         when i.is_over then 'not_reached' else 'ahead' end as wait_outcome, w.milestone_id =
                         $2 as is_awaited
             from milestone_waits w join milestones m on m.id = case when w.milestone_id = $2 then
             w.on_milestone_id else w.milestone_id end
             join initiative_facts i on i.id = m.initiative_id
             where w.workspace_id = $1 and (w.milestone_id = $2 or w.on_milestone_id = $2) and (m.archived_at
             is null or w.milestone_id = $2) order by m.due_on, m.number limit 100"
            ),
            args![id],
        )
        .await
}

/// `(waiting, awaited)` by number, of everything on the timeline.
pub async fn waits(viewer: &Viewer) -> Result<Vec<(i64, i64)>> {
    viewer
        .fetch_all(
            sql!(
                "select m.number, o.number from milestone_waits w join milestones m on m.id = w.milestone_id
                 join milestones o on o.id = w.on_milestone_id
             where w.workspace_id = $1 and m.archived_at is null and o.archived_at is null order by m.number,
             o.number"
            ),
            Vec::new(),
        )
        .await
}

/// A baseline and its number.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Baseline {
    pub id: crate::platform::ids::BaselineId,
    pub number: i64,
    content: String,
    pub proposed_at: Timestamp,
    pub fixed_at: Option<Timestamp>,
}

impl Baseline {
    pub fn lines(&self) -> Vec<super::BaselineLine> {
        serde_json::from_str(&self.content).unwrap_or_default()
    }
}

pub async fn baseline(viewer: &Viewer, number: i64) -> Result<Baseline> {
    viewer
        .fetch_one(
            sql!(
                "select id, number, content, proposed_at, fixed_at from baselines where workspace_id
         = $1 and number = $2"
            ),
            args![number],
        )
        .await
}

/// Every baseline, newest first.
pub async fn baselines(viewer: &Viewer) -> Result<Vec<Baseline>> {
    viewer
        .fetch_all(
            sql!(
                "select id, number, content, proposed_at, fixed_at from baselines where workspace_id =
             $1 order by number desc limit 100"
            ),
            Vec::new(),
        )
        .await
}

/// The plan as it stands, as a baseline would have it, and whether its initiative is over.
pub async fn plan(viewer: &Viewer) -> Result<Vec<(super::BaselineLine, bool)>> {
    let rows: Vec<(MilestoneId, i64, String, String, Day, bool)> = viewer
        .fetch_all(
            sql!(
                "select m.id, m.number, m.title, i.title, m.due_on, i.is_over from milestones m join
                 initiative_facts i on i.id = m.initiative_id
             where m.workspace_id = $1 and m.archived_at is null order by i.number, m.due_on, m.number limit
             5000"
            ),
            Vec::new(),
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|(id, number, title, initiative, due_on, is_over)| {
            (
                super::BaselineLine {
                    id: id.to_string(),
                    number,
                    title,
                    initiative,
                    due_on: due_on.to_string(),
                },
                is_over,
            )
        })
        .collect())
}

#[derive(sqlx::FromRow)]
struct FileRow {
    id: EvidenceFileId,
    name: String,
    digest: String,
    content: Vec<u8>,
}

/// Files of any workspace whose bytes are not those of their digest. Reads them one by one.
pub async fn forged_evidence(db: &Db) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    let mut after = EvidenceFileId::from_uuid(uuid::Uuid::nil());
    while let Some(file) = db
        .fetch_optional::<FileRow>(
            sql!("select id, name, digest, content from evidence_files where id > $1 order by id limit 1"),
            args![after],
        )
        .await?
    {
        after = file.id;
        if hex::encode(Sha256::digest(&file.content)) != file.digest {
            wrong.push(format!(
                "evidence {} ({}): its bytes are not those that were given",
                file.id, file.name
            ));
        }
    }
    Ok(wrong)
}
