//! How far every source is: what both sides read, and what the house knows.

use std::collections::HashMap;

use super::{Map, Source, SourceAccess, Use, accesses, uses};
use crate::{
    identity::{Reader, Side, Viewer},
    platform::{
        error::Result,
        ids::{MemberId, SourceId},
        time::{Day, Timestamp},
    },
    sources::{
        Chair, Stands, WORD_DAYS,
        levels::{Facts, Level, LevelStanding, Parameter, READING_DAYS, Spread},
    },
    sql,
};

#[derive(sqlx::FromRow)]
struct ReadingRow {
    source_id: SourceId,
    round: i64,
    side: Side,
    read_at: Timestamp,
    read_by: MemberId,
    name: String,
    parameter: Parameter,
    level: Level,
    evidence: String,
}

/// What one side read in a round.
#[derive(Clone, Debug)]
pub struct Reading {
    pub read_at: Timestamp,
    pub read_by: MemberId,
    pub name: String,
    levels: Vec<(Parameter, Level, String)>,
}

impl Reading {
    pub fn level(&self, parameter: Parameter) -> Level {
        self.levels
            .iter()
            .find(|(of, ..)| *of == parameter)
            .map_or(Level::NotKnown, |(_, level, _)| *level)
    }

    pub fn evidence(&self, parameter: Parameter) -> &str {
        self.levels
            .iter()
            .find(|(of, ..)| *of == parameter)
            .map_or("", |(.., evidence)| evidence.as_str())
    }
}

/// What both sides read in one round: Marketing, then Technology.
#[derive(Clone, Debug, Default)]
pub struct ReadingRound {
    pub number: i64,
    pub readings: [Option<Reading>; 2],
}

impl ReadingRound {
    pub fn of(&self, side: Side) -> Option<&Reading> {
        self.readings[side as usize].as_ref()
    }

    pub fn is_complete(&self) -> bool {
        self.readings.iter().all(Option::is_some)
    }

    /// When the first of both read: what one side saw holds no longer because the other looked later.
    pub fn holds_from(&self) -> Option<Timestamp> {
        let [Some(marketing), Some(technology)] = &self.readings else {
            return None;
        };
        Some(marketing.read_at.min(technology.read_at))
    }

    /// When the second of both read.
    pub fn completed_at(&self) -> Option<Timestamp> {
        let [Some(marketing), Some(technology)] = &self.readings else {
            return None;
        };
        Some(marketing.read_at.max(technology.read_at))
    }

    /// The lower of both words.
    pub fn level(&self, parameter: Parameter) -> Option<Level> {
        let [Some(marketing), Some(technology)] = &self.readings else {
            return None;
        };
        Some(marketing.level(parameter).lower(technology.level(parameter)))
    }
}

/// How far one source is, and how it came there.
#[derive(Clone, Debug)]
pub struct SourceLevels {
    pub facts: Facts,
    /// The newest first.
    pub rounds: Vec<ReadingRound>,
    standing: Vec<(Parameter, LevelStanding)>,
}

impl SourceLevels {
    pub fn standing(&self, parameter: Parameter) -> &LevelStanding {
        self.standing
            .iter()
            .find(|(of, _)| *of == parameter)
            .map_or(&LevelStanding::NotRead, |(_, standing)| standing)
    }

    /// The round that only one side has read, or that nobody has begun.
    pub fn open_round(&self) -> ReadingRound {
        match self.rounds.first() {
            Some(round) if !round.is_complete() => round.clone(),
            Some(round) => ReadingRound {
                number: round.number + 1,
                ..ReadingRound::default()
            },
            None => ReadingRound {
                number: 1,
                ..ReadingRound::default()
            },
        }
    }

    /// The newest round that both have read.
    pub fn complete(&self) -> Option<&ReadingRound> {
        self.rounds.iter().find(|round| round.is_complete())
    }

    /// The lowest of those that are known, with its parameter.
    pub fn weakest(&self) -> Option<(Parameter, u8)> {
        self.standing
            .iter()
            .filter_map(|(parameter, standing)| Some((*parameter, standing.level().number()?)))
            .min_by_key(|(_, number)| *number)
    }

    fn of(facts: Facts, rounds: Vec<ReadingRound>, reader: &impl Reader) -> Self {
        let complete = rounds.iter().find(|round| round.is_complete());
        let is_outdated = complete
            .and_then(ReadingRound::holds_from)
            .is_some_and(|at| reader.today().days_since(reader.day_of(at)) > READING_DAYS);
        let standing = Parameter::ALL
            .iter()
            .map(|parameter| {
                let standing = match complete.and_then(|round| round.level(*parameter)) {
                    _ if *parameter == Parameter::Ownership => {
                        let fact = facts.ownership();
                        LevelStanding::Stands {
                            level: fact.level,
                            cap: Some(fact).filter(|fact| !fact.because.is_empty()),
                        }
                    }
                    None => LevelStanding::NotRead,
                    Some(_) if is_outdated => LevelStanding::Outdated,
                    Some(read) => {
                        let (level, cap) = facts.capped(*parameter, read);
                        LevelStanding::Stands { level, cap }
                    }
                };
                (*parameter, standing)
            })
            .collect();
        Self {
            facts,
            rounds,
            standing,
        }
    }
}

