//! The page of one period: its value, and what both owners say about it.

use axum::extract::Path;
use leptos::prelude::*;

use super::{ROOM, chart::chart, show::corrections};

use crate::{
    comments,
    handshake::{
        Health, Kind, State,
        components::{DigestLine, Signatures, StandingLine},
        page::TablePage,
        read::{Standing, current},
        text::SignedText as _,
    },
    identity::{Action, FormResponse, Page, Redirect, Side, Viewer, respond},
    kpis::{
        Doubt, Target, is_far_from, period_topic,
        read::{self, Kpi, Period},
        text::PeriodText,
        with_unit,
        write::{self, CorrectiveAction, Judgement, PeriodTalk},
    },
    members, milestones,
    platform::{
        error::{Error, Result},
        form::Form,
        notation::unmistakable,
        quantity::Quantity,
        text::join_details,
        time::Day,
    },
    ui::{
        Actions, Crumb, Fields, Hidden, Notice, Pill, PostForm, RadioGroup, Section, Select, SureTick,
        TextField, Undo, Warning,
    },
};

pub async fn period(viewer: Viewer, Path((_, number, period)): Path<(String, i64, String)>) -> Result<Page> {
    period_page(
        &viewer,
        number,
        parse_period(&period)?,
        Form::blank(),
        Form::blank(),
    )
    .await
}

fn percents() -> Vec<(String, String)> {
    (0..=10)
        .rev()
        .map(|tenth| ((tenth * 10).to_string(), format!("{}%", tenth * 10)))
        .collect()
}

fn parse_period(period: &str) -> Result<Day> {
    period.parse().map_err(|_| Error::NotFound)
}

async fn period_page(
    viewer: &Viewer,
    number: i64,
    period: Day,
    value_form: Form,
    attest_form: Form,
) -> Result<Page> {
    let kpi = read::one(viewer, number).await?;
    let today = viewer.today();
    if kpi.cadence.period_of(period) != period
        || period < kpi.starts_on
        || period > kpi.cadence.last_complete(today)
    {
        return Err(Error::NotFound);
    }
    let mut periods = read::periods(viewer, kpi.id).await?;
    periods.retain(|known| known.period <= period);
    let known = periods.iter().find(|known| known.period == period).cloned();
    if let Some(known) = &known {
        refuse_unsigned(viewer, &kpi, known).await?;
    }
    let replaced = read::corrections(viewer, kpi.id, Some(period)).await?;
    let milestones = milestones::read::options(viewer).await?;
    let people = members::read::options(&members::read::workers(viewer).await?, None);
    let said = kpi.cadence.format(period, today);
    let subject = period_topic(kpi.id, period);
    let talk = comments::page::Discussion::read::<PeriodTalk>(viewer, (number, period), subject).await?;
    Ok(Page::new(
        viewer,
        ROOM,
        format!("{}, {said}", kpi.title),
        move |viewer| {
            let path = viewer.path(&format!("{}/periods/{period}", kpi.path()));
            let enters = viewer.may(Action::EnterKpiValue {
                driver: kpi.driver_id,
            }) && kpi.formula.is_none();
            let value = known.as_ref().and_then(|known| known.value);
            let aim = known.as_ref().and_then(|known| known.target);
            let standing = known.as_ref().and_then(|known| known.standing.clone());
            let open_side = standing.as_ref().and_then(|standing| standing.open_to(&viewer));
            let is_refused = value_form.is_typed();
            let form = if value_form.raw("value").is_empty() {
                value_form.with("value", value.map_or_else(String::new, unmistakable))
            } else {
                value_form
            };
            let figure = value.map(|value| figure(&kpi, value, aim));
            let far = open_side.and_then(|_| far_in_words(&kpi, &periods, period));
            let by_limits = value
                .zip(aim)
                .map(|(value, aim)| kpi.thresholds.judge(aim.achievement(value)).name().to_lowercase());
            let owed = value.is_none().then(|| owed_in_words(&kpi, period, aim, today));
            let (value_action, attest_action, withdraw_action) = (
                format!("{path}/value"),
                format!("{path}/attest"),
                format!("{path}/withdraw"),
            );
            let (enter, correct) = match (enters, value.is_some()) {
                (false, _) => (None, None),
                (true, false) => (Some(enter_section(&kpi, false, form, value_action)), None),
                (true, true) => (None, Some(correct_part(&kpi, form, value_action, is_refused))),
            };
            let drawn = recent_chart(&kpi, &periods);
            let computed = kpi
                .formula
                .map(|_| view! { <p class="faint">"This KPI is computed from others."</p> });
            view! {
                <Crumb href=viewer.path(&kpi.path()) text=kpi.title.clone() />
                <header class="page-head">
                    <div>
                        <h1>{format!("{}, {said}", kpi.title)}</h1>
                        {figure}
                        {by_limits
                            .map(|word| {
                                view! { <p class="faint">{format!("By the numbers this is {word}.")}</p> }
                            })}
                    </div>
                    {neighbours(&viewer, &kpi, period)}
                </header>
                <Warning text=far />
                {owed.map(|words| view! { <p>{words}</p> })}
                {computed}
                {enter}
                {open_side
                    .zip(standing.clone())
                    .map(|(side, standing)| {
                        attest_section(
                            side,
                            standing.digest,
                            &said,
                            attest_form,
                            attest_action,
                            [people, milestones],
                        )
                    })}
                {standing
                    .map(|standing| { attestations(&viewer, standing, known.as_ref(), withdraw_action) })}
                {(!replaced.is_empty()).then(|| corrections(&viewer, &kpi, replaced))}
                {drawn}
                {correct}
                {talk.section(&viewer)}
            }
        },
    ))
}

