//! Proposing, ratifying, comparing and restoring versions.

use std::fmt::Write as _;

use axum::{
    extract::{Path, Query},
    response::{IntoResponse, Response},
};
use leptos::prelude::*;
use serde::Deserialize;

use super::{ClauseText, ROOM};
use crate::{
    definition::{
        Change, changes, changes_in_words,
        read::{self, Version},
        write,
    },
    handshake::{
        components::{DigestLine, SignForm, Signatures, StandingLine},
        page::{SigningPage, TablePage},
    },
    identity::{Action, FormResponse, Page, Redirect, Side, Viewer, respond},
    platform::{
        error::{Error, Result},
        form::Form,
        http::attachment,
        text::{markdown_line, markdown_text, text_and_digest},
    },
    ui::{Actions, Crumb, DateField, Empty, Notice, Pill, PostForm, Section, Tone},
};

pub async fn propose_form(viewer: Viewer) -> Result<Page> {
    let form = Form::blank().with("again_by", viewer.today().plus_months(12).to_string());
    propose_page(&viewer, form).await
}

async fn propose_page(viewer: &Viewer, form: Form) -> Result<Page> {
    if !viewer.may(Action::ProposeDefinition) {
        return Err(Error::Forbidden);
    }
    let whole = read::whole(viewer).await?;
    let cancel = viewer.path("definition");
    Ok(Page::new(viewer, ROOM, "Propose a version", move |_| {
        let changed = whole.change_count();
        let summary = whole.in_force.as_ref().map_or_else(
            || format!("{} clauses become the first version.", whole.draft.len()),
            |version| {
                format!(
                    "{}. Both leads will see exactly these, marked.",
                    changes_in_words(changed, version.number)
                )
            },
        );
        let unmeasured = whole
            .draft
            .iter()
            .filter(|clause| !whole.measures.iter().any(|m| m.clause_id == clause.id))
            .count();
        view! {
            <Crumb href=cancel.clone() text="Definition" />
            <h1>"Propose the draft for ratification"</h1>
            <p>{summary}</p>
            {(unmeasured > 0)
                .then(|| {
                    view! {
                        <p>
                            <Pill tone=Tone::AtRisk label=format!("{unmeasured} without a KPI") />
                            " Nothing measures these clauses yet."
                        </p>
                    }
                })}
            <p class="faint">
                "The text is frozen and numbered. It is in force once both leads have signed it; an edit \
                    meanwhile ends the proposal."
            </p>
            <PostForm form=form>
                <DateField
                    name="again_by"
                    label="To be ratified again by"
                    help="Definitions go stale. Both leads find it on their desk 30 days before."
                />
                <Actions verb="Propose to both leads" cancel=cancel />
            </PostForm>
        }
    }))
}

pub async fn propose(viewer: Viewer, mut form: Form) -> FormResponse {
    let outcome = async {
        let again_by = form.optional_day("again_by").ok_or_else(|| form.refusal())?;
        let number = write::propose(&viewer, again_by).await?;
        Ok(Redirect::to(viewer.path(&format!("definition/versions/{number}"))).with_notice(Notice::Proposed))
    }
    .await;
    respond(outcome, form, |form| propose_page(&viewer, form)).await
}

#[derive(Deserialize)]
pub struct Before {
    before: Option<i64>,
}

const VERSIONS_PER_PAGE: i64 = 50;

