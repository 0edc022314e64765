//! The doors of accesses, who keeps them, and what was said when they were certified.

use std::collections::HashMap;

use super::Request;
use crate::{
    access::terms::Certification,
    args,
    identity::{Action, Reader, Side, Viewer},
    platform::{
        error::Result,
        ids::{AccessId, MemberId, SourceId},
        time::{Day, Timestamp},
    },
    sources::{Chair, Sensitivity},
    sql,
};

#[derive(sqlx::FromRow)]
struct DoorRow {
    access_id: AccessId,
    source_id: SourceId,
    number: i64,
    name: String,
    sensitivity: Option<Sensitivity>,
    opened_at: Option<Timestamp>,
    opened_by: Option<String>,
    shut_at: Option<Timestamp>,
    shut_by: Option<String>,
    chair: Option<Chair>,
    holder: Option<MemberId>,
}

/// The door of an access to one source.
#[derive(Clone, Debug)]
pub struct Door {
    source_id: SourceId,
    pub number: i64,
    pub source: String,
    sensitivity: Option<Sensitivity>,
    pub opened: Option<(Timestamp, String)>,
    pub shut: Option<(Timestamp, String)>,
    holders: Vec<(Chair, MemberId)>,
}

impl Door {
    /// Whoever answers for the source on a side, and who acts in their place.
    fn of_side(&self, side: Side) -> Vec<MemberId> {
        self.holders
            .iter()
            .filter(|(chair, _)| chair.side() == side && *chair != Chair::Steward)
            .map(|(_, member)| *member)
            .collect()
    }

    /// Whether the viewer opens and shuts it, when somebody asked and signed for Marketing.
    fn is_kept_by(&self, viewer: &Viewer, request: &Request) -> bool {
        let is_signer = request
            .standing
            .as_ref()
            .and_then(|standing| standing.seat(Side::Marketing))
            .is_some_and(|seat| seat.account == viewer.account_id());
        viewer.may(Action::KeepDoor {
            asked_by: request.asked_by,
            keepers: &self.of_side(Side::Technology),
            is_signer,
        })
    }
}

/// The doors of one access; none of what names no source.
#[derive(Clone, Debug, Default)]
pub struct Doors(Vec<Door>);

impl Doors {
    pub fn all(&self) -> &[Door] {
        &self.0
    }

    /// Whoever answers for the most sensitive source on a side.
    pub fn certifiers(&self, side: Side) -> Vec<MemberId> {
        self.0
            .iter()
            .max_by_key(|door| (door.sensitivity, std::cmp::Reverse(door.number)))
            .map(|door| door.of_side(side))
            .unwrap_or_default()
    }

    /// Whoever keeps a door that is not open, or not shut.
    pub fn keepers(&self, is_done: impl Fn(&Door) -> bool) -> Vec<Vec<MemberId>> {
        self.0
            .iter()
            .filter(|door| !is_done(door))
            .map(|door| door.of_side(Side::Technology))
            .collect()
    }

    /// Whether the viewer has a door of theirs to open, from the first day on.
    pub fn opens(&self, viewer: &Viewer, request: &Request) -> bool {
        request.is_needed(viewer.today())
            && self
                .0
                .iter()
                .any(|door| door.opened.is_none() && door.is_kept_by(viewer, request))
    }

    /// Whether the viewer has a door of theirs to shut.
    pub fn shuts(&self, viewer: &Viewer, request: &Request) -> bool {
        self.0
            .iter()
            .any(|door| door.opened.is_some() && door.shut.is_none() && door.is_kept_by(viewer, request))
    }

    /// Whether the viewer says for their side if it is still needed.
    pub fn certifies(&self, viewer: &Viewer, request: &Request) -> bool {
        viewer.side().is_some_and(|side| {
            viewer.may(Action::CertifyAccess {
                asked_by: request.asked_by,
                holders: &self.certifiers(side),
            })
        })
    }
}

macro_rules! doors_where {
    ($rest:literal) => {
        concat!(
            "select d.access_id, d.source_id, s.number, s.name, s.agreed_sensitivity as sensitivity,
             d.opened_at,
                o.name as opened_by, d.shut_at, c.name as shut_by, h.chair, h.member_id as holder
             from access_doors d join source_facts s on s.id = d.source_id
             left join source_holders h on h.source_id = d.source_id
             left join people o on o.id = d.opened_by left join people c on c.id = d.shut_by
             where d.workspace_id = $1 ",
            $rest
        )
    };
}

/// A row for each holder of each door, gathered into doors.
fn gathered(rows: Vec<DoorRow>) -> HashMap<AccessId, Doors> {
    let mut by_access: HashMap<AccessId, Doors> = HashMap::new();
    for row in rows {
        let doors = &mut by_access.entry(row.access_id).or_default().0;
        let holder = row.chair.zip(row.holder);
        match doors.last_mut().filter(|door| door.source_id == row.source_id) {
            Some(door) => door.holders.extend(holder),
            None => doors.push(Door {
                source_id: row.source_id,
                number: row.number,
                source: row.name,
                sensitivity: row.sensitivity,
                opened: row.opened_at.zip(row.opened_by),
                shut: row.shut_at.zip(row.shut_by),
                holders: holder.into_iter().collect(),
            }),
        }
    }
    by_access
}

/// The doors of every access that is not shut.
pub async fn doors(reader: &impl Reader) -> Result<HashMap<AccessId, Doors>> {
    let rows: Vec<DoorRow> = reader
        .fetch_all(
            sql!(doors_where!(
                "and d.shut_at is null order by d.access_id, s.number limit 20000"
            )),
            Vec::new(),
        )
        .await?;
    Ok(gathered(rows))
}

/// The doors of one access.
pub async fn doors_of(reader: &impl Reader, access: AccessId) -> Result<Doors> {
    let rows: Vec<DoorRow> = reader
        .fetch_all(
            sql!(doors_where!("and d.access_id = $2 order by s.number")),
            args![access],
        )
        .await?;
    Ok(gathered(rows).remove(&access).unwrap_or_default())
}

/// What a side said of an access.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct AccessWord {
    pub access_id: AccessId,
    pub due_on: Day,
    pub side: Side,
    pub word: Certification,
    pub because: String,
    pub said_at: Timestamp,
    pub said_by: String,
}

/// What both sides said of one access, the newest first.
pub async fn words_of(reader: &impl Reader, access: AccessId) -> Result<Vec<AccessWord>> {
    reader
        .fetch_all(
            sql!(
                "select c.access_id, c.due_on, c.side, c.word, c.because, c.said_at, m.name as said_by
                 from access_certifications c join people m on m.id = c.said_by
                 where c.workspace_id = $1 and c.access_id = $2 order by c.said_at desc, c.id desc limit 100"
            ),
            args![access],
        )
        .await
}
