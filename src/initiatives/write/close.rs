//! Closing with a retrospective that both co-leads sign.

use super::{Current, Phase, current, phase::note_missed, phase_row};

use crate::{
    args,
    handshake::{
        Kind,
        on_table::{OnTable, Signable, TextToSign},
        write::{self as handshake, Offer, VerdictInput},
    },
    identity::{Action, Seats, Side, Transaction, Viewer},
    initiatives::text::{MilestoneOutcome, RetrospectiveText, WaivedCondition},
    milestones,
    platform::{
        audit::Event,
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

#[derive(sqlx::FromRow)]
struct ConditionRow {
    decision_number: i64,
    question: String,
    body: String,
    side: Side,
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
                 where workspace_id = $1 and initiative_id = $2 and archived_at is null order by due_on,
                 number"
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
    let waived: Vec<ConditionRow> = tx
        .fetch_all(
            sql!(
                "select k.decision_number, k.question, k.body, k.side from condition_checkpoints k
                 join checkpoint_facts c on c.id = k.checkpoint_id join milestone_facts m on m.id =
                 c.milestone_id
                 where k.workspace_id = $1 and m.initiative_id = $2 and m.archived_at is null
                   and c.archived_at is null and m.accepted_at is null
                   and (c.passed_at is null or (m.asks_other_side and c.accepted_at is null))
                 order by k.decision_number, c.id"
            ),
            args![current.id],
        )
        .await?;
    let waived = waived
        .into_iter()
        .map(|condition| WaivedCondition {
            decision: condition.decision_number,
            question: condition.question,
            condition: condition.body,
            side: condition.side,
        })
        .collect();
    Ok(RetrospectiveText {
        waived,
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
                "The initiative is {}. Only a started initiative can be closed.",
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

/// The retrospective of an initiative, which both co-leads sign; signed, the initiative is over.
pub struct RetrospectiveOnTable(Current);

impl OnTable for RetrospectiveOnTable {
    const KIND: Kind = Kind::Retrospective;
    const WITHDREW: &'static str = "withdrew a signature from the retrospective of";
    type Key = i64;

    async fn find(tx: &mut Transaction, number: i64) -> Result<Self> {
        Ok(Self(current(tx, number).await?))
    }

    fn subject(&self) -> uuid::Uuid {
        self.0.id.uuid()
    }

    fn event(&self, verb: &'static str) -> Event {
        self.0.event(verb)
    }
}

impl Signable for RetrospectiveOnTable {
    const SIGNED: &'static str = "signed the retrospective of";
    const OBJECTED: &'static str = "objected to the retrospective of";
    const TAKES_NO_CONDITION: Option<&'static str> =
        Some("You can sign this retrospective as it stands, or object to it.");
    type Input = ();

    /// What became of the milestones is part of the text: where that changed, it is offered anew.
    async fn prepare(&self, tx: &mut Transaction, given: VerdictInput<'_>, (): ()) -> Result<TextToSign> {
        let Self(current) = self;
        let (_, on_table, _) = handshake::text_on_table::<RetrospectiveText>(tx, self.subject()).await?;
        let now = text(tx, current, on_table.clone().into()).await?;
        if now == on_table || handshake::is_sealed(tx, Kind::Retrospective, self.subject()).await? {
            return Ok(TextToSign::sign(given));
        }
        let permit = tx.permit(Action::SpeakForSide)?;
        offer(tx, current, &now).await?;
        let event = current.event("offered anew the retrospective of");
        Ok(TextToSign::OfferedAnew(
            permit,
            event.detail("its milestones changed"),
        ))
    }

    async fn sealed(&self, tx: &mut Transaction, _at: Timestamp) -> Result<()> {
        let Self(current) = self;
        let (_, signed, _) = handshake::text_on_table::<RetrospectiveText>(tx, self.subject()).await?;
        let outcome = signed.outcome;
        note_missed(tx, current).await?;
        tx.execute(
            sql!(
                "update initiatives set phase = $3, next_check_in_on = null, version = version + 1 where
                 workspace_id = $1 and id = $2"
            ),
            args![current.id, outcome],
        )
        .await?;
        phase_row(tx, current.id, outcome, "Both co-leads signed the retrospective.").await?;
        milestones::write::close_of(tx, current.id).await?;
        handshake::close(tx, Kind::Charter, self.subject(), "withdrawn").await?;
        let verb = if outcome == Phase::Achieved {
            "closed as achieved"
        } else {
            "closed as missed"
        };
        let event = current
            .event(verb)
            .detail("both co-leads signed the retrospective");
        tx.record(event).await
    }
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
