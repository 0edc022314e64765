//! The person whom the workspace has named to rule when its two sides cannot agree: somebody who sits on
//! neither, named by another person, so that no side can turn its own view into a ruling.

use crate::{
    args,
    identity::{Action, Side, Viewer},
    platform::{
        audit::Event,
        error::{Error, Result},
        ids::MemberId,
    },
    sql,
};

/// Names the arbiter, or nobody.
pub async fn name(viewer: &Viewer, arbiter: Option<MemberId>) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::NameArbiter)?;
    let label = match arbiter {
        None => "nobody".to_owned(),
        Some(id) => {
            let (name, side): (String, Option<Side>) = tx
                .fetch_optional(
                    sql!(
                        "select m.name, m.side from people m where m.workspace_id = $1 and m.id =
                     $2 and m.disabled_at is null"
                    ),
                    args![id],
                )
                .await?
                .ok_or_else(|| Error::invalid("arbiter", "Choose from the list."))?;
            if side.is_some() {
                return Err(Error::invalid(
                    "arbiter",
                    "Who sits on a side does not rule between the sides. Choose an observer without one.",
                ));
            }
            if tx.member_id() == Some(id) {
                return Err(Error::invalid(
                    "arbiter",
                    "Nobody names themselves; another administrator does.",
                ));
            }
            name
        }
    };
    tx.execute(
        sql!("update workspaces set arbiter_id = $2 where id = $1"),
        args![arbiter],
    )
    .await?;
    tx.commit(
        permit,
        Event::new(
            "named as the arbiter",
            "member",
            arbiter.map(MemberId::uuid),
            label,
        )
        .at("members"),
    )
    .await
}
