//! Whoever reads a workspace: a member who asks, or the system between their visits. What is owed is derived
//! once for both.

use std::future::Future;

use super::{Viewer, system::SystemActor};
use crate::platform::{
    db::{Row, Sql, Value},
    error::Result,
    time::{Day, Timestamp},
};

/// Reads one workspace, whose id is `$1` of every statement.
pub trait Reader: Sync {
    fn today(&self) -> Day;

    /// The day of a time in the workspace's zone.
    fn day_of(&self, at: Timestamp) -> Day;

    /// When a day begins in the workspace's zone.
    fn start_of(&self, day: Day) -> Timestamp;

    /// Days within which a text without a day of its own is to be signed.
    fn signature_days(&self) -> i64;

    /// Days by which a check-in may be late before the work counts as outdated.
    fn grace_days(&self) -> i64;

    fn fetch_all<T: Row>(&self, sql: Sql, args: Vec<Value>) -> impl Future<Output = Result<Vec<T>>> + Send;
}

impl Reader for Viewer {
    fn today(&self) -> Day {
        self.today()
    }

    fn day_of(&self, at: Timestamp) -> Day {
        self.day_of(at)
    }

    fn start_of(&self, day: Day) -> Timestamp {
        self.zone().start_of(day)
    }

    fn signature_days(&self) -> i64 {
        self.signature_days()
    }

    fn grace_days(&self) -> i64 {
        self.grace_days()
    }

    async fn fetch_all<T: Row>(&self, sql: Sql, args: Vec<Value>) -> Result<Vec<T>> {
        self.fetch_all(sql, args).await
    }
}

impl Reader for SystemActor {
    fn today(&self) -> Day {
        self.today()
    }

    fn day_of(&self, at: Timestamp) -> Day {
        at.day_in(self.zone())
    }

    fn start_of(&self, day: Day) -> Timestamp {
        self.zone().start_of(day)
    }

    fn signature_days(&self) -> i64 {
        self.signature_days()
    }

    fn grace_days(&self) -> i64 {
        self.grace_days()
    }

    async fn fetch_all<T: Row>(&self, sql: Sql, args: Vec<Value>) -> Result<Vec<T>> {
        self.fetch_all(sql, args).await
    }
}
