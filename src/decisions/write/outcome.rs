//! Whether it delivered.

use serde::Serialize;

use super::current;
use crate::{
    args,
    decisions::DecisionOutcome,
    identity::{Action, Viewer},
    platform::{
        error::{Error, Result},
        ids::{MemberId, OutcomeId},
        quantity::Quantity,
        time::Day,
    },
    sql,
};

#[derive(sqlx::FromRow)]
struct MeasurementRow {
    number: i64,
    title: String,
    unit: String,
    then_value: Option<Quantity>,
    now_value: Option<Quantity>,
}

/// A cited KPI when the decision was signed and when its outcome was told.
#[derive(Serialize)]
struct KpiThenAndNow<'a> {
    number: i64,
    title: &'a str,
    unit: &'a str,
    then: Option<String>,
    now: Option<String>,
}

/// Records the outcome of a signed decision, beside its KPIs then and now, and when to ask again. The day
/// that both sides signed is kept until it has come, whatever one person says before.
pub async fn review(
    viewer: &Viewer,
    number: i64,
    verdict: DecisionOutcome,
    body: &str,
    again_on: Option<Day>,
) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let current = current(&mut tx, number).await?;
    let permit = tx.permit(Action::ShapeDecision {
        driver: current.driver_id,
    })?;
    let signed_at = current
        .signed_at
        .ok_or_else(|| Error::invalid("", "You can record the result once both sides have signed."))?;
    if again_on.is_some_and(|day| day <= tx.today()) {
        return Err(Error::invalid("again_on", "Choose a later day."));
    }
    let measured: Vec<MeasurementRow> = tx
        .fetch_all(
            sql!(
                "select k.number, k.title, k.unit,
                    (select v.value from kpi_value_history v where v.kpi_id = k.id and v.entered_at <= $3 and
                    (v.replaced_at is null or v.replaced_at > $3)
                     order by v.period_on desc limit 1) as then_value,
                    (select v.value from kpi_current_values v where v.kpi_id = k.id order by v.period_on desc
                    limit 1) as now_value
             from decision_kpis dk join kpi_facts k on k.id = dk.kpi_id where dk.workspace_id = $1 and
             dk.decision_id = $2 order by k.number"
            ),
            args![current.id, signed_at],
        )
        .await?;
    let then_and_now: Vec<KpiThenAndNow<'_>> = measured
        .iter()
        .map(|m| KpiThenAndNow {
            number: m.number,
            title: &m.title,
            unit: &m.unit,
            then: m.then_value.map(|q| q.to_string()),
            now: m.now_value.map(|q| q.to_string()),
        })
        .collect();
    let kpis = serde_json::to_string(&then_and_now).map_err(|_| Error::Internal)?;
    let last: Option<(DecisionOutcome, String, MemberId)> = tx
        .fetch_optional(
            sql!(
                "select verdict, body, by_member from outcomes where workspace_id = $1 and decision_id = $2
                 order by at desc, id desc limit 1"
            ),
            args![current.id],
        )
        .await?;
    // A double click tells it once.
    if last.is_some_and(|(was, said, by)| was == verdict && said == body && Some(by) == tx.member_id()) {
        return Ok(());
    }
    let id: OutcomeId = tx.fresh_id();
    tx.execute(
        sql!(
            "insert into outcomes (id, workspace_id, decision_id, verdict, body, kpis, at, by_member) values
             ($2, $1, $3, $4, $5, $6, $7, $8)"
        ),
        args![id, current.id, verdict, body, kpis, tx.now(), tx.member_id()],
    )
    .await?;
    tx.execute(
        sql!(
            "update decisions set review_on = case when review_on > $4 and review_on < coalesce($3, '9999') then
             review_on else $3 end where workspace_id = $1 and id = $2"
        ),
        args![current.id, again_on, tx.today()],
    )
    .await?;
    tx.commit(
        permit,
        current
            .event("recorded the result of")
            .detail(format!("{}: {body}", verdict.name())),
    )
    .await
}
