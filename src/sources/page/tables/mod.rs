//! `/sources/tables`: touchpoints, sources, uses and the map as files, out and in. A file that comes in is
//! looked at first; then all of it is entered, or nothing. It signs nothing, opens nothing, and lowers no
//! sensitivity that was signed.

mod columns;
mod plan;

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use leptos::prelude::*;

use self::{
    columns::TableKind,
    plan::{Known, Line, RowProblem, TablePlan, plan},
};
use super::ROOM;
use crate::{
    identity::{Action, FormResponse, Page, Redirect, Viewer, drafts},
    platform::{
        error::{Error, Result},
        form::{Form, Parts, table},
        http::attachment,
        sheet::{self, Cells, MOST_BYTES, MOST_ROWS, Sheet},
        state::AppState,
        text::counted,
    },
    sources::write,
    ui::{Actions, Crumb, Notice, Section},
};

/// Rows that the preview shows; all are checked.
const SHOWN: usize = 50;

/// Problems that are listed; all are counted.
const LISTED: usize = 100;

fn kind_of(name: &str) -> Result<TableKind> {
    name.parse().map_err(|_| Error::NotFound)
}

fn path(kind: TableKind) -> String {
    format!("sources/tables/{}", kind.as_str())
}

pub async fn tables(viewer: Viewer) -> Result<Page> {
    Ok(Page::new(&viewer, ROOM, "Tables", move |viewer| {
        let rows = TableKind::ALL
            .iter()
            .map(|kind| {
                let file = |ending: &str| viewer.path(&format!("sources/files/{}.{ending}", kind.as_str()));
                let bring = viewer.may(Action::EnterSource).then(|| {
                    let href = viewer.path(&path(*kind));
                    view! {
                        <a class="button" href=href>
                            "Bring in"
                        </a>
                    }
                });
                // A map is of somebody's own side.
                let is_theirs = *kind != TableKind::Map || viewer.side().is_some();
                is_theirs.then(|| {
                    view! {
                        <li class="row">
                            <span class="row-main">
                                <strong>{kind.name()}</strong>
                                <span class="faint">{kind.meaning()}</span>
                            </span>
                            <a class="button" href=file("csv") download=true aria-label=format!("{} as CSV", kind.name())>
                                "CSV"
                            </a>
                            <a class="button" href=file("xlsx") download=true aria-label=format!("{} as XLSX", kind.name())>
                                "XLSX"
                            </a>
                            {bring}
                        </li>
                    }
                })
            })
            .collect_view();
        view! {
            <Crumb href=viewer.path("sources") text="Sources" />
            <h1>"Tables"</h1>
            <p class="lead">
                "Take a table out, change it where you like, and bring it in again. You see every change before it is entered."
            </p>
            <ul class="rows">{rows}</ul>
        }
    }))
}

/// `/sources/files/touchpoints.csv`, and as a workbook.
pub async fn table_file(viewer: Viewer, Path((_, file)): Path<(String, String)>) -> Result<Response> {
    let (name, ending) = file.rsplit_once('.').ok_or(Error::NotFound)?;
    let kind = kind_of(name)?;
    if kind == TableKind::Map && viewer.side().is_none() {
        return Err(Error::Forbidden);
    }
    let rows = Known::read(&viewer).await?.rows(kind, viewer.side());
    match ending {
        "csv" => Ok(attachment(
            sheet::delimited_file(&rows)?,
            "text/csv; charset=utf-8",
            &file,
        )),
        "xlsx" => Ok(attachment(
            sheet::workbook_file(kind.name(), &rows)?,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            &file,
        )),
        _ => Err(Error::NotFound),
    }
}

pub async fn table_form(viewer: Viewer, Path((_, name)): Path<(String, String)>) -> Result<Page> {
    upload_page(&viewer, kind_of(&name)?, None, "")
}

fn upload_page(viewer: &Viewer, kind: TableKind, refused: Option<String>, pasted: &str) -> Result<Page> {
    if !viewer.may(Action::EnterSource) {
        return Err(Error::Forbidden);
    }
    let form = upload_form(viewer, kind, refused, pasted);
    let title = format!("Bring in: {}", kind.name());
    Ok(Page::new(viewer, ROOM, title.clone(), move |viewer| {
        let headings = kind
            .columns()
            .iter()
            .map(|column| column.heading)
            .collect::<Vec<_>>()
            .join(", ");
        let template = viewer.path(&format!("sources/files/{}.csv", kind.as_str()));
        view! {
            <Crumb href=viewer.path("sources/tables") text="Tables" />
            <h1>{title}</h1>
            <p class="lead">
                {format!(
                    "CSV or XLSX, at most {MOST_ROWS} rows and {} MB. Headings: {headings}.",
                    MOST_BYTES / 1_000_000,
                )}
            </p>
            <p>
                "An empty cell leaves what is there; a single “-” empties it. People are named by their mail address. "
                <a href=template download=true>
                    "Begin with the table as it is"
                </a> "."
            </p>
            {form}
        }
    }))
}

