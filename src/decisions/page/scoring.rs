//! Scoring blind, and what both sides see once it is in the open.

use axum::{extract::Path, response::IntoResponse};
use leptos::prelude::*;

use super::{ROOM, question::shapeable};
use crate::{
    decisions::{read, write},
    identity::{Action, FormResponse, Page, Redirect, Side, Viewer, respond},
    platform::{
        error::{Error, Result},
        form::Form,
        text::join_names,
    },
    rounds::{
        self, About, AnswerOutcome, AnswerSheet, Flip, JudgedCell, Lead, Score,
        components::{
            AnswerFields, LateAnswers, Lay, Matrix, Notes, RoundFields, RoundLine, ScoreLine, read_answers,
            with_own,
        },
        islands::LiveTotals,
        read::{LateAnswer, Round},
    },
    ui::{Actions, Crumb, Empty, Hidden, Notice, PostForm, Section, Tag},
};

pub async fn open_scoring_form(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    let form = Form::blank()
        .with("wanted", "2")
        .with("ends_on", viewer.today().plus(7).to_string());
    open_page(&viewer, number, form).await
}

async fn open_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    let it = shapeable(viewer, number).await?;
    let cancel = viewer.path(&it.path());
    Ok(Page::new(
        viewer,
        ROOM,
        format!("Open scoring: {}", it.question),
        move |_| {
            view! {
                <Crumb href=cancel.clone() text=it.question.clone() />
                <h1>"Open scoring to both sides"</h1>
                <p class="lead">
                    "Members of both sides score every option on every criterion, from 1 to 5. Neither side \
                        sees the other’s scores before the round closes. Nobody can score after that."
                </p>
                <PostForm form=form>
                    <RoundFields />
                    <Actions verb="Open scoring" cancel=cancel />
                </PostForm>
            }
        },
    ))
}

pub async fn open_scoring(
    viewer: Viewer,
    Path((_, number)): Path<(String, i64)>,
    mut form: Form,
) -> FormResponse {
    let outcome = async {
        let fields = (form.choice("wanted"), form.day("ends_on"));
        let (Some(wanted), Some(ends_on)) = fields else {
            return Err(form.refusal());
        };
        write::open_scoring(&viewer, number, wanted, ends_on).await?;
        Ok(Redirect::to(viewer.path(&format!("decisions/{number}"))).with_notice(Notice::RoundOpened))
    }
    .await;
    respond(outcome, form, |form| open_page(&viewer, number, form)).await
}

pub async fn score_form(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    score_page(&viewer, number, Form::blank()).await
}

async fn score_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    let it = read::one(viewer, number).await?;
    if !viewer.may(Action::SpeakForSide) {
        return Err(Error::Forbidden);
    }
    // What was typed belongs to the round that it was typed for.
    let typed: Option<i64> = form.raw("round").parse().ok();
    let all = rounds::read::all(viewer, About::Decision, it.id.uuid()).await?;
    let round = all
        .into_iter()
        .find(|round| typed.is_none_or(|number| round.number == number));
    let round = round
        .filter(|round| {
            let is_late = round.takes_late_answer_of(viewer) && it.signed_at.is_none();
            !round.is_closed || is_late || form.is_typed()
        })
        .ok_or(Error::Conflict)?;
    let form = match round.own {
        Some(own) if !form.is_typed() => with_own(&round.sheet, &rounds::read::own(viewer, own).await?),
        _ => form,
    };
    let cancel = viewer.path(&it.path());
    Ok(Page::new(
        viewer,
        ROOM,
        format!("Score: {}", it.question),
        move |viewer| {
            let side = viewer.side().map_or("", Side::name);
            let sheet = round.sheet.clone();
            let titles: Vec<String> = sheet.things.iter().map(|thing| thing.title.clone()).collect();
            let weights: Vec<i64> = sheet.measures.iter().map(|measure| measure.weight).collect();
            let filled: Vec<Vec<Option<i64>>> = (0..titles.len())
                .map(|t| {
                    (0..weights.len())
                        .map(|m| form.raw(&format!("score-{t}-{m}")).parse().ok())
                        .collect()
                })
                .collect();
            let verb = if round.own.is_some() {
                "Replace my scores"
            } else {
                "Give my scores"
            };
            let fields = form.clone();
            let ends_on = round.ends_on.format(viewer.today());
            view! {
                <Crumb href=cancel.clone() text=it.question.clone() />
                <h1>{format!("Score the options for {side}")}</h1>
                <p class="lead">
                    {format!(
                        "Open until {ends_on}. Your side sees your scores. The other side sees them only after \
                            the round closes.",
                    )}
                </p>
                <LiveTotals titles=titles weights=weights given=filled>
                    <PostForm form=form class="form is-wide">
                        <Hidden name="round" value=round.number.to_string() />
                        <AnswerFields
                            sheet=sheet
                            lay=Lay::ByMeasure
                            form=fields
                            ends=("does not meet it", "meets it fully")
                        />
                        <Actions verb=verb cancel=cancel />
                    </PostForm>
                </LiveTotals>
            }
        },
    ))
}

