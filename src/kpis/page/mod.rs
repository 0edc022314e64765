//! The pages of KPIs.

mod chart;
mod feeds;
mod formula;
mod import;
mod list;
mod period;
mod plan;
mod proposal;
mod show;
mod status_words;
mod targets;

pub use self::{
    feeds::{deliver, end_feed, feeds, issue_feed},
    formula::{formula_form, set_formula},
    import::{confirm_import, import_form, look_again, preview_import, template},
    list::{Cards, KpisQuery, list, year_of},
    period::{attest, enter, period},
    plan::{archive, archive_form, create, edit, new, update},
    proposal::{proposal, take_targets_back},
    show::{rollup_label, show},
    targets::{propose_targets, targets_form},
};

const ROOM: &str = "kpis";
