//! Rounds in which both sides rate the clauses.

use crate::{
    identity::{Action, Side, Viewer},
    platform::{
        audit::Event,
        error::{Error, Result},
        ids::ClauseId,
        time::Day,
    },
    rounds::{
        self, About, AnswerOutcome, AnswerSheet, RoundMeasure, Thing,
        write::{AnswerInput, Call},
    },
    sql,
};

fn event(verb: &'static str) -> Event {
    Event::new(verb, "definition", None, "the definition").at("definition/rounds")
}

/// Puts the working draft before both sides.
pub async fn open_round(viewer: &Viewer, wanted: i64, ends_on: Day) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::ProposeDefinition)?;
    let clauses: Vec<(ClauseId, String, String)> = tx
        .fetch_all(
            sql!(
                "select id, title, promise from clauses where workspace_id = $1 and archived_at is
             null order by position, id limit 200"
            ),
            Vec::new(),
        )
        .await?;
    if clauses.is_empty() {
        return Err(Error::invalid(
            "",
            "There is nothing to rate yet. Write a clause first.",
        ));
    }
    let measure = |id: &str, title: &str| RoundMeasure {
        id: id.to_owned(),
        title: title.to_owned(),
        description: String::new(),
        weight: 1,
    };
    let sheet = AnswerSheet {
        asked: String::new(),
        things: clauses
            .into_iter()
            .map(|(id, title, description)| Thing {
                id: id.to_string(),
                title,
                description,
            })
            .collect(),
        measures: vec![
            measure("agree", "I agree with it"),
            measure("clear", "I know what it means for my team"),
        ],
    };
    let call = Call {
        about: About::Definition,
        subject: viewer.workspace_id().uuid(),
        path: "definition/rounds/answer".to_owned(),
        label: "The definition: do we mean the same?".to_owned(),
        sheet,
        wanted,
        ends_on,
    };
    let number = rounds::write::open(&mut tx, call).await?;
    let detail = format!(
        "round {number}, {wanted} answers of each side, until {}",
        ends_on.format_long()
    );
    tx.commit(permit, event("opened a round on").detail(detail)).await
}

/// Gives one's ratings for one's own side. The event tells that, never what.
pub async fn answer_round(viewer: &Viewer, number: i64, given: &[AnswerInput]) -> Result<AnswerOutcome> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::SpeakForSide)?;
    let outcome = rounds::write::answer(
        &mut tx,
        About::Definition,
        viewer.workspace_id().uuid(),
        number,
        given,
    )
    .await?;
    if outcome == AnswerOutcome::ClosedTheRound {
        tx.record(event("closed the round on").detail("both sides have answered"))
            .await?;
    }
    let side = tx.side().map_or("", Side::name);
    tx.commit(
        permit,
        event("rated the clauses of").detail(format!(
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

pub async fn close_round(viewer: &Viewer, number: i64) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::ProposeDefinition)?;
    rounds::write::close(&mut tx, About::Definition, viewer.workspace_id().uuid(), number).await?;
    tx.commit(
        permit,
        event("closed the round on").detail(format!("round {number}, before everybody wanted had answered")),
    )
    .await
}
