//! What is owed in a workspace, and what the system has said about it.

use super::{Ladder, ReminderKind, Rung};
use crate::{
    args,
    handshake::{Kind as Agreed, Verdict, signature_due},
    identity::{Role, Seats, Side, Viewer, system::SystemActor},
    kpis::Cadence,
    platform::{
        error::Result,
        ids::{HandshakeId, InitiativeId, KpiId, MemberId},
        time::{Day, Timestamp},
    },
    sql,
};

/// Something owed by a day.
#[derive(Clone, Debug)]
pub struct Owed {
    pub kind: ReminderKind,
    pub subject: uuid::Uuid,
    pub due_on: Day,
    pub path: String,
    pub label: String,
    pub ladder: Ladder,
}

#[derive(sqlx::FromRow)]
struct Somebody {
    id: MemberId,
    side: Option<Side>,
    role: Role,
    is_arbiter: bool,
    is_deputy: bool,
}

/// Who leads, who manages, who rules.
struct People(Vec<Somebody>);

impl People {
    fn leads(&self) -> Vec<MemberId> {
        self.0
            .iter()
            .filter(|person| person.role == Role::Lead)
            .map(|person| person.id)
            .collect()
    }

    fn of(&self, side: Side, roles: &[Role]) -> Vec<MemberId> {
        // Who signs in the lead's place is asked as the lead is.
        let is_meant = |person: &Somebody| {
            roles.contains(&person.role) || (person.is_deputy && roles.contains(&Role::Lead))
        };
        self.0
            .iter()
            .filter(|person| person.side == Some(side) && is_meant(person))
            .map(|person| person.id)
            .collect()
    }

    fn arbiter(&self) -> Option<MemberId> {
        self.0
            .iter()
            .find(|person| person.is_arbiter)
            .map(|person| person.id)
    }
}

#[derive(sqlx::FromRow)]
struct CheckInRow {
    id: InitiativeId,
    number: i64,
    title: String,
    next_check_in_on: Day,
    driver_side: Side,
    marketing_lead: MemberId,
    technology_lead: MemberId,
}

#[derive(sqlx::FromRow)]
struct ValueRow {
    id: KpiId,
    number: i64,
    title: String,
    cadence: Cadence,
    starts_on: Day,
    driver_id: MemberId,
    marketing_owner: MemberId,
    technology_owner: MemberId,
    newest: Option<Day>,
}

#[derive(sqlx::FromRow)]
struct SignatureRow {
    id: HandshakeId,
    kind: Agreed,
    path: String,
    label: String,
    seats: Seats,
    opened_at: Timestamp,
    opened_by: Option<MemberId>,
    marketing_owner: Option<MemberId>,
    technology_owner: Option<MemberId>,
    due_on: Option<Day>,
    driver_id: Option<MemberId>,
    m_verdict: Option<Verdict>,
    m_at: Option<Timestamp>,
    t_verdict: Option<Verdict>,
    t_at: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
struct DatedRow {
    id: uuid::Uuid,
    path: String,
    label: String,
    due_on: Day,
    owner: Option<MemberId>,
    other: Option<MemberId>,
    marketing_owner: Option<MemberId>,
    technology_owner: Option<MemberId>,
}

const FAR: i64 = 14;

/// Everything owed in a workspace that is due, or soon will be.
pub async fn owed(system: &SystemActor) -> Result<Vec<Owed>> {
    let today = system.today();
    let people = People(
        system
            .fetch_all(
                sql!(
                    "select m.id, m.side, m.role, exists (select 1 from workspace_settings w where w.id = $1
                     and w.arbiter_id = m.id and m.side is null) as is_arbiter,
                        exists (select 1 from deputies g where g.workspace_id = $1 and g.to_member = m.id and
                        g.side = m.side
                                and g.starts_on <= $2 and g.ends_on >= $2) as is_deputy
                 from people m where m.workspace_id = $1 and m.disabled_at is null"
                ),
                args![today],
            )
            .await?,
    );
    let mut owed = check_ins(system, &people, today).await?;
    owed.extend(values(system, &people, today).await?);
    owed.extend(signatures(system, &people).await?);
    owed.extend(owed_dates(system, &people, today).await?);
    owed.extend(acceptances(system, &people).await?);
    owed.extend(grants(system, &people, today).await?);
    Ok(owed)
}

