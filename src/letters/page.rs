//! Which letters one gets and when, and one's calendar: `/account/letters`.

use axum::response::{IntoResponse, Response};
use leptos::prelude::*;

use super::{
    Detail, Pace, ReviewsWanted, WeekDay, feed,
    settings::{self, LetterSettings},
};
use crate::{
    args,
    identity::{FormResponse, Page, Redirect, Role, respond, viewer::Person},
    platform::{
        error::Result,
        form::Form,
        time::{Timestamp, Zone},
    },
    sql,
    ui::{Actions, Copyable, Notice, PostForm, Section, Select, choices},
};

/// Mornings to choose from: every half hour, from four o’clock to noon.
const FIRST_MORNING: i64 = 4 * 60;
const LAST_MORNING: i64 = 12 * 60;

/// A workspace of somebody's, and what they are there.
#[derive(sqlx::FromRow)]
struct Membership {
    zone: String,
    role: Role,
    is_arbiter: bool,
}

async fn memberships(person: &Person) -> Result<Vec<Membership>> {
    person
        .state
        .db()
        .fetch_all(
            sql!(
                "select w.zone, m.role, coalesce(w.arbiter_id = m.id, false) as is_arbiter
                 from people m join workspace_settings w on w.id = m.workspace_id
                 where m.account_id = $1 and m.disabled_at is null order by w.name, w.slug"
            ),
            args![person.account],
        )
        .await
}

#[derive(serde::Deserialize)]
pub struct LettersQuery {
    done: Option<String>,
}

pub async fn page(
    person: Person,
    axum::extract::Query(arrival): axum::extract::Query<LettersQuery>,
) -> Result<Page> {
    let notice = arrival.done.and_then(|word| word.parse().ok());
    let form = form_of(&settings::of(&person.state, person.account).await?);
    letters_page(&person, form, notice, None).await
}

fn form_of(settings: &LetterSettings) -> Form {
    Form::blank()
        .with("asked", settings.asked.as_str())
        .with("mentioned", settings.mentioned.as_str())
        .with("reviews", settings.reviews.as_str())
        .with("week", settings.week.as_str())
        .with("shown", settings.shown.as_str())
        .with("morning", settings.morning.to_string())
        .with("zone", settings.zone.clone())
}

/// Keeps the settings.
pub async fn save(person: Person, mut form: Form) -> FormResponse {
    let outcome = async {
        let settings = parse(&mut form).ok_or_else(|| form.refusal())?;
        settings::save(&person, &settings).await?;
        Ok(Redirect::to("/account/letters").with_notice(Notice::Saved))
    }
    .await;
    respond(outcome, form, |form| letters_page(&person, form, None, None)).await
}

fn parse(form: &mut Form) -> Option<LetterSettings> {
    let zone = form.raw("zone").to_owned();
    if !zone.is_empty() && Zone::get(&zone).is_none() {
        form.fail("zone", "Choose one of the zones.");
    }
    let morning = form.whole("morning");
    if morning.is_some_and(|minutes| !(FIRST_MORNING..=LAST_MORNING).contains(&minutes)) {
        form.fail("morning", "Choose one of the times.");
    }
    let (asked, mentioned, reviews) = (
        form.choice("asked"),
        form.choice("mentioned"),
        form.choice("reviews"),
    );
    let (week, shown) = (form.choice("week"), form.choice("shown"));
    if !form.problems().is_empty() {
        return None;
    }
    Some(LetterSettings {
        asked: asked?,
        mentioned: mentioned?,
        reviews: reviews?,
        week: week?,
        shown: shown?,
        morning: morning?,
        zone,
    })
}

/// Makes an address for a calendar program, in place of the one of before.
pub async fn create_calendar(person: Person) -> Result<Response> {
    let secret = feed::create(&person).await?;
    let form = form_of(&settings::of(&person.state, person.account).await?);
    // Detail in the answer itself: it is kept nowhere from which a redirect could show it.
    Ok(letters_page(&person, form, None, Some(secret))
        .await?
        .into_response())
}

pub async fn end_calendar(person: Person) -> Result<Response> {
    feed::end(&person).await?;
    Ok(Redirect::to("/account/letters")
        .with_notice(Notice::Ended)
        .into_response())
}

/// "Tue 1 Dec, 07:30".
fn moment(at: Timestamp, zone: &Zone, now: Timestamp) -> String {
    let day = at.day_in(zone);
    let weekday: String = day.weekday().chars().take(3).collect();
    format!("{weekday} {}, {}", day.format(now.day_in(zone)), at.time_in(zone))
}

/// What each row does next, in words.
struct Next {
    asked: String,
    mentioned: String,
    reviews: String,
    week: String,
}

