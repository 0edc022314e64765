//! Entering many values from a table: looked at first, then all of it or nothing.

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use leptos::prelude::*;

use super::ROOM;

use crate::{
    identity::{Action, FormResponse, Page, Redirect, Viewer, drafts},
    kpis::{
        import::{
            self, CellProblem, Choices, Column, Context, Headings, ImportPlan, MOST_BYTES, MOST_COLUMNS,
            MOST_PROBLEMS, MOST_ROWS, PlannedValue, Sheet, name_key,
        },
        read, with_unit, write,
    },
    platform::{
        error::{Error, Result},
        form::{Form, Parts, table},
        ids::KpiId,
        notation::{DecimalSign, Notation},
        state::AppState,
        time::Day,
    },
    ui::{Actions, Crumb, Notice, Section},
};

const PATH: &str = "kpis/import";

/// Under which what a member said of headings is kept.
const HEADINGS: &str = "kpis/import/headings";

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
    let template = viewer.path("kpis/import/template.csv");
    Ok(Page::new(viewer, ROOM, "Import values", move |_| {
        view! {
            <Crumb href=cancel.clone() text="KPIs" />
            <h1>"Import values"</h1>
            <p class="lead">
                {format!(
                    "Any table you have: one value per row with its KPI and period, or periods or KPIs \
                        across. CSV or XLSX, at most {MOST_ROWS} rows and {} MB. A column “because” gives \
                        the reason when a value replaces another.",
                    MOST_BYTES / 1_000_000,
                )}
            </p>
            <p>
                <a href=template download="kpi-values.csv">
                    "Download a table to fill in"
                </a>
                ", with the KPIs that need a value."
            </p>
            {form}
        }
    }))
}

fn upload_form(viewer: &Viewer, refused: Option<String>, pasted: &str) -> impl IntoView + use<> {
    let (action, cancel) = (viewer.path(PATH), viewer.path("kpis"));
    crate::ui::field::table_upload((action, cancel), refused, ("kpi,period,value,because", pasted))
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
    Parts {
        multipart: parts,
        place: _held,
    }: Parts,
) -> FormResponse {
    if !viewer.may(Action::SpeakForSide) {
        return Err(Error::Forbidden);
    }
    let (bytes, pasted) = match table(parts, MOST_BYTES).await {
        Ok(found) => found,
        Err(why) => return refusal_page(page(&viewer, Some(why), "")),
    };
    // Unpacking is work, and takes memory; it does not hold up the others, and few do it at once.
    let _place = state.table_work().acquire().await.map_err(|_| Error::Busy)?;
    let sheet = match tokio::task::spawn_blocking(move || import::read(&bytes, import::Cells::Short))
        .await
        .map_err(|_| Error::Internal)?
    {
        Ok(sheet) => sheet,
        Err(why) => return refusal_page(page(&viewer, Some(why), &pasted)),
    };
    let choices = Choices {
        decimal: None,
        headings: remembered(&viewer).await?,
        kpi: None,
    };
    look(&viewer, &sheet, &choices, &pasted).await
}

/// Reads the table that was looked at as somebody says that it is meant.
pub async fn look_again(viewer: Viewer, form: Form) -> FormResponse {
    if !viewer.may(Action::SpeakForSide) {
        return Err(Error::Forbidden);
    }
    let (sheet, mut choices, pasted) = kept(&viewer).await?;
    choices.decimal = form.raw("decimal").parse().ok();
    choices.kpi = form.raw("kpi").parse().ok();
    // A column without a heading is not asked about, so there may be gaps.
    for number in 0..MOST_COLUMNS {
        let heading = name_key(form.raw(&format!("heading-{number}")));
        if let Ok(column) = form.raw(&format!("column-{number}")).parse()
            && !heading.is_empty()
        {
            choices.headings.insert(heading, column);
        }
    }
    let headings = serde_json::to_string(&choices.headings).map_err(|_| Error::Internal)?;
    drafts::save(&viewer, HEADINGS, &Form::blank().with("headings", headings)).await?;
    look(&viewer, &sheet, &choices, &pasted).await
}

