//! Sessions, kept in the database under the hash of their id. They hold who signed in and nothing else, so a
//! role or a disabled member counts from the next request on. A session ends after a time without use, after
//! a time in any case, and at once when its row goes: `save` never brings a row back.

use async_trait::async_trait;
use time::OffsetDateTime;
use tower_sessions::{
    Session, SessionStore,
    session::{Id, Record},
    session_store::{Error as StoreError, Result as StoreResult},
};

use super::Transaction;
use crate::{
    args,
    platform::{
        audit::{AuditedTransaction, sha256},
        error::{Error, Result},
        ids::{AccountId, SessionRowId},
        state::AppState,
        time::Timestamp,
    },
    sql,
};

const ACCOUNT: &str = "account";

const AGENT: &str = "agent";

/// Last use is written at most this often.
const TOUCH_SECONDS: i64 = 60;

pub async fn account(session: &Session) -> Result<Option<AccountId>> {
    let id: Option<String> = session.get(ACCOUNT).await.map_err(broken)?;
    Ok(id.and_then(|id| id.parse().ok()))
}

/// Starts a session for an account, under a new id whatever the browser sent.
pub async fn begin(session: &Session, account: AccountId, agent: &str) -> Result<()> {
    session.clear().await;
    session.cycle_id().await.map_err(broken)?;
    session
        .insert(ACCOUNT, account.to_string())
        .await
        .map_err(broken)?;
    session
        .insert(AGENT, agent.chars().take(200).collect::<String>())
        .await
        .map_err(broken)?;
    session.save().await.map_err(broken)
}

pub async fn end(session: &Session) -> Result<()> {
    session.flush().await.map_err(broken)
}

/// The stored name of a session, for telling which of the listed ones is this one.
pub fn hash_of(session: &Session) -> Option<String> {
    session.id().map(|id| hash(&id))
}

fn hash(id: &Id) -> String {
    sha256(&id.to_string())
}

fn broken(error: impl std::fmt::Display) -> Error {
    tracing::error!(error = %error, "the session store failed");
    Error::Busy
}

#[derive(Clone)]
pub struct Store(AppState);

impl Store {
    pub const fn new(state: AppState) -> Self {
        Self(state)
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Store")
    }
}

#[derive(sqlx::FromRow)]
struct SessionRow {
    account_id: AccountId,
    agent: String,
    created_at: Timestamp,
    seen_at: Timestamp,
}

#[async_trait]
impl SessionStore for Store {
    async fn create(&self, record: &mut Record) -> StoreResult<()> {
        let text = |key: &str| {
            record
                .data
                .get(key)
                .and_then(|value| value.as_str())
                .unwrap_or_default()
                .to_owned()
        };
        let Ok(account) = text(ACCOUNT).parse::<AccountId>() else {
            return Err(StoreError::Encode(
                "a session without an account is not kept".to_owned(),
            ));
        };
        let (now, row): (Timestamp, SessionRowId) = (self.0.now(), self.0.fresh_id());
        self.0
            .db()
            .execute(
                sql!(
                    "insert into sessions (id_hash, id, account_id, agent, created_at, seen_at) values ($1,
                     $2, $3, $4, $5, $5)"
                ),
                args![hash(&record.id), row, account, text(AGENT), now],
            )
            .await
            .map_err(backend)?;
        Ok(())
    }

    async fn save(&self, record: &Record) -> StoreResult<()> {
        // A session whose row is gone was ended; it stays ended.
        self.0
            .db()
            .execute(
                sql!("update sessions set seen_at = $2 where id_hash = $1"),
                args![hash(&record.id), self.0.now()],
            )
            .await
            .map_err(backend)?;
        Ok(())
    }

    async fn load(&self, id: &Id) -> StoreResult<Option<Record>> {
        let row: Option<SessionRow> = self
            .0
            .db()
            .fetch_optional(
                sql!("select account_id, agent, created_at, seen_at from sessions where id_hash = $1"),
                args![hash(id)],
            )
            .await
            .map_err(backend)?;
        let (now, settings) = (self.0.now(), self.0.settings());
        let Some(row) = row else { return Ok(None) };
        let idle_until = row.seen_at.plus_seconds(settings.session_idle_hours * 3600);
        let ends_at = row.created_at.plus_days(settings.session_days);
        if now >= idle_until || now >= ends_at {
            // Its row goes later if it cannot go now.
            if let Err(error) = self.delete(id).await {
                tracing::warn!(error = %error, "a session that has ended could not be removed");
            }
            return Ok(None);
        }
        if now >= row.seen_at.plus_seconds(TOUCH_SECONDS) {
            // A page is read whether or not anything can be written.
            let touched = self
                .0
                .db()
                .execute(
                    sql!("update sessions set seen_at = $2 where id_hash = $1"),
                    args![hash(id), now],
                )
                .await;
            if let Err(error) = touched {
                tracing::warn!(error = %error, "a session's last use could not be noted");
            }
        }
        let data = [
            (ACCOUNT.to_owned(), row.account_id.to_string().into()),
            (AGENT.to_owned(), row.agent.into()),
        ]
        .into();
        Ok(Some(Record {
            id: *id,
            data,
            expiry_date: far_future(),
        }))
    }

    async fn delete(&self, id: &Id) -> StoreResult<()> {
        self.0
            .db()
            .execute(sql!("delete from sessions where id_hash = $1"), args![hash(id)])
            .await
            .map_err(backend)?;
        Ok(())
    }
}

