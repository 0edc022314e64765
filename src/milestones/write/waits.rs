//! What waits for what. A circle is refused, with the way around it.

use super::load_plannable;
use crate::{
    access, args,
    identity::{Transaction, Viewer},
    platform::{
        error::{Error, Result},
        graph::find_path,
        ids::{AccessId, MilestoneId},
        time::Day,
    },
    sql,
};

/// Says that a milestone cannot be met before another is. Twice is once.
pub async fn wait_for(viewer: &Viewer, number: i64, on: MilestoneId) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let (current, permit) = load_plannable(&mut tx, number).await?;
    let known: Option<(String,)> = tx
        .fetch_optional(
            sql!(
                "select m.title from milestones m join initiative_facts i on i.id = m.initiative_id
             where m.workspace_id = $1 and m.id = $2 and m.archived_at is null and m.accepted_at is null and
             i.is_running"
            ),
            args![on],
        )
        .await?;
    let (title,) = known.ok_or_else(|| Error::invalid("on", "Choose one that is not done yet."))?;
    if let Some(path) = titles_between(&mut tx, on, current.id).await? {
        let detail: Vec<String> = std::iter::once(current.title.clone()).chain(path).collect();
        return Err(Error::invalid(
            "on",
            format!("That would make a circle: {}.", detail.join(" waits for ")),
        ));
    }
    let (now, me) = (tx.now(), tx.member_id());
    let added = tx
        .execute(
            sql!(
                "insert into milestone_waits (workspace_id, milestone_id, on_milestone_id, at, by_member)
                 values ($1, $2, $3, $4, $5) on conflict do nothing"
            ),
            args![current.id, on, now, me],
        )
        .await?;
    if added == 0 {
        return Ok(());
    }
    tx.commit(
        permit,
        current
            .event("added a dependency to")
            .detail(format!("for {title}")),
    )
    .await
}

/// Says that a milestone cannot be met before an access is granted. Twice is once.
pub async fn wait_for_access(viewer: &Viewer, number: i64, access: AccessId) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let (current, permit) = load_plannable(&mut tx, number).await?;
    let title = access::write::require_ahead(&mut tx, access).await?;
    let (now, me) = (tx.now(), tx.member_id());
    let added = tx
        .execute(
            sql!(
                "insert into milestone_access_waits (workspace_id, milestone_id, access_id, at, by_member)
                 values ($1, $2, $3, $4, $5) on conflict do nothing"
            ),
            args![current.id, access, now, me],
        )
        .await?;
    if added == 0 {
        return Ok(());
    }
    tx.commit(
        permit,
        current
            .event("added a dependency to")
            .detail(format!("for access to {title}")),
    )
    .await
}

pub async fn stop_waiting_for_access(viewer: &Viewer, number: i64, access: AccessId) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let (current, permit) = load_plannable(&mut tx, number).await?;
    let (title,): (String,) = tx
        .fetch_one(
            sql!(
                "select r.title from milestone_access_waits w join access_facts r on r.id = w.access_id where
                 w.workspace_id = $1 and w.milestone_id = $2 and r.id = $3"
            ),
            args![current.id, access],
        )
        .await?;
    tx.execute(
        sql!(
            "delete from milestone_access_waits where workspace_id = $1 and milestone_id = $2 and
         access_id = $3"
        ),
        args![current.id, access],
    )
    .await?;
    tx.commit(
        permit,
        current
            .event("removed a dependency of")
            .detail(format!("for access to {title}")),
    )
    .await
}

/// The titles on the way from one milestone to another along what each waits for, both included.
async fn titles_between(
    tx: &mut Transaction,
    from: MilestoneId,
    to: MilestoneId,
) -> Result<Option<Vec<String>>> {
    let arrows: Vec<(MilestoneId, MilestoneId)> = tx
        .fetch_all(
            sql!(
                "select w.milestone_id, w.on_milestone_id from milestone_waits w join milestones m on
                     m.id = w.milestone_id join milestones o on o.id = w.on_milestone_id
                 where w.workspace_id = $1 and m.archived_at is null and o.archived_at is null"
            ),
            Vec::new(),
        )
        .await?;
    let Some(path) = find_path(&arrows, from, to) else {
        return Ok(None);
    };
    let mut titles = Vec::with_capacity(path.len());
    for id in path {
        let (title,): (String,) = tx
            .fetch_one(
                sql!("select title from milestones where workspace_id = $1 and id = $2"),
                args![id],
            )
            .await?;
        titles.push(title);
    }
    Ok(Some(titles))
}

pub async fn stop_waiting(viewer: &Viewer, number: i64, on: MilestoneId) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let (current, permit) = load_plannable(&mut tx, number).await?;
    let (title,): (String,) = tx
        .fetch_one(
            sql!(
                "select m.title from milestone_waits w join milestones m on m.id = w.on_milestone_id where
                 w.workspace_id = $1 and w.milestone_id = $2 and m.id = $3"
            ),
            args![current.id, on],
        )
        .await?;
    tx.execute(
        sql!(
            "delete from milestone_waits where workspace_id = $1 and milestone_id = $2 and
         on_milestone_id = $3"
        ),
        args![current.id, on],
    )
    .await?;
    tx.commit(
        permit,
        current
            .event("removed a dependency of")
            .detail(format!("for {title}")),
    )
    .await
}

/// The milestones that wait for this one and are due before `day`: whom moving it there hits.
pub(super) async fn hit_by(tx: &mut Transaction, id: MilestoneId, day: Day) -> Result<Vec<String>> {
    let hit: Vec<(String,)> = tx
        .fetch_all(
            sql!(
                "select m.title from milestone_waits w join milestones m on m.id = w.milestone_id join
                 initiative_facts i on i.id = m.initiative_id
             where w.workspace_id = $1 and w.on_milestone_id = $2 and m.archived_at is null and m.accepted_at
             is null and i.is_running
               and m.due_on < $3 order by m.due_on, m.number"
            ),
            args![id, day],
        )
        .await?;
    Ok(hit.into_iter().map(|(title,)| title).collect())
}
