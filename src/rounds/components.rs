//! The form in which a round is answered and the picture of what it found: the same for every room.

use leptos::prelude::*;

use super::{
    AnswerSheet, HIGHEST, JudgedCell, LOWEST, Mean, POINT, Tally, format_decimal,
    read::{LateAnswer, Round},
    write::AnswerInput,
};
use crate::{
    identity::{Side, Viewer},
    platform::{error::Result, form::Form},
    ui::{AskFirst, DateField, Fields, Tag, TextField},
};

const LONGEST_NOTE: usize = 500;

/// Which of the sheet's two directions leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lay {
    /// A part of the form, and a row of the picture, for each thing: the definition's clauses.
    ByThing,
    /// For each measure: a decision's criteria.
    ByMeasure,
}

fn score_field(thing: usize, measure: usize) -> String {
    format!("score-{thing}-{measure}")
}

fn note_field(thing: usize, measure: usize) -> String {
    format!("note-{thing}-{measure}")
}

/// A form that holds what the viewer answered before.
pub fn with_own(sheet: &AnswerSheet, own: &[(String, String, i64, String)]) -> Form {
    let mut form = Form::blank();
    for (thing, measure, score, note) in own {
        let at = (
            sheet.things.iter().position(|t| t.id == *thing),
            sheet.measures.iter().position(|m| m.id == *measure),
        );
        if let (Some(t), Some(m)) = at {
            form = form
                .with(&score_field(t, m), score.to_string())
                .with(&note_field(t, m), note.clone());
        }
    }
    form
}

/// Every score of an answer; a missing one is named beside its field.
pub fn read_answers(form: &mut Form, sheet: &AnswerSheet) -> Result<Vec<AnswerInput>> {
    let mut all = Vec::with_capacity(sheet.things.len() * sheet.measures.len());
    for (t, thing) in sheet.things.iter().enumerate() {
        for (m, measure) in sheet.measures.iter().enumerate() {
            let score = form
                .raw(&score_field(t, m))
                .parse()
                .ok()
                .filter(|score| (LOWEST..=HIGHEST).contains(score));
            if score.is_none() {
                form.fail(
                    &score_field(t, m),
                    format!("Score {} on {}.", thing.title, measure.title),
                );
            }
            let note = form.optional_paragraphs(&note_field(t, m), LONGEST_NOTE);
            if let (Some(score), Some(note)) = (score, note) {
                all.push(AnswerInput {
                    thing: thing.id.clone(),
                    measure: measure.id.clone(),
                    score,
                    note,
                });
            }
        }
    }
    if form.problems().is_empty() {
        Ok(all)
    } else {
        Err(form.refusal())
    }
}

/// By how many answers and by which day a round closes.
#[component]
pub fn RoundFields() -> impl IntoView {
    view! {
        <Fields>
            <TextField
                name="wanted"
                label="Answers per side"
                kind="number"
                inputmode="numeric"
                max_length=2
                help="The round closes when each side has given this many answers."
            />
            <DateField name="ends_on" label="Last day" help="The round closes after this day in any case." />
        </Fields>
    }
}

/// The scores to give, within a form.
#[component]
pub fn AnswerFields(
    sheet: AnswerSheet,
    lay: Lay,
    form: Form,
    ends: (&'static str, &'static str),
) -> impl IntoView {
    let part = |title: String, detail: String, rows: Vec<AnyView>| {
        view! {
            <fieldset class="sheet-part">
                <legend>
                    <h2>{title}</h2>
                </legend>
                {(!detail.is_empty()).then(|| view! { <p class="prose faint">{detail}</p> })}
                {rows}
            </fieldset>
        }
        .into_any()
    };
    let parts: Vec<AnyView> = match lay {
        Lay::ByThing => sheet
            .things
            .iter()
            .enumerate()
            .map(|(t, thing)| {
                let rows = sheet
                    .measures
                    .iter()
                    .enumerate()
                    .map(|(m, measure)| row(&form, (t, m), &measure.title, &thing.title))
                    .collect();
                part(thing.title.clone(), thing.description.clone(), rows)
            })
            .collect(),
        Lay::ByMeasure => sheet
            .measures
            .iter()
            .enumerate()
            .map(|(m, measure)| {
                let rows = sheet
                    .things
                    .iter()
                    .enumerate()
                    .map(|(t, thing)| row(&form, (t, m), &thing.title, &measure.title))
                    .collect();
                part(
                    format!("{} · weighs {}", measure.title, measure.weight),
                    measure.description.clone(),
                    rows,
                )
            })
            .collect(),
    };
    view! {
        <p class="help">{format!("1 means {}, 5 means {}.", ends.0, ends.1)}</p>
        {parts}
    }
}

