//! Proposing, ratifying and restoring versions.

use super::{label, path, void_proposal};
use crate::{
    args,
    definition::{
        AGAIN_WITHIN_DAYS, Clause,
        read::{self, ClauseKpi, DraftClause},
        text::DefinitionText,
    },
    handshake::{
        Kind,
        on_table::{OnTable, Signable},
        text::SignedText as _,
        write::{self as handshake, Offer},
    },
    identity::{Action, Seats, Transaction, Viewer},
    platform::{
        audit::{Event, sha256},
        error::{Error, Result},
        ids::{ClauseId, VersionId},
        time::{Day, Timestamp},
    },
    sql,
};

/// Freezes the draft as the next version and offers it to both leads.
pub async fn propose(viewer: &Viewer, again_by: Option<Day>) -> Result<i64> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::ProposeDefinition)?;
    if again_by.is_some_and(|day| day <= tx.today()) {
        return Err(Error::invalid("again_by", "Choose a later day."));
    }
    let draft: Vec<DraftClause> = tx
        .fetch_all(
            sql!(
                "select c.id, c.position, c.title, c.promise, c.for_marketing, c.for_technology, c.version,
                 c.edited_at, m.name as edited_by, c.archived_at
             from clauses c join people m on m.id = c.edited_by
             where c.workspace_id = $1 and c.archived_at is null order by c.position, c.id limit 200"
            ),
            Vec::new(),
        )
        .await?;
    let measures: Vec<ClauseKpi> = tx
        .fetch_all(
            sql!(
                "select ck.clause_id, k.id as kpi_id, k.number, k.title from clause_kpis ck join kpi_facts k
                 on k.id = ck.kpi_id
             where ck.workspace_id = $1 and k.archived_at is null order by k.title, k.id limit 1000"
            ),
            Vec::new(),
        )
        .await?;
    if draft.is_empty() {
        return Err(Error::invalid(
            "",
            "There is nothing to propose yet. Write a clause first.",
        ));
    }
    let clauses = read::as_clauses(&draft, &measures);
    if let Some(number) = find_same_proposal(&mut tx, &clauses, again_by).await? {
        return Ok(number);
    }
    refuse_same(&mut tx, &clauses).await?;
    let number = store_version(&mut tx, &clauses, again_by).await?;
    let event = Event::new("proposed", "definition", None, label(number));
    tx.commit(permit, path(event, number)).await?;
    Ok(number)
}

/// The proposal on the table, when it is this very text: proposing twice proposes once.
async fn find_same_proposal(
    tx: &mut Transaction,
    clauses: &[Clause],
    again_by: Option<Day>,
) -> Result<Option<i64>> {
    let open: Option<(i64, String)> = tx
        .fetch_optional(
            sql!(
                "select v.number, v.content from definition_versions v join tabled_handshakes h on h.kind =
                 'definition' and h.subject_id = v.id
             where v.workspace_id = $1 and v.in_force_at is null and not exists
                   (select 1 from filled_seats s where s.handshake_id = h.id and s.verdict = 'object')"
            ),
            Vec::new(),
        )
        .await?;
    let Some((number, content)) = open else {
        return Ok(None);
    };
    let same = DefinitionText::new(number, clauses.to_vec(), again_by).canonical()? == content;
    Ok(same.then_some(number))
}

/// What is in force is proposed again only when it is due to be ratified again.
async fn refuse_same(tx: &mut Transaction, clauses: &[Clause]) -> Result<()> {
    let in_force: Option<(String, Option<Day>)> = tx
        .fetch_optional(
            sql!(
                "select content, review_on from definition_versions where workspace_id = $1 and in_force_at
                 is not null and superseded_at is null"
            ),
            Vec::new(),
        )
        .await?;
    let Some((content, review_on)) = in_force else {
        return Ok(());
    };
    let is_due = review_on.is_some_and(|day| day.plus(-AGAIN_WITHIN_DAYS) <= tx.today());
    let is_same = DefinitionText::read(&content)?.clauses == clauses;
    if is_same && !is_due {
        return Err(Error::invalid(
            "",
            "The draft is identical to the version in force. Change something first.",
        ));
    }
    Ok(())
}

async fn store_version(tx: &mut Transaction, clauses: &[Clause], again_by: Option<Day>) -> Result<i64> {
    void_proposal(tx).await?;
    let (number,): (i64,) = tx
        .fetch_one(
            sql!("select coalesce(max(number), 0) + 1 from definition_versions where workspace_id = $1"),
            Vec::new(),
        )
        .await?;
    let text = DefinitionText::new(number, clauses.to_vec(), again_by);
    let content = text.canonical()?;
    let id: VersionId = tx.fresh_id();
    tx.execute(
        sql!(
            "insert into definition_versions (id, workspace_id, number, content, digest, proposed_at,
             proposed_by, review_on) values ($2, $1, $3, $4, $5, $6, $7, $8)"
        ),
        args![
            id,
            number,
            &content,
            sha256(&content),
            tx.now(),
            tx.member_id(),
            again_by
        ],
    )
    .await?;
    let offer = Offer {
        text: &text,
        subject: id.uuid(),
        path: format!("definition/versions/{number}"),
        label: format!("Version {number} of the definition"),
        seats: Seats::Leads,
        owners: None,
        due_on: None,
    };
    handshake::offer(tx, offer).await?;
    Ok(number)
}

/// A version of the definition that both leads ratify; ratified, it is in force.
pub struct VersionOnTable {
    id: VersionId,
    number: i64,
}

