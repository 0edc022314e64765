//! What the pages of access ask.

use super::{Access, AccessKind, AccessStatus, access};

use crate::{
    access::text::AccessText,
    args,
    handshake::read::{Standing, StandingRow},
    identity::{Action, Reader, Side, Viewer},
    platform::{
        error::Result,
        ids::{AccessId, GoalId, MemberId, MilestoneId},
        time::{Day, Timestamp},
    },
    sql,
    waits::{ScheduleRisk, WaitOutcome, schedule_risk},
};

#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct RequestColumns {
    id: AccessId,
    number: i64,
    kind: AccessKind,
    title: String,
    purpose: String,
    goal_number: i64,
    goal: String,
    asked_at: Timestamp,
    asked_by: MemberId,
    asked_by_name: String,
    asking_side: Side,
    needed_on: Day,
    ends_on: Day,
    approved_at: Option<Timestamp>,
    granted_at: Option<Timestamp>,
    granted_by: Option<String>,
    ended_at: Option<Timestamp>,
    ended_because: Option<String>,
    #[sqlx(flatten)]
    standing: StandingRow,
}

/// A request for access and where it is.
#[derive(Clone, Debug)]
pub struct Request {
    pub id: AccessId,
    pub number: i64,
    pub kind: AccessKind,
    pub title: String,
    pub purpose: String,
    pub goal_number: i64,
    pub goal: String,
    pub asked_at: Timestamp,
    pub asked_by: MemberId,
    pub asked_by_name: String,
    pub asking_side: Side,
    pub needed_on: Day,
    pub ends_on: Day,
    pub approved_at: Option<Timestamp>,
    pub granted: Option<(Timestamp, String)>,
    pub ended: Option<(Timestamp, String)>,
    pub standing: Option<Standing>,
}

impl Request {
    pub fn path(&self) -> String {
        format!("access/{}", self.number)
    }

    /// When granting it is due: from its first day on, and not before both sides approved it. Until they do,
    /// its first day.
    pub fn grant_due(&self, reader: &impl Reader) -> Day {
        self.approved_at
            .map_or(self.needed_on, |at| reader.day_of(at).max(self.needed_on))
    }

    /// What both sides approve.
    pub fn text(&self) -> AccessText {
        AccessText {
            request: self.number,
            kind: self.kind,
            title: self.title.clone(),
            purpose: self.purpose.clone(),
            goal: self.goal.clone(),
            asked_by: self.asked_by_name.clone(),
            asking_side: self.asking_side,
            needed_on: self.needed_on.to_string(),
            ends_on: self.ends_on.to_string(),
        }
    }

    /// Granting it, as the viewer would.
    pub fn granting(&self, viewer: &Viewer) -> Action<'static> {
        let seat = self
            .standing
            .as_ref()
            .and_then(|standing| standing.seat(self.asking_side));
        Action::GrantAccess {
            asking: self.asking_side,
            asked_by: self.asked_by,
            is_signer: seat.is_some_and(|seat| seat.account == viewer.account_id()),
        }
    }

    pub fn state(&self, today: Day) -> Access {
        access(
            self.approved_at.is_some(),
            self.granted.is_some(),
            self.ended.is_some(),
            self.ends_on,
            today,
        )
    }

    /// Ending it, or taking it back.
    pub const fn ending(&self) -> Action<'static> {
        Action::EndAccess {
            asked_by: self.asked_by,
            asking: self.asking_side,
            is_granted: self.granted.is_some(),
        }
    }

    pub fn status(&self, viewer: &Viewer) -> AccessStatus {
        let today = viewer.today();
        self.state(today).status(today.days_since(self.grant_due(viewer)))
    }

    /// How it stands to something that waits for it and is due on a day.
    pub fn schedule_risk(&self, waiting: Day, waiter: WaitOutcome, today: Day) -> ScheduleRisk {
        match (self.granted.is_some(), self.state(today)) {
            (true, Access::Granted) => schedule_risk(waiting, self.needed_on, WaitOutcome::There, today),
            (true, _) => ScheduleRisk::WasGranted,
            _ if waiter != WaitOutcome::Ahead => ScheduleRisk::WaitsNoMore,
            (_, Access::Asked | Access::Approved) => {
                schedule_risk(waiting, self.needed_on, WaitOutcome::Ahead, today)
            }
            _ => ScheduleRisk::NeverGranted,
        }
    }
}

impl From<RequestColumns> for Request {
    fn from(row: RequestColumns) -> Self {
        Self {
            id: row.id,
            number: row.number,
            kind: row.kind,
            title: row.title,
            purpose: row.purpose,
            goal_number: row.goal_number,
            goal: row.goal,
            asked_at: row.asked_at,
            asked_by: row.asked_by,
            asked_by_name: row.asked_by_name,
            asking_side: row.asking_side,
            needed_on: row.needed_on,
            ends_on: row.ends_on,
            approved_at: row.approved_at,
            granted: row.granted_at.zip(row.granted_by),
            ended: row.ended_at.zip(row.ended_because),
            standing: row.standing.standing(),
        }
    }
}