fn row(form: &Form, (t, m): (usize, usize), title: &str, of: &str) -> AnyView {
    let (field, note) = (score_field(t, m), note_field(t, m));
    let chosen = form.raw(&field).to_owned();
    let problem = form
        .problem_of(&field)
        .or_else(|| form.problem_of(&note))
        .map(str::to_owned);
    let choices = (LOWEST..=HIGHEST)
        .map(|score| {
            let id = if score == LOWEST {
                field.clone()
            } else {
                format!("{field}-{score}")
            };
            let checked = chosen == score.to_string();
            view! {
                <span class="score">
                    <input
                        type="radio"
                        id=id.clone()
                        name=field.clone()
                        value=score.to_string()
                        checked=checked
                        required=true
                    />
                    <label for=id>{score}</label>
                </span>
            }
        })
        .collect_view();
    let label = format!("{title}, {of}");
    let note_label = format!("Note on {label}");
    let value = form.raw(&note).to_owned();
    let is_wrong = problem.is_some();
    view! {
        <div class="sheet-row" class:is-wrong=is_wrong>
            <span class="sheet-name">{title.to_owned()}</span>
            <span class="scores" role="radiogroup" aria-label=label>
                {choices}
            </span>
            <input
                class="sheet-note"
                type="text"
                name=note
                value=value
                maxlength=LONGEST_NOTE
                placeholder="Why (optional)"
                aria-label=note_label
                autocomplete="off"
            />
            {problem.map(|problem| view! { <p class="problem">{problem}</p> })}
        </div>
    }
    .into_any()
}

/// "2 people answered on each side.", or "2 people answered in Marketing, 1 in Technology."
fn answer_counts(round: &Round) -> String {
    let marketing = count_label(round.marketing, "person", "people");
    if round.marketing == round.technology {
        format!("{marketing} answered on each side.")
    } else {
        format!(
            "{marketing} answered in Marketing, {} in Technology.",
            round.technology
        )
    }
}

/// Where a round stands, and who has answered how often; never what.
#[component]
pub fn RoundLine(round: Round, viewer: Viewer) -> impl IntoView {
    let today = viewer.today();
    let word = if round.is_closed { "Closed" } else { "Blind" };
    let detail = if round.is_closed {
        format!("Round {}. {}", round.number, answer_counts(&round))
    } else {
        format!(
            "Round {} is open until {}. {}. Nobody sees the other side before it closes.",
            round.number,
            round.ends_on.format(today),
            round.progress()
        )
    };
    view! {
        <p class="standing">
            <Tag label=word />
            <span>{detail}</span>
        </p>
    }
}

/// Closing a round by hand, before everybody wanted has answered: `progress` says who has.
pub fn ask_to_close(progress: String, action: String, number: i64) -> impl IntoView {
    view! {
        <AskFirst
            id="close-round"
            verb="Close the round…"
            question="Close the round now?"
            follows=format!("{progress}. Both sides then see all answers, and nobody can answer after that.")
            yes="Close and show the answers"
            no="Keep it open"
            action=action
            fields=vec![("round", number.to_string())]
        />
    }
}

