//! `/sources/quarters`: how coverage came here, a signed quarter a row; this quarter's map, and what one
//! believes.

use axum::{extract::Path, response::IntoResponse as _};
use leptos::prelude::*;

use super::ROOM;
use crate::{
    handshake::{
        Kind,
        components::{DigestLine, SignForm, Signatures, StandingLine, seat_actions},
        page::{SigningPage, TablePage},
        read::{Standing, current},
        text::SignedText as _,
    },
    identity::{Action, FormResponse, Page, Redirect, Side, Viewer},
    platform::{
        error::{Error, Result},
        form::Form,
        time::Day,
    },
    sources::{
        Stands,
        levels::TARGET,
        quarters::{Belief, QUESTION, quarter_name},
        read::{self, SignedQuarter},
        text::QuarterText,
        write::{self, QuarterOnTable},
    },
    ui::{Crumb, Notice, Section},
};

const COVERS: &str =
    "how every touchpoint stood, which source was the profile, and how many sources reached their levels";

pub async fn quarters(viewer: Viewer) -> Result<Page> {
    let signed = read::signed_quarters(&viewer).await?;
    let quarter = viewer.today().quarter();
    let now = read::quarter_map(&viewer, quarter).await?;
    let own = read::own_belief(&viewer).await?;
    Ok(Page::new(&viewer, ROOM, "Quarter by quarter", move |viewer| {
        let is_signed = now.as_ref().is_some_and(|(map, _)| map.signed_at.is_some());
        let on_table = now
            .and_then(|(map, on_table)| on_table.filter(|_| map.signed_at.is_none()))
            .map(|(standing, text)| before_leads(&viewer, quarter, standing, text));
        let draw_verb = if on_table.is_some() {
            "Draw it again as of today".to_owned()
        } else {
            format!("Draw the map of {} as it is today", quarter_name(quarter))
        };
        let may_draw = !is_signed && viewer.may(Action::NameProfile);
        let draw = viewer.path("sources/quarters");
        view! {
            <Crumb href=viewer.path("sources") text="Sources" />
            <h1>"Quarter by quarter"</h1>
            <p class="lead">
                "Once a quarter both leads sign how much of the customer’s way the company sees. What they signed keeps its numbers."
            </p>
            {(!is_signed).then(|| belief_card(&viewer, own))}
            {on_table}
            {may_draw
                .then(|| {
                    view! {
                        <form method="post" action=draw>
                            <button class="button" type="submit">
                                {draw_verb.clone()}
                            </button>
                        </form>
                    }
                })}
            {trend(&viewer, signed)}
        }
    }))
}

/// What one believes, before anybody sees what others do.
pub(super) fn belief_card(viewer: &Viewer, own: Option<Belief>) -> impl IntoView + use<> {
    let may = viewer.may(Action::SpeakForSide);
    let action = viewer.path("sources/belief");
    let buttons = Belief::ALL
        .iter()
        .map(|belief| {
            let chosen = own == Some(*belief);
            view! {
                <button
                    class="button"
                    type="submit"
                    name="answer"
                    value=belief.as_str()
                    aria-pressed=if chosen { "true" } else { "false" }
                >
                    {belief.name()}
                </button>
            }
        })
        .collect_view();
    let said = own.map_or_else(
        || "Nobody sees your answer before both leads have signed this quarter’s map.".to_owned(),
        |own| {
            format!(
                "You said “{}”. Nobody sees it before both leads have signed this quarter’s map; until then you can change it.",
                own.name()
            )
        },
    );
    may.then(|| {
        view! {
            <section class="card ask" aria-label="What do you believe?">
                <p>
                    <strong>{QUESTION}</strong>
                </p>
                <form method="post" action=action class="page-actions">
                    {buttons}
                </form>
                <p class="faint">{said}</p>
            </section>
        }
    })
}

/// Belief beside fact, of the newest signed quarter.
pub(super) fn belief_line(signed: &SignedQuarter) -> String {
    let [marketing, technology] = signed.believers;
    format!(
        "In {} {}, and {}; the map said {}.",
        quarter_name(signed.quarter),
        marketing.sentence(Side::Marketing),
        technology.sentence(Side::Technology),
        signed.text.sentence()
    )
}

