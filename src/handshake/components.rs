//! The seats glyph and what stands beside it: the same for every shared thing.

use leptos::prelude::*;

use super::{
    State, Verdict,
    read::{EarlierObjection, Seat, Standing},
    short_digest,
};
use crate::{
    identity::{Side, Viewer},
    platform::{
        error::Result,
        form::Form,
        time::{Day, Zone, for_days},
    },
    ui::{Actions, AskFirst, Hidden, Notice, PostForm, RadioGroup, TextArea},
};

/// How one half is drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Half {
    Empty,
    Filled,
    Objected,
    Stale,
}

/// Where a handshake stands, in words: the glyph's label and tooltip, and what is written beside it.
pub fn standing_label(standing: Option<&Standing>, zone: &Zone, today: Day) -> String {
    let Some(standing) = standing else {
        return "Not proposed yet".to_owned();
    };
    let signed = |side: Side| {
        standing.seat(side).map(|seat| {
            let verb = match seat.verdict {
                Verdict::Agree => "signed",
                Verdict::AgreeWithConditions => "signed with a condition",
                Verdict::Object => "objected",
            };
            format!(
                "{} {verb} {} by {}",
                side.name(),
                seat.at.day_in(zone).format(today),
                seat.signer
            )
        })
    };
    match standing.state {
        State::Open => format!(
            "Waiting for both sides {}",
            for_days(today.days_since(standing.opened_at.day_in(zone)))
        ),
        State::HalfSigned { by, since } => {
            format!(
                "{}; {} has not signed {}",
                signed(by).unwrap_or_default(),
                by.other().name(),
                for_days(today.days_since(since.day_in(zone)))
            )
        }
        State::Sealed { at } => {
            format!(
                "Both sides signed {}: {}; {}",
                at.day_in(zone).format(today),
                signed(Side::Marketing).unwrap_or_default(),
                signed(Side::Technology).unwrap_or_default()
            )
        }
        State::Objected { by } => signed(by).unwrap_or_default(),
        State::Stale => "The text has changed since it was proposed".to_owned(),
    }
}

/// The two half-discs. `stale` draws both dashed: agreed once, changed since.
#[component]
pub fn Seats(
    standing: Option<Standing>,
    viewer: Viewer,
    #[prop(optional)] stale: bool,
    #[prop(optional)] large: bool,
) -> impl IntoView {
    let words = if stale {
        "Changed since both sides signed".to_owned()
    } else {
        standing_label(standing.as_ref(), viewer.zone(), viewer.today())
    };
    let half = |side: Side| match (&standing, stale) {
        (_, true) => Half::Stale,
        (None, _) => Half::Empty,
        (Some(standing), _) => match standing.seat(side).map(|seat| seat.verdict) {
            None => Half::Empty,
            Some(Verdict::Object) => Half::Objected,
            Some(_) => Half::Filled,
        },
    };
    let sealed = !stale && matches!(standing.as_ref().map(|s| s.state), Some(State::Sealed { .. }));
    glyph(
        words,
        half(Side::Marketing),
        half(Side::Technology),
        sealed,
        large,
    )
}

fn glyph(words: String, marketing: Half, technology: Half, sealed: bool, large: bool) -> impl IntoView {
    let class = |side: &str, half: Half| {
        let state = match half {
            Half::Empty => "is-empty",
            Half::Filled => "is-filled",
            Half::Objected => "is-objected",
            Half::Stale => "is-stale",
        };
        format!("half is-{side} {state}")
    };
    let size = if large { "28" } else { "18" };
    // Closed into one disc when sealed; a gap between the halves until then.
    let (left, right) = if sealed {
        ("M12 2a10 10 0 0 0 0 20z", "M12 2a10 10 0 0 1 0 20z")
    } else {
        ("M11 2.5a9.5 9.5 0 0 0 0 19z", "M13 2.5a9.5 9.5 0 0 1 0 19z")
    };
    let label = words.clone();
    view! {
        <svg class="seats" viewBox="0 0 24 24" width=size height=size role="img" aria-label=label>
            <title>{words}</title>
            <path class=class("marketing", marketing) d=left></path>
            <path class=class("technology", technology) d=right></path>
            {(marketing == Half::Objected).then(|| view! { <path class="stroke" d="M3 19 11 5"></path> })}
            {(technology == Half::Objected).then(|| view! { <path class="stroke" d="M13 19 21 5"></path> })}
            {sealed.then(|| view! { <path class="tick" d="M7.5 12.5l3 3 6-6.5"></path> })}
        </svg>
    }
}

