//! One request: how it stands, what it is for, and what the reader may do with it.

use axum::extract::Path;
use leptos::prelude::*;

use super::{COVERS, ROOM, keeping, record::record};
use crate::{
    access::{
        Access,
        read::{self, Doors, Request},
        talk::AccessTalk,
    },
    comments::page::Discussion,
    handshake::{
        Kind,
        components::{DigestLine, Seats, Signatures, StandingLine, WithdrawForm},
        read::current,
    },
    identity::{Action, Page, Seats as SeatsOf, Viewer},
    platform::{
        error::Result,
        text::join_details,
        time::{Day, days},
    },
    ui::{AskFirst, Crumb, Pill, Section, Tag},
    waits::WaitOutcome,
};

#[expect(clippy::too_many_lines, reason = "one page")]
pub async fn request(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    let it = read::request(&viewer, number).await?;
    let waiting = read::waiting_milestones(&viewer, it.id).await?;
    let on_table = current(&viewer, Kind::Access, it.id.uuid()).await?;
    let (_, text) = read::request_with_text(&viewer, number).await?;
    let standing = on_table.map(|(standing, _)| standing);
    let doors = read::doors_of(&viewer, it.id).await?;
    let words = read::words_of(&viewer, it.id).await?;
    let goal_changed = read::goal_changed_at(&viewer, &it).await?;
    let talk = Discussion::read::<AccessTalk>(&viewer, number, it.id.uuid()).await?;
    Ok(Page::new(&viewer, ROOM, it.title.clone(), move |viewer| {
        let today = viewer.today();
        let path = viewer.path(&it.path());
        let state = it.state(today);
        let status = it.status(&viewer);
        let is_open = !state.is_over();
        let open_side = standing
            .as_ref()
            .filter(|_| is_open)
            .filter(|standing| is_approver(&viewer, standing))
            .and_then(|standing| standing.open_to(&viewer));
        let withdrawable = standing.as_ref().and_then(|standing| standing.given_by(&viewer));
        let own = OwnActs::of(&viewer, &it, &doors, state);
        let ends = (is_open || state == Access::NeverGranted) && viewer.may(it.ending());
        let steps = steps(&viewer, &it, state);
        let prolong = viewer.path(&format!("goals/{}/access?follows={}", it.goal_number, it.number));
        // What the steps say by themselves is not said twice.
        let detail = Some(status.detail().to_owned())
            .filter(|_| steps.is_empty() || !matches!(state, Access::Approved | Access::Granted));
        let told = join_details([detail, Some(steps).filter(|steps| !steps.is_empty())]);
        let rows = waiting_rows(&viewer, &it, waiting);
        view! {
            <Crumb href=viewer.path(&format!("goals/{}", it.goal_number)) text=it.goal.clone() />
            <header class="page-head">
                <div>
                    <h1>{it.title.clone()}</h1>
                    <p class="standing">
                        <Seats standing=standing.clone() viewer=viewer.clone() large=true />
                        <Pill word=status.word() />
                        {it.names_no_source().then(|| view! { <Tag label="No source named" /> })}
                        <span class="faint">{told}</span>
                    </p>
                </div>
                <div class="page-actions">
                    {withdrawable.map(|given| view! { <WithdrawForm given=given action=format!("{path}/withdraw") /> })}
                    {ends
                        .then(|| {
                            view! {
                                <a class="button" href=format!("{path}/end")>
                                    {if state == Access::Granted {
                                        "End the access"
                                    } else {
                                        "Withdraw the request"
                                    }}
                                </a>
                            }
                        })}
                    {open_side
                        .map(|side| {
                            view! {
                                <a class="button is-primary" href=format!("{path}/sign")>
                                    {format!("Approve for {}…", side.name())}
                                </a>
                            }
                        })}
                    {own
                        .prolongs
                        .then(|| {
                            view! {
                                <a class="button" href=prolong.clone()>
                                    "Ask to prolong…"
                                </a>
                            }
                        })}
                    {own
                        .certifies
                        .then(|| {
                            view! {
                                <a class="button is-primary" href=format!("{path}/certify")>
                                    "Keep or end it…"
                                </a>
                            }
                        })}
                    {own
                        .deletes
                        .then(|| {
                            view! {
                                <a class="button" href=format!("{path}/copies")>
                                    "The copies are gone…"
                                </a>
                            }
                        })}
                    {own
                        .opens
                        .then(|| {
                            view! {
                                <AskFirst
                                    id="open"
                                    verb="Confirm access is open…"
                                    question="Is the access open?"
                                    follows=format!(
                                        "You confirm that {} can use “{}” now. You cannot undo this. The access is to be shut after {}.",
                                        it.asked_by_name,
                                        it.title,
                                        it.ends_on.format_long(),
                                    )
                                    yes="It is open"
                                    no="Not yet"
                                    action=format!("{path}/grant")
                                    is_primary=true
                                />
                            }
                        })}
                    {own
                        .shuts
                        .then(|| {
                            view! {
                                <AskFirst
                                    id="shut"
                                    verb="Confirm access is shut…"
                                    question="Is the access shut?"
                                    follows=format!(
                                        "You confirm that {} can no longer use “{}”. You cannot undo this.",
                                        it.asked_by_name,
                                        it.title,
                                    )
                                    yes="It is shut"
                                    no="Not yet"
                                    action=format!("{path}/shut")
                                    is_primary=true
                                />
                            }
                        })}
                </div>
            </header>
            {goal_changed
                .map(|at| {
                    let href = viewer.path(&format!("goals/{}", it.goal_number));
                    let words = format!(
                        "The goal that it cites changed on {}, after both sides had approved it.",
                        viewer.day_of(at).format(today),
                    );
                    view! {
                        <p class="standing">
                            <Tag label="Goal changed" />
                            <a href=href>{words}</a>
                        </p>
                    }
                })}
            {keeping_line(&viewer, &it)}
            {record(&viewer, &it, text)}
            {keeping::doors(&viewer, &it, &doors)}
            {keeping::said(&viewer, words)}
            {standing
                .map(|standing| {
                    view! { {approval(&viewer, standing)} }
                })}
            {(!rows.is_empty())
                .then(|| {
                    view! {
                        <Section title="Milestones that depend on it">
                            <ul class="rows">{rows}</ul>
                        </Section>
                    }
                })}
            {talk.section(&viewer)}
        }
    }))
}

