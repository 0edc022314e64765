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
    pub edited_at: Option<Timestamp>,
    pub withdrawn_at: Option<Timestamp>,
    /// Whom it names, who were told.
    #[sqlx(skip)]
    pub named: Vec<String>,
}

#[derive(sqlx::FromRow)]
struct CommentRow {
    #[sqlx(flatten)]
    comment: Comment,
    /// Somebody whom it names; a comment comes once for each.
    named: Option<String>,
}

/// The last two hundred comments about a thing, oldest first.
pub async fn comments(viewer: &Viewer, topic: Topic, subject: uuid::Uuid) -> Result<Vec<Comment>> {
    let rows: Vec<CommentRow> = viewer
        .fetch_all(
            sql!(
                "with last as (select * from comments where workspace_id = $1 and kind = $2 and subject_id =
                 $3 order by at desc, id desc limit 200)
             select l.id, l.body, l.by_member, m.name as who, m.side, l.at, l.edited_at,
                l.withdrawn_at, p.name as named
             from last l join people m on m.id = l.by_member
             left join mentions t on t.comment_id = l.id left join people p on p.id = t.member_id
             order by l.at, l.id, p.name"
            ),
            args![topic, subject],
        )
        .await?;
    let mut found: Vec<Comment> = Vec::new();
    for CommentRow { comment, named } in rows {
        if found.last().is_none_or(|last| last.id != comment.id) {
            found.push(comment);
        }
        if let Some(last) = found.last_mut() {
            last.named.extend(named);
        }
    }
    Ok(found)
}
