//! Starting with a charter that both co-leads sign.

use super::{
    Current, Phase, current,
    phase::{note_missed, phase_row, require_able_to_start},
};
use crate::{
    args,
    handshake::{
        Kind,
        on_table::{OnTable, Signable, TextToSign},
        write::{self as handshake, Offer, VerdictInput},
    },
    identity::{Action, Seats, Side, Transaction, Viewer},
    initiatives::text::{CharterText, MemberText},
    platform::{
        audit::Event,
        error::{Error, Result},
        time::Timestamp,
    },
    sql,
};

#[derive(sqlx::FromRow)]
struct TeamRow {
    name: String,
    side: Side,
    responsibility: String,
}

/// The charter as the initiative stands now.
async fn text(tx: &mut Transaction, current: &Current) -> Result<CharterText> {
    let team: Vec<TeamRow> = tx
        .fetch_all(
            sql!(
                "select p.name, p.side, t.responsibility from initiative_members t join people p on p.id = \
                    t.member_id
                 where t.workspace_id = $1 and t.initiative_id = $2 order by p.name, p.id"
            ),
            args![current.id],
        )
        .await?;
    let [marketing_lead, technology_lead] = tx.member_names(current.leads()).await?;
    Ok(CharterText {
        initiative: current.number,
        title: current.title.clone(),
        purpose: current.purpose.clone(),
        starts: current.starts_on,
        due: current.due_on,
        marketing_lead,
        technology_lead,
        driven_by: current.driver_side,
        cadence: current.cadence,
        team: team
            .into_iter()
            .map(|mate| MemberText {
                name: mate.name,
                side: mate.side,
                responsibility: mate.responsibility,
            })
            .collect(),
    })
}

/// Who is in the team and does what, for the history.
pub(super) async fn team_in_words(tx: &mut Transaction, current: &Current) -> Result<String> {
    let team = text(tx, current).await?.team;
    let team: Vec<String> = team
        .into_iter()
        .map(|mate| format!("{}: {}", mate.name, mate.responsibility))
        .collect();
    Ok(team.join("; "))
}

async fn offer(tx: &mut Transaction, current: &Current, text: &CharterText) -> Result<()> {
    let offer = Offer {
        text,
        subject: current.id.uuid(),
        path: format!("initiatives/{}/charter", current.number),
        label: format!("Charter of {}", current.title),
        seats: Seats::Owners,
        owners: Some((current.marketing_lead, current.technology_lead)),
        due_on: None,
    };
    if handshake::lies_unopposed(tx, &offer).await? {
        return Ok(());
    }
    handshake::void(tx, Kind::Charter, current.id.uuid(), "superseded").await?;
    handshake::offer_first(tx, offer).await?;
    Ok(())
}

/// Puts the charter before both co-leads. Asking for the same twice asks once.
pub(super) async fn put_before_leads(
    tx: &mut Transaction,
    current: &Current,
    field: &'static str,
) -> Result<()> {
    require_able_to_start(tx, current, field).await?;
    let text = text(tx, current).await?;
    offer(tx, current, &text).await
}

/// After an initiative changed: the charter that lies before both co-leads, or that they signed, says what is
/// done now. What changes in running work holds at once, and both confirm it.
pub(super) async fn keep_true(tx: &mut Transaction, before: &Current, now: &Current) -> Result<()> {
    let (has_other_leads, present) = (before.leads() != now.leads(), text(tx, now).await?);
    let is_outdated = match handshake::text_on_table::<CharterText>(tx, now.id.uuid()).await {
        Ok((_, on_table, _)) if handshake::is_sealed(tx, Kind::Charter, now.id.uuid()).await? => {
            // Who is in the team changes as the work needs it; what the work is does not change by one word.
            has_other_leads || on_table.without_team() != present.without_team()
        }
        Ok((_, on_table, _)) => has_other_leads || on_table != present,
        Err(Error::Conflict) => now.phase.closes() && has_other_leads,
        Err(error) => return Err(error),
    };
    if is_outdated {
        put_before_leads(tx, now, "members").await?;
    }
    Ok(())
}

/// The charter of an initiative, which both co-leads sign; signed, the initiative is active.
pub struct CharterOnTable(Current);

impl OnTable for CharterOnTable {
    const KIND: Kind = Kind::Charter;
    const WITHDREW: &'static str = "withdrew a signature from the charter of";
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

impl Signable for CharterOnTable {
    const SIGNED: &'static str = "signed the charter of";
    const OBJECTED: &'static str = "objected to the charter of";
    const TAKES_NO_CONDITION: Option<&'static str> =
        Some("You can sign this charter as it stands, or object to it.");
    type Input = ();

    /// What the initiative says is part of the text: where that changed, it is offered anew.
    async fn prepare(&self, tx: &mut Transaction, given: VerdictInput<'_>, (): ()) -> Result<TextToSign> {
        let Self(current) = self;
        let (_, on_table, _) = handshake::text_on_table::<CharterText>(tx, self.subject()).await?;
        let now = text(tx, current).await?;
        if now == on_table || handshake::is_sealed(tx, Kind::Charter, self.subject()).await? {
            return Ok(TextToSign::sign(given));
        }
        let permit = tx.permit(Action::SpeakForSide)?;
        offer(tx, current, &now).await?;
        let event = current.event("offered anew the charter of");
        Ok(TextToSign::OfferedAnew(permit, event.detail("it had changed")))
    }

    async fn sealed(&self, tx: &mut Transaction, _at: Timestamp) -> Result<()> {
        let Self(current) = self;
        if current.phase != Phase::Proposed {
            return Ok(());
        }
        require_able_to_start(tx, current, "verdict").await?;
        start(tx, current).await
    }
}

async fn start(tx: &mut Transaction, current: &Current) -> Result<()> {
    note_missed(tx, current).await?;
    tx.execute(
        sql!(
            "update initiatives set phase = 'active', next_check_in_on = $3, version = version + 1 where
             workspace_id = $1 and id = $2"
        ),
        args![current.id, current.cadence.after(tx.today())],
    )
    .await?;
    phase_row(tx, current.id, Phase::Active, "Both co-leads signed the charter.").await?;
    let event = current.event("started");
    tx.record(event.detail("both co-leads signed the charter")).await
}

/// Takes the charter off the table: it does not start yet.
pub async fn take_charter_back(viewer: &Viewer, number: i64) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let current = current(&mut tx, number).await?;
    let permit = tx.permit(Action::ManageInitiative {
        leads: current.leads(),
    })?;
    // Running work goes by what was changed: both confirm it, or it is changed back.
    if current.phase != Phase::Proposed {
        return Err(Error::invalid(
            "",
            "This initiative is under way. Both co-leads confirm its changes, or you change it back.",
        ));
    }
    if !handshake::close(&mut tx, Kind::Charter, current.id.uuid(), "withdrawn").await? {
        return Err(Error::Conflict);
    }
    tx.commit(permit, current.event("took back the charter of")).await
}
