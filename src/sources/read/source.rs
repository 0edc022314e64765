//! Sources, where their entries are on their way, and who sits on their chairs.

use std::collections::HashMap;

use crate::{
    args,
    handshake::{
        Kind,
        read::{Standing, StandingRow, last_sealed},
        text::SignedText as _,
    },
    identity::{Reader, Side, Viewer},
    platform::{
        error::Result,
        ids::{MemberId, SourceId, TechnologyId},
        time::Timestamp,
    },
    sources::{Chair, PersonalForm, Sensitivity, text::SourceText},
    sql,
};

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
    /// The number of the text that both signed last.
    pub agreed_version: Option<i64>,
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

    /// Whether both holders signed it exactly as it says today.
    pub fn is_agreed_as_it_stands(&self) -> bool {
        self.state == EntryState::Agreed
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
            agreed_version: row.agreed_version,
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

/// The entry as both signed it last, with when.
pub async fn agreed(viewer: &Viewer, source: SourceId) -> Result<Option<(SourceText, Timestamp)>> {
    let found = last_sealed(viewer, Kind::Source, source.uuid()).await?;
    found
        .map(|(content, at)| Ok((SourceText::read(&content)?, at)))
        .transpose()
}
