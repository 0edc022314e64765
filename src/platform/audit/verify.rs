//! Whether the chains are whole, and whether every recorded row is the one that its last link recorded.

use std::collections::{BTreeMap, HashMap, hash_map::Entry};

use uuid::Uuid;

use super::{
    ACCOUNTS_CHAIN, Actor, Anchor, AuditedTransaction, Event, GENESIS, Keyring,
    link::{LinkRow, read_rows},
};
use crate::{
    args,
    platform::{
        db::{Db, RecordedRow, Snapshot},
        error::Result,
        state::AppState,
    },
    sql,
};

/// What was looked at, and what is wrong with it.
#[derive(Debug, Default)]
pub struct Findings {
    pub chains: u64,
    pub links: u64,
    pub tables: u64,
    pub rows: u64,
    pub wrong: Vec<String>,
}

/// The last link that wrote a row.
struct LastLink {
    chain: Uuid,
    seq: i64,
    digest: String,
}

type Written = HashMap<(String, String), LastLink>;

#[derive(sqlx::FromRow)]
struct ChainRow {
    id: Uuid,
    seq: i64,
    head: String,
}

async fn chains(snapshot: &Snapshot) -> Result<Vec<ChainRow>> {
    snapshot
        .fetch_all(sql!("select id, seq, head from chains order by id"), Vec::new())
        .await
}

/// Recomputes every chain from its first link, and holds every recorded row to the last link that wrote it.
/// With an anchor, every chain has to reach what it says.
pub async fn verify(snapshot: &Snapshot, keys: &Keyring, anchor: Option<&Anchor>) -> Result<Findings> {
    let mut findings = Findings::default();
    let mut written = Written::new();
    let chains = chains(snapshot).await?;
    if let Some(anchor) = anchor {
        if !anchor.is_genuine(keys) {
            findings.wrong.push(
                "anchor: it was not made with the keys of this audit chain, or it was changed".to_owned(),
            );
        }
        for id in anchor.chains.keys() {
            if !chains.iter().any(|chain| chain.id.to_string() == *id) {
                findings.wrong.push(format!(
                    "audit chain {id}: the anchor has it, the database does not"
                ));
            }
        }
    }
    for chain in &chains {
        findings.chains += 1;
        let mut walk = Walk::new(chain, keys, anchor);
        walk.whole_chain(snapshot, &mut written).await?;
        findings.links += walk.links;
        findings.wrong.extend(
            walk.wrong
                .into_iter()
                .map(|what| format!("audit chain {}: {what}", chain.id)),
        );
    }
    hold_rows(snapshot, written, &mut findings).await?;
    Ok(findings)
}

/// One chain, read from its first link to its last.
struct Walk<'a> {
    chain: &'a ChainRow,
    keys: &'a Keyring,
    anchor: Option<(i64, &'a str)>,
    seq: i64,
    head: String,
    /// Keys only get newer; see [`Keyring::age`].
    key_age: usize,
    unknown_key: Option<String>,
    links: u64,
    wrong: Vec<String>,
}

impl<'a> Walk<'a> {
    fn new(chain: &'a ChainRow, keys: &'a Keyring, anchor: Option<&'a Anchor>) -> Self {
        Self {
            chain,
            keys,
            anchor: anchor
                .and_then(|anchor| anchor.chains.get(&chain.id.to_string()))
                .map(|end| (end.seq, end.head.as_str())),
            seq: 0,
            head: GENESIS.to_owned(),
            key_age: usize::MAX,
            unknown_key: None,
            links: 0,
            wrong: Vec::new(),
        }
    }

    async fn whole_chain(&mut self, snapshot: &Snapshot, written: &mut Written) -> Result<()> {
        const PAGE: i64 = 1000;
        // Nothing stands before the first link; what somebody put there is read, too.
        let mut after = i64::MIN;
        loop {
            let page: Result<Vec<LinkRow>> = snapshot
                .fetch_all(
                    sql!(
                        "select chain_id, seq, at, actor_id, actor, verb, kind, thing_id, path, label, detail,
                         request_id, rows, previous, key_id, hash
                         from audit_events where chain_id = $1 and seq > $2 order by seq limit $3"
                    ),
                    args![self.chain.id, after, PAGE],
                )
                .await;
            let Ok(page) = page else {
                self.note(format!("a row after row {} cannot be read", self.seq));
                break;
            };
            let Some(last) = page.last() else { break };
            after = last.link.seq;
            for row in page {
                self.step(row, written);
            }
        }
        if self.unknown_key.is_none() && self.seq > 0 && self.key_age > 0 {
            self.note("its end was made with a key that had been replaced".to_owned());
        }
        if self.seq != self.chain.seq || self.head != self.chain.head {
            self.note(format!(
                "it ends at row {}, not at row {} as its head says",
                self.seq, self.chain.seq
            ));
        }
        if let Some((seq, _)) = self.anchor.filter(|(seq, _)| *seq > self.seq) {
            self.note(format!(
                "it ends at row {}, before row {seq} of the anchor",
                self.seq
            ));
        }
        Ok(())
    }

