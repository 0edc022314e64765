//! The record of everything that changed: who, what, when, in the same transaction as the change itself,
//! appended without gaps and chained by hashes, one chain per workspace and one for accounts.
//!
//! An [`AuditedTransaction`] is the only way to write what a workspace owns: it opens the transaction, takes the chain's lock, which
//! also makes writers of one workspace take turns, and commits together with at least one [`Event`].

use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    db::{Db, RawTransaction, Row, Sql, Value},
    error::{Error, Result},
    ids::AccountId,
    state::AppState,
    time::Timestamp,
};
use crate::{args, sql};

/// The chain of what concerns accounts rather than a workspace.
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
            .map(|(name, before, after)| format!("{name}: “{before}” became “{after}”"))
            .collect();
        self.detail(detail.join(" · "))
    }
}

/// An open, locked transaction on one chain. `$1` of every statement is the chain's id, which for a room is
/// its workspace: a statement that forgets to ask for it does not run.
pub struct AuditedTransaction {
    tx: RawTransaction,
    chain: Uuid,
    seq: i64,
    head: String,
    actor: Actor,
    now: Timestamp,
}

#[derive(sqlx::FromRow)]
struct Head {
    seq: i64,
    head: String,
}

impl AuditedTransaction {
    pub async fn open(state: &AppState, chain: Uuid, actor: Actor) -> Result<Self> {
        let mut tx = state.db().begin().await?;
        let head = tx
            .fetch_all::<Head>(
                sql!("update chains set seq = seq where id = $1 returning seq, head"),
                args![chain],
            )
            .await?;
        let Head { seq, head } = head.into_iter().next().ok_or(Error::NotFound)?;
        Ok(Self {
            tx,
            chain,
            seq,
            head,
            actor,
            now: state.now(),
        })
    }

    /// Starts the chain of a new workspace, or of accounts, in the transaction that founds it.
    pub async fn create_chain(state: &AppState, chain: Uuid, actor: Actor) -> Result<Self> {
        let mut tx = state.db().begin().await?;
        tx.execute(
            sql!("insert into chains (id, seq, head) values ($1, 0, $2) on conflict (id) do nothing"),
            args![chain, GENESIS],
        )
        .await?;
        let head = tx
            .fetch_all::<Head>(
                sql!("update chains set seq = seq where id = $1 returning seq, head"),
                args![chain],
            )
            .await?;
        let Head { seq, head } = head.into_iter().next().ok_or(Error::Internal)?;
        Ok(Self {
            tx,
            chain,
            seq,
            head,
            actor,
            now: state.now(),
        })
    }

    pub const fn now(&self) -> Timestamp {
        self.now
    }

    pub const fn actor(&self) -> &Actor {
        &self.actor
    }

    fn scope_args(&self, args: Vec<Value>) -> Vec<Value> {
        let mut scoped = Vec::with_capacity(args.len() + 1);
        scoped.push(Value::Id(Some(self.chain)));
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
        self.tx.execute(sql, args).await
    }

    /// A statement about what no workspace owns: accounts, sessions, tokens, the outbox.
    pub async fn execute_unscoped(&mut self, sql: Sql, args: Vec<Value>) -> Result<u64> {
        self.tx.execute(sql, args).await
    }

    /// See [`Self::execute_unscoped`].
    pub async fn fetch_optional_unscoped<T: Row>(&mut self, sql: Sql, args: Vec<Value>) -> Result<Option<T>> {
        Ok(self.tx.fetch_all(sql, args).await?.into_iter().next())
    }

