//! What a milestone waits for, and what waits for it.

use super::Milestone;

use crate::{
    args,
    handshake::{
        read::{StandingRow, sign_off},
        sign_off::SignOff,
    },
    identity::Viewer,
    platform::{error::Result, ids::MilestoneId, time::Day},
    sql,
    waits::{ScheduleRisk, WaitOutcome, schedule_risk},
};

/// `(id, "Milestone · Initiative")` of the milestones that can still take a checkpoint.
pub async fn options(viewer: &Viewer) -> Result<Vec<(String, String)>> {
    let rows: Vec<(MilestoneId, String, String)> = viewer
        .fetch_all(
            sql!(
                "select m.id, m.title, i.title from milestones m join initiative_facts i on i.id =
                 m.initiative_id
             where m.workspace_id = $1 and m.archived_at is null and m.accepted_at is null and i.is_running
             order by i.title, m.due_on, m.id limit 500"
            ),
            Vec::new(),
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|(id, milestone, initiative)| (id.to_string(), format!("{initiative} · {milestone}")))
        .collect())
}

/// A milestone at either end of a wait.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct MilestoneLink {
    pub id: MilestoneId,
    pub number: i64,
    pub title: String,
    pub initiative: String,
    pub due_on: Day,
    pub wait_outcome: WaitOutcome,
    /// Whether the milestone that was asked about waits for this one; else this one waits for it.
    pub is_awaited: bool,
}

impl MilestoneLink {
    /// How the two stand to each other, in words.
    pub fn schedule_risk(&self, asked_about: &Milestone, today: Day) -> ScheduleRisk {
        let (own, other) = (
            (asked_about.due_on, asked_about.wait_outcome()),
            (self.due_on, self.wait_outcome),
        );
        match if self.is_awaited {
            (own, other)
        } else {
            (other, own)
        } {
            ((_, waiter), (_, awaited)) if waiter != WaitOutcome::Ahead && awaited != WaitOutcome::There => {
                ScheduleRisk::WaitsNoMore
            }
            ((waiting, _), (awaited, wait_outcome)) => schedule_risk(waiting, awaited, wait_outcome, today),
        }
    }
}

#[derive(sqlx::FromRow)]
struct AwaitedDecisionColumns {
    number: i64,
    question: String,
    decide_by: Day,
    is_ruled: bool,
    is_over: bool,
    #[sqlx(flatten)]
    standing: StandingRow,
}

/// A decision that a milestone waits for and that is not final yet.
#[derive(Clone, Debug)]
pub struct AwaitedDecision {
    pub number: i64,
    pub question: String,
    pub sign_off: SignOff,
}

pub async fn awaited_decisions(viewer: &Viewer, milestone: MilestoneId) -> Result<Vec<AwaitedDecision>> {
    let rows: Vec<AwaitedDecisionColumns> = viewer
        .fetch_all(
            sql!(concat!(
                "select d.number, d.question, d.decide_by, d.is_ruled,
                        coalesce(i.is_over, false) as is_over, ",
                crate::seat_columns!(),
                "from decision_waits w join decision_facts d on d.id = w.decision_id left join
                 initiative_facts i on i.id = d.initiative_id
                 left join tabled_handshakes h on h.kind = 'decision' and h.subject_id = d.id ",
                crate::seat_joins!(),
                "where w.workspace_id = $1 and w.milestone_id = $2 and d.signed_at is null order by
                 d.decide_by, d.number limit 50"
            )),
            args![milestone],
        )
        .await?;
    let awaited = rows.into_iter().map(|row| {
        let sign_off = sign_off(
            viewer,
            row.standing.standing().as_ref(),
            (row.is_ruled, row.is_over),
            row.decide_by,
        );
        AwaitedDecision {
            number: row.number,
            question: row.question,
            sign_off,
        }
    });
    Ok(awaited.collect())
}

/// What a milestone waits for, and what waits for it.
pub async fn links(viewer: &Viewer, id: MilestoneId) -> Result<Vec<MilestoneLink>> {
    viewer
        .fetch_all(
            sql!(
                "select m.id, m.number, m.title, i.title as initiative, m.due_on, case when m.archived_at is
                 not null then 'given_up' when m.accepted_at is not null then 'there'
                         when i.is_over then 'not_reached' else 'ahead' end as wait_outcome, w.milestone_id =
                         $2 as is_awaited
             from milestone_waits w join milestones m on m.id = case when w.milestone_id = $2 then
             w.on_milestone_id else w.milestone_id end
             join initiative_facts i on i.id = m.initiative_id
             where w.workspace_id = $1 and (w.milestone_id = $2 or w.on_milestone_id = $2) and (m.archived_at
             is null or w.milestone_id = $2) order by m.due_on, m.number limit 100"
            ),
            args![id],
        )
        .await
}

/// `(waiting, awaited)` by number, of everything on the timeline.
pub async fn waits(viewer: &Viewer) -> Result<Vec<(i64, i64)>> {
    viewer
        .fetch_all(
            sql!(
                "select m.number, o.number from milestone_waits w join milestones m on m.id = w.milestone_id
                 join milestones o on o.id = w.on_milestone_id
             where w.workspace_id = $1 and m.archived_at is null and o.archived_at is null order by m.number,
             o.number"
            ),
            Vec::new(),
        )
        .await
}
