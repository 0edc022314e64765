//! Words on the map: each side says its own.

use std::collections::HashMap;

use crate::{
    args,
    identity::{Action, Side, Transaction, Viewer},
    platform::{
        audit::Event,
        error::{Error, Result},
        ids::{AccountId, MemberId, SourceId, TouchpointId, WordId},
        time::Timestamp,
    },
    sources::{Chair, WORD_DAYS, Word},
    sql,
};

/// A word that somebody says of a touchpoint and a source.
#[derive(Clone, Copy, Debug)]
pub struct WordInput {
    pub touchpoint: TouchpointId,
    pub source: SourceId,
    pub word: Word,
    /// The word of the own side that held when the page was shown.
    pub seen: Option<Word>,
}

#[derive(sqlx::FromRow)]
struct TouchpointRow {
    id: TouchpointId,
    number: i64,
    name: String,
    answers_id: Option<MemberId>,
}

#[derive(sqlx::FromRow)]
struct Before {
    touchpoint_id: TouchpointId,
    source_id: SourceId,
    word: Word,
    said_at: Timestamp,
    account_id: AccountId,
}

/// Says words for the viewer's own side; gives how many were new. A word that holds as it stands is not said
/// again; one that is too old is.
///
/// # Errors
/// `Forbidden` where a word is not theirs to say; `Conflict` where their side says something else by now than
/// they saw; `Invalid` for whoever spoke for the other side, and for a touchpoint or a source that is none,
/// or none any more.
pub async fn say(viewer: &Viewer, spoken: &[WordInput]) -> Result<usize> {
    let mut tx = viewer.begin().await?;
    let side = tx.side().ok_or(Error::Forbidden)?;
    let touchpoints = touchpoints(&mut tx).await?;
    let speakers = speakers(&mut tx, side).await?;
    let (before, other) = (before(&mut tx, side).await?, before(&mut tx, side.other()).await?);
    let me = tx.account_id()?;
    let mut permit = None;
    let mut said: HashMap<TouchpointId, usize> = HashMap::new();
    let (now, today) = (tx.now(), tx.today());
    for one in spoken {
        let gone = || {
            Error::invalid(
                "",
                "What you spoke of is not on the map any more. Open the page again.",
            )
        };
        let touchpoint = touchpoints.get(&one.touchpoint).ok_or_else(gone)?;
        let mut of = speakers.get(&one.source).ok_or_else(gone)?.clone();
        if side == Side::Marketing {
            of.extend(touchpoint.answers_id);
        }
        permit = Some(tx.permit(Action::SayWord { speakers: &of })?);
        let cell = (one.touchpoint, one.source);
        let holds = before
            .get(&cell)
            .filter(|before| today.days_since(tx.day_of(before.said_at)) <= WORD_DAYS)
            .map(|before| before.word);
        let is_same = holds == Some(one.word);
        if !is_same && holds != one.seen {
            return Err(Error::Conflict);
        }
        if !is_same && other.get(&cell).is_some_and(|other| other.account_id == me) {
            return Err(Error::invalid(
                "",
                "You spoke of it for the other side. Somebody else has to speak for this side.",
            ));
        }
        if !is_same {
            write(&mut tx, one, side, now).await?;
            *said.entry(one.touchpoint).or_default() += 1;
        }
    }
    let permit = permit.ok_or_else(|| Error::invalid("", "Choose at least one word."))?;
    let count = said.values().sum();
    // What was said stands on the map, for whom it is to be seen; history says only that something was.
    let events: Vec<Event> = said
        .iter()
        .filter_map(|(id, count)| {
            let touchpoint = touchpoints.get(id)?;
            let answers = if *count == 1 {
                "1 answer".to_owned()
            } else {
                format!("{count} answers")
            };
            let event = Event::new(
                "answered on the map for",
                "touchpoint",
                id.uuid(),
                touchpoint.name.clone(),
            )
            .at(format!("sources/touchpoints/{}", touchpoint.number))
            .detail(format!("{answers} for {}", side.name()));
            Some(event)
        })
        .collect();
    let mut events = events.into_iter();
    let Some(last) = events.next() else {
        return Ok(0);
    };
    for event in events {
        tx.record(event).await?;
    }
    tx.commit(permit, last).await?;
    Ok(count)
}

async fn write(tx: &mut Transaction, one: &WordInput, side: Side, now: Timestamp) -> Result<()> {
    tx.execute(
        sql!(
            "update map_words set replaced_at = $5 where workspace_id = $1 and touchpoint_id = $2 and
             source_id = $3
             and side = $4 and replaced_at is null"
        ),
        args![one.touchpoint, one.source, side, now],
    )
    .await?;
    let id: WordId = tx.fresh_id();
    tx.execute(
        sql!(
            "insert into map_words (id, workspace_id, touchpoint_id, source_id, side, word, said_at, said_by)
             values ($2, $1, $3, $4, $5, $6, $7, $8)"
        ),
        args![
            id,
            one.touchpoint,
            one.source,
            side,
            one.word,
            now,
            tx.member_id()
        ],
    )
    .await?;
    Ok(())
}

async fn touchpoints(tx: &mut Transaction) -> Result<HashMap<TouchpointId, TouchpointRow>> {
    let rows: Vec<TouchpointRow> = tx
        .fetch_all(
            sql!(
                "select id, number, name, answers_id from touchpoints where workspace_id = $1 and retired_at
                 is null"
            ),
            Vec::new(),
        )
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

async fn before(tx: &mut Transaction, side: Side) -> Result<HashMap<(TouchpointId, SourceId), Before>> {
    let rows: Vec<Before> = tx
        .fetch_all(
            sql!(
                "select w.touchpoint_id, w.source_id, w.word, w.said_at, m.account_id from map_words w
                 join people m on m.id = w.said_by
                 where w.workspace_id = $1 and w.side = $2 and w.replaced_at is null"
            ),
            args![side],
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| ((row.touchpoint_id, row.source_id), row))
        .collect())
}

/// Every source that is not retired, with who sits on its chairs of a side.
async fn speakers(tx: &mut Transaction, side: Side) -> Result<HashMap<SourceId, Vec<MemberId>>> {
    let rows: Vec<(SourceId, Option<Chair>, Option<MemberId>)> = tx
        .fetch_all(
            sql!(
                "select s.id, c.chair, c.member_id from sources s
                 left join source_chairs c on c.source_id = s.id and c.until_at is null
                 where s.workspace_id = $1 and s.retired_at is null"
            ),
            Vec::new(),
        )
        .await?;
    let mut speakers: HashMap<SourceId, Vec<MemberId>> = HashMap::new();
    for (source, chair, member) in rows {
        let of = speakers.entry(source).or_default();
        if chair.is_some_and(|chair| chair.side() == side) {
            of.extend(member);
        }
    }
    Ok(speakers)
}
