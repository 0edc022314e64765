//! The list of versions, the page of one, and its text as Markdown.

use std::fmt::Write as _;

use axum::{
    extract::{Path, Query},
    response::Response,
};
use leptos::prelude::*;
use serde::Deserialize;

use super::{ROOM, compare::ChangeList};

use crate::{
    definition::{changes, read},
    handshake::components::{DigestLine, Signatures, StandingLine, seat_actions},
    identity::{Action, Page, Side, Viewer},
    platform::{
        error::Result,
        form::Form,
        http::attachment,
        text::{markdown_line, markdown_text, text_and_digest},
    },
    ui::{AskFirst, Crumb, Empty, Section, Tag},
};

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
                            "Compare"
                        </button>
                    </form>
                }
            });
            let rows = listed
                .into_iter()
                .map(|version| version_row(&viewer, version))
                .collect::<Vec<_>>();
            let empty = rows.is_empty();
            view! {
                <Crumb href=viewer.path("definition") text="Definition" />
                <h1>"Versions of the definition"</h1>
                {compare}
                {empty
                    .then(|| {
                        view! {
                            <Empty purpose="All proposed texts are kept here under their numbers, ratified \
                            or not." />
                        }
                    })}
                {(!empty).then(|| view! { <ul class="rows">{rows}</ul> })}
                {more
                    .map(|last| {
                        view! {
                            <p>
                                <a
                                    class="button"
                                    href=viewer.path(&format!("definition/versions?before={last}"))
                                >
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
            let path = viewer.path(&format!("definition/versions/{number}"));
            let again = version
                .review_on
                .map(|day| format!(" · both leads renew it by {}", day.format(viewer.today())));
            let head = version.standing.clone().map_or_else(
                || {
                    view! {
                        <p class="lead">
                            "An edit cancelled this proposal, or it was withdrawn, before both leads \
                                signed. It was never in force."
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
                        <h1>{format!("Version {number}")}" " <Tag label=version.state() /></h1>
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
                        {page_actions(&viewer, &version, &path)}
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
                    covers="these clauses, the version’s number and the date by which both leads renew it"
                />
                {signatures}
            }
        },
    ))
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

fn page_actions(viewer: &Viewer, version: &read::Version, path: &str) -> impl IntoView + use<> {
    let may_propose = viewer.may(Action::ProposeDefinition);
    let is_open = version.in_force_at.is_none() && version.standing.is_some();
    let (may_restore, may_take_back) = (!is_open && may_propose, is_open && may_propose);
    let standing = version.standing.as_ref();
    let seat = seat_actions(viewer, standing, path);
    view! {
        {may_restore
            .then(|| {
                view! {
                    <a class="button" href=format!("{path}/restore")>
                        "Use as the draft…"
                    </a>
                }
            })}
        {seat}
        {may_take_back
            .then(|| {
                view! {
                    <AskFirst
                        id="take-back"
                        verb="Withdraw the proposal…"
                        question="Withdraw this proposal?"
                        follows="Nobody can sign this version any more. Its text and signatures stay on record."
                        yes="Withdraw it"
                        no="Keep it"
                        action=format!("{path}/take-back")
                    />
                }
            })}
    }
}

fn version_row(viewer: &Viewer, version: read::VersionListItem) -> impl IntoView + use<> {
    let today = viewer.today();
    let word = match (version.in_force_at, version.superseded_at, version.is_open) {
        (Some(_), None, _) => "In force",
        (Some(_), Some(_), _) => "Replaced",
        (None, _, true) => "Proposed",
        (None, ..) => "Not ratified",
    };
    let ratified = version
        .in_force_at
        .map(|at| format!(", in force from {}", viewer.day_of(at).format(today)));
    view! {
        <li class="row">
            <Tag label=word />
            <a class="row-main" href=viewer.path(&format!("definition/versions/{}", version.number))>
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
}
