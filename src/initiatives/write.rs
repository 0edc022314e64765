//! What may be done to an initiative.

use super::Phase;
use crate::{
    args,
    ground::{
        audit::Event,
        error::{Error, Result},
        ids::{ClauseId, InitiativeId, KpiId, MemberId, PhaseId, ReportId},
        time::{Day, Moment},
    },
    handshake::{Health, Side},
    people::{Act, Deed, Viewer, members::require_of_side},
};

#[derive(Clone, Debug)]
pub struct Plan {
    pub title: String,
    pub purpose: String,
    pub starts_on: Day,
    pub due_on: Day,
    pub marketing_lead: MemberId,
    pub technology_lead: MemberId,
    pub members: Vec<MemberId>,
    pub clauses: Vec<ClauseId>,
    pub kpis: Vec<KpiId>,
}

async fn check(act: &mut Act, plan: &Plan) -> Result<()> {
    if plan.due_on < plan.starts_on {
        return Err(Error::invalid("due_on", "The end comes after the start."));
    }
    require_of_side(act, "marketing_lead", plan.marketing_lead, Some(Side::Marketing)).await?;
    require_of_side(act, "technology_lead", plan.technology_lead, Some(Side::Technology)).await?;
    for member in &plan.members {
        require_of_side(act, "members", *member, None).await?;
    }
    Ok(())
}

async fn relate(act: &mut Act, id: InitiativeId, plan: &Plan) -> Result<()> {
    act.execute("delete from initiative_members where workspace_id = $1 and initiative_id = $2", args![id]).await?;
    act.execute("delete from initiative_clauses where workspace_id = $1 and initiative_id = $2", args![id]).await?;
    act.execute("delete from initiative_kpis where workspace_id = $1 and initiative_id = $2", args![id]).await?;
    for member in &plan.members {
        act.execute("insert into initiative_members (workspace_id, initiative_id, member_id) values ($1, $2, $3) on conflict do nothing", args![id, *member])
            .await?;
    }
    for clause in &plan.clauses {
        let known: Option<(ClauseId,)> = act.maybe("select id from clauses where workspace_id = $1 and id = $2", args![*clause]).await?;
        if known.is_none() {
            return Err(Error::invalid("clauses", "Choose from the list."));
        }
        act.execute("insert into initiative_clauses (workspace_id, initiative_id, clause_id) values ($1, $2, $3) on conflict do nothing", args![id, *clause])
            .await?;
    }
    for kpi in &plan.kpis {
        let known: Option<(KpiId,)> = act.maybe("select id from kpis where workspace_id = $1 and id = $2", args![*kpi]).await?;
        if known.is_none() {
            return Err(Error::invalid("kpis", "Choose from the list."));
        }
        act.execute("insert into initiative_kpis (workspace_id, initiative_id, kpi_id) values ($1, $2, $3) on conflict do nothing", args![id, *kpi]).await?;
    }
    Ok(())
}

fn event(verb: &'static str, id: InitiativeId, number: i64, title: &str) -> Event {
    Event::new(verb, "initiative", id.uuid(), title).at(format!("initiatives/{number}"))
}

/// Proposes an initiative. Sent twice with one id, it is made once.
pub async fn start(viewer: &Viewer, id: InitiativeId, plan: Plan) -> Result<i64> {
    let mut act = viewer.act().await?;
    let permit = act.permit(Deed::StartInitiative)?;
    if let Some((number,)) = act.maybe::<(i64,)>("select number from initiatives where workspace_id = $1 and id = $2", args![id]).await? {
        return Ok(number);
    }
    check(&mut act, &plan).await?;
    let (number,): (i64,) = act.one("select coalesce(max(number), 0) + 1 from initiatives where workspace_id = $1", Vec::new()).await?;
    act.execute(
        "insert into initiatives (id, workspace_id, number, title, purpose, phase, starts_on, due_on, marketing_lead, technology_lead, version, created_at)
         values ($2, $1, $3, $4, $5, 'proposed', $6, $7, $8, $9, 1, $10)",
        args![id, number, &plan.title, &plan.purpose, plan.starts_on, plan.due_on, plan.marketing_lead, plan.technology_lead, act.now()],
    )
    .await?;
    relate(&mut act, id, &plan).await?;
    phase_row(&mut act, id, Phase::Proposed, "").await?;
    act.commit(permit, event("proposed the initiative", id, number, &plan.title)).await?;
    Ok(number)
}

