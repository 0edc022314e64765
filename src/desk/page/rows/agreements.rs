//! What is to be signed, confirmed, proposed, decided or answered.

use leptos::prelude::*;

use super::parts::{Open, Row, with_seats};
use crate::{
    decisions::owed::{OwedDecision, OwedRuling},
    definition::owed::OpenSuggestion,
    handshake::{Kind, components::standing_label, owed::AwaitedSignature},
    identity::Viewer,
    kpis::{
        components::{AttestInPlace, EnterInPlace},
        owed::{OwedValue, PeriodToAttest},
        with_unit,
    },
    rounds::{About, owed::OwedAnswer},
    technologies::read::Technology,
};

/// What a side said against what the viewer proposed, or drives.
pub(super) fn objection_row(viewer: &Viewer, pill: AnyView, waiting: &AwaitedSignature) -> AnyView {
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

pub(super) fn value_row(viewer: &Viewer, (pill, back): (AnyView, String), kpi: &OwedValue) -> AnyView {
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

pub(super) fn attest_row(
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

pub(super) fn sign_row(viewer: &Viewer, pill: AnyView, waiting: &AwaitedSignature) -> AnyView {
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

pub(super) fn suggestion_row(viewer: &Viewer, pill: AnyView, suggestion: &OpenSuggestion) -> AnyView {
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
            <Open href=path label=label verb="Answer" />
        </Row>
    }
    .into_any()
}

pub(super) fn ratify_again_row(viewer: &Viewer, pill: AnyView, number: i64) -> AnyView {
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

pub(super) fn ruling_row(viewer: &Viewer, pill: AnyView, ruling: OwedRuling) -> AnyView {
    let path = viewer.path(&format!("decisions/{}", ruling.number));
    let label = format!("Decide {}", ruling.question);
    view! {
        <Row state=pill href=path.clone() title=ruling.question detail="The sides cannot agree. You decide.">
            <Open href=format!("{path}/rule") label=label verb="Decide" />
        </Row>
    }
    .into_any()
}

pub(super) fn decision_row(viewer: &Viewer, pill: AnyView, decision: OwedDecision) -> AnyView {
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

pub(super) fn answer_row(viewer: &Viewer, pill: AnyView, round: OwedAnswer) -> AnyView {
    let path = viewer.path(&round.path);
    let (verb, detail) = match round.about {
        About::Decision => (
            "Score",
            "Score the options for your side. Nobody sees the other side before the round closes.",
        ),
        About::Definition => (
            "Rate",
            "Rate every clause for your side. Nobody sees the other side before the round closes.",
        ),
    };
    let label = format!("{verb}: {}", round.label);
    view! {
        <Row state=pill href=path.clone() title=round.label detail=detail>
            <Open href=path label=label verb=verb />
        </Row>
    }
    .into_any()
}

pub(super) fn renewal_row(viewer: &Viewer, pill: AnyView, technology: Technology) -> AnyView {
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
