//! What is owed of handshakes: a signature by whom the empty seat is for, an answer to an objection by
//! whoever proposed.

use super::{
    Kind, State,
    read::{Standing, StandingRow},
};
use crate::{
    identity::{Reader, Role, Seats, Side, Viewer},
    platform::{error::Result, ids::MemberId, time::Day},
    reminders::{Ladder, Obligation, People, ReminderKind},
    sql,
};

#[derive(sqlx::FromRow)]
struct WaitingRow {
    kind: Kind,
    subject_id: uuid::Uuid,
    path: String,
    label: String,
    opened_by: Option<MemberId>,
    proposer: Option<String>,
    #[sqlx(flatten)]
    standing: StandingRow,
}

/// A text on the table that waits for at least one signature.
#[derive(Clone, Debug)]
pub struct AwaitedSignature {
    pub kind: Kind,
    pub subject: uuid::Uuid,
    pub path: String,
    pub label: String,
    pub opened_by: Option<MemberId>,
    /// The name of whoever opened it; nothing for what the system put up.
    pub proposer: Option<String>,
    pub standing: Standing,
}

/// The unsealed handshakes of the workspace, the first opened first.
pub async fn owed(reader: &impl Reader) -> Result<Vec<AwaitedSignature>> {
    let rows: Vec<WaitingRow> = reader
        .fetch_all(
            sql!(concat!(
                "select h.kind, h.subject_id, h.path, h.label, h.opened_by, (select
                 p.name from people p where p.workspace_id = h.workspace_id and p.id = h.opened_by) as
                 proposer, ",
                crate::seat_columns!(),
                "from handshakes h ",
                crate::seat_joins!(),
                "where h.workspace_id = $1 and h.sealed_at is null and h.closed_at is null order by
                 h.opened_at, h.id limit 5000"
            )),
            Vec::new(),
        )
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            Some(AwaitedSignature {
                kind: row.kind,
                subject: row.subject_id,
                path: row.path,
                label: row.label,
                opened_by: row.opened_by,
                proposer: row.proposer,
                standing: row.standing.standing()?,
            })
        })
        .collect())
}

impl AwaitedSignature {
    /// By when it is to be signed; once a side objected, by when that is to be answered. A decision keeps its
    /// own day: what is not decided by then is late, whoever objected.
    pub fn due_on(&self, reader: &impl Reader) -> Day {
        let due_on = self.standing.due_on(reader);
        match self.standing.disputing() {
            Some(_) if self.kind != Kind::Decision => {
                let objected_on = reader.day_of(self.standing.waits_since());
                due_on.max(objected_on.plus(reader.signature_days()))
            }
            _ => due_on,
        }
    }

    /// From which day on a decision waits for the arbiter, when one side alone has answered.
    fn deadlocked_on(&self, reader: &impl Reader) -> Option<Day> {
        let is_stuck = self.standing.disputing().is_some() || self.standing.state.waiting_on().is_some();
        (is_stuck && self.kind == Kind::Decision).then(|| {
            reader
                .day_of(self.standing.waits_since())
                .plus(reader.signature_days() + 1)
        })
    }

    /// Since which day it waits for whom it waits now. What the sides cannot agree on waits for the arbiter
    /// from the last day on that they had.
    pub fn waits_from(&self, reader: &impl Reader) -> Day {
        let since = reader.day_of(self.standing.waits_since());
        if self.is_deadlocked(reader) {
            since.plus(reader.signature_days())
        } else {
            since
        }
    }

