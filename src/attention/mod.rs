//! What needs attention, from every room, the most urgent first. Reads every room, owns none.
//!
//! The overview shows it, and a review's agenda is made of it; both count the same.

use std::{cmp::Reverse, collections::HashSet};

use crate::{
    access, capacity, decisions, definition, goals,
    handshake::{self, Kind, State, owed::AwaitedSignature, read::Standing},
    identity::{Side, Viewer},
    initiatives,
    kpis::{self, read::KpiStanding},
    milestones,
    platform::{error::Result, text::join_details, time::Day},
    sources, text_enum,
    ui::StatusWord,
};

const NEWS_FOR_DAYS: i64 = 30;

text_enum! {
    /// What kind of thing needs attention.
    pub enum Subject {
        Goal = "goal",
        Kpi = "kpi",
        Milestone = "milestone",
        Initiative = "initiative",
        Capacity = "capacity",
        Definition = "definition",
        Signature = "signature",
        Decision = "decision",
        Access = "access",
        Source = "source",
    }
}

/// One thing that an executive should look at.
pub struct Attention {
    pub subject: Subject,
    pub word: StatusWord,
    pub title: String,
    pub path: String,
    pub why: String,
    pub standing: Option<Standing>,
    /// Both owners and who of them has not attested.
    pub owners: Option<(String, String, (bool, bool))>,
    weight: i64,
}

/// Open milestones that are shown one by one.
const MOST_MILESTONES: usize = 200;

/// All of the workspace that may need attention: a fixed number of queries, whatever there is.
pub struct AttentionInput {
    pub goals: Vec<goals::read::Goal>,
    pub kpis: Vec<KpiStanding>,
    pub initiatives: Vec<initiatives::read::InitiativeSummary>,
    pub waiting: Vec<AwaitedSignature>,
    /// The first that are open, by date.
    pub open_milestones: Vec<milestones::read::MilestoneRow>,
    milestones: Vec<milestones::read::MilestoneRow>,
    undecided: Vec<decisions::owed::OwedDecision>,
    access: access::owed::Keeping,
    pub vacancies: Vec<sources::owed::Vacancy>,
    unread: Vec<sources::read::OwedReading>,
    unanswered: Vec<sources::owed::UnansweredTouchpoint>,
    pub ratification: Option<definition::owed::OwedRatification>,
    caps: Vec<capacity::owed::CapExceeded>,
}

impl AttentionInput {
    pub async fn read(viewer: &Viewer) -> Result<Self> {
        let (kpis, archived): (Vec<KpiStanding>, Vec<KpiStanding>) = kpis::read::standings_with_goals(viewer)
            .await?
            .into_iter()
            .partition(|kpi| !kpi.summary.is_archived);
        let of_goals: Vec<kpis::read::KpiSummary> = kpis
            .iter()
            .chain(&archived)
            .map(|kpi| kpi.summary.clone())
            .collect();
        let (open_milestones, milestones) =
            milestones::read::open_and_needing_attention(viewer, MOST_MILESTONES).await?;
        Ok(Self {
            goals: goals::read::all(viewer, &of_goals).await?,
            kpis,
            initiatives: initiatives::read::summaries(viewer).await?,
            waiting: handshake::owed::owed(viewer).await?,
            open_milestones,
            milestones,
            undecided: decisions::owed::owed(viewer, viewer.today().plus(-1)).await?,
            ratification: definition::owed::owed(viewer).await?.into_iter().next(),
            caps: capacity::owed::owed(viewer).await?,
            access: access::owed::keeping(viewer).await?,
            vacancies: sources::owed::vacancies(viewer).await?,
            unread: sources::read::owed_readings(viewer).await?,
            unanswered: sources::owed::unanswered_touchpoints(viewer).await?,
        })
    }

    pub fn overdue_milestones(&self, today: Day) -> usize {
        self.milestones
            .iter()
            .filter(|milestone| matches!(milestone.status(today), milestones::MilestoneStatus::Overdue(_)))
            .count()
    }

