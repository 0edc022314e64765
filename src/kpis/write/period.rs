//! One period: its value, and what both owners say about it.

use super::{Current, current, formula, value};
use crate::{
    args,
    handshake::{
        Health, Kind, State, Verdict,
        on_table::OnTable,
        write::{self as handshake, SignOutcome, VerdictInput},
    },
    identity::{Action, Transaction, Viewer},
    kpis::{Doubt, Target, Thresholds, with_unit},
    members::write::require_of_side,
    milestones::write::{Step, add_corrective},
    platform::{
        audit::Event,
        error::{Error, Result},
        ids::{CheckpointId, KpiValueId, MemberId, MilestoneId, SignatureId},
        quantity::Quantity,
        time::Day,
    },
    sql,
};

/// Enters a period's value, or replaces it with a reason. Both owners are asked to attest it. Whoever types a
/// value far from the one before is asked whether it is right.
pub async fn enter(
    viewer: &Viewer,
    number: i64,
    period: Day,
    value: Quantity,
    because: Option<&str>,
    doubt: Doubt,
) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let current = current(&mut tx, number).await?;
    let permit = tx.permit(Action::EnterKpiValue {
        driver: current.driver_id,
    })?;
    let by = tx.member_id().ok_or(Error::Forbidden)?;
    if doubt == Doubt::Ask {
        value::require_near(&mut tx, &current, period, value).await?;
    }
    let Some((verb, detail)) = enter_in(&mut tx, &current, period, value, because, by).await? else {
        return Ok(());
    };
    tx.commit(permit, current.event(verb).detail(detail)).await
}

/// Enters a value as part of a larger transaction; gives what the event says, or nothing when nothing
/// changed.
pub(super) async fn enter_in(
    tx: &mut Transaction,
    current: &Current,
    period: Day,
    value: Quantity,
    because: Option<&str>,
    by: MemberId,
) -> Result<Option<(&'static str, String)>> {
    if current.formula.is_some() {
        return Err(Error::invalid(
            "value",
            "This KPI is computed from others. Enter their values.",
        ));
    }
    if current.cadence.period_of(period) != period || period < current.starts_on {
        return Err(Error::NotFound);
    }
    if period > current.cadence.last_complete(tx.today()) {
        return Err(Error::invalid("value", "This period is not over yet."));
    }
    let said = current.cadence.format(period, tx.today());
    let before: Option<(KpiValueId, Quantity)> = value::before(tx, current, period).await?;
    let mut detail = format!("{said}: {}", with_unit(value, &current.unit));
    if let Some((_, old)) = before {
        if old == value {
            return Ok(None);
        }
        let because = because.filter(|because| !because.is_empty()).ok_or_else(|| {
            Error::invalid(
                "because",
                format!(
                    "{said} has the value {} already. Write the reason for the change.",
                    with_unit(old, &current.unit)
                ),
            )
        })?;
        detail = format!("{detail}, was {}: {because}", with_unit(old, &current.unit));
    }
    value::replace(
        tx,
        current,
        period,
        value,
        before.map(|(id, _)| (id, because.unwrap_or_default())),
        by,
    )
    .await?;
    formula::compute_from(tx, current.id, period, by).await?;
    Ok(Some((
        if before.is_some() { "corrected" } else { "entered" },
        detail,
    )))
}

/// An owner's own view of a period.
pub struct Judgement {
    pub status: Health,
    /// Percent: how sure the owner is that the next target is reached.
    pub confidence: Option<i64>,
    pub insight: Option<String>,
    pub action: Option<CorrectiveAction>,
}

/// What is done about it, by whom, by when.
pub struct CorrectiveAction {
    pub action: String,
    pub owner: MemberId,
    pub due_on: Day,
    /// Where it becomes a checkpoint once both owners have attested; none only while no milestone is open.
    pub milestone: Option<MilestoneId>,
}

