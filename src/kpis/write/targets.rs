//! Targets, which both owners sign, and the reasons for which they change.

use super::{Current, TargetRow, current, newest_before};
use crate::{
    args,
    handshake::{
        Kind,
        write::{self as handshake, Offer},
    },
    identity::{Action, Seats, Transaction, Viewer},
    kpis::{
        Doubt, Target, is_far_from,
        needed::signed_by_both,
        text::{KpiChange, LimitsText, TargetText, TargetsText},
        with_unit,
    },
    platform::{
        error::{Error, Result},
        ids::TargetId,
        quantity::Quantity,
        time::Day,
    },
    sql,
};

/// A period's target, as typed: one number, or both ends when it is to stay within.
pub struct PeriodTarget {
    pub period: Day,
    pub target: Option<Target>,
}

async fn in_force(tx: &mut Transaction, current: &Current, period: Day) -> Result<Option<Target>> {
    let stored: Option<TargetRow> = tx
        .fetch_optional(
            sql!(
                "select low, high from kpi_targets where workspace_id = $1 and kpi_id = $2 and period_on = $3
                 and replaced_at is null"
            ),
            args![current.id, period],
        )
        .await?;
    Ok(stored.map(|stored| Target {
        low: stored.low,
        high: stored.high,
    }))
}

fn offer_of<'a>(current: &Current, text: &'a TargetsText) -> Offer<'a, TargetsText> {
    Offer {
        text,
        subject: current.id.uuid(),
        path: format!("kpis/{}/targets/proposal", current.number),
        label: text.change.as_ref().map_or_else(
            || format!("Targets of {}", current.title),
            |change| change.label(&current.title),
        ),
        seats: Seats::Owners,
        owners: Some((current.marketing_owner, current.technology_owner)),
        due_on: None,
    }
}

/// Puts targets of some periods before both owners; they hold once both have signed, and what lay there
/// before is closed. Changing one that was set needs a reason. `version` is that of the KPI from which they
/// were typed. Whoever types a target far from the newest value is asked whether it is right.
pub async fn propose_targets(
    viewer: &Viewer,
    number: i64,
    version: i64,
    targets: &[PeriodTarget],
    because: &str,
    doubt: Doubt,
) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::ManageKpi)?;
    let current = current(&mut tx, number).await?;
    if current.version != version {
        return Err(Error::Conflict);
    }
    let tomorrow = tx.today().plus(1);
    let known = match doubt {
        Doubt::Ask => newest_before(&mut tx, &current, tomorrow)
            .await?
            .map(|(period, value)| (current.cadence.format(period, tx.today()), value))
            .or_else(|| Some(("the baseline".to_owned(), current.baseline?))),
        Doubt::Settled => None,
    };
    let mut changes = Vec::new();
    let mut detail = Vec::new();
    for wanted in targets {
        let now = in_force(&mut tx, &current, wanted.period).await?;
        if now == wanted.target {
            continue;
        }
        if let (Some(known), Some(target)) = (&known, wanted.target) {
            require_near(&current, wanted.period, target, known, tx.today())?;
        }
        if let Some(now) = now {
            if because.is_empty() {
                return Err(Error::invalid(
                    "because",
                    "Changing an existing target needs a reason. Write it in a sentence.",
                ));
            }
            let after = wanted
                .target
                .map_or_else(|| "none".to_owned(), |target| target.format(&current.unit));
            detail.push(format!(
                "{}: {} becomes {after}",
                current.cadence.format(wanted.period, tx.today()),
                now.format(&current.unit)
            ));
        }
        changes.push(TargetText {
            period: wanted.period,
            at_least: wanted.target.and_then(|target| target.low),
            at_most: wanted.target.and_then(|target| target.high),
            was_at_least: now.and_then(|now| now.low),
            was_at_most: now.and_then(|now| now.high),
        });
    }
    let lying = proposed_targets(&mut tx, &current).await?;
    let limits = limits_wanted(lying.as_ref(), &current);
    // What lies there of periods that were not typed now stays.
    let kept = lying.into_iter().flat_map(|text| text.targets);
    changes.extend(kept.filter(|kept| targets.iter().all(|typed| typed.period != kept.period)));
    changes.sort_by_key(|change| change.period);
    if changes.is_empty() && limits == current.limits() {
        // What is typed is what holds: nothing is left to sign, unless another change lies there.
        let is_other = proposed(&mut tx, &current)
            .await?
            .is_some_and(|text| text.change.is_some());
        return if !is_other
            && handshake::close(&mut tx, Kind::Targets, current.id.uuid(), "withdrawn").await?
        {
            tx.commit(permit, current.event("took back the targets of")).await
        } else {
            Ok(())
        };
    }
    let periods = periods(changes.len());
    let detail = if detail.is_empty() {
        periods
    } else {
        format!("{periods} · {} · {because}", detail.join(" · "))
    };
    refuse_over_another(&mut tx, &current, |lying| lying.is_none()).await?;
    put_before_owners(&mut tx, &current, because, (changes, limits), None).await?;
    tx.execute(
        sql!("update kpis set version = version + 1 where workspace_id = $1 and id = $2"),
        args![current.id],
    )
    .await?;
    tx.commit(permit, current.event("proposed targets of").detail(detail))
        .await
}

