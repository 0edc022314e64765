//! What the definition's pages ask.

mod versions;

pub use self::versions::{Version, VersionListItem, history, standing_versions, version, version_text};

use super::{Clause, ClauseChange, Field, SuggestionOutcome, changes};

use crate::{
    args,
    identity::{Side, Viewer},
    platform::{
        error::Result,
        ids::{ClauseId, KpiId, MemberId, SuggestionId},
        time::Timestamp,
    },
    sql,
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
    pub edited_at: Timestamp,
    pub edited_by: String,
    pub archived_at: Option<Timestamp>,
}

impl DraftClause {
    pub fn text(&self, field: Field) -> &str {
        match field {
            Field::Title => &self.title,
            Field::Promise => &self.promise,
            Field::ForMarketing => &self.for_marketing,
            Field::ForTechnology => &self.for_technology,
        }
    }
}

/// A KPI that measures a clause.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ClauseKpi {
    pub clause_id: ClauseId,
    pub kpi_id: KpiId,
    pub number: i64,
    pub title: String,
}

/// An initiative that serves a clause.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ServingInitiative {
    pub clause_id: ClauseId,
    pub number: i64,
    pub title: String,
}

pub async fn draft(viewer: &Viewer) -> Result<Vec<DraftClause>> {
    viewer
        .fetch_all(
            sql!(
                "select c.id, c.position, c.title, c.promise, c.for_marketing, c.for_technology, c.version,
                 c.edited_at, m.name as edited_by, c.archived_at
             from clauses c join people m on m.id = c.edited_by
             where c.workspace_id = $1 and c.archived_at is null order by c.position, c.id limit 200"
            ),
            Vec::new(),
        )
        .await
}

