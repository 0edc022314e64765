//! The overview's page.

use axum::extract::Query;
use leptos::prelude::*;
use serde::Deserialize;

use super::{
    first_look::{change_row, changes_card, health_bars, health_sentence, week_section, whom_card},
    first_steps::first_steps,
    read::{self, ANSWERS_OF_DAYS, Overview},
    since::{self, Change},
};
use crate::{
    attention::{Attention, AttentionInput},
    definition::changes_in_words,
    desk::brief,
    goals,
    handshake::{
        components::{Seats, standing_label},
        owed::AwaitedSignature,
        read::AnswerTimes,
    },
    identity::{Page, Side, Viewer},
    initiatives, kpis,
    platform::{
        error::Result,
        text::{counted, join_details},
        time::{Day, days},
    },
    reviews::{
        self,
        facts::FactKind,
        page::{changes_view, turns_in_words},
    },
    ui::{Avatars, Crumb, Empty, MoreLink, Pill, Section, StatusWord},
};

/// Where the reader's own card is put into what is kept for all.
const READERS_OWN: &str = "<div id=\"waiting-for-you\"></div>";

pub async fn show(viewer: Viewer) -> Result<Page> {
    let mut page = Page::cache_for_all(&viewer, "", "overview", async || {
        let overview = read::overview(&viewer).await?;
        Ok(
            Page::new(&viewer, "", "Overview", move |viewer| view(&viewer, overview))
                .with_room_at(READERS_OWN),
        )
    })
    .await?;
    if page.body.has_room() {
        let card = brief::card(&viewer, &brief::summary(&viewer).await?);
        page.body = page.body.fill(&card);
    }
    Ok(page)
}

#[derive(Deserialize)]
pub struct SinceQuery {
    days: Option<i64>,
    from: Option<String>,
    kind: Option<String>,
}

/// How `from` names the reader's visit before this one.
const LAST_VISIT: &str = "last-visit";

/// `/since?days=14&kind=kpi`: everything that changed, by kind; or all of one kind. With `from=last-visit`
/// since the reader was here last.
pub async fn since(viewer: Viewer, Query(query): Query<SinceQuery>) -> Result<Page> {
    let back = query.days.filter(|days| since::SPANS.contains(days));
    let today = viewer.today();
    let last_here = viewer.last_visit().await?.map(|at| viewer.day_of(at));
    let since_last_here = query.from.as_deref() == Some(LAST_VISIT) && last_here.is_some();
    let from = match (back, last_here) {
        (_, Some(day)) if since_last_here => day,
        (Some(back), _) => today.plus(-back),
        (None, _) => read::last_monday(today),
    };
    let only: Option<FactKind> = query.kind.as_deref().and_then(|kind| kind.parse().ok());
    let answers = since::answers(&viewer, viewer.zone().start_of(from)).await?;
    let found = reviews::days::changes_since(&viewer, from).await?;
    let since = format!("Since {} {}", from.weekday(), from.format(today));
    Ok(Page::new(&viewer, "", since.clone(), move |viewer| {
        let spans = since::SPANS
            .into_iter()
            .map(|span| {
                let href = viewer.path(&format!("since?days={span}"));
                let current = (Some(span) == back && !since_last_here).then_some("page");
                view! {
                    <li>
                        <a class="button is-small" href=href aria-current=current>
                            {days(span)}
                        </a>
                    </li>
                }
            })
            .collect_view();
        let answers = answers_section(&viewer, &answers);
        let whole = match back {
            _ if since_last_here => viewer.path(&format!("since?from={LAST_VISIT}&")),
            Some(back) => viewer.path(&format!("since?days={back}&")),
            None => viewer.path("since?"),
        };
        let is_monday = back.is_none() && !since_last_here;
        let (lead, differences) = match found {
            None => ("Comparison starts today. Come back tomorrow.".to_owned(), None),
            Some(changes) => {
                let day = changes.from.format(today);
                let lead = if changes.from > from {
                    format!("Compared with {day}, the first day that is kept.")
                } else if changes.from < from {
                    format!("Compared with {day}: the days between were not kept.")
                } else if changes.lines.is_empty() {
                    format!("Nothing has changed since the start of {day}.")
                } else {
                    format!("Now, compared with the start of {day}.")
                };
                let lead = format!("{lead}{}", turns_in_words(&changes));
                (lead, Some(changes_view(&viewer, &whole, &changes, only)))
            }
        };
        view! {
            <Crumb href=viewer.path("") text="Overview" />
            <h1>{format!("What changed since {} {}", from.weekday(), from.format(today))}</h1>
            <ul class="choices-in-a-row" aria-label="How far back">
                <li>
                    <a class="button is-small" href=viewer.path("since") aria-current=is_monday.then_some("page")>
                        {format!("Monday {}", read::last_monday(today).format(today))}
                    </a>
                </li>
                {spans}
                {last_here
                    .map(|day| {
                        let href = viewer.path(&format!("since?from={LAST_VISIT}"));
                        let current = since_last_here.then_some("page");
                        view! {
                            <li>
                                <a class="button is-small" href=href aria-current=current>
                                    {format!("Since your last visit, {}", day.format(today))}
                                </a>
                            </li>
                        }
                    })}
            </ul>
            <p class="lead">{lead}</p>
            {only.is_none().then_some(answers)}
            {differences}
        }
    }))
}