/// Whether the viewer is who approves for their side: of restricted data its holder, and a lead only where
/// nobody sits.
fn is_approver(viewer: &Viewer, standing: &crate::handshake::read::Standing) -> bool {
    standing.seats != SeatsOf::Owners
        || viewer
            .side()
            .and_then(|side| standing.owner(side))
            .is_none_or(|owner| owner == viewer.member_id())
}

/// What the viewer may do with it next.
#[expect(clippy::struct_excessive_bools, reason = "a flag for each button")]
struct OwnActs {
    opens: bool,
    shuts: bool,
    certifies: bool,
    deletes: bool,
    prolongs: bool,
}

impl OwnActs {
    fn of(viewer: &Viewer, it: &Request, doors: &Doors, state: Access) -> Self {
        let has_doors = !doors.all().is_empty();
        let is_to_shut = state.is_over() && it.shut_due(viewer).is_some();
        let may_grant = viewer.may(it.granting(viewer));
        Self {
            opens: state == Access::Approved
                && (!has_doors || it.is_needed(viewer.today()))
                && if has_doors {
                    doors.opens(viewer, it)
                } else {
                    may_grant
                },
            shuts: is_to_shut
                && if has_doors {
                    doors.shuts(viewer, it)
                } else {
                    may_grant
                },
            certifies: it.certification_due(viewer.today()).is_some()
                && doors.certifies(viewer, it)
                && viewer
                    .side()
                    .is_some_and(|side| it.terms.as_ref().is_some_and(|terms| terms.said(side).is_none())),
            deletes: keeping::deletes_copies(viewer, it),
            prolongs: it.may_be_prolonged(viewer.today()) && viewer.may(Action::SpeakForSide),
        }
    }
}

