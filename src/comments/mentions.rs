//! Telling somebody that they were named: `@Kofi Mensah`. Whoever wrote it is never told of it.

use crate::{
    args,
    identity::{Reader, Transaction, Viewer},
    platform::{
        error::Result,
        ids::{CommentId, MemberId},
        time::Timestamp,
    },
    sql,
};

#[derive(sqlx::FromRow)]
struct MemberName {
    id: MemberId,
    name: String,
}

/// The members whose whole name stands after an `@`, whatever the case; the longest name wins.
fn find_mentions<'a>(body: &str, members: &'a [MemberName]) -> Vec<&'a MemberName> {
    let body = body.to_lowercase();
    let mut found: Vec<&MemberName> = Vec::new();
    for (at, _) in body.match_indices('@') {
        // The @ of an address names nobody.
        if body[..at].chars().next_back().is_some_and(char::is_alphanumeric) {
            continue;
        }
        let rest = &body[at + 1..];
        let max_length = members
            .iter()
            .filter(|member| {
                let name = member.name.to_lowercase();
                rest.strip_prefix(&name)
                    .is_some_and(|after| !after.chars().next().is_some_and(char::is_alphanumeric))
            })
            .map(|member| member.name.len())
            .max();
        // Namesakes are told, all of them.
        let meant = members.iter().filter(|member| {
            Some(member.name.len()) == max_length && rest.starts_with(&member.name.to_lowercase())
        });
        for member in meant {
            if !found.iter().any(|other| other.id == member.id) {
                found.push(member);
            }
        }
    }
    found
}

/// Notes who is named in a comment; letters tell them.
pub async fn notify_mentions(
    tx: &mut Transaction,
    comment: CommentId,
    body: &str,
    path: &str,
    label: &str,
) -> Result<()> {
    let members: Vec<MemberName> = tx
        .fetch_all(
            sql!(
                "select m.id, m.name from people m where m.workspace_id = $1 and
             m.disabled_at is null limit 2000"
            ),
            Vec::new(),
        )
        .await?;
    let me = tx.member_id();
    for member in find_mentions(body, &members)
        .into_iter()
        .filter(|member| Some(member.id) != me)
    {
        tx.execute(
            sql!(
                "insert into mentions (workspace_id, comment_id, member_id, path, label) values ($1, $2, $3,
                 $4, $5)"
            ),
            args![comment, member.id, path, label],
        )
        .await?;
    }
    Ok(())
}

/// A place where the viewer was named and has not been since.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Mention {
    pub comment_id: CommentId,
    pub path: String,
    /// What the comment is about.
    pub label: String,
    pub who: String,
    pub body: String,
    pub at: Timestamp,
}

pub async fn unread(viewer: &Viewer) -> Result<Vec<Mention>> {
    viewer
        .fetch_all(
            sql!(
                "select t.comment_id, t.path, t.label, m.name as who, c.body, c.at from mentions t join
                 comments c on
                 c.id = t.comment_id
             join people m on m.id = c.by_member
             where t.workspace_id = $1 and t.member_id = $2 and t.seen_at is null and c.withdrawn_at is null
             order by c.at desc, c.id limit 50"
            ),
            args![viewer.member_id()],
        )
        .await
}

#[derive(sqlx::FromRow)]
struct MentionedRow {
    member_id: MemberId,
    #[sqlx(flatten)]
    mention: Mention,
}

/// Who was named since then, and has not been where.
pub async fn since(reader: &impl Reader, since: Timestamp) -> Result<Vec<(MemberId, Mention)>> {
    let rows: Vec<MentionedRow> = reader
        .fetch_all(
            sql!(
                "select t.member_id, t.comment_id, t.path, t.label, m.name as who, c.body, c.at
                 from mentions t join comments c on c.id = t.comment_id join people m on m.id = c.by_member
                 where t.workspace_id = $1 and t.seen_at is null and c.withdrawn_at is null and c.at >= $2
                 order by c.at, c.id"
            ),
            args![since],
        )
        .await?;
    Ok(rows.into_iter().map(|row| (row.member_id, row.mention)).collect())
}

/// Notes that the viewer has read it, which nobody else needs to know; gives where it stands.
pub async fn read(viewer: &Viewer, comment: CommentId) -> Result<String> {
    let (path,): (String,) = viewer
        .fetch_one(
            sql!("select path from mentions where workspace_id = $1 and comment_id = $2 and member_id = $3"),
            args![comment, viewer.member_id()],
        )
        .await?;
    let noted = viewer
        .execute_unaudited(
            sql!(
                "update mentions set seen_at = $4 where workspace_id = $1 and comment_id = $2 and member_id =
                 $3 and seen_at is null"
            ),
            args![comment, viewer.member_id(), viewer.now()],
        )
        .await;
    // It is read whether or not that can be noted.
    if let Err(error) = noted {
        tracing::warn!(error = %error, "a mention could not be noted as read");
    }
    Ok(format!("{}#comment-{comment}", viewer.path(&path)))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn the_whole_longest_name_counts_once() {
        let member = |id: u128, name: &str| MemberName {
            id: Uuid::from_u128(id).into(),
            name: name.to_owned(),
        };
        let members = [member(1, "Kofi"), member(2, "Kofi Mensah"), member(3, "Ana")];
        let names = |body: &str| {
            find_mentions(body, &members)
                .into_iter()
                .map(|member| member.name.as_str())
                .collect::<Vec<_>>()
        };
        assert_eq!(
            names("@kofi mensah and @Ana, and @Ana again"),
            ["Kofi Mensah", "Ana"]
        );
        assert_eq!(names("@Kofi, please"), ["Kofi"]);
        assert_eq!(
            names("@Anabel; ana@example.com; info@ana.com"),
            Vec::<&str>::new()
        );
    }
}
