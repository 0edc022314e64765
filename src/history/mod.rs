//! The workspace's audit events in words, filterable by who, what and when, each linking to its thing.

pub mod added;

use axum::extract::Query;
use leptos::prelude::*;
use serde::Deserialize;

use crate::{
    args,
    identity::{Page, Viewer},
    members,
    platform::{
        error::Result,
        form::Form,
        text,
        time::{Day, Timestamp},
    },
    sql,
    ui::{Empty, Section},
};

/// What the history can be narrowed to.
#[derive(Deserialize, Default)]
pub struct Filter {
    who: Option<String>,
    what: Option<String>,
    from: Option<String>,
    to: Option<String>,
    /// Within what was changed, or what is told of it.
    words: Option<String>,
    before: Option<i64>,
}

const KINDS: [(&str, &str); 15] = [
    ("definition", "Definition"),
    ("initiative", "Initiatives"),
    ("capacity", "Capacity"),
    ("decision", "Decisions"),
    ("technology", "Technologies"),
    ("milestone", "Milestones"),
    ("checkpoint", "Checkpoints"),
    ("kpi", "KPIs"),
    ("review", "Reviews"),
    ("goal", "Goals"),
    ("access", "Access"),
    ("source", "Sources"),
    ("touchpoint", "Touchpoints"),
    ("member", "Members"),
    ("letter", "Letters"),
];

const PER_PAGE: i64 = 50;

#[derive(Clone, sqlx::FromRow)]
struct EventRow {
    seq: i64,
    at: Timestamp,
    actor: String,
    verb: String,
    path: String,
    label: String,
    detail: String,
}

/// Signs that are looked for.
const LONGEST_WORDS: usize = 200;

