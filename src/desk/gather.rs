//! What is owed in a workspace, gathered from every room; and its mornings, on which the system reminds of
//! it.

use std::collections::HashMap;

use crate::{
    access, capacity, decisions, definition, handshake,
    identity::{Reader, system::SystemActor},
    initiatives, kpis, milestones,
    platform::{error::Result, ids::MemberId, state::AppState, time::Day},
    reminders::{self, Obligation, People, ReminderKind},
    reviews, rounds, sources,
};

/// What is due later than this is not reminded of yet.
const LOOK_AHEAD_DAYS: i64 = 14;

/// Everything of these kinds that is owed, or soon will be.
pub async fn obligations(reader: &impl Reader, kinds: &[ReminderKind]) -> Result<Vec<Obligation>> {
    let wanted = |kind: ReminderKind| kinds.contains(&kind);
    let (today, soon) = (reader.today(), reader.today().plus(LOOK_AHEAD_DAYS));
    let people = &People::read(reader).await?;
    let mut owed: Vec<Obligation> = Vec::new();
    if wanted(ReminderKind::CheckIn) {
        let check_ins = initiatives::owed::owed(reader, today).await?;
        owed.extend(check_ins.into_iter().map(|check_in| check_in.obligation(people)));
    }
    if wanted(ReminderKind::Value) {
        let late = kpis::owed::owed(reader).await?.into_iter();
        let late = late.filter(|value| value.due_on <= today);
        owed.extend(late.map(|value| value.obligation(people, today)));
    }
    let signatures = [
        ReminderKind::Signature,
        ReminderKind::Attestation,
        ReminderKind::Objection,
    ];
    if signatures.into_iter().any(wanted) {
        let drivers = drivers(reader).await?;
        for waiting in handshake::owed::owed(reader).await? {
            let driver = drivers.get(&waiting.subject).copied();
            owed.push(waiting.obligation(people, reader, driver));
        }
    }
    if wanted(ReminderKind::Proposal) {
        let decisions = decisions::owed::owed(reader, soon).await?.into_iter();
        let active = decisions.filter(|decision| decision.is_active);
        owed.extend(active.map(|decision| decision.obligation(people)));
    }
    if wanted(ReminderKind::Checkpoint) {
        let checkpoints = milestones::owed::owed(reader, soon).await?.into_iter();
        let active = checkpoints.filter(|checkpoint| checkpoint.is_active);
        owed.extend(active.map(milestones::owed::OwedCheckpoint::obligation));
    }
    if wanted(ReminderKind::Milestone) {
        let milestones = milestones::owed::owed_milestones(reader, soon).await?.into_iter();
        owed.extend(milestones.map(milestones::owed::OwedMilestone::obligation));
    }
    if wanted(ReminderKind::Answer) {
        let rounds = rounds::owed::awaited(reader).await?.into_iter();
        owed.extend(rounds.map(|round| round.obligation(people)));
    }
    if wanted(ReminderKind::Acknowledgement) {
        let unread = initiatives::owed::unread_check_ins(reader).await?.into_iter();
        owed.extend(unread.map(|check_in| check_in.obligation(reader)));
    }
    if wanted(ReminderKind::Cap) {
        let exceeded = capacity::owed::owed(reader).await?;
        owed.extend(exceeded.iter().map(|cap| cap.obligation(people, reader)));
    }
    if wanted(ReminderKind::Action) {
        let actions = reviews::owed::owed(reader, soon).await?.into_iter();
        owed.extend(actions.map(|action| action.obligation(people)));
    }
    if wanted(ReminderKind::Vacancy) {
        let vacancies = sources::owed::vacancies(reader).await?.into_iter();
        owed.extend(vacancies.map(|vacancy| vacancy.obligation(people)));
    }
    if wanted(ReminderKind::Reading) {
        let readings = sources::read::owed_readings(reader).await?.into_iter();
        let late = readings.filter(|reading| reading.due_on <= today);
        owed.extend(late.map(|reading| reading.obligation(people)));
    }
    if wanted(ReminderKind::Acceptance) {
        let passed = milestones::owed::owed_acceptances(reader).await?.into_iter();
        let active = passed.filter(|passed| passed.is_active);
        owed.extend(active.map(|passed| passed.obligation(people, reader)));
    }
    let of_access = [
        ReminderKind::Access,
        ReminderKind::Certification,
        ReminderKind::Shutting,
        ReminderKind::Copies,
        ReminderKind::Ending,
    ];
    if of_access.into_iter().any(wanted) {
        let keeping = access::owed::keeping(reader).await?;
        owed.extend(keeping.obligations(kinds, people, reader));
    }
    if wanted(ReminderKind::Ratification) {
        let versions = definition::owed::owed(reader).await?.into_iter();
        let soon = versions.filter(|version| version.due_on <= soon);
        owed.extend(soon.map(|version| version.obligation(people)));
    }
    for obligation in &mut owed {
        obligation.ladder = people.with_stand_ins(std::mem::take(&mut obligation.ladder));
    }
    Ok(owed)
}

