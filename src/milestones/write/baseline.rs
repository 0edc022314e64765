//! Fixing the plan: a handshake of both leads over what is promised for when.

use crate::{
    args,
    handshake::{
        Kind, Verdict,
        on_table::{OnTable, Signable, TextToSign},
        write::{self as handshake, Offer, VerdictInput},
    },
    identity::{Action, Seats, Transaction, Viewer},
    milestones::{BaselineLine, text::BaselineText},
    platform::{
        audit::Event,
        error::{Error, Result},
        ids::{BaselineId, MilestoneId},
        time::{Day, Timestamp},
    },
    sql,
};

#[derive(sqlx::FromRow)]
struct LineRow {
    id: MilestoneId,
    number: i64,
    title: String,
    initiative: String,
    due_on: Day,
}

fn event(verb: &'static str, id: BaselineId, number: i64) -> Event {
    Event::new(verb, "baseline", id.uuid(), format!("baseline {number}"))
        .at(format!("milestones/baselines/{number}"))
}

/// The plan as it stands.
async fn plan(tx: &mut Transaction) -> Result<Vec<BaselineLine>> {
    let rows: Vec<LineRow> = tx
        .fetch_all(
            sql!(
                "select m.id, m.number, m.title, i.title as initiative, m.due_on from milestones m join
                 initiative_facts i on i.id = m.initiative_id
             where m.workspace_id = $1 and m.archived_at is null and i.is_running order by i.number, m.due_on,
             m.number limit 5000"
            ),
            Vec::new(),
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| BaselineLine {
            id: row.id.to_string(),
            number: row.number,
            title: row.title,
            initiative: row.initiative,
            due_on: row.due_on.to_string(),
        })
        .collect())
}

async fn offer(tx: &mut Transaction, id: BaselineId, number: i64, lines: Vec<BaselineLine>) -> Result<()> {
    let offer = Offer {
        text: &BaselineText {
            baseline: number,
            milestones: lines,
        },
        subject: id.uuid(),
        path: format!("milestones/baselines/{number}"),
        label: format!("Baseline {number}"),
        seats: Seats::Leads,
        owners: None,
        due_on: None,
    };
    handshake::offer(tx, offer).await?;
    Ok(())
}

/// Puts the plan as it stands before both leads; gives the baseline's number.
pub async fn propose_baseline(viewer: &Viewer) -> Result<i64> {
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::ProposeDefinition)?;
    let lines = plan(&mut tx).await?;
    if lines.is_empty() {
        return Err(Error::invalid("", "There is no milestone yet."));
    }
    let content = serde_json::to_value(&lines).map_err(|_| Error::Internal)?;
    // The newest that waits for signatures is replaced by this one; the same plan twice is proposed once.
    let open: Option<(BaselineId, i64, String)> = tx
        .fetch_optional(
            sql!(
                "select b.id, b.number, b.content from baselines b join tabled_handshakes h on h.kind =
                 'baseline' and h.subject_id = b.id and h.sealed_at is null
             where b.workspace_id = $1 order by b.number desc limit 1"
            ),
            Vec::new(),
        )
        .await?;
    let text = content.to_string();
    if let Some((id, number, before)) = open {
        if before == text && !is_objected(&mut tx, id).await? {
            return Ok(number);
        }
        handshake::close(&mut tx, Kind::Baseline, id.uuid(), "superseded").await?;
    }
    let (number,): (i64,) = tx
        .fetch_one(
            sql!("select coalesce(max(number), 0) + 1 from baselines where workspace_id = $1"),
            Vec::new(),
        )
        .await?;
    let (id, now, me): (BaselineId, _, _) = (tx.fresh_id(), tx.now(), tx.member_id());
    tx.execute(
        sql!(
            "insert into baselines (id, workspace_id, number, content, proposed_at, proposed_by) values ($2,
             $1, $3, $4, $5, $6)"
        ),
        args![id, number, text, now, me],
    )
    .await?;
    let detail = format!("{} milestones", lines.len());
    offer(&mut tx, id, number, lines).await?;
    tx.commit(permit, event("proposed", id, number).detail(detail))
        .await?;
    Ok(number)
}

async fn is_objected(tx: &mut Transaction, id: BaselineId) -> Result<bool> {
    let objected: Option<(i64,)> = tx
        .fetch_optional(
            sql!(
                "select count(*) from tabled_handshakes h join filled_seats s on s.handshake_id = h.id where
                 h.workspace_id = $1 and h.kind = 'baseline' and h.subject_id = $2 and s.verdict = 'object'"
            ),
            args![id],
        )
        .await?;
    Ok(objected.is_some_and(|(count,)| count > 0))
}

/// A baseline that both leads sign; signed, it is the one that the plan is shown against.
pub struct BaselineOnTable {
    id: BaselineId,
    number: i64,
}

impl OnTable for BaselineOnTable {
    const KIND: Kind = Kind::Baseline;
    const WITHDREW: &'static str = "withdrew a signature from";
    type Key = i64;

    async fn find(tx: &mut Transaction, number: i64) -> Result<Self> {
        let (id,): (BaselineId,) = tx
            .fetch_one(
                sql!("select id from baselines where workspace_id = $1 and number = $2"),
                args![number],
            )
            .await?;
        Ok(Self { id, number })
    }

    fn subject(&self) -> uuid::Uuid {
        self.id.uuid()
    }

    fn event(&self, verb: &'static str) -> Event {
        event(verb, self.id, self.number)
    }
}

impl Signable for BaselineOnTable {
    const SIGNED: &'static str = "signed";
    const OBJECTED: &'static str = "objected to";
    const TAKES_NO_CONDITION: Option<&'static str> =
        Some("You can agree to this baseline as it stands, or object to it.");
    type Input = ();

    /// What is fixed is the plan on that day: where it moved since it was put up, today's is put up first.
    async fn prepare(&self, tx: &mut Transaction, given: VerdictInput<'_>, (): ()) -> Result<TextToSign> {
        let (_, on_table, _) = handshake::text_on_table::<BaselineText>(tx, self.subject()).await?;
        let is_sealed = handshake::is_sealed(tx, Kind::Baseline, self.subject()).await?;
        if given.verdict != Verdict::Object && !is_sealed && plan(tx).await? != on_table.milestones {
            return Err(Error::invalid(
                "",
                "The plan has changed since this baseline was proposed. Ask both leads to sign today’s plan \
                    instead.",
            ));
        }
        Ok(TextToSign::sign(given))
    }

    async fn sealed(&self, tx: &mut Transaction, at: Timestamp) -> Result<()> {
        tx.execute(
            sql!(
                "update baselines set superseded_at = $2 where workspace_id = $1 and fixed_at is not
             null and superseded_at is null"
            ),
            args![at],
        )
        .await?;
        tx.execute(
            sql!("update baselines set fixed_at = $3 where workspace_id = $1 and id = $2"),
            args![self.id, at],
        )
        .await?;
        tx.record(self.event("agreed").detail("both leads signed it"))
            .await
    }
}