    fn note(&mut self, what: String) {
        self.wrong.push(what);
    }

    fn step(&mut self, LinkRow { link, hash }: LinkRow, written: &mut Written) {
        self.links += 1;
        if link.seq < 1 {
            self.note(format!("row {} stands before the first", link.seq));
            return;
        }
        match link.seq - self.seq {
            1 => {
                if link.previous != self.head {
                    self.note(format!("row {} does not follow the row before it", link.seq));
                }
            }
            2 => self.note(format!("row {} is missing", link.seq - 1)),
            _ => self.note(format!("rows {} to {} are missing", self.seq + 1, link.seq - 1)),
        }
        match self.keys.age(&link.key_id) {
            // A run of them is told once.
            None if self.unknown_key.as_ref() == Some(&link.key_id) => {}
            None => {
                self.note(format!(
                    "row {} and those after it cannot be checked: their key “{}” is not in the key file",
                    link.seq, link.key_id
                ));
                self.unknown_key = Some(link.key_id.clone());
            }
            Some(age) if age > self.key_age => {
                self.note(format!(
                    "row {} was made with a key that had been replaced",
                    link.seq
                ));
            }
            Some(age) => {
                self.key_age = age;
                if link.hash(self.keys).as_ref() != Some(&hash) {
                    self.note(format!("row {} was changed", link.seq));
                }
            }
        }
        if self
            .anchor
            .is_some_and(|(seq, head)| seq == link.seq && head != hash)
        {
            self.note(format!("row {} is not the one that the anchor names", link.seq));
        }
        match read_rows(&link.rows) {
            None => self.note(format!("row {} does not say which rows it wrote", link.seq)),
            Some(rows) => {
                for [table, key, digest] in rows {
                    let last = LastLink {
                        chain: link.chain_id,
                        seq: link.seq,
                        digest,
                    };
                    match written.entry((table, key)) {
                        Entry::Occupied(mut known) if known.get().chain == last.chain => {
                            known.insert(last);
                        }
                        Entry::Occupied(known) => {
                            let (table, key) = known.key();
                            let what = format!(
                                "row {} writes {table} {key}, of which another chain keeps the record",
                                link.seq
                            );
                            self.note(what);
                        }
                        Entry::Vacant(free) => {
                            free.insert(last);
                        }
                    }
                }
            }
        }
        (self.seq, self.head) = (link.seq, hash);
    }
}

/// How a row differs from what its last link recorded.
enum Difference {
    Added,
    Changed(LastLink),
    Removed(LastLink),
    /// Its columns say that another workspace owns it than the one whose chain recorded it.
    Moved(LastLink),
}

/// Every row that is not the one of its last link.
struct Differing {
    rows: Vec<(RecordedRow, Difference)>,
    /// Tables with a row that cannot be read.
    unreadable: Vec<String>,
    /// How many rows and tables were read.
    read: [u64; 2],
}

async fn differing_rows(snapshot: &Snapshot, mut written: Written) -> Result<Differing> {
    let (mut differing, mut rows, mut tables) = (Vec::new(), 0, 0);
    let mut unreadable = Vec::new();
    for table in snapshot.recorded_tables().all() {
        tables += 1;
        let read = snapshot
            .each_row(table, |row: RecordedRow| {
                rows += 1;
                let owner = row.workspace.unwrap_or(ACCOUNTS_CHAIN);
                let difference = match written.remove(&(row.table.clone(), row.key.clone())) {
                    None => Difference::Added,
                    Some(last) if last.digest != row.digest => Difference::Changed(last),
                    Some(last) if last.chain != owner => Difference::Moved(last),
                    Some(_) => return,
                };
                differing.push((row, difference));
            })
            .await;
        // The other tables are read all the same.
        if read.is_err() {
            unreadable.push(table.name.clone());
        }
    }
    let mut gone: Vec<_> = written
        .into_iter()
        .filter(|(_, last)| !last.digest.is_empty())
        .collect();
    gone.sort_by(|a, b| a.0.cmp(&b.0));
    differing.extend(gone.into_iter().map(|((table, key), last)| {
        let row = RecordedRow {
            table,
            key,
            digest: String::new(),
            workspace: Some(last.chain).filter(|chain| *chain != ACCOUNTS_CHAIN),
        };
        (row, Difference::Removed(last))
    }));
    Ok(Differing {
        rows: differing,
        unreadable,
        read: [rows, tables],
    })
}

