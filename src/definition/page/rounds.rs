//! Eye to eye: both sides rate every clause without seeing each other, then talk about the gap.

use axum::response::IntoResponse;
use leptos::prelude::*;

use super::ROOM;
use crate::{
    definition::write,
    identity::{Action, FormResponse, Page, Redirect, Side, Viewer, respond},
    platform::{
        error::{Error, Result},
        form::Form,
    },
    rounds::{
        self, About, AnswerOutcome, Score,
        components::{
            AnswerFields, LateAnswers, Lay, Matrix, Notes, RoundFields, RoundLine, ask_to_close,
            read_answers, with_own,
        },
        read::{LateAnswer, Round},
    },
    ui::{Actions, Crumb, Empty, Hidden, Notice, PostForm, Section},
};

const MOST_ROUNDS: usize = 6;

/// `/definition/rounds`.
pub async fn rounds(viewer: Viewer) -> Result<Page> {
    let mut found = Vec::new();
    for round in rounds::read::all(&viewer, About::Definition, viewer.workspace_id().uuid())
        .await?
        .into_iter()
        .take(MOST_ROUNDS)
    {
        let scores = rounds::read::scores(&viewer, &round).await?;
        found.push((round, scores));
    }
    let late = match found.iter().find(|(round, _)| round.is_closed) {
        Some((round, _)) => rounds::read::late(&viewer, round).await?,
        None => Vec::new(),
    };
    Ok(Page::new(&viewer, ROOM, "Do we mean the same?", move |viewer| {
        let may_open = viewer.may(Action::ProposeDefinition);
        let is_open = found.first().is_some_and(|(round, _)| !round.is_closed);
        let none = found.is_empty();
        let moved = gaps_over_rounds(&found);
        // The newest, and below an open one the last that is in the open.
        let last_closed = found.iter().position(|(round, _)| round.is_closed).unwrap_or(0);
        let shown = found
            .into_iter()
            .take(last_closed + 1)
            .map(|(round, scores)| {
                let late = if round.is_closed { late.clone() } else { Vec::new() };
                section(&viewer, round, &scores, may_open, late)
            })
            .collect_view();
        view! {
            <Crumb href=viewer.path("definition") text="Definition" />
            <header class="page-head">
                <div>
                    <p class="eyebrow">"Definition"</p>
                    <h1>"Do we mean the same?"</h1>
                    <p class="lead">
                        "Before you sign: how far each side agrees with every clause, and whether each team \
                            knows what the clause means for its work."
                    </p>
                </div>
                {(may_open && !is_open)
                    .then(|| {
                        view! {
                            <a class="button is-primary" href=viewer.path("definition/rounds/open")>
                                "Open a round…"
                            </a>
                        }
                    })}
            </header>
            {none
                .then(|| {
                    view! {
                        <Empty purpose="In a round, members of both sides rate every clause without seeing \
                        the other side’s ratings. Talk about the clauses where the ratings are far \
                        apart." />
                    }
                })}
            {shown}
            {moved}
        }
    }))
}

fn section(
    viewer: &Viewer,
    round: Round,
    scores: &[Score],
    may_close: bool,
    late: Vec<LateAnswer>,
) -> impl IntoView + use<> {
    let cells = rounds::cells(&round.sheet, scores);
    let is_late = round.takes_late_answer_of(viewer);
    let may_answer = is_late || (!round.is_closed && viewer.may(Action::SpeakForSide));
    let verb = if is_late {
        "Rate late"
    } else if round.own.is_some() {
        "Change my ratings"
    } else {
        "Rate the clauses"
    };
    let finding = (round.is_closed && !scores.is_empty()).then(|| finding(&round, &cells));
    let any = !scores.is_empty();
    let (answer, close) = (
        viewer.path("definition/rounds/answer"),
        viewer.path("definition/rounds/close"),
    );
    let (sheet, number, is_open) = (round.sheet.clone(), round.number, !round.is_closed);
    let (reader, title) = (viewer.clone(), format!("Round {}", round.number));
    let matrix = any.then(
        || view! { <Matrix sheet=sheet cells=cells lay=Lay::ByThing round=number is_closed=!is_open /> },
    );
    let notes = view! {
        <Notes sheet=round.sheet.clone() scores=scores.to_vec() />
        <LateAnswers viewer=viewer.clone() sheet=round.sheet.clone() late=late />
    };
    let progress = round.progress();
    view! {
        <Section title=title>
            <RoundLine round=round viewer=reader />
            <div class="page-actions">
                {may_answer
                    .then(|| {
                        view! {
                            <a class=if is_late { "button" } else { "button is-primary" } href=answer>
                                {verb}
                            </a>
                        }
                    })} {(is_open && may_close).then(|| { ask_to_close(progress, close, number) })}
            </div>
            {finding
                .map(|finding| {
                    view! {
                        <p class="prose">
                            <strong>{finding}</strong>
                        </p>
                    }
                })}
            {matrix}
            {notes}
        </Section>
    }
}

