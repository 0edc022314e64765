//! A round of scoring: both sides, blind.

use super::{current, void_proposal};
use crate::{
    args,
    decisions::read::{Choice, Criterion, sheet_of},
    handshake::{Kind, write as handshake},
    identity::{Action, Viewer},
    platform::{
        error::{Error, Result},
        time::Day,
    },
    rounds::{
        self, About, AnswerOutcome,
        write::{AnswerInput, Call},
    },
    sql,
};

/// Puts the options before both sides, on the criteria whose weights both have signed.
pub async fn open_scoring(viewer: &Viewer, number: i64, wanted: i64, ends_on: Day) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let current = current(&mut tx, number).await?;
    let permit = tx.permit(Action::ShapeDecision {
        driver: current.driver_id,
    })?;
    current.refuse_signed()?;
    if !handshake::is_sealed(&mut tx, Kind::Weights, current.id.uuid()).await? {
        return Err(Error::invalid(
            "",
            "Both sides have to sign the weights first, so that nobody can adjust them to a score.",
        ));
    }
    let options: Vec<Choice> = tx
        .fetch_all(
            sql!(
                "select id, title, advantages, drawbacks, effort, risk, one_off_cost, yearly_cost from
                 decision_options where workspace_id = $1 and decision_id = $2 and archived_at is null order
                 by position, id"
            ),
            args![current.id],
        )
        .await?;
    if options.len() < 2 {
        return Err(Error::invalid(
            "",
            "A choice needs at least two options. Keeping things as they are can be one.",
        ));
    }
    let criteria: Vec<Criterion> = tx
        .fetch_all(
            sql!(
                "select id, title, about, weight from criteria where workspace_id = $1 and decision_id = $2
                 and archived_at is null order by position, id"
            ),
            args![current.id],
        )
        .await?;
    let sheet = sheet_of((&current.question, &current.context), &options, &criteria);
    let call = Call {
        about: About::Decision,
        subject: current.id.uuid(),
        path: format!("decisions/{number}/score"),
        label: current.question.clone(),
        sheet,
        wanted,
        ends_on,
    };
    let round = rounds::write::open(&mut tx, call).await?;
    void_proposal(&mut tx, &current, "scoring was opened").await?;
    tx.commit(
        permit,
        current.event("opened scoring for").detail(format!(
            "round {round}, {wanted} answers of each side, until {}",
            ends_on.format_long()
        )),
    )
    .await
}

/// Gives one's scores for one's own side. The event tells that, never what.
pub async fn answer(
    viewer: &Viewer,
    number: i64,
    round: i64,
    given: &[AnswerInput],
) -> Result<AnswerOutcome> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::SpeakForSide)?;
    let current = current(&mut tx, number).await?;
    current.refuse_signed()?;
    let outcome = rounds::write::answer(&mut tx, About::Decision, current.id.uuid(), round, given).await?;
    if outcome == AnswerOutcome::ClosedTheRound {
        tx.record(
            current
                .event("closed scoring of")
                .detail("both sides have answered"),
        )
        .await?;
    }
    let side = tx.side().map_or("", crate::identity::Side::name);
    tx.commit(
        permit,
        current.event("scored the options of").detail(format!(
            "for {side}{}",
            if outcome == AnswerOutcome::Late {
                ", late"
            } else {
                ""
            }
        )),
    )
    .await?;
    Ok(outcome)
}

pub async fn close_scoring(viewer: &Viewer, number: i64, round: i64) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let current = current(&mut tx, number).await?;
    let permit = tx.permit(Action::ShapeDecision {
        driver: current.driver_id,
    })?;
    rounds::write::close(&mut tx, About::Decision, current.id.uuid(), round).await?;
    tx.commit(
        permit,
        current
            .event("closed scoring of")
            .detail(format!("round {round}, before everybody wanted had answered")),
    )
    .await
}
