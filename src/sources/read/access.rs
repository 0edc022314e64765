//! The accesses to a source, as far as its page and the room's attention go.

use crate::{
    args,
    identity::{Reader, Viewer},
    platform::{
        error::Result,
        ids::{MemberId, SourceId, UseId},
        time::{Day, Timestamp, days},
    },
    sources::Sensitivity,
    sql,
};

/// An access to a source: what was asked, and how far it came.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SourceAccess {
    pub source_id: SourceId,
    pub use_id: UseId,
    /// The request's.
    pub number: i64,
    pub title: String,
    pub asked_by: String,
    pub asked_at: Timestamp,
    /// Who opened the door, or shut it.
    pub acted_by: Option<MemberId>,
    pub sensitivity: Sensitivity,
    pub ends_on: Day,
    approved_at: Option<Timestamp>,
    granted_at: Option<Timestamp>,
    ended_at: Option<Timestamp>,
    opened_at: Option<Timestamp>,
    shut_at: Option<Timestamp>,
    certify_on: Option<Day>,
    carried_until: Option<Day>,
    carried_to: Option<Timestamp>,
    needed_on: Day,
    /// The latest day for which it was certified, and when somebody last said so.
    certified_for: Option<Day>,
    certified_at: Option<Timestamp>,
}

/// How far an access to a source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reached {
    Asked,
    Approved,
    Open,
    ToShut,
    Over,
}

impl SourceAccess {
    pub fn path(&self) -> String {
        format!("access/{}", self.number)
    }

    pub fn reached(&self, today: Day) -> Reached {
        let is_over = self.ended_at.is_some() || today > self.ends_on;
        let is_carried = self.carried_until.is_some_and(|until| today <= until);
        if is_over && !is_carried && self.opened_at.is_some() && self.shut_at.is_none() {
            Reached::ToShut
        } else if is_over {
            Reached::Over
        } else if self.granted_at.is_some() || self.opened_at.is_some() {
            Reached::Open
        } else if self.approved_at.is_some() {
            Reached::Approved
        } else {
            Reached::Asked
        }
    }

    /// The last day on which it, or what carried it on, could be used.
    fn over_on(&self, reader: &impl Reader) -> Day {
        let own = self.ended_at.map_or(self.ends_on, |at| reader.day_of(at));
        let carried = self
            .carried_until
            .max(self.carried_to.map(|at| reader.day_of(at)));
        carried.map_or(own, |carried| own.max(carried))
    }

    /// Whether its door was shut later than it had to be, within so many days.
    pub fn was_shut_late(&self, within: i64, reader: &impl Reader) -> bool {
        let due = self
            .over_on(reader)
            .plus_working_days(self.sensitivity.shut_within_working_days());
        self.shut_at.is_some_and(|at| {
            let day = reader.day_of(at);
            day > due && reader.today().days_since(day) <= within
        })
    }

    /// Whether it was opened more than the grace after its first day, or after both approved it, within so
    /// many days.
    pub fn was_opened_late(&self, within: i64, reader: &impl Reader) -> bool {
        let Some((opened, approved)) = self.opened_at.zip(self.approved_at) else {
            return false;
        };
        let (opened, due) = (reader.day_of(opened), reader.day_of(approved).max(self.needed_on));
        opened.days_since(due) > reader.grace_days() && reader.today().days_since(opened) <= within
    }

    /// Whether its latest certification was given more than the grace after its day, within so many days.
    pub fn was_certified_late(&self, within: i64, reader: &impl Reader) -> bool {
        self.certified_for
            .zip(self.certified_at)
            .is_some_and(|(due, at)| {
                let said = reader.day_of(at);
                said.days_since(due) > reader.grace_days() && reader.today().days_since(said) <= within
            })
    }

    /// For how many days its door is open past the day by which it was to be shut.
    pub fn shut_late(&self, reader: &impl Reader) -> Option<i64> {
        if self.reached(reader.today()) != Reached::ToShut {
            return None;
        }
        let over_on = self.over_on(reader);
        let within = self.sensitivity.shut_within_working_days();
        let late = reader.today().days_since(over_on.plus_working_days(within));
        (late > 0).then_some(late)
    }