impl Next {
    fn of(settings: &LetterSettings, memberships: &[Membership], now: Timestamp) -> Self {
        let of_workspace = memberships
            .first()
            .and_then(|membership| Zone::get(&membership.zone))
            .unwrap_or(Zone::utc());
        let zone = settings.zone(&of_workspace);
        let morning = moment(settings.next_morning(&zone, now), &zone, now);
        let paced = |pace: Pace| match pace {
            Pace::AtOnce => "Within a minute of it.".to_owned(),
            Pace::Morning => format!("Next: {morning}, if there is something."),
        };
        let concerns = memberships.iter().any(|membership| {
            membership.is_arbiter || matches!(membership.role, Role::Lead | Role::Observer)
        });
        let week = settings.next_week(&zone, now, concerns).map_or_else(
            || "No letter of the week comes.".to_owned(),
            |at| {
                format!(
                    "Next: {}, if anything changed or waits; in one letter with what is asked.",
                    moment(at, &zone, now)
                )
            },
        );
        let reviews = match settings.reviews {
            ReviewsWanted::Never => "No pre-read comes, and no invitation.",
            ReviewsWanted::Mine | ReviewsWanted::All => {
                "You are invited when a review is planned, and get its facts on its morning."
            }
        };
        Self {
            asked: paced(settings.asked),
            mentioned: paced(settings.mentioned),
            reviews: reviews.to_owned(),
            week,
        }
    }
}

fn letter_fields(form: Form, next: Next) -> impl IntoView {
    let mornings = (FIRST_MORNING..=LAST_MORNING)
        .step_by(30)
        .map(|minutes| {
            (
                minutes.to_string(),
                format!("{:02}:{:02}", minutes / 60, minutes % 60),
            )
        })
        .collect::<Vec<_>>();
    let zones = Zone::names()
        .into_iter()
        .map(|name| (name.clone(), name))
        .collect::<Vec<_>>();
    view! {
        <PostForm form=form action="/account/letters">
            <Select
                name="asked"
                label="What is asked of me"
                options=choices(Pace::ALL, Pace::as_str, Pace::name)
                help=next.asked
            />
            <Select
                name="mentioned"
                label="Where I am mentioned"
                options=choices(Pace::ALL, Pace::as_str, Pace::name)
                help=next.mentioned
            />
            <Select
                name="reviews"
                label="Reviews"
                options=choices(ReviewsWanted::ALL, ReviewsWanted::as_str, ReviewsWanted::name)
                help=next.reviews
            />
            <Select
                name="week"
                label="The week"
                options=choices(WeekDay::ALL, WeekDay::as_str, WeekDay::name)
                help=next.week
            />
            <Select name="morning" label="My morning begins at" options=mornings />
            <Select name="zone" label="In the time zone" options=zones none="Of the workspace" optional=true />
            <Select
                name="shown"
                label="Letters show"
                options=choices(Detail::ALL, Detail::as_str, Detail::name)
                help="What concerns your account, what you signed and the chairs you are given always comes as it is."
            />
            <Actions verb="Save the letters" />
        </PostForm>
    }
}

fn calendar_section(
    calendar: Option<feed::Calendar>,
    address: Option<String>,
    now: Timestamp,
) -> impl IntoView {
    let is_there = calendar.is_some();
    let utc = Zone::utc();
    let said = calendar.map_or_else(
        || {
            "A calendar program can subscribe to a secret address: the reviews, and your check-ins, milestones, \
                checkpoints, proposals, actions and renewals. Whoever knows the address reads it; it changes nothing."
                .to_owned()
        },
        |calendar| {
            let day = |at: Timestamp| at.day_in(&utc).format(now.day_in(&utc));
            let read = calendar.last_read_at.map_or_else(
                || "not used yet".to_owned(),
                |at| format!("last used on {}", day(at)),
            );
            format!(
                "Address made on {}, {read}. A new one takes its place.",
                day(calendar.created_at)
            )
        },
    );
    let verb = if is_there {
        "Make a new address"
    } else {
        "Make an address"
    };
    view! {
        <Section title="Calendar">
            {address
                .map(|address| {
                    view! {
                        <div class="card ask" role="status">
                            <p>
                                <strong>"Copy the address now. It is shown only once."</strong>
                            </p>
                            <p>
                                <Copyable text=address />
                            </p>
                        </div>
                    }
                })} <p>{said}</p> <div class="actions">
                <form method="post" action="/account/calendar">
                    <button class="button" type="submit">
                        {verb}
                    </button>
                </form>
                {is_there
                    .then(|| {
                        view! {
                            <form method="post" action="/account/calendar/end">
                                <button class="button" type="submit">
                                    "End the address"
                                </button>
                            </form>
                        }
                    })}
            </div>
        </Section>
    }
}

async fn letters_page(
    person: &Person,
    form: Form,
    notice: Option<Notice>,
    secret: Option<String>,
) -> Result<Page> {
    let has_mail = person.state.settings().smtp_url.is_some();
    let now = person.state.now();
    let kept = settings::of(&person.state, person.account).await?;
    let next = Next::of(&kept, &memberships(person).await?, now);
    let calendar = feed::of(person).await?;
    let address = secret.map(|secret| {
        format!(
            "{}/calendars/{secret}/handshake.ics",
            person.state.settings().origin()
        )
    });
    Ok(Page::standalone("Letters and calendar", move || {
        view! {
            <p class="crumb">
                <a href="/account">"Your account"</a>
            </p>
            <h1>"Letters and calendar"</h1>
            {notice
                .map(|notice: Notice| {
                    view! {
                        <p class="notice" role="status">
                            {notice.sentence()}
                        </p>
                    }
                })}
            <Section title="Letters">
                {(!has_mail)
                    .then(|| {
                        view! {
                            <p class="faint">
                                "No mail server is configured, so no letters leave. What you choose here \
                                    holds once there is one."
                            </p>
                        }
                    })} {letter_fields(form, next)}
            </Section>
            {calendar_section(calendar, address, now)}
        }
    }))
}
