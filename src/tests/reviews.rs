//! Both leads sit together over the same frozen facts, and both accept what was said.

use super::{Answer, TestApp, User, goals::kpi, wrong_in};
use crate::{
    platform::{db::Engine, time::Day},
    sql, story,
};

/// Plans a review; gives its place.
async fn plan(who: &User, day: &str) -> String {
    let id = who.page("reviews/new").await.value("id");
    let planned = [
        ("id", id.as_str()),
        ("held_on", day),
        ("starts_at", "10:00"),
        ("slot_minutes", "45"),
        ("place", "Room 4"),
        ("chair", "marketing"),
    ];
    who.takes("reviews/new", &planned).await
}

/// Plans, freezes and begins one.
pub(super) async fn running(who: &User, day: &str) -> String {
    let review = plan(who, day).await;
    who.takes(&format!("{review}/freeze"), &[]).await;
    who.takes(&format!("{review}/start"), &[]).await;
    review
}

async fn raise(who: &User, review: &str, title: &str) {
    let topic = [("title", title), ("why", ""), ("part", "topics")];
    who.takes(&format!("{review}/topics"), &topic).await;
}

/// The number of the item with this title.
async fn item(t: &TestApp, review: &str, title: &str) -> i64 {
    let viewer = t.viewer("dana").await;
    let number: i64 = review
        .rsplit('/')
        .next()
        .and_then(|number| number.parse().ok())
        .expect("a number");
    let review = crate::reviews::read::one(&viewer, number)
        .await
        .expect("a review");
    crate::reviews::read::items(&viewer, review.id)
        .await
        .expect("items")
        .into_iter()
        .find(|item| item.title == title)
        .unwrap_or_else(|| panic!("no item {title}"))
        .number
}

async fn note(who: &User, review: &str, item: i64, body: &str) {
    let note = [("what", "note"), ("body", body)];
    who.takes(&format!("{review}/present/{item}/notes"), &note).await;
}

pub(super) async fn resolve(who: &User, review: &str, item: i64, line: &str) {
    let resolution = [("what", "resolution"), ("line", line)];
    who.takes(&format!("{review}/present/{item}/notes"), &resolution)
        .await;
}

/// Gives an action; gives its id.
pub(super) async fn give(
    t: &TestApp,
    who: &User,
    review: &str,
    body: &str,
    (owner, due_on): (&str, &str),
) -> String {
    let owner = t.member(owner).await;
    let given = [("action", body), ("owner", owner.as_str()), ("due_on", due_on)];
    who.takes(&format!("{review}/present/1/actions"), &given).await;
    let page = who.page(review).await;
    let at = page.body.find(body).expect("the action");
    page.body[..at]
        .rsplit("id=\"action-")
        .next()
        .expect("the action's row")
        .chars()
        .take(36)
        .collect()
}

pub(super) async fn ended(who: &User, review: &str) -> Answer {
    who.takes(&format!("{review}/end"), &[]).await;
    who.page(review).await
}

pub(super) async fn sealed(t: &TestApp, review: &str) {
    let (dana, kofi) = (t.sign_in("dana").await, t.sign_in("kofi").await);
    dana.takes(&format!("{review}/minutes/offer"), &[]).await;
    for who in [&dana, &kofi] {
        who.sign(&format!("{review}/minutes")).await.must_be(303);
    }
}

story!(the_agenda_proposes_itself_from_what_needs_attention, |t| {
    let (churn, _) = kpi(&t, "Churn", "decrease", &[("2026-09-01", "9")]).await;
    // October's value is late from now on.
    t.clock.advance_days(12);
    let dana = t.sign_in("dana").await;
    let review = plan(&dana, "2026-12-15").await;
    let attention = dana.page("attention").await;
    attention.must_say("Churn");
    dana.page(&review)
        .await
        .must_say("What changed")
        .must_say("There is no earlier review to compare with.")
        .must_say("Churn")
        .must_say("No news")
        .must_say("Read back what was decided")
        .must_say("Nobody has raised a topic.")
        .must_say("of 45 minutes planned");
    // What is settled before the meeting stays, struck.
    let lena = t.sign_in("lena").await;
    lena.takes(&format!("{churn}/periods/2026-10-01/value"), &[("value", "8")])
        .await;
    let page = dana.page(&review).await;
    assert!(page.has("s"), "{}", page.text());
    page.must_say("Settled before");
    // What comes meanwhile stands there at once, and nothing leads to a stage that is not there.
    let (decision, _) = super::story::decision(&t, "Which survey tool?").await;
    t.clock.set(t.now().plus_days(40));
    let dana = t.sign_in("dana").await;
    dana.page(&review)
        .await
        .must_say("Which survey tool?")
        .must_say("Decisions");
    dana.get(&decision).await.must_be(200);
    let page = dana.page(&review).await;
    assert!(!page.body.contains("/present/"), "{}", page.text());
});

