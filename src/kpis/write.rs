//! What may be done to a KPI.

use super::{Cadence, Direction, Target};
use crate::{
    args,
    ground::{
        audit::Event,
        error::{Error, Result},
        ids::{KpiId, KpiValueId, MemberId, TargetId},
        quantity::Quantity,
        time::Day,
    },
    handshake::Health,
    handshake::{
        Kind, Seats, Side, State, Verdict,
        write::{self as handshake, Offer, Taken},
    },
    people::{Act, Deed, Viewer, members::require_of_side},
};

#[derive(Clone, Debug)]
pub struct Plan {
    pub title: String,
    pub about: String,
    pub unit: String,
    pub direction: Direction,
    pub cadence: Cadence,
    pub baseline: Option<Quantity>,
    pub starts_on: Day,
    pub watch: i64,
    pub act: i64,
    pub driver: MemberId,
    pub marketing_owner: MemberId,
    pub technology_owner: MemberId,
}

async fn check(act: &mut Act, plan: &Plan) -> Result<()> {
    if plan.act > plan.watch || plan.watch > 100 || plan.act < 0 {
        return Err(Error::invalid("act", "Off track begins below at risk, both between 0 and 100 %."));
    }
    require_of_side(act, "driver", plan.driver, None).await?;
    require_of_side(act, "marketing_owner", plan.marketing_owner, Some(Side::Marketing)).await?;
    require_of_side(act, "technology_owner", plan.technology_owner, Some(Side::Technology)).await
}

fn event(verb: &'static str, id: KpiId, number: i64, title: &str) -> Event {
    Event::new(verb, "kpi", id.uuid(), title).at(format!("kpis/{number}"))
}

/// Starts measuring. Sent twice with one id, it is made once.
pub async fn start(viewer: &Viewer, id: KpiId, plan: Plan) -> Result<i64> {
    let mut act = viewer.act().await?;
    let permit = act.permit(Deed::SteerKpi)?;
    if let Some((number,)) = act.maybe::<(i64,)>("select number from kpis where workspace_id = $1 and id = $2", args![id]).await? {
        return Ok(number);
    }
    check(&mut act, &plan).await?;
    let (number,): (i64,) = act.one("select coalesce(max(number), 0) + 1 from kpis where workspace_id = $1", Vec::new()).await?;
    act.execute(
        "insert into kpis (id, workspace_id, number, title, about, unit, direction, cadence, baseline, starts_on, watch_below, act_below,
                           driver_id, marketing_owner, technology_owner, version, created_at)
         values ($2, $1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 1, $16)",
        args![
            id,
            number,
            &plan.title,
            plan.about,
            plan.unit,
            plan.direction,
            plan.cadence,
            plan.baseline,
            plan.cadence.period_of(plan.starts_on),
            plan.watch,
            plan.act,
            plan.driver,
            plan.marketing_owner,
            plan.technology_owner,
            act.now()
        ],
    )
    .await?;
    act.commit(permit, event("started measuring", id, number, &plan.title)).await?;
    Ok(number)
}

#[derive(sqlx::FromRow)]
struct Current {
    id: KpiId,
    number: i64,
    title: String,
    unit: String,
    direction: Direction,
    cadence: Cadence,
    starts_on: Day,
    driver_id: MemberId,
    marketing_owner: MemberId,
    technology_owner: MemberId,
    version: i64,
}

impl Current {
    fn event(&self, verb: &'static str) -> Event {
        event(verb, self.id, self.number, &self.title)
    }
}

async fn current(act: &mut Act, number: i64) -> Result<Current> {
    act.one(
        "select id, number, title, unit, direction, cadence, starts_on, driver_id, marketing_owner, technology_owner, version
         from kpis where workspace_id = $1 and number = $2 and archived_at is null",
        args![number],
    )
    .await
}

