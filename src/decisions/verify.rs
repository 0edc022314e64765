//! Whether a signed decision, its options, criteria, scores, proposal and conditions are what both sides
//! signed.

use std::collections::HashMap;

use super::text::{ConditionText, DecisionText, OptionText};

use crate::{
    args,
    decisions::read::Choice,
    handshake,
    identity::Side,
    platform::{
        db::Snapshot,
        error::Result,
        ids::{DecisionId, OptionId},
        time::Day,
    },
    rounds, sql,
    technologies::TechnologyStage,
};

#[derive(sqlx::FromRow)]
struct DecisionColumns {
    id: uuid::Uuid,
    number: i64,
    question: String,
    context: String,
    impact: String,
    stage: Option<TechnologyStage>,
}

#[derive(sqlx::FromRow)]
struct ProposalColumns {
    number: i64,
    option_id: OptionId,
    option_title: String,
    rationale: String,
    currency: Option<String>,
}

#[derive(sqlx::FromRow)]
struct ConditionColumns {
    side: Side,
    signer: String,
    body: String,
    due_on: Day,
}

/// Names every sealed decision of which a row is not what was signed, and which row; and every decision that
/// says it is signed though both sides signed nothing and nobody ruled.
pub async fn differences(snapshot: &Snapshot) -> Result<Vec<String>> {
    let rows: Vec<DecisionColumns> = snapshot
        .fetch_all(
            sql!(
                "select id, number, question, context, impact, stage from decisions where signed_at is not
                 null"
            ),
            Vec::new(),
        )
        .await?;
    let mut decisions: HashMap<uuid::Uuid, DecisionColumns> =
        rows.into_iter().map(|row| (row.id, row)).collect();
    let mut wrong = Vec::new();
    for (subject, text) in handshake::verify::sealed::<DecisionText>(snapshot).await? {
        let differing = match decisions.remove(&subject) {
            None => vec!["signature"],
            Some(row) => differing(snapshot, &row, &text).await?,
        };
        if !differing.is_empty() {
            let parts = differing.join(", ");
            wrong.push(format!(
                "decision {}: not what both sides signed: {parts}",
                text.decision
            ));
        }
    }
    let ruled: Vec<(uuid::Uuid,)> = snapshot
        .fetch_all(sql!("select decision_id from rulings"), Vec::new())
        .await?;
    for (subject,) in ruled {
        decisions.remove(&subject);
    }
    let mut unsigned: Vec<i64> = decisions.into_values().map(|row| row.number).collect();
    unsigned.sort_unstable();
    wrong.extend(
        unsigned
            .iter()
            .map(|number| format!("decision {number}: says it is signed, and nobody signed it")),
    );
    Ok(wrong)
}

/// The parts of a decision whose rows differ from the signed text.
async fn differing(
    snapshot: &Snapshot,
    row: &DecisionColumns,
    text: &DecisionText,
) -> Result<Vec<&'static str>> {
    let id = DecisionId::from_uuid(row.id);
    let mut parts = Vec::new();
    let question = (row.number, &row.question, &row.context, &row.impact, row.stage);
    if question
        != (
            text.decision,
            &text.question,
            &text.context,
            &text.impact,
            text.proposal.stage,
        )
    {
        parts.push("question");
    }
    let options: Vec<Choice> = snapshot
        .fetch_all(
            sql!(
                "select id, title, advantages, drawbacks, effort, risk, one_off_cost, yearly_cost
                 from decision_options where decision_id = $1 and archived_at is null order by position, id"
            ),
            args![id],
        )
        .await?;
    let chosen: HashMap<OptionId, String> = options
        .iter()
        .map(|option| (option.id, option.title.clone()))
        .collect();
    if options.into_iter().map(OptionText::from).collect::<Vec<_>>() != text.options {
        parts.push("options");
    }
    let criteria: Vec<(String, i64)> = snapshot
        .fetch_all(
            sql!(
                "select title, weight from criteria where decision_id = $1 and archived_at is null
                 order by position, id"
            ),
            args![id],
        )
        .await?;
    if criteria != text.criteria {
        parts.push("criteria");
    }
    if let Some(signed) = &text.scores {
        let present =
            rounds::verify::text_of(snapshot, rounds::About::Decision, row.id, signed.round).await?;
        // Whoever answered may go by another name since.
        if present.map(rounds::RoundText::without_names) != Some(signed.clone().without_names()) {
            parts.push("scores");
        }
    }
    let proposal: Option<ProposalColumns> = snapshot
        .fetch_optional(
            sql!(
                "select number, option_id, option_title, rationale, currency from proposals where decision_id = $1
                 order by number desc limit 1"
            ),
            args![id],
        )
        .await?;
    let is_proposed = proposal.is_some_and(|row| {
        let signed = &text.proposal;
        (row.number, &row.option_title, &row.rationale) == (signed.number, &signed.option, &signed.rationale)
            && chosen.get(&row.option_id) == Some(&signed.option)
            && row.currency == text.currency
    });
    if !is_proposed {
        parts.push("proposal");
    }
    let conditions: Vec<ConditionColumns> = snapshot
        .fetch_all(
            sql!(
                "select c.side, c.signer, c.body, c.due_on from conditions c
                 join tabled_handshakes h on h.id = c.handshake_id
                 where h.kind = 'decision' and h.subject_id = $1 order by c.id"
            ),
            args![row.id],
        )
        .await?;
    let is_agreed = |row: &ConditionColumns, signed: &ConditionText| {
        (row.side, &row.signer, &row.body) == (signed.side, &signed.signer, &signed.condition)
            && row.due_on.to_string() == signed.due_on
    };
    let signed = text.conditions.as_deref().unwrap_or_default();
    if conditions.len() != signed.len()
        || !conditions
            .iter()
            .zip(signed)
            .all(|(row, signed)| is_agreed(row, signed))
    {
        parts.push("conditions");
    }
    Ok(parts)
}
