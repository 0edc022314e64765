//! Access: asked for, approved by both sides, granted, ended.

mod ask;
mod certify;
mod clock;
mod doors;
mod open;
mod shut;

pub use self::{
    ask::{Ask, CitedGoal, TermsInput, ask},
    certify::{CertifyInput, certify},
    clock::lapse_everywhere,
    open::grant,
    shut::{copies_gone, shut},
};

use doors::Doors;

use super::{Access, Moments, access};
use crate::{
    args,
    handshake::{
        Kind,
        on_table::{OnTable, Signable, TextToSign},
        write::{self as handshake, VerdictInput},
    },
    identity::{Action, Side, Transaction, Viewer},
    platform::{
        audit::Event,
        error::{Error, Result},
        ids::{AccessId, GoalId, MemberId},
        time::{Day, Timestamp},
    },
    sources::Sensitivity,
    sql,
};

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
    shut_at: Option<Timestamp>,
    needed_on: Day,
    /// As it was asked for; none of what names no source.
    sensitivity: Option<Sensitivity>,
    /// By which sensitivity it is certified.
    counts_as: Option<Sensitivity>,
    certify_on: Option<Day>,
    /// Whether it ended by the silence of a side.
    is_unkept: bool,
}

impl Current {
    fn state(&self, today: Day) -> Access {
        let moments = Moments {
            is_approved: self.approved_at.is_some(),
            is_granted: self.granted_at.is_some(),
            is_ended: self.ended_at.is_some(),
            is_unkept: self.is_unkept,
            ends_on: self.ends_on,
            certify_on: self.certify_on,
        };
        access(&moments, today)
    }

    pub(super) fn event(&self, verb: &'static str) -> Event {
        Event::new(verb, "access", self.id.uuid(), self.title.clone()).at(format!("access/{}", self.number))
    }

    fn require_open(&self, tx: &Transaction) -> Result<()> {
        if self.ended_at.is_some() || self.state(tx.today()) == Access::NotCertified {
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

macro_rules! current_where {
    ($rest:literal) => {
        concat!(
            "select r.id, r.number, r.title, r.asked_by, r.asking_side, r.needed_on, r.ends_on, r.approved_at,
             r.granted_at, r.ended_at,
                r.shut_at, t.sensitivity, t.counts_as, t.certify_on, r.ended_at is not null and r.ended_by is
                null as is_unkept
             from access_requests r left join access_terms t on t.access_id = r.id where r.workspace_id = $1 ",
            $rest
        )
    };
}

pub(super) async fn request(tx: &mut Transaction, number: i64) -> Result<Current> {
    tx.fetch_one(sql!(current_where!("and r.number = $2")), args![number])
        .await
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
    const OBJECTED: &'static str = "objected to the request for access to";
    const TAKES_NO_CONDITION: Option<&'static str> =
        Some("You can approve this access as requested, or object to it.");
    type Input = ();

    async fn prepare(&self, tx: &mut Transaction, given: VerdictInput<'_>, (): ()) -> Result<TextToSign> {
        let Self(it) = self;
        let doors = Doors::of(tx, it.id).await?;
        if given.verdict.agrees() {
            doors.check_terms(it.sensitivity)?;
        }
        // Restricted data is approved by its holders themselves; its side's lead stands in where nobody sits.
        if it.sensitivity == Some(Sensitivity::Restricted)
            && let Some(side) = tx.side()
            && let Some(approver) = doors.approver(side)
            && Some(approver) != tx.member_id()
        {
            let [name] = tx.member_names([approver]).await?;
            return Err(Error::invalid(
                "verdict",
                format!("{name} answers for this data and approves it; nobody does in their place."),
            ));
        }
        Ok(TextToSign::sign(given))
    }

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
    match it.state(tx.today()) {
        Access::Expired => {
            return Err(Error::invalid(
                "",
                "Its last day has passed, so this access has ended.",
            ));
        }
        Access::NotCertified => {
            return Err(Error::invalid(
                "",
                "Both sides did not keep it in time, so this access has ended.",
            ));
        }
        _ => {}
    }
    end_now(&mut tx, &it, because).await?;
    let verb = if it.granted_at.is_some() {
        "ended access to"
    } else {
        "took back the request for access to"
    };
    tx.commit(permit, it.event(verb).detail(because)).await
}

async fn end_now(tx: &mut Transaction, it: &Current, because: &str) -> Result<()> {
    handshake::close(tx, Kind::Access, it.id.uuid(), "withdrawn").await?;
    tx.execute(
        sql!(
            "update access_requests set ended_at = $3, ended_by = $4, ended_because = $5 where workspace_id =
             $1 and id = $2"
        ),
        args![it.id, tx.now(), tx.member_id(), because],
    )
    .await?;
    Ok(())
}

/// Ends what is asked for a goal and not granted, as part of giving the goal up; what is granted is to be
/// certified today.
pub async fn end_requests(tx: &mut Transaction, goal: GoalId, because: &str) -> Result<()> {
    let open: Vec<Current> = tx
        .fetch_all(
            sql!(current_where!(
                "and r.goal_id = $2 and r.granted_at is null and r.ended_at is null order by r.number"
            )),
            args![goal],
        )
        .await?;
    let detail = format!("The goal was cancelled: {because}");
    let own = tx.side();
    for it in open {
        let can_be_opened = it.approved_at.is_some() && it.ends_on >= tx.today();
        if can_be_opened && own != Some(it.asking_side) {
            let side = it.asking_side.name();
            return Err(Error::invalid(
                "",
                format!(
                    "Both sides approved the access “{}” for this goal. {side} asked for it and has to end it \
                     first.",
                    it.title
                ),
            ));
        }
        end_now(tx, &it, &detail).await?;
        tx.record(it.event("ended the request for access to").detail(&*detail))
            .await?;
    }
    let (today, tomorrow) = (tx.today(), tx.today().plus(1));
    // A day on which both have spoken already is not asked for twice.
    tx.execute(
        sql!(
            "update access_terms set certify_on = case when exists (select 1 from access_certifications c
                 where c.access_id = access_terms.access_id and c.due_on = $3) then $4 else $3 end
             where workspace_id = $1 and (certify_on is null or certify_on > $3)
             and access_id in (select id from access_requests where goal_id = $2 and granted_at is not null
                 and ended_at is null and ends_on >= $3)"
        ),
        args![goal, today, tomorrow],
    )
    .await?;
    Ok(())
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
    let moments = Moments {
        is_approved: false,
        is_granted: granted.is_some(),
        is_ended: ended.is_some(),
        is_unkept: false,
        ends_on,
        certify_on: None,
    };
    if access(&moments, tx.today()).may_be_waited_for() {
        Ok(title)
    } else {
        Err(Error::invalid(
            "on",
            "That access is open or has ended, so nothing needs to wait for it.",
        ))
    }
}
