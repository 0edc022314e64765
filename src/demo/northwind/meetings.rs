//! The reviews of the story: three that were held, every four weeks, and the next one.

use super::{
    Beat, Story, Who,
    Who::{Ana, Dana, Jonas, Kofi, Lena, Priya, Sam},
};
use crate::{
    handshake::{Verdict, on_table::sign, write::VerdictInput},
    identity::{Side, Viewer},
    platform::error::{Error, Result},
    reviews::{
        AgendaPart, ItemState, NoteKind,
        read::{self, Item, Rhythm},
        write::{self, ActionInput, ReviewInput, Settlement},
    },
};

/// Where something is recorded.
#[derive(Clone, Copy)]
enum Place {
    /// The first item of a part, or the last one of all where it has none.
    First(AgendaPart),
    /// An item by its title.
    Titled(&'static str),
}

/// What is recorded.
#[derive(Clone, Copy)]
enum Said {
    Note(Who, &'static str),
    Resolve(&'static str),
    /// What, who, by which day from today.
    Give(&'static str, Who, i64),
    Park,
}

/// A review as it was held.
pub(super) struct Meeting {
    number: i64,
    /// Who drives it.
    lead: Who,
    present: &'static [Who],
    said: &'static [(Place, Said)],
}

/// Seconds that each item takes.
const ITEM_SECONDS: i64 = 130;

static FIRST: Meeting = Meeting {
    number: 1,
    lead: Dana,
    present: &[Dana, Kofi, Lena, Priya],
    said: &[
        (
            Place::First(AgendaPart::Numbers),
            Said::Note(Kofi, "Two feeds still count a returned order as a purchase."),
        ),
        (
            Place::First(AgendaPart::Numbers),
            Said::Give("Take returns out of the repeat purchase feed", Jonas, -67),
        ),
        (
            Place::First(AgendaPart::Decisions),
            Said::Resolve("No new tool is looked at before the criteria are weighed by both sides."),
        ),
        (
            Place::First(AgendaPart::Work),
            Said::Give("Write down who owns each of the seven lists", Ana, -60),
        ),
        (
            Place::Titled("How often do we sit together?"),
            Said::Resolve("We meet every four weeks, for 45 minutes, over frozen facts."),
        ),
    ],
};

static SECOND: Meeting = Meeting {
    number: 2,
    lead: Kofi,
    present: &[Dana, Kofi, Priya, Sam],
    said: &[
        (
            Place::First(AgendaPart::Numbers),
            Said::Note(
                Sam,
                "Answers by noon fell because the new shop opened without its own inbox.",
            ),
        ),
        (
            Place::First(AgendaPart::Work),
            Said::Resolve(
                "The consent service keeps its date. The loyalty app gives up two people until January.",
            ),
        ),
        (
            Place::First(AgendaPart::Work),
            Said::Give("Agree with the works council on who sees call notes", Lena, -20),
        ),
        (Place::Titled("A loyalty card for companies?"), Said::Park),
    ],
};

static THIRD: Meeting = Meeting {
    number: 3,
    lead: Dana,
    present: &[Dana, Kofi, Lena, Jonas],
    said: &[
        (
            Place::First(AgendaPart::Changes),
            Said::Note(Dana, "Consent moved the right way for the second time."),
        ),
        (
            Place::First(AgendaPart::Numbers),
            Said::Give("Show both owners where the two counts differ", Sam, -4),
        ),
        (
            Place::First(AgendaPart::Decisions),
            Said::Note(
                Kofi,
                "Security has answered; nothing speaks against hosting in Frankfurt.",
            ),
        ),
        (
            Place::First(AgendaPart::Work),
            Said::Give("Name a stand-in for the vendor’s contact", Priya, 6),
        ),
        (
            Place::Titled("What do we tell the shops before Christmas?"),
            Said::Resolve("Shops hear of delays from us, on the same day, by the morning mail."),
        ),
        (
            Place::Titled("What do we tell the shops before Christmas?"),
            Said::Give("Draft the morning mail to the shops", Lena, 10),
        ),
        (Place::Titled("A loyalty card for companies?"), Said::Park),
    ],
};

/// The days of the reviews, from today.
const DAYS: [i64; 4] = [-81, -53, -25, 3];

impl Story {
    pub(super) fn write_reviews(&mut self) {
        self.on(-88, Dana, Beat::SetRhythm(3));
        self.on(-88, Dana, Beat::PlanReview(DAYS[0], Side::Marketing));
        self.on(
            -84,
            Priya,
            Beat::RaiseTopic(
                1,
                "How often do we sit together?",
                "Twice this year we heard of a moved date from a vendor.",
            ),
        );
        self.on(DAYS[0], Dana, Beat::HoldReview(&FIRST));
        self.on(DAYS[0], Dana, Beat::OfferMinutes(1));
        self.on(-80, Dana, Beat::AcceptMinutes(1));
        self.on(-79, Kofi, Beat::AcceptMinutes(1));
        self.on(
            -70,
            Jonas,
            Beat::SettleAction("Take returns out of the repeat purchase feed", Settlement::Done),
        );
        self.on(
            -57,
            Ana,
            Beat::SettleAction("Write down who owns each of the seven lists", Settlement::Done),
        );

        self.on(-79, Kofi, Beat::PlanReview(DAYS[1], Side::Technology));
        self.on(
            -58,
            Sam,
            Beat::RaiseTopic(
                2,
                "A loyalty card for companies?",
                "Three large customers asked for one number for all of their buyers.",
            ),
        );
        self.on(DAYS[1], Kofi, Beat::HoldReview(&SECOND));
        self.on(DAYS[1], Kofi, Beat::OfferMinutes(2));
        self.on(-52, Dana, Beat::AcceptMinutes(2));
        self.on(
            -51,
            Kofi,
            Beat::ObjectToMinutes(
                2,
                "We did not give up two people. We lend them until the middle of January.",
            ),
        );
        self.on(
            -51,
            Dana,
            Beat::RewriteMinutes(
                2,
                "\n\nIn short: the loyalty app lends two people until the middle of January; it does not give them up.\n",
            ),
        );
        self.on(-51, Dana, Beat::OfferMinutes(2));
        self.on(-50, Dana, Beat::AcceptMinutes(2));
        self.on(-50, Kofi, Beat::AcceptMinutes(2));

        self.on(-50, Dana, Beat::PlanReview(DAYS[2], Side::Marketing));
        self.on(
            -28,
            Lena,
            Beat::RaiseTopic(
                3,
                "What do we tell the shops before Christmas?",
                "Last year they heard of late parcels from their customers.",
            ),
        );
        self.on(DAYS[2], Dana, Beat::HoldReview(&THIRD));
        self.on(DAYS[2], Dana, Beat::OfferMinutes(3));
        self.on(-24, Kofi, Beat::AcceptMinutes(3));
        self.on(-23, Dana, Beat::AcceptMinutes(3));
        self.on(
            -22,
            Lena,
            Beat::SettleAction(
                "Agree with the works council on who sees call notes",
                Settlement::Done,
            ),
        );
        self.on(
            -15,
            Lena,
            Beat::AddToMinutes(
                3,
                "The minutes say that consent moved for the second time. It was the third: August counts, too.",
            ),
        );
        self.on(-15, Dana, Beat::AcceptAddendum(3));
        self.on(-14, Kofi, Beat::AcceptAddendum(3));

        let later = Settlement::Moved(
            self.today.plus(9),
            "The vendor names its new contact next week.".to_owned(),
        );
        self.on(
            -3,
            Priya,
            Beat::SettleAction("Name a stand-in for the vendor’s contact", later),
        );

        self.on(-22, Kofi, Beat::PlanReview(DAYS[3], Side::Technology));
        self.on(
            -2,
            Jonas,
            Beat::RaiseTopic(
                4,
                "Who watches the feeds over the holidays?",
                "Nobody did last year, and January began without numbers.",
            ),
        );
    }

    pub(super) async fn plan_review(&mut self, viewer: &Viewer, day: i64, chair: Side) -> Result<()> {
        let input = ReviewInput {
            held_on: self.today.plus(day),
            starts_at: 600,
            slot_minutes: 45,
            place: "Room 4, and on the usual line".to_owned(),
            chair,
        };
        write::plan(viewer, viewer.fresh_id(), input).await?;
        Ok(())
    }

    pub(super) async fn set_rhythm(&self, viewer: &Viewer, in_days: i64) -> Result<()> {
        let day = self.today.plus(in_days);
        let rhythm = Rhythm {
            every_weeks: 4,
            weekday: i64::from(day.0.weekday().to_monday_zero_offset()),
            starts_at: 600,
            slot_minutes: 45,
            version: 0,
        };
        write::set_rhythm(viewer, rhythm).await
    }

    /// Freezes, begins, goes through every item, records, ends.
    pub(super) async fn hold_review(&mut self, meeting: &'static Meeting) -> Result<()> {
        let number = meeting.number;
        let lead = self.viewer(meeting.lead).await?;
        write::freeze(&lead, number).await?;
        let day = lead.today();
        let mut seconds = 0;
        self.workspace.on(day, 10, 0);
        write::start(&self.viewer(meeting.lead).await?, number).await?;
        let review = read::one(&lead, number).await?;
        let present: Vec<_> = meeting.present.iter().map(|who| self.member(*who)).collect();
        write::mark_present(&self.viewer(meeting.lead).await?, number, &present).await?;
        for item in read::items(&lead, review.id).await? {
            if !item.state.is_on_agenda() {
                continue;
            }
            self.at(day, seconds);
            let lead = self.viewer(meeting.lead).await?;
            write::go(&lead, number, item.number).await?;
            seconds += ITEM_SECONDS;
            self.at(day, seconds);
            self.record(meeting, &item, &read::items(&lead, review.id).await?)
                .await?;
        }
        self.at(day, seconds + 60);
        write::end(&self.viewer(meeting.lead).await?, number).await
    }

    /// A moment of a meeting that began at ten.
    fn at(&self, day: crate::platform::time::Day, seconds: i64) {
        self.workspace.on(day, 10, 0);
        let begun = self.workspace.state.now();
        self.workspace.clock.set(begun.plus_seconds(seconds));
    }

    async fn record(&mut self, meeting: &'static Meeting, item: &Item, items: &[Item]) -> Result<()> {
        let is_first_of = |part: AgendaPart| {
            let spoken_of = |other: &&Item| other.part == part && other.state.is_on_agenda();
            let first = items.iter().find(spoken_of).or(items.last());
            first.is_some_and(|first| first.id == item.id)
        };
        for (place, said) in meeting.said {
            let is_here = match place {
                Place::First(part) => is_first_of(*part),
                Place::Titled(title) => item.title == *title,
            };
            if !is_here {
                continue;
            }
            let viewer = self.viewer(meeting.lead).await?;
            let (number, of) = (meeting.number, item.number);
            match said {
                Said::Note(who, body) => {
                    let who = self.viewer(*who).await?;
                    write::note(&who, number, of, (who.fresh_id(), NoteKind::Note, body)).await?;
                }
                Said::Resolve(line) => {
                    let id = viewer.fresh_id();
                    write::note(&viewer, number, of, (id, NoteKind::Resolution, line)).await?;
                }
                Said::Give(body, owner, due) => {
                    let input = ActionInput {
                        body: (*body).to_owned(),
                        owner: self.member(*owner),
                        due_on: self.today.plus(*due),
                        milestone: None,
                    };
                    write::give_action(&viewer, number, of, (viewer.fresh_id(), &input)).await?;
                }
                Said::Park => write::set_item_state(&viewer, number, of, ItemState::Parked).await?,
            }
        }
        Ok(())
    }

    pub(super) async fn answer_minutes(
        &self,
        viewer: &Viewer,
        number: i64,
        objection: Option<&str>,
    ) -> Result<()> {
        let review = read::one(viewer, number).await?;
        let digest = review.standing.ok_or(Error::NotFound)?.digest;
        let given = VerdictInput {
            seen: &digest,
            verdict: if objection.is_some() {
                Verdict::Object
            } else {
                Verdict::Agree
            },
            reason: objection,
        };
        sign::<write::MinutesOnTable>(viewer, number, given, ()).await?;
        Ok(())
    }

    pub(super) async fn rewrite_minutes(&self, viewer: &Viewer, number: i64, more: &str) -> Result<()> {
        let review = read::one(viewer, number).await?;
        let minutes = read::minutes(viewer, review.id).await?.ok_or(Error::NotFound)?;
        let body = format!("{}{more}", minutes.body.trim_end());
        write::write_minutes(viewer, number, minutes.version, (&body, &[])).await
    }

    pub(super) async fn accept_addendum(&self, viewer: &Viewer, review: i64) -> Result<()> {
        let of = read::one(viewer, review).await?;
        let addendum = read::addenda(viewer, of.id).await?.pop().ok_or(Error::NotFound)?;
        let digest = addendum.standing.ok_or(Error::NotFound)?.digest;
        let given = VerdictInput::agree(&digest);
        sign::<write::AddendumOnTable>(viewer, (review, addendum.number), given, ()).await?;
        Ok(())
    }

    pub(super) async fn settle(&self, viewer: &Viewer, body: &str, settlement: Settlement) -> Result<()> {
        let action = read::open_actions(viewer)
            .await?
            .into_iter()
            .find(|action| action.body == body)
            .ok_or(Error::NotFound)?;
        write::settle_action(
            viewer,
            action.review_number,
            action.id,
            action.version,
            settlement,
        )
        .await
    }
}
