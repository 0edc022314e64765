//! Capacity: what both sides can take in a quarter, and what is claimed of it.

use axum::extract::Path;
use leptos::prelude::*;

use super::{
    Load, load,
    read::{self, Claim, Quarter},
    text::OverrideText,
    write,
};

use crate::{
    handshake::{
        Kind, State,
        components::{DigestLine, SignForm, Signatures, StandingLine, seat_actions},
        page::{SigningPage, TablePage},
        read::{Standing, current},
        text::SignedText as _,
    },
    identity::{Action, FormResponse, Page, Redirect, Side, Viewer, respond},
    platform::{
        error::{Error, Result},
        form::Form,
        text::join_names,
        time::{Day, days},
    },
    ui::{Actions, Crumb, Fields, Notice, Pill, PostForm, Section, Select, TextArea, TextField, Warning},
};

/// The room that the navigation marks.
const ROOM: &str = "capacity";

/// `/capacity`: this quarter's.
pub async fn show_current(viewer: Viewer) -> Result<Page> {
    page(&viewer, viewer.today().quarter(), Form::blank()).await
}

/// Quarters further away than this are not linked.
const LINKED_MONTHS: i32 = 24;

fn parse_quarter(quarter: &str) -> Result<Day> {
    quarter
        .parse()
        .ok()
        .filter(|day: &Day| day.quarter() == *day && (2000..=2199).contains(&day.0.year()))
        .ok_or(Error::NotFound)
}

pub async fn show(viewer: Viewer, Path((_, quarter)): Path<(String, String)>) -> Result<Page> {
    page(&viewer, parse_quarter(&quarter)?, Form::blank()).await
}

async fn on_table(viewer: &Viewer, found: &Quarter) -> Result<Option<(Standing, OverrideText)>> {
    let Some(id) = found.override_id else {
        return Ok(None);
    };
    let Some((standing, content)) = current(viewer, Kind::Capacity, id.uuid()).await? else {
        return Ok(None);
    };
    let signed = OverrideText::read(&content)?;
    Ok(Some((standing, signed)))
}

async fn page(viewer: &Viewer, quarter: Day, form: Form) -> Result<Page> {
    let found = read::quarter(viewer, quarter).await?;
    let agreed = on_table(viewer, &found).await?;
    Ok(Page::new(
        viewer,
        ROOM,
        format!("Capacity in {}", quarter.quarter_label()),
        move |viewer| view(&viewer, quarter, found, agreed, form),
    ))
}

fn view(
    viewer: &Viewer,
    quarter: Day,
    found: Quarter,
    agreed: Option<(Standing, OverrideText)>,
    form: Form,
) -> impl IntoView + use<> {
    let path = viewer.path(&format!("capacity/{quarter}"));
    let is_overridden = agreed
        .as_ref()
        .is_some_and(|(standing, _)| matches!(standing.state, State::Sealed { .. }));
    let loads = Side::BOTH.map(|side| (side, found.cap(side), found.claim_total(side)));
    let is_over = loads
        .iter()
        .any(|(_, cap, claimed)| matches!(load(*cap, *claimed), Load::Over(_)));
    let tiles = loads
        .into_iter()
        .map(|(side, cap, claimed)| {
            let parts = found
                .claims
                .iter()
                .map(|claim| (claim.title.clone(), claim.days(side)))
                .filter(|(_, days)| *days > 0)
                .collect();
            tile(side, cap, claimed, parts, is_overridden)
        })
        .collect_view();
    let (planned, without): (Vec<&Claim>, Vec<&Claim>) = found
        .claims
        .iter()
        .partition(|claim| Side::BOTH.iter().any(|side| claim.days(*side) > 0));
    let rows = claim_rows(viewer, &planned);
    let has_rows = !planned.is_empty();
    let without = without_days(&without);
    let manageable: Vec<(String, String)> = found
        .claims
        .iter()
        .filter(|claim| viewer.may(Action::ManageInitiative { leads: claim.leads() }))
        .map(|claim: &Claim| (claim.id.to_string(), claim.title.clone()))
        .collect();
    let own_side = viewer.side().filter(|_| viewer.may(Action::StartInitiative));
    // What was refused comes back to the form that it was typed into.
    let form_of = |what: &str| {
        if form.raw("what") == what {
            form.clone()
        } else {
            Form::blank()
        }
    };
    let (cap_form, claim_form, override_form) = (form_of("cap"), form_of("claim"), form_of("override"));
    let is_agreed = agreed.as_ref().is_some_and(|(standing, _)| standing.is_sealed());
    let own_cap = own_side.and_then(|side| found.cap(side));
    let cap_form = match own_cap {
        Some(days) if !cap_form.is_typed() => cap_form.with("days", days.to_string()),
        _ => cap_form,
    };
    let (cap_action, claim_action, override_action) = (
        format!("{path}/cap"),
        format!("{path}/claim"),
        format!("{path}/override"),
    );
    let proposes = (is_over
        && agreed
            .as_ref()
            .is_none_or(|(standing, _)| standing.disputing().is_some())
        && viewer.may(Action::StartInitiative))
        || override_form.is_typed();
    view! {
        {head(viewer, quarter)}
        <div class="tiles">{tiles}</div>
        {agreed.map(|(standing, signed)| agreement(viewer, standing, signed, &path))}
        <Section title="Planned days">
            {has_rows.then(|| claim_table(rows.into_any()))}
            {without.map(|without| view! { <p class="faint">{without}</p> })}
            {(!manageable.is_empty()).then(|| { claim_form_for(manageable, claim_form, claim_action, is_agreed) })}
        </Section>
        {own_side.map(|side| cap_section(side, cap_form, cap_action))}
        {proposes.then(|| override_section(override_form, override_action))}
    }
}

