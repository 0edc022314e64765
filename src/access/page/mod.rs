//! Requests for access: the list, one of them, approving, granting, ending.

use std::cmp::Reverse;

use axum::{extract::Path, response::IntoResponse};
use leptos::prelude::*;

mod keeping;

pub use keeping::{certify, certify_form, copies, copies_form, shut};

use super::{
    Access,
    read::{self, Doors, Request},
    terms::Copies,
    write,
};

use crate::platform::text::join_details;
use crate::{
    access::{
        talk::AccessTalk,
        text::{AccessText, TermsText},
    },
    comments::page::Discussion,
    handshake::{
        Kind,
        components::{DigestLine, Seats, SignForm, Signatures, StandingLine, WithdrawForm},
        page::{SigningPage, TablePage},
        read::current,
        text::SignedText as _,
    },
    identity::{Action, FormResponse, Page, Redirect, Seats as SeatsOf, Viewer, respond},
    platform::{
        error::{Error, Result},
        form::Form,
        time::{Day, days},
    },
    ui::{Actions, AskFirst, Crumb, Empty, Notice, Pill, PostForm, Section, Tag, TextArea},
    waits::WaitOutcome,
};

pub const ROOM: &str = "goals";

const COVERS: &str = "the access, its purpose, its terms, the goal and both days";

