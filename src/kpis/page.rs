//! The pages of KPIs.

use axum::{
    extract::{Path, Query},
    response::IntoResponse,
};
use leptos::prelude::*;
use serde::Deserialize;

use super::{
    Cadence, Direction, Target,
    islands::{ChartReader, EnterInPlace},
    read::{self, Judged, Kpi, Period},
    trend_words, with_unit,
    write::{self, Corrective, Judgement, PeriodTarget, Plan},
};
use crate::{
    ground::{
        error::{Error, Result},
        form::Form,
        ids::KpiId,
        quantity::Quantity,
        time::Day,
    },
    handshake::Health,
    handshake::{
        Side,
        components::{DigestLine, Seats, Signatures, StandingLine},
    },
    people::{Deed, Page, See, Settled, Viewer, members, settle},
    ui::{
        Actions, Avatars, Crumb, DateField, Empty, Fields, Hidden, Notice, Pill, PostForm, RadioGroup, Section, Select, TextArea, TextField,
        chart::{Point, Sparkline, TrendChart, positions},
    },
};

const ROOM: &str = "kpis";
const PER_PAGE: usize = 12;

#[derive(Deserialize)]
pub struct Skip {
    skip: Option<usize>,
}

/// `/kpis`: cards, what needs attention first.
pub async fn list(viewer: Viewer, Query(query): Query<Skip>) -> Result<Page> {
    let today = viewer.today();
    let mut kpis = read::all(&viewer).await?;
    kpis.sort_by_key(|kpi| kpi.status(today).order());
    let count = kpis.len();
    let skip = query.skip.unwrap_or(0).min(count);
    let page: Vec<Kpi> = kpis.into_iter().skip(skip).take(PER_PAGE).collect();
    let page = read::with_recent(&viewer, page).await?;
    let asked = viewer.clone();
    Ok(Page::new(&viewer, ROOM, "KPIs", move || {
        let may_start = asked.may(Deed::SteerKpi);
        let new = asked.path("kpis/new");
        let more = (skip + PER_PAGE < count).then(|| asked.path(&format!("kpis?skip={}", skip + PER_PAGE)));
        view! {
            <header class="page-head">
                <div><h1>"KPIs"</h1><p class="lead">"Each with one driver, and an owner from each side who attests every period."</p></div>
                {may_start.then(|| view! { <a class="button is-primary" href=new.clone()>"Start a KPI"</a> })}
            </header>
            {if count == 0 {
                let purpose = "A KPI is a number both sides answer for: entered by one driver, attested by two owners, against a target for each period.";
                if may_start { view! { <Empty purpose=purpose next=(new, "Start the first one")/> }.into_any() } else { view! { <Empty purpose=purpose/> }.into_any() }
            } else {
                let shown = format!("{} to {} of {count} · what needs attention first", skip + 1, (skip + PER_PAGE).min(count));
                view! { <Section title="All KPIs" aside=shown><Cards cards=page viewer=asked.clone()/></Section> }.into_any()
            }}
            {more.map(|href| view! { <p><a class="button" href=href>"More"</a></p> })}
        }
    }))
}

/// KPIs as cards: value, target, trend in words, sparkline, both owners.
#[component]
pub fn Cards(cards: Vec<Kpi>, viewer: Viewer) -> impl IntoView {
    let today = viewer.today();
    let cards = cards
        .into_iter()
        .map(|kpi| {
            let status = kpi.status(today);
            let (number, words) = newest_in_words(&kpi, today);
            let points = kpi
                .recent
                .iter()
                .map(|period| Point {
                    value: Some(period.value.position()),
                    low: period.low.map(Quantity::position),
                    high: period.high.map(Quantity::position),
                    ..Point::default()
                })
                .collect();
            let attested = kpi.attested_words();
            let hollow = kpi.hollow();
            view! {
                <article class="card kpi">
                    <header><h3><a href=viewer.path(&kpi.place())>{kpi.title.clone()}</a></h3><Pill tone=status.tone() words=status.words()/></header>
                    {number}
                    <p class="faint">{words}</p>
                    <Sparkline points=points/>
                    <footer><Avatars marketing=kpi.marketing_name technology=kpi.technology_name hollow=hollow/><span class="faint">{attested}</span></footer>
                </article>
            }
        })
        .collect_view();
    view! { <div class="cards">{cards}</div> }
}

