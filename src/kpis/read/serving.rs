//! What KPIs are measured for, and what an import needs to know.

use crate::{
    args,
    identity::Viewer,
    kpis::needed::signed_by_both,
    platform::{error::Result, ids::KpiId, quantity::Quantity, time::Day},
    sql,
};

/// `(id, title)` for citing KPIs in forms of other rooms.
pub async fn options(viewer: &Viewer) -> Result<Vec<(String, String)>> {
    let rows: Vec<(KpiId, String)> = viewer
        .fetch_all(
            sql!(
                "select id, title from kpis where workspace_id = $1 and archived_at is null
             order by title, id limit 1000"
            ),
            Vec::new(),
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|(id, title)| (id.to_string(), title))
        .collect())
}

/// What a KPI is made of, with its newest value.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Input {
    pub id: KpiId,
    pub number: i64,
    pub title: String,
    pub unit: String,
    pub value: Option<Quantity>,
}

pub async fn inputs(viewer: &Viewer, id: KpiId) -> Result<Vec<Input>> {
    viewer
        .fetch_all(
            sql!(
                "select k.id, k.number, k.title, k.unit,
                    (select v.value from kpi_values v where v.kpi_id = k.id and v.replaced_at is null order by
                    v.period_on desc limit 1) as value
             from kpi_inputs i join kpis k on k.id = i.input_id where i.workspace_id = $1 and i.kpi_id = $2
             order by i.position"
            ),
            args![id],
        )
        .await
}

/// A clause or a goal that a KPI measures, or an initiative that moves it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Serving {
    pub path: String,
    pub title: String,
}

pub async fn serving(viewer: &Viewer, id: KpiId) -> Result<Vec<Serving>> {
    let clauses: Vec<(crate::platform::ids::ClauseId, String)> = viewer
        .fetch_all(
            sql!(
                "select c.id, c.title from clause_kpi_links x join clause_facts c on c.id = x.clause_id
             where x.workspace_id = $1 and x.kpi_id = $2 and c.archived_at is null order by c.position, c.id
             limit 50"
            ),
            args![id],
        )
        .await?;
    let initiatives: Vec<(i64, String)> = viewer
        .fetch_all(
            sql!(
                "select i.number, i.title from initiative_kpi_links x join initiative_facts i on i.id =
                 x.initiative_id
             where x.workspace_id = $1 and x.kpi_id = $2 order by i.number limit 50"
            ),
            args![id],
        )
        .await?;
    let goals: Vec<(i64, String)> = viewer
        .fetch_all(
            sql!(
                "select g.number, g.title from goal_measure_links x join goal_facts g on g.id = x.goal_id
             where x.workspace_id = $1 and x.kpi_id = $2 and g.archived_at is null order by g.number limit 50"
            ),
            args![id],
        )
        .await?;
    let clauses = clauses.into_iter().map(|(id, title)| Serving {
        path: format!("definition/clauses/{id}"),
        title,
    });
    let goals = goals.into_iter().map(|(number, title)| Serving {
        path: format!("goals/{number}"),
        title,
    });
    Ok(clauses
        .chain(goals)
        .chain(initiatives.into_iter().map(|(number, title)| Serving {
            path: format!("initiatives/{number}"),
            title,
        }))
        .collect())
}

/// All that a table of values is checked against: the KPIs, and the values that are there.
pub async fn import_context(
    viewer: &Viewer,
) -> Result<(Vec<crate::kpis::import::KnownKpi>, crate::kpis::import::Values)> {
    let known = viewer.fetch_all(crate::kpis::import::KNOWN, Vec::new()).await?;
    let values: Vec<(KpiId, Day, Quantity, bool)> = viewer
        .fetch_all(
            sql!(
                "select v.kpi_id, v.period_on, v.value, h.sealed_at is not null from kpi_values v
                 left join tabled_handshakes h on h.kind = 'kpi' and h.subject_id = v.id
                 where v.workspace_id = $1 and v.replaced_at is null"
            ),
            Vec::new(),
        )
        .await?;
    Ok((
        known,
        values
            .into_iter()
            .map(|(kpi, day, value, is_attested)| ((kpi, day), (value, is_attested)))
            .collect(),
    ))
}

/// Whether both owners have signed targets, limits or a formula of it at some time: other ones, and its end,
/// they sign, too.
pub async fn is_judged(viewer: &Viewer, id: KpiId) -> Result<bool> {
    let (signed,): (i64,) = viewer.fetch_one(sql!(signed_by_both!()), args![id]).await?;
    Ok(signed > 0)
}
