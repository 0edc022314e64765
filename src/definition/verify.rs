//! Whether the definition in force is the one that both leads ratified.

use crate::{
    platform::{db::Snapshot, error::Result},
    sql,
};

/// Names every version in force that is not the text of its own sealed handshake.
pub async fn differences(snapshot: &Snapshot) -> Result<Vec<String>> {
    let versions: Vec<(i64,)> = snapshot
        .fetch_all(
            sql!(
                "select v.number from definition_versions v
                 left join tabled_handshakes h on h.kind = 'definition' and h.subject_id = v.id and
                 h.sealed_at is not null
                 where v.in_force_at is not null and v.superseded_at is null
                   and (h.id is null or h.content <> v.content or h.digest <> v.digest) order by v.id"
            ),
            Vec::new(),
        )
        .await?;
    Ok(versions
        .into_iter()
        .map(|(number,)| format!("definition, version {number}: it is not what both leads ratified"))
        .collect())
}