macro_rules! requests_where {
    ($rest:literal) => {
        concat!(
            "select r.id, r.number, r.kind, r.title, r.purpose, g.number as goal_number, g.title as goal,
             r.asked_at, r.asked_by, m.name as asked_by_name, r.asking_side,
                    r.needed_on, r.ends_on, r.approved_at, r.granted_at, gm.name as granted_by, r.ended_at,
                    r.ended_because, ",
            crate::seat_columns!(),
            "from access_requests r join goal_facts g on g.id = r.goal_id
             join people m on m.id = r.asked_by
             left join people gm on gm.id = r.granted_by
             left join tabled_handshakes h on h.kind = 'access' and h.subject_id = r.id ",
            crate::seat_joins!(),
            "where r.workspace_id = $1 ",
            $rest
        )
    };
}

pub(super) use requests_where;

/// Every request, what is open first.
pub async fn requests(viewer: &Viewer) -> Result<Vec<Request>> {
    let rows: Vec<RequestColumns> = viewer
        .fetch_all(
            sql!(requests_where!(
                "order by r.ended_at is not null or r.ends_on < $2, r.granted_at is not
             null, r.needed_on, r.number"
            )),
            args![viewer.today()],
        )
        .await?;
    Ok(rows.into_iter().map(Request::from).collect())
}

pub async fn requests_of(viewer: &Viewer, goal: GoalId) -> Result<Vec<Request>> {
    let rows: Vec<RequestColumns> = viewer
        .fetch_all(
            sql!(requests_where!(
                "and r.goal_id = $2 order by r.needed_on, r.number limit 100"
            )),
            args![goal],
        )
        .await?;
    Ok(rows.into_iter().map(Request::from).collect())
}

pub async fn request(viewer: &Viewer, number: i64) -> Result<Request> {
    Ok(viewer
        .fetch_one::<RequestColumns>(sql!(requests_where!("and r.number = $2")), args![number])
        .await?
        .into())
}

/// The accesses that a milestone waits for.
pub async fn waits_of(viewer: &Viewer, milestone: MilestoneId) -> Result<Vec<Request>> {
    let rows: Vec<RequestColumns> = viewer
        .fetch_all(
            sql!(requests_where!(
                "and exists (select 1 from access_waits w where w.access_id = r.id and w.milestone_id = $2)
                 order by r.needed_on, r.number limit 50"
            )),
            args![milestone],
        )
        .await?;
    Ok(rows.into_iter().map(Request::from).collect())
}

/// `(id, "Data: profile events")` of what can still be waited for.
pub async fn access_options(viewer: &Viewer) -> Result<Vec<(String, String)>> {
    let rows: Vec<(AccessId, AccessKind, String)> = viewer
        .fetch_all(
            sql!(
                "select id, kind, title from access_requests where workspace_id = $1 and granted_at is null
                 and ended_at is null and ends_on >= $2 order by title, id limit 200"
            ),
            args![viewer.today()],
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|(id, kind, title)| (id.to_string(), format!("{}: {title}", kind.name())))
        .collect())
}

/// A milestone that waits for access to something.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct WaitingMilestone {
    pub number: i64,
    pub title: String,
    pub initiative: String,
    pub due_on: Day,
}

/// The milestones that still wait for an access.
pub async fn waiting_milestones(viewer: &Viewer, id: AccessId) -> Result<Vec<WaitingMilestone>> {
    viewer
        .fetch_all(
            sql!(
                "select m.number, m.title, i.title as initiative, m.due_on from access_waits w join
                 milestone_facts m on m.id = w.milestone_id
             join initiative_facts i on i.id = m.initiative_id
             where w.workspace_id = $1 and w.access_id = $2 and m.archived_at is null and m.accepted_at is
             null
               and i.is_running order by m.due_on, m.number limit 100"
            ),
            args![id],
        )
        .await
}

/// When the goal that a request cites was last changed after both sides had approved the access.
pub async fn goal_changed_at(viewer: &Viewer, request: &Request) -> Result<Option<Timestamp>> {
    let Some(approved) = request.approved_at else {
        return Ok(None);
    };
    let found: Option<(Option<Timestamp>,)> = viewer
        .fetch_optional(
            sql!(
                "select max(e.at) from workspace_events e join goal_facts g on g.id = e.thing_id
                 where e.chain_id = $1 and e.kind = 'goal' and g.workspace_id = $1 and g.number = $2
                   and e.verb = 'changed the goal' and e.at > $3"
            ),
            args![request.goal_number, approved],
        )
        .await?;
    Ok(found.and_then(|(at,)| at))
}
