//! What changed, at a glance: how initiatives and KPIs stood before and stand now, what was signed and
//! objected to, what moved, what is new. All of it is the difference of two days' facts, which reviews know.

use std::collections::HashSet;

use crate::{
    handshake::{self, Verdict},
    history,
    identity::Viewer,
    initiatives, kpis, milestones,
    platform::{
        error::Result,
        time::{Day, Timestamp},
    },
    reviews::{
        changes::{FactChanges, Turn},
        days,
    },
    text_enum,
};

text_enum! {
    /// In the order in which they are told.
    pub enum ChangeKind {
        Worse = "worse",
        Better = "better",
        /// The second signature: both sides have signed.
        Agreed = "agreed",
        Objected = "objected",
        SentBack = "sent_back",
        Signed = "signed",
        Moved = "moved",
        New = "new",
    }
}

impl ChangeKind {
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Worse => "▼",
            Self::Better => "▲",
            Self::Objected => "✕",
            Self::SentBack => "↺",
            Self::Agreed | Self::Signed => "✓",
            Self::Moved => "→",
            Self::New => "+",
        }
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Worse => "Worse",
            Self::Better => "Better",
            Self::Objected => "Objected",
            Self::SentBack => "Sent back",
            Self::Agreed => "Agreed",
            Self::Signed => "Signed",
            Self::Moved => "Moved",
            Self::New => "New",
        }
    }
}

/// One thing that changed.
#[derive(Clone, Debug)]
pub struct Change {
    pub kind: ChangeKind,
    pub title: String,
    pub detail: String,
    pub path: String,
    pub at: Timestamp,
}

/// What the first page tells of the time since the beginning of a day; by kind, the newest first.
pub async fn changes(viewer: &Viewer, since: Day) -> Result<Vec<Change>> {
    let from = viewer.zone().start_of(since);
    let mut found = of_standing(viewer, from).await?;
    let answers = answers(viewer, from).await?;
    if let Some(differences) = days::changes_of_kept_days(viewer, since).await? {
        // Kept days know of everything, until this morning; people's own words and answers know of today.
        let today = viewer.zone().start_of(viewer.today());
        let answered = answers.iter().filter(|change| change.at >= today);
        let known: HashSet<String> = found
            .iter()
            .chain(answered)
            .map(|change| change.path.clone())
            .collect();
        found.extend(of_days(&differences, today).filter(|change| !known.contains(&change.path)));
    }
    found.extend(answers);
    found.extend(of_plan(viewer, from).await?);
    found.sort_by_key(|change| (change.kind, std::cmp::Reverse(change.at)));
    // A thing is told of once, by the worst that happened to it.
    let mut told = HashSet::new();
    found.retain(|change| told.insert(change.path.clone()));
    Ok(found)
}

/// What was objected to, sent back and signed since then, the newest first: what people answered.
pub async fn answers(viewer: &Viewer, from: Timestamp) -> Result<Vec<Change>> {
    let mut found = of_verdicts(viewer, from).await?;
    found.extend(of_returned(viewer, from).await?);
    found.sort_by_key(|change| (change.kind, std::cmp::Reverse(change.at)));
    Ok(found)
}

/// The days that one may look back.
pub const SPANS: [i64; 3] = [7, 14, 30];

/// The shortest of the spans that looks back so far.
pub fn span(days: i64) -> i64 {
    let longest = SPANS[SPANS.len() - 1];
    SPANS.into_iter().find(|span| *span >= days).unwrap_or(longest)
}

fn day(viewer: &Viewer, at: Timestamp) -> String {
    viewer.day_of(at).format(viewer.today())
}

/// What got worse and better from one day to another.
fn of_days(differences: &FactChanges, at: Timestamp) -> impl Iterator<Item = Change> {
    differences.lines.iter().filter_map(move |line| {
        let kind = match line.turn {
            Turn::Worse => ChangeKind::Worse,
            Turn::Better => ChangeKind::Better,
            Turn::Moved | Turn::New | Turn::Left => return None,
        };
        Some(Change {
            kind,
            title: line.title.clone(),
            detail: line.words.clone(),
            path: line.path.clone(),
            at,
        })
    })
}

