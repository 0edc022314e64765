//! Opening a round, answering it, closing it: within the room's own transaction.

use super::{
    About, AnswerOutcome, AnswerSheet, HIGHEST, LOWEST, RoundText,
    verify::{ScoreRow, text},
};
use crate::{
    args,
    identity::{Side, Transaction},
    platform::{
        error::{Error, Result},
        ids::{AnswerId, RoundId},
        time::{Day, Timestamp},
    },
    sql,
};

/// One score of an answer.
#[derive(Clone, Debug)]
pub struct AnswerInput {
    pub thing: String,
    pub measure: String,
    pub score: i64,
    pub note: String,
}

const MOST_WANTED: i64 = 50;

#[derive(sqlx::FromRow)]
struct OpenRoundRow {
    id: RoundId,
    number: i64,
    wanted: i64,
    content: String,
    opened_at: Timestamp,
    ends_on: Day,
}

async fn open_round(tx: &mut Transaction, about: About, subject: uuid::Uuid) -> Result<Option<OpenRoundRow>> {
    let open: Option<OpenRoundRow> = tx
        .fetch_optional(
            sql!(
                "select id, number, wanted, content, opened_at, ends_on from rounds where workspace_id = $1
                 and kind = $2 and subject_id = $3 and closed_at is null"
            ),
            args![about, subject],
        )
        .await?;
    Ok(open)
}

/// Whether a round about this takes answers now.
pub async fn is_open(tx: &mut Transaction, about: About, subject: uuid::Uuid) -> Result<bool> {
    let today = tx.today();
    Ok(open_round(tx, about, subject)
        .await?
        .is_some_and(|open| today <= open.ends_on))
}

/// What is put before both sides.
pub struct Call {
    pub about: About,
    pub subject: uuid::Uuid,
    /// Where it is answered, relative to the workspace.
    pub path: String,
    pub label: String,
    pub sheet: AnswerSheet,
    /// How many answers of each side close the round.
    pub wanted: i64,
    pub ends_on: Day,
}

/// Opens a round; gives its number.
pub async fn open(tx: &mut Transaction, call: Call) -> Result<i64> {
    let Call {
        about,
        subject,
        path,
        label,
        sheet,
        wanted,
        ends_on,
    } = call;
    if ends_on < tx.today() {
        return Err(Error::invalid("ends_on", "Choose today or a later day."));
    }
    if !(1..=MOST_WANTED).contains(&wanted) {
        return Err(Error::invalid(
            "wanted",
            format!("Choose a number from 1 to {MOST_WANTED}."),
        ));
    }
    for side in Side::BOTH {
        let (people,): (i64,) = tx
            .fetch_one(
                sql!(
                    "select count(*) from people where workspace_id = $1 and side = $2 and role <>
                 'observer' and disabled_at is null"
                ),
                args![side],
            )
            .await?;
        if people < wanted {
            return Err(Error::invalid(
                "wanted",
                format!("{} has {people} people who can answer.", side.name()),
            ));
        }
    }
    if let Some(last) = open_round(tx, about, subject).await? {
        if tx.today() <= last.ends_on {
            return Err(Error::invalid(
                "",
                "A round is open already. Close that one first.",
            ));
        }
        // It ended by itself, after its last day.
        let now = tx.now();
        tx.execute(
            sql!("update rounds set closed_at = $3 where workspace_id = $1 and id = $2"),
            args![last.id, now],
        )
        .await?;
    }
    let (number,): (i64,) = tx
        .fetch_one(
            sql!(
                "select coalesce(max(number), 0) + 1 from rounds where workspace_id = $1 and kind = $2
             and subject_id = $3"
            ),
            args![about, subject],
        )
        .await?;
    let content = serde_json::to_string(&sheet).map_err(|_| Error::Internal)?;
    let id: RoundId = tx.fresh_id();
    tx.execute(
        sql!(
            "insert into rounds (id, workspace_id, kind, subject_id, number, wanted, path, label, content,
             opened_at, opened_by, ends_on)
         values ($2, $1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
        ),
        args![
            id,
            about,
            subject,
            number,
            wanted,
            path,
            label,
            content,
            tx.now(),
            tx.member_id(),
            ends_on
        ],
    )
    .await?;
    Ok(number)
}