async fn hold_rows(snapshot: &Snapshot, written: Written, findings: &mut Findings) -> Result<()> {
    let found = differing_rows(snapshot, written).await?;
    [findings.rows, findings.tables] = found.read;
    for table in &found.unreadable {
        findings.wrong.push(format!("{table}: a row cannot be read"));
    }
    for (row, difference) in found.rows {
        let (table, key) = (row.table, row.key);
        let (how, last) = match difference {
            Difference::Added => {
                findings.wrong.push(format!(
                    "{table} {key}: it was added by something other than Handshake"
                ));
                continue;
            }
            Difference::Changed(last) => ("it was changed", last),
            Difference::Removed(last) => ("it was removed", last),
            Difference::Moved(last) => ("it was given to another workspace", last),
        };
        let event: Option<(String, String, String)> = snapshot
            .fetch_optional(
                sql!("select actor, verb, label from audit_events where chain_id = $1 and seq = $2"),
                args![last.chain, last.seq],
            )
            .await?;
        let (actor, verb, label) = event.unwrap_or_default();
        findings.wrong.push(format!(
            "{table} {key}: {how} after “{actor} {verb} {label}” (row {} of audit chain {})",
            last.seq, last.chain
        ));
    }
    Ok(())
}

/// Whether anything was ever recorded here.
pub async fn is_begun(db: &Db) -> Result<bool> {
    let begun: Vec<(i64,)> = db
        .fetch_all(sql!("select seq from chains where seq > 0 limit 1"), Vec::new())
        .await?;
    Ok(!begun.is_empty())
}

/// The key of some chain's last link, when it is not among these.
pub async fn missing_key(db: &Db, keys: &Keyring) -> Result<Option<String>> {
    let ends: Vec<(String,)> = db
        .fetch_all(
            sql!(
                "select e.key_id from chains c join audit_events e on e.chain_id = c.id and e.seq = c.seq
                 order by c.id"
            ),
            Vec::new(),
        )
        .await?;
    Ok(ends.into_iter().map(|(id,)| id).find(|id| keys.age(id).is_none()))
}

/// Lets the newest key make the next link of every chain; how many chains there are.
pub async fn record_rotation(state: &AppState) -> Result<usize> {
    let chains = chains(&state.db().snapshot().await?).await?;
    for chain in &chains {
        AuditedTransaction::open(state, chain.id, Actor::system("The operator"))
            .await?
            .commit(Event::new("made", "key", None, "a new key for the audit chain"))
            .await?;
    }
    Ok(chains.len())
}

/// Records anew, in each chain, the rows that a migration changed; how many there were.
pub async fn record_migration(state: &AppState) -> Result<u64> {
    let snapshot = state.db().snapshot().await?;
    let mut written = Written::new();
    let chains = chains(&snapshot).await?;
    for chain in &chains {
        Walk::new(chain, state.audit_keys(), None)
            .whole_chain(&snapshot, &mut written)
            .await?;
    }
    let differing = differing_rows(&snapshot, written).await?.rows;
    drop(snapshot);
    let mut by_chain: BTreeMap<Uuid, Vec<RecordedRow>> = BTreeMap::new();
    for (row, _) in differing {
        by_chain
            .entry(row.workspace.unwrap_or(ACCOUNTS_CHAIN))
            .or_default()
            .push(row);
    }
    let mut rows = 0;
    for (chain, changed) in by_chain {
        rows += changed.len() as u64;
        let event = Event::new("migrated", "schema", None, format!("{} rows", changed.len()));
        AuditedTransaction::open(state, chain, Actor::system("Handshake"))
            .await?
            .record_as_they_are(changed, event)
            .await?;
    }
    Ok(rows)
}
