//! What is owed of access: granting what both sides approved, and asking anew what one objected to.

use super::read::{Request, RequestColumns, requests_where};
use crate::{
    args,
    identity::{Reader, Role, Viewer},
    platform::{error::Result, time::Day},
    reminders::{Ladder, Obligation, People, ReminderKind},
    sql,
};

impl Request {
    /// Whether its first day has come.
    pub fn is_needed(&self, today: Day) -> bool {
        self.needed_on <= today
    }

    /// The obligation to grant it.
    pub fn grant_obligation(&self, people: &People, reader: &impl Reader) -> Obligation {
        Obligation {
            kind: ReminderKind::Access,
            subject: self.id.uuid(),
            due_on: self.grant_due(reader),
            path: self.path(),
            label: self.title.clone(),
            ladder: Ladder {
                owes: people.of(self.asking_side.other(), &[Role::Manager, Role::Lead]),
                other_seat: vec![self.asked_by],
                leads: people.leads(),
                arbiter: None,
                arbiter_on: None,
            },
        }
    }
}

/// Requests that both sides approved and nobody has granted, before they end; what is needed first, first.
pub async fn owed(reader: &impl Reader) -> Result<Vec<Request>> {
    let rows: Vec<RequestColumns> = reader
        .fetch_all(
            sql!(requests_where!(
                "and r.approved_at is not null and r.granted_at is null and r.ended_at is null and
                 r.ends_on >= $2 order by r.needed_on, r.number limit 5000"
            )),
            args![reader.today()],
        )
        .await?;
    Ok(rows.into_iter().map(Request::from).collect())
}

/// What the viewer asked for and a side objected to.
pub async fn objected_of(viewer: &Viewer) -> Result<Vec<Request>> {
    let rows: Vec<RequestColumns> = viewer
        .fetch_all(
            sql!(requests_where!(
                "and r.asked_by in (select stands_for from standing_in where workspace_id = $1 and member_id = $2) and r.ended_at is null and r.approved_at is null and
                 (hm.verdict = 'object' or ht.verdict = 'object') order by r.needed_on, r.number limit 50"
            )),
            args![viewer.member_id()],
        )
        .await?;
    Ok(rows.into_iter().map(Request::from).collect())
}
