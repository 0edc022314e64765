//! What is owed of reviews: an action by its owner; by both leads, that the next one is prepared and that the
//! minutes of the last one are put before both. The signatures under them are owed as handshakes.

use super::{
    ReviewState,
    read::{Review, unfinished},
};
use crate::{
    args,
    identity::{Action, Reader, Side, Viewer},
    platform::{
        error::Result,
        ids::{ActionId, MemberId},
        time::Day,
    },
    reminders::{Ladder, Obligation, People, ReminderKind},
    sql,
};

/// An action that is not done. One that became a checkpoint is owed as that.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct OwedReviewAction {
    pub id: ActionId,
    pub review_number: i64,
    pub body: String,
    owner_id: MemberId,
    owner_side: Option<Side>,
    pub due_on: Day,
    pub version: i64,
}

impl OwedReviewAction {
    pub fn path(&self) -> String {
        format!("reviews/{}#action-{}", self.review_number, self.id)
    }

    pub fn obligation(self, people: &People) -> Obligation {
        Obligation {
            kind: ReminderKind::Action,
            subject: self.id.uuid(),
            due_on: self.due_on,
            path: self.path(),
            ladder: Ladder {
                owes: vec![self.owner_id],
                other_seat: self
                    .owner_side
                    .map(|side| people.of(side, &[crate::identity::Role::Lead]))
                    .unwrap_or_default(),
                leads: people.leads(),
                arbiter: None,
                arbiter_on: None,
            },
            label: self.body,
        }
    }
}

/// Every open action that is due by a day, the first due first.
pub async fn owed(reader: &impl Reader, by: Day) -> Result<Vec<OwedReviewAction>> {
    reader
        .fetch_all(
            sql!(
                "select a.id, r.number as review_number, a.body, a.owner_id, m.side as owner_side, a.due_on,
                 a.version
                 from review_actions a join reviews r on r.id = a.review_id join people m on m.id = a.owner_id
                 where a.workspace_id = $1 and a.state = 'open' and a.due_on <= $2 and not exists
                 (select 1 from standing_checkpoints c where c.id = a.checkpoint_id)
                 order by a.due_on, a.id limit 5000"
            ),
            args![by],
        )
        .await
}

/// Somebody's own open actions; a lead's also those of whoever is of neither side now.
pub async fn owed_by(viewer: &Viewer, stands_for: &[MemberId]) -> Result<Vec<OwedReviewAction>> {
    let far = viewer.today().plus(36_500);
    Ok(owed(viewer, far)
        .await?
        .into_iter()
        .filter(|action| {
            stands_for.contains(&action.owner_id)
                || (action.owner_side.is_none() && viewer.may(Action::LeadReview))
        })
        .collect())
}

/// A review that asks something of both leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwedReview {
    pub number: i64,
    pub held_on: Day,
    /// Whether it was held, and its minutes wait to be put before both.
    pub is_held: bool,
}

impl OwedReview {
    pub fn path(&self) -> String {
        if self.is_held {
            format!("reviews/{}/minutes", self.number)
        } else {
            format!("reviews/{}", self.number)
        }
    }

    /// The review's own day, or two days after it for its minutes.
    pub fn due_on(&self) -> Day {
        if self.is_held {
            self.held_on.plus(2)
        } else {
            self.held_on
        }
    }
}

/// A review stands on a lead's desk this many days before it is held.
const PREPARED_DAYS: i64 = 3;

/// What the reviews ask of a lead.
pub async fn owed_by_leads(viewer: &Viewer) -> Result<Vec<OwedReview>> {
    let soon = viewer.today().plus(PREPARED_DAYS);
    let asks = |review: &Review| {
        let is_near = review.state.is_before_meeting() && review.held_on <= soon;
        is_near || review.state == ReviewState::Ended
    };
    Ok(unfinished(viewer)
        .await?
        .into_iter()
        .filter(asks)
        .map(|review| OwedReview {
            number: review.number,
            held_on: review.held_on,
            is_held: review.state == ReviewState::Ended,
        })
        .collect())
}