fn upload_form(
    viewer: &Viewer,
    kind: TableKind,
    refused: Option<String>,
    pasted: &str,
) -> impl IntoView + use<> {
    let (action, cancel) = (
        viewer.path(&format!("{}/preview", path(kind))),
        viewer.path("sources/tables"),
    );
    crate::ui::field::table_upload((action, cancel), refused, ("", pasted))
}

fn refusal(viewer: &Viewer, kind: TableKind, why: String, pasted: &str) -> FormResponse {
    Ok(upload_page(viewer, kind, Some(why), pasted)?
        .with_status(StatusCode::UNPROCESSABLE_ENTITY)
        .into_response())
}

/// Checks every cell, keeps the table for the viewer alone, and shows what it would do.
pub async fn preview_table(
    State(state): State<AppState>,
    viewer: Viewer,
    Path((_, name)): Path<(String, String)>,
    Parts {
        multipart: parts,
        place: _held,
    }: Parts,
) -> FormResponse {
    let kind = kind_of(&name)?;
    if !viewer.may(Action::EnterSource) {
        return Err(Error::Forbidden);
    }
    let (bytes, pasted) = match table(parts, MOST_BYTES).await {
        Ok(found) => found,
        Err(why) => return refusal(&viewer, kind, why, ""),
    };
    // Unpacking is work, and takes memory; it does not hold up the others, and few do it at once.
    let _place = state.table_work().acquire().await.map_err(|_| Error::Busy)?;
    let read = tokio::task::spawn_blocking(move || sheet::read(&bytes, Cells::Long))
        .await
        .map_err(|_| Error::Internal)?;
    let sheet = match read {
        Ok(sheet) => sheet,
        Err(why) => return refusal(&viewer, kind, why, &pasted),
    };
    let known = Known::read(&viewer).await?;
    let found = match plan(kind, &sheet, &known, &viewer) {
        Ok(found) => found,
        Err(why) => return refusal(&viewer, kind, why, &pasted),
    };
    let json = serde_json::to_string(&sheet).map_err(|_| Error::Internal)?;
    drafts::save(&viewer, &path(kind), &Form::blank().with("sheet", json)).await?;
    let is_fine = found.problems.is_empty();
    Ok(preview(&viewer, kind, found, &pasted)
        .with_status(if is_fine {
            StatusCode::OK
        } else {
            StatusCode::UNPROCESSABLE_ENTITY
        })
        .into_response())
}

fn preview(viewer: &Viewer, kind: TableKind, found: TablePlan, pasted: &str) -> Page {
    let again = (!found.problems.is_empty()).then(|| upload_form(viewer, kind, None, pasted));
    let digest = found.digest();
    Page::new(viewer, ROOM, "Preview", move |viewer| {
        let (count, wrong) = (found.lines.len(), found.problems.len());
        let new = found.lines.iter().filter(|line| line.is_new).count();
        let detail = match (wrong, count) {
            (0, 0) => "The table changes nothing: everything is there as it says.".to_owned(),
            (0, _) => format!(
                "{} would be new, {} changed, {} left as they are.",
                new,
                count - new,
                found.unchanged
            ),
            _ => format!(
                "{}. Nothing was entered. Fix what is listed and preview again.",
                counted(wrong, "cell has a problem", "cells have problems")
            ),
        };
        let notes = found
            .notes
            .iter()
            .map(|note| view! { <p class="faint">{note.clone()}</p> })
            .collect_view();
        let is_done = wrong == 0 && count == 0;
        let tables = viewer.path("sources/tables");
        let action = viewer.path(&format!("{}/confirm", path(kind)));
        let cancel = viewer.path(&path(kind));
        let confirm = (wrong == 0 && count > 0).then(|| {
            let verb = format!("Enter {}", counted(count, "row", "rows"));
            view! {
                <form method="post" action=action class="form">
                    <input type="hidden" name="digest" value=digest />
                    <Actions verb=verb cancel=cancel />
                </form>
            }
        });
        view! {
            <Crumb href=viewer.path(&path(kind)) text=format!("Bring in: {}", kind.name()) />
            <h1>"Preview"</h1>
            <p class="lead">{detail}</p>
            {notes}
            {problems(&found.problems)}
            {confirm}
            {is_done
                .then(|| {
                    view! {
                        <p>
                            <a href=tables>"Back to the tables"</a>
                        </p>
                    }
                })}
            {(wrong == 0 && count > 0).then(|| lines(&found.lines))}
            {again.map(|form| view! { <Section title="Fix and preview again">{form}</Section> })}
        }
    })
}

