//! How far a source really is: four parameters, each at a level from 0 to 4.
//!
//! A level is a sentence that is true today or is not, and holds only if all lower ones hold. Each side
//! *reads* a source apart, blind until both have read; the lower of the two *stands*, for [`READING_DAYS`]
//! days. Who claims a level says what they saw. What the house knows itself *caps* a level: no one can stand
//! above the fact, and it falls when the fact does, without anybody writing. Ownership is known from the
//! house alone, so that nobody is asked for it. There is no mean of levels: sources are counted by level.

use crate::text_enum;

/// How long a reading holds.
pub const READING_DAYS: i64 = 180;

/// The level that a source should have.
pub const TARGET: u8 = 2;

text_enum! {
    /// What is read of a source.
    pub enum Parameter {
        Unification = "unification",
        Ownership = "ownership",
        SelfService = "self_service",
        Protection = "protection",
    }
}

impl Parameter {
    /// Those that people read; the other is read off the house.
    pub const READ: [Self; 3] = [Self::Unification, Self::SelfService, Self::Protection];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Unification => "Unification",
            Self::Ownership => "Ownership",
            Self::SelfService => "Self-service",
            Self::Protection => "Protection",
        }
    }

    pub const fn question(self) -> &'static str {
        match self {
            Self::Unification => "Can its records be joined with the rest?",
            Self::Ownership => "Does somebody answer for it?",
            Self::SelfService => "Can Marketing help itself?",
            Self::Protection => "Could we show it to a regulator tomorrow?",
        }
    }

    /// Whether a source can be one to which it does not apply.
    pub const fn may_not_apply(self) -> bool {
        matches!(self, Self::Unification | Self::SelfService)
    }

    /// The name of a level, and the sentence that is true at it.
    pub const fn test(self, level: u8) -> (&'static str, &'static str) {
        match (self, level) {
            (Self::Unification, 0) => (
                "Apart",
                "Nobody can say how many of its records belong to a customer whom another source knows.",
            ),
            (Self::Unification, 1) => (
                "By hand",
                "In the last 12 months its records were put beside another source’s at least once, by hand or by a job, and \
                 the count or the share of those that met is written down.",
            ),
            (Self::Unification, 2) => (
                "Joined",
                "A named key ties its records to the profile on a schedule, and the last run was no more than one run \
                 late.",
            ),
            (Self::Unification, 3) => (
                "In the view",
                "In each of the last three whole months at least 90% of its customer records found their profile, and a \
                 change arrived within 24 hours.",
            ),
            (Self::Unification, _) => (
                "One record",
                "A correction made here is seen in the profile and back within one hour; ten customers were checked in the \
                 last 90 days and all ten agreed; no second copy of these records is kept.",
            ),
            (Self::Ownership, 0) => ("Nobody", "The owner’s or the custodian’s chair is empty."),
            (Self::Ownership, 1) => ("Named", "Both chairs hold people who work here today."),
            (Self::Ownership, 2) => (
                "Accepted",
                "Owner and custodian have both signed the entry as it stands, and a steward is named.",
            ),
            (Self::Ownership, 3) => (
                "Exercised",
                "In the last 180 days no task on this source was overdue beyond the grace period.",
            ),
            (Self::Ownership, _) => (
                "Outlives people",
                "Owner and custodian have deputies, and in the last 12 months a chair changed hands without a vacant day or a \
                 deputy acted.",
            ),
            (Self::SelfService, 0) => (
                "On request",
                "Whoever wants data from it asks a person for every extract.",
            ),
            (Self::SelfService, 1) => (
                "Described",
                "A marketer finds, without asking anybody, which fields it has, what they mean and how fresh they are.",
            ),
            (Self::SelfService, 2) => (
                "Reachable",
                "A marketer with a granted access opens the data or a report without a technologist, and in the last 180 days \
                 half of the accesses were opened within 10 working days of asking.",
            ),
            (Self::SelfService, 3) => (
                "Answered",
                "In the last 90 days a marketer built a report or a segment from it that refreshes by itself and uses terms \
                 both sides signed.",
            ),
            (Self::SelfService, _) => (
                "Acted upon",
                "In the last 90 days a running campaign or a KPI of this workspace took its numbers or its segment from it \
                 without a file in between.",
            ),
            (Self::Protection, 0) => (
                "Unknown",
                "Both sides have not yet signed whether it holds personal data and how sensitive it is.",
            ),
            (Self::Protection, 1) => (
                "Classified",
                "Sensitivity, kinds of people and kinds of data are written, and both sides signed them.",
            ),
            (Self::Protection, 2) => (
                "Justified",
                "Every use has a basis with what it rests on and an end of keeping, and whoever uses the data has an approved \
                 access here that has not expired.",
            ),
            (Self::Protection, 3) => (
                "Controlled",
                "In the last 90 days one real or trial withdrawal or deletion reached it within the promised time, no access \
                 is past its certification, and no access is open past its last day.",
            ),
            (Self::Protection, _) => (
                "Proven",
                "In the last 12 months somebody from outside the two teams looked, the paper is at hand, and nothing it found \
                 is past its date.",
            ),
        }
    }

    /// What somebody who claims a level writes down.
    pub const fn evidence(self, level: u8) -> &'static str {
        match (self, level) {
            (Self::Unification, 1) => "the day, who did it, and how many met",
            (Self::Unification, 2) => "the key, how often it runs, and the last run",
            (Self::Unification, 3) => "the shares of three months, and how long a change takes",
            (Self::Unification, 4) => "the ten customers, and the day",
            (Self::SelfService, 1) => "where it is described",
            (Self::SelfService, 2) => "where it is opened",
            (Self::SelfService, 3) => "the report or the segment, and where it is",
            (Self::SelfService, 4) => "which campaign or KPI",
            (Self::Protection, 3) => "the trial: what, when, how long it took",
            (Self::Protection, 4) => "the paper, and its day",
            _ => "",
        }
    }

    /// What would be enough for a level, and what would not.
    pub const fn example(self, level: u8) -> Option<(&'static str, &'static str)> {
        Some(match (self, level) {
            (Self::Unification, 1) => (
                "“3 March, Priya: 8,140 of 12,400 pickups met a profile.”",
                "“We did that for the campaign last year.”",
            ),
            (Self::Unification, 2) => (
                "“Nightly load by loyalty number, last run 02:10 today.”",
                "“The data team can match it if needed.”",
            ),
            (Self::Unification, 3) => (
                "“91, 93 and 92 %; a new address arrives in 40 minutes.”",
                "“Almost everything finds its profile.”",
            ),
            (Self::Unification, 4) => (
                "“Ten customers on 12 May, list in the minutes: all agreed.”",
                "“It is real time.”",
            ),
            (Self::SelfService, 1) => (
                "A page with its fields, their meaning and the last load.",
                "A diagram that the data team can explain.",
            ),
            (Self::SelfService, 2) => (
                "A report that a marketer opened this morning.",
                "An extract that somebody sends on Mondays.",
            ),
            (Self::SelfService, 3) => (
                "A segment that Ana built in October and that refreshes at night.",
                "A sheet that was downloaded in October.",
            ),
            (Self::SelfService, 4) => (
                "The newsletter’s segment is read from it at sending.",
                "The agency gets a file.",
            ),
            (Self::Protection, 2) => (
                "Every use is complete in the record; an access open past its last day counts from level 3 on.",
                "One use of three has no legal basis yet.",
            ),
            (Self::Protection, 3) => (
                "“Trial deletion on 4 May, gone after 2 days of 3 promised.”",
                "“Deletion is built in.”",
            ),
            (Self::Protection, 4) => (
                "The auditor’s report of March; its two findings are closed.",
                "Our own checklist.",
            ),
            _ => return None,
        })
    }
}