    /// Who it waits for: "Technology has not signed; Marketing did on 4 Nov."
    pub fn sentence(&self, reader: &impl Reader) -> String {
        let did = match self.kind {
            Kind::Kpi => "confirmed",
            Kind::Milestone => "accepted",
            _ => "signed",
        };
        let is_deadlocked = self.is_deadlocked(reader);
        let since = reader.day_of(self.standing.waits_since()).format(reader.today());
        match self.standing.state {
            State::HalfSigned { by, .. } if is_deadlocked => {
                format!("{} has not {did}. The sides cannot agree.", by.other().name())
            }
            State::Objected { by } if is_deadlocked => {
                format!("{} objected. The sides cannot agree.", by.name())
            }
            State::HalfSigned { by, .. } => format!(
                "{} has not {did}; {} did on {since}.",
                by.other().name(),
                by.name()
            ),
            State::Objected { by } => format!(
                "{} objected. {} has to propose something else.",
                by.name(),
                self.proposer.as_deref().unwrap_or("The proposer")
            ),
            _ => format!("Neither side has {did}; both were asked on {since}."),
        }
    }

    /// Whether it is a decision that waits for the arbiter.
    pub fn is_deadlocked(&self, reader: &impl Reader) -> bool {
        self.deadlocked_on(reader)
            .is_some_and(|day| day <= reader.today())
    }

    /// Whether the viewer has to answer an objection to what they proposed; `driver` is whoever drives it,
    /// where somebody else than the proposer does.
    pub fn is_answered_by(&self, driver: Option<MemberId>, stands_for: &[MemberId]) -> bool {
        let answers = driver.or(self.opened_by);
        self.standing.disputing().is_some() && answers.is_some_and(|member| stands_for.contains(&member))
    }

    /// Whether the viewer owes a signature, where `stands_for` are the viewer and everybody for whom the
    /// viewer stands in. A lead may sign for any named owner, and owes it for one who is kept out.
    pub fn is_owed_by(&self, viewer: &Viewer, stands_for: &[MemberId]) -> bool {
        self.standing.open_to(viewer).is_some_and(|side| {
            let owner = self.standing.owner(side);
            self.standing.seats != Seats::Owners || owner.is_some_and(|owner| stands_for.contains(&owner))
        })
    }

    /// `driver` is whoever drives what was proposed, where somebody else than the proposer does.
    pub fn obligation(self, people: &People, reader: &impl Reader, driver: Option<MemberId>) -> Obligation {
        let due_on = self.due_on(reader);
        let standing = &self.standing;
        let proposer = driver.or(self.opened_by);
        let is_objected = standing.disputing().is_some();
        let missing: Vec<Side> = Side::BOTH
            .into_iter()
            .filter(|side| standing.seat(*side).is_none())
            .collect();
        let owes: Vec<MemberId> = if is_objected {
            proposer.into_iter().collect()
        } else {
            missing
                .iter()
                .flat_map(|side| match standing.seats {
                    Seats::Leads => people.of(*side, &[Role::Lead]),
                    Seats::Signers => people.of(*side, &[Role::Lead, Role::Manager]),
                    Seats::Owners => standing.owner(*side).into_iter().collect(),
                })
                .collect()
        };
        let deadlocked_on = self.deadlocked_on(reader);
        let is_kpi = self.kind == Kind::Kpi;
        let other_seat = if is_kpi {
            Side::BOTH
                .into_iter()
                .find(|side| !missing.contains(side))
                .and_then(|side| standing.owner(side))
        } else {
            proposer
        };
        Obligation {
            kind: if is_objected {
                ReminderKind::Objection
            } else if is_kpi {
                ReminderKind::Attestation
            } else {
                ReminderKind::Signature
            },
            subject: standing.id.uuid(),
            due_on,
            ladder: Ladder {
                owes,
                other_seat: other_seat.into_iter().collect(),
                leads: if is_objected {
                    people.leads()
                } else {
                    missing
                        .iter()
                        .flat_map(|side| people.of(*side, &[Role::Lead]))
                        .collect()
                },
                arbiter: people.arbiter().filter(|_| is_kpi || deadlocked_on.is_some()),
                arbiter_on: deadlocked_on,
            },
            path: self.path,
            label: self.label,
        }
    }
}
