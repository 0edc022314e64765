//! How far a source is: its section on the source's page, the four parameters over all sources, and the form
//! by which a side reads it.

use axum::extract::Path;
use leptos::prelude::*;

use super::ROOM;
use crate::{
    identity::{Action, FormResponse, Page, Redirect, Side, Viewer, respond},
    platform::{
        error::{Error, Result},
        form::Form,
        time::days,
    },
    sources::{
        levels::{Level, LevelStanding, Parameter, READING_DAYS},
        read::{EntryState, Levels, Map, Reading, ReadingRound, Source, SourceLevels},
        write::{self, LevelInput},
    },
    ui::{Actions, Crumb, Hidden, Notice, PostForm, Section, TextField},
};

pub(super) fn may_read(viewer: &Viewer, it: &Source) -> bool {
    it.state != EntryState::Retired
        && viewer.side().is_some_and(|side| {
            viewer.may(Action::SayWord {
                speakers: &it.speakers(side),
            })
        })
}

/// A level as a block: its number, a question mark, or a stroke.
fn block(level: Level) -> impl IntoView {
    let class = level.number().map_or_else(
        || "level is-unknown".to_owned(),
        |number| format!("level is-{number}"),
    );
    view! { <span class=class>{level.mark()}</span> }
}

/// The four parameters over all sources: a block for each, the lowest first, and how many reach the target.
pub(super) fn spread(levels: &Levels) -> impl IntoView + use<> {
    let rows = Parameter::ALL
        .iter()
        .map(|parameter| {
            let spread = levels.spread(*parameter);
            let blocks = (0..=4_u8)
                .flat_map(|number| {
                    std::iter::repeat_n(Level::of(number), spread.by_level[usize::from(number)])
                })
                .chain(std::iter::repeat_n(Level::NotKnown, spread.unknown))
                .map(block)
                .collect_view();
            let counts = (0..=4_u8)
                .filter(|number| spread.by_level[usize::from(*number)] > 0)
                .map(|number| format!("{} at {number}", spread.by_level[usize::from(number)]))
                .chain((spread.unknown > 0).then(|| format!("{} not known", spread.unknown)))
                .chain(
                    (spread.not_applicable > 0)
                        .then(|| format!("{} to which it does not apply", spread.not_applicable)),
                )
                .collect::<Vec<_>>()
                .join(", ");
            view! {
                <li class="spread">
                    <span class="spread-name">
                        <strong>{parameter.name()}</strong>
                        <span class="faint">{parameter.question()}</span>
                    </span>
                    <span class="spread-blocks" role="img" aria-label=counts>
                        {blocks}
                    </span>
                    <span class="spread-count">{spread.label()}</span>
                </li>
            }
        })
        .collect_view();
    view! {
        <Section title="Maturity of the sources">
            <ul class="spreads">{rows}</ul>
        </Section>
    }
}

/// The weakest parameter of a source, and its level.
pub(super) fn weakest(levels: &Levels, it: &Source) -> String {
    levels.of(it.id).and_then(SourceLevels::weakest).map_or_else(
        || "?".to_owned(),
        |(parameter, number)| format!("{} {number}", parameter.name()),
    )
}