text_enum! {
    /// What somebody reads.
    pub enum Level {
        Zero = "0",
        One = "1",
        Two = "2",
        Three = "3",
        Four = "4",
        NotKnown = "not_known",
        NotApplicable = "not_applicable",
    }
}

impl Level {
    pub const fn number(self) -> Option<u8> {
        match self {
            Self::Zero => Some(0),
            Self::One => Some(1),
            Self::Two => Some(2),
            Self::Three => Some(3),
            Self::Four => Some(4),
            Self::NotKnown | Self::NotApplicable => None,
        }
    }

    pub const fn of(number: u8) -> Self {
        match number {
            0 => Self::Zero,
            1 => Self::One,
            2 => Self::Two,
            3 => Self::Three,
            _ => Self::Four,
        }
    }

    /// The lower of two words. What one side does not know is not known, and what does not apply for one side
    /// alone neither.
    #[must_use]
    pub fn lower(self, other: Self) -> Self {
        match (self, other) {
            (Self::NotApplicable, Self::NotApplicable) => Self::NotApplicable,
            (one, two) => match (one.number(), two.number()) {
                (Some(one), Some(two)) => Self::of(one.min(two)),
                _ => Self::NotKnown,
            },
        }
    }

    /// "2", "?" or "–".
    pub fn mark(self) -> String {
        match self {
            Self::NotApplicable => "–".to_owned(),
            level => level
                .number()
                .map_or_else(|| "?".to_owned(), |number| number.to_string()),
        }
    }
}

/// A fact that the house knows, and above which nobody can stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cap {
    pub level: Level,
    pub because: String,
}