async fn phase_row(act: &mut Act, id: InitiativeId, phase: Phase, because: &str) -> Result<()> {
    let row: PhaseId = act.fresh_id();
    act.execute(
        "insert into initiative_phases (id, workspace_id, initiative_id, phase, because, at, by_member) values ($2, $1, $3, $4, $5, $6, $7)",
        args![row, id, phase, because, act.now(), act.member_id()],
    )
    .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Current {
    id: InitiativeId,
    title: String,
    purpose: String,
    phase: Phase,
    starts_on: Day,
    due_on: Day,
    marketing_lead: MemberId,
    technology_lead: MemberId,
    version: i64,
}

impl Current {
    const fn leads(&self) -> [MemberId; 2] {
        [self.marketing_lead, self.technology_lead]
    }
}

async fn current(act: &mut Act, number: i64) -> Result<Current> {
    act.one("select id, title, purpose, phase, starts_on, due_on, marketing_lead, technology_lead, version from initiatives where workspace_id = $1 and number = $2", args![number]).await
}

pub async fn edit(viewer: &Viewer, number: i64, version: i64, plan: Plan) -> Result<()> {
    let mut act = viewer.act().await?;
    let current = current(&mut act, number).await?;
    let permit = act.permit(Deed::SteerInitiative { leads: current.leads() })?;
    if current.phase.is_over() {
        return Err(Error::invalid("", "This initiative is closed; it does not change any more."));
    }
    if current.version != version {
        return Err(Error::Conflict);
    }
    check(&mut act, &plan).await?;
    act.execute(
        "update initiatives set title = $3, purpose = $4, starts_on = $5, due_on = $6, marketing_lead = $7, technology_lead = $8, version = version + 1
         where workspace_id = $1 and id = $2",
        args![current.id, &plan.title, &plan.purpose, plan.starts_on, plan.due_on, plan.marketing_lead, plan.technology_lead],
    )
    .await?;
    relate(&mut act, current.id, &plan).await?;
    if current.phase == Phase::Active {
        require_both_sides(&mut act, current.id, "members").await?;
    }
    let event = event("changed the initiative", current.id, number, &plan.title).changed(&[
        ("Title", &current.title, &plan.title),
        ("Purpose", &current.purpose, &plan.purpose),
        ("Starts", &current.starts_on.said_in_full(), &plan.starts_on.said_in_full()),
        ("Due", &current.due_on.said_in_full(), &plan.due_on.said_in_full()),
    ]);
    act.commit(permit, event).await
}

/// Starts, pauses, resumes or closes an initiative.
pub async fn move_to(viewer: &Viewer, number: i64, phase: Phase, because: &str) -> Result<()> {
    let mut act = viewer.act().await?;
    let current = current(&mut act, number).await?;
    let permit = act.permit(Deed::SteerInitiative { leads: current.leads() })?;
    if !current.phase.next().contains(&phase) {
        return Err(Error::invalid("phase", format!("It is {} now; that does not lead there.", current.phase.name().to_lowercase())));
    }
    if phase != Phase::Active && because.is_empty() {
        return Err(Error::invalid("because", "Say why, in a sentence."));
    }
    if phase == Phase::Active {
        // The co-leads sit on both sides by construction; they must still be working members.
        require_of_side(&mut act, "phase", current.marketing_lead, Some(Side::Marketing)).await?;
        require_of_side(&mut act, "phase", current.technology_lead, Some(Side::Technology)).await?;
        require_both_sides(&mut act, current.id, "phase").await?;
    }
    act.execute("update initiatives set phase = $3, version = version + 1 where workspace_id = $1 and id = $2", args![current.id, phase]).await?;
    phase_row(&mut act, current.id, phase, because).await?;
    let verb = match (current.phase, phase) {
        (Phase::Paused, Phase::Active) => "resumed",
        (_, Phase::Active) => "started",
        (_, Phase::Paused) => "paused",
        (_, Phase::Achieved) => "closed as achieved",
        (_, Phase::Missed) => "closed as missed",
        (_, Phase::Proposed) => "proposed",
    };
    act.commit(permit, event(verb, current.id, number, &current.title).detail(because)).await
}

/// A cross-team that works has at least one working member of each side.
async fn require_both_sides(act: &mut Act, id: InitiativeId, field: &'static str) -> Result<()> {
    let (marketing, technology): (i64, i64) = act
        .one(
            "select count(case when m.side = 'marketing' then 1 end), count(case when m.side = 'technology' then 1 end)
             from initiative_members im join members m on m.id = im.member_id
             where im.workspace_id = $1 and im.initiative_id = $2 and m.disabled_at is null and m.role <> 'observer'",
            args![id],
        )
        .await?;
    if marketing == 0 || technology == 0 {
        let missing = if marketing == 0 { Side::Marketing } else { Side::Technology };
        return Err(Error::invalid(field, format!("A cross-team has members of both sides. Add one of {} first.", missing.name())));
    }
    Ok(())
}

const REPEATED_WITHIN_SECONDS: i64 = 60;

/// Says how it goes and what comes next.
pub async fn report(viewer: &Viewer, number: i64, health: Health, note: &str, next_step: &str) -> Result<()> {
    let mut act = viewer.act().await?;
    let current = current(&mut act, number).await?;
    let permit = act.permit(Deed::ReportInitiative { leads: current.leads() })?;
    if current.phase != Phase::Active {
        return Err(Error::invalid("", "Only an active initiative is reported on."));
    }
    let last: Option<(Health, String, String, Option<MemberId>, Moment)> = act
        .maybe("select status, note, next_step, by_member, at from initiative_reports where workspace_id = $1 and initiative_id = $2 order by at desc, id desc limit 1", args![current.id])
        .await?;
    // A double click reports once.
    let is_repeated = last.is_some_and(|(was, said, next, by, at)| {
        was == health && said == note && next == next_step && by == act.member_id() && act.now() < at.plus_seconds(REPEATED_WITHIN_SECONDS)
    });
    if is_repeated {
        return Ok(());
    }
    let id: ReportId = act.fresh_id();
    act.execute(
        "insert into initiative_reports (id, workspace_id, initiative_id, status, note, next_step, at, by_member) values ($2, $1, $3, $4, $5, $6, $7, $8)",
        args![id, current.id, health, note, next_step, act.now(), act.member_id()],
    )
    .await?;
    act.commit(permit, event("reported on", current.id, number, &current.title).detail(format!("{}: {note}", health.name()))).await
}
