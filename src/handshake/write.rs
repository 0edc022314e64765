//! Offering a text, signing it, withdrawing, and closing it when the text changes. Always within the room's
//! own transaction, so that a room's rows and its handshake never disagree.

use super::{Handshake, Kind, Refusal, Signature, State, Verdict, text::SignedText};
use crate::{
    args,
    identity::{Action, Permit, Seats, Side, Transaction},
    platform::{
        audit::sha256,
        error::{Error, Result},
        ids::{AccountId, HandshakeId, MemberId, SignatureId},
        time::{Day, Timestamp},
    },
    sql,
};

/// What is put on the table.
pub struct Offer<'a, T> {
    pub text: &'a T,
    pub subject: uuid::Uuid,
    /// The page of the thing, relative to the workspace.
    pub path: String,
    pub label: String,
    pub seats: Seats,
    pub owners: Option<(MemberId, MemberId)>,
    /// The day of what it is about, where that has one.
    pub due_on: Option<Day>,
}

/// What lies on the table now.
pub struct OfferReceipt {
    pub id: HandshakeId,
    pub digest: String,
}

/// Puts a text on the table; what lay there for the same thing is closed first.
pub async fn offer<T: SignedText>(tx: &mut Transaction, offer: Offer<'_, T>) -> Result<OfferReceipt> {
    close(tx, T::KIND, offer.subject, "superseded").await?;
    offer_first(tx, offer).await
}

/// Whether this very text lies on the table already, before the same owners, and nobody objects to it.
pub async fn lies_unchanged<T: SignedText>(tx: &mut Transaction, offer: &Offer<'_, T>) -> Result<bool> {
    let (row, handshake) = match load(tx, T::KIND, offer.subject).await {
        Ok(found) => found,
        Err(Error::Conflict) => return Ok(false),
        Err(error) => return Err(error),
    };
    let is_open = matches!(handshake.state(), State::Open | State::HalfSigned { .. });
    Ok(is_open
        && row.digest == sha256(&offer.text.canonical()?)
        && row.marketing_owner.zip(row.technology_owner) == offer.owners)
}

/// Puts a text on the table for a thing of which nothing lies there, such as one made in this transaction.
pub async fn offer_first<T: SignedText>(tx: &mut Transaction, offer: Offer<'_, T>) -> Result<OfferReceipt> {
    let content = offer.text.canonical()?;
    let digest = sha256(&content);
    let (marketing, technology) = offer.owners.unzip();
    let id: HandshakeId = tx.fresh_id();
    tx.execute(
        sql!(
            "insert into handshakes (id, workspace_id, kind, subject_id, path, label, content, digest, seats,
             marketing_owner, technology_owner, due_on, opened_at, opened_by)
         values ($2, $1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
        ),
        args![
            id,
            T::KIND,
            offer.subject,
            offer.path,
            offer.label,
            content,
            &digest,
            offer.seats,
            marketing,
            technology,
            offer.due_on,
            tx.now(),
            tx.member_id()
        ],
    )
    .await?;
    Ok(OfferReceipt { id, digest })
}

/// The day of what lies on the table moved; its text did not.
pub async fn move_due(tx: &mut Transaction, kind: Kind, subject: uuid::Uuid, due_on: Day) -> Result<()> {
    tx.execute(
        sql!(
            "update handshakes set due_on = $4 where workspace_id = $1 and kind = $2 and subject_id = $3 and
             closed_at is null and sealed_at is null"
        ),
        args![kind, subject, due_on],
    )
    .await?;
    Ok(())
}

/// The text changed or was taken back: an unsealed handshake over it ends, and its signatures with it.
/// Says whether there was one.
pub async fn close(
    tx: &mut Transaction,
    kind: Kind,
    subject: uuid::Uuid,
    because: &'static str,
) -> Result<bool> {
    let closed = tx
        .execute(
            sql!(
                "update handshakes set closed_at = $4, closed_because = $5
             where workspace_id = $1 and kind = $2 and subject_id = $3 and closed_at is null and sealed_at is
             null"
            ),
            args![kind, subject, tx.now(), because],
        )
        .await?;
    Ok(closed > 0)
}

