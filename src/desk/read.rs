//! What the desk asks: everything that the viewer owes.

use std::collections::HashSet;

use super::gather::{drivers, obligations};
use crate::{
    access, capacity,
    comments::mentions,
    decisions, definition,
    handshake::{self, Kind, owed::AwaitedSignature},
    identity::{Action, Role, Viewer},
    initiatives, kpis, members, milestones,
    platform::{
        error::{Error, Result},
        ids::MemberId,
        time::Day,
    },
    reminders::{
        self, ReminderKind,
        read::{Escalation, Reminder},
    },
    reviews, rounds, sources, technologies,
};

/// One thing owed, and the day it is due.
pub struct DeskItem {
    pub due_on: Day,
    pub what: What,
}

pub enum What {
    Milestone(milestones::owed::OwedMilestone),
    Checkpoint(milestones::owed::OwedCheckpoint),
    CapExceeded(capacity::owed::CapExceeded),
    /// An objection to what the viewer proposed, or drives.
    Objection(Box<AwaitedSignature>),
    AcceptCheckpoint(milestones::owed::OwedAcceptance),
    Grant(Box<access::read::Request>),
    AskAnew(Box<access::read::Request>),
    Certify(Box<access::owed::OwedCertification>),
    Shut(Box<access::read::Request>),
    DeleteCopies(Box<access::read::Request>),
    /// An access of the viewer's that ends soon.
    Ending(Box<access::read::Request>),
    Value(Box<kpis::owed::OwedValue>),
    Attest {
        waiting: Box<AwaitedSignature>,
        subject: kpis::owed::PeriodToAttest,
    },
    Sign(Box<AwaitedSignature>),
    Mention(mentions::Mention),
    Suggestion(definition::owed::OpenSuggestion),
    RatifyAgain(i64),
    Rule(decisions::owed::OwedRuling),
    Decision(decisions::owed::OwedDecision),
    Renewal(technologies::read::Technology),
    Answer(rounds::owed::OwedAnswer),
    CheckIn {
        check_in: initiatives::owed::OwedCheckIn,
        reminders: Vec<Reminder>,
    },
    Acknowledge(initiatives::owed::OwedAcknowledgement),
    Action(initiatives::owed::OwedAction),
    ReviewAction(reviews::owed::OwedReviewAction),
    Review(reviews::owed::OwedReview),
    /// An empty chair of the viewer's side.
    Vacancy(sources::owed::Vacancy),
    /// Words on the map.
    Words(sources::owed::OwedWords),
    /// The levels of a source, for the viewer's side.
    Reading(sources::read::OwedReading),
    /// What somebody else owes, of which the system told the viewer.
    Escalated(Escalation),
}

const CHECKPOINTS_SHOWN: i64 = 100;

/// A reading of levels stands on the desk this many days before it is due.
const READINGS_SHOWN_DAYS: i64 = 14;

/// A check-in stands on the desk this many days before it is due.
const CHECK_IN_SHOWN_DAYS: i64 = 3;

/// What the viewer owes, earliest first. What is late with others costs more to find than all of this.
pub async fn own(viewer: &Viewer) -> Result<Vec<DeskItem>> {
    by_own_day(viewer, gathered(viewer, &[]).await?).await
}

/// In no order; `told` is of what they were reminded.
async fn gathered(viewer: &Viewer, told: &[Escalation]) -> Result<Vec<DeskItem>> {
    let stands_for = members::read::stood_in_for(viewer).await?;
    let work = async {
        let mut owed = of_milestones(viewer, &stands_for).await?;
        owed.extend(of_access(viewer, &stands_for).await?);
        owed.extend(of_kpis(viewer).await?);
        let mut later = of_capacity(viewer).await?;
        later.extend(of_initiatives(viewer, told).await?);
        later.extend(of_reviews(viewer, &stands_for).await?);
        Ok::<_, Error>((owed, later))
    };
    let agreements = async {
        let mut owed = of_handshakes(viewer, &stands_for).await?;
        owed.extend(of_talk(viewer).await?);
        owed.extend(of_definition(viewer).await?);
        owed.extend(of_decisions(viewer).await?);
        owed.extend(of_technologies(viewer).await?);
        owed.extend(of_sources(viewer).await?);
        Ok(owed)
    };
    let ((mut owed, later), agreements) = tokio::try_join!(work, agreements)?;
    owed.extend(agreements);
    owed.extend(later);
    Ok(owed)
}

