//! The system itself in one workspace, between people's visits. It reads, it reminds, it takes in what a feed
//! delivers, and it judges nothing.

use super::{Permit, Transaction, Viewer};
use crate::{
    args,
    platform::{
        audit::{Actor, AuditedTransaction},
        db::{Row, Sql, Value},
        error::{Error, Result},
        ids::{AccountId, WorkspaceId},
        state::AppState,
        time::{Day, Timestamp, Zone},
    },
    sql,
};

#[derive(Clone)]
pub struct SystemActor {
    state: AppState,
    zone: Zone,
    row: WorkspaceRow,
}

#[derive(Clone, sqlx::FromRow)]
struct WorkspaceRow {
    id: WorkspaceId,
    slug: String,
    name: String,
    zone: String,
    signature_days: i64,
    grace_days: i64,
}

impl SystemActor {
    /// One for every workspace of this server.
    pub async fn everywhere(state: &AppState) -> Result<Vec<Self>> {
        let rows: Vec<WorkspaceRow> = state
            .db()
            .fetch_all(
                sql!(
                    "select id, slug, name, zone, signature_days, grace_days from
                 workspace_settings order by id"
                ),
                Vec::new(),
            )
            .await?;
        Ok(rows.into_iter().map(|row| Self::from_row(state, row)).collect())
    }

    pub async fn of(state: &AppState, workspace: WorkspaceId) -> Result<Self> {
        let row: Option<WorkspaceRow> = state
            .db()
            .fetch_optional(
                sql!(
                    "select id, slug, name, zone, signature_days, grace_days from
                 workspace_settings where id = $1"
                ),
                args![workspace],
            )
            .await?;
        row.map(|row| Self::from_row(state, row)).ok_or(Error::NotFound)
    }

    fn from_row(state: &AppState, row: WorkspaceRow) -> Self {
        Self {
            state: state.clone(),
            zone: Zone::get(&row.zone).unwrap_or(Zone::utc()),
            row,
        }
    }

    pub fn workspace(&self) -> &str {
        &self.row.name
    }

    /// The address of a page, for mail.
    pub fn link(&self, path: &str) -> String {
        format!("{}/w/{}/{path}", self.state.settings().origin(), self.row.slug)
    }

    /// The address of a page of one's account, for mail.
    pub fn account_link(&self, path: &str) -> String {
        format!("{}/account/{path}", self.state.settings().origin())
    }

    /// The mailbox that letters come from.
    pub fn mail_address(&self) -> String {
        self.state.settings().mail_from.email.to_string()
    }

    pub fn now(&self) -> Timestamp {
        self.state.now()
    }

    pub fn today(&self) -> Day {
        self.state.now().day_in(&self.zone)
    }

    /// The hour of the day in the workspace's zone.
    pub fn hour(&self) -> i8 {
        self.state.now().hour_in(&self.zone)
    }

    pub const fn zone(&self) -> &Zone {
        &self.zone
    }

    pub const fn signature_days(&self) -> i64 {
        self.row.signature_days
    }

    pub const fn grace_days(&self) -> i64 {
        self.row.grace_days
    }

    pub async fn fetch_all<T: Row>(&self, sql: Sql, args: Vec<Value>) -> Result<Vec<T>> {
        let mut scoped = args![self.row.id];
        scoped.extend(args);
        self.state.db().fetch_all(sql, scoped).await
    }

    /// Outside the audit chain: for what says nothing about the product, such as that a letter was not
    /// needed.
    pub async fn execute_unaudited(&self, sql: Sql, args: Vec<Value>) -> Result<u64> {
        let mut scoped = args![self.row.id];
        scoped.extend(args);
        self.state.db().execute(sql, scoped).await
    }

    /// The workspace as one account sees it; nobody, when it does not any more.
    pub async fn as_seen_by(&self, account: AccountId) -> Result<Option<Viewer>> {
        match Viewer::enter(&self.state, account, &self.row.slug, String::new()).await {
            Ok(viewer) => Ok(Some(viewer)),
            Err(Error::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// A member through whose eyes the shared pages are read, which are the same for everybody; nobody, where
    /// nobody is at work.
    pub async fn reader(&self) -> Result<Option<Viewer>> {
        let rows: Vec<(AccountId,)> = self
            .fetch_all(
                sql!(
                    "select account_id from people where workspace_id = $1 and disabled_at is null
                     order by case role when 'lead' then 0 when 'manager' then 1 else 2 end, id limit 1"
                ),
                Vec::new(),
            )
            .await?;
        match rows.first() {
            Some((account,)) => Viewer::enter(&self.state, *account, &self.row.slug, String::new())
                .await
                .map(Some),
            None => Ok(None),
        }
    }

    /// Opens a transaction in which the system acts, with the permit for it.
    pub async fn begin(&self) -> Result<(Transaction, Permit)> {
        self.begin_as("Handshake").await
    }

    pub async fn begin_as(&self, name: &str) -> Result<(Transaction, Permit)> {
        let tx = AuditedTransaction::open(&self.state, self.row.id.uuid(), Actor::system(name)).await?;
        let tx = Transaction::of_system(tx, self.zone.clone(), self.state.clone());
        let permit = Permit::of_system(tx.id);
        Ok((tx, permit))
    }
}