/// What people answered: objected to, sent back, signed.
fn answers_section(viewer: &Viewer, answers: &[Change]) -> Option<impl IntoView + use<>> {
    let rows = answers
        .iter()
        .map(|change| change_row(viewer, change))
        .collect_view();
    (!answers.is_empty()).then(|| {
        view! {
            <Section title="Answers" aside=answers.len().to_string()>
                <ul class="card look-card look-changes is-whole">{rows}</ul>
            </Section>
        }
    })
}

#[derive(Deserialize)]
pub struct AttentionQuery {
    skip: Option<i64>,
}

const ATTENTION_PER_PAGE: usize = 100;

/// `/attention`: everything that needs attention.
pub async fn attention(viewer: Viewer, Query(query): Query<AttentionQuery>) -> Result<Page> {
    match usize::try_from(query.skip.unwrap_or(0)).unwrap_or(0) {
        0 => {
            Page::cache_for_all(&viewer, "", "attention", async || {
                attention_page(&viewer, 0).await
            })
            .await
        }
        skip => attention_page(&viewer, skip).await,
    }
}

async fn attention_page(viewer: &Viewer, skip: usize) -> Result<Page> {
    let input = AttentionInput::read(viewer).await?;
    let found = input.attention(viewer);
    let waiting = if skip == 0 { input.waiting } else { Vec::new() };
    let total = found.len();
    let skip = skip.min(total.saturating_sub(1));
    let shown: Vec<Attention> = found.into_iter().skip(skip).take(ATTENTION_PER_PAGE).collect();
    Ok(Page::new(viewer, "", "Needs attention", move |viewer| {
        let to = skip + shown.len();
        let more = (to < total).then(|| viewer.path(&format!("attention?skip={to}")));
        let detail = match total {
            0 => "All clear. Nothing is late or off track, and the sides agree.".to_owned(),
            _ if to - skip == total => format!("{total}, worst first"),
            _ => format!("{} to {to} of {total}, worst first", skip + 1),
        };
        let rows = shown
            .iter()
            .map(|thing| attention_row(&viewer, thing))
            .collect::<Vec<_>>();
        view! {
            <Crumb href=viewer.path("") text="Overview" />
            <header class="page-head">
                <div>
                    <h1>"Needs attention"</h1>
                    <p class="lead">{detail}</p>
                </div>
            </header>
            {(!rows.is_empty()).then(|| view! { <ul class="rows attention">{rows}</ul> })}
            <MoreLink href=more />
            {(!waiting.is_empty())
                .then(|| waiting_section(&viewer, &waiting, AnswerTimes::default(), MOST_WAITING))}
        }
    }))
}

fn view(viewer: &Viewer, overview: Overview) -> impl IntoView + use<> {
    let today = viewer.today();
    let nothing = overview.initiatives.is_empty()
        && overview.kpi_total == 0
        && overview.in_force.is_none()
        && overview.proposed.is_none()
        && overview.attention.is_empty()
        && overview.waiting.is_empty()
        && overview.goals.is_empty()
        && overview.changes.is_empty()
        && overview.coverage.is_none()
        && overview.next_review.is_none();
    let date = format!("{} {}", today.weekday(), today.format(today));
    let sentence = (!nothing).then(|| health_sentence(viewer, &overview));
    // The purpose comes first while there is nothing else; later the steps do, until all are done.
    let (before, after) = if nothing {
        (None, first_steps(viewer, &overview))
    } else {
        (first_steps(viewer, &overview), None)
    };
    let body = if nothing {
        view! {
            <Empty
                purpose="Handshake is where Marketing and Technology agree on what a better customer \
                experience is. It begins with the definition: what you promise the customer, and what \
                each promise means for either side."
                next=(viewer.path("definition"), "Start with the definition")
            />
        }
        .into_any()
    } else {
        overview_view(viewer, overview).into_any()
    };
    view! {
        <header class="page-head look-head">
            <div>
                <h1>{date}</h1>
                {sentence}
            </div>
            {(!nothing)
                .then(|| {
                    view! {
                        <div class="page-actions">
                            <button class="button" type="button" data-print="">
                                "Print for the meeting"
                            </button>
                        </div>
                    }
                })}
        </header>
        {before}
        {body}
        {after}
    }
}