story!(what_is_over_the_slot_is_told_in_words, |t| {
    let dana = t.sign_in("dana").await;
    let review = plan(&dana, "2026-12-03").await;
    raise(&dana, &review, "The shop in spring").await;
    let topic = item(&t, &review, "The shop in spring").await;
    dana.takes(
        &format!("{review}/items/{topic}/plan"),
        &[("minutes", "39"), ("speaker", "")],
    )
    .await;
    dana.page(&review)
        .await
        .must_say("46 of 45 minutes planned")
        .must_say("1 minute too many");
    let park = [("state", "parked")];
    dana.takes(&format!("{review}/items/{topic}"), &park).await;
    let page = dana.page(&review).await;
    page.must_say("7 of 45 minutes planned")
        .must_say("Parked 23 Nov by dana");
});

story!(what_is_frozen_stays_whatever_changes, |t| {
    let (churn, _) = kpi(&t, "Churn", "decrease", &[("2026-10-01", "9")]).await;
    let dana = t.sign_in("dana").await;
    let review = running(&dana, "2026-11-23").await;
    let pages = [format!("{review}/facts"), format!("{review}/changes")];
    let mut before = Vec::new();
    for page in &pages {
        before.push(dana.page(page).await.text());
    }
    assert!(
        before[0].contains("Churn") && before[0].contains("9%"),
        "{}",
        before[0]
    );
    let lena = t.sign_in("lena").await;
    lena.takes(
        &format!("{churn}/periods/2026-10-01/value"),
        &[("value", "4"), ("because", "Counted twice")],
    )
    .await;
    super::story::decision(&t, "Which survey tool?").await;
    plan(&dana, "2026-12-21").await;
    for (page, before) in pages.iter().zip(before) {
        assert_eq!(dana.page(page).await.text(), before, "{page}");
    }
});

story!(
    what_is_corrected_before_the_start_stands_beside_what_was_frozen,
    |t| {
        let (churn, _) = kpi(&t, "Churn", "decrease", &[("2026-10-01", "9")]).await;
        let dana = t.sign_in("dana").await;
        let review = plan(&dana, "2026-11-23").await;
        dana.takes(&format!("{review}/freeze"), &[]).await;
        let lena = t.sign_in("lena").await;
        let period = format!("{churn}/periods/2026-10-01/value");
        let correct = async |value: &str| {
            lena.takes(&period, &[("value", value), ("because", "Counted twice")])
                .await;
        };
        correct("4").await;
        let facts = format!("{review}/facts");
        dana.page(&facts).await.must_not_say("Corrected since");
        dana.takes(&format!("{review}/start"), &[]).await;
        dana.page(&facts)
            .await
            .must_say("Value: 9%")
            .must_say("Corrected since, to 4%");
        // Put back before it begins again, nothing is said any more.
        dana.takes(&format!("{review}/take-back"), &[]).await;
        correct("9").await;
        dana.takes(&format!("{review}/start"), &[]).await;
        dana.page(&facts).await.must_not_say("Corrected since");
        dana.takes(&format!("{review}/take-back"), &[]).await;
        correct("4").await;
        dana.takes(&format!("{review}/start"), &[]).await;
        // What is corrected once the meeting has begun, the next review tells.
        correct("3").await;
        dana.page(&facts).await.must_say("Corrected since, to 4%");
        t.verify().await;
    }
);

