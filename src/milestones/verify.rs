//! Whether baselines and accepted milestones are what was signed.

use std::collections::HashMap;

use super::{
    BaselineLine,
    text::{BaselineText, MilestoneText},
};
use crate::{
    handshake,
    platform::{db::Db, error::Result, time::Day},
    sql,
};

/// Names every baseline and every accepted milestone whose rows are not what was signed, and every milestone
/// that says it is accepted though nobody accepted it.
pub async fn differences(db: &Db) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    let rows: Vec<(uuid::Uuid, i64, String)> = db
        .fetch_all(sql!("select id, number, content from baselines"), Vec::new())
        .await?;
    let baselines: HashMap<uuid::Uuid, (i64, String)> = rows
        .into_iter()
        .map(|(id, number, content)| (id, (number, content)))
        .collect();
    for (subject, text) in handshake::verify::sealed::<BaselineText>(db).await? {
        let is_same = baselines.get(&subject).is_some_and(|(number, content)| {
            let lines: Option<Vec<BaselineLine>> = serde_json::from_str(content).ok();
            *number == text.baseline && lines.as_ref() == Some(&text.milestones)
        });
        if !is_same {
            wrong.push(format!(
                "baseline {}: it is not what both leads fixed",
                text.baseline
            ));
        }
    }
    let rows: Vec<(uuid::Uuid, i64, String, String, Day)> = db
        .fetch_all(
            sql!("select id, number, title, outcome, due_on from milestones where accepted_at is not null"),
            Vec::new(),
        )
        .await?;
    let mut milestones: HashMap<uuid::Uuid, (i64, String, String, String)> = rows
        .into_iter()
        .map(|(id, number, title, outcome, due_on)| (id, (number, title, outcome, due_on.to_string())))
        .collect();
    for (subject, text) in handshake::verify::sealed::<MilestoneText>(db).await? {
        let signed = (text.milestone, text.title, text.outcome, text.due_on);
        if milestones.remove(&subject).as_ref() != Some(&signed) {
            wrong.push(format!(
                "milestone {}: it is not what both owners accepted",
                signed.0
            ));
        }
    }
    let mut unsigned: Vec<i64> = milestones.into_values().map(|row| row.0).collect();
    unsigned.sort_unstable();
    wrong.extend(
        unsigned
            .iter()
            .map(|number| format!("milestone {number}: says it is accepted, and nobody accepted it")),
    );
    Ok(wrong)
}
