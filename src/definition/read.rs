//! What the definition's pages ask.

use super::{Change, Clause, changes};
use crate::{
    args,
    ground::{
        error::{Error, Result},
        ids::{ClauseId, KpiId, VersionId},
        time::Moment,
    },
    handshake::read::{Standing, StandingRow},
    people::Viewer,
};

/// A clause of the working draft.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct DraftClause {
    pub id: ClauseId,
    pub position: i64,
    pub title: String,
    pub promise: String,
    pub for_marketing: String,
    pub for_technology: String,
    pub version: i64,
    pub edited_at: Moment,
    pub edited_by: String,
}

/// A KPI that measures a clause.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Measure {
    pub clause_id: ClauseId,
    pub kpi_id: KpiId,
    pub number: i64,
    pub title: String,
}

/// An initiative that serves a clause.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Server {
    pub clause_id: ClauseId,
    pub number: i64,
    pub title: String,
}

#[derive(Clone, Debug, sqlx::FromRow)]
struct VersionRow {
    id: VersionId,
    number: i64,
    content: String,
    version_digest: String,
    proposed_at: Moment,
    proposed_by: String,
    in_force_at: Option<Moment>,
    superseded_at: Option<Moment>,
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
    pub proposed_at: Moment,
    pub proposed_by: String,
    pub in_force_at: Option<Moment>,
    pub superseded_at: Option<Moment>,
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
            (Some(_), Some(_), _) => "Superseded",
            (None, _, Some(_)) => "Proposed",
            (None, _, None) => "Not ratified",
        }
    }
}

fn read_version(row: VersionRow) -> Result<Version> {
    let clauses = serde_json::from_str::<Content>(&row.content).map_err(|error| {
        tracing::error!(version = %row.id, error = %error, "a version's content does not read");
        Error::Broken
    })?;
    Ok(Version {
        id: row.id,
        number: row.number,
        clauses: clauses.clauses,
        digest: row.version_digest,
        proposed_at: row.proposed_at,
        proposed_by: row.proposed_by,
        in_force_at: row.in_force_at,
        superseded_at: row.superseded_at,
        standing: row.standing.standing(),
    })
}

#[derive(serde::Deserialize)]
struct Content {
    clauses: Vec<Clause>,
}

pub async fn draft(viewer: &Viewer) -> Result<Vec<DraftClause>> {
    viewer
        .all(
            "select c.id, c.position, c.title, c.promise, c.for_marketing, c.for_technology, c.version, c.edited_at, a.name as edited_by
             from clauses c join members m on m.id = c.edited_by join accounts a on a.id = m.account_id
             where c.workspace_id = $1 and c.archived_at is null order by c.position, c.id limit 200",
            Vec::new(),
        )
        .await
}

pub async fn measures(viewer: &Viewer) -> Result<Vec<Measure>> {
    viewer
        .all(
            "select ck.clause_id, k.id as kpi_id, k.number, k.title from clause_kpis ck join kpis k on k.id = ck.kpi_id
             where ck.workspace_id = $1 and k.archived_at is null order by k.title, k.id limit 1000",
            Vec::new(),
        )
        .await
}

pub async fn servers(viewer: &Viewer) -> Result<Vec<Server>> {
    viewer
        .all(
            "select ic.clause_id, i.number, i.title from initiative_clauses ic join initiatives i on i.id = ic.initiative_id
             where ic.workspace_id = $1 order by i.title, i.id limit 2000",
            Vec::new(),
        )
        .await
}

/// The draft in the form that a version would hold.
pub fn as_clauses(draft: &[DraftClause], measures: &[Measure]) -> Vec<Clause> {
    draft
        .iter()
        .map(|clause| Clause {
            id: clause.id.to_string(),
            title: clause.title.clone(),
            promise: clause.promise.clone(),
            for_marketing: clause.for_marketing.clone(),
            for_technology: clause.for_technology.clone(),
            measured_by: measures.iter().filter(|measure| measure.clause_id == clause.id).map(|measure| measure.title.clone()).collect(),
        })
        .collect()
}