/// Refuses a target that is far from what is known, the newest value or the baseline, with both in words.
fn require_near(
    current: &Current,
    period: Day,
    target: Target,
    (name, known): &(String, Quantity),
    today: Day,
) -> Result<()> {
    let is_far = [target.low, target.high]
        .into_iter()
        .flatten()
        .any(|end| is_far_from(end, *known));
    if !is_far {
        return Ok(());
    }
    Err(Error::invalid(
        "is_sure",
        format!(
            "{}: {}, while {} was {}. If that is right, say so here.",
            current.cadence.format(period, today),
            target.format(&current.unit),
            name,
            with_unit(*known, &current.unit)
        ),
    ))
}

pub(super) fn periods(count: usize) -> String {
    if count == 1 {
        "1 period".to_owned()
    } else {
        format!("{count} periods")
    }
}

async fn put_before_owners(
    tx: &mut Transaction,
    current: &Current,
    because: &str,
    numbers: (Vec<TargetText>, (i64, i64)),
    change: Option<KpiChange>,
) -> Result<()> {
    let text = text_of(current, because, numbers, change);
    let offer = offer_of(current, &text);
    // The same numbers again answer no objection; asking for a change again is asking anew.
    if text.change.is_none() {
        handshake::refuse_objected(tx, &offer).await?;
    }
    if handshake::lies_unopposed(tx, &offer).await? {
        return Ok(());
    }
    offer_instead(tx, current, &text).await
}

/// Puts a text in the place of what lay before both owners.
async fn offer_instead(tx: &mut Transaction, current: &Current, text: &TargetsText) -> Result<()> {
    handshake::void(tx, Kind::Targets, current.id.uuid(), "superseded").await?;
    handshake::offer_first(tx, offer_of(current, text)).await?;
    Ok(())
}

fn text_of(
    current: &Current,
    because: &str,
    (targets, (at_risk_below, off_track_below)): (Vec<TargetText>, (i64, i64)),
    change: Option<KpiChange>,
) -> TargetsText {
    let (was_at_risk_below, was_off_track_below) = current.limits();
    TargetsText {
        kpi: current.number,
        title: current.title.clone(),
        unit: current.unit.clone(),
        direction: current.direction,
        cadence: current.cadence,
        because: because.to_owned(),
        targets,
        limits: Some(LimitsText {
            at_risk_below,
            off_track_below,
            was_at_risk_below,
            was_off_track_below,
        }),
        change,
    }
}

/// Puts another change of the KPI before both owners, in the place of what lay there.
pub(super) async fn propose_change(
    tx: &mut Transaction,
    current: &Current,
    because: &str,
    change: KpiChange,
) -> Result<()> {
    let kind = std::mem::discriminant(&change);
    refuse_over_another(tx, current, |lying| {
        lying.is_some_and(|lying| std::mem::discriminant(lying) == kind)
    })
    .await?;
    put_before_owners(tx, current, because, (Vec::new(), current.limits()), Some(change)).await?;
    tx.execute(
        sql!("update kpis set version = version + 1 where workspace_id = $1 and id = $2"),
        args![current.id],
    )
    .await?;
    Ok(())
}

/// Refuses to act over something that waits for both owners, unless `may_lie` says of it that it may: one
/// person does not take it off the table in passing. Of targets it is asked with none.
pub(super) async fn refuse_over_another(
    tx: &mut Transaction,
    current: &Current,
    may_lie: impl FnOnce(Option<&KpiChange>) -> bool,
) -> Result<()> {
    let Some(lying) = proposed(tx, current).await? else {
        return Ok(());
    };
    if may_lie(lying.change.as_ref()) {
        return Ok(());
    }
    let noun = lying.change.as_ref().map_or("the targets", KpiChange::noun);
    Err(Error::invalid(
        "",
        format!("Both owners are asked to sign {noun}. Let them answer, or withdraw that first."),
    ))
}

