//! Sources: where customers meet us, where data about them lives, and who answers for it.
//!
//! A *touchpoint* is a place where customers meet us, in a stage of their way, which a company may call as it
//! likes. Somebody of Marketing answers for it. Named by Technology it is a suggestion until Marketing takes
//! it; retired it keeps its page. It names the clauses of the definition that are kept there. A *source* is a
//! place where data about customers lives. It has *chairs*: the owner and the steward are of Marketing, the
//! custodian is of Technology, and owner and custodian may have a deputy each of their own side. Nobody sits
//! on both sides of one source. A chair holds somebody who works here on its side today: whoever leaves or
//! moves leaves their chairs in the same act, and an empty chair stays visible. The *entry* says what the
//! source holds, how sensitive it is and how it is kept; owner and custodian sign it, which is how they
//! accept their chairs. A change, of a chair too, is a newer text that both sign; until then the one that
//! they signed stands and is shown. What both have signed once is *retired* by both; a draft by one. A
//! retired source keeps its page and its number; its name may be taken by another.
//!
//! The *map* holds a *word* of each side for a touchpoint and a source: nothing is kept there; it is
//! recorded, but cannot be tied to a customer; it is joined to the customer's profile. Nobody sees the other
//! side's word before giving their own. The lower of the two words *stands*; where one side has said nothing,
//! or said it more than [`WORD_DAYS`] days ago, nothing is said. The *profile* is the one source where a
//! customer's parts meet, named by both leads; while there is none, nothing is joined. A touchpoint stands as
//! the best of its words. *Coverage* is how many of all touchpoints are joined, with both numbers: what
//! nobody has said counts among all.
//!
//! Nothing is deleted, and there is no percentage without its two numbers.

#[cfg(feature = "ssr")]
mod coverage;

#[cfg(feature = "ssr")]
pub mod held;

pub mod levels;

#[cfg(feature = "ssr")]
pub mod odcs;

#[cfg(feature = "ssr")]
pub mod owed;

#[cfg(feature = "ssr")]
pub mod page;

pub mod quarters;

#[cfg(feature = "ssr")]
pub mod read;

#[cfg(feature = "ssr")]
pub mod text;

pub mod uses;

#[cfg(feature = "ssr")]
pub mod verify;

#[cfg(feature = "ssr")]
pub mod write;

#[cfg(feature = "ssr")]
pub use coverage::{Coverage, Stands, TouchpointStanding};

use crate::{identity::Side, text_enum};

/// How long a word on the map holds.
pub const WORD_DAYS: i64 = 180;

text_enum! {
    /// What customers do there, in the order of their way.
    pub enum Stage {
        Notice = "notice",
        Choose = "choose",
        Buy = "buy",
        Receive = "receive",
        GetHelp = "get_help",
        ComeBack = "come_back",
    }
}

impl Stage {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Notice => "Notice",
            Self::Choose => "Choose",
            Self::Buy => "Buy",
            Self::Receive => "Receive",
            Self::GetHelp => "Get help",
            Self::ComeBack => "Come back",
        }
    }
}

text_enum! {
    /// By what means we meet.
    pub enum Channel {
        Store = "store",
        Web = "web",
        App = "app",
        Mail = "mail",
        Email = "email",
        Phone = "phone",
        Chat = "chat",
        Social = "social",
        Partner = "partner",
        Other = "other",
    }
}

impl Channel {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Store => "Store",
            Self::Web => "Web",
            Self::App => "App",
            Self::Mail => "Mail",
            Self::Email => "E-mail",
            Self::Phone => "Phone",
            Self::Chat => "Chat",
            Self::Social => "Social",
            Self::Partner => "Partner",
            Self::Other => "Other",
        }
    }
}

text_enum! {
    /// Who answers for a source, and who stands in.
    pub enum Chair {
        Owner = "owner",
        Steward = "steward",
        Custodian = "custodian",
        OwnerDeputy = "owner_deputy",
        CustodianDeputy = "custodian_deputy",
    }
}

