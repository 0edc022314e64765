//! What is owed of access: opening what both sides approved, certifying what lasts, shutting what is over,
//! deleting its copies, and asking anew what one objected to.

use std::collections::HashMap;

use super::{
    Access,
    read::{self, Doors, Request, RequestColumns, requests_where},
    terms::{CERTIFY_AHEAD_DAYS, COPIES_SHOWN_DAYS, PROLONGED_WITHIN_DAYS, SILENCE_DAYS, WARNED_DAYS},
};
use crate::{
    args,
    identity::{Reader, Role, Side, Viewer},
    platform::{
        error::Result,
        ids::{AccessId, MemberId},
        time::Day,
    },
    reminders::{Ladder, Obligation, People, ReminderKind},
    sql,
};

impl Request {
    /// Whether its first day has come.
    pub fn is_needed(&self, today: Day) -> bool {
        self.needed_on <= today
    }

    fn obligation(&self, kind: ReminderKind, due_on: Day, ladder: Ladder) -> Obligation {
        Obligation {
            kind,
            subject: self.id.uuid(),
            due_on,
            path: self.path(),
            label: self.title.clone(),
            ladder,
        }
    }

    /// Who keeps these doors; Technology's lead where nobody does but whoever asked.
    fn keepers(&self, doors: Vec<Vec<MemberId>>, people: &People) -> Vec<MemberId> {
        let mut keepers: Vec<MemberId> = doors
            .into_iter()
            .flat_map(|keepers| self.others_or_lead(keepers, Side::Technology, people))
            .collect();
        keepers.sort_unstable();
        keepers.dedup();
        keepers
    }

    fn others_or_lead(&self, holders: Vec<MemberId>, side: Side, people: &People) -> Vec<MemberId> {
        let others: Vec<MemberId> = holders
            .into_iter()
            .filter(|holder| *holder != self.asked_by)
            .collect();
        if others.is_empty() {
            people.of(side, &[Role::Lead])
        } else {
            others
        }
    }
}

/// What the viewer asked for and a side objected to.
pub async fn objected_of(viewer: &Viewer) -> Result<Vec<Request>> {
    let rows: Vec<RequestColumns> = viewer
        .fetch_all(
            sql!(requests_where!(
                "and r.asked_by in (select stands_for from standing_in where workspace_id = $1 and member_id =
                 $2) and r.ended_at is null and r.approved_at is null and
                 (hm.verdict = 'object' or ht.verdict = 'object') order by r.needed_on, r.number limit 50"
            )),
            args![viewer.member_id()],
        )
        .await?;
    Ok(rows.into_iter().map(Request::from).collect())
}

/// An access that a side has to certify, and has not.
#[derive(Clone, Debug)]
pub struct OwedCertification {
    pub request: Request,
    pub side: Side,
    pub due_on: Day,
}

impl OwedCertification {
    /// Kept until then by both sides, it goes on; otherwise it ends by itself.
    pub fn lapses_after(&self) -> Day {
        self.due_on.plus(SILENCE_DAYS).min(self.request.ends_on)
    }
}

/// What is owed of everything that both sides approved, with the doors that it has.
#[derive(Default)]
pub struct Keeping {
    /// What both sides approved and nobody has opened, before it ends; what is needed first, first.
    pub grants: Vec<Request>,
    pub certifications: Vec<OwedCertification>,
    /// Accesses that are over, with the day by which their doors are to be shut.
    pub doors: Vec<(Request, Day)>,
    /// Accesses whose copies are to be deleted by a day.
    pub copies: Vec<(Request, Day)>,
    /// Accesses that end soon and that nobody has asked to prolong.
    pub ending: Vec<Request>,
    pub doors_of: HashMap<AccessId, Doors>,
}

