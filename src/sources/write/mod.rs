//! Naming touchpoints, entering sources, giving chairs, saying words, naming the profile.

mod asked;
mod chairs;
mod current;
mod entry;
mod levels;
mod many;
mod profile;

mod quarters;
mod retire;
mod stages;
mod touchpoints;
mod uses;
mod words;

pub use self::{
    asked::{AgreedSource, agreed, agreed_use, holders},
    chairs::{give, leave, vacate},
    current::SourceInput,
    entry::{EntryOnTable, change, enter, offer},
    levels::{LevelInput, read_levels},
    many::{OneOfMany, do_all},
    profile::{ProfileOnTable, name_profile},
    quarters::{QuarterOnTable, draw_quarter, say_belief},
    retire::{EndOnTable, Retirement, keep, retire},
    stages::name_stages,
    touchpoints::{TouchpointInput, change_touchpoint, name_touchpoint, retire_touchpoint, take_touchpoint},
    uses::{HeadInput, UseInput, add_use, change_use, remove_use, set_head},
    words::{WordInput, say},
};

use crate::{identity::Transaction, platform::error::Error};

/// What is refused when a name is taken already, whatever the case and the spaces.
fn duplicate_name(name: &str) -> Error {
    Error::invalid("name", format!("There is one of this name already: “{name}”."))
}

/// Under which key a retired thing stands, once another has taken its name: with its number, behind a sign
/// that nobody types.
fn key_of_retired(key: &str, number: i64) -> String {
    format!("{key}\u{1f}{number}")
}

/// Whoever acts, as somebody of neither side would be refused.
fn side_of(tx: &Transaction) -> Result<crate::identity::Side, Error> {
    tx.side().ok_or(Error::Forbidden)
}
