//! Uses of a source: added, changed, taken out. Each is part of the entry that both holders sign.

use super::current::Current;
use crate::{
    args,
    identity::{Action, Permit, Transaction, Viewer},
    platform::{
        audit::Event,
        error::{Error, Result},
        ids::{MemberId, UseId},
        text::join_names,
    },
    sources::{
        Chair,
        uses::{Article9, Basis, Kept, Purpose, may_be_impersonal},
    },
    sql,
};

/// What is said of a use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UseInput {
    pub name: String,
    pub purpose: Purpose,
    pub in_words: String,
    pub basis: Option<Basis>,
    pub rests_on: String,
    pub article_9: Option<Article9>,
    pub kept: Option<Kept>,
    pub archived_under: String,
    pub recipients: String,
    pub countries: String,
    pub safeguard: String,
}

fn check(current: &Current, input: &UseInput) -> Result<()> {
    if input.basis == Some(Basis::NoPersonalData) && !may_be_impersonal(current.form) {
        return Err(Error::invalid(
            "basis",
            "People appear in this source: choose a legal basis. Only anonymous data and counts need none.",
        ));
    }
    if current.is_special && input.basis.is_some() && input.article_9.is_none() {
        return Err(Error::invalid(
            "article_9",
            "The source holds special categories: choose the condition of Article 9(2).",
        ));
    }
    Ok(())
}

/// Whoever decides what the data may be used for: its owner, its steward, the owner's deputy.
async fn deciders(tx: &mut Transaction, current: &Current) -> Result<Vec<MemberId>> {
    let seats = super::chairs::seated(tx, current.id).await?;
    Ok(seats
        .into_iter()
        .filter(|seat| matches!(seat.chair, Chair::Owner | Chair::Steward | Chair::OwnerDeputy))
        .map(|seat| seat.member_id)
        .collect())
}

/// Adds a use. Sent twice with one id, it is added once.
pub async fn add_use(viewer: &Viewer, number: i64, id: UseId, input: &UseInput) -> Result<()> {
    let mut tx = viewer.begin().await?;
    match add_in(&mut tx, number, id, input).await? {
        Some((permit, event)) => tx.commit(permit, event).await,
        None => Ok(()),
    }
}

/// Adds it within a transaction; gives what is to be committed unless it was there.
pub(super) async fn add_in(
    tx: &mut Transaction,
    number: i64,
    id: UseId,
    input: &UseInput,
) -> Result<Option<(Permit, Event)>> {
    let current = Current::find(tx, number).await?;
    let holders = deciders(tx, &current).await?;
    let permit = tx.permit(Action::DecideUse { holders: &holders })?;
    if current.retired_at.is_some() {
        return Err(Error::Conflict);
    }
    check(&current, input)?;
    let known: Option<(i64,)> = tx
        .fetch_optional(
            sql!("select number from source_uses where workspace_id = $1 and id = $2"),
            args![id],
        )
        .await?;
    if known.is_some() {
        return Ok(None);
    }
    let (use_number,): (i64,) = tx
        .fetch_one(
            sql!(
                "select coalesce(max(number), 0) + 1 from source_uses where workspace_id = $1 and source_id =
                 $2"
            ),
            args![current.id],
        )
        .await?;
    current.touch(tx).await?;
    tx.execute(
        sql!(
            "insert into source_uses (id, workspace_id, source_id, number, name, purpose, in_words, basis,
             rests_on,
             article_9, kept_after, kept_months, kept_then, archived_under, recipients, countries, safeguard,
             added_at,
             added_by, version)
             values ($2, $1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, 1)"
        ),
        args![
            id,
            current.id,
            use_number,
            input.name.as_str(),
            input.purpose,
            input.in_words.as_str(),
            input.basis,
            input.rests_on.as_str(),
            input.article_9,
            input.kept.map(|kept| kept.after),
            input.kept.map(|kept| kept.months),
            input.kept.map(|kept| kept.then),
            input.archived_under.as_str(),
            input.recipients.as_str(),
            input.countries.as_str(),
            input.safeguard.as_str(),
            tx.now(),
            tx.member_id()
        ],
    )
    .await?;
    let event = current.event("added a use of").detail(input.name.as_str());
    Ok(Some((permit, event)))
}

#[derive(sqlx::FromRow)]
struct UseRow {
    id: UseId,
    name: String,
    version: i64,
}

async fn find(tx: &mut Transaction, current: &Current, number: i64) -> Result<UseRow> {
    tx.fetch_one(
        sql!(
            "select id, name, version from source_uses where workspace_id = $1 and source_id = $2 and number =
             $3
             and removed_at is null"
        ),
        args![current.id, number],
    )
    .await
}

