//! The executive page: one look over everything. Reads every room, owns none.
//!
//! What *needs attention* comes first and is absent when nothing does: goals off track or just missed, KPIs
//! that are not fine or not attested in time, milestones past their date or at risk, initiatives that are
//! silent or in trouble, texts that are objected to, or that one side or both leave unsigned, decisions whose
//! day has passed with nothing proposed, access that both approved and nobody gave. The overview shows the
//! most urgent of it, a page of its own all of it, and both count the same. Then where things stand, in
//! numbers that each open the list behind them; the initiatives; the KPIs; and what waits for whose
//! signature, since when.

mod attention;

pub mod page;

mod read;
