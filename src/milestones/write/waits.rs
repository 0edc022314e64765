//! What waits for what. A circle is refused, with the way around it.

use super::{CURRENT, Current};
use crate::{
    args,
    ground::{
        error::{Error, Result},
        ids::MilestoneId,
        time::Day,
    },
    people::{Act, Deed, Viewer},
};

/// Says that a milestone cannot be met before another is. Twice is once.
pub async fn wait_for(viewer: &Viewer, number: i64, on: MilestoneId) -> Result<()> {
    let mut act = viewer.act().await?;
    let current: Current = act.one(CURRENT, args![number]).await?;
    let team = current.team(&mut act).await?;
    let permit = act.permit(Deed::PlanWork { team: &team })?;
    current.refuse_accepted()?;
    let known: Option<(String,)> = act.maybe("select title from milestones where workspace_id = $1 and id = $2 and archived_at is null", args![on]).await?;
    let (title,) = known.ok_or_else(|| Error::invalid("on", "Choose from the list."))?;
    if let Some(path) = way(&mut act, on, current.id).await? {
        let told: Vec<String> = std::iter::once(current.title.clone()).chain(path).collect();
        return Err(Error::invalid("on", format!("That goes in a circle: {}.", told.join(" waits for "))));
    }
    let (now, me) = (act.now(), act.member_id());
    let added = act
        .execute(
            "insert into milestone_waits (workspace_id, milestone_id, on_milestone_id, at, by_member) values ($1, $2, $3, $4, $5) on conflict do nothing",
            args![current.id, on, now, me],
        )
        .await?;
    if added == 0 {
        return Ok(());
    }
    act.commit(permit, current.event("made wait").detail(format!("for {title}"))).await
}

/// The titles on the way from one milestone to another along what each waits for, both included.
async fn way(act: &mut Act, from: MilestoneId, to: MilestoneId) -> Result<Option<Vec<String>>> {
    let edges: Vec<(MilestoneId, MilestoneId)> =
        act.all("select milestone_id, on_milestone_id from milestone_waits where workspace_id = $1", Vec::new()).await?;
    let (mut stack, mut seen) = (vec![vec![from]], Vec::new());
    while let Some(path) = stack.pop() {
        let Some(last) = path.last().copied() else { continue };
        if last == to {
            let mut titles = Vec::with_capacity(path.len());
            for id in path {
                let (title,): (String,) = act.one("select title from milestones where workspace_id = $1 and id = $2", args![id]).await?;
                titles.push(title);
            }
            return Ok(Some(titles));
        }
        if !seen.contains(&last) {
            seen.push(last);
            stack.extend(edges.iter().filter(|(milestone, _)| *milestone == last).map(|(_, on)| path.iter().copied().chain([*on]).collect::<Vec<_>>()));
        }
    }
    Ok(None)
}

pub async fn stop_waiting(viewer: &Viewer, number: i64, on: MilestoneId) -> Result<()> {
    let mut act = viewer.act().await?;
    let current: Current = act.one(CURRENT, args![number]).await?;
    let team = current.team(&mut act).await?;
    let permit = act.permit(Deed::PlanWork { team: &team })?;
    let (title,): (String,) = act
        .one(
            "select m.title from milestone_waits w join milestones m on m.id = w.on_milestone_id where w.workspace_id = $1 and w.milestone_id = $2 and m.id = $3",
            args![current.id, on],
        )
        .await?;
    act.execute("delete from milestone_waits where workspace_id = $1 and milestone_id = $2 and on_milestone_id = $3", args![current.id, on]).await?;
    act.commit(permit, current.event("made not wait any more").detail(format!("for {title}"))).await
}

/// The milestones that wait for this one and are due before `day`: whom moving it there hits.
pub(super) async fn hit_by(act: &mut Act, id: MilestoneId, day: Day) -> Result<Vec<String>> {
    let hit: Vec<(String,)> = act
        .all(
            "select m.title from milestone_waits w join milestones m on m.id = w.milestone_id
             where w.workspace_id = $1 and w.on_milestone_id = $2 and m.archived_at is null and m.accepted_at is null and m.due_on < $3 order by m.due_on, m.number",
            args![id, day],
        )
        .await?;
    Ok(hit.into_iter().map(|(title,)| title).collect())
}
