//! Freezing a review, and letting it thaw before it begins.

use super::{Current, agenda::sync};
use crate::{
    args,
    attention::AttentionInput,
    identity::{Action, Transaction, Viewer, system::SystemActor},
    platform::{
        audit::sha256,
        error::{Error, Result},
        ids::{MemberId, SnapshotId},
    },
    reviews::{
        agenda::{ProposedItem, propose},
        facts::{FORMAT, ReviewFacts, gather, missing},
        read,
    },
    sql,
};

/// Facts and agenda as they stand, and the last event of the audit chain that they have seen.
struct Reading {
    seq: i64,
    facts: ReviewFacts,
    proposed: Vec<ProposedItem>,
}

async fn reading(viewer: &Viewer, number: i64) -> Result<Reading> {
    let (seq,): (i64,) = viewer
        .fetch_one(sql!("select seq from chain_heads where id = $1"), Vec::new())
        .await?;
    let review = read::one(viewer, number).await?;
    Ok(Reading {
        seq,
        proposed: propose(viewer, review.held_on, Some(&review)).await?,
        facts: gather(viewer).await?,
    })
}

/// Freezes a review: what the pages show at one moment, between two changes. Done twice, it is done once.
pub async fn freeze(viewer: &Viewer, number: i64) -> Result<()> {
    let before = reading(viewer, number).await?;
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::LeadReview)?;
    let current = Current::find(&mut tx, number).await?;
    current.require_before_meeting()?;
    if current.snapshot_id.is_some() {
        return Ok(());
    }
    keep(&mut tx, &current, viewer, before).await?;
    tx.commit(permit, current.event("froze the facts of")).await
}

/// The clock freezes what nobody ever froze: what a lead has unfrozen, a lead freezes again.
pub async fn freeze_as_system(system: &SystemActor, number: i64) -> Result<()> {
    let Some(viewer) = system.reader().await? else {
        return Ok(());
    };
    let before = reading(&viewer, number).await?;
    let (mut tx, permit) = system.begin().await?;
    let current = Current::find(&mut tx, number).await?;
    let (earlier,): (i64,) = tx
        .fetch_one(
            sql!("select count(*) from review_snapshots where workspace_id = $1 and review_id = $2"),
            args![current.id],
        )
        .await?;
    if earlier > 0 || current.require_planned().is_err() {
        return Ok(());
    }
    keep(&mut tx, &current, &viewer, before).await?;
    tx.commit(
        permit,
        current.event("froze the facts of").detail("on its morning"),
    )
    .await
}

/// Under the chain's lock nobody writes in this workspace; what was read before is read again if somebody
/// did.
async fn keep(tx: &mut Transaction, current: &Current, viewer: &Viewer, before: Reading) -> Result<()> {
    let (seq,): (i64,) = tx
        .fetch_one(sql!("select seq from chain_heads where id = $1"), Vec::new())
        .await?;
    let reading = if seq == before.seq {
        before
    } else {
        reading(viewer, current.number).await?
    };
    let names: Vec<(String,)> = tx
        .fetch_all(
            sql!("select name from people where workspace_id = $1 order by name"),
            Vec::new(),
        )
        .await?;
    let names = names.into_iter().map(|(name,)| name).collect();
    let (content, names) = reading.facts.seal(names, || tx.fresh_secret())?;
    let id: SnapshotId = tx.fresh_id();
    let (now, me) = (tx.now(), tx.member_id());
    tx.execute(
        sql!(
            "insert into review_snapshots (id, workspace_id, review_id, format, content, digest, chain_seq,
             taken_at,
             taken_by) values ($2, $1, $3, $4, $5, $6, $7, $8, $9)"
        ),
        args![
            id,
            current.id,
            FORMAT,
            content.as_str(),
            sha256(&content),
            seq,
            now,
            me
        ],
    )
    .await?;
    for name in names {
        tx.execute(
            sql!(
                "insert into review_snapshot_names (workspace_id, snapshot_id, key, name, salt) values ($1,
                 $2, $3, $4, $5)"
            ),
            args![id, name.key, name.name, name.salt],
        )
        .await?;
    }
    sync(tx, current, &reading.proposed).await?;
    tx.execute(
        sql!(
            "update reviews set snapshot_id = $3, version = version + 1, pulse = pulse + 1 where workspace_id
             = $1 and
             id = $2"
        ),
        args![current.id, id],
    )
    .await?;
    Ok(())
}

/// Lets a frozen review be changed again. Its snapshot stays on record, and the next freezing writes another.
pub async fn thaw(viewer: &Viewer, number: i64) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::LeadReview)?;
    let current = Current::find(&mut tx, number).await?;
    current.require_before_meeting()?;
    if current.snapshot_id.is_none() {
        return Ok(());
    }
    tx.execute(
        sql!(
            "update reviews set snapshot_id = null, version = version + 1, pulse = pulse + 1 where
             workspace_id = $1 and
             id = $2"
        ),
        args![current.id],
    )
    .await?;
    tx.commit(permit, current.event("discarded the frozen facts of"))
        .await
}

/// Asks everybody for whom something waits, one letter a person.
pub async fn ask_missing(viewer: &Viewer, number: i64) -> Result<usize> {
    let input = AttentionInput::read(viewer).await?;
    let missing = missing(viewer, &input).await?;
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::PrepareReview)?;
    let current = Current::find(&mut tx, number).await?;
    current.require_planned()?;
    let mut people: Vec<MemberId> = missing
        .iter()
        .flat_map(|(_, people)| people.iter().copied())
        .collect();
    people.sort_unstable();
    people.dedup();
    if people.is_empty() {
        return Err(Error::invalid("", "Nothing is missing."));
    }
    for person in &people {
        let lines: Vec<String> = missing
            .iter()
            .filter(|(_, owes)| owes.contains(person))
            .map(|(missing, _)| format!("{}: please {}.", missing.title, missing.verb))
            .collect();
        let body = format!(
            "{} prepares the review on {}. Its facts are frozen before it begins, and this is missing:\n\n{}",
            tx.name(),
            current.held_on.format_long(),
            lines.join("\n")
        );
        let subject = format!("Before the review on {}", current.held_on.format_long());
        tx.tell(*person, subject, &body, Some("desk")).await?;
    }
    let event = current
        .event("asked for what is missing in")
        .detail(format!("{} people", people.len()));
    tx.commit(permit, event).await?;
    Ok(people.len())
}
