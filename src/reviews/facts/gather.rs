//! Asking every room what its pages show: a fixed number of queries, whatever there is.

use std::collections::HashMap;

use super::{Fact, FactField, FactKind, Missing, ReviewFacts};
use crate::{
    access,
    attention::AttentionInput,
    capacity, decisions, definition, goals,
    handshake::{self, Kind},
    identity::{Role, Side, Viewer},
    initiatives, kpis, members, milestones,
    platform::{
        error::Result,
        ids::{DecisionId, MemberId},
        quantity::Quantity,
        text::join_details,
        time::{Day, days},
    },
    reminders::People,
    sources::{
        Chair,
        levels::Parameter,
        read::{Levels, Map},
    },
};

/// More than any workspace has.
const ALL: i64 = 100_000;

/// Everything as it stands now: a fixed number of queries.
pub async fn gather(viewer: &Viewer) -> Result<ReviewFacts> {
    let input = AttentionInput::read(viewer).await?;
    let mut facts = of_definition(viewer).await?;
    facts.extend(of_decisions(viewer).await?);
    let before = kpis::read::recent_values(viewer).await?;
    facts.extend(input.kpis.iter().map(|kpi| {
        let values = before.get(&kpi.summary.id).map_or(&[][..], Vec::as_slice);
        of_kpi(viewer, kpi, values)
    }));
    facts.extend(input.goals.iter().map(of_goal));
    facts.extend(of_milestones(viewer).await?);
    facts.extend(of_initiatives(viewer).await?);
    facts.extend(of_access(viewer).await?);
    facts.extend(of_sources(viewer).await?);
    facts.extend(of_capacity(viewer).await?);
    facts.extend(of_people(viewer).await?);
    facts.extend(of_waiting(viewer, &input).await?);
    let missing = missing(viewer, &input)
        .await?
        .into_iter()
        .map(|(missing, _)| missing)
        .collect();
    Ok(ReviewFacts {
        day: viewer.today(),
        at: viewer.now(),
        rows: facts,
        missing,
        names: Vec::new(),
    })
}

async fn of_definition(viewer: &Viewer) -> Result<Vec<Fact>> {
    let stands = definition::read::stands(viewer).await?;
    let mut facts = vec![
        Fact::new(
            FactKind::Definition,
            "definition".to_owned(),
            "Definition of a better customer experience".to_owned(),
        )
        .with_some(
            FactField::Version,
            stands.in_force.as_ref().map(|version| version.number),
        )
        .with_some(
            FactField::Proposed,
            stands.proposed.as_ref().map(|version| version.number),
        )
        .with_some(
            FactField::RenewBy,
            stands.in_force.as_ref().and_then(|version| version.review_on),
        ),
    ];
    let clauses = stands.in_force.into_iter().flat_map(|version| version.clauses);
    facts.extend(clauses.map(|clause| {
        Fact::new(
            FactKind::Definition,
            format!("definition/clauses/{}", clause.id),
            clause.title,
        )
        .with(FactField::Promise, clause.promise)
    }));
    Ok(facts)
}

async fn of_decisions(viewer: &Viewer) -> Result<Vec<Fact>> {
    let mut options: HashMap<DecisionId, (Vec<String>, Option<String>)> = HashMap::new();
    for option in decisions::read::options_of_all(viewer).await? {
        let (all, proposed) = options.entry(option.decision_id).or_default();
        if option.is_proposed {
            *proposed = Some(option.title.clone());
        }
        all.push(option.title);
    }
    Ok(decisions::read::list(viewer, ALL, 0)
        .await?
        .into_iter()
        .map(|decision| {
            let status = decision.status(viewer);
            let (all, proposed) = options.remove(&decision.id).unwrap_or_default();
            let objection = decision.standing.as_ref().and_then(objection);
            Fact::new(
                FactKind::Decision,
                format!("decisions/{}", decision.number),
                decision.question.clone(),
            )
            .stands(status.word(), Some(status.detail()))
            .with(FactField::DecideBy, decision.decide_by)
            .with(FactField::Owner, decision.driver)
            .with_some(FactField::Options, (!all.is_empty()).then(|| all.join("; ")))
            .with_some(FactField::Proposal, proposed)
            .with_some(FactField::Objection, objection)
        })
        .collect())
}

