//! What the pages of the room ask, and what others ask of sources.

use std::collections::HashMap;

use super::{
    Chair, Channel, Coverage, PersonalForm, Sensitivity, Stage, Stands, WORD_DAYS, Word,
    coverage::{Words, best},
    text::UseText,
    uses::{self, Article9, Basis, Kept, KeptAfter, KeptThen, Purpose},
};
use crate::{
    args,
    handshake::{
        Kind,
        read::{Standing, StandingRow},
    },
    identity::{Reader, Side, Transaction, Viewer},
    platform::{
        db::Snapshot,
        error::{Error, Result},
        ids::{MemberId, ProfileId, SourceId, TechnologyId, TouchpointId, UseId},
        time::{Day, Timestamp},
    },
    sql,
};

/// A place where customers meet us.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Touchpoint {
    pub id: TouchpointId,
    pub number: i64,
    pub name: String,
    pub stage: Stage,
    pub channel: Channel,
    pub answers_id: Option<MemberId>,
    pub answers: Option<String>,
    /// A month.
    pub contacts: Option<i64>,
    pub counted_on: Option<Day>,
    pub known_by: String,
    pub about: String,
    pub taken_at: Option<Timestamp>,
    pub retired_at: Option<Timestamp>,
    pub retired_because: Option<String>,
    pub version: i64,
}

impl Touchpoint {
    pub fn path(&self) -> String {
        format!("sources/touchpoints/{}", self.number)
    }

    pub const fn is_in_force(&self) -> bool {
        self.taken_at.is_some() && self.retired_at.is_none()
    }
}

/// The touchpoints, in the order of a customer's way.
pub async fn touchpoints(reader: &impl Reader) -> Result<Vec<Touchpoint>> {
    let mut all: Vec<Touchpoint> = reader
        .fetch_all(
            sql!(
                "select t.id, t.number, t.name, t.stage, t.channel, t.answers_id, m.name as answers, t.contacts,
                    t.counted_on, t.known_by, t.about, t.taken_at, t.retired_at, t.retired_because, t.version
                 from touchpoints t left join people m on m.id = t.answers_id
                 where t.workspace_id = $1 order by t.name_key, t.number limit 1000"
            ),
            Vec::new(),
        )
        .await?;
    all.sort_by_key(|touchpoint| touchpoint.stage);
    Ok(all)
}

/// Somebody on a chair, or who was.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Holder {
    pub source_id: SourceId,
    pub chair: Chair,
    pub member_id: MemberId,
    pub name: String,
    pub from_at: Timestamp,
    pub until_at: Option<Timestamp>,
    pub left_because: Option<String>,
}

#[derive(Clone, Debug, sqlx::FromRow)]
struct SourceRow {
    id: SourceId,
    number: i64,
    name: String,
    holds: String,
    technology_id: Option<TechnologyId>,
    technology: Option<String>,
    technology_number: Option<i64>,
    sensitivity: Option<Sensitivity>,
    form: Option<PersonalForm>,
    people: String,
    kinds_of_data: String,
    is_special: bool,
    kept_in: String,
    refreshed: String,
    protection: String,
    agreed_at: Option<Timestamp>,
    agreed_version: Option<i64>,
    retired_at: Option<Timestamp>,
    retired_because: Option<String>,
    version: i64,
    #[sqlx(flatten)]
    standing: StandingRow,
}

/// Where a source's entry is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryState {
    Draft,
    Offered,
    Objected,
    Agreed,
    /// Agreed, and changed since; the newer text is not offered.
    Changed,
    /// Agreed, and a newer text waits to be signed.
    ChangeOffered,
    /// Agreed, and a side objected to a newer text.
    ChangeObjected,
    Retired,
}

impl EntryState {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "Draft",
            Self::Offered => "Waits for signatures",
            Self::Objected => "Objected to",
            Self::Agreed => "Agreed",
            Self::Changed => "Agreed; changed since",
            Self::ChangeOffered => "Agreed; a newer text waits",
            Self::ChangeObjected => "Agreed; a newer text is objected to",
            Self::Retired => "Retired",
        }
    }
}