/// The way to all of something; where all is shown anyway, for phones, which show less of it.
const fn more(is_cut: bool) -> &'static str {
    if is_cut { "more" } else { "more is-for-phones" }
}

fn overview_view(viewer: &Viewer, overview: Overview) -> impl IntoView + use<> {
    let counts = overview.initiative_counts.clone();
    let shown = i64::try_from(overview.initiatives.len()).unwrap_or(i64::MAX);
    let (attention_shown, attention_total) = (overview.attention.len(), overview.attention_total);
    let attention_aside = if attention_total > attention_shown {
        format!("{attention_total}, worst first")
    } else {
        attention_total.to_string()
    };
    let attention_path = viewer.path("attention");
    let attention = overview
        .attention
        .iter()
        .map(|thing| attention_row(viewer, thing))
        .collect::<Vec<_>>();
    let kpis_shown = overview.kpis.len();
    let (kpi_total, has_initiatives, has_kpis) = (overview.kpi_total, shown > 0, kpis_shown > 0);
    let kpi_aside = if kpis_shown < kpi_total {
        format!("{kpis_shown} of {kpi_total}, worst first")
    } else {
        "worst first".to_owned()
    };
    let tiles = tiles(viewer, &overview);
    let bars = health_bars(viewer, &overview.bars);
    let changes = changes_card(viewer, &overview.changes);
    let whom = whom_card(
        viewer,
        &overview.waiting,
        &overview.members,
        overview.answer_times,
    );
    let week = week_section(viewer, &overview.week, overview.next_review.as_ref());
    let waiting = waiting_section(
        viewer,
        &overview.waiting,
        overview.answer_times,
        MOST_WAITING_ROWS,
    );
    let (for_initiatives, for_kpis) = (viewer.clone(), viewer.clone());
    let (initiatives_path, kpis_path) = (viewer.path("initiatives"), viewer.path("kpis"));
    let aside = format!("{} active · {} paused", counts.active, counts.paused);
    view! {
        {bars}
        <div class="look">
            <div id="waiting-for-you"></div>
            {changes}
            {whom}
        </div>
        {week}
        {(!attention.is_empty())
            .then(|| {
                view! {
                    <Section title="Needs attention" aside=attention_aside>
                        <ul class="rows attention">{attention}</ul>
                        <p class=more(attention_total > attention_shown)>
                            <a href=attention_path>
                                {format!("All {attention_total} that need attention")}
                            </a>
                        </p>
                    </Section>
                }
            })}
        {tiles}
        {has_initiatives
            .then(|| {
                view! {
                    <Section title="Initiatives" aside=aside>
                        <initiatives::page::Rows rows=overview.initiatives viewer=for_initiatives />
                        <p class=more(shown < counts.total)>
                            <a href=initiatives_path>{format!("All {}", counted(usize::try_from(counts.total).unwrap_or(0), "initiative", "initiatives"))}</a>
                        </p>
                    </Section>
                }
            })}
        {has_kpis
            .then(|| {
                view! {
                    <Section title="KPIs" aside=kpi_aside>
                        <kpis::page::Cards cards=overview.kpis viewer=for_kpis />
                        <p class=more(kpis_shown < kpi_total)>
                            <a href=kpis_path>{format!("All {}", counted(kpi_total, "KPI", "KPIs"))}</a>
                        </p>
                    </Section>
                }
            })}
        {waiting}
    }
}

fn attention_row(viewer: &Viewer, thing: &Attention) -> impl IntoView + use<> {
    let seats = thing
        .standing
        .clone()
        .map(|standing| view! { <Seats standing=Some(standing) viewer=viewer.clone() /> });
    let owners = thing.owners.clone().map(|(marketing, technology, hollow)| view! { <Avatars marketing=marketing technology=technology hollow=hollow /> });
    view! {
        <li class="row">
            <span class="row-state">{seats}<Pill word=thing.word /></span>
            <a class="row-main" href=viewer.path(&thing.path)>
                <strong>{thing.title.clone()}</strong>
                <span class="faint">{thing.why.clone()}</span>
            </a>
            {owners}
        </li>
    }
}

