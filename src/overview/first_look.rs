//! The first look: the sentence, the bars, what changed, who waits for whom, and the week.

use leptos::prelude::*;

use super::{
    health::{self, Bar, HealthSentence},
    read::{Overview, last_monday},
    since::{Change, ChangeKind},
    week::DueDay,
};
use crate::{
    handshake::{owed::AwaitedSignature, read::AnswerTimes},
    identity::{Role, Seats, Side, Viewer},
    members::read::Member,
    platform::{text::counted, time::days},
    reviews::read::NextReview,
};

/// Whether all is well, in one sentence.
pub(super) fn health_sentence(viewer: &Viewer, overview: &Overview) -> impl IntoView + use<> {
    let HealthSentence {
        named,
        unnamed,
        counted: rest,
    } = health::health_sentence(&overview.bars, overview.others);
    let off_track = named.len() + unnamed;
    let rest = match (off_track, rest, overview.attention_total) {
        (0, Some(rest), _) => format!("Nothing is off track, but {rest}."),
        (0, None, 0) => "Everything is on track. Nothing is late.".to_owned(),
        (0, None, 1) => "Nothing is off track; 1 thing needs attention.".to_owned(),
        (0, None, attention) => format!("Nothing is off track; {attention} things need attention."),
        (_, Some(rest), _) => format!("{rest}."),
        (_, None, _) => "Nothing is late.".to_owned(),
    };
    let others = match unnamed {
        0 => None,
        _ if named.is_empty() => Some(counted(unnamed, "thing", "things")),
        _ => Some(counted(unnamed, "other", "others")),
    };
    let several = named.len() + usize::from(others.is_some());
    let before = move |at: usize| match at {
        0 => "",
        _ if at + 1 == several => " and ",
        _ => ", ",
    };
    let names = named
        .iter()
        .enumerate()
        .map(|(at, segment)| {
            let href = viewer.path(&segment.path);
            let name = format!("“{}”", segment.name);
            view! {
                {before(at)}
                <a class="late" href=href>
                    {name}
                </a>
            }
        })
        .collect_view();
    let others = others.map(|others| format!("{}{others}", before(named.len())));
    let are = match off_track {
        0 => "",
        1 => " is off track. ",
        _ => " are off track. ",
    };
    view! {
        <p class="verdict">
            {names} {others} {are} {rest}
        </p>
    }
}

/// The five bars: are we well?
pub(super) fn health_bars(viewer: &Viewer, bars: &[Bar; 5]) -> impl IntoView + use<> {
    let cards = bars
        .iter()
        .filter(|bar| bar.total > 0)
        .map(|bar| {
            let segments = bar
                .segments
                .iter()
                .map(|segment| {
                    let class = format!("segment is-{}", segment.tone().as_str());
                    let href = viewer.path(&segment.path);
                    // Forty stops for Tab before the first thing to do; by key the bar's own link leads to
                    // all of them.
                    view! { <a class=class href=href title=segment.title.clone() aria-label=segment.title.clone() tabindex="-1"></a> }
                })
                .collect_view();
            let href = viewer.path(bar.path);
            view! {
                <div class="card health-bar">
                    <a href=href>
                        <strong>{bar.name}</strong>
                        <small>{bar.label.clone()}</small>
                        <small class="is-for-phones" aria-hidden="true">
                            {format!("{}/{}", bar.fine, bar.total)}
                        </small>
                    </a>
                    <div class="segments">{segments}</div>
                </div>
            }
        })
        .collect_view();
    view! { <div class="health">{cards}</div> }
}

pub(super) fn change_row(viewer: &Viewer, change: &Change) -> impl IntoView + use<> {
    row_of_change(viewer, change, false)
}

