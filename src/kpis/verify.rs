//! Whether the values that pages show as attested are those that both owners signed.

use std::collections::HashMap;

use super::text::PeriodText;
use crate::{
    handshake,
    platform::{db::Snapshot, error::Result, quantity::Quantity, time::Day},
    sql,
};

/// Names every attested value whose row is not what was signed, replaced ones included.
pub async fn differences(snapshot: &Snapshot) -> Result<Vec<String>> {
    let rows: Vec<(uuid::Uuid, i64, Day, Quantity)> = snapshot
        .fetch_all(
            sql!(
                "select v.id, k.number, v.period_on, v.value from kpi_values v join kpis k on k.id = v.kpi_id"
            ),
            Vec::new(),
        )
        .await?;
    let rows: HashMap<uuid::Uuid, (i64, Day, Quantity)> = rows
        .into_iter()
        .map(|(id, number, period, value)| (id, (number, period, value)))
        .collect();
    let mut wrong = Vec::new();
    for (subject, text) in handshake::verify::sealed::<PeriodText>(snapshot).await? {
        let is_same = rows.get(&subject).is_some_and(|(number, period, value)| {
            *number == text.kpi && period.to_string() == text.period && value.to_string() == text.value
        });
        if !is_same {
            wrong.push(format!(
                "kpi {}, {}: its value is not the one that was attested",
                text.kpi, text.period
            ));
        }
    }
    Ok(wrong)
}
