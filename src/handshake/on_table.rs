//! Signing and withdrawing, written once for everything that is signed: a room says what its thing on the
//! table is called and what follows when both have signed.

use std::future::Future;

use super::{
    Kind, State, Verdict,
    write::{self, VerdictInput},
};
use crate::{
    identity::{Permit, Side, Transaction, Viewer},
    platform::{
        audit::Event,
        error::{Error, Result},
        time::Timestamp,
    },
};

/// A thing whose text lies on the table, as a transaction finds it.
pub trait OnTable: Send + Sized + Sync {
    const KIND: Kind;

    /// The event's verb when a seat is emptied, "withdrew a signature from".
    const WITHDREW: &'static str;

    /// Names it within its workspace: a number, a quarter.
    type Key: Copy + Send + Sync;

    fn find(tx: &mut Transaction, key: Self::Key) -> impl Future<Output = Result<Self>> + Send;

    fn subject(&self) -> uuid::Uuid;

    fn event(&self, verb: &'static str) -> Event;

    /// What follows from an emptied seat.
    fn withdrawn(&self, _tx: &mut Transaction, _side: Side) -> impl Future<Output = Result<()>> + Send {
        async { Ok(()) }
    }
}

/// Which text is signed.
pub enum TextToSign {
    /// The one on the table, with this digest.
    Sign { digest: String },
    /// None: what it says had changed, and it was offered anew for the next to read.
    OfferedAnew(Permit, Event),
}

impl TextToSign {
    /// The text that the signer was shown.
    pub fn sign(given: VerdictInput<'_>) -> Self {
        Self::Sign {
            digest: given.seen.to_owned(),
        }
    }
}

/// A thing that both sides sign with a verdict.
pub trait Signable: OnTable {
    /// The event's verb when a seat is filled, "signed".
    const SIGNED: &'static str;
    /// The verb of whoever objects: "objected to".
    const OBJECTED: &'static str;

    /// The answer to who would agree with a condition, where a text is taken as it stands.
    const TAKES_NO_CONDITION: Option<&'static str>;

    /// What comes with a verdict: a condition's owner and day, or nothing.
    type Input: Default + Send;

    /// Refuses, or brings the text up to date, before the seat is filled.
    fn prepare(
        &self,
        _tx: &mut Transaction,
        given: VerdictInput<'_>,
        _input: Self::Input,
    ) -> impl Future<Output = Result<TextToSign>> + Send {
        let shown = TextToSign::sign(given);
        async { Ok(shown) }
    }

    /// Refuses what this signer may not say of it, once the seat is theirs to fill.
    fn check_signer(&self, _tx: &Transaction) -> Result<()> {
        Ok(())
    }

    /// What follows when both have signed.
    fn sealed(&self, _tx: &mut Transaction, _at: Timestamp) -> impl Future<Output = Result<()>> + Send {
        async { Ok(()) }
    }
}

/// Fills the viewer's own seat; with the second that agrees, the text is sealed and what it says comes about.
///
/// # Errors
/// `Conflict` when another text lies on the table than the one seen; `Forbidden` to whom the seat is not for;
/// `Invalid` with the field where the verdict cannot be given.
pub async fn sign<T: Signable>(
    viewer: &Viewer,
    key: T::Key,
    given: VerdictInput<'_>,
    input: T::Input,
) -> Result<State> {
    let mut tx = viewer.begin().await?;
    if let (Verdict::AgreeWithConditions, Some(refusal)) = (given.verdict, T::TAKES_NO_CONDITION) {
        return Err(Error::invalid("verdict", refusal));
    }
    let thing = T::find(&mut tx, key).await?;
    let digest = match thing.prepare(&mut tx, given, input).await? {
        TextToSign::Sign { digest } => digest,
        TextToSign::OfferedAnew(permit, event) => {
            tx.commit(permit, event).await?;
            return Err(Error::Conflict);
        }
    };
    let filled = write::fill_seat(
        &mut tx,
        T::KIND,
        thing.subject(),
        VerdictInput {
            seen: &digest,
            ..given
        },
    )
    .await?;
    thing.check_signer(&tx)?;
    if let State::Sealed { at } = filled.state {
        thing.sealed(&mut tx, at).await?;
    }
    let verb = if given.verdict == Verdict::Object {
        T::OBJECTED
    } else {
        T::SIGNED
    };
    tx.commit(filled.permit, thing.event(verb).detail(filled.words))
        .await?;
    Ok(filled.state)
}

/// Empties the seat that the viewer filled.
///
/// # Errors
/// `Conflict` when the text is sealed or off the table; `Invalid` when the viewer filled no seat of it.
pub async fn withdraw<T: OnTable>(viewer: &Viewer, key: T::Key) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let thing = T::find(&mut tx, key).await?;
    let (permit, side) = write::empty_seat(&mut tx, T::KIND, thing.subject()).await?;
    thing.withdrawn(&mut tx, side).await?;
    let event = thing.event(T::WITHDREW);
    let detail = format!("{} for {}", event.detail, side.name());
    tx.commit(permit, event.detail(detail.trim_start())).await
}