pub async fn score(viewer: Viewer, Path((_, number)): Path<(String, i64)>, mut form: Form) -> FormResponse {
    let outcome = async {
        let it = read::one(&viewer, number).await?;
        if !viewer.may(Action::SpeakForSide) {
            return Err(Error::Forbidden);
        }
        let round: i64 = form.choice("round").ok_or_else(|| form.refusal())?;
        let all = rounds::read::all(&viewer, About::Decision, it.id.uuid()).await?;
        let sheet = all
            .into_iter()
            .find(|one| one.number == round)
            .ok_or(Error::Conflict)?
            .sheet;
        let given = read_answers(&mut form, &sheet)?;
        let done = match write::answer(&viewer, number, round, &given).await? {
            AnswerOutcome::ClosedTheRound => Notice::RoundClosed,
            AnswerOutcome::Late => Notice::ScoredLate,
            AnswerOutcome::Taken => Notice::Scored,
        };
        Ok(Redirect::to(viewer.path(&format!("decisions/{number}/scores"))).with_notice(done))
    }
    .await;
    respond(outcome, form, |form| score_page(&viewer, number, form)).await
}

pub async fn close_scoring(
    viewer: Viewer,
    Path((_, number)): Path<(String, i64)>,
    form: Form,
) -> FormResponse {
    shapeable(&viewer, number).await?;
    let round = form.raw("round").parse().map_err(|_| Error::Conflict)?;
    write::close_scoring(&viewer, number, round).await?;
    Ok(Redirect::to(viewer.path(&format!("decisions/{number}/scores")))
        .with_notice(Notice::RoundClosed)
        .into_response())
}

/// `/decisions/{number}/scores`: every round, as far as the viewer may see it.
pub async fn scores(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    let it = read::one(&viewer, number).await?;
    let mut found = Vec::new();
    for round in rounds::read::all(&viewer, About::Decision, it.id.uuid())
        .await?
        .into_iter()
        .take(MOST_ROUNDS)
    {
        let scores = rounds::read::scores(&viewer, &round).await?;
        let late = rounds::read::late(&viewer, &round).await?;
        found.push((round, scores, late));
    }
    let now = read::sheet_of(
        (&it.question, &it.context),
        &read::choices(&viewer, it.id).await?,
        &read::criteria(&viewer, it.id).await?,
    );
    Ok(Page::new(
        &viewer,
        ROOM,
        format!("Scores: {}", it.question),
        move |viewer| {
            let path = viewer.path(&it.path());
            let (none, is_signed) = (found.is_empty(), it.signed_at.is_some());
            let sections = found
                .into_iter()
                .enumerate()
                .map(|(index, (round, scores, late))| {
                    let changed = if index == 0 && round.is_closed {
                        round.sheet.changed_since(&now)
                    } else {
                        Vec::new()
                    };
                    round_section(&viewer, &path, &round, (&scores, late), is_signed, &changed)
                })
                .collect_view();
            view! {
                <Crumb href=path.clone() text=it.question.clone() />
                <header class="page-head">
                    <div>
                        <p class="eyebrow">{format!("Decision {}", it.number)}</p>
                        <h1>"Scores of both sides"</h1>
                    </div>
                </header>
                {none
                    .then(|| {
                        view! {
                            <Empty purpose="Scoring opens once both sides have signed the weights. Neither \
                            side sees the other’s scores." />
                        }
                    })}
                {sections}
            }
        },
    ))
}

const MOST_ROUNDS: usize = 3;

