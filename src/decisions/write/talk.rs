//! Talking about a decision.

use super::{Current, current};
use crate::{
    comments::{Topic, page::TalkedAbout},
    identity::Transaction,
    platform::{audit::Event, error::Result, ids::CommentId},
};

pub struct DecisionTalk(Current);

impl TalkedAbout for DecisionTalk {
    const TOPIC: Topic = Topic::Decision;
    type Key = i64;
    type Address = (String, i64);
    type CommentAddress = (String, i64, CommentId);

    fn key(address: Self::Address) -> Result<Self::Key> {
        Ok(address.1)
    }

    fn comment(address: Self::CommentAddress) -> Result<(Self::Key, CommentId)> {
        Ok((address.1, address.2))
    }

    fn path(key: Self::Key) -> String {
        format!("decisions/{key}")
    }

    async fn find(tx: &mut Transaction, key: Self::Key) -> Result<Self> {
        Ok(Self(current(tx, key).await?))
    }

    fn subject(&self) -> uuid::Uuid {
        self.0.id.uuid()
    }

    fn event(&self, verb: &'static str) -> Event {
        self.0.event(verb)
    }
}