story!(a_frozen_review_asks_no_other_room, |t| {
    super::world::World::with(&t, "Something of ours").await;
    let dana = t.sign_in("dana").await;
    for day in ["2026-11-23", "2026-12-21"] {
        let review = running(&dana, day).await;
        raise(&dana, &review, "The shop in spring").await;
        let topic = item(&t, &review, "The shop in spring").await;
        let paths = |review: &str| {
            [
                review.to_owned(),
                format!("{review}/facts"),
                format!("{review}/facts?kind=kpi"),
                format!("{review}/changes"),
                format!("{review}/present/1"),
                format!("{review}/present/{topic}"),
            ]
        };
        asks_no_other_room(&t, &dana, &paths(&review)).await;
        ended(&dana, &review).await;
        asks_no_other_room(&t, &dana, &[review.clone(), format!("{review}/minutes")]).await;
        sealed(&t, &review).await;
        asks_no_other_room(&t, &dana, &[review.clone(), format!("{review}/facts")]).await;
    }
});

/// What the frame around every page asks is not counted: a count beside the desk. Nor are a review's own
/// actions, which go on after it: one that became a checkpoint is done when that is. Nor are the milestones
/// to which an action may be given now.
async fn asks_no_other_room(t: &TestApp, who: &User, pages: &[String]) {
    let sent = async |page: &str| {
        t.state.db().take_sent();
        who.page(page).await;
        t.state.db().take_sent()
    };
    let (one, other) = (sent("history").await, sent("settings").await);
    let frame: Vec<&str> = one.into_iter().filter(|sql| other.contains(sql)).collect();
    for page in pages {
        let own = sent(page).await;
        assert!(!own.is_empty(), "{page}");
        let is_of_actions = |sql: &str| {
            sql.contains("from review_actions") || sql.contains("from milestones m join initiative_facts i")
        };
        let counted = |sql: &&str| !frame.contains(sql) && !is_of_actions(sql);
        for sql in own.into_iter().filter(counted) {
            let owners = super::tables::owners_named(sql);
            let allowed = [
                "reviews",
                "identity",
                "platform",
                "members",
                "accounts",
                "handshake",
            ];
            assert!(
                owners.iter().all(|owner| allowed.contains(owner)),
                "{page} asks {owners:?}: {sql}"
            );
        }
    }
}

story!(one_side_s_word_alone_is_not_in_what_is_frozen, |t| {
    let (churn, _) = kpi(&t, "Churn", "decrease", &[("2026-10-01", "9")]).await;
    let (dana, kofi) = (t.sign_in("dana").await, t.sign_in("kofi").await);
    let period = format!("{churn}/periods/2026-10-01");
    let digest = dana.page(&period).await.value("digest");
    let said = [
        ("digest", digest.as_str()),
        ("status", "at_risk"),
        ("insight", "A secret thought"),
    ];
    dana.takes(&format!("{period}/attest"), &said).await;
    let review = running(&kofi, "2026-11-23").await;
    kofi.page(&format!("{review}/facts"))
        .await
        .must_say("Technology has not confirmed it")
        .must_not_say("A secret thought");
    let content: Vec<(String,)> = t
        .viewer("dana")
        .await
        .fetch_all(
            sql!("select content from review_snapshots where workspace_id = $1"),
            Vec::new(),
        )
        .await
        .expect("a snapshot");
    assert!(!content[0].0.contains("secret thought"));
});

story!(a_frozen_fact_tells_enough_to_speak_of_it, |t| {
    kpi(
        &t,
        "Churn",
        "decrease",
        &[("2026-08-01", "11"), ("2026-09-01", "10"), ("2026-10-01", "9")],
    )
    .await;
    let (path, options) = super::story::decision(&t, "Which survey tool?").await;
    let (ana, priya) = (t.sign_in("ana").await, t.sign_in("priya").await);
    let proposed = [
        ("option", options[1].as_str()),
        ("rationale", "One contract."),
        ("stage", "trial"),
    ];
    ana.takes(&format!("{path}/propose"), &proposed).await;
    priya
        .give_verdict(
            &path,
            &[("verdict", "object"), ("reason", "It keeps no history.")],
        )
        .await
        .must_be(303);
    let dana = t.sign_in("dana").await;
    let review = running(&dana, "2026-11-23").await;
    let page = dana.page(&format!("{review}/facts")).await;
    for said in [
        "10% in September, 11% in August",
        "Composable; Suite A",
        "Proposal: Suite A",
        "Technology, priya: It keeps no history.",
    ] {
        page.must_say(said);
    }
});