/// What the house knows of a source today.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "a flag for each fact")]
pub struct Facts {
    pub has_joined: bool,
    pub is_owned: bool,
    pub is_kept: bool,
    pub has_steward: bool,
    pub has_sensitivity: bool,
    pub is_agreed: bool,
    pub is_agreed_as_it_stands: bool,
    /// What is later than the grace, or was within 180 days.
    pub late: Vec<String>,
    pub has_deputies: bool,
    /// Whether a chair changed hands without a vacant day, or a deputy acted, within 12 months.
    pub is_handed_on: bool,
    pub incomplete_uses: usize,
    /// Doors that are open past the last day of their access.
    pub open_doors: usize,
    /// Accesses that are past their certification.
    pub uncertified: usize,
    /// Accesses that were asked for within 180 days, and those of them that were opened within 10 working
    /// days.
    pub asked: usize,
    pub opened_in_time: usize,
}

fn counted(count: usize, one: &str, many: &str) -> String {
    if count == 1 {
        format!("1 {one}")
    } else {
        format!("{count} {many}")
    }
}

impl Facts {
    /// How far ownership is: no more than the facts, and no less.
    pub fn ownership(&self) -> Cap {
        let stop = |number: u8, because: &str| Cap {
            level: Level::of(number),
            because: because.to_owned(),
        };
        if !self.is_owned {
            return stop(0, "The owner’s chair is empty.");
        }
        if !self.is_kept {
            return stop(0, "The custodian’s chair is empty.");
        }
        if !self.is_agreed_as_it_stands {
            return stop(1, "Owner and custodian have not signed the entry as it stands.");
        }
        if !self.has_steward {
            return stop(1, "No steward is named.");
        }
        if let Some(late) = self.late.first() {
            return stop(2, late);
        }
        if !self.has_deputies {
            return stop(3, "Owner and custodian do not both have a deputy.");
        }
        if !self.is_handed_on {
            return stop(3, "In 12 months no deputy acted, and no chair changed hands.");
        }
        stop(4, "")
    }

    /// Above what nobody can stand, with the fact; none where the house knows of nothing.
    pub fn cap(&self, parameter: Parameter) -> Option<Cap> {
        let cap = |number: u8, because: String| {
            Some(Cap {
                level: Level::of(number),
                because,
            })
        };
        match parameter {
            Parameter::Ownership => Some(self.ownership()),
            Parameter::Unification if !self.has_joined => {
                cap(1, "No touchpoint is joined in it on the map.".to_owned())
            }
            Parameter::SelfService if self.asked == 0 => Some(Cap {
                level: Level::NotKnown,
                because: "Nobody asked for access within 180 days, so nobody knows how fast it is opened."
                    .to_owned(),
            }),
            Parameter::SelfService if self.opened_in_time * 2 < self.asked => cap(
                1,
                format!(
                    "Of {} within 180 days {} opened within 10 working days.",
                    counted(self.asked, "access", "accesses"),
                    match self.opened_in_time {
                        0 => "none was".to_owned(),
                        1 => "1 was".to_owned(),
                        count => format!("{count} were"),
                    }
                ),
            ),
            Parameter::Protection if !self.has_sensitivity => {
                cap(0, "Nobody has said how sensitive it is.".to_owned())
            }
            Parameter::Protection if !self.is_agreed => {
                cap(0, "Owner and custodian have not signed its entry.".to_owned())
            }
            Parameter::Protection if self.incomplete_uses > 0 => cap(
                1,
                format!(
                    "{} something that the record needs.",
                    counted(self.incomplete_uses, "use lacks", "uses lack")
                ),
            ),
            Parameter::Protection if self.open_doors > 0 => cap(
                2,
                format!(
                    "{} open past the last day.",
                    counted(self.open_doors, "access is", "accesses are")
                ),
            ),
            Parameter::Protection if self.uncertified > 0 => cap(
                2,
                format!(
                    "{} past its certification.",
                    counted(self.uncertified, "access is", "accesses are")
                ),
            ),
            _ => None,
        }
    }

    /// What stands when both sides read this: not above what the house knows. What is not known above a level
    /// caps only those who claim more than that.
    pub fn capped(&self, parameter: Parameter, read: Level) -> (Level, Option<Cap>) {
        let (Some(number), Some(cap)) = (read.number(), self.cap(parameter)) else {
            return (read, None);
        };
        match cap.level.number() {
            Some(most) if number > most => (cap.level, Some(cap)),
            None if number >= 2 => (Level::NotKnown, Some(cap)),
            _ => (read, None),
        }
    }
}

/// How one parameter of a source stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LevelStanding {
    /// Neither side has read it, or one.
    NotRead,
    /// Both have, longer than [`READING_DAYS`] days ago.
    Outdated,
    Stands {
        level: Level,
        cap: Option<Cap>,
    },
}

