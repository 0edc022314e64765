//! Reviews as entries of calendars, by mail: invited, moved, called off.

use std::collections::{HashMap, HashSet};

use super::{Detail, recipients::Recipient, settings::LetterSettings};
use crate::{
    args,
    identity::{Transaction, system::SystemActor},
    platform::{
        audit::Event,
        calendar::{self, Method},
        error::Result,
        ids::{MemberId, ReviewId},
        mail::Email,
        text,
    },
    reviews::{self, ReviewState, read::Review},
    sql,
};

/// Who is told no more that a review was called off.
const TOLD_FOR_DAYS: i64 = 7;

#[derive(sqlx::FromRow)]
struct InvitationRow {
    review_id: ReviewId,
    member_id: MemberId,
    sequence: i64,
    is_cancelled: bool,
    last_sequence: i64,
}

/// What a recipient's calendar is to be told.
struct Update<'a> {
    recipient: &'a Recipient,
    review: &'a Review,
    detail: Detail,
    news: News,
    /// Higher than all that this recipient's calendar was told before of the review.
    sequence: i64,
}

/// What is new of a review for one recipient.
#[derive(Clone, Copy, PartialEq, Eq)]
enum News {
    Planned,
    Changed,
    CalledOff,
    /// It takes place without them.
    NotYours,
}

impl News {
    const fn is_cancelled(self) -> bool {
        matches!(self, Self::CalledOff | Self::NotYours)
    }
}

/// Tells every calendar what it does not know yet of the reviews ahead.
pub(super) async fn deliver(system: &SystemActor, people: &[(Recipient, LetterSettings)]) -> Result<()> {
    let mut reviews = reviews::read::ahead(system).await?;
    reviews.retain(|review| {
        matches!(review.state, ReviewState::Planned | ReviewState::Frozen) && review.held_on >= system.today()
    });
    reviews.extend(reviews::read::called_off(system, system.today().plus(-TOLD_FOR_DAYS)).await?);
    if reviews.is_empty() {
        return Ok(());
    }
    let invited: Vec<InvitationRow> = system
        .fetch_all(
            sql!(
                "select review_id, member_id, sequence, is_cancelled, last_sequence from review_invitations
                 where workspace_id = $1"
            ),
            Vec::new(),
        )
        .await?;
    let invited: HashMap<(ReviewId, MemberId), InvitationRow> = invited
        .into_iter()
        .map(|row| ((row.review_id, row.member_id), row))
        .collect();
    let speakers: HashSet<(ReviewId, MemberId)> =
        reviews::read::speakers(system).await?.into_iter().collect();

    let mut updates = Vec::new();
    for review in &reviews {
        for (recipient, settings) in people {
            let speaks = speakers.contains(&(review.id, recipient.id));
            let is_called_off = review.state == ReviewState::Skipped;
            let is_off = is_called_off || !recipient.wants(settings.reviews, speaks);
            let before = invited.get(&(review.id, recipient.id));
            let news = match before {
                None if is_off => continue,
                Some(before) if is_off && before.is_cancelled => continue,
                Some(before) if !is_off && !before.is_cancelled && before.sequence == review.sequence => {
                    continue;
                }
                Some(_) if is_called_off => News::CalledOff,
                Some(_) if is_off => News::NotYours,
                Some(before) if !before.is_cancelled => News::Changed,
                Some(_) | None => News::Planned,
            };
            updates.push(Update {
                recipient,
                review,
                detail: settings.shown,
                news,
                sequence: before.map_or(review.sequence, |before| {
                    review.sequence.max(before.last_sequence + 1)
                }),
            });
        }
    }
    write(system, &updates).await
}

async fn write(system: &SystemActor, updates: &[Update<'_>]) -> Result<()> {
    if updates.is_empty() {
        return Ok(());
    }
    let (mut tx, permit) = system.begin().await?;
    let mut names: Vec<&str> = Vec::new();
    for update in updates {
        if note(&mut tx, update).await? {
            tx.mail(letter(system, update)).await?;
            names.push(&update.recipient.name);
        }
    }
    if names.is_empty() {
        return Ok(());
    }
    let people = text::people(names.len());
    let event = Event::new("invited to a review", "letter", None, people).detail(names.join(", "));
    tx.commit(permit, event).await
}

/// Whether this process is the one that tells it.
async fn note(tx: &mut Transaction, update: &Update<'_>) -> Result<bool> {
    let (review, member, now) = (update.review, update.recipient.id, tx.now());
    let noted = tx
        .execute(
            sql!(
                "insert into review_invitations (workspace_id, review_id, member_id, sequence, is_cancelled,
                 at,
                 last_sequence)
                 values ($1, $2, $3, $4, $5, $6, $7)
                 on conflict (review_id, member_id) do update set sequence = excluded.sequence,
                 is_cancelled = excluded.is_cancelled, at = excluded.at,
                 last_sequence = excluded.last_sequence
                 where review_invitations.sequence <> excluded.sequence
                    or review_invitations.is_cancelled <> excluded.is_cancelled"
            ),
            args![
                review.id,
                member,
                review.sequence,
                update.news.is_cancelled(),
                now,
                update.sequence
            ],
        )
        .await?;
    Ok(noted > 0)
}

fn letter(system: &SystemActor, update: &Update<'_>) -> Email {
    let review = update.review;
    let mut entry = reviews::calendar::entry(
        review,
        system.workspace(),
        system.zone(),
        system.link(&review.path()),
        system.now(),
    );
    entry.is_cancelled |= update.news.is_cancelled();
    entry.sequence = update.sequence;
    let starts = system
        .zone()
        .at(review.held_on, review.starts_at)
        .time_in(system.zone());
    let when = format!(
        "{} at {starts} ({})",
        review.held_on.format_long(),
        system.zone().name()
    );
    let name = if update.detail == Detail::Waiting {
        entry.title = format!("A review in {}", system.workspace());
        entry.place = String::new();
        entry.title.clone()
    } else {
        format!("Review {} of {}", review.number, system.workspace())
    };
    let subject = match update.news {
        News::Planned => format!("{name} planned: {when}"),
        News::Changed => format!("{name} changed: {when}"),
        News::CalledOff => format!("{name} called off: {when}"),
        News::NotYours => format!("{name} takes place without you: it leaves your calendar"),
    };
    let place = if entry.place.is_empty() {
        String::new()
    } else {
        format!("\n{}", entry.place)
    };
    let body = format!("{subject}{place}\n\n{}\n", entry.link);
    let method = Method::Invite {
        from: &system.mail_address(),
        to: &update.recipient.email,
    };
    let calendar = calendar::write("", &method, std::slice::from_ref(&entry));
    Email {
        to: update.recipient.email.clone(),
        subject,
        body,
        calendar,
    }
}