fn count_label(count: i64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// Both means on a line from 1 to 5: Marketing's half-disc above it, Technology's below.
#[component]
pub fn GapStrip(marketing: Tally, technology: Tally) -> impl IntoView {
    view! { <ScoreLine marketing=marketing.mean() technology=technology.mean() /> }
}

/// Both sides' scores on one line from 1 to 5, and how far apart they are.
#[component]
pub fn ScoreLine(marketing: Option<Mean>, technology: Option<Mean>) -> impl IntoView {
    const WIDTH: f64 = 240.0;
    #[expect(clippy::cast_precision_loss, reason = "a pixel position")]
    let x = |mean: Option<Mean>| {
        mean.map(|mean| 8.0 + (mean.millionths() - POINT) as f64 / (4 * POINT) as f64 * (WIDTH - 16.0))
    };
    let dot = |at: Option<f64>, class: &'static str, path: fn(f64) -> String| {
        at.map(|x| view! { <path class=class d=path(x)></path> })
    };
    let between = x(marketing).zip(x(technology)).map(
        |(a, b)| view! { <path class="gap-between" d=format!("M{:.1} 11H{:.1}", a.min(b), a.max(b))></path> },
    );
    view! {
        <svg class="gap" viewBox="0 0 240 22" width="240" height="22" aria-hidden="true">
            <path class="gap-line" d="M8 11H232M8 7v8M64 9v4M120 9v4M176 9v4M232 7v8"></path>
            {between}
            {dot(
                x(marketing),
                "half is-marketing is-filled",
                |x| format!("M{:.1} 10a6 6 0 0 1 12 0z", x - 6.0),
            )}
            {dot(
                x(technology),
                "half is-technology is-filled",
                |x| format!("M{:.1} 12a6 6 0 0 0 12 0z", x - 6.0),
            )}
        </svg>
    }
}

/// One side's mean and spread.
fn answer_pill(side: Side, tally: &Tally, is_closed: bool) -> AnyView {
    let class = format!("side is-{}", side.as_str());
    match tally.mean() {
        None => view! {
            <span>
                <span class=class>{side.name()}</span>
                " "
                <span class="faint">{if is_closed { "no answer" } else { "not in the open yet" }}</span>
            </span>
        }
        .into_any(),
        Some(mean) => view! {
            <span>
                <span class=class>{side.name()}</span>
                " "
                <strong>{mean.to_string()}</strong>
                " "
                <span class="faint">{tally.spread()}</span>
            </span>
        }
        .into_any(),
    }
}

/// Both sides on everything, the widest gaps first; before the round is in the open, what one side gave so
/// far.
#[component]
pub fn Matrix(
    sheet: AnswerSheet,
    cells: Vec<JudgedCell>,
    lay: Lay,
    round: i64,
    is_closed: bool,
) -> impl IntoView {
    let (rows, columns) = match lay {
        Lay::ByThing => (sheet.things.len(), sheet.measures.len()),
        Lay::ByMeasure => (sheet.measures.len(), sheet.things.len()),
    };
    let at = |row: usize, column: usize| {
        let (thing, measure) = if lay == Lay::ByThing {
            (row, column)
        } else {
            (column, row)
        };
        cells
            .iter()
            .find(|cell| cell.thing == thing && cell.measure == measure)
            .copied()
    };
    let widest = |row: usize| {
        (0..columns)
            .filter_map(|column| at(row, column)?.gap())
            .max()
            .unwrap_or(-1)
    };
    let mut order: Vec<usize> = (0..rows).collect();
    order.sort_by_key(|row| std::cmp::Reverse(widest(*row)));
    let name = |row: usize| match lay {
        Lay::ByThing => (sheet.things[row].title.clone(), String::new()),
        Lay::ByMeasure => (
            sheet.measures[row].title.clone(),
            format!("weighs {}", sheet.measures[row].weight),
        ),
    };
    let column_name = |column: usize| match lay {
        Lay::ByThing => sheet.measures[column].title.clone(),
        Lay::ByMeasure => sheet.things[column].title.clone(),
    };
    let body = order
        .into_iter()
        .map(|row| {
            let (title, beside) = name(row);
            let gap = widest(row);
            let filled = (0..columns)
                .map(|column| {
                    let cell = at(row, column).map(|cell| gap_cell(&cell, is_closed));
                    view! { <td data-label=column_name(column)>{cell}</td> }
                })
                .collect_view();
            let apart = if gap < 0 {
                "–".to_owned()
            } else {
                format_decimal(gap)
            };
            view! {
                <tr>
                    <th scope="row">
                        {title}{(!beside.is_empty()).then(|| view! { <small class="faint">{beside}</small> })}
                    </th>
                    {is_closed
                        .then(|| {
                            view! {
                                <td class="number" data-label="Widest gap">
                                    {apart}
                                </td>
                            }
                        })}
                    {filled}
                </tr>
            }
        })
        .collect_view();
    let head = (0..columns)
        .map(|column| view! { <th scope="col">{column_name(column)}</th> })
        .collect_view();
    let first = if lay == Lay::ByThing {
        "Clause"
    } else {
        "Criterion"
    };
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=format!("Scores of round {round}")>
            <table class="table is-stacked matrix">
                <thead>
                    <tr>
                        <th scope="col">{first}</th>
                        {is_closed
                            .then(|| {
                                view! {
                                    <th scope="col" class="number">
                                        "Widest gap"
                                    </th>
                                }
                            })}
                        {head}
                    </tr>
                </thead>
                <tbody>{body}</tbody>
            </table>
        </div>
    }
}