/// Requests as a list, the late ones first; `named` adds the goal that each cites.
pub fn rows(viewer: &Viewer, mut requests: Vec<Request>, named: bool) -> impl IntoView + use<> {
    let today = viewer.today();
    requests.sort_by_key(|request| Reverse(request.status(viewer).word().days_late()));
    let rows = requests
        .into_iter()
        .map(|request| {
            let state = request.state(today);
            let status = request.status(viewer);
            let href = viewer.path(&request.path());
            let cites = named.then(|| format!(" · for {}", request.goal));
            let detail = format!(
                "{}. {} · {} asks · {}",
                status.detail(),
                request.kind.name(),
                request.asking_side.name(),
                span_words(viewer, &request),
            );
            let seats = (state == Access::Asked)
                .then(|| view! { <Seats standing=request.standing.clone() viewer=viewer.clone() /> });
            view! {
                <li class="row">
                    <span class="row-state">{seats}<Pill word=status.word() /></span>
                    <a class="row-main" href=href>
                        <strong>{request.title.clone()}</strong>
                        <span class="faint">{detail}{cites}</span>
                    </a>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="rows">{rows}</ul> }
}

/// From which day to which it lasts; of one that ended early also until when it was to last.
fn span_words(viewer: &Viewer, request: &Request) -> String {
    let today = viewer.today();
    let early = request.over_on(viewer).filter(|over| *over < request.ends_on);
    match early {
        Some(over) if over >= request.needed_on => format!(
            "{}, planned until {}",
            request.needed_on.format_span(over, today),
            request.ends_on.format(today)
        ),
        Some(_) => format!(
            "planned for {}",
            request.needed_on.format_span(request.ends_on, today)
        ),
        None => request.needed_on.format_span(request.ends_on, today),
    }
}

/// `/access`: every request, the late ones first.
pub async fn list(viewer: Viewer) -> Result<Page> {
    let requests = read::requests(&viewer).await?;
    Ok(Page::new(&viewer, ROOM, "Access", move |viewer| {
        let is_empty = requests.is_empty();
        let rows = rows(&viewer, requests, true);
        let purpose = "Teams request data or technology on the page of the goal that needs it. Both sides \
            approve each request.";
        view! {
            <Crumb href=viewer.path("goals") text="Goals" />
            <header class="page-head">
                <div>
                    <h1>"Access"</h1>
                    <p class="lead">
                        "The data and technology that goals need: what was requested, approved and opened."
                    </p>
                </div>
            </header>
            {if is_empty {
                view! { <Empty purpose=purpose next=(viewer.path("goals"), "Goals") /> }.into_any()
            } else {
                rows.into_any()
            }}
        }
    }))
}

/// What is asked for, as it is signed.
fn record(viewer: &Viewer, it: &Request, text: AccessText) -> impl IntoView + use<> {
    let request_line = format!(
        "{}, by {}, {}",
        text.asking_side.name(),
        text.asked_by,
        viewer.day_of(it.asked_at).format(viewer.today())
    );
    let long = |day: &str| {
        day.parse::<Day>()
            .map_or_else(|_| day.to_owned(), Day::format_long)
    };
    let (from, until) = (long(&text.needed_on), long(&text.ends_on));
    view! {
        <div class="card record">
            <h2>{text.title}</h2>
            <p class="prose">{text.purpose}</p>
            <div class="facts">
                <div>
                    <h2>"Access to"</h2>
                    <p>{text.kind.name()}</p>
                </div>
                <div>
                    <h2>"Goal"</h2>
                    <p>
                        <a href=viewer.path(&format!("goals/{}", it.goal_number))>{text.goal}</a>
                    </p>
                </div>
                <div>
                    <h2>"From and until"</h2>
                    <p>{from}<br />{until}</p>
                </div>
                <div>
                    <h2>"Asked"</h2>
                    <p>{request_line}</p>
                </div>
            </div>
            {text.terms.map(|terms| terms_of(viewer, terms))}
        </div>
    }
}

/// On which terms, as they are signed.
fn terms_of(viewer: &Viewer, terms: TermsText) -> impl IntoView + use<> {
    let long = |day: Option<String>| {
        day.and_then(|day| day.parse::<Day>().ok())
            .map_or_else(String::new, Day::format_long)
    };
    let sources = terms
        .sources
        .iter()
        .map(|named| {
            let href = viewer.path(&format!("sources/{}", named.number));
            view! {
                <li>
                    <a href=href>{named.name.clone()}</a>
                </li>
            }
        })
        .collect_view();
    let basis = match (terms.used_for.basis, terms.used_for.rests_on) {
        (None, _) => "not said".to_owned(),
        (Some(basis), rests_on) if rests_on.is_empty() => basis.name().to_owned(),
        (Some(basis), rests_on) => format!("{}, resting on {rests_on}", basis.name()),
    };
    let copies = match (terms.copies, terms.copies_in) {
        (Copies::None, _) => "none are taken".to_owned(),
        (Copies::Deleted, _) => format!("deleted by {}", long(terms.copies_until)),
        (Copies::Kept, Some(inside)) => format!("kept inside {}", inside.name),
        (Copies::Kept, None) => "kept inside a source".to_owned(),
    };
    let mut facts = vec![
        ("Sensitivity", terms.sensitivity.name().to_owned()),
        (
            "Use",
            format!("{}: {}", terms.used_for.name, terms.used_for.purpose.name()),
        ),
        ("Legal basis", basis),
        ("People appear", terms.form.name().to_owned()),
        ("Fields", terms.fields),
        ("Copies", copies),
    ];
    if !terms.used_for.kept.is_empty() {
        facts.push(("The source keeps it", terms.used_for.kept));
    }
    let rows = facts
        .into_iter()
        .map(|(name, value)| {
            view! {
                <dt>{name}</dt>
                <dd>{value}</dd>
            }
        })
        .collect_view();
    let follows = terms.follows.map(|number| {
        let href = viewer.path(&format!("access/{number}"));
        view! {
            <dt>"Follows"</dt>
            <dd>
                <a href=href>{format!("request {number}")}</a>
            </dd>
        }
    });
    view! {
        <dl class="pairs">
            <dt>"Sources"</dt>
            <dd>
                <ul class="plain">{sources}</ul>
            </dd>
            {rows}
            {follows}
        </dl>
    }
}

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

impl TablePage for write::RequestOnTable {
    type Address = (String, i64);

    fn key((_, number): (String, i64)) -> Result<i64> {
        Ok(number)
    }

    fn path(number: i64) -> String {
        format!("access/{number}")
    }
}

impl SigningPage for write::RequestOnTable {
    async fn sign_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
        let it = read::request(viewer, number).await?;
        if !viewer.may(Action::SpeakForSide) {
            return Err(Error::Forbidden);
        }
        let (standing, content) = current(viewer, Kind::Access, it.id.uuid())
            .await?
            .ok_or(Error::Conflict)?;
        let text = AccessText::read(&content)?;
        let side = standing.side_of_signer(viewer, form.is_typed())?;
        let form = form.over(Form::blank(), &[]);
        let cancel = viewer.path(&it.path());
        Ok(Page::new(
            viewer,
            ROOM,
            format!("Approve {}", it.title),
            move |viewer| {
                view! {
                    <Crumb href=cancel.clone() text=it.title.clone() />
                    <h1>{format!("Approve for {}", side.name())}</h1>
                    <p>
                        {if text.terms.is_some() {
                            "This is what you approve, in full. After approval the sources’ custodians still \
                            have to open the access."
                        } else if side != it.asking_side {
                            "This is what you approve, in full. After approval your side still has to open the \
                            access."
                        } else {
                            "This is what you approve, in full. After approval the other side still has to open \
                            the access."
                        }}
                    </p>
                    {record(&viewer, &it, text)}
                    <DigestLine
                        digest=standing.digest.clone()
                        covers=COVERS
                    />
                    <SignForm
                        form=form
                        standing=standing
                        side=side
                        what="this request"
                        cancel=cancel
                        conditions=false
                    />
                }
            },
        ))
    }
}

pub async fn grant(viewer: Viewer, Path((_, number)): Path<(String, i64)>, form: Form) -> FormResponse {
    write::grant(&viewer, number).await?;
    Ok(Redirect::back(&form, viewer.path(&format!("access/{number}")), Notice::Granted).into_response())
}

pub async fn end_form(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    end_page(&viewer, number, Form::blank()).await
}

async fn end_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    let it = read::request(viewer, number).await?;
    if !viewer.may(it.ending()) {
        return Err(Error::Forbidden);
    }
    let cancel = viewer.path(&it.path());
    Ok(Page::new(viewer, ROOM, format!("End {}", it.title), move |_| {
        let verb = if it.granted.is_some() {
            "End the access"
        } else {
            "Withdraw the request"
        };
        view! {
            <Crumb href=cancel.clone() text=it.title.clone() />
            <h1>{verb}</h1>
            <PostForm form=form>
                <TextArea
                    name="because"
                    label="Why"
                    help="One sentence that both sides understand."
                    rows=2
                    max_length=500
                />
                <Actions verb=verb cancel=cancel danger=true />
            </PostForm>
        }
    }))
}

pub async fn end(viewer: Viewer, Path((_, number)): Path<(String, i64)>, mut form: Form) -> FormResponse {
    let outcome = async {
        let Some(because) = form.paragraphs("because", 500) else {
            return Err(form.refusal());
        };
        write::end(&viewer, number, &because).await?;
        let done = if read::request(&viewer, number).await?.granted.is_some() {
            Notice::Ended
        } else {
            Notice::TakenBack
        };
        Ok(Redirect::to(viewer.path(&format!("access/{number}"))).with_notice(done))
    }
    .await;
    respond(outcome, form, |form| end_page(&viewer, number, form)).await
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
