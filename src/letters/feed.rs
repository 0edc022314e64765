//! A calendar at a secret address: the reviews, and what its owner owes by a day.

use std::collections::HashMap;

use axum::{
    extract::{Path, State},
    http::header,
    response::{IntoResponse, Response},
};

use crate::{
    args, desk,
    identity::{Viewer, tokens, viewer::Person},
    platform::{
        audit::sha256,
        calendar::{self, Entry, Method, When},
        error::{Error, Result},
        ids::AccountId,
        state::AppState,
        time::{Day, Timestamp},
    },
    reminders::ReminderKind,
    reviews, sql,
};

/// How far ahead a calendar looks.
const AHEAD_DAYS: i64 = 366;
/// How long it says that a review was called off.
const CALLED_OFF_DAYS: i64 = 30;

/// Somebody's calendar, without its address. It ends when its owner chooses another password.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Calendar {
    pub created_at: Timestamp,
    pub last_read_at: Option<Timestamp>,
}

pub(super) async fn of(person: &Person) -> Result<Option<Calendar>> {
    person
        .state
        .db()
        .fetch_optional(
            sql!(
                "select c.created_at, c.last_read_at from calendars c join password_changes p on p.account_id =
                 c.account_id
                 where c.account_id = $1 and coalesce(p.password_changed_at, 0) <= c.created_at"
            ),
            args![person.account],
        )
        .await
}

/// Makes an address, in place of the one of before; gives its secret, which is kept nowhere.
pub(super) async fn create(person: &Person) -> Result<String> {
    let secret = tokens::secret(&person.state);
    person
        .state
        .db()
        .execute(
            sql!(
                "insert into calendars (account_id, secret_hash, created_at) values ($1, $2, $3)
                 on conflict (account_id) do update set secret_hash = excluded.secret_hash,
                 created_at = excluded.created_at, last_read_at = null"
            ),
            args![person.account, tokens::hash(&secret), person.state.now()],
        )
        .await?;
    Ok(secret)
}

/// From now on the address answers nobody.
pub(super) async fn end(person: &Person) -> Result<()> {
    let db = person.state.db();
    db.execute(
        sql!("delete from calendars where account_id = $1"),
        args![person.account],
    )
    .await?;
    Ok(())
}

/// Ends every address: one that was ended since a backup does not come back with it.
pub async fn end_all(state: &AppState) -> Result<()> {
    state
        .db()
        .execute(sql!("delete from calendars"), Vec::new())
        .await?;
    Ok(())
}

/// `/calendars/{secret}/handshake.ics`, for whoever knows it.
///
/// # Errors
/// `NotFound` for a secret that is none, or none any more.
pub async fn calendar(State(state): State<AppState>, Path(secret): Path<String>) -> Result<Response> {
    let found: Option<(AccountId,)> = state
        .db()
        .fetch_optional(
            sql!(
                "select c.account_id from calendars c join password_changes p on p.account_id = c.account_id
                 where c.secret_hash = $1 and coalesce(p.password_changed_at, 0) <= c.created_at"
            ),
            args![tokens::hash(&secret)],
        )
        .await?;
    let (account,) = found.ok_or(Error::NotFound)?;
    let workspaces: Vec<(String,)> = state
        .db()
        .fetch_all(
            sql!(
                "select w.slug from people m join workspace_settings w on w.id = m.workspace_id
                 where m.account_id = $1 and m.disabled_at is null order by w.name, w.slug"
            ),
            args![account],
        )
        .await?;
    // Whoever is a member nowhere any more has no calendar either.
    if workspaces.is_empty() {
        return Err(Error::NotFound);
    }
    let mut entries = Vec::new();
    for (slug,) in workspaces {
        let viewer = Viewer::enter(&state, account, &slug, String::new()).await?;
        entries.extend(entries_of(&viewer).await?);
    }
    let text = calendar::write(
        "Handshake",
        &Method::Publish,
        &with_sequences(&state, account, entries).await?,
    );
    state
        .db()
        .execute(
            sql!("update calendars set last_read_at = $2 where account_id = $1"),
            args![account, state.now()],
        )
        .await?;
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (header::CACHE_CONTROL, "private, no-store"),
    ];
    Ok((headers, text).into_response())
}

