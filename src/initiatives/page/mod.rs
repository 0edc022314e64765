//! The pages of initiatives.

mod charter;
mod check_in;
mod check_in_form;
mod close;
mod list;
mod phase;
mod plan;
mod progress_charts;
mod show;
mod status_words;

pub use self::{
    charter::{charter, take_charter_back},
    check_in::{acknowledge, comment, one_check_in},
    check_in_form::{check_in, check_in_form, correct_check_in, edit_check_in},
    close::{close, close_form, retrospective, take_back},
    list::{InitiativesQuery, Rows, list},
    phase::{phase_form, phase_post},
    plan::{create, edit, new, update},
    show::show,
};

use leptos::prelude::*;

const ROOM: &str = "initiatives";
