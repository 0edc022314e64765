//! Secrets with which a machine acts for one KPI, in the name of whoever issued it, until they expire. Only
//! the SHA-256 is kept; whoever is disabled takes their feeds with them.

use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts},
};

use crate::{
    args,
    identity::{Permit, SystemActor, Transaction, Viewer, tokens},
    platform::{
        audit::Event,
        error::{Error, Result},
        ids::{FeedId, KpiId, MemberId, WorkspaceId},
        state::AppState,
        time::Timestamp,
    },
    sql,
};

/// Begins every secret, so that one is recognised where it should not be.
const PREFIX: &str = "hs_feed_";

/// Issues a secret for a KPI and gives it.
pub async fn issue(tx: &mut Transaction, kpi: KpiId, name: &str, days: i64) -> Result<String> {
    let secret = format!("{PREFIX}{}", tx.fresh_secret());
    let (id, now, me): (FeedId, _, _) = (tx.fresh_id(), tx.now(), tx.member_id());
    tx.execute(
        sql!(
            "insert into feeds (id, workspace_id, kpi_id, name, hash, created_at, created_by, expires_at)
             values ($2, $1, $3, $4, $5, $6, $7, $8)"
        ),
        args![id, kpi, name, tokens::hash(&secret), now, me, now.plus_days(days)],
    )
    .await?;
    Ok(secret)
}

/// Whether a feed of this name delivers into the KPI.
pub async fn runs(tx: &mut Transaction, kpi: KpiId, name: &str) -> Result<bool> {
    let now = tx.now();
    let running: Option<(FeedId,)> = tx
        .fetch_optional(
            sql!(
                "select id from feeds where workspace_id = $1 and kpi_id = $2 and name = $3 and ended_at is
                 null
                 and expires_at > $4"
            ),
            args![kpi, name, now],
        )
        .await?;
    Ok(running.is_some())
}

/// Ends a feed of a KPI; gives its name.
pub async fn end(tx: &mut Transaction, kpi: KpiId, id: FeedId) -> Result<String> {
    let (name,): (String,) = tx
        .fetch_one(
            sql!(
                "select name from feeds where workspace_id = $1 and kpi_id = $2 and id = $3 and
             ended_at is null"
            ),
            args![kpi, id],
        )
        .await?;
    let now = tx.now();
    tx.execute(
        sql!("update feeds set ended_at = $3 where workspace_id = $1 and id = $2"),
        args![id, now],
    )
    .await?;
    Ok(name)
}

/// Ends every feed of every workspace, after a backup was restored: some of them may have been ended since.
pub async fn end_all(state: &AppState) -> Result<()> {
    for system in SystemActor::everywhere(state).await? {
        let (mut tx, permit) = system.begin().await?;
        let now = tx.now();
        let ended = tx
            .execute(
                sql!("update feeds set ended_at = $2 where workspace_id = $1 and ended_at is null"),
                args![now],
            )
            .await?;
        if ended > 0 {
            let event = Event::new("ended", "kpi", None, "every feed").at("kpis");
            tx.commit(permit, event).await?;
        }
    }
    Ok(())
}

/// A feed as its KPI's page lists it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct FeedListItem {
    pub id: FeedId,
    pub name: String,
    pub who: String,
    pub expires_at: Timestamp,
}

pub async fn of_kpi(viewer: &Viewer, kpi: KpiId) -> Result<Vec<FeedListItem>> {
    viewer
        .fetch_all(
            sql!(
                "select f.id, f.name, m.name as who, f.expires_at from feeds f join people m on m.id =
                 f.created_by
             where f.workspace_id = $1 and f.kpi_id = $2 and f.ended_at is null order by f.created_at, f.id
             limit 50"
            ),
            args![kpi],
        )
        .await
}

/// A machine that delivers: for one KPI, in the name of a member.
pub struct Feed {
    pub id: FeedId,
    pub kpi: KpiId,
    pub by: MemberId,
    name: String,
    system: SystemActor,
}

#[derive(sqlx::FromRow)]
struct FeedRow {
    id: FeedId,
    workspace_id: WorkspaceId,
    kpi_id: KpiId,
    created_by: MemberId,
    name: String,
}

impl FromRequestParts<AppState> for Feed {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self> {
        let secret = parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "))
            .filter(|secret| secret.starts_with(PREFIX) && secret.len() < 200)
            .ok_or(Error::SignedOut)?;
        Self::with(state, secret).await
    }
}

impl Feed {
    /// The feed that has this secret; signed out when none has.
    pub async fn with(state: &AppState, secret: &str) -> Result<Self> {
        let row: Option<FeedRow> = state
            .db()
            .fetch_optional(
                sql!(
                    "select f.id, f.workspace_id, f.kpi_id, f.created_by, f.name from feeds f join people m
                     on m.id = f.created_by join kpis k on k.id = f.kpi_id
                 where f.hash = $1 and f.ended_at is null and f.expires_at > $2 and m.disabled_at is null and
                 k.archived_at is null
                   and (m.role in ('lead', 'manager') or (m.role <> 'observer' and m.id = k.driver_id))"
                ),
                args![tokens::hash(secret), state.now()],
            )
            .await?;
        let row = row.ok_or(Error::SignedOut)?;
        let system = SystemActor::of(state, row.workspace_id).await?;
        Ok(Self {
            id: row.id,
            kpi: row.kpi_id,
            by: row.created_by,
            name: row.name,
            system,
        })
    }

    /// Opens a transaction in which the feed delivers, with the permit for it.
    pub async fn begin(&self) -> Result<(Transaction, Permit)> {
        self.system.begin_as(&format!("Feed {}", self.name)).await
    }
}