/// Takes whatever lies on the table for this thing off it, sealed or not: what was agreed holds no more. Says
/// whether there was something.
pub async fn void(
    tx: &mut Transaction,
    kind: Kind,
    subject: uuid::Uuid,
    because: &'static str,
) -> Result<bool> {
    let closed = tx
        .execute(
            sql!(
                "update handshakes set closed_at = $4, closed_because = $5
                 where workspace_id = $1 and kind = $2 and subject_id = $3 and closed_at is null"
            ),
            args![kind, subject, tx.now(), because],
        )
        .await?;
    Ok(closed > 0)
}

/// Whoever owns the thing by now is asked for what is not sealed.
pub async fn set_owners(
    tx: &mut Transaction,
    kind: Kind,
    subject: uuid::Uuid,
    owners: (MemberId, MemberId),
) -> Result<()> {
    tx.execute(
        sql!(
            "update handshakes set marketing_owner = $4, technology_owner = $5
             where workspace_id = $1 and kind = $2 and subject_id = $3 and sealed_at is null and closed_at is
             null"
        ),
        args![kind, subject, owners.0, owners.1],
    )
    .await?;
    Ok(())
}

/// Whether both sides have signed what is offered for this thing now.
pub async fn is_sealed(tx: &mut Transaction, kind: Kind, subject: uuid::Uuid) -> Result<bool> {
    let sealed: Option<(HandshakeId,)> = tx
        .fetch_optional(
            sql!(
                "select id from handshakes where workspace_id = $1 and kind = $2 and subject_id = $3 and
                 closed_at is null and sealed_at is not null"
            ),
            args![kind, subject],
        )
        .await?;
    Ok(sealed.is_some())
}

/// Whether the acting person is who signed for `side` what is offered for this thing now.
pub async fn is_signer(tx: &mut Transaction, kind: Kind, subject: uuid::Uuid, side: Side) -> Result<bool> {
    let own: Option<(HandshakeId,)> = tx
        .fetch_optional(
            sql!(
                "select h.id from handshakes h join signatures s on s.handshake_id = h.id and s.withdrawn_at
                 is null
             where h.workspace_id = $1 and h.kind = $2 and h.subject_id = $3 and h.closed_at is null and
             s.side = $4 and s.account_id = $5"
            ),
            args![kind, subject, side, tx.account_id()?],
        )
        .await?;
    Ok(own.is_some())
}

/// Whether this very text is on the table and nobody has objected to it: offering it again would change
/// nothing.
pub async fn is_on_table<T: SignedText>(tx: &mut Transaction, subject: uuid::Uuid, text: &T) -> Result<bool> {
    let digest = sha256(&text.canonical()?);
    let same: Option<(HandshakeId,)> = tx
        .fetch_optional(
            sql!(
                "select h.id from handshakes h where h.workspace_id = $1 and h.kind = $2 and h.subject_id = $3
                 and h.closed_at is null and h.digest = $4
               and not exists (select 1 from signatures s where s.handshake_id = h.id and s.verdict = 'object'
               and s.withdrawn_at is null)"
            ),
            args![T::KIND, subject, digest],
        )
        .await?;
    Ok(same.is_some())
}

/// The handshake on the table that one side has signed or objected to and the other has not settled, and
/// since when.
pub async fn waiting_since(
    tx: &mut Transaction,
    kind: Kind,
    subject: uuid::Uuid,
) -> Result<Option<(HandshakeId, Timestamp)>> {
    let (row, handshake) = match load(tx, kind, subject).await {
        Ok(found) => found,
        Err(Error::Conflict) => return Ok(None),
        Err(error) => return Err(error),
    };
    let since = match handshake.state() {
        State::HalfSigned { since, .. } => Some(since),
        State::Objected { by } => handshake
            .signed
            .iter()
            .find(|signed| signed.side == by)
            .map(|signed| signed.at),
        _ => None,
    };
    Ok(since.map(|since| (row.id, since)))
}

