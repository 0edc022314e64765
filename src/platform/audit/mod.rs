//! The record of everything that changed: who, what, when, in the same transaction as the change itself,
//! appended without gaps and chained by hashes, one chain per workspace and one for accounts.
//!
//! An [`AuditedTransaction`] is the only way to write what a workspace owns: it opens the transaction, takes
//! the chain's lock, which also makes writers of one workspace take turns, and commits together with at least
//! one [`Event`]. The last event names every row that the transaction wrote, with a digest of each, and its
//! hash is keyed: see [`Keyring`]. So [`verify()`] names each row that was changed, added or removed by any
//! other way.

mod anchor;
mod keys;
mod link;
mod verify;

pub use self::{
    anchor::{Anchor, take_anchor},
    keys::{KeyError, Keyring},
    verify::{Findings, is_begun, missing_key, record_migration, record_rotation, verify},
};

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use self::link::{Link, write_rows};

use super::{
    db::{RawTransaction, RecordedRow, Row, Sql, Value},
    error::{Error, Result},
    ids::AccountId,
    state::AppState,
    time::Timestamp,
};
use crate::{args, sql};

/// The chain of what concerns accounts rather than a workspace. Rows that no workspace owns are recorded
/// here.
pub const ACCOUNTS_CHAIN: Uuid = Uuid::nil();

/// Where a chain begins.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Who acts.
#[derive(Clone, Debug)]
pub struct Actor {
    pub account: Option<AccountId>,
    pub name: String,
    pub request_id: String,
}

impl Actor {
    /// A job or a command of the operator.
    pub fn system(name: &str) -> Self {
        Self {
            account: None,
            name: name.to_owned(),
            request_id: String::new(),
        }
    }
}

/// "Dana Reyes *signed* decision 14 *for Marketing*": verb, label, detail.
#[derive(Clone, Debug)]
pub struct Event {
    pub verb: &'static str,
    /// The room's noun, by which the history is filtered.
    pub kind: &'static str,
    pub thing: Option<Uuid>,
    /// The thing's page, relative to the workspace; empty when it has none.
    pub path: String,
    pub label: String,
    pub detail: String,
}

impl Event {
    pub fn new(
        verb: &'static str,
        kind: &'static str,
        thing: impl Into<Option<Uuid>>,
        label: impl Into<String>,
    ) -> Self {
        Self {
            verb,
            kind,
            thing: thing.into(),
            path: String::new(),
            label: label.into(),
            detail: String::new(),
        }
    }

    #[must_use]
    pub fn at(mut self, path: impl Into<String>) -> Self {
        self.path = path.into();
        self
    }

    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    /// What was overwritten and with what, field by field: `(name, before, after)`.
    #[must_use]
    pub fn with_changes(self, fields: &[(&str, &str, &str)]) -> Self {
        let detail: Vec<String> = fields
            .iter()
            .filter(|(_, before, after)| before != after)
            .map(|(name, before, after)| {
                if before.split_whitespace().eq(after.split_whitespace()) {
                    format!("{name}: spaces or paragraphs changed in “{after}”")
                } else {
                    format!("{name}: “{before}” became “{after}”")
                }
            })
            .collect();
        self.detail(detail.join(" · "))
    }
}

/// An open, locked transaction on one chain. `$1` of every statement is the chain's id, which for a room is
/// its workspace: a statement that forgets to ask for it does not run.
pub struct AuditedTransaction {
    tx: RawTransaction,
    end: ChainTail,
    keys: Keyring,
    /// What was written and is not recorded yet.
    rows: Vec<RecordedRow>,
    actor: Actor,
    now: Timestamp,
}

/// The chain on which accounts are recorded is there from the first start on.
pub async fn create_accounts_chain(state: &AppState) -> Result<()> {
    state
        .db()
        .execute(
            sql!("insert into chains (id, seq, head) values ($1, 0, $2) on conflict (id) do nothing"),
            args![ACCOUNTS_CHAIN, GENESIS],
        )
        .await?;
    Ok(())
}

