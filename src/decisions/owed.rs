//! What is owed of decisions: by the driver a proposal, an answer to an objection or the outcome; by the
//! arbiter a ruling.

use super::read::{rows, rows_where};
use crate::{
    args,
    handshake::{
        Kind,
        sign_off::{SignOff, status},
    },
    identity::{Reader, Side, Viewer},
    platform::{
        error::Result,
        ids::{DecisionId, MemberId},
        time::Day,
    },
    reminders::{Ladder, Obligation, People, ReminderKind},
    sql,
};

/// A decision that waits for its driver, or will soon.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct OwedDecision {
    id: DecisionId,
    pub number: i64,
    pub question: String,
    pub decide_by: Day,
    pub review_on: Option<Day>,
    pub is_signed: bool,
    pub objected_by: Option<Side>,
    /// The handshake that was objected to, or that is open.
    pub kind: Option<Kind>,
    driver_id: MemberId,
    pub driver: String,
    has_proposal: bool,
    /// Whether its initiative is under way, and not paused; true of a decision without one.
    pub is_active: bool,
}

impl OwedDecision {
    pub fn path(&self) -> String {
        format!("decisions/{}", self.number)
    }

    /// The day of its review once it is signed, before that the day by which to decide.
    pub fn due_on(&self) -> Day {
        self.review_on
            .filter(|_| self.is_signed)
            .unwrap_or(self.decide_by)
    }

    /// Whether nothing has been proposed.
    pub const fn lacks_proposal(&self) -> bool {
        !self.is_signed && !self.has_proposal
    }

    /// How a decision without a proposal stands.
    pub fn status(&self, today: Day) -> SignOff {
        status(None, false, 0, self.decide_by, today)
    }

    /// The obligation to propose.
    pub fn obligation(self, people: &People) -> Obligation {
        Obligation {
            kind: ReminderKind::Proposal,
            subject: self.id.uuid(),
            due_on: self.decide_by,
            path: self.path(),
            label: self.question,
            ladder: Ladder {
                owes: vec![self.driver_id],
                other_seat: Vec::new(),
                leads: people.leads(),
                arbiter: None,
                arbiter_on: None,
            },
        }
    }
}

/// Decisions for their driver to act on, none of an initiative that ended; `$rest` narrows them.
macro_rules! owed_decisions {
    ($rest:literal) => {
        concat!(
            "select d.id, d.number, d.question, d.decide_by, d.review_on, d.signed_at is not null as
             is_signed,
                 s.side as objected_by, h.kind, d.driver_id, m.holder as driver,
                 exists (select 1 from tabled_handshakes p where p.kind = 'decision' and p.subject_id = d.id)
                 as
                 has_proposal,
                 i.id is null or i.phase = 'active' as is_active
             from decisions d join people m on m.id = d.driver_id
             left join initiative_facts i on i.id = d.initiative_id
             left join tabled_handshakes h on h.subject_id = d.id and h.sealed_at is null and h.kind in
             ('decision', 'weights')
             left join filled_seats s on s.handshake_id = h.id and s.verdict = 'object'
             where d.workspace_id = $1 and (d.signed_at is not null or i.id is null or i.is_running) ",
            $rest
        )
    };
}

/// Those without a proposal that are to be decided by a day, the longest past first.
pub async fn owed(reader: &impl Reader, by: Day) -> Result<Vec<OwedDecision>> {
    let decisions: Vec<OwedDecision> = reader
        .fetch_all(
            sql!(owed_decisions!(
                "and d.signed_at is null and d.decide_by <= $2 order by d.decide_by, d.number limit 20000"
            )),
            args![by],
        )
        .await?;
    Ok(decisions
        .into_iter()
        .filter(OwedDecision::lacks_proposal)
        .collect())
}

/// Those of the viewer that wait for a proposal, an answer or an outcome within a week.
pub async fn owed_by(viewer: &Viewer) -> Result<Vec<OwedDecision>> {
    viewer
        .fetch_all(
            sql!(owed_decisions!(
                "and d.driver_id in (select stands_for from standing_in where workspace_id = $1 and member_id
                 = $2)
               and ((d.signed_at is null and (s.id is not null or (h.id is null and d.decide_by <= $3))) or
               (d.signed_at is not null and d.review_on <= $3 and h.id is null
                    and not exists (select 1 from decisions l where l.supersedes = d.id and l.signed_at is not
                    null)))
             order by d.number limit 100"
            )),
            args![viewer.member_id(), viewer.today().plus(7)],
        )
        .await
}

#[derive(sqlx::FromRow)]
struct DriverRow {
    id: DecisionId,
    driver_id: MemberId,
}

/// Who drives the decisions that lie on the table.
pub async fn drivers(reader: &impl Reader) -> Result<Vec<(DecisionId, MemberId)>> {
    let rows: Vec<DriverRow> = reader
        .fetch_all(
            sql!(
                "select d.id, d.driver_id from tabled_handshakes h join decisions d on d.id = h.subject_id
             where h.workspace_id = $1 and h.kind = 'decision' and h.sealed_at is null limit 5000"
            ),
            Vec::new(),
        )
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.driver_id)).collect())
}

/// A deadlocked decision, which waits for the arbiter.
#[derive(Clone, Debug)]
pub struct OwedRuling {
    pub number: i64,
    pub question: String,
    pub since: Day,
}

/// What the arbiter has to rule on, the longest first.
pub async fn owed_rulings(viewer: &Viewer) -> Result<Vec<OwedRuling>> {
    let rows = rows(
        viewer
            .fetch_all(
                sql!(rows_where!(
                    "and d.signed_at is null and h.sealed_at is null and (hm.id is not null or ht.id is not
                     null) order by h.opened_at, d.number limit $2"
                )),
                args![200],
            )
            .await?,
    );
    Ok(rows
        .into_iter()
        .filter_map(|row| match row.status(viewer) {
            SignOff::Deadlocked(waited) => Some(OwedRuling {
                number: row.number,
                question: row.question,
                since: viewer.today().plus(-waited),
            }),
            _ => None,
        })
        .collect())
}