/// "1 of 2 signed. Waiting for Technology for 4 days."
#[component]
pub fn StandingLine(
    standing: Standing,
    viewer: Viewer,
    /// What follows an objection.
    #[prop(default = " A new proposal is needed before anybody can sign.")]
    sent_back: &'static str,
    /// In place of "Agreed", where two signatures are no agreement.
    #[prop(default = "Agreed.")]
    sealed: &'static str,
) -> impl IntoView {
    let (zone, today) = (viewer.zone().clone(), viewer.today());
    let count = standing.agreement_count();
    let (strong, rest) = match standing.state {
        State::Open => (
            "0 of 2 signed.".to_owned(),
            format!(
                " Waiting for Marketing and Technology {}.",
                for_days(today.days_since(standing.opened_at.day_in(&zone)))
            ),
        ),
        State::HalfSigned { by, since } => (
            format!("{count} of 2 signed."),
            format!(
                " Waiting for {} {}.",
                by.other().name(),
                for_days(today.days_since(since.day_in(&zone)))
            ),
        ),
        State::Sealed { at } => (
            sealed.to_owned(),
            format!(
                " Both sides signed this text, the second on {}.",
                at.day_in(&zone).format(today)
            ),
        ),
        State::Objected { by } => (format!("{} objected.", by.name()), sent_back.to_owned()),
        State::Stale => (
            "The text has changed.".to_owned(),
            " It has to be proposed again.".to_owned(),
        ),
    };
    view! {
        <p class="standing">
            <Seats standing=Some(standing) viewer=viewer large=true />
            <span>
                <strong>{strong}</strong>
                {rest}
            </span>
        </p>
    }
}

