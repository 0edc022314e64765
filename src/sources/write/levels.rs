//! Reading how far a source is: each side for itself, blind until both have read.

use super::{chairs, current::Current};
use crate::{
    args,
    identity::{Action, Viewer},
    platform::{
        error::{Error, Result},
        ids::{MemberId, ReadingId},
    },
    sources::{
        levels::{Facts, Level, Parameter},
        read::{Levels, Map},
    },
    sql,
};

/// What somebody reads of one parameter, with what they saw.
#[derive(Clone, Debug)]
pub struct LevelInput {
    pub parameter: Parameter,
    pub level: Level,
    pub evidence: String,
}

#[derive(sqlx::FromRow)]
struct ReadingRow {
    id: ReadingId,
    side: crate::identity::Side,
    read_by: MemberId,
}

/// Reads a source for the viewer's own side, in the round that they were shown. While the other side has not
/// read, a second reading replaces the first.
///
/// # Errors
/// `Forbidden` to who does not answer for it on their side; `Conflict` when both have read by now, or when it
/// is retired; `Invalid` where a level lacks what was seen, and for whoever read for the other side.
pub async fn read_levels(viewer: &Viewer, number: i64, round: i64, input: &[LevelInput]) -> Result<()> {
    let map = Map::read(viewer).await?;
    let levels = Levels::read(viewer, &map).await?;
    let mut tx = viewer.begin().await?;
    let side = tx.side().ok_or(Error::Forbidden)?;
    let current = Current::find(&mut tx, number).await?;
    let seats = chairs::seated(&mut tx, current.id).await?;
    let readers: Vec<MemberId> = seats
        .into_iter()
        .filter(|seat| seat.chair.side() == side)
        .map(|seat| seat.member_id)
        .collect();
    let permit = tx.permit(Action::SayWord { speakers: &readers })?;
    if current.retired_at.is_some() {
        return Err(Error::Conflict);
    }
    check(input)?;
    if let Some(known) = levels.of(current.id) {
        check_facts(input, &known.facts)?;
    }
    let (newest,): (i64,) = tx
        .fetch_one(
            sql!(
                "select coalesce(max(round), 0) from source_readings where workspace_id = $1 and source_id =
                  $2"
            ),
            args![current.id],
        )
        .await?;
    let there: Vec<ReadingRow> = tx
        .fetch_all(
            sql!(
                "select id, side, read_by from source_readings where workspace_id = $1 and source_id = $2
                 and round = $3 and replaced_at is null"
            ),
            args![current.id, newest],
        )
        .await?;
    let open = if there.len() == 2 {
        newest + 1
    } else {
        newest.max(1)
    };
    if round != open {
        return Err(Error::Conflict);
    }
    if there.len() == 1 && there[0].side != side && Some(there[0].read_by) == tx.member_id() {
        return Err(Error::invalid(
            "",
            "You read it for the other side. Somebody else has to read it for this side.",
        ));
    }
    let now = tx.now();
    if let Some(own) = there.iter().find(|own| there.len() == 1 && own.side == side) {
        tx.execute(
            sql!("update source_readings set replaced_at = $3 where workspace_id = $1 and id = $2"),
            args![own.id, now],
        )
        .await?;
    }
    let id: ReadingId = tx.fresh_id();
    tx.execute(
        sql!(
            "insert into source_readings (id, workspace_id, source_id, round, side, read_at, read_by)
             values ($2, $1, $3, $4, $5, $6, $7)"
        ),
        args![id, current.id, round, side, now, tx.member_id()],
    )
    .await?;
    for one in input {
        tx.execute(
            sql!(
                "insert into source_levels (reading_id, workspace_id, parameter, level, evidence)
                 values ($2, $1, $3, $4, $5)"
            ),
            args![id, one.parameter, one.level, one.evidence.as_str()],
        )
        .await?;
    }
    // What was read stands on the page, for whom it is to be seen; history says only that somebody read.
    let event = current
        .event("set the levels of")
        .detail(format!("for {}", side.name()));
    tx.commit(permit, event).await
}

/// Nobody claims more than the house knows.
fn check_facts(input: &[LevelInput], facts: &Facts) -> Result<()> {
    for one in input {
        if let (Some(number), Some(cap)) = (one.level.number(), facts.cap(one.parameter))
            && cap.level.number().is_some_and(|most| number > most)
        {
            let most = cap.level.mark();
            return Err(Error::invalid(
                one.parameter.as_str(),
                format!("{} Until that changes it is {most} at most.", cap.because),
            ));
        }
    }
    Ok(())
}

/// Each of the three once; a level that asks for something seen has it.
fn check(input: &[LevelInput]) -> Result<()> {
    for parameter in Parameter::READ {
        let Some(one) = input.iter().find(|one| one.parameter == parameter) else {
            return Err(Error::invalid(parameter.as_str(), "Choose one."));
        };
        if one.level == Level::NotApplicable && !parameter.may_not_apply() {
            return Err(Error::invalid(parameter.as_str(), "It applies to every source."));
        }
        let asked = match one.level {
            Level::NotApplicable => "why it does not apply",
            level => level.number().map_or("", |number| parameter.evidence(number)),
        };
        if !asked.is_empty() && one.evidence.is_empty() {
            return Err(Error::invalid(
                &format!("{}_evidence", parameter.as_str()),
                format!("Write down {asked}."),
            ));
        }
    }
    Ok(())
}
