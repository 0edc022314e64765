//! What the pages of the room ask, and what others ask of sources.

mod map;
mod source;
mod touchpoint;
mod uses;

pub use self::{
    map::{Map, MapWord, Profile, profile},
    source::{EntryState, Holder, Source, agreed, seats_ever, source, sources},
    touchpoint::{Touchpoint, touchpoints},
    uses::{RecordHead, Use, record_head, uses, uses_of},
};

pub(super) use self::uses::{uses_in, uses_of_all};
