//! Rounds as far as somebody may see them.

use super::{About, AnswerSheet, JudgedCell, Progress, Score, Sight, Tally, arrange, sight};
use crate::{
    args,
    identity::{Action, Side, Viewer},
    platform::{
        error::{Error, Result},
        ids::{AnswerId, RoundId},
        time::{Day, Timestamp},
    },
    sql,
};

#[derive(sqlx::FromRow)]
struct Columns {
    id: RoundId,
    number: i64,
    wanted: i64,
    content: String,
    opened_at: Timestamp,
    ends_on: Day,
    closed_at: Option<Timestamp>,
    marketing: i64,
    technology: i64,
    own: Option<AnswerId>,
}

/// A round and how far it has come; never what was answered.
#[derive(Clone, Debug)]
pub struct Round {
    pub id: RoundId,
    pub number: i64,
    pub wanted: i64,
    pub sheet: AnswerSheet,
    opened_at: Timestamp,
    pub ends_on: Day,
    pub is_closed: bool,
    pub marketing: i64,
    pub technology: i64,
    /// The viewer's own answer.
    pub own: Option<AnswerId>,
    /// Whether no later one was opened about the same thing.
    is_last: bool,
}

impl Round {
    /// Whether the viewer may still answer, late: it is over, nothing follows it, and it was put before them.
    pub fn takes_late_answer_of(&self, viewer: &Viewer) -> bool {
        self.is_closed
            && self.is_last
            && self.own.is_none()
            && viewer.may(Action::SpeakForSide)
            && viewer.side_since() <= self.opened_at
    }

    /// "Marketing 2 of 3 answers, Technology 1 of 3."
    pub fn progress(&self) -> String {
        format!(
            "Marketing {} of {} answers, Technology {} of {}",
            self.marketing, self.wanted, self.technology, self.wanted
        )
    }
}

/// Rounds about a thing, newest first, at most twenty.
pub async fn all(viewer: &Viewer, about: About, subject: uuid::Uuid) -> Result<Vec<Round>> {
    let rows: Vec<Columns> = viewer
        .fetch_all(
            sql!(
                "select r.id, r.number, r.wanted, r.content, r.opened_at, r.ends_on, r.closed_at,
                    (select count(*) from answers x where x.round_id = r.id and x.replaced_at is null and
                    not x.is_late and x.side = 'marketing') as marketing,
                    (select count(*) from answers x where x.round_id = r.id and x.replaced_at is null and
                    not x.is_late and x.side = 'technology') as technology,
                    (select x.id from answers x where x.round_id = r.id and x.replaced_at is null and
                    x.account_id = $4) as own
             from rounds r where r.workspace_id = $1 and r.kind = $2 and r.subject_id = $3 order by r.number
             desc limit 20"
            ),
            args![about, subject, viewer.account_id()],
        )
        .await?;
    rows.into_iter()
        .enumerate()
        .map(|(index, row)| round(viewer, row, index == 0))
        .collect()
}

fn round(viewer: &Viewer, row: Columns, is_last: bool) -> Result<Round> {
    let sheet = serde_json::from_str(&row.content).map_err(|error| {
        tracing::error!(round = %row.id, error = %error, "a round's sheet does not read");
        Error::Internal
    })?;
    Ok(Round {
        id: row.id,
        number: row.number,
        wanted: row.wanted,
        sheet,
        opened_at: row.opened_at,
        ends_on: row.ends_on,
        is_closed: row.closed_at.is_some() || viewer.today() > row.ends_on,
        marketing: row.marketing,
        technology: row.technology,
        own: row.own,
        is_last,
    })
}

#[derive(sqlx::FromRow)]
struct ScoreColumns {
    side: Side,
    who: String,
    thing: String,
    measure: String,
    score: i64,
    note: String,
}

#[derive(sqlx::FromRow)]
struct TallyColumns {
    side: Side,
    thing: String,
    measure: String,
    answers: i64,
    total: i64,
    low: i64,
    high: i64,
}

