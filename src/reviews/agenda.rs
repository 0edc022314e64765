//! The agenda that proposes itself: what was promised, what changed, and what needs attention, in the order
//! that never changes.

use std::collections::HashSet;

use super::{
    AgendaPart, ItemState,
    read::{Item, Review, held_before, open_actions},
};
use crate::{
    attention::{AttentionInput, Subject},
    identity::Viewer,
    platform::{
        error::Result,
        ids::ReviewItemId,
        time::{Day, days},
    },
    ui::StatusWord,
};

/// How the subject of what somebody raised begins.
pub const TOPIC: &str = "topic/";

/// Something that asks to be spoken of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProposedItem {
    pub part: AgendaPart,
    /// What it is about; proposed again under the same subject, it is the same item.
    pub subject: String,
    pub title: String,
    pub why: String,
    pub path: Option<String>,
    pub minutes: i64,
}

impl ProposedItem {
    fn new(part: AgendaPart, subject: String, title: String, why: String, path: Option<String>) -> Self {
        Self {
            part,
            subject,
            title,
            why,
            path,
            minutes: part.usual_minutes(),
        }
    }
}

impl From<ProposedItem> for Item {
    /// Before it stands on the agenda: it has no number, and nobody has said anything of it.
    fn from(proposed: ProposedItem) -> Self {
        Self {
            id: ReviewItemId::from_uuid(uuid::Uuid::nil()),
            number: 0,
            part: proposed.part,
            subject: proposed.subject,
            title: proposed.title,
            why: proposed.why,
            path: proposed.path,
            minutes: proposed.minutes,
            speaker_id: None,
            speaker: None,
            raised_by: None,
            state: ItemState::Open,
            state_at: None,
            state_by: None,
            taken_seconds: 0,
            carried_from: None,
        }
    }
}

const fn part_of(subject: Subject) -> AgendaPart {
    match subject {
        Subject::Goal | Subject::Kpi => AgendaPart::Numbers,
        Subject::Definition | Subject::Signature | Subject::Decision | Subject::Access | Subject::Source => {
            AgendaPart::Decisions
        }
        Subject::Milestone | Subject::Initiative | Subject::Capacity => AgendaPart::Work,
    }
}

/// Minutes of something that needs attention: most of a meeting belongs to what the sides do not agree on.
const fn minutes_for(part: AgendaPart, word: StatusWord) -> i64 {
    match (part, word) {
        (AgendaPart::Decisions, StatusWord::Stuck | StatusWord::Disputed) => 3,
        (AgendaPart::Decisions, StatusWord::Late(_)) => 2,
        _ => 1,
    }
}

/// What a review on a day is to speak of as things stand now; topics are raised by people and are not among
/// it. `review` is none while it is being planned.
pub async fn propose(viewer: &Viewer, held_on: Day, review: Option<&Review>) -> Result<Vec<ProposedItem>> {
    let today = viewer.today();
    let mut proposed: Vec<ProposedItem> = open_actions(viewer)
        .await?
        .into_iter()
        .filter(|action| review.is_none_or(|review| review.number != action.review_number))
        .map(|action| {
            let late = action.late(today);
            let due = if late > 0 {
                format!("{} late", days(late))
            } else {
                format!("due {}", action.due_on.format(today))
            };
            ProposedItem::new(
                AgendaPart::Actions,
                format!("action/{}", action.id),
                action.body.clone(),
                format!("{}, {due}. From review {}.", action.owner, action.review_number),
                Some(action.path()),
            )
        })
        .collect();
    let number = review.map_or(i64::MAX, |review| review.number);
    let before = held_before(viewer, held_on, number).await?;
    let since = before.map_or_else(
        || "There is no earlier review to compare with.".to_owned(),
        |before| {
            format!(
                "Compared with review {} on {}.",
                before.number,
                before.held_on.format(today)
            )
        },
    );
    proposed.push(ProposedItem::new(
        AgendaPart::Changes,
        "changes".to_owned(),
        "What changed".to_owned(),
        since,
        None,
    ));
    let attention = AttentionInput::read(viewer).await?.attention(viewer);
    proposed.extend(attention.into_iter().map(|thing| {
        let (status, part) = (thing.word.format(), part_of(thing.subject));
        ProposedItem {
            minutes: minutes_for(part, thing.word),
            ..ProposedItem::new(
                part,
                format!("{}/{}", thing.subject.as_str(), thing.path),
                thing.title,
                format!("{status}. {}", thing.why),
                Some(thing.path),
            )
        }
    }));
    proposed.push(ProposedItem::new(
        AgendaPart::Close,
        "close".to_owned(),
        "Read back what was decided".to_owned(),
        "Decisions, actions and the next date, aloud.".to_owned(),
        None,
    ));
    let mut seen = HashSet::new();
    proposed.retain(|item| seen.insert(item.subject.clone()));
    Ok(proposed)
}

/// Whether an item was proposed by the house, so that it is resolved once nothing proposes it any more.
pub fn is_proposed_by_house(item: &Item) -> bool {
    !item.subject.starts_with(TOPIC)
}

/// Minutes of what is still to be spoken of.
pub fn planned_minutes(items: &[Item]) -> i64 {
    items
        .iter()
        .filter(|item| item.state.is_on_agenda())
        .map(|item| item.minutes)
        .sum()
}