async fn check_ins(system: &SystemActor, people: &People, today: Day) -> Result<Vec<Owed>> {
    let rows: Vec<CheckInRow> = system
        .fetch_all(
            sql!(
                "select id, number, title, next_check_in_on, driver_side, marketing_lead, technology_lead from
                 initiative_facts
             where workspace_id = $1 and phase = 'active' and next_check_in_on <= $2 order by number"
            ),
            args![today],
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let (driver, other) = match row.driver_side {
                Side::Marketing => (row.marketing_lead, row.technology_lead),
                Side::Technology => (row.technology_lead, row.marketing_lead),
            };
            Owed {
                kind: ReminderKind::CheckIn,
                subject: row.id.uuid(),
                due_on: row.next_check_in_on,
                path: format!("initiatives/{}", row.number),
                label: row.title,
                ladder: Ladder {
                    owes: vec![driver],
                    other_seat: vec![other],
                    leads: people.leads(),
                    arbiter: people.arbiter(),
                    arbiter_on: None,
                },
            }
        })
        .collect())
}

async fn values(system: &SystemActor, people: &People, today: Day) -> Result<Vec<Owed>> {
    let rows: Vec<ValueRow> = system
        .fetch_all(
            sql!(
                "select k.id, k.number, k.title, k.cadence, k.starts_on, k.driver_id, k.marketing_owner,
                 k.technology_owner,
                    (select max(v.period_on) from kpi_current_values v where v.kpi_id = k.id) as newest
             from kpi_facts k where k.workspace_id = $1 and k.archived_at is null and not k.is_computed order
             by k.number limit 5000"
            ),
            Vec::new(),
        )
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let period = row.newest.map_or_else(
                || row.cadence.period_of(row.starts_on),
                |newest| row.cadence.step(newest, 1),
            );
            let due_on = row.cadence.due(period);
            (due_on <= today).then(|| Owed {
                kind: ReminderKind::Value,
                subject: row.id.uuid(),
                due_on,
                path: format!("kpis/{}/periods/{period}", row.number),
                label: format!("{}, {}", row.title, row.cadence.format(period, today)),
                ladder: Ladder {
                    owes: vec![row.driver_id],
                    other_seat: vec![row.marketing_owner, row.technology_owner],
                    leads: people.leads(),
                    arbiter: people.arbiter(),
                    arbiter_on: None,
                },
            })
        })
        .collect())
}

/// Texts on the table whose seats are not both filled.
async fn signatures(system: &SystemActor, people: &People) -> Result<Vec<Owed>> {
    let rows: Vec<SignatureRow> = system
        .fetch_all(
            sql!(
                "select h.id, h.kind, h.path, h.label, h.seats, h.opened_at, h.opened_by, h.marketing_owner,
                 h.technology_owner, h.due_on, d.driver_id,
                    m.verdict as m_verdict, m.at as m_at, t.verdict as t_verdict, t.at as t_at
             from tabled_handshakes h
             left join filled_seats m on m.handshake_id = h.id and m.side = 'marketing'
             left join filled_seats t on t.handshake_id = h.id and t.side = 'technology'
             left join decision_facts d on h.kind = 'decision' and d.id = h.subject_id
             where h.workspace_id = $1 and h.sealed_at is null order by h.opened_at, h.id limit 5000"
            ),
            Vec::new(),
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| signature(system, people, row))
        .collect())
}