/// Changes what may change: once there are values or targets, not the cadence, the direction nor the start, on which they stand.
pub async fn edit(viewer: &Viewer, number: i64, version: i64, plan: Plan) -> Result<()> {
    let mut act = viewer.act().await?;
    let permit = act.permit(Deed::SteerKpi)?;
    let current = current(&mut act, number).await?;
    if current.version != version {
        return Err(Error::Conflict);
    }
    check(&mut act, &plan).await?;
    let (values,): (i64,) = act.one("select count(*) from kpi_values where workspace_id = $1 and kpi_id = $2", args![current.id]).await?;
    let (targets,): (i64,) =
        act.one("select count(*) from kpi_targets where workspace_id = $1 and kpi_id = $2 and replaced_at is null", args![current.id]).await?;
    if values + targets > 0 {
        for (changed, field, what) in [
            (plan.cadence != current.cadence, "cadence", "There are values or targets at the present cadence; it stays."),
            (plan.direction != current.direction, "direction", "There are values or targets in the present direction; it stays. Start another KPI."),
            (plan.cadence.period_of(plan.starts_on) != current.starts_on, "starts_on", "There are values or targets from the present start on; it stays."),
        ] {
            if changed {
                return Err(Error::invalid(field, what));
            }
        }
    }
    act.execute(
        "update kpis set title = $3, about = $4, unit = $5, direction = $6, cadence = $7, baseline = $8, starts_on = $9, watch_below = $10, act_below = $11,
                driver_id = $12, marketing_owner = $13, technology_owner = $14, version = version + 1 where workspace_id = $1 and id = $2",
        args![
            current.id,
            &plan.title,
            plan.about,
            &plan.unit,
            plan.direction,
            plan.cadence,
            plan.baseline,
            plan.cadence.period_of(plan.starts_on),
            plan.watch,
            plan.act,
            plan.driver,
            plan.marketing_owner,
            plan.technology_owner
        ],
    )
    .await?;
    if plan.marketing_owner != current.marketing_owner || plan.technology_owner != current.technology_owner {
        // Whoever owns it now is asked for what is not sealed.
        act.execute(
            "update handshakes set marketing_owner = $3, technology_owner = $4
             where workspace_id = $1 and kind = 'kpi' and sealed_at is null and closed_at is null and subject_id in (select id from kpi_values where kpi_id = $2)",
            args![current.id, plan.marketing_owner, plan.technology_owner],
        )
        .await?;
    }
    if plan.title != current.title || plan.unit != current.unit {
        // What is signed is what is shown: periods that are not sealed are attested anew under the new words.
        let unsealed: Vec<(Day,)> = act
            .all(
                "select v.period_on from kpi_values v join handshakes h on h.kind = 'kpi' and h.subject_id = v.id and h.closed_at is null and h.sealed_at is null
                 where v.workspace_id = $1 and v.kpi_id = $2 and v.replaced_at is null",
                args![current.id],
            )
            .await?;
        let renamed = self::current(&mut act, number).await?;
        for (period,) in unsealed {
            offer_again(&mut act, &renamed, period).await?;
        }
    }
    let event = event("changed the KPI", current.id, number, &plan.title).changed(&[
        ("Title", &current.title, &plan.title),
        ("Unit", &current.unit, &plan.unit),
        ("Direction", current.direction.as_str(), plan.direction.as_str()),
        ("Cadence", current.cadence.as_str(), plan.cadence.as_str()),
    ]);
    act.commit(permit, event).await
}

/// A period's target, as typed: one number, or both ends when it is to stay within.
pub struct PeriodTarget {
    pub period: Day,
    pub target: Option<Target>,
}

#[derive(sqlx::FromRow)]
struct StoredTarget {
    low: Option<Quantity>,
    high: Option<Quantity>,
}

