//! The rows of the desk: what is owed, what is known about it, and what answers it.

use leptos::prelude::*;

use crate::{
    access::{owed::OwedCertification, read::Request},
    capacity::owed::CapExceeded,
    comments::mentions::Mention,
    decisions::owed::{OwedDecision, OwedRuling},
    definition::owed::OpenSuggestion,
    desk::read::{DeskItem, What},
    handshake::{
        Kind,
        components::{Seats, standing_label},
        owed::AwaitedSignature,
        read::Standing,
    },
    identity::Viewer,
    initiatives::owed::{OwedAcknowledgement, OwedAction, OwedCheckIn},
    kpis::{
        components::{AttestInPlace, EnterInPlace},
        owed::{OwedValue, PeriodToAttest},
        with_unit,
    },
    milestones::{
        components::PassInPlace,
        owed::{OwedAcceptance, OwedCheckpoint, OwedMilestone},
    },
    platform::{text::join_names, time::Day},
    reminders::{
        self,
        read::{Escalation, Reminder},
    },
    reviews::owed::{OwedReview, OwedReviewAction},
    rounds::{About, owed::OwedAnswer},
    sources::{
        owed::{OwedWords, Vacancy},
        read::OwedReading,
    },
    technologies::read::Technology,
    ui::{Pill, StatusWord, Tag, markdown::excerpt, part::Evidence},
};

/// The row at a place of the desk; what is owed decides its words and its verb. Whoever answers it comes back
/// to that place, where the next one stands then.
pub(super) fn row(viewer: &Viewer, place: usize, owed: DeskItem) -> AnyView {
    let (pill, back) = (
        due_pill(place, owed.due_on, viewer.today()).into_any(),
        viewer.path(&format!("desk#row-{place}")),
    );
    match owed.what {
        What::Milestone(milestone) => milestone_row(viewer, pill, &milestone),
        What::CapExceeded(cap) => cap_row(viewer, pill, &cap),
        What::Objection(waiting) => objection_row(viewer, pill, &waiting),
        What::Checkpoint(checkpoint) => checkpoint_row(viewer, (pill, back), checkpoint),
        What::AcceptCheckpoint(passed) => acceptance_row(viewer, (pill, back), passed),
        What::Grant(request) => grant_row(viewer, pill, &request),
        What::AskAnew(request) => ask_anew_row(viewer, pill, &request),
        What::Certify(owed) => certify_row(viewer, pill, &owed),
        What::Shut(request) => shut_row(viewer, pill, &request),
        What::DeleteCopies(request) => copies_row(viewer, pill, &request),
        What::Ending(request) => ending_row(viewer, pill, &request),
        What::Value(kpi) => value_row(viewer, (pill, back), &kpi),
        What::Attest { waiting, subject } => attest_row(viewer, (pill, back), &waiting, &subject),
        What::Sign(waiting) => sign_row(viewer, pill, &waiting),
        What::Mention(mention) => mention_row(viewer, &mention),
        What::Suggestion(suggestion) => suggestion_row(viewer, pill, &suggestion),
        What::RatifyAgain(number) => ratify_again_row(viewer, pill, number),
        What::Rule(ruling) => ruling_row(viewer, pill, ruling),
        What::Decision(decision) => decision_row(viewer, pill, decision),
        What::Answer(round) => answer_row(viewer, pill, round),
        What::Renewal(technology) => renewal_row(viewer, pill, technology),
        What::CheckIn { check_in, reminders } => check_in_row(viewer, pill, check_in, &reminders),
        What::Action(action) => action_row(viewer, pill, action),
        What::ReviewAction(action) => review_action_row(viewer, pill, &action),
        What::Review(review) => review_row(viewer, pill, &review),
        What::Vacancy(vacancy) => vacancy_row(viewer, pill, &vacancy),
        What::Words(words) => words_row(viewer, pill, &words),
        What::Reading(reading) => reading_row(viewer, pill, &reading),
        What::Acknowledge(owed) => acknowledge_row(viewer, (pill, back), &owed),
        What::Escalated(open) => escalated_row(viewer, pill, &open),
    }
}

