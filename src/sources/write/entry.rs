//! A source's entry: written, offered, signed by its owner and its custodian.

use super::{
    chairs,
    current::{Current, SourceInput, event},
    duplicate_name, key_of_retired,
};
use crate::{
    args,
    handshake::{
        Kind,
        on_table::{OnTable, Signable},
        write::{self as handshake, Offer},
    },
    identity::{Action, Permit, Seats, Transaction, Viewer},
    platform::{
        audit::Event,
        error::{Error, Result},
        ids::{MemberId, SourceId},
        text,
        time::Timestamp,
    },
    sources::{Chair, PersonalForm, Sensitivity, read, text::SourceText},
    sql,
};

/// Gives the name of the technology that it runs on.
async fn check(tx: &mut Transaction, input: &SourceInput, own: Option<SourceId>) -> Result<Option<String>> {
    let key = text::name_key(&input.name);
    let namesake: Option<(SourceId, String, i64, bool)> = tx
        .fetch_optional(
            sql!(
                "select id, name, number, retired_at is not null from sources where workspace_id = $1 and name_key = $2"
            ),
            args![key.as_str()],
        )
        .await?;
    match namesake {
        Some((id, ..)) if Some(id) == own => {}
        None => {}
        Some((_, name, _, false)) => return Err(duplicate_name(&name)),
        Some((id, _, number, true)) => {
            tx.execute(
                sql!("update sources set name_key = $3 where workspace_id = $1 and id = $2"),
                args![id, key_of_retired(&key, number)],
            )
            .await?;
        }
    }
    let Some(technology) = input.technology else {
        return Ok(None);
    };
    let known: Option<(String,)> = tx
        .fetch_optional(
            sql!("select name from technology_facts where workspace_id = $1 and id = $2"),
            args![technology],
        )
        .await?;
    match known {
        Some((name,)) => Ok(Some(name)),
        None => Err(Error::invalid("technology", "Choose one from the register.")),
    }
}

/// Enters a source and who is to sit on its chairs. Sent twice with one id, it is entered once.
pub async fn enter(
    viewer: &Viewer,
    id: SourceId,
    input: SourceInput,
    seats: &[(Chair, MemberId)],
) -> Result<i64> {
    let mut tx = viewer.begin().await?;
    let (number, done) = enter_in(&mut tx, id, &input, seats).await?;
    if let Some((permit, event)) = done {
        tx.commit(permit, event).await?;
    }
    Ok(number)
}

/// Enters it within a transaction; gives its number, and what is to be committed unless it was there.
pub(super) async fn enter_in(
    tx: &mut Transaction,
    id: SourceId,
    input: &SourceInput,
    seats: &[(Chair, MemberId)],
) -> Result<(i64, Option<(Permit, Event)>)> {
    let permit = tx.permit(Action::EnterSource)?;
    let known: Option<(i64,)> = tx
        .fetch_optional(
            sql!("select number from sources where workspace_id = $1 and id = $2"),
            args![id],
        )
        .await?;
    if let Some((number,)) = known {
        return Ok((number, None));
    }
    check(tx, input, None).await?;
    let (number,): (i64,) = tx
        .fetch_one(
            sql!("select coalesce(max(number), 0) + 1 from sources where workspace_id = $1"),
            Vec::new(),
        )
        .await?;
    tx.execute(
        sql!(
            "insert into sources (id, workspace_id, number, name, name_key, holds, technology_id, sensitivity,
             form,
             people, kinds_of_data, is_special, kept_in, refreshed, protection, created_at, created_by,
             version)
             values ($2, $1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, 1)"
        ),
        args![
            id,
            number,
            input.name.as_str(),
            text::name_key(&input.name),
            input.holds.as_str(),
            input.technology,
            input.sensitivity,
            input.form,
            input.people.as_str(),
            input.kinds_of_data.as_str(),
            input.is_special,
            input.kept_in.as_str(),
            input.refreshed.as_str(),
            input.protection.as_str(),
            tx.now(),
            tx.member_id()
        ],
    )
    .await?;
    for (chair, member) in seats {
        chairs::seat(tx, (id, number, &input.name), *chair, *member).await?;
    }
    let event = event("entered the source", id, number, &input.name);
    Ok((number, Some((permit, event))))
}

/// Writes a newer text; what was agreed stands until both holders have signed this one.
pub async fn change(viewer: &Viewer, number: i64, version: i64, input: SourceInput) -> Result<()> {
    let mut tx = viewer.begin().await?;
    match change_in(&mut tx, number, version, &input).await? {
        Some((permit, event)) => tx.commit(permit, event).await,
        None => Ok(()),
    }
}

