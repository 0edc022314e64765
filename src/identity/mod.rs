//! Who is asking, and what they may do.
//!
//! An *account* is a person with an address and a password. A *member* is that person in one workspace, with
//! a *side* (observers may have none) and a *role*: `lead` (the CMO or the CIO, exactly one per side),
//! `manager` (may sign for their side), `contributor` (updates work), `observer` (reads). Administration is a
//! flag beside the role.
//!
//! A [`Viewer`] is a member asking for something. Nothing of a workspace is reached except through one, so
//! what is not the viewer's is not found. [`policy`] is the one table of what a viewer may do; its answer, a
//! [`Permit`], is the only thing with which a [`Transaction`] commits. Jobs have no member: they run as the
//! [`SystemActor`], which reminds and judges nothing.
//!
//! Knows no room: it reads members through the views that their room publishes.

#[cfg(feature = "ssr")]
pub mod drafts;

#[cfg(feature = "ssr")]
pub mod page;

#[cfg(feature = "ssr")]
pub mod passwords;

#[cfg(feature = "ssr")]
pub mod policy;

#[cfg(feature = "ssr")]
pub mod reader;

#[cfg(feature = "ssr")]
pub mod sessions;
#[cfg(feature = "ssr")]
mod visits;

#[cfg(feature = "ssr")]
pub mod system;

#[cfg(feature = "ssr")]
pub mod throttle;

#[cfg(feature = "ssr")]
pub mod tokens;

#[cfg(feature = "ssr")]
pub mod transaction;

#[cfg(feature = "ssr")]
pub mod viewer;

#[cfg(feature = "ssr")]
pub use page::{FormResponse, Page, Redirect, given_back, respond};

#[cfg(feature = "ssr")]
pub use policy::{Action, Permit};

#[cfg(feature = "ssr")]
pub use reader::Reader;

#[cfg(feature = "ssr")]
pub use system::SystemActor;

#[cfg(feature = "ssr")]
pub use transaction::Transaction;

#[cfg(feature = "ssr")]
pub use viewer::Viewer;

#[cfg(feature = "ssr")]
use crate::platform::ids::MemberId;

use crate::text_enum;

text_enum! {
    pub enum Side { Marketing = "marketing", Technology = "technology" }
}

impl Side {
    pub const BOTH: [Self; 2] = [Self::Marketing, Self::Technology];

    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Marketing => Self::Technology,
            Self::Technology => Self::Marketing,
        }
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Marketing => "Marketing",
            Self::Technology => "Technology",
        }
    }
}

text_enum! {
    pub enum Role { Lead = "lead", Manager = "manager", Contributor = "contributor", Observer = "observer" }
}

impl Role {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Lead => "Lead",
            Self::Manager => "Manager",
            Self::Contributor => "Contributor",
            Self::Observer => "Observer",
        }
    }

    /// What the role is for, where one is chosen.
    pub const fn purpose(self) -> &'static str {
        match self {
            Self::Lead => "ratifies the definition and answers for the side",
            Self::Manager => "signs technology choices for the side",
            Self::Contributor => "updates work",
            Self::Observer => "reads",
        }
    }
}

text_enum! {
    /// Who may fill the seats of a kind of thing.
    pub enum Seats { Leads = "leads", Signers = "signers", Owners = "owners" }
}

#[cfg(feature = "ssr")]
impl Seats {
    /// Whether a person with this role may sign for their own side; `owner` is their side's named owner.
    pub fn may_fill(self, role: Role, member: MemberId, owner: Option<MemberId>) -> bool {
        match self {
            Self::Leads => role == Role::Lead,
            Self::Signers => matches!(role, Role::Lead | Role::Manager),
            Self::Owners => role != Role::Observer && (owner == Some(member) || role == Role::Lead),
        }
    }
}

/// What somebody is in a workspace.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Part {
    pub side: Option<Side>,
    pub role: Role,
    pub is_admin: bool,
}

/// Over whose signing seats a part has power.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Power {
    None,
    Over(Side),
    OverBoth,
}

impl Part {
    /// Who contributes to a side may come to sign for it, an administrator of a side gives its parts, and an
    /// administrator of neither gives those of both.
    pub const fn power(self) -> Power {
        match (self.side, self.role, self.is_admin) {
            (_, Role::Observer, false) => Power::None,
            (Some(side), ..) => Power::Over(side),
            (None, ..) => Power::OverBoth,
        }
    }

    pub fn label(self) -> String {
        let part = self.side.map_or_else(
            || self.role.name().to_owned(),
            |side| format!("{}, {}", self.role.name(), side.name()),
        );
        if self.is_admin {
            format!("{part}, administrator")
        } else {
            part
        }
    }
}
