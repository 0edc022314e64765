//! What may be done to a KPI.

mod above;

mod archive;

mod feed;

mod formula;

mod hand_over;

mod import;

mod period;

mod proposal;

mod talk;
mod targets;

mod value;

use super::import as tables;
use crate::{
    args,
    handshake::{Kind, write as handshake},
    identity::{Action, Side, Transaction, Viewer},
    members::write::{OWNERS, require_of_side, require_own_side_names},
    platform::{
        audit::Event,
        error::{Error, Result},
        ids::{KpiId, KpiValueId, MemberId},
        quantity::Quantity,
        time::Day,
    },
    sql,
};

pub use self::talk::PeriodTalk;
pub use archive::archive;
pub use feed::{DeliveryOutcome, deliver, end_feed, issue_feed};

pub use formula::set_formula;

pub use hand_over::hand_over;

pub use import::{Confirmation, import};

pub use period::{CorrectiveAction, Judgement, PeriodOnTable, attest, dispute, enter};

pub use proposal::{TargetsOnTable, take_targets_back};

pub use targets::{PeriodTarget, propose_targets};

use self::value::{newest_before, offer_again};

use super::{Cadence, Direction, Formula};

#[derive(Clone, Debug)]
pub struct KpiInput {
    pub title: String,
    pub about: String,
    pub unit: String,
    pub direction: Direction,
    pub cadence: Cadence,
    pub baseline: Option<Quantity>,
    pub starts_on: Day,
    pub watch_below: i64,
    pub act_below: i64,
    pub driver: MemberId,
    pub marketing_owner: MemberId,
    pub technology_owner: MemberId,
}

/// The KPI in force that goes by a name, whatever its case and spaces.
async fn namesake(tx: &mut Transaction, title: &str) -> Result<Option<(KpiId, String)>> {
    let known: Vec<(KpiId, String)> = tx
        .fetch_all(
            sql!(
                "select id, title from kpis where workspace_id = $1 and archived_at is null order by number"
            ),
            Vec::new(),
        )
        .await?;
    let key = tables::name_key(title);
    Ok(known
        .into_iter()
        .find(|(_, title)| tables::name_key(title) == key))
}

/// `own` is the KPI that is being changed: tables name KPIs by their titles, so no two go by one.
async fn check(tx: &mut Transaction, plan: &KpiInput, own: Option<KpiId>) -> Result<()> {
    if let Some((id, title)) = namesake(tx, &plan.title).await?
        && Some(id) != own
    {
        return Err(Error::invalid(
            "title",
            format!("There is a KPI of this name already: “{title}”."),
        ));
    }
    if plan.act_below > plan.watch_below || plan.watch_below > 100 || plan.act_below < 0 {
        return Err(Error::invalid(
            "act",
            "Off track begins below at risk, both between 0 and 100 %.",
        ));
    }
    require_of_side(tx, "driver", plan.driver, None).await?;
    require_of_side(tx, "marketing_owner", plan.marketing_owner, Some(Side::Marketing)).await?;
    require_of_side(
        tx,
        "technology_owner",
        plan.technology_owner,
        Some(Side::Technology),
    )
    .await
}

fn event(verb: &'static str, id: KpiId, number: i64, title: &str) -> Event {
    Event::new(verb, "kpi", id.uuid(), title).at(format!("kpis/{number}"))
}

/// Starts measuring. Sent twice with one id, it is made once.
pub async fn start(viewer: &Viewer, id: KpiId, plan: KpiInput) -> Result<i64> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::ManageKpi)?;
    if let Some((number,)) = tx
        .fetch_optional::<(i64,)>(
            sql!("select number from kpis where workspace_id = $1 and id = $2"),
            args![id],
        )
        .await?
    {
        return Ok(number);
    }
    let number = insert(&mut tx, id, &plan).await?;
    tx.commit(permit, event("started measuring", id, number, &plan.title))
        .await?;
    Ok(number)
}

