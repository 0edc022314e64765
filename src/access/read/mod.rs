//! What the pages of access ask.

mod door;

pub use door::{AccessWord, Door, Doors, doors, doors_of, words_of};

use super::{
    Access, AccessKind, AccessStatus, Moments, access, terms,
    terms::{Certification, Copies},
};

use crate::{
    access::text::AccessText,
    args,
    handshake::{
        Kind,
        read::{Standing, StandingRow, newest_text},
        text::SignedText as _,
    },
    identity::{Action, Reader, Side, Viewer},
    platform::{
        error::Result,
        ids::{AccessId, GoalId, MemberId, MilestoneId},
        time::{Day, Timestamp},
    },
    sources::Sensitivity,
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
    is_unkept: bool,
    shut_at: Option<Timestamp>,
    shut_by: Option<String>,
    sensitivity: Option<Sensitivity>,
    counts_as: Option<Sensitivity>,
    certify_on: Option<Day>,
    copies: Option<Copies>,
    copies_until: Option<Day>,
    copies_gone_at: Option<Timestamp>,
    copies_gone_how: Option<String>,
    follows_number: Option<i64>,
    is_prolonged: bool,
    carried_until: Option<Day>,
    carried_to: Option<Timestamp>,
    has_open_door: bool,
    marketing_word: Option<Certification>,
    technology_word: Option<Certification>,
    #[sqlx(flatten)]
    standing: StandingRow,
}

/// On which terms data was asked for, as far as lists and desks go; the signed text says all of it.
#[derive(Clone, Debug)]
pub struct Terms {
    pub sensitivity: Sensitivity,
    /// By which sensitivity it is certified: that of its sources today, where that is higher.
    pub counts_as: Sensitivity,
    pub certify_on: Option<Day>,
    pub copies: Copies,
    pub copies_until: Option<Day>,
    /// When its copies were deleted, and how.
    pub copies_gone: Option<(Timestamp, String)>,
    /// The number of the access that it prolongs or narrows.
    pub follows: Option<i64>,
    /// Whether somebody asked to prolong or narrow it.
    pub is_prolonged: bool,
    /// Until when its door stays open for one that follows it in the same form, fields and sources.
    carried_until: Option<Day>,
    /// When what carried it on was ended.
    carried_to: Option<Timestamp>,
    /// Whether one of its doors was opened and is not shut.
    pub has_open_door: bool,
    /// What each side said of it for [`Terms::certify_on`]: Marketing, then Technology.
    said: [Option<Certification>; 2],
}