#[derive(sqlx::FromRow)]
struct ChairRow {
    source_id: SourceId,
    chair: Chair,
    member_id: MemberId,
    from_at: Timestamp,
    until_at: Option<Timestamp>,
}

/// How far every source is that is not retired.
pub struct Levels(HashMap<SourceId, SourceLevels>);

impl Levels {
    pub async fn read(reader: &impl Reader, map: &Map) -> Result<Self> {
        let rows: Vec<ReadingRow> = reader
            .fetch_all(
                sql!(
                    "select r.source_id, r.round, r.side, r.read_at, r.read_by, m.name, l.parameter, l.level,
                     l.evidence
                     from source_readings r join source_levels l on l.reading_id = r.id join people m on m.id
                     = r.read_by
                     where r.workspace_id = $1 and r.replaced_at is null order by r.source_id, r.round desc,
                     r.side"
                ),
                Vec::new(),
            )
            .await?;
        let chairs: Vec<ChairRow> = reader
            .fetch_all(
                sql!(
                    "select source_id, chair, member_id, from_at, until_at from source_chairs where
                     workspace_id = $1
                     order by source_id, chair, from_at"
                ),
                Vec::new(),
            )
            .await?;
        let (uses, accesses) = (uses(reader).await?, accesses(reader).await?);
        let mut rounds = gathered(rows);
        let known = Known {
            map,
            chairs: &chairs,
            uses: &uses,
            accesses: &accesses,
        };
        let levels = map
            .sources
            .iter()
            .map(|source| {
                let facts = known.facts(source, reader);
                let of = rounds.remove(&source.id).unwrap_or_default();
                (source.id, SourceLevels::of(facts, of, reader))
            })
            .collect();
        Ok(Self(levels))
    }

    pub fn of(&self, source: SourceId) -> Option<&SourceLevels> {
        self.0.get(&source)
    }

    /// Sources by their level of a parameter.
    pub fn spread(&self, parameter: Parameter) -> Spread {
        let mut spread = Spread::default();
        for levels in self.0.values() {
            spread.add(levels.standing(parameter).level());
        }
        spread
    }
}

fn gathered(rows: Vec<ReadingRow>) -> HashMap<SourceId, Vec<ReadingRound>> {
    let mut by_source: HashMap<SourceId, Vec<ReadingRound>> = HashMap::new();
    for row in rows {
        let rounds = by_source.entry(row.source_id).or_default();
        if rounds.last().is_none_or(|round| round.number != row.round) {
            rounds.push(ReadingRound {
                number: row.round,
                ..ReadingRound::default()
            });
        }
        let Some(round) = rounds.last_mut() else { continue };
        let reading = round.readings[row.side as usize].get_or_insert(Reading {
            read_at: row.read_at,
            read_by: row.read_by,
            name: row.name,
            levels: Vec::new(),
        });
        reading.levels.push((row.parameter, row.level, row.evidence));
    }
    by_source
}

/// What the house knows of every source.
struct Known<'a> {
    map: &'a Map,
    chairs: &'a [ChairRow],
    uses: &'a [Use],
    accesses: &'a [SourceAccess],
}