fn due_pill(place: usize, due_on: Day, today: Day) -> impl IntoView {
    let late = today.days_since(due_on);
    let by = match late {
        1.. => None,
        0 => Some("today".to_owned()),
        _ => Some(format!("by {}", due_on.format(today))),
    };
    view! {
        <span class="place" id=format!("row-{place}")></span>
        <Pill word=StatusWord::by_due(late) />
        {by.map(|by| view! { <small class="faint">{by}</small> })}
    }
}

/// The shape of every row: its state, what it is and leads to, and its verbs.
#[component]
fn Row(
    state: AnyView,
    /// Where the title leads.
    href: String,
    #[prop(into)] title: String,
    /// Under the title; may be empty.
    #[prop(into)]
    detail: String,
    children: Children,
) -> impl IntoView {
    view! {
        <li class="row">
            <span class="row-state">{state}</span>
            <a class="row-main" href=href>
                <strong>{title}</strong>
                <span class="faint">{detail}</span>
            </a>
            {children()}
        </li>
    }
}

/// A verb that has a page of its own; `label` names its object to who hears the page.
#[component]
fn Open(href: String, label: String, verb: &'static str) -> impl IntoView {
    view! {
        <a class="button" href=href aria-label=spoken(verb, label)>
            {verb}
        </a>
    }
}

/// A verb that is done in place.
#[component]
fn Do(
    action: String,
    /// Where it leads when it is done.
    back: String,
    label: String,
    verb: &'static str,
    /// What was read, where it matters.
    #[prop(optional_no_strip)]
    version: Option<i64>,
) -> impl IntoView {
    view! {
        <form method="post" action=action>
            <input type="hidden" name="back" value=back />
            {version.map(|version| view! { <input type="hidden" name="version" value=version /> })}
            <button class="button" type="submit" aria-label=spoken(verb, label)>
                {verb}
            </button>
        </form>
    }
}

/// A button's name to a screen reader: it begins with the words that are seen, so that speaking them presses it.
fn spoken(verb: &str, label: String) -> String {
    if label.starts_with(verb) {
        label
    } else {
        format!("{verb}: {label}")
    }
}

/// The seats of what waits for a signature, before the day it is due.
fn with_seats(viewer: &Viewer, standing: &Standing, pill: AnyView) -> AnyView {
    view! {
        <Seats standing=Some(standing.clone()) viewer=viewer.clone() />
        {pill}
    }
    .into_any()
}

fn milestone_row(viewer: &Viewer, pill: AnyView, milestone: &OwedMilestone) -> AnyView {
    let path = viewer.path(&milestone.path());
    let label = format!("Open {}", milestone.title);
    let detail = if milestone.checkpoints == 0 {
        "You are the driver of this milestone. It has no checkpoints yet.".to_owned()
    } else {
        format!(
            "You are the driver of this milestone. {} of {} checkpoints are done.",
            milestone.checkpoints - milestone.open,
            milestone.checkpoints
        )
    };
    view! {
        <Row state=pill href=path.clone() title=milestone.title.clone() detail=detail>
            <Open href=path label=label verb="Open" />
        </Row>
    }
    .into_any()
}

fn cap_row(viewer: &Viewer, pill: AnyView, cap: &CapExceeded) -> AnyView {
    let path = viewer.path(&cap.path());
    let label = format!("Open: {}", cap.label());
    view! {
        <Row
            state=pill
            href=path.clone()
            title=cap.label()
            detail="Cut something, or ask both leads to sign an exception."
        >
            <Open href=path label=label verb="Open" />
        </Row>
    }
    .into_any()
}

