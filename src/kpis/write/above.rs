//! The KPIs that are made of one, directly or not, and what their owners have signed or are signing over it.

use std::collections::HashMap;

use super::{Current, archive, current_by_id, targets};
use crate::{
    args,
    handshake::write as handshake,
    identity::Transaction,
    kpis::text::{KpiChange, TargetsText},
    platform::{
        error::{Error, Result},
        ids::KpiId,
    },
    sql,
};

/// `(input, made of it)`.
type Arrow = (KpiId, KpiId);

async fn arrows(tx: &mut Transaction) -> Result<Vec<Arrow>> {
    tx.fetch_all(
        sql!("select input_id, kpi_id from kpi_inputs where workspace_id = $1 limit 20000"),
        Vec::new(),
    )
    .await
}

/// A KPI and all that is made of it, itself first.
fn with_all_above(from: KpiId, arrows: &[Arrow]) -> Vec<KpiId> {
    let mut above = vec![from];
    let mut at = 0;
    while let Some(id) = above.get(at).copied() {
        at += 1;
        for (_, made) in arrows.iter().filter(|(input, _)| *input == id) {
            if !above.contains(made) {
                above.push(*made);
            }
        }
    }
    above
}

/// Whether both owners have ever signed targets or attested a period, of it or of a KPI that is made of it, or
/// both leads that a clause is measured by one of these: what they signed stood on how it is computed, also
/// where a value was corrected since.
pub(super) async fn bears_signatures(tx: &mut Transaction, current: &Current) -> Result<bool> {
    let arrows = arrows(tx).await?;
    for id in with_all_above(current.id, &arrows) {
        let (attested,): (i64,) = tx
            .fetch_one(
                sql!(
                    "select count(*) from kpi_values v join offered_handshakes h on h.kind = 'kpi' and
                     h.subject_id = v.id and h.sealed_at is not null
                     where v.workspace_id = $1 and v.kpi_id = $2"
                ),
                args![id],
            )
            .await?;
        let made = current_by_id(tx, id).await?;
        if attested > 0 || targets::is_signed(tx, &made).await? || archive::is_in_force(tx, &made).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Refuses while a KPI that is made of it, or would be by a formula on the table, has one of its two
/// signatures: the second would be given on something else.
pub(super) async fn refuse_under_a_signature(tx: &mut Transaction, current: &Current) -> Result<()> {
    let half_signed: Vec<(KpiId,)> = tx
        .fetch_all(
            sql!(
                "select distinct h.subject_id from tabled_handshakes h join filled_seats s on s.handshake_id = h.id
                 where h.workspace_id = $1 and h.kind = 'targets' and h.sealed_at is null"
            ),
            Vec::new(),
        )
        .await?;
    if half_signed.is_empty() {
        return Ok(());
    }
    let numbers: Vec<(i64, KpiId)> = tx
        .fetch_all(
            sql!("select number, id from kpis where workspace_id = $1 and archived_at is null limit 20000"),
            Vec::new(),
        )
        .await?;
    let numbers: HashMap<i64, KpiId> = numbers.into_iter().collect();
    let mut arrows = arrows(tx).await?;
    for (id,) in &half_signed {
        let (_, text, _) = handshake::text_on_table::<TargetsText>(tx, id.uuid()).await?;
        if let Some(KpiChange::Formula(wanted)) = &text.change {
            let inputs = wanted.inputs.iter().filter_map(|number| numbers.get(number));
            arrows.extend(inputs.map(|input| (*input, *id)));
        }
    }
    let above = with_all_above(current.id, &arrows);
    let Some((id,)) = half_signed
        .into_iter()
        .find(|(id,)| *id != current.id && above.contains(id))
    else {
        return Ok(());
    };
    let (title,): (String,) = tx
        .fetch_one(
            sql!("select title from kpis where workspace_id = $1 and id = $2"),
            args![id],
        )
        .await?;
    Err(Error::invalid(
        "",
        format!(
            "One owner of “{title}” has signed over numbers that are made of this KPI. Let the other one \
             answer, or withdraw that first."
        ),
    ))
}
