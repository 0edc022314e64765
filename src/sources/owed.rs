//! What is owed of sources: somebody on an empty chair, and words on the map.

use super::{Chair, WORD_DAYS};
use crate::{
    args,
    identity::{Reader, Role, Side, Viewer},
    platform::{
        error::Result,
        ids::{SourceId, TouchpointId},
        time::{Day, Timestamp},
    },
    reminders::{Ladder, Obligation, People, ReminderKind},
    sources::read::OwedReading,
    sql,
};

/// A chair that must be held, and is empty.
#[derive(Clone, Debug)]
pub struct Vacancy {
    source_id: SourceId,
    pub number: i64,
    pub source: String,
    pub chair: Chair,
    pub since: Day,
    /// By when somebody is to be named.
    pub due_on: Day,
}

impl Vacancy {
    pub fn path(&self) -> String {
        format!("sources/{}/chairs", self.number)
    }

    /// Its side's lead owes a name; the other lead waits for it.
    pub fn obligation(self, people: &People) -> Obligation {
        let side = self.chair.side();
        Obligation {
            kind: ReminderKind::Vacancy,
            subject: self.source_id.uuid(),
            due_on: self.due_on,
            path: self.path(),
            label: format!("{}, {}", self.source, self.chair.name().to_lowercase()),
            ladder: Ladder {
                owes: people.of(side, &[Role::Lead]),
                other_seat: people.of(side.other(), &[Role::Lead]),
                leads: people.leads(),
                arbiter: people.arbiter(),
                arbiter_on: None,
            },
        }
    }
}

#[derive(sqlx::FromRow)]
struct VacantRow {
    id: SourceId,
    number: i64,
    name: String,
    created_at: Timestamp,
    owner: Option<SourceId>,
    custodian: Option<SourceId>,
    owner_left: Option<Timestamp>,
    custodian_left: Option<Timestamp>,
}

/// Every empty chair of every source, the longest first.
pub async fn vacancies(reader: &impl Reader) -> Result<Vec<Vacancy>> {
    let rows: Vec<VacantRow> = reader
        .fetch_all(
            sql!(
                "select s.id, s.number, s.name, s.created_at, o.source_id as owner, c.source_id as custodian,
                    (select max(l.until_at) from source_chairs l where l.source_id = s.id and l.chair =
                    'owner')
                        as owner_left,
                    (select max(l.until_at) from source_chairs l where l.source_id = s.id and l.chair =
                    'custodian')
                        as custodian_left
                 from sources s
                 left join source_chairs o on o.source_id = s.id and o.chair = 'owner' and o.until_at is null
                 left join source_chairs c on c.source_id = s.id and c.chair = 'custodian' and c.until_at is
                 null
                 where s.workspace_id = $1 and s.retired_at is null and (o.id is null or c.id is null)
                 order by s.number"
            ),
            args![],
        )
        .await?;
    let mut vacancies = Vec::new();
    for row in rows {
        for (chair, held, left) in [
            (Chair::Owner, row.owner, row.owner_left),
            (Chair::Custodian, row.custodian, row.custodian_left),
        ] {
            if held.is_none() {
                let since = reader.day_of(left.unwrap_or(row.created_at));
                vacancies.push(Vacancy {
                    source_id: row.id,
                    number: row.number,
                    source: row.name.clone(),
                    chair,
                    since,
                    due_on: since.plus(reader.grace_days()),
                });
            }
        }
    }
    vacancies.sort_by_key(|vacancy| vacancy.since);
    Ok(vacancies)
}

impl OwedReading {
    pub fn path(&self) -> String {
        format!("sources/{}/levels", self.number)
    }

    /// Whoever answers for it on their side owes it, its lead where nobody does.
    pub fn obligation(self, people: &People) -> Obligation {
        let owes = if self.readers.is_empty() {
            people.of(self.side, &[Role::Lead])
        } else {
            self.readers.clone()
        };
        Obligation {
            kind: ReminderKind::Reading,
            subject: self.source_id.uuid(),
            due_on: self.due_on,
            path: self.path(),
            label: self.source,
            ladder: Ladder {
                owes,
                other_seat: Vec::new(),
                leads: people.of(self.side, &[Role::Lead]),
                arbiter: None,
                arbiter_on: None,
            },
        }
    }
}

/// Days within which a new touchpoint asks for its first words.
const WORDS_WITHIN_DAYS: i64 = 14;

/// Words on the map that the viewer owes: of a source of theirs those that are too old, or the first of a
/// touchpoint.
#[derive(Clone, Debug)]
pub struct OwedWords {
    pub title: String,
    /// Of how many touchpoints of a source; none for the first word of a touchpoint.
    pub outdated: Option<i64>,
    pub path: String,
    pub due_on: Day,
}

impl OwedWords {
    /// "Your side’s words on 3 touchpoints are too old to count."
    pub fn label(&self) -> String {
        match self.outdated {
            Some(1) => "Your side’s word on 1 touchpoint is too old to count.".to_owned(),
            Some(count) => format!("Your side’s words on {count} touchpoints are too old to count."),
            None => "Your side has not answered which sources record it.".to_owned(),
        }
    }
}

/// What one person owes in the room.
#[derive(Clone, Debug, Default)]
pub struct Owed {
    pub vacancies: Vec<Vacancy>,
    pub words: Vec<OwedWords>,
}

#[derive(sqlx::FromRow)]
struct OwedRow {
    /// `vacant`, `outdated` or `first`.
    what: String,
    id: uuid::Uuid,
    number: i64,
    name: String,
    /// Since when it is so, or the oldest of it was said.
    at: Timestamp,
    count: i64,
}