fn head(viewer: &Viewer, quarter: Day) -> impl IntoView + use<> {
    let this_quarter = viewer.today().quarter();
    let (first, last) = (
        this_quarter.plus_months(-LINKED_MONTHS),
        this_quarter.plus_months(LINKED_MONTHS),
    );
    let neighbours: Vec<Day> = [quarter.plus_months(-3), quarter.plus_months(3)]
        .into_iter()
        .filter(|near| (first..=last).contains(near))
        .collect();
    view! {
        <header class="page-head">
            <div>
                <h1>{format!("Capacity in {}", quarter.quarter_label())}</h1>
                <p class="lead">
                    "Person-days per side. Over the limit, cut something, or both leads sign an exception."
                </p>
            </div>
            <div class="page-actions">
                {neighbours
                    .into_iter()
                    .map(|near| {
                        view! {
                            <a class="button" href=viewer.path(&format!("capacity/{near}"))>
                                {near.quarter_label()}
                            </a>
                        }
                    })
                    .collect_view()}
            </div>
        </header>
    }
}

/// The width of a side's bar.
const BAR: i64 = 360;

/// Planned days as one bar, an initiative beside the other, and the limit as a line; what is over it is
/// hatched.
fn bar(side: Side, cap: Option<i64>, claimed: i64, parts: Vec<(String, i64)>) -> impl IntoView {
    let whole = claimed.max(cap.unwrap_or(0)).max(1);
    let x = |days: i64| days * BAR / whole;
    let mut from = 0;
    let segments = parts
        .into_iter()
        .map(|(title, planned)| {
            let (left, right) = (x(from), x(from + planned));
            from += planned;
            let label = format!("{title}: {}", days(planned));
            view! {
                <rect class="load-part" x=left y="4" width=(right - left - 1).max(1) height="16">
                    <title>{label}</title>
                </rect>
            }
        })
        .collect_view();
    let over = cap.filter(|cap| claimed > *cap).map(|cap| {
        view! { <rect class="load-over" x=x(cap) y="4" width=x(claimed) - x(cap) height="16"></rect> }
    });
    let limit = cap.map(
        |cap| view! { <path class="load-limit" d=format!("M{} 0v24", x(cap).clamp(1, BAR - 1))></path> },
    );
    view! {
        <svg class=format!("load is-{}", side.as_str()) viewBox=format!("0 0 {BAR} 24") aria-hidden="true">
            <rect class="progress-all" y="4" width=BAR height="16" rx="3"></rect>
            {segments}
            {over}
            {limit}
        </svg>
    }
}

fn tile(
    side: Side,
    cap: Option<i64>,
    claimed: i64,
    parts: Vec<(String, i64)>,
    is_overridden: bool,
) -> impl IntoView {
    let stands = load(cap, claimed);
    let of = cap.map_or_else(|| "no limit".to_owned(), |cap| format!("of {}", days(cap)));
    view! {
        <div class="card tile">
            <p class="faint">
                <span class=format!("side is-{}", side.as_str())>{side.name()}</span>
            </p>
            <p class="figure">
                <strong>{claimed}</strong>
                " "
                <span class="faint">{of}</span>
            </p>
            {bar(side, cap, claimed, parts)}
            <Pill word=stands.word(is_overridden) />
            <span class="faint">{stands.detail(is_overridden)}</span>
        </div>
    }
}

