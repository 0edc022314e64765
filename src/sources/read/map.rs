//! The map: how every touchpoint stands in every source, and what of it whom may see.

use std::collections::HashMap;

use super::{EntryState, Source, Touchpoint, sources, touchpoints};
use crate::{
    args,
    handshake::text::SignedText as _,
    identity::{Reader, Side, Viewer},
    platform::{
        error::{Error, Result},
        ids::{MemberId, ProfileId, SourceId, TouchpointId},
        time::Timestamp,
    },
    sources::{Coverage, Stands, TouchpointStanding, WORD_DAYS, Word, coverage::Words, text::ProfileText},
    sql,
};

/// A word that one side said, and whether that is recent enough to count.
#[derive(Clone, Copy, Debug)]
pub struct MapWord {
    pub word: Word,
    pub said_at: Timestamp,
    holds: bool,
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
                 where p.workspace_id = $1 and p.ended_at is null and s.retired_at is null order by
                 p.offered_at, p.id"
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

/// The profile in the words that both leads signed last.
pub async fn profile_as_named(viewer: &Viewer) -> Result<Option<ProfileText>> {
    let signed: Option<(String,)> = viewer
        .fetch_optional(
            sql!(
                "select content from sealed_texts where workspace_id = $1 and kind = 'profile'
                 order by sealed_at desc limit 1"
            ),
            Vec::new(),
        )
        .await?;
    signed.map(|(text,)| ProfileText::read(&text)).transpose()
}

/// Since when a word must have been said to count today.
fn held_since(reader: &impl Reader) -> Timestamp {
    reader.start_of(reader.today().plus(-WORD_DAYS))
}

#[derive(sqlx::FromRow)]
struct StandingRow {
    /// The best of the lower words; none where no source has both.
    word: Option<Word>,
    by_marketing: bool,
    by_technology: bool,
}

/// [`Map::coverage`], counted by the database: at two hundred touchpoints and more than a hundred sources the
/// words are tens of thousands, and most pages ask for nothing but these counts.
pub async fn coverage(reader: &impl Reader) -> Result<Coverage> {
    let has_profile = profile(reader).await?.named.is_some();
    let rows: Vec<StandingRow> = reader
        .fetch_all(
            sql!(
                "with standing as materialized (
                    select t.id,
                        case when exists (select 1 from map_pairs p where p.touchpoint_id = t.id
                                and p.since >= $2 and p.marketing = 'joined' and p.technology = 'joined')
                                then 'joined'
                            when exists (select 1 from map_pairs p where p.touchpoint_id = t.id
                                and p.since >= $2 and p.marketing in ('recorded', 'joined') and p.technology in
                                ('recorded', 'joined'))
                                then 'recorded'
                            when exists (select 1 from map_pairs p where p.touchpoint_id = t.id
                                and p.since >= $2) then 'nothing'
                        end as word
                    from touchpoints t
                    where t.workspace_id = $1 and t.retired_at is null and t.taken_at is not null)
                 select s.word,
                    case s.word when 'joined' then true else
                        exists (select 1 from map_pairs p where p.touchpoint_id = s.id and p.since >= $2
                            and p.marketing = 'joined') end as by_marketing,
                    case s.word when 'joined' then true else
                        exists (select 1 from map_pairs p where p.touchpoint_id = s.id and p.since >= $2
                            and p.technology = 'joined') end as by_technology
                 from standing s"
            ),
            args![held_since(reader)],
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| TouchpointStanding {
            stands: row
                .word
                .map_or(Stands::NotSaid, |word| Stands::of(word, has_profile)),
            by_marketing: row.by_marketing && has_profile,
            by_technology: row.by_technology && has_profile,
        })
        .collect())
}

/// One side's equal words on a touchpoint: "12 1790000000000,7 1790000060000", each the number of a source
/// and when it was said.
#[derive(sqlx::FromRow)]
struct WordsRow {
    touchpoint_id: TouchpointId,
    side: Side,
    word: Word,
    said: String,
}

#[derive(sqlx::FromRow)]
struct SpeakerRow {
    source_id: SourceId,
    side: Side,
    who: String,
}

/// Whose word on a touchpoint it is, in every source in which a side has spoken.
pub async fn speakers_of(
    reader: &impl Reader,
    touchpoint: TouchpointId,
) -> Result<HashMap<(SourceId, Side), String>> {
    let rows: Vec<SpeakerRow> = reader
        .fetch_all(
            sql!(
                "select w.source_id, w.side, m.name as who from map_words w join people m on m.id = w.said_by
                 where w.workspace_id = $1 and w.touchpoint_id = $2 and w.replaced_at is null"
            ),
            args![touchpoint],
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| ((row.source_id, row.side), row.who))
        .collect())
}

/// The map: every touchpoint, every source that is not retired, and the words on them.
pub struct Map {
    pub touchpoints: Vec<Touchpoint>,
    pub sources: Vec<Source>,
    pub profile: Profile,
    /// Both sides' words: a row for each touchpoint, in it a cell for each source, in their order above.
    said: Vec<[Option<MapWord>; 2]>,
    row_of: HashMap<TouchpointId, usize>,
    column_of: HashMap<SourceId, usize>,
    /// How each touchpoint stands in all sources together.
    standing: Vec<TouchpointStanding>,
}