story!(what_is_missing_is_recorded_with_whom_it_waits_for, |t| {
    kpi(&t, "Churn", "decrease", &[("2026-09-01", "9")]).await;
    t.clock.advance_days(12);
    let dana = t.sign_in("dana").await;
    let review = plan(&dana, "2026-12-05").await;
    dana.page(&format!("{review}/freeze"))
        .await
        .must_say("October of Churn")
        .must_say("lena to enter the value");
    dana.takes(&format!("{review}/freeze/ask"), &[]).await;
    dana.takes(&format!("{review}/freeze"), &[]).await;
    dana.page(&review).await.must_say("missing");
    dana.page(&format!("{review}/facts"))
        .await
        .must_say("lena to enter the value");
});

story!(the_clock_freezes_what_nobody_froze, |t| {
    let dana = t.sign_in("dana").await;
    let review = plan(&dana, "2026-11-24").await;
    let clock = async || {
        crate::reviews::schedule::keep_everywhere(&t.state)
            .await
            .expect("kept");
    };
    clock().await;
    dana.page(&review).await.must_not_say("Frozen facts");
    let tomorrow = crate::platform::time::Zone::get("Europe/Berlin")
        .expect("a zone")
        .start_of(Day::new(2026, 11, 24));
    t.clock.set(tomorrow.plus_seconds(6 * 3600));
    clock().await;
    let dana = t.sign_in("dana").await;
    dana.page(&review).await.must_not_say("Frozen facts");
    t.clock.set(tomorrow.plus_seconds(7 * 3600));
    clock().await;
    clock().await;
    dana.page(&review).await.must_say("frozen by the clock");
    assert_eq!(t.count(sql!("select count(*) from review_snapshots")).await, 1);
    // What a lead has unfrozen, and what nobody held, the clock leaves alone.
    dana.takes(&format!("{review}/thaw"), &[]).await;
    clock().await;
    t.clock.set(tomorrow.plus_days(3));
    clock().await;
    assert_eq!(t.count(sql!("select count(*) from review_snapshots")).await, 1);
});

story!(what_was_neither_discussed_parked_nor_dropped_goes_on, |t| {
    let (dana, kofi) = (t.sign_in("dana").await, t.sign_in("kofi").await);
    let review = plan(&dana, "2026-11-23").await;
    let next = plan(&dana, "2026-12-21").await;
    for topic in ["Left open", "Parked one", "Dropped one", "Spoken of"] {
        raise(&kofi, &review, topic).await;
    }
    dana.takes(&format!("{review}/freeze"), &[]).await;
    dana.takes(&format!("{review}/start"), &[]).await;
    // Raised while it runs, it is counted for both.
    raise(&kofi, &review, "Raised late").await;
    for (title, state) in [("Parked one", "parked"), ("Dropped one", "dropped")] {
        let number = item(&t, &review, title).await;
        dana.takes(&format!("{review}/items/{number}"), &[("state", state)])
            .await;
    }
    let spoken = item(&t, &review, "Spoken of").await;
    note(&kofi, &review, spoken, "It was good.").await;
    let spoken_of = spoken.to_string();
    dana.takes(&format!("{review}/go"), &[("item", &spoken_of)]).await;
    let close = item(&t, &review, "Read back what was decided").await.to_string();
    dana.takes(&format!("{review}/go"), &[("item", &close)]).await;
    ended(&dana, &review)
        .await
        .must_say("It was good.")
        .must_say("Parked one")
        .must_not_say("Left open (not reached) It");
    let page = dana.page(&next).await;
    page.must_say("Left open")
        .must_say("Parked one")
        .must_say("Raised late")
        .must_say("Carried over from review 1")
        .must_not_say("Dropped one")
        .must_not_say("Spoken of");
    // Ended by mistake, it goes on, and nothing is lost.
    dana.takes(&format!("{review}/resume"), &[]).await;
    dana.page(&format!("{review}/present/{spoken}"))
        .await
        .must_say("It was good.");
    t.verify().await;
});