pub async fn versions(viewer: Viewer, Query(query): Query<Before>) -> Result<Page> {
    let listed = read::history(&viewer, query.before.unwrap_or(i64::MAX), VERSIONS_PER_PAGE).await?;
    Ok(Page::new(
        &viewer,
        ROOM,
        "Versions of the definition",
        move |viewer| {
            let today = viewer.today();
            let more = (i64::try_from(listed.len()) == Ok(VERSIONS_PER_PAGE))
                .then(|| listed.last().map(|last| last.number))
                .flatten();
            let numbers: Vec<(String, String)> = listed
                .iter()
                .map(|version| (version.number.to_string(), format!("Version {}", version.number)))
                .collect();
            let compare = (numbers.len() > 1).then(|| {
                let form = Form::blank()
                    .with("to", numbers[0].0.clone())
                    .with("from", numbers[1].0.clone());
                let (from, to) = (
                    option_list(&numbers, form.raw("from")),
                    option_list(&numbers, form.raw("to")),
                );
                view! {
                    <form method="get" action=viewer.path("definition/compare") class="inline-form">
                        <label for="from">"Compare"</label>
                        <select id="from" name="from">
                            {from}
                        </select>
                        <label for="to">"with"</label>
                        <select id="to" name="to">
                            {to}
                        </select>
                        <button class="button" type="submit">
                            "Show the redline"
                        </button>
                    </form>
                }
            });
            let rows = listed
                .into_iter()
                .map(|version| {
                    let (word, tone) = match (version.in_force_at, version.superseded_at, version.is_open) {
                        (Some(_), None, _) => ("In force", Tone::Done),
                        (Some(_), Some(_), _) => ("Superseded", Tone::Quiet),
                        (None, _, true) => ("Proposed", Tone::AtRisk),
                        (None, ..) => ("Not ratified", Tone::Quiet),
                    };
                    let ratified = version
                        .in_force_at
                        .map(|at| format!(", in force from {}", viewer.day_of(at).format(today)));
                    view! {
                        <li class="row">
                            <Pill tone=tone label=word />
                            <a
                                class="row-main"
                                href=viewer.path(&format!("definition/versions/{}", version.number))
                            >
                                <strong>{format!("Version {}", version.number)}</strong>
                                <span class="faint">
                                    {format!(
                                        "Proposed {} by {}",
                                        viewer.day_of(version.proposed_at).format(today),
                                        version.proposed_by,
                                    )}{ratified}
                                </span>
                            </a>
                        </li>
                    }
                })
                .collect::<Vec<_>>();
            let empty = rows.is_empty();
            view! {
                <Crumb href=viewer.path("definition") text="Definition" />
                <h1>"Versions of the definition"</h1>
                {compare}
                {empty
                    .then(|| {
                        view! {
                            <Empty purpose="Every text that was proposed is kept here under its number, \
                                ratified or not." />
                        }
                    })}
                {(!empty).then(|| view! { <ul class="rows">{rows}</ul> })}
                {more
                    .map(|last| {
                        view! {
                            <p>
                                <a class="button" href=viewer.path(&format!("definition/versions?before={last}"))>
                                    "Earlier versions"
                                </a>
                            </p>
                        }
                    })}
            }
        },
    ))
}

fn option_list(options: &[(String, String)], chosen: &str) -> impl IntoView + use<> {
    options
        .iter()
        .map(|(value, label)| {
            let selected = value == chosen;
            view! {
                <option value=value.clone() selected=selected>
                    {label.clone()}
                </option>
            }
        })
        .collect_view()
}

