//! Are we well: five bars, a segment a thing, the worst first.

use crate::{
    decisions::read::DecisionRow,
    goals::read::Goal,
    identity::Viewer,
    initiatives::{Phase, read::InitiativeSummary},
    kpis::read::KpiStanding,
    milestones::read::MilestoneRow,
    platform::text::{join_details, join_names},
    ui::{StatusWord, Tone},
};

/// More segments than this cannot be told apart; the worst are shown.
const MOST_SEGMENTS: usize = 40;

/// One thing in a bar.
#[derive(Clone, Debug)]
pub struct Segment {
    pub tone: Tone,
    /// "Consent everywhere: off track".
    pub title: String,
    pub path: String,
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
    /// "1 of 6 initiatives", where some are red.
    red: Option<String>,
    /// What is wrong with those: off track, or late.
    trouble: Trouble,
    /// "3 of 5 KPIs", where some are silent.
    silent: Option<String>,
}

/// What the red ones of a bar are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trouble {
    OffTrack,
    Late,
    /// Late, or disputed before their day.
    LateOrDisputed,
}

fn bar(name: &'static str, path: &'static str, trouble: Trouble, mut segments: Vec<Segment>) -> Bar {
    segments.sort_by_key(|segment| segment.tone.severity());
    let total = segments.len();
    let of = |wanted: &[Tone]| {
        segments
            .iter()
            .filter(|segment| wanted.contains(&segment.tone))
            .count()
    };
    let red = of(&[Tone::OffTrack]);
    let fine = match trouble {
        Trouble::OffTrack => of(&[Tone::OnTrack, Tone::Done]),
        // What is not due yet is on track, begun or not.
        Trouble::Late | Trouble::LateOrDisputed => {
            of(&[Tone::OnTrack, Tone::Done, Tone::Quiet, Tone::NoData])
        }
    };
    let silent = of(&[Tone::Outdated]);
    let noun = if name == "KPIs" {
        name.to_owned()
    } else {
        name.to_lowercase()
    };
    let one = noun.trim_end_matches('s').to_owned();
    let among = |count: usize| match trouble {
        Trouble::OffTrack => format!("{count} of {total} {noun}"),
        _ if count == 1 => format!("1 {one}"),
        _ => format!("{count} {noun}"),
    };
    Bar {
        name,
        path,
        label: format!("{fine} of {total} on track"),
        total,
        red: (red > 0).then(|| among(red)),
        trouble,
        silent: (silent > 0).then(|| among(silent)),
        segments: segments.into_iter().take(MOST_SEGMENTS).collect(),
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
        tone: word.tone(),
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
    let is_disputed = |decision: &DecisionRow| {
        matches!(
            decision.status(viewer).word(),
            StatusWord::Disputed | StatusWord::Stuck
        )
    };
    let trouble = if decisions.iter().any(is_disputed) {
        Trouble::LateOrDisputed
    } else {
        Trouble::Late
    };
    let decisions = decisions
        .iter()
        .map(|decision| {
            let status = decision.status(viewer);
            let path = format!("decisions/{}", decision.number);
            segment(status.word(), &decision.question, Some(status.detail()), path)
        })
        .collect();
    [
        bar("Goals", "goals", Trouble::OffTrack, goals),
        bar("KPIs", "kpis", Trouble::OffTrack, kpis),
        bar("Initiatives", "initiatives", Trouble::OffTrack, initiatives),
        bar("Milestones", "milestones", Trouble::Late, milestones),
        bar("Decisions", "decisions", trouble, decisions),
    ]
}

/// What there is to say in one sentence: `(what is wrong, of what)`, or nothing when all is well.
pub fn verdict(bars: &[Bar; 5]) -> Vec<(&'static str, String)> {
    let said = |parts: Vec<&String>| {
        let parts: Vec<&str> = parts.into_iter().map(String::as_str).collect();
        (!parts.is_empty()).then(|| join_names(&parts))
    };
    let red = |is_meant: &dyn Fn(Trouble) -> bool| {
        said(
            bars.iter()
                .filter(|bar| is_meant(bar.trouble))
                .filter_map(|bar| bar.red.as_ref())
                .collect(),
        )
    };
    let is_disputed = bars
        .iter()
        .any(|bar| bar.trouble == Trouble::LateOrDisputed && bar.red.is_some());
    let late = if is_disputed { "Late or disputed:" } else { "Late:" };
    let silent = said(bars.iter().filter_map(|bar| bar.silent.as_ref()).collect());
    [
        ("Off track:", red(&|trouble| trouble == Trouble::OffTrack)),
        (late, red(&|trouble| trouble != Trouble::OffTrack)),
        ("No news:", silent),
    ]
    .into_iter()
    .filter_map(|(what, of)| Some((what, of?)))
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segments(tones: &[Tone]) -> Vec<Segment> {
        tones
            .iter()
            .map(|tone| Segment {
                tone: *tone,
                title: String::new(),
                path: String::new(),
            })
            .collect()
    }

    #[test]
    fn the_worst_stands_first_and_is_counted() {
        let goals = bar(
            "Goals",
            "goals",
            Trouble::OffTrack,
            segments(&[Tone::OnTrack, Tone::OffTrack, Tone::AtRisk]),
        );
        assert_eq!(
            goals.segments.iter().map(|s| s.tone).collect::<Vec<_>>(),
            [Tone::OffTrack, Tone::AtRisk, Tone::OnTrack]
        );
        assert_eq!(goals.label, "1 of 3 on track");
        let bars = [
            goals,
            bar(
                "KPIs",
                "kpis",
                Trouble::OffTrack,
                segments(&[Tone::OffTrack, Tone::Outdated]),
            ),
            bar(
                "Initiatives",
                "initiatives",
                Trouble::OffTrack,
                segments(&[Tone::OnTrack]),
            ),
            bar(
                "Milestones",
                "milestones",
                Trouble::Late,
                segments(&[Tone::OffTrack, Tone::OnTrack, Tone::NoData]),
            ),
            bar("Decisions", "decisions", Trouble::LateOrDisputed, Vec::new()),
        ];
        assert_eq!(
            verdict(&bars),
            [
                ("Off track:", "1 of 3 goals and 1 of 2 KPIs".to_owned()),
                ("Late:", "1 milestone".to_owned()),
                ("No news:", "1 of 2 KPIs".to_owned()),
            ]
        );
        assert_eq!(bars[3].label, "2 of 3 on track");
    }
}