story!(a_review_that_was_called_off_hands_its_topics_on, |t| {
    let dana = t.sign_in("dana").await;
    let review = plan(&dana, "2026-11-26").await;
    raise(&dana, &review, "The shop in spring").await;
    dana.takes(&format!("{review}/skip"), &[("because", "Both leads are ill.")])
        .await;
    dana.page(&review).await.must_say("Both leads are ill.");
    let next = plan(&dana, "2026-12-21").await;
    dana.page(&next).await.must_say("The shop in spring");
    // One that was moved takes what is deferred to it.
    let moved = dana.page(&format!("{next}/edit")).await;
    let fields = [
        ("version", moved.value("version")),
        ("held_on", "2026-12-22".to_owned()),
        ("starts_at", "11:30".to_owned()),
        ("slot_minutes", "60".to_owned()),
        ("place", String::new()),
        ("chair", "technology".to_owned()),
    ];
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    dana.takes(&format!("{next}/edit"), &fields).await;
    dana.page(&next)
        .await
        .must_say("22 December 2026, 11:30, 60 minutes")
        .must_say("The shop in spring");
});

story!(the_stage_is_driven_by_one_and_taken_by_the_other, |t| {
    let (dana, kofi, olu) = (
        t.sign_in("dana").await,
        t.sign_in("kofi").await,
        t.sign_in("olu").await,
    );
    let review = plan(&dana, "2026-11-23").await;
    raise(&dana, &review, "The shop in spring").await;
    dana.takes(&format!("{review}/freeze"), &[]).await;
    dana.takes(&format!("{review}/start"), &[]).await;
    let topic = item(&t, &review, "The shop in spring").await;
    let to = [("item", topic.to_string())];
    let to: Vec<(&str, &str)> = to.iter().map(|(name, value)| (*name, value.as_str())).collect();
    kofi.post(&format!("{review}/go"), &to)
        .await
        .must_be(422)
        .must_say("The other lead drives. Take the stage first.");
    olu.post(&format!("{review}/go"), &to).await.must_be(403);
    kofi.takes(&format!("{review}/take-stage"), &[]).await;
    kofi.takes(&format!("{review}/go"), &to).await;
    // Everybody may look on, at their own pace, and sees where the stage is.
    olu.page(&format!("{review}/present/1"))
        .await
        .must_say("kofi shows: The shop in spring");
    // Clocks are instants: two who look see the same.
    t.clock.set(t.now().plus_seconds(200));
    for who in [&dana, &kofi, &olu] {
        who.page(&format!("{review}/present/{topic}"))
            .await
            .must_say("3 of 3 min");
    }
    // Taken back while nothing is recorded, and not after.
    note(&dana, &review, topic, "Said.").await;
    dana.post(&format!("{review}/take-back"), &[])
        .await
        .must_be(422)
        .must_say("Something was recorded already.");
});

