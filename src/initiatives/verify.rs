//! Whether initiatives run and end as both co-leads signed that they do.

use std::collections::HashSet;

use super::{
    Phase,
    text::{CharterText, RetrospectiveText},
};
use crate::{
    handshake,
    platform::{db::Snapshot, error::Result},
    sql,
};

#[derive(sqlx::FromRow)]
struct PhaseRow {
    id: uuid::Uuid,
    number: i64,
    phase: Phase,
    has_started: bool,
}

/// Names every initiative that started without a charter of its number that both co-leads signed, and every
/// one that ended otherwise than its retrospective says.
pub async fn differences(snapshot: &Snapshot) -> Result<Vec<String>> {
    let rows: Vec<PhaseRow> = snapshot
        .fetch_all(
            sql!(
                "select i.id, i.number, i.phase, exists (select 1 from initiative_phases p where
                 p.initiative_id = i.id and p.phase = 'active') as has_started from initiatives i order by
                 i.number"
            ),
            Vec::new(),
        )
        .await?;
    let chartered: HashSet<(uuid::Uuid, i64)> = handshake::verify::last_sealed::<CharterText>(snapshot)
        .await?
        .into_iter()
        .flat_map(|(id, texts)| texts.into_iter().map(move |text| (id, text.initiative)))
        .collect();
    let ended: HashSet<(uuid::Uuid, i64, Phase)> =
        handshake::verify::last_sealed::<RetrospectiveText>(snapshot)
            .await?
            .into_iter()
            .flat_map(|(id, texts)| {
                texts
                    .into_iter()
                    .map(move |text| (id, text.initiative, text.outcome))
            })
            .collect();
    Ok(rows
        .iter()
        .filter_map(|row| {
            let runs = row.has_started || row.phase.closes() || row.phase == Phase::Achieved;
            let number = row.number;
            if runs && !chartered.contains(&(row.id, number)) {
                return Some(format!(
                    "initiative {number}: it started without a charter that both signed"
                ));
            }
            // One that never started is dropped with a reason alone.
            let is_closed = runs && row.phase.is_over();
            (is_closed && !ended.contains(&(row.id, number, row.phase)))
                .then(|| format!("initiative {number}: it ended otherwise than both co-leads signed"))
        })
        .collect())
}