fn claim_rows(viewer: &Viewer, claims: &[&Claim]) -> impl IntoView + use<> {
    claims
        .iter()
        .map(|claim| {
            let href = viewer.path(&format!("initiatives/{}", claim.number));
            view! {
                <tr>
                    <th scope="row">
                        <a href=href>{claim.title.clone()}</a>
                    </th>
                    <td class="number" data-label="Marketing">
                        {claim.marketing_days}
                    </td>
                    <td class="number" data-label="Technology">
                        {claim.technology_days}
                    </td>
                </tr>
            }
        })
        .collect_view()
}

/// Initiatives that are named where no days are planned for them.
const MOST_UNPLANNED: usize = 6;

/// "No days are planned for Store pickup journey and Voice of the customer."
fn without_days(claims: &[&Claim]) -> Option<String> {
    let more = claims.len().saturating_sub(MOST_UNPLANNED);
    let more = (more > 0).then(|| format!("{more} more"));
    let names: Vec<&str> = claims
        .iter()
        .take(MOST_UNPLANNED)
        .map(|claim| claim.title.as_str())
        .chain(more.as_deref())
        .collect();
    (!names.is_empty()).then(|| format!("No days are planned for {}.", join_names(&names)))
}

fn claim_table(rows: AnyView) -> impl IntoView {
    view! {
        <table class="table is-stacked">
            <thead>
                <tr>
                    <th scope="col">"Initiative"</th>
                    <th scope="col" class="number">
                        "Marketing"
                    </th>
                    <th scope="col" class="number">
                        "Technology"
                    </th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

/// Why both leads let it go over the cap, and who signed that.
fn agreement(viewer: &Viewer, standing: Standing, signed: OverrideText, path: &str) -> impl IntoView + use<> {
    let seat = seat_actions(viewer, Some(&standing), path);
    let reader = viewer.clone();
    view! {
        <Section title="Exception agreed">
            <p class="prose">{signed.reason}</p>
            <StandingLine standing=standing.clone() viewer=reader.clone() />
            <Signatures standing=standing viewer=reader who_may="The lead of this side" />
            <div class="page-actions">{seat}</div>
        </Section>
    }
}

/// What happens to an exception that both leads signed.
const AGREED: &str =
    "Both leads signed these days. Changing them ends the exception, and both are asked again.";

fn claim_form_for(
    manageable: Vec<(String, String)>,
    form: Form,
    action: String,
    is_agreed: bool,
) -> impl IntoView {
    let is_open = form.is_typed();
    view! {
        <details class="adds" open=is_open>
            <summary>"Plan days"</summary>
            <PostForm form=form action=action class="is-short">
                <input type="hidden" name="what" value="claim" />
                <Select name="initiative" label="Initiative" options=manageable none="Choose" />
                <p>
                    "A side that has planned days changes them itself; until then, either side enters them. A
                    field left empty stays as it is."
                </p>
                <Warning text=is_agreed.then(|| AGREED.to_owned()) />
                <Fields>
                    <TextField
                        name="marketing"
                        label="Days of Marketing"
                        inputmode="numeric"
                        max_length=6
                        optional=true
                    />
                    <TextField
                        name="technology"
                        label="Days of Technology"
                        inputmode="numeric"
                        max_length=6
                        optional=true
                    />
                </Fields>
                <Actions verb="Plan" />
            </PostForm>
        </details>
    }
}

fn cap_section(side: Side, form: Form, action: String) -> impl IntoView {
    view! {
        <Section title=format!("Limit of {}", side.name())>
            <PostForm form=form action=action class="is-short">
                <input type="hidden" name="what" value="cap" />
                <TextField name="days" label="Person-days in this quarter" inputmode="numeric" max_length=6 />
                <Actions verb=format!("Set the limit of {}", side.name()) />
            </PostForm>
        </Section>
    }
}

fn override_section(form: Form, action: String) -> impl IntoView {
    view! {
        <Section title="Agree on an exception">
            <PostForm form=form action=action class="is-short">
                <input type="hidden" name="what" value="override" />
                <TextArea
                    name="reason"
                    label="Why you cut nothing"
                    help="Both leads sign this reason together with both limits and all planned days."
                    rows=3
                    max_length=1000
                />
                <Actions verb="Ask both leads to sign" />
            </PostForm>
        </Section>
    }
}

fn back(viewer: &Viewer, quarter: Day, done: Notice) -> Redirect {
    Redirect::to(viewer.path(&format!("capacity/{quarter}"))).with_notice(done)
}

pub async fn state_capacity(
    viewer: Viewer,
    Path((_, quarter)): Path<(String, String)>,
    mut form: Form,
) -> FormResponse {
    let quarter = parse_quarter(&quarter)?;
    let outcome = async {
        if !viewer.may(Action::StartInitiative) {
            return Err(Error::Forbidden);
        }
        let days = form.whole("days").ok_or_else(|| form.refusal())?;
        write::state_capacity(&viewer, quarter, days).await?;
        Ok(back(&viewer, quarter, Notice::Saved))
    }
    .await;
    respond(outcome, form, |form| page(&viewer, quarter, form)).await
}

pub async fn claim_capacity(
    viewer: Viewer,
    Path((_, quarter)): Path<(String, String)>,
    mut form: Form,
) -> FormResponse {
    let quarter = parse_quarter(&quarter)?;
    if !viewer.may(Action::SpeakForSide) {
        return Err(Error::Forbidden);
    }
    let outcome = async {
        let mut days = |field: &str| {
            let is_left = form.raw(field).trim().is_empty();
            if is_left { None } else { form.whole(field) }
        };
        let (marketing, technology) = (days("marketing"), days("technology"));
        let initiative = form.choice("initiative");
        let Some(initiative) = initiative.filter(|_| form.problems().is_empty()) else {
            return Err(form.refusal());
        };
        write::claim_capacity(&viewer, quarter, initiative, (marketing, technology)).await?;
        Ok(back(&viewer, quarter, Notice::Saved))
    }
    .await;
    respond(outcome, form, |form| page(&viewer, quarter, form)).await
}

pub async fn propose_override(
    viewer: Viewer,
    Path((_, quarter)): Path<(String, String)>,
    mut form: Form,
) -> FormResponse {
    let quarter = parse_quarter(&quarter)?;
    let outcome = async {
        if !viewer.may(Action::StartInitiative) {
            return Err(Error::Forbidden);
        }
        let reason = form.paragraphs("reason", 1000).ok_or_else(|| form.refusal())?;
        write::propose_override(&viewer, quarter, &reason).await?;
        Ok(back(&viewer, quarter, Notice::Proposed))
    }
    .await;
    respond(outcome, form, |form| page(&viewer, quarter, form)).await
}

impl TablePage for write::OverrideOnTable {
    type Address = (String, String);

    fn key((_, quarter): (String, String)) -> Result<Day> {
        parse_quarter(&quarter)
    }

    fn path(quarter: Day) -> String {
        format!("capacity/{quarter}")
    }
}

impl SigningPage for write::OverrideOnTable {
    async fn sign_page(viewer: &Viewer, quarter: Day, form: Form) -> Result<Page> {
        let found = read::quarter(viewer, quarter).await?;
        let (standing, signed) = on_table(viewer, &found).await?.ok_or(Error::NotFound)?;
        let side = standing.side_of_signer(viewer, form.is_typed())?;
        let cancel = viewer.path(&format!("capacity/{quarter}"));
        Ok(Page::new(
            viewer,
            ROOM,
            format!("Sign the exception: {}", quarter.quarter_label()),
            move |_| {
                let claimed = |side: Side| -> i64 {
                    signed
                        .claims
                        .iter()
                        .map(|(_, marketing, technology)| {
                            if side == Side::Marketing {
                                *marketing
                            } else {
                                *technology
                            }
                        })
                        .sum()
                };
                let cap = |side: Side| {
                    signed
                        .caps
                        .iter()
                        .find(|(of, _)| *of == side)
                        .map_or_else(|| "not stated".to_owned(), |(_, cap)| days(*cap))
                };
                let detail = Side::BOTH
                    .map(|side| {
                        format!(
                            "{}: {} planned, limit {}",
                            side.name(),
                            days(claimed(side)),
                            cap(side)
                        )
                    })
                    .join(". ");
                let rows = signed
                    .claims
                    .iter()
                    .map(|(title, marketing, technology)| {
                        view! {
                            <tr>
                                <th scope="row">{title.clone()}</th>
                                <td class="number" data-label="Marketing">{*marketing}</td>
                                <td class="number" data-label="Technology">{*technology}</td>
                            </tr>
                        }
                    })
                    .collect_view();
                view! {
                    <Crumb href=cancel.clone() text=format!("Capacity in {}", quarter.quarter_label()) />
                    <h1>{format!("Sign the exception for {}, for {}", quarter.quarter_label(), side.name())}</h1>
                    <p>"This is what you sign, in full."</p>
                    <p class="prose">{signed.reason.clone()}</p>
                    <p>{detail}"."</p>
                    {claim_table(rows.into_any())}
                    <DigestLine
                        digest=standing.digest.clone()
                        covers="the reason, both limits and all planned days"
                    />
                    <SignForm form=form standing=standing side=side what="this" cancel=cancel conditions=false />
                }
            },
        ))
    }
}