story!(minutes_are_sealed_by_both_leads_on_one_text, |t| {
    let (dana, kofi, lena) = (
        t.sign_in("dana").await,
        t.sign_in("kofi").await,
        t.sign_in("lena").await,
    );
    let review = running(&dana, "2026-11-23").await;
    note(&dana, &review, 1, "The feed was late.").await;
    resolve(&kofi, &review, 1, "Two weeks more for the feed.").await;
    give(&t, &dana, &review, "Repair the feed", ("jonas", "2026-12-04")).await;
    let present = [t.member("dana").await, t.member("kofi").await];
    let present: Vec<(&str, &str)> = present.iter().map(|id| ("present", id.as_str())).collect();
    dana.takes(&format!("{review}/attendance"), &present).await;
    ended(&dana, &review).await.must_say("There: dana and kofi.");
    kofi.get(&format!("{review}/minutes/sign")).await.must_be(404);
    dana.takes(&format!("{review}/minutes/offer"), &[]).await;
    lena.get(&format!("{review}/minutes/sign")).await.must_be(403);
    dana.page(&format!("{review}/minutes/sign"))
        .await
        .must_say("Two weeks more for the feed.")
        .must_say("Repair the feed")
        .must_say("dana, kofi");
    dana.sign(&format!("{review}/minutes")).await.must_be(303);
    dana.get(&format!("{review}/minutes/sign")).await.must_be(303);
    dana.page(&review).await.must_say("Technology has not signed");
    // An edit voids what was signed; the next reader sees what changed.
    let version = lena
        .page(&format!("{review}/minutes/edit"))
        .await
        .value("version");
    let rewritten = [
        ("version", version.as_str()),
        ("body", "The feed was two days late."),
    ];
    lena.takes(&format!("{review}/minutes/edit"), &rewritten).await;
    lena.post(&format!("{review}/minutes/edit"), &rewritten)
        .await
        .must_be(409);
    dana.page(&review).await.must_say("minutes not offered yet");
    dana.takes(&format!("{review}/minutes/offer"), &[]).await;
    kofi.page(&format!("{review}/minutes/sign"))
        .await
        .must_say("Changed since it was offered last");
    // An objection needs a reason, and opens the text again.
    let object = [("verdict", "object"), ("reason", "")];
    kofi.give_verdict(&format!("{review}/minutes"), &object)
        .await
        .must_be(422);
    let object = [("verdict", "object"), ("reason", "It was three days.")];
    kofi.give_verdict(&format!("{review}/minutes"), &object)
        .await
        .must_be(303);
    dana.page(&review)
        .await
        .must_say("Technology objected to the minutes")
        .must_say("It was three days.");
    let version = dana
        .page(&format!("{review}/minutes/edit"))
        .await
        .value("version");
    let rewritten = [
        ("version", version.as_str()),
        ("body", "The feed was three days late."),
    ];
    dana.takes(&format!("{review}/minutes/edit"), &rewritten).await;
    sealed(&t, &review).await;
    dana.page(&review)
        .await
        .must_say("both leads accepted the minutes")
        .must_say("The feed was three days late.")
        .must_say("kofi objected to an earlier text")
        .must_say("It was three days.");
    // Sealed text is never changed: an addendum with a handshake of its own adds to it.
    let after = dana.page("reviews").await;
    after.must_say("0 of 1");
    dana.get(&format!("{review}/minutes/edit")).await.must_be(409);
    for intrusion in [
        "update review_minutes set body = 'Nothing.'",
        "delete from review_minutes",
        "update review_snapshots set content = content || ' '",
        "delete from review_snapshots",
        "update review_notes set body = 'Nothing.'",
        "delete from review_notes",
        "update review_actions set body = 'Nothing.'",
        "delete from review_actions",
        "delete from reviews",
    ] {
        assert!(t.state.db().raw(intrusion).await.is_err(), "{intrusion}");
    }
    dana.takes(&format!("{review}/addenda/new"), &[("body", "It was four days.")])
        .await;
    dana.get(&format!("{review}/addenda/9")).await.must_be(404);
    for who in [&dana, &kofi] {
        who.sign(&format!("{review}/addenda/1")).await.must_be(303);
    }
    dana.page(&review).await.must_say("It was four days.");
    t.verify().await;
});

story!(composing_again_never_overwrites_what_somebody_wrote, |t| {
    let dana = t.sign_in("dana").await;
    let review = running(&dana, "2026-11-23").await;
    note(&dana, &review, 1, "Said first.").await;
    ended(&dana, &review).await.must_say("Said first.");
    dana.takes(&format!("{review}/resume"), &[]).await;
    note(&dana, &review, 1, "Said second.").await;
    ended(&dana, &review).await.must_say("Said second.");
    let version = dana
        .page(&format!("{review}/minutes/edit"))
        .await
        .value("version");
    let written = [("version", version.as_str()), ("body", "By hand.")];
    dana.takes(&format!("{review}/minutes/edit"), &written).await;
    dana.takes(&format!("{review}/resume"), &[]).await;
    note(&dana, &review, 1, "Said third.").await;
    ended(&dana, &review)
        .await
        .must_say("By hand.")
        .must_not_say("Said third.");
});

story!(minutes_that_nobody_accepts_lapse_and_are_never_sealed, |t| {
    let dana = t.sign_in("dana").await;
    let review = running(&dana, "2026-11-23").await;
    ended(&dana, &review).await;
    dana.takes(&format!("{review}/minutes/offer"), &[]).await;
    dana.sign(&format!("{review}/minutes")).await.must_be(303);
    let kofi = t.sign_in("kofi").await;
    kofi.page("desk").await.must_say("Minutes of review 1");
    let lapse = async || {
        crate::reviews::schedule::keep_everywhere(&t.state)
            .await
            .expect("kept");
    };
    t.clock.set(t.now().plus_days(29));
    lapse().await;
    let dana = t.sign_in("dana").await;
    dana.page(&review).await.must_say("Technology has not signed");
    t.clock.set(t.now().plus_days(3));
    lapse().await;
    let dana = t.sign_in("dana").await;
    dana.page(&review)
        .await
        .must_say("the minutes were never accepted")
        .must_not_say("both leads accepted");
    dana.get(&format!("{review}/minutes/edit")).await.must_be(409);
    t.verify().await;
});