pub async fn version(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    let version = read::version(&viewer, number).await?;
    let (in_force, _) = read::standing_versions(&viewer).await?;
    let before = in_force.filter(|base| base.number < version.number);
    Ok(Page::new(
        &viewer,
        ROOM,
        format!("Version {number} of the definition"),
        move |viewer| {
            let open_side = version
                .standing
                .as_ref()
                .and_then(|standing| standing.open_to(&viewer));
            let path = viewer.path(&format!("definition/versions/{number}"));
            let withdrawable = version
                .standing
                .as_ref()
                .is_some_and(|standing| standing.may_be_withdrawn_by(&viewer));
            let is_open = version.in_force_at.is_none() && version.standing.is_some();
            let may_restore = !is_open && viewer.may(Action::ProposeDefinition);
            let again = version
                .review_on
                .map(|day| format!(" · to be ratified again by {}", day.format(viewer.today())));
            let may_take_back = is_open && viewer.may(Action::ProposeDefinition);
            let head = version.standing.clone().map_or_else(
                || {
                    view! {
                    <p class="lead">
                        "This proposal was ended by an edit or taken back before both leads had signed it. \
                            It never was in force."
                    </p>
                }
                    .into_any()
                },
                |standing| view! { <StandingLine standing=standing viewer=viewer.clone() /> }.into_any(),
            );
            let since = before.as_ref().map(|base| base.number);
            let changes = changes(
                before.as_ref().map_or(&version.clauses, |base| &base.clauses),
                &version.clauses,
            );
            let signer = viewer.clone();
            let signatures = version.standing.clone().map(|standing| {
                view! {
                    <Section title="Signatures">
                        <Signatures standing=standing viewer=signer who_may="The lead of this side" />
                    </Section>
                }
            });
            let digest = version.digest.clone();
            view! {
                <Crumb href=viewer.path("definition/versions") text="Versions" />
                <header class="page-head">
                    <div>
                        <p class="eyebrow">
                            {format!(
                                "Proposed {} by {}",
                                viewer.day_of(version.proposed_at).format(viewer.today()),
                                version.proposed_by,
                            )}{again}
                        </p>
                        <h1>
                            {format!("Version {number}")}" "
                            <Pill
                                tone=if version.is_in_force() { Tone::Done } else { Tone::Quiet }
                                label=version.state()
                            />
                        </h1>
                        {head}
                    </div>
                    <div class="page-actions">
                        <a
                            class="button"
                            href=format!("{path}/text.md")
                            download=format!("definition-{number}.md")
                        >
                            "Markdown"
                        </a>
                        {may_restore
                            .then(|| {
                                view! {
                                    <a class="button" href=format!("{path}/restore")>
                                        "Restore as the draft…"
                                    </a>
                                }
                            })}
                        {open_side
                            .map(|side| {
                                view! {
                                    <a class="button is-primary" href=format!("{path}/sign")>
                                        {format!("Sign for {}…", side.name())}
                                    </a>
                                }
                            })}
                        {withdrawable
                            .then(|| {
                                view! {
                                    <form method="post" action=format!("{path}/withdraw")>
                                        <button class="button" type="submit">
                                            "Withdraw my signature"
                                        </button>
                                    </form>
                                }
                            })}
                        {may_take_back
                            .then(|| {
                                view! {
                                    <form method="post" action=format!("{path}/take-back")>
                                        <button class="button" type="submit">
                                            "Take the proposal back"
                                        </button>
                                    </form>
                                }
                            })}
                    </div>
                </header>
                {since
                    .map(|since| {
                        view! {
                            <p class="faint">
                                {format!("Marked: what changed since version {since}, which is in force.")}
                            </p>
                        }
                    })}
                <ChangeList changes=changes />
                <DigestLine
                    digest=digest
                    covers="these clauses, the number and the date by which they are ratified again"
                />
                {signatures}
            }
        },
    ))
}

/// Clauses with what changed in them, to read.
#[component]
fn ChangeList(changes: Vec<Change>) -> impl IntoView {
    let cards = changes
        .into_iter()
        .enumerate()
        .map(|(index, change)| {
            let word = change.word();
            let (is_new, is_gone) = (
                matches!(change, Change::New(_)),
                matches!(change, Change::Gone(_)),
            );
            let (clause, before) = match change {
                Change::Same(clause) | Change::New(clause) | Change::Gone(clause) => (clause, None),
                Change::Changed { before, after } => (after, Some(before)),
            };
            let anchor = format!("clause-{}", clause.id);
            let measured_by = clause.measured_by.join(", ");
            let same_measures = before
                .as_ref()
                .is_none_or(|before| before.measured_by == clause.measured_by);
            view! {
                <article class="clause" id=anchor>
                    <div class="clause-text">
                        <p class="eyebrow">
                            {format!("Clause {}", index + 1)}
                            {(!word.is_empty()).then(|| format!(" · {word}"))}
                        </p>
                        <ClauseText clause=clause before=before is_new=is_new is_gone=is_gone />
                        {(same_measures && !measured_by.is_empty())
                            .then(|| view! { <p class="faint">"Measured by "{measured_by}</p> })}
                    </div>
                </article>
            }
        })
        .collect_view();
    view! { <div class="card clauses">{cards}</div> }
}

impl TablePage for write::VersionOnTable {
    type Address = (String, i64);

    fn key((_, number): (String, i64)) -> Result<i64> {
        Ok(number)
    }

