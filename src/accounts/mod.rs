//! A person's account: coming in and going out, the very first set-up, a forgotten password, one's own
//! password and sessions.
//!
//! An account is known by its address and belongs to no workspace. Everything that happens to it is recorded
//! in the accounts' own chain.

pub mod another;

pub mod join;

pub mod own;
pub mod read;

pub mod reset;

pub mod set_up;

pub mod sign_in;

pub mod write;
