//! Are we well: five bars, a segment a thing, the worst first.

use crate::{
    decisions::read::DecisionRow,
    goals::read::Goal,
    handshake::sign_off::SignOff,
    identity::Viewer,
    initiatives::{Phase, read::InitiativeSummary},
    kpis::read::KpiStanding,
    milestones::{MilestoneStatus, read::MilestoneRow},
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
    /// "1 of 6 initiatives", where some are off track.
    off_track: Option<String>,
    /// "2 milestones", where some are late.
    late: Option<String>,
    /// "3 of 5 KPIs", where some are silent.
    silent: Option<String>,
}

fn bar(name: &'static str, path: &'static str, mut segments: Vec<Segment>) -> Bar {
    segments.sort_by_key(|segment| segment.tone.severity());
    let total = segments.len();
    let of = |wanted: &[Tone]| {
        segments
            .iter()
            .filter(|segment| wanted.contains(&segment.tone))
            .count()
    };
    let (bad, fine) = (of(&[Tone::OffTrack]), of(&[Tone::OnTrack, Tone::Done]));
    let silent = of(&[Tone::Outdated]);
    let noun = if name == "KPIs" {
        name.to_owned()
    } else {
        name.to_lowercase()
    };
    segments.truncate(MOST_SEGMENTS);
    Bar {
        name,
        path,
        label: format!("{fine} of {total} on track"),
        segments,
        total,
        off_track: (bad > 0).then(|| format!("{bad} of {total} {noun}")),
        late: None,
        silent: (silent > 0).then(|| format!("{silent} of {total} {noun}")),
    }
}

/// A bar of things that are late rather than off track.
fn late_bar(name: &'static str, path: &'static str, segments: Vec<Segment>, late: usize) -> Bar {
    let found = bar(name, path, segments);
    let noun = name.to_lowercase();
    Bar {
        label: if late == 0 {
            found.label.clone()
        } else {
            format!("{late} of {} late", found.total)
        },
        off_track: None,
        late: (late > 0).then(|| {
            let one = noun.trim_end_matches('s');
            format!("{late} {}", if late == 1 { one } else { &noun })
        }),
        ..found
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
    let late_milestones = milestones
        .iter()
        .filter(|milestone| matches!(milestone.status(today), MilestoneStatus::Overdue(_)))
        .count();
    let milestones = milestones
        .iter()
        .map(|milestone| {
            let status = milestone.status(today);
            let path = format!("milestones/{}", milestone.number);
            segment(status.word(), &milestone.title, status.detail(), path)
        })
        .collect();
    let is_late = |decision: &DecisionRow| {
        matches!(
            decision.status(viewer),
            SignOff::Unsigned(..) | SignOff::Deadlocked(_) | SignOff::Overdue(_)
        )
    };
    let late_decisions = decisions.iter().filter(|decision| is_late(decision)).count();
    let decisions = decisions
        .iter()
        .map(|decision| {
            let status = decision.status(viewer);
            let path = format!("decisions/{}", decision.number);
            segment(status.word(), &decision.question, Some(status.detail()), path)
        })
        .collect();
    [
        bar("Goals", "goals", goals),
        bar("KPIs", "kpis", kpis),
        bar("Initiatives", "initiatives", initiatives),
        late_bar("Milestones", "milestones", milestones, late_milestones),
        late_bar("Decisions", "decisions", decisions, late_decisions),
    ]
}

/// What there is to say in one sentence: `(what is wrong, of what)`, or nothing when all is well.
pub fn verdict(bars: &[Bar; 5]) -> Vec<(&'static str, String)> {
    let said = |parts: Vec<&String>| {
        let parts: Vec<&str> = parts.into_iter().map(String::as_str).collect();
        (!parts.is_empty()).then(|| join_names(&parts))
    };
    let off_track = said(bars.iter().filter_map(|bar| bar.off_track.as_ref()).collect());
    let late = said(bars.iter().filter_map(|bar| bar.late.as_ref()).collect());
    let silent = said(bars.iter().filter_map(|bar| bar.silent.as_ref()).collect());
    [("Off track:", off_track), ("Late:", late), ("No news:", silent)]
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
            segments(&[Tone::OnTrack, Tone::OffTrack, Tone::AtRisk]),
        );
        assert_eq!(
            goals.segments.iter().map(|s| s.tone).collect::<Vec<_>>(),
            [Tone::OffTrack, Tone::AtRisk, Tone::OnTrack]
        );
        assert_eq!(goals.label, "1 of 3 on track");
        let bars = [
            goals,
            bar("KPIs", "kpis", segments(&[Tone::OffTrack, Tone::Outdated])),
            bar("Initiatives", "initiatives", segments(&[Tone::OnTrack])),
            late_bar(
                "Milestones",
                "milestones",
                segments(&[Tone::OffTrack, Tone::OnTrack]),
                1,
            ),
            late_bar("Decisions", "decisions", Vec::new(), 0),
        ];
        assert_eq!(
            verdict(&bars),
            [
                ("Off track:", "1 of 3 goals and 1 of 2 KPIs".to_owned()),
                ("Late:", "1 milestone".to_owned()),
                ("No news:", "1 of 2 KPIs".to_owned()),
            ]
        );
        assert_eq!(bars[3].label, "1 of 2 late");
    }
}
