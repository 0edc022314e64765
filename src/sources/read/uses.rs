//! Uses, and the head of their record.

use crate::{
    args,
    identity::{Reader, Transaction, Viewer},
    platform::{
        db::{Snapshot, Sql},
        error::Result,
        ids::{SourceId, UseId},
    },
    sources::{
        text::UseText,
        uses::{Article9, Basis, Kept, KeptAfter, KeptThen, Purpose, missing},
    },
    sql,
};

#[derive(Clone, Debug, sqlx::FromRow)]
struct UseRow {
    id: UseId,
    source_id: SourceId,
    number: i64,
    name: String,
    purpose: Purpose,
    in_words: String,
    basis: Option<Basis>,
    rests_on: String,
    article_9: Option<Article9>,
    kept_after: Option<KeptAfter>,
    kept_months: Option<i64>,
    kept_then: Option<KeptThen>,
    archived_under: String,
    recipients: String,
    countries: String,
    safeguard: String,
    version: i64,
}

/// What a source's data is used for.
#[derive(Clone, Debug)]
pub struct Use {
    pub id: UseId,
    pub source_id: SourceId,
    pub number: i64,
    pub name: String,
    pub purpose: Purpose,
    pub in_words: String,
    pub basis: Option<Basis>,
    pub rests_on: String,
    pub article_9: Option<Article9>,
    pub kept: Option<Kept>,
    pub archived_under: String,
    pub recipients: String,
    pub countries: String,
    pub safeguard: String,
    pub version: i64,
}

impl Use {
    /// What of it is empty that the record needs.
    pub fn missing(&self, is_special: bool) -> Vec<&'static str> {
        missing(
            (self.basis, &self.rests_on),
            (self.article_9, is_special),
            self.kept.is_some(),
        )
    }

    pub fn text(&self) -> UseText {
        UseText {
            number: self.number,
            name: self.name.clone(),
            purpose: self.purpose,
            in_words: self.in_words.clone(),
            basis: self.basis,
            rests_on: self.rests_on.clone(),
            article_9: self.article_9,
            kept: self.kept.map_or_else(String::new, Kept::label),
            archived_under: self.archived_under.clone(),
            recipients: self.recipients.clone(),
            countries: self.countries.clone(),
            safeguard: self.safeguard.clone(),
        }
    }
}

impl From<UseRow> for Use {
    fn from(row: UseRow) -> Self {
        let kept = row
            .kept_after
            .zip(row.kept_months)
            .zip(row.kept_then)
            .map(|((after, months), then)| Kept { after, months, then });
        Self {
            id: row.id,
            source_id: row.source_id,
            number: row.number,
            name: row.name,
            purpose: row.purpose,
            in_words: row.in_words,
            basis: row.basis,
            rests_on: row.rests_on,
            article_9: row.article_9,
            kept,
            archived_under: row.archived_under,
            recipients: row.recipients,
            countries: row.countries,
            safeguard: row.safeguard,
            version: row.version,
        }
    }
}

macro_rules! uses_where {
    ($rest:literal) => {
        concat!(
            "select id, source_id, number, name, purpose, in_words, basis, rests_on, article_9, kept_after,
             kept_months,
                kept_then, archived_under, recipients, countries, safeguard, version
             from source_uses where removed_at is null ",
            $rest
        )
    };
}

const OF_SOURCE: Sql = sql!(uses_where!(
    "and workspace_id = $1 and source_id = $2 order by number"
));

/// The uses of every source.
pub async fn uses(reader: &impl Reader) -> Result<Vec<Use>> {
    let rows: Vec<UseRow> = reader
        .fetch_all(
            sql!(uses_where!(
                "and workspace_id = $1 order by source_id, number limit 20000"
            )),
            Vec::new(),
        )
        .await?;
    Ok(rows.into_iter().map(Use::from).collect())
}

/// The uses of one source.
pub async fn uses_of(viewer: &Viewer, source: SourceId) -> Result<Vec<Use>> {
    let rows: Vec<UseRow> = viewer.fetch_all(OF_SOURCE, args![source]).await?;
    Ok(rows.into_iter().map(Use::from).collect())
}

/// The uses of one source, as a transaction finds them.
pub(in crate::sources) async fn uses_in(tx: &mut Transaction, source: SourceId) -> Result<Vec<Use>> {
    let rows: Vec<UseRow> = tx.fetch_all(OF_SOURCE, args![source]).await?;
    Ok(rows.into_iter().map(Use::from).collect())
}

/// The uses of every workspace, in a snapshot.
pub(in crate::sources) async fn uses_of_all(snapshot: &Snapshot) -> Result<Vec<Use>> {
    let rows: Vec<UseRow> = snapshot
        .fetch_all(sql!(uses_where!("order by source_id, number")), Vec::new())
        .await?;
    Ok(rows.into_iter().map(Use::from).collect())
}

/// Who answers for the processing.
#[derive(Clone, Debug, Default, sqlx::FromRow)]
pub struct RecordHead {
    pub controller: String,
    pub joint_controller: String,
    pub representative: String,
    pub officer: String,
    pub version: i64,
}

pub async fn record_head(viewer: &Viewer) -> Result<RecordHead> {
    let head = viewer
        .fetch_optional(
            sql!(
                "select controller, joint_controller, representative, officer, version from record_heads
                 where workspace_id = $1"
            ),
            Vec::new(),
        )
        .await?;
    Ok(head.unwrap_or_default())
}