/// The one sentence to begin the talk with.
fn finding(round: &Round, cells: &[rounds::JudgedCell]) -> String {
    let widest = rounds::by_gap(cells.to_vec()).into_iter().next();
    match widest.and_then(|cell| Some((cell, cell.gap()?))) {
        None => "One side did not answer, so there is nothing to compare.".to_owned(),
        Some((_, 0)) => "Both sides rate every clause alike.".to_owned(),
        Some((cell, gap)) => {
            let higher = if cell.marketing.mean() > cell.technology.mean() {
                Side::Marketing
            } else {
                Side::Technology
            };
            format!(
                "Talk about “{}” first. On “{}”, {} rates it {} points higher than {}.",
                round.sheet.things[cell.thing].title,
                round.sheet.measures[cell.measure].title,
                higher.name(),
                rounds::format_decimal(gap),
                higher.other().name()
            )
        }
    }
}

/// How wide the gap of each clause was in each closed round, the newest last.
fn gaps_over_rounds(found: &[(Round, Vec<Score>)]) -> Option<impl IntoView + use<>> {
    let closed: Vec<&(Round, Vec<Score>)> = found.iter().filter(|(round, _)| round.is_closed).rev().collect();
    if closed.len() < 2 {
        return None;
    }
    let newest = &closed.last()?.0;
    let gap_in = |(round, scores): &(Round, Vec<Score>), id: &str| {
        let thing = round.sheet.things.iter().position(|thing| thing.id == id)?;
        rounds::cells(&round.sheet, scores)
            .into_iter()
            .filter(|cell| cell.thing == thing)
            .filter_map(|cell| cell.gap())
            .max()
    };
    let rows = newest
        .sheet
        .things
        .iter()
        .map(|thing| {
            let gaps: Vec<Option<i64>> = closed.iter().map(|round| gap_in(round, &thing.id)).collect();
            let word = match gaps.as_slice() {
                [.., _, None] => "one side did not answer",
                [.., Some(before), Some(after)] if after < before => "closer",
                [.., Some(before), Some(after)] if after > before => "further apart",
                [.., Some(_), Some(_)] => "as far",
                _ => "new",
            };
            let cells = gaps
                .iter()
                .zip(&closed)
                .map(|(gap, (round, _))| {
                    view! {
                        <td class="number" data-label=format!("Round {}", round.number)>
                            {gap.map_or_else(|| "–".to_owned(), rounds::format_decimal)}
                        </td>
                    }
                })
                .collect_view();
            view! {
                <tr>
                    <th scope="row">{thing.title.clone()}</th>
                    {cells}
                    <td data-label="Since the last">{word}</td>
                </tr>
            }
        })
        .collect_view();
    let head = closed
        .iter()
        .map(|(round, _)| {
            view! {
                <th scope="col" class="number">
                    {format!("Round {}", round.number)}
                </th>
            }
        })
        .collect_view();
    Some(view! {
        <Section title="How the gap moved" aside="the widest gap of each clause, in points">
            <table class="table is-stacked">
                <thead>
                    <tr>
                        <th scope="col">"Clause"</th>
                        {head}
                        <th scope="col">"Since the last"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </Section>
    })
}

pub async fn open_round_form(viewer: Viewer) -> Result<Page> {
    open_page(
        &viewer,
        Form::blank()
            .with("wanted", "2")
            .with("ends_on", viewer.today().plus(7).to_string()),
    )
}

