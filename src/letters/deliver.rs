//! Writing to everybody for whom something is due.

use std::collections::{HashMap, HashSet};

use super::{
    LetterPart, Pace,
    compose::{Contents, PreRead},
    invitations,
    recipients::{Recipient, recipients},
    settings::LetterSettings,
    week,
};
use crate::{
    args,
    comments::mentions::{self, Mention},
    desk,
    identity::{Transaction, system::SystemActor},
    platform::{
        audit::Event,
        db::Sql,
        error::Result,
        ids::MemberId,
        state::AppState,
        text::{self, join_details},
        time::{Day, Timestamp, Zone},
    },
    reminders::{self, ReminderKind, read::ReminderLine},
    reviews::{self, ReviewState, read::Review},
    sql,
};

/// What is older is no news any more.
const NEWS_DAYS: i64 = 3;
/// A pre-read comes this long before its review, for whom the morning begins later.
const PRE_READ_SECONDS: i64 = 2 * 3600;
/// How long a morning lasts.
const MORNING_SECONDS: i64 = 5 * 3600;
const WEEK_DAYS: i64 = 7;

/// In every workspace; one that fails does not keep the others from it.
pub async fn deliver_everywhere(state: &AppState) -> Result<()> {
    if state.settings().smtp_url.is_none() {
        return Ok(());
    }
    for system in SystemActor::everywhere(state).await? {
        if let Err(error) = deliver(&system).await {
            tracing::warn!(error = %error, workspace = system.workspace(), "the letters of a workspace could not be written");
        }
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct LetterRow {
    member_id: MemberId,
    part: LetterPart,
    subject: String,
    day: Day,
    at: Timestamp,
}

/// Everything of a workspace that may be due to somebody.
struct Pending {
    told: HashMap<MemberId, Vec<ReminderLine>>,
    mentions: HashMap<MemberId, Vec<Mention>>,
    /// Of a place of which they were told already.
    covered: Vec<(MemberId, Mention)>,
    letters: Vec<LetterRow>,
    /// Frozen for today, with who speaks in them.
    reviews: Vec<(Review, PreRead, HashSet<MemberId>)>,
}

impl Pending {
    async fn read(system: &SystemActor) -> Result<Self> {
        let since = system.now().plus_days(-NEWS_DAYS);
        let written: Vec<(MemberId, LetterPart, uuid::Uuid)> = system
            .fetch_all(
                sql!(
                    "select member_id, part, subject_id from letter_contents where workspace_id = $1 and at >=
                     $2"
                ),
                args![since],
            )
            .await?;
        let written: HashSet<(MemberId, LetterPart, uuid::Uuid)> = written.into_iter().collect();
        let mut told: HashMap<MemberId, Vec<ReminderLine>> = HashMap::new();
        for one in reminders::read::told_since(system, since).await? {
            if !written.contains(&(one.member_id, LetterPart::Asked, one.id.uuid())) {
                told.entry(one.member_id).or_default().push(one);
            }
        }
        let mut mentioned: HashMap<MemberId, Vec<Mention>> = HashMap::new();
        let (known, new): (Vec<_>, Vec<_>) =
            mentions::since(system, since)
                .await?
                .into_iter()
                .partition(|(member, mention)| {
                    written.contains(&(*member, LetterPart::Mentioned, mention.comment_id.uuid()))
                });
        // Whoever has not read what they were told of is not told again of the same thing.
        let places: HashSet<(MemberId, String)> = known
            .into_iter()
            .map(|(member, mention)| (member, mention.path))
            .collect();
        let mut covered = Vec::new();
        for (member, mention) in new {
            if places.contains(&(member, mention.path.clone())) {
                covered.push((member, mention));
            } else {
                mentioned.entry(member).or_default().push(mention);
            }
        }
        let letters = system
            .fetch_all(
                sql!(
                    "select member_id, part, subject, day, at from letters where workspace_id = $1 and at >=
                     $2
                     order by at desc"
                ),
                args![system.now().plus_days(-60)],
            )
            .await?;
        Ok(Self {
            told,
            mentions: mentioned,
            covered,
            letters,
            reviews: frozen_today(system).await?,
        })
    }

    fn has(&self, member: MemberId, part: LetterPart, subject: &str, day: Day) -> bool {
        self.letters.iter().any(|letter| {
            letter.member_id == member
                && letter.part == part
                && letter.subject == subject
                && letter.day == day
        })
    }

    /// Up to when the last week told.
    fn last_week(&self, member: MemberId) -> Option<Timestamp> {
        self.letters
            .iter()
            .filter(|letter| letter.member_id == member && letter.part == LetterPart::Week)
            .map(|letter| letter.at)
            .max()
    }
}

async fn frozen_today(system: &SystemActor) -> Result<Vec<(Review, PreRead, HashSet<MemberId>)>> {
    let today = system.today();
    let reviews: Vec<Review> = reviews::read::ahead(system)
        .await?
        .into_iter()
        .filter(|review| review.held_on == today && review.state == ReviewState::Frozen)
        .collect();
    let mut frozen = Vec::with_capacity(reviews.len());
    if reviews.is_empty() {
        return Ok(frozen);
    }
    let Some(viewer) = system.reader().await? else {
        return Ok(frozen);
    };
    for review in reviews {
        let items = reviews::read::items(&viewer, review.id).await?;
        let missing = match review.snapshot_id {
            Some(id) => reviews::read::snapshot(&viewer, id).await?.missing_lines(),
            None => Vec::new(),
        };
        let on_agenda: Vec<&reviews::read::Item> =
            items.iter().filter(|item| item.state.is_on_agenda()).collect();
        let minutes: i64 = on_agenda.iter().map(|item| item.minutes).sum();
        let mut lines = vec![format!("{minutes} of {} minutes planned", review.slot_minutes)];
        lines.extend(on_agenda.iter().map(|item| {
            let why = (!item.why.is_empty()).then(|| item.why.clone());
            join_details([Some(item.title.clone()), why])
        }));
        lines.extend(missing.into_iter().map(|line| format!("Missing: {line}")));
        let starts = system
            .zone()
            .at(review.held_on, review.starts_at)
            .time_in(system.zone());
        let pre_read = PreRead {
            review: review.id.to_string(),
            heading: format!(
                "Review {} begins on {} at {starts} ({})",
                review.number,
                review.held_on.format(today),
                system.zone().name()
            ),
            lines,
            path: review.path(),
        };
        let speakers = items.iter().filter_map(|item| item.speaker_id).collect();
        frozen.push((review, pre_read, speakers));
    }
    Ok(frozen)
}

/// That somebody got a part of a letter on a day of theirs.
const MARK: Sql = sql!(
    "insert into letters (workspace_id, member_id, part, subject, day, at) values ($1, $2, $3, $4, $5, $6)
     on conflict do nothing"
);

/// That a reminder or a mention stood in a letter, or needs none.
const WRITTEN: Sql = sql!(
    "insert into letter_contents (workspace_id, member_id, part, subject_id, at) values ($1, $2, $3, $4, $5)
     on conflict do nothing"
);

/// What one recipient is to get now, and the marks that it leaves.
struct Due {
    recipient: Recipient,
    settings: LetterSettings,
    /// When it was gathered: the next week tells from here on.
    at: Timestamp,
    contents: Contents,
    /// Parts, each with its review and the day that it is of.
    parts: Vec<(LetterPart, String, Day)>,
}

/// Writes to everybody of a workspace for whom something is due. Done twice, it writes nothing twice.
pub async fn deliver(system: &SystemActor) -> Result<()> {
    let people = recipients(system).await?;
    let mut pending = Pending::read(system).await?;
    let mut owed: Option<HashSet<(ReminderKind, uuid::Uuid, Day)>> = None;
    let mut due = Vec::new();
    for (recipient, settings) in &people {
        let one = due_to(system, recipient, settings, &mut pending, &mut owed).await?;
        if !one.contents.is_empty() {
            due.push(one);
        }
    }
    for (member, mention) in pending.covered {
        let covered = args![
            member,
            LetterPart::Mentioned,
            mention.comment_id.uuid(),
            mention.at
        ];
        system.execute_unaudited(WRITTEN, covered).await?;
    }
    write(system, due).await?;
    invitations::deliver(system, &people).await
}

async fn due_to(
    system: &SystemActor,
    recipient: &Recipient,
    settings: &LetterSettings,
    pending: &mut Pending,
    owed: &mut Option<HashSet<(ReminderKind, uuid::Uuid, Day)>>,
) -> Result<Due> {
    let (member, now) = (recipient.id, system.now());
    let zone: Zone = settings.zone(system.zone());
    let day = now.day_in(&zone);
    let morning = zone.at(day, settings.morning);
    let is_after = now >= morning;
    // Nobody is written to at night because nothing could be written in the morning.
    let is_morning = is_after && now < morning.plus_seconds(MORNING_SECONDS);
    let gets_letter = |pending: &Pending, part: LetterPart| is_morning && !pending.has(member, part, "", day);
    let mut due = Due {
        recipient: recipient.clone(),
        settings: settings.clone(),
        at: now,
        contents: Contents::default(),
        parts: Vec::new(),
    };

    let asked_now = settings.asked == Pace::AtOnce || gets_letter(pending, LetterPart::Asked);
    if asked_now && let Some(told) = pending.told.remove(&member) {
        if owed.is_none() {
            let all = desk::gather::obligations(system, ReminderKind::ALL).await?;
            *owed = Some(
                all.iter()
                    .map(|one| (one.kind, one.subject, one.due_on))
                    .collect(),
            );
        }
        let still = |one: &ReminderLine| {
            owed.as_ref()
                .is_some_and(|owed| owed.contains(&(one.kind, one.subject_id, one.due_on)))
        };
        due.contents.asked = told.into_iter().filter(still).collect();
        if settings.asked == Pace::Morning && !due.contents.asked.is_empty() {
            due.parts.push((LetterPart::Asked, String::new(), day));
        }
    }

    let mentioned_now = settings.mentioned == Pace::AtOnce || gets_letter(pending, LetterPart::Mentioned);
    if mentioned_now && let Some(mut mentions) = pending.mentions.remove(&member) {
        if settings.mentioned == Pace::Morning {
            // What comes after the morning comes with the next one.
            mentions.retain(|mention| mention.at < morning);
            if !mentions.is_empty() {
                due.parts.push((LetterPart::Mentioned, String::new(), day));
            }
        }
        due.contents.mentions = mentions;
    }

    for (review, pre_read, speakers) in &pending.reviews {
        let subject = review.id.to_string();
        let starts = system.zone().at(review.held_on, review.starts_at);
        let is_time = is_morning || now >= starts.plus_seconds(-PRE_READ_SECONDS);
        if is_time
            && recipient.wants(settings.reviews, speakers.contains(&member))
            && !pending.has(member, LetterPart::PreRead, &subject, review.held_on)
        {
            due.contents.pre_reads.push(pre_read.clone());
            due.parts.push((LetterPart::PreRead, subject, review.held_on));
        }
    }

    let is_week = settings.week.offset(recipient.concerns_all())
        == Some(day.0.weekday().to_monday_zero_offset())
        && is_after
        && !pending.has(member, LetterPart::Week, "", day);
    if is_week && let Some(viewer) = system.as_seen_by(recipient.account_id).await? {
        let since = pending
            .last_week(member)
            .unwrap_or_else(|| now.plus_days(-WEEK_DAYS));
        due.contents.week = week::sections(&viewer, since).await?;
        if due.contents.week.is_empty() {
            // Nothing new, no letter; nor is it looked for again on this day.
            system
                .execute_unaudited(MARK, args![member, LetterPart::Week, "", day, now])
                .await?;
        } else {
            due.parts.push((LetterPart::Week, String::new(), day));
        }
    }
    Ok(due)
}

async fn write(system: &SystemActor, due: Vec<Due>) -> Result<()> {
    if due.is_empty() {
        return Ok(());
    }
    let today = system.today();
    let (mut tx, permit) = system.begin().await?;
    let mut names = Vec::new();
    for mut one in due {
        keep_unwritten(&mut tx, &mut one).await?;
        if one.contents.is_empty() {
            continue;
        }
        let letter = one
            .contents
            .letter(system, one.recipient.email.clone(), one.settings.shown, today);
        tx.mail(letter).await?;
        names.push(one.recipient.name);
    }
    if names.is_empty() {
        return Ok(());
    }
    let people = text::people(names.len());
    let event = Event::new("wrote to", "letter", None, people).detail(names.join(", "));
    tx.commit(permit, event).await
}

/// Marks what this letter holds, and leaves out what another process wrote meanwhile.
async fn keep_unwritten(tx: &mut Transaction, due: &mut Due) -> Result<()> {
    let member = due.recipient.id;
    for (part, subject, day) in std::mem::take(&mut due.parts) {
        let mark = args![member, part, subject.as_str(), day, due.at];
        if tx.execute(MARK, mark).await? > 0 {
            continue;
        }
        // The other process writes this part; the rest is ours.
        match part {
            LetterPart::Asked => due.contents.asked.clear(),
            LetterPart::Mentioned => due.contents.mentions.clear(),
            LetterPart::PreRead => due
                .contents
                .pre_reads
                .retain(|pre_read| pre_read.review != subject),
            LetterPart::Week => due.contents.week.clear(),
        }
    }
    let asked = due
        .contents
        .asked
        .iter()
        .map(|told| (LetterPart::Asked, told.id.uuid(), told.at));
    let mentions = due.contents.mentions.iter();
    let mentions = mentions.map(|mention| (LetterPart::Mentioned, mention.comment_id.uuid(), mention.at));
    let mut unwritten: HashSet<(LetterPart, uuid::Uuid)> = HashSet::new();
    for (part, subject, at) in asked.chain(mentions).collect::<Vec<_>>() {
        let added = tx.execute(WRITTEN, args![member, part, subject, at]).await?;
        if added > 0 {
            unwritten.insert((part, subject));
        }
    }
    due.contents
        .asked
        .retain(|told| unwritten.contains(&(LetterPart::Asked, told.id.uuid())));
    due.contents
        .mentions
        .retain(|mention| unwritten.contains(&(LetterPart::Mentioned, mention.comment_id.uuid())));
    Ok(())
}