fn signature(system: &SystemActor, people: &People, row: SignatureRow) -> Owed {
    let opened = row.opened_at.day_in(system.zone());
    let objected = [row.m_verdict, row.t_verdict].contains(&Some(Verdict::Object));
    let missing: Vec<Side> = [
        (Side::Marketing, row.m_verdict),
        (Side::Technology, row.t_verdict),
    ]
    .into_iter()
    .filter(|(_, verdict)| verdict.is_none())
    .map(|(side, _)| side)
    .collect();
    let owner = |side: Side| match side {
        Side::Marketing => row.marketing_owner,
        Side::Technology => row.technology_owner,
    };
    let proposer = row.driver_id.or(row.opened_by);
    // An objection is answered by whoever proposed.
    let owes: Vec<MemberId> = if objected {
        proposer.into_iter().collect()
    } else {
        missing
            .iter()
            .flat_map(|side| match row.seats {
                Seats::Leads => people.of(*side, &[Role::Lead]),
                Seats::Signers => people.of(*side, &[Role::Lead, Role::Manager]),
                Seats::Owners => owner(*side).into_iter().collect(),
            })
            .collect()
    };
    let settled = [row.m_at, row.t_at].into_iter().flatten().min();
    let deadlocked_on = settled
        .filter(|_| row.kind == Agreed::Decision)
        .map(|at| at.day_in(system.zone()).plus(system.signature_days() + 1));
    let due_on = signature_due(row.due_on, opened, system.signature_days());
    let is_kpi = row.kind == Agreed::Kpi;
    let signed_owner = Side::BOTH
        .into_iter()
        .find(|side| !missing.contains(side))
        .and_then(owner);
    Owed {
        kind: if objected {
            ReminderKind::Objection
        } else if is_kpi {
            ReminderKind::Attestation
        } else {
            ReminderKind::Signature
        },
        subject: row.id.uuid(),
        due_on,
        path: row.path,
        label: row.label,
        ladder: Ladder {
            owes,
            other_seat: if is_kpi {
                signed_owner.into_iter().collect()
            } else {
                proposer.into_iter().collect()
            },
            leads: if objected {
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
    }
}

#[derive(sqlx::FromRow)]
struct AcceptanceRow {
    id: uuid::Uuid,
    number: i64,
    title: String,
    passed_at: Timestamp,
    passed_by: Option<MemberId>,
    accepting_side: Side,
    marketing_owner: MemberId,
    technology_owner: MemberId,
}

/// Passed checkpoints that wait for the other side's word.
async fn acceptances(system: &SystemActor, people: &People) -> Result<Vec<Owed>> {
    let rows: Vec<AcceptanceRow> = system
        .fetch_all(
            sql!(
                "select c.id, m.number, c.title, c.passed_at, c.passed_by, c.accepting_side,
                 m.marketing_owner, m.technology_owner
             from checkpoint_facts c join milestone_facts m on m.id = c.milestone_id join initiative_facts i
             on i.id = m.initiative_id
             where c.workspace_id = $1 and c.accepting_side is not null and c.accepted_at is null and
             c.archived_at is null
               and m.asks_other_side and m.archived_at is null and m.accepted_at is null and i.phase =
               'active' order by c.passed_at, c.id limit 5000"
            ),
            Vec::new(),
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| Owed {
            kind: ReminderKind::Acceptance,
            subject: row.id,
            due_on: row.passed_at.day_in(system.zone()).plus(system.signature_days()),
            path: format!("milestones/{}", row.number),
            label: row.title,
            ladder: Ladder {
                owes: vec![if row.accepting_side == Side::Marketing {
                    row.marketing_owner
                } else {
                    row.technology_owner
                }],
                other_seat: row.passed_by.into_iter().collect(),
                leads: people.of(row.accepting_side, &[Role::Lead]),
                arbiter: None,
                arbiter_on: None,
            },
        })
        .collect())
}

#[derive(sqlx::FromRow)]
struct GrantRow {
    id: uuid::Uuid,
    number: i64,
    title: String,
    needed_on: Day,
    approved_at: Timestamp,
    asking_side: Side,
    asked_by: MemberId,
}

/// Access that both sides approved and nobody has granted.
async fn grants(system: &SystemActor, people: &People, today: Day) -> Result<Vec<Owed>> {
    let rows: Vec<GrantRow> = system
        .fetch_all(
            sql!(
                "select id, number, title, needed_on, approved_at, asking_side, asked_by from access_facts
             where workspace_id = $1 and approved_at is not null and granted_at is null and ended_at is null
             and needed_on <= $2 and ends_on >= $2 order by number limit 5000"
            ),
            args![today],
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| Owed {
            kind: ReminderKind::Access,
            subject: row.id,
            due_on: row.needed_on.max(row.approved_at.day_in(system.zone())),
            path: format!("access/{}", row.number),
            label: row.title,
            ladder: Ladder {
                owes: people.of(row.asking_side.other(), &[Role::Manager, Role::Lead]),
                other_seat: vec![row.asked_by],
                leads: people.leads(),
                arbiter: None,
                arbiter_on: None,
            },
        })
        .collect())
}