/// Attests a period for the owner's own side.
pub async fn attest(
    viewer: &Viewer,
    number: i64,
    period: Day,
    seen: &str,
    judgement: Judgement,
) -> Result<State> {
    let mut tx = viewer.begin().await?;
    let current = current(&mut tx, number).await?;
    let id = value_id(&mut tx, &current, period).await?;
    if judgement.status == Health::OffTrack {
        if judgement.insight.is_none() {
            return Err(Error::invalid(
                "insight",
                "Off track needs one line of explanation.",
            ));
        }
        let Some(corrective) = &judgement.action else {
            return Err(Error::invalid(
                "action",
                "Off track needs a corrective action with an owner and a date.",
            ));
        };
        require_of_side(&mut tx, "action_owner", corrective.owner, None).await?;
        if corrective.due_on < tx.today() {
            return Err(Error::invalid("action_due_on", "Choose today or a later day."));
        }
        require_milestone(&mut tx, corrective.milestone).await?;
    }
    let taken = handshake::fill_seat(&mut tx, Kind::Kpi, id.uuid(), VerdictInput::agree(seen)).await?;
    if judgement.insight.is_none() && is_red(&mut tx, &current, period).await? {
        return Err(Error::invalid(
            "insight",
            "By the numbers this is off track. Write in one line why you see it differently.",
        ));
    }
    let action = judgement.action.as_ref();
    tx.execute(
        sql!(
            "insert into attestations (signature_id, workspace_id, status, insight, action, action_owner,
             action_due_on, confidence, action_milestone)
         values ($2, $1, $3, $4, $5, $6, $7, $8, $9)"
        ),
        args![
            taken.signature,
            judgement.status,
            judgement.insight.as_deref(),
            action.map(|a| a.action.as_str()),
            action.map(|a| a.owner),
            action.map(|a| a.due_on),
            judgement.confidence,
            action.and_then(|a| a.milestone)
        ],
    )
    .await?;
    if matches!(taken.state, State::Sealed { .. }) {
        actions_become_checkpoints(&mut tx, &current, period, id).await?;
    }
    let SignOutcome {
        permit, side, state, ..
    } = taken;
    // The status stays between the signer and the record until both have given theirs, so the event does not
    // say it.
    let detail = format!(
        "{} for {}",
        current.cadence.format(period, tx.today()),
        side.name()
    );
    tx.commit(permit, current.event("confirmed").detail(detail))
        .await?;
    Ok(state)
}

#[derive(sqlx::FromRow)]
struct Limits {
    value: Quantity,
    low: Option<Quantity>,
    high: Option<Quantity>,
    watch_below: i64,
    act_below: i64,
}

/// Whether a period is off track by the limits of its KPI.
async fn is_red(tx: &mut Transaction, current: &Current, period: Day) -> Result<bool> {
    let row: Option<Limits> = tx
        .fetch_optional(
            sql!(
                "select v.value, t.low, t.high, k.watch_below, k.act_below from kpis k
                 join kpi_values v on v.kpi_id = k.id and v.period_on = $3 and v.replaced_at is null
                 join kpi_targets t on t.kpi_id = k.id and t.period_on = $3 and t.replaced_at is null
                 where k.workspace_id = $1 and k.id = $2"
            ),
            args![current.id, period],
        )
        .await?;
    Ok(row.is_some_and(|row| {
        let target = Target {
            low: row.low,
            high: row.high,
        };
        let thresholds = Thresholds {
            watch_below: row.watch_below,
            act_below: row.act_below,
        };
        thresholds.judge(target.achievement(row.value)) == Health::OffTrack
    }))
}

async fn require_milestone(tx: &mut Transaction, milestone: Option<MilestoneId>) -> Result<()> {
    let open: Vec<(MilestoneId,)> = tx
        .fetch_all(
            sql!(
                "select m.id from milestone_facts m join initiative_facts i on i.id = m.initiative_id
             where m.workspace_id = $1 and m.archived_at is null and m.accepted_at is null and i.is_running
             limit 5000"
            ),
            Vec::new(),
        )
        .await?;
    match milestone {
        Some(milestone) if open.iter().any(|(id,)| *id == milestone) => Ok(()),
        None if open.is_empty() => Ok(()),
        Some(_) => Err(Error::invalid(
            "action_milestone",
            "Choose a milestone that is still open.",
        )),
        None => Err(Error::invalid(
            "action_milestone",
            "Choose the milestone that gets the action as a checkpoint.",
        )),
    }
}

