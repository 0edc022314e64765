//! The rows of values: entering, replacing and taking one away, each before both owners.

use super::{Current, TargetRow};
use crate::{
    args,
    handshake::{
        Kind,
        write::{self as handshake, Offer},
    },
    identity::{Seats, Transaction},
    kpis::{is_far_from, text::PeriodText, with_unit},
    platform::{
        error::{Error, Result},
        ids::{KpiValueId, MemberId},
        quantity::Quantity,
        time::Day,
    },
    sql,
};

/// A period whose target, or whose KPI's words, changed is attested anew, unless both had signed it.
pub(super) async fn offer_again(tx: &mut Transaction, current: &Current, period: Day) -> Result<()> {
    let unsealed: Option<(KpiValueId, Quantity)> = tx
        .fetch_optional(
            sql!(
                "select v.id, v.value from kpi_values v join tabled_handshakes h on h.kind = 'kpi' and
                 h.subject_id = v.id and h.sealed_at is null
             where v.workspace_id = $1 and v.kpi_id = $2 and v.period_on = $3 and v.replaced_at is null"
            ),
            args![current.id, period],
        )
        .await?;
    match unsealed {
        Some((id, value)) => {
            handshake::close(tx, Kind::Kpi, id.uuid(), "edited").await?;
            offer(tx, current, id, period, value).await
        }
        None => Ok(()),
    }
}

/// Refuses a value that is far from the one before it, with both in words.
pub(super) async fn require_near(
    tx: &mut Transaction,
    current: &Current,
    period: Day,
    value: Quantity,
) -> Result<()> {
    let Some((before_on, before)) = newest_before(tx, current, period).await? else {
        return Ok(());
    };
    if !is_far_from(value, before) {
        return Ok(());
    }
    let today = tx.today();
    Err(Error::invalid(
        "is_sure",
        format!(
            "{}: {} after {} in {}. If that is right, say so here.",
            current.cadence.format(period, today),
            with_unit(value, &current.unit),
            with_unit(before, &current.unit),
            current.cadence.format(before_on, today)
        ),
    ))
}

/// The last value before a period, and its own period.
pub(super) async fn newest_before(
    tx: &mut Transaction,
    current: &Current,
    period: Day,
) -> Result<Option<(Day, Quantity)>> {
    tx.fetch_optional(
        sql!(
            "select period_on, value from kpi_values where workspace_id = $1 and kpi_id = $2 and period_on < $3
             and replaced_at is null order by period_on desc limit 1"
        ),
        args![current.id, period],
    )
    .await
}

pub(super) async fn offer(
    tx: &mut Transaction,
    current: &Current,
    id: KpiValueId,
    period: Day,
    value: Quantity,
) -> Result<()> {
    let target: Option<TargetRow> = tx
        .fetch_optional(
            sql!(
                "select low, high from kpi_targets where workspace_id = $1 and kpi_id = $2 and period_on = $3
                 and replaced_at is null"
            ),
            args![current.id, period],
        )
        .await?;
    let text = text(current, period, value, target.as_ref());
    let offer = offer_of(tx, current, id, period, &text);
    handshake::offer(tx, offer).await?;
    Ok(())
}

/// What both owners attest.
fn text(current: &Current, period: Day, value: Quantity, target: Option<&TargetRow>) -> PeriodText {
    PeriodText {
        kpi: current.number,
        title: current.title.clone(),
        unit: current.unit.clone(),
        direction: current.direction,
        period: period.to_string(),
        value: value.to_string(),
        at_least: target.and_then(|target| target.low).map(|low| low.to_string()),
        at_most: target.and_then(|target| target.high).map(|high| high.to_string()),
    }
}

/// Where and by when both owners attest it.
fn offer_of<'a>(
    tx: &Transaction,
    current: &Current,
    id: KpiValueId,
    period: Day,
    text: &'a PeriodText,
) -> Offer<'a, PeriodText> {
    Offer {
        text,
        subject: id.uuid(),
        path: format!("kpis/{}/periods/{period}", current.number),
        label: format!(
            "{}, {}",
            current.title,
            current.cadence.format(period, tx.today())
        ),
        seats: Seats::Owners,
        owners: Some((current.marketing_owner, current.technology_owner)),
        due_on: Some(current.cadence.due(period)),
    }
}

pub(super) async fn before(
    tx: &mut Transaction,
    current: &Current,
    period: Day,
) -> Result<Option<(KpiValueId, Quantity)>> {
    tx.fetch_optional(
        sql!(
            "select id, value from kpi_values where workspace_id = $1 and kpi_id = $2 and period_on = $3 and
             replaced_at is null"
        ),
        args![current.id, period],
    )
    .await
}

/// A computed value that is not one any more.
pub(super) async fn take_away(tx: &mut Transaction, id: KpiValueId, because: &str) -> Result<()> {
    let now = tx.now();
    tx.execute(
        sql!(
            "update kpi_values set replaced_at = $3, replaced_because = $4 where workspace_id = $1 and
         id = $2"
        ),
        args![id, now, because],
    )
    .await?;
    handshake::close(tx, Kind::Kpi, id.uuid(), "superseded").await?;
    Ok(())
}

/// Enters the first value of a period whose target is known, before both owners.
pub(super) async fn enter_first(
    tx: &mut Transaction,
    current: &Current,
    period: Day,
    value: Quantity,
    target: Option<&TargetRow>,
    by: MemberId,
) -> Result<()> {
    let (id, now): (KpiValueId, _) = (tx.fresh_id(), tx.now());
    tx.execute(
        sql!(
            "insert into kpi_values (id, workspace_id, kpi_id, period_on, value, entered_at, entered_by)
             values ($2, $1, $3, $4, $5, $6, $7)"
        ),
        args![id, current.id, period, value, now, by],
    )
    .await?;
    let text = text(current, period, value, target);
    let offer = offer_of(tx, current, id, period, &text);
    handshake::offer_first(tx, offer).await?;
    Ok(())
}

/// Enters the value of a period that was over long before: shown, and before nobody.
pub(super) async fn enter_history(
    tx: &mut Transaction,
    current: &Current,
    period: Day,
    value: Quantity,
    by: MemberId,
) -> Result<()> {
    let (id, now): (KpiValueId, _) = (tx.fresh_id(), tx.now());
    tx.execute(
        sql!(
            "insert into kpi_values (id, workspace_id, kpi_id, period_on, value, entered_at, entered_by,
             is_history)
             values ($2, $1, $3, $4, $5, $6, $7, $8)"
        ),
        args![id, current.id, period, value, now, by, true],
    )
    .await?;
    Ok(())
}

/// Puts a value in the place of an earlier one, if there is one, and before both owners.
pub(super) async fn replace(
    tx: &mut Transaction,
    current: &Current,
    period: Day,
    value: Quantity,
    earlier: Option<(KpiValueId, &str)>,
    by: MemberId,
) -> Result<()> {
    let now = tx.now();
    if let Some((id, because)) = earlier {
        tx.execute(
            sql!(
                "update kpi_values set replaced_at = $3, replaced_because = $4 where workspace_id = $1
             and id = $2"
            ),
            args![id, now, because],
        )
        .await?;
        handshake::close(tx, Kind::Kpi, id.uuid(), "superseded").await?;
    }
    let id: KpiValueId = tx.fresh_id();
    tx.execute(
        sql!(
            "insert into kpi_values (id, workspace_id, kpi_id, period_on, value, entered_at, entered_by)
             values ($2, $1, $3, $4, $5, $6, $7)"
        ),
        args![id, current.id, period, value, now, by],
    )
    .await?;
    offer(tx, current, id, period, value).await
}
