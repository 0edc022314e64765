//! Are we well: five bars, a segment a thing, the worst first.

use crate::{
    attention::{Attention, Subject},
    decisions::read::DecisionRow,
    goals::read::Goal,
    identity::Viewer,
    initiatives::{Phase, read::InitiativeSummary},
    kpis::read::KpiStanding,
    milestones::read::MilestoneRow,
    platform::text::{join_details, join_names},
    ui::{StatusWord, Tone},
};

/// Milestones and decisions that are looked at, those that are due first; more are not counted here.
pub const MOST_LOOKED_AT: usize = 200;

/// More segments than this cannot be told apart; the worst are shown.
const MOST_SEGMENTS: usize = 40;

/// One thing in a bar.
#[derive(Clone, Debug)]
pub struct Segment {
    pub word: StatusWord,
    pub name: String,
    /// "Consent everywhere: off track".
    pub title: String,
    pub path: String,
}

impl Segment {
    /// In a bar amber is what is at risk alone; what only lies before both sides, or is due soon, is as quiet
    /// as what is open.
    pub const fn tone(&self) -> Tone {
        match self.word {
            StatusWord::Proposed | StatusWord::DueSoon => Tone::Quiet,
            word => word.tone(),
        }
    }
}

/// One kind of things, and how they stand.
#[derive(Clone, Debug)]
pub struct Bar {
    pub name: &'static str,
    /// The list behind it, within the workspace.
    pub path: &'static str,
    /// "2 of 6 on track".
    pub label: String,
    pub segments: Vec<Segment>,
    pub total: usize,
    /// How many are on track, or in time.
    pub fine: usize,
    troubles: Troubles,
}

/// What the sentence tells of, in its order.
#[derive(Clone, Copy)]
enum Trouble {
    OffTrack,
    Late,
    Disputed,
    Stuck,
    NoNews,
}

const TROUBLES: [Trouble; 5] = [
    Trouble::OffTrack,
    Trouble::Late,
    Trouble::Disputed,
    Trouble::Stuck,
    Trouble::NoNews,
];

/// How many are off track, late, disputed, stuck, and silent.
pub type Troubles = [usize; TROUBLES.len()];

fn count_troubles(words: impl Iterator<Item = StatusWord>) -> Troubles {
    let mut troubles = [0; TROUBLES.len()];
    for trouble in words.filter_map(Trouble::of) {
        troubles[trouble as usize] += 1;
    }
    troubles
}

/// What needs attention and stands in no bar: sources, access, capacity, and texts to sign other than
/// decisions.
pub fn others(attention: &[Attention]) -> Troubles {
    let stands_in_a_bar = |thing: &&Attention| match thing.subject {
        Subject::Goal | Subject::Kpi | Subject::Milestone | Subject::Initiative | Subject::Decision => true,
        Subject::Signature => thing.path.starts_with("decisions/") || thing.path.starts_with("milestones/"),
        Subject::Capacity | Subject::Definition | Subject::Access | Subject::Source => false,
    };
    count_troubles(
        attention
            .iter()
            .filter(|thing| !stands_in_a_bar(thing))
            .map(|thing| thing.word),
    )
}

impl Trouble {
    const fn of(word: StatusWord) -> Option<Self> {
        match word {
            StatusWord::OffTrack => Some(Self::OffTrack),
            StatusWord::Late(_) => Some(Self::Late),
            StatusWord::Disputed => Some(Self::Disputed),
            StatusWord::Stuck => Some(Self::Stuck),
            StatusWord::NoNews => Some(Self::NoNews),
            _ => None,
        }
    }

    /// What is said of one, and of several.
    const fn predicate(self) -> [&'static str; 2] {
        match self {
            Self::OffTrack => ["is off track", "are off track"],
            Self::Late => ["is late", "are late"],
            Self::Disputed => ["is disputed", "are disputed"],
            Self::Stuck => ["is stuck", "are stuck"],
            Self::NoNews => ["has no news", "have no news"],
        }
    }

    /// "1 is stuck", or "12 are late".
    fn count_label(self, count: usize) -> String {
        format!("{count} {}", self.predicate()[usize::from(count > 1)])
    }
}

/// What is to be done by a day is in time until it is at risk, late or disputed; what is measured is on
/// track or not.
fn bar(name: &'static str, path: &'static str, has_a_day: bool, mut segments: Vec<Segment>) -> Bar {
    segments.sort_by_key(|segment| segment.tone().severity());
    let total = segments.len();
    let fine = |segment: &&Segment| {
        if has_a_day {
            segment.tone() != Tone::OffTrack && segment.word != StatusWord::AtRisk
        } else {
            matches!(segment.tone(), Tone::OnTrack | Tone::Done)
        }
    };
    let fine = segments.iter().filter(fine).count();
    let troubles = count_troubles(segments.iter().map(|segment| segment.word));
    segments.truncate(MOST_SEGMENTS);
    Bar {
        name,
        path,
        label: format!(
            "{fine} of {}{total} {}",
            if total >= MOST_LOOKED_AT { "the first " } else { "" },
            if has_a_day { "in time" } else { "on track" }
        ),
        segments,
        total,
        fine,
        troubles,
    }
}

