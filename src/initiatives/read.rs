//! What the initiatives' pages ask.

use super::{Phase, Status, status};
use crate::{
    args,
    ground::{
        error::Result,
        ids::{ClauseId, InitiativeId, KpiId, MemberId},
        time::{Day, Moment},
    },
    handshake::Health,
    people::Viewer,
};

/// An initiative as lists show it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Row {
    pub id: InitiativeId,
    pub number: i64,
    pub title: String,
    pub phase: Phase,
    pub due_on: Day,
    pub marketing_lead: String,
    pub technology_lead: String,
    pub reported: Option<Health>,
    pub reported_at: Option<Moment>,
    pub next_step: Option<String>,
    pub passed: i64,
    pub checkpoints: i64,
    pub slips: i64,
}

impl Row {
    pub fn status(&self, viewer: &Viewer) -> Status {
        let reported = self.reported.zip(self.reported_at).map(|(health, at)| (health, viewer.day_of(at)));
        status(self.phase, self.due_on, reported, viewer.today(), viewer.report_days())
    }
}

/// Not ended first, by date. At most `most` after the first `skip`.
pub async fn list(viewer: &Viewer, most: i64, skip: i64) -> Result<Vec<Row>> {
    viewer
        .all(
            "with page as (
                 select * from initiatives where workspace_id = $1
                 order by case phase when 'active' then 0 when 'paused' then 1 when 'proposed' then 2 else 3 end, due_on, number limit $2 offset $3)
             select i.id, i.number, i.title, i.phase, i.due_on, ma.name as marketing_lead, ta.name as technology_lead,
                    r.status as reported, r.at as reported_at, r.next_step,
                    (select count(*) from milestones m join checkpoints c on c.milestone_id = m.id
                     where m.initiative_id = i.id and m.archived_at is null and c.archived_at is null and c.passed_at is not null) as passed,
                    (select count(*) from milestones m join checkpoints c on c.milestone_id = m.id
                     where m.initiative_id = i.id and m.archived_at is null and c.archived_at is null) as checkpoints,
                    (select count(*) from milestones m join slips s on s.milestone_id = m.id where m.initiative_id = i.id) as slips
             from page i
             join members mm on mm.id = i.marketing_lead join accounts ma on ma.id = mm.account_id
             join members tm on tm.id = i.technology_lead join accounts ta on ta.id = tm.account_id
             left join initiative_reports r on r.id = (select x.id from initiative_reports x where x.initiative_id = i.id order by x.at desc, x.id desc limit 1)
             order by case i.phase when 'active' then 0 when 'paused' then 1 when 'proposed' then 2 else 3 end, i.due_on, i.number",
            args![most, skip],
        )
        .await
}

/// How many initiatives there are in all, and how many of them are active or paused.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Counts {
    pub total: i64,
    pub active: i64,
    pub paused: i64,
}

pub async fn counts(viewer: &Viewer) -> Result<Counts> {
    viewer
        .one(
            "select count(*) as total, count(case when phase = 'active' then 1 end) as active, count(case when phase = 'paused' then 1 end) as paused
             from initiatives where workspace_id = $1",
            Vec::new(),
        )
        .await
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Initiative {
    pub id: InitiativeId,
    pub number: i64,
    pub title: String,
    pub purpose: String,
    pub phase: Phase,
    pub starts_on: Day,
    pub due_on: Day,
    pub marketing_lead: MemberId,
    pub technology_lead: MemberId,
    pub marketing_name: String,
    pub technology_name: String,
    pub version: i64,
    pub reported: Option<Health>,
    pub reported_at: Option<Moment>,
}

impl Initiative {
    pub const fn leads(&self) -> [MemberId; 2] {
        [self.marketing_lead, self.technology_lead]
    }

    pub fn status(&self, viewer: &Viewer) -> Status {
        let reported = self.reported.zip(self.reported_at).map(|(health, at)| (health, viewer.day_of(at)));
        status(self.phase, self.due_on, reported, viewer.today(), viewer.report_days())
    }

    pub fn place(&self) -> String {
        format!("initiatives/{}", self.number)
    }
}

pub async fn one(viewer: &Viewer, number: i64) -> Result<Initiative> {
    viewer
        .one(
            "select i.id, i.number, i.title, i.purpose, i.phase, i.starts_on, i.due_on, i.marketing_lead, i.technology_lead,
                    ma.name as marketing_name, ta.name as technology_name, i.version, r.status as reported, r.at as reported_at
             from initiatives i
             join members mm on mm.id = i.marketing_lead join accounts ma on ma.id = mm.account_id
             join members tm on tm.id = i.technology_lead join accounts ta on ta.id = tm.account_id
             left join initiative_reports r on r.id = (select x.id from initiative_reports x where x.initiative_id = i.id order by x.at desc, x.id desc limit 1)
             where i.workspace_id = $1 and i.number = $2",
            args![number],
        )
        .await
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct TeamMember {
    pub id: MemberId,
    pub name: String,
    pub side: crate::handshake::Side,
}

/// The members besides the co-leads.
pub async fn team(viewer: &Viewer, id: InitiativeId) -> Result<Vec<TeamMember>> {
    viewer
        .all(
            "select m.id, a.name, m.side from initiative_members im join members m on m.id = im.member_id join accounts a on a.id = m.account_id
             where im.workspace_id = $1 and im.initiative_id = $2 and m.side is not null order by a.name, m.id limit 200",
            args![id],
        )
        .await
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ServedClause {
    pub id: ClauseId,
    pub title: String,
}

pub async fn clauses(viewer: &Viewer, id: InitiativeId) -> Result<Vec<ServedClause>> {
    viewer
        .all(
            "select c.id, c.title from initiative_clauses ic join clauses c on c.id = ic.clause_id
             where ic.workspace_id = $1 and ic.initiative_id = $2 order by c.position, c.id limit 100",
            args![id],
        )
        .await
}

pub async fn kpi_ids(viewer: &Viewer, id: InitiativeId) -> Result<Vec<KpiId>> {
    let rows: Vec<(KpiId,)> = viewer.all("select kpi_id from initiative_kpis where workspace_id = $1 and initiative_id = $2 limit 200", args![id]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// A report or a change of phase, newest first.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Turn {
    pub at: Moment,
    pub who: String,
    pub phase: Option<Phase>,
    pub health: Option<Health>,
    pub note: String,
    pub next_step: Option<String>,
}

pub async fn turns(viewer: &Viewer, id: InitiativeId, most: i64) -> Result<Vec<Turn>> {
    viewer
        .all(
            "select * from (
                 select p.at, coalesce(a.name, 'Handshake') as who, p.phase, null as health, p.because as note, null as next_step
                 from initiative_phases p left join members m on m.id = p.by_member left join accounts a on a.id = m.account_id
                 where p.workspace_id = $1 and p.initiative_id = $2
                 union all
                 select r.at, a.name as who, null as phase, r.status as health, r.note, r.next_step
                 from initiative_reports r join members m on m.id = r.by_member join accounts a on a.id = m.account_id
                 where r.workspace_id = $1 and r.initiative_id = $2) t
             order by at desc limit $3",
            args![id, most],
        )
        .await
}

/// `(number, title)` of the initiatives that are not over, for choosing one in another room.
pub async fn options(viewer: &Viewer) -> Result<Vec<(String, String)>> {
    let rows: Vec<(InitiativeId, String)> = viewer
        .all("select id, title from initiatives where workspace_id = $1 and phase in ('proposed', 'active', 'paused') order by title, id limit 500", Vec::new())
        .await?;
    Ok(rows.into_iter().map(|(id, title)| (id.to_string(), title)).collect())
}