    /// All that needs attention, the most urgent first.
    pub fn attention(&self, viewer: &Viewer) -> Vec<Attention> {
        let today = viewer.today();
        let mut found: Vec<Attention> = self
            .goals
            .iter()
            .filter_map(|goal| of_goal(goal, today))
            .collect();
        found.extend(
            self.ratification
                .iter()
                .map(|version| of_ratification(version, today)),
        );
        found.extend(self.caps.iter().map(|cap| of_cap(cap, viewer)));
        found.extend(self.kpis.iter().filter_map(|kpi| of_kpi(kpi, today)));
        found.extend(
            self.milestones
                .iter()
                .filter_map(|milestone| of_milestone(milestone, viewer)),
        );
        found.extend(
            self.initiatives
                .iter()
                .filter_map(|initiative| of_initiative(initiative, viewer)),
        );
        // What is told of already is told once, however its signatures stand.
        let listed_paths: HashSet<String> = found.iter().map(|thing| thing.path.clone()).collect();
        found.extend(
            self.waiting
                .iter()
                .filter(|waiting| !listed_paths.contains(&waiting.path))
                .filter_map(|waiting| of_waiting(waiting, viewer)),
        );
        found.extend(self.undecided.iter().map(|decision| of_decision(decision, today)));
        let needed = self
            .access
            .grants
            .iter()
            .filter(|request| request.is_needed(today));
        found.extend(needed.map(|request| of_request(request, viewer)));
        found.extend(
            self.access
                .doors
                .iter()
                .filter_map(|(request, due_on)| of_door(request, *due_on, today)),
        );
        found.extend(
            self.access
                .certifications
                .iter()
                .filter_map(|owed| of_certification(owed, today)),
        );
        found.extend(
            self.vacancies
                .iter()
                .filter_map(|vacancy| of_vacancy(vacancy, today)),
        );
        // What both sides owe of one thing is told once.
        let readings = self
            .unread
            .chunk_by(|one, other| one.source_id == other.source_id);
        found.extend(readings.filter_map(|owed| of_readings(owed, today)));
        let touchpoints = self.unanswered.chunk_by(|one, other| one.id == other.id);
        found.extend(touchpoints.filter_map(|owed| of_unanswered(owed, today)));
        found.sort_by_key(|thing| {
            (
                urgency(thing.word),
                Reverse(days_late(thing.word)),
                Reverse(thing.weight),
            )
        });
        found
    }
}

/// What is off track comes first, then what the sides cannot settle, what is late, what is silent, and what
/// may become bad.
const fn urgency(word: StatusWord) -> u8 {
    match word {
        StatusWord::OffTrack => 0,
        StatusWord::Stuck => 1,
        StatusWord::Disputed => 2,
        StatusWord::Late(_) => 3,
        StatusWord::NoNews => 4,
        StatusWord::AtRisk => 5,
        _ => 6,
    }
}

const fn days_late(word: StatusWord) -> i64 {
    match word {
        StatusWord::Late(days) => days,
        _ => 0,
    }
}

fn of_goal(goal: &goals::read::Goal, today: Day) -> Option<Attention> {
    let status = goal.status();
    // How a goal ended is news for a while, then history.
    let is_news =
        matches!(status, goals::GoalStatus::NotReached(_)) && today <= goal.due_on.plus(NEWS_FOR_DAYS);
    let is_behind = matches!(
        status,
        goals::GoalStatus::OffTrack(_) | goals::GoalStatus::AtRisk(_)
    );
    (is_news || is_behind).then(|| Attention {
        subject: Subject::Goal,
        word: status.word(),
        title: goal.title.clone(),
        path: goal.path(),
        why: format!("Goal for {}. {}.", goal.due_on.format(today), goal.rollup_label()),
        standing: None,
        owners: None,
        weight: match status {
            goals::GoalStatus::OffTrack(_) => 230,
            goals::GoalStatus::AtRisk(_) => 100,
            _ => 290,
        },
    })
}

