//! What may be done to the options.

use super::{ChoiceInput, Current, current, void_proposal};
use crate::{
    args,
    identity::{Action, Transaction, Viewer},
    platform::{
        error::{Error, Result},
        ids::OptionId,
    },
    rounds::{self, About},
    sql,
};

const MOST_OPTIONS: i64 = 12;

pub async fn add_option(viewer: &Viewer, number: i64, id: OptionId, choice: ChoiceInput) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let current = current(&mut tx, number).await?;
    let permit = tx.permit(Action::ShapeDecision {
        driver: current.driver_id,
    })?;
    current.refuse_signed()?;
    refuse_while_scored(&mut tx, &current).await?;
    if tx
        .fetch_optional::<(OptionId,)>(
            sql!("select id from decision_options where workspace_id = $1 and id = $2"),
            args![id],
        )
        .await?
        .is_some()
    {
        return Ok(());
    }
    let (count, last): (i64, i64) = tx
        .fetch_one(
            sql!(
                "select count(case when archived_at is null then 1 end), coalesce(max(position), 0) from
                 decision_options where workspace_id = $1 and decision_id = $2"
            ),
            args![current.id],
        )
        .await?;
    if count >= MOST_OPTIONS {
        return Err(Error::invalid(
            "",
            format!("A decision has at most {MOST_OPTIONS} options."),
        ));
    }
    tx.execute(
        sql!(
            "insert into decision_options (id, workspace_id, decision_id, position, title, advantages,
             drawbacks, effort, risk, one_off_cost, yearly_cost)
         values ($2, $1, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        ),
        args![
            id,
            current.id,
            last + 1,
            &choice.title,
            choice.advantages,
            choice.drawbacks,
            choice.effort,
            choice.risk,
            choice.one_off_cost,
            choice.yearly_cost
        ],
    )
    .await?;
    void_after_change(&mut tx, &current).await?;
    tx.commit(permit, current.event("added an option to").detail(choice.title))
        .await
}

/// An option changed: so did the decision, and what lay on the table is over.
async fn void_after_change(tx: &mut Transaction, current: &Current) -> Result<()> {
    tx.execute(
        sql!("update decisions set version = version + 1 where workspace_id = $1 and id = $2"),
        args![current.id],
    )
    .await?;
    void_proposal(tx, current, "an option changed").await
}

pub async fn edit_option(
    viewer: &Viewer,
    number: i64,
    version: i64,
    id: OptionId,
    choice: ChoiceInput,
) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let current = current(&mut tx, number).await?;
    let permit = tx.permit(Action::ShapeDecision {
        driver: current.driver_id,
    })?;
    current.refuse_signed()?;
    refuse_while_scored(&mut tx, &current).await?;
    if current.version != version {
        return Err(Error::Conflict);
    }
    let before: ChoiceInput = tx
        .fetch_one(
            sql!(
                "select title, advantages, drawbacks, effort, risk, one_off_cost, yearly_cost from decision_options
                 where workspace_id = $1 and decision_id = $2 and id = $3 and archived_at is null"
            ),
            args![current.id, id],
        )
        .await?;
    if before == choice {
        // Saved as it was: what was answered to a proposal stands.
        return Ok(());
    }
    let updated = tx
        .execute(
            sql!(
                "update decision_options set title = $4, advantages = $5, drawbacks = $6, effort = $7, risk =
                 $8, one_off_cost = $9, yearly_cost = $10
             where workspace_id = $1 and decision_id = $2 and id = $3 and archived_at is null"
            ),
            args![
                current.id,
                id,
                &choice.title,
                choice.advantages,
                choice.drawbacks,
                choice.effort,
                choice.risk,
                choice.one_off_cost,
                choice.yearly_cost
            ],
        )
        .await?;
    if updated == 0 {
        return Err(Error::NotFound);
    }
    void_after_change(&mut tx, &current).await?;
    tx.commit(permit, current.event("changed an option of").detail(choice.title))
        .await
}

pub async fn archive_option(viewer: &Viewer, number: i64, id: OptionId) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let current = current(&mut tx, number).await?;
    let permit = tx.permit(Action::ShapeDecision {
        driver: current.driver_id,
    })?;
    current.refuse_signed()?;
    refuse_while_scored(&mut tx, &current).await?;
    let (title,): (String,) = tx
        .fetch_one(
            sql!(
                "select title from decision_options where workspace_id = $1 and decision_id = $2 and id = $3
                 and archived_at is null"
            ),
            args![current.id, id],
        )
        .await?;
    tx.execute(
        sql!("update decision_options set archived_at = $3 where workspace_id = $1 and id = $2"),
        args![id, tx.now()],
    )
    .await?;
    void_after_change(&mut tx, &current).await?;
    tx.commit(permit, current.event("archived an option of").detail(title))
        .await
}

/// What is being scored stays as it is.
async fn refuse_while_scored(tx: &mut Transaction, current: &Current) -> Result<()> {
    if rounds::write::is_open(tx, About::Decision, current.id.uuid()).await? {
        return Err(Error::invalid(
            "",
            "Both sides are scoring these options. Close the round first.",
        ));
    }
    Ok(())
}
