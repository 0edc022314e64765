//! What the pages of the room ask, and what others ask of sources.

mod access;
mod map;
mod source;
mod touchpoint;
mod uses;

pub use self::{
    access::{Reached, SourceAccess, accesses_of, accesses_to_keep},
    map::{Map, MapWord, Profile, profile},
    source::{EntryState, Holder, Source, agreed, seats_ever, source, sources},
    touchpoint::{Touchpoint, touchpoints},
    uses::{RecordHead, Use, record_head, uses, uses_of},
};

pub(super) use self::uses::{uses_in, uses_of_all};