/// The definition in force, when it is to be ratified again soon, or was to be.
fn of_ratification(version: &definition::owed::OwedRatification, today: Day) -> Attention {
    let late = today.days_since(version.due_on);
    let proposed = if version.is_proposed {
        "A new version waits for both leads."
    } else {
        "Nobody has proposed it yet."
    };
    Attention {
        subject: Subject::Definition,
        word: if late > 0 {
            StatusWord::Late(late)
        } else {
            StatusWord::DueSoon
        },
        title: format!("Definition, version {}", version.number),
        path: "definition".to_owned(),
        why: format!(
            "Both leads renew it by {}. {proposed}",
            version.due_on.format(today)
        ),
        standing: None,
        owners: None,
        weight: 190 + late.clamp(-30, 60),
    }
}

fn of_cap(cap: &capacity::owed::CapExceeded, viewer: &Viewer) -> Attention {
    let late = viewer.today().days_since(cap.due_on(viewer));
    Attention {
        subject: Subject::Capacity,
        word: if late > 0 {
            StatusWord::Late(late)
        } else {
            StatusWord::OffTrack
        },
        title: cap.label(),
        path: cap.path(),
        why: "Cut something, or both leads sign an exception.".to_owned(),
        standing: None,
        owners: None,
        weight: 160 + cap.over_days.min(40),
    }
}

fn of_kpi(kpi: &KpiStanding, today: Day) -> Option<Attention> {
    let (summary, attestations) = (&kpi.summary, kpi.attestations);
    let stand = kpi.stand(today);
    if !stand.needs_attention() {
        return None;
    }
    let number = summary.latest.map_or_else(String::new, |latest| {
        let aim = latest.target.map_or_else(String::new, |target| {
            format!(", target {}", target.format(&kpi.unit))
        });
        format!(
            "{} in {}{aim} · ",
            kpi.in_words(latest.value),
            summary.cadence.format(latest.period, today)
        )
    });
    Some(Attention {
        subject: Subject::Kpi,
        word: stand.word(),
        title: summary.title.clone(),
        path: summary.path(),
        why: format!(
            "{number}{}.",
            join_details([stand.detail(), Some(attestations.label())])
        ),
        standing: None,
        owners: Some((
            kpi.marketing_name.clone(),
            kpi.technology_name.clone(),
            attestations.hollow(),
        )),
        weight: match stand {
            kpis::Stand::ByNumbers(kpis::KpiStatus::OffTrack(reached)) => 300 - reached,
            kpis::Stand::Disputed => 220,
            kpis::Stand::ByNumbers(kpis::KpiStatus::Outdated(late)) => 140 + late.min(60),
            kpis::Stand::Split | kpis::Stand::Unattested(_) => 130,
            kpis::Stand::ByNumbers(_) => 85,
        },
    })
}

/// " Technology has to accept it; Marketing did on 2 Nov."
fn awaited_acceptance(standing: &Standing, viewer: &Viewer) -> Option<String> {
    let side = standing.state.waiting_on()?;
    let accepted_at = standing.seat(side.other())?.at;
    Some(format!(
        " {} has to accept it; {} did on {}.",
        side.name(),
        side.other().name(),
        viewer.day_of(accepted_at).format(viewer.today())
    ))
}