/// Both seats, who filled them, and what they said.
#[component]
pub fn Signatures(standing: Standing, viewer: Viewer, #[prop(into)] who_may: String) -> impl IntoView {
    let today = viewer.today();
    let rows = Side::BOTH
        .into_iter()
        .map(|side| {
            let seat = standing.seat(side).cloned();
            let since = match standing.state {
                State::HalfSigned { since, .. } => since,
                _ => standing.opened_at,
            };
            let waited = today.days_since(viewer.day_of(since));
            let empty_words = who_may.clone();
            let what = match &seat {
                Some(seat) => seat_words(seat, &viewer).into_any(),
                None if standing.disputing().is_some() => view! {
                    <strong>"Not signed"</strong>
                    <span class="faint">"Can sign once the objection is answered."</span>
                }
                .into_any(),
                None => view! {
                    <strong>{format!("Not signed yet, waiting {}", for_days(waited))}</strong>
                    <span class="faint">{empty_words}</span>
                }
                .into_any(),
            };
            let (mark, class) = match seat.as_ref().map(|s| s.verdict) {
                Some(Verdict::Object) => ("✕", "verdict-mark is-objected"),
                Some(_) => ("✓", "verdict-mark is-signed"),
                None => ("", "verdict-mark"),
            };
            view! {
                <li class="row signature">
                    <span class=format!("side is-{}", side.as_str())>{side.name()}</span>
                    <span class="row-main">{what}</span>
                    <span class=class aria-hidden="true">
                        {mark}
                    </span>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="rows">{rows}</ul> }
}

fn seat_words(seat: &Seat, viewer: &Viewer) -> impl IntoView + use<> {
    let day = viewer.day_of(seat.at).format(viewer.today());
    let time = seat.at.time_in(viewer.zone());
    let reason = seat.reason.clone();
    let invited = seat.invited_by.as_ref().map(|who| format!("Invited by {who}"));
    view! {
        <strong>{format!("{} {}", seat.signer, seat.verdict.past())}</strong>
        <span class="faint">
            {format!("{day}, {time}")}{reason.map(|reason| format!(" · “{reason}”"))}
        </span>
        {invited.map(|invited| view! { <span class="faint">{invited}</span> })}
    }
}

/// What was objected to in earlier texts; nothing where nobody did.
pub fn earlier_objections(viewer: &Viewer, objections: Vec<EarlierObjection>) -> impl IntoView + use<> {
    let rows = objections
        .into_iter()
        .map(|objection| {
            let day = viewer.day_of(objection.at).format(viewer.today());
            let reason = objection.reason.map(|reason| format!(" · “{reason}”"));
            let of = if objection.is_lapsed {
                ""
            } else {
                " to an earlier text"
            };
            let said = format!("{} objected{of}", objection.signer);
            view! {
                <li class="row signature">
                    <span class=format!("side is-{}", objection.side.as_str())>{objection.side.name()}</span>
                    <span class="row-main">
                        <strong>{said}</strong>
                        <span class="faint">{day} {reason}</span>
                    </span>
                </li>
            }
        })
        .collect_view();
    let has_some = !rows.is_empty();
    has_some.then(|| view! { <ul class="rows earlier-objections">{rows}</ul> })
}

/// The moment in which a text is agreed: the seal, both names with their days, and what happens now: words,
/// and the page within the workspace where that is.
#[component]
pub fn SealCard(
    standing: Standing,
    viewer: Viewer,
    next: Vec<(String, Option<String>)>,
    /// What was agreed.
    children: Children,
) -> impl IntoView {
    let today = viewer.today();
    let State::Sealed { at } = standing.state else {
        return ().into_any();
    };
    let names = Side::BOTH
        .into_iter()
        .filter_map(|side| {
            let seat = standing.seat(side)?;
            let reason = seat.reason.as_ref().map(|reason| format!("“{reason}”"));
            Some(view! {
                <li>
                    <span class=format!("side is-{}", side.as_str())>{side.name()}</span>
                    <strong>{seat.signer.clone()}</strong>
                    <span class="faint">
                        {format!("{} {}", seat.verdict.past(), viewer.day_of(seat.at).format(today))}
                    </span>
                    {reason.map(|reason| view! { <span class="faint">{reason}</span> })}
                </li>
            })
        })
        .collect_view();
    let next = next
        .into_iter()
        .map(|(words, path)| {
            let linked = match path {
                Some(path) => view! { <a href=viewer.path(&path)>{words}</a> }.into_any(),
                None => view! { <span>{words}</span> }.into_any(),
            };
            view! { <li>{linked}</li> }
        })
        .collect::<Vec<_>>();
    let day = viewer.day_of(at).format_long();
    view! {
        <section class="card seal-card" aria-label="Agreed">
            <svg class="seats seal" viewBox="0 0 24 24" width="72" height="72" aria-hidden="true">
                <path class="half is-marketing is-filled" d="M12 2a10 10 0 0 0 0 20z"></path>
                <path class="half is-technology is-filled" d="M12 2a10 10 0 0 1 0 20z"></path>
                <path class="tick" d="M7.5 12.5l3 3 6-6.5"></path>
            </svg>
            <div>
                <p class="eyebrow">{format!("Agreed by both sides on {day}")}</p>
                {children()}
                <ul class="seal-names">{names}</ul>
                {(!next.is_empty())
                    .then(|| {
                        view! {
                            <h3>"What happens now"</h3>
                            <ul class="plain">{next}</ul>
                        }
                    })}
                <p class="page-actions">
                    <button class="button" type="button" data-print="">
                        "Print the record"
                    </button>
                    <a class="button" href=viewer.path("desk")>
                        "Back to the desk"
                    </a>
                </p>
            </div>
        </section>
    }
    .into_any()
}

/// The digest, short for reading and whole for comparing; folded, as few ask for it. `children` are what else
/// there is for the record.
#[component]
pub fn RecordDetails(
    #[prop(into)] digest: Option<String>,
    #[prop(into)] covers: String,
    children: Children,
) -> impl IntoView {
    view! {
        <details class="record-details">
            <summary>"Record details"</summary>
            {digest.map(|digest| view! { <DigestLine digest=digest covers=covers /> })}
            {children()}
        </details>
    }
}

/// The digest, short for reading and whole for comparing.
#[component]
pub fn DigestLine(#[prop(into)] digest: String, #[prop(into)] covers: String) -> impl IntoView {
    view! {
        <p class="faint digest">
            "Digest "<code title=digest.clone()>{short_digest(&digest)}</code>" · the signature covers "
            {covers}
        </p>
    }
}

/// The form in which a seat is filled. `children` are the fields that a verdict of this kind of thing needs
/// besides.
#[component]
pub fn SignForm(
    form: Form,
    standing: Standing,
    side: Side,
    #[prop(into)] what: String,
    #[prop(into)] cancel: String,
    conditions: bool,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let mut options = vec![(
        Verdict::Agree.as_str().to_owned(),
        "Agree".to_owned(),
        format!("{} signs this text.", side.name()),
    )];
    if conditions {
        options.push((
            Verdict::AgreeWithConditions.as_str().to_owned(),
            "Agree with a condition".to_owned(),
            "The condition becomes a checkpoint once both sides have signed.".to_owned(),
        ));
    }
    options.push((
        Verdict::Object.as_str().to_owned(),
        "Object".to_owned(),
        "It goes back to the proposer with your reason.".to_owned(),
    ));
    let digest = standing.digest.clone();
    view! {
        <PostForm form=form class="sign-form">
            <Hidden name="digest" value=digest />
            <RadioGroup name="verdict" label=format!("Your answer for {}", side.name()) options=options />
            <div class="for-reason">
                <TextArea
                    name="reason"
                    label=if conditions { "Your condition, or why you object" } else { "Why you object" }
                    help=if conditions { "Needed for a condition or an objection." } else { "Needed if you object." }
                    rows=3
                    max_length=1000
                    sometimes=true
                />
            </div>
            {children.map(|children| view! { <div class="for-condition">{children()}</div> })}
            <Actions verb=format!("Sign {what} for {}", side.name()) objecting=format!("Object for {}", side.name()) cancel=cancel />
        </PostForm>
    }
}

/// Reads the verdict and its reason from a [`SignForm`]; a reason beside plain agreement counts for nothing.
pub fn verdict(form: &mut Form) -> Result<(Verdict, Option<String>)> {
    let verdict: Verdict = form.choice("verdict").ok_or_else(|| form.refusal())?;
    let reason = form
        .optional_paragraphs("reason", 1000)
        .ok_or_else(|| form.refusal())?;
    Ok((
        verdict,
        (verdict.needs_reason() && !reason.is_empty()).then_some(reason),
    ))
}

/// What a signature led to, as a notice.
pub fn notice(state: State) -> Notice {
    match state {
        State::Sealed { .. } => Notice::Sealed,
        State::Objected { .. } => Notice::Objected,
        _ => Notice::Signed,
    }
}

/// What the viewer may do about a seat of what lies on the table at `path`: fill it, or empty it again.
pub fn seat_actions(viewer: &Viewer, standing: Option<&Standing>, path: &str) -> impl IntoView + use<> {
    let given = standing.and_then(|standing| standing.given_by(viewer));
    let open = standing.and_then(|standing| standing.open_to(viewer));
    let (sign, withdraw) = (format!("{path}/sign"), format!("{path}/withdraw"));
    view! {
        {given.map(|given| view! { <WithdrawForm given=given action=withdraw /> })}
        {open
            .map(|side| {
                view! {
                    <a class="button is-primary" href=sign>
                        {format!("Sign for {}…", side.name())}
                    </a>
                }
            })}
    }
}

/// Empties the seat that the viewer filled.
#[component]
pub fn WithdrawForm(
    /// What they answered.
    given: Verdict,
    action: String,
) -> impl IntoView {
    let (what, did) = match given {
        Verdict::Object => ("objection", "objected"),
        Verdict::Agree | Verdict::AgreeWithConditions => ("signature", "signed"),
    };
    view! {
        <AskFirst
            id="withdraw"
            verb=format!("Withdraw my {what}…")
            question=format!("Withdraw your {what}?")
            follows=format!(
                "Your seat is empty again, and the text waits for your side. The history keeps that you {did}.",
            )
            yes="Withdraw it"
            no="Keep it"
            action=action
        />
    }
}
