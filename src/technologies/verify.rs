//! Whether technologies stand where both owners signed that they stand.

use super::{TechnologyStage, text::TechnologyText};
use crate::{
    handshake,
    platform::{db::Snapshot, error::Result},
    sql,
};

/// Names every technology whose stage is not the one that was signed last, or whose stage nobody signed
/// though a decision did not enter it.
pub async fn differences(snapshot: &Snapshot) -> Result<Vec<String>> {
    let rows: Vec<(uuid::Uuid, i64, TechnologyStage, bool)> = snapshot
        .fetch_all(
            sql!("select id, number, stage, decision_id is not null from technologies"),
            Vec::new(),
        )
        .await?;
    let signed = handshake::verify::last_sealed::<TechnologyText>(snapshot).await?;
    let differs = |(id, number, stage, is_decided): &(uuid::Uuid, i64, TechnologyStage, bool)| {
        match signed.get(id) {
            // What a decision entered is held when a later one takes that decision's place.
            Some(_) if *is_decided && *stage == TechnologyStage::Hold => false,
            Some(texts) => !texts
                .iter()
                .any(|text| text.technology == *number && text.stage == *stage),
            // Entered by hand and not signed yet, it is looked at; a decision says itself where it stands.
            None => !is_decided && *stage != TechnologyStage::Assess,
        }
    };
    Ok(rows
        .iter()
        .filter(|row| differs(row))
        .map(|(_, number, ..)| format!("technology {number}: its stage is not what both owners signed"))
        .collect())
}