pub async fn enter(
    viewer: Viewer,
    Path((_, number, period)): Path<(String, i64, String)>,
    mut form: Form,
) -> FormResponse {
    let period = parse_period(&period)?;
    if !viewer.may(Action::EnterKpiValue {
        driver: read::one(&viewer, number).await?.driver_id,
    }) {
        return Err(Error::Forbidden);
    }
    let outcome = async {
        let (Some(value), Some(because)) = (form.quantity("value"), form.optional_line("because", 300))
        else {
            return Err(form.refusal());
        };
        let doubt = Doubt::of(form.is_ticked("is_sure"));
        write::enter(&viewer, number, period, value, Some(&because), doubt).await?;
        Ok(Redirect::back(
            &form,
            viewer.path(&format!("kpis/{number}")),
            Notice::Entered,
        ))
    }
    .await;
    respond(outcome, form, |form| {
        period_page(&viewer, number, period, form, Form::blank())
    })
    .await
}

pub async fn attest(
    viewer: Viewer,
    Path((_, number, period)): Path<(String, i64, String)>,
    mut form: Form,
) -> FormResponse {
    let period = parse_period(&period)?;
    let kpi = read::one(&viewer, number).await?;
    let standing = read::periods(&viewer, kpi.id)
        .await?
        .into_iter()
        .find(|known| known.period == period)
        .and_then(|known| known.standing);
    standing.ok_or(Error::NotFound)?.side_of_signer(&viewer, true)?;
    let outcome = try_attest(&viewer, number, period, &mut form).await;
    respond(outcome, form, |form| {
        period_page(&viewer, number, period, Form::blank(), form)
    })
    .await
}

async fn try_attest(viewer: &Viewer, number: i64, period: Day, form: &mut Form) -> Result<Redirect> {
    let digest = form.raw("digest").to_owned();
    let insight = form.optional_line("insight", 300).ok_or_else(|| form.refusal())?;
    if form.raw("status") == "wrong" {
        if insight.is_empty() {
            return Err(Error::invalid("insight", "Write what is wrong with the number."));
        }
        write::dispute(viewer, number, period, &digest, &insight).await?;
        return Ok(Redirect::back(
            form,
            viewer.path(&format!("kpis/{number}")),
            Notice::Objected,
        ));
    }
    let status: Health = form.choice("status").ok_or_else(|| form.refusal())?;
    let action = if status == Health::OffTrack {
        let (Some(action), Some(owner), Some(due_on)) = (
            form.line("action", 200),
            form.choice("action_owner"),
            form.day("action_due_on"),
        ) else {
            if insight.is_empty() {
                form.fail("insight", "Off track needs one line of explanation.");
            }
            return Err(form.refusal());
        };
        let milestone = form
            .optional_choice("action_milestone")
            .ok_or_else(|| form.refusal())?;
        Some(CorrectiveAction {
            action,
            owner,
            due_on,
            milestone,
        })
    } else {
        None
    };
    let confidence = form
        .optional_choice::<i64>("confidence")
        .ok_or_else(|| form.refusal())?
        .filter(|percent| (0..=100).contains(percent));
    let judgement = Judgement {
        status,
        confidence,
        insight: (!insight.is_empty()).then_some(insight),
        action,
    };
    let state = write::attest(viewer, number, period, &digest, judgement).await?;
    let path = viewer.path(&format!("kpis/{number}"));
    let done = Redirect::back(form, path, Notice::Attested);
    // What both have confirmed stays.
    Ok(match state {
        State::Sealed { .. } => done,
        _ => done.undoable(Undo::Attestation { kpi: number, period }),
    })
}