    pub fn is_uncertified(&self, today: Day) -> bool {
        self.reached(today) == Reached::Open && self.certify_on.is_some_and(|day| today > day)
    }

    /// Whether it was opened within ten working days of asking.
    pub fn is_opened_in_time(&self, reader: &impl Reader) -> bool {
        let until = reader.day_of(self.asked_at).plus_working_days(OPENED_WITHIN);
        self.opened_at.is_some_and(|at| reader.day_of(at) <= until)
    }

    /// Whether it was opened, or the time for that is over: what was taken back before says nothing.
    pub fn is_judged(&self, reader: &impl Reader) -> bool {
        let until = reader.day_of(self.asked_at).plus_working_days(OPENED_WITHIN);
        self.opened_at.is_some() || (self.ended_at.is_none() && reader.today() > until)
    }

    /// For how many days somebody has not shut it, or not certified it, and what that is.
    pub fn waits(&self, reader: &impl Reader) -> Option<(i64, String)> {
        let today = reader.today();
        match (self.reached(today), self.certify_on) {
            (Reached::ToShut, _) => {
                let over_on = self.over_on(reader);
                let due = over_on.plus_working_days(self.sensitivity.shut_within_working_days());
                let late = today.days_since(due);
                let why = if late > 0 {
                    format!("The access is over, but still open: {} late", days(late))
                } else {
                    format!("It has to be shut by {}", due.format(today))
                };
                Some((today.days_since(over_on), why))
            }
            (Reached::Open, Some(day)) if today > day => {
                let waited = today.days_since(day);
                Some((waited, format!("Not certified for {}", days(waited))))
            }
            _ => None,
        }
    }

    /// "open until 4 Dec".
    pub fn label(&self, today: Day) -> String {
        let until = self.ends_on.format(today);
        match self.reached(today) {
            Reached::Asked => format!("asked for until {until}"),
            Reached::Approved => format!("approved, not open; until {until}"),
            Reached::Open => format!("open until {until}"),
            Reached::ToShut => "over, but still open".to_owned(),
            Reached::Over => "over".to_owned(),
        }
    }
}

macro_rules! accesses_where {
    ($rest:literal) => {
        concat!(
            "select a.source_id, a.use_id, a.number, a.title, m.name as asked_by, a.asked_at, a.acted_by,
                a.sensitivity, a.ends_on, a.approved_at, a.granted_at,
                a.ended_at, a.opened_at, a.shut_at, a.certify_on, a.carried_until, a.carried_to,
                a.needed_on, a.certified_for, a.certified_at
             from source_accesses a join people m on m.id = a.asked_by where a.workspace_id = $1 ",
            $rest
        )
    };
}

/// Working days within which an access should be opened after asking.
const OPENED_WITHIN: i64 = 10;

/// Every access to every source.
pub async fn accesses(reader: &impl Reader) -> Result<Vec<SourceAccess>> {
    reader
        .fetch_all(
            sql!(accesses_where!("order by a.source_id, a.number limit 20000")),
            Vec::new(),
        )
        .await
}

/// Every access to a source, what ends last first.
pub async fn accesses_of(viewer: &Viewer, source: SourceId) -> Result<Vec<SourceAccess>> {
    viewer
        .fetch_all(
            sql!(accesses_where!(
                "and a.source_id = $2 order by a.ends_on desc, a.number desc limit 500"
            )),
            args![source],
        )
        .await
}

/// Accesses that are over, or late to be certified, and whose doors nobody has shut.
pub async fn accesses_to_keep(reader: &impl Reader) -> Result<Vec<SourceAccess>> {
    reader
        .fetch_all(
            sql!(accesses_where!(
                "and a.opened_at is not null and a.shut_at is null
                 and (a.ended_at is not null or a.ends_on < $2 or a.certify_on < $2) order by a.ends_on, a.number limit 500"
            )),
            args![reader.today()],
        )
        .await
}
