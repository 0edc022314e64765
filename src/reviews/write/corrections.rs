//! What was corrected between the freezing of a review and its beginning: noted once, beside what was frozen.

use super::Current;
use crate::{
    args,
    identity::{Transaction, Viewer},
    platform::{error::Result, ids::SnapshotId},
    reviews::{changes::corrections, facts::gather, read},
    sql,
};

/// What differs from the frozen facts, and the last event of the audit chain that it has seen.
pub(super) struct SeenCorrections {
    seq: i64,
    snapshot: SnapshotId,
    found: Vec<(String, String)>,
}

pub(super) async fn see(viewer: &Viewer, snapshot: SnapshotId) -> Result<SeenCorrections> {
    let (seq,): (i64,) = viewer
        .fetch_one(sql!("select seq from chain_heads where id = $1"), Vec::new())
        .await?;
    let frozen = read::snapshot(viewer, snapshot).await?;
    Ok(SeenCorrections {
        seq,
        snapshot,
        found: corrections(&frozen.facts, &gather(viewer).await?),
    })
}

/// Notes it, as long as the review is over these facts still. A later correction is noted in place of an
/// earlier one, and what was put back is said no more. Under the chain's lock nobody writes here; what was
/// seen before is seen again if somebody did.
pub(super) async fn note(
    tx: &mut Transaction,
    current: &Current,
    viewer: &Viewer,
    before: SeenCorrections,
) -> Result<()> {
    let snapshot = before.snapshot;
    if current.snapshot_id != Some(snapshot) {
        return Ok(());
    }
    let (seq,): (i64,) = tx
        .fetch_one(sql!("select seq from chain_heads where id = $1"), Vec::new())
        .await?;
    let seen = if seq == before.seq {
        before
    } else {
        see(viewer, snapshot).await?
    };
    let now = tx.now();
    tx.execute(
        sql!(
            "update review_corrections set words = '', noted_at = $3 where workspace_id = $1 and snapshot_id =
             $2
             and words <> ''"
        ),
        args![snapshot, now],
    )
    .await?;
    for (path, words) in &seen.found {
        tx.execute(
            sql!(
                "insert into review_corrections (workspace_id, snapshot_id, path, words, noted_at)
                 values ($1, $2, $3, $4, $5)
                 on conflict (snapshot_id, path) do update set words = excluded.words, noted_at =
                 excluded.noted_at"
            ),
            args![snapshot, path.as_str(), words.as_str(), now],
        )
        .await?;
    }
    Ok(())
}
