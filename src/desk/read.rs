//! What the desk asks.

use crate::{
    comments::mentions,
    decisions, definition,
    handshake::{
        Kind,
        read::{Waiting, waiting},
    },
    identity::{Action, Role, Viewer},
    initiatives, kpis, members, milestones,
    platform::{error::Result, ids::CheckInId, time::Day},
    reminders::{
        self,
        read::{Open, Reminder},
    },
    rounds,
};

/// One thing owed, and the day it is due.
pub struct DeskItem {
    pub due_on: Day,
    pub what: What,
}

pub enum What {
    Checkpoint(milestones::read::OwedCheckpoint),
    AcceptCheckpoint(milestones::read::CheckpointToAccept),
    Grant(Box<crate::access::read::Request>),
    AskAnew(Box<crate::access::read::Request>),
    Value {
        kpi: Box<kpis::read::Kpi>,
        period: Day,
    },
    Attest {
        waiting: Box<Waiting>,
        subject: kpis::read::PeriodToAttest,
    },
    Sign(Box<Waiting>),
    Mention(mentions::Mention),
    Suggestion(definition::read::OpenSuggestion),
    RatifyAgain(i64),
    Rule {
        number: i64,
        question: String,
    },
    Decision(decisions::read::OwedDecision),
    Renewal(crate::technologies::read::Technology),
    Answer(rounds::read::OwedAnswer),
    CheckIn {
        number: i64,
        title: String,
        reminders: Vec<Reminder>,
    },
    Acknowledge {
        number: i64,
        title: String,
        check_in: CheckInId,
        who: String,
    },
    /// What somebody else owes, of which the system told the viewer.
    Escalated(Open),
}

const MOST: i64 = 100;

/// A check-in stands on the desk this many days before it is due.
const CHECK_IN_SHOWN_DAYS: i64 = 3;

/// Everything that the viewer owes, earliest first.
pub async fn owed(viewer: &Viewer) -> Result<Vec<DeskItem>> {
    let today = viewer.today();
    let mut owed: Vec<DeskItem> = Vec::new();
    for checkpoint in milestones::read::owed(viewer, MOST).await? {
        owed.push(DeskItem {
            due_on: checkpoint.due_on,
            what: What::Checkpoint(checkpoint),
        });
    }
    for passed in milestones::read::to_accept(viewer, MOST).await? {
        owed.push(DeskItem {
            due_on: viewer.day_of(passed.passed_at).plus(viewer.signature_days()),
            what: What::AcceptCheckpoint(passed),
        });
    }
    if matches!(viewer.role(), Role::Lead | Role::Manager) {
        for request in crate::access::read::to_grant(viewer).await? {
            owed.push(DeskItem {
                due_on: request.grant_due(viewer),
                what: What::Grant(Box::new(request)),
            });
        }
    }
    for request in crate::access::read::with_objection(viewer).await? {
        owed.push(DeskItem {
            due_on: request.needed_on,
            what: What::AskAnew(Box::new(request)),
        });
    }
    for kpi in kpis::read::of_driver(viewer).await? {
        if let Some(period) = kpi.awaited(today) {
            owed.push(DeskItem {
                due_on: kpi.cadence.due(period),
                what: What::Value {
                    kpi: Box::new(kpi),
                    period,
                },
            });
        }
    }
    let waiting = waiting(viewer).await?;
    // A day that moved after the system had asked is asked for anew.
    let mut said = reminders::read::open(viewer).await?;
    said.retain(|open| {
        waiting.iter().all(|waiting| {
            waiting.standing.id.uuid() != open.subject || waiting.standing.due_on(viewer) == open.due_on
        })
    });
    let subjects = kpis::read::to_attest(viewer).await?;
    for waiting in waiting {
        if waiting.standing.open_to(viewer).is_none() {
            continue;
        }
        if waiting.kind == Kind::Kpi {
            let own = subjects
                .iter()
                .find(|subject| subject.value_id.uuid() == waiting.subject)
                .cloned();
            // A lead may stand in for an owner, but does not owe it.
            if let Some(subject) = own {
                owed.push(DeskItem {
                    due_on: waiting.standing.due_on(viewer),
                    what: What::Attest {
                        waiting: Box::new(waiting),
                        subject,
                    },
                });
            }
            continue;
        }
        if waiting.kind == Kind::Milestone
            && viewer.side().and_then(|side| waiting.standing.owner(side)) != Some(viewer.member_id())
        {
            continue;
        }
        owed.push(DeskItem {
            due_on: waiting.standing.due_on(viewer),
            what: What::Sign(Box::new(waiting)),
        });
    }
    for mention in mentions::unread(viewer).await? {
        owed.push(DeskItem {
            due_on: today,
            what: What::Mention(mention),
        });
    }
    if viewer.may(Action::SpeakForSide) {
        for round in rounds::read::owed(viewer).await? {
            owed.push(DeskItem {
                due_on: round.ends_on,
                what: What::Answer(round),
            });
        }
        for suggestion in definition::read::open_suggestions(viewer).await? {
            owed.push(DeskItem {
                due_on: viewer.day_of(suggestion.at).plus(viewer.signature_days()),
                what: What::Suggestion(suggestion),
            });
        }
    }
    if viewer.role() == Role::Lead
        && let Some((number, again_by)) = definition::read::to_ratify_again(viewer).await?
    {
        owed.push(DeskItem {
            due_on: again_by,
            what: What::RatifyAgain(number),
        });
    }
    if members::read::arbiter(viewer)
        .await?
        .is_some_and(|arbiter| arbiter.id == viewer.member_id())
    {
        for (number, question, since) in decisions::read::deadlocks(viewer).await? {
            owed.push(DeskItem {
                due_on: since.plus(viewer.signature_days() + 1),
                what: What::Rule { number, question },
            });
        }
    }
    for decision in decisions::read::owed(viewer).await? {
        let due_on = match (decision.is_signed, decision.review_on) {
            (true, Some(review_on)) => review_on,
            _ => decision.decide_by,
        };
        owed.push(DeskItem {
            due_on,
            what: What::Decision(decision),
        });
    }
    for technology in crate::technologies::read::renewals(viewer).await? {
        owed.push(DeskItem {
            due_on: technology.renews_on.unwrap_or(today),
            what: What::Renewal(technology),
        });
    }
    for (number, title, due_on, id) in initiatives::read::of_driver(viewer).await? {
        if due_on <= today.plus(CHECK_IN_SHOWN_DAYS) {
            let reminders = said
                .iter()
                .find(|open| open.subject == id.uuid() && open.due_on == due_on)
                .map(|open| open.reminders.clone())
                .unwrap_or_default();
            owed.push(DeskItem {
                due_on,
                what: What::CheckIn {
                    number,
                    title,
                    reminders,
                },
            });
        }
    }
    for (number, title, check_in, who, at) in initiatives::read::to_acknowledge(viewer).await? {
        owed.push(DeskItem {
            due_on: viewer.day_of(at).plus(viewer.grace_days()),
            what: What::Acknowledge {
                number,
                title,
                check_in,
                who,
            },
        });
    }
    for open in said.into_iter().filter(|open| open.rung.passes_over()) {
        owed.push(DeskItem {
            due_on: open.due_on,
            what: What::Escalated(open),
        });
    }
    owed.sort_by_key(|owed| owed.due_on);
    Ok(owed)
}