impl TablePage for write::PeriodOnTable {
    type Address = (String, i64, String);

    fn key((_, number, period): (String, i64, String)) -> Result<(i64, Day)> {
        Ok((number, parse_period(&period)?))
    }

    fn path((number, period): (i64, Day)) -> String {
        format!("kpis/{number}/periods/{period}")
    }
}

/// What is shown was read in two steps; an attestation is asked for only when it is the text on the table.
async fn refuse_unsigned(viewer: &Viewer, kpi: &Kpi, known: &Period) -> Result<()> {
    let Some(id) = known.value_id else {
        return Ok(());
    };
    let Some((_, content)) = current(viewer, Kind::Kpi, id.uuid()).await? else {
        return Ok(());
    };
    let text = PeriodText::read(&content)?;
    let said = |quantity: Option<Quantity>| quantity.map(|quantity| quantity.to_string());
    let target = known
        .target
        .map_or((None, None), |target| (said(target.low), said(target.high)));
    let words = (&kpi.title, &kpi.unit, kpi.direction, known.period.to_string());
    let signed = (&text.title, &text.unit, text.direction, text.period);
    let is_sealed = known
        .standing
        .as_ref()
        .is_some_and(|standing| matches!(standing.state, State::Sealed { .. }));
    // A KPI may be renamed later; what was sealed keeps the words that it was sealed with.
    if (is_sealed || words == signed)
        && said(known.value).as_ref() == Some(&text.value)
        && (is_sealed || target == (text.at_least, text.at_most))
    {
        Ok(())
    } else {
        Err(Error::Conflict)
    }
}

/// The period before and the one after, where there are any.
fn neighbours(viewer: &Viewer, kpi: &Kpi, period: Day) -> impl IntoView + use<> {
    let today = viewer.today();
    let (before, after) = (kpi.cadence.step(period, -1), kpi.cadence.step(period, 1));
    let link = |of: Day, arrow: [&str; 2]| {
        let href = viewer.path(&format!("{}/periods/{of}", kpi.path()));
        let words = format!("{}{}{}", arrow[0], kpi.cadence.format(of, today), arrow[1]);
        view! {
            <a class="button is-small" href=href>
                {words}
            </a>
        }
    };
    let before = (before >= kpi.starts_on).then(|| link(before, ["← ", ""]));
    let after = (after <= kpi.cadence.last_complete(today)).then(|| link(after, ["", " →"]));
    view! {
        <nav class="page-actions period-steps" aria-label="Periods">
            {before}
            {after}
        </nav>
    }
}

fn figure(kpi: &Kpi, value: Quantity, aim: Option<Target>) -> impl IntoView + use<> {
    let aim = aim.map_or_else(
        || "no target".to_owned(),
        |target| {
            format!(
                "target {}, {}% reached",
                target.format(&kpi.unit),
                target.achievement(value)
            )
        },
    );
    view! {
        <p class="figure">
            <strong>{with_unit(value, &kpi.unit)}</strong>
            " "
            <span class="faint">{aim}</span>
        </p>
    }
}

