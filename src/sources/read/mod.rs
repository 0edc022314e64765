//! What the pages of the room ask, and what others ask of sources.

mod access;
mod levels;
mod map;
mod quarters;
mod source;
mod touchpoint;
mod uses;

pub use self::{
    access::{Reached, SourceAccess, accesses, accesses_of, accesses_to_keep},
    levels::{Levels, OwedReading, Reading, ReadingRound, SourceLevels, owed_readings, owed_readings_of},
    map::{Map, MapWord, Profile, coverage, profile, profile_as_named, speakers_of},
    quarters::{QuarterMap, SignedQuarter, own_belief, quarter_map, signed_quarters},
    source::{EntryState, Holder, Source, agreed, seats_ever, source, sources},
    touchpoint::{StageNames, Touchpoint, TouchpointClause, clauses, kept_clauses, stage_names, touchpoints},
    uses::{RecordHead, Use, record_head, uses, uses_of},
};

pub(super) use self::uses::{uses_in, uses_of_all};