#[expect(clippy::too_many_lines, reason = "one page")]
fn tiles(viewer: &Viewer, overview: &Overview) -> impl IntoView + use<> {
    let today = viewer.today();
    let (headline, seats, detail, definition_place) = match (&overview.proposed, &overview.in_force) {
        (Some(proposed), _) => (
            format!("Version {}", proposed.number),
            view! { <Seats standing=proposed.standing.clone() viewer=viewer.clone() /> }.into_any(),
            standing_label(proposed.standing.as_ref(), viewer.zone(), today),
            format!("definition/versions/{}", proposed.number),
        ),
        (None, Some(version)) => {
            let since = version.in_force_at.map_or_else(String::new, |at| {
                format!("In force since {}", viewer.day_of(at).format(today))
            });
            let stale = overview.changed > 0 || overview.ratification_late.is_some();
            let detail = if let Some(late) = overview.ratification_late {
                format!("{since} · renewal late {}", days(late))
            } else if overview.changed > 0 {
                format!(
                    "{since} · {}",
                    changes_in_words(overview.changed, version.number).to_lowercase()
                )
            } else {
                since
            };
            (
                format!("Version {}", version.number),
                view! { <Seats standing=version.standing.clone() viewer=viewer.clone() stale=stale /> }
                    .into_any(),
                detail,
                "definition".to_owned(),
            )
        }
        (None, None) => (
            "Draft".to_owned(),
            ().into_any(),
            "No version is in force yet".to_owned(),
            "definition".to_owned(),
        ),
    };
    let quarter = kpis::Cadence::Quarterly.format(overview.quarter.0, today);
    let waits = overview.kpi_total - overview.kpi_attested - overview.kpi_outdated;
    let milestones_told = match (overview.overdue_milestones, overview.milestones.moved) {
        (0, moved) => format!("{moved} later than first promised"),
        (overdue, moved) => format!("{overdue} late · {moved} later than first promised"),
    };
    let kpis_told: Vec<String> = [
        (overview.kpi_split, "where the sides disagree"),
        (waits, "not confirmed"),
        (overview.kpi_outdated, "without news"),
    ]
    .into_iter()
    .filter(|(count, word)| *count > 0 || word.starts_with("not"))
    .map(|(count, word)| format!("{count} {word}"))
    .collect();
    let kpis_told = kpis_told.join(" · ");
    let counts_of = |holds: &dyn Fn(&AwaitedSignature) -> bool| {
        overview.waiting.iter().filter(|waiting| holds(waiting)).count()
    };
    let on = |side| counts_of(&|waiting| waiting.standing.state.waiting_on() == Some(side));
    let objected = counts_of(&|waiting| waiting.standing.disputing().is_some());
    let (on_marketing, on_technology) = (on(Side::Marketing), on(Side::Technology));
    let on_both = overview
        .waiting
        .len()
        .saturating_sub(objected + on_marketing + on_technology);
    let waits_told: Vec<String> = [
        (on_both, "for both sides"),
        (on_marketing, "for Marketing"),
        (on_technology, "for Technology"),
        (objected, "objected to"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, whom)| format!("{count} {whom}"))
    .collect();
    let waits_told = waits_told.join(" · ");
    let waiting_count = overview.waiting.len();
    let (accepted, due, attested, total) = (
        overview.milestones.accepted,
        overview.milestones.counted,
        overview.kpi_attested,
        overview.kpi_total,
    );
    let goals_tile = (!overview.goals.is_empty()).then(|| goals_tile(viewer, overview));
    let sources_tile = sources_tile(viewer, overview);
    let (definition_href, milestones_href, kpis_href) = (
        viewer.path(&definition_place),
        viewer.path(&format!("milestones?quarter={}", overview.quarter.0)),
        viewer.path("kpis"),
    );
    view! {
        <Section title="Where we stand">
            <div class="tiles">
                <a class="card tile" href=definition_href>
                    <span class="tile-name">"Definition"</span>
                    <span class="tile-figure">{headline}" "{seats}</span>
                    <span class="faint">{detail}</span>
                </a>
                <a class="card tile" href=milestones_href>
                    <span class="tile-name">"Milestones accepted, "{quarter}</span>
                    <span class="tile-figure">{accepted}<small>" of "{due}</small></span>
                    <span class="faint">{milestones_told}</span>
                </a>
                <a class="card tile" href=kpis_href>
                    <span class="tile-name">"KPIs confirmed, newest period"</span>
                    <span class="tile-figure">{attested}<small>" of "{total}</small></span>
                    <span class="faint">{kpis_told}</span>
                </a>
                {goals_tile}
                {sources_tile}
                <a class="card tile" href="#waiting">
                    <span class="tile-name">"Waiting for a signature"</span>
                    <span class="tile-figure">{waiting_count}</span>
                    <span class="faint">{waits_told}</span>
                </a>
            </div>
        </Section>
    }
}

