//! What may be done to goals.

mod hand_over;

pub use hand_over::hand_over;

use super::Span;
use crate::{
    access::{
        self,
        write::{Ask, CitedGoal},
    },
    args,
    identity::{Action, Side, Transaction, Viewer},
    kpis::{Direction, Doubt, is_far_from, with_unit},
    members::write::require_of_side,
    platform::{
        audit::Event,
        error::{Error, Result},
        ids::{AccessId, GoalId, InitiativeId, KpiId, MemberId},
        quantity::Quantity,
        text,
        time::{Day, Timestamp},
    },
    sql,
};

#[derive(Clone, Debug)]
pub struct GoalInput {
    pub title: String,
    pub why: String,
    pub owner: MemberId,
    pub starts_on: Day,
    pub due_on: Day,
    /// Each KPI once.
    pub measures: Vec<MeasureInput>,
    pub initiatives: Vec<InitiativeId>,
    /// What becomes of a baseline or a target that is far from the KPI's newest value.
    pub doubt: Doubt,
}

/// A KPI and the way that it is to go.
#[derive(Clone, Copy, Debug)]
pub struct MeasureInput {
    /// Where it stands in the form, from 1, for saying where something is wrong.
    pub row: usize,
    pub kpi: KpiId,
    pub span: Span,
}

#[derive(sqlx::FromRow)]
struct Current {
    id: GoalId,
    number: i64,
    title: String,
    why: String,
    starts_on: Day,
    due_on: Day,
    version: i64,
    archived_at: Option<Timestamp>,
}

impl Current {
    fn event(&self, verb: &'static str) -> Event {
        Event::new(verb, "goal", self.id.uuid(), self.title.clone()).at(format!("goals/{}", self.number))
    }
}

async fn current(tx: &mut Transaction, number: i64) -> Result<Current> {
    let current: Current = tx
        .fetch_one(
            sql!(
                "select id, number, title, why, starts_on, due_on, version, archived_at from goals where
                 workspace_id = $1 and number = $2"
            ),
            args![number],
        )
        .await?;
    if current.archived_at.is_some() {
        return Err(Error::invalid("", "This goal is archived and cannot be changed."));
    }
    Ok(current)
}

#[derive(sqlx::FromRow)]
struct KpiRow {
    title: String,
    unit: String,
    direction: Direction,
    is_measured: bool,
    newest: Option<Quantity>,
    /// Whether the goal says just this of the KPI already.
    is_kept: bool,
}

/// Refuses an end of a KPI's way that is far from its newest value, with both in words.
fn require_near(known: &KpiRow, span: Span) -> Result<()> {
    let Some(newest) = known.newest.filter(|_| !known.is_kept) else {
        return Ok(());
    };
    let far = [span.baseline, span.target]
        .into_iter()
        .find(|end| is_far_from(*end, newest));
    far.map_or(Ok(()), |far| {
        Err(Error::invalid(
            "is_sure",
            format!(
                "{}: {}, while its newest value is {}. If that is right, say so here.",
                known.title,
                with_unit(far, &known.unit),
                with_unit(newest, &known.unit)
            ),
        ))
    })
}

/// The measures in words, in order; refused where a KPI is unknown, named twice, would go the wrong way, or
/// is not measured any more while the goal has still to be reached.
async fn check(tx: &mut Transaction, goal: GoalId, plan: &GoalInput) -> Result<String> {
    require_of_side(tx, "owner", plan.owner, Some(Side::Marketing)).await?;
    if plan.due_on <= plan.starts_on {
        return Err(Error::invalid("due_on", "Choose a date after the start."));
    }
    if plan.measures.is_empty() {
        return Err(Error::invalid(
            "kpi-1",
            "Choose at least one KPI, so that both sides can see when the goal is reached.",
        ));
    }
    let mut said = Vec::with_capacity(plan.measures.len());
    for (index, MeasureInput { row, kpi, span }) in plan.measures.iter().enumerate() {
        let known: Option<KpiRow> = tx
            .fetch_optional(
                sql!(
                    "select k.title, k.unit, k.direction, k.archived_at is null as is_measured,
                     (select v.value from kpi_current_values v where v.kpi_id = k.id
                      order by v.period_on desc limit 1) as newest,
                     exists (select 1 from goal_measures x where x.kpi_id = k.id and x.goal_id = $3 and
                     x.baseline = $4 and x.target = $5) as is_kept
                     from kpi_facts k where k.workspace_id = $1 and k.id = $2
                   and (k.archived_at is null or exists (select 1 from goal_measures gm where gm.kpi_id = k.id
                   and gm.goal_id = $3))"
                ),
                args![*kpi, goal, span.baseline, span.target],
            )
            .await?;
        let known = known.ok_or_else(|| Error::invalid(&format!("kpi-{row}"), "Choose from the list."))?;
        if plan.measures[..index].iter().any(|other| other.kpi == *kpi) {
            return Err(Error::invalid(&format!("kpi-{row}"), "Choose each KPI once."));
        }
        if !known.is_measured && plan.due_on >= tx.today() {
            return Err(Error::invalid(
                &format!("kpi-{row}"),
                "This KPI is archived. Choose one that is still measured.",
            ));
        }
        span.check_direction(known.direction)
            .map_err(|why| Error::invalid(&format!("target-{row}"), why))?;
        if plan.doubt == Doubt::Ask {
            require_near(&known, *span)?;
        }
        said.push(format!(
            "{} from {} to {}",
            known.title,
            with_unit(span.baseline, &known.unit),
            with_unit(span.target, &known.unit)
        ));
    }
    Ok(said.join(", "))
}

