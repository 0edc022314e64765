//! A decision leaves the system: as an architecture decision record in Markdown (the shape of MADR 4), and
//! all of them as CSV.

use std::fmt::Write as _;

use axum::{extract::Path, response::Response};

use super::scoring::sentences;
use crate::{
    decisions::read,
    handshake::{self, Kind, read::current},
    identity::{Side, Viewer},
    platform::{
        error::Result,
        http::attachment,
        quantity::Quantity,
        text::{self, join_names, markdown_address, markdown_line, markdown_text, text_and_digest},
    },
    rounds::{self, About, read::Round},
};

/// `/decisions/{number}/record.md`.
pub async fn markdown(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Response> {
    let it = read::one(&viewer, number).await?;
    let choices = read::choices(&viewer, it.id).await?;
    let proposal = read::proposals(&viewer, it.id).await?.into_iter().next();
    let evidence = read::evidence(&viewer, it.id).await?;
    let criteria = read::criteria(&viewer, it.id).await?;
    let outcomes = read::outcomes(&viewer, it.id).await?;
    let (standing, text) = current(&viewer, Kind::Decision, it.id.uuid()).await?.unzip();
    let round = rounds::read::all(&viewer, About::Decision, it.id.uuid())
        .await?
        .into_iter()
        .find(|round| round.is_closed);
    let scores = match &round {
        Some(round) => rounds::read::scores(&viewer, round).await?,
        None => Vec::new(),
    };
    let ruling = read::ruling(&viewer, it.id).await?;
    let status = it.sign_off(&viewer, standing.as_ref(), ruling.is_some());

    let mut out = String::new();
    front_matter(&viewer, &mut out, &it, standing.as_ref(), &status.detail());
    let _ = writeln!(
        out,
        "# {}\n\n## Context and Problem Statement\n\n{}\n",
        markdown_line(&it.question),
        markdown_text(&it.context)
    );
    if !it.impact.is_empty() {
        let _ = writeln!(out, "Impact: {}\n", markdown_text(&it.impact));
    }
    drivers(&mut out, &criteria, &evidence);
    let _ = writeln!(out, "\n## Considered Options\n");
    for choice in &choices {
        let _ = writeln!(out, "* {}", markdown_line(&choice.title));
    }
    let _ = writeln!(out, "\n## Decision Outcome\n");
    match (&ruling, &proposal, &standing) {
        (Some(ruling), ..) => {
            ruled(
                &viewer,
                &mut out,
                ruling,
                &read::statements(&viewer, it.id).await?,
            );
        }
        (None, Some(proposal), Some(_)) => {
            let verb = if it.signed_at.is_some() {
                "Chosen option"
            } else {
                "Proposed option, not signed by both sides"
            };
            let _ = writeln!(
                out,
                "{verb}: \"{}\", because {}",
                markdown_line(&proposal.option),
                markdown_text(&proposal.rationale)
            );
        }
        _ => {
            let _ = writeln!(out, "Nothing is proposed.");
        }
    }
    let kept = read::conditions(&viewer, it.id).await?;
    consequences(&mut out, &it, kept);
    if let Some(standing) = &standing {
        confirmation(&viewer, &mut out, &it, standing);
    }
    pros_and_cons(&mut out, &viewer, &choices);
    let _ = writeln!(out, "\n## More Information");
    if let Some(round) = &round {
        let now = read::sheet_of((&it.question, &it.context), &choices, &criteria);
        scores_of(&mut out, round, &scores, &round.sheet.changed_since(&now));
    }
    what_came_of_it(&viewer, &mut out, &it, &outcomes);
    if let (Some(standing), Some(text)) = (&standing, &text) {
        out.push_str(&text_and_digest(
            text,
            &standing.digest,
            &format!("decision-{number}.md"),
        ));
    }
    Ok(attachment(
        out,
        "text/markdown; charset=utf-8",
        &format!("decision-{number}.md"),
    ))
}

/// Decisions read at once.
const AT_ONCE: i64 = 5_000;

/// `/decisions/export.csv`.
pub async fn csv(viewer: Viewer) -> Result<Response> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let broken = |error: csv::Error| {
        tracing::error!(error = %error, "an export failed");
        crate::platform::error::Error::Internal
    };
    writer
        .write_record([
            "number",
            "question",
            "status",
            "decide by",
            "driver",
            "initiative",
        ])
        .map_err(broken)?;
    let mut rows = Vec::new();
    loop {
        let skip = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        let more = read::list(&viewer, AT_ONCE, skip).await?;
        if more.is_empty() {
            break;
        }
        rows.extend(more);
    }
    for row in rows {
        let status = row.status(&viewer);
        let cells = [
            row.number.to_string(),
            row.question,
            format!("{}: {}", status.word().format(), status.detail()),
            row.decide_by.to_string(),
            row.driver,
            row.initiative.unwrap_or_default(),
        ];
        writer
            .write_record(cells.iter().map(|cell| text::for_a_spreadsheet(cell)))
            .map_err(broken)?;
    }
    let bytes = writer
        .into_inner()
        .map_err(|_| crate::platform::error::Error::Internal)?;
    Ok(attachment(
        text::with_byte_order_mark(&String::from_utf8_lossy(&bytes)),
        "text/csv; charset=utf-8",
        "decisions.csv",
    ))
}

