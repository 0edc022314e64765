//! What needs a KPI: where KPIs are computed from it, or goals are measured by it, it is not archived; where
//! the definition measures a clause by it, both owners sign that. Asked by the page before, and by the write.

use crate::{
    args,
    identity::Viewer,
    platform::{
        error::{Error, Result},
        ids::KpiId,
        text::join_names,
    },
    sql,
};

macro_rules! kpis_made_of_it {
    () => {
        "select k.title from kpi_inputs i join kpis k on k.id = i.kpi_id where i.workspace_id = $1
         and i.input_id = $2 and k.archived_at is null order by k.title"
    };
}

macro_rules! goals_measured_by_it {
    () => {
        "select g.title from goal_measure_links gm join goal_facts g on g.id = gm.goal_id
         where gm.workspace_id = $1 and gm.kpi_id = $2 and g.archived_at is null and g.due_on >= $3
         order by g.number"
    };
}

macro_rules! clauses_measured_by_it {
    () => {
        "select c.title from clause_kpi_links x join clause_facts c on c.id = x.clause_id
         where x.workspace_id = $1 and x.kpi_id = $2 and c.archived_at is null order by c.position, c.id"
    };
}

/// The definition that both leads signed last, with what its clauses are measured by.
macro_rules! definition_in_force {
    () => {
        "select t.content from sealed_texts t where t.workspace_id = $1 and t.kind = 'definition'
         order by t.sealed_at desc limit 1"
    };
}

/// What it was called over time: each event tells of it by its title of then.
macro_rules! titles_it_went_by {
    () => {
        "select distinct label from workspace_events where chain_id = $1 and kind = 'kpi' and thing_id = $2"
    };
}

/// How often both owners have signed something of it as a KPI: targets, limits, a formula, its end.
macro_rules! signed_by_both {
    () => {
        "select (select count(*) from kpi_targets t where t.workspace_id = $1 and t.kpi_id = $2)
         + (select count(*) from offered_handshakes h where h.workspace_id = $1 and h.kind = 'targets'
           and h.subject_id = $2 and h.sealed_at is not null)"
    };
}

pub(super) use clauses_measured_by_it;
pub(super) use definition_in_force;
pub(super) use goals_measured_by_it;
pub(super) use kpis_made_of_it;
pub(super) use signed_by_both;
pub(super) use titles_it_went_by;

/// Why the KPI cannot be archived, and what to do first.
pub async fn needed_by(viewer: &Viewer, kpi: KpiId) -> Result<Option<String>> {
    let made = viewer.fetch_all(sql!(kpis_made_of_it!()), args![kpi]).await?;
    let measured = viewer
        .fetch_all(sql!(goals_measured_by_it!()), args![kpi, viewer.today()])
        .await?;
    Ok(why_it_is_needed(made, measured))
}

/// Whether the definition measures a clause by it: both owners then sign that it ends.
pub async fn is_cited(viewer: &Viewer, kpi: KpiId) -> Result<bool> {
    let clauses: Vec<(String,)> = viewer
        .fetch_all(sql!(clauses_measured_by_it!()), args![kpi])
        .await?;
    Ok(!clauses.is_empty() || is_in_force(viewer, kpi).await?)
}

/// Whether the definition that both leads signed last measures a clause by it.
pub async fn is_in_force(viewer: &Viewer, kpi: KpiId) -> Result<bool> {
    let ratified: Option<(String,)> = viewer
        .fetch_optional(sql!(definition_in_force!()), args![])
        .await?;
    let titles: Vec<(String,)> = viewer.fetch_all(sql!(titles_it_went_by!()), args![kpi]).await?;
    ratified.map_or(Ok(false), |(text,)| names_one_of(&text, &titles))
}

/// Of a signed definition what says by which KPIs a clause is measured.
#[derive(serde::Deserialize)]
struct Measured {
    clauses: Vec<MeasuredClause>,
}

#[derive(serde::Deserialize)]
struct MeasuredClause {
    measured_by: Vec<String>,
}

/// Whether a signed definition measures a clause by one of the titles.
///
/// # Errors
/// `Internal` when the text is no definition.
pub(super) fn names_one_of(text: &str, titles: &[(String,)]) -> Result<bool> {
    let measured: Measured = serde_json::from_str(text).map_err(|_| Error::Internal)?;
    let mut named = measured.clauses.iter().flat_map(|clause| &clause.measured_by);
    Ok(named.any(|name| titles.iter().any(|(title,)| title == name)))
}

/// The titles of the KPIs that are computed from it, and of the goals that it measures, in words.
pub(super) fn why_it_is_needed(made: Vec<(String,)>, measured: Vec<(String,)>) -> Option<String> {
    let quoted = |titles: Vec<(String,)>| {
        let titles: Vec<String> = titles.into_iter().map(|(title,)| format!("“{title}”")).collect();
        join_names(&titles.iter().map(String::as_str).collect::<Vec<_>>())
    };
    match (made.len(), measured.len()) {
        (0, 0) => None,
        (0, 1) => Some(format!(
            "The goal {} is measured by it. Change that goal first.",
            quoted(measured)
        )),
        (0, _) => Some(format!(
            "The goals {} are measured by it. Change them first.",
            quoted(measured)
        )),
        (1, _) => Some(format!(
            "{} is computed from it. End that formula first.",
            quoted(made)
        )),
        _ => Some(format!(
            "{} are computed from it. End those formulas first.",
            quoted(made)
        )),
    }
}
