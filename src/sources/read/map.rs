//! The map: how every touchpoint stands in every source, and what of it whom may see.

use std::collections::HashMap;

use super::{EntryState, Source, Touchpoint, sources, touchpoints};
use crate::{
    identity::{Reader, Side, Viewer},
    platform::{
        error::{Error, Result},
        ids::{MemberId, ProfileId, SourceId, TouchpointId},
        time::{Day, Timestamp},
    },
    sources::{
        Coverage, Stands, WORD_DAYS, Word,
        coverage::{Words, best},
    },
    sql,
};

/// A word that one side said.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct MapWord {
    pub touchpoint_id: TouchpointId,
    pub source_id: SourceId,
    pub side: Side,
    pub word: Word,
    pub said_at: Timestamp,
    pub who: String,
}

/// The profile, and what lies before both leads.
#[derive(Clone, Debug, sqlx::FromRow)]
struct ProfileRow {
    id: ProfileId,
    source_id: SourceId,
    named_at: Option<Timestamp>,
}

/// Which source is the profile, and which is proposed to be.
#[derive(Clone, Copy, Debug, Default)]
pub struct Profile {
    pub named: Option<SourceId>,
    pub offered: Option<(ProfileId, SourceId)>,
}

pub async fn profile(reader: &impl Reader) -> Result<Profile> {
    let rows: Vec<ProfileRow> = reader
        .fetch_all(
            sql!(
                "select p.id, p.source_id, p.named_at from source_profiles p
                 join sources s on s.id = p.source_id
                 where p.workspace_id = $1 and p.ended_at is null and s.retired_at is null order by p.offered_at, p.id"
            ),
            Vec::new(),
        )
        .await?;
    Ok(Profile {
        named: rows
            .iter()
            .find(|row| row.named_at.is_some())
            .map(|row| row.source_id),
        offered: rows
            .iter()
            .rfind(|row| row.named_at.is_none())
            .map(|row| (row.id, row.source_id)),
    })
}

/// The map: every touchpoint, every source that is not retired, and the words on them that hold today.
pub struct Map {
    pub touchpoints: Vec<Touchpoint>,
    pub sources: Vec<Source>,
    pub profile: Profile,
    said: HashMap<(TouchpointId, SourceId), [Option<MapWord>; 2]>,
    today: Day,
    days: HashMap<(TouchpointId, SourceId, Side), Day>,
    /// How each touchpoint stands in all sources together.
    standing: HashMap<TouchpointId, Stands>,
}

/// Whether a word said on a day holds on another.
fn holds(said_on: Day, today: Day) -> bool {
    today.days_since(said_on) <= WORD_DAYS
}

impl Map {
    pub async fn read(reader: &impl Reader) -> Result<Self> {
        let said: Vec<MapWord> = reader
            .fetch_all(
                sql!(
                    "select w.touchpoint_id, w.source_id, w.side, w.word, w.said_at, m.name as who from map_words w
                     join people m on m.id = w.said_by where w.workspace_id = $1 and w.replaced_at is null"
                ),
                Vec::new(),
            )
            .await?;
        let mut cells: HashMap<(TouchpointId, SourceId), [Option<MapWord>; 2]> = HashMap::new();
        let mut days = HashMap::new();
        for one in said {
            days.insert(
                (one.touchpoint_id, one.source_id, one.side),
                reader.day_of(one.said_at),
            );
            let cell = cells.entry((one.touchpoint_id, one.source_id)).or_default();
            let side = one.side;
            cell[side as usize] = Some(one);
        }
        let mut sources = sources(reader).await?;
        sources.retain(|source| source.state != EntryState::Retired);
        let mut map = Self {
            touchpoints: touchpoints(reader).await?,
            sources,
            profile: profile(reader).await?,
            said: cells,
            today: reader.today(),
            days,
            standing: HashMap::new(),
        };
        map.standing = map
            .touchpoints
            .iter()
            .map(|touchpoint| {
                let row = map.row(touchpoint.id);
                (touchpoint.id, best(&row, map.profile.named.is_some()))
            })
            .collect();
        Ok(map)
    }

    /// What counts: in force today.
    pub fn in_force(&self) -> impl Iterator<Item = &Touchpoint> {
        self.touchpoints
            .iter()
            .filter(|touchpoint| touchpoint.is_in_force())
    }

    fn holding(&self, touchpoint: TouchpointId, source: SourceId, side: Side) -> Option<&MapWord> {
        let said = self.said.get(&(touchpoint, source))?[side as usize].as_ref()?;
        let on = self.days.get(&(touchpoint, source, side))?;
        holds(*on, self.today).then_some(said)
    }

