//! Access: asked for, approved by both sides, granted, ended.

use super::{AccessKind, access, text::AccessText};
use crate::{
    args,
    handshake::{
        Kind,
        on_table::{OnTable, Signable},
        write::{self as handshake, Offer},
    },
    identity::{Action, Seats, Side, SystemActor, Transaction, Viewer},
    platform::{
        audit::Event,
        error::{Error, Result},
        ids::{AccessId, GoalId, MemberId},
        state::AppState,
        time::{Day, Timestamp},
    },
    sql,
};

/// Access is asked for at most this long at once.
const LONGEST_DAYS: i64 = 730;

#[derive(Clone, Debug)]
pub struct Ask {
    pub kind: AccessKind,
    pub title: String,
    pub purpose: String,
    pub needed_on: Day,
    pub ends_on: Day,
}

#[derive(sqlx::FromRow)]
pub(super) struct Current {
    pub(super) id: AccessId,
    number: i64,
    title: String,
    asked_by: MemberId,
    asking_side: Side,
    ends_on: Day,
    approved_at: Option<Timestamp>,
    granted_at: Option<Timestamp>,
    ended_at: Option<Timestamp>,
}

impl Current {
    pub(super) fn event(&self, verb: &'static str) -> Event {
        Event::new(verb, "access", self.id.uuid(), self.title.clone()).at(format!("access/{}", self.number))
    }

    fn require_open(&self, tx: &Transaction) -> Result<()> {
        if self.ended_at.is_some() {
            return Err(Error::invalid("", "This request has ended."));
        }
        if tx.today() > self.ends_on {
            return Err(Error::invalid(
                "",
                "The last day of this request has passed. Make a new request.",
            ));
        }
        Ok(())
    }
}

pub(super) async fn request(tx: &mut Transaction, number: i64) -> Result<Current> {
    tx.fetch_one(
        sql!(
            "select id, number, title, asked_by, asking_side, ends_on, approved_at, granted_at, ended_at from
             access_requests where workspace_id = $1 and number = $2"
        ),
        args![number],
    )
    .await
}

/// The goal that a request cites.
pub struct CitedGoal {
    pub id: GoalId,
    pub title: String,
}

/// Asks for access, citing a goal, and puts the request before both sides; ends the transaction. Sent twice
/// with one id, it is asked once. Gives the request's number.
pub async fn ask(mut tx: Transaction, id: AccessId, goal: CitedGoal, ask: Ask) -> Result<i64> {
    let permit = tx.permit(Action::SpeakForSide)?;
    let side = tx.side().ok_or(Error::Forbidden)?;
    if let Some((number,)) = tx
        .fetch_optional::<(i64,)>(
            sql!("select number from access_requests where workspace_id = $1 and id = $2"),
            args![id],
        )
        .await?
    {
        return Ok(number);
    }
    if ask.needed_on < tx.today() {
        return Err(Error::invalid("needed_on", "Choose today or a later day."));
    }
    if ask.ends_on < ask.needed_on {
        return Err(Error::invalid(
            "ends_on",
            "Choose a last day after the first day.",
        ));
    }
    if ask.ends_on > ask.needed_on.plus(LONGEST_DAYS) {
        return Err(Error::invalid(
            "ends_on",
            "Choose a last day within two years. You can request it again then.",
        ));
    }
    let (number,): (i64,) = tx
        .fetch_one(
            sql!("select coalesce(max(number), 0) + 1 from access_requests where workspace_id = $1"),
            Vec::new(),
        )
        .await?;
    tx.execute(
        sql!(
            "insert into access_requests (id, workspace_id, number, goal_id, kind, title, purpose, asked_at,
             asked_by, asking_side, needed_on, ends_on)
         values ($2, $1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
        ),
        args![
            id,
            number,
            goal.id,
            ask.kind,
            &ask.title,
            &ask.purpose,
            tx.now(),
            tx.member_id(),
            side,
            ask.needed_on,
            ask.ends_on
        ],
    )
    .await?;
    let text = AccessText {
        request: number,
        kind: ask.kind,
        title: ask.title.clone(),
        purpose: ask.purpose,
        goal: goal.title.clone(),
        asked_by: tx.name(),
        asking_side: side,
        needed_on: ask.needed_on.to_string(),
        ends_on: ask.ends_on.to_string(),
    };
    let offer = Offer {
        text: &text,
        subject: id.uuid(),
        path: format!("access/{number}"),
        label: format!("Access: {}", ask.title),
        seats: Seats::Signers,
        owners: None,
        due_on: Some(ask.needed_on),
    };
    handshake::offer_first(&mut tx, offer).await?;
    let event =
        Event::new("asked for access to", "access", id.uuid(), ask.title).at(format!("access/{number}"));
    tx.commit(permit, event.detail(format!("for the goal {}", goal.title)))
        .await?;
    Ok(number)
}

