//! The pages of the definition.

mod clause;
mod compare;
mod propose;
mod rounds;
mod talk;
mod trace;
mod version;

pub use self::{
    clause::{
        accept, archive_clause, clause, create_clause, decline, edit_clause, new_clause, update_clause,
        withdraw_suggestion,
    },
    compare::compare,
    propose::{propose, propose_form, restore, restore_form, take_back},
    rounds::{answer, answer_form, close_round, open_round, open_round_form, rounds},
    talk::{suggest, suggest_form},
    trace::trace,
    version::{markdown, version, versions},
};

use leptos::prelude::*;

use super::{
    AGAIN_WITHIN_DAYS, Clause, ClauseChange, changes_in_words,
    read::{self, Whole},
};

use crate::{
    handshake::components::{Seats, StandingLine},
    identity::{Action, Page, Viewer},
    platform::{error::Result, form::Form},
    ui::{Empty, Tag, markdown::Markdown, redline::Redline},
};

const ROOM: &str = "definition";

/// `/definition`: the draft against what is in force, and the proposal on the table.
pub async fn show(viewer: Viewer) -> Result<Page> {
    let whole = read::whole(&viewer).await?;
    Ok(whole_page(&viewer, whole, Form::blank()))
}

fn whole_page(viewer: &Viewer, whole: Whole, form: Form) -> Page {
    Page::new(viewer, ROOM, "Definition", move |viewer| {
        let may_edit = viewer.may(Action::EditDefinition);
        let may_propose = viewer.may(Action::ProposeDefinition) && !whole.draft.is_empty();
        let changed = whole.change_count();
        let proposed = whole.proposed.clone();
        let in_force = whole.in_force.clone();
        let soon = viewer.today().plus(AGAIN_WITHIN_DAYS);
        let is_due = in_force
            .as_ref()
            .and_then(|version| version.review_on)
            .is_some_and(|day| day <= soon);
        let can_propose = may_propose && proposed.is_none() && (in_force.is_none() || changed > 0 || is_due);
        let eyebrow = match &in_force {
            Some(version) => format!("Definition · draft after version {}", version.number),
            None => "Definition · first draft".to_owned(),
        };
        let actions = view! {
            <div class="page-actions">
                <a class="button" href=viewer.path("definition/rounds")>
                    "Do we mean the same?"
                </a>
                <a class="button" href=viewer.path("definition/trace")>
                    "Promises and work"
                </a>
                <a class="button" href=viewer.path("definition/versions")>
                    "Versions"
                </a>
                {may_edit
                    .then(|| {
                        view! {
                            <a class="button" href=viewer.path("definition/clauses/new")>
                                "Add a clause"
                            </a>
                        }
                    })}
                {can_propose
                    .then(|| {
                        view! {
                            <a class="button is-primary" href=viewer.path("definition/propose")>
                                {if in_force.is_some() {
                                    "Propose the next version…"
                                } else {
                                    "Propose version 1…"
                                }}
                            </a>
                        }
                    })}
            </div>
        };
        let standing = standing_words(&viewer, &whole, changed);
        let clauses = clause_list(&viewer, &whole, may_edit);
        let problems = form
            .problems()
            .iter()
            .map(|problem| {
                view! {
                    <p class="problem" role="alert">
                        {problem.what.clone()}
                    </p>
                }
            })
            .collect_view();
        view! {
            <header class="page-head">
                <div>
                    <p class="eyebrow">{eyebrow}</p>
                    <h1>"What a good customer experience is"</h1>
                    {standing}
                </div>
                {actions}
            </header>
            {problems}
            {clauses}
        }
    })
}