async fn insert(tx: &mut Transaction, id: KpiId, plan: &KpiInput) -> Result<i64> {
    check(tx, plan, None).await?;
    let (number,): (i64,) = tx
        .fetch_one(
            sql!("select coalesce(max(number), 0) + 1 from kpis where workspace_id = $1"),
            Vec::new(),
        )
        .await?;
    tx.execute(
        sql!(
            "insert into kpis (id, workspace_id, number, title, about, unit, direction, cadence, baseline,
             starts_on, watch_below, act_below,
                           driver_id, marketing_owner, technology_owner, version, created_at)
         values ($2, $1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 1, $16)"
        ),
        args![
            id,
            number,
            &plan.title,
            plan.about.as_str(),
            plan.unit.as_str(),
            plan.direction,
            plan.cadence,
            plan.baseline,
            plan.cadence.period_of(plan.starts_on),
            plan.watch_below,
            plan.act_below,
            plan.driver,
            plan.marketing_owner,
            plan.technology_owner,
            tx.now()
        ],
    )
    .await?;
    Ok(number)
}

/// Starts measuring as part of a larger transaction: for an initiative's template. What is measured under the
/// same name already is taken as it is.
pub async fn start_in(tx: &mut Transaction, plan: &KpiInput) -> Result<KpiId> {
    if let Some((known, _)) = namesake(tx, &plan.title).await? {
        return Ok(known);
    }
    let id: KpiId = tx.fresh_id();
    let number = insert(tx, id, plan).await?;
    tx.record(event("started measuring", id, number, &plan.title))
        .await?;
    Ok(id)
}

#[derive(sqlx::FromRow)]
struct Current {
    id: KpiId,
    number: i64,
    title: String,
    about: String,
    unit: String,
    direction: Direction,
    cadence: Cadence,
    baseline: Option<Quantity>,
    starts_on: Day,
    watch_below: i64,
    act_below: i64,
    driver_id: MemberId,
    marketing_owner: MemberId,
    technology_owner: MemberId,
    formula: Option<Formula>,
    version: i64,
}

impl Current {
    /// Below how much of a target, in percent, a number is at risk and off track.
    const fn limits(&self) -> (i64, i64) {
        (self.watch_below, self.act_below)
    }

    fn event(&self, verb: &'static str) -> Event {
        event(verb, self.id, self.number, &self.title)
    }
}

async fn current(tx: &mut Transaction, number: i64) -> Result<Current> {
    tx.fetch_one(
        sql!(
            "select id, number, title, about, unit, direction, cadence, baseline, starts_on, watch_below, \
                act_below, driver_id,
             marketing_owner, technology_owner, formula, version
         from kpis where workspace_id = $1 and number = $2 and archived_at is null"
        ),
        args![number],
    )
    .await
}

/// Whether something was done, or both owners are asked to sign it first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeOutcome {
    Done,
    Asked,
}

/// Changes what may change: once there are values or targets, neither the cadence nor the direction on which
/// they stand, and the start only to an earlier period. Other limits wait for both owners where there are
/// targets.
pub async fn edit(viewer: &Viewer, number: i64, version: i64, mut plan: KpiInput) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::ManageKpi)?;
    let current = current(&mut tx, number).await?;
    if current.version != version {
        return Err(Error::Conflict);
    }
    check(&mut tx, &plan, Some(current.id)).await?;
    require_own_side_names(
        &tx,
        (current.marketing_owner, current.technology_owner),
        (plan.marketing_owner, plan.technology_owner),
        OWNERS,
    )?;
    refuse_what_stands(&mut tx, &current, &plan).await?;
    let limits = (plan.watch_below, plan.act_below);
    let is_judged = targets::is_judged(&mut tx, &current).await?;
    let lying = targets::proposed_targets(&mut tx, &current).await?;
    let asks_for_limits = is_judged && limits != targets::limits_wanted(lying.as_ref(), &current);
    if is_judged {
        (plan.watch_below, plan.act_below) = current.limits();
    }
    tx.execute(
        sql!(
            "update kpis set title = $3, about = $4, unit = $5, direction = $6, cadence = $7, baseline = $8,
             starts_on = $9, watch_below = $10, act_below = $11,
                driver_id = $12, marketing_owner = $13, technology_owner = $14, version = version + 1 where
                workspace_id = $1 and id = $2"
        ),
        args![
            current.id,
            &plan.title,
            plan.about.as_str(),
            &plan.unit,
            plan.direction,
            plan.cadence,
            plan.baseline,
            plan.cadence.period_of(plan.starts_on),
            plan.watch_below,
            plan.act_below,
            plan.driver,
            plan.marketing_owner,
            plan.technology_owner
        ],
    )
    .await?;
    if plan.marketing_owner != current.marketing_owner || plan.technology_owner != current.technology_owner {
        // Whoever owns it now is asked for what is not sealed.
        let owners = (plan.marketing_owner, plan.technology_owner);
        for value in unsealed_values(&mut tx, current.id).await? {
            let (marketing, technology) = owners;
            let owners = (Some(marketing), Some(technology));
            handshake::set_owners(&mut tx, Kind::Kpi, value.uuid(), owners).await?;
        }
    }
    if plan.title != current.title || plan.unit != current.unit {
        // What is signed is what is shown: periods that are not sealed are attested anew under the new words.
        let unsealed: Vec<(Day,)> = tx
            .fetch_all(
                sql!(
                    "select v.period_on from kpi_values v join tabled_handshakes h on h.kind = 'kpi' and
                     h.subject_id = v.id and h.sealed_at is null
                 where v.workspace_id = $1 and v.kpi_id = $2 and v.replaced_at is null"
                ),
                args![current.id],
            )
            .await?;
        let renamed = self::current(&mut tx, number).await?;
        for (period,) in unsealed {
            offer_again(&mut tx, &renamed, period).await?;
        }
    }
    let changed = self::current(&mut tx, number).await?;
    targets::keep_true(&mut tx, &changed).await?;
    if asks_for_limits {
        targets::propose_limits(&mut tx, &changed, limits).await?;
    }
    let event = change_event(&mut tx, &current, &plan).await?;
    tx.commit(permit, event).await
}

