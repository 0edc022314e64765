//! What somebody answers for, from every room.

use crate::{
    decisions, goals,
    identity::Reader,
    initiatives, kpis,
    members::holding::Holding,
    milestones,
    platform::{error::Result, ids::MemberId},
    reviews, sources, technologies,
};

/// Everything that a member holds, by kind.
pub async fn held_by(reader: &impl Reader, member: MemberId) -> Result<Vec<Holding>> {
    let mut held = initiatives::held::held_by(reader, member).await?;
    held.extend(milestones::held::held_by(reader, member).await?);
    held.extend(kpis::held::held_by(reader, member).await?);
    held.extend(goals::held::held_by(reader, member).await?);
    held.extend(decisions::held::held_by(reader, member).await?);
    held.extend(reviews::held::held_by(reader, member).await?);
    held.extend(technologies::held::held_by(reader, member).await?);
    held.extend(sources::held::held_by(reader, member).await?);
    held.sort_by_key(|holding| holding.kind);
    Ok(held)
}
