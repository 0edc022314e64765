//! Many changes at once, as a table brings them: all of them, or none.

use super::{
    chairs::give_in,
    current::SourceInput,
    entry,
    touchpoints::{self, TouchpointInput},
    uses::{self, UseInput},
};
use crate::{
    identity::Viewer,
    platform::{
        error::Result,
        ids::{MemberId, SourceId, TouchpointId, UseId},
    },
    sources::Chair,
};

/// One of many, as its own verb would do it. Versions are those that were read.
#[derive(Clone, Debug)]
pub enum OneOfMany {
    NameTouchpoint(TouchpointId, TouchpointInput),
    ChangeTouchpoint(i64, i64, TouchpointInput),
    EnterSource(SourceId, SourceInput, Vec<(Chair, MemberId)>),
    ChangeSource(i64, i64, SourceInput),
    /// The source, the chair with who sits there, and who is to.
    GiveChair(i64, (Chair, Option<MemberId>), MemberId),
    /// The source, the new use.
    AddUse(i64, UseId, UseInput),
    /// The source and the use, the use's version.
    ChangeUse((i64, i64), i64, UseInput),
}

/// Does all of them in one transaction, in their order.
///
/// # Errors
/// Those of each verb; then nothing was done.
pub async fn do_all(viewer: &Viewer, all: Vec<OneOfMany>) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let mut last = None;
    for one in all {
        let done = match one {
            OneOfMany::NameTouchpoint(id, input) => touchpoints::name_in(&mut tx, id, &input).await?.1,
            OneOfMany::ChangeTouchpoint(number, version, input) => {
                Some(touchpoints::change_in(&mut tx, number, version, &input).await?)
            }
            OneOfMany::EnterSource(id, input, seats) => entry::enter_in(&mut tx, id, &input, &seats).await?.1,
            OneOfMany::ChangeSource(number, version, input) => {
                entry::change_in(&mut tx, number, version, &input).await?
            }
            OneOfMany::GiveChair(number, chair, member) => give_in(&mut tx, number, chair, member).await?,
            OneOfMany::AddUse(number, id, input) => uses::add_in(&mut tx, number, id, &input).await?,
            OneOfMany::ChangeUse(at, version, input) => {
                Some(uses::change_in(&mut tx, at, version, &input).await?)
            }
        };
        if let Some((permit, event)) = done
            && let Some((_, before)) = last.replace((permit, event))
        {
            tx.record(before).await?;
        }
    }
    match last {
        Some((permit, event)) => tx.commit(permit, event).await,
        None => Ok(()),
    }
}
