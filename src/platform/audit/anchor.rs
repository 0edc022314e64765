//! An anchor: where every chain ended at one moment, kept outside of the database. A chain of which the end
//! was cut off, or that was put back to an older state, does not reach its anchor any more.

use std::{collections::BTreeMap, path::Path};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Keyring;
use crate::{
    platform::{
        db::Snapshot,
        error::{Error, Result},
        time::Timestamp,
    },
    sql,
};

/// The last link of a chain: its number and its hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainEnd {
    pub seq: i64,
    pub head: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anchor {
    /// When it was taken, in UTC.
    pub taken_at: String,
    /// By the id of the chain, which is that of its workspace.
    pub chains: BTreeMap<String, ChainEnd>,
    pub key_id: String,
    /// HMAC-SHA256 over all of the above by that key.
    pub mac: String,
}

/// Where every chain ends now.
pub async fn take_anchor(snapshot: &Snapshot, keys: &Keyring, now: Timestamp) -> Result<Anchor> {
    let ends: Vec<(Uuid, i64, String)> = snapshot
        .fetch_all(sql!("select id, seq, head from chains order by id"), Vec::new())
        .await?;
    let mut anchor = Anchor {
        taken_at: now.rfc3339(),
        chains: ends
            .into_iter()
            .map(|(id, seq, head)| (id.to_string(), ChainEnd { seq, head }))
            .collect(),
        key_id: keys.current().to_owned(),
        mac: String::new(),
    };
    anchor.mac = anchor.expected_mac(keys)?.ok_or(Error::Internal)?;
    Ok(anchor)
}

impl Anchor {
    fn expected_mac(&self, keys: &Keyring) -> Result<Option<String>> {
        let text =
            serde_json::to_string(&("anchor", &self.taken_at, &self.chains)).map_err(|_| Error::Internal)?;
        Ok(keys.mac(&self.key_id, &text))
    }

    /// Whether it was made with one of these keys and not changed since.
    pub fn is_genuine(&self, keys: &Keyring) -> bool {
        self.expected_mac(keys)
            .is_ok_and(|mac| mac.as_deref() == Some(&self.mac))
    }

    pub fn write(&self, file: &Path) -> std::io::Result<()> {
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        crate::platform::db::create_private_file(file)?;
        std::fs::write(file, text)
    }

    pub fn read(file: &Path) -> std::io::Result<Self> {
        Ok(serde_json::from_str(&std::fs::read_to_string(file)?)?)
    }
}