fn before_leads(
    viewer: &Viewer,
    quarter: Day,
    standing: Standing,
    text: QuarterText,
) -> impl IntoView + use<> {
    let viewer = viewer.clone();
    let path = viewer.path(&format!("sources/quarters/{quarter}"));
    let digest = standing.digest.clone();
    let seat = seat_actions(&viewer, Some(&standing), &path);
    view! {
        <Section title=format!("The map of {} waits for signatures", quarter_name(quarter))>
            <StandingLine standing=standing.clone() viewer=viewer.clone() sent_back=" Draw it again." />
            {record(text)}
            <div class="page-actions">
                {seat}
            </div>
            <Signatures standing=standing viewer=viewer who_may="The lead of this side" />
            <DigestLine digest=digest covers=COVERS />
        </Section>
    }
}

/// What is signed: the sentence, the counts with their names, the levels.
fn record(text: QuarterText) -> impl IntoView {
    let sentence = text.sentence();
    let drawn = text
        .drawn_on
        .parse::<Day>()
        .map_or_else(|_| text.drawn_on.clone(), Day::format_long);
    let rows = Stands::ALL
        .into_iter()
        .filter(|stands| text.count(*stands) > 0)
        .map(|stands| {
            let names: Vec<&str> = text
                .touchpoints
                .iter()
                .filter(|touchpoint| touchpoint.stands == stands)
                .map(|touchpoint| touchpoint.name.as_str())
                .collect();
            view! {
                <dt>{format!("{} ({})", stands.name(), names.len())}</dt>
                <dd>{names.join(", ")}</dd>
            }
        })
        .collect_view();
    let levels = text
        .levels
        .iter()
        .map(|of| format!("{} {} of {}", of.parameter.name(), of.at_target, of.of))
        .collect::<Vec<_>>()
        .join(", ");
    let profile = text.profile.unwrap_or_else(|| "none is named".to_owned());
    view! {
        <div class="card record">
            <p class="prose">
                <strong>{sentence}</strong>
                {format!(", as of {drawn}.")}
            </p>
            <dl class="pairs">
                {rows}
                <dt>"The profile"</dt>
                <dd>{profile}</dd>
                <dt>{format!("Sources at {TARGET} or more")}</dt>
                <dd>{levels}</dd>
            </dl>
        </div>
    }
}

/// Every signed quarter: its bar, its sentence, and belief beside it.
fn trend(viewer: &Viewer, signed: Vec<SignedQuarter>) -> impl IntoView + use<> {
    let today = viewer.today();
    let rows = signed
        .iter()
        .map(|of| {
            let blocks = Stands::ALL
                .into_iter()
                .flat_map(|stands| std::iter::repeat_n(stands, of.text.count(stands)))
                .map(|stands| view! { <span class=format!("block is-{}", stands.as_str())></span> })
                .collect_view();
            let [marketing, technology] = of.believers;
            let href = viewer.path(&format!("sources/quarters/{}", of.quarter));
            let signed = viewer.day_of(of.signed_at).format(today);
            let believed = if marketing.answered + technology.answered == 0 {
                format!("No one answered the question. Signed {signed}.")
            } else {
                format!(
                    "Said yes: {} {}, {} {}. Signed {signed}.",
                    Side::Marketing.name(),
                    marketing.label(),
                    Side::Technology.name(),
                    technology.label(),
                )
            };
            view! {
                <li class="row quarter">
                    <span class="row-main">
                        <a href=href>{format!("{}: {}", quarter_name(of.quarter), of.text.sentence())}</a>
                        <span class="blocks" aria-hidden="true">
                            {blocks}
                        </span>
                        <span class="faint">{believed}</span>
                    </span>
                </li>
            }
        })
        .collect::<Vec<_>>();
    let is_empty = rows.is_empty();
    view! {
        <Section title="Signed quarters" aside=rows.len().to_string()>
            {if is_empty {
                view! { <p class="faint">"None yet. The first makes a trend that nobody disputes afterwards."</p> }
                    .into_any()
            } else {
                view! { <ul class="rows">{rows}</ul> }.into_any()
            }}
            <p class="faint">
                "A published survey found that 46% of marketing leaders and 51% of technology leaders say that they have a single \
                view of their customer. It counted leaders who say yes; the bars count touchpoints, rounded down."
            </p>
        </Section>
    }
}