/// What was written beside the scores, by thing and measure.
#[component]
pub fn Notes(sheet: AnswerSheet, scores: Vec<super::Score>) -> impl IntoView {
    let title = |id: &str| {
        sheet
            .things
            .iter()
            .find(|thing| thing.id == id)
            .map(|thing| thing.title.clone())
            .unwrap_or_default()
    };
    let measure = |id: &str| {
        sheet
            .measures
            .iter()
            .find(|measure| measure.id == id)
            .map(|measure| measure.title.clone())
            .unwrap_or_default()
    };
    let rows = scores
        .iter()
        .filter(|score| !score.note.is_empty())
        .map(|score| {
            view! {
                <li class="row">
                    <span class=format!(
                        "side is-{}",
                        score.side.as_str(),
                    )>{score.side.name()}" "{score.score}</span>
                    <span class="row-main">
                        <span>{score.note.clone()}</span>
                        <span class="faint">
                            {format!("{} on {}, {}", title(&score.thing), measure(&score.measure), score.who)}
                        </span>
                    </span>
                </li>
            }
        })
        .collect::<Vec<_>>();
    (!rows.is_empty()).then(|| view! { <ul class="rows">{rows}</ul> })
}

/// What was answered after the round was closed: in sight, and counted nowhere.
#[component]
pub fn LateAnswers(viewer: Viewer, sheet: AnswerSheet, late: Vec<LateAnswer>) -> impl IntoView {
    let title = |id: &str| {
        let of_thing = sheet.things.iter().map(|thing| (&thing.id, &thing.title));
        let of_measure = sheet.measures.iter().map(|measure| (&measure.id, &measure.title));
        of_thing
            .chain(of_measure)
            .find(|(known, _)| *known == id)
            .map_or_else(String::new, |(_, title)| title.clone())
    };
    let rows = late
        .iter()
        .map(|answer| {
            let day = viewer.day_of(answer.at).format(viewer.today());
            let on = format!("{} on {}", title(&answer.thing), title(&answer.measure));
            view! {
                <li class="row">
                    <span class=format!(
                        "side is-{}",
                        answer.side.as_str(),
                    )>{answer.side.name()}" "{answer.score}</span>
                    <span class="row-main">
                        <span>{format!("{on}, {}, late, {day}", answer.who)}</span>
                        {(!answer.note.is_empty())
                            .then(|| view! { <span class="faint">{answer.note.clone()}</span> })}
                    </span>
                </li>
            }
        })
        .collect::<Vec<_>>();
    (!rows.is_empty()).then(|| {
        view! {
            <h3>"Late answers"</h3>
            <p class="faint">"Given after the round closed. They do not count in any figure."</p>
            <ul class="rows">{rows}</ul>
        }
    })
}

fn gap_cell(cell: &JudgedCell, is_closed: bool) -> impl IntoView + use<> {
    view! {
        <div class="gap-cell">
            <GapStrip marketing=cell.marketing technology=cell.technology />
            {answer_pill(Side::Marketing, &cell.marketing, is_closed)}
            {answer_pill(Side::Technology, &cell.technology, is_closed)}
        </div>
    }
}
