//! The minutes are written, offered and signed; so is what is added to them.

use axum::{extract::Path, response::IntoResponse as _};
use leptos::prelude::*;

use super::ROOM;
use crate::{
    handshake::{
        Kind,
        components::{DigestLine, SignForm, Signatures, StandingLine, WithdrawForm},
        page::{SigningPage, TablePage},
        read::{Standing, current},
        text::SignedText as _,
    },
    identity::{Action, FormResponse, Page, Redirect, Seats, Viewer, respond},
    platform::{
        error::{Error, Result},
        form::Form,
        ids::AddendumId,
        time::Day,
    },
    reviews::{
        read::{self, Addendum, Minutes, Review},
        text::{AddendumText, MinutesText},
        write::{self, AddendumOnTable, MinutesOnTable},
    },
    ui::{
        Actions, CheckGroup, Crumb, Hidden, Notice, PostForm, Section, TextArea,
        markdown::{self, Markdown},
        redline::Redline,
    },
};

/// `/reviews/4/minutes`: they stand on the review's page.
pub async fn minutes(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    super::show::page(&viewer, number, Form::blank()).await
}

/// Longest minutes, in characters.
const MAX_LENGTH: usize = 20_000;

async fn to_write(viewer: &Viewer, number: i64) -> Result<(Review, Minutes)> {
    let review = read::one(viewer, number).await?;
    if !viewer.may(Action::PrepareReview) {
        return Err(Error::Forbidden);
    }
    if !review.state.takes_minutes() {
        return Err(Error::Conflict);
    }
    let minutes = read::minutes(viewer, review.id).await?.ok_or(Error::NotFound)?;
    Ok((review, minutes))
}

pub async fn write_form(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    write_page(&viewer, number, Form::blank()).await
}

async fn write_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    let (review, minutes) = to_write(viewer, number).await?;
    let resolutions = read::resolutions(viewer, review.id).await?;
    let omitted = resolutions.iter().filter(|it| it.is_omitted);
    let now = Form::blank()
        .with("version", minutes.version.to_string())
        .with("body", minutes.body)
        .with_each("omit", omitted.map(|it| it.id.to_string()));
    let form = form.over(now, &[("body", "Minutes")]);
    let resolutions: Vec<(String, String)> = resolutions
        .into_iter()
        .map(|it| (it.id.to_string(), it.body))
        .collect();
    let cancel = viewer.path(&review.path());
    let is_signed = review
        .standing
        .as_ref()
        .is_some_and(|standing| standing.marketing.is_some() || standing.technology.is_some());
    let title = format!("Minutes of review {number}");
    Ok(Page::new(viewer, ROOM, title.clone(), move |_| {
        view! {
            <Crumb href=cancel.clone() text=format!("Review {number}") />
            <h1>{title}</h1>
            {is_signed
                .then(|| {
                    view! {
                        <p class="lead">
                            "One lead has answered already. If you change the text, that answer does not count for it, and both are asked again."
                        </p>
                    }
                })}
            <PostForm form=form>
                <Hidden name="version" />
                <TextArea
                    name="body"
                    label="Minutes"
                    help="You can use Markdown."
                    rows=24
                    max_length=MAX_LENGTH
                />
                {(!resolutions.is_empty())
                    .then(|| {
                        view! {
                            <CheckGroup
                                name="omit"
                                label="Decisions that were recorded by mistake"
                                options=resolutions
                                help="What you tick is not part of what both leads accept. Take it out of the text as well."
                            />
                        }
                    })}
                <Actions verb="Save the minutes" cancel=cancel />
            </PostForm>
        }
    }))
}

