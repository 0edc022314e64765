//! The house itself in one workspace, between people's visits. It reads, it reminds, it takes in what a feed delivers,
//! and it judges nothing.

use super::{Act, Permit};
use crate::{
    args,
    platform::{
        audit::{Actor, Recorder},
        db::{Row, Value},
        error::{Error, Result},
        house::House,
        ids::WorkspaceId,
        time::{Day, Zone},
    },
};

#[derive(Clone)]
pub struct Caretaker {
    house: House,
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

impl Caretaker {
    /// One for every workspace of the house.
    pub async fn everywhere(house: &House) -> Result<Vec<Self>> {
        let rows: Vec<WorkspaceRow> = house.db().all("select id, slug, name, zone, signature_days, grace_days from workspaces order by id", Vec::new()).await?;
        Ok(rows.into_iter().map(|row| Self::made(house, row)).collect())
    }

    pub(in crate::people) async fn of(house: &House, workspace: WorkspaceId) -> Result<Self> {
        let row: Option<WorkspaceRow> =
            house.db().maybe("select id, slug, name, zone, signature_days, grace_days from workspaces where id = $1", args![workspace]).await?;
        row.map(|row| Self::made(house, row)).ok_or(Error::NotFound)
    }

    fn made(house: &House, row: WorkspaceRow) -> Self {
        Self { house: house.clone(), zone: Zone::named(&row.zone).unwrap_or(Zone::utc()), row }
    }

    pub fn workspace(&self) -> &str {
        &self.row.name
    }

    /// The address of a page, for mail.
    pub fn link(&self, place: &str) -> String {
        format!("{}/w/{}/{place}", self.house.settings().origin(), self.row.slug)
    }

    pub fn today(&self) -> Day {
        self.house.now().day_in(&self.zone)
    }

    /// The hour of the day in the workspace's zone.
    pub fn hour(&self) -> i8 {
        self.house.now().hour_in(&self.zone)
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

    pub async fn all<T: Row>(&self, sql: &'static str, args: Vec<Value>) -> Result<Vec<T>> {
        let mut scoped = args![self.row.id];
        scoped.extend(args);
        self.house.db().all(sql, scoped).await
    }

    /// Opens a transaction in which the house acts, with the permit for it.
    pub async fn act(&self) -> Result<(Act, Permit)> {
        self.act_as("Handshake").await
    }

    pub(in crate::people) async fn act_as(&self, name: &str) -> Result<(Act, Permit)> {
        let recorder = Recorder::open(&self.house, self.row.id.uuid(), Actor::system(name)).await?;
        Ok((Act::of_caretaker(recorder, self.zone.clone(), self.house.clone()), Permit::of_caretaker()))
    }
}
