//! What is owed of the definition: ratifying it again in time, and an answer to the other side's wording.

use super::AGAIN_WITHIN_DAYS;
use crate::{
    args,
    identity::{Reader, Viewer},
    platform::{
        error::Result,
        ids::{ClauseId, VersionId},
        time::{Day, Timestamp},
    },
    reminders::{Ladder, Obligation, People, ReminderKind},
    sql,
};

/// The version in force, when its review is near or past.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct OwedRatification {
    id: VersionId,
    pub number: i64,
    #[sqlx(rename = "review_on")]
    pub due_on: Day,
    /// Whether a new version lies on the table.
    pub is_proposed: bool,
}

impl OwedRatification {
    pub fn obligation(self, people: &People) -> Obligation {
        Obligation {
            kind: ReminderKind::Ratification,
            subject: self.id.uuid(),
            due_on: self.due_on,
            path: "definition".to_owned(),
            label: "the definition".to_owned(),
            ladder: Ladder {
                owes: people.leads(),
                other_seat: Vec::new(),
                leads: people.leads(),
                arbiter: None,
                arbiter_on: None,
            },
        }
    }
}

/// The version in force, from thirty days before its review on.
pub async fn owed(reader: &impl Reader) -> Result<Vec<OwedRatification>> {
    reader
        .fetch_all(
            sql!(
                "select v.id, v.number, v.review_on,
                    exists (select 1 from tabled_handshakes h where h.workspace_id = $1 and h.kind =
                    'definition' and h.sealed_at is null) as is_proposed
             from definition_versions v
             where v.workspace_id = $1 and v.in_force_at is not null and v.superseded_at is null and
             v.review_on <= $2"
            ),
            args![reader.today().plus(AGAIN_WITHIN_DAYS)],
        )
        .await
}

/// A suggestion of the other side that waits for the viewer's.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct OpenSuggestion {
    pub clause_id: ClauseId,
    pub title: String,
    pub who: String,
    pub at: Timestamp,
}

/// The suggestions that wait for the viewer's side, oldest first.
pub async fn open_suggestions(viewer: &Viewer) -> Result<Vec<OpenSuggestion>> {
    viewer
        .fetch_all(
            sql!(
                "select s.clause_id, c.title, m.name as who, s.at from suggestions s join clauses c on c.id =
                 s.clause_id
             join people m on m.id = s.by_member
             where s.workspace_id = $1 and s.outcome is null and s.side <> $2 and c.archived_at is null order
             by s.at, s.id limit 50"
            ),
            args![viewer.side()],
        )
        .await
}
