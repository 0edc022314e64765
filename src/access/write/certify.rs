//! Certifying an access while it lasts: each side says for itself whether it is still needed.

use super::{Current, Doors, request};
use crate::{
    access::{
        Access,
        terms::{self, CERTIFY_AHEAD_DAYS, Certification},
    },
    args,
    identity::{Action, Side, Transaction, Viewer},
    platform::{
        error::{Error, Result},
        ids::MemberId,
    },
    sql,
};

/// What one side says of an access that is to be certified.
pub struct CertifyInput {
    pub word: Certification,
    /// Why; needed where it is not kept.
    pub because: String,
}

#[derive(sqlx::FromRow)]
struct Said {
    side: Side,
    word: Certification,
    by: MemberId,
}

/// Keeps, narrows or ends an access for the viewer's side. Kept by both, it is asked for again after the time
/// that its sensitivity sets. Said twice in the same way, it is said once.
///
/// # Errors
/// `Forbidden` to whoever asked, and to who does not answer for the source; `Conflict` when it is not to be
/// certified; `Invalid` when the side has said something else, or the same person spoke for the other side.
pub async fn certify(viewer: &Viewer, number: i64, input: CertifyInput) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let it = request(&mut tx, number).await?;
    let doors = Doors::of(&mut tx, it.id).await?;
    let side = tx.side().ok_or(Error::Forbidden)?;
    let permit = tx.permit(Action::CertifyAccess {
        asked_by: it.asked_by,
        holders: &doors.certifiers(side),
    })?;
    let due_on = it.certify_on.ok_or(Error::Conflict)?;
    if it.state(tx.today()) != Access::Granted || tx.today() < due_on.plus(-CERTIFY_AHEAD_DAYS) {
        return Err(Error::Conflict);
    }
    let said: Vec<Said> = tx
        .fetch_all(
            sql!(
                "select side, word, said_by as by from access_certifications where workspace_id = $1 and
                 access_id = $2
                 and due_on = $3"
            ),
            args![it.id, due_on],
        )
        .await?;
    if let Some(own) = said.iter().find(|said| said.side == side) {
        return if own.word == input.word {
            Ok(())
        } else {
            Err(Error::invalid(
                "word",
                format!("{} has answered already.", side.name()),
            ))
        };
    }
    if said.iter().any(|said| Some(said.by) == tx.member_id()) {
        return Err(Error::invalid(
            "word",
            "You answered for the other side. Somebody else has to answer for this one.",
        ));
    }
    let id = tx.fresh_id::<crate::platform::ids::CertificationId>();
    tx.execute(
        sql!(
            "insert into access_certifications (id, workspace_id, access_id, due_on, side, word, because,
             said_at, said_by)
             values ($2, $1, $3, $4, $5, $6, $7, $8, $9)"
        ),
        args![
            id,
            it.id,
            due_on,
            side,
            input.word,
            input.because.as_str(),
            tx.now(),
            tx.member_id()
        ],
    )
    .await?;
    let other_kept = said.iter().any(|said| said.word == Certification::Kept);
    match input.word {
        Certification::Kept if other_kept => keep(&mut tx, &it).await?,
        Certification::Kept => {}
        Certification::Narrowed => tell_asker(&mut tx, &it, &input.because).await?,
        Certification::Ended => super::end_now(&mut tx, &it, &input.because).await?,
    }
    let event = it.event(match input.word {
        Certification::Kept => "kept the access to",
        Certification::Narrowed => "asked for less of the access to",
        Certification::Ended => "ended access to",
    });
    tx.commit(permit, event.detail(input.because)).await
}

/// Both sides kept it: the next time counts from today.
async fn keep(tx: &mut Transaction, it: &Current) -> Result<()> {
    let next = it
        .counts_as
        .and_then(|sensitivity| terms::certify_on(tx.today(), sensitivity, it.ends_on));
    tx.execute(
        sql!("update access_terms set certify_on = $3 where workspace_id = $1 and access_id = $2"),
        args![it.id, next],
    )
    .await?;
    Ok(())
}

async fn tell_asker(tx: &mut Transaction, it: &Current, because: &str) -> Result<()> {
    let until = it
        .certify_on
        .map_or_else(String::new, |day| day.plus(terms::SILENCE_DAYS).format_long());
    let letter = format!(
        "{} says that less than the access you have would do: {because} It ends after {until}. Ask for less before then.",
        tx.name()
    );
    tx.tell(
        it.asked_by,
        format!("Less would do: {}", it.title),
        &letter,
        Some(&format!("access/{}", it.number)),
    )
    .await
}
