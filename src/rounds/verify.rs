//! A closed round as it is part of a signed text, read outside of any workspace: for `verify`.

use super::{About, AnswerSheet, RoundText, ScoreText, WeightText};
use crate::{
    args,
    identity::Side,
    platform::{
        db::Snapshot,
        error::{Error, Result},
        ids::RoundId,
    },
    sql,
};

#[derive(sqlx::FromRow)]
pub(super) struct ScoreRow {
    side: Side,
    who: String,
    thing: String,
    measure: String,
    score: i64,
    note: String,
}

/// The round's text from its sheet and its answers, in the order in which they were given.
pub(super) fn text(number: i64, sheet: &AnswerSheet, scores: Vec<ScoreRow>) -> RoundText {
    let title = |id: &str| {
        sheet
            .things
            .iter()
            .find(|thing| thing.id == id)
            .map_or("", |thing| thing.title.as_str())
            .to_owned()
    };
    let measure = |id: &str| {
        sheet
            .measures
            .iter()
            .find(|one| one.id == id)
            .map_or("", |one| one.title.as_str())
            .to_owned()
    };
    let criteria = sheet
        .measures
        .iter()
        .map(|measure| WeightText {
            criterion: measure.title.clone(),
            weight: measure.weight,
        })
        .collect();
    let given = scores
        .into_iter()
        .map(|score| ScoreText {
            option: title(&score.thing),
            criterion: measure(&score.measure),
            side: score.side,
            who: score.who,
            score: score.score,
            note: score.note,
        })
        .collect();
    RoundText {
        round: number,
        criteria,
        given,
    }
}

/// The round of this number; `None` when it is gone.
pub async fn text_of(
    snapshot: &Snapshot,
    about: About,
    subject: uuid::Uuid,
    number: i64,
) -> Result<Option<RoundText>> {
    let round: Option<(RoundId, String)> = snapshot
        .fetch_optional(
            sql!("select id, content from rounds where kind = $1 and subject_id = $2 and number = $3"),
            args![about, subject, number],
        )
        .await?;
    let Some((id, content)) = round else {
        return Ok(None);
    };
    let sheet: AnswerSheet = serde_json::from_str(&content).map_err(|_| Error::Internal)?;
    let scores: Vec<ScoreRow> = snapshot
        .fetch_all(
            sql!(
                "select x.side, p.name as who, j.thing, j.measure, j.score, j.note
                 from answers x join judgements j on j.answer_id = x.id
                 join people p on p.workspace_id = x.workspace_id and p.account_id = x.account_id
                 where x.round_id = $1 and x.replaced_at is null and not x.is_late order by x.at, x.id,
                 j.thing, j.measure"
            ),
            args![id],
        )
        .await?;
    Ok(Some(text(number, &sheet, scores)))
}