/// A value far from the one before it is pointed at before it is confirmed, wherever it came from: a feed
/// cannot be asked.
fn far_in_words(kpi: &Kpi, periods: &[Period], period: Day) -> Option<String> {
    let of = |known: &Period| known.value;
    let value = periods.iter().find(|known| known.period == period).and_then(of)?;
    let before = periods
        .iter()
        .filter(|known| known.period < period)
        .max_by_key(|known| known.value.map(|_| known.period))
        .and_then(of)?;
    is_far_from(value, before).then(|| {
        format!(
            "This value is far from the one before it, {}. Check it before you confirm.",
            with_unit(before, &kpi.unit)
        )
    })
}

/// What there is to say of a period that has no value.
fn owed_in_words(kpi: &Kpi, period: Day, aim: Option<Target>, today: Day) -> String {
    let is_owed = kpi.awaited(today).is_some_and(|from| period >= from);
    let (due, aim) = (
        kpi.asked.due(period),
        aim.map_or_else(String::new, |aim| format!(" Target: {}.", aim.format(&kpi.unit))),
    );
    match kpi.formula {
        Some(_) => format!("No value yet: some KPIs it is computed from have none.{aim}"),
        None if !is_owed => format!("No value was entered.{aim}"),
        None if due < today => format!(
            "No value yet. Due from {} since {}.{aim}",
            kpi.driver,
            due.format(today)
        ),
        None => format!(
            "No value yet. {} enters it by {}.{aim}",
            kpi.driver,
            due.format(today)
        ),
    }
}

/// The last periods up to this one, where there is a line to draw.
fn recent_chart(kpi: &Kpi, periods: &[Period]) -> Option<impl IntoView + use<>> {
    let most = usize::try_from(kpi.cadence.shown()).unwrap_or(usize::MAX);
    let shown = &periods[periods.len().saturating_sub(most)..];
    let values = shown.iter().filter(|known| known.value.is_some()).count();
    (values > 1).then(|| chart(kpi, shown))
}

/// Folded until it is wanted, or was refused.
fn correct_part(kpi: &Kpi, form: Form, action: String, is_refused: bool) -> impl IntoView + use<> {
    let section = enter_section(kpi, true, form, action);
    view! {
        <details class="adds" open=is_refused>
            <summary>"Correct the value…"</summary>
            {section}
        </details>
    }
}

fn enter_section(kpi: &Kpi, has_value: bool, form: Form, action: String) -> impl IntoView + use<> {
    let label = if kpi.unit.is_empty() {
        "Value".to_owned()
    } else {
        format!("Value in {}", kpi.unit)
    };
    view! {
        <Section title=if has_value { "Correct the value" } else { "Enter the value" }>
            <PostForm form=form action=action class="is-short">
                <Hidden name="back" />
                <TextField name="value" label=label inputmode="decimal" max_length=20 />
                {has_value
                    .then(|| {
                        view! {
                            <TextField
                                name="because"
                                label="Reason for the change"
                                max_length=300
                                help="The earlier value stays on record. Both owners have to confirm again."
                            />
                        }
                    })}
                <SureTick />
                <Actions verb=if has_value { "Correct the value" } else { "Enter the value" } />
            </PostForm>
        </Section>
    }
}

/// The form of who attests; `people` may do what corrects, `milestones` may take it as a checkpoint.
fn attest_section(
    side: Side,
    digest: String,
    said: &str,
    form: Form,
    action: String,
    [people, milestones]: [Vec<(String, String)>; 2],
) -> impl IntoView + use<> {
    let statuses = vec![
        (
            Health::OnTrack.as_str().to_owned(),
            "On track".to_owned(),
            String::new(),
        ),
        (
            Health::AtRisk.as_str().to_owned(),
            "At risk".to_owned(),
            String::new(),
        ),
        (
            Health::OffTrack.as_str().to_owned(),
            "Off track".to_owned(),
            "Needs one line of explanation and a corrective action.".to_owned(),
        ),
        (
            "wrong".to_owned(),
            "The number is wrong".to_owned(),
            "It goes back to the driver with your reason.".to_owned(),
        ),
    ];
    let verb = format!("Confirm {said} for {}", side.name());
    view! {
        <Section title=format!("Confirm for {}", side.name())>
            <p class="faint">"The other side sees your status once both have answered."</p>
            <DigestLine digest=digest.clone() covers="this value, its period and its target" />
            <PostForm form=form action=action>
                <Hidden name="digest" value=digest />
                <Hidden name="back" />
                <RadioGroup name="status" label="How do you see it?" options=statuses />
                <Select
                    name="confidence"
                    label="Confidence that the next target is reached"
                    options=percents()
                    none="Not said"
                    optional=true
                />
                <TextField
                    name="insight"
                    label="Explanation, or what is wrong with the number"
                    max_length=300
                    optional=true
                />
                <div class="for-off-track">
                <TextField name="action" label="Corrective action" max_length=200 optional=true />
                <Fields>
                    <Select
                        name="action_owner"
                        label="Who does it"
                        options=people
                        none="Choose"
                        optional=true
                    />
                    <TextField name="action_due_on" label="By when" kind="date" max_length=10 optional=true />
                </Fields>
                <Select
                    name="action_milestone"
                    label="A checkpoint of"
                    options=milestones
                    none="Choose a milestone"
                    optional=true
                    help="The action becomes a checkpoint there, once both sides have confirmed."
                />
                </div>
                <Actions verb=verb />
            </PostForm>
        </Section>
    }
}