/// `21.4 % of 26 %`, and "Fell 1.1 % in October; should rise. 4.6 % to go."
fn newest_in_words(kpi: &Kpi, today: Day) -> (AnyView, String) {
    let Some(latest) = kpi.latest else {
        return (view! { <p class="figure">"–"</p> }.into_any(), "No value has been entered yet.".to_owned());
    };
    let aim = latest.target.map_or_else(|| "no target".to_owned(), |target| format!("of {}", target.said(&kpi.unit)));
    let figure = view! { <p class="figure"><strong>{with_unit(latest.value, &kpi.unit)}</strong>" "<span class="faint">{aim}</span></p> }.into_any();
    let trend = trend_words(kpi.direction, kpi.before, latest.value, &kpi.unit, &kpi.cadence.said(latest.period, today));
    let to_go = latest.target.and_then(|target| target.to_go(latest.value)).map(|gap| format!(" {} to go.", with_unit(gap, &kpi.unit)));
    (figure, format!("{trend}{}", to_go.unwrap_or_default()))
}

pub async fn show(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    let kpi = read::one(&viewer, number).await?;
    let periods = read::periods(&viewer, kpi.id).await?;
    let replaced = read::replaced(&viewer, kpi.id).await?;
    let asked = viewer.clone();
    Ok(Page::new(&viewer, ROOM, kpi.title.clone(), move || {
        let today = asked.today();
        let status = kpi.status(today);
        let place = asked.path(&kpi.place());
        let steer = asked.may(Deed::SteerKpi);
        let enters = asked.may(Deed::EnterKpiValue { driver: kpi.driver_id });
        let (figure, words) = newest_in_words(&kpi, today);
        let awaited = kpi.awaited(today);
        let open = kpi.standing.as_ref().and_then(|standing| standing.open_to(&asked)).zip(kpi.latest.map(|latest| latest.period));
        let entry = awaited.filter(|_| enters).map(|period| {
            let said = kpi.cadence.said(period, today);
            let label = format!("{}, {said}", kpi.title);
            view! {
                <div class="card ask"><p><strong>{said}</strong>" has no value yet."</p>
                    <EnterInPlace workspace=asked.slug().to_owned() kpi=kpi.number period=period.to_string() label=label unit=kpi.unit.clone()
                        action=format!("{place}/periods/{period}/value") back=place.clone()/>
                </div>
            }
        });
        let rows = periods
            .iter()
            .rev()
            .filter(|period| period.value.is_some() || period.period <= today)
            .map(|period| period_row(&asked, &kpi, period))
            .collect_view();
        let corrections = replaced
            .into_iter()
            .map(|old| {
                let said = kpi.cadence.said(old.period_on, today);
                view! {
                    <li class="row"><span class="row-main"><span>{said}": "<del>{with_unit(old.value, &kpi.unit)}</del>" · "{old.replaced_because}</span>
                    <span class="faint">{asked.day_of(old.replaced_at).said(today)}</span></span></li>
                }
            })
            .collect::<Vec<_>>();
        let has_periods = !periods.is_empty();
        view! {
            <Crumb href=asked.path("kpis") text="KPIs"/>
            <header class="page-head">
                <div>
                    <h1>{kpi.title.clone()}</h1>
                    <p class="standing"><Seats standing=kpi.standing.clone() viewer=asked.clone() large=true/><Pill tone=status.tone() words=status.words()/><span class="faint">{kpi.attested_words()}</span></p>
                </div>
                <div class="page-actions">
                    {steer.then(|| view! { <a class="button" href=format!("{place}/edit")>"Change"</a><a class="button" href=format!("{place}/targets")>"Targets"</a> })}
                    {open.map(|(side, period)| view! { <a class="button is-primary" href=format!("{place}/periods/{period}")>{format!("Attest {} for {}…", kpi.cadence.said(period, today), side.name())}</a> })}
                </div>
            </header>
            {figure}
            <p>{words}</p>
            {entry}
            {has_periods.then(|| chart(&kpi, &periods))}
            <Section title="Periods" aside=format!("{}, {}", kpi.cadence.name().to_lowercase(), kpi.direction.name().to_lowercase())>
                <div class="scroll" tabindex="0" role="group" aria-label="Periods">
                <table class="table periods">
                    <thead><tr>
                        <th scope="col">"Period"</th><th scope="col" class="number">"Value"</th><th scope="col" class="number">"Target"</th><th scope="col" class="number">"Reached"</th>
                        <th scope="col">"Marketing"</th><th scope="col">"Technology"</th><th scope="col"><span class="visually-hidden">"Open"</span></th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
                </div>
            </Section>
            <Section title="About">
                <p class="prose">{kpi.about.clone()}</p>
                <p class="faint">{format!(
                    "Driver: {} · owners: {} and {} · baseline: {} · at risk below {} %, off track below {} % of the target",
                    kpi.driver, kpi.marketing_name, kpi.technology_name,
                    kpi.baseline.map_or_else(|| "none".to_owned(), |q| with_unit(q, &kpi.unit)), kpi.thresholds.watch, kpi.thresholds.act
                )}</p>
            </Section>
            {(!corrections.is_empty()).then(|| view! { <Section title="Corrections"><ul class="rows">{corrections}</ul></Section> })}
        }
    }))
}

