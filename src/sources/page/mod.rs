//! The room of sources: coverage first, then what needs somebody, then the lists; the map one step away.

mod accesses;
mod chairs;
mod contract;
mod entry;
mod levels;
mod list;
mod map;
mod one_use;
mod profile;
mod quarters;
pub mod record;
mod retire;
mod show;
mod stages;
mod tables;
mod touchpoint;
mod uses;
mod words;

pub use self::{
    chairs::{chairs_form, give_chair},
    contract::contract,
    entry::{change, change_form, enter, enter_form, offer},
    levels::{levels_form, read_levels},
    list::sources,
    map::map,
    one_use::one_use,
    profile::{name_profile, profile},
    quarters::{draw_quarter, quarter, quarters, say_belief},
    record::{head_form, record, record_csv, set_head},
    retire::{keep, retire, retire_form},
    show::source,
    stages::{name_stages, stages_form},
    tables::{confirm_table, preview_table, table_file, table_form, tables},
    touchpoint::{
        change_touchpoint, change_touchpoint_form, name_touchpoint, name_touchpoint_form, retire_touchpoint,
        retire_touchpoint_form, take_touchpoint, touchpoint,
    },
    uses::{add_use, add_use_form, change_use, change_use_form, remove_use},
    words::{say_of_source, say_of_source_form, say_of_touchpoint, say_of_touchpoint_form},
};

use leptos::prelude::*;

use super::Stands;
use crate::platform::quantity::Quantity;

/// The room that the navigation marks.
const ROOM: &str = "sources";

/// "503,400": a count of contacts.
fn grouped(count: i64) -> String {
    Quantity::from_ten_thousandths(count.saturating_mul(10_000)).format()
}

/// A standing as a sign and a word.
fn stands_mark(stands: Stands) -> impl IntoView {
    view! {
        <span class=format!("stands is-{}", stands.as_str())>
            <span aria-hidden="true">{stands.glyph()}</span>
            " "
            {stands.name()}
        </span>
    }
}