fn of_milestone(milestone: &milestones::read::MilestoneRow, viewer: &Viewer) -> Option<Attention> {
    let today = viewer.today();
    let status = milestone.status(today);
    if !status.needs_attention() {
        return None;
    }
    let hollow = milestone.standing.as_ref().map_or((true, true), Standing::hollow);
    let slip = milestones::slip_words(milestone.moves, milestone.promised_on, milestone.due_on, today)
        .map_or_else(String::new, |words| format!(", {words}"));
    // Due soon says the day itself.
    let detail = status
        .detail()
        .filter(|_| !matches!(status, milestones::MilestoneStatus::DueSoon(_)))
        .map_or_else(String::new, |detail| format!("{detail}. "));
    let due = if today > milestone.due_on {
        "Was due"
    } else {
        "Due"
    };
    Some(Attention {
        subject: Subject::Milestone,
        word: status.word(),
        title: milestone.title.clone(),
        path: format!("milestones/{}", milestone.number),
        why: format!(
            "{detail}{due} {}{slip}. {} of {} checkpoints done.{}",
            milestone.due_on.format(today),
            milestone.facts.passed,
            milestone.facts.checkpoints,
            milestone
                .standing
                .as_ref()
                .and_then(|standing| awaited_acceptance(standing, viewer))
                .unwrap_or_default()
        ),
        standing: milestone.standing.clone(),
        owners: Some((
            milestone.marketing_name.clone(),
            milestone.technology_name.clone(),
            hollow,
        )),
        weight: if let milestones::MilestoneStatus::Overdue(days) = status {
            150 + days.min(100)
        } else {
            95
        },
    })
}

fn of_initiative(it: &initiatives::read::InitiativeSummary, viewer: &Viewer) -> Option<Attention> {
    let (status, today) = (it.status(viewer), viewer.today());
    if it.phase != initiatives::Phase::Active || !status.needs_attention() {
        return None;
    }
    let said = it.reported_at.map_or_else(
        || "No check-in yet".to_owned(),
        |at| format!("Last check-in {}", viewer.day_of(at).format(today)),
    );
    let next = it
        .next_step
        .as_ref()
        .map_or_else(String::new, |next| format!(" Next: {next}"));
    Some(Attention {
        subject: Subject::Initiative,
        word: status.word(),
        title: it.title.clone(),
        path: format!("initiatives/{}", it.number),
        why: format!("{said}.{next}"),
        standing: None,
        owners: Some((
            it.marketing_lead.clone(),
            it.technology_lead.clone(),
            (false, false),
        )),
        weight: match status {
            initiatives::InitiativeStatus::Reported(handshake::Health::OffTrack) => 260,
            initiatives::InitiativeStatus::Overdue(late) => 200 + late.min(60),
            initiatives::InitiativeStatus::Outdated(age) => 90 + age.min(60),
            _ => 80,
        },
    })
}

/// A KPI's attestation is told with its number.
fn of_waiting(waiting: &AwaitedSignature, viewer: &Viewer) -> Option<Attention> {
    if waiting.kind == Kind::Kpi {
        return None;
    }
    let today = viewer.today();
    let (state, since) = (waiting.standing.state, waiting.standing.waits_since());
    let is_deadlocked = waiting.is_deadlocked(viewer);
    let (waited, late) = (
        today.days_since(viewer.day_of(since)),
        today.days_since(waiting.due_on(viewer)),
    );
    let objected = matches!(state, State::Objected { .. });
    if waited < 2 && late <= 0 && !objected {
        return None;
    }
    Some(Attention {
        subject: Subject::Signature,
        word: match late {
            _ if is_deadlocked => StatusWord::Stuck,
            _ if objected => StatusWord::Disputed,
            1.. => StatusWord::Late(late),
            _ => StatusWord::Proposed,
        },
        title: waiting.label.clone(),
        path: waiting.path.clone(),
        why: waiting.sentence(viewer),
        standing: Some(waiting.standing.clone()),
        owners: None,
        weight: 180 + waited.max(late).min(100),
    })
}

fn of_decision(decision: &decisions::owed::OwedDecision, today: Day) -> Attention {
    let status = decision.status(today);
    Attention {
        subject: Subject::Decision,
        word: status.word(),
        title: decision.question.clone(),
        path: decision.path(),
        why: format!(
            "The decision was due {}. {} has not proposed anything.",
            decision.decide_by.format(today),
            decision.driver
        ),
        standing: None,
        owners: None,
        weight: 140 + today.days_since(decision.decide_by).min(60),
    }
}

