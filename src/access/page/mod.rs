//! Requests for access: the list, one of them, approving, granting, ending.

mod end;
mod keeping;
mod list;
mod record;
mod show;
mod sign;

pub use self::{
    end::{end, end_form, grant},
    keeping::{certify, certify_form, copies, copies_form, shut},
    list::{list, rows},
    show::request,
};

pub const ROOM: &str = "goals";

const COVERS: &str = "the access, its purpose, its terms, the goal and both days";