#[derive(sqlx::FromRow)]
struct HandshakeRow {
    id: HandshakeId,
    digest: String,
    opened_at: Timestamp,
    sealed_at: Option<Timestamp>,
    seats: Seats,
    marketing_owner: Option<MemberId>,
    technology_owner: Option<MemberId>,
}

#[derive(sqlx::FromRow)]
struct SignatureRow {
    side: Side,
    account_id: AccountId,
    verdict: Verdict,
    digest: String,
    at: Timestamp,
}

async fn load(tx: &mut Transaction, kind: Kind, subject: uuid::Uuid) -> Result<(HandshakeRow, Handshake)> {
    let row: Option<HandshakeRow> = tx
        .fetch_optional(
            sql!(
                "select id, digest, opened_at, sealed_at, seats, marketing_owner, technology_owner from
                 handshakes
             where workspace_id = $1 and kind = $2 and subject_id = $3 and closed_at is null"
            ),
            args![kind, subject],
        )
        .await?;
    // It was taken off the table: the page that the signer saw is out of date.
    let row = row.ok_or(Error::Conflict)?;
    let signed: Vec<SignatureRow> = tx
        .fetch_all(
            sql!(
                "select side, account_id, verdict, digest, at from signatures where workspace_id = $1 and
                 handshake_id = $2 and withdrawn_at is null"
            ),
            args![row.id],
        )
        .await?;
    let handshake = Handshake {
        digest: row.digest.clone(),
        opened_at: row.opened_at,
        signed: signed
            .into_iter()
            .map(|s| Signature {
                side: s.side,
                account: s.account_id,
                verdict: s.verdict,
                digest: s.digest,
                at: s.at,
            })
            .collect(),
        sealed_at: row.sealed_at,
        closed: false,
    };
    Ok((row, handshake))
}

/// The text on the table, its handshake, and whether nobody has filled a seat.
pub async fn text_on_table<T: SignedText>(
    tx: &mut Transaction,
    subject: uuid::Uuid,
) -> Result<(HandshakeId, T, bool)> {
    let (row, handshake) = load(tx, T::KIND, subject).await?;
    let (content,): (String,) = tx
        .fetch_one(
            sql!("select content from handshakes where workspace_id = $1 and id = $2"),
            args![row.id],
        )
        .await?;
    Ok((row.id, T::read(&content)?, handshake.signed.is_empty()))
}

/// Whether the acting member could sign what they have seen, as things stand; nothing is written.
pub async fn rehearse(
    tx: &mut Transaction,
    kind: Kind,
    subject: uuid::Uuid,
    given: Given<'_>,
) -> Result<Side> {
    let (row, mut handshake) = load(tx, kind, subject).await?;
    let side = tx.side().ok_or(Error::Forbidden)?;
    let owner = match side {
        Side::Marketing => row.marketing_owner,
        Side::Technology => row.technology_owner,
    };
    let _permit = tx.permit(Action::FillSeat {
        seats: row.seats,
        owner,
    })?;
    let (account, now) = (tx.account_id()?, tx.now());
    handshake
        .sign(
            account,
            side,
            given.seen,
            given.verdict,
            given.reason.is_some(),
            now,
        )
        .map_err(refusal_error)?;
    Ok(side)
}

/// A verdict as its signer gave it.
#[derive(Clone, Copy)]
pub struct Given<'a> {
    /// The digest of the text that the signer was shown.
    pub seen: &'a str,
    pub verdict: Verdict,
    pub reason: Option<&'a str>,
}

impl<'a> Given<'a> {
    /// Agrees to what was seen.
    pub const fn agree(seen: &'a str) -> Self {
        Self {
            seen,
            verdict: Verdict::Agree,
            reason: None,
        }
    }
}

