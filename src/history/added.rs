//! What was begun, told by the events.

use crate::{
    args,
    identity::Viewer,
    platform::{error::Result, time::Timestamp},
    sql,
};

/// Something that was begun: what it is, who began it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Added {
    pub kind: String,
    pub title: String,
    pub path: String,
    pub who: String,
    pub at: Timestamp,
}

/// What was promised, proposed, asked or set since a time, the newest first.
pub async fn added_since(viewer: &Viewer, since: Timestamp) -> Result<Vec<Added>> {
    viewer
        .fetch_all(
            sql!(
                "select case e.kind when 'initiative' then 'New initiative' when 'milestone' then
                 'New milestone'
                 when 'decision' then 'New decision' when 'goal' then 'New goal' when 'kpi' then 'New KPI'
                 when 'access' then 'Access requested' else 'New clause' end as kind, e.label as title,
                 e.path,
                 e.actor as who, e.at
                 from workspace_events e where e.chain_id = $1 and e.at >= $2 and e.path <> ''
                   and e.verb in ('proposed the initiative', 'promised', 'asked', 'asked for a decision:',
                   'set the goal', 'started measuring',
                   'asked for access to', 'added the clause')
                 order by e.at desc, e.seq desc limit 200"
            ),
            args![since],
        )
        .await
}
