//! A review is planned, moved, called off; how often they are held; how long an item takes.

use axum::extract::Path;
use leptos::prelude::*;

use super::{ROOM, when_and_where};
use crate::{
    identity::{Action, FormResponse, Page, Redirect, Side, Viewer, respond},
    members,
    platform::{
        error::{Error, Result},
        form::Form,
        ids::{MemberId, ReviewId},
    },
    reviews::{
        clock_time, next_day, parse_clock_time,
        read::{self, Review, Rhythm, item_of},
        write::{self, ReviewInput},
    },
    ui::{Actions, Crumb, DateField, Fields, Hidden, Notice, PostForm, Reason, Select, TextField},
};

const WEEKDAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

pub(super) fn weekday_name(weekday: i64) -> &'static str {
    usize::try_from(weekday)
        .ok()
        .and_then(|weekday| WEEKDAYS.get(weekday))
        .copied()
        .unwrap_or("Monday")
}

const LABELS: [(&str, &str); 5] = [
    ("held_on", "Day"),
    ("starts_at", "Starts at"),
    ("slot_minutes", "Minutes"),
    ("place", "Room or link"),
    ("chair", "Chair"),
];

/// What a review takes that nobody has planned otherwise.
const USUAL: Rhythm = Rhythm {
    every_weeks: 4,
    weekday: 3,
    starts_at: 600,
    slot_minutes: 45,
    version: 0,
};

fn sides() -> Vec<(String, String)> {
    Side::BOTH
        .into_iter()
        .map(|side| (side.as_str().to_owned(), side.name().to_owned()))
        .collect()
}

fn review_form(form: Form, verb: &'static str, cancel: String) -> impl IntoView {
    view! {
        <PostForm form=form>
            <Hidden name="id" />
            <Hidden name="version" />
            <Fields>
                <DateField name="held_on" label="Day" />
                <TextField name="starts_at" label="Starts at" kind="time" max_length=5 />
                <TextField name="slot_minutes" label="Minutes" inputmode="numeric" max_length=3 />
            </Fields>
            <Fields>
                <TextField name="place" label="Room or link" max_length=300 optional=true />
                <Select
                    name="chair"
                    label="Chair"
                    help="The side that leads through this review. The two usually take turns."
                    options=sides()
                />
            </Fields>
            <Actions verb=verb cancel=cancel />
        </PostForm>
    }
}

fn time(form: &mut Form, name: &str) -> Option<i64> {
    let time = parse_clock_time(form.raw(name));
    if time.is_none() {
        form.fail(name, "Write a time such as 10:00.");
    }
    time
}

fn input(form: &mut Form) -> Result<ReviewInput> {
    let fields = (
        form.day("held_on"),
        time(form, "starts_at"),
        form.whole("slot_minutes"),
        form.optional_line("place", 300),
        form.choice("chair"),
    );
    match fields {
        (Some(held_on), Some(starts_at), Some(slot_minutes), Some(place), Some(chair)) => Ok(ReviewInput {
            held_on,
            starts_at,
            slot_minutes,
            place,
            chair,
        }),
        _ => Err(form.refusal()),
    }
}

pub async fn new(viewer: Viewer) -> Result<Page> {
    let rhythm = read::rhythm(&viewer).await?;
    let last = read::last_day(&viewer).await?;
    let past = read::past(&viewer, 1, 0).await?;
    let usual = rhythm.as_ref().unwrap_or(&USUAL);
    let id: ReviewId = viewer.fresh_id();
    let day = next_day(usual.every_weeks, usual.weekday, last, viewer.today());
    // The sides take turns in the chair.
    let chair = past
        .first()
        .map_or(Side::Marketing, |review| review.chair.other());
    let place = past
        .first()
        .map_or_else(String::new, |review| review.place.clone());
    let form = Form::blank()
        .with("id", id.to_string())
        .with("held_on", day.to_string())
        .with("starts_at", clock_time(usual.starts_at))
        .with("slot_minutes", usual.slot_minutes.to_string())
        .with("place", place)
        .with("chair", chair.as_str());
    new_page(&viewer, form)
}

fn new_page(viewer: &Viewer, form: Form) -> Result<Page> {
    if !viewer.may(Action::PrepareReview) {
        return Err(Error::Forbidden);
    }
    let cancel = viewer.path("reviews");
    Ok(Page::new(viewer, ROOM, "Plan a review", move |_| {
        view! {
            <Crumb href=cancel.clone() text="Reviews" />
            <h1>"Plan a review"</h1>
            {review_form(form, "Plan the review", cancel)}
        }
    }))
}