/// What a side said against what the viewer proposed, or drives.
fn objection_row(viewer: &Viewer, pill: AnyView, waiting: &AwaitedSignature) -> AnyView {
    let path = viewer.path(&waiting.path);
    let objected = waiting
        .standing
        .disputing()
        .and_then(|side| waiting.standing.seat(side));
    let detail = objected.map_or_else(String::new, |seat| {
        let reason = seat.reason.as_deref().unwrap_or_default();
        format!("{} objected: {reason}", seat.signer)
    });
    let verb = if waiting.kind == Kind::Kpi {
        "Correct"
    } else {
        "Answer"
    };
    let label = format!("{verb}: {}", waiting.label);
    view! {
        <Row state=pill href=path.clone() title=waiting.label.clone() detail=detail>
            <Open href=path label=label verb=verb />
        </Row>
    }
    .into_any()
}

fn checkpoint_row(viewer: &Viewer, (pill, back): (AnyView, String), checkpoint: OwedCheckpoint) -> AnyView {
    let path = viewer.path(&format!("checkpoints/{}", checkpoint.id));
    let href = viewer.path(&format!("milestones/{}", checkpoint.milestone_number));
    let criteria = (!checkpoint.criteria.is_empty())
        .then(|| view! { <span class="criteria">{checkpoint.criteria}</span> });
    let condition = checkpoint
        .condition_of
        .map_or_else(String::new, |number| format!(" · condition of decision {number}"));
    let returned = checkpoint.returned_by.zip(checkpoint.missing).map(
        |(who, missing)| view! { <span class="criteria">{format!("{who} returned it: {missing}")}</span> },
    );
    view! {
        <li class="row">
            <span class="row-state">{pill}</span>
            <a class="row-main" href=href>
                <strong>{checkpoint.title.clone()}</strong>
                {criteria}
                {returned}
                <span class="faint">"Checkpoint of "{checkpoint.milestone}{condition}</span>
            </a>
            <PassInPlace
                checkpoint=checkpoint.id.to_string()
                version=checkpoint.version
                title=checkpoint.title
                action=format!("{path}/pass")
                back=back
            />
        </li>
    }
    .into_any()
}

fn acceptance_row(viewer: &Viewer, (pill, back): (AnyView, String), passed: OwedAcceptance) -> AnyView {
    let path = viewer.path(&format!("checkpoints/{}", passed.id));
    let href = viewer.path(&format!(
        "milestones/{}#checkpoint-{}",
        passed.milestone_number, passed.id
    ));
    let accept = format!("Accept {}", passed.title);
    let give_back = format!("Return {}", passed.title);
    let detail = format!("{} marked it done · {}", passed.passed_by_name, passed.milestone);
    let file = passed.file.map(|name| {
        let href = format!("{path}/file");
        view! {
            <a class="evidence" href=href>
                {name}
            </a>
        }
    });
    let evidence = passed.evidence.filter(|evidence| !evidence.is_empty());
    view! {
        <li class="row">
            <span class="row-state">{pill}</span>
            <div class="row-main">
                <a href=href>
                    <strong>{passed.title}</strong>
                </a>
                <span class="faint">{detail}</span>
                {evidence.map(|text| view! { <Evidence text=text /> })}
                {file}
            </div>
            <Do
                action=format!("{path}/accept")
                back=back
                label=accept
                verb="Accept"
                version=Some(passed.version)
            />
            <Open href=format!("{path}/return") label=give_back verb="Return" />
        </li>
    }
    .into_any()
}

fn grant_row(viewer: &Viewer, pill: AnyView, request: &Request) -> AnyView {
    let path = viewer.path(&request.path());
    let label = format!("Confirm access is open: {}", request.title);
    let detail = format!(
        "Both sides approved it for “{}”. Your side still has to open it.",
        request.goal
    );
    view! {
        <Row state=pill href=path.clone() title=format!("Access to {}", request.title) detail=detail>
            <Open href=path label=label verb="Confirm access is open" />
        </Row>
    }
    .into_any()
}