/// What one workspace asks of its member on a day, and its reviews.
async fn entries_of(viewer: &Viewer) -> Result<Vec<Entry>> {
    let today = viewer.today();
    let mut meetings = reviews::read::ahead(viewer).await?;
    meetings.extend(reviews::read::called_off(viewer, today.plus(-CALLED_OFF_DAYS)).await?);
    let mut entries: Vec<Entry> = meetings
        .iter()
        .map(|review| {
            let link = viewer.address(&viewer.path(&review.path()));
            reviews::calendar::entry(review, viewer.workspace(), viewer.zone(), link, viewer.now())
        })
        .collect();
    let owed = desk::gather::planned(viewer, today.plus(AHEAD_DAYS)).await?;
    for one in owed {
        if !one.ladder.owes.contains(&viewer.member_id()) {
            continue;
        }
        // What comes again each time has an entry each time.
        let uid = match one.kind {
            ReminderKind::CheckIn => {
                format!("{}-{}-{}@handshake", one.kind.as_str(), one.subject, one.due_on)
            }
            _ => format!("{}-{}@handshake", one.kind.as_str(), one.subject),
        };
        entries.push(Entry {
            uid,
            title: format!("{} “{}”", one.kind.noun(), one.label),
            link: viewer.address(&viewer.path(&one.path)),
            place: String::new(),
            when: When::Day(one.due_on),
            sequence: 0,
            changed_at: viewer.now(),
            is_cancelled: false,
        });
    }
    Ok(entries)
}

#[derive(sqlx::FromRow)]
struct EntryRow {
    uid: String,
    digest: String,
    sequence: i64,
    changed_at: Timestamp,
}

/// Each entry with when it changed last, and one higher than before when it did.
async fn with_sequences(state: &AppState, account: AccountId, mut entries: Vec<Entry>) -> Result<Vec<Entry>> {
    let told: Vec<EntryRow> = state
        .db()
        .fetch_all(
            sql!("select uid, digest, sequence, changed_at from calendar_entries where account_id = $1"),
            args![account],
        )
        .await?;
    let told: HashMap<String, EntryRow> = told.into_iter().map(|row| (row.uid.clone(), row)).collect();
    let now = state.now();
    for entry in &mut entries {
        let digest = digest_of(entry);
        match told.get(&entry.uid) {
            Some(before) if before.digest == digest => {
                entry.sequence = entry.sequence.max(before.sequence);
                entry.changed_at = before.changed_at;
            }
            before => {
                let next = before.map_or(0, |before| before.sequence + 1);
                entry.sequence = entry.sequence.max(next);
                entry.changed_at = now;
                note(state, account, entry, &digest).await?;
            }
        }
    }
    Ok(entries)
}

fn digest_of(entry: &Entry) -> String {
    let (when, until): (String, String) = match entry.when {
        When::Day(day) => (Day::to_string(&day), String::new()),
        When::Between(from, to) => (from.rfc3339(), to.rfc3339()),
    };
    let parts = [&entry.title, &entry.place, &entry.link, &when, &until];
    let text = serde_json::to_string(&(parts, entry.is_cancelled)).unwrap_or_default();
    sha256(&text)
}

async fn note(state: &AppState, account: AccountId, entry: &Entry, digest: &str) -> Result<()> {
    state
        .db()
        .execute(
            sql!(
                "insert into calendar_entries (account_id, uid, digest, sequence, changed_at)
                 values ($1, $2, $3, $4, $5)
                 on conflict (account_id, uid) do update set digest = excluded.digest,
                 sequence = excluded.sequence, changed_at = excluded.changed_at"
            ),
            args![
                account,
                entry.uid.as_str(),
                digest,
                entry.sequence,
                entry.changed_at
            ],
        )
        .await?;
    Ok(())
}