/// How initiatives and KPIs stood before, and stand now.
async fn of_standing(viewer: &Viewer, from: Timestamp) -> Result<Vec<Change>> {
    let mut found = Vec::new();
    for change in initiatives::read::status_changes(viewer, from).await? {
        let Some(before) = change.before.filter(|before| *before != change.now) else {
            continue;
        };
        found.push(Change {
            kind: if change.now < before {
                ChangeKind::Better
            } else {
                ChangeKind::Worse
            },
            title: change.title,
            detail: format!(
                "{} → {} · {}, {}",
                before.name(),
                change.now.name().to_lowercase(),
                change.who,
                day(viewer, change.at)
            ),
            path: format!("initiatives/{}", change.number),
            at: change.at,
        });
    }
    for change in kpis::read::value_changes(viewer, from).await? {
        let (Some(is_better), Some(before)) = (change.is_better(), change.before) else {
            continue;
        };
        found.push(Change {
            kind: if is_better {
                ChangeKind::Better
            } else {
                ChangeKind::Worse
            },
            title: change.title,
            detail: format!(
                "{} → {} in {}",
                kpis::in_words(before, "", change.is_computed),
                kpis::in_words(change.value, &change.unit, change.is_computed),
                change.cadence.format(change.period_on, viewer.today())
            ),
            path: format!("kpis/{}", change.number),
            at: change.at,
        });
    }
    Ok(found)
}

/// What was signed and objected to. The second signature tells of both.
async fn of_verdicts(viewer: &Viewer, from: Timestamp) -> Result<Vec<Change>> {
    let mut found: Vec<Change> = Vec::new();
    for given in handshake::read::verdicts_since(viewer, from).await? {
        let (kind, what) = match (given.verdict == Verdict::Object, given.is_sealed) {
            (true, _) => (ChangeKind::Objected, "objected"),
            (false, true) => (ChangeKind::Agreed, "signed; both sides have signed"),
            (false, false) => (ChangeKind::Signed, "signed"),
        };
        let is_told = given.is_sealed
            && found
                .iter()
                .any(|told| told.kind == ChangeKind::Agreed && told.path == given.path);
        if is_told {
            continue;
        }
        found.push(Change {
            kind,
            title: given.label,
            detail: format!("{} {what} · {}", given.signer, day(viewer, given.at)),
            path: given.path,
            at: given.at,
        });
    }
    Ok(found)
}

async fn of_returned(viewer: &Viewer, from: Timestamp) -> Result<Vec<Change>> {
    let returned = milestones::read::returned_since(viewer, from).await?.into_iter();
    let returned = returned.map(|returned| Change {
        kind: ChangeKind::SentBack,
        title: returned.title,
        detail: format!("{} sent it back · {}", returned.who, day(viewer, returned.at)),
        path: format!("milestones/{}", returned.milestone_number),
        at: returned.at,
    });
    Ok(returned.collect())
}

/// What moved, what is new.
async fn of_plan(viewer: &Viewer, from: Timestamp) -> Result<Vec<Change>> {
    let today = viewer.today();
    let moved = milestones::read::moved_since(viewer, from).await?.into_iter();
    let moved = moved
        .filter(|moved| moved.from_on != moved.due_on)
        .map(|moved| Change {
            kind: ChangeKind::Moved,
            title: moved.title,
            detail: format!(
                "{} → {} · {}",
                moved.from_on.format(today),
                moved.due_on.format(today),
                moved.who
            ),
            path: format!("milestones/{}", moved.number),
            at: moved.at,
        });
    let added = history::added::added_since(viewer, from).await?.into_iter();
    let added = added.map(|added| Change {
        kind: ChangeKind::New,
        title: added.title,
        detail: format!("{} · {}, {}", added.kind, added.who, day(viewer, added.at)),
        path: added.path,
        at: added.at,
    });
    Ok(moved.chain(added).collect())
}