fn open_page(viewer: &Viewer, form: Form) -> Result<Page> {
    if !viewer.may(Action::ProposeDefinition) {
        return Err(Error::Forbidden);
    }
    let cancel = viewer.path("definition/rounds");
    Ok(Page::new(viewer, ROOM, "Open a round", move |_| {
        view! {
            <Crumb href=cancel.clone() text="Do we mean the same?" />
            <h1>"Open a round to both sides"</h1>
            <p class="lead">"The round asks about the draft as it is now."</p>
            <PostForm form=form>
                <RoundFields />
                <Actions verb="Open the round" cancel=cancel />
            </PostForm>
        }
    }))
}

pub async fn open_round(viewer: Viewer, mut form: Form) -> FormResponse {
    let outcome = async {
        let (Some(wanted), Some(ends_on)) = (form.choice("wanted"), form.day("ends_on")) else {
            return Err(form.refusal());
        };
        write::open_round(&viewer, wanted, ends_on).await?;
        Ok(Redirect::to(viewer.path("definition/rounds")).with_notice(Notice::RoundOpened))
    }
    .await;
    respond(outcome, form, async |form| open_page(&viewer, form)).await
}

pub async fn answer_form(viewer: Viewer) -> Result<Page> {
    answer_page(&viewer, Form::blank()).await
}

async fn answer_page(viewer: &Viewer, form: Form) -> Result<Page> {
    if !viewer.may(Action::SpeakForSide) {
        return Err(Error::Forbidden);
    }
    // What was typed belongs to the round that it was typed for.
    let typed: Option<i64> = form.raw("round").parse().ok();
    let all = rounds::read::all(viewer, About::Definition, viewer.workspace_id().uuid()).await?;
    let round = all
        .into_iter()
        .find(|round| typed.is_none_or(|number| round.number == number));
    let round = round
        .filter(|round| !round.is_closed || round.takes_late_answer_of(viewer) || form.is_typed())
        .ok_or(Error::Conflict)?;
    let form = match round.own {
        Some(own) if !form.is_typed() => with_own(&round.sheet, &rounds::read::own(viewer, own).await?),
        _ => form,
    };
    let cancel = viewer.path("definition/rounds");
    Ok(Page::new(viewer, ROOM, "Rate the clauses", move |viewer| {
        let side = viewer.side().map_or("", Side::name);
        let verb = if round.own.is_some() {
            "Replace my ratings"
        } else {
            "Give my ratings"
        };
        let (fields, ends_on) = (form.clone(), round.ends_on.format(viewer.today()));
        view! {
            <Crumb href=cancel.clone() text="Do we mean the same?" />
            <h1>{format!("Rate the clauses for {side}")}</h1>
            <p class="lead">
                {format!(
                    "Open until {ends_on}. Your side sees your ratings. The other side sees them only after \
                        the round closes.",
                )}
            </p>
            <PostForm form=form class="form is-wide">
                <Hidden name="round" value=round.number.to_string() />
                <AnswerFields sheet=round.sheet lay=Lay::ByThing form=fields ends=("not at all", "fully") />
                <Actions verb=verb cancel=cancel />
            </PostForm>
        }
    }))
}

pub async fn answer(viewer: Viewer, mut form: Form) -> FormResponse {
    let outcome = async {
        if !viewer.may(Action::SpeakForSide) {
            return Err(Error::Forbidden);
        }
        let number: i64 = form.choice("round").ok_or_else(|| form.refusal())?;
        let all = rounds::read::all(&viewer, About::Definition, viewer.workspace_id().uuid()).await?;
        let sheet = all
            .into_iter()
            .find(|one| one.number == number)
            .ok_or(Error::Conflict)?
            .sheet;
        let given = read_answers(&mut form, &sheet)?;
        let done = match write::answer_round(&viewer, number, &given).await? {
            AnswerOutcome::ClosedTheRound => Notice::RoundClosed,
            AnswerOutcome::Late => Notice::ScoredLate,
            AnswerOutcome::Taken => Notice::Scored,
        };
        Ok(Redirect::to(viewer.path("definition/rounds")).with_notice(done))
    }
    .await;
    respond(outcome, form, |form| answer_page(&viewer, form)).await
}

pub async fn close_round(viewer: Viewer, form: Form) -> FormResponse {
    if !viewer.may(Action::ProposeDefinition) {
        return Err(Error::Forbidden);
    }
    let number = form.raw("round").parse().map_err(|_| Error::Conflict)?;
    write::close_round(&viewer, number).await?;
    Ok(Redirect::to(viewer.path("definition/rounds"))
        .with_notice(Notice::RoundClosed)
        .into_response())
}