pub async fn write(viewer: Viewer, Path((_, number)): Path<(String, i64)>, mut form: Form) -> FormResponse {
    let outcome = async {
        to_write(&viewer, number).await?;
        let body = form
            .paragraphs("body", MAX_LENGTH)
            .ok_or_else(|| form.refusal())?;
        let omitted = form.choices("omit").ok_or_else(|| form.refusal())?;
        write::write_minutes(&viewer, number, form.version(), (&body, &omitted)).await?;
        Ok(Redirect::to(viewer.path(&format!("reviews/{number}"))).with_notice(Notice::Saved))
    }
    .await;
    respond(outcome, form, |form| write_page(&viewer, number, form)).await
}

pub async fn offer(viewer: Viewer, Path((_, number)): Path<(String, i64)>, form: Form) -> FormResponse {
    let outcome = write::offer_minutes(&viewer, number)
        .await
        .map(|()| Redirect::to(viewer.path(&format!("reviews/{number}"))).with_notice(Notice::Proposed));
    respond(outcome, form, |form| super::show::page(&viewer, number, form)).await
}

impl TablePage for MinutesOnTable {
    type Address = (String, i64);

    fn key((_, number): (String, i64)) -> Result<i64> {
        Ok(number)
    }

    fn path(number: i64) -> String {
        format!("reviews/{number}/minutes")
    }
}

fn long(day: &str) -> String {
    day.parse::<Day>()
        .map_or_else(|_| day.to_owned(), Day::format_long)
}

/// What differs as it is read, and folded as it was typed: marks that reading leaves out are signed, too.
fn redline_as_read(before: &str, after: &str) -> impl IntoView + use<> {
    let (read_before, read_after) = (markdown::lines(before), markdown::lines(after));
    let only_marks = read_before == read_after;
    let (before, after) = (before.to_owned(), after.to_owned());
    view! {
        <div class="card record">
            <p class="prose">
                <Redline before=read_before after=read_after />
            </p>
            <details open=only_marks>
                <summary>"As it was typed"</summary>
                <p class="prose">
                    <Redline before=before after=after />
                </p>
            </details>
        </div>
    }
}

/// What is signed, in full.
fn minutes_in_full(text: &MinutesText) -> impl IntoView + use<> {
    let line = |label: &str, body: &str| {
        view! {
            <li class="row">
                <span class="row-main">
                    <strong>{body.to_owned()}</strong>
                    <span class="faint">{label.to_owned()}</span>
                </span>
            </li>
        }
    };
    let resolutions = text
        .resolutions
        .iter()
        .map(|resolution| line("Decided", resolution))
        .collect_view();
    let actions = text
        .actions
        .iter()
        .map(|action| {
            line(
                &format!("{}, by {}", action.owner, long(&action.due_on)),
                &action.action,
            )
        })
        .collect_view();
    let present = if text.present.is_empty() {
        "Nobody was marked present.".to_owned()
    } else {
        format!("There: {}.", text.present.join(", "))
    };
    view! {
        <p>{format!("Held on {}. {present}", long(&text.held_on))}</p>
        <div class="card record minutes-text">
            <Markdown text=text.body.clone() />
        </div>
        {(!resolutions.is_empty())
            .then(|| {
                view! {
                    <Section title="Decided">
                        <ul class="rows">{resolutions}</ul>
                    </Section>
                }
            })}
        {(!actions.is_empty())
            .then(|| {
                view! {
                    <Section title="Actions">
                        <ul class="rows">{actions}</ul>
                    </Section>
                }
            })}
        <p class="faint">
            "Over the frozen facts with the digest "
            <code title=text.snapshot.clone()>{crate::handshake::short_digest(&text.snapshot)}</code>
        </p>
    }
}