/// One clause, of the draft or archived.
pub async fn clause(viewer: &Viewer, id: ClauseId) -> Result<DraftClause> {
    viewer
        .fetch_one(
            sql!(
                "select c.id, c.position, c.title, c.promise, c.for_marketing, c.for_technology, c.version,
                 c.edited_at, m.name as edited_by, c.archived_at
             from clauses c join people m on m.id = c.edited_by where c.workspace_id = $1 and c.id = $2"
            ),
            args![id],
        )
        .await
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Suggestion {
    pub id: SuggestionId,
    pub field: Field,
    pub before_text: String,
    pub after_text: String,
    pub because: String,
    pub side: Side,
    pub by_member: MemberId,
    pub who: String,
    pub at: Timestamp,
    pub outcome: Option<SuggestionOutcome>,
    pub settled_by: Option<String>,
    pub settled_because: Option<String>,
    /// The text that it would replace is still the text.
    pub is_current: bool,
    /// Its clause is not in the draft any more.
    pub is_archived: bool,
}

/// Suggestions on a clause, open ones first, then the newest.
pub async fn suggestions(viewer: &Viewer, id: ClauseId) -> Result<Vec<Suggestion>> {
    viewer
        .fetch_all(
            sql!(
                "select s.id, s.field, s.before_text, s.after_text, s.because, s.side, s.by_member, m.name as
                 who, s.at, s.outcome, sm.name as settled_by, s.settled_because,
                    s.before_text = case s.field when 'title' then c.title when 'promise' then c.promise when
                    'for_marketing' then c.for_marketing else c.for_technology end as is_current,
                    c.archived_at is not null as is_archived
             from suggestions s join clauses c on c.id = s.clause_id join people m on m.id = s.by_member
             left join people sm on sm.id = s.settled_by
             where s.workspace_id = $1 and s.clause_id = $2 order by s.outcome is not null, s.at desc, s.id
             desc limit 100"
            ),
            args![id],
        )
        .await
}

/// The clause that a suggestion is about.
pub async fn clause_of_suggestion(viewer: &Viewer, id: SuggestionId) -> Result<ClauseId> {
    let (clause,): (ClauseId,) = viewer
        .fetch_one(
            sql!("select clause_id from suggestions where workspace_id = $1 and id = $2"),
            args![id],
        )
        .await?;
    Ok(clause)
}

/// How many suggestions wait on each clause.
pub async fn suggestion_counts(viewer: &Viewer) -> Result<Vec<(ClauseId, i64)>> {
    viewer
        .fetch_all(
            sql!(
                "select clause_id, count(*) from suggestions where workspace_id = $1 and outcome is
             null group by clause_id limit 500"
            ),
            Vec::new(),
        )
        .await
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ClauseEvent {
    pub at: Timestamp,
    pub actor: String,
    pub verb: String,
    pub label: String,
    pub detail: String,
}

/// What happened to a clause, newest first.
pub async fn events(viewer: &Viewer, id: ClauseId) -> Result<Vec<ClauseEvent>> {
    viewer
        .fetch_all(
            sql!(
                "select at, actor, verb, label, detail from workspace_events where chain_id = $1 and thing_id
                 = $2 order by seq desc limit 100"
            ),
            args![id],
        )
        .await
}

/// Something that measures or serves a clause, or ought to serve one.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ClauseCitation {
    pub clause_id: Option<ClauseId>,
    pub kind: String,
    pub title: String,
    pub path: String,
}

/// Everything that cites a clause.
pub async fn citing(viewer: &Viewer) -> Result<Vec<ClauseCitation>> {
    viewer
        .fetch_all(
            sql!(
                "select ck.clause_id, 'KPI' as kind, k.title, 'kpis/' || cast(k.number as text) as path from
                 clause_kpis ck join kpi_facts k on k.id = ck.kpi_id
             where ck.workspace_id = $1 and k.archived_at is null
             union all
             select ic.clause_id, 'Initiative', i.title, 'initiatives/' || cast(i.number as text) from
             initiative_clause_links ic join initiative_facts i on i.id = ic.initiative_id
             where ic.workspace_id = $1
             union all
             select dc.clause_id, 'Decision', d.question, 'decisions/' || cast(d.number as text) from
             decision_clause_links dc join decision_facts d on d.id = dc.decision_id
             where dc.workspace_id = $1
             union
             select ck.clause_id, 'Goal', g.title, 'goals/' || cast(g.number as text) from clause_kpis ck
             join goal_measure_links gm on gm.kpi_id = ck.kpi_id join goal_facts g on g.id = gm.goal_id
             where ck.workspace_id = $1 and g.archived_at is null
             union
             select ck.clause_id, 'Access', a.title, 'access/' || cast(a.number as text) from clause_kpis ck
             join goal_measure_links gm on gm.kpi_id = ck.kpi_id join access_facts a on a.goal_id = gm.goal_id
             where ck.workspace_id = $1 and a.granted_at is not null and a.ended_at is null
             union
             select dc.clause_id, 'Source', s.name, 'sources/' || cast(s.number as text) from
             decision_clause_links dc join decision_sources s on s.decision_id = dc.decision_id
             where dc.workspace_id = $1
             union all
             select clause_id, 'Touchpoint', name, 'sources/touchpoints/' || cast(number as text) from
             touchpoint_clause_links where workspace_id = $1
             order by 3 limit 5000"
            ),
            Vec::new(),
        )
        .await
}

/// Work under way that serves no clause of the draft, and KPIs that measure none.
pub async fn orphans(viewer: &Viewer) -> Result<Vec<ClauseCitation>> {
    viewer
        .fetch_all(
            sql!(
                "select null as clause_id, 'Initiative' as kind, i.title, 'initiatives/' || cast(i.number as
                 text) as path from initiative_facts i
             where i.workspace_id = $1 and i.is_running and not exists
                   (select 1 from initiative_clause_links x join clauses c on c.id = x.clause_id where
                   x.initiative_id = i.id and c.archived_at is null)
             union all
             select null, 'Decision', d.question, 'decisions/' || cast(d.number as text) from decision_facts d
             where d.workspace_id = $1 and d.signed_at is null and not exists
                   (select 1 from decision_clause_links x join clauses c on c.id = x.clause_id where
                   x.decision_id = d.id and c.archived_at is null)
             union all
             select null, 'KPI', k.title, 'kpis/' || cast(k.number as text) from kpi_facts k
             where k.workspace_id = $1 and k.archived_at is null and not exists
                   (select 1 from clause_kpis x join clauses c on c.id = x.clause_id where x.kpi_id = k.id and
                   c.archived_at is null)
             order by 3 limit 500"
            ),
            Vec::new(),
        )
        .await
}