/// On a phone there is room for the first of each kind alone.
fn row_of_change(viewer: &Viewer, change: &Change, is_repeated: bool) -> impl IntoView + use<> {
    let class = format!("change is-{}", change.kind.as_str());
    let href = viewer.path(&change.path);
    view! {
        <li class:is-repeated=is_repeated>
            <span class=class aria-hidden="true">
                {change.kind.sign()}
            </span>
            <a href=href>
                <strong>{change.title.clone()}</strong>
                <small>
                    <span class="visually-hidden">{format!("{}: ", change.kind.name())}</span>
                    {change.detail.clone()}
                </small>
            </a>
        </li>
    }
}

/// Changes on the first page.
const FIRST_CHANGES: usize = 5;

/// Of those, what got worse.
const FIRST_WORSE: usize = 2;

pub(super) fn changes_card(viewer: &Viewer, changes: &[Change]) -> impl IntoView + use<> {
    // What got worse first, then one of each kind: a week of signatures does not hide it.
    let mut first: Vec<&Change> = changes
        .iter()
        .filter(|change| change.kind == ChangeKind::Worse)
        .take(FIRST_WORSE)
        .collect();
    for kind in ChangeKind::ALL.iter().filter(|kind| **kind != ChangeKind::Worse) {
        first.extend(changes.iter().find(|change| change.kind == *kind));
    }
    for change in changes {
        if first.len() >= FIRST_CHANGES {
            break;
        }
        if !first.iter().any(|known| std::ptr::eq(*known, change)) {
            first.push(change);
        }
    }
    first.truncate(FIRST_CHANGES);
    first.sort_by_key(|change| change.kind);
    let rows = first
        .iter()
        .enumerate()
        .map(|(at, change)| {
            let is_repeated = first[..at].iter().any(|before| before.kind == change.kind);
            row_of_change(viewer, change, is_repeated)
        })
        .collect_view();
    let none = changes.is_empty();
    let all = if none {
        "Look back".to_owned()
    } else {
        "All changes".to_owned()
    };
    let heading = format!(
        "Since Monday {}",
        last_monday(viewer.today()).format(viewer.today())
    );
    view! {
        <section class="card look-card look-changes">
            <header>
                <h2>{heading}</h2>
                <a href=viewer.path("since")>{all}</a>
            </header>
            <ul>{rows}</ul>
            {none.then(|| view! { <p class="faint">"No initiative, KPI or milestone has changed since Monday, and nobody has signed."</p> })}
        </section>
    }
}

/// Whose answer a text waits for, where that is one person.
fn waits_for_whom<'a>(
    viewer: &Viewer,
    waiting: &'a AwaitedSignature,
    members: &'a [Member],
) -> Option<&'a str> {
    let standing = &waiting.standing;
    if waiting.is_deadlocked(viewer) {
        return None;
    }
    if standing.disputing().is_some() {
        return waiting.proposer.as_deref();
    }
    let side = standing.state.waiting_on()?;
    let is_meant = |member: &&Member| match standing.seats {
        Seats::Owners => standing.owner(side) == Some(member.id),
        Seats::Leads => {
            member.side == Some(side) && member.role == Role::Lead && member.disabled_at.is_none()
        }
        Seats::Signers => false,
    };
    members.iter().find(is_meant).map(|member| member.name.as_str())
}