    fn path(number: i64) -> String {
        format!("definition/versions/{number}")
    }
}

impl SigningPage for write::VersionOnTable {
    async fn sign_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
        let version = read::version(viewer, number).await?;
        let standing = version.standing.clone().ok_or(Error::Conflict)?;
        let side = standing.side_of_signer(viewer, form.is_typed())?;
        let (in_force, _) = read::standing_versions(viewer).await?;
        let form = form.over(Form::blank(), &[]);
        let path = viewer.path(&format!("definition/versions/{number}"));
        let again = version
            .review_on
            .map(|day| format!("To be ratified again by {}.", day.format_long()));
        Ok(Page::new(
            viewer,
            ROOM,
            format!("Sign version {number}"),
            move |_| {
                let changes = changes(
                    in_force.as_ref().map_or(&version.clauses, |base| &base.clauses),
                    &version.clauses,
                );
                view! {
                    <Crumb href=path.clone() text=format!("Version {number}") />
                    <h1>{format!("Ratify version {number} for {}", side.name())}</h1>
                    <p>
                        "This is the text you sign, in full"
                        {in_force.map(|base| format!(", marked against version {}, which is in force", base.number))}
                        "."
                    </p>
                    <ChangeList changes=changes />
                    {again.map(|again| view! { <p>{again}</p> })}
                    <DigestLine
                        digest=standing.digest.clone()
                        covers="these clauses, the number and the date by which they are ratified again"
                    />
                    <SignForm
                        form=form
                        standing=standing
                        side=side
                        what=format!("version {number}")
                        cancel=path
                        conditions=false
                    />
                }
            },
        ))
    }
}

