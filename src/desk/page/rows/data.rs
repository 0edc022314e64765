//! Access, and the sources behind it.

use leptos::prelude::*;

use super::parts::{Open, Row};
use crate::{
    access::{owed::OwedCertification, read::Request},
    identity::Viewer,
    sources::{
        owed::{OwedWords, Vacancy},
        read::OwedReading,
    },
};

pub(super) fn grant_row(viewer: &Viewer, pill: AnyView, request: &Request) -> AnyView {
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

pub(super) fn certify_row(viewer: &Viewer, pill: AnyView, owed: &OwedCertification) -> AnyView {
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

pub(super) fn shut_row(viewer: &Viewer, pill: AnyView, request: &Request) -> AnyView {
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

pub(super) fn copies_row(viewer: &Viewer, pill: AnyView, request: &Request) -> AnyView {
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

pub(super) fn ending_row(viewer: &Viewer, pill: AnyView, request: &Request) -> AnyView {
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

pub(super) fn ask_anew_row(viewer: &Viewer, pill: AnyView, request: &Request) -> AnyView {
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

pub(super) fn vacancy_row(viewer: &Viewer, pill: AnyView, vacancy: &Vacancy) -> AnyView {
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

pub(super) fn words_row(viewer: &Viewer, pill: AnyView, words: &OwedWords) -> AnyView {
    let path = viewer.path(&words.path);
    let label = format!("Answer for {}", words.title);
    view! {
        <Row state=pill href=path.clone() title=words.title.clone() detail=words.label()>
            <Open href=path label=label verb="Answer" />
        </Row>
    }
    .into_any()
}

pub(super) fn reading_row(viewer: &Viewer, pill: AnyView, reading: &OwedReading) -> AnyView {
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