fn certify_row(viewer: &Viewer, pill: AnyView, owed: &OwedCertification) -> AnyView {
    let path = viewer.path(&owed.request.path());
    let label = format!("Say whether access to {} is still needed", owed.request.title);
    let detail = format!(
        "Is it still needed for “{}”? It ends after {} unless both sides keep it.",
        owed.request.goal,
        owed.lapses_after().format(viewer.today())
    );
    let title = format!("Access to {}", owed.request.title);
    view! {
        <Row state=pill href=path.clone() title=title detail=detail>
            <Open href=format!("{path}/certify") label=label verb="Keep or end" />
        </Row>
    }
    .into_any()
}

fn shut_row(viewer: &Viewer, pill: AnyView, request: &Request) -> AnyView {
    let path = viewer.path(&request.path());
    let label = format!("Confirm access is shut: {}", request.title);
    let over = request
        .over_on(viewer)
        .map_or_else(String::new, |day| format!(" on {}", day.format(viewer.today())));
    let detail = format!(
        "{} had it until it was over{over}. Shut it, and say so.",
        request.asked_by_name
    );
    let title = format!("Access to {}", request.title);
    view! {
        <Row state=pill href=path.clone() title=title detail=detail>
            <Open href=path label=label verb="Confirm access is shut" />
        </Row>
    }
    .into_any()
}

fn copies_row(viewer: &Viewer, pill: AnyView, request: &Request) -> AnyView {
    let path = viewer.path(&request.path());
    let label = format!("Say that the copies are gone: {}", request.title);
    let title = format!("Copies of {}", request.title);
    view! {
        <Row state=pill href=path.clone() title=title detail="Delete what was copied, and say how.">
            <Open href=format!("{path}/copies") label=label verb="Say they are gone" />
        </Row>
    }
    .into_any()
}

fn ending_row(viewer: &Viewer, pill: AnyView, request: &Request) -> AnyView {
    let path = viewer.path(&request.path());
    let label = format!("Ask to prolong {}", request.title);
    let title = format!("Access to {}", request.title);
    let ask = viewer.path(&format!(
        "goals/{}/access?follows={}",
        request.goal_number, request.number
    ));
    view! {
        <Row
            state=pill
            href=path
            title=title
            detail="It ends on this day. Ask to prolong it if it is still needed."
        >
            <Open href=ask label=label verb="Prolong" />
        </Row>
    }
    .into_any()
}

fn ask_anew_row(viewer: &Viewer, pill: AnyView, request: &Request) -> AnyView {
    let path = viewer.path(&request.path());
    let label = format!("Open the request for {}", request.title);
    view! {
        <Row
            state=pill
            href=path.clone()
            title=format!("Access to {}", request.title)
            detail="A side objected. Withdraw the request, and make a new one if you still need the \
            access."
        >
            <Open href=path label=label verb="Open" />
        </Row>
    }
    .into_any()
}

fn value_row(viewer: &Viewer, (pill, back): (AnyView, String), kpi: &OwedValue) -> AnyView {
    let today = viewer.today();
    let title = format!("{}, {}", kpi.title, kpi.cadence.format(kpi.period, today));
    let newest = kpi.newest.map_or_else(String::new, |(period, value)| {
        format!(
            "{}: {}",
            kpi.cadence.format(period, today),
            with_unit(value, &kpi.unit)
        )
    });
    let action = viewer.path(&format!("{}/periods/{}/value", kpi.path(), kpi.period));
    let (number, unit) = (kpi.number, kpi.unit.clone());
    view! {
        <Row state=pill href=viewer.path(&kpi.path()) title=title.clone() detail=newest>
            <EnterInPlace kpi=number label=title unit=unit action=action back=back />
        </Row>
    }
    .into_any()
}