story!(an_action_has_one_owner_and_comes_first_next_time, |t| {
    let (dana, jonas) = (t.sign_in("dana").await, t.sign_in("jonas").await);
    let review = running(&dana, "2026-11-23").await;
    dana.post(
        &format!("{review}/present/1/actions"),
        &[("action", "Nobody’s"), ("owner", ""), ("due_on", "2026-12-04")],
    )
    .await
    .must_be(422);
    let action = give(&t, &dana, &review, "Repair the feed", ("jonas", "2026-11-27")).await;
    let other = give(&t, &dana, &review, "Tell the shops", ("lena", "2026-12-04")).await;
    jonas
        .page("desk")
        .await
        .must_say("Repair the feed")
        .must_not_say("Tell the shops");
    ended(&dana, &review).await;
    let next = plan(&dana, "2026-12-03").await;
    t.clock.set(t.now().plus_days(5));
    let (dana, jonas) = (t.sign_in("dana").await, t.sign_in("jonas").await);
    let page = dana.page(&next).await;
    let text = page.text();
    let (first, changed) = (text.find("Repair the feed"), text.find("What changed"));
    assert!(first.is_some() && first < changed, "{text}");
    dana.page(&review).await.must_say("Late 1 day");
    // Another day needs a reason; done is done.
    let settle = format!("{review}/actions/{action}");
    jonas
        .post(
            &settle,
            &[("version", "1"), ("became", "moved"), ("due_on", "2026-12-10")],
        )
        .await
        .must_be(422);
    let moved = [
        ("version", "1"),
        ("became", "moved"),
        ("due_on", "2026-12-10"),
        ("because", "The vendor is late."),
    ];
    jonas.takes(&settle, &moved).await;
    jonas.post(&settle, &moved).await.must_be(409);
    dana.page(&review).await.must_say("moved once");
    jonas
        .takes(&settle, &[("version", "2"), ("became", "done")])
        .await;
    let settle = format!("{review}/actions/{other}");
    jonas
        .post(&settle, &[("version", "1"), ("became", "done")])
        .await
        .must_be(403);
    dana.page("reviews").await.must_say("1 of 2");
    dana.page(&next).await.must_say("Settled before");
    t.verify().await;
});

story!(an_action_of_a_milestone_becomes_its_checkpoint, |t| {
    let world = super::world::World::with(&t, "Something of ours").await;
    let dana = &world.dana;
    let milestone = dana.page("reviews/2/present/1").await.first_option("milestone");
    let owner = t.member("jonas").await;
    let given = [
        ("action", "Measure the queue"),
        ("owner", owner.as_str()),
        ("due_on", "2026-12-04"),
        ("milestone", milestone.as_str()),
    ];
    dana.takes("reviews/2/present/1/actions", &given).await;
    dana.page("reviews/2").await.must_say("a checkpoint");
    let jonas = t.sign_in("jonas").await;
    let desk = jonas.page("desk").await;
    desk.must_say("Measure the queue").must_say("Mark done");
    t.verify().await;
});

story!(what_changed_is_the_difference_of_two_reviews, |t| {
    let (churn, _) = kpi(&t, "Churn", "decrease", &[("2026-09-01", "4")]).await;
    let dana = t.sign_in("dana").await;
    let first = running(&dana, "2026-11-23").await;
    dana.page(&format!("{first}/changes"))
        .await
        .must_say("there is nothing to compare with");
    ended(&dana, &first).await;
    let second = plan(&dana, "2026-11-23").await;
    dana.takes(&format!("{second}/freeze"), &[]).await;
    dana.page(&format!("{second}/changes"))
        .await
        .must_say("Nothing changed.")
        .must_say("Unchanged:");
    dana.takes(&format!("{second}/thaw"), &[]).await;
    let lena = t.sign_in("lena").await;
    lena.takes(&format!("{churn}/periods/2026-10-01/value"), &[("value", "9")])
        .await;
    let (decision, _) = super::story::decision(&t, "Which survey tool?").await;
    dana.takes(&format!("{second}/freeze"), &[]).await;
    dana.page(&format!("{second}/changes"))
        .await
        .must_say("Churn")
        .must_say("September 4% → October 9%")
        .must_say("Which survey tool?")
        .must_not_say("Nothing changed.");
    dana.get(&decision).await.must_be(200);
});