/// When it is certified next, and what is to be done once it is over.
fn keeping_line(viewer: &Viewer, it: &Request) -> impl IntoView + use<> {
    let today = viewer.today();
    let late = |due: Day| {
        let late = today.days_since(due);
        if late > 0 {
            format!("{} late", days(late))
        } else {
            format!("due {}", due.format(today))
        }
    };
    let certify = it
        .certify_on()
        .filter(|_| it.state(today) == Access::Granted)
        .map(|day| {
            format!(
                "Both sides say by {} whether it is still needed.",
                day.format(today)
            )
        });
    let longer = it.terms.as_ref().and_then(|terms| {
        let longest = terms.counts_as.longest_access_days()?;
        (terms.counts_as > terms.sensitivity && it.ends_on > it.needed_on.plus(longest)).then(|| {
            format!(
                "It lasts longer than is allowed now: its data is {} today.",
                terms.counts_as.name()
            )
        })
    });
    let shut = it
        .shut_due(viewer)
        .map(|due| format!("It is over, but still open: {}.", late(due)));
    let copies = match it.terms.as_ref().and_then(|terms| terms.copies_gone.clone()) {
        Some((at, how)) => Some(format!(
            "The copies are gone since {}: {how}",
            viewer.day_of(at).format(today)
        )),
        None => it
            .copies_due(viewer)
            .map(|due| format!("Its copies are to be deleted: {}.", late(due))),
    };
    let lines: Vec<String> = [certify, longer, shut, copies].into_iter().flatten().collect();
    (!lines.is_empty()).then(|| view! { <p>{lines.join(" ")}</p> })
}

/// What has happened to it so far, in order.
fn steps(viewer: &Viewer, it: &Request, state: Access) -> String {
    let today = viewer.today();
    let steps = [
        it.approved_at
            .map(|at| format!("Approved by both sides {}", viewer.day_of(at).format(today))),
        (state == Access::Approved).then(|| match &it.terms {
            Some(_) => "the custodians have to open it".to_owned(),
            None => format!("{} has to open it", it.asking_side.other().name()),
        }),
        it.granted
            .clone()
            .map(|(at, who)| format!("opened {} by {who}", viewer.day_of(at).format(today))),
        it.shut
            .clone()
            .map(|(at, who)| format!("shut {} by {who}", viewer.day_of(at).format(today))),
        it.ended
            .clone()
            .map(|(at, because)| format!("ended {}: {because}", viewer.day_of(at).format(today))),
    ];
    let said: Vec<String> = steps.into_iter().flatten().collect();
    said.join(" · ")
}

fn waiting_rows(viewer: &Viewer, it: &Request, waiting: Vec<read::WaitingMilestone>) -> Vec<AnyView> {
    let today = viewer.today();
    waiting
        .into_iter()
        .map(|milestone| {
            let risk = it.schedule_risk(milestone.due_on, WaitOutcome::Ahead, today);
            let detail = join_details([
                risk.detail(),
                Some(milestone.initiative),
                Some(format!("due {}", milestone.due_on.format(today))),
            ]);
            view! {
                <li class="row">
                    <Pill word=risk.word() />
                    <a class="row-main" href=viewer.path(&format!("milestones/{}", milestone.number))>
                        <strong>{milestone.title}</strong>
                        <span class="faint">{detail}</span>
                    </a>
                </li>
            }
            .into_any()
        })
        .collect()
}

fn approval(viewer: &Viewer, standing: crate::handshake::read::Standing) -> impl IntoView + use<> {
    let viewer = viewer.clone();
    let who_may = match standing.seats {
        SeatsOf::Owners => "The source’s owner for Marketing, its custodian for Technology",
        SeatsOf::Leads | SeatsOf::Signers => "A manager or the lead of this side",
    };
    view! {
        <Section title="Approval">
            <StandingLine
                standing=standing.clone()
                viewer=viewer.clone()
                sent_back=" The requester withdraws it and makes a new request."
            />
            <Signatures
                standing=standing.clone()
                viewer=viewer.clone()
                who_may=who_may
            />
            <DigestLine digest=standing.digest covers=COVERS />
        </Section>
    }
}
