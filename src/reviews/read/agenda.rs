//! What is spoken of in a review: items, notes, actions, and who is there.

use crate::{
    args,
    identity::{Reader, Side, Viewer},
    platform::{
        db::Sql,
        error::{Error, Result},
        ids::{ActionId, MemberId, NoteId, ReviewId, ReviewItemId},
        time::{Day, Timestamp},
    },
    reviews::{ActionState, AgendaPart, ItemState, NoteKind},
    sql,
};

/// One thing to speak of.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Item {
    pub id: ReviewItemId,
    pub number: i64,
    pub part: AgendaPart,
    pub subject: String,
    pub title: String,
    pub why: String,
    pub path: Option<String>,
    pub minutes: i64,
    pub speaker_id: Option<MemberId>,
    pub speaker: Option<String>,
    pub raised_by: Option<String>,
    pub state: ItemState,
    pub state_at: Option<Timestamp>,
    pub state_by: Option<String>,
    pub taken_seconds: i64,
    /// The number of the review that it was carried over from.
    pub carried_from: Option<i64>,
}

pub(in crate::reviews) const ITEMS: Sql = sql!(
    "select i.id, i.number, i.part, i.subject, i.title, i.why, i.path, i.minutes, i.speaker_id,
                    sp.name as speaker, rp.name as raised_by, i.state, i.state_at, tp.name as state_by,
                    i.taken_seconds,
                    (select o.number from review_items c join reviews o on o.id = c.review_id where c.id =
                    i.carried_from)
                    as carried_from
                 from review_items i
                 left join people sp on sp.id = i.speaker_id
                 left join people rp on rp.id = i.raised_by
                 left join people tp on tp.id = i.state_by
                 where i.workspace_id = $1 and i.review_id = $2"
);

/// A review's items in the order in which they are spoken of.
pub async fn items(viewer: &Viewer, review: ReviewId) -> Result<Vec<Item>> {
    let mut items: Vec<Item> = viewer.fetch_all(ITEMS, args![review]).await?;
    items.sort_by_key(|item| (item.part, item.number));
    Ok(items)
}

/// What was said or resolved.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Note {
    pub id: NoteId,
    pub item_id: ReviewItemId,
    pub kind: NoteKind,
    pub body: String,
    pub at: Timestamp,
    pub who: String,
}

pub(in crate::reviews) const NOTES: Sql = sql!(
    "select n.id, n.item_id, n.kind, n.body, n.at, m.name as who from review_notes n
                 join people m on m.id = n.by_member where n.workspace_id = $1 and n.review_id = $2 order by
                 n.at, n.id"
);

pub async fn notes(viewer: &Viewer, review: ReviewId) -> Result<Vec<Note>> {
    viewer.fetch_all(NOTES, args![review]).await
}

/// What somebody is to do, by a day.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ReviewAction {
    pub id: ActionId,
    pub review_number: i64,
    pub item_id: ReviewItemId,
    pub body: String,
    pub owner_id: MemberId,
    pub owner: String,
    pub owner_side: Option<Side>,
    pub due_on: Day,
    pub state: ActionState,
    pub settled_at: Option<Timestamp>,
    pub settled_because: Option<String>,
    /// Who settled it, where that was not its owner.
    pub settled_by: Option<String>,
    /// Whether it became a checkpoint.
    pub is_checkpoint: bool,
    pub moves: i64,
    pub version: i64,
}

impl ReviewAction {
    /// Where it stands in its review's record.
    pub fn path(&self) -> String {
        format!("reviews/{}#action-{}", self.review_number, self.id)
    }

    /// Days past its day; not positive when it is not late.
    pub fn late(&self, today: Day) -> i64 {
        today.days_since(self.due_on)
    }
}

macro_rules! actions_where {
    ($rest:literal) => {
        concat!(
            "select a.id, r.number as review_number, a.item_id, a.body, a.owner_id, m.holder as owner,
                    m.side as owner_side, a.due_on,
                    case when a.state = 'open' and c.done_at is not null then 'done' else a.state end as
                    state,
                    coalesce(a.settled_at, c.done_at) as settled_at, a.settled_because,
                    case when a.settled_by <> a.owner_id then b.name end as settled_by,
                    c.id is not null as is_checkpoint,
                    (select count(*) from review_action_moves v where v.action_id = a.id) as moves, a.version
             from review_actions a join reviews r on r.id = a.review_id join people m on m.id = a.owner_id
             left join people b on b.id = a.settled_by
             left join standing_checkpoints c on c.id = a.checkpoint_id
             where a.workspace_id = $1 ",
            $rest
        )
    };
}

pub(in crate::reviews) const ACTIONS: Sql =
    sql!(actions_where!("and a.review_id = $2 order by a.given_at, a.id"));

/// The actions that were given in a review.
pub async fn actions(viewer: &Viewer, review: ReviewId) -> Result<Vec<ReviewAction>> {
    viewer.fetch_all(ACTIONS, args![review]).await
}

/// Every open action, the first due first.
pub async fn open_actions(reader: &impl Reader) -> Result<Vec<ReviewAction>> {
    reader
        .fetch_all(
            sql!(actions_where!(
                "and a.state = 'open' and c.done_at is null order by a.due_on, a.given_at, a.id limit 500"
            )),
            Vec::new(),
        )
        .await
}

/// An action of a review.
pub async fn action(viewer: &Viewer, number: i64, id: ActionId) -> Result<ReviewAction> {
    viewer
        .fetch_one(
            sql!(actions_where!("and r.number = $2 and a.id = $3")),
            args![number, id],
        )
        .await
}

/// Whether somebody was there.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Attendance {
    pub member_id: MemberId,
    pub name: String,
    pub side: Option<Side>,
    pub is_present: bool,
}

/// Everybody who is at work here, and who was marked present.
pub async fn attendance(viewer: &Viewer, review: ReviewId) -> Result<Vec<Attendance>> {
    viewer
        .fetch_all(
            sql!(
                "select m.id as member_id, m.name, m.side, coalesce(a.is_present, false) as is_present from
                 people m
                 left join review_attendance a on a.member_id = m.id and a.review_id = $2
                 where m.workspace_id = $1 and (m.disabled_at is null or a.is_present)
                 order by case m.role when 'lead' then 0 when 'manager' then 1 else 2 end, m.name, m.id"
            ),
            args![review],
        )
        .await
}

/// An item of a review by its number.
pub fn item_of(items: &[Item], number: i64) -> Result<&Item> {
    items
        .iter()
        .find(|item| item.number == number)
        .ok_or(Error::NotFound)
}
