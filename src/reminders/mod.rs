//! Asking people for what they owe, and telling others when nothing comes.
//!
//! An [`Obligation`] is owed by a day: a check-in and its reading, a KPI's value, its attestation, a
//! proposal, a signature, an answer to an objection or in a round, a milestone, a checkpoint, the other
//! side's word on one, the granting of an access, a new ratification, a way back under a cap. Each room says
//! in its `owed.rs` what of it is owed, by whom and by which day; the desk, the reminders and, for
//! signatures, decisions and access, the overview's attention read that.
//!
//! Where nothing comes the system climbs a *ladder*, one *rung* after the other: a word *soon* before the
//! day, where there is a deadline; whoever owes it when it is *due*; the *other seat* a day later; the
//! *leads* after the workspace's grace; the *arbiter* after a week, or once a decision is deadlocked. Each
//! rung is reached once, in the workspace's morning, and is a row that whoever was passed over can read.
//! Nobody is told twice of the same thing, and the ladder ends when what was owed is there.
//!
//! A morning's words to one person are one letter. The desk says what is owed; a reminder never replaces it.
//!
//! Knows no room: the desk gathers what is owed, and has it reminded of.

#[cfg(feature = "ssr")]
mod people;

#[cfg(feature = "ssr")]
pub mod read;

#[cfg(feature = "ssr")]
pub mod write;

#[cfg(feature = "ssr")]
pub use people::People;

use crate::{
    platform::{ids::MemberId, time::Day},
    text_enum,
};

#[cfg(feature = "ssr")]
use crate::platform::text::join_names;

text_enum! {
    /// What is owed.
    pub enum ReminderKind {
        CheckIn = "check_in",
        Value = "value",
        Attestation = "attestation",
        Proposal = "proposal",
        Signature = "signature",
        Objection = "objection",
        Checkpoint = "checkpoint",
        Milestone = "milestone",
        Acceptance = "acceptance",
        Access = "access",
        Ratification = "ratification",
        Answer = "answer",
        Acknowledgement = "acknowledgement",
        Cap = "cap",
        Action = "action",
        Vacancy = "vacancy",
        Reading = "reading",
        Certification = "certification",
        Shutting = "shutting",
        Copies = "copies",
        Ending = "ending",
    }
}

/// Longer than anything is asked before its day.
const AT_ONCE_DAYS: i64 = 3660;

impl ReminderKind {
    /// How many days before the day a word comes; none for what is not there to be given before. Whoever is
    /// asked to sign or to answer hears of it on the next morning.
    const fn soon(self) -> Option<i64> {
        match self {
            Self::CheckIn
            | Self::Value
            | Self::Attestation
            | Self::Objection
            | Self::Acceptance
            | Self::Acknowledgement
            | Self::Vacancy
            | Self::Shutting
            | Self::Reading
            | Self::Access => None,
            Self::Proposal | Self::Checkpoint | Self::Milestone | Self::Action => Some(2),
            Self::Copies => Some(7),
            Self::Ratification | Self::Certification => Some(14),
            // A week before the last day is its day; the first word comes 30 days before it.
            Self::Ending => Some(23),
            Self::Signature | Self::Answer | Self::Cap => Some(AT_ONCE_DAYS),
        }
    }

    /// What somebody has not done: "not checked in on" Unified profile.
    pub const fn undone(self) -> &'static str {
        match self {
            Self::CheckIn => "not checked in on",
            Self::Value => "not entered",
            Self::Attestation => "not confirmed",
            Self::Proposal => "not proposed anything for",
            Self::Signature => "not signed",
            Self::Objection => "not answered the objection to",
            Self::Checkpoint => "not finished",
            Self::Milestone => "not reached",
            Self::Acceptance => "not accepted",
            Self::Access => "not opened access to",
            Self::Ratification => "not renewed",
            Self::Answer => "not answered in",
            Self::Acknowledgement => "not read the check-in on",
            Self::Cap => "not brought back under the limit",
            Self::Action => "not done",
            Self::Vacancy => "not named anybody for",
            Self::Reading => "not read the levels of",
            Self::Certification => "not certified the access to",
            Self::Shutting => "not shut the access to",
            Self::Copies => "not deleted the copies of",
            Self::Ending => "not asked to prolong the access to",
        }
    }

    /// "The check-in on", before “Unified profile”.
    pub const fn noun(self) -> &'static str {
        match self {
            Self::CheckIn => "The check-in on",
            Self::Value => "The value of",
            Self::Attestation => "The confirmation of",
            Self::Proposal => "A proposal for",
            Self::Signature => "The signature on",
            Self::Objection => "An answer to the objection to",
            Self::Checkpoint => "The checkpoint",
            Self::Acceptance => "The acceptance of",
            Self::Access => "Opening the access to",
            Self::Ratification => "Renewing",
            Self::Milestone => "The milestone",
            Self::Answer => "The answer in",
            Self::Acknowledgement => "Reading the check-in on",
            Self::Cap => "The limit of",
            Self::Action => "The action",
            Self::Vacancy => "Naming somebody for",
            Self::Reading => "Reading the levels of",
            Self::Certification => "Certifying the access to",
            Self::Shutting => "Shutting the access to",
            Self::Copies => "Deleting the copies of",
            Self::Ending => "The end of the access to",
        }
    }
}