/// Where a chain ends.
#[derive(sqlx::FromRow)]
struct ChainTail {
    id: Uuid,
    seq: i64,
    head: String,
}

/// Takes a chain's lock, which lasts until the transaction ends.
async fn lock_chain(tx: &mut RawTransaction, chain: Uuid) -> Result<ChainTail> {
    let head = tx
        .fetch_all::<ChainTail>(
            sql!("update chains set seq = seq where id = $1 returning id, seq, head"),
            args![chain],
        )
        .await?;
    head.into_iter().next().ok_or(Error::NotFound)
}

impl AuditedTransaction {
    /// The workspace that this is about; none where it is about accounts.
    pub(in crate::platform) fn workspace(&self) -> Option<Uuid> {
        (self.end.id != ACCOUNTS_CHAIN).then_some(self.end.id)
    }

    pub async fn open(state: &AppState, chain: Uuid, actor: Actor) -> Result<Self> {
        let asked = tokio::time::Instant::now();
        let mut tx = state.db().begin().await?;
        let end = lock_chain(&mut tx, chain).await?;
        state.metrics().waited_to_write(asked.elapsed());
        Ok(Self::new(state, tx, end, actor))
    }

    /// Starts the chain of a new workspace, or of accounts, in the transaction that founds it.
    pub async fn create_chain(state: &AppState, chain: Uuid, actor: Actor) -> Result<Self> {
        let mut tx = state.db().begin().await?;
        tx.execute(
            sql!("insert into chains (id, seq, head) values ($1, 0, $2) on conflict (id) do nothing"),
            args![chain, GENESIS],
        )
        .await?;
        let end = lock_chain(&mut tx, chain).await?;
        Ok(Self::new(state, tx, end, actor))
    }

    fn new(state: &AppState, tx: RawTransaction, end: ChainTail, actor: Actor) -> Self {
        Self {
            tx,
            end,
            keys: state.audit_keys().clone(),
            rows: Vec::new(),
            actor,
            now: state.now(),
        }
    }

    pub const fn now(&self) -> Timestamp {
        self.now
    }

    pub const fn actor(&self) -> &Actor {
        &self.actor
    }

    fn scope_args(&self, args: Vec<Value>) -> Vec<Value> {
        let mut scoped = Vec::with_capacity(args.len() + 1);
        scoped.push(Value::Id(Some(self.end.id)));
        scoped.extend(args);
        scoped
    }

    pub async fn fetch_all<T: Row>(&mut self, sql: Sql, args: Vec<Value>) -> Result<Vec<T>> {
        let args = self.scope_args(args);
        self.tx.fetch_all(sql, args).await
    }

    pub async fn fetch_optional<T: Row>(&mut self, sql: Sql, args: Vec<Value>) -> Result<Option<T>> {
        Ok(self.fetch_all(sql, args).await?.into_iter().next())
    }

    /// Not there, or not in this workspace: not found.
    pub async fn fetch_one<T: Row>(&mut self, sql: Sql, args: Vec<Value>) -> Result<T> {
        self.fetch_optional(sql, args).await?.ok_or(Error::NotFound)
    }

    pub async fn execute(&mut self, sql: Sql, args: Vec<Value>) -> Result<u64> {
        let args = self.scope_args(args);
        self.execute_unscoped(sql, args).await
    }

    /// A statement about what no workspace owns: accounts, sessions, tokens, the outbox.
    pub async fn execute_unscoped(&mut self, sql: Sql, args: Vec<Value>) -> Result<u64> {
        let written = self.tx.execute(sql, args).await?;
        self.rows.extend(written.rows);
        Ok(written.count)
    }

    /// See [`Self::execute_unscoped`].
    pub async fn fetch_all_unscoped<T: Row>(&mut self, sql: Sql, args: Vec<Value>) -> Result<Vec<T>> {
        self.tx.fetch_all(sql, args).await
    }