impl Terms {
    pub fn said(&self, side: Side) -> Option<Certification> {
        match side {
            Side::Marketing => self.said[0],
            Side::Technology => self.said[1],
        }
    }
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
    /// Whether it ended by the silence of a side.
    is_unkept: bool,
    pub shut: Option<(Timestamp, String)>,
    /// Of data; what was asked before sources existed has none.
    pub terms: Option<Terms>,
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
            terms: None,
        }
    }

    /// Whether it is of data and names no source, as before sources existed.
    pub fn names_no_source(&self) -> bool {
        self.kind == AccessKind::Data && self.terms.is_none()
    }

    pub fn certify_on(&self) -> Option<Day> {
        self.terms.as_ref().and_then(|terms| terms.certify_on)
    }

    /// The day on which it is to be certified, once that is near, while it lasts.
    pub fn certification_due(&self, today: Day) -> Option<Day> {
        self.certify_on().filter(|day| {
            self.state(today) == Access::Granted && today >= day.plus(-terms::CERTIFY_AHEAD_DAYS)
        })
    }

    /// The last day on which anybody could use it.
    pub fn over_on(&self, reader: &impl Reader) -> Option<Day> {
        match (self.state(reader.today()), &self.ended) {
            (Access::Expired | Access::NeverGranted, _) => Some(self.ends_on),
            (Access::NotCertified, _) => self.certify_on().map(|day| day.plus(terms::SILENCE_DAYS)),
            (Access::Ended | Access::EndedUnopened, Some((at, _))) => Some(reader.day_of(*at)),
            _ => None,
        }
    }

    /// By when its door is to be shut, when it was opened, is over, and nobody has shut it.
    pub fn shut_due(&self, reader: &impl Reader) -> Option<Day> {
        let is_open = self.shut.is_none()
            && self
                .terms
                .as_ref()
                .map_or(self.granted.is_some(), |terms| terms.has_open_door);
        if !is_open {
            return None;
        }
        let carried = self.terms.as_ref().and_then(|terms| terms.carried_until);
        if carried.is_some_and(|until| reader.today() <= until) {
            return None;
        }
        let sensitivity = self.terms.as_ref().map(|terms| terms.counts_as);
        // What carried it on may be over by now: the door is to be shut from then on.
        let carried = self.terms.as_ref().and_then(|terms| {
            terms
                .carried_until
                .max(terms.carried_to.map(|at| reader.day_of(at)))
        });
        self.over_on(reader)
            .map(|over| terms::shut_by(carried.map_or(over, |carried| over.max(carried)), sensitivity))
    }

    /// By when its copies are to be deleted, when some were taken and nobody has said that they are gone.
    pub fn copies_due(&self, reader: &impl Reader) -> Option<Day> {
        let terms = self.terms.as_ref()?;
        if self.granted.is_none() || terms.copies_gone.is_some() {
            return None;
        }
        let until = terms.copies_until?;
        // Copies do not outlive an access that ended early by more than they would have outlived its last
        // day.
        let over = self.over_on(reader);
        Some(over.map_or(until, |over| until.min(over.plus(terms::COPIES_DAYS))))
    }

    /// Whether whoever asked may ask to prolong it.
    pub fn may_be_prolonged(&self, today: Day) -> bool {
        self.terms.is_some()
            && self.state(today) == Access::Granted
            && today >= self.ends_on.plus(-terms::PROLONGED_WITHIN_DAYS)
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
        let moments = Moments {
            is_approved: self.approved_at.is_some(),
            is_granted: self.granted.is_some(),
            is_ended: self.ended.is_some(),
            is_unkept: self.is_unkept,
            ends_on: self.ends_on,
            certify_on: self.certify_on(),
        };
        access(&moments, today)
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
        let (today, state) = (viewer.today(), self.state(viewer.today()));
        let due_on = if state.is_over() {
            self.shut_due(viewer).unwrap_or(today)
        } else {
            self.grant_due(viewer)
        };
        state.status(today.days_since(due_on))
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
        let terms =
            row.sensitivity
                .zip(row.counts_as)
                .zip(row.copies)
                .map(|((sensitivity, counts_as), copies)| Terms {
                    sensitivity,
                    counts_as,
                    certify_on: row.certify_on,
                    copies,
                    copies_until: row.copies_until,
                    copies_gone: row.copies_gone_at.zip(row.copies_gone_how),
                    follows: row.follows_number,
                    is_prolonged: row.is_prolonged,
                    carried_until: row.carried_until,
                    carried_to: row.carried_to,
                    has_open_door: row.has_open_door,
                    said: [row.marketing_word, row.technology_word],
                });
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
            is_unkept: row.is_unkept,
            shut: row.shut_at.zip(row.shut_by),
            terms,
            standing: row.standing.standing(),
        }
    }
}

macro_rules! requests_where {
    ($rest:literal) => {
        concat!(
            "select r.id, r.number, r.kind, r.title, r.purpose, g.number as goal_number, g.title as goal,
             r.asked_at, r.asked_by, m.holder as asked_by_name, r.asking_side,
                    r.needed_on, r.ends_on, r.approved_at, r.granted_at, gm.name as granted_by, r.ended_at,
                    r.ended_because, r.ended_at is not null and r.ended_by is null as is_unkept, r.shut_at,
                    sm.name as shut_by, t.sensitivity, t.counts_as, t.certify_on, t.copies, t.copies_until,
                    t.copies_gone_at, t.copies_gone_how, f.number as follows_number,
                    exists (select 1 from access_terms n join access_requests x on x.id = n.access_id
                        where n.follows_id = r.id and x.ended_at is null and x.ends_on > r.ends_on) as
                        is_prolonged,
                    co.until as carried_until, co.ended_at as carried_to,
                    exists (select 1 from access_doors d where d.access_id = r.id and d.opened_at is not null
                        and d.shut_at is null) as has_open_door, wm.word as marketing_word, wt.word as
                        technology_word, ",
            crate::seat_columns!(),
            "from access_requests r join goal_facts g on g.id = r.goal_id
             join people m on m.id = r.asked_by
             left join people gm on gm.id = r.granted_by
             left join people sm on sm.id = r.shut_by
             left join access_terms t on t.access_id = r.id
             left join access_requests f on f.id = t.follows_id
             left join carried_on_accesses co on co.access_id = r.id
             left join access_certifications wm on wm.access_id = r.id and wm.due_on = t.certify_on
                and wm.side = 'marketing'
             left join access_certifications wt on wt.access_id = r.id and wt.due_on = t.certify_on
                and wt.side = 'technology'
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

/// A request, and the text of it as it was put before both sides, also once it was taken back.
pub async fn request_with_text(viewer: &Viewer, number: i64) -> Result<(Request, AccessText)> {
    let it = request(viewer, number).await?;
    let text = match newest_text(viewer, Kind::Access, it.id.uuid()).await? {
        Some(content) => AccessText::read(&content)?,
        None => it.text(),
    };
    Ok((it, text))
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
