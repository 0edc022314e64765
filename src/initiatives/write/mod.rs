//! What may be done to an initiative.

mod charter;
mod check_in;
mod close;
mod hand_over;
mod move_to;
mod phase;

pub use self::move_to::move_to;
pub use charter::{CharterOnTable, take_charter_back};
pub use check_in::{CheckInAction, CheckInInput, acknowledge, check_in, comment, correct};
pub use close::{RetrospectiveInput, RetrospectiveOnTable, propose_closing, take_closing_back};
pub use hand_over::hand_over;

use self::phase::{phase_row, require_both_sides};
use super::{CheckInCadence, Phase, templates::InitiativeTemplate};

use crate::{
    args, decisions,
    handshake::{Kind, write as handshake},
    identity::{Action, Side, Transaction, Viewer},
    kpis,
    members::write::{require_of_side, require_own_side_names},
    milestones,
    platform::{
        audit::Event,
        error::{Error, Result},
        ids::{ClauseId, InitiativeId, KpiId, MemberId},
        text,
        time::Day,
    },
    sql,
};

#[derive(Clone, Debug)]
pub struct InitiativeInput {
    pub title: String,
    pub purpose: String,
    pub starts_on: Day,
    pub due_on: Day,
    pub marketing_lead: MemberId,
    pub technology_lead: MemberId,
    /// Whose co-lead drives it and checks in.
    pub driver_side: Side,
    pub cadence: CheckInCadence,
    /// Members and what each answers for.
    pub members: Vec<(MemberId, String)>,
    pub clauses: Vec<ClauseId>,
    pub kpis: Vec<KpiId>,
}

async fn check(tx: &mut Transaction, plan: &InitiativeInput) -> Result<()> {
    if plan.due_on < plan.starts_on {
        return Err(Error::invalid("due_on", "Choose an end after the start."));
    }
    require_of_side(tx, "marketing_lead", plan.marketing_lead, Some(Side::Marketing)).await?;
    require_of_side(
        tx,
        "technology_lead",
        plan.technology_lead,
        Some(Side::Technology),
    )
    .await?;
    for (member, _) in &plan.members {
        require_of_side(tx, "members", *member, None).await?;
    }
    Ok(())
}

/// Of the initiatives that are not over, no two go by one name.
async fn require_own_name(tx: &mut Transaction, id: InitiativeId, title: &str) -> Result<()> {
    let known: Vec<(String, Phase)> = tx
        .fetch_all(
            sql!("select title, phase from initiatives where workspace_id = $1 and id <> $2 order by number"),
            args![id],
        )
        .await?;
    let open = known.into_iter().filter(|(_, phase)| !phase.is_over());
    text::refuse_namesake(
        open.map(|(title, _)| title),
        ("title", title),
        "There is an initiative of this name already",
    )
}

async fn relate(tx: &mut Transaction, id: InitiativeId, plan: &InitiativeInput) -> Result<()> {
    tx.execute(
        sql!("delete from initiative_members where workspace_id = $1 and initiative_id = $2"),
        args![id],
    )
    .await?;
    tx.execute(
        sql!("delete from initiative_clauses where workspace_id = $1 and initiative_id = $2"),
        args![id],
    )
    .await?;
    tx.execute(
        sql!("delete from initiative_kpis where workspace_id = $1 and initiative_id = $2"),
        args![id],
    )
    .await?;
    for (member, responsibility) in &plan.members {
        tx.execute(
            sql!(
                "insert into initiative_members (workspace_id, initiative_id, member_id, responsibility)
                 values ($1, $2, $3, $4) on conflict do nothing"
            ),
            args![id, *member, responsibility.as_str()],
        )
        .await?;
    }
    for clause in &plan.clauses {
        let known: Option<(ClauseId,)> = tx
            .fetch_optional(
                sql!("select id from clause_facts where workspace_id = $1 and id = $2"),
                args![*clause],
            )
            .await?;
        if known.is_none() {
            return Err(Error::invalid("clauses", "Choose from the list."));
        }
        tx.execute(
            sql!(
                "insert into initiative_clauses (workspace_id, initiative_id, clause_id) values ($1, $2, $3)
                 on conflict do nothing"
            ),
            args![id, *clause],
        )
        .await?;
    }
    for kpi in &plan.kpis {
        let known: Option<(KpiId,)> = tx
            .fetch_optional(
                sql!("select id from kpi_facts where workspace_id = $1 and id = $2"),
                args![*kpi],
            )
            .await?;
        if known.is_none() {
            return Err(Error::invalid("kpis", "Choose from the list."));
        }
        tx.execute(
            sql!(
                "insert into initiative_kpis (workspace_id, initiative_id, kpi_id) values ($1, $2, $3)
             on conflict do nothing"
            ),
            args![id, *kpi],
        )
        .await?;
    }
    Ok(())
}

