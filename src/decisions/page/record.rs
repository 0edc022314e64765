//! A decision leaves the house: as an architecture decision record in Markdown (the shape of MADR 4), and all of them
//! as CSV.

use std::fmt::Write as _;

use axum::{
    extract::Path,
    http::header,
    response::{IntoResponse, Response},
};

use super::scoring::sentences;
use crate::{
    decisions::{
        read::{self, waited},
        status,
    },
    ground::{
        error::Result,
        quantity::Quantity,
        text::{markdown_line, markdown_text},
    },
    handshake::{Kind, Side, Verdict, read::current},
    people::Viewer,
    rounds::{self, About},
};

/// `/decisions/{number}/record.md`.
pub async fn markdown(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Response> {
    let it = read::one(&viewer, number).await?;
    let choices = read::choices(&viewer, it.id).await?;
    let proposal = read::proposals(&viewer, it.id).await?.into_iter().next();
    let remarks = read::remarks(&viewer, it.id).await?;
    let evidence = read::evidence(&viewer, it.id).await?;
    let criteria = read::criteria(&viewer, it.id).await?;
    let outcomes = read::outcomes(&viewer, it.id).await?;
    let standing = current(&viewer, Kind::Decision, it.id.uuid()).await?.map(|(standing, _)| standing);
    let round = rounds::read::all(&viewer, About::Decision, it.id.uuid()).await?.into_iter().find(|round| round.is_closed);
    let scores = match &round {
        Some(round) => rounds::read::scores(&viewer, round).await?,
        None => Vec::new(),
    };
    let ruling = read::ruling(&viewer, it.id).await?;
    let waits = standing.as_ref().map(|s| (s.state, waited(&viewer, s)));
    let status = status(waits, ruling.is_some(), viewer.signature_days(), it.decide_by, viewer.today());

    let mut out = String::new();
    let _ = writeln!(
        out,
        "---\nstatus: \"{}\"\ndate: {}\ndecision-makers: \"{}\"\n---\n",
        status.words(),
        it.signed_at.map_or(it.decide_by, |at| viewer.day_of(at)),
        it.driver
    );
    let _ = writeln!(out, "# {}\n\n## Context and problem statement\n\n{}\n", markdown_line(&it.question), markdown_text(&it.context));
    if !it.impact.is_empty() {
        let _ = writeln!(out, "Impact: {}\n", markdown_text(&it.impact));
    }
    let _ = writeln!(out, "## Decision drivers\n");
    for criterion in &criteria {
        let _ = writeln!(out, "* {} (weight {}): {}", markdown_line(&criterion.title), criterion.weight, markdown_line(&criterion.about));
    }
    for one in &evidence {
        let _ = writeln!(out, "* {}", markdown_line(&one.title));
    }
    let _ = writeln!(out, "\n## Considered options\n");
    for choice in &choices {
        let _ = writeln!(out, "* {}", markdown_line(&choice.title));
    }
    if let (Some(proposal), Some(standing)) = (&proposal, &standing) {
        let _ =
            writeln!(out, "\n## Decision outcome\n\nChosen option: \"{}\", because {}\n", markdown_line(&proposal.option), markdown_text(&proposal.rationale));
        let _ = writeln!(out, "### Confirmation\n\nDigest of the signed text: `{}`\n", standing.digest);
        for side in Side::BOTH {
            let told = standing.seat(side).map_or_else(
                || "not signed".to_owned(),
                |seat| format!("{} {} on {}", markdown_line(&seat.signer), seat.verdict.past(), viewer.day_of(seat.at)),
            );
            let _ = writeln!(out, "* {}: {told}", side.name());
        }
    }
    if let Some(ruling) = &ruling {
        let _ = writeln!(out, "\n## Decision outcome\n\nChosen option: \"{}\", because {}\n", markdown_line(&ruling.option), markdown_text(&ruling.told));
        let _ = writeln!(out, "Ruled by {} on {}; the sides had not agreed.\n", markdown_line(&ruling.who), viewer.day_of(ruling.at));
        for statement in read::statements(&viewer, it.id).await? {
            let _ = writeln!(out, "* The case of {}: {}", statement.side.name(), markdown_line(&statement.told));
        }
    }
    let kept: Vec<_> = remarks.iter().filter(|remark| remark.is_current && remark.verdict == Verdict::AgreeWithConditions).collect();
    if !kept.is_empty() {
        let _ = writeln!(out, "\n### Consequences\n");
        for remark in kept {
            let _ = writeln!(out, "* {}, condition: {}", remark.side.name(), markdown_line(&remark.reason));
        }
    }
    let _ = writeln!(out, "\n## Pros and cons of the options");
    for choice in &choices {
        let cost = |cost: Option<Quantity>| cost.map_or_else(|| "not known".to_owned(), Quantity::said);
        let _ = writeln!(out, "\n### {}\n", markdown_line(&choice.title));
        for line in choice.advantages.lines().filter(|line| !line.trim().is_empty()) {
            let _ = writeln!(out, "* Good, because {}", markdown_line(line));
        }
        for line in choice.drawbacks.lines().filter(|line| !line.trim().is_empty()) {
            let _ = writeln!(out, "* Bad, because {}", markdown_line(line));
        }
        let _ = writeln!(out, "* Neutral: one-off cost {}, yearly cost {}", cost(choice.one_off_cost), cost(choice.yearly_cost));
    }
    if let Some(round) = &round {
        let cells = rounds::cells(&round.sheet, &scores);
        let _ = writeln!(out, "\n## Scores of both sides\n\n| Option | Marketing | Technology |\n|---|---|---|");
        for (index, thing) in round.sheet.things.iter().enumerate() {
            let total = |side| rounds::total(&round.sheet, &cells, side, index).map_or_else(|| "–".to_owned(), |mean| mean.to_string());
            let _ = writeln!(out, "| {} | {} | {} |", markdown_line(&thing.title), total(Side::Marketing), total(Side::Technology));
        }
        let _ = writeln!(out);
        for sentence in sentences(&round.sheet, &cells) {
            let _ = writeln!(out, "* {}", markdown_line(&sentence));
        }
    }
    for told in &outcomes {
        let _ = writeln!(out, "\n## Outcome, {}\n\n{}: {}", viewer.day_of(told.at), told.verdict.name(), markdown_text(&told.told));
    }
    if let (Some(number), Some(question), true) = (it.later_number, &it.later, it.later_signed_at.is_some()) {
        let _ = writeln!(out, "\n## More information\n\nSuperseded by decision {number}: {}", markdown_line(question));
    }
    Ok(file(out, "text/markdown; charset=utf-8", &format!("decision-{number}.md")))
}

fn file(body: String, kind: &'static str, name: &str) -> Response {
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\""))], body).into_response()
}

const MOST: i64 = 10_000;

/// `/decisions/export.csv`.
pub async fn csv(viewer: Viewer) -> Result<Response> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let broken = |error: csv::Error| {
        tracing::error!(error = %error, "an export failed");
        crate::ground::error::Error::Broken
    };
    writer.write_record(["number", "question", "status", "decide by", "driver", "initiative"]).map_err(broken)?;
    for row in read::list(&viewer, MOST, 0).await? {
        let status = row.status(&viewer).words();
        let cells = [row.number.to_string(), row.question, status, row.decide_by.to_string(), row.driver, row.initiative.unwrap_or_default()];
        writer.write_record(cells.iter().map(|cell| crate::ground::text::for_a_spreadsheet(cell))).map_err(broken)?;
    }
    let bytes = writer.into_inner().map_err(|_| crate::ground::error::Error::Broken)?;
    Ok(file(String::from_utf8_lossy(&bytes).into_owned(), "text/csv; charset=utf-8", "decisions.csv"))
}
