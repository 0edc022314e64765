//! Offering a text, signing it, withdrawing, and closing it when the text changes. Always within the room's
//! own transaction, so that a room's rows and its handshake never disagree.

mod seats;

pub use self::seats::{SignOutcome, VerdictInput, empty_seat, fill_seat, rehearse, text_on_table};

use self::seats::load;
use super::{Kind, State, Verdict, text::SignedText};

use crate::{
    args,
    identity::{Seats, Side, Transaction},
    platform::{
        audit::sha256,
        error::{Error, Result},
        ids::{HandshakeId, MemberId},
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

/// Whether this very text lies on the table already, and nobody objects to it.
pub async fn lies_unopposed<T: SignedText>(tx: &mut Transaction, offer: &Offer<'_, T>) -> Result<bool> {
    Ok(matches!(
        state_of_same(tx, offer).await?,
        Some(State::Open | State::HalfSigned { .. })
    ))
}

/// Whether this very text lies on the table already, objected to or not: saving a page as it was asks nobody
/// anew, so an objection stays.
pub async fn lies_as_offered<T: SignedText>(tx: &mut Transaction, offer: &Offer<'_, T>) -> Result<bool> {
    Ok(matches!(
        state_of_same(tx, offer).await?,
        Some(State::Open | State::HalfSigned { .. } | State::Objected { .. })
    ))
}

/// Refuses to put the very text forward again to which a side objects: it would be asked what it has answered.
///
/// # Errors
/// `Invalid` with the side and the way on.
pub async fn refuse_objected<T: SignedText>(tx: &mut Transaction, offer: &Offer<'_, T>) -> Result<()> {
    let Some(State::Objected { by }) = state_of_same(tx, offer).await? else {
        return Ok(());
    };
    Err(Error::invalid(
        "",
        format!(
            "{} objected to exactly this. Change it, or wait until {} withdraws the objection.",
            by.name(),
            by.name()
        ),
    ))
}

/// How this very text stands, where it lies on the table before the same owners. Before another owner it is
/// another handshake, but for the other side's objection: that stays, and what the owner before had signed
/// does not count for the one who comes.
async fn state_of_same<T: SignedText>(tx: &mut Transaction, offer: &Offer<'_, T>) -> Result<Option<State>> {
    let (row, handshake) = match load(tx, T::KIND, offer.subject).await {
        Ok(found) => found,
        Err(Error::Conflict) => return Ok(None),
        Err(error) => return Err(error),
    };
    if row.digest != sha256(&offer.text.canonical()?) {
        return Ok(None);
    }
    let state = handshake.state();
    if row.marketing_owner.zip(row.technology_owner) != offer.owners {
        let (marketing, technology) = offer.owners.unzip();
        let State::Objected { by } = state else {
            return Ok(None);
        };
        let (objector, owner_now) = match by {
            Side::Marketing => (row.marketing_owner, marketing),
            Side::Technology => (row.technology_owner, technology),
        };
        if objector != owner_now {
            return Ok(None);
        }
        tx.execute(
            sql!(
                "update signatures set withdrawn_at = $4 where workspace_id = $1 and handshake_id = $2 and
                 side <> $3 and withdrawn_at is null"
            ),
            args![row.id, by, tx.now()],
        )
        .await?;
        set_owners(tx, T::KIND, offer.subject, (marketing, technology)).await?;
    }
    Ok(Some(state))
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

#[derive(sqlx::FromRow)]
struct AnsweredRow {
    label: String,
    path: String,
    member_id: MemberId,
    verdict: Verdict,
}

/// Tells whoever signed, or objected to, what leaves the table. An owner of a KPI is asked for the number
/// anew, and reads it there.
async fn tell_who_answered(
    tx: &mut Transaction,
    (kind, subject): (Kind, uuid::Uuid),
    only_open: bool,
    because: &str,
) -> Result<()> {
    // What ends because it was ruled on, lapsed or closed with its initiative did not change.
    let has_changed = matches!(because, "edited" | "superseded" | "archived" | "withdrawn");
    if kind == Kind::Kpi || !has_changed || (kind == Kind::Charter && because == "withdrawn") {
        return Ok(());
    }
    let answered: Vec<AnsweredRow> = tx
        .fetch_all(
            sql!(
                "select h.label, h.path, s.member_id, s.verdict from handshakes h join signatures s on
                 s.handshake_id = h.id
                 where h.workspace_id = $1 and h.kind = $2 and h.subject_id = $3 and h.closed_at is null
                   and s.withdrawn_at is null and (h.sealed_at is null or $4 = 0)
                 order by s.at, s.id"
            ),
            args![kind, subject, i64::from(only_open)],
        )
        .await?;
    let me = tx.member_id();
    for AnsweredRow {
        label,
        path,
        member_id,
        verdict,
    } in answered
    {
        let (subject, letter) = if verdict == Verdict::Object {
            if Some(member_id) == me {
                continue;
            }
            (
                format!("Changed after you objected: {label}"),
                format!(
                    "{} changed or withdrew “{label}” after you objected to it. What you said stays on record. If \
                        it holds for a new text as well, object to that.",
                    tx.name()
                ),
            )
        } else {
            (
                format!("Changed after you signed: {label}"),
                format!(
                    "{} changed or withdrew “{label}” after you signed it. Your signature stays on record for \
                        the text you read. It does not count for a new text.",
                    tx.name()
                ),
            )
        };
        tx.tell(member_id, subject, &letter, Some(&path)).await?;
    }
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
    tell_who_answered(tx, (kind, subject), true, because).await?;
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
    tell_who_answered(tx, (kind, subject), false, because).await?;
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

/// Whoever owns the thing by now is asked for what is not sealed; where nobody does, that side's lead.
pub async fn set_owners(
    tx: &mut Transaction,
    kind: Kind,
    subject: uuid::Uuid,
    owners: (Option<MemberId>, Option<MemberId>),
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

/// The text that both sides sealed last for a thing, in another room's transaction.
///
/// # Errors
/// Those of reading the text.
pub async fn last_sealed<T: SignedText>(tx: &mut Transaction, subject: uuid::Uuid) -> Result<Option<T>> {
    let found: Option<(String,)> = tx
        .fetch_optional(
            sql!(
                "select content from handshakes where workspace_id = $1 and kind = $2 and subject_id = $3
                 and sealed_at is not null order by sealed_at desc, id desc limit 1"
            ),
            args![T::KIND, subject],
        )
        .await?;
    found.map(|(content,)| T::read(&content)).transpose()
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