impl LevelStanding {
    pub const fn level(&self) -> Level {
        match self {
            Self::NotRead | Self::Outdated => Level::NotKnown,
            Self::Stands { level, .. } => *level,
        }
    }
}

/// Sources by their level of one parameter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spread {
    pub by_level: [usize; 5],
    pub unknown: usize,
    pub not_applicable: usize,
}

impl Spread {
    pub fn add(&mut self, level: Level) {
        match level.number() {
            Some(number) => self.by_level[usize::from(number)] += 1,
            None if level == Level::NotApplicable => self.not_applicable += 1,
            None => self.unknown += 1,
        }
    }

    /// How many count: without those to which it does not apply.
    pub fn total(&self) -> usize {
        self.by_level.iter().sum::<usize>() + self.unknown
    }

    pub fn at_target(&self) -> usize {
        self.by_level[usize::from(TARGET)..].iter().sum()
    }

    /// "9 of 14 at 2 or more".
    pub fn label(&self) -> String {
        format!("{} of {} at {TARGET} or more", self.at_target(), self.total())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owned() -> Facts {
        Facts {
            is_owned: true,
            is_kept: true,
            has_steward: true,
            has_sensitivity: true,
            is_agreed: true,
            is_agreed_as_it_stands: true,
            ..Facts::default()
        }
    }

    #[test]
    fn the_lower_word_stands_and_what_one_does_not_know_is_not_known() {
        assert_eq!(Level::Three.lower(Level::One), Level::One);
        assert_eq!(Level::NotKnown.lower(Level::Four), Level::NotKnown);
        assert_eq!(Level::NotApplicable.lower(Level::Two), Level::NotKnown);
        assert_eq!(
            Level::NotApplicable.lower(Level::NotApplicable),
            Level::NotApplicable
        );
    }

    #[test]
    fn ownership_is_what_the_house_knows() {
        assert_eq!(Facts::default().ownership().level, Level::Zero);
        let mut facts = owned();
        assert_eq!(facts.ownership().level, Level::Three);
        facts.has_deputies = true;
        facts.is_handed_on = true;
        assert_eq!(facts.ownership().level, Level::Four);
        facts.late.push("A word was late.".to_owned());
        assert_eq!(facts.ownership().level, Level::Two);
        facts.has_steward = false;
        assert_eq!(facts.ownership().level, Level::One);
        facts.is_kept = false;
        assert_eq!(facts.ownership().level, Level::Zero);
    }

    #[test]
    fn nobody_stands_above_a_fact() {
        let mut facts = owned();
        let level = |facts: &Facts, parameter, read| facts.capped(parameter, read).0;
        assert_eq!(level(&facts, Parameter::Unification, Level::Three), Level::One);
        assert_eq!(level(&facts, Parameter::Unification, Level::Zero), Level::Zero);
        facts.has_joined = true;
        assert_eq!(level(&facts, Parameter::Unification, Level::Three), Level::Three);
        assert_eq!(level(&facts, Parameter::SelfService, Level::Two), Level::NotKnown);
        assert_eq!(level(&facts, Parameter::SelfService, Level::One), Level::One);
        facts.asked = 3;
        facts.opened_in_time = 1;
        assert_eq!(level(&facts, Parameter::SelfService, Level::Four), Level::One);
        facts.opened_in_time = 2;
        assert_eq!(level(&facts, Parameter::SelfService, Level::Four), Level::Four);
        assert_eq!(level(&facts, Parameter::Protection, Level::Four), Level::Four);
        facts.open_doors = 1;
        assert_eq!(level(&facts, Parameter::Protection, Level::Four), Level::Two);
        facts.open_doors = 0;
        facts.uncertified = 1;
        assert_eq!(level(&facts, Parameter::Protection, Level::Four), Level::Two);
        facts.incomplete_uses = 2;
        assert_eq!(level(&facts, Parameter::Protection, Level::Four), Level::One);
        facts.is_agreed = false;
        assert_eq!(
            level(&facts, Parameter::Protection, Level::NotKnown),
            Level::NotKnown
        );
        assert_eq!(level(&facts, Parameter::Protection, Level::Two), Level::Zero);
    }

    #[test]
    fn sources_are_counted_by_level_and_never_averaged() {
        let mut spread = Spread::default();
        for level in [
            Level::Zero,
            Level::Two,
            Level::Four,
            Level::NotKnown,
            Level::NotApplicable,
        ] {
            spread.add(level);
        }
        assert_eq!(spread.label(), "2 of 4 at 2 or more");
        assert_eq!(spread.by_level, [1, 0, 1, 0, 1]);
    }
}