pub async fn plan(viewer: Viewer, mut form: Form) -> FormResponse {
    let outcome = async {
        if !viewer.may(Action::PrepareReview) {
            return Err(Error::Forbidden);
        }
        let input = input(&mut form)?;
        let id = form.choice("id").ok_or_else(|| form.refusal())?;
        let number = write::plan(&viewer, id, input).await?;
        Ok(Redirect::to(viewer.path(&format!("reviews/{number}"))).with_notice(Notice::Added))
    }
    .await;
    respond(outcome, form, |form| async { new_page(&viewer, form) }).await
}

/// A review that may still be changed, by whoever prepares it.
async fn review_to_prepare(viewer: &Viewer, number: i64) -> Result<Review> {
    let review = read::one(viewer, number).await?;
    if !viewer.may(Action::PrepareReview) {
        return Err(Error::Forbidden);
    }
    if review.state.is_before_meeting() {
        Ok(review)
    } else {
        Err(Error::Conflict)
    }
}

pub async fn change_form(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    change_page(&viewer, number, Form::blank()).await
}

async fn change_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    let review = review_to_prepare(viewer, number).await?;
    let now = Form::blank()
        .with("version", review.version.to_string())
        .with("held_on", review.held_on.to_string())
        .with("starts_at", clock_time(review.starts_at))
        .with("slot_minutes", review.slot_minutes.to_string())
        .with("place", review.place.clone())
        .with("chair", review.chair.as_str());
    let form = form.over(now, &LABELS);
    let cancel = viewer.path(&review.path());
    let title = format!("Move review {number}");
    Ok(Page::new(viewer, ROOM, title.clone(), move |_| {
        view! {
            <Crumb href=cancel.clone() text=format!("Review {number}") />
            <h1>{title}</h1>
            {review_form(form, "Save", cancel)}
        }
    }))
}

pub async fn change(viewer: Viewer, Path((_, number)): Path<(String, i64)>, mut form: Form) -> FormResponse {
    let outcome = async {
        review_to_prepare(&viewer, number).await?;
        let input = input(&mut form)?;
        write::change(&viewer, number, form.version(), input).await?;
        Ok(Redirect::to(viewer.path(&format!("reviews/{number}"))).with_notice(Notice::Saved))
    }
    .await;
    respond(outcome, form, |form| change_page(&viewer, number, form)).await
}

pub async fn skip_form(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    skip_page(&viewer, number, Form::blank()).await
}

async fn skip_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    let review = read::one(viewer, number).await?;
    if !viewer.may(Action::LeadReview) {
        return Err(Error::Forbidden);
    }
    if !review.state.is_before_meeting() {
        return Err(Error::Conflict);
    }
    let cancel = viewer.path(&review.path());
    let title = format!("Call off review {number}");
    Ok(Page::new(viewer, ROOM, title.clone(), move |_| {
        view! {
            <Crumb href=cancel.clone() text=format!("Review {number}") />
            <h1>{title}</h1>
            <p>{when_and_where(&review)}</p>
            <p>"What was to be spoken of goes on to the next review. The record says that this one was called off."</p>
            <PostForm form=form>
                <Reason />
                <Actions verb="Call it off" cancel=cancel danger=true />
            </PostForm>
        }
    }))
}

pub async fn skip(viewer: Viewer, Path((_, number)): Path<(String, i64)>, mut form: Form) -> FormResponse {
    let outcome = async {
        if !viewer.may(Action::LeadReview) {
            return Err(Error::Forbidden);
        }
        let because = form.paragraphs("because", 500).ok_or_else(|| form.refusal())?;
        write::skip(&viewer, number, &because).await?;
        Ok(Redirect::to(viewer.path(&format!("reviews/{number}"))).with_notice(Notice::Saved))
    }
    .await;
    respond(outcome, form, |form| skip_page(&viewer, number, form)).await
}

pub async fn rhythm_form(viewer: Viewer) -> Result<Page> {
    rhythm_page(&viewer, Form::blank()).await
}