fn attest_row(
    viewer: &Viewer,
    (pill, back): (AnyView, String),
    waiting: &AwaitedSignature,
    subject: &PeriodToAttest,
) -> AnyView {
    let path = viewer.path(&format!("kpis/{}/periods/{}", subject.number, subject.period_on));
    let action = format!("{path}/attest");
    let detail = standing_label(Some(&waiting.standing), viewer.zone(), viewer.today());
    let title = format!("{}: {}", waiting.label, subject.figure());
    let state = with_seats(viewer, &waiting.standing, pill);
    let (digest, label) = (waiting.standing.digest.clone(), waiting.label.clone());
    view! {
        <Row state=state href=path title=title detail=detail>
            <AttestInPlace digest=digest label=label action=action back=back />
        </Row>
    }
    .into_any()
}

fn sign_row(viewer: &Viewer, pill: AnyView, waiting: &AwaitedSignature) -> AnyView {
    let href = viewer.path(&format!("{}/sign", waiting.path));
    let detail = standing_label(Some(&waiting.standing), viewer.zone(), viewer.today());
    let label = format!("Read and sign {}", waiting.label);
    let state = with_seats(viewer, &waiting.standing, pill);
    view! {
        <Row state=state href=viewer.path(&waiting.path) title=waiting.label.clone() detail=detail>
            <Open href=href label=label verb="Read and sign" />
        </Row>
    }
    .into_any()
}

fn mention_row(viewer: &Viewer, mention: &Mention) -> AnyView {
    let action = viewer.path(&format!("desk/mentions/{}/read", mention.comment_id));
    let label = format!("Read what {} wrote", mention.who);
    let when = viewer.day_of(mention.at).format(viewer.today());
    view! {
        <li class="row">
            <span class="row-state">
                <Tag label=when />
            </span>
            <span class="row-main">
                <strong>{format!("{} mentioned you", mention.who)}</strong>
                <span class="faint">{excerpt(&mention.body, 160)}</span>
            </span>
            <form method="post" action=action>
                <button class="button" type="submit" aria-label=label>
                    "Read"
                </button>
            </form>
        </li>
    }
    .into_any()
}

fn suggestion_row(viewer: &Viewer, pill: AnyView, suggestion: &OpenSuggestion) -> AnyView {
    let path = viewer.path(&format!("definition/clauses/{}", suggestion.clause_id));
    let label = format!("Accept or decline new wording for {}", suggestion.title);
    let detail = format!(
        "{} suggested it on {}",
        suggestion.who,
        viewer.day_of(suggestion.at).format(viewer.today())
    );
    let title = format!("New wording for “{}”", suggestion.title);
    view! {
        <Row state=pill href=path.clone() title=title detail=detail>
            <Open href=path label=label verb="Accept or decline" />
        </Row>
    }
    .into_any()
}

fn ratify_again_row(viewer: &Viewer, pill: AnyView, number: i64) -> AnyView {
    let href = viewer.path("definition/propose");
    view! {
        <Row
            state=pill
            href=viewer.path("definition")
            title=format!("Renew the definition (version {number} is in force)")
            detail="The definition expires soon. Propose it as it is, or change it first."
        >
            <Open href=href label="Propose the definition again".to_owned() verb="Propose again" />
        </Row>
    }
    .into_any()
}

fn ruling_row(viewer: &Viewer, pill: AnyView, ruling: OwedRuling) -> AnyView {
    let path = viewer.path(&format!("decisions/{}", ruling.number));
    let label = format!("Decide {}", ruling.question);
    view! {
        <Row state=pill href=path.clone() title=ruling.question detail="The sides cannot agree. You decide.">
            <Open href=format!("{path}/rule") label=label verb="Decide" />
        </Row>
    }
    .into_any()
}

