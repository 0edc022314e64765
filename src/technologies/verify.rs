//! Whether technologies are what both owners signed, and stand where they signed.

use super::{TechnologyStage, text::TechnologyText};
use crate::{
    handshake,
    platform::{db::Snapshot, error::Result},
    sql,
};

#[derive(sqlx::FromRow)]
struct Row {
    id: uuid::Uuid,
    number: i64,
    name: String,
    purpose: String,
    stage: TechnologyStage,
    is_decided: bool,
}

/// Names every technology whose name, purpose or stage is not the one that was signed last, or whose stage
/// nobody signed though a decision did not enter it.
pub async fn differences(snapshot: &Snapshot) -> Result<Vec<String>> {
    let rows: Vec<Row> = snapshot
        .fetch_all(
            sql!(
                "select id, number, name, purpose, stage, decision_id is not null as is_decided from
                  technologies"
            ),
            Vec::new(),
        )
        .await?;
    let signed = handshake::verify::last_sealed::<TechnologyText>(snapshot).await?;
    let differs = |row: &Row| {
        match signed.get(&row.id) {
            Some(texts) => !texts.iter().any(|text| {
                // What a decision entered is held when a later one takes that decision's place.
                let is_held = row.is_decided && row.stage == TechnologyStage::Hold;
                text.technology == row.number
                    && (&text.name, &text.purpose) == (&row.name, &row.purpose)
                    && (text.stage == row.stage || is_held)
            }),
            // Entered by hand and not signed yet, it is looked at; a decision says itself where it stands.
            None => !row.is_decided && row.stage != TechnologyStage::Assess,
        }
    };
    Ok(rows
        .iter()
        .filter(|row| differs(row))
        .map(|row| format!("technology {}: it is not what both owners signed", row.number))
        .collect())
}
