//! The week, for one reader: what changed since the last one, what needs attention, what waits, what comes.

use crate::{
    attention::AttentionInput,
    desk::brief,
    identity::Viewer,
    overview::since,
    platform::{error::Result, text::counted, time::Timestamp},
    reviews,
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
    let standing = reviews::days::changes_until_today(viewer, from).await?;
    let answers = since::answers(viewer, since).await?;
    let changes: Vec<String> = answers
        .iter()
        .map(|answer| format!("{}: {}. {}", answer.kind.name(), answer.title, answer.detail))
        .chain(
            standing
                .iter()
                .flat_map(|changes| &changes.lines)
                .map(|change| format!("{}: {}. {}", change.turn.name(), change.title, change.words)),
        )
        .collect();
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