impl Chair {
    pub const fn side(self) -> Side {
        match self {
            Self::Owner | Self::Steward | Self::OwnerDeputy => Side::Marketing,
            Self::Custodian | Self::CustodianDeputy => Side::Technology,
        }
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Owner => "Owner",
            Self::Steward => "Steward",
            Self::Custodian => "Custodian",
            Self::OwnerDeputy => "Owner’s deputy",
            Self::CustodianDeputy => "Custodian’s deputy",
        }
    }

    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Owner => "Decides what the data may be used for, and answers for it.",
            Self::Steward => "Keeps its meaning right day by day, and answers questions.",
            Self::Custodian => "Keeps it safe, running and joined; opens and shuts access.",
            Self::OwnerDeputy | Self::CustodianDeputy => "Acts while the holder is away.",
        }
    }

    /// The chair whose holder's deputy sits here.
    pub const fn deputises(self) -> Option<Self> {
        match self {
            Self::OwnerDeputy => Some(Self::Owner),
            Self::CustodianDeputy => Some(Self::Custodian),
            Self::Owner | Self::Steward | Self::Custodian => None,
        }
    }

    /// Whether the entry names who sits here, so that it is signed anew for somebody else.
    pub const fn is_signed_for(self) -> bool {
        self.deputises().is_none()
    }

    /// Whether the source is vacant while nobody sits here.
    pub const fn is_needed(self) -> bool {
        matches!(self, Self::Owner | Self::Custodian)
    }
}

text_enum! {
    /// How much harm its data can do.
    pub enum Sensitivity {
        Public = "public",
        Internal = "internal",
        Confidential = "confidential",
        Restricted = "restricted",
    }
}

impl Sensitivity {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Public => "Public",
            Self::Internal => "Internal",
            Self::Confidential => "Confidential",
            Self::Restricted => "Restricted",
        }
    }

    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Public => "It is on our website already.",
            Self::Internal => "No person can be recognised; a leak embarrasses.",
            Self::Confidential => "People can be recognised, or a leak harms the company.",
            Self::Restricted => "Special categories, payment data, children, or whole profiles with names.",
        }
    }

    /// For how many days access is given at once; none for what needs no asking.
    pub const fn longest_access_days(self) -> Option<i64> {
        match self {
            Self::Public => None,
            Self::Internal => Some(730),
            Self::Confidential => Some(365),
            Self::Restricted => Some(180),
        }
    }

    /// After how many days both sides are asked whether an access is still needed.
    pub const fn certified_every_days(self) -> i64 {
        match self {
            Self::Public | Self::Internal => 365,
            Self::Confidential => 180,
            Self::Restricted => 90,
        }
    }

    /// Within how many working days the door is shut once an access is over.
    pub const fn shut_within_working_days(self) -> i64 {
        match self {
            Self::Public | Self::Internal | Self::Confidential => 5,
            Self::Restricted => 1,
        }
    }
}

text_enum! {
    /// How people appear in it.
    pub enum PersonalForm {
        Named = "named",
        Pseudonymous = "pseudonymous",
        Unlinked = "unlinked",
        Anonymous = "anonymous",
        Counts = "counts",
    }
}

impl PersonalForm {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Named => "By name",
            Self::Pseudonymous => "Pseudonymous, the key is kept",
            Self::Unlinked => "Pseudonymous, the key is destroyed",
            Self::Anonymous => "Anonymous",
            Self::Counts => "Counts only",
        }
    }
}

text_enum! {
    /// What a side says of a touchpoint and a source, from the lowest.
    pub enum Word {
        Nothing = "nothing",
        Recorded = "recorded",
        Joined = "joined",
    }
}

impl Word {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Nothing => "Nothing",
            Self::Recorded => "Recorded",
            Self::Joined => "Joined",
        }
    }

    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Nothing => "What happens there leaves no trace in this source.",
            Self::Recorded => "It leaves a trace, but it cannot be found from the profile.",
            Self::Joined => "From the profile it can be found, by a customer number or a mail address.",
        }
    }
}