/// `select …` of a [`VersionRow`] with more conditions after the workspace.
macro_rules! versions {
    ($rest:literal) => {
        concat!(
            "select v.id, v.number, v.content, v.digest as version_digest, v.proposed_at, coalesce(a.name, 'Handshake') as proposed_by, v.in_force_at, v.superseded_at, ",
            crate::seat_columns!(),
            "from definition_versions v left join members m on m.id = v.proposed_by left join accounts a on a.id = m.account_id
             left join handshakes h on h.kind = 'definition' and h.subject_id = v.id and h.closed_at is null ",
            crate::seat_joins!(),
            "where v.workspace_id = $1 ",
            $rest
        )
    };
}

/// The version in force and the proposal on the table, when there are.
pub async fn standing_versions(viewer: &Viewer) -> Result<(Option<Version>, Option<Version>)> {
    let rows: Vec<VersionRow> = viewer
        .all(
            versions!(
                "and ((v.in_force_at is not null and v.superseded_at is null) or (v.in_force_at is null and h.id is not null)) order by v.number limit 2"
            ),
            Vec::new(),
        )
        .await?;
    let (mut in_force, mut proposed) = (None, None);
    for version in rows.into_iter().map(read_version) {
        let version = version?;
        if version.is_in_force() { in_force = Some(version) } else { proposed = Some(version) }
    }
    Ok((in_force, proposed))
}

pub async fn version(viewer: &Viewer, number: i64) -> Result<Version> {
    read_version(viewer.one(versions!("and v.number = $2"), args![number]).await?)
}

/// A version as the history lists it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Listed {
    pub number: i64,
    pub proposed_at: Moment,
    pub proposed_by: String,
    pub in_force_at: Option<Moment>,
    pub superseded_at: Option<Moment>,
    pub is_open: bool,
}

/// The newest versions below `before`, at most `most`.
pub async fn history(viewer: &Viewer, before: i64, most: i64) -> Result<Vec<Listed>> {
    viewer
        .all(
            "select v.number, v.proposed_at, coalesce(a.name, 'Handshake') as proposed_by, v.in_force_at, v.superseded_at, h.id is not null and h.sealed_at is null as is_open
             from definition_versions v left join members m on m.id = v.proposed_by left join accounts a on a.id = m.account_id
             left join handshakes h on h.kind = 'definition' and h.subject_id = v.id and h.closed_at is null
             where v.workspace_id = $1 and v.number < $2 order by v.number desc limit $3",
            args![before, most],
        )
        .await
}

/// All that the definition's own page shows.
pub struct Whole {
    pub draft: Vec<DraftClause>,
    pub measures: Vec<Measure>,
    pub servers: Vec<Server>,
    pub in_force: Option<Version>,
    pub proposed: Option<Version>,
    pub changes: Vec<Change>,
}

impl Whole {
    pub fn changed(&self) -> usize {
        self.changes.iter().filter(|change| change.is_change()).count()
    }
}

pub async fn whole(viewer: &Viewer) -> Result<Whole> {
    let (draft, measures, servers) = (draft(viewer).await?, measures(viewer).await?, servers(viewer).await?);
    let (in_force, proposed) = standing_versions(viewer).await?;
    let now = as_clauses(&draft, &measures);
    let changes = changes(in_force.as_ref().map_or(&[], |version| version.clauses.as_slice()), &now);
    Ok(Whole { draft, measures, servers, in_force, proposed, changes })
}

/// `(id, "Clause 2 · One memory")` for citing clauses in forms of other rooms.
pub async fn clause_options(viewer: &Viewer) -> Result<Vec<(String, String)>> {
    Ok(draft(viewer).await?.into_iter().enumerate().map(|(index, clause)| (clause.id.to_string(), format!("{} · {}", index + 1, clause.title))).collect())
}
