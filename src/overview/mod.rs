//! The executive page: one look over everything. Reads every room, owns none.
//!
//! It answers four questions without scrolling. *Are we well*: the day, one sentence and five bars, a segment
//! a thing, the worst first. *What needs me*: the first rows of the reader's desk, which alone are the
//! reader's own. *What changed* since last Monday, and on a page of its own for longer. *Who waits for whom*,
//! with the longest wait and how long each side takes to answer. Then what is due this week, day by day.
//!
//! What *needs attention* comes after that and is absent when nothing does: goals off track or just missed,
//! KPIs that are not fine or not attested in time, milestones past their date or at risk, initiatives that
//! are silent or in trouble, texts that are objected to, or that one side or both leave unsigned, decisions
//! whose day has passed with nothing proposed, access that both approved and nobody gave. The overview shows
//! the most urgent of it, a page of its own all of it, and both count the same. Then where things stand, in
//! numbers that each open the list behind them; the initiatives; the KPIs; and what waits for whose
//! signature, since when.

mod first_look;

mod first_steps;

mod health;

pub mod page;

mod read;

pub mod since;

mod week;