/// A pattern for what contains the words, whose signs count as themselves. The engine compares without case
/// as far as it knows letters: SQLite those of English.
fn containing(words: &str) -> String {
    let mut pattern = String::from("%");
    for sign in text::line(words).chars().take(LONGEST_WORDS) {
        if matches!(sign, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(sign);
    }
    if pattern.len() == 1 {
        return String::new();
    }
    pattern.push('%');
    pattern
}

async fn read(viewer: &Viewer, filter: &Filter) -> Result<Vec<EventRow>> {
    let kind = filter
        .what
        .as_deref()
        .filter(|what| KINDS.iter().any(|(kind, _)| kind == what))
        .unwrap_or_default();
    let who: Option<uuid::Uuid> = filter.who.as_deref().and_then(|who| who.parse().ok());
    let day = |text: &Option<String>| text.as_deref().and_then(|text| text.parse::<Day>().ok());
    let from = day(&filter.from).map_or(0, |day| viewer.zone().start_of(day).millis());
    let until = day(&filter.to).map_or(i64::MAX, |day| viewer.zone().start_of(day.plus(1)).millis());
    let words = filter.words.as_deref().map(containing).unwrap_or_default();
    viewer
        .fetch_all(
            sql!(
                // Who has said what they believe is nobody's business. That a meeting went on, thirty times
                // in an hour, is for whoever asks for reviews.
                "select seq, at, actor, verb, path, label, detail from workspace_events
             where verb <> 'said what they believe of' and (verb <> 'went on in' or $3 = 'review') and
             chain_id = $1 and seq < $2 and ($3 = '' or kind = $3) and ($4 or actor_id = $5) and at >=
             $6 and at < $7 and ($9 = '' or lower(label) like lower($9) escape '!'
             or lower(detail) like lower($9) escape '!')
             order by seq desc limit $8"
            ),
            args![
                filter.before.unwrap_or(i64::MAX),
                kind,
                who.is_none(),
                who,
                from,
                until,
                PER_PAGE,
                words
            ],
        )
        .await
}

pub async fn page(viewer: Viewer, Query(filter): Query<Filter>) -> Result<Page> {
    let events = read(&viewer, &filter).await?;
    let people = members::read::all(&viewer).await?;
    let me = viewer.clone();
    Ok(Page::new(&viewer, "history", "History", move |_| {
        let today = me.today();
        let form = Form::blank()
            .with("who", filter.who.clone().unwrap_or_default())
            .with("what", filter.what.clone().unwrap_or_default())
            .with("from", filter.from.clone().unwrap_or_default())
            .with("to", filter.to.clone().unwrap_or_default())
            .with("words", filter.words.clone().unwrap_or_default());
        let more = (i64::try_from(events.len()) == Ok(PER_PAGE))
            .then(|| events.last().map(|last| earlier(&me, &form, last.seq)))
            .flatten();
        let mut days: Vec<(Day, Vec<EventRow>)> = Vec::new();
        for event in events {
            let day = me.day_of(event.at);
            match days.last_mut() {
                Some((last, events)) if *last == day => events.push(event),
                _ => days.push((day, vec![event])),
            }
        }
        let none = days.is_empty();
        let sections = days
            .into_iter()
            .map(|(day, events)| {
                let rows = events.into_iter().map(|event| row(&me, event)).collect_view();
                view! {
                    <Section title=day.format(today)>
                        <ol class="rows history">{rows}</ol>
                    </Section>
                }
            })
            .collect_view();
        let whos = people
            .into_iter()
            .map(|member| (member.account_id.to_string(), member.name))
            .collect::<Vec<_>>();
        let whats = KINDS
            .iter()
            .map(|(value, label)| ((*value).to_owned(), (*label).to_owned()))
            .collect::<Vec<_>>();
        view! {
            <header class="page-head">
                <div>
                    <h1>"History"</h1>
                    <p class="lead">
                        "Who changed what, and when. Entries are chained: tampering would show."
                    </p>
                </div>
            </header>
            <form method="get" class="filters">
                <label>
                    "Who"<select name="who">
                        <option value="">"Anybody"</option>
                        {options_view(whos, form.raw("who"))}
                    </select>
                </label>
                <label>
                    "What"<select name="what">
                        <option value="">"Anything"</option>
                        {options_view(whats, form.raw("what"))}
                    </select>
                </label>
                <label>"Words"<input type="search" name="words" value=form.raw("words").to_owned() /></label>
                <label>"From"<input type="date" name="from" value=form.raw("from").to_owned() /></label>
                <label>"To"<input type="date" name="to" value=form.raw("to").to_owned() /></label>
                <button class="button" type="submit">
                    "Show"
                </button>
            </form>
            {none.then(|| view! { <Empty purpose="No entries match this filter." /> })}
            {sections}
            {more
                .map(|href| {
                    view! {
                        <p>
                            <a class="button" href=href>
                                "Earlier"
                            </a>
                        </p>
                    }
                })}
        }
    }))
}

fn earlier(viewer: &Viewer, form: &Form, before: i64) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for name in ["who", "what", "from", "to", "words"] {
        if !form.raw(name).is_empty() {
            query.append_pair(name, form.raw(name));
        }
    }
    query.append_pair("before", &before.to_string());
    format!("{}?{}", viewer.path("history"), query.finish())
}

fn options_view(options: Vec<(String, String)>, chosen: &str) -> impl IntoView + use<> {
    let chosen = chosen.to_owned();
    options
        .into_iter()
        .map(move |(value, label)| {
            let selected = value == chosen;
            view! {
                <option value=value selected=selected>
                    {label}
                </option>
            }
        })
        .collect_view()
}

fn row(viewer: &Viewer, event: EventRow) -> impl IntoView + use<> {
    let thing = if event.path.is_empty() {
        view! { <strong>{event.label}</strong> }.into_any()
    } else {
        view! { <a href=viewer.path(&event.path)>{event.label}</a> }.into_any()
    };
    view! {
        <li class="row">
            <time class="faint" datetime=event.at.rfc3339()>
                {event.at.time_in(viewer.zone())}
            </time>
            <span class="row-main">
                <span>{event.actor}" "{event.verb}" "{thing}</span>
                {(!event.detail.is_empty()).then(|| view! { <span class="faint">{event.detail}</span> })}
            </span>
        </li>
    }
}
