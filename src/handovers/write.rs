//! Disabling somebody or changing their part, together with handing over what they held.

use std::collections::BTreeMap;

use super::read::held_by;
use crate::{
    decisions, goals,
    identity::{Part, Transaction, Viewer},
    initiatives, kpis,
    members::{
        holding::{Holding, HoldingKind, Succession},
        read::Member,
        write::{self as members, gives_up_holdings},
    },
    milestones,
    platform::{
        error::{Error, Result},
        ids::MemberId,
    },
    reviews, sources, technologies,
};

/// Who takes what somebody held.
#[derive(Clone, Debug, Default)]
pub struct Successors {
    pub everything: Option<MemberId>,
    /// Where a kind of things goes to somebody else.
    pub by_kind: BTreeMap<HoldingKind, MemberId>,
}

impl Successors {
    /// The field and the member for one kind.
    fn of(&self, kind: HoldingKind) -> Option<(&'static str, MemberId)> {
        let own = self.by_kind.get(&kind).map(|member| (kind.as_str(), *member));
        own.or(self.everything.map(|member| ("successor", member)))
    }
}

/// Keeps somebody out of the workspace; what they held goes to their successors.
pub async fn disable(viewer: &Viewer, id: MemberId, successors: &Successors) -> Result<()> {
    // Read before the workspace is locked: a lock that waits for a second connection would wait for its own
    // queue. What they are given in between is asked of whoever stands in.
    let held = held_by(viewer, id).await?;
    let mut tx = viewer.begin().await?;
    let member = members::one_in(&mut tx, id).await?;
    let workspace = viewer.workspace();
    let letter = format!(
        "{} ended your access to {workspace}. What you did there stays on record.",
        tx.name()
    );
    tx.tell(id, format!("Your access to {workspace} has ended"), &letter, None)
        .await?;
    hand_over(&mut tx, &member, &held, successors).await?;
    sources::write::vacate(&mut tx, id, "Whoever sat here left.").await?;
    let (permit, event) = members::disable_in(&mut tx, &member).await?;
    tx.commit(permit, event).await
}

/// Gives somebody another part; what they cannot keep in it goes to their successors.
pub async fn change_part(
    viewer: &Viewer,
    id: MemberId,
    part: Part,
    seen: Option<&str>,
    successors: &Successors,
) -> Result<()> {
    // Read before the workspace is locked: a lock that waits for a second connection would wait for its own
    // queue. What they are given in between is asked of whoever stands in.
    let held = held_by(viewer, id).await?;
    let mut tx = viewer.begin().await?;
    let member = members::one_in(&mut tx, id).await?;
    if gives_up_holdings(member.part(), part) {
        hand_over(&mut tx, &member, &held, successors).await?;
        sources::write::vacate(&mut tx, id, "Whoever sat here changed their part.").await?;
    }
    let (permit, event) = members::change_in(&mut tx, &member, part, seen).await?;
    if member.part() != part {
        let workspace = viewer.workspace();
        let letter = format!(
            "{} changed your role in {workspace} to {}. Before, it was {}.",
            tx.name(),
            part.label(),
            member.part().label()
        );
        tx.tell(
            id,
            format!("Your role in {workspace} has changed"),
            &letter,
            Some("members"),
        )
        .await?;
    }
    tx.commit(permit, event).await
}

/// Gives every kind of things to its successor, who is told what it is.
async fn hand_over(
    tx: &mut Transaction,
    leaving: &Member,
    held: &[Holding],
    successors: &Successors,
) -> Result<()> {
    let is_given = |holding: &&Holding| holding.kind != HoldingKind::Chair;
    if held
        .iter()
        .filter(is_given)
        .any(|holding| successors.of(holding.kind).is_none())
    {
        return Err(Error::invalid(
            "successor",
            format!("Choose who takes over from {}.", leaving.name),
        ));
    }
    let mut taken: BTreeMap<MemberId, Vec<&Holding>> = BTreeMap::new();
    for kind in HoldingKind::ALL.iter().copied() {
        let Some((field, to)) = successors.of(kind) else {
            continue;
        };
        let succession = Succession::of(tx, leaving, field, to).await?;
        match kind {
            HoldingKind::Initiative => initiatives::write::hand_over(tx, &succession).await?,
            HoldingKind::Milestone => milestones::write::hand_over(tx, &succession).await?,
            HoldingKind::Checkpoint => milestones::write::hand_over_checkpoints(tx, &succession).await?,
            HoldingKind::Kpi => kpis::write::hand_over(tx, &succession).await?,
            HoldingKind::Goal => goals::write::hand_over(tx, &succession).await?,
            HoldingKind::Decision => decisions::write::hand_over(tx, &succession).await?,
            HoldingKind::Action => reviews::write::hand_over(tx, &succession).await?,
            HoldingKind::Technology => technologies::hand_over::hand_over(tx, &succession).await?,
            // A chair counts only for whom accepts it: it is vacated, not given.
            HoldingKind::Chair => {}
        }
        let of_kind = held
            .iter()
            .filter(is_given)
            .filter(|holding| holding.kind == kind);
        taken.entry(to).or_default().extend(of_kind);
    }
    for (to, things) in taken.into_iter().filter(|(_, things)| !things.is_empty()) {
        let lines: Vec<String> = things
            .iter()
            .map(|holding| format!("- {}: {}", holding.kind.plural(), holding.label))
            .collect();
        let letter = format!(
            "{} asked you to take over from {}:\n\n{}",
            tx.name(),
            leaving.name,
            lines.join("\n")
        );
        tx.tell(
            to,
            format!("You take over from {}", leaving.name),
            &letter,
            Some("desk"),
        )
        .await?;
    }
    Ok(())
}