fn period_row(viewer: &Viewer, kpi: &Kpi, period: &Period) -> impl IntoView + use<> {
    let today = viewer.today();
    let is_over = period.period <= kpi.cadence.last_complete(today);
    let href = is_over.then(|| viewer.path(&format!("{}/periods/{}", kpi.place(), period.period)));
    let said = kpi.cadence.said(period.period, today);
    let reached = period.value.zip(period.target).map(|(value, target)| format!("{} %", target.achievement(value)));
    let seat = |side: Side, judged: Option<&Judged>| {
        let signed = period.standing.as_ref().and_then(|standing| standing.seat(side).cloned());
        match (judged, signed) {
            (Some(judged), _) => {
                let extra = judged.insight.clone();
                let action = judged.action.clone().map(|(action, owner, due)| format!("{action} ({owner}, {})", due.said(today)));
                view! { <Pill tone=judged.status.tone() words=judged.status.name()/>{extra.map(|extra| view! { <small>{extra}</small> })}{action.map(|action| view! { <small class="faint">{action}</small> })} }.into_any()
            }
            (None, Some(signed)) if signed.verdict == crate::handshake::Verdict::Object => {
                view! { <Pill tone=crate::ui::Tone::OffTrack words="Disputed"/><small>{signed.reason}</small> }.into_any()
            }
            (None, Some(_)) => view! { <span class="faint">"Attested; shown once both have"</span> }.into_any(),
            (None, None) => view! { <span class="faint">"–"</span> }.into_any(),
        }
    };
    view! {
        <tr>
            <th scope="row">{said.clone()}</th>
            <td class="number">{period.value.map_or_else(|| "–".to_owned(), |value| with_unit(value, &kpi.unit))}</td>
            <td class="number">{period.target.map_or_else(|| "–".to_owned(), |target| target.said(&kpi.unit))}</td>
            <td class="number">{reached.unwrap_or_else(|| "–".to_owned())}</td>
            <td>{seat(Side::Marketing, period.marketing.as_ref())}</td>
            <td>{seat(Side::Technology, period.technology.as_ref())}</td>
            <td class="row-actions">{href.map(|href| view! { <a href=href aria-label=format!("Open {said}")>"Open"</a> })}</td>
        </tr>
    }
}

/// Where "at risk" and "off track" begin for a target.
fn edges(kpi: &Kpi, target: Option<Target>) -> (Option<f64>, Option<f64>) {
    let Some(target) = target else { return (None, None) };
    #[expect(clippy::cast_precision_loss, reason = "a percentage")]
    let (watch, act) = (kpi.thresholds.watch as f64 / 100.0, (kpi.thresholds.act.max(1)) as f64 / 100.0);
    match (kpi.direction, target.low, target.high) {
        (Direction::Increase, Some(low), _) => (Some(low.position() * watch), Some(low.position() * act)),
        (Direction::Decrease, _, Some(high)) => (Some(high.position() / watch), Some(high.position() / act)),
        _ => (None, None),
    }
}