story!(verify_names_a_snapshot_with_one_byte_changed, |t| {
    let dana = t.sign_in("dana").await;
    running(&dana, "2026-11-23").await;
    t.verify().await;
    let lift = match t.state.db().engine() {
        Engine::Sqlite => "drop trigger review_snapshots_no_update",
        Engine::Postgres => "drop trigger review_snapshots_no_update on review_snapshots",
    };
    let db = t.state.db();
    db.raw(lift)
        .await
        .expect("an intruder with the database's own rights");
    db.raw("update review_snapshots set content = replace(content, 'Definition of', 'Definition 0f')")
        .await
        .expect("changed");
    let wrong = wrong_in(db).await;
    assert!(
        wrong
            .iter()
            .any(|line| line.contains("review 1: its frozen facts are not its digest’s")),
        "{wrong:?}"
    );
});

story!(a_calendar_entry_keeps_its_identity_when_the_review_moves, |t| {
    let (dana, zoe) = (t.sign_in("dana").await, t.sign_in("zoe").await);
    let review = plan(&dana, "2026-12-03").await;
    let line = |answer: &Answer, name: &str| {
        answer
            .body
            .lines()
            .find(|line| line.starts_with(name))
            .unwrap_or_else(|| panic!("no {name} in {}", answer.body))
            .trim()
            .to_owned()
    };
    let before = dana.get(&format!("{review}/calendar.ics")).await;
    assert_eq!(line(&before, "DTSTART"), "DTSTART:20261203T090000Z");
    assert_eq!(line(&before, "DTEND"), "DTEND:20261203T094500Z");
    assert_eq!(line(&before, "SEQUENCE"), "SEQUENCE:0");
    let version = dana.page(&format!("{review}/edit")).await.value("version");
    let moved = [
        ("version", version.as_str()),
        ("held_on", "2026-12-04"),
        ("starts_at", "10:00"),
        ("slot_minutes", "45"),
        ("place", "Room 4"),
        ("chair", "marketing"),
    ];
    dana.takes(&format!("{review}/edit"), &moved).await;
    let after = dana.get(&format!("{review}/calendar.ics")).await;
    assert_eq!(line(&after, "UID"), line(&before, "UID"));
    assert_eq!(line(&after, "SEQUENCE"), "SEQUENCE:1");
    dana.takes(&format!("{review}/skip"), &[("because", "Ill.")])
        .await;
    let off = dana.get(&format!("{review}/calendar.ics")).await;
    assert_eq!(line(&off, "STATUS"), "STATUS:CANCELLED");
    assert_eq!(line(&off, "SEQUENCE"), "SEQUENCE:2");
    zoe.get(&format!("{review}/calendar.ics")).await.must_be(404);
});

story!(
    a_server_that_starts_again_in_the_middle_goes_on_where_the_meeting_is,
    |t| {
        let dana = t.sign_in("dana").await;
        let review = running(&dana, "2026-11-23").await;
        raise(&dana, &review, "The shop in spring").await;
        let topic = item(&t, &review, "The shop in spring").await;
        let item = topic.to_string();
        dana.takes(&format!("{review}/go"), &[("item", item.as_str())])
            .await;
        t.clock.set(t.now().plus_seconds(12 * 60));
        t.state.db().close().await;
        let again = t.copy(1).await;
        let dana = again.sign_in("dana").await;
        let stage = dana.page(&format!("{review}/present/{topic}")).await;
        stage
            .must_say("The shop in spring")
            .must_say("12 of 3 min")
            .must_say("meeting 12 of 45 min")
            .must_say("You drive the stage.");
    }
);
