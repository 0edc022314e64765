//! Climbing the ladders.

use std::collections::{BTreeMap, HashSet};

use super::{Obligation, ReminderKind, Rung, rungs_on};
use crate::{
    args,
    identity::{Transaction, system::SystemActor},
    platform::{
        audit::Event,
        error::Result,
        ids::{MemberId, ReminderId},
        text,
        time::Day,
    },
    sql,
};

struct Call<'a> {
    owed: &'a Obligation,
    rung: Rung,
    member: MemberId,
}

#[derive(Clone, PartialEq, Eq, Hash, sqlx::FromRow)]
struct ReminderKey {
    kind: ReminderKind,
    subject_id: uuid::Uuid,
    due_on: Day,
    rung: Rung,
    member_id: MemberId,
}

/// Notes whom the ladders have come to since the last time; letters tell them. Done twice, it notes nothing
/// twice.
pub async fn remind(system: &SystemActor, obligations: &[Obligation]) -> Result<()> {
    let today = system.today();
    let Some(earliest) = obligations.iter().map(|owed| owed.due_on).min() else {
        return Ok(());
    };
    let sent: Vec<ReminderKey> = system
        .fetch_all(
            sql!(
                "select kind, subject_id, due_on, rung, member_id from reminders where workspace_id =
             $1 and due_on >= $2"
            ),
            args![earliest],
        )
        .await?;
    let sent: HashSet<ReminderKey> = sent.into_iter().collect();
    let calls: Vec<Call<'_>> = obligations
        .iter()
        .flat_map(|owed| {
            rungs_on(owed.kind, &owed.ladder, owed.due_on, system.grace_days(), today)
                .into_iter()
                .map(move |(rung, member)| Call { owed, rung, member })
        })
        .filter(|call| {
            !sent.contains(&ReminderKey {
                kind: call.owed.kind,
                subject_id: call.owed.subject,
                due_on: call.owed.due_on,
                rung: call.rung,
                member_id: call.member,
            })
        })
        .collect();
    if calls.is_empty() {
        return Ok(());
    }
    let (mut tx, permit) = system.begin().await?;
    let mut by_person: BTreeMap<MemberId, Vec<&Call<'_>>> = BTreeMap::new();
    for call in &calls {
        // Another process may have said it meanwhile.
        if note(&mut tx, call).await? {
            by_person.entry(call.member).or_default().push(call);
        }
    }
    if by_person.is_empty() {
        return Ok(());
    }
    let mut names = Vec::with_capacity(by_person.len());
    for (member, calls) in &by_person {
        let (name,): (String,) = tx
            .fetch_one(
                sql!("select m.name from people m where m.workspace_id = $1 and m.id = $2"),
                args![*member],
            )
            .await?;
        names.push(match calls.len() {
            1 => name,
            count => format!("{name} ({count})"),
        });
    }
    let people = text::people(names.len());
    tx.commit(
        permit,
        Event::new("reminded", "reminder", None, people).detail(names.join(", ")),
    )
    .await
}

async fn note(tx: &mut Transaction, call: &Call<'_>) -> Result<bool> {
    let (id, now): (ReminderId, _) = (tx.fresh_id(), tx.now());
    let added = tx
        .execute(
            sql!(
                "insert into reminders (id, workspace_id, kind, subject_id, due_on, rung, member_id, path,
                 label, at)
             values ($2, $1, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing"
            ),
            args![
                id,
                call.owed.kind,
                call.owed.subject,
                call.owed.due_on,
                call.rung,
                call.member,
                call.owed.path.as_str(),
                call.owed.label.as_str(),
                now
            ],
        )
        .await?;
    Ok(added > 0)
}
