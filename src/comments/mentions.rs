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
    ui::markdown,
};

#[derive(sqlx::FromRow)]
struct MemberName {
    id: MemberId,
    name: String,
}

/// Whether a name may go on without a mark between: scripts that are written without spaces, and Korean,
/// whose endings follow at once.
const fn is_unspaced(last: char) -> bool {
    matches!(
        last,
        '\u{0e00}'..='\u{0eff}'
            | '\u{1000}'..='\u{109f}'
            | '\u{3040}'..='\u{30ff}'
            | '\u{3400}'..='\u{9fff}'
            | '\u{ac00}'..='\u{d7af}'
            | '\u{20000}'..='\u{323af}'
    )
}

/// Whether `text` begins with a name, as a whole one.
fn begins_with(text: &str, name: &str) -> bool {
    let Some(after) = text.strip_prefix(name) else {
        return false;
    };
    let mut next = after.chars();
    match (next.next(), next.next()) {
        (None, _) => true,
        // The @ of an address's own server: @ana.example.
        (Some('.'), Some(then)) => !then.is_alphanumeric(),
        (Some(first), _) => !first.is_alphanumeric() || name.chars().next_back().is_some_and(is_unspaced),
    }
}

/// The members whose name stands after an `@`, whatever the case, outside of code and quotations: the whole
/// name, the longest one; or a first name that only one of them has.
fn find_mentions<'a>(body: &str, members: &'a [MemberName]) -> Vec<&'a MemberName> {
    let body = markdown::own_words(body).to_lowercase();
    let names: Vec<(&MemberName, String)> = members
        .iter()
        .map(|member| (member, member.name.to_lowercase()))
        .collect();
    let first_name = |name: &str| name.split_whitespace().next().unwrap_or_default().to_owned();
    let mut found: Vec<&MemberName> = Vec::new();
    for (at, _) in body.match_indices('@') {
        // The @ of an address names nobody.
        let is_address = |before: char| before.is_ascii_alphanumeric() || "._%+-".contains(before);
        if body[..at].chars().next_back().is_some_and(is_address) {
            continue;
        }
        let rest = &body[at + 1..];
        let whole: Vec<&(&MemberName, String)> =
            names.iter().filter(|(_, name)| begins_with(rest, name)).collect();
        let longest = whole.iter().map(|(_, name)| name.len()).max();
        // Namesakes are told, all of them.
        let mut meant: Vec<&MemberName> = whole
            .into_iter()
            .filter(|(_, name)| Some(name.len()) == longest)
            .map(|(member, _)| *member)
            .collect();
        if meant.is_empty() {
            let by_first_name: Vec<&MemberName> = names
                .iter()
                // Also before a capital: “@Dana The lists…” is a sentence that begins, and a word too many is
                // told rather than lost.
                .filter(|(_, name)| begins_with(rest, &first_name(name)))
                .map(|(member, _)| *member)
                .collect();
            if by_first_name.len() == 1 {
                meant = by_first_name;
            }
        }
        for member in meant {
            if !found.iter().any(|other| other.id == member.id) {
                found.push(member);
            }
        }
    }
    found
}

/// Names that are offered at once.
const OFFERED: usize = 8;

/// The members but the viewer whose name, or a part of it, begins so, whatever the case; first names first.
pub async fn names_beginning(viewer: &Viewer, of: &str) -> Result<Vec<String>> {
    let begun = of.to_lowercase();
    if begun.trim().is_empty() {
        return Ok(Vec::new());
    }
    let members: Vec<MemberName> = viewer
        .fetch_all(
            sql!(
                "select m.id, m.name from people m where m.workspace_id = $1 and m.disabled_at is null and
                 m.id <> $2 order by m.name, m.id limit 2000"
            ),
            args![viewer.member_id()],
        )
        .await?;
    let (whole, part): (Vec<String>, Vec<String>) = members
        .into_iter()
        .map(|member| member.name)
        .filter(|name| {
            let name = name.to_lowercase();
            name.starts_with(&begun) || name.split_whitespace().any(|part| part.starts_with(&begun))
        })
        .partition(|name| name.to_lowercase().starts_with(&begun));
    Ok(whole.into_iter().chain(part).take(OFFERED).collect())
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
                 $4, $5) on conflict do nothing"
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

    fn names<'a>(body: &str, members: &'a [MemberName]) -> Vec<&'a str> {
        find_mentions(body, members)
            .into_iter()
            .map(|member| member.name.as_str())
            .collect()
    }

    fn members(names: &[&str]) -> Vec<MemberName> {
        (1_u128..)
            .zip(names)
            .map(|(id, name)| MemberName {
                id: Uuid::from_u128(id).into(),
                name: (*name).to_owned(),
            })
            .collect()
    }

    const NOBODY: [&str; 0] = [];

    #[test]
    fn the_whole_longest_name_counts_once() {
        let members = members(&["Kofi", "Kofi Mensah", "Ana"]);
        assert_eq!(
            names("@kofi mensah and @Ana, and @Ana again", &members),
            ["Kofi Mensah", "Ana"]
        );
        assert_eq!(names("@Kofi, please", &members), ["Kofi"]);
        assert_eq!(
            names("@Anabel; ana@example.com; info@ana.com; a.@ana", &members),
            NOBODY
        );
    }

    #[test]
    fn a_first_name_is_enough_where_one_person_has_it() {
        let members = members(&["Kofi Mensah", "Kofi Owusu", "Dana Reyes"]);
        assert_eq!(names("@dana: ready?", &members), ["Dana Reyes"]);
        assert_eq!(names("@Kofi, ready?", &members), NOBODY);
        assert_eq!(names("@Dana Reyes", &members), ["Dana Reyes"]);
        assert_eq!(names("@Danas", &members), NOBODY);
        assert_eq!(names("@Dana The lists are late", &members), ["Dana Reyes"]);
        assert_eq!(names("@Dana asked", &members), ["Dana Reyes"]);
    }

    #[test]
    fn code_quotations_and_addresses_name_nobody() {
        let members = members(&["Dana Reyes"]);
        assert_eq!(
            names(
                "> asked @Dana\n\n`@Dana` and\n\n```\n@Dana\n```\n\n<https://a.example/@Dana>",
                &members
            ),
            NOBODY
        );
        assert_eq!(names("> asked Kofi\n\n@Dana what now?", &members), ["Dana Reyes"]);
        assert_eq!(names("**@Dana**", &members), ["Dana Reyes"]);
        assert_eq!(names("https://a.example/@Dana", &members), NOBODY);
    }

    #[test]
    fn names_without_spaces_are_found_within_a_sentence() {
        let members = members(&["田中優", "김민수"]);
        assert_eq!(names("これは@田中優さんへ", &members), ["田中優"]);
        assert_eq!(names("@김민수님 확인 부탁드립니다", &members), ["김민수"]);
    }
}