/// The words of a cell that count today.
fn words(both: &[Option<MapWord>; 2]) -> Words {
    let word = |side| {
        both[side as usize]
            .filter(|said| said.holds)
            .map(|said| said.word)
    };
    Words {
        marketing: word(Side::Marketing),
        technology: word(Side::Technology),
    }
}

impl Map {
    pub async fn read(reader: &impl Reader) -> Result<Self> {
        let mut sources = sources(reader).await?;
        sources.retain(|source| source.state != EntryState::Retired);
        let touchpoints = touchpoints(reader).await?;
        let row_of: HashMap<_, _> = (0..).zip(&touchpoints).map(|(at, one)| (one.id, at)).collect();
        let column_of = (0..).zip(&sources).map(|(at, one)| (one.id, at)).collect();
        let mut map = Self {
            said: vec![[None, None]; touchpoints.len() * sources.len()],
            touchpoints,
            sources,
            profile: profile(reader).await?,
            row_of,
            column_of,
            standing: Vec::new(),
        };
        map.read_words(reader).await?;
        let has_profile = map.profile.named.is_some();
        map.standing = (0..map.touchpoints.len())
            .map(|row| TouchpointStanding::of(map.cells(row).iter().map(words), has_profile))
            .collect();
        Ok(map)
    }

    /// Fills the cells. A row a word would be tens of thousands, each of which costs more than what it says.
    async fn read_words(&mut self, reader: &impl Reader) -> Result<()> {
        let rows: Vec<WordsRow> = reader
            .fetch_all(
                sql!(
                    "select w.touchpoint_id, w.side, w.word, string_agg(s.number || ' ' || w.said_at, ',') as
                     said
                     from map_words w join sources s on s.id = w.source_id
                     where w.touchpoint_id in (select id from touchpoints where workspace_id = $1)
                       and w.replaced_at is null and s.retired_at is null
                     group by w.touchpoint_id, w.side, w.word"
                ),
                Vec::new(),
            )
            .await?;
        let since = held_since(reader);
        let columns: HashMap<i64, usize> = (0..)
            .zip(&self.sources)
            .map(|(at, source)| (source.number, at))
            .collect();
        for row in rows {
            let Some(at) = self.row_of.get(&row.touchpoint_id) else {
                continue;
            };
            for said in row.said.split(',') {
                let Some((number, said_at)) = said.split_once(' ') else {
                    continue;
                };
                let column = number.parse().ok().and_then(|number: i64| columns.get(&number));
                let (Some(column), Ok(millis)) = (column, said_at.parse()) else {
                    continue;
                };
                let said_at = Timestamp::from_millis(millis);
                self.said[at * self.sources.len() + column][row.side as usize] = Some(MapWord {
                    word: row.word,
                    said_at,
                    holds: said_at >= since,
                });
            }
        }
        Ok(())
    }

    /// What counts: in force today.
    pub fn in_force(&self) -> impl Iterator<Item = &Touchpoint> {
        self.touchpoints
            .iter()
            .filter(|touchpoint| touchpoint.is_in_force())
    }

    /// What was said of a touchpoint, in every source.
    fn cells(&self, row: usize) -> &[[Option<MapWord>; 2]] {
        let columns = self.sources.len();
        &self.said[row * columns..(row + 1) * columns]
    }

    /// What was said of a touchpoint in a source, whether it still counts or not.
    fn both(&self, touchpoint: TouchpointId, source: SourceId) -> Option<&[Option<MapWord>; 2]> {
        let (row, column) = (self.row_of.get(&touchpoint)?, self.column_of.get(&source)?);
        self.cells(*row).get(*column)
    }

    fn holding(&self, touchpoint: TouchpointId, source: SourceId, side: Side) -> Option<MapWord> {
        self.both(touchpoint, source)?[side as usize].filter(|said| said.holds)
    }

    /// How one touchpoint stands in one source.
    pub fn cell(&self, touchpoint: TouchpointId, source: SourceId) -> Stands {
        self.both(touchpoint, source).map_or(Stands::NotSaid, |both| {
            words(both).stands(self.profile.named.is_some())
        })
    }

    /// How a touchpoint stands in all of them.
    pub fn stands(&self, touchpoint: TouchpointId) -> Stands {
        self.row_of
            .get(&touchpoint)
            .map_or(Stands::NotSaid, |row| self.standing[*row].stands)
    }

    pub fn coverage(&self) -> Coverage {
        self.touchpoints
            .iter()
            .zip(&self.standing)
            .filter(|(touchpoint, _)| touchpoint.is_in_force())
            .map(|(_, standing)| *standing)
            .collect()
    }

    /// The words that somebody may see: their own side's always, the other's once their own has spoken; both,
    /// for who is of neither side, once both have spoken.
    pub fn seen(&self, viewer: &Viewer, touchpoint: TouchpointId, source: SourceId) -> [Option<MapWord>; 2] {
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
    pub fn outdated(&self, side: Side, touchpoint: TouchpointId, source: SourceId) -> Option<MapWord> {
        self.both(touchpoint, source)?[side as usize].filter(|said| !said.holds)
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