/// Of the goals that are not over, no two go by one name.
async fn require_own_name(tx: &mut Transaction, id: GoalId, title: &str) -> Result<()> {
    let today = tx.today();
    let known: Vec<(String,)> = tx
        .fetch_all(
            sql!(
                "select title from goals where workspace_id = $1 and archived_at is null and due_on >= $3
                 and id <> $2 order by number"
            ),
            args![id, today],
        )
        .await?;
    text::refuse_namesake(
        known.into_iter().map(|(title,)| title),
        ("title", title),
        "There is a goal of this name already",
    )
}

async fn relate(tx: &mut Transaction, id: GoalId, plan: &GoalInput) -> Result<()> {
    tx.execute(
        sql!("delete from goal_measures where workspace_id = $1 and goal_id = $2"),
        args![id],
    )
    .await?;
    tx.execute(
        sql!("delete from goal_initiatives where workspace_id = $1 and goal_id = $2"),
        args![id],
    )
    .await?;
    for (position, MeasureInput { kpi, span, .. }) in (1_i64..).zip(&plan.measures) {
        tx.execute(
            sql!(
                "insert into goal_measures (workspace_id, goal_id, kpi_id, position, baseline, target) values
                 ($1, $2, $3, $4, $5, $6)"
            ),
            args![id, *kpi, position, span.baseline, span.target],
        )
        .await?;
    }
    for initiative in &plan.initiatives {
        let known: Option<(InitiativeId,)> = tx
            .fetch_optional(
                sql!("select id from initiative_facts where workspace_id = $1 and id = $2"),
                args![*initiative],
            )
            .await?;
        if known.is_none() {
            return Err(Error::invalid("initiatives", "Choose from the list."));
        }
        tx.execute(
            sql!(
                "insert into goal_initiatives (workspace_id, goal_id, initiative_id) values ($1, $2, $3) on
                 conflict do nothing"
            ),
            args![id, *initiative],
        )
        .await?;
    }
    Ok(())
}

/// Sets a goal. Sent twice with one id, it is set once.
pub async fn set(viewer: &Viewer, id: GoalId, plan: GoalInput) -> Result<i64> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::ManageGoal)?;
    if let Some((number,)) = tx
        .fetch_optional::<(i64,)>(
            sql!("select number from goals where workspace_id = $1 and id = $2"),
            args![id],
        )
        .await?
    {
        return Ok(number);
    }
    require_own_name(&mut tx, id, &plan.title).await?;
    let said = check(&mut tx, id, &plan).await?;
    let (number,): (i64,) = tx
        .fetch_one(
            sql!("select coalesce(max(number), 0) + 1 from goals where workspace_id = $1"),
            Vec::new(),
        )
        .await?;
    tx.execute(
        sql!(
            "insert into goals (id, workspace_id, number, title, why, owner_id, starts_on, due_on, version,
             created_at) values ($2, $1, $3, $4, $5, $6, $7, $8, 1, $9)"
        ),
        args![
            id,
            number,
            &plan.title,
            &plan.why,
            plan.owner,
            plan.starts_on,
            plan.due_on,
            tx.now()
        ],
    )
    .await?;
    relate(&mut tx, id, &plan).await?;
    let event =
        Event::new("set the goal", "goal", id.uuid(), plan.title.clone()).at(format!("goals/{number}"));
    tx.commit(
        permit,
        event.detail(format!("{said}, by {}", plan.due_on.format_long())),
    )
    .await?;
    Ok(number)
}

