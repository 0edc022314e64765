//! What was decided goes into the register of technologies.

use super::Current;
use crate::{
    args,
    identity::Transaction,
    platform::{
        error::Result,
        ids::{DecisionId, MemberId, OptionId},
        quantity::Quantity,
    },
    sql,
    technologies::{
        TechnologyStage,
        write::{TechnologyInput, enter_choice, hold},
    },
};

#[derive(sqlx::FromRow)]
struct ChoiceRow {
    title: String,
    yearly_cost: Option<Quantity>,
    stage: Option<TechnologyStage>,
    marketing: MemberId,
    technology: MemberId,
}

/// A decision was sealed: its option is in the register, owned by its two signers until that is changed.
pub(super) async fn enter_signed(tx: &mut Transaction, current: &Current) -> Result<()> {
    let chosen: ChoiceRow = tx
        .fetch_one(
            sql!(
                "select o.title, o.yearly_cost, d.stage, sm.member_id as marketing, st.member_id as technology
             from decisions d join proposals p on p.decision_id = d.id and p.number = (select max(x.number)
             from proposals x where x.decision_id = d.id)
             join decision_options o on o.id = p.option_id
             join tabled_handshakes h on h.kind = 'decision' and h.subject_id = d.id
             join filled_seats sm on sm.handshake_id = h.id and sm.side = 'marketing'
             join filled_seats st on st.handshake_id = h.id and st.side = 'technology'
             where d.workspace_id = $1 and d.id = $2"
            ),
            args![current.id],
        )
        .await?;
    enter(tx, current, chosen).await
}

/// A deadlock was ruled on: the option is in the register all the same, owned by the two leads, when there
/// are two; a side without a lead has nobody to own it.
pub(super) async fn enter_ruled(tx: &mut Transaction, current: &Current, option: OptionId) -> Result<()> {
    let chosen: Option<ChoiceRow> = tx
        .fetch_optional(
            sql!(
                "select o.title, o.yearly_cost, d.stage, m.id as marketing, t.id as technology
             from decisions d join decision_options o on o.decision_id = d.id and o.id = $3
             join people m on m.workspace_id = d.workspace_id and m.side = 'marketing' and m.role = 'lead'
             join people t on t.workspace_id = d.workspace_id and t.side = 'technology' and t.role = 'lead'
             where d.workspace_id = $1 and d.id = $2"
            ),
            args![current.id, option],
        )
        .await?;
    match chosen {
        Some(chosen) => enter(tx, current, chosen).await,
        None => Ok(()),
    }
}

/// Nothing new is built on what an earlier decision entered, once this one took its place.
async fn hold_superseded(tx: &mut Transaction, current: &Current) -> Result<()> {
    let (earlier,): (Option<DecisionId>,) = tx
        .fetch_one(
            sql!("select supersedes from decisions where workspace_id = $1 and id = $2"),
            args![current.id],
        )
        .await?;
    match earlier {
        Some(earlier) => hold(tx, earlier, &format!("replaced by decision {}", current.number)).await,
        None => Ok(()),
    }
}

async fn enter(tx: &mut Transaction, current: &Current, chosen: ChoiceRow) -> Result<()> {
    hold_superseded(tx, current).await?;
    let Some(stage) = chosen.stage else { return Ok(()) };
    let entry = TechnologyInput {
        name: chosen.title,
        purpose: current.question.clone(),
        marketing_owner: chosen.marketing,
        technology_owner: chosen.technology,
        yearly_cost: chosen.yearly_cost,
        renews_on: None,
    };
    enter_choice(tx, current.id, &entry, stage).await
}