/// A signature as it was taken.
pub struct SignOutcome {
    pub permit: Permit,
    pub signature: SignatureId,
    pub side: Side,
    pub state: State,
    /// "for Marketing", "objected for Technology: …": the words of the event.
    pub words: String,
}

/// Fills the acting member's own seat.
pub async fn fill_seat(
    tx: &mut Transaction,
    kind: Kind,
    subject: uuid::Uuid,
    given: Given<'_>,
) -> Result<SignOutcome> {
    let Given {
        seen,
        verdict,
        reason,
    } = given;
    let (row, mut handshake) = load(tx, kind, subject).await?;
    let side = tx.side().ok_or(Error::Forbidden)?;
    let owner = match side {
        Side::Marketing => row.marketing_owner,
        Side::Technology => row.technology_owner,
    };
    let permit = tx.permit(Action::FillSeat {
        seats: row.seats,
        owner,
    })?;
    let now = tx.now();
    let account = tx.account_id()?;
    let state = handshake
        .sign(account, side, seen, verdict, reason.is_some(), now)
        .map_err(refusal_error)?;
    // Who signs what only their lead may sign says in whose place.
    let own = tx
        .role()
        .zip(tx.member_id())
        .is_some_and(|(role, member)| row.seats.may_fill(role, member, owner));
    let lead = tx.stands_in_for().filter(|_| !own).map(str::to_owned);
    let signer = lead
        .as_ref()
        .map_or_else(|| tx.name(), |lead| format!("{}, in place of {lead}", tx.name()));

    let signature: SignatureId = tx.fresh_id();
    tx.execute(
        sql!(
            "insert into signatures (id, workspace_id, handshake_id, digest, side, member_id, account_id,
             signer, verdict, reason, at)
         values ($2, $1, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        ),
        args![
            signature,
            row.id,
            row.digest,
            side,
            tx.member_id(),
            account,
            signer,
            verdict,
            reason,
            now
        ],
    )
    .await?;
    if let State::Sealed { at } = state {
        tx.execute(
            sql!("update handshakes set sealed_at = $3 where workspace_id = $1 and id = $2"),
            args![row.id, at],
        )
        .await?;
    }
    let in_place = lead.map_or_else(String::new, |lead| format!(" in place of {lead}"));
    let reason = reason.map_or_else(String::new, |reason| format!(": {reason}"));
    let words = format!("{} for {}{in_place}{reason}", verdict.past(), side.name());
    Ok(SignOutcome {
        permit,
        signature,
        side,
        state,
        words,
    })
}

/// Empties the seat that the acting member filled.
pub async fn empty_seat(tx: &mut Transaction, kind: Kind, subject: uuid::Uuid) -> Result<(Permit, Side)> {
    let permit = tx.permit(Action::WithdrawOwnSignature)?;
    let (row, mut handshake) = load(tx, kind, subject).await?;
    let account = tx.account_id()?;
    let side = handshake.withdraw(account).map_err(refusal_error)?;
    tx.execute(
        sql!(
            "update signatures set withdrawn_at = $3 where workspace_id = $1 and handshake_id = $2 and
             account_id = $4 and withdrawn_at is null"
        ),
        args![row.id, tx.now(), account],
    )
    .await?;
    Ok((permit, side))
}

fn refusal_error(refusal: Refusal) -> Error {
    match refusal {
        Refusal::TextChanged | Refusal::Sealed => Error::Conflict,
        Refusal::SeatTaken => Error::invalid("verdict", "Your side has signed already. Nothing was changed."),
        Refusal::SamePerson => Error::invalid(
            "verdict",
            "You filled the other seat of this handshake. A second person signs for this side.",
        ),
        Refusal::SentBack => Error::invalid(
            "verdict",
            "There is an objection. It is answered with a new proposal before anybody signs.",
        ),
        Refusal::ReasonMissing => {
            Error::invalid("reason", "Say why, in a sentence the other side can act on.")
        }
    }
}
