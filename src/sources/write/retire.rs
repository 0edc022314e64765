//! Retiring a source: by one while it is a draft, by its owner and its custodian once both have signed its
//! entry.

use super::{chairs, current::Current, profile};
use crate::{
    args,
    handshake::{
        Kind,
        on_table::{OnTable, Signable},
        write::{self as handshake, Offer, text_on_table},
    },
    identity::{Action, Seats, Transaction, Viewer},
    platform::{
        audit::Event,
        error::{Error, Result},
        ids::MemberId,
        time::Timestamp,
    },
    sources::{
        Chair,
        text::{SourceEndText, SourceText},
    },
    sql,
};

/// Whether a source is retired, or its owner and its custodian are asked to sign that first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retirement {
    Done,
    Proposal,
}

/// From now on nothing is said of it; its page stays. Who sat on its chairs leaves them. Where both holders
/// have signed its entry, both sign its end. Done twice, it is done once.
///
/// # Errors
/// `Invalid` while access to it is open or asked for, while it is the profile, and where nobody sits on a
/// chair that has to sign.
pub async fn retire(viewer: &Viewer, number: i64, because: &str) -> Result<Retirement> {
    let mut tx = viewer.begin().await?;
    let current = Current::find(&mut tx, number).await?;
    let seats = chairs::seated(&mut tx, current.id).await?;
    let holders: Vec<MemberId> = seats.iter().map(|seat| seat.member_id).collect();
    let permit = tx.permit(Action::RetireSource { holders: &holders })?;
    if current.retired_at.is_some() {
        return Ok(Retirement::Done);
    }
    super::asked::require_no_access(&mut tx, current.id).await?;
    profile::refuse_end(&mut tx, current.id).await?;
    let agreed = handshake::last_sealed::<SourceText>(&mut tx, current.id.uuid()).await?;
    if agreed.is_none() {
        end(&mut tx, &current, because).await?;
        tx.commit(permit, current.event("retired the source").detail(because))
            .await?;
        return Ok(Retirement::Done);
    }
    let holder = |chair: Chair| {
        let seat = seats.iter().find(|seat| seat.chair == chair);
        seat.map(|seat| seat.member_id).ok_or_else(|| {
            let name = chair.name().to_lowercase();
            let article = if chair == Chair::Owner { "an" } else { "a" };
            Error::invalid(
                "",
                format!("Both holders signed its entry, so both sign its end. Name {article} {name} first."),
            )
        })
    };
    let owners = (holder(Chair::Owner)?, holder(Chair::Custodian)?);
    let text = SourceEndText {
        source: number,
        name: current.name.clone(),
        because: because.to_owned(),
    };
    if handshake::is_on_table(&mut tx, current.id.uuid(), &text).await? {
        return Ok(Retirement::Proposal);
    }
    let offer = Offer {
        text: &text,
        subject: current.id.uuid(),
        path: format!("sources/{number}/retire"),
        label: format!("Retire {}", current.name),
        seats: Seats::Owners,
        owners: Some(owners),
        due_on: None,
    };
    handshake::offer(&mut tx, offer).await?;
    tx.commit(
        permit,
        current.event("asked to retire the source").detail(because),
    )
    .await?;
    Ok(Retirement::Proposal)
}

/// Withdraws the question whether it is retired: it stays, as both have signed it.
pub async fn keep(viewer: &Viewer, number: i64) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let current = Current::find(&mut tx, number).await?;
    let seats = chairs::seated(&mut tx, current.id).await?;
    let holders: Vec<MemberId> = seats.iter().map(|seat| seat.member_id).collect();
    let permit = tx.permit(Action::RetireSource { holders: &holders })?;
    if current.retired_at.is_some() {
        return Err(Error::Conflict);
    }
    if !handshake::close(&mut tx, Kind::SourceEnd, current.id.uuid(), "withdrawn").await? {
        return Ok(());
    }
    tx.commit(permit, current.event("kept the source")).await
}

async fn end(tx: &mut Transaction, current: &Current, because: &str) -> Result<()> {
    handshake::close(tx, Kind::Source, current.id.uuid(), "archived").await?;
    tx.execute(
        sql!(
            "update sources set retired_at = $3, retired_because = $4, version = version + 1
             where workspace_id = $1 and id = $2"
        ),
        args![current.id, tx.now(), because],
    )
    .await?;
    chairs::end_all(tx, current.id, "The source was retired.").await?;
    profile::end_of_source(tx, current.id).await
}

/// That a source is retired, before its owner and its custodian.
pub struct EndOnTable(Current);

impl OnTable for EndOnTable {
    const KIND: Kind = Kind::SourceEnd;
    const WITHDREW: &'static str = "withdrew a signature from retiring";
    type Key = i64;

    async fn find(tx: &mut Transaction, number: i64) -> Result<Self> {
        Current::find(tx, number).await.map(Self)
    }

    fn subject(&self) -> uuid::Uuid {
        self.0.id.uuid()
    }

    fn event(&self, verb: &'static str) -> Event {
        self.0.event(verb)
    }
}

impl Signable for EndOnTable {
    const SIGNED: &'static str = "agreed to retire";
    const OBJECTED: &'static str = "objected to retiring";
    const TAKES_NO_CONDITION: Option<&'static str> =
        Some("You can agree that it is retired, or object to it.");
    type Input = ();

    async fn sealed(&self, tx: &mut Transaction, _: Timestamp) -> Result<()> {
        let (_, text, _) = text_on_table::<SourceEndText>(tx, self.0.id.uuid()).await?;
        super::asked::require_no_access(tx, self.0.id).await?;
        end(tx, &self.0, &text.because).await
    }
}