text_enum! {
    pub enum Rung { Soon = "soon", Due = "due", OtherSeat = "other_seat", Leads = "leads", Arbiter = "arbiter" }
}

impl Rung {
    /// Whether it tells somebody of what another person owes.
    pub const fn passes_over(self) -> bool {
        matches!(self, Self::OtherSeat | Self::Leads | Self::Arbiter)
    }
}

/// Days after which the arbiter is told.
const ARBITER_AFTER_DAYS: i64 = 7;

/// Who stands on which rung for one thing that is owed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ladder {
    pub owes: Vec<MemberId>,
    pub other_seat: Vec<MemberId>,
    pub leads: Vec<MemberId>,
    pub arbiter: Option<MemberId>,
    /// When the arbiter is told; otherwise a week after the day.
    pub arbiter_on: Option<Day>,
}

/// Something owed by a day, and who hears of it when it does not come.
#[derive(Clone, Debug)]
pub struct Obligation {
    pub kind: ReminderKind,
    pub subject: uuid::Uuid,
    pub due_on: Day,
    /// Its page, `kpis/4/periods/2026-10-01`.
    pub path: String,
    pub label: String,
    pub ladder: Ladder,
}

/// Whom to tell by `today`, at which rung: everybody once, at the lowest rung that reaches them.
pub fn rungs_on(
    kind: ReminderKind,
    ladder: &Ladder,
    due_on: Day,
    grace: i64,
    today: Day,
) -> Vec<(Rung, MemberId)> {
    let mut rungs: Vec<(Rung, Day, Vec<MemberId>)> = Vec::new();
    if let Some(days) = kind.soon()
        && today < due_on
    {
        rungs.push((Rung::Soon, due_on.plus(-days), ladder.owes.clone()));
    }
    rungs.push((Rung::Due, due_on, ladder.owes.clone()));
    rungs.push((Rung::OtherSeat, due_on.plus(1), ladder.other_seat.clone()));
    rungs.push((Rung::Leads, due_on.plus(grace + 1), ladder.leads.clone()));
    rungs.push((
        Rung::Arbiter,
        ladder
            .arbiter_on
            .unwrap_or_else(|| due_on.plus(ARBITER_AFTER_DAYS)),
        ladder.arbiter.into_iter().collect(),
    ));
    let mut notified: Vec<(Rung, MemberId)> = Vec::new();
    for (rung, day, people) in rungs {
        for person in people {
            let knows = notified
                .iter()
                .any(|(earlier, known)| *known == person && (*earlier != Rung::Soon || rung == Rung::Soon));
            if day <= today && !knows {
                notified.push((rung, person));
            }
        }
    }
    notified
}

/// Names of whoever was reminded or informed; of more the number is told.
#[cfg(feature = "ssr")]
const MOST_NAMED: usize = 2;