/// Decisions without a proposal, checkpoints that are not passed, a definition to be ratified again.
async fn owed_dates(system: &SystemActor, people: &People, today: Day) -> Result<Vec<Owed>> {
    let rows: Vec<DatedRow> = system
        .fetch_all(
            sql!(
                "select d.id, 'decisions/' || cast(d.number as text) as path, d.question as label, d.decide_by
                 as due_on, d.driver_id as owner,
                    null as other, null as marketing_owner, null as technology_owner
             from decision_facts d where d.workspace_id = $1 and d.signed_at is null and d.decide_by <= $2
               and (d.initiative_id is null or exists (select 1 from initiative_facts i where i.id =
               d.initiative_id and i.phase = 'active'))
               and not exists (select 1 from tabled_handshakes h where h.kind = 'decision' and h.subject_id =
               d.id)
             union all
             select c.id, 'milestones/' || cast(m.number as text), c.title, c.due_on, c.owner_id, m.driver_id,
             m.marketing_owner, m.technology_owner
             from checkpoint_facts c join milestone_facts m on m.id = c.milestone_id join initiative_facts i
             on i.id = m.initiative_id
             where c.workspace_id = $1 and c.passed_at is null and c.archived_at is null and m.archived_at is
             null and m.accepted_at is null
               and i.phase = 'active' and c.due_on <= $2
             union all
             select v.id, 'definition', 'the definition', v.review_on, null, null, null, null
             from definition_version_facts v where v.workspace_id = $1 and v.in_force_at is not null and
             v.superseded_at is null and v.review_on <= $2
             limit 20000"
            ),
            args![today.plus(FAR)],
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let kind = match (row.owner, row.marketing_owner) {
                (None, _) => ReminderKind::Ratification,
                (_, None) => ReminderKind::Proposal,
                _ => ReminderKind::Checkpoint,
            };
            let leads: Vec<MemberId> = match kind {
                ReminderKind::Checkpoint => row
                    .marketing_owner
                    .into_iter()
                    .chain(row.technology_owner)
                    .collect(),
                _ => people.leads(),
            };
            let owes = row.owner.map_or_else(|| people.leads(), |owner| vec![owner]);
            Owed {
                kind,
                subject: row.id,
                due_on: row.due_on,
                path: row.path,
                label: row.label,
                ladder: Ladder {
                    owes,
                    other_seat: row.other.into_iter().collect(),
                    leads,
                    arbiter: None,
                    arbiter_on: None,
                },
            }
        })
        .collect())
}

/// Something that the system said to somebody.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Reminder {
    pub rung: Rung,
    pub name: String,
    pub at: Timestamp,
}

/// What was said about something that is owed by a day, in its order.
pub async fn reminders_of(
    viewer: &Viewer,
    kind: ReminderKind,
    subject: uuid::Uuid,
    due_on: Option<Day>,
) -> Result<Vec<Reminder>> {
    viewer
        .fetch_all(
            sql!(
                "select r.rung, m.name, r.at from reminders r join people m on m.id = r.member_id
             where r.workspace_id = $1 and r.kind = $2 and r.subject_id = $3 and r.due_on = $4 order by r.at,
             m.name limit 50"
            ),
            args![kind, subject, due_on],
        )
        .await
}

#[derive(Clone, Debug, sqlx::FromRow)]
struct OpenRow {
    kind: ReminderKind,
    subject_id: uuid::Uuid,
    due_on: Day,
    path: String,
    label: String,
    rung: Rung,
    member_id: MemberId,
    name: String,
    at: Timestamp,
}