fn standing_words(viewer: &Viewer, whole: &Whole, changed: usize) -> AnyView {
    if let Some(proposed) = &whole.proposed
        && let Some(standing) = proposed.standing.clone()
    {
        let href = viewer.path(&format!("definition/versions/{}", proposed.number));
        let may_sign = standing.open_to(viewer).is_some();
        return view! {
            <StandingLine standing=standing viewer=viewer.clone() />
            <p>
                <a class=if may_sign { "button is-primary" } else { "button" } href=href>
                    {format!(
                        "{} version {}",
                        if may_sign { "Read and sign" } else { "Read" },
                        proposed.number,
                    )}
                </a>
            </p>
        }
        .into_any();
    }
    match &whole.in_force {
        Some(version) => {
            let since = version
                .in_force_at
                .map_or_else(String::new, |at| viewer.day_of(at).format(viewer.today()));
            let stale = changed > 0;
            let words = changes_in_words(changed, version.number);
            let again = version.review_on.map(|day| {
                let (today, said) = (viewer.today(), day.format(viewer.today()));
                if day < today {
                    format!(" Both leads were to renew it by {said}.")
                } else {
                    format!(" Both leads renew it by {said}.")
                }
            });
            view! {
                <p class="standing">
                    <Seats standing=version.standing.clone() viewer=viewer.clone() stale=stale large=true />
                    <span>
                        <strong>{words}</strong>
                        ", which both leads ratified on "
                        {since}
                        "."
                        {again}
                    </span>
                </p>
            }
            .into_any()
        }
        None => view! {
            <p class="lead">
                "No version is in force yet. When the clauses say what both sides mean, propose them. Both \
                    leads then sign the same text."
            </p>
        }
        .into_any(),
    }
}

fn clause_list(viewer: &Viewer, whole: &Whole, may_edit: bool) -> AnyView {
    if whole.changes.is_empty() {
        let purpose = "A definition is a short list of clauses. Each has a promise to the customer, what it \
            means for Marketing, what it means for Technology, and the KPIs that measure it.";
        return if may_edit {
            let new = viewer.path("definition/clauses/new");
            view! { <Empty purpose=purpose next=(new, "Write the first clause") /> }.into_any()
        } else {
            view! { <Empty purpose=purpose /> }.into_any()
        };
    }
    let first_draft = whole.in_force.is_none();
    let cards = whole
        .changes
        .iter()
        .enumerate()
        .map(|(index, change)| {
            let (clause, before) = match change {
                ClauseChange::Same(clause) | ClauseChange::New(clause) | ClauseChange::Gone(clause) => {
                    (clause.clone(), None)
                }
                ClauseChange::Changed { before, after } => (after.clone(), Some(before.clone())),
            };
            let word = if first_draft { "" } else { change.word() };
            let gone = matches!(change, ClauseChange::Gone(_));
            let is_new = matches!(change, ClauseChange::New(_)) && !first_draft;
            let measures = whole
                .measures
                .iter()
                .filter(|m| m.clause_id.to_string() == clause.id)
                .cloned()
                .collect::<Vec<_>>();
            let servers = whole
                .servers
                .iter()
                .filter(|s| s.clause_id.to_string() == clause.id)
                .cloned()
                .collect::<Vec<_>>();
            let page = viewer.path(&format!("definition/clauses/{}", clause.id));
            let edit = format!("{page}/edit");
            let title = clause.title.clone();
            let open = whole
                .suggestions
                .iter()
                .find(|(id, _)| id.to_string() == clause.id)
                .map_or(0, |(_, count)| *count);
            let talked = match open {
                0 => "Discuss".to_owned(),
                1 => "1 suggestion".to_owned(),
                _ => format!("{open} suggestions"),
            };
            let anchor = format!("clause-{}", clause.id);
            view! {
                <article class="clause" id=anchor>
                    <div class="clause-text">
                        <p class="eyebrow">
                            {if gone { "Clause".to_owned() } else { format!("Clause {}", index + 1) }}
                            {(!word.is_empty()).then(|| format!(" · {word}"))}
                        </p>
                        <ClauseText clause=clause before=before is_new=is_new is_gone=gone />
                        {(!gone)
                            .then(|| {
                                view! {
                                    <div class="page-actions">
                                        <a
                                            class="button is-small"
                                            href=page
                                            aria-label=format!("{talked}: the clause {title}")
                                        >
                                            {talked.clone()}
                                        </a>
                                        {may_edit
                                            .then(|| {
                                                view! {
                                                    <a
                                                        class="button is-small"
                                                        href=edit
                                                        aria-label=format!("Edit the clause {title}")
                                                    >
                                                        "Edit"
                                                    </a>
                                                }
                                            })}
                                    </div>
                                }
                            })}
                    </div>
                    <aside class="clause-side">
                        {measures_view(viewer, &measures, gone)} {servers_view(viewer, &servers)}
                    </aside>
                </article>
            }
        })
        .collect_view();
    view! { <div class="card clauses">{cards}</div> }.into_any()
}

