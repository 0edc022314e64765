//! Feeds: a machine enters the values of one KPI.

use super::{current, current_by_id, period};
use crate::{
    args,
    identity::{Action, Viewer},
    kpis::feeds::{self, Feed},
    platform::{
        error::{Error, Result},
        quantity::Quantity,
        time::Day,
    },
    sql,
};

/// Days for which a feed may run before its secret is issued anew.
pub const LONGEST_DAYS: i64 = 366;

/// Issues the secret of a feed for a KPI. It is shown once.
pub async fn issue_feed(viewer: &Viewer, number: i64, name: &str, days: i64) -> Result<String> {
    let mut tx = viewer.begin().await?;
    let current = current(&mut tx, number).await?;
    let permit = tx.permit(Action::EnterKpiValue {
        driver: current.driver_id,
    })?;
    if !(1..=LONGEST_DAYS).contains(&days) {
        return Err(Error::invalid(
            "days",
            format!("Choose 1 to {LONGEST_DAYS} days."),
        ));
    }
    if feeds::runs(&mut tx, current.id, name).await? {
        return Err(Error::invalid(
            "name",
            "A feed with this name exists already. End that one, or choose another name.",
        ));
    }
    let secret = feeds::issue(&mut tx, current.id, name, days).await?;
    tx.commit(
        permit,
        current
            .event("opened a feed into")
            .detail(format!("{name}, for {days} days")),
    )
    .await?;
    Ok(secret)
}

pub async fn end_feed(viewer: &Viewer, number: i64, id: crate::platform::ids::FeedId) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let current = current(&mut tx, number).await?;
    let permit = tx.permit(Action::EnterKpiValue {
        driver: current.driver_id,
    })?;
    let name = feeds::end(&mut tx, current.id, id).await?;
    tx.commit(permit, current.event("ended a feed into").detail(name))
        .await
}

/// What became of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryOutcome {
    Entered,
    Corrected,
    /// The same value was there, or the same key was delivered before.
    Unchanged,
}

/// Enters a period's value for a feed. The same key, or the same value, changes nothing.
pub async fn deliver(
    feed: &Feed,
    period: &str,
    value: Quantity,
    because: Option<&str>,
    key: Option<&str>,
) -> Result<DeliveryOutcome> {
    let (mut tx, permit) = feed.begin().await?;
    let current = current_by_id(&mut tx, feed.kpi).await?;
    let day: Day = crate::kpis::import::period(current.cadence, period).ok_or_else(|| {
        let last = current.cadence.last_complete(tx.today());
        Error::invalid(
            "period",
            format!(
                "Write the period like {}, or by its first day, {last}.",
                current.cadence.format_exact(last)
            ),
        )
    })?;
    let body = format!("{day} {value}");
    if let Some(key) = key {
        let now = tx.now();
        let added = tx
            .execute(
                sql!(
                    "insert into deliveries (workspace_id, feed_id, key, body, at) values ($1, $2, $3, $4,
                     $5) on conflict do nothing"
                ),
                args![feed.id, key, body.as_str(), now],
            )
            .await?;
        if added == 0 {
            let (before,): (String,) = tx
                .fetch_one(
                    sql!("select body from deliveries where workspace_id = $1 and feed_id = $2 and key = $3"),
                    args![feed.id, key],
                )
                .await?;
            if before != body {
                return Err(Error::invalid(
                    "idempotency-key",
                    "This key was used for another delivery. Use a new key.",
                ));
            }
            return Ok(DeliveryOutcome::Unchanged);
        }
    }
    match period::enter_in(&mut tx, &current, day, value, because, feed.by).await? {
        None => Ok(DeliveryOutcome::Unchanged),
        Some((verb, detail)) => {
            tx.commit(permit, current.event(verb).detail(detail)).await?;
            Ok(if verb == "corrected" {
                DeliveryOutcome::Corrected
            } else {
                DeliveryOutcome::Entered
            })
        }
    }
}
