//! The week, for one reader: what changed since the last one, what needs attention, what waits, what comes.

use crate::{
    attention::AttentionInput,
    desk::brief,
    identity::Viewer,
    overview::since::{self, Change, ChangeKind},
    platform::{error::Result, text::counted, time::Timestamp},
    reviews::{self, changes::Turn},
};

/// Lines of each section; the page behind it has them all.
const MOST: usize = 12;

/// A heading, its lines, and where the rest is.
pub(super) struct Section {
    pub heading: String,
    pub lines: Vec<String>,
    /// Within the workspace.
    pub path: String,
}

/// What changed and what people answered since then, a line each: what got worse and what was objected to
/// come first, as a letter shows only the first lines. Where no day is kept from that time yet, the events
/// alone.
async fn changes(viewer: &Viewer, since: Timestamp) -> Result<Vec<String>> {
    let from = viewer.day_of(since);
    let Some(standing) = reviews::days::changes_until_today(viewer, from).await? else {
        let events = since::changes(viewer, from).await?;
        return Ok(events.iter().map(line_of).collect());
    };
    let answers = since::answers(viewer, since).await?;
    let rank = |turn: Turn| match turn {
        Turn::Worse => 0,
        Turn::Better => 2,
        Turn::Moved | Turn::New | Turn::Left => 4,
    };
    let mut lines: Vec<(u8, String)> = standing
        .lines
        .iter()
        .map(|change| {
            let line = format!("{}: {}. {}", change.turn.name(), change.title, change.words);
            (rank(change.turn), line)
        })
        .collect();
    lines.extend(answers.iter().map(|answer| {
        let rank = if matches!(answer.kind, ChangeKind::Agreed | ChangeKind::Signed) {
            3
        } else {
            1
        };
        (rank, line_of(answer))
    }));
    lines.sort_by_key(|(rank, _)| *rank);
    Ok(lines.into_iter().map(|(_, line)| line).collect())
}

fn line_of(change: &Change) -> String {
    format!("{}: {}. {}", change.kind.name(), change.title, change.detail)
}

/// What there is to tell; nothing, when nothing changed, nothing is wrong and nothing waits.
pub(super) async fn sections(viewer: &Viewer, since: Timestamp) -> Result<Vec<Section>> {
    let today = viewer.today();
    let mut sections = Vec::new();
    let mut add = |heading: String, all: usize, lines: Vec<String>, path: String| {
        if lines.is_empty() {
            return;
        }
        let left = all.saturating_sub(MOST);
        let mut shown: Vec<String> = lines.into_iter().take(MOST).collect();
        if left > 0 {
            shown.push(format!("and {left} more"));
        }
        sections.push(Section {
            heading,
            lines: shown,
            path,
        });
    };

    let from = viewer.day_of(since);
    let changes = changes(viewer, since).await?;
    let span = since::span(today.days_since(from));
    add(
        format!(
            "{} since {}",
            counted(changes.len(), "change", "changes"),
            from.format(today)
        ),
        changes.len(),
        changes,
        format!("since?days={span}"),
    );

    let attention = AttentionInput::read(viewer).await?.attention(viewer);
    add(
        format!(
            "{} attention",
            counted(attention.len(), "thing needs", "things need")
        ),
        attention.len(),
        attention
            .iter()
            .map(|thing| format!("{}: {}. {}", thing.word.format(), thing.title, thing.why))
            .collect(),
        "attention".to_owned(),
    );

    let desk = brief::gather(viewer, MOST).await?;
    add(
        format!("{} for you", counted(desk.count, "thing waits", "things wait")),
        desk.count,
        desk.lines(today),
        "desk".to_owned(),
    );

    if sections.is_empty() {
        return Ok(sections);
    }
    if let Some(next) = reviews::read::next(viewer).await? {
        sections.push(Section {
            heading: "The next review".to_owned(),
            lines: vec![next.label(today)],
            path: next.path(),
        });
    }
    Ok(sections)
}