    /// Records one more thing that this transaction does.
    pub async fn record(&mut self, event: Event) -> Result<()> {
        let link = Link {
            chain_id: self.chain,
            seq: self.seq + 1,
            at: self.now,
            actor_id: self.actor.account.map(AccountId::uuid),
            actor: self.actor.name.clone(),
            verb: event.verb.to_owned(),
            kind: event.kind.to_owned(),
            thing_id: event.thing,
            path: event.path,
            label: event.label,
            detail: event.detail,
            request_id: self.actor.request_id.clone(),
            previous: std::mem::take(&mut self.head),
        };
        let hash = link.hash();
        self.seq = link.seq;
        self.head.clone_from(&hash);
        self.tx
            .execute(
                sql!(
                    "insert into audit_events (chain_id, seq, at, actor_id, actor, verb, kind, thing_id, path,
                     label, detail, request_id, previous, hash)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
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
                    link.previous,
                    hash
                ],
            )
            .await?;
        Ok(())
    }

    /// The only way to keep what was written.
    pub async fn commit(mut self, event: Event) -> Result<()> {
        self.record(event).await?;
        self.tx
            .execute(
                sql!("update chains set seq = $2, head = $3 where id = $1"),
                args![self.chain, self.seq, self.head],
            )
            .await?;
        self.tx.commit().await
    }
}

/// One row of the chain, all that its hash covers.
#[derive(sqlx::FromRow)]
struct Link {
    chain_id: Uuid,
    seq: i64,
    at: Timestamp,
    actor_id: Option<Uuid>,
    actor: String,
    verb: String,
    kind: String,
    thing_id: Option<Uuid>,
    path: String,
    label: String,
    detail: String,
    request_id: String,
    previous: String,
}

#[derive(sqlx::FromRow)]
struct LinkRow {
    #[sqlx(flatten)]
    link: Link,
    hash: String,
}

impl Link {
    /// SHA-256 over the row as a JSON array, in hexadecimal.
    fn hash(&self) -> String {
        let canonical = serde_json::json!([
            self.chain_id.to_string(),
            self.seq,
            self.at.millis(),
            self.actor_id.map(|id| id.to_string()),
            self.actor,
            self.verb,
            self.kind,
            self.thing_id.map(|id| id.to_string()),
            self.path,
            self.label,
            self.detail,
            self.request_id,
            self.previous,
        ]);
        hex::encode(Sha256::digest(canonical.to_string().as_bytes()))
    }
}

/// SHA-256 of a text, in hexadecimal.
pub fn sha256(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

/// What [`verify`] found: how many rows were read, and the first thing that is wrong in each chain.
#[derive(Debug, Default)]
pub struct Findings {
    pub rows: u64,
    pub wrong: Vec<String>,
}

/// Recomputes every chain from its first row.
pub async fn verify(db: &Db) -> Result<Findings> {
    #[derive(sqlx::FromRow)]
    struct Chain {
        id: Uuid,
        seq: i64,
        head: String,
    }
    const PAGE: i64 = 1000;

    let mut findings = Findings::default();
    let chains = db
        .fetch_all::<Chain>(sql!("select id, seq, head from chains order by id"), Vec::new())
        .await?;
    for chain in chains {
        let (mut seq, mut head) = (0_i64, GENESIS.to_owned());
        let broken = 'chain: loop {
            let page = db
                .fetch_all::<LinkRow>(
                    sql!(
                        "select chain_id, seq, at, actor_id, actor, verb, kind, thing_id, path, label, detail,
                         request_id, previous, hash
                     from audit_events where chain_id = $1 and seq > $2 order by seq limit $3"
                    ),
                    args![chain.id, seq, PAGE],
                )
                .await?;
            if page.is_empty() {
                break None;
            }
            for LinkRow { link, hash } in page {
                findings.rows += 1;
                if link.seq != seq + 1 {
                    break 'chain Some(format!("row {} is missing", seq + 1));
                }
                if link.previous != head {
                    break 'chain Some(format!("row {} does not follow the row before it", link.seq));
                }
                if link.hash() != hash {
                    break 'chain Some(format!("row {} was changed", link.seq));
                }
                (seq, head) = (link.seq, hash);
            }
        };
        let broken = broken.or_else(|| {
            (seq != chain.seq || head != chain.head)
                .then(|| format!("it ends at row {seq}, not at row {} as its head says", chain.seq))
        });
        if let Some(what) = broken {
            findings.wrong.push(format!("audit chain {}: {what}", chain.id));
        }
    }
    Ok(findings)
}