/// What the viewer should do, in one query. The lead names somebody for an empty chair of their side. Whoever
/// sits on a source’s chair renews what is too old. Of what their side has said nothing yet, whoever of
/// Marketing answers for the touchpoint says the first word, or its lead where nobody does; and Technology's
/// lead.
pub async fn owed(viewer: &Viewer) -> Result<Owed> {
    let Some(side) = viewer.side() else {
        return Ok(Owed::default());
    };
    let is_lead = viewer.signs_as() == Role::Lead;
    let chair = match side {
        Side::Marketing => Chair::Owner,
        Side::Technology => Chair::Custodian,
    };
    let held_since = viewer.zone().start_of(viewer.today().plus(-WORD_DAYS));
    let rows: Vec<OwedRow> = viewer
        .fetch_all(
            sql!(
                "select s.id, s.number, s.name, 'vacant' as what,
                    coalesce((select max(l.until_at) from source_chairs l where l.source_id = s.id and l.chair
                    = $5),
                        s.created_at) as at, cast(1 as bigint) as count
                 from sources s
                 where s.workspace_id = $1 and $6 = 1 and s.retired_at is null
                   and not exists (select 1 from source_chairs c where c.source_id = s.id and c.chair = $5
                       and c.until_at is null)
                 union all
                 select s.id, s.number, s.name, 'outdated', min(w.said_at), count(*)
                 from map_words w join sources s on s.id = w.source_id join touchpoints t on t.id =
                 w.touchpoint_id
                 where w.workspace_id = $1 and w.side = $3 and w.replaced_at is null and w.said_at < $4
                   and s.retired_at is null and t.retired_at is null and t.taken_at is not null
                   and exists (select 1 from source_chairs c where c.source_id = s.id and c.member_id = $2
                       and c.until_at is null)
                 group by s.id, s.number, s.name
                 union all
                 select t.id, t.number, t.name, 'first', t.taken_at, cast(1 as bigint)
                 from touchpoints t
                 where t.workspace_id = $1 and t.retired_at is null and t.taken_at is not null
                   and (($3 = 'marketing' and t.answers_id = $2) or ($6 = 1 and ($3 = 'technology' or
                   t.answers_id is null)))
                   and exists (select 1 from sources s where s.workspace_id = $1 and s.retired_at is null)
                   and not exists (select 1 from map_words w join sources s on s.id = w.source_id
                       where w.touchpoint_id = t.id and w.side = $3 and w.replaced_at is null
                         and s.retired_at is null)"
            ),
            args![viewer.member_id(), side, held_since, chair, i64::from(is_lead)],
        )
        .await?;
    let mut owed = Owed::default();
    for row in rows {
        let on = viewer.day_of(row.at);
        match row.what.as_str() {
            "outdated" => owed.words.push(OwedWords {
                title: row.name,
                outdated: Some(row.count),
                path: format!("sources/{}/words", row.number),
                due_on: on.plus(WORD_DAYS),
            }),
            "first" => owed.words.push(OwedWords {
                title: row.name,
                outdated: None,
                path: format!("sources/touchpoints/{}/words", row.number),
                due_on: on.plus(WORDS_WITHIN_DAYS),
            }),
            _ => owed.vacancies.push(Vacancy {
                source_id: row.id.into(),
                number: row.number,
                source: row.name,
                chair,
                since: on,
                due_on: on.plus(viewer.grace_days()),
            }),
        }
    }
    Ok(owed)
}

/// A touchpoint of which a side has said of no source what it records.
#[derive(Clone, Debug)]
pub struct UnansweredTouchpoint {
    pub id: TouchpointId,
    pub number: i64,
    pub name: String,
    pub side: Side,
    pub due_on: Day,
}

impl UnansweredTouchpoint {
    pub fn path(&self) -> String {
        format!("sources/touchpoints/{}/words", self.number)
    }
}

#[derive(sqlx::FromRow)]
struct UnansweredRow {
    id: TouchpointId,
    number: i64,
    name: String,
    taken_at: Timestamp,
    by_marketing: bool,
    by_technology: bool,
}

/// Every touchpoint in force of which a side has said nothing, once a row for each such side.
pub async fn unanswered_touchpoints(reader: &impl Reader) -> Result<Vec<UnansweredTouchpoint>> {
    let rows: Vec<UnansweredRow> = reader
        .fetch_all(
            sql!(
                "select t.id, t.number, t.name, t.taken_at,
                    exists (select 1 from map_words w join sources s on s.id = w.source_id
                        where w.touchpoint_id = t.id and w.side = 'marketing' and w.replaced_at is null
                          and s.retired_at is null) as by_marketing,
                    exists (select 1 from map_words w join sources s on s.id = w.source_id
                        where w.touchpoint_id = t.id and w.side = 'technology' and w.replaced_at is null
                          and s.retired_at is null) as by_technology
                 from touchpoints t
                 where t.workspace_id = $1 and t.retired_at is null and t.taken_at is not null
                   and exists (select 1 from sources s where s.workspace_id = $1 and s.retired_at is null)
                 order by t.number"
            ),
            Vec::new(),
        )
        .await?;
    let mut owed = Vec::new();
    for row in rows {
        let due_on = reader.day_of(row.taken_at).plus(WORDS_WITHIN_DAYS);
        for (side, has_answered) in [
            (Side::Marketing, row.by_marketing),
            (Side::Technology, row.by_technology),
        ] {
            if !has_answered {
                owed.push(UnansweredTouchpoint {
                    id: row.id,
                    number: row.number,
                    name: row.name.clone(),
                    side,
                    due_on,
                });
            }
        }
    }
    Ok(owed)
}
