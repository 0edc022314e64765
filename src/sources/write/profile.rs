//! The profile: the one source where a customer's parts meet, named by both leads.

use super::current::Current;
use crate::{
    args,
    handshake::{
        Kind,
        on_table::{OnTable, Signable},
        write::{self as handshake, Offer},
    },
    identity::{Action, Seats, Transaction, Viewer},
    platform::{
        audit::Event,
        error::{Error, Result},
        ids::{ProfileId, SourceId},
        time::Timestamp,
    },
    sources::text::ProfileText,
    sql,
};

#[derive(sqlx::FromRow)]
struct ProfileRow {
    source_id: SourceId,
    name: String,
}

/// Puts before both leads which source is the profile; what lay there of it before is closed.
///
/// # Errors
/// `Invalid` for the source that is the profile already; `Conflict` for a retired one.
pub async fn name_profile(viewer: &Viewer, number: i64) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::NameProfile)?;
    let current = Current::find(&mut tx, number).await?;
    if current.retired_at.is_some() {
        return Err(Error::Conflict);
    }
    let named: Option<ProfileRow> = tx
        .fetch_optional(
            sql!(
                "select p.source_id, s.name from source_profiles p join sources s on s.id = p.source_id
                 where p.workspace_id = $1 and p.named_at is not null and p.ended_at is null"
            ),
            Vec::new(),
        )
        .await?;
    if named.as_ref().is_some_and(|named| named.source_id == current.id) {
        return Err(Error::invalid(
            "source",
            format!("{} is the profile already.", current.name),
        ));
    }
    for (id, source) in proposed(&mut tx).await? {
        if source == current.id && !is_objected(&mut tx, id).await? {
            return Ok(());
        }
        handshake::close(&mut tx, Kind::Profile, id.uuid(), "superseded").await?;
        end(&mut tx, id).await?;
    }
    let id: ProfileId = tx.fresh_id();
    tx.execute(
        sql!(
            "insert into source_profiles (id, workspace_id, source_id, offered_at, offered_by)
             values ($2, $1, $3, $4, $5)"
        ),
        args![id, current.id, tx.now(), tx.member_id()],
    )
    .await?;
    let text = ProfileText {
        source: number,
        name: current.name.clone(),
        instead_of: named.map(|named| named.name),
    };
    let offer = Offer {
        text: &text,
        subject: id.uuid(),
        path: "sources/profile".to_owned(),
        label: format!("{} as the profile", current.name),
        seats: Seats::Leads,
        owners: None,
        due_on: None,
    };
    handshake::offer_first(&mut tx, offer).await?;
    tx.commit(permit, current.event("proposed as the profile")).await
}

/// What lies before both leads, with its source.
async fn proposed(tx: &mut Transaction) -> Result<Vec<(ProfileId, SourceId)>> {
    tx.fetch_all(
        sql!(
            "select id, source_id from source_profiles
             where workspace_id = $1 and named_at is null and ended_at is null"
        ),
        Vec::new(),
    )
    .await
}

/// Whether a lead objects to what was proposed: then it is proposed anew.
async fn is_objected(tx: &mut Transaction, id: ProfileId) -> Result<bool> {
    let objection: Option<(i64,)> = tx
        .fetch_optional(
            sql!(
                "select s.at from tabled_handshakes h join filled_seats s on s.handshake_id = h.id
                 where h.workspace_id = $1 and h.kind = 'profile' and h.subject_id = $2 and s.verdict =
                 'object'
                 limit 1"
            ),
            args![id],
        )
        .await?;
    Ok(objection.is_some())
}

/// The source is retired: what proposes it as the profile leaves the table.
///
/// # Errors
/// `Invalid` while both leads name it as the profile.
pub(super) async fn end_of_source(tx: &mut Transaction, source: SourceId) -> Result<()> {
    refuse_end(tx, source).await?;
    for (id, of) in proposed(tx).await? {
        if of == source {
            handshake::close(tx, Kind::Profile, id.uuid(), "archived").await?;
        }
    }
    tx.execute(
        sql!(
            "update source_profiles set ended_at = $3 where workspace_id = $1 and source_id = $2 and ended_at
             is null"
        ),
        args![source, tx.now()],
    )
    .await?;
    Ok(())
}

/// What both leads named as the profile is not ended by its holders.
pub(super) async fn refuse_end(tx: &mut Transaction, source: SourceId) -> Result<()> {
    let (named,): (i64,) = tx
        .fetch_one(
            sql!(
                "select count(*) from source_profiles where workspace_id = $1 and source_id = $2 and named_at is not
                 null and ended_at is null"
            ),
            args![source],
        )
        .await?;
    if named > 0 {
        return Err(Error::invalid(
            "",
            "Both leads named this source as the profile. Let both name another one first.",
        ));
    }
    Ok(())
}

async fn end(tx: &mut Transaction, id: ProfileId) -> Result<()> {
    tx.execute(
        sql!("update source_profiles set ended_at = $3 where workspace_id = $1 and id = $2"),
        args![id, tx.now()],
    )
    .await?;
    Ok(())
}

/// What lies before both leads as the profile.
pub struct ProfileOnTable {
    id: ProfileId,
    source_number: i64,
    name: String,
}

impl OnTable for ProfileOnTable {
    const KIND: Kind = Kind::Profile;
    const WITHDREW: &'static str = "withdrew a signature from the profile";
    type Key = ();

    async fn find(tx: &mut Transaction, (): ()) -> Result<Self> {
        let found: Option<(ProfileId, i64, String)> = tx
            .fetch_optional(
                sql!(
                    "select p.id, s.number, s.name from source_profiles p join sources s on s.id = p.source_id
                     where p.workspace_id = $1 and p.named_at is null and p.ended_at is null"
                ),
                Vec::new(),
            )
            .await?;
        let (id, source_number, name) = found.ok_or(Error::Conflict)?;
        Ok(Self {
            id,
            source_number,
            name,
        })
    }

    fn subject(&self) -> uuid::Uuid {
        self.id.uuid()
    }

    fn event(&self, verb: &'static str) -> Event {
        Event::new(verb, "source", self.id.uuid(), self.name.clone())
            .at(format!("sources/{}", self.source_number))
    }
}

impl Signable for ProfileOnTable {
    const SIGNED: &'static str = "signed as the profile";
    const OBJECTED: &'static str = "objected to as the profile";
    const TAKES_NO_CONDITION: Option<&'static str> = Some("You can agree to this profile, or object to it.");
    type Input = ();

    async fn sealed(&self, tx: &mut Transaction, at: Timestamp) -> Result<()> {
        tx.execute(
            sql!(
                "update source_profiles set ended_at = $2
                 where workspace_id = $1 and named_at is not null and ended_at is null"
            ),
            args![at],
        )
        .await?;
        tx.execute(
            sql!("update source_profiles set named_at = $3 where workspace_id = $1 and id = $2"),
            args![self.id, at],
        )
        .await?;
        Ok(())
    }
}
