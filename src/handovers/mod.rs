//! Somebody leaves, or gets another part: what they answered for goes to others of their side, in the same
//! act.
//!
//! A *holding* is a thing that a member answers for: an initiative they lead or work in, a milestone or a KPI
//! that they drive or own, an open checkpoint, a goal, a decision on its way, a technology. Nobody is
//! *disabled*, moved to the other side or made an observer while they hold something, unless a *successor*
//! takes it: one for everything, or another for a kind. A successor is at work on the same side. The form
//! lists everything before; the history says of every thing who had it; successors, and whom it concerns, are
//! told by mail.
//!
//! Reads and hands over in every room, owns none.

pub mod page;

pub mod read;

pub mod write;
