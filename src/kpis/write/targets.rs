//! Targets, and the reasons for which they change.

use super::{TargetRow, current, offer_again};
use crate::{
    args,
    identity::{Action, Viewer},
    kpis::Target,
    platform::{
        error::{Error, Result},
        ids::TargetId,
        time::Day,
    },
    sql,
};

/// A period's target, as typed: one number, or both ends when it is to stay within.
pub struct PeriodTarget {
    pub period: Day,
    pub target: Option<Target>,
}

/// Sets the targets of some periods. Changing one that was set needs a reason and stays on record; an
/// unsealed attestation against it is over. `version` is that of the KPI from which they were typed.
pub async fn set_targets(
    viewer: &Viewer,
    number: i64,
    version: i64,
    targets: &[PeriodTarget],
    because: &str,
) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::ManageKpi)?;
    let current = current(&mut tx, number).await?;
    if current.version != version {
        return Err(Error::Conflict);
    }
    let (mut changed, mut detail) = (0, Vec::new());
    for wanted in targets {
        let stored: Option<TargetRow> = tx
            .fetch_optional(
                sql!(
                    "select low, high from kpi_targets where workspace_id = $1 and kpi_id = $2 and period_on
                     = $3 and replaced_at is null"
                ),
                args![current.id, wanted.period],
            )
            .await?;
        let now = stored.map(|stored| Target {
            low: stored.low,
            high: stored.high,
        });
        if now == wanted.target {
            continue;
        }
        changed += 1;
        if let Some(now) = now {
            if because.is_empty() {
                return Err(Error::invalid(
                    "because",
                    "A target that was set changes only with a reason. Say it in a sentence.",
                ));
            }
            let after = wanted
                .target
                .map_or_else(|| "none".to_owned(), |target| target.format(&current.unit));
            detail.push(format!(
                "{}: {} became {after}",
                current.cadence.format(wanted.period, tx.today()),
                now.format(&current.unit)
            ));
        }
        tx.execute(
            sql!(
                "update kpi_targets set replaced_at = $4 where workspace_id = $1 and kpi_id = $2 and
                 period_on = $3 and replaced_at is null"
            ),
            args![current.id, wanted.period, tx.now()],
        )
        .await?;
        if let Some(target) = wanted.target {
            let id: TargetId = tx.fresh_id();
            tx.execute(
                sql!(
                    "insert into kpi_targets (id, workspace_id, kpi_id, period_on, low, high, set_at, set_by,
                     because) values ($2, $1, $3, $4, $5, $6, $7, $8, $9)"
                ),
                args![
                    id,
                    current.id,
                    wanted.period,
                    target.low,
                    target.high,
                    tx.now(),
                    tx.member_id(),
                    now.map(|_| because)
                ],
            )
            .await?;
        }
        offer_again(&mut tx, &current, wanted.period).await?;
    }
    if changed == 0 {
        return Ok(());
    }
    tx.execute(
        sql!("update kpis set version = version + 1 where workspace_id = $1 and id = $2"),
        args![current.id],
    )
    .await?;
    let periods = if changed == 1 {
        "1 period".to_owned()
    } else {
        format!("{changed} periods")
    };
    let detail = if detail.is_empty() {
        periods
    } else {
        format!("{periods} · {} · {because}", detail.join(" · "))
    };
    tx.commit(permit, current.event("set targets of").detail(detail))
        .await
}