/// What the viewer said of headings before.
async fn remembered(viewer: &Viewer) -> Result<Headings> {
    Ok(drafts::load(viewer, HEADINGS)
        .await?
        .and_then(|form| serde_json::from_str(form.raw("headings")).ok())
        .unwrap_or_default())
}

/// The table that the viewer looked at, how they said that it is read, and what they pasted.
async fn kept(viewer: &Viewer) -> Result<(Sheet, Choices, String)> {
    let form = drafts::load(viewer, PATH).await?.ok_or(Error::Conflict)?;
    let read = |name: &str| form.raw(name).to_owned();
    let sheet = serde_json::from_str(&read("sheet")).map_err(|_| Error::Conflict)?;
    let choices = serde_json::from_str(&read("choices")).map_err(|_| Error::Conflict)?;
    Ok((sheet, choices, read("pasted")))
}

/// Checks a table, keeps it for the viewer alone, and shows what it would do.
async fn look(viewer: &Viewer, sheet: &Sheet, choices: &Choices, pasted: &str) -> FormResponse {
    let (known, values) = read::import_context(viewer).await?;
    let may = |kpi: &import::KnownKpi| {
        viewer.may(Action::EnterKpiValue {
            driver: kpi.driver_id,
        })
    };
    let made_on = known
        .iter()
        .map(|kpi| (kpi.id, viewer.day_of(kpi.created_at)))
        .collect();
    let context = Context {
        known: &known,
        values: &values,
        today: viewer.today(),
        made_on: &made_on,
    };
    let plan = import::plan(sheet, choices, &context, may);
    let json = |text: serde_json::Result<String>| text.map_err(|_| Error::Internal);
    let draft = Form::blank()
        .with("sheet", json(serde_json::to_string(sheet))?)
        .with("choices", json(serde_json::to_string(choices))?)
        .with("pasted", pasted);
    drafts::save(viewer, PATH, &draft).await?;
    let is_fine = plan.problems.is_empty() && !plan.planned.is_empty();
    let page = preview(viewer, plan, choices, pasted);
    Ok(page
        .with_status(if is_fine {
            StatusCode::OK
        } else {
            StatusCode::UNPROCESSABLE_ENTITY
        })
        .into_response())
}