/// A request for access that both sides approve; approved, it is not granted yet.
pub struct RequestOnTable(Current);

impl OnTable for RequestOnTable {
    const KIND: Kind = Kind::Access;
    const WITHDREW: &'static str = "withdrew a signature from the request for access to";
    type Key = i64;

    async fn find(tx: &mut Transaction, number: i64) -> Result<Self> {
        Ok(Self(request(tx, number).await?))
    }

    fn subject(&self) -> uuid::Uuid {
        self.0.id.uuid()
    }

    fn event(&self, verb: &'static str) -> Event {
        self.0.event(verb)
    }
}

impl Signable for RequestOnTable {
    const SIGNED: &'static str = "signed the request for access to";
    const TAKES_NO_CONDITION: Option<&'static str> =
        Some("You can approve this access as requested, or object to it.");
    type Input = ();

    fn check_signer(&self, tx: &Transaction) -> Result<()> {
        let Self(it) = self;
        it.require_open(tx)?;
        if tx.member_id() == Some(it.asked_by) && tx.side() != Some(it.asking_side) {
            return Err(Error::invalid(
                "verdict",
                "You made this request. Somebody else has to sign for the other side.",
            ));
        }
        Ok(())
    }

    async fn sealed(&self, tx: &mut Transaction, at: Timestamp) -> Result<()> {
        tx.execute(
            sql!("update access_requests set approved_at = $3 where workspace_id = $1 and id = $2"),
            args![self.0.id, at],
        )
        .await?;
        tx.record(self.0.event("approved access to").detail("by both sides"))
            .await
    }
}

/// Says that access is granted: somebody of the side that was asked. Granting twice is once.
pub async fn grant(viewer: &Viewer, number: i64) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let it = request(&mut tx, number).await?;
    let is_signer = handshake::is_signer(&mut tx, Kind::Access, it.id.uuid(), it.asking_side).await?;
    let permit = tx.permit(Action::GrantAccess {
        asking: it.asking_side,
        asked_by: it.asked_by,
        is_signer,
    })?;
    it.require_open(&tx)?;
    if it.approved_at.is_none() {
        return Err(Error::invalid(
            "",
            "Both sides have to approve this access before it can be opened.",
        ));
    }
    if it.granted_at.is_some() {
        return Ok(());
    }
    tx.execute(
        sql!(
            "update access_requests set granted_at = $3, granted_by = $4 where workspace_id = $1 and id = $2"
        ),
        args![it.id, tx.now(), tx.member_id()],
    )
    .await?;
    let letter = format!("{} opened the access you requested: {}.", tx.name(), it.title);
    let subject = format!("Access is open: {}", it.title);
    tx.tell(
        it.asked_by,
        subject,
        &letter,
        Some(&format!("access/{}", it.number)),
    )
    .await?;
    tx.commit(
        permit,
        it.event("granted access to")
            .detail(format!("until {}", it.ends_on.format_long())),
    )
    .await
}

