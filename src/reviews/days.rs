//! What the pages showed when each day began, kept for as long as one looks back. What changed since a day is
//! the difference of two sets of facts, as between two reviews.

use super::{
    changes::{FactChanges, changes},
    facts::{FORMAT, ReviewFacts, gather},
};
use crate::{
    args,
    identity::{Viewer, system::SystemActor},
    platform::{error::Result, time::Day},
    sql,
};

/// A page looks back for a month, and a weekly letter for as long.
const KEPT_DAYS: i64 = 40;

/// Keeps today's facts, and lets go of those to which nobody looks back. Done twice, it is done once.
pub async fn keep(system: &SystemActor) -> Result<()> {
    let today = system.today();
    let kept: Vec<(String,)> = system
        .fetch_all(
            sql!("select day from kept_days where workspace_id = $1 and day = $2"),
            args![today],
        )
        .await?;
    if !kept.is_empty() {
        return Ok(());
    }
    let Some(viewer) = system.reader().await? else {
        return Ok(());
    };
    // Names stay in clear: a day is gone before anybody's name could be asked to go.
    let (content, _) = gather(&viewer).await?.seal(Vec::new(), String::new)?;
    system
        .execute_unaudited(
            sql!(
                "insert into kept_days (workspace_id, day, format, content, taken_at) values ($1, $2, $3, $4,
                 $5)
                 on conflict do nothing"
            ),
            args![today, FORMAT, content, system.now()],
        )
        .await?;
    system
        .execute_unaudited(
            sql!("delete from kept_days where workspace_id = $1 and day < $2"),
            args![today.plus(-KEPT_DAYS)],
        )
        .await?;
    Ok(())
}

/// The facts of the last day up to this one; where none was kept so early, of the first one after it.
async fn kept_by(viewer: &Viewer, day: Day) -> Result<Option<ReviewFacts>> {
    let up_to = viewer
        .fetch_optional(
            sql!(
                "select content from kept_days where workspace_id = $1 and format = $2 and day <= $3
                 order by day desc limit 1"
            ),
            args![FORMAT, day],
        )
        .await?;
    let found: Option<(String,)> = match up_to {
        Some(found) => Some(found),
        None => {
            viewer
                .fetch_optional(
                    sql!(
                        "select content from kept_days where workspace_id = $1 and format = $2 and day > $3
                         order by day limit 1"
                    ),
                    args![FORMAT, day],
                )
                .await?
        }
    };
    found
        .map(|(content,)| ReviewFacts::read(&content, &[]))
        .transpose()
}

/// What changed since a day began until now; nothing, where no day is kept yet.
pub async fn changes_since(viewer: &Viewer, day: Day) -> Result<Option<FactChanges>> {
    let Some(before) = kept_by(viewer, day).await? else {
        return Ok(None);
    };
    Ok(Some(changes(&before, &gather(viewer).await?)))
}

/// What changed since a day began until today did, where today is kept and a day up to that one.
pub async fn changes_of_kept_days(viewer: &Viewer, day: Day) -> Result<Option<FactChanges>> {
    let today = viewer.today();
    let kept: Vec<(String,)> = viewer
        .fetch_all(
            sql!(
                "select content from kept_days where workspace_id = $1 and format = $2
                   and (day = $4 or day = (select max(k.day) from kept_days k where k.workspace_id = $1
                        and k.format = $2 and k.day <= $3)) order by day"
            ),
            args![FORMAT, day, today],
        )
        .await?;
    // Days are large: none is read where the other is missing.
    let [before, after] = kept.as_slice() else {
        return Ok(None);
    };
    let read = |(content,): &(String,)| ReviewFacts::read(content, &[]);
    let (before, after) = (read(before)?, read(after)?);
    Ok((after.day == today).then(|| changes(&before, &after)))
}

/// What changed since a day began until today did: what one letter tells, the next one does not. Nothing,
/// where no earlier day is kept yet.
pub async fn changes_until_today(viewer: &Viewer, day: Day) -> Result<Option<FactChanges>> {
    let today = viewer.today();
    let Some(before) = kept_by(viewer, day).await?.filter(|before| before.day < today) else {
        return Ok(None);
    };
    // A letter may be written before the clock has kept today.
    let after = match kept_by(viewer, today).await? {
        Some(after) if after.day == today => after,
        _ => gather(viewer).await?,
    };
    Ok(Some(changes(&before, &after)))
}
