//! What the overview asks: a fixed number of queries, whatever there is.

use std::{cmp::Reverse, collections::HashSet};

use crate::{
    decisions,
    definition::{self, read::Version},
    goals,
    ground::{
        error::Result,
        ids::KpiId,
        time::{Day, days},
    },
    handshake::{
        State,
        read::{Standing, Waiting, waiting},
    },
    initiatives,
    kpis::{
        self,
        read::{Attested, Kpi, Pulse},
    },
    milestones,
    people::Viewer,
    ui::Tone,
};

/// Of what needs attention, on the overview and on its own page.
pub const FIRST_ATTENTION: usize = 10;
pub const MOST_ATTENTION: usize = 100;
const MOST_INITIATIVES: i64 = 25;
const MOST_KPIS: usize = 12;
const MOST_WAITING: i64 = 2000;
const MOST_UNDECIDED: i64 = 500;
const NEWS_FOR_DAYS: i64 = 30;

/// One thing that an executive should look at.
pub struct Attention {
    pub tone: Tone,
    pub word: String,
    pub title: String,
    pub place: String,
    pub why: String,
    pub standing: Option<Standing>,
    /// Both owners and who of them has not attested.
    pub owners: Option<(String, String, (bool, bool))>,
    weight: i64,
}

pub struct Overview {
    pub attention: Vec<Attention>,
    pub attention_total: usize,
    pub in_force: Option<Version>,
    pub proposed: Option<Version>,
    pub changed: usize,
    pub initiatives: Vec<initiatives::read::Row>,
    pub initiative_counts: initiatives::read::Counts,
    pub quarter: (Day, Day),
    pub milestones: milestones::read::Counts,
    pub overdue_milestones: usize,
    pub kpis: Vec<Kpi>,
    pub kpi_total: usize,
    pub kpi_attested: usize,
    pub kpi_split: usize,
    pub goals: Vec<goals::read::Goal>,
    pub waiting: Vec<Waiting>,
}

/// The first and last day of the quarter that a day is in.
fn quarter_of(day: Day) -> (Day, Day) {
    let first = kpis::Cadence::Quarterly.period_of(day);
    (first, first.plus_months(3).plus(-1))
}

/// With the `most` things that need attention most.
pub async fn overview(viewer: &Viewer, most: usize) -> Result<Overview> {
    let today = viewer.today();
    let most_rows = i64::try_from(most).unwrap_or(i64::MAX);
    let quarter = quarter_of(today);
    let definition = definition::read::stands(viewer).await?;
    let initiatives = initiatives::read::list(viewer, MOST_INITIATIVES, 0).await?;
    let milestone_counts = milestones::read::counts(viewer, quarter.0, quarter.1).await?;
    let overdue = milestones::read::overdue(viewer, most_rows).await?;
    let overdue_numbers = milestones::read::overdue_numbers(viewer).await?;
    let pulses_of_initiatives = initiatives::read::pulses(viewer).await?;
    let attested = kpis::read::attested(viewer).await?;
    let waiting = waiting(viewer, MOST_WAITING).await?;
    let undecided = decisions::read::undecided(viewer, MOST_UNDECIDED).await?;

    let (attested, archived): (Vec<Attested>, Vec<Attested>) = attested.into_iter().partition(|kpi| !kpi.pulse.is_archived);
    let kpi_total = attested.len();
    let kpi_attested = attested.iter().filter(|kpi| kpi.is_sealed).count();
    let kpi_split = attested.iter().filter(|kpi| kpi.is_split).count();
    let is_troubled = |kpi: &&Attested| is_behind(kpi.pulse.status(today)) || kpi.is_split || kpi.is_disputed;
    let mut troubled: Vec<&Pulse> = attested.iter().filter(is_troubled).map(|kpi| &kpi.pulse).collect();
    let troubled_total = troubled.len();
    troubled.sort_by_key(|pulse| Reverse(weight_of_kpi(pulse.status(today))));
    let troubled: Vec<KpiId> = troubled.into_iter().take(most).map(|pulse| pulse.id).collect();
    let mut pulses: Vec<Pulse> = attested.into_iter().map(|kpi| kpi.pulse).collect();
    let of_goals: Vec<Pulse> = pulses.iter().cloned().chain(archived.into_iter().map(|kpi| kpi.pulse)).collect();
    let goals = goals::read::all(viewer, &of_goals).await?;
    pulses.sort_by_cached_key(|pulse| pulse.status(today).order());
    let first: Vec<KpiId> = pulses.iter().take(MOST_KPIS).map(|pulse| pulse.id).collect();
    let kpis = kpis::read::in_full(viewer, &[first.clone(), troubled.clone()].concat()).await?;
    let of = |ids: &[KpiId]| -> Vec<Kpi> { ids.iter().filter_map(|id| kpis.iter().find(|kpi| kpi.id == *id).cloned()).collect() };
    let (first, troubled) = (of(&first), of(&troubled));
    let beyond = troubled_total - troubled.len() + overdue_numbers.len().saturating_sub(overdue.len());
    // An overdue milestone is told of once, however its signatures stand.
    let overdue_places: HashSet<String> = overdue_numbers.iter().map(|number| format!("milestones/{number}")).collect();
    let other_waiting: Vec<&Waiting> = waiting.iter().filter(|waiting| !overdue_places.contains(&waiting.place)).collect();
    let ungranted = goals::read::ungranted(viewer).await?;
    let (mut attention, read) = attention(viewer, today, (&troubled, &goals), &overdue, &pulses_of_initiatives, (&other_waiting, &undecided, &ungranted));
    attention.truncate(most);
    let attention_total = read + beyond;
    let kpis = kpis::read::with_recent(viewer, first).await?;
    let in_phase = |phase| i64::try_from(pulses_of_initiatives.iter().filter(|initiative| initiative.phase == phase).count()).unwrap_or(i64::MAX);
    Ok(Overview {
        attention,
        attention_total,
        in_force: definition.in_force,
        proposed: definition.proposed,
        changed: definition.changed,
        initiatives,
        initiative_counts: initiatives::read::Counts {
            total: i64::try_from(pulses_of_initiatives.len()).unwrap_or(i64::MAX),
            active: in_phase(initiatives::Phase::Active),
            paused: in_phase(initiatives::Phase::Paused),
        },
        quarter,
        milestones: milestone_counts,
        overdue_milestones: overdue_numbers.len(),
        kpis,
        kpi_total,
        kpi_attested,
        kpi_split,
        goals,
        waiting,
    })
}