/// Whether both owners have signed targets, limits or a formula of it at some time: from then on they sign,
/// too, how it is computed and judged, and that it ends.
pub(super) async fn is_signed(tx: &mut Transaction, current: &Current) -> Result<bool> {
    let (signed,): (i64,) = tx.fetch_one(sql!(signed_by_both!()), args![current.id]).await?;
    Ok(signed > 0)
}

/// The targets that lie before both owners and are not signed by both.
pub(super) async fn proposed_targets(tx: &mut Transaction, current: &Current) -> Result<Option<TargetsText>> {
    Ok(proposed(tx, current).await?.filter(|text| text.change.is_none()))
}

/// What lies before both owners and is not signed by both, the targets or another change.
pub(super) async fn proposed(tx: &mut Transaction, current: &Current) -> Result<Option<TargetsText>> {
    match handshake::text_on_table::<TargetsText>(tx, current.id.uuid()).await {
        Ok(_) if handshake::is_sealed(tx, Kind::Targets, current.id.uuid()).await? => Ok(None),
        Ok((_, text, _)) => Ok(Some(text)),
        Err(Error::Conflict) => Ok(None),
        Err(error) => Err(error),
    }
}

/// After a KPI changed its name, its unit or its owners: what lies before both says so. Where nothing of that
/// changed, what was answered stays.
pub(super) async fn keep_true(tx: &mut Transaction, current: &Current) -> Result<()> {
    let Some(text) = proposed(tx, current).await? else {
        return Ok(());
    };
    let limits = limits_wanted(Some(&text), current);
    let text = text_of(current, &text.because, (text.targets, limits), text.change);
    if handshake::lies_as_offered(tx, &offer_of(current, &text)).await? {
        return Ok(());
    }
    offer_instead(tx, current, &text).await
}

/// The limits that a text has which lies before both owners; without one, those that hold.
pub(super) fn limits_wanted(lying: Option<&TargetsText>, current: &Current) -> (i64, i64) {
    lying.and_then(|text| text.limits).map_or_else(
        || current.limits(),
        |limits| (limits.at_risk_below, limits.off_track_below),
    )
}

/// Whether both owners have signed targets at some time, or are asked to: from then on they sign other
/// limits, too.
pub(super) async fn is_judged(tx: &mut Transaction, current: &Current) -> Result<bool> {
    Ok(proposed_targets(tx, current).await?.is_some() || is_signed(tx, current).await?)
}

/// Puts other limits before both owners, beside the targets that lie there. Those that hold already, with no
/// target beside them, leave nothing to sign.
pub(super) async fn propose_limits(
    tx: &mut Transaction,
    current: &Current,
    limits: (i64, i64),
) -> Result<()> {
    let (because, targets) = match proposed_targets(tx, current).await? {
        Some(text) => (text.because, text.targets),
        None => (String::new(), Vec::new()),
    };
    if targets.is_empty() && limits == current.limits() {
        refuse_over_another(tx, current, |lying| lying.is_none()).await?;
        handshake::close(tx, Kind::Targets, current.id.uuid(), "withdrawn").await?;
        return tx.record(current.event("took back the limits of")).await;
    }
    refuse_over_another(tx, current, |lying| lying.is_none()).await?;
    put_before_owners(tx, current, &because, (targets, limits), None).await?;
    let detail = format!("at risk below {}%, off track below {}%", limits.0, limits.1);
    tx.record(current.event("proposed limits of").detail(detail))
        .await
}

/// Puts a period's target in the place of the one that held.
pub(super) async fn set(
    tx: &mut Transaction,
    current: &Current,
    period: Day,
    target: Option<Target>,
    because: Option<&str>,
) -> Result<()> {
    tx.execute(
        sql!(
            "update kpi_targets set replaced_at = $4 where workspace_id = $1 and kpi_id = $2 and
             period_on = $3 and replaced_at is null"
        ),
        args![current.id, period, tx.now()],
    )
    .await?;
    let Some(target) = target else { return Ok(()) };
    let id: TargetId = tx.fresh_id();
    tx.execute(
        sql!(
            "insert into kpi_targets (id, workspace_id, kpi_id, period_on, low, high, set_at, set_by,
             because) values ($2, $1, $3, $4, $5, $6, $7, $8, $9)"
        ),
        args![
            id,
            current.id,
            period,
            target.low,
            target.high,
            tx.now(),
            tx.member_id(),
            because
        ],
    )
    .await?;
    Ok(())
}