fn event(verb: &'static str, id: InitiativeId, number: i64, title: &str) -> Event {
    Event::new(verb, "initiative", id.uuid(), title).at(format!("initiatives/{number}"))
}

/// Proposes an initiative, perhaps with what a template brings. Sent twice with one id, it is made once.
pub async fn start(
    viewer: &Viewer,
    id: InitiativeId,
    plan: InitiativeInput,
    template: Option<&InitiativeTemplate>,
) -> Result<i64> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::StartInitiative)?;
    if let Some((number,)) = tx
        .fetch_optional::<(i64,)>(
            sql!("select number from initiatives where workspace_id = $1 and id = $2"),
            args![id],
        )
        .await?
    {
        return Ok(number);
    }
    require_own_name(&mut tx, id, &plan.title).await?;
    check(&mut tx, &plan).await?;
    let (number,): (i64,) = tx
        .fetch_one(
            sql!("select coalesce(max(number), 0) + 1 from initiatives where workspace_id = $1"),
            Vec::new(),
        )
        .await?;
    tx.execute(
        sql!(
            "insert into initiatives (id, workspace_id, number, title, purpose, phase, starts_on, due_on,
             marketing_lead, technology_lead, driver_side, cadence, version, created_at)
         values ($2, $1, $3, $4, $5, 'proposed', $6, $7, $8, $9, $10, $11, 1, $12)"
        ),
        args![
            id,
            number,
            &plan.title,
            &plan.purpose,
            plan.starts_on,
            plan.due_on,
            plan.marketing_lead,
            plan.technology_lead,
            plan.driver_side,
            plan.cadence,
            tx.now()
        ],
    )
    .await?;
    relate(&mut tx, id, &plan).await?;
    phase_row(&mut tx, id, Phase::Proposed, "").await?;
    if let Some(template) = template {
        fill(&mut tx, id, &plan, template).await?;
    }
    tx.commit(permit, event("proposed the initiative", id, number, &plan.title))
        .await?;
    Ok(number)
}