#[derive(sqlx::FromRow)]
struct CorrectiveRow {
    signature_id: SignatureId,
    action: String,
    action_owner: MemberId,
    action_due_on: Day,
    action_milestone: MilestoneId,
}

/// Both have attested: what either wants done is in the open now, as checkpoints.
async fn actions_become_checkpoints(
    tx: &mut Transaction,
    current: &Current,
    period: Day,
    value: KpiValueId,
) -> Result<()> {
    let agreed: Vec<CorrectiveRow> = tx
        .fetch_all(
            sql!(
                "select a.signature_id, a.action, a.action_owner, a.action_due_on, a.action_milestone
             from attestations a join filled_seats s on s.id = a.signature_id join tabled_handshakes h on h.id
             = s.handshake_id
             where a.workspace_id = $1 and h.kind = 'kpi' and h.subject_id = $2
               and a.action is not null and a.action_milestone is not null order by s.at, s.id"
            ),
            args![value],
        )
        .await?;
    for corrective in agreed {
        let step = Step::new(
            corrective.action,
            corrective.action_owner,
            corrective.action_due_on,
        );
        // A milestone that was accepted or archived meanwhile takes no more; the action stands on the KPI
        // alone.
        let Some(checkpoint): Option<CheckpointId> =
            add_corrective(tx, corrective.action_milestone, &step).await?
        else {
            continue;
        };
        tx.execute(
            sql!(
                "insert into corrective_checkpoints (signature_id, workspace_id, kpi_id, period_on,
                 checkpoint_id) values ($2, $1, $3, $4, $5)"
            ),
            args![corrective.signature_id, current.id, period, checkpoint],
        )
        .await?;
    }
    Ok(())
}

/// An owner says that the number itself is wrong.
pub async fn dispute(viewer: &Viewer, number: i64, period: Day, seen: &str, reason: &str) -> Result<State> {
    let mut tx = viewer.begin().await?;
    let current = current(&mut tx, number).await?;
    let id = value_id(&mut tx, &current, period).await?;
    let objection = VerdictInput {
        seen,
        verdict: Verdict::Object,
        reason: Some(reason),
    };
    let SignOutcome {
        permit, words, state, ..
    } = handshake::fill_seat(&mut tx, Kind::Kpi, id.uuid(), objection).await?;
    let detail = format!("{}: {words}", current.cadence.format(period, tx.today()));
    tx.commit(permit, current.event("disputed").detail(detail))
        .await?;
    Ok(state)
}

/// A KPI's value for a period, which both owners attest.
pub struct PeriodOnTable {
    current: Current,
    id: KpiValueId,
    label: String,
}

impl OnTable for PeriodOnTable {
    const KIND: Kind = Kind::Kpi;
    const WITHDREW: &'static str = "withdrew an attestation of";
    type Key = (i64, Day);

    async fn find(tx: &mut Transaction, (number, period): (i64, Day)) -> Result<Self> {
        let current = current(tx, number).await?;
        let id = value_id(tx, &current, period).await?;
        let label = current.cadence.format(period, tx.today());
        Ok(Self { current, id, label })
    }

    fn subject(&self) -> uuid::Uuid {
        self.id.uuid()
    }

    fn event(&self, verb: &'static str) -> Event {
        self.current.event(verb).detail(self.label.as_str())
    }
}

async fn value_id(tx: &mut Transaction, current: &Current, period: Day) -> Result<KpiValueId> {
    let (id,): (KpiValueId,) = tx
        .fetch_one(
            sql!(
                "select id from kpi_values where workspace_id = $1 and kpi_id = $2 and period_on = $3 and
                 replaced_at is null"
            ),
            args![current.id, period],
        )
        .await?;
    Ok(id)
}