/// A place where data about customers lives, and who answers for it.
#[derive(Clone, Debug)]
pub struct Source {
    pub id: SourceId,
    pub number: i64,
    pub name: String,
    pub holds: String,
    pub technology_id: Option<TechnologyId>,
    /// Its name and number in the register.
    pub technology: Option<(String, i64)>,
    pub sensitivity: Option<Sensitivity>,
    pub form: Option<PersonalForm>,
    pub people: String,
    pub kinds_of_data: String,
    pub is_special: bool,
    pub kept_in: String,
    pub refreshed: String,
    pub protection: String,
    pub agreed_at: Option<Timestamp>,
    pub retired: Option<(Timestamp, String)>,
    pub version: i64,
    pub state: EntryState,
    pub standing: Option<Standing>,
    /// Who sits on its chairs today.
    pub chairs: Vec<Holder>,
}

impl Source {
    pub fn path(&self) -> String {
        format!("sources/{}", self.number)
    }

    pub fn holder(&self, chair: Chair) -> Option<&Holder> {
        self.chairs.iter().find(|holder| holder.chair == chair)
    }

    /// The chairs that must be held and are empty.
    pub fn vacant(&self) -> Vec<Chair> {
        Chair::ALL
            .iter()
            .copied()
            .filter(|chair| chair.is_needed() && self.holder(*chair).is_none())
            .collect()
    }

    /// What is missing before the entry can be offered.
    pub fn gaps(&self) -> Vec<&'static str> {
        let mut gaps = Vec::new();
        if self.holder(Chair::Owner).is_none() {
            gaps.push("an owner");
        }
        if self.holder(Chair::Custodian).is_none() {
            gaps.push("a custodian");
        }
        if self.sensitivity.is_none() {
            gaps.push("its sensitivity");
        }
        if self.form.is_none() {
            gaps.push("how people appear in it");
        }
        gaps
    }

    /// Whoever speaks of this source for a side.
    pub fn speakers(&self, side: Side) -> Vec<MemberId> {
        self.chairs
            .iter()
            .filter(|holder| holder.chair.side() == side)
            .map(|holder| holder.member_id)
            .collect()
    }

    fn of(row: SourceRow, chairs: Vec<Holder>) -> Self {
        let standing = row.standing.standing();
        let is_objected = standing
            .as_ref()
            .is_some_and(|standing| standing.disputing().is_some());
        let is_offered = standing.as_ref().is_some_and(|standing| !standing.is_sealed());
        let state = if row.retired_at.is_some() {
            EntryState::Retired
        } else if row.agreed_version == Some(row.version) {
            EntryState::Agreed
        } else if row.agreed_at.is_some() && is_objected {
            EntryState::ChangeObjected
        } else if row.agreed_at.is_some() && is_offered {
            EntryState::ChangeOffered
        } else if row.agreed_at.is_some() {
            EntryState::Changed
        } else if is_objected {
            EntryState::Objected
        } else if is_offered {
            EntryState::Offered
        } else {
            EntryState::Draft
        };
        Self {
            id: row.id,
            number: row.number,
            name: row.name,
            holds: row.holds,
            technology_id: row.technology_id,
            technology: row.technology.zip(row.technology_number),
            sensitivity: row.sensitivity,
            form: row.form,
            people: row.people,
            kinds_of_data: row.kinds_of_data,
            is_special: row.is_special,
            kept_in: row.kept_in,
            refreshed: row.refreshed,
            protection: row.protection,
            agreed_at: row.agreed_at,
            retired: row.retired_at.zip(row.retired_because),
            version: row.version,
            state,
            standing,
            chairs,
        }
    }
}

