//! What may be done to the definition.

use super::{
    Clause,
    read::{self, DraftClause, Measure},
};
use crate::{
    args,
    ground::{
        audit::{Event, sha256},
        error::{Error, Result},
        ids::{ClauseId, KpiId, VersionId},
    },
    handshake::{
        Kind, Seats, State, Verdict,
        write::{self as handshake, Offer, Taken, canonical},
    },
    people::{Act, Deed, Viewer},
};

/// The text of a clause.
#[derive(Clone, Debug)]
pub struct Text {
    pub title: String,
    pub promise: String,
    pub for_marketing: String,
    pub for_technology: String,
    pub kpis: Vec<KpiId>,
}

const MOST_CLAUSES: i64 = 60;

/// Adds a clause at the end. Sent twice with one id, it is added once.
pub async fn add_clause(viewer: &Viewer, id: ClauseId, text: Text) -> Result<()> {
    let mut act = viewer.act().await?;
    let permit = act.permit(Deed::EditDefinition)?;
    let already: Option<(ClauseId,)> = act.maybe("select id from clauses where workspace_id = $1 and id = $2", args![id]).await?;
    if already.is_some() {
        return Ok(());
    }
    let (count, last): (i64, i64) =
        act.one("select count(*), coalesce(max(position), 0) from clauses where workspace_id = $1 and archived_at is null", Vec::new()).await?;
    if count >= MOST_CLAUSES {
        return Err(Error::invalid("", format!("A definition has at most {MOST_CLAUSES} clauses. Archive one first.")));
    }
    act.execute(
        "insert into clauses (id, workspace_id, position, title, promise, for_marketing, for_technology, version, edited_at, edited_by)
         values ($2, $1, $3, $4, $5, $6, $7, 1, $8, $9)",
        args![id, last + 1, &text.title, text.promise, text.for_marketing, text.for_technology, act.now(), act.member_id()],
    )
    .await?;
    measure_by(&mut act, id, &text.kpis).await?;
    void_proposal(&mut act).await?;
    act.commit(permit, Event::new("added the clause", "definition", id.uuid(), text.title).at("definition")).await
}

/// Replaces a clause's text, unless it changed since `version`.
pub async fn edit_clause(viewer: &Viewer, id: ClauseId, version: i64, text: Text) -> Result<()> {
    let mut act = viewer.act().await?;
    let permit = act.permit(Deed::EditDefinition)?;
    let before: Before = act
        .one(
            "select version, title, promise, for_marketing, for_technology from clauses where workspace_id = $1 and id = $2 and archived_at is null",
            args![id],
        )
        .await?;
    if before.version != version {
        return Err(Error::Conflict);
    }
    let event = Event::new("edited the clause", "definition", id.uuid(), &text.title).at("definition").changed(&[
        ("Title", &before.title, &text.title),
        ("Promise", &before.promise, &text.promise),
        ("For Marketing", &before.for_marketing, &text.for_marketing),
        ("For Technology", &before.for_technology, &text.for_technology),
    ]);
    act.execute(
        "update clauses set title = $3, promise = $4, for_marketing = $5, for_technology = $6, version = version + 1, edited_at = $7, edited_by = $8
         where workspace_id = $1 and id = $2",
        args![id, &text.title, text.promise, text.for_marketing, text.for_technology, act.now(), act.member_id()],
    )
    .await?;
    act.execute("delete from clause_kpis where workspace_id = $1 and clause_id = $2", args![id]).await?;
    measure_by(&mut act, id, &text.kpis).await?;
    void_proposal(&mut act).await?;
    act.commit(permit, event).await
}

#[derive(sqlx::FromRow)]
struct Before {
    version: i64,
    title: String,
    promise: String,
    for_marketing: String,
    for_technology: String,
}

async fn measure_by(act: &mut Act, clause: ClauseId, kpis: &[KpiId]) -> Result<()> {
    for kpi in kpis {
        let added = act
            .execute(
                "insert into clause_kpis (workspace_id, clause_id, kpi_id)
                 select k.workspace_id, $2, k.id from kpis k where k.workspace_id = $1 and k.id = $3 and k.archived_at is null
                 on conflict do nothing",
                args![clause, *kpi],
            )
            .await?;
        if added == 0 {
            let known: Option<(KpiId,)> = act.maybe("select id from kpis where workspace_id = $1 and id = $2", args![*kpi]).await?;
            if known.is_none() {
                return Err(Error::invalid("kpis", "Choose from the list."));
            }
        }
    }
    Ok(())
}

