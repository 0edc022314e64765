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
}

/// The last two hundred comments about a thing, oldest first.
pub async fn comments(viewer: &Viewer, topic: Topic, subject: uuid::Uuid) -> Result<Vec<Comment>> {
    viewer
        .fetch_all(
            sql!(
                "with last as (select * from comments where workspace_id = $1 and kind = $2 and subject_id =
                 $3 order by at desc, id desc limit 200)
             select l.id, l.body, l.by_member, m.name as who, m.side, l.at, l.withdrawn_at
             from last l join people m on m.id = l.by_member order by l.at, l.id"
            ),
            args![topic, subject],
        )
        .await
}
