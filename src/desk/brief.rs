//! The desk in short: how much of it there is, and its first rows, for other pages.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::read::{self, DeskItem, What};
use crate::{
    handshake::Kind,
    identity::{Viewer, page::render},
    platform::{
        error::Result,
        page_cache::{CachedPage, PageKey},
        time::{Day, days},
    },
    rounds::About,
    ui::markdown::excerpt,
};

/// Rows shown in short.
const FIRST: usize = 5;

/// One row in short: what it is, by when, and the verb that answers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brief {
    title: String,
    detail: String,
    verb: String,
    /// Within the workspace.
    path: String,
    due_on: Day,
}

/// How much waits for somebody, and the first of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskSummary {
    pub count: usize,
    pub overdue: usize,
    first: Vec<Brief>,
}

impl DeskSummary {
    /// Its rows as sentences: "Repeat purchase rate: 4.2 % in October, due today".
    pub fn lines(&self, today: Day) -> Vec<String> {
        self.first
            .iter()
            .map(|brief| {
                let when = match today.days_since(brief.due_on) {
                    ..0 => format!("due {}", brief.due_on.format(today)),
                    0 => "due today".to_owned(),
                    late => format!("{} late", days(late)),
                };
                format!("{}: {}, {when}", brief.title, brief.detail)
            })
            .collect()
    }
}

fn key(viewer: &Viewer) -> PageKey {
    PageKey {
        page: "desk-summary",
        number: 0,
        reader: Some(viewer.member_id().uuid()),
    }
}

/// The viewer's desk in short; kept for as long as nothing is written.
pub async fn summary(viewer: &Viewer) -> Result<DeskSummary> {
    let kept = viewer
        .cache_page(key(viewer), async || {
            let summary = gather(viewer, FIRST).await?;
            let body = serde_json::to_string(&summary).unwrap_or_default();
            Ok(CachedPage {
                title: "".into(),
                body: body.into(),
            })
        })
        .await?;
    Ok(serde_json::from_str(&kept.body.to_string()).unwrap_or_default())
}

/// Something was read that no event tells of.
pub fn forget(viewer: &Viewer) {
    viewer.forget_page(key(viewer));
}

/// The viewer's desk, with at most so many of its rows.
pub async fn gather(viewer: &Viewer, most: usize) -> Result<DeskSummary> {
    let owed = read::own(viewer).await?;
    let today = viewer.today();
    Ok(DeskSummary {
        count: owed.len(),
        overdue: owed.iter().filter(|item| item.due_on < today).count(),
        first: owed
            .iter()
            .take(most)
            .filter_map(|item| brief(item, viewer))
            .collect(),
    })
}