/// Takes a clause out of the draft; versions keep it.
pub async fn archive_clause(viewer: &Viewer, id: ClauseId) -> Result<()> {
    let mut act = viewer.act().await?;
    let permit = act.permit(Deed::EditDefinition)?;
    let (title,): (String,) = act.one("select title from clauses where workspace_id = $1 and id = $2 and archived_at is null", args![id]).await?;
    act.execute("update clauses set archived_at = $3, version = version + 1 where workspace_id = $1 and id = $2", args![id, act.now()]).await?;
    void_proposal(&mut act).await?;
    act.commit(permit, Event::new("archived the clause", "definition", id.uuid(), title).at("definition")).await
}

/// An edit of the draft ends the proposal on the table, signed or not.
async fn void_proposal(act: &mut Act) -> Result<()> {
    let open: Vec<(VersionId, i64)> = act
        .all(
            "select v.id, v.number from definition_versions v join handshakes h on h.kind = 'definition' and h.subject_id = v.id and h.closed_at is null
             where v.workspace_id = $1 and v.in_force_at is null",
            Vec::new(),
        )
        .await?;
    for (id, number) in open {
        handshake::close(act, Kind::Definition, id.uuid(), "edited").await?;
        act.record(place(Event::new("voided, by an edit,", "definition", id.uuid(), label(number)), number)).await?;
    }
    Ok(())
}

fn label(number: i64) -> String {
    format!("version {number} of the definition")
}

fn place(event: Event, number: i64) -> Event {
    event.at(format!("definition/versions/{number}"))
}

/// Freezes the draft as the next version and offers it to both leads.
pub async fn propose(viewer: &Viewer) -> Result<i64> {
    let mut act = viewer.act().await?;
    let permit = act.permit(Deed::ProposeDefinition)?;
    let draft: Vec<DraftClause> = act
        .all(
            "select c.id, c.position, c.title, c.promise, c.for_marketing, c.for_technology, c.version, c.edited_at, a.name as edited_by
             from clauses c join members m on m.id = c.edited_by join accounts a on a.id = m.account_id
             where c.workspace_id = $1 and c.archived_at is null order by c.position, c.id limit 200",
            Vec::new(),
        )
        .await?;
    let measures: Vec<Measure> = act
        .all(
            "select ck.clause_id, k.id as kpi_id, k.number, k.title from clause_kpis ck join kpis k on k.id = ck.kpi_id
             where ck.workspace_id = $1 and k.archived_at is null order by k.title, k.id limit 1000",
            Vec::new(),
        )
        .await?;
    if draft.is_empty() {
        return Err(Error::invalid("", "There is nothing to propose yet. Write a clause first."));
    }
    let clauses = read::as_clauses(&draft, &measures);
    if let Some(number) = proposed_already(&mut act, &clauses).await? {
        return Ok(number);
    }
    let in_force: Option<(String,)> =
        act.maybe("select content from definition_versions where workspace_id = $1 and in_force_at is not null and superseded_at is null", Vec::new()).await?;
    let number = store_version(&mut act, &clauses, in_force.as_ref().map(|(content,)| content.as_str())).await?;
    let event = Event::new("proposed", "definition", None, label(number));
    act.commit(permit, place(event, number)).await?;
    Ok(number)
}

/// The proposal on the table, when it is this very text: proposing twice proposes once.
async fn proposed_already(act: &mut Act, clauses: &[Clause]) -> Result<Option<i64>> {
    let open: Option<(i64, String)> = act
        .maybe(
            "select v.number, v.content from definition_versions v join handshakes h on h.kind = 'definition' and h.subject_id = v.id and h.closed_at is null
             where v.workspace_id = $1 and v.in_force_at is null and not exists
                   (select 1 from signatures s where s.handshake_id = h.id and s.verdict = 'object' and s.withdrawn_at is null)",
            Vec::new(),
        )
        .await?;
    Ok(open.filter(|(number, text)| canonical(&content(*number, clauses)) == *text).map(|(number, _)| number))
}