/// What the system said to the viewer and is still owed, with all that it said about it.
#[derive(Clone, Debug)]
pub struct Open {
    pub kind: ReminderKind,
    pub subject: uuid::Uuid,
    pub due_on: Day,
    pub path: String,
    pub label: String,
    /// The viewer's own rung.
    pub rung: Rung,
    pub reminders: Vec<Reminder>,
}

pub async fn open(viewer: &Viewer) -> Result<Vec<Open>> {
    let rows: Vec<OpenRow> = viewer
        .fetch_all(
            sql!(
                "select r.kind, r.subject_id, r.due_on, r.path, r.label, r.rung, r.member_id, m.name, r.at
             from reminders mine join reminders r on r.workspace_id = $1 and r.kind = mine.kind and
             r.subject_id = mine.subject_id and r.due_on = mine.due_on
             join people m on m.id = r.member_id
             where mine.workspace_id = $1 and mine.member_id = $2 and mine.due_on >= $3 and case r.kind
                 when 'check_in' then exists (select 1 from initiative_facts i where i.id = r.subject_id and
                 i.phase = 'active' and i.next_check_in_on = r.due_on)
                 when 'value' then not exists (select 1 from kpi_current_values v where v.kpi_id =
                 r.subject_id and v.entered_at >= mine.at)
                 when 'proposal' then exists (select 1 from decision_facts d where d.id = r.subject_id and
                 d.signed_at is null and d.decide_by = r.due_on)
                     and not exists (select 1 from tabled_handshakes h where h.subject_id = r.subject_id and
                     h.kind = 'decision')
                 when 'checkpoint' then exists (select 1 from checkpoint_facts c join milestone_facts x on
                 x.id = c.milestone_id join initiative_facts i on i.id = x.initiative_id
                     where c.id = r.subject_id and c.due_on = r.due_on and c.passed_at is null and
                     c.archived_at is null and x.archived_at is null and i.phase = 'active')
                 when 'acceptance' then exists (select 1 from checkpoint_facts c join milestone_facts x on
                 x.id = c.milestone_id join initiative_facts i on i.id = x.initiative_id
                     where c.id = r.subject_id and c.accepting_side is not null and c.accepted_at is null and
                     c.archived_at is null and x.asks_other_side and c.passed_at <= mine.at
                       and x.archived_at is null and x.accepted_at is null and i.phase = 'active')
                 when 'access' then exists (select 1 from access_facts q where q.id = r.subject_id and
                 q.granted_at is null and q.ended_at is null and q.ends_on >= $4)
                 when 'ratification' then exists (select 1 from definition_version_facts v where v.id = r.subject_id
                 and v.superseded_at is null)
                 else exists (select 1 from tabled_handshakes h where h.id = r.subject_id and h.sealed_at is
                 null) end
             order by r.due_on, r.subject_id, r.at, m.name limit 1000"
            ),
            args![viewer.member_id(), viewer.today().plus(-90), viewer.today()],
        )
        .await?;
    let mut open: Vec<Open> = Vec::new();
    for row in rows {
        let is_same = |last: &Open| {
            last.kind == row.kind && last.subject == row.subject_id && last.due_on == row.due_on
        };
        let position = open.iter().position(is_same);
        let position = position.unwrap_or_else(|| {
            open.push(Open {
                kind: row.kind,
                subject: row.subject_id,
                due_on: row.due_on,
                path: row.path.clone(),
                label: row.label.clone(),
                rung: Rung::Soon,
                reminders: Vec::new(),
            });
            open.len() - 1
        });
        let one = &mut open[position];
        // Somebody who was told of it soon and asked on the day is named twice; once is enough.
        if !one
            .reminders
            .iter()
            .any(|reminders| reminders.name == row.name && reminders.at == row.at)
        {
            one.reminders.push(Reminder {
                rung: row.rung,
                name: row.name,
                at: row.at,
            });
        }
        if row.member_id == viewer.member_id() {
            one.rung = one.rung.max(row.rung);
        }
    }
    Ok(open)
}