#[expect(clippy::too_many_lines, reason = "a list")]
fn brief(item: &DeskItem, viewer: &Viewer) -> Option<Brief> {
    let today = viewer.today();
    let (title, detail, verb, path) = match &item.what {
        What::Milestone(milestone) => (
            milestone.title.clone(),
            if milestone.checkpoints == 0 {
                "No checkpoints yet".to_owned()
            } else {
                format!(
                    "{} of {} checkpoints done",
                    milestone.checkpoints - milestone.open,
                    milestone.checkpoints
                )
            },
            "Open",
            milestone.path(),
        ),
        What::CapExceeded(cap) => (
            cap.label(),
            "Cut something, or sign an exception".to_owned(),
            "Open",
            cap.path(),
        ),
        What::Objection(waiting) => (
            waiting.label.clone(),
            "A side objected".to_owned(),
            if waiting.kind == Kind::Kpi {
                "Correct"
            } else {
                "Answer"
            },
            waiting.path.clone(),
        ),
        What::Checkpoint(checkpoint) => (
            checkpoint.title.clone(),
            checkpoint.milestone.clone(),
            "Mark done",
            format!("checkpoints/{}/pass", checkpoint.id),
        ),
        What::AcceptCheckpoint(passed) => (
            passed.title.clone(),
            format!("{} marked it done", passed.passed_by_name),
            "Accept",
            format!("milestones/{}#checkpoint-{}", passed.milestone_number, passed.id),
        ),
        What::Grant(request) => (
            request.title.clone(),
            "Approved, not open yet".to_owned(),
            "Open access",
            request.path(),
        ),
        What::Certify(owed) => (
            owed.request.title.clone(),
            "Access: is it still needed?".to_owned(),
            "Keep or end",
            format!("{}/certify", owed.request.path()),
        ),
        What::Shut(request) => (
            request.title.clone(),
            "Access is over, not shut yet".to_owned(),
            "Shut access",
            request.path(),
        ),
        What::DeleteCopies(request) => (
            request.title.clone(),
            "Copies are to be deleted".to_owned(),
            "Say they are gone",
            format!("{}/copies", request.path()),
        ),
        What::Ending(request) => (
            request.title.clone(),
            "Your access ends soon".to_owned(),
            "Prolong",
            request.path(),
        ),
        What::AskAnew(request) => (
            request.title.clone(),
            "A side objected".to_owned(),
            "Open",
            request.path(),
        ),
        What::Value(kpi) => (
            kpi.title.clone(),
            kpi.cadence.format(kpi.period, today),
            "Enter",
            format!("{}/periods/{}", kpi.path(), kpi.period),
        ),
        What::Attest { waiting, subject } => (
            waiting.label.clone(),
            subject.figure(),
            "Confirm",
            format!("kpis/{}/periods/{}", subject.number, subject.period_on),
        ),
        What::Sign(waiting) => (
            waiting.label.clone(),
            waiting.kind.name().to_owned(),
            "Read and sign",
            format!("{}/sign", waiting.path),
        ),
        What::Mention(mention) => (
            format!("{} mentioned you", mention.who),
            excerpt(&mention.body, 60),
            "Read",
            "desk".to_owned(),
        ),
        What::Suggestion(suggestion) => (
            format!("New wording: {}", suggestion.title),
            suggestion.who.clone(),
            "Answer",
            format!("definition/clauses/{}", suggestion.clause_id),
        ),
        What::RatifyAgain(number) => (
            "Renew the definition".to_owned(),
            format!("Version {number} is in force"),
            "Propose",
            "definition/propose".to_owned(),
        ),
        What::Rule(ruling) => (
            ruling.question.clone(),
            "The sides cannot agree".to_owned(),
            "Decide",
            format!("decisions/{}/rule", ruling.number),
        ),
        What::Decision(decision) => (
            decision.question.clone(),
            "You drive this decision".to_owned(),
            "Open",
            decision.path(),
        ),
        What::Vacancy(vacancy) => (
            vacancy.source.clone(),
            format!("No {}", vacancy.chair.name().to_lowercase()),
            "Name somebody",
            vacancy.path(),
        ),
        What::Reading(reading) => (
            reading.source.clone(),
            "Levels not read yet".to_owned(),
            "Read levels",
            reading.path(),
        ),
        What::Words(words) => (
            words.title.clone(),
            match words.outdated {
                Some(1) => "1 word is too old to count".to_owned(),
                Some(count) => format!("{count} words are too old to count"),
                None => "Which sources record it?".to_owned(),
            },
            "Answer",
            words.path.clone(),
        ),
        What::Renewal(technology) => (
            technology.name.clone(),
            "Contract renews".to_owned(),
            "Open",
            format!("technologies/{}", technology.number),
        ),
        What::Answer(round) => (
            round.label.clone(),
            "Your answers are missing".to_owned(),
            match round.about {
                About::Decision => "Score",
                About::Definition => "Rate",
            },
            round.path.clone(),
        ),
        What::CheckIn { check_in, .. } => (
            check_in.title.clone(),
            "Check-in".to_owned(),
            "Check in",
            format!("initiatives/{}/check-in", check_in.number),
        ),
        What::ReviewAction(action) => (
            action.body.clone(),
            format!("From review {}", action.review_number),
            "Settle",
            format!("reviews/{}/actions/{}", action.review_number, action.id),
        ),
        What::Review(review) if review.is_held => (
            format!("Minutes of review {}", review.number),
            "Not offered yet".to_owned(),
            "Write",
            review.path(),
        ),
        What::Review(review) => (
            format!("Review {}", review.number),
            "Look over the agenda".to_owned(),
            "Prepare",
            review.path(),
        ),
        What::Acknowledge(owed) => (
            owed.title.clone(),
            format!("Check-in from {}", owed.who),
            "Read",
            format!("initiatives/{}/check-ins/{}", owed.number, owed.check_in),
        ),
        What::Action(action) => (
            action.action.clone(),
            action.title.clone(),
            "Open",
            format!("initiatives/{}", action.number),
        ),
        What::Escalated(_) => return None,
    };
    Some(Brief {
        title,
        detail,
        verb: verb.to_owned(),
        path,
        due_on: item.due_on,
    })
}

/// The card *Waiting for you*, as markup to be put into a page that is kept for all.
pub fn card(viewer: &Viewer, summary: &DeskSummary) -> String {
    let (today, href) = (viewer.today(), viewer.path("desk"));
    let link = format!("Desk · {}", summary.count);
    let rows: Vec<(Brief, String)> = summary
        .first
        .iter()
        .map(|brief| (brief.clone(), viewer.path(&brief.path)))
        .collect();
    render(move || {
        let none = rows.is_empty();
        let rows = rows
            .into_iter()
            .enumerate()
            .map(|(index, (brief, href))| {
                let late = today.days_since(brief.due_on);
                let when = match late {
                    1 => "1 day late".to_owned(),
                    2.. => format!("{late} days late"),
                    0 => "today".to_owned(),
                    _ => format!("by {}", brief.due_on.format(today)),
                };
                let lateness = if late > 0 { "late" } else { "" };
                let class = if index == 0 {
                    "button is-small is-primary"
                } else {
                    "button is-small"
                };
                let label = format!("{}: {}", brief.verb, brief.title);
                view! {
                    <li>
                        <div>
                            <strong>{brief.title}</strong>
                            <small class="with-when">
                                <span>{brief.detail}</span>
                                <span>"· " <span class=lateness>{when}</span></span>
                            </small>
                        </div>
                        <a class=class href=href aria-label=label>
                            {brief.verb}
                        </a>
                    </li>
                }
            })
            .collect_view();
        view! {
            <section class="card look-card look-mine">
                <header>
                    <h2>"Waiting for you"</h2>
                    <a href=href>{link}</a>
                </header>
                <ul>{rows}</ul>
                {none.then(|| view! { <p class="faint">"Nothing waits for you."</p> })}
            </section>
        }
    })
}