/// "Dana was reminded, last on 4 Nov. Kofi and Olu were informed on 5 Nov."
#[cfg(feature = "ssr")]
pub fn format_reminders<'a>(notified: impl Iterator<Item = (Rung, &'a str, Day)>, today: Day) -> String {
    let (informed, reminded): (Vec<_>, Vec<_>) = notified.partition(|(rung, ..)| rung.passes_over());
    let sentence = |notified: &[(Rung, &str, Day)], verb: &str| {
        let mut names: Vec<&str> = Vec::new();
        for (_, name, _) in notified {
            if !names.contains(name) {
                names.push(name);
            }
        }
        let mut days: Vec<Day> = notified.iter().map(|(.., day)| *day).collect();
        days.sort_unstable();
        days.dedup();
        let last = days.last().map(|day| day.format(today)).unwrap_or_default();
        let when = if days.len() > 1 {
            format!(", last on {last}")
        } else {
            format!(" on {last}")
        };
        let were = if names.len() == 1 { "was" } else { "were" };
        // Whom it concerns is named; a crowd is counted.
        let others = names.len().saturating_sub(MOST_NAMED);
        let more = format!("{others} others");
        if others > 1 {
            names.truncate(MOST_NAMED);
            names.push(&more);
        }
        format!("{} {were} {verb}{when}.", join_names(&names))
    };
    let parts = [(reminded, "reminded"), (informed, "informed")];
    let parts: Vec<String> = parts
        .iter()
        .filter(|(notified, _)| !notified.is_empty())
        .map(|(notified, verb)| sentence(notified, verb))
        .collect();
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn member(id: u128) -> MemberId {
        MemberId::from_uuid(Uuid::from_u128(id))
    }

    #[test]
    fn whoever_was_asked_first_is_named_first() {
        let day = |day| Day::new(2026, 11, day);
        let notified = [
            (Rung::Leads, "Olu", day(14)),
            (Rung::Due, "Ana", day(10)),
            (Rung::OtherSeat, "Kofi", day(11)),
            (Rung::Leads, "Dana", day(14)),
            (Rung::Arbiter, "Yuki", day(14)),
        ];
        assert_eq!(
            format_reminders(notified.into_iter(), day(20)),
            "Ana was reminded on 10 Nov. Olu, Kofi and 2 others were informed, last on 14 Nov."
        );
    }

    #[test]
    fn the_ladder_is_climbed_rung_by_rung() {
        let ladder = Ladder {
            owes: vec![member(1)],
            other_seat: vec![member(2)],
            leads: vec![member(2), member(3)],
            arbiter: Some(member(4)),
            arbiter_on: None,
        };
        let due = Day::new(2026, 11, 10);
        let at = |days: i64| rungs_on(ReminderKind::CheckIn, &ladder, due, 3, due.plus(days));
        let (asked, seat, lead, arbiter) = (
            (Rung::Due, member(1)),
            (Rung::OtherSeat, member(2)),
            (Rung::Leads, member(3)),
            (Rung::Arbiter, member(4)),
        );
        assert_eq!(at(-1), []);
        assert_eq!(at(0), [asked]);
        assert_eq!(at(1), [asked, seat]);
        assert_eq!(at(3), [asked, seat], "within the grace");
        assert_eq!(
            at(4),
            [asked, seat, lead],
            "who was told already is not told again"
        );
        assert_eq!(at(7), [asked, seat, lead, arbiter]);
    }

    #[test]
    fn a_deadline_is_announced_and_a_deadlock_calls_the_arbiter() {
        let due = Day::new(2026, 11, 10);
        let ladder = Ladder {
            owes: vec![member(1)],
            arbiter: Some(member(4)),
            arbiter_on: Some(due.plus(-1)),
            ..Ladder::default()
        };
        let asked_at_once = rungs_on(ReminderKind::Signature, &ladder, due, 3, due.plus(-30));
        assert_eq!(asked_at_once, [(Rung::Soon, member(1))]);
        let at = |days: i64| rungs_on(ReminderKind::Checkpoint, &ladder, due, 3, due.plus(days));
        assert_eq!(at(-3), []);
        assert_eq!(at(-2), [(Rung::Soon, member(1))]);
        assert_eq!(at(-1), [(Rung::Soon, member(1)), (Rung::Arbiter, member(4))]);
        assert_eq!(
            at(0),
            [(Rung::Due, member(1)), (Rung::Arbiter, member(4))],
            "announced before, asked on the day"
        );
    }

    #[test]
    fn whoever_was_passed_over_can_read_it() {
        let day = Day::new(2026, 11, 10);
        let notified = [
            (Rung::Due, "Dana", day),
            (Rung::OtherSeat, "Kofi", day.plus(1)),
            (Rung::Leads, "Olu", day.plus(1)),
        ];
        assert_eq!(
            format_reminders(notified.into_iter(), day),
            "Dana was reminded on 10 Nov. Kofi and Olu were informed on 11 Nov."
        );
    }
}