macro_rules! sources_where {
    ($rest:literal) => {
        concat!(
            "select s.id, s.number, s.name, s.holds, s.technology_id, g.name as technology,
                g.number as technology_number, s.sensitivity, s.form, s.people, s.kinds_of_data, s.is_special,
                s.kept_in, s.refreshed, s.protection, s.agreed_at, s.agreed_version, s.retired_at,
                s.retired_because, s.version, ",
            crate::seat_columns!(),
            "from sources s left join technology_facts g on g.id = s.technology_id
             left join tabled_handshakes h on h.kind = 'source' and h.subject_id = s.id ",
            crate::seat_joins!(),
            "where s.workspace_id = $1 ",
            $rest
        )
    };
}

/// Every source, in the order of their names.
pub async fn sources(reader: &impl Reader) -> Result<Vec<Source>> {
    let rows: Vec<SourceRow> = reader
        .fetch_all(
            sql!(sources_where!("order by s.name_key, s.number limit 1000")),
            Vec::new(),
        )
        .await?;
    let mut chairs: HashMap<SourceId, Vec<Holder>> = HashMap::new();
    for holder in seated(reader).await? {
        chairs.entry(holder.source_id).or_default().push(holder);
    }
    Ok(rows
        .into_iter()
        .map(|row| {
            let of = chairs.remove(&row.id).unwrap_or_default();
            Source::of(row, of)
        })
        .collect())
}

async fn seated(reader: &impl Reader) -> Result<Vec<Holder>> {
    reader
        .fetch_all(
            sql!(
                "select c.source_id, c.chair, c.member_id, m.name, c.from_at, c.until_at, c.left_because
                 from source_chairs c join people m on m.id = c.member_id
                 where c.workspace_id = $1 and c.until_at is null"
            ),
            Vec::new(),
        )
        .await
}

pub async fn source(viewer: &Viewer, number: i64) -> Result<Source> {
    let row: SourceRow = viewer
        .fetch_one(sql!(sources_where!("and s.number = $2")), args![number])
        .await?;
    let mut chairs = seated(viewer).await?;
    chairs.retain(|holder| holder.source_id == row.id);
    Ok(Source::of(row, chairs))
}

/// Who ever sat on a source's chairs, the newest first.
pub async fn seats_ever(viewer: &Viewer, source: SourceId) -> Result<Vec<Holder>> {
    viewer
        .fetch_all(
            sql!(
                "select c.source_id, c.chair, c.member_id, m.name, c.from_at, c.until_at, c.left_because
                 from source_chairs c join people m on m.id = c.member_id
                 where c.workspace_id = $1 and c.source_id = $2 order by c.from_at desc, c.id desc limit 200"
            ),
            args![source],
        )
        .await
}

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

    /// The words that somebody may see: their own side's always, the other's once their own has spoken; both, for who
    /// is of neither side, once both have spoken.
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

    /// Contacts a month of the joined ones, of all, and of how many touchpoints they are known; none below half.
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

#[derive(Clone, Debug, sqlx::FromRow)]
struct UseRow {
    id: UseId,
    source_id: SourceId,
    number: i64,
    name: String,
    purpose: Purpose,
    in_words: String,
    basis: Option<Basis>,
    rests_on: String,
    article_9: Option<Article9>,
    kept_after: Option<KeptAfter>,
    kept_months: Option<i64>,
    kept_then: Option<KeptThen>,
    archived_under: String,
    recipients: String,
    countries: String,
    safeguard: String,
    version: i64,
}

/// What a source's data is used for.
#[derive(Clone, Debug)]
pub struct Use {
    pub id: UseId,
    pub source_id: SourceId,
    pub number: i64,
    pub name: String,
    pub purpose: Purpose,
    pub in_words: String,
    pub basis: Option<Basis>,
    pub rests_on: String,
    pub article_9: Option<Article9>,
    pub kept: Option<Kept>,
    pub archived_under: String,
    pub recipients: String,
    pub countries: String,
    pub safeguard: String,
    pub version: i64,
}

