//! The pages of decisions.

mod agreement;

mod cards;
mod deadlock;
mod hold;
mod list;
mod option;
mod outcome;
mod proposal;
mod proposals;
mod question;
mod record;
mod scoring;
mod show;
mod waiting;
mod weights;

pub use self::{
    deadlock::{rule, rule_form, state_case, statement_form},
    hold::{hold, release},
    list::{DecisionsQuery, Rows, list},
    option::{archive_option, create_option, edit_option, new_option, update_option},
    outcome::{review, review_form},
    proposal::{propose, propose_form},
    question::{create, edit, new, update},
    record::{csv, markdown},
    scoring::{close_scoring, open_scoring, open_scoring_form, score, score_form, scores},
    show::show,
    weights::{edit_weights, weigh, weights},
};

const ROOM: &str = "decisions";
