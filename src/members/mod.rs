//! The people of a workspace, and the parts they have in it.
//!
//! A member has a side and a role ([`crate::identity`]). People come in by *invitation* (a link, once, for 72
//! hours); the first one by the set-up link that a start on an empty database prints. The lead of a side is
//! never removed, only *handed over*. A lead may *delegate*: for some days a manager of the same side signs
//! in the lead's place, and every such signature says so. The *arbiter* is somebody on neither side, named by
//! another person, who rules when the sides cannot agree. Whoever is *disabled* is kept out; what they did
//! stays.
//!
//! What somebody answers for is their *holdings*. Before they are disabled, or get a part in which they could
//! not hold them, one *succession* names who of their side takes them. Whatever is left in the name of
//! somebody disabled is asked of their side's lead, who *stands in*.

pub mod holding;

pub mod page;

pub mod read;

pub mod write;
