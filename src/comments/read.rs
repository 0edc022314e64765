//! What was said about a thing.

use super::Topic;
use crate::{
    args,
    identity::{Side, Viewer},
    platform::{
        error::Result,
        ids::{CommentId, MemberId},
        time::Timestamp,
    },
    sql,
};

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Comment {
    pub id: CommentId,
    pub body: String,
    pub by_member: MemberId,
    pub who: String,
    pub side: Option<Side>,
    pub at: Timestamp,
    pub withdrawn_at: Option<Timestamp>,
    /// Whom it names, who were told.
    #[sqlx(skip)]
    pub named: Vec<String>,
}

/// The last two hundred comments about a thing, oldest first.
pub async fn comments(viewer: &Viewer, topic: Topic, subject: uuid::Uuid) -> Result<Vec<Comment>> {
    let mut found: Vec<Comment> = viewer
        .fetch_all(
            sql!(
                "with last as (select * from comments where workspace_id = $1 and kind = $2 and subject_id =
                 $3 order by at desc, id desc limit 200)
             select l.id, l.body, l.by_member, m.name as who, m.side, l.at, l.withdrawn_at
             from last l join people m on m.id = l.by_member order by l.at, l.id"
            ),
            args![topic, subject],
        )
        .await?;
    let named: Vec<(CommentId, String)> = viewer
        .fetch_all(
            sql!(
                "select t.comment_id, m.name from mentions t join comments c on c.id = t.comment_id
                 join people m on m.id = t.member_id
                 where t.workspace_id = $1 and c.kind = $2 and c.subject_id = $3 order by m.name"
            ),
            args![topic, subject],
        )
        .await?;
    for (comment, name) in named {
        if let Some(comment) = found.iter_mut().find(|one| one.id == comment) {
            comment.named.push(name);
        }
    }
    Ok(found)
}