/// A chair that is empty for longer than the grace.
fn of_vacancy(vacancy: &sources::owed::Vacancy, today: Day) -> Option<Attention> {
    let late = today.days_since(vacancy.due_on);
    (late > 0).then(|| Attention {
        subject: Subject::Source,
        word: StatusWord::Late(late),
        title: vacancy.source.clone(),
        path: vacancy.path(),
        why: format!(
            "It has had no {} since {}. {} had to name somebody by {}.",
            vacancy.chair.name().to_lowercase(),
            vacancy.since.format(today),
            vacancy.chair.side().name(),
            vacancy.due_on.format(today)
        ),
        standing: None,
        owners: None,
        weight: 170 + late.min(100),
    })
}

/// Levels of a source that are late to be read.
fn of_readings(owed: &[sources::read::OwedReading], today: Day) -> Option<Attention> {
    let late = owed.iter().filter(|owed| owed.due_on < today);
    let due: Vec<(Side, Day)> = late.map(|owed| (owed.side, owed.due_on)).collect();
    let first = owed.first()?;
    of_sides((&first.source, first.path()), &due, "read its levels", today)
}

/// A touchpoint of which a side has not said what records it.
fn of_unanswered(owed: &[sources::owed::UnansweredTouchpoint], today: Day) -> Option<Attention> {
    let late = owed.iter().filter(|owed| owed.due_on < today);
    let due: Vec<(Side, Day)> = late.map(|owed| (owed.side, owed.due_on)).collect();
    let first = owed.first()?;
    of_sides(
        (&first.name, first.path()),
        &due,
        "said which sources record it",
        today,
    )
}

/// What one side or both owe of a thing in the map, since the earlier of their days.
fn of_sides((title, path): (&str, String), due: &[(Side, Day)], did: &str, today: Day) -> Option<Attention> {
    let first = due.iter().map(|(_, day)| *day).min()?;
    let who = match due {
        [(side, _)] => format!("{} has not", side.name()),
        _ => "Neither side has".to_owned(),
    };
    let late = today.days_since(first);
    Some(Attention {
        subject: Subject::Source,
        word: StatusWord::Late(late),
        title: title.to_owned(),
        path,
        why: format!("{who} {did}; that was due {}.", first.format(today)),
        standing: None,
        owners: None,
        weight: 110 + late.min(40),
    })
}

/// The door of an access that is over, once it is late.
fn of_door(request: &access::read::Request, due_on: Day, today: Day) -> Option<Attention> {
    let late = today.days_since(due_on);
    (late > 0).then(|| Attention {
        subject: Subject::Access,
        word: StatusWord::Late(late),
        title: format!("Access to {}", request.title),
        path: request.path(),
        why: "The access is over, and nobody has confirmed that it is shut.".to_owned(),
        standing: None,
        owners: None,
        weight: 175 + late.min(100),
    })
}

/// An access that a side has not certified on its day.
fn of_certification(owed: &access::owed::OwedCertification, today: Day) -> Option<Attention> {
    let late = today.days_since(owed.due_on);
    (late > 0).then(|| Attention {
        subject: Subject::Access,
        word: StatusWord::Late(late),
        title: format!("Access to {}", owed.request.title),
        path: owed.request.path(),
        why: format!(
            "{} has not said whether it is still needed. It ends by itself after {}.",
            owed.side.name(),
            owed.lapses_after().format(today)
        ),
        standing: None,
        owners: None,
        weight: 165 + late.min(100),
    })
}

fn of_request(request: &access::read::Request, viewer: &Viewer) -> Attention {
    let (status, today) = (request.status(viewer), viewer.today());
    let needed = request.needed_on.format(today);
    Attention {
        subject: Subject::Access,
        word: status.word(),
        title: format!("Access to {}", request.title),
        path: request.path(),
        why: format!(
            "Both sides approved it. {} still has to open the access; it {} needed by {needed}.",
            request.asking_side.other().name(),
            if today > request.needed_on { "was" } else { "is" }
        ),
        standing: None,
        owners: None,
        weight: 170 + today.days_since(request.grant_due(viewer)).clamp(0, 100),
    }
}