/// What changed, from what to what.
async fn change_event(tx: &mut Transaction, current: &Current, plan: &KpiInput) -> Result<Event> {
    let before = tx
        .member_names([
            current.marketing_owner,
            current.technology_owner,
            current.driver_id,
        ])
        .await?;
    let after = tx
        .member_names([plan.marketing_owner, plan.technology_owner, plan.driver])
        .await?;
    let said = |quantity: Option<Quantity>| quantity.map_or_else(|| "none".to_owned(), Quantity::format);
    let percent = |limit: i64| format!("{limit}%");
    Ok(
        event("changed the KPI", current.id, current.number, &plan.title).with_changes(&[
            ("Title", &current.title, &plan.title),
            ("What it counts", &current.about, &plan.about),
            (
                "First period",
                &current.starts_on.format_long(),
                &plan.cadence.period_of(plan.starts_on).format_long(),
            ),
            ("Unit", &current.unit, &plan.unit),
            ("Direction", current.direction.as_str(), plan.direction.as_str()),
            ("Cadence", current.cadence.as_str(), plan.cadence.as_str()),
            ("Baseline", &said(current.baseline), &said(plan.baseline)),
            (
                "At risk below",
                &percent(current.watch_below),
                &percent(plan.watch_below),
            ),
            (
                "Off track below",
                &percent(current.act_below),
                &percent(plan.act_below),
            ),
            ("Driver", &before[2], &after[2]),
            ("Marketing’s owner", &before[0], &after[0]),
            ("Technology’s owner", &before[1], &after[1]),
        ]),
    )
}

async fn current_by_id(tx: &mut Transaction, id: KpiId) -> Result<Current> {
    tx.fetch_one(
        sql!(
            "select id, number, title, about, unit, direction, cadence, baseline, starts_on, watch_below, \
                act_below, driver_id,
             marketing_owner, technology_owner, formula, version
         from kpis where workspace_id = $1 and id = $2 and archived_at is null"
        ),
        args![id],
    )
    .await
}

#[derive(sqlx::FromRow)]
struct TargetRow {
    low: Option<Quantity>,
    high: Option<Quantity>,
}

/// The values of a KPI that lie before both owners and are not attested by both.
async fn unsealed_values(tx: &mut Transaction, id: KpiId) -> Result<Vec<KpiValueId>> {
    let values: Vec<(KpiValueId,)> = tx
        .fetch_all(
            sql!(
                "select v.id from kpi_values v join tabled_handshakes h on h.kind = 'kpi' and h.subject_id =
                 v.id and h.sealed_at is null
                 where v.workspace_id = $1 and v.kpi_id = $2 order by v.id"
            ),
            args![id],
        )
        .await?;
    Ok(values.into_iter().map(|(id,)| id).collect())
}