/// "Technology, Kofi: it costs twice as much", while an objection stands.
fn objection(standing: &handshake::read::Standing) -> Option<String> {
    let side = standing.disputing()?;
    let seat = standing.seat(side)?;
    let reason = seat.reason.as_deref().filter(|reason| !reason.is_empty())?;
    Some(format!("{}, {}: {reason}", side.name(), seat.signer))
}

/// Periods before the newest that a KPI's fact tells of.
const PERIODS_BEFORE: usize = 5;

fn of_kpi(viewer: &Viewer, kpi: &kpis::read::KpiStanding, values: &[(Day, Quantity)]) -> Fact {
    let (today, summary) = (viewer.today(), &kpi.summary);
    let stand = kpi.stand(today);
    let fact =
        Fact::new(FactKind::Kpi, summary.path(), summary.title.clone()).stands(stand.word(), stand.detail());
    let fact = match summary.latest {
        Some(latest) => fact
            .with(FactField::Period, summary.cadence.format(latest.period, today))
            .with(FactField::Value, kpi.in_words(latest.value))
            .with_some(
                FactField::Target,
                latest.target.map(|target| target.format(&kpi.unit)),
            )
            .with_some(FactField::Before, earlier(kpi, latest.period, values, today)),
        None => fact,
    };
    fact.with(FactField::Confirmed, kpi.attestations.label())
        .with(FactField::Marketing, kpi.marketing_name.clone())
        .with(FactField::Technology, kpi.technology_name.clone())
}

/// "40.1% in September, 39.8% in August", from the newest.
fn earlier(
    kpi: &kpis::read::KpiStanding,
    newest: Day,
    values: &[(Day, Quantity)],
    today: Day,
) -> Option<String> {
    let said: Vec<String> = values
        .iter()
        .filter(|(period, _)| *period < newest)
        .take(PERIODS_BEFORE)
        .map(|(period, value)| {
            format!(
                "{} in {}",
                kpi.in_words(*value),
                kpi.summary.cadence.format(*period, today)
            )
        })
        .collect();
    (!said.is_empty()).then(|| said.join(", "))
}

fn of_goal(goal: &goals::read::Goal) -> Fact {
    let status = goal.status();
    let target = |measure: &goals::read::GoalMeasure| {
        format!(
            "{}: {} to {}",
            measure.title,
            measure.span.baseline.format(),
            kpis::with_unit(measure.span.target, &measure.unit)
        )
    };
    let targets: Vec<String> = goal.measures.iter().map(target).collect();
    Fact::new(FactKind::Goal, goal.path(), goal.title.clone())
        .stands(status.word(), Some(status.detail()))
        .with(FactField::Due, goal.due_on)
        .with(FactField::Target, targets.join("; "))
        .with(FactField::Measures, goal.rollup_label())
        .with(FactField::Owner, goal.owner.clone())
}

async fn of_milestones(viewer: &Viewer) -> Result<Vec<Fact>> {
    let today = viewer.today();
    Ok(milestones::read::list(viewer, ALL, 0)
        .await?
        .into_iter()
        .map(|milestone| {
            let status = milestone.status(today);
            Fact::new(
                FactKind::Milestone,
                format!("milestones/{}", milestone.number),
                milestone.title.clone(),
            )
            .stands(status.word(), status.detail())
            .with(FactField::Due, milestone.due_on)
            .with(FactField::Promised, milestone.promised_on)
            .with(FactField::Moves, milestone.moves)
            .with(
                FactField::Checkpoints,
                format!("{} of {}", milestone.facts.passed, milestone.facts.checkpoints),
            )
            .with(FactField::Marketing, milestone.marketing_name)
            .with(FactField::Technology, milestone.technology_name)
        })
        .collect())
}

