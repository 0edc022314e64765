//! Whether baselines and accepted milestones are what was signed.

use std::collections::HashMap;

use super::{
    BaselineLine,
    text::{BaselineText, MilestoneText},
};
use sha2::{Digest as _, Sha256};

use crate::{
    args, handshake,
    platform::{db::Snapshot, error::Result, ids::EvidenceFileId, time::Day},
    sql,
};

/// Names every baseline and every accepted milestone whose rows are not what was signed, and every milestone
/// that says it is accepted though nobody accepted it.
pub async fn differences(snapshot: &Snapshot) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    let rows: Vec<(uuid::Uuid, i64, String)> = snapshot
        .fetch_all(sql!("select id, number, content from baselines"), Vec::new())
        .await?;
    let baselines: HashMap<uuid::Uuid, (i64, String)> = rows
        .into_iter()
        .map(|(id, number, content)| (id, (number, content)))
        .collect();
    for (subject, text) in handshake::verify::sealed::<BaselineText>(snapshot).await? {
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
    let rows: Vec<(uuid::Uuid, i64, String, String, Day)> = snapshot
        .fetch_all(
            sql!("select id, number, title, outcome, due_on from milestones where accepted_at is not null"),
            Vec::new(),
        )
        .await?;
    let mut milestones: HashMap<uuid::Uuid, (i64, String, String, String)> = rows
        .into_iter()
        .map(|(id, number, title, outcome, due_on)| (id, (number, title, outcome, due_on.to_string())))
        .collect();
    for (subject, text) in handshake::verify::sealed::<MilestoneText>(snapshot).await? {
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

#[derive(sqlx::FromRow)]
struct FileRow {
    id: EvidenceFileId,
    name: String,
    digest: String,
    content: Vec<u8>,
}

/// Files of any workspace whose bytes are not those of their digest. Reads them one by one.
pub async fn forged_evidence(snapshot: &Snapshot) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    let mut after = EvidenceFileId::from_uuid(uuid::Uuid::nil());
    while let Some(file) = snapshot
        .fetch_optional::<FileRow>(
            sql!("select id, name, digest, content from evidence_files where id > $1 order by id limit 1"),
            args![after],
        )
        .await?
    {
        after = file.id;
        if hex::encode(Sha256::digest(&file.content)) != file.digest {
            wrong.push(format!(
                "evidence {} ({}): its bytes are not those that were given",
                file.id, file.name
            ));
        }
    }
    Ok(wrong)
}