pub async fn measures(viewer: &Viewer) -> Result<Vec<ClauseKpi>> {
    viewer
        .fetch_all(
            sql!(
                "select ck.clause_id, k.id as kpi_id, k.number, k.title from clause_kpis ck join kpi_facts k
                 on k.id = ck.kpi_id
             where ck.workspace_id = $1 and k.archived_at is null order by k.title, k.id limit 1000"
            ),
            Vec::new(),
        )
        .await
}

pub async fn servers(viewer: &Viewer) -> Result<Vec<ServingInitiative>> {
    viewer
        .fetch_all(
            sql!(
                "select ic.clause_id, i.number, i.title from initiative_clause_links ic join initiative_facts
                 i on i.id = ic.initiative_id
             where ic.workspace_id = $1 order by i.title, i.id limit 2000"
            ),
            Vec::new(),
        )
        .await
}

/// The draft in the form that a version would hold.
pub fn as_clauses(draft: &[DraftClause], measures: &[ClauseKpi]) -> Vec<Clause> {
    draft
        .iter()
        .map(|clause| Clause {
            id: clause.id.to_string(),
            title: clause.title.clone(),
            promise: clause.promise.clone(),
            for_marketing: clause.for_marketing.clone(),
            for_technology: clause.for_technology.clone(),
            measured_by: measures
                .iter()
                .filter(|measure| measure.clause_id == clause.id)
                .map(|measure| measure.title.clone())
                .collect(),
        })
        .collect()
}

/// All that the definition's own page shows.
pub struct Whole {
    pub draft: Vec<DraftClause>,
    pub measures: Vec<ClauseKpi>,
    pub servers: Vec<ServingInitiative>,
    pub in_force: Option<Version>,
    pub proposed: Option<Version>,
    pub changes: Vec<ClauseChange>,
    /// How many suggestions wait on each clause.
    pub suggestions: Vec<(ClauseId, i64)>,
}

impl Whole {
    pub fn change_count(&self) -> usize {
        count_changed(&self.changes)
    }
}

fn count_changed(changes: &[ClauseChange]) -> usize {
    changes.iter().filter(|change| change.is_change()).count()
}

/// What stands, and in how many clauses the draft differs from it.
pub struct DefinitionState {
    pub in_force: Option<Version>,
    pub proposed: Option<Version>,
    pub changed: usize,
}

pub async fn stands(viewer: &Viewer) -> Result<DefinitionState> {
    let now = as_clauses(&draft(viewer).await?, &measures(viewer).await?);
    let (in_force, proposed) = standing_versions(viewer).await?;
    let changes = changes(
        in_force
            .as_ref()
            .map_or(&[], |version| version.clauses.as_slice()),
        &now,
    );
    Ok(DefinitionState {
        changed: count_changed(&changes),
        in_force,
        proposed,
    })
}

pub async fn whole(viewer: &Viewer) -> Result<Whole> {
    let (draft, measures, servers) = (
        draft(viewer).await?,
        measures(viewer).await?,
        servers(viewer).await?,
    );
    let (in_force, proposed) = standing_versions(viewer).await?;
    let now = as_clauses(&draft, &measures);
    let changes = changes(
        in_force
            .as_ref()
            .map_or(&[], |version| version.clauses.as_slice()),
        &now,
    );
    let suggestions = suggestion_counts(viewer).await?;
    Ok(Whole {
        draft,
        measures,
        servers,
        in_force,
        proposed,
        changes,
        suggestions,
    })
}

/// `(id, "Clause 2 · One memory")` for citing clauses in forms of other rooms.
pub async fn clause_options(viewer: &Viewer) -> Result<Vec<(String, String)>> {
    Ok(draft(viewer)
        .await?
        .into_iter()
        .enumerate()
        .map(|(index, clause)| (clause.id.to_string(), format!("{} · {}", index + 1, clause.title)))
        .collect())
}