    /// See [`Self::execute_unscoped`].
    pub async fn fetch_optional_unscoped<T: Row>(&mut self, sql: Sql, args: Vec<Value>) -> Result<Option<T>> {
        Ok(self.fetch_all_unscoped(sql, args).await?.into_iter().next())
    }

    /// Records one more thing that this transaction does.
    pub async fn record(&mut self, event: Event) -> Result<()> {
        append(
            &mut self.tx,
            &mut self.end,
            (&self.keys, &self.actor, self.now),
            event,
            &[],
        )
        .await
    }

    /// The only way to keep what was written.
    pub async fn commit(mut self, event: Event) -> Result<()> {
        let (shared, own): (Vec<_>, Vec<_>) = std::mem::take(&mut self.rows)
            .into_iter()
            .partition(|row| row.workspace.is_none());
        // Whoever watches the log for what accounts and members do reads these.
        let told = (self.end.id == ACCOUNTS_CHAIN || !shared.is_empty() || event.kind == "member")
            .then(|| (event.verb, event.label.clone(), self.actor.name.clone()));
        let how = (&self.keys, &self.actor, self.now);
        if self.end.id == ACCOUNTS_CHAIN || shared.is_empty() {
            let rows = [own, shared].concat();
            append(&mut self.tx, &mut self.end, how, event, &rows).await?;
        } else {
            append(&mut self.tx, &mut self.end, how, event.clone(), &own).await?;
            // Chains are locked in this order alone: a workspace's, then that of accounts.
            let mut accounts = lock_chain(&mut self.tx, ACCOUNTS_CHAIN).await?;
            append(&mut self.tx, &mut accounts, how, event, &shared).await?;
            move_head(&mut self.tx, &accounts).await?;
        }
        move_head(&mut self.tx, &self.end).await?;
        self.tx.commit().await?;
        if let Some((verb, label, actor)) = told {
            tracing::info!(target: "security", actor, label, "{verb}");
        }
        Ok(())
    }
}

impl AuditedTransaction {
    /// Records rows that a migration wrote.
    async fn record_as_they_are(mut self, rows: Vec<RecordedRow>, event: Event) -> Result<()> {
        self.rows = rows;
        self.commit(event).await
    }
}

/// Appends an event, and the rows it wrote, to the chain that ends here.
async fn append(
    tx: &mut RawTransaction,
    end: &mut ChainTail,
    (keys, actor, now): (&Keyring, &Actor, Timestamp),
    event: Event,
    rows: &[RecordedRow],
) -> Result<()> {
    let link = Link {
        chain_id: end.id,
        seq: end.seq + 1,
        at: now,
        actor_id: actor.account.map(AccountId::uuid),
        actor: actor.name.clone(),
        verb: event.verb.to_owned(),
        kind: event.kind.to_owned(),
        thing_id: event.thing,
        path: event.path,
        label: event.label,
        detail: event.detail,
        request_id: actor.request_id.clone(),
        rows: write_rows(rows)?,
        previous: std::mem::take(&mut end.head),
        key_id: keys.current().to_owned(),
    };
    let hash = link.hash(keys).ok_or(Error::Internal)?;
    (end.seq, end.head) = (link.seq, hash);
    tx.execute(
        sql!(
            "insert into audit_events (chain_id, seq, at, actor_id, actor, verb, kind, thing_id, path, label,
             detail, request_id, rows, previous, key_id, hash)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
        ),
        args![
            link.chain_id,
            link.seq,
            link.at,
            link.actor_id,
            link.actor,
            link.verb,
            link.kind,
            link.thing_id,
            link.path,
            link.label,
            link.detail,
            link.request_id,
            link.rows,
            link.previous,
            link.key_id,
            end.head.as_str()
        ],
    )
    .await?;
    Ok(())
}

async fn move_head(tx: &mut RawTransaction, end: &ChainTail) -> Result<()> {
    tx.execute(
        sql!("update chains set seq = $2, head = $3 where id = $1"),
        args![end.id, end.seq, end.head.as_str()],
    )
    .await?;
    Ok(())
}

/// SHA-256 of a text, in hexadecimal.
pub fn sha256(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}