fn chart(kpi: &Kpi, periods: &[Period]) -> impl IntoView + use<> {
    let points: Vec<Point> = periods
        .iter()
        .map(|period| {
            let (watch, act) = edges(kpi, period.target);
            let value = period.value.map_or_else(|| "no value".to_owned(), |value| with_unit(value, &kpi.unit));
            let aim = period.target.map_or_else(|| "no target".to_owned(), |target| format!("target {}", target.said(&kpi.unit)));
            Point {
                label: kpi.cadence.said_short(period.period),
                value: period.value.map(Quantity::position),
                low: period.target.and_then(|t| t.low).map(Quantity::position),
                high: period.target.and_then(|t| t.high).map(Quantity::position),
                watch,
                act,
                said: format!("{}: {value}, {aim}", kpi.cadence.said_short(period.period)),
            }
        })
        .collect();
    let said: Vec<String> = points.iter().map(|point| point.said.clone()).collect();
    let places = positions(points.len());
    let description = format!("{} periods. {}. The table below has the same figures.", points.len(), said.last().cloned().unwrap_or_default());
    let (title, unit, falls) = (kpi.title.clone(), kpi.unit.clone(), kpi.direction == Direction::Decrease);
    view! {
        <figure class="chart-figure">
            <ChartReader positions=places said=said><TrendChart title=title description=description points=points falls=falls unit=unit/></ChartReader>
            <figcaption class="faint">"Line: the value. Steps: the target. Bands: at risk, off track."</figcaption>
        </figure>
    }
}

// One period.

pub async fn period(viewer: Viewer, Path((_, number, period)): Path<(String, i64, String)>) -> Result<Page> {
    period_page(&viewer, number, parsed(&period)?, Form::blank(), Form::blank()).await
}

fn parsed(period: &str) -> Result<Day> {
    period.parse().map_err(|_| Error::NotFound)
}

