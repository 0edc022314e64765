//! Settling what counts, before anybody scores.

use super::{Current, current, void_proposal};
use crate::{
    args,
    decisions::text::{CriterionText, WeightsText},
    handshake::{
        Kind,
        on_table::{OnTable, Signable, TextToSign},
        write::{self as handshake, Offer, VerdictInput},
    },
    identity::{Action, Seats, Transaction, Viewer},
    platform::{
        audit::Event,
        error::{Error, Result},
        ids::CriterionId,
    },
    sql,
};

#[derive(Clone, Debug)]
pub struct CriterionInput {
    /// `None` for one that is added.
    pub id: Option<CriterionId>,
    pub title: String,
    pub about: String,
    /// 1 to 10.
    pub weight: i64,
}

pub const MOST_CRITERIA: usize = 12;

async fn refuse_agreed(tx: &mut Transaction, current: &Current) -> Result<()> {
    if handshake::is_sealed(tx, Kind::Weights, current.id.uuid()).await? {
        return Err(Error::invalid(
            "",
            "Both sides signed these weights. They cannot be changed.",
        ));
    }
    Ok(())
}

/// Writes the criteria and their weights, in this order, and offers them to both sides.
pub async fn weigh(viewer: &Viewer, number: i64, version: i64, criteria: &[CriterionInput]) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let current = current(&mut tx, number).await?;
    let permit = tx.permit(Action::ShapeDecision {
        driver: current.driver_id,
    })?;
    current.refuse_signed()?;
    refuse_agreed(&mut tx, &current).await?;
    if current.version != version {
        return Err(Error::Conflict);
    }
    if criteria.len() < 2 {
        return Err(Error::invalid(
            "",
            "Write at least two criteria, so that there is something to compare.",
        ));
    }
    if criteria.len() > MOST_CRITERIA {
        return Err(Error::invalid(
            "",
            format!("Write at most {MOST_CRITERIA} criteria."),
        ));
    }
    let mut titles: Vec<String> = criteria
        .iter()
        .map(|criterion| criterion.title.to_lowercase())
        .collect();
    titles.sort();
    if titles.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(Error::invalid("", "Two criteria have the same name."));
    }
    let text = WeightsText {
        decision: number,
        criteria: criteria
            .iter()
            .map(|criterion| CriterionText {
                criterion: criterion.title.clone(),
                asks: criterion.about.clone(),
                weight: criterion.weight,
            })
            .collect(),
    };
    let offer = Offer {
        text: &text,
        subject: current.id.uuid(),
        path: format!("decisions/{number}/weights"),
        label: format!("Weights for: {}", current.question),
        seats: Seats::Signers,
        owners: None,
        due_on: None,
    };
    handshake::refuse_objected(&mut tx, &offer).await?;
    if handshake::lies_unopposed(&mut tx, &offer).await? {
        return Ok(());
    }
    let now = tx.now();
    tx.execute(
        sql!(
            "update criteria set archived_at = $3 where workspace_id = $1 and decision_id = $2 and
         archived_at is null"
        ),
        args![current.id, now],
    )
    .await?;
    write_criteria(&mut tx, &current, criteria).await?;
    tx.execute(
        sql!("update decisions set version = version + 1 where workspace_id = $1 and id = $2"),
        args![current.id],
    )
    .await?;
    void_proposal(&mut tx, &current, "the weights changed").await?;
    handshake::offer(&mut tx, offer).await?;
    let weights: Vec<String> = criteria
        .iter()
        .map(|criterion| format!("{} {}", criterion.title, criterion.weight))
        .collect();
    tx.commit(
        permit,
        current
            .event("weighed the criteria of")
            .detail(weights.join(", ")),
    )
    .await
}

/// A decision's weights, which both sides agree before anybody scores.
pub struct WeightsOnTable(Current);

impl OnTable for WeightsOnTable {
    const KIND: Kind = Kind::Weights;
    const WITHDREW: &'static str = "withdrew a signature from the weights of";
    type Key = i64;

    async fn find(tx: &mut Transaction, number: i64) -> Result<Self> {
        Ok(Self(current(tx, number).await?))
    }

    fn subject(&self) -> uuid::Uuid {
        self.0.id.uuid()
    }

    fn event(&self, verb: &'static str) -> Event {
        self.0.event(verb)
    }
}

impl Signable for WeightsOnTable {
    const SIGNED: &'static str = "signed the weights of";
    const OBJECTED: &'static str = "objected to the weights of";
    const TAKES_NO_CONDITION: Option<&'static str> =
        Some("You can agree to these weights as they stand, or object to them.");
    type Input = ();

    async fn prepare(&self, _tx: &mut Transaction, given: VerdictInput<'_>, (): ()) -> Result<TextToSign> {
        self.0.refuse_signed()?;
        Ok(TextToSign::sign(given))
    }
}

/// In their order; a criterion that was there keeps its id.
async fn write_criteria(tx: &mut Transaction, current: &Current, criteria: &[CriterionInput]) -> Result<()> {
    let mut used = Vec::with_capacity(criteria.len());
    for (position, criterion) in (1_i64..).zip(criteria) {
        // An id that comes twice names the first; the other is a new criterion.
        let id = criterion.id.filter(|id| !used.contains(id));
        used.extend(id);
        let kept = match id {
            None => 0,
            Some(id) => {
                tx.execute(
                    sql!(
                        "update criteria set position = $4, title = $5, about = $6, weight = $7, archived_at
                         = null where workspace_id = $1 and decision_id = $2 and id = $3"
                    ),
                    args![
                        current.id,
                        id,
                        position,
                        criterion.title.as_str(),
                        criterion.about.as_str(),
                        criterion.weight
                    ],
                )
                .await?
            }
        };
        if kept == 0 {
            let id: CriterionId = tx.fresh_id();
            tx.execute(
                sql!(
                    "insert into criteria (id, workspace_id, decision_id, position, title, about, weight)
                     values ($2, $1, $3, $4, $5, $6, $7)"
                ),
                args![
                    id,
                    current.id,
                    position,
                    criterion.title.as_str(),
                    criterion.about.as_str(),
                    criterion.weight
                ],
            )
            .await?;
        }
    }
    Ok(())
}