async fn rhythm_page(viewer: &Viewer, form: Form) -> Result<Page> {
    if !viewer.may(Action::PrepareReview) {
        return Err(Error::Forbidden);
    }
    let rhythm = read::rhythm(viewer).await?.unwrap_or(USUAL);
    let now = Form::blank()
        .with("version", rhythm.version.to_string())
        .with("every_weeks", rhythm.every_weeks.to_string())
        .with("weekday", rhythm.weekday.to_string())
        .with("starts_at", clock_time(rhythm.starts_at))
        .with("slot_minutes", rhythm.slot_minutes.to_string());
    let form = form.over(
        now,
        &[
            ("every_weeks", "Weeks from one to the next"),
            ("weekday", "Weekday"),
            ("starts_at", "Starts at"),
            ("slot_minutes", "Minutes"),
        ],
    );
    let cancel = viewer.path("reviews");
    let weekdays: Vec<(String, String)> = WEEKDAYS
        .iter()
        .enumerate()
        .map(|(weekday, name)| (weekday.to_string(), (*name).to_owned()))
        .collect();
    Ok(Page::new(viewer, ROOM, "Rhythm of the reviews", move |_| {
        view! {
            <Crumb href=cancel.clone() text="Reviews" />
            <h1>"Rhythm of the reviews"</h1>
            <p>"A new review is proposed for the next such day. Each can still be moved."</p>
            <PostForm form=form>
                <Hidden name="version" />
                <Fields>
                    <TextField
                        name="every_weeks"
                        label="Weeks from one to the next"
                        inputmode="numeric"
                        max_length=2
                    />
                    <Select name="weekday" label="Weekday" options=weekdays />
                </Fields>
                <Fields>
                    <TextField name="starts_at" label="Starts at" kind="time" max_length=5 />
                    <TextField name="slot_minutes" label="Minutes" inputmode="numeric" max_length=3 />
                </Fields>
                <Actions verb="Save the rhythm" cancel=cancel />
            </PostForm>
        }
    }))
}

pub async fn rhythm(viewer: Viewer, mut form: Form) -> FormResponse {
    let outcome = async {
        if !viewer.may(Action::PrepareReview) {
            return Err(Error::Forbidden);
        }
        let fields = (
            form.whole("every_weeks"),
            form.choice("weekday"),
            time(&mut form, "starts_at"),
            form.whole("slot_minutes"),
        );
        let (Some(every_weeks), Some(weekday), Some(starts_at), Some(slot_minutes)) = fields else {
            return Err(form.refusal());
        };
        let rhythm = Rhythm {
            every_weeks,
            weekday,
            starts_at,
            slot_minutes,
            version: form.version(),
        };
        write::set_rhythm(&viewer, rhythm).await?;
        Ok(Redirect::to(viewer.path("reviews")).with_notice(Notice::Saved))
    }
    .await;
    respond(outcome, form, |form| rhythm_page(&viewer, form)).await
}

pub async fn plan_item_form(
    viewer: Viewer,
    Path((_, number, item)): Path<(String, i64, i64)>,
) -> Result<Page> {
    plan_item_page(&viewer, (number, item), Form::blank()).await
}

async fn plan_item_page(viewer: &Viewer, (number, of): (i64, i64), form: Form) -> Result<Page> {
    let review = read::one(viewer, number).await?;
    if !viewer.may(Action::PrepareReview) {
        return Err(Error::Forbidden);
    }
    let items = read::items(viewer, review.id).await?;
    let item = item_of(&items, of)?.clone();
    let speakers = members::read::options(&members::read::workers(viewer).await?, None);
    let now = Form::blank().with("minutes", item.minutes.to_string()).with(
        "speaker",
        item.speaker_id.map_or_else(String::new, |id| id.to_string()),
    );
    let form = form.over(now, &[]);
    let cancel = format!("{}#item-{of}", viewer.path(&review.path()));
    Ok(Page::new(viewer, ROOM, item.title.clone(), move |_| {
        view! {
            <Crumb href=cancel.clone() text=format!("Review {number}") />
            <h1>{item.title}</h1>
            <p class="lead">{item.why}</p>
            <PostForm form=form class="is-short">
                <TextField name="minutes" label="Minutes" inputmode="numeric" max_length=3 />
                <Select
                    name="speaker"
                    label="Who speaks first"
                    options=speakers
                    none="Nobody in particular"
                    optional=true
                />
                <Actions verb="Save" cancel=cancel />
            </PostForm>
        }
    }))
}

pub async fn plan_item(
    viewer: Viewer,
    Path((_, number, of)): Path<(String, i64, i64)>,
    mut form: Form,
) -> FormResponse {
    let outcome = async {
        if !viewer.may(Action::PrepareReview) {
            return Err(Error::Forbidden);
        }
        let fields = (form.whole("minutes"), form.optional_choice::<MemberId>("speaker"));
        let (Some(minutes), Some(speaker)) = fields else {
            return Err(form.refusal());
        };
        write::plan_item(&viewer, number, of, minutes, speaker).await?;
        Ok(Redirect::to(viewer.path(&format!("reviews/{number}#item-{of}"))).with_notice(Notice::Saved))
    }
    .await;
    respond(outcome, form, |form| plan_item_page(&viewer, (number, of), form)).await
}