/// Everything that stands on the viewer's desk, earliest first: what they owe, and what is late with others.
pub async fn owed(viewer: &Viewer) -> Result<Vec<DeskItem>> {
    let told = still_owed(viewer, reminders::read::escalations(viewer).await?).await?;
    let mut owed = gathered(viewer, &told).await?;
    // What the viewer is to rule on is theirs, not late with others.
    let ruled: Vec<String> = owed
        .iter()
        .filter_map(|item| match &item.what {
            What::Rule(ruling) => Some(format!("decisions/{}", ruling.number)),
            _ => None,
        })
        .collect();
    owed.extend(
        told.into_iter()
            .filter(|told| told.rung.passes_over() && !ruled.contains(&told.path))
            .map(|told| DeskItem {
                due_on: told.due_on,
                what: What::Escalated(told),
            }),
    );
    by_own_day(viewer, owed).await
}

/// Earliest first. A milestone that lacks a signature is late by its own day, wherever it is named: not by
/// the day on which it was to be signed.
async fn by_own_day(viewer: &Viewer, mut owed: Vec<DeskItem>) -> Result<Vec<DeskItem>> {
    let days = milestones::owed::days_passed(viewer).await?;
    for item in &mut owed {
        let path = match &item.what {
            What::Sign(waiting) => &waiting.path,
            What::Escalated(told) if told.kind == ReminderKind::Signature => &told.path,
            _ => continue,
        };
        item.due_on = days.get(path).copied().unwrap_or(item.due_on);
    }
    // Nobody else can settle what waits for the arbiter.
    owed.sort_by_key(|owed| (!matches!(owed.what, What::Rule(_)), owed.due_on));
    Ok(owed)
}

