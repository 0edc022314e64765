//! Writing clauses of the draft.

use super::void_proposal;
use crate::{
    args,
    identity::{Action, Transaction, Viewer},
    platform::{
        audit::Event,
        error::{Error, Result},
        ids::{ClauseId, KpiId},
    },
    sql,
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
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::EditDefinition)?;
    let already: Option<(ClauseId,)> = tx
        .fetch_optional(
            sql!("select id from clauses where workspace_id = $1 and id = $2"),
            args![id],
        )
        .await?;
    if already.is_some() {
        return Ok(());
    }
    let (count, last): (i64, i64) = tx
        .fetch_one(
            sql!(
                "select count(*), coalesce(max(position), 0) from clauses where workspace_id = $1
             and archived_at is null"
            ),
            Vec::new(),
        )
        .await?;
    if count >= MOST_CLAUSES {
        return Err(Error::invalid(
            "",
            format!("A definition has at most {MOST_CLAUSES} clauses. Archive one first."),
        ));
    }
    tx.execute(
        sql!(
            "insert into clauses (id, workspace_id, position, title, promise, for_marketing, for_technology,
             version, edited_at, edited_by)
         values ($2, $1, $3, $4, $5, $6, $7, 1, $8, $9)"
        ),
        args![
            id,
            last + 1,
            &text.title,
            text.promise,
            text.for_marketing,
            text.for_technology,
            tx.now(),
            tx.member_id()
        ],
    )
    .await?;
    measure_by(&mut tx, id, &text.kpis).await?;
    void_proposal(&mut tx).await?;
    tx.commit(
        permit,
        Event::new("added the clause", "definition", id.uuid(), text.title).at("definition"),
    )
    .await
}

/// Replaces a clause's text, unless it changed since `version`.
pub async fn edit_clause(viewer: &Viewer, id: ClauseId, version: i64, text: Text) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::EditDefinition)?;
    let before: Before = tx
        .fetch_one(
            sql!(
                "select version, title, promise, for_marketing, for_technology from clauses where
                 workspace_id = $1 and id = $2 and archived_at is null"
            ),
            args![id],
        )
        .await?;
    if before.version != version {
        return Err(Error::Conflict);
    }
    let cited: Vec<(KpiId,)> = tx
        .fetch_all(
            sql!("select kpi_id from clause_kpis where workspace_id = $1 and clause_id = $2"),
            args![id],
        )
        .await?;
    if before.is_same(&text)
        && cited.iter().all(|(kpi,)| text.kpis.contains(kpi))
        && cited.len() == text.kpis.len()
    {
        // Saved as it was: what was answered to a proposal stands.
        return Ok(());
    }
    let event = Event::new("edited the clause", "definition", id.uuid(), &text.title)
        .at("definition")
        .with_changes(&[
            ("Title", &before.title, &text.title),
            ("Promise", &before.promise, &text.promise),
            ("For Marketing", &before.for_marketing, &text.for_marketing),
            ("For Technology", &before.for_technology, &text.for_technology),
        ]);
    tx.execute(
        sql!(
            "update clauses set title = $3, promise = $4, for_marketing = $5, for_technology = $6, version =
             version + 1, edited_at = $7, edited_by = $8
         where workspace_id = $1 and id = $2"
        ),
        args![
            id,
            &text.title,
            text.promise,
            text.for_marketing,
            text.for_technology,
            tx.now(),
            tx.member_id()
        ],
    )
    .await?;
    tx.execute(
        sql!("delete from clause_kpis where workspace_id = $1 and clause_id = $2"),
        args![id],
    )
    .await?;
    measure_by(&mut tx, id, &text.kpis).await?;
    void_proposal(&mut tx).await?;
    tx.commit(permit, event).await
}

#[derive(sqlx::FromRow)]
struct Before {
    version: i64,
    title: String,
    promise: String,
    for_marketing: String,
    for_technology: String,
}

impl Before {
    fn is_same(&self, text: &Text) -> bool {
        (
            &self.title,
            &self.promise,
            &self.for_marketing,
            &self.for_technology,
        ) == (
            &text.title,
            &text.promise,
            &text.for_marketing,
            &text.for_technology,
        )
    }
}

async fn measure_by(tx: &mut Transaction, clause: ClauseId, kpis: &[KpiId]) -> Result<()> {
    for kpi in kpis {
        let added = tx
            .execute(
                sql!(
                    "insert into clause_kpis (workspace_id, clause_id, kpi_id)
                 select k.workspace_id, $2, k.id from kpi_facts k where k.workspace_id = $1 and k.id = $3 and
                 k.archived_at is null
                 on conflict do nothing"
                ),
                args![clause, *kpi],
            )
            .await?;
        if added == 0 {
            let known: Option<(KpiId,)> = tx
                .fetch_optional(
                    sql!("select id from kpi_facts where workspace_id = $1 and id = $2"),
                    args![*kpi],
                )
                .await?;
            if known.is_none() {
                return Err(Error::invalid("kpis", "Choose from the list."));
            }
        }
    }
    Ok(())
}

/// Takes a clause out of the draft; versions keep it.
pub async fn archive_clause(viewer: &Viewer, id: ClauseId) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::EditDefinition)?;
    let (title,): (String,) = tx
        .fetch_one(
            sql!("select title from clauses where workspace_id = $1 and id = $2 and archived_at is null"),
            args![id],
        )
        .await?;
    tx.execute(
        sql!(
            "update clauses set archived_at = $3, version = version + 1 where workspace_id = $1 and id = $2"
        ),
        args![id, tx.now()],
    )
    .await?;
    void_proposal(&mut tx).await?;
    tx.commit(
        permit,
        Event::new("archived the clause", "definition", id.uuid(), title).at("definition"),
    )
    .await
}