/// Everything of it.
pub async fn keeping(reader: &impl Reader) -> Result<Keeping> {
    let today = reader.today();
    let rows: Vec<RequestColumns> = reader
        .fetch_all(
            sql!(requests_where!(
                "and r.approved_at is not null and (
                   (r.granted_at is null and r.ended_at is null and r.ends_on >= $2)
                   or (r.granted_at is not null and r.ended_at is null and r.ends_on >= $2
                     and (t.certify_on <= $3 or (t.access_id is not null and r.ends_on <= $4)))
                   or (r.granted_at is not null and t.copies = 'deleted' and t.copies_gone_at is null
                     and (t.copies_until <= $4 or r.ended_at is not null))
                   or (r.shut_at is null
                     and (r.granted_at is not null or exists (select 1 from access_doors d where d.access_id =
                     r.id
                       and d.opened_at is not null and d.shut_at is null))
                     and (r.ended_at is not null or r.ends_on < $2 or t.certify_on < $5)))
                 order by r.needed_on, r.number limit 5000"
            )),
            args![
                today,
                today.plus(CERTIFY_AHEAD_DAYS),
                today.plus(PROLONGED_WITHIN_DAYS),
                today.plus(-SILENCE_DAYS)
            ],
        )
        .await?;
    let mut keeping = Keeping {
        doors_of: if rows.is_empty() {
            HashMap::new()
        } else {
            read::doors(reader).await?
        },
        ..Keeping::default()
    };
    for request in rows.into_iter().map(Request::from) {
        keeping.add(request, reader);
    }
    keeping.doors.sort_by_key(|(_, due_on)| *due_on);
    Ok(keeping)
}

impl Keeping {
    fn add(&mut self, request: Request, reader: &impl Reader) {
        let today = reader.today();
        if let (Some(terms), Some(due_on)) = (&request.terms, request.certification_due(today)) {
            let silent = Side::BOTH.into_iter().filter(|side| terms.said(*side).is_none());
            self.certifications.extend(silent.map(|side| OwedCertification {
                request: request.clone(),
                side,
                due_on,
            }));
        }
        if let Some(due_on) = request.copies_due(reader)
            && due_on <= today.plus(COPIES_SHOWN_DAYS)
        {
            self.copies.push((request.clone(), due_on));
        }
        if let Some(due_on) = request.shut_due(reader) {
            self.doors.push((request.clone(), due_on));
        }
        let is_prolonged = request.terms.as_ref().is_some_and(|terms| terms.is_prolonged);
        if request.may_be_prolonged(today) && !is_prolonged {
            self.ending.push(request);
        } else if request.state(today) == Access::Approved {
            self.grants.push(request);
        }
    }

    pub fn doors_of(&self, request: &Request) -> Doors {
        self.doors_of.get(&request.id).cloned().unwrap_or_default()
    }

    /// Whom to remind of what, of these kinds.
    pub fn obligations(
        &self,
        kinds: &[ReminderKind],
        people: &People,
        reader: &impl Reader,
    ) -> Vec<Obligation> {
        let wanted = |kind: ReminderKind| kinds.contains(&kind);
        let mut owed = Vec::new();
        if wanted(ReminderKind::Access) {
            let needed = self
                .grants
                .iter()
                .filter(|request| request.is_needed(reader.today()));
            owed.extend(needed.map(|request| self.granting(request, people, reader)));
        }
        if wanted(ReminderKind::Certification) {
            owed.extend(
                self.certifications
                    .iter()
                    .map(|it| self.certification(it, people)),
            );
        }
        if wanted(ReminderKind::Shutting) {
            owed.extend(
                self.doors
                    .iter()
                    .map(|(request, due_on)| self.shutting(request, *due_on, people)),
            );
        }
        if wanted(ReminderKind::Copies) {
            owed.extend(self.copies.iter().map(|(request, due_on)| {
                let ladder = Ladder {
                    owes: vec![request.asked_by],
                    leads: people.leads(),
                    ..Ladder::default()
                };
                request.obligation(ReminderKind::Copies, *due_on, ladder)
            }));
        }
        if wanted(ReminderKind::Ending) {
            owed.extend(self.ending.iter().map(|request| {
                let ladder = Ladder {
                    owes: vec![request.asked_by],
                    ..Ladder::default()
                };
                request.obligation(ReminderKind::Ending, request.ends_on.plus(-WARNED_DAYS), ladder)
            }));
        }
        owed
    }