/// The canonical text of a version: its number and its clauses.
fn content(number: i64, clauses: &[Clause]) -> serde_json::Value {
    serde_json::json!({ "definition": number, "clauses": clauses })
}

async fn store_version(act: &mut Act, clauses: &[Clause], in_force: Option<&str>) -> Result<i64> {
    let same_as_in_force = in_force
        .and_then(|content| serde_json::from_str::<serde_json::Value>(content).ok())
        .is_some_and(|content| content.get("clauses") == serde_json::to_value(clauses).ok().as_ref());
    if same_as_in_force {
        return Err(Error::invalid("", "The draft is the version in force, word for word. Change something first."));
    }
    void_proposal(act).await?;
    let (number,): (i64,) = act.one("select coalesce(max(number), 0) + 1 from definition_versions where workspace_id = $1", Vec::new()).await?;
    let content = content(number, clauses);
    let text = canonical(&content);
    let id: VersionId = act.fresh_id();
    act.execute(
        "insert into definition_versions (id, workspace_id, number, content, digest, proposed_at, proposed_by) values ($2, $1, $3, $4, $5, $6, $7)",
        args![id, number, &text, sha256(&text), act.now(), act.member_id()],
    )
    .await?;
    let offer = Offer {
        kind: Kind::Definition,
        subject: id.uuid(),
        place: format!("definition/versions/{number}"),
        label: format!("Version {number} of the definition"),
        content,
        seats: Seats::Leads,
        owners: None,
    };
    handshake::offer(act, offer).await?;
    Ok(number)
}

/// Ratifies or objects, for the lead's own side. The second agreeing signature puts the version in force.
pub async fn sign(viewer: &Viewer, number: i64, seen: &str, verdict: Verdict, reason: Option<&str>) -> Result<State> {
    let mut act = viewer.act().await?;
    if verdict == Verdict::AgreeWithConditions {
        return Err(Error::invalid("verdict", "A definition is ratified as it stands, or objected to."));
    }
    let id = version_id(&mut act, number).await?;
    let Taken { permit, state, words, .. } = handshake::sign(&mut act, Kind::Definition, id.uuid(), seen, verdict, reason).await?;
    if let State::Sealed { at } = state {
        act.execute(
            "update definition_versions set superseded_at = $2 where workspace_id = $1 and in_force_at is not null and superseded_at is null",
            args![at],
        )
        .await?;
        act.execute("update definition_versions set in_force_at = $3 where workspace_id = $1 and id = $2", args![id, at]).await?;
        let event = Event::new("put in force", "definition", id.uuid(), label(number)).detail("both leads ratified the same text");
        act.record(place(event, number)).await?;
    }
    act.commit(permit, place(Event::new("signed", "definition", id.uuid(), label(number)).detail(words), number)).await?;
    Ok(state)
}

pub async fn withdraw_signature(viewer: &Viewer, number: i64) -> Result<()> {
    let mut act = viewer.act().await?;
    let id = version_id(&mut act, number).await?;
    let (permit, side) = handshake::withdraw(&mut act, Kind::Definition, id.uuid()).await?;
    let event = Event::new("withdrew a signature from", "definition", id.uuid(), label(number)).detail(format!("for {}", side.name()));
    act.commit(permit, place(event, number)).await
}

/// Takes an unsealed proposal off the table.
pub async fn take_back(viewer: &Viewer, number: i64) -> Result<()> {
    let mut act = viewer.act().await?;
    let permit = act.permit(Deed::ProposeDefinition)?;
    let id = version_id(&mut act, number).await?;
    if !handshake::close(&mut act, Kind::Definition, id.uuid(), "withdrawn").await? {
        return Err(Error::Conflict);
    }
    act.commit(permit, place(Event::new("took back", "definition", id.uuid(), label(number)), number)).await
}

async fn version_id(act: &mut Act, number: i64) -> Result<VersionId> {
    let (id,): (VersionId,) = act.one("select id from definition_versions where workspace_id = $1 and number = $2", args![number]).await?;
    Ok(id)
}
