//! A seat is filled, and emptied.

use crate::{
    args,
    handshake::{Handshake, Kind, Refusal, Signature, State, Verdict, text::SignedText},
    identity::{Action, Permit, Seats, Side, Transaction},
    platform::{
        error::{Error, Result},
        ids::{AccountId, HandshakeId, MemberId, SignatureId},
        time::Timestamp,
    },
    sql,
};

#[derive(sqlx::FromRow)]
pub(super) struct HandshakeRow {
    pub(super) id: HandshakeId,
    pub(super) digest: String,
    pub(super) opened_at: Timestamp,
    pub(super) sealed_at: Option<Timestamp>,
    pub(super) seats: Seats,
    pub(super) marketing_owner: Option<MemberId>,
    pub(super) technology_owner: Option<MemberId>,
}

#[derive(sqlx::FromRow)]
struct SignatureRow {
    side: Side,
    account_id: AccountId,
    verdict: Verdict,
    digest: String,
    at: Timestamp,
}

pub(super) async fn load(
    tx: &mut Transaction,
    kind: Kind,
    subject: uuid::Uuid,
) -> Result<(HandshakeRow, Handshake)> {
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
    given: VerdictInput<'_>,
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
pub struct VerdictInput<'a> {
    /// The digest of the text that the signer was shown.
    pub seen: &'a str,
    pub verdict: Verdict,
    pub reason: Option<&'a str>,
}

impl<'a> VerdictInput<'a> {
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
    given: VerdictInput<'_>,
) -> Result<SignOutcome> {
    let VerdictInput {
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
            "You signed for the other side. Somebody else has to sign for this side.",
        ),
        Refusal::SentBack => Error::invalid(
            "verdict",
            "There is an objection. Somebody has to propose a new text before anybody can sign.",
        ),
        Refusal::ReasonMissing => {
            Error::invalid("reason", "Say why, in a sentence the other side can act on.")
        }
    }
}