async fn period_page(viewer: &Viewer, number: i64, period: Day, value_form: Form, attest_form: Form) -> Result<Page> {
    let kpi = read::one(viewer, number).await?;
    let today = viewer.today();
    if kpi.cadence.period_of(period) != period || period < kpi.starts_on || period > kpi.cadence.last_complete(today) {
        return Err(Error::NotFound);
    }
    let known = read::periods(viewer, kpi.id).await?.into_iter().find(|known| known.period == period);
    let people = members::options(&members::workers(viewer).await?, None);
    let asked = viewer.clone();
    let said = kpi.cadence.said(period, today);
    Ok(Page::new(viewer, ROOM, format!("{}, {said}", kpi.title), move || {
        let place = asked.path(&format!("{}/periods/{period}", kpi.place()));
        let enters = asked.may(Deed::EnterKpiValue { driver: kpi.driver_id });
        let value = known.as_ref().and_then(|known| known.value);
        let aim = known.as_ref().and_then(|known| known.target);
        let standing = known.as_ref().and_then(|known| known.standing.clone());
        let open_side = standing.as_ref().and_then(|standing| standing.open_to(&asked));
        let withdrawable = standing.as_ref().is_some_and(|standing| standing.withdrawable_by(&asked));
        let form =
            if value_form.raw("value").is_empty() { value_form.with("value", value.map_or_else(String::new, |value| value.to_string())) } else { value_form };
        let figure = value.map(|value| {
            let aim = aim.map_or_else(|| "no target".to_owned(), |target| format!("of {}, {} % reached", target.said(&kpi.unit), target.achievement(value)));
            view! { <p class="figure"><strong>{with_unit(value, &kpi.unit)}</strong>" "<span class="faint">{aim}</span></p> }
        });
        let judged = known.as_ref().map(|known| [(Side::Marketing, known.marketing.clone()), (Side::Technology, known.technology.clone())]).into_iter().flatten().filter_map(|(side, judged)| {
            let judged = judged?;
            let action = judged.action.map(|(action, owner, due)| format!("{action} · {owner} by {}", due.said(today)));
            Some(view! {
                <li class="row"><span class=format!("side is-{}", side.as_str())>{side.name()}</span><span class="row-main"><span><Pill tone=judged.status.tone() words=judged.status.name()/></span>
                    {judged.insight.map(|insight| view! { <span>{insight}</span> })}{action.map(|action| view! { <span class="faint">{action}</span> })}</span></li>
            })
        }).collect::<Vec<_>>();
        let (value_action, attest_action, withdraw_action) = (format!("{place}/value"), format!("{place}/attest"), format!("{place}/withdraw"));
        view! {
            <Crumb href=asked.path(&kpi.place()) text=kpi.title.clone()/>
            <header class="page-head"><div><h1>{format!("{}, {said}", kpi.title)}</h1>{figure}</div></header>
            {enters.then(|| view! {
                <Section title=if value.is_some() { "Correct the value" } else { "Enter the value" }>
                    <PostForm form=form action=value_action class="is-short">
                        <TextField name="value" label=format!("Value{}", if kpi.unit.is_empty() { String::new() } else { format!(" in {}", kpi.unit) }) inputmode="decimal" longest=20/>
                        {value.is_some().then(|| view! { <TextField name="because" label="Why it changes" longest=300 help="The earlier value stays on record, and both owners are asked again."/> })}
                        <Actions verb=if value.is_some() { "Correct the value" } else { "Enter the value" }/>
                    </PostForm>
                </Section>
            })}
            {open_side.zip(standing.clone()).map(|(side, standing)| {
                let statuses = vec![
                    (Health::OnTrack.as_str().to_owned(), "On track".to_owned(), String::new()),
                    (Health::AtRisk.as_str().to_owned(), "At risk".to_owned(), String::new()),
                    (Health::OffTrack.as_str().to_owned(), "Off track".to_owned(), "Needs one line of insight and a corrective action.".to_owned()),
                    ("wrong".to_owned(), "The number is wrong".to_owned(), "It goes back to the driver, with your reason.".to_owned()),
                ];
                view! {
                    <Section title=format!("Attest for {}", side.name())>
                        <p class="faint">"Your status is shown to the other side once both have given theirs."</p>
                        <DigestLine digest=standing.digest.clone() covers="this value, its period and its target"/>
                        <PostForm form=attest_form action=attest_action>
                            <Hidden name="digest" value=standing.digest.clone()/>
                            <Hidden name="back"/>
                            <RadioGroup name="status" label="How do you see it?" options=statuses/>
                            <TextField name="insight" label="Insight, or what is wrong with the number" longest=300 optional=true/>
                            <TextField name="action" label="Corrective action" longest=200 optional=true/>
                            <Fields>
                                <Select name="action_owner" label="Who does it" options=people none="Choose" optional=true/>
                                <TextField name="action_due_on" label="By when" kind="date" longest=10 optional=true/>
                            </Fields>
                            <Actions verb=format!("Attest {said} for {}", side.name())/>
                        </PostForm>
                    </Section>
                }
            })}
            {standing.map(|standing| view! {
                <Section title="Attestations">
                    <StandingLine standing=standing.clone() viewer=asked.clone()/>
                    <Signatures standing=standing viewer=asked.clone() who_may="The owner of this side, or its lead"/>
                    {(!judged.is_empty()).then(|| view! { <ul class="rows">{judged}</ul> })}
                    {withdrawable.then(|| view! { <form method="post" action=withdraw_action><button class="button" type="submit">"Withdraw my attestation"</button></form> })}
                </Section>
            })}
        }
    }))
}

pub async fn enter(viewer: Viewer, Path((_, number, period)): Path<(String, i64, String)>, mut form: Form) -> Settled {
    let period = parsed(&period)?;
    if !viewer.may(Deed::EnterKpiValue { driver: read::one(&viewer, number).await?.driver_id }) {
        return Err(Error::Forbidden);
    }
    let outcome = async {
        let (Some(value), Some(because)) = (form.quantity("value"), form.optional_line("because", 300)) else { return Err(form.refusal()) };
        write::enter(&viewer, number, period, value, Some(&because)).await?;
        Ok(See::back(&form, viewer.path(&format!("kpis/{number}")), Notice::Entered))
    }
    .await;
    settle(outcome, form, |form| period_page(&viewer, number, period, form, Form::blank())).await
}