fn preview(viewer: &Viewer, plan: ImportPlan, choices: &Choices, pasted: &str) -> Page {
    let again_form =
        (!plan.problems.is_empty() || plan.planned.is_empty()).then(|| upload_form(viewer, None, pasted));
    let digest = plan.digest();
    let choices = choices.clone();
    Page::new(viewer, ROOM, "Import values", move |viewer| {
        let today = viewer.today();
        let (count, wrong, unchanged) = (plan.planned.len(), plan.problems.len(), plan.unchanged);
        let how = how_it_was_read(&viewer, &plan, &choices);
        let doubts = (!plan.doubts.is_empty()).then(|| problem_rows(plan.doubts));
        let old = plan.planned.iter().filter(|value| value.is_old).count();
        let attested = plan.planned.iter().filter(|value| value.is_attested).count();
        let problems = problem_rows(plan.problems);
        let rows = value_rows(plan.planned, today);
        let same = (unchanged > 0).then(|| {
            if unchanged == 1 {
                " 1 is there already.".to_owned()
            } else {
                format!(" {unchanged} are there already.")
            }
        });
        // No cell is wrong where it is not known yet what the columns hold.
        let asks = plan.asks;
        let detail = match (wrong, count) {
            (0, 0) => "The table has nothing new.".to_owned(),
            (0, 1) => "1 value would be entered.".to_owned(),
            (0, _) => format!("{count} values would be entered."),
            _ if asks => "Say below what the columns hold. Nothing was entered.".to_owned(),
            (1, _) => "1 cell has a problem. Nothing was entered. Fix it and preview again.".to_owned(),
            _ => format!("{wrong} cells have problems. Nothing was entered. Fix them and preview again."),
        };
        let more = (wrong > MOST_PROBLEMS).then(|| format!("The first {MOST_PROBLEMS} are listed."));
        let again = viewer.path(PATH);
        let confirm = (wrong == 0 && count > 0)
            .then(|| confirm_form(&again, digest, count, (old, attested), doubts.is_some()));
        let shown = if count > SHOWN {
            format!("the first {SHOWN} of {count}")
        } else {
            format!("{count}")
        };
        view! {
            <Crumb href=again.clone() text="Import values" />
            <h1>"Preview"</h1>
            <p class="lead">{detail}{same}</p>
            {(wrong > 0)
                .then(|| {
                    view! {
                        <Section
                            title=if asks { "What is not known yet" } else { "Cells to fix" }
                            aside=more.unwrap_or_default()
                        >
                            <ul class="rows">{problems}</ul>
                        </Section>
                    }
                })}
            {how}
            {doubts
                .map(|doubts| {
                    view! {
                        <Section title="Check these values">
                            <p>"They are far from the values before them."</p>
                            <ul class="rows">{doubts}</ul>
                        </Section>
                    }
                })}
            {confirm}
            {(wrong == 0 && count > 0)
                .then(|| {
                    view! {
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
            {again_form.map(|form| view! { <Section title="Fix and preview again">{form}</Section> })}
        }
    })
}

fn confirm_form(
    path: &str,
    digest: String,
    count: usize,
    (old, attested): (usize, usize),
    is_doubted: bool,
) -> impl IntoView + use<> {
    let verb = if count == 1 {
        "Enter 1 value".to_owned()
    } else {
        format!("Enter {count} values")
    };
    let tick = |name: &'static str, label: String, help: &'static str, is_needed: bool, checked: bool| {
        view! {
            <div class="field">
                <div class="choice">
                    <input type="checkbox" id=name name=name value="on" required=is_needed checked=checked />
                    <label for=name>
                        <span>{label}</span>
                        <small>{help}</small>
                    </label>
                </div>
            </div>
        }
    };
    let periods = |count: usize| {
        if count == 1 {
            "1 value is".to_owned()
        } else {
            format!("{count} values are")
        }
    };
    view! {
        <form method="post" action=format!("{path}/confirm") class="form">
            <input type="hidden" name="digest" value=digest />
            {(attested > 0)
                .then(|| {
                    view! {
                        <p>
                            {format!(
                                "{} confirmed by both owners already. Both have to confirm again.",
                                periods(attested),
                            )}
                        </p>
                    }
                })}
            {is_doubted
                .then(|| {
                    tick(
                        "is_sure",
                        "These values are right".to_owned(),
                        "I have checked each of them.",
                        true,
                        false,
                    )
                })}
            {(old > 0)
                .then(|| {
                    tick(
                        "is_history",
                        format!(
                            "Keep {old} {} of past periods as history",
                            if old == 1 { "value" } else { "values" },
                        ),
                        "They appear in charts and comparisons. Nobody has to confirm them.",
                        false,
                        true,
                    )
                })}
            <Actions verb=verb cancel=path.to_owned() />
        </form>
    }
}

/// What was passed over, and the sign and the columns by which the table was read, to be changed.
fn how_it_was_read(viewer: &Viewer, plan: &ImportPlan, choices: &Choices) -> Option<impl IntoView + use<>> {
    let notes: Vec<_> = plan
        .notes
        .iter()
        .map(|note| view! { <li>{note.clone()}</li> })
        .collect();
    let seen = plan.notation.clone();
    let is_empty = notes.is_empty() && seen.is_none() && plan.headings.is_empty();
    let chosen = choices.decimal.or(match &seen {
        Some(Notation::Decided(decimal)) => Some(*decimal),
        _ => None,
    });
    let kpi = (!plan.kpis_to_choose.is_empty()).then(|| kpi_field(&plan.kpis_to_choose, choices.kpi));
    let signs = seen.is_some().then(|| decimal_field(chosen));
    let columns = plan
        .headings
        .iter()
        .enumerate()
        .filter(|(_, (heading, _))| !heading.is_empty())
        .map(|(at, (heading, column))| column_field(at, heading, *column))
        .collect_view();
    let action = viewer.path("kpis/import/again");
    (!is_empty).then(|| {
        view! {
            <Section title="How we read the table">
                <ul>{notes}</ul>
                <form method="post" action=action class="form">
                    {kpi}
                    {signs}
                    {columns}
                    <Actions verb="Read it again" />
                </form>
            </Section>
        }
    })
}

fn kpi_field(kpis: &[(KpiId, String)], chosen: Option<KpiId>) -> impl IntoView + use<> {
    let options = kpis
        .iter()
        .map(|(id, title)| {
            view! {
                <option value=id.to_string() selected=chosen == Some(*id)>
                    {title.clone()}
                </option>
            }
        })
        .collect_view();
    view! {
        <div class="field">
            <label for="kpi">"All values belong to"</label>
            <select id="kpi" name="kpi">
                <option value="">"The KPI that a column names"</option>
                {options}
            </select>
        </div>
    }
}

fn decimal_field(chosen: Option<DecimalSign>) -> impl IntoView {
    let options = DecimalSign::ALL
        .iter()
        .map(|sign| {
            view! {
                <option value=sign.as_str() selected=chosen == Some(*sign)>
                    {sign.name()}
                </option>
            }
        })
        .collect_view();
    view! {
        <div class="field">
            <label for="decimal">"Numbers have a"</label>
            <select id="decimal" name="decimal">
                {chosen.is_none().then(|| view! { <option value="">"Choose"</option> })}
                {options}
            </select>
        </div>
    }
}

fn column_field(at: usize, heading: &str, column: Option<Column>) -> impl IntoView + use<> {
    let (id, name) = (format!("column-{at}"), format!("heading-{at}"));
    let options = Column::ALL
        .iter()
        .map(|one| {
            view! {
                <option value=one.as_str() selected=column.unwrap_or(Column::Nothing) == *one>
                    {one.name()}
                </option>
            }
        })
        .collect_view();
    let heading = heading.to_owned();
    view! {
        <div class="field">
            <label for=id.clone()>{format!("The column “{heading}”")}</label>
            <input type="hidden" name=name value=heading />
            <select id=id.clone() name=id>
                {options}
            </select>
        </div>
    }
}

/// A table to fill in: every KPI that the viewer enters, with the periods that wait for a value.
pub async fn template(viewer: Viewer) -> Result<Response> {
    if !viewer.may(Action::SpeakForSide) {
        return Err(Error::Forbidden);
    }
    let (known, values) = read::import_context(&viewer).await?;
    let body = import::template(&known, &values, viewer.today(), |kpi| {
        viewer.may(Action::EnterKpiValue {
            driver: kpi.driver_id,
        })
    });
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"kpi-values.csv\"",
        ),
    ];
    Ok((headers, body).into_response())
}

/// Enters what was previewed: the digest says that it is that very thing.
pub async fn confirm_import(viewer: Viewer, form: Form) -> Result<Response> {
    if !viewer.may(Action::SpeakForSide) {
        return Err(Error::Forbidden);
    }
    let (sheet, choices, _) = kept(&viewer).await?;
    let confirmation = write::Confirmation {
        seen: form.raw("digest"),
        is_sure: form.is_ticked("is_sure"),
        is_history: form.is_ticked("is_history"),
    };
    match write::import(&viewer, &sheet, &choices, confirmation).await {
        Ok(entered) => {
            drafts::forget(&viewer, PATH).await?;
            Ok(Redirect::to(viewer.path("kpis"))
                .with_notice(match (entered.history, entered.to_attest) {
                    (0, _) => Notice::Imported,
                    (_, 0) => Notice::ImportedHistory,
                    _ => Notice::ImportedWithHistory,
                })
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
                    <td>
                        {row.cadence.format(row.period, today)}
                        {row.is_old.then(|| view! { <small class="faint">" past period"</small> })}
                    </td>
                    <td class="number">{before}{with_unit(row.value, &row.unit)}</td>
                    <td>{row.because}</td>
                </tr>
            }
        })
        .collect_view()
}