/// Each parameter of one source: its level, the sentence, the fact that caps it, and what both sides saw.
pub(super) fn section(viewer: &Viewer, it: &Source, levels: &SourceLevels) -> impl IntoView + use<> {
    let complete = levels.complete().cloned();
    let rows = Parameter::ALL
        .iter()
        .map(|parameter| {
            let standing = levels.standing(*parameter);
            view! { {row(viewer, *parameter, standing, complete.as_ref())} }
        })
        .collect_view();
    let open = levels.open_round();
    let waits = waiting(viewer, &open);
    let age = complete.as_ref().and_then(ReadingRound::completed_at).map(|at| {
        let age = viewer.today().days_since(viewer.day_of(at));
        if age > READING_DAYS {
            format!(
                "last read {} ago; readings count for {}",
                days(age),
                days(READING_DAYS)
            )
        } else {
            format!("read by both on {}", viewer.day_of(at).format(viewer.today()))
        }
    });
    let read = may_read(viewer, it).then(|| {
        let href = viewer.path(&format!("{}/levels", it.path()));
        let verb = if open.of(viewer.side().unwrap_or(Side::Marketing)).is_some() {
            "Change your side’s reading…"
        } else {
            "Read its levels…"
        };
        view! {
            <p>
                <a class="button" href=href>
                    {verb}
                </a>
            </p>
        }
    });
    let steps = steps(viewer, levels);
    view! {
        <Section title="How far it is" aside=age.unwrap_or_else(|| "not read by both yet".to_owned())>
            <ul class="rows">{rows}</ul>
            {waits.map(|waits| view! { <p class="faint">{waits}</p> })}
            {read}
            {steps}
        </Section>
    }
}

fn row(
    viewer: &Viewer,
    parameter: Parameter,
    standing: &LevelStanding,
    complete: Option<&ReadingRound>,
) -> impl IntoView + use<> {
    let level = standing.level();
    let (name, test) = match (standing, level.number()) {
        (_, Some(number)) => {
            let (name, test) = parameter.test(number);
            (name.to_owned(), test.to_owned())
        }
        (LevelStanding::NotRead, _) => (
            "Not read".to_owned(),
            "It counts once both sides have answered.".to_owned(),
        ),
        (LevelStanding::Outdated, _) => (
            "Outdated".to_owned(),
            format!("Read more than {} ago.", days(READING_DAYS)),
        ),
        _ if level == Level::NotApplicable => ("Does not apply".to_owned(), String::new()),
        _ => ("Not known".to_owned(), String::new()),
    };
    // Ownership is read off the house: what stops it is no claim that was too high.
    let because = match standing {
        LevelStanding::Stands { cap: Some(cap), .. }
            if parameter == Parameter::Ownership && level != Level::Zero =>
        {
            Some(("faint", format!("Not higher: {}", cap.because)))
        }
        LevelStanding::Stands { cap: Some(cap), .. } => Some(("late", cap.because.clone())),
        _ => None,
    };
    let seen =
        (parameter != Parameter::Ownership).then(|| complete.map(|round| said(viewer, parameter, round)));
    let differs = complete
        .filter(|_| parameter != Parameter::Ownership)
        .and_then(|round| apart(parameter, round));
    view! {
        <li class="row">
            <span class="row-main">
                <span>
                    {block(level)} " "
                    <strong>{format!("{}: {name}", parameter.name())}</strong>
                </span>
                <span class="faint">{test}</span>
                {differs.map(|differs| view! { <span>{differs}</span> })}
                {because.map(|(class, because)| view! { <span class=class>{because}</span> })}
                {seen}
            </span>
        </li>
    }
}

/// "Marketing 1, Technology 2; 1 counts", where the sides read it differently.
fn apart(parameter: Parameter, round: &ReadingRound) -> Option<String> {
    let level = |side: Side| round.of(side).map(|reading| reading.level(parameter));
    let (marketing, technology) = (level(Side::Marketing)?, level(Side::Technology)?);
    (marketing != technology).then(|| {
        format!(
            "Marketing {}, Technology {}; {} counts.",
            marketing.mark(),
            technology.mark(),
            marketing.lower(technology).mark()
        )
    })
}

/// What both sides read, and saw.
fn said(viewer: &Viewer, parameter: Parameter, round: &ReadingRound) -> impl IntoView + use<> {
    let line = |side: Side| {
        let reading: &Reading = round.of(side)?;
        let evidence = reading.evidence(parameter);
        let evidence = if evidence.is_empty() {
            String::new()
        } else {
            format!(": {evidence}")
        };
        Some(format!(
            "{} {} ({}, {}){evidence}",
            side.name(),
            reading.level(parameter).mark(),
            reading.name,
            viewer.day_of(reading.read_at).format(viewer.today())
        ))
    };
    let lines: Vec<_> = Side::BOTH
        .into_iter()
        .filter_map(line)
        .map(|line| view! { <li>{line}</li> })
        .collect();
    view! {
        <details>
            <summary>"What both saw"</summary>
            <ul>{lines}</ul>
        </details>
    }
}