/// Adds what a template brings; the driving co-lead drives and owns all of it.
async fn fill(
    tx: &mut Transaction,
    id: InitiativeId,
    plan: &InitiativeInput,
    template: &InitiativeTemplate,
) -> Result<()> {
    let driver = match plan.driver_side {
        Side::Marketing => plan.marketing_lead,
        Side::Technology => plan.technology_lead,
    };
    let (marketing_owner, technology_owner) = (plan.marketing_lead, plan.technology_lead);
    for milestone in template.milestones {
        let promised = milestones::write::MilestoneInput {
            title: milestone.title.to_owned(),
            outcome: milestone.outcome.to_owned(),
            driver,
            marketing_owner,
            technology_owner,
            asks_other_side: false,
        };
        let steps: Vec<milestones::write::Step> = milestone
            .steps
            .iter()
            .map(|(title, after)| milestones::write::Step::new(*title, driver, plan.starts_on.plus(*after)))
            .collect();
        milestones::write::promise_in(
            tx,
            id,
            &promised,
            plan.starts_on.plus(milestone.due_after),
            &steps,
        )
        .await?;
    }
    for question in template.questions {
        let question = decisions::write::Question {
            question: question.question.to_owned(),
            context: question.context.to_owned(),
            initiative: Some(id),
            driver,
            decide_by: plan.starts_on.plus(question.due_after),
            evidence: decisions::write::EvidenceInput::default(),
        };
        decisions::write::ask_in(tx, question).await?;
    }
    for number in template.kpis {
        let measured = kpis::write::KpiInput {
            title: number.title.to_owned(),
            about: number.about.to_owned(),
            unit: number.unit.to_owned(),
            direction: if number.should_fall {
                kpis::Direction::Decrease
            } else {
                kpis::Direction::Increase
            },
            cadence: kpis::Cadence::Monthly,
            baseline: None,
            starts_on: plan.starts_on,
            watch_below: 90,
            act_below: 70,
            driver,
            marketing_owner,
            technology_owner,
        };
        let kpi = kpis::write::start_in(tx, &measured).await?;
        tx.execute(
            sql!("insert into initiative_kpis (workspace_id, initiative_id, kpi_id) values ($1, $2, $3)"),
            args![id, kpi],
        )
        .await?;
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Current {
    id: InitiativeId,
    number: i64,
    title: String,
    purpose: String,
    phase: Phase,
    starts_on: Day,
    due_on: Day,
    marketing_lead: MemberId,
    technology_lead: MemberId,
    driver_side: Side,
    cadence: CheckInCadence,
    next_check_in_on: Option<Day>,
    version: i64,
}

impl Current {
    fn event(&self, verb: &'static str) -> Event {
        event(verb, self.id, self.number, &self.title)
    }

    const fn lead(&self, side: Side) -> MemberId {
        match side {
            Side::Marketing => self.marketing_lead,
            Side::Technology => self.technology_lead,
        }
    }

    const fn leads(&self) -> [MemberId; 2] {
        [self.marketing_lead, self.technology_lead]
    }
}

async fn current(tx: &mut Transaction, number: i64) -> Result<Current> {
    tx.fetch_one(
        sql!(
            "select id, number, title, purpose, phase, starts_on, due_on, marketing_lead, technology_lead,
             driver_side, cadence, next_check_in_on, version
         from initiatives where workspace_id = $1 and number = $2"
        ),
        args![number],
    )
    .await
}

pub async fn edit(viewer: &Viewer, number: i64, version: i64, plan: InitiativeInput) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let current = current(&mut tx, number).await?;
    let permit = tx.permit(Action::ManageInitiative {
        leads: current.leads(),
    })?;
    if current.phase.is_over() {
        return Err(Error::invalid(
            "",
            "This initiative is closed and cannot be changed.",
        ));
    }
    if current.version != version {
        return Err(Error::Conflict);
    }
    if current.title != plan.title {
        require_own_name(&mut tx, current.id, &plan.title).await?;
    }
    check(&mut tx, &plan).await?;
    // Before it runs, the whole team is a proposal, which both co-leads sign.
    if current.phase != Phase::Proposed {
        require_own_side_names(
            &tx,
            (current.marketing_lead, current.technology_lead),
            (plan.marketing_lead, plan.technology_lead),
            ["marketing_lead", "technology_lead"],
        )?;
    }
    tx.execute(
        sql!(
            "update initiatives set title = $3, purpose = $4, starts_on = $5, due_on = $6, marketing_lead =
             $7, technology_lead = $8, driver_side = $9, cadence = $10,
                version = version + 1 where workspace_id = $1 and id = $2"
        ),
        args![
            current.id,
            &plan.title,
            &plan.purpose,
            plan.starts_on,
            plan.due_on,
            plan.marketing_lead,
            plan.technology_lead,
            plan.driver_side,
            plan.cadence
        ],
    )
    .await?;
    // A shorter cadence asks sooner; a longer one lets stand what was asked already.
    if let Some(awaited) = current
        .next_check_in_on
        .filter(|_| plan.cadence != current.cadence)
    {
        let sooner = awaited.min(plan.cadence.after(tx.today()));
        tx.execute(
            sql!("update initiatives set next_check_in_on = $3 where workspace_id = $1 and id = $2"),
            args![current.id, sooner],
        )
        .await?;
    }
    if plan.title != current.title
        || plan.marketing_lead != current.marketing_lead
        || plan.technology_lead != current.technology_lead
    {
        // Whoever leads it now signs a retrospective under its name now.
        handshake::close(&mut tx, Kind::Retrospective, current.id.uuid(), "edited").await?;
    }
    let team_before = charter::team_in_words(&mut tx, &current).await?;
    relate(&mut tx, current.id, &plan).await?;
    if current.phase == Phase::Active {
        require_both_sides(&mut tx, current.id, "members").await?;
    }
    let team = charter::team_in_words(&mut tx, &current).await?;
    let changed = self::current(&mut tx, number).await?;
    charter::keep_true(&mut tx, &current, &changed).await?;
    let before = tx.member_names(current.leads()).await?;
    let after = tx.member_names(changed.leads()).await?;
    let event = current.event("changed the initiative").with_changes(&[
        ("Title", &current.title, &plan.title),
        ("Purpose", &current.purpose, &plan.purpose),
        (
            "Starts",
            &current.starts_on.format_long(),
            &plan.starts_on.format_long(),
        ),
        ("Due", &current.due_on.format_long(), &plan.due_on.format_long()),
        ("Check-in", current.cadence.name(), plan.cadence.name()),
        ("Lead", current.driver_side.name(), plan.driver_side.name()),
        ("Marketing’s co-lead", &before[0], &after[0]),
        ("Technology’s co-lead", &before[1], &after[1]),
        ("Team", &team_before, &team),
    ]);
    tx.commit(permit, event).await
}