/// Changes it within a transaction; gives what is to be committed, or nothing where it says that already.
pub(super) async fn change_in(
    tx: &mut Transaction,
    number: i64,
    version: i64,
    input: &SourceInput,
) -> Result<Option<(Permit, Event)>> {
    let permit = tx.permit(Action::EnterSource)?;
    let current = Current::find(tx, number).await?;
    if current.version != version || current.retired_at.is_some() {
        return Err(Error::Conflict);
    }
    let technology = check(tx, input, Some(current.id)).await?;
    if current.says(input, technology.as_deref()) {
        return Ok(None);
    }
    current.touch(tx).await?;
    tx.execute(
        sql!(
            "update sources set name = $3, name_key = $4, holds = $5, technology_id = $6, sensitivity = $7,
             form = $8,
             people = $9, kinds_of_data = $10, is_special = $11, kept_in = $12, refreshed = $13, protection =
             $14
             where workspace_id = $1 and id = $2"
        ),
        args![
            current.id,
            input.name.as_str(),
            text::name_key(&input.name),
            input.holds.as_str(),
            input.technology,
            input.sensitivity,
            input.form,
            input.people.as_str(),
            input.kinds_of_data.as_str(),
            input.is_special,
            input.kept_in.as_str(),
            input.refreshed.as_str(),
            input.protection.as_str()
        ],
    )
    .await?;
    let sensitivity = |of: Option<Sensitivity>| of.map_or("", Sensitivity::name);
    let form = |of: Option<PersonalForm>| of.map_or("", PersonalForm::name);
    let yes = |is: bool| if is { "yes" } else { "no" };
    let changed = current.event("changed the source").with_changes(&[
        ("Name", &current.name, &input.name),
        ("Holds", &current.holds, &input.holds),
        (
            "Sensitivity",
            sensitivity(current.sensitivity),
            sensitivity(input.sensitivity),
        ),
        ("Form", form(current.form), form(input.form)),
        ("People", &current.people, &input.people),
        ("Data", &current.kinds_of_data, &input.kinds_of_data),
        (
            "Special categories",
            yes(current.is_special),
            yes(input.is_special),
        ),
        (
            "Runs on",
            current.technology.as_deref().unwrap_or_default(),
            technology.as_deref().unwrap_or_default(),
        ),
        ("Kept in", &current.kept_in, &input.kept_in),
        ("Refreshed", &current.refreshed, &input.refreshed),
        ("Protection", &current.protection, &input.protection),
    ]);
    Ok(Some((permit, changed)))
}

/// Puts the entry before its owner and its custodian. The text of before is closed.
///
/// # Errors
/// `Invalid` with what is missing; `Conflict` when it is agreed as it stands.
pub async fn offer(viewer: &Viewer, number: i64) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::EnterSource)?;
    let current = Current::find(&mut tx, number).await?;
    if current.retired_at.is_some() || current.agreed_version == Some(current.version) {
        return Err(Error::Conflict);
    }
    let seats = chairs::seated(&mut tx, current.id).await?;
    let holder = |chair: Chair| seats.iter().find(|seat| seat.chair == chair);
    let missing = |what: &str| Error::invalid("", format!("Before it can be offered it needs {what}."));
    let owner = holder(Chair::Owner).ok_or_else(|| missing("an owner from Marketing"))?;
    let custodian = holder(Chair::Custodian).ok_or_else(|| missing("a custodian from Technology"))?;
    let text = SourceText {
        source: number,
        name: current.name.clone(),
        holds: current.holds.clone(),
        technology: current.technology.clone(),
        sensitivity: current.sensitivity.ok_or_else(|| missing("its sensitivity"))?,
        form: current
            .form
            .ok_or_else(|| missing("a word on how people appear in it"))?,
        people: current.people.clone(),
        kinds_of_data: current.kinds_of_data.clone(),
        is_special: current.is_special,
        kept_in: current.kept_in.clone(),
        refreshed: current.refreshed.clone(),
        protection: current.protection.clone(),
        owner: owner.name.clone(),
        steward: holder(Chair::Steward).map(|seat| seat.name.clone()),
        custodian: custodian.name.clone(),
        uses: read::uses_in(&mut tx, current.id)
            .await?
            .iter()
            .map(read::Use::text)
            .collect(),
    };
    if handshake::is_on_table(&mut tx, current.id.uuid(), &text).await? {
        if !handshake::is_sealed(&mut tx, Kind::Source, current.id.uuid()).await? {
            return Ok(());
        }
        // It came to say again what both signed: there is nothing to sign anew.
        tx.execute(
            sql!("update sources set agreed_version = version where workspace_id = $1 and id = $2"),
            args![current.id],
        )
        .await?;
        return tx
            .commit(permit, current.event("found unchanged the entry of"))
            .await;
    }
    handshake::void(&mut tx, Kind::Source, current.id.uuid(), "superseded").await?;
    let offer = Offer {
        text: &text,
        subject: current.id.uuid(),
        path: format!("sources/{number}"),
        label: format!("Entry of {}", current.name),
        seats: Seats::Owners,
        owners: Some((owner.member_id, custodian.member_id)),
        due_on: None,
    };
    handshake::offer_first(&mut tx, offer).await?;
    tx.commit(permit, current.event("asked for signatures under the entry of"))
        .await
}

/// A source's entry, before its owner and its custodian.
pub struct EntryOnTable(Current);

impl OnTable for EntryOnTable {
    const KIND: Kind = Kind::Source;
    const WITHDREW: &'static str = "withdrew a signature from the entry of";
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

impl Signable for EntryOnTable {
    const SIGNED: &'static str = "signed the entry of";
    const OBJECTED: &'static str = "objected to the entry of";
    const TAKES_NO_CONDITION: Option<&'static str> = Some("You can agree to this entry, or object to it.");
    type Input = ();

    async fn sealed(&self, tx: &mut Transaction, at: Timestamp) -> Result<()> {
        tx.execute(
            sql!(
                "update sources set agreed_at = $3, agreed_version = version, agreed_sensitivity = sensitivity
                 where workspace_id = $1 and id = $2"
            ),
            args![self.0.id, at],
        )
        .await?;
        Ok(())
    }
}