impl Known<'_> {
    fn facts(&self, source: &Source, reader: &impl Reader) -> Facts {
        let today = reader.today();
        let held = |chair: Chair| source.holder(chair).is_some();
        let accesses: Vec<&SourceAccess> = self
            .accesses
            .iter()
            .filter(|access| access.source_id == source.id)
            .collect();
        let asked: Vec<&&SourceAccess> = accesses
            .iter()
            .filter(|access| today.days_since(reader.day_of(access.asked_at)) <= 180)
            .filter(|access| access.is_judged(reader))
            .collect();
        let open_doors = accesses
            .iter()
            .filter(|access| access.shut_late(reader).is_some())
            .count();
        let uncertified = accesses
            .iter()
            .filter(|access| access.is_uncertified(today))
            .count();
        Facts {
            has_joined: self.has_joined(source),
            is_owned: held(Chair::Owner),
            is_kept: held(Chair::Custodian),
            has_steward: held(Chair::Steward),
            has_sensitivity: source.sensitivity.is_some(),
            is_agreed: source.agreed_at.is_some(),
            is_agreed_as_it_stands: source.is_agreed_as_it_stands(),
            late: self.late(source, (open_doors, uncertified), reader),
            has_deputies: held(Chair::OwnerDeputy) && held(Chair::CustodianDeputy),
            is_handed_on: self.is_handed_on(source, reader),
            incomplete_uses: self
                .uses
                .iter()
                .filter(|one| one.source_id == source.id && !one.missing(source.is_special).is_empty())
                .count(),
            open_doors,
            uncertified,
            opened_in_time: asked
                .iter()
                .filter(|access| access.is_opened_in_time(reader))
                .count(),
            asked: asked.len(),
        }
    }

    /// Whether a touchpoint is joined in it; in the profile, where all parts meet, whether any is joined
    /// anywhere.
    fn has_joined(&self, source: &Source) -> bool {
        let is_profile = self.map.profile.named == Some(source.id);
        self.map.in_force().any(|touchpoint| {
            self.map.cell(touchpoint.id, source.id) == Stands::Joined
                || (is_profile && self.map.stands(touchpoint.id) == Stands::Joined)
        })
    }

    /// What is later than the grace today, or was within 180 days.
    fn late(
        &self,
        source: &Source,
        (open_doors, uncertified): (usize, usize),
        reader: &impl Reader,
    ) -> Vec<String> {
        let (today, grace) = (reader.today(), reader.grace_days());
        let mut late = Vec::new();
        for side in Side::BOTH {
            let outdated = self
                .map
                .in_force()
                .filter_map(|touchpoint| self.map.outdated(side, touchpoint.id, source.id))
                .filter(|word| today.days_since(reader.day_of(word.said_at)) > WORD_DAYS + grace)
                .count();
            if outdated > 0 {
                late.push(format!("{} has words on the map that are too old.", side.name()));
            }
        }
        if open_doors > 0 {
            late.push("An access is open past its last day.".to_owned());
        }
        let own = || {
            self.accesses
                .iter()
                .filter(|access| access.source_id == source.id)
        };
        let before = [
            (
                own().any(|access| access.was_opened_late(180, reader)),
                "Access was opened late",
            ),
            (
                own().any(|access| access.was_certified_late(180, reader)),
                "Access was certified late",
            ),
            (
                own().any(|access| access.was_shut_late(180, reader)),
                "Access was shut late",
            ),
        ];
        let before = before.into_iter().filter(|(was_late, _)| *was_late);
        late.extend(before.map(|(_, what)| format!("{what} within the last 180 days.")));
        if uncertified > 0 {
            late.push("An access is past its certification.".to_owned());
        }
        if let Some(gap) = self.longest_vacancy(source, reader)
            && gap > grace
        {
            late.push(format!("A chair was empty for {gap} days within the last 180."));
        }
        late
    }

    fn of_chair(&self, source: &Source, chair: Chair) -> Vec<&ChairRow> {
        self.chairs
            .iter()
            .filter(|row| row.source_id == source.id && row.chair == chair)
            .collect()
    }

    /// The longest time for which a needed chair was empty between two holders, in days, ended within 180
    /// days.
    fn longest_vacancy(&self, source: &Source, reader: &impl Reader) -> Option<i64> {
        [Chair::Owner, Chair::Custodian]
            .into_iter()
            .flat_map(|chair| {
                let rows = self.of_chair(source, chair);
                rows.windows(2)
                    .filter_map(|pair| {
                        let (left, came) = (reader.day_of(pair[0].until_at?), reader.day_of(pair[1].from_at));
                        (reader.today().days_since(came) <= 180).then(|| came.days_since(left))
                    })
                    .collect::<Vec<i64>>()
            })
            .max()
    }

    /// Whether a chair changed hands without a vacant day, or a deputy said a word, within 12 months.
    fn is_handed_on(&self, source: &Source, reader: &impl Reader) -> bool {
        let is_changed = [Chair::Owner, Chair::Custodian].into_iter().any(|chair| {
            let rows = self.of_chair(source, chair);
            rows.windows(2).any(|pair| {
                pair[0].member_id != pair[1].member_id
                    && reader.today().days_since(reader.day_of(pair[1].from_at)) <= 365
                    && pair[0]
                        .until_at
                        .is_some_and(|left| reader.day_of(left) == reader.day_of(pair[1].from_at))
            })
        });
        let deputies: Vec<MemberId> = [Chair::OwnerDeputy, Chair::CustodianDeputy]
            .into_iter()
            .filter_map(|chair| source.holder(chair).map(|holder| holder.member_id))
            .collect();
        let acted = self
            .accesses
            .iter()
            .filter(|access| access.source_id == source.id)
            .any(|access| access.acted_by.is_some_and(|who| deputies.contains(&who)));
        is_changed || acted
    }
}