fn parse_quarter(text: &str) -> Result<Day> {
    let day: Day = text.parse().map_err(|_| Error::NotFound)?;
    if day.is_plannable() && day.quarter() == day {
        Ok(day)
    } else {
        Err(Error::NotFound)
    }
}

/// One quarter's map, as it was signed or lies before both leads.
pub async fn quarter(viewer: Viewer, Path((_, period)): Path<(String, String)>) -> Result<Page> {
    let quarter = parse_quarter(&period)?;
    let (_, on_table) = read::quarter_map(&viewer, quarter)
        .await?
        .ok_or(Error::NotFound)?;
    let (standing, text) = on_table.ok_or(Error::NotFound)?;
    let title = format!("Map of {}", quarter_name(quarter));
    Ok(Page::new(&viewer, ROOM, title.clone(), move |viewer| {
        let shown = if standing.is_sealed() {
            view! {
                <h1>{title}</h1>
                {record(text)}
                <Signatures standing=standing.clone() viewer=viewer.clone() who_may="The lead of this side" />
                <DigestLine digest=standing.digest covers=COVERS />
            }
            .into_any()
        } else {
            view! {
                <h1>{title}</h1>
                {before_leads(&viewer, quarter, standing, text)}
            }
            .into_any()
        };
        view! {
            <Crumb href=viewer.path("sources/quarters") text="Quarter by quarter" />
            {shown}
        }
    }))
}

pub async fn draw_quarter(viewer: Viewer) -> FormResponse {
    write::draw_quarter(&viewer).await?;
    Ok(Redirect::to(viewer.path("sources/quarters"))
        .with_notice(Notice::Proposed)
        .into_response())
}

pub async fn say_belief(viewer: Viewer, form: Form) -> FormResponse {
    if !viewer.may(Action::SpeakForSide) {
        return Err(Error::Forbidden);
    }
    let answer: Belief = form
        .raw("answer")
        .parse()
        .map_err(|_| Error::invalid("answer", "Choose one."))?;
    write::say_belief(&viewer, answer).await?;
    Ok(Redirect::to(viewer.path("sources/quarters"))
        .with_notice(Notice::Saved)
        .into_response())
}

impl TablePage for QuarterOnTable {
    type Address = (String, String);

    fn key((_, quarter): (String, String)) -> Result<Day> {
        parse_quarter(&quarter)
    }

    fn path(quarter: Day) -> String {
        format!("sources/quarters/{quarter}")
    }
}

impl SigningPage for QuarterOnTable {
    async fn sign_page(viewer: &Viewer, quarter: Day, form: Form) -> Result<Page> {
        let (map, _) = read::quarter_map(viewer, quarter).await?.ok_or(Error::NotFound)?;
        let (standing, content) = current(viewer, Kind::QuarterMap, map.id.uuid())
            .await?
            .ok_or(Error::Conflict)?;
        let side = standing.side_of_signer(viewer, form.is_typed())?;
        let text = QuarterText::read(&content)?;
        let form = form.over(Form::blank(), &[]);
        let cancel = viewer.path("sources/quarters");
        let title = format!("Sign the map of {}", quarter_name(quarter));
        let sentence = read::coverage(viewer).await?.sentence();
        let today = (sentence != text.sentence()).then(|| {
            let words =
                format!("The map has changed since: today it says {sentence}. Draw it again to sign that.");
            view! { <p class="notice">{words}</p> }
        });
        Ok(Page::new(viewer, ROOM, title, move |_| {
            view! {
                <Crumb href=cancel.clone() text="Quarter by quarter" />
                <h1>{format!("Sign for {}", side.name())}</h1>
                <p>
                    "What is signed keeps its numbers. The second signature closes the question what people believe, and everybody \
                    sees how many of each side said yes."
                </p>
                {today}
                {record(text)}
                <DigestLine digest=standing.digest.clone() covers=COVERS />
                <SignForm
                    form=form
                    standing=standing
                    side=side
                    what="this map"
                    cancel=cancel
                    conditions=false
                />
            }
        }))
    }
}