fn problems(all: &[RowProblem]) -> impl IntoView + use<> {
    let rows = all
        .iter()
        .take(LISTED)
        .map(|problem| {
            let place = if problem.heading.is_empty() {
                format!("Row {}", problem.row)
            } else {
                format!("Row {}, {}", problem.row, problem.heading)
            };
            view! {
                <li class="row">
                    <span class="row-main">
                        <strong>{place}</strong>
                        <span>{problem.why.clone()}</span>
                    </span>
                </li>
            }
        })
        .collect::<Vec<_>>();
    let more = (all.len() > LISTED).then(|| format!("The first {LISTED} are listed."));
    (!rows.is_empty()).then(|| {
        view! {
            <Section title="Cells to fix" aside=more.unwrap_or_default()>
                <ul class="rows">{rows}</ul>
            </Section>
        }
    })
}

/// What each row changes: the old beside the new.
fn lines(all: &[Line]) -> impl IntoView + use<> {
    let shown = if all.len() > SHOWN {
        format!("the first {SHOWN} of {}", all.len())
    } else {
        all.len().to_string()
    };
    let rows = all
        .iter()
        .take(SHOWN)
        .map(|line| {
            let changes = line
                .changes
                .iter()
                .map(|(heading, before, after)| {
                    let before = if before.is_empty() {
                        "nothing"
                    } else {
                        before.as_str()
                    };
                    let after = if after.is_empty() {
                        "nothing"
                    } else {
                        after.as_str()
                    };
                    view! { <li>{format!("{heading}: {before} → {after}")}</li> }
                })
                .collect_view();
            let mark = if line.is_new { "New: " } else { "" };
            view! {
                <li class="row">
                    <span class="row-main">
                        <strong>{mark}{line.title.clone()}</strong>
                        <ul class="faint">{changes}</ul>
                    </span>
                </li>
            }
        })
        .collect_view();
    view! {
        <Section title="What changes" aside=shown>
            <ul class="rows">{rows}</ul>
        </Section>
    }
}

/// Enters the table that was looked at, if it would still do the same.
pub async fn confirm_table(
    viewer: Viewer,
    Path((_, name)): Path<(String, String)>,
    form: Form,
) -> FormResponse {
    let kind = kind_of(&name)?;
    if !viewer.may(Action::EnterSource) {
        return Err(Error::Forbidden);
    }
    let kept = drafts::load(&viewer, &path(kind)).await?;
    let Some(kept) = kept else {
        return refusal(
            &viewer,
            kind,
            "This table was entered already, or another one was looked at since.".to_owned(),
            "",
        );
    };
    let sheet: Sheet = serde_json::from_str(kept.raw("sheet")).map_err(|_| Error::Conflict)?;
    let known = Known::read(&viewer).await?;
    let found = match plan(kind, &sheet, &known, &viewer) {
        Ok(found) => found,
        Err(why) => return refusal(&viewer, kind, why, ""),
    };
    if !found.problems.is_empty() || found.digest() != form.raw("digest") {
        return Ok(preview(&viewer, kind, found, "")
            .with_status(StatusCode::CONFLICT)
            .into_response());
    }
    let entered = if kind == TableKind::Map {
        write::say(&viewer, &found.words).await.map(|_| ())
    } else {
        write::do_all(&viewer, found.changes).await
    };
    match entered {
        Ok(()) => {}
        Err(Error::Invalid(problems)) => {
            let why = problems
                .into_iter()
                .map(|problem| problem.what)
                .collect::<Vec<_>>()
                .join(" ");
            return refusal(&viewer, kind, why, "");
        }
        Err(error) => return Err(error),
    }
    drafts::forget(&viewer, &path(kind)).await?;
    Ok(Redirect::to(viewer.path("sources"))
        .with_notice(Notice::Saved)
        .into_response())
}