/// Takes the request back, or ends the access before its last day.
pub async fn end(viewer: &Viewer, number: i64, because: &str) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let it = request(&mut tx, number).await?;
    let permit = tx.permit(Action::EndAccess {
        asked_by: it.asked_by,
        asking: it.asking_side,
        is_granted: it.granted_at.is_some(),
    })?;
    if it.ended_at.is_some() {
        return Err(Error::invalid("", "This request has ended."));
    }
    if it.granted_at.is_some() && tx.today() > it.ends_on {
        return Err(Error::invalid(
            "",
            "Its last day has passed, so this access has ended.",
        ));
    }
    handshake::close(&mut tx, Kind::Access, it.id.uuid(), "withdrawn").await?;
    tx.execute(
        sql!(
            "update access_requests set ended_at = $3, ended_by = $4, ended_because = $5 where workspace_id =
             $1 and id = $2"
        ),
        args![it.id, tx.now(), tx.member_id(), because],
    )
    .await?;
    let verb = if it.granted_at.is_some() {
        "ended access to"
    } else {
        "took back the request for access to"
    };
    tx.commit(permit, it.event(verb).detail(because)).await
}

/// Ends what is asked for a goal and not granted, as part of giving the goal up.
pub async fn end_requests(tx: &mut Transaction, goal: GoalId, because: &str) -> Result<()> {
    let open: Vec<Current> = tx
        .fetch_all(
            sql!(
                "select id, number, title, asked_by, asking_side, ends_on, approved_at, granted_at, ended_at
                 from access_requests
             where workspace_id = $1 and goal_id = $2 and granted_at is null and ended_at is null order by
             number"
            ),
            args![goal],
        )
        .await?;
    let detail = format!("The goal was cancelled: {because}");
    for it in open {
        handshake::close(tx, Kind::Access, it.id.uuid(), "withdrawn").await?;
        tx.execute(
            sql!(
                "update access_requests set ended_at = $3, ended_by = $4, ended_because = $5 where
                 workspace_id = $1 and id = $2"
            ),
            args![it.id, tx.now(), tx.member_id(), detail.as_str()],
        )
        .await?;
        tx.record(it.event("ended the request for access to").detail(&*detail))
            .await?;
    }
    Ok(())
}

/// Takes requests that nobody approved in time from both sides' tables, in every workspace. Done twice, it
/// does it once.
pub async fn lapse_everywhere(state: &AppState) -> Result<()> {
    for system in SystemActor::everywhere(state).await? {
        lapse(&system).await?;
    }
    Ok(())
}

async fn lapse(system: &SystemActor) -> Result<()> {
    let late: Vec<(AccessId, i64, String)> = system
        .fetch_all(
            sql!(
                "select r.id, r.number, r.title from access_requests r join tabled_handshakes h on h.kind =
                 'access' and h.subject_id = r.id and h.sealed_at is null
             where r.workspace_id = $1 and r.ended_at is null and r.ends_on < $2 order by r.number limit 100"
            ),
            args![system.today()],
        )
        .await?;
    if late.is_empty() {
        return Ok(());
    }
    let (mut tx, permit) = system.begin().await?;
    let mut lapsed = Vec::with_capacity(late.len());
    for (id, number, title) in late {
        // Another process may have done it meanwhile.
        if handshake::close(&mut tx, Kind::Access, id.uuid(), "expired").await? {
            lapsed.push(
                Event::new("let lapse the request for access to", "access", id.uuid(), title)
                    .at(format!("access/{number}")),
            );
        }
    }
    let Some(last) = lapsed.pop() else { return Ok(()) };
    for event in lapsed {
        tx.record(event).await?;
    }
    tx.commit(permit, last).await
}

/// The title of a request that can still be waited for, in another room's transaction.
pub async fn require_ahead(tx: &mut Transaction, id: AccessId) -> Result<String> {
    let found: Option<(String, Option<Timestamp>, Option<Timestamp>, Day)> = tx
        .fetch_optional(
            sql!(
                "select title, granted_at, ended_at, ends_on from access_requests where
             workspace_id = $1 and id = $2"
            ),
            args![id],
        )
        .await?;
    let (title, granted, ended, ends_on) =
        found.ok_or_else(|| Error::invalid("on", "Choose from the list."))?;
    // Approved or not, it can be waited for.
    if access(false, granted.is_some(), ended.is_some(), ends_on, tx.today()).may_be_waited_for() {
        Ok(title)
    } else {
        Err(Error::invalid(
            "on",
            "That access is open or has ended, so nothing needs to wait for it.",
        ))
    }
}
