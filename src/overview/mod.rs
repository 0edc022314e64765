//! The executive page: one look over everything. Reads every room, owns none.
//!
//! What needs attention comes first and is absent when nothing does: decisions that one side waits for, KPIs off track
//! or split, milestones past their date, initiatives that are silent or in trouble. Then where things stand, in numbers
//! that each open the list behind them; the initiatives; the KPIs; and what waits for whose signature, since when.

pub mod page;
pub mod read;