impl SigningPage for MinutesOnTable {
    async fn sign_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
        let review = read::one(viewer, number).await?;
        if !viewer.may(Action::FillSeat {
            seats: Seats::Leads,
            owner: None,
        }) {
            return Err(Error::Forbidden);
        }
        let (standing, content) = current(viewer, Kind::Minutes, review.id.uuid())
            .await?
            .ok_or(Error::NotFound)?;
        let text = MinutesText::read(&content)?;
        let side = standing.side_of_signer(viewer, form.is_typed())?;
        let cancel = viewer.path(&review.path());
        let earlier = read::minutes(viewer, review.id)
            .await?
            .and_then(|minutes| minutes.earlier_body)
            .filter(|earlier| *earlier != text.body);
        let title = format!("Accept the minutes of review {number}, for {}", side.name());
        Ok(Page::new(viewer, ROOM, title.clone(), move |_| {
            let full = minutes_in_full(&text);
            view! {
                <Crumb href=cancel.clone() text=format!("Review {number}") />
                <h1>{title}</h1>
                <p>"This is what you sign, in full. If you were not there, you accept it as read."</p>
                {earlier
                    .map(|earlier| {
                        view! {
                            <Section title="Changed since it was offered last">
                                {redline_as_read(&earlier, &text.body)}
                            </Section>
                        }
                    })}
                {full}
                <DigestLine
                    digest=standing.digest.clone()
                    covers="the minutes, the decisions, the actions, who was there and the digest of the facts"
                />
                <SignForm form=form standing=standing side=side what="these minutes" cancel=cancel conditions=false />
            }
        }))
    }
}

pub async fn addendum_form(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    addendum_page(&viewer, number, Form::blank()).await
}

async fn addendum_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    let review = read::one(viewer, number).await?;
    if !viewer.may(Action::PrepareReview) {
        return Err(Error::Forbidden);
    }
    if review.state != crate::reviews::ReviewState::Sealed {
        return Err(Error::Conflict);
    }
    let form = if form.raw("id").is_empty() {
        form.with("id", viewer.fresh_id::<AddendumId>().to_string())
    } else {
        form
    };
    let cancel = viewer.path(&review.path());
    Ok(Page::new(
        viewer,
        ROOM,
        format!("Add to the minutes of review {number}"),
        move |_| {
            view! {
                <Crumb href=cancel.clone() text=format!("Review {number}") />
                <h1>"Add to the minutes"</h1>
                <p>"The accepted minutes stay as they are. Both leads are asked to accept what you add."</p>
                <PostForm form=form>
                    <Hidden name="id" />
                    <TextArea
                        name="body"
                        label="Addendum"
                        help="What the minutes say, and what is right."
                        rows=4
                        max_length=2000
                    />
                    <Actions verb="Ask both leads to accept" cancel=cancel />
                </PostForm>
            }
        },
    ))
}

pub async fn add_addendum(
    viewer: Viewer,
    Path((_, number)): Path<(String, i64)>,
    mut form: Form,
) -> FormResponse {
    let outcome = async {
        if !viewer.may(Action::PrepareReview) {
            return Err(Error::Forbidden);
        }
        let body = form.paragraphs("body", 2000).ok_or_else(|| form.refusal())?;
        let id = form.raw("id").parse().unwrap_or_else(|_| viewer.fresh_id());
        write::add_addendum(&viewer, number, id, &body).await?;
        Ok(Redirect::to(viewer.path(&format!("reviews/{number}"))).with_notice(Notice::Proposed))
    }
    .await;
    respond(outcome, form, |form| addendum_page(&viewer, number, form)).await
}

/// An addendum of a review, and where its acceptance stands.
async fn addendum_of(viewer: &Viewer, (review, number): (i64, i64)) -> Result<(Addendum, Option<Standing>)> {
    let review = read::one(viewer, review).await?;
    let addendum = read::addenda(viewer, review.id)
        .await?
        .into_iter()
        .find(|addendum| addendum.number == number)
        .ok_or(Error::NotFound)?;
    let standing = addendum.standing.clone();
    Ok((addendum, standing))
}