/// Which side has read in the open round, without a word of what.
fn waiting(viewer: &Viewer, open: &ReadingRound) -> Option<String> {
    let (done, lacks) = match (open.of(Side::Marketing), open.of(Side::Technology)) {
        (Some(reading), None) => (reading, Side::Technology),
        (None, Some(reading)) => (reading, Side::Marketing),
        _ => return None,
    };
    let since = viewer.day_of(done.read_at).format(viewer.today());
    Some(format!(
        "{} read it on {since}; {} has not. It is shown once both have.",
        lacks.other().name(),
        lacks.name()
    ))
}

/// How it came there: a line for each time that both read.
fn steps(viewer: &Viewer, levels: &SourceLevels) -> impl IntoView + use<> {
    let rows: Vec<_> = levels
        .rounds
        .iter()
        .filter_map(|round| {
            let day = viewer.day_of(round.completed_at()?).format(viewer.today());
            let levels = Parameter::READ
                .into_iter()
                .filter_map(|parameter| {
                    Some(format!("{} {}", parameter.name(), round.level(parameter)?.mark()))
                })
                .collect::<Vec<_>>()
                .join(", ");
            Some(view! { <li>{format!("{day}: {levels}")}</li> })
        })
        .collect();
    (rows.len() > 1).then(|| {
        view! {
            <details>
                <summary>{format!("Over time ({})", rows.len())}</summary>
                <ul>{rows}</ul>
            </details>
        }
    })
}

pub async fn levels_form(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    levels_page(&viewer, number, Form::blank()).await
}

async fn levels_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    let map = Map::read(viewer).await?;
    let it = map
        .sources
        .iter()
        .find(|source| source.number == number)
        .ok_or(Error::NotFound)?
        .clone();
    let side = viewer.side().ok_or(Error::Forbidden)?;
    if !may_read(viewer, &it) {
        return Err(Error::Forbidden);
    }
    let levels = Levels::read(viewer, &map).await?;
    let of = levels.of(it.id).ok_or(Error::NotFound)?;
    let open = of.open_round();
    let form = if form.is_typed() {
        form
    } else {
        let mut shown = form.with("round", open.number.to_string());
        // What the side read before somebody came to it is not shown to them.
        if let Some(own) = open.of(side).filter(|own| own.read_at >= viewer.side_since()) {
            for parameter in Parameter::READ {
                shown.set(parameter.as_str(), own.level(parameter).as_str());
                shown.set(&evidence_field(parameter), own.evidence(parameter));
            }
        }
        shown
    };
    let facts = of.facts.clone();
    let cancel = viewer.path(&it.path());
    let title = format!("What level is “{}” at?", it.name);
    Ok(Page::new(viewer, ROOM, title.clone(), move |_| {
        // Asked within the form, whose fields they are.
        let shown = form.clone();
        let questions = move || {
            Parameter::READ
                .into_iter()
                .map(|parameter| {
                    let cap = facts
                        .cap(parameter)
                        .map(|cap| (cap.level.number().unwrap_or(1), cap.because));
                    question(parameter, cap, &shown)
                })
                .collect::<Vec<_>>()
        };
        view! {
            <Crumb href=cancel.clone() text=it.name.clone() />
            <h1>{title}</h1>
            <p>
                {format!(
                    "You answer for {}. {} sees your answers only after giving its own, and you see theirs then; the lower of the two \
                    counts. A level holds if its sentence is true today, and all lower ones are. Ownership is worked out from \
                    the chairs and from what is late.",
                    side.name(),
                    side.other().name(),
                )}
            </p>
            <PostForm form=form class="levels">
                <Hidden name="round" />
                {questions()}
                <Actions verb=format!("Read it for {}", side.name()) cancel=cancel />
            </PostForm>
        }
    }))
}

