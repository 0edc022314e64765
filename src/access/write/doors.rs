//! The doors of an access to data, and who keeps them.

use super::Current;
use crate::{
    args,
    handshake::{Kind, write as handshake},
    identity::{Action, Permit, Side, Transaction},
    platform::{
        error::{Error, Result},
        ids::{AccessId, MemberId, SourceId},
        time::Timestamp,
    },
    sources::{Chair, Sensitivity, write::holders},
    sql,
};

#[derive(sqlx::FromRow)]
struct DoorRow {
    source_id: SourceId,
    number: i64,
    name: String,
    sensitivity: Option<Sensitivity>,
    is_retired: bool,
    opened_at: Option<Timestamp>,
    shut_at: Option<Timestamp>,
}

/// The door to one source.
pub(super) struct Door {
    pub source_id: SourceId,
    number: i64,
    name: String,
    sensitivity: Option<Sensitivity>,
    is_retired: bool,
    pub opened_at: Option<Timestamp>,
    pub shut_at: Option<Timestamp>,
    holders: Vec<(Chair, MemberId)>,
}

impl Door {
    /// Whether whoever acts opens and shuts it.
    pub fn is_kept_by(&self, tx: &Transaction, asked_by: MemberId) -> bool {
        tx.may(Action::KeepDoor {
            asked_by,
            keepers: &self.of_side(Side::Technology),
            is_signer: false,
        })
    }

    fn of_side(&self, side: Side) -> Vec<MemberId> {
        self.holders
            .iter()
            .filter(|(chair, _)| chair.side() == side && *chair != Chair::Steward)
            .map(|(_, member)| *member)
            .collect()
    }
}

/// The doors of one access; none of what names no source.
pub(super) struct Doors(Vec<Door>);

impl Doors {
    pub async fn of(tx: &mut Transaction, access: AccessId) -> Result<Self> {
        let rows: Vec<DoorRow> = tx
            .fetch_all(
                sql!(
                    "select d.source_id, s.number, s.name, s.agreed_sensitivity as sensitivity,
                        s.retired_at is not null as is_retired, d.opened_at, d.shut_at
                     from access_doors d join source_facts s on s.id = d.source_id
                     where d.workspace_id = $1 and d.access_id = $2 order by s.number"
                ),
                args![access],
            )
            .await?;
        let mut doors = Vec::with_capacity(rows.len());
        for row in rows {
            doors.push(Door {
                source_id: row.source_id,
                number: row.number,
                name: row.name,
                sensitivity: row.sensitivity,
                is_retired: row.is_retired,
                opened_at: row.opened_at,
                shut_at: row.shut_at,
                holders: holders(tx, row.source_id).await?,
            });
        }
        Ok(Self(doors))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn all(&self) -> impl Iterator<Item = &Door> {
        self.0.iter()
    }

    fn foremost(&self) -> Option<&Door> {
        self.0
            .iter()
            .max_by_key(|door| (door.sensitivity, std::cmp::Reverse(door.number)))
    }

    /// Who sits on the chair that approves for a side: the owner's or the custodian's of the most sensitive
    /// source.
    pub fn approver(&self, side: Side) -> Option<MemberId> {
        let chair = match side {
            Side::Marketing => Chair::Owner,
            Side::Technology => Chair::Custodian,
        };
        let holders = &self.foremost()?.holders;
        holders
            .iter()
            .find(|(held, _)| *held == chair)
            .map(|(_, member)| *member)
    }

    /// Whether what was asked for is still to be had on the terms on which it was asked for.
    ///
    /// # Errors
    /// `Invalid` when a source is retired, or more sensitive than it was.
    pub fn check_terms(&self, asked: Option<Sensitivity>) -> Result<()> {
        if let Some(retired) = self.0.iter().find(|door| door.is_retired) {
            return Err(Error::invalid(
                "",
                format!("{} is retired by now. Withdraw this request.", retired.name),
            ));
        }
        let now = self.0.iter().filter_map(|door| door.sensitivity).max();
        match now.filter(|now| asked.is_some_and(|asked| *now > asked)) {
            Some(now) => Err(Error::invalid(
                "",
                format!(
                    "Its data is {} by now, which allows less. Withdraw this request and ask again.",
                    now.name()
                ),
            )),
            None => Ok(()),
        }
    }

    /// Whoever answers for the most sensitive source on a side.
    pub fn certifiers(&self, side: Side) -> Vec<MemberId> {
        self.foremost().map(|door| door.of_side(side)).unwrap_or_default()
    }

    /// The permit of whoever opens and shuts: of data who keeps at least one of its doors, of anything else
    /// the side that was asked.
    ///
    /// # Errors
    /// `Forbidden` to whoever asked, or signed for the other seat before they changed sides.
    pub async fn permit(&self, tx: &mut Transaction, it: &Current) -> Result<Permit> {
        let seat = if self.is_empty() {
            it.asking_side
        } else {
            Side::Marketing
        };
        let is_signer = handshake::is_signer(tx, Kind::Access, it.id.uuid(), seat).await?;
        if self.is_empty() {
            return tx.permit(Action::GrantAccess {
                asking: it.asking_side,
                asked_by: it.asked_by,
                is_signer,
            });
        }
        let own = self.0.iter().find(|door| door.is_kept_by(tx, it.asked_by));
        let keepers = own
            .or_else(|| self.0.first())
            .map(|door| door.of_side(Side::Technology));
        tx.permit(Action::KeepDoor {
            asked_by: it.asked_by,
            keepers: &keepers.unwrap_or_default(),
            is_signer,
        })
    }
}