fn drivers(out: &mut String, criteria: &[read::Criterion], evidence: &[read::CitedEvidence]) {
    let _ = writeln!(out, "## Decision Drivers\n");
    for criterion in criteria {
        let _ = writeln!(
            out,
            "* {} (weight {}): {}",
            markdown_line(&criterion.title),
            criterion.weight,
            markdown_line(&criterion.about)
        );
    }
    for one in evidence {
        let address = if one.clause_id.is_none() && one.kpi_id.is_none() {
            format!(": <{}>", markdown_address(&one.path))
        } else {
            String::new()
        };
        let _ = writeln!(out, "* {}{address}", markdown_line(&one.title));
    }
}

fn ruled(viewer: &Viewer, out: &mut String, ruling: &read::Ruling, statements: &[read::Statement]) {
    let _ = writeln!(
        out,
        "Chosen option: \"{}\", because {}\n",
        markdown_line(&ruling.option),
        markdown_text(&ruling.body)
    );
    let _ = writeln!(
        out,
        "Decided by {} (arbiter) on {}; the sides had not agreed.\n",
        markdown_line(&ruling.who),
        viewer.day_of(ruling.at)
    );
    for statement in statements {
        let _ = writeln!(
            out,
            "* The case of {}: {}",
            statement.side.name(),
            markdown_line(&statement.body)
        );
    }
}

fn consequences(out: &mut String, it: &read::Decision, kept: Vec<read::Condition>) {
    if !kept.is_empty() || it.stage.is_some() {
        let _ = writeln!(out, "\n### Consequences\n");
        if let Some(stage) = it.stage {
            let _ = writeln!(
                out,
                "* Neutral, because it enters the register at {}",
                stage.name().to_lowercase()
            );
        }
        for kept in kept {
            let detail = markdown_line(&kept.body);
            let _ = writeln!(
                out,
                "* Neutral, because {} agreed on the condition: {detail} ({} by {})",
                kept.side.name(),
                markdown_line(&kept.owner),
                kept.due_on
            );
        }
    }
}

fn confirmation(
    viewer: &Viewer,
    out: &mut String,
    it: &read::Decision,
    standing: &handshake::read::Standing,
) {
    let _ = writeln!(out, "\n### Confirmation\n");
    for side in Side::BOTH {
        let detail = standing.seat(side).map_or_else(
            || "not signed".to_owned(),
            |seat| {
                format!(
                    "{} {} on {}",
                    markdown_line(&seat.signer),
                    seat.verdict.past(),
                    viewer.day_of(seat.at)
                )
            },
        );
        let _ = writeln!(out, "* {}: {detail}", side.name());
    }
    if let Some(day) = it.review_on {
        let _ = writeln!(out, "* Whether it delivered is asked on {day}");
    }
}

