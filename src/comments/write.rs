//! Saying something about a thing, and taking it back, within the transaction of the thing's own room.

use super::{Topic, mentions};
use crate::{
    args,
    identity::{Action, Permit, Transaction},
    platform::{
        error::{Error, Result},
        ids::{CommentId, MemberId},
        time::Timestamp,
    },
    sql,
};

/// A comment as it was taken.
pub enum Outcome {
    New {
        permit: Permit,
        id: CommentId,
    },
    /// The same person said the same just before: a double click says it once.
    Repeated(CommentId),
}

/// Says something about a thing whose page is `path` and whose title is `label`, and notifies whoever is
/// named.
pub async fn add(
    tx: &mut Transaction,
    topic: Topic,
    subject: uuid::Uuid,
    body: &str,
    path: &str,
    label: &str,
) -> Result<Outcome> {
    let permit = tx.permit(Action::Comment)?;
    let last: Option<(CommentId, String, Option<MemberId>)> = tx
        .fetch_optional(
            sql!(
                "select id, body, by_member from comments
             where workspace_id = $1 and kind = $2 and subject_id = $3 and withdrawn_at is null order by at
             desc, id desc limit 1"
            ),
            args![topic, subject],
        )
        .await?;
    if let Some((id, last_body, by)) = last
        && last_body == body
        && by == tx.member_id()
    {
        return Ok(Outcome::Repeated(id));
    }
    let id: CommentId = tx.fresh_id();
    tx.execute(
        sql!(
            "insert into comments (id, workspace_id, kind, subject_id, body, by_member, at) values ($2, $1,
             $3, $4, $5, $6, $7)"
        ),
        args![id, topic, subject, body, tx.member_id(), tx.now()],
    )
    .await?;
    mentions::notify_mentions(tx, id, body, path, label).await?;
    Ok(Outcome::New { permit, id })
}

/// Takes back one's own comment. Gives what it was about, and the permit unless it was withdrawn already.
pub async fn withdraw(
    tx: &mut Transaction,
    topic: Topic,
    id: CommentId,
) -> Result<(uuid::Uuid, Option<Permit>)> {
    let permit = tx.permit(Action::Comment)?;
    let (subject, by, withdrawn_at): (uuid::Uuid, MemberId, Option<Timestamp>) = tx
        .fetch_one(
            sql!(
                "select subject_id, by_member, withdrawn_at from comments where workspace_id = $1 and
             kind = $2 and id = $3"
            ),
            args![topic, id],
        )
        .await?;
    if Some(by) != tx.member_id() {
        return Err(Error::Forbidden);
    }
    if withdrawn_at.is_some() {
        return Ok((subject, None));
    }
    let now = tx.now();
    tx.execute(
        sql!(
            "update comments set withdrawn_at = $3 where workspace_id = $1 and id = $2 and
         withdrawn_at is null"
        ),
        args![id, now],
    )
    .await?;
    Ok((subject, Some(permit)))
}

/// What was said about one thing is about another from now on: a corrected check-in is a row of its own. Each
/// is given by its id and its path.
pub async fn move_to(
    tx: &mut Transaction,
    topic: Topic,
    from: &(uuid::Uuid, String),
    to: &(uuid::Uuid, String),
) -> Result<()> {
    tx.execute(
        sql!("update comments set subject_id = $4 where workspace_id = $1 and kind = $2 and subject_id = $3"),
        args![topic, from.0, to.0],
    )
    .await?;
    tx.execute(
        sql!("update mentions set path = $3 where workspace_id = $1 and path = $2"),
        args![&from.1, &to.1],
    )
    .await?;
    Ok(())
}
