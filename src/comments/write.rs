//! Saying something about a thing, and taking it back, within the transaction of the thing's own room.

use super::{Topic, is_editable, mentions, too_late};
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

/// One's own comment, as it may be edited.
pub struct OwnComment {
    id: CommentId,
    pub subject: uuid::Uuid,
    body: String,
    at: Timestamp,
    permit: Permit,
}

impl OwnComment {
    pub fn body(&self) -> &str {
        &self.body
    }

    pub const fn at(&self) -> Timestamp {
        self.at
    }
}

/// Finds one's own comment, to be edited.
///
/// # Errors
/// `Forbidden` for somebody else's, `NotFound` for one that was withdrawn.
pub async fn own(tx: &mut Transaction, topic: Topic, id: CommentId) -> Result<OwnComment> {
    let permit = tx.permit(Action::Comment)?;
    let (subject, by, body, at, withdrawn_at): (uuid::Uuid, MemberId, String, Timestamp, Option<Timestamp>) = tx
        .fetch_one(
            sql!(
                "select subject_id, by_member, body, at, withdrawn_at from comments where workspace_id = $1 and
                 kind = $2 and id = $3"
            ),
            args![topic, id],
        )
        .await?;
    if Some(by) != tx.member_id() {
        return Err(Error::Forbidden);
    }
    if withdrawn_at.is_some() {
        return Err(Error::NotFound);
    }
    Ok(OwnComment {
        id,
        subject,
        body,
        at,
        permit,
    })
}

/// Changes the words of one's own comment for a few minutes after it was said; whoever they name is notified.
/// Gives the permit unless nothing changed.
pub async fn edit(
    tx: &mut Transaction,
    own: OwnComment,
    body: &str,
    (path, label): (&str, &str),
) -> Result<Option<Permit>> {
    if own.body == body {
        return Ok(None);
    }
    let now = tx.now();
    if !is_editable(own.at, now) {
        return Err(Error::invalid("body", too_late()));
    }
    tx.execute(
        sql!("update comments set body = $3, edited_at = $4 where workspace_id = $1 and id = $2"),
        args![own.id, body, now],
    )
    .await?;
    mentions::notify_mentions(tx, own.id, body, path, label).await?;
    Ok(Some(own.permit))
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