/// Who waits for whom: how many texts, and the one that waits longest.
pub(super) fn whom_card(
    viewer: &Viewer,
    waiting: &[AwaitedSignature],
    members: &[Member],
    answers: AnswerTimes,
) -> impl IntoView + use<> {
    let today = viewer.today();
    let group = |meant: &dyn Fn(&AwaitedSignature) -> bool| {
        let of: Vec<&AwaitedSignature> = waiting.iter().filter(|waiting| meant(waiting)).collect();
        let longest = of.iter().min_by_key(|waiting| waiting.waits_from(viewer));
        let longest = longest.map(|waiting| {
            let waited = days(today.days_since(waiting.waits_from(viewer)));
            let whom = waits_for_whom(viewer, waiting, members)
                .map_or_else(String::new, |name| format!(" for {name}"));
            format!("Longest: {waited}{whom}, “{}”", waiting.label)
        });
        (of.len(), longest)
    };
    let is_stuck = |waiting: &AwaitedSignature| waiting.is_deadlocked(viewer);
    let waits_for = |side: Side| {
        group(&|waiting| waiting.standing.state.waiting_on() == Some(side) && !is_stuck(waiting))
    };
    let rows = [
        (Some(Side::Technology), waits_for(Side::Technology), ""),
        (Some(Side::Marketing), waits_for(Side::Marketing), ""),
        (
            None,
            group(&|waiting| {
                waiting.standing.disputing().is_none() && waiting.standing.state.waiting_on().is_none()
            }),
            "Both have to sign",
        ),
        (
            None,
            group(&|waiting| waiting.standing.disputing().is_some() && !is_stuck(waiting)),
            "Objected, needs a new proposal",
        ),
        (None, group(&is_stuck), "The arbiter has to decide"),
    ];
    let none = waiting.is_empty();
    let rows = rows
        .into_iter()
        .filter(|(_, (count, _), _)| *count > 0)
        .map(|(side, (count, longest), words)| {
            let head = side.map_or_else(
                || view! { <span>{words}</span> }.into_any(),
                |side| {
                    let other = side.other();
                    view! {
                        <span>
                            <span class=format!("side is-{}", other.as_str())>{other.name()}</span>
                            " waits for "
                            <span class=format!("side is-{}", side.as_str())>{side.name()}</span>
                        </span>
                    }
                    .into_any()
                },
            );
            view! {
                <li class="whom">
                    <p>{head} <strong>{count}</strong></p>
                    {longest.map(|longest| view! { <small>{longest}</small> })}
                </li>
            }
        })
        .collect_view();
    let link = format!("All {}", waiting.len());
    view! {
        <section class="card look-card">
            <header>
                <h2>"Who waits for whom"</h2>
                {(!none).then(|| view! { <a href=viewer.path("attention#waiting")>{link}</a> })}
            </header>
            <ul>{rows}</ul>
            {none.then(|| view! { <p class="faint">"Nobody waits. Both sides have signed everything."</p> })}
            {answers
                .label()
                .map(|label| view! { <p class="faint">{format!("Of what was signed, half took at most: {label}")}</p> })}
        </section>
    }
}

/// Things of one day that are named.
const NAMED_A_DAY: usize = 3;

pub(super) fn week_section(
    viewer: &Viewer,
    week: &[DueDay],
    review: Option<&NextReview>,
) -> impl IntoView + use<> {
    let today = viewer.today();
    let review = review.map(|next| {
        let (href, label) = (viewer.path(&next.path()), next.label(today));
        view! {
            <p class="review-line">
                <a href=href>{label}</a>
            </p>
        }
    });
    let columns = week
        .iter()
        .map(|day| {
            let is_today = day.day == today;
            let name: String = day.day.weekday().chars().take(3).collect();
            let label = if is_today {
                "Today".to_owned()
            } else {
                format!("{name} {}", day.day.0.day())
            };
            let more = day.items.len().saturating_sub(NAMED_A_DAY);
            let items = day
                .items
                .iter()
                .take(NAMED_A_DAY)
                .map(|item| {
                    let href = viewer.path(&item.path);
                    view! {
                        <a href=href>
                            <strong>{item.title.clone()}</strong>
                            <small>{item.detail.clone()}</small>
                        </a>
                    }
                })
                .collect_view();
            let class = if is_today { "is-today" } else { "" };
            view! {
                <li class=class>
                    <span class="day">{label}</span>
                    {items}
                    {(more > 0).then(|| view! { <small>{format!("and {more} more")}</small> })}
                    {day.items.is_empty().then(|| view! { <small class="faint">"–"</small> })}
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="section">
            <header class="section-head">
                <h2>"Due this week"</h2>
                {review}
            </header>
            <ol class="week">{columns}</ol>
        </section>
    }
}