/// What is owed by a day that is known beforehand, up to that day: check-ins, milestones, checkpoints,
/// proposals, actions and ratifications.
pub async fn planned(reader: &impl Reader, until: Day) -> Result<Vec<Obligation>> {
    let people = &People::read(reader).await?;
    let mut owed: Vec<Obligation> = Vec::new();
    let check_ins = initiatives::owed::owed(reader, until).await?.into_iter();
    owed.extend(check_ins.map(|check_in| check_in.obligation(people)));
    let checkpoints = milestones::owed::owed(reader, until).await?.into_iter();
    let active = checkpoints.filter(|checkpoint| checkpoint.is_active);
    owed.extend(active.map(milestones::owed::OwedCheckpoint::obligation));
    let milestones = milestones::owed::owed_milestones(reader, until)
        .await?
        .into_iter();
    owed.extend(milestones.map(milestones::owed::OwedMilestone::obligation));
    let decisions = decisions::owed::owed(reader, until).await?.into_iter();
    let active = decisions.filter(|decision| decision.is_active);
    owed.extend(active.map(|decision| decision.obligation(people)));
    let actions = reviews::owed::owed(reader, until).await?.into_iter();
    owed.extend(actions.map(|action| action.obligation(people)));
    let versions = definition::owed::owed(reader).await?.into_iter();
    let near = versions.filter(|version| version.due_on <= until);
    owed.extend(near.map(|version| version.obligation(people)));
    for obligation in &mut owed {
        obligation.ladder = people.with_stand_ins(std::mem::take(&mut obligation.ladder));
    }
    Ok(owed)
}

/// Who drives what lies on the table, where somebody does.
pub async fn drivers(reader: &impl Reader) -> Result<HashMap<uuid::Uuid, MemberId>> {
    let decisions = decisions::owed::drivers(reader).await?.into_iter();
    let values = kpis::owed::drivers(reader).await?.into_iter();
    Ok(decisions
        .map(|(decision, driver)| (decision.uuid(), driver))
        .chain(values.map(|(value, driver)| (value.uuid(), driver)))
        .collect())
}

/// The hours of the workspace's morning. A morning that was missed is made up for on the next.
const MORNING: std::ops::Range<i8> = 7..12;

/// Reminds in every workspace where it is morning; a workspace that fails does not keep the others from it.
pub async fn remind_everywhere(state: &AppState) -> Result<()> {
    for system in SystemActor::everywhere(state).await? {
        if MORNING.contains(&system.hour())
            && let Err(error) = remind(&system).await
        {
            tracing::warn!(error = %error, workspace = system.workspace(), "a workspace could not be reminded");
        }
    }
    Ok(())
}

/// Tells everybody of a workspace what the ladders have come to.
pub async fn remind(system: &SystemActor) -> Result<()> {
    reminders::write::remind(system, &obligations(system, ReminderKind::ALL).await?).await
}