fn measures_view(viewer: &Viewer, measures: &[read::ClauseKpi], gone: bool) -> AnyView {
    if gone {
        return ().into_any();
    }
    if measures.is_empty() {
        return view! { <Tag label="No KPI yet" /> }.into_any();
    }
    let links = measures
        .iter()
        .map(|m| {
            view! {
                <li>
                    <a href=viewer.path(&format!("kpis/{}", m.number))>{m.title.clone()}</a>
                </li>
            }
        })
        .collect_view();
    view! {
        <p class="faint">"Measured by"</p>
        <ul class="plain">{links}</ul>
    }
    .into_any()
}

fn servers_view(viewer: &Viewer, servers: &[read::ServingInitiative]) -> AnyView {
    if servers.is_empty() {
        return view! { <p class="faint">"No work keeps this promise yet"</p> }.into_any();
    }
    let links = servers
        .iter()
        .map(|s| {
            view! {
                <li>
                    <a href=viewer.path(&format!("initiatives/{}", s.number))>{s.title.clone()}</a>
                </li>
            }
        })
        .collect_view();
    view! {
        <p class="faint">"Kept by"</p>
        <ul class="plain">{links}</ul>
    }
    .into_any()
}

/// A clause's words; with `before`, what changed in them.
#[component]
fn ClauseText(clause: Clause, before: Option<Clause>, is_new: bool, is_gone: bool) -> impl IntoView {
    let passage = move |now: String, then: Option<String>| match (then, is_new, is_gone) {
        (Some(then), ..) if then != now => view! { <Redline before=then after=now /> }.into_any(),
        (_, true, _) => view! { <ins>{now}</ins> }.into_any(),
        (_, _, true) => view! { <del>{now}</del> }.into_any(),
        _ => view! { {now} }.into_any(),
    };
    // Marked where it changed, as typed; laid out where it did not.
    let long = move |now: String, then: Option<String>| {
        let is_marked = is_new || is_gone || then.as_ref().is_some_and(|then| *then != now);
        if is_marked {
            view! { <p class="prose">{passage(now, then)}</p> }.into_any()
        } else {
            view! { <Markdown text=now /> }.into_any()
        }
    };
    let then = |read: fn(&Clause) -> &String| before.as_ref().map(|before| read(before).clone());
    let kpis_changed = before
        .as_ref()
        .filter(|before| before.measured_by != clause.measured_by)
        .map(|before| (before.measured_by.join(", "), clause.measured_by.join(", ")));
    view! {
        <h2>{passage(clause.title.clone(), then(|c| &c.title))}</h2>
        <div class="promise">{long(clause.promise.clone(), then(|c| &c.promise))}</div>
        <div class="two-sides">
            <div>
                <h3 class="side is-marketing">"For Marketing"</h3>
                {long(clause.for_marketing.clone(), then(|c| &c.for_marketing))}
            </div>
            <div>
                <h3 class="side is-technology">"For Technology"</h3>
                {long(clause.for_technology.clone(), then(|c| &c.for_technology))}
            </div>
        </div>
        {kpis_changed
            .map(|(before, after)| {
                view! { <p class="faint">"Measured by: "<Redline before=before after=after /></p> }
            })}
    }
}