/// Changes a use: a newer text of the entry, which both holders sign.
pub async fn change_use(
    viewer: &Viewer,
    (number, use_number): (i64, i64),
    version: i64,
    input: &UseInput,
) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let (permit, event) = change_in(&mut tx, (number, use_number), version, input).await?;
    tx.commit(permit, event).await
}

/// Changes it within a transaction; gives what is to be committed.
pub(super) async fn change_in(
    tx: &mut Transaction,
    (number, use_number): (i64, i64),
    version: i64,
    input: &UseInput,
) -> Result<(Permit, Event)> {
    let current = Current::find(tx, number).await?;
    let holders = deciders(tx, &current).await?;
    let permit = tx.permit(Action::DecideUse { holders: &holders })?;
    let row = find(tx, &current, use_number).await?;
    if row.version != version {
        return Err(Error::Conflict);
    }
    check(&current, input)?;
    current.touch(tx).await?;
    tx.execute(
        sql!(
            "update source_uses set name = $3, purpose = $4, in_words = $5, basis = $6, rests_on = $7,
             article_9 = $8,
             kept_after = $9, kept_months = $10, kept_then = $11, archived_under = $12, recipients = $13,
             countries = $14, safeguard = $15, version = version + 1 where workspace_id = $1 and id = $2"
        ),
        args![
            row.id,
            input.name.as_str(),
            input.purpose,
            input.in_words.as_str(),
            input.basis,
            input.rests_on.as_str(),
            input.article_9,
            input.kept.map(|kept| kept.after),
            input.kept.map(|kept| kept.months),
            input.kept.map(|kept| kept.then),
            input.archived_under.as_str(),
            input.recipients.as_str(),
            input.countries.as_str(),
            input.safeguard.as_str()
        ],
    )
    .await?;
    let event = current.event("changed a use of").detail(input.name.as_str());
    Ok((permit, event))
}

/// Refuses while an access rests on the use, naming each.
async fn require_unused(tx: &mut Transaction, id: UseId) -> Result<()> {
    let resting: Vec<(i64, String)> = tx
        .fetch_all(
            sql!(
                "select distinct number, title from source_accesses where workspace_id = $1 and use_id = $2
                 and ended_at is null and ends_on >= $3 order by number limit 20"
            ),
            args![id, tx.today()],
        )
        .await?;
    if resting.is_empty() {
        return Ok(());
    }
    let titles: Vec<String> = resting
        .into_iter()
        .map(|(_, title)| format!("“{title}”"))
        .collect();
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    Err(Error::invalid(
        "",
        format!("Access rests on this use: {}. End it first.", join_names(&titles)),
    ))
}

/// Takes a use out of the entry; it stays in history. Done twice, it is done once.
pub async fn remove_use(viewer: &Viewer, number: i64, use_number: i64) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let current = Current::find(&mut tx, number).await?;
    let holders = deciders(&mut tx, &current).await?;
    let permit = tx.permit(Action::DecideUse { holders: &holders })?;
    let row = match find(&mut tx, &current, use_number).await {
        Ok(row) => row,
        Err(Error::NotFound) => return Ok(()),
        Err(error) => return Err(error),
    };
    require_unused(&mut tx, row.id).await?;
    current.touch(&mut tx).await?;
    tx.execute(
        sql!("update source_uses set removed_at = $3 where workspace_id = $1 and id = $2"),
        args![row.id, tx.now()],
    )
    .await?;
    let event = current.event("removed a use of").detail(row.name);
    tx.commit(permit, event).await
}

/// What the head of the record says.
#[derive(Clone, Debug)]
pub struct HeadInput {
    pub controller: String,
    pub joint_controller: String,
    pub representative: String,
    pub officer: String,
}

/// Says who answers for the processing.
pub async fn set_head(viewer: &Viewer, version: i64, input: &HeadInput) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::KeepRecord)?;
    let known: Option<(i64,)> = tx
        .fetch_optional(
            sql!("select version from record_heads where workspace_id = $1"),
            Vec::new(),
        )
        .await?;
    if known.map_or(0, |(known,)| known) != version {
        return Err(Error::Conflict);
    }
    tx.execute(
        sql!(
            "insert into record_heads (workspace_id, controller, joint_controller, representative, officer,
             version)
             values ($1, $2, $3, $4, $5, 1)
             on conflict (workspace_id) do update set controller = excluded.controller,
             joint_controller = excluded.joint_controller, representative = excluded.representative,
             officer = excluded.officer, version = record_heads.version + 1"
        ),
        args![
            input.controller.as_str(),
            input.joint_controller.as_str(),
            input.representative.as_str(),
            input.officer.as_str()
        ],
    )
    .await?;
    let event =
        Event::new("changed the head of", "source", None, "the record of processing").at("sources/record");
    tx.commit(permit, event).await
}