/// Sets the targets of some periods. A target that changes stays on record; an unsealed attestation against it is over.
pub async fn set_targets(viewer: &Viewer, number: i64, targets: &[PeriodTarget]) -> Result<()> {
    let mut act = viewer.act().await?;
    let permit = act.permit(Deed::SteerKpi)?;
    let current = current(&mut act, number).await?;
    let mut changed = 0;
    for wanted in targets {
        let stored: Option<StoredTarget> = act
            .maybe(
                "select low, high from kpi_targets where workspace_id = $1 and kpi_id = $2 and period_on = $3 and replaced_at is null",
                args![current.id, wanted.period],
            )
            .await?;
        let now = stored.map(|stored| Target { low: stored.low, high: stored.high });
        if now == wanted.target {
            continue;
        }
        changed += 1;
        act.execute(
            "update kpi_targets set replaced_at = $4 where workspace_id = $1 and kpi_id = $2 and period_on = $3 and replaced_at is null",
            args![current.id, wanted.period, act.now()],
        )
        .await?;
        if let Some(target) = wanted.target {
            let id: TargetId = act.fresh_id();
            act.execute(
                "insert into kpi_targets (id, workspace_id, kpi_id, period_on, low, high, set_at, set_by) values ($2, $1, $3, $4, $5, $6, $7, $8)",
                args![id, current.id, wanted.period, target.low, target.high, act.now(), act.member_id()],
            )
            .await?;
        }
        offer_again(&mut act, &current, wanted.period).await?;
    }
    if changed == 0 {
        return Ok(());
    }
    let periods = if changed == 1 { "1 period".to_owned() } else { format!("{changed} periods") };
    act.commit(permit, current.event("set targets of").detail(periods)).await
}

/// A period whose target changed is attested anew, unless both had signed it.
async fn offer_again(act: &mut Act, current: &Current, period: Day) -> Result<()> {
    let unsealed: Option<(KpiValueId, Quantity)> = act
        .maybe(
            "select v.id, v.value from kpi_values v join handshakes h on h.kind = 'kpi' and h.subject_id = v.id and h.closed_at is null and h.sealed_at is null
             where v.workspace_id = $1 and v.kpi_id = $2 and v.period_on = $3 and v.replaced_at is null",
            args![current.id, period],
        )
        .await?;
    match unsealed {
        Some((id, value)) => {
            handshake::close(act, Kind::Kpi, id.uuid(), "edited").await?;
            offer(act, current, id, period, value).await
        }
        None => Ok(()),
    }
}

async fn offer(act: &mut Act, current: &Current, id: KpiValueId, period: Day, value: Quantity) -> Result<()> {
    let target: Option<StoredTarget> = act
        .maybe(
            "select low, high from kpi_targets where workspace_id = $1 and kpi_id = $2 and period_on = $3 and replaced_at is null",
            args![current.id, period],
        )
        .await?;
    let offer = Offer {
        kind: Kind::Kpi,
        subject: id.uuid(),
        place: format!("kpis/{}/periods/{period}", current.number),
        label: format!("{}, {}", current.title, current.cadence.said(period, act.today())),
        content: serde_json::json!({
            "kpi": current.number,
            "title": current.title,
            "unit": current.unit,
            "direction": current.direction.as_str(),
            "period": period.to_string(),
            "value": value.to_string(),
            "at_least": target.as_ref().and_then(|t| t.low).map(|q| q.to_string()),
            "at_most": target.as_ref().and_then(|t| t.high).map(|q| q.to_string()),
        }),
        seats: Seats::Owners,
        owners: Some((current.marketing_owner, current.technology_owner)),
    };
    handshake::offer(act, offer).await?;
    Ok(())
}

/// Enters a period's value, or replaces it with a reason. Both owners are asked to attest it.
pub async fn enter(viewer: &Viewer, number: i64, period: Day, value: Quantity, because: Option<&str>) -> Result<()> {
    let mut act = viewer.act().await?;
    let current = current(&mut act, number).await?;
    let permit = act.permit(Deed::EnterKpiValue { driver: current.driver_id })?;
    if current.cadence.period_of(period) != period || period < current.starts_on {
        return Err(Error::NotFound);
    }
    if period > current.cadence.last_complete(act.today()) {
        return Err(Error::invalid("value", "This period is not over yet."));
    }
    let said = current.cadence.said(period, act.today());
    let before: Option<(KpiValueId, Quantity)> = act
        .maybe("select id, value from kpi_values where workspace_id = $1 and kpi_id = $2 and period_on = $3 and replaced_at is null", args![current.id, period])
        .await?;
    let mut detail = format!("{said}: {}", super::with_unit(value, &current.unit));
    if let Some((id, old)) = before {
        if old == value {
            return Ok(());
        }
        let because = because
            .filter(|because| !because.is_empty())
            .ok_or_else(|| Error::invalid("because", format!("{said} has the value {} already. Say why it changes.", super::with_unit(old, &current.unit))))?;
        act.execute("update kpi_values set replaced_at = $3, replaced_because = $4 where workspace_id = $1 and id = $2", args![id, act.now(), because]).await?;
        handshake::close(&mut act, Kind::Kpi, id.uuid(), "superseded").await?;
        detail = format!("{detail}, was {}: {because}", super::with_unit(old, &current.unit));
    }
    let id: KpiValueId = act.fresh_id();
    act.execute(
        "insert into kpi_values (id, workspace_id, kpi_id, period_on, value, entered_at, entered_by) values ($2, $1, $3, $4, $5, $6, $7)",
        args![id, current.id, period, value, act.now(), act.member_id()],
    )
    .await?;
    offer(&mut act, &current, id, period, value).await?;
    let verb = if before.is_some() { "corrected" } else { "entered" };
    act.commit(permit, current.event(verb).detail(detail)).await
}