fn pros_and_cons(out: &mut String, viewer: &Viewer, choices: &[read::Choice]) {
    let _ = writeln!(out, "\n## Pros and Cons of the Options");
    for choice in choices {
        let cost = |cost: Option<Quantity>| {
            cost.map_or_else(
                || "not known".to_owned(),
                |cost| viewer.format_money_in(choice.currency.as_deref(), cost),
            )
        };
        let _ = writeln!(out, "\n### {}\n", markdown_line(&choice.title));
        for line in choice.advantages.lines().filter(|line| !line.trim().is_empty()) {
            let _ = writeln!(out, "* Good, because {}", markdown_line(line));
        }
        for line in choice.drawbacks.lines().filter(|line| !line.trim().is_empty()) {
            let _ = writeln!(out, "* Bad, because {}", markdown_line(line));
        }
        let _ = writeln!(
            out,
            "* Neutral, because it costs {} once and {} a year",
            cost(choice.one_off_cost),
            cost(choice.yearly_cost)
        );
        for (name, text) in [("effort", &choice.effort), ("risk", &choice.risk)] {
            if !text.is_empty() {
                let _ = writeln!(out, "* Neutral, because of its {name}: {}", markdown_line(text));
            }
        }
    }
}

fn scores_of(out: &mut String, round: &Round, scores: &[rounds::Score], changed: &[&str]) {
    let cells = rounds::cells(&round.sheet, scores);
    let _ = writeln!(
        out,
        "\n### Scores of both sides\n\n| Option | Marketing | Technology |\n|---|---|---|"
    );
    for (index, thing) in round.sheet.things.iter().enumerate() {
        let total = |side| {
            rounds::total(&round.sheet, &cells, side, index)
                .map_or_else(|| "–".to_owned(), |mean| mean.to_string())
        };
        let _ = writeln!(
            out,
            "| {} | {} | {} |",
            markdown_line(&thing.title),
            total(Side::Marketing),
            total(Side::Technology)
        );
    }
    if !changed.is_empty() {
        let what = join_names(changed);
        let _ = writeln!(out, "\nSince these scores were given, {what} changed.");
    }
    let _ = writeln!(out);
    for sentence in sentences(&round.sheet, &cells) {
        let _ = writeln!(out, "* {}", markdown_line(&sentence));
    }
}

fn front_matter(
    viewer: &Viewer,
    out: &mut String,
    it: &read::Decision,
    standing: Option<&handshake::read::Standing>,
    status: &str,
) {
    let signers: Vec<String> = Side::BOTH
        .iter()
        .filter_map(|side| Some(standing?.seat(*side)?.signer.clone()))
        .collect();
    let date = it
        .signed_at
        .map_or_else(|| viewer.today(), |at| viewer.day_of(at));
    let yaml = |text: &str| serde_json::to_string(&text::line(text)).unwrap_or_default();
    let _ = writeln!(out, "---\nstatus: {}\ndate: {date}", yaml(status));
    let _ = writeln!(
        out,
        "decision-makers: [{}]\nconsulted: [{}]\n---\n",
        signers
            .iter()
            .map(|name| yaml(name))
            .collect::<Vec<_>>()
            .join(", "),
        yaml(&it.driver)
    );
}

fn what_came_of_it(viewer: &Viewer, out: &mut String, it: &read::Decision, outcomes: &[read::OutcomeReview]) {
    for detail in outcomes {
        let _ = writeln!(
            out,
            "\n### Outcome, {}\n\n{}: {}",
            viewer.day_of(detail.at),
            detail.verdict.name(),
            markdown_text(&detail.body)
        );
    }
    if let (Some(number), Some(question), true) = (it.later_number, &it.later, it.later_signed_at.is_some()) {
        let _ = writeln!(
            out,
            "\nSuperseded by decision {number}: {}",
            markdown_line(question)
        );
    }
}