const fn is_behind(status: kpis::Status) -> bool {
    matches!(status, kpis::Status::OffTrack(_) | kpis::Status::Outdated(_))
}

fn weight_of_kpi(status: kpis::Status) -> i64 {
    match status {
        kpis::Status::OffTrack(reached) => 300 - reached,
        kpis::Status::Outdated(late) => 100 + late.min(60),
        _ => 120,
    }
}

/// What needs attention, the heaviest first, and how much of it there is.
fn attention(
    viewer: &Viewer,
    today: Day,
    (kpis, goals): (&[Kpi], &[goals::read::Goal]),
    overdue: &[milestones::read::Row],
    initiatives: &[initiatives::read::Pulse],
    (waiting, undecided, ungranted): (&[&Waiting], &[decisions::read::Row], &[goals::read::Request]),
) -> (Vec<Attention>, usize) {
    let mut found = Vec::new();
    for goal in goals {
        let status = goal.status();
        // How a goal ended is news for a while, then history.
        let is_news = matches!(status, goals::Status::NotReached(_)) && today <= goal.due_on.plus(NEWS_FOR_DAYS);
        if !matches!(status, goals::Status::OffTrack(_)) && !is_news {
            continue;
        }
        found.push(Attention {
            tone: status.tone(),
            word: status.words(),
            title: goal.title.clone(),
            place: goal.place(),
            why: format!("Goal by {}. {}.", goal.due_on.said(today), goal.rolled_up()),
            standing: None,
            owners: None,
            weight: if matches!(status, goals::Status::NotReached(_)) { 290 } else { 230 },
        });
    }
    for kpi in kpis {
        let status = kpi.status(today);
        let number = kpi.latest.map(|latest| {
            let aim = latest.target.map_or_else(String::new, |target| format!(", target {}", target.said(&kpi.unit)));
            format!("{} in {}{aim}. ", kpis::with_unit(latest.value, &kpi.unit), kpi.cadence.said(latest.period, today))
        });
        // At odds, it is not fine, whatever the number says.
        let (tone, word) = if kpi.disputed_by().is_some() {
            (Tone::OffTrack, "Disputed".to_owned())
        } else if kpi.split().is_some() && !is_behind(status) {
            (Tone::AtRisk, "Split".to_owned())
        } else {
            (status.tone(), status.words())
        };
        found.push(Attention {
            tone,
            word,
            title: kpi.title.clone(),
            place: kpi.place(),
            why: format!("{}{}.", number.unwrap_or_default(), kpi.attested_words()),
            standing: None,
            owners: Some((kpi.marketing_name.clone(), kpi.technology_name.clone(), kpi.hollow())),
            weight: weight_of_kpi(status),
        });
    }
    for late in overdue {
        let status = late.status(today);
        let hollow = late.standing.as_ref().map_or((true, true), Standing::hollow);
        let slip = milestones::slip_words(late.moves, late.promised_on, late.due_on, today).map_or_else(String::new, |words| format!(", {words}"));
        found.push(Attention {
            tone: status.tone(),
            word: status.words(),
            title: late.title.clone(),
            place: format!("milestones/{}", late.number),
            why: format!("Due {}{slip}. {} of {} checkpoints passed.", late.due_on.said(today), late.facts.passed, late.facts.checkpoints),
            standing: late.standing.clone(),
            owners: Some((late.marketing_name.clone(), late.technology_name.clone(), hollow)),
            weight: 150 + today.days_since(late.due_on).min(100),
        });
    }
    for row in initiatives {
        let status = row.status(viewer);
        if row.phase == initiatives::Phase::Active && status.needs_attention() {
            let said = row.reported_at.map_or_else(|| "No check-in yet".to_owned(), |at| format!("Last check-in {}", viewer.day_of(at).said(today)));
            let next = row.next_step.as_ref().map_or_else(String::new, |next| format!(" Next: {next}"));
            found.push(Attention {
                tone: status.tone(),
                word: status.words(),
                title: row.title.clone(),
                place: format!("initiatives/{}", row.number),
                why: format!("{said}.{next}"),
                standing: None,
                owners: Some((row.marketing_lead.clone(), row.technology_lead.clone(), (false, false))),
                weight: match status {
                    initiatives::Status::Reported(crate::handshake::Health::OffTrack) => 260,
                    initiatives::Status::Overdue(late) => 200 + late.min(60),
                    initiatives::Status::Outdated(age) => 90 + age.min(60),
                    _ => 80,
                },
            });
        }
    }
    for waiting in waiting {
        if waiting.kind == crate::handshake::Kind::Kpi {
            continue;
        }
        let (words, since) = match waiting.standing.state {
            State::HalfSigned { by, since } => (format!("1 of 2 signed. Waiting for {} since {}.", by.other().name(), viewer.day_of(since).said(today)), since),
            State::Objected { by } => {
                let since = waiting.standing.seat(by).map_or(waiting.standing.opened_at, |seat| seat.at);
                (format!("{} objected; it needs a new proposal.", by.name()), since)
            }
            _ => (format!("Nobody has signed since {}.", viewer.day_of(waiting.standing.opened_at).said(today)), waiting.standing.opened_at),
        };
        let waited = today.days_since(viewer.day_of(since));
        let objected = matches!(waiting.standing.state, State::Objected { .. });
        if waited < 2 && !objected {
            continue;
        }
        let is_stuck = objected || matches!(waiting.standing.state, State::HalfSigned { .. });
        let is_deadlocked = waiting.kind == crate::handshake::Kind::Decision && is_stuck && waited > viewer.signature_days();
        found.push(Attention {
            tone: if waited > viewer.signature_days() || objected { Tone::OffTrack } else { Tone::AtRisk },
            word: if is_deadlocked { format!("Deadlocked {}", days(waited)) } else { days(waited) },
            title: waiting.label.clone(),
            place: waiting.place.clone(),
            why: words,
            standing: Some(waiting.standing.clone()),
            owners: None,
            weight: 180 + waited.min(100),
        });
    }
    for decision in undecided {
        let status = decision.status(viewer);
        found.push(Attention {
            tone: status.tone(),
            word: status.words(),
            title: decision.question.clone(),
            place: format!("decisions/{}", decision.number),
            why: format!("To be decided by {}; nothing is proposed. Driver: {}.", decision.decide_by.said(today), decision.driver),
            standing: None,
            owners: None,
            weight: 140 + today.days_since(decision.decide_by).min(60),
        });
    }
    for request in ungranted {
        let (tone, word) = request.state(today).words(request.needed_on, today);
        let late = today.days_since(request.grant_due(viewer));
        found.push(Attention {
            tone,
            word,
            title: format!("Access to {}", request.title),
            place: request.place(),
            why: format!(
                "Approved by both sides, needed {}. Whoever gives it has to say that it is granted. Goal: {}.",
                request.needed_on.said(today),
                request.goal
            ),
            standing: None,
            owners: None,
            weight: 170 + late.clamp(0, 100),
        });
    }
    let total = found.len();
    found.sort_by_key(|thing| Reverse(thing.weight));
    (found, total)
}