impl OnTable for VersionOnTable {
    const KIND: Kind = Kind::Definition;
    const WITHDREW: &'static str = "withdrew a signature from";
    type Key = i64;

    async fn find(tx: &mut Transaction, number: i64) -> Result<Self> {
        let id = version_id(tx, number).await?;
        Ok(Self { id, number })
    }

    fn subject(&self) -> uuid::Uuid {
        self.id.uuid()
    }

    fn event(&self, verb: &'static str) -> Event {
        let event = Event::new(verb, "definition", self.id.uuid(), label(self.number));
        path(event, self.number)
    }
}

impl Signable for VersionOnTable {
    const SIGNED: &'static str = "signed";
    const OBJECTED: &'static str = "objected to";
    const TAKES_NO_CONDITION: Option<&'static str> =
        Some("You can ratify this definition as it stands, or object to it.");
    type Input = ();

    async fn sealed(&self, tx: &mut Transaction, at: Timestamp) -> Result<()> {
        tx.execute(
            sql!(
                "update definition_versions set superseded_at = $2 where workspace_id = $1 and in_force_at is
                 not null and superseded_at is null"
            ),
            args![at],
        )
        .await?;
        tx.execute(
            sql!("update definition_versions set in_force_at = $3 where workspace_id = $1 and id = $2"),
            args![self.id, at],
        )
        .await?;
        let event = self
            .event("put in force")
            .detail("both leads ratified the same text");
        tx.record(event).await
    }
}

/// Takes an unsealed proposal off the table.
pub async fn take_back(viewer: &Viewer, number: i64) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::ProposeDefinition)?;
    let id = version_id(&mut tx, number).await?;
    if !handshake::close(&mut tx, Kind::Definition, id.uuid(), "withdrawn").await? {
        return Err(Error::Conflict);
    }
    tx.commit(
        permit,
        path(
            Event::new("took back", "definition", id.uuid(), label(number)),
            number,
        ),
    )
    .await
}

async fn version_id(tx: &mut Transaction, number: i64) -> Result<VersionId> {
    let (id,): (VersionId,) = tx
        .fetch_one(
            sql!("select id from definition_versions where workspace_id = $1 and number = $2"),
            args![number],
        )
        .await?;
    Ok(id)
}

#[derive(sqlx::FromRow)]
struct Before {
    id: ClauseId,
    title: String,
    promise: String,
    for_marketing: String,
    for_technology: String,
}

/// Makes the text of a version the working draft: its clauses in its order, every other one archived. What
/// measures a clause stays as it is now.
pub async fn restore(viewer: &Viewer, number: i64) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::ProposeDefinition)?;
    let (id, text): (VersionId, String) = tx
        .fetch_one(
            sql!("select id, content from definition_versions where workspace_id = $1 and number = $2"),
            args![number],
        )
        .await?;
    let content = DefinitionText::read(&text)?;
    let before: Vec<Before> = tx
        .fetch_all(
            sql!(
                "select id, title, promise, for_marketing, for_technology from clauses where
             workspace_id = $1 and archived_at is null"
            ),
            Vec::new(),
        )
        .await?;
    let (now, me) = (tx.now(), tx.member_id());
    tx.execute(
        sql!(
            "update clauses set archived_at = $2, version = version + 1 where workspace_id = $1 and
         archived_at is null"
        ),
        args![now],
    )
    .await?;
    for (position, clause) in (1_i64..).zip(&content.clauses) {
        let clause_id: ClauseId = clause.id.parse().map_err(|_| Error::Internal)?;
        let known = tx
            .execute(
                sql!(
                    "update clauses set position = $3, title = $4, promise = $5, for_marketing = $6,
                     for_technology = $7, archived_at = null, edited_at = $8, edited_by = $9
                 where workspace_id = $1 and id = $2"
                ),
                args![
                    clause_id,
                    position,
                    &clause.title,
                    &clause.promise,
                    &clause.for_marketing,
                    &clause.for_technology,
                    now,
                    me
                ],
            )
            .await?;
        if known == 0 {
            return Err(Error::Internal);
        }
        let empty = String::new();
        let was = before.iter().find(|was| was.id == clause_id);
        let text = |read: fn(&Before) -> &String| was.map_or(empty.clone(), |was| read(was).clone());
        let event = Event::new(
            "restored the clause",
            "definition",
            clause_id.uuid(),
            &clause.title,
        )
        .at("definition")
        .with_changes(&[
            ("Title", &text(|was| &was.title), &clause.title),
            ("Promise", &text(|was| &was.promise), &clause.promise),
            (
                "For Marketing",
                &text(|was| &was.for_marketing),
                &clause.for_marketing,
            ),
            (
                "For Technology",
                &text(|was| &was.for_technology),
                &clause.for_technology,
            ),
        ]);
        if !event.detail.is_empty() {
            tx.record(event).await?;
        }
    }
    for was in before.iter().filter(|was| {
        !content
            .clauses
            .iter()
            .any(|clause| clause.id == was.id.to_string())
    }) {
        tx.record(
            Event::new("archived the clause", "definition", was.id.uuid(), &was.title)
                .at("definition")
                .detail(was.promise.as_str()),
        )
        .await?;
    }
    void_proposal(&mut tx).await?;
    let event = Event::new("restored as the draft", "definition", id.uuid(), label(number));
    tx.commit(permit, path(event, number)).await
}