/// A reading that the viewer's side owes of a source.
#[derive(Clone, Debug)]
pub struct OwedReading {
    pub source_id: SourceId,
    pub number: i64,
    pub source: String,
    pub side: Side,
    pub due_on: Day,
    pub readers: Vec<MemberId>,
}

/// A first reading is asked for this many days after the entry was agreed.
const FIRST_READING_DAYS: i64 = 30;

/// The other side's reading waits for one's own this many days.
const SECOND_READING_DAYS: i64 = 14;

#[derive(sqlx::FromRow)]
struct OwedRow {
    source_id: SourceId,
    number: i64,
    name: String,
    agreed_at: Timestamp,
    marketing_round: Option<i64>,
    technology_round: Option<i64>,
    marketing_at: Option<Timestamp>,
    technology_at: Option<Timestamp>,
    chair: Option<Chair>,
    member_id: Option<MemberId>,
}

/// The readings that somebody owes: the first of an agreed source, the answer to the other side's, and what
/// is outdated.
pub async fn owed_readings(reader: &impl Reader) -> Result<Vec<OwedReading>> {
    let rows: Vec<OwedRow> = reader
        .fetch_all(
            sql!(
                "select s.id as source_id, s.number, s.name, s.agreed_at, m.round as marketing_round,
                    t.round as technology_round, m.read_at as marketing_at, t.read_at as technology_at,
                    c.chair, c.member_id
                 from sources s
                 left join source_readings m on m.source_id = s.id and m.side = 'marketing' and m.replaced_at
                 is null
                    and m.round = (select max(x.round) from source_readings x where x.source_id = s.id
                        and x.side = 'marketing' and x.replaced_at is null)
                 left join source_readings t on t.source_id = s.id and t.side = 'technology' and t.replaced_at
                 is null
                    and t.round = (select max(x.round) from source_readings x where x.source_id = s.id
                        and x.side = 'technology' and x.replaced_at is null)
                 left join source_chairs c on c.source_id = s.id and c.until_at is null
                 where s.workspace_id = $1 and s.retired_at is null and s.agreed_at is not null
                 order by s.number, c.chair"
            ),
            Vec::new(),
        )
        .await?;
    let mut owed: Vec<OwedReading> = Vec::new();
    for row in &rows {
        for side in Side::BOTH {
            let due_on = row.due_on(side, reader);
            let at = owed
                .iter()
                .position(|owed| owed.source_id == row.source_id && owed.side == side);
            let at = at.unwrap_or_else(|| {
                owed.push(OwedReading {
                    source_id: row.source_id,
                    number: row.number,
                    source: row.name.clone(),
                    side,
                    due_on,
                    readers: Vec::new(),
                });
                owed.len() - 1
            });
            if let (Some(chair), Some(member)) = (row.chair, row.member_id)
                && chair.side() == side
                && chair.deputises().is_none()
            {
                owed[at].readers.push(member);
            }
        }
    }
    Ok(owed)
}

impl OwedRow {
    fn due_on(&self, side: Side, reader: &impl Reader) -> Day {
        let (own, other) = match side {
            Side::Marketing => (
                self.marketing_round.zip(self.marketing_at),
                self.technology_round.zip(self.technology_at),
            ),
            Side::Technology => (
                self.technology_round.zip(self.technology_at),
                self.marketing_round.zip(self.marketing_at),
            ),
        };
        match (own, other) {
            (None, None) => reader.day_of(self.agreed_at).plus(FIRST_READING_DAYS),
            (None, Some((_, at))) => reader.day_of(at).plus(SECOND_READING_DAYS),
            (Some((own, _)), Some((other, at))) if own < other => reader.day_of(at).plus(SECOND_READING_DAYS),
            (Some((own, at)), other) if other.is_none_or(|(other, _)| own > other) => {
                reader.day_of(at).plus(READING_DAYS)
            }
            (Some((_, own)), Some((_, other))) => reader.day_of(own.min(other)).plus(READING_DAYS),
            (Some((_, own)), None) => reader.day_of(own).plus(READING_DAYS),
        }
    }
}

/// What of it the viewer owes today, or soon.
pub async fn owed_readings_of(viewer: &Viewer, within: i64) -> Result<Vec<OwedReading>> {
    let soon = viewer.today().plus(within);
    let is_lead = viewer.signs_as() == crate::identity::Role::Lead;
    Ok(owed_readings(viewer)
        .await?
        .into_iter()
        .filter(|owed| Some(owed.side) == viewer.side() && owed.due_on <= soon)
        .filter(|owed| owed.readers.contains(&viewer.member_id()) || (owed.readers.is_empty() && is_lead))
        .collect())
}
