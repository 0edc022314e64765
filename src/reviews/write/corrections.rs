//! What was corrected between the freezing of a review and its beginning: noted once, beside what was frozen.

use super::Current;
use crate::{
    args,
    identity::{Transaction, Viewer},
    platform::{error::Result, ids::SnapshotId},
    reviews::{changes::corrections, facts::gather, read},
    sql,
};

/// Each corrected thing's path, and what is said beside it.
pub(super) type Corrections = Vec<(String, String)>;

/// What differs from the frozen facts now, read outside of any transaction.
pub(super) async fn corrected(viewer: &Viewer, snapshot: SnapshotId) -> Result<Corrections> {
    let frozen = read::snapshot(viewer, snapshot).await?;
    Ok(corrections(&frozen.facts, &gather(viewer).await?))
}

/// Notes it, as long as the review is over these facts still. A later correction is noted in place of an earlier one.
pub(super) async fn note(
    tx: &mut Transaction,
    current: &Current,
    snapshot: SnapshotId,
    corrected: &Corrections,
) -> Result<()> {
    if current.snapshot_id != Some(snapshot) {
        return Ok(());
    }
    let now = tx.now();
    for (path, words) in corrected {
        tx.execute(
            sql!(
                "insert into review_corrections (workspace_id, snapshot_id, path, words, noted_at)
                 values ($1, $2, $3, $4, $5)
                 on conflict (snapshot_id, path) do update set words = excluded.words, noted_at = excluded.noted_at"
            ),
            args![snapshot, path.as_str(), words.as_str(), now],
        )
        .await?;
    }
    Ok(())
}