    fn words(&self, touchpoint: TouchpointId, source: SourceId) -> Words {
        let word = |side| self.holding(touchpoint, source, side).map(|said| said.word);
        Words {
            marketing: word(Side::Marketing),
            technology: word(Side::Technology),
        }
    }

    fn row(&self, touchpoint: TouchpointId) -> Vec<Words> {
        self.sources
            .iter()
            .map(|source| self.words(touchpoint, source.id))
            .collect()
    }

    /// How one touchpoint stands in one source.
    pub fn cell(&self, touchpoint: TouchpointId, source: SourceId) -> Stands {
        self.words(touchpoint, source)
            .stands(self.profile.named.is_some())
    }

    /// How a touchpoint stands in all of them.
    pub fn stands(&self, touchpoint: TouchpointId) -> Stands {
        self.standing.get(&touchpoint).copied().unwrap_or(Stands::NotSaid)
    }

    pub fn coverage(&self) -> Coverage {
        let rows: Vec<Vec<Words>> = self
            .in_force()
            .map(|touchpoint| self.row(touchpoint.id))
            .collect();
        Coverage::of(rows.iter().map(Vec::as_slice), self.profile.named.is_some())
    }

    /// The words that somebody may see: their own side's always, the other's once their own has spoken; both,
    /// for who is of neither side, once both have spoken.
    pub fn seen(&self, viewer: &Viewer, touchpoint: TouchpointId, source: SourceId) -> [Option<&MapWord>; 2] {
        let said = |side| self.holding(touchpoint, source, side);
        let both = [said(Side::Marketing), said(Side::Technology)];
        match viewer.side() {
            _ if both.iter().all(Option::is_some) => both,
            Some(Side::Marketing) => [both[0], None],
            Some(Side::Technology) => [None, both[1]],
            None => [None, None],
        }
    }

    /// A side's word on it that holds.
    pub fn own_word(&self, side: Side, touchpoint: TouchpointId, source: SourceId) -> Option<Word> {
        self.holding(touchpoint, source, side).map(|said| said.word)
    }

    /// Whether a side's word on it holds.
    pub fn has_word(&self, side: Side, touchpoint: TouchpointId, source: SourceId) -> bool {
        self.holding(touchpoint, source, side).is_some()
    }

    /// The word of one's own side that held before and is too old now.
    pub fn outdated(&self, side: Side, touchpoint: TouchpointId, source: SourceId) -> Option<&MapWord> {
        let said = self.said.get(&(touchpoint, source))?[side as usize].as_ref()?;
        let on = self.days.get(&(touchpoint, source, side))?;
        (!holds(*on, self.today)).then_some(said)
    }

    /// The source whose tie to the profile would add most, and the touchpoints that it would add.
    pub fn moves_most(&self) -> Option<(&Source, Vec<&Touchpoint>)> {
        let profile = self.profile.named?;
        let mut best: Option<(&Source, Vec<&Touchpoint>)> = None;
        for source in self.sources.iter().filter(|source| source.id != profile) {
            let adds: Vec<&Touchpoint> = self
                .in_force()
                .filter(|touchpoint| {
                    self.cell(touchpoint.id, source.id) == Stands::Recorded
                        && self.stands(touchpoint.id) != Stands::Joined
                })
                .collect();
            if !adds.is_empty() && best.as_ref().is_none_or(|(_, most)| adds.len() > most.len()) {
                best = Some((source, adds));
            }
        }
        best
    }

    /// Contacts a month of the joined ones, of all, and of how many touchpoints they are known; none below
    /// half.
    pub fn contacts(&self) -> Option<(i64, i64, usize)> {
        let known: Vec<&Touchpoint> = self
            .in_force()
            .filter(|touchpoint| touchpoint.contacts.is_some())
            .collect();
        let sum = |joined: bool| {
            known
                .iter()
                .filter(|touchpoint| !joined || self.stands(touchpoint.id) == Stands::Joined)
                .filter_map(|touchpoint| touchpoint.contacts)
                .sum::<i64>()
        };
        let all = sum(false);
        (all > 0 && known.len() * 2 >= self.in_force().count()).then(|| (sum(true), all, known.len()))
    }

    pub fn touchpoint(&self, number: i64) -> Result<&Touchpoint> {
        self.touchpoints
            .iter()
            .find(|touchpoint| touchpoint.number == number)
            .ok_or(Error::NotFound)
    }

    pub fn profile_source(&self) -> Option<&Source> {
        let named = self.profile.named?;
        self.sources.iter().find(|source| source.id == named)
    }

    /// Who speaks for a side of a touchpoint in a source.
    pub fn speakers(touchpoint: &Touchpoint, source: &Source, side: Side) -> Vec<MemberId> {
        let mut speakers = source.speakers(side);
        if side == Side::Marketing {
            speakers.extend(touchpoint.answers_id);
        }
        speakers
    }
}
