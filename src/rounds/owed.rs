//! What is owed of a round: an answer, while it is open and a side is short of one.

use super::About;
use crate::{
    args,
    identity::{Reader, Role, Side, Viewer},
    platform::{
        error::Result,
        ids::{MemberId, RoundId},
        time::Day,
    },
    reminders::{Ladder, Obligation, People, ReminderKind},
    sql,
};

/// A round that waits for the viewer's answer.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct OwedAnswer {
    pub about: About,
    pub path: String,
    pub label: String,
    pub ends_on: Day,
}

pub async fn owed(viewer: &Viewer) -> Result<Vec<OwedAnswer>> {
    if viewer.side().is_none() {
        return Ok(Vec::new());
    }
    viewer
        .fetch_all(
            sql!(
                "select r.kind as about, r.path, r.label, r.ends_on from rounds r
             where r.workspace_id = $1 and r.closed_at is null and r.ends_on >= $2 and r.opened_at >= $5
               and not exists (select 1 from answers x where x.round_id = r.id and x.account_id = $3 and
               x.replaced_at is null)
               and (select count(*) from answers y where y.round_id = r.id and y.side = $4 and y.replaced_at
               is null) < r.wanted
             order by r.ends_on, r.id limit 50"
            ),
            args![
                viewer.today(),
                viewer.account_id(),
                viewer.side(),
                viewer.side_since()
            ],
        )
        .await
}

/// An open round that a side is short of answers in.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct AwaitedAnswers {
    id: RoundId,
    path: String,
    label: String,
    ends_on: Day,
    opened_by: MemberId,
    wanted: i64,
    marketing: i64,
    technology: i64,
}

impl AwaitedAnswers {
    pub const fn ends_on(&self) -> Day {
        self.ends_on
    }

    pub fn path(&self) -> &str {
        &self.path
    }

    pub fn label(&self) -> &str {
        &self.label
    }

    /// The leads and managers of the sides that are short; whoever opened it hears when nothing comes.
    pub fn obligation(self, people: &People) -> Obligation {
        let short = [
            (Side::Marketing, self.marketing),
            (Side::Technology, self.technology),
        ];
        let of_short_sides = |roles: &[Role]| -> Vec<MemberId> {
            short
                .iter()
                .filter(|(_, given)| *given < self.wanted)
                .flat_map(|(side, _)| people.of(*side, roles))
                .collect()
        };
        Obligation {
            kind: ReminderKind::Answer,
            subject: self.id.uuid(),
            due_on: self.ends_on,
            ladder: Ladder {
                owes: of_short_sides(&[Role::Lead, Role::Manager]),
                other_seat: vec![self.opened_by],
                leads: Vec::new(),
                arbiter: None,
                arbiter_on: None,
            },
            path: self.path,
            label: self.label,
        }
    }
}

/// Days after its end within which a round that lacks answers is told of.
const TOLD_AFTER_DAYS: i64 = 7;

/// Rounds that wait for answers, those that end first.
pub async fn awaited(reader: &impl Reader) -> Result<Vec<AwaitedAnswers>> {
    reader
        .fetch_all(
            sql!(
                "select * from (select r.id, r.path, r.label, r.ends_on, r.opened_by, r.wanted,
                 (select count(*) from answers x where x.round_id = r.id and x.side = 'marketing' and
                 x.replaced_at is null) as marketing,
                 (select count(*) from answers x where x.round_id = r.id and x.side = 'technology' and
                 x.replaced_at is null) as technology
                 from rounds r where r.workspace_id = $1 and r.closed_at is null and r.ends_on >= $2) q
                 where q.marketing < q.wanted or q.technology < q.wanted order by q.ends_on, q.id limit 1000"
            ),
            // Whoever opened it hears of it after its day, too.
            args![reader.today().plus(-TOLD_AFTER_DAYS)],
        )
        .await
}