/// What each owner said, while both may be seen.
fn judgements(viewer: &Viewer, standing: &Standing, known: Option<&Period>) -> Vec<AnyView> {
    let today = viewer.today();
    known
        .map(|known| {
            [
                (Side::Marketing, known.marketing.clone()),
                (Side::Technology, known.technology.clone()),
            ]
        })
        .into_iter()
        .flatten()
        .filter_map(|(side, judged)| {
            let judged = judged?;
            let who = standing.seat(side).map(|seat| {
                let day = viewer.day_of(seat.at).format(today);
                let when = format!("{day}, {}", seat.at.time_in(viewer.zone()));
                let invited = seat.invited_by.as_ref().map(|who| format!("Invited by {who}"));
                (seat.signer.clone(), join_details([Some(when), invited]))
            });
            let (signer, when) = who.unzip();
            let sure = judged.confidence.map(|percent| format!(" {percent}% confident"));
            let action = judged
                .action
                .map(|(action, owner, due)| format!("{action} · {owner} by {}", due.format(today)));
            Some(
                view! {
                    <li class="row">
                        <span class=format!("side is-{}", side.as_str())>{side.name()}</span>
                        <span class="row-main">
                            <span>
                                {signer.map(|signer| view! { <strong>{signer}</strong> " " })}
                                <Pill word=judged.status.word() />
                                {sure}
                            </span>
                            {judged.insight.map(|insight| view! { <span>{insight}</span> })}
                            {action.map(|action| view! { <span class="faint">{action}</span> })}
                            {when.map(|when| view! { <span class="faint">{when}</span> })}
                        </span>
                    </li>
                }
                .into_any(),
            )
        })
        .collect()
}

fn attestations(
    viewer: &Viewer,
    standing: Standing,
    known: Option<&Period>,
    withdraw: String,
) -> impl IntoView + use<> {
    let (viewer, withdrawable) = (viewer.clone(), standing.given_by(viewer));
    let judged = judgements(&viewer, &standing, known);
    // Where both have said how they see it, who signed stands beside that.
    let says_it_all = judged.len() == Side::BOTH.len();
    let seen = known.map(|period| (period.marketing.as_ref(), period.technology.as_ref()));
    let sealed = if let Some((Some(marketing), Some(technology))) = seen
        && marketing.status != technology.status
    {
        "Both confirmed it, and see it differently."
    } else {
        "Confirmed."
    };
    view! {
        <Section title="Confirmations">
            <StandingLine standing=standing.clone() viewer=viewer.clone() sealed=sealed />
            {(!says_it_all)
                .then(|| {
                    view! {
                        <Signatures
                            standing=standing
                            viewer=viewer.clone()
                            who_may="The owner of this side, or its lead"
                        />
                    }
                })}
            {(!judged.is_empty()).then(|| view! { <ul class="rows">{judged}</ul> })}
            {withdrawable
                .is_some()
                .then(|| {
                    view! {
                        <form method="post" action=withdraw>
                            <button class="button" type="submit">
                                "Withdraw my confirmation"
                            </button>
                        </form>
                    }
                })}
        </Section>
    }
}