fn evidence_field(parameter: Parameter) -> String {
    format!("{}_evidence", parameter.as_str())
}

/// One parameter: its levels as sentences, what would be enough, and what was seen.
fn question(parameter: Parameter, cap: Option<(u8, String)>, form: &Form) -> impl IntoView + use<> {
    let name = parameter.as_str();
    let problem = form.problem_of(name).map(str::to_owned);
    let invalid = problem.is_some().then_some("true");
    let mut levels: Vec<Level> = (0..=4).map(Level::of).collect();
    levels.push(Level::NotKnown);
    if parameter.may_not_apply() {
        levels.push(Level::NotApplicable);
    }
    let options = levels
        .into_iter()
        .map(|level| {
            let id = format!("{name}-{}", level.as_str());
            let checked = form.has(name, level.as_str());
            let (label, help) = match level.number() {
                Some(number) => {
                    let (label, test) = parameter.test(number);
                    (format!("{number} {label}"), test.to_owned())
                }
                None if level == Level::NotApplicable => (
                    "Does not apply".to_owned(),
                    "It holds no customers’ records. Say why below.".to_owned(),
                ),
                None => (
                    "I do not know".to_owned(),
                    "It counts as not known, not as zero.".to_owned(),
                ),
            };
            let example = level.number().and_then(|number| parameter.example(number)).map(
                |(enough, not_enough)| format!("Enough: {enough} Not enough: {not_enough}"),
            );
            let is_above = match (&cap, level.number()) {
                (Some((most, _)), Some(number)) => number > *most,
                _ => false,
            };
            view! {
                <div class="choice">
                    <input type="radio" id=id.clone() name=name value=level.as_str() checked=checked disabled=is_above required=true />
                    <label for=id>
                        <strong>{label}</strong>
                        <span class="help">{help}</span>
                        {example.map(|example| view! { <span class="help">{example}</span> })}
                    </label>
                </div>
            }
        })
        .collect_view();
    let capped = cap.map(|(most, because)| {
        view! { <p class="faint">{format!("Levels above {most} are closed. {because}")}</p> }
    });
    let label = match parameter {
        Parameter::Unification => "What you saw of its unification",
        Parameter::SelfService => "What you saw of self-service",
        Parameter::Protection | Parameter::Ownership => "What you saw of its protection",
    };
    let field: &'static str = match parameter {
        Parameter::Unification => "unification_evidence",
        Parameter::SelfService => "self_service_evidence",
        Parameter::Protection | Parameter::Ownership => "protection_evidence",
    };
    view! {
        <fieldset class="field" aria-invalid=invalid>
            <legend>{format!("{}. {}", parameter.name(), parameter.question())}</legend>
            {capped}
            {problem.map(|problem| view! { <p class="problem">{problem}</p> })}
            {options}
            <TextField
                name=field
                label=label
                help="Required from level 1 on, where the level says so: who, when, how much, in a sentence that somebody else could check."
                max_length=300
                optional=true
            />
        </fieldset>
    }
}

pub async fn read_levels(
    viewer: Viewer,
    Path((_, number)): Path<(String, i64)>,
    mut form: Form,
) -> FormResponse {
    let outcome = async {
        let mut input = Vec::new();
        for parameter in Parameter::READ {
            let level: Option<Level> = form.choice(parameter.as_str());
            let evidence = form.optional_line(&evidence_field(parameter), 300);
            if let (Some(level), Some(evidence)) = (level, evidence) {
                input.push(LevelInput {
                    parameter,
                    level,
                    evidence,
                });
            }
        }
        if input.len() < Parameter::READ.len() {
            return Err(form.refusal());
        }
        let round = form.raw("round").parse().unwrap_or(0);
        write::read_levels(&viewer, number, round, &input).await?;
        Ok(Redirect::to(viewer.path(&format!("sources/{number}"))).with_notice(Notice::Saved))
    }
    .await;
    respond(outcome, form, |form| levels_page(&viewer, number, form)).await
}
