//! Finding anything by its name.
//!
//! A *name* is the title of a thing, a person's name, or that of a page. All *words* that are typed have to
//! occur in it, in any order and without regard to case. What begins with what was typed comes first, then
//! what has a word that begins so; what is over or archived comes last. Everybody finds what everybody may
//! read; a page on which something is started is found by those who may start it.

use std::collections::HashMap;

use axum::extract::Query;
use leptos::prelude::*;
use serde::Deserialize;

use crate::{
    args,
    identity::{Action, Page, Viewer},
    platform::{error::Result, ids::MemberId, text::join_details, time::Day},
    sql, text_enum,
    ui::Tag,
};

text_enum! {
    /// What has a name.
    pub enum NameKind {
        Page = "page",
        Start = "start",
        Clause = "clause",
        Decision = "decision",
        Technology = "technology",
        Review = "review",
        Source = "source",
        Touchpoint = "touchpoint",
        Initiative = "initiative",
        Milestone = "milestone",
        Checkpoint = "checkpoint",
        Goal = "goal",
        Access = "access",
        Kpi = "kpi",
        Person = "person",
    }
}

impl NameKind {
    const fn name(self) -> &'static str {
        match self {
            Self::Page => "Page",
            Self::Start => "Start",
            Self::Clause => "Promise",
            Self::Decision => "Decision",
            Self::Technology => "Technology",
            Self::Review => "Review",
            Self::Source => "Source",
            Self::Touchpoint => "Touchpoint",
            Self::Initiative => "Initiative",
            Self::Milestone => "Milestone",
            Self::Checkpoint => "Checkpoint",
            Self::Goal => "Goal",
            Self::Access => "Access",
            Self::Kpi => "KPI",
            Self::Person => "Person",
        }
    }
}

/// A thing by its name; `id` tells apart what has no number of its own.
#[derive(Clone, Debug, sqlx::FromRow)]
struct NameRow {
    kind: NameKind,
    id: uuid::Uuid,
    number: i64,
    name: String,
    is_past: bool,
    /// Who leads it.
    owner_id: Option<MemberId>,
    due_on: Option<Day>,
}

impl NameRow {
    /// Within the workspace. A checkpoint is found on its milestone's page, whose number it has.
    fn path(&self) -> String {
        let number = self.number;
        match self.kind {
            NameKind::Clause => format!("definition/clauses/{}", self.id),
            NameKind::Person => format!("members/{}", MemberId::from(self.id)),
            NameKind::Decision => format!("decisions/{number}"),
            NameKind::Technology => format!("technologies/{number}"),
            NameKind::Review => format!("reviews/{number}"),
            NameKind::Source => format!("sources/{number}"),
            NameKind::Touchpoint => format!("sources/touchpoints/{number}"),
            NameKind::Initiative => format!("initiatives/{number}"),
            NameKind::Milestone => format!("milestones/{number}"),
            NameKind::Checkpoint => format!("milestones/{number}#checkpoint-{}", self.id),
            NameKind::Goal => format!("goals/{number}"),
            NameKind::Access => format!("access/{number}"),
            NameKind::Kpi => format!("kpis/{number}"),
            // Pages have no rows.
            NameKind::Page | NameKind::Start => String::new(),
        }
    }
}

/// Something that was found.
struct Hit {
    kind: NameKind,
    name: String,
    path: String,
    /// Who leads it and by when.
    detail: String,
    is_past: bool,
}

/// Rooms and their pages that everybody may read.
const PAGES: [(&str, &str); 24] = [
    ("", "Overview"),
    ("desk", "Desk"),
    ("attention", "Needs attention"),
    ("since", "What changed"),
    ("definition", "Definition"),
    ("definition/versions", "Versions of the definition"),
    ("definition/trace", "Promises and work"),
    ("decisions", "Decisions"),
    ("technologies", "Technologies"),
    ("reviews", "Reviews"),
    ("sources", "Sources"),
    ("sources/map", "Map of touchpoints and sources"),
    ("sources/record", "Record of processing"),
    ("sources/quarters", "Coverage quarter by quarter"),
    ("sources/tables", "Tables of sources"),
    ("initiatives", "Initiatives"),
    ("milestones", "Milestones"),
    ("capacity", "Capacity"),
    ("goals", "Goals"),
    ("access", "Access"),
    ("kpis", "KPIs"),
    ("history", "History"),
    ("members", "Members"),
    ("settings", "Settings"),
];

