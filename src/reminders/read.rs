//! What the system has said about what is owed.

use super::{ReminderKind, Rung};
use crate::{
    args,
    identity::{Reader, Viewer},
    platform::{
        error::Result,
        ids::{MemberId, ReminderId},
        time::{Day, Timestamp},
    },
    sql,
};

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

/// What one person was told of, for a letter to say.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ReminderLine {
    pub id: ReminderId,
    pub kind: ReminderKind,
    pub subject_id: uuid::Uuid,
    pub due_on: Day,
    pub rung: Rung,
    pub member_id: MemberId,
    pub path: String,
    pub label: String,
    pub at: Timestamp,
}

/// Everything of which somebody was told since then, the most urgent first.
pub async fn told_since(reader: &impl Reader, since: Timestamp) -> Result<Vec<ReminderLine>> {
    reader
        .fetch_all(
            sql!(
                "select id, kind, subject_id, due_on, rung, member_id, path, label, at from reminders
                 where workspace_id = $1 and at >= $2 order by due_on, at, id"
            ),
            args![since],
        )
        .await
}

#[derive(Clone, Debug, sqlx::FromRow)]
struct SentRow {
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

/// What the system told the viewer of, with all that it said about it.
#[derive(Clone, Debug)]
pub struct Escalation {
    pub kind: ReminderKind,
    pub subject: uuid::Uuid,
    pub due_on: Day,
    pub path: String,
    pub label: String,
    /// The viewer's own rung.
    pub rung: Rung,
    pub reminders: Vec<Reminder>,
}

/// What is older is no longer on anybody's desk.
const SHOWN_DAYS: i64 = 90;

/// Of the last ninety days, whether or not it is still owed.
pub async fn escalations(viewer: &Viewer) -> Result<Vec<Escalation>> {
    let rows: Vec<SentRow> = viewer
        .fetch_all(
            sql!(
                "select r.kind, r.subject_id, r.due_on, r.path, r.label, r.rung, r.member_id, m.name, r.at
             from reminders mine join reminders r on r.workspace_id = $1 and r.kind = mine.kind and
             r.subject_id = mine.subject_id and r.due_on = mine.due_on
             join people m on m.id = r.member_id
             where mine.workspace_id = $1 and mine.member_id = $2 and mine.due_on >= $3
             order by r.due_on, r.subject_id, r.at, m.name limit 1000"
            ),
            args![viewer.member_id(), viewer.today().plus(-SHOWN_DAYS)],
        )
        .await?;
    let mut found: Vec<Escalation> = Vec::new();
    for row in rows {
        let is_same = |last: &Escalation| {
            last.kind == row.kind && last.subject == row.subject_id && last.due_on == row.due_on
        };
        let position = found.iter().position(is_same);
        let position = position.unwrap_or_else(|| {
            found.push(Escalation {
                kind: row.kind,
                subject: row.subject_id,
                due_on: row.due_on,
                path: row.path.clone(),
                label: row.label.clone(),
                rung: Rung::Soon,
                reminders: Vec::new(),
            });
            found.len() - 1
        });
        let one = &mut found[position];
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
    Ok(found)
}
