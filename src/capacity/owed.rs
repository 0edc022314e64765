//! What is owed of capacity: a way back under a cap, or both leads' leave to go over it.

use crate::{
    args,
    identity::{Reader, Role, Side},
    platform::{
        error::Result,
        time::{Day, Timestamp, days},
    },
    reminders::{Ladder, Obligation, People, ReminderKind},
    sql,
};

/// Days within which the leads settle it.
const SETTLED_WITHIN_DAYS: i64 = 7;

/// A side that has taken on more days than it has, in a quarter that is not over, without both leads' leave.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct CapExceeded {
    pub quarter_on: Day,
    pub side: Side,
    pub over_days: i64,
    set_at: Timestamp,
    claimed_at: Option<Timestamp>,
}

impl CapExceeded {
    pub fn path(&self) -> String {
        format!("capacity/{}", self.quarter_on)
    }

    /// "Marketing is 15 days over its limit in Q4 2026".
    pub fn label(&self) -> String {
        format!(
            "{} is {} over its limit in {}",
            self.side.name(),
            days(self.over_days),
            self.quarter_on.quarter_label()
        )
    }

    pub fn due_on(&self, reader: &impl Reader) -> Day {
        let since = self
            .claimed_at
            .map_or(self.set_at, |claimed| claimed.max(self.set_at));
        reader.day_of(since).plus(SETTLED_WITHIN_DAYS)
    }

    /// One id for a quarter and a side, which have no row of their own.
    fn subject(&self) -> uuid::Uuid {
        let quarter = self.quarter_on.days_since(Day::new(1970, 1, 1));
        uuid::Uuid::from_u64_pair(quarter.unsigned_abs(), u64::from(self.side == Side::Technology))
    }

    pub fn obligation(&self, people: &People, reader: &impl Reader) -> Obligation {
        Obligation {
            kind: ReminderKind::Cap,
            subject: self.subject(),
            due_on: self.due_on(reader),
            path: self.path(),
            label: format!("{} in {}", self.side.name(), self.quarter_on.quarter_label()),
            ladder: Ladder {
                owes: people.of(self.side, &[Role::Lead]),
                other_seat: people.of(self.side.other(), &[Role::Lead]),
                leads: Vec::new(),
                arbiter: None,
                arbiter_on: None,
            },
        }
    }
}

/// Those of this quarter and later ones, the first quarter first.
pub async fn owed(reader: &impl Reader) -> Result<Vec<CapExceeded>> {
    reader
        .fetch_all(
            sql!(
                "select quarter_on, side, over_days, set_at, claimed_at from caps_exceeded
                 where workspace_id = $1 and quarter_on >= $2 order by quarter_on, side limit 100"
            ),
            args![reader.today().quarter()],
        )
        .await
}