fn decision_row(viewer: &Viewer, pill: AnyView, decision: OwedDecision) -> AnyView {
    let path = viewer.path(&format!("decisions/{}", decision.number));
    let (detail, verb, href) = match (decision.is_signed, decision.objected_by) {
        (true, _) => (
            "Did it deliver?".to_owned(),
            "Record the result",
            format!("{path}/review"),
        ),
        (false, Some(side)) if decision.kind == Some(Kind::Weights) => (
            format!(
                "{} objected to the weights. Change them and ask again.",
                side.name()
            ),
            "Weigh again",
            format!("{path}/weights"),
        ),
        (false, Some(side)) => (
            format!("{} objected. You have to propose something else.", side.name()),
            "Propose again",
            format!("{path}/propose"),
        ),
        (false, None) => (
            "You are the driver. Nothing has been proposed yet.".to_owned(),
            "Open",
            path.clone(),
        ),
    };
    let label = format!("{verb}: {}", decision.question);
    view! {
        <Row state=pill href=path title=decision.question detail=detail>
            <Open href=href label=label verb=verb />
        </Row>
    }
    .into_any()
}

fn answer_row(viewer: &Viewer, pill: AnyView, round: OwedAnswer) -> AnyView {
    let path = viewer.path(&round.path);
    let detail = match round.about {
        About::Decision => {
            "Score the options for your side. Nobody sees the other side before the round closes."
        }
        About::Definition => {
            "Rate every clause for your side. Nobody sees the other side before the round closes."
        }
    };
    let label = format!("Answer: {}", round.label);
    view! {
        <Row state=pill href=path.clone() title=round.label detail=detail>
            <Open href=path label=label verb="Answer" />
        </Row>
    }
    .into_any()
}

fn vacancy_row(viewer: &Viewer, pill: AnyView, vacancy: &Vacancy) -> AnyView {
    let path = viewer.path(&vacancy.path());
    let label = format!("Name somebody for {}", vacancy.source);
    let detail = format!(
        "No {} since {}.",
        vacancy.chair.name().to_lowercase(),
        vacancy.since.format(viewer.today())
    );
    view! {
        <Row state=pill href=path.clone() title=vacancy.source.clone() detail=detail>
            <Open href=path label=label verb="Name somebody" />
        </Row>
    }
    .into_any()
}

fn words_row(viewer: &Viewer, pill: AnyView, words: &OwedWords) -> AnyView {
    let path = viewer.path(&words.path);
    let label = format!("Answer for {}", words.title);
    view! {
        <Row state=pill href=path.clone() title=words.title.clone() detail=words.label()>
            <Open href=path label=label verb="Answer" />
        </Row>
    }
    .into_any()
}

fn reading_row(viewer: &Viewer, pill: AnyView, reading: &OwedReading) -> AnyView {
    let path = viewer.path(&reading.path());
    let label = format!("Read the levels of {}", reading.source);
    view! {
        <Row
            state=pill
            href=path.clone()
            title=reading.source.clone()
            detail="How far is it in unification, self-service and protection? Your side has not answered."
        >
            <Open href=path label=label verb="Read levels" />
        </Row>
    }
    .into_any()
}

fn renewal_row(viewer: &Viewer, pill: AnyView, technology: Technology) -> AnyView {
    let path = viewer.path(&format!("technologies/{}", technology.number));
    let cost = technology.yearly_cost.map_or_else(String::new, |cost| {
        format!(" for {} a year", viewer.format_money(cost))
    });
    let label = format!("Renew or retire {}", technology.name);
    let detail = format!("The contract renews{cost}. Keep it, or move the technology to another stage.");
    view! {
        <Row state=pill href=path.clone() title=technology.name detail=detail>
            <Open href=path label=label verb="Renew or retire" />
        </Row>
    }
    .into_any()
}

fn check_in_row(viewer: &Viewer, pill: AnyView, check_in: OwedCheckIn, reminders: &[Reminder]) -> AnyView {
    let path = viewer.path(&format!("initiatives/{}", check_in.number));
    let label = format!("Check in on {}", check_in.title);
    let detail = if reminders.iter().any(|reminder| reminder.rung.passes_over()) {
        reminders_in_words(viewer, reminders)
    } else {
        "Tell the leads how it is going.".to_owned()
    };
    view! {
        <Row state=pill href=path.clone() title=check_in.title detail=detail>
            <Open href=format!("{path}/check-in") label=label verb="Check in" />
        </Row>
    }
    .into_any()
}