fn sources_tile(viewer: &Viewer, overview: &Overview) -> Option<impl IntoView + use<>> {
    let coverage = overview.coverage?;
    let href = viewer.path("sources");
    let gap = coverage.gap().map(|gap| gap.trim_end_matches('.').to_owned());
    let empty = match overview.vacancies {
        0 => None,
        1 => Some("nobody answers for 1 source".to_owned()),
        count => Some(format!("nobody answers for {count} sources")),
    };
    let not_said = (coverage.not_said > 0).then(|| format!("{} unknown", coverage.not_said));
    let told = join_details([gap, not_said, empty]);
    Some(view! {
        <a class="card tile" href=href>
            <span class="tile-name">"Touchpoints in the single view"</span>
            <span class="tile-figure">
                {coverage.joined}<small>{format!(" of {}", coverage.total())}</small>
            </span>
            <span class="faint">{told}</span>
        </a>
    })
}

const MOST_WAITING_ROWS: usize = 8;

/// Of them on the page of what needs attention.
const MOST_WAITING: usize = 200;

fn waiting_section(
    viewer: &Viewer,
    waiting: &[AwaitedSignature],
    answers: AnswerTimes,
    most: usize,
) -> impl IntoView + use<> {
    let today = viewer.today();
    let is_cut = waiting.len() > most;
    let all = is_cut.then(|| {
        let label = format!("All {} that wait", waiting.len());
        (label, viewer.path("attention#waiting"))
    });
    let mut longest_first: Vec<(Day, &AwaitedSignature)> = waiting
        .iter()
        .map(|waiting| (waiting.waits_from(viewer), waiting))
        .collect();
    longest_first.sort_by_key(|(since, ..)| *since);
    let rows = longest_first
        .into_iter()
        .take(most)
        .map(|(since, waiting)| {
            view! {
                <li class="row">
                    <Seats standing=Some(waiting.standing.clone()) viewer=viewer.clone() />
                    <a class="row-main" href=viewer.path(&waiting.path)>
                        <strong>{waiting.label.clone()}</strong>
                        <span class="faint">{waiting.sentence(viewer)}</span>
                    </a>
                    <span class="faint">{days(today.days_since(since))}</span>
                </li>
            }
        })
        .collect::<Vec<_>>();
    let aside = if is_cut {
        format!("{most} of {}, longest first", waiting.len())
    } else {
        format!("{}", waiting.len())
    };
    let none = rows.is_empty();
    view! {
        <Section title="Waiting for signatures" aside=aside id="waiting">
            {if none {
                view! {
                    <p class="row card">
                        <Pill word=StatusWord::Done />
                        " Both sides have signed everything."
                    </p>
                }
                    .into_any()
            } else {
                view! { <ul class="rows">{rows}</ul> }.into_any()
            }}
            {all
                .map(|(label, all)| {
                    view! {
                        <p class="more">
                            <a href=all>{label}</a>
                        </p>
                    }
                })}
            {answers
                .label()
                .map(|label| {
                    view! {
                        <p class="faint">
                            {format!("Median time to answer, last {ANSWERS_OF_DAYS} days: {label}.")}
                        </p>
                    }
                })}
        </Section>
    }
}

fn goals_tile(viewer: &Viewer, overview: &Overview) -> impl IntoView + use<> {
    let (all, fine) = (
        overview.goals.len(),
        overview
            .goals
            .iter()
            .filter(|goal| goal.status().is_fine())
            .count(),
    );
    let statuses: Vec<goals::GoalStatus> = overview.goals.iter().map(goals::read::Goal::status).collect();
    let weakest = goals::weakest(&statuses)
        .map(|at| &overview.goals[at])
        .filter(|goal| !goal.status().is_fine());
    let detail = weakest.map_or_else(
        || "none behind".to_owned(),
        |goal| format!("furthest behind: {}, {}", goal.title, goal.status().detail()),
    );
    view! {
        <a class="card tile" href=viewer.path("goals")>
            <span class="tile-name">"Goals on track"</span>
            <span class="tile-figure">{fine}<small>" of "{all}</small></span>
            <span class="faint">{detail}</span>
        </a>
    }
}