/// What is begun on a page of its own, and whose it is.
const STARTERS: [(&str, &str, Action<'static>); 8] = [
    (
        "initiatives/new",
        "Propose an initiative",
        Action::StartInitiative,
    ),
    ("decisions/new", "New decision", Action::AskDecision),
    ("goals/new", "New goal", Action::ManageGoal),
    ("kpis/new", "New KPI", Action::ManageKpi),
    ("technologies/new", "Add a technology", Action::ManageTechnology),
    ("sources/new", "Add a source", Action::EnterSource),
    ("sources/touchpoints/new", "Add a touchpoint", Action::EnterSource),
    ("reviews/new", "Plan a review", Action::PrepareReview),
];

/// In small letters, with single spaces.
fn fold_case(text: &str) -> String {
    text.split_whitespace()
        .map(str::to_lowercase)
        .collect::<Vec<_>>()
        .join(" ")
}

/// How well a name fits what was typed, both in small letters: the lower the better; none where it does not.
fn fit(name: &str, typed: &str) -> Option<u8> {
    let words: Vec<&str> = typed.split(' ').collect();
    if !words.iter().all(|word| name.contains(word)) {
        return None;
    }
    let begins = |word: &&str| {
        name.split(|letter: char| !letter.is_alphanumeric())
            .any(|part| part.starts_with(*word))
    };
    Some(if name.starts_with(typed) {
        0
    } else if words.iter().all(begins) {
        1
    } else {
        2
    })
}

async fn names(viewer: &Viewer) -> Result<Vec<NameRow>> {
    viewer
        .fetch_all(
            sql!(
                "select 'clause' as kind, id, position as number, title as name, archived_at is not null as
                 is_past,
                 cast(null as uuid) as owner_id, cast(null as text) as due_on
                 from clause_facts where workspace_id = $1
                 union all select 'decision', id, number, question, false, driver_id,
                 case when signed_at is null and not is_ruled then decide_by end
                 from decision_facts where workspace_id = $1
                 union all select 'technology', id, number, name, false, null, null
                 from technology_facts where workspace_id = $1
                 union all select 'review', id, number, 'Review ' || number, is_over, null, null
                 from review_facts where workspace_id = $1
                 union all select 'source', id, number, name, retired_at is not null, null, null
                 from source_facts where workspace_id = $1
                 union all select 'touchpoint', id, number, name, retired_at is not null, null, null
                 from touchpoint_facts where workspace_id = $1
                 union all select 'initiative', id, number, title, is_over,
                 case driver_side when 'marketing' then marketing_lead else technology_lead end, due_on
                 from initiative_facts where workspace_id = $1
                 union all select 'milestone', id, number, title, accepted_at is not null or archived_at is
                 not null,
                 driver_id, due_on
                 from milestone_facts where workspace_id = $1
                 union all select 'checkpoint', c.id, m.number, c.title, c.passed_at is not null, c.owner_id,
                 c.due_on
                 from checkpoint_facts c join milestone_facts m on m.id = c.milestone_id
                 where c.workspace_id = $1 and c.archived_at is null and m.archived_at is null
                 union all select 'goal', id, number, title, archived_at is not null, owner_id, due_on
                 from goal_facts where workspace_id = $1
                 union all select 'access', id, number, title, ended_at is not null or ends_on < $2, null,
                 ends_on
                 from access_facts where workspace_id = $1
                 union all select 'kpi', id, number, title, archived_at is not null, driver_id, null
                 from kpi_facts where workspace_id = $1
                 union all select 'person', id, 0, name, disabled_at is not null, null, null
                 from people where workspace_id = $1"
            ),
            args![viewer.today()],
        )
        .await
}

/// All that fits, the best first.
async fn find(viewer: &Viewer, typed: &str) -> Result<Vec<Hit>> {
    let pages = PAGES.iter().map(|(path, name)| (NameKind::Page, *path, *name));
    let starters = STARTERS
        .iter()
        .filter(|(_, _, action)| viewer.may(*action))
        .map(|(path, name, _)| (NameKind::Start, *path, *name));
    let mut hits: Vec<(u8, Hit)> = pages
        .chain(starters)
        .filter_map(|(kind, path, name)| {
            let hit = Hit {
                kind,
                name: name.to_owned(),
                path: path.to_owned(),
                detail: String::new(),
                is_past: false,
            };
            Some((fit(&fold_case(name), typed)?, hit))
        })
        .collect();
    let rows = names(viewer).await?;
    let people: HashMap<MemberId, String> = rows
        .iter()
        .filter(|row| row.kind == NameKind::Person)
        .map(|row| (MemberId::from(row.id), row.name.clone()))
        .collect();
    hits.extend(rows.into_iter().filter_map(|row| {
        let fits = fit(&fold_case(&row.name), typed)?;
        let due = row.due_on.filter(|_| !row.is_past).map(|day| {
            let verb = if row.kind == NameKind::Access {
                "ends"
            } else {
                "due"
            };
            format!("{verb} {}", day.format(viewer.today()))
        });
        let owner = row.owner_id.and_then(|id| people.get(&id).cloned());
        let hit = Hit {
            kind: row.kind,
            path: row.path(),
            detail: join_details([owner, due]),
            name: row.name,
            is_past: row.is_past,
        };
        Some((fits, hit))
    }));
    hits.sort_by(|(one, a), (other, b)| {
        (a.is_past, one, a.kind, &a.name).cmp(&(b.is_past, other, b.kind, &b.name))
    });
    Ok(hits.into_iter().map(|(_, hit)| hit).collect())
}

/// Hits that are shown; with more one types more.
const MOST: usize = 40;

/// Longest text that is looked for, in characters.
const MAX_LENGTH: usize = 100;

#[derive(Deserialize)]
pub struct SearchQuery {
    q: Option<String>,
}

/// `/search?q=consent`.
pub async fn search(viewer: Viewer, Query(query): Query<SearchQuery>) -> Result<Page> {
    let typed: String = query
        .q
        .unwrap_or_default()
        .chars()
        .filter(|letter| !letter.is_control())
        .take(MAX_LENGTH)
        .collect();
    let wanted = fold_case(&typed);
    let hits = if wanted.is_empty() {
        None
    } else {
        Some(find(&viewer, &wanted).await?)
    };
    Ok(Page::new(&viewer, "search", "Search", move |viewer| {
        let action = viewer.path("search");
        let listed = hits.map(|hits| results(&viewer, hits, &typed));
        view! {
            <h1>"Search"</h1>
            <form method="get" action=action class="search-form">
                <label class="visually-hidden" for="search">
                    "A name"
                </label>
                <input
                    id="search"
                    name="q"
                    type="search"
                    value=typed
                    maxlength=MAX_LENGTH
                    autocomplete="off"
                    autofocus
                />
                <button class="button is-primary" type="submit">
                    "Search"
                </button>
            </form>
            <p class="faint">
                "By name: promises, decisions, technologies, work, goals, access, KPIs, sources, people and pages."
            </p>
            {listed}
        }
    }))
}

fn results(viewer: &Viewer, hits: Vec<Hit>, typed: &str) -> impl IntoView + use<> {
    let count = hits.len();
    let said = match count {
        0 => format!(
            "Nothing is called “{}”. Try fewer words, or a part of one.",
            typed.trim()
        ),
        1 => "1 found.".to_owned(),
        count if count > MOST => {
            format!("{count} found. These are the first {MOST}; type more to narrow it down.")
        }
        count => format!("{count} found."),
    };
    let rows = hits
        .into_iter()
        .take(MOST)
        .map(|hit| {
            let href = viewer.path(&hit.path);
            view! {
                <li class="row">
                    <span class="search-kind faint">{hit.kind.name()}</span>
                    <span class="row-main">
                        <a href=href>{hit.name}</a>
                        <span class="faint">{hit.detail}</span>
                    </span>
                    {hit.is_past.then(|| view! { <Tag label="Over" /> })}
                </li>
            }
        })
        .collect_view();
    view! {
        <p role="status">{said}</p>
        {(count > 0).then(|| view! { <ul class="rows">{rows}</ul> })}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_words_have_to_occur_and_a_beginning_is_best() {
        let name = fold_case("How do we ask  again for Old consents?");
        assert_eq!(fit(&name, &fold_case("How do")), Some(0));
        assert_eq!(fit(&name, &fold_case("OLD ask")), Some(1));
        assert_eq!(fit(&name, &fold_case("onsent")), Some(2));
        assert_eq!(fit(&name, &fold_case("consent chat")), None);
        assert_eq!(fit(&fold_case("Überblick"), &fold_case("über")), Some(0));
    }
}