pub async fn attest(viewer: Viewer, Path((_, number, period)): Path<(String, i64, String)>, mut form: Form) -> Settled {
    let period = parsed(&period)?;
    let kpi = read::one(&viewer, number).await?;
    let standing = read::periods(&viewer, kpi.id).await?.into_iter().find(|known| known.period == period).and_then(|known| known.standing);
    standing.ok_or(Error::NotFound)?.side_of_signer(&viewer, true)?;
    let outcome = try_attest(&viewer, number, period, &mut form).await;
    settle(outcome, form, |form| period_page(&viewer, number, period, Form::blank(), form)).await
}

async fn try_attest(viewer: &Viewer, number: i64, period: Day, form: &mut Form) -> Result<See> {
    let digest = form.raw("digest").to_owned();
    let insight = form.optional_line("insight", 300).ok_or_else(|| form.refusal())?;
    if form.raw("status") == "wrong" {
        if insight.is_empty() {
            return Err(Error::invalid("insight", "Say what is wrong with the number."));
        }
        write::dispute(viewer, number, period, &digest, &insight).await?;
        return Ok(See::back(form, viewer.path(&format!("kpis/{number}")), Notice::Objected));
    }
    let status: Health = form.choice("status").ok_or_else(|| form.refusal())?;
    let action = if status == Health::OffTrack {
        let (Some(action), Some(owner), Some(due_on)) = (form.line("action", 200), form.choice("action_owner"), form.day("action_due_on")) else {
            if insight.is_empty() {
                form.fail("insight", "Off track needs one line of insight.");
            }
            return Err(form.refusal());
        };
        Some(Corrective { action, owner, due_on })
    } else {
        None
    };
    let judgement = Judgement { status, insight: (!insight.is_empty()).then_some(insight), action };
    write::attest(viewer, number, period, &digest, judgement).await?;
    Ok(See::back(form, viewer.path(&format!("kpis/{number}")), Notice::Attested))
}

pub async fn withdraw(viewer: Viewer, Path((_, number, period)): Path<(String, i64, String)>) -> Settled {
    write::withdraw_signature(&viewer, number, parsed(&period)?).await?;
    Ok(See::at(viewer.path(&format!("kpis/{number}/periods/{period}"))).done(Notice::Withdrawn).into_response())
}

// Starting and changing.

async fn plan_form(viewer: &Viewer, form: Form, verb: &'static str, cancel: String) -> Result<impl FnOnce() -> AnyView + use<>> {
    let workers = members::workers(viewer).await?;
    let (marketing, technology, everybody) =
        (members::options(&workers, Some(Side::Marketing)), members::options(&workers, Some(Side::Technology)), members::options(&workers, None));
    Ok(move || {
        let directions = Direction::ALL.iter().map(|d| (d.as_str().to_owned(), d.name().to_owned())).collect::<Vec<_>>();
        let cadences = Cadence::ALL.iter().map(|c| (c.as_str().to_owned(), c.name().to_owned())).collect::<Vec<_>>();
        view! {
            <PostForm form=form>
                <Hidden name="id"/>
                <Hidden name="version"/>
                <TextField name="title" label="Title" longest=120/>
                <TextArea name="about" label="What it measures, and where the number comes from" rows=3 longest=1000/>
                <Fields>
                    <TextField name="unit" label="Unit" help="Such as %, h, points." longest=12 optional=true/>
                    <TextField name="baseline" label="Baseline" inputmode="decimal" longest=20 optional=true/>
                </Fields>
                <Fields>
                    <Select name="direction" label="Good is to" options=directions/>
                    <Select name="cadence" label="Reported" options=cadences/>
                </Fields>
                <DateField name="starts_on" label="First period" help="The period that this day belongs to."/>
                <Fields>
                    <TextField name="watch" label="At risk below, in % of the target" inputmode="numeric" longest=3/>
                    <TextField name="act" label="Off track below, in % of the target" inputmode="numeric" longest=3/>
                </Fields>
                <Select name="driver" label="Driver" help="The one person who enters the value." options=everybody none="Choose"/>
                <Fields>
                    <Select name="marketing_owner" label="Owner from Marketing" options=marketing none="Choose"/>
                    <Select name="technology_owner" label="Owner from Technology" options=technology none="Choose"/>
                </Fields>
                <Actions verb=verb cancel=cancel/>
            </PostForm>
        }
        .into_any()
    })
}

