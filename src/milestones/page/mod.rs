//! The pages of milestones and checkpoints.

mod baseline;
mod bulk;
mod checkpoints;
mod edit;
mod list;
mod listed;
mod pass;
mod show;
mod sign;
mod status_words;
mod wait_for;
mod waits;

pub use self::{
    baseline::{baseline, baselines, propose_baseline},
    bulk::{bulk, bulk_form, paste, paste_form, undo},
    checkpoints::{
        archive_checkpoint, create_checkpoint, edit_checkpoint, file, new_checkpoint, update_checkpoint,
    },
    edit::{MoveTo, archive, archive_form, create, edit, move_form, move_post, new, update},
    list::{MilestonesQuery, Rows, archive_list, list},
    pass::{accept, pass, pass_form, reopen, return_form, return_post, withdraw_acceptance},
    show::show,
    wait_for::{stop_waiting, stop_waiting_for_access, wait_for},
};

const ROOM: &str = "milestones";