/// What changed since the last scores of both sides were given; a signed decision does not change any more.
pub(super) async fn changed_since_scoring(
    viewer: &Viewer,
    it: &read::Decision,
    choices: &[read::Choice],
) -> Result<Vec<&'static str>> {
    let last = rounds::read::all(viewer, About::Decision, it.id.uuid())
        .await?
        .into_iter()
        .find(|round| round.is_closed);
    let Some(last) = last else { return Ok(Vec::new()) };
    let criteria = read::criteria(viewer, it.id).await?;
    let now = read::sheet_of((&it.question, &it.context), choices, &criteria);
    Ok(last.sheet.changed_since(&now))
}

/// Says that what was scored is not what is chosen from now.
pub(super) fn stale_scores(changed: &[&'static str]) -> Option<AnyView> {
    (!changed.is_empty()).then(|| {
        let what = join_names(changed);
        view! {
            <p class="standing">
                <Tag label="Scored before a change" />
                <span>{format!("Since the scores were given, {what} changed.")}</span>
            </p>
        }
        .into_any()
    })
}

fn round_section(
    viewer: &Viewer,
    path: &str,
    round: &Round,
    (scores, late): (&[Score], Vec<LateAnswer>),
    is_signed: bool,
    changed: &[&'static str],
) -> AnyView {
    let cells = rounds::cells(&round.sheet, scores);
    let is_late = round.takes_late_answer_of(viewer) && !is_signed;
    let may_answer = is_late || (!round.is_closed && viewer.may(Action::SpeakForSide));
    let verb = if is_late {
        "Score late"
    } else if round.own.is_some() {
        "Change my scores"
    } else {
        "Score the options"
    };
    let detail = round.is_closed.then(|| {
        sentences(&round.sheet, &cells)
            .into_iter()
            .map(|sentence| view! { <li>{sentence}</li> })
            .collect_view()
    });
    let any = !scores.is_empty();
    let title = format!("Round {}", round.number);
    let (line, sheet) = (round.clone(), round.sheet.clone());
    let totals = any.then(|| view! { <Totals sheet=round.sheet.clone() cells=cells.clone() /> });
    let matrix = any.then(|| {
        view! {
            <Matrix
                sheet=sheet.clone()
                cells=cells
                lay=Lay::ByMeasure
                round=round.number
                is_closed=round.is_closed
            />
        }
    });
    let notes = view! {
        <Notes sheet=sheet.clone() scores=scores.to_vec() />
        <LateAnswers viewer=viewer.clone() sheet=sheet late=late />
    };
    let (reader, stale) = (viewer.clone(), stale_scores(changed));
    let answer = may_answer.then(|| {
        view! {
            <p>
                <a class=if is_late { "button" } else { "button is-primary" } href=format!("{path}/score")>
                    {verb}
                </a>
            </p>
        }
    });
    view! {
        <Section title=title>
            <RoundLine round=line viewer=reader />
            {stale}
            {answer}
            {detail.map(|detail| view! { <ul class="findings">{detail}</ul> })}
            {totals}
            {matrix}
            {notes}
        </Section>
    }
    .into_any()
}

/// Each side's weighted mean of every option, side by side; never one in place of two.
#[component]
pub fn Totals(sheet: AnswerSheet, cells: Vec<JudgedCell>) -> impl IntoView {
    let total = |side: Side, thing: usize| {
        rounds::total(&sheet, &cells, side, thing).map_or_else(|| "–".to_owned(), |mean| mean.to_string())
    };
    let leaders = rounds::lead(&sheet, &cells).leaders;
    let rows = sheet
        .things
        .iter()
        .enumerate()
        .map(|(index, thing)| {
            let [marketing, technology] = Side::BOTH.map(|side| rounds::total(&sheet, &cells, side, index));
            view! {
                <tr class=(leaders.len() == 1 && leaders[0] == index).then_some("is-leader")>
                    <th scope="row">{thing.title.clone()}</th>
                    <td class="score-line">
                        <ScoreLine marketing=marketing technology=technology />
                    </td>
                    <td class="number" data-label="Marketing">
                        {total(Side::Marketing, index)}
                    </td>
                    <td class="number" data-label="Technology">
                        {total(Side::Technology, index)}
                    </td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="table is-stacked totals-table">
            <thead>
                <tr>
                    <th scope="col">"Weighted, of 5"</th>
                    <th scope="col" aria-hidden="true">
                        <span class="score-scale">
                            <span>"1"</span>
                            <span>"5"</span>
                        </span>
                    </th>
                    <th scope="col" class="number">
                        <span class="side is-marketing">"Marketing"</span>
                    </th>
                    <th scope="col" class="number">
                        <span class="side is-technology">"Technology"</span>
                    </th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

const MOST_FLIPS: usize = 3;

/// What a closed round found, in sentences.
pub fn sentences(sheet: &AnswerSheet, cells: &[JudgedCell]) -> Vec<String> {
    let mut detail = Vec::new();
    let title = |thing: usize| sheet.things[thing].title.as_str();
    let silent: Vec<&str> = Side::BOTH
        .iter()
        .filter(|side| cells.iter().all(|cell| cell.of(**side).count == 0))
        .map(|side| side.name())
        .collect();
    if !silent.is_empty() {
        detail.push(format!(
            "{} did not answer, so there is nothing to compare.",
            join_names(&silent)
        ));
        return detail;
    }
    let favourite = |side: Side| rounds::favourite(sheet, cells, side);
    detail.push(match (favourite(Side::Marketing), favourite(Side::Technology)) {
        (Some(a), Some(b)) if a == b => format!("Both sides rate “{}” highest.", title(a)),
        (Some(a), Some(b)) => format!(
            "The sides differ: Marketing rates “{}” highest, Technology “{}”.",
            title(a),
            title(b)
        ),
        (a, b) => {
            let said = |side: Side, found: Option<usize>| {
                found.map_or_else(
                    || format!("{} has a tie", side.name()),
                    |it| format!("{} rates “{}” highest", side.name(), title(it)),
                )
            };
            format!("{}; {}.", said(Side::Marketing, a), said(Side::Technology, b))
        }
    });
    if let Some(widest) = rounds::by_gap(cells.to_vec())
        .first()
        .filter(|cell| cell.gap().is_some_and(|gap| gap > 0))
    {
        detail.push(format!(
            "The widest gap, {} points: “{}” on “{}”.",
            rounds::format_decimal(widest.gap().unwrap_or_default()),
            title(widest.thing),
            sheet.measures[widest.measure].title
        ));
    }
    detail.extend(sensitivity(sheet, &rounds::lead(sheet, cells)));
    detail
}

fn sensitivity(sheet: &AnswerSheet, lead: &Lead) -> Vec<String> {
    let title = |thing: usize| sheet.things[thing].title.as_str();
    let measure = |measure: usize| sheet.measures[measure].title.as_str();
    let [leader] = lead.leaders[..] else {
        let tied: Vec<&str> = lead.leaders.iter().map(|thing| title(*thing)).collect();
        return vec![format!(
            "Counting both sides equally, {} are level.",
            join_names(&tied)
        )];
    };
    if lead.flips.is_empty() {
        return vec![format!(
            "Counting both sides equally, “{}” wins. No change of a single weight or score would change the \
                winner.",
            title(leader)
        )];
    }
    let mut flips = lead.flips.clone();
    flips.sort_by_key(|flip| match flip {
        Flip::Point { .. } => 1,
        Flip::Weight { from, to, .. } => (to - from).abs(),
    });
    let said = flips.iter().take(MOST_FLIPS).map(|flip| match flip {
        Flip::Weight {
            measure: m,
            from,
            to,
            leader,
        } => format!(
            "“{}” would win if “{}” weighed {to} instead of {from}",
            title(*leader),
            measure(*m)
        ),
        Flip::Point {
            side,
            measure: m,
            leader,
        } => {
            format!(
                "“{}” would win if one member of {} gave it one point more on “{}”",
                title(*leader),
                side.name(),
                measure(*m)
            )
        }
    });
    let said: Vec<String> = said.collect();
    let is_narrow = flips.iter().any(|flip| match flip {
        Flip::Point { .. } => true,
        Flip::Weight { from, to, .. } => (to - from).abs() <= 2,
    });
    let leads = if is_narrow { "wins narrowly" } else { "wins" };
    vec![format!(
        "Counting both sides equally, “{}” {leads}. {}.",
        title(leader),
        said.join("; ")
    )]
}