async fn of_initiatives(viewer: &Viewer) -> Result<Vec<Fact>> {
    Ok(initiatives::read::list(viewer, ALL, 0)
        .await?
        .into_iter()
        .map(|it| {
            let status = it.status(viewer);
            Fact::new(
                FactKind::Initiative,
                format!("initiatives/{}", it.number),
                it.title.clone(),
            )
            .stands(status.word(), status.detail())
            .with(FactField::Phase, it.phase.name())
            .with(FactField::Due, it.due_on)
            .with(
                FactField::Checkpoints,
                format!("{} of {}", it.passed, it.checkpoints),
            )
            .with(FactField::Marketing, it.marketing_lead)
            .with(FactField::Technology, it.technology_lead)
        })
        .collect())
}

async fn of_access(viewer: &Viewer) -> Result<Vec<Fact>> {
    Ok(access::read::requests(viewer)
        .await?
        .into_iter()
        .map(|request| {
            let status = request.status(viewer);
            Fact::new(FactKind::Access, request.path(), request.title.clone())
                .stands(status.word(), Some(status.detail().to_owned()))
                .with(FactField::NeededBy, request.needed_on)
                .with(FactField::Until, request.ends_on)
        })
        .collect())
}

/// How every touchpoint stands, and who answers for every source and how far it is. While there is neither,
/// nothing.
async fn of_sources(viewer: &Viewer) -> Result<Vec<Fact>> {
    let map = Map::read(viewer).await?;
    let levels = Levels::read(viewer, &map).await?;
    let coverage = map.coverage();
    let mut facts = Vec::new();
    if coverage.total() > 0 {
        facts.push(
            Fact::new(
                FactKind::Coverage,
                "sources".to_owned(),
                "All touchpoints".to_owned(),
            )
            .with(FactField::Joined, coverage.sentence()),
        );
    }
    facts.extend(map.in_force().map(|touchpoint| {
        Fact::new(FactKind::Coverage, touchpoint.path(), touchpoint.name.clone())
            .with(FactField::Stands, map.stands(touchpoint.id).name())
    }));
    facts.extend(map.sources.iter().map(|source| {
        let holder = |chair: Chair| {
            source
                .holder(chair)
                .map_or_else(|| "nobody".to_owned(), |holder| holder.name.clone())
        };
        let read = levels.of(source.id).map(|levels| {
            Parameter::ALL
                .iter()
                .map(|parameter| {
                    format!(
                        "{} {}",
                        parameter.name(),
                        levels.standing(*parameter).level().mark()
                    )
                })
                .collect::<Vec<_>>()
                .join(", ")
        });
        Fact::new(FactKind::Source, source.path(), source.name.clone())
            .with(FactField::Entry, source.state.name())
            .with_some(FactField::Levels, read)
            .with(FactField::Marketing, holder(Chair::Owner))
            .with(FactField::Technology, holder(Chair::Custodian))
    }));
    Ok(facts)
}

async fn of_capacity(viewer: &Viewer) -> Result<Vec<Fact>> {
    let this = viewer.today().quarter();
    let mut facts = Vec::new();
    for quarter in [this, this.plus_months(3)] {
        let found = capacity::read::quarter(viewer, quarter).await?;
        let said = |side: Side| match found.cap(side) {
            Some(cap) => format!("{} of {} planned", found.claim_total(side), days(cap)),
            None => format!("{} planned, no limit set", days(found.claim_total(side))),
        };
        facts.push(
            Fact::new(
                FactKind::Capacity,
                format!("capacity/{quarter}"),
                quarter.quarter_label(),
            )
            .with(FactField::Marketing, said(Side::Marketing))
            .with(FactField::Technology, said(Side::Technology)),
        );
    }
    Ok(facts)
}