pub async fn addendum(viewer: Viewer, Path((_, review, number)): Path<(String, i64, i64)>) -> Result<Page> {
    let (it, standing) = addendum_of(&viewer, (review, number)).await?;
    let title = format!("Addendum {number} to the minutes of review {review}");
    Ok(Page::new(&viewer, ROOM, title.clone(), move |viewer| {
        let path = viewer.path(&format!("reviews/{review}/addenda/{number}"));
        let open = standing.as_ref().and_then(|standing| standing.open_to(&viewer));
        let withdrawable = standing.as_ref().and_then(|standing| standing.given_by(&viewer));
        let may_take_back = viewer.may(Action::PrepareReview)
            && it.side == viewer.side()
            && standing.as_ref().is_some_and(|standing| !standing.is_sealed());
        let stands = match standing {
            None => view! { <p class="notice">"This addendum was withdrawn."</p> }.into_any(),
            Some(standing) => view! {
                <StandingLine
                    standing=standing.clone()
                    viewer=viewer.clone()
                    sent_back=" Withdraw the addendum, and add what is right."
                />
                <Signatures standing=standing viewer=viewer.clone() who_may="The lead of this side" />
            }
            .into_any(),
        };
        let when = format!("{}, {}", it.who, viewer.day_of(it.at).format_long());
        view! {
            <Crumb href=viewer.path(&format!("reviews/{review}")) text=format!("Review {review}") />
            <h1>{title}</h1>
            <p class="faint">{when}</p>
            <div class="card record">
                <Markdown text=it.body />
            </div>
            {stands}
            {may_take_back
                .then(|| {
                    view! {
                        <form method="post" action=format!("{path}/take-back") class="inline">
                            <button class="button" type="submit">
                                "Withdraw the addendum"
                            </button>
                        </form>
                    }
                })}
            {withdrawable.map(|given| view! { <WithdrawForm given=given action=format!("{path}/withdraw") /> })}
            {open
                .map(|side| {
                    view! {
                        <p>
                            <a class="button is-primary" href=format!("{path}/sign")>
                                {format!("Accept for {}…", side.name())}
                            </a>
                        </p>
                    }
                })}
        }
    }))
}

impl TablePage for AddendumOnTable {
    type Address = (String, i64, i64);

    fn key((_, review, number): (String, i64, i64)) -> Result<(i64, i64)> {
        Ok((review, number))
    }

    fn path((review, number): (i64, i64)) -> String {
        format!("reviews/{review}/addenda/{number}")
    }
}

impl SigningPage for AddendumOnTable {
    async fn sign_page(viewer: &Viewer, key: (i64, i64), form: Form) -> Result<Page> {
        let (it, standing) = addendum_of(viewer, key).await?;
        let standing = standing.ok_or(Error::NotFound)?;
        let (_, content) = current(viewer, Kind::Addendum, it.id.uuid())
            .await?
            .ok_or(Error::NotFound)?;
        let text = AddendumText::read(&content)?;
        let side = standing.side_of_signer(viewer, form.is_typed())?;
        let cancel = viewer.path(&<Self as TablePage>::path(key));
        let title = format!("Accept an addendum to review {}, for {}", key.0, side.name());
        Ok(Page::new(viewer, ROOM, title.clone(), move |_| {
            view! {
                <Crumb href=cancel.clone() text=format!("Addendum {}", text.addendum) />
                <h1>{title}</h1>
                <p>"This is what you sign, in full."</p>
                <div class="card record">
                    <Markdown text=text.body />
                </div>
                <DigestLine
                    digest=standing.digest.clone()
                    covers="this addendum and the digest of the minutes that it adds to"
                />
                <SignForm form=form standing=standing side=side what="this addendum" cancel=cancel conditions=false />
            }
        }))
    }
}

pub async fn take_back_addendum(
    viewer: Viewer,
    Path((_, review, number)): Path<(String, i64, i64)>,
    _: Form,
) -> FormResponse {
    write::take_back_addendum(&viewer, review, number).await?;
    let to = viewer.path(&format!("reviews/{review}/addenda/{number}"));
    Ok(Redirect::to(to).with_notice(Notice::TakenBack).into_response())
}
