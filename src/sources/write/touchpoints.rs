//! Touchpoints: named, taken, changed, retired.

use super::{duplicate_name, key_of_retired, side_of};
use crate::{
    args,
    identity::{Action, Permit, Side, Transaction, Viewer},
    members::write::require_of_side,
    platform::{
        audit::Event,
        error::{Error, Result},
        ids::{ClauseId, MemberId, TouchpointId},
        text,
        time::{Day, Timestamp},
    },
    sources::{Channel, Stage},
    sql,
};

/// What is said of a touchpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TouchpointInput {
    pub name: String,
    pub stage: Stage,
    pub channel: Channel,
    pub answers: Option<MemberId>,
    /// Contacts a month, and the day on which they were counted.
    pub contacts: Option<(i64, Day)>,
    pub known_by: String,
    pub about: String,
    /// What of the definition is kept there.
    pub clauses: Vec<ClauseId>,
}

#[derive(sqlx::FromRow)]
struct Current {
    id: TouchpointId,
    name: String,
    stage: Stage,
    channel: Channel,
    answers_id: Option<MemberId>,
    contacts: Option<i64>,
    known_by: String,
    about: String,
    taken_at: Option<Timestamp>,
    retired_at: Option<Timestamp>,
    version: i64,
}

impl Current {
    async fn find(tx: &mut Transaction, number: i64) -> Result<Self> {
        tx.fetch_one(
            sql!(
                "select id, name, stage, channel, answers_id, contacts, known_by, about, taken_at, retired_at,
                 version
                 from touchpoints where workspace_id = $1 and number = $2"
            ),
            args![number],
        )
        .await
    }
}

fn event(verb: &'static str, id: TouchpointId, number: i64, name: &str) -> Event {
    Event::new(verb, "touchpoint", id.uuid(), name).at(format!("sources/touchpoints/{number}"))
}

async fn check(tx: &mut Transaction, input: &TouchpointInput, own: Option<TouchpointId>) -> Result<()> {
    if let Some(answers) = input.answers {
        require_of_side(tx, "answers", answers, Some(Side::Marketing)).await?;
    }
    let key = text::name_key(&input.name);
    let namesake: Option<(TouchpointId, String, i64, bool)> = tx
        .fetch_optional(
            sql!(
                "select id, name, number, retired_at is not null from touchpoints where workspace_id = $1 and
                 name_key = $2"
            ),
            args![key.as_str()],
        )
        .await?;
    match namesake {
        Some((id, ..)) if Some(id) == own => Ok(()),
        None => Ok(()),
        Some((_, name, _, false)) => Err(duplicate_name(&name)),
        Some((id, _, number, true)) => {
            tx.execute(
                sql!("update touchpoints set name_key = $3 where workspace_id = $1 and id = $2"),
                args![id, key_of_retired(&key, number)],
            )
            .await?;
            Ok(())
        }
    }
}

/// The titles of a touchpoint's clauses, in their order.
async fn clauses_of(tx: &mut Transaction, id: TouchpointId) -> Result<String> {
    let titles: Vec<(String,)> = tx
        .fetch_all(
            sql!(
                "select c.title from touchpoint_clauses l join clause_facts c on c.id = l.clause_id
                 where l.workspace_id = $1 and l.touchpoint_id = $2 order by c.position, c.id"
            ),
            args![id],
        )
        .await?;
    let titles: Vec<String> = titles.into_iter().map(|(title,)| title).collect();
    Ok(titles.join(", "))
}

async fn relate(tx: &mut Transaction, id: TouchpointId, clauses: &[ClauseId]) -> Result<()> {
    tx.execute(
        // What was archived since stands as it was linked; no form offers it.
        sql!(
            "delete from touchpoint_clauses where workspace_id = $1 and touchpoint_id = $2
             and clause_id in (select id from clause_facts where archived_at is null)"
        ),
        args![id],
    )
    .await?;
    for clause in clauses {
        let known: Option<(ClauseId,)> = tx
            .fetch_optional(
                sql!(
                    "select c.id from clause_facts c where c.workspace_id = $1 and c.id = $2 and
                     (c.archived_at is null
                     or exists (select 1 from touchpoint_clauses l where l.clause_id = c.id and
                     l.touchpoint_id = $3))"
                ),
                args![*clause, id],
            )
            .await?;
        if known.is_none() {
            return Err(Error::invalid("clauses", "Choose from the list."));
        }
        tx.execute(
            sql!(
                "insert into touchpoint_clauses (workspace_id, touchpoint_id, clause_id) values ($1, $2, $3)
                 on conflict do nothing"
            ),
            args![id, *clause],
        )
        .await?;
    }
    Ok(())
}

/// Names a touchpoint; by Technology, it is a suggestion. Sent twice with one id, it is named once.
pub async fn name_touchpoint(viewer: &Viewer, id: TouchpointId, input: TouchpointInput) -> Result<i64> {
    let mut tx = viewer.begin().await?;
    let (number, done) = name_in(&mut tx, id, &input).await?;
    if let Some((permit, event)) = done {
        tx.commit(permit, event).await?;
    }
    Ok(number)
}

