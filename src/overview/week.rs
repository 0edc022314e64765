//! What is due in the days ahead, day by day.

use std::collections::BTreeMap;

use crate::{
    decisions,
    handshake::owed::AwaitedSignature,
    identity::Viewer,
    initiatives, milestones,
    platform::{error::Result, time::Day},
    reviews::read::NextReview,
    rounds,
};

/// One thing due on a day.
#[derive(Clone, Debug)]
pub struct DueItem {
    pub title: String,
    pub detail: String,
    pub path: String,
}

/// A day and what is due on it.
#[derive(Clone, Debug)]
pub struct DueDay {
    pub day: Day,
    pub items: Vec<DueItem>,
}

/// Days that are looked ahead, with today.
const DAYS: i64 = 7;

/// What the rooms say is due until the last of those days.
pub struct Due {
    milestones: Vec<milestones::owed::OwedMilestone>,
    decisions: Vec<decisions::owed::OwedDecision>,
    rounds: Vec<rounds::owed::AwaitedAnswers>,
    check_ins: Vec<initiatives::owed::OwedCheckIn>,
    checkpoints: Vec<milestones::owed::OwedCheckpoint>,
}

impl Due {
    pub async fn read(viewer: &Viewer) -> Result<Self> {
        let last = viewer.today().plus(DAYS - 1);
        Ok(Self {
            milestones: milestones::owed::owed_milestones(viewer, last).await?,
            decisions: decisions::owed::owed(viewer, last).await?,
            rounds: rounds::owed::awaited(viewer).await?,
            check_ins: initiatives::owed::owed(viewer, last).await?,
            checkpoints: milestones::owed::owed(viewer, last).await?,
        })
    }

    /// The working days ahead, and a weekend's day where something is due on it.
    pub fn by_day(
        self,
        viewer: &Viewer,
        waiting: &[AwaitedSignature],
        next_review: Option<&NextReview>,
    ) -> Vec<DueDay> {
        let (today, last) = (viewer.today(), viewer.today().plus(DAYS - 1));
        let mut by_day: BTreeMap<Day, Vec<DueItem>> = (0..DAYS)
            .map(|ahead| today.plus(ahead))
            .filter(|day| !day.is_weekend())
            .map(|day| (day, Vec::new()))
            .collect();
        let mut put = |day: Day, title: String, detail: String, path: String| {
            if (today..=last).contains(&day) {
                by_day
                    .entry(day)
                    .or_default()
                    .push(DueItem { title, detail, path });
            }
        };
        if let Some(review) = next_review {
            let title = format!("Review {}", review.number);
            put(review.held_on, title, "both sides meet".to_owned(), review.path());
        }
        for milestone in self.milestones {
            let done = milestone.checkpoints - milestone.open;
            let detail = if milestone.checkpoints == 0 {
                "no checkpoints yet".to_owned()
            } else {
                format!("{done} of {} done", milestone.checkpoints)
            };
            let path = milestone.path();
            put(milestone.due_on, milestone.title, detail, path);
        }
        for decision in self.decisions.into_iter().filter(|decision| decision.is_active) {
            let path = decision.path();
            put(
                decision.decide_by,
                decision.question,
                "nothing proposed yet".to_owned(),
                path,
            );
        }
        for waiting in waiting {
            let state = waiting.standing.disputing().map_or_else(
                || format!("{} of 2 signed", waiting.standing.agreement_count()),
                |side| format!("{} objected", side.name()),
            );
            let due_on = waiting.due_on(viewer);
            put(due_on, waiting.label.clone(), state, waiting.path.clone());
        }
        for round in self.rounds {
            put(
                round.ends_on(),
                round.label().to_owned(),
                "answers close".to_owned(),
                round.path().to_owned(),
            );
        }
        for check_in in self.check_ins {
            let path = format!("initiatives/{}", check_in.number);
            put(check_in.due_on, check_in.title, "check-in".to_owned(), path);
        }
        for checkpoint in self
            .checkpoints
            .into_iter()
            .filter(|checkpoint| checkpoint.is_active)
        {
            let path = format!("milestones/{}", checkpoint.milestone_number);
            put(checkpoint.due_on, checkpoint.title, checkpoint.milestone, path);
        }
        by_day
            .into_iter()
            .map(|(day, items)| DueDay { day, items })
            .collect()
    }
}