/// Without what has come meanwhile, and without what is due on another day now: that is asked for anew.
async fn still_owed(viewer: &Viewer, told: Vec<Escalation>) -> Result<Vec<Escalation>> {
    let mut kinds: Vec<ReminderKind> = told.iter().map(|told| told.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    if kinds.is_empty() {
        return Ok(told);
    }
    let owed: HashSet<(ReminderKind, uuid::Uuid, Day)> = obligations(viewer, &kinds)
        .await?
        .into_iter()
        .map(|owed| (owed.kind, owed.subject, owed.due_on))
        .collect();
    Ok(told
        .into_iter()
        .filter(|told| owed.contains(&(told.kind, told.subject, told.due_on)))
        .collect())
}

async fn of_milestones(viewer: &Viewer, stands_for: &[MemberId]) -> Result<Vec<DeskItem>> {
    let checkpoints = milestones::owed::owed_by(viewer, viewer.member_id(), CHECKPOINTS_SHOWN).await?;
    let passed = milestones::owed::owed_acceptances(viewer).await?;
    let checkpoints = checkpoints.into_iter().map(|checkpoint| DeskItem {
        due_on: checkpoint.due_on,
        what: What::Checkpoint(checkpoint),
    });
    let passed = passed
        .into_iter()
        .filter(|passed| passed.is_owed_by(viewer, stands_for))
        .map(|passed| DeskItem {
            due_on: passed.due_on(viewer),
            what: What::AcceptCheckpoint(passed),
        });
    let soon = viewer.today().plus(milestones::SOON_DAYS);
    let driven = milestones::owed::owed_milestones_by(viewer, viewer.member_id(), soon).await?;
    let driven = driven.into_iter().map(|milestone| DeskItem {
        due_on: milestone.due_on,
        what: What::Milestone(milestone),
    });
    Ok(checkpoints.chain(passed).chain(driven).collect())
}

async fn of_access(viewer: &Viewer, stands_for: &[MemberId]) -> Result<Vec<DeskItem>> {
    let mut owed = Vec::new();
    let own = access::owed::keeping(viewer).await?.of_viewer(viewer, stands_for);
    owed.extend(own.open.into_iter().map(|request| DeskItem {
        due_on: request.grant_due(viewer),
        what: What::Grant(Box::new(request)),
    }));
    owed.extend(own.certify.into_iter().map(|it| DeskItem {
        due_on: it.due_on,
        what: What::Certify(Box::new(it)),
    }));
    owed.extend(own.shut.into_iter().map(|(request, due_on)| DeskItem {
        due_on,
        what: What::Shut(Box::new(request)),
    }));
    owed.extend(own.copies.into_iter().map(|(request, due_on)| DeskItem {
        due_on,
        what: What::DeleteCopies(Box::new(request)),
    }));
    owed.extend(own.ending.into_iter().map(|request| DeskItem {
        due_on: request.ends_on,
        what: What::Ending(Box::new(request)),
    }));
    let objected = access::owed::objected_of(viewer).await?.into_iter();
    owed.extend(objected.map(|request| DeskItem {
        due_on: request.needed_on,
        what: What::AskAnew(Box::new(request)),
    }));
    Ok(owed)
}

async fn of_kpis(viewer: &Viewer) -> Result<Vec<DeskItem>> {
    Ok(kpis::owed::owed_by(viewer, viewer.member_id())
        .await?
        .into_iter()
        .map(|value| DeskItem {
            due_on: value.due_on,
            what: What::Value(Box::new(value)),
        })
        .collect())
}

async fn of_handshakes(viewer: &Viewer, stands_for: &[MemberId]) -> Result<Vec<DeskItem>> {
    let periods = kpis::owed::owed_attestations(viewer).await?;
    let waiting = handshake::owed::owed(viewer).await?;
    let drivers = drivers(viewer).await?;
    // A decision and an access have rows of their own, which say what to do about it.
    let objections: Vec<DeskItem> = waiting
        .iter()
        .filter(|waiting| !matches!(waiting.kind, Kind::Decision | Kind::Weights | Kind::Access))
        .filter(|waiting| waiting.is_answered_by(drivers.get(&waiting.subject).copied(), stands_for))
        .map(|waiting| DeskItem {
            due_on: waiting.due_on(viewer),
            what: What::Objection(Box::new(waiting.clone())),
        })
        .collect();
    Ok(waiting
        .into_iter()
        .filter(|waiting| waiting.is_owed_by(viewer, stands_for))
        .filter_map(|waiting| {
            let due_on = waiting.due_on(viewer);
            let waiting = Box::new(waiting);
            if waiting.kind != Kind::Kpi {
                return Some(DeskItem {
                    due_on,
                    what: What::Sign(waiting),
                });
            }
            let subject = periods
                .iter()
                .find(|period| period.value_id.uuid() == waiting.subject)?
                .clone();
            Some(DeskItem {
                due_on,
                what: What::Attest { waiting, subject },
            })
        })
        .chain(objections)
        .collect())
}

/// Being named somewhere, and rounds that wait for an answer.
async fn of_talk(viewer: &Viewer) -> Result<Vec<DeskItem>> {
    let today = viewer.today();
    let mentions = mentions::unread(viewer).await?.into_iter();
    let mut owed: Vec<DeskItem> = mentions
        .map(|mention| DeskItem {
            due_on: today,
            what: What::Mention(mention),
        })
        .collect();
    if viewer.may(Action::SpeakForSide) {
        let answers = rounds::owed::owed(viewer).await?.into_iter();
        owed.extend(answers.map(|answer| DeskItem {
            due_on: answer.ends_on,
            what: What::Answer(answer),
        }));
    }
    Ok(owed)
}

async fn of_definition(viewer: &Viewer) -> Result<Vec<DeskItem>> {
    let mut owed = Vec::new();
    if viewer.may(Action::SpeakForSide) {
        let suggestions = definition::owed::open_suggestions(viewer).await?.into_iter();
        owed.extend(suggestions.map(|suggestion| DeskItem {
            due_on: viewer.day_of(suggestion.at).plus(viewer.signature_days()),
            what: What::Suggestion(suggestion),
        }));
    }
    if viewer.role() == Role::Lead {
        let versions = definition::owed::owed(viewer).await?.into_iter();
        let unproposed = versions.filter(|version| !version.is_proposed);
        owed.extend(unproposed.map(|version| DeskItem {
            due_on: version.due_on,
            what: What::RatifyAgain(version.number),
        }));
    }
    Ok(owed)
}

async fn of_decisions(viewer: &Viewer) -> Result<Vec<DeskItem>> {
    let mut owed = Vec::new();
    let arbiter = members::read::arbiter(viewer).await?;
    if arbiter.is_some_and(|arbiter| arbiter.id == viewer.member_id()) {
        let rulings = decisions::owed::owed_rulings(viewer).await?.into_iter();
        owed.extend(rulings.map(|ruling| DeskItem {
            // Both sides have as long to state their case as they had to sign.
            due_on: ruling.since.plus(2 * viewer.signature_days() + 1),
            what: What::Rule(ruling),
        }));
    }
    let driven = decisions::owed::owed_by(viewer).await?.into_iter();
    owed.extend(driven.map(|decision| DeskItem {
        due_on: decision.due_on(),
        what: What::Decision(decision),
    }));
    Ok(owed)
}

async fn of_sources(viewer: &Viewer) -> Result<Vec<DeskItem>> {
    let owed = sources::owed::owed(viewer).await?;
    let vacancies = owed.vacancies.into_iter().map(|vacancy| DeskItem {
        due_on: vacancy.due_on,
        what: What::Vacancy(vacancy),
    });
    let words = owed.words.into_iter().map(|words| DeskItem {
        due_on: words.due_on,
        what: What::Words(words),
    });
    let readings = sources::read::owed_readings_of(viewer, READINGS_SHOWN_DAYS)
        .await?
        .into_iter()
        .map(|reading| DeskItem {
            due_on: reading.due_on,
            what: What::Reading(reading),
        });
    Ok(vacancies.chain(words).chain(readings).collect())
}

async fn of_technologies(viewer: &Viewer) -> Result<Vec<DeskItem>> {
    Ok(technologies::owed::owed(viewer)
        .await?
        .into_iter()
        .map(|technology| DeskItem {
            due_on: technology.renews_on.unwrap_or(viewer.today()),
            what: What::Renewal(technology),
        })
        .collect())
}

/// Over a cap, both leads cut or agree.
async fn of_capacity(viewer: &Viewer) -> Result<Vec<DeskItem>> {
    if viewer.role() != Role::Lead {
        return Ok(Vec::new());
    }
    Ok(capacity::owed::owed(viewer)
        .await?
        .into_iter()
        .map(|cap| DeskItem {
            due_on: cap.due_on(viewer),
            what: What::CapExceeded(cap),
        })
        .collect())
}

async fn of_reviews(viewer: &Viewer, stands_for: &[MemberId]) -> Result<Vec<DeskItem>> {
    let actions = reviews::owed::owed_by(viewer, stands_for).await?.into_iter();
    let mut owed: Vec<DeskItem> = actions
        .map(|action| DeskItem {
            due_on: action.due_on,
            what: What::ReviewAction(action),
        })
        .collect();
    if viewer.may(Action::LeadReview) {
        let asked = reviews::owed::owed_by_leads(viewer).await?.into_iter();
        owed.extend(asked.map(|review| DeskItem {
            due_on: review.due_on(),
            what: What::Review(review),
        }));
    }
    Ok(owed)
}

async fn of_initiatives(viewer: &Viewer, told: &[Escalation]) -> Result<Vec<DeskItem>> {
    let soon = viewer.today().plus(CHECK_IN_SHOWN_DAYS);
    let check_ins = initiatives::owed::owed_by(viewer, viewer.member_id(), soon).await?;
    let check_ins = check_ins.into_iter().map(|check_in| DeskItem {
        due_on: check_in.due_on,
        what: What::CheckIn {
            reminders: told
                .iter()
                .find(|told| told.subject == check_in.id.uuid() && told.due_on == check_in.due_on)
                .map(|told| told.reminders.clone())
                .unwrap_or_default(),
            check_in,
        },
    });
    let acknowledgements = initiatives::owed::owed_acknowledgements(viewer).await?;
    let acknowledgements = acknowledgements.into_iter().map(|owed| DeskItem {
        due_on: viewer.day_of(owed.at).plus(viewer.grace_days()),
        what: What::Acknowledge(owed),
    });
    let actions = initiatives::owed::owed_actions(viewer).await?;
    let actions = actions.into_iter().map(|action| DeskItem {
        due_on: action.due_on,
        what: What::Action(action),
    });
    Ok(check_ins.chain(acknowledgements).chain(actions).collect())
}