impl Use {
    /// What of it is empty that the record needs.
    pub fn missing(&self, is_special: bool) -> Vec<&'static str> {
        uses::missing(
            (self.basis, &self.rests_on),
            (self.article_9, is_special),
            self.kept,
        )
    }

    pub fn text(&self) -> UseText {
        UseText {
            number: self.number,
            name: self.name.clone(),
            purpose: self.purpose,
            in_words: self.in_words.clone(),
            basis: self.basis,
            rests_on: self.rests_on.clone(),
            article_9: self.article_9,
            kept: self.kept.map_or_else(String::new, Kept::label),
            archived_under: self.archived_under.clone(),
            recipients: self.recipients.clone(),
            countries: self.countries.clone(),
            safeguard: self.safeguard.clone(),
        }
    }
}

impl From<UseRow> for Use {
    fn from(row: UseRow) -> Self {
        let kept = row
            .kept_after
            .zip(row.kept_months)
            .zip(row.kept_then)
            .map(|((after, months), then)| Kept { after, months, then });
        Self {
            id: row.id,
            source_id: row.source_id,
            number: row.number,
            name: row.name,
            purpose: row.purpose,
            in_words: row.in_words,
            basis: row.basis,
            rests_on: row.rests_on,
            article_9: row.article_9,
            kept,
            archived_under: row.archived_under,
            recipients: row.recipients,
            countries: row.countries,
            safeguard: row.safeguard,
            version: row.version,
        }
    }
}

macro_rules! uses_where {
    ($rest:literal) => {
        concat!(
            "select id, source_id, number, name, purpose, in_words, basis, rests_on, article_9, kept_after, kept_months,
                kept_then, archived_under, recipients, countries, safeguard, version
             from source_uses where removed_at is null ",
            $rest
        )
    };
}

/// The uses of every source.
pub async fn uses(reader: &impl Reader) -> Result<Vec<Use>> {
    let rows: Vec<UseRow> = reader
        .fetch_all(
            sql!(uses_where!(
                "and workspace_id = $1 order by source_id, number limit 20000"
            )),
            Vec::new(),
        )
        .await?;
    Ok(rows.into_iter().map(Use::from).collect())
}

/// The uses of one source, as a transaction finds them.
pub(super) async fn uses_in(tx: &mut Transaction, source: SourceId) -> Result<Vec<Use>> {
    let rows: Vec<UseRow> = tx
        .fetch_all(
            sql!(uses_where!(
                "and workspace_id = $1 and source_id = $2 order by number"
            )),
            args![source],
        )
        .await?;
    Ok(rows.into_iter().map(Use::from).collect())
}

/// The uses of every workspace, in a snapshot.
pub(super) async fn uses_of_all(snapshot: &Snapshot) -> Result<Vec<Use>> {
    let rows: Vec<UseRow> = snapshot
        .fetch_all(sql!(uses_where!("order by source_id, number")), Vec::new())
        .await?;
    Ok(rows.into_iter().map(Use::from).collect())
}

/// Who answers for the processing.
#[derive(Clone, Debug, Default, sqlx::FromRow)]
pub struct RecordHead {
    pub controller: String,
    pub joint_controller: String,
    pub representative: String,
    pub officer: String,
    pub version: i64,
}

pub async fn record_head(viewer: &Viewer) -> Result<RecordHead> {
    let head = viewer
        .fetch_optional(
            sql!(
                "select controller, joint_controller, representative, officer, version from record_heads
                 where workspace_id = $1"
            ),
            Vec::new(),
        )
        .await?;
    Ok(head.unwrap_or_default())
}

/// The entry as both signed it last, with when.
pub async fn agreed(
    viewer: &Viewer,
    source: SourceId,
) -> Result<Option<(super::text::SourceText, Timestamp)>> {
    use crate::handshake::text::SignedText as _;
    let found = crate::handshake::read::last_sealed(viewer, Kind::Source, source.uuid()).await?;
    found
        .map(|(content, at)| Ok((super::text::SourceText::read(&content)?, at)))
        .transpose()
}
