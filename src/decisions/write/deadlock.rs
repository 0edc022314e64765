//! When two sides cannot agree: each states its case, and the arbiter rules.

use super::{Current, current, register};
use crate::{
    args,
    handshake::{Kind, write as handshake},
    identity::{Action, Seats, Transaction, Viewer},
    members,
    platform::{
        error::{Error, Result},
        ids::{HandshakeId, OptionId, RulingId, StatementId},
    },
    sql,
};

/// The handshake that is stuck past the workspace's limit.
async fn deadlock(tx: &mut Transaction, current: &Current) -> Result<HandshakeId> {
    let (limit,): (i64,) = tx
        .fetch_one(
            sql!("select signature_days from workspace_settings where id = $1"),
            Vec::new(),
        )
        .await?;
    let stuck = handshake::waiting_since(tx, Kind::Decision, current.id.uuid()).await?;
    let (id, since) = stuck.ok_or_else(deadlock_refusal)?;
    if tx.today().days_since(tx.day_of(since)) <= limit {
        return Err(deadlock_refusal());
    }
    Ok(id)
}

fn deadlock_refusal() -> Error {
    Error::invalid(
        "",
        "The sides can still agree on this decision, so no ruling is needed yet.",
    )
}

/// States the acting member's side's case to the arbiter. A later statement stands beside the earlier.
pub async fn state_case(viewer: &Viewer, number: i64, body: &str) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::FillSeat {
        seats: Seats::Signers,
        owner: None,
    })?;
    let side = tx.side().ok_or(Error::Forbidden)?;
    let current = current(&mut tx, number).await?;
    current.refuse_signed()?;
    let handshake = deadlock(&mut tx, &current).await?;
    let said: Option<(String,)> = tx
        .fetch_optional(
            sql!(
                "select body from statements where workspace_id = $1 and handshake_id = $2 and side = $3
                 order by at desc, id desc limit 1"
            ),
            args![handshake, side],
        )
        .await?;
    if said.is_some_and(|(said,)| said == body) {
        return Ok(());
    }
    let id: StatementId = tx.fresh_id();
    tx.execute(
        sql!(
            "insert into statements (id, workspace_id, handshake_id, side, body, at, by_member) values ($2,
             $1, $3, $4, $5, $6, $7)"
        ),
        args![id, handshake, side, body, tx.now(), tx.member_id()],
    )
    .await?;
    tx.commit(
        permit,
        current
            .event("stated the case on")
            .detail(format!("for {}: {body}", side.name())),
    )
    .await
}

/// Rules on a deadlocked decision: one of its options, and why. It is final, and says that it was ruled, not
/// agreed.
pub async fn rule(viewer: &Viewer, number: i64, option: OptionId, body: &str) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let arbiter = members::read::arbiter_in(&mut tx)
        .await?
        .map(|arbiter| arbiter.id);
    let permit = tx.permit(Action::Rule { arbiter })?;
    let current = current(&mut tx, number).await?;
    current.refuse_signed()?;
    let handshake = deadlock(&mut tx, &current).await?;
    let own: Option<(i64,)> = tx
        .fetch_optional(
            sql!(
                "select at from filled_seats where workspace_id = $1 and handshake_id = $2 and account_id =
                 $3"
            ),
            args![handshake, tx.account_id()?],
        )
        .await?;
    if own.is_some() {
        return Err(Error::invalid(
            "",
            "You signed or objected yourself, so you cannot decide. Name another arbiter on the members \
                page.",
        ));
    }
    let (title,): (String,) = tx
        .fetch_optional(
            sql!(
                "select title from decision_options where workspace_id = $1 and decision_id = $2 and id = $3
                 and archived_at is null"
            ),
            args![current.id, option],
        )
        .await?
        .ok_or_else(|| Error::invalid("option", "Choose one of the options."))?;
    let id: RulingId = tx.fresh_id();
    tx.execute(
        sql!(
            "insert into rulings (id, workspace_id, decision_id, handshake_id, option_id, option_title, body,
             at, by_member) values ($2, $1, $3, $4, $5, $6, $7, $8, $9)"
        ),
        args![
            id,
            current.id,
            handshake,
            option,
            &title,
            body,
            tx.now(),
            tx.member_id()
        ],
    )
    .await?;
    handshake::close(&mut tx, Kind::Decision, current.id.uuid(), "ruled").await?;
    handshake::close(&mut tx, Kind::Weights, current.id.uuid(), "superseded").await?;
    let now = tx.now();
    tx.execute(
        sql!(
            "update decisions set signed_at = $3, version = version + 1 where workspace_id = $1 and id = $2"
        ),
        args![current.id, now],
    )
    .await?;
    register::enter_ruled(&mut tx, &current, option).await?;
    tx.commit(
        permit,
        current.event("ruled on").detail(format!("{title}: {body}")),
    )
    .await
}