/// An owner's own view of a period.
pub struct Judgement {
    pub status: Health,
    pub insight: Option<String>,
    pub action: Option<Corrective>,
}

/// What is done about it, by whom, by when.
pub struct Corrective {
    pub action: String,
    pub owner: MemberId,
    pub due_on: Day,
}

/// Attests a period for the owner's own side.
pub async fn attest(viewer: &Viewer, number: i64, period: Day, seen: &str, judgement: Judgement) -> Result<State> {
    let mut act = viewer.act().await?;
    let current = current(&mut act, number).await?;
    let id = value_id(&mut act, &current, period).await?;
    if judgement.status == Health::OffTrack {
        if judgement.insight.is_none() {
            return Err(Error::invalid("insight", "Off track needs one line of insight."));
        }
        let Some(corrective) = &judgement.action else {
            return Err(Error::invalid("action", "Off track needs a corrective action with an owner and a date."));
        };
        require_of_side(&mut act, "action_owner", corrective.owner, None).await?;
    }
    let taken = handshake::sign(&mut act, Kind::Kpi, id.uuid(), seen, Verdict::Agree, None).await?;
    let action = judgement.action.as_ref();
    act.execute(
        "insert into attestations (signature_id, workspace_id, status, insight, action, action_owner, action_due_on) values ($2, $1, $3, $4, $5, $6, $7)",
        args![
            taken.signature,
            judgement.status,
            judgement.insight.as_deref(),
            action.map(|a| a.action.as_str()),
            action.map(|a| a.owner),
            action.map(|a| a.due_on)
        ],
    )
    .await?;
    let Taken { permit, side, state, .. } = taken;
    // The status stays between the signer and the record until both have given theirs, so the event does not say it.
    let detail = format!("{} for {}", current.cadence.said(period, act.today()), side.name());
    act.commit(permit, current.event("attested").detail(detail)).await?;
    Ok(state)
}

/// An owner says that the number itself is wrong.
pub async fn dispute(viewer: &Viewer, number: i64, period: Day, seen: &str, reason: &str) -> Result<State> {
    let mut act = viewer.act().await?;
    let current = current(&mut act, number).await?;
    let id = value_id(&mut act, &current, period).await?;
    let Taken { permit, words, state, .. } = handshake::sign(&mut act, Kind::Kpi, id.uuid(), seen, Verdict::Object, Some(reason)).await?;
    let detail = format!("{}: {words}", current.cadence.said(period, act.today()));
    act.commit(permit, current.event("disputed").detail(detail)).await?;
    Ok(state)
}

pub async fn withdraw_signature(viewer: &Viewer, number: i64, period: Day) -> Result<()> {
    let mut act = viewer.act().await?;
    let current = current(&mut act, number).await?;
    let id = value_id(&mut act, &current, period).await?;
    let (permit, side) = handshake::withdraw(&mut act, Kind::Kpi, id.uuid()).await?;
    let detail = format!("{} for {}", current.cadence.said(period, act.today()), side.name());
    act.commit(permit, current.event("withdrew an attestation of").detail(detail)).await
}

async fn value_id(act: &mut Act, current: &Current, period: Day) -> Result<KpiValueId> {
    let (id,): (KpiValueId,) = act
        .one("select id from kpi_values where workspace_id = $1 and kpi_id = $2 and period_on = $3 and replaced_at is null", args![current.id, period])
        .await?;
    Ok(id)
}
