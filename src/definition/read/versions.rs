//! Versions, and what they stand for.

use crate::{
    args,
    definition::{Clause, text::DefinitionText},
    handshake::{
        read::{Standing, StandingRow},
        text::SignedText as _,
    },
    identity::Viewer,
    platform::{
        error::Result,
        ids::VersionId,
        time::{Day, Timestamp},
    },
    sql,
};

#[derive(Clone, Debug, sqlx::FromRow)]
struct VersionRow {
    id: VersionId,
    number: i64,
    content: String,
    version_digest: String,
    proposed_at: Timestamp,
    proposed_by: String,
    in_force_at: Option<Timestamp>,
    superseded_at: Option<Timestamp>,
    #[sqlx(flatten)]
    standing: StandingRow,
}

/// One numbered version and where its ratification stands.
#[derive(Clone, Debug)]
pub struct Version {
    pub id: VersionId,
    pub number: i64,
    pub clauses: Vec<Clause>,
    pub digest: String,
    pub proposed_at: Timestamp,
    pub proposed_by: String,
    pub in_force_at: Option<Timestamp>,
    pub superseded_at: Option<Timestamp>,
    /// By when it is to be ratified again.
    pub review_on: Option<Day>,
    /// `None` once the proposal was closed by an edit or taken back.
    pub standing: Option<Standing>,
}

impl Version {
    pub const fn is_in_force(&self) -> bool {
        self.in_force_at.is_some() && self.superseded_at.is_none()
    }

    /// What has become of it, in a word.
    pub fn state(&self) -> &'static str {
        match (self.in_force_at, self.superseded_at, &self.standing) {
            (Some(_), None, _) => "In force",
            (Some(_), Some(_), _) => "Replaced",
            (None, _, Some(_)) => "Proposed",
            (None, _, None) => "Not ratified",
        }
    }
}

fn read_version(row: VersionRow) -> Result<Version> {
    let text = DefinitionText::read(&row.content)?;
    Ok(Version {
        id: row.id,
        number: row.number,
        clauses: text.clauses,
        digest: row.version_digest,
        proposed_at: row.proposed_at,
        proposed_by: row.proposed_by,
        in_force_at: row.in_force_at,
        superseded_at: row.superseded_at,
        review_on: text.ratify_again_by.and_then(|day| day.parse().ok()),
        standing: row.standing.standing(),
    })
}

/// `select …` of a [`VersionRow`] with more conditions after the workspace.
macro_rules! versions {
    ($rest:literal) => {
        concat!(
            "select v.id, v.number, v.content, v.digest as version_digest, v.proposed_at, coalesce(m.name,
             'Handshake') as proposed_by, v.in_force_at, v.superseded_at, ",
            crate::seat_columns!(),
            "from definition_versions v left join people m on m.id = v.proposed_by
             left join tabled_handshakes h on h.kind = 'definition' and h.subject_id = v.id ",
            crate::seat_joins!(),
            "where v.workspace_id = $1 ",
            $rest
        )
    };
}

/// The version in force and the proposal on the table, when there are.
pub async fn standing_versions(viewer: &Viewer) -> Result<(Option<Version>, Option<Version>)> {
    let rows: Vec<VersionRow> = viewer
        .fetch_all(
            sql!(versions!(
                "and ((v.in_force_at is not null and v.superseded_at is null) or (v.in_force_at is null and
                 h.id is not null)) order by v.number limit 2"
            )),
            Vec::new(),
        )
        .await?;
    let (mut in_force, mut proposed) = (None, None);
    for version in rows.into_iter().map(read_version) {
        let version = version?;
        if version.is_in_force() {
            in_force = Some(version);
        } else {
            proposed = Some(version);
        }
    }
    Ok((in_force, proposed))
}

pub async fn version(viewer: &Viewer, number: i64) -> Result<Version> {
    read_version(
        viewer
            .fetch_one(sql!(versions!("and v.number = $2")), args![number])
            .await?,
    )
}

/// The text of a version as both leads sign it.
pub async fn version_text(viewer: &Viewer, number: i64) -> Result<String> {
    let (text,): (String,) = viewer
        .fetch_one(
            sql!("select content from definition_versions where workspace_id = $1 and number = $2"),
            args![number],
        )
        .await?;
    Ok(text)
}

/// A version as the history lists it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct VersionListItem {
    pub number: i64,
    pub proposed_at: Timestamp,
    pub proposed_by: String,
    pub in_force_at: Option<Timestamp>,
    pub superseded_at: Option<Timestamp>,
    pub is_open: bool,
}

/// The newest versions below `before`, at most `most`.
pub async fn history(viewer: &Viewer, before: i64, most: i64) -> Result<Vec<VersionListItem>> {
    viewer
        .fetch_all(
            sql!(
                "select v.number, v.proposed_at, coalesce(m.name, 'Handshake') as proposed_by, v.in_force_at,
                 v.superseded_at, h.id is not null and h.sealed_at is null as is_open
             from definition_versions v left join people m on m.id = v.proposed_by
             left join tabled_handshakes h on h.kind = 'definition' and h.subject_id = v.id
             where v.workspace_id = $1 and v.number < $2 order by v.number desc limit $3"
            ),
            args![before, most],
        )
        .await
}
