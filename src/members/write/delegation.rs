//! Signing in a lead's place: for some days, by a manager of the same side, on record.

use crate::{
    args,
    identity::{Action, Viewer},
    platform::{
        audit::Event,
        error::{Error, Result},
        ids::{DelegationId, MemberId},
        time::Day,
    },
    sql,
};

/// Longer than this is not an absence; then the lead is handed over.
const LONGEST_DAYS: i64 = 92;

/// Lets a manager of one's own side sign in one's place from one day to another.
pub async fn delegate(viewer: &Viewer, to: MemberId, starts_on: Day, ends_on: Day) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::Delegate)?;
    let side = tx.side().ok_or(Error::Forbidden)?;
    if starts_on < tx.today() {
        return Err(Error::invalid("starts_on", "Choose today or a later day."));
    }
    if ends_on < starts_on {
        return Err(Error::invalid("ends_on", "The last day comes after the first."));
    }
    if ends_on.days_since(starts_on) > LONGEST_DAYS {
        return Err(Error::invalid(
            "ends_on",
            format!("Choose at most {LONGEST_DAYS} days. For longer, hand over the lead."),
        ));
    }
    let deputy: Option<(String,)> = tx
        .fetch_optional(
            sql!(
                "select m.name from people m
             where m.workspace_id = $1 and m.id = $2 and m.side = $3 and m.role = 'manager' and m.disabled_at
             is null"
            ),
            args![to, side],
        )
        .await?;
    let (deputy,) =
        deputy.ok_or_else(|| Error::invalid("deputy", format!("Choose a manager of {}.", side.name())))?;
    let holds: Option<(Day,)> = tx
        .fetch_optional(
            sql!(
                "select ends_on from delegations where workspace_id = $1 and side = $2 and ended_at is null
                 and ends_on >= $3"
            ),
            args![side, tx.today()],
        )
        .await?;
    if holds.is_some() {
        return Err(Error::invalid(
            "deputy",
            "Somebody signs in your place already. End that first.",
        ));
    }
    let (now, me) = (tx.now(), tx.member_id());
    // One whose last day has passed makes room.
    tx.execute(
        sql!(
            "update delegations set ended_at = $3, ended_by = $4 where workspace_id = $1 and side = $2
         and ended_at is null"
        ),
        args![side, now, me],
    )
    .await?;
    let id: DelegationId = tx.fresh_id();
    tx.execute(
        sql!(
            "insert into delegations (id, workspace_id, side, from_member, to_member, starts_on, ends_on, at)
             values ($2, $1, $3, $4, $5, $6, $7, $8)"
        ),
        args![id, side, me, to, starts_on, ends_on, now],
    )
    .await?;
    let detail = format!(
        "for {}, {} to {}",
        side.name(),
        starts_on.format_long(),
        ends_on.format_long()
    );
    tx.commit(
        permit,
        Event::new("delegated signing to", "member", to.uuid(), deputy)
            .at("members")
            .detail(detail),
    )
    .await
}

/// Takes it back before its last day. What was signed meanwhile stays.
pub async fn end(viewer: &Viewer, id: DelegationId) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::Delegate)?;
    let (deputy_id, deputy): (MemberId, String) = tx
        .fetch_one(
            sql!(
                "select m.id, m.name from delegations g join people m on m.id = g.to_member
             where g.workspace_id = $1 and g.id = $2 and g.side = $3 and g.ended_at is null"
            ),
            args![id, tx.side()],
        )
        .await?;
    let (now, me) = (tx.now(), tx.member_id());
    tx.execute(
        sql!("update delegations set ended_at = $3, ended_by = $4 where workspace_id = $1 and id = $2"),
        args![id, now, me],
    )
    .await?;
    tx.commit(
        permit,
        Event::new("took signing back from", "member", deputy_id.uuid(), deputy).at("members"),
    )
    .await
}
