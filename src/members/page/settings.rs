//! The workspace's settings.

use leptos::prelude::*;

use crate::{
    identity::{Action, FormResponse, Page, Redirect, Viewer, respond},
    members::{
        read::{self, WorkspaceSettings},
        write::{self, SettingsInput, WaitingDays},
    },
    platform::{
        error::{Error, Result},
        form::Form,
        time::{Zone, days},
    },
    ui::{Actions, Crumb, Hidden, Notice, PostForm, Section, Select, TextField},
};

/// The currencies that money may be in, by their ISO 4217 codes.
pub const CURRENCIES: [(&str, &str); 24] = [
    ("AED", "AED, dirham"),
    ("AUD", "AUD, Australian dollar"),
    ("BRL", "BRL, real"),
    ("CAD", "CAD, Canadian dollar"),
    ("CHF", "CHF, Swiss franc"),
    ("CNY", "CNY, yuan"),
    ("CZK", "CZK, koruna"),
    ("DKK", "DKK, Danish krone"),
    ("EUR", "EUR, euro"),
    ("GBP", "GBP, pound sterling"),
    ("HUF", "HUF, forint"),
    ("INR", "INR, Indian rupee"),
    ("JPY", "JPY, yen"),
    ("KRW", "KRW, won"),
    ("MXN", "MXN, Mexican peso"),
    ("NOK", "NOK, Norwegian krone"),
    ("NZD", "NZD, New Zealand dollar"),
    ("PLN", "PLN, zloty"),
    ("RON", "RON, leu"),
    ("SEK", "SEK, Swedish krona"),
    ("SGD", "SGD, Singapore dollar"),
    ("TRY", "TRY, lira"),
    ("USD", "USD, US dollar"),
    ("ZAR", "ZAR, rand"),
];

const LABELS: [(&str, &str); 5] = [
    ("name", "Name"),
    ("zone", "Time zone"),
    ("currency", "Currency"),
    ("signature_days", "Days to sign"),
    ("grace_days", "Days of grace"),
];

fn now(settings: &WorkspaceSettings) -> Form {
    Form::blank()
        .with("version", settings.version.to_string())
        .with("name", settings.name.clone())
        .with("zone", settings.zone.clone())
        .with("currency", settings.currency.clone())
        .with("signature_days", settings.signature_days.to_string())
        .with("grace_days", settings.grace_days.to_string())
}

pub async fn settings(viewer: Viewer) -> Result<Page> {
    page(&viewer, Form::blank()).await
}

async fn page(viewer: &Viewer, form: Form) -> Result<Page> {
    let settings = read::settings(viewer).await?;
    let form = form.over(now(&settings), &LABELS);
    Ok(Page::new(viewer, "members", "Settings", move |viewer| {
        let (changes, sets_limits) = (viewer.may(Action::ChangeSettings), viewer.may(Action::SetLimits));
        view! {
            <Crumb href=viewer.path("members") text="Members" />
            <h1>"Settings"</h1>
            {if changes {
                settings_form(form, &settings, sets_limits).into_any()
            } else {
                view! {
                    {facts(&settings)}
                    <p class="faint">"Only an administrator can change these."</p>
                }
                    .into_any()
            }}
        }
    }))
}

fn settings_form(form: Form, settings: &WorkspaceSettings, sets_limits: bool) -> impl IntoView + use<> {
    let zones = Zone::names()
        .into_iter()
        .map(|zone| (zone.clone(), zone.replace('_', " ")))
        .collect();
    let currencies = CURRENCIES
        .iter()
        .map(|(code, name)| ((*code).to_owned(), (*name).to_owned()))
        .collect();
    let waits = waits(settings);
    view! {
        <PostForm form=form>
            <Hidden name="version" />
            <TextField name="name" label="Name" max_length=80 help="The address stays as it is." />
            <Select name="zone" label="Time zone" options=zones help="Decides when days begin and end." />
            <Select
                name="currency"
                label="Currency"
                options=currencies
                help="The currency of all costs. Changing it does not convert amounts."
            />
            {if sets_limits {
                view! {
                    <TextField
                        name="signature_days"
                        label="Days to sign"
                        max_length=3
                        help="If a decision waits longer for the other side, the arbiter decides."
                    />
                    <TextField
                        name="grace_days"
                        label="Days of grace"
                        max_length=3
                        help="After this, an initiative without a check-in shows “No news”."
                    />
                }
                    .into_any()
            } else {
                view! {
                    <p class="faint">
                        {waits}" Only an administrator of neither side can change the waiting times."
                    </p>
                }
                    .into_any()
            }}
            <Actions verb="Save the settings" />
        </PostForm>
    }
}

fn waits(settings: &WorkspaceSettings) -> String {
    format!(
        "A decision goes to the arbiter after {}; a check-in is late after {}.",
        days(settings.signature_days),
        days(settings.grace_days)
    )
}

fn facts(settings: &WorkspaceSettings) -> impl IntoView + use<> {
    let waits = waits(settings);
    let detail = format!("{} · {} · {}", settings.name, settings.zone, settings.currency);
    view! {
        <Section title="This workspace">
            <p>{detail}</p>
            <p>{waits}</p>
        </Section>
    }
}

pub async fn change_settings(viewer: Viewer, mut form: Form) -> FormResponse {
    let outcome = async {
        if !viewer.may(Action::ChangeSettings) {
            return Err(Error::Forbidden);
        }
        let input = read_form(&viewer, &mut form)?;
        write::change_settings(&viewer, form.version(), &input).await?;
        Ok(Redirect::to(viewer.path("settings")).with_notice(Notice::Saved))
    }
    .await;
    respond(outcome, form, |form| page(&viewer, form)).await
}

fn read_form(viewer: &Viewer, form: &mut Form) -> Result<SettingsInput> {
    let name = form.line("name", 80);
    let zone = form.line("zone", 60).filter(|zone| Zone::get(zone).is_some());
    if zone.is_none() && form.problem_of("zone").is_none() {
        form.fail("zone", "Choose a zone from the list.");
    }
    let currency = form
        .line("currency", 3)
        .filter(|code| CURRENCIES.iter().any(|(known, _)| known == code));
    if currency.is_none() && form.problem_of("currency").is_none() {
        form.fail("currency", "Choose from the list.");
    }
    let limits = if viewer.may(Action::SetLimits) {
        let mut between = |name: &str, low: i64, high: i64| {
            let found = form.whole(name)?;
            if (low..=high).contains(&found) {
                return Some(found);
            }
            form.fail(name, format!("Write a whole number from {low} to {high}."));
            None
        };
        let (signature_days, grace_days) = (between("signature_days", 1, 90), between("grace_days", 0, 30));
        signature_days
            .zip(grace_days)
            .map(|(signature_days, grace_days)| WaitingDays {
                signature_days,
                grace_days,
            })
    } else {
        None
    };
    match (name, zone, currency) {
        (Some(name), Some(zone), Some(currency)) if form.problems().is_empty() => Ok(SettingsInput {
            name,
            zone,
            currency,
            limits,
        }),
        _ => Err(form.refusal()),
    }
}