/// The five of them.
pub fn bars(
    viewer: &Viewer,
    (goals, kpis, initiatives): (&[Goal], &[KpiStanding], &[InitiativeSummary]),
    (milestones, decisions): (&[MilestoneRow], &[DecisionRow]),
) -> [Bar; 5] {
    let today = viewer.today();
    let segment = |word: StatusWord, title: &str, detail: Option<String>, path: String| Segment {
        word,
        name: title.to_owned(),
        title: format!(
            "{title}: {}",
            join_details([Some(word.format().to_lowercase()), detail])
        ),
        path,
    };
    let goals = goals
        .iter()
        .map(|goal| {
            let status = goal.status();
            segment(status.word(), &goal.title, Some(status.detail()), goal.path())
        })
        .collect();
    let kpis = kpis
        .iter()
        .map(|kpi| {
            let stand = kpi.stand(today);
            segment(
                stand.word(),
                &kpi.summary.title,
                stand.detail(),
                kpi.summary.path(),
            )
        })
        .collect();
    let initiatives = initiatives
        .iter()
        .filter(|it| matches!(it.phase, Phase::Active | Phase::Paused))
        .map(|it| {
            let status = it.status(viewer);
            let path = format!("initiatives/{}", it.number);
            segment(status.word(), &it.title, status.detail(), path)
        })
        .collect();
    let milestones = milestones
        .iter()
        .map(|milestone| {
            let status = milestone.status(today);
            let path = format!("milestones/{}", milestone.number);
            segment(status.word(), &milestone.title, status.detail(), path)
        })
        .collect();
    let decisions = decisions
        .iter()
        .map(|decision| {
            let status = decision.status(viewer);
            let path = format!("decisions/{}", decision.number);
            segment(status.word(), &decision.question, Some(status.detail()), path)
        })
        .collect();
    [
        bar("Goals", "goals", false, goals),
        bar("KPIs", "kpis", false, kpis),
        bar("Initiatives", "initiatives", false, initiatives),
        bar("Milestones", "milestones", true, milestones),
        bar("Decisions", "decisions", true, decisions),
    ]
}

/// Letters of the names in the sentence: two lines of a phone. One name stands there however long.
const LETTERS_OF_NAMES: usize = 72;

/// Whether all is well: what is off track by its name, everything else counted.
pub struct HealthSentence<'a> {
    /// As many of those off track as are named.
    pub named: Vec<&'a Segment>,
    /// Those off track that are not named.
    pub unnamed: usize,
    /// "12 things are late, 2 are disputed and 3 have no news".
    pub counted: Option<String>,
}

pub fn health_sentence(bars: &[Bar; 5], others: Troubles) -> HealthSentence<'_> {
    let count = |trouble: Trouble| {
        let in_bars: usize = bars.iter().map(|bar| bar.troubles[trouble as usize]).sum();
        in_bars + others[trouble as usize]
    };
    let mut letters = 0;
    let named: Vec<&Segment> = bars
        .iter()
        .flat_map(|bar| &bar.segments)
        .filter(|segment| segment.word == StatusWord::OffTrack)
        .take_while(|segment| {
            let is_first = letters == 0;
            letters += segment.name.chars().count();
            is_first || letters <= LETTERS_OF_NAMES
        })
        .collect();
    let mut counted: Vec<String> = TROUBLES
        .into_iter()
        .skip(1)
        .filter(|trouble| count(*trouble) > 0)
        .map(|trouble| trouble.count_label(count(trouble)))
        .collect();
    if let Some(first) = counted.first_mut() {
        let (many, said) = first.split_once(' ').unwrap_or(("", first));
        let things = if many == "1" { "thing" } else { "things" };
        *first = format!("{many} {things} {said}");
    }
    let counted: Vec<&str> = counted.iter().map(String::as_str).collect();
    HealthSentence {
        unnamed: count(Trouble::OffTrack) - named.len(),
        named,
        counted: Some(join_names(&counted)).filter(|said| !said.is_empty()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segments(words: &[StatusWord]) -> Vec<Segment> {
        words
            .iter()
            .map(|word| Segment {
                word: *word,
                name: format!("A {}", word.format().to_lowercase()),
                title: String::new(),
                path: String::new(),
            })
            .collect()
    }

    #[test]
    fn the_worst_stands_first_and_each_is_counted_as_what_it_is() {
        use StatusWord::{AtRisk, Disputed, Late, NoNews, NotStarted, OffTrack, OnTrack, Open};
        let goals = bar("Goals", "goals", false, segments(&[OnTrack, OffTrack, AtRisk]));
        assert_eq!(
            goals
                .segments
                .iter()
                .map(|segment| segment.word)
                .collect::<Vec<_>>(),
            [OffTrack, AtRisk, OnTrack]
        );
        assert_eq!(goals.label, "1 of 3 on track");
        let bars = [
            goals,
            bar("KPIs", "kpis", false, segments(&[OffTrack, NoNews, Late(20)])),
            bar("Initiatives", "initiatives", false, segments(&[OnTrack])),
            bar(
                "Milestones",
                "milestones",
                true,
                segments(&[Late(1), AtRisk, NotStarted]),
            ),
            bar(
                "Decisions",
                "decisions",
                true,
                segments(&[Open, Disputed, Late(2)]),
            ),
        ];
        let said = health_sentence(&bars, count_troubles([Late(9), Late(17), Disputed].into_iter()));
        let paths: Vec<&str> = said.named.iter().map(|segment| segment.name.as_str()).collect();
        assert_eq!(paths, ["A off track", "A off track"], "a goal and a KPI");
        assert_eq!(said.unnamed, 0);
        assert_eq!(
            said.counted.as_deref(),
            Some("5 things are late, 2 are disputed and 1 has no news")
        );
        assert_eq!(bars[3].label, "1 of 3 in time", "what is at risk is not in time");
        assert_eq!(bars[4].label, "1 of 3 in time");
    }
}