async fn of_people(viewer: &Viewer) -> Result<Vec<Fact>> {
    let people = members::read::all(viewer).await?;
    let active = || people.iter().filter(|member| member.disabled_at.is_none());
    let mut facts: Vec<Fact> = active()
        .map(|member| {
            let side = member.side.map(|side| side.name().to_owned());
            let part = join_details([side, Some(member.role.name().to_owned())]);
            Fact {
                key: format!("members/{}", member.id),
                ..Fact::new(FactKind::Person, "members".to_owned(), member.name.clone())
            }
            .with(FactField::Part, part)
        })
        .collect();
    facts.extend(
        Side::BOTH
            .into_iter()
            .filter(|side| !active().any(|member| member.side == Some(*side) && member.role == Role::Lead))
            .map(|side| Fact {
                key: format!("members/no-lead-of-{}", side.as_str()),
                ..Fact::new(
                    FactKind::Person,
                    "members".to_owned(),
                    format!("{} has no lead", side.name()),
                )
            }),
    );
    Ok(facts)
}

/// The answers of which the middle one is told.
const ANSWERS_OF_DAYS: i64 = 90;

async fn of_waiting(viewer: &Viewer, input: &AttentionInput) -> Result<Vec<Fact>> {
    let today = viewer.today();
    let from = viewer.zone().start_of(today.plus(-ANSWERS_OF_DAYS));
    let times = handshake::read::answer_times(viewer, from).await?;
    Ok(Side::BOTH
        .into_iter()
        .map(|side| {
            let waits = |waiting: &&handshake::owed::AwaitedSignature| {
                waiting.standing.state.waiting_on() == Some(side) && waiting.kind != Kind::Kpi
            };
            let since = |waiting: &handshake::owed::AwaitedSignature| {
                today.days_since(viewer.day_of(waiting.standing.waits_since()))
            };
            let waiting = || input.waiting.iter().filter(waits);
            let count = i64::try_from(waiting().count()).unwrap_or(i64::MAX);
            let hours = match side {
                Side::Marketing => times.marketing,
                Side::Technology => times.technology,
            };
            Fact {
                key: format!("waiting/{}", side.as_str()),
                ..Fact::new(
                    FactKind::Waiting,
                    "attention".to_owned(),
                    format!("{} waits for {}", side.other().name(), side.name()),
                )
            }
            .with(FactField::Waits, count)
            .with_some(FactField::Longest, waiting().map(since).max().map(days))
            .with_some(FactField::AnswerTime, hours.map(handshake::read::format_hours))
        })
        .collect())
}

/// What is due and not there, and whom it waits for.
pub async fn missing(viewer: &Viewer, input: &AttentionInput) -> Result<Vec<(Missing, Vec<MemberId>)>> {
    let (today, people) = (viewer.today(), People::read(viewer).await?);
    let members = members::read::all(viewer).await?;
    let named = |ids: &[MemberId]| {
        let of = |id: &MemberId| members.iter().find(|member| member.id == *id);
        ids.iter()
            .filter_map(of)
            .map(|member| member.name.clone())
            .collect()
    };
    let mut missing = Vec::new();
    for value in kpis::owed::owed(viewer).await? {
        if value.due_on > today {
            continue;
        }
        let title = format!("{} of {}", value.cadence.format(value.period, today), value.title);
        let (path, owes) = (value.path(), value.obligation(&people, today).ladder.owes);
        missing.push((
            Missing {
                title,
                path,
                verb: "enter the value".to_owned(),
                waits_for: named(&owes),
            },
            owes,
        ));
    }
    for waiting in input.waiting.iter().filter(|waiting| waiting.kind == Kind::Kpi) {
        if waiting.standing.disputing().is_some() {
            continue;
        }
        let owes: Vec<MemberId> = Side::BOTH
            .into_iter()
            .filter(|side| waiting.standing.seat(*side).is_none())
            .filter_map(|side| waiting.standing.owner(side))
            .collect();
        missing.push((
            Missing {
                title: waiting.label.clone(),
                path: waiting.path.clone(),
                verb: "confirm the number".to_owned(),
                waits_for: named(&owes),
            },
            owes,
        ));
    }
    for check_in in initiatives::owed::owed(viewer, today).await? {
        let (title, path) = (
            check_in.title.clone(),
            format!("initiatives/{}/check-in", check_in.number),
        );
        let owes = check_in.obligation(&people).ladder.owes;
        missing.push((
            Missing {
                title,
                path,
                verb: "check in".to_owned(),
                waits_for: named(&owes),
            },
            owes,
        ));
    }
    Ok(missing)
}