fn action_row(viewer: &Viewer, pill: AnyView, action: OwedAction) -> AnyView {
    let path = viewer.path(&format!("initiatives/{}", action.number));
    let label = format!("Open {}", action.title);
    let detail = format!("Corrective action of {}", action.title);
    view! {
        <Row state=pill href=path.clone() title=action.action detail=detail>
            <Open href=path label=label verb="Open" />
        </Row>
    }
    .into_any()
}

fn review_action_row(viewer: &Viewer, pill: AnyView, action: &OwedReviewAction) -> AnyView {
    let settle = viewer.path(&format!("reviews/{}/actions/{}", action.review_number, action.id));
    let label = format!("Settle {}", action.body);
    let detail = format!("Action from review {}", action.review_number);
    view! {
        <Row state=pill href=viewer.path(&action.path()) title=action.body.clone() detail=detail>
            <Open href=settle label=label verb="Settle" />
        </Row>
    }
    .into_any()
}

fn review_row(viewer: &Viewer, pill: AnyView, review: &OwedReview) -> AnyView {
    let href = viewer.path(&review.path());
    let (title, detail, verb) = if review.is_held {
        (
            format!("Minutes of review {}", review.number),
            "Read them through, then ask both leads to accept them.",
            "Write",
        )
    } else {
        (
            format!("Review {}", review.number),
            "Look over the agenda before the facts are frozen.",
            "Prepare",
        )
    };
    let label = format!("{verb}: {title}");
    view! {
        <Row state=pill href=href.clone() title=title detail=detail>
            <Open href=href label=label verb=verb />
        </Row>
    }
    .into_any()
}

fn acknowledge_row(viewer: &Viewer, (pill, back): (AnyView, String), owed: &OwedAcknowledgement) -> AnyView {
    let path = viewer.path(&format!(
        "initiatives/{}/check-ins/{}",
        owed.number, owed.check_in
    ));
    let label = format!(
        "Confirm that you have read the check-in of {} on {}",
        owed.who, owed.title
    );
    let detail = format!(
        "New check-in from {}. Please confirm that you have read it.",
        owed.who
    );
    let action = format!("{path}/acknowledge");
    view! {
        <Row state=pill href=path title=owed.title.clone() detail=detail>
            <Do action=action back=back label=label verb="I have read it" />
        </Row>
    }
    .into_any()
}

fn escalated_row(viewer: &Viewer, pill: AnyView, open: &Escalation) -> AnyView {
    let href = viewer.path(&open.path);
    let label = format!("Open {}", open.label);
    let title = escalated_title(open);
    view! {
        <Row state=pill href=href.clone() title=title detail=reminders_in_words(viewer, &open.reminders)>
            <Open href=href label=label verb="Open" />
        </Row>
    }
    .into_any()
}

/// "Sam Okafor has not entered “Pickup orders ready on time, August”".
fn escalated_title(open: &Escalation) -> String {
    let mut names: Vec<&str> = open
        .reminders
        .iter()
        .filter(|reminder| !reminder.rung.passes_over())
        .map(|reminder| reminder.name.as_str())
        .collect();
    names.sort_unstable();
    names.dedup();
    let (label, undone) = (&open.label, open.kind.undone());
    match names.as_slice() {
        [] => format!("Late: “{label}”"),
        [one] => format!("{one} has {undone} “{label}”"),
        many => format!("{} have {undone} “{label}”", join_names(many)),
    }
}

fn reminders_in_words(viewer: &Viewer, reminders: &[Reminder]) -> String {
    reminders::format_reminders(
        reminders
            .iter()
            .map(|one| (one.rung, one.name.as_str(), viewer.day_of(one.at))),
        viewer.today(),
    )
}