/// Changes a goal; its numbers and dates only with a reason.
pub async fn edit(viewer: &Viewer, number: i64, version: i64, plan: GoalInput, because: &str) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let current = current(&mut tx, number).await?;
    let permit = tx.permit(Action::ManageGoal)?;
    if current.version != version {
        return Err(Error::Conflict);
    }
    if current.title != plan.title {
        require_own_name(&mut tx, current.id, &plan.title).await?;
    }
    let said = check(&mut tx, current.id, &plan).await?;
    let before = measures_in_words(&mut tx, current.id).await?;
    let (owner_before, served_before) = (
        owner_in_words(&mut tx, current.id).await?,
        serving_label(&mut tx, current.id).await?,
    );
    let moves = before != said || current.starts_on != plan.starts_on || current.due_on != plan.due_on;
    if moves && because.is_empty() {
        return Err(Error::invalid(
            "because",
            "Write the reason: changing the numbers or dates of a goal needs one.",
        ));
    }
    tx.execute(
        sql!(
            "update goals set title = $3, why = $4, owner_id = $5, starts_on = $6, due_on = $7, version =
             version + 1 where workspace_id = $1 and id = $2"
        ),
        args![
            current.id,
            &plan.title,
            &plan.why,
            plan.owner,
            plan.starts_on,
            plan.due_on
        ],
    )
    .await?;
    relate(&mut tx, current.id, &plan).await?;
    let (owner, served) = (
        owner_in_words(&mut tx, current.id).await?,
        serving_label(&mut tx, current.id).await?,
    );
    let event = current.event("changed the goal").with_changes(&[
        ("Title", &current.title, &plan.title),
        ("Why", &current.why, &plan.why),
        ("Measured by", &before, &said),
        (
            "From",
            &current.starts_on.format_long(),
            &plan.starts_on.format_long(),
        ),
        ("By", &current.due_on.format_long(), &plan.due_on.format_long()),
        ("Owner", &owner_before, &owner),
        ("Served by", &served_before, &served),
        ("Because", "", if moves { because } else { "" }),
    ]);
    tx.commit(permit, event).await
}

async fn measures_in_words(tx: &mut Transaction, id: GoalId) -> Result<String> {
    let rows: Vec<(String, String, Quantity, Quantity)> = tx
        .fetch_all(
            sql!(
                "select k.title, k.unit, gm.baseline, gm.target from goal_measures gm join kpi_facts k on k.id
                 = gm.kpi_id
             where gm.workspace_id = $1 and gm.goal_id = $2 order by gm.position"
            ),
            args![id],
        )
        .await?;
    let said: Vec<String> = rows
        .into_iter()
        .map(|(title, unit, baseline, target)| {
            format!(
                "{title} from {} to {}",
                with_unit(baseline, &unit),
                with_unit(target, &unit)
            )
        })
        .collect();
    Ok(said.join(", "))
}

async fn owner_in_words(tx: &mut Transaction, id: GoalId) -> Result<String> {
    let (name,): (String,) = tx
        .fetch_one(
            sql!(
                "select m.name from goals g join people m on m.id = g.owner_id where g.workspace_id
             = $1 and g.id = $2"
            ),
            args![id],
        )
        .await?;
    Ok(name)
}

async fn serving_label(tx: &mut Transaction, id: GoalId) -> Result<String> {
    let titles: Vec<(String,)> = tx
        .fetch_all(
            sql!(
                "select i.title from goal_initiatives x join initiative_facts i on i.id = x.initiative_id
                 where x.workspace_id = $1 and x.goal_id = $2 order by i.number"
            ),
            args![id],
        )
        .await?;
    Ok(titles
        .into_iter()
        .map(|(title,)| title)
        .collect::<Vec<_>>()
        .join(", "))
}

/// Gives a goal up, and with it what is asked for it and not granted. What was granted ends on its own day.
pub async fn archive(viewer: &Viewer, number: i64, version: i64, because: &str) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let current = current(&mut tx, number).await?;
    let permit = tx.permit(Action::ManageGoal)?;
    if current.version != version {
        return Err(Error::Conflict);
    }
    tx.execute(
        sql!(
            "update goals set archived_at = $3, archived_because = $4, version = version + 1 where
             workspace_id = $1 and id = $2"
        ),
        args![current.id, tx.now(), because],
    )
    .await?;
    access::write::end_requests(&mut tx, current.id, because).await?;
    tx.commit(permit, current.event("archived the goal").detail(because))
        .await
}

/// Asks for access that a goal needs. Gives the request's number.
pub async fn ask_access(viewer: &Viewer, id: AccessId, number: i64, ask: Ask) -> Result<i64> {
    let mut tx = viewer.begin().await?;
    let goal = current(&mut tx, number).await?;
    access::write::ask(
        tx,
        id,
        CitedGoal {
            id: goal.id,
            title: goal.title,
        },
        ask,
    )
    .await
}