/// Gives the acting member's answer for their side; it replaces their earlier one.
pub async fn answer(
    tx: &mut Transaction,
    about: About,
    subject: uuid::Uuid,
    number: i64,
    given: &[AnswerInput],
) -> Result<AnswerOutcome> {
    let side = tx.side().ok_or(Error::Forbidden)?;
    let today = tx.today();
    let open = open_round(tx, about, subject)
        .await?
        .filter(|open| open.number == number && today <= open.ends_on);
    let is_late = open.is_none();
    // The round that the form was made for is over, and whoever typed has answered it, or another one
    // follows: what was typed comes back with that said.
    let round = match open {
        Some(open) => open,
        None => closed_round_without(tx, about, subject, number)
            .await?
            .ok_or_else(closed_error)?,
    };
    let (side_since,): (Timestamp,) = tx
        .fetch_one(
            sql!("select side_since from people where workspace_id = $1 and id = $2"),
            args![tx.member_id()],
        )
        .await?;
    if side_since > round.opened_at {
        return Err(Error::invalid(
            "",
            "You joined this side after the round opened. You can answer in the next one.",
        ));
    }
    let sheet: AnswerSheet = serde_json::from_str(&round.content).map_err(|_| Error::Internal)?;
    let mut wanted = Vec::with_capacity(given.len());
    for thing in &sheet.things {
        for measure in &sheet.measures {
            let one = given
                .iter()
                .find(|one| one.thing == thing.id && one.measure == measure.id);
            let one = one
                .filter(|one| (LOWEST..=HIGHEST).contains(&one.score))
                .ok_or_else(|| Error::invalid("", "Score everything, from 1 to 5."))?;
            wanted.push(one.clone());
        }
    }
    let (now, account) = (tx.now(), tx.account_id()?);
    tx.execute(
        sql!(
            "update answers set replaced_at = $3 where workspace_id = $1 and round_id = $2 and account_id =
             $4 and replaced_at is null"
        ),
        args![round.id, now, account],
    )
    .await?;
    let id: AnswerId = tx.fresh_id();
    tx.execute(
        sql!(
            "insert into answers (id, workspace_id, round_id, member_id, account_id, side, at, is_late)
             values ($2, $1, $3, $4, $5, $6, $7, $8)"
        ),
        args![id, round.id, tx.member_id(), account, side, now, is_late],
    )
    .await?;
    for one in wanted {
        tx.execute(
            sql!(
                "insert into judgements (workspace_id, answer_id, thing, measure, score, note) values ($1,
                 $2, $3, $4, $5, $6)"
            ),
            args![id, one.thing, one.measure, one.score, one.note],
        )
        .await?;
    }
    if is_late {
        return Ok(AnswerOutcome::Late);
    }
    let [marketing, technology] = answered(tx, round.id).await?;
    let enough = marketing >= round.wanted && technology >= round.wanted;
    if enough {
        tx.execute(
            sql!("update rounds set closed_at = $3 where workspace_id = $1 and id = $2"),
            args![round.id, now],
        )
        .await?;
        return Ok(AnswerOutcome::ClosedTheRound);
    }
    Ok(AnswerOutcome::Taken)
}

/// The last round, when it is this one, is over, and the acting member has not answered it.
async fn closed_round_without(
    tx: &mut Transaction,
    about: About,
    subject: uuid::Uuid,
    number: i64,
) -> Result<Option<OpenRoundRow>> {
    let account = tx.account_id()?;
    let last: Option<OpenRoundRow> = tx
        .fetch_optional(
            sql!(
                "select id, number, wanted, content, opened_at, ends_on from rounds r
                 where workspace_id = $1 and kind = $2 and subject_id = $3
                   and not exists (select 1 from answers x where x.round_id = r.id and x.account_id = $4 and
                   x.replaced_at is null)
                   and number = (select max(l.number) from rounds l where l.workspace_id = r.workspace_id and
                   l.kind = r.kind and l.subject_id = r.subject_id)"
            ),
            args![about, subject, account],
        )
        .await?;
    Ok(last.filter(|last| last.number == number))
}

/// How many of Marketing and of Technology have answered.
async fn answered(tx: &mut Transaction, round: RoundId) -> Result<[i64; 2]> {
    let (marketing, technology): (i64, i64) = tx
        .fetch_one(
            sql!(
                "select count(case when side = 'marketing' then 1 end), count(case when side = 'technology'
                 then 1 end)
             from answers where workspace_id = $1 and round_id = $2 and replaced_at is null and not is_late"
            ),
            args![round],
        )
        .await?;
    Ok([marketing, technology])
}

fn closed_error() -> Error {
    Error::invalid("", "This round is closed. Its answers cannot be changed.")
}

/// What the last closed round that both sides answered found, for a record that both sides sign: an empty
/// round buries nothing, and one side's answers alone are shown to nobody else. `None` when there was none.
pub async fn record(tx: &mut Transaction, about: About, subject: uuid::Uuid) -> Result<Option<RoundText>> {
    let today = tx.today();
    let last: Option<(RoundId, i64, String)> = tx
        .fetch_optional(
            sql!(
                "select id, number, content from rounds where workspace_id = $1 and kind = $2 and subject_id
                 = $3 and (closed_at is not null or ends_on < $4)
                   and (select count(distinct x.side) from answers x where x.round_id = rounds.id and
                        x.replaced_at is null and not x.is_late) = 2
                 order by number desc limit 1"
            ),
            args![about, subject, today],
        )
        .await?;
    let Some((id, number, content)) = last else {
        return Ok(None);
    };
    let sheet: AnswerSheet = serde_json::from_str(&content).map_err(|_| Error::Internal)?;
    let scores: Vec<ScoreRow> = tx
        .fetch_all(
            sql!(
                "select x.side, p.name as who, j.thing, j.measure, j.score, j.note
             from answers x join judgements j on j.answer_id = x.id join people p on p.workspace_id =
             x.workspace_id and p.account_id = x.account_id
             where x.workspace_id = $1 and x.round_id = $2 and x.replaced_at is null and not x.is_late
             order by x.at, x.id,
             j.thing, j.measure"
            ),
            args![id],
        )
        .await?;
    Ok(Some(text(number, &sheet, scores)))
}

/// Ends this round before everybody wanted has answered, once both sides have.
pub async fn close(tx: &mut Transaction, about: About, subject: uuid::Uuid, number: i64) -> Result<()> {
    let today = tx.today();
    let open = open_round(tx, about, subject)
        .await?
        .filter(|open| open.number == number && today <= open.ends_on)
        .ok_or(Error::Conflict)?;
    let silent = Side::BOTH
        .into_iter()
        .zip(answered(tx, open.id).await?)
        .find(|(_, answers)| *answers == 0);
    if let Some((side, _)) = silent {
        return Err(Error::invalid(
            "",
            format!(
                "{} has not answered yet. You can close the round once both sides have answered. It closes \
                    automatically after {}.",
                side.name(),
                open.ends_on.format_long()
            ),
        ));
    }
    let (now, me) = (tx.now(), tx.member_id());
    tx.execute(
        sql!("update rounds set closed_at = $3, closed_by = $4 where workspace_id = $1 and id = $2"),
        args![open.id, now, me],
    )
    .await?;
    Ok(())
}