/// Names it within a transaction; gives its number, and what is to be committed unless it was there.
pub(super) async fn name_in(
    tx: &mut Transaction,
    id: TouchpointId,
    input: &TouchpointInput,
) -> Result<(i64, Option<(Permit, Event)>)> {
    let permit = tx.permit(Action::EnterSource)?;
    let known: Option<(i64,)> = tx
        .fetch_optional(
            sql!("select number from touchpoints where workspace_id = $1 and id = $2"),
            args![id],
        )
        .await?;
    if let Some((number,)) = known {
        return Ok((number, None));
    }
    check(tx, input, None).await?;
    let (number,): (i64,) = tx
        .fetch_one(
            sql!("select coalesce(max(number), 0) + 1 from touchpoints where workspace_id = $1"),
            Vec::new(),
        )
        .await?;
    let now = tx.now();
    let is_taken = side_of(tx)? == Side::Marketing;
    let (contacts, counted_on) = input.contacts.unzip();
    tx.execute(
        sql!(
            "insert into touchpoints (id, workspace_id, number, name, name_key, stage, channel, answers_id,
             contacts,
             counted_on, known_by, about, taken_at, created_at, created_by, version)
             values ($2, $1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 1)"
        ),
        args![
            id,
            number,
            input.name.as_str(),
            text::name_key(&input.name),
            input.stage,
            input.channel,
            input.answers,
            contacts,
            counted_on,
            input.known_by.as_str(),
            input.about.as_str(),
            is_taken.then_some(now),
            now,
            tx.member_id()
        ],
    )
    .await?;
    relate(tx, id, &input.clauses).await?;
    let verb = if is_taken {
        "named the touchpoint"
    } else {
        "suggested the touchpoint"
    };
    Ok((number, Some((permit, event(verb, id, number, &input.name)))))
}

/// Marketing takes what Technology suggested: it counts from now on. Done twice, it is done once.
pub async fn take_touchpoint(viewer: &Viewer, number: i64) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::ChangeTouchpoint)?;
    let current = Current::find(&mut tx, number).await?;
    if current.taken_at.is_some() || current.retired_at.is_some() {
        return Ok(());
    }
    tx.execute(
        sql!(
            "update touchpoints set taken_at = $3, version = version + 1 where workspace_id = $1 and id = $2"
        ),
        args![current.id, tx.now()],
    )
    .await?;
    tx.commit(
        permit,
        event("took the suggested touchpoint", current.id, number, &current.name),
    )
    .await
}

pub async fn change_touchpoint(
    viewer: &Viewer,
    number: i64,
    version: i64,
    input: TouchpointInput,
) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let (permit, event) = change_in(&mut tx, number, version, &input).await?;
    tx.commit(permit, event).await
}

/// Changes it within a transaction; gives what is to be committed.
pub(super) async fn change_in(
    tx: &mut Transaction,
    number: i64,
    version: i64,
    input: &TouchpointInput,
) -> Result<(Permit, Event)> {
    let permit = tx.permit(Action::ChangeTouchpoint)?;
    let current = Current::find(tx, number).await?;
    if current.version != version || current.retired_at.is_some() {
        return Err(Error::Conflict);
    }
    check(tx, input, Some(current.id)).await?;
    let (contacts, counted_on) = input.contacts.unzip();
    tx.execute(
        sql!(
            "update touchpoints set name = $3, name_key = $4, stage = $5, channel = $6, answers_id = $7,
             contacts = $8, counted_on = $9, known_by = $10, about = $11, version = version + 1
             where workspace_id = $1 and id = $2"
        ),
        args![
            current.id,
            input.name.as_str(),
            text::name_key(&input.name),
            input.stage,
            input.channel,
            input.answers,
            contacts,
            counted_on,
            input.known_by.as_str(),
            input.about.as_str()
        ],
    )
    .await?;
    let kept_before = clauses_of(tx, current.id).await?;
    relate(tx, current.id, &input.clauses).await?;
    let kept_after = clauses_of(tx, current.id).await?;
    let before = name_of(tx, current.answers_id).await?;
    let after = name_of(tx, input.answers).await?;
    let count = |contacts: Option<i64>| contacts.map_or_else(String::new, |count| count.to_string());
    let event = event("changed the touchpoint", current.id, number, &current.name).with_changes(&[
        ("Name", &current.name, &input.name),
        ("Stage", current.stage.name(), input.stage.name()),
        ("Channel", current.channel.name(), input.channel.name()),
        ("Who answers for it", &before, &after),
        ("Contacts a month", &count(current.contacts), &count(contacts)),
        ("Known by", &current.known_by, &input.known_by),
        ("About", &current.about, &input.about),
        ("Promises to keep", &kept_before, &kept_after),
    ]);
    Ok((permit, event))
}

async fn name_of(tx: &mut Transaction, member: Option<MemberId>) -> Result<String> {
    match member {
        Some(member) => {
            let [name] = tx.member_names([member]).await?;
            Ok(name)
        }
        None => Ok(String::new()),
    }
}

/// From now on it counts no more; its page and its words stay. Done twice, it is done once.
pub async fn retire_touchpoint(viewer: &Viewer, number: i64, because: &str) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::ChangeTouchpoint)?;
    let current = Current::find(&mut tx, number).await?;
    if current.retired_at.is_some() {
        return Ok(());
    }
    tx.execute(
        sql!(
            "update touchpoints set retired_at = $3, retired_because = $4, version = version + 1
             where workspace_id = $1 and id = $2"
        ),
        args![current.id, tx.now(), because],
    )
    .await?;
    tx.commit(
        permit,
        event("retired the touchpoint", current.id, number, &current.name).detail(because),
    )
    .await
}