fn plan(form: &mut Form) -> Result<Plan> {
    let texts = (form.line("title", 120), form.paragraphs("about", 1000), form.optional_line("unit", 12), form.optional_quantity("baseline"));
    let words = (form.choice("direction"), form.choice("cadence"), form.day("starts_on"), form.choice("watch"), form.choice("act"));
    let people = (form.choice("driver"), form.choice("marketing_owner"), form.choice("technology_owner"));
    let (Some(title), Some(about), Some(unit), Some(baseline)) = texts else { return Err(form.refusal()) };
    let (Some(direction), Some(cadence), Some(starts_on), Some(watch), Some(act)) = words else { return Err(form.refusal()) };
    let (Some(driver), Some(marketing_owner), Some(technology_owner)) = people else { return Err(form.refusal()) };
    Ok(Plan { title, about, unit, direction, cadence, baseline, starts_on, watch, act, driver, marketing_owner, technology_owner })
}

pub async fn new(viewer: Viewer) -> Result<Page> {
    let id: KpiId = viewer.fresh_id();
    let form = Form::blank()
        .with("id", id.to_string())
        .with("direction", "increase")
        .with("cadence", "monthly")
        .with("starts_on", Cadence::Monthly.last_complete(viewer.today()).to_string())
        .with("watch", "90")
        .with("act", "70");
    new_page(&viewer, form).await
}

async fn new_page(viewer: &Viewer, form: Form) -> Result<Page> {
    if !viewer.may(Deed::SteerKpi) {
        return Err(Error::Forbidden);
    }
    let cancel = viewer.path("kpis");
    let fields = plan_form(viewer, form, "Start the KPI", cancel.clone()).await?;
    Ok(Page::new(viewer, ROOM, "Start a KPI", move || view! { <Crumb href=cancel text="KPIs"/><h1>"Start a KPI"</h1>{fields()} }))
}

pub async fn create(viewer: Viewer, mut form: Form) -> Settled {
    let outcome = async {
        let plan = plan(&mut form)?;
        let id = form.choice("id").ok_or_else(|| form.refusal())?;
        let number = write::start(&viewer, id, plan).await?;
        Ok(See::at(viewer.path(&format!("kpis/{number}/targets"))).done(Notice::Added))
    }
    .await;
    settle(outcome, form, |form| new_page(&viewer, form)).await
}

pub async fn edit(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    edit_page(&viewer, number, Form::blank()).await
}

async fn edit_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    if !viewer.may(Deed::SteerKpi) {
        return Err(Error::Forbidden);
    }
    let kpi = read::one(viewer, number).await?;
    let now = Form::blank()
        .with("version", kpi.version.to_string())
        .with("title", kpi.title.clone())
        .with("about", kpi.about.clone())
        .with("unit", kpi.unit.clone())
        .with("baseline", kpi.baseline.map_or_else(String::new, |q| q.to_string()))
        .with("direction", kpi.direction.as_str())
        .with("cadence", kpi.cadence.as_str())
        .with("starts_on", kpi.starts_on.to_string())
        .with("watch", kpi.thresholds.watch.to_string())
        .with("act", kpi.thresholds.act.to_string())
        .with("driver", kpi.driver_id.to_string())
        .with("marketing_owner", kpi.marketing_owner.to_string())
        .with("technology_owner", kpi.technology_owner.to_string());
    let form = form.over(now, &[("title", "Title"), ("about", "What it measures"), ("unit", "Unit"), ("baseline", "Baseline")]);
    let cancel = viewer.path(&kpi.place());
    let fields = plan_form(viewer, form, "Save the KPI", cancel.clone()).await?;
    Ok(Page::new(
        viewer,
        ROOM,
        format!("Change {}", kpi.title),
        move || view! { <Crumb href=cancel text=kpi.title.clone()/><h1>"Change the KPI"</h1>{fields()} },
    ))
}

pub async fn update(viewer: Viewer, Path((_, number)): Path<(String, i64)>, mut form: Form) -> Settled {
    let outcome = async {
        let plan = plan(&mut form)?;
        write::edit(&viewer, number, form.version(), plan).await?;
        Ok(See::at(viewer.path(&format!("kpis/{number}"))).done(Notice::Saved))
    }
    .await;
    settle(outcome, form, |form| edit_page(&viewer, number, form)).await
}

// Targets: a strip of periods.