/// What a KPI counts is not put into other words between the two signatures under a number of it, or of one
/// that is made of it.
async fn refuse_rewording(tx: &mut Transaction, current: &Current, plan: &KpiInput) -> Result<()> {
    if plan.about == current.about {
        return Ok(());
    }
    above::refuse_under_a_signature(tx, current).await?;
    let (half_signed,): (i64,) = tx
        .fetch_one(
            sql!(
                "select count(*) from tabled_handshakes h join filled_seats s on s.handshake_id = h.id
                 where h.workspace_id = $1 and h.sealed_at is null and (h.kind = 'targets' and h.subject_id = $2
                   or h.kind = 'kpi' and h.subject_id in (select v.id from kpi_values v where v.workspace_id
                     = $1 and v.kpi_id = $2)) and s.verdict <> 'object'"
            ),
            args![current.id],
        )
        .await?;
    if half_signed > 0 {
        return Err(Error::invalid(
            "about",
            "One owner has signed a number of this KPI. Change the words after the other one has signed, too, or \
             after that signature is withdrawn.",
        ));
    }
    Ok(())
}

/// Refuses to turn what the definition in force measures a clause by into something else: both sides signed
/// that it is this number.
async fn refuse_inverting(tx: &mut Transaction, current: &Current, plan: &KpiInput) -> Result<()> {
    let changed = [
        (plan.unit != current.unit, "unit"),
        (plan.direction != current.direction, "direction"),
        (plan.cadence != current.cadence, "cadence"),
    ];
    if let Some((_, field)) = changed.into_iter().find(|(changed, _)| *changed)
        && archive::is_in_force(tx, current).await?
    {
        let what = format!(
            "The {field} cannot change: the definition that both sides signed measures a clause by it. Measure \
             the clause by another KPI first."
        );
        return Err(Error::invalid(field, what));
    }
    Ok(())
}

/// What values, targets, formulas and goals stand on does not change.
async fn refuse_what_stands(tx: &mut Transaction, current: &Current, plan: &KpiInput) -> Result<()> {
    let (values,): (i64,) = tx
        .fetch_one(
            sql!("select count(*) from kpi_values where workspace_id = $1 and kpi_id = $2"),
            args![current.id],
        )
        .await?;
    let (targets,): (i64,) = tx
        .fetch_one(
            sql!(
                "select count(*) from kpi_targets where workspace_id = $1 and kpi_id = $2 and
             replaced_at is null"
            ),
            args![current.id],
        )
        .await?;
    let is_proposed = targets::proposed_targets(tx, current).await?.is_some();
    if values + targets > 0 || is_proposed || targets::is_signed(tx, current).await? {
        for (changed, field, what) in [
            (
                plan.cadence != current.cadence,
                "cadence",
                "The cadence cannot change: there are values or targets already.",
            ),
            (
                plan.unit != current.unit,
                "unit",
                "The unit cannot change: there are values or targets already. Create another KPI.",
            ),
            (
                plan.direction != current.direction,
                "direction",
                "The direction cannot change: there are values or targets already. Create another KPI.",
            ),
            (
                plan.cadence.period_of(plan.starts_on) > current.starts_on,
                "starts_on",
                "You can only move the start earlier: there are values or targets already.",
            ),
        ] {
            if changed {
                return Err(Error::invalid(field, what));
            }
        }
    }
    refuse_rewording(tx, current, plan).await?;
    refuse_inverting(tx, current, plan).await?;
    if plan.unit != current.unit || plan.cadence != current.cadence {
        above::refuse_under_a_signature(tx, current).await?;
        let (formulas,): (i64,) = tx
            .fetch_one(
                sql!(
                    "select count(*) from kpi_inputs where workspace_id = $1 and (kpi_id = $2 or
                 input_id = $2)"
                ),
                args![current.id],
            )
            .await?;
        if formulas > 0 {
            return Err(Error::invalid(
                "unit",
                "A formula uses this unit and cadence. End the formula first.",
            ));
        }
    }
    if plan.unit != current.unit || plan.direction != current.direction {
        let goals: Vec<(String,)> = tx
            .fetch_all(
                sql!(
                    "select g.title from goal_measure_links gm join goal_facts g on g.id = gm.goal_id where
                     gm.workspace_id = $1 and gm.kpi_id = $2 and g.archived_at is null order by g.number"
                ),
                args![current.id],
            )
            .await?;
        if let Some((goal,)) = goals.first() {
            let field = if plan.unit == current.unit {
                "direction"
            } else {
                "unit"
            };
            return Err(Error::invalid(
                field,
                format!("The goal “{goal}” uses this unit and direction. Change the goal first."),
            ));
        }
    }
    Ok(())
}
