//! Entering many values from a table: looked at first, then all of it or nothing.

use axum::{
    extract::{Multipart, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use leptos::prelude::*;

use super::ROOM;

use crate::{
    identity::{Action, FormResponse, Page, Redirect, Viewer, drafts},
    kpis::{
        import::{self, CellProblem, ImportPlan, MOST_BYTES, MOST_PROBLEMS, MOST_ROWS, PlannedValue, Table},
        read, with_unit, write,
    },
    platform::{
        error::{Error, Result},
        form::{Form, Parts},
        state::AppState,
        time::Day,
    },
    ui::{Actions, Crumb, Notice, Section},
};

const PATH: &str = "kpis/import";

/// Rows that the preview shows; all are checked.
const SHOWN: usize = 50;

pub async fn import_form(viewer: Viewer) -> Result<Page> {
    page(&viewer, None, "")
}

fn page(viewer: &Viewer, refused: Option<String>, pasted: &str) -> Result<Page> {
    if !viewer.may(Action::SpeakForSide) {
        return Err(Error::Forbidden);
    }
    let cancel = viewer.path("kpis");
    let form = upload_form(viewer, refused, pasted);
    Ok(Page::new(viewer, ROOM, "Import values", move |_| {
        view! {
            <Crumb href=cancel.clone() text="KPIs" />
            <h1>"Import values"</h1>
            <p class="lead">
                {format!(
                    "A CSV file or a workbook (XLSX) with the columns kpi, period and value, and because \
                        where a value replaces another. At most {MOST_ROWS} rows and {} MB.",
                    MOST_BYTES / 1_000_000,
                )}
            </p>
            {form}
        }
    }))
}

fn upload_form(viewer: &Viewer, refused: Option<String>, pasted: &str) -> impl IntoView + use<> {
    let (action, cancel) = (viewer.path(PATH), viewer.path("kpis"));
    let area = crate::ui::field::plain_area("pasted", 8, "kpi,period,value,because", pasted);
    view! {
        <form method="post" enctype="multipart/form-data" class="form" action=action>
            {refused
                .map(|why| {
                    view! {
                        <div class="problems" role="alert" tabindex="-1" autofocus=true>
                            <h2>"Nothing was entered"</h2>
                            <p>{why}</p>
                        </div>
                    }
                })}
            <div class="field">
                <label for="file">"File"</label>
                <input type="file" id="file" name="file" accept=".csv,.txt,.tsv,.xlsx,text/csv" />
            </div>
            <div class="field">
                <label for="pasted">"Or paste the table"</label>
                {area}
            </div>
            <Actions verb="Look at it first" cancel=cancel />
        </form>
    }
}

/// The file, or what was pasted, as it came; and what was pasted, to be given back.
async fn read_upload(mut parts: Multipart) -> Result<(Vec<u8>, String), String> {
    let broken = |_| {
        format!(
            "This did not arrive whole, or is larger than {} MB.",
            MOST_BYTES / 1_000_000
        )
    };
    let (mut found, mut pasted) = (Vec::new(), String::new());
    while let Some(part) = parts.next_field().await.map_err(broken)? {
        let is_wanted = matches!(part.name(), Some("file" | "pasted"));
        let is_pasted = part.name() == Some("pasted");
        let bytes = part.bytes().await.map_err(broken)?;
        if is_pasted {
            pasted = String::from_utf8_lossy(&bytes).into_owned();
        }
        if is_wanted && found.is_empty() {
            found = bytes.to_vec();
        }
    }
    if found.iter().all(u8::is_ascii_whitespace) {
        Err("Choose a file, or paste a table.".to_owned())
    } else {
        Ok((found, pasted))
    }
}

fn refusal_page(page: Result<Page>) -> FormResponse {
    Ok(page?
        .with_status(StatusCode::UNPROCESSABLE_ENTITY)
        .into_response())
}

/// Checks every cell, keeps the table for the viewer alone, and shows what it would do.
pub async fn preview_import(
    State(state): State<AppState>,
    viewer: Viewer,
    Parts(parts): Parts,
) -> FormResponse {
    if !viewer.may(Action::SpeakForSide) {
        return Err(Error::Forbidden);
    }
    let (bytes, pasted) = match read_upload(parts).await {
        Ok(found) => found,
        Err(why) => return refusal_page(page(&viewer, Some(why), "")),
    };
    // Unpacking is work, and takes memory; it does not hold up the others, and few do it at once.
    let _place = state.table_work().acquire().await.map_err(|_| Error::Busy)?;
    let table = match tokio::task::spawn_blocking(move || import::read(&bytes))
        .await
        .map_err(|_| Error::Internal)?
    {
        Ok(table) => table,
        Err(why) => return refusal_page(page(&viewer, Some(why), &pasted)),
    };
    let (known, values) = read::import_context(&viewer).await?;
    let may = |kpi: &import::KnownKpi| {
        viewer.may(Action::EnterKpiValue {
            driver: kpi.driver_id,
        })
    };
    let plan = import::plan(&table, &known, &values, may, viewer.today());
    let kept = serde_json::to_string(&table).map_err(|_| Error::Internal)?;
    let digest = plan.digest();
    drafts::save(&viewer, PATH, &Form::blank().with("table", kept)).await?;
    let is_fine = plan.problems.is_empty() && !plan.planned.is_empty();
    let page = preview(&viewer, plan, digest, &pasted);
    Ok(page
        .with_status(if is_fine {
            StatusCode::OK
        } else {
            StatusCode::UNPROCESSABLE_ENTITY
        })
        .into_response())
}

fn preview(viewer: &Viewer, plan: ImportPlan, digest: String, pasted: &str) -> Page {
    let again_form =
        (!plan.problems.is_empty() || plan.planned.is_empty()).then(|| upload_form(viewer, None, pasted));
    Page::new(viewer, ROOM, "Import values", move |viewer| {
        let today = viewer.today();
        let (count, wrong, unchanged) = (plan.planned.len(), plan.problems.len(), plan.unchanged);
        let problems = problem_rows(plan.problems);
        let rows = value_rows(plan.planned, today);
        let same = (unchanged > 0).then(|| {
            if unchanged == 1 {
                " 1 is there already.".to_owned()
            } else {
                format!(" {unchanged} are there already.")
            }
        });
        let detail = match (wrong, count) {
            (0, 0) => "There is nothing new in it.".to_owned(),
            (0, 1) => "1 value would be entered.".to_owned(),
            (0, _) => format!("{count} values would be entered."),
            (1, _) => "1 cell cannot be taken. Nothing was entered; mend it and look again.".to_owned(),
            _ => format!("{wrong} cells cannot be taken. Nothing was entered; mend them and look again."),
        };
        let more = (wrong > MOST_PROBLEMS).then(|| format!("The first {MOST_PROBLEMS} are listed."));
        let again = viewer.path(PATH);
        let action = format!("{again}/confirm");
        let shown = if count > SHOWN {
            format!("the first {SHOWN} of {count}")
        } else {
            format!("{count}")
        };
        let ready = wrong == 0 && count > 0;
        view! {
            <Crumb href=again.clone() text="Import values" />
            <h1>"What it would enter"</h1>
            <p class="lead">{detail}{same}</p>
            {(wrong > 0)
                .then(|| {
                    view! {
                        <Section title="Cells to mend" aside=more.unwrap_or_default()>
                            <ul class="rows">{problems}</ul>
                        </Section>
                    }
                })}
            {ready
                .then(|| {
                    view! {
                        <form method="post" action=action class="form">
                            <input type="hidden" name="digest" value=digest />
                            <Actions
                                verb=if count == 1 {
                                    "Enter 1 value".to_owned()
                                } else {
                                    format!("Enter {count} values")
                                }
                                cancel=again.clone()
                            />
                        </form>
                        <Section title="Values" aside=shown>
                            <div class="scroll" tabindex="0" role="group" aria-label="Values">
                                <table class="table">
                                    <thead>
                                        <tr>
                                            <th scope="col">"KPI"</th>
                                            <th scope="col">"Period"</th>
                                            <th scope="col" class="number">
                                                "Value"
                                            </th>
                                            <th scope="col">"Because"</th>
                                        </tr>
                                    </thead>
                                    <tbody>{rows}</tbody>
                                </table>
                            </div>
                        </Section>
                    }
                })}
            {again_form.map(|form| view! { <Section title="Mend it and look again">{form}</Section> })}
        }
    })
}

/// Enters what was previewed: the digest says that it is that very thing.
pub async fn confirm_import(viewer: Viewer, form: Form) -> Result<Response> {
    if !viewer.may(Action::SpeakForSide) {
        return Err(Error::Forbidden);
    }
    let kept = drafts::load(&viewer, PATH).await?.ok_or(Error::Conflict)?;
    let table: Table = serde_json::from_str(kept.raw("table")).map_err(|_| Error::Internal)?;
    match write::import(&viewer, &table, form.raw("digest")).await {
        Ok(_) => {
            drafts::forget(&viewer, PATH).await?;
            Ok(Redirect::to(viewer.path("kpis"))
                .with_notice(Notice::Imported)
                .into_response())
        }
        Err(Error::Invalid(problems)) => refusal_page(page(
            &viewer,
            problems.into_iter().next().map(|problem| problem.what),
            "",
        )),
        Err(error) => Err(error),
    }
}

fn problem_rows(problems: Vec<CellProblem>) -> impl IntoView + use<> {
    problems
        .into_iter()
        .take(MOST_PROBLEMS)
        .map(|problem| {
            let path = if problem.column.is_empty() {
                format!("Row {}", problem.row)
            } else {
                format!("Row {}, {}", problem.row, problem.column)
            };
            view! {
                <li class="row">
                    <span class="row-main">
                        <strong>{path}</strong>
                        <span>{problem.why}</span>
                    </span>
                </li>
            }
        })
        .collect_view()
}

fn value_rows(planned: Vec<PlannedValue>, today: Day) -> impl IntoView + use<> {
    planned
        .into_iter()
        .take(SHOWN)
        .map(|row| {
            let before = row.before.map(|before| {
                view! {
                    <del>{with_unit(before, &row.unit)}</del>
                    " "
                }
            });
            view! {
                <tr>
                    <th scope="row">{row.title}</th>
                    <td>{row.cadence.format(row.period, today)}</td>
                    <td class="number">{before}{with_unit(row.value, &row.unit)}</td>
                    <td>{row.because}</td>
                </tr>
            }
        })
        .collect_view()
}