pub async fn targets_form(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    targets_page(&viewer, number, Form::blank()).await
}

/// Fifteen periods, from three before the present one, or from the first when that is later.
fn strip(kpi: &Kpi, today: Day) -> Vec<Day> {
    let first = kpi.cadence.period_of(kpi.starts_on);
    let from = first.max(kpi.cadence.step(kpi.cadence.period_of(today), -3));
    (0..15).map(|step| kpi.cadence.step(from, step)).collect()
}

async fn targets_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    if !viewer.may(Deed::SteerKpi) {
        return Err(Error::Forbidden);
    }
    let kpi = read::one(viewer, number).await?;
    let known = read::periods(viewer, kpi.id).await?;
    let today = viewer.today();
    let cancel = viewer.path(&kpi.place());
    Ok(Page::new(viewer, ROOM, format!("Targets of {}", kpi.title), move || {
        let untouched = form.problems().is_empty();
        let cells = strip(&kpi, today)
            .into_iter()
            .map(|period| {
                let target = known.iter().find(|known| known.period == period).and_then(|known| known.target);
                let typed = |end: &str, now: Option<Quantity>| {
                    let name = format!("{end}-{period}");
                    let value = if untouched { now.map_or_else(String::new, |q| q.to_string()) } else { form.raw(&name).to_owned() };
                    (name, value)
                };
                let said = kpi.cadence.said(period, today);
                let ends: Vec<(&str, (String, String))> = match kpi.direction {
                    Direction::Increase => vec![("at least", typed("low", target.and_then(|t| t.low)))],
                    Direction::Decrease => vec![("at most", typed("high", target.and_then(|t| t.high)))],
                    Direction::Within => vec![("from", typed("low", target.and_then(|t| t.low))), ("to", typed("high", target.and_then(|t| t.high)))],
                };
                let inputs = ends
                    .into_iter()
                    .map(|(word, (name, value))| {
                        let problem = form.problem_of(&name).map(str::to_owned);
                        let label = format!("{said}, {word}");
                        view! {
                            <label><span class="faint">{word}</span><input id=name.clone() name=name value=value inputmode="decimal" maxlength="20" autocomplete="off" aria-label=label/></label>
                            {problem.map(|problem| view! { <p class="problem">{problem}</p> })}
                        }
                    })
                    .collect_view();
                view! { <fieldset class="strip-cell"><legend>{said}</legend>{inputs}</fieldset> }
            })
            .collect_view();
        view! {
            <Crumb href=cancel.clone() text=kpi.title.clone()/>
            <h1>"Targets"</h1>
            <p>{format!("In {}. Leave a period empty when it has no target. A target that changes stays on record.", if kpi.unit.is_empty() { "numbers" } else { &kpi.unit })}</p>
            <PostForm form=form.clone()><div class="strip">{cells}</div><Actions verb="Set the targets" cancel=cancel/></PostForm>
        }
    }))
}

pub async fn set_targets(viewer: Viewer, Path((_, number)): Path<(String, i64)>, mut form: Form) -> Settled {
    let outcome = async {
        let kpi = read::one(&viewer, number).await?;
        let mut targets = Vec::new();
        for period in strip(&kpi, viewer.today()) {
            let (low, high) = (form.optional_quantity(&format!("low-{period}")), form.optional_quantity(&format!("high-{period}")));
            let (Some(low), Some(high)) = (low, high) else { continue };
            let (low, high) = match kpi.direction {
                Direction::Increase => (low, None),
                Direction::Decrease => (None, high),
                Direction::Within => (low, high),
            };
            let half = kpi.direction == Direction::Within && low.is_some() != high.is_some();
            if half || low.zip(high).is_some_and(|(low, high)| low > high) {
                form.fail(&format!("low-{period}"), "Give both ends, the lower one first.");
                continue;
            }
            targets.push(PeriodTarget { period, target: read::target(low, high) });
        }
        if !form.problems().is_empty() {
            return Err(form.refusal());
        }
        write::set_targets(&viewer, number, &targets).await?;
        Ok(See::at(viewer.path(&format!("kpis/{number}"))).done(Notice::Saved))
    }
    .await;
    settle(outcome, form, |form| targets_page(&viewer, number, form)).await
}