/// Whether the viewer may see everybody's scores, or which side's; `None` when neither's.
fn visible(viewer: &Viewer, round: &Round) -> Option<(bool, Option<Side>)> {
    let side = viewer.side().filter(|_| viewer.side_since() <= round.opened_at);
    let progress = Progress {
        is_closed: round.is_closed,
        both_answered: round.marketing > 0 && round.technology > 0,
        has_answered: round.own.is_some(),
    };
    match sight(progress, side) {
        Sight::Neither => None,
        Sight::Own(side) => Some((false, Some(side))),
        Sight::Both => Some((true, None)),
    }
}

/// The scores of a round that the viewer may see: all once it is closed, else those of the viewer's own side.
pub async fn scores(viewer: &Viewer, round: &Round) -> Result<Vec<Score>> {
    let Some((any, side)) = visible(viewer, round) else {
        return Ok(Vec::new());
    };
    let rows: Vec<ScoreColumns> = viewer
        .fetch_all(
            sql!(
                "select x.side, p.name as who, j.thing, j.measure, j.score, j.note
             from answers x join judgements j on j.answer_id = x.id join people p on p.workspace_id =
             x.workspace_id and p.account_id = x.account_id
             where x.workspace_id = $1 and x.round_id = $2 and x.replaced_at is null and not x.is_late and
             ($3 or x.side = $4)
             order by x.at, x.id, j.thing, j.measure limit 20000"
            ),
            args![round.id, any, side],
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|s| Score {
            side: s.side,
            who: s.who,
            thing: s.thing,
            measure: s.measure,
            score: s.score,
            note: s.note,
        })
        .collect())
}

/// Both sides' scores of a round, told up per cell of its sheet, as far as the viewer may see them.
pub async fn cells(viewer: &Viewer, round: &Round) -> Result<Vec<JudgedCell>> {
    let Some((any, side)) = visible(viewer, round) else {
        return Ok(Vec::new());
    };
    let rows: Vec<TallyColumns> = viewer
        .fetch_all(
            sql!(
                "select x.side, j.thing, j.measure, count(*) as answers, cast(sum(j.score) as bigint) as
                 total, min(j.score) as low, max(j.score) as high
             from answers x join judgements j on j.answer_id = x.id
             where x.workspace_id = $1 and x.round_id = $2 and x.replaced_at is null and not x.is_late and
             ($3 or x.side = $4)
             group by x.side, j.thing, j.measure limit 5000"
            ),
            args![round.id, any, side],
        )
        .await?;
    let tally = |row: &TallyColumns| Tally {
        count: row.answers,
        sum: row.total,
        low: row.low,
        high: row.high,
    };
    Ok(arrange(
        &round.sheet,
        rows.iter()
            .map(|row| (row.side, row.thing.as_str(), row.measure.as_str(), tally(row))),
    ))
}

/// `(thing, measure, score, note)` of the viewer's own answer, for changing it.
pub async fn own(viewer: &Viewer, answer: AnswerId) -> Result<Vec<(String, String, i64, String)>> {
    viewer
        .fetch_all(
            sql!(
                "select thing, measure, score, note from judgements where workspace_id = $1 and
         answer_id = $2 limit 2000"
            ),
            args![answer],
        )
        .await
}

/// An answer that came after its round was closed.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct LateAnswer {
    pub who: String,
    pub side: Side,
    pub at: Timestamp,
    /// Its thing, by its id.
    pub thing: String,
    pub measure: String,
    pub score: i64,
    pub note: String,
}

/// The late answers of a closed round whose answers the viewer may see.
pub async fn late(viewer: &Viewer, round: &Round) -> Result<Vec<LateAnswer>> {
    let Some((any, side)) = visible(viewer, round) else {
        return Ok(Vec::new());
    };
    viewer
        .fetch_all(
            sql!(
                "select p.name as who, x.side, x.at, j.thing, j.measure, j.score, j.note
                 from answers x join judgements j on j.answer_id = x.id
                 join people p on p.workspace_id = x.workspace_id and p.account_id = x.account_id
                 where x.workspace_id = $1 and x.round_id = $2 and x.is_late and ($3 or x.side = $4)
                 order by x.at, x.id, j.thing, j.measure limit 5000"
            ),
            args![round.id, any, side],
        )
        .await
}