    fn granting(&self, request: &Request, people: &People, reader: &impl Reader) -> Obligation {
        let owes = match self.doors_of.get(&request.id) {
            Some(doors) => request.keepers(doors.keepers(|door| door.opened.is_some()), people),
            None => people.of(request.asking_side.other(), &[Role::Manager, Role::Lead]),
        };
        let ladder = Ladder {
            owes,
            other_seat: vec![request.asked_by],
            leads: people.leads(),
            arbiter: None,
            arbiter_on: None,
        };
        request.obligation(ReminderKind::Access, request.grant_due(reader), ladder)
    }

    fn certification(&self, it: &OwedCertification, people: &People) -> Obligation {
        let doors = self.doors_of(&it.request);
        let ask = |side: Side| it.request.others_or_lead(doors.certifiers(side), side, people);
        let ladder = Ladder {
            owes: ask(it.side),
            other_seat: vec![it.request.asked_by],
            leads: people.leads(),
            arbiter: None,
            arbiter_on: None,
        };
        it.request
            .obligation(ReminderKind::Certification, it.due_on, ladder)
    }

    fn shutting(&self, request: &Request, due_on: Day, people: &People) -> Obligation {
        let owes = match self.doors_of.get(&request.id) {
            Some(doors) => request.keepers(doors.keepers(|door| door.shut.is_some()), people),
            None => people.of(request.asking_side.other(), &[Role::Manager, Role::Lead]),
        };
        let ladder = Ladder {
            owes,
            other_seat: Vec::new(),
            leads: people.leads(),
            arbiter: people.arbiter(),
            arbiter_on: None,
        };
        request.obligation(ReminderKind::Shutting, due_on, ladder)
    }
}

/// The viewer's own part of it.
#[derive(Default)]
pub struct OwnKeeping {
    pub open: Vec<Request>,
    pub certify: Vec<OwedCertification>,
    pub shut: Vec<(Request, Day)>,
    pub copies: Vec<(Request, Day)>,
    pub ending: Vec<Request>,
}

impl Keeping {
    /// What of it the viewer owes; `stands_for` are those in whose place they act.
    pub fn of_viewer(&self, viewer: &Viewer, stands_for: &[MemberId]) -> OwnKeeping {
        let is_own = |request: &Request| {
            request.asked_by == viewer.member_id() || stands_for.contains(&request.asked_by)
        };
        let steers = matches!(viewer.role(), Role::Lead | Role::Manager);
        let opens = |request: &&Request| match self.doors_of.get(&request.id) {
            Some(doors) => doors.opens(viewer, request),
            None => steers && viewer.may(request.granting(viewer)),
        };
        let shuts = |request: &Request| match self.doors_of.get(&request.id) {
            Some(doors) => doors.shuts(viewer, request),
            None => steers && viewer.may(request.granting(viewer)),
        };
        OwnKeeping {
            open: self.grants.iter().filter(opens).cloned().collect(),
            certify: self
                .certifications
                .iter()
                .filter(|it| Some(it.side) == viewer.side())
                .filter(|it| self.doors_of(&it.request).certifies(viewer, &it.request))
                .cloned()
                .collect(),
            shut: self
                .doors
                .iter()
                .filter(|(request, _)| shuts(request))
                .cloned()
                .collect(),
            copies: self
                .copies
                .iter()
                .filter(|(request, _)| is_own(request))
                .cloned()
                .collect(),
            ending: self
                .ending
                .iter()
                .filter(|request| is_own(request))
                .cloned()
                .collect(),
        }
    }
}