/// The limits are ours, by the product's clock; the session layer's own is set out of the way.
const fn far_future() -> OffsetDateTime {
    time::Date::MAX.midnight().assume_utc()
}

fn backend(error: Error) -> StoreError {
    StoreError::Backend(error.to_string())
}

/// Removes what has ended; run now and then. Ends every session of somebody who is kept out from now on.
pub async fn end_all(tx: &mut Transaction, account: AccountId) -> Result<()> {
    end_all_of(tx.audited(), account).await
}

/// Ends every session of an account.
pub async fn end_all_of(tx: &mut AuditedTransaction, account: AccountId) -> Result<()> {
    tx.execute_unscoped(sql!("delete from sessions where account_id = $1"), args![account])
        .await?;
    Ok(())
}

/// Ends every session there is.
pub async fn end_everybodys(state: &AppState) -> Result<u64> {
    state.db().execute(sql!("delete from sessions"), Vec::new()).await
}

/// Ends every session of an account but this one.
pub async fn end_others(tx: &mut AuditedTransaction, account: AccountId, this: &Session) -> Result<()> {
    let this = hash_of(this).unwrap_or_default();
    tx.execute_unscoped(
        sql!("delete from sessions where account_id = $1 and id_hash <> $2"),
        args![account, this],
    )
    .await?;
    Ok(())
}

/// Ends one session of an account; not found when it is not theirs.
pub async fn end_one(tx: &mut AuditedTransaction, account: AccountId, id: SessionRowId) -> Result<()> {
    match tx
        .execute_unscoped(
            sql!("delete from sessions where account_id = $1 and id = $2"),
            args![account, id],
        )
        .await?
    {
        0 => Err(Error::NotFound),
        _ => Ok(()),
    }
}

pub async fn purge(state: &AppState) -> Result<u64> {
    let (now, settings) = (state.now(), state.settings());
    state
        .db()
        .execute(
            sql!("delete from sessions where seen_at <= $1 or created_at <= $2"),
            args![
                now.plus_seconds(-settings.session_idle_hours * 3600),
                now.plus_days(-settings.session_days)
            ],
        )
        .await
}

/// One of a person's sessions, as their account page lists it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SessionListItem {
    pub id: SessionRowId,
    pub id_hash: String,
    pub agent: String,
    pub created_at: Timestamp,
    pub seen_at: Timestamp,
}

pub async fn of_account(state: &AppState, account: AccountId) -> Result<Vec<SessionListItem>> {
    state
        .db()
        .fetch_all(
            sql!(
                "select id, id_hash, agent, created_at, seen_at from sessions where account_id = $1
             order by seen_at desc limit 100"
            ),
            args![account],
        )
        .await
}
