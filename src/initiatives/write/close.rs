//! Closing with a retrospective that both co-leads sign.

use super::{Current, Phase, current, note_missed, phase_row};
use crate::{
    args,
    handshake::{
        Kind, State, Verdict,
        write::{self as handshake, Offer, SignOutcome},
    },
    identity::{Action, Seats, Transaction, Viewer},
    initiatives::text::{MilestoneOutcome, RetrospectiveText},
    milestones,
    platform::{
        error::{Error, Result},
        ids::RetrospectiveId,
        time::{Day, Timestamp},
    },
    sql,
};

/// What both co-leads are to say together.
#[derive(Clone, Debug)]
pub struct RetrospectiveInput {
    /// Achieved or missed.
    pub outcome: Phase,
    pub worked: String,
    pub failed: String,
    pub lesson: String,
}

impl From<RetrospectiveText> for RetrospectiveInput {
    fn from(text: RetrospectiveText) -> Self {
        Self {
            outcome: text.outcome,
            worked: text.worked,
            failed: text.failed,
            lesson: text.lesson,
        }
    }
}

#[derive(sqlx::FromRow)]
struct Outlook {
    title: String,
    promised_on: Day,
    due_on: Day,
    accepted_at: Option<Timestamp>,
}

/// The text that both co-leads sign: their words, and what became of the milestones.
async fn text(
    tx: &mut Transaction,
    current: &Current,
    retrospective: RetrospectiveInput,
) -> Result<RetrospectiveText> {
    let milestones: Vec<Outlook> = tx
        .fetch_all(
            sql!(
                "select title, promised_on, due_on, accepted_at from milestone_facts
                 where workspace_id = $1 and initiative_id = $2 and archived_at is null order by due_on, number"
            ),
            args![current.id],
        )
        .await?;
    let milestones = milestones
        .into_iter()
        .map(|milestone| MilestoneOutcome {
            title: milestone.title,
            first_promised: milestone.promised_on.to_string(),
            due: milestone.due_on.to_string(),
            accepted: milestone.accepted_at.map(|at| tx.day_of(at).to_string()),
        })
        .collect();
    Ok(RetrospectiveText {
        initiative: current.number,
        title: current.title.clone(),
        outcome: retrospective.outcome,
        worked: retrospective.worked,
        failed: retrospective.failed,
        lesson: retrospective.lesson,
        milestones,
    })
}

async fn offer(tx: &mut Transaction, current: &Current, text: &RetrospectiveText) -> Result<()> {
    let offer = Offer {
        text,
        subject: current.id.uuid(),
        path: format!("initiatives/{}/retrospective", current.number),
        label: format!("Retrospective of {}", current.title),
        seats: Seats::Owners,
        owners: Some((current.marketing_lead, current.technology_lead)),
        due_on: None,
    };
    handshake::offer(tx, offer).await?;
    Ok(())
}

/// Offers the retrospective to both co-leads. Offering the same twice offers once.
pub async fn propose_closing(viewer: &Viewer, number: i64, retrospective: &RetrospectiveInput) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let current = current(&mut tx, number).await?;
    let permit = tx.permit(Action::ManageInitiative {
        leads: current.leads(),
    })?;
    if !current.phase.closes() {
        return Err(Error::invalid(
            "",
            format!(
                "It is {}; only what has started is closed.",
                current.phase.name().to_lowercase()
            ),
        ));
    }
    if !retrospective.outcome.is_over() {
        return Err(Error::invalid("outcome", "Choose one."));
    }
    let text = text(&mut tx, &current, retrospective.clone()).await?;
    if handshake::is_on_table(&mut tx, current.id.uuid(), &text).await? {
        return Ok(());
    }
    let id: RetrospectiveId = tx.fresh_id();
    let (now, me) = (tx.now(), tx.member_id());
    tx.execute(
        sql!(
            "insert into retrospectives (id, workspace_id, initiative_id, outcome, worked, failed, lesson,
             at, by_member) values ($2, $1, $3, $4, $5, $6, $7, $8, $9)"
        ),
        args![
            id,
            current.id,
            retrospective.outcome,
            retrospective.worked.as_str(),
            retrospective.failed.as_str(),
            retrospective.lesson.as_str(),
            now,
            me
        ],
    )
    .await?;
    offer(&mut tx, &current, &text).await?;
    tx.commit(
        permit,
        current
            .event("proposed to close")
            .detail(format!("as {}", retrospective.outcome.name().to_lowercase())),
    )
    .await
}

/// Signs the retrospective for one's side; with both, the initiative is over.
pub async fn sign_closing(
    viewer: &Viewer,
    number: i64,
    seen: &str,
    verdict: Verdict,
    reason: Option<&str>,
) -> Result<State> {
    let mut tx = viewer.begin().await?;
    if verdict == Verdict::AgreeWithConditions {
        return Err(Error::invalid(
            "verdict",
            "A retrospective is agreed as it stands, or objected to.",
        ));
    }
    let current = current(&mut tx, number).await?;
    let subject = current.id.uuid();
    // What became of the milestones is part of it: where that changed, the text is offered anew and nothing
    // is signed.
    let (_, on_table, _) = handshake::text_on_table::<RetrospectiveText>(&mut tx, subject).await?;
    let outcome = on_table.outcome;
    let now = text(&mut tx, &current, on_table.clone().into()).await?;
    if now != on_table && !handshake::is_sealed(&mut tx, Kind::Retrospective, subject).await? {
        let permit = tx.permit(Action::SpeakForSide)?;
        offer(&mut tx, &current, &now).await?;
        tx.commit(
            permit,
            current
                .event("offered anew the retrospective of")
                .detail("its milestones changed"),
        )
        .await?;
        return Err(Error::Conflict);
    }
    let SignOutcome {
        permit, state, words, ..
    } = handshake::sign(&mut tx, Kind::Retrospective, subject, seen, verdict, reason).await?;
    if matches!(state, State::Sealed { .. }) {
        note_missed(&mut tx, &current).await?;
        tx.execute(
            sql!(
                "update initiatives set phase = $3, next_check_in_on = null, version = version + 1 where
                 workspace_id = $1 and id = $2"
            ),
            args![current.id, outcome],
        )
        .await?;
        phase_row(
            &mut tx,
            current.id,
            outcome,
            "Both co-leads signed the retrospective.",
        )
        .await?;
        milestones::write::close_of(&mut tx, current.id).await?;
        let verb = if outcome == Phase::Achieved {
            "closed as achieved"
        } else {
            "closed as missed"
        };
        tx.record(
            current
                .event(verb)
                .detail("both co-leads signed the retrospective"),
        )
        .await?;
    }
    tx.commit(permit, current.event("signed the retrospective of").detail(words))
        .await?;
    Ok(state)
}

pub async fn withdraw_closing(viewer: &Viewer, number: i64) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let current = current(&mut tx, number).await?;
    let (permit, side) = handshake::withdraw(&mut tx, Kind::Retrospective, current.id.uuid()).await?;
    tx.commit(
        permit,
        current
            .event("withdrew a signature from the retrospective of")
            .detail(format!("for {}", side.name())),
    )
    .await
}

/// Takes the proposal to close off the table: the work goes on.
pub async fn take_closing_back(viewer: &Viewer, number: i64) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let current = current(&mut tx, number).await?;
    let permit = tx.permit(Action::ManageInitiative {
        leads: current.leads(),
    })?;
    if !handshake::close(&mut tx, Kind::Retrospective, current.id.uuid(), "withdrawn").await? {
        return Err(Error::Conflict);
    }
    tx.commit(permit, current.event("took back the closing of")).await
}