pub async fn take_back(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> FormResponse {
    write::take_back(&viewer, number).await?;
    Ok(Redirect::to(viewer.path("definition"))
        .with_notice(Notice::TakenBack)
        .into_response())
}

#[derive(Deserialize)]
pub struct Pair {
    from: i64,
    to: i64,
    #[serde(default)]
    view: String,
}

pub async fn compare(viewer: Viewer, Query(pair): Query<Pair>) -> Result<Page> {
    let (from, to) = (
        read::version(&viewer, pair.from).await?,
        read::version(&viewer, pair.to).await?,
    );
    Ok(Page::new(
        &viewer,
        ROOM,
        format!("Version {} and version {}", from.number, to.number),
        move |viewer| {
            let changes = changes(&from.clauses, &to.clauses);
            let count = changes.iter().filter(|change| change.is_change()).count();
            let of = changes.len();
            let one = |version: &Version| {
                view! {
                    <a href=viewer
                        .path(
                            &format!("definition/versions/{}", version.number),
                        )>{format!("version {}", version.number)}</a>
                }
            };
            let side_by_side = pair.view == "side-by-side";
            let here = viewer.path(&format!(
                "definition/compare?from={}&to={}",
                from.number, to.number
            ));
            let (other, word) = if side_by_side {
                (here, "As one text")
            } else {
                (format!("{here}&view=side-by-side"), "Side by side")
            };
            let body = if side_by_side {
                view! { <SideBySide changes=changes from=from.number to=to.number /> }.into_any()
            } else {
                view! { <ChangeList changes=changes /> }.into_any()
            };
            let lead = format!("{count} of {of} clauses differ.");
            view! {
                <Crumb href=viewer.path("definition/versions") text="Versions" />
                <h1>{format!("From version {} to version {}", from.number, to.number)}</h1>
                <p>
                    <a class="button is-small" href=other>
                        {word}
                    </a>
                </p>
                {if side_by_side {
                    view! { <p class="lead">{lead}</p> }.into_any()
                } else {
                    view! {
                        <p class="lead">
                            {lead}" Struck through is only in "{one(&from)}", underlined only in "{one(&to)}"."
                        </p>
                    }
                        .into_any()
                }}
                {body}
            }
        },
    ))
}

/// The earlier clause left, the later right.
#[component]
fn SideBySide(changes: Vec<Change>, from: i64, to: i64) -> impl IntoView {
    let rows = changes
        .into_iter()
        .map(|change| {
            let word = change.word();
            let (before, after) = match change {
                Change::Same(clause) => (Some(clause.clone()), Some(clause)),
                Change::New(clause) => (None, Some(clause)),
                Change::Gone(clause) => (Some(clause), None),
                Change::Changed { before, after } => (Some(before), Some(after)),
            };
            let passage = |clause: Option<crate::definition::Clause>| match clause {
                Some(clause) => view! {
                    <div class="clause-text">
                        <ClauseText clause=clause before=None is_new=false is_gone=false />
                    </div>
                }
                .into_any(),
                None => view! { <p class="faint">"Not in this version"</p> }.into_any(),
            };
            view! {
                <tr>
                    <td data-label=format!("Version {from}")>{passage(before)}</td>
                    <td data-label=format!(
                        "Version {to}",
                    )>
                        {(!word.is_empty()).then(|| view! { <p class="eyebrow">{word}</p> })}{passage(after)}
                    </td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="table side-by-side">
            <thead>
                <tr>
                    <th scope="col">{format!("Version {from}")}</th>
                    <th scope="col">{format!("Version {to}")}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

/// What restoring would change, and the question whether to.
pub async fn restore_form(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    if !viewer.may(Action::ProposeDefinition) {
        return Err(Error::Forbidden);
    }
    let version = read::version(&viewer, number).await?;
    let draft = read::draft(&viewer).await?;
    let now = read::as_clauses(&draft, &read::measures(&viewer).await?);
    let path = viewer.path(&format!("definition/versions/{number}"));
    Ok(Page::new(&viewer, ROOM, "Restore as the draft", move |_| {
        let changes = changes(&now, &version.clauses);
        let count = changes.iter().filter(|change| change.is_change()).count();
        view! {
            <Crumb href=path.clone() text=format!("Version {number}") />
            <h1>{format!("Restore version {number} as the draft")}</h1>
            <p class="lead">
                {format!(
                    "{count} clauses of the working draft would change, as marked. What is struck through is \
                        only in the draft; the history keeps it. What measures a clause stays as it is.",
                )}
            </p>
            <ChangeList changes=changes />
            <PostForm form=Form::blank()>
                <Actions verb=format!("Restore version {number}") cancel=path />
            </PostForm>
        }
    }))
}

/// Makes a version's text the working draft again.
pub async fn restore(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> FormResponse {
    write::restore(&viewer, number).await?;
    Ok(Redirect::to(viewer.path("definition"))
        .with_notice(Notice::Restored)
        .into_response())
}

/// `/definition/versions/{number}/text.md`: the text with its digest and who signed it.
pub async fn markdown(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Response> {
    let version = read::version(&viewer, number).await?;
    let mut out = String::new();
    let _ = writeln!(
        out,
        "# What a good customer experience is\n\nVersion {number} of {}: {}\n",
        markdown_line(viewer.workspace()),
        version.state().to_lowercase()
    );
    for (index, clause) in version.clauses.iter().enumerate() {
        let _ = writeln!(
            out,
            "## {}. {}\n\n{}\n",
            index + 1,
            markdown_line(&clause.title),
            markdown_text(&clause.promise)
        );
        let _ = writeln!(
            out,
            "**For Marketing.** {}\n\n**For Technology.** {}\n",
            markdown_text(&clause.for_marketing),
            markdown_text(&clause.for_technology)
        );
        if !clause.measured_by.is_empty() {
            let _ = writeln!(
                out,
                "Measured by {}.\n",
                markdown_line(&clause.measured_by.join(", "))
            );
        }
    }
    let _ = writeln!(out, "## Signatures\n");
    for side in Side::BOTH {
        let passage = version
            .standing
            .as_ref()
            .and_then(|standing| standing.seat(side))
            .map_or_else(
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
        let _ = writeln!(out, "* {}: {passage}", side.name());
    }
    out.push_str(&text_and_digest(
        &read::version_text(&viewer, number).await?,
        &version.digest,
        &format!("definition-{number}.md"),
    ));
    Ok(attachment(
        out,
        "text/markdown; charset=utf-8",
        &format!("definition-{number}.md"),
    ))
}
