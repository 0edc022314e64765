//! What somebody answers for, and handing it to somebody else of their side before they leave or move.

use super::{
    read::Member,
    write::{one_in, require_of_side},
};
use crate::{
    identity::Transaction,
    platform::{
        error::{Error, Result},
        ids::MemberId,
    },
    text_enum,
};

text_enum! {
    /// The kinds of things that people answer for, in the order in which they are listed.
    pub enum HoldingKind {
        Initiative = "initiative",
        Milestone = "milestone",
        Checkpoint = "checkpoint",
        Kpi = "kpi",
        Goal = "goal",
        Decision = "decision",
        Technology = "technology",
        Action = "action",
        Chair = "chair",
    }
}

impl HoldingKind {
    /// Within a sentence.
    pub fn noun(self) -> String {
        match self {
            Self::Kpi => self.plural().to_owned(),
            _ => self.plural().to_lowercase(),
        }
    }

    /// As a heading.
    pub const fn plural(self) -> &'static str {
        match self {
            Self::Initiative => "Initiatives",
            Self::Milestone => "Milestones",
            Self::Checkpoint => "Checkpoints",
            Self::Kpi => "KPIs",
            Self::Goal => "Goals",
            Self::Decision => "Decisions",
            Self::Technology => "Technologies",
            Self::Action => "Actions from reviews",
            Self::Chair => "Chairs and touchpoints",
        }
    }
}

impl HoldingKind {
    /// The room in which things of this kind have their pages.
    const fn room(self) -> &'static str {
        match self {
            Self::Initiative => "initiatives",
            Self::Milestone | Self::Checkpoint => "milestones",
            Self::Kpi => "kpis",
            Self::Goal => "goals",
            Self::Decision => "decisions",
            Self::Technology => "technologies",
            Self::Action => "reviews",
            Self::Chair => "sources",
        }
    }

    /// Things of this kind, by the numbers of their pages and their titles.
    pub fn holdings(self, rows: Vec<(i64, String)>) -> Vec<Holding> {
        rows.into_iter()
            .map(|(number, label)| Holding {
                kind: self,
                path: format!("{}/{number}", self.room()),
                label,
            })
            .collect()
    }
}

/// One thing that somebody answers for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holding {
    pub kind: HoldingKind,
    /// Its page, relative to the workspace.
    pub path: String,
    pub label: String,
}

/// Who takes what somebody answered for: a working member of the same side, as this transaction found.
#[derive(Clone, Copy, Debug)]
pub struct Succession {
    from: MemberId,
    to: MemberId,
}

impl Succession {
    /// From `leaving` to `to`, chosen in `field`.
    pub async fn of(tx: &mut Transaction, leaving: &Member, field: &str, to: MemberId) -> Result<Self> {
        if to == leaving.id {
            return Err(Error::invalid(field, "Choose somebody else."));
        }
        let next = one_in(tx, to).await.map_err(|error| match error {
            Error::NotFound => Error::invalid(field, "Choose somebody from the list."),
            error => error,
        })?;
        require_of_side(tx, field, next.id, leaving.side).await?;
        Ok(Self {
            from: leaving.id,
            to: next.id,
        })
    }

    pub const fn from(&self) -> MemberId {
        self.from
    }

    pub const fn to(&self) -> MemberId {
        self.to
    }

    /// Whoever answers for it now, where `holder` answered for it before.
    pub fn holder(&self, holder: MemberId) -> MemberId {
        if holder == self.from { self.to } else { holder }
    }
}
